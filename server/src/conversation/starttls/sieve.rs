//! ManageSieve (RFC 5804 sections 1.7 and 2.2): capabilities up to `OK`, `STARTTLS`, `OK`.
//!
//! Refuses servers that do not list `"STARTTLS"`. Texts that are sent as literals (`{12}` and twelve octets) are skipped.

use super::{Dialogue, NOT_OFFERED, REFUSED, Setting, Stop};

/// Speaks ManageSieve.
pub(super) fn speak(dialogue: &mut Dialogue<'_>, setting: &mut Setting<'_>) -> Result<(), Stop> {
    let mut capabilities = Vec::new();
    let welcome = loop {
        let line = line(dialogue)?;
        if line.first() == Some(&b'"') {
            capabilities.push(line);
        } else {
            break verdict(&line)?;
        }
    };
    if capabilities.is_empty() && welcome {
        // POP3 and IMAP say OK too, but not without anything before it.
        return Err(Stop::Strange);
    }
    setting.greeting(&capabilities);
    if !welcome {
        return Err(REFUSED);
    }
    let starttls = b"\"STARTTLS\"";
    let offered =
        |line: &Vec<u8>| line.get(..starttls.len()).is_some_and(|start| start.eq_ignore_ascii_case(starttls));
    if !capabilities.iter().any(offered) {
        return Err(NOT_OFFERED);
    }
    dialogue.tell("STARTTLS")?;
    if verdict(&line(dialogue)?)? { Ok(()) } else { Err(REFUSED) }
}

/// A line together with the literal that it ends with, if it does.
fn line(dialogue: &mut Dialogue<'_>) -> Result<Vec<u8>, Stop> {
    let mut line = dialogue.line()?;
    while let Some(length) = literal(&line) {
        let text = dialogue.octets(length)?;
        let rest = dialogue.line()?;
        line = [line.split(|&octet| octet == b'{').next().unwrap_or_default(), b"\"", &text, b"\"", &rest]
            .concat();
    }
    dialogue.note(&line);
    Ok(line)
}

/// The length of a literal that is announced at the end of the line.
fn literal(line: &[u8]) -> Option<usize> {
    let inner = line.strip_suffix(b"}")?;
    let start = inner.iter().rposition(|&octet| octet == b'{')?;
    let digits = inner.get(start + 1..)?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    str::from_utf8(digits).ok()?.parse().ok()
}

fn verdict(line: &[u8]) -> Result<bool, Stop> {
    let word = line.split(|octet| matches!(octet, b' ' | b'(' | b'"')).next().unwrap_or_default();
    match word.to_ascii_uppercase().as_slice() {
        b"OK" => Ok(true),
        b"NO" | b"BYE" => Ok(false),
        _ => Err(Stop::Strange),
    }
}
