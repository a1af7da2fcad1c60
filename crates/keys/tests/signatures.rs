//! Signatures against openssl, in both directions, with every scheme.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_keys::{
    KeyAlgorithm, KeySpec, PrivateKey, PublicKey, SignatureScheme, X509Signature,
    generate::generate_key,
    sign::SignError,
    verify::{TlsRules, VerifyError, verify, verify_scheme},
};
use der::referenced::OwnedToRef as _;
use support::{Bench, rng};

const MESSAGE: &[u8] = b"the message";

/// Options of `openssl dgst` for a scheme.
fn options(scheme: SignatureScheme) -> String {
    let digest = match scheme.name().rsplit('_').next().unwrap() {
        "sha256" => "-sha256",
        "sha384" => "-sha384",
        _ => "-sha512",
    };
    if scheme.name().contains("pss") {
        format!("{digest} -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest")
    } else {
        digest.to_owned()
    }
}

/// A key by openssl, as PKCS#8 in `key.pem` with its public half in `public.pem`.
fn openssl_key(bench: &Bench, options: &str) {
    bench.openssl(&format!("genpkey {options} -out key.pem"));
    bench.openssl("pkey -in key.pem -pubout -out public.pem");
    bench.openssl("pkey -in key.pem -pubout -outform DER -out public.der");
    bench.openssl("pkey -in key.pem -outform DER -out key.der");
}

#[test]
fn openssl_accepts_our_signatures() {
    for spec in [KeySpec::Rsa { bits: 2048 }, KeySpec::EcP256, KeySpec::EcP384, KeySpec::EcP521] {
        let bench = Bench::new();
        let key = generate_key(spec, &mut rng());
        assert_eq!(key.algorithm(), spec.algorithm());
        bench.write("public.der", key.public_key().spki_der());
        bench.write("message", MESSAGE);
        for scheme in key.schemes_tls12() {
            let signature = key.sign(scheme, MESSAGE, &mut rng()).unwrap();
            bench.write("signature", &signature);
            bench.openssl(&format!(
                "dgst {} -verify public.der -keyform DER -signature signature message",
                options(scheme)
            ));
            verify_scheme(key.public_key(), scheme, TlsRules::Tls12, MESSAGE, &signature).unwrap();
            assert_eq!(
                verify_scheme(key.public_key(), scheme, TlsRules::Tls12, b"another", &signature),
                Err(VerifyError::BadSignature)
            );
        }
        for scheme in key.schemes_tls13() {
            let signature = key.sign(scheme, MESSAGE, &mut rng()).unwrap();
            verify_scheme(key.public_key(), scheme, TlsRules::Tls13, MESSAGE, &signature).unwrap();
        }
        for kind in key.x509_signatures() {
            let algorithm = kind.algorithm_identifier();
            let signature = key.sign_x509(kind, MESSAGE, &mut rng()).unwrap();
            verify(key.public_key(), algorithm.owned_to_ref(), MESSAGE, &signature).unwrap();
            assert_eq!(
                verify(key.public_key(), algorithm.owned_to_ref(), b"another", &signature),
                Err(VerifyError::BadSignature)
            );
        }
        for kind in X509Signature::ALL {
            if !key.x509_signatures().contains(&kind) {
                assert_eq!(
                    key.sign_x509(kind, MESSAGE, &mut rng()),
                    Err(SignError::SignatureMismatch { signature: kind })
                );
            }
        }
    }
}

#[test]
fn we_accept_openssls_signatures() {
    use SignatureScheme as S;
    let rsa = [
        S::RsaPkcs1Sha256,
        S::RsaPkcs1Sha384,
        S::RsaPkcs1Sha512,
        S::RsaPssRsaeSha256,
        S::RsaPssRsaeSha384,
        S::RsaPssRsaeSha512,
    ];
    let ec = [S::EcdsaSecp256r1Sha256, S::EcdsaSecp384r1Sha384, S::EcdsaSecp521r1Sha512];
    for (options_of_key, schemes, algorithm) in [
        ("-algorithm RSA -pkeyopt rsa_keygen_bits:2048", rsa.as_slice(), KeyAlgorithm::Rsa { bits: 2048 }),
        // A modulus that is not a multiple of eight bits is where PSS goes wrong.
        ("-algorithm RSA -pkeyopt rsa_keygen_bits:2050", &rsa, KeyAlgorithm::Rsa { bits: 2050 }),
        ("-algorithm RSA -pkeyopt rsa_keygen_bits:1024", &rsa[..5], KeyAlgorithm::Rsa { bits: 1024 }),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", &ec, KeyAlgorithm::EcP256),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-384", &ec, KeyAlgorithm::EcP384),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-521", &ec, KeyAlgorithm::EcP521),
    ] {
        let bench = Bench::new();
        openssl_key(&bench, options_of_key);
        bench.write("message", MESSAGE);
        let key = PublicKey::from_spki_der(&bench.read("public.der")).unwrap();
        assert_eq!(key.algorithm(), algorithm);
        for scheme in schemes {
            let signature = bench.openssl(&format!("dgst {} -sign key.pem message", options(*scheme)));
            verify_scheme(&key, *scheme, TlsRules::Tls12, MESSAGE, &signature).unwrap();
            let identifier = scheme.algorithm_identifier();
            verify(&key, identifier.owned_to_ref(), MESSAGE, &signature).unwrap();
            for length in 0..signature.len() {
                assert!(verify(&key, identifier.owned_to_ref(), MESSAGE, &signature[..length]).is_err());
            }
        }
    }
}

