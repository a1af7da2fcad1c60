//! Profiles: which checks a chain has to pass.
//!
//! Every profile runs the core, which is RFC 5280 section 6 with the strength of algorithms and the names that were asked for. Beyond it:
//!
//! * [`Profile::TlsServer`] demands the duties of issuers of RFC 5280 section 4, and those of the CA/Browser Forum's baseline requirements that a
//!   relying party can see. It is what a browser's root programme expects of a public server.
//! * [`Profile::TlsClient`] and [`Profile::Email`] demand the duties of RFC 5280 section 4.
//! * [`Profile::Private`] demands the core alone, since private authorities often break the duties; these are then remarks.

use crate::checks::duties::*;
use crate::checks::*;

/// Which checks a chain has to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Profile {
    /// A public TLS server: RFC 5280, RFC 9525 and the CA/Browser Forum's baseline requirements.
    TlsServer,
    /// A TLS client: RFC 5280 with the duties of issuers.
    TlsClient,
    /// Signed or encrypted mail: RFC 5280 with the duties of issuers, RFC 8550 and RFC 8398.
    Email,
    /// A private PKI: RFC 5280 section 6 alone. What issuers owe besides are remarks.
    Private,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Self; 4] = [Self::TlsServer, Self::TlsClient, Self::Email, Self::Private];

    /// Its name for scripts.
    pub fn id(self) -> &'static str {
        match self {
            Self::TlsServer => "tls-server",
            Self::TlsClient => "tls-client",
            Self::Email => "email",
            Self::Private => "private",
        }
    }

    /// The profile of this name.
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.id() == id)
    }

    /// The checks that a path has to pass, in the order in which they are shown.
    pub fn checks(self) -> &'static [CheckInfo] {
        match self {
            Self::TlsServer => TLS_SERVER,
            Self::TlsClient | Self::Email => WITH_DUTIES,
            Self::Private => CORE,
        }
    }

    /// The checks whose failures are remarks.
    pub fn remarks(self) -> &'static [CheckInfo] {
        match self {
            Self::TlsServer => &[],
            Self::TlsClient => ODD_IN_TLS,
            Self::Email => &[],
            Self::Private => PRIVATE_REMARKS,
        }
    }
}

/// Two lists as one.
#[allow(clippy::indexing_slicing, reason = "it runs in the compiler, where a mistake is an error")]
const fn joined<const N: usize>(first: &[CheckInfo], second: &[CheckInfo]) -> [CheckInfo; N] {
    let mut all = [signature::CHECK; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < first.len() { first[at] } else { second[at - first.len()] };
        at += 1;
    }
    all
}

/// RFC 5280 section 6, and what was asked for.
const CORE: &[CheckInfo] = &[
    trust_anchor::CHECK,
    signature::CHECK,
    signature_algorithm::CHECK,
    public_key::CHECK,
    validity::CHECK,
    distrust::CHECK,
    revocation::CHECK,
    host_name::CHECK,
    mailbox::CHECK,
    extended_key_usage::CHECK,
    end_entity_key_usage::CHECK,
    ca_key_usage::CHECK,
    basic_constraints::CHECK,
    path_length::CHECK,
    name_constraints::CHECK,
    policies::CHECK,
    critical_extensions::CHECK,
    encoding::CHECK,
];

/// What RFC 5280 section 4 demands of issuers.
const DUTIES: &[CheckInfo] = &[
    serial_number::CHECK,
    validity_form::CHECK,
    names::CHECK,
    optional_fields::CHECK,
    authority_key_identifier::CHECK,
    subject_key_identifier::CHECK,
    basic_constraints_form::CHECK,
    key_usage_form::CHECK,
    alternative_names::CHECK,
    name_constraints_form::CHECK,
    policy_form::CHECK,
];

/// What the CA/Browser Forum demands of the certificates of TLS servers.
const SERVER_DUTIES: &[CheckInfo] = &[
    version::CHECK,
    rsa_key::CHECK,
    key_kind::CHECK,
    criticality::CHECK,
    end_entity_authority::CHECK,
    extended_key_usage_form::CHECK,
    root_form::CHECK,
    server_names::CHECK,
    common_name::CHECK,
    access_information::CHECK,
];

/// What is odd in any certificate for TLS.
const ODD_IN_TLS: &[CheckInfo] =
    &[version::CHECK, end_entity_authority::CHECK, extended_key_usage_form::CHECK];

const WITH_DUTIES: &[CheckInfo] = &joined::<{ CORE.len() + DUTIES.len() }>(CORE, DUTIES);
const TLS_SERVER: &[CheckInfo] =
    &joined::<{ WITH_DUTIES.len() + SERVER_DUTIES.len() }>(WITH_DUTIES, SERVER_DUTIES);
const PRIVATE_REMARKS: &[CheckInfo] = &joined::<{ DUTIES.len() + ODD_IN_TLS.len() }>(DUTIES, ODD_IN_TLS);
