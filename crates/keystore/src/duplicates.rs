//! Entries that hold the same: a private key that is there twice, a certificate that is trusted twice, a secret key that is there twice.
//!
//! A trusted certificate that is also in the chain of a key pair is no duplicate: the one is trusted, the other is sent. Nor are several
//! trusted certificates for one key, which a CA has whenever it renews or cross-signs its own.

use std::collections::HashMap;

use crate::{
    entry::{Content, Entry},
    keystore::Keystore,
};

/// Entries that hold the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateGroup {
    /// What they have in common.
    pub what: Duplicate,
    /// Their aliases in the order of the keystore: two at least.
    pub aliases: Vec<String>,
}

/// What entries have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicate {
    /// The key pair's key, whatever its certificates are.
    PrivateKey,
    /// The trusted certificate, to the byte.
    TrustedCertificate,
    /// The secret key, whatever its algorithm is called.
    SecretKey,
}

/// By what an entry is known again.
#[derive(PartialEq, Eq, Hash)]
pub(crate) enum Identity<'a> {
    PrivateKey(&'a [u8]),
    TrustedCertificate(&'a [u8]),
    SecretKey(&'a [u8]),
}

/// Which aliases hold what.
pub(crate) struct Holders<'a>(HashMap<Identity<'a>, Vec<&'a str>>);

/// All groups, in the order of their first entries.
pub fn find_duplicates(keystore: &Keystore) -> Vec<DuplicateGroup> {
    let mut holders = Holders::new(keystore);
    let groups = keystore.iter().filter_map(|entry| {
        let identity = Identity::new(entry);
        let what = identity.kind();
        let aliases = holders.0.remove(&identity).filter(|aliases| aliases.len() > 1)?;
        Some(DuplicateGroup { what, aliases: aliases.into_iter().map(str::to_owned).collect() })
    });
    groups.collect()
}

impl<'a> Identity<'a> {
    pub(crate) fn new(entry: &'a Entry) -> Self {
        match &entry.content {
            Content::KeyPair(pair) => Self::PrivateKey(pair.key.public_key().spki_der()),
            Content::TrustedCertificate(certificate) => Self::TrustedCertificate(certificate.der()),
            Content::SecretKey(key) => Self::SecretKey(key.bytes.as_bytes()),
        }
    }

    fn kind(&self) -> Duplicate {
        match self {
            Self::PrivateKey(_) => Duplicate::PrivateKey,
            Self::TrustedCertificate(_) => Duplicate::TrustedCertificate,
            Self::SecretKey(_) => Duplicate::SecretKey,
        }
    }
}

impl<'a> Holders<'a> {
    pub(crate) fn new(keystore: &'a Keystore) -> Self {
        let mut holders: HashMap<Identity<'a>, Vec<&'a str>> = HashMap::new();
        for entry in keystore.iter() {
            holders.entry(Identity::new(entry)).or_default().push(&entry.alias);
        }
        Self(holders)
    }

    /// The aliases of all entries that hold what `entry` holds.
    pub(crate) fn of<'s>(&'s self, entry: &'s Entry) -> &'s [&'s str] {
        self.0.get(&Identity::new(entry)).map(Vec::as_slice).unwrap_or_default()
    }
}
