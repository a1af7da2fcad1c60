//! Reading a private key whose format nobody has said: PKCS#8, encrypted PKCS#8, PKCS#1 or SEC 1, as DER,
//! PEM or bare base64.
//!
//! Refused: OpenSSH keys (by name), and the older encryption of OpenSSL's PEM (`DEK-Info`).

use certwright_encoding::{
    base64::parse_base64,
    pem::{PemBlock, parse_pem},
    sniff::{Kind, recognise},
};

use crate::{
    error::ReadKeyError, pkcs1::parse_pkcs1, pkcs8::parse_pkcs8, pkcs8_encrypted::parse_pkcs8_encrypted,
    private::PrivateKey, sec1::parse_sec1, secret::Password,
};

/// Reads the private key in `bytes`; of several in a PEM text, the first.
///
/// # Errors
/// `NoKey` if there is nothing that looks like a private key, otherwise see [`ReadKeyError`].
pub fn read_private_key(bytes: &[u8], password: Option<&Password>) -> Result<PrivateKey, ReadKeyError> {
    match recognise(bytes) {
        Kind::Pem => {
            let found = parse_pem(bytes);
            if let Some(block) = found.blocks.iter().find(|block| is_private_key_label(&block.label)) {
                return read_pem_block(block, password);
            }
            let broken =
                found.broken.iter().find(|broken| broken.label.as_deref().is_none_or(is_private_key_label));
            Err(broken.map_or(ReadKeyError::NoKey, |broken| ReadKeyError::Malformed {
                offset: Some(broken.offset),
            }))
        }
        Kind::Base64 => {
            let der = parse_base64(bytes).map_err(|_| ReadKeyError::NoKey)?;
            read_der(&der, recognise(&der), password)
        }
        kind => read_der(bytes, kind, password),
    }
}

/// Whether a PEM block of this label holds a private key.
pub fn is_private_key_label(label: &str) -> bool {
    label.ends_with("PRIVATE KEY")
}

/// Reads the private key in a PEM block.
///
/// # Errors
/// See [`ReadKeyError`].
pub fn read_pem_block(block: &PemBlock, password: Option<&Password>) -> Result<PrivateKey, ReadKeyError> {
    if let Some(info) = block.header("DEK-Info") {
        let cipher = info.split(',').next().unwrap_or_default().trim().to_owned();
        return Err(ReadKeyError::UnsupportedPemEncryption { cipher });
    }
    match block.label.as_str() {
        "RSA PRIVATE KEY" => parse_pkcs1(&block.der),
        "EC PRIVATE KEY" => parse_sec1(&block.der, None),
        "PRIVATE KEY" => parse_pkcs8(&block.der),
        "ENCRYPTED PRIVATE KEY" => parse_pkcs8_encrypted(&block.der, password),
        "OPENSSH PRIVATE KEY" => Err(ReadKeyError::UnsupportedAlgorithm { oid: "openssh-key-v1".to_owned() }),
        _ => read_der(&block.der, recognise(&block.der), password),
    }
    .or_else(|error| match (error, recognise(&block.der)) {
        // Labels are often wrong after an edit by hand; the content decides.
        (ReadKeyError::Malformed { offset }, kind) => match read_der(&block.der, kind, password) {
            Err(ReadKeyError::NoKey | ReadKeyError::Malformed { .. }) => {
                Err(ReadKeyError::Malformed { offset })
            }
            other => other,
        },
        (error, _) => Err(error),
    })
}

/// Reads a private key in DER, already recognised as `kind`.
///
/// # Errors
/// `NoKey` if `kind` is no private key, otherwise see [`ReadKeyError`].
pub fn read_der(der: &[u8], kind: Kind, password: Option<&Password>) -> Result<PrivateKey, ReadKeyError> {
    match kind {
        Kind::Pkcs8 => parse_pkcs8(der),
        Kind::Pkcs8Encrypted => parse_pkcs8_encrypted(der, password),
        Kind::Pkcs1 => parse_pkcs1(der),
        Kind::Sec1 => parse_sec1(der, None),
        Kind::OpenSshKey => Err(ReadKeyError::UnsupportedAlgorithm { oid: "openssh-key-v1".to_owned() }),
        _ => Err(ReadKeyError::NoKey),
    }
}
