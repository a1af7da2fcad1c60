//! Words for what a survey of a server found: versions, cipher suites, groups and habits.

use super::{Explanation, listed};
use crate::conversation::{CutShort, Feature, SurveyedFeature, TlsVersion};
use crate::kind_of;
use crate::report::{SuiteReport, SurveyRemark, SurveyReport, VersionReport};
use crate::suites::{Strength, Weakness};
use crate::t;
use crate::ui::Told;
use crate::ui::inspect::Tone;
use crate::ui::survey::{FeatureRow, SuiteRow, SurveyView, VersionRow};

/// Suites that a sentence names at most.
const NAMED: usize = 4;

impl From<&SurveyReport> for SurveyView {
    fn from(report: &SurveyReport) -> Self {
        let remarks = report.remarks.iter().map(|remark| {
            let told = Told { kind: kind_of(remark), words: remark.explain(), who: String::new() };
            (remark.tone(), told)
        });
        let groups = report.groups.iter().map(|group| {
            let versions: Vec<&str> = group.versions.iter().map(|version| version.title()).collect();
            format!("{} ({})", group.name, versions.join(", "))
        });
        Self {
            summary: report.summary(),
            remarks: remarks.collect(),
            versions: report.versions.iter().rev().map(version_row).collect(),
            groups: groups.collect(),
            features: report.features.iter().map(feature_row).collect(),
            note: report.note(),
        }
    }
}

impl SurveyReport {
    /// What the server speaks, in a sentence.
    pub fn summary(&self) -> String {
        if let Some(failure) = &self.failure {
            return format!("{}.", failure.explain().title);
        }
        let spoken = self.versions.iter().filter(|version| version.spoken == Some(true));
        let spoken: Vec<&VersionReport> = spoken.collect();
        let names: Vec<String> = spoken.iter().map(|version| version.version.title().to_owned()).collect();
        let mut suites: Vec<u16> =
            spoken.iter().flat_map(|version| &version.suites).map(|suite| suite.code).collect();
        suites.sort_unstable();
        suites.dedup();
        let count = match suites.len() {
            0 => String::new(),
            1 => t!(", with one cipher suite").to_owned(),
            count => t!(", with {count} cipher suites", count),
        };
        match names.len() {
            0 if self.versions.iter().any(|version| version.spoken.is_none()) => {
                t!("Which versions the server speaks could not be found out.").to_owned()
            }
            0 => t!("The server speaks none of the versions that were looked for.").to_owned(),
            1 => t!("The server speaks only {names}{count}.", names = listed(&names, NAMED), count),
            _ => t!("The server speaks {names}{count}.", names = listed(&names, 9), count),
        }
    }

    /// What it took, and why it stopped if it did.
    pub fn note(&self) -> String {
        let took = match self.connections {
            1 => t!("One connection was made.").to_owned(),
            count => t!("{count} connections were made.", count),
        };
        let Some(cut_short) = self.cut_short else { return took };
        let why = match cut_short {
            CutShort::Connections => t!("More are not allowed for one probe, so this may not be all."),
            CutShort::Time => t!("Then the time was up, so this may not be all."),
            CutShort::Refused => {
                t!(
                    "Then the server stopped taking them (it seems to count connections), so this may not be all."
                )
            }
            CutShort::Silence => t!("Then the server fell silent, so this may not be all."),
        };
        format!("{took} {why}")
    }
}

fn version_row(version: &VersionReport) -> VersionRow {
    let old = version.version < TlsVersion::Tls12;
    let (state, tone) = match (version.spoken, old) {
        (Some(true), true) => {
            (t!("spoken"), if version.version == TlsVersion::Ssl3 { Tone::Bad } else { Tone::Warn })
        }
        (Some(true), false) => (t!("spoken"), Tone::Good),
        (Some(false), true) => (t!("not spoken"), Tone::Good),
        (Some(false), false) => (t!("not spoken"), Tone::Info),
        (None, _) => (t!("not known"), Tone::Info),
    };
    let order = match version.server_order {
        Some(true) => t!(", the server’s order of suites decides"),
        Some(false) => t!(", the client’s order of suites decides"),
        None => "",
    };
    VersionRow {
        name: kind_of(&version.version),
        title: version.version.title().to_owned(),
        state: format!("{state}{order}"),
        tone,
        suites: version.suites.iter().map(suite_row).collect(),
    }
}

fn suite_row(suite: &SuiteReport) -> SuiteRow {
    let detail = match (&suite.group, suite.dh_bits) {
        (Some(group), _) => group.clone(),
        (None, Some(bits)) => t!("group of {bits} bits", bits),
        (None, None) => String::new(),
    };
    let words: Vec<&str> = suite.weaknesses.iter().map(|weakness| weakness.words()).collect();
    SuiteRow {
        code: format!("0x{:04x}", suite.code),
        name: suite.name.clone(),
        detail,
        remark: words.join(", "),
        tone: suite.strength.tone(),
    }
}

