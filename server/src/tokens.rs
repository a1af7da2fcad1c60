//! Tokens for scripts (RFC 6750, `Authorization: Bearer`): who may use the API and read the metrics.
//!
//! A token file has a line `NAME TOKEN` for each caller; empty lines and lines that begin with `#` are passed over. The name stands in the audit
//! log. Tokens have 32 characters or more, of those that RFC 6750 allows, and are kept and compared as SHA-256, each with all, in constant time. Without
//! a token file a server on loopback serves every script of its user, and a server that strangers reach serves none.
//!
//! Refused are files that others may read, doubled names and tokens, and every other token than those of the file.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

use crate::private::{LastSeen, Reloaded, read_secret};
use crate::problem::Problem;

/// Shortest token: 128 bits where every character is a hexadecimal digit.
const SHORTEST: usize = 32;
/// Longest token; longer ones in a request are not even hashed.
const LONGEST: usize = 512;
/// Callers of one server.
const MOST: usize = 1_000;

/// The tokens of a server.
#[derive(Debug)]
pub(crate) struct Tokens {
    file: Option<PathBuf>,
    held: RwLock<Arc<Vec<Token>>>,
    /// Whether strangers reach the server.
    exposed: bool,
    last: LastSeen,
}

struct Token {
    name: Arc<str>,
    digest: [u8; 32],
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Token({})", self.name)
    }
}

/// Why a script is not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The server has no tokens, and needs them.
    Off,
    /// The request has no token.
    Missing,
    /// The token is not one of the server's.
    Wrong,
}

impl Tokens {
    /// Reads the token file, if there is one. `exposed` says that strangers reach the server.
    pub(crate) fn read(file: Option<&Path>, exposed: bool) -> Result<Self, String> {
        let tokens = Self {
            file: file.map(Path::to_owned),
            held: RwLock::default(),
            exposed,
            last: LastSeen::default(),
        };
        tokens.reload().map(|_| tokens)
    }

    /// Whether there is a file that may change.
    pub(crate) fn have_file(&self) -> bool {
        self.file.is_some()
    }

    /// Looks at the file again. An error is told once for the same content; the tokens from before stay in use.
    pub(crate) fn reload(&self) -> Result<Reloaded, String> {
        let Some(file) = &self.file else { return Ok(Reloaded::Same) };
        let bytes = read_secret(file);
        let news = match &bytes {
            Ok(bytes) => self.last.is_news(Ok(&[bytes])),
            Err(error) => self.last.is_news(Err(error)),
        };
        if !news {
            return Ok(Reloaded::Same);
        }
        let tokens = parse_file(file, &bytes?)?;
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(tokens);
        Ok(Reloaded::Changed)
    }

    /// The token's name, or `None` where none is needed.
    pub(crate) fn authorise(&self, headers: &HeaderMap) -> Result<Option<Arc<str>>, Refusal> {
        if self.file.is_none() {
            return if self.exposed { Err(Refusal::Off) } else { Ok(None) };
        }
        self.named(headers).map(Some)
    }

    /// The name of the token, which has to be there.
    pub(crate) fn named(&self, headers: &HeaderMap) -> Result<Arc<str>, Refusal> {
        let mut fields = headers.get_all(header::AUTHORIZATION).iter();
        let given = fields.next().and_then(|value| value.to_str().ok()).ok_or(Refusal::Missing)?;
        let (scheme, token) = given.split_once(' ').ok_or(Refusal::Missing)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Refusal::Missing);
        }
        let token = token.trim();
        if fields.next().is_some() || token.len() > LONGEST {
            return Err(Refusal::Wrong);
        }
        let digest: [u8; 32] = Sha256::digest(token).into();
        let held = Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner));
        // Each is compared, so that the time does not tell which one it is.
        let (mut found, mut which) = (Choice::from(0), 0_u32);
        for (number, known) in (0_u32..).zip(held.iter()) {
            let same = known.digest.ct_eq(&digest);
            which.conditional_assign(&number, same);
            found |= same;
        }
        let known = held.get(which as usize).filter(|_| bool::from(found));
        known.map(|known| Arc::clone(&known.name)).ok_or(Refusal::Wrong)
    }
}

