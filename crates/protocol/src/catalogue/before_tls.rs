//! Words for what goes wrong before TLS begins: at a proxy, and in what is spoken in clear.

use std::net::SocketAddr;

use super::Explanation;
use crate::conversation::{PlainProtocol, ProxyFault, StartTls, StartTlsFault};
use crate::t;

/// Why the proxy at `address` did not bring us to the target.
pub(super) fn proxy(address: SocketAddr, fault: &ProxyFault) -> Explanation {
    match fault {
        ProxyFault::AuthenticationRequired => Explanation::new(
            t!("The proxy wants to know who you are"),
            t!(
                "The proxy at {address} wants a user name and a password, or does not take those that it got.",
                address
            ),
            t!("Give the proxy’s user name and password, as your network’s administrator says."),
        ),
        ProxyFault::Forbidden { said } => Explanation::new(
            t!("The proxy does not allow this target"),
            t!("The proxy at {address} refuses to connect there: {said}.", address, said = quoted(said)),
            t!(
                "Ask the proxy’s administrator to allow this host and port. Many proxies allow port 443 alone."
            ),
        ),
        ProxyFault::TargetUnreachable { said } => Explanation::new(
            t!("The proxy cannot reach the target"),
            t!(
                "The proxy at {address} tried, and could not connect to the target: {said}.",
                address,
                said = quoted(said)
            ),
            t!("Check the host name as the proxy sees it, and whether the proxy’s network may go there."),
        ),
        ProxyFault::Refused { said } => Explanation::new(
            t!("The proxy refused"),
            t!("The proxy at {address} answered: {said}.", address, said = quoted(said)),
            t!("Ask the proxy’s administrator what that means."),
        ),
        ProxyFault::NotThatKind => Explanation::new(
            t!("That is no such proxy"),
            t!("What answers at {address} is not a proxy of the chosen kind.", address),
            t!("Check the proxy’s address and port, and whether it is an HTTP or a SOCKS proxy."),
        ),
        ProxyFault::TimedOut { seconds } => Explanation::new(
            t!("The proxy does not answer"),
            t!(
                "The proxy at {address} was reached, and said nothing within {seconds} seconds.",
                address,
                seconds
            ),
            t!("Check the proxy’s port. It may also be trying to reach a target that does not answer it."),
        ),
        ProxyFault::HungUp => Explanation::new(
            t!("The proxy hung up"),
            t!("The proxy at {address} closed the connection without an answer.", address),
            t!("Check the proxy’s address and kind, and whether it allows connections from here."),
        ),
    }
}

/// Why what was spoken before TLS did not lead to TLS.
pub(super) fn starttls(protocol: StartTls, fault: &StartTlsFault, said: &str) -> Explanation {
    let name = protocol.title();
    let last = if said.is_empty() { String::new() } else { t!(" It said: {said}.", said = quoted(said)) };
    match fault {
        StartTlsFault::NotOffered => Explanation::new(
            t!("The server offers no TLS on this port"),
            t!("The server speaks {name}, and does not offer to begin with TLS.{last}", name, last),
            t!(
                "The server’s administrator has to switch TLS on for this service, or the service has another port for TLS from the start."
            ),
        ),
        StartTlsFault::Refused => Explanation::new(
            t!("The server refuses to begin with TLS"),
            t!("The server speaks {name}, and answered no when asked to begin with TLS.{last}", name, last),
            t!(
                "The server’s log says why; often it has no certificate set up, or allows TLS only from some addresses."
            ),
        ),
        StartTlsFault::OtherProtocol { looks_like } => Explanation::new(
            t!("Another protocol answers"),
            t!(
                "What answers is not {name}, but {looks_like}.{last}",
                name,
                looks_like = looks(*looks_like, protocol),
                last
            ),
            t!("Check the port and the protocol."),
        ),
        StartTlsFault::TlsAlready => Explanation::new(
            t!("TLS from the start"),
            t!("The server begins with TLS at once; nothing is spoken in {name} before it.", name),
            t!("Choose “TLS from the start” and probe again."),
        ),
        StartTlsFault::TimedOut { seconds } => Explanation::new(
            t!("No greeting"),
            t!(
                "The connection stands, but the server said nothing fitting in {name} within {seconds} seconds.{last}",
                name,
                seconds,
                last
            ),
            t!(
                "Check the port and the protocol. A port that speaks TLS from the start waits for the client, as does one behind a load balancer that expects the PROXY protocol."
            ),
        ),
        StartTlsFault::HungUp => Explanation::new(
            t!("The server hung up"),
            t!("The server closed the connection while {name} was spoken, before TLS.{last}", name, last),
            t!(
                "It may refuse connections from this address, or take only so many at a time. The server’s log says why."
            ),
        ),
        StartTlsFault::Malformed => Explanation::new(
            t!("An answer that cannot be read"),
            t!("What the server sent is not {name}, or longer than any answer should be.{last}", name, last),
            t!("Check the port and the protocol."),
        ),
        StartTlsFault::ClearAfterAgreement => Explanation::new(
            t!("Clear text where TLS should begin"),
            t!(
                "The server agreed to begin with TLS in {name}, and went on in clear. Whoever is on the way could have put that in (CVE-2011-0411).{last}",
                name,
                last
            ),
            t!(
                "Do not use this connection. Update the server’s software, and have the network between looked at."
            ),
        ),
    }
}

fn quoted(said: &str) -> String {
    if said.is_empty() {
        t!("without a reason").into()
    } else {
        format!("“{}”", said.trim_end_matches('.'))
    }
}

/// Greetings of SMTP and FTP look alike; whoever asked for one of them has met the other.
fn looks(protocol: PlainProtocol, asked: StartTls) -> &'static str {
    match (protocol, asked) {
        (PlainProtocol::SmtpOrFtp, StartTls::Smtp | StartTls::Lmtp) => "FTP",
        (PlainProtocol::SmtpOrFtp, StartTls::Ftp) => "SMTP",
        (PlainProtocol::SmtpOrFtp, _) => t!("SMTP or FTP"),
        (PlainProtocol::Http, _) => "HTTP",
        (PlainProtocol::Ssh, _) => "SSH",
        (PlainProtocol::Imap, _) => "IMAP",
        (PlainProtocol::Pop3, _) => "POP3",
        (PlainProtocol::Nntp, _) => "NNTP",
        (PlainProtocol::Sieve, _) => "ManageSieve",
        (PlainProtocol::Mysql, _) => t!("MySQL or MariaDB"),
        (PlainProtocol::Xmpp, _) => "XMPP",
        (PlainProtocol::Irc, _) => "IRC",
        (PlainProtocol::Unknown, _) => t!("something else"),
    }
}
