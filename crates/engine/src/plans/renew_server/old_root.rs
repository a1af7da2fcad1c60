//! The old root of a server that gets a new one: it goes when no chain that was seen needs it, and not before, whatever would delete it.

use certwright_certs::Certificate;
use certwright_keystore::keystore::Keystore;
use certwright_protocol::catalogue::format_time;
use certwright_protocol::t;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::{PlanActKind, PlanSide};

use super::{anchor, new_anchor, new_chain, old_chain, switched};
use crate::plans::desk::Desk;
use crate::plans::steps::Step;

/// Aliases under which the old root is trusted here.
pub(in crate::plans) fn old_anchors(desk: &Desk<'_>) -> Vec<String> {
    let old = old_chain(desk);
    let Some(root) = anchor(&old) else { return Vec::new() };
    if Some(root) == new_anchor(&new_chain(desk)) {
        return Vec::new();
    }
    let holders = desk.keystore.iter().filter(|entry| entry.trusted_certificate() == Some(root));
    holders.map(|entry| entry.alias.clone()).collect()
}

/// Why a keystore must not become `after` now, in which these certificates are trusted no longer: the old root is among them, and the server was seen to
/// need it.
pub(in crate::plans) fn still_needed(
    desk: &Desk<'_>,
    after: &Keystore,
    gone: &[&Certificate],
) -> Option<String> {
    let old = old_chain(desk);
    let root = anchor(&old).filter(|root| gone.contains(root))?;
    if Some(root) == new_anchor(&new_chain(desk)) {
        return None;
    }
    desk.last_seen_here()?;
    refused(desk, after, root)
}

/// Why the old root must not be deleted now, if all else stays as it is in `after`.
fn refused(desk: &Desk<'_>, after: &Keystore, root: &Certificate) -> Option<String> {
    let (client, server) = (desk.client(), desk.server());
    let name = root.display_name();
    let Some(seen) = desk.last_seen_here() else {
        return Some(t!(
            "Nobody has looked at {server} yet: whether it still needs “{name}” is not known. Look at it first.",
            server,
            name
        ));
    };
    let when = format_time(seen.at_ms.div_euclid(1000));
    let is_trusted = |desk: &Desk<'_>, chain: &[Certificate]| {
        let without = Desk { keystore: after, ..*desk }.needed(chain, Some(root));
        without.is_some_and(|needs| needs.trusted)
    };
    if !is_trusted(desk, &seen.chain) {
        if !desk.needed(&seen.chain, None).is_some_and(|needs| needs.trusted) {
            return Some(t!(
                "When {server} was looked at last ({when}), it showed a chain that {client} does not trust even with “{name}”. Whether that root is still needed cannot be said: look at {server} again when its chain is in order.",
                server,
                when,
                client,
                name
            ));
        }
        return Some(t!(
            "When {server} was looked at last ({when}), it showed a chain that {client} trusts by “{name}” alone. Deleting it would break the connection. Look at {server} again after the switch.",
            server,
            when,
            client,
            name
        ));
    }
    // Another server may live on the same root. What another plan saw of this server is reckoned with above.
    let other = desk.plans.iter().filter(|plan| plan.id != desk.plan.id).find_map(|plan| {
        let other = Desk { plan, ..*desk };
        let shown = other.last_seen_here().filter(|_| other.target() != desk.target())?;
        let with = other.needed(&shown.chain, None)?;
        (with.trusted && !is_trusted(&other, &shown.chain)).then(|| other.server())
    });
    other.map(|other| {
        t!("{other}, which stands in another plan, showed a chain that needs “{name}” too.", other, name)
    })
}

pub(super) fn delete_root(desk: &Desk<'_>) -> Step {
    let (client, server) = (desk.client(), desk.server());
    let old = old_chain(desk);
    let same = anchor(&old).is_some() && anchor(&old) == new_anchor(&new_chain(desk));
    let step = Step::new(
        "delete_root",
        PlanSide::Client,
        &["old_may_go"],
        t!("{client} forgets the old root", client),
        t!(
            "What is trusted and not needed is a risk. The old root goes when no chain that {server} shows needs it.",
            server
        ),
    );
    if !desk.is_mine(PlanSide::Client) {
        return step.done(same).marked(desk, "");
    }
    let aliases = old_anchors(desk);
    let Some(root) = anchor(&old).filter(|_| !aliases.is_empty()) else {
        // It is gone, or was never there; that counts once the server has switched.
        return step.done(same || switched(desk).is_some()).probe(
            desk,
            "look",
            t!("Look at {server}", server),
            false,
        );
    };
    let why = refused(desk, desk.keystore, root);
    let step = match &why {
        Some(why) => step.finding(Tone::Warn, why.clone()),
        None => step.finding(
            Tone::Good,
            t!("No chain that was seen needs “{name}” any more.", name = root.display_name()),
        ),
    };
    step.probe(desk, "look", t!("Look whether {server} still needs it", server), why.is_some()).act_unless(
        why,
        "delete_old",
        t!("Delete the old root"),
        true,
        PlanActKind::Do,
    )
}
