//! What the page knows of the list of many hosts: its text, its rows, how it is looked at. It outlives the page's being left and opened
//! again.

use std::rc::Rc;

use certwright_protocol::conversation::StartTls;
use certwright_protocol::mark;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::{HostList, HostRow, HostTarget};
use yew::AttrValue;

use crate::browser;
use crate::pages::probe::plan::ProbeForm;
use crate::state::Files;

/// A host of the list.
#[derive(Clone)]
pub(crate) struct Slot {
    pub(crate) target: Rc<HostTarget>,
    /// What its probe found.
    pub(crate) row: Option<Rc<HostRow>>,
    pub(crate) under_way: bool,
}

/// How the table is looked at.
#[derive(Clone, PartialEq)]
pub(crate) struct View {
    pub(crate) search: AttrValue,
    /// A place in [`FILTERS`].
    pub(crate) filter: usize,
    /// A place in [`COLUMNS`]; `None` is the order of the list.
    pub(crate) column: Option<usize>,
    pub(crate) down: bool,
    /// So many rows are drawn.
    pub(crate) most: usize,
}

/// The columns: a name for the tests, and the heading.
pub(crate) const COLUMNS: [(&str, &str); 6] = [
    ("host", mark!("Host")),
    ("verdict", mark!("Verdict")),
    ("issuer", mark!("Certificate")),
    ("until", mark!("Valid until")),
    ("protocol", mark!("Protocol")),
    ("changes", mark!("Changes")),
];

/// The filters: a name for the tests, and the words.
pub(crate) const FILTERS: [(&str, &str); 8] = [
    ("all", mark!("All")),
    ("good", mark!("Good")),
    ("warn", mark!("To be looked at")),
    ("bad", mark!("Failed")),
    ("month", mark!("Expires within 30 days")),
    ("old", mark!("Not TLS 1.3")),
    ("changed", mark!("Changed")),
    ("open", mark!("Not probed yet")),
];

/// The list.
#[derive(Clone)]
pub(crate) struct Many {
    pub(crate) text: AttrValue,
    pub(crate) form: Rc<ProbeForm>,
    /// Number of the request that runs.
    pub(crate) running: Option<u32>,
    pub(crate) slots: Rc<Vec<Slot>>,
    /// The slots that the running request is about, in its order.
    places: Rc<Vec<usize>>,
    /// The run to compare with.
    pub(crate) before: Rc<Vec<HostRow>>,
    /// Lines that name no host, as they were read last.
    pub(crate) wrong: Rc<Vec<(u32, String)>>,
    pub(crate) repeated: u32,
    /// Files that nobody has looked at yet.
    pub(crate) incoming: Option<Files>,
    pub(crate) view: View,
}

/// A change of it.
pub(crate) enum Change {
    Text(AttrValue),
    Form(ProbeForm),
    /// The list was read, and takes the place of the one before.
    Read(HostList),
    /// The request with this number probes these slots.
    Starts(u32, Vec<usize>),
    Ends(u32),
    /// The rows of an earlier run.
    Before(Vec<HostRow>),
    /// The files are looked at.
    Taken,
    View(View),
}

impl Default for Many {
    fn default() -> Self {
        Self {
            text: "".into(),
            form: Rc::new(ProbeForm::default().with("auth", "none")),
            running: None,
            slots: Rc::default(),
            places: Rc::default(),
            before: Rc::default(),
            wrong: Rc::default(),
            repeated: 0,
            incoming: None,
            view: View { search: "".into(), filter: 0, column: None, down: false, most: 200 },
        }
    }
}

impl Many {
    pub(crate) fn apply(&mut self, change: Change) {
        match change {
            Change::Text(text) => self.text = text,
            Change::Form(form) => self.form = Rc::new(form),
            Change::Read(list) => {
                let slot = |target| Slot { target: Rc::new(target), row: None, under_way: false };
                self.slots = Rc::new(list.hosts.into_iter().map(slot).collect());
                self.wrong = Rc::new(list.wrong);
                self.repeated = list.repeated;
            }
            Change::Starts(id, places) => {
                self.running = Some(id);
                let slots = Rc::make_mut(&mut self.slots);
                for place in &places {
                    if let Some(slot) = slots.get_mut(*place) {
                        slot.row = None;
                    }
                }
                self.places = Rc::new(places);
            }
            Change::Ends(id) if self.running == Some(id) => {
                self.running = None;
                Rc::make_mut(&mut self.slots).iter_mut().for_each(|slot| slot.under_way = false);
            }
            Change::Ends(_) => {}
            Change::Before(rows) => self.before = Rc::new(rows),
            Change::Taken => self.incoming = None,
            Change::View(view) => self.view = view,
        }
    }

