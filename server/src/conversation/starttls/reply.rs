//! Replies with a number of three digits, as SMTP (RFC 5321 section 4.2) and FTP (RFC 959 section 4.2) have them.
//!
//! `250-` says that more lines follow, until one with the same number and a blank. What is between them may be anything (FTP). Refuses lines
//! that do not begin with a number.

use super::{Dialogue, Stop};

/// A reply.
pub(super) struct Reply {
    /// Its number.
    pub(super) code: u16,
    /// Its lines, as they came.
    pub(super) lines: Vec<Vec<u8>>,
}

impl Reply {
    /// Whether a line of it, without its number, begins with this word.
    pub(super) fn has(&self, word: &str) -> bool {
        self.lines.iter().any(|line| {
            let text = if number(line).is_some() { line.get(4..).unwrap_or_default() } else { line };
            super::is_word(text.trim_ascii_start(), word)
        })
    }

    /// Whether this is in it anywhere, in upper or lower case.
    pub(super) fn mentions(&self, text: &str) -> bool {
        let windows = self.lines.iter().flat_map(|line| line.windows(text.len()));
        windows.into_iter().any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
    }
}

/// Reads one.
pub(super) fn read(dialogue: &mut Dialogue<'_>) -> Result<Reply, Stop> {
    let first = dialogue.line()?;
    let (code, mut more) = number(&first).ok_or(Stop::Strange)?;
    let mut reply = Reply { code, lines: vec![first] };
    while more {
        let line = dialogue.line()?;
        more = number(&line) != Some((code, false));
        reply.lines.push(line);
    }
    Ok(reply)
}

/// The number of a line, and whether more lines follow.
pub(super) fn number(line: &[u8]) -> Option<(u16, bool)> {
    let (digits, rest) = line.split_at_checked(3)?;
    let more = match rest.first() {
        Some(b'-') => true,
        Some(b' ') | None => false,
        Some(_) => return None,
    };
    let code = digits
        .iter()
        .try_fold(0, |sum: u16, digit| digit.is_ascii_digit().then(|| sum * 10 + u16::from(digit - b'0')))?;
    Some((code, more))
}
