//! Fetching a missing certificate or revocation list (`POST /api/fetch`): what the browser asks, and why it may get nothing.
//!
//! The request is a [`FetchRequest`] as JSON. The answer is the octets as they came (status 200, `application/octet-stream`), or a
//! [`FetchFailure`] as JSON with another status.

use serde::{Deserialize, Serialize};

use crate::conversation::ProbeFailure;

/// Where the server takes it.
pub const FETCH_PATH: &str = "/api/fetch";

/// Longest address that is fetched, in bytes.
pub const MAX_ADDRESS: usize = 2048;

/// What the browser asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FetchRequest {
    /// The address as the certificate names it, `http://` or `https://`.
    pub url: String,
}

/// Why nothing was fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FetchFailure {
    /// It is no address that can be fetched: neither `http://` nor `https://`, with a user's name in it, too long, or not well-formed.
    BadAddress,
    /// A server that serves strangers fetches from the ports 80 and 443 only.
    PortRefused {
        /// The port.
        port: u16,
    },
    /// The name, the target policy or the connection stood in the way.
    NotReached {
        /// What did, in the words of a probe.
        failure: ProbeFailure,
    },
    /// No TLS with the server of an `https://` address.
    TlsFailed {
        /// The TLS library's words for it.
        detail: String,
    },
    /// What answered is no HTTP, or it broke off.
    BrokenOff,
    /// It answered with another status than 200.
    Status {
        /// The status (RFC 9110 section 15).
        status: u16,
    },
    /// It sends from one address to the next.
    TooManyRedirects {
        /// How many redirects are followed.
        limit: u32,
    },
    /// It is too large.
    TooLarge {
        /// Largest size in octets.
        limit: u64,
    },
    /// It took too long.
    TimedOut {
        /// After how many seconds.
        seconds: u32,
    },
    /// What came is neither a certificate nor a revocation list.
    NotACertificate,
    /// Too much is being fetched.
    Busy {
        /// How many at a time.
        limit: u32,
    },
    /// This client began too much, or moved too much, within a minute.
    Throttled {
        /// Until it may begin again.
        seconds: u32,
    },
    /// The Certwright server is about to end.
    Stopped,
    /// A fault in Certwright's server.
    Internal,
}
