//! General names (RFC 5280 section 4.2.1.6): what a certificate calls its holder beside the subject.
//!
//! Reads every alternative; one that cannot be understood (text that is not ASCII, an address of a wrong size) is kept as
//! [`GeneralName::Malformed`], so that one bad name does not hide the others. From text it refuses what no certificate can hold. Host
//! names beyond ASCII are converted to A-labels (RFC 5890, by the rules of UTS #46).

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::a_labels::to_a_labels;
use crate::fault::{Fault, Problem};
use crate::name::{Name, ParseNameError};
use crate::oid::{Oid, USER_PRINCIPAL_NAME};
use crate::tlv::{self, Elements, Tlv, context, context_constructed};

/// A general name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GeneralName {
    /// A host name, perhaps with `*` as its first label. ASCII.
    Dns(String),
    /// An address.
    Ip(IpAddr),
    /// A mailbox. ASCII.
    Email(String),
    /// A URI. ASCII.
    Uri(String),
    /// A distinguished name.
    DirectoryName(Name),
    /// A registered object identifier.
    RegisteredId(Oid),
    /// Microsoft's name of an account, `user@corp.example`: an other name 1.3.6.1.4.1.311.20.2.3 whose value is a UTF8String.
    UserPrincipalName(String),
    /// A name of another type that the issuer defines.
    Other {
        /// The type.
        oid: Oid,
        /// The DER of the value.
        value: Vec<u8>,
    },
    /// X.400 address (3) or EDI party name (5), which nobody uses.
    Unsupported {
        /// The number of the alternative.
        number: u8,
        /// The whole DER.
        der: Vec<u8>,
    },
    /// An alternative whose content breaks its rules.
    Malformed {
        /// The number of the alternative.
        number: u8,
        /// The content octets.
        content: Vec<u8>,
    },
}

/// Why a text is no general name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseGeneralNameError {
    /// Nothing was written.
    #[error("empty")]
    Empty,
    /// Not a host name: letters, digits, `-`, `_` in labels of 1 to 63 characters, 253 in all, `*` as a whole first label.
    #[error("{text:?} is no host name")]
    BadDns {
        /// As written.
        text: String,
    },
    /// Not an IPv4 or IPv6 address.
    #[error("{text:?} is no IP address")]
    BadIp {
        /// As written.
        text: String,
    },
    /// Not a mailbox in ASCII.
    #[error("{text:?} is no e-mail address")]
    BadEmail {
        /// As written.
        text: String,
    },
    /// Not a URI in ASCII with a scheme.
    #[error("{text:?} is no URI")]
    BadUri {
        /// As written.
        text: String,
    },
    /// A host name beyond ASCII that has no A-label (`xn--…`, RFC 5890), for example because of a character that host names must not have.
    #[error("{text:?} has no form in ASCII")]
    NotAscii {
        /// As written.
        text: String,
    },
    /// Not a user principal name: text without control characters, with one `@` inside.
    #[error("{text:?} is no user principal name")]
    BadUpn {
        /// As written.
        text: String,
    },
    /// Not a distinguished name.
    #[error(transparent)]
    BadDirectoryName(#[from] ParseNameError),
    /// Not an object identifier, or after `other:` not one with the hexadecimal digits of a DER value.
    #[error("{text:?} is no object identifier")]
    BadOid {
        /// As written.
        text: String,
    },
}

