//! The policies for which a path is valid: the policy graph of RFC 9618, which takes the place of RFC 5280's tree.
//!
//! The tree can grow exponentially with the length of the path, since mappings let one policy stand at several places of a level. In the graph
//! each policy stands once at a level and has several parents, so that its size is bounded by what the certificates say. Each node and each edge
//! is counted against the budget nevertheless.

use std::collections::HashMap;

use certwright_certs::extensions::{PolicyInformation, PolicyMapping, PolicyQualifier};
use certwright_certs::{Oid, oid};

use crate::spending::Spending;

/// For which policies a path is valid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidPolicies {
    /// Those that the authorities of the path allow, in the domain of the trust anchor.
    pub authority_constrained: PolicySet,
    /// Those of them that are acceptable to who asks.
    pub user_constrained: PolicySet,
}

/// A set of policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicySet {
    /// All policies are in it (`anyPolicy`).
    pub any: bool,
    /// Policies that are named.
    pub named: Vec<ValidPolicy>,
}

/// A policy with what its issuer says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidPolicy {
    /// The policy.
    pub policy: Oid,
    /// The qualifiers.
    pub qualifiers: Vec<PolicyQualifier>,
}

impl PolicySet {
    /// True if no policy is in it.
    pub fn is_empty(&self) -> bool {
        !self.any && self.named.is_empty()
    }

    /// Those that are acceptable; `None` stands for any.
    pub(crate) fn limited_to(&self, acceptable: Option<&[Oid]>) -> Self {
        let Some(acceptable) = acceptable.filter(|set| !set.iter().any(|one| *one == oid::ANY_POLICY)) else {
            return self.clone();
        };
        let mut named: Vec<ValidPolicy> =
            self.named.iter().filter(|valid| acceptable.contains(&valid.policy)).cloned().collect();
        if self.any {
            for policy in acceptable {
                if !named.iter().any(|valid| valid.policy == *policy) {
                    named.push(ValidPolicy { policy: policy.clone(), qualifiers: Vec::new() });
                }
            }
        }
        Self { any: false, named }
    }
}

/// The budget did not suffice.
#[derive(Debug)]
pub(crate) struct Exhausted;

/// The graph, level by level from the trust anchor. It is NULL in the words of the RFC once its last level is empty.
pub(crate) struct PolicyGraph {
    levels: Vec<Level>,
}

#[derive(Default)]
struct Level {
    nodes: Vec<Node>,
    by_policy: HashMap<Oid, usize>,
    /// The nodes that expect a policy of the next level.
    expecting: HashMap<Oid, Vec<usize>>,
}

struct Node {
    policy: Oid,
    qualifiers: Vec<PolicyQualifier>,
    /// Places in the level above.
    parents: Vec<usize>,
    deleted: bool,
}

impl Level {
    fn find(&self, policy: &Oid) -> Option<usize> {
        self.by_policy.get(policy).copied()
    }

    fn add(
        &mut self,
        policy: &Oid,
        qualifiers: &[PolicyQualifier],
        parents: Vec<usize>,
        spending: &mut Spending,
    ) -> Result<(), Exhausted> {
        for _ in 0..=parents.len() {
            pay(spending)?;
        }
        let place = self.nodes.len();
        self.by_policy.insert(policy.clone(), place);
        self.expecting.entry(policy.clone()).or_default().push(place);
        self.nodes.push(Node {
            policy: policy.clone(),
            qualifiers: qualifiers.to_vec(),
            parents,
            deleted: false,
        });
        Ok(())
    }
}

fn pay(spending: &mut Spending) -> Result<(), Exhausted> {
    if spending.comparison() { Ok(()) } else { Err(Exhausted) }
}

fn any_policy() -> Oid {
    oid::ANY_POLICY.into()
}

impl PolicyGraph {
    /// The graph with which the path begins: `anyPolicy` (RFC 5280 section 6.1.2 (a)).
    pub(crate) fn new() -> Self {
        let any = any_policy();
        let mut level = Level::default();
        level.by_policy.insert(any.clone(), 0);
        level.expecting.insert(any.clone(), vec![0]);
        level.nodes.push(Node { policy: any, qualifiers: Vec::new(), parents: Vec::new(), deleted: false });
        Self { levels: vec![level] }
    }

    /// True if no policy is left.
    pub(crate) fn is_null(&self) -> bool {
        self.levels.last().is_none_or(|level| level.nodes.iter().all(|node| node.deleted))
    }

    /// The certificate has no policies (section 6.1.3 (e)).
    pub(crate) fn clear(&mut self) {
        self.levels.clear();
    }

