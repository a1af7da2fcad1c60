//! Object identifiers (X.660) of any length and any arc, and the names of those that certificates use.
//!
//! Real certificates carry identifiers made from UUIDs, whose arcs take 128 bits: they are shown in full.
//! Refuses an identifier that is empty or ends in the middle of an arc.

mod registry;

use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use const_oid::ObjectIdentifier;

use crate::fault::{Fault, Problem};
use crate::tlv::{self, Elements};

use registry::NAMES;
pub use registry::*;

/// A certificate may hold a hundred thousand identifiers, so a name is not searched for from the beginning of the list.
static NAMES_BY_CONTENT: LazyLock<HashMap<&[u8], &str>> =
    LazyLock::new(|| NAMES.iter().map(|(oid, name)| (oid.as_bytes(), *name)).collect());

/// An object identifier, kept as its DER content octets.
#[derive(Clone)]
pub struct Oid(Octets);

/// A certificate holds some thirty identifiers, so that those of a usual length are kept without a place of their own in memory.
#[derive(Clone)]
enum Octets {
    Short { length: u8, octets: [u8; SHORT] },
    Long(Arc<[u8]>),
}

/// Content octets that are kept in place.
const SHORT: usize = 22;

impl Octets {
    fn new(content: &[u8]) -> Self {
        let mut octets = [0; SHORT];
        match (octets.get_mut(..content.len()), u8::try_from(content.len())) {
            (Some(place), Ok(length)) => {
                place.copy_from_slice(content);
                Self::Short { length, octets }
            }
            _ => Self::Long(content.into()),
        }
    }

    fn as_slice(&self) -> &[u8] {
        match self {
            Self::Short { length, octets } => octets.get(..usize::from(*length)).unwrap_or(octets),
            Self::Long(octets) => octets,
        }
    }
}

impl PartialEq for Oid {
    fn eq(&self, other: &Self) -> bool {
        self.der_content() == other.der_content()
    }
}

impl Eq for Oid {}

impl Hash for Oid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.der_content().hash(state);
    }
}

impl PartialOrd for Oid {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Oid {
    fn cmp(&self, other: &Self) -> Ordering {
        self.der_content().cmp(other.der_content())
    }
}

impl Oid {
    /// From the content octets of a DER OBJECT IDENTIFIER; `None` if they are none.
    pub fn from_der_content(content: &[u8]) -> Option<Self> {
        let starts_with_padding = |octets: &[u8]| octets.first() == Some(&0x80);
        let mut arcs = content.split_inclusive(|octet| octet & 0x80 == 0);
        let complete = content.last().is_some_and(|octet| octet & 0x80 == 0);
        (complete && !arcs.any(starts_with_padding)).then(|| Self(Octets::new(content)))
    }

    /// The next element, which must be an OBJECT IDENTIFIER.
    pub(crate) fn expect(elements: &mut Elements<'_>) -> Result<Self, Fault> {
        let element = elements.expect(tlv::OID)?;
        Self::from_der_content(element.content).ok_or(element.fault(Problem::BadOid))
    }

    /// From dotted decimal notation, arcs up to 32 bits; `None` if it is none.
    pub fn parse_dotted(text: &str) -> Option<Self> {
        ObjectIdentifier::new(text).ok().map(Self::from)
    }

    /// The content octets of the DER encoding.
    pub fn der_content(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The RustCrypto form, if the identifier fits it.
    pub fn to_const_oid(&self) -> Option<ObjectIdentifier> {
        ObjectIdentifier::from_bytes(self.der_content()).ok()
    }

    /// The name by which RFC 5280 and its relatives call the identifier, for example `serverAuth`,
    /// `keyUsage`, `ecdsa-with-SHA256`.
    pub fn name(&self) -> Option<&'static str> {
        NAMES_BY_CONTENT.get(self.der_content()).copied()
    }

    /// The identifier that has this name (in any case), or that is written in dots.
    pub fn parse(text: &str) -> Option<Self> {
        let named = NAMES.iter().find(|(_, name)| name.eq_ignore_ascii_case(text));
        named.map(|(oid, _)| (*oid).into()).or_else(|| Self::parse_dotted(text))
    }

    /// The name, or the dotted identifier where there is none.
    pub fn name_or_dotted(&self) -> String {
        self.name().map_or_else(|| self.to_string(), str::to_owned)
    }

    /// The DER of the OBJECT IDENTIFIER.
    pub fn to_der(&self) -> Vec<u8> {
        tlv::to_element(tlv::OID, self.der_content())
    }
}

impl From<ObjectIdentifier> for Oid {
    fn from(oid: ObjectIdentifier) -> Self {
        Self(Octets::new(oid.as_bytes()))
    }
}

impl PartialEq<ObjectIdentifier> for Oid {
    fn eq(&self, other: &ObjectIdentifier) -> bool {
        self.der_content() == other.as_bytes()
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, arc) in self.der_content().split_inclusive(|octet| octet & 0x80 == 0).enumerate() {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_dots() {
        assert_eq!(Oid::from(SERVER_AUTH).name(), Some("serverAuth"));
        assert_eq!(Oid::from(SERVER_AUTH).to_string(), "1.3.6.1.5.5.7.3.1");
        assert_eq!(Oid::parse_dotted("1.2.3.4").unwrap().name(), None);
        assert_eq!(Oid::parse_dotted("1.2.3.4").unwrap().name_or_dotted(), "1.2.3.4");
        assert_eq!(Oid::from(COMMON_NAME).name_or_dotted(), "commonName");
        assert_eq!(Oid::from(CLIENT_AUTH).to_der(), b"\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02");
        assert_eq!(Oid::parse_dotted("not an oid"), None);
        assert_eq!(Oid::parse("ServerAuth"), Some(SERVER_AUTH.into()));
        assert_eq!(Oid::parse("1.3.6.1.5.5.7.3.1"), Some(SERVER_AUTH.into()));
        assert_eq!(Oid::parse("not an oid"), None);
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
