//! Reads what a server says in clear: ServerHello and HelloRetryRequest (RFC 5246 section 7.4.1.3, RFC 8446 section 4.1.3), Certificate,
//! CertificateStatus (RFC 6066 section 8), ServerKeyExchange (RFC 5246 section 7.4.3, RFC 8422 section 5.4) and CertificateRequest
//! (RFC 5246 section 7.4.4).
//!
//! A ServerHello that cannot be read is refused. Of the other messages everything is taken that can be read: they come from servers that
//! are odd, and the parts that make sense are worth knowing.

use certwright_protocol::Bytes;
use certwright_protocol::conversation::{CertificateRequestSeen, ServerHelloSeen, TlsVersion};
use certwright_protocol::suites::{KeyExchange, Suite};

use crate::conversation::words::cleaned;

/// Certificates of a chain that are kept at most.
pub(super) const MOST_CERTIFICATES: usize = 64;

/// The random of a HelloRetryRequest: SHA-256 of "HelloRetryRequest".
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2,
    0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// Bytes that are read from their front.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    /// A number of up to four octets.
    pub(super) fn number(&mut self, width: usize) -> Option<usize> {
        let octets = self.take(width)?;
        Some(octets.iter().fold(0, |number, octet| number << 8 | usize::from(*octet)))
    }

    fn code(&mut self) -> Option<u16> {
        self.number(2).and_then(|code| u16::try_from(code).ok())
    }

    /// What stands behind its length.
    fn counted(&mut self, width: usize) -> Option<&'a [u8]> {
        let length = self.number(width)?;
        self.take(length)
    }

    /// The same, or what is there of it.
    fn counted_or_cut(&mut self, width: usize) -> Option<&'a [u8]> {
        let length = self.number(width)?;
        let there = length.min(self.rest.len());
        self.take(there)
    }

    fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
}

/// Code points, two octets each; an odd octet at the end is left out.
fn codes(octets: &[u8]) -> Vec<u16> {
    octets.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect()
}

/// Reads a ServerHello or a HelloRetryRequest. `None` if it is neither.
pub(super) fn parse_server_hello(body: &[u8]) -> Option<ServerHelloSeen> {
    let mut reader = Reader::new(body);
    let mut version = reader.code()?;
    let random = reader.take(32)?;
    let session = reader.counted(1)?;
    if session.len() > 32 {
        return None;
    }
    let suite = reader.code()?;
    let compression = u8::try_from(reader.number(1)?).ok()?;
    let retry = random == RETRY;
    let mut seen = ServerHelloSeen {
        version: TlsVersion::Tls12,
        suite,
        compression,
        retry,
        group: None,
        dh_bits: None,
        scheme: None,
        extensions: Vec::new(),
        alpn: None,
        chain: Vec::new(),
        ocsp_staple: None,
        scts: None,
        certificate_request: None,
        complete: false,
    };
    if !reader.is_empty() {
        let mut extensions = Reader::new(reader.counted(2)?);
        while !extensions.is_empty() {
            let code = extensions.code()?;
            let mut body = Reader::new(extensions.counted(2)?);
            seen.extensions.push(code);
            match code {
                16 => seen.alpn = parse_alpn(&mut body),
                18 => seen.scts = Some(Bytes::from(body.rest)),
                43 => version = body.code()?,
                51 => seen.group = body.code(),
                _ => {}
            }
        }
    }
    seen.version = TlsVersion::from_code(version)?;
    Some(seen)
}

fn parse_alpn(body: &mut Reader) -> Option<String> {
    let name = Reader::new(body.counted(2)?).counted(1)?;
    Some(cleaned(name, 255))
}

/// The certificates of a Certificate message up to TLS 1.2. Of one that was cut, those that are whole.
pub(super) fn parse_chain(body: &[u8]) -> Vec<Bytes> {
    let Some(list) = Reader::new(body).counted_or_cut(3) else { return Vec::new() };
    let mut reader = Reader::new(list);
    let each = std::iter::from_fn(|| reader.counted(3));
    each.take(MOST_CERTIFICATES).map(Bytes::from).collect()
}

/// The OCSP response of a CertificateStatus message.
pub(super) fn parse_staple(body: &[u8]) -> Option<Bytes> {
    let mut reader = Reader::new(body);
    if reader.number(1)? != 1 {
        return None;
    }
    reader.counted(3).map(Bytes::from)
}

/// Adds to `seen` what a ServerKeyExchange tells: the group or its size, and the signature's scheme.
pub(super) fn read_key_exchange(body: &[u8], seen: &mut ServerHelloSeen) {
    // What cannot be read to the end has told what it could.
    let _ = try_key_exchange(&mut Reader::new(body), seen);
}