impl Refusal {
    /// Its name in the metrics.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Off => "api_off",
            Self::Missing => "token_missing",
            Self::Wrong => "token_wrong",
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, title, detail, challenge) = match self {
            Self::Off => (
                StatusCode::FORBIDDEN,
                "The API for scripts is off",
                "This server is reached by more than its own user, so scripts need a token, and it has none. Its operator switches the API on with token-file (see docs/serving.md).",
                None,
            ),
            Self::Missing => (
                StatusCode::UNAUTHORIZED,
                "A token is needed",
                "Send the field “Authorization: Bearer TOKEN”. Tokens are given by the server's operator.",
                Some("Bearer realm=\"certwright\""),
            ),
            Self::Wrong => (
                StatusCode::UNAUTHORIZED,
                "The token is not known",
                "It is none of this server's tokens. It may have been changed: ask the server's operator.",
                Some("Bearer realm=\"certwright\", error=\"invalid_token\""),
            ),
        };
        let mut response =
            Problem { status, title, detail: detail.into(), retry_after: None }.into_response();
        if let Some(challenge) = challenge {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

fn parse_file(path: &Path, bytes: &[u8]) -> Result<Vec<Token>, String> {
    let name = path.display();
    let text = str::from_utf8(bytes).map_err(|_| format!("“{name}” is not UTF-8 text."))?;
    parse_tokens(text).map_err(|(line, wrong)| format!("“{name}”, line {line}: {wrong}"))
}

/// Reads the lines. An error is a line's number, from 1, and a sentence without the token.
fn parse_tokens(text: &str) -> Result<Vec<Token>, (usize, String)> {
    let mut tokens: Vec<Token> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |sentence: &str| Err((number, sentence.to_owned()));
        let Some((name, token)) = line.split_once(char::is_whitespace) else {
            return wrong("there has to be a name, a blank and a token.");
        };
        let token = token.trim_start();
        let is_name = |c: char| c.is_ascii_alphanumeric() || "._@-".contains(c);
        if name.len() > 64 || !name.chars().all(is_name) {
            return wrong("a name has at most 64 letters, digits, and . _ @ -");
        }
        let is_token = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
        if !token.chars().all(is_token) {
            return wrong("a token has letters, digits, and - . _ ~ + / =");
        }
        if !(SHORTEST..=LONGEST).contains(&token.len()) {
            return wrong("a token has from 32 to 512 characters. Make one with: openssl rand -hex 32");
        }
        let token = Token { name: name.into(), digest: Sha256::digest(token).into() };
        if tokens.iter().any(|known| known.name == token.name || known.digest == token.digest) {
            return wrong("the name or the token was there before.");
        }
        if tokens.len() == MOST {
            return wrong("there are more than 1000 tokens.");
        }
        tokens.push(token);
    }
    if tokens.is_empty() {
        Err((text.lines().count().max(1), "there is no token.".into()))
    } else {
        Ok(tokens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "0123456789abcdef0123456789abcdef";
    const TWO: &str = "ZYXWVUTSRQPONMLKJIHGFEDCBA-._~+/=";

    fn tokens(text: &str, exposed: bool) -> Tokens {
        let held = RwLock::new(Arc::new(parse_tokens(text).unwrap()));
        Tokens { file: Some("tokens".into()), held, exposed, last: LastSeen::default() }
    }

    fn bearing(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())])
    }

    #[test]
    fn a_token_has_a_name() {
        let tokens = tokens(&format!("# for us\n\nci {ONE}\r\nmonitoring\t{TWO}\n"), true);
        for (value, expected) in [
            (format!("Bearer {ONE}"), Ok("ci")),
            (format!("bearer {TWO}"), Ok("monitoring")),
            (format!("Bearer {ONE}0"), Err(Refusal::Wrong)),
            (format!("Bearer {}", ONE.to_uppercase()), Err(Refusal::Wrong)),
            ("Bearer".to_owned(), Err(Refusal::Missing)),
            ("Bearer ".to_owned(), Err(Refusal::Wrong)),
            (format!("Basic {ONE}"), Err(Refusal::Missing)),
            (format!("Bearer {}", "a".repeat(600)), Err(Refusal::Wrong)),
        ] {
            let found = tokens.authorise(&bearing(&value));
            assert_eq!(
                found.as_ref().map(|name| name.as_deref().unwrap()),
                expected.as_ref().map(|name| *name),
                "{value}"
            );
        }
        assert_eq!(tokens.authorise(&HeaderMap::new()), Err(Refusal::Missing));
        let mut twice = bearing(&format!("Bearer {ONE}"));
        twice.append(header::AUTHORIZATION, "Bearer x".parse().unwrap());
        assert_eq!(tokens.authorise(&twice), Err(Refusal::Wrong));
    }

    #[test]
    fn without_a_file_it_depends_on_who_is_served() {
        let local = Tokens::read(None, false).unwrap();
        assert_eq!(local.authorise(&HeaderMap::new()), Ok(None));
        let exposed = Tokens::read(None, true).unwrap();
        assert_eq!(exposed.authorise(&bearing(&format!("Bearer {ONE}"))), Err(Refusal::Off));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_without_the_token() {
        for (text, line) in [
            ("", 1),
            ("# nothing\n", 1),
            ("ci\n", 1),
            ("\nci short\n", 2),
            (&format!("ci {ONE}\nci {TWO}"), 2),
            (&format!("ci {ONE}\nother {ONE}"), 2),
            (&format!("c\u{e4} {ONE}"), 1),
            (&format!("ci {ONE}\"quoted\""), 1),
            (&format!("ci {ONE} more"), 1),
            (&format!("ci {}", "a".repeat(513)), 1),
        ] {
            let (found, sentence) = parse_tokens(text).unwrap_err();
            assert_eq!(found, line, "{text}");
            assert!(!sentence.contains(ONE) && !sentence.contains("short\u{20}"), "{sentence}");
        }
        assert!(!format!("{:?}", parse_tokens(&format!("ci {ONE}")).unwrap()).contains(ONE));
    }
}