    /// Takes a row of the request `id`.
    pub(crate) fn take(&mut self, id: u32, number: u32, row: HostRow) {
        let place = self.places.get(number as usize).copied().filter(|_| self.running == Some(id));
        if let Some(slot) = place.and_then(|place| Rc::make_mut(&mut self.slots).get_mut(place)) {
            slot.under_way = row.tone.is_none();
            slot.row = row.tone.is_some().then(|| Rc::new(row));
        }
    }

    /// The rows that are done.
    pub(crate) fn rows(&self) -> Vec<HostRow> {
        self.slots.iter().filter_map(|slot| slot.row.as_deref().cloned()).collect()
    }

    /// Slots with a row like that, or without one if `wanted` says so of none.
    pub(crate) fn places(&self, wanted: impl Fn(Option<&HostRow>) -> bool) -> Vec<usize> {
        let slots = self.slots.iter().enumerate();
        slots.filter(|(_, slot)| wanted(slot.row.as_deref())).map(|(place, _)| place).collect()
    }

    /// The slots that are shown, in the order in which they are.
    pub(crate) fn shown(&self) -> Vec<usize> {
        let View { search, filter, column, down, .. } = &self.view;
        let search = browser::lower_case(search.trim());
        let (mut shown, mut keys) = (Vec::new(), Vec::new());
        for (place, slot) in self.slots.iter().enumerate() {
            let passes = passes(*filter, slot.row.as_deref())
                && (search.is_empty() || browser::lower_case(&searched(slot)).contains(&search));
            if passes {
                shown.push(place);
                keys.extend(column.map(|column| key(column, slot)));
            }
        }
        if column.is_some() {
            shown = browser::order(keys).into_iter().filter_map(|place| shown.get(place).copied()).collect();
        }
        if *down {
            shown.reverse();
        }
        shown
    }
}

/// Whether a row passes a filter.
pub(crate) fn passes(filter: usize, row: Option<&HostRow>) -> bool {
    match (filter, row) {
        (0, _) => true,
        (7, row) => row.is_none(),
        (_, None) => false,
        (1, Some(row)) => row.tone == Some(Tone::Good),
        (2, Some(row)) => matches!(row.tone, Some(Tone::Warn | Tone::Info)),
        (3, Some(row)) => row.tone == Some(Tone::Bad),
        (4, Some(row)) => row.days_left.is_some_and(|days| days <= 30),
        (5, Some(row)) => row.version.as_deref().is_some_and(|version| version != "TLS 1.3"),
        (_, Some(row)) => !row.changes.is_empty(),
    }
}

/// How a host is written: with its port, unless that is the one of HTTPS.
pub(crate) fn written(target: &HostTarget) -> String {
    let HostTarget { host, port, .. } = target;
    match (host.contains(':'), *port) {
        (_, 443) => host.clone(),
        (true, port) => format!("[{host}]:{port}"),
        (false, port) => format!("{host}:{port}"),
    }
}

/// A line of the list that names the host: what is not usual on its port stands in fields of its own.
pub(crate) fn line(target: &HostTarget) -> String {
    let HostTarget { host, port, starttls, server_name } = target;
    if *starttls == StartTls::usual_on(*port) && server_name.is_none() {
        return written(target);
    }
    format!("{host},{port},{},{}", starttls.word(), server_name.as_deref().unwrap_or_default())
}

/// Some text of a row, or nothing.
pub(crate) fn text(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or_default()
}

