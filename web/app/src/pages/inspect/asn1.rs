//! The encoding of a thing: the tree of its elements and its octets side by side; what the pointer or the focus is on lights up in both.
//!
//! Trees have thousands of elements and files megabytes, so both sides draw only the lines that are in sight.

mod hex;
mod tree;
mod window;

use std::collections::HashSet;
use std::rc::Rc;

use certwright_protocol::t;
use certwright_protocol::ui::inspect::{Asn1Node, Asn1Tree};
use certwright_protocol::ui::{Request, Response};
use yew::prelude::*;

use self::hex::Hex;
use self::tree::Tree;
use super::answer::use_answer;
use crate::bridge::Answer;
use crate::parts::controls::button;
use crate::parts::copy::Copy;
use crate::parts::explanation::maybe_problem;
use crate::parts::icon;
use crate::state::use_app;

/// Longer contents are not offered to be copied as hex.
const MOST_COPIED: usize = 64 * 1024;

/// The encoding of the thing that is chosen.
#[component]
pub(super) fn Asn1View() -> Html {
    let app = use_app();
    let chosen = app.state.desk.chosen;
    let (answer, waits) = use_answer(chosen.map(|thing| Request::Asn1 { thing }), 0);
    match answer {
        Some(answer) if !waits => match &*answer {
            Err(problem) => maybe_problem(Some(problem)),
            Ok(_) => {
                html! { <Both key={chosen.unwrap_or(0)} data={Data(answer)} lit={app.state.desk.lit} /> }
            }
        },
        _ => html! { <progress aria-label={t!("Reading")}></progress> },
    }
}

/// The tree that the worker answered with. It is never compared by content.
#[derive(Clone)]
struct Data(Rc<Answer>);

impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Data {
    fn tree(&self) -> Option<&Asn1Tree> {
        match &*self.0 {
            Ok(Response::Asn1 { tree }) => Some(tree),
            _ => None,
        }
    }

    fn nodes(&self) -> &[Asn1Node] {
        self.tree().map(|tree| tree.nodes.as_slice()).unwrap_or_default()
    }

    fn octets(&self) -> &[u8] {
        self.tree().map(|tree| tree.octets.as_ref()).unwrap_or_default()
    }

    fn node(&self, index: usize) -> Option<&Asn1Node> {
        self.nodes().get(index)
    }

    /// The innermost element at an octet.
    fn at(&self, octet: usize) -> Option<usize> {
        let nodes = self.nodes();
        let after = nodes.partition_point(|node| node.offset as usize <= octet);
        (0..after).rev().find(|index| nodes.get(*index).is_some_and(|node| octet < end(node)))
    }

    /// The element that fills a range, else the innermost one that it begins in.
    fn filling(&self, (offset, length): (u32, u32)) -> Option<usize> {
        let whole = self
            .nodes()
            .iter()
            .position(|node| node.offset == offset && end(node) == (offset + length) as usize);
        whole.or_else(|| self.at(offset as usize))
    }

    /// Whether an element has parts.
    fn has_parts(&self, index: usize) -> bool {
        let depth = |index: usize| self.node(index).map(|node| node.depth);
        depth(index + 1) > depth(index)
    }

    /// The element around one.
    fn parent(&self, index: usize) -> Option<usize> {
        let depth = self.node(index)?.depth;
        (0..index).rev().find(|above| self.node(*above).is_some_and(|node| node.depth < depth))
    }
}

/// Where an element ends.
fn end(node: &Asn1Node) -> usize {
    node.offset as usize + node.header as usize + node.length as usize
}

#[derive(Properties, PartialEq)]
struct BothProps {
    data: Data,
    /// The octets to begin with.
    lit: Option<(u32, u32)>,
}

/// Tree and octets.
#[component]
fn Both(props: &BothProps) -> Html {
    let data = &props.data;
    // What has the focus stays lit when the pointer leaves.
    let focused = use_state_eq(|| props.lit.and_then(|lit| data.filling(lit)).unwrap_or(0));
    let pointed = use_state_eq(|| None::<usize>);
    let folded = use_state(HashSet::<usize>::new);
    use_effect_with(props.lit, {
        let (data, focused) = (data.clone(), focused.setter());
        move |lit| {
            if let Some(index) = lit.and_then(|lit| data.filling(lit)) {
                focused.set(index);
            }
        }
    });
    let point = use_callback((), {
        let pointed = pointed.setter();
        move |index: Option<usize>, ()| pointed.set(index)
    });
    let focus = use_callback((), {
        let focused = focused.setter();
        move |index: usize, ()| focused.set(index)
    });
    let fold = Callback::from({
        let folded = folded.clone();
        move |(index, open): (usize, bool)| {
            let mut new = (*folded).clone();
            if open {
                new.remove(&index)
            } else {
                new.insert(index)
            };
            folded.set(new);
        }
    });
    let all = |open: bool| {
        let (data, folded) = (data.clone(), folded.clone());
        Callback::from(move |_: MouseEvent| {
            // The outermost element stays open: a single line would help nobody.
            let closed = (1..data.nodes().len()).filter(|index| !open && data.has_parts(*index)).collect();
            folded.set(closed);
        })
    };
    let lit = pointed.unwrap_or(*focused);
    let cut = data.tree().and_then(|tree| tree.cut.as_ref());
    html! {
        <div class="asn1" data-testid="asn1" data-lit={lit.to_string()}>
            <div class="actions">
                { button("small", "asn1-open-all", "plus", t!("Open all"), all(true)) }
                { button("small", "asn1-close-all", "skip", t!("Close all"), all(false)) }
                <span class="hint">{ t!("{count} elements, {count2} octets", count = data.nodes().len(), count2 = data.octets().len()) }</span>
            </div>
            if let Some(cut) = cut { <p class="consequence warn" data-testid="asn1-cut">{ icon("warn") }<span>{ cut }</span></p> }
            <div class="asn1-both">
                <Tree data={data.clone()} {lit} focused={*focused} folded={(*folded).clone()} point={point.clone()} focus={focus.clone()} {fold} />
                <Hex data={data.clone()} {lit} {point} {focus} />
            </div>
            { data.node(lit).map(|node| about(data, node)).unwrap_or_default() }
        </div>
    }
}

/// The element that is lit, in words.
fn about(data: &Data, node: &Asn1Node) -> Html {
    let begin = node.offset as usize;
    let content = data.octets().get(begin + node.header as usize..end(node)).unwrap_or_default();
    html! {
        <div class="asn1-about" data-testid="asn1-about">
            <p>
                <code>{ &node.tag }</code>
                if let Some(name) = &node.name { <strong lang="en">{ " " }{ name }</strong> }
                <small>{ t!(" octets {begin} to {node}: {header} of identifier and length, {length} of content", begin, node = end(node).saturating_sub(1), header = node.header, length = node.length) }</small>
            </p>
            if let Some(remark) = &node.remark { <p class="consequence warn">{ icon("warn") }<span>{ remark }</span></p> }
            if !node.value.is_empty() { <p class="asn1-value">{ &node.value }</p> }
            <div class="actions">
                if !node.value.is_empty() { <Copy text={node.value.clone()} what={t!("value")} labelled={true} class="small" /> }
                if content.len() <= MOST_COPIED { <Copy text={hex::text(content)} what={t!("content as hex")} labelled={true} class="small" /> }
            </div>
        </div>
    }
}
