//! What the browser found out about the handshake that it was asked to sign: checked, or why not.
//!
//! The facts of `engine::probe::transcript`, of which the words stand in [`crate::catalogue`]. Numbers are those of TLS: handshake message types (RFC 8446
//! section 4), signature schemes (section 4.2.3), cipher suites (appendix B.4).

use serde::{Deserialize, Serialize};

use crate::conversation::TlsVersion;

/// A handshake that was signed: what had been checked before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CheckedHandshake {
    /// The TLS version.
    pub version: TlsVersion,
    /// The scheme of the server's own signature over the handshake, which holds: TLS code point.
    pub server_scheme: u16,
    /// The scheme of the client's signature: TLS code point.
    pub client_scheme: u16,
    /// TLS 1.3: whether the server asked for a second ClientHello.
    pub retried: bool,
    /// TLS 1.2: whether the master secret depends on the whole handshake (RFC 7627). In TLS 1.3 it always does.
    pub extended_master_secret: bool,
}

/// Why something is not signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum HandshakeFault {
    /// No certificate had been asked for and chosen, or the server's chain had not come.
    TooEarly,
    /// A signature had been asked for before: there is one chance.
    Again,
    /// Neither the form of TLS 1.3 nor that of TLS 1.2: not a client's signature over a handshake.
    OtherContent,
    /// A hash was to be signed, and the messages that it is of were not handed over.
    MessagesMissing,
    /// A TLS version that the probe does not offer, or one that the ServerHello does not agree to.
    OtherVersion,
    /// More than a handshake takes.
    TooLong {
        /// Bytes.
        bytes: u64,
    },
    /// A message that does not have the form of its type, or says what it may not say here.
    Malformed {
        /// Its type.
        message: u8,
    },
    /// The messages are not those of a handshake with client authentication, each once and in order.
    OtherOrder {
        /// The position, counted from 0, of the first that should not be there.
        at: u32,
        /// Its type; `None` if the messages end too early.
        message: Option<u8>,
    },
    /// The ClientHello names another server, or none, or names one where it should not.
    OtherHost {
        /// The name; `None` if there is none, or none that can be shown.
        named: Option<String>,
    },
    /// After a HelloRetryRequest the second ClientHello is not the first one with a new key share.
    HellosDiffer,
    /// The server says in its random value that it could have spoken a newer version (RFC 8446 section 4.1.3), and a newer one was offered.
    Downgraded,
    /// A cipher suite that was not offered, or is not known here.
    CipherSuite {
        /// Its code.
        code: u16,
    },
    /// The server's certificates in the handshake are not those that were judged.
    OtherServerChain,
    /// The client's certificates in the handshake are not those that were chosen.
    OtherClientChain,
    /// The handshake does not name the authorities by which the certificate was chosen.
    OtherAuthorities,
    /// The key in the server's certificate cannot be read, or nothing here checks signatures with such a key.
    ServerKey,
    /// The server signed with a scheme that was not offered, that the version forbids, or that is not for its key.
    ServerScheme {
        /// The scheme.
        scheme: u16,
    },
    /// The server's own signature does not hold for this handshake.
    ServerSignature,
    /// The client's signature is wanted with a scheme that the server does not ask for.
    ClientScheme {
        /// The scheme.
        scheme: u16,
    },
    /// The hash that is to be signed is that of another handshake.
    OtherHash,
}
