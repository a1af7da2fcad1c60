//! BoringSSL's `pki/testdata`: is not only the answer right, but also the reason, per certificate?
//!
//! A case passes if all failures that are expected are found, and no others. One that is refused for other reasons counts as
//! refused wrongly. Skipped: purposes that the validator does not know, cases about certificate policies, distrust, and
//! end-entities as anchors, for which BoringSSL has more than one meaning. What BoringSSL does not demand of a trust anchor is
//! taken out of the comparison.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use certwright_certs::Certificate;
use certwright_chain::{Anchor, FailureKind, Purpose, Question, Verdict, judge};

use crate::case::{Answer, Case, Suite, try_all};
use crate::{listed, time};

/// 2021-10-05T12:00:00Z, which BoringSSL calls the default.
const DEFAULT_TIME: i64 = 1_633_435_200;

/// Failures: the certificate's place in the path, and BoringSSL's words.
type Failures = BTreeSet<(usize, String)>;

struct Vector {
    chain: Vec<Certificate>,
    trust: String,
    at: i64,
    purpose: Purpose,
    expected: Failures,
}

pub(crate) fn suite(folder: &Path) -> Option<Suite> {
    if !folder.is_dir() {
        return None;
    }
    let mut tests: Vec<PathBuf> = listed(folder).iter().flat_map(|folder| listed(folder)).collect();
    tests.retain(|path| path.extension().is_some_and(|extension| extension == "test"));
    let name =
        |test: &PathBuf| test.strip_prefix(folder).unwrap_or(test).to_string_lossy().replace('\\', "/");
    let cases = try_all(&tests, name, |test| match read(test) {
        Ok(vector) => try_one(name(test), vector),
        Err(why) => Case::skipped(name(test), why),
    });
    Some(Suite { name: "paths".to_owned(), cases })
}

fn field<'a>(text: &'a str, name: &str) -> Result<&'a str, String> {
    let mut lines = text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    lines.next().ok_or_else(|| format!("no {name}"))
}

fn read(test: &Path) -> Result<Vector, String> {
    let text = std::fs::read_to_string(test).map_err(|error| error.to_string())?;
    let purpose = match field(&text, "key_purpose")? {
        "SERVER_AUTH" => Purpose::ServerAuth,
        "CLIENT_AUTH" => Purpose::ClientAuth,
        "ANY_EKU" => Purpose::Any,
        other => return Err(format!("purpose {other}")),
    };
    let trust = field(&text, "last_cert_trust")?.to_owned();
    if !trust.starts_with("TRUSTED_ANCHOR") {
        return Err(format!("trust {trust}"));
    }
    if test.to_string_lossy().contains("polic") {
        return Err("certificate policies".to_owned());
    }
    let file = test.parent().unwrap_or(test).join(field(&text, "chain")?);
    let pem = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let chain: Vec<Certificate> = certwright_encoding::pem::parse_pem(&pem)
        .blocks
        .iter()
        .filter(|block| block.label == "CERTIFICATE")
        .filter_map(|block| Certificate::from_der(&block.der).ok())
        .collect();
    if chain.len() < 2 {
        return Err("the end-entity is the anchor".to_owned());
    }
    let at = match field(&text, "utc_time")? {
        "DEFAULT" => DEFAULT_TIME,
        time => time::from_asn1(time).ok_or_else(|| format!("time {time}"))?,
    };
    let mut expected = Failures::new();
    let mut index = 0;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("----- Certificate i=") {
            let number = rest.split(' ').next().unwrap_or_default();
            index = number.parse().map_err(|_| format!("certificate {number}"))?;
        } else if let Some(error) = line.strip_prefix("ERROR: ") {
            // To lack basic constraints and to be no authority by them is the same failure here.
            let lacks = ("Does not have Basic Constraints", "Basic Constraints indicates not a CA");
            expected.insert((index, error.replace(lacks.0, lacks.1)));
        }
    }
    Ok(Vector { chain, trust, at, purpose, expected })
}

fn try_one(id: String, vector: Vector) -> Case {
    let last = vector.chain.last().cloned();
    let anchors: Vec<Anchor> =
        last.into_iter().map(|certificate| Anchor { label: "anchor".into(), certificate }).collect();
    let verdict =
        judge(&Question { purpose: vector.purpose, ..Question::new(&vector.chain, &anchors, vector.at) });
    let found = failures_that_count(&verdict, &vector);
    let answer = if found == vector.expected {
        Answer::Passed
    } else if found.is_empty() {
        Answer::AcceptedWrongly
    } else {
        Answer::RefusedWrongly
    };
    let why = format!("{}: expected {:?}, found {:?}", vector.trust, vector.expected, verdict.failures);
    Case { id, answer, why }
}

fn failures_that_count(verdict: &Verdict, vector: &Vector) -> Failures {
    let last = vector.chain.len() - 1;
    let counts = |at: usize, kind: &FailureKind| {
        let time = matches!(kind, FailureKind::Expired { .. } | FailureKind::NotYetValid { .. });
        at != last || vector.trust.contains(if time { "EXPIRATION" } else { "CONSTRAINTS" })
    };
    let failures = verdict.failures.iter().map(|failure| (failure.at.unwrap_or(0), &failure.kind));
    failures.filter(|(at, kind)| counts(*at, kind)).map(|(at, kind)| (at, words(kind))).collect()
}

/// The words of BoringSSL for a failure.
fn words(kind: &FailureKind) -> String {
    match kind {
        FailureKind::BadSignature | FailureKind::IssuerKeyDiffers { .. } => "VerifySignedData failed".into(),
        FailureKind::Expired { .. } => "Time is after notAfter".into(),
        FailureKind::NotYetValid { .. } => "Time is before notBefore".into(),
        FailureKind::ExtendedKeyUsage { needed, .. } if needed == "serverAuth" => {
            "The extended key usage does not include server auth".into()
        }
        FailureKind::ExtendedKeyUsage { .. } => "The extended key usage does not include client auth".into(),
        FailureKind::UnknownCriticalExtension { .. } => "Unconsumed critical extension".into(),
        FailureKind::NotACa => "Basic Constraints indicates not a CA".into(),
        FailureKind::KeyUsage { needed: "keyCertSign", .. } => "keyCertSign bit is not set".into(),
        FailureKind::MalformedKey => "Couldn't parse SubjectPublicKeyInfo".into(),
        FailureKind::WeakAlgorithm { algorithm } if algorithm.starts_with("RSA ") => {
            "Unacceptable public key".into()
        }
        FailureKind::WeakAlgorithm { .. } => "Unacceptable signature algorithm".into(),
        other => format!("{other:?}"),
    }
}
