//! Duties of issuers that a relying party need not check: RFC 5280 section 4, and the CA/Browser Forum's baseline requirements (BR).
//!
//! For [`Profile::Tolerant`](crate::Profile::Tolerant) they are notes, as private authorities often break them; for
//! [`Profile::Strict`](crate::Profile::Strict) they are failures.

use core::net::IpAddr;

use certwright_certs::certificate::Irregularity;
use certwright_certs::{Certificate, GeneralName, Oid, oid};
use certwright_keys::KeyAlgorithm;

use super::Path;

/// A rule that a certificate breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A certificate that is not self-issued has no key identifier in its authority key identifier (RFC 5280 section 4.2.1.1).
    AuthorityKeyIdentifierMissing,
    /// A root's authority key identifier is not its own, or says more than the key identifier (BR 7.1.2.1.3).
    RootAuthorityKeyIdentifier,
    /// An authority has no subject key identifier (RFC 5280 section 4.2.1.2).
    SubjectKeyIdentifierMissing,
    /// The basic constraints of an authority are not critical (RFC 5280 section 4.2.1.9).
    BasicConstraintsNotCritical,
    /// A path length constraint without the right to sign certificates (RFC 5280 section 4.2.1.9).
    PathLengthWithoutCa,
    /// `keyCertSign` without being an authority (RFC 5280 section 4.2.1.3).
    KeyCertSignWithoutCa,
    /// The end-entity is an authority (BR 7.1.2.7.8).
    EndEntityIsCa,
    /// The end-entity has name constraints (RFC 5280 section 4.2.1.10).
    NameConstraintsInEndEntity,
    /// The serial number of a certificate that is no trust anchor is not positive, or longer than 20 octets (RFC 5280 section 4.1.2.2).
    SerialNumber,
    /// The subject alternative name is critical beside a subject, or not critical without one (RFC 5280 section 4.2.1.6).
    AlternativeNameCriticality,
    /// A host name of the subject alternative name is none, or is an address (RFC 5280 section 4.2.1.6).
    MalformedAlternativeName,
    /// A common name that is an address in another than its canonical form, or an internationalised host name that is not among the
    /// alternative names and that a reader might take for one of them (BR 7.1.4.3). Other common names outside the alternative names are too
    /// frequent to tell anything.
    MisleadingCommonName {
        /// The common name.
        common_name: String,
    },
    /// The end-entity has no extended key usage, `anyExtendedKeyUsage`, or a critical one (BR 7.1.2.7.10, 7.1.2.7.6).
    EndEntityExtendedKeyUsage,
    /// A root has an extended key usage (BR 7.1.2.1.2).
    RootExtendedKeyUsage,
    /// The certificate is not of version 3 (BR 7.1.1).
    Version {
        /// 1 or 2.
        version: u8,
    },
    /// An RSA modulus whose length in bits is no multiple of 8 (BR 6.1.5).
    RsaLength {
        /// Its length.
        bits: u32,
    },
}

/// All rules that certificates of the path break, with their places.
pub(crate) fn broken(path: &Path<'_>) -> Vec<(usize, Rule)> {
    let mut rules = Vec::new();
    for (at, certificate) in path.all() {
        any_certificate(certificate, &mut |rule| rules.push((at, rule)));
        if !path.is_anchor(at) && certificate.irregularities().iter().any(is_odd_serial) {
            rules.push((at, Rule::SerialNumber));
        }
        if at == 0 {
            end_entity(certificate, &mut |rule| rules.push((at, rule)));
        } else {
            authority(certificate, &mut |rule| rules.push((at, rule)));
        }
        if path.is_anchor(at) && at > 0 && certificate.is_self_issued() {
            root(certificate, &mut |rule| rules.push((at, rule)));
        }
    }
    rules
}

fn any_certificate(certificate: &Certificate, add: &mut dyn FnMut(Rule)) {
    let extensions = certificate.extensions();
    if certificate.version() < 3 {
        add(Rule::Version { version: certificate.version() });
    }
    if !certificate.is_self_issued() && certificate.authority_key_identifier().is_none() {
        add(Rule::AuthorityKeyIdentifierMissing);
    }
    let key_cert_sign = certificate.key_usage().is_some_and(|usage| usage.key_cert_sign());
    if key_cert_sign && certificate.version() == 3 && !certificate.is_ca() {
        add(Rule::KeyCertSignWithoutCa);
    }
    if let Ok(Some(constraints)) = &extensions.basic_constraints
        && constraints.path_length.is_some()
        && !(constraints.ca && certificate.key_usage().is_none_or(|usage| usage.key_cert_sign()))
    {
        add(Rule::PathLengthWithoutCa);
    }
    if let Ok(KeyAlgorithm::Rsa { bits }) = certificate.public_key().map(|key| key.algorithm())
        && bits % 8 != 0
    {
        add(Rule::RsaLength { bits });
    }
}

