//! POP3 (RFC 2595 section 4): greeting, `CAPA` (RFC 2449), `STLS`, `+OK`.
//!
//! Refuses servers that list capabilities without `STLS`. One that knows no `CAPA` is asked all the same.

use super::{Dialogue, NOT_OFFERED, REFUSED, Setting, Stop, is_word};

/// Speaks POP3.
pub(super) fn speak(dialogue: &mut Dialogue<'_>, setting: &mut Setting<'_>) -> Result<(), Stop> {
    let greeting = dialogue.line()?;
    let welcome = is_good(&greeting)?;
    setting.greeting(&[&greeting]);
    if !welcome {
        return Err(REFUSED);
    }
    dialogue.tell("CAPA")?;
    let answer = dialogue.line()?;
    if is_good(&answer)? {
        let mut offered = false;
        loop {
            let line = dialogue.line()?;
            if line == b"." {
                break;
            }
            offered |= is_word(&line, "STLS");
        }
        if !offered {
            return Err(NOT_OFFERED);
        }
    }
    dialogue.tell("STLS")?;
    let answer = dialogue.line()?;
    if is_good(&answer)? { Ok(()) } else { Err(REFUSED) }
}

fn is_good(line: &[u8]) -> Result<bool, Stop> {
    if is_word(line, "+OK") {
        Ok(true)
    } else if is_word(line, "-ERR") {
        Ok(false)
    } else {
        Err(Stop::Strange)
    }
}
