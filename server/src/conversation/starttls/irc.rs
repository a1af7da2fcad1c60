//! IRC (IRCv3 `tls`, and `CAP` by IRCv3 capability negotiation): `CAP LS 302`, `STARTTLS`, 670.
//!
//! The server may be silent until it is spoken to. Refuses servers that list capabilities without `tls` (691 is a refusal too). One that knows
//! no `CAP` is asked all the same.

use super::{Dialogue, NOT_OFFERED, REFUSED, Setting, Stop, has_word, is_word};

/// Speaks IRC.
pub(super) fn speak(dialogue: &mut Dialogue<'_>, setting: &mut Setting<'_>) -> Result<(), Stop> {
    dialogue.tell("CAP LS 302")?;
    let mut offered = false;
    loop {
        let line = dialogue.line()?;
        let (command, parameters) = parts(&line);
        if is_word(command, "CAP") {
            offered |= has_word(parameters, "tls");
            // `CAP * LS * :…` says that more is to come.
            let more = parameters.split(|&octet| octet == b' ').nth(2) == Some(b"*");
            if more {
                continue;
            }
            if !offered {
                return Err(NOT_OFFERED);
            }
            break;
        } else if is_word(command, "421") || is_word(command, "451") {
            // Unknown command, or not before signing in.
            break;
        } else if is_word(command, "NOTICE") {
            setting.greeting(&[&line]);
        } else if is_word(command, "ERROR") {
            setting.greeting(&[&line]);
            return Err(REFUSED);
        } else if !is_word(command, "PING") {
            return Err(Stop::Strange);
        }
    }
    dialogue.tell("STARTTLS")?;
    loop {
        let line = dialogue.line()?;
        let (command, _) = parts(&line);
        if is_word(command, "670") {
            return Ok(());
        } else if is_word(command, "421") || is_word(command, "451") {
            return Err(NOT_OFFERED);
        } else if is_word(command, "691") || is_word(command, "ERROR") {
            return Err(REFUSED);
        } else if is_word(command, "NOTICE") {
            setting.greeting(&[&line]);
        } else if !is_word(command, "CAP") && !is_word(command, "PING") {
            return Err(Stop::Strange);
        }
    }
}

/// The command of a message and its parameters, without the prefix that says who sent it.
fn parts(line: &[u8]) -> (&[u8], &[u8]) {
    let rest = match line.first() {
        Some(b':') => line.iter().position(|&octet| octet == b' ').and_then(|at| line.get(at..)),
        _ => Some(line),
    };
    let rest = rest.unwrap_or_default().trim_ascii_start();
    let end = rest.iter().position(|&octet| octet == b' ').unwrap_or(rest.len());
    let (command, parameters) = rest.split_at_checked(end).unwrap_or((rest, b""));
    (command, parameters.trim_ascii_start())
}
