//! Certificate revocation lists (RFC 5280 section 5): reading one and saying what is in it.
//!
//! A list may have hundreds of thousands of entries: they stay in the bytes that were read, and an entry is looked up by its
//! serial number in an index that is made when it is first asked for. Refuses what is not the structure of a list, more than [`MAX_SIZE`]
//! octets, and anything after the end. What else the standard forbids is read and noted, see [`Irregularity`].

mod describe;
mod entries;
mod irregularity;
mod reading;

use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::Range;
use std::sync::{Arc, OnceLock};

use certwright_keys::PublicKey;
use certwright_keys::verify::{Lenience, VerifyError};
use sha2::{Digest, Sha256};

use crate::certificate::{SignatureAlgorithm, reading::verify};
use crate::extensions::{
    AuthorityKeyIdentifier, CrlNumber, DeltaCrlIndicator, Extensions, IssuingDistributionPoint, Parsed,
};
use crate::fault::Fault;
use crate::name::Name;
use crate::oid::Oid;
use crate::time::Time;

pub use describe::MAX_DESCRIBED;
use entries::Entries;
pub use entries::Entry;
pub use irregularity::Irregularity;

/// The greatest list that is read, in octets.
pub const MAX_SIZE: usize = 64 * 1024 * 1024;

/// A certificate revocation list. Cheap to clone; equal if its DER is.
#[derive(Clone)]
pub struct Crl(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    tbs: Range<usize>,
    version: u8,
    issuer: Name,
    this_update: Time,
    next_update: Option<Time>,
    entries: Entries,
    extensions: Extensions,
    crl_number: Parsed<CrlNumber>,
    delta_crl_indicator: Parsed<DeltaCrlIndicator>,
    issuing_distribution_point: Parsed<IssuingDistributionPoint>,
    signature_algorithm: SignatureAlgorithm,
    signature: Range<usize>,
    irregularities: Vec<Irregularity>,
    /// The first key that was tried, and what came of it: the signature of a long list is paid for once.
    verified: OnceLock<(PublicKey, Lenience, Result<(), VerifyError>)>,
}

/// Why bytes are no revocation list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadCrlError {
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

impl Crl {
    /// Reads one DER revocation list that makes up all of `der`.
    ///
    /// # Errors
    /// Where the structure breaks, entries included.
    pub fn from_der(der: &[u8]) -> Result<Self, ReadCrlError> {
        reading::parse(der).map(|inner| Self(Arc::new(inner)))
    }

    /// The bytes that were read.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The list as PEM, `-----BEGIN X509 CRL-----`.
    pub fn to_pem(&self) -> String {
        certwright_encoding::pem::to_pem("X509 CRL", self.der())
    }

    /// The DER of `tbsCertList`, which the signature covers.
    pub fn tbs_der(&self) -> &[u8] {
        self.slice(&self.0.tbs)
    }

    /// 1 or 2.
    pub fn version(&self) -> u8 {
        self.0.version
    }

    /// Who signed the list.
    pub fn issuer(&self) -> &Name {
        &self.0.issuer
    }

    /// When the list was made, in seconds since 1970.
    pub fn this_update(&self) -> i64 {
        self.0.this_update.unix
    }

    /// When the next list is there at the latest, in seconds since 1970; `None` if the issuer does not say so, which RFC 5280 section
    /// 5.1.2.5 forbids.
    pub fn next_update(&self) -> Option<i64> {
        self.0.next_update.map(|time| time.unix)
    }

    /// How many entries there are.
    pub fn entry_count(&self) -> usize {
        self.0.entries.len()
    }

