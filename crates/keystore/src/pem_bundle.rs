//! PEM text with anything in it: certificates, private keys in all formats (also encrypted), public keys, signing requests,
//! PKCS#7.
//!
//! Order does not matter: a certificate finds its key by public key. What `openssl pkcs12` prints before a block gives its
//! name (`friendlyName: …`) and which certificate is whose (`localKeyID: …`). A block that is broken or of no use is named in
//! the result and does not keep the others from being read.

mod write;

use std::collections::HashSet;

use certwright_certs::{Certificate, SigningRequest};
use certwright_encoding::{
    pem::{PemBlock, parse_pem},
    sniff::{Kind, recognise},
};
use certwright_keys::{
    PrivateKey, ReadKeyError, SecretBytes,
    password_based::{Budget, EncodedPassword},
    pkcs8_encrypted::decrypt_pkcs8,
    public_key::is_public_key_label,
    read::{is_private_key_label, read_pem_block, read_public_key},
    secret::Passwords,
};
use thiserror::Error;

use crate::{
    contents::{
        Contents, LockedEntry, LockedKind, LooseCertificate, LooseKey, LooseLocked, OtherItem, OtherKind,
        UnusableKey, assemble,
    },
    pkcs7::parse_pkcs7_der,
};
pub use write::{WritePemError, generate_pem, to_pem_chain};

/// What was found in a PEM text.
#[derive(Clone, Debug, Default)]
pub struct PemBundle {
    /// Keys (with or without certificates) and certificates.
    pub contents: Contents,
    /// Signing requests.
    pub requests: Vec<SigningRequest>,
}

/// Why a PEM text could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadPemError {
    /// There is no block, or none that is of use.
    #[error("nothing of use in the text")]
    Nothing {
        /// What there was.
        others: Vec<OtherItem>,
    },
    /// A private key in it is encrypted.
    #[error("a password is needed")]
    NeedsPassword,
    /// No password opens any of the encrypted keys, and there is no other key.
    #[error("wrong password")]
    WrongPassword,
    /// The only thing in the text is a private key that cannot be used.
    #[error(transparent)]
    Key(ReadKeyError),
}

