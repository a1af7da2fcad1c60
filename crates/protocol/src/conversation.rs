//! The probe conversation between browser and server, over one WebSocket (`/api/probe`) of JSON text frames.
//!
//! The browser opens with [`ToServer::Start`]. The server then sends what it sees as it sees it, each a [`FromServer`]. Twice it
//! may ask and wait: [`ServerEvent::CertificateRequested`] is answered by [`ToServer::Certificate`] or
//! [`ToServer::NoCertificate`], [`ServerEvent::SignatureWanted`] by [`ToServer::Signature`] or [`ToServer::DeclineSignature`].
//! [`ServerEvent::Ended`] closes every conversation. There is no field anywhere for a private key.

use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

use crate::bytes::Bytes;

/// Longest message that either side accepts, in bytes of JSON. A chain of 64 large certificates stays below it.
pub const MAX_MESSAGE: usize = 2 * 1024 * 1024;

/// What the browser says to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ToServer {
    /// Opens the conversation.
    Start(Target),
    /// Answers [`ServerEvent::CertificateRequested`]: use this chain.
    Certificate {
        /// DER certificates, end-entity first.
        chain: Vec<Bytes>,
        /// Signature schemes (TLS code points) that the key can sign with, most wanted first.
        schemes: Vec<u16>,
    },
    /// Answers [`ServerEvent::CertificateRequested`]: go on without a certificate.
    NoCertificate,
    /// Answers [`ServerEvent::SignatureWanted`].
    Signature {
        /// The signature in the form that TLS sends (ECDSA: DER).
        signature: Bytes,
    },
    /// Answers [`ServerEvent::SignatureWanted`]: the browser does not sign this.
    DeclineSignature,
    /// Ends the probe.
    Stop,
}

/// Where to connect, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Host name (A-labels) or IP address, without brackets.
    pub host: String,
    /// TCP port, 1 to 65535.
    pub port: u16,
    /// Which TLS versions to offer.
    #[serde(default)]
    pub versions: Versions,
    /// Whether to offer `http/1.1` in ALPN and, where the server picks it *and* asked for a client certificate, to send one
    /// `GET /`: some servers (nginx, IIS) finish every handshake and refuse the certificate only in HTTP.
    #[serde(default = "yes")]
    pub ask_http: bool,
}

fn yes() -> bool {
    true
}

/// The TLS versions that a probe offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Versions {
    /// TLS 1.2 and TLS 1.3.
    #[default]
    Both,
    /// TLS 1.2 alone.
    Tls12,
    /// TLS 1.3 alone.
    Tls13,
}

/// One message of the server: an event and its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FromServer {
    /// Microseconds since the server took up the probe.
    pub at_us: u64,
    /// What happened.
    pub event: ServerEvent,
}

