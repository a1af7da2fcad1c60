//! What a probe found: the verdict first, then what became of the client certificate, then the server's chain and all facts.

use std::rc::Rc;

use certwright_protocol::conversation::{AfterHandshake, ResolvedAddress, TlsVersion};
use certwright_protocol::report::{CertificateUse, Evidence, ProbeReport, ProbeVerdict, Refusal};
use certwright_protocol::Bytes;
use certwright_protocol::ui::InputFile;
use certwright_protocol::view::{CertificateView, ChainFailure, ChainLink, ChainView};
use yew::prelude::*;

use crate::browser;
use crate::parts::badge::badge;
use crate::pages::inspect::desk::Change;
use crate::parts::certificate::fact_of;
use crate::parts::chain::{Card, Chain, TrustButton};
use crate::parts::controls::button;
use crate::parts::explanation::what_to_try_line;
use crate::parts::word::word;
use crate::parts::{breakable, icon, kind_of, pem};
use crate::state::{Action, Tone, use_app};

#[derive(Properties, PartialEq)]
pub(super) struct OutcomeProps {
    pub(super) report: Rc<ProbeReport>,
}

/// The result, as far as it goes.
#[component]
pub(super) fn Outcome(props: &OutcomeProps) -> Html {
    let report = &props.report;
    html! {
        <div class="outcome" data-testid="probe-result">
            { verdict(report) }
            { report.client_authentication.used.as_ref().map(|used| client_certificate(used, report.verdict.as_ref())).unwrap_or_default() }
            if let Some(chain) = &report.chain {
                <ServerChain chain={chain.clone()} host={report.target.host.clone()} port={report.target.port}
                    told={report.verdict == Some(ProbeVerdict::ServerNotTrusted)} />
            }
            { facts(report) }
            { accepts(report) }
        </div>
    }
}

fn verdict(report: &ProbeReport) -> Html {
    let (Some(verdict), Some(explanation)) = (&report.verdict, report.explain()) else { return html! {} };
    let (tone, icon_name) = match verdict {
        ProbeVerdict::Reached => (Tone::Good, "check"),
        ProbeVerdict::Undetermined => (Tone::Info, "question"),
        ProbeVerdict::ServerNotTrusted | ProbeVerdict::CertificateDemanded => (Tone::Warn, "warn"),
        ProbeVerdict::CertificateRefused | ProbeVerdict::Failed { .. } => (Tone::Bad, "cross"),
    };
    let failure = match verdict {
        ProbeVerdict::Failed { failure } => Some(failure.kind()),
        _ => None,
    };
    html! {
        <section class={classes!("verdict", tone.word())} role="status" data-testid="probe-verdict" data-verdict={verdict.kind()} data-failure={failure}>
            <span class="seal">{ icon(icon_name) }</span>
            <div>
                <h2>{ explanation.title }</h2>
                <p>{ explanation.what_happened }</p>
                { what_to_try_line(&explanation.what_to_try) }
            </div>
        </section>
    }
}

