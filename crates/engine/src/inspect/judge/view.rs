//! Paths, failures and checks in finished words.

use certwright_certs::Certificate;
use certwright_chain::{
    Anchor, CheckInfo, Failure, FailureKind, Link, NotApplicable, Origin, Outcome, Path, PathEnd, Question,
    Verdict,
};
use certwright_language::text;
use certwright_protocol::Bytes;
use certwright_protocol::ui::inspect::{
    CheckCell, CheckOutcome, CheckRow, PathFailure, PathLink, PathView, Tone, Words,
};
use certwright_protocol::view::{ChainFailure, ChainRemark};

use super::super::Inspection;
use super::super::rows::date;
use super::Trust;
use crate::convert::{count, reason};
use crate::trust::mozilla;
use certwright_language::t;

/// What is needed to find the words.
pub(super) struct Viewer<'a> {
    pub(super) inspection: &'a Inspection,
    pub(super) trust: &'a Trust,
    pub(super) question: &'a Question<'a>,
}

impl Viewer<'_> {
    pub(super) fn path(&self, path: &Path, verdict: &Verdict) -> PathView {
        let mut links: Vec<PathLink> =
            path.links.iter().enumerate().map(|(at, link)| self.link(path, at, link)).collect();
        if let PathEnd::MissingIssuer { issuer, ca_issuers_urls } = &path.end {
            let is_web = |url: &&String| url.starts_with("http://") || url.starts_with("https://");
            links.push(PathLink {
                thing: None,
                name: issuer.common_name().unwrap_or_else(|| issuer.to_rfc4514()),
                role: t!("Missing").into(),
                origin: t!("nobody has it").into(),
                line: String::new(),
                tone: Tone::Bad,
                missing: true,
                anchor: false,
                urls: ca_issuers_urls.iter().filter(is_web).cloned().collect(),
                der: None,
                trust: None,
            });
        }
        let is_best = verdict.best() == Some(path);
        PathView {
            trusted: path.trusted,
            title: self.title(path),
            links,
            failures: path.failures.iter().map(|failure| self.failure(failure, path)).collect(),
            remarks: self.remarks(path, if is_best { Some(verdict) } else { None }),
            checks: self.checks(path),
        }
    }

    /// Where an anchor comes from, for a sentence: `“ISRG Root X1” of Mozilla’s list`.
    pub(super) fn end_words(&self, certificate: &Certificate) -> String {
        let name = certificate.display_name();
        match self.trusted_as(certificate) {
            Some((label, called)) if *label == name => t!("“{name}” of {called}", name, called),
            Some((label, called)) => t!("“{name}” ({label}) of {called}", name, label, called),
            None if mozilla::is_root(certificate) => {
                t!("“{name}” of {list}", name, list = text(mozilla::NAME))
            }
            None => t!("“{name}”, which you chose to trust", name),
        }
    }

    fn trusted_as(&self, certificate: &Certificate) -> Option<(&String, &String)> {
        let found: Option<&Anchor> =
            self.trust.anchors.iter().find(|anchor| anchor.certificate == *certificate);
        found.map(|anchor| (&anchor.label, &self.trust.called))
    }

    fn title(&self, path: &Path) -> String {
        let by: Vec<String> = path.links.iter().skip(1).map(|link| link.certificate.display_name()).collect();
        let (last, between) = match by.split_last() {
            Some((last, between)) => (Some(last), between),
            None => (None, by.as_slice()),
        };
        let through = |names: &[String]| match names {
            [] => String::new(),
            names => t!("by “{names}” ", names = names.join("”, “")),
        };
        match &path.end {
            PathEnd::Anchor { .. } => match path.links.last() {
                Some(link) if last.is_some() => {
                    t!(
                        "{between}to {certificate}",
                        between = through(between),
                        certificate = self.end_words(&link.certificate)
                    )
                }
                Some(link) => {
                    t!("itself trusted: {certificate}", certificate = self.end_words(&link.certificate))
                }
                None => String::new(),
            },
            PathEnd::MissingIssuer { issuer, .. } => {
                let missing = issuer.common_name().unwrap_or_else(|| issuer.to_rfc4514());
                t!("{by}up to “{missing}”, which is missing", by = through(&by), missing)
            }
            PathEnd::SelfSignedNotTrusted => match last {
                Some(last) => {
                    t!("{between}to “{last}”, which is not trusted", between = through(between), last)
                }
                None => t!("self-signed, and not trusted").into(),
            },
            PathEnd::Cycle => t!("{by}in a circle", by = through(&by)),
            PathEnd::GivenUp => t!("{by}given up", by = through(&by)),
        }
    }

    fn link(&self, path: &Path, at: usize, link: &Link) -> PathLink {
        let certificate = &link.certificate;
        let thing = self.inspection.certificates().find(|(_, one)| *one == certificate).map(|(id, _)| id);
        let is_last = at + 1 == path.links.len();
        let anchor = is_last && matches!(path.end, PathEnd::Anchor { .. });
        let role = match at {
            0 => t!("End-entity"),
            _ if certificate.is_self_issued() && is_last => t!("Root"),
            _ => t!("Intermediate"),
        };
        let origin = match (self.trusted_as(certificate), &link.origin) {
            (Some((label, called)), Origin::Anchor { .. }) => t!("in {called}: {label}", called, label),
            (None, Origin::Anchor { .. }) if mozilla::is_root(certificate) => {
                t!("{list} of {date}", list = text(mozilla::NAME), date = mozilla::DATE)
            }
            (_, Origin::Extra) => t!("in {called}", called = self.trust.called),
            _ => self.place(thing).unwrap_or_default(),
        };
        let key = certificate
            .public_key()
            .map_or_else(|_| t!("unreadable key").into(), |key| key.algorithm().to_string());
        // Where an issuer is missing the gap is drawn as a link of its own, and nothing is wrong with the certificate below it.
        let failed = path.failures.iter().any(|failure| {
            failure.at == Some(at) && !matches!(failure.kind, FailureKind::MissingIssuer { .. })
        });
        let remarked = path.remarks().any(|(place, _)| place == Some(at));
        PathLink {
            thing,
            name: certificate.display_name(),
            role: role.into(),
            origin,
            line: t!(
                "{key}, valid from {from} until {until}",
                key,
                from = date(certificate.not_before()),
                until = date(certificate.not_after())
            ),
            tone: if failed {
                Tone::Bad
            } else if remarked {
                Tone::Warn
            } else {
                Tone::Good
            },
            missing: false,
            anchor,
            urls: Vec::new(),
            der: Some(Bytes::from(certificate.der())),
            trust: if anchor { None } else { trust_label(certificate) },
        }
    }

    fn place(&self, thing: Option<u32>) -> Option<String> {
        self.inspection.item(thing?).ok().map(|item| item.place.words())
    }

    fn failure(&self, failure: &Failure, path: &Path) -> PathFailure {
        let is_it = |outcome: &Outcome| matches!(outcome, Outcome::Failed(kind) if *kind == failure.kind);
        let check = path.results.iter().find(|result| result.at == failure.at && is_it(&result.outcome));
        let mut words = failure_words(failure, &path.links);
        if let FailureKind::Revoked { by, .. } = &failure.kind
            && let Some(place) = self.inspection.evidence_place(*by)
        {
            words.what_happened =
                t!("{what_happened} It was found in {place}.", what_happened = words.what_happened, place);
        }
        PathFailure {
            code: code(&failure.kind).into(),
            check: check.map_or("path", |result| result.check).into(),
            at: failure.at.map(count),
            words,
        }
    }

    fn remarks(&self, path: &Path, best_of: Option<&Verdict>) -> Vec<Words> {
        let mut remarks: Vec<Words> = path
            .remarks()
            .map(|(at, kind)| {
                let mut words = failure_words(&Failure { at, kind: kind.clone() }, &path.links);
                words.what_to_try = String::new();
                words
            })
            .collect();
        let known = best_of
            .map(|verdict| verdict.notes.intermediate_missing_but_known.as_slice())
            .unwrap_or_default();
        remarks.extend(known.iter().filter_map(|at| path.links.get(*at)).map(|link| {
            ChainRemark::IntermediateNotSent { subject: link.certificate.subject().to_rfc4514() }.explain()
        }));
        remarks
    }

    fn checks(&self, path: &Path) -> Vec<CheckRow> {
        let profile = self.question.profile;
        let all: Vec<&CheckInfo> = profile.checks().iter().chain(profile.remarks()).collect();
        let rows = all.into_iter().map(|check| CheckRow {
            check: check.id.into(),
            title: text(check.title).into(),
            citation: check.citation.into(),
            results: path
                .results
                .iter()
                .filter(|result| result.check == check.id)
                .map(|result| {
                    let (outcome, detail) = match &result.outcome {
                        Outcome::Passed => (CheckOutcome::Passed, String::new()),
                        Outcome::Failed(kind) => (CheckOutcome::Failed, reason(kind).explain().what_happened),
                        Outcome::Remarked(kind) => {
                            (CheckOutcome::Remarked, reason(kind).explain().what_happened)
                        }
                        Outcome::NotApplicable(why) => {
                            (CheckOutcome::NotApplicable, not_applicable(*why).into())
                        }
                    };
                    CheckCell { at: result.at.map(count), outcome, detail }
                })
                .collect(),
        });
        rows.filter(|row| !row.results.is_empty()).collect()
    }
}

