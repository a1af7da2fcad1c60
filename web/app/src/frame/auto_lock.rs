//! Locks the kept keystore after a while without activity, and says so half a minute before.
//!
//! Time is read from the clock at each tick, so that a computer that slept locks as soon as it wakes.

use certwright_protocol::language::text;
use certwright_protocol::ui::Request;
use certwright_protocol::view::Persistence;
use certwright_protocol::{mark, t};
use yew::prelude::*;

use crate::browser::{self, Interval, Listener};
use crate::parts::controls::{button, field, select};
use crate::parts::icon;
use crate::settings;
use crate::state::{Tone, use_app};

/// So long before, it is announced.
const WARNING: i64 = 30;
/// What can be chosen.
const CHOICES: [(u32, &str); 5] = [
    (300, mark!("after 5 minutes")),
    (900, mark!("after 15 minutes")),
    (1_800, mark!("after 30 minutes")),
    (3_600, mark!("after an hour")),
    (0, mark!("never")),
];
/// What counts as activity.
const ACTIVITY: [&str; 5] = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

fn limit() -> i64 {
    i64::from(settings::current().lock_seconds)
}

/// The choice of the time.
#[component]
pub(crate) fn AutoLockChoice() -> Html {
    let app = use_app();
    let chosen = settings::current().lock_seconds;
    let picked = Callback::from(move |place: usize| {
        if let Some((seconds, _)) = CHOICES.get(place) {
            app.set(|settings| settings.lock_seconds = *seconds);
        }
    });
    let choices = CHOICES.iter().map(|(seconds, name)| (seconds.to_string().into(), text(name).into()));
    let place = CHOICES.iter().position(|(seconds, _)| *seconds == chosen).unwrap_or(0);
    field(t!("Lock when nobody works here"), select("auto-lock", choices, place, picked), "")
}

/// Watches for activity while the keystore is kept and open.
#[component]
pub(crate) fn AutoLock() -> Html {
    let app = use_app();
    let left = use_state_eq(|| None::<i64>);
    let last = use_mut_ref(browser::now);
    let kept = app.state.keystore.persistence == Persistence::Kept;
    // Probes and the making of a key are work, too.
    let works = app.state.generation.is_some()
        || app.state.probe.running.is_some()
        || app.state.jobs.probe.running.is_some()
        || app.state.many.running.is_some();
    use_effect_with((kept, works), {
        let (left, last) = (left.setter(), last.clone());
        move |(kept, works)| {
            left.set(None);
            *last.borrow_mut() = browser::now();
            let watch = (*kept && !works).then(|| {
                let active = |name| {
                    let last = last.clone();
                    Listener::new(browser::window().into(), name, move |_| {
                        *last.borrow_mut() = browser::now()
                    })
                };
                let listeners = ACTIVITY.map(active);
                let tick = move || {
                    let limit = limit();
                    let rest = limit - (browser::now() - *last.borrow());
                    match rest {
                        _ if limit <= 0 => left.set(None),
                        ..=0 => {
                            // The answer brings the locked keystore, which ends the watch; until then this is asked once.
                            *last.borrow_mut() = browser::now();
                            app.ask(Request::Lock, |app, _| {
                                app.toast(Tone::Info, t!("Locked, since nobody worked here"))
                            });
                        }
                        rest => left.set((rest <= WARNING).then_some(rest)),
                    }
                };
                (listeners, Interval::new(1_000, tick))
            });
            move || drop(watch)
        }
    });
    let Some(left) = *left else { return html! {} };
    // Any activity keeps it open; the button is there for those who look for one.
    let stay = Callback::from(move |_: MouseEvent| *last.borrow_mut() = browser::now());
    html! {
        <div class="toast warn" data-testid="auto-lock-warning" role="alert">
            { icon("lock") }
            <p>{ t!("Locking in ") }<span aria-hidden="true">{ left.to_string() }</span>{ t!(" s, since nobody works here") }</p>
            { button("small", "auto-lock-stay", "", t!("Stay open"), stay) }
        </div>
    }
}
