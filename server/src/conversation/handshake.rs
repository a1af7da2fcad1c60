//! The handshake, on a thread of its own: TLS 1.2 (RFC 5246) and TLS 1.3 (RFC 8446) by rustls with aws-lc.
//!
//! The loop reads and writes by itself instead of using rustls' `complete_io`, so that it knows what came when, and so that nothing
//! is written after the browser declined. A session is resumed only where the browser asks for it: a probe wants to see the whole handshake.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{
    AfterHandshake, HandshakeKind, HttpRequest, ProbeFailure, ServerEvent, ServerNameIndication, Target,
    TlsVersion, Versions,
};
use rustls::client::{Resumption, Tls12Resumption};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::ServerName;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ClientConnection, KeyLog, NamedGroup, ProtocolVersion, SupportedProtocolVersion};

use super::after::Records;
use super::client_auth::RemoteCertificate;
use super::failure::{Circumstances, handshake_failure};
use super::line::Line;
use super::locate::Reached;
use super::offer::{self, HTTP_1_1};
use super::prelude::Prelude;
use super::proxy::Destination;
use super::recorder::Recorder;
use super::server_auth::ChainReporter;
use super::sessions::{Sessions, TicketBell};
use super::target::Host;
use super::wire::{Lost, Wire};
use super::{Limits, seconds};

/// What the thread needs.
pub(super) struct Job {
    pub(super) reached: Reached,
    pub(super) target: Target,
    pub(super) host: Host,
    pub(super) deadline: Instant,
    pub(super) limits: Limits,
    pub(super) line: Arc<Line>,
    pub(super) sessions: Arc<Sessions>,
}

/// Handshake, a look at what follows, good-bye.
pub(super) fn run(job: Job) -> Result<(), ProbeFailure> {
    let (sessions, line) = (Arc::clone(&job.sessions), Arc::clone(&job.line));
    let ended = hold(job);
    line.tell();
    sessions.stand_down();
    ended
}

fn hold(mut job: Job) -> Result<(), ProbeFailure> {
    let destination = job.reached.destination.take();
    let remote = job.reached.remote;
    let mut session = Session::new(job)?;
    session.prelude(remote, destination.as_ref())?;
    session.shake_hands()?;
    session.report_handshake();
    let sign = session.sign_after_handshake()?;
    if let Some(fault) = session.line.fault() {
        return Err(fault);
    }
    session.line.say_soon(ServerEvent::AfterHandshake { sign });
    session.say_goodbye();
    Ok(())
}

/// A TLS connection under way.
pub(super) struct Session {
    pub(super) tls: ClientConnection,
    pub(super) wire: Wire,
    pub(super) line: Arc<Line>,
    pub(super) target: Target,
    pub(super) host: Host,
    pub(super) deadline: Instant,
    pub(super) limits: Limits,
    /// Application data received and not yet looked at.
    pub(super) plaintext: Vec<u8>,
    /// close_notify came.
    pub(super) closed: bool,
    pub(super) records: Records,
    /// Keeps the handshake's bytes for the browser, from the first of TLS on.
    recorder: Arc<Recorder>,
    begun: Instant,
    certificate_sent: bool,
    deaf: bool,
}

/// How a read ended that brought no progress.
pub(super) enum Setback {
    /// Nothing comes any more.
    Lost(Lost),
    /// rustls objects, or passes on an alert.
    Tls(rustls::Error),
    /// The probe must end for a reason that was noted.
    Fault(ProbeFailure),
}

