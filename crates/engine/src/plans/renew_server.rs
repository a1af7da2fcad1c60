//! Renew, server side: the server's certificate gets a new one under another root, without an hour in which the client does not trust it.
//!
//! The order prevents the outage: the client trusts the new root beside the old before the server switches, and the old root goes only when no chain that is
//! shown needs it. Some clients keep their trust store in memory for a day; that time is counted.

mod dates;
mod old_root;
mod picture;

use certwright_certs::Certificate;
use certwright_protocol::catalogue::format_time;
use certwright_protocol::t;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::{Finding, PlanActKind, PlanFieldKind, PlanSide};

use super::common::{self, finding, key_pairs, to_import};
use super::connect::trust_findings;
use super::desk::{Chain, Desk, Needed};
use super::messages;
use super::seen::Seen;
use super::sides::{to_compare, validity};
use super::steps::Step;
pub(super) use dates::{parse_day, reminders};
pub(super) use old_root::{old_anchors, still_needed};
pub(super) use picture::picture;

/// Hours that a client keeps its trust store in memory, where nothing else was filled in.
const USUAL_WAIT: u32 = 24;
const HOUR_MS: i64 = 3_600_000;

/// The chain of before.
fn old_chain(desk: &Desk<'_>) -> Chain {
    desk.server_chain("server_entry", "server")
}

/// The chain that is to come.
pub(super) fn new_chain(desk: &Desk<'_>) -> Chain {
    desk.server_chain("new_server_entry", "new_server")
}

/// The certificate that a client trusts for a chain: its root, or itself if it is self-signed.
fn anchor(chain: &Chain) -> Option<&Certificate> {
    chain.root()
}

fn new_anchor(chain: &Chain) -> Option<&Certificate> {
    // A file may hold the new root alone.
    anchor(chain).or_else(|| chain.leaf().filter(|only| only.is_self_issued()))
}

/// What the client has to hold to trust the new chain.
pub(super) fn new_needs(desk: &Desk<'_>) -> Option<Needed> {
    let chain = new_chain(desk);
    let first = chain.leaf()?;
    if first.is_ca() {
        return Some(desk.authorities_needed(desk.plan.chain("new_server")));
    }
    // The server will send what is below the root.
    let sent: Vec<Certificate> = chain
        .certificates
        .iter()
        .filter(|one| Some(*one) != chain.root() || *one == first)
        .cloned()
        .collect();
    desk.needed(&sent, None)
}

fn wait_hours(desk: &Desk<'_>) -> u32 {
    desk.plan.field("cache_hours").parse().unwrap_or(USUAL_WAIT)
}

/// When the new root came into the trust store here.
fn imported_ms(desk: &Desk<'_>, chain: &Chain) -> Option<i64> {
    if !desk.is_mine(PlanSide::Client) {
        return None;
    }
    let root = new_anchor(chain)?;
    desk.keystore.find_trusted(root).map(|entry| entry.created_ms)
}

/// Whether a sighting shows the new certificate, or one under the new root.
fn shows_new(desk: &Desk<'_>, seen: &Seen) -> bool {
    let (new, old) = (new_chain(desk), old_chain(desk));
    let Some(shown) = seen.chain.first() else { return false };
    let is_new_leaf = new.leaf() == Some(shown);
    let chain = crate::trust::complete_chain(&seen.chain, desk.keystore).0;
    let under_new = new_anchor(&new).is_some_and(|root| {
        chain.contains(root) || chain.last().is_some_and(|last| last.issuer() == root.subject())
    });
    is_new_leaf || (under_new && old.leaf() != Some(shown) && anchor(&old) != new_anchor(&new))
}

/// The last sighting, if it shows the new certificate.
fn switched<'a>(desk: &Desk<'a>) -> Option<&'a Seen> {
    desk.last_shown().filter(|seen| shows_new(desk, seen))
}

/// The steps in order.
pub(super) fn steps(desk: &Desk<'_>) -> Vec<Step> {
    vec![
        common::sides(desk),
        before(desk),
        new_certificate(desk),
        send_root(desk),
        import_root(desk),
        restart(desk),
        confirm(desk),
        switch(desk),
        old_may_go(desk),
        old_root::delete_root(desk),
    ]
}

fn before(desk: &Desk<'_>) -> Step {
    let server = desk.server();
    let old = old_chain(desk);
    let step = Step::new(
        "before",
        desk.plan.mine,
        &["sides"],
        t!("What {server} shows today", server),
        t!("Look at {server} before anything changes, so that the old root is known.", server),
    )
    .done(old.leaf().is_some())
    .findings(old.leaf().map(|leaf| {
        finding(
            Tone::Info,
            t!(
                "{certificate}. {validity}",
                certificate = to_compare(leaf),
                validity = validity(leaf, desk.now())
            ),
        )
    }))
    .findings(
        anchor(&old)
            .map(|root| finding(Tone::Info, t!("Its root: {certificate}.", certificate = to_compare(root)))),
    )
    .probe(desk, "look", t!("Look at {server}", server), old.leaf().is_none());
    if desk.is_mine(PlanSide::Server) {
        step.entry_field(desk, "server_entry", t!("Entry of this keystore"), key_pairs(desk))
    } else {
        step.act("server_files", t!("Take certificates from a file"), false, PlanActKind::Files)
    }
}

