//! Counts the work of a search against its [`Budget`].

use std::collections::HashMap;

use crate::checks::name_constraints::NameVerdict;
use crate::question::Budget;
use crate::revocation::{self, Answer};
use crate::verdict::Work;

/// What has been spent, what is left, and what was paid for already.
pub(crate) struct Spending {
    budget: Budget,
    /// What may be spent, with what was granted besides.
    limit: Budget,
    spent: Work,
    /// Something was refused because its budget was used up.
    pub(crate) exhausted: bool,
    /// Whether the names of a certificate lie within the constraints of another: the addresses of both encodings, and whether the first is
    /// the end-entity.
    pub(crate) names: HashMap<(usize, usize, bool), NameVerdict>,
    /// What is left for revocation.
    pub(crate) revocation: revocation::Work,
    /// What is known about the revocation of a certificate: the addresses of its encoding, its issuer's and its anchor's.
    pub(crate) statuses: HashMap<(usize, usize, usize), Answer>,
}

impl Spending {
    pub(crate) fn new(budget: Budget) -> Self {
        Self {
            budget,
            limit: budget,
            spent: Work::default(),
            exhausted: false,
            names: HashMap::new(),
            revocation: revocation::Work { signatures: budget.signatures, comparisons: budget.comparisons },
            statuses: HashMap::new(),
        }
    }

    pub(crate) fn work(&self) -> Work {
        self.spent
    }

    /// Raises what may be spent by a quarter of the budget, so that a search that found nothing can still explain why.
    pub(crate) fn grant_explanation(&mut self) {
        let more = |limit: &mut u32, spent: u32, budget: u32| {
            *limit = (*limit).max(spent.saturating_add(budget / 4));
        };
        more(&mut self.limit.signatures, self.spent.signatures, self.budget.signatures);
        more(&mut self.limit.steps, self.spent.steps, self.budget.steps);
        more(&mut self.limit.paths, self.spent.paths, self.budget.paths);
        more(&mut self.limit.comparisons, self.spent.comparisons, self.budget.comparisons);
    }

    pub(crate) fn signature(&mut self) -> bool {
        Self::pay(&mut self.spent.signatures, self.limit.signatures, &mut self.exhausted)
    }

    /// So many steps at once, or none.
    pub(crate) fn steps(&mut self, count: usize) -> bool {
        let after = u32::try_from(count).ok().and_then(|count| self.spent.steps.checked_add(count));
        match after.filter(|after| *after <= self.limit.steps) {
            Some(after) => {
                self.spent.steps = after;
                true
            }
            None => {
                self.exhausted = true;
                false
            }
        }
    }

    pub(crate) fn path(&mut self) -> bool {
        Self::pay(&mut self.spent.paths, self.limit.paths, &mut self.exhausted)
    }

    pub(crate) fn comparison(&mut self) -> bool {
        Self::pay(&mut self.spent.comparisons, self.limit.comparisons, &mut self.exhausted)
    }

    fn pay(spent: &mut u32, limit: u32, exhausted: &mut bool) -> bool {
        let affordable = *spent < limit;
        if affordable {
            *spent += 1;
        } else {
            *exhausted = true;
        }
        affordable
    }
}
