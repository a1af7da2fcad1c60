//! Names as facts: the three forms in use, and each attribute with its string type.

use crate::describe::Fact;
use crate::name::{Attribute, Name, attribute_short_name};
use crate::tlv;
use certwright_language::t;

/// The forms of a name, and its attributes in the order of the encoding.
pub(crate) fn name_facts(name: &Name) -> Vec<Fact> {
    if name.is_empty() {
        return vec![Fact::text("RFC 4514", "").remark(t!("the name is empty"))];
    }
    let attributes = name.attributes().map(attribute_fact).collect();
    vec![
        Fact::text("RFC 4514", name.to_rfc4514()),
        Fact::text(t!("Reversed"), name.to_reversed()),
        Fact::text(t!("Slash form"), name.to_slash()),
        Fact::facts(t!("Attributes"), attributes),
    ]
}

fn attribute_fact(attribute: &Attribute) -> Fact {
    let short = attribute_short_name(&attribute.oid);
    let label = short.map_or_else(|| attribute.oid.to_string(), str::to_owned);
    let fact = match attribute.text() {
        Some(text) => Fact::text(label, text),
        None => Fact::octets(label, attribute.value.as_slice()),
    };
    let kind = string_type(attribute.tag)
        .map_or_else(|| t!("tag {tag}", tag = format_args!("{:#04x}", attribute.tag)), str::to_owned);
    match attribute.oid.name() {
        Some(name) => fact.remark(format!("{name}, {kind}")),
        None => fact.remark(kind),
    }
}

/// What X.680 calls the string type of a tag.
fn string_type(tag: u8) -> Option<&'static str> {
    Some(match tag {
        tlv::UTF8_STRING => "UTF8String",
        tlv::PRINTABLE_STRING => "PrintableString",
        tlv::TELETEX_STRING => "TeletexString",
        tlv::IA5_STRING => "IA5String",
        tlv::UNIVERSAL_STRING => "UniversalString",
        tlv::BMP_STRING => "BMPString",
        tlv::BIT_STRING => "BIT STRING",
        tlv::GENERALIZED_TIME => "GeneralizedTime",
        0x12 => "NumericString",
        0x1a => "VisibleString",
        _ => return None,
    })
}
