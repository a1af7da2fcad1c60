//! Words for the causes of a probe that did not end well, and for what was tried to find them.

mod attempts;
#[cfg(test)]
mod examples;

use super::{Explanation, alert_name, format_time, listed};
use crate::conversation::{PlainProtocol, ProbeFailure, StartTlsFault};
use crate::report::PhaseName;
use crate::report::diagnosis::{Actor, Cause, Denial, Diagnosis, Suspicion};
use crate::suites::{group_name, suite_name};
use crate::t;

impl Diagnosis {
    /// A diagnosis of this cause; nothing was tried for it.
    pub fn of(cause: Cause) -> Self {
        let who = cause.who();
        Self { cause, certain: true, who, evidence: Vec::new(), cut_short: false }
    }

    /// The cause in words; what is only likely is told so.
    pub fn explain(&self) -> Explanation {
        let mut words = self.cause.explain();
        if !self.certain {
            words.what_happened = t!(
                "{what_happened} That is the most likely cause, and not certain.",
                what_happened = words.what_happened
            );
        }
        words
    }
}

impl Actor {
    /// Who it is, as the end of “Who has to act: …”.
    pub fn words(self) -> &'static str {
        match self {
            Self::You => t!("you"),
            Self::ServerOwner => t!("the server’s owner"),
            Self::Network => t!("whoever runs the network"),
        }
    }

    /// A short stable word: the same as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::ServerOwner => "server_owner",
            Self::Network => "network",
        }
    }
}

impl Cause {
    /// Who has to act.
    pub fn who(&self) -> Actor {
        match self {
            Self::BadTarget { .. }
            | Self::NameNotFound { .. }
            | Self::NoSuchAddress { .. }
            | Self::ProxyWantsAuthentication { .. }
            | Self::TlsFromTheStart { .. }
            | Self::StartTlsNeeded { .. }
            | Self::PlainHttp
            | Self::Ssh
            | Self::OtherProtocol { .. }
            | Self::ProxyHeaderExpected { .. }
            | Self::ProxyHeaderNotExpected { .. }
            | Self::Tls12Only
            | Self::Tls13Only
            | Self::ServerNameRequired { .. }
            | Self::ServerNameUnknown { .. }
            | Self::AlpnRefused { .. }
            | Self::DefaultCertificate { .. }
            | Self::UnknownRoot { .. }
            | Self::ServerSelfSigned { .. }
            | Self::ClientCertificateDemanded { .. }
            | Self::NoCommonScheme
            | Self::ClientChainIncomplete { .. }
            | Self::ClientCertificateExpired { really: true, .. }
            | Self::ClientCertificateRevoked { .. }
            | Self::ClientCertificatePurpose { .. }
            | Self::ClientCertificateKind { .. }
            | Self::ClientSignatureRefused { .. }
            | Self::RenegotiationAsked
            | Self::AskedAfterHandshake { .. }
            | Self::SignatureDeclined
            | Self::PageSilent { .. }
            | Self::BudgetUsedUp { .. }
            | Self::TooManyProbes { .. } => Actor::You,
            Self::NameServiceFailed { .. }
            | Self::NameServiceTimedOut { .. }
            | Self::TargetNotAllowed { .. }
            | Self::ConnectTimedOut { .. }
            | Self::Unreachable { .. }
            | Self::ProxyForbids { .. }
            | Self::ProxyCannotReach { .. }
            | Self::ProxyFailed { .. }
            | Self::ClearAfterAgreement { .. }
            | Self::Silent { .. }
            | Self::LargeHelloLost
            | Self::ResetAtHello
            | Self::ServerLost
            | Self::Internal => Actor::Network,
            Self::PortClosed { .. }
            | Self::StartTlsNotOffered { .. }
            | Self::StartTlsRefused { .. }
            | Self::StartTlsBroken { .. }
            | Self::HungUpAtOnce
            | Self::VersionIntolerance
            | Self::OldVersionsOnly { .. }
            | Self::StaticRsaOnly { .. }
            | Self::BrokenSuitesOnly { .. }
            | Self::FiniteFieldOnly { .. }
            | Self::NoCommonSuite
            | Self::NoCommonGroup { .. }
            | Self::HandshakeRefused { .. }
            | Self::ServerError { .. }
            | Self::HungUpMidway { .. }
            | Self::OutOfTime { .. }
            | Self::ServerSignatureWrong
            | Self::ServerCertificateUnreadable
            | Self::ServerKeyUnusable { .. }
            | Self::ServerKeyMarkedPss
            | Self::HandshakeTooLarge { .. }
            | Self::ProtocolBroken { .. }
            | Self::IntermediateNotSent { .. }
            | Self::ServerCertificateExpired { .. }
            | Self::ServerCertificateNotYetValid { .. }
            | Self::WrongName { .. }
            | Self::WeakAlgorithm { .. }
            | Self::ServerCertificateRevoked { .. }
            | Self::ChainBroken
            | Self::ClientAuthorityUnknown { .. }
            | Self::ClientCertificateExpired { really: false, .. }
            | Self::ClientNotMapped { .. }
            | Self::ClientCertificateRefused { .. }
            | Self::SilentAfterwards { .. }
            | Self::ClosedAfterwards => Actor::ServerOwner,
        }
    }

