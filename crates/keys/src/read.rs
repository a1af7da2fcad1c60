//! Reading a private key whose format nobody has said: PKCS#8, encrypted PKCS#8, PKCS#1, SEC 1 or OpenSSL's DSA, as DER,
//! PEM or bare base64, with the old encryption of PEM too; OpenSSH; JWK.
//!
//! Labels are a hint alone: the content decides.

use certwright_encoding::{
    base64::parse_base64,
    pem::{PemBlock, PemBlocks, parse_pem},
    sniff::{Kind, recognise},
};
use der::{Decode as _, asn1::ObjectIdentifier};

use crate::{
    error::ReadKeyError,
    jwk::{is_jwk, read_private_jwk},
    openssh::parse_openssh,
    password_based::{Budget, EncodedPassword, MAX_ITERATIONS},
    pkcs1::parse_pkcs1,
    pkcs8::parse_pkcs8,
    pkcs8_encrypted::{decrypt_pkcs8, parse_pkcs8_encrypted},
    private::PrivateKey,
    sec1::parse_sec1,
    secret::Password,
    traditional_pem::{decrypt_block, is_encrypted, parse_traditional_dsa},
};

pub use crate::public_key::read_public_key;

/// What a try at an encrypted OpenSSH key takes of a budget, in iterations: more than its usual 16 or 24 rounds of bcrypt, less than the most.
const OPENSSH_COST: u64 = MAX_ITERATIONS / 10;

/// Reads the private key in `bytes`; of several in a PEM text or a JWK set, the first.
///
/// # Errors
/// `NoKey` if there is nothing that looks like a private key, otherwise see [`ReadKeyError`].
pub fn read_private_key(bytes: &[u8], password: Option<&Password>) -> Result<PrivateKey, ReadKeyError> {
    match recognise(bytes) {
        Kind::Pem => read_pem(&parse_pem(bytes), password),
        Kind::OpenSshKey if !bytes.starts_with(b"openssh-key-v1\0") => read_pem(&parse_pem(bytes), password),
        Kind::Base64 => {
            let der = parse_base64(bytes).map_err(|_| ReadKeyError::NoKey)?;
            read_der(&der, recognise(&der), password)
        }
        _ if is_jwk(bytes) => read_private_jwk(bytes),
        kind => read_der(bytes, kind, password),
    }
}

/// Whether a PEM block of this label holds a private key.
pub fn is_private_key_label(label: &str) -> bool {
    label.ends_with("PRIVATE KEY")
}

fn read_pem(found: &PemBlocks, password: Option<&Password>) -> Result<PrivateKey, ReadKeyError> {
    if let Some(block) = found.blocks.iter().find(|block| is_private_key_label(&block.label)) {
        let curve = found.blocks.iter().find(|block| block.label == "EC PARAMETERS");
        let curve = curve.and_then(|block| ObjectIdentifier::from_der(&block.der).ok());
        return read_block(block, curve, password);
    }
    let broken = found.broken.iter().find(|broken| broken.label.as_deref().is_none_or(is_private_key_label));
    Err(broken.map_or(ReadKeyError::NoKey, |broken| ReadKeyError::Malformed { offset: Some(broken.offset) }))
}

/// Reads the private key in a PEM block of a text that may have many, whose derivations share a budget.
///
/// # Errors
/// `TooExpensive` if the budget does not suffice; otherwise see [`ReadKeyError`].
pub fn read_pem_block(
    block: &PemBlock,
    password: Option<&Password>,
    budget: &mut Budget,
) -> Result<PrivateKey, ReadKeyError> {
    let Some(some) = password else { return read_block(block, None, None) };
    if is_encrypted(block) {
        return read_block(block, None, password);
    }
    match recognise(&block.der) {
        Kind::Pkcs8Encrypted => {
            parse_pkcs8(decrypt_pkcs8(&block.der, &EncodedPassword::new(some), budget)?.as_bytes())
        }
        Kind::OpenSshKey => {
            budget.spend(OPENSSH_COST)?;
            read_block(block, None, password)
        }
        _ => read_block(block, None, password),
    }
}

/// `curve` is what a block `EC PARAMETERS` beside it says.
fn read_block(
    block: &PemBlock,
    curve: Option<ObjectIdentifier>,
    password: Option<&Password>,
) -> Result<PrivateKey, ReadKeyError> {
    if is_encrypted(block) {
        let plain = decrypt_block(block, password)?;
        return match read_content(&block.label, plain.as_bytes(), curve, None) {
            // One wrong password in 256 leaves valid padding, and then no structure.
            Err(ReadKeyError::NoKey | ReadKeyError::Malformed { .. }) => Err(ReadKeyError::WrongPassword),
            other => other,
        };
    }
    read_content(&block.label, &block.der, curve, password)
}

fn read_content(
    label: &str,
    der: &[u8],
    curve: Option<ObjectIdentifier>,
    password: Option<&Password>,
) -> Result<PrivateKey, ReadKeyError> {
    let by_label = match label {
        "RSA PRIVATE KEY" => parse_pkcs1(der),
        "EC PRIVATE KEY" => parse_sec1(der, curve),
        "DSA PRIVATE KEY" => parse_traditional_dsa(der),
        "PRIVATE KEY" => parse_pkcs8(der),
        "ENCRYPTED PRIVATE KEY" => parse_pkcs8_encrypted(der, password),
        "OPENSSH PRIVATE KEY" => parse_openssh(der, password),
        _ => return read_der(der, recognise(der), password),
    };
    by_label.or_else(|error| match error {
        // Labels are often wrong after an edit by hand.
        ReadKeyError::Malformed { offset } => match read_der(der, recognise(der), password) {
            Err(ReadKeyError::NoKey | ReadKeyError::Malformed { .. }) => {
                Err(ReadKeyError::Malformed { offset })
            }
            other => other,
        },
        error => Err(error),
    })
}

/// Reads a private key in DER or in OpenSSH's binary form, already recognised as `kind`.
///
/// # Errors
/// `NoKey` if `kind` is no private key, otherwise see [`ReadKeyError`].
pub fn read_der(der: &[u8], kind: Kind, password: Option<&Password>) -> Result<PrivateKey, ReadKeyError> {
    match kind {
        Kind::Pkcs8 => parse_pkcs8(der),
        Kind::Pkcs8Encrypted => parse_pkcs8_encrypted(der, password),
        // OpenSSL's DSA key is a row of numbers too, and a shorter one.
        Kind::Pkcs1 => parse_pkcs1(der).or_else(|error| parse_traditional_dsa(der).map_err(|_| error)),
        Kind::Sec1 => parse_sec1(der, None),
        Kind::OpenSshKey => parse_openssh(der, password),
        _ => Err(ReadKeyError::NoKey),
    }
}
