//! Algorithm identifiers (RFC 5280 section 4.1.1.2) as facts, with the parameters of RSASSA-PSS (RFC 4055 section 3.1) one by one.

use crate::describe::{Fact, element_fact};
use crate::fault::Fault;
use crate::oid::{self, Oid};
use crate::tlv::{self, Elements, Tlv, context_constructed};
use certwright_language::{mark, t, text};

const NULL: u8 = 0x05;

/// The algorithm and its parameters.
pub fn algorithm_facts(der: &[u8]) -> Vec<Fact> {
    parse(der).unwrap_or_else(|_| vec![Fact::octets(t!("Malformed algorithm"), der)])
}

fn parse(der: &[u8]) -> Result<Vec<Fact>, Fault> {
    let mut parts = Elements::single(der, tlv::SEQUENCE)?.elements();
    let oid = Oid::expect(&mut parts)?;
    let mut facts = vec![Fact::oid(t!("Algorithm"), oid.clone())];
    if parts.is_empty() {
        return Ok(facts);
    }
    let parameters = parts.next()?;
    parts.finish()?;
    facts.extend(parameter_facts(&oid, &parameters));
    Ok(facts)
}

/// The parameters of an algorithm; NULL tells nothing.
pub(crate) fn parameter_facts(oid: &Oid, parameters: &Tlv<'_>) -> Vec<Fact> {
    match parameters.tag {
        NULL => Vec::new(),
        tlv::SEQUENCE if *oid == oid::RSASSA_PSS => pss_facts(parameters)
            .unwrap_or_else(|_| vec![Fact::octets(t!("Malformed parameters"), parameters.whole)]),
        _ => vec![element_fact(t!("Parameters"), parameters.whole)],
    }
}

/// `RSASSA-PSS-params`; what is absent has its default, and is marked so.
fn pss_facts(parameters: &Tlv<'_>) -> Result<Vec<Fact>, Fault> {
    const BY_DEFAULT: &str = mark!("by default");
    let mut parts = parameters.elements();
    let digest = parts.optional(context_constructed(0))?;
    let mask = parts.optional(context_constructed(1))?;
    let salt = parts.optional(context_constructed(2))?;
    let trailer = parts.optional(context_constructed(3))?;
    parts.finish()?;
    let digest = match digest {
        Some(digest) => Fact::oid(t!("Digest"), Oid::expect(&mut inside(&digest)?)?),
        None => Fact::oid(t!("Digest"), oid::SHA1).remark(text(BY_DEFAULT)),
    };
    let mut facts = vec![digest];
    match mask {
        Some(mask) => {
            let mut mask = inside(&mask)?;
            facts.push(Fact::oid(t!("Mask generation"), Oid::expect(&mut mask)?));
            if let Some(digest) = mask.optional(tlv::SEQUENCE)? {
                facts.push(Fact::oid(
                    t!("Digest of the mask generation"),
                    Oid::expect(&mut digest.elements())?,
                ));
            }
        }
        None => facts.push(Fact::oid(t!("Mask generation"), oid::MGF1).remark(t!("by default, with SHA-1"))),
    }
    let number = |wrapper: Tlv<'_>| wrapper.elements().expect(tlv::INTEGER)?.small_integer();
    facts.push(match salt {
        Some(salt) => Fact::number(t!("Salt length"), number(salt)?),
        None => Fact::number(t!("Salt length"), 20).remark(text(BY_DEFAULT)),
    });
    if let Some(trailer) = trailer {
        facts.push(Fact::number(t!("Trailer field"), number(trailer)?));
    }
    Ok(facts)
}

/// What is in the AlgorithmIdentifier in an explicit tag.
fn inside<'a>(wrapper: &Tlv<'a>) -> Result<Elements<'a>, Fault> {
    Ok(wrapper.elements().expect(tlv::SEQUENCE)?.elements())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_of_pss_are_marked() {
        let oid = Oid::from(oid::RSASSA_PSS).to_der();
        let identifier = |parameters: &[u8]| tlv::to_element(tlv::SEQUENCE, &[&oid, parameters].concat());
        let facts = algorithm_facts(&identifier(&[0x30, 0]));
        assert!(facts.contains(&Fact::oid("Digest", oid::SHA1).remark("by default")));
        assert!(facts.contains(&Fact::number("Salt length", 20).remark("by default")));
        let malformed = algorithm_facts(&identifier(&[0x30, 2, 5, 0]));
        assert_eq!(malformed[1], Fact::octets("Malformed parameters", [0x30, 2, 5, 0]));
        assert_eq!(algorithm_facts(&[1]), [Fact::octets("Malformed algorithm", [1])]);
    }
}
