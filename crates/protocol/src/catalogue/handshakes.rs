//! Words for what was checked of a handshake before it was signed, and for why the page declined to sign.

use super::Explanation;
use crate::handshake::{CheckedHandshake, HandshakeFault};
use crate::t;

impl CheckedHandshake {
    /// What was checked, in a line.
    pub fn words(&self) -> &'static str {
        if self.extended_master_secret {
            t!("The server itself signed this very handshake")
        } else {
            t!("The server itself signed this very handshake; it knows no extended master secret (RFC 7627)")
        }
    }
}

impl HandshakeFault {
    /// Why no certificate was used, and what to try.
    pub(super) fn explain(&self) -> Explanation {
        let (remedy, what) = match self {
            Self::ServerKey | Self::ServerScheme { .. } => (
                t!("Until the server has a key of a common kind, probe it without a client certificate."),
                t!(
                    "Before it signs, the page checks the server’s own signature over the handshake, and here it could not"
                ),
            ),
            Self::MessagesMissing => (
                t!("Use the page and the server of one version of Certwright."),
                t!("Before it signs, the page checks the whole handshake, and here it could not"),
            ),
            _ => (
                t!("Do not use this Certwright server: it is broken, or not honest."),
                t!("What the Certwright server wanted signed is not the handshake with this host"),
            ),
        };
        Explanation::new(t!("No: the page declined to sign"), format!("{what}: {}.", self.reason()), remedy)
    }

    fn reason(&self) -> String {
        match self {
            Self::TooEarly => {
                t!("it came before the server’s certificate, or before a certificate was asked for").into()
            }
            Self::Again => t!("a signature had been asked for already, and there is one in a probe").into(),
            Self::OtherContent => t!("it is no client’s signature over a handshake").into(),
            Self::MessagesMissing => t!("the handshake’s messages were not handed over").into(),
            Self::OtherVersion => t!("it is in a TLS version that was not offered or not agreed on").into(),
            Self::TooLong { bytes } => t!("it has {bytes} bytes, more than a handshake takes", bytes),
            Self::Malformed { message } => {
                t!("its {message} cannot be right", message = message_name(*message))
            }
            Self::OtherOrder { at, message: Some(message) } => {
                t!(
                    "its message number {at} is a {message}, which does not belong there",
                    at = at + 1,
                    message = message_name(*message)
                )
            }
            Self::OtherOrder { at, message: None } => t!("it ends after {at} messages", at),
            Self::OtherHost { named: Some(name) } => t!("it is with “{name}”", name),
            Self::OtherHost { named: None } => t!("it does not name the host").into(),
            Self::HellosDiffer => t!("its two ClientHellos do not belong together").into(),
            Self::Downgraded => {
                t!("someone made the server speak an older TLS version than it and the probe can").into()
            }
            Self::CipherSuite { code } => {
                t!(
                    "its cipher suite {code} was not offered or is not known",
                    code = format_args!("{code:#06x}")
                )
            }
            Self::OtherServerChain => {
                t!("it holds another server’s certificates than those that were judged").into()
            }
            Self::OtherClientChain => {
                t!("it holds another client certificate than the one that was chosen").into()
            }
            Self::OtherAuthorities => {
                t!("it names other authorities than those by which the certificate was chosen").into()
            }
            Self::ServerKey => {
                t!("the key in the server’s certificate is of a kind that is not known here").into()
            }
            Self::ServerScheme { scheme } => {
                t!(
                    "the signature scheme {scheme} was not offered or is not for the server’s key",
                    scheme = format_args!("{scheme:#06x}")
                )
            }
            Self::ServerSignature => t!("the server did not sign it").into(),
            Self::ClientScheme { scheme } => {
                t!(
                    "the server does not ask for the signature scheme {scheme}",
                    scheme = format_args!("{scheme:#06x}")
                )
            }
            Self::OtherHash => t!("the hash is not that of the handshake").into(),
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
        11 => t!("Certificate"),
        12 => "ServerKeyExchange",
        13 => "CertificateRequest",
        14 => "ServerHelloDone",
        15 => "CertificateVerify",
        16 => "ClientKeyExchange",
        20 => t!("Finished"),
        22 => "CertificateStatus",
        other => return t!("message of type {other}", other),
    }
    .into()
}