fn is_odd_serial(irregularity: &Irregularity) -> bool {
    matches!(
        irregularity,
        Irregularity::SerialNotPositive | Irregularity::SerialTooLong { .. } | Irregularity::SerialNotMinimal
    )
}

fn authority(certificate: &Certificate, add: &mut dyn FnMut(Rule)) {
    let extensions = certificate.extensions();
    if certificate.version() == 3 && certificate.subject_key_identifier().is_none() {
        add(Rule::SubjectKeyIdentifierMissing);
    }
    if extensions.find(oid::BASIC_CONSTRAINTS).is_some_and(|extension| !extension.critical) {
        add(Rule::BasicConstraintsNotCritical);
    }
}

fn root(certificate: &Certificate, add: &mut dyn FnMut(Rule)) {
    if let Ok(Some(identifier)) = &certificate.extensions().authority_key_identifier
        && (identifier.issuer.is_some()
            || identifier.serial.is_some()
            || identifier.key_identifier.as_deref() != certificate.subject_key_identifier())
    {
        add(Rule::RootAuthorityKeyIdentifier);
    }
    if certificate.extended_key_usages().is_some() {
        add(Rule::RootExtendedKeyUsage);
    }
}

fn end_entity(certificate: &Certificate, add: &mut dyn FnMut(Rule)) {
    let extensions = certificate.extensions();
    if certificate.is_ca() {
        add(Rule::EndEntityIsCa);
    }
    if extensions.find(oid::NAME_CONSTRAINTS).is_some() {
        add(Rule::NameConstraintsInEndEntity);
    }
    if extensions
        .find(oid::SUBJECT_ALTERNATIVE_NAME)
        .is_some_and(|extension| extension.critical != certificate.subject().is_empty())
    {
        add(Rule::AlternativeNameCriticality);
    }
    let malformed = |name: &GeneralName| match name {
        GeneralName::Malformed { .. } => true,
        GeneralName::Dns(name) => name.parse::<IpAddr>().is_ok(),
        _ => false,
    };
    if certificate.subject_alternative_names().iter().any(malformed) {
        add(Rule::MalformedAlternativeName);
    }
    if let Some(common_name) = certificate.subject().common_name()
        && is_misleading(&common_name, certificate)
    {
        add(Rule::MisleadingCommonName { common_name });
    }
    let critical_usage = extensions.find(oid::EXTENDED_KEY_USAGE).is_some_and(|extension| extension.critical);
    let any_usage = |usages: &[Oid]| usages.iter().any(|usage| *usage == oid::ANY_EXTENDED_KEY_USAGE);
    if critical_usage || certificate.extended_key_usages().is_some_and(|usages| any_usage(&usages.0)) {
        add(Rule::EndEntityExtendedKeyUsage);
    }
}

fn is_misleading(common_name: &str, certificate: &Certificate) -> bool {
    let names = certificate.subject_alternative_names();
    let is_a_name =
        |name: &GeneralName| matches!(name, GeneralName::Dns(name) if name.eq_ignore_ascii_case(common_name));
    let lower = common_name.to_ascii_lowercase();
    let internationalised = lower.split('.').any(|label| label.starts_with("xn--"));
    match parse_sloppily(common_name) {
        Some(address) => address.to_string() != common_name,
        None => internationalised && !names.iter().any(is_a_name),
    }
}

/// An address, also with the leading zeros that RFC 3986 forbids in IPv4 addresses.
fn parse_sloppily(text: &str) -> Option<IpAddr> {
    let numbers: Option<Vec<u8>> = text
        .split('.')
        .map(|part| if part.bytes().all(|octet| octet.is_ascii_digit()) { part.parse().ok() } else { None })
        .collect();
    match numbers.as_deref() {
        Some([a, b, c, d]) => Some(IpAddr::from([*a, *b, *c, *d])),
        _ => text.parse().ok(),
    }
}
