//! NIST's PKITS, sections 4.1 to 4.3 and 4.5 to 4.7: signatures, validity, names, self-issued certificates, basic constraints, key usage.
//!
//! Read from `CERTWRIGHT_CONFORMANCE` or `../shared/conformance` beside the project; where the data is absent, the test says so.
//! Skipped is section 4.4, which is about revocation lists alone.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and prints its measure")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use certwright_certs::Certificate;
use certwright_chain::{Anchor, Budget, Profile, Purpose, Question, judge_with};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Vector {
    name: String,
    cert_path: Vec<String>,
    should_validate: bool,
}

/// Cases whose expectation is not met on purpose, with the reason. One that is met after all fails the test too.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("4.1.4 Valid DSA Signatures Test4", "DSA is not supported, as in TLS 1.3"),
    ("4.1.5 Valid DSA Parameter Inheritance Test5", "DSA is not supported, as in TLS 1.3"),
    (
        "4.5.2 Invalid Basic Self-Issued Old With New Test2",
        "the end-entity is revoked, and revocation is not looked at",
    ),
    (
        "4.5.5 Invalid Basic Self-Issued New With Old Test5",
        "the end-entity is revoked, and revocation is not looked at",
    ),
    (
        "4.5.7 Invalid Basic Self-Issued CRL Signing Key Test7",
        "the end-entity is revoked, and revocation is not looked at",
    ),
    (
        "4.7.4 Invalid keyUsage Critical cRLSign False Test4",
        "the authority may not sign the revocation list, which is not read",
    ),
    ("4.7.5 Invalid keyUsage Not Critical cRLSign False Test5", "as before"),
];

/// 2020-01-01T00:00:00Z
const TIME: i64 = 1_577_836_800;

#[test]
fn paths_are_judged_as_nist_expects() {
    let folder = std::env::var_os("CERTWRIGHT_CONFORMANCE")
        .map_or_else(
            || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"),
            PathBuf::from,
        )
        .join("pkits");
    let Ok(json) = std::fs::read(folder.join("vectors.json")) else {
        println!("pkits: skipped, {} is not there", folder.display());
        return;
    };
    let vectors: Vec<Vector> = serde_json::from_slice(&json).unwrap();
    let (mut passed, mut skipped, mut failed) = (0, 0, BTreeSet::new());
    for vector in vectors {
        if vector.name.starts_with("4.4") {
            skipped += 1;
            continue;
        }
        let certificates: Vec<Certificate> = vector
            .cert_path
            .iter()
            .rev()
            .map(|file| {
                Certificate::from_der(&std::fs::read(folder.join("certs").join(file)).unwrap()).unwrap()
            })
            .collect();
        let (root, sent) = certificates.split_last().unwrap();
        let anchors = [Anchor { label: "root".into(), certificate: root.clone() }];
        let verdict = judge_with(
            &Question {
                certificates: sent,
                extra: &[],
                anchors: &anchors,
                at: TIME,
                host: None,
                purpose: Purpose::Any,
                budget: Budget::default(),
            },
            Profile::Tolerant,
        );
        if verdict.trusted == vector.should_validate {
            passed += 1;
        } else {
            if !EXCEPTIONS.iter().any(|(exception, _)| *exception == vector.name) {
                println!("{}: {:?}", vector.name, verdict.failures);
            }
            failed.insert(vector.name);
        }
    }
    println!("pkits: passed {passed}, failed {}, skipped {skipped}", failed.len());
    assert_eq!(failed, EXCEPTIONS.iter().map(|(name, _)| (*name).to_owned()).collect());
}
