//! Copying: every value has a button for it, which says when it is done.

use yew::prelude::*;

use super::icon;
use crate::browser;
use crate::parts::kept::use_flag;
use crate::state::{Tone, use_app};
use certwright_protocol::t;

#[derive(Properties, PartialEq)]
pub(crate) struct CopyProps {
    /// What is copied.
    pub(crate) text: AttrValue,
    /// What it is called, for the button's name: `Copy subject`.
    pub(crate) what: AttrValue,
    /// Whether the button shows its name.
    #[prop_or_default]
    pub(crate) labelled: bool,
    #[prop_or_default]
    pub(crate) testid: Option<&'static str>,
    #[prop_or_default]
    pub(crate) class: Classes,
}

/// The button.
#[component]
pub(crate) fn Copy(props: &CopyProps) -> Html {
    let app = use_app();
    let copied = use_flag();
    let onclick = Callback::from({
        let copied = copied.setter();
        let text = props.text.clone();
        move |_: MouseEvent| {
            let (app, copied) = (app.clone(), copied.clone());
            browser::copy_text(&text, move |worked| {
                if !worked {
                    app.toast(
                        Tone::Bad,
                        t!("The browser does not let the page copy: select the text and copy it yourself"),
                    );
                    return;
                }
                copied.set(true);
                browser::after(1_600, move || copied.set(false));
            });
        }
    });
    let label = if *copied { t!("Copied").to_owned() } else { t!("Copy {what}", what = props.what) };
    let shown = if *copied { "check" } else { "copy" };
    let shape = if props.labelled { classes!("button") } else { classes!("copy") };
    html! {
        <button type="button" class={classes!(shape, copied.then_some("copied"), props.class.clone())} data-testid={props.testid} title={label.clone()}
            aria-label={label.clone()} {onclick}>
            { icon(shown) }
            if props.labelled { { label } }
        </button>
    }
}
