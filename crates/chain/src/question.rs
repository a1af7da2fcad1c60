//! What is asked of the validator.

use core::net::IpAddr;

use certwright_certs::extensions::KeyUsage;
use certwright_certs::{Certificate, Crl, OcspResponse, Oid, oid};
use certwright_keys::verify::Lenience;
use const_oid::ObjectIdentifier;

use crate::anchors::{Anchor, AnchorRules};
use crate::profile::Profile;

/// A chain and the circumstances in which it is judged. [`Question::new`] fills in what is not asked.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// As the peer sent them: the first is the end-entity; the others may be in any order, twice, or have nothing to do with it.
    pub certificates: &'a [Certificate],
    /// Other certificates that may help to build a path, for example intermediates in the keystore. They are not trusted.
    pub extra: &'a [Certificate],
    /// What is trusted.
    pub anchors: &'a [Anchor],
    /// What is never trusted, neither in a path nor as its anchor.
    pub distrusted: &'a [Certificate],
    /// What counts of what an anchor says about itself.
    pub anchor_rules: AnchorRules,
    /// The time at which the chain has to be valid, in seconds since 1970.
    pub at: i64,
    /// The peer that was meant; `None` leaves the host names unchecked.
    pub host: Option<Host>,
    /// The mailbox that was meant, `local@domain`; `None` leaves the mailboxes unchecked.
    pub mailbox: Option<String>,
    /// What the end-entity certificate is used for.
    pub purpose: Purpose,
    /// Where an extended key usage has to be; [`Profile::TlsServer`] wants one in the end-entity anyway.
    pub extended_key_usage: ExtendedKeyUsageRule,
    /// Key usages that the end-entity has to allow besides those that follow from the purpose.
    pub key_usage: KeyUsage,
    /// Which checks are run.
    pub profile: Profile,
    /// The inputs of RFC 5280 section 6.1.1 about certificate policies.
    pub policies: PolicyInputs,
    /// What is at hand to find out whether a certificate is revoked, and what follows if that cannot be told.
    pub revocation: Evidence<'a>,
    /// Which signatures are taken that most refuse.
    pub algorithms: Algorithms,
    /// How many paths the verdict shows.
    pub paths: Paths,
    /// How much work the search may cost.
    pub budget: Budget,
}

impl<'a> Question<'a> {
    /// A question about a path alone: no host, any purpose, [`Profile::Private`], any policy, one path.
    pub fn new(certificates: &'a [Certificate], anchors: &'a [Anchor], at: i64) -> Self {
        Self {
            certificates,
            extra: &[],
            anchors,
            distrusted: &[],
            anchor_rules: AnchorRules::default(),
            at,
            host: None,
            mailbox: None,
            purpose: Purpose::Any,
            extended_key_usage: ExtendedKeyUsageRule::default(),
            key_usage: KeyUsage::EMPTY,
            profile: Profile::Private,
            policies: PolicyInputs::default(),
            revocation: Evidence::default(),
            algorithms: Algorithms::default(),
            paths: Paths::First,
            budget: Budget::default(),
        }
    }
}

/// A peer, as the user named it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A host name, of A-labels or U-labels (RFC 5890). A dot at the end is ignored; text that is an address is taken for one.
    Dns(String),
    /// An address.
    Ip(IpAddr),
}

/// What a certificate is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A TLS server shows it.
    ServerAuth,
    /// A TLS client shows it.
    ClientAuth,
    /// Mail is signed or encrypted with it (S/MIME).
    EmailProtection,
    /// An extended key usage by its identifier. What the key usage has to allow for it is not known here.
    Other(ObjectIdentifier),
    /// Key usages of the end-entity and extended key usages are not looked at.
    Any,
}

impl Purpose {
    /// The extended key usage (RFC 5280 section 4.2.1.12).
    pub fn extended_key_usage(self) -> Option<ObjectIdentifier> {
        match self {
            Self::ServerAuth => Some(oid::SERVER_AUTH),
            Self::ClientAuth => Some(oid::CLIENT_AUTH),
            Self::EmailProtection => Some(oid::EMAIL_PROTECTION),
            Self::Other(purpose) => Some(purpose),
            Self::Any => None,
        }
    }
}

/// Where an extended key usage has to be, if there is a purpose. RFC 5280 section 4.2.1.12 takes one that is absent for all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExtendedKeyUsageRule {
    /// Nowhere; that of the end-entity counts, and those of issuers bound nothing, as RFC 5280 has it to the letter.
    EndEntityAlone,
    /// Nowhere; it counts where it is, and in issuers it bounds what is below, as every TLS library has it.
    #[default]
    IfPresent,
    /// In the end-entity.
    InEndEntity,
    /// In every certificate but the trust anchor.
    BelowAnchor,
}

/// The inputs of RFC 5280 section 6.1.1 (c), (e), (f) and (g).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyInputs {
    /// The policies that are acceptable; `None` stands for any.
    pub acceptable: Option<Vec<Oid>>,
    /// The path has to be valid for at least one of them.
    pub require_explicit: bool,
    /// Policies may not be mapped to others.
    pub inhibit_mapping: bool,
    /// `anyPolicy` in a certificate counts as no policy.
    pub inhibit_any: bool,
}

/// What is at hand about revocation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence<'a> {
    /// Revocation lists, in any order, of anybody.
    pub crls: &'a [Crl],
    /// OCSP responses, in any order, about anything.
    pub ocsp: &'a [OcspResponse],
    /// What follows from them.
    pub mode: RevocationMode,
}

/// What follows from what is at hand about revocation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RevocationMode {
    /// Nothing: it is not looked at.
    #[default]
    Off,
    /// A certificate that is revoked is refused, and one about which there is something that does not count. One about which there is nothing
    /// passes.
    IfKnown,
    /// Every certificate below the anchor has to be known not to be revoked.
    Required,
}

/// Signatures and keys that are taken although they can be forged. The default takes none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Algorithms {
    /// What is believed although it proves nothing today, in certificates, revocation lists and OCSP responses: for looking at old paths only.
    pub lenience: Lenience,
    /// The shortest RSA modulus, in bits; below 1024 none is believed.
    pub minimum_rsa_bits: u32,
}

impl Default for Algorithms {
    fn default() -> Self {
        Self { lenience: Lenience::default(), minimum_rsa_bits: 2048 }
    }
}

/// How many paths the verdict shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paths {
    /// The best one; the search ends with the first that is trusted.
    First,
    /// All that there are, best first, up to a number.
    All {
        /// How many at most; at least one is shown.
        max: usize,
    },
}

/// Bounds on the search, in counted work, so that the same question always gets the same answer. When one is reached the search ends,
/// and a chain that was not found trusted by then is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Intermediates in a path, self-issued ones not counted (RFC 5280 section 6.1.4).
    pub intermediates: u32,
    /// Certificates in a path, all counted; more than 64 count as 64.
    pub links: usize,
    /// Signatures that are checked.
    pub signatures: u32,
    /// Steps from a certificate to those who have the name of its issuer.
    pub steps: u32,
    /// Paths on which the checks are run.
    pub paths: u32,
    /// Comparisons of a name with a name constraint, and of policies with each other.
    pub comparisons: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            intermediates: 12,
            links: 20,
            signatures: 256,
            steps: 100_000,
            paths: 256,
            comparisons: 250_000,
        }
    }
}
