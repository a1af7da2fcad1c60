//! Name constraints (RFC 5280 section 4.2.1.10): the names that certificates below may carry.
//!
//! A base that breaks its rules (an address range of a wrong size, a mask with holes) is kept as
//! [`ConstraintBase::Malformed`]: who judges a path has to refuse it. `minimum` other than 0 and `maximum` are not known to
//! the profile of RFC 5280 and are refused.

use core::net::IpAddr;

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::{Fault, Problem};
use crate::name::Name;
use crate::oid;
use crate::san::GeneralName;
use crate::tlv::{self, Elements, Tlv, context, context_constructed};
use certwright_language::{mark, t};

/// What is permitted, and what is excluded from that. `None`: the list is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameConstraints {
    /// Names must lie in one of these, as far as their kind occurs here.
    pub permitted: Vec<Subtree>,
    /// Names must lie in none of these.
    pub excluded: Vec<Subtree>,
}

/// A subtree of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subtree {
    /// Its root.
    pub base: ConstraintBase,
}

/// The root of a subtree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintBase {
    /// A host name with all names below it; the empty one stands for all.
    Dns(String),
    /// An address range: address and mask of the same family.
    Ip {
        /// The network address.
        address: IpAddr,
        /// How many leading bits count.
        prefix: u8,
    },
    /// A mailbox (`a@b.c`), a host (`b.c`), or a domain (`.b.c`).
    Email(String),
    /// A host (`b.c`) or a domain (`.b.c`).
    Uri(String),
    /// A subtree of directory names.
    DirectoryName(Name),
    /// A kind of name that the validator has no rule for: number of the alternative.
    Unsupported {
        /// 0 other name, 3 X.400 address, 5 EDI party name, 8 registered identifier.
        number: u8,
    },
    /// A base that breaks the rules of its kind.
    Malformed {
        /// The number of the alternative.
        number: u8,
        /// The content octets.
        content: Vec<u8>,
    },
}

impl KnownExtension for NameConstraints {
    const OID: ObjectIdentifier = oid::NAME_CONSTRAINTS;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let (permitted, excluded) = parse_lists(value)?;
        let subtrees = |list: Option<Tlv<'_>>| list.map_or(Ok(Vec::new()), |list| parse_subtrees(&list));
        Ok(Self { permitted: subtrees(permitted)?, excluded: subtrees(excluded)? })
    }
}

impl DescribedExtension for NameConstraints {
    const NAME: &'static str = mark!("Name constraints");
    const SOURCE: &'static str = "RFC 5280 section 4.2.1.10";

    fn facts(&self) -> Vec<Fact> {
        let list = |label: &'static str, subtrees: &[Subtree]| {
            let facts: Vec<Fact> = subtrees.iter().map(|subtree| base_fact(&subtree.base)).collect();
            (!facts.is_empty()).then(|| Fact::facts(label, facts))
        };
        list(t!("Permitted"), &self.permitted)
            .into_iter()
            .chain(list(t!("Excluded"), &self.excluded))
            .collect()
    }

    /// Also shows the distances that make [`NameConstraints::from_value`] refuse the extension.
    fn describe_value(value: &[u8]) -> Result<Vec<Fact>, Fault> {
        let (permitted, excluded) = parse_lists(value)?;
        let mut facts = Vec::new();
        for (label, list) in [(t!("Permitted"), permitted), (t!("Excluded"), excluded)] {
            let Some(list) = list else { continue };
            let mut subtrees = Vec::new();
            let mut elements = list.elements();
            while !elements.is_empty() {
                subtrees.push(distances_fact(&parse_distances(&elements.expect(tlv::SEQUENCE)?)?));
            }
            if subtrees.is_empty() {
                return Err(list.fault(Problem::Empty));
            }
            facts.push(Fact::facts(label, subtrees));
        }
        Ok(facts)
    }
}

/// The lists of permitted and excluded subtrees, one of which is there.
fn parse_lists(value: &[u8]) -> Result<(Option<Tlv<'_>>, Option<Tlv<'_>>), Fault> {
    let list = Elements::single(value, tlv::SEQUENCE)?;
    let mut parts = list.elements();
    let permitted = parts.optional(context_constructed(0))?;
    let excluded = parts.optional(context_constructed(1))?;
    parts.finish()?;
    if permitted.is_none() && excluded.is_none() {
        Err(list.fault(Problem::Empty))
    } else {
        Ok((permitted, excluded))
    }
}

