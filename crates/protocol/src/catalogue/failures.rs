//! Words for why a probe ended early.

use super::{Explanation, alert_likely_cause, alert_name, before_tls, listed};
use crate::conversation::{PlainProtocol, ProbeFailure, RefusedTarget};
use crate::language::text;
use crate::{mark, t};

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
                t!("Nothing that a proxy can be told"),
                t!("The {field} is empty, too long, or holds characters that cannot be sent.", field),
                t!(
                    "User name and password have at most 255 octets and no control characters, and there is no colon in the user name."
                ),
            ),
            Self::BadTarget { field } => Explanation::new(
                t!("Not a host and port"),
                t!("The {field} cannot be used as a target.", field),
                t!("Give a host name or an IP address, and a port from 1 to 65535."),
            ),
            Self::NameNotFound { host } => Explanation::new(
                t!("Unknown host"),
                t!(
                    "The name “{host}” does not exist in the name service (DNS) that the Certwright server uses.",
                    host
                ),
                t!(
                    "Check the spelling. If the name exists only inside a company’s network, run Certwright there."
                ),
            ),
            Self::NameServiceFailed { host, timed_out } => Explanation::new(
                t!("The name could not be looked up"),
                if *timed_out {
                    t!("The name service (DNS) did not answer in time for “{host}”.", host)
                } else {
                    t!("The name service (DNS) could not answer for “{host}”.", host)
                },
                t!("Check the network of the machine on which the Certwright server runs, and try again."),
            ),
            Self::TargetRefused { address, reason } => Explanation::new(
                t!("Certwright does not connect there"),
                t!("{address} is {reason}.", address, reason = refused_words(*reason)),
                match reason {
                    RefusedTarget::Metadata
                    | RefusedTarget::LinkLocal
                    | RefusedTarget::Multicast
                    | RefusedTarget::Unspecified
                    | RefusedTarget::Itself => t!("Give the address of the server that you mean."),
                    RefusedTarget::Loopback | RefusedTarget::Private | RefusedTarget::Reserved => {
                        t!(
                            "Run Certwright on your own machine, or let its operator allow the network (--allow)."
                        )
                    }
                    RefusedTarget::Denied => {
                        t!(
                            "Its name, its address or its port is on the operator’s list. Ask for it to be opened, or run Certwright on your own machine."
                        )
                    }
                },
            ),
            Self::ProxyFailed { address, fault } => before_tls::proxy(*address, fault),
            Self::StartTlsFailed { protocol, fault, said } => before_tls::starttls(*protocol, fault, said),
            Self::NoSuchAddress { host, addresses } => Explanation::new(
                t!("The name has no such address"),
                t!(
                    "The name “{host}” has these addresses: {addresses}.",
                    host,
                    addresses = listed(&addresses.iter().map(ToString::to_string).collect::<Vec<_>>(), 16)
                ),
                t!("Choose one of these, or let any address be used."),
            ),
            Self::BudgetUsedUp { connections } => Explanation::new(
                t!("Stopped after enough connections"),
                t!("{connections} connections were made for this probe; no more are allowed.", connections),
                t!("What was found out until then is shown. Probe again with fewer questions at once."),
            ),
            Self::ConnectionRefused { address } => Explanation::new(
                t!("The port is closed"),
                t!("The machine at {address} answered that nothing listens on that port.", address),
                t!(
                    "Check the port. If it is right, the server’s service is down, or a firewall rejects the connection."
                ),
            ),
            Self::ConnectTimedOut { address, seconds } => Explanation::new(
                t!("No answer"),
                t!(
                    "The connection to {address} was not answered within {seconds} seconds.",
                    address,
                    seconds
                ),
                t!(
                    "Usually a firewall on the way drops the packets: ask the network’s administrator to open the way from here to there. Or the machine is down, or the address wrong."
                ),
            ),
            Self::Unreachable { address } => Explanation::new(
                t!("No way there"),
                t!("There is no route from the Certwright server to {address}.", address),
                t!("Check the network, a VPN that should be on, and whether the address is right."),
            ),
            Self::HandshakeTimedOut { received: 0, seconds } => Explanation::new(
                t!("The port is open, and silent"),
                t!("The connection stands, but the server said nothing for {seconds} seconds.", seconds),
                t!(
                    "Probably it does not speak TLS on this port, or something in between holds the data back. Check the port."
                ),
            ),
            Self::HandshakeTimedOut { received, seconds } => Explanation::new(
                t!("The handshake got stuck"),
                t!(
                    "The server sent {received} bytes and then nothing more; after {seconds} seconds the probe gave up.",
                    received,
                    seconds
                ),
                t!(
                    "Try again. If it repeats, the server or a device in between stops in the middle of the handshake: ask its administrator."
                ),
            ),
            Self::NotTls { looks_like } => Explanation::new(
                t!("That is not TLS"),
                t!("What answered {looks_like}.", looks_like = plain_words(*looks_like)),
                match looks_like {
                    PlainProtocol::Http => {
                        t!("This is the port for plain HTTP; the one for HTTPS is often 443 or 8443.")
                    }
                    PlainProtocol::SmtpOrFtp
                    | PlainProtocol::Imap
                    | PlainProtocol::Pop3
                    | PlainProtocol::Nntp
                    | PlainProtocol::Sieve
                    | PlainProtocol::Mysql
                    | PlainProtocol::Xmpp
                    | PlainProtocol::Irc => {
                        t!(
                            "This port begins in plain text. Use the port with TLS from the start (SMTP 465, IMAP 993, POP3 995, FTP 990)."
                        )
                    }
                    PlainProtocol::Ssh | PlainProtocol::Unknown => t!("Check the port."),
                },
            ),
            Self::HungUp { received: 0, .. } => Explanation::new(
                t!("The server hung up at once"),
                t!("The server closed the connection without an answer to the first TLS message."),
                t!(
                    "Check the port and the host name: a server that does not know the name, or a firewall that does not like it, may do this."
                ),
            ),
            Self::HungUp { received, reset } => Explanation::new(
                t!("The server hung up in the middle"),
                if *reset {
                    t!(
                        "After {received} bytes of the handshake the server reset the connection without a reason.",
                        received
                    )
                } else {
                    t!(
                        "After {received} bytes of the handshake the server closed the connection without a reason.",
                        received
                    )
                },
                t!(
                    "Try again; if it repeats, ask the server’s administrator for its log. Some servers do this when they want a client certificate."
                ),
            ),
            Self::Alert { code, after_certificate } => {
                let (cause, remedy) = alert_likely_cause(*code);
                Explanation::new(
                    t!("The server refused: {alert} ({code})", alert = alert_name(*code), code),
                    if *after_certificate {
                        t!("{cause} The alert came after the client certificate had been sent.", cause)
                    } else {
                        cause.into()
                    },
                    remedy,
                )
            }
            Self::VersionTooOld => Explanation::new(
                t!("The server’s TLS is too old"),
                t!("The server speaks neither TLS 1.2 nor TLS 1.3."),
                t!("The server’s administrator has to enable TLS 1.2 or TLS 1.3."),
            ),
            Self::NothingInCommon { what } => Explanation::new(
                t!("Nothing in common"),
                t!("The server and the probe share no {what}.", what = named(what)),
                t!(
                    "The server’s administrator has to allow current algorithms (ECDHE with AES-GCM or ChaCha20)."
                ),
            ),
            Self::ServerSignatureWrong => Explanation::new(
                t!("The server does not hold its key"),
                t!(
                    "The server’s signature over the handshake does not fit its certificate: whoever answers does not hold the certificate’s private key."
                ),
                t!(
                    "Do not trust this connection. The server’s administrator should check that key and certificate belong together."
                ),
            ),
            Self::ServerCertificateUnreadable => Explanation::new(
                t!("The server’s certificate is damaged"),
                t!("What the server sends as its certificate is none, or its public key cannot be read."),
                t!(
                    "The server’s owner has to look at the certificate file; it may be cut off or of a kind that is no X.509 certificate."
                ),
            ),
            Self::HandshakeTooLarge { bytes } => Explanation::new(
                t!("The handshake is too large"),
                t!(
                    "The server sent more than {bytes} bytes before the handshake was done, and was not listened to any further.",
                    bytes
                ),
                t!(
                    "The server’s owner should look at what it sends: usually a whole bundle of authorities where its own chain should be."
                ),
            ),
            Self::ProtocolViolation { detail } => Explanation::new(
                t!("The server breaks the TLS protocol"),
                t!("The handshake could not go on: {detail}.", detail),
                t!(
                    "Something in between may have altered the data, or the server’s TLS is faulty. Ask its administrator."
                ),
            ),
            Self::SignatureDeclined => Explanation::new(
                t!("Nothing was signed"),
                t!("The page declined to sign this handshake, so the probe ended."),
                t!("The chain’s verdict says why the server is not trusted."),
            ),
            Self::BrowserSilent { seconds } => Explanation::new(
                t!("The page did not answer"),
                t!("The Certwright server waited {seconds} seconds for the page’s signature.", seconds),
                t!("Try again with the page in the foreground."),
            ),
            Self::Stopped => Explanation::new(t!("Stopped"), t!("You stopped the probe."), ""),
            Self::Busy { limit } => Explanation::new(
                t!("Too many probes at a time"),
                t!("The Certwright server runs {limit} probes at a time and not more.", limit),
                t!("Wait for the others to end and try again."),
            ),
            Self::Throttled { seconds } => Explanation::new(
                t!("Too many probes within a minute"),
                t!("The Certwright server lets everybody do so much within a minute and not more."),
                t!("Wait {seconds} seconds and try again, or run Certwright on your own machine.", seconds),
            ),
            Self::ServerLost => Explanation::new(
                t!("The Certwright server is gone"),
                t!(
                    "The connection to the Certwright server dropped. The keystore is unharmed: it lives in this page."
                ),
                t!(
                    "Check that the Certwright server still runs, then probe again. All that needs no probe works without it."
                ),
            ),
            Self::Internal => Explanation::new(
                t!("A fault in Certwright"),
                t!("The Certwright server failed where it should not."),
                t!("Try again; if it repeats, report it with what you did."),
            ),
        }
    }
}

