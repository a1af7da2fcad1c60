//! Why a connection of a probe ended early: facts alone, their words stand in the catalogue.

use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

use super::{RefusedTarget, StartTls};

/// Why a probe ended early.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProbeFailure {
    /// The target is not a host and port.
    BadTarget {
        /// Which part is wrong.
        field: String,
    },
    /// No such name.
    NameNotFound {
        /// The name.
        host: String,
    },
    /// The name service failed or did not answer in time.
    NameServiceFailed {
        /// The name.
        host: String,
        /// Whether it ran out of time.
        timed_out: bool,
    },
    /// The target policy allows none of the addresses.
    TargetRefused {
        /// First refused address.
        address: IpAddr,
        /// Why.
        reason: RefusedTarget,
    },
    /// The port is closed.
    ConnectionRefused {
        /// Where.
        address: SocketAddr,
    },
    /// No answer to the connection attempt.
    ConnectTimedOut {
        /// Where.
        address: SocketAddr,
        /// After how many seconds.
        seconds: u32,
    },
    /// No route, or the network is down.
    Unreachable {
        /// Where.
        address: SocketAddr,
    },
    /// Connected, but the handshake did not end in time.
    HandshakeTimedOut {
        /// Bytes that the server had sent by then; 0 means a silent port.
        received: u64,
        /// After how many seconds.
        seconds: u32,
    },
    /// The proxy did not bring us to the target.
    ProxyFailed {
        /// The proxy's address.
        address: SocketAddr,
        /// Why.
        fault: ProxyFault,
    },
    /// What was spoken before TLS did not lead to TLS.
    StartTlsFailed {
        /// What was spoken.
        protocol: StartTls,
        /// Why.
        fault: StartTlsFault,
        /// What the server said last, cleaned and capped at 200 characters.
        said: String,
    },
    /// The name service does not answer with the address that was asked for ([`super::Route::address`]), or with none of the wanted kind
    /// ([`super::Route::family`]).
    NoSuchAddress {
        /// The name.
        host: String,
        /// What it answered with.
        addresses: Vec<IpAddr>,
    },
    /// What answered is not TLS.
    NotTls {
        /// What it looks like.
        looks_like: PlainProtocol,
    },
    /// The server hung up during the handshake.
    HungUp {
        /// Bytes that it had sent by then.
        received: u64,
        /// Whether the connection was reset.
        reset: bool,
    },
    /// The server refused the handshake with a fatal alert.
    Alert {
        /// Alert code (RFC 8446 section 6).
        code: u8,
        /// Whether our certificate had been sent by then.
        after_certificate: bool,
    },
    /// It speaks neither TLS 1.2 nor TLS 1.3.
    VersionTooOld,
    /// No cipher suite, group or signature scheme in common.
    NothingInCommon {
        /// What is missing.
        what: String,
    },
    /// The server's own signature over the handshake is wrong: whoever answers does not hold the key of its certificate.
    ServerSignatureWrong,
    /// What the server sent as its certificate is none, or its public key cannot be read.
    ServerCertificateUnreadable,
    /// The server sent more than is taken until the handshake is done.
    HandshakeTooLarge {
        /// How much is taken.
        bytes: u64,
    },
    /// The server broke the protocol.
    ProtocolViolation {
        /// The TLS library's words for it.
        detail: String,
    },
    /// The browser declined to sign.
    SignatureDeclined,
    /// The browser did not answer in time.
    BrowserSilent {
        /// After how many seconds.
        seconds: u32,
    },
    /// The user stopped it.
    Stopped,
    /// The conversation has used up its connections or its time.
    BudgetUsedUp {
        /// Connections that were made.
        connections: u32,
    },
    /// Too many probes are running.
    Busy {
        /// How many are allowed at a time.
        limit: u32,
    },
    /// This client began too much, or moved too much, within a minute.
    Throttled {
        /// Until it may begin again.
        seconds: u32,
    },
    /// The server refuses to be used from this page or said something that this page does not understand, or the connection to it
    /// dropped.
    ServerLost,
    /// A fault in Certwright's server.
    Internal,
}

/// What a first answer that is not TLS looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PlainProtocol {
    /// HTTP without TLS.
    Http,
    /// SSH.
    Ssh,
    /// SMTP or FTP: a line that begins with 220.
    SmtpOrFtp,
    /// IMAP.
    Imap,
    /// POP3.
    Pop3,
    /// NNTP.
    Nntp,
    /// ManageSieve.
    Sieve,
    /// MySQL or MariaDB.
    Mysql,
    /// XMPP.
    Xmpp,
    /// IRC.
    Irc,
    /// Something else.
    Unknown,
}

/// Why a proxy did not bring us to the target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProxyFault {
    /// It wants a user name and a password, or others.
    AuthenticationRequired,
    /// It refuses to connect there.
    Forbidden {
        /// What it said, cleaned: a status line, or the SOCKS reply code.
        said: String,
    },
    /// It could not reach the target.
    TargetUnreachable {
        /// What it said, cleaned.
        said: String,
    },
    /// It answered otherwise.
    Refused {
        /// What it said, cleaned.
        said: String,
    },
    /// What answered is not a proxy of that kind.
    NotThatKind,
    /// It did not answer in time.
    TimedOut {
        /// After how many seconds.
        seconds: u32,
    },
    /// It hung up.
    HungUp,
}

/// Why what was spoken before TLS did not lead to TLS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StartTlsFault {
    /// The server does not offer to begin with TLS.
    NotOffered,
    /// It refused to.
    Refused,
    /// It speaks, but not this protocol.
    OtherProtocol {
        /// What it looks like.
        looks_like: PlainProtocol,
    },
    /// TLS itself answered: the port speaks TLS from the start.
    TlsAlready,
    /// It said nothing, or not enough, in time.
    TimedOut {
        /// After how many seconds.
        seconds: u32,
    },
    /// It hung up.
    HungUp,
    /// It sent more than is read before TLS, or what cannot be.
    Malformed,
    /// It sent octets in clear after it agreed to begin with TLS (command injection, CVE-2011-0411): nothing that comes in clear after that is read.
    ClearAfterAgreement,
}
