//! Values whose type only their encoding tells, and numbers of any size in decimal digits.

use crate::describe::Fact;
use crate::name::strings;
use crate::oid::Oid;
use crate::time::parse_time;
use crate::tlv::{self, Elements};

/// The longest number that is written in decimal digits, in octets: the work grows with the square of the length.
const MAX_DECIMAL: usize = 512;

/// The DER of one value as what its tag says: text, number, time and so on; what has no simple form is shown as its octets.
pub(crate) fn element_fact(label: &'static str, der: &[u8]) -> Fact {
    simple(label, der).unwrap_or_else(|| Fact::octets(label, der))
}

fn simple(label: &'static str, der: &[u8]) -> Option<Fact> {
    let mut elements = Elements::new(der);
    let element = elements.next().ok()?;
    elements.finish().ok()?;
    if let Some(text) = strings::to_text(element.tag, element.content) {
        return Some(Fact::text(label, text));
    }
    match element.tag {
        tlv::BOOLEAN => element.boolean().ok().map(|flag| Fact::flag(label, flag)),
        tlv::INTEGER => decimal(element.content).map(|number| Fact::number(label, number)),
        tlv::OID => Oid::from_der_content(element.content).map(|oid| Fact::oid(label, oid)),
        tlv::OCTET_STRING => Some(Fact::octets(label, element.content)),
        tlv::UTC_TIME | tlv::GENERALIZED_TIME => {
            parse_time(&element).ok().map(|time| Fact::time(label, time.unix))
        }
        _ => None,
    }
}

/// A big-endian two's complement in decimal digits; `None` if it has no octets or more than [`MAX_DECIMAL`].
pub(crate) fn decimal(content: &[u8]) -> Option<String> {
    let negative = content.first()? & 0x80 != 0;
    if content.len() > MAX_DECIMAL {
        return None;
    }
    // The magnitude of a negative number is its complement plus one.
    let mut limbs: Vec<u32> = vec![0];
    for octet in content {
        multiply_add(&mut limbs, 256, u64::from(if negative { !octet } else { *octet }));
    }
    multiply_add(&mut limbs, 1, u64::from(negative));
    let (highest, rest) = limbs.split_last()?;
    let sign = if negative { "-" } else { "" };
    let lower: String = rest.iter().rev().map(|limb| format!("{limb:09}")).collect();
    Some(format!("{sign}{highest}{lower}"))
}

/// `limbs * factor + carry`, where each limb is below 10^9 and the least significant stands first.
fn multiply_add(limbs: &mut Vec<u32>, factor: u64, mut carry: u64) {
    const BASE: u64 = 1_000_000_000;
    for limb in limbs.iter_mut() {
        let value = u64::from(*limb) * factor + carry;
        *limb = (value % BASE) as u32;
        carry = value / BASE;
    }
    if carry != 0 {
        limbs.push(carry as u32);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn simple_values() {
        assert_eq!(element_fact("Value", &[12, 1, b'a']), Fact::text("Value", "a"));
        assert_eq!(element_fact("Value", &[2, 1, 0xff]), Fact::number("Value", -1));
        assert_eq!(element_fact("Value", &[1, 1, 0xff]), Fact::flag("Value", true));
        assert_eq!(element_fact("Value", b"\x17\x0d700101000001Z"), Fact::time("Value", 1));
        for der in [&[][..], &[2], &[2, 0], &[0x30, 0], &[12, 1, 0xff], &[2, 1, 1, 0]] {
            assert_eq!(element_fact("Value", der), Fact::octets("Value", der));
        }
    }

    #[test]
    fn sizes() {
        assert_eq!(decimal(&[]), None);
        assert_eq!(decimal(&[0x80; MAX_DECIMAL + 1]), None);
        assert!(decimal(&[0x80; MAX_DECIMAL]).unwrap().starts_with('-'));
        let two_to_the_160 = [&[1][..], &[0; 20]].concat();
        assert_eq!(decimal(&two_to_the_160).unwrap(), "1461501637330902918203684832716283019655932542976");
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_the_machine(number in any::<i128>()) {
            prop_assert_eq!(decimal(&number.to_be_bytes()).unwrap(), number.to_string());
        }
    }
}
