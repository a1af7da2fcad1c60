//! The structures of RFC 7292 and RFC 5652 as they are written, and the identifiers for both directions.

use der::{
    Encode, Sequence,
    asn1::{Any, ObjectIdentifier, OctetString, SetOfVec},
};
use spki::AlgorithmIdentifierOwned;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

pub(super) const DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.1");
pub(super) const ENCRYPTED_DATA: ObjectIdentifier = oid("1.2.840.113549.1.7.6");
pub(super) const KEY_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.1");
pub(super) const SHROUDED_KEY_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.2");
pub(super) const CERT_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.3");
pub(super) const CRL_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.4");
pub(super) const SECRET_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.5");
pub(super) const SAFE_CONTENTS_BAG: ObjectIdentifier = oid("1.2.840.113549.1.12.10.1.6");
pub(super) const X509_CERTIFICATE: ObjectIdentifier = oid("1.2.840.113549.1.9.22.1");
pub(super) const FRIENDLY_NAME: ObjectIdentifier = oid("1.2.840.113549.1.9.20");
pub(super) const LOCAL_KEY_ID: ObjectIdentifier = oid("1.2.840.113549.1.9.21");
/// Oracle's `trustedKeyUsage`: a certificate that Java trusts.
pub(super) const TRUSTED_KEY_USAGE: ObjectIdentifier = oid("2.16.840.1.113894.746875.1.1");
/// `anyExtendedKeyUsage`, the value that Java gives it.
pub(super) const ANY_EXTENDED_KEY_USAGE: ObjectIdentifier = oid("2.5.29.37.0");
/// RC4, DES and 40-bit RC2, under passwords.
pub(super) const WEAK_ALGORITHMS: [ObjectIdentifier; 7] = [
    oid("1.2.840.113549.1.12.1.1"),
    oid("1.2.840.113549.1.12.1.6"),
    oid("1.2.840.113549.1.12.1.2"),
    oid("1.2.840.113549.1.5.1"),
    oid("1.2.840.113549.1.5.3"),
    oid("1.2.840.113549.1.5.4"),
    oid("1.2.840.113549.1.5.10"),
];
pub(super) const SHA1: ObjectIdentifier = oid("1.3.14.3.2.26");
pub(super) const SHA224: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.4");
pub(super) const SHA256: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.1");
pub(super) const SHA384: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.2");
pub(super) const SHA512: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.3");
pub(super) const SHA512_224: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.5");
pub(super) const SHA512_256: ObjectIdentifier = oid("2.16.840.1.101.3.4.2.6");
pub(super) const PBMAC1: ObjectIdentifier = oid("1.2.840.113549.1.5.14");

/// `PFX`.
#[derive(Sequence)]
pub(super) struct Pfx {
    pub(super) version: u8,
    pub(super) auth_safe: ContentInfo,
    pub(super) mac_data: MacData,
}

/// `ContentInfo`.
#[derive(Sequence)]
pub(super) struct ContentInfo {
    pub(super) content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) content: Any,
}

/// `MacData`.
#[derive(Sequence)]
pub(super) struct MacData {
    pub(super) mac: DigestInfo,
    pub(super) salt: OctetString,
    pub(super) iterations: u32,
}

/// `DigestInfo`.
#[derive(Sequence)]
pub(super) struct DigestInfo {
    pub(super) algorithm: AlgorithmIdentifierOwned,
    pub(super) digest: OctetString,
}

/// `EncryptedData`.
#[derive(Sequence)]
pub(super) struct EncryptedData {
    pub(super) version: u8,
    pub(super) content: EncryptedContentInfo,
}

/// `EncryptedContentInfo`.
#[derive(Sequence)]
pub(super) struct EncryptedContentInfo {
    pub(super) content_type: ObjectIdentifier,
    pub(super) algorithm: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    pub(super) ciphertext: OctetString,
}

/// `SafeBag`.
#[derive(Sequence)]
pub(super) struct SafeBag {
    pub(super) bag_id: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) value: Any,
    #[asn1(optional = "true")]
    pub(super) attributes: Option<SetOfVec<Attribute>>,
}

/// `CertBag`.
#[derive(Sequence)]
pub(super) struct CertBag {
    pub(super) cert_id: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) value: OctetString,
}

/// `PKCS12Attribute`.
#[derive(Sequence, Clone, PartialEq, Eq, der::ValueOrd)]
pub(super) struct Attribute {
    pub(super) id: ObjectIdentifier,
    pub(super) values: SetOfVec<Any>,
}

impl ContentInfo {
    /// Content of type `data`.
    pub(super) fn data(content: &impl Encode) -> der::Result<Self> {
        let content = OctetString::new(content.to_der()?)?;
        Ok(Self { content_type: DATA, content: Any::encode_from(&content)? })
    }
}

impl Attribute {
    pub(super) fn new(id: ObjectIdentifier, value: Any) -> der::Result<Self> {
        Ok(Self { id, values: SetOfVec::try_from(vec![value])? })
    }
}
