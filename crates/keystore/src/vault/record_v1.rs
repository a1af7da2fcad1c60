//! The record of the first version, which is read and not written any more: no locks, no history, no secret keys, no profile.

use certwright_certs::SigningRequest;
use certwright_keys::PrivateKey;
use der::{Decode, Sequence, asn1::OctetStringRef};

use super::record::{parse_certificate, parse_chain};
use crate::{
    entry::{Content, Entry, KeyPair},
    keystore::Keystore,
};

#[derive(Sequence)]
struct EntryRecord<'a> {
    alias: String,
    created_ms: i64,
    modified_ms: i64,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    key_pair: Option<KeyPairRecord<'a>>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    trusted: Option<&'a OctetStringRef>,
}

#[derive(Sequence)]
struct KeyPairRecord<'a> {
    /// PKCS#8.
    key: &'a OctetStringRef,
    chain: Vec<&'a OctetStringRef>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    request: Option<&'a OctetStringRef>,
}

/// Reads the record of a keystore; `None` if it is none.
pub(super) fn parse_record_v1(record: &[u8]) -> Option<Keystore> {
    let mut keystore = Keystore::new();
    for record in Vec::<EntryRecord<'_>>::from_der(record).ok()? {
        let content = match (record.key_pair, record.trusted) {
            (Some(pair), None) => Content::KeyPair(KeyPair {
                key: PrivateKey::from_pkcs8_der(pair.key.as_bytes()).ok()?,
                chain: parse_chain(pair.chain)?,
                request: match pair.request {
                    Some(request) => Some(SigningRequest::from_der(request.as_bytes()).ok()?),
                    None => None,
                },
            }),
            (None, Some(certificate)) => Content::TrustedCertificate(parse_certificate(certificate)?),
            _ => return None,
        };
        let mut entry = Entry::new(record.alias, content, record.created_ms);
        entry.modified_ms = record.modified_ms;
        keystore.insert(entry).ok()?;
    }
    Some(keystore)
}
