//! Renew, client side: a new key with certificate beside the old one, of the same subject. The server's side accepts both, the client switches, and the old
//! one goes.

use certwright_certs::Certificate;
use certwright_keystore::alias::same_alias;
use certwright_keystore::entry::{Entry, Previous};
use certwright_keystore::keystore::Keystore;
use certwright_protocol::Problem;
use certwright_protocol::catalogue::format_time;
use certwright_protocol::t;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::{Finding, Holding, HoldingState, PlanActKind, PlanSide, PlanSideView};

use super::common::{self, finding, key_pairs};
use super::desk::{Chain, Desk};
use super::messages;
use super::model::{Mark, Plan};
use super::sides::{held_by, holding, key_and_certificate, said, side, to_compare, validity};
use super::steps::Step;
use crate::convert::entry_problem;
use crate::trust::complete_chain;

/// The field with the alias by which programs know the key, once the new one has it.
const PLACE: &str = "place_entry";

/// The certificate of before; as it was where its entry is deleted, or has the new one.
pub(super) fn old_chain(desk: &Desk<'_>) -> Chain {
    let chain = match in_history(desk) {
        Some(before) => {
            let (certificates, missing) = complete_chain(&before.chain, desk.keystore);
            Chain { certificates, missing }
        }
        None => desk.client_chain("entry", "client"),
    };
    if chain.leaf().is_some() { chain } else { desk.known_chain("client") }
}

/// The old certificate in the history of its entry, which has got the new one since the plan was begun: that is so where the key has stayed the same.
fn in_history<'a>(desk: &Desk<'a>) -> Option<&'a Previous> {
    let before = desk.entry("entry").filter(|_| is_same_entry(desk))?.previous.first()?;
    (before.replaced_ms >= desk.plan.created_ms).then_some(before)
}

/// Whether the new key is under the alias of the old one.
fn installed(desk: &Desk<'_>) -> bool {
    let (place, new) = (desk.plan.field(PLACE), desk.plan.field("new_entry"));
    !place.is_empty() && same_alias(place, new)
}

/// When the client has switched.
fn switched_ms(desk: &Desk<'_>) -> Option<i64> {
    let mark = desk.plan.marks.get("switch").map(|mark| mark.at_ms);
    mark.or_else(|| in_history(desk).map(|before| before.replaced_ms))
}

pub(super) fn new_chain(desk: &Desk<'_>) -> Chain {
    desk.client_chain("new_entry", "new_client")
}

/// The steps in order.
pub(super) fn steps(desk: &Desk<'_>) -> Vec<Step> {
    let new = new_chain(desk);
    let like = desk.entry("entry").map(|entry| entry.alias.clone());
    let [key, signed] = common::key_and_signature(
        desk,
        "new_entry",
        &new,
        &common::Key {
            key_step: "new_key",
            sign_step: "signed",
            after: &["old"],
            after_key: &["new_key"],
            like,
        },
    );
    let key = if desk.is_mine(PlanSide::Client) && is_same_entry(desk) && in_history(desk).is_none() {
        key.finding(Tone::Bad, t!("That is the old entry. The new key has an entry of its own, so that both work until the switch."))
    } else {
        key
    };
    let signed = signed.findings(compared(desk));
    vec![
        common::sides(desk),
        old(desk),
        key,
        signed,
        hand_over(desk),
        map_both(desk),
        switch(desk),
        tell(desk),
        remove(desk),
        retire(desk),
    ]
}

fn is_same_entry(desk: &Desk<'_>) -> bool {
    let (old, new) = (desk.plan.field("entry"), desk.plan.field("new_entry"));
    !old.is_empty() && same_alias(old, new)
}

