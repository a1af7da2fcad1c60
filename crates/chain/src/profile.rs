//! Profiles: which checks a chain has to pass.
//!
//! Every profile runs the core, which is RFC 5280 section 6 with the strength of algorithms and the names that were asked for. All but
//! [`Profile::Rfc5280`] also look whether the key usage suits the purpose, which is a rule of TLS and of S/MIME. Beyond that:
//!
//! * [`Profile::TlsServer`] demands the duties of issuers of RFC 5280 section 4, and those of the CA/Browser Forum's baseline requirements that a
//!   relying party can see. It is what a browser's root programme expects of a public server.
//! * [`Profile::TlsClient`] and [`Profile::Email`] demand the duties of RFC 5280 section 4.
//! * [`Profile::Rfc5280`] demands RFC 5280 as a whole, of validators and of issuers, and nothing that other documents add or take back: so an
//!   authority's certificate may be a server's, an extended key usage may be absent, and name constraints have to be critical.
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
    /// RFC 5280 as a whole, with the duties of issuers, and nothing else.
    Rfc5280,
    /// A private PKI: RFC 5280 section 6 alone. What issuers owe besides are remarks.
    Private,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Self; 5] = [Self::TlsServer, Self::TlsClient, Self::Email, Self::Rfc5280, Self::Private];

    /// Its name for scripts.
    pub fn id(self) -> &'static str {
        match self {
            Self::TlsServer => "tls-server",
            Self::TlsClient => "tls-client",
            Self::Email => "email",
            Self::Rfc5280 => "rfc5280",
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
            Self::Rfc5280 => RFC_5280,
            Self::Private => WITH_PURPOSE,
        }
    }

    /// The checks whose failures are remarks.
    pub fn remarks(self) -> &'static [CheckInfo] {
        match self {
            Self::TlsServer => &[],
            Self::TlsClient => ODD_IN_TLS,
            Self::Email => &[],
            Self::Rfc5280 => RFC_5280_REMARKS,
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
    asked_key_usage::CHECK,
    ca_key_usage::CHECK,
    basic_constraints::CHECK,
    path_length::CHECK,
    name_constraints::CHECK,
    policies::CHECK,
    critical_extensions::CHECK,
    encoding::CHECK,
];

/// What protocols demand for the purpose that was asked for.
const PURPOSE: &[CheckInfo] = &[end_entity_key_usage::CHECK];

/// What RFC 5280 section 4 demands of issuers, and nobody takes back.
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

/// What RFC 5280 section 4 demands of issuers besides, of which the CA/Browser Forum took back one part and mail needs none.
const RFC_5280_DUTIES: &[CheckInfo] = &[name_constraints_criticality::CHECK, host_name_form::CHECK];

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
    host_name_form::CHECK,
    common_name::CHECK,
    access_information::CHECK,
];

/// What is odd in any certificate for TLS.
const ODD_IN_TLS: &[CheckInfo] =
    &[version::CHECK, end_entity_authority::CHECK, extended_key_usage_form::CHECK];

const WITH_PURPOSE: &[CheckInfo] = &joined::<{ CORE.len() + PURPOSE.len() }>(CORE, PURPOSE);
const WITH_DUTIES: &[CheckInfo] = &joined::<{ WITH_PURPOSE.len() + DUTIES.len() }>(WITH_PURPOSE, DUTIES);
const TLS_SERVER: &[CheckInfo] =
    &joined::<{ WITH_DUTIES.len() + SERVER_DUTIES.len() }>(WITH_DUTIES, SERVER_DUTIES);
const CORE_WITH_DUTIES: &[CheckInfo] = &joined::<{ CORE.len() + DUTIES.len() }>(CORE, DUTIES);
const RFC_5280: &[CheckInfo] =
    &joined::<{ CORE_WITH_DUTIES.len() + RFC_5280_DUTIES.len() }>(CORE_WITH_DUTIES, RFC_5280_DUTIES);
const RFC_5280_REMARKS: &[CheckInfo] = &joined::<{ PURPOSE.len() + ODD_IN_TLS.len() }>(PURPOSE, ODD_IN_TLS);
const PRIVATE_REMARKS: &[CheckInfo] = &joined::<{ DUTIES.len() + ODD_IN_TLS.len() }>(DUTIES, ODD_IN_TLS);
