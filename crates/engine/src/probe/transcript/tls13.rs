//! TLS 1.3 (RFC 8446): the hash that is to be signed is computed again from the messages.
//!
//! Signed are 64 spaces, a context string, a zero octet, and the hash of the transcript (section 4.4.3). The transcript is rebuilt as section 4.4.1 says, after a
//! HelloRetryRequest with the synthetic message in place of the first ClientHello; its last message, our Certificate, is made here.

use certwright_certs::certificate::Certificate;
use certwright_keys::verify::TlsRules;
use certwright_protocol::Bytes;
use certwright_protocol::conversation::{TlsVersion, Versions};
use certwright_protocol::handshake::{CheckedHandshake, HandshakeFault};
use sha2::{Digest, Sha256, Sha384};

use super::messages::{
    CERTIFICATE, CERTIFICATE_REQUEST, CERTIFICATE_VERIFY, CLIENT_HELLO, COOKIE, ClientHello, EARLY_DATA,
    ENCRYPTED_EXTENSIONS, Extensions, FINISHED, KEY_SHARE, Message, PADDING, PRE_SHARED_KEY, Read, Reader,
    SERVER_HELLO, ServerHello, signature, whole,
};
use super::{Expected, Wanted, check_host, check_request, check_server_signature, read, same};

const SPACES: [u8; 64] = [b' '; 64];
const CLIENT_CONTEXT: &[u8] = b"TLS 1.3, client CertificateVerify\0";
const SERVER_CONTEXT: &[u8] = b"TLS 1.3, server CertificateVerify\0";

/// The type of the synthetic message that stands for the first ClientHello (RFC 8446 section 4.4.1).
const MESSAGE_HASH: u8 = 254;

/// The random value of a HelloRetryRequest (RFC 8446 section 4.1.3): SHA-256 of its name.
const HELLO_RETRY_REQUEST: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2,
    0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// The hash in what a client signs; `None` if it does not have that form.
pub(super) fn signed_hash(message: &[u8]) -> Option<&[u8]> {
    message.strip_prefix(&SPACES)?.strip_prefix(CLIENT_CONTEXT)
}

/// See [`super::check`].
pub(super) fn check(
    hash: &[u8],
    wanted: &Wanted<'_>,
    expected: &Expected<'_>,
) -> Result<CheckedHandshake, HandshakeFault> {
    if expected.versions == Versions::Tls12 {
        return Err(HandshakeFault::OtherVersion);
    }
    if wanted.handshake.is_empty() {
        return Err(HandshakeFault::MessagesMissing);
    }
    let flight = Flight::divide(wanted.handshake)?;
    let (hello, empty) = flight.check_hellos(expected)?;

    read(ENCRYPTED_EXTENSIONS, encrypted_extensions(flight.encrypted_extensions.body))?;
    let (schemes, authorities) = read(CERTIFICATE_REQUEST, certificate_request(flight.request.body))?;
    check_request(&schemes, &authorities, wanted, expected)?;
    let chain = read(CERTIFICATE, certificates(flight.certificate.body))?;
    if !same(&chain, expected.server_chain) {
        return Err(HandshakeFault::OtherServerChain);
    }

    let mut transcript = empty.begin(flight.first_round, flight.hellos);
    for message in [flight.encrypted_extensions, flight.request, flight.certificate] {
        transcript.add(message.whole);
    }
    let (server_scheme, server_signature) = read(CERTIFICATE_VERIFY, whole(flight.verify.body, signature))?;
    let signed = [&SPACES, SERVER_CONTEXT, &transcript.hash()].concat();
    let leaf = chain.first().ok_or(HandshakeFault::OtherServerChain)?;
    check_server_signature(&hello, leaf, TlsRules::Tls13, server_scheme, &signed, server_signature)?;

    // What is in the server's Finished, only the client's end of the connection can check; here it counts as part of the transcript.
    read(FINISHED, (flight.finished.body.len() == transcript.hash().len()).then_some(()))?;
    for message in [flight.verify, flight.finished] {
        transcript.add(message.whole);
    }
    transcript.add(&read(CERTIFICATE, to_certificate_message(expected.client_chain))?);
    if transcript.hash() != hash {
        return Err(HandshakeFault::OtherHash);
    }
    Ok(CheckedHandshake {
        version: TlsVersion::Tls13,
        server_scheme,
        client_scheme: wanted.scheme,
        retried: flight.first_round.is_some(),
        extended_master_secret: true,
    })
}

