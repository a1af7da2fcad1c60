//! SMTP (RFC 3207) and LMTP (RFC 2033): greeting, `EHLO` or `LHLO` with our address (RFC 5321 section 4.1.3), `STARTTLS`, 220.
//!
//! Refuses servers that do not list `STARTTLS`, and those that answer the greeting's number with another protocol's words.

use std::net::IpAddr;

use super::reply::{Reply, read};
use super::{Dialogue, NOT_OFFERED, OTHER_220, REFUSED, Setting, Stop};

/// Speaks SMTP.
pub(super) fn speak_smtp(dialogue: &mut Dialogue<'_>, setting: &mut Setting<'_>) -> Result<(), Stop> {
    speak("EHLO", dialogue, setting)
}

/// Speaks LMTP.
pub(super) fn speak_lmtp(dialogue: &mut Dialogue<'_>, setting: &mut Setting<'_>) -> Result<(), Stop> {
    speak("LHLO", dialogue, setting)
}

fn speak(hello: &str, dialogue: &mut Dialogue<'_>, setting: &mut Setting<'_>) -> Result<(), Stop> {
    let greeting = read(dialogue)?;
    match greeting.code {
        220 => setting.greeting(&greeting.lines),
        // 421: not now; 554: not you.
        400..=599 => {
            setting.greeting(&greeting.lines);
            return Err(REFUSED);
        }
        _ => return Err(Stop::Strange),
    }
    dialogue.tell(&format!("{hello} {}", our_name(setting.local)))?;
    let offer = read(dialogue)?;
    match offer.code {
        250 if offer.has("STARTTLS") => {}
        250 => return Err(NOT_OFFERED),
        _ => return Err(not_understood(hello, &greeting)),
    }
    dialogue.tell("STARTTLS")?;
    match read(dialogue)?.code {
        220 => Ok(()),
        _ => Err(REFUSED),
    }
}

/// An address literal: this machine may have no name that anybody knows.
fn our_name(local: IpAddr) -> String {
    match local {
        IpAddr::V4(address) => format!("[{address}]"),
        IpAddr::V6(address) => format!("[IPv6:{address}]"),
    }
}

/// Servers of SMTP say so in their greeting. An old one knows no `EHLO`, and so no TLS.
fn not_understood(hello: &str, greeting: &Reply) -> Stop {
    if hello == "EHLO" && greeting.mentions("SMTP") { NOT_OFFERED } else { OTHER_220 }
}
