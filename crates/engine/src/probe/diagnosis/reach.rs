//! Failures that name their cause by themselves: what comes before the first octet of TLS, and what happens on our own side. Nothing is tried for them.

use certwright_protocol::conversation::{ProbeFailure, ProxyFault};
use certwright_protocol::report::diagnosis::Cause;

/// The cause, if the failure is one.
pub(super) fn cause(failure: &ProbeFailure) -> Option<Cause> {
    Some(match failure {
        ProbeFailure::BadTarget { field } => Cause::BadTarget { field: field.clone() },
        ProbeFailure::NameNotFound { host } => Cause::NameNotFound { host: host.clone() },
        ProbeFailure::NameServiceFailed { host, timed_out: false } => {
            Cause::NameServiceFailed { host: host.clone() }
        }
        ProbeFailure::NameServiceFailed { host, timed_out: true } => {
            Cause::NameServiceTimedOut { host: host.clone() }
        }
        ProbeFailure::NoSuchAddress { host, addresses } => {
            Cause::NoSuchAddress { host: host.clone(), addresses: addresses.clone() }
        }
        ProbeFailure::TargetRefused { address, reason } => {
            Cause::TargetNotAllowed { address: *address, reason: *reason }
        }
        ProbeFailure::ConnectionRefused { address } => Cause::PortClosed { address: *address },
        ProbeFailure::ConnectTimedOut { address, seconds } => {
            Cause::ConnectTimedOut { address: *address, seconds: *seconds }
        }
        ProbeFailure::Unreachable { address } => Cause::Unreachable { address: *address },
        ProbeFailure::ProxyFailed { address, fault } => match fault {
            ProxyFault::AuthenticationRequired => Cause::ProxyWantsAuthentication { address: *address },
            ProxyFault::Forbidden { said } => Cause::ProxyForbids { address: *address, said: said.clone() },
            ProxyFault::TargetUnreachable { said } => {
                Cause::ProxyCannotReach { address: *address, said: said.clone() }
            }
            fault => Cause::ProxyFailed { address: *address, fault: fault.clone() },
        },
        ProbeFailure::ServerSignatureWrong => Cause::ServerSignatureWrong,
        ProbeFailure::ServerCertificateUnreadable => Cause::ServerCertificateUnreadable,
        ProbeFailure::HandshakeTooLarge { bytes } => Cause::HandshakeTooLarge { bytes: *bytes },
        ProbeFailure::SignatureDeclined => Cause::SignatureDeclined,
        ProbeFailure::BrowserSilent { seconds } => Cause::PageSilent { seconds: *seconds },
        ProbeFailure::BudgetUsedUp { connections } => Cause::BudgetUsedUp { connections: *connections },
        ProbeFailure::Busy { limit } => Cause::TooManyProbes { limit: *limit },
        ProbeFailure::ServerLost => Cause::ServerLost,
        ProbeFailure::Internal => Cause::Internal,
        _ => return None,
    })
}
