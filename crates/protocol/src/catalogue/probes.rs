//! A probe's report in the words that the page shows.

use crate::conversation::{AfterHandshake, ResolvedAddress, StartTls, TlsVersion};
use crate::handshake::CheckedHandshake;
use crate::kind_of;
use crate::report::diagnosis::{Attempt, Diagnosis};
use crate::report::{
    AddressReport, AskedAgain, CertificateUse, Demand, Evidence, LogTimestamp, ProbeReport, ProbeVerdict,
    Refusal, ResumptionSeen, Staple, TimestampPlace,
};
use crate::ui::Told;
use crate::ui::inspect::Tone;
use crate::ui::probe::{
    AcceptedView, AddressRow, ClientUseView, DiagnosisView, ProbeFact, ProbeSheet, SequenceView, ServedChain,
    VerdictView,
};
use crate::ui::survey::SurveyView;
use crate::view::ChainView;
use crate::{t, tn};

use super::{alert_name, format_time};

impl From<&ProbeReport> for ProbeSheet {
    fn from(report: &ProbeReport) -> Self {
        let verdict = report.verdict.as_ref();
        let used = report.client_authentication.used.as_ref();
        Self {
            host: report.target.host.clone(),
            port: report.target.port,
            phases: report.phases.clone(),
            verdict: verdict.and_then(|verdict| verdict_view(report, verdict)),
            diagnosis: report.diagnosis.as_ref().map(|diagnosis| diagnosis_view(report, diagnosis)),
            addresses: report.every_address.iter().map(|row| address_row(report, row)).collect(),
            addresses_summary: addresses_summary(&report.every_address),
            client: used.map(|used| client_use(used, verdict)),
            chain: report
                .chain
                .as_ref()
                .map(|chain| served(chain, verdict == Some(&ProbeVerdict::ServerNotTrusted))),
            facts: facts(report),
            accepts: accepts(report),
            survey: report.survey.as_ref().map(SurveyView::from),
            sequence: report.verdict.as_ref().and_then(|_| SequenceView::of(report)),
        }
    }
}

fn verdict_view(report: &ProbeReport, verdict: &ProbeVerdict) -> Option<VerdictView> {
    let tone = verdict_tone(verdict);
    let failure = match verdict {
        ProbeVerdict::Failed { failure } => Some(failure.kind().to_owned()),
        _ => None,
    };
    Some(VerdictView {
        tone,
        told: Told { kind: verdict.kind().to_owned(), words: report.explain()?, who: String::new() },
        failure,
    })
}

fn verdict_tone(verdict: &ProbeVerdict) -> Tone {
    match verdict {
        ProbeVerdict::Reached => Tone::Good,
        ProbeVerdict::Undetermined => Tone::Info,
        ProbeVerdict::ServerNotTrusted | ProbeVerdict::CertificateDemanded => Tone::Warn,
        ProbeVerdict::CertificateRefused | ProbeVerdict::Failed { .. } => Tone::Bad,
    }
}

fn diagnosis_view(report: &ProbeReport, diagnosis: &Diagnosis) -> DiagnosisView {
    let words = diagnosis.explain();
    let says_more = report.explain().is_none_or(|verdict| verdict != words);
    DiagnosisView {
        told: Told { kind: diagnosis.cause.kind().to_owned(), words, who: diagnosis.who.words().to_owned() },
        who: diagnosis.who.word().to_owned(),
        who_words: diagnosis.who.words().to_owned(),
        certain: diagnosis.certain,
        says_more,
        evidence: diagnosis.evidence.iter().map(Attempt::words).collect(),
        cut_short: if diagnosis.cut_short {
            t!("More would have been tried; the budget of connections and time for one probe was used up.")
                .into()
        } else {
            String::new()
        },
    }
}

fn address_row(report: &ProbeReport, row: &AddressReport) -> AddressRow {
    let (title, tone) = verdict_at(report, row);
    let fingerprint = row.sha256.as_deref().and_then(|sha256| sha256.get(..11)).unwrap_or_default();
    let until =
        row.not_after.map(|until| t!(", until {until}", until = format_time(until))).unwrap_or_default();
    AddressRow {
        address: row.address.to_string(),
        tone,
        verdict: title,
        certificate: row
            .certificate
            .as_ref()
            .map(|name| t!("{name}{until}, SHA-256 {fingerprint}…", name, until, fingerprint))
            .unwrap_or_default(),
        sha256: row.sha256.clone().unwrap_or_default(),
    }
}

