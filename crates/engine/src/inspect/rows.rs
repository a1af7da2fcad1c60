//! Facts ([`certwright_certs::describe`]) as rows for people.

use certwright_certs::Oid;
use certwright_certs::describe::{Description, ExtensionDescription, Fact, FactValue, Section as Part};
use certwright_certs::extensions::Extension;
use certwright_certs::time;
use certwright_language::text;
use certwright_protocol::ui::inspect::{Asn1Node, Badge, Row, RowStyle, Section, Tone};

use super::asn1::part_nodes;
use certwright_language::t;

/// Whether long values are cut.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// As the page shows them.
    Shown,
    /// In full, for files and comparisons.
    Whole,
}

/// Most octets of a value that the page shows.
const MOST_OCTETS: usize = 1024;
/// Most characters of a text that the page shows.
const MOST_CHARACTERS: usize = 2000;
/// Most rows of a section that the page shows.
const MOST_ROWS: usize = 500;

/// The parts of a description; extensions come after the other parts. `ranges` tells where a part stands, by its title, and where each
/// extension does; `values` are those of the extensions.
pub(super) fn sections(
    description: &Description,
    extent: Extent,
    range: impl Fn(&str) -> Option<(u32, u32)>,
    extension_ranges: &[(u32, u32)],
    values: &[Extension],
) -> Vec<Section> {
    let section = |part: &Part| Section {
        title: text(part.title).to_owned(),
        source: None,
        badges: Vec::new(),
        rows: cut_rows(rows(&part.facts, 0, extent), extent),
        range: range(part.title),
    };
    let extensions = description.extensions.iter().enumerate().map(|(number, one)| {
        let value = values.get(number).map_or(&[][..], |extension| &extension.value);
        let mut section = extension(one, value, extent);
        section.range = extension_ranges.get(number).copied();
        section
    });
    // Signature and fingerprints are read last.
    let (first, last): (Vec<&Part>, Vec<&Part>) =
        description.sections.iter().partition(|part| !matches!(part.title, "Signature" | "Fingerprints"));
    first.into_iter().map(&section).chain(extensions).chain(last.into_iter().map(&section)).collect()
}

fn extension(extension: &ExtensionDescription, value: &[u8], extent: Extent) -> Section {
    let source = match extension.source {
        Some(source) => format!("{source}, {}", extension.oid),
        None => extension.oid.to_string(),
    };
    let mut badges = Vec::new();
    if extension.critical {
        badges.push(Badge { tone: Tone::Info, text: t!("critical").into() });
    }
    let mut rows = match &extension.facts {
        Ok(facts) => rows(facts, 0, extent),
        Err(fault) => {
            badges.push(Badge { tone: Tone::Bad, text: t!("cannot be read").into() });
            vec![row(0, t!("Fault"), fault.to_string(), RowStyle::Text)]
        }
    };
    if !extension.known || extension.facts.is_err() {
        badges.extend(
            (!extension.known).then(|| Badge { tone: Tone::Info, text: t!("not known here").into() }),
        );
        rows.extend(part_nodes(value).iter().map(asn1_row));
    }
    Section {
        title: extension.name.clone(),
        source: Some(source),
        badges,
        rows: cut_rows(rows, extent),
        range: None,
    }
}

/// Facts as rows, those with parts before their parts.
pub(super) fn rows(facts: &[Fact], depth: u8, extent: Extent) -> Vec<Row> {
    let mut all = Vec::new();
    for fact in facts {
        let (value, style) = match &fact.value {
            FactValue::Text(text) => (shortened(text, extent), RowStyle::Text),
            FactValue::Oid(oid) => (oid_words(oid), RowStyle::Code),
            FactValue::Octets(octets) => (octets_words(octets, extent), RowStyle::Code),
            FactValue::Time(unix) => (date_time(*unix), RowStyle::Text),
            FactValue::Url(url) => (shortened(url, extent), RowStyle::Url),
            FactValue::Number(number) => (shortened(number, extent), RowStyle::Code),
            FactValue::Flag(flag) => (if *flag { t!("yes") } else { t!("no") }.to_owned(), RowStyle::Text),
            FactValue::Facts(_) => (String::new(), RowStyle::Text),
        };
        all.push(Row {
            depth,
            label: fact.label.clone().into_owned(),
            value,
            style,
            remark: fact.remark.clone(),
        });
        if let FactValue::Facts(parts) = &fact.value {
            all.extend(rows(parts, depth.saturating_add(1), extent));
        }
    }
    all
}

/// A row without a remark.
pub(super) fn row(depth: u8, label: &str, value: impl Into<String>, style: RowStyle) -> Row {
    Row { depth, label: label.to_owned(), value: value.into(), style, remark: None }
}

fn asn1_row(node: &Asn1Node) -> Row {
    let label = match &node.name {
        Some(name) => format!("{} ({name})", node.tag),
        None => node.tag.clone(),
    };
    let depth = u8::try_from(node.depth).unwrap_or(u8::MAX);
    Row { depth, label, value: node.value.clone(), style: RowStyle::Code, remark: node.remark.clone() }
}

fn cut_rows(mut rows: Vec<Row>, extent: Extent) -> Vec<Row> {
    if extent == Extent::Shown && rows.len() > MOST_ROWS {
        let more = rows.len() - MOST_ROWS;
        rows.truncate(MOST_ROWS);
        rows.push(row(
            0,
            "…",
            t!("{more} more rows are in the exported text and JSON", more),
            RowStyle::Text,
        ));
    }
    rows
}

fn oid_words(oid: &Oid) -> String {
    match oid.name() {
        Some(name) => format!("{name} ({oid})"),
        None => oid.to_string(),
    }
}

fn octets_words(octets: &[u8], extent: Extent) -> String {
    let shown = if extent == Extent::Shown { octets.get(..MOST_OCTETS).unwrap_or(octets) } else { octets };
    let hex = hex(shown);
    if shown.len() < octets.len() {
        t!("{hex}… ({count} octets in all)", hex, count = octets.len())
    } else {
        hex
    }
}

fn shortened(text: &str, extent: Extent) -> String {
    match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) if extent == Extent::Shown => {
            let shown = text.get(..end).unwrap_or_default();
            t!("{shown}… ({count} characters in all)", shown, count = text.chars().count())
        }
        _ => text.to_owned(),
    }
}

/// `0A:FF`.
pub(super) fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02X}")).collect::<Vec<_>>().join(":")
}

/// `2026-11-21`.
pub(super) fn date(unix: i64) -> String {
    let (year, month, day) = time::date(unix.div_euclid(86_400));
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2026-11-21 07:33:12 UTC`.
pub(super) fn date_time(unix: i64) -> String {
    let second = unix.rem_euclid(86_400);
    format!("{} {:02}:{:02}:{:02} UTC", date(unix), second / 3_600, second / 60 % 60, second % 60)
}
