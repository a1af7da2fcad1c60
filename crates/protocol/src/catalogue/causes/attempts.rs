//! Words for what was changed from one connection to the next, and for what came of it: the lines of evidence under a cause.

use crate::conversation::{AfterHandshake, ProxyProtocol};
use crate::report::diagnosis::{Attempt, AttemptOutcome, Change};

use super::super::alert_name;
use crate::suites::{group_name, suite_name};
use crate::t;

impl Attempt {
    /// The attempt in one line: `Without SNI: TLS 1.3 was agreed on, certificate of “other.example”.`
    pub fn words(&self) -> String {
        format!("{}: {}.", self.change.words(), self.outcome.words())
    }
}

impl Change {
    /// A few words that begin a line.
    pub fn words(&self) -> String {
        match self {
            Self::WithoutServerName => t!("Without SNI").into(),
            Self::WithServerName { name } => t!("With SNI “{name}”", name),
            Self::OneVersion { version } => t!("{version} alone", version = version.title()),
            Self::SmallHello => t!("A small ClientHello").into(),
            Self::WithoutCertificate => t!("Without a client certificate").into(),
            Self::OtherScheme => t!("Signed otherwise, in TLS 1.2").into(),
            Self::WithoutAlpn => t!("Without ALPN").into(),
            Self::WithProxyHeader { version } => {
                t!("With the PROXY protocol ({version})", version = proxy_version(*version))
            }
            Self::WithoutProxyHeader => t!("Without the PROXY protocol").into(),
            Self::StartTls { protocol } => t!("{protocol} before TLS", protocol = protocol.title()),
            Self::TlsAtOnce => t!("TLS from the start").into(),
            Self::RequestInTls12 => t!("An HTTP request in TLS 1.2").into(),
            Self::Request => t!("An HTTP request").into(),
            Self::OldHello { version } => t!("A ClientHello of {version}", version = version.title()),
            Self::OtherSuites => t!("A ClientHello with other cipher suites").into(),
            Self::OtherGroups => t!("A ClientHello with other groups").into(),
        }
    }
}

impl AttemptOutcome {
    /// A few words that end a line, without full stop.
    pub fn words(&self) -> String {
        let of = |certificate: &Option<String>| match certificate {
            Some(name) => t!(", certificate of “{name}”", name),
            None => String::new(),
        };
        match self {
            Self::Done { version, certificate, certificate_asked, after, asked_later } => {
                let asked = if *certificate_asked { t!(", a client certificate was asked for") } else { "" };
                let later = if *asked_later { t!(", a client certificate was asked for later") } else { "" };
                t!(
                    "the handshake was done in {version}{certificate}{asked}{later}{after_words}",
                    version = version.title(),
                    certificate = of(certificate),
                    asked,
                    later,
                    after_words = after.as_ref().map(after_words).unwrap_or_default()
                )
            }
            Self::Failed { failure, certificate } => {
                format!("{}{}", failure.explain().title, of(certificate))
            }
            Self::ServerHello { version, suite, group, dh_bits, certificate } => t!(
                "the server answered with {version} and {suite}{group}{bits}{certificate}",
                version = version.title(),
                suite = suite_name(*suite),
                group = group.map(|group| format!(", {}", group_name(group))).unwrap_or_default(),
                bits = dh_bits.map(|bits| t!(", a group of {bits} bits", bits)).unwrap_or_default(),
                certificate = of(certificate)
            ),
            Self::Ssl2 => t!("the server answered in SSL 2").into(),
            Self::Alert { code } => {
                t!("the server refused: {alert} ({code})", alert = alert_name(*code), code)
            }
        }
    }
}

fn after_words(sign: &AfterHandshake) -> String {
    match sign {
        AfterHandshake::SessionTicket => t!(", then a session ticket came").into(),
        AfterHandshake::Data { bytes } => t!(", then {bytes} bytes came", bytes),
        AfterHandshake::Alert { code } => {
            t!(", then the alert {alert} ({code}) came", alert = alert_name(*code), code)
        }
        AfterHandshake::Closed => t!(", then it was closed").into(),
        AfterHandshake::HungUp => t!(", then the server hung up").into(),
        AfterHandshake::Silent { .. } => t!(", then nothing came").into(),
        AfterHandshake::Http { status, .. } => t!(", then HTTP status {status} came", status),
        AfterHandshake::NotAwaited => String::new(),
    }
}

/// What people call a version of the PROXY protocol.
pub(super) fn proxy_version(version: ProxyProtocol) -> &'static str {
    match version {
        ProxyProtocol::V1 => t!("version 1"),
        ProxyProtocol::V2 => t!("version 2"),
    }
}
