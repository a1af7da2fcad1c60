//! What peers say in clear, made fit to be shown: no control characters, no direction marks, and no more of it than is needed.

/// Characters of one line that are shown at most.
pub(super) const MOST_SHOWN: usize = 200;

/// The octets as text: what is not UTF-8, and every control or formatting character, becomes one blank or nothing; cut after `most` characters.
pub(super) fn cleaned(octets: &[u8], most: usize) -> String {
    // Four octets a character at the most, so that nothing long is gone through.
    let octets = octets.get(..most.saturating_mul(4)).unwrap_or(octets);
    let text = String::from_utf8_lossy(octets);
    let shown = text.chars().map(|c| if is_invisible(c) { ' ' } else { c }).take(most);
    shown.collect::<String>().trim().to_owned()
}

/// Control characters, and those of Unicode that turn the direction of text around or have no width.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_text_is_left() {
        assert_eq!(cleaned(b"220 mail.example ESMTP\r\n", 200), "220 mail.example ESMTP");
        assert_eq!(cleaned(b"\x1b[31mred\x07\0", 200), "[31mred");
        assert_eq!(cleaned("a\u{202e}b".as_bytes(), 200), "a b");
        assert_eq!(cleaned(&[0xff, b'a'], 200), "\u{fffd}a");
        assert_eq!(cleaned(&b"x".repeat(10_000), 200).len(), 200);
    }
}
