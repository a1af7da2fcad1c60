//! Rules for the subject's key (RFC 3279, RFC 4055, RFC 5480, RFC 8017; BR sections 6.1.1.3, 6.1.5, 6.1.6 and 7.1.3.1).

use certwright_keys::KeyAlgorithm;
use certwright_keys::weak::WeakKey;

use super::Concerns::{Authority, Every, TlsServer};
use super::signature::{NULL, parameters};
use super::{Examined, Facts, Outcome, Rule};
use crate::key_strength::{Strength, Weakness, strength};
use crate::oid::{self, Oid};
use crate::tlv::{self, Elements};

pub(super) const RULES: &[Rule] = &[
    Rule::error("key-unreadable", "RFC 5280 section 4.1.2.7", Every, |x| {
        Outcome::finding_if(x.certificate.public_key().is_err(), Facts::none)
    }),
    Rule::error("rsa-too-short", "BR 6.1.5, NIST SP 800-131A", Every, |x| match rsa_bits(x) {
        None => Outcome::NotApplicable,
        Some(bits) => Outcome::finding_if(bits < 2048, || Facts::of("bits", bits)),
    }),
    Rule::notice("rsa-very-long", "NIST SP 800-57 part 1 section 5.6.1", Every, |x| match rsa_bits(x) {
        None => Outcome::NotApplicable,
        Some(bits) => Outcome::finding_if(bits > 4096, || Facts::of("bits", bits)),
    }),
    Rule::error("rsa-length-odd", "BR 6.1.5", Every, |x| match rsa_bits(x) {
        None => Outcome::NotApplicable,
        Some(bits) => Outcome::finding_if(!bits.is_multiple_of(8), || Facts::of("bits", bits)),
    })
    .public(),
    Rule::error("rsa-exponent-broken", "RFC 8017 section 3.1", Every, |x| {
        exponent(x, |exponent| exponent == [1] || exponent.is_empty() || is_even(exponent))
    }),
    Rule::warning("rsa-exponent-small", "BR 6.1.6", Every, |x| {
        exponent(x, |exponent| !is_even(exponent) && exponent != [1] && exponent.len() < 3)
    }),
    Rule::warning("rsa-exponent-large", "RFC 8017 section 3.1", Every, |x| {
        exponent(x, |exponent| exponent.len() > MANAGEABLE_EXPONENT)
    }),
    Rule::error("rsa-parameters", "RFC 3279 section 2.3.1", Every, |x| {
        let Some(algorithm) = x.fields.key_algorithm else { return Outcome::NotApplicable };
        if key_algorithm(x).is_none_or(|oid| oid != oid::RSA_ENCRYPTION) {
            return Outcome::NotApplicable;
        }
        let null = parameters(algorithm.whole).is_some_and(|found| found.whole == NULL);
        Outcome::finding_if(!null, Facts::none)
    }),
    Rule::warning("rsa-pss-key", "RFC 4055 section 1.2, BR 7.1.3.1.1", Every, |x| {
        Outcome::finding_if(key_algorithm(x).is_some_and(|oid| oid == oid::RSASSA_PSS), Facts::none)
    }),
    Rule::error("key-roca", "CVE-2017-15361", Every, |x| weak(x, |weak| matches!(weak, WeakKey::Roca))),
    Rule::error("key-debian", "CVE-2008-0166, BR 6.1.1.3", Every, |x| {
        weak(x, |weak| matches!(weak, WeakKey::Debian(_)))
    }),
    Rule::error("key-close-primes", "BR 6.1.1.3, CVE-2022-26320", Every, |x| {
        weak(x, |weak| matches!(weak, WeakKey::ClosePrimes { .. }))
    }),
    Rule::error("key-small-factor", "BR 6.1.6, NIST SP 800-89 section 5.3.3", Every, |x| {
        weak(x, |weak| matches!(weak, WeakKey::SmallFactor { .. }))
    }),
    Rule::error("key-patterned", "BR 6.1.1.3", Every, |x| {
        weak(x, |weak| matches!(weak, WeakKey::Pattern { .. }))
    }),
    Rule::error("ec-curve-too-small", "BR 6.1.5, NIST SP 800-57 part 1", Every, |x| curve(x, |weak| weak)),
    Rule::warning("ec-curve-small", "NIST SP 800-131A revision 2 section 3", Every, |x| {
        curve(x, |weak| !weak)
    }),
    Rule::error("ec-explicit-parameters", "RFC 5480 section 2.1.1", Every, |x| {
        let Some(algorithm) = x.fields.key_algorithm else { return Outcome::NotApplicable };
        if key_algorithm(x).is_none_or(|oid| oid != oid::EC_PUBLIC_KEY) {
            return Outcome::NotApplicable;
        }
        let named = parameters(algorithm.whole).is_some_and(|found| found.tag == tlv::OID);
        Outcome::finding_if(!named, Facts::none)
    }),
    Rule::notice("ec-point-compressed", "RFC 5480 section 2.2", Every, |x| {
        if key_algorithm(x).is_none_or(|oid| oid != oid::EC_PUBLIC_KEY) {
            return Outcome::NotApplicable;
        }
        let compressed =
            x.fields.key_bits.and_then(|bits| bits.first()).is_some_and(|first| matches!(first, 2 | 3));
        Outcome::finding_if(compressed, Facts::none)
    }),
    Rule::error("key-dsa", "FIPS 186-5, BR 6.1.5", Every, |x| {
        Outcome::finding_if(key_algorithm(x).is_some_and(|oid| oid == oid::DSA), Facts::none)
    }),
    Rule::error("key-not-permitted", "BR 6.1.5, 7.1.3.1", TlsServer, not_permitted).public(),
    Rule::error("authority-key-not-permitted", "BR 6.1.5, 7.1.3.1", Authority, not_permitted).public(),
];

