//! A field into which somebody's signing request or certificate is pasted or dropped, or for which a file is chosen. The worker says
//! what it is, in whatever form it comes.

use certwright_protocol::Bytes;
use certwright_protocol::t;
use certwright_protocol::ui::Told;
use certwright_protocol::ui::{FoundThing, InputFile, Request, Response};
use wasm_bindgen_futures::spawn_local;
use web_sys::{FileList, HtmlInputElement};
use yew::prelude::*;

use crate::browser;
use crate::parts::explanation::maybe_problem;
use crate::parts::{icon, pem};
use crate::state::{App, use_app};

/// Less text than this is no certificate and no request, but the beginning of one.
const SHORTEST: usize = 100;

#[derive(Properties, PartialEq)]
pub(in crate::pages::keystore) struct PasteProps {
    /// What is wanted: `signing request`.
    pub(in crate::pages::keystore) what: &'static str,
    pub(in crate::pages::keystore) testid: &'static str,
    /// Whether a certificate will do as well as a signing request.
    #[prop_or_default]
    pub(in crate::pages::keystore) certificates: bool,
    /// What to look at to begin with.
    #[prop_or_default]
    pub(in crate::pages::keystore) text: AttrValue,
    pub(in crate::pages::keystore) found: Callback<FoundThing>,
}

/// Why nothing came of it.
#[derive(Clone, PartialEq, Default)]
enum Failure {
    #[default]
    None,
    NothingOfUse,
    Problem(Told),
}

/// The field.
#[component]
pub(in crate::pages::keystore) fn PasteField(props: &PasteProps) -> Html {
    let app = use_app();
    let failure = use_state_eq(Failure::default);
    let look = Callback::from({
        let (app, failure, found, certificates) =
            (app.clone(), failure.setter(), props.found.clone(), props.certificates);
        move |file: InputFile| look(&app, file, certificates, failure.clone(), found.clone())
    });
    let look_at_text = Callback::from({
        let look = look.clone();
        move |text: String| {
            if text.trim().len() >= SHORTEST {
                look.emit(InputFile { name: t!("pasted text").into(), content: Bytes(text.into_bytes()) });
            }
        }
    });
    use_effect_with(props.text.clone(), {
        let look_at_text = look_at_text.clone();
        move |text| look_at_text.emit(text.to_string())
    });
    let take = {
        let look = look.clone();
        move |files: Option<FileList>| {
            let Some(file) = files.and_then(|files| files.item(0)) else { return };
            let look = look.clone();
            spawn_local(async move {
                let content = Bytes(browser::read_file(&file).await.unwrap_or_default());
                look.emit(InputFile { name: file.name(), content });
            });
        }
    };
    let ondrop = Callback::from({
        let take = take.clone();
        move |event: DragEvent| {
            // Files that are dropped elsewhere are imported; these are not.
            if let Some(files) =
                event.data_transfer().and_then(|transfer| transfer.files()).filter(|files| files.length() > 0)
            {
                event.prevent_default();
                take(Some(files));
            }
        }
    });
    let onchoose = Callback::from(move |event: Event| {
        let field: HtmlInputElement = event.target_unchecked_into();
        take(field.files());
        // The same file can be chosen again.
        field.set_value("");
    });
    let oninput = Callback::from(move |event: InputEvent| {
        look_at_text.emit(event.target_unchecked_into::<HtmlInputElement>().value())
    });
    html! {
        <div class="block tight" {ondrop}>
            <label class="field">
                <span>{ t!("Paste or drop the ") }{ props.what }</span>
                <textarea rows="4" class="mono" data-testid={props.testid} {oninput} spellcheck="false"
                    placeholder={if props.certificates { "-----BEGIN CERTIFICATE-----" } else { "-----BEGIN CERTIFICATE REQUEST-----" }} />
            </label>
            <div class="actions">
                <label class="button small">
                    <input type="file" class="offscreen" data-testid={format!("{}-file", props.testid)} onchange={onchoose} />
                    { icon("file") }{ t!("Choose a file") }
                </label>
            </div>
            if let Failure::NothingOfUse = &*failure {
                <p class="mistake" role="alert">{ t!("There is no {what} in it.", what = props.what) }</p>
            }
            { maybe_problem(match &*failure { Failure::Problem(problem) => Some(problem), _ => None }) }
        </div>
    }
}

fn look(
    app: &App,
    file: InputFile,
    certificates: bool,
    failure: UseStateSetter<Failure>,
    found: Callback<FoundThing>,
) {
    let request = Request::Look { files: vec![file], passwords: Vec::new() };
    app.request(request, move |answer| {
        failure.set(match answer {
            Ok(Response::Found { found: things, problems, .. }) => {
                let thing = things.into_iter().map(|found| found.thing).find(|thing| {
                    matches!(thing, FoundThing::Request { .. })
                        || (certificates && certificate_of(thing).is_some())
                });
                match (thing, problems.into_iter().next()) {
                    (Some(thing), _) => {
                        found.emit(thing);
                        Failure::None
                    }
                    (None, Some(problem)) => Failure::Problem(problem),
                    (None, None) => Failure::NothingOfUse,
                }
            }
            Ok(_) => return,
            Err(problem) => Failure::Problem(problem),
        });
    });
}

/// The thing as PEM: a signing request, or the end-entity's certificate.
pub(super) fn to_pem(thing: &FoundThing) -> Option<String> {
    match thing {
        FoundThing::Request { request } => Some(request.pem.clone()),
        _ => certificate_of(thing).map(|certificate| pem::to_pem([certificate])),
    }
}

fn certificate_of(thing: &FoundThing) -> Option<&certwright_protocol::view::CertificateView> {
    match thing {
        FoundThing::Certificate { certificate } => Some(certificate),
        FoundThing::Chain { certificates }
        | FoundThing::KeyPair { certificates, .. }
        | FoundThing::LockedKey { certificates, .. } => certificates.first(),
        _ => None,
    }
}
