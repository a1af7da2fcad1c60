//! Logotypes (RFC 3709): pictures and sounds of the issuer and the subject, as addresses with hashes. Mail programs use them for BIMI.
//!
//! What the pictures look like (size, language) is stepped over.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::{Fault, Problem};
use crate::name::strings;
use crate::oid::{self, Oid};
use crate::tlv::{self, Elements, Tlv, context_constructed};
use certwright_language::{mark, t};

/// The logotypes, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logotypes(pub Vec<Logotype>);

/// A logotype.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logotype {
    /// Whose it is.
    pub owner: LogotypeOwner,
    /// The pictures and sounds, or one reference to a list of them.
    pub files: Vec<LogotypeFile>,
}

/// Whose a logotype is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogotypeOwner {
    /// Of a community of issuers.
    Community,
    /// Of the issuer.
    Issuer,
    /// Of the subject.
    Subject,
    /// Of another kind.
    Other(Oid),
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogotypeFile {
    /// Its MIME type; absent for a reference to a list of files.
    pub media_type: Option<String>,
    /// Its hashes, each with its algorithm.
    pub hashes: Vec<(Oid, Vec<u8>)>,
    /// Where it is.
    pub addresses: Vec<String>,
}

impl KnownExtension for Logotypes {
    const OID: ObjectIdentifier = oid::LOGOTYPE;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut parts = Elements::single(value, tlv::SEQUENCE)?.elements();
        let mut logotypes = Vec::new();
        if let Some(community) = parts.optional(context_constructed(0))? {
            let mut list = only(&community, tlv::SEQUENCE)?;
            while !list.is_empty() {
                logotypes.push(Logotype { owner: LogotypeOwner::Community, files: parse_info(&mut list)? });
            }
        }
        for (number, owner) in [(1, LogotypeOwner::Issuer), (2, LogotypeOwner::Subject)] {
            if let Some(info) = parts.optional(context_constructed(number))? {
                let mut info = info.elements();
                logotypes.push(Logotype { owner, files: parse_info(&mut info)? });
                info.finish()?;
            }
        }
        if let Some(others) = parts.optional(context_constructed(3))? {
            let mut list = only(&others, tlv::SEQUENCE)?;
            while !list.is_empty() {
                let mut other = list.expect(tlv::SEQUENCE)?.elements();
                let owner = LogotypeOwner::Other(Oid::expect(&mut other)?);
                logotypes.push(Logotype { owner, files: parse_info(&mut other)? });
                other.finish()?;
            }
        }
        parts.finish()?;
        Ok(Self(logotypes))
    }
}

/// The elements of the one element in `wrapper`.
fn only<'a>(wrapper: &Tlv<'a>, tag: u8) -> Result<Elements<'a>, Fault> {
    let mut inside = wrapper.elements();
    let element = inside.expect(tag)?;
    inside.finish()?;
    Ok(element.elements())
}

/// `LogotypeInfo ::= CHOICE { direct [0] LogotypeData, indirect [1] LogotypeReference }`
fn parse_info(elements: &mut Elements<'_>) -> Result<Vec<LogotypeFile>, Fault> {
    let info = elements.next()?;
    let mut parts = info.elements();
    if info.tag == context_constructed(1) {
        let file = LogotypeFile {
            media_type: None,
            hashes: parse_hashes(&mut parts)?,
            addresses: parse_addresses(&mut parts)?,
        };
        parts.finish()?;
        return Ok(vec![file]);
    }
    if info.tag != context_constructed(0) {
        return Err(info.fault(Problem::UnexpectedTag { found: info.tag, wanted: context_constructed(0) }));
    }
    let mut files = Vec::new();
    for tag in [tlv::SEQUENCE, context_constructed(1)] {
        let Some(list) = parts.optional(tag)? else { continue };
        let mut list = list.elements();
        while !list.is_empty() {
            // The details of a picture or sound come first, what follows is how it looks.
            let mut details = list.expect(tlv::SEQUENCE)?.elements().expect(tlv::SEQUENCE)?.elements();
            let media_type = Some(strings::expect(&mut details)?);
            let hashes = parse_hashes(&mut details)?;
            let addresses = parse_addresses(&mut details)?;
            details.finish()?;
            files.push(LogotypeFile { media_type, hashes, addresses });
        }
    }
    parts.finish()?;
    Ok(files)
}

fn parse_hashes(parts: &mut Elements<'_>) -> Result<Vec<(Oid, Vec<u8>)>, Fault> {
    let mut list = parts.expect(tlv::SEQUENCE)?.elements();
    let mut hashes = Vec::new();
    while !list.is_empty() {
        let mut hash = list.expect(tlv::SEQUENCE)?.elements();
        let algorithm = Oid::expect(&mut hash.expect(tlv::SEQUENCE)?.elements())?;
        hashes.push((algorithm, hash.expect(tlv::OCTET_STRING)?.content.to_vec()));
        hash.finish()?;
    }
    Ok(hashes)
}

fn parse_addresses(parts: &mut Elements<'_>) -> Result<Vec<String>, Fault> {
    let mut list = parts.expect(tlv::SEQUENCE)?.elements();
    let mut addresses = Vec::new();
    while !list.is_empty() {
        addresses.push(strings::expect(&mut list)?);
    }
    Ok(addresses)
}

impl DescribedExtension for Logotypes {
    const NAME: &'static str = mark!("Logotypes");
    const SOURCE: &'static str = "RFC 3709";

    fn facts(&self) -> Vec<Fact> {
        self.0.iter().flat_map(logotype_facts).collect()
    }
}

fn logotype_facts(logotype: &Logotype) -> Vec<Fact> {
    let (label, oid) = match &logotype.owner {
        LogotypeOwner::Community => (t!("Community logotype"), None),
        LogotypeOwner::Issuer => (t!("Issuer’s logotype"), None),
        LogotypeOwner::Subject => (t!("Subject’s logotype"), None),
        LogotypeOwner::Other(oid) => (t!("Other logotype"), Some(oid)),
    };
    let fact = |file: &LogotypeFile| {
        let mut facts: Vec<Fact> = oid.map(|oid| Fact::oid(t!("Kind"), oid.clone())).into_iter().collect();
        facts.extend(file.media_type.as_ref().map(|media_type| Fact::text(t!("Media type"), media_type)));
        facts.extend(file.addresses.iter().map(|url| Fact::url(t!("Address"), url)));
        facts.extend(file.hashes.iter().map(|(algorithm, hash)| {
            Fact::octets(t!("Hash"), hash.as_slice()).remark(algorithm.name_or_dotted())
        }));
        Fact::facts(label, facts)
    };
    logotype.files.iter().map(fact).collect()
}
