//! BoringSSL's purposes of keys.

use certwright_certs::oid;
use certwright_chain::{ExtendedKeyUsageRule, Purpose};
use const_oid::ObjectIdentifier;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyPurpose {
    Any,
    ServerAuth,
    ServerAuthStrict,
    ServerAuthStrictLeaf,
    ClientAuth,
    ClientAuthStrict,
    ClientAuthStrictLeaf,
    MlsClientAuth,
    C2paManifest,
    C2paTimestamping,
}

/// `id-kp-rcsMlsClient` of the GSMA.
const RCS_MLS_CLIENT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.146.2.1.3");

impl KeyPurpose {
    pub(super) fn read(name: &str) -> Result<Self, String> {
        Ok(match name {
            "ANY_EKU" => Self::Any,
            "SERVER_AUTH" => Self::ServerAuth,
            "SERVER_AUTH_STRICT" => Self::ServerAuthStrict,
            "SERVER_AUTH_STRICT_LEAF" => Self::ServerAuthStrictLeaf,
            "CLIENT_AUTH" => Self::ClientAuth,
            "CLIENT_AUTH_STRICT" => Self::ClientAuthStrict,
            "CLIENT_AUTH_STRICT_LEAF" => Self::ClientAuthStrictLeaf,
            "MLS_CLIENT_AUTH" | "RCS_MLS_CLIENT_AUTH" => Self::MlsClientAuth,
            "C2PA_MANIFEST" => Self::C2paManifest,
            "C2PA_TIMESTAMPING" => Self::C2paTimestamping,
            other => return Err(format!("purpose {other}")),
        })
    }

    /// The extended key usages of which one has to be allowed; none if any will do.
    pub(super) fn any_of(self) -> &'static [ObjectIdentifier] {
        match self {
            Self::Any => &[],
            Self::ServerAuth | Self::ServerAuthStrict | Self::ServerAuthStrictLeaf => &[oid::SERVER_AUTH],
            Self::ClientAuth | Self::ClientAuthStrict | Self::ClientAuthStrictLeaf => &[oid::CLIENT_AUTH],
            Self::MlsClientAuth => &[RCS_MLS_CLIENT],
            Self::C2paManifest => &[oid::EMAIL_PROTECTION, oid::DOCUMENT_SIGNING],
            Self::C2paTimestamping => &[oid::TIME_STAMPING],
        }
    }

    pub(super) fn for_usage(self, usage: Option<ObjectIdentifier>) -> Purpose {
        usage.map_or(Purpose::Any, Purpose::Other)
    }

    /// Where an extended key usage has to be.
    pub(super) fn rule(self) -> ExtendedKeyUsageRule {
        match self {
            Self::Any | Self::ServerAuth | Self::ClientAuth => ExtendedKeyUsageRule::IfPresent,
            Self::ClientAuthStrict | Self::MlsClientAuth => ExtendedKeyUsageRule::BelowAnchor,
            // Old intermediates of servers have none, so that BoringSSL asks the end-entity alone.
            Self::ServerAuthStrict | Self::ServerAuthStrictLeaf | Self::ClientAuthStrictLeaf => {
                ExtendedKeyUsageRule::InEndEntity
            }
            Self::C2paManifest | Self::C2paTimestamping => ExtendedKeyUsageRule::EndEntityAlone,
        }
    }

    pub(super) fn is_strict(self) -> bool {
        matches!(
            self,
            Self::ServerAuthStrict
                | Self::ServerAuthStrictLeaf
                | Self::ClientAuthStrict
                | Self::ClientAuthStrictLeaf
        )
    }

    /// BoringSSL's words for an extended key usage that is not there.
    pub(super) fn missing(self, is_absent: bool) -> &'static str {
        match self {
            Self::Any | Self::ServerAuth | Self::ServerAuthStrict | Self::ServerAuthStrictLeaf => {
                "The extended key usage does not include server auth"
            }
            Self::ClientAuth | Self::ClientAuthStrict | Self::ClientAuthStrictLeaf => {
                "The extended key usage does not include client auth"
            }
            Self::MlsClientAuth if is_absent => "Certificate does not have extended key usage",
            Self::MlsClientAuth => {
                "The extended key usage does not contain only the rcsMlsClient key purpose."
            }
            Self::C2paManifest => {
                "The extended key usage must contain at least one of: email protection or document signing, and must not \
                 contain prohibited key usages"
            }
            Self::C2paTimestamping => {
                "The extended key usage does not contain the time stamping key purpose, or contains prohibited key usages"
            }
        }
    }
}
