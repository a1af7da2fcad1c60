//! The octets in hex and as text, line by line; those of the element that is lit stand out, its identifier and length more than its content.

use certwright_protocol::t;
use certwright_protocol::ui::inspect::Asn1Node;
use yew::prelude::*;

use super::window::{gap, show, use_sight};
use super::{Data, end};
use crate::browser;

/// From this width on, in pixels, a line holds 16 octets, else 8.
const WIDE: i32 = 480;

#[derive(Properties, PartialEq)]
pub(super) struct HexProps {
    pub(super) data: Data,
    pub(super) lit: usize,
    pub(super) point: Callback<Option<usize>>,
    pub(super) focus: Callback<usize>,
}

/// The octets.
#[component]
pub(super) fn Hex(props: &HexProps) -> Html {
    let HexProps { data, lit, point, focus } = props;
    let place = use_node_ref();
    let (sight, onscroll) = use_sight(&place);
    let wide = if sight.width >= WIDE { 16 } else { 8 };
    let octets = data.octets();
    let count = octets.len().div_ceil(wide);
    let node = data.node(*lit);
    use_effect_with((node.map_or(0, |node| node.offset as usize / wide), wide), {
        let place = place.clone();
        move |(line, _)| show(&place, *line)
    });
    let at = {
        let data = data.clone();
        move |event: &Event| data.at(browser::attribute_at(event, "data-at")?.parse().ok()?)
    };
    let onmouseover = Callback::from({
        let (point, at) = (point.clone(), at.clone());
        move |event: MouseEvent| {
            // Between the octets everything stays as it is.
            if let Some(index) = at(&event) {
                point.emit(Some(index));
            }
        }
    });
    let onmouseleave = point.reform(|_: MouseEvent| None);
    let onclick = Callback::from({
        let focus = focus.clone();
        move |event: MouseEvent| {
            if let Some(index) = at(&event) {
                focus.emit(index);
            }
        }
    });
    let lines = sight.lines(count);
    html! {
        <div class="asn1-hex" ref={place} tabindex="0" role="img" aria-label={t!("The octets in hex")} data-testid="asn1-hex" {onscroll} {onmouseover} {onmouseleave} {onclick}>
            { gap(lines.start) }
            { for lines.clone().map(|line| row(octets, line * wide, wide, node)) }
            { gap(count - lines.end) }
        </div>
    }
}

fn row(octets: &[u8], begin: usize, wide: usize, lit: Option<&Asn1Node>) -> Html {
    let line = octets.get(begin..octets.len().min(begin + wide)).unwrap_or_default();
    let letters: String = line
        .iter()
        .map(|octet| if (0x20..0x7F).contains(octet) { char::from(*octet) } else { '·' })
        .collect();
    html! {
        <div class="hex-row" key={begin}>
            <small>{ format!("{begin:06x}") }</small>
            { for line.iter().enumerate().map(|(index, octet)| {
                let place = begin + index;
                html! { <b class={lit.and_then(|node| class(node, place))} data-at={place.to_string()}>{ text(&[*octet]) }</b> }
            }) }
            <i>{ letters }</i>
        </div>
    }
}

/// How an octet stands to the element that is lit.
fn class(lit: &Asn1Node, place: usize) -> Option<&'static str> {
    let begin = lit.offset as usize;
    match place {
        place if place < begin || place >= end(lit) => None,
        place if place < begin + lit.header as usize => Some("head"),
        _ => Some("lit"),
    }
}

/// Octets in hex.
pub(super) fn text(octets: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| DIGITS.get(usize::from(value)).copied().map_or('?', char::from);
    octets.iter().flat_map(|octet| [digit(octet >> 4), digit(octet & 15)]).collect()
}
