//! Every name below an authority lies within its name constraints (RFC 5280 section 6.1.3 (b) and (c), section 4.2.1.10).
//!
//! Names are the subject, the alternative names and, where there are no alternative names at all, the e-mail addresses in the subject. Self-issued
//! intermediates are exempt. Constraints on mailboxes hold for `SmtpUTF8Mailbox` names too (RFC 9598 section 6). Constraints that are malformed, or of a
//! kind without a rule, are a failure as soon as they could apply: accepting what was not understood would void them. Section 4.2.1.10 gives no
//! rule for `otherName` (and so for Microsoft's UPN, for which nobody else does), `ediPartyName` and `registeredID`.

mod compare;

use std::borrow::Cow;

use certwright_certs::extensions::{ConstraintBase, NameConstraints};
use certwright_certs::{Certificate, GeneralName, to_a_labels};

use super::{CheckInfo, Examined, Findings, Run};
use crate::failure::FailureKind;
use crate::smtp_utf8::smtp_utf8_mailbox;
use crate::spending::Spending;
use crate::verdict::NotApplicable;
use certwright_language::mark;
use compare::{Relation, number_of, relation};

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "name-constraints",
    title: mark!("Every name below an authority lies within its name constraints."),
    citation: "RFC 5280 sections 4.2.1.10 and 6.1.3 (b) and (c)",
    run: Run::Path(check),
};

/// How the names of a certificate lie to the constraints of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NameVerdict {
    Within,
    Forbidden(GeneralName),
    /// The constraints cannot be applied; the number of the general name's alternative.
    Unusable(u8),
    /// The budget did not suffice.
    Exhausted,
}

fn check(path: &Examined<'_>, findings: &mut Findings) {
    // A result stands where the names are, not where the constraints are: those that are exempt say so.
    let constrained = path.issuers().filter(|(by, _)| !path.is_exempt(*by));
    let constrained: Vec<usize> =
        constrained.filter(|(_, authority)| constraints(authority).is_some()).map(|(by, _)| by).collect();
    for (at, certificate) in path.all() {
        if !constrained.iter().any(|by| *by > at) {
            findings.skip(at, NotApplicable::NoSuchExtension);
        } else if at > 0 && certificate.is_self_issued() {
            findings.skip(at, NotApplicable::SelfIssued);
        }
    }
    let mut spending = path.spending.borrow_mut();
    for by in constrained {
        let Some(authority) = path.certificates.get(by) else { continue };
        for (at, certificate) in path.all().take(by) {
            match names_within(certificate, at == 0, authority, &mut spending) {
                NameVerdict::Within => {}
                NameVerdict::Forbidden(name) => findings.fail(at, FailureKind::NameConstraint { name, by }),
                NameVerdict::Unusable(number) => {
                    findings.fail(by, FailureKind::UnusableNameConstraint { number });
                    break;
                }
                NameVerdict::Exhausted => return findings.fail_path(FailureKind::BudgetExhausted),
            }
        }
    }
}

fn constraints(authority: &Certificate) -> Option<&NameConstraints> {
    authority.extensions().name_constraints.as_ref().ok()?.as_ref()
}

/// How the names of `certificate` lie to the constraints of an authority above it. Paid for once.
pub(crate) fn names_within(
    certificate: &Certificate,
    is_end_entity: bool,
    authority: &Certificate,
    spending: &mut Spending,
) -> NameVerdict {
    let Some(constraints) = constraints(authority) else { return NameVerdict::Within };
    if !is_end_entity && certificate.is_self_issued() {
        return NameVerdict::Within;
    }
    let address = |certificate: &Certificate| certificate.der().as_ptr() as usize;
    let key = (address(certificate), address(authority), is_end_entity);
    if let Some(known) = spending.names.get(&key) {
        return known.clone();
    }
    let verdict = compare_all(certificate, constraints, spending);
    if verdict != NameVerdict::Exhausted {
        spending.names.insert(key, verdict.clone());
    }
    verdict
}

fn compare_all(
    certificate: &Certificate,
    constraints: &NameConstraints,
    spending: &mut Spending,
) -> NameVerdict {
    if let Some(number) = malformed_base(constraints) {
        return NameVerdict::Unusable(number);
    }
    for name in names(certificate) {
        match check_name(&name, constraints, spending) {
            NameVerdict::Within => {}
            // One name tells enough; a certificate may carry thousands.
            verdict => return verdict,
        }
    }
    NameVerdict::Within
}

fn malformed_base(constraints: &NameConstraints) -> Option<u8> {
    let subtrees = constraints.permitted.iter().chain(&constraints.excluded);
    subtrees.into_iter().find_map(|subtree| match &subtree.base {
        ConstraintBase::Malformed { number, .. } => Some(*number),
        _ => None,
    })
}

fn names(certificate: &Certificate) -> Vec<Cow<'_, GeneralName>> {
    let mut names: Vec<Cow<'_, GeneralName>> =
        certificate.subject_alternative_names().iter().map(Cow::Borrowed).collect();
    let in_utf8 = certificate.subject_alternative_names().iter().filter_map(smtp_utf8_mailbox);
    let mut mailboxes: Vec<String> = in_utf8.map(in_a_labels).collect();
    if names.is_empty() {
        mailboxes.extend(certificate.subject().email_addresses());
    }
    names.extend(mailboxes.into_iter().map(|mailbox| Cow::Owned(GeneralName::Email(mailbox))));
    if !certificate.subject().is_empty() {
        names.push(Cow::Owned(GeneralName::DirectoryName(certificate.subject().clone())));
    }
    names
}

/// A mailbox with its domain in A-labels, in which constraints are written. One whose domain is none stays as it is, and fits no constraint.
fn in_a_labels(mailbox: &str) -> String {
    match mailbox.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", to_a_labels(domain).unwrap_or(Cow::Borrowed(domain))),
        None => mailbox.to_owned(),
    }
}

fn check_name(name: &GeneralName, constraints: &NameConstraints, spending: &mut Spending) -> NameVerdict {
    let forbidden = || NameVerdict::Forbidden(name.clone());
    let mut permitted_kind = false;
    let mut permitted = false;
    for subtree in &constraints.permitted {
        if !spending.comparison() {
            return NameVerdict::Exhausted;
        }
        match relation(name, &subtree.base) {
            Relation::OtherKind => {}
            Relation::NoRule => return NameVerdict::Unusable(number_of(name)),
            Relation::Within => {
                permitted_kind = true;
                permitted = true;
                break;
            }
            Relation::Overlaps | Relation::Outside => permitted_kind = true,
        }
    }
    if permitted_kind && !permitted {
        return forbidden();
    }
    for subtree in &constraints.excluded {
        if !spending.comparison() {
            return NameVerdict::Exhausted;
        }
        match relation(name, &subtree.base) {
            Relation::OtherKind | Relation::Outside => {}
            Relation::NoRule => return NameVerdict::Unusable(number_of(name)),
            Relation::Within | Relation::Overlaps => return forbidden(),
        }
    }
    NameVerdict::Within
}
