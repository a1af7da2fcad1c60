//! Parts that more than one page is made of.

pub(crate) mod badge;
pub(crate) mod certificate;
pub(crate) mod chain;
pub(crate) mod copy;
pub(crate) mod explanation;
pub(crate) mod keep;
pub(crate) mod password;
pub(crate) mod pem;
pub(crate) mod time;
pub(crate) mod word;

use serde::Serialize;
use yew::prelude::*;

/// An icon of `assets/icons.svg`, which is part of the HTML page. It is decoration: the words stand beside it.
pub(crate) fn icon(name: &'static str) -> Html {
    html! { <svg class="icon" aria-hidden="true"><use href={format!("#i-{name}")} /></svg> }
}

/// Text that may break after dots, colons and the like, where names, fingerprints and cipher suites have their seams.
pub(crate) fn breakable(text: &str) -> Html {
    text.split_inclusive(['.', '-', '_', '@', ',', ':'])
        .map(|part| html! { <>{ part.to_owned() }<wbr /></> })
        .collect()
}

/// The variant of a protocol enum as JSON names it, for `data-` attributes.
pub(crate) fn kind_of(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).unwrap_or_default();
    let rest = json.strip_prefix("{\"kind\":").unwrap_or(&json);
    rest.split('"').nth(1).unwrap_or_default().to_owned()
}

/// A number with its noun: `1 key pair`, `2 key pairs`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use certwright_protocol::Problem;
    use certwright_protocol::conversation::RefusedTarget;

    use super::*;

    #[test]
    fn kinds_are_those_of_the_json() {
        assert_eq!(kind_of(&Problem::WorkerFailed), "worker_failed");
        assert_eq!(kind_of(&Problem::AliasTaken { alias: "a\"b".into() }), "alias_taken");
        assert_eq!(kind_of(&RefusedTarget::LinkLocal), "link_local");
    }

    #[test]
    fn counts_have_their_plural() {
        assert_eq!(counted(0, "file"), "0 files");
        assert_eq!(counted(1, "file"), "1 file");
    }
}