    /// The entries in the order of the list.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        (0..self.entry_count()).filter_map(|index| self.0.entries.at(&self.0.der, index))
    }

    /// The last entry for a certificate, by its issuer and the content octets of its serial number. In a list for several authorities an
    /// entry is for the issuer that it or the nearest one before it names (RFC 5280 section 5.3.3), and else for the issuer of the list.
    pub fn find(&self, issuer: &Name, serial: &[u8]) -> Option<Entry<'_>> {
        let (der, entries) = (&self.0.der, &self.0.entries);
        let names_issuer = |index| {
            let named = entries.at(der, index).and_then(|entry| entry.certificate_issuer().ok().flatten());
            named.is_some_and(|named| named.names(issuer))
        };
        let is_own = self.issuer() == issuer;
        // The answer for many entries that go by the same name is found once.
        let mut known: Option<(usize, bool)> = None;
        let matches = |index: &usize| {
            let Some(naming) = entries.naming(*index) else { return is_own };
            match known {
                Some((same, answer)) if same == naming => answer,
                _ => known.insert((naming, names_issuer(naming))).1,
            }
        };
        let found = entries.with_serial(der, serial).rev().find(matches);
        found.and_then(|index| entries.at(der, index))
    }

    /// All extensions of the list, known and unknown.
    pub fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    /// The number of the list (RFC 5280 section 5.2.3).
    pub fn crl_number(&self) -> &Parsed<CrlNumber> {
        &self.0.crl_number
    }

    /// There if the list tells only what has changed (RFC 5280 section 5.2.4).
    pub fn delta_crl_indicator(&self) -> &Parsed<DeltaCrlIndicator> {
        &self.0.delta_crl_indicator
    }

    /// Which certificates the list is about (RFC 5280 section 5.2.5).
    pub fn issuing_distribution_point(&self) -> &Parsed<IssuingDistributionPoint> {
        &self.0.issuing_distribution_point
    }

    /// Which key signed the list (RFC 5280 section 5.2.1).
    pub fn authority_key_identifier(&self) -> Option<&AuthorityKeyIdentifier> {
        self.0.extensions.authority_key_identifier.as_ref().ok().and_then(Option::as_ref)
    }

    /// How the list is signed.
    pub fn signature_algorithm(&self) -> &SignatureAlgorithm {
        &self.0.signature_algorithm
    }

    /// The octets of the signature.
    pub fn signature(&self) -> &[u8] {
        self.slice(&self.0.signature)
    }

    /// What the standard forbids and was read nevertheless.
    pub fn irregularities(&self) -> &[Irregularity] {
        &self.0.irregularities
    }

    /// The critical extensions, of the list or of an entry, that nothing here understands: RFC 5280 section 5.2 forbids to use the
    /// list then.
    pub fn unknown_critical(&self) -> impl Iterator<Item = &Oid> {
        self.irregularities().iter().filter_map(|irregularity| match irregularity {
            Irregularity::UnknownCriticalExtension { oid }
            | Irregularity::UnknownCriticalEntryExtension { oid } => Some(oid),
            _ => None,
        })
    }

    /// Checks the signature with a key. Looks at nothing else.
    ///
    /// # Errors
    /// Why the signature does not hold.
    pub fn verify_signature(&self, key: &PublicKey) -> Result<(), VerifyError> {
        self.verify_signature_leniently(key, Lenience::default())
    }

    /// As [`Crl::verify_signature`], and believes algorithms that prove nothing today, if it is told to.
    ///
    /// # Errors
    /// Why the signature does not hold.
    pub fn verify_signature_leniently(&self, key: &PublicKey, lenience: Lenience) -> Result<(), VerifyError> {
        if let Some(answer) = self.verified_with(key, lenience) {
            return answer;
        }
        let answer = if self.irregularities().contains(&Irregularity::UnusedSignatureBits) {
            Err(VerifyError::BadSignature)
        } else {
            verify(key, self.signature_algorithm(), self.tbs_der(), self.signature(), lenience)
        };
        self.0.verified.get_or_init(|| (key.clone(), lenience, answer.clone()));
        answer
    }

    /// What [`Crl::verify_signature_leniently`] says, if it is known without work.
    pub fn verified_with(&self, key: &PublicKey, lenience: Lenience) -> Option<Result<(), VerifyError>> {
        let (tried, by, answer) = self.0.verified.get()?;
        (tried == key && *by == lenience).then(|| answer.clone())
    }

    /// SHA-256 of the DER.
    pub fn fingerprint_sha256(&self) -> [u8; 32] {
        Sha256::digest(self.der()).into()
    }

    fn slice(&self, range: &Range<usize>) -> &[u8] {
        // The ranges were made from this very buffer.
        self.0.der.get(range.clone()).unwrap_or_default()
    }
}

impl PartialEq for Crl {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.der == other.0.der
    }
}

impl Eq for Crl {}

impl Hash for Crl {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The signature tells lists apart as well as all of their megabytes.
        self.signature().hash(state);
    }
}

impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crl(from {}, at {}, {} entries)", self.issuer(), self.this_update(), self.entry_count())
    }
}
