//! Words for why a probe ended early.

use super::{Explanation, alert_likely_cause, alert_name, before_tls, listed};
use crate::conversation::{PlainProtocol, ProbeFailure, RefusedTarget};

impl ProbeFailure {
    /// A short stable word for the failure: the same as `"kind"` in JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::BadTarget { .. } => "bad_target",
            Self::NameNotFound { .. } => "name_not_found",
            Self::NameServiceFailed { .. } => "name_service_failed",
            Self::TargetRefused { .. } => "target_refused",
            Self::ConnectionRefused { .. } => "connection_refused",
            Self::ConnectTimedOut { .. } => "connect_timed_out",
            Self::Unreachable { .. } => "unreachable",
            Self::HandshakeTimedOut { .. } => "handshake_timed_out",
            Self::NotTls { .. } => "not_tls",
            Self::HungUp { .. } => "hung_up",
            Self::Alert { .. } => "alert",
            Self::VersionTooOld => "version_too_old",
            Self::NothingInCommon { .. } => "nothing_in_common",
            Self::ServerSignatureWrong => "server_signature_wrong",
            Self::ServerCertificateUnreadable => "server_certificate_unreadable",
            Self::HandshakeTooLarge { .. } => "handshake_too_large",
            Self::ProtocolViolation { .. } => "protocol_violation",
            Self::SignatureDeclined => "signature_declined",
            Self::BrowserSilent { .. } => "browser_silent",
            Self::Stopped => "stopped",
            Self::ProxyFailed { .. } => "proxy_failed",
            Self::StartTlsFailed { .. } => "start_tls_failed",
            Self::NoSuchAddress { .. } => "no_such_address",
            Self::BudgetUsedUp { .. } => "budget_used_up",
            Self::Busy { .. } => "busy",
            Self::Throttled { .. } => "throttled",
            Self::ServerLost => "server_lost",
            Self::Internal => "internal",
        }
    }

    /// The failure in words.
    pub fn explain(&self) -> Explanation {
        match self {
            Self::BadTarget { field } if field.ends_with(" of the proxy") => Explanation::new(
                "Nothing that a proxy can be told",
                format!("The {field} is empty, too long, or holds characters that cannot be sent."),
                "User name and password have at most 255 octets and no control characters, and there is no colon in the user name.",
            ),
            Self::BadTarget { field } => Explanation::new(
                "Not a host and port",
                format!("The {field} cannot be used as a target."),
                "Give a host name or an IP address, and a port from 1 to 65535.",
            ),
            Self::NameNotFound { host } => Explanation::new(
                "Unknown host",
                format!(
                    "The name “{host}” does not exist in the name service (DNS) that the Certwright server uses."
                ),
                "Check the spelling. If the name exists only inside a company's network, run Certwright there.",
            ),
            Self::NameServiceFailed { host, timed_out } => Explanation::new(
                "The name could not be looked up",
                if *timed_out {
                    format!("The name service (DNS) did not answer in time for “{host}”.")
                } else {
                    format!("The name service (DNS) could not answer for “{host}”.")
                },
                "Check the network of the machine on which the Certwright server runs, and try again.",
            ),
            Self::TargetRefused { address, reason } => Explanation::new(
                "Certwright does not connect there",
                format!("{address} is {}.", refused_words(*reason)),
                match reason {
                    RefusedTarget::Metadata
                    | RefusedTarget::LinkLocal
                    | RefusedTarget::Multicast
                    | RefusedTarget::Unspecified
                    | RefusedTarget::Itself => "Give the address of the server that you mean.",
                    RefusedTarget::Loopback | RefusedTarget::Private | RefusedTarget::Reserved => {
                        "Run Certwright on your own machine, or let its operator allow the network (--allow)."
                    }
                    RefusedTarget::Denied => {
                        "Its name, its address or its port is on the operator's list. Ask for it to be opened, or run Certwright on your own machine."
                    }
                },
            ),
            Self::ProxyFailed { address, fault } => before_tls::proxy(*address, fault),
            Self::StartTlsFailed { protocol, fault, said } => before_tls::starttls(*protocol, fault, said),
            Self::NoSuchAddress { host, addresses } => Explanation::new(
                "The name has no such address",
                format!(
                    "The name “{host}” has these addresses: {}.",
                    listed(&addresses.iter().map(ToString::to_string).collect::<Vec<_>>(), 16)
                ),
                "Choose one of these, or let any address be used.",
            ),
            Self::BudgetUsedUp { connections } => Explanation::new(
                "Stopped after enough connections",
                format!("{connections} connections were made for this probe; no more are allowed."),
                "What was found out until then is shown. Probe again with fewer questions at once.",
            ),
            Self::ConnectionRefused { address } => Explanation::new(
                "The port is closed",
                format!("The machine at {address} answered that nothing listens on that port."),
                "Check the port. If it is right, the server's service is down, or a firewall rejects the connection.",
            ),
            Self::ConnectTimedOut { address, seconds } => Explanation::new(
                "No answer",
                format!("The connection to {address} was not answered within {seconds} seconds."),
                "Usually a firewall on the way drops the packets: ask the network's administrator to open the way from here to there. Or the machine is down, or the address wrong.",
            ),
            Self::Unreachable { address } => Explanation::new(
                "No way there",
                format!("There is no route from the Certwright server to {address}."),
                "Check the network, a VPN that should be on, and whether the address is right.",
            ),
            Self::HandshakeTimedOut { received: 0, seconds } => Explanation::new(
                "The port is open, and silent",
                format!("The connection stands, but the server said nothing for {seconds} seconds."),
                "Probably it does not speak TLS on this port, or something in between holds the data back. Check the port.",
            ),
            Self::HandshakeTimedOut { received, seconds } => Explanation::new(
                "The handshake got stuck",
                format!(
                    "The server sent {received} bytes and then nothing more; after {seconds} seconds the probe gave up."
                ),
                "Try again. If it repeats, the server or a device in between stops in the middle of the handshake: ask its administrator.",
            ),
            Self::NotTls { looks_like } => Explanation::new(
                "That is not TLS",
                format!("What answered {}.", plain_words(*looks_like)),
                match looks_like {
                    PlainProtocol::Http => {
                        "This is the port for plain HTTP; the one for HTTPS is often 443 or 8443."
                    }
                    PlainProtocol::SmtpOrFtp
                    | PlainProtocol::Imap
                    | PlainProtocol::Pop3
                    | PlainProtocol::Nntp
                    | PlainProtocol::Sieve
                    | PlainProtocol::Mysql
                    | PlainProtocol::Xmpp
                    | PlainProtocol::Irc => {
                        "This port begins in plain text. Use the port with TLS from the start (SMTP 465, IMAP 993, POP3 995, FTP 990)."
                    }
                    PlainProtocol::Ssh | PlainProtocol::Unknown => "Check the port.",
                },
            ),
            Self::HungUp { received: 0, .. } => Explanation::new(
                "The server hung up at once",
                "The server closed the connection without an answer to the first TLS message.",
                "Check the port and the host name: a server that does not know the name, or a firewall that does not like it, may do this.",
            ),
            Self::HungUp { received, reset } => Explanation::new(
                "The server hung up in the middle",
                format!(
                    "After {received} bytes of the handshake the server {} the connection without a reason.",
                    if *reset { "reset" } else { "closed" }
                ),
                "Try again; if it repeats, ask the server's administrator for its log. Some servers do this when they want a client certificate.",
            ),
            Self::Alert { code, after_certificate } => {
                let (cause, remedy) = alert_likely_cause(*code);
                Explanation::new(
                    format!("The server refused: {} ({code})", alert_name(*code)),
                    if *after_certificate {
                        format!("{cause} The alert came after the client certificate had been sent.")
                    } else {
                        cause.into()
                    },
                    remedy,
                )
            }
            Self::VersionTooOld => Explanation::new(
                "The server's TLS is too old",
                "The server speaks neither TLS 1.2 nor TLS 1.3.",
                "The server's administrator has to enable TLS 1.2 or TLS 1.3.",
            ),
            Self::NothingInCommon { what } => Explanation::new(
                "Nothing in common",
                format!("The server and the probe share no {what}."),
                "The server's administrator has to allow current algorithms (ECDHE with AES-GCM or ChaCha20).",
            ),
            Self::ServerSignatureWrong => Explanation::new(
                "The server does not hold its key",
                "The server's signature over the handshake does not fit its certificate: whoever answers does not hold the certificate's private key.",
                "Do not trust this connection. The server's administrator should check that key and certificate belong together.",
            ),
            Self::ServerCertificateUnreadable => Explanation::new(
                "The server’s certificate is damaged",
                "What the server sends as its certificate is none, or its public key cannot be read.",
                "The server’s owner has to look at the certificate file; it may be cut off or of a kind that is no X.509 certificate.",
            ),
            Self::HandshakeTooLarge { bytes } => Explanation::new(
                "The handshake is too large",
                format!(
                    "The server sent more than {bytes} bytes before the handshake was done, and was not listened to any further."
                ),
                "The server’s owner should look at what it sends: usually a whole bundle of authorities where its own chain should be.",
            ),
            Self::ProtocolViolation { detail } => Explanation::new(
                "The server breaks the TLS protocol",
                format!("The handshake could not go on: {detail}."),
                "Something in between may have altered the data, or the server's TLS is faulty. Ask its administrator.",
            ),
            Self::SignatureDeclined => Explanation::new(
                "Nothing was signed",
                "The page declined to sign this handshake, so the probe ended.",
                "The chain's verdict says why the server is not trusted.",
            ),
            Self::BrowserSilent { seconds } => Explanation::new(
                "The page did not answer",
                format!("The Certwright server waited {seconds} seconds for the page's signature."),
                "Try again with the page in the foreground.",
            ),
            Self::Stopped => Explanation::new("Stopped", "You stopped the probe.", ""),
            Self::Busy { limit } => Explanation::new(
                "Too many probes at a time",
                format!("The Certwright server runs {limit} probes at a time and not more."),
                "Wait for the others to end and try again.",
            ),
            Self::Throttled { seconds } => Explanation::new(
                "Too many probes within a minute",
                "The Certwright server lets everybody do so much within a minute and not more.",
                format!("Wait {seconds} seconds and try again, or run Certwright on your own machine."),
            ),
            Self::ServerLost => Explanation::new(
                "The Certwright server is gone",
                "The connection to the Certwright server dropped. The keystore is unharmed: it lives in this page.",
                "Check that the Certwright server still runs, then probe again. All that needs no probe works without it.",
            ),
            Self::Internal => Explanation::new(
                "A fault in Certwright",
                "The Certwright server failed where it should not.",
                "Try again; if it repeats, report it with what you did.",
            ),
        }
    }
}

