//! Texts that a person would read and that stand outside of the macros: literals that look like words, in the files that make words.
//!
//! Words are told by their looks: several with blanks between, or one that begins with a capital letter. In `html!` whatever stands as a text or in an attribute that
//! is read to people is one, also a single small letter word. What looks like words and is none stands below, with the reason.

use proc_macro2::{Delimiter, TokenTree};

use super::sources::{is_sign, is_source, macro_before, string, without_tests};
use crate::tidy::{Finding, SourceFile};

/// What makes words. The errors of the other crates carry facts, which are worded there.
const SCOPE: [&str; 8] = [
    "web/app/src/",
    "crates/protocol/src/",
    "crates/engine/src/",
    "crates/certs/src/describe",
    "crates/certs/src/extensions/",
    "crates/certs/src/crl/describe.rs",
    "crates/certs/src/ocsp/describe.rs",
    "crates/chain/src/checks/",
];

/// Files whose literals are not told to people, or not in their language, and why.
const EXEMPT: [(&str, &str); 15] = [
    ("crates/certs/src/extensions/transparency_logs.rs", "names of logs"),
    ("crates/engine/src/inspect/text", "the text that openssl writes"),
    ("crates/engine/src/inspect/asn1/", "names of fields and types in the standards"),
    ("crates/engine/src/hosts/table.rs", "heads of a table that programs read"),
    ("crates/engine/src/files", "what scripts and the command line are told, which is English"),
    ("crates/engine/src/session/samples.rs", "names in certificates"),
    ("crates/protocol/src/catalogue/causes/examples.rs", "made up for tests and documents"),
    ("crates/protocol/src/catalogue/sequence.rs", "names of TLS messages"),
    ("crates/protocol/src/suites", "names of cipher suites and groups"),
    ("crates/protocol/src/conversation/failure.rs", "what programs say to each other"),
    ("crates/protocol/src/bytes.rs", "what programs say to each other"),
    ("crates/protocol/src/kind.rs", "what programs say to each other"),
    ("crates/protocol/src/catalogue/dates.rs", "dates are the same in all languages"),
    ("web/app/src/pictures/svg.rs", "SVG"),
    ("web/app/src/message", "JSON"),
];

/// Literals that are the same in all languages, or no words at all.
const SAME: [(&str, &str); 36] = [
    ("Certwright", "its name"),
    ("English", "languages are called as they call themselves"),
    ("Deutsch", "languages are called as they call themselves"),
    ("Files", "what a dragged file is called in events"),
    ("Entrust", "a company"),
    ("Home", "a key's name in events"),
    ("End", "a key's name in events"),
    ("Enter", "a key's name in events, and written on it"),
    ("Escape", "a key's name in events"),
    ("Delete", "a key's name in events"),
    ("↑ ↓ Home End", "written on keys"),
    ("Shift+↑ Shift+↓", "written on keys"),
    ("Ctrl+{}{}", "written on keys"),
    ("Shift+", "written on keys"),
    ("Extension", "a field's name in the standard"),
    ("PKCS#12 (.p12, .pfx)", "a format"),
    ("RFC 4514", "a standard"),
    ("client.example.com\n10.0.0.1\nUPN:user@corp.example", "an example"),
    ("erp.example.com\nmail.example.com:587\nldaps://dir.example.com", "an example"),
    ("OpenSSL 1.1", "a program"),
    ("quiet square", "classes"),
    ("small up", "classes"),
    ("small down", "classes"),
    ("small on", "classes"),
    ("ip address", "what is typed before an address"),
    ("h2, http/1.1", "names of protocols"),
    ("self {alias}", "a key that Yew tells parts by"),
    ("RSA {bits}", "an algorithm"),
    ("{} {:02}:{:02}:{:02} UTC", "a time"),
    ("{} ms", "a time"),
    ("{title} · Certwright", "the window's title"),
    ("BIT STRING", "a type of ASN.1"),
    ("OCTET STRING", "a type of ASN.1"),
    ("request for another part", "a fault of the program"),
    ("no format of one entry: {other:?}", "a fault of the program"),
    ("CertificateRequest", "a message of TLS"),
];

/// How names of standards begin, by which a rule or an extension is cited, and of algorithms.
const CITED: [&str; 17] = [
    "RFC ",
    "BR ",
    "NIST ",
    "FIPS ",
    "CVE-",
    "Baseline Requirements",
    "Microsoft, ",
    "CA/Browser Forum",
    "Chrome ",
    "Apple HT",
    "X.509 section",
    "Netscape certificate extensions",
    "GOST ",
    "RSA PKCS",
    "RSA-PSS with",
    "ECDSA with",
    "PRODID:",
];

/// Macros in which no text stands, or one that is in order.
const MACROS: [&str; 17] = [
    "t",
    "tn",
    "mark",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "panic",
    "unreachable",
    "matches",
    "classes",
    "concat",
    "include_str",
    "env",
    "cfg",
    "stringify",
    "wasm_split",
];

