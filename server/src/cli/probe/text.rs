//! A probe's report as text for people: the verdict first, then facts, a line each.

use certwright_protocol::catalogue::format_time;
use certwright_protocol::conversation::{ProxyKind, ProxyProtocol, StartTls};
use certwright_protocol::report::{PhaseName, PhaseState, ProbeReport};
use certwright_protocol::view::ChainLink;

use super::{cause, survey};

/// The report as text.
pub(super) fn describe(report: &ProbeReport) -> String {
    let mut lines = Vec::new();
    if let Some(verdict) = report.explain() {
        lines.push(format!("{}. {}", verdict.title, verdict.what_happened));
        if !verdict.what_to_try.is_empty() {
            lines.push(format!("What to try: {}", verdict.what_to_try));
        }
    }
    // The cause says it better than the failure, with its own remedy.
    let cause = cause::cause(report);
    if !cause.is_empty() {
        lines.truncate(1);
        lines.extend(cause);
    }
    lines.push(String::new());
    let mut fact = |name: &str, value: String| lines.push(format!("{name:<20}{value}"));
    if let Some(used) = &report.client_authentication.used {
        let used = used.explain();
        fact("Client certificate", format!("{}. {}", used.title, used.what_happened));
    }
    if let Some(remote) = report.remote {
        fact("Address", remote.to_string());
    }
    if let Some(proxy) = &report.target.route.proxy {
        let kind = match proxy.kind {
            ProxyKind::HttpConnect => "HTTP",
            ProxyKind::Socks5 => "SOCKS5",
        };
        let said = report.proxied.as_deref().filter(|said| !said.is_empty());
        let said = said.map(|said| format!(" said: {said}")).unwrap_or_default();
        fact("Proxy", format!("{kind} {}:{}{said}", proxy.host, proxy.port));
    }
    if let Some(version) = report.target.route.proxy_protocol {
        let version = match version {
            ProxyProtocol::V1 => "version 1",
            ProxyProtocol::V2 => "version 2",
        };
        fact("PROXY header", version.to_owned());
    }
    fact("Before TLS", before_tls(report));
    if let Some(greeting) = report.greeting.as_deref().filter(|text| !text.is_empty()) {
        let mut label = "Greeting";
        for line in greeting.lines() {
            fact(label, line.to_owned());
            label = "";
        }
    }
    if let Some(version) = report.version {
        let details = [&report.cipher_suite, &report.group, &report.alpn];
        let details: Vec<&str> = details.into_iter().flatten().map(String::as_str).collect();
        fact("Protocol", [version.title()].into_iter().chain(details).collect::<Vec<_>>().join(", "));
    }
    for (name, value) in cause::findings(report) {
        fact(name, value);
    }
    for phase in report.phases.iter().filter(|phase| phase.took_us.is_some()) {
        let failed = if phase.state == PhaseState::Failed { ", failed" } else { "" };
        let took = phase.took_us.unwrap_or_default();
        fact(phase_name(phase.name), format!("{}.{:03} ms{failed}", took / 1000, took % 1000));
    }
    if report.client_authentication.requested == Some(true) {
        let authorities = &report.client_authentication.authorities;
        let accepted =
            if authorities.is_empty() { "any (none named)".into() } else { authorities.join("; ") };
        fact("Accepted CAs", accepted);
        fact("Accepted schemes", report.client_authentication.schemes.join(", "));
    }
    if let Some(checked) = &report.client_authentication.checked {
        fact("Checked first", format!("{}.", checked.words()));
    }
    if let Some(chain) = &report.chain {
        fact("Server's chain", if chain.trusted { "trusted".into() } else { "NOT trusted".into() });
        for link in &chain.path {
            lines.push(match link {
                ChainLink::Certificate { certificate, .. } => {
                    format!("  {} (until {})", certificate.subject, format_time(certificate.not_after))
                }
                ChainLink::Missing { subject, .. } => format!("  missing: {subject}"),
            });
        }
        for failure in &chain.failures {
            let failure = failure.explain();
            lines.push(format!("  - {}: {} {}", failure.title, failure.what_happened, failure.what_to_try));
        }
        for remark in &chain.remarks {
            let remark = remark.explain();
            lines.push(format!("  - {}: {}", remark.title, remark.what_happened));
        }
    }
    lines.extend(report.survey.iter().flat_map(survey::describe));
    lines.join("\n")
}

fn before_tls(report: &ProbeReport) -> String {
    match report.target.starttls {
        StartTls::None => "nothing (--starttls says otherwise)".to_owned(),
        protocol if protocol == StartTls::usual_on(report.target.port) => {
            format!("{}, as usual on port {}", protocol.title(), report.target.port)
        }
        protocol => protocol.title().to_owned(),
    }
}

fn phase_name(phase: PhaseName) -> &'static str {
    match phase {
        PhaseName::Resolve => "Resolve",
        PhaseName::Connect => "Connect",
        PhaseName::Proxy => "Through the proxy",
        PhaseName::StartTls => "STARTTLS",
        PhaseName::Handshake => "Handshake",
        PhaseName::ClientAuthentication => "Client auth",
        PhaseName::AfterHandshake => "After handshake",
    }
}
