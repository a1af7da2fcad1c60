//! Just enough of Rust's lexer to see which paths a file names: comments, strings, characters and test modules are left out.
//!
//! It reads any text without failing; what is no Rust gives odd tokens and nothing worse.

/// A token that matters for paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Identifier or keyword.
    Word(String),
    /// `::`
    PathSeparator,
    /// Any other single character.
    Sign(char),
}

/// A token and its line, from 1.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) line: usize,
}

impl Placed {
    pub(super) fn word(&self) -> Option<&str> {
        match &self.token {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn is_sign(&self, sign: char) -> bool {
        self.token == Token::Sign(sign)
    }
}

/// Splits a text into tokens.
pub(super) fn tokens(text: &str) -> Vec<Placed> {
    let mut reader = Reader { rest: text, line: 1 };
    let mut found = Vec::new();
    while let Some(next) = reader.rest.chars().next() {
        let line = reader.line;
        if reader.skip_comment() || reader.skip_literal() {
            continue;
        }
        if next.is_alphabetic() || next == '_' {
            let word = reader.take_while(|c| c.is_alphanumeric() || c == '_');
            found.push(Placed { token: Token::Word(word.to_owned()), line });
        } else if next.is_numeric() {
            reader.take_while(|c| c.is_alphanumeric() || c == '_');
        } else if reader.rest.starts_with("::") {
            reader.skip(2);
            found.push(Placed { token: Token::PathSeparator, line });
        } else {
            reader.skip(next.len_utf8());
            if !next.is_whitespace() {
                found.push(Placed { token: Token::Sign(next), line });
            }
        }
    }
    found
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Reader<'a> {
    fn skip(&mut self, bytes: usize) {
        let (skipped, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.line += skipped.matches('\n').count();
        self.rest = rest;
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn skip_comment(&mut self) -> bool {
        if self.rest.starts_with("//") {
            self.skip(self.rest.find('\n').unwrap_or(self.rest.len()));
            return true;
        }
        if !self.rest.starts_with("/*") {
            return false;
        }
        let mut depth = 0usize;
        while !self.rest.is_empty() {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.skip(2);
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.skip(2);
                if depth == 0 {
                    break;
                }
            } else {
                self.skip(self.rest.chars().next().map_or(1, char::len_utf8));
            }
        }
        true
    }

    /// Strings of every kind, characters, and lifetimes (which look like the beginning of a character).
    fn skip_literal(&mut self) -> bool {
        for prefix in ["r", "br", "cr"] {
            if let Some(after) = self.rest.strip_prefix(prefix) {
                let hashes = after.len() - after.trim_start_matches('#').len();
                if after.get(hashes..).is_some_and(|rest| rest.starts_with('"')) {
                    let end = format!("\"{}", "#".repeat(hashes));
                    let from = prefix.len() + hashes + 1;
                    let length = self.rest.get(from..).and_then(|rest| rest.find(&end));
                    self.skip(length.map_or(self.rest.len(), |length| from + length + end.len()));
                    return true;
                }
            }
        }
        // A raw identifier: the mark goes, the word stays.
        if self.rest.starts_with("r#") {
            self.skip(2);
            return true;
        }
        for prefix in ["b\"", "c\"", "\""] {
            if self.rest.starts_with(prefix) {
                self.skip(prefix.len());
                self.skip_to_unescaped('"');
                return true;
            }
        }
        let quote = if self.rest.starts_with("b'") { 2 } else { 1 };
        if !self.rest.starts_with("b'") && !self.rest.starts_with('\'') {
            return false;
        }
        let mut after = self.rest.get(quote..).unwrap_or_default().chars();
        let (first, second) = (after.next(), after.next());
        self.skip(quote);
        if first == Some('\\') || second == Some('\'') {
            self.skip_to_unescaped('\'');
        } else {
            self.take_while(|c| c.is_alphanumeric() || c == '_');
        }
        true
    }

    fn skip_to_unescaped(&mut self, end: char) {
        let mut escaped = false;
        let mut length = self.rest.len();
        for (position, c) in self.rest.char_indices() {
            if !escaped && c == end {
                length = position + c.len_utf8();
                break;
            }
            escaped = !escaped && c == '\\';
        }
        self.skip(length);
    }
}

/// Leaves out every item that is compiled for tests alone.
pub(super) fn without_tests(tokens: Vec<Placed>) -> Vec<Placed> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut rest = tokens.as_slice();
    while let Some((first, after)) = rest.split_first() {
        match after_test_attribute(rest) {
            Some(TestAttribute::OfItem(item)) => rest = after_item(item),
            Some(TestAttribute::OfFile) => return Vec::new(),
            None => {
                kept.push(first.clone());
                rest = after;
            }
        }
    }
    kept
}

enum TestAttribute<'a> {
    /// `#[cfg(test)]`, with what follows it.
    OfItem(&'a [Placed]),
    /// `#![cfg(test)]`
    OfFile,
}

/// Recognises `#[cfg(test)]` and `#[cfg(all(test, ...))]`.
fn after_test_attribute(tokens: &[Placed]) -> Option<TestAttribute<'_>> {
    let (hash, mut rest) = tokens.split_first()?;
    if !hash.is_sign('#') {
        return None;
    }
    let of_file = rest.first()?.is_sign('!');
    if of_file {
        rest = rest.get(1..)?;
    }
    let end = rest.iter().position(|token| token.is_sign(']'))?;
    let words: Vec<&str> = rest.get(..end)?.iter().filter_map(Placed::word).collect();
    if !matches!(words.as_slice(), ["cfg", "test"] | ["cfg", "all", "test", ..]) {
        return None;
    }
    Some(if of_file { TestAttribute::OfFile } else { TestAttribute::OfItem(rest.get(end + 1..)?) })
}

/// What follows an item: after its `;`, or after its braces.
fn after_item(tokens: &[Placed]) -> &[Placed] {
    let (mut braces, mut others) = (0usize, 0usize);
    for (position, token) in tokens.iter().enumerate() {
        let ends = match token.token {
            Token::Sign('{') => {
                braces += 1;
                false
            }
            Token::Sign('}') => {
                braces = braces.saturating_sub(1);
                braces == 0 && others == 0
            }
            Token::Sign('(' | '[') => {
                others += 1;
                false
            }
            Token::Sign(')' | ']') => {
                others = others.saturating_sub(1);
                false
            }
            Token::Sign(';') => braces == 0 && others == 0,
            _ => false,
        };
        if ends {
            return tokens.get(position + 1..).unwrap_or_default();
        }
    }
    &[]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        without_tests(tokens(text)).iter().filter_map(|token| token.word().map(str::to_owned)).collect()
    }

