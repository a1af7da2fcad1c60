//! Reading whatever file there is, recognised by its content: what dropping a file on the page does, and `inspect`.
//!
//! Refused: files above [`MAX_SIZE`]; formats that are recognised and not read yet, by name.

use certwright_certs::{
    Certificate, SigningRequest, certificate::ReadCertificateError, request::ReadRequestError,
};
use certwright_encoding::{
    base64::parse_base64_pieces,
    der::Tlv,
    sniff::{Kind, recognise},
    text::{utf16_to_utf8, without_mark},
};
use certwright_keys::{
    PrivateKey, ReadKeyError,
    read::{read_der, read_public_key},
    secret::Passwords,
};
use thiserror::Error;

use crate::{
    bks::{ReadBksError, parse_bks},
    certificates::{ReadCertificatesError, parse_certificates},
    contents::{Contents, FoundCertificate, OtherItem, OtherKind, UnusableKey},
    jceks::parse_jceks,
    jks::{ReadJksError, parse_jks},
    jwk_set::parse_jwk_set,
    pem_bundle::{ReadPemError, parse_pem_bundle},
    pkcs7::{ReadPkcs7Error, parse_pkcs7_der},
    pkcs12::{ReadPkcs12Error, parse_pkcs12},
    pkipath::{PkiPathError, parse_pkipath},
    uber::parse_uber,
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
    /// It is nothing that belongs in a keystore.
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
    /// A version of the format that is not supported.
    #[error("{kind:?} of version {version}")]
    UnsupportedVersion {
        /// What it is.
        kind: Kind,
        /// The version that the file states.
        version: u32,
    },
    /// A password opens what is within, and the digest of the whole does not fit: the file has been changed, or the store
    /// has another password than its keys.
    #[error("{kind:?}: the digest does not fit, and the password opens what is within")]
    DigestMismatch {
        /// What it is.
        kind: Kind,
        /// Alias of the key that opened, if that can be said.
        alias: Option<String>,
    },
    /// More entries or certificates than the limit.
    #[error("{kind:?} with more than {limit} entries or certificates")]
    TooManyItems {
        /// What it is.
        kind: Kind,
        /// Most entries and certificates together.
        limit: usize,
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

/// Reads a file: with the first password that fits it, and every entry with the first that fits the entry. Its `name` is not
/// needed to recognise it; a reader of a format without any mark may use it. UTF-16 text is read as the same in UTF-8, to
/// which the places in errors refer.
///
/// # Errors
/// See [`OpenError`].
pub fn parse_file(name: &str, bytes: &[u8], passwords: &Passwords) -> Result<Found, OpenError> {
    // All formats so far carry a mark.
    let _ = name;
    if bytes.len() > MAX_SIZE {
        return Err(OpenError::TooLarge { bytes: bytes.len(), limit: MAX_SIZE });
    }
    let converted = utf16_to_utf8(bytes);
    let bytes = converted.as_ref().map_or(bytes, |text| text.as_slice());
    match recognise(bytes) {
        Kind::Base64 => match parse_base64_pieces(without_mark(bytes)) {
            // Base64 within base64 is no file that anyone has.
            Ok(decoded) => parse_kind(&decoded, recognise(&decoded), passwords),
            Err(_) => Err(OpenError::NotRecognised { kind: Kind::Base64 }),
        },
        kind => parse_kind(bytes, kind, passwords),
    }
}

fn parse_kind(bytes: &[u8], kind: Kind, passwords: &Passwords) -> Result<Found, OpenError> {
    let with_contents = |contents| Found { contents, ..Found::new(kind) };
    match kind {
        Kind::Empty => Err(OpenError::Empty),
        Kind::Pem => parse_pem_file(bytes, kind, passwords),
        Kind::OpenSshKey if !bytes.starts_with(b"openssh-key-v1\0") => parse_pem_file(bytes, kind, passwords),
        Kind::Certificate | Kind::Pkcs7 => parse_certificate_file(bytes, kind),
        Kind::PkiPath => {
            let certificates = parse_pkipath(bytes).map_err(|error| broken_path(kind, error))?;
            Ok(Found::new(kind).with_certificates(certificates))
        }
        Kind::CertificateRequest => match SigningRequest::from_der(bytes) {
            Ok(request) => Ok(Found { requests: vec![request], ..Found::new(kind) }),
            Err(error) => Err(broken_request(kind, &error)),
        },
        Kind::Pkcs12 => {
            parse_pkcs12(bytes, passwords).map(with_contents).map_err(|error| broken_pkcs12(kind, error))
        }
        Kind::Jks => parse_jks(bytes, passwords).map(with_contents).map_err(|error| broken_jks(kind, error)),
        Kind::Jceks => {
            parse_jceks(bytes, passwords).map(with_contents).map_err(|error| broken_jks(kind, error))
        }
        Kind::Bks => parse_bks(bytes, passwords).map(with_contents).map_err(|error| broken_bks(kind, error)),
        Kind::Uber => {
            parse_uber(bytes, passwords).map(with_contents).map_err(|error| broken_bks(kind, error))
        }
        Kind::Pkcs8 | Kind::Pkcs8Encrypted | Kind::Pkcs1 | Kind::Sec1 | Kind::OpenSshKey => {
            let key = parse_lone_key(bytes, kind, passwords).map_err(|error| broken_key(kind, error))?;
            Ok(Found { lone_keys: vec![key], ..Found::new(kind) })
        }
        Kind::Jwk => {
            let contents = parse_jwk_set(bytes).map_err(|error| broken_key(kind, error))?;
            let (contents, lone_keys) = take_lone_keys(contents);
            Ok(Found { contents, lone_keys, ..Found::new(kind) })
        }
        Kind::PublicKey | Kind::SshPublicKey => {
            let key = read_public_key(without_mark(bytes)).map_err(|error| broken_key(kind, error))?;
            Ok(with_contents(Contents { public_keys: vec![key], ..Contents::default() }))
        }
        Kind::CertificateList | Kind::PuttyKey => Err(OpenError::NotSupportedYet { kind }),
        Kind::OcspResponse
        | Kind::OcspRequest
        | Kind::Pgp
        | Kind::Zip
        | Kind::Base64
        | Kind::OtherDer
        | Kind::Html
        | Kind::Text
        | Kind::Unknown => Err(OpenError::NotRecognised { kind }),
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
            created_ms: None,
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

fn parse_pem_file(bytes: &[u8], kind: Kind, passwords: &Passwords) -> Result<Found, OpenError> {
    let bundle = parse_pem_bundle(bytes, passwords).map_err(|error| broken_pem(kind, error))?;
    let (contents, lone_keys) = take_lone_keys(bundle.contents);
    Ok(Found { kind, contents, requests: bundle.requests, lone_keys })
}

/// Keys without a certificate and without a name stand for themselves.
fn take_lone_keys(mut contents: Contents) -> (Contents, Vec<PrivateKey>) {
    let (pairs, lone): (Vec<_>, Vec<_>) =
        contents.key_pairs.into_iter().partition(|pair| !pair.chain.is_empty() || pair.alias.is_some());
    contents.key_pairs = pairs;
    (contents, lone.into_iter().map(|pair| pair.key).collect())
}

/// Certificates one after the other, or PKCS#7 alone (which may be BER).
fn parse_certificate_file(bytes: &[u8], kind: Kind) -> Result<Found, OpenError> {
    let is_one = !Tlv::parse(bytes, 0, bytes.len()).is_ok_and(|first| first.content.end < bytes.len());
    let certificates = if kind == Kind::Pkcs7 && is_one {
        parse_pkcs7_der(bytes).map_err(|error| broken_pkcs7(kind, error))?
    } else {
        parse_certificates(bytes).map_err(|error| broken_certificates(kind, error))?
    };
    Ok(Found::new(kind).with_certificates(certificates))
}

/// A key in a file of its own, with the first password that fits.
fn parse_lone_key(bytes: &[u8], kind: Kind, passwords: &Passwords) -> Result<PrivateKey, ReadKeyError> {
    let mut result = read_der(bytes, kind, None);
    if matches!(result, Err(ReadKeyError::NeedsPassword)) {
        for password in passwords {
            result = read_der(bytes, kind, Some(password));
            if !matches!(result, Err(ReadKeyError::WrongPassword)) {
                break;
            }
        }
    }
    result
}

fn broken_certificates(kind: Kind, error: ReadCertificatesError) -> OpenError {
    match error {
        ReadCertificatesError::NoCertificates => OpenError::Empty,
        ReadCertificatesError::Malformed { error } => {
            OpenError::Malformed { kind, offset: Some(error.offset), part: None }
        }
        ReadCertificatesError::OtherKind { offset, .. } => {
            OpenError::Malformed { kind, offset: Some(offset), part: Some("certificate") }
        }
        ReadCertificatesError::BrokenCertificate { offset, error } => {
            broken_certificate(kind, offset, &error)
        }
        ReadCertificatesError::BrokenPkcs7 { offset, error } => match broken_pkcs7(kind, error) {
            OpenError::Malformed { kind, offset: inner, part } => {
                OpenError::Malformed { kind, offset: inner.map(|inner| offset + inner), part }
            }
            other => other,
        },
    }
}

fn broken_path(kind: Kind, error: PkiPathError) -> OpenError {
    match error {
        PkiPathError::NoCertificates => OpenError::Empty,
        PkiPathError::Malformed { error } => {
            OpenError::Malformed { kind, offset: Some(error.offset), part: None }
        }
        PkiPathError::BrokenCertificate { offset, error, .. } => broken_certificate(kind, offset, &error),
        PkiPathError::TooLarge => OpenError::Malformed { kind, offset: None, part: None },
    }
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

fn broken_jks(kind: Kind, error: ReadJksError) -> OpenError {
    match error {
        ReadJksError::OtherMagic { .. } => OpenError::NotRecognised { kind },
        ReadJksError::UnsupportedVersion { version } => OpenError::UnsupportedVersion { kind, version },
        ReadJksError::WrongPassword => OpenError::WrongPassword { kind },
        ReadJksError::DigestMismatch { alias } => OpenError::DigestMismatch { kind, alias: Some(alias) },
        ReadJksError::TooManyItems { limit } => OpenError::TooManyItems { kind, limit },
        ReadJksError::Malformed { part, offset } => {
            OpenError::Malformed { kind, offset: Some(offset), part: Some(part) }
        }
    }
}

fn broken_bks(kind: Kind, error: ReadBksError) -> OpenError {
    match error {
        ReadBksError::UnsupportedVersion { version } => OpenError::UnsupportedVersion { kind, version },
        ReadBksError::NeedsPassword => OpenError::NeedsPassword { kind },
        ReadBksError::WrongPassword => OpenError::WrongPassword { kind },
        ReadBksError::DigestMismatch => OpenError::DigestMismatch { kind, alias: None },
        ReadBksError::TooExpensive { iterations } => OpenError::TooExpensive { kind, iterations },
        ReadBksError::TooManyItems { limit } => OpenError::TooManyItems { kind, limit },
        ReadBksError::Malformed { part, offset } => {
            OpenError::Malformed { kind, offset: Some(offset), part: Some(part) }
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
