//! Key formats against openssl: what it writes we read, what we write it reads.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_encoding::pem::{parse_pem, to_pem};
use certwright_keys::{
    CannotSign, KeySpec, Password, PrivateKey, ReadKeyError, generate::generate_key,
    password_based::pbes2::Scheme, pkcs8_encrypted::generate_pkcs8_encrypted, read::read_private_key,
};
use support::{Bench, rng};

const RSA: &str = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048";
const P256: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";
const P384: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-384";
const P521: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-521";
const ED25519: &str = "-algorithm ED25519";
/// Passwords that programs are known to stumble over.
const PASSWORDS: [&str; 4] = ["secret", "pässwörd€𝄞", "ლ(ಠ益ಠლ)", HUNDRED];
const HUNDRED: &str =
    "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqr";

fn bench_with_key(options: &str) -> (Bench, Vec<u8>) {
    let bench = Bench::new();
    bench.openssl(&format!("genpkey {options} -out key.pem"));
    let public = bench.openssl("pkey -in key.pem -pubout -outform DER");
    (bench, public)
}

fn assert_reads(bytes: &[u8], password: Option<&str>, public: &[u8]) -> PrivateKey {
    let password = password.map(Password::new);
    let key = read_private_key(bytes, password.as_ref()).unwrap();
    assert_eq!(key.public_key().spki_der(), public);
    key
}

fn error(bytes: &[u8], password: Option<&str>) -> ReadKeyError {
    let password = password.map(Password::new);
    read_private_key(bytes, password.as_ref()).unwrap_err()
}

#[test]
fn unencrypted_formats() {
    for (options, traditional) in [(RSA, "rsa"), (P256, "ec"), (P384, "ec"), (P521, "ec")] {
        let (bench, public) = bench_with_key(options);
        let key = assert_reads(&bench.read("key.pem"), None, &public);
        assert_reads(&bench.openssl("pkey -in key.pem -outform DER"), None, &public);
        let pem = bench.openssl("pkey -in key.pem -traditional");
        assert!(
            String::from_utf8_lossy(&pem).contains(&format!("{} PRIVATE KEY", traditional.to_uppercase()))
        );
        assert_reads(&pem, None, &public);
        let der = bench.openssl("pkey -in key.pem -traditional -outform DER");
        assert_reads(&der, None, &public);
        // Bare base64, and PEM under another label than its content.
        let text = to_pem("PRIVATE KEY", &der);
        assert_reads(text.as_bytes(), None, &public);
        let bare: String = text.lines().filter(|line| !line.starts_with('-')).collect();
        assert_reads(bare.as_bytes(), None, &public);
        // What we write, openssl reads.
        bench.write("ours.der", key.to_pkcs8_der().as_bytes());
        assert_eq!(bench.openssl("pkey -in ours.der -inform DER -pubout -outform DER"), public);
        bench.openssl("pkey -in ours.der -inform DER -check -noout");
        let again = PrivateKey::from_pkcs8_der(key.to_pkcs8_der().as_bytes()).unwrap();
        assert_eq!(again.to_pkcs8_der(), key.to_pkcs8_der());
    }
}

#[test]
fn ec_keys_with_less_in_them() {
    for (options, curve) in [(P256, "P-256"), (P384, "P-384"), (P521, "P-521")] {
        let (bench, public) = bench_with_key(options);
        assert_reads(&bench.openssl("ec -in key.pem -no_public -outform DER"), None, &public);
        assert_reads(&bench.openssl("ec -in key.pem -conv_form compressed -outform DER"), None, &public);
        // The parameters in a block of their own before the key, as `openssl ecparam -genkey` writes them.
        let text = bench.openssl(&format!("ecparam -name {curve} -genkey"));
        assert!(String::from_utf8_lossy(&text).contains("EC PARAMETERS"));
        read_private_key(&text, None).unwrap();
    }
}

#[test]
fn ed25519() {
    let (bench, public) = bench_with_key(ED25519);
    let key = assert_reads(&bench.read("key.pem"), None, &public);
    bench.write("ours.der", key.to_pkcs8_der().as_bytes());
    assert_eq!(bench.openssl("pkey -in ours.der -inform DER -pubout -outform DER"), public);
    assert_eq!(bench.openssl("pkey -in key.pem -outform DER"), key.to_pkcs8_der().as_bytes());
}