fn feature_row(found: &SurveyedFeature) -> FeatureRow {
    let (yes, no) = found.feature.answers();
    let mut value = if found.found { yes } else { no }.to_owned();
    if let (Feature::LargeHelloRefused, Some(octets), true) = (found.feature, found.detail, found.found) {
        value = t!("no, not with {octets} octets", octets);
    }
    FeatureRow {
        name: kind_of(&found.feature),
        label: found.feature.label().to_owned(),
        value,
        tone: found.tone(),
    }
}

impl Strength {
    /// How it is meant.
    pub fn tone(self) -> Tone {
        match self {
            Self::Broken => Tone::Bad,
            Self::Weak => Tone::Warn,
            Self::Aging => Tone::Info,
            Self::Good => Tone::Good,
        }
    }
}

impl Weakness {
    /// What is wrong, in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoEncryption => t!("encrypts nothing"),
            Self::Anonymous => t!("nobody proves who it is"),
            Self::Export => t!("keys made short for export"),
            Self::Des => t!("DES with 56 bits or less"),
            Self::Rc2 => "RC2",
            Self::Rc4 => t!("RC4 is broken"),
            Self::TinyDiffieHellman => t!("Diffie-Hellman below 1024 bits"),
            Self::SmallDiffieHellman => t!("Diffie-Hellman below 2048 bits"),
            Self::SmallBlocks => t!("blocks of 64 bits (Sweet32)"),
            Self::Md5 => "MD5",
            Self::NoForwardSecrecy => t!("no forward secrecy"),
            Self::Cbc => "CBC",
            Self::ShortTag => t!("short authentication tag"),
        }
    }

    /// What that means for whoever relies on the connection.
    fn meaning(self) -> &'static str {
        match self {
            Self::NoEncryption => t!("Whoever is in between reads everything."),
            Self::Anonymous => t!("Whoever is in between can pose as the server."),
            Self::Export => {
                t!(
                    "Such keys are broken in hours, and by an attack (FREAK, Logjam) also for clients that do not want them."
                )
            }
            Self::Des => t!("The key is found by trying all of them."),
            Self::Rc2 => t!("It was made for export, with keys that are found by trying."),
            Self::Rc4 => {
                t!(
                    "What is sent often, such as cookies, can be read from many connections (RFC 7465 forbids it)."
                )
            }
            Self::TinyDiffieHellman => t!("Such groups are broken with a small budget (Logjam)."),
            Self::SmallDiffieHellman => {
                t!(
                    "Groups of 1024 bits are within reach of states (Logjam); most clients of today refuse them."
                )
            }
            Self::SmallBlocks => {
                t!("After some gigabytes on one connection, secrets such as cookies show (Sweet32).")
            }
            Self::Md5 => t!("No attack on the MAC is known, but no client of today offers it."),
            Self::NoForwardSecrecy => {
                t!("Who gets the server’s key, even years later, reads all that was recorded.")
            }
            Self::Cbc => {
                t!(
                    "Most attacks on padding were on these suites (BEAST, Lucky 13); implementations have to be careful."
                )
            }
            Self::ShortTag => {
                t!("A forgery goes through more easily than elsewhere; it is meant for small devices.")
            }
        }
    }
}

impl Feature {
    fn label(self) -> &'static str {
        match self {
            Self::SecureRenegotiation => t!("Secure renegotiation"),
            Self::ExtendedMasterSecret => t!("Extended master secret"),
            Self::SessionTickets => t!("Session tickets"),
            Self::OcspStaple => t!("Stapled OCSP response"),
            Self::CertificateTimestamps => t!("Certificate timestamps in TLS"),
            Self::Compression => t!("Compression"),
            Self::FallbackProtection => t!("Stops forced fallback (TLS_FALLBACK_SCSV)"),
            Self::ServerNameRequired => t!("Wants a server name (SNI)"),
            Self::LargeHelloRefused => t!("Takes a large ClientHello"),
            Self::NewVersionRefused => t!("Takes a ClientHello that offers TLS 1.3"),
            Self::UnknownExtensionRefused => t!("Takes unknown extensions"),
        }
    }

    /// What is written where it was found, and where not.
    fn answers(self) -> (&'static str, &'static str) {
        match self {
            Self::LargeHelloRefused | Self::NewVersionRefused | Self::UnknownExtensionRefused => {
                (t!("no"), t!("yes"))
            }
            _ => (t!("yes"), t!("no")),
        }
    }
}