#[test]
fn ed25519_is_checked() {
    let bench = Bench::new();
    openssl_key(&bench, "-algorithm ED25519");
    bench.write("message", MESSAGE);
    let key = PublicKey::from_spki_der(&bench.read("public.der")).unwrap();
    assert_eq!(key.algorithm(), KeyAlgorithm::Ed25519);
    let mut signature = bench.openssl("pkeyutl -sign -inkey key.pem -rawin -in message");
    let scheme = SignatureScheme::Ed25519;
    verify_scheme(&key, scheme, TlsRules::Tls13, MESSAGE, &signature).unwrap();
    verify(&key, scheme.algorithm_identifier().owned_to_ref(), MESSAGE, &signature).unwrap();
    signature[3] ^= 1;
    assert_eq!(
        verify_scheme(&key, scheme, TlsRules::Tls13, MESSAGE, &signature),
        Err(VerifyError::BadSignature)
    );
}

#[test]
fn ed448_is_checked() {
    let bench = Bench::new();
    openssl_key(&bench, "-algorithm ED448");
    bench.write("message", MESSAGE);
    let key = PublicKey::from_spki_der(&bench.read("public.der")).unwrap();
    assert!(key.can_verify());
    let mut signature = bench.openssl("pkeyutl -sign -inkey key.pem -rawin -in message");
    let identifier =
        |parameters| spki::AlgorithmIdentifierRef { oid: const_oid::db::rfc8410::ID_ED_448, parameters };
    verify(&key, identifier(None), MESSAGE, &signature).unwrap();
    assert_eq!(verify(&key, identifier(None), b"another", &signature), Err(VerifyError::BadSignature));
    let null = Some(der::asn1::AnyRef::NULL);
    assert_eq!(verify(&key, identifier(null), MESSAGE, &signature), Err(VerifyError::BadParameters));
    assert_eq!(verify(&key, identifier(None), MESSAGE, &signature[1..]), Err(VerifyError::BadSignature));
    for at in [0, 60, 113] {
        signature[at] ^= 1;
        assert_eq!(verify(&key, identifier(None), MESSAGE, &signature), Err(VerifyError::BadSignature));
        signature[at] ^= 1;
    }
    openssl_key(&bench, "-algorithm ED25519");
    let other = PublicKey::from_spki_der(&bench.read("public.der")).unwrap();
    assert_eq!(verify(&other, identifier(None), MESSAGE, &signature), Err(VerifyError::KeyMismatch));
}

#[test]
fn openssl_accepts_our_ed25519() {
    let bench = Bench::new();
    let key = generate_key(KeySpec::Ed25519, &mut rng());
    bench.write("public.der", key.public_key().spki_der());
    bench.write("message", MESSAGE);
    let signature = key.sign_x509(X509Signature::Ed25519, MESSAGE, &mut rng()).unwrap();
    assert_eq!(key.sign(SignatureScheme::Ed25519, MESSAGE, &mut rng()).unwrap(), signature);
    bench.write("signature", &signature);
    bench.openssl(
        "pkeyutl -verify -pubin -inkey public.der -keyform DER -rawin -in message -sigfile signature",
    );
}

#[test]
fn keys_for_pss_alone() {
    for (restriction, expected) in [
        ("", [true, true, true]),
        ("-pkeyopt rsa_pss_keygen_md:sha384 -pkeyopt rsa_pss_keygen_mgf1_md:sha384", [false, true, false]),
        (
            "-pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:32",
            [true, false, false],
        ),
        // A salt longer than the digest, which nothing here makes.
        (
            "-pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha256 -pkeyopt rsa_pss_keygen_saltlen:33",
            [false, false, false],
        ),
    ] {
        let bench = Bench::new();
        openssl_key(&bench, &format!("-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 {restriction}"));
        let key = PrivateKey::from_pkcs8_der(&bench.read("key.der")).unwrap();
        assert_eq!(key.public_key().spki_der(), bench.read("public.der"));
        assert_eq!(key.to_pkcs8_der().as_bytes(), bench.read("key.der"));
        assert_eq!(key.algorithm(), KeyAlgorithm::Rsa { bits: 2048 });
        let all = [X509Signature::RsaPssSha256, X509Signature::RsaPssSha384, X509Signature::RsaPssSha512];
        let kinds: Vec<X509Signature> =
            all.into_iter().zip(expected).filter(|(_, fits)| *fits).map(|(kind, _)| kind).collect();
        assert_eq!(key.x509_signatures(), kinds);
        assert_eq!(key.schemes_tls12(), key.schemes_tls13());
        assert_eq!(key.schemes_tls13().len(), kinds.len());
        bench.write("message", MESSAGE);
        for scheme in key.schemes_tls13() {
            assert!(scheme.name().contains("pss_pss"));
            let signature = key.sign(scheme, MESSAGE, &mut rng()).unwrap();
            bench.write("signature", &signature);
            bench.openssl(&format!(
                "dgst {} -verify public.der -keyform DER -signature signature message",
                options(scheme)
            ));
            verify_scheme(key.public_key(), scheme, TlsRules::Tls13, MESSAGE, &signature).unwrap();
        }
        let pkcs1 = X509Signature::RsaPkcs1Sha256;
        assert_eq!(
            key.sign_x509(pkcs1, MESSAGE, &mut rng()),
            Err(SignError::SignatureMismatch { signature: pkcs1 })
        );
    }
}

