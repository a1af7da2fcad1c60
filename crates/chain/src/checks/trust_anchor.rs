//! The path ends in a certificate that the user trusts (RFC 5280 section 6.1), and that is trusted for its place in the path.

use super::{CheckInfo, Examined, Findings, Run};
use crate::failure::FailureKind;
use crate::verdict::{NotApplicable, PathEnd};
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "trust-anchor",
    title: mark!("The path ends in a certificate that is trusted."),
    citation: "RFC 5280 section 6.1",
    run: Run::Path(check),
};

fn check(path: &Examined<'_>, findings: &mut Findings) {
    let Some(last) = path.certificates.len().checked_sub(1) else { return };
    for at in 0..last {
        // Only the end of the path is asked about.
        findings.skip(at, NotApplicable::OnlyRoots);
    }
    let Some(certificate) = path.certificates.get(last) else { return };
    match path.end {
        PathEnd::Anchor { .. } if path.anchor_out_of_place => {
            findings.fail(last, FailureKind::AnchorOutOfPlace)
        }
        PathEnd::Anchor { .. } => {}
        PathEnd::SelfSignedNotTrusted if last == 0 => findings.fail(last, FailureKind::SelfSigned),
        PathEnd::SelfSignedNotTrusted => {
            findings.fail(last, FailureKind::UntrustedRoot { subject: certificate.subject().clone() });
        }
        PathEnd::MissingIssuer { issuer, ca_issuers_urls } => {
            let (issuer, ca_issuers_urls) = (issuer.clone(), ca_issuers_urls.clone());
            findings.fail(last, FailureKind::MissingIssuer { issuer, ca_issuers_urls });
        }
        PathEnd::Cycle => findings.fail(last, FailureKind::Cycle),
        PathEnd::GivenUp => findings.fail(last, FailureKind::BudgetExhausted),
    }
}