/// A failure in words, naming the certificate.
pub(super) fn failure_words(failure: &Failure, links: &[Link]) -> Words {
    let certificate = failure.at.and_then(|at| links.get(at)).map(|link| link.certificate.display_name());
    ChainFailure { at: failure.at.map(count), certificate, reason: reason(&failure.kind) }.explain()
}

/// What the button says that puts a certificate into the trust store.
fn trust_label(certificate: &Certificate) -> Option<String> {
    match (certificate.is_ca(), certificate.is_self_issued()) {
        (true, true) => Some(t!("Trust this root").into()),
        (true, false) => Some(t!("Trust this authority").into()),
        (false, true) => Some(t!("Trust this certificate").into()),
        (false, false) => None,
    }
}

fn not_applicable(why: NotApplicable) -> &'static str {
    match why {
        NotApplicable::NoSuchExtension => t!("it has no such extension"),
        NotApplicable::OnlyEndEntity => t!("about end-entities alone"),
        NotApplicable::OnlyAuthorities => t!("about authorities alone"),
        NotApplicable::OnlyRoots => t!("about roots alone"),
        NotApplicable::OtherKeyAlgorithm => t!("about keys of another kind"),
        NotApplicable::NotAsked => t!("not asked"),
        NotApplicable::NoEvidence => t!("nothing about its revocation is at hand"),
        NotApplicable::TrustAnchor => t!("trusted as it is"),
        NotApplicable::NoIssuer => t!("its issuer is not at hand"),
        NotApplicable::SelfIssued => t!("self-issued, which exempts it"),
        NotApplicable::OldVersion => t!("too old to say anything about it"),
        NotApplicable::SaidElsewhere => t!("another check says what is wrong"),
    }
}