#[test]
fn the_equation_of_a_known_curve_is_its_name() {
    for (options, curve) in [(P256, "P-256"), (P384, "P-384"), (P521, "P-521")] {
        let (bench, public) = bench_with_key(options);
        for arguments in [
            "ec -in key.pem -param_enc explicit",
            "ec -in key.pem -param_enc explicit -conv_form compressed",
            "ec -in key.pem -param_enc explicit -outform DER",
        ] {
            assert_reads(&bench.openssl(arguments), None, &public);
        }
        bench.openssl("ec -in key.pem -param_enc explicit -out explicit.pem");
        let der = bench.openssl("pkey -in explicit.pem -outform DER");
        assert_reads(&der, None, &public);
        // Another number at any place of the equation makes another curve. The key's own numbers come after it.
        let nodes = certwright_encoding::der::tree(&der, Default::default()).unwrap();
        let parameters = nodes.iter().find(|node| {
            node.element.tag == certwright_encoding::der::Tag::SEQUENCE && node.element.content.len() > 150
        });
        assert!(parameters.is_some(), "{curve}");
        for node in &nodes {
            let content = node.element.content.clone();
            if node.element.tag == certwright_encoding::der::Tag::INTEGER && content.len() > 30 {
                let mut changed = der.clone();
                changed[content.end - 1] ^= 2;
                assert_eq!(error(&changed, None), ReadKeyError::ExplicitCurve, "{curve}");
            }
        }
    }
    let (bench, _) = bench_with_key("-algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1");
    let pem = bench.openssl("ec -in key.pem -param_enc explicit");
    assert_eq!(error(&pem, None), ReadKeyError::ExplicitCurve);
}

#[test]
fn encrypted_formats() {
    for (options, encryptions) in [
        (
            P256,
            [
                "-v2 aes-256-cbc",
                "-v2 aes-128-cbc -v2prf hmacWithSHA1",
                "-v2 aes-192-cbc -v2prf hmacWithSHA512",
                "-v2 aes-256-cbc -v2prf hmacWithSHA384 -iter 1",
                "-v2 aes-256-cbc -v2prf hmacWithSHA224",
                "-v2 des3",
                "-v2 des",
                "-v2 rc2",
                "-v2 rc2-40-cbc",
                "-v2 rc2-64-cbc",
                "-scrypt",
                "-scrypt -scrypt_N 1024 -scrypt_r 8 -scrypt_p 16",
                "-v1 PBE-SHA1-3DES",
                "-v1 PBE-SHA1-2DES",
                "-v1 PBE-SHA1-RC2-40",
                "-v1 PBE-SHA1-RC2-128",
                "-v1 PBE-SHA1-RC4-40",
                "-v1 PBE-SHA1-RC4-128",
                "-v1 PBE-MD5-DES",
                "-v1 PBE-MD5-RC2-64",
                "-v1 PBE-SHA1-DES",
                "-v1 PBE-SHA1-RC2-64",
            ]
            .as_slice(),
        ),
        (RSA, &["-v2 aes-256-cbc", "-v1 PBE-SHA1-3DES"]),
        (ED25519, &["-v2 aes-256-cbc", "-scrypt"]),
    ] {
        let (bench, public) = bench_with_key(options);
        for encryption in encryptions {
            for password in PASSWORDS {
                let command = format!(
                    "pkcs8 -topk8 -in key.pem {encryption} -provider legacy -provider default -passout pass:{password}"
                );
                let pem = bench.openssl(&command);
                assert_reads(&pem, Some(password), &public);
                assert_eq!(error(&pem, None), ReadKeyError::NeedsPassword, "{encryption}");
                assert_eq!(error(&pem, Some("wrong")), ReadKeyError::WrongPassword, "{encryption}");
            }
        }
        let pem = bench.openssl("pkcs8 -topk8 -in key.pem -v2 aes-256-cbc -passout pass:");
        assert_reads(&pem, Some(""), &public);
    }
}

