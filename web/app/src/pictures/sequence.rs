//! A connection as a sequence diagram: who said what to whom, and when.

use certwright_protocol::t;
use certwright_protocol::ui::probe::{SequenceStep, SequenceView};

use super::svg::{Picture, font};
use crate::parts::time::took;
use crate::state::Tone;

/// Draws it.
pub(crate) fn sequence(view: &SequenceView, wide: bool) -> Picture {
    let width: i32 = if wide { 900 } else { 380 };
    let (first, last) = if wide { (205, width - 145) } else { (66, width - 66) };
    let lane = |place: u8| first + (last - first) * i32::from(place.min(2)) / 2;
    let host = view.parties.last().map(String::as_str).unwrap_or_default();
    let told: Vec<String> = view
        .steps
        .iter()
        .map(|step| {
            let name =
                |place: u8| view.parties.get(usize::from(place)).map(String::as_str).unwrap_or_default();
            format!("{} {} → {}: {}", took(step.at_us), name(step.from), name(step.to), step.label)
        })
        .collect();
    let mut picture = Picture::new(
        t!("The connection to {host} step by step", host),
        told.join("; "),
        width.unsigned_abs(),
    );
    let room = (last - first) / 2;
    for (place, name) in (0..).zip(&view.parties) {
        let x = lane(place);
        picture.rect((x - room / 2 + 4, 8, room - 8, 30), "sunk", "line-strong", false);
        picture.text((x, 28), room - 16, font(if wide { 13 } else { 10 }, "ink").bold().at("middle"), name);
    }
    let step_height = if wide { 40 } else { 46 };
    let bottom = 52 + step_height * i32::try_from(view.steps.len()).unwrap_or_default();
    for place in 0..3 {
        picture.line((lane(place), 38), (lane(place), bottom), "line-strong", true, false);
    }
    for (place, step) in (0..).zip(&view.steps) {
        let y = 52 + (place + 1) * step_height - 10;
        draw(&mut picture, step, (lane(step.from), lane(step.to)), y, wide, width);
    }
    picture.reach(bottom + 14);
    picture
}

fn draw(picture: &mut Picture, step: &SequenceStep, (from, to): (i32, i32), y: i32, wide: bool, width: i32) {
    let (line, ink, sign) = match step.tone {
        Tone::Bad => ("bad", "bad", "✗ "),
        Tone::Warn => ("warn", "warn", "! "),
        Tone::Good => ("good", "ink", ""),
        Tone::Info => ("ink-soft", "ink", ""),
    };
    let time = took(step.at_us);
    let label = format!("{sign}{}", step.label);
    let size = if wide { 13 } else { 11 };
    if from == to {
        // Something that happened there: a note on the line.
        let half = if wide { 130 } else { 86 };
        picture.rect((from - half, y - 24, 2 * half, 28), "sunk", line, false);
        let words = if wide && !step.detail.is_empty() { format!("{label}: {}", step.detail) } else { label };
        picture.text((from, y - 6), 2 * half - 10, font(size - 1, ink).bold().at("middle"), &words);
    } else {
        let middle = (from + to) / 2;
        let span = (to - from).abs() - 10;
        picture.line((from, y), (to, y), line, false, true);
        picture.text(
            (middle, y - 6),
            if wide { span } else { span + 40 },
            font(size, ink).bold().at("middle"),
            &label,
        );
        if wide || step.tone == Tone::Bad {
            picture.text((middle, y + 12), span, font(11, "ink-soft").at("middle"), &step.detail);
        }
    }
    if wide {
        picture.text((12, y + 4), 70, font(12, "ink-faint"), &time);
    } else {
        picture.text((width - 4, y + 14), 60, font(9, "ink-faint").at("end"), &time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_there_with_its_time() {
        let step = |from, to, tone, label: &str| SequenceStep {
            at_us: 1_500,
            from,
            to,
            tone,
            kind: "message".into(),
            label: label.into(),
            detail: "why".into(),
        };
        let view = SequenceView {
            parties: vec!["browser".into(), "us".into(), "a<b".into()],
            steps: vec![
                step(1, 2, Tone::Info, "ClientHello"),
                step(2, 1, Tone::Bad, "Alert: unknown_ca"),
                step(1, 1, Tone::Good, "TLS 1.3 stands"),
            ],
        };
        for wide in [true, false] {
            let svg = sequence(&view, wide).to_svg();
            for part in ["ClientHello", "✗ Alert: unknown_ca", "why", "1 ms", "a&lt;b"] {
                assert!(svg.contains(part), "{part} {svg}");
            }
        }
    }
}
