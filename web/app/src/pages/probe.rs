//! The probe page: where to, how to authenticate, and what came of it.

pub(crate) mod fields;
pub(crate) mod form;
pub(crate) mod phases;
pub(crate) mod plan;
pub(crate) mod result;

use yew::prelude::*;

use crate::browser;
use crate::parts::explanation::maybe_problem;
use crate::parts::icon;
use crate::parts::server_note::ServerNote;
use crate::parts::word::word;
use crate::pictures::is_wide;
use crate::state::{App, use_app};
use certwright_protocol::t;

/// The id of what stands beside the form.
const SIDE: &str = "probe-side";

/// The page, for [`crate::lazy`].
pub(crate) fn draw(_: &App) -> Html {
    html! { <><ServerNote /><ProbePage /></> }
}

#[component]
fn ProbePage() -> Html {
    let app = use_app();
    let probe = &app.state.probe;
    // On a phone the result stands below the form, out of sight.
    use_effect_with(probe.running.is_some(), |running| {
        if *running && !is_wide() {
            browser::scroll_to_top_of(SIDE);
        }
    });
    let idle = probe.running.is_none() && probe.report.is_none() && probe.problem.is_none();
    html! {
        <div class="page probe" data-testid="probe-page">
            <form::Form />
            <div class="probe-side" id={SIDE}>
                if idle { { introduction() } }
                if probe.running.is_some() || probe.report.is_some() {
                    <phases::Phases report={probe.report.clone()} running={probe.running.is_some()} />
                }
                { maybe_problem(probe.problem.as_ref()) }
                if let Some(report) = &probe.report {
                    <result::Outcome report={report.clone()} />
                }
            </div>
        </div>
    }
}

/// What a probe is, drawn: who talks to whom, and where the key stays.
fn introduction() -> Html {
    let station = |icon_name: &'static str, name: &'static str, what: Html| {
        html! { <li><span class="station">{ icon(icon_name) }</span><strong>{ name }</strong><small>{ what }</small></li> }
    };
    html! {
        <section class="introduction">
            <h2>{ t!("What a probe does") }</h2>
            <p class="lead">{ t!("It connects to a server as your application would, shows every certificate that the server sends, and says whether your ") }{ word("client", t!("client certificate")) }{ t!(" is asked for, used and accepted.") }</p>
            <ol class="stations">
                { station("browser", t!("This browser"), html! { t!("holds the keys, judges the server’s chain, signs") }) }
                { station("server", t!("Certwright server"), html! { t!("opens the connection; never sees a key") }) }
                { station("probe", t!("The server you call"), html! { t!("asks for a certificate, accepts or refuses it") }) }
            </ol>
        </section>
    }
}
