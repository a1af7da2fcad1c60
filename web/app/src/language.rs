//! The language of the page: what the user chose in the settings, else what the browser prefers.
//!
//! English stands in the page itself. The texts of another language are a file that is fetched before the first paint, or an element of a page that is
//! one file; where they cannot be had, the page stays English. The worker has its own texts and is told which language it is.

use certwright_protocol::language::{self, Language};
use certwright_protocol::mark;
use certwright_protocol::ui::{Request, Response as Answer, StoreId};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

use crate::bridge::Bridge;
use crate::pages::inspect::desk::Change;
use crate::state::{Action, App};
use crate::{browser, settings};

/// What can be chosen: id in the settings, and what it is called; languages are called as they call themselves.
pub(crate) const CHOICES: [(&str, &str); 3] =
    [("system", mark!("As the browser")), ("en", "English"), ("de", "Deutsch")];

/// Where the German texts lie, and the id of the element that has them in a page that is one file.
const GERMAN: (&str, &str) = ("/texts-de.txt", "texts-de");

/// The language that the settings and the browser ask for.
fn wanted() -> Language {
    let settings = settings::current();
    Language::from_tag(&settings.language).unwrap_or_else(|| {
        let preferred: Vec<String> =
            browser::window().navigator().languages().iter().filter_map(|tag| tag.as_string()).collect();
        Language::of_browser(preferred.iter().map(String::as_str))
    })
}

/// Chooses the language before the page is drawn for the first time.
pub(crate) async fn begin() {
    choose(wanted()).await;
}

/// Follows the settings where they have changed: the page is drawn anew, and the worker tells anew what it told in words.
pub(crate) fn follow(app: &App) {
    if wanted() == language::chosen() {
        return;
    }
    let app = app.clone();
    spawn_local(async move {
        choose(wanted()).await;
        app.dispatch(Action::Settings);
        tell(&app.bridge);
        // What is drawn asks for its own words again; what is kept besides is told again.
        let next = app.clone();
        app.ask_home(Request::Bag, move |answer| {
            if let Ok(Answer::Bag { bag }) = answer {
                next.dispatch(Action::Desk(Change::Retold(bag)));
            }
        });
    });
}

/// Tells the worker in which language it speaks.
pub(crate) fn tell(bridge: &Bridge) {
    bridge.ask(StoreId::HOME, Request::SetLanguage { language: language::chosen() }, |_| {});
}

async fn choose(wanted: Language) {
    let (language, texts) = match wanted {
        Language::English => (wanted, String::new()),
        Language::German => match texts(GERMAN).await {
            Some(texts) => (wanted, texts),
            None => (Language::English, String::new()),
        },
    };
    language::set(language, texts.leak());
    if let Some(root) = browser::document().document_element() {
        // Fails only for a name that is none.
        let _ = root.set_attribute("lang", language.code());
    }
}

async fn texts((address, id): (&str, &str)) -> Option<String> {
    if let Some(element) = browser::document().get_element_by_id(id) {
        return element.text_content();
    }
    let answer = JsFuture::from(browser::window().fetch_with_str(address)).await.ok()?;
    let answer: Response = answer.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}
