//! A server's habits, one ClientHello each: what it answers in extensions, and what it stumbles over.
//!
//! A small ClientHello that it answers is the measure; each other one differs from it in one thing. What seems to fail is asked twice, so that
//! no lost packet is taken for a habit.

use certwright_protocol::conversation::{
    CutShort, Feature, ServerHelloSeen, SurveyedFeature, SurveyedVersion, TlsVersion,
};
use certwright_protocol::suites::Suite;

use super::asker::{Asker, Outcome};
use super::write::ClientHello;

/// Suites in the small ClientHello.
const FEW: usize = 12;
/// Sizes of ClientHello that servers and what is before them stumbled over: from 256 to 511 octets (RFC 7685), from 512, and what does not fit
/// into one segment of TCP.
const SIZES: [u16; 3] = [400, 700, 1700];
const INAPPROPRIATE_FALLBACK: u8 = 86;

/// Finds out about every habit that can be told for the versions found.
pub(super) async fn find(asker: &Asker, found: &[SurveyedVersion]) -> Vec<SurveyedFeature> {
    let spoken: Vec<&SurveyedVersion> = found.iter().filter(|version| version.spoken == Some(true)).collect();
    let mut features = Vec::new();
    let measure = spoken.iter().rev().find(|version| version.version < TlsVersion::Tls13).or(spoken.last());
    let Some(measure) = measure else { return features };
    let small = small(asker, measure);
    // When the survey is being cut short, the rest cannot be told.
    let _ = look(asker, &spoken, measure.version, &small, &mut features).await;
    features.sort_by_key(|found| found.feature);
    features
}

fn small(asker: &Asker, version: &SurveyedVersion) -> ClientHello {
    ClientHello {
        suites: version.suites.iter().map(|suite| suite.code).take(FEW).collect(),
        groups: vec![29, 23, 24],
        alone: true,
        ..asker.manner.hello(version.version)
    }
}

async fn look(
    asker: &Asker,
    spoken: &[&SurveyedVersion],
    version: TlsVersion,
    small: &ClientHello,
    features: &mut Vec<SurveyedFeature>,
) -> Result<(), CutShort> {
    let Some(measure) = asker.ask(small.clone()).await?.hello() else { return Ok(()) };
    let mut tell = |feature, found, detail| features.push(SurveyedFeature { feature, found, detail });
    if version < TlsVersion::Tls13 {
        for (feature, found) in answered(&measure) {
            tell(feature, found, None);
        }
        let offered = ClientHello { compression: true, ..small.clone() };
        if let Outcome::Hello(seen) = asker.ask(offered).await? {
            tell(Feature::Compression, seen.compression != 0, None);
        }
    }
    if let [.., lower, _] = spoken {
        let offered = ClientHello { fallback: true, ..self::small(asker, lower) };
        match asker.ask(offered).await? {
            Outcome::Alert(INAPPROPRIATE_FALLBACK) => tell(Feature::FallbackProtection, true, None),
            Outcome::Hello(_) => tell(Feature::FallbackProtection, false, None),
            _ => {}
        }
    }
    if version == TlsVersion::Ssl3 {
        return Ok(());
    }
    if small.server_name.is_some() {
        let offered = ClientHello { server_name: None, ..small.clone() };
        let refused = refused(asker, &offered).await?;
        let alert = refused.as_ref().and_then(|outcome| match outcome {
            Outcome::Alert(code) => Some(u32::from(*code)),
            _ => None,
        });
        tell(Feature::ServerNameRequired, refused.is_some(), alert);
    }
    let mut too_large = None;
    for octets in SIZES {
        let offered = ClientHello { padded_to: octets.into(), ..small.clone() };
        if refused(asker, &offered).await?.is_some() {
            too_large = Some(u32::from(octets));
            break;
        }
    }
    tell(Feature::LargeHelloRefused, too_large.is_some(), too_large);
    let offered = ClientHello { unknown_extension: true, ..small.clone() };
    tell(Feature::UnknownExtensionRefused, refused(asker, &offered).await?.is_some(), None);
    if spoken.iter().any(|version| version.version == TlsVersion::Tls13) {
        tell(Feature::NewVersionRefused, false, None);
    } else {
        let suites = Suite::of(TlsVersion::Tls13).into_iter().chain(small.suites.iter().copied());
        let offered = ClientHello {
            version: TlsVersion::Tls13,
            alone: false,
            suites: suites.collect(),
            ..small.clone()
        };
        tell(Feature::NewVersionRefused, refused(asker, &offered).await?.is_some(), None);
    }
    Ok(())
}

/// How a ClientHello was refused, twice; `None` if it was answered.
async fn refused(asker: &Asker, offered: &ClientHello) -> Result<Option<Outcome>, CutShort> {
    for _ in 0..2 {
        let outcome = asker.ask(offered.clone()).await?;
        match outcome {
            Outcome::Hello(_) => return Ok(None),
            // An alert is no accident.
            Outcome::Alert(_) => return Ok(Some(outcome)),
            _ => {}
        }
    }
    Ok(Some(Outcome::HungUp))
}

/// What an answer up to TLS 1.2 says in its extensions.
fn answered(seen: &ServerHelloSeen) -> [(Feature, bool); 5] {
    let has = |code: u16| seen.extensions.contains(&code);
    [
        (Feature::SecureRenegotiation, has(0xff01)),
        (Feature::ExtendedMasterSecret, has(23)),
        (Feature::SessionTickets, has(35)),
        (Feature::OcspStaple, seen.ocsp_staple.is_some()),
        (Feature::CertificateTimestamps, seen.scts.is_some()),
    ]
}
