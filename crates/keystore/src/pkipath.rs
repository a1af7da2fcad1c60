//! `PkiPath ::= SEQUENCE OF Certificate` (X.509, section 7.2; RFC 6066, section 5; media type `application/pkix-pkipath`).
//!
//! The standard puts the certificate nearest to the trust anchor first and the end-entity's last; it is written so. Read is
//! any order, as given, since programs have put them the other way round too.

use certwright_certs::{Certificate, certificate::ReadCertificateError};
use certwright_encoding::{
    ber,
    der::{DerError, Fields, Tag},
};
use der::{Decode, Encode, asn1::Any};
use thiserror::Error;

/// Why a path could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PkiPathError {
    /// There is no certificate in it.
    #[error("no certificates")]
    NoCertificates,
    /// The structure is broken.
    #[error("malformed path at byte {}", error.offset)]
    Malformed {
        /// Where, and what is wrong.
        error: DerError,
    },
    /// A certificate in it is broken.
    #[error("certificate {index} of the path is broken: {error}")]
    BrokenCertificate {
        /// Its position, from 0.
        index: usize,
        /// Where it begins.
        offset: usize,
        /// What is wrong with it, with places from its own beginning.
        error: ReadCertificateError,
    },
    /// The path is larger than DER allows.
    #[error("the path is too large")]
    TooLarge,
}

/// Reads the certificates, in their order.
///
/// # Errors
/// See [`PkiPathError`].
pub fn parse_pkipath(bytes: &[u8]) -> Result<Vec<Certificate>, PkiPathError> {
    let malformed = |error| PkiPathError::Malformed { error };
    let path = ber::to_der(bytes).map_err(malformed)?;
    let mut path = Fields::of_document(&path, Tag::SEQUENCE).map_err(malformed)?;
    let mut certificates = Vec::new();
    while let Some(element) = path.any().map_err(malformed)? {
        let certificate = Certificate::from_der(element.bytes()).map_err(|error| {
            let (index, offset) = (certificates.len(), element.header.start);
            PkiPathError::BrokenCertificate { index, offset, error }
        })?;
        certificates.push(certificate);
    }
    if certificates.is_empty() { Err(PkiPathError::NoCertificates) } else { Ok(certificates) }
}

/// Writes a chain that is given with the end-entity first.
///
/// # Errors
/// `NoCertificates`, `TooLarge`.
pub fn to_pkipath(chain: &[Certificate]) -> Result<Vec<u8>, PkiPathError> {
    if chain.is_empty() {
        return Err(PkiPathError::NoCertificates);
    }
    let write = || -> der::Result<Vec<u8>> {
        let from_root = chain.iter().rev().map(|certificate| Any::from_der(certificate.der()));
        from_root.collect::<der::Result<Vec<Any>>>()?.to_der()
    };
    write().map_err(|_| PkiPathError::TooLarge)
}
