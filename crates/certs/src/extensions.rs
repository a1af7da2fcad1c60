//! Extensions of certificates (RFC 5280 section 4.2), one file each.
//!
//! [`Extensions`] reads what nearly every certificate is asked for when the certificate is read, and the others when they are asked for. A
//! known extension with a broken value does not make the certificate unreadable: asking for it gives the error.
//!
//! [`KNOWN`] is the table of all that can be described to people.

mod authority_information_access;
mod authority_key_identifier;
mod autonomous_system_ids;
mod basic_constraints;
mod cabf_organization_identifier;
mod certificate_issuer;
mod certificate_policies;
mod crl_distribution_points;
mod crl_number;
mod delta_crl_indicator;
mod distribution_point;
mod entrust_version;
mod expired_certs_on_crl;
mod extended_key_usage;
mod freshest_crl;
mod inhibit_any_policy;
mod invalidity_date;
mod ip_address_blocks;
mod issuer_alternative_name;
mod issuing_distribution_point;
mod key_usage;
mod logotype;
mod microsoft_application_policies;
mod microsoft_ca_version;
mod microsoft_ntds_security;
mod microsoft_previous_ca_hash;
mod microsoft_template;
mod microsoft_template_name;
mod name_constraints;
mod netscape_certificate_type;
mod netscape_text;
mod ocsp_archive_cutoff;
mod ocsp_crl_reference;
mod ocsp_no_check;
mod ocsp_nonce;
mod ocsp_signed_certificate_timestamps;
mod policy_constraints;
mod policy_mappings;
mod precertificate_poison;
mod private_key_usage_period;
mod qc_statements;
mod reason_code;
mod reason_flags;
mod signed_certificate_timestamps;
mod smime_capabilities;
mod subject_alternative_name;
mod subject_directory_attributes;
mod subject_information_access;
mod subject_key_identifier;
mod tls_feature;
mod tor_service_descriptor;
mod transparency_logs;

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use const_oid::ObjectIdentifier;

use crate::describe::Fact;
use crate::fault::{Fault, Problem};
use crate::oid::Oid;
use crate::tlv::{self, Elements, Tlv};

