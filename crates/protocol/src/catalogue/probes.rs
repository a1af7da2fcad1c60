//! A probe's report in the words that the page shows.

use crate::conversation::{AfterHandshake, ResolvedAddress, StartTls, TlsVersion};
use crate::kind_of;
use crate::report::{CertificateUse, Evidence, ProbeReport, ProbeVerdict, Refusal};
use crate::ui::Told;
use crate::ui::inspect::Tone;
use crate::ui::probe::{AcceptedView, ClientUseView, ProbeFact, ProbeSheet, ServedChain, VerdictView};
use crate::view::ChainView;

use super::alert_name;

impl From<&ProbeReport> for ProbeSheet {
    fn from(report: &ProbeReport) -> Self {
        let verdict = report.verdict.as_ref();
        let used = report.client_authentication.used.as_ref();
        Self {
            host: report.target.host.clone(),
            port: report.target.port,
            phases: report.phases.clone(),
            verdict: verdict.and_then(|verdict| verdict_view(report, verdict)),
            client: used.map(|used| client_use(used, verdict)),
            chain: report
                .chain
                .as_ref()
                .map(|chain| served(chain, verdict == Some(&ProbeVerdict::ServerNotTrusted))),
            facts: facts(report),
            accepts: accepts(report),
        }
    }
}

fn verdict_view(report: &ProbeReport, verdict: &ProbeVerdict) -> Option<VerdictView> {
    let tone = match verdict {
        ProbeVerdict::Reached => Tone::Good,
        ProbeVerdict::Undetermined => Tone::Info,
        ProbeVerdict::ServerNotTrusted | ProbeVerdict::CertificateDemanded => Tone::Warn,
        ProbeVerdict::CertificateRefused | ProbeVerdict::Failed { .. } => Tone::Bad,
    };
    let failure = match verdict {
        ProbeVerdict::Failed { failure } => Some(failure.kind().to_owned()),
        _ => None,
    };
    Some(VerdictView {
        tone,
        told: Told { kind: verdict.kind().to_owned(), words: report.explain()? },
        failure,
    })
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
        told: Told { kind: used.kind().to_owned(), words: used.explain() },
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
    let failures = chain
        .failures
        .iter()
        .map(|failure| (failure.at, Told { kind: kind_of(&failure.reason), words: failure.explain() }));
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
    let asked = report.client_authentication.requested.map(|asked| if asked { "Yes" } else { "No" });
    let addresses: Vec<String> = report.addresses.iter().map(address).collect();
    let rows = [
        ("proxied", "The proxy said", report.proxied.clone()),
        ("before", "Before TLS", before_tls(report)),
        ("greeting", "Greeting", report.greeting.clone().filter(|text| !text.is_empty())),
        ("version", "Protocol", version.map(str::to_owned)),
        ("cipher", "Cipher suite", report.cipher_suite.clone()),
        ("group", "Key exchange", report.group.clone()),
        ("alpn", "Application protocol", report.alpn.clone()),
        ("requested", "Client certificate asked for", asked.map(str::to_owned)),
        ("after", "After the handshake", report.after_handshake.as_ref().map(after)),
        ("remote", "Server’s address", report.remote.map(|address| address.to_string())),
        ("local", "Our address", report.local.map(|address| address.to_string())),
        ("addresses", "Addresses of the name", (!addresses.is_empty()).then(|| addresses.join("\n"))),
    ];
    let told = rows.into_iter().filter_map(|(name, label, value)| {
        Some(ProbeFact { name: name.to_owned(), label: label.to_owned(), value: value? })
    });
    told.collect()
}

fn before_tls(report: &ProbeReport) -> Option<String> {
    let protocol = report.target.starttls;
    (protocol != StartTls::None).then(|| protocol.title().to_owned())
}

fn address(resolved: &ResolvedAddress) -> String {
    match resolved.refused {
        Some(why) => format!("{} (not allowed: {})", resolved.address, kind_of(&why).replace('_', " ")),
        None => resolved.address.to_string(),
    }
}

fn after(sign: &AfterHandshake) -> String {
    match sign {
        AfterHandshake::SessionTicket => "It sent a session ticket".into(),
        AfterHandshake::Data { bytes } => format!("It sent {bytes} bytes"),
        AfterHandshake::Alert { code } => format!("It sent the alert {} ({code})", alert_name(*code)),
        AfterHandshake::Closed => "It closed the connection properly".into(),
        AfterHandshake::HungUp => "It hung up".into(),
        AfterHandshake::Silent { waited_ms } => format!("It said nothing for {waited_ms} ms"),
        AfterHandshake::Http { status, .. } => format!("It answered GET / with status {status}"),
        AfterHandshake::NotAwaited => "Nothing was waited for".into(),
    }
}

/// What the server accepts of a client.
fn accepts(report: &ProbeReport) -> Option<AcceptedView> {
    let client = &report.client_authentication;
    if client.requested != Some(true) {
        return None;
    }
    let authorities = match client.authorities.len() {
        0 => "any authority (it names none)".to_owned(),
        1 => "1 authority".to_owned(),
        count => format!("{count} authorities"),
    };
    let schemes = match client.schemes.len() {
        1 => "1 signature scheme".to_owned(),
        count => format!("{count} signature schemes"),
    };
    Some(AcceptedView {
        summary: format!("{authorities}, {schemes}"),
        authorities: client.authorities.clone(),
        schemes: client.schemes.clone(),
        keys: client.keys.clone(),
    })
}
