//! Entries, certificates and requests as the views of the protocol.

use base64ct::{Base64, Encoding};
use certwright_certs::certificate::Certificate;
use certwright_certs::request::SigningRequest;
use certwright_keystore::entry::{Content, Entry, KeyPair};
use certwright_keystore::keystore::Keystore;
use certwright_protocol::Bytes;
use certwright_protocol::view::{CertificateView, ChainState, EntryKind, EntryView, RequestView};
use sha2::{Digest, Sha256};

use crate::trust::complete_chain;

/// A certificate's facts.
pub(crate) fn certificate(certificate: &Certificate) -> CertificateView {
    let key = match certificate.public_key() {
        Ok(key) => key.algorithm().to_string(),
        Err(_) => "unreadable".into(),
    };
    let issuer = certificate.issuer();
    CertificateView {
        subject: certificate.subject().to_rfc4514(),
        name: certificate.display_name(),
        issuer: issuer.to_rfc4514(),
        issuer_name: issuer.common_name().unwrap_or_else(|| issuer.to_rfc4514()),
        serial: certificate.serial_hex(),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
        key,
        signature_algorithm: certificate.signature_algorithm().name(),
        subject_alternative_names: certificate
            .subject_alternative_names()
            .iter()
            .map(ToString::to_string)
            .collect(),
        is_ca: certificate.is_ca(),
        is_self_issued: certificate.is_self_issued(),
        key_usage: certificate
            .key_usage()
            .map(|usage| usage.names().into_iter().map(str::to_owned).collect())
            .unwrap_or_default(),
        extended_key_usage: certificate
            .extended_key_usages()
            .map(|usages| usages.names())
            .unwrap_or_default(),
        subject_key_identifier: certificate.subject_key_identifier_hex(),
        authority_key_identifier: certificate.authority_key_identifier_hex(),
        ca_issuers: certificate.ca_issuers_urls(),
        sha256: hex_with_colons(&certificate.fingerprint_sha256()),
        spki_pin: Base64::encode_string(&certificate.spki_sha256()),
        der: Bytes::from(certificate.der()),
    }
}

/// A signing request's facts.
pub(crate) fn request(request: &SigningRequest, keystore: &Keystore) -> RequestView {
    let key = request.public_key().ok();
    let fits = key.as_ref().and_then(|key| keystore.find_by_public_key(key));
    RequestView {
        subject: request.subject().to_rfc4514(),
        key: key.as_ref().map_or_else(|| "unreadable".into(), |key| key.algorithm().to_string()),
        subject_alternative_names: request
            .subject_alternative_names()
            .iter()
            .map(ToString::to_string)
            .collect(),
        signature_valid: request.verify().is_ok(),
        fits_alias: fits.map(|entry| entry.alias.clone()),
        pem: request.to_pem(),
    }
}

/// An entry of the keystore. The chain is shown as completed from the whole keystore.
pub(crate) fn entry(entry: &Entry, keystore: &Keystore) -> EntryView {
    let (kind, key, chain_state, certificates, signing_request) = match &entry.content {
        Content::KeyPair(pair) => {
            let (state, chain) = chain_state(pair, keystore);
            let signing_request = pair.request.as_ref().map(|r| request(r, keystore));
            (EntryKind::KeyPair, pair.key.algorithm().to_string(), state, chain, signing_request)
        }
        Content::TrustedCertificate(trusted) => {
            let view = certificate(trusted);
            let state = if trusted.is_self_issued() { ChainState::SelfSigned } else { ChainState::Complete };
            (EntryKind::TrustedCertificate, view.key.clone(), state, vec![view], None)
        }
    };
    EntryView {
        alias: entry.alias.clone(),
        kind,
        key,
        chain_state,
        certificates,
        request: signing_request,
        created_ms: entry.created_ms,
        modified_ms: entry.modified_ms,
    }
}

fn chain_state(pair: &KeyPair, keystore: &Keystore) -> (ChainState, Vec<CertificateView>) {
    let Some(leaf) = pair.chain.first() else {
        let state = if pair.request.is_some() { ChainState::Pending } else { ChainState::NoCertificate };
        return (state, Vec::new());
    };
    let (chain, missing) = complete_chain(&pair.chain, keystore);
    let views = chain.iter().map(certificate).collect();
    let state = match missing {
        Some(issuer) => ChainState::Incomplete {
            missing: issuer.to_rfc4514(),
            ca_issuers: chain.last().map(Certificate::ca_issuers_urls).unwrap_or_default(),
        },
        None if leaf.is_self_issued() => ChainState::SelfSigned,
        None => ChainState::Complete,
    };
    (state, views)
}

/// SHA-256 of a subject public key info, base64.
pub(crate) fn spki_pin(spki_der: &[u8]) -> String {
    Base64::encode_string(&Sha256::digest(spki_der))
}

fn hex_with_colons(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}