/// What the search looks at.
fn searched(slot: &Slot) -> String {
    let mut all = written(&slot.target);
    if let Some(row) = &slot.row {
        for part in [&row.title, &row.verdict] {
            all.push(' ');
            all.push_str(part);
        }
        for part in [&row.subject, &row.issuer, &row.version, &row.cipher_suite, &row.address] {
            all.push(' ');
            all.push_str(text(part));
        }
    }
    all
}

/// Comes after every text.
const LAST: &str = "\u{ffff}";

/// What a column is sorted by. What is not known comes last.
fn key(column: usize, slot: &Slot) -> String {
    let Some(row) = &slot.row else {
        return if column == 0 { written(&slot.target) } else { LAST.into() };
    };
    let known = |value: &Option<String>| value.clone().unwrap_or_else(|| LAST.into());
    match column {
        0 => written(&slot.target),
        1 => {
            let rank = match row.tone {
                Some(Tone::Bad) => "0",
                Some(Tone::Warn) => "1",
                Some(Tone::Info) => "2",
                _ => "3",
            };
            rank.to_owned() + &row.title
        }
        2 => known(&row.issuer),
        3 => match row.not_after {
            // Enough digits for the year 9999; all the same number, so they sort as text.
            Some(until) => format!("{:013}", until.max(0)),
            None => LAST.into(),
        },
        4 => known(&row.version),
        _ if row.changes.is_empty() => LAST.into(),
        _ => row.changes.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(host: &str) -> HostTarget {
        HostTarget { host: host.into(), port: 443, starttls: StartTls::None, server_name: None }
    }

    fn row(host: &str, tone: Tone, not_after: Option<i64>) -> HostRow {
        HostRow {
            target: target(host),
            tone: Some(tone),
            verdict: "v".into(),
            title: format!("title of {host}"),
            what_happened: String::new(),
            what_to_try: String::new(),
            subject: None,
            issuer: None,
            not_after,
            days_left: not_after.map(|until| until / 86_400),
            sha256: None,
            version: None,
            cipher_suite: None,
            client_certificate: None,
            address: None,
            took_ms: 1,
            changes: Vec::new(),
        }
    }

    #[test]
    fn a_line_names_what_is_not_usual() {
        assert_eq!(line(&target("a.example")), "a.example");
        let mail = HostTarget { port: 25, starttls: StartTls::Smtp, ..target("mail.example") };
        assert_eq!(line(&mail), "mail.example:25");
        let odd = HostTarget { port: 8025, ..mail.clone() };
        assert_eq!(line(&odd), "mail.example,8025,smtp,");
        let named = HostTarget { server_name: Some("b.example".into()), ..target("2001:db8::1") };
        assert_eq!(line(&named), "2001:db8::1,443,none,b.example");
        assert_eq!(line(&HostTarget { starttls: StartTls::None, ..mail }), "mail.example,25,none,");
    }

    #[test]
    fn rows_come_to_their_places_and_are_sorted() {
        let mut many = Many::default();
        let hosts = vec![target("a"), target("b"), target("c")];
        many.apply(Change::Read(HostList { hosts, ..HostList::default() }));
        many.apply(Change::Starts(7, vec![0, 1, 2]));
        many.take(7, 0, row("a", Tone::Good, Some(200 * 86_400)));
        many.take(7, 1, row("b", Tone::Bad, Some(86_400)));
        many.take(8, 2, row("c", Tone::Bad, None));
        assert_eq!((many.rows().len(), many.places(|row| row.is_none())), (2, vec![2]));
        many.apply(Change::Ends(7));
        assert_eq!(many.running, None);
        many.view.column = Some(1);
        assert_eq!(many.shown(), [1, 0, 2]);
        many.view.down = true;
        assert_eq!(many.shown(), [2, 0, 1]);
        many.view = View { column: Some(3), down: false, ..many.view };
        assert_eq!(many.shown(), [1, 0, 2]);
        many.view.filter = 4;
        assert_eq!(many.shown(), [1]);
        // A retry is about some of them.
        many.apply(Change::Starts(9, vec![1]));
        assert_eq!(many.places(|row| row.is_none()), [1, 2]);
        many.take(9, 0, row("b", Tone::Good, None));
        assert_eq!(many.slots[1].row.as_ref().unwrap().tone, Some(Tone::Good));
    }
}
