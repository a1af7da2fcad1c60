//! The ASN.1 view: every element with its place, its name in the standard, and its value in a few words.
//!
//! Elements come from [`certwright_encoding::asn1`]; names from the structures in [`fields`], followed as far as what is there fits them.

mod fields;
mod values;

use certwright_certs::Oid;
use certwright_encoding::asn1::{Element, Elements, MAX_DEPTH, MAX_ELEMENTS, Oddity, read};
use certwright_encoding::der::{Class, DerErrorKind, Tag};
use certwright_encoding::sniff::{Kind, recognise};
use certwright_protocol::Bytes;
use certwright_protocol::Problem;
use certwright_protocol::ui::inspect::{Asn1Node, Asn1Tree};

use super::{Content, Inspection};
use crate::convert::count;
use certwright_language::t;
use fields::{At, Field, Shape};

/// Most octets that are sent to be shown as hex. Nobody reads more.
const MOST_OCTETS: usize = 4 << 20;

impl Inspection {
    /// A thing's encoding. Of a private key it is that of the public half.
    ///
    /// # Errors
    /// If there is no such thing.
    pub fn asn1(&self, id: u32) -> Result<Asn1Tree, Problem> {
        let content = &self.item(id)?.content;
        Ok(tree(content.der(), shape_of(content)))
    }
}

/// An extension's value or another part, element by element, without what is shown beside it.
pub(super) fn part_nodes(octets: &[u8]) -> Vec<Asn1Node> {
    nodes(octets, &read(octets), &Shape::Leaf)
}

/// Where the parts of a thing stand that have these names: offset and length with the header, in order.
pub(super) fn ranges(content: &Content, name: &str) -> Vec<(u32, u32)> {
    let octets = content.der();
    let read = read(octets);
    let nodes = nodes(octets, &read, shape_of(content));
    let named = nodes.iter().filter(|node| node.name.as_deref() == Some(name) && !node.nested);
    named.map(|node| (node.offset, node.header + node.length)).collect()
}

fn shape_of(content: &Content) -> &'static Shape {
    match content {
        Content::Certificate(_) => &fields::CERTIFICATE,
        Content::Request(_) => &fields::REQUEST,
        Content::Crl(_) => &fields::CRL,
        Content::OcspResponse(_) => &fields::OCSP_RESPONSE,
        Content::OcspRequest(..) => &fields::OCSP_REQUEST,
        Content::PublicKey(_) | Content::PrivateKey(_) => &fields::PUBLIC_KEY,
        Content::Asn1(octets) => shape_of_octets(octets),
    }
}

fn shape_of_octets(octets: &[u8]) -> &'static Shape {
    match recognise(octets) {
        Kind::Certificate => &fields::CERTIFICATE,
        Kind::CertificateRequest => &fields::REQUEST,
        Kind::CertificateList => &fields::CRL,
        Kind::OcspResponse => &fields::OCSP_RESPONSE,
        Kind::OcspRequest => &fields::OCSP_REQUEST,
        Kind::Pkcs7 => &fields::CONTENT_INFO,
        Kind::Pkcs12 => &fields::PFX,
        Kind::PkiPath => &fields::PKI_PATH,
        Kind::Pkcs8Encrypted => &fields::ENCRYPTED_PRIVATE_KEY,
        Kind::PublicKey => &fields::PUBLIC_KEY,
        _ => &Shape::Leaf,
    }
}

fn tree(octets: &[u8], shape: &'static Shape) -> Asn1Tree {
    let read = read(octets);
    let nodes = nodes(octets, &read, shape);
    let cut = if let Some(at) = read.stopped_at {
        Some(t!(
            "There are more than {MAX_ELEMENTS} elements; what follows octet {at} is not shown.",
            MAX_ELEMENTS,
            at
        ))
    } else if octets.len() > MOST_OCTETS {
        Some(t!(
            "Of {count} octets the first {MOST_OCTETS} are shown as hex.",
            count = octets.len(),
            MOST_OCTETS
        ))
    } else if read.too_deep {
        Some(t!("What lies deeper than {MAX_DEPTH} levels is not opened.", MAX_DEPTH))
    } else {
        None
    };
    Asn1Tree { octets: Bytes::from(octets.get(..MOST_OCTETS).unwrap_or(octets)), nodes, cut }
}

/// A structure whose parts are being named.
struct Open {
    shape: &'static Shape,
    /// How many of its fields are behind.
    field: usize,
    /// The first OID within, which says what the other parts are.
    oid: Option<Oid>,
}

