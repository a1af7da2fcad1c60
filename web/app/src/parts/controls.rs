//! Buttons, fields and choices, each written once: what the page is made of most.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::icon;

/// A button: its classes beside `button`, its test id, icon and words.
pub(crate) fn button(
    class: &'static str,
    testid: &'static str,
    icon_name: &'static str,
    label: impl Into<AttrValue>,
    onclick: Callback<MouseEvent>,
) -> Html {
    draw(false, class, testid, icon_name, label.into(), false, Some(onclick))
}

/// A button that cannot always be used.
pub(crate) fn button_if(
    enabled: bool,
    class: &'static str,
    testid: &'static str,
    icon_name: &'static str,
    label: impl Into<AttrValue>,
    onclick: Callback<MouseEvent>,
) -> Html {
    draw(false, class, testid, icon_name, label.into(), !enabled, Some(onclick))
}

/// The button that sends a form.
pub(crate) fn submit(
    testid: &'static str,
    icon_name: &'static str,
    label: impl Into<AttrValue>,
    busy: bool,
) -> Html {
    draw(true, "primary", testid, icon_name, label.into(), busy, None)
}

fn draw(
    sends: bool,
    class: &'static str,
    testid: &'static str,
    icon_name: &'static str,
    label: AttrValue,
    disabled: bool,
    onclick: Option<Callback<MouseEvent>>,
) -> Html {
    html! {
        <button type={if sends { "submit" } else { "button" }} class={classes!("button", class)} data-testid={testid} {disabled} {onclick}>
            if !icon_name.is_empty() { { icon(icon_name) } }
            { label }
        </button>
    }
}

/// A button that is an icon alone; its title says what it does.
pub(crate) fn icon_button(
    class: &'static str,
    testid: &'static str,
    icon_name: &'static str,
    title: impl Into<AttrValue>,
    disabled: bool,
    onclick: Callback<MouseEvent>,
) -> Html {
    let title = title.into();
    html! {
        <button type="button" class={classes!("button", "quiet", "square", class)} data-testid={testid} title={title.clone()} aria-label={title}
            {disabled} {onclick}>{ icon(icon_name) }</button>
    }
}

/// A label above what it names, and a hint below.
pub(crate) fn field(label: &'static str, input: Html, hint: impl Into<AttrValue>) -> Html {
    labelled(label, input, hint.into())
}

fn labelled(label: &'static str, input: Html, hint: AttrValue) -> Html {
    html! {
        <label class="field">
            <span>{ label }</span>
            { input }
            if !hint.is_empty() { <small>{ hint }</small> }
        </label>
    }
}

/// A choice among values: each with its value and its words. Calls back with the position.
pub(crate) fn select(
    testid: &'static str,
    choices: impl IntoIterator<Item = (AttrValue, AttrValue)>,
    chosen: usize,
    picked: Callback<usize>,
) -> Html {
    select_of(testid, choices.into_iter().collect(), chosen, picked)
}

fn select_of(
    testid: &'static str,
    choices: Vec<(AttrValue, AttrValue)>,
    chosen: usize,
    picked: Callback<usize>,
) -> Html {
    let onchange = picked.reform(|event: Event| {
        let place = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
        usize::try_from(place).unwrap_or(0)
    });
    html! {
        <select data-testid={testid} {onchange}>
            { for choices.into_iter().enumerate().map(|(place, (value, words))| html! {
                <option {value} selected={place == chosen}>{ words }</option>
            }) }
        </select>
    }
}

/// A box with a checkbox, its words and what they mean.
pub(crate) fn check(
    testid: &'static str,
    checked: bool,
    onchange: Callback<Event>,
    words: &'static str,
    meaning: &'static str,
) -> Html {
    html! {
        <label class="check">
            <input type="checkbox" data-testid={testid} {checked} {onchange} />
            <span>{ words }<small>{ meaning }</small></span>
        </label>
    }
}

/// A box that says how something stands: its tone, icon, test id, title and content.
pub(crate) fn told(
    tone: &'static str,
    icon_name: &'static str,
    testid: Option<&'static str>,
    title: impl Into<AttrValue>,
    content: Html,
) -> Html {
    told_box(tone, icon_name, testid, title.into(), content)
}

fn told_box(
    tone: &'static str,
    icon_name: &'static str,
    testid: Option<&'static str>,
    title: AttrValue,
    content: Html,
) -> Html {
    html! {
        <div class={classes!("explained", tone)} data-testid={testid}>
            { icon(icon_name) }
            <div><p class="explained-title">{ title }</p>{ content }</div>
        </div>
    }
}
