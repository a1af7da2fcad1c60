//! The encryption of JCEKS, which Java calls `PBEWithMD5AndTripleDES` (OpenJDK, `com.sun.crypto.provider.PBES1Core`).
//!
//! Each half of the salt of 8 bytes is hashed as often as there are iterations, each time with the password after it; both
//! results are 24 bytes of key and 8 bytes of initialisation vector. Refused: salts of another length, and passwords that
//! are not printable ASCII, as Java does.

use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use certwright_encoding::der::{Fields, Tag};
use certwright_keys::{
    Password, ReadKeyError, SecretBytes,
    password_based::{Budget, DecryptError},
};
use der::{
    Decode, Encode, Sequence,
    asn1::{ObjectIdentifier, OctetStringRef},
};
use md5::{Digest, Md5};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Sun's protection of keys in JCEKS.
pub(crate) const JCEKS_PROTECTOR: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.42.2.19.1");

const SALT: usize = 8;
const BLOCK: usize = 8;

/// `PBEParameter` (RFC 8018, appendix A.3).
#[derive(Sequence)]
struct DerParameters<'a> {
    salt: &'a OctetStringRef,
    iterations: u64,
}

/// Salt and number of iterations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parameters {
    salt: [u8; SALT],
    iterations: u64,
}

impl Parameters {
    /// # Errors
    /// `Malformed` for anything but a salt of 8 bytes and one iteration at least.
    pub(crate) fn parse(der: &[u8]) -> Result<Self, ReadKeyError> {
        let DerParameters { salt, iterations } = DerParameters::from_der(der)?;
        let salt = salt.as_bytes().try_into().map_err(|_| ReadKeyError::Malformed { offset: None })?;
        if iterations == 0 {
            return Err(ReadKeyError::Malformed { offset: None });
        }
        Ok(Self { salt, iterations })
    }

    pub(crate) fn generate(iterations: u32, rng: &mut impl CryptoRng) -> Self {
        let mut salt = [0; SALT];
        // Equal halves are treated in different ways by the versions of Java.
        while salt.first_chunk::<4>() == salt.last_chunk::<4>() {
            rng.fill_bytes(&mut salt);
        }
        Self { salt, iterations: iterations.into() }
    }

    pub(crate) fn to_der(self) -> der::Result<Vec<u8>> {
        DerParameters { salt: OctetStringRef::new(&self.salt)?, iterations: self.iterations }.to_der()
    }

    /// Decrypts to something that `accept` takes: one wrong password in 256 leaves valid padding.
    ///
    /// # Errors
    /// `WrongPassword`, `TooExpensive`, and `Malformed` if the ciphertext is not made of whole blocks.
    pub(crate) fn decrypt(
        self,
        ciphertext: &[u8],
        password: &Password,
        budget: &mut Budget,
        accept: impl Fn(&[u8]) -> bool,
    ) -> Result<SecretBytes, ReadKeyError> {
        if ciphertext.is_empty() || !ciphertext.len().is_multiple_of(BLOCK) {
            return Err(DecryptError::Malformed.into());
        }
        let password = to_ascii(password).ok_or(ReadKeyError::WrongPassword)?;
        for salt in self.salts() {
            budget.spend(self.iterations)?;
            let derived = derive(salt, &password, self.iterations);
            let (key, iv) = derived.split_at(24);
            let Ok(decryptor) = cbc::Decryptor::<des::TdesEde3>::new_from_slices(key, iv) else { continue };
            let mut plain = Zeroizing::new(ciphertext.to_vec());
            let Ok(length) = decryptor.decrypt_padded::<Pkcs7>(&mut plain).map(<[u8]>::len) else { continue };
            plain.truncate(length);
            if accept(&plain) {
                return Ok(plain.into());
            }
        }
        Err(ReadKeyError::WrongPassword)
    }

    /// Encrypts; `None` if Java does not take the password.
    pub(crate) fn encrypt(self, plain: &[u8], password: &Password) -> Option<Vec<u8>> {
        let derived = derive(self.salt, &to_ascii(password)?, self.iterations);
        let (key, iv) = derived.split_at(24);
        let encryptor = cbc::Encryptor::<des::TdesEde3>::new_from_slices(key, iv).ok()?;
        Some(encryptor.encrypt_padded_vec::<Pkcs7>(plain))
    }

