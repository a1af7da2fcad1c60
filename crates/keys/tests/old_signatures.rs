//! Signatures that prove nothing today, made by openssl: SHA-1, and DSA. They are checked, and believed only by who says so.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_keys::PublicKey;
use certwright_keys::verify::{Lenience, VerifyError, verify, verify_leniently};
use der::asn1::{AnyRef, BitStringRef, UintRef};
use der::{Decode as _, Encode as _};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use support::Bench;

const MESSAGE: &[u8] = b"the message";
const STRICT: Lenience = Lenience { dangerously_accept_sha1: false, dangerously_accept_dsa: false };
const SHA1: Lenience = Lenience { dangerously_accept_sha1: true, ..STRICT };
const DSA: Lenience = Lenience { dangerously_accept_dsa: true, ..STRICT };
const BOTH: Lenience = Lenience { dangerously_accept_sha1: true, dangerously_accept_dsa: true };

const ECDSA_WITH_SHA1: &str = "1.2.840.10045.4.1";
const SHA1_WITH_RSA: &str = "1.2.840.113549.1.1.5";
const DSA_WITH_SHA1: &str = "1.2.840.10040.4.3";
const DSA_WITH_SHA256: &str = "2.16.840.1.101.3.4.3.2";

fn identifier(oid: &str) -> AlgorithmIdentifierRef<'static> {
    AlgorithmIdentifierRef { oid: oid.parse().unwrap(), parameters: None }
}

fn check(
    key: &PublicKey,
    oid: &str,
    message: &[u8],
    signature: &[u8],
    lenience: Lenience,
) -> Result<(), VerifyError> {
    verify_leniently(key, identifier(oid), message, signature, lenience)
}

/// `key.pem`, and its public half.
fn openssl_key(bench: &Bench, options: &str) -> PublicKey {
    bench.openssl(&format!("genpkey {options} -out key.pem"));
    bench.openssl("pkey -in key.pem -pubout -outform DER -out public.der");
    PublicKey::from_spki_der(&bench.read("public.der")).unwrap()
}

/// A DSA key of these lengths of p and q.
fn dsa_key(bench: &Bench, bits: u32, order_bits: u32) -> PublicKey {
    bench.openssl(&format!(
        "genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:{bits} -pkeyopt dsa_paramgen_q_bits:{order_bits} -out parameters.pem"
    ));
    openssl_key(bench, "-paramfile parameters.pem")
}

#[test]
fn sha1_is_believed_only_by_who_says_so() {
    for (options, oid, other) in [
        ("-algorithm RSA -pkeyopt rsa_keygen_bits:1024", SHA1_WITH_RSA, ECDSA_WITH_SHA1),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", ECDSA_WITH_SHA1, SHA1_WITH_RSA),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-384", ECDSA_WITH_SHA1, SHA1_WITH_RSA),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-521", ECDSA_WITH_SHA1, DSA_WITH_SHA1),
    ] {
        let bench = Bench::new();
        let key = openssl_key(&bench, options);
        bench.write("message", MESSAGE);
        let signature = bench.openssl("dgst -sha1 -sign key.pem message");
        check(&key, oid, MESSAGE, &signature, SHA1).unwrap();
        let weak = Err(VerifyError::WeakAlgorithm { oid: oid.to_owned() });
        assert_eq!(check(&key, oid, MESSAGE, &signature, DSA), weak);
        assert_eq!(verify(&key, identifier(oid), MESSAGE, &signature), weak);
        assert_eq!(check(&key, oid, b"another", &signature, SHA1), Err(VerifyError::BadSignature));
        assert_eq!(check(&key, oid, MESSAGE, &signature[1..], SHA1), Err(VerifyError::BadSignature));
        assert_eq!(check(&key, other, MESSAGE, &signature, SHA1), Err(VerifyError::KeyMismatch));
        let md5 = check(&key, "1.2.840.113549.1.1.4", MESSAGE, &signature, BOTH);
        assert!(matches!(md5, Err(VerifyError::WeakAlgorithm { .. })));
    }
}

