//! The user guide: `docs/guide.md` and its translation, drawn here. It is part of the page, so it is there without a network.

mod markdown;

use certwright_protocol::language::{self, Language};
use certwright_protocol::t;
use yew::prelude::*;

use self::markdown::{Block, chapters, draw_block, parse};
use crate::browser;
use crate::state::App;

const ENGLISH: &str = include_str!("../../../../docs/guide.md");
const GERMAN: &str = include_str!("../../../../docs/guide.de.md");

/// The page, for [`crate::lazy`].
pub(crate) fn draw(_: &App) -> Html {
    html! { <GuidePage /> }
}

#[component]
fn GuidePage() -> Html {
    let source = match language::chosen() {
        Language::German => GERMAN,
        Language::English => ENGLISH,
    };
    let blocks = use_memo(source, |source| parse(source));
    let go = Callback::from(|event: MouseEvent| {
        if let Some(chapter) = browser::attribute_at(&event, "data-chapter") {
            browser::show_and_focus(&format!("chapter-{chapter}"));
        }
    });
    html! {
        <div class="page guide" data-testid="guide-page">
            <nav class="guide-chapters" aria-label={t!("Chapters")} onclick={go}>
                <ol>{ for chapters(&blocks).into_iter().map(|(number, title)| html! {
                    <li><button type="button" class="link" data-testid="guide-chapter" data-chapter={number.to_string()}>{ title }</button></li>
                }) }</ol>
            </nav>
            <article class="reading guide-text" data-testid="guide-text">
                { for numbered(&blocks).map(|(number, block)| draw_block(block, number)) }
                <p><button type="button" class="link" data-testid="guide-print" onclick={Callback::from(|_| browser::print())}>{ t!("Print the guide") }</button></p>
            </article>
        </div>
    }
}

/// Each block with the number of its chapter, from 1; before the first it is 0.
fn numbered(blocks: &[Block]) -> impl Iterator<Item = (usize, &Block)> {
    blocks.iter().scan(0, |number, block| {
        *number += usize::from(matches!(block, Block::Heading(2, _)));
        Some((*number, block))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_chapters_lists_tables_and_pictures() {
        let shape = |source: &str| -> Vec<String> { parse(source).iter().map(Block::shape).collect() };
        assert_eq!(shape(ENGLISH), shape(GERMAN));
        assert!(chapters(&parse(ENGLISH)).len() >= 10);
    }

    #[test]
    fn nothing_of_the_guide_is_left_as_markdown() {
        for source in [ENGLISH, GERMAN] {
            for text in parse(source).iter().flat_map(Block::texts) {
                for mark in ["**", "](", "`"] {
                    assert!(!text.contains(mark), "{text}");
                }
            }
        }
    }
}