    /// Adds the policies of a certificate (RFC 9618 section 5.2, 6.1.3 (d)); `any_counts`: whether its `anyPolicy` counts.
    pub(crate) fn descend(
        &mut self,
        policies: &[PolicyInformation],
        any_counts: bool,
        spending: &mut Spending,
    ) -> Result<(), Exhausted> {
        let Some(above) = self.levels.last() else { return Ok(()) };
        let any = any_policy();
        let any_above = above.find(&any);
        let mut level = Level::default();
        for information in policies.iter().filter(|information| information.policy != any) {
            pay(spending)?;
            if level.find(&information.policy).is_some() {
                continue;
            }
            let parents = match (above.expecting.get(&information.policy), any_above) {
                (Some(expecting), _) => expecting.clone(),
                (None, Some(any)) => vec![any],
                (None, None) => continue,
            };
            level.add(&information.policy, &information.qualifiers, parents, spending)?;
        }
        let own_any = policies.iter().find(|information| information.policy == any);
        if let Some(own_any) = own_any.filter(|_| any_counts) {
            // In the order of the level above, so that the same path always gives the same answer.
            let mut expected: Vec<(&Oid, &Vec<usize>)> = above.expecting.iter().collect();
            expected.sort();
            for (policy, parents) in expected {
                pay(spending)?;
                if level.find(policy).is_none() {
                    level.add(policy, &own_any.qualifiers, parents.clone(), spending)?;
                }
            }
        }
        if level.nodes.is_empty() {
            self.clear();
        } else {
            self.levels.push(level);
        }
        Ok(())
    }

    /// Applies the mappings of a certificate (section 6.1.4 (b)); `counts`: whether policies may still be mapped.
    pub(crate) fn map(
        &mut self,
        mappings: &[PolicyMapping],
        counts: bool,
        policies: &[PolicyInformation],
        spending: &mut Spending,
    ) -> Result<(), Exhausted> {
        let any = any_policy();
        let (any_above, level) = match self.levels.as_mut_slice() {
            [.., above, level] => (above.find(&any), level),
            // Mappings of the trust anchor itself without policies of its own: everything hangs from the one node.
            [_] | [] => return Ok(()),
        };
        let mut mapped: HashMap<&Oid, Vec<&Oid>> = HashMap::new();
        for mapping in mappings {
            pay(spending)?;
            mapped.entry(&mapping.issuer_domain).or_default().push(&mapping.subject_domain);
        }
        let mut mapped: Vec<(&Oid, Vec<&Oid>)> = mapped.into_iter().collect();
        mapped.sort();
        for (policy, mut subjects) in mapped {
            if !counts {
                if let Some(node) = level.find(policy).and_then(|place| level.nodes.get_mut(place)) {
                    node.deleted = true;
                    level.by_policy.remove(policy);
                    level.expecting.remove(policy);
                }
                continue;
            }
            if level.find(policy).is_none() && level.find(&any).is_some() {
                let qualifiers = policies.iter().find(|information| information.policy == any);
                let qualifiers =
                    qualifiers.map(|information| information.qualifiers.as_slice()).unwrap_or_default();
                level.add(policy, qualifiers, any_above.into_iter().collect(), spending)?;
            }
            let Some(place) = level.find(policy) else { continue };
            // What was expected under its own name is expected under the others now.
            if let Some(own) = level.expecting.get_mut(policy) {
                own.retain(|other| *other != place);
                if own.is_empty() {
                    level.expecting.remove(policy);
                }
            }
            subjects.sort();
            subjects.dedup();
            for subject in subjects {
                pay(spending)?;
                level.expecting.entry(subject.clone()).or_default().push(place);
            }
        }
        if self.is_null() {
            self.clear();
        }
        Ok(())
    }

    /// The policies for which the path is valid, in the domain of the trust anchor (RFC 9618 section 5.4, 6.1.5 (g)).
    pub(crate) fn authority_constrained(&self) -> PolicySet {
        let mut set = PolicySet::default();
        if self.is_null() {
            return set;
        }
        let any = any_policy();
        let mut alive: Vec<usize> = match self.levels.last() {
            Some(last) => {
                set.any = last.find(&any).is_some();
                (0..last.nodes.len()).collect()
            }
            None => Vec::new(),
        };
        for (depth, level) in self.levels.iter().enumerate().rev() {
            let above = depth.checked_sub(1).and_then(|above| self.levels.get(above));
            let any_above = above.and_then(|above| above.find(&any));
            let mut next: Vec<usize> = Vec::new();
            for node in alive.iter().filter_map(|place| level.nodes.get(*place)) {
                if node.deleted {
                    continue;
                }
                next.extend(&node.parents);
                let below_any = any_above.is_some_and(|any| node.parents.contains(&any));
                if below_any && node.policy != any && !set.named.iter().any(|one| one.policy == node.policy) {
                    set.named.push(ValidPolicy {
                        policy: node.policy.clone(),
                        qualifiers: node.qualifiers.clone(),
                    });
                }
            }
            next.sort_unstable();
            next.dedup();
            alive = next;
        }
        set.named.sort_by(|a, b| a.policy.cmp(&b.policy));
        set
    }
}