impl Session {
    fn new(job: Job) -> Result<Self, ProbeFailure> {
        let Job { reached, target, host, deadline, limits, line, sessions } = job;
        let connected = reached.remote;
        let named = match &target.server_name {
            ServerNameIndication::Host => host.clone(),
            ServerNameIndication::Absent => Host::Address(connected.ip()),
            ServerNameIndication::Name(name) => Host::parse(name, target.port)
                .map_err(|_| ProbeFailure::BadTarget { field: "server name".to_owned() })?,
        };
        let server_name = named.server_name(connected.ip());
        let recorder = Arc::new(Recorder::new(limits.handshake_bytes, target.messages));
        let sni = matches!(server_name, ServerName::DnsName(_));
        let config = config(&target, &line, &sessions, &recorder, sni)?;
        let tls = ClientConnection::new(Arc::new(config), server_name).map_err(|_| ProbeFailure::Internal)?;
        Ok(Self {
            tls,
            wire: Wire::new(reached.stream, limits.meter.clone()),
            line,
            target,
            host,
            deadline,
            limits,
            plaintext: Vec::new(),
            closed: false,
            records: Records::default(),
            recorder,
            begun: Instant::now(),
            certificate_sent: false,
            deaf: false,
        })
    }

    /// Everything before TLS.
    fn prelude(&mut self, remote: SocketAddr, destination: Option<&Destination>) -> Result<(), ProbeFailure> {
        let Self { target, host, limits, wire, line, deadline, .. } = self;
        let prelude = Prelude { target, host, destination, remote, limits, deadline: *deadline };
        prelude.run(wire, &|event| line.say(event))?;
        self.begun = Instant::now();
        Ok(())
    }

    fn shake_hands(&mut self) -> Result<(), ProbeFailure> {
        let ended = self.exchange();
        if self.target.messages {
            // Our last messages count too.
            self.flush(self.deadline);
            self.line.say(ServerEvent::Messages { messages: self.recorder.seen() });
        }
        self.recorder.stop();
        ended
    }

    fn exchange(&mut self) -> Result<(), ProbeFailure> {
        loop {
            // The last of our messages waits for what is written next, which is often the good-bye.
            if !self.tls.is_handshaking() {
                return Ok(());
            }
            self.flush(self.deadline);
            let error = match self.receive(self.deadline) {
                Ok(()) => continue,
                Err(setback) => setback,
            };
            return Err(match error {
                Setback::Fault(failure) => failure,
                _ if !self.wire.may_be_tls() => {
                    ProbeFailure::NotTls { looks_like: self.wire.plain_protocol(self.deadline) }
                }
                Setback::Lost(Lost::TimedOut) => ProbeFailure::HandshakeTimedOut {
                    received: self.wire.received(),
                    seconds: seconds(self.begun.elapsed()),
                },
                Setback::Lost(lost) => {
                    ProbeFailure::HungUp { received: self.wire.received(), reset: lost == Lost::Reset }
                }
                Setback::Tls(error) => {
                    // The peer deserves the alert that rustls has ready for it.
                    self.flush(self.deadline.min(Instant::now() + GOODBYE));
                    let circumstances = Circumstances {
                        versions: self.target.versions,
                        after_certificate: self.certificate_sent,
                        pss_key: self.line.has_pss_key(),
                    };
                    handshake_failure(error, circumstances)
                }
            });
        }
    }

    /// Writes what rustls has ready. If the peer takes no more, that is no reason to stop: what it said last, which may be the alert
    /// that explains it, is still to be read.
    pub(super) fn flush(&mut self, until: Instant) {
        let mut bytes = Vec::new();
        while self.tls.wants_write() {
            if self.tls.write_tls(&mut bytes).is_err() {
                break;
            }
        }
        // Once the handshake is over it keeps nothing.
        self.recorder.note_sent(&bytes);
        if !self.deaf && !bytes.is_empty() {
            match self.wire.write(&bytes, until) {
                Ok(()) => self.certificate_sent |= self.line.signed(),
                Err(_) => self.deaf = true,
            }
        }
    }

