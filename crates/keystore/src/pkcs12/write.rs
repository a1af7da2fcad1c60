//! Writing PKCS#12 for a [`Pkcs12Target`].
//!
//! Trusted certificates carry Java's mark, without which Java does not list them. A certificate of an issuer that stands in
//! several chains, or is trusted or somebody's own as well, is written once: all readers look for issuers in the whole file.
//! What has been written is read back and compared before it is given away. Refused: entries that are locked, secret keys
//! for targets that do not know them.

use std::collections::HashSet;

use certwright_certs::Certificate;
use certwright_keys::{
    Password, SecretBytes,
    password_based::{EncodedPassword, Encrypted, generate_encrypted, triple_des::generate_encrypted_3des},
    secret::Passwords,
};
use der::{
    Decode, Encode, Sequence, Tag,
    asn1::{Any, ObjectIdentifier, OctetString, SetOfVec},
};
use rand_core::CryptoRng;
use sha1::{Digest, Sha1};
use spki::AlgorithmIdentifierOwned;
use thiserror::Error;

use super::{
    mac, parse_pkcs12,
    secret::{SecretBag, to_secret_key_info},
    structures::{
        ANY_EXTENDED_KEY_USAGE, Attribute, CERT_BAG, CertBag, ContentInfo, DATA, DigestInfo, ENCRYPTED_DATA,
        EncryptedContentInfo, EncryptedData, FRIENDLY_NAME, LOCAL_KEY_ID, MacData, Pfx, SECRET_BAG, SHA1,
        SHA256, SHROUDED_KEY_BAG, SafeBag, TRUSTED_KEY_USAGE, X509_CERTIFICATE,
    },
    target::{Cipher, MacDigest, Making, Pkcs12Target},
};
use crate::{
    contents::Contents,
    entry::{Content, Entry},
};

/// Iterations in a whole file: one with very many keys takes fewer for each, so that it opens in bounded time.
const ITERATIONS_OF_FILE: u32 = 10_000_000;
const LEAST_ITERATIONS: u32 = 2_000;

/// Why a PKCS#12 file could not be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WritePkcs12Error {
    /// There are no entries.
    #[error("nothing to write")]
    NoEntries,
    /// An entry is locked: its key is never exported.
    #[error("entry {alias:?} is locked")]
    Locked {
        /// Its alias.
        alias: String,
    },
    /// An entry is a symmetric key, and the target knows none.
    #[error("entry {alias:?} is a secret key, which the target does not know")]
    SecretKey {
        /// Its alias.
        alias: String,
        /// For whom the file was to be.
        target: Pkcs12Target,
    },
    /// The algorithm of a symmetric key has no identifier.
    #[error("secret key {alias:?} of unknown algorithm {algorithm:?}")]
    UnknownSecretAlgorithm {
        /// Alias of the entry.
        alias: String,
        /// The algorithm as the entry names it.
        algorithm: String,
    },
    /// The structure cannot be encoded (it is larger than DER allows).
    #[error("cannot be encoded")]
    Encoding,
    /// What was written does not read back as the same.
    #[error("what was written does not read back")]
    NotReadBack,
}

impl From<der::Error> for WritePkcs12Error {
    fn from(_: der::Error) -> Self {
        Self::Encoding
    }
}

/// Writes entries to a PKCS#12 file under a password, which may be empty. See [`Pkcs12Target::password_trouble`].
///
/// # Errors
/// See [`WritePkcs12Error`].
pub fn generate_pkcs12(
    entries: &[&Entry],
    target: Pkcs12Target,
    password: &Password,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, WritePkcs12Error> {
    if entries.is_empty() {
        return Err(WritePkcs12Error::NoEntries);
    }
    let Making { mut iterations, mut mac_iterations, .. } = target.making();
    let derivations = u32::try_from(entries.len()).unwrap_or(u32::MAX).saturating_add(2);
    let most = (ITERATIONS_OF_FILE / derivations).max(LEAST_ITERATIONS);
    iterations = iterations.min(most);
    mac_iterations = mac_iterations.min(most.max(iterations));

    let mut writer = Writer {
        target,
        making: Making { iterations, ..target.making() },
        password,
        encoded: EncodedPassword::new(password),
        rng,
    };
    let (keys, certificates) = writer.generate_bags(entries)?;
    let mut parts = Vec::new();
    if !keys.is_empty() {
        parts.push(ContentInfo::data(&keys)?);
    }
    if !certificates.is_empty() {
        parts.push(writer.generate_encrypted_part(&certificates)?);
    }
    let safe = parts.to_der()?;
    let file = writer.generate_file(safe, mac_iterations)?;
    match parse_pkcs12(&file, &Passwords::from(password.clone())) {
        Ok(contents) if is_same(entries, &contents, &writer.making) => Ok(file),
        _ => Err(WritePkcs12Error::NotReadBack),
    }
}

/// `EncryptedPrivateKeyInfo`.
#[derive(Sequence)]
struct EncryptedPrivateKeyInfo {
    algorithm: AlgorithmIdentifierOwned,
    ciphertext: OctetString,
}

/// Writes the parts of a file.
pub(super) struct Writer<'a, R> {
    pub(super) target: Pkcs12Target,
    pub(super) making: Making,
    /// The password in UTF-8, for PBES2.
    pub(super) password: &'a Password,
    /// The password in UTF-16, for everything else.
    pub(super) encoded: EncodedPassword,
    pub(super) rng: &'a mut R,
}

