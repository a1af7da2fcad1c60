//! What the tests share: certificates made by openssl, real peers, and a browser's half of the conversation that signs with openssl.

#![allow(dead_code, reason = "each test binary uses its part")]

pub(crate) mod daemons;
pub(crate) mod http;
pub(crate) mod process;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use certwright_protocol::Bytes;
use certwright_protocol::conversation::{
    FromServer, HttpRequest, ProbeFailure, ServerEvent, Target, ToServer, Versions,
};
use certwright_server::conversation::{Limits, run};
use certwright_server::policy::TargetPolicy;
use tempfile::TempDir;
use tokio::sync::mpsc;

/// Runs openssl in `folder` and returns what it writes.
pub(crate) fn openssl(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("openssl").current_dir(folder).args(arguments).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {arguments:?}: {errors}");
    output.stdout
}

/// Two certification authorities and what they issued, as PEM files in a folder: `NAME.pem` and `NAME.key`.
pub(crate) struct Pki {
    folder: TempDir,
}

pub(crate) const P256: &[&str] = &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
pub(crate) const P384: &[&str] = &["ec", "-pkeyopt", "ec_paramgen_curve:P-384"];
pub(crate) const RSA: &[&str] = &["rsa:2048"];

impl Pki {
    pub(crate) fn new() -> Self {
        let pki = Self { folder: tempfile::tempdir().unwrap() };
        for name in ["root", "foreign-root"] {
            let (key, pem, subject) =
                (format!("{name}.key"), format!("{name}.pem"), format!("/CN=Test {name}"));
            let mut arguments = vec!["req", "-x509", "-nodes", "-days", "30", "-newkey"];
            arguments.extend(P256);
            arguments.extend(["-keyout", &key, "-out", &pem, "-subj", &subject]);
            openssl(pki.path(), &arguments);
        }
        pki.issue("server", "root", P256, &["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]);
        pki
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Makes a key and has `issuer` certify it.
    pub(crate) fn issue(&self, name: &str, issuer: &str, key: &[&str], more: &[&str]) {
        let (key_file, pem, subject) = (format!("{name}.key"), format!("{name}.pem"), format!("/CN={name}"));
        let (ca, ca_key) = (format!("{issuer}.pem"), format!("{issuer}.key"));
        let mut arguments = vec!["req", "-x509", "-nodes", "-days", "10", "-newkey"];
        arguments.extend(key);
        arguments
            .extend(["-keyout", &key_file, "-out", &pem, "-subj", &subject, "-CA", &ca, "-CAkey", &ca_key]);
        arguments.extend(["-addext", "basicConstraints=CA:FALSE"]);
        arguments.extend(more);
        openssl(self.path(), &arguments);
    }

    /// The certificate as DER.
    pub(crate) fn der(&self, name: &str) -> Vec<u8> {
        openssl(self.path(), &["x509", "-in", &format!("{name}.pem"), "-outform", "DER"])
    }

    /// A browser that uses this certificate.
    pub(crate) fn client(&self, name: &str, schemes: &[u16]) -> Browser {
        Browser::Signs {
            chain: vec![self.der(name)],
            key: self.file(&format!("{name}.key")),
            schemes: schemes.to_vec(),
        }
    }
}

/// A running process, ended with its value.
pub(crate) struct Peer {
    child: Child,
    pub(crate) port: u16,
    /// Lines that it wrote to standard output.
    pub(crate) log: Arc<Mutex<Vec<String>>>,
    _folder: Option<TempDir>,
}

impl Peer {
    /// A process that listens on this port.
    pub(crate) fn new(child: Child, port: u16, log: Arc<Mutex<Vec<String>>>) -> Self {
        Self { child, port, log, _folder: None }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `openssl s_server` with these arguments beside certificate and port.
pub(crate) fn s_server(pki: &Pki, name: &str, arguments: &[&str]) -> Peer {
    let mut child = Command::new("openssl")
        .current_dir(pki.path())
        .args(["s_server", "-accept", "127.0.0.1:0", "-cert", &format!("{name}.pem"), "-key"])
        .arg(format!("{name}.key"))
        .args(["-CAfile", "root.pem"])
        .args(arguments)
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
    let log = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&log);
    std::thread::spawn(move || lines.for_each(|line| sink.lock().unwrap().push(line)));
    Peer { child, port, log, _folder: None }
}

/// nginx with `server` blocks made from the port and these lines, where `PORT` stands for the port.
pub(crate) fn nginx(pki: &Pki, lines: &str) -> Peer {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let lines = lines.replace("PORT", &port.to_string());
    let here = folder.path().display();
    let keys = pki.path().display();
    let config = format!(
        "daemon off; master_process off; pid {here}/nginx.pid; error_log stderr;\n\
         events {{ worker_connections 64; }}\n\
         http {{ access_log off; client_body_temp_path {here}/b; proxy_temp_path {here}/p; fastcgi_temp_path {here}/f;\n\
         uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;\n\
         server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {keys}/server.pem; ssl_certificate_key {keys}/server.key;\n\
         ssl_client_certificate {keys}/root.pem; {lines}\n\
         location / {{ return 200 \"hello\"; }} }} }}\n"
    );
    let file = folder.path().join("nginx.conf");
    std::fs::write(&file, config).unwrap();
    let child = Command::new("nginx")
        .arg("-p")
        .arg(folder.path())
        .arg("-c")
        .arg(&file)
        .args(["-e", "stderr"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let peer = Peer { child, port, log: Arc::default(), _folder: Some(folder) };
    let until = Instant::now() + Duration::from_secs(10);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < until, "nginx does not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    peer
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// What the browser does when it is asked.
#[derive(Debug, Clone)]
pub(crate) enum Browser {
    /// Goes on without a certificate.
    HasNone,
    /// Uses this certificate and signs with the key in this file.
    Signs { chain: Vec<Vec<u8>>, key: PathBuf, schemes: Vec<u16> },
    /// Names the certificate and then declines to sign.
    Declines { chain: Vec<Vec<u8>>, schemes: Vec<u16> },
    /// Does not answer.
    IsSilent,
}

impl Browser {
    pub(crate) fn declining(self) -> Self {
        match self {
            Self::Signs { chain, schemes, .. } => Self::Declines { chain, schemes },
            other => other,
        }
    }

    /// The answer to an event, if it is a question.
    pub(crate) fn answer(&self, event: &ServerEvent) -> Option<ToServer> {
        match (event, self) {
            (ServerEvent::CertificateRequested { .. }, Self::HasNone) => Some(ToServer::NoCertificate),
            (
                ServerEvent::CertificateRequested { .. },
                Self::Signs { chain, schemes, .. } | Self::Declines { chain, schemes },
            ) => Some(ToServer::Certificate {
                chain: chain.iter().cloned().map(Bytes).collect(),
                schemes: schemes.clone(),
            }),
            (ServerEvent::SignatureWanted { scheme, message, .. }, Self::Signs { key, .. }) => {
                Some(ToServer::Signature { signature: Bytes(sign(key, *scheme, &message.0)) })
            }
            (ServerEvent::SignatureWanted { .. }, Self::Declines { .. }) => Some(ToServer::DeclineSignature),
            _ => None,
        }
    }
}

fn sign(key: &Path, scheme: u16, message: &[u8]) -> Vec<u8> {
    let (digest, pss) = match scheme {
        0x0401 | 0x0403 => ("-sha256", false),
        0x0501 | 0x0503 => ("-sha384", false),
        0x0804 => ("-sha256", true),
        0x0805 => ("-sha384", true),
        _ => panic!("scheme {scheme:#06x}"),
    };
    let mut command = Command::new("openssl");
    command.args(["dgst", digest, "-sign"]).arg(key);
    if pss {
        command.args(["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]);
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(message).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    output.stdout
}

/// A target on this machine.
pub(crate) fn target(port: u16, versions: Versions, ask_http: bool) -> Target {
    let http = if ask_http { HttpRequest::IfCertificateAsked } else { HttpRequest::Never };
    Target { versions, http, ..Target::new("localhost", port) }
}

/// Limits under which tests end soon.
pub(crate) fn short() -> Limits {
    Limits {
        total: Duration::from_secs(10),
        after_handshake: Duration::from_millis(700),
        http: Duration::from_secs(3),
        ..Limits::default()
    }
}

/// Holds a conversation and returns all events.
pub(crate) async fn probe(target: Target, browser: Browser) -> Vec<ServerEvent> {
    probe_with(target, browser, TargetPolicy::loopback(), short()).await
}

/// Holds a conversation under these conditions.
pub(crate) async fn probe_with(
    target: Target,
    browser: Browser,
    policy: TargetPolicy,
    limits: Limits,
) -> Vec<ServerEvent> {
    converse(ToServer::Start(target), browser, policy, limits).await
}

/// Holds a conversation that begins with this message, and returns all events.
pub(crate) async fn converse(
    opening: ToServer,
    browser: Browser,
    policy: TargetPolicy,
    limits: Limits,
) -> Vec<ServerEvent> {
    let (to_server, from_browser) = mpsc::channel(8);
    let (to_browser, mut from_server) = mpsc::channel::<FromServer>(8);
    let conversation = tokio::spawn(run(from_browser, to_browser, Arc::new(policy), limits));
    to_server.send(opening).await.unwrap();
    let mut events = Vec::new();
    let mut last = 0;
    let all = async {
        while let Some(FromServer { at_us, event }) = from_server.recv().await {
            assert!(at_us >= last, "time runs backwards");
            last = at_us;
            if let Some(answer) = browser.answer(&event) {
                to_server.send(answer).await.unwrap();
            }
            let over = matches!(event, ServerEvent::Ended { .. });
            events.push(event);
            if over {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(150), all).await.expect("the conversation ends");
    drop(to_server);
    conversation.await.unwrap();
    let ended = events.iter().filter(|event| matches!(event, ServerEvent::Ended { .. })).count();
    assert_eq!(ended, 1, "{events:?}");
    assert!(matches!(events.last(), Some(ServerEvent::Ended { .. })), "{events:?}");
    events
}

/// Why the probe ended.
pub(crate) fn failure(events: &[ServerEvent]) -> Option<&ProbeFailure> {
    match events.last() {
        Some(ServerEvent::Ended { failure }) => failure.as_ref(),
        _ => panic!("not ended: {events:?}"),
    }
}

/// The kinds of the events, in order.
pub(crate) fn kinds(events: &[ServerEvent]) -> Vec<&'static str> {
    let kind = |event: &ServerEvent| match event {
        ServerEvent::Resolved { .. } => "resolved",
        ServerEvent::Connecting { .. } => "connecting",
        ServerEvent::Connected { .. } => "connected",
        ServerEvent::ServerChain { .. } => "chain",
        ServerEvent::Proxied { .. } => "proxied",
        ServerEvent::Greeting { .. } => "greeting",
        ServerEvent::UpgradeAgreed => "upgrade",
        ServerEvent::AskedAgain { .. } => "asked again",
        ServerEvent::Messages { .. } => "messages",
        ServerEvent::HelloAnswered { .. } => "answered",
        ServerEvent::Surveyed(_) => "surveyed",
        ServerEvent::SurveyDone(_) => "survey done",
        ServerEvent::CertificateRequested { .. } => "requested",
        ServerEvent::SignatureWanted { .. } => "signature",
        ServerEvent::HandshakeDone { .. } => "done",
        ServerEvent::AfterHandshake { .. } => "after",
        ServerEvent::Ended { .. } => "ended",
    };
    events.iter().map(kind).collect()
}
