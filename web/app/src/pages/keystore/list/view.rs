//! Which entries the list shows, and in which order: search, filter, sort.

use std::rc::Rc;

use certwright_protocol::ui::StoreId;
use certwright_protocol::view::{ChainState, EntryKind, EntryView, KeystoreView};
use certwright_protocol::{language, mark};
use yew::prelude::*;

use super::super::subject::common_name;
use crate::browser::{self, lower_case};
use crate::settings;
use crate::state::App;

const DAY: i64 = 86_400;
/// So many rows are drawn at first, which fills a high window; drawing is what takes time in a large keystore.
const FIRST: usize = 40;
/// So many more are drawn when their end comes into sight.
const MORE: usize = 60;

/// What can be sorted by: its id, its name.
pub(super) const COLUMNS: [(&str, &str); 6] = [
    ("type", mark!("Type")),
    ("alias", mark!("Alias")),
    ("subject", mark!("Subject")),
    ("issuer", mark!("Issuer")),
    ("until", mark!("Valid until")),
    ("modified", mark!("Modified")),
];

/// What can be filtered by: its id, its name.
pub(super) const FILTERS: [(&str, &str); 12] = [
    ("all", mark!("All entries")),
    ("pairs", mark!("Key pairs")),
    ("trusted", mark!("Trusted certificates")),
    ("secret", mark!("Secret keys")),
    ("expired", mark!("Expired")),
    ("warn", mark!("Expires within {days} days")),
    ("ahead", mark!("Expires within {days} days")),
    ("pending", mark!("Pending")),
    ("incomplete", mark!("Chain incomplete")),
    ("duplicates", mark!("Duplicates")),
    ("locked", mark!("Locked")),
    ("closed", mark!("Password not known")),
];

/// How the list is looked at, with what changes it.
pub(in super::super) type Look = UseReducerHandle<ListView>;

/// How the list is looked at.
#[derive(Clone, PartialEq)]
pub(in super::super) struct ListView {
    pub(super) search: String,
    /// Position in [`FILTERS`].
    pub(super) filter: usize,
    /// Position in [`COLUMNS`].
    pub(super) column: usize,
    pub(super) down: bool,
    /// Rows that are drawn at most.
    pub(super) most: usize,
    /// Aliases of the selected entries, in order of their bytes.
    pub(in super::super) selected: Rc<Vec<String>>,
    /// The one that was selected last: where a range begins.
    pub(super) last: Option<String>,
}

/// What the user does to the list.
pub(in super::super) enum Change {
    Search(String),
    Filter(usize),
    /// By this column; the other way round if it is sorted by it already.
    Sort(usize),
    More,
    /// Selects these or not, the last of them being the one that was clicked.
    Select(Vec<String>, bool),
}

impl Default for ListView {
    fn default() -> Self {
        Self {
            search: String::new(),
            filter: 0,
            column: 0,
            down: false,
            most: FIRST,
            selected: Rc::default(),
            last: None,
        }
    }
}

impl Reducible for ListView {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut view = Rc::unwrap_or_clone(self);
        match change {
            Change::Search(text) => (view.search, view.most) = (text, FIRST),
            Change::Filter(filter) => (view.filter, view.most) = (filter, FIRST),
            Change::Sort(column) => {
                view.down = view.column == column && !view.down;
                (view.column, view.most) = (column, FIRST);
            }
            Change::More => view.most += MORE,
            Change::Select(aliases, wanted) => {
                view.last = aliases.last().cloned();
                let selected = Rc::make_mut(&mut view.selected);
                for alias in aliases {
                    match (selected.binary_search(&alias), wanted) {
                        (Err(place), true) => selected.insert(place, alias),
                        (Ok(place), false) => drop(selected.remove(place)),
                        _ => {}
                    }
                }
            }
        }
        Rc::new(view)
    }
}

