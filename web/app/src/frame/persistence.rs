//! Where the keystore lives: in memory only, kept on this device, or locked; and what can be done about it.

use certwright_protocol::t;
use certwright_protocol::ui::Request;
use certwright_protocol::view::Persistence as Where;
use yew::prelude::*;

use super::auto_lock::AutoLockChoice;
use crate::browser;
use crate::parts::controls::button;
use crate::parts::kept::use_flag;
use crate::parts::{icon, keep::KeepForm};
use crate::state::{App, Tone, WorkerState, use_app};

/// The popover's id.
pub(crate) const PANEL: &str = "persistence-panel";

/// The chip in the header, with its panel.
#[component]
pub(crate) fn Persistence() -> Html {
    let app = use_app();
    let open = use_flag();
    // The second part of the label gives way where it is narrow.
    let (state, icon_name, label, more) = match (app.state.worker, app.state.keystore.persistence) {
        (WorkerState::Starting, _) => ("starting", "clock", t!("Starting"), ""),
        (WorkerState::Failed, _) => ("failed", "warn", t!("Stopped"), ""),
        (_, Where::MemoryOnly) => ("memory_only", "memory", t!("In memory"), t!(" only")),
        (_, Where::Kept) => ("kept", "device", t!("Kept"), t!(" on this device")),
        (_, Where::Locked) => ("locked", "lock", t!("Locked"), ""),
    };
    // The content exists only while the panel is open, so that its fields are empty each time.
    let ontoggle = Callback::from({
        let open = open.clone();
        move |event: Event| {
            open.set(browser::is_opening(&event));
        }
    });
    html! {
        <>
            <button type="button" class={classes!("state-chip", state)} data-testid="persistence" data-state={state}
                popovertarget={PANEL}>
                { icon(icon_name) }<span>{ label }<span class="roomy">{ more }</span></span>
            </button>
            <div popover="auto" id={PANEL} class="panel-pop" data-testid={PANEL} {ontoggle}>
                if *open {
                    { content(&app, state) }
                }
            </div>
        </>
    }
}

fn content(app: &App, state: &str) -> Html {
    match state {
        "memory_only" => html! {
            <>
                <h2>{ t!("In memory only") }</h2>
                <p>{ t!("This keystore is gone when the page is closed or loaded again. Keep it on this device, encrypted under a passphrase that only you know.") }</p>
                <p class="hint">{ t!("A private window forgets what is kept when it is closed.") }</p>
                <KeepForm focus={true} kept={Callback::from(|()| browser::hide_popover(PANEL))} />
            </>
        },
        "kept" => html! {
            <>
                <h2>{ t!("Kept on this device") }</h2>
                <p>{ t!("Every change is saved, encrypted under your passphrase, in this browser’s storage. Nobody can open it without the passphrase, not even you. Files that are open beside it are closed when it is locked, unless they were changed.") }</p>
                <div class="actions">
                    { button("", "lock", "lock", t!("Lock now"), lock(app)) }
                </div>
                <AutoLockChoice />
                <h3>{ t!("Backup") }</h3>
                <p>{ t!("A file with the whole keystore, encrypted under your passphrase. To bring it back, here or in another browser, drop it on this page and type the passphrase.") }</p>
                <div class="actions">
                    { button("", "vault-export", "download", t!("Download a backup"), backup(app)) }
                </div>
                <details data-testid="change-passphrase">
                    <summary>{ t!("Change the passphrase") }</summary>
                    <KeepForm change={true} kept={Callback::from(|()| browser::hide_popover(PANEL))} />
                </details>
                <Forget consequence={t!("What is open stays in memory until the page closes.")} />
            </>
        },
        "locked" => html! {
            <>
                <h2>{ t!("Locked") }</h2>
                <p>{ t!("A keystore is kept on this device. Unlock it on the keystore page.") }</p>
                <Forget consequence={t!("Its keys cannot be had again, not even with the passphrase.")} />
            </>
        },
        "failed" => html! { <p>{ t!("The part of the page that holds the keys has stopped.") }</p> },
        _ => html! { <p>{ t!("The part of the page that holds the keys is starting.") }</p> },
    }
}

fn backup(app: &App) -> Callback<MouseEvent> {
    let app = app.clone();
    Callback::from(move |_| {
        app.ask(Request::ExportVault, |app, response| app.save(response));
    })
}

fn lock(app: &App) -> Callback<MouseEvent> {
    let app = app.clone();
    Callback::from(move |_| {
        browser::hide_popover(PANEL);
        app.ask(Request::Lock, |app, _| app.toast(Tone::Info, t!("Locked")));
    })
}

#[derive(Properties, PartialEq)]
struct ForgetProps {
    consequence: AttrValue,
}

/// Removes what is kept, after a second click that says what will be lost.
#[component]
fn Forget(props: &ForgetProps) -> Html {
    let app = use_app();
    let asked = use_flag();
    let ask = Callback::from({
        let asked = asked.clone();
        move |_| asked.set(true)
    });
    let keep = Callback::from({
        let asked = asked.clone();
        move |_| asked.set(false)
    });
    let forget = Callback::from(move |_| {
        browser::hide_popover(PANEL);
        app.ask(Request::Forget { everything: false }, |app, _| {
            app.toast(Tone::Info, t!("Nothing is kept on this device any more"))
        });
    });
    if !*asked {
        return html! {
            <div class="actions">
                { button("danger", "forget", "trash", t!("Forget on this device…"), ask) }
            </div>
        };
    }
    html! {
        <div class="confirm" role="alert">
            <p><strong>{ t!("Remove the kept keystore from this device?") }</strong>{ " " }{ props.consequence.clone() }{ t!(" This cannot be undone.") }</p>
            <div class="actions">
                { button("danger solid", "forget-confirm", "", t!("Forget it"), forget) }
                { button("", "forget-not", "", t!("Leave it"), keep) }
            </div>
        </div>
    }
}