fn nodes(octets: &[u8], read: &Elements, shape: &'static Shape) -> Vec<Asn1Node> {
    let mut open: Vec<Open> = Vec::new();
    let mut nodes = Vec::with_capacity(read.elements.len());
    for element in &read.elements {
        open.truncate(element.depth);
        let (name, own) = match open.last_mut() {
            None => (None, shape),
            Some(parent) => named(parent, element),
        };
        let content = octets.get(element.content()).unwrap_or_default();
        if element.tag == Tag::OBJECT_IDENTIFIER && element.fault.is_none() {
            let oid = Oid::from_der_content(content);
            open.iter_mut()
                .filter(|around| around.oid.is_none())
                .for_each(|around| around.oid.clone_from(&oid));
        }
        nodes.push(node(element, content, name, own));
        open.push(Open { shape: own, field: 0, oid: None });
        debug_assert!(open.len() == element.depth + 1, "depths go up by one");
    }
    // A string with an encoding in it shows that, not its octets.
    for index in 1..nodes.len() {
        let is_nested = nodes.get(index).is_some_and(|node: &Asn1Node| node.nested);
        if let Some(around) = nodes.get_mut(index - 1).filter(|_| is_nested) {
            around.value.clear();
        }
    }
    nodes
}

/// A part's name and shape, by the structure around it.
fn named(parent: &mut Open, element: &Element) -> (Option<&'static str>, &'static Shape) {
    match parent.shape {
        Shape::Leaf | Shape::Bits(_) => (None, &Shape::Leaf),
        Shape::Around(inner) => (None, inner),
        Shape::Each(name, shape) => (Some(name), shape),
        Shape::ByOid(table) => {
            let known = parent.oid.as_ref().and_then(table);
            (None, known.unwrap_or(&Shape::Leaf))
        }
        Shape::Fields(fields) => {
            let left = fields.get(parent.field..).unwrap_or_default();
            let Some((skipped, field)) = left.iter().enumerate().find(|(_, field)| fits(field, element.tag))
            else {
                return (None, &Shape::Leaf);
            };
            parent.field += skipped + usize::from(!field.repeated);
            let shape = match field.shape {
                Shape::ByOid(table) => parent.oid.as_ref().and_then(table).unwrap_or(&Shape::Leaf),
                shape => shape,
            };
            (Some(field.name), shape)
        }
    }
}

fn fits(field: &Field, tag: Tag) -> bool {
    match field.at {
        At::Any => true,
        At::Context(number) => tag.class == Class::ContextSpecific && tag.number == number,
        At::Universal(number) => tag.class == Class::Universal && tag.number == number,
        At::Time => tag.class == Class::Universal && matches!(tag.number, 23 | 24),
    }
}

fn node(element: &Element, content: &[u8], name: Option<&'static str>, shape: &Shape) -> Asn1Node {
    let value = if element.tag.constructed || element.header == 0 {
        String::new()
    } else {
        values::value(element.tag, content, shape)
    };
    let oid = (element.tag == Tag::OBJECT_IDENTIFIER).then(|| Oid::from_der_content(content)).flatten();
    let oid_name = oid.and_then(|oid| oid.name().map(str::to_owned));
    let name = match (name, oid_name) {
        (Some(field), Some(oid)) => Some(format!("{field}: {oid}")),
        (Some(only), None) => Some(only.to_owned()),
        (None, oid) => oid,
    };
    let mut remarks: Vec<String> =
        element.oddities.iter().map(|oddity| oddity_words(*oddity).to_owned()).collect();
    remarks.extend(element.fault.map(fault_words));
    Asn1Node {
        depth: u16::try_from(element.depth).unwrap_or(u16::MAX),
        offset: count(element.offset),
        header: count(element.header),
        length: count(element.length),
        tag: if element.header == 0 { t!("unreadable").into() } else { values::tag_name(element.tag) },
        value,
        name,
        nested: element.nested,
        remark: (!remarks.is_empty()).then(|| remarks.join("; ")),
    }
}

fn oddity_words(oddity: Oddity) -> &'static str {
    match oddity {
        Oddity::IndefiniteLength => t!("BER: indefinite length"),
        Oddity::LengthNotShortest => t!("BER: length not in its shortest form"),
        Oddity::TagNotShortest => t!("BER: tag not in its shortest form"),
        Oddity::StringInPieces => t!("BER: string in pieces"),
        Oddity::WrongForm => t!("neither DER nor BER: such a type has no parts, or only parts"),
    }
}

fn fault_words(fault: DerErrorKind) -> String {
    match fault {
        DerErrorKind::Overrun => t!("runs over the end of what is around it, and is cut there").into(),
        DerErrorKind::Truncated => t!("ends in the middle of a tag or length").into(),
        DerErrorKind::BadHeader => t!("tag or length cannot be read").into(),
        other => t!("cannot be read ({other})", other = format_args!("{other:?}")),
    }
}
