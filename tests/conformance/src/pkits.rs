//! NIST's PKITS: `vectors.json` names the files of each path and what a validator has to say to it.
//!
//! Skipped: sections about revocation lists alone (4.4, 4.14, 4.15), cases that begin with a policy, algorithms that are not
//! supported, and restrictions of certificate policies.

use std::path::Path;

use certwright_certs::Certificate;
use certwright_chain::{Anchor, FailureKind, Question, judge};
use serde::Deserialize;

use crate::case::{Answer, Case, Suite, try_all};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Vector {
    name: String,
    cert_path: Vec<String>,
    should_validate: bool,
    #[serde(default)]
    initial_policy_set: Vec<String>,
    #[serde(default)]
    initial_policy_mapping_inhibit: bool,
    #[serde(default)]
    initial_explicit_policy: bool,
    #[serde(default)]
    initial_any_policy_inhibit: bool,
}

/// 2020-01-01T00:00:00Z, a time at which the certificates are valid.
const TIME: i64 = 1_577_836_800;

pub(crate) fn suite(folder: &Path) -> Option<Suite> {
    let json = std::fs::read(folder.join("vectors.json")).ok()?;
    Some(match serde_json::from_slice::<Vec<Vector>>(&json) {
        Ok(vectors) => {
            let cases = try_all(&vectors, |vector| vector.name.clone(), |vector| try_one(vector, folder));
            Suite { name: "pkits".to_owned(), cases }
        }
        Err(error) => Suite::unreadable("pkits", error),
    })
}

fn try_one(vector: &Vector, folder: &Path) -> Case {
    if ["4.4.", "4.14.", "4.15."].iter().any(|section| vector.name.starts_with(section)) {
        return Case::skipped(&vector.name, "revocation lists are not looked at");
    }
    let any_policy =
        vector.initial_policy_set.iter().all(|policy| policy == "anyPolicy" || policy == "2.5.29.32.0");
    if !any_policy
        || vector.initial_policy_mapping_inhibit
        || vector.initial_explicit_policy
        || vector.initial_any_policy_inhibit
    {
        return Case::skipped(&vector.name, "nobody can ask for policies");
    }
    let mut path = Vec::new();
    for file in vector.cert_path.iter().rev() {
        let Ok(der) = std::fs::read(folder.join("certs").join(file)) else {
            return Case::skipped(&vector.name, format!("there is no {file}"));
        };
        match Certificate::from_der(&der) {
            Ok(certificate) => path.push(certificate),
            Err(error) => {
                let answer = Answer::new(vector.should_validate, false);
                return Case { id: vector.name.clone(), answer, why: format!("{file}: {error}") };
            }
        }
    }
    let Some((root, sent)) = path.split_last() else { return Case::skipped(&vector.name, "no path") };
    let anchors = [Anchor { label: "root".into(), certificate: root.clone() }];
    let verdict = judge(&Question::new(sent, &anchors, TIME));
    let unsupported = verdict.failures.iter().find(|failure| {
        matches!(failure.kind, FailureKind::UnsupportedAlgorithm { .. })
            || matches!(&failure.kind, FailureKind::WeakAlgorithm { algorithm } if algorithm.to_lowercase().contains("dsa"))
    });
    if let Some(unsupported) = unsupported {
        return Case::skipped(&vector.name, format!("{:?}", unsupported.kind));
    }
    let answer = Answer::new(vector.should_validate, verdict.trusted);
    Case { id: vector.name.clone(), answer, why: format!("{:?}", verdict.failures) }
}
