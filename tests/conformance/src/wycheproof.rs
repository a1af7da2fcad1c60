//! Wycheproof: signatures (ECDSA, EdDSA, RSA PKCS#1 v1.5 and PSS, ML-DSA), PBES2 and PBKDF2. All JSON files together are a suite; the details
//! tell each.
//!
//! What a group is about is read from the group. Skipped, with the reason: types of groups that are about something else,
//! algorithms, curves, digests and key sizes that are not supported. What the data calls acceptable may go either way.

mod identifiers;

use std::path::Path;

use certwright_keys::password_based::pbes2::{HmacDigest, derive};
use certwright_keys::password_based::pbkdf2_hmac::pbkdf2_hmac;
use certwright_keys::password_based::{Budget, DecryptError, EncodedPassword, decrypt, parse_algorithm};
use certwright_keys::verify::{VerifyError, verify};
use certwright_keys::{PublicKey, ReadKeyError, SecretBytes};
use const_oid::ObjectIdentifier;
use serde_json::Value;

use crate::case::{Answer, Case, Suite, try_all};
use crate::{listed, stem};

/// The longest key that a file may ask for.
const LONGEST_KEY: usize = 64;

pub(crate) fn suite(folder: &Path) -> Option<Suite> {
    let files =
        listed(folder).into_iter().filter(|file| file.extension().is_some_and(|ending| ending == "json"));
    let files: Vec<Suite> = files.map(|file| one_file(&file)).collect();
    if files.is_empty() {
        return None;
    }
    let mut suite = Suite::new("wycheproof", Vec::new());
    for file in files {
        suite.details.push(file.to_string());
        let named = |case: Case| Case { id: format!("{} {}", file.name, case.id), ..case };
        suite.cases.extend(file.cases.into_iter().map(named));
    }
    Some(suite)
}

fn one_file(file: &Path) -> Suite {
    let name = stem(file).trim_end_matches("_test").to_owned();
    let read = || -> Result<Value, String> {
        let text = std::fs::read(file).map_err(|error| error.to_string())?;
        serde_json::from_slice(&text).map_err(|error| error.to_string())
    };
    let vectors = match read() {
        Ok(vectors) => vectors,
        Err(why) => return Suite::unreadable(name, why),
    };
    let algorithm = text(&vectors, "algorithm").unwrap_or_default();
    let groups: Vec<&Value> = array(&vectors, "testGroups").collect();
    let mut cases = Vec::new();
    for group in &groups {
        let tests: Vec<&Value> = array(group, "tests").collect();
        cases.extend(match Method::of(group, algorithm) {
            Ok(method) => try_all(&tests, |test| id(test), |test| try_one(test, &method)),
            Err(why) => tests.iter().map(|test| Case::skipped(id(test), why.as_str())).collect(),
        });
    }
    if cases.is_empty() {
        return Suite::unreadable(name, "there are no tests in it");
    }
    Suite::new(name, cases)
}

fn id(test: &Value) -> String {
    let comment = text(test, "comment").unwrap_or_default();
    format!("{} {comment}", test.get("tcId").unwrap_or(&Value::Null))
}

