//! What a server speaks besides the handshake that the probe made: asks for a survey, and makes a report of what it found.
//!
//! The survey itself is the server's work ([`ToServer::Survey`]); here its facts are put in order and judged by the tables of
//! [`certwright_protocol::suites`]. What is remarked on, and in which order, is decided here and worded in the catalogue.

use certwright_protocol::conversation::{
    Feature, ProbeFailure, ServerEvent, Survey, SurveySpec, SurveyedFeature, SurveyedSuite, SurveyedVersion,
    Target, TlsVersion, ToServer,
};
use certwright_protocol::report::{SuiteReport, SurveyRemark, SurveyReport, VersionReport};
use certwright_protocol::suites::{Strength, Weakness, group_name, strength, weaknesses};

/// Opens a survey of everything at this target.
pub fn opening(target: Target) -> ToServer {
    ToServer::Survey { target, survey: SurveySpec::everything() }
}

/// Collects what a survey finds.
#[derive(Debug, Clone, Default)]
pub struct Collector {
    versions: Vec<SurveyedVersion>,
    rest: Survey,
}

impl Collector {
    /// Takes an event of the survey's connection.
    pub fn take(&mut self, event: &ServerEvent) {
        match event {
            ServerEvent::Surveyed(version) => {
                self.versions.retain(|known| known.version != version.version);
                self.versions.push(version.clone());
            }
            ServerEvent::SurveyDone(rest) => self.rest = rest.clone(),
            _ => {}
        }
    }

    /// The report, once the survey's connection has ended with this failure or with none.
    pub fn finish(self, failure: Option<ProbeFailure>) -> SurveyReport {
        let mut versions: Vec<VersionReport> = self.versions.into_iter().map(version_report).collect();
        versions.sort_by_key(|version| version.version);
        let Survey { groups, features, connections, cut_short } = self.rest;
        let mut report =
            SurveyReport { remarks: Vec::new(), versions, groups, features, connections, cut_short, failure };
        report.remarks = remarks(&report);
        report
    }
}

fn version_report(version: SurveyedVersion) -> VersionReport {
    VersionReport {
        version: version.version,
        spoken: version.spoken,
        server_order: version.server_order,
        suites: version.suites.into_iter().map(suite_report).collect(),
    }
}

fn suite_report(suite: SurveyedSuite) -> SuiteReport {
    let weaknesses = weaknesses(suite.code, suite.dh_bits);
    SuiteReport {
        code: suite.code,
        name: suite.name,
        group: suite.group.map(group_name),
        dh_bits: suite.dh_bits,
        strength: strength(&weaknesses),
        weaknesses,
    }
}

/// What is to be said about it: the worst first, what is good last.
fn remarks(report: &SurveyReport) -> Vec<SurveyRemark> {
    let mut remarks = version_remarks(report);
    let suites: Vec<&SuiteReport> = report.versions.iter().flat_map(|version| &version.suites).collect();
    for weakness in TOLD {
        remarks.extend(weak_suites(&suites, weakness));
    }
    let weak = |suite: &&SuiteReport| suite.strength <= Strength::Weak;
    if !suites.is_empty() {
        if suites.iter().all(|suite| suite.weaknesses.contains(&Weakness::NoForwardSecrecy)) {
            remarks.push(SurveyRemark::NoForwardSecrecy);
        }
        if !suites.iter().any(weak) && report.cut_short.is_none() {
            remarks.push(SurveyRemark::NoWeakSuites);
        }
    }
    remarks.extend(
        report.features.iter().filter(|habit| is_bad(habit)).map(|&habit| SurveyRemark::BadHabit { habit }),
    );
    let quantum = report.groups.iter().find(|group| group.name.contains("MLKEM"));
    remarks.extend(quantum.map(|group| SurveyRemark::PostQuantum { group: group.name.clone() }));
    remarks.sort_by_key(|remark| std::cmp::Reverse(remark.tone() as u8));
    remarks
}

/// The weaknesses that are worth a remark. CBC is in every suite before TLS 1.2, and short tags are a choice.
const TOLD: [Weakness; 11] = [
    Weakness::NoEncryption,
    Weakness::Anonymous,
    Weakness::Export,
    Weakness::Des,
    Weakness::Rc2,
    Weakness::TinyDiffieHellman,
    Weakness::Rc4,
    Weakness::SmallDiffieHellman,
    Weakness::SmallBlocks,
    Weakness::Md5,
    Weakness::NoForwardSecrecy,
];

