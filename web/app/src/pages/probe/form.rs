//! The form of a probe: target, authentication, trust.

use certwright_protocol::conversation::{HttpRequest, StartTls};
use certwright_protocol::ui::Told;
use certwright_protocol::ui::{Authentication, ProbePlan, Request, Response};
use certwright_protocol::view::EntryKind;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::target::split_target;
use crate::parts::icon;
use crate::parts::word::word;
use crate::state::{Action, App, use_app};

/// What is typed and chosen.
#[derive(Clone, PartialEq)]
pub(crate) struct ProbeForm {
    pub(crate) host: String,
    pub(crate) port: String,
    pub(crate) authentication: Authentication,
    pub(crate) validate: bool,
    pub(crate) ask_http: bool,
}

impl Default for ProbeForm {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: "443".into(),
            authentication: Authentication::FirstThatFits,
            validate: true,
            ask_http: true,
        }
    }
}

impl ProbeForm {
    /// The form with a pasted `host:port` or address taken apart.
    fn split(&self) -> Self {
        let (host, port) = split_target(&self.host);
        Self { host, port: port.unwrap_or_else(|| self.port.clone()), ..self.clone() }
    }

    fn plan(&self) -> Result<ProbePlan, Told> {
        let form = self.split();
        if form.host.is_empty() {
            return Err(Told::host_invalid(&form.host));
        }
        let port = match form.port.trim().parse::<u16>() {
            Ok(port) if port > 0 => port,
            _ => return Err(Told::port_invalid(&form.port)),
        };
        Ok(ProbePlan {
            validate: form.validate,
            authentication: form.authentication,
            starttls: StartTls::usual_on(port),
            http: if form.ask_http { HttpRequest::IfCertificateAsked } else { HttpRequest::Never },
            ..ProbePlan::new(form.host, port)
        })
    }
}

/// The form.
#[component]
pub(super) fn Form() -> Html {
    let app = use_app();
    let form = app.state.probe_form.clone();
    let change = |change: fn(&mut ProbeForm, &HtmlInputElement)| {
        let (app, form) = (app.clone(), form.clone());
        move |field: HtmlInputElement| {
            let mut new = (*form).clone();
            change(&mut new, &field);
            app.dispatch(Action::Form(new));
        }
    };
    let input = |run: fn(&mut ProbeForm, &HtmlInputElement)| {
        let run = change(run);
        Callback::from(move |event: InputEvent| run(event.target_unchecked_into()))
    };
    let check = |run: fn(&mut ProbeForm, &HtmlInputElement)| {
        let run = change(run);
        Callback::from(move |event: Event| run(event.target_unchecked_into()))
    };
    let split = Callback::from({
        let (app, form) = (app.clone(), form.clone());
        move |_: Event| app.dispatch(Action::Form(form.split()))
    });
    let onsubmit = Callback::from({
        let (app, form) = (app.clone(), form.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            start(&app, &form);
        }
    });
    let stop = app.state.probe.running.map(|id| {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| app.cancel(id))
    });
    html! {
        <form class="form probe-form" data-testid="probe-form" {onsubmit} novalidate={true}>
            <h1>{ "Probe a server" }</h1>
            <div class="host-port">
                <label class="field">
                    <span>{ "Host" }</span>
                    <input type="text" data-testid="probe-host" value={form.host.clone()} oninput={input(|form, field| form.host = field.value())} onchange={split}
                        placeholder="erp.example.com" autocomplete="off" autocapitalize="none" spellcheck="false" inputmode="url" />
                </label>
                <label class="field">
                    <span>{ "Port" }</span>
                    <input type="text" data-testid="probe-port" value={form.port.clone()} oninput={input(|form, field| form.port = field.value())}
                        inputmode="numeric" autocomplete="off" maxlength="5" />
                </label>
            </div>
            <AuthenticationField />
            <label class="check">
                <input type="checkbox" data-testid="probe-validate" checked={form.validate} onchange={check(|form, field| form.validate = field.checked())} />
                <span>
                    { "The server must be trusted" }
                    <small>{ "Its chain must end in your " }{ word("trust", "trust store") }{ " before a client certificate is used. Switched off, the chain is shown all the same." }</small>
                </span>
            </label>
            <details data-testid="probe-advanced">
                <summary>{ "Advanced" }</summary>
                <label class="check">
                    <input type="checkbox" data-testid="probe-ask-http" checked={form.ask_http} onchange={check(|form, field| form.ask_http = field.checked())} />
                    <span>
                        { "Ask for GET / if it is a web server" }
                        <small>{ "Some web servers (nginx, IIS) finish every handshake and refuse the certificate only in their HTTP answer. Sent only if the server asked for a certificate." }</small>
                    </span>
                </label>
            </details>
            <div class="actions">
                if let Some(stop) = stop {
                    <button type="button" key="stop" class="button wide" data-testid="probe-stop" onclick={stop}>{ icon("cross") }{ "Stop" }</button>
                } else {
                    <button type="submit" key="start" class="button primary wide" data-testid="probe-start">{ icon("probe") }{ "Probe" }</button>
                }
            </div>
        </form>
    }
}

