//! The vault: a keystore at rest, encrypted under a passphrase.
//!
//! Layout, all numbers big-endian: magic `CWVAULT` and NUL, version (1 byte, [`VERSION`]), Argon2id memory in KiB (4), passes (4),
//! lanes (4), salt (16), nonce (24), then XChaCha20-Poly1305 ciphertext and tag over the DER record of the keystore. All that
//! stands before the ciphertext is authenticated with it. Sealing draws a fresh nonce and derives nothing, so that saving
//! is quick; opening derives the key. Refused: newer versions, and parameters that would take unbounded memory or time.
//!
//! Version 1 (no locks, history, secret keys and profile) and version 2 (no notes) are read and never written: the next save upgrades them. The file is also what is
//! exported: whoever has it and its passphrase opens it anywhere.

mod record;
mod record_v1;

use argon2::Argon2;
use certwright_keys::Password;
use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305, XNonce};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::keystore::Keystore;

const MAGIC: &[u8; 8] = b"CWVAULT\0";
/// The version that is written, and the newest that is read.
pub const VERSION: u8 = 3;
/// Largest vault that is written and read, in bytes.
pub const MAX_SIZE: usize = 64 * 1024 * 1024;
const SALT_LENGTH: usize = 16;
const NONCE_LENGTH: usize = 24;
const TAG_LENGTH: usize = 16;
/// Magic, version, three parameters, salt.
const KEY_HEADER_LENGTH: usize = 8 + 1 + 12 + SALT_LENGTH;
const HEADER_LENGTH: usize = KEY_HEADER_LENGTH + NONCE_LENGTH;

/// Cost of deriving the key from the passphrase (RFC 9106, section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Parameters {
    /// The second recommended choice of RFC 9106, section 4, with one lane, as a browser has one thread for it.
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 }
    }
}

impl Parameters {
    /// Most that is accepted when a vault is opened or made: the memory of the default, since a file from elsewhere must not take more,
    /// and little more time. Whoever raises the default raises this and the version, so that older programs name the reason.
    pub const MAX: Self = Self { memory_kib: 64 * 1024, passes: 4, lanes: 4 };

    /// Whether guessing passphrases is cheaper than with the default.
    pub fn is_weaker_than_default(self) -> bool {
        let cost = |parameters: Self| u64::from(parameters.memory_kib) * u64::from(parameters.passes);
        self.memory_kib < Self::default().memory_kib || cost(self) < cost(Self::default())
    }

    fn is_bounded(self) -> bool {
        self.memory_kib <= Self::MAX.memory_kib
            && self.passes <= Self::MAX.passes
            && self.lanes <= Self::MAX.lanes
    }
}

/// The key of a vault, derived from its passphrase. Wiped on drop.
#[derive(Clone)]
pub struct VaultKey {
    key: Zeroizing<[u8; 32]>,
    parameters: Parameters,
    salt: [u8; SALT_LENGTH],
}

/// Why a key could not be derived or a keystore not sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SealVaultError {
    /// The passphrase is empty.
    #[error("empty passphrase")]
    EmptyPassphrase,
    /// The parameters are out of bounds, or there is not so much memory.
    #[error("key derivation too expensive")]
    TooExpensive,
    /// The vault would be larger than [`MAX_SIZE`].
    #[error("keystore too large")]
    TooLarge,
}

/// Why a passphrase could not be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RekeyVaultError {
    /// The old passphrase is not that of the vault.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// The new one cannot be used.
    #[error(transparent)]
    New(#[from] SealVaultError),
}

/// Why a vault could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OpenVaultError {
    /// These bytes are no vault.
    #[error("no vault")]
    NotAVault,
    /// A version of the format that is not known here: a newer program has written it.
    #[error("unsupported vault version {found}")]
    UnsupportedVersion {
        /// The version.
        found: u8,
    },
    /// The passphrase is wrong, or the vault was damaged: the two cannot be told apart.
    #[error("wrong passphrase, or damaged")]
    WrongPassphrase,
    /// The vault is cut off, or what is in it (although authentic) is no keystore.
    #[error("malformed vault")]
    Malformed,
    /// The parameters are out of bounds, or there is not so much memory.
    #[error("key derivation too expensive")]
    TooExpensive,
    /// More than [`MAX_SIZE`].
    #[error("{bytes} bytes are too many")]
    TooLarge {
        /// How many.
        bytes: usize,
    },
}

