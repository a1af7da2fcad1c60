//! The private keys of ML-DSA in the forms of RFC 9881.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_keys::{
    KeyAlgorithm, KeySpec, PrivateKey, ReadKeyError, X509Signature, generate::generate_key, verify::verify,
};
use der::{Decode as _, Encode as _, asn1::OctetStringRef, referenced::OwnedToRef as _};
use ml_dsa::{ExpandedSigningKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams};
use pkcs8::PrivateKeyInfoRef;
use support::rng;

/// The seed of the examples in RFC 9881, appendix C.
fn seed() -> [u8; 32] {
    core::array::from_fn(|at| u8::try_from(at).unwrap())
}

/// A `PrivateKeyInfo` around other octets.
fn with_private(like: &[u8], private: &[u8]) -> Vec<u8> {
    let info = PrivateKeyInfoRef::from_der(like).unwrap();
    PrivateKeyInfoRef::new(info.algorithm, OctetStringRef::new(private).unwrap()).to_der().unwrap()
}

#[allow(deprecated, reason = "the form that is tested here")]
fn expanded<P: MlDsaParams>(seed: &[u8; 32]) -> Vec<u8> {
    ExpandedSigningKey::<P>::from_seed(&(*seed).into()).to_expanded().to_vec()
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82], length.as_slice(), content].concat()
}

#[test]
fn the_three_forms() {
    for (spec, kind, expanded) in [
        (KeySpec::MlDsa44, X509Signature::MlDsa44, expanded::<MlDsa44>(&seed())),
        (KeySpec::MlDsa65, X509Signature::MlDsa65, expanded::<MlDsa65>(&seed())),
        (KeySpec::MlDsa87, X509Signature::MlDsa87, expanded::<MlDsa87>(&seed())),
    ] {
        let like = generate_key(spec, &mut rng()).to_pkcs8_der();
        let seed_form = [&[0x80, 32], seed().as_slice()].concat();
        let expanded_form = element(4, &expanded);
        let both = element(0x30, &[&[4, 32], seed().as_slice(), &element(4, &expanded)].concat());
        let by_seed = PrivateKey::from_pkcs8_der(&with_private(like.as_bytes(), &seed_form)).unwrap();
        for form in [&seed_form, &expanded_form, &both] {
            let der = with_private(like.as_bytes(), form);
            let key = PrivateKey::from_pkcs8_der(&der).unwrap();
            assert_eq!(key.algorithm(), spec.algorithm());
            assert_eq!(key.public_key(), by_seed.public_key());
            // Written back as it was read.
            assert_eq!(key.to_pkcs8_der().as_bytes(), der);
            let signature = key.sign_x509(kind, b"message", &mut rng()).unwrap();
            let algorithm = kind.algorithm_identifier();
            verify(by_seed.public_key(), algorithm.owned_to_ref(), b"message", &signature).unwrap();
        }
        let error =
            |private: &[u8]| PrivateKey::from_pkcs8_der(&with_private(like.as_bytes(), private)).unwrap_err();
        // Another seed beside the expanded key.
        let mut other = both.clone();
        other[4 + 2] ^= 1;
        assert_eq!(error(&other), ReadKeyError::Mismatch);
        // Seeds of another length, and an expanded key of one.
        assert_eq!(error(&seed_form[..33]), ReadKeyError::InvalidKey);
        assert_eq!(error(&element(4, &expanded[1..])), ReadKeyError::InvalidKey);
        // Numbers that do not fit: a coefficient of s1 out of range, a hash of another public key, a t0 of large numbers.
        let mut large = expanded.clone();
        large[128] = 0xff;
        assert_eq!(error(&element(4, &large)), ReadKeyError::InvalidKey);
        let mut other = expanded.clone();
        other[64] ^= 1;
        assert_eq!(error(&element(4, &other)), ReadKeyError::InvalidKey);
        let mut large = expanded.clone();
        let length = large.len();
        large[length - 1600..].fill(0);
        assert_eq!(error(&element(4, &large)), ReadKeyError::InvalidKey);
    }
}

#[test]
fn a_seed_is_what_is_generated() {
    let key = generate_key(KeySpec::MlDsa65, &mut rng());
    let pkcs8 = key.to_pkcs8_der();
    // RFC 9881, section 6: version, { id-ml-dsa-65 }, octets of 34 bytes with the seed as [0].
    let header = [
        0x30, 0x34, 2, 1, 0, 0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 0x12, 4, 0x22, 0x80, 0x20,
    ];
    assert_eq!(pkcs8.as_bytes()[..22], header);
    assert_eq!(pkcs8.len(), 54);
    assert_eq!(key.public_key().algorithm(), KeyAlgorithm::MlDsa65);
    assert_eq!(key.public_key().key_bits().len(), 1952);
}
