//! The elements, line by line, with their offsets; folded and opened, walked through with the arrow keys.

use std::collections::HashSet;

use certwright_protocol::t;
use certwright_protocol::ui::inspect::Asn1Node;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::super::rows::depth;
use super::Data;
use super::window::{gap, show, use_sight};
use crate::browser;
use crate::parts::icon;

/// Lines that a page key goes.
const PAGE: usize = 20;

#[derive(Properties, PartialEq)]
pub(super) struct TreeProps {
    pub(super) data: Data,
    pub(super) lit: usize,
    pub(super) focused: usize,
    pub(super) folded: HashSet<usize>,
    pub(super) point: Callback<Option<usize>>,
    pub(super) focus: Callback<usize>,
    /// Opens or closes an element.
    pub(super) fold: Callback<(usize, bool)>,
}

/// The tree.
#[component]
pub(super) fn Tree(props: &TreeProps) -> Html {
    let TreeProps { data, lit, focused, folded, point, focus, fold } = props;
    let place = use_node_ref();
    let (sight, onscroll) = use_sight(&place);
    let shown = use_memo((data.clone(), folded.clone()), |(data, folded)| visible(data.nodes(), folded));
    // A line that is folded away stands for itself with the one it is in.
    let line = shown.partition_point(|index| index <= lit).saturating_sub(1);
    use_effect_with(line, {
        let place = place.clone();
        move |line| show(&place, *line)
    });
    let at = |event: &Event| browser::attribute_at(event, "data-node")?.parse::<usize>().ok();
    let onmouseover = point.reform(move |event: MouseEvent| at(&event));
    let onmouseleave = point.reform(|_: MouseEvent| None);
    let onclick = Callback::from({
        let (focus, fold, folded) = (focus.clone(), fold.clone(), folded.clone());
        move |event: MouseEvent| {
            let Some(index) = at(&event) else { return };
            focus.emit(index);
            if browser::attribute_at(&event, "data-fold").is_some() {
                fold.emit((index, folded.contains(&index)));
            }
        }
    });
    let onkeydown = Callback::from({
        let (data, shown, focused, folded) = (data.clone(), shown.clone(), *focused, folded.clone());
        let (focus, fold, point) = (focus.clone(), fold.clone(), point.clone());
        move |event: KeyboardEvent| {
            let here = shown.partition_point(|index| *index <= focused).saturating_sub(1);
            let open = data.has_parts(focused) && !folded.contains(&focused);
            let line = match event.key().as_str() {
                "ArrowDown" => here + 1,
                "ArrowUp" => here.saturating_sub(1),
                "PageDown" => here + PAGE,
                "PageUp" => here.saturating_sub(PAGE),
                "Home" => 0,
                "End" => usize::MAX,
                "ArrowRight" if open => here + 1,
                "ArrowRight" => {
                    fold.emit((focused, true));
                    here
                }
                "ArrowLeft" if open => {
                    fold.emit((focused, false));
                    here
                }
                "ArrowLeft" => {
                    data.parent(focused).and_then(|parent| shown.binary_search(&parent).ok()).unwrap_or(here)
                }
                _ => return,
            };
            event.prevent_default();
            point.emit(None);
            if let Some(index) = shown.get(line.min(shown.len().saturating_sub(1))) {
                focus.emit(*index);
            }
        }
    });
    let lines = sight.lines(shown.len());
    let drawn = shown.get(lines.clone()).unwrap_or_default();
    html! {
        <div class="asn1-tree" ref={place} role="tree" tabindex="0" aria-label={t!("Elements")} aria-activedescendant={format!("node-{focused}")} data-testid="asn1-tree"
            {onscroll} {onmouseover} {onmouseleave} {onclick} {onkeydown}>
            { gap(lines.start) }
            { for drawn.iter().filter_map(|index| Some((*index, data.node(*index)?))).map(|(index, node)| {
                row(index, node, data.has_parts(index).then(|| !folded.contains(&index)), index == *lit, index == *focused)
            }) }
            { gap(shown.len() - lines.end) }
        </div>
    }
}

/// The elements that lie in no folded one.
fn visible(nodes: &[Asn1Node], folded: &HashSet<usize>) -> Vec<usize> {
    let mut hidden_below = None;
    let mut shown = Vec::with_capacity(nodes.len());
    for (index, node) in nodes.iter().enumerate() {
        if hidden_below.is_some_and(|depth| node.depth > depth) {
            continue;
        }
        hidden_below = folded.contains(&index).then_some(node.depth);
        shown.push(index);
    }
    shown
}

fn row(index: usize, node: &Asn1Node, open: Option<bool>, lit: bool, focused: bool) -> Html {
    let fold = open.map(|open| {
        html! { <span class={classes!("fold-mark", open.then_some("open"))} data-fold="yes">{ icon("right") }</span> }
    });
    html! {
        <div class={classes!("asn1-row", depth(node.depth), lit.then_some("lit"), focused.then_some("focused"))} key={index} id={format!("node-{index}")} role="treeitem"
            aria-level={(node.depth + 1).to_string()} aria-expanded={open.map(|open| open.to_string())} aria-selected={focused.to_string()}
            data-testid="asn1-node" data-node={index.to_string()} data-offset={node.offset.to_string()} data-name={node.name.clone()}>
            <small>{ node.offset }</small>
            { fold.unwrap_or_else(|| html! { <span class="fold-mark"></span> }) }
            <code>{ &node.tag }</code>
            if node.nested { <em class="tag" title={t!("Opened inside of a string")}>{ t!("inside") }</em> }
            if let Some(remark) = &node.remark { <em class="tag ber" title={remark.clone()}>{ t!("not DER") }</em> }
            if let Some(name) = &node.name { <strong lang="en">{ name }</strong> }
            <span class="asn1-text">{ short(&node.value) }</span>
        </div>
    }
}

/// The beginning of a value: a line has room for no more.
fn short(value: &str) -> String {
    value.chars().take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(depths: &[u16]) -> Vec<Asn1Node> {
        let node = |(index, depth): (usize, &u16)| Asn1Node {
            depth: *depth,
            offset: index as u32,
            header: 1,
            length: 0,
            tag: String::new(),
            value: String::new(),
            name: None,
            nested: false,
            remark: None,
        };
        depths.iter().enumerate().map(node).collect()
    }

    #[test]
    fn what_is_folded_hides_its_parts_and_nothing_else() {
        let nodes = nodes(&[0, 1, 2, 2, 1, 2]);
        assert_eq!(visible(&nodes, &HashSet::new()), [0, 1, 2, 3, 4, 5]);
        assert_eq!(visible(&nodes, &HashSet::from([1])), [0, 1, 4, 5]);
        assert_eq!(visible(&nodes, &HashSet::from([0, 4])), [0]);
    }
}
