//! The handshake began, and did not come to its end: versions, suites, groups, names, and what is not TLS as it should be.

use certwright_protocol::conversation::{HelloAnswer, ProbeFailure, TlsVersion, Versions};
use certwright_protocol::report::diagnosis::{Cause, Change};
use certwright_protocol::report::{PhaseName, PhaseState};

use super::suites::{self, Kind};
use super::{Finding, Found, Inquiry, Wanted, likely};
use crate::probe::connection::Connection;

/// A failure of the handshake.
pub(super) fn refused(inquiry: &Inquiry<'_>, failure: &ProbeFailure) -> Finding {
    match failure {
        ProbeFailure::VersionTooOld => version(inquiry),
        ProbeFailure::NothingInCommon { what } => match what.as_str() {
            "TLS version" => version(inquiry),
            "cipher suite" => alert(inquiry, 40),
            "key exchange group" => {
                Ok(groups(inquiry)?.unwrap_or(Cause::NoCommonGroup { group: None }.into()))
            }
            what if what.contains("client certificates") => Ok(Cause::NoCommonScheme.into()),
            what if what.contains("RSASSA-PSS") => Ok(Cause::ServerKeyMarkedPss.into()),
            what => Ok(Cause::ServerKeyUnusable { what: what.to_owned() }.into()),
        },
        ProbeFailure::Alert { code, .. } => alert(inquiry, *code),
        ProbeFailure::HungUp { received, reset } => {
            Ok(tolerance(inquiry)?
                .unwrap_or(Cause::HungUpMidway { received: *received, reset: *reset }.into()))
        }
        ProbeFailure::HandshakeTimedOut { seconds, .. } => {
            let cause = Cause::OutOfTime { phase: failed_phase(inquiry.main), seconds: *seconds };
            Ok(tolerance(inquiry)?.unwrap_or(cause.into()))
        }
        ProbeFailure::ProtocolViolation { detail } => {
            Ok(tolerance(inquiry)?.unwrap_or(Cause::ProtocolBroken { detail: detail.clone() }.into()))
        }
        _ => Ok(Cause::Internal.into()),
    }
}

/// The phase in which a connection ended.
fn failed_phase(connection: &Connection) -> PhaseName {
    let failed = connection.report.phases.iter().find(|phase| phase.state == PhaseState::Failed);
    failed.map_or(PhaseName::Handshake, |phase| phase.name)
}

fn version(inquiry: &Inquiry<'_>) -> Finding {
    let one = |version| Change::OneVersion { version };
    match inquiry.target().versions {
        Versions::Tls13 if inquiry.succeeds(one(TlsVersion::Tls12))? => return Ok(Cause::Tls12Only.into()),
        Versions::Tls12 if inquiry.succeeds(one(TlsVersion::Tls13))? => return Ok(Cause::Tls13Only.into()),
        Versions::Both if inquiry.succeeds(one(TlsVersion::Tls12))? => {
            return Ok(Cause::VersionIntolerance.into());
        }
        _ => {}
    }
    Ok(match old_version(inquiry)? {
        Some(version) => Cause::OldVersionsOnly { version }.into(),
        None => likely(Cause::OldVersionsOnly { version: TlsVersion::Tls11 }),
    })
}

/// The newest version before TLS 1.2 that the server answers with.
pub(super) fn old_version(inquiry: &Inquiry<'_>) -> Result<Option<TlsVersion>, Wanted> {
    for version in [TlsVersion::Tls11, TlsVersion::Ssl3] {
        if let Some(HelloAnswer::ServerHello(seen)) = answer(inquiry, Change::OldHello { version })?
            && seen.version < TlsVersion::Tls12
        {
            return Ok(Some(seen.version));
        }
    }
    Ok(None)
}

