//! What a finished probe means: what became of the client certificate, and the verdict.

use certwright_protocol::conversation::{AfterHandshake, HttpComplaint, ProbeFailure};
use certwright_protocol::report::{CertificateUse, Evidence, ProbeReport, ProbeVerdict, Refusal, WhyNotUsed};

/// What became of the client certificate. `alias` is set if one was signed with.
pub(super) fn certificate_use(
    report: &ProbeReport,
    alias: Option<String>,
    not_used: Option<WhyNotUsed>,
    failure: Option<&ProbeFailure>,
) -> CertificateUse {
    let refusal = refusal(report, failure);
    if let Some(alias) = alias {
        if let Some(by) = refusal {
            return CertificateUse::Refused { alias, by };
        }
        return match (failure, evidence(report)) {
            (None, Some(evidence)) => CertificateUse::Accepted { alias, evidence },
            _ => CertificateUse::Undetermined { alias },
        };
    }
    let why = match (not_used, report.client_authentication.requested) {
        (Some(why), _) => why,
        (None, Some(false)) => WhyNotUsed::NotRequested,
        (None, _) => WhyNotUsed::FailedBefore,
    };
    let demanded = match why {
        WhyNotUsed::NotRequested | WhyNotUsed::FailedBefore | WhyNotUsed::NotThisHandshake { .. } => None,
        _ => refusal,
    };
    CertificateUse::NotUsed { why, demanded }
}

/// The verdict, once [`certificate_use`] is in the report.
pub(super) fn verdict(report: &ProbeReport, failure: Option<ProbeFailure>) -> ProbeVerdict {
    let trusted = report.chain.as_ref().is_some_and(|chain| chain.trusted);
    let distrusted = report.validate && report.chain.is_some() && !trusted;
    match (&report.client_authentication.used, failure) {
        (Some(CertificateUse::NotUsed { why: WhyNotUsed::ServerNotTrusted, .. }), _) => {
            ProbeVerdict::ServerNotTrusted
        }
        (Some(CertificateUse::Refused { .. }), _) => ProbeVerdict::CertificateRefused,
        (_, None) if distrusted => ProbeVerdict::ServerNotTrusted,
        (Some(CertificateUse::NotUsed { demanded: Some(_), .. }), _) if !distrusted => {
            ProbeVerdict::CertificateDemanded
        }
        (_, Some(_)) if distrusted && report.client_authentication.requested == Some(true) => {
            ProbeVerdict::ServerNotTrusted
        }
        (_, Some(failure)) => ProbeVerdict::Failed { failure },
        (Some(CertificateUse::Undetermined { .. }), None) => ProbeVerdict::Undetermined,
        (_, None) if silent_after_request(report) => ProbeVerdict::Undetermined,
        (_, None) => ProbeVerdict::Reached,
    }
}

/// Whether the phase that ran at the end has to be shown as failed.
pub(super) fn phase_failed(verdict: &ProbeVerdict) -> bool {
    match verdict {
        ProbeVerdict::Reached | ProbeVerdict::Undetermined => false,
        ProbeVerdict::ServerNotTrusted
        | ProbeVerdict::CertificateDemanded
        | ProbeVerdict::CertificateRefused
        | ProbeVerdict::Failed { .. } => true,
    }
}

/// The server's no, if it said one after it could have seen a certificate.
fn refusal(report: &ProbeReport, failure: Option<&ProbeFailure>) -> Option<Refusal> {
    if report.client_authentication.requested != Some(true) {
        return None;
    }
    match failure {
        Some(ProbeFailure::Alert { code, .. }) => return Some(Refusal::Alert { code: *code }),
        Some(ProbeFailure::HungUp { .. }) => return Some(Refusal::HungUp),
        Some(_) => return None,
        None => {}
    }
    match report.after_handshake.as_ref()? {
        AfterHandshake::Alert { code } => Some(Refusal::Alert { code: *code }),
        AfterHandshake::HungUp => Some(Refusal::HungUp),
        AfterHandshake::Http { status, complaint: Some(complaint), .. } => {
            Some(Refusal::Http { status: *status, complaint: *complaint })
        }
        _ => None,
    }
}

/// What shows that the server is content with the client.
pub(super) fn evidence(report: &ProbeReport) -> Option<Evidence> {
    match report.after_handshake.as_ref()? {
        AfterHandshake::SessionTicket => Some(Evidence::SessionTicket),
        AfterHandshake::Data { .. } => Some(Evidence::Data),
        AfterHandshake::NotAwaited => Some(Evidence::Finished),
        AfterHandshake::Http { status, complaint: None, .. } => Some(Evidence::Http { status: *status }),
        AfterHandshake::Http {
            complaint: Some(HttpComplaint::CertificateMissing | HttpComplaint::CertificateRefused),
            ..
        }
        | AfterHandshake::Alert { .. }
        | AfterHandshake::Closed
        | AfterHandshake::HungUp
        | AfterHandshake::Silent { .. } => None,
    }
}

fn silent_after_request(report: &ProbeReport) -> bool {
    report.client_authentication.requested == Some(true)
        && matches!(report.after_handshake, Some(AfterHandshake::Silent { .. } | AfterHandshake::Closed))
}
