//! The private keys of OpenSSL before PKCS#8: PKCS#1, SEC 1 and DSA in PEM, and their encryption by the headers
//! `Proc-Type: 4,ENCRYPTED` and `DEK-Info` (RFC 1421, with OpenSSL's `EVP_BytesToKey`).
//!
//! That encryption hashes the password with one round of MD5: it is read because such files exist, and written only for
//! those who ask for it, with AES-256. Read: AES with 128, 192 and 256 bits, 3DES and DES, all in CBC mode. Refused: every
//! other cipher, by its name.

use aes::cipher::KeyIvInit as _;
use certwright_encoding::{
    base64::to_base64,
    pem::{PemBlock, to_pem},
};
use der::{Decode as _, Encode as _, Sequence, asn1::UintRef};
use md5::{Digest as _, Md5};
use pkcs1::EncodeRsaPrivateKey as _;
use rand_core::CryptoRng;
use zeroize::{Zeroize as _, Zeroizing};

use crate::{
    error::ReadKeyError,
    kept::{DsaKey, parse_dsa_key},
    password_based::{DecryptError, cbc_decrypt, cbc_encrypt},
    private::{PrivateKey, Secret},
    sec1::to_sec1,
    secret::{Password, SecretBytes},
};

/// Whether the headers of a block say that it is encrypted.
pub(crate) fn is_encrypted(block: &PemBlock) -> bool {
    block.header("DEK-Info").is_some()
        || block.header("Proc-Type").is_some_and(|kind| kind.contains("ENCRYPTED"))
}

/// Decrypts the content of an encrypted block.
///
/// # Errors
/// `UnsupportedPemEncryption` with the name of the cipher, `WrongPassword` if the padding is wrong.
pub(crate) fn decrypt_block(
    block: &PemBlock,
    password: Option<&Password>,
) -> Result<SecretBytes, ReadKeyError> {
    let malformed = ReadKeyError::Malformed { offset: Some(block.offset) };
    let info = block.header("DEK-Info").ok_or(malformed.clone())?;
    let (name, iv) = info.split_once(',').unwrap_or((info, ""));
    let name = name.trim();
    let cipher = Cipher::from_name(name)
        .ok_or_else(|| ReadKeyError::UnsupportedPemEncryption { cipher: name.to_owned() })?;
    let iv = parse_hex(iv.trim()).filter(|iv| iv.len() == cipher.block_length()).ok_or(malformed.clone())?;
    if block.der.is_empty() || !block.der.len().is_multiple_of(cipher.block_length()) {
        return Err(malformed);
    }
    let password = password.ok_or(ReadKeyError::NeedsPassword)?;
    let key = derive(password, &iv, cipher.key_length());
    Ok(cipher.decrypt(&key, &iv, &block.der)?)
}

/// Reads OpenSSL's structure for DSA: version 0, p, q, g, y and x. PEM label `DSA PRIVATE KEY`.
///
/// # Errors
/// `Malformed`, `Mismatch` if y is not g to the power of x.
pub(crate) fn parse_traditional_dsa(der: &[u8]) -> Result<PrivateKey, ReadKeyError> {
    let Dsa { version, p, q, g, y, x } = Dsa::from_der(der)?;
    if version != 0 {
        return Err(ReadKeyError::Malformed { offset: None });
    }
    DsaKey { p, q, g, x }.into_key(Some(y.as_bytes()))
}

/// Writes a PEM block `RSA PRIVATE KEY`, `EC PRIVATE KEY` or `DSA PRIVATE KEY`; `None` for a key of another kind.
pub(crate) fn to_traditional_pem(key: &PrivateKey) -> Option<SecretBytes> {
    let (label, der) = to_traditional(key)?;
    Some(SecretBytes::new(to_pem(label, &der).into_bytes()))
}

