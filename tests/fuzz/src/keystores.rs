//! Containers, one by one and by their content, and the vault.

use std::hint::black_box;

use certwright_keys::{Password, Passwords};
use certwright_keystore::bks::parse_bks;
use certwright_keystore::jceks::parse_jceks;
use certwright_keystore::jks::parse_jks;
use certwright_keystore::open::parse_file;
use certwright_keystore::pkcs7::{parse_pkcs7, parse_pkcs7_der};
use certwright_keystore::pkcs12::parse_pkcs12;
use certwright_keystore::pkipath::{parse_pkipath, to_pkipath};
use certwright_keystore::uber::parse_uber;
use certwright_keystore::vault;
use sha1::{Digest as _, Sha1};

use crate::PASSWORD;

fn with_password() -> Passwords {
    Passwords::from(Password::new(PASSWORD))
}

fn both_ways(parse: impl Fn(&[u8], &Passwords), input: &[u8]) {
    parse(input, &Passwords::none());
    parse(input, &with_password());
}

/// Any file, without a password.
pub fn open(input: &[u8]) {
    black_box(parse_file("", input, &Passwords::none()).is_ok());
}

/// Any file, with passwords of which the second fits.
pub fn open_with_password(input: &[u8]) {
    let passwords = [Password::new("other"), Password::new(PASSWORD)].into_iter().collect();
    if let Ok(found) = parse_file("", input, &passwords) {
        black_box(found.all_certificates());
    }
}

/// PKCS#12.
pub fn pkcs12(input: &[u8]) {
    both_ways(|input, passwords| drop(black_box(parse_pkcs12(input, passwords))), input);
}

/// PKCS#7 as DER, BER, PEM or base64.
pub fn pkcs7(input: &[u8]) {
    black_box(parse_pkcs7(input).is_ok());
    black_box(parse_pkcs7_der(input).is_ok());
}

/// JKS; also with a digest that fits, which no mutation would find.
pub fn jks(input: &[u8]) {
    both_ways(|input, passwords| drop(black_box(parse_jks(input, passwords))), input);
    black_box(parse_jks(&with_digest(input), &with_password()).is_ok());
}

/// JCEKS, with the Java objects inside; also with a digest that fits.
pub fn jceks(input: &[u8]) {
    both_ways(|input, passwords| drop(black_box(parse_jceks(input, passwords))), input);
    black_box(parse_jceks(&with_digest(input), &with_password()).is_ok());
}

/// Replaces the digest at the end of a JKS or JCEKS file by the one that the password gives.
fn with_digest(input: &[u8]) -> Vec<u8> {
    let content = input.len().checked_sub(20).and_then(|length| input.get(..length)).unwrap_or_default();
    let mut digest = Sha1::new();
    digest.update(PASSWORD.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>());
    digest.update(b"Mighty Aphrodite");
    digest.update(content);
    [content, &digest.finalize()].concat()
}

/// BKS.
pub fn bks(input: &[u8]) {
    both_ways(|input, passwords| drop(black_box(parse_bks(input, passwords))), input);
}

/// UBER.
pub fn uber(input: &[u8]) {
    both_ways(|input, passwords| drop(black_box(parse_uber(input, passwords))), input);
}

/// PkiPath; what is read as it stands is written from the end of the chain on.
pub fn pkipath(input: &[u8]) {
    if let Ok(mut chain) = parse_pkipath(input) {
        let again = to_pkipath(&chain).map(|path| parse_pkipath(&path));
        chain.reverse();
        assert_eq!(again, Ok(Ok(chain)));
    }
}

/// The vault: its outside, and its inside, which only its key would open.
pub fn vault(input: &[u8]) {
    black_box(vault::version(input));
    if is_cheap(input) {
        black_box(vault::open(input, &Password::new(PASSWORD)).is_ok());
    }
    for version in [1, vault::VERSION] {
        black_box(vault::parse_content(version, input).is_some());
    }
}

/// Whether the header asks for a derivation that takes no time. What it costs at most is bounded, and not by a second.
fn is_cheap(vault: &[u8]) -> bool {
    let number = |at: usize| {
        vault.get(at..at + 4).map(|bytes| bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)))
    };
    let product = |memory: u64, passes: u64| memory.saturating_mul(passes.max(1));
    let most = u64::from(vault::Parameters::MAX.memory_kib);
    number(9).zip(number(13)).is_some_and(|(memory, passes)| memory > most || product(memory, passes) <= 1024)
}
