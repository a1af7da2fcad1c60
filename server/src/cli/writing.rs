//! Files that are written: whole or not at all, and those with private keys for their owner alone.
//!
//! A file is written beside its place under another name, and moved there when it is complete. It has its mode from the start. Nothing is
//! overwritten unless that is wished.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use getrandom::SysRng;
use getrandom::rand_core::TryRng;

/// Where the result goes.
#[derive(Debug, clap::Args)]
pub(super) struct Output {
    /// File to write. One with a private key gets the mode 0600.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Overwrite the file if it is there.
    #[arg(long)]
    force: bool,
}

/// Who may read what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// The owner alone (mode 0600).
    Owner,
    /// Whoever the system's settings (umask) let.
    Usual,
}

impl Output {
    /// The file's name.
    pub(super) fn name(&self) -> String {
        self.out.display().to_string()
    }

    /// Whether the file can be written, as far as can be seen; asked before long work.
    pub(super) fn check(&self) -> Result<(), String> {
        match fs::symlink_metadata(&self.out) {
            Ok(found) if !found.is_file() && !found.is_symlink() => {
                Err(format!("“{}” is no regular file.", self.name()))
            }
            Ok(_) if !self.force => Err(self.is_there()),
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => match fs::metadata(self.folder()) {
                Ok(folder) if folder.is_dir() => Ok(()),
                Ok(_) => Err(self.cannot("its folder is no folder")),
                Err(error) => Err(self.cannot(&format!("its folder: {error}"))),
            },
            Err(error) => Err(self.cannot(&error.to_string())),
        }
    }

    /// Writes the file.
    pub(super) fn write(&self, content: &[u8], readers: Readers) -> Result<(), String> {
        self.check()?;
        let beside = self.beside().map_err(|error| self.cannot(&error.to_string()))?;
        let written = write_new(&beside, content, readers).and_then(|()| self.put(&beside));
        if written.is_err() {
            // What failed before is what is told.
            let _ = fs::remove_file(&beside);
        }
        written.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => self.is_there(),
            _ => self.cannot(&error.to_string()),
        })
    }

    /// Moves the complete file to its place; without `--force` only if nothing has come there meanwhile.
    fn put(&self, beside: &Path) -> io::Result<()> {
        if self.force {
            return fs::rename(beside, &self.out);
        }
        match fs::hard_link(beside, &self.out) {
            Ok(()) => fs::remove_file(beside),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
            // Not every file system knows links.
            Err(_) => match fs::symlink_metadata(&self.out) {
                Ok(_) => Err(ErrorKind::AlreadyExists.into()),
                Err(_) => fs::rename(beside, &self.out),
            },
        }
    }

    /// A name in the same folder that nobody has.
    fn beside(&self) -> io::Result<PathBuf> {
        let number = SysRng.try_next_u64().map_err(io::Error::other)?;
        let mut name = std::ffi::OsString::from(".");
        name.push(self.out.file_name().ok_or(ErrorKind::InvalidInput)?);
        name.push(format!(".{number:016x}.tmp"));
        Ok(self.out.with_file_name(name))
    }

    fn folder(&self) -> &Path {
        match self.out.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        }
    }

    fn is_there(&self) -> String {
        format!("“{}” is there already. Choose another name, or overwrite it with --force.", self.name())
    }

    fn cannot(&self, detail: &str) -> String {
        format!("Cannot write “{}”: {detail}.", self.name())
    }
}

fn write_new(path: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    if readers == Readers::Owner {
        for_owner(&mut options);
    }
    let mut file: File = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
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

    fn output(path: PathBuf, force: bool) -> Output {
        Output { out: path, force }
    }

    #[test]
    fn nothing_is_overwritten_unless_wished() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        output(path.clone(), false).write(b"one", Readers::Owner).unwrap();
        let refused = output(path.clone(), false).write(b"two", Readers::Owner).unwrap_err();
        assert!(refused.contains("is there already"), "{refused}");
        assert_eq!(fs::read(&path).unwrap(), b"one");
        output(path.clone(), true).write(b"two", Readers::Owner).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn what_came_meanwhile_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (path, beside) = (folder.path().join("out"), folder.path().join("beside"));
        fs::write(&path, b"one").unwrap();
        fs::write(&beside, b"two").unwrap();
        let error = output(path.clone(), false).put(&beside).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
    }

    #[test]
    fn places_that_cannot_be() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("no/such/folder")] {
            assert!(output(path, true).check().is_err());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_not_replaced() {
        assert!(output("/dev/null".into(), true).write(b"x", Readers::Owner).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn secrets_are_for_the_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        // Also where the file that is overwritten was open to all.
        fs::write(&path, b"public").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        output(path.clone(), true).write(b"secret", Readers::Owner).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
