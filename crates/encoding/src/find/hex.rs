//! Hex of DER: with or without blanks, colons, commas, `0x`, `\x`; and dumps with offsets as `xxd`, `hexdump`, `od -tx1`, `certutil` and
//! Wireshark print them.
//!
//! The header of the DER tells how many digits belong to it. In a dump the offset of a line is checked against what was read before, which
//! also tells where the column of characters begins. Refused: offsets that do not go on.

use zeroize::Zeroizing;

use super::bare::{is_encoding, size_of};

/// Whether hex of DER may begin here: a dump's first line, or `30` and a length.
pub(super) fn may_begin(text: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    let after_mark = matches!(before, Some(b'x' | b'X' | b'\'' | b'"'));
    text.get(at) == Some(&b'3') && (before.is_none_or(|octet| !octet.is_ascii_alphanumeric()) || after_mark)
}

/// The octets of hex that begins at `at`, how many characters it takes, and whether it is a dump.
/// `work` counts the octets that were decoded, whether for good or in vain.
pub(super) fn parse_at(
    text: &[u8],
    rest: &[u8],
    at: usize,
    work: &mut usize,
) -> Option<(Zeroizing<Vec<u8>>, usize, bool)> {
    if at.checked_sub(1).is_none_or(|before| text.get(before) == Some(&b'\n'))
        && let Some((octets, length)) = parse_dump(rest)
    {
        return Some((octets, length, true));
    }
    if !may_begin(text, at) {
        return None;
    }
    let (octets, length) = parse_digits(rest, work)?;
    is_encoding(&octets).then_some((octets, length, false))
}

/// Digits with separators between octets.
fn parse_digits(rest: &[u8], work: &mut usize) -> Option<(Zeroizing<Vec<u8>>, usize)> {
    // Cheap for what is not hex: every line of a text comes here.
    if !matches!(rest, [b'3', b'0', ..]) {
        return None;
    }
    let mut octets = Zeroizing::new(Vec::new());
    let mut wanted = usize::MAX;
    let mut at = 0;
    while octets.len() < wanted {
        at += separator(rest.get(at..)?);
        let (Some(high), Some(low)) = (digit(rest.get(at)), digit(rest.get(at + 1))) else { break };
        octets.push(high << 4 | low);
        at += 2;
        if octets.len() == 6 {
            wanted = size_of(&octets)?;
            octets.reserve_exact(wanted.min(rest.len() / 2).saturating_sub(6));
        }
    }
    *work += octets.len();
    (octets.len() == wanted).then_some((octets, at))
}

/// How many characters stand between two octets.
fn separator(text: &[u8]) -> usize {
    let blank =
        |octet: &u8| octet.is_ascii_whitespace() || matches!(octet, b':' | b',' | b';' | b'-' | b'"' | b'\'');
    let blanks = text.iter().take(64).take_while(|octet| blank(octet)).count();
    let mark = match text.get(blanks..) {
        Some([b'0', b'x' | b'X', ..] | [b'\\', b'x' | b'X', ..]) => 2,
        _ => 0,
    };
    blanks + mark
}

/// Lines that begin with an offset.
fn parse_dump(rest: &[u8]) -> Option<(Zeroizing<Vec<u8>>, usize)> {
    let (first_offset, _) = offset_of(rest)?;
    if first_offset.iter().any(|digit| *digit != b'0') {
        return None;
    }
    let mut octets = Zeroizing::new(Vec::new());
    let mut words_swapped = false;
    let mut at = 0;
    let mut per_line = None;
    loop {
        let line = line_at(rest, at);
        let Some((offset, body)) = offset_of(line) else { break };
        if !goes_on(offset, octets.len()) {
            break;
        }
        let next = line_at(rest, at + line.len() + 1);
        // How many octets a line has is what the next one's offset says.
        let until = offset_of(next).and_then(|(offset, _)| offset_value(offset, octets.len()));
        let count = match until {
            Some(until) => until.checked_sub(octets.len())?,
            None => per_line.unwrap_or(16),
        };
        if octets.is_empty() {
            words_swapped = is_swapped(body);
        }
        let before = octets.len();
        take_octets(body, count, words_swapped, &mut octets);
        per_line = per_line.or(Some(octets.len() - before));
        at += line.len() + 1;
        if octets.len() == before || (until.is_some() && octets.len() - before != count) {
            break;
        }
    }
    let size = size_of(&octets)?;
    octets.truncate(size);
    (octets.len() == size && is_encoding(&octets)).then_some((octets, at.min(rest.len())))
}

fn line_at(text: &[u8], at: usize) -> &[u8] {
    let rest = text.get(at..).unwrap_or_default();
    rest.split(|octet| *octet == b'\n').next().unwrap_or_default()
}

/// The digits of an offset at the beginning of a line, and what follows them.
fn offset_of(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let blanks = line.iter().take_while(|octet| **octet == b' ').count();
    let line = line.get(blanks..)?;
    let digits = line.iter().take_while(|octet| octet.is_ascii_hexdigit()).count();
    let (offset, rest) = line.split_at_checked(digits).filter(|_| (4..=16).contains(&digits))?;
    let rest = rest.strip_prefix(b":").unwrap_or(rest);
    matches!(rest, [b' ' | b'\t', ..]).then_some((offset, rest))
}

/// Whether an offset is that of the octet after `now` others.
fn goes_on(digits: &[u8], now: usize) -> bool {
    let text = core::str::from_utf8(digits).unwrap_or_default();
    [16, 8, 10].into_iter().any(|base| usize::from_str_radix(text, base) == Ok(now))
}

/// The value of an offset, hex or (for `od`) octal or decimal: whichever goes on from `now` by no more than a line has.
fn offset_value(digits: &[u8], now: usize) -> Option<usize> {
    const LONGEST_LINE: usize = 256;
    let text = core::str::from_utf8(digits).ok()?;
    let fits = |value: &usize| (now + 1..=now + LONGEST_LINE).contains(value);
    let in_base = |base| usize::from_str_radix(text, base).ok().filter(fits);
    // Near the beginning all bases may fit; a line of 16 is the rule.
    let all = [16, 8, 10].map(in_base);
    all.into_iter().flatten().find(|value| *value == now + 16).or_else(|| all.into_iter().flatten().next())
}

/// `hexdump` without options prints words of the machine, which are the wrong way round.
fn is_swapped(body: &[u8]) -> bool {
    let word = body.trim_ascii_start();
    matches!(word, [b'8', _, b'3', b'0', b' ', ..])
}

/// Takes up to `count` octets from words of hex; two blanks and something else, or `|`, begin the characters.
fn take_octets(body: &[u8], count: usize, swapped: bool, octets: &mut Vec<u8>) {
    let mut left = count;
    for word in
        body.split(|octet| matches!(octet, b' ' | b'\t' | b'-' | b'\r')).filter(|word| !word.is_empty())
    {
        let pairs: Option<Vec<u8>> =
            word.chunks(2).map(|pair| Some(digit(pair.first())? << 4 | digit(pair.get(1))?)).collect();
        let Some(mut pairs) = pairs.filter(|pairs| pairs.len() <= left) else { return };
        if swapped && pairs.len() == 2 {
            pairs.reverse();
        }
        left -= pairs.len();
        octets.append(&mut pairs);
        if left == 0 {
            return;
        }
    }
}

fn digit(octet: Option<&u8>) -> Option<u8> {
    octet.and_then(|octet| char::from(*octet).to_digit(16)).and_then(|value| u8::try_from(value).ok())
}
