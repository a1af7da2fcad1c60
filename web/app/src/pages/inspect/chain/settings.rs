//! How a chain is judged: one line that says it, and opens to the form.

use certwright_protocol::language::text;
use certwright_protocol::ui::JudgePlan;
use certwright_protocol::ui::inspect::{ProfileChoice, PurposeChoice, RevocationChoice, Thing, ThingKind};
use certwright_protocol::{mark, t, tn};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::compare::choose_thing;
use super::super::desk::Change;
use crate::browser;
use crate::parts::controls::{field, select};
use crate::parts::icon;
use crate::parts::time::day;
use crate::state::{Action, App, use_app};

const PURPOSES: [(PurposeChoice, &str, &str); 4] = [
    (PurposeChoice::Server, "server", mark!("TLS server")),
    (PurposeChoice::Client, "client", mark!("TLS client")),
    (PurposeChoice::Email, "email", mark!("E-mail")),
    (PurposeChoice::Any, "any", mark!("Any purpose")),
];

const PROFILES: [(ProfileChoice, &str, &str); 6] = [
    (ProfileChoice::Auto, "auto", mark!("Rules that fit the root")),
    (ProfileChoice::TlsServer, "tls_server", mark!("Public TLS servers (CA/Browser Forum)")),
    (ProfileChoice::TlsClient, "tls_client", mark!("TLS clients")),
    (ProfileChoice::Email, "email", mark!("E-mail")),
    (ProfileChoice::Rfc5280, "rfc5280", mark!("RFC 5280 as a whole")),
    (ProfileChoice::Private, "private", mark!("Private authorities (RFC 5280 alone)")),
];

const REVOCATIONS: [(RevocationChoice, &str, &str); 3] = [
    (RevocationChoice::IfKnown, "if_known", mark!("Revocation where it is known")),
    (RevocationChoice::Required, "required", mark!("Revocation must be known")),
    (RevocationChoice::Off, "off", mark!("No revocation")),
];

#[derive(Properties, PartialEq)]
pub(super) struct SettingsProps {
    pub(super) plan: JudgePlan,
}

