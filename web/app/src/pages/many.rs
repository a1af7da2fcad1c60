//! Many hosts: a list that is pasted, dropped or taken from the keystore; each is probed, several at a time, and has a row in a table that
//! can be sorted, filtered, exported and compared with an earlier run.

pub(crate) mod list;
mod saved;
mod table;

use std::cell::Cell;
use std::rc::Rc;

use certwright_protocol::ui::{HostList, HostRow, HostsFormat, Request, Response};
use certwright_protocol::{t, tn};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use self::list::Change;
use crate::pages::probe::fields::{self, MAIN};
use crate::pages::probe::form::options;
use crate::pages::probe::plan::ProbeForm;
use crate::parts::controls::{button, button_if};
use crate::parts::icon;
use crate::parts::server_note::ServerNote;
use crate::state::{Action, App, Files, Tone, use_app};

/// The page, for [`crate::lazy`].
pub(crate) fn draw(_: &App) -> Html {
    html! { <><ServerNote /><ManyPage /></> }
}

#[component]
fn ManyPage() -> Html {
    let app = use_app();
    let many = &app.state.many;
    use_effect_with(many.incoming.clone(), {
        let app = app.clone();
        move |incoming: &Option<Files>| {
            if let Some(files) = incoming {
                app.dispatch(Action::Many(Change::Taken));
                take_in(&app, files);
            }
        }
    });
    html! {
        <div class="page many" data-testid="many-page">
            { form(&app) }
            <div class="probe-side">
                if many.slots.is_empty() { { introduction() } } else { { results(&app) } }
            </div>
        </div>
    }
}

fn form(app: &App) -> Html {
    let many = &app.state.many;
    let change = {
        let app = app.clone();
        Callback::from(move |form: ProbeForm| app.dispatch(Action::Many(Change::Form(form))))
    };
    let oninput = {
        let app = app.clone();
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            app.dispatch(Action::Many(Change::Text(text.into())));
        })
    };
    let onsubmit = {
        let app = app.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text = app.state.many.text.to_string();
            app.ask(Request::ReadHosts { text }, |app, response| {
                if let Response::Hosts { list } = response {
                    begin(app, list);
                }
            });
        })
    };
    let stop = many.running.map(|id| {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| app.cancel(id))
    });
    html! {
        <form class="form probe-form" data-testid="many-form" {onsubmit} novalidate={true}>
            <h1>{ t!("Many hosts") }</h1>
            <label class="field">
                <span>{ t!("Hosts") }</span>
                <textarea class="mono" rows="8" data-testid="many-text" value={many.text.clone()} {oninput} spellcheck="false" autocomplete="off"
                    placeholder="erp.example.com\nmail.example.com:587\nldaps://dir.example.com" />
                <small>{ t!("One a line, or CSV: host, port, protocol before TLS, server name.") }</small>
            </label>
            { saved::sources(app) }
            <div class="actions">
                if let Some(stop) = stop {
                    <button type="button" key="stop" class="button wide" data-testid="many-stop" onclick={stop}>{ icon("cross") }{ t!("Stop") }</button>
                } else {
                    <button type="submit" key="start" class="button primary wide" data-testid="many-start">{ icon("probe") }{ t!("Probe all") }</button>
                }
            </div>
            { fields::draw(MAIN.get(1..).unwrap_or_default(), &app.state, &many.form, true, &change) }
            { options(app, &many.form, true, &change) }
        </form>
    }
}

fn introduction() -> Html {
    html! {
        <section class="introduction">
            <h2>{ t!("One look at all your servers") }</h2>
            <p class="lead">{ t!("Which certificates expire next, which servers are not trusted, which speak old versions only. Eight are probed at a time. Export the table; the next run marks what has changed.") }</p>
            <p class="hint">{ t!("An exported JSON file of an earlier run can be dropped here to compare with.") }</p>
        </section>
    }
}