impl<R: CryptoRng> Writer<'_, R> {
    /// The bags of keys, and those of certificates: first the keys' own, then issuers, then trusted certificates, since Java
    /// takes the first certificate of a subject when it builds a chain.
    fn generate_bags(
        &mut self,
        entries: &[&Entry],
    ) -> Result<(Vec<SafeBag>, Vec<SafeBag>), WritePkcs12Error> {
        let mut keys = Vec::new();
        let mut certificates = Vec::new();
        let mut issuers: Vec<&Certificate> = Vec::new();
        let mut trusted = Vec::new();
        let mut local_ids: HashSet<Vec<u8>> = HashSet::new();
        // What is written anyhow, for itself.
        let mut written: HashSet<&[u8]> =
            entries.iter().filter_map(|entry| entry.certificate()).map(Certificate::der).collect();
        for entry in entries {
            if entry.locked && !matches!(entry.content, Content::TrustedCertificate(_)) {
                return Err(WritePkcs12Error::Locked { alias: entry.alias.clone() });
            }
            let local_id = self.to_local_id(entry, &local_ids);
            let attributes = || {
                let name = name_of_key(entry, &self.making);
                let local_id = OctetString::new(local_id.clone())?;
                Ok::<_, der::Error>(vec![
                    Attribute::new(FRIENDLY_NAME, to_bmp_string(&name)?)?,
                    Attribute::new(LOCAL_KEY_ID, Any::encode_from(&local_id)?)?,
                ])
            };
            match &entry.content {
                Content::KeyPair(pair) => {
                    let own = attributes()?;
                    if let Some((leaf, rest)) = pair.chain.split_first() {
                        certificates.push(to_certificate_bag(leaf, own.clone())?);
                        for issuer in rest {
                            if written.insert(issuer.der()) {
                                issuers.push(issuer);
                            }
                        }
                    }
                    let encrypted = self.generate_encrypted_key(&pair.key.to_pkcs8_der())?;
                    keys.push(to_bag(SHROUDED_KEY_BAG, Any::from_der(&encrypted)?, own)?);
                }
                Content::SecretKey(key) => {
                    let alias = || entry.alias.clone();
                    if !self.making.secret_keys {
                        return Err(WritePkcs12Error::SecretKey { alias: alias(), target: self.target });
                    }
                    let own = attributes()?;
                    let info = to_secret_key_info(key).ok_or_else(|| {
                        let algorithm = key.algorithm.clone();
                        WritePkcs12Error::UnknownSecretAlgorithm { alias: alias(), algorithm }
                    })?;
                    let encrypted = self.generate_encrypted_key(&info?)?;
                    let value = SecretBag::to_any(SHROUDED_KEY_BAG, encrypted)?;
                    keys.push(to_bag(SECRET_BAG, value, own)?);
                }
                Content::TrustedCertificate(certificate) => {
                    let attributes = vec![
                        Attribute::new(FRIENDLY_NAME, to_bmp_string(&entry.alias)?)?,
                        Attribute::new(TRUSTED_KEY_USAGE, Any::encode_from(&ANY_EXTENDED_KEY_USAGE)?)?,
                    ];
                    trusted.push(to_certificate_bag(certificate, attributes)?);
                }
            }
            local_ids.insert(local_id);
        }
        for issuer in issuers {
            certificates.push(to_certificate_bag(issuer, Vec::new())?);
        }
        certificates.append(&mut trusted);
        Ok((keys, certificates))
    }

    /// Java's local identifier, which is also how it keeps the date of a key and has to differ from the others; or the SHA-1
    /// of the certificate (of the public key, where there is none), as OpenSSL has it.
    fn to_local_id(&self, entry: &Entry, taken: &HashSet<Vec<u8>>) -> Vec<u8> {
        if !self.making.java_dates {
            let certificate = entry.certificate().map(Certificate::der);
            let key = entry.key_pair().map(|pair| pair.key.public_key().spki_der());
            return Sha1::digest(certificate.or(key).unwrap_or_default()).to_vec();
        }
        let mut time = entry.created_ms;
        loop {
            let local_id = format!("Time {time}").into_bytes();
            if !taken.contains(&local_id) {
                return local_id;
            }
            time = time.wrapping_add(1);
        }
    }

    pub(super) fn generate_encrypted_key(&mut self, info: &SecretBytes) -> Result<Vec<u8>, WritePkcs12Error> {
        let Encrypted { algorithm, ciphertext } = self.encrypt(info.as_bytes())?;
        let info = EncryptedPrivateKeyInfo {
            algorithm: AlgorithmIdentifierOwned::from_der(&algorithm)?,
            ciphertext: OctetString::new(ciphertext)?,
        };
        Ok(info.to_der()?)
    }

    pub(super) fn generate_encrypted_part(
        &mut self,
        bags: &Vec<SafeBag>,
    ) -> Result<ContentInfo, WritePkcs12Error> {
        let Encrypted { algorithm, ciphertext } = self.encrypt(&bags.to_der()?)?;
        let content = EncryptedData {
            version: 0,
            content: EncryptedContentInfo {
                content_type: DATA,
                algorithm: AlgorithmIdentifierOwned::from_der(&algorithm)?,
                ciphertext: OctetString::new(ciphertext)?,
            },
        };
        Ok(ContentInfo { content_type: ENCRYPTED_DATA, content: Any::encode_from(&content)? })
    }

    fn encrypt(&mut self, plain: &[u8]) -> Result<Encrypted, WritePkcs12Error> {
        let iterations = self.making.iterations;
        match self.making.cipher {
            Cipher::Aes256 => generate_encrypted(self.password, plain, iterations, self.rng),
            Cipher::TripleDes => generate_encrypted_3des(&self.encoded, plain, iterations, self.rng),
        }
        .map_err(|_| WritePkcs12Error::Encoding)
    }

    pub(super) fn generate_file(
        &mut self,
        safe: Vec<u8>,
        iterations: u32,
    ) -> Result<Vec<u8>, WritePkcs12Error> {
        let mut salt = [0; 16];
        self.rng.fill_bytes(&mut salt);
        let oid = match self.making.mac {
            MacDigest::Sha1 => SHA1,
            MacDigest::Sha256 => SHA256,
        };
        let digest = mac::to_mac(self.making.mac, &self.encoded, &salt, iterations, &safe);
        let content = Any::encode_from(&OctetString::new(safe)?)?;
        let pfx = Pfx {
            version: 3,
            auth_safe: ContentInfo { content_type: DATA, content },
            mac_data: MacData {
                mac: DigestInfo {
                    algorithm: AlgorithmIdentifierOwned { oid, parameters: Some(Any::null()) },
                    digest: OctetString::new(digest)?,
                },
                salt: OctetString::new(salt)?,
                iterations,
            },
        };
        Ok(pfx.to_der()?)
    }
}