fn verdict_at(report: &ProbeReport, row: &AddressReport) -> (String, Tone) {
    let title = match &row.verdict {
        ProbeVerdict::Failed { failure } => failure.explain().title,
        verdict => {
            let there = ProbeReport { verdict: Some(verdict.clone()), ..report.clone() };
            there.explain().map(|words| words.title).unwrap_or_default()
        }
    };
    (title, verdict_tone(&row.verdict))
}

/// What the addresses have in common, in a sentence; empty if there are none.
pub fn addresses_summary(rows: &[AddressReport]) -> String {
    let all = rows.len();
    let answering: Vec<&AddressReport> = rows.iter().filter(|row| row.sha256.is_some()).collect();
    let Some(newest) = answering.iter().max_by_key(|row| row.not_after) else {
        return if all == 0 {
            String::new()
        } else {
            t!("None of {all} addresses shows a certificate.", all)
        };
    };
    let others = answering.iter().filter(|row| row.sha256 != newest.sha256).count();
    let mut parts = Vec::new();
    if others > 0 {
        let older = answering
            .iter()
            .filter(|row| row.sha256 != newest.sha256)
            .all(|row| row.not_after < newest.not_after);
        let which = if older { t!("an older certificate") } else { t!("another certificate") };
        parts.push(tn!(
            others,
            "{others} of {all} addresses shows {which}.",
            "{others} of {all} addresses show {which}.",
            others,
            all,
            which
        ));
    }
    let silent = all.saturating_sub(answering.len());
    if silent > 0 {
        parts.push(tn!(
            silent,
            "{silent} of {all} addresses shows none.",
            "{silent} of {all} addresses show none.",
            silent,
            all
        ));
    }
    let bad = answering.iter().filter(|row| !row.verdict.is_good()).count();
    if parts.is_empty() && bad > 0 && bad < all {
        parts.push(t!("{bad} of {all} addresses answer otherwise than the rest.", bad, all));
    }
    if parts.is_empty() {
        parts.push(match all {
            1 => t!("The name has one address.").into(),
            all => t!("All {all} addresses show the same certificate.", all),
        });
    }
    parts.join(" ")
}

fn client_use(used: &CertificateUse, verdict: Option<&ProbeVerdict>) -> ClientUseView {
    let tone = match used {
        CertificateUse::Accepted { .. } => Tone::Good,
        CertificateUse::Refused { .. } => Tone::Bad,
        CertificateUse::NotUsed { demanded: Some(_), .. } => Tone::Warn,
        CertificateUse::Undetermined { .. } | CertificateUse::NotUsed { .. } => Tone::Info,
    };
    let (by, evidence, why) = match used {
        CertificateUse::Accepted { evidence, .. } => (None, Some(evidence), None),
        CertificateUse::Refused { by, .. } => (Some(by), None, None),
        CertificateUse::Undetermined { .. } => (None, None, None),
        CertificateUse::NotUsed { why, demanded } => (demanded.as_ref(), None, Some(kind_of(why))),
    };
    ClientUseView {
        tone,
        told: Told { kind: used.kind().to_owned(), words: used.explain(), who: String::new() },
        remedy_told: verdict == Some(&ProbeVerdict::CertificateRefused),
        why,
        by: by.map(kind_of),
        evidence: evidence.map(kind_of),
        code: match by {
            Some(Refusal::Alert { code }) => Some(*code),
            _ => None,
        },
        status: match (by, evidence) {
            (Some(Refusal::Http { status, .. }), _) | (_, Some(Evidence::Http { status })) => Some(*status),
            _ => None,
        },
    }
}

fn served(chain: &ChainView, remedy_told: bool) -> ServedChain {
    let failures = chain.failures.iter().map(|failure| {
        (
            failure.at,
            Told {
                kind: kind_of(&failure.reason),
                words: failure.explain(),
                who: failure.reason.who().words().to_owned(),
            },
        )
    });
    ServedChain {
        trusted: chain.trusted,
        path: chain.path.clone(),
        failures: failures.collect(),
        remedy_told,
        remarks: chain.remarks.iter().map(Told::from).collect(),
        sent: chain.sent.clone(),
    }
}

