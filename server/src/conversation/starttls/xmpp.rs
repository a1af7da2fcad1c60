//! XMPP (RFC 6120 sections 4.3 and 5): our stream header, the server's, its features, `starttls`, `proceed`.
//!
//! No XML is parsed: tags are taken one after the other up to their `>`, and known by their local names. That is enough for the few that come
//! here, whose attributes hold no `>`. Refuses streams without the feature, and streams that the server ends with an error.

use super::{Dialogue, NOT_OFFERED, REFUSED, Setting, Stop};
use crate::conversation::dialogue::Trouble;

/// Tags that are read at most for each answer.
const MOST_TAGS: usize = 100;

/// Speaks XMPP as a client does.
pub(super) fn speak_as_client(dialogue: &mut Dialogue<'_>, setting: &mut Setting<'_>) -> Result<(), Stop> {
    speak("jabber:client", dialogue, setting)
}

/// Speaks XMPP as another server does.
pub(super) fn speak_as_server(dialogue: &mut Dialogue<'_>, setting: &mut Setting<'_>) -> Result<(), Stop> {
    speak("jabber:server", dialogue, setting)
}

fn speak(namespace: &str, dialogue: &mut Dialogue<'_>, setting: &mut Setting<'_>) -> Result<(), Stop> {
    let host = setting.host.to_string();
    let harmless = |octet: u8| octet.is_ascii_alphanumeric() || b"-_.:".contains(&octet);
    // Hosts were checked when they came in; this is where a quote would do its harm.
    if !host.bytes().all(harmless) {
        return Err(Stop::Trouble(Trouble::TooMuch));
    }
    let header = format!(
        "<?xml version='1.0'?><stream:stream xmlns='{namespace}' xmlns:stream='http://etherx.jabber.org/streams' to='{host}' version='1.0'>"
    );
    dialogue.send(header.as_bytes())?;
    let mut offered = false;
    let mut inside = false;
    for _ in 0..MOST_TAGS {
        let tag = tag(dialogue)?;
        match (tag.name(), tag.closes) {
            ("stream", false) => setting.greeting(&[&tag.raw]),
            ("starttls", false) => offered |= inside,
            ("features", closes) => {
                if closes || tag.empty {
                    return if offered { ask(dialogue) } else { Err(NOT_OFFERED) };
                }
                inside = true;
            }
            ("error", false) => return Err(ended(dialogue)),
            ("stream", true) => return Err(REFUSED),
            _ => {}
        }
    }
    Err(Stop::Strange)
}

fn ask(dialogue: &mut Dialogue<'_>) -> Result<(), Stop> {
    dialogue.send(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")?;
    let tag = tag(dialogue)?;
    match tag.name() {
        "proceed" if tag.empty => Ok(()),
        // An empty element may be written with a closing tag.
        "proceed" => match self::tag(dialogue)? {
            tag if tag.name() == "proceed" && tag.closes => Ok(()),
            _ => Err(Stop::Strange),
        },
        "failure" => Err(REFUSED),
        "error" => Err(ended(dialogue)),
        _ => Err(Stop::Strange),
    }
}

/// The first element in a stream error says which one it is: `host-unknown`.
fn ended(dialogue: &mut Dialogue<'_>) -> Stop {
    if let Ok(reason) = tag(dialogue) {
        let name = reason.name().to_owned();
        dialogue.note(name.as_bytes());
    }
    REFUSED
}

/// A tag: `<name …>`, `<name …/>` or `</name>`.
struct Tag {
    raw: Vec<u8>,
    closes: bool,
    empty: bool,
}

impl Tag {
    /// Its name without prefix.
    fn name(&self) -> &str {
        let inner = self.raw.strip_prefix(b"<").unwrap_or(&self.raw);
        let inner = inner.strip_prefix(b"/").unwrap_or(inner);
        let end = inner.iter().position(|octet| matches!(octet, b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'>'));
        let name = inner.get(..end.unwrap_or(inner.len())).unwrap_or_default();
        let name = name.rsplit(|&octet| octet == b':').next().unwrap_or_default();
        str::from_utf8(name).unwrap_or_default()
    }
}

/// The next tag. Text before it is passed over, but must not be anything else than text.
fn tag(dialogue: &mut Dialogue<'_>) -> Result<Tag, Stop> {
    let octets = dialogue.through(b'>')?;
    let start = octets.iter().position(|&octet| octet == b'<').ok_or(Stop::Strange)?;
    let raw = octets.get(start..).unwrap_or_default().to_vec();
    dialogue.note(&raw);
    Ok(Tag { closes: raw.starts_with(b"</"), empty: raw.ends_with(b"/>"), raw })
}
