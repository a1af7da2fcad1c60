//! Why a probe did not end well: the cause, who has to act, and what was tried to find it out.
//!
//! A [`Cause`] carries facts alone; its words stand in `catalogue/causes.rs`, and `docs/outcomes.md` lists all of them. What was changed from one
//! connection to the next is a [`Change`], what came of it an [`AttemptOutcome`].

use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

use crate::conversation::{
    AfterHandshake, PlainProtocol, ProbeFailure, ProxyFault, ProxyProtocol, RefusedTarget, StartTls,
    StartTlsFault, TlsVersion,
};
use crate::report::PhaseName;

/// Why a probe did not end well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Diagnosis {
    /// The cause.
    pub cause: Cause,
    /// Whether the evidence leaves no other cause; otherwise it is the most likely one.
    pub certain: bool,
    /// Who has to act.
    pub who: Actor,
    /// What was tried besides the probe itself, in its order.
    pub evidence: Vec<Attempt>,
    /// Whether more would have been tried if the budget had allowed it.
    pub cut_short: bool,
}

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Whoever probes.
    You,
    /// The owner of the server that was probed.
    ServerOwner,
    /// Whoever runs the network between: firewalls, proxies, the name service, the Certwright server.
    Network,
}

/// One more connection, with one thing changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attempt {
    /// What was changed.
    pub change: Change,
    /// What came of it.
    pub outcome: AttemptOutcome,
}

/// What is changed from the probe to a further connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum Change {
    /// No Server Name Indication.
    WithoutServerName,
    /// Server Name Indication with the host.
    WithServerName {
        /// The name.
        name: String,
    },
    /// One version of TLS alone.
    OneVersion {
        /// Which.
        version: TlsVersion,
    },
    /// A small ClientHello: classic groups alone, no application protocols.
    SmallHello,
    /// No client certificate.
    WithoutCertificate,
    /// The same client certificate, signed with in TLS 1.2 and not with RSA-PSS.
    OtherScheme,
    /// No application protocols (ALPN).
    WithoutAlpn,
    /// With a header of the PROXY protocol.
    WithProxyHeader {
        /// Its version.
        version: ProxyProtocol,
    },
    /// Without a header of the PROXY protocol.
    WithoutProxyHeader,
    /// Another protocol before TLS.
    StartTls {
        /// Which.
        protocol: StartTls,
    },
    /// TLS from the first octet.
    TlsAtOnce,
    /// With an HTTP request in TLS 1.2.
    RequestInTls12,
    /// With an HTTP request.
    Request,
    /// Our own ClientHello, which offers an old version and all that goes with it.
    OldHello {
        /// The highest version offered.
        version: TlsVersion,
    },
    /// Our own ClientHello, with the cipher suites that the TLS library does not speak.
    OtherSuites,
    /// Our own ClientHello, with the key exchange groups that the TLS library does not speak.
    OtherGroups,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum AttemptOutcome {
    /// The handshake was done.
    Done {
        /// The version agreed on.
        version: TlsVersion,
        /// What people call the server's certificate.
        certificate: Option<String>,
        /// Whether a client certificate was asked for.
        certificate_asked: bool,
        /// What came first afterwards.
        after: Option<AfterHandshake>,
        /// Whether a client certificate was asked for after the handshake.
        asked_later: bool,
    },
    /// It was not.
    Failed {
        /// Why.
        failure: ProbeFailure,
        /// What people call the server's certificate, if it came that far.
        certificate: Option<String>,
    },
    /// Our own ClientHello was answered with a ServerHello.
    ServerHello {
        /// The version agreed on.
        version: TlsVersion,
        /// The cipher suite's code point.
        suite: u16,
        /// The key exchange group's code point, where one is named.
        group: Option<u16>,
        /// Size of the Diffie-Hellman group in bits, for DHE.
        dh_bits: Option<u32>,
        /// What people call the server's certificate.
        certificate: Option<String>,
    },
    /// Our own ClientHello was answered in SSL 2.
    Ssl2,
    /// Our own ClientHello was answered with an alert.
    Alert {
        /// Code (RFC 8446 section 6).
        code: u8,
    },
}

/// How a server says no to a client certificate, or to its absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum Denial {
    /// With an alert.
    Alert {
        /// Code (RFC 8446 section 6).
        code: u8,
    },
    /// By hanging up.
    HungUp,
    /// In HTTP.
    Http {
        /// Status code.
        status: u16,
    },
}

