//! Catalogues of texts, in the form of gettext's PO files (GNU gettext manual, "The Format of PO Files"), and the tables that are made of them.
//!
//! Of that form only what this project writes is read: `#:` with the files in which a text stands, `msgid` and `msgstr` with strings that may go on in
//! the next line. There is no context, and no plural: one and many are two texts here, for all languages that there are tell them apart alike. Anything
//! else is refused with its line. `xtask` reads and writes catalogues, the worker's build makes its table of one.

use std::fmt::Write as _;

use crate::{BETWEEN_RECORDS, key};

/// A text and what it is in another language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The files in which it stands, from the root of the repository.
    pub places: Vec<String>,
    /// The English text.
    pub english: String,
    /// The translation; empty if there is none yet.
    pub translation: String,
}

/// Reads a catalogue; the head, which is the entry of the empty text, is left out. An error is a line, from 1.
pub fn parse(catalogue: &str) -> Result<Vec<Entry>, usize> {
    let mut entries = Vec::new();
    let mut entry = Entry::default();
    let mut field = Field::Nothing;
    for (number, line) in catalogue.lines().enumerate() {
        let line = line.trim();
        let bad = number + 1;
        if let Some(places) = line.strip_prefix("#:") {
            entry.places.extend(places.split_whitespace().map(str::to_owned));
        } else if line.starts_with('#') {
        } else if line.is_empty() {
            finish(&mut entry, field, &mut entries).ok_or(bad)?;
            field = Field::Nothing;
        } else if let Some(string) = line.strip_prefix("msgid ") {
            field = if field == Field::Nothing { Field::English } else { return Err(bad) };
            entry.english = unquoted(string).ok_or(bad)?;
        } else if let Some(string) = line.strip_prefix("msgstr ") {
            field = if field == Field::English { Field::Translation } else { return Err(bad) };
            entry.translation = unquoted(string).ok_or(bad)?;
        } else {
            let more = unquoted(line).ok_or(bad)?;
            match field {
                Field::Nothing => return Err(bad),
                Field::English => entry.english.push_str(&more),
                Field::Translation => entry.translation.push_str(&more),
            }
        }
    }
    finish(&mut entry, field, &mut entries).ok_or(catalogue.lines().count())?;
    Ok(entries)
}

/// What the last string belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Nothing,
    English,
    Translation,
}

/// Takes an entry that has ended; `None` if it is half of one.
fn finish(entry: &mut Entry, field: Field, entries: &mut Vec<Entry>) -> Option<()> {
    match field {
        Field::Nothing => {}
        Field::English => return None,
        Field::Translation => {
            let entry = std::mem::take(entry);
            // The entry of the empty text tells about the file.
            if !entry.english.is_empty() {
                entries.push(entry);
            }
        }
    }
    Some(())
}

/// The catalogue as a text. `head` is what its first entry tells about it, a line for each `Name: value`.
pub fn to_catalogue(head: &[&str], entries: &[Entry]) -> String {
    let mut out = String::from("msgid \"\"\nmsgstr \"\"\n");
    for line in head {
        let _ = writeln!(out, "\"{line}\\n\"");
    }
    for entry in entries {
        out.push('\n');
        if !entry.places.is_empty() {
            let _ = writeln!(out, "#: {}", entry.places.join(" "));
        }
        let _ = writeln!(out, "msgid {}\nmsgstr {}", quoted(&entry.english), quoted(&entry.translation));
    }
    out
}

fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
    format!("\"{escaped}\"")
}

fn unquoted(string: &str) -> Option<String> {
    let mut text = String::new();
    let mut characters = string.trim().strip_prefix('"')?.strip_suffix('"')?.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next()? {
                'n' => '\n',
                't' => '\t',
                same @ ('"' | '\\') => same,
                _ => return None,
            },
            '"' => return None,
            same => same,
        });
    }
    Some(text)
}

/// The table for [`set`](crate::set) of those entries that are translated.
pub fn to_table<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> String {
    let mut table = String::new();
    for entry in entries.into_iter().filter(|entry| !entry.translation.is_empty()) {
        if !table.is_empty() {
            table.push(BETWEEN_RECORDS);
        }
        let _ = write!(table, "{:08x}{}", key(&entry.english), entry.translation);
    }
    table
}

/// The values that a text asks for, in the order of their names, each as often as it is asked for: `{count}`, and of `{chain|the chain}`, which is a word with an
/// explanation, the `chain`.
pub fn values(text: &str) -> Vec<&str> {
    let mut values: Vec<&str> = text
        .split('{')
        .skip(1)
        .filter_map(|after| Some(after.split_once('}')?.0.split('|').next().unwrap_or_default()))
        .collect();
    values.sort_unstable();
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::t;

    fn entry(places: &[&str], english: &str, translation: &str) -> Entry {
        let places = places.iter().map(|place| (*place).to_owned()).collect();
        Entry { places, english: english.into(), translation: translation.into() }
    }

    #[test]
    fn a_catalogue_comes_back() {
        let entries = vec![
            entry(&["a.rs", "b/c.rs"], "Say “{x}”\n\\ \"now\"\t", "Sag „{x}“\n\\ \"jetzt\"\t"),
            entry(&[], "Open", ""),
        ];
        let catalogue = to_catalogue(&["Language: de"], &entries);
        assert_eq!(parse(&catalogue), Ok(entries));
    }

    #[test]
    fn strings_go_on_and_comments_are_passed_over() {
        let catalogue = "# By hand\n#, note\nmsgid \"One \"\n\"two\"\nmsgstr \"\"\n\"Eins \"\n\"zwei\"";
        assert_eq!(parse(catalogue), Ok(vec![entry(&[], "One two", "Eins zwei")]));
    }

    #[test]
    fn what_is_no_catalogue_is_refused_with_its_line() {
        for (text, line) in [
            ("msgid \"a\"\n\nmsgstr \"b\"", 2),
            ("msgstr \"b\"", 1),
            ("\"b\"", 1),
            ("msgid \"a", 1),
            ("msgid \"a\"b\"\n", 1),
            ("msgid \"a\\q\"\n", 1),
            ("msgid \"a\"\nmsgid \"b\"", 2),
            ("msgid \"a\"", 1),
            ("msgid_plural \"a\"", 1),
        ] {
            assert_eq!(parse(text), Err(line), "{text}");
        }
        assert_eq!(parse(""), Ok(Vec::new()));
    }

    #[test]
    fn a_table_has_what_is_translated() {
        let table = to_table(&[
            entry(&[], "Save", "Speichern"),
            entry(&[], "Load", ""),
            entry(&[], "{n} keys", "{n} Schlüssel"),
        ]);
        crate::set(crate::Language::German, table.leak());
        assert_eq!((t!("Save"), t!("Load")), ("Speichern", "Load"));
        assert_eq!(t!("{n} keys", n = 2), "2 Schlüssel");
    }

    #[test]
    fn values_are_found_by_their_names() {
        assert_eq!(values("{b} of {a}, {b} {c|the chain}"), ["a", "b", "b", "c"]);
        assert_eq!(values("none"), [""; 0]);
    }
}
