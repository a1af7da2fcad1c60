//! Notes below the header: the worker stopped, starting takes long, the keystore is in memory only.

use yew::prelude::*;

use crate::browser;
use crate::parts::controls::button;
use crate::parts::explanation::explained;
use crate::parts::icon;
use crate::parts::kept::use_flag;
use crate::state::{Action, Tone, WorkerState, use_app};
use certwright_protocol::t;
use certwright_protocol::ui::Told;

/// After this time the user may want to start again.
const PATIENCE_MS: i32 = 15_000;

/// The notes.
#[component]
pub(crate) fn Notes() -> Html {
    let app = use_app();
    let slow = use_flag();
    use_effect_with(app.state.worker, {
        let slow = slow.setter();
        move |worker| {
            slow.set(false);
            let timer = (*worker == WorkerState::Starting)
                .then(|| browser::Interval::new(PATIENCE_MS, move || slow.set(true)));
            move || drop(timer)
        }
    });
    let restart = Callback::from({
        let app = app.clone();
        move |_| {
            app.dispatch(Action::WorkerStarts);
            app.bridge.start();
        }
    });
    let again = html! {
        { button("", "worker-restart", "", t!("Start it again"), restart) }
    };
    match app.state.worker {
        WorkerState::Failed => html! {
            <div class="note-wide" data-testid="worker-failed">
                { explained(&Told::worker_failed(), Tone::Bad, html! { <div class="actions">{ again }</div> }) }
            </div>
        },
        WorkerState::Starting if *slow => html! {
            <div class="note-bar" role="status">{ icon("clock") }<span>{ t!("Starting takes longer than it should.") }</span>{ again }</div>
        },
        _ if app.state.in_memory() => html! {
            <div class="note-bar" role="status" data-testid="memory-note">
                { icon("memory") }
                <span>{ t!("In memory only: these entries are gone when the page closes.") }</span>
                <button type="button" class="link" popovertarget="persistence-panel">{ t!("Keep on this device…") }</button>
            </div>
        },
        _ => html! {},
    }
}
