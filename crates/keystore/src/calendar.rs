//! A calendar file that reminds of certificates before they expire (iCalendar, RFC 5545).
//!
//! One event for each certificate that stands for an entry, at the second at which it expires, with alarms some days ahead. An event is
//! known by the certificate's fingerprint, so that importing a newer file does not double it. Its texts are in the language that is spoken. Left out: what has expired already, and
//! certificates that are meant never to expire (`99991231235959Z`, RFC 5280 section 4.1.2.5).

use std::collections::{BTreeSet, HashMap};

use certwright_certs::Certificate;
use certwright_language::{self as language, t};

use crate::{
    date::to_basic,
    entry::{Content, Entry},
};

/// Longest line in octets, without its end (RFC 5545, section 3.1).
const MAX_LINE: usize = 75;
/// The time that means "never".
const NEVER: i64 = 253_402_300_799;

/// The calendar of what expires after `now` (Unix seconds): the end-entity's certificate of each key pair and each trusted certificate.
/// Alarms ring `remind_days` before. `None` if nothing expires, since a calendar without events is not allowed.
pub fn to_calendar<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    now: i64,
    remind_days: &[u32],
) -> Option<String> {
    let events = expiring(entries, now);
    if events.is_empty() {
        return None;
    }
    // The earliest alarm first, each once.
    let remind_days: BTreeSet<u32> = remind_days.iter().copied().collect();
    let mut calendar = Calendar(String::new());
    calendar.line("BEGIN:VCALENDAR");
    calendar.line("VERSION:2.0");
    calendar.product("Expiring certificates");
    for (certificate, entries) in &events {
        calendar.event(certificate, entries, now, &remind_days);
    }
    calendar.line("END:VCALENDAR");
    Some(calendar.0)
}

/// Something that is to be done at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// The same for the same event, so that importing a newer file does not double it: letters, digits and `-`.
    pub id: String,
    /// When, Unix seconds.
    pub at: i64,
    /// What, in a line.
    pub summary: String,
    /// More about it.
    pub description: String,
    /// Days before, on which alarms ring.
    pub remind_days: Vec<u32>,
}

/// The calendar of what is to be done after `now` (Unix seconds). `None` if that is nothing.
pub fn to_reminders(reminders: &[Reminder], now: i64) -> Option<String> {
    let mut events: Vec<&Reminder> =
        reminders.iter().filter(|reminder| reminder.at >= now && reminder.at < NEVER).collect();
    events.sort_by_key(|reminder| reminder.at);
    if events.is_empty() {
        return None;
    }
    let mut calendar = Calendar(String::new());
    calendar.line("BEGIN:VCALENDAR");
    calendar.line("VERSION:2.0");
    calendar.product("Reminders");
    for reminder in events {
        let days: BTreeSet<u32> = reminder.remind_days.iter().copied().collect();
        calendar.happening(reminder, now, &days);
    }
    calendar.line("END:VCALENDAR");
    Some(calendar.0)
}

/// Certificates with the entries that they stand for, next to expire first.
fn expiring<'a>(
    entries: impl IntoIterator<Item = &'a Entry>,
    now: i64,
) -> Vec<(&'a Certificate, Vec<&'a Entry>)> {
    let mut events: Vec<(&Certificate, Vec<&Entry>)> = Vec::new();
    let mut positions: HashMap<&[u8], usize> = HashMap::new();
    for entry in entries {
        let Some(certificate) = entry.certificate() else { continue };
        if certificate.not_after() < now || certificate.not_after() >= NEVER {
            continue;
        }
        let at = *positions.entry(certificate.der()).or_insert(events.len());
        match events.get_mut(at) {
            Some((_, entries)) => entries.push(entry),
            None => events.push((certificate, vec![entry])),
        }
    }
    events.sort_by_key(|(certificate, _)| certificate.not_after());
    events
}

struct Calendar(String);

impl Calendar {
    /// What wrote it, with the language in which its texts are (RFC 5545, section 3.7.3).
    fn product(&mut self, what: &str) {
        self.line(&format!("PRODID:-//Certwright//{what}//{}", language::chosen().code().to_uppercase()));
    }

    fn event(
        &mut self,
        certificate: &Certificate,
        entries: &[&Entry],
        now: i64,
        remind_days: &BTreeSet<u32>,
    ) {
        let fingerprint: String =
            certificate.fingerprint_sha256().iter().map(|byte| format!("{byte:02x}")).collect();
        let aliases: Vec<&str> = entries.iter().map(|entry| entry.alias.as_str()).collect();
        let trusted = entries.iter().all(|entry| matches!(entry.content, Content::TrustedCertificate(_)));
        let names = aliases.join("”, “");
        let summary = if trusted {
            t!("Trusted certificate “{names}” expires", names)
        } else {
            t!("Certificate “{names}” expires", names)
        };
        let description = t!(
            "Alias: {aliases}\nSubject: {subject}\nIssuer: {issuer}\nSerial number: {serial}\nSHA-256: {fingerprint}",
            aliases = aliases.join(", "),
            subject = certificate.subject().to_rfc4514(),
            issuer = certificate.issuer().to_rfc4514(),
            serial = certificate.serial_hex(),
            fingerprint
        );
        let at = certificate.not_after();
        let reminder = Reminder { id: fingerprint, at, summary, description, remind_days: Vec::new() };
        self.happening(&reminder, now, remind_days);
    }

    fn happening(&mut self, reminder: &Reminder, now: i64, remind_days: &BTreeSet<u32>) {
        let Reminder { id, at, summary, description, .. } = reminder;
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{}@certwright", to_text(id)));
        self.line(&format!("DTSTAMP:{}", to_basic(now)));
        self.line(&format!("DTSTART:{}", to_basic(*at)));
        self.line(&format!("SUMMARY:{}", to_text(summary)));
        self.line(&format!("DESCRIPTION:{}", to_text(description)));
        self.line("TRANSP:TRANSPARENT");
        for days in remind_days.iter().rev() {
            self.line("BEGIN:VALARM");
            self.line("ACTION:DISPLAY");
            self.line(&format!("TRIGGER:-P{days}D"));
            self.line(&format!("DESCRIPTION:{}", to_text(summary)));
            self.line("END:VALARM");
        }
        self.line("END:VEVENT");
    }

    /// A content line, folded: what is longer goes on behind a line end and a space, never inside of a character.
    fn line(&mut self, line: &str) {
        let mut length = 0;
        for character in line.chars() {
            if length + character.len_utf8() > MAX_LINE {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(character);
            length += character.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// A value of type TEXT (RFC 5545, section 3.3.11). Control characters, which it cannot hold, are left out.
fn to_text(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '\\' | ';' | ',' => text.extend(['\\', character]),
            '\n' => text.push_str("\\n"),
            character if character.is_control() => {}
            character => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        assert_eq!(to_text("a;b,c\\d\r\ne\u{7}“ä”"), "a\\;b\\,c\\\\d\\ne“ä”");
    }

    #[test]
    fn long_lines_are_folded() {
        for text in ["x".repeat(75), "x".repeat(76), "ä".repeat(200), format!("{}🔑", "x".repeat(73))] {
            let mut calendar = Calendar(String::new());
            calendar.line(&text);
            let folded = calendar.0.strip_suffix("\r\n").unwrap_or_default();
            assert!(folded.split("\r\n").all(|line| line.len() <= 75), "{folded:?}");
            assert_eq!(folded.replace("\r\n ", ""), text);
        }
        let mut calendar = Calendar(String::new());
        calendar.line(&"x".repeat(75));
        assert_eq!(calendar.0.len(), 77);
    }
}
