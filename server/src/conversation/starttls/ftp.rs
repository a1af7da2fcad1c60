//! FTP (RFC 4217): greeting, `AUTH TLS`, 234. Where that is refused, `FEAT` (RFC 2389) tells whether it is offered at all.
//!
//! Refuses servers that greet as SMTP does.

use super::reply::read;
use super::{Dialogue, NOT_OFFERED, OTHER_220, REFUSED, Setting, Stop};

/// Speaks FTP.
pub(super) fn speak(dialogue: &mut Dialogue<'_>, setting: &mut Setting<'_>) -> Result<(), Stop> {
    let mut greeting = read(dialogue)?;
    // 120: ready in some minutes; it may be a second.
    if greeting.code == 120 {
        greeting = read(dialogue)?;
    }
    match greeting.code {
        220 => setting.greeting(&greeting.lines),
        400..=599 => {
            setting.greeting(&greeting.lines);
            return Err(REFUSED);
        }
        _ => return Err(Stop::Strange),
    }
    if greeting.mentions("SMTP") {
        return Err(OTHER_220);
    }
    dialogue.tell("AUTH TLS")?;
    let answer = read(dialogue)?;
    if answer.code == 234 {
        return Ok(());
    }
    let said = answer.lines.last().cloned().unwrap_or_default();
    dialogue.tell("FEAT")?;
    let features = read(dialogue)?;
    dialogue.note(&said);
    if features.code == 211 && features.has("AUTH") { Err(REFUSED) } else { Err(NOT_OFFERED) }
}
