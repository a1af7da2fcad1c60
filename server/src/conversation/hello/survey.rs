//! A survey: which versions of TLS a server speaks, each version's cipher suites one by one, the key exchange groups, and its habits.
//!
//! A version's suites are offered all at once, in pieces of 128, since there are servers that stumble over more; the one that is picked is
//! struck out, until the server refuses. The same suites in the reversed order tell whose order decides. In TLS 1.3 a
//! ClientHello without key shares is answered by a HelloRetryRequest, which names suite and group (RFC 8446 section 4.1.4).
//! Versions are looked at side by side, the suites of one version one after the other.

use std::sync::Arc;
use std::time::Instant;

use certwright_protocol::conversation::{
    HelloAnswer, HelloSpec, ProbeFailure, ServerEvent, ServerHelloSeen, Survey, SurveySpec, SurveyedGroup,
    SurveyedSuite, SurveyedVersion, Target, TlsVersion,
};
use certwright_protocol::suites::{KeyExchange, Suite, group_name, groups_of, suite_name};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;

use super::MOST_SUITES;
use super::asker::{Asker, Outcome};
use super::habits;
use super::strike::{Struck, strike_out};
use super::write::ClientHello;
use crate::conversation::Limits;
use crate::conversation::locate::Reached;
use crate::conversation::target::Host;

/// What a survey or a single ClientHello works on: a connection that was made by all the rules, and what they were.
pub(in crate::conversation) struct Ground {
    pub(in crate::conversation) reached: Reached,
    pub(in crate::conversation) target: Target,
    pub(in crate::conversation) host: Host,
    pub(in crate::conversation) limits: Limits,
    pub(in crate::conversation) until: Instant,
}

/// Where events of the first connection go, and the versions that were looked at. If nobody listens, the work is being stopped.
type Told = UnboundedSender<ServerEvent>;

/// Sends one ClientHello and returns what was answered.
pub(in crate::conversation) async fn one_hello(
    ground: Ground,
    spec: HelloSpec,
    told: Told,
) -> Result<HelloAnswer, ProbeFailure> {
    let until = ground.until;
    let (stream, asker) = Asker::new(ground, 1)?;
    let hello = asker.manner.specified(spec);
    asker.first(stream, hello, until, told).await
}

/// Looks at everything that `spec` asks for, and tells each version when it is done. Makes `most` connections at most, with the one that is
/// there. Fails if what answers is not TLS, or if what comes before TLS fails.
pub(in crate::conversation) async fn survey(
    ground: Ground,
    spec: SurveySpec,
    most: u32,
    told: Told,
) -> Result<Survey, ProbeFailure> {
    let until = ground.until.min(Instant::now() + ground.limits.total);
    let (stream, asker) = Asker::new(ground, most)?;
    match asker.first(stream, asker.manner.hello(TlsVersion::Tls12), until, told.clone()).await {
        // Silence and hanging up may be what this version is met with: the others are still to be seen.
        Ok(_) | Err(ProbeFailure::HungUp { .. } | ProbeFailure::HandshakeTimedOut { .. }) => {}
        Err(ProbeFailure::ProtocolViolation { .. }) => {}
        Err(failure) => return Err(failure),
    }
    let wanted = if spec.versions.is_empty() { TlsVersion::ALL.to_vec() } else { spec.versions.clone() };
    let mut each = JoinSet::new();
    for version in TlsVersion::ALL.into_iter().filter(|version| wanted.contains(version)) {
        let asker = Arc::clone(&asker);
        each.spawn(async move { one_version(&asker, version, spec.suites).await });
    }
    let mut found = Vec::new();
    while let Some(version) = each.join_next().await {
        let version = version.map_err(|_| ProbeFailure::Internal)?;
        let _ = told.send(ServerEvent::Surveyed(version.clone()));
        found.push(version);
    }
    found.sort_by_key(|version| version.version);
    let groups = if spec.groups { groups(&asker, &found).await } else { Vec::new() };
    let features = if spec.features { habits::find(&asker, &found).await } else { Vec::new() };
    Ok(Survey { groups, features, connections: asker.made(), cut_short: asker.stopped() })
}

