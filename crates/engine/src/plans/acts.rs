//! What the acts of a step do, how fields are filled in, and what probes look at.
//!
//! An act is done only if the step offers it now and does not refuse it, whatever the page says.

use certwright_certs::Certificate;
use certwright_chain::chain_order;
use certwright_keystore::calendar::{Reminder, to_calendar, to_reminders};
use certwright_keystore::entry::{Content, Entry};
use certwright_keystore::keystore::Keystore;
use certwright_protocol::Problem;
use certwright_protocol::conversation::ServerNameIndication;
use certwright_protocol::t;
use certwright_protocol::ui::plans::{PlanFieldKind, PlanKind, PlanSide};
use certwright_protocol::ui::{Authentication, ProbePlan, ProbeTrust};

use super::common::to_import;
use super::desk::{Desk, target_of};
use super::handover::{Part, chain_parts, mapping_sheet, zipped};
use super::model::{Mark, Plan, is_value, most_certificates};
use super::steps::views;
use super::{all, connect, messages, renew_client, renew_server, steps};
use crate::convert::entry_problem;
use crate::hosts::parse_target;
use crate::session::file_stem;

/// Longest wait, in hours: a year.
const LONGEST_WAIT: u32 = 24 * 366;

/// What came of an act.
pub(crate) enum Done {
    /// Plan or keystore changed; under this name it can be undone.
    Changed(String),
    /// A file to download; the plan may have changed too.
    File { name: String, media_type: &'static str, content: Vec<u8> },
    /// Another plan begins.
    Begins(PlanKind),
}

/// Does what a step offers, on copies of the plan and of the keystore.
pub(crate) fn act(
    plan: &mut Plan,
    keystore: &mut Keystore,
    step: &str,
    act: &str,
    now_ms: i64,
) -> Result<Done, Problem> {
    let before = plan.clone();
    let plans = all(keystore);
    let desk = Desk { plan: &before, keystore: &keystore.clone(), plans: &plans, now_ms };
    let title = offered(&desk, step, act)?;
    let changed = |what: String| Ok(Done::Changed(what));
    match act {
        "done" => {
            plan.marks.insert(step.into(), Mark { at_ms: now_ms, by: before.mine });
            plan.note(now_ms, "done", step);
            changed(t!("Done: {title}", title))
        }
        "undone" => {
            plan.marks.remove(step);
            plan.note(now_ms, "undone", step);
            changed(t!("Not done: {title}", title))
        }
        "trust" | "trust_client" => {
            let wanted = to_trust(&desk, act);
            if wanted.is_empty() {
                return Err(Problem::PlanStepGone);
            }
            for certificate in wanted {
                let alias = keystore.unique_alias(&certificate.display_name());
                let entry = Entry::new(alias.clone(), Content::TrustedCertificate(certificate), now_ms);
                keystore.insert(entry).map_err(|error| entry_problem(error, &alias))?;
            }
            plan.note(now_ms, "trusted", step);
            changed(t!("Trust for “{title}”", title))
        }
        "delete_entry" | "delete_old" => {
            let aliases = match act {
                "delete_entry" => vec![plan.field("entry").to_owned()],
                _ => renew_server::old_anchors(&desk),
            };
            if aliases.is_empty() {
                return Err(Problem::PlanStepGone);
            }
            if before.kind == PlanKind::RenewClient {
                plan.chains.insert("client".into(), renew_client::old_chain(&desk).certificates);
            }
            keystore.remove_many(&aliases).map_err(|error| entry_problem(error, ""))?;
            if let (PlanKind::RenewClient, Some(new)) = (before.kind, desk.entry("new_entry")) {
                super::follow(keystore, before.field("entry"), &new.alias);
            }
            plan.note(now_ms, "deleted", step);
            changed(t!("Delete “{alias}”", alias = aliases.join("”, “")))
        }
        "install" => {
            renew_client::install(&desk, plan, keystore)?;
            changed(t!("New certificate in its place").to_owned())
        }
        "put_back" => {
            renew_client::put_back(&desk, plan, keystore)?;
            changed(t!("Old certificate back in its place").to_owned())
        }
        "renew" => Ok(Done::Begins(PlanKind::RenewClient)),
        "calendar" => calendar(&desk),
        "pack_plan" => {
            let content = super::to_plan_file(&before, keystore, now_ms).ok_or(Problem::PlanStepGone)?;
            Ok(plan_file(&desk, content))
        }
        "mapping" => {
            let chain = package_chain(&desk, step);
            let leaf = chain.first().ok_or(Problem::PlanStepGone)?;
            let name = format!("{}.txt", file_stem(&t!("mapping of {client}", client = desk.client())));
            let content = mapping_sheet(&desk.client(), leaf).into_bytes();
            Ok(Done::File { name, media_type: "text/plain", content })
        }
        "pack" | "pack_server" => {
            let file = package(&desk, step, act)?;
            plan.note(now_ms, "packed", step);
            Ok(file)
        }
        _ => Err(Problem::PlanStepGone),
    }
}

/// The title of a step that offers this act now.
fn offered(desk: &Desk<'_>, step: &str, act: &str) -> Result<String, Problem> {
    let views = views(steps(desk), desk);
    let view = views.into_iter().find(|view| view.key == step).ok_or(Problem::PlanStepGone)?;
    let offered = view.acts.into_iter().find(|one| one.key == act).ok_or(Problem::PlanStepGone)?;
    match offered.refused {
        Some(why) => Err(Problem::PlanRefused { why }),
        None => Ok(view.title),
    }
}

/// Fills in a field; gives the name of the change.
pub(crate) fn set_field(
    plan: &mut Plan,
    keystore: &Keystore,
    field: &str,
    value: &str,
    now_ms: i64,
) -> Result<String, Problem> {
    let plans = all(keystore);
    let desk = Desk { plan, keystore, plans: &plans, now_ms };
    let views = views(steps(&desk), &desk);
    let fields = views.into_iter().flat_map(|view| view.fields);
    let known = fields.into_iter().find(|one| one.key == field).ok_or(Problem::PlanStepGone)?;
    let value = value.trim();
    let fits = match known.kind {
        _ if value.is_empty() => true,
        PlanFieldKind::Text => is_value(value),
        PlanFieldKind::Host => {
            if parse_target(value, None).is_err() {
                return Err(Problem::HostInvalid { text: value.to_owned() });
            }
            is_value(value)
        }
        PlanFieldKind::Number => value.parse::<u32>().is_ok_and(|hours| hours <= LONGEST_WAIT),
        PlanFieldKind::Entry => match keystore.find(value) {
            Some(entry) => entry.key_pair().is_some(),
            None => return Err(Problem::NoSuchEntry { alias: value.to_owned() }),
        },
        PlanFieldKind::Choice => known.choices.iter().any(|choice| choice.value == value),
        PlanFieldKind::Date => renew_server::parse_day(value).is_some(),
    };
    if !fits {
        return Err(Problem::PlanValueInvalid { label: known.label, text: value.to_owned() });
    }
    if value.is_empty() {
        plan.fields.remove(field);
    } else {
        plan.fields.insert(field.into(), value.to_owned());
    }
    plan.modified_ms = now_ms;
    Ok(t!("{label} of a plan", label = known.label))
}

/// Takes certificates into the plan. They are trusted by nobody for that.
pub(crate) fn files(
    plan: &mut Plan,
    keystore: &Keystore,
    step: &str,
    act: &str,
    certificates: Vec<Certificate>,
    now_ms: i64,
) -> Result<String, Problem> {
    let plans = all(keystore);
    let desk = Desk { plan, keystore, plans: &plans, now_ms };
    let title = offered(&desk, step, act)?;
    let key = act.strip_suffix("_files").ok_or(Problem::PlanStepGone)?;
    let mut unique: Vec<Certificate> = Vec::new();
    for certificate in certificates {
        if !unique.contains(&certificate) {
            unique.push(certificate);
        }
    }
    let most = most_certificates(key).ok_or(Problem::PlanStepGone)?;
    if unique.is_empty() || unique.len() > most {
        return Err(Problem::PlanValueInvalid { label: title, text: unique.len().to_string() });
    }
    plan.chains.insert(key.into(), if key == "accepted" { unique } else { in_order(unique) });
    plan.note(now_ms, "files", step);
    Ok(t!("Certificates for “{title}”", title))
}

/// End-entity first, where there is one.
fn in_order(mut certificates: Vec<Certificate>) -> Vec<Certificate> {
    certificates.sort_by_key(Certificate::is_ca);
    let mut ordered = chain_order(&certificates);
    certificates.retain(|certificate| !ordered.contains(certificate));
    ordered.extend(certificates);
    ordered
}

/// What the probe of a step looks at.
pub(crate) fn probe_plan(
    plan: &Plan,
    keystore: &Keystore,
    step: &str,
    act: &str,
    now_ms: i64,
) -> Result<ProbePlan, Problem> {
    let plans = all(keystore);
    let desk = Desk { plan, keystore, plans: &plans, now_ms };
    offered(&desk, step, act)?;
    let target =
        target_of(plan).ok_or_else(|| Problem::HostInvalid { text: plan.field("host").to_owned() })?;
    let mut probe = ProbePlan::new(target.host, target.port);
    probe.starttls = target.starttls;
    if let Some(name) = target.server_name {
        probe.server_name = ServerNameIndication::Name(name);
    }
    probe.trust = ProbeTrust::Keystore;
    match act {
        "test" => {
            let alias = match plan.kind {
                PlanKind::RenewClient => plan.field("new_entry"),
                _ => plan.field("entry"),
            };
            probe.authentication = Authentication::Alias { alias: alias.to_owned() };
        }
        // Whom to trust is what is to be found out, so nothing is shown to whoever answers.
        _ => {
            probe.validate = false;
            probe.authentication = Authentication::None;
            probe.extent.diagnose = false;
        }
    }
    Ok(probe)
}

/// Certificates that an act puts into the trust store.
fn to_trust(desk: &Desk<'_>, act: &str) -> Vec<Certificate> {
    if act == "trust_client" {
        let chain = match desk.plan.kind {
            PlanKind::RenewClient => desk.known_chain("new_client"),
            _ => desk.known_chain("client"),
        };
        let own = chain.root().or(chain.leaf()).filter(|one| desk.trusted_as(one).is_none());
        return own.cloned().into_iter().collect();
    }
    let needs = match desk.plan.kind {
        PlanKind::RenewServer => renew_server::new_needs(desk),
        _ => connect::server_needs(desk),
    };
    needs.map(|needs| to_import(desk, &needs).cloned().collect()).unwrap_or_default()
}

/// The chain that a step hands over.
fn package_chain(desk: &Desk<'_>, step: &str) -> Vec<Certificate> {
    match (desk.plan.kind, step) {
        (PlanKind::RenewClient, _) => renew_client::new_chain(desk).certificates,
        _ => desk.client_chain("entry", "client").certificates,
    }
}

fn package(desk: &Desk<'_>, step: &str, act: &str) -> Result<Done, Problem> {
    let (name, mut parts, message) = if act == "pack_server" {
        let chain = match desk.plan.kind {
            PlanKind::RenewServer => renew_server::new_chain(desk).certificates,
            _ => connect::server_certificates(desk),
        };
        let needs = connect::server_needs(desk);
        let text = messages::server_root(desk, needs.as_ref()).text;
        (
            t!("{server} for {client}", server = desk.server(), client = desk.client()),
            chain_parts("server", &chain)?,
            text,
        )
    } else {
        let chain = package_chain(desk, step);
        let mut parts = chain_parts("client", &chain)?;
        if let Some(leaf) = chain.first() {
            parts.push(("mapping.txt".into(), mapping_sheet(&desk.client(), leaf).into_bytes()));
        }
        if desk.plan.kind == PlanKind::RenewClient {
            parts.extend(chain_parts("old-client", &renew_client::old_chain(desk).certificates)?);
        }
        let whole = super::desk::Chain { certificates: chain, missing: None };
        let text = match desk.plan.kind {
            PlanKind::SystemCertificate => messages::system(desk, &whole).text,
            PlanKind::RenewClient => messages::new_client(desk, &whole).text,
            _ => messages::hand_over(desk, &whole).text,
        };
        (t!("{client} for {server}", client = desk.client(), server = desk.server()), parts, text)
    };
    if parts.is_empty() {
        return Err(Problem::PlanStepGone);
    }
    if let Some(plan) = super::to_plan_file(desk.plan, desk.keystore, desk.now_ms) {
        parts.push(("plan.certwright-plan.json".into(), plan));
    }
    let readme = messages::readme(desk, &parts.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>());
    let text =
        |name: &str, text: String| -> Part { (name.to_owned(), text.replace('\n', "\r\n").into_bytes()) };
    parts.insert(0, text("README.txt", readme));
    parts.push(text("mail.txt", message));
    let content = zipped(&parts)?;
    Ok(Done::File { name: format!("{}.zip", file_stem(&name)), media_type: "application/zip", content })
}

/// The file of the plan for the other side.
pub(super) fn plan_file(desk: &Desk<'_>, content: Vec<u8>) -> Done {
    let name = t!("{client} and {server}", client = desk.client(), server = desk.server());
    let name = format!("{}.certwright-plan.json", file_stem(&name));
    Done::File { name, media_type: "application/json", content }
}

fn calendar(desk: &Desk<'_>) -> Result<Done, Problem> {
    let text = match desk.plan.kind {
        PlanKind::RenewServer => {
            let reminders: Vec<Reminder> = renew_server::reminders(desk);
            to_reminders(&reminders, desk.now())
        }
        _ => {
            let entry = desk.entry("entry").ok_or(Problem::PlanStepGone)?;
            to_calendar([entry], desk.now(), &[30, 7, 1])
        }
    };
    let content = text.ok_or(Problem::NothingExpires)?.into_bytes();
    let name = format!("{}.ics", file_stem(&super::words::title(desk)));
    Ok(Done::File { name, media_type: "text/calendar", content })
}

/// Which side a new plan is begun for, where there is one alone.
pub(crate) fn side_of(kind: PlanKind, wished: PlanSide) -> PlanSide {
    if kind == PlanKind::SystemCertificate { PlanSide::Client } else { wished }
}
