//! Builds paths from the end-entity to trust anchors (RFC 4158), depth first, and keeps the best.
//!
//! Issuers are found by name; key identifiers only decide which is tried first. An edge is followed if the signature holds, or if its algorithm
//! is too weak or unknown to tell (which the check of signatures then reports). Only if no anchor is reached that way, edges with
//! a false signature are followed as well, so that the answer can point at the false signature. No certificate and no pair of
//! name and key occurs twice in a path. The search is bounded by a [`Budget`](crate::Budget) and never recurses deeper than its links.

use std::collections::{HashMap, HashSet};

use certwright_certs::{Certificate, Name};
use certwright_keys::verify::VerifyError;

use crate::anchors::AnchorIndex;
use crate::checks::{self, Findings, Path, rules};
use crate::question::{Profile, Question};
use crate::verdict::{Failure, FailureKind, Link, Notes, Origin, PathEnd, Verdict};

/// Paths without an anchor on which the checks are run.
const MAX_DEAD_ENDS: u32 = 64;

pub(crate) fn search(question: &Question<'_>, profile: Profile) -> Verdict {
    let Some(leaf) = question.certificates.first() else {
        return Verdict {
            trusted: false,
            path: Vec::new(),
            end: PathEnd::Nowhere,
            failures: vec![Failure { at: None, kind: FailureKind::NoCertificate }],
            notes: Notes::default(),
            budget_exhausted: false,
        };
    };
    let mut search = Search::new(question, profile);
    let mut path = vec![Place::Known(0)];
    let mut trusted = search.extend(&mut path);
    if !trusted && !search.best.as_ref().is_some_and(|best| best.anchored) && search.saw_false_signature {
        search.follow_false_signatures = true;
        trusted = search.extend(&mut path);
    }
    let exhausted = search.exhausted || search.cut;
    let best = search.best.take().unwrap_or_else(|| {
        // The budget was used up before the first path was complete.
        let failures = vec![Failure { at: None, kind: FailureKind::BudgetExhausted }];
        Candidate {
            places: vec![Place::Known(0)],
            anchored: false,
            end: PathEnd::GivenUp,
            failures,
            rules: Vec::new(),
        }
    });
    search.verdict(leaf, best, trusted, exhausted)
}

/// A certificate of a path: one of those that are known, or an anchor.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Known(usize),
    Anchor(usize),
}

struct Known<'a> {
    certificate: &'a Certificate,
    /// The place in what the peer sent; `None` for one that was known besides.
    sent: Option<usize>,
}

struct Candidate {
    places: Vec<Place>,
    anchored: bool,
    end: PathEnd,
    failures: Vec<Failure>,
    rules: Vec<(usize, rules::Rule)>,
}

impl Candidate {
    /// Better paths compare greater: those that reach an anchor, then those with fewer failures, then longer ones.
    fn rank(&self) -> (bool, core::cmp::Reverse<usize>, usize) {
        (self.anchored, core::cmp::Reverse(self.failures.len()), self.places.len())
    }
}

struct Search<'a> {
    question: &'a Question<'a>,
    profile: Profile,
    known: Vec<Known<'a>>,
    by_subject: HashMap<&'a Name, Vec<usize>>,
    anchors: AnchorIndex<'a>,
    signatures: HashMap<(Place, Place), Result<(), VerifyError>>,
    self_signed: HashMap<usize, bool>,
    signatures_left: u32,
    steps_left: u32,
    paths_left: u32,
    comparisons_left: u32,
    dead_ends_left: u32,
    /// The whole search has to end.
    exhausted: bool,
    /// A branch was given up for its length.
    cut: bool,
    saw_false_signature: bool,
    follow_false_signatures: bool,
    best: Option<Candidate>,
}

impl<'a> Search<'a> {
    fn new(question: &'a Question<'a>, profile: Profile) -> Self {
        let sent =
            question.certificates.iter().enumerate().map(|(index, certificate)| (certificate, Some(index)));
        let extra = question.extra.iter().map(|certificate| (certificate, None));
        let mut seen = HashSet::new();
        let known: Vec<Known<'_>> = sent
            .chain(extra)
            .filter(|(certificate, _)| seen.insert(certificate.der()))
            .map(|(certificate, sent)| Known { certificate, sent })
            .collect();
        let mut by_subject: HashMap<&Name, Vec<usize>> = HashMap::new();
        for (index, known) in known.iter().enumerate() {
            by_subject.entry(known.certificate.subject()).or_default().push(index);
        }
        Self {
            question,
            profile,
            known,
            by_subject,
            anchors: AnchorIndex::new(question.anchors),
            signatures: HashMap::new(),
            self_signed: HashMap::new(),
            signatures_left: question.budget.signatures,
            steps_left: question.budget.steps,
            paths_left: question.budget.paths,
            comparisons_left: question.budget.comparisons,
            dead_ends_left: MAX_DEAD_ENDS,
            exhausted: false,
            cut: false,
            saw_false_signature: false,
            follow_false_signatures: false,
            best: None,
        }
    }

