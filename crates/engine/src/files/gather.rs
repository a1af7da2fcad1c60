//! Several files as one keystore: what converting, requesting and signing on the command line begin with.
//!
//! Entries of keystores keep their aliases. A key that comes without certificates, or without some of their issuers, finds them among the
//! certificates of the other files by public key and by name; those that no key needs become trusted certificates. A newer certificate for a
//! key is its CA's reply and takes the place of the one that it has. What is there twice counts once; where two files have the same alias
//! for different things the later one gets a number. What cannot be taken is told with its reason, and never dropped in silence.

use std::collections::HashSet;

use certwright_certs::Certificate;
use certwright_encoding::sniff::Kind;
use certwright_keys::secret::Passwords;
use certwright_keystore::contents::{Contents, FoundKeyPair, FoundSecretKey, OtherKind, Remark};
use certwright_keystore::entry::{Content, Entry, KeyPair};
use certwright_keystore::keystore::Keystore;
use certwright_keystore::open::{Found, parse_file};
use certwright_keystore::reply::Issuers;
use certwright_keystore::vault;
use certwright_protocol::Problem;
use certwright_protocol::view::FileRemark;

use super::Input;
use crate::convert::{file_problem, file_remark, unusable_key, vault_problem};
use crate::found::lone_key;
use crate::opened::skipped;
use crate::trust::whole_chain;

/// What several files hold together.
#[derive(Default)]
pub struct Gathered {
    /// Entries that could not be taken, and parts of entries.
    pub left_out: Vec<LeftOut>,
    /// Entries that got another alias than their file gives them.
    pub renamed: Vec<Renamed>,
    /// What is odd about the files, each remark with its file's name.
    pub remarks: Vec<(String, FileRemark)>,
    /// Whether there may be keys or certificates in the files that are in none of the lists: parts that are broken or of unknown kind.
    pub incomplete: bool,
    pub(super) keystore: Keystore,
    /// For each file whether a private or secret key was taken from it.
    holds_key: Vec<bool>,
}

/// Something that could not be taken, or not be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its alias, if it has one.
    pub alias: Option<String>,
    /// The file that it is in; `None` where the output is what cannot hold it.
    pub file: Option<String>,
    /// Why.
    pub problem: Problem,
}

/// An entry that got another alias, since a different one has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// Its alias in its file, or the one that it should have got.
    pub from: String,
    /// The file that it is in.
    pub file: String,
    /// Its alias here.
    pub to: String,
}

impl Gathered {
    /// Whether a private or secret key was taken from the file of this number, in the order in which the files were given.
    pub fn holds_key(&self, file: usize) -> bool {
        self.holds_key.get(file).copied().unwrap_or_default()
    }

    /// Number of entries.
    pub fn entries(&self) -> usize {
        self.keystore.len()
    }
}