/// What the server saw or wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ServerEvent {
    /// The name was resolved (or was an address already), and the target policy looked at every answer.
    Resolved {
        /// Every address, in the order in which they will be tried.
        addresses: Vec<ResolvedAddress>,
    },
    /// A connection attempt begins.
    Connecting {
        /// The address that was checked.
        address: SocketAddr,
    },
    /// TCP is connected; the handshake begins.
    Connected {
        /// Our end.
        local: SocketAddr,
        /// Their end.
        remote: SocketAddr,
    },
    /// The server's Certificate message. It comes before any [`ServerEvent::SignatureWanted`].
    ServerChain {
        /// DER certificates in the order sent.
        certificates: Vec<Bytes>,
        /// Stapled OCSP response, DER.
        ocsp_staple: Option<Bytes>,
    },
    /// The server asked for a client certificate (CertificateRequest). Waits for an answer.
    CertificateRequested {
        /// DER distinguished names of the certification authorities it accepts; empty means that it names none.
        authorities: Vec<Bytes>,
        /// Signature schemes that it accepts, TLS code points in its order.
        schemes: Vec<u16>,
    },
    /// The handshake needs the client's CertificateVerify. Waits for an answer.
    SignatureWanted {
        /// Scheme that was agreed on, TLS code point.
        scheme: u16,
        /// What is to be signed: in TLS 1.3 the 64 spaces, context string and transcript hash (RFC 8446 section 4.4.3), in TLS 1.2 all
        /// handshake messages so far (RFC 5246 section 7.4.8).
        message: Bytes,
        /// In TLS 1.3 the handshake messages that the hash is of, except for the client's Certificate: from the first ClientHello to the server's
        /// Finished, in their order, each with its header of four octets. After a HelloRetryRequest both ClientHellos are there, as they
        /// were sent. Empty in TLS 1.2.
        handshake: Vec<Bytes>,
    },
    /// The handshake is done from the client's point of view. In TLS 1.3 the server may still refuse the certificate.
    HandshakeDone {
        /// Version agreed on.
        version: TlsVersion,
        /// IANA name of the cipher suite.
        cipher_suite: String,
        /// Name of the key exchange group.
        group: Option<String>,
        /// Protocol picked in ALPN.
        alpn: Option<String>,
    },
    /// What was read after the handshake.
    AfterHandshake {
        /// What came first.
        sign: AfterHandshake,
    },
    /// The last message.
    Ended {
        /// `None` if the probe ran to its end.
        failure: Option<ProbeFailure>,
    },
}

/// An address and what the target policy said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolvedAddress {
    /// The address.
    pub address: IpAddr,
    /// Why it is refused; `None` if it may be connected to.
    pub refused: Option<RefusedTarget>,
}

/// Why the target policy refuses an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedTarget {
    /// A cloud's metadata service; never allowed.
    Metadata,
    /// Link-local (169.254/16, fe80::/10).
    LinkLocal,
    /// Multicast or broadcast.
    Multicast,
    /// The unspecified address, or otherwise not a host.
    Unspecified,
    /// This machine (loopback).
    Loopback,
    /// A private network.
    Private,
    /// Reserved or special purpose.
    Reserved,
    /// This very server.
    Itself,
    /// What the server's operator closed: the address, the name, or the port.
    Denied,
}

/// TLS versions that a handshake can end with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsVersion {
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

/// The first thing that the server did after the handshake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AfterHandshake {
    /// It sent a session ticket (RFC 8446 section 4.6.1): its TLS is content.
    SessionTicket,
    /// It sent application data.
    Data {
        /// Bytes seen.
        bytes: u32,
    },
    /// It sent a fatal alert.
    Alert {
        /// Alert code (RFC 8446 section 6).
        code: u8,
    },
    /// It said good-bye properly (close_notify).
    Closed,
    /// It hung up without a word.
    HungUp,
    /// It said nothing within the wait.
    Silent {
        /// How long was waited, in milliseconds.
        waited_ms: u32,
    },
    /// It answered `GET /`.
    Http {
        /// Status code.
        status: u16,
        /// What the answer says about client certificates.
        complaint: Option<HttpComplaint>,
    },
    /// Nothing was waited for: no certificate was asked for, or TLS 1.2 told already.
    NotAwaited,
}

/// What a web server says about the client certificate in HTTP, after a handshake that succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HttpComplaint {
    /// It wants one and got none (nginx 496 "No required SSL certificate was sent", IIS 403.7).
    CertificateMissing,
    /// It does not accept the one that it got (nginx 495 "The SSL certificate error", IIS 403.16, 403.17, 403.13).
    CertificateRefused,
}

/// Why a probe ended early.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Too many probes are running.
    Busy {
        /// How many are allowed at a time.
        limit: u32,
    },
    /// The server refuses to be used from this page or said something that this page does not understand, or the connection to it
    /// dropped.
    ServerLost,
    /// A fault in Certwright's server.
    Internal,
}

/// What a first answer that is not TLS looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Something else.
    Unknown,
}