impl GeneralName {
    /// Reads what a person wrote: `erp.example.com`, `*.example.com`, `10.0.0.1`, `2001:db8::1`, `a@example.com`, `https://…`, or with
    /// the type before it (`DNS:`, `IP:`, `email:`, `URI:`, `UPN:`, `directory:`, `OID:`, `other:`, in any case). Everything that
    /// `Display` writes is read again, except what is malformed or unsupported.
    ///
    /// # Errors
    /// What the text was taken for, and that it is none.
    pub fn parse_text(text: &str) -> Result<Self, ParseGeneralNameError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseGeneralNameError::Empty);
        }
        if let Some((prefix, rest)) = text.split_once(':') {
            let rest = rest.trim();
            match prefix.trim().to_ascii_lowercase().as_str() {
                "dns" => return parse_dns(rest),
                "ip" | "ip address" => return parse_ip(rest),
                "email" | "rfc822" => return parse_email(rest),
                "uri" | "url" => return parse_uri(rest),
                "upn" => return parse_upn(rest),
                "directory" | "dirname" | "directoryname" => {
                    let name = Name::parse_rfc4514(rest)?;
                    if name.is_empty() {
                        return Err(ParseGeneralNameError::Empty);
                    }
                    return Ok(Self::DirectoryName(name));
                }
                "oid" | "rid" | "registeredid" => return parse_registered_id(rest),
                "other" | "othername" => return parse_other(rest),
                _ => {}
            }
        }
        if text.parse::<IpAddr>().is_ok() {
            parse_ip(text)
        } else if text.contains("://") || text.to_ascii_lowercase().starts_with("urn:") {
            parse_uri(text)
        } else if text.contains('@') {
            parse_email(text)
        } else if text.bytes().all(|octet| octet.is_ascii_digit() || octet == b'.') {
            // Only digits and dots, yet no address: certainly a mistyped address and not a host name.
            parse_ip(text)
        } else {
            parse_dns(text)
        }
    }

    /// The DER.
    pub fn to_der(&self) -> Vec<u8> {
        match self {
            Self::Other { oid, value } => to_other_name(oid, value),
            Self::UserPrincipalName(text) => {
                let value = tlv::to_element(tlv::UTF8_STRING, text.as_bytes());
                to_other_name(&USER_PRINCIPAL_NAME.into(), &value)
            }
            Self::Email(text) => tlv::to_element(context(1), text.as_bytes()),
            Self::Dns(text) => tlv::to_element(context(2), text.as_bytes()),
            Self::DirectoryName(name) => tlv::to_element(context_constructed(4), name.der()),
            Self::Uri(text) => tlv::to_element(context(6), text.as_bytes()),
            Self::Ip(IpAddr::V4(address)) => tlv::to_element(context(7), &address.octets()),
            Self::Ip(IpAddr::V6(address)) => tlv::to_element(context(7), &address.octets()),
            Self::RegisteredId(oid) => tlv::to_element(context(8), oid.der_content()),
            Self::Unsupported { der, .. } => der.clone(),
            Self::Malformed { number, content } => tlv::to_element(context(*number), content),
        }
    }

    /// False for what no certificate should hold: what is [`GeneralName::Malformed`], an empty name, and characters beyond ASCII where
    /// the type has none.
    pub fn is_well_formed(&self) -> bool {
        match self {
            Self::Dns(text) | Self::Email(text) | Self::Uri(text) => {
                !text.is_empty() && text.bytes().all(|octet| octet.is_ascii() && !octet.is_ascii_control())
            }
            Self::UserPrincipalName(text) => !text.is_empty() && !text.chars().any(char::is_control),
            Self::DirectoryName(name) => !name.is_empty(),
            Self::Malformed { .. } => false,
            Self::Ip(_) | Self::RegisteredId(_) | Self::Other { .. } | Self::Unsupported { .. } => true,
        }
    }

    pub(crate) fn from_element(element: &Tlv<'_>) -> Result<Self, Fault> {
        let number = element.tag & 0x1f;
        let malformed = || Self::Malformed { number, content: element.content.to_vec() };
        let text = || {
            let ascii = element.content.is_ascii() && !element.content.contains(&0);
            ascii.then(|| element.content.iter().map(|octet| char::from(*octet)).collect())
        };
        Ok(match element.tag {
            0xa0 => parse_other_name(element).unwrap_or_else(|_| malformed()),
            0x81 => text().map_or_else(malformed, Self::Email),
            0x82 => text().map_or_else(malformed, Self::Dns),
            0xa4 => Elements::single(element.content, tlv::SEQUENCE)
                .and_then(|name| Name::from_element(&name))
                .map_or_else(|_| malformed(), Self::DirectoryName),
            0x86 => text().map_or_else(malformed, Self::Uri),
            0x87 => match (<[u8; 4]>::try_from(element.content), <[u8; 16]>::try_from(element.content)) {
                (Ok(octets), _) => Self::Ip(IpAddr::V4(Ipv4Addr::from(octets))),
                (_, Ok(octets)) => Self::Ip(IpAddr::V6(Ipv6Addr::from(octets))),
                _ => malformed(),
            },
            0x88 => Oid::from_der_content(element.content).map_or_else(malformed, Self::RegisteredId),
            0xa3 | 0xa5 => Self::Unsupported { number, der: element.whole.to_vec() },
            found => return Err(element.fault(Problem::UnexpectedTag { found, wanted: context(2) })),
        })
    }

    /// All general names of a structure.
    pub(crate) fn list(mut elements: Elements<'_>) -> Result<Vec<Self>, Fault> {
        let mut names = Vec::new();
        while !elements.is_empty() {
            names.push(Self::from_element(&elements.next()?)?);
        }
        Ok(names)
    }
}

