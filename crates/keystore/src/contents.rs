//! What was found in a file: the common result of all readers of containers.

use std::collections::{HashMap, HashSet};

use certwright_certs::{Certificate, certificate::ReadCertificateError, request::ReadRequestError};
use certwright_encoding::pem::PemError;
use certwright_keys::{PrivateKey, PublicKey, ReadKeyError};

use crate::{path::Pool, secret_key::SecretKey};

/// What was found. Nothing is left out in silence: what cannot be used is named.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// Private keys, each with its chain as far as the file has it.
    pub key_pairs: Vec<FoundKeyPair>,
    /// Certificates that are in no chain, and those that are marked as trusted.
    pub certificates: Vec<FoundCertificate>,
    /// Symmetric keys.
    pub secret_keys: Vec<FoundSecretKey>,
    /// Entries that none of the passwords opens: what is known of them without it.
    pub locked: Vec<LockedEntry>,
    /// Public keys that come by themselves.
    pub public_keys: Vec<PublicKey>,
    /// Private keys that were found and cannot be used.
    pub unusable_keys: Vec<UnusableKey>,
    /// Everything else.
    pub others: Vec<OtherItem>,
    /// What is odd about the file, or will be to another program.
    pub remarks: Vec<Remark>,
}

/// A private key with its chain.
#[derive(Clone, Debug)]
pub struct FoundKeyPair {
    /// Its name in the file, if it has one.
    pub alias: Option<String>,
    /// The key.
    pub key: PrivateKey,
    /// Its certificates, end-entity first; empty if the file has none for this key.
    pub chain: Vec<Certificate>,
    /// When it was made, in milliseconds since 1970, if the file says so (as Java's do).
    pub created_ms: Option<i64>,
}

/// A certificate that is in no chain.
#[derive(Clone, Debug)]
pub struct FoundCertificate {
    /// Its name in the file, if it has one.
    pub alias: Option<String>,
    /// The certificate.
    pub certificate: Certificate,
    /// Whether the file marks it as trusted in the way of Java. Others do not mark anything.
    pub java_trusted: bool,
    /// When it was put there, in milliseconds since 1970, if the file says so.
    pub created_ms: Option<i64>,
}

/// A symmetric key.
#[derive(Clone, Debug)]
pub struct FoundSecretKey {
    /// Its name in the file, if it has one.
    pub alias: Option<String>,
    /// The key.
    pub key: SecretKey,
    /// When it was made, in milliseconds since 1970, if the file says so.
    pub created_ms: Option<i64>,
}

/// An entry that none of the passwords opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedEntry {
    /// Its name in the file, if it has one.
    pub alias: Option<String>,
    /// Its certificates, end-entity first, as far as they are in clear and known to be its own.
    pub chain: Vec<Certificate>,
    /// When it was made, in milliseconds since 1970, if the file says so.
    pub created_ms: Option<i64>,
    /// What is locked.
    pub what: LockedKind,
}

/// What is locked in an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockedKind {
    /// A private key.
    PrivateKey,
    /// A symmetric key.
    SecretKey,
}

/// Something odd about a file, that kept nothing from being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The file was looked at without its password, so nobody knows whether it is whole.
    IntegrityNotChecked,
    /// The file carries nothing by which its integrity could be checked.
    NoMac,
    /// The integrity of the file is protected in a way that is not supported, so nobody knows whether it is whole.
    UnsupportedMac {
        /// Dotted object identifier of the algorithm.
        oid: String,
    },
    /// Part of the file is encrypted, and no password was given: there may be more than is shown.
    EncryptedPartHidden,
    /// Part of the file is encrypted in a way that is not supported: there is more than is shown.
    UnsupportedPart {
        /// Dotted object identifier of the algorithm.
        oid: String,
    },
    /// Several entries have names that differ in case only, or not at all: many programs see the last alone.
    AliasesDifferOnlyInCase {
        /// The names as they stand in the file, in its order.
        aliases: Vec<String>,
    },
    /// Java does not list this entry.
    NotVisibleToJava {
        /// Its alias (see `MissingAlias` if the file gives none).
        alias: String,
        /// Why.
        why: HiddenFromJava,
    },
    /// Java cannot reach this entry, since it looks names up in lower case and this one is not.
    MixedCaseUnreachable {
        /// Its alias.
        alias: String,
    },
    /// Something is protected with an algorithm that is broken or nearly so.
    WeakEncryption {
        /// Dotted object identifier.
        oid: String,
    },
    /// An entry has no name in the file.
    MissingAlias {
        /// The name that was given to it here, from its subject.
        alias: String,
    },
    /// The key of this entry has another password than the file.
    KeyPasswordDiffers {
        /// Its alias.
        alias: String,
    },
}

/// Why Java does not list an entry of a PKCS#12 file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HiddenFromJava {
    /// The certificate belongs to no key and is not marked as trusted (Oracle's `trustedKeyUsage`).
    NotMarkedAsTrusted,
    /// The key has no `localKeyID`, and there is another key before it.
    NoLocalKeyId,
    /// The key is in clear, and Java reads encrypted ones alone.
    NotEncrypted,
}

/// A private key that was found and cannot be used.
#[derive(Clone, Debug)]
pub struct UnusableKey {
    /// Its name in the file, if it has one.
    pub alias: Option<String>,
    /// Why; `WrongPassword` if the password of the file is right and that of the key is another.
    pub error: ReadKeyError,
}

/// Something else in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherItem {
    /// Its name in the file, if it has one.
    pub alias: Option<String>,
    /// What it is.
    pub what: OtherKind,
}

