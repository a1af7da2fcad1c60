//! Reads names that people write: RFC 4514, with the liberties of RFC 2253 section 4 and RFC 1779 (spaces, `;`, quoted values),
//! and the slash form of OpenSSL.
//!
//! Refuses unknown attribute types, empty values, and values that their type does not allow (a country of other than two letters).

use super::attribute_type::{attribute_type, is_country, string_tag};
use super::{Attribute, Name, strings};
use crate::oid::Oid;
use crate::tlv::{self, Elements};

/// Why a text is no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem} at character {position}")]
pub struct ParseNameError {
    /// Characters (not bytes) before the problem.
    pub position: usize,
    /// What is wrong there.
    pub problem: ParseNameProblem,
}

/// What can be wrong with the text of a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseNameProblem {
    /// An attribute without `=`.
    #[error("`=` is missing")]
    MissingEquals,
    /// A type that is neither a known short name nor a dotted identifier.
    #[error("unknown attribute type {name:?}")]
    UnknownType {
        /// The type as written.
        name: String,
    },
    /// Nothing between two separators, or at an end.
    #[error("an attribute is missing")]
    MissingAttribute,
    /// No value after `=`.
    #[error("the value is missing")]
    MissingValue,
    /// A `\` that is followed by neither a special character nor two hexadecimal digits.
    #[error("bad escape")]
    BadEscape,
    /// A `"` without its partner, or text beside a quoted value.
    #[error("bad quotes")]
    BadQuotes,
    /// `#` with digits that are no DER value.
    #[error("bad hexadecimal value")]
    BadHex,
    /// Escaped octets that are no UTF-8.
    #[error("not UTF-8")]
    NotUtf8,
    /// A country that is not two letters (RFC 5280 appendix A.1).
    #[error("a country has two letters, not {value:?}")]
    BadCountry {
        /// The value as written.
        value: String,
    },
    /// A character that the string type of the attribute lacks.
    #[error("{character:?} is not allowed here")]
    BadCharacter {
        /// The character.
        character: char,
    },
    /// A name of more than 64 KiB.
    #[error("too long")]
    TooLong,
}

const MAX_LENGTH: usize = 64 * 1024;

pub(super) fn parse(text: &str) -> Result<Name, ParseNameError> {
    if text.len() > MAX_LENGTH {
        return Err(ParseNameError { position: 0, problem: ParseNameProblem::TooLong });
    }
    let characters: Vec<char> = text.chars().collect();
    let start = characters.iter().take_while(|c| c.is_whitespace()).count();
    let slashes = characters.get(start) == Some(&'/');
    let mut parser = Parser { characters: &characters, at: start, slashes };
    if slashes {
        parser.at += 1;
    }
    parser.skip_spaces();
    if parser.peek().is_none() {
        return Ok(Name::empty());
    }
    let mut rdns = Vec::new();
    loop {
        rdns.push(parser.rdn()?);
        if parser.next().is_none() {
            break;
        }
    }
    if !slashes {
        rdns.reverse();
    }
    Ok(Name::from_rdns(rdns))
}

/// An attribute with its value in the string type that suits it.
pub(super) fn to_attribute(oid: Oid, text: String) -> Result<Attribute, ParseNameProblem> {
    if text.is_empty() {
        return Err(ParseNameProblem::MissingValue);
    }
    if is_country(&oid) && !(text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic())) {
        return Err(ParseNameProblem::BadCountry { value: text });
    }
    let tag = string_tag(&oid);
    let allowed = |c: &char| match tag {
        tlv::PRINTABLE_STRING => strings::is_printable(*c),
        tlv::IA5_STRING => c.is_ascii(),
        _ => true,
    };
    match text.chars().find(|c| !allowed(c)) {
        Some(character) => Err(ParseNameProblem::BadCharacter { character }),
        None => Ok(Attribute { oid, tag, value: text.into_bytes() }),
    }
}

/// The one element whose DER `digits` are, as the value of an attribute.
pub(super) fn hex_to_attribute(oid: Oid, digits: &[u8]) -> Option<Attribute> {
    let (pairs, rest) = digits.as_chunks::<2>();
    let der: Vec<u8> = pairs.iter().map(|[high, low]| high * 16 + low).collect();
    let mut elements = Elements::new(&der);
    let value = elements.next().ok()?;
    let whole = rest.is_empty() && elements.is_empty();
    whole.then(|| Attribute { oid, tag: value.tag, value: value.content.to_vec() })
}

