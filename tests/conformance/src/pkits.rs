//! NIST's PKITS: `vectors.json` names the files of each path, its revocation lists, the policies that are asked for, and what a validator has to say.
//!
//! Every case is tried, for [`Profile::Private`] and with revocation lists for every certificate. The suite is of an era in which DSA and SHA-1 were
//! approved, so both are asked to be believed here, by [`Lenience`]; who does not ask is told that they are refused. Where only
//! the revocation stays unknown, the other certificates of the folder are at hand too, to find who signed a list.

use std::path::Path;

use certwright_certs::{Certificate, Crl, Oid};
use certwright_chain::{
    Algorithms, Anchor, Evidence, Failure, FailureKind, PolicyInputs, Profile, Question, RevocationMode,
    judge,
};
use certwright_keys::verify::Lenience;
use serde::Deserialize;

use crate::case::{Answer, Case, Suite, try_all};
use crate::listed;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Vector {
    name: String,
    cert_path: Vec<String>,
    #[serde(default, rename = "CRLPath")]
    crl_path: Vec<String>,
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

/// The arc of NIST's test policies, of which `NIST-test-policy-1` is the first.
const TEST_POLICIES: &str = "2.16.840.1.101.3.2.1.48";

pub(crate) fn suite(folder: &Path) -> Option<Suite> {
    let json = std::fs::read(folder.join("vectors.json")).ok()?;
    Some(match serde_json::from_slice::<Vec<Vector>>(&json) {
        Ok(vectors) => {
            let at_hand = certificates_in(&folder.join("certs"));
            let cases =
                try_all(&vectors, |vector| vector.name.clone(), |vector| try_one(vector, folder, &at_hand));
            Suite::new("pkits", cases)
        }
        Err(error) => Suite::unreadable("pkits", error),
    })
}

fn certificates_in(folder: &Path) -> Vec<Certificate> {
    let files = listed(folder).into_iter().filter_map(|file| std::fs::read(file).ok());
    files.filter_map(|der| Certificate::from_der(&der).ok()).collect()
}

fn try_one(vector: &Vector, folder: &Path, at_hand: &[Certificate]) -> Case {
    let case = |accepted: bool, why: String| {
        Case::new(&vector.name, Answer::new(vector.should_validate, accepted), why)
    };
    let mut path = Vec::new();
    for file in vector.cert_path.iter().rev() {
        let Ok(der) = std::fs::read(folder.join("certs").join(file)) else {
            return Case::skipped(&vector.name, format!("there is no {file}"));
        };
        match Certificate::from_der(&der) {
            Ok(certificate) => path.push(certificate),
            Err(error) => return case(false, format!("{file}: {error}")),
        }
    }
    let mut crls = Vec::new();
    for file in &vector.crl_path {
        let Ok(der) = std::fs::read(folder.join("crls").join(file)) else {
            return Case::skipped(&vector.name, format!("there is no {file}"));
        };
        // A list that cannot be read is none.
        crls.extend(Crl::from_der(&der));
    }
    let Some((root, sent)) = path.split_last() else { return Case::skipped(&vector.name, "no path") };
    let acceptable = match policies(&vector.initial_policy_set) {
        Ok(acceptable) => acceptable,
        Err(why) => return Case::skipped(&vector.name, why),
    };
    let anchors = [Anchor { label: "root".into(), certificate: root.clone() }];
    let question = Question {
        profile: Profile::Private,
        policies: PolicyInputs {
            acceptable,
            require_explicit: vector.initial_explicit_policy,
            inhibit_mapping: vector.initial_policy_mapping_inhibit,
            inhibit_any: vector.initial_any_policy_inhibit,
        },
        algorithms: Algorithms {
            lenience: Lenience { dangerously_accept_sha1: true, dangerously_accept_dsa: true },
            ..Algorithms::default()
        },
        revocation: Evidence { crls: &crls, ocsp: &[], mode: RevocationMode::Required },
        ..Question::new(sent, &anchors, TIME)
    };
    let mut verdict = judge(&question);
    let is_unknown = |failure: &Failure| matches!(failure.kind, FailureKind::RevocationUnknown { .. });
    if !verdict.trusted && verdict.failures.iter().all(is_unknown) {
        verdict = judge(&Question { extra: at_hand, ..question });
    }
    case(verdict.trusted, format!("{:?}", verdict.failures))
}

/// `None` stands for any.
fn policies(names: &[String]) -> Result<Option<Vec<Oid>>, String> {
    let mut policies = Vec::new();
    for name in names {
        let lower = name.to_ascii_lowercase();
        if lower == "anypolicy" || name == "2.5.29.32.0" {
            return Ok(None);
        }
        let dotted = match lower.strip_prefix("nist-test-policy-") {
            Some(number) => format!("{TEST_POLICIES}.{number}"),
            None => name.clone(),
        };
        policies.push(Oid::parse(&dotted).ok_or_else(|| format!("policy {name}"))?);
    }
    Ok((!policies.is_empty()).then_some(policies))
}
