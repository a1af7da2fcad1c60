//! MySQL and MariaDB (MySQL internals, "Connection Phase"): the server's greeting with its capabilities, then an SSLRequest. TLS begins without
//! an answer to that.
//!
//! Refuses servers without the capability CLIENT_SSL, protocol versions other than 10, and passes on errors such as "Host is blocked".

use super::{Dialogue, NOT_OFFERED, REFUSED, Setting, Stop};

/// Octets of a greeting that are read.
const MOST: usize = 4096;
const CLIENT_SSL: u32 = 0x0800;
/// What a client of today says: long passwords, protocol 4.1, TLS, secure connections, authentication plugins.
const CAPABILITIES: u32 = 0x0001 | 0x0200 | CLIENT_SSL | 0x8000 | 0x0008_0000;
/// `utf8mb4_general_ci`.
const CHARACTER_SET: u8 = 45;

/// Speaks MySQL.
pub(super) fn speak(dialogue: &mut Dialogue<'_>, setting: &mut Setting<'_>) -> Result<(), Stop> {
    let header = dialogue.octets(4)?;
    let [low, middle, high, number] = *header.as_slice() else { return Err(Stop::Strange) };
    let length = u32::from_le_bytes([low, middle, high, 0]) as usize;
    if number != 0 || !(1..=MOST).contains(&length) {
        dialogue.hear_out();
        return Err(Stop::Strange);
    }
    let packet = dialogue.octets(length)?;
    match packet.split_first() {
        Some((10, greeting)) => {
            let (version, capabilities) = parse_greeting(greeting).ok_or(Stop::Strange)?;
            dialogue.note(version);
            setting.greeting(&[version]);
            if capabilities & CLIENT_SSL == 0 {
                return Err(NOT_OFFERED);
            }
        }
        Some((0xff, error)) => {
            let said = error.get(2..).unwrap_or_default();
            dialogue.note(said);
            setting.greeting(&[said]);
            return Err(REFUSED);
        }
        _ => return Err(Stop::Strange),
    }
    dialogue.send(&ssl_request())?;
    Ok(())
}

/// The version, and the capabilities' lower half, where CLIENT_SSL is.
fn parse_greeting(greeting: &[u8]) -> Option<(&[u8], u32)> {
    let end = greeting.iter().position(|&octet| octet == 0)?;
    let (version, rest) = greeting.split_at_checked(end)?;
    // The end of the string, the connection's number, eight octets of salt, a filler.
    let low = rest.get(1 + 4 + 8 + 1..)?.first_chunk()?;
    Some((version, u16::from_le_bytes(*low).into()))
}

/// A packet of 32 octets with number 1: capabilities, largest packet, character set, filler.
fn ssl_request() -> Vec<u8> {
    let mut packet = vec![32, 0, 0, 1];
    packet.extend(CAPABILITIES.to_le_bytes());
    packet.extend((1_u32 << 24).to_le_bytes());
    packet.push(CHARACTER_SET);
    packet.extend([0; 23]);
    packet
}
