//! Makes a key pair: the form, and the progress while the worker searches primes.

use certwright_protocol::language::text;
use certwright_protocol::ui::KeyChoice;
use certwright_protocol::{mark, t};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::PaneFrame;
use crate::browser::{self, Interval};
use crate::parts::controls::submit;
use crate::parts::explanation::maybe_problem;
use crate::parts::icon;
use crate::parts::kept::use_problem;
use crate::parts::word::word_before;
use crate::settings;
use crate::state::{Generation, use_app};

/// A kind of key that can be made.
struct Choice {
    key: KeyChoice,
    id: &'static str,
    name: &'static str,
    /// Stands beside the name.
    tag: &'static str,
    advice: &'static str,
    /// Whether it is shown at once, rather than among the rarer kinds.
    usual: bool,
}

const fn usual(key: KeyChoice, id: &'static str, name: &'static str, advice: &'static str) -> Choice {
    Choice { key, id, name, tag: "", advice, usual: true }
}

const fn rare(
    key: KeyChoice,
    id: &'static str,
    name: &'static str,
    tag: &'static str,
    advice: &'static str,
) -> Choice {
    Choice { key, id, name, tag, advice, usual: false }
}

const fn rsa(bits: u32) -> KeyChoice {
    KeyChoice::Rsa { bits }
}

const CHOICES: [Choice; 12] = [
    Choice {
        tag: mark!("Recommended"),
        ..usual(
            KeyChoice::EcP256,
            "ec_p256",
            "EC P-256",
            mark!("Small, fast and strong. The right choice unless the other side says otherwise."),
        )
    },
    usual(
        KeyChoice::EcP384,
        "ec_p384",
        "EC P-384",
        mark!("As P-256, with more margin; some authorities and company rules ask for it."),
    ),
    usual(
        rsa(2048),
        "rsa_2048",
        "RSA 2048",
        mark!("For old systems that know RSA alone. The least that is accepted today. Made in seconds."),
    ),
    usual(
        rsa(3072),
        "rsa_3072",
        "RSA 3072",
        mark!("RSA with the margin that is recommended beyond 2030. May take half a minute."),
    ),
    usual(
        rsa(4096),
        "rsa_4096",
        "RSA 4096",
        mark!("RSA where a rule demands it. Slow: making it may take a minute."),
    ),
    rare(
        KeyChoice::EcP521,
        "ec_p521",
        "EC P-521",
        "",
        mark!("The largest of its kind. Not every browser and authority takes it; P-384 is strong enough."),
    ),
    rare(
        KeyChoice::Ed25519,
        "ed25519",
        "Ed25519",
        "",
        mark!(
            "Modern and fast, but not yet accepted by most public authorities and servers, nor by Java before 15."
        ),
    ),
    rare(
        rsa(6144),
        "rsa_6144",
        "RSA 6144",
        "",
        mark!("Larger than almost any rule demands. Making it takes minutes in a browser."),
    ),
    rare(
        rsa(8192),
        "rsa_8192",
        "RSA 8192",
        "",
        mark!(
            "Making it takes many minutes in a browser, and every use of it is slow. Some devices refuse it."
        ),
    ),
    rare(KeyChoice::MlDsa44, "ml_dsa_44", "ML-DSA-44", mark!("New"), POST_QUANTUM),
    rare(
        KeyChoice::MlDsa65,
        "ml_dsa_65",
        "ML-DSA-65",
        mark!("New"),
        mark!("As ML-DSA-44, with more margin: the usual choice of its kind."),
    ),
    rare(
        KeyChoice::MlDsa87,
        "ml_dsa_87",
        "ML-DSA-87",
        mark!("New"),
        mark!("As ML-DSA-44, with the most margin; some state rules ask for it."),
    ),
];

/// Who can read it is what matters with a new algorithm.
const POST_QUANTUM: &str = mark!(
    "Withstands quantum computers. OpenSSL 3.5 and Java 24 can read it; browsers, public authorities and most servers cannot yet. For trying it out."
);

/// All kinds: id and name, for the settings.
pub(crate) fn key_kinds() -> Vec<(&'static str, &'static str)> {
    CHOICES.iter().map(|choice| (choice.id, text(choice.name))).collect()
}

/// The kind that the settings prefer.
fn preferred() -> KeyChoice {
    let settings = settings::current();
    CHOICES.iter().find(|choice| choice.id == settings.key).map_or(KeyChoice::EcP256, |choice| choice.key)
}

fn name(key: KeyChoice) -> &'static str {
    CHOICES.iter().find(|choice| choice.key == key).map(|choice| text(choice.name)).unwrap_or_default()
}

