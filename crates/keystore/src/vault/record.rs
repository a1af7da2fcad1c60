//! The keystore as a DER record, in the vault only.
//!
//! DER because its length is known before it is written: the one buffer that holds the keys in clear is made at its final
//! size and wiped, and no text form of them is ever made. The types are private, so that no key is serialised elsewhere.

use certwright_certs::{Certificate, SigningRequest};
use certwright_keys::{PrivateKey, SecretBytes};
use der::{Decode, Encode, Sequence, asn1::OctetStringRef};
use zeroize::Zeroizing;

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

/// Writes the record of a keystore.
pub(super) fn to_record(keystore: &Keystore) -> der::Result<Zeroizing<Vec<u8>>> {
    let keys: Vec<SecretBytes> = keystore
        .iter()
        .map(|entry| entry.key_pair().map(|pair| pair.key.to_pkcs8_der()).unwrap_or_default())
        .collect();
    let entries = keystore
        .iter()
        .zip(&keys)
        .map(|(entry, key)| to_entry_record(entry, key.as_bytes()))
        .collect::<der::Result<Vec<EntryRecord<'_>>>>()?;
    let length = usize::try_from(u32::from(entries.encoded_len()?)).map_err(|_| der::ErrorKind::Overflow)?;
    let mut record = Zeroizing::new(vec![0; length]);
    entries.encode_to_slice(&mut record)?;
    Ok(record)
}

/// Reads the record of a keystore; `None` if it is none.
pub(super) fn parse_record(record: &[u8]) -> Option<Keystore> {
    let mut keystore = Keystore::new();
    for entry in Vec::<EntryRecord<'_>>::from_der(record).ok()? {
        keystore.insert(parse_entry_record(entry)?).ok()?;
    }
    Some(keystore)
}

fn to_entry_record<'a>(entry: &'a Entry, key: &'a [u8]) -> der::Result<EntryRecord<'a>> {
    let (key_pair, trusted) = match &entry.content {
        Content::KeyPair(pair) => {
            let chain = pair.chain.iter().map(|certificate| OctetStringRef::new(certificate.der()));
            let key_pair = KeyPairRecord {
                key: OctetStringRef::new(key)?,
                chain: chain.collect::<Result<_, _>>()?,
                request: pair
                    .request
                    .as_ref()
                    .map(|request| OctetStringRef::new(request.der()))
                    .transpose()?,
            };
            (Some(key_pair), None)
        }
        Content::TrustedCertificate(certificate) => (None, Some(OctetStringRef::new(certificate.der())?)),
    };
    let (created_ms, modified_ms) = (entry.created_ms, entry.modified_ms);
    Ok(EntryRecord { alias: entry.alias.clone(), created_ms, modified_ms, key_pair, trusted })
}

fn parse_entry_record(record: EntryRecord<'_>) -> Option<Entry> {
    let content = match (record.key_pair, record.trusted) {
        (Some(pair), None) => Content::KeyPair(KeyPair {
            key: PrivateKey::from_pkcs8_der(pair.key.as_bytes()).ok()?,
            chain: pair
                .chain
                .into_iter()
                .map(|certificate| Certificate::from_der(certificate.as_bytes()).ok())
                .collect::<Option<Vec<_>>>()?,
            request: match pair.request {
                Some(request) => Some(SigningRequest::from_der(request.as_bytes()).ok()?),
                None => None,
            },
        }),
        (None, Some(certificate)) => {
            Content::TrustedCertificate(Certificate::from_der(certificate.as_bytes()).ok()?)
        }
        _ => return None,
    };
    let EntryRecord { alias, created_ms, modified_ms, .. } = record;
    Some(Entry { alias, content, created_ms, modified_ms })
}