pub use authority_information_access::{AccessDescription, AuthorityInformationAccess};
pub use authority_key_identifier::AuthorityKeyIdentifier;
pub use autonomous_system_ids::{AutonomousSystemIds, AutonomousSystemIdsV2, AutonomousSystems};
pub use basic_constraints::BasicConstraints;
pub use cabf_organization_identifier::CabfOrganizationIdentifier;
pub use certificate_issuer::CertificateIssuer;
pub use certificate_policies::{CertificatePolicies, PolicyInformation, PolicyQualifier};
pub use crl_distribution_points::CrlDistributionPoints;
pub use crl_number::CrlNumber;
pub use delta_crl_indicator::DeltaCrlIndicator;
pub use distribution_point::{DistributionPoint, DistributionPointName};
pub use entrust_version::EntrustVersion;
pub use expired_certs_on_crl::ExpiredCertsOnCrl;
pub use extended_key_usage::ExtendedKeyUsage;
pub use freshest_crl::FreshestCrl;
pub use inhibit_any_policy::InhibitAnyPolicy;
pub use invalidity_date::InvalidityDate;
pub use ip_address_blocks::{IpAddressBlock, IpAddressBlocks, IpAddressBlocksV2, IpAddressFamily};
pub use issuer_alternative_name::IssuerAlternativeName;
pub use issuing_distribution_point::IssuingDistributionPoint;
pub use key_usage::KeyUsage;
pub use logotype::{Logotype, LogotypeFile, LogotypeOwner, Logotypes};
pub use microsoft_application_policies::{
    MicrosoftApplicationPolicies, MicrosoftApplicationPolicyConstraints, MicrosoftApplicationPolicyMappings,
};
pub use microsoft_ca_version::MicrosoftCaVersion;
pub use microsoft_ntds_security::MicrosoftNtdsSecurity;
pub use microsoft_previous_ca_hash::MicrosoftPreviousCaHash;
pub use microsoft_template::MicrosoftTemplate;
pub use microsoft_template_name::MicrosoftTemplateName;
pub use name_constraints::{ConstraintBase, NameConstraints, Subtree};
pub use netscape_certificate_type::NetscapeCertificateType;
pub use netscape_text::{
    NetscapeBaseUrl, NetscapeCaPolicyUrl, NetscapeCaRevocationUrl, NetscapeComment, NetscapeRenewalUrl,
    NetscapeRevocationUrl, NetscapeSslServerName,
};
pub use ocsp_archive_cutoff::OcspArchiveCutoff;
pub use ocsp_crl_reference::OcspCrlReference;
pub use ocsp_no_check::OcspNoCheck;
pub use ocsp_nonce::OcspNonce;
pub use ocsp_signed_certificate_timestamps::OcspSignedCertificateTimestamps;
pub use policy_constraints::PolicyConstraints;
pub use policy_mappings::{PolicyMapping, PolicyMappings};
pub use precertificate_poison::PrecertificatePoison;
pub use private_key_usage_period::PrivateKeyUsagePeriod;
pub use qc_statements::{QcStatement, QcStatements};
pub use reason_code::ReasonCode;
pub use reason_flags::ReasonFlags;
pub use signed_certificate_timestamps::{SignedCertificateTimestamp, SignedCertificateTimestamps};
pub use smime_capabilities::{SmimeCapabilities, SmimeCapability};
pub use subject_alternative_name::SubjectAlternativeName;
pub use subject_directory_attributes::{DirectoryAttribute, SubjectDirectoryAttributes};
pub use subject_information_access::SubjectInformationAccess;
pub use subject_key_identifier::SubjectKeyIdentifier;
pub use tls_feature::TlsFeature;
pub use tor_service_descriptor::{TorServiceDescriptor, TorServiceDescriptorHash};

/// An extension as it stands in the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its type.
    pub oid: Oid,
    /// Whether who does not understand it has to refuse the certificate.
    pub critical: bool,
    /// The content of its OCTET STRING.
    pub value: Vec<u8>,
}

impl Extension {
    /// The DER; a criticality of false, the default, is left out.
    pub fn to_der(&self) -> Vec<u8> {
        let mut content = self.oid.to_der();
        if self.critical {
            tlv::push(&mut content, tlv::BOOLEAN, &[0xff]);
        }
        tlv::push(&mut content, tlv::OCTET_STRING, &self.value);
        tlv::to_element(tlv::SEQUENCE, &content)
    }
}

/// The value of a known extension that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("extension {oid}: {fault}")]
pub struct ReadExtensionError {
    /// The extension.
    pub oid: Oid,
    /// Where in its value, and why.
    pub fault: Fault,
}

/// Absent, present, or broken.
pub type Parsed<T> = Result<Option<T>, ReadExtensionError>;

/// A known extension.
pub trait KnownExtension: Sized {
    /// Its type.
    const OID: ObjectIdentifier;

    /// Reads the content of the OCTET STRING.
    ///
    /// # Errors
    /// Where the value breaks.
    fn from_value(value: &[u8]) -> Result<Self, Fault>;
}

/// A known extension that can be described to people.
pub trait DescribedExtension: KnownExtension {
    /// What the standard calls it, for example `Subject alternative name`.
    const NAME: &'static str;
    /// Where it is defined, for example `RFC 5280 section 4.2.1.6`.
    const SOURCE: &'static str;

    /// What it says.
    fn facts(&self) -> Vec<Fact>;

    /// What a value says. Overridden where more can be shown than can be relied on.
    ///
    /// # Errors
    /// Where the value breaks.
    fn describe_value(value: &[u8]) -> Result<Vec<Fact>, Fault> {
        Self::from_value(value).map(|extension| extension.facts())
    }
}

