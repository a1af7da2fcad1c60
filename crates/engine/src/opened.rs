//! A file's contents as a keystore: what opening a file beside the others, and merging it, begin with.

use certwright_certs::Certificate;
use certwright_encoding::sniff::Kind;
use certwright_keystore::contents::{Contents, LockedEntry, OtherItem, OtherKind};
use certwright_keystore::entry::{Content, Entry, KeyPair};
use certwright_keystore::keystore::Keystore;
use certwright_keystore::open::Found;
use certwright_protocol::view::FileRemark;

use crate::convert::errors;
use crate::convert::file_remark;
use crate::found::lone_key;
use crate::session::SheetFile;
use certwright_language::t;

/// What was in a file, as a keystore.
#[derive(Clone, Default)]
pub(crate) struct Opened {
    pub(crate) keystore: Keystore,
    /// Entries that none of the passwords opened. Each has an alias, unlike all others here and in the keystore.
    pub(crate) closed: Vec<LockedEntry>,
    pub(crate) remarks: Vec<FileRemark>,
}

/// A format in which a changed keystore can be written as it was opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoreFormat {
    Pkcs12,
    Jks,
    Jceks,
}

/// In which format an opened file is written again, if it is one that is written.
pub(crate) fn format_of(file: &SheetFile) -> Option<StoreFormat> {
    match file.kind {
        Kind::Pkcs12 => Some(StoreFormat::Pkcs12),
        Kind::Jks => Some(StoreFormat::Jks),
        Kind::Jceks => Some(StoreFormat::Jceks),
        _ => None,
    }
}

/// Takes the contents over. An entry without a name gets one, and one whose name is taken gets a number.
pub(crate) fn opened(found: &Found, now_ms: i64) -> Opened {
    let mut opened = Opened::default();
    let Contents { key_pairs, certificates, secret_keys, locked, unusable_keys, others, remarks, .. } =
        &found.contents;
    let lone = found.lone_keys.iter().cloned().map(lone_key);
    for pair in key_pairs.iter().cloned().chain(lone) {
        let suggestion =
            pair.alias.or_else(|| pair.chain.first().map(Certificate::display_name)).unwrap_or_default();
        let content = Content::KeyPair(KeyPair { key: pair.key, chain: pair.chain, request: None });
        insert(&mut opened.keystore, &suggestion, content, pair.created_ms.unwrap_or(now_ms));
    }
    for found in certificates {
        let suggestion = found.alias.clone().unwrap_or_else(|| found.certificate.display_name());
        insert(
            &mut opened.keystore,
            &suggestion,
            Content::TrustedCertificate(found.certificate.clone()),
            found.created_ms.unwrap_or(now_ms),
        );
    }
    for found in secret_keys {
        let suggestion = found.alias.clone().unwrap_or_else(|| found.key.algorithm.clone());
        let created_ms = found.created_ms.unwrap_or(now_ms);
        insert(&mut opened.keystore, &suggestion, Content::SecretKey(found.key.clone()), created_ms);
    }
    for entry in locked {
        let suggestion = entry.alias.clone().unwrap_or_default();
        let mut alias = opened.keystore.unique_alias(&suggestion);
        let mut number = 2;
        while opened.closed.iter().any(|closed| closed.alias.as_deref() == Some(&alias)) {
            alias = opened.keystore.unique_alias(&format!("{suggestion} {number}"));
            number += 1;
        }
        opened.closed.push(LockedEntry { alias: Some(alias), ..entry.clone() });
    }
    opened.remarks = remarks.iter().map(file_remark).collect();
    opened.remarks.extend(others.iter().map(skipped));
    opened.remarks.extend(unusable_keys.iter().map(|key| FileRemark::Skipped {
        alias: key.alias.clone(),
        what: t!("a private key that cannot be used ({error})", error = errors::key(&key.error)),
    }));
    opened
}

/// What was in a file and is not read.
pub(crate) fn skipped(other: &OtherItem) -> FileRemark {
    FileRemark::Skipped { alias: other.alias.clone(), what: what_it_is(&other.what) }
}

/// Puts an entry under the alias that is wished, or the nearest that is possible.
fn insert(keystore: &mut Keystore, suggestion: &str, content: Content, created_ms: i64) {
    let entry = Entry::new(suggestion, content, created_ms);
    if keystore.insert(entry.clone()).is_err() {
        let alias = keystore.unique_alias(suggestion);
        let mut entry = Entry { alias, ..entry };
        if keystore.insert(entry.clone()).is_err() {
            // A chain that is not the key's is left out rather than the key.
            if let Content::KeyPair(pair) = &mut entry.content {
                pair.chain.clear();
            }
            let kept = keystore.insert(entry);
            debug_assert!(kept.is_ok(), "an entry did not fit: {kept:?}");
        }
    }
}

fn what_it_is(kind: &OtherKind) -> String {
    match kind {
        OtherKind::BrokenCertificate(error) => {
            t!("a certificate that cannot be read ({error})", error = errors::certificate(error))
        }
        OtherKind::BrokenRequest(error) => {
            t!("a signing request that cannot be read ({error})", error = errors::request(error))
        }
        OtherKind::BrokenPem { label, .. } => {
            t!(
                "a PEM block that cannot be read ({label})",
                label = label.as_deref().unwrap_or(t!("without a label"))
            )
        }
        OtherKind::ForeignPem { label } => t!("a PEM block {label}", label),
        OtherKind::RevocationList => t!("a revocation list").into(),
        OtherKind::Secret => t!("a secret that is not a key").into(),
        OtherKind::UnknownBag { oid } => t!("something of the type {oid}", oid),
        OtherKind::ForeignCertificate { certificate_type } => {
            t!("a certificate of the type {certificate_type}, which is not X.509", certificate_type)
        }
        OtherKind::ForeignObject { class } => {
            t!("an object of Java’s class {class}, which is no known key", class)
        }
        OtherKind::ForeignSeal { algorithm } => t!("a secret key that is sealed with {algorithm}", algorithm),
        OtherKind::UnreadEntries { count, .. } => {
            t!("{count} entries after an object whose end cannot be found", count)
        }
        OtherKind::TrailingBytes { count, .. } => t!("{count} bytes after the end of the keystore", count),
    }
}