fn version_remarks(report: &SurveyReport) -> Vec<SurveyRemark> {
    let state = |wanted: TlsVersion| {
        report.versions.iter().find(|version| version.version == wanted).and_then(|version| version.spoken)
    };
    let mut remarks = Vec::new();
    let spoken = report.versions.iter().filter(|version| version.spoken == Some(true));
    let spoken: Vec<TlsVersion> = spoken.map(|version| version.version).collect();
    let Some(&highest) = spoken.last() else { return remarks };
    if spoken.contains(&TlsVersion::Ssl3) {
        remarks.push(SurveyRemark::Ssl3);
    }
    let old = |version: &TlsVersion| matches!(version, TlsVersion::Tls10 | TlsVersion::Tls11);
    if highest < TlsVersion::Tls12 {
        let newer = [TlsVersion::Tls12, TlsVersion::Tls13];
        if newer.into_iter().all(|version| state(version) == Some(false)) {
            remarks.push(SurveyRemark::NothingNewer { version: highest });
        }
    } else if spoken.iter().any(old) {
        remarks.push(SurveyRemark::OldVersions { versions: spoken.into_iter().filter(old).collect() });
    } else if [TlsVersion::Ssl3, TlsVersion::Tls10, TlsVersion::Tls11]
        .into_iter()
        .all(|version| state(version) == Some(false))
    {
        remarks.push(SurveyRemark::NoOldVersions);
    }
    if highest == TlsVersion::Tls12 && state(TlsVersion::Tls13) == Some(false) {
        remarks.push(SurveyRemark::NoTls13);
    }
    remarks
}

fn weak_suites(suites: &[&SuiteReport], weakness: Weakness) -> Option<SurveyRemark> {
    let weak: Vec<&&SuiteReport> =
        suites.iter().filter(|suite| suite.weaknesses.contains(&weakness)).collect();
    let about_groups = matches!(weakness, Weakness::TinyDiffieHellman | Weakness::SmallDiffieHellman);
    let bits = weak.iter().filter_map(|suite| suite.dh_bits).min().filter(|_| about_groups);
    let mut names: Vec<String> = Vec::new();
    for suite in weak {
        if !names.contains(&suite.name) {
            names.push(suite.name.clone());
        }
    }
    (!names.is_empty()).then_some(SurveyRemark::WeakSuites { weakness, suites: names, bits })
}

fn is_bad(habit: &SurveyedFeature) -> bool {
    match habit.feature {
        Feature::SecureRenegotiation => !habit.found,
        Feature::Compression
        | Feature::LargeHelloRefused
        | Feature::NewVersionRefused
        | Feature::UnknownExtensionRefused => habit.found,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use certwright_protocol::conversation::SurveyedGroup;

    use super::*;

    fn version(version: TlsVersion, codes: &[(u16, Option<u32>)]) -> ServerEvent {
        let suite = |&(code, dh_bits): &(u16, Option<u32>)| SurveyedSuite {
            code,
            name: certwright_protocol::suites::suite_name(code),
            group: None,
            dh_bits,
        };
        ServerEvent::Surveyed(SurveyedVersion {
            version,
            spoken: Some(!codes.is_empty()),
            suites: codes.iter().map(suite).collect(),
            server_order: None,
        })
    }

    fn report(events: &[ServerEvent]) -> SurveyReport {
        let mut collector = Collector::default();
        events.iter().for_each(|event| collector.take(event));
        collector.finish(None)
    }

    #[test]
    fn an_old_server_is_told_the_worst_first() {
        let found = report(&[
            version(TlsVersion::Tls13, &[]),
            version(TlsVersion::Tls12, &[]),
            version(TlsVersion::Tls10, &[(0x000a, None), (0x0033, Some(1024))]),
            version(TlsVersion::Ssl3, &[(0x0004, None)]),
        ]);
        let order: Vec<TlsVersion> = found.versions.iter().map(|version| version.version).collect();
        assert!(order.is_sorted());
        assert_eq!(found.remarks.first(), Some(&SurveyRemark::Ssl3));
        assert!(found.remarks.contains(&SurveyRemark::NothingNewer { version: TlsVersion::Tls10 }));
        let small = SurveyRemark::WeakSuites {
            weakness: Weakness::SmallDiffieHellman,
            suites: vec!["TLS_DHE_RSA_WITH_AES_128_CBC_SHA".into()],
            bits: Some(1024),
        };
        assert!(found.remarks.contains(&small), "{:?}", found.remarks);
        assert!(!found.remarks.contains(&SurveyRemark::NoForwardSecrecy));
    }

    #[test]
    fn a_good_server_hears_good_things() {
        let found = report(&[
            version(TlsVersion::Ssl3, &[]),
            version(TlsVersion::Tls10, &[]),
            version(TlsVersion::Tls11, &[]),
            version(TlsVersion::Tls12, &[(0xc02f, None)]),
            version(TlsVersion::Tls13, &[(0x1301, None)]),
            ServerEvent::SurveyDone(Survey {
                groups: vec![SurveyedGroup {
                    code: 0x11ec,
                    name: "X25519MLKEM768".into(),
                    versions: vec![TlsVersion::Tls13],
                }],
                ..Survey::default()
            }),
        ]);
        let group = "X25519MLKEM768".to_owned();
        let good =
            [SurveyRemark::NoOldVersions, SurveyRemark::NoWeakSuites, SurveyRemark::PostQuantum { group }];
        assert_eq!(found.remarks, good);
    }

    #[test]
    fn what_is_not_known_is_not_praised() {
        let unknown = ServerEvent::Surveyed(SurveyedVersion {
            version: TlsVersion::Tls10,
            spoken: None,
            suites: Vec::new(),
            server_order: None,
        });
        let found = report(&[unknown, version(TlsVersion::Tls12, &[(0xc02f, None)])]);
        assert_eq!(found.remarks, [SurveyRemark::NoWeakSuites]);
    }
}
