//! Badges: a state in a colour, with an icon and in words.

use certwright_protocol::t;
use certwright_protocol::view::EntryView;
use yew::prelude::*;

use super::icon;
use crate::state::{Tone, entry_state};

/// A badge.
pub(crate) fn badge(tone: Tone, icon_name: &'static str, text: &str) -> Html {
    html! { <span class={classes!("badge", tone.word())}>{ icon(icon_name) }{ text.to_owned() }</span> }
}

/// The badge of an entry.
pub(crate) fn entry_badge(entry: &EntryView) -> Html {
    let state = entry_state(entry);
    let (tone, icon_name, text) = match state {
        "trusted" => (Tone::Good, "shield", t!("Trusted")),
        "secret" => (Tone::Info, "key", t!("Secret key")),
        "no_certificate" => (Tone::Info, "dot", t!("No certificate yet")),
        "pending" => (Tone::Warn, "clock", t!("Pending")),
        "complete" => (Tone::Good, "check", t!("Chain complete")),
        "self_signed" => (Tone::Info, "cert", t!("Self-signed")),
        _ => (Tone::Bad, "warn", t!("Chain incomplete")),
    };
    html! {
        <span class={classes!("badge", tone.word())} data-testid="entry-state" data-state={state}>{ icon(icon_name) }{ text }</span>
    }
}