impl VaultKey {
    /// Derives a key for a new vault, with a fresh salt.
    ///
    /// # Errors
    /// `EmptyPassphrase`, or `TooExpensive` if `parameters` are out of bounds.
    pub fn generate(
        passphrase: &Password,
        parameters: Parameters,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, SealVaultError> {
        if passphrase.is_empty() {
            return Err(SealVaultError::EmptyPassphrase);
        }
        let mut salt = [0; SALT_LENGTH];
        rng.fill_bytes(&mut salt);
        Self::derive(passphrase, parameters, salt).ok_or(SealVaultError::TooExpensive)
    }

    /// The key for another passphrase, with a fresh salt and the default cost. The keystore has to be sealed with it anew; vaults that
    /// were sealed before still open with the old passphrase.
    ///
    /// With the same passphrase twice this brings a vault of [weaker cost](Self::needs_upgrade) to today's.
    ///
    /// # Errors
    /// `WrongPassphrase` if `old` is not the passphrase of this key, `EmptyPassphrase` if `new` is empty.
    pub fn rekey(
        &self,
        old: &Password,
        new: &Password,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, RekeyVaultError> {
        let known = Self::derive(old, self.parameters, self.salt).ok_or(SealVaultError::TooExpensive)?;
        if !bool::from(known.key.ct_eq(&*self.key)) {
            return Err(RekeyVaultError::WrongPassphrase);
        }
        Ok(Self::generate(new, Parameters::default(), rng)?)
    }

    /// Cost with which it was derived.
    pub fn parameters(&self) -> Parameters {
        self.parameters
    }

    /// Whether it was derived at less cost than today's. Then [`Self::rekey`], as soon as the passphrase is at hand.
    pub fn needs_upgrade(&self) -> bool {
        self.parameters.is_weaker_than_default()
    }

    /// `None` if the parameters are out of bounds or memory is short.
    fn derive(passphrase: &Password, parameters: Parameters, salt: [u8; SALT_LENGTH]) -> Option<Self> {
        if !parameters.is_bounded() {
            return None;
        }
        let Parameters { memory_kib, passes, lanes } = parameters;
        let cost = argon2::Params::new(memory_kib, passes, lanes, Some(32)).ok()?;
        let argon2 = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, cost);
        let mut key = Zeroizing::new([0; 32]);
        argon2.hash_password_into(passphrase.as_str().as_bytes(), &salt, key.as_mut_slice()).ok()?;
        Some(Self { key, parameters, salt })
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.key).into())
    }

    fn header(&self) -> Vec<u8> {
        let mut header = Vec::with_capacity(HEADER_LENGTH);
        header.extend(MAGIC);
        header.push(VERSION);
        header.extend(self.parameters.memory_kib.to_be_bytes());
        header.extend(self.parameters.passes.to_be_bytes());
        header.extend(self.parameters.lanes.to_be_bytes());
        header.extend(self.salt);
        header
    }
}

impl core::fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("VaultKey").field("parameters", &self.parameters).finish_non_exhaustive()
    }
}

