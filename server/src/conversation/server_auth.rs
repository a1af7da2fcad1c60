//! The server's certificate: reported as it comes, trusted by nobody here.
//!
//! Whether the chain is to be believed is the browser's to say, so every chain passes. The server's own signature over the
//! handshake is checked all the same: without it the probe would have spoken to somebody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use certwright_protocol::Bytes;
use certwright_protocol::conversation::{ProbeFailure, ServerEvent};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use super::line::Line;
use super::signature::{self, TlsRules};

/// Reports chains and checks signatures.
#[derive(Debug)]
pub(super) struct ChainReporter {
    line: Arc<Line>,
    algorithms: WebPkiSupportedAlgorithms,
    schemes: Vec<SignatureScheme>,
    reported: AtomicBool,
}

impl ChainReporter {
    pub(super) fn new(
        line: Arc<Line>,
        algorithms: WebPkiSupportedAlgorithms,
        schemes: Vec<SignatureScheme>,
    ) -> Self {
        Self { line, algorithms, schemes, reported: AtomicBool::new(false) }
    }

    fn check(
        &self,
        rules: TlsRules,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if self.line.fault().is_some() {
            return Err(Error::General("the probe has ended".to_owned()));
        }
        match signature::verify(
            rules,
            &self.algorithms,
            certificate,
            signed.scheme,
            message,
            signed.signature(),
        ) {
            Ok(()) => Ok(HandshakeSignatureValid::assertion()),
            Err(fault) => {
                self.line.fail(ProbeFailure::from(fault));
                Err(Error::InvalidCertificate(CertificateError::BadSignature))
            }
        }
    }
}

impl ServerCertVerifier for ChainReporter {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if !self.reported.swap(true, Ordering::Relaxed) {
            if signature::is_marked_pss(end_entity) {
                self.line.note_pss_key();
            }
            let chain = std::iter::once(end_entity).chain(intermediates);
            self.line.say_soon(ServerEvent::ServerChain {
                certificates: chain.map(|certificate| Bytes::from(certificate.as_ref())).collect(),
                ocsp_staple: (!ocsp_response.is_empty()).then(|| Bytes::from(ocsp_response)),
            });
        }
        match self.line.fault() {
            None => Ok(ServerCertVerified::assertion()),
            Some(_) => Err(Error::General("the probe has ended".to_owned())),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.check(TlsRules::Tls12, message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.check(TlsRules::Tls13, message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.clone()
    }
}