/// The messages of a handshake with client authentication, up to the server's Finished (RFC 8446 section 2).
#[derive(Clone, Copy)]
struct Flight<'a> {
    /// First ClientHello and HelloRetryRequest, if there was one.
    first_round: Option<[Message<'a>; 2]>,
    /// ClientHello and ServerHello.
    hellos: [Message<'a>; 2],
    encrypted_extensions: Message<'a>,
    request: Message<'a>,
    certificate: Message<'a>,
    verify: Message<'a>,
    finished: Message<'a>,
}

impl<'a> Flight<'a> {
    fn divide(messages: &'a [Bytes]) -> Result<Self, HandshakeFault> {
        const ORDER: [u8; 7] = [
            CLIENT_HELLO,
            SERVER_HELLO,
            ENCRYPTED_EXTENSIONS,
            CERTIFICATE_REQUEST,
            CERTIFICATE,
            CERTIFICATE_VERIFY,
            FINISHED,
        ];
        let mut divided = Vec::new();
        for message in messages {
            let kind = message.0.first().copied().unwrap_or_default();
            let (message, rest) = read(kind, Message::split(&message.0))?;
            read(kind, Reader(rest).end())?;
            divided.push(message);
        }
        let retried = divided.get(1).is_some_and(|answer| {
            answer.kind == SERVER_HELLO && answer.body.get(2..34) == Some(&HELLO_RETRY_REQUEST)
        });
        let rounds = if retried { &ORDER[..2] } else { &[] };
        let order: Vec<u8> = rounds.iter().chain(&ORDER).copied().collect();
        super::check_order(&divided, &order)?;
        let (first_round, rest) = match divided.as_slice() {
            &[hello, retry, ref rest @ ..] if retried => (Some([hello, retry]), rest),
            rest => (None, rest),
        };
        match *rest {
            [client, server, encrypted_extensions, request, certificate, verify, finished] => Ok(Self {
                first_round,
                hellos: [client, server],
                encrypted_extensions,
                request,
                certificate,
                verify,
                finished,
            }),
            _ => Err(HandshakeFault::OtherContent),
        }
    }

    /// The ClientHello that counts, and an empty transcript with the hash that was agreed on.
    fn check_hellos(&self, expected: &Expected<'_>) -> Result<(ClientHello<'a>, Transcript), HandshakeFault> {
        let [client, server] = self.hellos;
        let client = check_client_hello(client, expected)?;
        let server = read(SERVER_HELLO, ServerHello::parse(server.body))?;
        check_answer(&client, &server)?;
        // With two HelloRetryRequests in a row the second would pass for a ServerHello.
        if server.random == HELLO_RETRY_REQUEST {
            return Err(HandshakeFault::OtherOrder { at: 3, message: Some(SERVER_HELLO) });
        }
        if let Some([first, retry]) = self.first_round {
            let first = check_client_hello(first, expected)?;
            let retry = read(SERVER_HELLO, ServerHello::parse(retry.body))?;
            check_answer(&first, &retry)?;
            if !is_second(&first, &client) {
                return Err(HandshakeFault::HellosDiffer);
            }
            if retry.suite != server.suite {
                return Err(HandshakeFault::CipherSuite { code: server.suite });
            }
        }
        let unknown = HandshakeFault::CipherSuite { code: server.suite };
        Ok((client, Transcript::of_suite(server.suite).ok_or(unknown)?))
    }
}

fn check_client_hello<'a>(
    message: Message<'a>,
    expected: &Expected<'_>,
) -> Result<ClientHello<'a>, HandshakeFault> {
    let hello = read(CLIENT_HELLO, ClientHello::parse(message.body))?;
    check_host(&hello, expected.server_name)?;
    if !read(CLIENT_HELLO, hello.offers_tls13())? {
        return Err(HandshakeFault::OtherVersion);
    }
    Ok(hello)
}

/// What a ServerHello may say to a ClientHello (RFC 8446 section 4.1.3). A pre-shared key would take the place of certificates.
fn check_answer(client: &ClientHello<'_>, server: &ServerHello<'_>) -> Result<(), HandshakeFault> {
    if !server.is_tls13() {
        return Err(HandshakeFault::OtherVersion);
    }
    if server.session != client.session || server.extensions.find(PRE_SHARED_KEY).is_some() {
        return Err(HandshakeFault::Malformed { message: SERVER_HELLO });
    }
    if !client.suites.contains(&server.suite) {
        return Err(HandshakeFault::CipherSuite { code: server.suite });
    }
    Ok(())
}

