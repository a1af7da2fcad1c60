//! The whole page: header, the page that is open, toasts; and what concerns the window as a whole.

use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};
use yew::prelude::*;

use crate::bridge::Bridge;
use crate::browser::{self, Listener};
use crate::frame::{drop::DropZone, header::Header, notes::Notes, toasts::Toasts};
use crate::pages::{
    glossary::GlossaryPage, inspect::InspectPage, keystore::KeystorePage, many::ManyPage, probe::ProbePage,
};
use crate::parts::word::WordCard;
use crate::state::{Action, App as Context, Page, State};
use crate::tour::Tour;

/// The root component.
#[component]
pub(crate) fn App() -> Html {
    let state = use_reducer(State::default);
    let bridge = (*use_memo((), |()| Bridge::new())).clone();
    let app = Context { state: state.clone(), bridge };

    {
        let app = app.clone();
        use_effect_with((), move |()| {
            let listener = app.clone();
            app.bridge.listen(Callback::from(move |notice| listener.notice(notice)));
            app.bridge.start();
        });
    }
    // The browser's own question before a keystore that is in memory only is lost.
    use_effect_with(state.would_lose(), |lose| {
        let listener = lose.then(|| {
            Listener::new(browser::window().into(), "beforeunload", |event: Event| {
                event.prevent_default();
                event.unchecked_ref::<web_sys::BeforeUnloadEvent>().set_return_value("unsaved");
            })
        });
        move || drop(listener)
    });
    {
        let app = app.clone();
        use_effect_with((), move |()| {
            let listener =
                Listener::new(browser::window().into(), "keydown", move |event| shortcut(&app, &event));
            move || drop(listener)
        });
    }

    html! {
        <ContextProvider<Context> context={app}>
            <Header />
            <Notes />
            <main id="main" tabindex="-1">
                { match state.page {
                    Page::Keystore => html! { <KeystorePage /> },
                    Page::Inspect => html! { <InspectPage /> },
                    Page::Probe => html! { <ProbePage /> },
                    Page::Many => html! { <ManyPage /> },
                    Page::Glossary => html! { <GlossaryPage /> },
                } }
            </main>
            <Toasts />
            <WordCard />
            if let Some(step) = state.tour { <Tour {step} /> }
            <DropZone />
        </ContextProvider<Context>>
    }
}

/// Ctrl-Z and Ctrl-Shift-Z outside of fields, where the browser's own undo has nothing to do.
fn shortcut(app: &Context, event: &Event) {
    let key = event.unchecked_ref::<KeyboardEvent>();
    if !(key.ctrl_key() || key.meta_key()) || key.alt_key() || browser::is_field(event.target()) {
        return;
    }
    match key.key().as_str() {
        "z" => app.undo(),
        "Z" | "y" => app.redo(),
        _ => return,
    }
    event.prevent_default();
}

impl Context {
    /// A callback that goes to a page.
    pub(crate) fn go<E: 'static>(&self, page: Page) -> Callback<E> {
        self.on(move || Action::Go(page))
    }
}
