//! The keystore as a DER record, in the vault only.
//!
//! DER because its length is known before it is written: the one buffer that holds the keys in clear is made at its final
//! size and wiped, and no text form of them is ever made. The types are private, so that no key is serialised elsewhere.
//! Beside each private key stands its public key, since there are keys that are merely kept whose public half cannot be computed.

use certwright_certs::{Certificate, SigningRequest};
use certwright_keys::{PrivateKey, PublicKey, ReadKeyError, SecretBytes};
use der::{Decode, Encode, Sequence, asn1::OctetStringRef};
use zeroize::Zeroizing;

use crate::{
    entry::{Content, Entry, KeyPair, Previous},
    keystore::Keystore,
    note::{Note, NoteKind},
    profile::Profile,
    secret_key::SecretKey,
};

#[derive(Sequence)]
struct KeystoreRecord<'a> {
    profile: u8,
    entries: Vec<EntryRecord<'a>>,
    /// Since version 3; left out if there are none.
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    notes: Option<Vec<NoteRecord<'a>>>,
}

#[derive(Sequence)]
struct NoteRecord<'a> {
    kind: u8,
    name: String,
    content: &'a OctetStringRef,
}

#[derive(Sequence)]
struct EntryRecord<'a> {
    alias: String,
    created_ms: i64,
    modified_ms: i64,
    locked: bool,
    previous: Vec<PreviousRecord<'a>>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    key_pair: Option<KeyPairRecord<'a>>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    trusted: Option<&'a OctetStringRef>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    secret_key: Option<SecretKeyRecord<'a>>,
}

#[derive(Sequence)]
struct PreviousRecord<'a> {
    replaced_ms: i64,
    chain: Vec<&'a OctetStringRef>,
}

#[derive(Sequence)]
struct KeyPairRecord<'a> {
    /// PKCS#8.
    key: &'a OctetStringRef,
    /// SubjectPublicKeyInfo.
    public_key: &'a OctetStringRef,
    chain: Vec<&'a OctetStringRef>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    request: Option<&'a OctetStringRef>,
}

#[derive(Sequence)]
struct SecretKeyRecord<'a> {
    algorithm: String,
    key: &'a OctetStringRef,
}

/// Writes the record of a keystore.
pub(super) fn to_record(keystore: &Keystore) -> der::Result<Zeroizing<Vec<u8>>> {
    let keys: Vec<SecretBytes> = keystore
        .iter()
        .map(|entry| entry.key_pair().map(|pair| pair.key.to_pkcs8_der()).unwrap_or_default())
        .collect();
    let entries = keystore.iter().zip(&keys).map(|(entry, key)| to_entry_record(entry, key.as_bytes()));
    let keystore = KeystoreRecord {
        profile: to_profile_number(keystore.profile()),
        entries: entries.collect::<der::Result<_>>()?,
        notes: Some(keystore.notes().map(to_note_record).collect::<der::Result<Vec<_>>>()?)
            .filter(|notes| !notes.is_empty()),
    };
    let length = usize::try_from(u32::from(keystore.encoded_len()?)).map_err(|_| der::ErrorKind::Overflow)?;
    let mut record = Zeroizing::new(vec![0; length]);
    keystore.encode_to_slice(&mut record)?;
    Ok(record)
}

/// Reads the record of a keystore; `None` if it is none.
pub(super) fn parse_record(record: &[u8]) -> Option<Keystore> {
    let record = KeystoreRecord::from_der(record).ok()?;
    let mut keystore = Keystore::new();
    keystore.set_profile(parse_profile_number(record.profile)?);
    for entry in record.entries {
        keystore.insert(parse_entry_record(entry)?).ok()?;
    }
    for note in record.notes.into_iter().flatten() {
        let kind = NoteKind::ALL.into_iter().find(|kind| to_note_number(*kind) == note.kind)?;
        let content = note.content.as_bytes().to_vec();
        keystore.set_note(Note { kind, name: note.name, content }).ok()?;
    }
    Some(keystore)
}

fn to_note_record(note: &Note) -> der::Result<NoteRecord<'_>> {
    Ok(NoteRecord {
        kind: to_note_number(note.kind),
        name: note.name.clone(),
        content: OctetStringRef::new(&note.content)?,
    })
}

/// Numbers that never change, since they are stored.
fn to_note_number(kind: NoteKind) -> u8 {
    match kind {
        NoteKind::Plan => 0,
        NoteKind::Hosts => 1,
    }
}

fn to_entry_record<'a>(entry: &'a Entry, key: &'a [u8]) -> der::Result<EntryRecord<'a>> {
    let previous = entry.previous.iter().map(|before| {
        Ok::<_, der::Error>(PreviousRecord {
            replaced_ms: before.replaced_ms,
            chain: to_chain(&before.chain)?,
        })
    });
    let mut record = EntryRecord {
        alias: entry.alias.clone(),
        created_ms: entry.created_ms,
        modified_ms: entry.modified_ms,
        locked: entry.locked,
        previous: previous.collect::<Result<_, _>>()?,
        key_pair: None,
        trusted: None,
        secret_key: None,
    };
    match &entry.content {
        Content::KeyPair(pair) => {
            let request = pair.request.as_ref().map(|request| OctetStringRef::new(request.der()));
            record.key_pair = Some(KeyPairRecord {
                key: OctetStringRef::new(key)?,
                public_key: OctetStringRef::new(pair.key.public_key().spki_der())?,
                chain: to_chain(&pair.chain)?,
                request: request.transpose()?,
            });
        }
        Content::TrustedCertificate(certificate) => {
            record.trusted = Some(OctetStringRef::new(certificate.der())?);
        }
        Content::SecretKey(key) => {
            let bytes = OctetStringRef::new(key.bytes.as_bytes())?;
            record.secret_key = Some(SecretKeyRecord { algorithm: key.algorithm.clone(), key: bytes });
        }
    }
    Ok(record)
}

