//! Reads as much of Markdown (CommonMark 0.31, tables of GitHub) as the guide is written in: headings, paragraphs, lists, tables, pictures, strong and
//! slanted text, code.
//!
//! What is not that stays text. Nothing becomes HTML but the elements that are drawn here, so no text can bring its own.

use yew::prelude::*;

/// A part of the guide.
#[derive(Clone, PartialEq)]
pub(super) enum Block {
    /// Its level, from 1, and text.
    Heading(usize, String),
    Paragraph(Vec<Span>),
    /// Whether it is numbered, and its items.
    List(bool, Vec<Vec<Span>>),
    /// Rows of cells; the first is the head.
    Table(Vec<Vec<Vec<Span>>>),
    /// Address and description.
    Picture(String, String),
}

/// A stretch of text.
#[derive(Clone, PartialEq)]
pub(super) enum Span {
    Plain(String),
    Strong(String),
    Slanted(String),
    Code(String),
}

/// Takes a text apart.
pub(super) fn parse(source: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut paragraph = String::new();
    for line in source.lines().chain([""]) {
        let line = line.trim_end();
        let text = line.trim_start();
        let end = |paragraph: &mut String, blocks: &mut Vec<Block>| {
            if !paragraph.is_empty() {
                blocks.push(Block::Paragraph(spans(&std::mem::take(paragraph))));
            }
        };
        if text.is_empty() {
            end(&mut paragraph, &mut blocks);
            // The next list is another one.
            blocks.push(Block::Paragraph(Vec::new()));
        } else if let Some((marks, title)) = heading(text) {
            end(&mut paragraph, &mut blocks);
            blocks.push(Block::Heading(marks, title.to_owned()));
        } else if let Some((address, description)) = picture(text) {
            end(&mut paragraph, &mut blocks);
            blocks.push(Block::Picture(address.to_owned(), description.to_owned()));
        } else if let Some(row) = text.strip_prefix('|') {
            let cells: Vec<&str> = row.trim_end_matches('|').split('|').map(str::trim).collect();
            let is_rule = cells.iter().all(|cell| cell.starts_with("---"));
            let cells = || cells.iter().map(|cell| spans(cell)).collect();
            match blocks.last_mut() {
                Some(Block::Table(_)) if is_rule => {}
                Some(Block::Table(rows)) => rows.push(cells()),
                _ => blocks.push(Block::Table(vec![cells()])),
            }
        } else if let Some((numbered, item)) = item(text).filter(|_| paragraph.is_empty()) {
            match blocks.last_mut() {
                Some(Block::List(kind, items)) if *kind == numbered => items.push(spans(item)),
                _ => blocks.push(Block::List(numbered, vec![spans(item)])),
            }
        } else if let Some(Block::List(_, items)) = blocks.last_mut().filter(|_| line != text) {
            // An item goes on in the next line.
            if let Some(item) = items.last_mut() {
                item.extend(spans(&format!(" {text}")));
            }
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(text);
        }
    }
    blocks.retain(|block| !matches!(block, Block::Paragraph(spans) if spans.is_empty()));
    blocks
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let title = line.trim_start_matches('#');
    let marks = line.len() - title.len();
    Some((marks, title.strip_prefix(' ')?)).filter(|(marks, _)| (1..=3).contains(marks))
}

fn picture(line: &str) -> Option<(&str, &str)> {
    let (description, address) = line.strip_prefix("![")?.strip_suffix(')')?.split_once("](")?;
    // Pictures of our own alone.
    address.starts_with("pictures/").then_some((address, description))
}

/// Whether it is numbered, and its text.
fn item(line: &str) -> Option<(bool, &str)> {
    if let Some(text) = line.strip_prefix("- ") {
        return Some((false, text));
    }
    let (number, text) = line.split_once(". ")?;
    let is_number =
        !number.is_empty() && number.len() < 3 && number.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then_some((true, text))
}

/// Text with what is strong, slanted or code in it.
fn spans(text: &str) -> Vec<Span> {
    type Make = fn(String) -> Span;
    const MARKS: [(&str, Make); 3] = [("**", Span::Strong), ("*", Span::Slanted), ("`", Span::Code)];
    let mut found = Vec::new();
    let mut rest = text;
    // What comes first counts; of two that begin at the same place, the longer one, which is listed first.
    while let Some((at, mark, make)) = MARKS
        .into_iter()
        .filter_map(|(mark, make)| Some((rest.find(mark)?, mark, make)))
        .min_by_key(|(at, ..)| *at)
    {
        let (before, after) = rest.split_at(at);
        let Some((inner, behind)) = after.get(mark.len()..).and_then(|after| after.split_once(mark)) else {
            break;
        };
        if !before.is_empty() {
            found.push(Span::Plain(before.to_owned()));
        }
        found.push(make(inner.to_owned()));
        rest = behind;
    }
    if !rest.is_empty() {
        found.push(Span::Plain(rest.to_owned()));
    }
    found
}

