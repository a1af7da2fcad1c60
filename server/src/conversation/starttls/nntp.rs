//! NNTP (RFC 4642): greeting, `CAPABILITIES` (RFC 3977 section 5.2), `STARTTLS`, 382.
//!
//! Refuses servers that list capabilities without `STARTTLS`. One that knows no `CAPABILITIES` is asked all the same.

use super::reply::number;
use super::{Dialogue, NOT_OFFERED, REFUSED, Setting, Stop, is_word};

/// Speaks NNTP.
pub(super) fn speak(dialogue: &mut Dialogue<'_>, setting: &mut Setting<'_>) -> Result<(), Stop> {
    let greeting = dialogue.line()?;
    let code = code(&greeting)?;
    if !matches!(code, 200 | 201 | 400..=599) {
        return Err(Stop::Strange);
    }
    setting.greeting(&[&greeting]);
    if code >= 400 {
        return Err(REFUSED);
    }
    dialogue.tell("CAPABILITIES")?;
    if self::code(&dialogue.line()?)? == 101 {
        let mut offered = false;
        loop {
            let line = dialogue.line()?;
            if line == b"." {
                break;
            }
            offered |= is_word(&line, "STARTTLS");
        }
        if !offered {
            return Err(NOT_OFFERED);
        }
    }
    dialogue.tell("STARTTLS")?;
    match self::code(&dialogue.line()?)? {
        382 => Ok(()),
        // Unknown command.
        500 | 501 => Err(NOT_OFFERED),
        _ => Err(REFUSED),
    }
}

fn code(line: &[u8]) -> Result<u16, Stop> {
    number(line).map(|(code, _)| code).ok_or(Stop::Strange)
}
