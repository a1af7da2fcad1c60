//! Writing PKCS#12 as OpenSSL 3 and Java 17 do: PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA-256, MAC with HMAC-SHA-256.
//!
//! Aliases keep their case: Java folds it when it loads a file. Trusted certificates carry Java's mark, without which
//! Java does not list them. What has been written is read back and compared before it is given away.

use certwright_certs::Certificate;
use certwright_keys::{
    Password,
    password_based::{EncodedPassword, generate_encrypted},
    pkcs8_encrypted::generate_pkcs8_encrypted,
};
use der::{
    Decode, Encode, Tag,
    asn1::{Any, ObjectIdentifier, OctetString, SetOfVec},
};
use rand_core::CryptoRng;
use spki::AlgorithmIdentifierOwned;
use thiserror::Error;

use super::{
    mac, parse_pkcs12,
    structures::{
        ANY_EXTENDED_KEY_USAGE, Attribute, CERT_BAG, CertBag, ContentInfo, DATA, DigestInfo, ENCRYPTED_DATA,
        EncryptedContentInfo, EncryptedData, FRIENDLY_NAME, LOCAL_KEY_ID, MacData, Pfx, SHA256,
        SHROUDED_KEY_BAG, SafeBag, TRUSTED_KEY_USAGE, X509_CERTIFICATE,
    },
};
use crate::{
    contents::Contents,
    entry::{Content, Entry},
};

/// Iterations of each derivation. Java writes 10 000 and OpenSSL 2048, which a graphics card tries in no time; Java reads
/// up to 5 000 000. This many take a browser a tenth of a second. They hold for keys, certificates and MAC alike, as a
/// guess at the password costs what the cheapest of them costs.
const ITERATIONS: u32 = 100_000;
/// Iterations in a whole file: one with very many keys takes fewer for each, so that it opens in bounded time.
const ITERATIONS_OF_FILE: u32 = 10_000_000;
const LEAST_ITERATIONS: u32 = 10_000;

/// Why a PKCS#12 file could not be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WritePkcs12Error {
    /// There are no entries.
    #[error("nothing to write")]
    NoEntries,
    /// The password is empty, which the readers understand in different ways.
    #[error("empty password")]
    EmptyPassword,
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

