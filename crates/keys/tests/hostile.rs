//! Bytes from anywhere: no parser panics, and none takes long.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use certwright_encoding::{pem::parse_pem, sniff::Kind};
use certwright_keys::{
    KeyFormat, KeySpec, Password, PrivateKey, PublicKey, PublicKeyFormat,
    generate::generate_key,
    jwk::parse_jwks,
    pkcs1::parse_pkcs1,
    pkcs8::parse_pkcs8,
    pkcs8_encrypted::parse_pkcs8_encrypted,
    read::{read_der, read_private_key, read_public_key},
    sec1::parse_sec1,
    write::{generate_key_file, to_public_key_file},
};
use proptest::prelude::*;
use support::{Bench, rng};

/// Every reader of this crate on the same bytes. (The machine may be busy, so the time is a generous one.)
fn read_all(bytes: &[u8]) {
    let start = Instant::now();
    let password = Password::new("secret");
    let _ = read_private_key(bytes, Some(&password));
    let _ = read_public_key(bytes);
    let _ = parse_pkcs8(bytes);
    let _ = parse_pkcs8_encrypted(bytes, Some(&password));
    let _ = parse_pkcs1(bytes);
    let _ = parse_sec1(bytes, None);
    let _ = parse_jwks(bytes);
    let _ = PublicKey::from_spki_der(bytes);
    for kind in [Kind::Pkcs1, Kind::Sec1] {
        let _ = read_der(bytes, kind, Some(&password));
    }
    let taken = start.elapsed();
    assert!(taken < Duration::from_secs(60), "{taken:?}");
}

/// A good file of every format, encrypted ones at little cost.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let bench = Bench::new();
    let mut files = Vec::new();
    for options in [
        "-algorithm RSA -pkeyopt rsa_keygen_bits:1024",
        "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:1024 -pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha256",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
        "-algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1",
        "-algorithm ED25519",
        "-algorithm ED448",
        "-algorithm X25519",
    ] {
        bench.openssl(&format!("genpkey {options} -out key.pem"));
        files.push(bench.openssl("pkey -in key.pem -outform DER"));
        files.push(bench.openssl("pkey -in key.pem -pubout -outform DER"));
    }
    bench.openssl("genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out parameters.pem");
    bench.openssl("genpkey -paramfile parameters.pem -out key.pem");
    files.push(bench.openssl("pkey -in key.pem -outform DER"));
    files.push(bench.openssl("pkey -in key.pem -traditional -outform DER"));
    bench.openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem");
    for options in [
        "-v2 aes-256-cbc -iter 1",
        "-scrypt -scrypt_N 2",
        "-v1 PBE-SHA1-3DES -iter 1",
        "-v1 PBE-MD5-DES -iter 1 -provider legacy -provider default",
        "-v2 rc2 -iter 1 -provider legacy -provider default",
    ] {
        files.push(
            bench.openssl(&format!("pkcs8 -topk8 -in key.pem {options} -outform DER -passout pass:secret")),
        );
    }
    files.push(bench.openssl("ec -in key.pem -aes128 -passout pass:secret"));
    bench.ssh_keygen("-q -t ecdsa -b 256 -a 1 -f ssh", "secret");
    files.push(parse_pem(&bench.read("ssh")).blocks[0].der.clone());
    files.push(bench.read("ssh.pub"));
    for spec in [KeySpec::EcP256, KeySpec::Ed25519] {
        let key = generate_key(spec, &mut rng());
        for format in [KeyFormat::OpenSsh, KeyFormat::Jwk] {
            files.push(generate_key_file(&key, format, None, &mut rng()).unwrap().as_bytes().to_vec());
        }
        files.push(to_public_key_file(key.public_key(), PublicKeyFormat::Jwk).unwrap());
    }
    files.push(generate_key(KeySpec::MlDsa44, &mut rng()).to_pkcs8_der().as_bytes().to_vec());
    files
});

#[test]
fn the_good_files_are_good() {
    let password = Password::new("secret");
    for (number, file) in FILES.iter().enumerate() {
        let private = read_private_key(file, Some(&password));
        let public = read_public_key(file);
        assert!(private.is_ok() || public.is_ok(), "{number}: {private:?} {public:?}");
    }
}

#[test]
fn nesting_is_bounded() {
    for opening in [b"\x30\x80".as_slice(), b"\x30\x84\x7f\xff\xff\xff", b"{\"keys\":[", b"[", b"-----BEGIN "]
    {
        read_all(&opening.repeat(10_000));
    }
}

#[test]
fn lengths_beyond_the_file() {
    for file in FILES.iter() {
        for at in 0..file.len().min(60) {
            for length in [&[0x84, 0x7f, 0xff, 0xff, 0xff][..], &[0xff, 0xff, 0xff, 0xff], &[0x88; 9]] {
                let mut changed = file.clone();
                changed.splice(at..=at, length.iter().copied());
                read_all(&changed);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, max_shrink_iters: 100, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_all(&bytes);
        read_all(&[b"openssh-key-v1\0".as_slice(), &bytes].concat());
        read_all(&[b"{\"kty\":\"RSA\",\"n\":\"".as_slice(), &bytes].concat());
    }

    #[test]
    fn truncated(number in any::<prop::sample::Index>(), length in any::<prop::sample::Index>()) {
        let file = number.get(&FILES);
        read_all(&file[..length.index(file.len())]);
    }

    #[test]
    fn flipped(
        number in any::<prop::sample::Index>(),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), 0..8_u8), 1..4),
    ) {
        let mut file = number.get(&FILES).clone();
        for (at, bit) in flips {
            let at = at.index(file.len());
            file[at] ^= 1 << bit;
        }
        read_all(&file);
    }
}

#[test]
fn what_is_read_signs_or_says_why() {
    // A key that came through the readers is one that works: no later step meets numbers that make it panic.
    for file in FILES.iter() {
        let Ok(key) = PrivateKey::from_pkcs8_der(file) else { continue };
        for kind in key.x509_signatures() {
            key.sign_x509(kind, b"message", &mut rng()).unwrap();
        }
        assert_eq!(key.x509_signatures().is_empty(), key.cannot_sign().is_some());
    }
}
