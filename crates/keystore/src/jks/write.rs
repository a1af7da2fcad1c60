//! Writing JKS and JCEKS, version 2, as keytool does: aliases in lower case, all keys under the password of the store.
//!
//! What has been written is read back and compared before it is given away. Refused: aliases that are the same in lower
//! case, secret keys in JKS, and what Java could not open again.

use certwright_certs::Certificate;
use certwright_keys::{Password, SecretBytes, secret::Passwords};
use der::{
    Decode, Encode,
    asn1::{AnyRef, OctetStringRef},
};
use rand_core::CryptoRng;
use spki::AlgorithmIdentifierRef;
use thiserror::Error;

use super::{
    JCEKS_MAGIC, JKS_MAGIC,
    frame::{PRIVATE_KEY, SECRET_KEY, TRUSTED_CERTIFICATE, to_digest},
    parse_either,
    protector::{ProtectedKey, generate_jks_protected},
};
use crate::{
    contents::Contents,
    entry::{Content, Entry},
    java_bytes::{push_counted, to_counted_text},
    jceks::{
        protector::{JCEKS_PROTECTOR, Parameters, to_ascii},
        sealed::generate_sealed,
    },
};

const VERSION: u32 = 2;
/// Iterations of each derivation in JCEKS: Java's default.
const ITERATIONS: u32 = 200_000;
/// Iterations in a whole file: one with very many keys takes fewer for each, so that it opens in bounded time.
const ITERATIONS_OF_FILE: u32 = 10_000_000;
const LEAST_ITERATIONS: u32 = 1_000;
/// The shortest password that keytool takes for a new store.
const LEAST_CHARACTERS: usize = 6;

/// Why a JKS or JCEKS file could not be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WriteJksError {
    /// There are no entries.
    #[error("nothing to write")]
    NoEntries,
    /// Two aliases are the same in lower case, in which Java keeps them.
    #[error("the aliases {first:?} and {second:?} are the same in lower case")]
    SameAlias {
        /// The first of them.
        first: String,
        /// The second.
        second: String,
    },
    /// An alias that the format has no room for.
    #[error("alias too long: {alias:?}")]
    AliasTooLong {
        /// The alias.
        alias: String,
    },
    /// JKS holds no secret keys; JCEKS does.
    #[error("{alias:?} is a secret key, which JKS cannot hold")]
    SecretKeyInJks {
        /// Its alias.
        alias: String,
    },
    /// A key without a certificate. Java cannot list a JCEKS with one in it, and takes it for a secret key in JKS.
    #[error("the key {alias:?} has no certificate")]
    NoCertificate {
        /// Alias of the key.
        alias: String,
    },
    /// Java encrypts keys in JCEKS under passwords of printable ASCII alone.
    #[error("the password is not printable ASCII")]
    PasswordNotAscii,
    /// Something is longer than the format has room for.
    #[error("{alias:?} cannot be encoded")]
    Encoding {
        /// Alias of the entry.
        alias: String,
    },
    /// What was written does not read back as the same.
    #[error("what was written does not read back")]
    NotReadBack,
}

/// How keys are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protection {
    Jks,
    Jceks,
}

