//! The messages of a handshake as they went over the wire: for a picture, and for nothing else. They are what the server says that it saw.

use serde::{Deserialize, Serialize};

/// Most messages that are told of one handshake; there are some ten in a usual one.
pub const MOST_SEEN: usize = 64;

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeenMessage {
    /// Microseconds before the event that tells of it.
    pub before_us: u64,
    /// Whether the client (the Certwright server) sent it; otherwise its peer.
    pub from_client: bool,
    /// What it is.
    pub what: SeenKind,
    /// Its octets, header included.
    pub octets: u32,
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SeenKind {
    /// A handshake message: its type (RFC 8446 section 4, RFC 5246 section 7.4).
    Handshake {
        /// The type.
        message: u8,
        /// Whether it went over the wire encrypted.
        encrypted: bool,
    },
    /// ChangeCipherSpec.
    ChangeCipherSpec,
    /// An alert.
    Alert {
        /// Its code (RFC 8446 section 6).
        code: u8,
    },
    /// A record of which no more is known than that it is encrypted.
    Encrypted,
}