#[test]
fn dsa_is_checked_and_believed_only_by_who_says_so() {
    for (bits, order_bits) in [(1024, 160), (2048, 224), (2048, 256)] {
        let bench = Bench::new();
        let key = dsa_key(&bench, bits, order_bits);
        assert_eq!(key.algorithm().to_string(), format!("DSA {bits}"));
        assert!(key.can_verify() && !key.lacks_parameters());
        bench.write("message", MESSAGE);
        for (digest, oid) in [
            ("sha1", DSA_WITH_SHA1),
            ("sha224", "2.16.840.1.101.3.4.3.1"),
            ("sha256", DSA_WITH_SHA256),
            ("sha384", "2.16.840.1.101.3.4.3.3"),
            ("sha512", "2.16.840.1.101.3.4.3.4"),
        ] {
            let signature = bench.openssl(&format!("dgst -{digest} -sign key.pem message"));
            check(&key, oid, MESSAGE, &signature, BOTH).unwrap();
            let oid_text = oid.to_owned();
            let retired = Err(VerifyError::RetiredAlgorithm { oid: oid_text.clone() });
            let weak = Err(VerifyError::WeakAlgorithm { oid: oid_text });
            let is_weak = digest == "sha1";
            assert_eq!(
                verify(&key, identifier(oid), MESSAGE, &signature),
                if is_weak { weak.clone() } else { retired.clone() }
            );
            assert_eq!(check(&key, oid, MESSAGE, &signature, SHA1), retired);
            assert_eq!(check(&key, oid, MESSAGE, &signature, DSA), if is_weak { weak } else { Ok(()) });
            // A false one is called so, also by who would not believe it anyway.
            for lenience in [STRICT, SHA1, DSA, BOTH] {
                let bad = Err(VerifyError::BadSignature);
                assert_eq!(check(&key, oid, b"another", &signature, lenience), bad);
                assert_eq!(check(&key, oid, MESSAGE, &signature[1..], lenience), bad);
            }
        }
        let mut with_null = identifier(DSA_WITH_SHA256);
        with_null.parameters = Some(AnyRef::NULL);
        assert_eq!(verify(&key, with_null, MESSAGE, &[]), Err(VerifyError::BadParameters));
        assert_eq!(check(&key, SHA1_WITH_RSA, MESSAGE, &[], BOTH), Err(VerifyError::KeyMismatch));
    }
}

#[test]
fn a_dsa_key_takes_its_parameters_from_its_issuer() {
    let bench = Bench::new();
    let issuer = dsa_key(&bench, 1024, 160);
    let own = openssl_key(&bench, "-paramfile parameters.pem");
    bench.write("message", MESSAGE);
    let signature = bench.openssl("dgst -sha256 -sign key.pem message");
    for none in [None, Some(AnyRef::NULL)] {
        let key = with_parameters(&own, none);
        assert!(key.lacks_parameters());
        assert_eq!(
            check(&key, DSA_WITH_SHA256, MESSAGE, &signature, DSA),
            Err(VerifyError::ParametersMissing)
        );
        let whole = key.with_parameters_of(&issuer).unwrap();
        assert_eq!(whole, own);
        check(&whole, DSA_WITH_SHA256, MESSAGE, &signature, DSA).unwrap();
        // Neither of the two has any.
        assert!(key.with_parameters_of(&key).is_none());
        let rsa = openssl_key(&bench, "-algorithm RSA -pkeyopt rsa_keygen_bits:1024");
        assert!(key.with_parameters_of(&rsa).is_none() && rsa.with_parameters_of(&issuer).is_none());
    }
    assert!(own.with_parameters_of(&issuer).is_none(), "it has its own");
}

