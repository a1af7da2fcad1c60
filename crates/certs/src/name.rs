//! Distinguished names (RFC 5280 section 4.1.2.4): reading, comparing, writing.
//!
//! A name is read from any DER; values of a type that is no string are kept and shown as `#` and hexadecimal digits
//! (RFC 4514 section 2.4). Two names are equal if RFC 5280 section 7.1 says so: strings without regard to case,
//! to runs of white space, and to the string type; the attributes of one RDN in any order.

mod attribute_type;
pub mod edit;
mod parse;
pub(crate) mod strings;
mod write;

use core::fmt;
use core::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use crate::fault::{Fault, Problem};
use crate::oid::{self, Oid};
use crate::tlv::{self, Elements, Tlv};

pub use attribute_type::{attribute_short_name, attribute_type};
pub use parse::{ParseNameError, ParseNameProblem};

/// A distinguished name. Cheap to clone.
#[derive(Clone)]
pub struct Name(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    rdns: Vec<Vec<Attribute>>,
    /// What RFC 5280 section 7.1 compares, one for each RDN. Made when a name is first compared with one of other octets.
    keys: OnceLock<Vec<Vec<u8>>>,
}

impl Inner {
    fn keys(&self) -> &[Vec<u8>] {
        self.keys.get_or_init(|| self.rdns.iter().map(|rdn| rdn_key(rdn)).collect())
    }
}

/// An attribute of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The type, for example 2.5.4.3 (commonName).
    pub oid: Oid,
    /// The identifier octet of the value.
    pub tag: u8,
    /// The content octets of the value.
    pub value: Vec<u8>,
}

impl Attribute {
    /// The value as text; `None` if it is no string or a broken one.
    pub fn text(&self) -> Option<String> {
        strings::to_text(self.tag, &self.value)
    }
}

impl Name {
    /// The name without attributes.
    pub fn empty() -> Self {
        Self::from_rdns(Vec::new())
    }

    /// Reads a DER Name, for example the subject of a certificate.
    ///
    /// # Errors
    /// The place where the encoding breaks.
    pub fn from_der(der: &[u8]) -> Result<Self, Fault> {
        Self::from_element(&Elements::single(der, tlv::SEQUENCE)?)
    }

    /// A name of these relative distinguished names, in the order of the encoding (usually C first, CN last).
    /// The attributes of each RDN are put into DER order.
    pub fn from_rdns(mut rdns: Vec<Vec<Attribute>>) -> Self {
        rdns.retain(|rdn| !rdn.is_empty());
        let mut content = Vec::new();
        for rdn in &mut rdns {
            rdn.sort_by_cached_key(attribute_der);
            let set: Vec<u8> = rdn.iter().flat_map(attribute_der).collect();
            tlv::push(&mut content, tlv::SET, &set);
        }
        let der = tlv::to_element(tlv::SEQUENCE, &content);
        Self(Arc::new(Inner { der, rdns, keys: OnceLock::new() }))
    }

    pub(crate) fn from_element(element: &Tlv<'_>) -> Result<Self, Fault> {
        let mut rdns = Vec::new();
        let mut sets = element.elements();
        while !sets.is_empty() {
            rdns.push(Self::parse_rdn(&sets.expect(tlv::SET)?)?);
        }
        Ok(Self(Arc::new(Inner { der: element.whole.to_vec(), rdns, keys: OnceLock::new() })))
    }

    /// Reads the attributes of a relative distinguished name, whatever its tag.
    pub(crate) fn parse_rdn(set: &Tlv<'_>) -> Result<Vec<Attribute>, Fault> {
        parse_rdn(set)
    }

    /// The name with one more relative distinguished name at its most specific end.
    #[must_use]
    pub fn child(&self, rdn: Vec<Attribute>) -> Self {
        Self::from_rdns(self.rdns().map(<[Attribute]>::to_vec).chain([rdn]).collect())
    }

