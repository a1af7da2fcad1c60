//! The server's chain is not trusted: the validator's most telling failure becomes the cause.

use certwright_protocol::report::diagnosis::{Cause, Change};
use certwright_protocol::view::{ChainFailure, ChainFailureReason as Reason};

use super::{Finding, Inquiry, likely};

/// Why the chain is not trusted.
pub(super) fn not_trusted(inquiry: &Inquiry<'_>) -> Finding {
    let Some(chain) = &inquiry.main.report.chain else { return Ok(Cause::ChainBroken.into()) };
    let Some(ChainFailure { certificate, reason, .. }) = chain.failures.first() else {
        return Ok(Cause::ChainBroken.into());
    };
    let name = certificate.clone().or_else(|| inquiry.main.certificate()).unwrap_or_default();
    Ok(match reason.clone() {
        Reason::NoCertificate | Reason::Unreadable { index: 0 } => Cause::ServerCertificateUnreadable.into(),
        Reason::MissingIssuer { subject, ca_issuers } | Reason::IssuerKeyDiffers { subject, ca_issuers } => {
            // An authority whose certificate can be fetched is an intermediate: roots have no such address below them. Without one it may be either.
            if !ca_issuers.is_empty() {
                Cause::IntermediateNotSent { subject, ca_issuers }.into()
            } else if chain.sent.len() > 1 {
                Cause::UnknownRoot { subject }.into()
            } else {
                likely(Cause::UnknownRoot { subject })
            }
        }
        Reason::UntrustedRoot { subject } => Cause::UnknownRoot { subject }.into(),
        Reason::SelfSigned => Cause::ServerSelfSigned { name }.into(),
        Reason::Expired { not_after, .. } => Cause::ServerCertificateExpired { name, not_after }.into(),
        Reason::NotYetValid { not_before, .. } => {
            Cause::ServerCertificateNotYetValid { name, not_before }.into()
        }
        Reason::HostMismatch { host, names, .. } => {
            if inquiry.name_sent().is_none()
                && let Some(name) = inquiry.host_name()
                && let Some(with) = inquiry.attempt(Change::WithServerName { name: name.clone() })?
                && with.report.chain.as_ref().is_some_and(|chain| {
                    !chain
                        .failures
                        .iter()
                        .any(|failure| matches!(failure.reason, Reason::HostMismatch { .. }))
                })
            {
                return Ok(Cause::DefaultCertificate { name, shown: inquiry.main.certificate() }.into());
            }
            Cause::WrongName { host, names }.into()
        }
        Reason::WeakAlgorithm { algorithm } | Reason::RetiredAlgorithm { algorithm } => {
            Cause::WeakAlgorithm { name, algorithm }.into()
        }
        Reason::Revoked { since, .. } => Cause::ServerCertificateRevoked { name, since }.into(),
        _ => Cause::ChainBroken.into(),
    })
}
