//! Values of sheets and comparisons, as their style wants them: folded where they are long, with a button that copies.

use certwright_protocol::t;
use certwright_protocol::ui::inspect::RowStyle;
use yew::prelude::*;

use crate::parts::breakable;

/// Longer values fold; so much of them is seen.
const LONG: usize = 240;
const SHORT: usize = 96;

/// A value.
pub(super) fn value(text: &str, style: RowStyle) -> Html {
    let beginning = text.char_indices().nth(SHORT).filter(|_| text.len() > LONG);
    match beginning.and_then(|(end, _)| text.get(..end)) {
        Some(beginning) => html! {
            <details class="long">
                <summary data-less={t!("Show less")}>{ written(beginning, style) }{ " …" }</summary>
                { written(text, style) }
            </details>
        },
        None => written(text, style),
    }
}

fn written(text: &str, style: RowStyle) -> Html {
    match style {
        RowStyle::Text => html! { <span class="value">{ text.to_owned() }</span> },
        RowStyle::Code => html! { <code class="value">{ breakable(text) }</code> },
        RowStyle::Url => address(text),
    }
}

/// An address that somebody else has written: a link only if it is one of the web.
pub(super) fn address(url: &str) -> Html {
    if url.starts_with("http://") || url.starts_with("https://") {
        html! { <a class="value" href={url.to_owned()} target="_blank" rel="noreferrer noopener">{ url.to_owned() }</a> }
    } else {
        html! { <code class="value">{ url.to_owned() }</code> }
    }
}

/// How far a row is indented: a class, since the page's Content-Security-Policy takes no styles in attributes.
pub(super) fn depth(depth: u16) -> &'static str {
    const CLASSES: [&str; 17] = [
        "", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9", "d10", "d11", "d12", "d13", "d14", "d15",
        "d16",
    ];
    CLASSES.get(usize::from(depth)).copied().unwrap_or("d16")
}
