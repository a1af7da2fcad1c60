//! Reads the server's first flight, from bytes as they come to a [`HelloAnswer`]: handshake messages that are spread over records or share
//! one (RFC 5246 section 7.4), warnings in between, and an end.
//!
//! It refuses messages before the ServerHello that are none, and anything after more octets than its limit. What comes after a good
//! ServerHello can only cut the answer short.

use certwright_protocol::conversation::{HelloAnswer, ServerHelloSeen, TlsVersion};

use super::messages::{
    Reader, parse_certificate_request, parse_chain, parse_server_hello, parse_staple, read_key_exchange,
};
use super::records::{Content, NoRecord, Records};

/// Warnings that are read over at most.
const MOST_WARNINGS: u32 = 16;
const FATAL: u8 = 2;
const CLOSE_NOTIFY: u8 = 0;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::conversation) enum Unreadable {
    /// It is not TLS.
    NotTls,
    /// It is TLS, and against its rules.
    Broken {
        /// How.
        how: String,
    },
}

/// The server's answer as far as it has come.
#[derive(Debug)]
pub(in crate::conversation) struct Flight {
    records: Records,
    /// Handshake messages that are not yet whole.
    messages: Vec<u8>,
    /// How far they have been read.
    at: usize,
    hello: Option<ServerHelloSeen>,
    /// The last warning.
    warning: Option<u8>,
    warnings: u32,
    /// Octets that came so far, and that may come.
    octets: (usize, usize),
    done: Option<HelloAnswer>,
}

impl Flight {
    /// A flight of at most so many octets.
    pub(in crate::conversation) fn new(limit: usize) -> Self {
        Self {
            records: Records::default(),
            messages: Vec::new(),
            at: 0,
            hello: None,
            warning: None,
            warnings: 0,
            octets: (0, limit),
            done: None,
        }
    }

    /// Takes what came. Says whether the answer is there in full: then nothing more is to be read.
    pub(in crate::conversation) fn feed(&mut self, bytes: &[u8]) -> Result<bool, Unreadable> {
        self.octets.0 = self.octets.0.saturating_add(bytes.len());
        self.records.feed(bytes);
        while self.done.is_none() {
            match self.records.next() {
                Ok(Some(record)) => self.record(record.content, &record.payload)?,
                Ok(None) => break,
                Err(NoRecord::Ssl2) => self.done = Some(HelloAnswer::Ssl2),
                Err(_) if self.hello.is_some() => self.stop(),
                Err(NoRecord::NotTls) if self.warning.is_none() && self.messages.is_empty() => {
                    return Err(Unreadable::NotTls);
                }
                Err(NoRecord::NotTls) => return Err(broken("a record of no known kind")),
                Err(NoRecord::TooLong { length }) => {
                    return Err(broken(&format!("a record of {length} octets")));
                }
            }
        }
        if self.done.is_none() && self.octets.0 > self.octets.1 {
            if self.hello.is_none() {
                return Err(broken(&format!("more than {} octets without a ServerHello", self.octets.1)));
            }
            self.stop();
        }
        Ok(self.done.is_some())
    }

    /// The answer, when nothing more comes. `None` if the server has not said anything that is one.
    pub(in crate::conversation) fn finish(mut self) -> Option<HelloAnswer> {
        if self.done.is_none() && self.hello.is_some() {
            self.stop();
        }
        self.done.or(self.warning.map(|code| HelloAnswer::Alert { fatal: false, code }))
    }

    fn record(&mut self, content: Content, payload: &[u8]) -> Result<(), Unreadable> {
        match content {
            Content::Alert => self.alert(payload),
            Content::Handshake => {
                self.messages.drain(..self.at);
                self.at = 0;
                self.messages.extend(payload);
                while self.done.is_none() && self.message()? {}
                Ok(())
            }
            Content::ChangeCipherSpec | Content::Data => {
                if self.hello.is_none() {
                    return Err(broken("something encrypted before the ServerHello"));
                }
                self.stop();
                Ok(())
            }
        }
    }

    fn alert(&mut self, payload: &[u8]) -> Result<(), Unreadable> {
        let &[level, code] = payload else {
            if self.hello.is_none() {
                return Err(broken("an alert that is none"));
            }
            self.stop();
            return Ok(());
        };
        if self.hello.is_some() {
            // A warning such as unrecognized_name may come anywhere; anything else ends the flight.
            if level == FATAL || code == CLOSE_NOTIFY {
                self.stop();
            }
        } else if level == FATAL || code == CLOSE_NOTIFY {
            self.done = Some(HelloAnswer::Alert { fatal: level == FATAL, code });
        } else {
            self.warning = Some(code);
        }
        self.warnings += 1;
        if self.warnings > MOST_WARNINGS && self.done.is_none() {
            return Err(broken("warnings without end"));
        }
        Ok(())
    }

