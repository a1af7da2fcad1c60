//! The file of a plan for the other side: `.certwright-plan.json`, an object with the version and the plan's public parts.
//!
//! It carries names, dates, public certificates and what probes saw; no alias of this keystore, no key, no words of a probe. Whoever opens it is the other
//! side. It comes by mail from somebody who may be anybody: it is read by the rules of [`model`](super::model), changes nothing by itself, and makes nothing
//! trusted. Refused: what is larger than [`MAX_FILE`], other versions, plans of one side alone.

use certwright_protocol::ui::plans::{PlanKind, PlanSide};
use serde::{Deserialize, Serialize};

use super::desk::Desk;
use super::model::{MOST_CERTIFICATES, Mark, Plan, Record, VERSION, is_own};

/// Largest file, in octets.
const MAX_FILE: usize = 1024 * 1024;
/// By this a plan is known.
const MEMBER: &str = "certwright_plan";
/// Octets of a file in which that is looked for.
const HEAD: usize = 200;

#[derive(Serialize, Deserialize)]
struct File {
    certwright_plan: u32,
    plan: Record,
}

/// Whether a file looks like one.
pub(crate) fn is_plan_file(bytes: &[u8]) -> bool {
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let text = String::from_utf8_lossy(head);
    text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
        && text.contains(&format!("\"{MEMBER}\""))
}

/// The plan in a file, as the side has it that opens it; `None` if it is none.
pub(crate) fn parse_plan_file(bytes: &[u8]) -> Option<Plan> {
    if bytes.len() > MAX_FILE || !is_plan_file(bytes) {
        return None;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let file: File = serde_json::from_slice(bytes).ok()?;
    let mut plan = file.plan.plan().filter(|_| file.certwright_plan == VERSION)?;
    if plan.kind == PlanKind::SystemCertificate {
        return None;
    }
    let from = plan.mine;
    plan.mine = from.other();
    // What the sender says of his own side counts, and of nobody else's; an entry of his is none of ours.
    plan.marks.retain(|_, mark| mark.by == from);
    plan.fields.retain(|key, _| !is_own(key));
    for seen in plan.seen.values_mut() {
        seen.without_words();
    }
    Some(plan)
}

/// The file for the other side, with what can be seen here of this side's steps. `None` if there is no other side.
pub(crate) fn to_plan_file(
    desk_plan: &Plan,
    keystore: &certwright_keystore::Keystore,
    now_ms: i64,
) -> Option<Vec<u8>> {
    if desk_plan.kind == PlanKind::SystemCertificate {
        return None;
    }
    let plans = super::all(keystore);
    let desk = Desk { plan: desk_plan, keystore, plans: &plans, now_ms };
    let mut plan = desk_plan.clone();
    let mine = plan.mine;
    let (own, new) = match mine {
        PlanSide::Client => (("entry", "client"), ("new_entry", "new_client")),
        PlanSide::Server => (("server_entry", "server"), ("new_server_entry", "new_server")),
    };
    for (field, key) in [own, new] {
        let mut chain = match (plan.kind, key) {
            // It may be in the history of its entry by now.
            (PlanKind::RenewClient, "client") => super::renew_client::old_chain(&desk).certificates,
            _ => desk.entry_chain(field).certificates,
        };
        chain.truncate(MOST_CERTIFICATES);
        if !chain.is_empty() {
            plan.chains.insert(key.into(), chain);
        }
    }
    // What the keystore shows here, the other side has to be told.
    for step in super::steps(&desk).iter().filter(|step| step.side() == mine && step.is_done()) {
        let at_ms = step.done_ms().unwrap_or(now_ms);
        plan.marks.entry(step.key.into()).or_insert(Mark { at_ms, by: mine });
    }
    plan.marks.retain(|_, mark| mark.by == mine);
    plan.fields.retain(|key, _| !is_own(key));
    for seen in plan.seen.values_mut() {
        seen.without_words();
    }
    let file = File { certwright_plan: VERSION, plan: Record::from(&plan) };
    serde_json::to_vec(&file).ok().filter(|bytes| bytes.len() <= MAX_FILE)
}