/// Encrypts a keystore. Two seals of the same keystore differ.
///
/// # Errors
/// `TooLarge`, far above any real keystore.
pub fn seal(
    keystore: &Keystore,
    key: &VaultKey,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, SealVaultError> {
    let mut vault = key.header();
    let mut nonce = [0; NONCE_LENGTH];
    rng.fill_bytes(&mut nonce);
    vault.extend(nonce);
    let mut content = record::to_record(keystore).map_err(|_| SealVaultError::TooLarge)?;
    if content.len() > MAX_SIZE - HEADER_LENGTH - TAG_LENGTH {
        return Err(SealVaultError::TooLarge);
    }
    let tag = key
        .cipher()
        .encrypt_inout_detached(&XNonce::from(nonce), &vault, content.as_mut_slice().into())
        .map_err(|_| SealVaultError::TooLarge)?;
    vault.extend_from_slice(&content);
    vault.extend_from_slice(&tag);
    Ok(vault)
}

/// Whether a file looks like a vault, whatever its version.
pub fn is_vault(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// The version of a vault, without opening it; `None` if these bytes are no vault. One below [`VERSION`] is upgraded by sealing it again.
pub fn version(bytes: &[u8]) -> Option<u8> {
    bytes.strip_prefix(MAGIC)?.first().copied()
}

/// Decrypts a vault; gives the key too, to seal it again.
///
/// # Errors
/// See [`OpenVaultError`].
pub fn open(bytes: &[u8], passphrase: &Password) -> Result<(Keystore, VaultKey), OpenVaultError> {
    let vault = Sealed::parse(bytes)?;
    let key =
        VaultKey::derive(passphrase, vault.parameters, vault.salt).ok_or(OpenVaultError::TooExpensive)?;
    Ok((vault.decrypt(&key)?, key))
}

/// Decrypts a vault that was sealed with this very key, without deriving it again.
///
/// # Errors
/// See [`OpenVaultError`]; `WrongPassphrase` also for a vault that was made with another key.
pub fn open_with_key(bytes: &[u8], key: &VaultKey) -> Result<Keystore, OpenVaultError> {
    Sealed::parse(bytes)?.decrypt(key)
}

/// Reads what is inside a vault of this version. Nobody but the fuzzer gets there without a key.
#[cfg(fuzzing)]
pub fn parse_content(version: u8, content: &[u8]) -> Option<Keystore> {
    if version == 1 { record_v1::parse_record_v1(content) } else { record::parse_record(content) }
}

/// The parts of a vault.
struct Sealed<'a> {
    version: u8,
    parameters: Parameters,
    salt: [u8; SALT_LENGTH],
    nonce: [u8; NONCE_LENGTH],
    header: &'a [u8],
    ciphertext: &'a [u8],
    tag: [u8; TAG_LENGTH],
}

impl<'a> Sealed<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, OpenVaultError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(OpenVaultError::NotAVault)?;
        let (&version, rest) = rest.split_first().ok_or(OpenVaultError::Malformed)?;
        match version {
            0 => return Err(OpenVaultError::Malformed),
            1..=VERSION => {}
            newer => return Err(OpenVaultError::UnsupportedVersion { found: newer }),
        }
        if bytes.len() > MAX_SIZE {
            return Err(OpenVaultError::TooLarge { bytes: bytes.len() });
        }
        let (memory_kib, rest) = take::<4>(rest)?;
        let (passes, rest) = take::<4>(rest)?;
        let (lanes, rest) = take::<4>(rest)?;
        let (salt, rest) = take::<SALT_LENGTH>(rest)?;
        let (nonce, rest) = take::<NONCE_LENGTH>(rest)?;
        let (ciphertext, tag) = rest.split_last_chunk::<TAG_LENGTH>().ok_or(OpenVaultError::Malformed)?;
        let parameters = Parameters {
            memory_kib: u32::from_be_bytes(memory_kib),
            passes: u32::from_be_bytes(passes),
            lanes: u32::from_be_bytes(lanes),
        };
        let header = bytes.get(..HEADER_LENGTH).ok_or(OpenVaultError::Malformed)?;
        Ok(Self { version, parameters, salt, nonce, header, ciphertext, tag: *tag })
    }

    fn decrypt(&self, key: &VaultKey) -> Result<Keystore, OpenVaultError> {
        let mut content = Zeroizing::new(self.ciphertext.to_vec());
        key.cipher()
            .decrypt_inout_detached(
                &XNonce::from(self.nonce),
                self.header,
                content.as_mut_slice().into(),
                (&self.tag).into(),
            )
            .map_err(|_| OpenVaultError::WrongPassphrase)?;
        let keystore = match self.version {
            1 => record_v1::parse_record_v1(&content),
            2 => record::parse_record(&content).filter(|keystore| keystore.notes().next().is_none()),
            _ => record::parse_record(&content),
        };
        keystore.ok_or(OpenVaultError::Malformed)
    }
}

fn take<const N: usize>(bytes: &[u8]) -> Result<([u8; N], &[u8]), OpenVaultError> {
    bytes.split_first_chunk::<N>().map(|(first, rest)| (*first, rest)).ok_or(OpenVaultError::Malformed)
}
