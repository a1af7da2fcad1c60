//! Looking at files, and importing what was found: all chosen things in one change, or none.

use certwright_language::text;
use std::sync::Arc;

use certwright_certs::Name;
use certwright_encoding::sniff::Kind;
use certwright_keys::{SecretBytes, secret};
use certwright_keystore::entry::{Content, Entry, KeyPair};
use certwright_keystore::keystore::Keystore;
use certwright_keystore::open::{Found, OpenError, parse_file};
use certwright_keystore::reply::apply_reply;
use certwright_keystore::vault;
use certwright_protocol::ui::{ImportChoice, Imported, InputFile, Response, StoreId, Told};
use certwright_protocol::view::EntryKind;
use certwright_protocol::{Password, Problem};

use super::Session;
use super::workspace::SheetFile;
use crate::convert::{alias_problem, entry_problem, file_problem, vault_problem};
use crate::found::{Bag, Thing, sort};
use crate::opened::Opened;
use crate::trust::complete_chain;
use certwright_language::t;

impl Session {
    pub(super) fn look(
        &mut self,
        store: StoreId,
        files: &[InputFile],
        passwords: &[Password],
        now_ms: i64,
    ) -> Response {
        let mut tried = secret::Passwords::none();
        passwords.iter().for_each(|password| tried.push(secret::Password::new(password.as_str())));
        let mut bag = Bag::default();
        let (plans, files, unreadable) = self.look_for_plans(files, now_ms);
        let mut problems: Vec<Told> = unreadable.into_iter().map(Told::from).collect();
        for file in files {
            if let Err(problem) = add(&mut bag, file, &tried, now_ms) {
                problems.push(problem.into());
            }
        }
        let nothing = Keystore::new();
        let (things, found, stores) = sort(bag, self.open(store).unwrap_or(&nothing));
        self.found = things;
        Response::Found { found, stores, plans, problems }
    }

    pub(super) fn import(
        &mut self,
        store: StoreId,
        choices: &[ImportChoice],
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let mut keystore = self.open(store)?.clone();
        let mut results = Vec::new();
        for choice in choices {
            let thing = self.found.thing(choice.id).ok_or(Problem::NothingFound)?;
            results.push(put(&mut keystore, thing, choice.alias.as_deref(), now_ms)?);
        }
        let name = match results.as_slice() {
            [] => return Err(Problem::NothingFound),
            [one] => t!("Import “{alias}”", alias = one.alias),
            more => t!("Import {count} entries", count = more.len()),
        };
        self.change(store, name, keystore)?;
        Ok(Response::Imported { results })
    }
}

fn add(bag: &mut Bag, file: &InputFile, passwords: &secret::Passwords, now_ms: i64) -> Result<(), Problem> {
    let bytes = &file.content.0;
    if vault::is_vault(bytes) {
        let keystore = open_vault(&file.name, bytes, passwords)?;
        let sheet_file = sheet_file(Kind::Unknown, bytes, passwords);
        bag.add_store(&file.name, sheet_file, Opened { keystore, ..Opened::default() });
        return Ok(());
    }
    let (found, passwords) =
        parse_with_each(&file.name, bytes, passwords).map_err(|error| file_problem(&file.name, error))?;
    let sheet_file = sheet_file(found.kind, bytes, &passwords);
    bag.add(&file.name, found, sheet_file, now_ms)
}

/// Reads a file with each password in turn; gives the passwords again, that of the file first, since it is what the file is written with
/// again. Entries with passwords of their own are tried with all.
pub(crate) fn parse_with_each(
    name: &str,
    bytes: &[u8],
    passwords: &secret::Passwords,
) -> Result<(Found, secret::Passwords), OpenError> {
    let read = |passwords: &secret::Passwords| parse_file(name, bytes, passwords);
    for first in passwords.iter() {
        let mut ordered = secret::Passwords::from(first.clone());
        let found = match read(&ordered) {
            Err(OpenError::WrongPassword { .. }) => continue,
            other => other?,
        };
        passwords
            .iter()
            .filter(|other| other.as_str() != first.as_str())
            .for_each(|p| ordered.push(p.clone()));
        let more = !found.contents.locked.is_empty() && ordered.len() > 1;
        return Ok((if more { read(&ordered)? } else { found }, ordered));
    }
    // None is that of a whole file; a bundle may hold several things, each with a password of its own.
    Ok((read(passwords)?, passwords.clone()))
}

fn sheet_file(kind: Kind, bytes: &[u8], passwords: &secret::Passwords) -> Arc<SheetFile> {
    Arc::new(SheetFile { kind, bytes: SecretBytes::new(bytes.to_vec()), passwords: passwords.clone() })
}

/// A kept keystore that was saved as a file; its passphrase is one of the passwords.
pub(crate) fn open_vault(
    file: &str,
    bytes: &[u8],
    passwords: &secret::Passwords,
) -> Result<Keystore, Problem> {
    let name = || file.to_owned();
    let mut problem = Problem::PasswordNeeded { file: name() };
    for passphrase in passwords.iter() {
        match vault::open(bytes, passphrase).map_err(vault_problem) {
            Ok((keystore, _)) => return Ok(keystore),
            Err(Problem::PassphraseWrong) => problem = Problem::PasswordWrong { file: name() },
            Err(Problem::VaultDamaged) => {
                return Err(Problem::FileDamaged {
                    file: name(),
                    format: text(crate::convert::VAULT_FORMAT).into(),
                    detail: None,
                });
            }
            Err(other) => return Err(other),
        }
    }
    Err(problem)
}

fn put(
    keystore: &mut Keystore,
    thing: &Thing,
    alias: Option<&str>,
    now_ms: i64,
) -> Result<Imported, Problem> {
    let (content, proposed, created_ms) = match thing {
        Thing::Reply(reply) => {
            let entry = keystore
                .find(&reply.alias)
                .ok_or_else(|| Problem::NoSuchEntry { alias: reply.alias.clone() })?;
            let alias = entry.alias.clone();
            apply_reply(keystore, reply, now_ms).map_err(|error| entry_problem(error, &alias))?;
            let missing = reply.missing_issuer.as_ref().map(Name::to_rfc4514);
            return Ok(Imported { alias, entry: EntryKind::KeyPair, updated: true, missing });
        }
        Thing::KeyPair { key, chain, alias, created_ms } => {
            let pair = KeyPair { key: key.clone(), chain: chain.clone(), request: None };
            (Content::KeyPair(pair), alias, *created_ms)
        }
        Thing::Trust { certificate, alias } => {
            (Content::TrustedCertificate(certificate.clone()), alias, None)
        }
        Thing::SecretKey { key, alias, created_ms } => (Content::SecretKey(key.clone()), alias, *created_ms),
        Thing::Nothing => return Err(Problem::NothingFound),
    };
    let alias = alias.unwrap_or(proposed);
    let alias = keystore.choose_alias(alias).map_err(|error| alias_problem(error, alias))?;
    let (entry, missing) = match &content {
        Content::KeyPair(pair) => {
            let missing = complete_chain(&pair.chain, keystore).1;
            (EntryKind::KeyPair, missing.as_ref().map(Name::to_rfc4514))
        }
        Content::TrustedCertificate(_) => (EntryKind::TrustedCertificate, None),
        Content::SecretKey(_) => (EntryKind::SecretKey, None),
    };
    let mut new = Entry::new(alias.clone(), content, now_ms);
    new.created_ms = created_ms.unwrap_or(now_ms);
    keystore.insert(new).map_err(|error| entry_problem(error, &alias))?;
    Ok(Imported { alias, entry, updated: false, missing })
}
