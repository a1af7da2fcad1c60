//! Writing a key as a file in the format that someone asks for.
//!
//! What is written is read back before it is given away. Refused: a format that has no place for the key, and an
//! encrypted one without a password.

use core::fmt;

use certwright_encoding::pem::to_pem;
use rand_core::CryptoRng;
use thiserror::Error;

use crate::{
    algorithm::KeyAlgorithm,
    error::ReadKeyError,
    jwk, openssh,
    password_based::pbes2::Scheme,
    pkcs8_encrypted::generate_pkcs8_encrypted,
    private::PrivateKey,
    public::PublicKey,
    public_key::read_public_key,
    read::read_private_key,
    secret::{Password, SecretBytes},
    traditional_pem,
};

/// Iterations of PBKDF2 in what is written: what OWASP recommends for HMAC-SHA-256 since 2023.
pub const ITERATIONS: u32 = 600_000;
/// How keys are encrypted unless something else is wished.
const PBKDF2_AES: Scheme = Scheme::Pbkdf2Aes256 { iterations: ITERATIONS };

/// How a private key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyFormat {
    /// PKCS#8 as PEM (`PRIVATE KEY`): what nearly every program reads.
    Pkcs8Pem,
    /// PKCS#8 as DER.
    Pkcs8Der,
    /// PKCS#8 encrypted with PBES2 (PBKDF2 with HMAC-SHA-256, AES-256-CBC) as PEM (`ENCRYPTED PRIVATE KEY`).
    Pkcs8EncryptedPem,
    /// The same with scrypt (RFC 7914) instead of PBKDF2, as PEM.
    Pkcs8ScryptPem,
    /// The same with 3DES instead of AES, as PEM: for programs without AES.
    Pkcs8TripleDesPem,
    /// PKCS#8 encrypted like [`KeyFormat::Pkcs8EncryptedPem`], as DER.
    Pkcs8EncryptedDer,
    /// PKCS#1 or SEC 1 as PEM (`RSA PRIVATE KEY`, `EC PRIVATE KEY`): what older programs ask for.
    TraditionalPem,
    /// The same with the encryption of old OpenSSL (`Proc-Type: 4,ENCRYPTED`, AES-256-CBC), which hashes the password with
    /// one round of MD5.
    TraditionalEncryptedPem,
    /// OpenSSH's own format.
    OpenSsh,
    /// OpenSSH's own format, encrypted (bcrypt, AES-256-CTR).
    OpenSshEncrypted,
    /// JSON Web Key (RFC 7517, RFC 7518, RFC 8037).
    Jwk,
}

impl KeyFormat {
    /// All of them, the most useful first.
    pub const ALL: [Self; 11] = [
        Self::Pkcs8EncryptedPem,
        Self::Pkcs8Pem,
        Self::Pkcs8ScryptPem,
        Self::Pkcs8TripleDesPem,
        Self::Pkcs8EncryptedDer,
        Self::Pkcs8Der,
        Self::TraditionalPem,
        Self::TraditionalEncryptedPem,
        Self::OpenSshEncrypted,
        Self::OpenSsh,
        Self::Jwk,
    ];

    /// Whether this format takes a password.
    pub fn is_encrypted(self) -> bool {
        matches!(
            self,
            Self::Pkcs8EncryptedPem
                | Self::Pkcs8ScryptPem
                | Self::Pkcs8TripleDesPem
                | Self::Pkcs8EncryptedDer
                | Self::TraditionalEncryptedPem
                | Self::OpenSshEncrypted
        )
    }