    /// The salts that a writer may have meant. When both halves are the same, the first is turned round; older versions of
    /// Java made a mistake in it.
    fn salts(self) -> Vec<[u8; SALT]> {
        let [a, b, c, d, rest @ ..] = self.salt;
        if [a, b, c, d] != rest {
            return vec![self.salt];
        }
        let [e, f, g, h] = rest;
        vec![[d, c, b, a, e, f, g, h], [d, a, b, d, e, f, g, h]]
    }
}

/// A password as Java's encryption takes it: printable ASCII, one byte each.
pub(crate) fn to_ascii(password: &Password) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = password.as_str().as_bytes();
    bytes.iter().all(|byte| (0x20..0x7f).contains(byte)).then(|| Zeroizing::new(bytes.to_vec()))
}

/// Whether this is a `PrivateKeyInfo` in form.
pub(crate) fn is_private_key_info(plain: &[u8]) -> bool {
    let Ok(mut fields) = Fields::of_document(plain, Tag::SEQUENCE) else { return false };
    [Tag::INTEGER, Tag::SEQUENCE, Tag::OCTET_STRING].into_iter().all(|tag| fields.expect(tag).is_ok())
}

/// 24 bytes of key and 8 of initialisation vector.
fn derive(salt: [u8; SALT], password: &[u8], iterations: u64) -> Zeroizing<[u8; 32]> {
    let mut derived = Zeroizing::new([0; 32]);
    for (half, output) in salt.chunks(SALT / 2).zip(derived.chunks_mut(16)) {
        let mut digest = Md5::new_with_prefix(half).chain_update(password).finalize();
        for _ in 1..iterations {
            digest = Md5::new_with_prefix(digest).chain_update(password).finalize();
        }
        output.copy_from_slice(&digest);
    }
    derived
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_turning_a_salt_round() {
        let twice = Parameters { salt: [1, 2, 3, 4, 1, 2, 3, 4], iterations: 3 };
        let password = Password::new("secret1");
        for salt in [[4, 3, 2, 1, 1, 2, 3, 4], [4, 1, 2, 4, 1, 2, 3, 4]] {
            let ciphertext = Parameters { salt, ..twice }.encrypt(b"plain", &password).unwrap();
            let plain = twice
                .decrypt(&ciphertext, &password, &mut Budget::default(), |plain| plain == b"plain")
                .unwrap();
            assert_eq!(plain.as_bytes(), b"plain");
        }
        let unturned = Parameters { salt: [1; 8], ..twice };
        assert_eq!(unturned.salts(), [[1; 8], [1; 8]]);
    }

    /// `Cipher.getInstance("PBEWithMD5AndTripleDES")` of Java 17 with this password, salt and number of iterations.
    #[test]
    fn java_encrypts_the_same() {
        let password = Password::new("secret1");
        for (salt, ciphertext) in [
            ([1, 2, 3, 4, 5, 6, 7, 8], [0xd5, 0xac, 0x6d, 0x45, 0x45, 0xbe, 0xe8, 0xb4]),
            ([1, 2, 3, 4, 1, 2, 3, 4], [0x54, 0x79, 0x09, 0xb6, 0x5a, 0xfd, 0x5d, 0xeb]),
        ] {
            let plain = Parameters { salt, iterations: 3 }.decrypt(
                &ciphertext,
                &password,
                &mut Budget::default(),
                |plain| plain == b"plain",
            );
            assert_eq!(plain.as_ref().map(SecretBytes::as_bytes), Ok(&b"plain"[..]), "{salt:?}");
        }
    }

    #[test]
    fn too_many_iterations_take_no_time() {
        let costly = Parameters { salt: [1, 2, 3, 4, 5, 6, 7, 8], iterations: 1 << 31 };
        let result = costly.decrypt(&[0; 8], &Password::new("a"), &mut Budget::default(), |_| true);
        assert_eq!(result, Err(ReadKeyError::TooExpensive { iterations: 1 << 31 }));
    }
}
