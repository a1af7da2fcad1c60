//! The files `*.test`: a chain, the circumstances, and the errors that are expected.

use std::collections::BTreeSet;
use std::path::Path;

use certwright_certs::{Certificate, Oid};
use certwright_chain::PolicyInputs;

use super::purpose::KeyPurpose;
use crate::time;

/// 2021-10-05T12:00:00Z, which BoringSSL calls the default.
const DEFAULT_TIME: i64 = 1_633_435_200;

/// Failures: the certificate's place in the path, and BoringSSL's words. How often the same is said does not count.
pub(super) type Failures = BTreeSet<(usize, String)>;

pub(super) struct Vector {
    pub(super) chain: Vec<Certificate>,
    pub(super) trust: String,
    pub(super) at: i64,
    pub(super) purpose: KeyPurpose,
    pub(super) strong_digests: bool,
    pub(super) inputs: PolicyInputs,
    /// The policies that are expected, sorted, where the file names them.
    pub(super) policies: Option<Vec<String>>,
    pub(super) expected: Failures,
}

impl Vector {
    pub(super) fn read(test: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(test).map_err(|error| error.to_string())?;
        let file = test.parent().unwrap_or(test).join(field(&text, "chain").ok_or("no chain")?);
        let pem = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let chain: Result<Vec<Certificate>, _> = certwright_encoding::pem::parse_pem(&pem)
            .blocks
            .iter()
            .filter(|block| block.label == "CERTIFICATE")
            .map(|block| Certificate::from_der(&block.der))
            .collect();
        let chain = chain.map_err(|error| error.to_string())?;
        let at = match field(&text, "utc_time").unwrap_or("DEFAULT") {
            "DEFAULT" => DEFAULT_TIME,
            time => time::from_asn1(time).ok_or_else(|| format!("time {time}"))?,
        };
        let is_set = |name| field(&text, name).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let acceptable = match list(&text, "user_initial_policy_set") {
            None => None,
            Some(policies) => Some(
                policies
                    .iter()
                    .map(|policy| Oid::parse(policy).ok_or_else(|| format!("policy {policy}")))
                    .collect::<Result<Vec<_>, _>>()?,
            ),
        };
        Ok(Self {
            chain,
            trust: field(&text, "last_cert_trust").ok_or("no last_cert_trust")?.to_owned(),
            at,
            purpose: KeyPurpose::read(field(&text, "key_purpose").ok_or("no key_purpose")?)?,
            strong_digests: field(&text, "digest_policy") == Some("STRONG"),
            inputs: PolicyInputs {
                acceptable,
                require_explicit: is_set("initial_explicit_policy"),
                inhibit_mapping: is_set("initial_policy_mapping_inhibit"),
                inhibit_any: is_set("initial_any_policy_inhibit"),
            },
            policies: list(&text, "expected_user_constrained_policy_set"),
            expected: errors(&text)?,
        })
    }
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}

fn list(text: &str, name: &str) -> Option<Vec<String>> {
    let words = field(text, name)?.split(',').map(str::trim).filter(|word| !word.is_empty());
    let mut list: Vec<String> = words.map(str::to_owned).collect();
    list.sort();
    Some(list)
}

fn errors(text: &str) -> Result<Failures, String> {
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
    Ok(expected)
}