/// Numbers, from 1, and titles of the chapters.
pub(super) fn chapters(blocks: &[Block]) -> Vec<(usize, String)> {
    let titles = blocks.iter().filter_map(|block| match block {
        Block::Heading(2, title) => Some(title.clone()),
        _ => None,
    });
    (1..).zip(titles).collect()
}

/// Draws a block of a chapter.
pub(super) fn draw_block(block: &Block, chapter: usize) -> Html {
    match block {
        Block::Heading(1, title) => html! { <h1>{ title }</h1> },
        Block::Heading(2, title) => {
            html! { <h2 id={format!("chapter-{chapter}")} tabindex="-1">{ title }</h2> }
        }
        Block::Heading(_, title) => html! { <h3>{ title }</h3> },
        Block::Paragraph(spans) => html! { <p>{ draw_spans(spans) }</p> },
        Block::List(numbered, items) => {
            let items: Html = items.iter().map(|item| html! { <li>{ draw_spans(item) }</li> }).collect();
            if *numbered {
                html! { <ol>{ items }</ol> }
            } else {
                html! { <ul>{ items }</ul> }
            }
        }
        Block::Table(rows) => {
            let (head, body) =
                rows.split_first().map_or((&[][..], &[][..]), |(head, body)| (&head[..], body));
            html! {
                <div class="guide-table"><table class="plain-table">
                    <thead><tr>{ for head.iter().map(|cell| html! { <th scope="col">{ draw_spans(cell) }</th> }) }</tr></thead>
                    <tbody>{ for body.iter().map(|row| html! {
                        <tr>{ for row.iter().map(|cell| html! { <td>{ draw_spans(cell) }</td> }) }</tr>
                    }) }</tbody>
                </table></div>
            }
        }
        Block::Picture(address, description) => {
            html! { <img src={address.clone()} alt={description.clone()} loading="lazy" /> }
        }
    }
}

fn draw_spans(spans: &[Span]) -> Html {
    spans
        .iter()
        .map(|span| match span {
            Span::Plain(text) => html! { text },
            Span::Strong(text) => html! { <strong>{ text }</strong> },
            Span::Slanted(text) => html! { <em>{ text }</em> },
            Span::Code(text) => html! { <code>{ text }</code> },
        })
        .collect()
}

#[cfg(test)]
impl Block {
    /// What it is, without its text.
    pub(super) fn shape(&self) -> String {
        match self {
            Self::Heading(level, _) => format!("heading {level}"),
            Self::Paragraph(_) => "paragraph".into(),
            Self::List(numbered, items) => format!("list {numbered} {}", items.len()),
            Self::Table(rows) => format!("table {:?}", rows.iter().map(Vec::len).collect::<Vec<_>>()),
            Self::Picture(address, _) => format!("picture {address}"),
        }
    }

    /// All of its texts.
    pub(super) fn texts(&self) -> Vec<String> {
        let of = |spans: &Vec<Span>| -> Vec<String> {
            spans
                .iter()
                .map(|span| match span {
                    Span::Plain(text) | Span::Strong(text) | Span::Slanted(text) | Span::Code(text) => {
                        text.clone()
                    }
                })
                .collect()
        };
        match self {
            Self::Heading(_, text) | Self::Picture(_, text) => vec![text.clone()],
            Self::Paragraph(spans) => of(spans),
            Self::List(_, items) => items.iter().flat_map(of).collect(),
            Self::Table(rows) => rows.iter().flatten().flat_map(of).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_apart() {
        let source = "# A\n\nOne\ntwo **three**.\n\n1. x\n   y\n2. z\n\n- `c`\n\n| a | b |\n|---|---|\n| *c* | d |\n\n![p](pictures/p.webp)\n## B\n";
        let shapes: Vec<String> = parse(source).iter().map(Block::shape).collect();
        assert_eq!(
            shapes,
            [
                "heading 1",
                "paragraph",
                "list true 2",
                "list false 1",
                "table [2, 2]",
                "picture pictures/p.webp",
                "heading 2"
            ]
        );
    }

    #[test]
    fn what_is_no_markdown_stays_text() {
        for odd in ["a ** b", "`", "![x](https://elsewhere.example/x.png)", "<script>x</script>", "####### x"]
        {
            let blocks = parse(odd);
            assert_eq!(blocks.iter().flat_map(Block::texts).collect::<String>(), odd);
        }
        assert!(parse("").is_empty() && parse("\n\n \n").is_empty());
    }
}
