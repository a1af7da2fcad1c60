//! Duties of issuers that a relying party can see: RFC 5280 section 4, and the CA/Browser Forum's baseline requirements (BR).
//!
//! Which profile demands which is said by [`Profile`](crate::Profile).

use certwright_certs::Oid;

/// A rule that a certificate breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A certificate that is not self-issued has no key identifier in its authority key identifier (RFC 5280 section 4.2.1.1).
    AuthorityKeyIdentifierMissing,
    /// A root's authority key identifier is not its own, or says more than the key identifier (BR 7.1.2.1.3).
    RootAuthorityKeyIdentifier,
    /// An authority has no subject key identifier (RFC 5280 section 4.2.1.2).
    SubjectKeyIdentifierMissing,
    /// An extension is critical that must not be, or the other way round (RFC 5280 section 4.2, BR 7.1.2).
    Criticality {
        /// The extension.
        extension: Oid,
        /// What it should be.
        should_be_critical: bool,
    },
    /// A path length constraint without the right to sign certificates (RFC 5280 section 4.2.1.9).
    PathLengthWithoutCa,
    /// `keyCertSign` without being an authority (RFC 5280 section 4.2.1.3).
    KeyCertSignWithoutCa,
    /// The key usage names no usage at all (RFC 5280 section 4.2.1.3).
    KeyUsageEmpty,
    /// The end-entity is an authority (BR 7.1.2.7.8).
    EndEntityIsCa,
    /// The end-entity has name constraints (RFC 5280 section 4.2.1.10).
    NameConstraintsInEndEntity,
    /// A host name of a name constraint that begins with a dot (RFC 5280 section 4.2.1.10).
    NameConstraintForm {
        /// The host name.
        base: String,
    },
    /// A policy is named twice (RFC 5280 section 4.2.1.4).
    DuplicatePolicy {
        /// The policy.
        policy: Oid,
    },
    /// The serial number of a certificate that is no trust anchor is not positive, longer than 20 octets, or not encoded in the shortest way
    /// (RFC 5280 section 4.1.2.2).
    SerialNumber,
    /// A time is not encoded as RFC 5280 section 4.1.2.5 wants it.
    TimeForm,
    /// The validity ends before it begins.
    ValidityReversed,
    /// The certificate names no issuer (RFC 5280 section 4.1.2.4).
    IssuerMissing,
    /// The certificate names no subject and has no alternative name (RFC 5280 section 4.1.2.6).
    NoName,
    /// Unique identifiers, which nobody should generate (RFC 5280 section 4.1.2.8).
    UniqueIdentifiers,
    /// The list of extensions is there and empty (RFC 5280 section 4.1.2.9).
    NoExtensions,
    /// The subject alternative name is critical beside a subject, or not critical without one (RFC 5280 section 4.2.1.6).
    AlternativeNameCriticality,
    /// The end-entity has no subject alternative name (BR 7.1.2.7.12).
    AlternativeNameMissing,
    /// A name of the subject alternative name is not of the form that its kind has (RFC 5280 section 4.2.1.6, BR 7.1.2.7.12).
    MalformedAlternativeName {
        /// The name.
        name: String,
    },
    /// A common name that a reader might take for an alternative name that it is not (BR 7.1.4.3): an address that is not in its
    /// canonical form, an internationalised host name that is not among them, another spelling of one that is. Other common names outside
    /// the alternative names are too frequent to tell anything.
    MisleadingCommonName {
        /// The common name.
        common_name: String,
    },
    /// The end-entity has `anyExtendedKeyUsage`, or a critical extended key usage (BR 7.1.2.7.10, 7.1.2.7.6).
    EndEntityExtendedKeyUsage,
    /// A root has an extended key usage (BR 7.1.2.1.2).
    RootExtendedKeyUsage,
    /// An extended key usage has another one beside it that must not be there (BR 7.1.2.7.10, 7.1.2.10.6).
    MixedExtendedKeyUsage {
        /// The one too many.
        usage: Oid,
    },
    /// The certificate is not of version 3 (BR 7.1.1).
    Version {
        /// 1 or 2.
        version: u8,
    },
    /// An RSA modulus whose length in bits is no multiple of 8 (BR 6.1.5).
    RsaLength {
        /// Its length.
        bits: u32,
    },
    /// A key of a kind that the baseline requirements do not know (BR 6.1.5).
    KeyKind {
        /// Its algorithm.
        algorithm: String,
    },
    /// An access description whose place is no HTTP address, or of a method that is not allowed (RFC 5280 section 4.2.2.1, BR 7.1.2.7.7).
    AccessLocation {
        /// The place.
        location: String,
    },
}