impl fmt::Display for GeneralName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = |octets: &[u8]| octets.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
        match self {
            Self::Dns(text) => write!(f, "DNS:{text}"),
            Self::Ip(address) => write!(f, "IP:{address}"),
            Self::Email(text) => write!(f, "email:{text}"),
            Self::Uri(text) => write!(f, "URI:{text}"),
            Self::DirectoryName(name) => write!(f, "directory:{name}"),
            Self::RegisteredId(oid) => write!(f, "OID:{oid}"),
            Self::UserPrincipalName(text) => write!(f, "UPN:{text}"),
            Self::Other { oid, value } => write!(f, "other:{oid}:{}", hex(value)),
            Self::Unsupported { number, der } => write!(f, "unsupported[{number}]:{}", hex(der)),
            Self::Malformed { number, content } => write!(f, "malformed[{number}]:{}", hex(content)),
        }
    }
}

fn parse_other_name(element: &Tlv<'_>) -> Result<GeneralName, Fault> {
    let mut parts = element.elements();
    let oid = parts.expect(tlv::OID)?;
    let value = parts.expect(context_constructed(0))?;
    parts.finish()?;
    let oid = Oid::from_der_content(oid.content).ok_or(oid.fault(Problem::BadOid))?;
    if oid == USER_PRINCIPAL_NAME
        && let Ok(text) = Elements::single(value.content, tlv::UTF8_STRING)
        && let Ok(text) = core::str::from_utf8(text.content)
    {
        return Ok(GeneralName::UserPrincipalName(text.to_owned()));
    }
    Ok(GeneralName::Other { oid, value: value.content.to_vec() })
}

fn to_other_name(oid: &Oid, value: &[u8]) -> Vec<u8> {
    let mut content = oid.to_der();
    tlv::push(&mut content, context_constructed(0), value);
    tlv::to_element(context_constructed(0), &content)
}

fn parse_dns(text: &str) -> Result<GeneralName, ParseGeneralNameError> {
    let (wildcard, host) = text.strip_prefix("*.").map_or(("", text), |host| ("*.", host));
    let ascii = to_a_labels(host).ok_or_else(|| ParseGeneralNameError::NotAscii { text: text.to_owned() })?;
    // The final dot of an absolute name does not belong in a certificate.
    let name = format!("{wildcard}{}", ascii.strip_suffix('.').unwrap_or(&ascii)).to_ascii_lowercase();
    let label = |label: &str| {
        let allowed = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'_';
        (1..=63).contains(&label.len())
            && label.bytes().all(allowed)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let without_wildcard = name.strip_prefix("*.").unwrap_or(&name);
    if name.len() > 253 || !without_wildcard.split('.').all(label) {
        return Err(ParseGeneralNameError::BadDns { text: text.to_owned() });
    }
    Ok(GeneralName::Dns(name))
}

fn parse_ip(text: &str) -> Result<GeneralName, ParseGeneralNameError> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse().map(GeneralName::Ip).map_err(|_| ParseGeneralNameError::BadIp { text: text.to_owned() })
}

