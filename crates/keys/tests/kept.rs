//! Keys that are kept and never used, and what is said of them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_keys::{
    CannotSign, KeyAlgorithm, KeyFormat, Password, PrivateKey, PublicKey, ReadKeyError, SignatureScheme,
    X509Signature, read::read_private_key, sign::SignError, write::generate_key_file,
};
use support::{Bench, rng};

fn public(bench: &Bench) -> PublicKey {
    PublicKey::from_spki_der(&bench.openssl("pkey -in key.pem -pubout -outform DER")).unwrap()
}

fn assert_kept(key: &PrivateKey, oid: &str) {
    let why = CannotSign::UnsupportedAlgorithm { oid: oid.to_owned() };
    assert_eq!(key.cannot_sign(), Some(why.clone()));
    assert!(key.x509_signatures().is_empty());
    assert!(key.schemes_tls12().is_empty() && key.schemes_tls13().is_empty());
    let refused = Err(SignError::CannotSign(why));
    assert_eq!(key.sign_x509(X509Signature::EcdsaSha256, b"message", &mut rng()), refused);
    assert_eq!(key.sign(SignatureScheme::Ed25519, b"message", &mut rng()), refused);
}

#[test]
fn other_curves() {
    for (curve, oid, name) in [
        ("secp256k1", "1.3.132.0.10", "EC secp256k1"),
        ("brainpoolP256r1", "1.3.36.3.3.2.8.1.1.7", "EC brainpoolP256r1"),
        ("brainpoolP512r1", "1.3.36.3.3.2.8.1.1.13", "EC brainpoolP512r1"),
        ("secp224r1", "1.3.132.0.33", "EC P-224"),
        ("prime192v1", "1.2.840.10045.3.1.1", "EC P-192"),
        ("sect283k1", "1.3.132.0.16", "EC K-283"),
        ("SM2", "1.2.156.10197.1.301", "EC SM2"),
    ] {
        let bench = Bench::new();
        bench.openssl(&format!("ecparam -name {curve} -genkey -noout -out key.pem"));
        let key = read_private_key(&bench.read("key.pem"), None).unwrap();
        assert_eq!(key.public_key(), &public(&bench));
        assert_eq!(key.algorithm().to_string(), name);
        assert_kept(&key, oid);
        // As PKCS#8 the bytes are those of openssl, and stay so.
        let pkcs8 = bench.openssl("pkcs8 -topk8 -nocrypt -in key.pem -outform DER");
        let again = read_private_key(&pkcs8, None).unwrap();
        assert_eq!(again.to_pkcs8_der().as_bytes(), pkcs8);
        let traditional = generate_key_file(&key, KeyFormat::TraditionalPem, None, &mut rng()).unwrap();
        bench.write("ours.pem", traditional.as_bytes());
        assert_eq!(bench.openssl("pkey -in ours.pem -pubout -outform DER"), key.public_key().spki_der());
        // Without its public half it is read with the one of the certificate beside it.
        let bare = bench.openssl("ec -in key.pem -no_public -outform DER");
        assert_eq!(
            read_private_key(&bare, None).unwrap_err(),
            ReadKeyError::PublicKeyUnknown { oid: oid.to_owned() }
        );
        bench.openssl("ec -in key.pem -no_public -out bare.pem");
        let bare = bench.openssl("pkcs8 -topk8 -nocrypt -in bare.pem -outform DER");
        if PrivateKey::from_pkcs8_der(&bare).is_err() {
            let again = PrivateKey::from_pkcs8_der_with_public(&bare, key.public_key()).unwrap();
            assert_eq!(again.public_key(), key.public_key());
            assert_eq!(again.to_pkcs8_der().as_bytes(), bare);
        }
    }
}

#[test]
fn dsa() {
    for (bits, q) in [(1024, 160), (2048, 256), (3072, 256)] {
        let bench = Bench::new();
        bench.openssl(&format!(
            "genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:{bits} -pkeyopt dsa_paramgen_q_bits:{q} -out parameters.pem"
        ));
        bench.openssl("genpkey -paramfile parameters.pem -out key.pem");
        let key = read_private_key(&bench.read("key.pem"), None).unwrap();
        assert_eq!(key.algorithm(), KeyAlgorithm::Dsa { bits });
        assert_eq!(key.algorithm().to_string(), format!("DSA {bits}"));
        assert_eq!(key.public_key(), &public(&bench));
        assert_kept(&key, "1.2.840.10040.4.1");
        // The form before PKCS#8, plain and encrypted, in both directions.
        let traditional = bench.openssl("pkey -in key.pem -traditional");
        assert_eq!(read_private_key(&traditional, None).unwrap().to_pkcs8_der(), key.to_pkcs8_der());
        let der = bench.openssl("pkey -in key.pem -traditional -outform DER");
        assert_eq!(read_private_key(&der, None).unwrap().to_pkcs8_der(), key.to_pkcs8_der());
        let password = Password::new("secret");
        let encrypted = bench.openssl("dsa -in key.pem -aes256 -passout pass:secret");
        let again = read_private_key(&encrypted, Some(&password)).unwrap();
        assert_eq!(again.to_pkcs8_der(), key.to_pkcs8_der());
        let ours = generate_key_file(&key, KeyFormat::TraditionalPem, None, &mut rng()).unwrap();
        assert_eq!(ours.as_bytes(), traditional);
    }
}

