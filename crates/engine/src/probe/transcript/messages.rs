//! Handshake messages (RFC 8446 section 4, RFC 5246 section 7.4): divided, and read as far as they matter.
//!
//! Refused: lengths that do not come out even, an extension twice (RFC 8446 section 4.2), compression, more than one server name.

pub(super) const CLIENT_HELLO: u8 = 1;
pub(super) const SERVER_HELLO: u8 = 2;
pub(super) const ENCRYPTED_EXTENSIONS: u8 = 8;
pub(super) const CERTIFICATE: u8 = 11;
pub(super) const SERVER_KEY_EXCHANGE: u8 = 12;
pub(super) const CERTIFICATE_REQUEST: u8 = 13;
pub(super) const SERVER_HELLO_DONE: u8 = 14;
pub(super) const CERTIFICATE_VERIFY: u8 = 15;
pub(super) const CLIENT_KEY_EXCHANGE: u8 = 16;
pub(super) const FINISHED: u8 = 20;
pub(super) const CERTIFICATE_STATUS: u8 = 22;

const SERVER_NAME: u16 = 0;
const SIGNATURE_ALGORITHMS: u16 = 13;
pub(super) const EXTENDED_MASTER_SECRET: u16 = 23;
pub(super) const PRE_SHARED_KEY: u16 = 41;
pub(super) const EARLY_DATA: u16 = 42;
pub(super) const SUPPORTED_VERSIONS: u16 = 43;
pub(super) const COOKIE: u16 = 44;
const CERTIFICATE_AUTHORITIES: u16 = 47;
pub(super) const KEY_SHARE: u16 = 51;
pub(super) const PADDING: u16 = 21;
const RENEGOTIATION_INFO: u16 = 0xff01;

/// The number of TLS 1.2, which TLS 1.3 writes too (RFC 8446 section 4.1.2).
pub(super) const TLS12: u16 = 0x0303;
/// The number of TLS 1.3.
pub(super) const TLS13: u16 = 0x0304;

/// `None` is what does not have the form that it should have.
pub(super) type Read<T> = Option<T>;

/// A handshake message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'a> {
    pub(super) kind: u8,
    pub(super) body: &'a [u8],
    /// With its header.
    pub(super) whole: &'a [u8],
}

impl<'a> Message<'a> {
    /// Takes one message off the bytes.
    pub(super) fn split(bytes: &'a [u8]) -> Read<(Self, &'a [u8])> {
        let mut reader = Reader(bytes);
        let kind = reader.u8()?;
        let body = reader.prefixed(3)?;
        let (whole, rest) = bytes.split_at_checked(body.len() + 4)?;
        Some((Self { kind, body, whole }, rest))
    }
}

/// Reads from the front.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, length: usize) -> Read<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn u8(&mut self) -> Read<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn u16(&mut self) -> Read<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    /// A value whose length stands before it in `width` octets.
    pub(super) fn prefixed(&mut self, width: usize) -> Read<&'a [u8]> {
        let length = self.take(width)?.iter().fold(0usize, |sum, &octet| sum << 8 | usize::from(octet));
        self.take(length)
    }

    /// Nothing may be left.
    pub(super) fn end(self) -> Read<()> {
        self.0.is_empty().then_some(())
    }
}

/// A list of values with a length before each, and nothing else.
pub(super) fn list(bytes: &[u8], width: usize) -> Read<Vec<&[u8]>> {
    let mut reader = Reader(bytes);
    let mut found = Vec::new();
    while !reader.0.is_empty() {
        found.push(reader.prefixed(width)?);
    }
    Some(found)
}

/// A list of 16-bit numbers.
pub(super) fn numbers(bytes: &[u8]) -> Read<Vec<u16>> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect())
}

/// Extensions (RFC 8446 section 4.2), each once.
#[derive(Debug)]
pub(super) struct Extensions<'a>(Vec<(u16, &'a [u8])>);

impl<'a> Extensions<'a> {
    /// Reads the content of the list.
    pub(super) fn parse(bytes: &'a [u8]) -> Read<Self> {
        let mut reader = Reader(bytes);
        let mut found: Vec<(u16, &[u8])> = Vec::new();
        while !reader.0.is_empty() {
            found.push((reader.u16()?, reader.prefixed(2)?));
        }
        found.sort_unstable_by_key(|(kind, _)| *kind);
        found.windows(2).all(|pair| !matches!(pair, [(a, _), (b, _)] if a == b)).then_some(Self(found))
    }

