//! A path, drawn: a card for each certificate, an arrow to the one that signed it, what is missing as missing, with the address where it
//! would be and the button that fetches it.

use certwright_protocol::t;
use certwright_protocol::ui::Request;
use certwright_protocol::ui::inspect::{PathLink, PathView};
use yew::prelude::*;

use super::super::desk::Change;
use super::super::intake::fills;
use super::super::rows::address;
use crate::parts::controls::button_if;
use crate::parts::explanation::maybe_problem;
use crate::parts::kept::{use_flag, use_problem};
use crate::parts::{breakable, icon};
use crate::state::{Action, App, Tone, use_app};

/// The cards.
pub(super) fn draw(app: &App, path: &PathView) -> Html {
    html! {
        <div class="chain-block">
            <ol class={classes!("chain", (path.links.len() > 3).then_some("long"))}>
                { for path.links.iter().enumerate().map(|(index, link)| html! {
                    <li key={index}>
                        if index > 0 { <span class="chain-arrow">{ icon("arrow") }<span>{ t!("signed by") }</span></span> }
                        { card(app, link, index, path) }
                    </li>
                }) }
            </ol>
        </div>
    }
}

fn card(app: &App, link: &PathLink, index: usize, path: &PathView) -> Html {
    let failed = link.tone == Tone::Bad && !link.missing;
    // What is trusted is the top of a path: whoever trusts less has a keystore of odd exceptions.
    let may_trust = !path.trusted && path.links.iter().rposition(|link| !link.missing) == Some(index);
    let class = classes!(
        "card",
        link.anchor.then_some("anchor"),
        link.missing.then_some("missing"),
        failed.then_some("failed")
    );
    let icon_name = match link.tone {
        _ if link.missing => "question",
        _ if link.anchor => "shield",
        Tone::Bad => "cross",
        _ if index == 0 => "cert",
        _ => "ca",
    };
    let content = html! {
        <>
            <span class="card-role">{ icon(icon_name) }{ &link.role }</span>
            <span class="card-name">{ breakable(&link.name) }</span>
            if !link.line.is_empty() { <span class={classes!("card-line", link.tone.word())}>{ &link.line }</span> }
            if !link.origin.is_empty() { <span class="card-line origin">{ &link.origin }</span> }
        </>
    };
    html! {
        <div {class} data-testid="link" data-name={link.name.clone()} data-missing={link.missing.to_string()} data-anchor={link.anchor.to_string()} data-failed={failed.to_string()}>
            if let Some(thing) = link.thing {
                <button type="button" class="card-open" title={t!("Look at it in detail")} onclick={app.on(move || Action::Desk(Change::Choose(thing)))}>{ content }</button>
            } else {
                <div class="card-still">{ content }</div>
            }
            { for link.urls.iter().filter(|_| link.missing).map(|url| html! { <Fetch url={url.clone()} /> }) }
            if let (true, Some(label), Some(der)) = (may_trust, &link.trust, &link.der) {
                { button_if(true, "small", "link-trust", "shield", label.clone(), trust(app, der)) }
            }
        </div>
    }
}

fn trust(app: &App, der: &certwright_protocol::Bytes) -> Callback<MouseEvent> {
    let (app, der) = (app.clone(), der.clone());
    Callback::from(move |_| app.trust(der.clone()))
}

#[derive(Properties, PartialEq)]
struct FetchProps {
    url: AttrValue,
}

/// Has the server fetch what is missing.
#[component]
fn Fetch(props: &FetchProps) -> Html {
    let app = use_app();
    let busy = use_flag();
    let problem = use_problem();
    let onclick = Callback::from({
        let (url, busy, problem) = (props.url.to_string(), busy.clone(), problem.setter());
        move |_: MouseEvent| {
            busy.set(true);
            problem.set(None);
            let (busy, problem, filled) = (busy.setter(), problem.clone(), fills(&app));
            app.ask_home(Request::Fetch { url: url.clone() }, move |answer| {
                busy.set(false);
                match answer {
                    Err(found) => problem.set(Some(found)),
                    filling => filled.emit(filling),
                }
            });
        }
    });
    let label = if *busy { t!("Fetching…") } else { t!("Fetch it through the server") };
    html! {
        <div class="fetch" data-testid="fetch" data-url={props.url.clone()}>
            <span class="card-line">{ t!("It would be at ") }{ address(&props.url) }</span>
            { button_if(!*busy, "small primary", "fetch-issuer", "download", label, onclick) }
            { maybe_problem(problem.as_ref()) }
        </div>
    }
}
