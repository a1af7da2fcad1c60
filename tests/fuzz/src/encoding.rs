//! PEM, base64, DER, BER, and recognising a file.

use std::hint::black_box;

use certwright_encoding::base64::{parse_base64, parse_base64_pieces, to_base64};
use certwright_encoding::ber;
use certwright_encoding::der::{Limits, Tlv, tree};
use certwright_encoding::pem::{parse_pem, to_pem};
use certwright_encoding::sniff::recognise;
use certwright_encoding::text::{utf16_to_utf8, without_mark};
use certwright_encoding::{asn1, find};

/// Blocks in a text; what is found reads the same again.
pub fn pem(input: &[u8]) {
    for block in parse_pem(input).blocks {
        let again = parse_pem(to_pem(&block.label, &block.der).as_bytes());
        assert!(again.broken.is_empty());
        assert_eq!(again.blocks.len(), 1);
        assert!(again.blocks.iter().all(|found| found.label == block.label && *found.der == *block.der));
    }
}

/// Bare base64; what is decoded decodes the same again.
pub fn base64(input: &[u8]) {
    black_box(parse_base64_pieces(input).is_ok());
    if let Ok(decoded) = parse_base64(input) {
        assert_eq!(parse_base64(to_base64(&decoded).as_bytes()).as_deref(), Ok(&*decoded));
    }
}

/// DER as a tree.
pub fn der(input: &[u8]) {
    for limits in [Limits::default(), Limits { depth: 3, elements: 10 }] {
        if let Ok(nodes) = tree(input, limits) {
            assert!(nodes.len() <= limits.elements);
            assert!(nodes.iter().all(|node| node.depth <= limits.depth));
        }
    }
    if let Ok(element) = Tlv::parse_truncated(input, 0, input.len()) {
        for child in element.children_truncated().take(1000) {
            black_box(child.is_ok());
        }
    }
}

/// BER; what has been turned needs no turning.
pub fn ber(input: &[u8]) {
    if let Ok(der) = ber::to_der(input) {
        assert!(der.len() <= input.len() * 2);
        assert_eq!(ber::to_der(&der).as_deref(), Ok(&*der));
    }
}

/// Recognising a file.
pub fn sniff(input: &[u8]) {
    black_box(recognise(input));
    black_box(recognise(without_mark(input)));
    if let Some(text) = utf16_to_utf8(input) {
        black_box(recognise(&text));
    }
}

/// ASN.1 element by element; parts lie within what is around them.
pub fn asn1(input: &[u8]) {
    let read = asn1::read(input);
    assert!(read.elements.len() <= asn1::MAX_ELEMENTS);
    let mut around: Vec<core::ops::Range<usize>> = std::iter::once(0..input.len()).collect();
    for element in &read.elements {
        assert!(element.depth <= asn1::MAX_DEPTH);
        around.truncate(element.depth + 1);
        let content = element.content();
        assert!(around.last().is_some_and(|outer| outer.start <= element.offset && content.end <= outer.end));
        around.push(content);
    }
}

/// Encodings in a text.
pub fn find(input: &[u8]) {
    let found = find::find(input);
    assert!(found.pieces.len() <= find::MAX_PIECES);
    assert!(found.pieces.iter().all(|piece| piece.line >= 1));
}
