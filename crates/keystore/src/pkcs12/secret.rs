//! Symmetric keys in PKCS#12, as Java keeps them: a `secretBag` of type `pkcs8ShroudedKeyBag`, in it an
//! `EncryptedPrivateKeyInfo` whose "private key" is the key itself, under the identifier of its algorithm.

use certwright_encoding::der::{DerError, Fields, Tag};
use certwright_keys::SecretBytes;
use der::{
    Encode, Sequence,
    asn1::{Any, ObjectIdentifier, OctetString, OctetStringRef},
};
use spki::AlgorithmIdentifierOwned;

use super::read::object_identifier;
use crate::secret_key::SecretKey;

/// Java's names of algorithms (`sun.security.util.KnownOIDs`) and their identifiers.
const ALGORITHMS: [(&str, &str); 20] = [
    ("AES", "2.16.840.1.101.3.4.1"),
    ("DESede", "1.3.14.3.2.17"),
    ("DESede", "1.2.840.113549.3.7"),
    ("DES", "1.3.14.3.2.7"),
    ("RC2", "1.2.840.113549.3.2"),
    ("ARCFOUR", "1.2.840.113549.3.4"),
    ("ChaCha20-Poly1305", "1.2.840.113549.1.9.16.3.18"),
    ("HmacMD5", "1.3.6.1.5.5.8.1.1"),
    ("HmacSHA1", "1.2.840.113549.2.7"),
    ("HmacSHA224", "1.2.840.113549.2.8"),
    ("HmacSHA256", "1.2.840.113549.2.9"),
    ("HmacSHA384", "1.2.840.113549.2.10"),
    ("HmacSHA512", "1.2.840.113549.2.11"),
    ("HmacSHA512/224", "1.2.840.113549.2.12"),
    ("HmacSHA512/256", "1.2.840.113549.2.13"),
    ("HmacSHA3-224", "2.16.840.1.101.3.4.2.13"),
    ("HmacSHA3-256", "2.16.840.1.101.3.4.2.14"),
    ("HmacSHA3-384", "2.16.840.1.101.3.4.2.15"),
    ("HmacSHA3-512", "2.16.840.1.101.3.4.2.16"),
    // What `keytool -importpass` takes for a password.
    ("PBEWithMD5AndDES", "1.2.840.113549.1.5.3"),
];

/// `PrivateKeyInfo` around a symmetric key.
#[derive(Sequence)]
struct SecretKeyInfo<'a> {
    version: u8,
    algorithm: AlgorithmIdentifierOwned,
    key: &'a OctetStringRef,
}

/// `SecretBag`.
#[derive(Sequence)]
pub(super) struct SecretBag {
    pub(super) type_id: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) value: OctetString,
}

/// Reads the decrypted content of the bag. The name of an algorithm that Java does not know is its dotted identifier.
pub(super) fn parse_secret_key(der: &[u8]) -> Result<SecretKey, DerError> {
    let mut fields = Fields::of_document(der, Tag::SEQUENCE)?;
    fields.expect(Tag::INTEGER)?;
    let algorithm = fields.expect(Tag::SEQUENCE)?;
    let key = fields.expect(Tag::OCTET_STRING)?;
    let oid = Fields::of(&algorithm, Tag::SEQUENCE)?.expect(Tag::OBJECT_IDENTIFIER)?;
    let oid = object_identifier(&oid).map(|oid| oid.to_string()).unwrap_or_default();
    let name = ALGORITHMS.iter().find(|(_, known)| *known == oid).map_or(oid.as_str(), |(name, _)| name);
    Ok(SecretKey { algorithm: name.to_owned(), bytes: SecretBytes::new(key.value().to_vec()) })
}

/// Writes what the bag holds before it is encrypted; `None` if the algorithm has no identifier.
pub(super) fn to_secret_key_info(key: &SecretKey) -> Option<der::Result<SecretBytes>> {
    let is_named = |(name, _): &&(&str, &str)| name.eq_ignore_ascii_case(&key.algorithm);
    let dotted = ALGORITHMS.iter().find(is_named).map_or(key.algorithm.as_str(), |(_, oid)| oid);
    let oid = ObjectIdentifier::new(dotted).ok()?;
    // Java gives some of these algorithms no parameters and some NULL, and reads both.
    let algorithm = AlgorithmIdentifierOwned { oid, parameters: None };
    let write = || {
        let info = SecretKeyInfo { version: 0, algorithm, key: OctetStringRef::new(key.bytes.as_bytes())? };
        info.to_der().map(SecretBytes::new)
    };
    Some(write())
}

impl SecretBag {
    /// The value of the bag, for what has been encrypted.
    pub(super) fn to_any(type_id: ObjectIdentifier, encrypted: Vec<u8>) -> der::Result<Any> {
        Any::encode_from(&Self { type_id, value: OctetString::new(encrypted)? })
    }
}
