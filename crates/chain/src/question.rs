//! What is asked of the validator.

use core::net::IpAddr;

use certwright_certs::{Certificate, oid};
use const_oid::ObjectIdentifier;

use crate::anchors::Anchor;

/// A chain and the circumstances in which it is judged.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// As the peer sent them: the first is the end-entity; the others may be in any order, twice, or have nothing to do with it.
    pub certificates: &'a [Certificate],
    /// Other certificates that may help to build a path, for example intermediates in the keystore. They are not trusted.
    pub extra: &'a [Certificate],
    /// What is trusted.
    pub anchors: &'a [Anchor],
    /// The time at which the chain has to be valid, in seconds since 1970.
    pub at: i64,
    /// The peer that was meant; `None` leaves the names unchecked.
    pub host: Option<Host>,
    /// What the end-entity certificate is used for.
    pub purpose: Purpose,
    /// How much work the search may cost.
    pub budget: Budget,
}

/// A peer, as the user named it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A host name in ASCII (A-labels, RFC 5890). A dot at the end is ignored; text that is an address is taken for one.
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
    /// Key usages of the end-entity and extended key usages are not looked at.
    Any,
}

impl Purpose {
    /// The extended key usage (RFC 5280 section 4.2.1.12) and its name.
    pub(crate) fn extended_key_usage(self) -> Option<(ObjectIdentifier, &'static str)> {
        match self {
            Self::ServerAuth => Some((oid::SERVER_AUTH, "serverAuth")),
            Self::ClientAuth => Some((oid::CLIENT_AUTH, "clientAuth")),
            Self::Any => None,
        }
    }
}

/// How strictly issuers are held to what the standards demand of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// RFC 5280 section 6 (what a relying party checks), and those rules of section 4 that bear on security. Private authorities
    /// often break the others; they are then notes and not failures.
    Tolerant,
    /// The duties of issuers (RFC 5280 section 4, CA/Browser Forum baseline requirements) are checked as well.
    Strict,
}

/// Bounds on the search. When one is reached the search ends, and a chain that was not found trusted by then is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Intermediates in a path, self-issued ones not counted (RFC 5280 section 6.1.4).
    pub intermediates: u32,
    /// Certificates in a path, all counted.
    pub links: usize,
    /// Signatures that are checked.
    pub signatures: u32,
    /// Steps from a certificate to a possible issuer.
    pub steps: u32,
    /// Paths on which the checks are run.
    pub paths: u32,
    /// Comparisons of a name with a name constraint.
    pub comparisons: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            intermediates: 12,
            links: 20,
            signatures: 256,
            steps: 20_000,
            paths: 256,
            comparisons: 250_000,
        }
    }
}
