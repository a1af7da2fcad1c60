//! The user's keys, and whether a server would take them.

use certwright_protocol::ui::KeyFit;
use yew::prelude::*;

use super::icon;

/// A line for each key.
pub(crate) fn key_fits(fits: &[KeyFit]) -> Html {
    html! {
        <ul class="results" data-testid="key-fits">
            { for fits.iter().map(|fit| html! {
                <li class={if fit.fits { "good" } else { "info" }} data-testid="key-fit" data-alias={fit.alias.clone()} data-fits={fit.fits.to_string()}>
                    { icon(if fit.fits { "check" } else { "cross" }) }<span><strong>{ &fit.alias }</strong>{ ": " }{ &fit.why }</span>
                </li>
            }) }
        </ul>
    }
}
