//! `cargo xtask texts`: the catalogues of all texts that a person reads.
//!
//! The English texts stand in the sources, in `t!`, `tn!` and `mark!` (`certwright-language`). `texts/en.pot` lists them all with the files in which they
//! stand, `texts/de.po` says them in German. The command writes both anew: new texts come without a translation, those that are gone
//! go. `cargo xtask tidy` fails where that was forgotten, where a translation is missing or asks for other values, where two texts have the same hash,
//! and where a text stands outside of the macros ([`hard_coded`]).

mod hard_coded;
mod sources;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use certwright_language::key;
use certwright_language::po::{self, Entry};

use crate::paths;
use crate::step::{Outcome, step};
use crate::tidy::{Finding, SourceFile, source_files};

/// All texts, in English alone.
const TEMPLATE: &str = "texts/en.pot";
/// The German ones.
const GERMAN: &str = "texts/de.po";
/// The German texts of the page, made for its build and not kept.
const PAGE_TABLE: &str = "web/app/assets/texts-de.txt";

/// What the catalogues tell about themselves.
const TEMPLATE_HEAD: [&str; 2] =
    ["Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: 8bit"];
const GERMAN_HEAD: [&str; 3] = ["Language: de", TEMPLATE_HEAD[0], TEMPLATE_HEAD[1]];

/// Sources whose texts the page itself carries. All others are the worker's, which has its own table.
const OF_THE_PAGE: [&str; 5] = [
    "web/app/",
    "crates/protocol/src/conversation/",
    "crates/protocol/src/ui/",
    "crates/protocol/src/catalogue/page.rs",
    "crates/protocol/src/catalogue/stores.rs",
];

/// Writes the catalogues anew.
pub(crate) fn update() -> Outcome {
    step("texts", || {
        let root = paths::root();
        let template = template(&source_files(&root)?)?;
        let mut german = template.clone();
        let known = read(&root.join(GERMAN))?;
        translate(&mut german, &known);
        write(&root.join(TEMPLATE), &po::to_catalogue(&TEMPLATE_HEAD, &template))?;
        write(&root.join(GERMAN), &po::to_catalogue(&GERMAN_HEAD, &german))?;
        let missing = german.iter().filter(|entry| entry.translation.is_empty()).count();
        println!("    {} texts, {missing} not translated", german.len());
        Ok(())
    })
}

/// Writes the page's table, unless it is as it should be already: a file that changes makes Trunk build anew.
pub(crate) fn write_page_table() -> Outcome {
    let root = paths::root();
    let german = read(&root.join(GERMAN))?;
    let of_page = |entry: &&Entry| {
        entry.places.iter().any(|place| OF_THE_PAGE.iter().any(|folder| place.starts_with(folder)))
    };
    let table = po::to_table(german.iter().filter(of_page));
    let place = root.join(PAGE_TABLE);
    if fs::read_to_string(&place).is_ok_and(|old| old == table) { Ok(()) } else { write(&place, &table) }
}

/// What is wrong with the texts and their catalogues.
pub(crate) fn check(files: &[SourceFile]) -> Vec<Finding> {
    let template = match template(files) {
        Ok(template) => template,
        Err(what) => return vec![Finding::new("texts", what)],
    };
    let mut findings = hard_coded::check(files);
    findings.extend(same_keys(&template));
    findings.extend(template.iter().filter_map(straight_apostrophe));
    let catalogue =
        |name: &str| files.iter().find(|file| file.path == name).map_or("", |file| file.text.as_str());
    if catalogue(TEMPLATE) != po::to_catalogue(&TEMPLATE_HEAD, &template) {
        findings.push(Finding::new(TEMPLATE, "is not what the sources say: run `cargo xtask texts`"));
    }
    match po::parse(catalogue(GERMAN)) {
        Ok(german) => {
            let mut expected = template;
            translate(&mut expected, &german);
            if catalogue(GERMAN) != po::to_catalogue(&GERMAN_HEAD, &expected) {
                findings.push(Finding::new(GERMAN, "is not as it would be written: run `cargo xtask texts`"));
            }
            findings.extend(german.iter().filter_map(mistranslated));
        }
        Err(line) => findings.push(Finding::at(GERMAN, line, "is no catalogue from there on")),
    }
    findings
}

/// All texts of the sources, in the order of the files and of their places in them.
fn template(files: &[SourceFile]) -> Outcome<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut files: Vec<&SourceFile> = files.iter().filter(|file| sources::is_source(&file.path)).collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    for file in files {
        let texts = sources::texts(&file.text).map_err(|error| format!("{}: {error}", file.path))?;
        for text in texts {
            let place = *known.entry(text.english.clone()).or_insert_with(|| {
                entries.push(Entry { english: text.english, ..Entry::default() });
                entries.len() - 1
            });
            if let Some(entry) = entries.get_mut(place)
                && entry.places.last() != Some(&file.path)
            {
                entry.places.push(file.path.clone());
            }
        }
    }
    Ok(entries)
}

