//! Finding encodings in any text: what people copy from terminals, headers, configuration files and tickets.
//!
//! Looks for PEM, base64 and hex, each of which says itself where it ends, so that anything may stand around them. Three wrappings are taken
//! off first, line by line: percent-encoding (RFC 3986; nginx, AWS and Envoy send PEM so), base64url of JOSE headers (RFC 7515), and base64 of
//! PEM (Kubernetes). The text is named by what stands around the pieces ([`Form`]).
//!
//! Never fails. Takes time linear in the text; stops at [`MAX_PIECES`]. What only looks like base64 or hex and is no whole encoding is passed over;
//! broken PEM is told.

mod bare;
mod form;
mod hex;
mod percent;

use zeroize::Zeroizing;

use crate::base64::parse_base64;
use crate::pem::{BrokenBlock, PemBlock, parse_pem};
use crate::text::{utf16_to_utf8, without_mark};

pub use form::Form;

/// Most pieces that are taken out of one text.
pub const MAX_PIECES: usize = 10_000;
/// How often a wrapping is taken off what was wrapped.
const MAX_WRAPPINGS: usize = 3;

/// What was found in a text.
#[derive(Debug)]
pub struct Found {
    /// What the text is.
    pub form: Form,
    /// The encodings in the order in which they stand.
    pub pieces: Vec<Piece>,
    /// PEM blocks that cannot be read; their offsets count in the text after unwrapping.
    pub broken: Vec<BrokenPiece>,
    /// Whether there are more than [`MAX_PIECES`].
    pub cut: bool,
}

/// An encoding that was found.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The octets, wiped on drop, since they may be a key.
    pub octets: Zeroizing<Vec<u8>>,
    /// How it was written.
    pub writing: Writing,
    /// The line in which it begins, from 1.
    pub line: usize,
    /// The field, header or element in which it stands: `tls.crt`, `X-SSL-Client-Cert`, `ds:X509Certificate`.
    pub field: Option<String>,
}

/// How a piece was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Writing {
    /// PEM with its label and headers.
    Pem {
        /// The label.
        label: String,
        /// The headers.
        headers: Vec<(String, String)>,
    },
    /// Base64 without PEM's lines around it.
    Base64,
    /// Hex.
    Hex,
    /// Lines with offsets, as `xxd`, `hexdump` and `od` print them.
    HexDump,
}

/// A PEM block that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenPiece {
    /// The line in which it begins, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub block: BrokenBlock,
}

/// Finds all encodings in a text (UTF-8, Latin-1, or UTF-16 with a byte order mark).
pub fn find(text: &[u8]) -> Found {
    let converted = utf16_to_utf8(text);
    let text = without_mark(converted.as_ref().map_or(text, |text| text.as_slice()));
    let mut search = Search { first_line: 1, ..Search::default() };
    search.text(text, 0);
    let cut = search.pieces.len() >= MAX_PIECES;
    // Wrapped pieces are found before the others.
    search.pieces.sort_by_key(|piece| piece.line);
    let form = Form::of(text, &search);
    Found { form, pieces: search.pieces, broken: search.broken, cut }
}

#[derive(Default)]
struct Search {
    pieces: Vec<Piece>,
    broken: Vec<BrokenPiece>,
    /// Number of the first line of the text that is searched.
    first_line: usize,
    /// The field around the text that is searched, if it was wrapped.
    around: Option<String>,
    percent_encoded: bool,
    jose: bool,
    base64_of_pem: bool,
}

impl Search {
    fn text(&mut self, text: &[u8], wrappings: usize) {
        let mut rest = Zeroizing::new(text.to_vec());
        if wrappings < MAX_WRAPPINGS {
            self.unwrap_lines(&mut rest, wrappings);
        }
        let lines = Lines::of(&rest);
        let blocks = parse_pem(&rest);
        let mut gaps = Vec::new();
        let mut at = 0;
        for block in blocks.blocks {
            gaps.push(at..block.offset);
            at = end_of_block(&rest, block.offset);
            self.pem(block, &lines, &rest);
        }
        gaps.push(at..rest.len());
        // What is in a broken block is not looked for again as bare base64: it would be told twice.
        if !blocks.broken.is_empty() {
            gaps.clear();
        }
        for broken in blocks.broken {
            let line = self.line(&lines, broken.offset);
            self.broken.push(BrokenPiece { line, block: broken });
        }
        // Between blocks stands what programs print about them: signatures in hex are DER too, and nothing of its own.
        let with_hex = gaps.len() < 2;
        for gap in gaps {
            let is_wanted = |run: &bare::Run| with_hex || run.writing == Writing::Base64;
            for run in bare::runs(&rest, gap).into_iter().filter(is_wanted) {
                self.bare(run, &lines, &rest, wrappings);
            }
        }
    }