    /// Reads a message, if it is there whole. Says whether there may be more.
    fn message(&mut self) -> Result<bool, Unreadable> {
        let mut reader = Reader::new(self.messages.get(self.at..).unwrap_or_default());
        let (Some(kind), Some(length)) = (reader.number(1), reader.number(3)) else { return Ok(false) };
        let Some(hello) = &mut self.hello else {
            return match (kind, reader.take(length)) {
                // A HelloRequest may come at any time, and means nothing here.
                (0, Some(_)) => {
                    self.at += 4 + length;
                    Ok(true)
                }
                (2, Some(body)) => {
                    let seen =
                        parse_server_hello(body).ok_or_else(|| broken("a ServerHello that is none"))?;
                    let tls13 = seen.version == TlsVersion::Tls13;
                    self.at += 4 + length;
                    self.hello = Some(seen);
                    if tls13 {
                        self.complete();
                    }
                    Ok(true)
                }
                (0 | 2, None) if length <= LONGEST_HELLO => Ok(false),
                _ => Err(broken("no ServerHello")),
            };
        };
        let Some(body) = reader.take(length) else { return Ok(false) };
        match kind {
            11 => hello.chain = parse_chain(body),
            12 => read_key_exchange(body, hello),
            13 => hello.certificate_request = parse_certificate_request(body, hello.version),
            22 => hello.ocsp_staple = parse_staple(body),
            14 => self.complete(),
            // NewSessionTicket, SupplementalData and whatever else: not looked at.
            _ => {}
        }
        self.at += 4 + length;
        Ok(true)
    }

    fn complete(&mut self) {
        let seen = self.hello.take().map(|hello| ServerHelloSeen { complete: true, ..hello });
        self.done = seen.map(|seen| HelloAnswer::ServerHello(Box::new(seen)));
    }

    /// Ends with what is there. Of a chain that did not come to its end, the certificates that did are kept.
    fn stop(&mut self) {
        let Some(mut hello) = self.hello.take() else { return };
        let rest = self.messages.get(self.at..).unwrap_or_default();
        if let ([11, _, _, _, body @ ..], true) = (rest, hello.chain.is_empty()) {
            hello.chain = parse_chain(body);
        }
        self.done = Some(HelloAnswer::ServerHello(Box::new(hello)));
    }
}

/// No ServerHello is longer: extensions fill 65 535 octets at most.
const LONGEST_HELLO: usize = 72 + 2 + 65_535;

