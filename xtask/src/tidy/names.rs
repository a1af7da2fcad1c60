//! Nothing below `crates/` names the browser, a runtime, files, sockets or the clock: time and randomness are passed in, so
//! that every crate runs natively, in a browser, and in tests at any time of day.
//!
//! Reads the sources without their tests. `use` lists and renamed modules are followed; macros are not.

use std::collections::HashMap;

use super::tokens::{Placed, Token, tokens, without_tests};
use super::{Finding, SourceFile};

/// What must not be named, and what is right instead.
const FORBIDDEN: [(&[&str], &str); 16] = [
    (&["yew"], "the interface is web/app"),
    (&["web_sys"], "the browser is web/app's and web/worker's"),
    (&["js_sys"], "the browser is web/app's and web/worker's"),
    (&["wasm_bindgen"], "the browser is web/app's and web/worker's"),
    (&["tokio"], "networks are the server's"),
    (&["getrandom"], "randomness is passed in"),
    (&["std", "fs"], "bytes are passed in"),
    (&["std", "env"], "settings are passed in"),
    (&["std", "process"], "programs are started by tests alone"),
    (&["std", "time", "SystemTime"], "time is passed in"),
    (&["std", "time", "Instant"], "time is passed in"),
    (&["std", "net", "TcpStream"], "networks are the server's"),
    (&["std", "net", "TcpListener"], "networks are the server's"),
    (&["std", "net", "UdpSocket"], "networks are the server's"),
    (&["std", "net", "ToSocketAddrs"], "names are resolved by the server"),
    (&["std", "thread"], "the browser has no threads here"),
];

/// Checks every source file below `crates/`.
pub(super) fn check(files: &[SourceFile]) -> Vec<Finding> {
    files.iter().filter(|file| is_checked(&file.path)).flat_map(check_file).collect()
}

fn is_checked(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.next() == Some("crates")
        && parts.nth(1) == Some("src")
        && path.ends_with(".rs")
        && !parts.any(|part| part == "tests" || part == "tests.rs")
}

fn check_file(file: &SourceFile) -> Vec<Finding> {
    let tokens = without_tests(tokens(&file.text));
    let (imports, rest) = split_imports(&tokens);
    let mut findings = Vec::new();
    let mut renamed: HashMap<&str, &[String]> = HashMap::new();
    for import in &imports {
        findings.extend(
            breach(&import.path, import.is_glob).map(|what| Finding::at(&file.path, import.line, what)),
        );
        renamed.insert(&import.name, &import.path);
    }
    for (path, line) in paths(&rest) {
        let mut whole: Vec<String> = Vec::new();
        match path.split_first() {
            Some((first, after)) if renamed.contains_key(first.as_str()) => {
                whole.extend(renamed.get(first.as_str()).into_iter().flat_map(|path| path.iter().cloned()));
                whole.extend(after.iter().cloned());
            }
            _ => whole.extend(path.iter().cloned()),
        }
        // A name that was imported is reported where it was imported.
        let imported = path.first().and_then(|first| renamed.get(first.as_str()));
        if imported.is_some_and(|path| breach(path, false).is_some()) {
            continue;
        }
        findings.extend(breach(&whole, false).map(|what| Finding::at(&file.path, line, what)));
    }
    findings
}

/// What is wrong with a path, if anything is.
fn breach(path: &[String], is_glob: bool) -> Option<String> {
    let (forbidden, instead) = FORBIDDEN.iter().find(|(forbidden, _)| {
        let common = forbidden.iter().zip(path).take_while(|(wanted, part)| *wanted == part).count();
        common == forbidden.len() || (is_glob && common == path.len() && common > 0)
    })?;
    let star = if is_glob { "::*" } else { "" };
    Some(format!(
        "names `{}{star}`; {} must not be named below crates/: {instead}",
        path.join("::"),
        forbidden.join("::")
    ))
}

/// One name that a `use` brings in.
struct Import {
    /// The name in this file.
    name: String,
    /// The whole path.
    path: Vec<String>,
    is_glob: bool,
    line: usize,
}

/// Takes the `use` declarations out of a file.
fn split_imports(tokens: &[Placed]) -> (Vec<Import>, Vec<Placed>) {
    let (mut imports, mut others) = (Vec::new(), Vec::new());
    let mut rest = tokens;
    while let Some((first, after)) = rest.split_first() {
        // `use<'a>` in a type captures lifetimes and imports nothing.
        let is_import = first.word() == Some("use") && !after.first().is_some_and(|next| next.is_sign('<'));
        if is_import {
            let end = after.iter().position(|token| token.is_sign(';')).unwrap_or(after.len());
            let (declaration, remaining) = after.split_at(end);
            Declaration { tokens: declaration, at: 0 }.read_tree(&[], &mut imports);
            rest = remaining;
        } else {
            others.push(first.clone());
            rest = after;
        }
    }
    (imports, others)
}

/// The tokens of a `use` declaration, without its `use` and `;`.
struct Declaration<'a> {
    tokens: &'a [Placed],
    at: usize,
}

