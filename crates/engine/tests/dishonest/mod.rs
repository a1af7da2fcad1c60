//! Real handshakes, recorded: `openssl s_server` and Certwright's own server, with the engine as the browser that signs.

pub(crate) mod forging;

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use certwright_chain::Anchor;
use certwright_engine::files::{Input, Passwords, anchors, client_keystore};
use certwright_engine::probe::Probe;
use certwright_keystore::Keystore;
use certwright_protocol::Bytes;
use certwright_protocol::conversation::{FromServer, HttpRequest, ServerEvent, ToServer, Versions};
use certwright_protocol::handshake::HandshakeFault;
use certwright_protocol::report::{CertificateUse, WhyNotUsed};
use certwright_protocol::ui::{ProbeExtent, ProbePlan};
use certwright_server::conversation::{Limits, run};
use certwright_server::policy::TargetPolicy;
use tokio::sync::mpsc;

use super::support::{Authority, now, random};

/// The host that the user wants to probe.
pub(crate) const HOST: &str = "localhost";

/// An authority, the user's keystore, and what was recorded with both.
pub(crate) struct World {
    pub(crate) authority: Authority,
    pub(crate) keystore: Keystore,
    pub(crate) trusted: Vec<Anchor>,
    chains: HashMap<&'static str, Vec<Bytes>>,
    /// A handshake in TLS 1.3.
    pub(crate) tls13: Asked,
    /// Another one with the same peer.
    pub(crate) tls13_again: Asked,
    /// One with a HelloRetryRequest.
    pub(crate) retried: Asked,
    /// A handshake in TLS 1.2.
    pub(crate) tls12: Asked,
    /// Another one with the same peer.
    pub(crate) tls12_again: Asked,
}

impl World {
    /// Makes the keys `peer` (for [`HOST`]), `bank` (for another host) and `client`, and records the handshakes.
    pub(crate) fn new() -> Self {
        let authority = Authority::new();
        let mut chains = HashMap::new();
        for (name, host, usage) in [
            ("peer", HOST, "serverAuth"),
            ("bank", "bank.example", "serverAuth"),
            ("client", "client", "clientAuth"),
        ] {
            let (key, certificate) = authority.issue(host, usage);
            let chain = [&certificate, &authority.read("inter.pem")].map(|pem| Bytes(authority.der(pem)));
            chains.insert(name, chain.to_vec());
            authority.write(&format!("{name}.key"), &key);
            authority.write(&format!("{name}.pem"), &[certificate, authority.read("inter.pem")].concat());
        }
        let (certificate, key) = (authority.read("client.pem"), authority.read("client.key"));
        let keystore = client_keystore(("client.pem", &certificate), ("client.key", &key), None).unwrap();
        let root = authority.read("root.pem");
        let trusted = anchors(&Input { name: "root.pem", bytes: &root }, &Passwords::none()).unwrap();

        let record = |more: &[&str], versions| record(&authority, &keystore, &trusted, more, versions);
        let (tls13, tls13_again) = (record(&[], Versions::Both), record(&[], Versions::Both));
        let retried = record(&["-groups", "P-384"], Versions::Both);
        let (tls12, tls12_again) =
            (record(&["-no_tls1_3"], Versions::Both), record(&["-no_tls1_3"], Versions::Both));
        Self { tls13, tls13_again, retried, tls12, tls12_again, authority, keystore, trusted, chains }
    }

    /// DER of the chain of `peer`, `bank` or `client`.
    pub(crate) fn chain(&self, name: &str) -> Vec<Bytes> {
        self.chains[name].clone()
    }

    /// A probe as the user starts it.
    pub(crate) fn probe(&self, plan: ProbePlan) -> Probe {
        Probe::start(plan, &self.keystore, self.trusted.clone(), now() * 1000).unwrap().0
    }

    /// What becomes of `asked`, in a new probe.
    pub(crate) fn ask(&self, asked: &Asked) -> Result<Vec<u8>, WhyNotUsed> {
        self.ask_in(plan(Versions::Both), asked)
    }

    pub(crate) fn ask_in(&self, plan: ProbePlan, asked: &Asked) -> Result<Vec<u8>, WhyNotUsed> {
        let mut probe = self.probe(plan);
        tell(&mut probe, asked.request());
        tell(&mut probe, asked.chain());
        answer(&mut probe, asked.signature_wanted())
    }

    /// Why `asked` is not signed.
    pub(crate) fn fault(&self, asked: &Asked) -> Option<HandshakeFault> {
        match self.ask(asked) {
            Ok(_) => None,
            Err(WhyNotUsed::NotThisHandshake { fault }) => Some(fault),
            Err(other) => panic!("{other:?}"),
        }
    }
}

pub(crate) fn plan(versions: Versions) -> ProbePlan {
    let extent = ProbeExtent { diagnose: false, ..ProbeExtent::default() };
    ProbePlan { versions, extent, http: HttpRequest::Never, ..ProbePlan::new(HOST, 443) }
}