fn new_certificate(desk: &Desk<'_>) -> Step {
    let server = desk.server();
    let new = new_chain(desk);
    let step = Step::new(
        "new_certificate",
        PlanSide::Server,
        &["sides"],
        t!("{server} gets a new certificate", server),
        t!("{server}’s administrator makes a new key and has it signed. It is not installed yet.", server),
    )
    .findings(roots_side_by_side(desk));
    if !desk.is_mine(PlanSide::Server) {
        return step.done(new.leaf().is_some()).marked(desk, "");
    }
    let suggestion = desk.keystore.unique_alias(&server);
    let entry = desk.entry("new_server_entry");
    let step = step
        .done(new.leaf().is_some())
        .entry_field(desk, "new_server_entry", t!("Entry of this keystore"), key_pairs(desk))
        .act(
            "new_key",
            t!("Make a new key"),
            entry.is_none() && new.leaf().is_none(),
            PlanActKind::NewKey { alias: suggestion, field: "new_server_entry".into() },
        )
        .act(
            "import",
            t!("Bring one in a file"),
            false,
            PlanActKind::Import { field: Some("new_server_entry".into()) },
        )
        .act("new_server_files", t!("Take its certificates from a file"), false, PlanActKind::Files);
    match entry {
        Some(entry) if new.leaf().is_none() => {
            let alias = entry.alias.clone();
            let like = desk.entry("server_entry").map(|entry| entry.alias.clone());
            step.act("request", t!("Make a signing request"), true, PlanActKind::MakeRequest { alias, like })
                .act("reply", t!("Import the reply"), false, PlanActKind::Import { field: None })
        }
        _ => step,
    }
}

/// Both roots, and whether they are the same.
fn roots_side_by_side(desk: &Desk<'_>) -> Vec<Finding> {
    let (old, new) = (old_chain(desk), new_chain(desk));
    let mut findings = Vec::new();
    if let Some(root) = anchor(&old) {
        findings.push(finding(Tone::Info, t!("Old root: {certificate}.", certificate = to_compare(root))));
    }
    if let Some(root) = new_anchor(&new) {
        findings.push(finding(Tone::Info, t!("New root: {certificate}.", certificate = to_compare(root))));
    }
    if let (Some(before), Some(after)) = (anchor(&old), new_anchor(&new))
        && before == after
    {
        findings.push(finding(
            Tone::Good,
            t!("Both certificates have the same root: {client} trusts the new one already, and the root must not be deleted.", client = desk.client()),
        ));
    }
    findings
}

fn send_root(desk: &Desk<'_>) -> Step {
    let (client, server) = (desk.client(), desk.server());
    let new = new_chain(desk);
    let step = Step::new(
        "send_root",
        PlanSide::Server,
        &["new_certificate"],
        t!("{server} sends the new root", server),
        t!(
            "{server}’s administrator sends the new root to {client}’s side, in good time before the switch.",
            server,
            client
        ),
    )
    .field(
        desk,
        "switch_date",
        t!("Day of the switch"),
        PlanFieldKind::Date,
        t!("Reminders are reckoned from it. It stands in the texts for the other side."),
    );
    if !desk.is_mine(PlanSide::Server) {
        return step
            .done(new_anchor(&new).is_some())
            .act(
                "new_server_files",
                t!("Take the new root from a file"),
                new_anchor(&new).is_none(),
                PlanActKind::Files,
            )
            .message(messages::ask_for_new_root(desk))
            .marked(desk, "");
    }
    let step = if new.leaf().is_some() {
        step.act("pack_server", t!("Save the package"), true, PlanActKind::Download)
            .act("pack_plan", t!("Save this plan for {client}", client), false, PlanActKind::Download)
            .act("calendar", t!("Save reminders"), false, PlanActKind::Download)
            .message(messages::new_root(desk, new_anchor(&new), anchor(&old_chain(desk))))
    } else {
        step
    };
    step.marked(desk, t!("It is sent"))
}

