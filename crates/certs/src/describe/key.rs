//! Subject public keys (RFC 3279, RFC 5480, RFC 8410, RFC 9881) as facts, also those that are too weak or too odd to be computed with.
//!
//! A key that breaks the rules of its algorithm is shown as its octets.

use certwright_encoding::base64::to_base64;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::describe::{Fact, decimal, parameter_facts};
use crate::fault::Fault;
use crate::oid::{self, Oid};
use crate::tlv::{self, Elements, Tlv};
use certwright_language::t;

/// The key, its hashes, and whether `identifier` is the one that RFC 5280 section 4.2.1.2 makes of it.
pub fn key_facts(spki: &[u8], identifier: Option<&[u8]>) -> Vec<Fact> {
    let Ok((algorithm, parameters, bits)) = parse(spki) else {
        return vec![Fact::octets(t!("Malformed key"), spki)];
    };
    let mut facts = vec![Fact::oid(t!("Algorithm"), algorithm.clone())];
    let known = number_facts(&algorithm, parameters.as_ref(), bits).ok().flatten();
    facts.extend(known.unwrap_or_else(|| {
        let parameters = parameters.map(|parameters| parameter_facts(&algorithm, &parameters));
        parameters.into_iter().flatten().chain([Fact::octets(t!("Key"), bits)]).collect()
    }));
    let pin = Sha256::digest(spki);
    facts.push(Fact::text(t!("Pin (SHA-256, base64)"), to_base64(&pin)));
    facts.push(Fact::octets(t!("Pin (SHA-256)"), pin.as_slice()));
    let method_1 = Sha1::digest(bits);
    let computed = Fact::octets(t!("Key identifier by RFC 5280 method 1"), method_1.as_slice());
    facts.push(match identifier {
        Some(identifier) if identifier == method_1.as_slice() => computed.remark(t!("as in the certificate")),
        Some(_) => computed.remark(t!("another than in the certificate")),
        None => computed,
    });
    facts
}

/// Algorithm, parameters, and the octets of the key.
fn parse(spki: &[u8]) -> Result<(Oid, Option<Tlv<'_>>, &[u8]), Fault> {
    let mut parts = Elements::single(spki, tlv::SEQUENCE)?.elements();
    let mut algorithm = parts.expect(tlv::SEQUENCE)?.elements();
    let oid = Oid::expect(&mut algorithm)?;
    let parameters = if algorithm.is_empty() { None } else { Some(algorithm.next()?) };
    algorithm.finish()?;
    let (bits, _) = parts.expect(tlv::BIT_STRING)?.bit_string()?;
    parts.finish()?;
    Ok((oid, parameters, bits))
}

/// The numbers of a key; `None` if its algorithm has none here.
fn number_facts(oid: &Oid, parameters: Option<&Tlv<'_>>, bits: &[u8]) -> Result<Option<Vec<Fact>>, Fault> {
    Ok(if *oid == oid::RSA_ENCRYPTION || *oid == oid::RSASSA_PSS {
        let mut facts = rsa_facts(bits)?;
        // Parameters of an RSASSA-PSS key say which signatures it may make.
        facts.extend(parameters.into_iter().flat_map(|parameters| parameter_facts(oid, parameters)));
        Some(facts)
    } else if *oid == oid::EC_PUBLIC_KEY {
        Some(ec_facts(parameters, bits))
    } else if *oid == oid::DSA {
        Some(dsa_facts(parameters, bits)?)
    } else {
        None
    })
}

fn rsa_facts(bits: &[u8]) -> Result<Vec<Fact>, Fault> {
    let mut parts = Elements::single(bits, tlv::SEQUENCE)?.elements();
    let modulus = magnitude(parts.expect(tlv::INTEGER)?.content);
    let exponent = parts.expect(tlv::INTEGER)?;
    parts.finish()?;
    let exponent = decimal(exponent.content).map_or_else(
        || Fact::octets(t!("Exponent"), exponent.content),
        |number| Fact::number(t!("Exponent"), number),
    );
    Ok(vec![
        Fact::number(t!("Size in bits"), bit_length(modulus)),
        Fact::octets(t!("Modulus"), modulus),
        exponent,
    ])
}

fn ec_facts(parameters: Option<&Tlv<'_>>, point: &[u8]) -> Vec<Fact> {
    let curve = match parameters {
        Some(named) if named.tag == tlv::OID => Oid::from_der_content(named.content),
        _ => None,
    };
    let mut facts = match (curve, parameters) {
        (Some(curve), _) => vec![Fact::oid(t!("Curve"), curve)],
        (None, Some(explicit)) if explicit.tag == tlv::SEQUENCE => explicit_curve(explicit),
        (None, _) => vec![Fact::text(t!("Curve"), t!("inherited from the issuer"))],
    };
    let coordinate = point.len().saturating_sub(1) / 2;
    match point.split_first() {
        Some((4, coordinates)) if coordinates.len() == coordinate * 2 => {
            let (x, y) = coordinates.split_at(coordinate);
            facts.extend([Fact::octets("X", x), Fact::octets("Y", y)]);
        }
        Some((2 | 3, x)) => facts.push(Fact::octets("X", x).remark(t!("the point is compressed"))),
        _ => facts.push(Fact::octets(t!("Point"), point)),
    }
    facts
}

/// `SpecifiedECDomain` (RFC 3279 section 2.3.5), which RFC 5480 section 2.1.1 forbids.
fn explicit_curve(parameters: &Tlv<'_>) -> Vec<Fact> {
    let mut facts = vec![
        Fact::text(t!("Curve"), t!("explicit parameters")).remark(t!("which RFC 5480 section 2.1.1 forbids")),
    ];
    let field = || -> Result<Fact, Fault> {
        let mut parts = parameters.elements();
        parts.expect(tlv::INTEGER)?;
        let mut field = parts.expect(tlv::SEQUENCE)?.elements();
        Oid::expect(&mut field)?;
        Ok(match field.optional(tlv::INTEGER)? {
            Some(prime) => Fact::octets(t!("Prime of the field"), magnitude(prime.content)),
            None => Fact::text(t!("Field"), t!("of characteristic two")),
        })
    };
    facts.extend(field().ok());
    facts.push(Fact::octets(t!("Parameters"), parameters.whole));
    facts
}

fn dsa_facts(parameters: Option<&Tlv<'_>>, bits: &[u8]) -> Result<Vec<Fact>, Fault> {
    let mut facts = Vec::new();
    match parameters {
        Some(parameters) if parameters.tag == tlv::SEQUENCE => {
            let mut parts = parameters.elements();
            let p = magnitude(parts.expect(tlv::INTEGER)?.content);
            let q = magnitude(parts.expect(tlv::INTEGER)?.content);
            let g = magnitude(parts.expect(tlv::INTEGER)?.content);
            parts.finish()?;
            facts.push(Fact::number(t!("Size in bits"), bit_length(p)));
            facts.extend([Fact::octets("P", p), Fact::octets("Q", q), Fact::octets("G", g)]);
        }
        _ => facts.push(Fact::text(t!("Parameters"), t!("inherited from the issuer"))),
    }
    facts.push(Fact::octets("Y", magnitude(Elements::single(bits, tlv::INTEGER)?.content)));
    Ok(facts)
}

/// An INTEGER without the octet of its sign.
fn magnitude(content: &[u8]) -> &[u8] {
    match content {
        [0, rest @ ..] if !rest.is_empty() => rest,
        content => content,
    }
}

fn bit_length(magnitude: &[u8]) -> usize {
    magnitude.first().map_or(0, |first| magnitude.len() * 8 - first.leading_zeros() as usize)
}