    pub(super) fn find(&self, wanted: u16) -> Option<&'a [u8]> {
        self.0.iter().find(|(kind, _)| *kind == wanted).map(|(_, body)| *body)
    }

    /// All but those of these types, ordered by type.
    pub(super) fn without(&self, left_out: &[u16]) -> Vec<(u16, &'a [u8])> {
        self.0.iter().copied().filter(|(kind, _)| !left_out.contains(kind)).collect()
    }

    /// The schemes of `signature_algorithms` (RFC 8446 section 4.2.3).
    pub(super) fn signature_schemes(&self) -> Read<Vec<u16>> {
        whole(self.find(SIGNATURE_ALGORITHMS)?, |reader| numbers(reader.prefixed(2)?))
    }

    /// The names in `certificate_authorities` (RFC 8446 section 4.2.4); none if there is no such extension.
    pub(super) fn authorities(&self) -> Read<Vec<&'a [u8]>> {
        match self.find(CERTIFICATE_AUTHORITIES) {
            None => Some(Vec::new()),
            Some(body) => whole(body, |reader| list(reader.prefixed(2)?, 2)),
        }
    }

    /// Whether this is the first handshake of a connection: `renegotiation_info` (RFC 5746 section 3.2) is empty or not there.
    pub(super) fn is_first(&self) -> bool {
        self.find(RENEGOTIATION_INFO).is_none_or(|body| body == [0])
    }
}

/// Reads a value that takes up all of the bytes.
pub(super) fn whole<'a, T>(bytes: &'a [u8], read: impl FnOnce(&mut Reader<'a>) -> Read<T>) -> Read<T> {
    let mut reader = Reader(bytes);
    let value = read(&mut reader)?;
    reader.end()?;
    Some(value)
}

/// A ClientHello (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2).
#[derive(Debug)]
pub(super) struct ClientHello<'a> {
    pub(super) random: &'a [u8],
    pub(super) session: &'a [u8],
    pub(super) suites: Vec<u16>,
    pub(super) extensions: Extensions<'a>,
}

impl<'a> ClientHello<'a> {
    pub(super) fn parse(body: &'a [u8]) -> Read<Self> {
        whole(body, |reader| {
            let version = reader.u16()?;
            let random = reader.take(32)?;
            let session = reader.prefixed(1)?;
            let suites = numbers(reader.prefixed(2)?)?;
            let compression = reader.prefixed(1)?;
            let extensions = Extensions::parse(reader.prefixed(2)?)?;
            let hello = Self { random, session, suites, extensions };
            (version == TLS12 && compression == [0] && hello.extensions.is_first()).then_some(hello)
        })
    }

    /// The one server name (RFC 6066 section 3). `Some(None)` if there is no such extension.
    pub(super) fn server_name(&self) -> Read<Option<&'a str>> {
        let Some(body) = self.extensions.find(SERVER_NAME) else { return Some(None) };
        // One name of the one type that exists, and nothing behind it: anything else could hide a second host.
        let list = whole(body, |reader| reader.prefixed(2))?;
        let name = whole(list, |reader| if reader.u8()? == 0 { reader.prefixed(2) } else { None })?;
        str::from_utf8(name).ok().map(Some)
    }

    pub(super) fn signature_schemes(&self) -> Read<Vec<u16>> {
        self.extensions.signature_schemes()
    }

    /// Whether TLS 1.3 is offered (RFC 8446 section 4.2.1).
    pub(super) fn offers_tls13(&self) -> Read<bool> {
        match self.extensions.find(SUPPORTED_VERSIONS) {
            None => Some(false),
            Some(body) => Some(whole(body, |reader| numbers(reader.prefixed(1)?))?.contains(&TLS13)),
        }
    }
}

/// A ServerHello or HelloRetryRequest (RFC 8446 section 4.1.3, RFC 5246 section 7.4.1.3).
#[derive(Debug)]
pub(super) struct ServerHello<'a> {
    pub(super) random: &'a [u8],
    pub(super) session: &'a [u8],
    pub(super) suite: u16,
    pub(super) extensions: Extensions<'a>,
}

impl<'a> ServerHello<'a> {
    pub(super) fn parse(body: &'a [u8]) -> Read<Self> {
        whole(body, |reader| {
            let version = reader.u16()?;
            let random = reader.take(32)?;
            let session = reader.prefixed(1)?;
            let suite = reader.u16()?;
            let compression = reader.u8()?;
            // In TLS 1.2 the list may be missing altogether.
            let extensions = if reader.0.is_empty() { &[] } else { reader.prefixed(2)? };
            let hello = Self { random, session, suite, extensions: Extensions::parse(extensions)? };
            (version == TLS12 && compression == 0 && hello.extensions.is_first()).then_some(hello)
        })
    }

    /// Whether it agrees to TLS 1.3 (RFC 8446 section 4.2.1).
    pub(super) fn is_tls13(&self) -> bool {
        self.extensions.find(SUPPORTED_VERSIONS) == Some(&TLS13.to_be_bytes())
    }
}

/// A signature with its scheme (RFC 8446 section 4.4.3, RFC 5246 section 4.7).
pub(super) fn signature<'a>(reader: &mut Reader<'a>) -> Read<(u16, &'a [u8])> {
    Some((reader.u16()?, reader.prefixed(2)?))
}
