//! Authority information access (RFC 5280 section 4.2.2.1): where the issuer's certificate and its OCSP responder are.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::{Fact, general_name};
use crate::fault::{Fault, Problem};
use crate::oid::{self, Oid};
use crate::san::GeneralName;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// The descriptions, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorityInformationAccess(pub Vec<AccessDescription>);

/// One kind of information and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessDescription {
    /// The kind, for example [`oid::CA_ISSUERS`].
    pub method: Oid,
    /// The place.
    pub location: GeneralName,
}

impl AuthorityInformationAccess {
    /// Where the issuer's certificate can be had.
    pub fn ca_issuers_urls(&self) -> Vec<String> {
        self.urls(oid::CA_ISSUERS)
    }

    /// Where an OCSP responder answers.
    pub fn ocsp_urls(&self) -> Vec<String> {
        self.urls(oid::OCSP)
    }

    fn urls(&self, method: ObjectIdentifier) -> Vec<String> {
        let wanted = self.0.iter().filter(|description| description.method == method);
        wanted
            .filter_map(|description| match &description.location {
                GeneralName::Uri(url) => Some(url.clone()),
                _ => None,
            })
            .collect()
    }
}

impl AccessDescription {
    /// Reads `SEQUENCE SIZE (1..MAX) OF AccessDescription`.
    pub(super) fn parse_list(value: &[u8]) -> Result<Vec<Self>, Fault> {
        let list = Elements::single(value, tlv::SEQUENCE)?;
        let mut elements = list.elements();
        let mut descriptions = Vec::new();
        while !elements.is_empty() {
            let mut parts = elements.expect(tlv::SEQUENCE)?.elements();
            let method = Oid::expect(&mut parts)?;
            let location = parts.next()?;
            parts.finish()?;
            descriptions.push(Self { method, location: GeneralName::from_element(&location)? });
        }
        if descriptions.is_empty() { Err(list.fault(Problem::Empty)) } else { Ok(descriptions) }
    }

    /// A line for each description: the method with the place.
    pub(super) fn facts(descriptions: &[Self]) -> Vec<Fact> {
        let fact = |description: &Self| {
            let facts = vec![
                Fact::oid(t!("Method"), description.method.clone()),
                general_name(&description.location),
            ];
            Fact::facts(t!("Access"), facts)
        };
        descriptions.iter().map(fact).collect()
    }
}

impl KnownExtension for AuthorityInformationAccess {
    const OID: ObjectIdentifier = oid::AUTHORITY_INFORMATION_ACCESS;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        AccessDescription::parse_list(value).map(Self)
    }
}

impl DescribedExtension for AuthorityInformationAccess {
    const NAME: &'static str = mark!("Authority information access");
    const SOURCE: &'static str = "RFC 5280 section 4.2.2.1";

    fn facts(&self) -> Vec<Fact> {
        AccessDescription::facts(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_by_kind() {
        let description = |method: &[u8; 8], url: &str| {
            let mut content = tlv::to_element(tlv::OID, method);
            tlv::push(&mut content, 0x86, url.as_bytes());
            tlv::to_element(tlv::SEQUENCE, &content)
        };
        let content = [
            description(b"\x2b\x06\x01\x05\x05\x07\x30\x01", "http://ocsp"),
            description(b"\x2b\x06\x01\x05\x05\x07\x30\x02", "http://issuer"),
        ];
        let access =
            AuthorityInformationAccess::from_value(&tlv::to_element(tlv::SEQUENCE, &content.concat()))
                .unwrap();
        assert_eq!(access.ca_issuers_urls(), ["http://issuer"]);
        assert_eq!(access.ocsp_urls(), ["http://ocsp"]);
        assert!(AuthorityInformationAccess::from_value(&[0x30, 0]).is_err());
        assert!(AuthorityInformationAccess::from_value(b"malformed").is_err());
    }
}
