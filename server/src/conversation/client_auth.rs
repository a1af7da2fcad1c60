//! Client authentication with a key that is elsewhere: the browser names the certificate and makes the signature.

use std::sync::Arc;

use certwright_protocol::Bytes;
use certwright_protocol::conversation::{ProbeFailure, ServerEvent, ToServer};
use rustls::client::ResolvesClientCert;
use rustls::pki_types::CertificateDer;
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{Error, SignatureAlgorithm, SignatureScheme};

use super::line::Line;
use super::recorder::Recorder;

/// A longer signature is none: RSA with 16384 bits makes 2048 bytes.
const MAX_SIGNATURE: usize = 4096;
/// A chain may be this long in all; rustls refuses handshake messages of more than 64 KiB, and peers do too.
const MAX_CHAIN: usize = 0xf000;

/// Asks the browser for a certificate when the server requests one.
#[derive(Debug)]
pub(super) struct RemoteCertificate {
    pub(super) line: Arc<Line>,
    pub(super) recorder: Arc<Recorder>,
}

impl ResolvesClientCert for RemoteCertificate {
    fn resolve(&self, authorities: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.line.note_request();
        let question = ServerEvent::CertificateRequested {
            authorities: authorities.iter().map(|&name| Bytes::from(name)).collect(),
            schemes: schemes.iter().map(|&scheme| scheme.into()).collect(),
        };
        match self.line.ask(question)? {
            ToServer::Certificate { chain, schemes } if !chain.is_empty() => {
                if chain.iter().map(|certificate| certificate.0.len() + 8).sum::<usize>() > MAX_CHAIN {
                    self.line
                        .fail(ProbeFailure::NothingInCommon { what: "client chain below 60 KiB".to_owned() });
                    return None;
                }
                let chain =
                    chain.into_iter().map(|certificate| CertificateDer::from(certificate.0)).collect();
                let key =
                    RemoteKey { line: Arc::clone(&self.line), recorder: Arc::clone(&self.recorder), schemes };
                Some(Arc::new(CertifiedKey::new(chain, Arc::new(key))))
            }
            _ => None,
        }
    }

    /// Without this rustls would not keep the TLS 1.2 transcript, which is what is signed.
    fn has_certs(&self) -> bool {
        true
    }
}

/// The browser's key, as far as the server knows it.
#[derive(Debug)]
struct RemoteKey {
    line: Arc<Line>,
    recorder: Arc<Recorder>,
    schemes: Vec<u16>,
}

impl SigningKey for RemoteKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let scheme = self
            .schemes
            .iter()
            .map(|&scheme| SignatureScheme::from(scheme))
            .find(|scheme| offered.contains(scheme))?;
        Some(Box::new(RemoteSigner {
            line: Arc::clone(&self.line),
            recorder: Arc::clone(&self.recorder),
            scheme,
        }))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        match self.schemes.first().copied().map(SignatureScheme::from) {
            Some(
                SignatureScheme::ECDSA_NISTP256_SHA256
                | SignatureScheme::ECDSA_NISTP384_SHA384
                | SignatureScheme::ECDSA_NISTP521_SHA512
                | SignatureScheme::ECDSA_SHA1_Legacy,
            ) => SignatureAlgorithm::ECDSA,
            Some(SignatureScheme::ED25519) => SignatureAlgorithm::ED25519,
            Some(SignatureScheme::ED448) => SignatureAlgorithm::ED448,
            _ => SignatureAlgorithm::RSA,
        }
    }
}

/// Has the browser sign one message.
#[derive(Debug)]
struct RemoteSigner {
    line: Arc<Line>,
    recorder: Arc<Recorder>,
    scheme: SignatureScheme,
}

impl Signer for RemoteSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        // rustls has read all of this already; where it cannot be read again, the fault is here.
        let Some(handshake) = self.recorder.messages() else {
            self.line.fail(ProbeFailure::Internal);
            return Err(Error::General("the handshake was not recorded".to_owned()));
        };
        let question = ServerEvent::SignatureWanted {
            scheme: self.scheme.into(),
            message: Bytes::from(message),
            handshake: handshake.into_iter().map(Bytes).collect(),
        };
        match self.line.ask(question) {
            Some(ToServer::Signature { signature }) if (1..=MAX_SIGNATURE).contains(&signature.0.len()) => {
                self.line.note_signature();
                Ok(signature.0)
            }
            _ => {
                // If the browser did not answer at all, that has been noted already and counts.
                self.line.fail(ProbeFailure::SignatureDeclined);
                Err(Error::General("no signature".to_owned()))
            }
        }
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}
