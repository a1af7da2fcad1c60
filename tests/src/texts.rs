//! English that is left where German is shown, and the other way round, found by the catalogue: a text of the page that is a text of the one language
//! there, and would be another one in the other.

use std::collections::HashSet;

use certwright_protocol::language::po::{self, Entry};
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

/// What tells texts of one language from those of the other.
#[derive(Debug)]
pub struct Catalogue {
    /// Texts that are none in the other language.
    whole: HashSet<String>,
    /// The same with values in them, as the pieces around the values.
    filled: Vec<Vec<String>>,
}

impl Catalogue {
    /// Finds English.
    ///
    /// # Panics
    /// If the catalogue of the workspace cannot be read, or has hardly anything in it.
    pub fn english() -> Self {
        Self::read(|entry| (&entry.english, &entry.translation))
    }

    /// Finds German.
    ///
    /// # Panics
    /// As [`Self::english`].
    pub fn german() -> Self {
        Self::read(|entry| (&entry.translation, &entry.english))
    }

    /// A text as it is looked for, and in the other language.
    fn read(sides: fn(&Entry) -> (&str, &str)) -> Self {
        let text = include_str!("../../texts/de.po");
        let entries = po::parse(text).unwrap();
        let other: HashSet<&str> = entries.iter().map(|entry| sides(entry).1.trim()).collect();
        let only_here =
            entries.iter().map(|entry| sides(entry).0.trim()).filter(|text| !other.contains(text));
        let mut catalogue = Self { whole: HashSet::new(), filled: Vec::new() };
        for text in only_here {
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

    /// Texts of its language on the page as it is now.
    pub fn found_on(&self, browser: &Browser) -> Vec<String> {
        let shown = browser.run(TEXTS, vec![]);
        let texts = shown.as_array().into_iter().flatten().filter_map(Value::as_str);
        texts.filter(|text| self.has(text)).map(str::to_owned).collect()
    }

    fn has(&self, shown: &str) -> bool {
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
        assert!(catalogue.has("2 of 3 are good"));
        assert!(!catalogue.has("2 von 3 sind gut"));
    }
}
