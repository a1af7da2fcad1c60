//! Peers that misbehave, and openssl's own server.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::authority::ServerCertificate;
use crate::openssl::openssl;
use crate::process::{Process, free_port};

/// What a misbehaving peer does with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Accepts, and never says a word.
    Silent,
    /// Reads the ClientHello, sends half of a ServerHello, and hangs up.
    HangsUp,
}

/// A peer that misbehaves, on a port of its own, until it is dropped.
#[derive(Debug)]
pub struct Peer {
    port: u16,
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Peer {
    /// Starts it.
    pub fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let ends = Arc::new(AtomicBool::new(false));
        let thread = std::thread::spawn({
            let ends = Arc::clone(&ends);
            move || {
                // Silent connections are kept open: closing one would say something.
                let mut open = Vec::new();
                for stream in listener.incoming() {
                    if ends.load(Ordering::Relaxed) {
                        break;
                    }
                    match (manner, stream) {
                        (Manner::Silent, Ok(stream)) => open.push(stream),
                        (Manner::HangsUp, Ok(stream)) => hang_up_in_the_middle(stream),
                        (_, Err(_)) => {}
                    }
                }
            }
        });
        Self { port, ends, thread: Some(thread) }
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        // Wakes the thread from its wait for connections.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A handshake record that announces 122 bytes of ServerHello (RFC 8446 sections 4.1.3 and 5.1) and holds the first 38.
fn hang_up_in_the_middle(mut stream: TcpStream) {
    // A peer that sends nothing must not hold up the test.
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut hello = [0; 4096];
    if stream.read(&mut hello).is_ok() {
        let mut half = vec![0x16, 0x03, 0x03, 0x00, 0x7a, 0x02, 0x00, 0x00, 0x76, 0x03, 0x03];
        half.extend([0x5a; 32]);
        // The other side may be gone already.
        let _ = stream.write_all(&half);
    }
}

/// A port of 127.0.0.1 that refuses connections.
pub fn closed_port() -> u16 {
    free_port()
}

/// `openssl s_server`.
#[derive(Debug)]
pub struct OpensslServer {
    process: Process,
    port: u16,
}

impl OpensslServer {
    /// Starts it with a certificate and further options of its own.
    pub fn start(certificate: &ServerCertificate, options: &[&str]) -> Self {
        Self::start_on(free_port(), certificate, options)
    }

    /// The same on this port.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_on(port: u16, certificate: &ServerCertificate, options: &[&str]) -> Self {
        let mut command = openssl(["s_server", "-quiet", "-www", "-accept"]);
        command.arg(format!("127.0.0.1:{port}"));
        command.arg("-cert").arg(&certificate.leaf).arg("-cert_chain").arg(&certificate.chain);
        command.arg("-key").arg(&certificate.key).args(options);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut process = Process::start(&mut command);
        process.wait_for_port(port, Duration::from_secs(10));
        Self { process, port }
    }

    /// Options by which a client certificate of these authorities is demanded, and anything else refused with an alert.
    pub fn demanding(authorities: &Path) -> [String; 5] {
        let file = authorities.to_str().unwrap().to_owned();
        ["-Verify".into(), "3".into(), "-verify_return_error".into(), "-CAfile".into(), file]
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_peer_is_silent_and_a_rude_one_hangs_up() {
        let silent = Peer::start(Manner::Silent);
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, silent.port())).unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        stream.write_all(b"hello").unwrap();
        assert!(stream.read(&mut [0; 1]).is_err(), "not even an end");

        let rude = Peer::start(Manner::HangsUp);
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, rude.port())).unwrap();
        stream.write_all(b"hello").unwrap();
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        assert_eq!((all.len(), all[0]), (43, 0x16));
    }
}