    /// Reads once and lets rustls work on it.
    pub(super) fn receive(&mut self, until: Instant) -> Result<(), Setback> {
        self.line.tell();
        let mut buffer = [0; 16 * 1024];
        let mut bytes = self.wire.read(&mut buffer, until).map_err(Setback::Lost)?;
        if self.tls.is_handshaking() {
            if !self.wire.may_be_tls() {
                return Err(Setback::Lost(Lost::Closed));
            }
            if self.wire.received() > self.limits.handshake_bytes {
                let bytes = self.limits.handshake_bytes;
                return Err(Setback::Fault(ProbeFailure::HandshakeTooLarge { bytes }));
            }
            self.recorder.note_received(bytes);
        }
        let handshakes = self.records.feed(bytes);
        if handshakes && !self.tls.is_handshaking() && !self.is_tls13() {
            // After the handshake of TLS 1.2 a handshake record is a HelloRequest (RFC 5246 section 7.4.1.1); rustls declines it by itself.
            self.note_asked_again(true);
        }
        while !bytes.is_empty() && !self.closed {
            let taken = self.tls.read_tls(&mut bytes);
            let processed = self.tls.process_new_packets();
            if let Some(fault) = self.line.fault() {
                return Err(Setback::Fault(fault));
            }
            self.collect_plaintext();
            match processed {
                Ok(state) => self.closed |= state.peer_has_closed(),
                Err(error) => return Err(Setback::Tls(error)),
            }
            if !matches!(taken, Ok(1..)) {
                break;
            }
        }
        Ok(())
    }

    fn collect_plaintext(&mut self) {
        let mut buffer = [0; 4096];
        // Errors say that there is nothing at the moment, or that the connection was closed, which is known otherwise.
        while let Ok(length @ 1..) = std::io::Read::read(&mut self.tls.reader(), &mut buffer) {
            self.plaintext.extend(buffer.iter().take(length));
        }
    }

    /// Whether TLS 1.3 was agreed on.
    pub(super) fn is_tls13(&self) -> bool {
        self.tls.protocol_version() == Some(ProtocolVersion::TLSv1_3)
    }

    fn report_handshake(&self) {
        let suite = self.tls.negotiated_cipher_suite().map(|suite| format!("{:?}", suite.suite()));
        self.line.say_soon(ServerEvent::HandshakeDone {
            handshake: match self.tls.handshake_kind() {
                Some(rustls::HandshakeKind::FullWithHelloRetryRequest) => HandshakeKind::HelloRetry,
                Some(rustls::HandshakeKind::Resumed) => HandshakeKind::Resumed,
                _ => HandshakeKind::Full,
            },
            version: if self.is_tls13() { TlsVersion::Tls13 } else { TlsVersion::Tls12 },
            // rustls prefixes the TLS 1.3 suites with TLS13 to tell them apart; IANA does not.
            cipher_suite: suite.unwrap_or_default().replace("TLS13_", "TLS_"),
            group: self.tls.negotiated_key_exchange_group().map(|group| iana_name(group.name())),
            alpn: self.tls.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned()),
        });
    }

    fn sign_after_handshake(&mut self) -> Result<AfterHandshake, ProbeFailure> {
        let speaks_http = self.tls.alpn_protocol().is_none_or(|protocol| protocol == HTTP_1_1);
        if self.target.http == HttpRequest::Head && speaks_http {
            self.ask_http()
        } else if !self.line.certificate_requested() {
            // The session that is to be resumed comes only now.
            if self.target.offer.resume && self.is_tls13() {
                self.listen()
            } else {
                Ok(AfterHandshake::NotAwaited)
            }
        } else if self.target.http != HttpRequest::Never && self.tls.alpn_protocol() == Some(HTTP_1_1) {
            self.ask_http()
        } else if self.is_tls13() {
            self.listen()
        } else {
            Ok(AfterHandshake::NotAwaited)
        }
    }

    fn say_goodbye(&mut self) {
        self.tls.send_close_notify();
        self.flush(self.deadline.min(Instant::now() + GOODBYE));
    }
}

/// How long the last alert may take to be written.
const GOODBYE: Duration = Duration::from_millis(500);

