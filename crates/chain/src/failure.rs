//! What can be wrong with a path, as facts. The words for people are elsewhere.

use certwright_certs::certificate::Irregularity;
use certwright_certs::extensions::{ReadExtensionError, ReasonCode};
use certwright_certs::{GeneralName, Name, Oid};

use crate::question::Host;
use crate::revocation::{Dismissed, Source, Unknown};
use crate::rule::Rule;

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Which certificate of the path, from 0 (the end-entity); `None` if it is the path as a whole.
    pub at: Option<usize>,
    /// What is wrong.
    pub kind: FailureKind,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// There was no certificate to judge.
    NoCertificate,
    /// The signature was not made with the key of the issuer, which is the next certificate of the path.
    BadSignature,
    /// The next certificate of the path has the issuer's name, but not its key: neither the signature nor the key identifiers fit. There are
    /// two authorities with that name, or one that has changed its key.
    IssuerKeyDiffers {
        /// The name of the issuer.
        issuer: Name,
        /// Where the right certificate can be had.
        ca_issuers_urls: Vec<String>,
    },
    /// The certificate is on the list of what is never trusted.
    Distrusted,
    /// The certificate is revoked.
    Revoked {
        /// Which of the lists and responses of the question says so.
        by: Source,
        /// Since when, in seconds since 1970.
        at: i64,
        /// Why.
        reason: ReasonCode,
        /// Since when the key is thought to be compromised, in seconds since 1970.
        invalidity_date: Option<i64>,
    },
    /// Whether the certificate is revoked cannot be told.
    RevocationUnknown {
        /// Why not.
        why: Unknown,
        /// What was at hand for this certificate and did not count, the most telling first.
        dismissed: Vec<Dismissed>,
        /// Where the certificate says that its revocation lists are.
        lists: Vec<String>,
        /// Where it says that its status can be asked for (OCSP).
        responders: Vec<String>,
    },
    /// The signature's digest can be forged, or the key is too short.
    WeakAlgorithm {
        /// For example `sha1WithRSAEncryption` or `RSA 1024`.
        algorithm: String,
    },
    /// An algorithm that is no longer approved (DSA, FIPS 186-5). The signature itself is right, if it is about one.
    RetiredAlgorithm {
        /// For example `DSA 2048`.
        algorithm: String,
    },
    /// An algorithm that this program does not know.
    UnsupportedAlgorithm {
        /// Its name or dotted identifier.
        algorithm: String,
    },
    /// The public key cannot be read.
    MalformedKey,
    /// The validity is over.
    Expired {
        /// The last valid second.
        not_after: i64,
        /// The time of the question.
        at: i64,
    },
    /// The validity has not begun.
    NotYetValid {
        /// The first valid second.
        not_before: i64,
        /// The time of the question.
        at: i64,
    },
    /// The certificate is for other names than the host's.
    HostMismatch {
        /// The host of the question.
        host: Host,
        /// The host names and addresses that it is for.
        names: Vec<GeneralName>,
        /// The common name would have matched, but it does not count (RFC 9525 section 2).
        common_name_would_match: bool,
    },
    /// The certificate is for other mailboxes than the one that was meant.
    MailboxMismatch {
        /// The mailbox of the question.
        mailbox: String,
        /// The mailboxes that it is for.
        names: Vec<String>,
    },
    /// An issuer that is no certification authority.
    NotACa,
    /// More intermediates follow than the certificate (or the budget, at `None`) allows.
    PathTooLong {
        /// How many it allows.
        allowed: u32,
    },
    /// The key usage does not allow what the key is used for.
    KeyUsage {
        /// The name of the usage that is missing.
        needed: &'static str,
        /// The names of those that are there.
        found: Vec<&'static str>,
    },
    /// The extended key usage does not allow the purpose.
    ExtendedKeyUsage {
        /// The name of the purpose, or its dotted identifier.
        needed: String,
        /// The names of those that are allowed.
        found: Vec<String>,
    },
    /// A name that an authority above may not certify.
    NameConstraint {
        /// The name.
        name: GeneralName,
        /// Which certificate of the path forbids it.
        by: usize,
    },
    /// Name constraints that cannot be applied: malformed, or of a kind that this program has no rule for.
    UnusableNameConstraint {
        /// The number of the general name's alternative (RFC 5280 section 4.2.1.6).
        number: u8,
    },
    /// An authority (or the question) demands a policy, and the path is valid for none.
    NoValidPolicy {
        /// Which certificate demands it; `None` if it was the question.
        demanded_by: Option<usize>,
    },
    /// The path is valid for policies, and none of them is acceptable to who asks.
    NoAcceptablePolicy {
        /// Those for which it is valid.
        valid: Vec<Oid>,
    },
    /// A policy is mapped from or to `anyPolicy` (RFC 5280 section 6.1.4 (a)).
    MappingOfAnyPolicy,
    /// A critical extension that this program does not know.
    UnknownCriticalExtension {
        /// Its type.
        oid: Oid,
    },
    /// The value of an extension cannot be read.
    MalformedExtension(ReadExtensionError),
    /// The encoding breaks a rule on which security rests.
    Irregular(Irregularity),
    /// The issuer broke another rule.
    Rule(Rule),
    /// The path ends in a root that is not trusted.
    UntrustedRoot {
        /// The name of the root.
        subject: Name,
    },
    /// The end-entity certificate is self-signed and not trusted.
    SelfSigned,
    /// The certificate is trusted, but not for its place in the path: [`AnchorRules`](crate::AnchorRules).
    AnchorOutOfPlace,
    /// The issuer of the last certificate is not at hand.
    MissingIssuer {
        /// Its name.
        issuer: Name,
        /// Where its certificate can be had.
        ca_issuers_urls: Vec<String>,
    },
    /// The known issuers of the last certificate are in the path already.
    Cycle,
    /// The search was given up.
    BudgetExhausted,
}

impl FailureKind {
    /// Smaller is more specific: facts about what the certificate is come before the mere absence of trust.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::NoCertificate => 0,
            Self::BadSignature | Self::IssuerKeyDiffers { .. } => 1,
            Self::Distrusted | Self::Revoked { .. } => 2,
            Self::Expired { .. } | Self::NotYetValid { .. } => 3,
            Self::HostMismatch { .. } | Self::MailboxMismatch { .. } => 4,
            Self::ExtendedKeyUsage { .. } | Self::KeyUsage { .. } => 5,
            Self::NotACa | Self::PathTooLong { .. } => 6,
            Self::NameConstraint { .. } | Self::UnusableNameConstraint { .. } => 7,
            Self::NoValidPolicy { .. } | Self::NoAcceptablePolicy { .. } | Self::MappingOfAnyPolicy => 8,
            Self::UnknownCriticalExtension { .. } | Self::RevocationUnknown { .. } => 9,
            Self::WeakAlgorithm { .. }
            | Self::RetiredAlgorithm { .. }
            | Self::UnsupportedAlgorithm { .. }
            | Self::MalformedKey => 10,
            Self::MalformedExtension(_) | Self::Irregular(_) => 11,
            Self::SelfSigned
            | Self::UntrustedRoot { .. }
            | Self::AnchorOutOfPlace
            | Self::MissingIssuer { .. }
            | Self::Cycle => 12,
            Self::Rule(_) => 13,
            Self::BudgetExhausted => 14,
        }
    }
}
