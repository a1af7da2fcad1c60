//! Short messages in the corner, read out politely. Problems stay until they are closed; the others leave by themselves.

use yew::prelude::*;

use crate::browser::Interval;
use crate::parts::controls::{button, icon_button};
use crate::parts::tone_icon;
use crate::state::{Action, Toast, Tone, use_app};
use certwright_protocol::t;

/// How long a toast stays: longer if it offers something.
const STAY_MS: [i32; 2] = [6_000, 12_000];

/// All toasts.
#[component]
pub(crate) fn Toasts() -> Html {
    let app = use_app();
    html! {
        <section class="toasts" aria-live="polite" aria-label={t!("Messages")}>
            <super::auto_lock::AutoLock />
            { for app.state.toasts.iter().map(|toast| html! { <OneToast key={toast.id} toast={toast.clone()} /> }) }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct ToastProps {
    toast: Toast,
}

#[component]
fn OneToast(props: &ToastProps) -> Html {
    let app = use_app();
    let Toast { id, tone, ref text, undo } = props.toast;
    let close = app.on::<()>(move || Action::CloseToast(id));
    use_effect_with(id, {
        let close = close.clone();
        move |_| {
            let stay = if undo { STAY_MS[1] } else { STAY_MS[0] };
            let timer = (tone != Tone::Bad).then(|| Interval::new(stay, move || close.emit(())));
            move || drop(timer)
        }
    });
    let take_back = Callback::from({
        let (app, close) = (app.clone(), close.clone());
        move |_| {
            close.emit(());
            app.undo();
        }
    });
    html! {
        <div class={classes!("toast", tone.word())} data-testid="toast" data-tone={tone.word()}>
            { tone_icon(tone) }
            <p>{ text.clone() }</p>
            if undo {
                { button("small", "toast-action", "", t!("Undo"), take_back) }
            }
            { icon_button("small", "toast-close", "cross", t!("Close this message"), false, close.reform(|_| ())) }
        </div>
    }
}
