//! What a probe found: the verdict first, then what became of the client certificate, then the server's chain and all facts.

use std::rc::Rc;

use certwright_protocol::Bytes;
use certwright_protocol::ui::probe::{AcceptedView, ClientUseView, ProbeFact, ServedChain, VerdictView};
use certwright_protocol::ui::{InputFile, ProbeSheet, Told};
use certwright_protocol::view::{CertificateView, ChainLink};
use yew::prelude::*;

use crate::browser;
use crate::pages::inspect::desk::Change;
use crate::parts::badge::badge;
use crate::parts::certificate::fact_of;
use crate::parts::chain::{Card, Chain, TrustButton};
use crate::parts::controls::button;
use crate::parts::explanation::what_to_try_line;
use crate::parts::key_fits::key_fits;
use crate::parts::word::word;
use crate::parts::{breakable, icon, pem};
use crate::state::{Action, Tone, use_app};

#[derive(Properties, PartialEq)]
pub(super) struct OutcomeProps {
    pub(super) report: Rc<ProbeSheet>,
}

/// The result, as far as it goes.
#[component]
pub(super) fn Outcome(props: &OutcomeProps) -> Html {
    let report = &props.report;
    html! {
        <div class="outcome" data-testid="probe-result">
            { report.verdict.as_ref().map(verdict).unwrap_or_default() }
            { report.client.as_ref().map(client_certificate).unwrap_or_default() }
            if let Some(chain) = &report.chain { <ServerChain chain={chain.clone()} host={report.host.clone()} port={report.port} /> }
            { facts(&report.facts) }
            { report.accepts.as_ref().map(accepts).unwrap_or_default() }
        </div>
    }
}

/// The icon of a verdict.
fn seal(tone: Tone) -> Html {
    icon(match tone {
        Tone::Good => "check",
        Tone::Info => "question",
        Tone::Warn => "warn",
        Tone::Bad => "cross",
    })
}

fn verdict(verdict: &VerdictView) -> Html {
    let Told { kind, words } = &verdict.told;
    html! {
        <section class={classes!("verdict", verdict.tone.word())} role="status" data-testid="probe-verdict" data-verdict={kind.clone()} data-failure={verdict.failure.clone()}>
            <span class="seal">{ seal(verdict.tone) }</span>
            <div>
                <h2>{ &words.title }</h2>
                <p>{ &words.what_happened }</p>
                { what_to_try_line(&words.what_to_try) }
            </div>
        </section>
    }
}

/// **Client certificate used:** yes, and …; or no, and why.
fn client_certificate(used: &ClientUseView) -> Html {
    let Told { kind, words } = &used.told;
    html! {
        <section class={classes!("client-use", used.tone.word())} data-testid="probe-client-cert" data-use={kind.clone()} data-why={used.why.clone()}
            data-by={used.by.clone()} data-evidence={used.evidence.clone()} data-code={used.code.map(|code| code.to_string())}
            data-status={used.status.map(|status| status.to_string())}>
            <h3>{ word("client", "Client certificate") }{ " used" }</h3>
            <p class="answer">{ seal(used.tone) }<strong>{ &words.title }</strong></p>
            <p>{ &words.what_happened }</p>
            if !used.remedy_told { { what_to_try_line(&words.what_to_try) } }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct ServerChainProps {
    chain: ServedChain,
    host: AttrValue,
    port: u16,
}

/// The server's chain with the trust store's verdict.
#[component]
fn ServerChain(props: &ServerChainProps) -> Html {
    let app = use_app();
    let chain = &props.chain;
    let failed_at =
        |index: usize| chain.failures.iter().any(|(at, _)| at.is_some_and(|at| at as usize == index));
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
    let inspect = Callback::from({
        let (app, host, sent) = (app.clone(), props.host.clone(), chain.sent.clone());
        move |_: MouseEvent| {
            let content = Bytes(pem::to_pem(&sent).into_bytes());
            let file = InputFile { name: format!("sent by {host}"), content };
            app.dispatch(Action::Desk(Change::Host(host.to_string())));
            app.dispatch(Action::Inspect(Change::Incoming(vec![file], Vec::new())));
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
                <ul class="failures">{ for chain.failures.iter().enumerate().map(|(index, (_, told))| failure(told, index > 0 || !chain.remedy_told)) }</ul>
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
                <ul class="remarks">{ for chain.remarks.iter().map(|Told { kind, words }| html! {
                    <li data-testid="probe-remark" data-kind={kind.clone()}>
                        { icon("info") }
                        <div><strong>{ &words.title }</strong><p>{ &words.what_happened }{ " " }{ &words.what_to_try }</p></div>
                    </li>
                }) }</ul>
            }
        </section>
    }
}

fn failure(Told { kind, words }: &Told, with_remedy: bool) -> Html {
    html! {
        <li data-testid="probe-failure" data-reason={kind.clone()}>
            { icon("warn") }
            <div>
                <strong>{ &words.title }</strong>
                <p>{ &words.what_happened }</p>
                if with_remedy { { what_to_try_line(&words.what_to_try) } }
            </div>
        </li>
    }
}

/// What was agreed on, and with whom.
fn facts(facts: &[ProbeFact]) -> Html {
    if facts.is_empty() {
        return html! {};
    }
    let shown = facts.iter().map(|fact| {
        let lines: Html =
            fact.value.lines().map(|line| html! { <span class="line">{ breakable(line) }</span> }).collect();
        fact_of(&fact.label, &fact.value, lines, Some(format!("probe-fact-{}", fact.name)))
    });
    html! {
        <section class="block">
            <h3>{ "Connection" }</h3>
            <dl class="facts two" data-testid="probe-facts">{ for shown }</dl>
        </section>
    }
}

/// What the server accepts of a client.
fn accepts(accepted: &AcceptedView) -> Html {
    html! {
        <details class="block" data-testid="probe-accepts">
            <summary>{ "What the server accepts of a client: " }{ &accepted.summary }</summary>
            if !accepted.keys.is_empty() {
                <h4>{ "Which of your keys it would take" }</h4>
                { key_fits(&accepted.keys) }
            }
            if !accepted.authorities.is_empty() {
                <h4>{ "Authorities" }</h4>
                <ul class="plain" data-testid="probe-authorities">{ for accepted.authorities.iter().map(|name| html! { <li>{ name }</li> }) }</ul>
            }
            <h4>{ "Signature schemes" }</h4>
            <ul class="plain mono" data-testid="probe-schemes">{ for accepted.schemes.iter().map(|name| html! { <li>{ name }</li> }) }</ul>
        </details>
    }
}
