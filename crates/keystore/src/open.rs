//! Reading whatever file there is, recognised by its content: what dropping a file on the page does, and `inspect`.
//!
//! Refused: files above [`MAX_SIZE`]; formats that are recognised and not read yet, by name.

use certwright_certs::{
    Certificate, SigningRequest, certificate::ReadCertificateError, request::ReadRequestError,
};
use certwright_encoding::{
    base64::parse_base64,
    der::{Fields, Tag, Tlv},
    sniff::{Kind, recognise},
};
use certwright_keys::{Password, PrivateKey, ReadKeyError, read::read_der};
use thiserror::Error;

use crate::{
    contents::{Contents, FoundCertificate, OtherItem, OtherKind, UnusableKey},
    pem_bundle::{ReadPemError, parse_pem_bundle},
    pkcs7::{ReadPkcs7Error, parse_pkcs7_der},
    pkcs12::{ReadPkcs12Error, parse_pkcs12},
};

/// Largest file that is read, in bytes.
pub const MAX_SIZE: usize = 16 << 20;

/// What was in a file.
#[derive(Clone, Debug)]
pub struct Found {
    /// What the file is. For bare base64, what it decodes to.
    pub kind: Kind,
    /// Key pairs and certificates.
    pub contents: Contents,
    /// Signing requests.
    pub requests: Vec<SigningRequest>,
    /// Private keys without a certificate, from a file that is no keystore.
    pub lone_keys: Vec<PrivateKey>,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OpenError {
    /// There is nothing in it.
    #[error("empty file")]
    Empty,
    /// It is too large.
    #[error("{bytes} bytes, more than {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// Largest size that is read.
        limit: usize,
    },
    /// It is nothing that belongs into a keystore.
    #[error("not recognised: {kind:?}")]
    NotRecognised {
        /// What it looks like.
        kind: Kind,
    },
    /// It is known and cannot be read yet.
    #[error("{kind:?} is not supported yet")]
    NotSupportedYet {
        /// What it is.
        kind: Kind,
    },
    /// A password is needed.
    #[error("{kind:?} needs a password")]
    NeedsPassword {
        /// What it is.
        kind: Kind,
    },
    /// The password is wrong.
    #[error("wrong password for {kind:?}")]
    WrongPassword {
        /// What it is.
        kind: Kind,
    },
    /// An algorithm in it is not supported.
    #[error("{kind:?} with unsupported algorithm {oid}")]
    UnsupportedAlgorithm {
        /// What it is.
        kind: Kind,
        /// Dotted object identifier.
        oid: String,
    },
    /// It asks for a derivation that takes too long.
    #[error("{kind:?} with {iterations} iterations is too expensive")]
    TooExpensive {
        /// What it is.
        kind: Kind,
        /// How many iterations.
        iterations: u64,
    },
    /// It is broken.
    #[error("malformed {kind:?}")]
    Malformed {
        /// What it is.
        kind: Kind,
        /// Where, in bytes from its start (of the decoded form, for base64 and PEM), if that can be said.
        offset: Option<usize>,
        /// Which part of the structure, if that can be said.
        part: Option<&'static str>,
    },
    /// A private key that is sound in form and cannot be used: too long, too short, or not a key.
    #[error("unusable key: {error}")]
    UnusableKey {
        /// What it is.
        kind: Kind,
        /// Why.
        error: ReadKeyError,
    },
}

/// Reads a file. Its `name` is not needed to recognise it; a reader of a format without any mark may use it.
///
/// # Errors
/// See [`OpenError`].
pub fn parse_file(name: &str, bytes: &[u8], password: Option<&Password>) -> Result<Found, OpenError> {
    // All formats so far carry a mark.
    let _ = name;
    if bytes.len() > MAX_SIZE {
        return Err(OpenError::TooLarge { bytes: bytes.len(), limit: MAX_SIZE });
    }
    match recognise(bytes) {
        Kind::Base64 => match parse_base64(bytes) {
            // Base64 within base64 is no file that anyone has.
            Ok(decoded) => parse_kind(&decoded, recognise(&decoded), password),
            Err(_) => Err(OpenError::NotRecognised { kind: Kind::Base64 }),
        },
        kind => parse_kind(bytes, kind, password),
    }
}

