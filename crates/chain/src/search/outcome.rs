//! From the candidates of a search to its verdict.

use core::cmp::Reverse;

use certwright_certs::Certificate;

use super::{Candidate, Search};
use crate::failure::{Failure, FailureKind};
use crate::question::Paths;
use crate::verdict::{Link, Notes, Origin, Path, PathEnd, Verdict};

impl Search<'_> {
    pub(super) fn into_verdict(mut self) -> Verdict {
        if self.candidates.is_empty() {
            // The budget was used up before the first path was complete.
            self.gave_up = true;
            self.examine(&[0], PathEnd::GivenUp);
        }
        let mut candidates = core::mem::take(&mut self.candidates);
        candidates.sort_by_cached_key(|candidate| Reverse(candidate.rank()));
        candidates.truncate(match self.question.paths {
            Paths::First => 1,
            Paths::All { max } => max.max(1),
        });
        let paths: Vec<Path> = candidates.into_iter().map(|candidate| self.path(candidate)).collect();
        let trusted = paths.first().is_some_and(|path| path.trusted);
        let gave_up = (self.gave_up || self.spending.borrow().exhausted) && !trusted;
        let mut failures = paths.first().map(|path| path.failures.clone()).unwrap_or_default();
        let says_so = failures.iter().any(|failure| failure.kind == FailureKind::BudgetExhausted);
        if gave_up && !says_so {
            failures.push(Failure { at: None, kind: FailureKind::BudgetExhausted });
        }
        let notes = paths.first().map(|path| notes(self.question.certificates, &path.links));
        Verdict {
            trusted,
            paths,
            failures,
            notes: notes.unwrap_or_default(),
            budget_exhausted: gave_up,
            work: self.spending.borrow().work(),
        }
    }

    fn path(&self, candidate: Candidate) -> Path {
        let links = candidate.places.iter().filter_map(|place| {
            let node = self.graph.nodes.get(*place)?;
            let origin = match (node.anchor.and_then(|index| self.question.anchors.get(index)), node.sent) {
                (Some(anchor), _) => Origin::Anchor { label: anchor.label.clone() },
                (None, Some(index)) => Origin::Sent { index },
                (None, None) => Origin::Extra,
            };
            Some(Link { certificate: node.certificate.clone(), origin })
        });
        Path {
            links: links.collect(),
            trusted: candidate.is_trusted(),
            end: candidate.end,
            failures: candidate.failures,
            results: candidate.results,
            policies: candidate.policies,
        }
    }
}

/// How the peer's list compares with the path.
fn notes(sent: &[Certificate], path: &[Link]) -> Notes {
    let place = |certificate: &Certificate| sent.iter().position(|other| other == certificate);
    let used: Vec<usize> = path.iter().filter_map(|link| place(&link.certificate)).collect();
    let is_root = |certificate: &Certificate| certificate.subject() == certificate.issuer();
    let root_sent = path.len() > 1
        && path.last().is_some_and(|link| is_root(&link.certificate) && place(&link.certificate).is_some());
    let unneeded = |(index, _): &(usize, &Certificate)| !used.contains(index);
    let is_gap = |(_, link): &(usize, &Link)| link.origin == Origin::Extra && !is_root(&link.certificate);
    Notes {
        order_wrong: !used.is_sorted(),
        unneeded: sent.iter().enumerate().filter(unneeded).map(|(index, _)| index).collect(),
        root_sent,
        intermediate_missing_but_known: path
            .iter()
            .enumerate()
            .filter(is_gap)
            .map(|(index, _)| index)
            .collect(),
    }
}
