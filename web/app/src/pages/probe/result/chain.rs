//! The server's chain with what is thought of it, and what can be done: trust its root, keep it, look at it, fetch what is missing.

use std::rc::Rc;

use certwright_protocol::Bytes;
use certwright_protocol::t;
use certwright_protocol::ui::probe::ServedChain;
use certwright_protocol::ui::{InputFile, ProbePlan, Request, Response, Told};
use certwright_protocol::view::{CertificateView, ChainLink};
use yew::prelude::*;

use crate::browser;
use crate::pages::inspect::desk::Change;
use crate::pages::probe::form::start_plan;
use crate::parts::badge::badge;
use crate::parts::chain::{Card, Chain, TrustButton};
use crate::parts::controls::button;
use crate::parts::explanation::{what_to_try_line, who_line};
use crate::parts::word::word;
use crate::parts::{icon, pem};
use crate::state::{Action, App, Tone, use_app};

#[derive(Properties, PartialEq)]
pub(super) struct ServerChainProps {
    pub(super) chain: ServedChain,
    pub(super) host: AttrValue,
    pub(super) port: u16,
}

/// The server's chain with the trust store's verdict.
#[component]
pub(super) fn ServerChain(props: &ServerChainProps) -> Html {
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
            Ok(()) => app.toast(Tone::Good, t!("{name} goes to your downloads", name)),
            Err(_) => app.toast(Tone::Bad, t!("The browser did not take the download")),
        }
    });
    let inspect = Callback::from({
        let (app, host, sent) = (app.clone(), props.host.clone(), chain.sent.clone());
        move |_: MouseEvent| {
            let content = Bytes(pem::to_pem(&sent).into_bytes());
            let file = InputFile { name: t!("sent by {host}", host), content };
            app.dispatch(Action::Desk(Change::Host(host.to_string())));
            app.dispatch(Action::Inspect(Change::Incoming(vec![file], Vec::new())));
        }
    });
    let add_all = Callback::from({
        let (app, path) = (app.clone(), chain.path.clone());
        move |_: MouseEvent| {
            for link in &path {
                if let ChainLink::Certificate { certificate, .. } = link
                    && certificate.is_ca
                {
                    app.trust(certificate.der.clone());
                }
            }
        }
    });
    let authorities = chain
        .path
        .iter()
        .filter(|link| matches!(link, ChainLink::Certificate { certificate, .. } if certificate.is_ca))
        .count();
    let plan = app.state.probe.plan.clone().filter(|_| app.state.probe.running.is_none());
    let again = plan.clone().map(|plan| {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| start_plan(&app, (*plan).clone()))
    });
    let fetch = plan.map(|plan| {
        let app = app.clone();
        Callback::from(move |url: String| fetch(&app, url, &plan))
    });
    let (tone, icon_name, words) = match chain.trusted {
        true => (Tone::Good, "shield", t!("Trusted")),
        false => (Tone::Warn, "warn", t!("Not trusted")),
    };
    html! {
        <section class="block" data-testid="probe-chain" data-trusted={chain.trusted.to_string()}>
            <div class="block-head">
                <h3>{ t!("The server’s ") }{ word("chain", t!("chain")) }</h3>
                { badge(tone, icon_name, words) }
                if !chain.sent.is_empty() {
                    <div class="actions">
                        if let Some(again) = again { { button("small", "probe-again", "redo", t!("Probe again"), again) } }
                        if !chain.trusted && authorities > 1 { { button("small", "probe-trust-chain", "shield", t!("Add the chain"), add_all) } }
                        { button("small", "probe-inspect", "look", t!("Inspect this chain"), inspect) }
                        { button("small", "probe-chain-download", "download", t!("Download chain"), download) }
                    </div>
                }
            </div>
            if !chain.failures.is_empty() {
                <ul class="failures">{ for chain.failures.iter().enumerate().map(|(index, (_, told))| failure(told, index > 0 || !chain.remedy_told)) }</ul>
            }
            <Chain cards={Rc::new(cards)} end={t!("Server certificate")} origins={true} addable={!chain.trusted} {fetch} />
            if !beside.is_empty() {
                <div class="beside">
                    <h4>{ t!("Sent as well, not part of the chain") }</h4>
                    <ul>{ for beside.into_iter().map(|certificate| html! {
                        <li>
                            <span title={certificate.subject.clone()}>{ &certificate.name }</span>
                            if certificate.is_ca || certificate.is_self_issued { <TrustButton certificate={certificate.clone()} /> }
                        </li>
                    }) }</ul>
                </div>
            }
            if !chain.remarks.is_empty() {
                <ul class="remarks">{ for chain.remarks.iter().map(|Told { kind, words, .. }| html! {
                    <li data-testid="probe-remark" data-kind={kind.clone()}>
                        { icon("info") }
                        <div><strong>{ &words.title }</strong><p>{ &words.what_happened }{ " " }{ &words.what_to_try }</p></div>
                    </li>
                }) }</ul>
            }
        </section>
    }
}

fn failure(Told { kind, words, who }: &Told, with_remedy: bool) -> Html {
    html! {
        <li data-testid="probe-failure" data-reason={kind.clone()}>
            { icon("warn") }
            <div>
                <strong>{ &words.title }</strong>
                <p>{ &words.what_happened }</p>
                if with_remedy { { what_to_try_line(&words.what_to_try) }{ who_line(who) } }
            </div>
        </li>
    }
}

/// Fetches the issuer that the server should have sent, and probes again with it.
fn fetch(app: &App, url: String, plan: &Rc<ProbePlan>) {
    let plan = plan.clone();
    app.ask(Request::FetchIssuer { url }, move |app, response| {
        if let Response::Issuers { certificates } = response {
            let mut plan = (*plan).clone();
            plan.known.extend(certificates);
            start_plan(app, plan);
        }
    });
}
