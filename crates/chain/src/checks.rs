//! The checks that run on a path, one file each. Adding one: a file with a function of the type [`Check`], and a line in [`CHECKS`].

mod basic_constraints;
mod critical_extensions;
mod encoding;
mod extended_key_usage;
pub(crate) mod hostname;
mod key_strength;
mod key_usage;
mod name_constraints;
mod path_length;
pub(crate) mod rules;
pub(crate) mod signature;
mod validity;

use certwright_certs::Certificate;
use certwright_keys::verify::VerifyError;

use crate::question::{Profile, Question};
use crate::verdict::{Failure, FailureKind};

/// A path under examination.
pub(crate) struct Path<'a> {
    /// The end-entity first.
    pub(crate) certificates: &'a [&'a Certificate],
    /// For each certificate but the last: whether the next one signed it.
    pub(crate) signatures: &'a [Result<(), VerifyError>],
    /// The last certificate is a trust anchor.
    pub(crate) ends_in_anchor: bool,
    /// The question.
    pub(crate) question: &'a Question<'a>,
}

impl<'a> Path<'a> {
    /// The end-entity.
    pub(crate) fn leaf(&self) -> Option<&'a Certificate> {
        self.certificates.first().copied()
    }

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
        self.ends_in_anchor && at + 1 == self.certificates.len()
    }
}

/// Collects failures, and counts the work of comparing names.
pub(crate) struct Findings {
    pub(crate) failures: Vec<Failure>,
    pub(crate) comparisons_left: u32,
}

impl Findings {
    pub(crate) fn add(&mut self, at: usize, kind: FailureKind) {
        self.failures.push(Failure { at: Some(at), kind });
    }

    /// Counts one comparison; false if the budget is used up.
    pub(crate) fn compare(&mut self) -> bool {
        match self.comparisons_left.checked_sub(1) {
            Some(left) => {
                self.comparisons_left = left;
                true
            }
            None => false,
        }
    }
}

type Check = fn(&Path<'_>, &mut Findings);

const CHECKS: &[Check] = &[
    signature::check,
    validity::check,
    hostname::check,
    extended_key_usage::check,
    key_usage::check,
    basic_constraints::check,
    path_length::check,
    name_constraints::check,
    critical_extensions::check,
    key_strength::check,
    encoding::check,
];

/// Runs all checks.
pub(crate) fn run(path: &Path<'_>, profile: Profile, findings: &mut Findings) {
    for check in CHECKS {
        check(path, findings);
    }
    if profile == Profile::Strict {
        for (at, rule) in rules::broken(path) {
            findings.add(at, FailureKind::Rule(rule));
        }
    }
}
