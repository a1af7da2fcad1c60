//! What must never be in any traffic: a private key and a password in every form in which they could leak.
//!
//! Keys are taken apart by openssl, which knows nothing of how the page holds them. The secret numbers are cut into pieces of 16
//! bytes, so that a part of a key is found as well as the whole.

use std::fs;
use std::path::Path;

use base64ct::{Base64, Base64Url, Encoding};

use crate::openssl;
use crate::recorder::Needle;

/// The needles of a private key in an unencrypted PEM file.
///
/// # Panics
/// If openssl cannot read it, or finds no secret number in it.
pub fn of_private_key(name: &str, pem: &Path) -> Vec<Needle> {
    let path = pem.to_str().unwrap();
    let mut needles = Vec::new();
    let printed = openssl::text(["pkey", "-in", path, "-noout", "-text"]);
    let numbers = secret_numbers(&printed);
    assert!(!numbers.is_empty(), "openssl shows no secret numbers of {name}");
    for (part, number) in numbers {
        for (index, piece) in number.chunks_exact(PIECE).enumerate() {
            let name = format!("{name}: {part}, bytes {} to {}", index * PIECE, (index + 1) * PIECE);
            needles.extend(encodings(&name, piece));
        }
    }
    // Whole structures only: a piece of one may be public.
    let traditional = ["pkey", "-in", path, "-traditional", "-outform", "DER"];
    for (form, der) in [
        ("PKCS#8", openssl::run(["pkcs8", "-topk8", "-nocrypt", "-in", path, "-outform", "DER"])),
        ("PKCS#1 or SEC1", openssl::run(traditional)),
    ] {
        needles.extend(encodings(&format!("{name}: {form}"), &der));
    }
    needles
}

/// The needles of a password.
pub fn of_password(name: &str, password: &str) -> Vec<Needle> {
    let utf16: Vec<u8> = password.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut needles = encodings(name, password.as_bytes());
    needles.extend(encodings(&format!("{name} in UTF-16"), &utf16));
    needles
}

/// The needles of something public, cut and encoded as a secret number is: what shows that the search finds what is there.
pub fn of_public_bytes(name: &str, bytes: &[u8]) -> Vec<Needle> {
    let pieces = bytes.chunks_exact(PIECE).enumerate();
    pieces.flat_map(|(index, piece)| encodings(&format!("{name}: piece {index}"), piece)).collect()
}

/// Puts the private key of a PKCS#12 file into a PEM file, with openssl.
pub fn take_private_key(pkcs12: &Path, password: &str, pem: &Path) {
    let (from, to, password) = (pkcs12.to_str().unwrap(), pem.to_str().unwrap(), format!("pass:{password}"));
    openssl::run(["pkcs12", "-in", from, "-passin", &password, "-nodes", "-nocerts", "-out", to]);
    assert!(
        fs::read_to_string(pem).unwrap().contains("PRIVATE KEY"),
        "openssl found no private key in {from}"
    );
}

/// Bytes of a piece of a secret number: short enough that a part is found, long enough that chance finds none.
const PIECE: usize = 16;

/// A secret in every encoding.
fn encodings(name: &str, secret: &[u8]) -> Vec<Needle> {
    let hex = |digits: fn(&u8) -> String, between: &str| {
        secret.iter().map(digits).collect::<Vec<_>>().join(between)
    };
    let mut needles = vec![
        Needle::new(format!("{name} (raw)"), secret),
        Needle::new(format!("{name} (hex)"), hex(|byte| format!("{byte:02x}"), "")),
        Needle::new(format!("{name} (upper-case hex)"), hex(|byte| format!("{byte:02X}"), "")),
        Needle::new(format!("{name} (hex with colons)"), hex(|byte| format!("{byte:02x}"), ":")),
        Needle::new(format!("{name} (list of numbers)"), hex(u8::to_string, ",")),
    ];
    let reversed: Vec<u8> = secret.iter().rev().copied().collect();
    needles.push(Needle::new(format!("{name} (reversed)"), reversed));
    for shift in 0..3 {
        for (alphabet, text) in
            [("base64", base64::<Base64>(secret, shift)), ("base64url", base64::<Base64Url>(secret, shift))]
        {
            needles.push(Needle::new(format!("{name} ({alphabet}, shifted by {shift})"), text));
        }
    }
    needles
}