fn parse_email(text: &str) -> Result<GeneralName, ParseGeneralNameError> {
    let bad = || ParseGeneralNameError::BadEmail { text: text.to_owned() };
    let (local, domain) = text.rsplit_once('@').ok_or_else(bad)?;
    // A mailbox with a local part beyond ASCII is another type of name (RFC 9598), which hardly anyone reads.
    let graphic = local.bytes().all(|octet| octet.is_ascii_graphic());
    if local.is_empty() || local.contains('@') || !graphic {
        return Err(bad());
    }
    match parse_dns(domain) {
        Ok(GeneralName::Dns(domain)) if !domain.starts_with('*') => {
            Ok(GeneralName::Email(format!("{local}@{domain}")))
        }
        _ => Err(bad()),
    }
}

fn parse_uri(text: &str) -> Result<GeneralName, ParseGeneralNameError> {
    let scheme_is_fine = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet))
    };
    let graphic = text.bytes().all(|octet| octet.is_ascii_graphic());
    match text.split_once(':') {
        Some((scheme, rest)) if scheme_is_fine(scheme) && !rest.is_empty() && graphic => {
            Ok(GeneralName::Uri(text.to_owned()))
        }
        _ => Err(ParseGeneralNameError::BadUri { text: text.to_owned() }),
    }
}

fn parse_upn(text: &str) -> Result<GeneralName, ParseGeneralNameError> {
    match text.split_once('@') {
        Some((user, domain))
            if !user.is_empty()
                && !domain.is_empty()
                && !domain.contains('@')
                && !text.chars().any(char::is_control) =>
        {
            Ok(GeneralName::UserPrincipalName(text.to_owned()))
        }
        _ => Err(ParseGeneralNameError::BadUpn { text: text.to_owned() }),
    }
}

fn parse_registered_id(text: &str) -> Result<GeneralName, ParseGeneralNameError> {
    let oid =
        Oid::parse_dotted(text).ok_or_else(|| ParseGeneralNameError::BadOid { text: text.to_owned() })?;
    Ok(GeneralName::RegisteredId(oid))
}

