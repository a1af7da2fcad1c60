//! How OpenSSH encrypts its private keys: bcrypt_pbkdf, then one of its own ciphers (`ssh-keygen -Z`).
//!
//! Refused: ciphers and derivations that it does not have, by name; more than [`MAX_BCRYPT_ROUNDS`] rounds.

use rand_core::CryptoRng;
use ssh_cipher::Cipher;
use zeroize::Zeroizing;

use super::wire::{Reader, Writer};
use crate::{
    error::ReadKeyError,
    secret::{Password, SecretBytes},
};

/// Most rounds of bcrypt, each of which takes some 6 ms. OpenSSH itself uses 16 or 24, the cautious ask it for hundreds.
pub const MAX_BCRYPT_ROUNDS: u32 = if cfg!(fuzzing) { 4 } else { 512 };
/// Rounds in what is written, as OpenSSH does since 9.4.
const ROUNDS: u32 = 24;

const CIPHERS: [Cipher; 10] = [
    Cipher::Aes256Ctr,
    Cipher::Aes192Ctr,
    Cipher::Aes128Ctr,
    Cipher::Aes256Cbc,
    Cipher::Aes192Cbc,
    Cipher::Aes128Cbc,
    Cipher::Aes256Gcm,
    Cipher::Aes128Gcm,
    Cipher::ChaCha20Poly1305,
    Cipher::TdesCbc,
];

/// Cipher and derivation of one file.
pub(super) struct Encryption {
    cipher: Cipher,
    salt: Vec<u8>,
    rounds: u32,
}

impl Encryption {
    /// Reads the names and options at the start of a file; `None` if it is not encrypted.
    ///
    /// # Errors
    /// `UnsupportedName`, `TooExpensive`, `Malformed`.
    pub(super) fn parse(
        cipher: &str,
        derivation: &str,
        options: &[u8],
    ) -> Result<Option<Self>, ReadKeyError> {
        let unsupported = |name: &str| ReadKeyError::UnsupportedName { name: name.to_owned() };
        if cipher == "none" && derivation == "none" {
            return Ok(None);
        }
        let cipher =
            *CIPHERS.iter().find(|known| known.as_str() == cipher).ok_or_else(|| unsupported(cipher))?;
        if derivation != "bcrypt" {
            return Err(unsupported(derivation));
        }
        let mut options = Reader::new(options);
        let salt = options.string()?.to_vec();
        let rounds = options.u32()?;
        if rounds > MAX_BCRYPT_ROUNDS {
            return Err(ReadKeyError::TooExpensive { iterations: rounds.into() });
        }
        if rounds == 0 || salt.is_empty() {
            return Err(ReadKeyError::Malformed { offset: None });
        }
        Ok(Some(Self { cipher, salt, rounds }))
    }

    /// What is used in writing: AES-256-CTR.
    pub(super) fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut salt = vec![0; 16];
        rng.fill_bytes(&mut salt);
        Self { cipher: Cipher::Aes256Ctr, salt, rounds: ROUNDS }
    }

    /// Names of cipher and derivation, and the options of the latter.
    pub(super) fn names(&self) -> (&'static str, &'static str, Vec<u8>) {
        let mut options = Writer::default();
        options.string(&self.salt);
        options.bytes(&self.rounds.to_be_bytes());
        (self.cipher.as_str(), "bcrypt", options.finish().to_vec())
    }

    pub(super) fn block_length(&self) -> usize {
        self.cipher.block_size()
    }

    /// Decrypts; `tag` is what follows the ciphertext in the file.
    ///
    /// # Errors
    /// `WrongPassword` if the tag of an authenticated cipher does not fit, `Malformed`.
    pub(super) fn decrypt(
        &self,
        password: &Password,
        ciphertext: &[u8],
        tag: &[u8],
    ) -> Result<SecretBytes, ReadKeyError> {
        let malformed = ReadKeyError::Malformed { offset: None };
        let tag = match (self.cipher.has_tag(), tag) {
            (false, []) => None,
            (true, tag) => Some(tag.try_into().map_err(|_| malformed.clone())?),
            _ => return Err(malformed),
        };
        if ciphertext.is_empty() || !ciphertext.len().is_multiple_of(self.cipher.block_size()) {
            return Err(malformed);
        }
        // OpenSSH encrypts under no empty password.
        let (key, iv) = self.derive(password).ok_or(ReadKeyError::WrongPassword)?;
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        self.cipher.decrypt(&key, &iv, &mut buffer, tag).map_err(|_| ReadKeyError::WrongPassword)?;
        Ok(buffer.into())
    }

    /// Encrypts whole blocks. `None` for an empty password.
    pub(super) fn encrypt(&self, password: &Password, mut plain: Zeroizing<Vec<u8>>) -> Option<Vec<u8>> {
        let (key, iv) = self.derive(password)?;
        self.cipher.encrypt(&key, &iv, &mut plain).ok()?;
        Some(core::mem::take(&mut *plain))
    }

    /// Key and IV. ChaCha20-Poly1305 takes zeros for a nonce there.
    fn derive(&self, password: &Password) -> Option<(Zeroizing<Vec<u8>>, Vec<u8>)> {
        let (key_length, iv_length) = self.cipher.key_and_iv_size()?;
        let mut derived = Zeroizing::new(vec![0; key_length + iv_length]);
        bcrypt_pbkdf::bcrypt_pbkdf(password.as_str(), &self.salt, self.rounds, &mut derived).ok()?;
        let mut iv = derived.get(key_length..)?.to_vec();
        if self.cipher == Cipher::ChaCha20Poly1305 {
            iv.fill(0);
        }
        derived.truncate(key_length);
        Some((derived, iv))
    }
}
