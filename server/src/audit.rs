//! The audit log: a line of JSON for each probe and each fetch, when it has ended.
//!
//! It says when, who (client address, name of the token), what (kind, host, port, protocol, proxy, the address connected to), what came of it, how
//! long it took and how many octets were exchanged. It has no field for a secret, a path of an address, or anything that a peer or certificate said.
//! Texts are capped, and every character beyond printable ASCII is escaped, so that a line stays a line and shows what it says.
//!
//! A file is made for its owner alone (mode 0600), only ever appended to, and opened anew on a signal, so that it can be moved away before. A line that
//! cannot be written is complained about in the server's log.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use certwright_protocol::catalogue::format_time;
use serde::{Serialize, Serializer};
use tracing::error;

/// Longest text of a field, in characters.
const LONGEST: usize = 300;

/// Where audit lines go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditLog {
    /// Nowhere.
    Off,
    /// To standard error, between the server's own lines.
    Stderr,
    /// To a file.
    File(PathBuf),
}

impl std::fmt::Display for AuditLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Stderr => f.write_str("stderr"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

/// One line.
#[derive(Debug, Serialize)]
pub(crate) struct Line<'a> {
    /// When the work began (RFC 3339).
    pub(crate) time: String,
    /// `probe` or `fetch`.
    pub(crate) kind: &'static str,
    pub(crate) client: IpAddr,
    /// The name of the token, if one was needed.
    #[serde(serialize_with = "clean_option")]
    pub(crate) token: Option<&'a str>,
    #[serde(flatten)]
    pub(crate) what: &'a What,
    /// The address that was connected to, the proxy's if there is one.
    pub(crate) address: Option<SocketAddr>,
    pub(crate) outcome: &'a str,
    pub(crate) ms: u64,
    pub(crate) received: u64,
    pub(crate) sent: u64,
}

/// What was to be reached.
#[derive(Debug, Default, Clone, Serialize)]
pub(crate) struct What {
    /// As it was asked for.
    #[serde(serialize_with = "clean_option")]
    pub(crate) host: Option<String>,
    pub(crate) port: Option<u16>,
    /// What is spoken before TLS, or the scheme of a fetch.
    #[serde(serialize_with = "clean_option")]
    pub(crate) protocol: Option<String>,
    /// Host and port that are connected to instead.
    #[serde(serialize_with = "clean_option", skip_serializing_if = "Option::is_none")]
    pub(crate) connect_to: Option<String>,
    /// Host and port of the proxy.
    #[serde(serialize_with = "clean_option", skip_serializing_if = "Option::is_none")]
    pub(crate) proxy: Option<String>,
}

fn clean_option<S: Serializer>(text: &Option<impl AsRef<str>>, serializer: S) -> Result<S::Ok, S::Error> {
    match text {
        Some(text) => serializer.serialize_some(&clean(text.as_ref())),
        None => serializer.serialize_none(),
    }
}

