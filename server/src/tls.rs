//! HTTPS of the server's own: certificate and key from PEM files, read again when they change.
//!
//! TLS 1.2 and 1.3 by rustls. The chain is sent as the file has it, end-entity first; the key is PKCS#8, PKCS#1 or SEC 1, without a password.
//! Refused are a key that others may read, and a key that does not belong to the certificate; while the server runs, the pair from before stays in
//! use then. A file is compared by its content, so that it does not matter how it was replaced, and half of a replacement is no error for long.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use zeroize::Zeroizing;

use crate::private::{LastSeen, Reloaded, read_open, read_secret};

/// For a handshake.
const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(10);
/// Certificates of a chain.
const MOST_CERTIFICATES: usize = 64;

/// Where certificate and key are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain (PEM), end-entity first.
    pub cert: PathBuf,
    /// The private key (PEM).
    pub key: PathBuf,
}

/// The certificate in use.
#[derive(Debug)]
pub(crate) struct Identity {
    files: TlsFiles,
    provider: Arc<CryptoProvider>,
    used: RwLock<Arc<CertifiedKey>>,
    last: LastSeen,
}

impl Identity {
    /// Reads the pair.
    pub(crate) fn read(files: &TlsFiles) -> Result<Self, String> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let pem = Pem::read(files)?;
        let last = LastSeen::default();
        last.is_news(Ok(&pem.contents()));
        let used = RwLock::new(Arc::new(pem.parse(files, &provider)?));
        Ok(Self { files: files.clone(), provider, used, last })
    }

    /// Looks at the files again. An error is told once for the same content; the pair from before stays in use.
    pub(crate) fn reload(&self) -> Result<Reloaded, String> {
        let pem = Pem::read(&self.files);
        let news = match &pem {
            Ok(pem) => self.last.is_news(Ok(&pem.contents())),
            Err(error) => self.last.is_news(Err(error)),
        };
        if !news {
            return Ok(Reloaded::Same);
        }
        let pair = pem?.parse(&self.files, &self.provider)?;
        *self.used.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pair);
        Ok(Reloaded::Changed)
    }

    /// Accepts TLS with the certificate that is in use at the time of each handshake.
    pub(crate) fn acceptor(self: &Arc<Self>) -> Result<TlsAcceptor, String> {
        let builder = ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("TLS cannot be set up: {error}."))?;
        let mut config = builder.with_no_client_auth().with_cert_resolver(Arc::clone(self) as _);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

impl ResolvesServerCert for Identity {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.used.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Both files as they were read.
struct Pem {
    cert: Zeroizing<Vec<u8>>,
    key: Zeroizing<Vec<u8>>,
}

impl Pem {
    fn read(files: &TlsFiles) -> Result<Self, String> {
        Ok(Self { cert: read_open(&files.cert)?, key: read_secret(&files.key)? })
    }

    fn contents(&self) -> [&[u8]; 2] {
        [&self.cert, &self.key]
    }

    fn parse(&self, files: &TlsFiles, provider: &CryptoProvider) -> Result<CertifiedKey, String> {
        let (cert, key) = (files.cert.display(), files.key.display());
        let chain =
            CertificateDer::pem_slice_iter(&self.cert).take(MOST_CERTIFICATES).collect::<Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| format!("“{cert}” is no PEM file: {error}."))?;
        if chain.is_empty() {
            return Err(format!("“{cert}” holds no certificate in PEM form."));
        }
        let private = PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| {
            format!(
                "“{key}” holds no private key in PEM form that is not encrypted (PKCS#8, PKCS#1 or SEC 1)."
            )
        })?;
        CertifiedKey::from_der(chain, private, provider).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => {
                format!("the key in “{key}” does not belong to the first certificate in “{cert}”.")
            }
            error => format!("“{cert}” and “{key}” cannot be used: {error}."),
        })
    }
}

/// What a connection to the port of HTTPS turned out to be.
pub(crate) enum Greeted {
    /// TLS.
    Tls(Box<TlsStream<TcpStream>>),
    /// Plain HTTP: somebody wrote `http://` for `https://`.
    Plain(TcpStream),
    /// Nothing that can be gone on with.
    Nothing,
}

/// Shakes hands, in bounded time.
pub(crate) async fn greet(acceptor: &TlsAcceptor, stream: TcpStream) -> Greeted {
    let greeting = async {
        let mut first = [0; 1];
        match stream.peek(&mut first).await {
            // Methods begin with a capital letter; a TLS record with a number below 32.
            Ok(1) if first[0].is_ascii_uppercase() => Greeted::Plain(stream),
            Ok(1) => match acceptor.accept(stream).await {
                Ok(stream) => Greeted::Tls(Box::new(stream)),
                Err(_) => Greeted::Nothing,
            },
            _ => Greeted::Nothing,
        }
    };
    timeout(HANDSHAKE_PATIENCE, greeting).await.unwrap_or(Greeted::Nothing)
}
