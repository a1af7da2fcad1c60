//! No certificate below the anchor is revoked (RFC 5280 sections 6.1.3 (a)(3) and 6.3, RFC 6960), as far as what is at hand tells. What follows if it does not tell
//! is a part of the question: [`RevocationMode`].
//!
//! Who signs a list in place of the issuer needs a path of their own to the same anchor, which a smaller search looks for.

use certwright_certs::Certificate;

use super::{CheckInfo, Examined, Findings, Run, signature};
use crate::anchors::Anchor;
use crate::failure::FailureKind;
use crate::profile::Profile;
use crate::question::{Budget, Question, RevocationMode};
use crate::revocation::{Answer, Inquiry, SignerPath, Status, Unknown, status};
use crate::verdict::{NotApplicable, PathEnd};
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "revocation",
    title: mark!("The certificate is not revoked."),
    citation: "RFC 5280 sections 6.1.3 (a)(3) and 6.3, RFC 6960",
    run: Run::Path(check),
};

/// What a search for the path of a signer may cost.
const SIGNER_BUDGET: Budget =
    Budget { intermediates: 12, links: 16, signatures: 32, steps: 1_000, paths: 8, comparisons: 10_000 };

fn check(path: &Examined<'_>, findings: &mut Findings) {
    let evidence = path.question.revocation;
    for (at, certificate) in path.all() {
        let Some(issuer) = path.certificates.get(at + 1) else {
            let anchor = path.is_anchor(at);
            findings.skip(at, if anchor { NotApplicable::TrustAnchor } else { NotApplicable::NoIssuer });
            continue;
        };
        if evidence.mode == RevocationMode::Off {
            findings.skip(at, NotApplicable::NotAsked);
            continue;
        }
        // With a false signature it is not this issuer's to revoke.
        if path.signatures.get(at).is_none_or(Result::is_err) {
            findings.skip(at, NotApplicable::SaidElsewhere);
            continue;
        }
        let answer = ask(path, certificate, path.certificates.get(at + 1..).unwrap_or_default(), issuer);
        match answer.status {
            Status::Good { .. } => {}
            Status::Revoked { by, at: since, reason, invalidity_date } => {
                findings.fail(at, FailureKind::Revoked { by, at: since, reason, invalidity_date });
            }
            Status::Unknown { why: Unknown::NoEvidence } if evidence.mode == RevocationMode::IfKnown => {
                findings.skip(at, NotApplicable::NoEvidence);
            }
            Status::Unknown { why } => {
                findings.fail(
                    at,
                    FailureKind::RevocationUnknown {
                        why,
                        dismissed: answer.dismissed,
                        lists: certificate.crl_urls(),
                        responders: certificate.ocsp_urls(),
                    },
                );
            }
        }
    }
}

fn ask(
    path: &Examined<'_>,
    certificate: &Certificate,
    above: &[&Certificate],
    issuer: &Certificate,
) -> Answer {
    let address = |certificate: &Certificate| certificate.der().as_ptr() as usize;
    let last = path.certificates.last();
    let key = (address(certificate), address(issuer), last.map_or(0, |last| address(last)));
    if let Some(known) = path.spending.borrow().statuses.get(&key) {
        return known.clone();
    }
    let question = path.question;
    let at_hand: Vec<&Certificate> = question
        .certificates
        .iter()
        .chain(question.extra)
        .chain(question.anchors.iter().map(|anchor| &anchor.certificate))
        .collect();
    let lacks = issuer.public_key().is_ok_and(|key| key.lacks_parameters());
    let working_key = if lacks { signature::working_key(above) } else { None };
    let inquiry = Inquiry {
        certificate,
        issuer,
        working_key: working_key.as_ref(),
        crls: question.revocation.crls,
        ocsp: question.revocation.ocsp,
        certificates: &at_hand,
        at: question.at,
        strict: question.profile != Profile::Private,
        lenience: question.algorithms.lenience,
    };
    let mut work = path.spending.borrow().revocation;
    let answer = status(&inquiry, &mut |signer: &Certificate| path_of_signer(path, signer), &mut work);
    let mut spending = path.spending.borrow_mut();
    spending.revocation = work;
    spending.statuses.insert(key, answer.clone());
    answer
}

/// Whether there is a path from who signed a list or response to the anchor of the path that is judged.
fn path_of_signer(path: &Examined<'_>, signer: &Certificate) -> SignerPath {
    let (PathEnd::Anchor { label }, Some(anchor)) = (path.end, path.certificates.last()) else {
        return SignerPath::Invalid;
    };
    let anchors = [Anchor { label: label.clone(), certificate: (*anchor).clone() }];
    let question = path.question;
    let sent = [signer.clone()];
    let extra: Vec<Certificate> = question.certificates.iter().chain(question.extra).cloned().collect();
    let verdict = crate::judge(&Question {
        extra: &extra,
        distrusted: question.distrusted,
        anchor_rules: question.anchor_rules,
        algorithms: question.algorithms,
        budget: SIGNER_BUDGET,
        ..Question::new(&sent, &anchors, question.at)
    });
    match (verdict.trusted, verdict.budget_exhausted) {
        (true, _) => SignerPath::Valid,
        (false, true) => SignerPath::GivenUp,
        (false, false) => SignerPath::Invalid,
    }
}