impl ListView {
    /// The entries that pass, in order.
    pub(in super::super) fn pick<'a>(&self, entries: &'a [EntryView], now: i64) -> Vec<&'a EntryView> {
        self.places(entries, now).into_iter().filter_map(|place| entries.get(place)).collect()
    }

    /// Where the entries lie that pass, in order.
    fn places(&self, entries: &[EntryView], now: i64) -> Vec<usize> {
        let search = lower_case(&self.search);
        let words: Vec<&str> = search.split_whitespace().collect();
        let (passing, keys): (Vec<usize>, Vec<String>) = entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| {
                passes(self.filter, entry, now) && (words.is_empty() || matches(entry, &words))
            })
            .map(|(place, entry)| (place, key(entry, self.column)))
            .unzip();
        let order = browser::order(keys);
        let mut places: Vec<usize> = order.into_iter().filter_map(|at| passing.get(at).copied()).collect();
        if self.down {
            places.reverse();
        }
        places
    }

    /// Whether the entry is selected.
    pub(in super::super) fn has(&self, alias: &String) -> bool {
        self.selected.binary_search(alias).is_ok()
    }
}

/// What the places of the entries depend on.
#[derive(PartialEq)]
struct Asked {
    keystore: Kept,
    store: StoreId,
    search: String,
    filter: usize,
    column: usize,
    down: bool,
    minute: i64,
}

/// Keystores as the worker told them at one time: another time is another value.
struct Kept(Rc<KeystoreView>);

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Where the entries lie that pass, in order; found anew only when something of that has changed, since sorting takes time in a large keystore.
#[hook]
pub(super) fn use_places(app: &App, view: &ListView, now: i64) -> Rc<Vec<usize>> {
    let asked = Asked {
        keystore: Kept(Rc::clone(&app.state.keystore)),
        store: app.state.store,
        search: view.search.clone(),
        filter: view.filter,
        column: view.column,
        down: view.down,
        minute: now / 60,
    };
    use_memo(asked, |_| view.places(app.state.entries(), now))
}

/// What a filter is called.
pub(super) fn filter_name(id: &str, name: &'static str) -> String {
    language::filled(name, &[("days", &days(id))])
}

/// The days of a threshold, as the settings have it.
fn days(threshold: &str) -> u32 {
    let settings = settings::current();
    if threshold == "ahead" { settings.ahead_days } else { settings.warn_days }
}

/// Name and full text of the subject, of the certificate or the last request.
pub(super) fn subject(entry: &EntryView) -> (String, &str) {
    match (&entry.certificate, &entry.requested_subject) {
        (Some(certificate), _) => (certificate.name.clone(), &certificate.subject),
        (None, Some(subject)) => (common_name(subject), subject),
        (None, None) => Default::default(),
    }
}

/// Whether an entry passes a filter.
pub(super) fn passes(filter: usize, entry: &EntryView, now: i64) -> bool {
    let left = entry.certificate.as_ref().map(|certificate| certificate.not_after - now);
    let within = |days: i64| left.is_some_and(|left| (0..days * DAY).contains(&left));
    match FILTERS.get(filter).map(|(id, _)| *id) {
        Some("pairs") => entry.kind == EntryKind::KeyPair,
        Some("trusted") => entry.kind == EntryKind::TrustedCertificate,
        Some("secret") => entry.kind == EntryKind::SecretKey,
        Some("expired") => left.is_some_and(|left| left < 0),
        Some(threshold @ ("warn" | "ahead")) => within(i64::from(days(threshold))),
        Some("pending") => entry.chain_state == ChainState::Pending,
        Some("incomplete") => matches!(entry.chain_state, ChainState::Incomplete { .. }),
        Some("duplicates") => !entry.same_as.is_empty(),
        Some("locked") => entry.locked,
        Some("closed") => entry.closed,
        _ => true,
    }
}

/// Whether each of the words occurs in what the entry is known by. Words are in lower case.
fn matches(entry: &EntryView, words: &[&str]) -> bool {
    let mut text = format!("{}\n{}\n", entry.alias, entry.key);
    if let Some(certificate) = &entry.certificate {
        text.push_str(&certificate.subject);
        text.push('\n');
        text.push_str(&certificate.issuer_name);
        for name in &certificate.subject_alternative_names {
            text.push('\n');
            text.push_str(name);
        }
        text.push('\n');
        text.push_str(&certificate.serial);
        text.push('\n');
        text.extend(certificate.serial.chars().filter(|character| *character != ':'));
    } else if let Some(subject) = &entry.requested_subject {
        text.push_str(subject);
    }
    let text = lower_case(&text);
    words.iter().all(|word| text.contains(word))
}

