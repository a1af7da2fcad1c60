//! Looking at files, and importing what was found: all chosen things in one change, or none.

use certwright_certs::Name;
use certwright_keys::secret;
use certwright_keystore::entry::{Content, Entry, KeyPair};
use certwright_keystore::keystore::Keystore;
use certwright_keystore::open::parse_file;
use certwright_keystore::reply::apply_reply;
use certwright_protocol::ui::{ImportChoice, Imported, InputFile, Response};
use certwright_protocol::view::EntryKind;
use certwright_protocol::{Password, Problem};

use super::Session;
use crate::convert::{entry_problem, file_problem};
use crate::found::{Bag, Thing, sort};
use crate::trust::complete_chain;

impl Session {
    pub(super) fn look(&mut self, files: &[InputFile], password: Option<&Password>) -> Response {
        let password = password.map(|password| secret::Password::new(password.as_str()));
        let mut bag = Bag::default();
        let mut problems = Vec::new();
        for file in files {
            let found = parse_file(&file.name, &file.content.0, password.as_ref())
                .map_err(|error| file_problem(&file.name, error));
            if let Err(problem) = found.and_then(|found| bag.add(&file.name, found)) {
                problems.push(problem);
            }
        }
        let (things, found) = sort(bag, &self.keystore);
        self.found = things;
        Response::Found { found, problems }
    }

    pub(super) fn import(&mut self, choices: &[ImportChoice], now_ms: i64) -> Result<Response, Problem> {
        self.open()?;
        let mut keystore = self.keystore.clone();
        let mut results = Vec::new();
        for choice in choices {
            let thing = self.found.thing(choice.id).ok_or(Problem::NothingFound)?;
            results.push(put(&mut keystore, thing, choice.alias.as_deref(), now_ms)?);
        }
        let name = match results.as_slice() {
            [] => return Err(Problem::NothingFound),
            [one] => format!("Import “{}”", one.alias),
            more => format!("Import {} entries", more.len()),
        };
        self.change(name, keystore);
        Ok(Response::Imported { results })
    }
}

fn put(
    keystore: &mut Keystore,
    thing: &Thing,
    alias: Option<&str>,
    now_ms: i64,
) -> Result<Imported, Problem> {
    let (content, proposed) = match thing {
        Thing::Reply(reply) => {
            let entry = keystore
                .find(&reply.alias)
                .ok_or_else(|| Problem::NoSuchEntry { alias: reply.alias.clone() })?;
            let alias = entry.alias.clone();
            apply_reply(keystore, reply, now_ms).map_err(|error| entry_problem(error, &alias))?;
            let missing = reply.missing_issuer.as_ref().map(Name::to_rfc4514);
            return Ok(Imported { alias, entry: EntryKind::KeyPair, updated: true, missing });
        }
        Thing::KeyPair { key, chain, alias } => {
            let pair = KeyPair { key: key.clone(), chain: chain.clone(), request: None };
            (Content::KeyPair(pair), alias)
        }
        Thing::Trust { certificate, alias } => (Content::TrustedCertificate(certificate.clone()), alias),
        Thing::Nothing => return Err(Problem::NothingFound),
    };
    let alias = alias.unwrap_or(proposed).trim().to_owned();
    let (entry, missing) = match &content {
        Content::KeyPair(pair) => {
            let missing = complete_chain(&pair.chain, keystore).1;
            (EntryKind::KeyPair, missing.as_ref().map(Name::to_rfc4514))
        }
        Content::TrustedCertificate(_) => (EntryKind::TrustedCertificate, None),
    };
    keystore
        .insert(Entry { alias: alias.clone(), content, created_ms: now_ms, modified_ms: now_ms })
        .map_err(|error| entry_problem(error, &alias))?;
    Ok(Imported { alias, entry, updated: false, missing })
}
