//! OpenSSH's keys against ssh-keygen: what it writes we read, what we write it reads.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_keys::{
    CannotSign, KeyAlgorithm, KeyFormat, KeySpec, Password, PublicKeyFormat, ReadKeyError,
    generate::generate_key,
    read::{read_private_key, read_public_key},
    write::{WriteKeyError, generate_key_file, to_public_key_file},
};
use support::{Bench, rng};

const KINDS: [&str; 5] =
    ["-t rsa -b 2048", "-t ecdsa -b 256", "-t ecdsa -b 384", "-t ecdsa -b 521", "-t ed25519"];
const PASSWORDS: [&str; 4] = ["secret", "pässwörd", "ლ(ಠ益ಠლ)", HUNDRED];
const HUNDRED: &str =
    "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqr";

fn error(bytes: &[u8], password: Option<&str>) -> ReadKeyError {
    let password = password.map(Password::new);
    read_private_key(bytes, password.as_ref()).unwrap_err()
}

#[test]
fn what_ssh_keygen_writes() {
    for kind in KINDS {
        let bench = Bench::new();
        bench.ssh_keygen(&format!("-q {kind} -f key -C comment"), "");
        let key = read_private_key(&bench.read("key"), None).unwrap();
        let public = read_public_key(&bench.read("key.pub")).unwrap();
        assert_eq!(key.public_key(), &public);
        // The same key as openssl sees it.
        bench.write("key.pem", key.to_pkcs8_der().as_bytes());
        assert_eq!(
            bench.openssl("pkey -in key.pem -inform DER -pubout -outform DER"),
            public.spki_der(),
            "{kind}"
        );
        // RFC 4716 and PEM, as ssh-keygen converts.
        let text = bench.ssh_keygen("-e -f key.pub -m RFC4716", "");
        assert_eq!(read_public_key(&text).unwrap(), public);
        if kind != "-t ed25519" {
            let text = bench.ssh_keygen("-e -f key.pub -m PKCS8", "");
            assert_eq!(read_public_key(&text).unwrap(), public);
        }
        // With options before it, as in authorized_keys.
        let line = [b"# a comment\nno-pty,command=\"a b\" ".as_slice(), &bench.read("key.pub")].concat();
        assert_eq!(read_public_key(&line).unwrap(), public);
    }
}

#[test]
fn scalars_with_zeros_in_front() {
    // One scalar in 256 is shorter than its curve, and so is its number in the file.
    let key = (0..100_000)
        .map(|_| generate_key(KeySpec::EcP256, &mut rng()))
        .find(|key| {
            let der = key.to_pkcs8_der();
            let at = der.as_bytes().windows(2).position(|window| window == [4, 32]).unwrap();
            der.as_bytes()[at + 2] == 0
        })
        .unwrap();
    let bench = Bench::new();
    let file = generate_key_file(&key, KeyFormat::OpenSsh, None, &mut rng()).unwrap();
    bench.write_secret("key", file.as_bytes());
    // It writes the file anew.
    bench.ssh_keygen("-q -p -f key", "");
    assert_ne!(bench.read("key"), file.as_bytes());
    let again = read_private_key(&bench.read("key"), None).unwrap();
    assert_eq!(again.to_pkcs8_der(), key.to_pkcs8_der());
}

#[test]
fn encrypted_keys() {
    for (number, cipher) in [
        "aes256-ctr",
        "aes192-ctr",
        "aes128-ctr",
        "aes256-cbc",
        "aes192-cbc",
        "aes128-cbc",
        "aes256-gcm@openssh.com",
        "aes128-gcm@openssh.com",
        "chacha20-poly1305@openssh.com",
        "3des-cbc",
    ]
    .into_iter()
    .enumerate()
    {
        let bench = Bench::new();
        let password = PASSWORDS[number % PASSWORDS.len()];
        bench.ssh_keygen(&format!("-q {} -a 2 -Z {cipher} -f key", KINDS[number % KINDS.len()]), password);
        let file = bench.read("key");
        let key = read_private_key(&file, Some(&Password::new(password))).unwrap();
        assert_eq!(key.public_key(), &read_public_key(&bench.read("key.pub")).unwrap(), "{cipher}");
        assert_eq!(error(&file, None), ReadKeyError::NeedsPassword);
        for wrong in ["wrong", ""] {
            assert_eq!(error(&file, Some(wrong)), ReadKeyError::WrongPassword, "{cipher}");
        }
    }
}

