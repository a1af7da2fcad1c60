//! Certwright's side.

use certwright_certs::Certificate;
use certwright_chain::{Anchor, Host, Profile, Purpose, Question, judge};
use certwright_keys::PublicKey;
use certwright_keys::weak::weaknesses;

use crate::set::{Chain, NOW, Set};
use crate::summary::Summary;

/// Reads a certificate and says what is in it; `None` if it cannot be read.
pub fn summarise(der: &[u8]) -> Option<Summary> {
    let certificate = Certificate::from_der(der).ok()?;
    let extensions = certificate.extensions();
    let mut addresses = certificate.ocsp_urls();
    addresses.extend(certificate.ca_issuers_urls());
    addresses.extend(certificate.crl_urls());
    Some(Summary {
        subject: certificate.subject().to_rfc4514(),
        issuer: certificate.issuer().to_rfc4514(),
        serial: certificate.serial_hex(),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
        key: certificate.public_key().ok()?.algorithm().to_string(),
        names: certificate.subject_alternative_names().iter().map(ToString::to_string).collect(),
        ca: certificate.is_ca(),
        key_usages: certificate.key_usage().map(|usage| usage.names()).unwrap_or_default(),
        purposes: certificate.extended_key_usages().map_or(0, |usages| usages.0.len()),
        subject_key_identifier: certificate.subject_key_identifier_hex().unwrap_or_default(),
        authority_key_identifier: certificate.authority_key_identifier_hex().unwrap_or_default(),
        addresses,
    })
    .filter(|_| extensions.broken().is_empty())
}

/// The octets of all summaries of a set; 0 if one is missing.
pub fn summarise_all(set: &Set<'_>) -> usize {
    set.certificates
        .iter()
        .map(|der| summarise(der).map(|summary| summary.weight()))
        .sum::<Option<usize>>()
        .unwrap_or(0)
}

/// The trusted certificates of a set.
pub fn anchors(set: &Set<'_>) -> Vec<Anchor> {
    let read = |der: &&[u8]| Certificate::from_der(der).ok();
    let certificates = set.anchors.iter().filter_map(read);
    certificates.map(|certificate| Anchor { label: certificate.display_name(), certificate }).collect()
}

/// Whether a TLS client should go on, from the octets of the handshake.
pub fn accepts(chain: &Chain<'_>, anchors: &[Anchor]) -> bool {
    let read: Result<Vec<Certificate>, _> =
        chain.certificates.iter().map(|der| Certificate::from_der(der)).collect();
    let Ok(certificates) = read else { return false };
    judge(&Question {
        host: Some(Host::Dns(chain.host.to_owned())),
        purpose: Purpose::ServerAuth,
        profile: Profile::TlsServer,
        ..Question::new(&certificates, anchors, NOW)
    })
    .trusted
}

/// How many chains of a kind are to be trusted.
pub fn validate(set: &Set<'_>, kind: &str, anchors: &[Anchor]) -> usize {
    set.chains_of(kind).filter(|chain| accepts(chain, anchors)).count()
}

/// RSA keys that are examined for weaknesses.
const EXAMINED: usize = 100;

/// Looks for weaknesses in some RSA keys; how many keys were sound.
pub fn sound_keys(set: &Set<'_>) -> usize {
    let read = |der: &&[u8]| Certificate::from_der(der).ok()?.public_key().ok();
    let keys = set.certificates.iter().filter_map(read).filter(|key: &PublicKey| key.algorithm().is_rsa());
    keys.take(EXAMINED).filter(|key| weaknesses(key).is_empty()).count()
}
