//! The messages of a handshake one by one, with their times: what a recorder has on its tape, for a picture.
//!
//! Records in clear are read as they are (RFC 8446 section 5.1, RFC 5246 section 6.2.1); the server's encrypted flight of TLS 1.3 is opened as for the
//! browser's check. What the client says encrypted, and what comes after ChangeCipherSpec in TLS 1.2, is told as encrypted. A message counts for the
//! moment at which its last octet came or went. Where the tape ends in the middle of something, that is left out.

use std::time::Instant;

use aws_lc_rs::aead::{Aad, LessSafeKey, NONCE_LEN};
use certwright_protocol::conversation::{MOST_SEEN, SeenKind, SeenMessage};

use super::{
    APPLICATION_DATA, CHANGE_CIPHER_SPEC, FINISHED, HANDSHAKE, Mark, Record, Recorder, Suite, Tape, nonce,
    plain_handshake, split_messages,
};

const ALERT: u8 = 21;

impl Recorder {
    /// What was said until now, in order of time; empty unless times are kept.
    pub(in super::super) fn seen(&self) -> Vec<SeenMessage> {
        let tape = self.tape();
        let Some(marks) = &tape.marks else { return Vec::new() };
        let now = Instant::now();
        let opener = Opener::new(&tape);
        let read = |from_client: bool, octets: &[u8]| {
            let mut reader = Reader {
                from_client,
                marks,
                opener: opener.as_ref(),
                now,
                seen: Vec::new(),
                begun: Vec::new(),
                opened: 0,
                changed: false,
            };
            reader.read(octets);
            reader.seen
        };
        let mut seen = read(true, &tape.sent);
        seen.extend(read(false, &tape.received));
        // Stable: at the same moment the client spoke first.
        seen.sort_by_key(|message| std::cmp::Reverse(message.before_us));
        seen.truncate(MOST_SEEN);
        seen
    }
}

/// Opens the records of the server's flight.
struct Opener {
    key: LessSafeKey,
    iv: [u8; NONCE_LEN],
}

impl Opener {
    fn new(tape: &Tape) -> Option<Self> {
        if tape.secret.is_empty() {
            return None;
        }
        let (plain, _) = plain_handshake(&tape.received)?;
        let suite = Suite::chosen_by(split_messages(&plain).last()?)?;
        let (key, iv) = suite.keys(&tape.secret)?;
        Some(Self { key, iv })
    }

    /// Content and its type.
    fn open(&self, record: &Record<'_>, number: u64) -> Option<(u8, Vec<u8>)> {
        let mut body = record.body.to_vec();
        let nonce = nonce(&self.iv, number);
        let opened = self.key.open_in_place(nonce, Aad::from(record.header), &mut body).ok()?;
        let end = opened.iter().rposition(|&octet| octet != 0)?;
        Some((*opened.get(end)?, opened.get(..end)?.to_vec()))
    }
}

/// Reads one direction.
struct Reader<'t> {
    from_client: bool,
    marks: &'t [Mark],
    opener: Option<&'t Opener>,
    now: Instant,
    seen: Vec<SeenMessage>,
    /// The beginning of a handshake message whose end has not come.
    begun: Vec<u8>,
    /// Records that were opened.
    opened: u64,
    /// ChangeCipherSpec came, and means something.
    changed: bool,
}

