//! The command line against real peers and tools: its words, its JSON, its files, its exit statuses (0 as wished, 1 the answer is no or not
//! everything, 2 wrong usage or unreadable input). openssl and keytool judge what it writes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says no by panicking"
)]

mod converting;
mod inspecting;
mod many;
mod modes;
mod probes;
mod refusals;
mod signing;
mod verifying;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use certwright_tests::process::output_of;
use certwright_tests::program::certwright_output;
use serde_json::Value;
use tempfile::TempDir;

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

fn run(arguments: &[String]) -> Output {
    certwright_output(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A folder to work in, and the program at work there.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn name(&self, name: &str) -> String {
        text(&self.path(name))
    }

    /// A file of the mode 0600.
    fn private(&self, name: &str, content: &str) -> String {
        fs::write(self.path(name), content).unwrap();
        self.set_mode(name, 0o600);
        self.name(name)
    }

    fn mode(&self, name: &str) -> u32 {
        fs::metadata(self.path(name)).unwrap().permissions().mode() & 0o777
    }

    fn set_mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    fn files(&self) -> usize {
        fs::read_dir(self.folder.path()).unwrap().count()
    }

    /// Runs the program on files of the folder: a word that begins with `@` is the name of one.
    fn run(&self, arguments: &str) -> Output {
        let words: Vec<String> = arguments
            .split_whitespace()
            .map(|word| match word.strip_prefix('@') {
                Some(name) => self.name(name),
                // Blanks inside of an argument.
                None => word.replace('~', " "),
            })
            .collect();
        run(&words)
    }

    /// Runs it as wished; what it printed.
    fn yes(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments}: {output:?}");
        assert!(output.stderr.is_empty(), "{arguments}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The same with `--json`.
    fn json(&self, arguments: &str) -> Value {
        serde_json::from_str(&self.yes(&format!("{arguments} --json"))).unwrap()
    }

    /// Runs it to no good end; the words on standard error.
    fn no(&self, arguments: &str, status: i32) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(status), "{arguments}: {output:?}");
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(!words.is_empty(), "{arguments}");
        words
    }
}

/// Runs keytool; what it printed. Aliases and passwords are UTF-8.
fn keytool(arguments: &[&str]) -> String {
    let mut command = Command::new("keytool");
    command.env("LC_ALL", "C.UTF-8").args(arguments);
    String::from_utf8(output_of(&mut command)).unwrap()
}

#[test]
fn wrong_usage_is_status_2() {
    for arguments in [
        vec!["probe"],
        vec!["probe", "local host"],
        vec!["probe", "gopher://localhost"],
        vec!["probe", "localhost:0"],
        vec!["probe", "localhost:443", "--cert", "only-half.pem"],
        vec!["probe", "localhost:443", "--trust", "no-such-file.pem"],
        vec!["inspect"],
        vec!["inspect", "no-such-file.pem"],
        vec!["serve", "--listen", "nowhere"],
        vec!["convert"],
        vec!["convert", "no-such-file.p12", "--to", "jks", "--out", "no-such-file.jks"],
        vec!["key"],
        vec!["key", "new", "--type", "ec-p256"],
        vec!["request", "new", "--subject", "CN=x", "--out", "x.csr"],
        vec![
            "certificate",
            "new",
            "--key",
            "no-such-file.pem",
            "--subject",
            "CN=x",
            "--out",
            "no-such-file.crt",
        ],
        vec!["sign", "--request", "no-such-file.csr", "--out", "no-such-file.pem"],
        vec!["no-such-command"],
        vec![],
    ] {
        let output = certwright_output(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}: {output:?}");
    }
}