/// A version and, if wanted, all of its suites.
async fn one_version(asker: &Asker, version: TlsVersion, every_suite: bool) -> SurveyedVersion {
    let codes = Suite::of(version);
    let most = if every_suite { usize::MAX } else { 1 };
    let hello = |codes: &[u16], extensions| ClientHello {
        suites: codes.to_vec(),
        alone: true,
        extensions,
        ..asker.manner.hello(version)
    };
    let picked = |seen: &ServerHelloSeen| (seen.version == version).then_some(seen.suite);
    let mut pieces: Vec<Struck> = Vec::new();
    let mut extensions = true;
    for piece in codes.chunks(MOST_SUITES) {
        let mut struck =
            strike_out(asker, piece.to_vec(), most, |codes| hello(codes, extensions), picked).await;
        if pieces.is_empty() && struck.taken.is_empty() && stumbles_over_extensions(version, &struck) {
            let bare = strike_out(asker, piece.to_vec(), most, |codes| hello(codes, false), picked).await;
            extensions = bare.taken.is_empty();
            struck = if extensions { struck } else { bare };
        }
        // An alert about the version is about all suites of it, unless it has shown to be spoken.
        let over = match struck.refusal {
            Some(Outcome::Alert(PROTOCOL_VERSION)) => struck.taken.is_empty(),
            Some(Outcome::Silent) => true,
            _ => struck.cut_short.is_some() || (!every_suite && !struck.taken.is_empty()),
        };
        pieces.push(struck);
        if over {
            break;
        }
    }
    let spoken = if pieces.iter().any(|piece| !piece.taken.is_empty()) {
        Some(true)
    } else if pieces
        .iter()
        .any(|piece| piece.cut_short.is_some() || matches!(piece.refusal, Some(Outcome::Silent)))
    {
        None
    } else {
        Some(false)
    };
    let mut suites = Vec::new();
    for piece in pieces {
        suites = merge(asker, suites, piece.taken, |codes| hello(codes, extensions), picked).await;
    }
    let codes: Vec<u16> = suites.iter().map(|(code, _)| *code).collect();
    let server_order =
        if every_suite { whose_order(asker, &codes, |codes| hello(codes, extensions)).await } else { None };
    SurveyedVersion {
        version,
        spoken,
        suites: suites.into_iter().map(|(code, seen)| suite(code, &seen)).collect(),
        server_order,
    }
}

const PROTOCOL_VERSION: u8 = 70;

/// Whether the refusal may be about extensions: hanging up, or an alert that says that the message makes no sense.
fn stumbles_over_extensions(version: TlsVersion, struck: &Struck) -> bool {
    (TlsVersion::Tls10..=TlsVersion::Tls12).contains(&version)
        && matches!(struck.refusal, Some(Outcome::HungUp | Outcome::Odd | Outcome::Alert(10 | 47 | 50)))
}

fn suite(code: u16, seen: &ServerHelloSeen) -> SurveyedSuite {
    SurveyedSuite { code, name: suite_name(code), group: seen.group, dh_bits: seen.dh_bits }
}

type Taken = Vec<(u16, ServerHelloSeen)>;

/// Brings two lists, each in the server's order, into one: offers the first of each, and takes the one that is picked.
async fn merge(
    asker: &Asker,
    one: Taken,
    other: Taken,
    hello: impl Fn(&[u16]) -> ClientHello,
    picked: impl Fn(&ServerHelloSeen) -> Option<u16>,
) -> Taken {
    let mut merged = Vec::with_capacity(one.len() + other.len());
    let (mut one, mut other) = (one.into_iter().peekable(), other.into_iter().peekable());
    while let (Some((first, _)), Some((second, _))) = (one.peek(), other.peek()) {
        let offered = hello(&[*first, *second]);
        let answer = asker.ask(offered).await.ok().and_then(Outcome::hello);
        let takes_second = answer.as_ref().and_then(&picked) == Some(*second);
        merged.extend(if takes_second { other.next() } else { one.next() });
    }
    merged.extend(one);
    merged.extend(other);
    merged
}

/// Whether the server's order decides: it still picks its favourite when that is offered last.
async fn whose_order(asker: &Asker, codes: &[u16], hello: impl Fn(&[u16]) -> ClientHello) -> Option<bool> {
    let (favourite, others) = codes.split_first()?;
    let reversed: Vec<u16> = others.iter().rev().chain([favourite]).copied().take(MOST_SUITES).collect();
    if others.is_empty() || reversed.last() != Some(favourite) {
        return None;
    }
    let seen = asker.ask(hello(&reversed)).await.ok()?.hello()?;
    Some(seen.suite == *favourite)
}

/// The key exchange groups of TLS 1.3 and of the highest version before it, one by one.
async fn groups(asker: &Asker, found: &[SurveyedVersion]) -> Vec<SurveyedGroup> {
    let mut groups: Vec<SurveyedGroup> = Vec::new();
    let spoken = found.iter().rev().filter(|version| version.spoken == Some(true));
    let mut before = false;
    for version in spoken {
        let suites: Vec<u16> =
            version.suites.iter().map(|suite| suite.code).filter(|code| uses_groups(*code)).collect();
        let tls13 = version.version == TlsVersion::Tls13;
        if suites.is_empty() || version.version == TlsVersion::Ssl3 || (before && !tls13) {
            continue;
        }
        before |= !tls13;
        let hello = |codes: &[u16]| ClientHello {
            suites: suites.iter().copied().take(MOST_SUITES).collect(),
            groups: codes.to_vec(),
            shares: Vec::new(),
            alone: true,
            ..asker.manner.hello(version.version)
        };
        let picked = |seen: &ServerHelloSeen| seen.group.filter(|_| seen.version == version.version);
        let all = groups_of(version.version);
        for (code, _) in strike_out(asker, all, usize::MAX, hello, picked).await.taken {
            match groups.iter_mut().find(|group| group.code == code) {
                Some(known) => known.versions.push(version.version),
                None => groups.push(SurveyedGroup {
                    code,
                    name: group_name(code),
                    versions: vec![version.version],
                }),
            }
        }
    }
    groups
}

fn uses_groups(code: u16) -> bool {
    let kind = Suite::from_code(code).map(Suite::key_exchange);
    matches!(
        kind,
        Some(KeyExchange::Separate | KeyExchange::Ecdhe | KeyExchange::EcdhAnon | KeyExchange::EcdhePsk)
    )
}
