//! General names (RFC 5280 section 4.2.1.6): what a certificate calls its holder beside the subject.
//!
//! Reads every alternative; one that cannot be understood (text that is not ASCII, an address of a wrong size) is kept as
//! [`GeneralName::Malformed`], so that one bad name does not hide the others. From text it refuses what no certificate can hold.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::fault::{Fault, Problem};
use crate::name::Name;
use crate::oid::Oid;
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
    /// A name of a type that the issuer defines, for example Microsoft's user principal name.
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
    /// Characters beyond ASCII in a host name: it has to be written as an A-label (`xn--…`, RFC 5890).
    #[error("{text:?} is not ASCII")]
    NotAscii {
        /// As written.
        text: String,
    },
}

impl GeneralName {
    /// Reads what a person wrote: `erp.example.com`, `*.example.com`, `10.0.0.1`, `2001:db8::1`, `a@example.com`, `https://…`, or with
    /// the type before it (`DNS:`, `IP:`, `email:`, `URI:`, in any case).
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
            Self::Other { oid, value } => {
                let mut content = tlv::to_element(tlv::OID, oid.der_content());
                tlv::push(&mut content, context_constructed(0), value);
                tlv::to_element(context_constructed(0), &content)
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
    Ok(GeneralName::Other { oid, value: value.content.to_vec() })
}

fn parse_dns(text: &str) -> Result<GeneralName, ParseGeneralNameError> {
    if !text.is_ascii() {
        return Err(ParseGeneralNameError::NotAscii { text: text.to_owned() });
    }
    // The final dot of an absolute name does not belong into a certificate.
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
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
    let graphic = text.bytes().all(|octet| octet.is_ascii_graphic());
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
        assert_eq!(error("bücher.example"), E::NotAscii { text: "bücher.example".into() });
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
            GeneralName::Unsupported { number: 5, der: vec![0xa5, 0] },
            GeneralName::Malformed { number: 7, content: vec![1, 2, 3] },
            GeneralName::Malformed { number: 2, content: "ä".into() },
        ];
        let der: Vec<u8> = names.iter().flat_map(GeneralName::to_der).collect();
        assert_eq!(GeneralName::list(Elements::new(&der)).unwrap(), names);
        assert!(GeneralName::list(Elements::new(&[0x9f, 0x20, 0x00])).is_err());
    }
}
