//! The path is valid for a policy that is acceptable, where an authority or the question demands one (RFC 5280 section 6.1, the parts about
//! policies, as RFC 9618 updates them).
//!
//! What the trust anchor says about policies counts as RFC 5937 has it, where its constraints count. An anchor without policies restricts
//! nothing. Refused: mappings from or to `anyPolicy` (section 6.1.4 (a)).

use certwright_certs::Certificate;
use certwright_certs::extensions::{Extensions, Parsed, PolicyInformation, PolicyMapping};
use certwright_certs::oid;

use super::{CheckInfo, Examined, Findings, Run};
use crate::failure::FailureKind;
use crate::policy::{Exhausted, PolicyGraph, ValidPolicies};
use crate::spending::Spending;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "policies",
    title: mark!("The path is valid for an acceptable policy, where one is demanded."),
    citation: "RFC 5280 sections 6.1.3 (d) to (f), 6.1.4 (a), (b), (h) to (j), 6.1.5 (a), (b), (g), RFC 9618, RFC 5937",
    run: Run::Path(check),
};

fn check(path: &Examined<'_>, findings: &mut Findings) {
    let mut spending = path.spending.borrow_mut();
    if examine(path, findings, &mut spending).is_err() {
        findings.fail_path(FailureKind::BudgetExhausted);
    }
}

/// The state of section 6.1.2 (d) to (f).
struct Counters {
    explicit_policy: u32,
    inhibit_any_policy: u32,
    policy_mapping: u32,
    /// Which certificate set the first one.
    demanded_by: Option<usize>,
}

fn examine(path: &Examined<'_>, findings: &mut Findings, spending: &mut Spending) -> Result<(), Exhausted> {
    let inputs = &path.question.policies;
    let length = u32::try_from(path.certificates.len()).unwrap_or(u32::MAX);
    let unless = |set: bool| if set { 0 } else { length.saturating_add(1) };
    let mut counters = Counters {
        explicit_policy: unless(inputs.require_explicit),
        inhibit_any_policy: unless(inputs.inhibit_any),
        policy_mapping: unless(inputs.inhibit_mapping),
        demanded_by: None,
    };
    let mut graph = PolicyGraph::new();
    let mut failed = false;
    for (at, certificate) in path.all().collect::<Vec<_>>().into_iter().rev() {
        let is_anchor = path.is_anchor(at) && at > 0;
        if path.is_exempt(at) {
            findings.skip(at, NotApplicable::TrustAnchor);
            continue;
        }
        let self_issued = certificate.is_self_issued();
        let extensions = certificate.extensions();
        let policies =
            present(extensions.certificate_policies()).map(|policies| policies.policies.as_slice());
        match policies {
            Some(policies) => {
                let any_counts = counters.inhibit_any_policy > 0 || (at > 0 && self_issued);
                graph.descend(policies, any_counts, spending)?;
            }
            None if is_anchor => {}
            None => graph.clear(),
        }
        if counters.explicit_policy == 0 && graph.is_null() && !failed {
            failed = true;
            findings.fail(at, FailureKind::NoValidPolicy { demanded_by: counters.demanded_by });
        }
        if at > 0 {
            prepare(
                certificate,
                at,
                policies.unwrap_or_default(),
                &mut graph,
                &mut counters,
                findings,
                spending,
            )?;
        } else {
            wrap_up(certificate, &mut counters);
        }
    }
    let authority_constrained = graph.authority_constrained();
    let user_constrained = authority_constrained.limited_to(inputs.acceptable.as_deref());
    if counters.explicit_policy == 0 && user_constrained.is_empty() && !failed {
        let valid: Vec<_> = authority_constrained.named.iter().map(|valid| valid.policy.clone()).collect();
        findings.fail(
            0,
            if valid.is_empty() {
                FailureKind::NoValidPolicy { demanded_by: counters.demanded_by }
            } else {
                FailureKind::NoAcceptablePolicy { valid }
            },
        );
    }
    findings.policies = ValidPolicies { authority_constrained, user_constrained };
    Ok(())
}

/// Section 6.1.4, preparation for the next certificate.
fn prepare(
    certificate: &Certificate,
    at: usize,
    policies: &[PolicyInformation],
    graph: &mut PolicyGraph,
    counters: &mut Counters,
    findings: &mut Findings,
    spending: &mut Spending,
) -> Result<(), Exhausted> {
    let extensions = certificate.extensions();
    if let Some(mappings) = present(extensions.policy_mappings()) {
        if mappings.0.iter().any(maps_any) {
            findings.fail(at, FailureKind::MappingOfAnyPolicy);
        } else {
            graph.map(&mappings.0, counters.policy_mapping > 0, policies, spending)?;
        }
    }
    if !certificate.is_self_issued() {
        counters.explicit_policy = counters.explicit_policy.saturating_sub(1);
        counters.policy_mapping = counters.policy_mapping.saturating_sub(1);
        counters.inhibit_any_policy = counters.inhibit_any_policy.saturating_sub(1);
    }
    constrain(extensions, at, counters);
    Ok(())
}

fn constrain(extensions: &Extensions, at: usize, counters: &mut Counters) {
    if let Some(constraints) = present(extensions.policy_constraints()) {
        if let Some(skip) = constraints.require_explicit_policy
            && skip < counters.explicit_policy
        {
            counters.explicit_policy = skip;
            counters.demanded_by = Some(at);
        }
        if let Some(skip) = constraints.inhibit_policy_mapping {
            counters.policy_mapping = counters.policy_mapping.min(skip);
        }
    }
    if let Some(inhibit) = present(extensions.inhibit_any_policy()) {
        counters.inhibit_any_policy = counters.inhibit_any_policy.min(inhibit.0);
    }
}

/// Section 6.1.5 (a) and (b).
fn wrap_up(certificate: &Certificate, counters: &mut Counters) {
    counters.explicit_policy = counters.explicit_policy.saturating_sub(1);
    if let Some(constraints) = present(certificate.extensions().policy_constraints())
        && constraints.require_explicit_policy == Some(0)
        && counters.explicit_policy > 0
    {
        counters.explicit_policy = 0;
        counters.demanded_by = Some(0);
    }
}

fn maps_any(mapping: &PolicyMapping) -> bool {
    mapping.issuer_domain == oid::ANY_POLICY || mapping.subject_domain == oid::ANY_POLICY
}

/// A broken extension is reported by the check of encodings.
fn present<T>(parsed: &Parsed<T>) -> Option<&T> {
    parsed.as_ref().ok().and_then(Option::as_ref)
}
