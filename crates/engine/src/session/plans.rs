//! Requests about guided jobs and kept lists of hosts. Both are notes of the keystore of the browser, so they are stored, undone and brought together
//! across tabs with its entries.

use certwright_certs::Certificate;
use certwright_keys::secret;
use certwright_keystore::keystore::Keystore;
use certwright_keystore::note::{Note, NoteError, NoteKind};
use certwright_protocol::language::{self, Language};
use certwright_protocol::report::ProbeReport;
use certwright_protocol::ui::hosts::MAX_HOSTS;
use certwright_protocol::ui::plans::{FoundPlan, PlanKind, PlanSide, PlanSummary, SavedHosts};
use certwright_protocol::ui::{HostList, InputFile, ProbePlan, Response, StoreId};
use certwright_protocol::{Problem, t};
use rand_core::CryptoRng;

use super::Session;
use super::import::parse_with_each;
use crate::convert::{count, file_problem};
use crate::hosts::parse_hosts;
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
        let mut summaries: Vec<PlanSummary> =
            plans::all(home).map(|plan| plans::summary(&plan, home, self.seen_ms)).collect();
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
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let mut plan = self.find_plan(id)?;
        let mut certificates: Vec<Certificate> = Vec::new();
        for file in files {
            certificates.extend(certificates_in(file)?);
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

    /// The plans that stand in files; the other files are given back.
    pub(super) fn look_for_plans<'f>(
        &mut self,
        files: &'f [InputFile],
        now_ms: i64,
    ) -> (Vec<FoundPlan>, Vec<&'f InputFile>, Vec<Problem>) {
        let (mut found, mut others, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        self.found_plans.clear();
        for file in files {
            if !plans::is_plan_file(&file.content.0) {
                others.push(file);
                continue;
            }
            match plans::parse_plan_file(&file.content.0) {
                Some(plan) => {
                    let known = self.find_plan(&plan.id).ok();
                    let id = count(self.found_plans.len());
                    found.push(plans::found(&plan, known.as_ref(), &self.work.home, id, &file.name, now_ms));
                    self.found_plans.push(plan);
                }
                None => problems.push(Problem::PlanUnreadable { file: file.name.clone() }),
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
        for target in plans::all(self.open(StoreId::HOME)?).filter_map(|plan| plans::target_of(&plan)) {
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

/// The certificates in a file, those of its key pairs too.
fn certificates_in(file: &InputFile) -> Result<Vec<Certificate>, Problem> {
    let passwords = secret::Passwords::none();
    let (found, _) = parse_with_each(&file.name, &file.content.0, &passwords)
        .map_err(|error| file_problem(&file.name, error))?;
    let contents = found.contents;
    let chains = contents.key_pairs.into_iter().flat_map(|pair| pair.chain);
    let locked = contents.locked.into_iter().flat_map(|entry| entry.chain);
    let lone = contents.certificates.into_iter().map(|found| found.certificate);
    let all: Vec<Certificate> = chains.chain(locked).chain(lone).collect();
    if all.is_empty() { Err(Problem::NothingToImport { file: file.name.clone() }) } else { Ok(all) }
}

/// 16 hexadecimal digits that no other plan has.
fn new_id(rng: &mut impl CryptoRng) -> String {
    let mut octets = [0; 8];
    rng.fill_bytes(&mut octets);
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
