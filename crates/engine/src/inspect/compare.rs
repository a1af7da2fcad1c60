//! Two things side by side: aligned section by section and row by row, and what the differences come to in sentences.

mod summary;

use certwright_protocol::Problem;
use certwright_protocol::ui::inspect::{ComparedRow, ComparedSection, Comparison, Row, Section};

use super::rows::Extent;
use super::{Inspection, sheet};
use certwright_language::t;

/// Above this many comparisons of rows, a section's rows are paired in order instead of aligned.
const MOST_COMPARISONS: usize = 1_000_000;

impl Inspection {
    /// Two things of the bag side by side; the left one is taken for the older. `now` is in Unix seconds.
    ///
    /// # Errors
    /// If there is no such thing.
    pub fn compare(&self, left: u32, right: u32, now: i64) -> Result<Comparison, Problem> {
        let (left, right) = (self.item(left)?, self.item(right)?);
        let left_sections = sheet::content_sections(&left.content, Extent::Whole);
        let right_sections = sheet::content_sections(&right.content, Extent::Whole);
        Ok(Comparison {
            left: left.thing(now),
            right: right.thing(now),
            summary: summary::summary(&left.content, &right.content, now),
            sections: aligned_sections(&left_sections, &right_sections),
        })
    }
}

/// The left sections in their order, each with its counterpart; those of the right alone follow where they stand there.
fn aligned_sections(left: &[Section], right: &[Section]) -> Vec<ComparedSection> {
    let mut taken = vec![false; right.len()];
    let mut sections = Vec::new();
    for section in left {
        let same = |(number, other): &(usize, &Section)| {
            !taken.get(*number).copied().unwrap_or_default() && other.title == section.title
        };
        let found = right.iter().enumerate().find(same);
        if let Some(slot) = found.and_then(|(number, _)| taken.get_mut(number)) {
            *slot = true;
        }
        sections.push(compared(&section.title, Some(section), found.map(|(_, other)| other)));
    }
    let alone = right.iter().zip(&taken).filter(|(_, taken)| !**taken);
    // What only the new one has stands before the signature and the fingerprints, which always differ.
    let end = sections.iter().position(|section| section.title == t!("Signature")).unwrap_or(sections.len());
    let added: Vec<ComparedSection> =
        alone.map(|(section, _)| compared(&section.title, None, Some(section))).collect();
    sections.splice(end..end, added);
    sections
}

fn compared(title: &str, left: Option<&Section>, right: Option<&Section>) -> ComparedSection {
    let badges = |section: Option<&Section>| section.map(|one| one.badges.clone());
    let mut rows = aligned_rows(rows_of(left), rows_of(right));
    // Criticality is in the badges, and is compared like a row.
    if let (Some(before), Some(after)) = (badges(left), badges(right))
        && before != after
    {
        let words = |section: Option<&Section>| {
            let texts =
                section.map(|one| one.badges.iter().map(|badge| badge.text.as_str()).collect::<Vec<_>>());
            texts.map(|texts| if texts.is_empty() { t!("not critical").to_owned() } else { texts.join(", ") })
        };
        let style = certwright_protocol::ui::inspect::RowStyle::Text;
        rows.insert(
            0,
            ComparedRow {
                depth: 0,
                label: t!("Marks").into(),
                left: words(left),
                right: words(right),
                style,
            },
        );
    }
    let differs = left.is_none() || right.is_none() || rows.iter().any(|row| row.left != row.right);
    ComparedSection { title: title.to_owned(), differs, rows }
}

fn rows_of(section: Option<&Section>) -> &[Row] {
    section.map_or(&[], |section| &section.rows)
}

/// Rows that are the same stand beside each other; between them, rows with the same label do.
fn aligned_rows(left: &[Row], right: &[Row]) -> Vec<ComparedRow> {
    let mut rows = Vec::new();
    let (mut from_left, mut from_right) = (0, 0);
    let mut same = common(left, right);
    same.push((left.len(), right.len()));
    for (at_left, at_right) in same {
        let between_left = left.get(from_left..at_left).unwrap_or_default();
        let between_right = right.get(from_right..at_right).unwrap_or_default();
        paired(between_left, between_right, &mut rows);
        if let (Some(one), Some(other)) = (left.get(at_left), right.get(at_right)) {
            rows.push(pair(Some(one), Some(other)));
        }
        (from_left, from_right) = (at_left + 1, at_right + 1);
    }
    rows
}