    fn certificate(&self, place: Place) -> Option<&'a Certificate> {
        match place {
            Place::Known(index) => self.known.get(index).map(|known| known.certificate),
            Place::Anchor(index) => self.question.anchors.get(index).map(|anchor| &anchor.certificate),
        }
    }

    /// Tries all continuations of `path`, whose last certificate is a known one; true if one is trusted.
    fn extend(&mut self, path: &mut Vec<Place>) -> bool {
        let Some(last) = path.last().copied() else { return false };
        let Some(current) = self.certificate(last) else { return false };
        if let Some(anchor) = self.anchors.same(current) {
            // The same certificate, so the signature that led to it leads to the anchor.
            let mut anchored = path.clone();
            anchored.pop();
            if let Some(below) = anchored.last().copied() {
                let signature = self.signature(below, last);
                self.signatures.insert((below, Place::Anchor(anchor)), signature);
            }
            anchored.push(Place::Anchor(anchor));
            if self.examine(&anchored, true, None) {
                return true;
            }
        }
        let mut continued = false;
        let mut cycle = false;
        for next in self.issuers(current) {
            if self.exhausted {
                break;
            }
            let Some(issuer) = self.certificate(next) else { continue };
            if issuer == current {
                continue;
            }
            if self.repeats(path, issuer) {
                cycle = true;
                continue;
            }
            match self.steps_left.checked_sub(1) {
                Some(left) => self.steps_left = left,
                None => {
                    self.exhausted = true;
                    break;
                }
            }
            if !self.follows(last, next) {
                continue;
            }
            continued = true;
            path.push(next);
            let trusted = match next {
                Place::Anchor(_) => self.examine(path, true, None),
                Place::Known(_) if path.len() >= self.question.budget.links => {
                    // This branch is given up, others may yet lead to an anchor.
                    self.cut = true;
                    self.dead_end(path, issuer, cycle);
                    false
                }
                Place::Known(_) => self.extend(path),
            };
            path.pop();
            if trusted {
                return true;
            }
        }
        if !continued || self.exhausted {
            self.dead_end(path, current, cycle);
        }
        false
    }

    /// Anchors and known certificates with the right name, the likeliest first.
    fn issuers(&mut self, current: &Certificate) -> Vec<Place> {
        if let Some(Place::Known(index)) = self.place_of(current)
            && self.is_self_signed(index, current)
        {
            return Vec::new();
        }
        let name = current.issuer();
        let anchors = self.anchors.named(name).iter().map(|index| Place::Anchor(*index));
        let known = self.by_subject.get(name).into_iter().flatten().map(|index| Place::Known(*index));
        let mut places: Vec<Place> = anchors.chain(known).collect();
        let at = self.question.at;
        places.sort_by_key(|place| {
            let Some(issuer) = self.certificate(*place) else { return (2, true) };
            let identifiers = match (current.authority_key_identifier(), issuer.subject_key_identifier()) {
                (Some(wanted), Some(found)) if wanted == found => 0,
                (Some(_), Some(_)) => 2,
                _ => 1,
            };
            (identifiers, at < issuer.not_before() || at > issuer.not_after())
        });
        places
    }

    fn place_of(&self, certificate: &Certificate) -> Option<Place> {
        let candidates = self.by_subject.get(certificate.subject())?;
        let same =
            |index: &&usize| self.known.get(**index).is_some_and(|known| known.certificate == certificate);
        candidates.iter().find(same).map(|index| Place::Known(*index))
    }

    fn is_self_signed(&mut self, index: usize, certificate: &Certificate) -> bool {
        if let Some(known) = self.self_signed.get(&index) {
            return *known;
        }
        if certificate.subject() != certificate.issuer() {
            return false;
        }
        let answer = self.pay_for_signature() && certificate.is_self_signed();
        self.self_signed.insert(index, answer);
        answer
    }

    fn pay_for_signature(&mut self) -> bool {
        match self.signatures_left.checked_sub(1) {
            Some(left) => {
                self.signatures_left = left;
                true
            }
            None => {
                self.exhausted = true;
                false
            }
        }
    }

    /// A certificate, or a name with its key, that is in the path already (RFC 4158 section 2.4.2).
    fn repeats(&self, path: &[Place], issuer: &Certificate) -> bool {
        path.iter().filter_map(|place| self.certificate(*place)).any(|certificate| {
            certificate == issuer
                || (certificate.subject() == issuer.subject() && certificate.spki_der() == issuer.spki_der())
        })
    }

    /// True if the edge from `last` to `next` is worth following.
    fn follows(&mut self, last: Place, next: Place) -> bool {
        match self.signature(last, next) {
            Err(VerifyError::BadSignature | VerifyError::KeyMismatch) => {
                self.saw_false_signature |= !self.exhausted;
                self.follow_false_signatures && !self.exhausted
            }
            _ => !self.exhausted,
        }
    }

    /// Whether `parent` signed `child`; paid for once.
    fn signature(&mut self, child: Place, parent: Place) -> Result<(), VerifyError> {
        if let Some(known) = self.signatures.get(&(child, parent)) {
            return known.clone();
        }
        if !self.pay_for_signature() {
            return Err(VerifyError::BadSignature);
        }
        let answer = match (self.certificate(child), self.certificate(parent)) {
            (Some(child), Some(parent)) => checks::signature::verify(child, parent),
            _ => Err(VerifyError::BadSignature),
        };
        self.signatures.insert((child, parent), answer.clone());
        answer
    }

    fn dead_end(&mut self, path: &[Place], last: &Certificate, cycle: bool) {
        // Dead ends explain only where no path reached an anchor, and a few are enough for that.
        let Some(left) = self.dead_ends_left.checked_sub(1) else { return };
        if self.best.as_ref().is_some_and(|best| best.anchored) {
            return;
        }
        self.dead_ends_left = left;
        let at = path.len().checked_sub(1);
        let self_signed = match path.last() {
            Some(Place::Known(index)) => self.self_signed.get(index).copied().unwrap_or(false),
            _ => false,
        };
        let (end, kind) = if self_signed {
            let subject = last.subject().clone();
            let kind = if path.len() == 1 {
                FailureKind::SelfSigned
            } else {
                FailureKind::UntrustedRoot { subject }
            };
            (PathEnd::SelfSignedNotTrusted, kind)
        } else if self.exhausted || path.len() >= self.question.budget.links {
            (PathEnd::GivenUp, FailureKind::BudgetExhausted)
        } else if cycle {
            (PathEnd::Cycle, FailureKind::Cycle)
        } else {
            let (issuer, ca_issuers_urls) = (last.issuer().clone(), last.ca_issuers_urls());
            let kind = FailureKind::MissingIssuer {
                issuer: issuer.clone(),
                ca_issuers_urls: ca_issuers_urls.clone(),
            };
            (PathEnd::MissingIssuer { issuer, ca_issuers_urls }, kind)
        };
        self.examine(path, false, Some((end, Failure { at, kind })));
    }

    /// Runs the checks on a complete path and keeps it if it is the best so far; true if it is trusted.
    fn examine(&mut self, places: &[Place], anchored: bool, dead_end: Option<(PathEnd, Failure)>) -> bool {
        if anchored {
            match self.paths_left.checked_sub(1) {
                Some(left) => self.paths_left = left,
                None => {
                    self.exhausted = true;
                    return false;
                }
            }
        }
        let certificates: Vec<&Certificate> =
            places.iter().filter_map(|place| self.certificate(*place)).collect();
        let edges: Vec<(Place, Place)> = places.iter().copied().zip(places.iter().copied().skip(1)).collect();
        let signatures: Vec<_> =
            edges.into_iter().map(|(child, parent)| self.signature(child, parent)).collect();
        let path = Path {
            certificates: &certificates,
            signatures: &signatures,
            ends_in_anchor: anchored,
            question: self.question,
        };
        let mut findings = Findings { failures: Vec::new(), comparisons_left: self.comparisons_left };
        checks::run(&path, self.profile, &mut findings);
        self.comparisons_left = findings.comparisons_left;
        let mut failures = findings.failures;
        if failures.iter().any(|failure| failure.kind == FailureKind::BudgetExhausted) {
            self.exhausted = true;
        }
        let end = match (dead_end, places.last()) {
            (Some((end, failure)), _) => {
                failures.push(failure);
                end
            }
            (None, Some(Place::Anchor(index))) => {
                let label = self.question.anchors.get(*index).map(|anchor| anchor.label.clone());
                PathEnd::Anchor { label: label.unwrap_or_default() }
            }
            (None, _) => PathEnd::GivenUp,
        };
        let trusted = anchored && failures.is_empty();
        let candidate =
            Candidate { places: places.to_vec(), anchored, end, failures, rules: rules::broken(&path) };
        if self.best.as_ref().is_none_or(|best| trusted || candidate.rank() > best.rank()) {
            self.best = Some(candidate);
        }
        trusted
    }

    fn verdict(&self, leaf: &Certificate, best: Candidate, trusted: bool, exhausted: bool) -> Verdict {
        let mut failures = best.failures;
        let says_so = failures.iter().any(|failure| failure.kind == FailureKind::BudgetExhausted);
        if exhausted && !trusted && !says_so {
            failures.push(Failure { at: None, kind: FailureKind::BudgetExhausted });
        }
        failures.sort_by_key(|failure| (failure.kind.rank(), failure.at));
        let path: Vec<Link> = best
            .places
            .iter()
            .map(|place| Link {
                certificate: self.certificate(*place).unwrap_or(leaf).clone(),
                origin: match place {
                    Place::Known(index) => match self.known.get(*index).and_then(|known| known.sent) {
                        Some(index) => Origin::Sent { index },
                        None => Origin::Extra,
                    },
                    Place::Anchor(index) => Origin::Anchor {
                        label: self
                            .question
                            .anchors
                            .get(*index)
                            .map(|anchor| anchor.label.clone())
                            .unwrap_or_default(),
                    },
                },
            })
            .collect();
        let mut notes = notes(self.question.certificates, &path);
        notes.broken_rules = best.rules;
        Verdict { trusted, path, end: best.end, failures, notes, budget_exhausted: exhausted && !trusted }
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
        broken_rules: Vec::new(),
    }
}
