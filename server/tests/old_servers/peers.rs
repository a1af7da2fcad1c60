//! Servers and tools beyond openssl and nginx: tlslite-ng and sslyze from PyPI in an environment of their own, gnutls-serv.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use crate::common::{Peer, Pki, free_port};

const PACKAGES: [&str; 2] = ["tlslite-ng==0.8.2", "sslyze==6.3.1"];

/// A folder with Python and these packages. Made once, beside what Cargo builds; a folder with this name is whole.
pub(crate) fn python() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let parent = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let name: String = PACKAGES.concat().replace("==", "-");
        let folder = parent.join(name);
        let complete = folder.join("complete");
        if complete.is_file() {
            return folder;
        }
        let _ = std::fs::remove_dir_all(&folder);
        let run = |command: &mut Command| {
            let output = command.stdin(Stdio::null()).output().unwrap();
            assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        };
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        run(Command::new(folder.join("bin/python")).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES));
        std::fs::write(complete, "").unwrap();
        folder
    })
}

const TLSLITE: &str = r#"
import socketserver, sys
from tlslite.api import *
certificate, key, lowest, highest, ciphers = sys.argv[1:6]
chain = X509CertChain()
chain.parsePemList(open(certificate).read())
private = parsePEMKey(open(key).read(), private=True)
settings = HandshakeSettings()
settings.minVersion = tuple(map(int, lowest.split('.')))
settings.maxVersion = tuple(map(int, highest.split('.')))
settings.cipherNames = ciphers.split(',')
settings.macNames = ['sha', 'md5']
class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            TLSConnection(self.request).handshakeServer(certChain=chain, privateKey=private, settings=settings)
        except Exception:
            pass
class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64
server = Server(('127.0.0.1', 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"#;

/// tlslite-ng between two versions (`3.0` is SSL 3.0, `3.2` TLS 1.1) with these ciphers.
pub(crate) fn tlslite(pki: &Pki, name: &str, [lowest, highest]: [&str; 2], ciphers: &str) -> Peer {
    python_server(pki, TLSLITE, &[&format!("{name}.pem"), &format!("{name}.key"), lowest, highest, ciphers])
}

/// A server that first prints its port.
fn python_server(pki: &Pki, program: &str, arguments: &[&str]) -> Peer {
    let mut child = Command::new(python().join("bin/python"))
        .current_dir(pki.path())
        .args(["-c", program])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    Peer::new(child, line.trim().parse().expect("tlslite-ng says where it listens"), Arc::default())
}

const ASKS_LATER: &str = r#"
import socketserver, sys
from tlslite.api import *
certificate, key, behaviour = sys.argv[1:4]
chain = X509CertChain()
chain.parsePemList(open(certificate).read())
private = parsePEMKey(open(key).read(), private=True)
class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        connection = TLSConnection(self.request)
        try:
            connection.handshakeServer(certChain=chain, privateKey=private, alpn=[bytearray(b'http/1.1')])
            connection.read(max=4096, min=1)
            if behaviour == 'anyway':
                connection._pha_supported = True
            for _ in connection.request_post_handshake_auth():
                pass
            connection.read(max=1, min=1)
        except ValueError:
            connection.write(b'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
            connection.close()
        except Exception:
            pass
class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
server = Server(('127.0.0.1', 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"#;

/// tlslite-ng in TLS 1.3, which wants a client certificate as soon as something is requested (RFC 8446 section 4.6.2). The extension `post_handshake_auth` it
/// takes for announced (`anyway`), or refuses the request in HTTP where it was not (`properly`).
pub(crate) fn asks_later(pki: &Pki, name: &str, behaviour: &str) -> Peer {
    python_server(pki, ASKS_LATER, &[&format!("{name}.pem"), &format!("{name}.key"), behaviour])
}

/// gnutls-serv with this priority string.
pub(crate) fn gnutls(pki: &Pki, name: &str, priority: &str) -> Peer {
    let port = free_port();
    let child = Command::new("gnutls-serv")
        .current_dir(pki.path())
        .args(["--http", "--quiet", "--port", &port.to_string(), "--priority", priority])
        .args(["--x509certfile", &format!("{name}.pem"), "--x509keyfile", &format!("{name}.key")])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let peer = Peer::new(child, port, Arc::new(Mutex::new(Vec::new())));
    let until = Instant::now() + Duration::from_secs(20);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < until, "gnutls-serv does not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    peer
}
