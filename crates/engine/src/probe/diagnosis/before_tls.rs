//! The other side did not come to a first word of TLS: it is silent, hangs up, or says something else.

use certwright_protocol::conversation::{PlainProtocol, ProxyProtocol, StartTls, StartTlsFault, TlsVersion};
use certwright_protocol::report::diagnosis::{Cause, Change};

use super::{Finding, Inquiry, Wanted, hello, likely};
use crate::probe::connection::Connection;

/// Connected, and not a word for `seconds`.
pub(super) fn silent(inquiry: &Inquiry<'_>, seconds: u32) -> Finding {
    if inquiry.attempt(Change::SmallHello)?.is_some_and(Connection::spoke_tls) {
        return Ok(Cause::LargeHelloLost.into());
    }
    // Servers that wait for the client to begin in clear.
    let usual = StartTls::usual_on(inquiry.target().port);
    for protocol in [usual, StartTls::Ldap, StartTls::Postgres, StartTls::XmppClient] {
        if protocol != StartTls::None
            && inquiry.target().starttls == StartTls::None
            && works(inquiry, protocol)?
        {
            return Ok(Cause::StartTlsNeeded { protocol }.into());
        }
    }
    if let Some(version) = wants_proxy_header(inquiry)? {
        return Ok(Cause::ProxyHeaderExpected { version }.into());
    }
    Ok(Cause::Silent { seconds }.into())
}

/// Connected, and closed without a word.
pub(super) fn hung_up(inquiry: &Inquiry<'_>, reset: bool) -> Finding {
    if let Some(name) = inquiry.name_sent()
        && let Some(without) = inquiry.attempt(Change::WithoutServerName)?
        && without.is_done()
    {
        return Ok(Cause::ServerNameUnknown { name, default: without.certificate() }.into());
    }
    if inquiry.name_sent().is_none()
        && let Some(name) = inquiry.host_name()
        && inquiry.succeeds(Change::WithServerName { name: name.clone() })?
    {
        return Ok(Cause::ServerNameRequired { name: Some(name) }.into());
    }
    if inquiry.attempt(Change::SmallHello)?.is_some_and(Connection::spoke_tls) {
        // Smaller in two ways: without the large key share, and without ALPN.
        let alpn = inquiry.alpn();
        if !alpn.is_empty() && inquiry.succeeds(Change::WithoutAlpn)? {
            return Ok(Cause::AlpnRefused { offered: alpn }.into());
        }
        return Ok(Cause::LargeHelloLost.into());
    }
    if inquiry.succeeds(Change::OneVersion { version: TlsVersion::Tls12 })? {
        return Ok(Cause::VersionIntolerance.into());
    }
    if let Some(version) = wants_proxy_header(inquiry)? {
        return Ok(Cause::ProxyHeaderExpected { version }.into());
    }
    if let Some(version) = hello::old_version(inquiry)? {
        return Ok(Cause::OldVersionsOnly { version }.into());
    }
    Ok(if reset { Cause::ResetAtHello } else { Cause::HungUpAtOnce }.into())
}

/// What answered is not TLS.
pub(super) fn not_tls(inquiry: &Inquiry<'_>, looks_like: PlainProtocol) -> Finding {
    let candidates: &[StartTls] = match looks_like {
        PlainProtocol::Http => return Ok(Cause::PlainHttp.into()),
        PlainProtocol::Ssh => return Ok(Cause::Ssh.into()),
        PlainProtocol::SmtpOrFtp if inquiry.target().port == 21 => &[StartTls::Ftp, StartTls::Smtp],
        PlainProtocol::SmtpOrFtp => &[StartTls::Smtp, StartTls::Ftp, StartTls::Lmtp],
        PlainProtocol::Imap => &[StartTls::Imap],
        PlainProtocol::Pop3 => &[StartTls::Pop3],
        PlainProtocol::Nntp => &[StartTls::Nntp],
        PlainProtocol::Sieve => &[StartTls::Sieve],
        PlainProtocol::Mysql => &[StartTls::Mysql],
        PlainProtocol::Xmpp => &[StartTls::XmppClient, StartTls::XmppServer],
        PlainProtocol::Irc => &[StartTls::Irc],
        PlainProtocol::Unknown => &[StartTls::Mysql],
    };
    let usual = [StartTls::usual_on(inquiry.target().port)];
    let usual = if looks_like == PlainProtocol::Unknown { &usual[..] } else { &[] };
    let mut speaks = None;
    for &protocol in usual.iter().chain(candidates).filter(|protocol| **protocol != StartTls::None) {
        if works(inquiry, protocol)? {
            return Ok(Cause::StartTlsNeeded { protocol }.into());
        }
        let tried = inquiry.attempt(Change::StartTls { protocol })?;
        if let Some((fault, said)) = tried.and_then(Connection::start_tls_fault) {
            match fault {
                StartTlsFault::NotOffered => speaks = Some(Cause::StartTlsNotOffered { protocol }),
                StartTlsFault::Refused => {
                    speaks = speaks.or(Some(Cause::StartTlsRefused { protocol, said: said.to_owned() }));
                }
                _ => {}
            }
        }
    }
    Ok(speaks.unwrap_or(Cause::OtherProtocol { looks_like }).into())
}

/// What was spoken before TLS did not lead there.
pub(super) fn start_tls_failed(
    inquiry: &Inquiry<'_>,
    protocol: StartTls,
    fault: &StartTlsFault,
    said: &str,
) -> Finding {
    match fault {
        StartTlsFault::NotOffered => Ok(Cause::StartTlsNotOffered { protocol }.into()),
        StartTlsFault::Refused => Ok(Cause::StartTlsRefused { protocol, said: said.to_owned() }.into()),
        StartTlsFault::ClearAfterAgreement => Ok(Cause::ClearAfterAgreement { protocol }.into()),
        StartTlsFault::OtherProtocol { looks_like } => not_tls(inquiry, *looks_like),
        fault => {
            if inquiry.attempt(Change::TlsAtOnce)?.is_some_and(Connection::spoke_tls) {
                return Ok(Cause::TlsFromTheStart { protocol }.into());
            }
            if *fault == StartTlsFault::TlsAlready {
                return Ok(likely(Cause::TlsFromTheStart { protocol }));
            }
            if let Some(version) = wants_proxy_header(inquiry)? {
                return Ok(Cause::ProxyHeaderExpected { version }.into());
            }
            Ok(Cause::StartTlsBroken { protocol, fault: fault.clone(), said: said.to_owned() }.into())
        }
    }
}

/// Whether TLS is reached through this protocol.
fn works(inquiry: &Inquiry<'_>, protocol: StartTls) -> Result<bool, Wanted> {
    Ok(inquiry.attempt(Change::StartTls { protocol })?.is_some_and(Connection::spoke_tls))
}

/// The version of the PROXY protocol after which the server answers.
fn wants_proxy_header(inquiry: &Inquiry<'_>) -> Result<Option<ProxyProtocol>, Wanted> {
    if inquiry.target().route.proxy_protocol.is_some() {
        return Ok(None);
    }
    for version in [ProxyProtocol::V2, ProxyProtocol::V1] {
        if inquiry.attempt(Change::WithProxyHeader { version })?.is_some_and(Connection::spoke_tls) {
            return Ok(Some(version));
        }
    }
    Ok(None)
}