/// Caps a text and writes what is not printable ASCII as `\u{…}`.
fn clean(text: &str) -> String {
    let printable = |c: char| matches!(c, ' '..='~') && c != '\\';
    let mut cleaned = String::new();
    for c in text.chars().take(LONGEST) {
        if printable(c) {
            cleaned.push(c);
        } else {
            cleaned.extend(c.escape_unicode());
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        cleaned.push_str("...");
    }
    cleaned
}

/// RFC 3339 in UTC, to the millisecond.
pub(crate) fn timestamp(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs();
    // The catalogue's form is `2026-11-21 18:56 UTC`.
    let told = format_time(i64::try_from(seconds).unwrap_or_default());
    let minute = told.trim_end_matches(" UTC").replacen(' ', "T", 1);
    format!("{minute}:{:02}.{:03}Z", seconds % 60, since.subsec_millis())
}

/// Milliseconds, for fields.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Writes the lines.
#[derive(Debug)]
pub(crate) struct Audit {
    log: AuditLog,
    file: Mutex<Option<File>>,
}

impl Audit {
    /// Opens the log.
    pub(crate) fn open(log: AuditLog) -> Result<Self, String> {
        let file = match &log {
            AuditLog::File(path) => Some(open(path).map_err(|error| cannot(path, &error))?),
            AuditLog::Off | AuditLog::Stderr => None,
        };
        Ok(Self { log, file: Mutex::new(file) })
    }

    /// Whether the log could be opened, as far as can be told without making it: whoever checks the settings need not be who serves.
    pub(crate) fn check(log: &AuditLog) -> Result<(), String> {
        let AuditLog::File(path) = log else { return Ok(()) };
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        let found = match std::fs::metadata(path) {
            Ok(_) => OpenOptions::new().append(true).open(path).map(drop),
            Err(_) => std::fs::read_dir(folder).map(drop),
        };
        found.map_err(|error| cannot(path, &error))
    }

    /// Opens the file anew. If that fails, the old one is written to as before.
    pub(crate) fn reopen(&self) -> Result<(), String> {
        let AuditLog::File(path) = &self.log else { return Ok(()) };
        let file = open(path).map_err(|error| cannot(path, &error))?;
        *self.file.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
        Ok(())
    }

    /// Whether lines are written at all.
    pub(crate) fn is_on(&self) -> bool {
        self.log != AuditLog::Off
    }

    /// Writes a line.
    pub(crate) fn write(&self, line: &Line<'_>) {
        let Ok(mut text) = serde_json::to_string(line) else { return };
        text.push('\n');
        // At once, so that no two lines mix.
        let written = match &self.log {
            AuditLog::Off => Ok(()),
            AuditLog::Stderr => io::stderr().lock().write_all(text.as_bytes()),
            AuditLog::File(_) => match &mut *self.file.lock().unwrap_or_else(PoisonError::into_inner) {
                Some(file) => file.write_all(text.as_bytes()),
                None => Ok(()),
            },
        };
        if let Err(error) = written {
            error!(%error, "a line of the audit log is lost");
        }
    }
}

fn cannot(path: &Path, error: &io::Error) -> String {
    format!("The audit log “{}” cannot be opened: {error}.", path.display())
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    for_owner(&mut options);
    options.open(path)
}

#[cfg(unix)]
fn for_owner(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn for_owner(_options: &mut OpenOptions) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339() {
        // Expected value: date -u -d @1795287382 '+%FT%T'.
        let time = UNIX_EPOCH + Duration::from_millis(1_795_287_382_007);
        assert_eq!(timestamp(time), "2026-11-21T18:56:22.007Z");
    }

    #[test]
    fn texts_cannot_leave_their_line() {
        assert_eq!(clean("erp.example"), "erp.example");
        assert_eq!(clean("a\r\n{\"kind\"}\u{202e}\u{7f}\\"), r#"a\u{d}\u{a}{"kind"}\u{202e}\u{7f}\u{5c}"#);
        let capped = clean(&"é".repeat(1000));
        assert!(capped.len() < 8 * LONGEST && capped.ends_with("..."));
    }

    #[test]
    fn a_file_is_appended_to_and_opened_anew() {
        let folder = tempfile::tempdir().unwrap();
        let (path, moved) = (folder.path().join("audit.jsonl"), folder.path().join("audit.1"));
        let audit = Audit::open(AuditLog::File(path.clone())).unwrap();
        let what = What { host: Some("a\nb".into()), port: Some(443), ..What::default() };
        let line = Line {
            time: timestamp(SystemTime::now()),
            kind: "probe",
            client: [127, 0, 0, 1].into(),
            token: None,
            what: &what,
            address: None,
            outcome: "complete",
            ms: 1,
            received: 2,
            sent: 3,
        };
        audit.write(&line);
        std::fs::rename(&path, &moved).unwrap();
        audit.write(&line);
        audit.reopen().unwrap();
        audit.write(&line);
        assert_eq!(std::fs::read_to_string(&moved).unwrap().lines().count(), 2);
        let text = std::fs::read_to_string(&path).unwrap();
        let value: serde_json::Value = serde_json::from_str(text.trim_end()).unwrap();
        assert_eq!((value["host"].as_str(), value["port"].as_u64()), (Some(r"a\u{a}b"), Some(443)));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