    #[test]
    fn comments_and_literals_are_no_words() {
        let text = r####"
            a // b
            /* c /* d */ e */ f
            "g \" h" 'i' '\'' b'j' b"k" r"l" r##"m " # n"## br#"o"# c"p"
            q<'r> 0x1u8 s
            r#type
        "####;
        assert_eq!(words(text), ["a", "f", "q", "s", "type"]);
    }

    #[test]
    fn lines_are_counted_through_everything() {
        let text = "a\n\"x\ny\"\n/* z\n*/ b\n// c\nd";
        let lines: Vec<usize> = tokens(text).iter().map(|token| token.line).collect();
        assert_eq!(lines, [1, 5, 7]);
    }

    #[test]
    fn test_items_are_left_out() {
        let text = "
            use a;
            #[cfg(test)]
            mod tests { fn x() { let y = [0; 3]; } }
            #[cfg(test)] use only_in_tests;
            #[cfg(all(test, unix))] fn f(x: [u8; 2]) { b }
            #[cfg(not(test))] fn g() {}
        ";
        assert_eq!(words(text), ["use", "a", "cfg", "not", "test", "fn", "g"]);
        assert!(words("#![cfg(test)] use a;").is_empty());
    }

    #[test]
    fn what_never_ends_ends() {
        for text in ["\"abc", "/* abc", "r#\"abc", "'", "b'", "#[cfg(test)] mod x {", "#["] {
            tokens(text);
            without_tests(tokens(text));
        }
    }
}