#[test]
fn the_old_encryption_of_pem() {
    for (options, command) in [(RSA, "rsa -traditional"), (P256, "ec"), (P521, "ec")] {
        let (bench, public) = bench_with_key(options);
        for cipher in ["-aes128", "-aes192", "-aes256", "-des3", "-des"] {
            for password in PASSWORDS {
                let pem = bench.openssl(&format!(
                    "{command} -in key.pem {cipher} -provider legacy -provider default -passout pass:{password}"
                ));
                assert!(String::from_utf8_lossy(&pem).contains("4,ENCRYPTED"));
                assert_reads(&pem, Some(password), &public);
                assert_eq!(error(&pem, None), ReadKeyError::NeedsPassword, "{cipher}");
                for attempt in 0..300 {
                    assert_eq!(error(&pem, Some(&format!("wrong {attempt}"))), ReadKeyError::WrongPassword);
                }
            }
        }
    }
    let (bench, _) = bench_with_key(P256);
    let pem = bench.openssl("ec -in key.pem -camellia256 -passout pass:secret");
    for password in [None, Some("secret"), Some("wrong")] {
        assert_eq!(
            error(&pem, password),
            ReadKeyError::UnsupportedPemEncryption { cipher: "CAMELLIA-256-CBC".to_owned() }
        );
    }
}

#[test]
fn a_wrong_password_is_always_a_wrong_password() {
    // One in 256 leaves valid padding, so a few hundred attempts meet that case.
    let (bench, _) = bench_with_key(P256);
    let der =
        bench.openssl("pkcs8 -topk8 -in key.pem -v2 aes-256-cbc -iter 1 -outform DER -passout pass:secret");
    for attempt in 0..2000 {
        assert_eq!(error(&der, Some(&format!("wrong {attempt}"))), ReadKeyError::WrongPassword);
    }
}

#[test]
fn openssl_reads_our_encrypted_keys() {
    for spec in
        [KeySpec::EcP256, KeySpec::EcP384, KeySpec::EcP521, KeySpec::Ed25519, KeySpec::Rsa { bits: 2048 }]
    {
        let bench = Bench::new();
        let key = generate_key(spec, &mut rng());
        let der = generate_pkcs8_encrypted(
            &key,
            &Password::new("pässwörd"),
            Scheme::Pbkdf2Aes256 { iterations: 10_000 },
            &mut rng(),
        )
        .unwrap();
        bench.write("key.der", &der);
        let public = bench.openssl("pkey -in key.der -inform DER -passin pass:pässwörd -pubout -outform DER");
        assert_eq!(public, key.public_key().spki_der());
    }
}

#[test]
fn unsupported_algorithms_are_named() {
    let unsupported = |oid: &str| ReadKeyError::UnsupportedAlgorithm { oid: oid.to_owned() };
    let (bench, _) = bench_with_key(P256);
    for (cipher, oid) in
        [("camellia-256-cbc", "1.2.392.200011.61.1.1.1.4"), ("aria-128-cbc", "1.2.410.200046.1.1.2")]
    {
        let pem = bench.openssl(&format!("pkcs8 -topk8 -in key.pem -v2 {cipher} -passout pass:secret"));
        assert_eq!(error(&pem, Some("secret")), unsupported(oid));
        assert_eq!(error(&pem, Some("wrong")), unsupported(oid));
    }
}

#[test]
fn sizes_are_bounded() {
    let (bench, public) = bench_with_key("-algorithm RSA -pkeyopt rsa_keygen_bits:1024");
    let key = assert_reads(&bench.read("key.pem"), None, &public);
    assert_eq!(key.cannot_sign(), Some(CannotSign::RsaTooSmall { bits: 1024, limit: 2048 }));
    assert!(key.x509_signatures().is_empty() && key.schemes_tls12().is_empty());
    let (bench, _) = bench_with_key("-algorithm RSA -pkeyopt rsa_keygen_bits:512");
    assert_eq!(error(&bench.read("key.pem"), None), ReadKeyError::KeyTooSmall { bits: 512, limit: 1024 });
    let (bench, _) =
        bench_with_key("-algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3");
    assert_eq!(error(&bench.read("key.pem"), None), ReadKeyError::MultiPrime);
}

