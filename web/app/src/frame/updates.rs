//! The service worker, which keeps the page's files so that it opens without a server (`assets/sw.js`): it is registered here, and a newer version is told.
//! That one waits until no tab uses the older one any more, or until the user says so.

use std::cell::RefCell;

use certwright_protocol::t;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};
use yew::prelude::*;

use crate::browser::{self, Interval, Listener};
use crate::parts::controls::button;
use crate::parts::icon;

const SCRIPT: &str = "/sw.js";
/// What makes a waiting service worker take over; `sw.js` listens for it.
const TAKE_OVER: &str = "take-over";
/// How often a page that stays open asks for a newer version.
const EVERY_MS: i32 = 60 * 60 * 1000;

thread_local! {
    // They live as long as the page does.
    static LISTENERS: RefCell<Vec<Listener>> = const { RefCell::new(Vec::new()) };
    static INTERVAL: RefCell<Option<Interval>> = const { RefCell::new(None) };
}

/// Says that a newer version waits, if one does.
#[component]
pub(crate) fn Updates() -> Html {
    let waiting = use_state(|| None::<ServiceWorker>);
    use_effect_with((), {
        let waiting = waiting.setter();
        move |()| {
            // Only a build of `cargo xtask build` has one.
            if cfg!(split) {
                spawn_local(async move {
                    // Without https, or where the browser keeps nothing, there is none; the page works all the same.
                    let _ = register(Callback::from(move |worker| waiting.set(Some(worker)))).await;
                });
            }
        }
    });
    let Some(worker) = (*waiting).clone() else { return html! {} };
    let now = Callback::from(move |_: MouseEvent| take_over(&worker));
    let later = Callback::from(move |_: MouseEvent| waiting.set(None));
    html! {
        <div class="note-bar" role="status" data-testid="update-note">
            { icon("info") }
            <span>{ t!("A new version of Certwright is ready. It comes when all its pages are closed, or now; what is kept on this device stays.") }</span>
            { button("small", "update-now", "", t!("Reload now"), now) }
            { button("small", "update-later", "", t!("Later"), later) }
        </div>
    }
}

/// Registers the service worker, and tells every newer one that waits.
async fn register(found: Callback<ServiceWorker>) -> Result<(), JsValue> {
    let container = browser::window().navigator().service_worker();
    if container.is_undefined() || browser::is_file() {
        return Ok(());
    }
    let registration: ServiceWorkerRegistration =
        JsFuture::from(container.register(SCRIPT)).await?.unchecked_into();
    if let Some(worker) = registration.waiting() {
        found.emit(worker);
    }
    // Another tab may have begun to fetch it.
    if let Some(worker) = registration.installing() {
        tell_when_installed(&container, worker, found.clone());
    }
    let coming = registration.clone();
    keep(Listener::new(registration.clone().into(), "updatefound", move |_| {
        if let Some(worker) = coming.installing() {
            tell_when_installed(&container, worker, found.clone());
        }
    }));
    // A server that cannot be reached has no newer version.
    INTERVAL.set(Some(Interval::new(EVERY_MS, move || drop(registration.update()))));
    Ok(())
}

fn tell_when_installed(
    container: &ServiceWorkerContainer,
    worker: ServiceWorker,
    found: Callback<ServiceWorker>,
) {
    let container = container.clone();
    keep(Listener::new(worker.clone().into(), "statechange", move |_| {
        // The first one of all replaces nothing.
        if worker.state() == ServiceWorkerState::Installed && container.controller().is_some() {
            found.emit(worker.clone());
        }
    }));
}

/// Has the newer version take over, and reloads the page once it has.
fn take_over(worker: &ServiceWorker) {
    let container = browser::window().navigator().service_worker();
    keep(Listener::new(container.into(), "controllerchange", |_| {
        let _ = browser::window().location().reload();
    }));
    let _ = worker.post_message(&TAKE_OVER.into());
}

fn keep(listener: Listener) {
    LISTENERS.with_borrow_mut(|listeners| listeners.push(listener));
}
