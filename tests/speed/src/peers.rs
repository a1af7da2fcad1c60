//! The peers in Rust: x509-parser for summaries, rustls-webpki with ring for chains.

use core::time::Duration;

use rustls_pki_types::{CertificateDer, ServerName, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert, ring};
use x509_parser::extensions::{DistributionPointName, GeneralName, ParsedExtension};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

use certwright_speed::set::{Chain, NOW, Set};
use certwright_speed::summary::Summary;

/// The signatures that rustls takes by default with ring.
const ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    ring::ECDSA_P256_SHA256,
    ring::ECDSA_P256_SHA384,
    ring::ECDSA_P384_SHA256,
    ring::ECDSA_P384_SHA384,
    ring::ED25519,
    ring::RSA_PKCS1_2048_8192_SHA256,
    ring::RSA_PKCS1_2048_8192_SHA384,
    ring::RSA_PKCS1_2048_8192_SHA512,
    ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
];

/// The summary that x509-parser gives.
pub(crate) fn summarise(der: &[u8]) -> Option<Summary> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let mut summary = Summary {
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        serial: certificate.raw_serial_as_string().to_uppercase(),
        not_before: certificate.validity().not_before.timestamp(),
        not_after: certificate.validity().not_after.timestamp(),
        key: match certificate.public_key().parsed().ok()? {
            PublicKey::RSA(key) => format!("RSA {}", key.key_size()),
            PublicKey::EC(point) => format!("EC P-{}", point.key_size()),
            _ => return None,
        },
        names: Vec::new(),
        ca: false,
        key_usages: Vec::new(),
        purposes: 0,
        subject_key_identifier: String::new(),
        authority_key_identifier: String::new(),
        addresses: Vec::new(),
    };
    for extension in certificate.extensions() {
        match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => {
                summary.names = names.general_names.iter().map(ToString::to_string).collect();
            }
            ParsedExtension::BasicConstraints(constraints) => summary.ca = constraints.ca,
            ParsedExtension::KeyUsage(usage) => {
                let known = [
                    (usage.digital_signature(), "digitalSignature"),
                    (usage.key_encipherment(), "keyEncipherment"),
                    (usage.key_agreement(), "keyAgreement"),
                    (usage.key_cert_sign(), "keyCertSign"),
                    (usage.crl_sign(), "cRLSign"),
                ];
                summary.key_usages =
                    known.into_iter().filter(|(set, _)| *set).map(|(_, name)| name).collect();
            }
            ParsedExtension::ExtendedKeyUsage(usages) => {
                summary.purposes = usize::from(usages.server_auth)
                    + usize::from(usages.client_auth)
                    + usize::from(usages.code_signing)
                    + usages.other.len();
            }
            ParsedExtension::SubjectKeyIdentifier(identifier) => {
                summary.subject_key_identifier = digits(identifier.0);
            }
            ParsedExtension::AuthorityKeyIdentifier(identifier) => {
                let octets = identifier.key_identifier.as_ref().map(|identifier| identifier.0);
                summary.authority_key_identifier = octets.map(digits).unwrap_or_default();
            }
            ParsedExtension::AuthorityInfoAccess(access) => {
                let places = access.accessdescs.iter().map(|description| &description.access_location);
                summary.addresses.extend(places.filter_map(address));
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                for point in &points.points {
                    if let Some(DistributionPointName::FullName(names)) = &point.distribution_point {
                        summary.addresses.extend(names.iter().filter_map(address));
                    }
                }
            }
            _ => {}
        }
    }
    Some(summary)
}

fn digits(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn address(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::URI(address) => Some((*address).to_owned()),
        _ => None,
    }
}

/// The octets of all summaries; 0 if one is missing.
pub(crate) fn summarise_all(set: &Set<'_>) -> usize {
    set.certificates
        .iter()
        .map(|der| summarise(der).map(|summary| summary.weight()))
        .sum::<Option<usize>>()
        .unwrap_or(0)
}

/// The trusted certificates as rustls keeps them.
pub(crate) fn anchors(set: &Set<'_>) -> Vec<TrustAnchor<'static>> {
    let read = |der: &&[u8]| anchor_from_trusted_cert(&CertificateDer::from(*der)).unwrap().to_owned();
    set.anchors.iter().map(read).collect()
}

fn accepts(chain: &Chain<'_>, anchors: &[TrustAnchor<'_>]) -> bool {
    let Some((leaf, rest)) = chain.certificates.split_first() else { return false };
    let leaf = CertificateDer::from(*leaf);
    let intermediates: Vec<CertificateDer<'_>> = rest.iter().map(|der| CertificateDer::from(*der)).collect();
    let now = UnixTime::since_unix_epoch(Duration::from_secs(NOW as u64));
    let (Ok(certificate), Ok(host)) = (EndEntityCert::try_from(&leaf), ServerName::try_from(chain.host))
    else {
        return false;
    };
    let usage = KeyUsage::server_auth();
    certificate.verify_for_usage(ALGORITHMS, anchors, &intermediates, now, usage, None, None).is_ok()
        && certificate.verify_is_valid_for_subject_name(&host).is_ok()
}

/// How many chains of a kind rustls-webpki accepts.
pub(crate) fn validate(set: &Set<'_>, kind: &str, anchors: &[TrustAnchor<'_>]) -> usize {
    set.chains_of(kind).filter(|chain| accepts(chain, anchors)).count()
}
