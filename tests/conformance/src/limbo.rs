//! Path validation: x509-limbo, and BetterTLS in its format. Every JSON file with cases is a suite.
//!
//! The namespace of a case names its rules, as three pairs of cases demand the opposite of each other (`conflicts_with`): `rfc5280::` is judged for
//! [`Profile::Rfc5280`], everything else for [`Profile::TlsServer`] or, if it is about a client, [`Profile::TlsClient`]; no case is left out. Revocation lists count where they are about a
//! certificate of the path. Of the names that a client is expected to have each has to be there.

use std::path::Path;
use std::time::SystemTime;

use certwright_certs::extensions::KeyUsage;
use certwright_certs::{Certificate, Crl, Oid, oid};
use certwright_chain::{
    Anchor, Budget, Evidence, Host, Profile, Purpose, Question, RevocationMode, Verdict, judge,
};
use const_oid::ObjectIdentifier;
use serde::Deserialize;

use crate::case::{Answer, Case, Suite, try_all};
use crate::{listed, stem, time};

#[derive(Deserialize)]
struct Limbo {
    testcases: Vec<Vector>,
}

/// A case.
#[derive(Clone, Debug, Deserialize)]
pub struct Vector {
    /// Its name.
    pub id: String,
    #[serde(default)]
    validation_kind: String,
    /// PEM.
    pub trusted_certs: Vec<String>,
    /// PEM.
    #[serde(default)]
    pub untrusted_intermediates: Vec<String>,
    /// PEM.
    pub peer_certificate: String,
    #[serde(default)]
    validation_time: Option<String>,
    expected_result: String,
    #[serde(default)]
    expected_peer_name: Option<PeerName>,
    #[serde(default)]
    expected_peer_names: Vec<PeerName>,
    #[serde(default)]
    signature_algorithms: Vec<String>,
    #[serde(default)]
    key_usage: Vec<String>,
    #[serde(default)]
    extended_key_usage: Vec<String>,
    #[serde(default)]
    max_chain_depth: Option<u32>,
    /// PEM.
    #[serde(default)]
    pub crls: Vec<String>,
}

/// A name that the peer is expected to have.
#[derive(Clone, Debug, Deserialize)]
pub struct PeerName {
    /// `DNS`, `IP` or `RFC822`.
    pub kind: String,
    /// The name.
    pub value: String,
}

impl Vector {
    /// Whether the case is about a client's certificate.
    pub fn is_client(&self) -> bool {
        self.validation_kind == "CLIENT"
    }

    /// The time of the case, now if it names none.
    ///
    /// # Errors
    /// If the time cannot be read.
    pub fn at(&self) -> Result<i64, String> {
        match &self.validation_time {
            Some(text) => time::from_rfc3339(text).ok_or_else(|| format!("no time: {text}")),
            None => Ok(now()),
        }
    }

    /// All names that the peer is expected to have.
    pub fn names(&self) -> impl Iterator<Item = &PeerName> {
        self.expected_peer_name.iter().chain(&self.expected_peer_names)
    }
}

/// All cases of the files of `folder`, with the name of the suite.
pub fn vectors(folder: &Path) -> Vec<(String, Result<Vec<Vector>, String>)> {
    let mut suites = Vec::new();
    for file in listed(folder) {
        let Ok(json) = std::fs::read(&file) else { continue };
        let name = format!("limbo {}", stem(&file));
        match serde_json::from_slice::<Limbo>(&json) {
            Ok(limbo) => suites.push((name, Ok(limbo.testcases))),
            Err(error) => {
                // The schema lies beside the cases.
                let value = serde_json::from_slice::<serde_json::Value>(&json);
                if value.is_ok_and(|value| value.get("testcases").is_none()) {
                    continue;
                }
                suites.push((name, Err(error.to_string())));
            }
        }
    }
    suites
}

pub(crate) fn suites(folder: &Path) -> Vec<Suite> {
    let suites = vectors(folder).into_iter();
    suites
        .map(|(name, vectors)| match vectors {
            Ok(vectors) => Suite::new(name, try_all(&vectors, |vector| vector.id.clone(), try_one)),
            Err(error) => Suite::unreadable(name, error),
        })
        .collect()
}

fn try_one(vector: &Vector) -> Case {
    match verdict(vector) {
        Ok((trusted, why)) => {
            Case::new(&vector.id, Answer::new(vector.expected_result == "SUCCESS", trusted), why)
        }
        Err(why) => Case::skipped(&vector.id, why),
    }
}