fn parse_kind(bytes: &[u8], kind: Kind, password: Option<&Password>) -> Result<Found, OpenError> {
    match kind {
        Kind::Empty => Err(OpenError::Empty),
        Kind::Pem => parse_pem_file(bytes, password),
        Kind::Certificate => parse_certificates(bytes),
        Kind::PkiPath => parse_pki_path(bytes),
        Kind::CertificateRequest => match SigningRequest::from_der(bytes) {
            Ok(request) => Ok(Found { requests: vec![request], ..Found::new(kind) }),
            Err(error) => Err(broken_request(kind, &error)),
        },
        Kind::Pkcs7 => {
            let certificates = parse_pkcs7_der(bytes).map_err(|error| broken_pkcs7(kind, error))?;
            Ok(Found::new(kind).with_certificates(certificates))
        }
        Kind::Pkcs12 => {
            let contents = parse_pkcs12(bytes, password).map_err(|error| broken_pkcs12(kind, error))?;
            Ok(Found { contents, ..Found::new(kind) })
        }
        Kind::Pkcs8 | Kind::Pkcs8Encrypted | Kind::Pkcs1 | Kind::Sec1 => {
            let key = read_der(bytes, kind, password).map_err(|error| broken_key(kind, error))?;
            Ok(Found { lone_keys: vec![key], ..Found::new(kind) })
        }
        Kind::Jks | Kind::Jceks | Kind::OpenSshKey | Kind::CertificateList => {
            Err(OpenError::NotSupportedYet { kind })
        }
        Kind::PublicKey | Kind::Base64 | Kind::OtherDer | Kind::Html | Kind::Text | Kind::Unknown => {
            Err(OpenError::NotRecognised { kind })
        }
    }
}

impl Found {
    fn new(kind: Kind) -> Self {
        Self { kind, contents: Contents::default(), requests: Vec::new(), lone_keys: Vec::new() }
    }

    fn with_certificates(mut self, certificates: Vec<Certificate>) -> Self {
        let found = certificates.into_iter().map(|certificate| FoundCertificate {
            alias: None,
            certificate,
            java_trusted: false,
        });
        self.contents.certificates.extend(found);
        self
    }

    /// All certificates of the file, those of key pairs first: what a reply of a CA is looked up with.
    pub fn all_certificates(&self) -> Vec<Certificate> {
        let of_pairs = self.contents.key_pairs.iter().flat_map(|pair| pair.chain.iter().cloned());
        of_pairs.chain(self.contents.certificates.iter().map(|found| found.certificate.clone())).collect()
    }
}

fn parse_pem_file(bytes: &[u8], password: Option<&Password>) -> Result<Found, OpenError> {
    let kind = Kind::Pem;
    let bundle = parse_pem_bundle(bytes, password).map_err(|error| broken_pem(kind, error))?;
    let mut contents = bundle.contents;
    let (pairs, lone): (Vec<_>, Vec<_>) =
        contents.key_pairs.into_iter().partition(|pair| !pair.chain.is_empty());
    contents.key_pairs = pairs;
    let lone_keys = lone.into_iter().map(|pair| pair.key).collect();
    Ok(Found { kind, contents, requests: bundle.requests, lone_keys })
}

/// One DER certificate, or several one after the other.
fn parse_certificates(bytes: &[u8]) -> Result<Found, OpenError> {
    let kind = Kind::Certificate;
    let mut certificates = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let element = Tlv::parse(bytes, at, bytes.len()).map_err(|error| OpenError::Malformed {
            kind,
            offset: Some(error.offset),
            part: None,
        })?;
        certificates.push(
            Certificate::from_der(element.bytes()).map_err(|error| broken_certificate(kind, at, &error))?,
        );
        at = element.content.end;
    }
    Ok(Found::new(kind).with_certificates(certificates))
}

/// `PkiPath ::= SEQUENCE OF Certificate` (X.509, section 7.2), from the root's side down.
fn parse_pki_path(bytes: &[u8]) -> Result<Found, OpenError> {
    let kind = Kind::PkiPath;
    let malformed = |error: certwright_encoding::der::DerError| OpenError::Malformed {
        kind,
        offset: Some(error.offset),
        part: None,
    };
    let mut path = Fields::of_document(bytes, Tag::SEQUENCE).map_err(malformed)?;
    let mut certificates = Vec::new();
    while let Some(element) = path.any().map_err(malformed)? {
        let certificate = Certificate::from_der(element.bytes())
            .map_err(|error| broken_certificate(kind, element.header.start, &error))?;
        certificates.push(certificate);
    }
    Ok(Found::new(kind).with_certificates(certificates))
}

fn broken_certificate(kind: Kind, start: usize, error: &ReadCertificateError) -> OpenError {
    match error {
        ReadCertificateError::Malformed { field, fault } => {
            OpenError::Malformed { kind, offset: Some(start + fault.offset), part: Some(field) }
        }
        ReadCertificateError::Empty => OpenError::Empty,
        ReadCertificateError::TooLarge { size } => {
            OpenError::TooLarge { bytes: *size, limit: certwright_certs::certificate::MAX_SIZE }
        }
    }
}

