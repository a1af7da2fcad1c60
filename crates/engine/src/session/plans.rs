//! Requests about guided jobs and kept lists of hosts. Both are notes of the keystore of the browser, so they are stored, undone and brought together
//! across tabs with its entries.

use certwright_certs::Certificate;
use certwright_encoding::sniff::{Kind, recognise};
use certwright_keys::secret;
use certwright_keystore::keystore::Keystore;
use certwright_keystore::note::{Note, NoteError, NoteKind};
use certwright_protocol::language::{self, Language};
use certwright_protocol::report::ProbeReport;
use certwright_protocol::ui::hosts::MAX_HOSTS;
use certwright_protocol::ui::plans::{FoundPlan, PlanKind, PlanSide, PlanSummary, SavedHosts};
use certwright_protocol::ui::{HostList, InputFile, ProbePlan, Response, StoreId};
use certwright_protocol::{Password, Problem, t};
use rand_core::CryptoRng;

use super::Session;
use crate::archive::unpack;
use crate::convert::count;
use crate::files::passwords as tried;
use crate::hosts::parse_hosts;
use crate::inspect::Inspection;
use crate::plans::{self, Done, MOST_PLANS, Plan, Seen};

/// Longest text of a kept list of hosts, in octets.
const LONGEST_HOSTS: usize = 512 * 1024;
/// Longest name of one, in characters.
const LONGEST_NAME: usize = 80;

/// How the plans stood, and what that was found from: chains are judged for it, which is not done again for every change elsewhere.
#[derive(Default)]
pub(super) struct ToldPlans {
    home: Keystore,
    hour: i64,
    language: Language,
    summaries: Vec<PlanSummary>,
}

impl Session {
    /// The plans as the list shows them, the one that was changed last first.
    pub(super) fn plan_summaries(&self) -> Vec<PlanSummary> {
        let home = &self.work.home;
        let hour = self.seen_ms.div_euclid(3_600_000);
        let mut told = self.told_plans.borrow_mut();
        if told.hour == hour && told.language == language::chosen() && told.home.is_unchanged_since(home) {
            return told.summaries.clone();
        }
        let mut summaries = plans::summaries(home, self.seen_ms);
        summaries.sort_by_key(|summary| std::cmp::Reverse(summary.modified_ms));
        *told = ToldPlans { home: home.clone(), hour, language: language::chosen(), summaries };
        told.summaries.clone()
    }

    /// The kept lists of hosts by name.
    pub(super) fn host_lists(&self) -> Vec<SavedHosts> {
        let notes = self.work.home.notes().filter(|note| note.kind == NoteKind::Hosts);
        let mut lists: Vec<SavedHosts> = notes.filter_map(saved_hosts).collect();
        lists.sort_by_key(|list| list.name.to_lowercase());
        lists
    }

    pub(super) fn new_plan(
        &mut self,
        job: PlanKind,
        side: PlanSide,
        host: &str,
        entry: Option<String>,
        now_ms: i64,
        rng: &mut impl CryptoRng,
    ) -> Result<Response, Problem> {
        let mut plan = plans::begin(new_id(rng), job, side, now_ms);
        let keystore = self.open(StoreId::HOME)?;
        if !host.trim().is_empty() {
            plans::set_field(&mut plan, keystore, "host", host, now_ms)?;
        }
        if let Some(alias) = entry {
            let alias = self.key_pair(StoreId::HOME, &alias)?.0.alias.clone();
            plans::set_entry(&mut plan, &alias);
        }
        let keystore = self.open(StoreId::HOME)?.clone();
        let id = plan.id.clone();
        self.keep_plan(keystore, &plan, t!("New plan").to_owned())?;
        self.plan(&id, now_ms)
    }

    pub(super) fn plan(&self, id: &str, now_ms: i64) -> Result<Response, Problem> {
        let plan = self.find_plan(id)?;
        let sheet = plans::sheet(&plan, &self.work.home, now_ms);
        Ok(Response::PlanSheet { sheet: Box::new(sheet) })
    }

