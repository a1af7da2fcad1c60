//! The language that people read: English as it stands in the sources, and German beside it.
//!
//! The English text is its own key, as in gettext: [`t!`](crate::t), [`tn!`](crate::tn) and [`mark!`](crate::mark) stand around every text that
//! a person reads, the German ones stand in `texts/de.po`. A table of the texts of one language is chosen once for a thread
//! ([`set`]), and again when the language is switched; what it does not have stays English. Nothing is chosen on the server and in the command line,
//! which speak English.
//!
//! A table holds no English texts but their hashes ([`key`]), which halves what is downloaded; `cargo xtask texts` makes it, and fails where two
//! texts have the same hash. Records that cannot be read are passed over.

pub mod po;

use std::cell::Cell;
use std::fmt::{Display, Write as _};

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English, the language of the sources.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// As in HTML's `lang` (BCP 47).
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// What those who speak it call it.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The language of a tag like `de` or `de-AT` (BCP 47).
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The first of a browser's languages that there is, else English.
    pub fn of_browser<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        tags.into_iter().find_map(Self::from_tag).unwrap_or_default()
    }
}

/// Stands between the records of a table, each of which is a [`key`] in eight hexadecimal digits and a text.
pub const BETWEEN_RECORDS: char = '\u{1e}';

/// Texts by their keys, in the keys' order.
type Table = &'static [(u32, &'static str)];

thread_local! {
    static CHOSEN: Cell<(Language, Table)> = const { Cell::new((Language::English, &[])) };
}

/// Chooses the language of this thread and its texts: records with [`BETWEEN_RECORDS`] between them, none for English. The memory of the
/// tables that were chosen before is not given back.
pub fn set(language: Language, texts: &'static str) {
    let mut table: Vec<(u32, &'static str)> = texts
        .split(BETWEEN_RECORDS)
        .filter_map(|record| {
            let (key, text) = record.split_at_checked(8)?;
            Some((u32::from_str_radix(key, 16).ok()?, text))
        })
        .collect();
    table.sort_unstable_by_key(|(key, _)| *key);
    CHOSEN.set((language, table.leak()));
}

/// The language of this thread.
pub fn chosen() -> Language {
    CHOSEN.get().0
}

/// The text in the language of this thread. Sources call [`t!`](crate::t); this is for texts from a table that [`mark!`](crate::mark)s them.
pub fn text(english: &'static str) -> &'static str {
    let (_, table) = CHOSEN.get();
    if table.is_empty() {
        return english;
    }
    let key = key(english);
    let found = table.binary_search_by_key(&key, |(key, _)| *key).ok();
    found.and_then(|at| table.get(at)).map_or(english, |(_, text)| *text)
}

/// By what a table finds the text: FNV-1a of its UTF-8, in 32 bits.
pub fn key(english: &str) -> u32 {
    english.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The text in the language of this thread with values in place of `{name}`. A name that has no value stays as it is.
pub fn filled(english: &'static str, values: &[(&str, &dyn Display)]) -> String {
    let mut rest = text(english);
    let mut out = String::with_capacity(rest.len() + 32);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        rest = after;
        let value = after.split_once('}').and_then(|(name, rest)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value, rest))
        });
        match value {
            Some((value, behind)) => {
                // Writing to a String does not fail.
                let _ = write!(out, "{value}");
                rest = behind;
            }
            None => out.push('{'),
        }
    }
    out.push_str(rest);
    out
}

/// Whether a text asks for these values and no others. Seen at compile time by the macros.
#[doc(hidden)]
pub const fn fits(text: &str, names: &[&str]) -> bool {
    has_all(text, names) && has_no_others(text, names)
}

/// Whether each value is asked for.
#[doc(hidden)]
pub const fn has_all(text: &str, names: &[&str]) -> bool {
    let mut at = 0;
    while at < names.len() {
        #[expect(
            clippy::indexing_slicing,
            reason = "a const fn has no iterators; the loop ends before the end"
        )]
        if !holds(text.as_bytes(), names[at].as_bytes()) {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether no other value is asked for.
#[doc(hidden)]
#[expect(clippy::indexing_slicing, reason = "a const fn has no iterators; the loops end before the end")]
pub const fn has_no_others(text: &str, names: &[&str]) -> bool {
    let text = text.as_bytes();
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'{' {
            let mut known = false;
            let mut name = 0;
            while name < names.len() {
                known = known || stands_at(text, at, names[name].as_bytes());
                name += 1;
            }
            if !known {
                return false;
            }
        }
        at += 1;
    }
    true
}

/// Whether `{name}` stands somewhere in the text.
#[expect(clippy::indexing_slicing, reason = "a const fn has no iterators; the loop ends before the end")]
const fn holds(text: &[u8], name: &[u8]) -> bool {
    let mut at = 0;
    while at < text.len() {
        if text[at] == b'{' && stands_at(text, at, name) {
            return true;
        }
        at += 1;
    }
    false
}

/// Whether `{name}` stands in the text from the brace at `at`.
#[expect(clippy::indexing_slicing, reason = "a const fn has no iterators; the length is looked at first")]
const fn stands_at(text: &[u8], at: usize, name: &[u8]) -> bool {
    if at + name.len() + 2 > text.len() || text[at + name.len() + 1] != b'}' {
        return false;
    }
    let mut within = 0;
    while within < name.len() {
        if text[at + 1 + within] != name[within] {
            return false;
        }
        within += 1;
    }
    true
}

