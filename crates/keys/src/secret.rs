//! Bytes and passwords that wipe themselves when dropped and print as redacted.
//!
//! Neither type can be serialised: what leaves the program has to be asked for by name.

use core::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Secret bytes: a key in some encoding, or decrypted content. Wiped on drop.
#[derive(Clone, Default)]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Takes ownership of `bytes`, which are wiped when this value is dropped.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes in clear.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Number of bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no byte.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Zeroizing<Vec<u8>>> for SecretBytes {
    fn from(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }
}

impl PartialEq for SecretBytes {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

impl Eq for SecretBytes {}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(redacted)")
    }
}

/// A password or passphrase as the user typed it. Wiped on drop.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes ownership of `text`, which is wiped when this value is dropped.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The password in clear.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the password is the empty one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// UTF-16 big-endian with a terminating NUL, as PKCS#12 wants it (RFC 7292, appendix B.1).
    pub fn to_bmp(&self) -> SecretBytes {
        // The capacity covers the whole so that no reallocation leaves a copy behind.
        let mut bmp = Zeroizing::new(Vec::with_capacity(self.0.len() * 2 + 2));
        for unit in self.0.encode_utf16() {
            bmp.extend_from_slice(&unit.to_be_bytes());
        }
        bmp.extend_from_slice(&[0, 0]);
        SecretBytes(bmp)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(redacted)")
    }
}

/// Passwords to try, in this order. Prints their number alone.
#[derive(Clone, Default)]
pub struct Passwords(Vec<Password>);

impl Passwords {
    /// No password at all: only what is not encrypted opens.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds one to be tried after the others; one that is there already is not added again.
    pub fn push(&mut self, password: Password) {
        let known = |other: &Password| other.as_str().as_bytes().ct_eq(password.as_str().as_bytes()).into();
        if !self.0.iter().any(known) {
            self.0.push(password);
        }
    }

    /// The passwords in the order in which they are tried.
    pub fn iter(&self) -> core::slice::Iter<'_, Password> {
        self.0.iter()
    }

    /// The one that is tried first.
    pub fn first(&self) -> Option<&Password> {
        self.0.first()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Password> for Passwords {
    fn from(password: Password) -> Self {
        Self(vec![password])
    }
}

impl From<Option<Password>> for Passwords {
    fn from(password: Option<Password>) -> Self {
        Self(password.into_iter().collect())
    }
}

impl FromIterator<Password> for Passwords {
    fn from_iter<I: IntoIterator<Item = Password>>(passwords: I) -> Self {
        let mut all = Self::none();
        passwords.into_iter().for_each(|password| all.push(password));
        all
    }
}

impl<'a> IntoIterator for &'a Passwords {
    type Item = &'a Password;
    type IntoIter = core::slice::Iter<'a, Password>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passwords({} redacted)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_printed() {
        let password = Password::new("hunter2");
        let bytes = SecretBytes::new(b"hunter2".to_vec());
        assert_eq!(format!("{password:?} {bytes:?}"), "Password(redacted) SecretBytes(redacted)");
    }

    #[test]
    fn passwords_keep_their_order() {
        let passwords: Passwords = ["b", "a", "b"].map(Password::new).into_iter().collect();
        assert_eq!(passwords.iter().map(Password::as_str).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(format!("{passwords:?}"), "Passwords(2 redacted)");
        assert!(Passwords::none().is_empty() && Passwords::from(None).is_empty());
    }

    #[test]
    fn bmp_password_is_terminated() {
        assert_eq!(Password::new("bä𝄞").to_bmp().as_bytes(), &[0, 98, 0, 0xe4, 0xd8, 0x34, 0xdd, 0x1e, 0, 0]);
        assert_eq!(Password::new("").to_bmp().as_bytes(), &[0, 0]);
    }
}
