//! The checks that run on a path, one file each. Adding one: a file with its [`CheckInfo`], and a line in the lists of
//! [`Profile`](crate::Profile).
//!
//! Most look at one certificate at a time, and the search runs them on a possible issuer before it follows it. The others need the path.

pub(crate) mod asked_key_usage;
pub(crate) mod basic_constraints;
pub(crate) mod ca_key_usage;
pub(crate) mod critical_extensions;
pub(crate) mod distrust;
pub(crate) mod duties;
pub(crate) mod encoding;
pub(crate) mod end_entity_key_usage;
pub(crate) mod extended_key_usage;
pub(crate) mod host_name;
pub(crate) mod mailbox;
pub(crate) mod name_constraints;
pub(crate) mod path_length;
pub(crate) mod policies;
pub(crate) mod public_key;
pub(crate) mod revocation;
pub(crate) mod signature;
pub(crate) mod signature_algorithm;
pub(crate) mod trust_anchor;
pub(crate) mod validity;

use core::cell::RefCell;

use certwright_certs::Certificate;
use certwright_keys::verify::VerifyError;

use crate::failure::FailureKind;
use crate::policy::ValidPolicies;
use crate::question::Question;
use crate::spending::Spending;
use crate::verdict::{CheckResult, NotApplicable, Outcome, PathEnd};

/// A check: its name for scripts, what it demands, and where that stands.
#[derive(Clone, Copy, Debug)]
pub struct CheckInfo {
    /// Its name for scripts, for example `name-constraints`.
    pub id: &'static str,
    /// What it demands, as a sentence.
    pub title: &'static str,
    /// Where that stands, for example `RFC 5280 section 6.1.3 (a)(2)`.
    pub citation: &'static str,
    pub(crate) run: Run,
}

/// How a check is run. What it does not mention has passed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Run {
    /// On one certificate, whatever else is in the path.
    Certificate(fn(&Position<'_>, &mut Said)),
    /// On the path as a whole.
    Path(fn(&Examined<'_>, &mut Findings)),
}

/// A certificate in its place.
pub(crate) struct Position<'a> {
    pub(crate) certificate: &'a Certificate,
    pub(crate) role: Role,
    pub(crate) question: &'a Question<'a>,
}

/// What a certificate is in a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Role {
    EndEntity { trusted: bool },
    Intermediate,
    Anchor,
}

impl Role {
    pub(crate) fn is_end_entity(self) -> bool {
        matches!(self, Self::EndEntity { .. })
    }

    /// True for what is trusted, also if it is the end-entity.
    pub(crate) fn is_trusted(self) -> bool {
        matches!(self, Self::Anchor | Self::EndEntity { trusted: true })
    }
}

impl Position<'_> {
    /// A self-issued trust anchor that is no end-entity.
    pub(crate) fn is_root(&self) -> bool {
        self.role == Role::Anchor && self.certificate.is_self_issued()
    }
}

/// What a check says about one certificate.
#[derive(Default)]
pub(crate) struct Said(Vec<Outcome>);

impl Said {
    pub(crate) fn fail(&mut self, kind: FailureKind) {
        self.0.push(Outcome::Failed(kind));
    }

    pub(crate) fn skip(&mut self, why: NotApplicable) {
        self.0.push(Outcome::NotApplicable(why));
    }
}

/// A path under examination.
pub(crate) struct Examined<'a> {
    /// The end-entity first.
    pub(crate) certificates: &'a [&'a Certificate],
    /// For each certificate but the last: whether the next one signed it.
    pub(crate) signatures: &'a [Result<(), VerifyError>],
    pub(crate) end: &'a PathEnd,
    /// The last certificate is a trust anchor, and may not be one in its place.
    pub(crate) anchor_out_of_place: bool,
    pub(crate) question: &'a Question<'a>,
    pub(crate) spending: &'a RefCell<Spending>,
}

impl<'a> Examined<'a> {
    /// All certificates above the end-entity, with their places.
    pub(crate) fn issuers(&self) -> impl Iterator<Item = (usize, &'a Certificate)> {
        self.all().skip(1)
    }

    /// All certificates with their places.
    pub(crate) fn all(&self) -> impl Iterator<Item = (usize, &'a Certificate)> {
        self.certificates.iter().copied().enumerate()
    }

