//! One of the two sides: a session, and what a person does in it.

use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use certwright_engine::session::Session;
use certwright_protocol::conversation::FromServer;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::{FoundPlan, PlanActKind, PlanSideView, StepState, StepView};
use certwright_protocol::ui::{
    ImportChoice, InputFile, KeyChoice, PlanKind, PlanSheet, PlanSide, PlanSummary, Request, Response,
};
use certwright_protocol::{Password, Problem};
use certwright_server::conversation::{Limits, run};
use certwright_server::policy::TargetPolicy;
use tokio::sync::mpsc;

use super::support::desk::Desk;
use super::support::{now, random};

/// A side that works on one plan.
pub(crate) struct Side {
    pub(crate) desk: Desk,
    pub(crate) id: String,
    /// How much later than now it is, in milliseconds.
    pub(crate) later_ms: i64,
}

impl Side {
    pub(crate) fn new() -> Self {
        Self { desk: Desk::new(), id: String::new(), later_ms: 0 }
    }

    pub(crate) fn begin(job: PlanKind, side: PlanSide) -> Self {
        let mut this = Self::new();
        let sheet = this.sheet_of(Request::NewPlan { job, side, host: String::new(), entry: None });
        this.id = sheet.id;
        this
    }

    pub(crate) fn now_ms(&self) -> i64 {
        now() * 1000 + self.later_ms
    }

    pub(crate) fn ask(&mut self, request: Request) -> Result<Response, Problem> {
        self.desk.ask_at(self.now_ms(), request)
    }

