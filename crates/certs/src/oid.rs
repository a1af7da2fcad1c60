//! Object identifiers (X.660) of any length and any arc, and the names of those that certificates use.
//!
//! Real certificates carry identifiers made from UUIDs, whose arcs take 128 bits: they are shown in full.
//! Refuses an identifier that is empty or ends in the middle of an arc.

use core::fmt;
use std::sync::Arc;

use const_oid::ObjectIdentifier;

/// An object identifier, kept as its DER content octets.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid(Arc<[u8]>);

impl Oid {
    /// From the content octets of a DER OBJECT IDENTIFIER; `None` if they are none.
    pub fn from_der_content(content: &[u8]) -> Option<Self> {
        let starts_with_padding = |octets: &[u8]| octets.first() == Some(&0x80);
        let mut arcs = content.split_inclusive(|octet| octet & 0x80 == 0);
        let complete = content.last().is_some_and(|octet| octet & 0x80 == 0);
        (complete && !arcs.any(starts_with_padding)).then(|| Self(content.into()))
    }

    /// From dotted decimal notation, arcs up to 32 bits; `None` if it is none.
    pub fn parse_dotted(text: &str) -> Option<Self> {
        ObjectIdentifier::new(text).ok().map(Self::from)
    }

    /// The content octets of the DER encoding.
    pub fn der_content(&self) -> &[u8] {
        &self.0
    }

    /// The RustCrypto form, if the identifier fits it.
    pub fn to_const_oid(&self) -> Option<ObjectIdentifier> {
        ObjectIdentifier::from_bytes(&self.0).ok()
    }

    /// The name by which RFC 5280 and its relatives call the identifier, for example `serverAuth`,
    /// `keyUsage`, `ecdsa-with-SHA256`.
    pub fn name(&self) -> Option<&'static str> {
        NAMES.iter().find(|(oid, _)| self == oid).map(|(_, name)| *name)
    }
}

impl From<ObjectIdentifier> for Oid {
    fn from(oid: ObjectIdentifier) -> Self {
        Self(oid.as_bytes().into())
    }
}