/// A row of the table of known extensions.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The type.
    pub oid: ObjectIdentifier,
    /// What the standard calls it.
    pub name: &'static str,
    /// Where it is defined.
    pub source: &'static str,
    /// What a value says, or where it breaks.
    pub facts: fn(&[u8]) -> Result<Vec<Fact>, Fault>,
}

/// Every extension that can be described to people.
pub const KNOWN: &[Known] = &[
    // RFC 5280 section 4.2.
    known::<AuthorityKeyIdentifier>(),
    known::<SubjectKeyIdentifier>(),
    known::<KeyUsage>(),
    known::<CertificatePolicies>(),
    known::<PolicyMappings>(),
    known::<SubjectAlternativeName>(),
    known::<BasicConstraints>(),
    known::<NameConstraints>(),
    known::<PolicyConstraints>(),
    known::<ExtendedKeyUsage>(),
    known::<CrlDistributionPoints>(),
    known::<InhibitAnyPolicy>(),
    known::<FreshestCrl>(),
    known::<AuthorityInformationAccess>(),
    known::<SubjectInformationAccess>(),
    known::<IssuerAlternativeName>(),
    known::<SubjectDirectoryAttributes>(),
    known::<PrivateKeyUsagePeriod>(),
    // Revocation lists and their entries.
    known::<CrlNumber>(),
    known::<DeltaCrlIndicator>(),
    known::<IssuingDistributionPoint>(),
    known::<ReasonCode>(),
    known::<InvalidityDate>(),
    known::<CertificateIssuer>(),
    known::<ExpiredCertsOnCrl>(),
    // Transparency, TLS and OCSP.
    known::<SignedCertificateTimestamps>(),
    known::<PrecertificatePoison>(),
    known::<TlsFeature>(),
    known::<OcspNoCheck>(),
    known::<OcspNonce>(),
    known::<OcspArchiveCutoff>(),
    known::<OcspCrlReference>(),
    known::<OcspSignedCertificateTimestamps>(),
    // Laws and registers.
    known::<QcStatements>(),
    known::<CabfOrganizationIdentifier>(),
    known::<TorServiceDescriptor>(),
    known::<Logotypes>(),
    known::<SmimeCapabilities>(),
    known::<IpAddressBlocks>(),
    known::<AutonomousSystemIds>(),
    known::<IpAddressBlocksV2>(),
    known::<AutonomousSystemIdsV2>(),
    // Active Directory certificate services.
    known::<MicrosoftTemplateName>(),
    known::<MicrosoftTemplate>(),
    known::<MicrosoftCaVersion>(),
    known::<MicrosoftPreviousCaHash>(),
    known::<MicrosoftApplicationPolicies>(),
    known::<MicrosoftApplicationPolicyMappings>(),
    known::<MicrosoftApplicationPolicyConstraints>(),
    known::<MicrosoftNtdsSecurity>(),
    // Relics.
    known::<NetscapeCertificateType>(),
    known::<NetscapeComment>(),
    known::<NetscapeBaseUrl>(),
    known::<NetscapeRevocationUrl>(),
    known::<NetscapeCaRevocationUrl>(),
    known::<NetscapeRenewalUrl>(),
    known::<NetscapeCaPolicyUrl>(),
    known::<NetscapeSslServerName>(),
    known::<EntrustVersion>(),
];

/// The row of a type.
pub(crate) fn known_extension(oid: &Oid) -> Option<&'static Known> {
    static BY_CONTENT: LazyLock<HashMap<&[u8], &Known>> =
        LazyLock::new(|| KNOWN.iter().map(|known| (known.oid.as_bytes(), known)).collect());
    BY_CONTENT.get(oid.der_content()).copied()
}

const fn known<T: DescribedExtension>() -> Known {
    Known { oid: T::OID, name: T::NAME, source: T::SOURCE, facts: T::describe_value }
}

