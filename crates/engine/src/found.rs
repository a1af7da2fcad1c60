//! What was found in dropped files, and what importing each of it would do.
//!
//! Looking changes nothing. Certificates of all files of one drop are taken together, so that a reply may come in several files and in
//! any order; private keys find their certificates by public key. A file that is a keystore of its own can also be opened beside the
//! others, or merged as a whole; if it is large, that is all, and its things are not told one by one.

use certwright_language::text;
use std::sync::Arc;

use certwright_certs::{Certificate, Name, SigningRequest};
use certwright_encoding::pem::to_pem;
use certwright_encoding::sniff::Kind;
use certwright_keys::{PrivateKey, PublicKey};
use certwright_keystore::contents::{Contents, FoundCertificate, FoundKeyPair, FoundSecretKey, LockedEntry};
use certwright_keystore::entry::Content;
use certwright_keystore::keystore::Keystore;
use certwright_keystore::open;
use certwright_keystore::reply::{ReplyOutcome, complete_chain, plan_reply};
use certwright_keystore::secret_key::SecretKey;
use certwright_protocol::Problem;
use certwright_protocol::ui::{Found, FoundStore, FoundThing, Proposal, Told};

use crate::convert::{VAULT_FORMAT, count, format_name, unusable_key};
use crate::opened::{Opened, opened};
use crate::session::SheetFile;
use crate::show;

/// Most things of one file that are told one by one.
const MOST_TOLD: usize = 40;

/// Found things and files, by their number.
#[derive(Default)]
pub(crate) struct FoundThings {
    things: Vec<Thing>,
    files: Vec<FoundFile>,
}

/// A file that is a keystore of its own.
pub(crate) struct FoundFile {
    pub(crate) name: String,
    pub(crate) file: Arc<SheetFile>,
    pub(crate) opened: Opened,
    told: bool,
}

/// What an import would put into the keystore.
#[derive(Clone)]
pub(crate) enum Thing {
    /// The reply to a signing request.
    Reply(ReplyOutcome),
    /// A key, with its certificates if there are any, and the alias that was proposed.
    KeyPair { key: PrivateKey, chain: Vec<Certificate>, alias: String, created_ms: Option<i64> },
    /// A certificate to be trusted, and the alias that was proposed.
    Trust { certificate: Certificate, alias: String },
    /// A symmetric key, and the alias that was proposed.
    SecretKey { key: SecretKey, alias: String, created_ms: Option<i64> },
    /// Nothing.
    Nothing,
}

impl FoundThings {
    pub(crate) fn thing(&self, id: u32) -> Option<&Thing> {
        usize::try_from(id).ok().and_then(|index| self.things.get(index))
    }

    pub(crate) fn file(&self, id: u32) -> Option<&FoundFile> {
        usize::try_from(id).ok().and_then(|index| self.files.get(index))
    }

    fn add(&mut self, thing: Thing) -> u32 {
        let id = count(self.things.len());
        self.things.push(thing);
        id
    }
}

/// Everything that the files of one drop hold, each with its file's name.
#[derive(Default)]
pub(crate) struct Bag {
    key_pairs: Vec<(String, FoundKeyPair)>,
    certificates: Vec<(String, FoundCertificate)>,
    secret_keys: Vec<(String, FoundSecretKey)>,
    locked: Vec<(String, LockedEntry)>,
    public_keys: Vec<(String, PublicKey)>,
    requests: Vec<(String, SigningRequest)>,
    files: Vec<FoundFile>,
}