/// Takes over the translations that are known.
fn translate(entries: &mut [Entry], known: &[Entry]) {
    let known: HashMap<&str, &str> =
        known.iter().map(|entry| (entry.english.as_str(), entry.translation.as_str())).collect();
    for entry in entries {
        entry.translation = known.get(entry.english.as_str()).copied().unwrap_or_default().to_owned();
    }
}

/// An apostrophe as programs write it, where people read “’”.
fn straight_apostrophe(entry: &Entry) -> Option<Finding> {
    let (before, _) = entry.english.split_once('\'')?;
    let what = format!("“{}” has a straight apostrophe: write ’", entry.english);
    let place = entry.places.first().cloned().unwrap_or_default();
    before.ends_with(char::is_alphabetic).then(|| Finding::new(place, what))
}

/// Texts that a table could not tell apart.
fn same_keys(entries: &[Entry]) -> Vec<Finding> {
    let mut known: HashMap<u32, &str> = HashMap::new();
    let clash = |entry| {
        let entry: &Entry = entry;
        let other = known.insert(key(&entry.english), &entry.english)?;
        let what = format!("“{}” has the same hash as “{other}”: say one of them differently", entry.english);
        Some(Finding::new(entry.places.first().cloned().unwrap_or_default(), what))
    };
    entries.iter().filter_map(clash).collect()
}

/// What is wrong with a translation.
fn mistranslated(entry: &Entry) -> Option<Finding> {
    let what = if entry.translation.is_empty() {
        "is not translated"
    } else if po::values(&entry.translation) != po::values(&entry.english) {
        "is translated with other values in braces"
    } else if edges(&entry.translation) != edges(&entry.english) {
        "is translated with other blanks at its ends"
    } else {
        return None;
    };
    Some(Finding::new(GERMAN, format!("“{}” {what}", entry.english)))
}

/// Whether a text begins and ends with a blank.
fn edges(text: &str) -> (bool, bool) {
    (text.starts_with(' '), text.ends_with(' '))
}

/// The entries of a catalogue; none if there is no such file.
fn read(place: &Path) -> Outcome<Vec<Entry>> {
    let Ok(text) = fs::read_to_string(place) else { return Ok(Vec::new()) };
    po::parse(&text).map_err(|line| format!("{}:{line}: no catalogue from there on", place.display()))
}

fn write(place: &Path, text: &str) -> Outcome {
    fs::write(place, text).map_err(|error| format!("{}: {error}", place.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile { path: path.into(), text: text.into() }
    }

    fn findings(files: &[SourceFile]) -> Vec<String> {
        check(files).iter().map(Finding::to_string).collect()
    }

    /// A tree with one source and catalogues that fit it, but for the German text.
    fn tree(german: &str) -> Vec<SourceFile> {
        let source = file("web/app/src/a.rs", "fn f() { t!(\"{n} keys\", n); t!(\"{n} keys\", n = 1) }");
        let mut entries = template(std::slice::from_ref(&source)).unwrap();
        let english = po::to_catalogue(&TEMPLATE_HEAD, &entries);
        entries[0].translation = german.into();
        let german = po::to_catalogue(&GERMAN_HEAD, &entries);
        vec![source, file(TEMPLATE, &english), file(GERMAN, &german)]
    }

    #[test]
    fn what_is_translated_is_in_order() {
        assert_eq!(findings(&tree("{n} Schlüssel")), Vec::<String>::new());
    }

    #[test]
    fn translations_that_miss_or_ask_for_something_else() {
        for (german, what) in
            [("", "not translated"), ("{m} Schlüssel", "other values"), ("{n} Schlüssel ", "other blanks")]
        {
            let found = findings(&tree(german));
            assert!(matches!(found.as_slice(), [one] if one.contains(what)), "{found:?}");
        }
    }

    #[test]
    fn catalogues_that_do_not_fit_the_sources() {
        let mut files = tree("{n} Schlüssel");
        files[0].text.push_str("fn g() { t!(\"New\"); }");
        assert_eq!(findings(&files).len(), 2);
        files[2].text.push_str("\nmsgid\n");
        assert!(findings(&files)[1].contains("no catalogue"));
    }

    #[test]
    fn apostrophes() {
        let mut files = tree("{n} Schlüssel");
        files[0].text.push_str("fn g() { t!(\"The server's key\"); t!(\"The server’s\"); t!(\"C:\\\\'\") }");
        let found = findings(&files);
        assert_eq!(found.iter().filter(|finding| finding.contains("apostrophe")).count(), 1, "{found:?}");
    }

    #[test]
    fn texts_with_the_same_hash() {
        // Found by trying: FNV-1a in 32 bits gives both the same.
        let entries =
            ["costarring", "liquid"].map(|english| Entry { english: english.into(), ..Entry::default() });
        assert_eq!(same_keys(&entries).len(), 1);
    }
}
