//! Certificates (RFC 5280 section 4.1): reading one and saying what is in it.
//!
//! Refuses what is not the structure of a certificate, more than [`MAX_SIZE`] octets, and anything after the end.
//! Everything else that the standard forbids is read and noted, see [`Irregularity`].

mod facts;
pub(crate) mod reading;

use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::Range;
use std::sync::{Arc, OnceLock};

use certwright_keys::verify::{Lenience, VerifyError};
use certwright_keys::{PublicKey, ReadKeyError, X509Signature};
use der::Encode;

use crate::extensions::Extensions;
use crate::fault::Fault;
use crate::name::Name;
use crate::oid::{self, Oid};
use crate::time::Time;

/// The greatest certificate that is read, in octets.
pub const MAX_SIZE: usize = 4 * 1024 * 1024;

/// A certificate. Cheap to clone; equal if its DER is.
#[derive(Clone)]
pub struct Certificate(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    tbs: Range<usize>,
    version: u8,
    serial: Vec<u8>,
    issuer: Name,
    not_before: Time,
    not_after: Time,
    subject: Name,
    spki: Range<usize>,
    extensions: Extensions,
    signature_algorithm: SignatureAlgorithm,
    signature: Range<usize>,
    irregularities: Vec<Irregularity>,
    public_key: OnceLock<Result<PublicKey, ReadKeyError>>,
    /// A key with which the signature holds: large keystores ask for the same link again and again.
    verified_by: OnceLock<PublicKey>,
}

/// How a certificate or request is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureAlgorithm {
    /// The algorithm.
    pub oid: Oid,
    /// The DER of the AlgorithmIdentifier with its parameters.
    pub der: Vec<u8>,
}

impl SignatureAlgorithm {
    /// The signature that this is, if it is one that is made here: it has a name for people and tells the digest of RSASSA-PSS.
    pub fn known(&self) -> Option<X509Signature> {
        X509Signature::ALL.into_iter().find(|signature| {
            let identifier = signature.algorithm_identifier();
            // Only RSASSA-PSS says in the parameters what the identifier leaves open.
            let parameters_count = self.oid == oid::RSASSA_PSS;
            self.oid == identifier.oid
                && (!parameters_count || identifier.to_der().is_ok_and(|der| der == self.der))
        })
    }

    /// The name of the algorithm in its RFC, or the dotted identifier.
    pub fn name(&self) -> String {
        self.oid.name_or_dotted()
    }
}

/// Something that RFC 5280 forbids and that does not keep a certificate from being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Irregularity {
    /// The serial number is zero or negative (section 4.1.2.2).
    SerialNotPositive,
    /// The serial number takes more than 20 octets (section 4.1.2.2).
    SerialTooLong {
        /// How many.
        octets: usize,
    },
    /// The INTEGER of the serial number is empty or has needless leading octets.
    SerialNotMinimal,
    /// A time was written without seconds, or as GeneralizedTime before 2050 (section 4.1.2.5).
    TimeForm,
    /// `notAfter` lies before `notBefore`.
    ValidityReversed,
    /// The algorithm inside the signature is not the one outside (section 4.1.1.2).
    SignatureAlgorithmMismatch {
        /// The algorithm that the signature covers.
        inside: Oid,
        /// The algorithm that the signature claims.
        outside: Oid,
    },
    /// The signature is not a whole number of octets, so that no algorithm made it; it never verifies.
    UnusedSignatureBits,
    /// Extensions in a certificate of version 1 or 2 (section 4.1.2.9).
    ExtensionsBeforeVersion3 {
        /// 1 or 2.
        version: u8,
    },
    /// Unique identifiers in a certificate of version 1 (section 4.1.2.8).
    UniqueIdentifiersInVersion1,
    /// The list of extensions is there and empty (section 4.1.2.9).
    NoExtensions,
    /// An extension occurs more than once (section 4.2).
    DuplicateExtension {
        /// Its type.
        oid: Oid,
    },
}

/// Why bytes are no certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadCertificateError {
    /// No octets at all.
    #[error("empty")]
    Empty,
    /// More than [`MAX_SIZE`] octets.
    #[error("{size} octets are too many")]
    TooLarge {
        /// How many.
        size: usize,
    },
    /// The structure breaks.
    #[error("{field}: {fault}")]
    Malformed {
        /// The field of RFC 5280 in which it breaks.
        field: &'static str,
        /// Where and why.
        fault: Fault,
    },
}

