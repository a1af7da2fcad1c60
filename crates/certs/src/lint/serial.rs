//! Rules for the serial number (RFC 5280 section 4.1.2.2, BR section 7.1.2.7).

use super::Concerns::{EndEntity, Every};
use super::{Examined, Facts, Outcome, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule::error("serial-zero", "RFC 5280 section 4.1.2.2", Every, |x| {
        Outcome::finding_if(x.certificate.serial().iter().all(|octet| *octet == 0), Facts::none)
    }),
    Rule::error("serial-negative", "RFC 5280 section 4.1.2.2", Every, |x| {
        let negative = x.certificate.serial().first().is_some_and(|octet| octet & 0x80 != 0);
        Outcome::finding_if(negative, || Facts::of("serial", x.certificate.serial_hex()))
    }),
    Rule::error("serial-too-long", "RFC 5280 section 4.1.2.2", Every, |x| {
        let octets = x.certificate.serial().len();
        Outcome::finding_if(octets > 20, || Facts::of("octets", octets))
    }),
    Rule::error("serial-not-minimal", "X.690 section 8.3.2", Every, |x| {
        let padded = match x.certificate.serial() {
            [] => true,
            [0, next, ..] => next & 0x80 == 0,
            [0xff, next, ..] => next & 0x80 != 0,
            _ => false,
        };
        Outcome::finding_if(padded, Facts::none)
    }),
    Rule::warning("serial-too-short", "BR 7.1.2.7", EndEntity, |x| {
        let bits = serial_bits(x);
        Outcome::finding_if(bits <= SUSPICIOUS_BITS, || Facts::of("bits", bits))
    })
    .public()
    .since(2016, 9, 30),
    Rule::notice("serial-guessable", "RFC 5280 section 4.1.2.2", EndEntity, |x| {
        let bits = serial_bits(x);
        Outcome::finding_if((1..=8).contains(&bits), || Facts::of("serial", x.certificate.serial_hex()))
    })
    .private(),
];

/// 64 random bits begin with 16 zeros once in 65 536 certificates; a serial number that short was rather counted than drawn.
const SUSPICIOUS_BITS: usize = 48;

fn serial_bits(x: &Examined<'_>) -> usize {
    let rest = x.certificate.serial().iter().skip_while(|octet| **octet == 0);
    match rest.clone().next() {
        None => 0,
        Some(first) => rest.count() * 8 - first.leading_zeros() as usize,
    }
}