/// All extensions of a certificate or signing request.
#[derive(Clone, Debug)]
pub struct Extensions {
    /// As they stand in the certificate, in its order.
    pub all: Vec<Extension>,
    /// RFC 5280 section 4.2.1.9.
    pub basic_constraints: Parsed<BasicConstraints>,
    /// RFC 5280 section 4.2.1.3.
    pub key_usage: Parsed<KeyUsage>,
    /// RFC 5280 section 4.2.1.12.
    pub extended_key_usage: Parsed<ExtendedKeyUsage>,
    /// RFC 5280 section 4.2.1.6.
    pub subject_alternative_name: Parsed<SubjectAlternativeName>,
    /// RFC 5280 section 4.2.1.10.
    pub name_constraints: Parsed<NameConstraints>,
    /// RFC 5280 section 4.2.1.2.
    pub subject_key_identifier: Parsed<SubjectKeyIdentifier>,
    /// RFC 5280 section 4.2.1.1.
    pub authority_key_identifier: Parsed<AuthorityKeyIdentifier>,
    /// RFC 5280 section 4.2.2.1.
    pub authority_information_access: Parsed<AuthorityInformationAccess>,
    lazy: Lazy,
}

/// What is read when it is first asked for, and kept because checks of a chain ask again and again.
#[derive(Clone, Debug, Default)]
struct Lazy {
    crl_distribution_points: OnceLock<Parsed<CrlDistributionPoints>>,
    certificate_policies: OnceLock<Parsed<CertificatePolicies>>,
    policy_mappings: OnceLock<Parsed<PolicyMappings>>,
    policy_constraints: OnceLock<Parsed<PolicyConstraints>>,
    inhibit_any_policy: OnceLock<Parsed<InhibitAnyPolicy>>,
}

impl Extensions {
    /// Reads the known ones among `all`. Of an extension that occurs more than once the first counts.
    pub fn new(all: Vec<Extension>) -> Self {
        Self {
            basic_constraints: find(&all),
            key_usage: find(&all),
            extended_key_usage: find(&all),
            subject_alternative_name: find(&all),
            name_constraints: find(&all),
            subject_key_identifier: find(&all),
            authority_key_identifier: find(&all),
            authority_information_access: find(&all),
            lazy: Lazy::default(),
            all,
        }
    }

    /// RFC 5280 section 4.2.1.13.
    pub fn crl_distribution_points(&self) -> &Parsed<CrlDistributionPoints> {
        self.lazy.crl_distribution_points.get_or_init(|| self.get())
    }

    /// RFC 5280 section 4.2.1.4.
    pub fn certificate_policies(&self) -> &Parsed<CertificatePolicies> {
        self.lazy.certificate_policies.get_or_init(|| self.get())
    }

    /// RFC 5280 section 4.2.1.5.
    pub fn policy_mappings(&self) -> &Parsed<PolicyMappings> {
        self.lazy.policy_mappings.get_or_init(|| self.get())
    }

    /// RFC 5280 section 4.2.1.11.
    pub fn policy_constraints(&self) -> &Parsed<PolicyConstraints> {
        self.lazy.policy_constraints.get_or_init(|| self.get())
    }

    /// RFC 5280 section 4.2.1.14.
    pub fn inhibit_any_policy(&self) -> &Parsed<InhibitAnyPolicy> {
        self.lazy.inhibit_any_policy.get_or_init(|| self.get())
    }

    /// Reads an extension of any known type. Of one that occurs more than once the first counts.
    ///
    /// # Errors
    /// Where its value breaks.
    pub fn get<T: KnownExtension>(&self) -> Parsed<T> {
        find(&self.all)
    }

    /// The extension of a type, if it is there.
    pub fn find(&self, oid: ObjectIdentifier) -> Option<&Extension> {
        self.all.iter().find(|extension| extension.oid == oid)
    }

    /// Types that occur more than once, which RFC 5280 section 4.2 forbids.
    pub fn duplicates(&self) -> Vec<Oid> {
        let mut oids: Vec<&Oid> = self.all.iter().map(|extension| &extension.oid).collect();
        oids.sort();
        let mut duplicates: Vec<Oid> = oids
            .windows(2)
            .filter_map(|pair| if let [a, b] = pair { (a == b).then(|| (*a).clone()) } else { None })
            .collect();
        duplicates.dedup();
        duplicates
    }

