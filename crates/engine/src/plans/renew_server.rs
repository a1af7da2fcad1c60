//! Renew, server side: the server's certificate gets a new one under another root, without an hour in which the client does not trust it.
//!
//! The order prevents the outage: the client trusts the new root beside the old before the server switches, and the old root goes only when no chain that is
//! shown needs it. Some clients keep their trust store in memory for a day; that time is counted.

use certwright_certs::Certificate;
use certwright_keystore::alias::same_alias;
use certwright_keystore::calendar::Reminder;
use certwright_protocol::catalogue::format_time;
use certwright_protocol::t;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::{
    Finding, Holding, HoldingState, PlanActKind, PlanFieldKind, PlanSide, PlanSideView,
};

use super::common::{self, finding, key_pairs, to_import};
use super::connect::trust_findings;
use super::desk::{Chain, Desk, Needed, fingerprint};
use super::messages;
use super::seen::Seen;
use super::sides::{held_by, holding, said, side, to_compare, validity};
use super::steps::Step;

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
        delete_root(desk),
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

/// Aliases under which the old root is trusted here.
pub(super) fn old_anchors(desk: &Desk<'_>) -> Vec<String> {
    let old = old_chain(desk);
    let Some(root) = anchor(&old) else { return Vec::new() };
    if Some(root) == new_anchor(&new_chain(desk)) {
        return Vec::new();
    }
    let holders = desk.keystore.iter().filter(|entry| entry.trusted_certificate() == Some(root));
    holders.map(|entry| entry.alias.clone()).collect()
}

/// Why one of these entries must not be deleted now: a root that is being replaced, and that the server was seen to need.
pub(super) fn still_needed(desk: &Desk<'_>, aliases: &[String]) -> Option<String> {
    let old = old_chain(desk);
    let root = anchor(&old)?;
    let is_meant = old_anchors(desk).iter().any(|held| aliases.iter().any(|alias| same_alias(alias, held)));
    desk.last_seen_here().filter(|_| is_meant)?;
    refused(desk, root)
}

/// Why the old root must not be deleted now.
fn refused(desk: &Desk<'_>, root: &Certificate) -> Option<String> {
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
    let without = desk.needed(&seen.chain, Some(root));
    if !without.is_some_and(|needs| needs.trusted) {
        return Some(t!(
            "When {server} was looked at last ({when}), it showed a chain that {client} trusts by “{name}” alone. Deleting it would break the connection. Look at {server} again after the switch.",
            server,
            when,
            client,
            name
        ));
    }
    // Another server may live on the same root.
    let other = super::all(desk.keystore).filter(|plan| plan.id != desk.plan.id).find_map(|plan| {
        let other = Desk { plan: &plan, keystore: desk.keystore, now_ms: desk.now_ms };
        // What another plan saw of this server before is out of date.
        let shown = other.last_seen_here().filter(|_| other.target() != desk.target())?;
        let with = other.needed(&shown.chain, None)?;
        let without = other.needed(&shown.chain, Some(root))?;
        (with.trusted && !without.trusted).then(|| other.server())
    });
    other.map(|other| {
        t!("{other}, which stands in another plan, showed a chain that needs “{name}” too.", other, name)
    })
}

fn delete_root(desk: &Desk<'_>) -> Step {
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
    let why = refused(desk, root);
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

/// Both sides of the picture.
pub(super) fn picture(desk: &Desk<'_>) -> Vec<PlanSideView> {
    let (old, new) = (old_chain(desk), new_chain(desk));
    let has_switched = switched(desk).is_some() || desk.plan.marks.contains_key("switch");
    let client_holds = vec![
        root_holding(desk, "old_root", t!("Old root that it trusts"), anchor(&old), has_switched),
        root_holding(desk, "new_root", t!("New root that it trusts"), new_anchor(&new), false),
    ];
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

fn root_holding(
    desk: &Desk<'_>,
    what: &str,
    label: &str,
    root: Option<&Certificate>,
    is_old: bool,
) -> Holding {
    let known_here = desk.is_mine(PlanSide::Client);
    let alias = root.and_then(|root| desk.trusted_as(root)).filter(|_| known_here);
    let step = if what == "new_root" { "import_root" } else { "delete_root" };
    let told = desk.plan.marks.contains_key(step);
    let state = match (root, known_here, alias) {
        (None, ..) => HoldingState::Unknown,
        (_, true, Some(_)) if is_old => HoldingState::Old,
        (_, true, Some(_)) => HoldingState::Here,
        // Gone, as it ought to be.
        (_, true, None) if is_old => HoldingState::Unknown,
        (_, true, None) => HoldingState::Missing,
        (_, false, _) if what == "new_root" && told => HoldingState::Here,
        (_, false, _) => HoldingState::Unknown,
    };
    let words = match (root, state) {
        (Some(_), HoldingState::Unknown) if known_here => t!("Not trusted any more.").to_owned(),
        (Some(root), _) => validity(root, desk.now()),
        (None, _) => t!("Not known here yet.").to_owned(),
    };
    said(held_by(holding(what, label, root, state), alias), words)
}

/// What the calendar reminds of.
pub(super) fn reminders(desk: &Desk<'_>) -> Vec<Reminder> {
    let (client, server) = (desk.client(), desk.server());
    let id = &desk.plan.id;
    let mut reminders = Vec::new();
    let mut remind = |what: &str, at: i64, summary: String, days: &[u32]| {
        reminders.push(Reminder {
            id: format!("{id}-{what}"),
            at,
            summary,
            description: super::words::title(desk),
            remind_days: days.to_vec(),
        });
    };
    if let Some(day) = parse_day(desk.plan.field("switch_date")) {
        remind("switch", day, t!("{server} switches to its new certificate", server), &[7, 1]);
    }
    let waited = imported_ms(desk, &new_chain(desk))
        .or_else(|| desk.plan.marks.get("import_root").map(|mark| mark.at_ms));
    if let Some(at_ms) = waited {
        let until = at_ms.saturating_add(i64::from(wait_hours(desk)) * HOUR_MS).div_euclid(1000);
        remind("restart", until, t!("{client} knows the new root of {server} by now", client, server), &[]);
    }
    if let Some(leaf) = old_chain(desk).leaf() {
        let days = &[30, 7, 1];
        remind(
            &fingerprint(leaf),
            leaf.not_after(),
            t!("The old certificate of {server} expires", server),
            days,
        );
    }
    reminders
}

/// Midnight of a day, `YYYY-MM-DD`, Unix seconds.
pub(super) fn parse_day(text: &str) -> Option<i64> {
    let mut parts = text
        .splitn(3, '-')
        .map(|part| part.parse::<u32>().ok().filter(|_| part.bytes().all(|b| b.is_ascii_digit())));
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let shape = text.len() == 10
        && (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day);
    if !shape {
        return None;
    }
    // The days from 1970-03-01, with the year counted from March, so that the leap day is its last (the other way: `catalogue::dates`).
    let year = i64::from(year) - i64::from(month <= 2);
    let from_march = i64::from((month + 9) % 12);
    let day_of_year = (153 * from_march + 2) / 5 + i64::from(day) - 1;
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some((era * 146_097 + day_of_era - 719_468) * 86_400)
}