fn old(desk: &Desk<'_>) -> Step {
    let client = desk.client();
    let chain = old_chain(desk);
    let step = Step::new(
        "old",
        PlanSide::Client,
        &["sides"],
        t!("{client}’s present certificate", client),
        t!("The one that is renewed. It stays until the switch."),
    )
    .done(chain.leaf().is_some())
    .findings(chain.leaf().map(|leaf| {
        finding(
            Tone::Info,
            t!(
                "“{subject}”. {validity}",
                subject = leaf.subject().to_rfc4514(),
                validity = validity(leaf, desk.now())
            ),
        )
    }));
    if desk.is_mine(PlanSide::Client) {
        step.entry_field(desk, "entry", t!("Entry of this keystore"), key_pairs(desk))
    } else {
        step.act(
            "client_files",
            t!("Take {client}’s certificates from a file", client),
            false,
            PlanActKind::Files,
        )
        .marked(desk, "")
    }
}

/// What is the same, and what is other than before.
fn compared(desk: &Desk<'_>) -> Vec<Finding> {
    let (old, new) = (old_chain(desk), new_chain(desk));
    let (Some(old_leaf), Some(new_leaf)) = (old.leaf(), new.leaf()) else { return Vec::new() };
    let server = desk.server();
    let mut findings = vec![if old_leaf.subject() == new_leaf.subject() {
        finding(Tone::Good, t!("The subject is the same as before."))
    } else {
        finding(
            Tone::Warn,
            t!(
                "The subject is other than before: “{subject}”. Where {server} maps by subject, the mapping has to be changed.",
                subject = new_leaf.subject().to_rfc4514(),
                server
            ),
        )
    }];
    let usages =
        |leaf: &Certificate| (leaf.key_usage(), leaf.extended_key_usages().map(|usages| usages.names()));
    if usages(old_leaf) != usages(new_leaf) {
        findings.push(finding(Tone::Warn, t!("Key usages are other than before.")));
    }
    match (old.root(), new.root()) {
        (Some(before), Some(after)) if before == after => {
            findings
                .push(finding(Tone::Good, t!("The root is the same: {server} trusts it already.", server)));
        }
        (_, Some(after)) => findings.push(finding(
            Tone::Warn,
            t!(
                "The root is another: {server} has to trust “{name}” too, before the switch.",
                server,
                name = after.display_name()
            ),
        )),
        _ => {}
    }
    if old_leaf.spki_der() == new_leaf.spki_der() {
        findings.push(finding(Tone::Warn, t!("The key is the same as before.")));
    }
    findings
}

fn hand_over(desk: &Desk<'_>) -> Step {
    let (client, server) = (desk.client(), desk.server());
    let new = new_chain(desk);
    let step = Step::new(
        "handover",
        PlanSide::Client,
        &["signed"],
        t!("Hand over to {server}", server),
        t!("{server}’s administrator gets the new certificate beside the old one, and maps both until the switch.", server),
    )
    .findings(common::receiver_needs(desk, &new));
    let step = if new.leaf().is_some() && desk.is_mine(PlanSide::Client) {
        step.act("pack", t!("Save the package"), true, PlanActKind::Download)
            .act("pack_plan", t!("Save this plan for {server}", server), false, PlanActKind::Download)
            .message(messages::new_client(desk, &new))
    } else if desk.is_mine(PlanSide::Server) {
        step.act(
            "new_client_files",
            t!("Take {client}’s new certificates from a file", client),
            false,
            PlanActKind::Files,
        )
    } else {
        step
    };
    step.done_at(desk.accepted(new.leaf()).map(|seen| seen.at_ms)).marked(desk, t!("It is sent"))
}

fn map_both(desk: &Desk<'_>) -> Step {
    let (client, server) = (desk.client(), desk.server());
    let new = new_chain(desk);
    let step = Step::new(
        "map",
        PlanSide::Server,
        &["handover"],
        t!("{server} accepts both", server),
        t!("{server}’s administrator maps {client}’s new certificate to the same user, beside the old one, and trusts its root.", server, client),
    )
    .done_at(desk.accepted(new.leaf()).map(|seen| seen.at_ms));
    if !desk.is_mine(PlanSide::Server) {
        return step.marked(desk, "");
    }
    let step = if new.leaf().is_some() {
        let open = new.root().is_some_and(|root| desk.trusted_as(root).is_none());
        let step = step
            .act("pack", t!("Save {client}’s certificates", client), true, PlanActKind::Download)
            .act("mapping", t!("Save the mapping sheet"), false, PlanActKind::Download);
        if open {
            step.act("trust_client", t!("Put the root into this keystore too"), false, PlanActKind::Do)
        } else {
            step
        }
    } else {
        step
    };
    step.message(messages::installed(desk)).marked(desk, t!("Both are mapped"))
}

