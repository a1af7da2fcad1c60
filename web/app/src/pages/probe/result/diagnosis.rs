//! Why a probe did not end well, who has to act, and what was tried to find that out; and what each address of the name shows.

use certwright_protocol::t;
use certwright_protocol::ui::ProbeSheet;
use certwright_protocol::ui::probe::DiagnosisView;
use yew::prelude::*;

use crate::parts::explanation::what_to_try_line;
use crate::parts::{breakable, icon, tone_icon};

/// The cause.
pub(super) fn diagnosis(found: &DiagnosisView) -> Html {
    let words = &found.told.words;
    let (certain, how) = if found.certain {
        ("true", t!("This is certain."))
    } else {
        ("false", t!("This is the most likely cause."))
    };
    html! {
        <section class="block diagnosis" data-testid="probe-diagnosis" data-kind={found.told.kind.clone()} data-who={found.who.clone()} data-certain={certain}>
            <h3>{ t!("Why") }</h3>
            if found.says_more {
                <p class="answer"><strong>{ &words.title }</strong></p>
                <p>{ &words.what_happened }</p>
                { what_to_try_line(&words.what_to_try) }
            }
            <p class="who">{ icon("send") }<span>{ t!("To be put right by: ") }<strong data-testid="probe-who">{ &found.who_words }</strong>{ ". " }{ how }</span></p>
            if !found.evidence.is_empty() {
                <h4>{ t!("What was tried") }</h4>
                <ul class="evidence" data-testid="probe-evidence">{ for found.evidence.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
            }
            if !found.cut_short.is_empty() { <p class="hint">{ &found.cut_short }</p> }
        </section>
    }
}

/// The addresses of the name, if each was asked.
pub(super) fn addresses(report: &ProbeSheet) -> Html {
    if report.addresses.is_empty() {
        return html! {};
    }
    html! {
        <section class="block" data-testid="probe-addresses">
            <h3>{ t!("Every address") }</h3>
            <p>{ &report.addresses_summary }</p>
            <table class="plain-table">
                <thead><tr><th scope="col">{ t!("Address") }</th><th scope="col">{ t!("Verdict") }</th><th scope="col">{ t!("Certificate") }</th></tr></thead>
                <tbody>{ for report.addresses.iter().map(|row| html! {
                    <tr data-testid="probe-address" data-address={row.address.clone()} title={row.sha256.clone()}>
                        <th scope="row">{ breakable(&row.address) }</th>
                        <td><span class={classes!("told", row.tone.word())}>{ tone_icon(row.tone) }{ &row.verdict }</span></td>
                        <td>{ &row.certificate }</td>
                    </tr>
                }) }</tbody>
            </table>
        </section>
    }
}
