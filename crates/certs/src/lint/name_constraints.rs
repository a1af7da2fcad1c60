//! Rules for the name constraints (RFC 5280 section 4.2.1.10, BR section 7.1.2.10.8).

use super::Concerns::{Authority, EndEntity, Every};
use super::{Examined, Facts, Outcome, Rule};
use crate::extensions::{ConstraintBase, Subtree};
use crate::oid;

pub(super) const RULES: &[Rule] = &[
    Rule::error("name-constraints-of-end-entity", "RFC 5280 section 4.2.1.10", EndEntity, |x| {
        Outcome::finding_if(x.has(oid::NAME_CONSTRAINTS), Facts::none)
    }),
    Rule::warning("name-constraints-not-critical", "RFC 5280 section 4.2.1.10", Authority, |x| {
        x.criticality(oid::NAME_CONSTRAINTS, true)
    }),
    Rule::error("name-constraints-malformed", "RFC 5280 section 4.2.1.10", Every, |x| {
        of_subtrees(x, |base| match base {
            ConstraintBase::Malformed { number, content } => {
                let text: String = content.iter().map(|octet| char::from(*octet)).collect();
                Some(if *number == 7 {
                    format!("{} octets as an address range", content.len())
                } else {
                    text
                })
            }
            _ => None,
        })
    }),
    Rule::notice("name-constraints-leading-dot", "RFC 5280 section 4.2.1.10", Every, |x| {
        of_subtrees(x, |base| match base {
            ConstraintBase::Dns(text) if text.starts_with('.') => Some(text.clone()),
            _ => None,
        })
    }),
];

fn of_subtrees(x: &Examined<'_>, wrong: impl Fn(&ConstraintBase) -> Option<String>) -> Outcome {
    match &x.certificate.extensions().name_constraints {
        Ok(Some(constraints)) => {
            let subtrees = constraints.permitted.iter().chain(&constraints.excluded);
            Outcome::of_list("names", subtrees.filter_map(|subtree: &Subtree| wrong(&subtree.base)))
        }
        _ => Outcome::NotApplicable,
    }
}