fn distances_fact(subtree: &Distances) -> Fact {
    let fact = base_fact(&subtree.base);
    let minimum = subtree.minimum.map(|(_, minimum)| t!("minimum {minimum}", minimum));
    let maximum = subtree.maximum.map(|(_, maximum)| t!("maximum {maximum}", maximum));
    let distances: Vec<String> = fact.remark.clone().into_iter().chain(minimum).chain(maximum).collect();
    if distances.is_empty() { fact } else { fact.remark(distances.join(", ")) }
}

fn parse_subtrees(list: &Tlv<'_>) -> Result<Vec<Subtree>, Fault> {
    let mut subtrees = Vec::new();
    let mut elements = list.elements();
    while !elements.is_empty() {
        let distances = parse_distances(&elements.expect(tlv::SEQUENCE)?)?;
        if let Some(distance) = distances.minimum.filter(|(_, minimum)| *minimum != 0).or(distances.maximum) {
            return Err(Fault::at(distance.0, Problem::BadInteger));
        }
        subtrees.push(Subtree { base: distances.base });
    }
    if subtrees.is_empty() { Err(list.fault(Problem::Empty)) } else { Ok(subtrees) }
}

/// A subtree with the distances that RFC 5280 does not know. Each has its offset.
struct Distances {
    base: ConstraintBase,
    minimum: Option<(usize, u32)>,
    maximum: Option<(usize, u32)>,
}

/// `GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] INTEGER DEFAULT 0, maximum [1] INTEGER OPTIONAL }`
fn parse_distances(subtree: &Tlv<'_>) -> Result<Distances, Fault> {
    let mut parts = subtree.elements();
    let base = parse_base(&parts.next()?)?;
    let mut distance = |number| -> Result<_, Fault> {
        let distance = parts.optional(context(number))?;
        distance.map(|distance| Ok((distance.offset, distance.small_integer()?))).transpose()
    };
    let (minimum, maximum) = (distance(0)?, distance(1)?);
    parts.finish()?;
    Ok(Distances { base, minimum, maximum })
}

fn parse_base(element: &Tlv<'_>) -> Result<ConstraintBase, Fault> {
    if element.tag == context(7) {
        let malformed = || ConstraintBase::Malformed { number: 7, content: element.content.to_vec() };
        return Ok(parse_range(element.content).unwrap_or_else(malformed));
    }
    Ok(match GeneralName::from_element(element)? {
        GeneralName::Dns(text) if is_dns_base(&text) => ConstraintBase::Dns(text),
        GeneralName::Email(text) if is_email_base(&text) => ConstraintBase::Email(text),
        GeneralName::Uri(text) if is_uri_base(&text) => ConstraintBase::Uri(text),
        GeneralName::DirectoryName(name) => ConstraintBase::DirectoryName(name),
        GeneralName::Malformed { number, content } => ConstraintBase::Malformed { number, content },
        GeneralName::Dns(_) | GeneralName::Email(_) | GeneralName::Uri(_) | GeneralName::Ip(_) => {
            ConstraintBase::Malformed { number: element.tag & 0x1f, content: element.content.to_vec() }
        }
        GeneralName::Other { .. }
        | GeneralName::UserPrincipalName(_)
        | GeneralName::Unsupported { .. }
        | GeneralName::RegisteredId(_) => ConstraintBase::Unsupported { number: element.tag & 0x1f },
    })
}

fn base_fact(base: &ConstraintBase) -> Fact {
    match base {
        ConstraintBase::Dns(text) => Fact::text(t!("DNS name"), text),
        ConstraintBase::Ip { address, prefix } => {
            Fact::text(t!("IP addresses"), format!("{address}/{prefix}"))
        }
        ConstraintBase::Email(text) => Fact::text(t!("E-mail address"), text),
        ConstraintBase::Uri(text) => Fact::text(t!("URI host"), text),
        ConstraintBase::DirectoryName(name) => Fact::text(t!("Directory name"), name.to_rfc4514()),
        ConstraintBase::Unsupported { number } => {
            Fact::number(t!("Kind of name without a rule, alternative"), number)
        }
        ConstraintBase::Malformed { number, content } => {
            Fact::octets(t!("Malformed name"), content.as_slice())
                .remark(t!("alternative {number}, whose content breaks its rules", number))
        }
    }
}