impl Bag {
    /// Adds what a file holds. The problem is one with a part of the file; the rest of it is added all the same.
    pub(crate) fn add(
        &mut self,
        name: &str,
        found: open::Found,
        file: Arc<SheetFile>,
        now_ms: i64,
    ) -> Result<(), Problem> {
        let of = |contents: &Contents| {
            contents.key_pairs.len()
                + contents.certificates.len()
                + contents.secret_keys.len()
                + contents.locked.len()
        };
        let entries = of(&found.contents) + found.lone_keys.len();
        let is_container =
            matches!(found.kind, Kind::Pkcs12 | Kind::Jks | Kind::Jceks | Kind::Bks | Kind::Uber);
        let told = entries <= MOST_TOLD;
        if (is_container && entries > 0) || !told {
            let opened = opened(&found, now_ms);
            self.files.push(FoundFile { name: name.to_owned(), file, opened, told });
        }
        let requests = found.requests.len();
        let public_keys = found.contents.public_keys.len();
        self.requests.extend(found.requests.into_iter().map(|request| (name.to_owned(), request)));
        let unusable =
            found.contents.unusable_keys.first().map(|key| unusable_key(name.to_owned(), &key.error));
        if told {
            let Contents { key_pairs, certificates, secret_keys, locked, public_keys, .. } = found.contents;
            let lone = found.lone_keys.into_iter().map(lone_key);
            self.key_pairs.extend(key_pairs.into_iter().chain(lone).map(|pair| (name.to_owned(), pair)));
            self.certificates.extend(certificates.into_iter().map(|found| (name.to_owned(), found)));
            self.secret_keys.extend(secret_keys.into_iter().map(|found| (name.to_owned(), found)));
            self.locked.extend(locked.into_iter().map(|found| (name.to_owned(), found)));
            self.public_keys.extend(public_keys.into_iter().map(|found| (name.to_owned(), found)));
        }
        match unusable {
            Some(problem) => Err(problem),
            None if entries + requests + public_keys == 0 => {
                Err(Problem::NothingToImport { file: name.to_owned() })
            }
            None => Ok(()),
        }
    }

    /// Adds a kept keystore, whose entries are taken as they are.
    pub(crate) fn add_store(&mut self, name: &str, file: Arc<SheetFile>, opened: Opened) {
        self.files.push(FoundFile { name: name.to_owned(), file, opened, told: false });
    }
}

/// A key without certificates as a key pair.
pub(crate) fn lone_key(key: PrivateKey) -> FoundKeyPair {
    FoundKeyPair { alias: None, key, chain: Vec::new(), created_ms: None }
}

/// Sorts the bag into things and proposals.
pub(crate) fn sort(bag: Bag, keystore: &Keystore) -> (FoundThings, Vec<Found>, Vec<FoundStore>) {
    let mut sorter =
        Sorter { keystore, things: FoundThings::default(), found: Vec::new(), aliases: Vec::new() };
    let Bag { key_pairs, mut certificates, secret_keys, locked, public_keys, requests, files } = bag;
    for (file, pair) in key_pairs {
        sorter.key_pair(file, pair, &mut certificates);
    }
    sorter.certificates(certificates);
    for (file, key) in secret_keys {
        sorter.secret_key(file, key);
    }
    for (file, entry) in locked {
        let thing = FoundThing::LockedKey {
            alias: entry.alias.unwrap_or_default(),
            certificates: entry.chain.iter().map(show::certificate).collect(),
        };
        sorter.push(file, thing, Thing::Nothing, None, None);
    }
    for (file, key) in public_keys {
        let thing = FoundThing::PublicKey {
            key: key.algorithm().to_string(),
            spki_pin: show::spki_pin(key.spki_der()),
            fits_alias: keystore.find_by_public_key(&key).map(|entry| entry.alias.clone()),
            pem: to_pem("PUBLIC KEY", key.spki_der()),
        };
        sorter.push(file, thing, Thing::Nothing, None, None);
    }
    for (file, request) in requests {
        let thing = FoundThing::Request { request: Box::new(show::request(&request, keystore)) };
        sorter.push(file, thing, Thing::Nothing, None, None);
    }
    let stores = files.iter().zip(0u32..).map(|(file, id)| found_store(id, file)).collect();
    sorter.things.files = files;
    (sorter.things, sorter.found, stores)
}