fn import_root(desk: &Desk<'_>) -> Step {
    let (client, server) = (desk.client(), desk.server());
    let new = new_chain(desk);
    let needs = new_needs(desk);
    let step = Step::new(
        "import_root",
        PlanSide::Client,
        &["send_root"],
        t!("{client} trusts the new root", client),
        t!("The new root comes into the trust store of {client} beside the old one, which stays: {server} still shows the old certificate.", client, server),
    )
    .findings(roots_side_by_side(desk));
    if !desk.is_mine(PlanSide::Client) {
        return step.marked(desk, "");
    }
    let trusted = needs.as_ref().is_some_and(|needs| needs.trusted);
    let open = needs.as_ref().is_some_and(|needs| to_import(desk, needs).next().is_some());
    let step = step
        .done_at(imported_ms(desk, &new).filter(|_| trusted))
        .done(trusted)
        .findings(needs.map(|needs| trust_findings(desk, &needs)).unwrap_or_default());
    let old_gone = anchor(&old_chain(desk)).is_some_and(|root| desk.trusted_as(root).is_none());
    let step = if old_gone && switched(desk).is_none() {
        step.finding(
            Tone::Warn,
            t!(
                "The old root is not in the trust store of {client}, although {server} still needs it.",
                client,
                server
            ),
        )
    } else {
        step
    };
    if open && !trusted {
        step.act("trust", t!("Put it into the trust store"), true, PlanActKind::Do)
    } else {
        step
    }
}

fn restart(desk: &Desk<'_>) -> Step {
    let client = desk.client();
    let hours = wait_hours(desk);
    let from = imported_ms(desk, &new_chain(desk))
        .or_else(|| desk.plan.marks.get("import_root").map(|mark| mark.at_ms));
    let until = from.map(|from| from.saturating_add(i64::from(hours) * HOUR_MS));
    let over = until.filter(|until| *until <= desk.now_ms);
    let step = Step::new(
        "restart",
        PlanSide::Client,
        &["import_root"],
        t!("{client} notices the new root", client),
        t!("Some programs keep their trust store in memory, often for 24 hours. Restart what caches it, or wait that long.", ),
    )
    .field(desk, "cache_hours", t!("Hours to wait"), PlanFieldKind::Number, t!("24, if nothing is filled in; 0 if nothing caches."))
    .until(until)
    .done_at(over);
    let step = match (until, over) {
        (Some(until), None) => step.finding(
            Tone::Info,
            t!("Without a restart: wait until {until}.", until = format_time(until.div_euclid(1000))),
        ),
        _ => step,
    };
    step.marked(desk, t!("It is restarted"))
}

fn confirm(desk: &Desk<'_>) -> Step {
    let (client, server) = (desk.client(), desk.server());
    let step = Step::new(
        "confirm",
        PlanSide::Client,
        &["restart"],
        t!("{client} says that the new root is in", client),
        t!("{server}’s administrator waits for this word before the switch.", server),
    )
    .done_at(switched(desk).map(|seen| seen.at_ms));
    if desk.is_mine(PlanSide::Client) {
        step.message(messages::new_root_is_in(desk))
            .act("pack_plan", t!("Save this plan for {server}", server), false, PlanActKind::Download)
            .marked(desk, t!("It is said"))
    } else {
        step.marked(desk, "")
    }
}

fn switch(desk: &Desk<'_>) -> Step {
    let server = desk.server();
    let seen = desk.last_shown();
    let step = Step::new(
        "switch",
        PlanSide::Server,
        &["confirm"],
        t!("{server} switches", server),
        t!("The new certificate is installed on {server}, with its intermediates. A probe shows whether it is in use.", server),
    )
    .done_at(switched(desk).map(|seen| seen.at_ms))
    .findings(seen.map(|seen| seen_words(desk, seen)))
    .probe(desk, "look", t!("Look whether {server} has switched", server), desk.is_mine(PlanSide::Server));
    step.marked(desk, t!("It is switched"))
}

fn seen_words(desk: &Desk<'_>, seen: &Seen) -> Finding {
    let server = desk.server();
    let when = format_time(seen.at_ms.div_euclid(1000));
    let shown = seen.chain.first().map(Certificate::display_name).unwrap_or_default();
    let issuer = seen.chain.first().map(|leaf| leaf.issuer().to_rfc4514()).unwrap_or_default();
    if shows_new(desk, seen) {
        finding(
            Tone::Good,
            t!(
                "{when}: {server} showed the new certificate, “{shown}”, signed by “{issuer}”.",
                when,
                server,
                shown,
                issuer
            ),
        )
    } else {
        finding(
            Tone::Info,
            t!(
                "{when}: {server} showed “{shown}”, signed by “{issuer}”: not the new one.",
                when,
                server,
                shown,
                issuer
            ),
        )
    }
}

fn old_may_go(desk: &Desk<'_>) -> Step {
    let (client, server) = (desk.client(), desk.server());
    let step = Step::new(
        "old_may_go",
        PlanSide::Server,
        &["switch"],
        t!("{server} says that the old root may go", server),
        t!(
            "When it is clear that {server} stays with the new certificate, {client} need not trust the old root any longer.",
            server,
            client
        ),
    );
    if desk.is_mine(PlanSide::Server) {
        step.message(messages::old_may_go(desk)).marked(desk, t!("It is said"))
    } else {
        step.marked(desk, "")
    }
}