impl Declaration<'_> {
    /// Reads one tree, up to the `,` or `}` behind it.
    fn read_tree(&mut self, before: &[String], imports: &mut Vec<Import>) {
        let mut path = before.to_vec();
        let mut name = None;
        let line = self.tokens.get(self.at).map_or(0, |token| token.line);
        while let Some(Placed { token, .. }) = self.tokens.get(self.at) {
            match token {
                Token::Sign(',' | '}') => break,
                Token::Sign('{') => {
                    self.at += 1;
                    return self.read_list(&path, imports);
                }
                Token::Sign('*') => {
                    self.at += 1;
                    return imports.push(Import { name: String::new(), path, is_glob: true, line });
                }
                Token::Word(word) if word == "as" => {
                    self.at += 1;
                    name = self.tokens.get(self.at).and_then(Placed::word).map(str::to_owned);
                }
                // `use std::fs::{self}` names the module itself.
                Token::Word(word) if word == "self" && !path.is_empty() => {}
                Token::Word(word) => path.push(word.clone()),
                Token::PathSeparator | Token::Sign(_) => {}
            }
            self.at += 1;
        }
        if let Some(name) = name.or_else(|| path.last().cloned()) {
            imports.push(Import { name, path, is_glob: false, line });
        }
    }

    /// Reads the trees of a list, and its `}`.
    fn read_list(&mut self, before: &[String], imports: &mut Vec<Import>) {
        while let Some(next) = self.tokens.get(self.at) {
            if next.is_sign('}') {
                self.at += 1;
                return;
            }
            if next.is_sign(',') {
                self.at += 1;
            } else {
                self.read_tree(before, imports);
            }
        }
    }
}

/// All paths that are written out: words joined by `::`.
fn paths(tokens: &[Placed]) -> Vec<(Vec<String>, usize)> {
    let mut found: Vec<(Vec<String>, usize)> = Vec::new();
    let mut before: Option<&Token> = None;
    for token in tokens {
        if let Token::Word(word) = &token.token {
            match (found.last_mut(), before) {
                (Some((path, _)), Some(Token::PathSeparator)) => path.push(word.clone()),
                // A field or method may be called anything.
                (_, Some(Token::Sign('.'))) => found.push((vec![format!(".{word}")], token.line)),
                _ => found.push((vec![word.clone()], token.line)),
            }
        } else if token.token == Token::PathSeparator && !matches!(before, Some(Token::Word(_))) {
            // `::std::fs` begins a path, and what follows `<T>::` belongs to T.
            found.push((Vec::new(), token.line));
        }
        before = Some(&token.token);
    }
    // A lone word is a variable, a type or a keyword. Only as a path is it the name of a crate.
    found.retain(|(path, _)| path.len() > 1);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        check(&[SourceFile { path: path.into(), text: text.into() }]).iter().map(Finding::to_string).collect()
    }

    fn found(text: &str) -> usize {
        findings("crates/a/src/x.rs", text).len()
    }

    #[test]
    fn forbidden_names_are_found_however_they_are_written() {
        for text in [
            "use std::fs;",
            "use std::fs::File;",
            "use ::std::fs;",
            "pub(crate) use std::time::{Duration, Instant};",
            "use std::{collections::HashMap, net::{IpAddr, TcpStream}, fmt};",
            "use std::{fs::{self}};",
            "use std::time::*;",
            "use std::time::SystemTime as Clock; fn f() -> Clock { Clock::now() }",
            "use std::net; fn f() { net::TcpStream::connect(a); }",
            "use std::net as n; fn f() { n::UdpSocket::bind(a); }",
            "fn f() { std::fs::read(path); }",
            "fn f() { let now = ::std::time::Instant::now(); }",
            "use tokio::net::TcpStream;",
            "fn f() { web_sys::window(); }",
            "use yew::prelude::*;",
        ] {
            assert_eq!(found(text), 1, "{text}: {:?}", findings("crates/a/src/x.rs", text));
        }
    }

    #[test]
    fn what_is_allowed_is_not_found() {
        for text in [
            "use std::net::{IpAddr, SocketAddr}; use std::time::Duration;",
            "use std::{fmt, collections::{BTreeMap, HashMap}};",
            "use super::*; use crate::{a, b::{self, c}};",
            "fn f(instant: i64) { x.fs(); x.tokio::<u8>(); let tokio = 1; }",
            "// std::fs is not used here\n/// See [`std::fs::read`].\nfn f() { let s = \"std::fs::read\"; }",
            "#[cfg(test)] mod tests { use std::fs; use std::process::Command; }",
            "fn f() -> impl Iterator<Item = u8> + use<'_> { x }",
            "use crate::fs::read; fn f() { fs::read(); }",
        ] {
            assert_eq!(findings("crates/a/src/x.rs", text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn only_sources_of_crates_are_checked() {
        let text = "use std::fs;";
        for path in
            ["server/src/x.rs", "crates/a/tests/x.rs", "crates/a/src/pem/tests.rs", "crates/a/src/x.txt"]
        {
            assert_eq!(findings(path, text), Vec::<String>::new(), "{path}");
        }
        assert_eq!(
            findings("crates/a/src/x.rs", "\n\nuse std::fs;").first().unwrap().split(": ").next(),
            Some("crates/a/src/x.rs:3")
        );
    }
}
