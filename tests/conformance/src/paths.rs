//! BoringSSL's `pki/testdata`: is not only the answer right, but also the reason, per certificate?
//!
//! A case passes if it is accepted exactly if no errors are expected, if all errors that are expected are found on the right certificate and no
//! others, and if the policies are those that are expected. One that is refused for other reasons counts as refused wrongly. How many have the right
//! answer is told besides.
//!
//! The chains are judged for [`Profile::Private`], and, as BoringSSL has it, for an extended key usage alone: what the key usage allows is there for the
//! handshake to see. The strict purposes count remarks as errors. What the test data says about trust is in [`AnchorRules`].

mod expectation;
mod purpose;

use std::path::{Path, PathBuf};

use certwright_chain::{
    Algorithms, Anchor, AnchorAsEndEntity, AnchorRules, FailureKind, PathEnd, Question, Rule, Verdict, judge,
};
use certwright_keys::verify::Lenience;

use crate::case::{Answer, Case, Suite, try_all};
use crate::listed;
use expectation::{Failures, Vector};

pub(crate) fn suite(folder: &Path) -> Option<Suite> {
    if !folder.is_dir() {
        return None;
    }
    let mut tests: Vec<PathBuf> = listed(folder).iter().flat_map(|folder| listed(folder)).collect();
    tests.retain(|path| path.extension().is_some_and(|extension| extension == "test"));
    let name =
        |test: &PathBuf| test.strip_prefix(folder).unwrap_or(test).to_string_lossy().replace('\\', "/");
    let cases = try_all(&tests, name, |test| match Vector::read(test) {
        Ok(vector) => try_one(name(test), &vector),
        Err(why) => Case::skipped(name(test), why),
    });
    let wrong = cases.iter().filter(|case| case.why.starts_with(WRONG_ANSWER)).count();
    let mut suite = Suite::new("paths", cases);
    suite.details.push(format!(
        "right answer, whatever the reasons: {} of {}",
        suite.cases.len() - wrong,
        suite.cases.len()
    ));
    Some(suite)
}

const WRONG_ANSWER: &str = "wrong answer: ";

fn try_one(id: String, vector: &Vector) -> Case {
    let (trusted, found, verdict) = match vector.purpose.any_of() {
        [] => judge_for(vector, None),
        [one] => judge_for(vector, Some(*one)),
        // It is enough if one of them is allowed.
        several => {
            let mut answers = several.iter().map(|one| judge_for(vector, Some(*one)));
            let first = answers.next();
            match answers.find(|(trusted, ..)| *trusted).or(first) {
                Some(answer) => answer,
                None => return Case::skipped(id, "no purpose"),
            }
        }
    };
    let right_answer = trusted == vector.expected.is_empty();
    let policies =
        vector.policies.as_ref().is_none_or(|expected| !trusted || *expected == policies_of(&verdict));
    let answer = match (found == vector.expected && right_answer && policies, trusted) {
        (true, _) => Answer::Passed,
        (false, true) => Answer::AcceptedWrongly,
        (false, false) => Answer::RefusedWrongly,
    };
    let why = format!(
        "{}{}: expected {:?} {:?}, found {found:?} {:?}: {:?}",
        if right_answer { "" } else { WRONG_ANSWER },
        vector.trust,
        vector.expected,
        vector.policies,
        policies_of(&verdict),
        verdict.failures
    );
    Case::new(id, answer, why)
}

fn judge_for(vector: &Vector, usage: Option<const_oid::ObjectIdentifier>) -> (bool, Failures, Verdict) {
    let last = vector.chain.last().cloned();
    let listed: Vec<_> = last.clone().into_iter().collect();
    let anchors: Vec<Anchor> = last
        .filter(|_| vector.trust != "UNSPECIFIED")
        .into_iter()
        .map(|certificate| Anchor { label: "anchor".into(), certificate })
        .collect();
    let is = |word: &str| vector.trust.contains(word);
    let verdict = judge(&Question {
        purpose: vector.purpose.for_usage(usage),
        extended_key_usage: vector.purpose.rule(),
        policies: vector.inputs.clone(),
        distrusted: if is("DISTRUSTED") { &listed } else { &[] },
        anchor_rules: AnchorRules {
            validity: is("EXPIRATION"),
            constraints: is("CONSTRAINTS"),
            may_issue: !vector.trust.starts_with("TRUSTED_LEAF"),
            as_end_entity: match () {
                () if is("REQUIRE_SELF_SIGNED") => AnchorAsEndEntity::IfSelfSigned,
                () if is("LEAF") => AnchorAsEndEntity::Allowed,
                () => AnchorAsEndEntity::Never,
            },
        },
        algorithms: Algorithms {
            // BoringSSL's tests accept SHA-1 and 1024 bits unless they say otherwise.
            lenience: Lenience { dangerously_accept_sha1: !vector.strong_digests, ..Lenience::default() },
            minimum_rsa_bits: 1024,
        },
        ..Question::new(&vector.chain, &anchors, vector.at)
    });
    let found = failures(&verdict, vector);
    (verdict.trusted && found.is_empty(), found, verdict)
}

