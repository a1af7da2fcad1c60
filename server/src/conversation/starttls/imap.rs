//! IMAP (RFC 9051 sections 6.1.1 and 6.2.1): greeting, `CAPABILITY`, `STARTTLS`, its tag with `OK`.
//!
//! Refuses servers that take us for signed in (`PREAUTH`: no TLS any more), and those that do not list `STARTTLS`.

use super::{Dialogue, NOT_OFFERED, REFUSED, Setting, Stop, has_word, is_word};

/// Speaks IMAP.
pub(super) fn speak(dialogue: &mut Dialogue<'_>, setting: &mut Setting<'_>) -> Result<(), Stop> {
    let greeting = dialogue.line()?;
    let state = greeting.strip_prefix(b"* ").ok_or(Stop::Strange)?;
    let states = ["OK", "PREAUTH", "BYE"];
    if !states.iter().any(|word| is_word(state, word)) {
        return Err(Stop::Strange);
    }
    setting.greeting(&[&greeting]);
    if is_word(state, "BYE") {
        return Err(REFUSED);
    }
    let (answer, offered) = ask(dialogue, "a1", "CAPABILITY")?;
    if !is_word(&answer, "OK") || !offered || is_word(state, "PREAUTH") {
        return Err(NOT_OFFERED);
    }
    let (answer, _) = ask(dialogue, "a2", "STARTTLS")?;
    if is_word(&answer, "OK") { Ok(()) } else { Err(REFUSED) }
}

/// Sends a command. Returns what its tag is answered with, and whether a list of capabilities on the way names STARTTLS.
fn ask(dialogue: &mut Dialogue<'_>, tag: &str, command: &str) -> Result<(Vec<u8>, bool), Stop> {
    dialogue.tell(&format!("{tag} {command}"))?;
    let mut offered = false;
    loop {
        let line = dialogue.line()?;
        if let Some(rest) = line.strip_prefix(b"* ") {
            if is_word(rest, "BYE") {
                return Err(REFUSED);
            }
            offered |= is_word(rest, "CAPABILITY") && has_word(rest, "STARTTLS");
        } else if is_word(&line, tag) {
            return Ok((line.get(tag.len() + 1..).unwrap_or_default().to_vec(), offered));
        } else {
            return Err(Stop::Strange);
        }
    }
}
