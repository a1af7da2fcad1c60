//! Requests about things that are inspected.

use certwright_keys::{PublicKey, secret};
use certwright_protocol::ui::inspect::{JudgePlan, ThingFormat};
use certwright_protocol::ui::{InputFile, Response, StoreId};
use certwright_protocol::{Bytes, Password, Problem};

use super::Session;
use crate::files::passwords;
use crate::inspect::{Inspection, Trust};
use crate::probe::which_keys;
use certwright_language::t;

impl Session {
    pub(super) fn inspect(&mut self, files: &[InputFile], tried: &[Password], now_ms: i64) -> Response {
        let tried = passwords(tried);
        let problems =
            files.iter().flat_map(|file| self.inspection.add(&file.name, &file.content.0, &tried)).collect();
        self.bag(problems, now_ms)
    }

    pub(super) fn inspect_entry(
        &mut self,
        store: StoreId,
        alias: &str,
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let entry = self.entry(store, alias)?.clone();
        self.inspection.add_entry(&entry);
        Ok(self.bag(Vec::new(), now_ms))
    }

    pub(super) fn discard(&mut self, things: &[u32], now_ms: i64) -> Response {
        self.inspection.discard(things);
        self.bag(Vec::new(), now_ms)
    }

    pub(super) fn sheet(&self, thing: u32, now_ms: i64) -> Result<Response, Problem> {
        let sheet = self.inspection.sheet(thing, &self.public_keys(), now_ms / 1_000)?;
        Ok(Response::Sheet { sheet: Box::new(sheet) })
    }

    pub(super) fn asn1(&self, thing: u32) -> Result<Response, Problem> {
        Ok(Response::Asn1 { tree: Box::new(self.inspection.asn1(thing)?) })
    }

    pub(super) fn compare(&self, left: u32, right: u32, now_ms: i64) -> Result<Response, Problem> {
        let comparison = self.inspection.compare(left, right, now_ms / 1_000)?;
        Ok(Response::Comparison { comparison: Box::new(comparison) })
    }

    pub(super) fn judge_chain(
        &self,
        store: StoreId,
        plan: &JudgePlan,
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let trust = self.open(store).map(Trust::of_keystore).unwrap_or_default();
        let judgement = self.inspection.judge(plan, &trust, now_ms / 1_000)?;
        Ok(Response::Judgement { judgement: Box::new(judgement) })
    }

    pub(super) fn export_things(
        &self,
        things: &[u32],
        format: ThingFormat,
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let file = self.inspection.export(things, format, now_ms / 1_000)?;
        Ok(Response::File {
            name: file.name,
            media_type: file.media_type.into(),
            content: file.content.into(),
        })
    }

    pub(super) fn which_keys(
        &self,
        store: StoreId,
        authorities: &[u32],
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let accepted = self.inspection.authorities(authorities);
        let fits = which_keys(self.open(store)?, &accepted, None, now_ms / 1_000);
        Ok(Response::KeyFits { fits })
    }

    /// Whether the server may be asked to fetch from there: a certificate of the bag names the address.
    pub fn may_fetch(&self, url: &str) -> bool {
        self.inspection.may_fetch(url)
    }

    /// Takes what the server fetched into the bag. `now_ms` is in Unix milliseconds.
    ///
    /// # Errors
    /// If it is nothing that could be looked at.
    pub fn fetched(&mut self, url: &str, bytes: &[u8], now_ms: i64) -> Result<Response, Problem> {
        let mut problems =
            self.inspection.add(&t!("fetched from {url}", url), bytes, &secret::Passwords::none());
        match problems.pop() {
            Some(problem) => Err(problem),
            None => Ok(self.bag(Vec::new(), now_ms)),
        }
    }

    /// The certificates in what was fetched from the address of an issuer: DER, PEM or PKCS#7.
    pub fn issuers_in(url: &str, bytes: &[u8]) -> Result<Response, Problem> {
        let mut fetched = Inspection::default();
        let mut problems = fetched.add(url, bytes, &secret::Passwords::none());
        let certificates: Vec<Bytes> =
            fetched.certificates().map(|(_, certificate)| Bytes::from(certificate.der())).collect();
        if certificates.is_empty() {
            return Err(problems.pop().unwrap_or(Problem::NothingFound));
        }
        Ok(Response::Issuers { certificates })
    }

    fn bag(&mut self, problems: Vec<Problem>, now_ms: i64) -> Response {
        self.unread = problems;
        self.bag_again(now_ms)
    }

    /// The bag as it is, with the problems that were told last.
    pub(super) fn bag_again(&self, now_ms: i64) -> Response {
        Response::Bag { bag: self.inspection.bag(now_ms / 1_000, self.unread.clone()) }
    }

    /// The keys of the browser's keystore, with what they are called.
    fn public_keys(&self) -> Vec<(String, PublicKey)> {
        let entries = self.work.home.iter();
        let pairs = entries
            .filter_map(|entry| Some((entry.alias.clone(), entry.key_pair()?.key.public_key().clone())));
        pairs.collect()
    }
}
