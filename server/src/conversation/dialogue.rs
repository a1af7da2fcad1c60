//! What is said in clear before TLS: lines and octets, within limits.
//!
//! A line ends with LF, with or without CR before it. Refused are lines above 4 KiB, more than 200 lines, more than 64 KiB in all, and whatever
//! does not come within the time for a step, which begins when something is awaited: one octet now and then does not keep it alive. Nothing is
//! written that holds a control character. The other end is a [`Transport`], so that the readers of all protocols work on plain bytes too.

use std::time::{Duration, Instant};

use certwright_protocol::conversation::PlainProtocol;

use super::seconds;
use super::wire::{Lost, looks_like, may_be_tls};
use super::words::{MOST_SHOWN, cleaned};

/// Octets of a line at most, its end included.
const MOST_OF_A_LINE: usize = 4 * 1024;
/// Lines at most.
const MOST_LINES: usize = 200;
/// Octets at most, unless a protocol wants fewer.
const MOST_OCTETS: usize = 64 * 1024;
/// Enough of the beginning to know a protocol by.
const HEAD: usize = 512;

/// What a dialogue is held over.
pub(super) trait Transport {
    /// Reads at least one octet, or says why none comes.
    fn take(&mut self, buffer: &mut [u8], until: Instant) -> Result<usize, Lost>;
    /// Writes all of them.
    fn put(&mut self, octets: &[u8], until: Instant) -> Result<(), Lost>;
}

/// Why a dialogue does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The other side said nothing, or not enough, in so many seconds.
    TimedOut(u32),
    /// The other side hung up.
    HungUp,
    /// It said more than is read, or what was to be written may not be.
    TooMuch,
}

/// See the module.
pub(super) struct Dialogue<'t> {
    transport: &'t mut dyn Transport,
    /// Read and not yet taken.
    buffer: Vec<u8>,
    octets: usize,
    most: usize,
    lines: usize,
    deadline: Instant,
    step: Duration,
    until: Instant,
    begun: Instant,
    head: Vec<u8>,
    last: Vec<u8>,
}

impl<'t> Dialogue<'t> {
    /// Begins with waiting. Every step may take `step`, and nothing goes on after `deadline`.
    pub(super) fn new(transport: &'t mut dyn Transport, step: Duration, deadline: Instant) -> Self {
        let now = Instant::now();
        Self {
            transport,
            buffer: Vec::new(),
            octets: 0,
            most: MOST_OCTETS,
            lines: 0,
            deadline,
            step,
            until: deadline.min(now + step),
            begun: now,
            head: Vec::new(),
            last: Vec::new(),
        }
    }

    /// Reads no more octets than this in all.
    pub(super) fn at_most(mut self, octets: usize) -> Self {
        self.most = octets;
        self
    }

    /// Writes a line, and begins to wait for what is answered.
    pub(super) fn tell(&mut self, line: &str) -> Result<(), Trouble> {
        // Hosts were checked when they came in; this is where a line feed would do its harm.
        if line.chars().any(char::is_control) {
            return Err(Trouble::TooMuch);
        }
        self.send(format!("{line}\r\n").as_bytes())
    }

    /// Writes octets, and begins to wait for what is answered.
    pub(super) fn send(&mut self, octets: &[u8]) -> Result<(), Trouble> {
        self.begun = Instant::now();
        self.until = self.deadline.min(self.begun + self.step);
        self.transport.put(octets, self.until).map_err(|lost| self.trouble(lost))
    }

    /// The next line, without its end.
    pub(super) fn line(&mut self) -> Result<Vec<u8>, Trouble> {
        let mut looked_at = 0;
        let end = loop {
            let fresh = self.buffer.get(looked_at..).unwrap_or_default();
            if let Some(end) = fresh.iter().position(|&octet| octet == b'\n') {
                break looked_at + end;
            }
            looked_at = self.buffer.len();
            if looked_at >= MOST_OF_A_LINE {
                return Err(Trouble::TooMuch);
            }
            self.more()?;
        };
        self.count()?;
        if end >= MOST_OF_A_LINE {
            return Err(Trouble::TooMuch);
        }
        let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
        line.pop();
        line.pop_if(|octet| *octet == b'\r');
        self.last.clone_from(&line);
        Ok(line)
    }

    /// The next octets, exactly so many.
    pub(super) fn octets(&mut self, count: usize) -> Result<Vec<u8>, Trouble> {
        if count > self.most {
            return Err(Trouble::TooMuch);
        }
        while self.buffer.len() < count {
            self.more()?;
        }
        Ok(self.buffer.drain(..count).collect())
    }

    /// The next octets up to and including `end`, at most as many as a line may have.
    pub(super) fn through(&mut self, end: u8) -> Result<Vec<u8>, Trouble> {
        loop {
            let end = self.buffer.iter().take(MOST_OF_A_LINE).position(|&octet| octet == end);
            if let Some(end) = end {
                self.count()?;
                return Ok(self.buffer.drain(..=end).collect());
            }
            if self.buffer.len() >= MOST_OF_A_LINE {
                return Err(Trouble::TooMuch);
            }
            self.more()?;
        }
    }

    /// Waits for the rest of a line, if text has come where octets were expected: enough to know the protocol by may be on its way.
    pub(super) fn hear_out(&mut self) {
        if self.head.first().is_some_and(|octet| (b' '..=b'~').contains(octet)) {
            // What it is shows in the first octets.
            let _ = self.line();
        }
    }

