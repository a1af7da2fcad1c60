//! LDAP (RFC 4511 section 4.14): the extended request StartTLS, and its response.
//!
//! The response is BER, of which no more is read than its headers of definite length, the result code and the diagnostic message. Refuses
//! messages above 16 KiB and whatever is no extended response.

use super::{Dialogue, NOT_OFFERED, REFUSED, Setting, Stop};

/// Octets of a message that are read.
const MOST: usize = 16 * 1024;
const OID: &[u8] = b"1.3.6.1.4.1.1466.20037";
const PROTOCOL_ERROR: u8 = 2;

/// Speaks LDAP.
pub(super) fn speak(dialogue: &mut Dialogue<'_>, _: &mut Setting<'_>) -> Result<(), Stop> {
    dialogue.send(&request())?;
    let tag = dialogue.octets(1)?;
    if tag != [0x30] {
        dialogue.hear_out();
        return Err(Stop::Strange);
    }
    let length = length(dialogue)?;
    let message = dialogue.octets(length)?;
    let (code, said) = parse_response(&message).ok_or(Stop::Strange)?;
    dialogue.note(said);
    match code {
        0 => Ok(()),
        // The server knows no such request: RFC 4511 section 4.14.2.
        PROTOCOL_ERROR => Err(NOT_OFFERED),
        _ => Err(REFUSED),
    }
}

/// Message 1: [APPLICATION 23] with the request's name.
fn request() -> Vec<u8> {
    let length = |content: usize| u8::try_from(content).unwrap_or(u8::MAX);
    let mut message =
        vec![0x30, length(OID.len() + 7), 0x02, 1, 1, 0x77, length(OID.len() + 2), 0x80, length(OID.len())];
    message.extend_from_slice(OID);
    message
}

fn length(dialogue: &mut Dialogue<'_>) -> Result<usize, Stop> {
    let first = dialogue.octets(1)?.first().copied().unwrap_or_default();
    let length = match first {
        0..=0x7f => usize::from(first),
        0x81..=0x84 => {
            let octets = dialogue.octets(usize::from(first & 0x7f))?;
            octets.iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet))
        }
        _ => return Err(Stop::Strange),
    };
    if length <= MOST { Ok(length) } else { Err(Stop::Strange) }
}

/// Result code and diagnostic message. A notice of disconnection (RFC 4511 section 4.4.1) has the same form.
fn parse_response(message: &[u8]) -> Option<(u8, &[u8])> {
    let (0x02, _, rest) = element(message)? else { return None };
    let (0x78, response, _) = element(rest)? else { return None };
    let (0x0a, code, rest) = element(response)? else { return None };
    let [code] = code else { return None };
    let (0x04, _, rest) = element(rest)? else { return None };
    let (0x04, said, _) = element(rest)? else { return None };
    Some((*code, said))
}

/// Tag, content, and what follows.
fn element(octets: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = octets.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (octets.iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}