fn results(app: &App) -> Html {
    let many = &app.state.many;
    let (all, open) = (many.slots.len(), many.places(|row| row.is_none()).len());
    let failed = many.places(|row| row.is_some_and(|row| row.tone == Some(Tone::Bad)));
    let idle = many.running.is_none();
    let rest = many.places(|row| row.is_none());
    let some = |places: Vec<usize>| {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| run(&app, places.clone(), Vec::new()))
    };
    let again = {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| {
            let many = &app.state.many;
            // An earlier run by file is compared with once; after that it is the last run.
            let before = if many.before.is_empty() { many.rows() } else { (*many.before).clone() };
            run(&app, (0..many.slots.len()).collect(), before);
        })
    };
    let write = |format: HostsFormat| {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| {
            let rows = app.state.many.rows();
            app.ask(Request::WriteHosts { rows, format }, |app, response| app.save(response));
        })
    };
    html! { <>
        <div class="toolbar">
            <div class="many-progress" role="status" data-testid="many-progress" data-done={(all - open).to_string()} data-all={all.to_string()} data-running={(!idle).to_string()}>
                <strong>{ tn!(all, "{done} of 1 host probed", "{done} of {all} hosts probed", done = all - open, all) }</strong>
                if !idle { <progress max={all.to_string()} value={(all - open).to_string()} /> }
            </div>
            <div class="actions">
                if idle && !rest.is_empty() { { button("small", "many-rest", "probe", t!("Probe the other {open}", open), some(rest)) } }
                { button_if(idle && !failed.is_empty(), "small", "many-retry", "redo", t!("Retry the failed ({count})", count = failed.len()), some(failed)) }
                { button_if(idle, "small", "many-again", "clock", t!("Run again and compare"), again) }
                { button_if(open < all, "small", "many-csv", "download", "CSV", write(HostsFormat::Csv)) }
                { button_if(open < all, "small", "many-json", "download", "JSON", write(HostsFormat::Json)) }
            </div>
        </div>
        if !many.before.is_empty() {
            <p class="hint" data-testid="many-before">{ tn!(many.before.len(), "The next run is compared with an earlier one of 1 host.", "The next run is compared with an earlier one of {count} hosts.", count = many.before.len()) }</p>
        }
        if !many.wrong.is_empty() || many.repeated > 0 {
            <details class="explained warn" data-testid="many-wrong" data-count={many.wrong.len().to_string()} open={many.wrong.len() < 4}>
                <summary>{ left_out(many.wrong.len(), many.repeated) }</summary>
                <ul class="plain">{ for many.wrong.iter().map(|(line, why)| html! { <li>{ t!("Line {line}: {why}", line, why) }</li> }) }</ul>
            </details>
        }
        { table::table(app) }
    </> }
}

/// How many lines are no hosts, and how many hosts are there twice.
fn left_out(wrong: usize, repeated: u32) -> String {
    let lines = || tn!(wrong, "1 line", "{count} lines", count = wrong);
    let again = || tn!(repeated, "1 host is named twice", "{count} hosts are named twice", count = repeated);
    match (wrong, repeated) {
        (_, 0) => t!("{wrong} left out", wrong = lines()),
        (0, _) => again(),
        _ => t!("{wrong} left out, {repeated}", wrong = lines(), repeated = again()),
    }
}

/// Takes a list in place of the one before, and probes it.
fn begin(app: &App, list: HostList) {
    if list.hosts.is_empty() && list.wrong.is_empty() {
        return app.toast(Tone::Info, t!("The list is empty"));
    }
    let places: Vec<usize> = (0..list.hosts.len()).collect();
    let targets = list.hosts.clone();
    app.dispatch(Action::Many(Change::Read(list)));
    if !places.is_empty() {
        ask(app, places, targets, (*app.state.many.before).clone());
    }
}

/// Probes some of the list.
fn run(app: &App, places: Vec<usize>, before: Vec<HostRow>) {
    let slots = &app.state.many.slots;
    let targets =
        places.iter().filter_map(|place| slots.get(*place)).map(|slot| (*slot.target).clone()).collect();
    ask(app, places, targets, before);
}

fn ask(app: &App, places: Vec<usize>, hosts: Vec<certwright_protocol::ui::HostTarget>, before: Vec<HostRow>) {
    // What a host of its own has is said by the list.
    let plan = match app.state.many.form.plan_for("", 443) {
        Ok(plan) => Box::new(plan),
        Err(problem) => return app.tell(&problem),
    };
    if !before.is_empty() {
        app.dispatch(Action::Many(Change::Before(Vec::new())));
    }
    let number = Rc::new(Cell::new(0));
    let id = app.request(Request::ProbeHosts { hosts, plan, before }, {
        let (app, number) = (app.clone(), number.clone());
        move |answer| {
            if let Err(problem) = answer {
                app.tell(&problem);
            }
            app.dispatch(Action::Many(Change::Ends(number.get())));
        }
    });
    number.set(id);
    if app.state.worker != crate::state::WorkerState::Failed {
        app.dispatch(Action::Many(Change::Starts(id, places)));
    }
}

/// A file is a list of hosts, or an earlier run: that is JSON.
fn take_in(app: &App, files: &Files) {
    for file in files.0.iter() {
        let text = String::from_utf8_lossy(&file.content.0).into_owned();
        if text.trim_start().starts_with(['[', '{']) {
            app.ask(Request::ReadHostRows { text }, |app, response| {
                if let Response::HostRows { rows } = response {
                    app.toast(
                        Tone::Good,
                        tn!(
                            rows.len(),
                            "The next run is compared with 1 host",
                            "The next run is compared with {count} hosts",
                            count = rows.len()
                        ),
                    );
                    app.dispatch(Action::Many(Change::Before(rows)));
                }
            });
        } else {
            app.dispatch(Action::Many(Change::Text(text.into())));
        }
    }
}