/// What was agreed on, and with whom.
fn facts(report: &ProbeReport) -> Vec<ProbeFact> {
    let version = report.version.map(TlsVersion::title);
    let asked = report.client_authentication.requested.map(|asked| if asked { t!("Yes") } else { t!("No") });
    let checked = report.client_authentication.checked.as_ref().map(CheckedHandshake::words);
    let addresses: Vec<String> = report.addresses.iter().map(address).collect();
    let timestamps: Vec<String> = report.timestamps.iter().map(timestamp).collect();
    let rows = [
        ("proxied", t!("The proxy said"), report.proxied.clone()),
        ("before", t!("Before TLS"), before_tls(report)),
        ("greeting", t!("Greeting"), report.greeting.clone().filter(|text| !text.is_empty())),
        ("version", t!("Protocol"), version.map(str::to_owned)),
        ("cipher", t!("Cipher suite"), report.cipher_suite.clone()),
        ("group", t!("Key exchange"), report.group.clone()),
        ("alpn", t!("Application protocol"), report.alpn.clone()),
        ("resumption", t!("Session resumption"), report.resumption.map(|seen| resumption(seen).to_owned())),
        ("staple", t!("Stapled OCSP response"), report.staple.as_ref().map(staple)),
        (
            "timestamps",
            t!("Promised by transparency logs"),
            (!timestamps.is_empty()).then(|| timestamps.join("\n")),
        ),
        ("requested", t!("Client certificate asked for"), asked.map(str::to_owned)),
        ("checked", t!("Checked before signing"), checked.map(str::to_owned)),
        (
            "demand",
            t!("Client certificate required"),
            report.demand.map(|demand| demand_words(demand).to_owned()),
        ),
        (
            "asked-again",
            t!("Asked again after the handshake"),
            report.asked_again.map(|how| asked_again(how).to_owned()),
        ),
        ("after", t!("After the handshake"), report.after_handshake.as_ref().map(after)),
        ("http-status", t!("HTTP answer"), http(report).map(|(line, _)| line.to_owned())),
        ("http-server", t!("Calls itself"), http(report).and_then(|(_, server)| server.map(str::to_owned))),
        ("remote", t!("Server’s address"), report.remote.map(|address| address.to_string())),
        ("local", t!("Our address"), report.local.map(|address| address.to_string())),
        ("addresses", t!("Addresses of the name"), (!addresses.is_empty()).then(|| addresses.join("\n"))),
    ];
    let told = rows.into_iter().filter_map(|(name, label, value)| {
        Some(ProbeFact { name: name.to_owned(), label: label.to_owned(), value: value? })
    });
    told.collect()
}

/// The status line and the name of the web server, if it was asked.
fn http(report: &ProbeReport) -> Option<(&str, Option<&str>)> {
    match report.after_handshake.as_ref()? {
        AfterHandshake::Http { status_line, server, .. } if !status_line.is_empty() => {
            Some((status_line, server.as_deref()))
        }
        _ => None,
    }
}

fn before_tls(report: &ProbeReport) -> Option<String> {
    let protocol = report.target.starttls;
    (protocol != StartTls::None).then(|| protocol.title().to_owned())
}

fn resumption(seen: ResumptionSeen) -> &'static str {
    match seen {
        ResumptionSeen::Resumed => t!("Yes, the session was resumed"),
        ResumptionSeen::NotResumed => t!("No, the whole handshake was done again"),
        ResumptionSeen::Failed => t!("Not known, the second connection failed"),
    }
}

fn staple(staple: &Staple) -> String {
    match staple {
        Staple::Good { next_update: Some(until) } => {
            t!("Not revoked, says the issuer until {until}", until = format_time(*until))
        }
        Staple::Good { next_update: None } => t!("Not revoked, says the issuer").into(),
        Staple::Revoked { since } => t!("Revoked since {since}", since = format_time(*since)),
        Staple::Unusable => {
            t!("It does not count: out of date, or about another certificate, or not signed by the issuer")
                .into()
        }
        Staple::Unreadable => t!("It cannot be read").into(),
        Staple::NotChecked => t!("Not checked, since the issuer is not known").into(),
    }
}