/// A text that a person reads, in the language of this thread.
///
/// `t!("Save")` is a `&'static str`. `t!("{count} entries of {name}", count = list.len(), name)` is a `String`: every `{name}` of the
/// text has its value, a variable of that name or an expression, in whatever order a translation wants. Formats like `{:02}` are made
/// before, with `format_args!`. The compiler refuses values that the text does not ask for, and texts that ask for more.
#[macro_export]
macro_rules! t {
    ($text:literal $(,)?) => {{
        const { ::core::assert!($crate::fits($text, &[]), "the text asks for a value that is not given") };
        $crate::text($text)
    }};
    ($text:literal, $($name:ident $(= $value:expr)?),+ $(,)?) => {{
        const {
            ::core::assert!(
                $crate::fits($text, &[$(::core::stringify!($name)),+]),
                "the values that are given are not those that the text asks for"
            )
        };
        $crate::filled($text, &[$((::core::stringify!($name), &$crate::__value!($name $(= $value)?))),+])
    }};
}

/// A text that differs for one and for many: `tn!(count, "one entry", "{n} entries", n = count)`.
///
/// Without values it is a `&'static str`, with values a `String`; either text may leave out a value that the other has.
#[macro_export]
macro_rules! tn {
    ($count:expr, $one:literal, $many:literal $(,)?) => {
        if $count == 1 { $crate::t!($one) } else { $crate::t!($many) }
    };
    ($count:expr, $one:literal, $many:literal, $($name:ident $(= $value:expr)?),+ $(,)?) => {{
        const {
            let names = &[$(::core::stringify!($name)),+];
            ::core::assert!(
                $crate::has_no_others($one, names) && $crate::has_all($many, names)
                    && $crate::has_no_others($many, names),
                "the values that are given are not those that the texts ask for"
            )
        };
        let text = if $count == 1 { $one } else { $many };
        $crate::filled(text, &[$((::core::stringify!($name), &$crate::__value!($name $(= $value)?))),+])
    }};
}

/// Marks a text that stands in a table for [`language::text`](crate::text), which is called where it is shown.
#[macro_export]
macro_rules! mark {
    ($text:literal) => {
        $text
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __value {
    ($name:ident) => {
        $name
    };
    ($name:ident = $value:expr) => {
        $value
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each test runs on a thread of its own, so what it chooses is its own.
    fn german(texts: &[(&str, &str)]) {
        let records: Vec<String> =
            texts.iter().map(|(english, german)| format!("{:08x}{german}", key(english))).collect();
        set(Language::German, records.join(&BETWEEN_RECORDS.to_string()).leak());
    }

    #[test]
    fn english_needs_no_table() {
        let count = 3;
        assert_eq!(t!("Save"), "Save");
        assert_eq!(t!("{count} of {name}", count, name = "x{count}"), "3 of x{count}");
        assert_eq!(tn!(1, "one entry", "{n} entries", n = 1), "one entry");
        assert_eq!(tn!(count, "one entry", "{n} entries", n = count), "3 entries");
        assert_eq!(tn!(count, "entry", "entries"), "entries");
        assert_eq!(chosen(), Language::English);
    }

    #[test]
    fn a_table_gives_what_it_has() {
        german(&[
            ("{count} of {name}", "{name} hat {count}"),
            ("Save", "Speichern"),
            ("{n} entries", "{n} Einträge"),
        ]);
        assert_eq!(chosen(), Language::German);
        assert_eq!(t!("Save"), "Speichern");
        assert_eq!(t!("Load"), "Load");
        assert_eq!(t!("{count} of {name}", count = 2, name = "A"), "A hat 2");
        assert_eq!(tn!(2, "one entry", "{n} entries", n = 2), "2 Einträge");
        const TABLE: [&str; 1] = [mark!("Save")];
        assert_eq!(text(TABLE[0]), "Speichern");
        set(Language::English, "");
        assert_eq!(t!("Save"), "Save");
    }

    #[test]
    fn what_cannot_be_read_is_passed_over() {
        set(Language::German, "x\u{1e}zzzzzzzzText\u{1e}\u{1e}éééé\u{1e}0000000");
        assert_eq!(t!("Save"), "Save");
        // A translation that asks for what there is not.
        german(&[("{n} entries", "{m} {n {} {n}")]);
        assert_eq!(tn!(2, "one", "{n} entries", n = 2), "{m} {n {} 2");
    }

    #[test]
    fn the_browser_says_what_it_prefers() {
        assert_eq!(Language::of_browser(["fr-FR", "de-AT", "en"]), Language::German);
        assert_eq!(Language::of_browser(["EN-gb", "de"]), Language::English);
        assert_eq!(Language::of_browser(["ja"]), Language::English);
        assert_eq!(Language::of_browser([]), Language::English);
    }

    #[test]
    fn texts_and_values_are_compared() {
        assert!(fits("{a} and {bc}", &["bc", "a"]));
        assert!(
            !fits("{a} and {bc}", &["a"])
                && !fits("{a}", &["a", "b"])
                && !fits("{a", &[])
                && !fits("{ab}", &["a"])
        );
    }
}
