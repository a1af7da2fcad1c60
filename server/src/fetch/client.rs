//! One `GET` (RFC 9110, HTTP/1.1 by hyper), over TLS where the address says so.
//!
//! It sends no cookies and nothing of the browser's, asks for the file as it is (`identity`), and reads no more than allowed. A few files of
//! over a megabyte are held at a time and not more, so that the memory stays bounded.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};

use axum::http::{HeaderValue, Request, StatusCode, header};
use certwright_protocol::fetch::FetchFailure;
use http_body_util::{BodyExt, Empty};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_rustls::TlsConnector;
use url::Position;

use super::Target;
use crate::Meter;

/// From here on a file is large.
const LARGE: usize = 1024 * 1024;
/// Large files that are held at a time.
const MAX_LARGE: u32 = 8;
static LARGE_ONES: Semaphore = Semaphore::const_new(MAX_LARGE as usize);

/// A file that was fetched.
pub(super) struct Fetched {
    pub(super) octets: Vec<u8>,
    /// Where it was, in the end.
    pub(super) address: SocketAddr,
    /// A large one's, held until it is handed out.
    _permit: Option<SemaphorePermit<'static>>,
}

/// What a server answered.
pub(super) enum Reply {
    /// The file.
    Content(Fetched),
    /// It is somewhere else.
    Elsewhere(String),
}

/// Asks for the target over a connection that was made for it.
pub(super) async fn get(
    target: &Target,
    stream: std::net::TcpStream,
    most: usize,
    meter: &Meter,
) -> Result<Reply, FetchFailure> {
    let internal = |_| FetchFailure::Internal;
    stream.set_nonblocking(true).map_err(internal)?;
    let peer = stream.peer_addr().map_err(|_| FetchFailure::BrokenOff)?;
    let stream = TcpStream::from_std(stream).map_err(internal)?;
    if target.url.scheme() == "https" {
        let connector = TlsConnector::from(TLS.clone().map_err(|()| FetchFailure::Internal)?);
        let tls = connector.connect(target.host.server_name(peer.ip()), stream).await;
        let tls = tls.map_err(|error| FetchFailure::TlsFailed { detail: error.to_string() })?;
        ask(target, TokioIo::new(tls), peer, most, meter).await
    } else {
        ask(target, TokioIo::new(stream), peer, most, meter).await
    }
}

async fn ask(
    target: &Target,
    io: impl Read + Write + Send + Unpin + 'static,
    address: SocketAddr,
    most: usize,
    meter: &Meter,
) -> Result<Reply, FetchFailure> {
    let broken = |_| FetchFailure::BrokenOff;
    let (mut sender, connection) =
        http1::Builder::new().max_buf_size(64 * 1024).handshake(io).await.map_err(broken)?;
    let host = &target.url[Position::BeforeHost..Position::AfterPort];
    let path = &target.url[Position::BeforePath..Position::AfterQuery];
    let request = Request::get(path)
        .header(header::HOST, host)
        .header(header::USER_AGENT, "Certwright")
        .header(header::ACCEPT, "*/*")
        .header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"))
        .header(header::CONNECTION, "close")
        .body(Empty::<Bytes>::new())
        .map_err(|_| FetchFailure::BadAddress)?;
    let exchange = async {
        let response = sender.send_request(request).await.map_err(broken)?;
        match response.status() {
            StatusCode::OK => read(response.into_body(), address, most, meter).await.map(Reply::Content),
            StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT => {
                let location = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
                location.map(|to| Reply::Elsewhere(to.to_owned())).ok_or(FetchFailure::BadAddress)
            }
            status => Err(FetchFailure::Status { status: status.as_u16() }),
        }
    };
    // The connection moves along with the exchange and ends with it: nothing runs on by itself.
    let mut exchange = std::pin::pin!(exchange);
    tokio::select! {
        reply = &mut exchange => reply,
        // It may be done before the last piece of the file is taken.
        _ = connection => exchange.await,
    }
}

async fn read(
    mut body: Incoming,
    address: SocketAddr,
    most: usize,
    meter: &Meter,
) -> Result<Fetched, FetchFailure> {
    let too_large = || FetchFailure::TooLarge { limit: most as u64 };
    if body.size_hint().lower() > most as u64 {
        return Err(too_large());
    }
    let mut octets = Vec::new();
    let mut permit = None;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| FetchFailure::BrokenOff)?;
        // Trailers are not looked at.
        let Ok(data) = frame.into_data() else { continue };
        meter.receive(data.len());
        if octets.len() + data.len() > most {
            return Err(too_large());
        }
        octets.extend_from_slice(&data);
        if octets.len() > LARGE && permit.is_none() {
            permit = Some(LARGE_ONES.try_acquire().map_err(|_| FetchFailure::Busy { limit: MAX_LARGE })?);
        }
    }
    Ok(Fetched { octets, address, _permit: permit })
}

/// The configuration of TLS, made once.
static TLS: LazyLock<Result<Arc<ClientConfig>, ()>> = LazyLock::new(|| {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
    let builder = builder.with_safe_default_protocol_versions().map_err(|_| ())?;
    let mut config = builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody { provider }))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = rustls::client::Resumption::disabled();
    Ok(Arc::new(config))
});

/// Takes every server for the right one: what it sends is believed for its signature alone. The handshake itself has to be in order.
#[derive(Debug)]
struct Anybody {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