    pub(super) fn set_plan_field(
        &mut self,
        id: &str,
        field: &str,
        value: &str,
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let mut plan = self.find_plan(id)?;
        let before = plan.clone();
        let name = plans::set_field(&mut plan, &self.work.home, field, value, now_ms)?;
        if plan.fields != before.fields {
            let keystore = self.work.home.clone();
            self.keep_plan(keystore, &plan, name)?;
        }
        self.plan(id, now_ms)
    }

    pub(super) fn plan_act(
        &mut self,
        id: &str,
        step: &str,
        act: &str,
        now_ms: i64,
        rng: &mut impl CryptoRng,
    ) -> Result<Response, Problem> {
        let before = self.find_plan(id)?;
        let mut plan = before.clone();
        let mut keystore = self.work.home.clone();
        match plans::act(&mut plan, &mut keystore, step, act, now_ms)? {
            Done::Changed(name) => {
                self.keep_plan(keystore, &plan, name)?;
                self.plan(id, now_ms)
            }
            Done::File { name, media_type, content } => {
                if plan != before {
                    self.keep_plan(keystore, &plan, t!("Package of a plan").to_owned())?;
                }
                Ok(Response::File { name, media_type: media_type.into(), content: content.into() })
            }
            Done::Begins(job) => {
                let name = before.field("client_name").to_owned();
                let mut next = plans::begin(new_id(rng), job, PlanSide::Client, now_ms);
                plans::set_entry(&mut next, before.field("entry"));
                if !name.is_empty() {
                    next.fields.insert("client_name".into(), name);
                }
                let id = next.id.clone();
                self.keep_plan(keystore, &next, t!("New plan").to_owned())?;
                self.plan(&id, now_ms)
            }
        }
    }

    pub(super) fn plan_files(
        &mut self,
        id: &str,
        step: &str,
        act: &str,
        files: &[InputFile],
        passwords: &[Password],
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let mut plan = self.find_plan(id)?;
        let passwords = tried(passwords);
        // A package for the other side has the old certificates beside the new.
        let wants_old = plan.kind == PlanKind::RenewClient && act == "client_files";
        let mut certificates: Vec<Certificate> = Vec::new();
        for file in files {
            certificates.extend(certificates_in(file, &passwords, wants_old)?);
        }
        let name = plans::files(&mut plan, &self.work.home, step, act, certificates, now_ms)?;
        let keystore = self.work.home.clone();
        self.keep_plan(keystore, &plan, name)?;
        self.plan(id, now_ms)
    }

    /// What the probe of a step looks at. Its report goes to [`Self::plan_probed`] when it is over.
    ///
    /// # Errors
    /// If there is no such plan or probe, or it is refused.
    pub fn plan_probe(&self, id: &str, step: &str, act: &str, now_ms: i64) -> Result<ProbePlan, Problem> {
        plans::probe_plan(&self.find_plan(id)?, &self.work.home, step, act, now_ms)
    }

    /// Takes what the probe of a step found into the plan. Nothing happens if the plan is gone meanwhile.
    ///
    /// # Errors
    /// If there are too many notes.
    pub fn plan_probed(
        &mut self,
        id: &str,
        step: &str,
        report: &ProbeReport,
        now_ms: i64,
    ) -> Result<(), Problem> {
        let Ok(mut plan) = self.find_plan(id) else { return Ok(()) };
        let keystore = self.work.home.clone();
        let fingerprint = |alias: &str| plans::fingerprint_of(&keystore, alias);
        let seen = Seen::of(report, fingerprint);
        plans::probed(&mut plan, &keystore, step, seen, now_ms);
        self.keep_plan(keystore, &plan, t!("Probe of a plan").to_owned())
    }

    pub(super) fn delete_plan(&mut self, id: &str) -> Result<Response, Problem> {
        let mut keystore = self.open(StoreId::HOME)?.clone();
        keystore.remove_note(NoteKind::Plan, id).ok_or(Problem::NoSuchPlan)?;
        self.change(StoreId::HOME, t!("Delete a plan").to_owned(), keystore)?;
        Ok(Response::Done)
    }