/// The pane.
#[component]
pub(super) fn NewKey() -> Html {
    let app = use_app();
    // A guided job suggests a name.
    let alias = use_state_eq(|| {
        app.state.jobs.errand.as_ref().map(|errand| errand.alias.to_string()).unwrap_or_default()
    });
    let key = use_state_eq(preferred);
    let problem = use_problem();
    let field = use_node_ref();
    use_effect_with((), {
        let field = field.clone();
        move |()| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                let _ = field.focus();
            }
        }
    });
    let onsubmit = Callback::from({
        let (app, alias, key, problem) = (app.clone(), alias.clone(), key.clone(), problem.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            problem.set(None);
            let problem = problem.clone();
            app.generate(
                alias.trim().to_owned(),
                *key,
                Callback::from(move |found| problem.set(Some(found))),
            );
        }
    });
    let oninput = Callback::from({
        let alias = alias.clone();
        move |event: InputEvent| alias.set(event.target_unchecked_into::<HtmlInputElement>().value())
    });
    if let Some(generation) = &app.state.generation {
        return html! {
            <PaneFrame title={t!("Making “{alias}”", alias = generation.alias)}>
                <Progress generation={generation.clone()} />
            </PaneFrame>
        };
    }
    html! {
        <PaneFrame title={t!("New key")}>
            <form class="form" data-testid="new-key-form" {onsubmit}>
                <label class="field">
                    <span>{ t!("Alias") }</span>
                    <input type="text" ref={field} data-testid="new-key-alias" value={(*alias).clone()} {oninput} required={true} maxlength="250"
                        autocomplete="off" spellcheck="false" placeholder="erp-client" />
                    <small>{ t!("The name of this entry in your ") }{ word_before("keystore", t!("keystore"), t!(". You choose it; it can be changed later.")) }</small>
                </label>
                <fieldset class="choices">
                    <legend>{ t!("Kind of key") }</legend>
                    { for CHOICES.iter().filter(|choice| choice.usual).map(|choice| choice_card(choice, &key)) }
                    <details data-testid="new-key-more" open={CHOICES.iter().any(|choice| !choice.usual && choice.key == *key)}>
                        <summary>{ t!("Other kinds: P-521, Ed25519, larger RSA, post-quantum") }</summary>
                        <div class="choices">{ for CHOICES.iter().filter(|choice| !choice.usual).map(|choice| choice_card(choice, &key)) }</div>
                    </details>
                </fieldset>
                { maybe_problem(problem.as_ref()) }
                <div class="actions">
                    { submit("new-key-generate", "key", t!("Make the key"), false) }
                </div>
                <p class="assurance">{ icon("lock") }<span>{ t!("The private key is made in this browser and stays here.") }</span></p>
            </form>
        </PaneFrame>
    }
}

fn choice_card(choice: &'static Choice, key: &UseStateHandle<KeyChoice>) -> Html {
    let Choice { id, name, tag, advice, .. } = choice;
    let onchange = Callback::from({
        let key = key.clone();
        move |_: Event| key.set(choice.key)
    });
    html! {
        <label class="choice">
            <input type="radio" name="key-choice" value={*id} data-testid={format!("new-key-choice-{id}")} checked={**key == choice.key} {onchange} />
            <span>
                <strong>{ text(name) }if !tag.is_empty() { <em class="tag">{ text(tag) }</em> }</strong>
                <small>{ text(advice) }</small>
            </span>
        </label>
    }
}

#[derive(Properties, PartialEq)]
struct ProgressProps {
    generation: Generation,
}

/// How the generation goes on.
#[component]
fn Progress(props: &ProgressProps) -> Html {
    let app = use_app();
    let tick = use_force_update();
    let cancel = use_node_ref();
    use_effect_with((), {
        let cancel = cancel.clone();
        move |()| {
            if let Some(button) = cancel.cast::<web_sys::HtmlElement>() {
                let _ = button.focus();
            }
            let timer = Interval::new(250, move || tick.force_update());
            move || drop(timer)
        }
    });
    let Generation { id, key, candidates, expected, started_ms, .. } = props.generation;
    // Whole tenths: the formatting of floating point numbers would add 10 KB to the page.
    let tenths = ((browser::now_ms() - started_ms) / 100.0).max(0.0) as u64;
    let onclick = Callback::from(move |_| app.cancel(id));
    html! {
        <div class="progress-block" data-testid="generation-progress" data-candidates={candidates.to_string()}>
            <progress aria-label={t!("Making the key")}></progress>
            <p class="progress-line">
                <span>{ name(key) }</span>
                if candidates > 0 { <span>{ t!("{candidates} candidates tried; {expected} is the average", candidates, expected) }</span> }
                <span>{ format!("{}.{} s", tenths / 10, tenths % 10) }</span>
            </p>
            <p class="hint" role="status">{ t!("The search for primes is a matter of luck. You can go on working on this page meanwhile.") }</p>
            <div class="actions">
                <button type="button" class="button" ref={cancel} data-testid="cancel-generation" {onclick}>{ icon("cross") }{ t!("Cancel") }</button>
            </div>
        </div>
    }
}
