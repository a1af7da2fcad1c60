//! Files, for the command line: what is in them, what of it serves a probe, and what can be made of them.

mod convert;
mod gather;
mod keys;
mod signing;
mod wishes;

use certwright_certs::certificate::Certificate;
use certwright_chain::Anchor;
use certwright_keys::secret;
use certwright_keystore::contents::{FoundKeyPair, LockedKind};
use certwright_keystore::entry::{Content, Entry, KeyPair};
pub use certwright_keystore::keystore::Keystore;
use certwright_keystore::open::{Found, parse_file, unusable_reason};
use certwright_protocol::report::{
    InspectReport, InspectedCertificate, InspectedKeyPair, InspectedLockedKey, InspectedPublicKey,
    InspectedSecretKey,
};
use certwright_protocol::view::FileRemark;
use certwright_protocol::{Password, Problem};

use crate::convert::{count, entry_problem, file_problem, file_remark, format_name, unusable_key};
use crate::found::{chain_of, lone_key};
use crate::opened::skipped;
use crate::show;

pub use certwright_keys::secret::Passwords;
pub use convert::{
    Converted, PasswordRemark, Target, Wish, WrittenEntry, convert, opening_password, takes_keys,
};
pub use gather::{Gathered, LeftOut, Renamed, gather};
pub use keys::{NewKey, new_key};
pub use signing::{ChooseError, NewCertificate, NewRequest, Signer, Use, like, signing_request};
pub use wishes::{IssueWish, RequestWish, WishedPurpose};

/// A file that was read.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Its name, by which problems call it.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// Passwords to try, in this order.
pub fn passwords(passwords: &[Password]) -> Passwords {
    passwords.iter().map(|password| secret::Password::new(password.as_str())).collect()
}

/// What is in a file. Private and secret keys are told, never shown. It is opened with the first of the passwords that fits it, and every
/// entry with the first that fits the entry.
///
/// # Errors
/// If it cannot be read, or the only thing in it is a private key that cannot be used.
pub fn inspect(name: &str, bytes: &[u8], passwords: &Passwords) -> Result<InspectReport, Problem> {
    let found = parse_file(name, bytes, passwords).map_err(|error| file_problem(name, error))?;
    let Found { kind, contents, requests, lone_keys, .. } = found;
    let is_nothing = lone_keys.is_empty() && requests.is_empty() && contents.public_keys.is_empty();
    if let Some(key) = unusable_reason(&contents).filter(|_| is_nothing && contents.locked.is_empty()) {
        return Err(unusable_key(name.to_owned(), &key.error));
    }
    let unusable = contents.unusable_keys.iter().map(|key| FileRemark::Skipped {
        alias: key.alias.clone(),
        what: unusable_key(name.to_owned(), &key.error).explain().what_happened.trim_end_matches('.').into(),
    });
    let skipped = contents.others.iter().map(skipped);
    let remarks = contents.remarks.iter().map(file_remark).chain(unusable).chain(skipped).collect();
    let certificates = |chain: &[Certificate]| chain.iter().map(show::certificate).collect();
    Ok(InspectReport {
        format: format_name(kind).into(),
        key_pairs: contents
            .key_pairs
            .into_iter()
            .chain(lone_keys.into_iter().map(lone_key))
            .map(|pair| inspected_key_pair(&pair))
            .collect(),
        certificates: contents
            .certificates
            .iter()
            .map(|found| InspectedCertificate {
                alias: found.alias.clone(),
                certificate: show::certificate(&found.certificate),
            })
            .collect(),
        requests: requests.iter().map(|request| show::request(request, &Keystore::default())).collect(),
        secret_keys: contents
            .secret_keys
            .iter()
            .map(|found| InspectedSecretKey {
                alias: found.alias.clone(),
                algorithm: found.key.algorithm.clone(),
                bits: count(found.key.bits()),
            })
            .collect(),
        locked: contents
            .locked
            .iter()
            .map(|entry| InspectedLockedKey {
                alias: entry.alias.clone(),
                secret: entry.what == LockedKind::SecretKey,
                certificates: certificates(&entry.chain),
            })
            .collect(),
        public_keys: contents
            .public_keys
            .iter()
            .map(|key| InspectedPublicKey {
                key: key.algorithm().to_string(),
                spki_pin: show::spki_pin(key.spki_der()),
            })
            .collect(),
        remarks,
        bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
    })
}

/// The certificates of a file as trust anchors, labelled by their subject.
pub fn anchors(input: &Input<'_>, passwords: &Passwords) -> Result<Vec<Anchor>, Problem> {
    let Input { name, bytes } = *input;
    let found = parse_file(name, bytes, passwords).map_err(|error| file_problem(name, error))?;
    let anchors: Vec<Anchor> =
        found.contents.certificates.into_iter().map(|found| anchor(found.certificate)).collect();
    if anchors.is_empty() { Err(Problem::NothingToImport { file: name.into() }) } else { Ok(anchors) }
}

/// Trust anchors from DER certificates that are known to be well-formed; others are passed over.
pub fn anchors_from_der<'a>(certificates: impl IntoIterator<Item = &'a [u8]>) -> Vec<Anchor> {
    certificates.into_iter().filter_map(|der| Certificate::from_der(der).ok()).map(anchor).collect()
}

/// A keystore with one key pair for a probe, from a file with the certificates and one with the key (they may be the same file, such as
/// a PKCS#12). The entry's alias is the name of the certificate's subject.
pub fn client_keystore(
    certificates: (&str, &[u8]),
    key: (&str, &[u8]),
    password: Option<&Password>,
) -> Result<Keystore, Problem> {
    let passwords: Passwords = password.map(|one| secret::Password::new(one.as_str())).into_iter().collect();
    let read = |(name, bytes): (&str, &[u8])| {
        parse_file(name, bytes, &passwords).map_err(|error| file_problem(name, error))
    };
    let key_file = read(key)?;
    let certificate_file = read(certificates)?;
    let mut keys =
        key_file.contents.key_pairs.into_iter().chain(key_file.lone_keys.into_iter().map(lone_key));
    let Some(FoundKeyPair { key: private, chain, .. }) = keys.next() else {
        return Err(Problem::NothingToImport { file: key.0.into() });
    };
    let mut known: Vec<Certificate> = chain;
    known.extend(certificate_file.contents.certificates.into_iter().map(|found| found.certificate));
    known.extend(certificate_file.contents.key_pairs.into_iter().flat_map(|pair| pair.chain));
    let chain = chain_of(private.public_key(), &known);
    let Some(leaf) = chain.first() else {
        let subjects = known.iter().map(Certificate::display_name).collect();
        return Err(Problem::ReplyFitsNoKey { subjects });
    };
    let mut keystore = Keystore::default();
    let alias = keystore.unique_alias(&leaf.display_name());
    let content = Content::KeyPair(KeyPair { key: private, chain, request: None });
    keystore.insert(Entry::new(alias.clone(), content, 0)).map_err(|error| entry_problem(error, &alias))?;
    Ok(keystore)
}

fn anchor(certificate: Certificate) -> Anchor {
    Anchor { label: certificate.display_name(), certificate }
}

fn inspected_key_pair(pair: &FoundKeyPair) -> InspectedKeyPair {
    InspectedKeyPair {
        alias: pair.alias.clone(),
        key: pair.key.algorithm().to_string(),
        spki_pin: show::spki_pin(pair.key.public_key().spki_der()),
        certificates: pair.chain.iter().map(show::certificate).collect(),
    }
}
