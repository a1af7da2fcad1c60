//! IP address delegation (RFC 3779 section 2): the addresses that the subject may route. RFC 8360 gives the same form a second identifier,
//! under which those addresses count that the issuer has as well.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::{Fault, Problem};
use crate::oid;
use crate::tlv::{self, Elements, Tlv};
use certwright_language::{mark, t};

/// The blocks, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IpAddressBlocks(pub Vec<IpAddressFamily>);

/// The same with the meaning of RFC 8360.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IpAddressBlocksV2(pub IpAddressBlocks);

/// The blocks of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IpAddressFamily {
    /// The address family of IANA: 1 for IPv4, 2 for IPv6.
    pub family: u16,
    /// The kind of routing: 1 unicast, 2 multicast.
    pub safi: Option<u8>,
    /// Which; `None` if the same as the issuer's.
    pub blocks: Option<Vec<IpAddressBlock>>,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IpAddressBlock {
    /// All addresses that begin so.
    Prefix(IpAddr, u8),
    /// From the first to the last.
    Range(IpAddr, IpAddr),
}

impl KnownExtension for IpAddressBlocks {
    const OID: ObjectIdentifier = oid::IP_ADDRESS_BLOCKS;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut elements = Elements::single(value, tlv::SEQUENCE)?.elements();
        let mut families = Vec::new();
        while !elements.is_empty() {
            families.push(parse_family(&elements.expect(tlv::SEQUENCE)?)?);
        }
        Ok(Self(families))
    }
}

impl KnownExtension for IpAddressBlocksV2 {
    const OID: ObjectIdentifier = oid::IP_ADDRESS_BLOCKS_V2;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        IpAddressBlocks::from_value(value).map(Self)
    }
}

fn parse_family(element: &Tlv<'_>) -> Result<IpAddressFamily, Fault> {
    const NULL: u8 = 0x05;
    let mut parts = element.elements();
    let family = parts.expect(tlv::OCTET_STRING)?;
    let (number, safi) = match family.content {
        [high, low] => (u16::from_be_bytes([*high, *low]), None),
        [high, low, safi] => (u16::from_be_bytes([*high, *low]), Some(*safi)),
        _ => return Err(family.fault(Problem::BadLength)),
    };
    if parts.optional(NULL)?.is_some() {
        parts.finish()?;
        return Ok(IpAddressFamily { family: number, safi, blocks: None });
    }
    let mut list = parts.expect(tlv::SEQUENCE)?.elements();
    parts.finish()?;
    let mut blocks = Vec::new();
    while !list.is_empty() {
        blocks.push(parse_block(number, &list.next()?)?);
    }
    Ok(IpAddressFamily { family: number, safi, blocks: Some(blocks) })
}

fn parse_block(family: u16, element: &Tlv<'_>) -> Result<IpAddressBlock, Fault> {
    if element.tag == tlv::BIT_STRING {
        let (address, bits) = parse_address(family, element, 0)?;
        return Ok(IpAddressBlock::Prefix(address, bits));
    }
    if element.tag != tlv::SEQUENCE {
        return Err(element.fault(Problem::UnexpectedTag { found: element.tag, wanted: tlv::BIT_STRING }));
    }
    let mut ends = element.elements();
    let (first, _) = parse_address(family, &ends.expect(tlv::BIT_STRING)?, 0)?;
    let (last, _) = parse_address(family, &ends.expect(tlv::BIT_STRING)?, 0xff)?;
    ends.finish()?;
    Ok(IpAddressBlock::Range(first, last))
}

/// An address whose last bits are left out, and how many bits there are. What is left out is `fill`.
fn parse_address(family: u16, element: &Tlv<'_>, fill: u8) -> Result<(IpAddr, u8), Fault> {
    let (octets, unused) = element.bit_string()?;
    let length = if family == 1 { 4 } else { 16 };
    if octets.len() > length || !(1..=2).contains(&family) {
        return Err(element.fault(Problem::BadBitString));
    }
    let mut full = [fill; 16];
    for (to, from) in full.iter_mut().zip(octets) {
        *to = *from;
    }
    if let Some(last) = octets.len().checked_sub(1).and_then(|last| full.get_mut(last)) {
        let open = (1u8 << unused) - 1;
        *last = (*last & !open) | (fill & open);
    }
    let [a, b, c, d, ..] = full;
    let address =
        if family == 1 { IpAddr::V4(Ipv4Addr::new(a, b, c, d)) } else { IpAddr::V6(Ipv6Addr::from(full)) };
    // At most 128.
    Ok((address, octets.len() as u8 * 8 - unused))
}

impl DescribedExtension for IpAddressBlocks {
    const NAME: &'static str = mark!("IP address blocks");
    const SOURCE: &'static str = "RFC 3779 section 2";

    fn facts(&self) -> Vec<Fact> {
        self.0.iter().map(family_fact).collect()
    }
}

impl DescribedExtension for IpAddressBlocksV2 {
    const NAME: &'static str = mark!("IP address blocks, version 2");
    const SOURCE: &'static str = "RFC 8360";

    fn facts(&self) -> Vec<Fact> {
        self.0.facts()
    }
}

fn family_fact(family: &IpAddressFamily) -> Fact {
    let label = match family.family {
        1 => "IPv4",
        2 => "IPv6",
        _ => t!("Address family"),
    };
    let routing = family.safi.map(|safi| match safi {
        1 => Fact::text(t!("Routing"), t!("unicast")),
        2 => Fact::text(t!("Routing"), t!("multicast")),
        3 => Fact::text(t!("Routing"), t!("unicast and multicast")),
        other => Fact::number(t!("Routing"), other),
    });
    let blocks = match &family.blocks {
        None => vec![Fact::text(t!("Addresses"), t!("as the issuer’s"))],
        Some(blocks) => blocks.iter().map(|block| Fact::text(t!("Addresses"), block_text(block))).collect(),
    };
    Fact::facts(label, routing.into_iter().chain(blocks).collect())
}

fn block_text(block: &IpAddressBlock) -> String {
    match block {
        IpAddressBlock::Prefix(address, bits) => format!("{address}/{bits}"),
        IpAddressBlock::Range(first, last) => t!("{first} to {last}", first, last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_values_are_refused() {
        for value in [
            &[0x30, 2, 0x30, 0][..],
            // A family of one octet.
            &[0x30, 7, 0x30, 5, 4, 1, 1, 5, 0],
            // Five octets of an IPv4 address.
            &[0x30, 16, 0x30, 14, 4, 2, 0, 1, 0x30, 8, 3, 6, 0, 1, 2, 3, 4, 5],
            // An unknown family with addresses.
            &[0x30, 12, 0x30, 10, 4, 2, 0, 9, 0x30, 4, 3, 2, 0, 1],
            &[0x30, 8, 0x30, 6, 4, 2, 0, 1, 5, 0, 0],
        ] {
            assert!(IpAddressBlocks::from_value(value).is_err(), "{value:02x?}");
        }
    }
}