/// The line and the form.
#[component]
pub(super) fn Settings(props: &SettingsProps) -> Html {
    let app = use_app();
    let plan = &props.plan;
    let things = &app.state.desk.bag.things;
    let certificates: Vec<&Thing> =
        things.iter().filter(|thing| thing.kind == ThingKind::Certificate).collect();
    let change = |change: fn(&mut JudgePlan, &HtmlInputElement)| {
        let (app, plan) = (app.clone(), plan.clone());
        Callback::from(move |event: Event| {
            let mut plan = plan.clone();
            change(&mut plan, &event.target_unchecked_into());
            app.dispatch(Action::Desk(Change::Plan(plan)));
        })
    };
    let leaf = picks(&app, plan, {
        let ids: Vec<u32> = certificates.iter().map(|thing| thing.id).collect();
        move |plan, place| plan.leaf = ids.get(place).copied().unwrap_or(plan.leaf)
    });
    let text = |testid: &'static str, value: String, placeholder: &'static str, onchange: Callback<Event>| {
        html! { <input type="text" data-testid={testid} {value} {placeholder} {onchange} autocomplete="off" autocapitalize="none" spellcheck="false" /> }
    };
    let name = change(|plan, field| plan.name = field.value().trim().to_owned());
    let at = change(|plan, field| plan.at = browser::parse_time(&field.value()));
    let policies = change(|plan, field| {
        plan.policies =
            field.value().split([',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    });
    let trusted = |testid: &'static str, checked: bool, words: &str, onchange: Callback<Event>| {
        html! { <label class="chip"><input type="checkbox" data-testid={testid} {checked} {onchange} />{ words.to_owned() }</label> }
    };
    html! {
        <details class="settings screen" data-testid="settings">
            <summary>{ icon("pen") }{ sentence(plan, &certificates) }</summary>
            <div class="parts">
                { field(t!("Certificate"), choose_thing("judge-leaf", certificates.iter().copied(), plan.leaf, leaf), "") }
                { field(t!("Used by a"), choose(&app, plan, "judge-purpose", &PURPOSES, plan.purpose, |plan, to| plan.purpose = to), "") }
                { field(t!("For the name"), text("judge-name", plan.name.clone(), "www.example.com", name), t!("Host, address or e-mail address; empty leaves it unchecked")) }
                { field(t!("At the time (UTC)"), html! { <input type="datetime-local" data-testid="judge-at" value={plan.at.map(browser::time_field)} onchange={at} /> }, t!("Empty is now")) }
                { field(t!("By the rules of"), choose(&app, plan, "judge-profile", &PROFILES, plan.profile, |plan, to| plan.profile = to), "") }
                { field(t!("Revocation"), choose(&app, plan, "judge-revocation", &REVOCATIONS, plan.revocation, |plan, to| plan.revocation = to), t!("By the lists and responses in the bag")) }
                { field(t!("Policies"), text("judge-policies", plan.policies.join(" "), "2.23.140.1.2.1", policies), t!("Dotted, of which one is needed; empty is any")) }
            </div>
            <fieldset class="chips">
                <legend>{ t!("Trusted") }</legend>
                { trusted("trust-keystore", plan.trust.keystore, t!("What my keystore trusts"), change(|plan, field| plan.trust.keystore = field.checked())) }
                { trusted("trust-mozilla", plan.trust.mozilla, t!("Mozilla’s roots"), change(|plan, field| plan.trust.mozilla = field.checked())) }
                { for certificates.iter().filter(|thing| thing.same_as.is_none()).map(|thing| {
                    let id = thing.id;
                    let (app, plan) = (app.clone(), plan.clone());
                    let checked = plan.trust.things.contains(&id);
                    let onchange = Callback::from(move |_: Event| {
                        let mut plan = plan.clone();
                        if checked { plan.trust.things.retain(|other| *other != id) } else { plan.trust.things.push(id) }
                        app.dispatch(Action::Desk(Change::Plan(plan)));
                    });
                    trusted("trust-thing", checked, &thing.title, onchange)
                }) }
            </fieldset>
        </details>
    }
}

/// A callback that changes the plan by the position of what was chosen.
fn picks(app: &App, plan: &JudgePlan, change: impl Fn(&mut JudgePlan, usize) + 'static) -> Callback<usize> {
    let (app, plan) = (app.clone(), plan.clone());
    Callback::from(move |place| {
        let mut plan = plan.clone();
        change(&mut plan, place);
        app.dispatch(Action::Desk(Change::Plan(plan)));
    })
}

fn choose<T: Copy + PartialEq + 'static>(
    app: &App,
    plan: &JudgePlan,
    testid: &'static str,
    known: &'static [(T, &'static str, &'static str)],
    chosen: T,
    change: fn(&mut JudgePlan, T),
) -> Html {
    let place = known.iter().position(|(choice, ..)| *choice == chosen).unwrap_or(0);
    let picked = picks(app, plan, move |plan, place| {
        if let Some((choice, ..)) = known.get(place) {
            change(plan, *choice);
        }
    });
    select(testid, known.iter().map(|(_, value, words)| ((*value).into(), text(words).into())), place, picked)
}

/// What is judged, and how, in one line.
fn sentence(plan: &JudgePlan, certificates: &[&Thing]) -> String {
    let words = |found: Option<&str>| found.unwrap_or_default().to_owned();
    let leaf = certificates.iter().find(|thing| thing.id == plan.leaf);
    let mut trust = Vec::new();
    if plan.trust.keystore {
        trust.push(t!("my keystore").to_owned());
    }
    if plan.trust.mozilla {
        trust.push(t!("Mozilla’s roots").to_owned());
    }
    if !plan.trust.things.is_empty() {
        trust.push(t!(
            "{things} here",
            things = tn!(
                plan.trust.things.len(),
                "1 certificate",
                "{count} certificates",
                count = plan.trust.things.len()
            )
        ));
    }
    let mut parts = vec![
        words(leaf.map(|thing| thing.title.as_str())),
        words(PURPOSES.iter().find(|known| known.0 == plan.purpose).map(|known| text(known.2))),
        if plan.name.is_empty() { t!("any name").to_owned() } else { t!("for {name}", name = plan.name) },
        plan.at.map_or_else(|| t!("now").to_owned(), |at| t!("at {at}", at = day(at))),
        words(PROFILES.iter().find(|known| known.0 == plan.profile).map(|known| text(known.2))),
        words(REVOCATIONS.iter().find(|known| known.0 == plan.revocation).map(|known| text(known.2))),
        if trust.is_empty() {
            t!("nothing trusted").to_owned()
        } else {
            t!("trusting {trust}", trust = trust.join(t!(" and ")))
        },
    ];
    if !plan.policies.is_empty() {
        parts.push(t!("policies {policies}", policies = plan.policies.join(" ")));
    }
    parts.join(" · ")
}
