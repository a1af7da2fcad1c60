//! Quality findings: what a certificate has that a standard forbids, or that makes trouble in operation though it may verify.
//!
//! A [`Rule`] is one item with its source (an RFC, the CA/Browser Forum's Baseline Requirements, which are called BR here, or the policy of a
//! browser), and stands in the file of the field that it looks at. It says whether it binds every certificate or only those under public
//! trust, whom it concerns, and in which span of issue dates it is in force: a certificate is judged by the rules of its day. The
//! words for people stand in `certwright-protocol`, by the rule's `id` and the finding's facts.
//!
//! Section numbers and dates of the Baseline Requirements were compared with the text of version 2.1.9 of November 2025, which has the validities of
//! ballot SC-081v3 in it; those of earlier versions, by which older certificates are judged, with its table of relevant dates.
//! The policies of browsers were not at hand as texts.
//!
//! Nothing here decides about trust, and no issuer is needed. One pass over a certificate costs time linear in its size.

mod authority_access;
mod basic_constraints;
mod common_name;
mod crl_addresses;
mod dates;
mod examined;
mod extended_key_usage;
mod extensions;
mod facts;
mod host_names;
mod key_identifiers;
mod key_usage;
mod keys;
mod name_constraints;
mod names;
mod policies;
mod serial;
mod signature;
mod structure;
mod subject;
mod transparency;

use crate::Certificate;
use examined::Examined;
pub use facts::{Facts, Value};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Notice,
    /// Makes trouble with some programs, or breaks a recommendation.
    Warning,
    /// Breaks a requirement.
    Error,
}

/// Who is expected to trust the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Browsers and operating systems: the Baseline Requirements bind.
    Public,
    /// Those who were given the root: only what binds every certificate.
    Private,
}

/// What the certificate is in its chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Not a certification authority.
    EndEntity,
    /// A certification authority under another one.
    Intermediate,
    /// A certification authority that signed its own certificate.
    Root,
}

/// Whom a rule concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Concerns {
    /// Every certificate.
    Every,
    /// Certificates of no authority.
    EndEntity,
    /// Certificates of no authority that a TLS server may show: `serverAuth`, `anyExtendedKeyUsage`, or no extended key usage.
    TlsServer,
    /// Authorities, roots included.
    Authority,
    /// Authorities under another one.
    Intermediate,
    /// Self-signed authorities.
    Root,
}

/// Which certificates a rule binds by who trusts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binds {
    /// All.
    All,
    /// Those under public trust.
    Public,
    /// Those of private authorities; under public trust another rule says the same more sharply.
    Private,
}

/// What a rule says of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is nothing to look at.
    NotApplicable,
    /// As it should be.
    Pass,
    /// Not as it should be.
    Finding(Facts),
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name, unique and lasting, in kebab case.
    pub id: &'static str,
    /// Where it stands.
    pub source: &'static str,
    /// How much a finding matters.
    pub severity: Severity,
    /// Whom it concerns.
    pub concerns: Concerns,
    /// Which certificates it binds by who trusts them.
    pub binds: Binds,
    /// Certificates issued before, in seconds since 1970, are not judged by it.
    pub effective_from: Option<i64>,
    /// Certificates issued at or after, in seconds since 1970, are not judged by it.
    pub until: Option<i64>,
    check: fn(&Examined<'_>) -> Outcome,
}

impl Rule {
    const fn new(
        severity: Severity,
        id: &'static str,
        source: &'static str,
        concerns: Concerns,
        check: fn(&Examined<'_>) -> Outcome,
    ) -> Self {
        Self { id, source, severity, concerns, binds: Binds::All, effective_from: None, until: None, check }
    }

    const fn error(
        id: &'static str,
        source: &'static str,
        concerns: Concerns,
        check: fn(&Examined<'_>) -> Outcome,
    ) -> Self {
        Self::new(Severity::Error, id, source, concerns, check)
    }

    const fn warning(
        id: &'static str,
        source: &'static str,
        concerns: Concerns,
        check: fn(&Examined<'_>) -> Outcome,
    ) -> Self {
        Self::new(Severity::Warning, id, source, concerns, check)
    }

    const fn notice(
        id: &'static str,
        source: &'static str,
        concerns: Concerns,
        check: fn(&Examined<'_>) -> Outcome,
    ) -> Self {
        Self::new(Severity::Notice, id, source, concerns, check)
    }

    /// Binds only certificates under public trust.
    const fn public(self) -> Self {
        Self { binds: Binds::Public, ..self }
    }

    /// Binds only certificates of private authorities.
    const fn private(self) -> Self {
        Self { binds: Binds::Private, ..self }
    }

    /// In force from this day on.
    const fn since(self, year: i64, month: i64, day: i64) -> Self {
        Self { effective_from: Some(midnight(year, month, day)), ..self }
    }

    /// No longer in force on this day.
    const fn before(self, year: i64, month: i64, day: i64) -> Self {
        Self { until: Some(midnight(year, month, day)), ..self }
    }

    /// What the rule says of a certificate.
    fn apply(&self, examined: &Examined<'_>) -> Outcome {
        let issued = examined.certificate.not_before();
        let in_force = self.effective_from.is_none_or(|from| issued >= from)
            && self.until.is_none_or(|until| issued < until);
        let binds = match self.binds {
            Binds::All => true,
            Binds::Public => examined.scope == Scope::Public,
            Binds::Private => examined.scope == Scope::Private,
        };
        if in_force && binds && examined.is_concerned(self.concerns) {
            (self.check)(examined)
        } else {
            Outcome::NotApplicable
        }
    }
}

/// What a rule found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// What it found, by the names under which the rule's words ask for it.
    pub facts: Facts,
}

/// By what a certificate is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LintContext {
    /// The time, in seconds since 1970.
    pub at: i64,
    /// Who is expected to trust it.
    pub scope: Scope,
    /// What it is in its chain; `None`: what it says itself.
    pub role: Option<Role>,
}

/// All rules, field by field.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    TABLES.iter().copied().flatten()
}

/// The findings about a certificate, the gravest first.
pub fn lint(certificate: &Certificate, context: LintContext) -> Vec<Finding> {
    let examined = Examined::new(certificate, context);
    let mut findings: Vec<Finding> = rules()
        .filter_map(|rule| match rule.apply(&examined) {
            Outcome::Finding(facts) => Some(Finding { rule, facts }),
            Outcome::NotApplicable | Outcome::Pass => None,
        })
        .collect();
    // Stable: within a severity the order of the fields stays.
    findings.sort_by_key(|finding| core::cmp::Reverse(finding.rule.severity));
    findings
}

const TABLES: &[&[Rule]] = &[
    structure::RULES,
    serial::RULES,
    signature::RULES,
    dates::RULES,
    names::RULES,
    subject::RULES,
    common_name::RULES,
    host_names::RULES,
    keys::RULES,
    key_usage::RULES,
    extended_key_usage::RULES,
    basic_constraints::RULES,
    name_constraints::RULES,
    key_identifiers::RULES,
    policies::RULES,
    authority_access::RULES,
    crl_addresses::RULES,
    transparency::RULES,
    extensions::RULES,
];

/// The first second of a day, UTC.
const fn midnight(year: i64, month: i64, day: i64) -> i64 {
    crate::time::days_since_epoch(year, month, day) * 86_400
}

/// True if a URI has this scheme, in any case.
fn has_scheme(uri: &str, scheme: &str) -> bool {
    uri.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(scheme))
}