/// What the tests of a group do.
enum Method {
    /// Check signatures with this key, under this algorithm identifier.
    Verify { key: Result<PublicKey, ReadKeyError>, algorithm: Vec<u8> },
    /// Derive keys with the pseudorandom function of this identifier.
    Derive { prf: &'static str },
    /// Decrypt with a key that is derived so, and this cipher.
    Decrypt { prf: &'static str, cipher: &'static str },
}

impl Method {
    fn of(group: &Value, algorithm: &str) -> Result<Self, String> {
        let kind = text(group, "type").unwrap_or_default();
        let digest = || text(group, "sha").ok_or("no digest");
        let identifier = match kind {
            "EcdsaVerify" => identifiers::ecdsa(digest()?),
            "EddsaVerify" => identifiers::eddsa(group.get("publicKey").and_then(|key| text(key, "curve"))),
            "RsassaPkcs1Verify" => identifiers::rsa_pkcs1(digest()?),
            "RsassaPssVerify" => {
                let salt = group.get("sLen").and_then(Value::as_u64).ok_or("no salt length")?;
                if text(group, "mgf") != Some("MGF1") || text(group, "mgfSha") != text(group, "sha") {
                    return Err("a mask with another digest".to_owned());
                }
                identifiers::rsa_pss(digest()?, salt)
            }
            "MlDsaVerify" => identifiers::ml_dsa(algorithm),
            "PbkdfTest" => {
                let prf = algorithm.strip_prefix("PBKDF2-HMAC").and_then(identifiers::prf);
                return prf.map(|prf| Self::Derive { prf }).ok_or_else(|| algorithm.to_owned());
            }
            "PbeTest" => {
                let parts = algorithm.strip_prefix("PbeWithHmac").and_then(|name| name.split_once("And"));
                let parts = parts.and_then(|(digest, cipher)| {
                    Some(Self::Decrypt {
                        prf: identifiers::prf(digest)?,
                        cipher: identifiers::cipher(cipher)?,
                    })
                });
                return parts.ok_or_else(|| algorithm.to_owned());
            }
            other => return Err(format!("{algorithm} {other}")),
        };
        let algorithm =
            identifier.ok_or_else(|| format!("{algorithm} {}", text(group, "sha").unwrap_or_default()))?;
        let spki = match hex(group, "publicKeyDer").or_else(|| hex(group, "keyDer")) {
            Some(spki) => spki,
            // Those of ML-DSA are bare.
            None => identifiers::public_key(&algorithm, &hex(group, "publicKey").ok_or("no public key")?),
        };
        match PublicKey::from_spki_der(&spki) {
            Err(ReadKeyError::UnsupportedAlgorithm { oid }) => Err(format!("key of algorithm {oid}")),
            key => Ok(Self::Verify { key, algorithm }),
        }
    }
}

fn try_one(test: &Value, method: &Method) -> Case {
    let expected = match text(test, "result") {
        Some("valid") => Some(true),
        Some("invalid") => Some(false),
        Some("acceptable") => None,
        other => return Case::skipped(id(test), format!("result {other:?}")),
    };
    let outcome = match method {
        Method::Verify { key, algorithm } => try_signature(test, key, algorithm),
        Method::Derive { prf } => try_derivation(test, prf),
        Method::Decrypt { prf, cipher } => try_decryption(test, prf, cipher),
    };
    match outcome {
        Outcome::Accepted => Case::new(id(test), Answer::new(expected.unwrap_or(true), true), "accepted"),
        Outcome::Refused(why) => Case::new(id(test), Answer::new(expected.unwrap_or(false), false), why),
        Outcome::Unsupported(why) => Case::skipped(id(test), why),
    }
}

enum Outcome {
    Accepted,
    Refused(String),
    Unsupported(String),
}

fn try_signature(test: &Value, key: &Result<PublicKey, ReadKeyError>, algorithm: &[u8]) -> Outcome {
    let key = match key {
        Ok(key) => key,
        Err(error) => return Outcome::Refused(error.to_string()),
    };
    if test.get("ctx").and_then(Value::as_str).is_some_and(|context| !context.is_empty()) {
        return Outcome::Unsupported("X.509 gives signatures no context".to_owned());
    }
    let Ok(algorithm) = parse_algorithm(algorithm) else {
        return Outcome::Unsupported("no identifier".to_owned());
    };
    let (Some(message), Some(signature)) = (hex(test, "msg"), hex(test, "sig")) else {
        return Outcome::Unsupported("no message or signature".to_owned());
    };
    match verify(key, algorithm, &message, &signature) {
        Ok(()) => Outcome::Accepted,
        Err(
            error @ (VerifyError::UnsupportedAlgorithm { .. }
            | VerifyError::WeakAlgorithm { .. }
            | VerifyError::WeakKey { .. }),
        ) => Outcome::Unsupported(error.to_string()),
        Err(error) => Outcome::Refused(error.to_string()),
    }
}

fn try_derivation(test: &Value, prf: &str) -> Outcome {
    let Some((identifier, password)) = derivation(test, prf) else {
        return Outcome::Unsupported("no salt, iterations or password".to_owned());
    };
    let length = test.get("dkLen").and_then(Value::as_u64).and_then(|length| usize::try_from(length).ok());
    let Some(length) = length else { return Outcome::Unsupported("no length".to_owned()) };
    let Ok(identifier) = parse_algorithm(&identifier) else {
        return Outcome::Unsupported("no identifier".to_owned());
    };
    let key = if length > LONGEST_KEY {
        derive_long(test, prf, &password, length)
    } else {
        derive(identifier, &password, Some(length), &mut Budget::default()).map(|key| key.to_vec())
    };
    match key {
        Ok(key) if Some(&key) == hex(test, "dk").as_ref() => Outcome::Accepted,
        Ok(_) => Outcome::Refused("another key".to_owned()),
        Err(error) => refused(error),
    }
}

/// No file may ask for a key that is longer than any key; the function below has no such bound.
fn derive_long(test: &Value, prf: &str, password: &[u8], length: usize) -> Result<Vec<u8>, DecryptError> {
    let digest = ObjectIdentifier::new(prf).ok().and_then(HmacDigest::from_oid);
    let digest = digest.ok_or(DecryptError::UnsupportedAlgorithm { oid: prf.to_owned() })?;
    let iterations = test.get("iterationCount").and_then(Value::as_u64).unwrap_or_default();
    Budget::default().spend(iterations)?;
    let iterations = u32::try_from(iterations).map_err(|_| DecryptError::TooExpensive { iterations })?;
    let salt = hex(test, "salt").ok_or(DecryptError::Malformed)?;
    let mut key = vec![0; length];
    pbkdf2_hmac(digest, password, &salt, iterations, &mut key);
    Ok(key)
}

fn try_decryption(test: &Value, prf: &str, cipher: &str) -> Outcome {
    let (Some((derivation, password)), Some(iv), Some(ciphertext)) =
        (derivation(test, prf), hex(test, "iv"), hex(test, "ct"))
    else {
        return Outcome::Unsupported("no salt, iterations, password, vector or ciphertext".to_owned());
    };
    let identifier = identifiers::pbes2(&derivation, cipher, &iv);
    let Ok(identifier) = parse_algorithm(&identifier) else {
        return Outcome::Unsupported("no identifier".to_owned());
    };
    let password = EncodedPassword { utf8: SecretBytes::new(password), bmp: SecretBytes::default() };
    match decrypt(identifier, &password, &ciphertext, &mut Budget::default()) {
        Ok(plain) if Some(plain.as_bytes()) == hex(test, "msg").as_deref() => Outcome::Accepted,
        Ok(_) => Outcome::Refused("another text".to_owned()),
        Err(error) => refused(error),
    }
}

/// The identifier of PBKDF2 with the test's salt and iterations, and the password.
fn derivation(test: &Value, prf: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let iterations = test.get("iterationCount")?.as_u64()?;
    Some((identifiers::pbkdf2(&hex(test, "salt")?, iterations, prf), hex(test, "password")?))
}

fn refused(error: DecryptError) -> Outcome {
    match error {
        DecryptError::UnsupportedAlgorithm { .. } | DecryptError::TooExpensive { .. } => {
            Outcome::Unsupported(error.to_string())
        }
        error => Outcome::Refused(error.to_string()),
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

fn array<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn hex(value: &Value, name: &str) -> Option<Vec<u8>> {
    let text = text(value, name)?;
    if text.len() % 2 != 0 {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}