fn broken(how: &str) -> Unreadable {
    Unreadable::Broken { how: how.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: usize = 1024 * 1024;

    fn record(kind: u8, payload: &[u8]) -> Vec<u8> {
        let length = u16::try_from(payload.len()).unwrap().to_be_bytes();
        [&[kind, 3, 1], &length[..], payload].concat()
    }

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&[kind], length.get(1..).unwrap(), body].concat()
    }

    fn server_hello(suite: u16) -> Vec<u8> {
        let body = [&[3, 3], &[5; 32][..], &[0], &suite.to_be_bytes(), &[0], &[0, 4, 0, 23, 0, 0]].concat();
        message(2, &body)
    }

    /// ServerHello, Certificate, CertificateStatus, ServerKeyExchange with a group of 1024 bits, CertificateRequest, ServerHelloDone.
    fn flight() -> Vec<u8> {
        let chain = message(11, &[0, 0, 9, 0, 0, 1, 0xaa, 0, 0, 2, 0xbb, 0xbb]);
        let staple = message(22, &[1, 0, 0, 1, 0xcc]);
        let exchange = [&[0, 128], &[0xff; 128][..], &[0, 1, 2, 0, 1, 3], &[2, 1, 0, 1, 0]].concat();
        let request = message(13, &[1, 1, 0, 2, 4, 1, 0, 0]);
        [server_hello(0x0033), chain, staple, message(12, &exchange), request, message(14, &[])].concat()
    }

    fn read(bytes: &[u8], step: usize) -> Result<Option<HelloAnswer>, Unreadable> {
        let mut flight = Flight::new(LIMIT);
        for piece in bytes.chunks(step) {
            if flight.feed(piece)? {
                break;
            }
        }
        Ok(flight.finish())
    }

    fn seen(bytes: &[u8], step: usize) -> ServerHelloSeen {
        match read(bytes, step) {
            Ok(Some(HelloAnswer::ServerHello(seen))) => *seen,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_whole_flight_however_it_is_cut() {
        let messages = flight();
        for fragment in [1, 3, 50, 16_000] {
            let records: Vec<u8> = messages.chunks(fragment).flat_map(|part| record(22, part)).collect();
            for step in [1, 7, 100_000] {
                let seen = seen(&records, step);
                assert!(seen.complete);
                assert_eq!((seen.suite, seen.dh_bits, seen.scheme), (0x0033, Some(1024), Some(0x0201)));
                assert_eq!(seen.chain.len(), 2);
                assert_eq!(seen.ocsp_staple.as_ref().map(|staple| staple.0.as_slice()), Some(&[0xcc][..]));
                assert_eq!(seen.certificate_request.unwrap().schemes, [0x0401]);
                assert_eq!(seen.extensions, [23]);
            }
        }
    }

    #[test]
    fn every_cut_gives_what_is_there() {
        let records: Vec<u8> = flight().chunks(40).flat_map(|part| record(22, part)).collect();
        let mut before = 0;
        for cut in 0..records.len() {
            let told = match read(records.get(..cut).unwrap(), 1000).unwrap() {
                None => 0,
                Some(HelloAnswer::ServerHello(seen)) => {
                    assert!(!seen.complete);
                    1 + seen.chain.len()
                }
                other => panic!("{other:?}"),
            };
            assert!(told >= before, "{cut}");
            before = told;
        }
        assert_eq!(before, 3);
    }

    #[test]
    fn alerts_of_each_number() {
        for code in 0..=255 {
            let alert = HelloAnswer::Alert { fatal: true, code };
            assert_eq!(read(&record(21, &[2, code]), 1), Ok(Some(alert)));
            // A warning, and then the rest.
            let both = [record(21, &[1, code]), record(22, &flight())].concat();
            match read(&both, 9).unwrap() {
                Some(HelloAnswer::Alert { fatal: false, code: 0 }) => assert_eq!(code, 0),
                Some(HelloAnswer::ServerHello(seen)) => assert!(seen.complete && code != 0),
                other => panic!("{other:?}"),
            }
            let warning = HelloAnswer::Alert { fatal: false, code };
            assert_eq!(read(&record(21, &[1, code]), 1), Ok(Some(warning)));
        }
    }

    #[test]
    fn what_is_broken_is_said() {
        let endless: Vec<u8> = (0..100).flat_map(|_| record(21, &[1, 90])).collect();
        for bytes in [
            record(22, &[2, 0, 0, 2, 3, 3]),
            record(22, &[1, 2, 3, 4, 5]),
            record(22, &[2, 0xff, 0xff, 0xff]),
            record(20, &[1]),
            record(21, &[1, 2, 3]),
            endless,
            vec![22, 3, 3, 0xff, 0xff],
            [record(21, &[1, 112]), b"HTTP/1.1".to_vec()].concat(),
        ] {
            assert!(matches!(read(&bytes, 5), Err(Unreadable::Broken { .. })), "{bytes:?}");
        }
        assert_eq!(read(b"SSH-2.0-OpenSSH", 3), Err(Unreadable::NotTls));
        assert_eq!(read(&[], 1), Ok(None));
        assert_eq!(read(&[0x80, 3, 0, 0, 1], 2), Ok(Some(HelloAnswer::Ssl2)));
    }

    #[test]
    fn an_endless_chain_is_cut() {
        let mut bytes = record(22, &server_hello(0x002f));
        let certificate = [&[0, 0x10, 0], &[0x55; 4096][..]].concat();
        let start = [&[11, 0xff, 0xff, 0xff], &[0xff, 0xff, 0xfc][..]].concat();
        bytes.extend(record(22, &start));
        let mut flight = Flight::new(LIMIT);
        assert_eq!(flight.feed(&bytes), Ok(false));
        let mut fed = 0;
        while !flight.feed(&record(22, &certificate)).unwrap() {
            fed += certificate.len();
            assert!(fed <= LIMIT);
        }
        let Some(HelloAnswer::ServerHello(seen)) = flight.finish() else { panic!() };
        assert!(!seen.complete);
        assert_eq!(seen.chain.len(), super::super::messages::MOST_CERTIFICATES);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn garbage_never_panics(bytes: Vec<u8>, step in 1_usize..300) {
            let _ = read(&bytes, step);
        }

        #[test]
        fn garbage_in_records_never_panics(
            parts in proptest::collection::vec((20_u8..=23, proptest::collection::vec(any::<u8>(), 0..200)), 0..8),
            good: bool,
            step in 1_usize..300,
        ) {
            let mut bytes = if good { record(22, &server_hello(0xc02f)) } else { Vec::new() };
            bytes.extend(parts.iter().flat_map(|(kind, payload)| record(*kind, payload)));
            let answer = read(&bytes, step);
            prop_assert!(!good || matches!(answer, Ok(Some(HelloAnswer::ServerHello(_)))));
        }

        #[test]
        fn a_flight_with_one_octet_changed(at in 0_usize..400, to: u8, step in 1_usize..300) {
            let mut bytes: Vec<u8> = flight().chunks(40).flat_map(|part| record(22, part)).collect();
            if let Some(octet) = bytes.get_mut(at) {
                *octet = to;
            }
            let _ = read(&bytes, step);
        }
    }
}
