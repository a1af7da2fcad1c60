//! Entries as one file of another format, for the command line.
//!
//! What the format has no place for is left out and told with its reason; if nothing remains, that is the problem. Key stores and PKCS#7 are
//! written as the session writes them. PEM holds key and chain of every entry in one text, which the page gives as one file for each.

use certwright_keys::write::{KeyFormat, WriteKeyError};
use certwright_keys::{Password, SecretBytes, secret::Passwords};
use certwright_keystore::entry::{Content, Entry, KeyPair};
use certwright_keystore::jks::is_password_for_keytool;
use certwright_keystore::keystore::Keystore;
use certwright_keystore::open::parse_file;
use certwright_keystore::pem_bundle::{WritePemError, generate_pem};
use certwright_keystore::pkcs12::is_password_for_java;
use certwright_keystore::reply::Issuers;
use certwright_protocol::ui::{ExportFormat, Pkcs12Target, Request, Response, StoreId};
use certwright_protocol::view::EntryKind;
use certwright_protocol::{self as protocol, Problem};
use rand_core::CryptoRng;

use super::Input;
use super::gather::{Gathered, LeftOut};
use crate::session::Session;
use crate::trust::whole_chain;

/// As what entries are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// PKCS#12 for a reader.
    Pkcs12(Pkcs12Target),
    /// Java keystore.
    Jks,
    /// Java keystore that holds secret keys too.
    Jceks,
    /// The certificates alone, PKCS#7 (DER).
    Pkcs7,
    /// Keys and certificates as text.
    Pem,
}

/// What is wished.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The format.
    pub target: Target,
    /// Which entries, in this order; none is all.
    pub aliases: &'a [String],
    /// Another alias, if it is one entry.
    pub name: Option<&'a str>,
    /// Password of the file and of the keys in it. Without one PEM holds the keys in clear, and keystores are not written.
    pub password: Option<&'a protocol::Password>,
}

/// A file that was written.
#[derive(Debug)]
pub struct Converted {
    /// What is in it.
    pub entries: Vec<WrittenEntry>,
    /// What could not be written, or not be read, of what was chosen.
    pub left_out: Vec<LeftOut>,
    /// What some program will not like about the password.
    pub password_remark: Option<PasswordRemark>,
    /// Whether there is a private or secret key in it.
    pub holds_key: bool,
    /// The file.
    pub content: SecretBytes,
}

/// An entry of a file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenEntry {
    /// Its alias as it stands there.
    pub alias: String,
    /// What it holds. In PKCS#7 these are the certificates alone.
    pub kind: EntryKind,
}

/// A program that will not open a file under its password, whatever is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordRemark {
    /// Java before 19 takes printable ASCII in PKCS#12 alone, and calls any other password incorrect.
    JavaTakesAsciiOnly,
    /// keytool wants six characters at least.
    TooShortForKeytool,
}

/// Whether private keys are written.
pub fn takes_keys(target: Target) -> bool {
    target != Target::Pkcs7
}

/// Of several passwords the one that opens the first file that needs one; otherwise the first. It becomes that of the output.
pub fn opening_password<'p>(inputs: &[Input<'_>], passwords: &'p Passwords) -> Option<&'p Password> {
    let read = |input: &Input<'_>, passwords: &Passwords| parse_file(input.name, input.bytes, passwords);
    let needs_one = |input: &&Input<'_>| match read(input, &Passwords::none()) {
        Ok(found) => !found.contents.locked.is_empty(),
        Err(_) => true,
    };
    let opener = |input: &Input<'_>| {
        passwords.iter().find(|password| read(input, &Passwords::from((*password).clone())).is_ok())
    };
    let several = inputs.iter().filter(|_| passwords.len() > 1);
    several.filter(needs_one).find_map(opener).or_else(|| passwords.first())
}

