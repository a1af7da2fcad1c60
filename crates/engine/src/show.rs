//! Entries, certificates and requests as the views of the protocol.

mod entries;

use base64ct::{Base64, Encoding};
use certwright_certs::certificate::Certificate;
use certwright_certs::key_strength::{Strength, strength};
use certwright_certs::oid::Oid;
use certwright_certs::request::SigningRequest;
use certwright_keys::PublicKey;
use certwright_keystore::keystore::Keystore;
use certwright_keystore::profile::Profile;
use certwright_language::t;
use certwright_protocol::Bytes;
use certwright_protocol::view::{
    AliasProfile, CertificateSummary, CertificateView, NamedOid, RequestAttributeView, RequestView,
};
use sha2::{Digest, Sha256};

pub(crate) use entries::{closed, closed_detail, detail, entries, may_issue, why_it_cannot_sign};

/// A certificate's facts.
pub(crate) fn certificate(certificate: &Certificate) -> CertificateView {
    let key = match certificate.public_key() {
        Ok(key) => key.algorithm().to_string(),
        Err(_) => t!("unreadable").into(),
    };
    CertificateView {
        subject: certificate.subject().to_rfc4514(),
        name: certificate.display_name(),
        issuer: certificate.issuer().to_rfc4514(),
        issuer_name: issuer_name(certificate),
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

/// What the list shows of a certificate.
pub(crate) fn summary(certificate: &Certificate) -> CertificateSummary {
    CertificateSummary {
        subject: certificate.subject().to_rfc4514(),
        name: certificate.display_name(),
        issuer_name: issuer_name(certificate),
        serial: certificate.serial_hex(),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
        subject_alternative_names: certificate
            .subject_alternative_names()
            .iter()
            .map(ToString::to_string)
            .collect(),
        is_ca: certificate.is_ca(),
        is_self_issued: certificate.is_self_issued(),
    }
}

fn issuer_name(certificate: &Certificate) -> String {
    let issuer = certificate.issuer();
    issuer.common_name().unwrap_or_else(|| issuer.to_rfc4514())
}

/// A signing request's facts.
pub(crate) fn request(request: &SigningRequest, keystore: &Keystore) -> RequestView {
    let key = request.public_key().ok();
    let fits = key.as_ref().and_then(|key| keystore.find_by_public_key(key));
    let extensions = request.extensions();
    RequestView {
        subject: request.subject().to_rfc4514(),
        key: key.as_ref().map_or_else(|| t!("unreadable").into(), |key| key.algorithm().to_string()),
        weakness: key.as_ref().and_then(weakness),
        signature_algorithm: request.signature_algorithm().name(),
        subject_alternative_names: request
            .subject_alternative_names()
            .iter()
            .map(ToString::to_string)
            .collect(),
        key_usage: request
            .key_usage()
            .map(|usage| usage.names().into_iter().map(str::to_owned).collect())
            .unwrap_or_default(),
        extended_key_usage: request.extended_key_usage().map(|usages| usages.names()).unwrap_or_default(),
        wants_ca: matches!(&extensions.basic_constraints, Ok(Some(constraints)) if constraints.ca),
        extensions: extensions.all.iter().map(|extension| named(&extension.oid)).collect(),
        attributes: request
            .attributes()
            .iter()
            .filter(|attribute| !attribute.asks_for_extensions())
            .map(|attribute| RequestAttributeView { name: attribute.name(), values: attribute.texts() })
            .collect(),
        has_challenge_password: request.challenge_password().is_some(),
        signature_valid: request.verify().is_ok(),
        fits_alias: fits.map(|entry| entry.alias.clone()),
        spki_pin: spki_pin(request.spki_der()),
        pem: request.to_pem(),
    }
}

fn named(oid: &Oid) -> NamedOid {
    NamedOid { oid: oid.to_string(), name: oid.name().map(str::to_owned) }
}

/// What is to be said about a key's strength; `None` if it is good.
pub(crate) fn weakness(key: &PublicKey) -> Option<String> {
    match strength(key) {
        Strength::Strong => None,
        Strength::Legacy { why } => Some(t!("{why}: enough for today, and not for years", why)),
        Strength::Weak { why } => Some(t!("{why}: it can be broken, and most programs refuse it", why)),
        Strength::Unknown { .. } => Some(t!("nothing is known here about how strong such a key is").into()),
    }
}

/// The rules for aliases.
pub(crate) fn profile(profile: Profile) -> AliasProfile {
    match profile {
        Profile::None => AliasProfile::None,
        Profile::SapIntegrationSuite => AliasProfile::SapIntegrationSuite,
        Profile::Java => AliasProfile::Java,
    }
}

/// SHA-256 of a subject public key info, base64.
pub(crate) fn spki_pin(spki_der: &[u8]) -> String {
    Base64::encode_string(&Sha256::digest(spki_der))
}

fn hex_with_colons(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}