    /// The cause in words.
    pub fn explain(&self) -> Explanation {
        match self {
            Self::BadTarget { field } => ProbeFailure::BadTarget { field: field.clone() }.explain(),
            Self::NameNotFound { host } => ProbeFailure::NameNotFound { host: host.clone() }.explain(),
            Self::NameServiceFailed { host } => {
                ProbeFailure::NameServiceFailed { host: host.clone(), timed_out: false }.explain()
            }
            Self::NameServiceTimedOut { host } => Explanation {
                title: t!("The name service does not answer").into(),
                ..ProbeFailure::NameServiceFailed { host: host.clone(), timed_out: true }.explain()
            },
            Self::NoSuchAddress { host, addresses } => {
                ProbeFailure::NoSuchAddress { host: host.clone(), addresses: addresses.clone() }.explain()
            }
            Self::TargetNotAllowed { address, reason } => {
                ProbeFailure::TargetRefused { address: *address, reason: *reason }.explain()
            }
            Self::PortClosed { address } => ProbeFailure::ConnectionRefused { address: *address }.explain(),
            Self::ConnectTimedOut { address, seconds } => {
                ProbeFailure::ConnectTimedOut { address: *address, seconds: *seconds }.explain()
            }
            Self::Unreachable { address } => ProbeFailure::Unreachable { address: *address }.explain(),
            Self::ProxyWantsAuthentication { address } => {
                super::before_tls::proxy(*address, &crate::conversation::ProxyFault::AuthenticationRequired)
            }
            Self::ProxyForbids { address, said } => super::before_tls::proxy(
                *address,
                &crate::conversation::ProxyFault::Forbidden { said: said.clone() },
            ),
            Self::ProxyCannotReach { address, said } => super::before_tls::proxy(
                *address,
                &crate::conversation::ProxyFault::TargetUnreachable { said: said.clone() },
            ),
            Self::ProxyFailed { address, fault } => super::before_tls::proxy(*address, fault),
            Self::StartTlsNotOffered { protocol } => {
                super::before_tls::starttls(*protocol, &StartTlsFault::NotOffered, "")
            }
            Self::StartTlsRefused { protocol, said } => {
                super::before_tls::starttls(*protocol, &StartTlsFault::Refused, said)
            }
            Self::StartTlsBroken { protocol, fault, said } => {
                super::before_tls::starttls(*protocol, fault, said)
            }
            Self::ClearAfterAgreement { protocol } => {
                super::before_tls::starttls(*protocol, &StartTlsFault::ClearAfterAgreement, "")
            }
            Self::TlsFromTheStart { protocol } => {
                super::before_tls::starttls(*protocol, &StartTlsFault::TlsAlready, "")
            }
            Self::StartTlsNeeded { protocol } => Explanation::new(
                t!("{protocol} has to be spoken first", protocol = protocol.title()),
                t!(
                    "The port begins in plain text. After {protocol} and its command for TLS the handshake begins.",
                    protocol = protocol.title()
                ),
                t!(
                    "Choose “{protocol}” as what is spoken before TLS, and probe again.",
                    protocol = protocol.title()
                ),
            ),
            Self::PlainHttp => ProbeFailure::NotTls { looks_like: PlainProtocol::Http }.explain(),
            Self::Ssh => Explanation {
                title: t!("That is SSH").into(),
                ..ProbeFailure::NotTls { looks_like: PlainProtocol::Ssh }.explain()
            },
            Self::OtherProtocol { looks_like } => ProbeFailure::NotTls { looks_like: *looks_like }.explain(),
            Self::ProxyHeaderExpected { version } => Explanation::new(
                t!("The PROXY protocol comes first here"),
                t!(
                    "The server hangs up on TLS alone. After a header of the PROXY protocol ({version}) it answers: this port is meant for a load balancer.",
                    version = attempts::proxy_version(*version)
                ),
                t!("Probe the load balancer’s port instead, or send the header (“PROXY protocol”)."),
            ),
            Self::ProxyHeaderNotExpected { version } => Explanation::new(
                t!("No PROXY protocol here"),
                t!(
                    "The server does not understand the header of the PROXY protocol ({version}); without it, it answers.",
                    version = attempts::proxy_version(*version)
                ),
                t!(
                    "Switch the PROXY protocol off. If a load balancer sends it, the server’s listener has to be set up for it."
                ),
            ),
            Self::Silent { seconds } => {
                ProbeFailure::HandshakeTimedOut { received: 0, seconds: *seconds }.explain()
            }
            Self::LargeHelloLost => Explanation::new(
                t!("Large first messages get lost"),
                t!(
                    "The server does not answer a ClientHello of more than one packet (with post-quantum key exchange), and answers a smaller one."
                ),
                t!(
                    "A firewall or load balancer on the way, or the server itself, takes the first message only if it is in one packet. It has to be updated; until then clients have to switch X25519MLKEM768 off."
                ),
            ),
            Self::HungUpAtOnce => Explanation::new(
                t!("The server hangs up at once"),
                t!("The server closed the connection before it said anything, whatever was sent."),
                t!(
                    "Often only some addresses are let in (an allow list), or the service behind the port is down. The server’s owner sees it in the log."
                ),
            ),
            Self::ResetAtHello => Explanation::new(
                t!("The connection is reset at the first message"),
                t!(
                    "TCP connects; as soon as a TLS ClientHello is sent, the connection is reset, whatever it says."
                ),
                t!(
                    "A firewall that looks into TLS may not like the name, or the server’s service does not take connections from here. Ask the network’s administrator first."
                ),
            ),
            Self::VersionIntolerance => Explanation::new(
                t!("The server stumbles over TLS 1.3"),
                t!("The handshake fails as soon as TLS 1.3 is offered, and succeeds with TLS 1.2 alone."),
                t!(
                    "The server, or a device in front of it, has to be updated: it should answer with TLS 1.2 instead. Until then, offer TLS 1.2 alone."
                ),
            ),
            Self::OldVersionsOnly { version } => Explanation::new(
                t!("The server only speaks {version}", version = version.title()),
                t!(
                    "The newest version that the server speaks is {version}, which is no longer secure (RFC 8996). No current client connects.",
                    version = version.title()
                ),
                t!("The server’s owner has to switch on TLS 1.2 or TLS 1.3, or update the software."),
            ),
            Self::Tls12Only => Explanation::new(
                t!("TLS 1.2 is the newest here"),
                t!("TLS 1.3 alone was offered; the server speaks TLS 1.2."),
                t!("Offer both versions, or ask the server’s owner to switch on TLS 1.3."),
            ),
            Self::Tls13Only => Explanation::new(
                t!("TLS 1.3 alone"),
                t!("TLS 1.2 alone was offered; the server speaks TLS 1.3 only."),
                t!("Offer both versions. Clients that know TLS 1.2 alone have to be updated."),
            ),
            Self::StaticRsaOnly { suite } => Explanation::new(
                t!("Cipher suites without forward secrecy"),
                t!(
                    "The server takes only suites with static RSA key exchange, such as {suite}. Current clients no longer offer them.",
                    suite = suite_name(*suite)
                ),
                t!(
                    "The server’s owner has to allow suites with ECDHE (for example TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)."
                ),
            ),
            Self::BrokenSuitesOnly { suite } => Explanation::new(
                t!("Broken cipher suites"),
                t!(
                    "The server takes only suites that can be broken, such as {suite}. No current client offers them.",
                    suite = suite_name(*suite)
                ),
                t!(
                    "The server’s owner has to allow suites with ECDHE and AES-GCM; the software may be too old for them."
                ),
            ),
            Self::FiniteFieldOnly { suite, bits } => Explanation::new(
                t!("Only classic Diffie-Hellman"),
                t!(
                    "The server takes only suites with Diffie-Hellman over finite fields, such as {suite}{bits}. Current clients do without these.",
                    suite = suite_name(*suite),
                    bits = bits.map(|bits| t!(", with a group of {bits} bits", bits)).unwrap_or_default()
                ),
                t!(
                    "The server’s owner has to allow suites with ECDHE. Groups below 2048 bits can be broken."
                ),
            ),
            Self::NoCommonSuite => Explanation::new(
                t!("No cipher suite in common"),
                t!(
                    "The server takes none of the cipher suites that were offered, neither current nor old ones."
                ),
                t!(
                    "The server’s owner has to allow suites with ECDHE and AES-GCM or ChaCha20. A server without a certificate, or with one of another key type than its suites want, looks the same."
                ),
            ),
            Self::NoCommonGroup { group } => Explanation::new(
                t!("No key exchange group in common"),
                match group {
                    Some(group) => t!(
                        "The server takes only groups that are seldom offered, such as {group}.",
                        group = group_name(*group)
                    ),
                    None => t!("The server takes none of the key exchange groups that were offered.").into(),
                },
                t!("The server’s owner has to allow X25519 or P-256."),
            ),
            Self::ServerNameRequired { name } => Explanation::new(
                t!("The server wants to be called by its name"),
                t!("Without a name in Server Name Indication (SNI) the server refuses the handshake."),
                match name {
                    Some(name) => t!("Let SNI say “{name}”: with it the handshake succeeds.", name),
                    None => t!("Probe by the host’s name instead of its address, or give the name for SNI.")
                        .into(),
                },
            ),
            Self::ServerNameUnknown { name, default } => Explanation::new(
                t!("The server does not know this name"),
                match default {
                    Some(shown) => t!(
                        "The server refuses the name “{name}” (SNI). Without a name it answers, with the certificate of “{shown}”.",
                        name,
                        shown
                    ),
                    None => t!("The server refuses the name “{name}” (SNI).", name),
                },
                t!(
                    "Check the spelling of the name. If it is right, the server’s owner has to add it to the server’s configuration."
                ),
            ),
            Self::AlpnRefused { offered } => Explanation::new(
                t!("No application protocol in common"),
                t!(
                    "The server speaks none of the protocols that were offered in ALPN ({offered}); without ALPN it answers.",
                    offered = listed(offered, 6)
                ),
                t!("Switch “Ask over HTTP” off, or offer the protocol that the server is for."),
            ),
            Self::HandshakeRefused { code } => Explanation::new(
                t!("The server refuses the handshake"),
                t!(
                    "It answers with the alert {alert} ({code}), and did so whatever was changed.",
                    alert = alert_name(*code),
                    code
                ),
                t!("Ask the server’s owner for its log."),
            ),
            Self::ServerError { code } => Explanation::new(
                t!("Something failed inside the server"),
                t!("The server gave up with the alert {alert} ({code}).", alert = alert_name(*code), code),
                t!(
                    "Ask the server’s owner for its log. Often a certificate or key file cannot be read, or a service behind it is down."
                ),
            ),
            Self::HungUpMidway { received, reset } => {
                ProbeFailure::HungUp { received: (*received).max(1), reset: *reset }.explain()
            }
            Self::OutOfTime { phase, seconds } => Explanation::new(
                t!("The time was over"),
                t!(
                    "The probe got as far as this, and then nothing came for {seconds} seconds: {phase}.",
                    seconds,
                    phase = phase_words(*phase)
                ),
                t!(
                    "Try again. If it repeats, the server or a device in between stops there: its owner should look."
                ),
            ),
            Self::ServerSignatureWrong => ProbeFailure::ServerSignatureWrong.explain(),
            Self::ServerCertificateUnreadable => ProbeFailure::ServerCertificateUnreadable.explain(),
            Self::ServerKeyUnusable { what } => {
                ProbeFailure::NothingInCommon { what: what.clone() }.explain()
            }
            Self::ServerKeyMarkedPss => Explanation::new(
                t!("The server’s key is marked RSASSA-PSS"),
                t!(
                    "The RSA key in the server’s certificate is marked for RSASSA-PSS alone. Many clients do not check what such a key signs in TLS 1.2, this probe among them; browsers check it in no version."
                ),
                t!(
                    "The server’s owner should take a certificate with an ordinary RSA key (rsaEncryption) or an ECDSA key. With TLS 1.3 at least some clients could connect."
                ),
            ),
            Self::HandshakeTooLarge { bytes } => ProbeFailure::HandshakeTooLarge { bytes: *bytes }.explain(),
            Self::ProtocolBroken { detail } => {
                ProbeFailure::ProtocolViolation { detail: detail.clone() }.explain()
            }
            Self::IntermediateNotSent { subject, ca_issuers } => Explanation::new(
                t!("The server does not send its intermediate"),
                t!(
                    "Between the server’s certificate and a root the certificate of “{subject}” is missing. The server has to send it; browsers often fill the gap by themselves, other programs do not.",
                    subject
                ),
                match ca_issuers.first() {
                    Some(_) => {
                        t!(
                            "The server’s owner has to put the whole chain into the server’s certificate file. Until then, fetch the intermediate from the address in the certificate and judge again."
                        )
                    }
                    None => {
                        t!(
                            "The server’s owner has to put the whole chain into the server’s certificate file."
                        )
                    }
                },
            ),
            Self::ServerCertificateExpired { name, not_after } => Explanation::new(
                t!("A certificate of the server has expired"),
                t!(
                    "The certificate of “{name}” was valid until {not_after}.",
                    name,
                    not_after = format_time(*not_after)
                ),
                t!(
                    "The server’s owner has to renew it. If it was renewed already, the server has to be told to load it."
                ),
            ),
            Self::ServerCertificateNotYetValid { name, not_before } => Explanation::new(
                t!("A certificate of the server is not valid yet"),
                t!(
                    "The certificate of “{name}” is valid from {not_before}.",
                    name,
                    not_before = format_time(*not_before)
                ),
                t!(
                    "Check the clock of this machine. If that is right, the server’s owner put the certificate in place too early."
                ),
            ),
            Self::WrongName { host, names } => Explanation::new(
                t!("The certificate is for other names"),
                t!(
                    "The server was asked for “{host}”; its certificate is for {names}.",
                    host,
                    names = listed(names, 6)
                ),
                t!(
                    "Check the host. If it is right, the server’s owner has to get a certificate with this name, or to add the name to the server’s configuration."
                ),
            ),
            Self::DefaultCertificate { name, shown } => Explanation::new(
                t!("Without a name the server shows another certificate"),
                t!(
                    "No name was sent in SNI, so the server showed {shown}. Asked for “{name}”, it shows a certificate that is right.",
                    shown = match shown {
                        Some(shown) => t!("the certificate of “{shown}”", shown),
                        None => t!("another certificate").into(),
                    },
                    name
                ),
                t!("Let SNI say the host’s name. Clients that cannot do that get the wrong certificate."),
            ),
            Self::ServerSelfSigned { name } => Explanation::new(
                t!("The server’s certificate is self-signed"),
                t!(
                    "No authority vouches for the certificate of “{name}”; it is not in the trust store either.",
                    name
                ),
                t!(
                    "Compare its fingerprint with the server’s owner, and add it to the trust store if it is the same."
                ),
            ),
            Self::UnknownRoot { subject } => Explanation::new(
                t!("The root is not trusted here"),
                t!("The server’s chain ends in “{subject}”, which is not in the trust store.", subject),
                t!(
                    "If this authority is to be trusted, compare its fingerprint with its owner and add it to the trust store."
                ),
            ),
            Self::WeakAlgorithm { name, algorithm } => Explanation::new(
                t!("The certificate can be forged"),
                t!(
                    "The certificate of “{name}” relies on {algorithm}, which is no longer believed.",
                    name,
                    algorithm
                ),
                t!("The server’s owner has to get a certificate with a current algorithm and key size."),
            ),
            Self::ServerCertificateRevoked { name, since } => Explanation::new(
                t!("The certificate is revoked"),
                t!(
                    "Its issuer revoked the certificate of “{name}” on {since}.",
                    name,
                    since = format_time(*since)
                ),
                t!("Do not trust it. The server’s owner has to replace it."),
            ),
            Self::ChainBroken => Explanation::new(
                t!("The chain breaks a rule"),
                t!(
                    "The server’s chain does not lead to a trusted root by the rules; the chain’s own verdict says which."
                ),
                t!("The server’s owner has to get a certificate that keeps the rules."),
            ),
            Self::ClientCertificateDemanded { by } => Explanation::new(
                t!("A client certificate is demanded"),
                t!(
                    "The server asked for a client certificate, got none, and ended it {by}.",
                    by = denial(*by)
                ),
                t!(
                    "Choose a key under “Authentication” and probe again. If there is none, ask the server’s owner which authority issues them."
                ),
            ),
            Self::NoCommonScheme => Explanation::new(
                t!("No signature scheme in common"),
                t!(
                    "The server asks for a client certificate, and accepts no signature that the chosen key can make."
                ),
                t!("Use a key of another type (RSA instead of EC, or the other way round)."),
            ),
            Self::ClientAuthorityUnknown { alias, issuer } => Explanation::new(
                t!("The server does not know the authority"),
                t!(
                    "The server does not trust “{issuer}”, which issued the certificate of “{alias}”.",
                    issuer,
                    alias
                ),
                t!(
                    "Give the server’s owner the root certificate of your chain, for its trust store; or get a certificate from an authority that it accepts."
                ),
            ),
            Self::ClientChainIncomplete { alias, missing } => Explanation::new(
                t!("The chain of the client certificate is incomplete"),
                t!(
                    "The chain of “{alias}” ends below “{missing}”, which is neither sent nor known to the server by that name, so it finds no way to its root.",
                    alias,
                    missing
                ),
                t!("Import the certificate of “{missing}” into this keystore, and probe again.", missing),
            ),
            Self::ClientCertificateExpired { alias, not_after, really: true } => Explanation::new(
                t!("The client certificate is out of date"),
                t!(
                    "The certificate of “{alias}” is valid until {not_after}, and the server refused it.",
                    alias,
                    not_after = format_time(*not_after)
                ),
                t!("Renew it."),
            ),
            Self::ClientCertificateExpired { alias, not_after, really: false } => Explanation::new(
                t!("The server takes the client certificate for expired"),
                t!(
                    "The server says that a certificate of “{alias}” has expired; by this machine’s clock it is valid until {not_after}.",
                    alias,
                    not_after = format_time(*not_after)
                ),
                t!("The server’s owner should check its clock, and the intermediates that it holds."),
            ),
            Self::ClientCertificateRevoked { alias } => Explanation::new(
                t!("The client certificate is revoked"),
                t!("The server says that the certificate of “{alias}” has been revoked.", alias),
                t!("Get a new certificate for a new key."),
            ),
            Self::ClientCertificatePurpose { alias, usages } => Explanation::new(
                t!("The certificate is not for clients"),
                t!(
                    "The extended key usage of “{alias}” is {usages}, without clientAuth; servers refuse that.",
                    alias,
                    usages = listed(usages, 6)
                ),
                t!("Get a certificate with clientAuth in its extended key usage."),
            ),
            Self::ClientCertificateKind { alias } => Explanation::new(
                t!("The server takes no such certificate"),
                t!(
                    "The server does not take certificates of the kind of “{alias}”: its key type, or its purpose.",
                    alias
                ),
                t!("Ask the server’s owner which key types and usages it wants."),
            ),
            Self::ClientNotMapped { alias, by } => Explanation::new(
                t!("Believed, and without access"),
                t!(
                    "The server took the certificate of “{alias}”, and refused access {by}.",
                    alias,
                    by = denial(*by)
                ),
                t!("Ask the server’s owner to map this certificate to a user, or to allow it access."),
            ),
            Self::ClientSignatureRefused { alias, other_scheme_works } => Explanation::new(
                t!("The server could not check the signature"),
                if *other_scheme_works {
                    t!(
                        "The server refused the signature of “{alias}” with RSA-PSS, and took one with PKCS#1 in TLS 1.2.",
                        alias
                    )
                } else {
                    t!("The server says that the signature made with the key of “{alias}” is wrong.", alias)
                },
                if *other_scheme_works {
                    t!(
                        "Use TLS 1.2 with this server, or a key of another type. The server’s owner should update its software."
                    )
                } else {
                    t!(
                        "If the key is RSA, the server may not know RSA-PSS: try TLS 1.2, or another key. Otherwise certificate and key do not belong together."
                    )
                },
            ),
            Self::ClientCertificateRefused { alias, by, suspicions } => Explanation::new(
                t!("The client certificate was refused"),
                t!(
                    "The server refused the certificate of “{alias}” {by}, without saying why.",
                    alias,
                    by = denial(*by)
                ),
                t!(
                    "Likely, in this order: {suspicions}. The server’s log says which.",
                    suspicions = listed(
                        &suspicions.iter().map(|one| suspicion(*one).to_owned()).collect::<Vec<_>>(),
                        6
                    )
                ),
            ),
            Self::SilentAfterwards { waited_ms } => Explanation::new(
                t!("The server says no more"),
                t!(
                    "After the handshake the server said nothing for {waited_ms} ms, so whether it accepts is not known.",
                    waited_ms
                ),
                t!(
                    "Send a real request with your application, or ask the server’s owner whether its log shows a refusal."
                ),
            ),
            Self::ClosedAfterwards => Explanation::new(
                t!("The server closes its half"),
                t!(
                    "After the handshake the server closed its half of the connection in good order, without a word about the certificate."
                ),
                t!(
                    "Ask the server’s owner for its log: some servers end it like this when nobody may come in."
                ),
            ),
            Self::RenegotiationAsked => Explanation::new(
                t!("A client certificate is asked for later, by renegotiation"),
                t!(
                    "Once the request had come, the server asked to renegotiate (TLS 1.2), which is how IIS and Apache ask for a client certificate for a part of a site. Current clients refuse that."
                ),
                t!(
                    "The server’s owner should demand the certificate in the first handshake, for a host name or port of its own."
                ),
            ),
            Self::AskedAfterHandshake { seen } => Explanation::new(
                t!("A client certificate is asked for after the handshake"),
                if *seen {
                    t!(
                        "The server asked for a client certificate after the handshake of TLS 1.3 (RFC 8446 section 4.6.2), which few clients answer."
                    )
                } else {
                    t!(
                        "The server refuses the request in TLS 1.3, and in TLS 1.2 it asks for a client certificate by renegotiation at this point: it wants one after the handshake, which was not offered."
                    )
                },
                t!(
                    "The server’s owner should demand the certificate in the first handshake, for a host name or port of its own."
                ),
            ),
            Self::SignatureDeclined => ProbeFailure::SignatureDeclined.explain(),
            Self::PageSilent { seconds } => ProbeFailure::BrowserSilent { seconds: *seconds }.explain(),
            Self::BudgetUsedUp { connections } => {
                ProbeFailure::BudgetUsedUp { connections: *connections }.explain()
            }
            Self::TooManyProbes { limit } => ProbeFailure::Busy { limit: *limit }.explain(),
            Self::ServerLost => ProbeFailure::ServerLost.explain(),
            Self::Internal => ProbeFailure::Internal.explain(),
        }
    }
}

