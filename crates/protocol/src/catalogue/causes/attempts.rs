//! Words for what was changed from one connection to the next, and for what came of it: the lines of evidence under a cause.

use crate::conversation::{AfterHandshake, ProxyProtocol};
use crate::report::diagnosis::{Attempt, AttemptOutcome, Change};

use super::super::alert_name;
use crate::suites::{group_name, suite_name};

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
            Self::WithoutServerName => "Without SNI".into(),
            Self::WithServerName { name } => format!("With SNI “{name}”"),
            Self::OneVersion { version } => format!("{} alone", version.title()),
            Self::SmallHello => "A small ClientHello".into(),
            Self::WithoutCertificate => "Without a client certificate".into(),
            Self::OtherScheme => "Signed otherwise, in TLS 1.2".into(),
            Self::WithoutAlpn => "Without ALPN".into(),
            Self::WithProxyHeader { version } => {
                format!("With the PROXY protocol ({})", proxy_version(*version))
            }
            Self::WithoutProxyHeader => "Without the PROXY protocol".into(),
            Self::StartTls { protocol } => format!("{} before TLS", protocol.title()),
            Self::TlsAtOnce => "TLS from the start".into(),
            Self::RequestInTls12 => "An HTTP request in TLS 1.2".into(),
            Self::Request => "An HTTP request".into(),
            Self::OldHello { version } => format!("A ClientHello of {}", version.title()),
            Self::OtherSuites => "A ClientHello with other cipher suites".into(),
            Self::OtherGroups => "A ClientHello with other groups".into(),
        }
    }
}

impl AttemptOutcome {
    /// A few words that end a line, without full stop.
    pub fn words(&self) -> String {
        let of = |certificate: &Option<String>| match certificate {
            Some(name) => format!(", certificate of “{name}”"),
            None => String::new(),
        };
        match self {
            Self::Done { version, certificate, certificate_asked, after, asked_later } => {
                let asked = if *certificate_asked { ", a client certificate was asked for" } else { "" };
                let later = if *asked_later { ", a client certificate was asked for later" } else { "" };
                format!(
                    "the handshake was done in {}{}{asked}{later}{}",
                    version.title(),
                    of(certificate),
                    after.as_ref().map(after_words).unwrap_or_default()
                )
            }
            Self::Failed { failure, certificate } => {
                format!("{}{}", failure.explain().title, of(certificate))
            }
            Self::ServerHello { version, suite, group, dh_bits, certificate } => format!(
                "the server answered with {} and {}{}{}{}",
                version.title(),
                suite_name(*suite),
                group.map(|group| format!(", {}", group_name(group))).unwrap_or_default(),
                dh_bits.map(|bits| format!(", a group of {bits} bits")).unwrap_or_default(),
                of(certificate)
            ),
            Self::Ssl2 => "the server answered in SSL 2".into(),
            Self::Alert { code } => format!("the server refused: {} ({code})", alert_name(*code)),
        }
    }
}

fn after_words(sign: &AfterHandshake) -> String {
    match sign {
        AfterHandshake::SessionTicket => ", then a session ticket came".into(),
        AfterHandshake::Data { bytes } => format!(", then {bytes} bytes came"),
        AfterHandshake::Alert { code } => format!(", then the alert {} ({code}) came", alert_name(*code)),
        AfterHandshake::Closed => ", then it was closed".into(),
        AfterHandshake::HungUp => ", then the server hung up".into(),
        AfterHandshake::Silent { .. } => ", then nothing came".into(),
        AfterHandshake::Http { status, .. } => format!(", then HTTP status {status} came"),
        AfterHandshake::NotAwaited => String::new(),
    }
}

/// What people call a version of the PROXY protocol.
pub(super) fn proxy_version(version: ProxyProtocol) -> &'static str {
    match version {
        ProxyProtocol::V1 => "version 1",
        ProxyProtocol::V2 => "version 2",
    }
}