/// A longest common subsequence, as pairs of places.
fn common(left: &[Row], right: &[Row]) -> Vec<(usize, usize)> {
    let is_same = |one: &Row, other: &Row| {
        (one.depth, &one.label, &one.value) == (other.depth, &other.label, &other.value)
    };
    if left.len().saturating_mul(right.len()) > MOST_COMPARISONS {
        let pairs = left.iter().zip(right).enumerate();
        return pairs.filter(|(_, (one, other))| is_same(one, other)).map(|(at, _)| (at, at)).collect();
    }
    // lengths[i][j] is the length of the longest for the rows from i and from j on, in one vector.
    let width = right.len() + 1;
    let mut lengths = vec![0_u32; (left.len() + 1) * width];
    let at = |i: usize, j: usize| i * width + j;
    for (i, one) in left.iter().enumerate().rev() {
        for (j, other) in right.iter().enumerate().rev() {
            let length = |i, j| lengths.get(at(i, j)).copied().unwrap_or_default();
            let longest = if is_same(one, other) {
                length(i + 1, j + 1) + 1
            } else {
                length(i + 1, j).max(length(i, j + 1))
            };
            if let Some(slot) = lengths.get_mut(at(i, j)) {
                *slot = longest;
            }
        }
    }
    let length = |i, j| lengths.get(at(i, j)).copied().unwrap_or_default();
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while let (Some(one), Some(other)) = (left.get(i), right.get(j)) {
        if is_same(one, other) {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if length(i + 1, j) >= length(i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Rows between two that are the same: those of one label beside each other, in order.
fn paired(left: &[Row], right: &[Row], rows: &mut Vec<ComparedRow>) {
    let mut next = 0;
    for one in left {
        let is_counterpart = |other: &Row| other.depth == one.depth && other.label == one.label;
        let found = right.iter().enumerate().skip(next).find(|(_, other)| is_counterpart(other));
        if let Some((at, other)) = found {
            right
                .get(next..at)
                .unwrap_or_default()
                .iter()
                .for_each(|alone| rows.push(pair(None, Some(alone))));
            rows.push(pair(Some(one), Some(other)));
            next = at + 1;
        } else {
            rows.push(pair(Some(one), None));
        }
    }
    right.get(next..).unwrap_or_default().iter().for_each(|alone| rows.push(pair(None, Some(alone))));
}

fn pair(left: Option<&Row>, right: Option<&Row>) -> ComparedRow {
    let (depth, label, style) = match left.or(right) {
        Some(row) => (row.depth, row.label.clone(), row.style),
        None => (0, String::new(), certwright_protocol::ui::inspect::RowStyle::Text),
    };
    let value = |row: Option<&Row>| row.map(|row| row.value.clone());
    ComparedRow { depth, label, left: value(left), right: value(right), style }
}

#[cfg(test)]
mod tests {
    use super::*;
    use certwright_protocol::ui::inspect::RowStyle;

    #[test]
    fn rows_are_aligned_by_what_is_the_same() {
        let rows = |values: &[(&str, &str)]| -> Vec<Row> {
            values
                .iter()
                .map(|(label, value)| super::super::rows::row(0, label, *value, RowStyle::Text))
                .collect()
        };
        let left = rows(&[("DNS", "a"), ("DNS", "b"), ("DNS", "d"), ("IP", "1")]);
        let right = rows(&[("DNS", "b"), ("DNS", "c"), ("DNS", "d"), ("E-mail", "x")]);
        let aligned: Vec<_> =
            aligned_rows(&left, &right).into_iter().map(|row| (row.left, row.right)).collect();
        let both = |left: &str, right: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            (some(left), some(right))
        };
        assert_eq!(
            aligned,
            [both("a", ""), both("b", "b"), both("", "c"), both("d", "d"), both("1", ""), both("", "x")]
        );
    }
}
