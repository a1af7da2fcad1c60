//! The openssl command line: the tool that the other side has.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::process::output_of;

/// An `openssl` command.
pub fn openssl<I, S>(arguments: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let mut command = Command::new("openssl");
    command.args(arguments);
    command
}

/// Runs openssl and returns what it printed.
///
/// # Panics
/// If it fails.
pub fn run<I, S>(arguments: I) -> Vec<u8>
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    output_of(&mut openssl(arguments))
}

/// As [`run`], as text.
pub fn text<I, S>(arguments: I) -> String
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    String::from_utf8_lossy(&run(arguments)).into_owned()
}

/// Whether openssl says yes; its words come along.
pub fn says_yes<I, S>(arguments: I) -> (bool, String)
where
    I: IntoIterator<Item = S>,
    S: AsRef<OsStr>,
{
    let output = openssl(arguments).stdin(Stdio::null()).output().expect("openssl can be started");
    let mut words = String::from_utf8_lossy(&output.stdout).into_owned();
    words.push_str(&String::from_utf8_lossy(&output.stderr));
    (output.status.success(), words)
}

/// The DER of a PEM certificate.
pub fn certificate_der(pem: &Path) -> Vec<u8> {
    run([OsStr::new("x509"), "-in".as_ref(), pem.as_ref(), "-outform".as_ref(), "DER".as_ref()])
}