    fn sheet_of(&mut self, request: Request) -> PlanSheet {
        match self.ask(request) {
            Ok(Response::PlanSheet { sheet }) => *sheet,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn sheet(&mut self) -> PlanSheet {
        let id = self.id.clone();
        self.sheet_of(Request::Plan { id })
    }

    pub(crate) fn step(&mut self, key: &str) -> StepView {
        self.sheet().steps.into_iter().find(|step| step.key == key).unwrap_or_else(|| panic!("no step {key}"))
    }

    pub(crate) fn state(&mut self, key: &str) -> StepState {
        self.step(key).state
    }

    pub(crate) fn states(&mut self) -> Vec<(String, StepState)> {
        self.sheet().steps.into_iter().map(|step| (step.key, step.state)).collect()
    }

    pub(crate) fn picture(&mut self, side: PlanSide) -> PlanSideView {
        self.sheet().sides.into_iter().find(|view| view.side == side).unwrap()
    }

    pub(crate) fn summary(&self) -> PlanSummary {
        self.desk.session.view().plans.into_iter().find(|plan| plan.id == self.id).unwrap()
    }

    /// Whether a finding of the step, of this tone, holds these words.
    #[track_caller]
    pub(crate) fn expect_finding(&mut self, step: &str, tone: Tone, words: &str) {
        let findings = self.step(step).findings;
        let found = findings.iter().any(|finding| finding.tone == tone && finding.words.contains(words));
        assert!(found, "{step}: no {tone:?} {words:?} in {findings:#?}");
    }

    #[track_caller]
    pub(crate) fn set(&mut self, field: &str, value: &str) {
        self.try_set(field, value).unwrap();
    }

    pub(crate) fn try_set(&mut self, field: &str, value: &str) -> Result<Response, Problem> {
        let id = self.id.clone();
        self.ask(Request::SetPlanField { id, field: field.into(), value: value.into() })
    }

    pub(crate) fn name_sides(&mut self, port: u16) {
        self.set("client_name", "Shop");
        self.set("server_name", "ERP");
        self.set("host", &format!("localhost:{port}"));
        assert_eq!(self.state("sides"), StepState::Done);
    }

    pub(crate) fn try_act(&mut self, step: &str, act: &str) -> Result<Response, Problem> {
        let id = self.id.clone();
        self.ask(Request::PlanAct { id, step: step.into(), act: act.into() })
    }

    #[track_caller]
    pub(crate) fn act(&mut self, step: &str, act: &str) {
        match self.try_act(step, act) {
            Ok(Response::PlanSheet { .. }) => {}
            other => panic!("{step} {act}: {other:?}"),
        }
    }

    /// Name and content of a file.
    #[track_caller]
    pub(crate) fn download(&mut self, step: &str, act: &str) -> (String, Vec<u8>) {
        match self.try_act(step, act) {
            Ok(Response::File { name, content, .. }) => (name, content.0),
            other => panic!("{step} {act}: {other:?}"),
        }
    }

    pub(crate) fn files(
        &mut self,
        step: &str,
        act: &str,
        files: &[(&str, &[u8])],
    ) -> Result<Response, Problem> {
        self.files_with(step, act, files, &[])
    }

    pub(crate) fn files_with(
        &mut self,
        step: &str,
        act: &str,
        files: &[(&str, &[u8])],
        passwords: &[&str],
    ) -> Result<Response, Problem> {
        let files = files
            .iter()
            .map(|(name, content)| InputFile { name: (*name).into(), content: (*content).into() });
        let (id, files) = (self.id.clone(), files.collect());
        let passwords = passwords.iter().map(|password| Password::new(*password)).collect();
        self.ask(Request::PlanFiles { id, step: step.into(), act: act.into(), files, passwords })
    }

    /// Begins another plan on this side, and works on it from now on; gives the one before.
    pub(crate) fn begin_another(&mut self, job: PlanKind, entry: Option<&str>) -> String {
        let (host, entry) = (String::new(), entry.map(str::to_owned));
        let sheet = self.sheet_of(Request::NewPlan { job, side: PlanSide::Client, host, entry });
        std::mem::replace(&mut self.id, sheet.id)
    }

    /// Imports all that is in a file, as the page does.
    pub(crate) fn import(&mut self, name: &str, content: &[u8], passwords: &[&str]) {
        let found = self.desk.look(&[(name, content)], passwords).found;
        let proposed = found.iter().filter(|found| found.proposal.is_some());
        let choices = proposed.map(|found| ImportChoice { id: found.id, alias: None }).collect();
        self.ask(Request::Import { choices }).unwrap();
    }

    pub(crate) fn new_key(&mut self, step: &str) -> String {
        let act = self.step(step).acts.into_iter().find(|act| act.key == "new_key").unwrap();
        let PlanActKind::NewKey { alias, field } = act.kind else { panic!("{:?}", act.kind) };
        self.desk.add_key(&alias, KeyChoice::EcP256);
        self.set(&field, &alias);
        alias
    }

    /// The file of the plan for the other side.
    pub(crate) fn export(&mut self) -> Vec<u8> {
        let id = self.id.clone();
        match self.ask(Request::ExportPlan { id }) {
            Ok(Response::File { name, content, .. }) => {
                assert!(name.ends_with(".certwright-plan.json"), "{name}");
                content.0
            }
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn look(&mut self, content: &[u8]) -> (Vec<FoundPlan>, usize) {
        let files = vec![InputFile { name: "from the other side.json".into(), content: content.into() }];
        match self.ask(Request::Look { files, passwords: Vec::new() }) {
            Ok(Response::Found { plans, problems, .. }) => (plans, problems.len()),
            other => panic!("{other:?}"),
        }
    }

    /// Opens what the other side has sent.
    pub(crate) fn open(&mut self, content: &[u8]) -> PlanSheet {
        let (plans, problems) = self.look(content);
        assert_eq!((plans.len(), problems), (1, 0));
        let sheet = self.sheet_of(Request::OpenPlan { id: plans[0].id });
        self.id.clone_from(&sheet.id);
        sheet
    }

    /// Runs the probe of a step with Certwright's own server.
    pub(crate) fn probe(&mut self, step: &str, act: &str) {
        let now_ms = self.now_ms();
        let session = &mut self.desk.session;
        let plan = session.plan_probe(&self.id, step, act, now_ms).unwrap();
        let (mut probe, opening) = session.probe(plan, now_ms).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (to_server, from_browser) = mpsc::channel(8);
            let (to_browser, mut from_server) = mpsc::channel::<FromServer>(8);
            let policy = Arc::new(TargetPolicy::loopback());
            let server = tokio::spawn(run(from_browser, to_browser, policy, Limits::default()));
            to_server.send(opening).await.unwrap();
            while let Some(said) = from_server.recv().await {
                if let Some(answer) = probe.receive(said, now_ms.div_euclid(1000), &mut random()) {
                    to_server.send(answer).await.unwrap();
                }
                if probe.is_over() {
                    break;
                }
            }
            drop(to_server);
            server.await.unwrap();
        });
        assert!(probe.is_over());
        session.plan_probed(&self.id, step, probe.report(), now_ms).unwrap();
    }

    /// Undoes everything.
    pub(crate) fn undo_all(&mut self) -> usize {
        let mut steps = 0;
        while self.ask(Request::Undo).is_ok() {
            steps += 1;
        }
        steps
    }

    pub(crate) fn session(&mut self) -> &mut Session {
        &mut self.desk.session
    }
}

/// An archive of these files.
pub(crate) fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The files of an archive.
pub(crate) fn unzip(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// The content of a file of an archive.
#[track_caller]
pub(crate) fn part<'a>(parts: &'a [(String, Vec<u8>)], name: &str) -> &'a [u8] {
    let found = parts.iter().find(|(known, _)| known == name);
    &found
        .unwrap_or_else(|| {
            panic!("no {name} in {:?}", parts.iter().map(|(name, _)| name).collect::<Vec<_>>())
        })
        .1
}