fn found_store(id: u32, file: &FoundFile) -> FoundStore {
    let of_kind = |wanted: fn(&Content) -> bool| {
        count(file.opened.keystore.iter().filter(|e| wanted(&e.content)).count())
    };
    FoundStore {
        id,
        file: file.name.clone(),
        format: match file.file.kind {
            Kind::Unknown => text(VAULT_FORMAT),
            kind => format_name(kind),
        }
        .into(),
        key_pairs: of_kind(|content| matches!(content, Content::KeyPair(_))),
        certificates: of_kind(|content| matches!(content, Content::TrustedCertificate(_))),
        secret_keys: of_kind(|content| matches!(content, Content::SecretKey(_))),
        locked: count(file.opened.closed.len()),
        remarks: file.opened.remarks.iter().map(Told::from).collect(),
        told: file.told,
    }
}

struct Sorter<'a> {
    keystore: &'a Keystore,
    things: FoundThings,
    found: Vec<Found>,
    /// Aliases proposed so far, so that two new entries do not get the same.
    aliases: Vec<String>,
}

impl Sorter<'_> {
    fn key_pair(
        &mut self,
        file: String,
        pair: FoundKeyPair,
        certificates: &mut Vec<(String, FoundCertificate)>,
    ) {
        let FoundKeyPair { alias, key, mut chain, created_ms } = pair;
        if chain.is_empty() {
            chain = take_chain(&key, certificates);
        }
        let view = FoundThing::KeyPair {
            key: key.algorithm().to_string(),
            certificates: chain.iter().map(show::certificate).collect(),
        };
        let existing = self.keystore.find_by_public_key(key.public_key());
        if let Some(existing) = existing {
            // The key is here, but its certificates may be news: then the file is as good as a reply.
            let reply = plan_reply(self.keystore, &chain).ok();
            let news = match (&existing.content, &reply) {
                (Content::KeyPair(known), Some(reply)) => known.chain != reply.chain,
                _ => false,
            };
            match reply {
                Some(reply) if news => self.reply(file, view, reply),
                _ => {
                    let problem = Problem::KeyAlreadyThere { alias: existing.alias.clone() };
                    self.push(file, view, Thing::Nothing, None, Some(problem));
                }
            }
            return;
        }
        let suggestion = alias
            .or_else(|| chain.first().map(Certificate::display_name))
            .unwrap_or_else(|| stem(&file).to_owned());
        let alias = self.new_alias(&suggestion);
        let proposal = Some(Proposal::KeyPair { alias: alias.clone() });
        self.push(file, view, Thing::KeyPair { key, chain, alias, created_ms }, proposal, None);
    }

    fn secret_key(&mut self, file: String, found: FoundSecretKey) {
        let FoundSecretKey { alias, key, created_ms } = found;
        let view = FoundThing::SecretKey { algorithm: key.algorithm.clone(), bits: count(key.bits()) };
        let existing =
            self.keystore.iter().find(|entry| entry.secret_key().is_some_and(|known| *known == key));
        if let Some(existing) = existing {
            let problem = Problem::KeyAlreadyThere { alias: existing.alias.clone() };
            self.push(file, view, Thing::Nothing, None, Some(problem));
            return;
        }
        let alias = self.new_alias(&alias.unwrap_or_else(|| key.algorithm.clone()));
        let proposal = Some(Proposal::SecretKey { alias: alias.clone() });
        self.push(file, view, Thing::SecretKey { key, alias, created_ms }, proposal, None);
    }

    fn certificates(&mut self, mut certificates: Vec<(String, FoundCertificate)>) {
        let files: Vec<String> = certificates.iter().map(|(file, _)| file.clone()).collect();
        let all: Vec<Certificate> = certificates.iter().map(|(_, found)| found.certificate.clone()).collect();
        let mut no_key_fits = false;
        match plan_reply(self.keystore, &all) {
            Ok(reply) => {
                let file = first_of(&files);
                certificates.retain(|(_, found)| reply.unused.contains(&found.certificate));
                let thing =
                    FoundThing::Chain { certificates: reply.chain.iter().map(show::certificate).collect() };
                if self.has_chain(&reply) {
                    let problem = Problem::CertificateAlreadyThere { alias: reply.alias.clone() };
                    self.push(file, thing, Thing::Nothing, None, Some(problem));
                } else {
                    self.reply(file, thing, reply);
                }
            }
            Err(_) => no_key_fits = true,
        }
        for (file, found) in certificates {
            self.certificate(file, found, no_key_fits);
        }
    }

    fn certificate(&mut self, file: String, found: FoundCertificate, no_key_fits: bool) {
        let FoundCertificate { alias, certificate, .. } = found;
        let view = FoundThing::Certificate { certificate: Box::new(show::certificate(&certificate)) };
        if let Some(existing) = self.keystore.find_trusted(&certificate) {
            let problem = Problem::CertificateAlreadyThere { alias: existing.alias.clone() };
            self.push(file, view, Thing::Nothing, None, Some(problem));
            return;
        }
        // Somebody who drops an end-entity's certificate mostly means it as a reply; say that it is none.
        let meant_as_reply = no_key_fits && !certificate.is_ca() && !certificate.is_self_issued();
        let problem =
            meant_as_reply.then(|| Problem::ReplyFitsNoKey { subjects: vec![certificate.display_name()] });
        let suggestion = alias.unwrap_or_else(|| certificate.display_name());
        let alias = self.new_alias(&suggestion);
        let proposal = Some(Proposal::Trust { alias: alias.clone() });
        self.push(file, view, Thing::Trust { certificate, alias }, proposal, problem);
    }

    fn reply(&mut self, file: String, thing: FoundThing, reply: ReplyOutcome) {
        let replaces = matches!(
            self.keystore.find(&reply.alias).map(|entry| &entry.content),
            Some(Content::KeyPair(pair)) if !pair.chain.is_empty()
        );
        let proposal = Proposal::Reply {
            alias: reply.alias.clone(),
            missing: reply.missing_issuer.as_ref().map(Name::to_rfc4514),
            replaces,
        };
        self.push(file, thing, Thing::Reply(reply), Some(proposal), None);
    }

    fn has_chain(&self, reply: &ReplyOutcome) -> bool {
        matches!(
            self.keystore.find(&reply.alias).map(|entry| &entry.content),
            Some(Content::KeyPair(pair)) if pair.chain == reply.chain
        )
    }

    fn push(
        &mut self,
        file: String,
        view: FoundThing,
        thing: Thing,
        proposal: Option<Proposal>,
        problem: Option<Problem>,
    ) {
        let id = self.things.add(thing);
        self.found.push(Found { id, file, thing: view, proposal, problem: problem.map(Told::from) });
    }

    fn new_alias(&mut self, suggestion: &str) -> String {
        let mut alias = self.keystore.unique_alias(suggestion);
        let mut number = 2;
        while self.aliases.contains(&alias.to_lowercase()) {
            alias = self.keystore.unique_alias(&format!("{suggestion} {number}"));
            number += 1;
        }
        self.aliases.push(alias.to_lowercase());
        alias
    }
}

/// Takes the certificates that belong to a key out of the list: its own and, by issuer, those above it.
fn take_chain(key: &PrivateKey, certificates: &mut Vec<(String, FoundCertificate)>) -> Vec<Certificate> {
    let all: Vec<Certificate> = certificates.iter().map(|(_, found)| found.certificate.clone()).collect();
    let chain = chain_of(key.public_key(), &all);
    certificates.retain(|(_, found)| !chain.contains(&found.certificate));
    chain
}

/// The certificate of a public key and, as far as they are there, its issuers; empty if there is none for the key.
pub(crate) fn chain_of(key: &PublicKey, certificates: &[Certificate]) -> Vec<Certificate> {
    let leaf = certificates.iter().find(|certificate| certificate.spki_der() == key.spki_der());
    leaf.map(|leaf| complete_chain(&Keystore::new(), leaf, certificates).0).unwrap_or_default()
}

fn first_of(files: &[String]) -> String {
    files.first().cloned().unwrap_or_default()
}

fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}