    /// Takes what has been read for what the other side said last, where it does not come in lines.
    pub(super) fn note(&mut self, said: &[u8]) {
        self.last = said.to_vec();
    }

    /// What the other side said last, fit to be shown.
    pub(super) fn said(&self) -> String {
        cleaned(if self.last.is_empty() { &self.buffer } else { &self.last }, MOST_SHOWN)
    }

    /// What the first octets look like.
    pub(super) fn looks_like(&self) -> PlainProtocol {
        looks_like(&self.head)
    }

    /// Whether the first octets are those of a TLS record.
    pub(super) fn is_tls(&self) -> bool {
        self.head.len() >= 2 && may_be_tls(&self.head)
    }

    /// Whether anything was read at all.
    pub(super) fn heard_nothing(&self) -> bool {
        self.octets == 0
    }

    /// What was read and not taken.
    pub(super) fn into_rest(self) -> Vec<u8> {
        self.buffer
    }

    fn count(&mut self) -> Result<(), Trouble> {
        self.lines += 1;
        if self.lines > MOST_LINES { Err(Trouble::TooMuch) } else { Ok(()) }
    }

    fn more(&mut self) -> Result<(), Trouble> {
        if self.octets >= self.most {
            return Err(Trouble::TooMuch);
        }
        let mut buffer = [0; 4096];
        let room = self.most.saturating_sub(self.octets).min(buffer.len());
        let place = buffer.get_mut(..room).unwrap_or_default();
        let read = self.transport.take(place, self.until).map_err(|lost| self.trouble(lost))?;
        let fresh = place.get(..read).unwrap_or_default();
        self.octets += fresh.len();
        self.buffer.extend_from_slice(fresh);
        let room = HEAD.saturating_sub(self.head.len());
        self.head.extend(fresh.iter().take(room));
        Ok(())
    }

    fn trouble(&self, lost: Lost) -> Trouble {
        match lost {
            Lost::TimedOut => Trouble::TimedOut(seconds(self.begun.elapsed())),
            Lost::Closed | Lost::Reset => Trouble::HungUp,
        }
    }
}

/// An end that says what was written down before, in pieces, and then hangs up.
#[cfg(any(test, fuzzing))]
pub(super) struct Script {
    pieces: std::collections::VecDeque<Vec<u8>>,
    pub(super) written: Vec<u8>,
}

#[cfg(any(test, fuzzing))]
impl Script {
    pub(super) fn new(pieces: &[&[u8]]) -> Self {
        let said = pieces.iter().filter(|piece| !piece.is_empty());
        Self { pieces: said.map(|piece| piece.to_vec()).collect(), written: Vec::new() }
    }
}

#[cfg(any(test, fuzzing))]
impl Transport for Script {
    fn take(&mut self, buffer: &mut [u8], _: Instant) -> Result<usize, Lost> {
        let Some(mut piece) = self.pieces.pop_front() else { return Err(Lost::Closed) };
        let rest = piece.split_off(piece.len().min(buffer.len()));
        if !rest.is_empty() {
            self.pieces.push_front(rest);
        }
        for (place, octet) in buffer.iter_mut().zip(&piece) {
            *place = *octet;
        }
        Ok(piece.len())
    }

    fn put(&mut self, octets: &[u8], _: Instant) -> Result<(), Lost> {
        self.written.extend_from_slice(octets);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<T>(pieces: &[&[u8]], act: impl FnOnce(&mut Dialogue<'_>) -> T) -> T {
        let mut script = Script::new(pieces);
        let second = Duration::from_secs(1);
        act(&mut Dialogue::new(&mut script, second, Instant::now() + second))
    }

    #[test]
    fn lines_come_in_pieces_and_several_at_once() {
        with(&[b"a", b"b\r", b"\nc\n\nd"], |dialogue| {
            assert_eq!(dialogue.line(), Ok(b"ab".to_vec()));
            assert_eq!(dialogue.line(), Ok(b"c".to_vec()));
            assert_eq!(dialogue.said(), "c");
            assert_eq!(dialogue.line(), Ok(Vec::new()));
            assert_eq!(dialogue.line(), Err(Trouble::HungUp));
            assert_eq!(dialogue.octets(1), Ok(b"d".to_vec()));
        });
    }

    #[test]
    fn too_long_too_many_too_much() {
        let fits = [b"x".repeat(MOST_OF_A_LINE - 1), b"\n".to_vec()].concat();
        assert!(with(&[&fits], |dialogue| dialogue.line()).is_ok());
        let long = [b"x".repeat(MOST_OF_A_LINE), b"\n".to_vec()].concat();
        assert_eq!(with(&[&long], |dialogue| dialogue.line()), Err(Trouble::TooMuch));
        with(&[&b"x\n".repeat(MOST_LINES + 1)], |dialogue| {
            assert!((0..MOST_LINES).all(|_| dialogue.line().is_ok()));
            assert_eq!(dialogue.line(), Err(Trouble::TooMuch));
        });
        with(&[&[b"x".repeat(1000), b"\n".to_vec()].concat().repeat(100)], |dialogue| {
            let read = (0..100).take_while(|_| dialogue.line().is_ok()).count();
            assert_eq!(read, MOST_OCTETS / 1001);
        });
    }

    #[test]
    fn nothing_is_told_with_a_line_feed_in_it() {
        for bad in ["a\r\nb", "a\nb", "a\0b", "\u{85}"] {
            assert_eq!(with(&[], |dialogue| dialogue.tell(bad)), Err(Trouble::TooMuch), "{bad:?}");
        }
    }
}
