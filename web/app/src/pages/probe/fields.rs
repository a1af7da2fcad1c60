//! The fields of a probe's form as a table, and the one function that draws them: a field more is a line more.
//!
//! Each value is text as the browser's own fields have it; what it means is said once, in [`super::plan`].

use certwright_protocol::Password;
use certwright_protocol::conversation::StartTls;
use certwright_protocol::language::text;
use certwright_protocol::view::EntryKind;
use certwright_protocol::{mark, t};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::plan::ProbeForm;
use crate::parts::word::{word, word_before};
use crate::state::State;

/// How a value is given.
#[derive(Clone, Copy)]
pub(crate) enum Input {
    /// Typed; what stands there as an example.
    Text(&'static str),
    /// Typed unseen.
    Secret,
    /// One of these, each with its words. Empty for those that [`choices`] makes.
    Choice(&'static [(&'static str, &'static str)]),
    /// Yes or no.
    Check,
    /// No field, but the heading of those that follow.
    Heading,
}

/// A field.
pub(crate) struct Field {
    /// Its name in the form, and its test id without `probe-`.
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    input: Input,
    /// What it means. `{client|client certificate}` is a word with a card.
    hint: &'static str,
    /// What it is unless somebody chooses; a check that is on has `on`.
    pub(crate) usual: &'static str,
    /// Shown only if that field has one of these values; a field without name is always shown.
    only: (&'static str, &'static [&'static str]),
    /// Whether it is there for many hosts too.
    many: bool,
}

const fn field(name: &'static str, label: &'static str, input: Input, hint: &'static str) -> Field {
    Field { name, label, input, hint, usual: "", only: ("", &[]), many: true }
}

const fn heading(label: &'static str) -> Field {
    field("", label, Input::Heading, "")
}

impl Field {
    const fn usually(mut self, usual: &'static str) -> Self {
        self.usual = usual;
        self
    }

    const fn only(mut self, name: &'static str, values: &'static [&'static str]) -> Self {
        self.only = (name, values);
        self
    }

    const fn single(mut self) -> Self {
        self.many = false;
        self
    }
}

/// What is always shown, below host and port.
pub(crate) static MAIN: [Field; 4] = [
    field(
        "starttls",
        mark!("Before TLS"),
        Input::Choice(&[]),
        mark!("What the port usually speaks {starttls|before TLS begins}."),
    )
    .single(),
    field("auth", mark!("Authentication"), Input::Choice(&[]), ""),
    field(
        "trust",
        mark!("Trusted are"),
        Input::Choice(&[
            ("keystore", mark!("My trust store")),
            ("mozilla", mark!("Mozilla’s roots")),
            ("both", mark!("Both")),
        ]),
        mark!("What the server’s chain must end in: your {trust|trust store}, or the roots of Firefox."),
    )
    .usually("keystore"),
    field(
        "validate",
        mark!("The server must be trusted"),
        Input::Check,
        mark!(
            "Before a {client|client certificate} is used. Switched off, the chain is judged all the same."
        ),
    )
    .usually("on"),
];

const PROXIES: &[&str] = &["http", "socks5"];

/// What is below “Advanced”.
pub(crate) static ADVANCED: [Field; 21] = [
    heading(mark!("Where to")),
    field(
        "sni",
        mark!("Server name (SNI)"),
        Input::Choice(&[("", mark!("The host")), ("absent", mark!("None")), ("name", mark!("Another name"))]),
        mark!("The {sni|name} that the client asks for."),
    ),
    field("sni-name", mark!("Name"), Input::Text("www.example.com"), "").only("sni", &["name"]),
    field(
        "connect",
        mark!("Connect to"),
        Input::Text("10.0.0.5:8443"),
        mark!("Another machine in place of the host, to ask one of several behind a load balancer."),
    ),
    field(
        "family",
        mark!("Address"),
        Input::Choice(&[
            ("", mark!("The first that answers")),
            ("v4", "IPv4"),
            ("v6", "IPv6"),
            ("address", mark!("This one")),
        ]),
        "",
    ),
    field("address", mark!("IP address"), Input::Text("192.0.2.1"), mark!("For a name that has several."))
        .only("family", &["address"])
        .single(),
    heading(mark!("What is offered")),
    field(
        "versions",
        mark!("TLS versions"),
        Input::Choice(&[("", mark!("TLS 1.2 and 1.3")), ("tls12", "TLS 1.2"), ("tls13", "TLS 1.3")]),
        "",
    ),
    field("alpn", mark!("Application protocols (ALPN)"), Input::Text("h2, http/1.1"), ""),
    field(
        "groups",
        mark!("Key exchange"),
        Input::Choice(&[
            ("", mark!("The usual groups")),
            ("hybrid", mark!("X25519MLKEM768 alone")),
            ("classic", mark!("Classic groups alone")),
        ]),
        mark!(
            "X25519MLKEM768 withstands quantum computers; its larger first message makes some old devices fail."
        ),
    ),
    field(
        "http",
        mark!("HTTP request"),
        Input::Choice(&[
            ("", mark!("If a certificate is asked for")),
            ("head", mark!("HEAD / always")),
            ("never", mark!("Never")),
        ]),
        mark!(
            "Some web servers (nginx, IIS) finish every handshake and refuse the certificate only in their answer."
        ),
    ),
    heading(mark!("Through a proxy")),
    field(
        "proxy",
        mark!("Proxy"),
        Input::Choice(&[("", mark!("None")), ("http", mark!("HTTP (CONNECT)")), ("socks5", "SOCKS 5")]),
        "",
    ),
    field("proxy-host", mark!("Its host"), Input::Text("proxy.example.com"), "").only("proxy", PROXIES),
    field("proxy-port", mark!("Its port"), Input::Text("3128"), "").only("proxy", PROXIES),
    field("proxy-user", mark!("User"), Input::Text(""), mark!("If it wants one.")).only("proxy", PROXIES),
    field(
        PROXY_PASSWORD,
        mark!("Password"),
        Input::Secret,
        mark!("Goes to the Certwright server, which needs it, and is kept nowhere."),
    )
    .only("proxy", PROXIES),
    field(
        "proxy-protocol",
        mark!("PROXY protocol"),
        Input::Choice(&[("", mark!("None")), ("v1", mark!("Version 1")), ("v2", mark!("Version 2"))]),
        mark!("A header as load balancers send it."),
    ),
    heading(mark!("If it fails")),
    field(
        "diagnose",
        mark!("Find out why"),
        Input::Check,
        mark!("Tries again with one thing changed at a time."),
    )
    .usually("on"),
    field(
        "sign_again",
        mark!("Sign a second time"),
        Input::Check,
        mark!("Only if the server refused the first signature as wrong (TLS 1.2)."),
    )
    .single(),
];

/// What else is found out, each with connections of its own.
pub(crate) static ALSO: [Field; 4] = [
    field(
        "demand",
        mark!("Is a certificate required?"),
        Input::Check,
        mark!("Or only asked for: a second connection without one."),
    ),
    field("resumption", mark!("Are sessions resumed?"), Input::Check, mark!("A second connection.")),
    field(
        "every_address",
        mark!("Every address of the name"),
        Input::Check,
        mark!("Finds the one that serves an old certificate."),
    ),
    field(
        "survey",
        mark!("Versions and cipher suites"),
        Input::Check,
        mark!("All that it speaks, back to SSL 2; about a hundred connections."),
    ),
];

/// The password of a proxy: the only secret of the form.
pub(crate) const PROXY_PASSWORD: &str = "proxy-password";

/// Draws those fields of a table that belong there now. `change` gets the form as it is after an input.
pub(crate) fn draw(
    fields: &'static [Field],
    state: &State,
    form: &ProbeForm,
    many: bool,
    change: &Callback<ProbeForm>,
) -> Html {
    let shown = fields.iter().filter(|field| {
        let (name, values) = field.only;
        (field.many || !many) && (name.is_empty() || values.contains(&form.get(name)))
    });
    shown.map(|field| draw_one(field, state, form, change)).collect()
}

fn draw_one(field: &'static Field, state: &State, form: &ProbeForm, change: &Callback<ProbeForm>) -> Html {
    let name = field.name;
    let key = if name.is_empty() { field.label } else { name };
    let testid = format!("probe-{name}");
    let value = form.get(name);
    let set = {
        let (form, change) = (form.clone(), change.clone());
        move |value: String| change.emit(form.with(name, value))
    };
    let oninput = {
        let (form, change) = (form.clone(), change.clone());
        Callback::from(move |event: InputEvent| {
            let value = event.target_unchecked_into::<HtmlInputElement>().value();
            change.emit(match name {
                PROXY_PASSWORD => form.with_password(Password::new(value)),
                _ => form.with(name, value),
            });
        })
    };
    let label = text(field.label);
    let input = match field.input {
        Input::Heading => return html! { <h2 {key} class="form-heading">{ label }</h2> },
        Input::Check => {
            let onchange = Callback::from(move |event: Event| {
                let on = event.target_unchecked_into::<HtmlInputElement>().checked();
                set(if on { "on" } else { "off" }.to_owned());
            });
            return html! {
                <label {key} class="check">
                    <input type="checkbox" data-testid={testid} checked={value == "on"} {onchange} />
                    <span>{ label }<small>{ hint(text(field.hint)) }</small></span>
                </label>
            };
        }
        Input::Choice(listed) => {
            let onchange = Callback::from(move |event: Event| {
                set(event.target_unchecked_into::<HtmlSelectElement>().value());
            });
            let option = |(value, words): (AttrValue, AttrValue), chosen: &str| {
                let selected = value == chosen;
                html! { <option {value} {selected}>{ words }</option> }
            };
            let (made, chosen) =
                if listed.is_empty() { choices(name, state, form) } else { (Vec::new(), value) };
            let listed = listed.iter().map(|(value, words)| ((*value).into(), text(words).into()));
            html! { <select data-testid={testid} {onchange}>{ for listed.chain(made).map(|each| option(each, chosen)) }</select> }
        }
        Input::Text(placeholder) => html! {
            <input type="text" data-testid={testid} value={value.to_owned()} {placeholder} {oninput} autocomplete="off" autocapitalize="none" spellcheck="false" />
        },
        Input::Secret => html! {
            <input type="password" data-testid={testid} value={form.proxy_password.as_str().to_owned()} {oninput} autocomplete="off" />
        },
    };
    let meaning = if name == "auth" { consent(form) } else { hint(text(field.hint)) };
    html! { <label {key} class="field"><span>{ label }</span>{ input }<small>{ meaning }</small></label> }
}

/// The choices that are no constants, and the one that is chosen.
fn choices<'a>(name: &str, state: &State, form: &'a ProbeForm) -> (Vec<(AttrValue, AttrValue)>, &'a str) {
    if name == "starttls" {
        let all = StartTls::ALL.into_iter().map(|protocol| (protocol.word().into(), protocol.title().into()));
        return (all.collect(), form.starttls().word());
    }
    let mut all: Vec<(AttrValue, AttrValue)> = vec![
        ("first".into(), t!("First key that fits").into()),
        ("none".into(), t!("No client certificate").into()),
    ];
    let pairs = state.keystore.entries.iter().filter(|entry| entry.kind == EntryKind::KeyPair);
    let mut add =
        |alias: &str| all.push((format!("alias:{alias}").into(), t!("Key “{alias}”", alias).into()));
    pairs.for_each(|entry| add(&entry.alias));
    // An entry that is gone stays chosen until another is: the probe then says that it is not there.
    let chosen = form.get(name);
    if let Some(alias) = chosen.strip_prefix("alias:")
        && !state.keystore.entries.iter().any(|entry| entry.alias == alias)
    {
        add(alias);
    }
    (all, chosen)
}

/// What the user agrees to by starting the probe.
fn consent(form: &ProbeForm) -> Html {
    let what = match form.get("auth") {
        "none" => return html! { t!("Nothing is signed, whatever the server asks for.") },
        "first" => t!("the first key that the server accepts"),
        _ => t!("this key"),
    };
    html! {
        <span data-testid="probe-consent">
            { t!("If the server asks for a ") }{ word("client", t!("client certificate")) }
            { t!(", {what} signs this one handshake, once, here in the browser.", what) }
        </span>
    }
}

/// A hint with its word.
fn hint(text: &'static str) -> Html {
    let parts = text.split_once('{').and_then(|(before, rest)| {
        let (name, rest) = rest.split_once('|')?;
        let (shown, after) = rest.split_once('}')?;
        Some(html! { <>{ before }{ word_before(name, shown, after) }</> })
    });
    parts.unwrap_or_else(|| html! { text })
}
