//! The texts in the sources: what stands in `t!`, `tn!` and `mark!`, read from Rust's tokens.
//!
//! Macros inside of other macros (`html!`) are found too. What is compiled for tests alone is left out.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Whether a file's texts are read by users.
pub(super) fn is_source(path: &str) -> bool {
    let ours = ["crates/", "web/"].iter().any(|folder| path.starts_with(folder)) && path.contains("/src/");
    let of_tests = path.contains("/tests/") || path.ends_with("/tests.rs");
    ours && path.ends_with(".rs") && !of_tests && !path.starts_with("crates/language/")
}

/// A text in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) english: String,
    /// From 1.
    pub(super) line: usize,
}

/// The texts of a file, in their order. An error is what Rust's lexer refuses.
pub(super) fn texts(source: &str) -> Result<Vec<Text>, String> {
    let tokens: TokenStream = source.parse().map_err(|error| format!("{error}"))?;
    let mut found = Vec::new();
    collect(&without_tests(tokens), &mut found);
    Ok(found)
}

fn collect(tokens: &[TokenTree], found: &mut Vec<Text>) {
    for (place, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let inside = without_tests(group.stream());
        if let Some(name) = macro_before(tokens, place) {
            // The texts of `tn!` stand behind the number that chooses one of them.
            let arguments: Vec<&[TokenTree]> = inside.split(|token| is_sign(token, ',')).collect();
            let texts = match name.as_str() {
                "t" | "mark" => arguments.get(..1),
                "tn" => arguments.get(1..3),
                _ => None,
            };
            for argument in texts.into_iter().flatten() {
                if let [TokenTree::Literal(literal)] = argument
                    && let Some(english) = string(literal)
                {
                    found.push(Text { english, line: literal.span().start().line });
                }
            }
        }
        collect(&inside, found);
    }
}

/// The name of the macro whose arguments stand in the group at a place.
pub(super) fn macro_before(tokens: &[TokenTree], group: usize) -> Option<String> {
    match tokens.get(..group)? {
        [.., TokenTree::Ident(name), TokenTree::Punct(mark)] if mark.as_char() == '!' => {
            Some(name.to_string())
        }
        _ => None,
    }
}

pub(super) fn is_sign(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// What a literal says, if it is a string of text.
pub(super) fn string(literal: &proc_macro2::Literal) -> Option<String> {
    let written = literal.to_string();
    if !written.starts_with('"') && !written.starts_with("r\"") && !written.starts_with("r#") {
        return None;
    }
    syn::parse_str::<syn::LitStr>(&written).ok().map(|text| text.value())
}

/// The tokens without attributes, which doc comments are too, and without what follows `#[cfg(test)]`.
pub(super) fn without_tests(tokens: TokenStream) -> Vec<TokenTree> {
    let mut kept = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if !is_sign(&token, '#') {
            kept.push(token);
            continue;
        }
        tokens.next_if(|next| is_sign(next, '!'));
        let Some(TokenTree::Group(attribute)) = tokens.next_if(
            |next| matches!(next, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket),
        ) else {
            kept.push(token);
            continue;
        };
        let condition = attribute.stream().to_string().replace(' ', "");
        if condition.starts_with("cfg(test") || condition.starts_with("cfg(all(test") {
            // The item ends with its braces or its semicolon.
            let ends = |token: &TokenTree| {
                is_sign(token, ';')
                    || matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
            };
            while tokens.next().is_some_and(|token| !ends(&token)) {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_wherever_they_stand() {
        let source = r##"
            //! t!("a comment")
            const A: [&str; 1] = [mark!("Marked")];
            fn f() -> String {
                tn!(list.len(), "one of {name}", "{count} of {name}", count = list.len(), name = t!("Inner"));
                html! { <p title={t!("Title")}>{ certwright_protocol::t!(
                    "Two \
                     lines",
                ) }</p> };
                format!("no text"); t!(variable); t(r#"not a macro"#);
            }
            #[cfg(test)]
            mod tests { fn g() { t!("Test"); } }
            #[derive(Debug)] fn h() { t!(r"Raw") }
        "##;
        let texts: Vec<String> = texts(source).unwrap().into_iter().map(|text| text.english).collect();
        assert_eq!(
            texts,
            ["Marked", "one of {name}", "{count} of {name}", "Inner", "Title", "Two lines", "Raw"]
        );
    }

    #[test]
    fn files_of_users_are_told_from_those_of_tests() {
        assert!(is_source("web/app/src/pages.rs") && is_source("crates/certs/src/lib.rs"));
        for path in [
            "server/src/main.rs",
            "crates/certs/tests/a.rs",
            "crates/certs/src/san/tests.rs",
            "web/app/index.html",
        ] {
            assert!(!is_source(path), "{path}");
        }
    }
}
