//! `SmtpUTF8Mailbox` (RFC 8398 section 3): a mailbox with characters beyond ASCII, as another name of a certificate.

use certwright_certs::GeneralName;
use const_oid::ObjectIdentifier;

const SMTP_UTF8_MAILBOX: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.8.9");
const UTF8_STRING: u8 = 0x0c;

/// The mailbox, if the name is a well-formed one of this kind.
pub(crate) fn smtp_utf8_mailbox(name: &GeneralName) -> Option<&str> {
    let GeneralName::Other { oid, value } = name else { return None };
    if *oid != SMTP_UTF8_MAILBOX {
        return None;
    }
    let text = match value.as_slice() {
        [UTF8_STRING, length @ 0..=127, text @ ..] if usize::from(*length) == text.len() => text,
        [UTF8_STRING, 0x81, length @ 128..=255, text @ ..] if usize::from(*length) == text.len() => text,
        // The longest mailbox has 64 octets before the `@` and 255 after it (RFC 5321 section 4.5.3.1).
        [UTF8_STRING, 0x82, high @ 1..=255, low, text @ ..]
            if usize::from(u16::from_be_bytes([*high, *low])) == text.len() =>
        {
            text
        }
        _ => return None,
    };
    core::str::from_utf8(text).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]
    use super::*;
    use certwright_certs::Oid;

    #[test]
    fn values() {
        let name = |value: &[u8]| GeneralName::Other { oid: SMTP_UTF8_MAILBOX.into(), value: value.to_vec() };
        assert_eq!(smtp_utf8_mailbox(&name("\x0c\x06ü@a.b".as_bytes())), Some("ü@a.b"));
        let long = format!("{}@example.com", "ü".repeat(60));
        let mut value = vec![0x0c, 0x81, u8::try_from(long.len()).unwrap()];
        value.extend(long.as_bytes());
        assert_eq!(smtp_utf8_mailbox(&name(&value)), Some(long.as_str()));
        for broken in [&b""[..], b"\x0c\x05a@b", b"\x16\x03a@b", b"\x0c\x01\xff"] {
            assert_eq!(smtp_utf8_mailbox(&name(broken)), None);
        }
        let other = GeneralName::Other { oid: Oid::parse_dotted("1.2.3").unwrap(), value: vec![0x0c, 0] };
        assert_eq!(smtp_utf8_mailbox(&other), None);
    }
}
