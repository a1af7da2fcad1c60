//! The picture of a plan: two machines by name, what each of them holds as cards, what is missing dashed and called so, and an arrow from the one that
//! calls to the one that is called. SVG of a fixed width; where the page is narrow the machines stand below each other.
//!
//! SVG does not break lines, so this does, by the number of letters.

use std::rc::Rc;

use certwright_protocol::t;
use certwright_protocol::ui::PlanSheet;
use certwright_protocol::ui::plans::{Holding, HoldingState, PlanSideView};
use web_sys::Event;
use yew::prelude::*;

use crate::browser::{self, Listener};
use crate::parts::kind_of;

/// Below this width of the window the machines stand below each other.
const NARROW: f64 = 760.0;
/// Width of a machine, and of the gap in which the arrow is.
const MACHINE: i32 = 380;
const GAP: i32 = 130;
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
    let narrow = use_state_eq(is_narrow);
    use_effect_with((), {
        let narrow = narrow.setter();
        move |()| {
            let listener =
                Listener::new(browser::window().into(), "resize", move |_: Event| narrow.set(is_narrow()));
            move || drop(listener)
        }
    });
    if props.sheet.sides.iter().all(|side| side.holds.is_empty()) {
        return html! {};
    }
    html! { <figure class="plan-picture" data-testid="plan-picture">{ draw(&props.sheet, *narrow) }</figure> }
}

fn is_narrow() -> bool {
    browser::window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|width| width < NARROW)
}

/// What a card says, each line with its class.
struct Card<'a> {
    holding: &'a Holding,
    lines: Vec<(&'static str, String)>,
}

impl Card<'_> {
    fn height(&self) -> i32 {
        2 * PAD - 6 + LINE * length(self.lines.len())
    }
}