/// What else there was in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherKind {
    /// A certificate that cannot be read.
    BrokenCertificate(ReadCertificateError),
    /// A signing request that cannot be read.
    BrokenRequest(ReadRequestError),
    /// A PEM block that cannot be read.
    BrokenPem {
        /// Where it begins.
        offset: usize,
        /// Its label, if that could be read.
        label: Option<String>,
        /// What is wrong with it.
        error: PemError,
    },
    /// A PEM block that is nothing for a keystore, such as `PUBLIC KEY` or `X509 CRL`.
    ForeignPem {
        /// Its label.
        label: String,
    },
    /// A revocation list in a PKCS#12 file.
    RevocationList,
    /// A secret (a symmetric key or password) in a PKCS#12 file.
    Secret,
    /// A certificate of a Java keystore that is of another type than X.509.
    ForeignCertificate {
        /// Its type, such as `PGP`.
        certificate_type: String,
    },
    /// A serialised object of a Java keystore that is no key of a kind that is known.
    ForeignObject {
        /// Name of its class.
        class: String,
    },
    /// A secret key that is sealed with an algorithm that is not supported.
    ForeignSeal {
        /// Name of the algorithm.
        algorithm: String,
    },
    /// Entries of a Java keystore after an object whose end cannot be found.
    UnreadEntries {
        /// How many entries.
        count: u32,
        /// Where they begin, in bytes from the start of the file.
        offset: usize,
    },
    /// Bytes after the end of the store.
    TrailingBytes {
        /// Where they begin.
        offset: usize,
        /// How many they are.
        count: usize,
    },
    /// A bag of a PKCS#12 file of another type.
    UnknownBag {
        /// Dotted object identifier.
        oid: String,
    },
}

impl Contents {
    /// Whether there is nothing that can be used.
    pub fn is_empty(&self) -> bool {
        self.key_pairs.is_empty() && self.certificates.is_empty() && self.secret_keys.is_empty()
    }
}

/// A key before its certificates have been found.
pub(crate) struct LooseKey {
    pub(crate) alias: Option<String>,
    pub(crate) key: PrivateKey,
    pub(crate) local_id: Option<Vec<u8>>,
}

/// A locked entry before its certificates have been found.
pub(crate) struct LooseLocked {
    pub(crate) entry: LockedEntry,
    pub(crate) local_id: Option<Vec<u8>>,
}

/// A certificate before it has been given to a key.
pub(crate) struct LooseCertificate {
    pub(crate) alias: Option<String>,
    pub(crate) certificate: Certificate,
    pub(crate) local_id: Option<Vec<u8>>,
    pub(crate) java_trusted: bool,
}

/// Gives each key its chain. A certificate belongs to a key if it is for its public key; of several the one with the
/// key's local identifier, then the newest. For a key that is locked the local identifier alone says it.
pub(crate) fn assemble(
    keys: Vec<LooseKey>,
    locked: Vec<LooseLocked>,
    certificates: Vec<LooseCertificate>,
) -> (Vec<FoundKeyPair>, Vec<LockedEntry>, Vec<FoundCertificate>) {
    let pool = Pool::new(certificates.iter().map(|loose| &loose.certificate));
    let mut by_key: HashMap<&[u8], Vec<&LooseCertificate>> = HashMap::new();
    for loose in certificates.iter().filter(|loose| !loose.java_trusted) {
        by_key.entry(loose.certificate.spki_der()).or_default().push(loose);
    }
    let mut used: HashSet<[u8; 32]> = HashSet::new();
    let mut key_pairs = Vec::new();
    for LooseKey { alias, key, local_id } in keys {
        let candidates = by_key.get(key.public_key().spki_der()).map(Vec::as_slice).unwrap_or_default();
        let leaf = candidates.iter().max_by_key(|loose| {
            (local_id.is_some() && loose.local_id == local_id, loose.certificate.not_before())
        });
        let chain = leaf.map_or_else(Vec::new, |leaf| pool.path_from(&leaf.certificate));
        used.extend(chain.iter().map(Certificate::fingerprint_sha256));
        let alias = alias.or_else(|| leaf.and_then(|leaf| leaf.alias.clone()));
        let created_ms = local_id.as_deref().and_then(parse_java_time);
        key_pairs.push(FoundKeyPair { alias, key, chain, created_ms });
    }
    let mut locked_entries = Vec::new();
    for LooseLocked { mut entry, local_id } in locked {
        let is_own = |loose: &&LooseCertificate| {
            !loose.java_trusted && local_id.is_some() && loose.local_id == local_id
        };
        if let Some(leaf) = certificates.iter().find(is_own) {
            entry.chain = pool.path_from(&leaf.certificate);
            entry.alias = entry.alias.or_else(|| leaf.alias.clone());
        }
        used.extend(entry.chain.iter().map(Certificate::fingerprint_sha256));
        locked_entries.push(entry);
    }
    let rest = certificates
        .into_iter()
        .filter(|loose| loose.java_trusted || !used.contains(&loose.certificate.fingerprint_sha256()));
    let rest = rest.map(|loose| FoundCertificate {
        alias: loose.alias,
        certificate: loose.certificate,
        java_trusted: loose.java_trusted,
        created_ms: None,
    });
    (key_pairs, locked_entries, rest.collect())
}

/// Java's local identifier `Time <milliseconds>`.
pub(crate) fn parse_java_time(local_id: &[u8]) -> Option<i64> {
    core::str::from_utf8(local_id).ok()?.strip_prefix("Time ")?.parse().ok()
}