/// Functions whose argument is a name or a part of a text.
const CALLS: [&str; 22] = [
    "expect",
    "icon",
    "split",
    "split_once",
    "rsplit_once",
    "rsplit",
    "starts_with",
    "ends_with",
    "strip_prefix",
    "strip_suffix",
    "contains",
    "replace",
    "trim_start_matches",
    "trim_end_matches",
    "join",
    "set_attribute",
    "get_attribute",
    "attribute_at",
    "query_selector",
    "eq_ignore_ascii_case",
    "dispatch_key",
    "from_str",
];

/// Attributes that are read to people.
const READ: [&str; 6] = ["title", "label", "alt", "aria-label", "aria-description", "aria-valuetext"];

/// Attributes that are not.
const UNREAD: [&str; 16] = [
    "class",
    "id",
    "type",
    "rel",
    "role",
    "name",
    "href",
    "value",
    "autocomplete",
    "autocapitalize",
    "inputmode",
    "spellcheck",
    "d",
    "style",
    "viewBox",
    "key",
];

/// Checks every file.
pub(super) fn check(files: &[SourceFile]) -> Vec<Finding> {
    files.iter().filter(|file| is_in_scope(&file.path)).flat_map(check_file).collect()
}

fn is_in_scope(path: &str) -> bool {
    is_source(path)
        && SCOPE.iter().any(|part| path.starts_with(part))
        && !EXEMPT.iter().any(|(part, _)| path.starts_with(part))
}

fn check_file(file: &SourceFile) -> Vec<Finding> {
    // What is no Rust is found by the catalogue.
    let Ok(tokens) = file.text.parse() else { return Vec::new() };
    let mut found = Vec::new();
    look(&without_tests(tokens), Place::default(), &mut found);
    found
        .into_iter()
        .map(|(line, text)| {
            Finding::at(&file.path, line, format!("“{text}” is read by people: put it into t!, tn! or mark!"))
        })
        .collect()
}

/// Where tokens stand.
#[derive(Clone, Copy, Default)]
struct Place {
    /// Inside of `html!`.
    html: bool,
    /// In a pattern of a match.
    pattern: bool,
    /// In braces that hold a text of `html!`: `{ "text" }`.
    block: bool,
}

fn look(tokens: &[TokenTree], place: Place, found: &mut Vec<(usize, String)>) {
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let made_by = macro_before(tokens, at);
                if made_by.as_deref().is_some_and(|name| MACROS.contains(&name)) || called(tokens, at, &CALLS)
                {
                    continue;
                }
                let mut inside = without_tests(group.stream());
                // Classes are told to these by their place.
                if called(tokens, at, &["button", "icon_button", "submit"]) {
                    inside = inside.split_off(1.min(inside.len()));
                } else if called(tokens, at, &["button_if"]) {
                    let second =
                        inside.iter().position(|token| is_sign(token, ',')).map_or(0, |comma| comma + 2);
                    inside = inside.split_off(second.min(inside.len()));
                }
                let braces = group.delimiter() == Delimiter::Brace;
                let place = Place {
                    html: place.html || made_by.as_deref().is_some_and(|name| name == "html"),
                    pattern: !braces && (place.pattern || before_arrow(tokens, at)),
                    block: braces && is_text_block(tokens, at),
                };
                look(&inside, place, found);
            }
            TokenTree::Literal(literal) => {
                if place.pattern || before_arrow(tokens, at) || is_compared(tokens, at) {
                    continue;
                }
                let Some(text) = string(literal) else { continue };
                let read = match attribute(tokens, at).filter(|_| place.html) {
                    Some(name) if READ.contains(&name.as_str()) => has_letters(&text),
                    Some(name) if UNREAD.contains(&name.as_str()) || name.starts_with("data-") => false,
                    _ => {
                        (place.html && place.block && tokens.len() == 1 && has_letters(&text))
                            || looks_like_words(&text)
                    }
                };
                if read && !SAME.iter().any(|(same, _)| *same == text) {
                    found.push((literal.span().start().line, text));
                }
            }
            _ => {}
        }
    }
}

/// Whether braces in `html!` hold a text, and are not the end of an `if`: a tag, another block or nothing stands before.
fn is_text_block(tokens: &[TokenTree], at: usize) -> bool {
    match at.checked_sub(1).and_then(|before| tokens.get(before)) {
        None => true,
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        Some(before) => is_sign(before, '>'),
    }
}

/// Whether the group at a place holds the arguments of one of these functions.
fn called(tokens: &[TokenTree], group: usize, names: &[&str]) -> bool {
    let before = group.checked_sub(1).and_then(|before| tokens.get(before));
    matches!(before, Some(TokenTree::Ident(name)) if names.contains(&name.to_string().as_str()))
}

/// Whether what stands at a place is a pattern: `=>`, `|` or `if` comes behind it, or `|` before.
fn before_arrow(tokens: &[TokenTree], at: usize) -> bool {
    let sign =
        |at: Option<usize>, sign| at.and_then(|at| tokens.get(at)).is_some_and(|token| is_sign(token, sign));
    let next = Some(at + 1);
    let arrow = sign(next, '=') && sign(Some(at + 2), '>');
    let or = sign(next, '|') && !sign(Some(at + 2), '|');
    let guard = matches!(tokens.get(at + 1), Some(TokenTree::Ident(word)) if *word == "if");
    arrow || or || (guard && at.checked_sub(1).is_none_or(|before| sign(Some(before), ',')))
}

