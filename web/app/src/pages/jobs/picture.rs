//! The picture of a plan: two machines by name, what each of them holds as cards, what is missing dashed and called so, and an arrow from the one that
//! calls to the one that is called. Where the page is narrow the machines stand below each other. The same is there in words, for those who do not see it.
//!
//! SVG does not break lines, so this does, by the number of letters.

use std::rc::Rc;

use certwright_protocol::t;
use certwright_protocol::ui::PlanSheet;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::{Holding, HoldingState, PlanSideView};
use yew::prelude::*;

use crate::parts::kind_of;
use crate::pictures::svg::{Font, Picture as Drawing, font};
use crate::pictures::{Shown, use_wide};

/// Width of a machine, and of the gap in which the arrow is.
const MACHINE: i32 = 370;
const GAP: [i32; 2] = [60, 120];
const LINE: i32 = 17;
const PAD: i32 = 14;
/// Letters that fit into a line of a card.
const LETTERS: usize = 46;

#[derive(Properties)]
pub(super) struct PictureProps {
    pub(super) sheet: Rc<PlanSheet>,
}

impl PartialEq for PictureProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.sheet, &other.sheet)
    }
}

/// The picture, as wide or narrow as the window.
#[component]
pub(super) fn Picture(props: &PictureProps) -> Html {
    let wide = use_wide();
    let sheet = &props.sheet;
    if sheet.sides.iter().all(|side| side.holds.is_empty()) {
        return html! {};
    }
    html! {
        <div class="plan-picture" data-testid="plan-picture">
            <Shown picture={draw(sheet, wide)} file={t!("plan")} testid="plan-drawing" />
            <ul class="offscreen" aria-label={t!("What each side holds")}>
                { for sheet.sides.iter().flat_map(|side| side.holds.iter().map(move |holding| html! {
                    <li data-testid="holding" data-side={kind_of(&side.side)} data-what={holding.what.clone()} data-state={kind_of(&holding.state)}>
                        { format!("{}, {}: {} ({})", side.name, holding.label, holding.name, word(holding.state, t!("there"))) }
                    </li>
                })) }
            </ul>
        </div>
    }
}

/// A line of a card, and what it looks like.
type Line = (Font, String);

fn draw(sheet: &PlanSheet, wide: bool) -> Drawing {
    let heights: Vec<i32> = sheet.sides.iter().map(height).collect();
    let tallest = heights.iter().copied().max().unwrap_or_default();
    let count = length(sheet.sides.len());
    let [narrow_gap, wide_gap] = GAP;
    let width = if wide { MACHINE * count + wide_gap * (count - 1) } else { MACHINE };
    let words = t!("What each side holds, and what is missing on which side.");
    let mut picture = Drawing::new(sheet.title.clone(), words, (width + 2).unsigned_abs());
    let (mut x, mut y) = (1, 1);
    for (place, (side, own)) in sheet.sides.iter().zip(&heights).enumerate() {
        let height = if wide { tallest } else { *own };
        if place > 0 && wide {
            let (from, middle) = (x + MACHINE, y + tallest.min(220) / 2);
            picture.line((from + 10, middle), (from + wide_gap - 10, middle), "ink", false, true);
            let calls = font(13, "ink-soft").at("middle");
            picture.text((from + wide_gap / 2, middle - 10), wide_gap, calls, t!("calls"));
            x += MACHINE + wide_gap;
        } else if place > 0 {
            let middle = x + MACHINE / 2;
            picture.line((middle, y + 8), (middle, y + narrow_gap - 8), "ink", false, true);
            picture.text((middle + 14, y + narrow_gap / 2 + 4), 120, font(13, "ink-soft"), t!("calls"));
            y += narrow_gap;
        }
        machine(&mut picture, side, (x, y), height);
        if !wide {
            y += height;
        }
    }
    picture.reach(if wide { tallest + 2 } else { y + 1 });
    picture
}

/// Lines above the cards: name, role, host.
fn head(side: &PlanSideView) -> Vec<Line> {
    let mut lines: Vec<Line> = lines(&side.name, 38, 2, font(16, "ink").bold());
    let role = if side.mine { t!("{role}, your side", role = side.role) } else { side.role.clone() };
    lines.extend(self::lines(&role, LETTERS, 2, font(12, "ink-soft")));
    if !side.host.is_empty() && side.host != side.name {
        lines.extend(self::lines(&side.host, LETTERS, 1, font(12, "ink-soft")));
    }
    lines
}