/// Whether the second ClientHello is the first one but for what a HelloRetryRequest may change (RFC 8446 section 4.1.2).
fn is_second(first: &ClientHello<'_>, second: &ClientHello<'_>) -> bool {
    const CHANGES: [u16; 5] = [KEY_SHARE, EARLY_DATA, COOKIE, PRE_SHARED_KEY, PADDING];
    first.random == second.random
        && first.session == second.session
        && first.suites == second.suites
        && first.extensions.without(&CHANGES) == second.extensions.without(&CHANGES)
}

fn encrypted_extensions(body: &[u8]) -> Read<()> {
    Extensions::parse(whole(body, |reader| reader.prefixed(2))?).map(|_| ())
}

/// Schemes and authorities. Its context is empty within a handshake (RFC 8446 section 4.3.2): one after the handshake has another.
fn certificate_request(body: &[u8]) -> Read<(Vec<u16>, Vec<&[u8]>)> {
    whole(body, |reader| {
        let context = reader.prefixed(1)?;
        let extensions = Extensions::parse(reader.prefixed(2)?)?;
        context.is_empty().then_some((extensions.signature_schemes()?, extensions.authorities()?))
    })
}

/// The DER certificates of a Certificate message (RFC 8446 section 4.4.2).
fn certificates(body: &[u8]) -> Read<Vec<&[u8]>> {
    let list = whole(body, |reader| reader.prefixed(1)?.is_empty().then(|| reader.prefixed(3))?)?;
    let mut reader = Reader(list);
    let mut found = Vec::new();
    while !reader.0.is_empty() {
        found.push(reader.prefixed(3)?);
        Extensions::parse(reader.prefixed(2)?)?;
    }
    Some(found)
}

/// Our own Certificate message: no context, no extensions.
fn to_certificate_message(chain: &[Certificate]) -> Read<Vec<u8>> {
    let mut list = Vec::new();
    for certificate in chain {
        list.extend(length(certificate.der().len())?);
        list.extend(certificate.der());
        list.extend([0, 0]);
    }
    let body = [&[0], &length(list.len())?[..], &list].concat();
    Some([&[CERTIFICATE], &length(body.len())?[..], &body].concat())
}

/// A length in 24 bits.
fn length(of: usize) -> Read<[u8; 3]> {
    let [0, a, b, c] = u32::try_from(of).ok()?.to_be_bytes() else { return None };
    Some([a, b, c])
}

/// The hash of the messages so far.
#[derive(Clone)]
enum Transcript {
    Sha256(Sha256),
    Sha384(Sha384),
}

impl Transcript {
    /// An empty one, with the hash of a cipher suite (RFC 8446 appendix B.4).
    fn of_suite(code: u16) -> Option<Self> {
        match code {
            // AES-128-GCM, ChaCha20-Poly1305, AES-128-CCM, AES-128-CCM-8.
            0x1301 | 0x1303 | 0x1304 | 0x1305 => Some(Self::Sha256(Sha256::new())),
            // AES-256-GCM.
            0x1302 => Some(Self::Sha384(Sha384::new())),
            _ => None,
        }
    }

    /// The empty one with the hellos.
    fn begin(self, first_round: Option<[Message<'_>; 2]>, hellos: [Message<'_>; 2]) -> Self {
        let mut transcript = self.clone();
        if let Some([first, retry]) = first_round {
            let mut hello = self;
            hello.add(first.whole);
            let hash = hello.hash();
            transcript.add(&[MESSAGE_HASH, 0, 0, u8::try_from(hash.len()).unwrap_or_default()]);
            transcript.add(&hash);
            transcript.add(retry.whole);
        }
        hellos.iter().for_each(|message| transcript.add(message.whole));
        transcript
    }

    fn add(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hash) => hash.update(bytes),
            Self::Sha384(hash) => hash.update(bytes),
        }
    }

    fn hash(&self) -> Vec<u8> {
        match self {
            Self::Sha256(hash) => hash.clone().finalize().to_vec(),
            Self::Sha384(hash) => hash.clone().finalize().to_vec(),
        }
    }
}
