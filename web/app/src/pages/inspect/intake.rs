//! How things come into the bag: dropped, chosen, pasted anywhere or into the field; and sent again with a password that was asked for.

use certwright_protocol::t;
use certwright_protocol::ui::{InputFile, Request, Response};
use certwright_protocol::{Bytes, Password};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, HtmlTextAreaElement};
use yew::prelude::*;

use super::desk::Change;
use crate::bridge::Answer;
use crate::frame::drop::choose_files;
use crate::parts::controls::button;
use crate::parts::icon;
use crate::state::{Action, App, use_app};

/// Gives the worker what has come in. The callback sends the last files again, with a password more.
#[hook]
pub(super) fn use_intake() -> Callback<Password> {
    let app = use_app();
    let passwords = use_mut_ref(Vec::<Password>::new);
    let incoming = app.state.desk.incoming.clone();
    use_effect_with(incoming, {
        let app = app.clone();
        move |incoming| {
            let Some(files) = incoming else { return };
            app.dispatch(Action::Desk(Change::Taken));
            if !files.0.is_empty() {
                inspect(&app, (*files.0).clone(), Vec::new());
            }
        }
    });
    use_callback(app.state.desk.files.clone(), move |password, files| {
        let Some(files) = files else { return };
        passwords.borrow_mut().push(password);
        inspect(&app, (*files.0).clone(), passwords.borrow().clone());
    })
}

fn inspect(app: &App, files: Vec<InputFile>, passwords: Vec<Password>) {
    let filled = fills(app);
    app.ask_home(Request::Inspect { files, passwords }, move |answer| filled.emit(answer));
}

/// What to do with an answer that is the bag.
pub(crate) fn fills(app: &App) -> Callback<Answer> {
    let app = app.clone();
    Callback::from(move |answer: Answer| match answer {
        Ok(Response::Bag { bag }) => app.dispatch(Action::Desk(Change::Bag(bag))),
        Ok(_) => {}
        Err(problem) => app.tell(&problem),
    })
}

/// Takes things out of the bag; none is all.
pub(super) fn discard(app: &App, things: Vec<u32>) {
    let filled = fills(app);
    app.ask_home(Request::Discard { things }, move |answer| filled.emit(answer));
}

/// The page without anything to look at.
pub(super) fn empty() -> Html {
    html! {
        <section class="empty" data-testid="inspect-empty">
            <span class="seal">{ icon("look") }</span>
            <h1>{ t!("Look closely at certificates") }</h1>
            <p class="lead">
                { t!("Drop files on this page, or paste what you have: the page says what it is, judges the chain, shows every field and every byte. Nothing leaves this browser.") }
            </p>
            <Paste />
            <ul class="promises">
                <li>{ icon("cert") }<span>{ t!("Certificates, signing requests, revocation lists, OCSP responses, PKCS#7, keystores, keys; one or many.") }</span></li>
                <li>{ icon("file") }<span>{ t!("PEM with text around it, base64, hex; the output of openssl s_client -showcerts; a JWK; SAML metadata; the header in which a proxy passes a certificate on.") }</span></li>
                <li>{ icon("tree") }<span>{ t!("Anything else in DER or BER is shown as ASN.1.") }</span></li>
            </ul>
        </section>
    }
}

/// The field that takes pastes, and the buttons beside it.
#[component]
pub(super) fn Paste() -> Html {
    let app = use_app();
    let field = use_node_ref();
    let take = move |text: String| {
        if !text.trim().is_empty() {
            let file = InputFile { name: t!("pasted text").into(), content: Bytes(text.into_bytes()) };
            app.dispatch(Action::Drop(vec![file], Vec::new()));
        }
    };
    // What is pasted is taken at once.
    let onpaste = Callback::from({
        let take = take.clone();
        move |event: Event| {
            let data = event.unchecked_ref::<ClipboardEvent>().clipboard_data();
            let text = data.and_then(|data| data.get_data("text/plain").ok()).unwrap_or_default();
            if !text.is_empty() {
                event.prevent_default();
                take(text);
            }
        }
    });
    let typed = Callback::from({
        let field = field.clone();
        move |_: MouseEvent| {
            let Some(field) = field.cast::<HtmlTextAreaElement>() else { return };
            let text = field.value();
            field.set_value("");
            take(text);
        }
    });
    html! {
        <div class="paste">
            <label class="field">
                <span class="offscreen">{ t!("Text to inspect") }</span>
                <textarea class="mono" rows="3" ref={field} data-testid="inspect-paste" spellcheck="false" autocomplete="off"
                    placeholder={t!("Paste here: PEM, base64, hex, a header, the output of a command")} {onpaste} />
            </label>
            <div class="actions">
                { button("", "inspect-typed", "look", t!("Inspect the text"), typed) }
                { button("primary", "inspect-choose", "import", t!("Choose files"), Callback::from(|_| choose_files())) }
            </div>
        </div>
    }
}