fn broken_request(kind: Kind, error: &ReadRequestError) -> OpenError {
    match error {
        ReadRequestError::Malformed { field, fault } => {
            OpenError::Malformed { kind, offset: Some(fault.offset), part: Some(field) }
        }
        ReadRequestError::TooLarge { size } => {
            OpenError::TooLarge { bytes: *size, limit: certwright_certs::request::MAX_SIZE }
        }
        ReadRequestError::Empty | ReadRequestError::NoRequest => OpenError::Empty,
    }
}

fn broken_pkcs7(kind: Kind, error: ReadPkcs7Error) -> OpenError {
    match error {
        ReadPkcs7Error::OtherContent { oid } => OpenError::UnsupportedAlgorithm { kind, oid },
        ReadPkcs7Error::Malformed { offset } => OpenError::Malformed { kind, offset, part: None },
        ReadPkcs7Error::BrokenCertificate { error, .. } => match broken_certificate(kind, 0, &error) {
            // The place within one certificate says nothing about the file.
            OpenError::Malformed { kind, part, .. } => OpenError::Malformed { kind, offset: None, part },
            other => other,
        },
        ReadPkcs7Error::NoCertificates | ReadPkcs7Error::NotPkcs7 => OpenError::NotRecognised { kind },
    }
}

fn broken_pkcs12(kind: Kind, error: ReadPkcs12Error) -> OpenError {
    match error {
        ReadPkcs12Error::NeedsPassword => OpenError::NeedsPassword { kind },
        ReadPkcs12Error::WrongPassword => OpenError::WrongPassword { kind },
        ReadPkcs12Error::UnsupportedAlgorithm { oid } => OpenError::UnsupportedAlgorithm { kind, oid },
        ReadPkcs12Error::TooExpensive { iterations } => OpenError::TooExpensive { kind, iterations },
        ReadPkcs12Error::UnsupportedVersion => {
            OpenError::Malformed { kind, offset: None, part: Some("version") }
        }
        ReadPkcs12Error::Malformed { part, offset } => {
            OpenError::Malformed { kind, offset, part: Some(part) }
        }
    }
}

fn broken_key(kind: Kind, error: ReadKeyError) -> OpenError {
    match error {
        ReadKeyError::NeedsPassword => OpenError::NeedsPassword { kind },
        ReadKeyError::WrongPassword => OpenError::WrongPassword { kind },
        ReadKeyError::UnsupportedAlgorithm { oid } => OpenError::UnsupportedAlgorithm { kind, oid },
        ReadKeyError::TooExpensive { iterations } => OpenError::TooExpensive { kind, iterations },
        ReadKeyError::Malformed { offset } => OpenError::Malformed { kind, offset, part: None },
        ReadKeyError::NoKey => OpenError::NotRecognised { kind },
        error => OpenError::UnusableKey { kind, error },
    }
}

fn broken_pem(kind: Kind, error: ReadPemError) -> OpenError {
    match error {
        ReadPemError::NeedsPassword => OpenError::NeedsPassword { kind },
        ReadPemError::WrongPassword => OpenError::WrongPassword { kind },
        ReadPemError::Key(error) => broken_key(kind, error),
        ReadPemError::Nothing { others } => broken_items(kind, &others),
    }
}

/// A PEM text in which nothing could be used: the first block that is broken says why.
fn broken_items(kind: Kind, others: &[OtherItem]) -> OpenError {
    let reason = others.iter().find_map(|item| match &item.what {
        OtherKind::BrokenPem { offset, .. } => {
            Some(OpenError::Malformed { kind, offset: Some(*offset), part: None })
        }
        OtherKind::BrokenCertificate(error) => Some(broken_certificate(Kind::Certificate, 0, error)),
        OtherKind::BrokenRequest(error) => Some(broken_request(Kind::CertificateRequest, error)),
        OtherKind::ForeignPem { label } if label.ends_with("CRL") => {
            Some(OpenError::NotSupportedYet { kind: Kind::CertificateList })
        }
        _ => None,
    });
    reason.unwrap_or(OpenError::NotRecognised { kind })
}

/// Whether nothing in `contents` can be used because its only keys cannot, and why.
pub fn unusable_reason(contents: &Contents) -> Option<&UnusableKey> {
    if contents.is_empty() { contents.unusable_keys.first() } else { None }
}