/// Reads files, each with the first of the passwords that opens it, and puts what they hold together. `now_ms` is in Unix milliseconds.
///
/// # Errors
/// If one of the files cannot be read, or is encrypted and there is no password.
pub fn gather(inputs: &[Input<'_>], passwords: &Passwords, now_ms: i64) -> Result<Gathered, Problem> {
    let mut gatherer = Gatherer { now_ms, ..Gatherer::default() };
    for input in inputs {
        gatherer.read(input, passwords)?;
    }
    Ok(gatherer.finish())
}

#[derive(Default)]
struct Gatherer {
    now_ms: i64,
    gathered: Gathered,
    pairs: Vec<Loose<FoundKeyPair>>,
    secret_keys: Vec<(String, FoundSecretKey)>,
    /// Entries of keystores that are trusted certificates.
    trusted: Vec<Trusted>,
    /// Certificates of files that are no keystores.
    certificates: Vec<Trusted>,
    kept: Vec<(String, Entry)>,
}

/// A key pair and its file; `named` if the file is a keystore, whose entries stay what they are.
struct Loose<T> {
    file: String,
    found: T,
    named: bool,
}

struct Trusted {
    file: String,
    alias: Option<String>,
    certificate: Certificate,
    created_ms: Option<i64>,
}

impl Gatherer {
    fn read(&mut self, input: &Input<'_>, passwords: &Passwords) -> Result<(), Problem> {
        let file = input.name.to_owned();
        if vault::is_vault(input.bytes) {
            let keystore = open_vault(input, passwords)?;
            self.gathered.holds_key.push(keystore.iter().any(Entry::holds_key));
            self.kept.extend(keystore.iter().map(|entry| (file.clone(), entry.clone())));
            return Ok(());
        }
        let found =
            parse_file(input.name, input.bytes, passwords).map_err(|e| file_problem(input.name, e))?;
        let Found { kind, contents, requests, lone_keys } = found;
        let hidden = contents.remarks.contains(&Remark::EncryptedPartHidden) || !contents.locked.is_empty();
        if hidden && passwords.is_empty() {
            return Err(Problem::PasswordNeeded { file });
        }
        self.remark(&file, &contents, requests.len());
        for (alias, problem) in closed_and_unusable(&file, &contents) {
            self.gathered.left_out.push(LeftOut { alias, file: Some(file.clone()), problem });
        }
        let Contents { key_pairs, certificates, secret_keys, .. } = contents;
        let holds_key = !(key_pairs.is_empty() && secret_keys.is_empty() && lone_keys.is_empty());
        self.gathered.holds_key.push(holds_key);
        let named = is_keystore(kind);
        let pairs = key_pairs.into_iter().chain(lone_keys.into_iter().map(lone_key));
        self.pairs.extend(pairs.map(|found| Loose { file: file.clone(), found, named }));
        self.secret_keys.extend(secret_keys.into_iter().map(|found| (file.clone(), found)));
        let certificates = certificates.into_iter().map(|found| Trusted {
            file: file.clone(),
            alias: found.alias,
            certificate: found.certificate,
            created_ms: found.created_ms,
        });
        if named {
            self.trusted.extend(certificates)
        } else {
            self.certificates.extend(certificates)
        }
        Ok(())
    }

    fn remark(&mut self, file: &str, contents: &Contents, requests: usize) {
        let is_missing = |remark: &Remark| matches!(remark, Remark::UnsupportedPart { .. });
        self.gathered.incomplete |= contents.others.iter().any(|other| is_loss(&other.what));
        self.gathered.incomplete |= contents.remarks.iter().any(is_missing);
        let mut remarks: Vec<FileRemark> = contents.remarks.iter().map(file_remark).collect();
        remarks.extend(contents.others.iter().map(skipped));
        let not_taken = |what: &str| FileRemark::Skipped { alias: None, what: what.to_owned() };
        remarks.extend((0..requests).map(|_| not_taken("a signing request")));
        remarks
            .extend(contents.public_keys.iter().map(|_| not_taken("a public key without its private half")));
        self.gathered.remarks.extend(remarks.into_iter().map(|remark| (file.to_owned(), remark)));
    }

    fn finish(mut self) -> Gathered {
        for (file, entry) in core::mem::take(&mut self.kept) {
            self.put(&file, entry);
        }
        let mut used: HashSet<[u8; 32]> = HashSet::new();
        let known: Vec<Certificate> = self.certificates.iter().map(|one| one.certificate.clone()).collect();
        for Loose { file, found, named } in core::mem::take(&mut self.pairs) {
            let FoundKeyPair { alias, key, chain, created_ms } = found;
            let whole = chain_for(key.public_key().spki_der(), &chain, &known);
            used.extend(whole.iter().filter(|one| !chain.contains(one)).map(Certificate::fingerprint_sha256));
            let is_there = self.gathered.keystore.find_by_public_key(key.public_key()).is_some();
            if !named && alias.is_none() && is_there {
                continue;
            }
            let suggestion = alias.or_else(|| whole.first().map(Certificate::display_name));
            let suggestion = suggestion.unwrap_or_else(|| stem(&file).to_owned());
            let content = Content::KeyPair(KeyPair { key, chain: whole, request: None });
            let created_ms = created_ms.unwrap_or(self.now_ms);
            self.put(&file, self.entry(&suggestion, content, created_ms));
        }
        let loose = core::mem::take(&mut self.certificates);
        let loose = loose.into_iter().filter(|one| !used.contains(&one.certificate.fingerprint_sha256()));
        for trusted in core::mem::take(&mut self.trusted) {
            self.put_trusted(trusted);
        }
        for trusted in loose {
            // A certificate that is trusted already, under whatever name, is no news.
            if self.gathered.keystore.find_trusted(&trusted.certificate).is_none() {
                self.put_trusted(trusted);
            }
        }
        for (file, found) in core::mem::take(&mut self.secret_keys) {
            let suggestion = found.alias.unwrap_or_else(|| found.key.algorithm.clone());
            let created_ms = found.created_ms.unwrap_or(self.now_ms);
            self.put(&file, self.entry(&suggestion, Content::SecretKey(found.key), created_ms));
        }
        self.gathered
    }

    fn put_trusted(&mut self, trusted: Trusted) {
        let Trusted { file, alias, certificate, created_ms } = trusted;
        let suggestion = alias.unwrap_or_else(|| certificate.display_name());
        let created_ms = created_ms.unwrap_or(self.now_ms);
        self.put(&file, self.entry(&suggestion, Content::TrustedCertificate(certificate), created_ms));
    }

    fn entry(&self, alias: &str, content: Content, created_ms: i64) -> Entry {
        let mut entry = Entry::new(alias, content, self.now_ms);
        entry.created_ms = created_ms;
        entry
    }

    /// Puts an entry under its alias, or the nearest that is free.
    fn put(&mut self, file: &str, mut entry: Entry) {
        let keystore = &mut self.gathered.keystore;
        let present = keystore.find(&entry.alias);
        if present.is_some_and(|present| same_content(&present.content, &entry.content)) {
            return;
        }
        let wished = entry.alias.clone();
        if keystore.insert(entry.clone()).is_ok() {
            return;
        }
        entry.alias = keystore.unique_alias(&wished);
        let to = entry.alias.clone();
        if keystore.insert(entry.clone()).is_err()
            && let Content::KeyPair(pair) = &mut entry.content
        {
            // A chain that is not the key's is left out rather than the key.
            let subjects = pair.chain.iter().take(1).map(Certificate::display_name).collect();
            pair.chain.clear();
            let kept = keystore.insert(entry);
            debug_assert!(kept.is_ok(), "an entry did not fit: {kept:?}");
            let problem = Problem::ReplyFitsNoKey { subjects };
            self.gathered.left_out.push(LeftOut {
                alias: Some(to.clone()),
                file: Some(file.to_owned()),
                problem,
            });
        }
        if to != wished {
            self.gathered.renamed.push(Renamed { from: wished, file: file.to_owned(), to });
        }
    }
}

/// Entries that no password opens, and keys that cannot be used, each with the reason.
fn closed_and_unusable(file: &str, contents: &Contents) -> Vec<(Option<String>, Problem)> {
    let closed = contents.locked.iter().map(|entry| {
        let alias = entry.alias.clone();
        (alias.clone(), Problem::EntryClosed { alias: alias.unwrap_or_default() })
    });
    let unusable = contents
        .unusable_keys
        .iter()
        .map(|key| (key.alias.clone(), unusable_key(file.to_owned(), &key.error)));
    closed.chain(unusable).collect()
}

/// Whether what is not read may be a key or certificate.
fn is_loss(other: &OtherKind) -> bool {
    !matches!(
        other,
        OtherKind::BrokenRequest(_)
            | OtherKind::ForeignPem { .. }
            | OtherKind::RevocationList
            | OtherKind::TrailingBytes { .. }
    )
}

/// The chain of a key: its newest certificate among those that it has and those that are known, one that was issued before one that is
/// self-signed, and the issuers.
fn chain_for(spki_der: &[u8], own: &[Certificate], known: &[Certificate]) -> Vec<Certificate> {
    let fits = |certificate: &&Certificate| certificate.spki_der() == spki_der;
    // A tool that makes a key gives it a self-signed certificate for the time until the CA's comes.
    let rank = |one: &Certificate| (!one.is_self_issued(), one.not_before(), one.not_after());
    let newest = known.iter().filter(fits).max_by_key(|certificate| rank(certificate));
    let leaf = match (own.first(), newest) {
        (Some(own), Some(newest)) if rank(newest) > rank(own) => newest,
        (Some(own), _) => own,
        (None, Some(newest)) => newest,
        (None, None) => return Vec::new(),
    };
    let (keystore, all) = (Keystore::new(), own.iter().chain(known).cloned().collect::<Vec<_>>());
    let issuers = Issuers::with_others(&keystore, &all);
    if own.first() == Some(leaf) { whole_chain(own, &issuers) } else { issuers.complete_chain(leaf).0 }
}

fn same_content(a: &Content, b: &Content) -> bool {
    match (a, b) {
        (Content::KeyPair(a), Content::KeyPair(b)) => {
            a.key.public_key() == b.key.public_key() && a.chain == b.chain
        }
        (Content::TrustedCertificate(a), Content::TrustedCertificate(b)) => a == b,
        (Content::SecretKey(a), Content::SecretKey(b)) => a == b,
        _ => false,
    }
}

fn is_keystore(kind: Kind) -> bool {
    matches!(kind, Kind::Pkcs12 | Kind::Jks | Kind::Jceks | Kind::Bks | Kind::Uber)
}

/// A kept keystore of the page that was saved as a file; its passphrase is one of the passwords.
fn open_vault(input: &Input<'_>, passwords: &Passwords) -> Result<Keystore, Problem> {
    let file = || input.name.to_owned();
    for passphrase in passwords {
        match vault::open(input.bytes, passphrase).map_err(vault_problem) {
            Ok((keystore, _)) => return Ok(keystore),
            Err(Problem::PassphraseWrong) => {}
            Err(other) => return Err(other),
        }
    }
    Err(match passwords.is_empty() {
        true => Problem::PasswordNeeded { file: file() },
        false => Problem::PasswordWrong { file: file() },
    })
}

/// A file's name without folders and without its ending.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_key_is_called_like_its_file() {
        assert_eq!(stem("a/b.c/client.key.pem"), "client.key");
        assert_eq!(stem(r"C:\keys\client"), "client");
        assert_eq!(stem("./.hidden"), ".hidden");
    }
}