fn draw(sheet: &PlanSheet, narrow: bool) -> Html {
    let machines: Vec<(&PlanSideView, Vec<Card<'_>>)> =
        sheet.sides.iter().map(|side| (side, side.holds.iter().map(card).collect())).collect();
    let heights: Vec<i32> = machines.iter().map(|(side, cards)| height(side, cards)).collect();
    let tallest = heights.iter().copied().max().unwrap_or_default();
    let count = length(machines.len());
    let between = if narrow { 64 } else { GAP };
    let (width, whole) = if narrow {
        (MACHINE, heights.iter().sum::<i32>() + between * (count - 1))
    } else {
        (MACHINE * count + between * (count - 1), tallest)
    };
    let mut place = (0, 0);
    let drawn = machines.iter().zip(&heights).map(|((side, cards), height)| {
        let at = place;
        let height = if narrow { *height } else { tallest };
        if narrow {
            place.1 += height + between;
        } else {
            place.0 += MACHINE + between;
        }
        machine(side, cards, at, height)
    });
    let drawn: Html = drawn.collect();
    let first = heights.first().copied().unwrap_or_default();
    html! {
        <svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox={format!("0 0 {width} {whole}")} width={width.to_string()} height={whole.to_string()}
            role="img" aria-label={in_words(sheet)}>
            { drawn }
            if count > 1 { { arrow(narrow, first, between, tallest) } }
        </svg>
    }
}

/// The arrow from the side that calls to the side that is called.
fn arrow(narrow: bool, first: i32, between: i32, tallest: i32) -> Html {
    let (from, to, words) = if narrow {
        let x = MACHINE / 2;
        ((x, first + 8), (x, first + between - 8), (x + 14, first + between / 2 + 5, "start"))
    } else {
        let y = (tallest / 2).min(120);
        ((MACHINE + 10, y), (MACHINE + between - 10, y), (MACHINE + between / 2, y - 12, "middle"))
    };
    let head = if narrow {
        format!("M{} {} l7 -10 h-14 z", to.0, to.1)
    } else {
        format!("M{} {} l-10 -7 v14 z", to.0, to.1)
    };
    html! {
        <g class="picture-arrow">
            <line x1={from.0.to_string()} y1={from.1.to_string()} x2={to.0.to_string()} y2={to.1.to_string()} />
            <path d={head} />
            <text x={words.0.to_string()} y={words.1.to_string()} text-anchor={words.2}>{ t!("calls") }</text>
        </g>
    }
}

/// Lines above the cards: name, role, host.
fn head(side: &PlanSideView) -> Vec<(&'static str, String)> {
    let mut lines: Vec<(&'static str, String)> =
        wrap(&side.name, 34, 2).into_iter().map(|line| ("picture-title", line)).collect();
    let role = if side.mine { t!("{role}, your side", role = side.role) } else { side.role.clone() };
    lines.extend(wrap(&role, LETTERS, 1).into_iter().map(|line| ("picture-small", line)));
    if !side.host.is_empty() && side.host != side.name {
        lines.extend(wrap(&side.host, LETTERS, 1).into_iter().map(|line| ("picture-small", line)));
    }
    lines
}

fn height(side: &PlanSideView, cards: &[Card<'_>]) -> i32 {
    let head = 2 * PAD + LINE * length(head(side).len());
    head + cards.iter().map(|card| card.height() + 10).sum::<i32>() + 6
}

fn machine(side: &PlanSideView, cards: &[Card<'_>], (x, y): (i32, i32), height: i32) -> Html {
    let head = head(side);
    let mut top = y + 2 * PAD + LINE * length(head.len());
    let cards: Html = cards
        .iter()
        .map(|card| {
            let at = top;
            top += card.height() + 10;
            holding(side, card, x + 14, at)
        })
        .collect();
    html! {
        <g class={classes!("picture-machine", side.mine.then_some("mine"))}>
            { rectangle("picture-frame", x + 1, y + 1, MACHINE - 2, height - 2, 14) }
            { text(&head, x + 18, y + PAD) }
            { cards }
        </g>
    }
}

fn holding(side: &PlanSideView, card: &Card<'_>, x: i32, y: i32) -> Html {
    let Holding { what, state, tone, detail, .. } = card.holding;
    html! {
        <g class={classes!("picture-card", kind_of(state), tone.word())} data-testid="holding" data-side={kind_of(&side.side)} data-what={what.clone()}
            data-state={kind_of(state)}>
            <title>{ detail }</title>
            { rectangle("picture-box", x, y, MACHINE - 28, card.height(), 9) }
            { text(&card.lines, x + 13, y + PAD - 4) }
        </g>
    }
}

fn card(holding: &Holding) -> Card<'_> {
    let state = state_word(holding.state);
    let first = if state.is_empty() { holding.label.clone() } else { format!("{}: {state}", holding.label) };
    let mut lines: Vec<(&'static str, String)> =
        wrap(&first, LETTERS, 2).into_iter().map(|line| ("picture-label", line)).collect();
    lines.extend(wrap(&holding.name, 38, 2).into_iter().map(|line| ("picture-name", line)));
    lines.extend(wrap(&holding.detail, LETTERS, 3).into_iter().map(|line| ("picture-small", line)));
    Card { holding, lines }
}

/// Whether a thing is there is said in a word, and not by a colour alone.
fn state_word(state: HoldingState) -> &'static str {
    match state {
        HoldingState::Here => "",
        HoldingState::Missing => t!("missing"),
        HoldingState::Old => t!("no longer needed"),
        HoldingState::Unknown => t!("not known here"),
    }
}

fn rectangle(class: &'static str, x: i32, y: i32, width: i32, height: i32, round: i32) -> Html {
    html! {
        <rect {class} x={x.to_string()} y={y.to_string()} width={width.to_string()} height={height.to_string()} rx={round.to_string()} />
    }
}

fn text(lines: &[(&'static str, String)], x: i32, y: i32) -> Html {
    lines
        .iter()
        .zip(1..)
        .map(|((class, line), number): (_, i32)| {
            html! { <text class={*class} x={x.to_string()} y={(y + LINE * number - 4).to_string()}>{ line }</text> }
        })
        .collect()
}

/// The picture for those who do not see it.
fn in_words(sheet: &PlanSheet) -> String {
    let mut words = String::new();
    for side in &sheet.sides {
        words.push_str(&side.name);
        words.push_str(": ");
        for holding in &side.holds {
            let state = state_word(holding.state);
            let state = if state.is_empty() { t!("there") } else { state };
            let parts = [holding.label.as_str(), " ", holding.name.as_str(), " (", state, "); "];
            parts.iter().for_each(|part| words.push_str(part));
        }
    }
    words
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