fn refused_words(reason: RefusedTarget) -> &'static str {
    match reason {
        RefusedTarget::Metadata => t!("a cloud’s metadata service, which no probe may reach"),
        RefusedTarget::LinkLocal => t!("a link-local address, which no probe may reach"),
        RefusedTarget::Multicast => t!("a multicast or broadcast address, not one machine"),
        RefusedTarget::Unspecified => t!("not the address of a machine"),
        RefusedTarget::Loopback => t!("the machine on which the Certwright server runs"),
        RefusedTarget::Private => t!("in a private network"),
        RefusedTarget::Reserved => t!("in a reserved range"),
        RefusedTarget::Itself => t!("the Certwright server itself"),
        RefusedTarget::Denied => t!("closed by whoever runs the Certwright server"),
    }
}

fn plain_words(protocol: PlainProtocol) -> &'static str {
    match protocol {
        PlainProtocol::Http => t!("speaks plain HTTP"),
        PlainProtocol::Ssh => t!("is an SSH server"),
        PlainProtocol::SmtpOrFtp => t!("greets like a mail (SMTP) or file (FTP) server"),
        PlainProtocol::Imap => t!("greets like a mail server (IMAP)"),
        PlainProtocol::Pop3 => t!("greets like a mail server (POP3)"),
        PlainProtocol::Nntp => t!("greets like a news server (NNTP)"),
        PlainProtocol::Sieve => t!("greets like a mail filter server (ManageSieve)"),
        PlainProtocol::Mysql => t!("greets like a database (MySQL or MariaDB)"),
        PlainProtocol::Xmpp => t!("is a chat server (XMPP)"),
        PlainProtocol::Irc => t!("is a chat server (IRC)"),
        PlainProtocol::Unknown => t!("is of no protocol that Certwright knows"),
    }
}

/// What the server says is missing, in the language of the user. What it is not known to say stays as it is.
fn named(missing: &str) -> &str {
    const KNOWN: [&str; 9] = [
        mark!("TLS version"),
        mark!("cipher suite"),
        mark!("key exchange group"),
        mark!("signature scheme"),
        mark!("signature scheme for client certificates"),
        mark!("elliptic curve point format"),
        mark!("extended master secret"),
        mark!("compression"),
        mark!("certificate type"),
    ];
    match KNOWN.into_iter().find(|known| *known == missing) {
        Some(known) => text(known),
        None => missing,
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