/// Address and mask in network order (RFC 5280 section 4.2.1.10, RFC 4632 style).
fn parse_range(content: &[u8]) -> Option<ConstraintBase> {
    let (address, mask) = content.split_at(content.len() / 2);
    let address = match (<[u8; 4]>::try_from(address), <[u8; 16]>::try_from(address)) {
        (Ok(octets), _) => IpAddr::from(octets),
        (_, Ok(octets)) => IpAddr::from(octets),
        _ => return None,
    };
    if !content.len().is_multiple_of(2) {
        return None;
    }
    let prefix: u32 = mask.iter().map(|octet| octet.leading_ones()).sum();
    let ones: u32 = mask.iter().map(|octet| octet.count_ones()).sum();
    let contiguous = mask.iter().skip_while(|octet| **octet == 0xff).skip(1).all(|octet| *octet == 0);
    (prefix == ones && contiguous).then_some(ConstraintBase::Ip { address, prefix: prefix as u8 })
}

/// A host name without wildcard, perhaps with a leading dot (which some issuers write, meaning the names below only).
fn is_dns_base(text: &str) -> bool {
    let name = text.strip_prefix('.').unwrap_or(text);
    name.is_empty() || name.split('.').all(is_label)
}

fn is_email_base(text: &str) -> bool {
    match text.split_once('@') {
        Some((local, host)) => !local.is_empty() && !host.is_empty() && host.split('.').all(is_label),
        None => is_dns_base(text),
    }
}

fn is_uri_base(text: &str) -> bool {
    is_dns_base(text) && text.parse::<IpAddr>().is_err()
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(tag: u8, content: &[u8]) -> ConstraintBase {
        let subtree = tlv::to_element(tlv::SEQUENCE, &tlv::to_element(tag, content));
        let value = tlv::to_element(tlv::SEQUENCE, &tlv::to_element(0xa0, &subtree));
        NameConstraints::from_value(&value).unwrap().permitted.remove(0).base
    }

    #[test]
    fn bases() {
        assert_eq!(base(0x82, b"example.com"), ConstraintBase::Dns("example.com".into()));
        assert_eq!(base(0x82, b""), ConstraintBase::Dns(String::new()));
        assert_eq!(base(0x81, b"*@example.com"), ConstraintBase::Email("*@example.com".into()));
        assert_eq!(base(0x86, b".example.com"), ConstraintBase::Uri(".example.com".into()));
        assert_eq!(
            base(0x87, &[10, 0, 0, 0, 255, 128, 0, 0]),
            ConstraintBase::Ip { address: "10.0.0.0".parse().unwrap(), prefix: 9 }
        );
        let range: [u8; 32] = core::array::from_fn(|index| if index < 16 { 0 } else { 0xff });
        assert_eq!(base(0x87, &range), ConstraintBase::Ip { address: "::".parse().unwrap(), prefix: 128 });
        assert_eq!(base(0xa0, &[]), ConstraintBase::Malformed { number: 0, content: vec![] });
        assert_eq!(base(0x88, &[0x2a]), ConstraintBase::Unsupported { number: 8 });
    }

    #[test]
    fn malformed_bases_are_kept_as_such() {
        for (tag, content) in [
            (0x82, &b"*.example.com"[..]),
            (0x82, b"a..b"),
            (0x81, b"invalid@invalid@example.com"),
            (0x87, &[127, 0, 0, 1]),
            (0x87, &[10, 0, 0, 0, 255, 0, 255, 0]),
            (0x87, &[10, 0, 0, 0, 254, 1, 0, 0]),
            (0x87, &[10, 0, 0, 0, 255, 0, 0, 0, 0]),
            (0x86, b"https://example.com"),
        ] {
            assert!(matches!(base(tag, content), ConstraintBase::Malformed { .. }), "{content:02x?}");
        }
    }

    #[test]
    fn lists_must_not_be_empty() {
        for value in [&[0x30, 0][..], &[0x30, 2, 0xa0, 0], &[0x30, 2, 0xa1, 0]] {
            assert_eq!(NameConstraints::from_value(value).unwrap_err().problem, Problem::Empty);
        }
        let with_minimum = b"\x30\x0a\xa0\x08\x30\x06\x82\x01a\x80\x01\x01";
        assert_eq!(NameConstraints::from_value(with_minimum).unwrap_err().problem, Problem::BadInteger);
        let with_maximum = b"\x30\x0a\xa0\x08\x30\x06\x82\x01a\x81\x01\x01";
        assert_eq!(NameConstraints::from_value(with_maximum).unwrap_err().problem, Problem::BadInteger);
    }
}