impl Certificate {
    /// Reads one DER certificate that makes up all of `der`.
    ///
    /// # Errors
    /// Where the structure breaks.
    pub fn from_der(der: &[u8]) -> Result<Self, ReadCertificateError> {
        reading::parse(der).map(|inner| Self(Arc::new(inner)))
    }

    /// The bytes that were read.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The certificate as PEM, `-----BEGIN CERTIFICATE-----`.
    pub fn to_pem(&self) -> String {
        certwright_encoding::pem::to_pem("CERTIFICATE", self.der())
    }

    /// The certificate as RustCrypto's x509-cert reads it, for writing it into other structures. It is stricter than
    /// [`Certificate::from_der`], and what it writes need not be what was signed.
    ///
    /// # Errors
    /// What x509-cert refuses.
    pub fn parsed(&self) -> Result<x509_cert::Certificate, der::Error> {
        der::Decode::from_der(self.der())
    }

    /// The DER of `tbsCertificate`, which the signature covers.
    pub fn tbs_der(&self) -> &[u8] {
        self.slice(&self.0.tbs)
    }

    /// 1, 2 or 3.
    pub fn version(&self) -> u8 {
        self.0.version
    }

    /// The content octets of the serial number, a big-endian two's complement.
    pub fn serial(&self) -> &[u8] {
        &self.0.serial
    }

    /// Who issued the certificate.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// Whose key it is.
    pub fn subject(&self) -> &Name {
        &self.0.subject
    }

    /// The first second in which the certificate is valid, since 1970.
    pub fn not_before(&self) -> i64 {
        self.0.not_before.unix
    }

    /// The last second in which the certificate is valid, since 1970.
    pub fn not_after(&self) -> i64 {
        self.0.not_after.unix
    }

    /// The DER SubjectPublicKeyInfo.
    pub fn spki_der(&self) -> &[u8] {
        self.slice(&self.0.spki)
    }

    /// The subject's key.
    ///
    /// # Errors
    /// If the key is malformed. A key of an unknown algorithm is no error.
    pub fn public_key(&self) -> Result<PublicKey, ReadKeyError> {
        self.0.public_key.get_or_init(|| PublicKey::from_spki_der(self.spki_der())).clone()
    }

    /// How the issuer signed.
    pub fn signature_algorithm(&self) -> &SignatureAlgorithm {
        &self.0.signature_algorithm
    }

    /// The octets of the signature.
    pub fn signature(&self) -> &[u8] {
        self.slice(&self.0.signature)
    }

    /// All extensions, known and unknown.
    pub fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    /// What the standard forbids and was read nevertheless.
    pub fn irregularities(&self) -> &[Irregularity] {
        &self.0.irregularities
    }

    /// Checks the signature with a key. Looks at nothing else.
    ///
    /// # Errors
    /// Why the signature does not hold.
    pub fn verify_signature(&self, issuer_key: &PublicKey) -> Result<(), VerifyError> {
        self.verify_signature_leniently(issuer_key, Lenience::default())
    }

    /// As [`Certificate::verify_signature`], and believes algorithms that prove nothing today, if it is told to.
    ///
    /// # Errors
    /// Why the signature does not hold.
    pub fn verify_signature_leniently(
        &self,
        issuer_key: &PublicKey,
        lenience: Lenience,
    ) -> Result<(), VerifyError> {
        if self.0.irregularities.contains(&Irregularity::UnusedSignatureBits) {
            return Err(VerifyError::BadSignature);
        }
        if self.0.verified_by.get() == Some(issuer_key) {
            return Ok(());
        }
        let algorithm = self.signature_algorithm();
        reading::verify(issuer_key, algorithm, self.tbs_der(), self.signature(), lenience)?;
        // What was believed by lenience is not known for good.
        if lenience == Lenience::default() {
            self.0.verified_by.get_or_init(|| issuer_key.clone());
        }
        Ok(())
    }

    fn slice(&self, range: &Range<usize>) -> &[u8] {
        // The ranges were made from this very buffer.
        self.0.der.get(range.clone()).unwrap_or_default()
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl Hash for Certificate {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.der.hash(state);
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({} from {}, serial {})", self.subject(), self.issuer(), self.serial_hex())
    }
}
