//! The system certificate: the one by which a system shows who it is, to whomever it calls. One side alone.
//!
//! It comes in a PKCS#12 file, or is made here and signed by an authority, or signs itself. Then it is handed on, watched, renewed and, one day, deleted.

use certwright_protocol::t;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::{PlanActKind, PlanFieldKind, PlanSide, PlanSideView};

use super::common::{self, SOON_DAYS};
use super::desk::Desk;
use super::messages;
use super::sides::{holding, key_and_certificate, said, side};
use super::steps::Step;

/// The steps in order.
pub(super) fn steps(desk: &Desk<'_>) -> Vec<Step> {
    let chain = desk.entry_chain("entry");
    let name = desk.client();
    let named = !desk.plan.field("client_name").is_empty();
    let sides = Step::new(
        "sides",
        PlanSide::Client,
        &[],
        t!("Which system it is"),
        t!("Name the system as you call it at work."),
    )
    .done(named)
    .field(desk, "client_name", t!("The system"), PlanFieldKind::Text, "");
    let [key, signed] = common::key_and_signature(
        desk,
        "entry",
        &chain,
        &common::Key {
            key_step: "key",
            sign_step: "signed",
            after: &["sides"],
            after_key: &["key"],
            like: None,
        },
    );
    vec![sides, key, signed, give(desk), watch(desk, &name)]
}

/// Whoever is called needs its root and, for a mapping, the certificate itself.
fn give(desk: &Desk<'_>) -> Step {
    let chain = desk.entry_chain("entry");
    let name = desk.client();
    let step = Step::new(
        "give",
        PlanSide::Client,
        &["signed"],
        t!("Hand its public part on"),
        t!(
            "Whoever {name} calls needs its root for the trust store, and the certificate itself to map it to a user. The private key stays here.",
            name
        ),
    );
    let Some(entry) = desk.entry("entry").filter(|_| chain.leaf().is_some()) else { return step };
    step.act("pack", t!("Save the package"), true, PlanActKind::Download)
        .act(
            "export",
            t!("Export in another form"),
            false,
            PlanActKind::Export { alias: entry.alias.clone() },
        )
        .message(messages::system(desk, &chain))
        .marked(desk, t!("It is handed on"))
}

/// It is watched as long as it is there: done while it is valid for long enough.
fn watch(desk: &Desk<'_>, name: &str) -> Step {
    let chain = desk.entry_chain("entry");
    let step = Step::new(
        "watch",
        PlanSide::Client,
        &["signed"],
        t!("Keep it valid"),
        t!(
            "Put its end into your calendar, and renew it in time: a new key beside the old one, so that nothing stands still."
        ),
    );
    let (Some(entry), Some(leaf)) = (desk.entry("entry"), chain.leaf()) else { return step };
    let left = (leaf.not_after() - desk.now()).div_euclid(86_400);
    let step = step
        .done(left >= SOON_DAYS)
        .act("calendar", t!("Save a reminder"), left >= SOON_DAYS, PlanActKind::Download)
        .act("renew", t!("Renew it with a new key"), left < SOON_DAYS, PlanActKind::Do)
        .act(
            "request",
            t!("Make a signing request with the same key"),
            false,
            PlanActKind::MakeRequest { alias: entry.alias.clone(), like: None },
        );
    let refused = entry.locked.then(|| t!("“{alias}” is locked: unlock it first.", alias = entry.alias));
    let step = step.act_unless(refused, "delete_entry", t!("Delete the entry"), false, PlanActKind::Do);
    match left {
        ..0 => step.finding(Tone::Bad, t!("{name}’s certificate has expired.", name)),
        left if left < SOON_DAYS => step.finding(
            Tone::Warn,
            t!("{name}’s certificate expires in {left} days: renew it now.", name, left),
        ),
        left => step.finding(Tone::Good, t!("Valid for another {left} days.", left)),
    }
}

/// The one side of the picture.
pub(super) fn picture(desk: &Desk<'_>) -> Vec<PlanSideView> {
    let chain = desk.entry_chain("entry");
    let key = key_and_certificate(
        desk,
        "client_key",
        t!("Its key with certificate"),
        PlanSide::Client,
        "entry",
        &chain,
    );
    let mut holds = vec![key];
    if chain.leaf().is_some() {
        let state = certwright_protocol::ui::plans::HoldingState::Here;
        let missing = certwright_protocol::ui::plans::HoldingState::Missing;
        let label = t!("Its chain up to the root");
        holds.push(match chain.is_complete() {
            true => said(holding("client_chain", label, chain.root(), state), t!("Complete.")),
            false => said(holding("client_chain", label, None, missing), t!("Not complete.")),
        });
    }
    vec![side(desk, PlanSide::Client, t!("the system that shows who it is"), holds)]
}