fn height(side: &PlanSideView) -> i32 {
    let cards: i32 = side.holds.iter().map(|holding| card_height(&card(holding)) + 10).sum();
    2 * PAD + LINE * length(head(side).len()) + cards + 6
}

fn card_height(lines: &[Line]) -> i32 {
    2 * PAD - 6 + LINE * length(lines.len())
}

fn machine(picture: &mut Drawing, side: &PlanSideView, (x, y): (i32, i32), height: i32) {
    picture.rect((x, y, MACHINE, height), "sunk", if side.mine { "accent" } else { "line-strong" }, false);
    let head = head(side);
    write(picture, &head, (x + 18, y + PAD));
    let mut top = y + 2 * PAD + LINE * length(head.len());
    for holding in &side.holds {
        let lines = card(holding);
        let height = card_height(&lines);
        let (fill, edge) = match (holding.state, holding.tone) {
            (HoldingState::Missing, _) => ("none", "bad"),
            (HoldingState::Unknown, _) => ("none", "line-strong"),
            (HoldingState::Old, _) | (_, Tone::Warn) => ("warn-wash", "warn"),
            (_, Tone::Bad) => ("bad-wash", "bad"),
            (_, Tone::Good) => ("good-wash", "good"),
            (_, Tone::Info) => ("raised", "line-strong"),
        };
        let dashed = matches!(holding.state, HoldingState::Missing | HoldingState::Unknown);
        picture.rect((x + 14, top, MACHINE - 28, height), fill, edge, dashed);
        write(picture, &lines, (x + 28, top + PAD - 4));
        top += height + 10;
    }
}

fn write(picture: &mut Drawing, lines: &[Line], (x, y): (i32, i32)) {
    for ((font, line), number) in lines.iter().zip(1..) {
        picture.text((x, y + LINE * number - 4), MACHINE, *font, line);
    }
}

fn card(holding: &Holding) -> Vec<Line> {
    let state = word(holding.state, "");
    let first = if state.is_empty() { holding.label.clone() } else { format!("{}: {state}", holding.label) };
    let colour = if holding.state == HoldingState::Missing { "bad" } else { "ink-soft" };
    let mut all = lines(&first, LETTERS, 2, font(12, colour).bold());
    all.extend(lines(&holding.name, 40, 2, font(14, "ink").bold()));
    all.extend(lines(&holding.detail, LETTERS, 3, font(12, "ink-soft")));
    all
}

fn lines(text: &str, letters: usize, most: usize, font: Font) -> Vec<Line> {
    wrap(text, letters, most).into_iter().map(|line| (font, line)).collect()
}

/// Whether a thing is there is said in a word, and not by a colour alone.
fn word(state: HoldingState, there: &'static str) -> &'static str {
    match state {
        HoldingState::Here => there,
        HoldingState::Missing => t!("missing"),
        HoldingState::Old => t!("no longer needed"),
        HoldingState::Unknown => t!("not known here"),
    }
}

fn length(count: usize) -> i32 {
    i32::try_from(count).unwrap_or_default()
}

/// Text in lines of so many letters at most, and so many lines; what does not fit ends in an ellipsis.
fn wrap(text: &str, letters: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        // Long names break anywhere.
        let pieces: Vec<String> =
            word.chars().collect::<Vec<char>>().chunks(letters).map(|piece| piece.iter().collect()).collect();
        for piece in pieces {
            let length = piece.chars().count();
            if used > 0 && used + 1 + length > letters {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(&piece);
            used += length;
        }
    }
    if used > 0 {
        lines.push(line);
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while last.chars().count() + 1 > letters {
                last.pop();
            }
            last.push('…');
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_break_between_words_and_within_long_names() {
        assert_eq!(wrap("", 10, 3), Vec::<String>::new());
        assert_eq!(wrap("one two three", 7, 3), ["one two", "three"]);
        assert_eq!(wrap("certificates.example.com", 10, 3), ["certificat", "es.example", ".com"]);
        assert_eq!(wrap("one two three four", 5, 2), ["one", "two…"]);
        assert_eq!(wrap("Zürich Genève", 6, 2), ["Zürich", "Genève"]);
    }
}
