//! English that is left where German is shown, found by the catalogue: a text of the page that is an English text there, and would be another one in
//! German.

use std::collections::HashSet;

use certwright_protocol::language::po;
use serde_json::Value;

use crate::browser::Browser;

/// Every text of the page and every attribute that is read out. Keys are written as on keyboards, and samples of what is typed in as they are.
const TEXTS: &str = "
    const all = new Set([document.title]);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.nodeType === Node.TEXT_NODE) {
            if (!node.parentElement.closest('script, style, noscript, kbd, code, pre, [lang=en]')) all.add(node.data.trim());
        } else for (const name of ['title', 'placeholder', 'aria-label', 'aria-description', 'alt']) {
            if (node.hasAttribute(name) && !node.closest('kbd')) all.add(node.getAttribute(name).trim());
        }
    }
    return [...all];";

/// What tells English texts from German ones.
#[derive(Debug)]
pub struct Catalogue {
    /// English texts that are none in German.
    whole: HashSet<String>,
    /// The same with values in them, as the pieces around the values.
    filled: Vec<Vec<String>>,
}

impl Catalogue {
    /// The catalogue of the workspace.
    ///
    /// # Panics
    /// If it cannot be read, or has hardly anything in it.
    pub fn read() -> Self {
        let text = include_str!("../../texts/de.po");
        let entries = po::parse(text).unwrap();
        let german: HashSet<&str> = entries.iter().map(|entry| entry.translation.trim()).collect();
        let only_english =
            entries.iter().map(|entry| entry.english.trim()).filter(|text| !german.contains(text));
        let mut catalogue = Self { whole: HashSet::new(), filled: Vec::new() };
        for text in only_english {
            let pieces = pieces(text);
            // A word or two around values are nothing to tell a language by.
            let words = pieces.iter().flat_map(|piece| piece.split(|sign: char| !sign.is_alphabetic()));
            let has_words = words.filter(|word| word.len() > 1).count() > 2;
            match pieces.len() {
                1 => _ = catalogue.whole.insert(text.to_owned()),
                _ if has_words => catalogue.filled.push(pieces),
                _ => {}
            }
        }
        assert!(catalogue.whole.len() > 1_000 && catalogue.filled.len() > 200);
        catalogue
    }

    /// English texts on the page as it is now.
    pub fn english_on(&self, browser: &Browser) -> Vec<String> {
        let shown = browser.run(TEXTS, vec![]);
        let texts = shown.as_array().into_iter().flatten().filter_map(Value::as_str);
        texts.filter(|text| self.is_english(text)).map(str::to_owned).collect()
    }

    fn is_english(&self, shown: &str) -> bool {
        self.whole.contains(shown) || self.filled.iter().any(|pieces| fits(shown, pieces))
    }
}

/// What stands before, between and behind the values of a text.
fn pieces(text: &str) -> Vec<String> {
    let mut parts = text.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    let behind = parts.map(|part| part.split_once('}').map_or(part, |(_, behind)| behind).to_owned());
    [first].into_iter().chain(behind).collect()
}

/// Whether a text is these pieces with something between each two.
fn fits(shown: &str, pieces: &[String]) -> bool {
    let [first, between @ .., last] = pieces else { return false };
    let Some(mut rest) = shown.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()))
    else {
        return false;
    };
    for piece in between {
        let Some((_, behind)) = rest.split_once(piece.as_str()) else { return false };
        rest = behind;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_apart() {
        let catalogue = Catalogue { whole: HashSet::new(), filled: vec![pieces("{n} of {all} are good")] };
        assert!(catalogue.is_english("2 of 3 are good"));
        assert!(!catalogue.is_english("2 von 3 sind gut"));
    }
}