/// Reads everything in a PEM text, each encrypted key with the first password that fits it.
///
/// # Errors
/// See [`ReadPemError`].
pub fn parse_pem_bundle(text: &[u8], passwords: &Passwords) -> Result<PemBundle, ReadPemError> {
    let found = parse_pem(text);
    let mut reader = Reader::default();
    for block in &found.blocks {
        reader.read_block(block, passwords)?;
    }
    for broken in found.broken {
        let what = OtherKind::BrokenPem { offset: broken.offset, label: broken.label, error: broken.error };
        reader.others.push(OtherItem { alias: None, what });
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    /// What all encrypted keys of the text may cost together.
    budget: Budget,
    keys: Vec<LooseKey>,
    /// Keys whose public half has to come from a certificate, as PKCS#8, and what is wrong without it.
    halves: Vec<(Attributes, SecretBytes, ReadKeyError)>,
    locked: Vec<LooseLocked>,
    certificates: Vec<LooseCertificate>,
    seen: HashSet<[u8; 32]>,
    requests: Vec<SigningRequest>,
    contents: Contents,
    others: Vec<OtherItem>,
}

/// What the text before a block says about it.
#[derive(Clone, Default)]
struct Attributes {
    alias: Option<String>,
    local_id: Option<Vec<u8>>,
}

impl Reader {
    fn read_block(&mut self, block: &PemBlock, passwords: &Passwords) -> Result<(), ReadPemError> {
        let attributes = parse_attributes(&block.before);
        if is_private_key_label(&block.label) {
            return self.read_key(block, attributes, passwords);
        }
        // Labels are often wrong, so what is known by its content is read as that.
        match (recognise(&block.der), block.label.as_str()) {
            (Kind::Pkcs7, _) => match parse_pkcs7_der(&block.der) {
                Ok(certificates) => {
                    for certificate in certificates {
                        self.take_certificate(certificate, Attributes::default());
                    }
                }
                Err(_) => self.foreign(block),
            },
            (Kind::CertificateRequest, _) | (_, "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST") => {
                match SigningRequest::from_der(&block.der) {
                    Ok(request) => self.requests.push(request),
                    Err(error) => self.other(attributes.alias, OtherKind::BrokenRequest(error)),
                }
            }
            (Kind::Certificate, _) | (_, "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE") => {
                match Certificate::from_der(trusted_part(block)) {
                    Ok(certificate) => self.take_certificate(certificate, attributes),
                    Err(error) => self.other(attributes.alias, OtherKind::BrokenCertificate(error)),
                }
            }
            (Kind::PublicKey, _) => self.read_public_key(block),
            (_, label) if is_public_key_label(label) => self.read_public_key(block),
            (Kind::Pkcs8 | Kind::Pkcs8Encrypted | Kind::Pkcs1 | Kind::Sec1, _) => {
                return self.read_key(block, attributes, passwords);
            }
            _ => self.foreign(block),
        }
        Ok(())
    }

    fn read_key(
        &mut self,
        block: &PemBlock,
        attributes: Attributes,
        passwords: &Passwords,
    ) -> Result<(), ReadPemError> {
        let mut result = read_pem_block(block, None, &mut self.budget);
        if matches!(result, Err(ReadKeyError::NeedsPassword)) {
            if passwords.is_empty() {
                return Err(ReadPemError::NeedsPassword);
            }
            for password in passwords {
                result = read_pem_block(block, Some(password), &mut self.budget);
                if !matches!(result, Err(ReadKeyError::WrongPassword)) {
                    break;
                }
            }
        }
        let Attributes { alias, local_id } = attributes.clone();
        match result {
            Ok(key) => self.keys.push(LooseKey { alias, key, local_id }),
            Err(ReadKeyError::WrongPassword) => {
                let what = LockedKind::PrivateKey;
                let entry = LockedEntry { alias, chain: Vec::new(), created_ms: None, what };
                self.locked.push(LooseLocked { entry, local_id });
            }
            Err(error @ ReadKeyError::PublicKeyUnknown { .. }) => {
                match to_pkcs8(block, passwords, &mut self.budget) {
                    Some(pkcs8) => self.halves.push((attributes, pkcs8, error)),
                    None => self.contents.unusable_keys.push(UnusableKey { alias, error }),
                }
            }
            Err(error) => self.contents.unusable_keys.push(UnusableKey { alias, error }),
        }
        Ok(())
    }

    fn read_public_key(&mut self, block: &PemBlock) {
        match read_public_key(&block.der) {
            Ok(key) => self.contents.public_keys.push(key),
            Err(_) => self.foreign(block),
        }
    }

    fn finish(mut self) -> Result<PemBundle, ReadPemError> {
        for (Attributes { alias, local_id }, pkcs8, error) in core::mem::take(&mut self.halves) {
            match find_public_half(&pkcs8, &self.certificates) {
                Some(key) => self.keys.push(LooseKey { alias, key, local_id }),
                None => self.contents.unusable_keys.push(UnusableKey { alias, error }),
            }
        }
        let Self { keys, locked, certificates, requests, mut contents, others, .. } = self;
        if keys.is_empty() && !locked.is_empty() {
            return Err(ReadPemError::WrongPassword);
        }
        let is_nothing = keys.is_empty() && certificates.is_empty() && requests.is_empty();
        if is_nothing && contents.public_keys.is_empty() {
            return Err(match contents.unusable_keys.pop() {
                Some(key) => ReadPemError::Key(key.error),
                None => ReadPemError::Nothing { others },
            });
        }
        let (key_pairs, locked, certificates) = assemble(keys, locked, certificates);
        let contents = Contents { key_pairs, certificates, locked, others, ..contents };
        Ok(PemBundle { contents, requests })
    }

    /// A certificate that is there twice counts once.
    fn take_certificate(&mut self, certificate: Certificate, attributes: Attributes) {
        if self.seen.insert(certificate.fingerprint_sha256()) {
            let Attributes { alias, local_id } = attributes;
            let loose = LooseCertificate { alias, certificate, local_id, java_trusted: false };
            self.certificates.push(loose);
        }
    }

    fn foreign(&mut self, block: &PemBlock) {
        // Curve parameters stand before a key as openssl writes it, and say nothing that the key does not.
        if block.label != "EC PARAMETERS" {
            self.other(None, OtherKind::ForeignPem { label: block.label.clone() });
        }
    }

    fn other(&mut self, alias: Option<String>, what: OtherKind) {
        self.others.push(OtherItem { alias, what });
    }
}

/// The key of a block as PKCS#8, if it is that.
fn to_pkcs8(block: &PemBlock, passwords: &Passwords, budget: &mut Budget) -> Option<SecretBytes> {
    match recognise(&block.der) {
        Kind::Pkcs8 => Some(SecretBytes::new(block.der.clone())),
        Kind::Pkcs8Encrypted => passwords
            .iter()
            .find_map(|password| decrypt_pkcs8(&block.der, &EncodedPassword::new(password), budget).ok()),
        _ => None,
    }
}

/// The key with its public half from the only certificate that it can be, as far as that can be seen.
fn find_public_half(pkcs8: &SecretBytes, certificates: &[LooseCertificate]) -> Option<PrivateKey> {
    let mut fitting = certificates.iter().filter_map(|loose| {
        let public = loose.certificate.public_key().ok()?;
        PrivateKey::from_pkcs8_der_with_public(pkcs8.as_bytes(), &public).ok()
    });
    fitting.next().filter(|_| fitting.next().is_none())
}

/// The last `friendlyName` and `localKeyID` before a block.
fn parse_attributes(before: &str) -> Attributes {
    let value = |name: &str| {
        before.lines().rev().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            (found.trim() == name).then(|| value.trim()).filter(|value| !value.is_empty())
        })
    };
    let octets = |text: &str| {
        let parse = |octet: &str| u8::from_str_radix(octet, 16).ok();
        text.split_ascii_whitespace().map(parse).collect::<Option<Vec<u8>>>()
    };
    Attributes {
        alias: value("friendlyName").map(ToOwned::to_owned),
        local_id: value("localKeyID").and_then(octets),
    }
}

/// OpenSSL's `TRUSTED CERTIFICATE` has trust settings after the certificate, in the same block.
fn trusted_part(block: &PemBlock) -> &[u8] {
    use certwright_encoding::der::Tlv;
    match Tlv::parse(&block.der, 0, block.der.len()) {
        Ok(certificate) if block.label == "TRUSTED CERTIFICATE" => certificate.bytes(),
        _ => &block.der,
    }
}