/// As [`to_traditional_pem`], encrypted with AES-256-CBC.
pub(crate) fn generate_traditional_pem(
    key: &PrivateKey,
    password: &Password,
    rng: &mut impl CryptoRng,
) -> Option<SecretBytes> {
    let (label, der) = to_traditional(key)?;
    let mut iv = [0; 16];
    rng.fill_bytes(&mut iv);
    let derived = derive(password, &iv, 32);
    let encryptor = cbc::Encryptor::<aes::Aes256>::new_from_slices(&derived, &iv).ok()?;
    let ciphertext = to_base64(&cbc_encrypt(encryptor, &der));
    let iv: String = iv.iter().map(|byte| format!("{byte:02X}")).collect();
    let mut text = format!("-----BEGIN {label}-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,{iv}\n\n");
    for line in ciphertext.as_bytes().chunks(64) {
        text.extend(line.iter().map(|byte| char::from(*byte)));
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    Some(SecretBytes::new(text.into_bytes()))
}

/// OpenSSL's structure for DSA.
#[derive(Sequence)]
struct Dsa<'a> {
    version: u8,
    p: UintRef<'a>,
    q: UintRef<'a>,
    g: UintRef<'a>,
    y: UintRef<'a>,
    x: UintRef<'a>,
}

/// Label and DER of a key outside of PKCS#8.
fn to_traditional(key: &PrivateKey) -> Option<(&'static str, Zeroizing<Vec<u8>>)> {
    if let Secret::Rsa { key, .. } = key.secret() {
        return Some(("RSA PRIVATE KEY", key.to_pkcs1_der().ok()?.to_bytes()));
    }
    if key.algorithm().is_dsa() {
        let pkcs8 = key.to_pkcs8_der();
        let y = UintRef::from_der(key.public_key().key_bits()).ok()?;
        let DsaKey { p, q, g, x } = parse_dsa_key(pkcs8.as_bytes()).ok()?;
        let der = Zeroizing::new(Dsa { version: 0, p, q, g, y, x }.to_der().ok()?);
        return Some(("DSA PRIVATE KEY", der));
    }
    Some(("EC PRIVATE KEY", to_sec1(key)?))
}

/// A cipher by the name that OpenSSL gives it.
#[derive(Clone, Copy)]
enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    TripleDes,
    Des,
}

impl Cipher {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_uppercase().as_str() {
            "AES-128-CBC" => Self::Aes128,
            "AES-192-CBC" => Self::Aes192,
            "AES-256-CBC" => Self::Aes256,
            "DES-EDE3-CBC" => Self::TripleDes,
            "DES-CBC" => Self::Des,
            _ => return None,
        })
    }

    fn key_length(self) -> usize {
        match self {
            Self::Des => 8,
            Self::Aes128 => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
        }
    }

    fn block_length(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            Self::TripleDes | Self::Des => 8,
        }
    }

    fn decrypt(self, key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Result<SecretBytes, DecryptError> {
        let lengths = |_| DecryptError::Malformed;
        match self {
            Self::Aes128 => cbc_decrypt(
                cbc::Decryptor::<aes::Aes128>::new_from_slices(key, iv).map_err(lengths)?,
                ciphertext,
            ),
            Self::Aes192 => cbc_decrypt(
                cbc::Decryptor::<aes::Aes192>::new_from_slices(key, iv).map_err(lengths)?,
                ciphertext,
            ),
            Self::Aes256 => cbc_decrypt(
                cbc::Decryptor::<aes::Aes256>::new_from_slices(key, iv).map_err(lengths)?,
                ciphertext,
            ),
            Self::TripleDes => cbc_decrypt(
                cbc::Decryptor::<des::TdesEde3>::new_from_slices(key, iv).map_err(lengths)?,
                ciphertext,
            ),
            Self::Des => cbc_decrypt(
                cbc::Decryptor::<des::Des>::new_from_slices(key, iv).map_err(lengths)?,
                ciphertext,
            ),
        }
    }
}

/// `EVP_BytesToKey` with MD5 and one round: each block of the key is MD5(block before || password || salt), the salt being
/// the first eight bytes of the IV.
fn derive(password: &Password, iv: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let salt = iv.get(..8).unwrap_or(iv);
    // Enough room from the start, so that no reallocation leaves a copy behind.
    let mut key = Zeroizing::new(Vec::with_capacity(length + 16));
    let mut block = Md5::new().chain_update(password.as_str()).chain_update(salt).finalize();
    key.extend_from_slice(&block);
    while key.len() < length {
        block = Md5::new().chain_update(block).chain_update(password.as_str()).chain_update(salt).finalize();
        key.extend_from_slice(&block);
    }
    block.as_mut_slice().zeroize();
    key.truncate(length);
    key
}

fn parse_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let pairs = digits.chunks(2).map(|pair| core::str::from_utf8(pair).ok());
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}