impl PartialEq<ObjectIdentifier> for Oid {
    fn eq(&self, other: &ObjectIdentifier) -> bool {
        *self.0 == *other.as_bytes()
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, arc) in self.0.split_inclusive(|octet| octet & 0x80 == 0).enumerate() {
            let value = arc.iter().try_fold(0u128, |value, octet| {
                value.checked_mul(128).map(|value| value | u128::from(octet & 0x7f))
            });
            match (index, value) {
                // The first number carries two arcs (X.690 section 8.19.4).
                (0, Some(value)) => {
                    let root = (value / 40).min(2);
                    write!(f, "{root}.{}", value - root * 40)?;
                }
                (_, Some(value)) => write!(f, ".{value}")?,
                // No registered identifier has an arc above 128 bits; its octets still tell it apart.
                (_, None) => {
                    write!(f, ".0x")?;
                    arc.iter().try_for_each(|octet| write!(f, "{octet:02x}"))?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Oid({self})")
    }
}

macro_rules! oids {
    ($($(#[$doc:meta])* $constant:ident = $dotted:literal, $name:literal;)*) => {
        $($(#[$doc])* pub const $constant: ObjectIdentifier = ObjectIdentifier::new_unwrap($dotted);)*
        const NAMES: &[(ObjectIdentifier, &str)] = &[$(($constant, $name)),*];
    };
}

oids! {
    /// RFC 5280 section 4.2.1.2.
    SUBJECT_KEY_IDENTIFIER = "2.5.29.14", "subjectKeyIdentifier";
    /// RFC 5280 section 4.2.1.3.
    KEY_USAGE = "2.5.29.15", "keyUsage";
    /// RFC 5280 section 4.2.1.6.
    SUBJECT_ALTERNATIVE_NAME = "2.5.29.17", "subjectAltName";
    /// RFC 5280 section 4.2.1.7.
    ISSUER_ALTERNATIVE_NAME = "2.5.29.18", "issuerAltName";
    /// RFC 5280 section 4.2.1.9.
    BASIC_CONSTRAINTS = "2.5.29.19", "basicConstraints";
    /// RFC 5280 section 4.2.1.10.
    NAME_CONSTRAINTS = "2.5.29.30", "nameConstraints";
    /// RFC 5280 section 4.2.1.13.
    CRL_DISTRIBUTION_POINTS = "2.5.29.31", "cRLDistributionPoints";
    /// RFC 5280 section 4.2.1.4.
    CERTIFICATE_POLICIES = "2.5.29.32", "certificatePolicies";
    /// RFC 5280 section 4.2.1.4.
    ANY_POLICY = "2.5.29.32.0", "anyPolicy";
    /// RFC 5280 section 4.2.1.5.
    POLICY_MAPPINGS = "2.5.29.33", "policyMappings";
    /// RFC 5280 section 4.2.1.1.
    AUTHORITY_KEY_IDENTIFIER = "2.5.29.35", "authorityKeyIdentifier";
    /// RFC 5280 section 4.2.1.11.
    POLICY_CONSTRAINTS = "2.5.29.36", "policyConstraints";
    /// RFC 5280 section 4.2.1.12.
    EXTENDED_KEY_USAGE = "2.5.29.37", "extKeyUsage";
    /// RFC 5280 section 4.2.1.15.
    FRESHEST_CRL = "2.5.29.46", "freshestCRL";
    /// RFC 5280 section 4.2.1.14.
    INHIBIT_ANY_POLICY = "2.5.29.54", "inhibitAnyPolicy";
    /// RFC 5280 section 4.2.2.1.
    AUTHORITY_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1", "authorityInfoAccess";
    /// RFC 5280 section 4.2.2.2.
    SUBJECT_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.11", "subjectInfoAccess";
    /// RFC 7633.
    TLS_FEATURE = "1.3.6.1.5.5.7.1.24", "tlsFeature";
    /// RFC 6962 section 3.3.
    SIGNED_CERTIFICATE_TIMESTAMPS = "1.3.6.1.4.1.11129.2.4.2", "signedCertificateTimestampList";
    /// RFC 6962 section 3.1.
    PRECERTIFICATE_POISON = "1.3.6.1.4.1.11129.2.4.3", "precertificatePoison";
    /// Netscape certificate extensions.
    NETSCAPE_CERTIFICATE_TYPE = "2.16.840.1.113730.1.1", "nsCertType";
    /// Netscape certificate extensions.
    NETSCAPE_COMMENT = "2.16.840.1.113730.1.13", "nsComment";
    /// Active Directory certificate services.
    MICROSOFT_TEMPLATE_NAME = "1.3.6.1.4.1.311.20.2", "msCertificateTemplateName";
    /// Active Directory certificate services.
    MICROSOFT_TEMPLATE = "1.3.6.1.4.1.311.21.7", "msCertificateTemplate";
    /// Active Directory certificate services.
    MICROSOFT_APPLICATION_POLICIES = "1.3.6.1.4.1.311.21.10", "msApplicationPolicies";
    /// RFC 2985 section 5.4.2.
    EXTENSION_REQUEST = "1.2.840.113549.1.9.14", "extensionRequest";
    /// RFC 2985 section 5.4.1.
    CHALLENGE_PASSWORD = "1.2.840.113549.1.9.7", "challengePassword";

    /// RFC 5280 section 4.2.2.1.
    CA_ISSUERS = "1.3.6.1.5.5.7.48.2", "caIssuers";
    /// RFC 6960 section 3.1.
    OCSP = "1.3.6.1.5.5.7.48.1", "ocsp";

    /// RFC 5280 section 4.2.1.12.
    ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0", "anyExtendedKeyUsage";
    /// RFC 5280 section 4.2.1.12.
    SERVER_AUTH = "1.3.6.1.5.5.7.3.1", "serverAuth";
    /// RFC 5280 section 4.2.1.12.
    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2", "clientAuth";
    /// RFC 5280 section 4.2.1.12.
    CODE_SIGNING = "1.3.6.1.5.5.7.3.3", "codeSigning";
    /// RFC 5280 section 4.2.1.12.
    EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4", "emailProtection";
    /// RFC 5280 section 4.2.1.12.
    TIME_STAMPING = "1.3.6.1.5.5.7.3.8", "timeStamping";
    /// RFC 5280 section 4.2.1.12.
    OCSP_SIGNING = "1.3.6.1.5.5.7.3.9", "OCSPSigning";
    /// Microsoft's name for a log-on with a smart card.
    SMARTCARD_LOGON = "1.3.6.1.4.1.311.20.2.2", "msSmartcardLogon";
    /// Netscape's step-up.
    NETSCAPE_STEP_UP = "2.16.840.1.113730.4.1", "nsSGC";

    /// RFC 8017.
    RSA_ENCRYPTION = "1.2.840.113549.1.1.1", "rsaEncryption";
    /// RFC 8017.
    MD2_WITH_RSA = "1.2.840.113549.1.1.2", "md2WithRSAEncryption";
    /// RFC 8017.
    MD5_WITH_RSA = "1.2.840.113549.1.1.4", "md5WithRSAEncryption";
    /// RFC 8017.
    SHA1_WITH_RSA = "1.2.840.113549.1.1.5", "sha1WithRSAEncryption";
    /// The same, as early Windows tools wrote it (ISO/IEC 14888).
    SHA1_WITH_RSA_OIW = "1.3.14.3.2.29", "sha1WithRSASignature";
    /// RFC 8017.
    RSASSA_PSS = "1.2.840.113549.1.1.10", "RSASSA-PSS";
    /// RFC 8017.
    SHA256_WITH_RSA = "1.2.840.113549.1.1.11", "sha256WithRSAEncryption";
    /// RFC 8017.
    SHA384_WITH_RSA = "1.2.840.113549.1.1.12", "sha384WithRSAEncryption";
    /// RFC 8017.
    SHA512_WITH_RSA = "1.2.840.113549.1.1.13", "sha512WithRSAEncryption";
    /// RFC 8017.
    SHA224_WITH_RSA = "1.2.840.113549.1.1.14", "sha224WithRSAEncryption";
    /// RFC 5480.
    EC_PUBLIC_KEY = "1.2.840.10045.2.1", "id-ecPublicKey";
    /// RFC 3279.
    ECDSA_WITH_SHA1 = "1.2.840.10045.4.1", "ecdsa-with-SHA1";
    /// RFC 5758.
    ECDSA_WITH_SHA224 = "1.2.840.10045.4.3.1", "ecdsa-with-SHA224";
    /// RFC 5758.
    ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2", "ecdsa-with-SHA256";
    /// RFC 5758.
    ECDSA_WITH_SHA384 = "1.2.840.10045.4.3.3", "ecdsa-with-SHA384";
    /// RFC 5758.
    ECDSA_WITH_SHA512 = "1.2.840.10045.4.3.4", "ecdsa-with-SHA512";
    /// RFC 3279.
    DSA_WITH_SHA1 = "1.2.840.10040.4.3", "dsa-with-SHA1";
    /// RFC 5758.
    DSA_WITH_SHA256 = "2.16.840.1.101.3.4.3.2", "dsa-with-SHA256";
    /// RFC 8410.
    ED25519 = "1.3.101.112", "Ed25519";
    /// RFC 8410.
    ED448 = "1.3.101.113", "Ed448";
    /// RFC 9881.
    ML_DSA_44 = "2.16.840.1.101.3.4.3.17", "ML-DSA-44";
    /// RFC 9881.
    ML_DSA_65 = "2.16.840.1.101.3.4.3.18", "ML-DSA-65";
    /// RFC 9881.
    ML_DSA_87 = "2.16.840.1.101.3.4.3.19", "ML-DSA-87";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_dots() {
        assert_eq!(Oid::from(SERVER_AUTH).name(), Some("serverAuth"));
        assert_eq!(Oid::from(SERVER_AUTH).to_string(), "1.3.6.1.5.5.7.3.1");
        assert_eq!(Oid::parse_dotted("1.2.3.4").unwrap().name(), None);
        assert_eq!(Oid::parse_dotted("not an oid"), None);
        assert_eq!(Oid::from_der_content(&[0x88, 0x37]).unwrap().to_string(), "2.999");
    }

    #[test]
    fn arcs_of_a_uuid_are_shown_in_full() {
        let mut content = vec![0x69];
        content.extend([0x83]);
        content.extend([0xff; 17]);
        content.push(0x7f);
        let oid = Oid::from_der_content(&content).unwrap();
        assert_eq!(oid.to_string(), "2.25.340282366920938463463374607431768211455");
        let mut longer = vec![0x69];
        longer.extend([0xff; 30]);
        longer.push(0x7f);
        assert!(Oid::from_der_content(&longer).unwrap().to_string().starts_with("2.25.0xff"));
    }

    #[test]
    fn broken_content_is_refused() {
        for content in [&[][..], &[0x2a, 0x86], &[0x2a, 0x80, 0x01]] {
            assert_eq!(Oid::from_der_content(content), None);
        }
    }
}