fn policies_of(verdict: &Verdict) -> Vec<String> {
    let set = verdict.best().map(|path| path.policies.user_constrained.clone()).unwrap_or_default();
    let mut policies: Vec<String> = set.named.iter().map(|valid| valid.policy.to_string()).collect();
    if set.any {
        policies.push("2.5.29.32.0".to_owned());
    }
    policies.sort();
    policies
}

/// The failures in the words of BoringSSL, and those remarks that are errors for the purpose.
fn failures(verdict: &Verdict, vector: &Vector) -> Failures {
    let failures = verdict.failures.iter().map(|failure| (failure.at.unwrap_or(0), &failure.kind));
    let remarks = verdict.best().into_iter().flat_map(|path| path.remarks());
    let remarks = remarks.map(|(at, kind)| (at.unwrap_or(0), kind)).filter(|(at, kind)| {
        *at == 0
            && vector.purpose.is_strict()
            && matches!(kind, FailureKind::Rule(Rule::MixedExtendedKeyUsage { .. } | Rule::EndEntityIsCa))
    });
    let last = vector.chain.len().saturating_sub(1);
    let end = verdict.best().map(|path| &path.end);
    failures.chain(remarks).map(|(at, kind)| (at, words(kind, at == last, end, vector))).collect()
}

/// The words of BoringSSL for a failure.
fn words(kind: &FailureKind, is_last: bool, end: Option<&PathEnd>, vector: &Vector) -> String {
    const NOT_AN_ANCHOR: &str = "Certificate is not a trust anchor";
    const FALSE: &str = "VerifySignedData failed";
    match kind {
        FailureKind::BadSignature | FailureKind::IssuerKeyDiffers { .. } => FALSE.into(),
        // What was given as its issuer did not sign it.
        FailureKind::MissingIssuer { .. } if !is_last => FALSE.into(),
        FailureKind::MissingIssuer { .. } | FailureKind::UntrustedRoot { .. } | FailureKind::SelfSigned => {
            NOT_AN_ANCHOR.into()
        }
        FailureKind::AnchorOutOfPlace if vector.trust.contains("REQUIRE_SELF_SIGNED") => {
            let self_issued = vector.chain.last().is_some_and(|last| last.is_self_issued());
            if self_issued { FALSE.into() } else { "subject does not match issuer".into() }
        }
        FailureKind::AnchorOutOfPlace => NOT_AN_ANCHOR.into(),
        FailureKind::Distrusted => "Distrusted by trust store".into(),
        FailureKind::Expired { .. } => "Time is after notAfter".into(),
        FailureKind::NotYetValid { .. } => "Time is before notBefore".into(),
        FailureKind::ExtendedKeyUsage { found, .. } => vector.purpose.missing(found.is_empty()).into(),
        FailureKind::Rule(Rule::MixedExtendedKeyUsage { usage }) => {
            let usage = match usage.name() {
                Some("codeSigning") => "code signing",
                Some("OCSPSigning") => "OCSP signing",
                Some("timeStamping") => "time stamping",
                _ => "something",
            };
            format!("The extended key usage includes {usage} which is not permitted for this use")
        }
        FailureKind::Rule(Rule::EndEntityIsCa) => {
            "Certificate has Basic Constraints indicating it is a CA when it should not be a CA".into()
        }
        FailureKind::UnknownCriticalExtension { .. } => "Unconsumed critical extension".into(),
        FailureKind::NotACa => "Basic Constraints indicates not a CA".into(),
        FailureKind::KeyUsage { needed: "keyCertSign", .. } => "keyCertSign bit is not set".into(),
        FailureKind::MalformedKey
        | FailureKind::RetiredAlgorithm { .. }
        | FailureKind::UnsupportedAlgorithm { .. } => "Couldn't parse SubjectPublicKeyInfo".into(),
        FailureKind::WeakAlgorithm { algorithm } if algorithm.starts_with("RSA ") => {
            "Unacceptable public key".into()
        }
        FailureKind::WeakAlgorithm { .. } => "Unacceptable signature algorithm".into(),
        FailureKind::NoValidPolicy { .. } | FailureKind::NoAcceptablePolicy { .. } => {
            "No valid policy".into()
        }
        other => format!("{other:?} ({end:?})"),
    }
}