/// **Client certificate used:** yes, and …; or no, and why.
fn client_certificate(used: &CertificateUse, verdict: Option<&ProbeVerdict>) -> Html {
    let explanation = used.explain();
    let (tone, icon_name) = match used {
        CertificateUse::Accepted { .. } => (Tone::Good, "check"),
        CertificateUse::Refused { .. } => (Tone::Bad, "cross"),
        CertificateUse::Undetermined { .. } => (Tone::Info, "question"),
        CertificateUse::NotUsed { demanded: Some(_), .. } => (Tone::Warn, "warn"),
        CertificateUse::NotUsed { .. } => (Tone::Info, "skip"),
    };
    let (by, evidence, why) = match used {
        CertificateUse::Accepted { evidence, .. } => (None, Some(evidence), None),
        CertificateUse::Refused { by, .. } => (Some(by), None, None),
        CertificateUse::Undetermined { .. } => (None, None, None),
        CertificateUse::NotUsed { why, demanded } => (demanded.as_ref(), None, Some(kind_of(why))),
    };
    let code = by.and_then(|by| match by {
        Refusal::Alert { code } => Some(code.to_string()),
        _ => None,
    });
    let status = match (by, evidence) {
        (Some(Refusal::Http { status, .. }), _) | (_, Some(Evidence::Http { status })) => {
            Some(status.to_string())
        }
        _ => None,
    };
    html! {
        <section class={classes!("client-use", tone.word())} data-testid="probe-client-cert" data-use={used.kind()} data-why={why}
            data-by={by.map(kind_of)} data-evidence={evidence.map(kind_of)} data-code={code} data-status={status}>
            <h3>{ word("client", "Client certificate") }{ " used" }</h3>
            <p class="answer">{ icon(icon_name) }<strong>{ explanation.title }</strong></p>
            <p>{ explanation.what_happened }</p>
            // The verdict has told this remedy already.
            if verdict != Some(&ProbeVerdict::CertificateRefused) { { what_to_try_line(&explanation.what_to_try) } }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct ServerChainProps {
    chain: ChainView,
    host: AttrValue,
    port: u16,
    /// Whether the verdict above has told the first failure's remedy already.
    told: bool,
}

/// The server's chain with the trust store's verdict.
#[component]
fn ServerChain(props: &ServerChainProps) -> Html {
    let app = use_app();
    let chain = &props.chain;
    let failed_at =
        |index: usize| chain.failures.iter().any(|failure| failure.at.is_some_and(|at| at as usize == index));
    let cards: Vec<Card> = chain
        .path
        .iter()
        .enumerate()
        .map(|(index, link)| Card { link: link.clone(), failed: failed_at(index) })
        .collect();
    let in_path = |certificate: &CertificateView| {
        chain.path.iter().any(|link| match link {
            ChainLink::Certificate { certificate: there, .. } => there.sha256 == certificate.sha256,
            ChainLink::Missing { .. } => false,
        })
    };
    let beside: Vec<&CertificateView> =
        chain.sent.iter().filter(|certificate| !in_path(certificate)).collect();
    let download = Callback::from({
        let (name, text) = (format!("{}-{}.pem", props.host, props.port), pem::to_pem(&chain.sent));
        let app = app.clone();
        move |_: MouseEvent| match browser::download(&name, "application/x-pem-file", text.as_bytes()) {
            Ok(()) => app.toast(Tone::Good, format!("{name} goes to your downloads")),
            Err(_) => app.toast(Tone::Bad, "The browser did not take the download"),
        }
    });
    let inspect = app.on({
        let (host, sent) = (props.host.clone(), chain.sent.clone());
        move || {
            let content = Bytes(pem::to_pem(&sent).into_bytes());
            Action::Inspect(Change::Incoming(vec![InputFile { name: format!("sent by {host}"), content }], Vec::new()))
        }
    });
    let (tone, icon_name, words) = match chain.trusted {
        true => (Tone::Good, "shield", "Trusted by your trust store"),
        false => (Tone::Warn, "warn", "Not trusted by your trust store"),
    };
    html! {
        <section class="block" data-testid="probe-chain" data-trusted={chain.trusted.to_string()}>
            <div class="block-head">
                <h3>{ "The server’s " }{ word("chain", "chain") }</h3>
                { badge(tone, icon_name, words) }
                if !chain.sent.is_empty() {
                    <div class="actions">
                        { button("small", "probe-inspect", "look", "Inspect this chain", inspect) }
                        { button("small", "probe-chain-download", "download", "Download chain", download) }
                    </div>
                }
            </div>
            if !chain.failures.is_empty() {
                <ul class="failures">{ for chain.failures.iter().enumerate().map(|(index, found)| failure(found, index > 0 || !props.told)) }</ul>
            }
            <Chain cards={Rc::new(cards)} end="Server certificate" origins={true} addable={!chain.trusted} />
            if !beside.is_empty() {
                <div class="beside">
                    <h4>{ "Sent as well, not part of the chain" }</h4>
                    <ul>{ for beside.into_iter().map(|certificate| html! {
                        <li>
                            <span title={certificate.subject.clone()}>{ &certificate.name }</span>
                            if certificate.is_ca || certificate.is_self_issued { <TrustButton certificate={certificate.clone()} /> }
                        </li>
                    }) }</ul>
                </div>
            }
            if !chain.remarks.is_empty() {
                <ul class="remarks">{ for chain.remarks.iter().map(|remark| {
                    let explanation = remark.explain();
                    html! {
                        <li data-testid="probe-remark" data-kind={kind_of(remark)}>
                            { icon("info") }
                            <div><strong>{ explanation.title }</strong><p>{ explanation.what_happened }{ " " }{ explanation.what_to_try }</p></div>
                        </li>
                    }
                }) }</ul>
            }
        </section>
    }
}

fn failure(failure: &ChainFailure, with_remedy: bool) -> Html {
    let explanation = failure.explain();
    html! {
        <li data-testid="probe-failure" data-reason={kind_of(&failure.reason)}>
            { icon("warn") }
            <div>
                <strong>{ explanation.title }</strong>
                <p>{ explanation.what_happened }</p>
                if with_remedy { { what_to_try_line(&explanation.what_to_try) } }
            </div>
        </li>
    }
}

/// What was agreed on, and with whom.
fn facts(report: &ProbeReport) -> Html {
    let version = report.version.map(|version| match version {
        TlsVersion::Tls12 => "TLS 1.2",
        TlsVersion::Tls13 => "TLS 1.3",
    });
    let asked = report.client_authentication.requested.map(|asked| if asked { "Yes" } else { "No" });
    let addresses: Vec<String> = report.addresses.iter().map(address).collect();
    let rows: [(&'static str, &'static str, Option<String>); 9] = [
        ("probe-fact-version", "Protocol", version.map(Into::into)),
        ("probe-fact-cipher", "Cipher suite", report.cipher_suite.clone()),
        ("probe-fact-group", "Key exchange", report.group.clone()),
        ("probe-fact-alpn", "Application protocol", report.alpn.clone()),
        ("probe-fact-requested", "Client certificate asked for", asked.map(Into::into)),
        ("probe-fact-after", "After the handshake", report.after_handshake.as_ref().map(after)),
        ("probe-fact-remote", "Server’s address", report.remote.map(|address| address.to_string())),
        ("probe-fact-local", "Our address", report.local.map(|address| address.to_string())),
        (
            "probe-fact-addresses",
            "Addresses of the name",
            (!addresses.is_empty()).then(|| addresses.join("\n")),
        ),
    ];
    let shown: Vec<Html> = rows
        .into_iter()
        .filter_map(|(testid, name, value)| {
            let value = value?;
            let lines: Html =
                value.lines().map(|line| html! { <span class="line">{ breakable(line) }</span> }).collect();
            Some(fact_of(name, &value, lines, Some(testid)))
        })
        .collect();
    if shown.is_empty() {
        return html! {};
    }
    html! {
        <section class="block">
            <h3>{ "Connection" }</h3>
            <dl class="facts two" data-testid="probe-facts">{ shown }</dl>
        </section>
    }
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
        AfterHandshake::Alert { code } => {
            format!("It sent the alert {} ({code})", certwright_protocol::catalogue::alert_name(*code))
        }
        AfterHandshake::Closed => "It closed the connection properly".into(),
        AfterHandshake::HungUp => "It hung up".into(),
        AfterHandshake::Silent { waited_ms } => format!("It said nothing for {waited_ms} ms"),
        AfterHandshake::Http { status, .. } => format!("It answered GET / with status {status}"),
        AfterHandshake::NotAwaited => "Nothing was waited for".into(),
    }
}

/// What the server accepts of a client.
fn accepts(report: &ProbeReport) -> Html {
    let client = &report.client_authentication;
    if client.requested != Some(true) {
        return html! {};
    }
    let authorities = match client.authorities.len() {
        0 => "any authority (it names none)".to_owned(),
        count => crate::parts::counted(count, "authority").replace("authoritys", "authorities"),
    };
    html! {
        <details class="block" data-testid="probe-accepts">
            <summary>{ "What the server accepts of a client: " }{ authorities }{ ", " }{ crate::parts::counted(client.schemes.len(), "signature scheme") }</summary>
            if !client.authorities.is_empty() {
                <h4>{ "Authorities" }</h4>
                <ul class="plain" data-testid="probe-authorities">{ for client.authorities.iter().map(|name| html! { <li>{ name }</li> }) }</ul>
            }
            <h4>{ "Signature schemes" }</h4>
            <ul class="plain mono" data-testid="probe-schemes">{ for client.schemes.iter().map(|name| html! { <li>{ name }</li> }) }</ul>
        </details>
    }
}
