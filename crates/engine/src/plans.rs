//! Guided jobs: plans of two sides, derived from what the keystore holds, from what probes saw, and from what somebody said was done.
//!
//! One file a job ([`connect`], [`renew_server`], [`renew_client`], [`system_certificate`]) with its steps and its picture; [`desk`] sees what a plan and its keystore come to, [`acts`] does what a
//! step offers. What is kept stands in [`model`] and [`seen`], the file for the other side in [`file`], and [`merge`] brings two copies together. Nothing here
//! names a clock: the time is passed in.

mod acts;
mod common;
mod connect;
mod desk;
mod file;
mod handover;
mod merge;
mod messages;
mod model;
mod renew_client;
mod renew_server;
mod seen;
mod sides;
mod steps;
mod system_certificate;
mod words;

use std::collections::BTreeMap;

use certwright_certs::Certificate;
use certwright_keystore::alias::same_alias;
use certwright_keystore::keystore::Keystore;
use certwright_keystore::note::{Note, NoteKind};
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::{
    FoundPlan, PlanKind, PlanSheet, PlanSide, PlanSideView, PlanSummary, StepState, StepView,
};
use certwright_protocol::{t, tn};

pub(crate) use acts::{Done, act, files, probe_plan, set_field, side_of};
use desk::Desk;
pub(crate) use desk::target_of;
pub(crate) use file::{is_plan_file, parse_plan_file, to_plan_file};
pub(crate) use merge::brought_together;
use merge::three_way;
pub(crate) use model::Plan;
pub(crate) use seen::Seen;
use steps::Step;

use crate::convert::count;
use crate::trust::complete_chain;

/// Most plans of a keystore.
pub(crate) const MOST_PLANS: usize = 200;

/// The plan with this identifier.
pub(crate) fn find(keystore: &Keystore, id: &str) -> Option<Plan> {
    parse(keystore.note(NoteKind::Plan, id)?)
}

/// All plans that can be read.
pub(crate) fn all(keystore: &Keystore) -> Vec<Plan> {
    keystore.notes().filter(|note| note.kind == NoteKind::Plan).filter_map(parse).collect()
}

/// The note that keeps a plan; `None` if it has grown beyond what a plan can have.
pub(crate) fn to_note(plan: &Plan) -> Option<Note> {
    let content = serde_json::to_vec(&model::Record::from(plan)).ok()?;
    // What is kept has to be read again.
    parse_content(&content)?;
    Some(Note { kind: NoteKind::Plan, name: plan.id.clone(), content })
}

fn parse(note: &Note) -> Option<Plan> {
    parse_content(&note.content).filter(|plan| plan.id == note.name)
}

fn parse_content(content: &[u8]) -> Option<Plan> {
    serde_json::from_slice::<model::Record>(content).ok()?.plan()
}

fn steps(desk: &Desk<'_>) -> Vec<Step> {
    match desk.plan.kind {
        PlanKind::Connect => connect::steps(desk),
        PlanKind::RenewServer => renew_server::steps(desk),
        PlanKind::RenewClient => renew_client::steps(desk),
        PlanKind::SystemCertificate => system_certificate::steps(desk),
    }
}

fn picture(desk: &Desk<'_>) -> Vec<PlanSideView> {
    match desk.plan.kind {
        PlanKind::Connect => connect::picture(desk),
        PlanKind::RenewServer => renew_server::picture(desk),
        PlanKind::RenewClient => renew_client::picture(desk),
        PlanKind::SystemCertificate => system_certificate::picture(desk),
    }
}

/// All about a plan.
pub(crate) fn sheet(plan: &Plan, keystore: &Keystore, now_ms: i64) -> PlanSheet {
    let plans = all(keystore);
    let desk = Desk { plan, keystore, plans: &plans, now_ms };
    let steps = steps::views(steps(&desk), &desk);
    let log = plan.log.iter().rev().map(|line| words::log_line(&desk, line, &steps)).collect();
    PlanSheet {
        id: plan.id.clone(),
        kind: plan.kind,
        title: words::title(&desk),
        about: words::about(&desk),
        mine: plan.mine,
        sides: picture(&desk),
        done: count(steps.iter().filter(|step| step.state == StepState::Done).count()),
        steps,
        log,
    }
}

/// All plans, in a line each.
pub(crate) fn summaries(keystore: &Keystore, now_ms: i64) -> Vec<PlanSummary> {
    let plans = all(keystore);
    plans.iter().map(|plan| summary(&Desk { plan, keystore, plans: &plans, now_ms })).collect()
}

fn summary(desk: &Desk<'_>) -> PlanSummary {
    let plan = desk.plan;
    let steps = steps::views(steps(desk), desk);
    let (done, all) = (steps.iter().filter(|step| step.state == StepState::Done).count(), steps.len());
    let is_next = |state| move |step: &&StepView| step.state == state;
    // What this side can do comes first, then what blocks, then whom it waits for.
    let next = [StepState::Now, StepState::Blocked, StepState::Waiting]
        .into_iter()
        .find_map(|state| steps.iter().find(is_next(state)));
    let tone = match next.map(|step| step.state) {
        None => Tone::Good,
        Some(StepState::Blocked) => Tone::Bad,
        Some(StepState::Now) => Tone::Warn,
        Some(_) => Tone::Info,
    };
    PlanSummary {
        id: plan.id.clone(),
        kind: plan.kind,
        title: words::title(desk),
        state: match next {
            None => t!("Done").to_owned(),
            Some(_) => tn!(all, "{done} of {all} step", "{done} of {all} steps", done, all),
        },
        done: count(done),
        steps: count(all),
        next: next.map(|step| step.title.clone()).unwrap_or_default(),
        turn: next.map(|step| step.who.clone()).unwrap_or_default(),
        my_turn: next.is_some_and(|step| step.mine && step.state != StepState::Waiting),
        tone,
        modified_ms: plan.modified_ms,
    }
}