fn parse_entry_record(record: EntryRecord<'_>) -> Option<Entry> {
    let content = match (record.key_pair, record.trusted, record.secret_key) {
        (Some(pair), None, None) => Content::KeyPair(KeyPair {
            key: parse_key(pair.key.as_bytes(), pair.public_key.as_bytes())?,
            chain: parse_chain(pair.chain)?,
            request: match pair.request {
                Some(request) => Some(SigningRequest::from_der(request.as_bytes()).ok()?),
                None => None,
            },
        }),
        (None, Some(certificate), None) => Content::TrustedCertificate(parse_certificate(certificate)?),
        (None, None, Some(key)) => {
            let bytes = SecretBytes::new(key.key.as_bytes().to_vec());
            Content::SecretKey(SecretKey::new(key.algorithm, bytes))
        }
        _ => return None,
    };
    let previous = record
        .previous
        .into_iter()
        .map(|before| Some(Previous { chain: parse_chain(before.chain)?, replaced_ms: before.replaced_ms }));
    Some(Entry {
        alias: record.alias,
        content,
        created_ms: record.created_ms,
        modified_ms: record.modified_ms,
        locked: record.locked,
        previous: previous.collect::<Option<_>>()?,
    })
}

/// The public key is looked at only where the private key does not give it.
fn parse_key(pkcs8: &[u8], spki: &[u8]) -> Option<PrivateKey> {
    match PrivateKey::from_pkcs8_der(pkcs8) {
        Err(ReadKeyError::PublicKeyUnknown { .. }) => {
            PrivateKey::from_pkcs8_der_with_public(pkcs8, &PublicKey::from_spki_der(spki).ok()?).ok()
        }
        key => key.ok(),
    }
}

fn to_chain(chain: &[Certificate]) -> der::Result<Vec<&OctetStringRef>> {
    chain.iter().map(|certificate| OctetStringRef::new(certificate.der())).collect()
}

pub(super) fn parse_chain(chain: Vec<&OctetStringRef>) -> Option<Vec<Certificate>> {
    chain.into_iter().map(parse_certificate).collect()
}

pub(super) fn parse_certificate(der: &OctetStringRef) -> Option<Certificate> {
    Certificate::from_der(der.as_bytes()).ok()
}

/// Numbers that never change, since they are stored.
fn to_profile_number(profile: Profile) -> u8 {
    match profile {
        Profile::None => 0,
        Profile::SapIntegrationSuite => 1,
        Profile::Java => 2,
    }
}

fn parse_profile_number(number: u8) -> Option<Profile> {
    Profile::ALL.into_iter().find(|profile| to_profile_number(*profile) == number)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot run has to fail")]

    use std::sync::LazyLock;

    use certwright_keys::Password;
    use proptest::prelude::*;

    use super::*;
    use crate::vault::{open, record_v1::parse_record_v1};

    /// The record of a keystore with entries of all kinds.
    static RECORD: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let vault = include_bytes!("../../tests/data/vault-v1.bin");
        let mut keystore = open(vault, &Password::new("correct horse")).unwrap().0;
        // Another chain for the key of before puts that of before into the history.
        keystore.set_chain("client", Vec::new(), 1).unwrap();
        let key = SecretKey::new("AES", SecretBytes::new(vec![7; 32]));
        keystore.insert(Entry::new("secret", Content::SecretKey(key), 2)).unwrap();
        keystore.lock_entry("secret", 3).unwrap();
        keystore.set_profile(Profile::Java);
        let note = Note { kind: NoteKind::Hosts, name: "all".into(), content: b"erp.example.com".to_vec() };
        keystore.set_note(note).unwrap();
        to_record(&keystore).unwrap().to_vec()
    });

    #[test]
    fn the_record_reads_back() {
        let keystore = parse_record(&RECORD).unwrap();
        assert_eq!((keystore.len(), keystore.profile()), (5, Profile::Java));
        assert_eq!(keystore.find("client").unwrap().previous.len(), 1);
        assert!(keystore.find("secret").unwrap().locked);
        assert_eq!(keystore.note(NoteKind::Hosts, "all").unwrap().content, b"erp.example.com");
        assert_eq!(*to_record(&keystore).unwrap(), *RECORD);
        assert!(parse_record_v1(&RECORD).is_none());
    }

    #[test]
    fn no_beginning_is_a_record() {
        for length in (0..RECORD.len()).step_by(7).chain(RECORD.len() - 100..RECORD.len()) {
            assert!(parse_record(&RECORD[..length]).is_none());
        }
        assert!(parse_record(&[&RECORD[..], &[0]].concat()).is_none());
    }

    #[test]
    fn profile_numbers_are_stored() {
        assert_eq!(Profile::ALL.map(to_profile_number), [0, 1, 2]);
        assert_eq!((0..4).filter_map(parse_profile_number).count(), 3);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(parse_record(&bytes).is_none_or(|keystore| keystore.is_empty()));
            prop_assert!(parse_record_v1(&bytes).is_none_or(|keystore| keystore.is_empty()));
        }

        /// Whatever is read from a changed record keeps the rules of a keystore, and can be written again.
        #[test]
        fn changed_records_are_read_or_refused(position in any::<prop::sample::Index>(), bit in 0..8_u8) {
            let mut record = RECORD.clone();
            let position = position.index(record.len());
            record[position] ^= 1 << bit;
            if let Some(keystore) = parse_record(&record) {
                let again = parse_record(&to_record(&keystore).unwrap()).unwrap();
                prop_assert_eq!(again.len(), keystore.len());
            }
        }
    }
}