    /// The usual ending of such a file's name, without a dot. (OpenSSH uses none; `key` does no harm there.)
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pkcs8Pem
            | Self::Pkcs8EncryptedPem
            | Self::Pkcs8ScryptPem
            | Self::Pkcs8TripleDesPem
            | Self::TraditionalPem
            | Self::TraditionalEncryptedPem => "pem",
            Self::Pkcs8Der => "der",
            Self::Pkcs8EncryptedDer => "p8",
            Self::OpenSsh | Self::OpenSshEncrypted => "key",
            Self::Jwk => "jwk",
        }
    }

    /// Whether this format has a place for keys of this algorithm.
    pub fn holds(self, algorithm: &KeyAlgorithm) -> bool {
        use KeyAlgorithm as A;
        match self {
            Self::Pkcs8Pem
            | Self::Pkcs8Der
            | Self::Pkcs8EncryptedPem
            | Self::Pkcs8ScryptPem
            | Self::Pkcs8TripleDesPem
            | Self::Pkcs8EncryptedDer => true,
            Self::TraditionalPem | Self::TraditionalEncryptedPem => {
                algorithm.is_rsa() || algorithm.is_ec() || algorithm.is_dsa() || algorithm.is_other_curve()
            }
            Self::OpenSsh | Self::OpenSshEncrypted => {
                algorithm.is_rsa()
                    || algorithm.is_ec()
                    || algorithm.is_dsa()
                    || matches!(algorithm, A::Ed25519)
            }
            Self::Jwk => algorithm.is_rsa() || algorithm.is_ec() || matches!(algorithm, A::Ed25519),
        }
    }
}

impl fmt::Display for KeyFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs8Pem => "PKCS#8, PEM",
            Self::Pkcs8Der => "PKCS#8, DER",
            Self::Pkcs8EncryptedPem => "PKCS#8 encrypted, PEM",
            Self::Pkcs8ScryptPem => "PKCS#8 encrypted with scrypt, PEM",
            Self::Pkcs8TripleDesPem => "PKCS#8 encrypted with 3DES, PEM",
            Self::Pkcs8EncryptedDer => "PKCS#8 encrypted, DER",
            Self::TraditionalPem => "PKCS#1 or SEC 1, PEM",
            Self::TraditionalEncryptedPem => "PKCS#1 or SEC 1 encrypted, PEM",
            Self::OpenSsh => "OpenSSH",
            Self::OpenSshEncrypted => "OpenSSH encrypted",
            Self::Jwk => "JSON Web Key",
        })
    }
}

/// How a public key is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PublicKeyFormat {
    /// `SubjectPublicKeyInfo` as PEM (`PUBLIC KEY`).
    Spki,
    /// `SubjectPublicKeyInfo` as DER.
    SpkiDer,
    /// One line of OpenSSH (`ssh-rsa AAAA…`).
    OpenSsh,
    /// JSON Web Key.
    Jwk,
}

impl PublicKeyFormat {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Spki, Self::SpkiDer, Self::OpenSsh, Self::Jwk];
}

/// Why a key was not written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WriteKeyError {
    /// The format has no place for keys of this algorithm.
    #[error("a key of {algorithm} cannot be written in this format")]
    NoPlace {
        /// The key's algorithm.
        algorithm: KeyAlgorithm,
    },
    /// The format is an encrypted one, and there is no password.
    #[error("a password is needed")]
    NeedsPassword,
    /// The format cannot be encrypted with this password: OpenSSH's takes no empty one, OpenSSL's none of less than four
    /// bytes.
    #[error("the password is too short for this format")]
    PasswordTooShort,
    /// What was written did not come back when it was read. Nothing is given away then.
    #[error("the key did not come back when it was read")]
    NotReadBack(#[source] ReadKeyError),
    /// What was written came back as another key.
    #[error("another key came back when it was read")]
    Changed,
}

