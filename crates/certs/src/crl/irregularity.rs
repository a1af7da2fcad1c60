//! What RFC 5280 forbids in a revocation list and does not keep it from being read.

use crate::oid::Oid;

/// Something that RFC 5280 section 5 forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Irregularity {
    /// The algorithm inside the signature is not the one outside (section 5.1.1.2).
    SignatureAlgorithmMismatch {
        /// The algorithm that the signature covers.
        inside: Oid,
        /// The algorithm that the signature claims.
        outside: Oid,
    },
    /// The signature is not a whole number of octets, so that no algorithm made it; it never verifies.
    UnusedSignatureBits,
    /// The issuer has no name (section 5.1.2.3).
    IssuerEmpty,
    /// A time was written without seconds, or as GeneralizedTime before 2050 (sections 5.1.2.4 to 5.1.2.6).
    TimeForm,
    /// There is no `nextUpdate` (section 5.1.2.5).
    NextUpdateMissing,
    /// `nextUpdate` lies before `thisUpdate`.
    UpdatesReversed,
    /// The list of entries is there and empty (section 5.1.2.6).
    NoEntries,
    /// Extensions, of the list or of an entry, in a list of version 1 (section 5.1.2.1).
    ExtensionsInVersion1,
    /// The list of extensions is there and empty (section 5.1.2.7).
    NoExtensions,
    /// An extension of the list occurs more than once (section 4.2).
    DuplicateExtension {
        /// Its type.
        oid: Oid,
    },
    /// There is no CRL number (section 5.2.3).
    CrlNumberMissing,
    /// The CRL number takes more than 20 octets (section 5.2.3).
    CrlNumberTooLong,
    /// There is no authority key identifier (section 5.2.1).
    AuthorityKeyIdentifierMissing,
    /// An extension is critical that must not be (sections 5.2.1, 5.2.3, 5.3.1, 5.3.2).
    MustNotBeCritical {
        /// Its type.
        oid: Oid,
    },
    /// An extension is not critical that must be (sections 5.2.4, 5.2.5, 5.3.3).
    MustBeCritical {
        /// Its type.
        oid: Oid,
    },
    /// A critical extension of the list that nothing here understands.
    UnknownCriticalExtension {
        /// Its type.
        oid: Oid,
    },
    /// A critical extension of an entry that nothing here understands. Told once for each type.
    UnknownCriticalEntryExtension {
        /// Its type.
        oid: Oid,
    },
    /// An entry says `removeFromCRL`, and the list is no delta CRL (section 5.3.1).
    RemovedInCompleteList,
    /// An entry names the issuer of its certificate, and the list does not say that it is for several (section 5.2.5).
    CertificateIssuerInDirectList,
}
