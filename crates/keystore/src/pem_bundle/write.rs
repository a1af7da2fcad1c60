//! Writing PEM: a chain, a key with its chain in one file, many entries in one file.
//!
//! Separate files are [`to_pem_chain`] and `certwright_keys::write::generate_key_file`. Where several entries stand in one file
//! each is preceded by its alias in the way of `openssl pkcs12` (`friendlyName: …`), which is read back as such. What has been
//! written is read back before it is given away. Refused: entries that are locked, secret keys, formats of keys that are no
//! PEM.

use certwright_certs::Certificate;
use certwright_keys::{
    Password, SecretBytes,
    secret::Passwords,
    write::{KeyFormat, WriteKeyError, generate_key_file},
};
use rand_core::CryptoRng;
use thiserror::Error;
use zeroize::Zeroizing;

use super::parse_pem_bundle;
use crate::entry::{Content, Entry};

/// Why entries could not be written as PEM.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WritePemError {
    /// There are no entries, or none of them has a key or certificate.
    #[error("nothing to write")]
    NoEntries,
    /// An entry is locked: its key is never exported.
    #[error("entry {alias:?} is locked")]
    Locked {
        /// Its alias.
        alias: String,
    },
    /// An entry is a symmetric key, for which PEM has no label.
    #[error("entry {alias:?} is a secret key")]
    SecretKey {
        /// Its alias.
        alias: String,
    },
    /// The format of keys is no text that others can stand beside.
    #[error("{format:?} is no PEM")]
    NotPem {
        /// The format that was asked for.
        format: KeyFormat,
    },
    /// A key cannot be written in this format.
    #[error("the key {alias:?}: {error}")]
    Key {
        /// Alias of its entry.
        alias: String,
        /// Why.
        error: WriteKeyError,
    },
    /// What was written does not read back as the same.
    #[error("what was written does not read back")]
    NotReadBack,
}

/// Writes certificates, in the order given (for a chain, the end-entity's first, as servers want it).
pub fn to_pem_chain(certificates: &[Certificate]) -> String {
    certificates.iter().map(Certificate::to_pem).collect()
}

/// Writes entries, of a key pair the key first and then its chain. The password is for the formats that are encrypted.
///
/// # Errors
/// See [`WritePemError`].
pub fn generate_pem(
    entries: &[&Entry],
    format: KeyFormat,
    password: Option<&Password>,
    rng: &mut impl CryptoRng,
) -> Result<SecretBytes, WritePemError> {
    if matches!(format, KeyFormat::Pkcs8Der | KeyFormat::Pkcs8EncryptedDer | KeyFormat::Jwk) {
        return Err(WritePemError::NotPem { format });
    }
    let mut parts: Vec<SecretBytes> = Vec::new();
    for entry in entries {
        let alias = || entry.alias.clone();
        if entries.len() > 1 {
            // A name of several lines would end the attribute.
            let name: String = entry.alias.chars().filter(|c| !c.is_control()).collect();
            parts.push(text(format!("Bag Attributes\n    friendlyName: {name}\n")));
        }
        match &entry.content {
            Content::KeyPair(_) if entry.locked => return Err(WritePemError::Locked { alias: alias() }),
            Content::KeyPair(pair) => {
                let key = generate_key_file(&pair.key, format, password, rng)
                    .map_err(|error| WritePemError::Key { alias: alias(), error })?;
                parts.push(key);
                parts.push(text(to_pem_chain(&pair.chain)));
            }
            Content::TrustedCertificate(certificate) => parts.push(text(certificate.to_pem())),
            Content::SecretKey(_) => return Err(WritePemError::SecretKey { alias: alias() }),
        }
    }
    // One buffer of the right size, so that no reallocation leaves a copy behind.
    let length = parts.iter().map(SecretBytes::len).sum();
    let mut whole = Zeroizing::new(Vec::with_capacity(length));
    parts.iter().for_each(|part| whole.extend_from_slice(part.as_bytes()));
    if whole.is_empty() {
        return Err(WritePemError::NoEntries);
    }
    if !reads_back(entries, &whole, password) {
        return Err(WritePemError::NotReadBack);
    }
    Ok(whole.into())
}

fn text(text: String) -> SecretBytes {
    SecretBytes::new(text.into_bytes())
}

/// Whether all keys and certificates are there.
fn reads_back(entries: &[&Entry], text: &[u8], password: Option<&Password>) -> bool {
    let Ok(found) = parse_pem_bundle(text, &Passwords::from(password.cloned())) else { return false };
    let all: Vec<&Certificate> = found
        .contents
        .key_pairs
        .iter()
        .flat_map(|pair| &pair.chain)
        .chain(found.contents.certificates.iter().map(|found| &found.certificate))
        .collect();
    let is_there = |entry: &&Entry| {
        let key = entry.key_pair().map(|pair| pair.key.public_key().key_bits());
        let mut keys = found.contents.key_pairs.iter().map(|pair| pair.key.public_key().key_bits());
        key.is_none_or(|key| keys.any(|found| found == key))
            && entry.certificates().iter().all(|certificate| all.contains(&certificate))
    };
    entries.iter().all(is_there)
}