    /// Takes what is wrapped out of its lines, which become empty.
    fn unwrap_lines(&mut self, text: &mut [u8], wrappings: usize) {
        let (mut start, mut number) = (0, 0);
        while start < text.len() {
            let length =
                text.iter().skip(start).position(|octet| *octet == b'\n').unwrap_or(text.len() - start);
            let Some(line) = text.get_mut(start..start + length) else { return };
            let unwrapped = if let Some(decoded) = percent::decode_line(line) {
                self.percent_encoded = true;
                self.within(number, None, wrappings, &decoded);
                true
            } else {
                let parts = bare::jose_parts(line);
                for (part, _) in &parts {
                    self.jose = true;
                    self.within(number, None, wrappings, part);
                }
                for (_, range) in &parts {
                    line.get_mut(range.clone()).unwrap_or_default().fill(b' ');
                }
                false
            };
            if unwrapped {
                line.fill(b' ');
            }
            start += length + 1;
            number += 1;
        }
    }

    /// Searches a text that was wrapped in line `number` of the present one.
    fn within(&mut self, number: usize, around: Option<String>, wrappings: usize, text: &[u8]) {
        let outer = (self.first_line, self.around.clone(), self.pieces.len());
        self.first_line += number;
        self.around = around.or(self.around.take());
        let line = self.first_line;
        self.text(text, wrappings + 1);
        (self.first_line, self.around) = (outer.0, outer.1);
        for piece in self.pieces.iter_mut().skip(outer.2) {
            piece.line = line;
        }
    }

    fn pem(&mut self, mut block: PemBlock, lines: &Lines, text: &[u8]) {
        if self.pieces.len() >= MAX_PIECES {
            return;
        }
        let octets = Zeroizing::new(core::mem::take(&mut block.der));
        let writing = Writing::Pem {
            label: core::mem::take(&mut block.label),
            headers: core::mem::take(&mut block.headers),
        };
        let field = self.field(text, lines, block.offset);
        self.pieces.push(Piece { octets, writing, line: self.line(lines, block.offset), field });
    }

    fn bare(&mut self, run: bare::Run, lines: &Lines, text: &[u8], wrappings: usize) {
        if self.pieces.len() >= MAX_PIECES {
            return;
        }
        let field = self.field(text, lines, run.offset);
        if run.is_text {
            // Only PEM begins so, and only where there is a wrapping left to take off.
            if wrappings < MAX_WRAPPINGS {
                self.base64_of_pem = true;
                let number = lines.number(run.offset);
                self.within(number, field, wrappings, &run.octets);
            }
            return;
        }
        let line = self.line(lines, run.offset);
        self.pieces.push(Piece { octets: run.octets, writing: run.writing, line, field });
    }

    fn line(&self, lines: &Lines, offset: usize) -> usize {
        self.first_line + lines.number(offset)
    }

    /// The name of the field whose value begins at `offset`, if there is one on the same line.
    fn field(&self, text: &[u8], lines: &Lines, offset: usize) -> Option<String> {
        const LONGEST: usize = 64;
        let line_start = lines.start(offset).max(offset.saturating_sub(512));
        let before = core::str::from_utf8(text.get(line_start..offset)?).ok()?;
        let value = before.trim_end_matches([' ', '\t', '"', '\'', '[', '|', '>', '-']);
        let is_tag = before.trim_end().ends_with('>');
        let name = if is_tag { value } else { value.trim_end_matches([':', '=', ' ', '"', '\'']) };
        if !is_tag && name.len() == value.len() {
            // Nothing that would make it a value: the next one in a list belongs to the field of the one before.
            let in_list = value.trim_end_matches([',', ' ', '"']).is_empty() && !before.trim().is_empty();
            let last = || self.pieces.last().and_then(|piece| piece.field.clone());
            return if in_list { last() } else { self.around.clone() };
        }
        // LDIF says `;binary` behind the attribute.
        let name = name.trim_end_matches(";binary");
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '$' | '@');
        let start = name
            .rfind(|c| !is_part(c))
            .map_or(0, |at| at + name.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8));
        let name = name.get(start..)?.trim_matches([':', ';', '-', '.']);
        let good = (1..=LONGEST).contains(&name.len());
        if good { Some(name.to_owned()) } else { self.around.clone() }
    }
}

/// Where the block that begins at `offset`, and was read, ends.
fn end_of_block(text: &[u8], offset: usize) -> usize {
    const END: &[u8] = b"-----END ";
    const DASHES: &[u8] = b"-----";
    let find = |needle: &[u8], from: usize| {
        let at = text.get(from..)?.windows(needle.len()).position(|window| window == needle)?;
        Some(from + at + needle.len())
    };
    find(END, offset).and_then(|label| find(DASHES, label)).unwrap_or(text.len())
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &[u8]) -> Self {
        let breaks = text.iter().enumerate().filter(|(_, octet)| **octet == b'\n').map(|(at, _)| at + 1);
        Self(core::iter::once(0).chain(breaks).collect())
    }

    /// The number of the line, from 0.
    fn number(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    fn start(&self, offset: usize) -> usize {
        self.0.get(self.number(offset)).copied().unwrap_or_default()
    }
}

/// Base64 of which the decoded text is wanted, if it is base64.
fn decoded(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    parse_base64(text).ok()
}

#[cfg(test)]
mod tests;
