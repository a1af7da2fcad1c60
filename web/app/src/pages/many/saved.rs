//! Lists of hosts from elsewhere: the certificates of the keystore, the plans, and lists that are kept with the keystore under a name.

use certwright_protocol::ui::{Request, Response};
use certwright_protocol::{t, tn};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::list::{Change, line};
use crate::frame::drop::choose_files;
use crate::parts::controls::{button, button_if, icon_button};
use crate::state::{Action, App, Tone, use_app};

/// Where a list can come from.
pub(super) fn sources(app: &App) -> Html {
    let keystore = app.state.keystore.clone();
    html! {
        <>
            <div class="actions">
                { button("small", "many-file", "import", t!("Open a file"), Callback::from(|_| choose_files())) }
                { button("small", "many-keystore", "key", t!("Hosts of this keystore"), hosts(app, Request::KeystoreHosts, t!("No certificate of this keystore names a host"))) }
                if !keystore.plans.is_empty() {
                    { button("small", "many-plans", "swap", t!("Hosts of the plans"), hosts(app, Request::PlanHosts, t!("No plan names a host"))) }
                }
            </div>
            <Kept />
        </>
    }
}

/// Fills in hosts that the worker knows.
fn hosts(app: &App, request: Request, none: &'static str) -> Callback<MouseEvent> {
    let app = app.clone();
    Callback::from(move |_: MouseEvent| {
        app.ask(request.clone(), move |app, response| {
            let Response::Hosts { list } = response else { return };
            if list.hosts.is_empty() {
                return app.toast(Tone::Info, none);
            }
            let lines: Vec<String> = list.hosts.iter().map(line).collect();
            app.dispatch(Action::Many(Change::Text(lines.join("\n").into())));
        });
    })
}

/// The lists that are kept, and the field that keeps another.
#[component]
fn Kept() -> Html {
    let app = use_app();
    let name = use_node_ref();
    let lists = &app.state.keystore.host_lists;
    let text = app.state.many.text.clone();
    let keep = Callback::from({
        let (app, name, text) = (app.clone(), name.clone(), text.to_string());
        move |_: MouseEvent| {
            let Some(field) = name.cast::<HtmlInputElement>() else { return };
            let request = Request::SaveHosts { name: field.value().trim().to_owned(), text: text.clone() };
            app.ask(request, move |app, _| {
                field.set_value("");
                app.dispatch(Action::Toast(
                    Tone::Good,
                    t!("The list is kept with the keystore").to_owned(),
                    true,
                ));
            });
        }
    });
    let count = lists.len();
    html! {
        <details data-testid="many-lists" data-count={count.to_string()}>
            <summary>{ if count == 0 { t!("Kept lists").to_owned() } else { tn!(count, "{n} kept list", "{n} kept lists", n = count) } }</summary>
            <div class="form">
                if count > 0 {
                    <ul class="kept-lists">{ for lists.iter().map(|list| {
                        let open = app.on({
                            let text: AttrValue = list.text.clone().into();
                            move || Action::Many(Change::Text(text.clone()))
                        });
                        let delete = Callback::from({
                            let (app, name) = (app.clone(), list.name.clone());
                            move |_: MouseEvent| {
                                app.ask(Request::DeleteHosts { name: name.clone() }, |app, _| {
                                    app.dispatch(Action::Toast(Tone::Info, t!("The list is deleted").to_owned(), true));
                                });
                            }
                        });
                        html! {
                            <li key={list.name.clone()} data-testid="many-list" data-name={list.name.clone()}>
                                <button type="button" class="link" data-testid="many-list-open" onclick={open}>{ &list.name }</button>
                                <small>{ tn!(list.hosts, "{n} host", "{n} hosts", n = list.hosts) }</small>
                                { icon_button("small", "many-list-delete", "trash", t!("Delete the list “{name}” (can be undone)", name = list.name), false, delete) }
                            </li>
                        }
                    }) }</ul>
                }
                <label class="field">
                    <span>{ t!("Keep the list above as") }</span>
                    <input type="text" ref={name} data-testid="many-list-name" maxlength="80" autocomplete="off" spellcheck="false" />
                </label>
                <div class="actions">{ button_if(!text.trim().is_empty(), "small", "many-list-keep", "device", t!("Keep the list"), keep) }</div>
            </div>
        </details>
    }
}