/// Whether Java can open a file under this password: its PBES2 takes printable ASCII alone (seen with Java 17), and it calls
/// any other password incorrect. OpenSSL takes any.
pub fn is_password_for_java(password: &Password) -> bool {
    password.as_str().bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

/// Writes entries to a PKCS#12 file under a password. For Java see [`is_password_for_java`].
///
/// # Errors
/// See [`WritePkcs12Error`].
pub fn to_pkcs12(
    entries: &[&Entry],
    password: &Password,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, WritePkcs12Error> {
    if entries.is_empty() {
        return Err(WritePkcs12Error::NoEntries);
    }
    if password.is_empty() {
        return Err(WritePkcs12Error::EmptyPassword);
    }
    let derivations = u32::try_from(entries.len()).unwrap_or(u32::MAX).saturating_add(2);
    let iterations = (ITERATIONS_OF_FILE / derivations).clamp(LEAST_ITERATIONS, ITERATIONS);

    let (keys, certificates) = to_bags(entries, password, iterations, rng)?;
    let mut parts = Vec::new();
    if !keys.is_empty() {
        parts.push(ContentInfo::data(&keys)?);
    }
    if !certificates.is_empty() {
        parts.push(to_encrypted_part(&certificates, password, iterations, rng)?);
    }
    let safe = parts.to_der()?;
    let mut salt = [0; 16];
    rng.fill_bytes(&mut salt);
    let digest = mac::to_mac(&EncodedPassword::new(password), &salt, iterations, &safe);
    let pfx = Pfx {
        version: 3,
        auth_safe: ContentInfo { content_type: DATA, content: Any::encode_from(&OctetString::new(safe)?)? },
        mac_data: MacData {
            mac: DigestInfo {
                algorithm: AlgorithmIdentifierOwned { oid: SHA256, parameters: Some(Any::null()) },
                digest: OctetString::new(digest)?,
            },
            salt: OctetString::new(salt)?,
            iterations,
        },
    };
    let file = pfx.to_der()?;
    match parse_pkcs12(&file, Some(password)) {
        Ok(contents) if is_same(entries, &contents) => Ok(file),
        _ => Err(WritePkcs12Error::NotReadBack),
    }
}

/// The bags of keys, and those of certificates: first chains, then trusted certificates, since Java takes the first
/// certificate of a subject when it builds a chain.
fn to_bags(
    entries: &[&Entry],
    password: &Password,
    iterations: u32,
    rng: &mut impl CryptoRng,
) -> Result<(Vec<SafeBag>, Vec<SafeBag>), WritePkcs12Error> {
    let mut keys = Vec::new();
    let mut leaves = Vec::new();
    let mut issuers: Vec<&Certificate> = Vec::new();
    let mut trusted = Vec::new();
    let mut local_ids: Vec<Vec<u8>> = Vec::new();
    for entry in entries {
        match &entry.content {
            Content::KeyPair(pair) => {
                let local_id = to_local_id(entry.created_ms, &local_ids);
                let attributes = || {
                    Ok::<_, der::Error>(vec![
                        Attribute::new(FRIENDLY_NAME, to_bmp_string(&entry.alias)?)?,
                        Attribute::new(
                            LOCAL_KEY_ID,
                            Any::encode_from(&OctetString::new(local_id.clone())?)?,
                        )?,
                    ])
                };
                let encrypted = generate_pkcs8_encrypted(&pair.key, password, iterations, rng)
                    .map_err(|_| WritePkcs12Error::Encoding)?;
                keys.push(to_bag(SHROUDED_KEY_BAG, Any::from_der(&encrypted)?, attributes()?)?);
                if let Some((leaf, rest)) = pair.chain.split_first() {
                    leaves.push(to_certificate_bag(leaf, attributes()?)?);
                    for issuer in rest {
                        if !issuers.contains(&issuer) {
                            issuers.push(issuer);
                        }
                    }
                }
                local_ids.push(local_id);
            }
            Content::TrustedCertificate(certificate) => {
                let attributes = vec![
                    Attribute::new(FRIENDLY_NAME, to_bmp_string(&entry.alias)?)?,
                    Attribute::new(TRUSTED_KEY_USAGE, Any::encode_from(&ANY_EXTENDED_KEY_USAGE)?)?,
                ];
                trusted.push(to_certificate_bag(certificate, attributes)?);
            }
        }
    }
    let mut certificates = leaves;
    for issuer in issuers {
        certificates.push(to_certificate_bag(issuer, Vec::new())?);
    }
    certificates.append(&mut trusted);
    Ok((keys, certificates))
}

fn to_bag(bag_id: ObjectIdentifier, value: Any, attributes: Vec<Attribute>) -> der::Result<SafeBag> {
    let attributes = if attributes.is_empty() { None } else { Some(SetOfVec::try_from(attributes)?) };
    Ok(SafeBag { bag_id, value, attributes })
}

fn to_certificate_bag(certificate: &Certificate, attributes: Vec<Attribute>) -> der::Result<SafeBag> {
    let bag = CertBag { cert_id: X509_CERTIFICATE, value: OctetString::new(certificate.der())? };
    to_bag(CERT_BAG, Any::encode_from(&bag)?, attributes)
}

fn to_encrypted_part(
    bags: &Vec<SafeBag>,
    password: &Password,
    iterations: u32,
    rng: &mut impl CryptoRng,
) -> Result<ContentInfo, WritePkcs12Error> {
    let encrypted = generate_encrypted(password, &bags.to_der()?, iterations, rng)
        .map_err(|_| WritePkcs12Error::Encoding)?;
    let content = EncryptedData {
        version: 0,
        content: EncryptedContentInfo {
            content_type: DATA,
            algorithm: AlgorithmIdentifierOwned::from_der(&encrypted.algorithm)?,
            ciphertext: OctetString::new(encrypted.ciphertext)?,
        },
    };
    Ok(ContentInfo { content_type: ENCRYPTED_DATA, content: Any::encode_from(&content)? })
}

/// Java's local identifier, which is also how it keeps the date of a key. It has to differ from the others.
fn to_local_id(created_ms: i64, taken: &[Vec<u8>]) -> Vec<u8> {
    let mut time = created_ms;
    loop {
        let local_id = format!("Time {time}").into_bytes();
        if !taken.contains(&local_id) {
            return local_id;
        }
        time = time.wrapping_add(1);
    }
}

fn to_bmp_string(text: &str) -> der::Result<Any> {
    Any::new(Tag::BmpString, text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>())
}

/// Whether everything in `entries` is in `contents` too: names, keys, certificates.
fn is_same(entries: &[&Entry], contents: &Contents) -> bool {
    let pairs = entries.iter().filter_map(|entry| Some((entry, entry.key_pair()?)));
    let trusted = entries.iter().filter_map(|entry| Some((entry, entry.trusted_certificate()?)));
    let all: Vec<&Certificate> = contents
        .key_pairs
        .iter()
        .flat_map(|pair| &pair.chain)
        .chain(contents.certificates.iter().map(|found| &found.certificate))
        .collect();
    let pairs_are_there = pairs.clone().count() == contents.key_pairs.len()
        && pairs.zip(&contents.key_pairs).all(|((entry, pair), found)| {
            found.alias.as_deref() == Some(entry.alias.as_str())
                && found.key.to_pkcs8_der() == pair.key.to_pkcs8_der()
                && found.chain.first() == pair.chain.first()
                && pair.chain.iter().all(|certificate| all.contains(&certificate))
        });
    let mut marked = contents.certificates.iter().filter(|found| found.java_trusted);
    pairs_are_there
        && contents.unusable_keys.is_empty()
        && contents.others.is_empty()
        && trusted.into_iter().all(|(entry, certificate)| {
            marked.next().is_some_and(|found| {
                found.certificate == *certificate && found.alias.as_deref() == Some(entry.alias.as_str())
            })
        })
        && marked.next().is_none()
}
