//! TLS 1.2 (RFC 5246): all handshake messages so far are signed in clear (section 7.4.8), so they are read as they are.

use certwright_certs::certificate::Certificate;
use certwright_keys::verify::TlsRules;
use certwright_protocol::conversation::{TlsVersion, Versions};
use certwright_protocol::handshake::{CheckedHandshake, HandshakeFault};

use super::messages::{
    CERTIFICATE, CERTIFICATE_REQUEST, CERTIFICATE_STATUS, CLIENT_HELLO, CLIENT_KEY_EXCHANGE, ClientHello,
    EXTENDED_MASTER_SECRET, Message, Read, SERVER_HELLO, SERVER_HELLO_DONE, SERVER_KEY_EXCHANGE,
    SUPPORTED_VERSIONS, ServerHello, list, numbers, signature, whole,
};
use super::{Expected, Wanted, check_host, check_order, check_request, check_server_signature, read, same};

/// How the random value of a server ends that could speak TLS 1.3 (RFC 8446 section 4.1.3).
const SPEAKS_TLS13: &[u8] = b"DOWNGRD\x01";
/// How that of a server ends that thinks it speaks TLS 1.1 or older.
const SPEAKS_TLS12: &[u8] = b"DOWNGRD\x00";

/// See [`super::check`].
pub(super) fn check(
    wanted: &Wanted<'_>,
    expected: &Expected<'_>,
) -> Result<CheckedHandshake, HandshakeFault> {
    // What is no handshake at all is told apart from one that is wrong.
    if wanted.message.first() != Some(&CLIENT_HELLO) {
        return Err(HandshakeFault::OtherContent);
    }
    if expected.versions == Versions::Tls13 {
        return Err(HandshakeFault::OtherVersion);
    }
    let flight = Flight::divide(wanted.message)?;

    let client = read(CLIENT_HELLO, ClientHello::parse(flight.client_hello.body))?;
    check_host(&client, expected.server_name)?;
    let server = read(SERVER_HELLO, ServerHello::parse(flight.server_hello.body))?;
    check_version(&client, &server, expected.versions)?;
    if !client.suites.contains(&server.suite) {
        return Err(HandshakeFault::CipherSuite { code: server.suite });
    }

    let chain = read(CERTIFICATE, certificates(flight.certificate.body))?;
    if !same(&chain, expected.server_chain) {
        return Err(HandshakeFault::OtherServerChain);
    }
    let exchange = read(SERVER_KEY_EXCHANGE, KeyExchange::parse(flight.key_exchange.body))?;
    let signed = [client.random, server.random, exchange.parameters].concat();
    let leaf = chain.first().ok_or(HandshakeFault::OtherServerChain)?;
    check_server_signature(&client, leaf, TlsRules::Tls12, exchange.scheme, &signed, exchange.signature)?;

    let (schemes, authorities) = read(CERTIFICATE_REQUEST, certificate_request(flight.request.body))?;
    check_request(&schemes, &authorities, wanted, expected)?;
    read(SERVER_HELLO_DONE, flight.done.body.is_empty().then_some(()))?;
    let own = read(CERTIFICATE, certificates(flight.own.body))?;
    let chosen: Vec<&[u8]> = expected.client_chain.iter().map(Certificate::der).collect();
    if own != chosen {
        return Err(HandshakeFault::OtherClientChain);
    }
    read(CLIENT_KEY_EXCHANGE, whole(flight.own_key_exchange.body, |reader| reader.prefixed(1)))?;
    Ok(CheckedHandshake {
        version: TlsVersion::Tls12,
        server_scheme: exchange.scheme,
        client_scheme: wanted.scheme,
        retried: false,
        extended_master_secret: [&client.extensions, &server.extensions]
            .iter()
            .all(|extensions| extensions.find(EXTENDED_MASTER_SECRET).is_some()),
    })
}

/// The messages of a full handshake with client authentication, up to the ClientKeyExchange (RFC 5246 section 7.3).
struct Flight<'a> {
    client_hello: Message<'a>,
    server_hello: Message<'a>,
    certificate: Message<'a>,
    key_exchange: Message<'a>,
    request: Message<'a>,
    done: Message<'a>,
    own: Message<'a>,
    own_key_exchange: Message<'a>,
}

