//! Path validation: x509-limbo, and BetterTLS in its format. Every JSON file with cases is a suite.
//!
//! The program judges for [`Profile::Private`]; the second line of each file is for [`Profile::TlsServer`], which holds issuers to all their
//! duties. Skipped: cases that turn on a revocation list.

use std::path::Path;
use std::time::SystemTime;

use certwright_certs::Certificate;
use certwright_chain::{Anchor, Budget, Host, Profile, Purpose, Question, Verdict, judge};
use serde::Deserialize;

use crate::case::{Answer, Case, Suite, try_all};
use crate::{listed, stem, time};

#[derive(Deserialize)]
struct Limbo {
    testcases: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    validation_kind: String,
    trusted_certs: Vec<String>,
    #[serde(default)]
    untrusted_intermediates: Vec<String>,
    peer_certificate: String,
    #[serde(default)]
    validation_time: Option<String>,
    expected_result: String,
    #[serde(default)]
    expected_peer_name: Option<PeerName>,
    #[serde(default)]
    extended_key_usage: Vec<String>,
    #[serde(default)]
    max_chain_depth: Option<u32>,
}

#[derive(Deserialize)]
struct PeerName {
    kind: String,
    value: String,
}

pub(crate) fn suites(folder: &Path) -> Vec<Suite> {
    let mut suites = Vec::new();
    for file in listed(folder) {
        let name = format!("limbo {}", stem(&file));
        let Ok(json) = std::fs::read(&file) else { continue };
        if serde_json::from_slice::<serde_json::Value>(&json)
            .is_ok_and(|value| value.get("testcases").is_none())
        {
            // The schema lies beside the cases.
            continue;
        }
        match serde_json::from_slice::<Limbo>(&json) {
            Ok(Limbo { testcases }) => {
                for (profile, name) in
                    [(Profile::Private, name.clone()), (Profile::TlsServer, format!("{name}, strict"))]
                {
                    let cases =
                        try_all(&testcases, |vector| vector.id.clone(), |vector| try_one(vector, profile));
                    suites.push(Suite { name, cases });
                }
            }
            Err(error) => suites.push(Suite::unreadable(name, error)),
        }
    }
    suites
}

fn try_one(vector: &Vector, profile: Profile) -> Case {
    if vector.features.iter().any(|feature| feature == "has-crl") {
        return Case::skipped(&vector.id, "revocation lists are not looked at");
    }
    let verdict = match ask(vector, profile) {
        Ok(verdict) => verdict,
        Err(why) => return Case::skipped(&vector.id, why),
    };
    let trusted = verdict.as_ref().is_some_and(|verdict| verdict.trusted);
    let why = match &verdict {
        None => "the certificate cannot be read".to_owned(),
        Some(verdict) if trusted => {
            format!("trusted, noted {:?}", verdict.best().map(|path| path.remarks().collect::<Vec<_>>()))
        }
        Some(verdict) => format!("{:?}", verdict.failures),
    };
    Case { id: vector.id.clone(), answer: Answer::new(vector.expected_result == "SUCCESS", trusted), why }
}

/// `Ok(None)` if the certificate cannot be read, which refuses it.
fn ask(vector: &Vector, profile: Profile) -> Result<Option<Verdict>, String> {
    let read = |pem: &String| {
        let blocks = certwright_encoding::pem::parse_pem(pem.as_bytes()).blocks;
        Certificate::from_der(&blocks.first()?.der).ok()
    };
    let at = match &vector.validation_time {
        Some(text) => time::from_rfc3339(text).ok_or_else(|| format!("no time: {text}"))?,
        None => now(),
    };
    let host = match &vector.expected_peer_name {
        Some(name) if name.kind == "DNS" => Some(Host::Dns(name.value.clone())),
        Some(name) if name.kind == "IP" => {
            Some(Host::Ip(name.value.parse().map_err(|_| format!("no address: {}", name.value))?))
        }
        _ => None,
    };
    let purpose =
        match (vector.validation_kind.as_str(), vector.extended_key_usage.first().map(String::as_str)) {
            (_, Some("clientAuth")) | ("CLIENT", None) => Purpose::ClientAuth,
            _ => Purpose::ServerAuth,
        };
    let mut budget = Budget::default();
    if let Some(depth) = vector.max_chain_depth {
        budget.intermediates = depth;
    }
    let anchors: Vec<Anchor> = vector
        .trusted_certs
        .iter()
        .filter_map(read)
        .map(|certificate| Anchor { label: certificate.display_name(), certificate })
        .collect();
    let Some(leaf) = read(&vector.peer_certificate) else { return Ok(None) };
    let certificates: Vec<Certificate> =
        std::iter::once(leaf).chain(vector.untrusted_intermediates.iter().filter_map(read)).collect();
    let question = Question { host, purpose, budget, profile, ..Question::new(&certificates, &anchors, at) };
    Ok(Some(judge(&question)))
}

/// The time of cases that name none.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or_default()
}