/// Whether `==` or `!=` stands before.
fn is_compared(tokens: &[TokenTree], at: usize) -> bool {
    matches!(
        tokens.get(..at),
        Some([.., TokenTree::Punct(first), TokenTree::Punct(second)])
            if second.as_char() == '=' && matches!(first.as_char(), '=' | '!')
    )
}

/// The name of the attribute whose value stands at a place: `aria-label="…"`.
fn attribute(tokens: &[TokenTree], at: usize) -> Option<String> {
    let (last, mut before) = tokens.get(..at)?.split_last()?;
    if !is_sign(last, '=') {
        return None;
    }
    let mut name = String::new();
    loop {
        let (TokenTree::Ident(part), rest) = before.split_last()? else { return None };
        name.insert_str(0, &part.to_string());
        match rest.split_last() {
            Some((dash, rest)) if is_sign(dash, '-') => {
                name.insert(0, '-');
                before = rest;
            }
            _ => return Some(name),
        }
    }
}

fn has_letters(text: &str) -> bool {
    without_values(text).chars().any(char::is_alphabetic)
}

/// Several words, or one with a capital letter.
fn looks_like_words(text: &str) -> bool {
    let bare = without_values(text);
    let cited = CITED.iter().any(|cited| bare.starts_with(cited));
    let address = ["http://", "https://", "/", "#", ".", "-----", "<", "CN=", "CN ="]
        .iter()
        .any(|begin| bare.starts_with(begin));
    if cited || address || !bare.chars().any(char::is_lowercase) {
        return false;
    }
    let words: Vec<&str> = bare
        .split_whitespace()
        .map(|word| word.trim_matches(|sign: char| !sign.is_alphanumeric()))
        .filter(|word| word.chars().filter(|letter| letter.is_alphabetic()).count() >= 2)
        .collect();
    let plain = |word: &&str| word.chars().all(|letter| letter.is_alphabetic() || "’'-".contains(letter));
    let told = text.split_whitespace().count();
    match words.as_slice() {
        [] => false,
        [word] if told == 1 => {
            let mut letters = word.chars();
            letters.next().is_some_and(char::is_uppercase)
                && letters.all(|letter| letter.is_lowercase() || letter == '-')
        }
        words => told > 1 && words.iter().any(|word| plain(word) && word.chars().any(char::is_lowercase)),
    }
}

/// The text without what stands in braces.
fn without_values(text: &str) -> String {
    let mut bare = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        bare.push_str(before);
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    bare + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        check(&[SourceFile { path: path.into(), text: text.into() }]).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn words_outside_of_the_macros() {
        for text in [
            "fn f() { button(\"primary\", \"x-save\", \"key\", \"Save it\", go) }",
            "fn f() { button(\"primary\", \"x-save\", \"key\", \"Save\", go) }",
            "fn f() { format!(\"{n} keys\") }",
            "const A: &str = \"All entries\";",
            "fn f() -> Html { html! { <p>{ \"none\" }</p> } }",
            "fn f() -> Html { html! { <p title=\"none\" /> } }",
            "fn f() -> Html { html! { <p class={x}>{ y }{ \": it is\" }</p> } }",
            "fn f() { match x { 1 => \"Not there\", _ => y } }",
        ] {
            assert_eq!(findings("web/app/src/a.rs", text).len(), 1, "{text}");
            assert_eq!(findings("crates/keys/src/a.rs", text), Vec::<String>::new());
        }
    }

    #[test]
    fn what_is_no_words_or_in_order() {
        for text in [
            "fn f() { button(\"small quiet\", \"x-save\", \"key\", t!(\"Save it\"), go) }",
            "fn f() { button_if(a && b, \"small quiet\", \"x-save\", \"key\", t!(\"Save it\"), go) }",
            "fn f() -> Html { html! { <p class=\"lead small\" data-testid=\"a b\" role=\"x\">{ \" · \" }{ t!(\"x\") }</p> } }",
            "fn f() { match x { (\"Not there\", _) => 1, \"Is there\" | \"Not there\" => 2 } }",
            "fn f() { x == \"Not there\"; x.strip_prefix(\"Is there\"); matches!(x, \"Not there\") }",
            "fn f() { format!(\"{a} ({b})\"); y(\"keyUsage\"); z(\"RFC 5280 section 4\"); w(\"PUBLIC KEY\") }",
            "#[doc = \"Not read\"] fn f() {} #[cfg(test)] mod tests { fn g() { x(\"Not read\") } }",
        ] {
            assert_eq!(findings("web/app/src/a.rs", text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn every_exception_has_its_reason() {
        assert!(EXEMPT.iter().chain(&SAME).all(|(what, why)| !what.is_empty() && !why.is_empty()));
    }
}
