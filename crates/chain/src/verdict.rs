//! What comes out: the paths, best first, where each ends, and what every check said about every certificate of it.

use certwright_certs::{Certificate, Name};

use crate::failure::{Failure, FailureKind};
use crate::policy::ValidPolicies;

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// A path to a trust anchor passed every check of the profile.
    pub trusted: bool,
    /// The paths, the best first, as many as were asked for. Empty only if there was no certificate.
    pub paths: Vec<Path>,
    /// What is wrong with the best path, the most specific first. Empty exactly if `trusted`.
    pub failures: Vec<Failure>,
    /// How what was sent compares with the best path.
    pub notes: Notes,
    /// The search ended because its budget was used up, and nothing trusted was found by then.
    pub budget_exhausted: bool,
    /// What the search cost.
    pub work: Work,
}

impl Verdict {
    /// The path that the verdict is about.
    pub fn best(&self) -> Option<&Path> {
        self.paths.first()
    }

    /// The certificates of that path; none if there was no certificate.
    pub fn links(&self) -> &[Link] {
        self.best().map(|path| path.links.as_slice()).unwrap_or_default()
    }
}

/// A path, and what the checks said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// Its certificates, the end-entity first.
    pub links: Vec<Link>,
    /// Where it ends.
    pub end: PathEnd,
    /// It ends in a trust anchor and passed every check.
    pub trusted: bool,
    /// What is wrong with it, the most specific first.
    pub failures: Vec<Failure>,
    /// What each check of the profile said, in the order of [`Profile::checks`](crate::Profile::checks) and
    /// [`Profile::remarks`](crate::Profile::remarks): for every certificate, the end-entity first, then for the path as a whole if there is something to say.
    pub results: Vec<CheckResult>,
    /// The policies for which the path is valid.
    pub policies: ValidPolicies,
}

impl Path {
    /// What is odd without being wrong under this profile, with the place of the certificate.
    pub fn remarks(&self) -> impl Iterator<Item = (Option<usize>, &FailureKind)> {
        self.results.iter().filter_map(|result| match &result.outcome {
            Outcome::Remarked(kind) => Some((result.at, kind)),
            _ => None,
        })
    }
}

/// What a check said about a certificate. A check that found several things wrong with one certificate gives one result for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckResult {
    /// The check's [`id`](crate::CheckInfo::id).
    pub check: &'static str,
    /// Which certificate of the path, from 0 (the end-entity); `None` if it is the path as a whole.
    pub at: Option<usize>,
    /// What it said.
    pub outcome: Outcome,
}

/// What a check says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should be.
    Passed,
    /// Wrong.
    Failed(FailureKind),
    /// Wrong, but the profile does not demand it.
    Remarked(FailureKind),
    /// The check has nothing to say about this certificate.
    NotApplicable(NotApplicable),
}

/// Why a check has nothing to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotApplicable {
    /// The certificate does not have the extension, so that nothing is restricted.
    NoSuchExtension,
    /// The check is about the end-entity only.
    OnlyEndEntity,
    /// The check is about authorities only.
    OnlyAuthorities,
    /// The check is about self-issued trust anchors only.
    OnlyRoots,
    /// The check is about keys of another algorithm.
    OtherKeyAlgorithm,
    /// The question names no host, mailbox, purpose or policy, or leaves revocation out.
    NotAsked,
    /// Nothing at hand is about the revocation of the certificate.
    NoEvidence,
    /// The certificate is the trust anchor, which is trusted as it is.
    TrustAnchor,
    /// The issuer is not at hand.
    NoIssuer,
    /// The certificate is self-issued, which exempts it.
    SelfIssued,
    /// The certificate is too old (version 1 or 2) to say anything about it.
    OldVersion,
    /// Another check says what is wrong there.
    SaidElsewhere,
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
        /// Where its certificate can be had, as the last certificate says (authority information access).
        ca_issuers_urls: Vec<String>,
    },
    /// In a certificate whose only known issuers are in the path already.
    Cycle,
    /// The search was given up there.
    GivenUp,
}

/// How what the peer sent compares with the best path: remarkable without being wrong.
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
}

/// What a search cost, in the units of [`Budget`](crate::Budget).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Signatures that were checked.
    pub signatures: u32,
    /// Steps from a certificate to those who have the name of its issuer.
    pub steps: u32,
    /// Paths on which the checks were run.
    pub paths: u32,
    /// Comparisons of names with name constraints, and of policies.
    pub comparisons: u32,
}
