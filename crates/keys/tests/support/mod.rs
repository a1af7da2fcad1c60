//! Running the real openssl and ssh-keygen.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot run has to fail")]

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use certwright_keys::PublicKey;
use rand_core::UnwrapErr;

/// A folder for one test, with openssl running in it.
pub(crate) struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Runs `openssl` with arguments separated by spaces; gives its standard output.
    pub(crate) fn openssl(&self, arguments: &str) -> Vec<u8> {
        self.openssl_with(arguments, b"")
    }

    pub(crate) fn openssl_with(&self, arguments: &str, input: &[u8]) -> Vec<u8> {
        let (ok, output) = self.try_openssl(arguments, input);
        assert!(ok, "openssl {arguments}: {}", String::from_utf8_lossy(&output));
        output
    }

    /// A file that only its owner reads, which ssh-keygen insists on.
    pub(crate) fn write_secret(&self, name: &str, bytes: &[u8]) {
        use std::os::unix::fs::PermissionsExt as _;
        self.write(name, bytes);
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Runs `ssh-keygen` with arguments separated by spaces and a passphrase; gives its standard output.
    pub(crate) fn ssh_keygen(&self, arguments: &str, password: &str) -> Vec<u8> {
        let option = if arguments.starts_with("-q") { "-N" } else { "-P" };
        let output = Command::new("ssh-keygen")
            .args(arguments.split_whitespace())
            .args([option, password])
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "ssh-keygen {arguments}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }

    /// Whether openssl succeeded, and its output (standard error if it failed).
    pub(crate) fn try_openssl(&self, arguments: &str, input: &[u8]) -> (bool, Vec<u8>) {
        let mut child = Command::new("openssl")
            .args(arguments.split_whitespace())
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A child that does not read its input closes the pipe: no failure of the test.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        if output.status.success() { (true, output.stdout) } else { (false, output.stderr) }
    }
}

pub(crate) fn rng() -> UnwrapErr<getrandom::SysRng> {
    UnwrapErr(getrandom::SysRng)
}

/// An RSA key of these numbers, big-endian.
pub(crate) fn public_key(modulus: &[u8], exponent: &[u8]) -> PublicKey {
    let integer = |octets: &[u8]| {
        let sign: &[u8] = if octets.first().is_some_and(|first| first & 0x80 != 0) { &[0] } else { &[] };
        element(2, &[sign, octets].concat())
    };
    let bits = element(0x30, &[integer(modulus), integer(exponent)].concat());
    let algorithm = [0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    let bits = element(3, &[&[0], &bits[..]].concat());
    PublicKey::from_spki_der(&element(0x30, &[&algorithm[..], &bits].concat())).unwrap()
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
    let header = match content.len() {
        0..128 => vec![tag, low],
        128..256 => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [&header[..], content].concat()
}