/// `1.2.3.4:0c0161`: the type and the DER of the value.
fn parse_other(text: &str) -> Result<GeneralName, ParseGeneralNameError> {
    let bad = || ParseGeneralNameError::BadOid { text: text.to_owned() };
    let (oid, digits) = text.split_once(':').ok_or_else(bad)?;
    let oid = Oid::parse_dotted(oid.trim()).ok_or_else(bad)?;
    let digits: Option<Vec<u8>> =
        digits.trim().chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect();
    let digits = digits.ok_or_else(bad)?;
    let (pairs, rest) = digits.as_chunks::<2>();
    let value: Vec<u8> = pairs.iter().map(|[high, low]| high * 16 + low).collect();
    let mut elements = Elements::new(&value);
    if elements.next().is_err() || !elements.is_empty() || !rest.is_empty() {
        return Err(bad());
    }
    // Read as it would be from a certificate: a user principal name is one however it was written.
    let der = to_other_name(&oid, &value);
    let read = Elements::single(&der, context_constructed(0)).and_then(|element| parse_other_name(&element));
    read.map_err(|_| bad())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        GeneralName::parse_text(text).map_or_else(|error| error.to_string(), |name| name.to_string())
    }

    #[test]
    fn kinds_are_recognised() {
        for (written, read) in [
            ("erp.example.com", "DNS:erp.example.com"),
            (" ERP.example.com. ", "DNS:erp.example.com"),
            ("*.example.com", "DNS:*.example.com"),
            ("localhost", "DNS:localhost"),
            ("my_host", "DNS:my_host"),
            ("10.0.0.1", "IP:10.0.0.1"),
            ("2001:db8::1", "IP:2001:db8::1"),
            ("IP:[2001:db8::1]", "IP:2001:db8::1"),
            ("a.b@Example.com", "email:a.b@example.com"),
            ("https://example.com/x", "URI:https://example.com/x"),
            (
                "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
                "URI:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            ),
            ("DNS:10.example", "DNS:10.example"),
            ("dns: a.b", "DNS:a.b"),
            ("uri:spiffe://a/b", "URI:spiffe://a/b"),
            ("email:x@y.z", "email:x@y.z"),
            ("bücher.example", "DNS:xn--bcher-kva.example"),
            ("*.Bücher.example.", "DNS:*.xn--bcher-kva.example"),
            ("straße.example", "DNS:xn--strae-oqa.example"),
            ("例え.テスト", "DNS:xn--r8jz45g.xn--zckzah"),
            ("a_b.bücher.example", "DNS:a_b.xn--bcher-kva.example"),
            ("a@bücher.example", "email:a@xn--bcher-kva.example"),
            ("UPN:user@corp.example", "UPN:user@corp.example"),
            ("upn: jürgen@corp", "UPN:jürgen@corp"),
            ("directory:CN=a,O=b", "directory:CN=a,O=b"),
            ("OID:1.2.3.4", "OID:1.2.3.4"),
            ("other:1.2.3.4:0c0161", "other:1.2.3.4:0c0161"),
            ("other:1.3.6.1.4.1.311.20.2.3:0c03614062", "UPN:a@b"),
        ] {
            assert_eq!(text(written), read, "{written}");
        }
    }

    #[test]
    fn impossible_texts_are_refused() {
        use ParseGeneralNameError as E;
        let error = |text| GeneralName::parse_text(text).unwrap_err();
        assert_eq!(error("  "), E::Empty);
        assert_eq!(error("10.0.0.256"), E::BadIp { text: "10.0.0.256".into() });
        let long = "ü".repeat(600);
        for bad in ["bü cher.example\u{2001}", "\u{fffd}.example", "xn--ü.example", "-ü.example", &long] {
            assert!(matches!(error(bad), E::NotAscii { .. } | E::BadDns { .. }), "{bad}");
        }
        for bad in ["UPN:user", "UPN:@b", "UPN:a@", "UPN:a@b@c", "UPN:a\u{7}@b"] {
            assert_eq!(error(bad), E::BadUpn { text: bad[4..].into() });
        }
        assert!(matches!(error("directory:XY=a"), E::BadDirectoryName(_)));
        for bad in ["oid:1", "other:1.2.3.4", "other:1.2.3.4:0c01", "other:1.2.3.4:zz", "other:x:0c0161"] {
            assert!(matches!(error(bad), E::BadOid { .. }), "{bad}");
        }
        for bad in ["a b", "a..b", "-a.b", "a.*.b", "*", "a*.b", "a,b"] {
            assert_eq!(error(bad), E::BadDns { text: bad.into() });
        }
        for bad in ["@b.c", "a@", "a@@b.c", "a@*.c", "ä@b.c"] {
            assert_eq!(error(bad), E::BadEmail { text: bad.into() });
        }
        assert_eq!(error("https://a b"), E::BadUri { text: "https://a b".into() });
        assert_eq!(error("IP:x"), E::BadIp { text: "x".into() });
    }

    #[test]
    fn every_alternative_round_trips() {
        let names = [
            GeneralName::Dns("a.b".into()),
            GeneralName::Ip("10.0.0.1".parse().unwrap()),
            GeneralName::Ip("2001:db8::1".parse().unwrap()),
            GeneralName::Email("a@b.c".into()),
            GeneralName::Uri("https://a/".into()),
            GeneralName::DirectoryName(Name::parse_rfc4514("CN=a").unwrap()),
            GeneralName::RegisteredId(Oid::parse_dotted("1.2.3.4").unwrap()),
            GeneralName::Other { oid: Oid::parse_dotted("1.2.3.4").unwrap(), value: vec![0x0c, 1, 65] },
            GeneralName::UserPrincipalName("jürgen@corp.example".into()),
            // A user principal name in another string type keeps its bytes.
            GeneralName::Other { oid: USER_PRINCIPAL_NAME.into(), value: vec![0x13, 3, b'a', b'@', b'b'] },
            GeneralName::Unsupported { number: 5, der: vec![0xa5, 0] },
            GeneralName::Malformed { number: 7, content: vec![1, 2, 3] },
            GeneralName::Malformed { number: 2, content: "ä".into() },
        ];
        let der: Vec<u8> = names.iter().flat_map(GeneralName::to_der).collect();
        assert_eq!(GeneralName::list(Elements::new(&der)).unwrap(), names);
        assert!(GeneralName::list(Elements::new(&[0x9f, 0x20, 0x00])).is_err());
    }
}