impl<'a> Flight<'a> {
    fn divide(mut bytes: &'a [u8]) -> Result<Self, HandshakeFault> {
        const ORDER: [u8; 9] = [
            CLIENT_HELLO,
            SERVER_HELLO,
            CERTIFICATE,
            CERTIFICATE_STATUS,
            SERVER_KEY_EXCHANGE,
            CERTIFICATE_REQUEST,
            SERVER_HELLO_DONE,
            CERTIFICATE,
            CLIENT_KEY_EXCHANGE,
        ];
        let mut divided = Vec::new();
        while let Some(&kind) = bytes.first() {
            let (message, rest) = read(kind, Message::split(bytes))?;
            divided.push(message);
            bytes = rest;
            // What is too much is known by now.
            if divided.len() > ORDER.len() {
                break;
            }
        }
        // The stapled OCSP response (RFC 6066 section 8), which a server may leave out.
        let stapled = divided.get(3).is_some_and(|message| message.kind == CERTIFICATE_STATUS);
        let order: Vec<u8> =
            ORDER.iter().copied().filter(|kind| stapled || *kind != CERTIFICATE_STATUS).collect();
        check_order(&divided, &order)?;
        divided.retain(|message| message.kind != CERTIFICATE_STATUS);
        match *divided {
            [client_hello, server_hello, certificate, key_exchange, request, done, own, own_key_exchange] => {
                Ok(Self {
                    client_hello,
                    server_hello,
                    certificate,
                    key_exchange,
                    request,
                    done,
                    own,
                    own_key_exchange,
                })
            }
            _ => Err(HandshakeFault::OtherContent),
        }
    }
}

/// The server agrees to TLS 1.2, and nobody made it do so that it would rather not. If the probe offers more, the ClientHello has to.
fn check_version(
    client: &ClientHello<'_>,
    server: &ServerHello<'_>,
    versions: Versions,
) -> Result<(), HandshakeFault> {
    let offers_more = read(CLIENT_HELLO, client.offers_tls13())?;
    if offers_more != (versions == Versions::Both) || server.extensions.find(SUPPORTED_VERSIONS).is_some() {
        return Err(HandshakeFault::OtherVersion);
    }
    if server.random.ends_with(SPEAKS_TLS12) || offers_more && server.random.ends_with(SPEAKS_TLS13) {
        return Err(HandshakeFault::Downgraded);
    }
    Ok(())
}

/// A ServerKeyExchange with a named curve (RFC 8422 section 5.4), the only kind that the probe's TLS speaks.
struct KeyExchange<'a> {
    /// What is signed beside both random values.
    parameters: &'a [u8],
    scheme: u16,
    signature: &'a [u8],
}

impl<'a> KeyExchange<'a> {
    fn parse(body: &'a [u8]) -> Read<Self> {
        const NAMED_CURVE: u8 = 3;
        whole(body, |reader| {
            let kind = reader.u8()?;
            let _curve = reader.u16()?;
            let _point = reader.prefixed(1)?;
            let parameters = body.get(..body.len() - reader.0.len())?;
            let (scheme, signature) = signature(reader)?;
            (kind == NAMED_CURVE).then_some(Self { parameters, scheme, signature })
        })
    }
}

/// Schemes and authorities of a CertificateRequest (RFC 5246 section 7.4.4).
fn certificate_request(body: &[u8]) -> Read<(Vec<u16>, Vec<&[u8]>)> {
    whole(body, |reader| {
        let _types = reader.prefixed(1)?;
        let schemes = numbers(reader.prefixed(2)?)?;
        Some((schemes, list(reader.prefixed(2)?, 2)?))
    })
}

/// The DER certificates of a Certificate message (RFC 5246 section 7.4.2).
fn certificates(body: &[u8]) -> Read<Vec<&[u8]>> {
    list(whole(body, |reader| reader.prefixed(3))?, 3)
}
