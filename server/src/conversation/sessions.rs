//! Sessions that a later connection of the same conversation may resume (RFC 8446 section 2.2, RFC 5246 section 7.3), where the browser asked for that.
//!
//! rustls resumes a session only with the very verifier and certificate resolver that it was made with. Each connection has its own of both, as they speak
//! to the browser; so here stand two that never change and pass everything on to those of the running connection. Nothing of this outlives the conversation.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{
    ClientSessionMemoryCache, ClientSessionStore, ResolvesClientCert, Tls12ClientSessionValue,
    Tls13ClientSessionValue,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{DigitallySignedStruct, Error, NamedGroup, SignatureScheme};

use super::line::Line;

/// Servers whose sessions are kept.
const MOST_SERVERS: usize = 4;

/// What a conversation remembers.
#[derive(Debug)]
pub(super) struct Sessions {
    store: ClientSessionMemoryCache,
    pub(super) verifier: Arc<StandingVerifier>,
    pub(super) resolver: Arc<StandingResolver>,
}

impl Sessions {
    pub(super) fn new() -> Self {
        Self {
            store: ClientSessionMemoryCache::new(MOST_SERVERS),
            verifier: Arc::default(),
            resolver: Arc::default(),
        }
    }

    /// Passes everything on to these from now on.
    pub(super) fn stand_for(
        &self,
        verifier: Arc<dyn ServerCertVerifier>,
        resolver: Arc<dyn ResolvesClientCert>,
    ) {
        *lock(&self.verifier.0) = Some(verifier);
        *lock(&self.resolver.0) = Some(resolver);
    }

    /// Lets go of them: what they hold ends with their connection.
    pub(super) fn stand_down(&self) {
        *lock(&self.verifier.0) = None;
        *lock(&self.resolver.0) = None;
    }
}

/// A verifier that stays the same.
#[derive(Default)]
pub(super) struct StandingVerifier(Mutex<Option<Arc<dyn ServerCertVerifier>>>);

impl StandingVerifier {
    fn running(&self) -> Result<Arc<dyn ServerCertVerifier>, Error> {
        lock(&self.0).clone().ok_or_else(|| Error::General("no connection".to_owned()))
    }
}

impl ServerCertVerifier for StandingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.running()?.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.running()?.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.running()?.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.running().map(|running| running.supported_verify_schemes()).unwrap_or_default()
    }
}

/// A certificate resolver that stays the same.
#[derive(Default)]
pub(super) struct StandingResolver(Mutex<Option<Arc<dyn ResolvesClientCert>>>);

impl ResolvesClientCert for StandingResolver {
    fn resolve(&self, authorities: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        let running = lock(&self.0).clone()?;
        running.resolve(authorities, schemes)
    }

    fn has_certs(&self) -> bool {
        lock(&self.0).as_ref().is_some_and(|running| running.has_certs())
    }
}

/// Notices that a ticket of TLS 1.3 was there, and keeps sessions if there is a place for them.
#[derive(Debug)]
pub(super) struct TicketBell {
    pub(super) line: Arc<Line>,
    pub(super) sessions: Option<Arc<Sessions>>,
}

impl TicketBell {
    fn store(&self) -> Option<&ClientSessionMemoryCache> {
        self.sessions.as_ref().map(|sessions| &sessions.store)
    }
}

impl ClientSessionStore for TicketBell {
    fn set_kx_hint(&self, _: ServerName<'static>, _: NamedGroup) {}

    fn kx_hint(&self, _: &ServerName<'_>) -> Option<NamedGroup> {
        None
    }

    fn set_tls12_session(&self, server: ServerName<'static>, session: Tls12ClientSessionValue) {
        if let Some(store) = self.store() {
            store.set_tls12_session(server, session);
        }
    }

    fn tls12_session(&self, server: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.store()?.tls12_session(server)
    }

    fn remove_tls12_session(&self, server: &ServerName<'static>) {
        if let Some(store) = self.store() {
            store.remove_tls12_session(server);
        }
    }

    fn insert_tls13_ticket(&self, server: ServerName<'static>, ticket: Tls13ClientSessionValue) {
        self.line.note_ticket();
        if let Some(store) = self.store() {
            store.insert_tls13_ticket(server, ticket);
        }
    }

    fn take_tls13_ticket(&self, server: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.store()?.take_tls13_ticket(server)
    }
}

/// What is behind these locks is whole at any time, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// rustls wants them printable.
impl fmt::Debug for StandingVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StandingVerifier")
    }
}

impl fmt::Debug for StandingResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StandingResolver")
    }
}