pub(crate) fn tell(probe: &mut Probe, event: ServerEvent) -> Option<ToServer> {
    probe.receive(FromServer { at_us: 1, event }, now(), &mut random())
}

/// Asks for the signature, ends the probe, and reads in the report why there was none.
pub(crate) fn answer(probe: &mut Probe, event: ServerEvent) -> Result<Vec<u8>, WhyNotUsed> {
    let answer = tell(probe, event);
    tell(probe, ServerEvent::Ended { failure: None });
    let report = probe.report().client_authentication.clone();
    match (answer, report.used) {
        (Some(ToServer::Signature { signature }), _) => {
            assert!(report.checked.is_some());
            Ok(signature.0)
        }
        (Some(ToServer::DeclineSignature), Some(CertificateUse::NotUsed { why, .. })) => {
            assert_eq!(report.checked, None);
            Err(why)
        }
        other => panic!("{other:?}"),
    }
}

/// What a server says on the way to a signature.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) authorities: Vec<Bytes>,
    pub(crate) schemes: Vec<u16>,
    pub(crate) certificates: Vec<Bytes>,
    pub(crate) scheme: u16,
    pub(crate) message: Vec<u8>,
    pub(crate) handshake: Vec<Vec<u8>>,
}

impl Asked {
    pub(crate) fn request(&self) -> ServerEvent {
        ServerEvent::CertificateRequested {
            authorities: self.authorities.clone(),
            schemes: self.schemes.clone(),
        }
    }

    pub(crate) fn chain(&self) -> ServerEvent {
        ServerEvent::ServerChain { certificates: self.certificates.clone(), ocsp_staple: None }
    }

    pub(crate) fn signature_wanted(&self) -> ServerEvent {
        ServerEvent::SignatureWanted {
            scheme: self.scheme,
            message: Bytes(self.message.clone()),
            handshake: self.handshake.iter().cloned().map(Bytes).collect(),
        }
    }
}

/// Probes the peer, which has to accept the certificate, and returns what was asked on the way.
fn record(
    authority: &Authority,
    keystore: &Keystore,
    trusted: &[Anchor],
    more: &[&str],
    versions: Versions,
) -> Asked {
    let peer = Peer::start(authority, more);
    let (mut probe, opening) = Probe::start(
        ProbePlan { port: peer.port, ..plan(versions) },
        keystore,
        trusted.to_vec(),
        now() * 1000,
    )
    .unwrap();
    let mut asked = Asked {
        authorities: Vec::new(),
        schemes: Vec::new(),
        certificates: Vec::new(),
        scheme: 0,
        message: Vec::new(),
        handshake: Vec::new(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (to_server, from_browser) = mpsc::channel(8);
        let (to_browser, mut from_server) = mpsc::channel::<FromServer>(8);
        let policy = Arc::new(TargetPolicy::loopback());
        let server = tokio::spawn(run(from_browser, to_browser, policy, Limits::default()));
        to_server.send(opening).await.unwrap();
        while let Some(said) = from_server.recv().await {
            match &said.event {
                ServerEvent::CertificateRequested { authorities, schemes } => {
                    (asked.authorities, asked.schemes) = (authorities.clone(), schemes.clone());
                }
                ServerEvent::ServerChain { certificates, .. } => asked.certificates = certificates.clone(),
                ServerEvent::SignatureWanted { scheme, message, handshake } => {
                    (asked.scheme, asked.message) = (*scheme, message.0.clone());
                    asked.handshake = handshake.iter().map(|message| message.0.clone()).collect();
                }
                _ => {}
            }
            if let Some(answer) = probe.receive(said, now(), &mut random()) {
                to_server.send(answer).await.unwrap();
            }
            if probe.is_over() {
                break;
            }
        }
        drop(to_server);
        server.await.unwrap();
    });
    let used = probe.report().client_authentication.used.as_ref();
    assert!(matches!(used, Some(CertificateUse::Accepted { .. })), "{more:?}: {used:?}");
    asked
}

/// `openssl s_server` that demands a client certificate.
struct Peer {
    child: Child,
    port: u16,
}

impl Peer {
    fn start(authority: &Authority, more: &[&str]) -> Self {
        let mut child = Command::new("openssl")
            .current_dir(authority.folder())
            .args(["s_server", "-accept", "127.0.0.1:0", "-cert", "peer.pem", "-key", "peer.key"])
            .args(["-cert_chain", "inter.pem", "-CAfile", "root.pem", "-Verify", "3", "-verify_return_error"])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = lines
            .by_ref()
            .find_map(|line| line.strip_prefix("ACCEPT ")?.rsplit(':').next()?.trim().parse().ok())
            .expect("s_server says where it listens");
        // Nobody reads what it prints; a full pipe would stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
