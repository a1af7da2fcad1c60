//! All that a server speaks: versions with their cipher suites, groups, habits.

use certwright_protocol::t;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::survey::{SurveyView, VersionRow};
use yew::prelude::*;

use crate::parts::explanation::explained;
use crate::parts::{breakable, tone_icon};

/// The survey, folded below its summary.
pub(super) fn survey(found: &SurveyView) -> Html {
    html! {
        <details class="block survey" data-testid="probe-survey">
            <summary>{ t!("Versions and cipher suites: ") }{ &found.summary }</summary>
            <div class="block">
                { for found.remarks.iter().map(|(tone, told)| explained(told, *tone, Html::default())) }
                { for found.versions.iter().map(version) }
                if !found.groups.is_empty() {
                    <h4>{ t!("Key exchange groups") }</h4>
                    <ul class="plain" data-testid="survey-groups">{ for found.groups.iter().map(|group| html! { <li>{ group }</li> }) }</ul>
                }
                if !found.features.is_empty() {
                    <h4>{ t!("Habits") }</h4>
                    <table class="plain-table"><tbody>{ for found.features.iter().map(|row| html! {
                        <tr data-testid={format!("survey-{}", row.name)}><th scope="row">{ &row.label }</th><td>{ told(row.tone, &row.value) }</td></tr>
                    }) }</tbody></table>
                }
                <p class="hint">{ &found.note }</p>
            </div>
        </details>
    }
}

fn version(row: &VersionRow) -> Html {
    html! {
        <details class="survey-version" data-testid={format!("survey-{}", row.name)}>
            <summary><strong>{ &row.title }</strong>{ " " }{ told(row.tone, &row.state) }</summary>
            if !row.suites.is_empty() {
                <table class="plain-table"><tbody>{ for row.suites.iter().map(|suite| html! {
                    <tr title={suite.code.clone()}>
                        <th scope="row" class="mono">{ breakable(&suite.name) }</th>
                        <td>{ &suite.detail }</td>
                        <td>{ told(suite.tone, &suite.remark) }</td>
                    </tr>
                }) }</tbody></table>
            }
        </details>
    }
}

/// A few words with the sign of how they are meant.
fn told(tone: Tone, words: &str) -> Html {
    if words.is_empty() {
        return html! {};
    }
    html! { <span class={classes!("told", tone.word())}>{ tone_icon(tone) }{ words.to_owned() }</span> }
}