/// What an entry is sorted by. Entries without a value of that kind come last.
fn key(entry: &EntryView, column: usize) -> String {
    let text = |text: &str| if text.is_empty() { "\u{ffff}".to_owned() } else { lower_case(text) };
    // All with the same number of digits and none negative, so they sort as text.
    let number = |number: i64| format!("{:020}", number.cast_unsigned() ^ (1 << 63));
    let certificate = entry.certificate.as_ref();
    match COLUMNS.get(column).map(|(id, _)| *id) {
        Some("alias") => text(&entry.alias),
        Some("subject") => text(&subject(entry).0),
        Some("issuer") => {
            text(certificate.map(|certificate| certificate.issuer_name.as_str()).unwrap_or_default())
        }
        Some("until") => number(certificate.map_or(i64::MAX, |certificate| certificate.not_after)),
        Some("modified") => number(entry.modified_ms),
        _ => number(entry.kind as i64),
    }
}

#[cfg(test)]
mod tests {
    use certwright_protocol::view::CertificateSummary;

    use super::*;

    fn entry(alias: &str, days: i64) -> EntryView {
        EntryView {
            alias: alias.into(),
            kind: EntryKind::KeyPair,
            key: "EC P-256".into(),
            chain_state: ChainState::Complete,
            certificate: Some(CertificateSummary {
                subject: format!("CN={alias}.example,O=Müller"),
                name: format!("{alias}.example"),
                issuer_name: "Issuing CA".into(),
                subject_alternative_names: vec!["DNS:other.example".into()],
                serial: "0A:1B".into(),
                not_before: 0,
                not_after: days * DAY,
                is_ca: false,
                is_self_issued: false,
            }),
            chain_length: 1,
            requested_subject: None,
            locked: false,
            cannot_sign: None,
            same_as: Vec::new(),
            previous: 0,
            closed: false,
            created_ms: 0,
            modified_ms: 0,
        }
    }

    fn aliases(view: &ListView, entries: &[EntryView]) -> Vec<String> {
        view.pick(entries, 10 * DAY).iter().map(|entry| entry.alias.clone()).collect()
    }

    #[test]
    fn the_search_finds_what_an_entry_is_known_by() {
        let entries = [entry("first", 20), entry("second", 30)];
        for (text, found) in [
            ("FIRST", 1),
            ("müller", 2),
            ("other.example issuing", 2),
            ("0a1b second", 1),
            ("0a:1b", 2),
            ("nothing", 0),
        ] {
            let view = ListView { search: text.into(), ..ListView::default() };
            assert_eq!(aliases(&view, &entries).len(), found, "{text}");
        }
    }

    #[test]
    fn filters_and_columns_do_what_they_say() {
        let entries = [entry("b", 5), entry("A", 20), entry("c", 90)];
        let view = |filter: &str, column: usize| ListView {
            filter: FILTERS.iter().position(|(id, _)| *id == filter).unwrap(),
            column,
            ..ListView::default()
        };
        assert_eq!(aliases(&view("all", 0), &entries), ["b", "A", "c"]);
        assert_eq!(aliases(&view("all", 1), &entries), ["A", "b", "c"]);
        assert_eq!(aliases(&view("expired", 1), &entries), ["b"]);
        assert_eq!(aliases(&view("warn", 1), &entries), ["A"]);
        assert_eq!(aliases(&view("ahead", 4), &entries), ["A", "c"]);
        assert_eq!(aliases(&ListView { down: true, ..view("ahead", 4) }, &entries), ["c", "A"]);
    }

    #[test]
    fn a_selection_grows_and_shrinks() {
        let select = |view: ListView, aliases: &[&str], wanted| {
            let aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
            Rc::unwrap_or_clone(Rc::new(view).reduce(Change::Select(aliases, wanted)))
        };
        let view = select(ListView::default(), &["c", "a", "b"], true);
        assert_eq!(*view.selected, ["a", "b", "c"]);
        assert_eq!(view.last.as_deref(), Some("b"));
        let view = select(view, &["a", "x"], false);
        assert_eq!(*view.selected, ["b", "c"]);
        assert!(view.has(&"b".to_owned()) && !view.has(&"a".to_owned()));
    }
}