#[test]
fn hostile_dsa_keys_cost_nothing_and_are_refused() {
    let bench = Bench::new();
    let key = dsa_key(&bench, 1024, 160);
    bench.write("message", MESSAGE);
    let signature = bench.openssl("dgst -sha256 -sign key.pem message");
    let info = SubjectPublicKeyInfoRef::from_der(key.spki_der()).unwrap();
    let [p, q, g] = numbers(info.algorithm.parameters.unwrap());
    let y = UintRef::from_der(key.key_bits()).unwrap().as_bytes().to_vec();
    let answer = |p: &[u8], q: &[u8], g: &[u8], y: &[u8]| {
        check(&key_of(p, q, g, y), DSA_WITH_SHA256, MESSAGE, &signature, DSA)
    };
    answer(&p, &q, &g, &y).unwrap();
    let with = |number: &[u8], at: usize, octet: u8| {
        let mut number = number.to_vec();
        number[at] ^= octet;
        number
    };
    let long = vec![0xff; 30_000];
    let one = [1];
    let is_refused = |answer: Result<(), VerifyError>| {
        assert!(
            matches!(
                answer,
                Err(VerifyError::UnsupportedAlgorithm { .. }
                    | VerifyError::WeakKey { .. }
                    | VerifyError::BadSignature)
            ),
            "{answer:?}"
        );
    };
    let (last_p, last_q) = (p.len() - 1, q.len() - 1);
    // Even, short and long moduli and orders; generators and keys that are out of range, or of another order.
    for (p, q, g, y) in [
        (with(&p, last_p, 1).as_slice(), q.as_slice(), g.as_slice(), y.as_slice()),
        (&p[1..], &q, &g[2..], &y[2..]),
        (&long, &q, &g, &y),
        (&long, &long, &long, &long),
        (&p, &with(&q, last_q, 1), &g, &y),
        (&p, &with(&q, last_q, 2), &g, &y),
        (&p, &q[1..], &g, &y),
        (&p, &p, &g, &y),
        (&p, &long, &g, &y),
        (&p, &q, &one, &y),
        (&p, &q, &p, &y),
        (&p, &q, &long, &y),
        (&p, &q, &g, &one),
        (&p, &q, &g, &p),
        (&p, &q, &g, &with(&y, y.len() - 1, 2)),
        (&p, &q, &g, &long),
        (&one, &one, &one, &one),
        (&[0], &[0], &[0], &[0]),
    ] {
        is_refused(answer(p, q, g, y));
    }
    // Numbers of a signature beyond the order.
    for (r, s) in [(&q[..], &one[..]), (&one, &q), (&[0], &one), (&one, &[0]), (&long, &one), (&one, &long)] {
        let signature = sequence(&[r, s]);
        assert_eq!(check(&key, DSA_WITH_SHA256, MESSAGE, &signature, DSA), Err(VerifyError::BadSignature));
    }
}

/// The same key with other parameters in its encoding.
fn with_parameters(key: &PublicKey, parameters: Option<AnyRef<'_>>) -> PublicKey {
    let info = SubjectPublicKeyInfoRef::from_der(key.spki_der()).unwrap();
    let algorithm = AlgorithmIdentifierRef { oid: info.algorithm.oid, parameters };
    let spki = SubjectPublicKeyInfoRef { algorithm, ..info }.to_der().unwrap();
    PublicKey::from_spki_der(&spki).unwrap()
}

/// A sequence of integers.
fn sequence(numbers: &[&[u8]]) -> Vec<u8> {
    let mut content = Vec::new();
    for number in numbers {
        content.extend(UintRef::new(number).unwrap().to_der().unwrap());
    }
    AnyRef::new(der::Tag::Sequence, &content).unwrap().to_der().unwrap()
}

/// A DSA key of these numbers.
fn key_of(p: &[u8], q: &[u8], g: &[u8], y: &[u8]) -> PublicKey {
    let parameters = sequence(&[p, q, g]);
    let y = UintRef::new(y).unwrap().to_der().unwrap();
    let algorithm = AlgorithmIdentifierRef {
        oid: "1.2.840.10040.4.1".parse().unwrap(),
        parameters: Some(AnyRef::from_der(&parameters).unwrap()),
    };
    let subject_public_key = BitStringRef::from_bytes(&y).unwrap();
    PublicKey::from_spki_der(&SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der().unwrap())
        .unwrap()
}

/// p, q and g of the parameters.
fn numbers(parameters: AnyRef<'_>) -> [Vec<u8>; 3] {
    parameters
        .sequence(|reader| {
            let mut number = || -> der::Result<Vec<u8>> { Ok(UintRef::decode(reader)?.as_bytes().to_vec()) };
            Ok::<_, der::Error>([number()?, number()?, number()?])
        })
        .unwrap()
}
