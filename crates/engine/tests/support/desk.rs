//! A session with the questions that tests ask again and again.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "each test takes what it needs, and a test may unwrap"
)]

use certwright_engine::session::{Session, generate_key};
use certwright_protocol::ui::{
    ExportFormat, Found, FoundStore, ImportChoice, InputFile, KeyChoice, Like, Request, RequestPlan,
    Response, StoreId, Told,
};
use certwright_protocol::view::{EntryDetail, EntryView, RequestView};
use certwright_protocol::{Password, Problem};

use super::random;

/// When everything happens, Unix milliseconds.
pub(crate) const NOW: i64 = 1_800_000_000_000;

/// A session, and the keystore that is asked.
pub(crate) struct Desk {
    pub(crate) session: Session,
    pub(crate) store: StoreId,
}

/// What looking at files found.
pub(crate) struct Looked {
    pub(crate) found: Vec<Found>,
    pub(crate) stores: Vec<FoundStore>,
    pub(crate) problems: Vec<Told>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { session: Session::new(false), store: StoreId::HOME }
    }

    /// A desk with a key under each of the aliases.
    pub(crate) fn with_keys(aliases: &[&str]) -> Self {
        let mut desk = Self::new();
        aliases.iter().for_each(|alias| desk.add_key(alias, KeyChoice::EcP256));
        desk
    }

    pub(crate) fn add_key(&mut self, alias: &str, key: KeyChoice) {
        self.session.check_new_key(self.store, alias, key).unwrap();
        let key = generate_key(key, &mut random(), |_| {}).unwrap();
        self.session.add_key(self.store, alias, key, NOW).unwrap();
    }

    pub(crate) fn ask(&mut self, request: Request) -> Result<Response, Problem> {
        self.ask_at(NOW, request)
    }

    pub(crate) fn ask_at(&mut self, now_ms: i64, request: Request) -> Result<Response, Problem> {
        self.session.answer(self.store, request, now_ms, &mut random())
    }

    pub(crate) fn look(&mut self, files: &[(&str, &[u8])], passwords: &[&str]) -> Looked {
        let files = files
            .iter()
            .map(|(name, content)| InputFile { name: (*name).into(), content: (*content).into() });
        let passwords = passwords.iter().map(|password| Password::new(*password)).collect();
        match self.ask(Request::Look { files: files.collect(), passwords }) {
            Ok(Response::Found { found, stores, problems, .. }) => Looked { found, stores, problems },
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn import_all(&mut self, found: &[Found]) -> Result<Response, Problem> {
        let proposed = found.iter().filter(|found| found.proposal.is_some());
        let choices = proposed.map(|found| ImportChoice { id: found.id, alias: None }).collect();
        self.ask(Request::Import { choices })
    }

    pub(crate) fn entries(&self) -> Vec<EntryView> {
        let view = self.session.view();
        match view.stores.into_iter().find(|store| store.id == self.store) {
            Some(store) => store.entries,
            None => view.entries,
        }
    }

    pub(crate) fn aliases(&self) -> Vec<String> {
        self.entries().into_iter().map(|entry| entry.alias).collect()
    }

    pub(crate) fn entry(&self, alias: &str) -> EntryView {
        self.entries().into_iter().find(|entry| entry.alias == alias).expect("the entry is there")
    }

    pub(crate) fn detail(&mut self, alias: &str) -> EntryDetail {
        match self.ask(Request::Detail { alias: alias.into() }) {
            Ok(Response::Detail { entry }) => *entry,
            other => panic!("{other:?}"),
        }
    }

    /// What a request would hold, with a subject and alternative names as typed.
    pub(crate) fn plan(
        &mut self,
        alias: &str,
        subject: &str,
        names: &[&str],
    ) -> Result<RequestPlan, Problem> {
        let mut plan = self.plan_like(alias, Like::Nothing)?;
        if !subject.is_empty() {
            let Response::Subject { rdns } = self.ask(Request::ParseSubject { text: subject.into() })? else {
                panic!("no subject")
            };
            plan.subject = rdns;
        }
        plan.alternative_names = names.iter().map(|name| (*name).into()).collect();
        Ok(plan)
    }

    pub(crate) fn plan_like(&mut self, alias: &str, like: Like) -> Result<RequestPlan, Problem> {
        match self.ask(Request::PlanRequest { alias: alias.into(), like })? {
            Response::Plan { plan } => Ok(*plan),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn make_request(&mut self, alias: &str, plan: RequestPlan) -> Result<RequestView, Problem> {
        match self.ask(Request::MakeRequest { alias: alias.into(), plan: Box::new(plan) })? {
            Response::Request { request } => Ok(*request),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn export(
        &mut self,
        aliases: &[&str],
        what: ExportFormat,
    ) -> Result<(String, Vec<u8>), Problem> {
        let aliases = aliases.iter().map(|alias| (*alias).into()).collect();
        match self.ask(Request::Export { aliases, what })? {
            Response::File { name, content, .. } => Ok((name, content.0)),
            other => panic!("{other:?}"),
        }
    }
}