/// The kind of failure, a word with hyphens that does not change.
fn code(kind: &FailureKind) -> &'static str {
    match kind {
        FailureKind::NoCertificate => "no-certificate",
        FailureKind::BadSignature => "bad-signature",
        FailureKind::IssuerKeyDiffers { .. } => "issuer-key-differs",
        FailureKind::Distrusted => "distrusted",
        FailureKind::Revoked { .. } => "revoked",
        FailureKind::RevocationUnknown { .. } => "revocation-unknown",
        FailureKind::WeakAlgorithm { .. } => "weak-algorithm",
        FailureKind::RetiredAlgorithm { .. } => "retired-algorithm",
        FailureKind::UnsupportedAlgorithm { .. } => "unsupported-algorithm",
        FailureKind::MalformedKey => "malformed-key",
        FailureKind::Expired { .. } => "expired",
        FailureKind::NotYetValid { .. } => "not-yet-valid",
        FailureKind::HostMismatch { .. } => "host-mismatch",
        FailureKind::MailboxMismatch { .. } => "mailbox-mismatch",
        FailureKind::NotACa => "not-a-ca",
        FailureKind::PathTooLong { .. } => "path-too-long",
        FailureKind::KeyUsage { .. } => "key-usage",
        FailureKind::ExtendedKeyUsage { .. } => "extended-key-usage",
        FailureKind::NameConstraint { .. } => "name-constraint",
        FailureKind::UnusableNameConstraint { .. } => "unusable-name-constraint",
        FailureKind::NoValidPolicy { .. } => "no-valid-policy",
        FailureKind::NoAcceptablePolicy { .. } => "no-acceptable-policy",
        FailureKind::MappingOfAnyPolicy => "mapping-of-any-policy",
        FailureKind::UnknownCriticalExtension { .. } => "unknown-critical-extension",
        FailureKind::MalformedExtension(_) => "malformed-extension",
        FailureKind::Irregular(_) => "irregular",
        FailureKind::Rule(_) => "rule",
        FailureKind::UntrustedRoot { .. } => "untrusted-root",
        FailureKind::SelfSigned => "self-signed",
        FailureKind::AnchorOutOfPlace => "anchor-out-of-place",
        FailureKind::MissingIssuer { .. } => "missing-issuer",
        FailureKind::Cycle => "cycle",
        FailureKind::BudgetExhausted => "budget-exhausted",
    }
}
