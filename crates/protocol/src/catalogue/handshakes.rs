//! Words for what was checked of a handshake before it was signed, and for why the page declined to sign.

use super::Explanation;
use crate::handshake::{CheckedHandshake, HandshakeFault};

impl CheckedHandshake {
    /// What was checked, in a line.
    pub fn words(&self) -> &'static str {
        if self.extended_master_secret {
            "The server itself signed this very handshake"
        } else {
            "The server itself signed this very handshake; it knows no extended master secret (RFC 7627)"
        }
    }
}

impl HandshakeFault {
    /// Why no certificate was used, and what to try.
    pub(super) fn explain(&self) -> Explanation {
        let (remedy, what) = match self {
            Self::ServerKey | Self::ServerScheme { .. } => (
                "Until the server has a key of a common kind, probe it without a client certificate.",
                "Before it signs, the page checks the server's own signature over the handshake, and here it could not",
            ),
            Self::MessagesMissing => (
                "Use the page and the server of one version of Certwright.",
                "Before it signs, the page checks the whole handshake, and here it could not",
            ),
            _ => (
                "Do not use this Certwright server: it is broken, or not honest.",
                "What the Certwright server wanted signed is not the handshake with this host",
            ),
        };
        Explanation::new("No: the page declined to sign", format!("{what}: {}.", self.reason()), remedy)
    }

    fn reason(&self) -> String {
        match self {
            Self::TooEarly => {
                "it came before the server's certificate, or before a certificate was asked for".into()
            }
            Self::Again => "a signature had been asked for already, and there is one in a probe".into(),
            Self::OtherContent => "it is no client's signature over a handshake".into(),
            Self::MessagesMissing => "the handshake's messages were not handed over".into(),
            Self::OtherVersion => "it is in a TLS version that was not offered or not agreed on".into(),
            Self::TooLong { bytes } => format!("it has {bytes} bytes, more than a handshake takes"),
            Self::Malformed { message } => format!("its {} cannot be right", message_name(*message)),
            Self::OtherOrder { at, message: Some(message) } => {
                format!(
                    "its message number {} is a {}, which does not belong there",
                    at + 1,
                    message_name(*message)
                )
            }
            Self::OtherOrder { at, message: None } => format!("it ends after {at} messages"),
            Self::OtherHost { named: Some(name) } => format!("it is with “{name}”"),
            Self::OtherHost { named: None } => "it does not name the host".into(),
            Self::HellosDiffer => "its two ClientHellos do not belong together".into(),
            Self::Downgraded => {
                "someone made the server speak an older TLS version than it and the probe can".into()
            }
            Self::CipherSuite { code } => {
                format!("its cipher suite {code:#06x} was not offered or is not known")
            }
            Self::OtherServerChain => {
                "it holds another server's certificates than those that were judged".into()
            }
            Self::OtherClientChain => {
                "it holds another client certificate than the one that was chosen".into()
            }
            Self::OtherAuthorities => {
                "it names other authorities than those by which the certificate was chosen".into()
            }
            Self::ServerKey => {
                "the key in the server's certificate is of a kind that is not known here".into()
            }
            Self::ServerScheme { scheme } => {
                format!("the signature scheme {scheme:#06x} was not offered or is not for the server's key")
            }
            Self::ServerSignature => "the server did not sign it".into(),
            Self::ClientScheme { scheme } => {
                format!("the server does not ask for the signature scheme {scheme:#06x}")
            }
            Self::OtherHash => "the hash is not that of the handshake".into(),
        }
    }
}

/// The name of a handshake message in RFC 8446 and RFC 5246.
fn message_name(message: u8) -> String {
    match message {
        1 => "ClientHello",
        2 => "ServerHello",
        4 => "NewSessionTicket",
        8 => "EncryptedExtensions",
        11 => "Certificate",
        12 => "ServerKeyExchange",
        13 => "CertificateRequest",
        14 => "ServerHelloDone",
        15 => "CertificateVerify",
        16 => "ClientKeyExchange",
        20 => "Finished",
        22 => "CertificateStatus",
        other => return format!("message of type {other}"),
    }
    .into()
}
