//! From rustls' errors to the failures of the conversation: the most specific one each time.

use certwright_protocol::conversation::{ProbeFailure, Versions};
use rustls::{AlertDescription, Error, PeerIncompatible, PeerMisbehaved};

/// What was known when the error came.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumstances {
    /// Versions that were offered.
    pub(super) versions: Versions,
    /// Whether the client certificate had been sent.
    pub(super) after_certificate: bool,
    /// Whether the server's key is marked id-RSASSA-PSS.
    pub(super) pss_key: bool,
}

/// The failure that an error of the handshake stands for.
pub(super) fn handshake_failure(error: Error, circumstances: Circumstances) -> ProbeFailure {
    match error {
        Error::AlertReceived(AlertDescription::ProtocolVersion) => version_failure(circumstances.versions),
        Error::AlertReceived(alert) => {
            ProbeFailure::Alert { code: alert.into(), after_certificate: circumstances.after_certificate }
        }
        Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => version_failure(circumstances.versions),
        Error::PeerIncompatible(incompatible) => {
            ProbeFailure::NothingInCommon { what: missing(&incompatible) }
        }
        // rustls knows no scheme for such a key in TLS 1.2.
        Error::PeerMisbehaved(PeerMisbehaved::SignedKxWithWrongAlgorithm) if circumstances.pss_key => {
            ProbeFailure::NothingInCommon {
                what: "signature scheme in TLS 1.2 (the server’s key is marked RSASSA-PSS)".to_owned(),
            }
        }
        Error::PeerMisbehaved(how) => ProbeFailure::ProtocolViolation { detail: format!("{how:?}") },
        Error::InvalidMessage(how) => ProbeFailure::ProtocolViolation { detail: format!("{how:?}") },
        error => ProbeFailure::ProtocolViolation { detail: error.to_string() },
    }
}

/// A server is too old only if it was offered everything.
fn version_failure(offered: Versions) -> ProbeFailure {
    match offered {
        Versions::Both => ProbeFailure::VersionTooOld,
        Versions::Tls12 | Versions::Tls13 => ProbeFailure::NothingInCommon { what: "TLS version".to_owned() },
    }
}

fn missing(incompatible: &PeerIncompatible) -> String {
    match incompatible {
        PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon => {
            "signature scheme for client certificates".to_owned()
        }
        PeerIncompatible::NoCipherSuitesInCommon => "cipher suite".to_owned(),
        PeerIncompatible::NoKxGroupsInCommon => "key exchange group".to_owned(),
        PeerIncompatible::NoSignatureSchemesInCommon => "signature scheme".to_owned(),
        PeerIncompatible::NoEcPointFormatsInCommon
        | PeerIncompatible::UncompressedEcPointsRequired
        | PeerIncompatible::EcPointsExtensionRequired => "elliptic curve point format".to_owned(),
        PeerIncompatible::ExtendedMasterSecretExtensionRequired => "extended master secret".to_owned(),
        PeerIncompatible::NullCompressionRequired => "compression".to_owned(),
        PeerIncompatible::IncorrectCertificateTypeExtension
        | PeerIncompatible::UnsolicitedCertificateTypeExtension => "certificate type".to_owned(),
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_old_only_if_everything_was_offered() {
        let failure = |error: Error, versions| {
            handshake_failure(error, Circumstances { versions, after_certificate: false, pss_key: false })
        };
        let alert = || Error::AlertReceived(AlertDescription::ProtocolVersion);
        assert_eq!(failure(alert(), Versions::Both), ProbeFailure::VersionTooOld);
        let nothing = ProbeFailure::NothingInCommon { what: "TLS version".to_owned() };
        assert_eq!(failure(alert(), Versions::Tls13), nothing);
        let old = || Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13);
        assert_eq!(failure(old(), Versions::Both), ProbeFailure::VersionTooOld);
        let disabled = Error::PeerIncompatible(PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig);
        assert_eq!(failure(disabled, Versions::Tls12), nothing);
    }

    #[test]
    fn what_is_missing_has_a_name() {
        let circumstances =
            Circumstances { versions: Versions::Both, after_certificate: false, pss_key: false };
        let incompatible = PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon;
        let what = "signature scheme for client certificates".to_owned();
        assert_eq!(
            handshake_failure(incompatible.into(), circumstances),
            ProbeFailure::NothingInCommon { what }
        );
    }

    #[test]
    fn alerts_keep_their_code() {
        let circumstances =
            Circumstances { versions: Versions::Both, after_certificate: true, pss_key: false };
        assert_eq!(
            handshake_failure(Error::AlertReceived(AlertDescription::UnknownCA), circumstances),
            ProbeFailure::Alert { code: 48, after_certificate: true }
        );
    }
}
