//! A new key as a file, for the command line.

use certwright_keys::write::{WriteKeyError, generate_key_file};
use certwright_keys::{Password, SecretBytes};
use certwright_protocol::ui::{KeyChoice, KeyFileFormat};
use certwright_protocol::{self as protocol, Problem};
use rand_core::CryptoRng;

use crate::session::{Progress, generate_key, key_format};
use crate::show;

/// A key that was made.
#[derive(Debug)]
pub struct NewKey {
    /// The key, for example `RSA 2048`.
    pub key: String,
    /// SHA-256 of the subject public key info, base64.
    pub spki_pin: String,
    /// Whether the file is encrypted.
    pub encrypted: bool,
    /// The file.
    pub content: SecretBytes,
}

/// Makes a key and writes it. `file` is the name that problems call it by; `report` is called for every candidate for a prime.
///
/// # Errors
/// If the format has no place for such a key, or is never encrypted and there is a password.
pub fn new_key(
    choice: KeyChoice,
    format: KeyFileFormat,
    password: Option<&protocol::Password>,
    file: &str,
    rng: &mut impl CryptoRng,
    report: impl FnMut(Progress),
) -> Result<NewKey, Problem> {
    if password.is_some_and(protocol::Password::is_empty) {
        return Err(Problem::PasswordEmpty);
    }
    if password.is_some() && format == KeyFileFormat::Jwk {
        return Err(Problem::PasswordNotPossible { detail: "A JSON Web Key is never encrypted".into() });
    }
    let format = key_format(format, password.is_some());
    if format.is_encrypted() && password.is_none() {
        return Err(Problem::PasswordEmpty);
    }
    let key = generate_key(choice, rng, report)?;
    let password = password.map(|password| Password::new(password.as_str()));
    let content = generate_key_file(&key, format, password.as_ref(), rng).map_err(|error| match error {
        WriteKeyError::NoPlace { algorithm } => Problem::FormatCannotHold {
            format: "This format".into(),
            alias: file.to_owned(),
            what: format!("a key {algorithm}"),
        },
        WriteKeyError::PasswordTooShort => {
            Problem::PasswordNotPossible { detail: "It is too short for this format".into() }
        }
        _ => Problem::WriteCheckFailed,
    })?;
    Ok(NewKey {
        key: key.algorithm().to_string(),
        spki_pin: show::spki_pin(key.public_key().spki_der()),
        encrypted: format.is_encrypted(),
        content,
    })
}