/// By which entry the probe authenticates.
#[component]
fn AuthenticationField() -> Html {
    let app = use_app();
    let form = app.state.probe_form.clone();
    let chosen = match &form.authentication {
        Authentication::None => "none".to_owned(),
        Authentication::FirstThatFits => "first".to_owned(),
        Authentication::Alias { alias } => format!("alias:{alias}"),
    };
    let onchange = Callback::from({
        let (app, form) = (app.clone(), form.clone());
        move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            let authentication = match (value.as_str(), value.strip_prefix("alias:")) {
                (_, Some(alias)) => Authentication::Alias { alias: alias.to_owned() },
                ("first", None) => Authentication::FirstThatFits,
                _ => Authentication::None,
            };
            app.dispatch(Action::Form(ProbeForm { authentication, ..(*form).clone() }));
        }
    });
    let option = |value: String, text: String| {
        html! { <option value={value.clone()} selected={value == chosen}>{ text }</option> }
    };
    let pairs = app.state.keystore.entries.iter().filter(|entry| entry.kind == EntryKind::KeyPair);
    let aliases: Vec<String> = pairs.map(|entry| entry.alias.clone()).collect();
    // An entry that is gone stays chosen until another is: the probe then says that it is not there.
    let gone = match &form.authentication {
        Authentication::Alias { alias } if !aliases.contains(alias) => Some(alias.clone()),
        _ => None,
    };
    html! {
        <label class="field">
            <span>{ "Authentication" }</span>
            <select data-testid="probe-auth" {onchange}>
                { option("first".into(), "First key that fits".into()) }
                { option("none".into(), "No client certificate".into()) }
                { for aliases.iter().chain(&gone).map(|alias| option(format!("alias:{alias}"), format!("Key “{alias}”"))) }
            </select>
            <small>
                { "The " }{ word("client", "client certificate") }{ " that the server may ask for. “First that fits” looks at what it accepts." }
            </small>
        </label>
    }
}

fn start(app: &App, form: &ProbeForm) {
    app.dispatch(Action::Form(form.split()));
    let plan = match form.plan() {
        Ok(plan) => plan,
        Err(problem) => return app.dispatch(Action::ProbeRejected(problem)),
    };
    // The answer needs the number that only the call returns.
    let number = std::rc::Rc::new(std::cell::Cell::new(None));
    let ended = app.clone();
    let id = app.request(Request::Probe(Box::new(plan)), {
        let number = number.clone();
        move |answer| {
            let outcome = match answer {
                Ok(Response::Probed { report }) => Ok(report),
                Ok(_) => return,
                Err(problem) => Err(problem),
            };
            match (number.get(), outcome) {
                (Some(id), outcome) => ended.dispatch(Action::ProbeEnds(id, outcome)),
                (None, Err(problem)) => ended.dispatch(Action::ProbeRejected(problem)),
                (None, Ok(_)) => {}
            }
        }
    });
    if app.state.worker != crate::state::WorkerState::Failed {
        number.set(Some(id));
        app.dispatch(Action::ProbeStarts(id));
    }
}