fn timestamp(timestamp: &LogTimestamp) -> String {
    let log = timestamp.log.as_deref().unwrap_or(&timestamp.log_id).to_owned();
    let time = format_time(timestamp.at);
    match timestamp.place {
        TimestampPlace::Certificate => t!("{log}, {time}, in the certificate", log = log, time = time),
        TimestampPlace::Staple => t!("{log}, {time}, in the OCSP response", log = log, time = time),
    }
}

/// In a few words.
pub fn demand_words(demand: Demand) -> &'static str {
    match demand {
        Demand::Required => t!("Yes, without one the server refuses"),
        Demand::Optional => t!("No, it works without one too"),
        Demand::NotAskedFor => t!("No, none is asked for"),
        Demand::AskedForLater => t!("It is asked for after the handshake, for what is requested"),
    }
}

fn asked_again(how: AskedAgain) -> &'static str {
    match how {
        AskedAgain::Renegotiation => t!("Yes, by renegotiation (TLS 1.2)"),
        AskedAgain::AfterHandshake => t!("Yes, by post-handshake authentication (TLS 1.3)"),
    }
}

fn address(resolved: &ResolvedAddress) -> String {
    match resolved.refused {
        Some(why) => t!(
            "{address} (not allowed: {reason})",
            address = resolved.address,
            reason = kind_of(&why).replace('_', " ")
        ),
        None => resolved.address.to_string(),
    }
}

fn after(sign: &AfterHandshake) -> String {
    match sign {
        AfterHandshake::SessionTicket => t!("It sent a session ticket").into(),
        AfterHandshake::Data { bytes } => t!("It sent {bytes} bytes", bytes),
        AfterHandshake::Alert { code } => {
            t!("It sent the alert {alert} ({code})", alert = alert_name(*code), code)
        }
        AfterHandshake::Closed => t!("It closed the connection properly").into(),
        AfterHandshake::HungUp => t!("It hung up").into(),
        AfterHandshake::Silent { waited_ms } => t!("It said nothing for {waited_ms} ms", waited_ms),
        AfterHandshake::Http { status, .. } => t!("It answered GET / with status {status}", status),
        AfterHandshake::NotAwaited => t!("Nothing was waited for").into(),
    }
}

/// What the server accepts of a client.
fn accepts(report: &ProbeReport) -> Option<AcceptedView> {
    let client = &report.client_authentication;
    if client.requested != Some(true) {
        return None;
    }
    let authorities = match client.authorities.len() {
        0 => t!("any authority (it names none)").to_owned(),
        1 => t!("1 authority").to_owned(),
        count => t!("{count} authorities", count),
    };
    let schemes = match client.schemes.len() {
        1 => t!("1 signature scheme").to_owned(),
        count => t!("{count} signature schemes", count),
    };
    Some(AcceptedView {
        summary: format!("{authorities}, {schemes}"),
        authorities: client.authorities.clone(),
        schemes: client.schemes.clone(),
        keys: client.keys.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_summed_up() {
        let row = |last: u8, sha256: Option<&str>, not_after| AddressReport {
            address: [192, 0, 2, last].into(),
            certificate: sha256.map(str::to_owned),
            sha256: sha256.map(str::to_owned),
            not_after: sha256.map(|_| not_after),
            trusted: true,
            version: Some(TlsVersion::Tls13),
            verdict: ProbeVerdict::Reached,
        };
        let (new, old) = (row(1, Some("AA"), 20), row(2, Some("BB"), 10));
        let summary = |rows: &[&AddressReport]| {
            addresses_summary(&rows.iter().map(|row| (*row).clone()).collect::<Vec<_>>())
        };
        assert_eq!(summary(&[]), "");
        assert_eq!(summary(&[&new]), "The name has one address.");
        assert_eq!(summary(&[&new, &new]), "All 2 addresses show the same certificate.");
        assert_eq!(summary(&[&old, &new, &old]), "2 of 3 addresses show an older certificate.");
        let silent = row(3, None, 0);
        let both = "1 of 3 addresses shows an older certificate. 1 of 3 addresses shows none.";
        assert_eq!(summary(&[&old, &new, &silent]), both);
        assert_eq!(summary(&[&silent]), "None of 1 addresses shows a certificate.");
    }
}
