//! Settings: how the page looks, what new keys and certificates begin with, when something is warned of, and what this device keeps.

mod device;

use certwright_protocol::language::text;
use certwright_protocol::ui::Request;
use certwright_protocol::{mark, t};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::frame::auto_lock::AutoLockChoice;
use crate::language;
use crate::pages::keystore::{ALIAS_RULES, key_kinds};
use crate::parts::controls::{button, check, field, select};
use crate::parts::kind_of;
use crate::settings::{self, Settings, THEMES};
use crate::state::{App, Tone, use_app};

/// What new certificates may be for; as in the form of a signing request.
const PURPOSES: [(&str, &str); 3] =
    [("client", mark!("Client authentication")), ("server", mark!("TLS server")), ("both", mark!("Both"))];

/// By what part of its name a signature algorithm is preferred.
const SIGNATURES: [(&str, &str); 4] = [
    ("", mark!("The usual one of the key")),
    ("384", mark!("With SHA-384")),
    ("512", mark!("With SHA-512")),
    ("PSS", mark!("RSASSA-PSS, where the key is an RSA key")),
];

/// The page, for [`crate::lazy`].
pub(crate) fn draw(_: &App) -> Html {
    html! { <SettingsPage /> }
}

#[component]
fn SettingsPage() -> Html {
    let app = use_app();
    let settings = settings::current();
    html! {
        <div class="page settings-page" data-testid="settings-page">
            <header>
                <h1>{ t!("Settings") }</h1>
                <p class="lead">{ t!("They are kept in this browser, and hold for all its tabs. None of them is secret.") }</p>
            </header>
            { section(t!("Appearance"), html! { <>
                { choice(&app, t!("Language"), "setting-language", told(&language::CHOICES), &settings.language, |settings, id| settings.language = id) }
                { choice(&app, t!("Theme"), "setting-theme", THEMES.map(|(id, name, _)| (id, text(name))).into(), &settings.theme, |settings, id| settings.theme = id) }
            </> }) }
            { section(t!("New keys and certificates"), html! {
                <>
                    { choice(&app, t!("Kind of key"), "setting-key", key_kinds(), &settings.key, |settings, id| settings.key = id) }
                    { number(&app, t!("Validity in days"), "setting-days", settings.days, 36_500, t!("Of certificates that you sign yourself. Authorities have their own rules."), |settings, days| settings.days = days.max(1)) }
                    { choice(&app, t!("Purpose"), "setting-purpose", told(&PURPOSES), &settings.purpose, |settings, id| settings.purpose = id) }
                    { choice(&app, t!("Signature algorithm"), "setting-signature", told(&SIGNATURES), &settings.signature, |settings, id| settings.signature = id) }
                </>
            }) }
            { section(t!("Keystore"), html! {
                <>
                    { alias_rules(&app, &settings) }
                    { number(&app, t!("Warn this many days before the end"), "setting-warn", settings.warn_days, 3_650, "", |settings, days| settings.warn_days = days) }
                    { number(&app, t!("Look ahead this many days"), "setting-ahead", settings.ahead_days, 3_650, t!("For lists of what will need to be renewed."), |settings, days| settings.ahead_days = days) }
                    <AutoLockChoice />
                </>
            }) }
            { section(t!("Keyboard"), letters(&app, &settings)) }
            <device::Device />
            { section(t!("Begin anew"), html! {
                <>
                    <p>{ t!("All settings of this page become what they were at first. Your keystore stays as it is.") }</p>
                    <div class="actions">{ button("", "settings-reset", "undo", t!("Reset the settings"), reset(&app)) }</div>
                </>
            }) }
        </div>
    }
}

fn section(title: &'static str, content: Html) -> Html {
    html! { <section class="settings-part" aria-label={title}><h2>{ title }</h2><div class="form">{ content }</div></section> }
}

fn told(all: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    all.iter().map(|(id, name)| (*id, text(name))).collect()
}

/// One of a list, by its id.
fn choice(
    app: &App,
    label: &'static str,
    testid: &'static str,
    all: Vec<(&'static str, &'static str)>,
    chosen: &str,
    set: fn(&mut Settings, String),
) -> Html {
    let place = all.iter().position(|(id, _)| *id == chosen).unwrap_or(0);
    let choices: Vec<(AttrValue, AttrValue)> =
        all.iter().map(|(id, name)| ((*id).into(), (*name).into())).collect();
    let app = app.clone();
    let picked = Callback::from(move |place: usize| {
        if let Some((id, _)) = all.get(place) {
            app.set(|settings| set(settings, (*id).to_owned()));
        }
    });
    field(label, select(testid, choices, place, picked), "")
}

/// A whole number. What is none, or too large, changes nothing.
fn number(
    app: &App,
    label: &'static str,
    testid: &'static str,
    value: u32,
    most: u32,
    hint: &'static str,
    set: fn(&mut Settings, u32),
) -> Html {
    let app = app.clone();
    let onchange = Callback::from(move |event: Event| {
        let field: HtmlInputElement = event.target_unchecked_into();
        match field.value().trim().parse() {
            Ok(number) if number <= most => app.set(|settings| set(settings, number)),
            _ => field.set_value(&value.to_string()),
        }
    });
    let input = html! { <input type="number" inputmode="numeric" min="0" max={most.to_string()} step="1" data-testid={testid} value={value.to_string()} {onchange} /> };
    field(label, input, hint)
}

/// The rules of new keystores; that of the browser follows at once, if it is open.
fn alias_rules(app: &App, settings: &Settings) -> Html {
    let chosen =
        ALIAS_RULES.iter().position(|(profile, ..)| kind_of(profile) == settings.profile).unwrap_or(0);
    let choices = ALIAS_RULES.iter().map(|(profile, name, _)| (kind_of(profile).into(), text(name).into()));
    let picked = Callback::from({
        let app = app.clone();
        move |place: usize| {
            if let Some((profile, ..)) = ALIAS_RULES.get(place) {
                app.set(|settings| settings.profile = kind_of(profile));
                let teller = app.clone();
                app.ask_home(Request::SetProfile { profile: *profile }, move |answer| {
                    if let Err(problem) = answer {
                        teller.tell(&problem);
                    }
                });
            }
        }
    });
    let about = ALIAS_RULES.get(chosen).map(|(.., about)| text(about)).unwrap_or_default();
    field(t!("Rules for aliases"), select("setting-profile", choices, chosen, picked), about)
}

fn letters(app: &App, settings: &Settings) -> Html {
    let app = app.clone();
    let onchange = Callback::from(move |event: Event| {
        let on = event.target_unchecked_into::<HtmlInputElement>().checked();
        app.set(|settings| settings.letters = on);
    });
    check(
        "setting-letters",
        settings.letters,
        onchange,
        t!("Single letters do something"),
        t!(
            "As “n” for a new key. Press “?” for all keys. Switch it off if you dictate, or press keys by accident."
        ),
    )
}

fn reset(app: &App) -> Callback<MouseEvent> {
    let app = app.clone();
    Callback::from(move |_| {
        app.set(|settings| *settings = Settings::default());
        app.toast(Tone::Info, t!("The settings are as they were at first"));
    })
}