    pub(super) fn export_plan(&self, id: &str, now_ms: i64) -> Result<Response, Problem> {
        let plan = self.find_plan(id)?;
        let (name, content) =
            plans::to_download(&plan, &self.work.home, now_ms).ok_or(Problem::PlanStepGone)?;
        Ok(Response::File { name, media_type: "application/json".into(), content: content.into() })
    }

    /// The plans that stand in files, or in the packages that came with them; the other files are given back.
    pub(super) fn look_for_plans<'f>(
        &mut self,
        files: &'f [InputFile],
        now_ms: i64,
    ) -> (Vec<FoundPlan>, Vec<&'f InputFile>, Vec<Problem>) {
        let (mut found, mut others, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        self.found_plans.clear();
        for file in files {
            let written = if plans::is_plan_file(&file.content.0) {
                vec![file.content.0.clone()]
            } else {
                plans_in(&file.content.0)
            };
            if written.is_empty() {
                others.push(file);
            }
            for written in written {
                match plans::parse_plan_file(&written) {
                    Some(plan) => {
                        let known = self.find_plan(&plan.id).ok();
                        let id = count(self.found_plans.len());
                        let home = &self.work.home;
                        found.push(plans::found(&plan, known.as_ref(), home, id, &file.name, now_ms));
                        self.found_plans.push(plan);
                    }
                    None => problems.push(Problem::PlanUnreadable { file: file.name.clone() }),
                }
            }
        }
        (found, others, problems)
    }

    pub(super) fn open_plan(&mut self, id: u32, now_ms: i64) -> Result<Response, Problem> {
        let at = usize::try_from(id).map_err(|_| Problem::NothingFound)?;
        let sent = self.found_plans.get(at).cloned().ok_or(Problem::NothingFound)?;
        let keystore = self.open(StoreId::HOME)?.clone();
        let mut plan = match self.find_plan(&sent.id) {
            // A file that this side wrote itself brings nothing.
            Ok(here) if here.mine != sent.mine || here.kind != sent.kind => {
                return self.plan(&here.id, now_ms);
            }
            Ok(here) => plans::brought_together(here, &sent),
            Err(_) => sent,
        };
        plans::opened(&mut plan, now_ms);
        let id = plan.id.clone();
        self.keep_plan(keystore, &plan, t!("Open a plan").to_owned())?;
        self.plan(&id, now_ms)
    }

    /// The hosts that the plans are about.
    pub(super) fn plan_hosts(&self) -> Result<Response, Problem> {
        let mut list = HostList::default();
        for target in plans::all(self.open(StoreId::HOME)?).iter().filter_map(plans::target_of) {
            if !list.hosts.contains(&target) && list.hosts.len() < MAX_HOSTS {
                list.hosts.push(target);
            }
        }
        Ok(Response::Hosts { list })
    }

    pub(super) fn save_hosts(&mut self, name: &str, text: &str, now_ms: i64) -> Result<Response, Problem> {
        let name = name.trim();
        let fits =
            !name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
        if !fits || text.len() > LONGEST_HOSTS {
            return Err(Problem::PlanValueInvalid {
                label: t!("The list’s name").into(),
                text: name.to_owned(),
            });
        }
        let mut keystore = self.open(StoreId::HOME)?.clone();
        if let Some(known) = self.host_lists().iter().find(|list| is_same_name(&list.name, name)) {
            keystore.remove_note(NoteKind::Hosts, &known.name);
        }
        let mut content = now_ms.to_be_bytes().to_vec();
        content.extend_from_slice(text.as_bytes());
        let note = Note { kind: NoteKind::Hosts, name: name.to_owned(), content };
        keystore.set_note(note).map_err(note_problem)?;
        self.change(StoreId::HOME, t!("Keep the list “{name}”", name), keystore)?;
        Ok(Response::Done)
    }

    pub(super) fn delete_hosts(&mut self, name: &str) -> Result<Response, Problem> {
        let mut keystore = self.open(StoreId::HOME)?.clone();
        let known = self.host_lists().into_iter().find(|list| is_same_name(&list.name, name));
        let known = known.ok_or(Problem::NoSuchPlan)?;
        keystore.remove_note(NoteKind::Hosts, &known.name);
        self.change(StoreId::HOME, t!("Delete the list “{name}”", name = known.name), keystore)?;
        Ok(Response::Done)
    }

    fn find_plan(&self, id: &str) -> Result<Plan, Problem> {
        plans::find(self.open(StoreId::HOME)?, id).ok_or(Problem::NoSuchPlan)
    }

    fn keep_plan(&mut self, mut keystore: Keystore, plan: &Plan, name: String) -> Result<(), Problem> {
        let is_new = keystore.note(NoteKind::Plan, &plan.id).is_none();
        let there_are = keystore.notes().filter(|note| note.kind == NoteKind::Plan).count();
        if is_new && there_are >= MOST_PLANS {
            return Err(Problem::TooManyPlans { most: count(MOST_PLANS) });
        }
        let note = plans::to_note(plan).ok_or(Problem::TooManyPlans { most: count(MOST_PLANS) })?;
        keystore.set_note(note).map_err(note_problem)?;
        self.change(StoreId::HOME, name, keystore)
    }
}

