//! Policy constraints and the inhibition of `anyPolicy` are critical (RFC 5280 sections 4.2.1.11 and 4.2.1.14), and no policy is named twice (section
//! 4.2.1.4).

use std::collections::HashSet;

use certwright_certs::oid;

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "policy-form",
    title: mark!("Restrictions of policies are critical, and no policy is named twice."),
    citation: "RFC 5280 sections 4.2.1.4, 4.2.1.11 and 4.2.1.14",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    let extensions = position.certificate.extensions();
    for restriction in [oid::POLICY_CONSTRAINTS, oid::INHIBIT_ANY_POLICY] {
        if extensions.find(restriction).is_some_and(|extension| !extension.critical) {
            said.breaks(Rule::Criticality { extension: restriction.into(), should_be_critical: true });
        }
    }
    if let Ok(Some(policies)) = extensions.certificate_policies() {
        let mut seen = HashSet::new();
        if let Some(twice) = policies.oids().find(|policy| !seen.insert(*policy)) {
            said.breaks(Rule::DuplicatePolicy { policy: twice.clone() });
        }
    }
}