#[test]
fn ml_dsa_signs_and_is_checked() {
    for (spec, kind) in [
        (KeySpec::MlDsa44, X509Signature::MlDsa44),
        (KeySpec::MlDsa65, X509Signature::MlDsa65),
        (KeySpec::MlDsa87, X509Signature::MlDsa87),
    ] {
        let key = generate_key(spec, &mut rng());
        assert_eq!(key.algorithm(), spec.algorithm());
        assert_eq!(key.x509_signatures(), [kind]);
        assert!(key.schemes_tls12().is_empty() && key.schemes_tls13().is_empty());
        let algorithm = kind.algorithm_identifier();
        let mut signature = key.sign_x509(kind, MESSAGE, &mut rng()).unwrap();
        verify(key.public_key(), algorithm.owned_to_ref(), MESSAGE, &signature).unwrap();
        signature[9] ^= 1;
        assert_eq!(
            verify(key.public_key(), algorithm.owned_to_ref(), MESSAGE, &signature),
            Err(VerifyError::BadSignature)
        );
        assert!(verify(key.public_key(), algorithm.owned_to_ref(), MESSAGE, &signature[1..]).is_err());
        let other = generate_key(KeySpec::EcP256, &mut rng());
        assert_eq!(
            verify(other.public_key(), algorithm.owned_to_ref(), MESSAGE, &signature),
            Err(VerifyError::KeyMismatch)
        );
    }
}

#[test]
fn schemes_for_other_keys_are_refused() {
    let key = generate_key(KeySpec::EcP256, &mut rng());
    for scheme in SignatureScheme::all() {
        if !key.schemes_tls12().contains(&scheme) {
            assert_eq!(key.sign(scheme, MESSAGE, &mut rng()), Err(SignError::SchemeMismatch { scheme }));
        }
    }
    let signature = key.sign(SignatureScheme::EcdsaSecp384r1Sha384, MESSAGE, &mut rng()).unwrap();
    let check = |rules| {
        verify_scheme(key.public_key(), SignatureScheme::EcdsaSecp384r1Sha384, rules, MESSAGE, &signature)
    };
    assert_eq!(check(TlsRules::Tls12), Ok(()));
    assert_eq!(check(TlsRules::Tls13), Err(VerifyError::KeyMismatch));
}

#[test]
fn weak_and_unknown_algorithms_are_told_apart() {
    let key = generate_key(KeySpec::EcP256, &mut rng());
    let check = |oid: &str| {
        let algorithm = spki::AlgorithmIdentifierRef { oid: oid.parse().unwrap(), parameters: None };
        verify(key.public_key(), algorithm, MESSAGE, b"")
    };
    let sha1_with_rsa = "1.2.840.113549.1.1.5".to_owned();
    assert_eq!(check(&sha1_with_rsa), Err(VerifyError::WeakAlgorithm { oid: sha1_with_rsa }));
    let x448 = "1.3.101.111".to_owned();
    assert_eq!(check(&x448), Err(VerifyError::UnsupportedAlgorithm { oid: x448 }));
    let sha256_with_rsa = "1.2.840.113549.1.1.11";
    assert_eq!(check(sha256_with_rsa), Err(VerifyError::KeyMismatch));

    let bench = Bench::new();
    openssl_key(&bench, "-algorithm RSA -pkeyopt rsa_keygen_bits:512");
    let weak = PublicKey::from_spki_der(&bench.read("public.der")).unwrap();
    let algorithm = SignatureScheme::RsaPkcs1Sha256.algorithm_identifier();
    assert_eq!(
        verify(&weak, algorithm.owned_to_ref(), MESSAGE, &[0; 64]),
        Err(VerifyError::WeakKey { bits: 512 })
    );
}

#[test]
fn a_generated_key_prints_nothing_secret() {
    let key: PrivateKey = generate_key(KeySpec::EcP384, &mut rng());
    assert_eq!(format!("{key:?} {:?}", key.public_key()), "PrivateKey(EC P-384) PublicKey(EC P-384)");
}
