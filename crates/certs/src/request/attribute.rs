//! Attributes of signing requests (RFC 2986 section 4), also those that Windows adds (MS-WCCE section 2.2.2.7), as text for people.
//!
//! A value is shown by what it is, not by a schema: strings and numbers as such, a sequence of them one after the other, anything else as
//! hexadecimal digits. Descends two levels and no further.

use crate::name::strings;
use crate::oid::{self, Oid};
use crate::tlv::{self, Elements, Tlv};

/// The most octets of a value that are shown as hexadecimal digits.
const MAX_HEX: usize = 64;

/// An attribute as it stands in the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestAttribute {
    /// Its type.
    pub oid: Oid,
    /// The DER of each of its values.
    pub values: Vec<Vec<u8>>,
}

impl RequestAttribute {
    /// The name of the type, for example `challengePassword` or `msOsVersion`, or the dotted identifier.
    pub fn name(&self) -> String {
        self.oid.name_or_dotted()
    }

    /// True if the values are extensions that are asked for, which are read as such.
    pub fn asks_for_extensions(&self) -> bool {
        asks_for_extensions(&self.oid)
    }

    /// The values as text, one for each: `10.0.20348.2`, `CertificateTemplate=WebServer`, `1, Microsoft Software Key Storage Provider`.
    pub fn texts(&self) -> Vec<String> {
        self.values.iter().map(|value| self.describe(value)).collect()
    }

    fn describe(&self, value: &[u8]) -> String {
        let parts: Vec<String> = match Elements::new(value).next() {
            Ok(element) if element.tag == tlv::SEQUENCE => describe_parts(&element),
            Ok(element) => vec![describe_element(&element)],
            Err(_) => vec![to_hex(value)],
        };
        match &parts[..] {
            [name, value] if self.oid == oid::MICROSOFT_ENROLLMENT_NAME_VALUE => format!("{name}={value}"),
            parts => parts.join(", "),
        }
    }
}

/// True for `extensionRequest`, also under the identifier that Microsoft gave it.
pub(super) fn asks_for_extensions(oid: &Oid) -> bool {
    *oid == oid::EXTENSION_REQUEST || *oid == oid::MICROSOFT_EXTENSION_REQUEST
}

/// The text of a DER string of any type.
pub(super) fn to_text(value: &[u8]) -> Option<String> {
    let mut elements = Elements::new(value);
    let element = elements.next().ok()?;
    if elements.is_empty() { string(&element) } else { None }
}

fn string(element: &Tlv<'_>) -> Option<String> {
    const GENERAL_STRING: u8 = 0x1b;
    const GRAPHIC_STRING: u8 = 0x19;
    match element.tag {
        // Types without a fixed character set: what is in use of them is ISO 8859-1.
        GENERAL_STRING | GRAPHIC_STRING => strings::to_text(tlv::TELETEX_STRING, element.content),
        tag => strings::to_text(tag, element.content),
    }
}

fn describe_parts(sequence: &Tlv<'_>) -> Vec<String> {
    let mut parts = Vec::new();
    let mut elements = sequence.elements();
    while !elements.is_empty() {
        let Ok(element) = elements.next() else { return vec![to_hex(sequence.whole)] };
        // An empty string tells nothing, for example the signature of a Windows request's provider.
        let text = describe_element(&element);
        if !text.is_empty() {
            parts.push(text);
        }
    }
    parts
}

fn describe_element(element: &Tlv<'_>) -> String {
    if let Some(text) = string(element) {
        // The provider's name ends in a NUL on some versions of Windows.
        return text.trim_end_matches('\0').to_owned();
    }
    match element.tag {
        tlv::INTEGER => {
            element.small_integer().map_or_else(|_| to_hex(element.content), |number| number.to_string())
        }
        tlv::OID => Oid::from_der_content(element.content)
            .map_or_else(|| to_hex(element.content), |oid| oid.name_or_dotted()),
        tlv::BIT_STRING if element.content.iter().all(|octet| *octet == 0) => String::new(),
        tlv::OCTET_STRING | tlv::BIT_STRING => to_hex(element.content),
        _ => to_hex(element.whole),
    }
}

fn to_hex(octets: &[u8]) -> String {
    let shown = octets.get(..MAX_HEX).unwrap_or(octets);
    let ellipsis = if shown.len() < octets.len() { "…" } else { "" };
    let digits: String = shown.iter().map(|octet| format!("{octet:02x}")).collect();
    format!("{digits}{ellipsis}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(oid: const_oid::ObjectIdentifier, value: &[u8]) -> Vec<String> {
        RequestAttribute { oid: oid.into(), values: vec![value.to_vec()] }.texts()
    }

    fn utf16(text: &str) -> Vec<u8> {
        tlv::to_element(tlv::BMP_STRING, &text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>())
    }

    #[test]
    fn what_windows_adds() {
        assert_eq!(texts(oid::MICROSOFT_OS_VERSION, b"\x16\x0a10.0.20348"), ["10.0.20348"]);
        let pair =
            tlv::to_element(tlv::SEQUENCE, &[utf16("CertificateTemplate"), utf16("WebServer")].concat());
        assert_eq!(texts(oid::MICROSOFT_ENROLLMENT_NAME_VALUE, &pair), ["CertificateTemplate=WebServer"]);
        let provider = tlv::to_element(
            tlv::SEQUENCE,
            &[&[2, 1, 1][..], &utf16("Microsoft Software KSP\0"), &[3, 1, 0]].concat(),
        );
        assert_eq!(texts(oid::MICROSOFT_ENROLLMENT_CSP, &provider), ["1, Microsoft Software KSP"]);
        let client =
            tlv::to_element(tlv::SEQUENCE, b"\x02\x01\x05\x0c\x04HOST\x0c\x06CORP\\u\x0c\x0bcertreq.exe");
        assert_eq!(texts(oid::MICROSOFT_REQUEST_CLIENT_INFO, &client), ["5, HOST, CORP\\u, certreq.exe"]);
    }

    #[test]
    fn whatever_else() {
        assert_eq!(texts(oid::CHALLENGE_PASSWORD, b"\x1b\x03a\xfcb"), ["aüb"]);
        assert_eq!(to_text(b"\x1b\x03abc").as_deref(), Some("abc"));
        assert_eq!(to_text(b"\x13\x01a\x00"), None);
        assert_eq!(to_text(b"\x04\x01a"), None);
        assert_eq!(texts(oid::LOCAL_KEY_ID, b"\x04\x02\x01\x02"), ["0102"]);
        assert_eq!(texts(oid::LOCAL_KEY_ID, b"\x06\x03\x55\x04\x03"), ["commonName"]);
        assert_eq!(texts(oid::LOCAL_KEY_ID, b"\x30\x02\x31\x00"), ["3100"]);
        assert_eq!(texts(oid::LOCAL_KEY_ID, b"\x30\x02\x31\x05"), ["30023105"]);
        let long = tlv::to_element(tlv::OCTET_STRING, &[7; 100]);
        assert_eq!(texts(oid::LOCAL_KEY_ID, &long), [format!("{}…", "07".repeat(64))]);
    }
}