/// The name under which a key is written.
fn name_of_key(entry: &Entry, making: &Making) -> String {
    if making.lower_case_keys { entry.alias.to_lowercase() } else { entry.alias.clone() }
}

pub(super) fn to_bag(
    bag_id: ObjectIdentifier,
    value: Any,
    attributes: Vec<Attribute>,
) -> der::Result<SafeBag> {
    let attributes = if attributes.is_empty() { None } else { Some(SetOfVec::try_from(attributes)?) };
    Ok(SafeBag { bag_id, value, attributes })
}

pub(super) fn to_certificate_bag(
    certificate: &Certificate,
    attributes: Vec<Attribute>,
) -> der::Result<SafeBag> {
    let bag = CertBag { cert_id: X509_CERTIFICATE, value: OctetString::new(certificate.der())? };
    to_bag(CERT_BAG, Any::encode_from(&bag)?, attributes)
}

pub(super) fn to_bmp_string(text: &str) -> der::Result<Any> {
    Any::new(Tag::BmpString, text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>())
}

/// Whether everything in `entries` is in `contents` too: names, keys, certificates.
fn is_same(entries: &[&Entry], contents: &Contents, making: &Making) -> bool {
    let all: HashSet<&[u8]> = contents
        .key_pairs
        .iter()
        .flat_map(|pair| &pair.chain)
        .chain(contents.certificates.iter().map(|found| &found.certificate))
        .map(Certificate::der)
        .collect();
    let mut pairs = contents.key_pairs.iter();
    let mut secrets = contents.secret_keys.iter();
    let mut trusted = contents.certificates.iter().filter(|found| found.java_trusted);
    let has_name = |alias: &Option<String>, name: &str| alias.as_deref() == Some(name.trim());
    let entries_are_there = entries.iter().all(|entry| {
        let name = name_of_key(entry, making);
        match &entry.content {
            Content::KeyPair(pair) => pairs.next().is_some_and(|found| {
                has_name(&found.alias, &name)
                    && found.key.to_pkcs8_der() == pair.key.to_pkcs8_der()
                    && found.chain.first() == pair.chain.first()
                    && pair.chain.iter().all(|certificate| all.contains(certificate.der()))
            }),
            Content::SecretKey(key) => secrets
                .next()
                .is_some_and(|found| has_name(&found.alias, &name) && found.key.bytes == key.bytes),
            Content::TrustedCertificate(certificate) => trusted.next().is_some_and(|found| {
                has_name(&found.alias, &entry.alias) && found.certificate == *certificate
            }),
        }
    });
    entries_are_there
        && pairs.next().is_none()
        && secrets.next().is_none()
        && trusted.next().is_none()
        && contents.unusable_keys.is_empty()
        && contents.locked.is_empty()
        && contents.others.is_empty()
}
