//! Types of name attributes and their short names (RFC 4514 section 3, RFC 4519, PKCS#9, and what OpenSSL and Java call them).

use const_oid::ObjectIdentifier;

use crate::oid::{
    COUNTRY_NAME, DN_QUALIFIER, DOMAIN_COMPONENT, EMAIL_ADDRESS, JURISDICTION_COUNTRY, MAIL, Oid,
    SERIAL_NUMBER, TELEPHONE_NUMBER,
};
use crate::tlv;

/// Each type with the short name that is written, and the other ones that are read.
const TYPES: &[(&str, &str, &[&str])] = &[
    ("2.5.4.3", "CN", &["commonName"]),
    ("2.5.4.4", "SN", &["surname"]),
    ("2.5.4.5", "SERIALNUMBER", &[]),
    ("2.5.4.6", "C", &["countryName", "country"]),
    ("2.5.4.7", "L", &["localityName", "locality"]),
    ("2.5.4.8", "ST", &["S", "SP", "stateOrProvinceName", "state"]),
    ("2.5.4.9", "STREET", &["streetAddress"]),
    ("2.5.4.10", "O", &["organizationName", "organization"]),
    ("2.5.4.11", "OU", &["organizationalUnitName", "organizationalUnit"]),
    ("2.5.4.12", "T", &["title"]),
    ("2.5.4.13", "description", &[]),
    ("2.5.4.15", "businessCategory", &[]),
    ("2.5.4.17", "postalCode", &[]),
    ("2.5.4.18", "postOfficeBox", &["POBox"]),
    ("2.5.4.20", "telephoneNumber", &[]),
    ("2.5.4.41", "name", &[]),
    ("2.5.4.42", "GN", &["givenName", "G"]),
    ("2.5.4.43", "initials", &["I"]),
    ("2.5.4.44", "generationQualifier", &["generation"]),
    ("2.5.4.46", "dnQualifier", &["DNQ"]),
    ("2.5.4.51", "houseIdentifier", &[]),
    ("2.5.4.65", "pseudonym", &[]),
    ("2.5.4.97", "organizationIdentifier", &[]),
    ("0.9.2342.19200300.100.1.1", "UID", &["userId"]),
    ("0.9.2342.19200300.100.1.3", "mail", &["rfc822Mailbox"]),
    ("0.9.2342.19200300.100.1.25", "DC", &["domainComponent"]),
    ("1.2.840.113549.1.9.1", "emailAddress", &["E", "EMAIL"]),
    ("1.2.840.113549.1.9.2", "unstructuredName", &[]),
    ("1.2.840.113549.1.9.8", "unstructuredAddress", &[]),
    ("1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL", &["jurisdictionLocalityName"]),
    ("1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST", &["jurisdictionStateOrProvinceName"]),
    ("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC", &["jurisdictionCountryName"]),
];

/// The type that `name` stands for: a short name in any case, or dotted decimal notation (also after `OID.`).
pub fn attribute_type(name: &str) -> Option<Oid> {
    let same = |other: &&str| other.eq_ignore_ascii_case(name);
    let known = TYPES.iter().find(|(_, short, others)| same(short) || others.iter().any(same));
    match known {
        Some((dotted, _, _)) => Oid::parse_dotted(dotted),
        None => match name.get(..4) {
            Some(prefix) if prefix.eq_ignore_ascii_case("OID.") => Oid::parse_dotted(name.get(4..)?),
            _ => Oid::parse_dotted(name),
        },
    }
}

/// The short name of a type, if it has one.
pub fn attribute_short_name(oid: &Oid) -> Option<&'static str> {
    let dotted = oid.to_string();
    TYPES.iter().find(|(known, _, _)| *known == dotted).map(|(_, short, _)| *short)
}

/// True for types whose values are countries of two letters (ISO 3166).
pub(super) fn is_country(oid: &Oid) -> bool {
    *oid == COUNTRY_NAME || *oid == JURISDICTION_COUNTRY
}

/// The string type in which a value of this type is written (RFC 5280 appendix A.1).
pub(super) fn string_tag(oid: &Oid) -> u8 {
    let is = |other: ObjectIdentifier| *oid == other;
    if is_country(oid) || is(SERIAL_NUMBER) || is(DN_QUALIFIER) || is(TELEPHONE_NUMBER) {
        tlv::PRINTABLE_STRING
    } else if is(DOMAIN_COMPONENT) || is(EMAIL_ADDRESS) || is(MAIL) {
        tlv::IA5_STRING
    } else {
        tlv::UTF8_STRING
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_found_by_all_its_names() {
        for (dotted, short, others) in TYPES {
            let oid = Oid::parse_dotted(dotted).unwrap();
            assert_eq!(attribute_short_name(&oid), Some(*short));
            for name in others.iter().chain([short]) {
                assert_eq!(attribute_type(&name.to_uppercase()), Some(oid.clone()), "{name}");
            }
            assert_eq!(attribute_type(dotted), Some(oid.clone()));
            assert_eq!(attribute_type(&format!("oid.{dotted}")), Some(oid));
        }
        assert_eq!(attribute_type("XX"), None);
        assert_eq!(attribute_type("ä=Ü"), None);
        assert_eq!(attribute_short_name(&Oid::parse_dotted("1.2.3.4").unwrap()), None);
    }
}
