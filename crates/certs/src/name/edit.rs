//! Names as rows that a person edits: one list of type and value for each relative distinguished name.
//!
//! Types are short names (`CN`) or dotted identifiers, values are text. A value that is no text stands as `#` and the hexadecimal
//! digits of its DER, as in RFC 4514 section 2.4; a text that begins with `#` or `\` gets a `\` before it, so that nothing is mistaken.
//! Refuses what [`Name::parse_rfc4514`] refuses, and says in which row.

use std::collections::HashMap;

use super::parse::{hex_to_attribute, to_attribute};
use super::{Attribute, Name, ParseNameProblem, attribute_short_name, attribute_type};
use crate::tlv;

/// The most characters that a value may have.
const MAX_VALUE: usize = 64 * 1024;

/// A type and a value.
pub type Row = (String, String);

/// Why rows are no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem} in relative distinguished name {rdn}, attribute {attribute}")]
pub struct EditNameError {
    /// The number of the relative distinguished name, from 0.
    pub rdn: usize,
    /// The number of the attribute in it, from 0.
    pub attribute: usize,
    /// What is wrong there.
    pub problem: ParseNameProblem,
}

/// The name as rows, in the order of its encoding (usually C first, CN last).
pub fn to_rows(name: &Name) -> Vec<Vec<Row>> {
    name.rdns().map(|rdn| rdn.iter().map(to_row).collect()).collect()
}

/// The name that the rows stand for, in their order. Empty lists are left out.
///
/// Values are written as PrintableString where their type wants it (C, serialNumber, dnQualifier), IA5String (DC, emailAddress),
/// UTF8String otherwise. An attribute that stands just so in `original` keeps the encoding that it has there: who renews a certificate and
/// changes one attribute changes no other octet. Unchanged rows give `original` itself.
///
/// # Errors
/// The first attribute that cannot be, and why.
pub fn parse_rows(rows: &[Vec<Row>], original: Option<&Name>) -> Result<Name, EditNameError> {
    if let Some(original) = original
        && to_rows(original) == rows
    {
        return Ok(original.clone());
    }
    let known: HashMap<Row, &Attribute> = original
        .into_iter()
        .flat_map(Name::attributes)
        .map(|attribute| (to_row(attribute), attribute))
        .collect();
    let mut rdns = Vec::new();
    for (rdn, rows) in rows.iter().enumerate() {
        let mut attributes: Vec<Attribute> = Vec::new();
        for (attribute, row) in rows.iter().enumerate() {
            let kept = known.get(row).map(|kept| (*kept).clone());
            let read = kept.map_or_else(|| parse_row(row), Ok);
            attributes.push(read.map_err(|problem| EditNameError { rdn, attribute, problem })?);
        }
        rdns.push(attributes);
    }
    Ok(Name::from_rdns(rdns))
}

fn to_row(attribute: &Attribute) -> Row {
    let kind = attribute_short_name(&attribute.oid).map_or_else(|| attribute.oid.to_string(), str::to_owned);
    let value = match attribute.text() {
        Some(text) if needs_mark(&text) => format!("\\{text}"),
        Some(text) => text,
        None => {
            let element = tlv::to_element(attribute.tag, &attribute.value);
            let digits: String = element.iter().map(|octet| format!("{octet:02x}")).collect();
            format!("#{digits}")
        }
    };
    (kind, value)
}

fn needs_mark(text: &str) -> bool {
    text.trim_start().starts_with(['#', '\\'])
}