/// What may be wrong with a client certificate that was refused without a clear word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Suspicion {
    /// The server does not trust its authority.
    UnknownAuthority,
    /// The server keeps a list of certificates, and it is not on it.
    NotListed,
    /// Its form or its algorithms are not what the server takes.
    Form,
    /// The server's clock is wrong.
    ServerClock,
    /// The key's signature is not one that the server takes.
    Scheme,
}

/// The causes. Each has its words in the catalogue and a test in `server/tests/causes` that brings it about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
#[allow(
    missing_docs,
    reason = "the fields are named for what they hold; hosts are A-labels, names are what people call a certificate"
)]
pub enum Cause {
    // Before anything is connected.
    /// The target is not a host and port.
    BadTarget { field: String },
    /// No such name.
    NameNotFound { host: String },
    /// The name service failed.
    NameServiceFailed { host: String },
    /// The name service did not answer in time.
    NameServiceTimedOut { host: String },
    /// The name has no address of the kind that was asked for.
    NoSuchAddress { host: String, addresses: Vec<IpAddr> },
    /// The Certwright server's policy does not allow the target.
    TargetNotAllowed { address: IpAddr, reason: RefusedTarget },
    // TCP.
    /// The port is closed.
    PortClosed { address: SocketAddr },
    /// The connection attempt was not answered.
    ConnectTimedOut { address: SocketAddr, seconds: u32 },
    /// There is no way there.
    Unreachable { address: SocketAddr },
    // A proxy.
    /// The proxy wants a user and a password, or others.
    ProxyWantsAuthentication { address: SocketAddr },
    /// The proxy refuses the target.
    ProxyForbids { address: SocketAddr, said: String },
    /// The proxy does not reach the target.
    ProxyCannotReach { address: SocketAddr, said: String },
    /// The proxy did something else.
    ProxyFailed { address: SocketAddr, fault: ProxyFault },
    // What is spoken before TLS.
    /// The server speaks the protocol and offers no TLS in it.
    StartTlsNotOffered { protocol: StartTls },
    /// The server refused to begin with TLS.
    StartTlsRefused { protocol: StartTls, said: String },
    /// The protocol broke before TLS.
    StartTlsBroken { protocol: StartTls, fault: StartTlsFault, said: String },
    /// The server went on in clear after it had agreed to begin with TLS.
    ClearAfterAgreement { protocol: StartTls },
    /// The port speaks TLS from the start.
    TlsFromTheStart { protocol: StartTls },
    /// Another protocol has to be spoken before TLS; with it there is TLS.
    StartTlsNeeded { protocol: StartTls },
    /// Plain HTTP.
    PlainHttp,
    /// SSH.
    Ssh,
    /// Something else that is not TLS.
    OtherProtocol { looks_like: PlainProtocol },
    /// A header of the PROXY protocol has to come first.
    ProxyHeaderExpected { version: ProxyProtocol },
    /// The header of the PROXY protocol is not understood.
    ProxyHeaderNotExpected { version: ProxyProtocol },
    // Until the server's first words.
    /// Connected, and silent.
    Silent { seconds: u32 },
    /// A large ClientHello does not get through; a small one does.
    LargeHelloLost,
    /// The server hangs up at once.
    HungUpAtOnce,
    /// The connection is reset as soon as a ClientHello is sent.
    ResetAtHello,
    /// The server takes a ClientHello without TLS 1.3 and stumbles over one that offers it.
    VersionIntolerance,
    /// Only versions before TLS 1.2.
    OldVersionsOnly { version: TlsVersion },
    /// TLS 1.2 is the newest, and TLS 1.3 was wanted.
    Tls12Only,
    /// TLS 1.3 is the only one, and TLS 1.2 was wanted.
    Tls13Only,
    /// Cipher suites without forward secrecy alone (static RSA).
    StaticRsaOnly { suite: u16 },
    /// Cipher suites that are broken alone (RC4, 3DES, NULL, export, anonymous).
    BrokenSuitesOnly { suite: u16 },
    /// Diffie-Hellman over finite fields alone.
    FiniteFieldOnly { suite: u16, bits: Option<u32> },
    /// No cipher suite in common, and none was found.
    NoCommonSuite,
    /// No key exchange group in common.
    NoCommonGroup { group: Option<u16> },
    /// The server wants a name in SNI.
    ServerNameRequired { name: Option<String> },
    /// The server does not know the name in SNI.
    ServerNameUnknown { name: String, default: Option<String> },
    /// The server speaks none of the application protocols.
    AlpnRefused { offered: Vec<String> },
    /// The server refused the handshake, and nothing that was changed helped.
    HandshakeRefused { code: u8 },
    /// Something failed inside the server.
    ServerError { code: u8 },
    /// The server hung up in the middle of the handshake.
    HungUpMidway { received: u64, reset: bool },
    /// The time was over in this phase.
    OutOfTime { phase: PhaseName, seconds: u32 },
    /// The server's signature is wrong.
    ServerSignatureWrong,
    /// The server's certificate cannot be read.
    ServerCertificateUnreadable,
    /// The server's key is of a kind or size that nobody takes any more.
    ServerKeyUnusable { what: String },
    /// The server's RSA key is marked id-RSASSA-PSS, which in TLS 1.2 many clients, and the probe, cannot check.
    ServerKeyMarkedPss,
    /// The handshake is larger than any should be.
    HandshakeTooLarge { bytes: u64 },
    /// The server broke the protocol.
    ProtocolBroken { detail: String },
    // The server's chain.
    /// The server does not send its intermediate.
    IntermediateNotSent { subject: String, ca_issuers: Vec<String> },
    /// The server's certificate, or one above it, has expired.
    ServerCertificateExpired { name: String, not_after: i64 },
    /// It is not valid yet.
    ServerCertificateNotYetValid { name: String, not_before: i64 },
    /// It is for other names.
    WrongName { host: String, names: Vec<String> },
    /// Without a name in SNI the server shows another certificate than with it.
    DefaultCertificate { name: String, shown: Option<String> },
    /// It is self-signed.
    ServerSelfSigned { name: String },
    /// Its chain ends in a root that is not trusted here.
    UnknownRoot { subject: String },
    /// It, or its signature, uses an algorithm that can be forged.
    WeakAlgorithm { name: String, algorithm: String },
    /// It is revoked.
    ServerCertificateRevoked { name: String, since: i64 },
    /// Another rule is broken.
    ChainBroken,
    // The client certificate.
    /// The server wants a client certificate.
    ClientCertificateDemanded { by: Denial },
    /// No key of the keystore makes a signature that the server takes.
    NoCommonScheme,
    /// The server does not trust the authority.
    ClientAuthorityUnknown { alias: String, issuer: String },
    /// The chain that was sent lacks an intermediate.
    ClientChainIncomplete { alias: String, missing: String },
    /// The client certificate has expired or is not valid yet, or the server thinks so.
    ClientCertificateExpired { alias: String, not_after: i64, really: bool },
    /// It is revoked.
    ClientCertificateRevoked { alias: String },
    /// It is not for clients.
    ClientCertificatePurpose { alias: String, usages: Vec<String> },
    /// The server takes no certificates of this kind.
    ClientCertificateKind { alias: String },
    /// It is believed, and its holder has no access.
    ClientNotMapped { alias: String, by: Denial },
    /// The signature was refused.
    ClientSignatureRefused { alias: String, other_scheme_works: bool },
    /// It was refused without saying why.
    ClientCertificateRefused { alias: String, by: Denial, suspicions: Vec<Suspicion> },
    // After the handshake.
    /// The server says nothing.
    SilentAfterwards { waited_ms: u32 },
    /// The server closes its half of the connection without a word.
    ClosedAfterwards,
    /// A client certificate is asked for by renegotiation.
    RenegotiationAsked,
    /// A client certificate is asked for after the handshake of TLS 1.3.
    AskedAfterHandshake { seen: bool },
    // On our side.
    /// The page declined to sign.
    SignatureDeclined,
    /// The page did not answer in time.
    PageSilent { seconds: u32 },
    /// The conversation has used up its connections or its time.
    BudgetUsedUp { connections: u32 },
    /// Too many probes at a time.
    TooManyProbes { limit: u32 },
    /// The Certwright server is gone.
    ServerLost,
    /// A fault in Certwright.
    Internal,
}

