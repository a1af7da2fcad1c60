//! JCEKS, Java's keystore for symmetric keys (OpenJDK, `com.sun.crypto.provider.JceKeyStore`).
//!
//! The frame is that of [`crate::jks`], with `CECECECE` in front (`FEEDFEED` is read too, as Java does). Private keys are
//! encrypted with 3DES under a password hashed with MD5, secret keys are serialised Java objects sealed in the same way.
//! Written as Java 17 does. Refused: secret keys of other classes than Java's own, by the name of the class, which keeps
//! nothing else from being read.

pub(crate) mod protector;
pub(crate) mod sealed;

use certwright_keys::{Password, secret::Passwords};
use rand_core::CryptoRng;

use crate::{
    contents::Contents,
    entry::Entry,
    jks::{self, Protection, ReadJksError, WriteJksError},
};

/// Reads a JCEKS file. Without a password it goes as with [`crate::jks::parse_jks`].
///
/// # Errors
/// See [`ReadJksError`].
pub fn parse_jceks(bytes: &[u8], passwords: &Passwords) -> Result<Contents, ReadJksError> {
    jks::parse_either(bytes, passwords)
}

/// Writes entries to a JCEKS file, all under one password. Aliases are written in lower case.
///
/// # Errors
/// See [`WriteJksError`]; `PasswordNotAscii` if there are keys and Java's encryption does not take the password.
pub fn generate_jceks(
    entries: &[&Entry],
    password: &Password,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, WriteJksError> {
    jks::generate(entries, Protection::Jceks, password, rng)
}

/// Whether Java takes this password for keys in JCEKS: printable ASCII alone.
pub fn is_password_for_jceks(password: &Password) -> bool {
    protector::to_ascii(password).is_some()
}
