//! What comes out: the best path, where it ends, and all that is wrong with it.

use certwright_certs::certificate::Irregularity;
use certwright_certs::extensions::ReadExtensionError;
use certwright_certs::{Certificate, GeneralName, Name, Oid};

use crate::checks::rules::Rule;
use crate::question::Host;

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// A path to a trust anchor passed every check.
    pub trusted: bool,
    /// That path, or the best one that failed; the end-entity first. Empty only if there was no certificate.
    pub path: Vec<Link>,
    /// Where the path ends.
    pub end: PathEnd,
    /// What is wrong with the path, the most telling first. Empty exactly if `trusted`.
    pub failures: Vec<Failure>,
    /// What is remarkable without being wrong.
    pub notes: Notes,
    /// The search ended because its budget was used up.
    pub budget_exhausted: bool,
}

/// A certificate of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The certificate.
    pub certificate: Certificate,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a certificate of the path came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The peer sent it.
    Sent {
        /// Its place in what the peer sent, from 0.
        index: usize,
    },
    /// It was known besides.
    Extra,
    /// It is trusted; the peer may have sent it as well.
    Anchor {
        /// The anchor's label.
        label: String,
    },
}

/// Where a path ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathEnd {
    /// In a trust anchor.
    Anchor {
        /// Its label.
        label: String,
    },
    /// In a self-signed certificate that is not trusted.
    SelfSignedNotTrusted,
    /// In a certificate whose issuer is not at hand.
    MissingIssuer {
        /// The name of the issuer.
        issuer: Name,
        /// Where its certificate can be had, as the last certificate says.
        ca_issuers_urls: Vec<String>,
    },
    /// In a certificate whose only known issuers are in the path already.
    Cycle,
    /// Nowhere: there was no certificate.
    Nowhere,
    /// The search was given up there.
    GivenUp,
}

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
    /// The signature's digest can be forged, or the key is too short.
    WeakAlgorithm {
        /// For example `sha1WithRSAEncryption` or `RSA 1024`.
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
        /// The name of the purpose.
        needed: &'static str,
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
    /// A critical extension that this program does not know.
    UnknownCriticalExtension {
        /// Its type.
        oid: Oid,
    },
    /// A critical extension that this program knows and does not process (restrictions of certificate policies).
    UnsupportedCritical {
        /// Its type.
        oid: Oid,
    },
    /// The value of an extension cannot be read.
    MalformedExtension(ReadExtensionError),
    /// The encoding breaks a rule on which security rests.
    Irregular(Irregularity),
    /// The issuer broke another rule; only for [`Profile::Strict`](crate::Profile::Strict).
    Rule(Rule),
    /// The path ends in a root that is not trusted.
    UntrustedRoot {
        /// The name of the root.
        subject: Name,
    },
    /// The end-entity certificate is self-signed and not trusted.
    SelfSigned,
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

/// What is remarkable without being wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// The peer did not send the certificates of the path in its order, as TLS 1.2 demands (RFC 5246 section 7.4.2).
    pub order_wrong: bool,
    /// Places (in what the peer sent) of certificates that the path does not need, the root excepted.
    pub unneeded: Vec<usize>,
    /// The peer sent the root itself, which who trusts it has already.
    pub root_sent: bool,
    /// Places (in the path) of intermediates that the peer should have sent and that were known besides: other clients will fail.
    pub intermediate_missing_but_known: Vec<usize>,
    /// Rules for issuers that certificates of the path break: place in the path, and rule.
    pub broken_rules: Vec<(usize, Rule)>,
}

impl FailureKind {
    /// Smaller is more telling: facts about what the certificate is come before the mere absence of trust.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::NoCertificate => 0,
            Self::BadSignature | Self::IssuerKeyDiffers { .. } => 1,
            Self::Expired { .. } | Self::NotYetValid { .. } => 2,
            Self::HostMismatch { .. } => 3,
            Self::ExtendedKeyUsage { .. } | Self::KeyUsage { .. } => 4,
            Self::NotACa | Self::PathTooLong { .. } => 5,
            Self::NameConstraint { .. } | Self::UnusableNameConstraint { .. } => 6,
            Self::UnknownCriticalExtension { .. } | Self::UnsupportedCritical { .. } => 7,
            Self::WeakAlgorithm { .. } | Self::UnsupportedAlgorithm { .. } | Self::MalformedKey => 8,
            Self::MalformedExtension(_) | Self::Irregular(_) => 9,
            Self::SelfSigned | Self::UntrustedRoot { .. } | Self::MissingIssuer { .. } | Self::Cycle => 10,
            Self::Rule(_) => 11,
            Self::BudgetExhausted => 12,
        }
    }
}