fn switch(desk: &Desk<'_>) -> Step {
    let (client, server) = (desk.client(), desk.server());
    let chain = new_chain(desk);
    let accepted = desk.accepted(chain.leaf());
    let step = Step::new(
        "switch",
        PlanSide::Client,
        &["map"],
        t!("{client} switches", client),
        t!("Test the new certificate. Then it takes the place of the old one, under the alias by which {client} knows it; or {client} uses the new alias from now on.", client),
    )
    .findings(common::tested(desk, desk.seen(&["switch"])));
    if !desk.is_mine(PlanSide::Client) {
        return step.marked(desk, "");
    }
    let step = match chain.leaf() {
        Some(_) => step.probe(desk, "test", t!("Test with the new certificate"), accepted.is_none()),
        None => step,
    };
    if installed(desk) || in_history(desk).is_some() {
        return in_place(desk, step);
    }
    let step = if accepted.is_none() {
        step.finding(Tone::Info, t!("{server} has not been seen to accept the new certificate yet.", server))
    } else {
        step
    };
    let (old, new) = (desk.entry("entry"), desk.entry("new_entry"));
    match (old, new) {
        (Some(old), Some(new)) if !is_same_entry(desk) && !desk.plan.marks.contains_key("switch") => step
            .act_unless(
                not_installed_for(desk, old, new),
                "install",
                t!("Put it in the place of “{alias}”", alias = old.alias),
                accepted.is_some(),
                PlanActKind::Do,
            )
            .marked(desk, &t!("{client} uses “{alias}” from now on", client, alias = new.alias)),
        _ => step.marked(desk, &t!("{client} uses the new one", client)),
    }
}

/// Why the new certificate cannot take the place of the old one now.
fn not_installed_for(desk: &Desk<'_>, old: &Entry, new: &Entry) -> Option<String> {
    if let Some(locked) = [old, new].into_iter().find(|entry| entry.locked) {
        return Some(t!("“{alias}” is locked: unlock it first.", alias = locked.alias));
    }
    let chain = new_chain(desk);
    let is_valid = |leaf: &Certificate| leaf.not_before() <= desk.now() && desk.now() <= leaf.not_after();
    if !chain.leaf().is_some_and(is_valid) {
        return Some(t!("“{alias}” has no certificate that is valid now.", alias = new.alias));
    }
    let is_mapped = desk.accepted(chain.leaf()).is_some() || desk.plan.marks.contains_key("map");
    (!is_mapped).then(|| {
        t!(
            "{server} neither was seen to accept the new certificate nor has its administrator said so: test it, or wait for that word.",
            server = desk.server()
        )
    })
}

/// The new key is in the place of the old one.
fn in_place(desk: &Desk<'_>, step: Step) -> Step {
    let step = step.done_at(switched_ms(desk)).done(true);
    let place = desk.plan.field("new_entry");
    if in_history(desk).is_some() {
        return step.finding(
            Tone::Good,
            t!("“{place}” has the new certificate; the old one is in the history of the entry, for the key is the same.", place),
        );
    }
    match desk.entry("entry") {
        Some(old) => step
            .finding(
                Tone::Good,
                t!("The new key is “{place}” now; the old one is kept as “{old}”.", place, old = old.alias),
            )
            .act_unless(
                old.locked.then(|| t!("“{alias}” is locked: unlock it first.", alias = old.alias)),
                "put_back",
                t!("Put the old one back in its place"),
                false,
                PlanActKind::Do,
            ),
        None => step.finding(Tone::Good, t!("The new key is “{place}” now.", place)),
    }
}