#[test]
fn montgomery_and_edwards_curves() {
    for (name, oid) in [("X25519", "1.3.101.110"), ("ED448", "1.3.101.113")] {
        for _ in 0..8 {
            let bench = Bench::new();
            bench.openssl(&format!("genpkey -algorithm {name} -out key.pem"));
            let key = read_private_key(&bench.read("key.pem"), None).unwrap();
            assert_eq!(key.public_key(), &public(&bench));
            assert_eq!(key.algorithm().to_string().to_uppercase(), name);
            assert_eq!(key.to_pkcs8_der().as_bytes(), bench.openssl("pkey -in key.pem -outform DER"));
            assert_kept(&key, oid);
        }
    }
    // Of X448 the public half is not computed.
    let bench = Bench::new();
    bench.openssl("genpkey -algorithm X448 -out key.pem");
    let der = bench.openssl("pkey -in key.pem -outform DER");
    let oid = "1.3.101.111";
    assert_eq!(
        PrivateKey::from_pkcs8_der(&der).unwrap_err(),
        ReadKeyError::PublicKeyUnknown { oid: oid.to_owned() }
    );
    let key = PrivateKey::from_pkcs8_der_with_public(&der, &public(&bench)).unwrap();
    assert_eq!(key.algorithm().to_string(), "X448");
    assert_eq!(key.to_pkcs8_der().as_bytes(), der);
    assert_kept(&key, oid);
}

#[test]
fn the_certificate_beside_a_key_has_to_fit() {
    let bench = Bench::new();
    bench.openssl("genpkey -algorithm ED25519 -out key.pem");
    let der = bench.openssl("pkey -in key.pem -outform DER");
    PrivateKey::from_pkcs8_der_with_public(&der, &public(&bench)).unwrap();
    let other = Bench::new();
    for algorithm in ["ED25519", "ED448"] {
        other.openssl(&format!("genpkey -algorithm {algorithm} -out key.pem"));
        assert_eq!(
            PrivateKey::from_pkcs8_der_with_public(&der, &public(&other)).unwrap_err(),
            ReadKeyError::Mismatch
        );
    }
}

#[test]
fn an_algorithm_that_nobody_knows() {
    // PrivateKeyInfo { 0, { 1.3.101.99 }, 3 octets }, and SubjectPublicKeyInfo { { 1.3.101.99 }, 2 octets }.
    let der = [0x30, 0x0f, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x63, 4, 3, 1, 2, 3];
    let spki = [0x30, 0x0c, 0x30, 5, 6, 3, 0x2b, 0x65, 0x63, 3, 3, 0, 4, 5];
    let oid = "1.3.101.99".to_owned();
    let public = PublicKey::from_spki_der(&spki).unwrap();
    assert_eq!(
        PrivateKey::from_pkcs8_der(&der).unwrap_err(),
        ReadKeyError::PublicKeyUnknown { oid: oid.clone() }
    );
    let key = PrivateKey::from_pkcs8_der_with_public(&der, &public).unwrap();
    assert_kept(&key, &oid);
    assert_eq!(key.algorithm(), KeyAlgorithm::Other { oid });
    assert_eq!(key.to_pkcs8_der().as_bytes(), der);
    let other = [0x30, 0x0c, 0x30, 5, 6, 3, 0x2b, 0x65, 0x64, 3, 3, 0, 4, 5];
    let other = PublicKey::from_spki_der(&other).unwrap();
    assert_eq!(PrivateKey::from_pkcs8_der_with_public(&der, &other).unwrap_err(), ReadKeyError::Mismatch);
}

#[test]
fn version_2_of_pkcs8() {
    // RFC 8410, section 10.3: the second example, with attributes and the public key.
    let pem = b"-----BEGIN PRIVATE KEY-----\n\
        MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n\
        oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB\n\
        Z9w7lshQhqowtrbLDFw4rXAxZuE=\n\
        -----END PRIVATE KEY-----\n";
    let key = read_private_key(pem, None).unwrap();
    assert_eq!(key.algorithm(), KeyAlgorithm::Ed25519);
    assert_eq!(key.public_key().key_bits()[..4], [0x19, 0xbf, 0x44, 0x09]);
    let mut der = certwright_encoding::pem::parse_pem(pem).blocks[0].der.clone();
    *der.last_mut().unwrap() ^= 1;
    assert_eq!(read_private_key(&der, None).unwrap_err(), ReadKeyError::Mismatch);
}