    /// Extensions on which a validation depends and whose values cannot be read.
    pub fn broken(&self) -> Vec<ReadExtensionError> {
        [
            self.basic_constraints.as_ref().err(),
            self.key_usage.as_ref().err(),
            self.extended_key_usage.as_ref().err(),
            self.subject_alternative_name.as_ref().err(),
            self.name_constraints.as_ref().err(),
            self.subject_key_identifier.as_ref().err(),
            self.authority_key_identifier.as_ref().err(),
            self.authority_information_access.as_ref().err(),
            self.crl_distribution_points().as_ref().err(),
            self.certificate_policies().as_ref().err(),
            self.policy_mappings().as_ref().err(),
            self.policy_constraints().as_ref().err(),
            self.inhibit_any_policy().as_ref().err(),
        ]
        .into_iter()
        .flatten()
        .cloned()
        .collect()
    }

    /// `Extensions` as DER.
    pub(crate) fn to_list(extensions: &[Extension]) -> Vec<u8> {
        let content: Vec<u8> = extensions.iter().flat_map(Extension::to_der).collect();
        tlv::to_element(tlv::SEQUENCE, &content)
    }

    /// Reads `Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension`; takes the empty list that some issuers write.
    pub(crate) fn parse_list(list: &Tlv<'_>) -> Result<Vec<Extension>, Fault> {
        let mut extensions = Vec::new();
        let mut elements = list.elements();
        while !elements.is_empty() {
            let mut parts = elements.expect(tlv::SEQUENCE)?.elements();
            let oid = parts.expect(tlv::OID)?;
            let critical = parts.optional(tlv::BOOLEAN)?;
            let value = parts.expect(tlv::OCTET_STRING)?;
            parts.finish()?;
            extensions.push(Extension {
                oid: Oid::from_der_content(oid.content).ok_or(oid.fault(Problem::BadOid))?,
                critical: critical.map_or(Ok(false), |critical| critical.boolean())?,
                value: value.content.to_vec(),
            });
        }
        Ok(extensions)
    }
}

fn find<T: KnownExtension>(all: &[Extension]) -> Parsed<T> {
    all.iter()
        .find(|extension| extension.oid == T::OID)
        .map(|extension| T::from_value(&extension.value))
        .transpose()
        .map_err(|fault| ReadExtensionError { oid: T::OID.into(), fault })
}

/// Reads the NULL of an extension that says all by being there.
fn parse_null(value: &[u8]) -> Result<(), Fault> {
    const NULL: u8 = 0x05;
    let null = Elements::single(value, NULL)?;
    if null.content.is_empty() { Ok(()) } else { Err(null.fault(Problem::BadLength)) }
}

/// Lower-case hexadecimal digits, as key identifiers are shown.
pub(crate) fn to_hex(octets: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or_default();
    octets.iter().flat_map(|octet| [digit(octet >> 4), digit(octet & 0xf)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oid;

    #[test]
    fn broken_and_duplicate_extensions_are_named() {
        let extension = |oid: ObjectIdentifier, value: &[u8]| Extension {
            oid: oid.into(),
            critical: false,
            value: value.to_vec(),
        };
        let extensions = Extensions::new(vec![
            extension(oid::BASIC_CONSTRAINTS, &[0x30, 0x00]),
            extension(oid::KEY_USAGE, b"nonsense"),
            extension(oid::BASIC_CONSTRAINTS, &[0x30, 0x03, 0x01, 0x01, 0xff]),
        ]);
        assert_eq!(extensions.basic_constraints, Ok(Some(BasicConstraints { ca: false, path_length: None })));
        assert_eq!(extensions.duplicates(), [Oid::from(oid::BASIC_CONSTRAINTS)]);
        let broken: Vec<Oid> = extensions.broken().into_iter().map(|error| error.oid).collect();
        assert_eq!(broken, [Oid::from(oid::KEY_USAGE)]);
        assert_eq!(extensions.extended_key_usage, Ok(None));
    }
}
