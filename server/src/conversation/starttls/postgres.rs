//! PostgreSQL (its documentation, "Message Flow", section "SSL Session Encryption"): SSLRequest, answered by one octet.
//!
//! `S` agrees, `N` declines; servers from before SSL, and those that take nobody any more, answer with an error message (`E`). Refuses
//! everything else.

use certwright_protocol::conversation::PlainProtocol;

use super::{Dialogue, NOT_OFFERED, REFUSED, Setting, Stop};

/// Length 8, request code 1234 and 5679.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
/// Octets of an error message that are read.
const MOST: usize = 4096;

/// Speaks PostgreSQL.
pub(super) fn speak(dialogue: &mut Dialogue<'_>, _: &mut Setting<'_>) -> Result<(), Stop> {
    dialogue.send(&SSL_REQUEST)?;
    match dialogue.octets(1)?.as_slice() {
        // SSH begins with the same letter.
        b"S" if dialogue.looks_like() != PlainProtocol::Ssh => Ok(()),
        b"N" => Err(NOT_OFFERED),
        b"E" => {
            let said = error(dialogue)?;
            dialogue.note(&said);
            Err(REFUSED)
        }
        _ => {
            dialogue.hear_out();
            Err(Stop::Strange)
        }
    }
}

/// The text of an ErrorResponse: fields of a letter and a string each, `M` for the message. Before version 3 it is a string alone.
fn error(dialogue: &mut Dialogue<'_>) -> Result<Vec<u8>, Stop> {
    let length = dialogue.octets(4)?;
    let length =
        length.iter().fold(0_usize, |sum, octet| sum.saturating_mul(256).saturating_add((*octet).into()));
    let Some(rest) = length.checked_sub(4).filter(|rest| *rest <= MOST) else {
        return Err(Stop::Strange);
    };
    let fields = dialogue.octets(rest)?;
    let message = fields.split(|&octet| octet == 0).find_map(|field| field.strip_prefix(b"M"));
    Ok(message.unwrap_or_default().to_vec())
}
