//! A certification authority made with the openssl command, for the engine's tests.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "each test takes what it needs, and a test may unwrap"
)]

pub(crate) mod desk;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use tempfile::TempDir;

/// The system's randomness.
pub(crate) fn random() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

/// Seconds since 1970, by the system's clock: openssl makes certificates that are valid from now.
pub(crate) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

/// A folder with a root and an intermediate authority.
pub(crate) struct Authority {
    folder: TempDir,
}

impl Authority {
    /// Makes root and intermediate, EC P-256.
    pub(crate) fn new() -> Self {
        let authority = Self { folder: tempfile::tempdir().unwrap() };
        authority.openssl(&[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            "root.key",
            "-out",
            "root.pem",
            "-days",
            "30",
            "-subj",
            "/O=Example/CN=Example Root",
            "-addext",
            "keyUsage=critical,keyCertSign,cRLSign",
        ]);
        authority.openssl(&[
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            "inter.key",
            "-out",
            "inter.csr",
            "-subj",
            "/O=Example/CN=Example Intermediate",
        ]);
        authority.write(
            "inter.ext",
            b"basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n",
        );
        authority.openssl(&[
            "x509",
            "-req",
            "-in",
            "inter.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-CAcreateserial",
            "-days",
            "20",
            "-extfile",
            "inter.ext",
            "-out",
            "inter.pem",
        ]);
        authority
    }

    /// Makes `NAME.key` and `NAME.pem`, a self-signed certificate, EC P-256, that no authority here knows.
    pub(crate) fn self_signed(&self, name: &str, subject: &str) {
        let (key, certificate) = (format!("{name}.key"), format!("{name}.pem"));
        let make = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        self.openssl(&[&make[..], &["-keyout", &key, "-out", &certificate, "-subj", subject]].concat());
    }

    /// Signs a request (PEM) with the intermediate, taking over its extensions. PEM of the certificate.
    pub(crate) fn sign(&self, request: &[u8]) -> Vec<u8> {
        self.write("request.csr", request);
        self.openssl(&[
            "x509",
            "-req",
            "-in",
            "request.csr",
            "-CA",
            "inter.pem",
            "-CAkey",
            "inter.key",
            "-CAcreateserial",
            "-days",
            "10",
            "-copy_extensions",
            "copyall",
            "-out",
            "reply.pem",
        ]);
        self.read("reply.pem")
    }

    /// A server's key and certificate for a host. PEM of key and of certificate.
    pub(crate) fn server(&self, host: &str) -> (Vec<u8>, Vec<u8>) {
        self.issue(host, "serverAuth")
    }

    /// A key and a certificate for a host with an extended key usage. PEM of key and of certificate.
    pub(crate) fn issue(&self, host: &str, usage: &str) -> (Vec<u8>, Vec<u8>) {
        self.openssl(&[
            "req",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            "server.key",
            "-out",
            "server.csr",
            "-subj",
            &format!("/CN={host}"),
            "-addext",
            &format!("subjectAltName=DNS:{host}"),
            "-addext",
            &format!("extendedKeyUsage={usage}"),
        ]);
        (self.read("server.key"), self.sign(&self.read("server.csr")))
    }

    /// DER of a PEM certificate.
    pub(crate) fn der(&self, pem: &[u8]) -> Vec<u8> {
        self.write("in.pem", pem);
        self.openssl(&["x509", "-in", "in.pem", "-outform", "DER", "-out", "out.der"]);
        self.read("out.der")
    }

    /// Runs openssl in the folder; it has to succeed.
    pub(crate) fn openssl(&self, arguments: &[&str]) -> Vec<u8> {
        let output =
            Command::new("openssl").args(arguments).current_dir(self.folder.path()).output().unwrap();
        assert!(
            output.status.success(),
            "openssl {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }

    /// Reads a file of the folder.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Writes a file into the folder.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }
}