/// Draws the TLS library's first randomness. Where aws-lc was built to gather entropy by itself, which `.cargo/config.toml` tells it not to, that takes some
/// 30 ms: better now than in the first handshake.
pub(super) fn prepare() {
    // A failure shows in the handshake.
    let _ = aws_lc_rs::default_provider().secure_random.fill(&mut [0]);
}

fn config(
    target: &Target,
    line: &Arc<Line>,
    sessions: &Arc<Sessions>,
    recorder: &Arc<Recorder>,
    enable_sni: bool,
) -> Result<ClientConfig, ProbeFailure> {
    let versions: &[&SupportedProtocolVersion] = match target.versions {
        Versions::Both => &[&TLS13, &TLS12],
        Versions::Tls12 => &[&TLS12],
        Versions::Tls13 => &[&TLS13],
    };
    let provider = offer::provider(&target.offer)?;
    let algorithms = provider.signature_verification_algorithms;
    let schemes = offer::schemes(&target.offer, algorithms.supported_schemes())?;
    let verifier = Arc::new(ChainReporter::new(Arc::clone(line), algorithms, schemes));
    let resolver = Arc::new(RemoteCertificate { line: Arc::clone(line), recorder: Arc::clone(recorder) });
    let builder = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(versions)
        .map_err(|_| ProbeFailure::BadTarget { field: "cipher suites".to_owned() })?
        .dangerous();
    let resumes = target.offer.resume;
    let mut config = if resumes {
        sessions.stand_for(verifier, resolver);
        builder
            .with_custom_certificate_verifier(Arc::clone(&sessions.verifier) as _)
            .with_client_cert_resolver(Arc::clone(&sessions.resolver) as _)
    } else {
        builder.with_custom_certificate_verifier(verifier).with_client_cert_resolver(resolver)
    };
    config.enable_sni = enable_sni;
    config.key_log = Arc::clone(recorder) as Arc<dyn KeyLog>;
    let bell = TicketBell { line: Arc::clone(line), sessions: resumes.then(|| Arc::clone(sessions)) };
    config.resumption = Resumption::store(Arc::new(bell)).tls12_resumption(if resumes {
        Tls12Resumption::SessionIdOrTickets
    } else {
        Tls12Resumption::Disabled
    });
    config.alpn_protocols = offer::alpn(target);
    Ok(config)
}

/// IANA writes x25519 in lower case and the rest as rustls does.
fn iana_name(group: NamedGroup) -> String {
    match group {
        NamedGroup::X25519 => "x25519".to_owned(),
        NamedGroup::X448 => "x448".to_owned(),
        other => format!("{other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use tokio::net::TcpListener;
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    /// The peer refuses and resets the connection before our first byte goes out, so that writing fails.
    #[tokio::test]
    async fn an_alert_is_read_although_writing_fails() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stream = TcpStream::connect(address).unwrap();
        let (peer, _) = listener.accept().await.unwrap();
        peer.writable().await.unwrap();
        assert_eq!(peer.try_write(&[0x15, 3, 3, 0, 2, 2, 40]).unwrap(), 7);
        peer.set_zero_linger().unwrap();
        drop(peer);
        tokio::time::sleep(Duration::from_millis(100)).await;

        let deadline = Instant::now() + Duration::from_secs(5);
        let (events, _said) = unbounded_channel();
        let (_answer, answers) = std::sync::mpsc::channel();
        let target = Target { http: HttpRequest::Never, ..Target::new("localhost", address.port()) };
        let mut session = Session::new(Job {
            reached: Reached { stream, remote: address, destination: None },
            host: Host::parse(&target.host, target.port).unwrap(),
            target,
            deadline,
            limits: Limits::default(),
            line: Arc::new(Line::new(events, answers, deadline, Duration::from_secs(1))),
            sessions: Arc::new(Sessions::new()),
        })
        .unwrap();
        let failure = session.shake_hands().unwrap_err();
        assert!(session.deaf);
        assert_eq!(failure, ProbeFailure::Alert { code: 40, after_certificate: false });
    }
}
