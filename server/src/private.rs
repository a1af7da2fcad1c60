//! Files with secrets: keys and tokens that the server reads at its start and again when they change.
//!
//! Refused is what everybody may read or the group may write (allowed are the modes 0600, 0640, 0400 and 0440: services get their secrets by
//! way of a group), what is no regular file, and what is larger than any such file. Errors are sentences for the operator; no content is in them.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Longest file, in bytes.
const MAX_FILE: u64 = 1024 * 1024;

/// What was last seen of files that are looked at again and again, good or not: the same is news only once.
#[derive(Debug, Default)]
pub(crate) struct LastSeen(Mutex<[u8; 32]>);

impl LastSeen {
    /// Whether this is something else than the last time: the contents, or why they cannot be read.
    pub(crate) fn is_news(&self, seen: Result<&[&[u8]], &str>) -> bool {
        let mut digest = Sha256::new();
        match seen {
            Ok(contents) => {
                for content in contents {
                    digest.update((content.len() as u64).to_be_bytes());
                    digest.update(content);
                }
            }
            Err(error) => digest.update(error),
        }
        let digest: [u8; 32] = digest.finalize().into();
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), digest) != digest
    }
}

/// What came of looking at files again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reloaded {
    /// They are as they were the last time.
    Same,
    /// What they hold is in use.
    Changed,
}

/// Reads a file that may be read by its owner and group alone.
pub(crate) fn read_secret(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    read(path, true)
}

/// Reads a file that everybody may read.
pub(crate) fn read_open(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    read(path, false)
}

fn read(path: &Path, secret: bool) -> Result<Zeroizing<Vec<u8>>, String> {
    let name = path.display();
    let cannot = |error: std::io::Error| format!("“{name}” cannot be read: {error}.");
    // Opening a pipe would wait for somebody to write into it.
    if !std::fs::metadata(path).map_err(cannot)?.is_file() {
        return Err(format!("“{name}” is no regular file."));
    }
    let file = File::open(path).map_err(cannot)?;
    if let Some(mode) = mode(&file).map_err(cannot)?.filter(|mode| secret && mode & 0o037 != 0) {
        return Err(format!(
            "“{name}” holds a secret, and its mode is {mode:04o}. Only its owner and group may read it, and only its owner write: chmod 600 or 640."
        ));
    }
    let mut bytes = Zeroizing::new(Vec::new());
    let length = file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if length as u64 > MAX_FILE { Err(format!("“{name}” is larger than 1 MiB.")) } else { Ok(bytes) }
}

#[cfg(unix)]
fn mode(file: &File) -> std::io::Result<Option<u32>> {
    use std::os::unix::fs::PermissionsExt;
    Ok(Some(file.metadata()?.permissions().mode() & 0o777))
}

/// Other systems have no modes; who may read a file is up to its folder there.
#[cfg(not(unix))]
fn mode(_file: &File) -> std::io::Result<Option<u32>> {
    Ok(None)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn secrets_are_their_owners_and_groups() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        std::fs::write(&path, "secret").unwrap();
        for (mode, good) in [
            (0o600, true),
            (0o640, true),
            (0o400, true),
            (0o440, true),
            (0o644, false),
            (0o660, false),
            (0o604, false),
        ] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(read_secret(&path).is_ok(), good, "{mode:o}");
            assert!(read_open(&path).is_ok());
        }
        let said = read_secret(&path).unwrap_err();
        assert!(
            said.contains("its mode is 0604")
                && !said.contains("holds a secret, and its mode is 0604: secret")
        );
        assert!(read_secret(folder.path()).unwrap_err().contains("is no regular file"));
        assert!(read_secret(&folder.path().join("none")).unwrap_err().contains("cannot be read"));
    }
}
