//! Reads the messages out of recorded WebSocket bytes (RFC 6455 section 5), one direction at a time.
//!
//! Frames of the browser are unmasked. A frame that was cut off gives what there is of it: nothing that crossed the wire is
//! passed over.

/// The messages in the bytes that follow the HTTP upgrade. Control frames are messages of their own here.
pub fn messages(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut found: Vec<Vec<u8>> = Vec::new();
    let mut open: Option<Vec<u8>> = None;
    while let Some((frame, rest)) = frame(bytes) {
        bytes = rest;
        match (frame.opcode, open.take()) {
            (0x8.., before) => {
                found.push(frame.payload);
                open = before;
            }
            (_, before) => {
                let mut message = before.unwrap_or_default();
                message.extend(frame.payload);
                if frame.is_last { found.push(message) } else { open = Some(message) }
            }
        }
    }
    found.extend(open);
    found
}

struct Frame {
    opcode: u8,
    is_last: bool,
    payload: Vec<u8>,
}

fn frame(bytes: &[u8]) -> Option<(Frame, &[u8])> {
    let (&[first, second], mut rest) = bytes.split_first_chunk()?;
    let length = match second & 0x7f {
        126 => {
            let (length, after) = rest.split_first_chunk()?;
            rest = after;
            u64::from(u16::from_be_bytes(*length))
        }
        127 => {
            let (length, after) = rest.split_first_chunk()?;
            rest = after;
            u64::from_be_bytes(*length)
        }
        short => u64::from(short),
    };
    let mut mask = [0; 4];
    if second & 0x80 != 0 {
        let (key, after) = rest.split_first_chunk()?;
        (mask, rest) = (*key, after);
    }
    let length = usize::try_from(length).unwrap_or(usize::MAX).min(rest.len());
    let (payload, rest) = rest.split_at(length);
    let payload = payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    Some((Frame { opcode: first & 0x0f, is_last: first & 0x80 != 0, payload }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 6455 section 5.7.
    #[test]
    fn examples_of_the_standard() {
        assert_eq!(messages(b"\x81\x05Hello"), [b"Hello"]);
        assert_eq!(messages(b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"), [b"Hello"]);
        assert_eq!(messages(b"\x01\x03Hel\x80\x02lo"), [b"Hello"]);
        let mut long = b"\x82\x7e\x01\x00".to_vec();
        long.extend([7; 256]);
        assert_eq!(messages(&long), [[7; 256]]);
        let mut longer = b"\x82\x7f\0\0\0\0\0\x01\0\0".to_vec();
        longer.extend(vec![7; 65536]);
        assert_eq!(messages(&longer), [vec![7; 65536]]);
    }

    #[test]
    fn a_ping_within_a_message_does_not_end_it() {
        let found = messages(b"\x01\x03Hel\x89\x01!\x80\x02lo");
        assert_eq!(found, [b"!".to_vec(), b"Hello".to_vec()]);
    }

    #[test]
    fn what_was_cut_off_is_still_seen() {
        assert_eq!(messages(b"\x81\x05Hel"), [b"Hel"]);
        assert_eq!(messages(b"\x01\x03Hel\x80\x05l"), [b"Hell"]);
        assert_eq!(messages(b"\x81"), Vec::<Vec<u8>>::new());
    }
}
