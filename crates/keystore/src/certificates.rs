//! Certificates in DER, one or several one after the other (`.cer`, `.crt`, `.der`), as Java's `CertificateFactory` takes and
//! `cat` makes them; among them PKCS#7, since a reply of a CA in several pieces may mix the two.
//!
//! White space after the last is passed over. Refused, with its place: anything else.

use certwright_certs::{Certificate, certificate::ReadCertificateError};
use certwright_encoding::{
    der::{DerError, Tlv},
    sniff::{Kind, recognise},
};
use thiserror::Error;

use crate::pkcs7::{ReadPkcs7Error, parse_pkcs7_der};

/// Why concatenated certificates could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadCertificatesError {
    /// There is nothing.
    #[error("no certificates")]
    NoCertificates,
    /// What stands here is no DER, or cut off.
    #[error("no certificate at byte {}", error.offset)]
    Malformed {
        /// Where, and what is wrong.
        error: DerError,
    },
    /// What stands here is DER of something else.
    #[error("{kind:?} at byte {offset}")]
    OtherKind {
        /// Where it begins.
        offset: usize,
        /// What it looks like.
        kind: Kind,
    },
    /// A certificate is broken.
    #[error("the certificate at byte {offset} is broken: {error}")]
    BrokenCertificate {
        /// Where it begins.
        offset: usize,
        /// What is wrong with it, with places from its own beginning.
        error: ReadCertificateError,
    },
    /// A PKCS#7 among the certificates cannot be read.
    #[error("the PKCS#7 at byte {offset} cannot be read: {error}")]
    BrokenPkcs7 {
        /// Where it begins.
        offset: usize,
        /// What is wrong with it.
        error: ReadPkcs7Error,
    },
}

/// Reads all certificates, in their order.
///
/// # Errors
/// See [`ReadCertificatesError`].
pub fn parse_certificates(bytes: &[u8]) -> Result<Vec<Certificate>, ReadCertificatesError> {
    let mut certificates = Vec::new();
    let end = bytes.trim_ascii_end().len();
    let mut offset = 0;
    // A certificate may end with a byte that looks like white space, so the end is looked for between certificates alone.
    while offset < end {
        let element = Tlv::parse(bytes, offset, bytes.len())
            .map_err(|error| ReadCertificatesError::Malformed { error })?;
        match recognise(element.bytes()) {
            Kind::Certificate => certificates.push(
                Certificate::from_der(element.bytes())
                    .map_err(|error| ReadCertificatesError::BrokenCertificate { offset, error })?,
            ),
            Kind::Pkcs7 => certificates.extend(
                parse_pkcs7_der(element.bytes())
                    .map_err(|error| ReadCertificatesError::BrokenPkcs7 { offset, error })?,
            ),
            kind => return Err(ReadCertificatesError::OtherKind { offset, kind }),
        }
        offset = element.content.end;
    }
    if certificates.is_empty() { Err(ReadCertificatesError::NoCertificates) } else { Ok(certificates) }
}

/// Writes certificates one after the other, in the order given.
pub fn to_certificates(certificates: &[Certificate]) -> Vec<u8> {
    certificates.iter().flat_map(|certificate| certificate.der().iter().copied()).collect()
}
