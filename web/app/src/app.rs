//! The whole page: header, the page that is open, toasts; and what concerns the window as a whole.

use certwright_protocol::ui::Request;
use wasm_bindgen::JsCast;
use web_sys::{Event, StorageEvent};
use yew::prelude::*;

use crate::actions;
use crate::bridge::Bridge;
use crate::browser::{self, Listener};
use crate::frame::{
    drop::DropZone, errand::Errand, header::Header, keys::Keys, notes::Notes, palette::Palette, taken::Taken,
    toasts::Toasts, updates::Updates,
};
use crate::language;
use crate::lazy::{self, Lazy};
use crate::pages::keystore::KeystorePage;
use crate::parts::word::WordCard;
use crate::settings;
use crate::state::{Action, App as Context, Page, State, WorkerState};

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
    // The rest of the page comes when it no longer competes with what is needed first.
    use_effect_with(state.worker == WorkerState::Starting, |starting| {
        if !starting {
            lazy::fetch_all();
        }
    });
    // A page has its name in the window's title. Whoever came to it by a key stands at its beginning.
    use_effect_with((state.page, certwright_protocol::language::chosen()), |(page, _)| {
        let document = browser::document();
        if let Some(title) = actions::pages::title(*page) {
            document.set_title(&format!("{title} · Certwright"));
        }
        // What the page itself shows may have taken the focus by then.
        browser::after(0, || {
            if browser::is_nothing_focused() {
                browser::show_and_focus("main");
            }
        });
    });
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
    // A page that is left may be kept, frozen, for the way back: its probes would run on until their deadline, and nobody would see what comes of them.
    {
        let app = app.clone();
        use_effect_with((), move |()| {
            let listener = Listener::new(browser::window().into(), "pagehide", move |_: Event| {
                app.ask_home(Request::StopProbing, |_| {});
            });
            move || drop(listener)
        });
    }
    {
        let app = app.clone();
        use_effect_with((), move |()| {
            // A handle holds on to every state that it has seen, so each event gets one of its own.
            let keys = Listener::new(browser::window().into(), "keydown", {
                let app = app.clone();
                move |event| actions::on_key(&app.clone(), &event)
            });
            // Another tab has changed the settings, or removed all that was stored.
            let stored = Listener::new(browser::window().into(), "storage", move |event| {
                let name = event.unchecked_ref::<StorageEvent>().key();
                if name.is_none_or(|name| name == settings::NAME) {
                    settings::load();
                    app.dispatch(Action::Settings);
                    language::follow(&app);
                }
            });
            move || drop((keys, stored))
        });
    }

    html! {
        // In another language everything is drawn anew.
        <ContextProvider<Context> key={certwright_protocol::language::chosen().code()} context={app.clone()}>
            <Header />
            <Notes />
            <Updates />
            <Errand />
            <Taken />
            <main id="main" tabindex="-1">
                { match state.page {
                    Page::Keystore => html! { <KeystorePage /> },
                    Page::Jobs => html! { <Lazy key="jobs" part={lazy::JOBS} /> },
                    Page::Inspect => html! { <Lazy key="inspect" part={lazy::INSPECT} /> },
                    Page::Probe => html! { <Lazy key="probe" part={lazy::PROBE} /> },
                    Page::Many => html! { <Lazy key="many" part={lazy::MANY} /> },
                    Page::Glossary => html! { <Lazy key="glossary" part={lazy::GLOSSARY} /> },
                    Page::Guide => html! { <Lazy key="guide" part={lazy::GUIDE} /> },
                    Page::Settings => html! { <Lazy key="settings" part={lazy::SETTINGS} /> },
                } }
            </main>
            <Toasts />
            <WordCard />
            if state.tour.is_some() { <Lazy key="tour" part={lazy::TOUR} /> }
            <DropZone />
            <Palette />
            <Keys />
        </ContextProvider<Context>>
    }
}

impl Context {
    /// A callback that goes to a page.
    pub(crate) fn go<E: 'static>(&self, page: Page) -> Callback<E> {
        self.on(move || Action::Go(page))
    }
}