/// Windows and several libraries hold the exponent in 32 or 64 bits.
const MANAGEABLE_EXPONENT: usize = 4;

/// The type of the key as it stands in the certificate.
pub(super) fn key_algorithm(x: &Examined<'_>) -> Option<Oid> {
    let identifier = x.fields.key_algorithm?.elements().expect(tlv::OID).ok()?;
    Oid::from_der_content(identifier.content)
}

fn rsa_bits(x: &Examined<'_>) -> Option<u32> {
    match x.certificate.public_key().ok()?.algorithm() {
        KeyAlgorithm::Rsa { bits } => Some(bits),
        _ => None,
    }
}

/// Also of a key that is refused for its exponent.
fn exponent(x: &Examined<'_>, wrong: impl Fn(&[u8]) -> bool) -> Outcome {
    let read = || {
        let algorithm = key_algorithm(x)?;
        if algorithm != oid::RSA_ENCRYPTION && algorithm != oid::RSASSA_PSS {
            return None;
        }
        let mut numbers = Elements::single(x.fields.key_bits?, tlv::SEQUENCE).ok()?.elements();
        numbers.expect(tlv::INTEGER).ok()?;
        Some(numbers.expect(tlv::INTEGER).ok()?.content)
    };
    let Some(octets) = read() else { return Outcome::NotApplicable };
    let significant = octets.iter().take_while(|octet| **octet == 0).count();
    let exponent = octets.get(significant..).unwrap_or_default();
    Outcome::finding_if(wrong(exponent), || {
        let text = match exponent.try_into().map(u32::from_be_bytes) {
            _ if exponent.len() < 4 => {
                exponent.iter().fold(0u32, |n, octet| n << 8 | u32::from(*octet)).to_string()
            }
            Ok(number) => number.to_string(),
            Err(_) => format!("a number of {} bits", exponent.len() * 8),
        };
        Facts::of("exponent", text)
    })
}

fn is_even(number: &[u8]) -> bool {
    number.last().is_none_or(|last| last & 1 == 0)
}

fn weak(x: &Examined<'_>, wanted: impl Fn(&WeakKey) -> bool) -> Outcome {
    if rsa_bits(x).is_none() {
        return Outcome::NotApplicable;
    }
    match x.weaknesses().iter().find(|weak| wanted(weak)) {
        None => Outcome::Pass,
        Some(WeakKey::SmallFactor { factor }) => Outcome::Finding(Facts::of("factor", *factor)),
        Some(WeakKey::Debian(process)) => Outcome::Finding(
            Facts::of("process", u32::from(process.number)).with("processor", process.processor.name()),
        ),
        Some(_) => Outcome::Finding(Facts::none()),
    }
}

/// A curve by whether it is weak (else: legacy).
fn curve(x: &Examined<'_>, wanted: impl Fn(bool) -> bool) -> Outcome {
    let Ok(key) = x.certificate.public_key() else { return Outcome::NotApplicable };
    let (weak, oid, bits) = match strength(&key) {
        Strength::Weak { why: Weakness::Curve { oid, bits } } => (true, oid, bits),
        Strength::Legacy { why: Weakness::Curve { oid, bits } } => (false, oid, bits),
        _ => return Outcome::Pass,
    };
    let name = Oid::parse_dotted(&oid).map_or(oid, |oid| oid.name_or_dotted());
    Outcome::finding_if(wanted(weak), || Facts::of("curve", name).with("bits", bits))
}

/// RSA and the three NIST curves.
fn not_permitted(x: &Examined<'_>) -> Outcome {
    let Ok(key) = x.certificate.public_key() else { return Outcome::NotApplicable };
    let algorithm = key.algorithm();
    // DSA, small curves and PSS keys have rules of their own.
    let told = algorithm.is_dsa() || !matches!(strength(&key), Strength::Strong | Strength::Unknown { .. });
    Outcome::finding_if(!algorithm.is_rsa() && !algorithm.is_ec() && !told, || {
        Facts::of("algorithm", algorithm.to_string())
    })
}
