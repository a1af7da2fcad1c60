//! UBER, the keystore of Bouncy Castle that is encrypted as a whole (`BcKeyStoreSpi.BouncyCastleStore`), read only.
//!
//! The file: version, salt and iterations, then Twofish in CBC mode under a key that is derived as in PKCS#12 with SHA-1.
//! Within are the entries of [`crate::bks`] and their SHA-1. Refused: version 0, of which the derivation was another.

use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::Pkcs7};
use certwright_keys::{
    Password, SecretBytes,
    password_based::{
        Budget,
        pkcs12_kdf::{Purpose, derive},
    },
    secret::Passwords,
};
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use crate::{
    bks::{Entries, Head, ReadBksError, Reader, to_encoded},
    contents::Contents,
    java_bytes::Input,
};

const BLOCK: usize = 16;
const DIGEST: usize = 20;

/// Reads an UBER file. With no password the empty one is tried.
///
/// # Errors
/// See [`ReadBksError`]. A key that opens and cannot be used is no error, it is named in the result.
pub fn parse_uber(bytes: &[u8], passwords: &Passwords) -> Result<Contents, ReadBksError> {
    let mut input = Input::new(bytes);
    let head = Head::read(&mut input)?;
    if head.version == 0 {
        return Err(ReadBksError::UnsupportedVersion { version: 0 });
    }
    let broken = input.broken("encrypted store");
    let ciphertext = input.bytes(input.left(), "encrypted store")?;
    if ciphertext.is_empty() || !ciphertext.len().is_multiple_of(BLOCK) {
        return Err(broken.into());
    }
    let mut budget = Budget::default();
    let empty = Passwords::from(Password::new(""));
    let given = if passwords.is_empty() { &empty } else { passwords };
    let mut damaged = false;
    for password in given {
        head.spend(&mut budget)?;
        let Some(plain) = decrypt(&head, ciphertext, password) else { continue };
        // A wrong password leaves valid padding now and then, and no entries within.
        let mut within = Input::new(plain.as_bytes());
        let entries = match Entries::read(&mut within) {
            Ok(entries) => entries,
            Err(too_many @ ReadBksError::TooManyItems { .. }) => return Err(too_many),
            Err(_) => continue,
        };
        let body = plain.as_bytes().get(..within.position()).unwrap_or_default();
        let Ok(digest) = within.bytes(DIGEST, "digest") else { continue };
        if Sha1::digest(body).as_slice() != digest {
            damaged = true;
            continue;
        }
        let mut reader = Reader::new(Some(password), passwords, budget);
        reader.read(entries);
        return Ok(reader.contents);
    }
    Err(match (damaged, passwords.is_empty()) {
        (true, _) => ReadBksError::DigestMismatch,
        (false, true) => ReadBksError::NeedsPassword,
        (false, false) => ReadBksError::WrongPassword,
    })
}

/// `PBEWithSHAAndTwofish-CBC`; `None` if the padding is wrong.
fn decrypt(head: &Head<'_>, ciphertext: &[u8], password: &Password) -> Option<SecretBytes> {
    let password = to_encoded(password);
    let derive = |purpose, length| {
        derive::<Sha1>(purpose, password.bmp.as_bytes(), head.salt, head.iterations.into(), length)
    };
    let (key, iv) = (derive(Purpose::Key, 32), derive(Purpose::Iv, BLOCK));
    let decryptor = cbc::Decryptor::<twofish::Twofish>::new_from_slices(&key, &iv).ok()?;
    let mut plain = Zeroizing::new(ciphertext.to_vec());
    let length = decryptor.decrypt_padded::<Pkcs7>(&mut plain).ok()?.len();
    plain.truncate(length);
    Some(plain.into())
}
