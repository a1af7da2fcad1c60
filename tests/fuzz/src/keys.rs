//! Keys in all their formats, and password-based encryption.

use std::hint::black_box;

use certwright_keys::jwk::{is_jwk, parse_jwks, to_thumbprint};
use certwright_keys::openssh::parse_openssh;
use certwright_keys::password_based::{Budget, EncodedPassword, decrypt, parse_algorithm};
use certwright_keys::read::{read_private_key, read_public_key};
use certwright_keys::weak::{shared_primes, weaknesses};
use certwright_keys::{Password, PrivateKey, PublicKey};

use crate::PASSWORD;

/// A private key of whatever format, without and with the password.
pub fn private_key(input: &[u8]) {
    for password in [None, Some(&Password::new(PASSWORD))] {
        if let Ok(key) = read_private_key(input, password) {
            reads_again(&key);
        }
    }
}

fn reads_again(key: &PrivateKey) {
    let again = PrivateKey::from_pkcs8_der_with_public(key.to_pkcs8_der().as_bytes(), key.public_key());
    assert_eq!(again.map(|again| again.public_key().clone()).as_ref(), Ok(key.public_key()));
    black_box((key.algorithm().to_string(), key.cannot_sign(), key.x509_signatures()));
}

/// A public key of whatever format.
pub fn public_key(input: &[u8]) {
    if let Ok(key) = read_public_key(input) {
        assert_eq!(PublicKey::from_spki_der(key.spki_der()).as_ref(), Ok(&key));
        black_box((
            key.algorithm().to_string(),
            to_thumbprint(&key),
            weaknesses(&key),
            shared_primes(&[&key, &key]),
        ));
    }
}

/// OpenSSH's own format, the bytes within its PEM.
pub fn openssh(input: &[u8]) {
    for password in [None, Some(&Password::new(PASSWORD))] {
        if let Ok(key) = parse_openssh(input, password) {
            reads_again(&key);
        }
    }
}

/// A JWK, or a set of them.
pub fn jwk(input: &[u8]) {
    black_box(is_jwk(input));
    black_box(parse_jwks(input).is_ok());
}

/// An algorithm identifier with the parameters of password-based encryption, and 64 bytes that pretend to be encrypted.
pub fn pbes2(input: &[u8]) {
    let password = EncodedPassword::new(&Password::new(PASSWORD));
    if let Ok(algorithm) = parse_algorithm(input) {
        black_box(decrypt(algorithm, &password, &[7; 64], &mut Budget::default()).is_ok());
    }
}