    /// True if the certificate at this place is the trust anchor.
    pub(crate) fn is_anchor(&self, at: usize) -> bool {
        matches!(self.end, PathEnd::Anchor { .. }) && at + 1 == self.certificates.len()
    }

    /// True if what the certificate at this place says does not count, for it is an anchor that is trusted as it is.
    pub(crate) fn is_exempt(&self, at: usize) -> bool {
        at > 0 && self.is_anchor(at) && !self.question.anchor_rules.constraints
    }
}

/// Collects what a check says about a path.
pub(crate) struct Findings {
    said: Vec<(Option<usize>, Outcome)>,
    /// For which policies the path is valid.
    pub(crate) policies: ValidPolicies,
}

impl Findings {
    pub(crate) fn fail(&mut self, at: usize, kind: FailureKind) {
        self.said.push((Some(at), Outcome::Failed(kind)));
    }

    pub(crate) fn fail_path(&mut self, kind: FailureKind) {
        self.said.push((None, Outcome::Failed(kind)));
    }

    pub(crate) fn skip(&mut self, at: usize, why: NotApplicable) {
        self.said.push((Some(at), Outcome::NotApplicable(why)));
    }
}

/// What the checks of one certificate said: the number of the check and what it said.
pub(crate) type Local = Vec<(usize, Outcome)>;

/// All checks of the question's profile, those that only remark last, and whether a failure counts.
fn all(question: &Question<'_>) -> impl Iterator<Item = (&'static CheckInfo, bool)> {
    let (checks, remarks) = (question.profile.checks(), question.profile.remarks());
    checks.iter().map(|check| (check, true)).chain(remarks.iter().map(|check| (check, false)))
}

/// Runs the checks that look at one certificate.
pub(crate) fn run_on_certificate(position: &Position<'_>) -> Local {
    let mut local = Local::new();
    for (number, (check, binding)) in all(position.question).enumerate() {
        let Run::Certificate(run) = check.run else { continue };
        let rules = position.question.anchor_rules;
        let counts = if check.id == validity::CHECK.id { rules.validity } else { rules.constraints };
        if position.role == Role::Anchor && !counts && check.id != distrust::CHECK.id {
            local.push((number, Outcome::NotApplicable(NotApplicable::TrustAnchor)));
            continue;
        }
        let mut said = Said::default();
        run(position, &mut said);
        if said.0.is_empty() {
            local.push((number, Outcome::Passed));
        }
        local.extend(said.0.into_iter().map(|outcome| (number, lenient(outcome, binding))));
    }
    local
}

/// A failure that the profile does not demand is a remark.
fn lenient(outcome: Outcome, binding: bool) -> Outcome {
    match outcome {
        Outcome::Failed(kind) if !binding => Outcome::Remarked(kind),
        outcome => outcome,
    }
}

/// True if none of the checks of one certificate failed.
pub(crate) fn is_sound(local: &Local) -> bool {
    !local.iter().any(|(_, outcome)| matches!(outcome, Outcome::Failed(_)))
}

/// Runs all checks on a path, given what those of single certificates said. The results come check by check.
pub(crate) fn run_on_path(examined: &Examined<'_>, locals: &[&Local]) -> (Vec<CheckResult>, ValidPolicies) {
    let mut results = Vec::new();
    let mut policies = ValidPolicies::default();
    for (number, (check, binding)) in all(examined.question).enumerate() {
        let id = check.id;
        match check.run {
            Run::Certificate(_) => {
                for (at, local) in locals.iter().enumerate() {
                    let own = local.iter().filter(|(other, _)| *other == number);
                    results.extend(own.map(|(_, outcome)| CheckResult {
                        check: id,
                        at: Some(at),
                        outcome: outcome.clone(),
                    }));
                }
            }
            Run::Path(run) => {
                let mut findings = Findings { said: Vec::new(), policies: ValidPolicies::default() };
                run(examined, &mut findings);
                if id == policies::CHECK.id {
                    policies = findings.policies;
                }
                for at in 0..examined.certificates.len() {
                    if !findings.said.iter().any(|(place, _)| *place == Some(at)) {
                        findings.said.push((Some(at), Outcome::Passed));
                    }
                }
                findings.said.sort_by_key(|(at, _)| at.unwrap_or(usize::MAX));
                results.extend(findings.said.into_iter().map(|(at, outcome)| CheckResult {
                    check: id,
                    at,
                    outcome: lenient(outcome, binding),
                }));
            }
        }
    }
    (results, policies)
}
