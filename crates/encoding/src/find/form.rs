//! What a text is, by what stands around the encodings in it.

use super::{Search, Writing};

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Nothing was found in it.
    Nothing,
    /// PEM alone, or with a few words around it.
    Pem,
    /// What `openssl s_client` prints.
    SClient,
    /// What `openssl x509 -text`, `req -text` or `crl -text` prints, with the PEM in it.
    OpensslText,
    /// PEM whose lines a proxy joined with blanks or tabs.
    OneLinePem,
    /// Percent-encoded PEM, as nginx and AWS send it in a header.
    PercentEncodedPem,
    /// Envoy's `x-forwarded-client-cert`.
    ForwardedClientCert,
    /// The headers `Client-Cert` and `Client-Cert-Chain` of RFC 9440.
    ClientCertHeader,
    /// A JSON Web Key (set), or other JSON, with `x5c` (RFC 7517).
    X5c,
    /// A JOSE object with `x5c` in its header (RFC 7515).
    Jose,
    /// Kubernetes: a secret, configuration or another resource with base64 of PEM.
    Kubernetes,
    /// SAML metadata, or another XML document with XML signatures.
    Xml,
    /// LDIF (RFC 2849).
    Ldif,
    /// JSON with PEM or base64 in its strings.
    Json,
    /// Base64 without PEM's lines.
    Base64,
    /// Hex.
    Hex,
    /// A dump with offsets.
    HexDump,
    /// Text of another kind, with encodings in it.
    Text,
}

impl Form {
    pub(super) fn of(text: &[u8], search: &Search) -> Self {
        let Some(first) = search.pieces.first() else {
            return if search.broken.is_empty() { Self::Nothing } else { Self::Pem };
        };
        let holds = |needle: &[u8]| text.windows(needle.len()).any(|window| window == needle);
        let holds_any_case =
            |needle: &[u8]| text.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle));
        let start = text.trim_ascii_start();
        let is_json = matches!(start, [b'{' | b'[', ..]);
        if holds_any_case(b"x-forwarded-client-cert")
            || (search.percent_encoded && (holds(b"Cert=") || holds(b"Chain=")))
        {
            return Self::ForwardedClientCert;
        }
        if search.percent_encoded {
            return Self::PercentEncodedPem;
        }
        if search.jose {
            return Self::Jose;
        }
        if holds(b"\"x5c\"") {
            return Self::X5c;
        }
        if search.base64_of_pem {
            return Self::Kubernetes;
        }
        if is_json {
            return Self::Json;
        }
        if start.starts_with(b"<") && (holds(b"X509Certificate") || holds(b"<?xml")) {
            return Self::Xml;
        }
        match &first.writing {
            Writing::HexDump => Self::HexDump,
            Writing::Hex => Self::Hex,
            Writing::Base64 if holds_any_case(b"client-cert") => Self::ClientCertHeader,
            Writing::Base64
                if holds(b";binary:: ") || holds(b"userCertificate:: ") || holds(b"cACertificate:: ") =>
            {
                Self::Ldif
            }
            Writing::Base64 if text.iter().all(|octet| !matches!(octet, b':' | b'"' | b'.' | b'<')) => {
                Self::Base64
            }
            Writing::Base64 => Self::Text,
            Writing::Pem { .. } if holds(b"Certificate chain") || holds(b"CONNECTED(") => Self::SClient,
            Writing::Pem { .. } if holds(b"Signature Algorithm: ") && holds(b"    Data:") => {
                Self::OpensslText
            }
            Writing::Pem { .. } if is_joined(text) => Self::OneLinePem,
            Writing::Pem { .. } => Self::Pem,
        }
    }
}

/// Whether the first block stands in one line.
fn is_joined(text: &[u8]) -> bool {
    let position = |needle: &[u8]| text.windows(needle.len()).position(|window| window == needle);
    match (position(b"-----BEGIN "), position(b"-----END ")) {
        (Some(begin), Some(end)) if begin < end => {
            !text.get(begin..end).unwrap_or_default().iter().any(|octet| *octet == b'\n' || *octet == b'\r')
        }
        _ => false,
    }
}
