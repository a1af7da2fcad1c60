//! JSON Web Keys as a file (RFC 7517): one, or a set, each private, public or symmetric, with the chain beside it (`x5c`).

use certwright_certs::Certificate;
use certwright_keys::{
    ReadKeyError,
    jwk::{JwkKey, parse_jwks},
};

use crate::{
    contents::{
        Contents, FoundSecretKey, LooseCertificate, LooseKey, OtherItem, OtherKind, UnusableKey, assemble,
    },
    secret_key::SecretKey,
};

/// Reads all keys. The name of a key is its `kid`.
///
/// # Errors
/// `NoKey` and `Malformed` for the file as a whole. A single key that cannot be used is no error, it is named in the result.
pub fn parse_jwk_set(bytes: &[u8]) -> Result<Contents, ReadKeyError> {
    let mut contents = Contents::default();
    let mut keys = Vec::new();
    let mut certificates = Vec::new();
    for found in parse_jwks(bytes)? {
        let alias = found.kid;
        for der in found.certificates {
            match Certificate::from_der(&der) {
                Ok(certificate) => certificates.push(LooseCertificate {
                    alias: alias.clone(),
                    certificate,
                    local_id: None,
                    java_trusted: false,
                }),
                Err(error) => {
                    let what = OtherKind::BrokenCertificate(error);
                    contents.others.push(OtherItem { alias: alias.clone(), what });
                }
            }
        }
        match found.key {
            Ok(JwkKey::Private(key)) => keys.push(LooseKey { alias, key, local_id: None }),
            Ok(JwkKey::Public(key)) => contents.public_keys.push(key),
            Ok(JwkKey::Secret { bytes, algorithm }) => {
                let algorithm = algorithm_of_java(algorithm.as_deref());
                let key = SecretKey { algorithm, bytes };
                contents.secret_keys.push(FoundSecretKey { alias, key, created_ms: None });
            }
            Err(error) => contents.unusable_keys.push(UnusableKey { alias, error }),
        }
    }
    let (key_pairs, _, certificates) = assemble(keys, Vec::new(), certificates);
    contents.key_pairs = key_pairs;
    contents.certificates = certificates;
    Ok(contents)
}

/// Java's name of what RFC 7518 (sections 3.1 and 4.1) calls otherwise.
fn algorithm_of_java(name: Option<&str>) -> String {
    match name {
        Some("HS256") => "HmacSHA256",
        Some("HS384") => "HmacSHA384",
        Some("HS512") => "HmacSHA512",
        // Key wrapping, and direct encryption, are with AES.
        Some(name) if name.starts_with('A') => "AES",
        Some(name) => name,
        None => "AES",
    }
    .to_owned()
}