/// Whether the case is accepted, and why not.
///
/// # Errors
/// What keeps the case from being tried.
pub fn verdict(vector: &Vector) -> Result<(bool, String), String> {
    let names: Vec<Option<&PeerName>> = match vector.names().map(Some).collect::<Vec<_>>() {
        names if names.is_empty() => vec![None],
        names => names,
    };
    let usages = match vector.extended_key_usage.as_slice() {
        [] if vector.is_client() => vec!["clientAuth".to_owned()],
        [] => vec!["serverAuth".to_owned()],
        usages => usages.to_vec(),
    };
    // The peer has to have every name, for every usage.
    for name in &names {
        for usage in &usages {
            let Some(verdict) = ask(vector, *name, purpose(usage)?)? else {
                return Ok((false, "the certificate cannot be read".to_owned()));
            };
            if !verdict.trusted {
                return Ok((false, format!("{:?}", verdict.failures)));
            }
            if let Some(algorithm) = foreign_algorithm(&verdict, &vector.signature_algorithms) {
                return Ok((false, format!("{algorithm} is not among the algorithms of the case")));
            }
        }
    }
    Ok((true, "trusted".to_owned()))
}

/// `Ok(None)` if the certificate cannot be read, which refuses it.
fn ask(vector: &Vector, name: Option<&PeerName>, purpose: Purpose) -> Result<Option<Verdict>, String> {
    let (mut host, mut mailbox) = (None, None);
    if let Some(name) = name {
        match name.kind.as_str() {
            "DNS" => host = Some(Host::Dns(name.value.clone())),
            "IP" => {
                let address = name.value.parse().map_err(|_| format!("no address: {}", name.value))?;
                host = Some(Host::Ip(address));
            }
            "RFC822" => mailbox = Some(name.value.clone()),
            other => return Err(format!("a name of the kind {other}")),
        }
    }
    let key_usage = KeyUsage::from_names(vector.key_usage.iter().map(String::as_str))
        .ok_or_else(|| format!("key usages {:?}", vector.key_usage))?;
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
    let crls: Vec<Crl> = vector.crls.iter().filter_map(|pem| Crl::from_der(&der(pem)?).ok()).collect();
    Ok(Some(judge(&Question {
        host,
        mailbox,
        purpose,
        key_usage,
        budget,
        profile: profile(vector),
        revocation: Evidence { crls: &crls, ocsp: &[], mode: RevocationMode::IfKnown },
        ..Question::new(&certificates, &anchors, vector.at()?)
    })))
}

/// By which rules a case is to be judged.
fn profile(vector: &Vector) -> Profile {
    if vector.id.starts_with("rfc5280::") {
        Profile::Rfc5280
    } else if vector.is_client() {
        Profile::TlsClient
    } else {
        Profile::TlsServer
    }
}

fn der(pem: &String) -> Option<Vec<u8>> {
    let blocks = certwright_encoding::pem::parse_pem(pem.as_bytes()).blocks;
    Some(blocks.first()?.der.clone())
}

fn read(pem: &String) -> Option<Certificate> {
    Certificate::from_der(&der(pem)?).ok()
}

fn purpose(usage: &str) -> Result<Purpose, String> {
    Ok(match usage {
        "serverAuth" => Purpose::ServerAuth,
        "clientAuth" => Purpose::ClientAuth,
        "emailProtection" => Purpose::EmailProtection,
        "anyExtendedKeyUsage" => Purpose::Any,
        "codeSigning" => Purpose::Other(oid::CODE_SIGNING),
        "timeStamping" => Purpose::Other(oid::TIME_STAMPING),
        "OCSPSigning" => Purpose::Other(oid::OCSP_SIGNING),
        other => Purpose::Other(ObjectIdentifier::new(other).map_err(|_| format!("usage {other}"))?),
    })
}

/// An algorithm of the path that is not among those that the case accepts; none if it accepts any.
fn foreign_algorithm(verdict: &Verdict, accepted: &[String]) -> Option<String> {
    if accepted.is_empty() {
        return None;
    }
    let signed = verdict.links().iter().rev().skip(1);
    let algorithms = signed.map(|link| &link.certificate.signature_algorithm().oid);
    let is_accepted = |found: &Oid| {
        let name = limbo_name(&found.to_string());
        name.is_some_and(|name| accepted.iter().any(|other| other == name))
    };
    algorithms.filter(|found| !is_accepted(found)).map(Oid::name_or_dotted).next()
}

/// What the data calls a signature algorithm.
fn limbo_name(oid: &str) -> Option<&'static str> {
    Some(match oid {
        "1.2.840.113549.1.1.11" => "RSA_WITH_SHA256",
        "1.2.840.113549.1.1.12" => "RSA_WITH_SHA384",
        "1.2.840.113549.1.1.13" => "RSA_WITH_SHA512",
        "1.2.840.113549.1.1.10" => "RSASSA_PSS",
        "1.2.840.10045.4.3.2" => "ECDSA_WITH_SHA256",
        "1.2.840.10045.4.3.3" => "ECDSA_WITH_SHA384",
        "1.2.840.10045.4.3.4" => "ECDSA_WITH_SHA512",
        "1.3.101.112" => "ED25519",
        "1.3.101.113" => "ED448",
        _ => return None,
    })
}

/// The time of cases that name none.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or_default()
}