fn denial(by: Denial) -> String {
    match by {
        Denial::Alert { code } => t!("with the alert {alert} ({code})", alert = alert_name(code), code),
        Denial::HungUp => t!("by hanging up").into(),
        Denial::Http { status } => t!("in HTTP, with status {status}", status),
    }
}

fn suspicion(suspicion: Suspicion) -> &'static str {
    match suspicion {
        Suspicion::UnknownAuthority => t!("the server does not trust the authority"),
        Suspicion::NotListed => t!("the server keeps a list of certificates, and this one is not on it"),
        Suspicion::Form => t!("the server cannot use its key type or one of its extensions"),
        Suspicion::ServerClock => t!("the server’s clock is wrong"),
        Suspicion::Scheme => t!("the server does not know the signature scheme"),
    }
}

fn phase_words(phase: PhaseName) -> &'static str {
    match phase {
        PhaseName::Resolve => t!("looking the name up"),
        PhaseName::Connect => t!("connecting"),
        PhaseName::Proxy => t!("the proxy"),
        PhaseName::StartTls => t!("what is spoken before TLS"),
        PhaseName::Handshake => t!("the TLS handshake, before its end"),
        PhaseName::ClientAuthentication => t!("the client certificate, while the server looked at it"),
        PhaseName::AfterHandshake => t!("what follows the handshake"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};

    use super::examples::examples;
    use super::*;

    #[test]
    fn every_cause_has_its_own_words_and_somebody_who_acts() {
        let mut seen = HashSet::new();
        for cause in examples() {
            let words = cause.explain();
            assert!(!words.title.ends_with('.') && !words.title.is_empty(), "{words:?}");
            assert!(words.what_happened.ends_with('.'), "{words:?}");
            assert!(words.what_to_try.ends_with('.'), "{words:?}");
            assert!(seen.insert(words.what_happened.clone()), "the same sentence twice: {words:?}");
            assert_eq!(serde_json::to_value(&cause).unwrap()["kind"], cause.kind());
            assert_eq!(serde_json::to_value(cause.who()).unwrap(), cause.who().word());
        }
        let kinds: BTreeSet<_> = examples().iter().map(Cause::kind).collect();
        assert_eq!(kinds, Cause::KINDS.iter().copied().collect());
    }

    #[test]
    fn what_is_only_likely_is_told_so() {
        let mut diagnosis = Diagnosis::of(Cause::NoCommonSuite);
        assert!(!diagnosis.explain().what_happened.contains("not certain"));
        diagnosis.certain = false;
        assert!(diagnosis.explain().what_happened.ends_with("not certain."));
    }

    /// Whoever changes a cause or its words puts them into the document too.
    #[test]
    fn the_document_lists_every_cause() {
        let mut expected = String::from(
            "| kind | what it is called | what happened, for example | who has to act | what to try |\n|---|---|---|---|---|\n",
        );
        for cause in examples() {
            let Explanation { title, what_happened, what_to_try } = cause.explain();
            let row =
                [&format!("`{}`", cause.kind()), &title, &what_happened, cause.who().words(), &what_to_try];
            expected.push_str(&format!("| {} |\n", row.map(|cell| cell.replace('|', "\\|")).join(" | ")));
        }
        let document = include_str!("../../../../docs/outcomes.md");
        let at = document.find("| kind |").unwrap_or(document.len());
        assert!(document.get(at..) == Some(expected.as_str()), "put this into docs/outcomes.md:\n{expected}");
    }
}