    /// The bytes that were read, or that [`Name::from_rdns`] made.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// True if the name has no attributes.
    pub fn is_empty(&self) -> bool {
        self.0.rdns.is_empty()
    }

    /// The relative distinguished names in the order of the encoding.
    pub fn rdns(&self) -> impl ExactSizeIterator<Item = &[Attribute]> {
        self.0.rdns.iter().map(Vec::as_slice)
    }

    /// All attributes in the order of the encoding.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.0.rdns.iter().flatten()
    }

    /// The most specific (last) common name, if it is text.
    pub fn common_name(&self) -> Option<String> {
        self.attributes().filter(|attribute| attribute.oid == oid::COMMON_NAME).last()?.text()
    }

    /// The e-mail addresses that old certificates carry in the subject (PKCS#9 emailAddress).
    pub fn email_addresses(&self) -> Vec<String> {
        self.attributes()
            .filter(|attribute| attribute.oid == oid::EMAIL_ADDRESS)
            .filter_map(Attribute::text)
            .collect()
    }

    /// True if this name lies in the subtree under `base` (RFC 5280 section 4.2.1.10): it begins with all its RDNs.
    pub fn is_within(&self, base: &Self) -> bool {
        self.0.keys().starts_with(base.0.keys())
    }

    /// Reads a name that a person wrote; see [`parse`](ParseNameError) for what is refused. Takes
    /// RFC 4514 (`CN=client,O=Example GmbH,C=DE`, most specific first; spaces around the separators are ignored, `;` separates
    /// as well) and, if the text begins with `/`, the form of OpenSSL (`/C=DE/O=Example GmbH/CN=client`, most specific last).
    /// `+` joins the attributes of one RDN. Types are short names (in any case) or dotted identifiers.
    ///
    /// # Errors
    /// The first problem with its place.
    pub fn parse_rfc4514(text: &str) -> Result<Self, ParseNameError> {
        parse::parse(text)
    }

    /// As RFC 4514 writes it: most specific first, `,` between the RDNs.
    pub fn to_rfc4514(&self) -> String {
        write::to_rfc4514(self)
    }

    /// In the order of the encoding (usually C first, CN last), `, ` between the RDNs, values as in RFC 4514: what LDAP browsers and many
    /// servers show.
    pub fn to_reversed(&self) -> String {
        write::to_reversed(self)
    }

    /// The form of older OpenSSL, `/C=DE/O=Example GmbH/CN=client`. [`Name::parse_rfc4514`] reads it as an equal name.
    pub fn to_slash(&self) -> String {
        write::to_slash(self)
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        // The same octets are the same name, and mostly it is so.
        self.0.der == other.0.der || self.0.keys() == other.0.keys()
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.keys().hash(state);
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc4514())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}

fn parse_rdn(set: &Tlv<'_>) -> Result<Vec<Attribute>, Fault> {
    let mut attributes = Vec::new();
    let mut elements = set.elements();
    while !elements.is_empty() {
        let mut parts = elements.expect(tlv::SEQUENCE)?.elements();
        let oid = parts.expect(tlv::OID)?;
        let value = parts.next()?;
        parts.finish()?;
        attributes.push(Attribute {
            oid: Oid::from_der_content(oid.content).ok_or(oid.fault(Problem::BadOid))?,
            tag: value.tag,
            value: value.content.to_vec(),
        });
    }
    if attributes.is_empty() { Err(set.fault(Problem::Empty)) } else { Ok(attributes) }
}

fn attribute_der(attribute: &Attribute) -> Vec<u8> {
    let mut content = tlv::to_element(tlv::OID, attribute.oid.der_content());
    tlv::push(&mut content, attribute.tag, &attribute.value);
    tlv::to_element(tlv::SEQUENCE, &content)
}

