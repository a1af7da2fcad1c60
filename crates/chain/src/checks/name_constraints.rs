//! Every name below an authority lies within its name constraints (RFC 5280 section 6.1.3 (b) and (c), section 4.2.1.10).
//!
//! Names are the subject, the alternative names and, where there are no alternative names at all, the e-mail addresses in the subject. Self-issued
//! intermediates are exempt. Constraints that are malformed or of a kind without a rule here are a failure as soon as they could
//! apply: accepting what was not understood would void them.

mod compare;

use certwright_certs::extensions::{ConstraintBase, NameConstraints};
use certwright_certs::{Certificate, GeneralName};

use super::{Findings, Path};
use crate::verdict::{Failure, FailureKind};
use compare::{Relation, number_of, relation};

pub(super) fn check(path: &Path<'_>, findings: &mut Findings) {
    for (by, authority) in path.issuers() {
        let Ok(Some(constraints)) = &authority.extensions().name_constraints else { continue };
        if let Some(number) = malformed_base(constraints) {
            findings.add(by, FailureKind::UnusableNameConstraint { number });
            continue;
        }
        for (at, certificate) in path.all().take(by) {
            if at > 0 && certificate.is_self_issued() {
                continue;
            }
            for name in names(certificate) {
                match check_name(&name, constraints, findings) {
                    Ok(()) => {}
                    Err(Outcome::Forbidden) => {
                        findings.add(at, FailureKind::NameConstraint { name, by });
                        // One name tells enough; a certificate may carry thousands.
                        break;
                    }
                    Err(Outcome::NoRule { number }) => {
                        findings.add(by, FailureKind::UnusableNameConstraint { number });
                        break;
                    }
                    Err(Outcome::Exhausted) => {
                        findings.failures.push(Failure { at: None, kind: FailureKind::BudgetExhausted });
                        return;
                    }
                }
            }
        }
    }
}

enum Outcome {
    Forbidden,
    NoRule { number: u8 },
    Exhausted,
}

fn malformed_base(constraints: &NameConstraints) -> Option<u8> {
    let subtrees = constraints.permitted.iter().chain(&constraints.excluded);
    subtrees.into_iter().find_map(|subtree| match &subtree.base {
        ConstraintBase::Malformed { number, .. } => Some(*number),
        _ => None,
    })
}

fn names(certificate: &Certificate) -> Vec<GeneralName> {
    let mut names = certificate.subject_alternative_names().to_vec();
    if names.is_empty() {
        names.extend(certificate.subject().email_addresses().into_iter().map(GeneralName::Email));
    }
    if !certificate.subject().is_empty() {
        names.push(GeneralName::DirectoryName(certificate.subject().clone()));
    }
    names
}

fn check_name(
    name: &GeneralName,
    constraints: &NameConstraints,
    findings: &mut Findings,
) -> Result<(), Outcome> {
    let mut permitted_kind = false;
    let mut permitted = false;
    for subtree in &constraints.permitted {
        if !findings.compare() {
            return Err(Outcome::Exhausted);
        }
        match relation(name, &subtree.base) {
            Relation::OtherKind => {}
            Relation::NoRule => return Err(Outcome::NoRule { number: number_of(name) }),
            Relation::Within => {
                permitted_kind = true;
                permitted = true;
                break;
            }
            Relation::Overlaps | Relation::Outside => permitted_kind = true,
        }
    }
    if permitted_kind && !permitted {
        return Err(Outcome::Forbidden);
    }
    for subtree in &constraints.excluded {
        if !findings.compare() {
            return Err(Outcome::Exhausted);
        }
        match relation(name, &subtree.base) {
            Relation::OtherKind | Relation::Outside => {}
            Relation::NoRule => return Err(Outcome::NoRule { number: number_of(name) }),
            Relation::Within | Relation::Overlaps => return Err(Outcome::Forbidden),
        }
    }
    Ok(())
}