/// The part of the base64 of anything that holds `secret` after `3 n + shift` bytes which depends on the secret alone.
fn base64<E: Encoding>(secret: &[u8], shift: usize) -> String {
    let mut bytes = vec![0; shift];
    bytes.extend_from_slice(secret);
    // What is left over at the end shares its characters with what follows.
    let whole = bytes.len() / 3 * 3;
    let text = E::encode_string(&bytes[..whole]);
    // Of the first characters, those that hold bits of the bytes before.
    text[shift + usize::from(shift > 0)..].to_owned()
}

/// The secret numbers that `openssl pkey -text` prints: `priv:` of an EC key; exponent and primes of an RSA key.
fn secret_numbers(printed: &str) -> Vec<(String, Vec<u8>)> {
    const SECRET: [&str; 7] =
        ["priv", "privateExponent", "prime1", "prime2", "exponent1", "exponent2", "coefficient"];
    let mut numbers: Vec<(String, Vec<u8>)> = Vec::new();
    let mut reads = false;
    for line in printed.lines() {
        if !line.starts_with(' ') {
            let name = line.split(':').next().unwrap_or_default();
            reads = SECRET.contains(&name);
            if reads {
                numbers.push((name.to_owned(), Vec::new()));
            }
        } else if let Some((_, number)) = numbers.last_mut().filter(|_| reads) {
            let digits = line.trim().split(':').filter(|digits| !digits.is_empty());
            number.extend(
                digits.map(|digits| u8::from_str_radix(digits, 16).expect("openssl prints hexadecimal")),
            );
        }
    }
    for (_, number) in &mut numbers {
        // The sign byte is no part of the number.
        while number.len() % PIECE == 1 && number.first() == Some(&0) {
            number.remove(0);
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alignment_of_base64_is_covered() {
        let secret: Vec<u8> = (100..132).collect();
        for before in 0..6usize {
            let mut bytes = vec![9; before];
            bytes.extend(&secret);
            bytes.extend([8; 5]);
            let text = Base64::encode_string(&bytes);
            let part = base64::<Base64>(&secret, before % 3);
            assert!(text.contains(&part), "{before}: {part} is not in {text}");
            assert!(part.len() >= 38);
        }
    }

    #[test]
    fn keys_are_taken_apart() {
        let folder = tempfile::tempdir().unwrap();
        let pem = folder.path().join("key.pem");
        let path = pem.to_str().unwrap();
        openssl::run(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path]);
        let printed = openssl::text(["pkey", "-in", path, "-noout", "-text"]);
        let numbers = secret_numbers(&printed);
        let [(name, number)] = numbers.as_slice() else { panic!("{numbers:?}") };
        // openssl leaves out zeros at the beginning.
        assert!(name == "priv" && (28..=32).contains(&number.len()), "{name}: {} bytes", number.len());
        // The scalar is in the DER, or it is not the scalar.
        let der = openssl::run(["pkey", "-in", path, "-outform", "DER"]);
        assert!(der.windows(number.len()).any(|window| window == *number));

        openssl::run([
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
            "-quiet",
            "-out",
            path,
        ]);
        let printed = openssl::text(["pkey", "-in", path, "-noout", "-text"]);
        let numbers = secret_numbers(&printed);
        assert_eq!(numbers.len(), 6);
        let der = openssl::run(["pkey", "-in", path, "-traditional", "-outform", "DER"]);
        for (name, number) in &numbers {
            assert!(der.windows(number.len()).any(|window| window == *number), "{name}");
            assert!(number.len() >= 120, "{name}");
        }
        assert!(of_private_key("key", &pem).len() > 300);
    }

    #[test]
    fn a_password_is_looked_for_in_every_encoding() {
        let needles = of_password("password", "correct horse");
        assert!(needles.contains(&Needle::new("password (raw)", "correct horse")));
        assert!(needles.iter().any(|needle| needle.bytes == b"636f727265637420686f727365"));
        assert!(needles.iter().any(|needle| needle.bytes.starts_with(b"Y29ycmVjdCBob3Jz")));
        assert!(needles.iter().any(|needle| needle.bytes.starts_with(b"\0c\0o\0r")));
    }
}
