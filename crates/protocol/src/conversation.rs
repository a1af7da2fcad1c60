//! The probe conversation between browser and server, over one WebSocket (`/api/probe`) of JSON text frames.
//!
//! A conversation is a row of connections, one after the other. The browser opens each with [`ToServer::Start`] (a whole handshake),
//! [`ToServer::Hello`] (one ClientHello and what is answered in clear) or [`ToServer::Survey`] (what an old server speaks). The server then sends what it
//! sees as it sees it, each a [`FromServer`]. Twice it may ask and wait: [`ServerEvent::CertificateRequested`] is answered by
//! [`ToServer::Certificate`] or [`ToServer::NoCertificate`], [`ServerEvent::SignatureWanted`] by [`ToServer::Signature`] or
//! [`ToServer::DeclineSignature`]. [`ServerEvent::Ended`] closes every connection; then the browser opens the next one, or closes the conversation.
//! There is no field anywhere for a private key. The one password is that of a proxy ([`ProxyCredentials`]).

mod failure;
mod hello;
mod seen;
mod target;
mod typed;

use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

use crate::bytes::Bytes;
pub use failure::{PlainProtocol, ProbeFailure, ProxyFault, StartTlsFault};
pub use hello::{
    CertificateRequestSeen, CutShort, Feature, HelloAnswer, HelloSpec, ServerHelloSeen, Survey, SurveySpec,
    SurveyedFeature, SurveyedGroup, SurveyedSuite, SurveyedVersion,
};
pub use seen::{MOST_SEEN, SeenKind, SeenMessage};
pub use target::{
    Endpoint, Family, HttpRequest, Offer, Proxy, ProxyCredentials, ProxyKind, ProxyProtocol, Route,
    ServerNameIndication, StartTls, Target, Versions,
};
pub use typed::TypedTarget;

/// Longest message that either side accepts, in bytes of JSON. A chain of 64 large certificates stays below it.
pub const MAX_MESSAGE: usize = 2 * 1024 * 1024;

/// What the browser says to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ToServer {
    /// Opens a connection for a whole handshake.
    Start(Target),
    /// Opens a connection for one ClientHello of our own, and reads what is answered in clear.
    Hello {
        /// Where to.
        target: Target,
        /// What the ClientHello says.
        hello: HelloSpec,
    },
    /// Opens as many connections as it takes to find out which versions and cipher suites the server speaks.
    Survey {
        /// Where to.
        target: Target,
        /// What is looked for.
        survey: SurveySpec,
    },
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
    /// TCP is connected, to the proxy if there is one.
    Connected {
        /// Our end.
        local: SocketAddr,
        /// Their end.
        remote: SocketAddr,
    },
    /// The proxy connected to the target.
    Proxied {
        /// What it said, cleaned: a status line, or in SOCKS the address that it is bound to.
        said: String,
    },
    /// What the server said in clear before TLS ([`Target::starttls`]): its greeting, capped at 1 KiB and without control characters.
    Greeting {
        /// Its text, with line feeds between its lines. Empty for binary protocols that greet with nothing to read.
        text: String,
    },
    /// The server agreed to begin with TLS.
    UpgradeAgreed,
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
    /// The server asked for a client certificate again after the handshake was done (RFC 8446 section 4.6.2, or renegotiation in TLS 1.2): it
    /// is noticed and never answered.
    AskedAgain {
        /// Whether by a HelloRequest (renegotiation, TLS 1.2); otherwise by post-handshake authentication (TLS 1.3).
        renegotiation: bool,
    },
    /// What the ClientHello of [`ToServer::Hello`] was answered with.
    HelloAnswered {
        /// The answer.
        answer: HelloAnswer,
    },
    /// A version of [`ToServer::Survey`] has been looked at.
    Surveyed(SurveyedVersion),
    /// What [`ToServer::Survey`] found besides.
    SurveyDone(Survey),
    /// The handshake is done from the client's point of view. In TLS 1.3 the server may still refuse the certificate.
    HandshakeDone {
        /// How it went.
        #[serde(default)]
        handshake: HandshakeKind,
        /// Version agreed on.
        version: TlsVersion,
        /// IANA name of the cipher suite.
        cipher_suite: String,
        /// Name of the key exchange group.
        group: Option<String>,
        /// Protocol picked in ALPN.
        alpn: Option<String>,
    },
    /// The messages of the handshake as they went over the wire, if [`Target::messages`] asks for them: at its end, also where it failed.
    Messages {
        /// In order of time, at most [`MOST_SEEN`].
        messages: Vec<SeenMessage>,
    },
    /// What was read after the handshake.
    AfterHandshake {
        /// What came first.
        sign: AfterHandshake,
    },
    /// The last message of a connection.
    Ended {
        /// `None` if the probe ran to its end.
        failure: Option<ProbeFailure>,
    },
}

/// An address and what the target policy said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResolvedAddress {
    /// The address.
    pub address: IpAddr,
    /// Why it is refused; `None` if it may be connected to.
    pub refused: Option<RefusedTarget>,
}

/// Why the target policy refuses an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// Versions of TLS and of what was before it. A handshake is done in TLS 1.2 and 1.3 alone; the others are found out about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TlsVersion {
    /// SSL 3.0 (RFC 6101).
    Ssl3,
    /// TLS 1.0 (RFC 2246).
    Tls10,
    /// TLS 1.1 (RFC 4346).
    Tls11,
    /// TLS 1.2 (RFC 5246).
    Tls12,
    /// TLS 1.3 (RFC 8446).
    Tls13,
}

impl TlsVersion {
    /// All, oldest first.
    pub const ALL: [Self; 5] = [Self::Ssl3, Self::Tls10, Self::Tls11, Self::Tls12, Self::Tls13];

    /// Its code point (`ProtocolVersion` of RFC 8446 section 4.1.1).
    pub fn code(self) -> u16 {
        match self {
            Self::Ssl3 => 0x0300,
            Self::Tls10 => 0x0301,
            Self::Tls11 => 0x0302,
            Self::Tls12 => 0x0303,
            Self::Tls13 => 0x0304,
        }
    }

    /// The version with this code point.
    pub fn from_code(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.code() == code)
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Ssl3 => "SSL 3.0",
            Self::Tls10 => "TLS 1.0",
            Self::Tls11 => "TLS 1.1",
            Self::Tls12 => "TLS 1.2",
            Self::Tls13 => "TLS 1.3",
        }
    }
}

/// How a handshake went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum HandshakeKind {
    /// In full.
    #[default]
    Full,
    /// In full, after a HelloRetryRequest (RFC 8446 section 4.1.4).
    HelloRetry,
    /// The session before was resumed.
    Resumed,
}

/// The first thing that the server did after the handshake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// It answered the request ([`Target::http`]).
    Http {
        /// Status code.
        status: u16,
        /// What the answer says about client certificates.
        complaint: Option<HttpComplaint>,
        /// The status line, cleaned and capped at 200 characters.
        #[serde(default)]
        status_line: String,
        /// The `Server` field, cleaned and capped at 200 characters.
        #[serde(default)]
        server: Option<String>,
    },
    /// Nothing was waited for: no certificate was asked for, or TLS 1.2 told already.
    NotAwaited,
}

/// What a web server says about the client certificate in HTTP, after a handshake that succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum HttpComplaint {
    /// It wants one and got none (nginx 496 "No required SSL certificate was sent", IIS 403.7).
    CertificateMissing,
    /// It does not accept the one that it got (nginx 495 "The SSL certificate error", IIS 403.16, 403.17, 403.13).
    CertificateRefused,
}
