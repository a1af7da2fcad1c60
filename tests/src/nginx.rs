//! nginx, in the states in which a user's receiver may be. Each instance has a folder and a port of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::authority::ServerCertificate;
use crate::process::{Process, free_port, program_path};

/// What is asked of the client.
#[derive(Debug, Clone)]
pub enum ClientCheck {
    /// `ssl_verify_client off`
    None,
    /// `ssl_verify_client on`, with these trusted authorities (PEM).
    Required(PathBuf),
    /// `ssl_verify_client optional`
    Optional(PathBuf),
}

/// Which versions of TLS are spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// TLS 1.2 alone.
    Only12,
    /// TLS 1.3 alone.
    Only13,
    /// None: plain HTTP.
    Plain,
}

/// A running nginx.
#[derive(Debug)]
pub struct Nginx {
    process: Process,
    folder: TempDir,
    port: u16,
}

impl Nginx {
    /// Starts nginx and waits until it listens.
    ///
    /// # Panics
    /// If it does not start; its log is in the message.
    pub fn start(tls: Tls, certificate: &ServerCertificate, check: &ClientCheck) -> Self {
        Self::start_on(free_port(), tls, certificate, check)
    }

    /// The same on a port of 127.0.0.1 that is free.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    pub fn start_on(port: u16, tls: Tls, certificate: &ServerCertificate, check: &ClientCheck) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("nginx.conf"), configuration(port, tls, certificate, check)).unwrap();
        let mut command = Command::new(program_path("nginx"));
        command.arg("-p").arg(folder.path()).args(["-e", "error.log", "-c", "nginx.conf"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut nginx = Self { process: Process::start(&mut command), folder, port };
        let (log, limit) = (nginx.folder.path().join("error.log"), Duration::from_secs(10));
        let listens = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            nginx.process.wait_for_port(port, limit)
        }));
        assert!(listens.is_ok(), "nginx did not start:\n{}", fs::read_to_string(log).unwrap_or_default());
        nginx
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its access log: one line for each request, `STATUS VERIFICATION "SUBJECT" PROTOCOL`.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("access.log")).unwrap_or_default()
    }
}

fn configuration(port: u16, tls: Tls, certificate: &ServerCertificate, check: &ClientCheck) -> String {
    let secured = match tls {
        Tls::Plain => String::new(),
        Tls::Only12 | Tls::Only13 => {
            let protocol = if tls == Tls::Only12 { "TLSv1.2" } else { "TLSv1.3" };
            let (chain, key) = (certificate.chain.display(), certificate.key.display());
            format!(
                "ssl_protocols {protocol};\nssl_certificate {chain};\nssl_certificate_key {key};\n{}",
                check.directives()
            )
        }
    };
    let ssl = if tls == Tls::Plain { "" } else { " ssl" };
    format!(
        "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log error.log;\nevents {{ worker_connections 64; }}\n\
         http {{\n\
         log_format checked '$status $ssl_client_verify \"$ssl_client_s_dn\" $ssl_protocol';\n\
         access_log access.log checked;\n\
         client_body_temp_path body;\nproxy_temp_path proxy;\nfastcgi_temp_path fastcgi;\nuwsgi_temp_path uwsgi;\nscgi_temp_path scgi;\n\
         server {{\nlisten 127.0.0.1:{port}{ssl};\n{secured}\
         location / {{ default_type text/plain; return 200 \"welcome\\n\"; }}\n}}\n}}\n"
    )
}

impl ClientCheck {
    fn directives(&self) -> String {
        let with = |state: &str, authorities: &Path| {
            format!(
                "ssl_verify_client {state};\nssl_verify_depth 3;\nssl_client_certificate {};\n",
                authorities.display()
            )
        };
        match self {
            Self::None => String::new(),
            Self::Required(authorities) => with("on", authorities),
            Self::Optional(authorities) => with("optional", authorities),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::Authority;
    use crate::openssl;

    #[test]
    fn a_client_with_certificate_is_let_in_and_one_without_is_not() {
        let (receiver, company) = (Authority::new("Receiver"), Authority::new("Company"));
        let certificate = receiver.server_certificate("localhost", "DNS:localhost");
        let client = company.client_certificate("someone");
        for tls in [Tls::Only12, Tls::Only13] {
            let nginx = Nginx::start(tls, &certificate, &ClientCheck::Required(company.bundle()));
            let request = |arguments: &[&str]| {
                let mut command =
                    openssl::openssl(["s_client", "-quiet", "-servername", "localhost", "-connect"]);
                command.arg(format!("127.0.0.1:{}", nginx.port())).args(arguments);
                command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
                let mut child = command.spawn().unwrap();
                let mut input = child.stdin.take().unwrap();
                std::io::Write::write_all(&mut input, b"GET / HTTP/1.0\r\n\r\n").unwrap();
                String::from_utf8_lossy(&child.wait_with_output().unwrap().stdout).into_owned()
            };
            let (chain, key) = (client.chain.to_str().unwrap(), client.key.to_str().unwrap());
            assert!(request(&["-cert", chain, "-key", key, "-cert_chain", chain]).contains("welcome"));
            assert!(request(&[]).contains("No required SSL certificate was sent"));
            let log = nginx.log();
            assert!(log.contains("200 SUCCESS \"CN=someone,O=Company\""), "{log}");
            assert!(log.contains("400 NONE"), "{log}");
        }
    }
}
