//! Builds paths from the end-entity to trust anchors (RFC 4158), and keeps the best.
//!
//! Issuers are found by name; key identifiers only decide which is tried first. The search goes from short paths to long ones, guided by how far each
//! name is from an anchor, so that a way through thousands of cross-certificates is found as soon as there is one. It goes in stages:
//!
//! 1. paths of certificates that have nothing wrong with them by themselves, over signatures that hold, each name within the constraints above it;
//! 2. if no anchor was reached that way: any certificates, over signatures that hold or cannot be verified;
//! 3. if still none: over false signatures too, so that the answer can point at them;
//! 4. if still none: paths that end before an anchor, so that the answer can say what is missing.
//!
//! No certificate and no pair of name and key occurs twice in a path. All work is counted by [`Spending`], and recursion is bounded by
//! [`MAX_LINKS`].

mod graph;
mod outcome;

use core::cell::RefCell;
use core::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use certwright_certs::Certificate;
use certwright_keys::verify::VerifyError;

use crate::anchors::AnchorAsEndEntity;
use crate::checks::name_constraints::{NameVerdict, names_within};
use crate::checks::{self, Examined, Local, Position, Role, path_length, signature};
use crate::failure::{Failure, FailureKind};
use crate::policy::ValidPolicies;
use crate::question::{Paths, Question};
use crate::spending::Spending;
use crate::verdict::{CheckResult, Notes, Outcome, PathEnd, Verdict};
use graph::{Graph, Place};

/// The longest path, whatever the budget says: the search recurses once for each certificate.
const MAX_LINKS: usize = 64;
/// Paths that end before an anchor on which the checks are run.
const MAX_DEAD_ENDS: usize = 64;
/// Paths to an anchor on which the checks are run although they cannot be trusted, to find the one with the fewest failures.
const MAX_EXPLAINED: usize = 32;

pub(crate) fn search(question: &Question<'_>) -> Verdict {
    if question.certificates.is_empty() {
        return Verdict {
            trusted: false,
            paths: Vec::new(),
            failures: vec![Failure { at: None, kind: FailureKind::NoCertificate }],
            notes: Notes::default(),
            budget_exhausted: false,
            work: Default::default(),
        };
    }
    let mut search = Search::new(question);
    search.run();
    search.into_verdict()
}

/// A path on which the checks were run.
struct Candidate {
    places: Vec<Place>,
    end: PathEnd,
    failures: Vec<Failure>,
    results: Vec<CheckResult>,
    policies: ValidPolicies,
    /// Links whose key identifiers do not fit.
    strange_links: usize,
}

impl Candidate {
    fn is_anchored(&self) -> bool {
        matches!(self.end, PathEnd::Anchor { .. })
    }

    fn is_trusted(&self) -> bool {
        self.is_anchored() && self.failures.is_empty()
    }

    /// Better paths compare greater: those that are trusted, that reach an anchor, with fewer failures; then those whose key identifiers fit. Of
    /// paths to an anchor the shortest is the best, of others the one that came farthest.
    fn rank(&self) -> impl Ord + use<> {
        let length = isize::try_from(self.places.len()).unwrap_or(isize::MAX);
        let anchored = self.is_anchored();
        (
            self.is_trusted(),
            anchored,
            Reverse(self.failures.len()),
            Reverse(self.strange_links),
            if anchored { -length } else { length },
        )
    }
}

/// What a stage of the search follows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Sound,
    Unsound,
    FalseSignatures,
}

/// Whether the stage goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    On,
    Stop,
}

struct Search<'a> {
    question: &'a Question<'a>,
    graph: Graph<'a>,
    spending: RefCell<Spending>,
    /// By certificate and key: cross-certificates for the same key cost one signature.
    signatures: HashMap<(Place, usize), Result<(), VerifyError>>,
    locals: HashMap<(Place, Role), Rc<Local>>,
    self_signed: HashMap<Place, bool>,
    examined: HashSet<Vec<Place>>,
    candidates: Vec<Candidate>,
    /// A branch was longer than the limit of this round.
    cut: bool,
    gave_up: bool,
    saw_false_signature: bool,
}