/// Puts the new key with its certificate in the place of the old one, under whose alias programs know it. The old one stays beside it under another alias;
/// where the key is the same, in the history of the entry.
pub(super) fn install(desk: &Desk<'_>, plan: &mut Plan, keystore: &mut Keystore) -> Result<(), Problem> {
    let (Some(old), Some(new)) = (desk.entry("entry"), desk.entry("new_entry")) else {
        return Err(Problem::PlanStepGone);
    };
    let (Some(old_pair), Some(new_pair)) = (old.key_pair(), new.key_pair()) else {
        return Err(Problem::PlanStepGone);
    };
    let place = old.alias.clone();
    if old_pair.key.public_key() == new_pair.key.public_key() {
        keystore
            .remove(&new.alias)
            .and_then(|_| keystore.set_chain(&place, new_pair.chain.clone(), desk.now_ms))
            .map_err(|error| entry_problem(error, &place))?;
    } else {
        let aside = keystore.unique_alias(&t!("{alias}-old", alias = place));
        exchange(keystore, &place, &aside, &new.alias, desk.now_ms)?;
        plan.fields.insert("entry".into(), aside);
    }
    super::follow(keystore, &new.alias, &place);
    plan.fields.insert("new_entry".into(), place.clone());
    plan.fields.insert(PLACE.into(), place);
    plan.marks.insert("switch".into(), Mark { at_ms: desk.now_ms, by: plan.mine });
    plan.note(desk.now_ms, "installed", "switch");
    Ok(())
}

/// The old key is in its place again, and the new one beside it.
pub(super) fn put_back(desk: &Desk<'_>, plan: &mut Plan, keystore: &mut Keystore) -> Result<(), Problem> {
    let (Some(old), Some(new)) = (desk.entry("entry"), desk.entry("new_entry")) else {
        return Err(Problem::PlanStepGone);
    };
    let place = new.alias.clone();
    let aside = keystore.unique_alias(&place);
    exchange(keystore, &place, &aside, &old.alias, desk.now_ms)?;
    plan.fields.insert("entry".into(), place);
    plan.fields.insert("new_entry".into(), aside);
    plan.fields.remove(PLACE);
    plan.marks.remove("switch");
    plan.note(desk.now_ms, "put_back", "switch");
    Ok(())
}

/// The entry at `place` goes aside, and another comes there.
fn exchange(
    keystore: &mut Keystore,
    place: &str,
    aside: &str,
    other: &str,
    now_ms: i64,
) -> Result<(), Problem> {
    keystore
        .rename(place, aside, now_ms)
        .and_then(|()| keystore.rename(other, place, now_ms))
        .map_err(|error| entry_problem(error, place))
}

fn tell(desk: &Desk<'_>) -> Step {
    let (client, server) = (desk.client(), desk.server());
    let step = Step::new(
        "tell",
        PlanSide::Client,
        &["switch"],
        t!("{client} says that the old one may go", client),
        t!("{server} need not accept the old certificate any longer.", server),
    );
    if desk.is_mine(PlanSide::Client) {
        step.message(messages::old_client_may_go(desk, &old_chain(desk)))
            .act("pack_plan", t!("Save this plan for {server}", server), false, PlanActKind::Download)
            .marked(desk, t!("It is said"))
    } else {
        step.marked(desk, "")
    }
}

fn remove(desk: &Desk<'_>) -> Step {
    let (client, server) = (desk.client(), desk.server());
    Step::new(
        "remove",
        PlanSide::Server,
        &["tell"],
        t!("{server} forgets the old one", server),
        t!("{server}’s administrator removes the mapping of {client}’s old certificate.", server, client),
    )
    .marked(desk, t!("It is removed"))
}

fn retire(desk: &Desk<'_>) -> Step {
    let client = desk.client();
    let step = Step::new(
        "retire",
        PlanSide::Client,
        &["switch"],
        t!("{client} deletes the old key", client),
        t!(
            "The old entry goes when nothing uses it any more; what was done stays in this plan. Undo brings it back."
        ),
    );
    if !desk.is_mine(PlanSide::Client) {
        return step.marked(desk, "");
    }
    let step = step.findings(history(desk));
    let named = !desk.plan.field("entry").is_empty();
    let Some(entry) = desk.entry("entry").filter(|_| in_history(desk).is_none()) else {
        return step.done(named);
    };
    let switched = switched_ms(desk).is_some();
    let refused = if entry.locked {
        Some(t!("“{alias}” is locked: unlock it first.", alias = entry.alias))
    } else if is_same_entry(desk) {
        Some(t!("“{alias}” is the new entry, too.", alias = entry.alias))
    } else if !switched {
        Some(t!("{client} has not switched yet: without the old key it could not log on.", client))
    } else {
        None
    };
    step.act_unless(
        refused,
        "delete_entry",
        t!("Delete “{alias}”", alias = entry.alias),
        true,
        PlanActKind::Do,
    )
}

