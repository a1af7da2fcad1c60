//! PEM text with anything in it: certificates, private keys in all formats (also encrypted), signing requests, PKCS#7.
//!
//! Order does not matter: a certificate finds its key by public key. A block that is broken or of no use is named in the
//! result and does not keep the others from being read.

use std::collections::HashSet;

use certwright_certs::{Certificate, SigningRequest};
use certwright_encoding::{
    pem::{PemBlock, parse_pem},
    sniff::{Kind, recognise},
};
use certwright_keys::{
    Password, PrivateKey, ReadKeyError,
    read::{is_private_key_label, read_pem_block},
};
use thiserror::Error;

use crate::{
    contents::{Contents, LooseCertificate, LooseKey, OtherItem, OtherKind, UnusableKey, assemble},
    pkcs7::parse_pkcs7_der,
};

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
    /// The password opens none of the encrypted keys.
    #[error("wrong password")]
    WrongPassword,
    /// The only thing in the text is a private key that cannot be used.
    #[error(transparent)]
    Key(ReadKeyError),
}

/// Reads everything in a PEM text.
///
/// # Errors
/// See [`ReadPemError`].
pub fn parse_pem_bundle(text: &[u8], password: Option<&Password>) -> Result<PemBundle, ReadPemError> {
    let found = parse_pem(text);
    let mut reader = Reader::default();
    for block in &found.blocks {
        reader.read_block(block, password)?;
    }
    for broken in found.broken {
        let what = OtherKind::BrokenPem { offset: broken.offset, label: broken.label, error: broken.error };
        reader.others.push(OtherItem { alias: None, what });
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    keys: Vec<LooseKey>,
    certificates: Vec<LooseCertificate>,
    seen: HashSet<[u8; 32]>,
    requests: Vec<SigningRequest>,
    unusable_keys: Vec<UnusableKey>,
    others: Vec<OtherItem>,
}

impl Reader {
    fn read_block(&mut self, block: &PemBlock, password: Option<&Password>) -> Result<(), ReadPemError> {
        if is_private_key_label(&block.label) {
            match read_pem_block(block, password) {
                Ok(key) => self.take_key(key),
                Err(ReadKeyError::NeedsPassword) => return Err(ReadPemError::NeedsPassword),
                Err(error) => self.unusable_keys.push(UnusableKey { alias: None, error }),
            }
            return Ok(());
        }
        // Labels are often wrong, so what is known by its content is read as that.
        match (recognise(&block.der), block.label.as_str()) {
            (Kind::Pkcs7, _) => match parse_pkcs7_der(&block.der) {
                Ok(certificates) => {
                    certificates.into_iter().for_each(|certificate| self.take_certificate(certificate))
                }
                Err(_) => self.foreign(block),
            },
            (Kind::CertificateRequest, _) | (_, "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST") => {
                match SigningRequest::from_der(&block.der) {
                    Ok(request) => self.requests.push(request),
                    Err(error) => self.other(OtherKind::BrokenRequest(error)),
                }
            }
            (Kind::Certificate, _) | (_, "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE") => {
                match Certificate::from_der(trusted_part(block)) {
                    Ok(certificate) => self.take_certificate(certificate),
                    Err(error) => self.other(OtherKind::BrokenCertificate(error)),
                }
            }
            _ => self.foreign(block),
        }
        Ok(())
    }

    fn finish(self) -> Result<PemBundle, ReadPemError> {
        let Self { keys, certificates, requests, mut unusable_keys, others, .. } = self;
        let wrong = |key: &UnusableKey| key.error == ReadKeyError::WrongPassword;
        if keys.is_empty() && unusable_keys.iter().any(wrong) {
            return Err(ReadPemError::WrongPassword);
        }
        if keys.is_empty() && certificates.is_empty() && requests.is_empty() {
            return Err(match unusable_keys.pop() {
                Some(key) => ReadPemError::Key(key.error),
                None => ReadPemError::Nothing { others },
            });
        }
        let (key_pairs, certificates) = assemble(keys, certificates);
        Ok(PemBundle { contents: Contents { key_pairs, certificates, unusable_keys, others }, requests })
    }

    fn take_key(&mut self, key: PrivateKey) {
        self.keys.push(LooseKey { alias: None, key, local_id: None });
    }

    /// A certificate that is there twice counts once.
    fn take_certificate(&mut self, certificate: Certificate) {
        if self.seen.insert(certificate.fingerprint_sha256()) {
            self.certificates.push(LooseCertificate {
                alias: None,
                certificate,
                local_id: None,
                java_trusted: false,
            });
        }
    }

    fn foreign(&mut self, block: &PemBlock) {
        // Curve parameters stand before a key as openssl writes it, and say nothing that the key does not.
        if block.label != "EC PARAMETERS" {
            self.other(OtherKind::ForeignPem { label: block.label.clone() });
        }
    }

    fn other(&mut self, what: OtherKind) {
        self.others.push(OtherItem { alias: None, what });
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