/// Writes what was gathered. `now_ms` is in Unix milliseconds.
///
/// # Errors
/// If a chosen entry is not there, nothing of what was chosen can be written, or the format does not take the password.
pub fn convert(
    gathered: Gathered,
    wish: &Wish<'_>,
    now_ms: i64,
    rng: &mut impl CryptoRng,
) -> Result<Converted, Problem> {
    let Gathered { keystore, left_out, .. } = gathered;
    let chosen = |alias: &str| wish.aliases.is_empty() || wish.aliases.iter().any(|one| same(one, alias));
    let is_chosen = |left: &LeftOut| left.alias.as_deref().map_or(wish.aliases.is_empty(), chosen);
    let mut left_out: Vec<LeftOut> = left_out.into_iter().filter(is_chosen).collect();
    let mut entries = Vec::new();
    for entry in chosen_entries(&keystore, wish.aliases, &left_out)? {
        match refusal(&entry, wish.target) {
            Some(problem) => left_out.push(LeftOut { alias: Some(entry.alias), file: None, problem }),
            None => entries.push(entry),
        }
    }
    if entries.is_empty() {
        let first = left_out.into_iter().next().map(|left| left.problem);
        return Err(first.unwrap_or_else(|| Problem::NothingToImport { file: "What was given".into() }));
    }
    if let (Some(name), [one]) = (wish.name, entries.as_mut_slice()) {
        one.alias = name.to_owned();
    }
    let written = entries
        .iter()
        .map(|entry| WrittenEntry { alias: written_alias(entry, wish.target), kind: kind(entry) })
        .collect();
    let holds_key = takes_keys(wish.target) && entries.iter().any(Entry::holds_key);
    let content = write(entries, wish, now_ms, rng)?;
    Ok(Converted { entries: written, left_out, password_remark: password_remark(wish), holds_key, content })
}

/// The chosen entries with their chains completed from all that there is.
fn chosen_entries(
    keystore: &Keystore,
    aliases: &[String],
    left_out: &[LeftOut],
) -> Result<Vec<Entry>, Problem> {
    let issuers = Issuers::new(keystore);
    let completed = |entry: &Entry| {
        let mut entry = entry.clone();
        if let Content::KeyPair(pair) = &mut entry.content {
            pair.chain = whole_chain(&pair.chain, &issuers);
        }
        entry
    };
    if aliases.is_empty() {
        return Ok(keystore.iter().map(completed).collect());
    }
    let mut entries: Vec<Entry> = Vec::new();
    for alias in aliases {
        let left = || left_out.iter().any(|left| left.alias.as_deref().is_some_and(|one| same(one, alias)));
        match keystore.find(alias) {
            Some(entry) if entries.iter().any(|known| known.alias == entry.alias) => {}
            Some(entry) => entries.push(completed(entry)),
            None if left() => {}
            None => return Err(Problem::NoSuchEntry { alias: alias.clone() }),
        }
    }
    Ok(entries)
}

/// Why the format has no place for an entry.
fn refusal(entry: &Entry, target: Target) -> Option<Problem> {
    let alias = || entry.alias.clone();
    let no_place = |format: &str, what: &str| {
        Some(Problem::FormatCannotHold { format: format.into(), alias: alias(), what: what.into() })
    };
    let without_certificate = |pair: &KeyPair| pair.chain.is_empty();
    match (&entry.content, target) {
        (Content::KeyPair(_) | Content::SecretKey(_), _) if entry.locked && takes_keys(target) => {
            Some(Problem::EntryLocked { alias: alias() })
        }
        (Content::KeyPair(pair), Target::Jks) if without_certificate(pair) => {
            no_place("A Java keystore (JKS)", "a key without a certificate")
        }
        (Content::KeyPair(pair), Target::Jceks) if without_certificate(pair) => {
            no_place("A Java keystore (JCEKS)", "a key without a certificate")
        }
        (Content::KeyPair(pair), Target::Pkcs7) if without_certificate(pair) => {
            Some(Problem::NoCertificateYet { alias: alias() })
        }
        (Content::SecretKey(_), Target::Jks) => no_place("A Java keystore (JKS)", "a secret key"),
        (Content::SecretKey(_), Target::Pkcs7) => no_place("PKCS#7", "a secret key"),
        (Content::SecretKey(_), Target::Pem) => no_place("PEM text", "a secret key"),
        (Content::SecretKey(_), Target::Pkcs12(reader)) if !holds_secret_keys(reader) => {
            no_place(&format!("PKCS#12 for this reader ({})", reader.name()), "a secret key")
        }
        _ => None,
    }
}

