//! Autonomous system identifier delegation (RFC 3779 section 3): the systems that the subject may speak for. RFC 8360 gives the same form a
//! second identifier, under which those systems count that the issuer has as well.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::tlv::{self, Elements, Tlv, context_constructed};
use certwright_language::{mark, t};

/// The numbers of autonomous systems, and of routing domains, which are no longer used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutonomousSystemIds {
    /// Autonomous systems.
    pub systems: Option<AutonomousSystems>,
    /// Routing domains.
    pub routing_domains: Option<AutonomousSystems>,
}

/// The same with the meaning of RFC 8360.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutonomousSystemIdsV2(pub AutonomousSystemIds);

/// Which systems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AutonomousSystems {
    /// The same as the issuer's.
    Inherited,
    /// From the first to the last number, which may be the same. Numbers above 32 bits are read as the greatest.
    Ranges(Vec<(u32, u32)>),
}

impl KnownExtension for AutonomousSystemIds {
    const OID: ObjectIdentifier = oid::AUTONOMOUS_SYSTEM_IDS;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut parts = Elements::single(value, tlv::SEQUENCE)?.elements();
        let systems = parts.optional(context_constructed(0))?;
        let domains = parts.optional(context_constructed(1))?;
        parts.finish()?;
        Ok(Self {
            systems: systems.map(|choice| parse_choice(&choice)).transpose()?,
            routing_domains: domains.map(|choice| parse_choice(&choice)).transpose()?,
        })
    }
}

impl KnownExtension for AutonomousSystemIdsV2 {
    const OID: ObjectIdentifier = oid::AUTONOMOUS_SYSTEM_IDS_V2;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        AutonomousSystemIds::from_value(value).map(Self)
    }
}

fn parse_choice(wrapper: &Tlv<'_>) -> Result<AutonomousSystems, Fault> {
    const NULL: u8 = 0x05;
    let mut choice = wrapper.elements();
    if choice.optional(NULL)?.is_some() {
        choice.finish()?;
        return Ok(AutonomousSystems::Inherited);
    }
    let mut list = choice.expect(tlv::SEQUENCE)?.elements();
    choice.finish()?;
    let mut ranges = Vec::new();
    while !list.is_empty() {
        if let Some(number) = list.optional(tlv::INTEGER)? {
            let number = number.small_integer()?;
            ranges.push((number, number));
        } else {
            let mut ends = list.expect(tlv::SEQUENCE)?.elements();
            let first = ends.expect(tlv::INTEGER)?.small_integer()?;
            let last = ends.expect(tlv::INTEGER)?.small_integer()?;
            ends.finish()?;
            ranges.push((first, last));
        }
    }
    Ok(AutonomousSystems::Ranges(ranges))
}

impl DescribedExtension for AutonomousSystemIds {
    const NAME: &'static str = mark!("Autonomous system identifiers");
    const SOURCE: &'static str = "RFC 3779 section 3";

    fn facts(&self) -> Vec<Fact> {
        let systems = self.systems.iter().flat_map(|systems| facts(t!("Autonomous systems"), systems));
        let domains = self.routing_domains.iter().flat_map(|domains| facts(t!("Routing domains"), domains));
        systems.chain(domains).collect()
    }
}

impl DescribedExtension for AutonomousSystemIdsV2 {
    const NAME: &'static str = mark!("Autonomous system identifiers, version 2");
    const SOURCE: &'static str = "RFC 8360";

    fn facts(&self) -> Vec<Fact> {
        self.0.facts()
    }
}

fn facts(label: &'static str, systems: &AutonomousSystems) -> Vec<Fact> {
    let text = |(first, last): &(u32, u32)| {
        if first == last { first.to_string() } else { t!("{first} to {last}", first, last) }
    };
    match systems {
        AutonomousSystems::Inherited => vec![Fact::text(label, t!("as the issuer’s"))],
        AutonomousSystems::Ranges(ranges) => {
            ranges.iter().map(|range| Fact::text(label, text(range))).collect()
        }
    }
}