impl SurveyedFeature {
    fn tone(&self) -> Tone {
        match (self.feature, self.found) {
            (Feature::SecureRenegotiation, true)
            | (Feature::ExtendedMasterSecret, true)
            | (Feature::FallbackProtection, true)
            | (Feature::OcspStaple, true)
            | (Feature::Compression, false)
            | (
                Feature::LargeHelloRefused | Feature::NewVersionRefused | Feature::UnknownExtensionRefused,
                false,
            ) => Tone::Good,
            (Feature::SecureRenegotiation, false) | (Feature::Compression, true) => Tone::Bad,
            (
                Feature::LargeHelloRefused | Feature::NewVersionRefused | Feature::UnknownExtensionRefused,
                true,
            ) => Tone::Warn,
            _ => Tone::Info,
        }
    }
}

impl SurveyRemark {
    /// How it is meant.
    pub fn tone(&self) -> Tone {
        match self {
            Self::Ssl3 => Tone::Bad,
            Self::NothingNewer { .. } => Tone::Bad,
            Self::OldVersions { .. } | Self::NoForwardSecrecy => Tone::Warn,
            Self::WeakSuites { weakness, .. } => weakness.strength().tone(),
            Self::BadHabit { habit } => habit.tone(),
            Self::NoTls13 => Tone::Info,
            Self::NoOldVersions | Self::NoWeakSuites | Self::PostQuantum { .. } => Tone::Good,
        }
    }

    /// The remark in words.
    pub fn explain(&self) -> Explanation {
        match self {
            Self::Ssl3 => Explanation::new(
                t!("SSL 3.0 is switched on"),
                t!(
                    "The server speaks SSL 3.0, which has been broken since 2014 (POODLE) and is forbidden by RFC 7568."
                ),
                t!("Switch SSL 3.0 off on the server."),
            ),
            Self::NothingNewer { version } => Explanation::new(
                t!("The server only speaks {version}", version = version.title()),
                t!(
                    "Nothing newer than {version} was agreed on. Browsers and most programs of today want TLS 1.2 at least.",
                    version = version.title()
                ),
                t!(
                    "Update the server’s TLS library, or switch TLS 1.2 and 1.3 on in its configuration. Until then a proxy in front of it can speak the newer versions."
                ),
            ),
            Self::OldVersions { versions } => {
                let names: Vec<String> = versions.iter().map(|version| version.title().to_owned()).collect();
                let names = listed(&names, NAMED);
                Explanation::new(
                    t!("{names} switched on", names),
                    t!("The server still speaks {names}, which RFC 8996 retired in 2021.", names),
                    t!("Switch them off, unless a client that matters to you speaks nothing newer."),
                )
            }
            Self::NoOldVersions => Explanation::new(
                t!("TLS 1.0 and 1.1 are switched off"),
                t!("The server speaks none of the retired versions."),
                "",
            ),
            Self::NoTls13 => Explanation::new(
                t!("TLS 1.3 is not spoken"),
                t!(
                    "TLS 1.2 is good enough when it is well set up. TLS 1.3 is faster and leaves less to set up wrongly."
                ),
                t!("Switch TLS 1.3 on where the server’s TLS library has it."),
            ),
            Self::WeakSuites { weakness, suites, bits } => {
                let size =
                    bits.map(|bits| t!(" The smallest group has {bits} bits.", bits)).unwrap_or_default();
                let which = listed(suites, NAMED);
                Explanation::new(
                    weakness.headline(),
                    t!(
                        "The server speaks {which}. {weakness}{size}",
                        which,
                        weakness = weakness.meaning(),
                        size
                    ),
                    weakness.remedy(),
                )
            }
            Self::NoWeakSuites => Explanation::new(
                t!("No weak cipher suites"),
                t!("None of the server’s cipher suites is known to be weak."),
                "",
            ),
            Self::NoForwardSecrecy => Explanation::new(
                t!("No forward secrecy at all"),
                t!(
                    "The server has no cipher suite with ephemeral keys. Who gets its key, even years later, reads all that was recorded; many clients of today cannot connect."
                ),
                t!("Switch suites with ECDHE on."),
            ),
            Self::BadHabit { habit } => bad_habit(habit),
            Self::PostQuantum { group } => Explanation::new(
                t!("Key exchange that holds against quantum computers"),
                t!("The server speaks {group}.", group),
                "",
            ),
        }
    }
}

