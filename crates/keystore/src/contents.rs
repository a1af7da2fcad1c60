//! What was found in a file: the common result of all readers of containers.

use std::collections::{HashMap, HashSet};

use certwright_certs::{Certificate, certificate::ReadCertificateError, request::ReadRequestError};
use certwright_encoding::pem::PemError;
use certwright_keys::{PrivateKey, ReadKeyError};

use crate::path::Pool;

/// What was found. Nothing is left out in silence: what cannot be used is named.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// Private keys, each with its chain as far as the file has it.
    pub key_pairs: Vec<FoundKeyPair>,
    /// Certificates that are in no chain, and those that are marked as trusted.
    pub certificates: Vec<FoundCertificate>,
    /// Private keys that were found and cannot be used.
    pub unusable_keys: Vec<UnusableKey>,
    /// Everything else.
    pub others: Vec<OtherItem>,
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
    /// A bag of a PKCS#12 file of another type.
    UnknownBag {
        /// Dotted object identifier.
        oid: String,
    },
}

impl Contents {
    /// Whether there is nothing that can be used.
    pub fn is_empty(&self) -> bool {
        self.key_pairs.is_empty() && self.certificates.is_empty()
    }
}

/// A key before its certificates have been found.
pub(crate) struct LooseKey {
    pub(crate) alias: Option<String>,
    pub(crate) key: PrivateKey,
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
/// key's local identifier, then the newest.
pub(crate) fn assemble(
    keys: Vec<LooseKey>,
    certificates: Vec<LooseCertificate>,
) -> (Vec<FoundKeyPair>, Vec<FoundCertificate>) {
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
    let rest = certificates
        .into_iter()
        .filter(|loose| loose.java_trusted || !used.contains(&loose.certificate.fingerprint_sha256()));
    let rest = rest.map(|loose| FoundCertificate {
        alias: loose.alias,
        certificate: loose.certificate,
        java_trusted: loose.java_trusted,
    });
    (key_pairs, rest.collect())
}

/// Java's local identifier `Time <milliseconds>`.
fn parse_java_time(local_id: &[u8]) -> Option<i64> {
    core::str::from_utf8(local_id).ok()?.strip_prefix("Time ")?.parse().ok()
}