/// One list for the words in JSON and for what tests count, so that no variant can be left out of either.
macro_rules! kinds {
    ($($variant:ident => $word:literal,)*) => {
        impl Cause {
            /// The kinds of all causes.
            pub const KINDS: &'static [&'static str] = &[$($word),*];

            /// A short stable word: the same as `"kind"` in JSON.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $word,)* }
            }
        }
    };
}

kinds! {
    BadTarget => "bad_target",
    NameNotFound => "name_not_found",
    NameServiceFailed => "name_service_failed",
    NameServiceTimedOut => "name_service_timed_out",
    NoSuchAddress => "no_such_address",
    TargetNotAllowed => "target_not_allowed",
    PortClosed => "port_closed",
    ConnectTimedOut => "connect_timed_out",
    Unreachable => "unreachable",
    ProxyWantsAuthentication => "proxy_wants_authentication",
    ProxyForbids => "proxy_forbids",
    ProxyCannotReach => "proxy_cannot_reach",
    ProxyFailed => "proxy_failed",
    StartTlsNotOffered => "start_tls_not_offered",
    StartTlsRefused => "start_tls_refused",
    StartTlsBroken => "start_tls_broken",
    ClearAfterAgreement => "clear_after_agreement",
    TlsFromTheStart => "tls_from_the_start",
    StartTlsNeeded => "start_tls_needed",
    PlainHttp => "plain_http",
    Ssh => "ssh",
    OtherProtocol => "other_protocol",
    ProxyHeaderExpected => "proxy_header_expected",
    ProxyHeaderNotExpected => "proxy_header_not_expected",
    Silent => "silent",
    LargeHelloLost => "large_hello_lost",
    HungUpAtOnce => "hung_up_at_once",
    ResetAtHello => "reset_at_hello",
    VersionIntolerance => "version_intolerance",
    OldVersionsOnly => "old_versions_only",
    Tls12Only => "tls12_only",
    Tls13Only => "tls13_only",
    StaticRsaOnly => "static_rsa_only",
    BrokenSuitesOnly => "broken_suites_only",
    FiniteFieldOnly => "finite_field_only",
    NoCommonSuite => "no_common_suite",
    NoCommonGroup => "no_common_group",
    ServerNameRequired => "server_name_required",
    ServerNameUnknown => "server_name_unknown",
    AlpnRefused => "alpn_refused",
    HandshakeRefused => "handshake_refused",
    ServerError => "server_error",
    HungUpMidway => "hung_up_midway",
    OutOfTime => "out_of_time",
    ServerSignatureWrong => "server_signature_wrong",
    ServerCertificateUnreadable => "server_certificate_unreadable",
    ServerKeyUnusable => "server_key_unusable",
    ServerKeyMarkedPss => "server_key_marked_pss",
    HandshakeTooLarge => "handshake_too_large",
    ProtocolBroken => "protocol_broken",
    IntermediateNotSent => "intermediate_not_sent",
    ServerCertificateExpired => "server_certificate_expired",
    ServerCertificateNotYetValid => "server_certificate_not_yet_valid",
    WrongName => "wrong_name",
    DefaultCertificate => "default_certificate",
    ServerSelfSigned => "server_self_signed",
    UnknownRoot => "unknown_root",
    WeakAlgorithm => "weak_algorithm",
    ServerCertificateRevoked => "server_certificate_revoked",
    ChainBroken => "chain_broken",
    ClientCertificateDemanded => "client_certificate_demanded",
    NoCommonScheme => "no_common_scheme",
    ClientAuthorityUnknown => "client_authority_unknown",
    ClientChainIncomplete => "client_chain_incomplete",
    ClientCertificateExpired => "client_certificate_expired",
    ClientCertificateRevoked => "client_certificate_revoked",
    ClientCertificatePurpose => "client_certificate_purpose",
    ClientCertificateKind => "client_certificate_kind",
    ClientNotMapped => "client_not_mapped",
    ClientSignatureRefused => "client_signature_refused",
    ClientCertificateRefused => "client_certificate_refused",
    SilentAfterwards => "silent_afterwards",
    ClosedAfterwards => "closed_afterwards",
    RenegotiationAsked => "renegotiation_asked",
    AskedAfterHandshake => "asked_after_handshake",
    SignatureDeclined => "signature_declined",
    PageSilent => "page_silent",
    BudgetUsedUp => "budget_used_up",
    TooManyProbes => "too_many_probes",
    ServerLost => "server_lost",
    Internal => "internal",
}