fn rdn_key(rdn: &[Attribute]) -> Vec<u8> {
    let mut keys: Vec<Vec<u8>> = rdn
        .iter()
        .map(|attribute| {
            // Folded text gets the tag of UTF8String whatever type it had; what is no text keeps tag and octets.
            let (tag, value) = match attribute.text() {
                Some(text) => (tlv::UTF8_STRING, strings::fold(&text).into_bytes()),
                None => (attribute.tag, attribute.value.clone()),
            };
            let mut key = tlv::to_element(tlv::OID, attribute.oid.der_content());
            tlv::push(&mut key, tag, &value);
            key
        })
        .collect();
    keys.sort();
    keys.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(oid: &str, tag: u8, value: &[u8]) -> Attribute {
        Attribute { oid: Oid::parse_dotted(oid).unwrap(), tag, value: value.to_vec() }
    }

    #[test]
    fn equality_is_that_of_rfc_5280() {
        let one = Name::from_rdns(vec![vec![attribute("2.5.4.3", tlv::PRINTABLE_STRING, b"  Foo   BAR ")]]);
        let other = Name::from_rdns(vec![vec![attribute("2.5.4.3", tlv::UTF8_STRING, b"foo bar")]]);
        assert_eq!(one, other);
        assert_ne!(one.der(), other.der());
        let bmp =
            Name::from_rdns(vec![vec![attribute("2.5.4.3", tlv::BMP_STRING, b"\0f\0o\0o\0 \0b\0a\0r")]]);
        assert_eq!(one, bmp);
        let octets = Name::from_rdns(vec![vec![attribute("2.5.4.3", tlv::OCTET_STRING, b"foo bar")]]);
        assert_ne!(one, octets);
        let joined = Name::from_rdns(vec![vec![attribute("2.5.4.3", tlv::UTF8_STRING, b"foobar")]]);
        assert_ne!(one, joined);
    }

    #[test]
    fn order_counts_between_rdns_and_not_within_one() {
        let cn = || attribute("2.5.4.3", tlv::UTF8_STRING, b"a");
        let o = || attribute("2.5.4.10", tlv::UTF8_STRING, b"b");
        assert_ne!(
            Name::from_rdns(vec![vec![cn()], vec![o()]]),
            Name::from_rdns(vec![vec![o()], vec![cn()]])
        );
        let multi = Name::from_rdns(vec![vec![o(), cn()]]);
        assert_eq!(multi, Name::from_rdns(vec![vec![cn(), o()]]));
        assert_ne!(multi, Name::from_rdns(vec![vec![cn()], vec![o()]]));
        assert_eq!(Name::from_der(multi.der()).unwrap(), multi);
    }

    #[test]
    fn unsorted_sets_keep_their_bytes() {
        let sorted = Name::parse_rfc4514("CN=a+O=b").unwrap();
        let [first, second] = sorted.rdns().next().unwrap() else { panic!() };
        let set: Vec<u8> = [attribute_der(second), attribute_der(first)].concat();
        let der = tlv::to_element(tlv::SEQUENCE, &tlv::to_element(tlv::SET, &set));
        let read = Name::from_der(&der).unwrap();
        assert_eq!(read.der(), der);
        assert_eq!(read, sorted);
    }

    #[test]
    fn broken_names_are_refused() {
        for der in
            [&[0x30, 0x02, 0x31, 0x00][..], &[0x30, 0x01, 0x31], &[0x31, 0x00], &[], &[0x30, 0x00, 0x00]]
        {
            assert!(Name::from_der(der).is_err(), "{der:02x?}");
        }
        assert!(Name::from_der(&[0x30, 0x00]).unwrap().is_empty());
    }

    #[test]
    fn subtrees() {
        let name = |text| Name::parse_rfc4514(text).unwrap();
        assert!(name("CN=a,O=Example,C=DE").is_within(&name("o=EXAMPLE,c=de")));
        assert!(!name("CN=a,O=Other,C=DE").is_within(&name("O=Example,C=DE")));
        assert!(!name("C=DE").is_within(&name("O=Example,C=DE")));
        assert!(name("C=DE").is_within(&Name::empty()));
    }
}
