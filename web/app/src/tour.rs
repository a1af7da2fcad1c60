//! A tour of one minute: cards that point at real things of the page, one after the other. Nothing is blocked meanwhile; Escape or “Leave” ends it.

use certwright_protocol::language::text;
use certwright_protocol::{mark, t};
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use crate::browser;
use crate::parts::controls::button;
use crate::parts::icon;
use crate::state::{Action, App, use_app};

/// The steps: what is pointed at (the first of these that is there), title, words.
const STEPS: [(&str, &str, &str); 6] = [
    (
        "[data-testid=entry-row]",
        mark!("A keystore and its entries"),
        mark!(
            "Each row is a key pair or a certificate that you trust. Click one: its chain is drawn beside the list, and what is missing is drawn as missing."
        ),
    ),
    (
        "[data-testid=import-file]",
        mark!("Drop or paste anything"),
        mark!(
            "Certificates, keystores, replies of an authority, text out of a mail: drop it anywhere on the page. It says what it is and offers what can be done."
        ),
    ),
    (
        "[data-testid=new-key]",
        mark!("A key of your own"),
        mark!("Make a key, have it signed, drop the reply. The private key stays in this browser."),
    ),
    (
        "[data-testid=nav-probe]",
        mark!("Probe a server"),
        mark!(
            "Certwright calls it as your application would, says whether your certificate is asked for and accepted, and why not."
        ),
    ),
    (
        ".word",
        mark!("Words explain themselves"),
        mark!(
            "What has dots below it can be clicked: a card says what it means. All words stand in the glossary."
        ),
    ),
    (
        "[data-testid=persistence]",
        mark!("Kept only if you want it"),
        mark!(
            "Everything is in memory until you choose a passphrase here. Then it is kept on this device, encrypted."
        ),
    ),
];

/// Distance between a thing and its card, in pixels.
const GAP: f64 = 12.0;

/// The tour where it stands, for [`crate::lazy`].
pub(crate) fn draw(app: &App) -> Html {
    app.state.tour.map(|step| html! { <Tour {step} /> }).unwrap_or_default()
}

#[derive(Properties, PartialEq)]
struct TourProps {
    /// Which card, from 0.
    step: usize,
}

/// The card of a step, with a ring around what it points at.
#[component]
fn Tour(props: &TourProps) -> Html {
    let app = use_app();
    let (card, ring) = (use_node_ref(), use_node_ref());
    let step = props.step;
    // Things come and move while the page works, so card and ring follow.
    use_effect_with(step, {
        let (card, ring) = (card.clone(), ring.clone());
        move |&step| {
            browser::focus(&card);
            if let Some(thing) = thing(step) {
                thing.scroll_into_view_with_bool(false);
            }
            let place = move || {
                place(step, &card, &ring);
                // What had the focus may have gone while the page worked; then the card has it, and not nobody.
                if browser::is_nothing_focused() {
                    browser::focus(&card);
                }
            };
            place();
            let interval = browser::Interval::new(200, place);
            move || drop(interval)
        }
    });
    let Some((_, title, words)) = STEPS.get(step) else { return html! {} };
    let last = step + 1 == STEPS.len();
    let go = |to: Option<usize>| app.on(move || Action::Tour(to));
    let next = (!last).then_some(step + 1);
    let onkeydown = Callback::from({
        let app = app.clone();
        move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "Escape" => None,
                "ArrowRight" => next.or(Some(step)),
                "ArrowLeft" => Some(step.saturating_sub(1)),
                _ => return,
            };
            event.prevent_default();
            app.dispatch(Action::Tour(to));
        }
    });
    html! {
        <>
            <div class="tour-ring" ref={ring} aria-hidden="true"></div>
            <section class="tour" role="dialog" aria-labelledby="tour-title" tabindex="-1" ref={card} {onkeydown} data-testid="tour" data-step={(step + 1).to_string()}>
                <small>{ t!("{n} of {all}", n = step + 1, all = STEPS.len()) }</small>
                <h2 id="tour-title">{ text(title) }</h2>
                <p aria-live="polite">{ text(words) }</p>
                <div class="actions">
                    if step > 0 { { button("small quiet", "tour-back", "back", t!("Back"), go(Some(step - 1))) } }
                    if last {
                        { button("small primary", "tour-done", "check", t!("Done"), go(None)) }
                    } else {
                        { button("small quiet", "tour-skip", "", t!("Leave the tour"), go(None)) }
                        <button type="button" class="button small primary" data-testid="tour-next" onclick={go(next)}>{ t!("Next") }{ icon("right") }</button>
                    }
                </div>
            </section>
        </>
    }
}

fn thing(step: usize) -> Option<Element> {
    browser::document().query_selector(STEPS.get(step)?.0).ok()?
}

/// Puts the ring around the thing, and the card below it, or above it where there is no room. Where the thing is not to be seen the card stands in a corner.
fn place(step: usize, card: &NodeRef, ring: &NodeRef) {
    let (Some(card), Some(ring)) = (card.cast::<HtmlElement>(), ring.cast::<HtmlElement>()) else { return };
    let window = browser::window();
    let length = |value: Result<wasm_bindgen::JsValue, _>| {
        value.ok().and_then(|value| value.as_f64()).unwrap_or_default()
    };
    let (width, height) = (length(window.inner_width()), length(window.inner_height()));
    let set = |element: &HtmlElement, name: &str, value: f64| {
        // Fails only for properties that cannot be set.
        let _ = element.style().set_property(name, &format!("{value}px"));
    };
    let (own_width, own_height) = (f64::from(card.offset_width()), f64::from(card.offset_height()));
    let bounds =
        thing(step).map(|thing| thing.get_bounding_client_rect()).filter(|bounds| bounds.width() > 0.0);
    let Some(bounds) = bounds else {
        ring.set_hidden(true);
        set(&card, "left", width - own_width - GAP);
        set(&card, "top", height - own_height - GAP);
        return;
    };
    ring.set_hidden(false);
    for (name, value) in [
        ("left", bounds.left() - 4.0),
        ("top", bounds.top() - 4.0),
        ("width", bounds.width() + 8.0),
        ("height", bounds.height() + 8.0),
    ] {
        set(&ring, name, value);
    }
    let below = bounds.bottom() + GAP;
    let above = bounds.top() - GAP - own_height;
    let top =
        if below + own_height <= height || above < 0.0 { below.min(height - own_height) } else { above };
    set(&card, "top", top.max(0.0));
    set(&card, "left", bounds.left().min(width - own_width - GAP).max(GAP));
}