fn try_key_exchange(reader: &mut Reader, seen: &mut ServerHelloSeen) -> Option<()> {
    let kind = Suite::from_code(seen.suite)?.key_exchange();
    if matches!(kind, KeyExchange::DhePsk | KeyExchange::EcdhePsk) {
        reader.counted(2)?;
    }
    match kind {
        KeyExchange::Dhe | KeyExchange::DhAnon | KeyExchange::DhePsk => {
            seen.dh_bits = Some(bits(reader.counted(2)?));
            reader.counted(2)?;
            reader.counted(2)?;
        }
        KeyExchange::Ecdhe | KeyExchange::EcdhAnon | KeyExchange::EcdhePsk => {
            // 3 is a curve by its name; older forms spell the curve out, and are met nowhere.
            if reader.number(1)? != 3 {
                return None;
            }
            seen.group = reader.code();
            reader.counted(1)?;
        }
        _ => return None,
    }
    if seen.version >= TlsVersion::Tls12 && matches!(kind, KeyExchange::Dhe | KeyExchange::Ecdhe) {
        seen.scheme = reader.code();
    }
    Some(())
}

/// How many bits a number has.
fn bits(number: &[u8]) -> u32 {
    let leading = number.iter().take_while(|octet| **octet == 0).count();
    let Some(first) = number.get(leading) else { return 0 };
    let octets = u32::try_from(number.len().saturating_sub(leading)).unwrap_or(u32::MAX);
    octets.saturating_mul(8).saturating_sub(first.leading_zeros())
}

/// A CertificateRequest; before TLS 1.2 it names no schemes.
pub(super) fn parse_certificate_request(body: &[u8], version: TlsVersion) -> Option<CertificateRequestSeen> {
    let mut reader = Reader::new(body);
    let types = reader.counted(1)?.to_vec();
    let schemes = if version >= TlsVersion::Tls12 { codes(reader.counted(2)?) } else { Vec::new() };
    let mut names = Reader::new(reader.counted_or_cut(2).unwrap_or_default());
    let authorities = std::iter::from_fn(|| names.counted(2)).map(Bytes::from).collect();
    Some(CertificateRequestSeen { types, schemes, authorities })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_in_bits() {
        for (number, expected) in [
            (&[][..], 0),
            (&[0], 0),
            (&[1], 1),
            (&[0, 0, 0x80, 0], 16),
            (&[0xff; 128], 1024),
            (&[0x7f; 64], 511),
        ] {
            assert_eq!(bits(number), expected);
        }
    }

    #[test]
    fn a_server_hello_without_extensions() {
        let mut body = vec![3, 1];
        body.extend([1; 32]);
        body.extend([0, 0, 10, 1]);
        let seen = parse_server_hello(&body).unwrap();
        assert_eq!((seen.version, seen.suite, seen.compression), (TlsVersion::Tls10, 10, 1));
        for cut in 0..body.len() {
            assert_eq!(parse_server_hello(body.get(..cut).unwrap()), None, "{cut}");
        }
        body.extend([0, 6, 0, 43, 0, 2, 3, 4]);
        assert_eq!(parse_server_hello(&body).unwrap().version, TlsVersion::Tls13);
        body.splice(2..34, RETRY);
        assert!(parse_server_hello(&body).unwrap().retry);
    }

    #[test]
    fn a_chain_that_was_cut_keeps_what_is_whole() {
        let list = [0, 0, 10, 0, 0, 1, 7, 0, 0, 4, 9, 9];
        assert_eq!(parse_chain(&list), [Bytes(vec![7])]);
        assert_eq!(parse_chain(&[0, 0]), []);
        let mut many = vec![0, 4, 0];
        many.extend([0; 1024]);
        assert_eq!(parse_chain(&many).len(), MOST_CERTIFICATES);
    }

    #[test]
    fn requests_differ_by_version() {
        let new = [1, 1, 0, 2, 4, 3, 0, 4, 0, 2, 0x30, 0];
        let seen = parse_certificate_request(&new, TlsVersion::Tls12).unwrap();
        assert_eq!((seen.types, seen.schemes), (vec![1], vec![0x0403]));
        assert_eq!(seen.authorities, [Bytes(vec![0x30, 0])]);
        let old = [2, 1, 2, 0, 0];
        let seen = parse_certificate_request(&old, TlsVersion::Tls10).unwrap();
        assert_eq!((seen.types, seen.schemes, seen.authorities), (vec![1, 2], vec![], vec![]));
    }
}