/// What was before, and what is since.
fn history(desk: &Desk<'_>) -> Vec<Finding> {
    let (old, new) = (old_chain(desk), new_chain(desk));
    let (Some(old), Some(new), Some(at_ms)) = (old.leaf(), new.leaf(), switched_ms(desk)) else {
        return Vec::new();
    };
    let when = format_time(at_ms.div_euclid(1000));
    vec![
        finding(
            Tone::Info,
            t!(
                "Until {when}: {certificate}. {validity}",
                when,
                certificate = to_compare(old),
                validity = validity(old, desk.now())
            ),
        ),
        finding(
            Tone::Info,
            t!(
                "Since then: {certificate}. {validity}",
                certificate = to_compare(new),
                validity = validity(new, desk.now())
            ),
        ),
    ]
}

/// Both sides of the picture.
pub(super) fn picture(desk: &Desk<'_>) -> Vec<PlanSideView> {
    let (old, new) = (old_chain(desk), new_chain(desk));
    let switched = switched_ms(desk).is_some();
    let mut before =
        key_and_certificate(desk, "old_key", t!("Old key with certificate"), PlanSide::Client, "entry", &old);
    if switched && before.state == HoldingState::Here {
        before.state = HoldingState::Old;
        before.tone = Tone::Info;
    }
    if desk.is_mine(PlanSide::Client) && switched {
        if in_history(desk).is_some() {
            let place = desk.plan.field("entry");
            before = said(before, t!("In the history of “{place}”.", place));
        } else if desk.entry("entry").is_none() {
            before = said(held_by(before, None), t!("It is deleted."));
            before.state = HoldingState::Unknown;
        }
    }
    let after = key_and_certificate(
        desk,
        "new_key",
        t!("New key with certificate"),
        PlanSide::Client,
        "new_entry",
        &new,
    );
    let removed = desk.plan.marks.contains_key("remove");
    let mapped = desk.accepted(new.leaf()).is_some() || desk.plan.marks.contains_key("map");
    let server_holds = vec![
        mapping(
            "old_mapping",
            t!("Mapping of the old certificate"),
            &old,
            match (removed, switched) {
                (true, _) => HoldingState::Unknown,
                (false, true) => HoldingState::Old,
                (false, false) if old.leaf().is_some() => HoldingState::Here,
                (false, false) => HoldingState::Unknown,
            },
        ),
        mapping(
            "new_mapping",
            t!("Mapping of the new certificate"),
            &new,
            match (mapped, new.leaf()) {
                (true, _) => HoldingState::Here,
                (false, Some(_)) => HoldingState::Missing,
                (false, None) => HoldingState::Unknown,
            },
        ),
        mapping(
            "new_root",
            t!("Root of the new certificate"),
            &Chain { certificates: new.root().cloned().into_iter().collect(), missing: None },
            match (mapped || (old.root().is_some() && old.root() == new.root()), new.root()) {
                (_, None) => HoldingState::Unknown,
                (true, _) => HoldingState::Here,
                (false, _) => HoldingState::Missing,
            },
        ),
    ];
    vec![
        side(desk, PlanSide::Client, t!("the system whose certificate is renewed"), vec![before, after]),
        side(desk, PlanSide::Server, t!("the system that is called"), server_holds),
    ]
}

fn mapping(what: &str, label: &str, chain: &Chain, state: HoldingState) -> Holding {
    let words = match state {
        HoldingState::Here => t!("As far as is known."),
        HoldingState::Missing => t!("It has to be added."),
        HoldingState::Old => t!("It may go."),
        HoldingState::Unknown => "",
    };
    said(holding(what, label, chain.leaf(), state), words)
}
