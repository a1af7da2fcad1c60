//! PKCS#7 and CMS with nothing in them but certificates (RFC 2315, section 9; RFC 5652, section 5): `.p7b`, `.p7c`, `.spc`.
//!
//! Read: DER, BER, PEM (labelled `PKCS7`, `CMS`, or wrongly `CERTIFICATE`), bare base64. What is signed, and by whom, is
//! not looked at. Refused: other content than signed data.

use certwright_certs::{Certificate, certificate::ReadCertificateError};
use certwright_encoding::{
    base64::parse_base64,
    ber,
    der::{DerError, DerErrorKind, Fields, Tag},
    pem::parse_pem,
    sniff::{Kind, recognise},
};
use der::{
    Encode, Sequence,
    asn1::{Any, ObjectIdentifier},
};
use thiserror::Error;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

/// Why no certificates could be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadPkcs7Error {
    /// This is something else.
    #[error("no PKCS#7")]
    NotPkcs7,
    /// PKCS#7 of another kind, such as an encrypted message.
    #[error("PKCS#7 content {oid} holds no certificates")]
    OtherContent {
        /// Dotted object identifier.
        oid: String,
    },
    /// The structure is broken.
    #[error("malformed PKCS#7")]
    Malformed {
        /// Where in the DER structure, if that can be said.
        offset: Option<usize>,
    },
    /// A certificate in it is broken.
    #[error("certificate {index} is broken")]
    BrokenCertificate {
        /// Its position, from 0.
        index: usize,
        /// What is wrong with it.
        error: ReadCertificateError,
    },
    /// There is no certificate in it.
    #[error("no certificates")]
    NoCertificates,
}

/// Reads the certificates, in their order.
///
/// # Errors
/// See [`ReadPkcs7Error`].
pub fn parse_pkcs7(bytes: &[u8]) -> Result<Vec<Certificate>, ReadPkcs7Error> {
    match recognise(bytes) {
        Kind::Pem => {
            let found = parse_pem(bytes);
            let block = found.blocks.iter().find(|block| recognise(&block.der) == Kind::Pkcs7);
            parse_pkcs7_der(&block.ok_or(ReadPkcs7Error::NotPkcs7)?.der)
        }
        Kind::Base64 => parse_pkcs7_der(&parse_base64(bytes).map_err(|_| ReadPkcs7Error::NotPkcs7)?),
        _ => parse_pkcs7_der(bytes),
    }
}

/// As [`parse_pkcs7`], for DER and BER alone.
///
/// # Errors
/// See [`ReadPkcs7Error`].
pub fn parse_pkcs7_der(bytes: &[u8]) -> Result<Vec<Certificate>, ReadPkcs7Error> {
    if recognise(bytes) != Kind::Pkcs7 {
        return Err(ReadPkcs7Error::NotPkcs7);
    }
    let file = ber::to_der(bytes)?;
    let mut fields = Fields::of_document(&file, Tag::SEQUENCE)?;
    let content_type = fields.expect(Tag::OBJECT_IDENTIFIER)?;
    match ObjectIdentifier::from_bytes(content_type.value()) {
        Ok(SIGNED_DATA) => {}
        Ok(oid) => return Err(ReadPkcs7Error::OtherContent { oid: oid.to_string() }),
        Err(_) => return Err(ReadPkcs7Error::Malformed { offset: Some(content_type.header.start) }),
    }
    let content = fields.expect(Tag::context(0))?;
    let signed_data = content
        .children()
        .next()
        .unwrap_or(Err(DerError { offset: content.header.start, kind: DerErrorKind::Unexpected }))?;
    let mut fields = Fields::of(&signed_data, Tag::SEQUENCE)?;
    fields.expect(Tag::INTEGER)?;
    fields.expect(Tag::SET)?;
    fields.expect(Tag::SEQUENCE)?;
    let mut certificates = Vec::new();
    if let Some(set) = fields.optional(Tag::context(0))? {
        for (index, element) in set.children().enumerate() {
            let element = element?;
            // Other choices than a certificate are attribute certificates and the like, under tags of their own.
            if element.tag == Tag::SEQUENCE {
                let certificate = Certificate::from_der(element.bytes())
                    .map_err(|error| ReadPkcs7Error::BrokenCertificate { index, error })?;
                certificates.push(certificate);
            }
        }
    }
    if certificates.is_empty() { Err(ReadPkcs7Error::NoCertificates) } else { Ok(certificates) }
}

/// `ContentInfo`.
#[derive(Sequence)]
struct ContentInfo {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: SignedData,
}

/// `SignedData` without signatures. The certificates are a set; they are written in the order given, as all tools do,
/// since readers take the first for the end-entity's.
#[derive(Sequence)]
struct SignedData {
    version: u8,
    digest_algorithms: Any,
    content: EmptyContent,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    certificates: Vec<Any>,
    signer_infos: Any,
}

/// `ContentInfo` without content.
#[derive(Sequence)]
struct EmptyContent {
    content_type: ObjectIdentifier,
}

/// Writes certificates, in the order given (for a chain, the end-entity's first).
///
/// # Errors
/// `NoCertificates` if there is none; `Malformed` only for what is larger than DER allows.
pub fn to_pkcs7(certificates: &[Certificate]) -> Result<Vec<u8>, ReadPkcs7Error> {
    if certificates.is_empty() {
        return Err(ReadPkcs7Error::NoCertificates);
    }
    let empty_set = || Any::new(der::Tag::Set, []);
    let write = || -> der::Result<Vec<u8>> {
        let certificates = certificates
            .iter()
            .map(|certificate| der::Decode::from_der(certificate.der()))
            .collect::<der::Result<Vec<Any>>>()?;
        let content = SignedData {
            version: 1,
            digest_algorithms: empty_set()?,
            content: EmptyContent { content_type: DATA },
            certificates,
            signer_infos: empty_set()?,
        };
        ContentInfo { content_type: SIGNED_DATA, content }.to_der()
    };
    write().map_err(|_| ReadPkcs7Error::Malformed { offset: None })
}

impl From<DerError> for ReadPkcs7Error {
    fn from(error: DerError) -> Self {
        Self::Malformed { offset: Some(error.offset) }
    }
}
