//! How a guided job begins: four jobs in plain words, each with what has to be known first.

use certwright_protocol::language::text;
use certwright_protocol::ui::{PlanKind, PlanSide, Request, Response};
use certwright_protocol::view::EntryKind;
use certwright_protocol::{mark, t};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::kept::Change;
use crate::parts::controls::{field, select, submit};
use crate::parts::explanation::maybe_problem;
use crate::parts::icon;
use crate::parts::kept::{use_flag, use_problem};
use crate::state::{Action, App, use_app};

/// A job as it is offered.
struct Job {
    kind: PlanKind,
    id: &'static str,
    icon: &'static str,
    title: &'static str,
    what: &'static str,
    /// Whether there are two sides, of which one is called.
    sides: bool,
    /// Whether it is about a key pair that may be there already; what that is called.
    entry: &'static str,
}

const JOBS: [Job; 4] = [
    Job {
        kind: PlanKind::Connect,
        id: "connect",
        icon: "swap",
        title: mark!("Connect two systems"),
        what: mark!(
            "One system calls another, and each shows the other its certificate. Get the key, have it signed, trust the server, hand over, test."
        ),
        sides: true,
        entry: mark!("Key of the system that calls"),
    },
    Job {
        kind: PlanKind::RenewServer,
        id: "renew_server",
        icon: "server",
        title: mark!("Renew the certificate of a server"),
        what: mark!(
            "The server that is called gets a certificate under another root. The order of the steps is what prevents an outage."
        ),
        sides: true,
        entry: "",
    },
    Job {
        kind: PlanKind::RenewClient,
        id: "renew_client",
        icon: "key",
        title: mark!("Renew the certificate of a client"),
        what: mark!(
            "A new key beside the old one, handed over before it is used. The server knows both until you have switched."
        ),
        sides: true,
        entry: mark!("Key to be renewed"),
    },
    Job {
        kind: PlanKind::SystemCertificate,
        id: "system_certificate",
        icon: "cert",
        title: mark!("Set up a system certificate"),
        what: mark!(
            "The certificate by which a system shows who it is, to whomever it calls. Imported, signed by an authority, or self-signed."
        ),
        sides: false,
        entry: mark!("Key of the system"),
    },
];

#[derive(Properties, PartialEq)]
pub(super) struct BeginProps {
    /// Whether there is nothing else on the page.
    pub(super) open: bool,
}

/// The four jobs; the one that is chosen asks its question.
#[component]
pub(super) fn Begin(props: &BeginProps) -> Html {
    let chosen = use_state_eq(|| None::<usize>);
    html! {
        <section class="begin" aria-labelledby="begin-title">
            <h2 id="begin-title">{ if props.open { t!("What do you want to do?") } else { t!("Begin another") } }</h2>
            <ul class="begin-jobs">
                { for JOBS.iter().enumerate().map(|(place, job)| {
                    let open = *chosen == Some(place);
                    let onclick = Callback::from({
                        let chosen = chosen.clone();
                        move |_: MouseEvent| chosen.set((!open).then_some(place))
                    });
                    html! {
                        <li key={job.id} class={classes!("begin-job", open.then_some("chosen"))}>
                            <button type="button" class="begin-open" data-testid={format!("begin-{}", job.id)} aria-expanded={open.to_string()} {onclick}>
                                <span class="kind">{ icon(job.icon) }</span>
                                <span><strong>{ text(job.title) }</strong><small>{ text(job.what) }</small></span>
                            </button>
                            if open { <Question {place} /> }
                        </li>
                    }
                }) }
            </ul>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct QuestionProps {
    /// Which job.
    place: usize,
}

/// What has to be known first.
#[component]
fn Question(props: &QuestionProps) -> Html {
    let app = use_app();
    let Some(job) = JOBS.get(props.place) else { return html! {} };
    let called = use_flag();
    let entry = use_state_eq(|| 0_usize);
    let host = use_node_ref();
    let problem = use_problem();
    let keys: Vec<AttrValue> = app
        .state
        .keystore
        .entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::KeyPair)
        .map(|entry| entry.alias.clone().into())
        .collect();
    // The keys of the other side are not here.
    let asks_entry = !job.entry.is_empty() && !keys.is_empty() && !*called;
    let picked = keys.get(entry.wrapping_sub(1)).filter(|_| asks_entry).map(ToString::to_string);
    let onsubmit = Callback::from({
        let (app, problem, host) = (app.clone(), problem.setter(), host.clone());
        let side = if *called { PlanSide::Server } else { PlanSide::Client };
        move |event: SubmitEvent| {
            event.prevent_default();
            problem.set(None);
            let host = host.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
            let (entry, host) = (picked.clone(), host.trim().to_owned());
            begin(&app, Request::NewPlan { job: job.kind, side, host, entry }, problem.clone());
        }
    });
    let side = |testid: &'static str, server: bool, words: &'static str, meaning: &'static str| {
        let onchange = Callback::from({
            let called = called.clone();
            move |_: Event| called.set(server)
        });
        html! {
            <label class="choice">
                <input type="radio" name={format!("side-{}", job.id)} data-testid={testid} checked={*called == server} {onchange} />
                <span><strong>{ words }</strong><small>{ meaning }</small></span>
            </label>
        }
    };
    html! {
        <form class="form begin-question" data-testid="begin-form" {onsubmit}>
            if job.sides {
                <fieldset class="choices">
                    <legend>{ t!("Which side do you work on?") }</legend>
                    { side("begin-client", false, t!("The side that calls"), t!("Your keystore holds the client’s key and says which servers are trusted.")) }
                    { side("begin-server", true, t!("The side that is called"), t!("You look after the server, and say which clients may call it.")) }
                </fieldset>
                { field(t!("Host that is called"), html! {
                    <input type="text" ref={host} data-testid="begin-host" placeholder="erp.example.com:443" autocomplete="off" autocapitalize="none"
                        spellcheck="false" inputmode="url" maxlength="260" />
                }, t!("With its port, if that is not 443. It can be filled in later.")) }
            }
            if asks_entry {
                { field(text(job.entry), select("begin-entry", std::iter::once(("".into(), t!("None yet, or decided later").into()))
                    .chain(keys.iter().map(|alias| (alias.clone(), alias.clone()))), *entry, {
                        let entry = entry.setter();
                        Callback::from(move |place| entry.set(place))
                    }), "") }
            }
            { maybe_problem(problem.as_ref()) }
            <div class="actions">{ submit("begin-submit", "arrow", t!("Begin"), false) }</div>
        </form>
    }
}

fn begin(app: &App, request: Request, problem: UseStateSetter<Option<certwright_protocol::ui::Told>>) {
    let next = app.clone();
    app.ask_home(request, move |answer| match answer {
        Ok(Response::PlanSheet { sheet }) => show(&next, sheet),
        Ok(_) => {}
        Err(found) => problem.set(Some(found)),
    });
}

/// Opens a plan whose sheet is there.
pub(super) fn show(app: &App, sheet: Box<certwright_protocol::ui::PlanSheet>) {
    app.dispatch(Action::Job(Change::Open(Some(sheet.id.clone().into()))));
    app.dispatch(Action::Jobs(Change::Sheet(sheet.into())));
}