struct Parser<'a> {
    characters: &'a [char],
    at: usize,
    slashes: bool,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn skip_spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn error<T>(&self, position: usize, problem: ParseNameProblem) -> Result<T, ParseNameError> {
        Err(ParseNameError { position, problem })
    }

    fn separates_rdns(&self, c: char) -> bool {
        if self.slashes { c == '/' } else { matches!(c, ',' | ';') }
    }

    /// Up to, not including, the separator or the end.
    fn rdn(&mut self) -> Result<Vec<Attribute>, ParseNameError> {
        let mut attributes = vec![self.attribute()?];
        while self.peek() == Some('+') {
            self.at += 1;
            attributes.push(self.attribute()?);
        }
        Ok(attributes)
    }

    fn attribute(&mut self) -> Result<Attribute, ParseNameError> {
        self.skip_spaces();
        let start = self.at;
        while self.peek().is_some_and(|c| c != '=' && c != '+' && !self.separates_rdns(c)) {
            self.at += 1;
        }
        let written: String = self.characters.get(start..self.at).unwrap_or_default().iter().collect();
        let name = written.trim_end();
        if self.peek() != Some('=') {
            return self.error(
                start,
                if name.is_empty() {
                    ParseNameProblem::MissingAttribute
                } else {
                    ParseNameProblem::MissingEquals
                },
            );
        }
        let Some(oid) = attribute_type(name) else {
            return self.error(start, ParseNameProblem::UnknownType { name: name.to_owned() });
        };
        self.at += 1;
        self.skip_spaces();
        let value_start = self.at;
        match self.peek() {
            Some('#') => self.hex_value(oid),
            Some('"') => {
                let text = self.quoted()?;
                self.text_value(oid, text, value_start)
            }
            _ => {
                let text = self.plain()?;
                self.text_value(oid, text, value_start)
            }
        }
    }

    fn text_value(&self, oid: Oid, text: String, start: usize) -> Result<Attribute, ParseNameError> {
        to_attribute(oid, text).or_else(|problem| self.error(start, problem))
    }

    /// A value without quotes; spaces at its end are dropped unless escaped.
    fn plain(&mut self) -> Result<String, ParseNameError> {
        let start = self.at;
        let mut octets = Vec::new();
        let mut keep = 0;
        while let Some(c) = self.peek() {
            if c == '+' || self.separates_rdns(c) {
                // An OpenSSL subject may hold a plus sign: it joins only before another attribute.
                if c != '+' || !self.slashes || self.attribute_follows() {
                    break;
                }
            }
            self.at += 1;
            match c {
                '\\' => {
                    self.escaped(&mut octets)?;
                    keep = octets.len();
                }
                '"' => return self.error(self.at - 1, ParseNameProblem::BadQuotes),
                c => {
                    octets.extend(c.encode_utf8(&mut [0; 4]).bytes());
                    if !c.is_whitespace() {
                        keep = octets.len();
                    }
                }
            }
        }
        octets.truncate(keep);
        String::from_utf8(octets).or_else(|_| self.error(start, ParseNameProblem::NotUtf8))
    }

    fn attribute_follows(&self) -> bool {
        let rest = self.characters.get(self.at + 1..).unwrap_or_default();
        let name: String = rest.iter().take_while(|c| **c != '=').collect();
        name.len() < rest.len() && attribute_type(name.trim()).is_some()
    }

    fn quoted(&mut self) -> Result<String, ParseNameError> {
        let start = self.at;
        self.at += 1;
        let mut octets = Vec::new();
        loop {
            match self.next() {
                None => return self.error(start, ParseNameProblem::BadQuotes),
                Some('"') => break,
                Some('\\') => self.escaped(&mut octets)?,
                Some(c) => octets.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            }
        }
        self.skip_spaces();
        match self.peek() {
            Some(c) if c != '+' && !self.separates_rdns(c) => {
                self.error(self.at, ParseNameProblem::BadQuotes)
            }
            _ => String::from_utf8(octets).or_else(|_| self.error(start, ParseNameProblem::NotUtf8)),
        }
    }

    /// What follows a `\` (RFC 4514 section 3: a special character, or two hexadecimal digits for an octet).
    fn escaped(&mut self, octets: &mut Vec<u8>) -> Result<(), ParseNameError> {
        let start = self.at - 1;
        let first = self.next();
        if let Some(c) = first
            && (" \"#+,;<=>\\/".contains(c))
        {
            octets.push(c as u8);
            return Ok(());
        }
        let high = first.and_then(|c| c.to_digit(16));
        let low = if high.is_some() { self.next().and_then(|c| c.to_digit(16)) } else { None };
        match (high, low) {
            (Some(high), Some(low)) => {
                octets.push((high * 16 + low) as u8);
                Ok(())
            }
            _ => self.error(start, ParseNameProblem::BadEscape),
        }
    }

    fn hex_value(&mut self, oid: Oid) -> Result<Attribute, ParseNameError> {
        let start = self.at;
        self.at += 1;
        let mut digits = Vec::new();
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) {
            digits.push(digit as u8);
            self.at += 1;
        }
        self.skip_spaces();
        let ended = self.peek().is_none_or(|c| c == '+' || self.separates_rdns(c));
        match hex_to_attribute(oid, &digits) {
            Some(attribute) if ended => Ok(attribute),
            _ => self.error(start, ParseNameProblem::BadHex),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn round_trip(text: &str) -> String {
        Name::parse_rfc4514(text).unwrap_or_else(|error| panic!("{text}: {error}")).to_rfc4514()
    }

    fn problem(text: &str) -> (usize, ParseNameProblem) {
        let error = Name::parse_rfc4514(text).unwrap_err();
        (error.position, error.problem)
    }

    #[test]
    fn forms_that_mean_the_same() {
        let expected = "CN=client,O=Example GmbH,C=DE";
        for text in [
            "CN=client,O=Example GmbH,C=DE",
            " cn = client , o = Example GmbH ; C=DE ",
            "CN=\"client\", O=\"Example GmbH\", C=DE",
            "/C=DE/O=Example GmbH/CN=client",
            "commonName=client,2.5.4.10=Example GmbH,OID.2.5.4.6=DE",
            "CN=cl\\69ent,O=Example\\20GmbH,C=DE",
        ] {
            assert_eq!(round_trip(text), expected, "{text}");
        }
    }

    #[test]
    fn examples_of_rfc_4514_section_4() {
        for text in [
            "UID=jsmith,DC=example,DC=net",
            "CN=James \\\"Jim\\\" Smith\\, III,DC=example,DC=net",
            "CN=Before\\0dAfter,DC=example,DC=net",
            "1.3.6.1.4.1.1466.0=#04024869",
            "CN=Lučić",
        ] {
            assert_eq!(round_trip(text), text);
        }
        // DER puts the shorter attribute of an RDN first.
        assert_eq!(round_trip("CN=J.  Smith+OU=Sales,DC=net"), "OU=Sales+CN=J.  Smith,DC=net");
        assert_eq!(round_trip("CN=Lu\\C4\\8Di\\C4\\87"), "CN=Lučić");
    }

    #[test]
    fn string_types() {
        let name = Name::parse_rfc4514("CN=ä,DC=com,emailAddress=a@b.c,SERIALNUMBER=12,C=DE").unwrap();
        let tags: Vec<u8> = name.attributes().map(|attribute| attribute.tag).collect();
        let wanted = [
            tlv::PRINTABLE_STRING,
            tlv::PRINTABLE_STRING,
            tlv::IA5_STRING,
            tlv::IA5_STRING,
            tlv::UTF8_STRING,
        ];
        assert_eq!(tags, wanted);
    }

    #[test]
    fn empty_names() {
        for text in ["", "  ", "/"] {
            assert!(Name::parse_rfc4514(text).unwrap().is_empty());
        }
    }

    #[test]
    fn slashes_and_plus_signs() {
        assert_eq!(round_trip("/O=A+B\\/C/CN=x+OU=y"), "CN=x+OU=y,O=A\\+B/C");
        assert_eq!(round_trip("CN=a/b"), "CN=a/b");
    }

    #[test]
    fn problems_have_a_place() {
        use ParseNameProblem as P;
        assert_eq!(problem("CN=a,XY=b"), (5, P::UnknownType { name: "XY".into() }));
        assert_eq!(problem("CN=a,b"), (5, P::MissingEquals));
        assert_eq!(problem("CN=a,"), (5, P::MissingAttribute));
        assert_eq!(problem("CN=a,,O=b"), (5, P::MissingAttribute));
        assert_eq!(problem("CN="), (3, P::MissingValue));
        assert_eq!(problem("CN=ä, O= "), (9, P::MissingValue));
        assert_eq!(problem("CN=a\\x"), (4, P::BadEscape));
        assert_eq!(problem("CN=a\\"), (4, P::BadEscape));
        assert_eq!(problem("CN=\"a"), (3, P::BadQuotes));
        assert_eq!(problem("CN=\"a\" b"), (7, P::BadQuotes));
        assert_eq!(problem("CN=a\"b"), (4, P::BadQuotes));
        assert_eq!(problem("CN=#04"), (3, P::BadHex));
        assert_eq!(problem("CN=#0400x"), (3, P::BadHex));
        assert_eq!(problem("CN=\\ff"), (3, P::NotUtf8));
        assert_eq!(problem("CN=a,C=Germany"), (7, P::BadCountry { value: "Germany".into() }));
        assert_eq!(problem("DC=ä"), (3, P::BadCharacter { character: 'ä' }));
        assert_eq!(problem(&"x".repeat(70_000)).1, P::TooLong);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(value in "\\PC{1,20}", other in "[ -~]{1,20}") {
            let attribute = |oid: &str, text: &str| Attribute {
                oid: Oid::parse_dotted(oid).unwrap(),
                tag: tlv::UTF8_STRING,
                value: text.as_bytes().to_vec(),
            };
            let name = Name::from_rdns(vec![
                vec![attribute("2.5.4.10", &other)],
                vec![attribute("2.5.4.3", &value), attribute("1.2.3.4", &other)],
            ]);
            let read = Name::parse_rfc4514(&name.to_rfc4514()).unwrap();
            prop_assert_eq!(read.der(), name.der());
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,60}") {
            let _ = Name::parse_rfc4514(&text);
        }

        #[test]
        fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = Name::from_der(&bytes);
        }
    }
}