/// Writes a private key; `password` is used by the encrypted formats alone.
///
/// # Errors
/// See [`WriteKeyError`].
pub fn generate_key_file(
    key: &PrivateKey,
    format: KeyFormat,
    password: Option<&Password>,
    rng: &mut impl CryptoRng,
) -> Result<SecretBytes, WriteKeyError> {
    let no_place = || WriteKeyError::NoPlace { algorithm: key.algorithm() };
    let password = match password {
        _ if !format.is_encrypted() => None,
        Some(password) => Some(password),
        None => return Err(WriteKeyError::NeedsPassword),
    };
    let file = match (format, password) {
        (KeyFormat::Pkcs8Der, _) => key.to_pkcs8_der(),
        (KeyFormat::Pkcs8Pem, _) => text(to_pem("PRIVATE KEY", key.to_pkcs8_der().as_bytes())),
        (KeyFormat::Pkcs8EncryptedDer, Some(password)) => {
            SecretBytes::new(encrypted(key, PBKDF2_AES, password, rng)?)
        }
        (KeyFormat::Pkcs8EncryptedPem, Some(password)) => encrypted_pem(key, PBKDF2_AES, password, rng)?,
        (KeyFormat::Pkcs8ScryptPem, Some(password)) => {
            encrypted_pem(key, Scheme::ScryptAes256, password, rng)?
        }
        (KeyFormat::Pkcs8TripleDesPem, Some(password)) => {
            encrypted_pem(key, Scheme::Pbkdf2TripleDes { iterations: ITERATIONS }, password, rng)?
        }
        (KeyFormat::TraditionalPem, _) => traditional_pem::to_traditional_pem(key).ok_or_else(no_place)?,
        (KeyFormat::TraditionalEncryptedPem, Some(password)) => {
            // OpenSSL itself would refuse to read it.
            if password.as_str().len() < 4 {
                return Err(WriteKeyError::PasswordTooShort);
            }
            traditional_pem::generate_traditional_pem(key, password, rng).ok_or_else(no_place)?
        }
        (KeyFormat::OpenSsh, _) => openssh::generate_openssh(key, None, rng).ok_or_else(no_place)?,
        (KeyFormat::OpenSshEncrypted, Some(password)) => {
            if password.is_empty() {
                return Err(WriteKeyError::PasswordTooShort);
            }
            openssh::generate_openssh(key, Some(password), rng).ok_or_else(no_place)?
        }
        (KeyFormat::Jwk, _) => jwk::to_jwk(key).ok_or_else(no_place)?,
        (_, None) => return Err(WriteKeyError::NeedsPassword),
    };
    let again = read_private_key(file.as_bytes(), password).map_err(WriteKeyError::NotReadBack)?;
    // An RSA key for PSS alone is an RSA key like others where the format has no word for that.
    let same = again.public_key() == key.public_key()
        || again.public_key().key_bits() == key.public_key().key_bits();
    if same { Ok(file) } else { Err(WriteKeyError::Changed) }
}

/// Writes a public key; the text formats end with a new line.
///
/// # Errors
/// `NoPlace`, `NotReadBack` and `Changed`, as for a private key.
pub fn to_public_key_file(key: &PublicKey, format: PublicKeyFormat) -> Result<Vec<u8>, WriteKeyError> {
    let file = match format {
        PublicKeyFormat::SpkiDer => Some(key.spki_der().to_vec()),
        PublicKeyFormat::Spki => Some(to_pem("PUBLIC KEY", key.spki_der()).into_bytes()),
        PublicKeyFormat::OpenSsh => openssh::to_openssh_public(key).map(String::into_bytes),
        PublicKeyFormat::Jwk => jwk::to_public_jwk(key).map(String::into_bytes),
    };
    let file = file.ok_or_else(|| WriteKeyError::NoPlace { algorithm: key.algorithm() })?;
    let again = read_public_key(&file).map_err(WriteKeyError::NotReadBack)?;
    if again == *key || again.key_bits() == key.key_bits() { Ok(file) } else { Err(WriteKeyError::Changed) }
}

fn encrypted(
    key: &PrivateKey,
    scheme: Scheme,
    password: &Password,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, WriteKeyError> {
    generate_pkcs8_encrypted(key, password, scheme, rng).map_err(WriteKeyError::NotReadBack)
}

fn encrypted_pem(
    key: &PrivateKey,
    scheme: Scheme,
    password: &Password,
    rng: &mut impl CryptoRng,
) -> Result<SecretBytes, WriteKeyError> {
    Ok(text(to_pem("ENCRYPTED PRIVATE KEY", &encrypted(key, scheme, password, rng)?)))
}

fn text(text: String) -> SecretBytes {
    SecretBytes::new(text.into_bytes())
}
