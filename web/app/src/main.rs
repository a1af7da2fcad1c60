//! The interface in the page: what the worker tells is shown, what the user does is asked of the worker.
//!
//! No cryptography and no certificate is computed here; every fact and every word for a problem comes from
//! [`certwright_protocol`]. [`state`] is the one store, [`bridge`] the one way to the worker.

mod actions;
mod app;
mod bridge;
mod browser;
mod frame;
mod glossary;
mod language;
mod lazy;
mod message;
mod pages;
mod parts;
mod pictures;
mod settings;
mod state;
mod tour;

fn main() {
    settings::load();
    wasm_bindgen_futures::spawn_local(async {
        language::begin().await;
        yew::Renderer::<app::App>::with_root(browser::root()).render();
    });
}