impl<'a> Search<'a> {
    fn new(question: &'a Question<'a>) -> Self {
        Self {
            question,
            graph: Graph::new(question),
            spending: RefCell::new(Spending::new(question.budget)),
            signatures: HashMap::new(),
            locals: HashMap::new(),
            self_signed: HashMap::new(),
            examined: HashSet::new(),
            candidates: Vec::new(),
            cut: false,
            gave_up: false,
            saw_false_signature: false,
        }
    }

    fn run(&mut self) {
        self.stage(Stage::Sound);
        if !self.wants_more_anchored() {
            return;
        }
        self.spending.borrow_mut().grant_explanation();
        self.stage(Stage::Unsound);
        if !self.has_anchored() && self.saw_false_signature {
            self.stage(Stage::FalseSignatures);
        }
        if !self.has_anchored() {
            self.spending.borrow_mut().grant_explanation();
            self.dead_ends(&mut vec![0], Stage::Unsound);
            if self.saw_false_signature {
                self.dead_ends(&mut vec![0], Stage::FalseSignatures);
            }
        }
    }

    fn has_anchored(&self) -> bool {
        self.candidates.iter().any(Candidate::is_anchored)
    }

    fn wants_more_anchored(&self) -> bool {
        match self.question.paths {
            Paths::First => !self.has_anchored(),
            Paths::All { max } => self.candidates.len() < max,
        }
    }

    fn max_links(&self) -> usize {
        self.question.budget.links.min(MAX_LINKS)
    }

    /// Looks for paths to an anchor, the shortest first.
    fn stage(&mut self, stage: Stage) {
        let shortest = match (self.graph.end_entity_anchor, self.graph.distance(0)) {
            (Some(_), _) => 1,
            (None, Some(distance)) => 1 + distance,
            (None, None) => return,
        };
        let explained = self.candidates.len() + MAX_EXPLAINED;
        for limit in shortest..=self.max_links() {
            self.cut = false;
            if self.extend(&mut vec![0], limit, stage) == Flow::Stop || !self.cut {
                break;
            }
            if stage != Stage::Sound && self.candidates.len() >= explained {
                break;
            }
        }
        let exhausted = core::mem::take(&mut self.spending.borrow_mut().exhausted);
        self.gave_up |= exhausted || self.cut || shortest > self.max_links();
    }

    /// Tries all continuations of `path` that end in an anchor with exactly `limit` certificates.
    fn extend(&mut self, path: &mut Vec<Place>, limit: usize, stage: Stage) -> Flow {
        let Some(last) = path.last().copied() else { return Flow::On };
        if let Some(anchor) = self.graph.end_entity_anchor
            && path.len() == 1
            && limit == 1
            && self.examine_anchored(&[anchor]) == Flow::Stop
        {
            return Flow::Stop;
        }
        let Some(issuers) = self.ordered_issuers(last) else { return Flow::Stop };
        for next in issuers {
            let Some(node) = self.graph.nodes.get(next) else { continue };
            let (is_anchor, length) = (node.anchor.is_some(), path.len() + 1);
            if path.iter().any(|place| self.graph.is_repetition(*place, next)) {
                continue;
            }
            let shortest = match (is_anchor, self.graph.distance(next)) {
                (true, _) => length,
                (false, Some(distance)) => length + distance,
                (false, None) => continue,
            };
            if shortest > limit {
                self.cut = true;
                continue;
            }
            if is_anchor && length != limit {
                // A shorter round had it.
                continue;
            }
            if stage == Stage::Sound && !self.is_worth_it(path, next, is_anchor) {
                continue;
            }
            if !self.follows(last, next, stage) {
                if self.spending.borrow().exhausted {
                    return Flow::Stop;
                }
                continue;
            }
            path.push(next);
            let flow = if is_anchor { self.examine_anchored(path) } else { self.extend(path, limit, stage) };
            path.pop();
            if flow == Flow::Stop {
                return Flow::Stop;
            }
        }
        Flow::On
    }

