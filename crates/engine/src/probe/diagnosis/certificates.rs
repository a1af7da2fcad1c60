//! The client certificate: demanded, refused, or left open; and what is asked for after the handshake.

use certwright_certs::certificate::Certificate;
use certwright_certs::name::Name;
use certwright_certs::oid;
use certwright_protocol::conversation::{AfterHandshake, HttpRequest, TlsVersion};
use certwright_protocol::report::diagnosis::{Cause, Change, Denial, Suspicion};
use certwright_protocol::report::{AskedAgain, CertificateUse, Refusal, WhyNotUsed};

use super::{Finding, Found, Inquiry, Wanted, likely};
use crate::probe::choice::Chosen;
use crate::trust::complete_chain;

/// All went well, and yet something may have been asked for later, or access was denied in HTTP.
pub(super) fn reached(inquiry: &Inquiry<'_>) -> Result<Option<Found>, Wanted> {
    if let Some(found) = asked_again(inquiry) {
        return Ok(Some(found));
    }
    let report = &inquiry.main.report;
    let Some(AfterHandshake::Http { status: status @ (401 | 403 | 495 | 496), .. }) = report.after_handshake
    else {
        return Ok(None);
    };
    let by = Denial::Http { status };
    match &report.client_authentication.used {
        Some(CertificateUse::Accepted { alias, .. }) => {
            Ok(Some(likely(Cause::ClientNotMapped { alias: alias.clone(), by })))
        }
        Some(CertificateUse::NotUsed { why, .. }) if *why != WhyNotUsed::NotRequested => {
            Ok(Some(likely(Cause::ClientCertificateDemanded { by })))
        }
        _ if report.version == Some(TlsVersion::Tls13) && inquiry.target().http == HttpRequest::Head => {
            let later = inquiry.attempt(Change::RequestInTls12)?;
            let asked = later.is_some_and(|later| later.report.asked_again.is_some());
            Ok(asked.then(|| Cause::AskedAfterHandshake { seen: false }.into()))
        }
        _ => Ok(None),
    }
}

/// The server wants a certificate and got none.
pub(super) fn demanded(inquiry: &Inquiry<'_>) -> Finding {
    let used = &inquiry.main.report.client_authentication.used;
    if let Some(CertificateUse::NotUsed { why: WhyNotUsed::NoScheme { .. }, .. }) = used {
        return Ok(Cause::NoCommonScheme.into());
    }
    let by = match used {
        Some(CertificateUse::NotUsed { demanded: Some(by), .. }) => denial(*by),
        _ => Denial::HungUp,
    };
    Ok(Cause::ClientCertificateDemanded { by }.into())
}

/// The handshake is done, and the server leaves it open what it thinks of the certificate.
pub(super) fn undetermined(inquiry: &Inquiry<'_>) -> Finding {
    if let Some(found) = asked_again(inquiry) {
        return Ok(found);
    }
    Ok(match inquiry.main.report.after_handshake {
        Some(AfterHandshake::Silent { waited_ms }) => Cause::SilentAfterwards { waited_ms }.into(),
        _ => Cause::ClosedAfterwards.into(),
    })
}

/// The server got a certificate and refused it.
pub(super) fn refused(inquiry: &Inquiry<'_>) -> Finding {
    let (Some(CertificateUse::Refused { alias, by }), Some(chosen)) =
        (&inquiry.main.report.client_authentication.used, &inquiry.main.chosen)
    else {
        return Ok(Cause::Internal.into());
    };
    let (alias, by) = (alias.clone(), denial(*by));
    let own = Own::look(inquiry, chosen);
    Ok(match by {
        Denial::Alert { code: 44 } => Cause::ClientCertificateRevoked { alias }.into(),
        Denial::Alert { code: 45 } => {
            Cause::ClientCertificateExpired { alias, not_after: own.not_after, really: own.out_of_date }
                .into()
        }
        Denial::Alert { code: 49 } => Cause::ClientNotMapped { alias, by }.into(),
        Denial::Alert { code: 51 } => {
            let other_scheme_works = inquiry.setting.plan.extent.sign_again
                && inquiry.main.report.version == Some(TlsVersion::Tls13)
                && inquiry
                    .attempt(Change::OtherScheme)?
                    .is_some_and(|other| other.has_signed() && other.is_done());
            Cause::ClientSignatureRefused { alias, other_scheme_works }.into()
        }
        by => match own.fault(alias.clone(), by) {
            Some(found) => found,
            None => {
                // Whether it goes without one is worth knowing, whatever the reason is.
                inquiry.attempt(Change::WithoutCertificate)?;
                likely(Cause::ClientCertificateRefused { alias, by, suspicions: suspicions(&own, by) })
            }
        },
    })
}

