//! What this device keeps of Certwright, and the way to be rid of all of it.
//!
//! Forgetting everything removes what this origin has in IndexedDB, local and session storage, caches and service workers, after the kept
//! keystore was removed in the way that other tabs hear of. The page then loads again, as on the first visit.

use certwright_protocol::t;
use certwright_protocol::ui::{Request, Response};
use certwright_protocol::view::Persistence;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

use crate::browser;
use crate::parts::controls::button;
use crate::parts::kept::use_flag;
use crate::state::{Action, App, use_app};

/// The database of the worker, for browsers that do not list theirs.
const DATABASE: &str = "certwright";
/// So long a database may take to be removed.
const PATIENCE_MS: i32 = 5_000;

/// The section.
#[component]
pub(super) fn Device() -> Html {
    let app = use_app();
    let asked = use_flag();
    let gone = use_flag();
    let used = use_state_eq(|| None::<u64>);
    let vault = use_state_eq(|| None::<u64>);
    let persistence = app.state.keystore.persistence;
    use_effect_with(std::rc::Rc::as_ptr(&app.state.keystore) as usize, {
        let (app, used, vault) = (app.clone(), used.setter(), vault.setter());
        move |_| {
            spawn_local(async move { used.set(usage().await) });
            vault.set(None);
            if persistence == Persistence::Kept {
                app.ask_home(Request::ExportVault, move |answer| {
                    if let Ok(Response::File { content, .. }) = answer {
                        vault.set(Some(content.as_ref().len() as u64));
                    }
                });
            }
        }
    });
    let flag = |to: bool| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(to))
    };
    let forget = Callback::from({
        let (app, gone) = (app.clone(), gone.setter());
        move |_: MouseEvent| {
            gone.set(true);
            let after = app.clone();
            // Other tabs are told, and let go of the database. Whatever comes of it: all is removed.
            app.ask_home(Request::Forget { everything: true }, move |_| spawn_local(erase(after)));
        }
    });
    let kept = match persistence {
        Persistence::Kept | Persistence::Locked => {
            t!("Your keystore is kept here, encrypted under your passphrase.")
        }
        Persistence::MemoryOnly => t!("Your keystore is not kept here: it is in memory only."),
    };
    html! {
        <section class="settings-part" aria-label={t!("This device")}>
            <h2>{ t!("This device") }</h2>
            <div class="form">
                <p>{ kept }</p>
                <dl class="facts">
                    if let Some(bytes) = *vault { { fact("storage-vault", t!("The kept keystore"), bytes) } }
                    if let Some(bytes) = *used { { fact("storage-used", t!("Storage that Certwright uses in this browser"), bytes) } }
                </dl>
                if *asked {
                    <div class="confirm" role="alert">
                        <p><strong>{ t!("Forget everything on this device?") }</strong></p>
                        <ul class="bullets">
                            <li>{ what_goes(&app) }</li>
                            <li>{ t!("These settings, and all that the browser keeps so that the page works without a network.") }</li>
                        </ul>
                        <p>{ t!("This cannot be undone. Files that you have downloaded stay where they are.") }</p>
                        <div class="actions">
                            { crate::parts::controls::button_if(!*gone, "danger solid", "forget-all-confirm", "trash", t!("Forget everything"), forget) }
                            { button("", "forget-all-not", "", t!("Leave it"), flag(false)) }
                        </div>
                    </div>
                } else {
                    <div class="actions">{ button("danger", "forget-all", "trash", t!("Forget everything on this device…"), flag(true)) }</div>
                }
            </div>
        </section>
    }
}

fn fact(testid: &'static str, name: &'static str, bytes: u64) -> Html {
    let size = if bytes < 10_000 {
        t!("{count} bytes", count = bytes)
    } else if bytes < 10_000_000 {
        t!("{count} KB", count = bytes / 1_000)
    } else {
        t!("{count} MB", count = bytes / 1_000_000)
    };
    html! { <div class="fact"><dt>{ name }</dt><dd data-testid={testid} data-bytes={bytes.to_string()}>{ size }</dd></div> }
}

/// What of the keystores will be gone.
fn what_goes(app: &App) -> &'static str {
    let state = &app.state;
    match state.keystore.persistence {
        Persistence::Locked => t!(
            "The kept keystore, which is locked: its keys cannot be had again, not even with the passphrase."
        ),
        Persistence::Kept => {
            t!("The kept keystore with all its keys, and every file that is open beside it.")
        }
        Persistence::MemoryOnly if state.keystore.entries.is_empty() && state.keystore.stores.is_empty() => {
            t!("Nothing of a keystore: there is none.")
        }
        Persistence::MemoryOnly => {
            t!("The entries that are in memory, and every file that is open beside them.")
        }
    }
}

/// How much this origin stores, in bytes, as far as the browser tells.
async fn usage() -> Option<u64> {
    let storage = member(&browser::window().navigator(), "storage")?;
    let estimate = promised(&storage, "estimate", &[]).await?;
    member(&estimate, "usage")?.as_f64().map(|bytes| bytes as u64)
}

/// Removes all that is stored, and loads the page anew. Each step goes on where the one before could not be done.
async fn erase(app: App) {
    app.bridge.stop();
    // What is in memory is given up as well: the browser is not to ask whether to leave.
    app.dispatch(Action::Forgotten);
    let window = browser::window();
    if let Some(databases) = member(&window, "indexedDB") {
        let listed = list(&databases, "databases").await;
        let mut names: Vec<JsValue> = listed.iter().filter_map(|one| member(one, "name")).collect();
        if names.is_empty() {
            names.push(DATABASE.into());
        }
        for name in names {
            if let Some(request) = call(&databases, "deleteDatabase", &[name]) {
                ended(&request).await;
            }
        }
    }
    if let Some(caches) = member(&window, "caches") {
        for name in list(&caches, "keys").await {
            promised(&caches, "delete", &[name]).await;
        }
    }
    if let Some(workers) = member(&window.navigator(), "serviceWorker") {
        for registration in list(&workers, "getRegistrations").await {
            promised(&registration, "unregister", &[]).await;
        }
    }
    for storage in [window.local_storage(), window.session_storage()] {
        if let Ok(Some(storage)) = storage {
            // Fails only where nothing can be stored.
            let _ = storage.clear();
        }
    }
    let _ = window.location().reload();
}

/// A property, unless it is missing.
fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}

fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let function: Function = member(object, name)?.dyn_into().ok()?;
    function.apply(object, &arguments.iter().collect::<Array>()).ok()
}

/// Calls what gives a promise, and waits for it.
async fn promised(object: &JsValue, name: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let promise: Promise = call(object, name, arguments)?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

/// The same for a list; empty if there is none.
async fn list(object: &JsValue, name: &str) -> Vec<JsValue> {
    promised(object, name, &[]).await.map(|all| Array::from(&all).to_vec()).unwrap_or_default()
}

/// Waits until a request of IndexedDB has ended, however it ends; not for ever where another tab does not let go.
async fn ended(request: &JsValue) {
    let promise = Promise::new(&mut |resolve, _| {
        for event in ["onsuccess", "onerror"] {
            let _ = Reflect::set(request, &event.into(), &resolve);
        }
        // A promise that is resolved already takes no notice.
        browser::after(PATIENCE_MS, move || drop(resolve.call0(&JsValue::NULL)));
    });
    let _ = JsFuture::from(promise).await;
}