    /// Whether a path that goes on to `next` may yet be trusted, as far as `next` and what is below it can tell.
    fn is_worth_it(&mut self, path: &[Place], next: Place, is_anchor: bool) -> bool {
        let role = if is_anchor { Role::Anchor } else { Role::Intermediate };
        if !checks::is_sound(&self.local(next, role)) {
            return false;
        }
        let Some(issuer) = self.graph.nodes.get(next).map(|node| node.certificate) else { return false };
        let rules = self.question.anchor_rules;
        let below: Vec<&Certificate> = self.certificates(path);
        let intermediates = below.iter().skip(1).filter(|certificate| !certificate.is_self_issued()).count();
        let intermediates = u32::try_from(intermediates).unwrap_or(u32::MAX);
        if intermediates > self.question.budget.intermediates {
            return false;
        }
        if is_anchor && !rules.constraints {
            return true;
        }
        if path_length::limit(issuer).is_some_and(|allowed| intermediates > allowed) {
            return false;
        }
        let mut spending = self.spending.borrow_mut();
        below.iter().enumerate().all(|(at, certificate)| {
            // What the budget does not reach is for the examination of the whole path to say.
            matches!(
                names_within(certificate, at == 0, issuer, &mut spending),
                NameVerdict::Within | NameVerdict::Exhausted
            )
        })
    }

