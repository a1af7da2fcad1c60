//! What a probe found: the verdict and its cause first, then what became of the client certificate, then the server's chain and all facts.

mod chain;
mod diagnosis;
mod steps;
mod survey;

use std::rc::Rc;

use certwright_protocol::t;
use certwright_protocol::ui::probe::{AcceptedView, ClientUseView, ProbeFact, VerdictView};
use certwright_protocol::ui::{ProbeSheet, Told};
use yew::prelude::*;

use self::chain::ServerChain;
use crate::parts::certificate::fact_of;
use crate::parts::explanation::what_to_try_line;
use crate::parts::key_fits::key_fits;
use crate::parts::word::word;
use crate::parts::{breakable, icon};
use crate::state::Tone;

#[derive(Properties, PartialEq)]
pub(crate) struct OutcomeProps {
    pub(crate) report: Rc<ProbeSheet>,
}

/// The result, as far as it goes.
#[component]
pub(crate) fn Outcome(props: &OutcomeProps) -> Html {
    let report = &props.report;
    html! {
        <div class="outcome" data-testid="probe-result">
            { report.verdict.as_ref().map(verdict).unwrap_or_default() }
            { report.diagnosis.as_ref().map(diagnosis::diagnosis).unwrap_or_default() }
            { diagnosis::addresses(report) }
            { report.client.as_ref().map(client_certificate).unwrap_or_default() }
            if let Some(chain) = &report.chain { <ServerChain chain={chain.clone()} host={report.host.clone()} port={report.port} /> }
            <steps::Steps report={report.clone()} />
            { facts(&report.facts) }
            { report.survey.as_ref().map(survey::survey).unwrap_or_default() }
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
    let Told { kind, words, .. } = &verdict.told;
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
    let Told { kind, words, .. } = &used.told;
    html! {
        <section class={classes!("client-use", used.tone.word())} data-testid="probe-client-cert" data-use={kind.clone()} data-why={used.why.clone()}
            data-by={used.by.clone()} data-evidence={used.evidence.clone()} data-code={used.code.map(|code| code.to_string())}
            data-status={used.status.map(|status| status.to_string())}>
            <h3>{ word("client", t!("Client certificate")) }{ t!(" used") }</h3>
            <p class="answer">{ seal(used.tone) }<strong>{ &words.title }</strong></p>
            <p>{ &words.what_happened }</p>
            if !used.remedy_told { { what_to_try_line(&words.what_to_try) } }
        </section>
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
            <h3>{ t!("Connection") }</h3>
            <dl class="facts two" data-testid="probe-facts">{ for shown }</dl>
        </section>
    }
}

/// What the server accepts of a client.
fn accepts(accepted: &AcceptedView) -> Html {
    html! {
        <details class="block" data-testid="probe-accepts">
            <summary>{ t!("What the server accepts of a client: ") }{ &accepted.summary }</summary>
            if !accepted.keys.is_empty() {
                <h4>{ t!("Which of your keys it would take") }</h4>
                { key_fits(&accepted.keys) }
            }
            if !accepted.authorities.is_empty() {
                <h4>{ t!("Authorities") }</h4>
                <ul class="plain" data-testid="probe-authorities">{ for accepted.authorities.iter().map(|name| html! { <li>{ name }</li> }) }</ul>
            }
            <h4>{ t!("Signature schemes") }</h4>
            <ul class="plain mono" data-testid="probe-schemes">{ for accepted.schemes.iter().map(|name| html! { <li>{ name }</li> }) }</ul>
        </details>
    }
}
