//! Parts that more than one page is made of.

pub(crate) mod badge;
pub(crate) mod certificate;
pub(crate) mod chain;
pub(crate) mod controls;
pub(crate) mod copy;
pub(crate) mod explanation;
pub(crate) mod keep;
pub(crate) mod kept;
pub(crate) mod key_fits;
pub(crate) mod password;
pub(crate) mod pem;
pub(crate) mod server_note;
pub(crate) mod time;
pub(crate) mod word;

use yew::prelude::*;

use crate::state::Tone;
pub(crate) use certwright_protocol::kind_of;

/// An icon of `assets/icons.svg`, which is part of the HTML page. It is decoration: the words stand beside it.
pub(crate) fn icon(name: &'static str) -> Html {
    html! { <svg class="icon" aria-hidden="true"><use href={format!("#i-{name}")} /></svg> }
}

/// The icon of how something is meant.
pub(crate) fn tone_icon(tone: Tone) -> Html {
    icon(match tone {
        Tone::Good => "check",
        Tone::Info => "info",
        Tone::Warn => "warn",
        Tone::Bad => "cross",
    })
}

/// Text that may break after dots, colons and the like, where names, fingerprints and cipher suites have their seams.
pub(crate) fn breakable(text: &str) -> Html {
    text.split_inclusive(['.', '-', '_', '@', ',', ':'])
        .map(|part| html! { <>{ part.to_owned() }<wbr /></> })
        .collect()
}