/// Whether the reader knows secret keys in PKCS#12; Java alone does.
fn holds_secret_keys(reader: Pkcs12Target) -> bool {
    matches!(reader, Pkcs12Target::Modern | Pkcs12Target::Java8)
}

fn write(
    entries: Vec<Entry>,
    wish: &Wish<'_>,
    now_ms: i64,
    rng: &mut impl CryptoRng,
) -> Result<SecretBytes, Problem> {
    let password = || wish.password.cloned().ok_or(Problem::PasswordEmpty);
    let what = match wish.target {
        Target::Pkcs12(target) => ExportFormat::Pkcs12 { password: password()?, target },
        Target::Jks => ExportFormat::Jks { password: password()? },
        Target::Jceks => ExportFormat::Jceks { password: password()? },
        Target::Pkcs7 => ExportFormat::Chain,
        Target::Pem => return write_pem(&entries, wish.password, rng),
    };
    let mut keystore = Keystore::new();
    for entry in entries {
        let alias = entry.alias.clone();
        keystore.insert(entry).map_err(|error| crate::convert::entry_problem(error, &alias))?;
    }
    let mut session = Session::with_keystore(keystore);
    let export = Request::Export { aliases: Vec::new(), what };
    match session.answer(StoreId::HOME, export, now_ms, rng)? {
        Response::File { content, .. } => Ok(SecretBytes::new(content.0)),
        other => Err(Problem::Internal { detail: format!("{other:?} in place of a file") }),
    }
}

fn write_pem(
    entries: &[Entry],
    password: Option<&protocol::Password>,
    rng: &mut impl CryptoRng,
) -> Result<SecretBytes, Problem> {
    let password = password.map(|password| Password::new(password.as_str()));
    if password.as_ref().is_some_and(Password::is_empty) {
        return Err(Problem::PasswordEmpty);
    }
    let format = if password.is_some() { KeyFormat::Pkcs8EncryptedPem } else { KeyFormat::Pkcs8Pem };
    let entries: Vec<&Entry> = entries.iter().collect();
    generate_pem(&entries, format, password.as_ref(), rng).map_err(|error| match error {
        WritePemError::Locked { alias } => Problem::EntryLocked { alias },
        WritePemError::Key { alias, error: WriteKeyError::NoPlace { algorithm } } => {
            Problem::FormatCannotHold { format: "PEM text".into(), alias, what: format!("a key {algorithm}") }
        }
        _ => Problem::WriteCheckFailed,
    })
}

/// Java keystores have aliases in lower case alone, and so has PKCS#12 for old Java where they are keys'.
fn written_alias(entry: &Entry, target: Target) -> String {
    match target {
        Target::Jks | Target::Jceks => entry.alias.to_lowercase(),
        Target::Pkcs12(Pkcs12Target::Java8) if entry.holds_key() => entry.alias.to_lowercase(),
        _ => entry.alias.clone(),
    }
}

fn password_remark(wish: &Wish<'_>) -> Option<PasswordRemark> {
    let password = Password::new(wish.password?.as_str());
    match wish.target {
        Target::Pkcs12(Pkcs12Target::Modern | Pkcs12Target::Java8) if !is_password_for_java(&password) => {
            Some(PasswordRemark::JavaTakesAsciiOnly)
        }
        Target::Pkcs12(Pkcs12Target::Modern | Pkcs12Target::Java8) | Target::Jks | Target::Jceks
            if !is_password_for_keytool(&password) =>
        {
            Some(PasswordRemark::TooShortForKeytool)
        }
        _ => None,
    }
}

fn kind(entry: &Entry) -> EntryKind {
    match entry.content {
        Content::KeyPair(_) => EntryKind::KeyPair,
        Content::TrustedCertificate(_) => EntryKind::TrustedCertificate,
        Content::SecretKey(_) => EntryKind::SecretKey,
    }
}

fn same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}