impl Weakness {
    fn headline(self) -> &'static str {
        match self {
            Self::NoEncryption => t!("Suites that encrypt nothing"),
            Self::Anonymous => t!("Suites without a certificate"),
            Self::Export => t!("Export suites"),
            Self::Des => t!("Suites with DES"),
            Self::Rc2 => t!("Suites with RC2"),
            Self::Rc4 => t!("Suites with RC4"),
            Self::TinyDiffieHellman => t!("A tiny Diffie-Hellman group"),
            Self::SmallDiffieHellman => t!("A small Diffie-Hellman group"),
            Self::SmallBlocks => t!("Suites with 3DES or IDEA"),
            Self::Md5 => t!("Suites with MD5"),
            Self::NoForwardSecrecy => t!("Suites without forward secrecy"),
            Self::Cbc => t!("Suites with CBC"),
            Self::ShortTag => t!("Suites with a short tag"),
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            Self::TinyDiffieHellman | Self::SmallDiffieHellman => {
                t!(
                    "Give the server a group of 2048 bits or more (RFC 7919 has some), or switch DHE off: ECDHE is enough."
                )
            }
            Self::Cbc | Self::ShortTag => {
                t!("Nothing has to be done. Prefer suites with GCM or ChaCha20-Poly1305.")
            }
            Self::NoForwardSecrecy => {
                t!("Prefer suites with ECDHE, and switch these off when no client needs them.")
            }
            _ => t!("Switch these suites off on the server."),
        }
    }
}

fn bad_habit(habit: &SurveyedFeature) -> Explanation {
    match habit.feature {
        Feature::SecureRenegotiation => Explanation::new(
            t!("Secure renegotiation is missing"),
            t!(
                "The server does not answer the client’s word on renegotiation (RFC 5746). An attacker may put a request before that of a client, and newer clients may refuse to connect."
            ),
            t!("Update the server’s TLS library; this was fixed in 2010."),
        ),
        Feature::Compression => Explanation::new(
            t!("Compression is switched on"),
            t!(
                "The server compresses before it encrypts, so that the length of what is sent gives away secrets in it (CRIME)."
            ),
            t!("Switch TLS compression off on the server."),
        ),
        Feature::LargeHelloRefused => Explanation::new(
            t!("A large ClientHello gets no answer"),
            t!(
                "A ClientHello of {detail} octets failed where a smaller one is answered. Clients of today send large ones (for X25519MLKEM768), and meet what looks like a time-out.",
                detail = habit.detail.unwrap_or_default()
            ),
            t!("Update the server, or the firewall or load balancer in front of it."),
        ),
        Feature::NewVersionRefused => Explanation::new(
            t!("A ClientHello that offers TLS 1.3 fails"),
            t!(
                "The server or something in front of it refuses a ClientHello that offers TLS 1.3, instead of answering with the version that it speaks."
            ),
            t!("Update the server, or what is in front of it."),
        ),
        Feature::UnknownExtensionRefused => Explanation::new(
            t!("Unknown extensions are refused"),
            t!(
                "The server refuses a ClientHello with an extension that it does not know, where it should ignore it (RFC 8446 section 4.2)."
            ),
            t!("Update the server, or what is in front of it."),
        ),
        other => Explanation::new(other.label(), "", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weakness_and_habit_has_words() {
        use Weakness::*;
        let all = [
            NoEncryption,
            Anonymous,
            Export,
            Des,
            Rc2,
            Rc4,
            TinyDiffieHellman,
            SmallDiffieHellman,
            SmallBlocks,
            Md5,
            NoForwardSecrecy,
            Cbc,
            ShortTag,
        ];
        for weakness in all {
            let remark = SurveyRemark::WeakSuites { weakness, suites: vec!["TLS_X".into()], bits: None };
            let words = remark.explain();
            assert!(words.what_happened.contains("TLS_X") && !words.what_to_try.is_empty(), "{weakness:?}");
        }
        for feature in [
            Feature::SecureRenegotiation,
            Feature::Compression,
            Feature::LargeHelloRefused,
            Feature::NewVersionRefused,
            Feature::UnknownExtensionRefused,
        ] {
            let habit =
                SurveyedFeature { feature, found: feature != Feature::SecureRenegotiation, detail: None };
            assert!(!SurveyRemark::BadHabit { habit }.explain().what_happened.is_empty(), "{feature:?}");
            assert!(matches!(habit.tone(), Tone::Bad | Tone::Warn), "{feature:?}");
        }
    }

    #[test]
    fn the_summary_names_what_is_spoken() {
        let version = |version, spoken| VersionReport {
            version,
            spoken: Some(spoken),
            server_order: None,
            suites: Vec::new(),
        };
        let report = SurveyReport {
            versions: vec![version(TlsVersion::Tls10, true), version(TlsVersion::Tls12, false)],
            ..SurveyReport::default()
        };
        assert_eq!(report.summary(), "The server speaks only TLS 1.0.");
        let view = SurveyView::from(&report);
        assert_eq!(view.versions.first().map(|row| row.name.as_str()), Some("tls12"));
        assert_eq!(report.note(), "0 connections were made.");
    }
}