/// What is plain to see about the certificate that was used.
struct Own {
    not_after: i64,
    out_of_date: bool,
    /// Its extended key usages, if they leave out clients.
    not_for_clients: Option<Vec<String>>,
    /// The issuer that is neither sent nor known to the server by its name.
    missing: Option<String>,
    /// Who issued the last certificate that was sent.
    issuer: String,
    /// The server names authorities, and none of them issued any of it.
    from_elsewhere: bool,
}

impl Own {
    fn look(inquiry: &Inquiry<'_>, chosen: &Chosen) -> Self {
        let leaf = chosen.chain.first();
        let last = chosen.chain.last();
        let accepted = &inquiry.main.authorities;
        let is_accepted = |name: &Name| accepted.iter().any(|one| one == name);
        let valid = |one: &Certificate| (one.not_before()..=one.not_after()).contains(&inquiry.now);
        let usages = leaf.and_then(Certificate::extended_key_usages);
        let missing = complete_chain(&chosen.chain, &inquiry.setting.keystore).1;
        let missing = missing.filter(|issuer| !is_accepted(issuer)).map(|issuer| show(&issuer));
        Self {
            not_after: leaf.map(Certificate::not_after).unwrap_or_default(),
            out_of_date: !chosen.chain.iter().all(valid),
            not_for_clients: usages
                .filter(|usages| !usages.allows(oid::CLIENT_AUTH))
                .and(leaf)
                .map(|leaf| crate::show::certificate(leaf).extended_key_usage),
            missing,
            issuer: last.map(|last| show(last.issuer())).unwrap_or_default(),
            from_elsewhere: !accepted.is_empty() && !chosen.chain.iter().any(|one| is_accepted(one.issuer())),
        }
    }

    /// The cause as far as it shows in the certificate.
    fn fault(&self, alias: String, by: Denial) -> Option<Found> {
        let unknown_authority = || match &self.missing {
            Some(missing) => Cause::ClientChainIncomplete { alias: alias.clone(), missing: missing.clone() },
            None => Cause::ClientAuthorityUnknown { alias: alias.clone(), issuer: self.issuer.clone() },
        };
        if by == (Denial::Alert { code: 48 }) {
            return Some(unknown_authority().into());
        }
        if self.out_of_date {
            let not_after = self.not_after;
            return Some(Cause::ClientCertificateExpired { alias, not_after, really: true }.into());
        }
        if let Some(usages) = &self.not_for_clients {
            return Some(Cause::ClientCertificatePurpose { alias, usages: usages.clone() }.into());
        }
        match by {
            Denial::Alert { code: 43 } => Some(Cause::ClientCertificateKind { alias }.into()),
            // bad_certificate (RFC 8446 section 6.2) is no word for an authority. stunnel says it of certificates that are not in its file, whose subjects it
            // names in place of authorities.
            Denial::Alert { code: 42 } if self.from_elsewhere => None,
            _ if self.missing.is_some() || self.from_elsewhere => Some(likely(unknown_authority())),
            _ => None,
        }
    }
}

/// What the reason may be, the likeliest first.
fn suspicions(own: &Own, by: Denial) -> Vec<Suspicion> {
    use Suspicion::{Form, NotListed, Scheme, ServerClock, UnknownAuthority};
    match by {
        Denial::Alert { code: 42 } if own.from_elsewhere => {
            vec![UnknownAuthority, NotListed, Form, Scheme, ServerClock]
        }
        Denial::Alert { code: 42 } => vec![Form, NotListed, UnknownAuthority, Scheme, ServerClock],
        _ => vec![NotListed, UnknownAuthority, Form, ServerClock],
    }
}

fn asked_again(inquiry: &Inquiry<'_>) -> Option<Found> {
    Some(match inquiry.main.report.asked_again? {
        AskedAgain::Renegotiation => Cause::RenegotiationAsked.into(),
        AskedAgain::AfterHandshake => Cause::AskedAfterHandshake { seen: true }.into(),
    })
}

fn denial(by: Refusal) -> Denial {
    match by {
        Refusal::Alert { code } => Denial::Alert { code },
        Refusal::HungUp => Denial::HungUp,
        Refusal::Http { status, .. } => Denial::Http { status },
    }
}

fn show(name: &Name) -> String {
    name.common_name().unwrap_or_else(|| name.to_rfc4514())
}