fn parse_row((kind, value): &Row) -> Result<Attribute, ParseNameProblem> {
    if value.len() > MAX_VALUE {
        return Err(ParseNameProblem::TooLong);
    }
    let kind = kind.trim();
    if kind.is_empty() {
        return Err(ParseNameProblem::MissingAttribute);
    }
    let oid = attribute_type(kind).ok_or_else(|| ParseNameProblem::UnknownType { name: kind.to_owned() })?;
    if let Some(digits) = value.trim().strip_prefix('#') {
        let digits: Option<Vec<u8>> =
            digits.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
        // A text such as `#1 in town` is no DER, and taken as it is.
        if let Some(attribute) = digits.and_then(|digits| hex_to_attribute(oid.clone(), &digits)) {
            return Ok(attribute);
        }
    }
    let text = match value.strip_prefix('\\') {
        Some(rest) if needs_mark(rest) => rest,
        _ => value.trim(),
    };
    to_attribute(oid, text.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::oid::Oid;

    fn row(kind: &str, value: &str) -> Row {
        (kind.to_owned(), value.to_owned())
    }

    #[test]
    fn rows_and_names() {
        let name = Name::parse_rfc4514("CN=ä+OU=b,O=Example\\, Inc.,DC=com,1.2.3.4=#0c0161,C=DE").unwrap();
        let rows = to_rows(&name);
        let expected = vec![
            vec![row("C", "DE")],
            vec![row("1.2.3.4", "a")],
            vec![row("DC", "com")],
            vec![row("O", "Example, Inc.")],
            vec![row("OU", "b"), row("CN", "ä")],
        ];
        assert_eq!(rows, expected);
        assert_eq!(parse_rows(&rows, None).unwrap().der(), name.der());
        assert!(parse_rows(&[], None).unwrap().is_empty());
        assert!(parse_rows(&[vec![]], None).unwrap().is_empty());
    }

    #[test]
    fn unchanged_attributes_keep_their_encoding() {
        let attribute = |oid: &str, tag: u8, value: &[u8]| Attribute {
            oid: Oid::parse_dotted(oid).unwrap(),
            tag,
            value: value.to_vec(),
        };
        let old = Name::from_rdns(vec![
            vec![attribute("2.5.4.10", tlv::TELETEX_STRING, b"Z\xfcrich")],
            vec![attribute("2.5.4.3", tlv::PRINTABLE_STRING, b"a")],
        ]);
        let mut rows = to_rows(&old);
        assert_eq!(parse_rows(&rows, Some(&old)).unwrap().der(), old.der());
        rows[1][0].1 = "b".to_owned();
        let changed = parse_rows(&rows, Some(&old)).unwrap();
        let tags: Vec<u8> = changed.attributes().map(|attribute| attribute.tag).collect();
        assert_eq!(tags, [tlv::TELETEX_STRING, tlv::UTF8_STRING]);
    }

    #[test]
    fn hash_signs_and_backslashes() {
        for (typed, text) in [
            ("#1 in town", "#1 in town"),
            ("\\#0c0161", "#0c0161"),
            ("#0c0161", "a"),
            ("CORP\\user", "CORP\\user"),
            ("\\x", "\\x"),
            ("\\\\x", "\\x"),
            ("  a ", "a"),
        ] {
            let name = parse_rows(&[vec![row("cn", typed)]], None).unwrap();
            assert_eq!(name.common_name().unwrap(), text, "{typed}");
            assert_eq!(parse_rows(&to_rows(&name), None).unwrap(), name);
        }
    }

    #[test]
    fn problems_have_a_row() {
        use ParseNameProblem as P;
        for (bad, problem) in [
            (row("C", "Germany"), P::BadCountry { value: "Germany".into() }),
            (row("XY", "a"), P::UnknownType { name: "XY".into() }),
            (row("", "a"), P::MissingAttribute),
            (row("CN", " "), P::MissingValue),
            (row("DC", "ä"), P::BadCharacter { character: 'ä' }),
            (row("CN", &"x".repeat(70_000)), P::TooLong),
        ] {
            let refused = parse_rows(&[vec![row("CN", "a")], vec![row("O", "b"), bad]], None);
            assert_eq!(refused, Err(EditNameError { rdn: 1, attribute: 1, problem }));
        }
    }

    proptest! {
        #[test]
        fn any_name_survives(value in "\\PC{1,20}", tag in any::<u8>(), octets in proptest::collection::vec(any::<u8>(), 0..9)) {
            let oid = Oid::parse_dotted("2.5.4.3").unwrap();
            // An identifier octet of 0x1f begins a longer tag, which an attribute cannot hold.
            prop_assume!(tag & 0x1f != 0x1f);
            let name = Name::from_rdns(vec![
                vec![Attribute { oid: oid.clone(), tag, value: octets }],
                vec![Attribute { oid, tag: tlv::UTF8_STRING, value: value.into_bytes() }],
            ]);
            let read = parse_rows(&to_rows(&name), Some(&name)).unwrap();
            prop_assert_eq!(read.der(), name.der());
        }

        #[test]
        fn any_rows_are_answered(kind in "\\PC{0,12}", value in "\\PC{0,40}") {
            if let Ok(name) = parse_rows(&[vec![(kind, value)]], None) {
                let again = parse_rows(&to_rows(&name), None).unwrap();
                prop_assert_eq!(again, name);
            }
        }
    }
}