#[test]
fn ssh_keygen_reads_what_we_write() {
    for spec in
        [KeySpec::Rsa { bits: 2048 }, KeySpec::EcP256, KeySpec::EcP384, KeySpec::EcP521, KeySpec::Ed25519]
    {
        let bench = Bench::new();
        let key = generate_key(spec, &mut rng());
        let public = to_public_key_file(key.public_key(), PublicKeyFormat::OpenSsh).unwrap();
        let plain = generate_key_file(&key, KeyFormat::OpenSsh, None, &mut rng()).unwrap();
        bench.write_secret("key", plain.as_bytes());
        assert_eq!(bench.ssh_keygen("-y -f key", ""), public);
        // bcrypt takes its time: all passwords with the one kind, one with the others.
        let passwords = if spec == KeySpec::Ed25519 { &PASSWORDS[..] } else { &PASSWORDS[1..2] };
        for password in passwords {
            let password = Password::new(*password);
            let file =
                generate_key_file(&key, KeyFormat::OpenSshEncrypted, Some(&password), &mut rng()).unwrap();
            bench.write_secret("key", file.as_bytes());
            assert_eq!(bench.ssh_keygen("-y -f key", password.as_str()), public);
        }
    }
    let key = generate_key(KeySpec::MlDsa44, &mut rng());
    let refused = Err(WriteKeyError::NoPlace { algorithm: KeyAlgorithm::MlDsa44 });
    assert_eq!(generate_key_file(&key, KeyFormat::OpenSsh, None, &mut rng()), refused);
}

#[test]
fn dsa_is_kept() {
    let bench = Bench::new();
    bench.ssh_keygen("-q -t dsa -f key", "");
    let file = bench.read("key");
    let key = read_private_key(&file, None).unwrap();
    assert_eq!(key.algorithm(), KeyAlgorithm::Dsa { bits: 1024 });
    assert_eq!(
        key.cannot_sign(),
        Some(CannotSign::UnsupportedAlgorithm { oid: "1.2.840.10040.4.1".to_owned() })
    );
    assert_eq!(key.public_key(), &read_public_key(&bench.read("key.pub")).unwrap());
    let ours = generate_key_file(&key, KeyFormat::OpenSsh, None, &mut rng()).unwrap();
    bench.write_secret("ours", ours.as_bytes());
    let line = bench.ssh_keygen("-y -f ours", "");
    assert_eq!(read_public_key(&line).unwrap(), *key.public_key());
}

#[test]
fn cost_is_bounded_and_what_is_unknown_is_named() {
    let bench = Bench::new();
    bench.ssh_keygen("-q -t ed25519 -a 2 -f key", "secret");
    let text = String::from_utf8(bench.read("key")).unwrap();
    let der = certwright_encoding::pem::parse_pem(text.as_bytes()).blocks[0].der.clone();
    let changed = |from: &[u8], to: &[u8]| {
        let at = der.windows(from.len()).position(|window| window == from).unwrap();
        let mut changed = der.clone();
        changed[at..at + from.len()].copy_from_slice(to);
        changed
    };
    let salt_end = der.windows(6).position(|window| window == b"bcrypt").unwrap() + 6 + 4 + 4 + 16;
    assert_eq!(der[salt_end..salt_end + 4], [0, 0, 0, 2]);
    let mut huge = der.clone();
    huge[salt_end..salt_end + 4].copy_from_slice(&[0x80, 0, 0, 0]);
    assert_eq!(error(&huge, Some("secret")), ReadKeyError::TooExpensive { iterations: 1 << 31 });
    assert_eq!(
        error(&changed(b"bcrypt", b"scrypt"), Some("secret")),
        ReadKeyError::UnsupportedName { name: "scrypt".to_owned() }
    );
    assert_eq!(
        error(&changed(b"aes256-ctr", b"aes256-xyz"), Some("secret")),
        ReadKeyError::UnsupportedName { name: "aes256-xyz".to_owned() }
    );
}