/// A plan at its beginning.
pub(crate) fn begin(id: String, kind: PlanKind, side: PlanSide, now_ms: i64) -> Plan {
    let mut plan = Plan {
        id,
        kind,
        mine: side_of(kind, side),
        created_ms: now_ms,
        modified_ms: now_ms,
        fields: BTreeMap::new(),
        marks: BTreeMap::new(),
        chains: BTreeMap::new(),
        seen: BTreeMap::new(),
        log: Vec::new(),
    };
    plan.note(now_ms, "begun", "");
    plan
}

/// The entry that a plan is about, when it begins.
pub(crate) fn set_entry(plan: &mut Plan, alias: &str) {
    let field = match plan.mine {
        PlanSide::Client => "entry",
        PlanSide::Server => "server_entry",
    };
    if !alias.is_empty() {
        plan.fields.insert(field.into(), alias.to_owned());
    }
}

/// A plan was taken in from the other side.
pub(crate) fn opened(plan: &mut Plan, now_ms: i64) {
    plan.note(now_ms, "opened", "");
}

/// What a probe saw comes into the plan.
pub(crate) fn probed(plan: &mut Plan, keystore: &Keystore, step: &str, seen: Seen, now_ms: i64) {
    if plan.kind == PlanKind::RenewServer && step == "before" && seen.reached() {
        // With its root, as long as that is at hand: the server does not send it, and one day it is deleted.
        let chain = complete_chain(&seen.chain, keystore).0;
        plan.chains.insert("server".into(), chain);
    }
    plan.seen.insert(step.into(), seen);
    plan.note(now_ms, "probed", step);
}

/// SHA-256 of an entry's certificate.
pub(crate) fn fingerprint_of(keystore: &Keystore, alias: &str) -> Option<String> {
    keystore.find(alias)?.certificate().map(desk::fingerprint)
}

/// The file for the other side: its name and content.
pub(crate) fn to_download(plan: &Plan, keystore: &Keystore, now_ms: i64) -> Option<(String, Vec<u8>)> {
    let desk = Desk { plan, keystore, plans: &[], now_ms };
    match acts::plan_file(&desk, to_plan_file(plan, keystore, now_ms)?) {
        Done::File { name, content, .. } => Some((name, content)),
        Done::Changed(_) | Done::Begins(_) => None,
    }
}

/// A plan that was found in a file, as it is shown before it is opened.
pub(crate) fn found(
    plan: &Plan,
    known: Option<&Plan>,
    keystore: &Keystore,
    id: u32,
    file: &str,
    now_ms: i64,
) -> FoundPlan {
    let desk = Desk { plan, keystore, plans: &[], now_ms };
    FoundPlan {
        id,
        file: file.to_owned(),
        kind: plan.kind,
        title: words::title(&desk),
        from: desk.name(plan.mine.other()),
        mine: desk.name(plan.mine),
        known: known.is_some(),
    }
}

/// A plan that was changed on both sides since `before`, brought together from its parts; `None` if these are no plans. Where the whole is more than a plan
/// can have, it is ours.
pub(crate) fn both(before: Option<&Note>, ours: &Note, theirs: &Note) -> Option<Note> {
    let (own, other) = (parse(ours)?, parse(theirs)?);
    let base = before.and_then(parse).unwrap_or_else(|| own.without_parts());
    Some(to_note(&three_way(&base, &own, &other)).unwrap_or_else(|| ours.clone()))
}

/// Why a keystore must not become another one now, as far as plans tell: a root that is being replaced, and that is still needed, would be gone.
pub(crate) fn still_needed(before: &Keystore, after: &Keystore, now_ms: i64) -> Option<String> {
    let is_gone = |root: &&Certificate| after.find_trusted(root).is_none();
    let gone: Vec<&Certificate> = before.trust_anchors().filter(is_gone).collect();
    if gone.is_empty() {
        return None;
    }
    let plans = all(before);
    let renewals =
        plans.iter().filter(|plan| plan.kind == PlanKind::RenewServer && plan.mine == PlanSide::Client);
    renewals.into_iter().find_map(|plan| {
        let desk = Desk { plan, keystore: before, plans: &plans, now_ms };
        let why = renew_server::still_needed(&desk, after, &gone)?;
        Some(t!("{why} (Plan “{title}”.)", why, title = words::title(&desk)))
    })
}

/// The plans that are about a key follow it to the entry that has taken its place.
fn follow(keystore: &mut Keystore, old: &str, new: &str) {
    for mut plan in all(keystore) {
        let uses_it = matches!(plan.kind, PlanKind::Connect | PlanKind::SystemCertificate)
            && plan.mine == PlanSide::Client
            && same_alias(plan.field("entry"), old);
        if uses_it {
            plan.fields.insert("entry".into(), new.to_owned());
            // It takes the place of a note that is there, and is hardly larger.
            let _ = to_note(&plan).map(|note| keystore.set_note(note));
        }
    }
}