/// A kept list: when it was saved (eight octets), and its text.
fn saved_hosts(note: &Note) -> Option<SavedHosts> {
    let (time, text) = note.content.split_first_chunk::<8>()?;
    let text = std::str::from_utf8(text).ok()?;
    Some(SavedHosts {
        name: note.name.clone(),
        text: text.to_owned(),
        hosts: count(parse_hosts(text).hosts.len()),
        modified_ms: i64::from_be_bytes(*time),
    })
}

fn is_same_name(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// Whatever it is, there is no room for it.
pub(super) fn note_problem(_: NoteError) -> Problem {
    Problem::TooManyPlans { most: count(MOST_PLANS) }
}

/// The certificates in a file, those of its key pairs too, or in the files of an archive. Of a package that has old ones beside the new, one kind is meant.
fn certificates_in(
    file: &InputFile,
    passwords: &secret::Passwords,
    wants_old: bool,
) -> Result<Vec<Certificate>, Problem> {
    let bytes = &file.content.0;
    let archive = if recognise(bytes) == Kind::Zip { unpack(bytes) } else { None };
    let mut all = Vec::new();
    match archive {
        None => all.extend(certificates_of(&file.name, bytes, passwords)?),
        Some(archive) => {
            let is_old = |name: &str| name.rsplit('/').next().is_some_and(|name| name.starts_with("old-"));
            let has_both = archive.files.iter().any(|(name, _)| is_old(name));
            for (name, content) in archive.files {
                if (has_both && is_old(&name) != wants_old) || plans::is_plan_file(&content) {
                    continue;
                }
                match certificates_of(&file.name, &content, passwords) {
                    Ok(found) => all.extend(found),
                    Err(problem @ (Problem::PasswordNeeded { .. } | Problem::PasswordWrong { .. })) => {
                        return Err(problem);
                    }
                    // Other files of an archive (a README, an image) are no problem.
                    Err(_) => {}
                }
            }
        }
    }
    if all.is_empty() { Err(Problem::NothingToImport { file: file.name.clone() }) } else { Ok(all) }
}

fn certificates_of(
    name: &str,
    bytes: &[u8],
    passwords: &secret::Passwords,
) -> Result<Vec<Certificate>, Problem> {
    let mut looked_at = Inspection::default();
    let mut problems = looked_at.add(name, bytes, passwords);
    let found: Vec<Certificate> = looked_at.certificates().map(|(_, one)| one.clone()).collect();
    match problems.pop() {
        // What is closed are keys, and nobody wants those here.
        Some(problem) if found.is_empty() => Err(problem),
        _ => Ok(found),
    }
}

/// The plans in an archive, as a package brings one along.
fn plans_in(bytes: &[u8]) -> Vec<Vec<u8>> {
    let archive = if recognise(bytes) == Kind::Zip { unpack(bytes) } else { None };
    let files = archive.map(|archive| archive.files).unwrap_or_default();
    files.into_iter().map(|(_, content)| content).filter(|content| plans::is_plan_file(content)).collect()
}

/// 16 hexadecimal digits that no other plan has.
fn new_id(rng: &mut impl CryptoRng) -> String {
    let mut octets = [0; 8];
    rng.fill_bytes(&mut octets);
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