    fn certificates(&self, path: &[Place]) -> Vec<&'a Certificate> {
        path.iter().filter_map(|place| self.graph.nodes.get(*place)).map(|node| node.certificate).collect()
    }

    /// Anchors and certificates with the name of the issuer, the likeliest first (RFC 4158 section 3.5): those whose key identifier fits, that are
    /// valid, that are trusted, and that are near to an anchor. Each is a step; `None` if the budget does not suffice.
    fn ordered_issuers(&mut self, place: Place) -> Option<Vec<Place>> {
        let current = self.graph.nodes.get(place)?.certificate;
        if self.is_self_signed(place, current) {
            return Some(Vec::new());
        }
        let mut issuers = self.graph.issuers(place).to_vec();
        if !self.spending.borrow_mut().steps(issuers.len()) {
            return None;
        }
        let at = self.question.at;
        issuers.sort_by_cached_key(|next| {
            let Some(node) = self.graph.nodes.get(*next) else { return (2, true, true, usize::MAX) };
            let issuer = node.certificate;
            (
                identifiers_fit(current, issuer),
                at < issuer.not_before() || at > issuer.not_after(),
                node.anchor.is_none(),
                self.graph.distance(*next).unwrap_or(usize::MAX),
            )
        });
        Some(issuers)
    }

    fn is_self_signed(&mut self, place: Place, certificate: &Certificate) -> bool {
        if certificate.subject() != certificate.issuer() {
            return false;
        }
        if let Some(known) = self.self_signed.get(&place) {
            return *known;
        }
        let answer = self.spending.borrow_mut().signature() && certificate.is_self_signed();
        self.self_signed.insert(place, answer);
        answer
    }

    /// True if the edge from `last` to `next` is worth following in this stage.
    fn follows(&mut self, last: Place, next: Place, stage: Stage) -> bool {
        match self.signature(last, next) {
            None => false,
            Some(Ok(())) => true,
            // The parameters of the key lie further up; what is between may yet be sound.
            Some(Err(VerifyError::ParametersMissing)) => {
                stage != Stage::Sound || self.question.algorithms.lenience.dangerously_accept_dsa
            }
            Some(Err(VerifyError::BadSignature | VerifyError::KeyMismatch)) => {
                self.saw_false_signature = true;
                stage == Stage::FalseSignatures
            }
            Some(Err(_)) => stage != Stage::Sound,
        }
    }

    /// Whether `parent` signed `child`; paid for once. `None` if the budget does not suffice.
    fn signature(&mut self, child: Place, parent: Place) -> Option<Result<(), VerifyError>> {
        let (child_node, parent_node) = (self.graph.nodes.get(child)?, self.graph.nodes.get(parent)?);
        let key = (child, parent_node.key);
        if let Some(known) = self.signatures.get(&key) {
            return Some(known.clone());
        }
        if !self.spending.borrow_mut().signature() {
            return None;
        }
        let answer =
            signature::verify(child_node.certificate, parent_node.certificate, self.question.algorithms);
        self.signatures.insert(key, answer.clone());
        Some(answer)
    }

    /// Whether the certificate at this place is signed with the key above it, which takes parameters from those above that.
    fn inherited_signature(
        &self,
        certificates: &[&Certificate],
        at: usize,
    ) -> Option<Result<(), VerifyError>> {
        if !self.spending.borrow_mut().signature() {
            return None;
        }
        let (certificate, issuers) = certificates.get(at..)?.split_first()?;
        let Some(key) = signature::working_key(issuers) else {
            return Some(Err(VerifyError::ParametersMissing));
        };
        Some(certificate.verify_signature_leniently(&key, self.question.algorithms.lenience))
    }

    /// What the checks of one certificate say.
    fn local(&mut self, place: Place, role: Role) -> Rc<Local> {
        if let Some(known) = self.locals.get(&(place, role)) {
            return Rc::clone(known);
        }
        let local = match self.graph.nodes.get(place) {
            Some(node) => checks::run_on_certificate(&Position {
                certificate: node.certificate,
                role,
                question: self.question,
            }),
            None => Local::new(),
        };
        let local = Rc::new(local);
        self.locals.insert((place, role), Rc::clone(&local));
        local
    }

    /// Tries all continuations of `path` and examines those that go no further.
    fn dead_ends(&mut self, path: &mut Vec<Place>, stage: Stage) {
        let Some(last) = path.last().copied() else { return };
        let mut continued = false;
        let mut cycle = false;
        let Some(issuers) = self.ordered_issuers(last) else {
            self.gave_up = true;
            self.examine(path, PathEnd::GivenUp);
            return;
        };
        for next in issuers {
            if self.candidates.len() >= MAX_DEAD_ENDS {
                return;
            }
            if self.graph.nodes.get(next).is_none_or(|node| node.anchor.is_some()) || next == last {
                continue;
            }
            if path.iter().any(|place| self.graph.is_repetition(*place, next)) {
                cycle = true;
                continue;
            }
            if !self.follows(last, next, stage) {
                continue;
            }
            continued = true;
            path.push(next);
            if path.len() >= self.max_links() {
                self.gave_up = true;
                self.examine(path, PathEnd::GivenUp);
            } else {
                self.dead_ends(path, stage);
            }
            path.pop();
        }
        if continued {
            return;
        }
        let Some(certificate) = self.graph.nodes.get(last).map(|node| node.certificate) else { return };
        let end = if self.self_signed.get(&last) == Some(&true) {
            PathEnd::SelfSignedNotTrusted
        } else if cycle {
            PathEnd::Cycle
        } else {
            PathEnd::MissingIssuer {
                issuer: certificate.issuer().clone(),
                ca_issuers_urls: certificate.ca_issuers_urls(),
            }
        };
        self.examine(path, end);
    }

    fn examine_anchored(&mut self, places: &[Place]) -> Flow {
        if self.examined.contains(places) {
            return Flow::On;
        }
        if !self.spending.borrow_mut().path() {
            return Flow::Stop;
        }
        let anchor = places.last().and_then(|place| self.graph.nodes.get(*place)?.anchor);
        let anchor = anchor.and_then(|index| self.question.anchors.get(index));
        let label = anchor.map(|anchor| anchor.label.clone()).unwrap_or_default();
        self.examine(places, PathEnd::Anchor { label });
        if self.spending.borrow().exhausted {
            return Flow::Stop;
        }
        let Some(candidate) = self.candidates.last() else { return Flow::On };
        let (trusted, failures) = (candidate.is_trusted(), candidate.failures.len());
        let own = self.failures_of_end_entity();
        match self.question.paths {
            Paths::First if trusted => Flow::Stop,
            // What is wrong with the end-entity itself is wrong with it on every path.
            Paths::First if failures == own => Flow::Stop,
            Paths::First => Flow::On,
            Paths::All { max } if self.candidates.len() >= max.max(1) => Flow::Stop,
            Paths::All { .. } => Flow::On,
        }
    }

    fn failures_of_end_entity(&mut self) -> usize {
        let local = self.local(0, Role::EndEntity { trusted: false });
        local.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Failed(_))).count()
    }

    /// Runs the checks on a path and keeps it.
    fn examine(&mut self, places: &[Place], end: PathEnd) {
        if !self.examined.insert(places.to_vec()) {
            return;
        }
        let certificates = self.certificates(places);
        let edges: Vec<(Place, Place)> = places.iter().copied().zip(places.iter().copied().skip(1)).collect();
        let mut signatures = Vec::new();
        for (at, (child, parent)) in edges.into_iter().enumerate() {
            let signature = match self.signature(child, parent) {
                Some(Err(VerifyError::ParametersMissing)) => self.inherited_signature(&certificates, at),
                signature => signature,
            };
            match signature {
                Some(signature) => signatures.push(signature),
                None => return,
            }
        }
        let anchored = matches!(end, PathEnd::Anchor { .. });
        let last = places.len().saturating_sub(1);
        let mut locals: Vec<Rc<Local>> = Vec::new();
        for (at, place) in places.iter().enumerate() {
            let role = match (at, anchored && at == last) {
                (0, trusted) => Role::EndEntity { trusted },
                (_, true) => Role::Anchor,
                (_, false) => Role::Intermediate,
            };
            locals.push(self.local(*place, role));
        }
        let locals: Vec<&Local> = locals.iter().map(Rc::as_ref).collect();
        let examined = Examined {
            certificates: &certificates,
            signatures: &signatures,
            end: &end,
            anchor_out_of_place: anchored && self.is_out_of_place(&certificates),
            question: self.question,
            spending: &self.spending,
        };
        let (results, policies) = checks::run_on_path(&examined, &locals);
        let mut failures: Vec<Failure> = results
            .iter()
            .filter_map(|result| match &result.outcome {
                Outcome::Failed(kind) => Some(Failure { at: result.at, kind: kind.clone() }),
                _ => None,
            })
            .collect();
        failures.sort_by_key(|failure| (failure.kind.rank(), failure.at));
        let links = certificates.iter().zip(certificates.iter().skip(1));
        let strange_links = links.filter(|(child, parent)| identifiers_fit(child, parent) == 2).count();
        let places = places.to_vec();
        self.candidates.push(Candidate { places, end, failures, results, policies, strange_links });
    }

    fn is_out_of_place(&self, certificates: &[&Certificate]) -> bool {
        let rules = self.question.anchor_rules;
        match (certificates, rules.as_end_entity) {
            ([_], AnchorAsEndEntity::Allowed) => false,
            ([only], AnchorAsEndEntity::IfSelfSigned) => !only.is_self_signed(),
            ([_], AnchorAsEndEntity::Never) => true,
            _ => !rules.may_issue,
        }
    }
}

/// 0 if the authority key identifier is the subject key identifier of the issuer, 2 if it is another, 1 if that cannot be told.
fn identifiers_fit(child: &Certificate, parent: &Certificate) -> u8 {
    match (child.authority_key_identifier(), parent.subject_key_identifier()) {
        (Some(wanted), Some(found)) if wanted == found => 0,
        (Some(_), Some(_)) => 2,
        _ => 1,
    }
}
