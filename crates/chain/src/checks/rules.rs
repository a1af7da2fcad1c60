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
    /// An authority has no subject (RFC 5280 section 4.1.2.6).
    EmptyIssuerSubject,
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
    /// Policy constraints are not critical (RFC 5280 section 4.2.1.11).
    PolicyConstraintsNotCritical,
    /// The serial number is not positive, or longer than 20 octets (RFC 5280 section 4.1.2.2).
    SerialNumber,
    /// The subject alternative name is critical beside a subject, or not critical without one (RFC 5280 section 4.2.1.6).
    AlternativeNameCriticality,
    /// A host name of the subject alternative name is none, or is an address (RFC 5280 section 4.2.1.6).
    MalformedAlternativeName,
    /// A common name that is a host name or address and not one of the alternative names (BR 7.1.4.3).
    CommonNameNotAmongNames {
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
    /// An extension that only helps to find things cannot be read.
    MalformedHelper {
        /// Its type.
        oid: Oid,
    },
}

/// All rules that certificates of the path break, with their places.
pub(crate) fn broken(path: &Path<'_>) -> Vec<(usize, Rule)> {
    let mut rules = Vec::new();
    for (at, certificate) in path.all() {
        any_certificate(certificate, &mut |rule| rules.push((at, rule)));
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
    let odd_serial = |irregularity: &Irregularity| {
        matches!(
            irregularity,
            Irregularity::SerialNotPositive
                | Irregularity::SerialTooLong { .. }
                | Irregularity::SerialNotMinimal
        )
    };
    if certificate.irregularities().iter().any(odd_serial) {
        add(Rule::SerialNumber);
    }
    if !certificate.is_self_issued() && certificate.authority_key_identifier().is_none() {
        add(Rule::AuthorityKeyIdentifierMissing);
    }
    if extensions.find(oid::POLICY_CONSTRAINTS).is_some_and(|extension| !extension.critical) {
        add(Rule::PolicyConstraintsNotCritical);
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
    let helpers = [
        oid::SUBJECT_KEY_IDENTIFIER,
        oid::AUTHORITY_KEY_IDENTIFIER,
        oid::AUTHORITY_INFORMATION_ACCESS,
        oid::CRL_DISTRIBUTION_POINTS,
    ];
    for error in extensions.broken() {
        if helpers.iter().any(|oid| error.oid == *oid) {
            add(Rule::MalformedHelper { oid: error.oid });
        }
    }
}

fn authority(certificate: &Certificate, add: &mut dyn FnMut(Rule)) {
    let extensions = certificate.extensions();
    if certificate.subject().is_empty() {
        add(Rule::EmptyIssuerSubject);
    }
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
        && looks_like_host(&common_name)
        && !is_among_names(&common_name, certificate)
    {
        add(Rule::CommonNameNotAmongNames { common_name });
    }
    let critical_usage = extensions.find(oid::EXTENDED_KEY_USAGE).is_some_and(|extension| extension.critical);
    let any_usage = |usages: &[Oid]| usages.iter().any(|usage| *usage == oid::ANY_EXTENDED_KEY_USAGE);
    if critical_usage || certificate.extended_key_usages().is_some_and(|usages| any_usage(&usages.0)) {
        add(Rule::EndEntityExtendedKeyUsage);
    }
}

/// A dotted name or an address, however badly written; `client` or `Example GmbH` is neither.
fn looks_like_host(text: &str) -> bool {
    let host = |octet: u8| octet.is_ascii_alphanumeric() || b"-_.*:".contains(&octet);
    text.bytes().all(host) && (text.contains('.') || text.contains(':'))
}

/// The baseline requirements want the very text of an alternative name, an address in its canonical form.
fn is_among_names(common_name: &str, certificate: &Certificate) -> bool {
    certificate.subject_alternative_names().iter().any(|name| match name {
        GeneralName::Dns(name) => name.eq_ignore_ascii_case(common_name),
        GeneralName::Ip(address) => address.to_string() == common_name,
        _ => false,
    })
}