impl Reader<'_> {
    fn read(&mut self, tape: &[u8]) {
        let mut rest = tape;
        while let Some((record, after)) = Record::split(rest) {
            rest = after;
            if self.seen.len() >= MOST_SEEN {
                return;
            }
            let end = tape.len() - rest.len();
            let octets = record.header.len() + record.body.len();
            match record.kind {
                // In TLS 1.3 it means nothing, and everybody sends it.
                CHANGE_CIPHER_SPEC if self.opener.is_some() => {}
                CHANGE_CIPHER_SPEC => {
                    self.changed = true;
                    self.note(end, SeenKind::ChangeCipherSpec, octets);
                }
                HANDSHAKE if self.changed => {
                    self.note(end, SeenKind::Handshake { message: FINISHED, encrypted: true }, octets);
                }
                HANDSHAKE => self.messages(record.body, end, false),
                ALERT if !self.changed => self.alert(record.body, end),
                ALERT | APPLICATION_DATA => self.encrypted(&record, end, octets),
                _ => {}
            }
        }
    }

    /// An encrypted record: opened if it is of the server's flight.
    fn encrypted(&mut self, record: &Record<'_>, end: usize, octets: usize) {
        let opener = self.opener.filter(|_| !self.from_client);
        let opened = opener.and_then(|opener| opener.open(record, self.opened));
        self.opened += u64::from(opened.is_some());
        match opened {
            Some((HANDSHAKE, content)) => self.messages(&content, end, true),
            Some((ALERT, content)) => self.alert(&content, end),
            _ => self.note(end, SeenKind::Encrypted, octets),
        }
    }

    fn alert(&mut self, content: &[u8], end: usize) {
        if let [_, code] = *content {
            self.note(end, SeenKind::Alert { code }, content.len());
        }
    }

    /// The messages that end in this content.
    fn messages(&mut self, content: &[u8], end: usize, encrypted: bool) {
        self.begun.extend_from_slice(content);
        let whole = split_messages(&self.begun);
        let ended: usize = whole.iter().map(Vec::len).sum();
        self.begun.drain(..ended);
        for message in whole {
            let kind = message.first().copied().unwrap_or_default();
            self.note(end, SeenKind::Handshake { message: kind, encrypted }, message.len());
        }
    }

    /// Notes what ended at this place of the tape.
    fn note(&mut self, end: usize, what: SeenKind, octets: usize) {
        if self.seen.len() >= MOST_SEEN {
            return;
        }
        let mark = self.marks.iter().find(|mark| mark.from_client == self.from_client && mark.end >= end);
        let before = mark.map(|mark| self.now.saturating_duration_since(mark.when)).unwrap_or_default();
        self.seen.push(SeenMessage {
            before_us: u64::try_from(before.as_micros()).unwrap_or(u64::MAX),
            from_client: self.from_client,
            what,
            octets: u32::try_from(octets).unwrap_or(u32::MAX),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, body: &[u8]) -> Vec<u8> {
        [&[kind, 3, 3, 0, u8::try_from(body.len()).unwrap()][..], body].concat()
    }

    #[test]
    fn messages_are_told_however_records_cut_them() {
        let recorder = Recorder::new(10_000, true);
        recorder.note_sent(&record(HANDSHAKE, &[1, 0, 0, 2, 9, 9]));
        // A ServerHello in two records and a Certificate in the second, then an end that is missing.
        recorder.note_received(&record(HANDSHAKE, &[2, 0, 0, 3, 1]));
        recorder.note_received(&record(HANDSHAKE, &[1, 1, 11, 0, 0, 1, 7, 14, 0]));
        recorder.note_received(&[record(ALERT, &[2, 40]), vec![22, 3, 3]].concat());
        let seen: Vec<_> =
            recorder.seen().into_iter().map(|seen| (seen.from_client, seen.what, seen.octets)).collect();
        let message = |message| SeenKind::Handshake { message, encrypted: false };
        assert_eq!(
            seen,
            [
                (true, message(1), 6),
                (false, message(2), 7),
                (false, message(11), 5),
                (false, SeenKind::Alert { code: 40 }, 2),
            ]
        );
    }

    #[test]
    fn after_changecipherspec_comes_what_cannot_be_read() {
        let recorder = Recorder::new(10_000, true);
        recorder.note_received(&[record(CHANGE_CIPHER_SPEC, &[1]), record(HANDSHAKE, &[5; 40])].concat());
        let seen: Vec<_> = recorder.seen().into_iter().map(|seen| seen.what).collect();
        let finished = SeenKind::Handshake { message: FINISHED, encrypted: true };
        assert_eq!(seen, [SeenKind::ChangeCipherSpec, finished]);
        assert_eq!(Recorder::new(10_000, false).seen(), []);
    }

    #[test]
    fn many_messages_are_capped() {
        let recorder = Recorder::new(100_000, true);
        for _ in 0..500 {
            recorder.note_received(&record(HANDSHAKE, &[0, 0, 0, 0]));
        }
        assert_eq!(recorder.seen().len(), MOST_SEEN);
    }
}