/// Writes entries to a JKS file, all under one password. Aliases are written in lower case. The password may be any, even the
/// empty one; for keytool see [`is_password_for_keytool`].
///
/// # Errors
/// See [`WriteJksError`].
pub fn generate_jks(
    entries: &[&Entry],
    password: &Password,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, WriteJksError> {
    generate(entries, Protection::Jks, password, rng)
}

/// Whether keytool takes this password: it wants six characters at least. The format has no such rule, and neither has Java
/// itself.
pub fn is_password_for_keytool(password: &Password) -> bool {
    password.as_str().encode_utf16().count() >= LEAST_CHARACTERS
}

pub(crate) fn generate(
    entries: &[&Entry],
    protection: Protection,
    password: &Password,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, WriteJksError> {
    if entries.is_empty() {
        return Err(WriteJksError::NoEntries);
    }
    let aliases = to_aliases(entries)?;
    check_contents(entries, protection)?;
    let keys =
        entries.iter().filter(|entry| !matches!(entry.content, Content::TrustedCertificate(_))).count();
    if protection == Protection::Jceks && keys > 0 && to_ascii(password).is_none() {
        return Err(WriteJksError::PasswordNotAscii);
    }
    let keys = u32::try_from(keys).unwrap_or(u32::MAX).max(1);
    let writer = Writer {
        protection,
        password,
        iterations: (ITERATIONS_OF_FILE / keys).clamp(LEAST_ITERATIONS, ITERATIONS),
    };
    let magic = match protection {
        Protection::Jks => JKS_MAGIC,
        Protection::Jceks => JCEKS_MAGIC,
    };
    let count = u32::try_from(entries.len()).map_err(|_| WriteJksError::NotReadBack)?;
    let mut file = [magic.to_be_bytes(), VERSION.to_be_bytes(), count.to_be_bytes()].concat();
    for (entry, alias) in entries.iter().zip(&aliases) {
        let encoding = || WriteJksError::Encoding { alias: entry.alias.clone() };
        writer.push_entry(&mut file, entry, alias, rng).ok_or_else(encoding)?;
    }
    let digest = to_digest(password, &file);
    file.extend(digest);
    match parse_either(&file, &Passwords::from(password.clone())) {
        Ok(contents) if is_same(entries, &aliases, &contents) => Ok(file),
        _ => Err(WriteJksError::NotReadBack),
    }
}

/// Whether the format has a place for all entries.
fn check_contents(entries: &[&Entry], protection: Protection) -> Result<(), WriteJksError> {
    for entry in entries {
        let alias = entry.alias.clone();
        match &entry.content {
            Content::KeyPair(pair) if pair.is_pending() => {
                return Err(WriteJksError::NoCertificate { alias });
            }
            Content::SecretKey(_) if protection == Protection::Jks => {
                return Err(WriteJksError::SecretKeyInJks { alias });
            }
            _ => {}
        }
    }
    Ok(())
}

/// The aliases in lower case, in which Java looks them up.
fn to_aliases(entries: &[&Entry]) -> Result<Vec<String>, WriteJksError> {
    let mut seen = std::collections::HashMap::new();
    let mut aliases = Vec::with_capacity(entries.len());
    for entry in entries {
        let alias = entry.alias.to_lowercase();
        if let Some(first) = seen.insert(alias.clone(), &entry.alias) {
            return Err(WriteJksError::SameAlias { first: first.clone(), second: entry.alias.clone() });
        }
        if to_counted_text(&alias).is_none() {
            return Err(WriteJksError::AliasTooLong { alias: entry.alias.clone() });
        }
        aliases.push(alias);
    }
    Ok(aliases)
}

struct Writer<'a> {
    protection: Protection,
    password: &'a Password,
    iterations: u32,
}

impl Writer<'_> {
    fn push_entry(
        &self,
        file: &mut Vec<u8>,
        entry: &Entry,
        alias: &str,
        rng: &mut impl CryptoRng,
    ) -> Option<()> {
        let push_head = |file: &mut Vec<u8>, tag: u32| {
            file.extend(tag.to_be_bytes());
            file.extend(to_counted_text(alias)?);
            file.extend(entry.created_ms.to_be_bytes());
            Some(())
        };
        match &entry.content {
            Content::KeyPair(pair) => {
                push_head(file, PRIVATE_KEY)?;
                push_counted(file, &self.generate_protected(&pair.key.to_pkcs8_der(), rng)?)?;
                file.extend(u32::try_from(pair.chain.len()).ok()?.to_be_bytes());
                pair.chain.iter().try_for_each(|certificate| push_certificate(file, certificate))
            }
            Content::TrustedCertificate(certificate) => {
                push_head(file, TRUSTED_CERTIFICATE)?;
                push_certificate(file, certificate)
            }
            Content::SecretKey(key) => {
                push_head(file, SECRET_KEY)?;
                file.extend(generate_sealed(key, self.password, self.iterations, rng)?);
                Some(())
            }
        }
    }

    /// A protected key with all that says how.
    fn generate_protected(&self, pkcs8: &SecretBytes, rng: &mut impl CryptoRng) -> Option<Vec<u8>> {
        if self.protection == Protection::Jks {
            return generate_jks_protected(pkcs8.as_bytes(), self.password, rng).ok();
        }
        let parameters = Parameters::generate(self.iterations, rng);
        let ciphertext = parameters.encrypt(pkcs8.as_bytes(), self.password)?;
        let parameters = parameters.to_der().ok()?;
        let algorithm = AlgorithmIdentifierRef {
            oid: JCEKS_PROTECTOR,
            parameters: Some(AnyRef::from_der(&parameters).ok()?),
        };
        ProtectedKey { algorithm, ciphertext: OctetStringRef::new(&ciphertext).ok()? }.to_der().ok()
    }
}

fn push_certificate(file: &mut Vec<u8>, certificate: &Certificate) -> Option<()> {
    file.extend(to_counted_text("X.509")?);
    push_counted(file, certificate.der())
}

/// Whether `contents` holds these entries and nothing else.
fn is_same(entries: &[&Entry], aliases: &[String], contents: &Contents) -> bool {
    let mut pairs = contents.key_pairs.iter();
    let mut certificates = contents.certificates.iter();
    let mut secret_keys = contents.secret_keys.iter();
    let all_there = entries.iter().zip(aliases).all(|(entry, alias)| {
        let alias = Some(alias).filter(|alias| !alias.is_empty());
        let (name, created_ms, same) = match &entry.content {
            Content::KeyPair(pair) => match pairs.next() {
                Some(found) => {
                    let same_key = found.key.to_pkcs8_der() == pair.key.to_pkcs8_der();
                    (&found.alias, found.created_ms, same_key && found.chain == pair.chain)
                }
                None => return false,
            },
            Content::TrustedCertificate(certificate) => match certificates.next() {
                Some(found) => (&found.alias, found.created_ms, found.certificate == *certificate),
                None => return false,
            },
            Content::SecretKey(key) => match secret_keys.next() {
                Some(found) => (&found.alias, found.created_ms, found.key == *key),
                None => return false,
            },
        };
        same && name.as_ref() == alias && created_ms == Some(entry.created_ms)
    });
    all_there
        && pairs.next().is_none()
        && certificates.next().is_none()
        && secret_keys.next().is_none()
        && contents.locked.is_empty()
        && contents.unusable_keys.is_empty()
        && contents.others.is_empty()
}