fn alert(inquiry: &Inquiry<'_>, code: u8) -> Finding {
    if let Some(found) = names(inquiry, code)? {
        return Ok(found);
    }
    let alpn = inquiry.alpn();
    if code == 120 || (!alpn.is_empty() && !matches!(code, 40 | 70 | 71 | 112)) {
        if inquiry.succeeds(Change::WithoutAlpn)? {
            return Ok(Cause::AlpnRefused { offered: alpn }.into());
        }
        if code == 120 {
            return Ok(likely(Cause::AlpnRefused { offered: alpn }));
        }
    }
    if matches!(code, 40 | 71 | 47 | 80) {
        if let Some(found) = other_suites(inquiry)? {
            return Ok(found);
        }
        if let Some(found) = groups(inquiry)? {
            return Ok(found);
        }
    }
    if let Some(found) = tolerance(inquiry)? {
        return Ok(found);
    }
    if let Some(version) = old_version(inquiry)? {
        return Ok(Cause::OldVersionsOnly { version }.into());
    }
    Ok(match code {
        80 => Cause::ServerError { code }.into(),
        40 | 71 => likely(Cause::NoCommonSuite),
        code => Cause::HandshakeRefused { code }.into(),
    })
}

/// Whether it is the name in SNI, or that there is none.
fn names(inquiry: &Inquiry<'_>, code: u8) -> Result<Option<Found>, Wanted> {
    if !matches!(code, 40 | 80 | 112 | 49) {
        return Ok(None);
    }
    if let Some(name) = inquiry.name_sent() {
        let without = inquiry.attempt(Change::WithoutServerName)?;
        if let Some(without) = without.filter(|without| without.is_done()) {
            return Ok(Some(Cause::ServerNameUnknown { name, default: without.certificate() }.into()));
        }
        return Ok((code == 112).then(|| Cause::ServerNameUnknown { name, default: None }.into()));
    }
    if let Some(name) = inquiry.host_name()
        && inquiry.succeeds(Change::WithServerName { name: name.clone() })?
    {
        return Ok(Some(Cause::ServerNameRequired { name: Some(name) }.into()));
    }
    Ok((code == 112).then(|| Cause::ServerNameRequired { name: None }.into()))
}

/// Whether the server takes suites that the TLS library does not speak.
fn other_suites(inquiry: &Inquiry<'_>) -> Result<Option<Found>, Wanted> {
    let Some(HelloAnswer::ServerHello(seen)) = answer(inquiry, Change::OtherSuites)? else {
        return Ok(None);
    };
    if seen.version < TlsVersion::Tls12 {
        // With such a suite it would not be reached either: it says that before it says that it is too old.
        return Ok(Some(Cause::OldVersionsOnly { version: seen.version }.into()));
    }
    let suite = seen.suite;
    Ok(suites::kind(suite).map(|kind| {
        match kind {
            Kind::FiniteField => Cause::FiniteFieldOnly { suite, bits: seen.dh_bits },
            Kind::StaticRsa => Cause::StaticRsaOnly { suite },
            Kind::Broken => Cause::BrokenSuitesOnly { suite },
        }
        .into()
    }))
}

/// Whether the server takes groups that the TLS library does not speak.
fn groups(inquiry: &Inquiry<'_>) -> Result<Option<Found>, Wanted> {
    let seen = match answer(inquiry, Change::OtherGroups)? {
        Some(HelloAnswer::ServerHello(seen)) => seen,
        _ => return Ok(None),
    };
    Ok(seen.group.map(|group| Cause::NoCommonGroup { group: Some(group) }.into()))
}

/// Whether it is TLS 1.3, or the size of the ClientHello, that the server stumbles over.
fn tolerance(inquiry: &Inquiry<'_>) -> Result<Option<Found>, Wanted> {
    if inquiry.target().versions == Versions::Both
        && inquiry.succeeds(Change::OneVersion { version: TlsVersion::Tls12 })?
    {
        return Ok(Some(Cause::VersionIntolerance.into()));
    }
    if inquiry.succeeds(Change::SmallHello)? {
        return Ok(Some(Cause::LargeHelloLost.into()));
    }
    Ok(None)
}

fn answer<'a>(inquiry: &Inquiry<'a>, change: Change) -> Result<Option<&'a HelloAnswer>, Wanted> {
    Ok(inquiry.attempt(change)?.and_then(|connection| connection.hello.as_ref()))
}