#[test]
fn cost_is_bounded() {
    let (bench, _) = bench_with_key(P256);
    let der =
        bench.openssl("pkcs8 -topk8 -in key.pem -v2 aes-256-cbc -iter 1000 -outform DER -passout pass:x");
    // INTEGER 1000 becomes INTEGER of the same length of the whole: the salt before it is one byte shorter.
    let at = der.windows(4).position(|bytes| bytes == [2, 2, 3, 0xe8]).unwrap();
    let mut huge = der.clone();
    huge.splice(at..at + 4, [2, 4, 0x7f, 0xff, 0xff, 0xff]);
    // The four lengths around grow by two.
    for position in fix_positions(&der, at) {
        huge[position] += 2;
    }
    assert_eq!(error(&huge, Some("x")), ReadKeyError::TooExpensive { iterations: 0x7fff_ffff });

    let der = bench.openssl("pkcs8 -topk8 -in key.pem -scrypt -scrypt_N 2 -outform DER -passout pass:x");
    let at = der.windows(6).position(|bytes| bytes == [2, 1, 2, 2, 1, 8]).unwrap();
    for (cost, expected) in [
        (0x40, None),
        (0, Some(ReadKeyError::Malformed { offset: None })),
        (3, Some(ReadKeyError::Malformed { offset: None })),
    ] {
        let mut changed = der.clone();
        changed[at + 2] = cost;
        assert_eq!(error(&changed, Some("x")), expected.unwrap_or(ReadKeyError::WrongPassword));
    }
    let mut huge = der.clone();
    huge.splice(at..at + 3, [2, 5, 0x40, 0, 0, 0, 0]);
    for position in fix_positions(&der, at) {
        huge[position] += 4;
    }
    assert_eq!(error(&huge, Some("x")), ReadKeyError::TooExpensive { iterations: 0x40_0000_0000 });
}

/// Positions of the length bytes of all elements around `at`, in a structure of less than 64 KiB.
fn fix_positions(der: &[u8], at: usize) -> Vec<usize> {
    let nodes = certwright_encoding::der::tree(der, Default::default()).unwrap();
    nodes
        .iter()
        .filter(|node| node.element.content.start <= at && node.element.content.end > at)
        .map(|node| node.element.header.end - 1)
        .collect()
}

#[test]
fn numbers_that_do_not_belong_together_are_refused() {
    let (bench, _) = bench_with_key(RSA);
    let der = bench.openssl("pkey -in key.pem -traditional -outform DER");
    let nodes = certwright_encoding::der::tree(&der, Default::default()).unwrap();
    // Fields 1 to 8 are n, e, d, p, q, d mod (p-1), d mod (q-1), q^-1 mod p.
    for field in 1..=8 {
        let element = &nodes[field + 1].element;
        let mut changed = der.clone();
        changed[element.content.end - 1] ^= 2;
        assert_eq!(error(&changed, None), ReadKeyError::InvalidKey, "field {field}");
    }
    for options in [P256, P384] {
        let (bench, _) = bench_with_key(options);
        let (other, _) = bench_with_key(options);
        let der = bench.openssl("ec -in key.pem -outform DER");
        let public = other.openssl("pkey -in key.pem -pubout -outform DER");
        let length = if options == P256 { 65 } else { 97 };
        let mut changed = der.clone();
        let start = changed.len() - length;
        changed[start..].copy_from_slice(&public[public.len() - length..]);
        assert_eq!(error(&changed, None), ReadKeyError::Mismatch);
    }
}

#[test]
fn truncations_never_panic() {
    for options in [RSA, P256] {
        let (bench, _) = bench_with_key(options);
        let files = [
            bench.openssl("pkey -in key.pem -outform DER"),
            bench.openssl("pkey -in key.pem -traditional -outform DER"),
            bench.openssl("pkcs8 -topk8 -in key.pem -v2 aes-256-cbc -iter 1 -outform DER -passout pass:x"),
            bench.openssl("pkcs8 -topk8 -in key.pem -scrypt -scrypt_N 2 -outform DER -passout pass:x"),
            bench.read("key.pem"),
        ];
        for file in files {
            let password = Password::new("x");
            let end = file.strip_suffix(b"-----\n").map_or(file.len(), |rest| rest.len() + 5);
            for length in 0..end {
                assert!(read_private_key(&file[..length], Some(&password)).is_err(), "{options} {length}");
            }
        }
    }
}

#[test]
fn other_files_hold_no_key() {
    let (bench, _) = bench_with_key(P256);
    for file in [
        bench.openssl("pkey -in key.pem -pubout"),
        bench.openssl("req -x509 -key key.pem -subj /CN=a"),
        b"<html>".to_vec(),
        b"words".to_vec(),
        Vec::new(),
    ] {
        assert_eq!(error(&file, None), ReadKeyError::NoKey);
    }
    assert_eq!(parse_pem(&bench.read("key.pem")).blocks.len(), 1);
}
