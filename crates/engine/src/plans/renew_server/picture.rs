//! The picture of a server's renewal: both roots on the client's side, both certificates on the server's.

use certwright_certs::Certificate;
use certwright_protocol::t;
use certwright_protocol::ui::plans::{Holding, HoldingState, PlanSide, PlanSideView};

use super::{anchor, new_anchor, new_chain, old_chain, switched};
use crate::plans::desk::{Chain, Desk};
use crate::plans::sides::{held_by, holding, said, side, validity};

/// Both sides of the picture.
pub(in crate::plans) fn picture(desk: &Desk<'_>) -> Vec<PlanSideView> {
    let (old, new) = (old_chain(desk), new_chain(desk));
    let has_switched = switched(desk).is_some() || desk.plan.marks.contains_key("switch");
    let new_root = root_holding(desk, "new_root", t!("New root that it trusts"), new_anchor(&new), false);
    let mut client_holds = vec![new_root];
    // What is gone, as it ought to be in the end, is not drawn.
    if !(has_switched && is_gone(desk, anchor(&old))) {
        let label = t!("Old root that it trusts");
        client_holds.insert(0, root_holding(desk, "old_root", label, anchor(&old), has_switched));
    }
    let leaf = |what, label, chain: &Chain, state| {
        let held = holding(what, label, chain.leaf().filter(|leaf| !leaf.is_ca()), state);
        let words = chain.leaf().map(|leaf| validity(leaf, desk.now())).unwrap_or_default();
        said(held, words)
    };
    let old_state = match (old.leaf(), has_switched) {
        (None, _) => HoldingState::Unknown,
        (Some(_), true) => HoldingState::Old,
        (Some(_), false) => HoldingState::Here,
    };
    let new_state = match (new.leaf().filter(|leaf| !leaf.is_ca()), has_switched) {
        (_, true) => HoldingState::Here,
        (Some(_), false) if desk.is_mine(PlanSide::Server) => HoldingState::Here,
        (Some(_), false) => HoldingState::Unknown,
        (None, false) => HoldingState::Missing,
    };
    let server_holds = vec![
        leaf("old_certificate", t!("Old certificate"), &old, old_state),
        leaf("new_certificate", t!("New certificate"), &new, new_state),
    ];
    vec![
        side(desk, PlanSide::Client, t!("the system that calls"), client_holds),
        side(desk, PlanSide::Server, t!("the system whose certificate is renewed"), server_holds),
    ]
}

/// Whether the client's side trusts the old root no more: seen here, or said by the other side.
fn is_gone(desk: &Desk<'_>, root: Option<&Certificate>) -> bool {
    if desk.is_mine(PlanSide::Client) {
        root.is_none_or(|root| desk.trusted_as(root).is_none())
    } else {
        desk.plan.marks.contains_key("delete_root")
    }
}

fn root_holding(
    desk: &Desk<'_>,
    what: &str,
    label: &str,
    root: Option<&Certificate>,
    is_old: bool,
) -> Holding {
    let known_here = desk.is_mine(PlanSide::Client);
    let alias = root.and_then(|root| desk.trusted_as(root)).filter(|_| known_here);
    let told = desk.plan.marks.contains_key("import_root");
    let state = match (root, known_here, alias) {
        (None, ..) => HoldingState::Unknown,
        (_, true, Some(_)) if is_old => HoldingState::Old,
        (_, true, Some(_)) => HoldingState::Here,
        (_, true, None) => HoldingState::Missing,
        (_, false, _) if what == "new_root" && told => HoldingState::Here,
        (_, false, _) => HoldingState::Unknown,
    };
    let words = match (root, state) {
        (Some(root), _) => validity(root, desk.now()),
        (None, _) => t!("Not known here yet.").to_owned(),
    };
    said(held_by(holding(what, label, root, state), alias), words)
}
