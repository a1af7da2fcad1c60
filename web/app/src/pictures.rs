//! Pictures as SVG: a chain, the validity of many entries, a handshake step by step. Each can be saved and printed.
//!
//! A picture is drawn once, as text ([`svg`]): its colours are those of the page's theme while it stands there, and fixed ones in the file
//! that is saved, which needs nothing else.

pub(crate) mod chain;
pub(crate) mod sequence;
pub(crate) mod svg;
pub(crate) mod timeline;

use certwright_protocol::t;
use yew::prelude::*;

use self::svg::Picture;
use crate::browser::{self, Listener};
use crate::parts::controls::button;
use crate::state::{Tone, use_app};

/// Whether there is room for a wide picture; whoever asks is drawn anew when that changes.
#[hook]
pub(crate) fn use_wide() -> bool {
    let wide = use_state_eq(is_wide);
    use_effect_with((), {
        let wide = wide.setter();
        move |()| {
            let listener =
                Listener::new(browser::window().into(), "resize", move |_: Event| wide.set(is_wide()));
            move || drop(listener)
        }
    });
    *wide
}

/// Whether there is now.
pub(crate) fn is_wide() -> bool {
    browser::window().inner_width().ok().and_then(|width| width.as_f64()).is_none_or(|width| width >= 720.0)
}

#[derive(Properties, PartialEq)]
pub(crate) struct ShownProps {
    pub(crate) picture: Picture,
    /// Name of the file, without ending.
    pub(crate) file: AttrValue,
    pub(crate) testid: &'static str,
}

/// A picture with the buttons that save and print it.
#[component]
pub(crate) fn Shown(props: &ShownProps) -> Html {
    let app = use_app();
    let save = Callback::from({
        let (picture, file) = (props.picture.clone(), props.file.clone());
        move |_: MouseEvent| {
            let name = format!("{file}.svg");
            match browser::download(&name, "image/svg+xml", picture.to_file().as_bytes()) {
                Ok(()) => app.toast(Tone::Good, t!("{name} goes to your downloads", name)),
                Err(_) => app.toast(Tone::Bad, t!("The browser did not take {name} as a download", name)),
            }
        }
    });
    let figure = use_node_ref();
    let print = Callback::from({
        let figure = figure.clone();
        move |_: MouseEvent| browser::print_alone(&figure)
    });
    html! {
        <figure class="drawn" data-testid={props.testid} ref={figure}>
            <div class="drawn-frame">{ Html::from_html_unchecked(props.picture.to_svg().into()) }</div>
            <div class="actions">
                { button("small", "picture-save", "download", t!("Save as SVG"), save) }
                { button("small", "picture-print", "print", t!("Print"), print) }
            </div>
        </figure>
    }
}
