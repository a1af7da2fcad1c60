//! `openssl s_server`, the system that is called.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::support::Authority;

/// A server that runs until it is dropped.
pub(crate) struct Peer {
    child: Child,
    pub(crate) port: u16,
}

impl Peer {
    /// Shows a new certificate for `localhost` of `authority` with its intermediate, and takes clients of `clients` (a file with roots in the folder of `authority`);
    /// without it asks for no certificate. Port 0 is any.
    pub(crate) fn start(authority: &Authority, clients: Option<&str>, port: u16) -> Self {
        let (key, certificate) = authority.server("localhost");
        authority.write("peer.key", &key);
        authority.write("peer.pem", &certificate);
        let accept = format!("127.0.0.1:{port}");
        let mut command = Command::new("openssl");
        command
            .current_dir(authority.folder())
            .args(["s_server", "-accept", &accept, "-cert", "peer.pem", "-key", "peer.key"])
            .args(["-cert_chain", "inter.pem"]);
        if let Some(roots) = clients {
            command.args(["-CAfile", roots, "-Verify", "3", "-verify_return_error"]);
        }
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        // With a port that it was told it prints none.
        let accepts = lines.by_ref().find_map(|line| line.strip_prefix("ACCEPT").map(str::to_owned));
        let told = accepts.expect("s_server says that it listens");
        let port = told.rsplit(':').next().and_then(|text| text.trim().parse().ok()).unwrap_or(port);
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
