//! Signature checks and password-based encryption against the vectors of Wycheproof, from the shared conformance data.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that cannot run has to fail"
)]

use std::path::PathBuf;

use certwright_keys::{
    PublicKey, SecretBytes, SignatureScheme,
    password_based::{self, Budget, EncodedPassword, parse_algorithm, pbes2},
    verify::verify,
};
use der::referenced::OwnedToRef as _;
use serde_json::Value;

/// The test groups of a file; `None` where the data is absent.
fn groups(name: &str) -> Option<Vec<Value>> {
    let given = std::env::var_os("CERTWRIGHT_CONFORMANCE").map(PathBuf::from);
    let root = given
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"));
    if !root.is_dir() {
        eprintln!("skipped: there is no conformance data at {}", root.display());
        return None;
    }
    let text = std::fs::read(root.join("wycheproof").join(name)).unwrap();
    let file: Value = serde_json::from_slice(&text).unwrap();
    Some(file["testGroups"].as_array().unwrap().clone())
}

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn signatures() {
    use SignatureScheme as S;
    for (name, scheme) in [
        ("ecdsa_secp256r1_sha256_test.json", S::EcdsaSecp256r1Sha256),
        ("ecdsa_secp384r1_sha384_test.json", S::EcdsaSecp384r1Sha384),
        ("ecdsa_secp521r1_sha512_test.json", S::EcdsaSecp521r1Sha512),
        ("ed25519_test.json", S::Ed25519),
        ("rsa_pss_2048_sha256_mgf1_32_test.json", S::RsaPssRsaeSha256),
        ("rsa_signature_2048_sha256_test.json", S::RsaPkcs1Sha256),
        ("rsa_signature_3072_sha512_test.json", S::RsaPkcs1Sha512),
    ] {
        let Some(groups) = groups(name) else { return };
        let algorithm = scheme.algorithm_identifier();
        for group in groups {
            let key = PublicKey::from_spki_der(&hex(&group["publicKeyDer"])).unwrap();
            for test in group["tests"].as_array().unwrap() {
                let result = verify(&key, algorithm.owned_to_ref(), &hex(&test["msg"]), &hex(&test["sig"]));
                // The one "acceptable" case is a DigestInfo without NULL, which RFC 8017 forbids to accept.
                let valid = test["result"] == "valid";
                assert_eq!(result.is_ok(), valid, "{name} {}: {} {result:?}", test["tcId"], test["comment"]);
            }
        }
    }
}

/// A DER element of less than 256 bytes.
fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut element = vec![tag];
    if content.len() > 127 {
        element.push(0x81);
    }
    element.push(u8::try_from(content.len()).unwrap());
    element.extend(content);
    element
}

fn integer(number: u64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(7);
    let zero: &[u8] = if bytes[start] & 0x80 != 0 { &[0] } else { &[] };
    element(2, &[zero, &bytes[start..]])
}

fn pbkdf2_identifier(test: &Value) -> Vec<u8> {
    let oid = element(6, &[pbes2::PBKDF2.as_bytes()]);
    let prf = element(0x30, &[&[6, 8, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9], &[5, 0]]);
    let salt = element(4, &[&hex(&test["salt"])]);
    let iterations = integer(test["iterationCount"].as_u64().unwrap());
    element(0x30, &[&oid, &element(0x30, &[&salt, &iterations, &prf])])
}

#[test]
fn pbkdf2() {
    let Some(groups) = groups("pbkdf2_hmacsha256_test.json") else { return };
    let mut tried = 0;
    for test in groups.iter().flat_map(|group| group["tests"].as_array().unwrap()) {
        let length = usize::try_from(test["dkLen"].as_u64().unwrap()).unwrap();
        // Nothing here derives more than the longest key.
        if length > 64 {
            continue;
        }
        let identifier = pbkdf2_identifier(test);
        let identifier = parse_algorithm(&identifier).unwrap();
        let key = pbes2::derive(identifier, &hex(&test["password"]), Some(length), &mut Budget::default());
        assert_eq!(key.unwrap().as_slice(), hex(&test["dk"]), "{}", test["tcId"]);
        tried += 1;
    }
    assert!(tried > 40);
}

#[test]
fn pbes2_with_aes_256() {
    let Some(groups) = groups("pbes2_hmacsha256_aes_256_test.json") else { return };
    for test in groups.iter().flat_map(|group| group["tests"].as_array().unwrap()) {
        let aes = element(6, &[&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2a]]);
        let cipher = element(0x30, &[&aes, &element(4, &[&hex(&test["iv"])])]);
        let parameters = element(0x30, &[&pbkdf2_identifier(test), &cipher]);
        let identifier = element(0x30, &[&element(6, &[pbes2::PBES2.as_bytes()]), &parameters]);
        let password =
            EncodedPassword { utf8: SecretBytes::new(hex(&test["password"])), bmp: SecretBytes::default() };
        let algorithm = parse_algorithm(&identifier).unwrap();
        let plain =
            password_based::decrypt(algorithm, &password, &hex(&test["ct"]), &mut Budget::default()).unwrap();
        assert_eq!(plain.as_bytes(), hex(&test["msg"]), "{}", test["tcId"]);
    }
}