fn refused_words(reason: RefusedTarget) -> &'static str {
    match reason {
        RefusedTarget::Metadata => "a cloud's metadata service, which no probe may reach",
        RefusedTarget::LinkLocal => "a link-local address, which no probe may reach",
        RefusedTarget::Multicast => "a multicast or broadcast address, not one machine",
        RefusedTarget::Unspecified => "not the address of a machine",
        RefusedTarget::Loopback => "the machine on which the Certwright server runs",
        RefusedTarget::Private => "in a private network",
        RefusedTarget::Reserved => "in a reserved range",
        RefusedTarget::Itself => "the Certwright server itself",
        RefusedTarget::Denied => "closed by whoever runs the Certwright server",
    }
}

fn plain_words(protocol: PlainProtocol) -> &'static str {
    match protocol {
        PlainProtocol::Http => "speaks plain HTTP",
        PlainProtocol::Ssh => "is an SSH server",
        PlainProtocol::SmtpOrFtp => "greets like a mail (SMTP) or file (FTP) server",
        PlainProtocol::Imap => "greets like a mail server (IMAP)",
        PlainProtocol::Pop3 => "greets like a mail server (POP3)",
        PlainProtocol::Nntp => "greets like a news server (NNTP)",
        PlainProtocol::Sieve => "greets like a mail filter server (ManageSieve)",
        PlainProtocol::Mysql => "greets like a database (MySQL or MariaDB)",
        PlainProtocol::Xmpp => "is a chat server (XMPP)",
        PlainProtocol::Irc => "is a chat server (IRC)",
        PlainProtocol::Unknown => "is of no protocol that Certwright knows",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_failure_has_its_own_sentence_and_a_remedy() {
        let address = "192.0.2.1:443".parse().unwrap();
        let host = || "erp.example.com".to_owned();
        let hung_up = |received, reset| ProbeFailure::HungUp { received, reset };
        let all = [
            ProbeFailure::BadTarget { field: "port".into() },
            ProbeFailure::NameNotFound { host: host() },
            ProbeFailure::NameServiceFailed { host: host(), timed_out: true },
            ProbeFailure::NameServiceFailed { host: host(), timed_out: false },
            ProbeFailure::TargetRefused {
                address: "169.254.169.254".parse().unwrap(),
                reason: RefusedTarget::Metadata,
            },
            ProbeFailure::ConnectionRefused { address },
            ProbeFailure::ConnectTimedOut { address, seconds: 10 },
            ProbeFailure::Unreachable { address },
            ProbeFailure::HandshakeTimedOut { received: 0, seconds: 30 },
            ProbeFailure::HandshakeTimedOut { received: 7, seconds: 30 },
            ProbeFailure::NotTls { looks_like: PlainProtocol::Http },
            ProbeFailure::NotTls { looks_like: PlainProtocol::Ssh },
            ProbeFailure::NotTls { looks_like: PlainProtocol::SmtpOrFtp },
            ProbeFailure::NotTls { looks_like: PlainProtocol::Imap },
            ProbeFailure::NotTls { looks_like: PlainProtocol::Pop3 },
            ProbeFailure::NotTls { looks_like: PlainProtocol::Unknown },
            hung_up(0, false),
            hung_up(7, false),
            hung_up(7, true),
            ProbeFailure::Alert { code: 40, after_certificate: false },
            ProbeFailure::Alert { code: 48, after_certificate: true },
            ProbeFailure::VersionTooOld,
            ProbeFailure::NothingInCommon { what: "cipher suite".into() },
            ProbeFailure::ServerSignatureWrong,
            ProbeFailure::ProtocolViolation { detail: "a record out of order".into() },
            ProbeFailure::ServerCertificateUnreadable,
            ProbeFailure::HandshakeTooLarge { bytes: 1 << 20 },
            ProbeFailure::SignatureDeclined,
            ProbeFailure::BrowserSilent { seconds: 20 },
            ProbeFailure::Busy { limit: 16 },
            ProbeFailure::Throttled { seconds: 30 },
            ProbeFailure::ServerLost,
            ProbeFailure::Internal,
        ];
        let mut seen = HashSet::new();
        for failure in &all {
            let words = failure.explain();
            assert!(seen.insert(words.what_happened.clone()), "the same sentence twice: {words:?}");
            assert!(!words.what_to_try.is_empty(), "{words:?}");
            let json = serde_json::to_value(failure).unwrap();
            assert_eq!(json["kind"], failure.kind());
        }
    }
}
