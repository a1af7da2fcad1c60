//! Files that are read: keys, certificates, keystores, passwords.
//!
//! A file out of which a private key is used must be its owner's alone (mode 0600), as OpenSSH demands it too, and so must a file that holds a
//! password. Refused is what others may read; pipes and devices have no such mode.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use certwright_engine::files::{self, Input, Passwords};
use certwright_protocol::{Password, Problem};
use zeroize::Zeroizing;

/// Longest file that is read, in bytes.
const MAX_FILE: u64 = 16 * 1024 * 1024;

/// A file that was read.
pub(super) struct SourceFile {
    name: String,
    bytes: Zeroizing<Vec<u8>>,
    /// The permissions of a regular file, where there are any.
    mode: Option<u32>,
}

impl SourceFile {
    /// Reads a file that is not too large; the error is a sentence.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        Self::named(path.display().to_string(), read(path)).map_err(|problem| problem.to_line())
    }

    /// The same, with standard input for `-`.
    pub(super) fn read_or_stdin(path: &Path) -> Result<Self, Problem> {
        if path == Path::new("-") {
            let read = read_limited(std::io::stdin().lock()).map(|bytes| (bytes, None));
            return Self::named("standard input".to_owned(), read);
        }
        Self::named(path.display().to_string(), read(path))
    }

    fn named(name: String, read: Result<(Vec<u8>, Option<u32>), String>) -> Result<Self, Problem> {
        match read {
            Ok((bytes, mode)) => Ok(Self { name, bytes: Zeroizing::new(bytes), mode }),
            Err(detail) => Err(Problem::FileUnreadable { file: name, detail }),
        }
    }

    /// The file for the engine.
    pub(super) fn input(&self) -> Input<'_> {
        Input { name: &self.name, bytes: &self.bytes }
    }

    /// Refuses a file with a private key that other users may read.
    pub(super) fn check_private(&self) -> Result<(), String> {
        let open = self.mode.filter(|mode| is_open(*mode));
        open.map_or(Ok(()), |mode| {
            Err(format!("“{}” holds a private key, and {}", self.name, too_open(mode, &self.name)))
        })
    }
}

/// The first line of a file, as a password.
pub(super) fn read_password(path: &Path) -> Result<Password, String> {
    read(path).and_then(|(bytes, _)| first_line(bytes)).map_err(|detail| cannot(path, &detail))
}

/// The same, unless other users may read the file.
pub(super) fn read_private_password(path: &Path) -> Result<Password, String> {
    let (bytes, mode) = read(path).map_err(|detail| cannot(path, &detail))?;
    let name = path.display().to_string();
    match mode.filter(|mode| is_open(*mode)) {
        Some(mode) => Err(format!("“{name}” holds a password, and {}", too_open(mode, &name))),
        None => first_line(bytes).map_err(|detail| cannot(path, &detail)),
    }
}

/// Passwords from files that are their owner's alone.
pub(super) fn read_private_passwords(paths: &[PathBuf]) -> Result<Passwords, String> {
    let passwords: Vec<Password> =
        paths.iter().map(|path| read_private_password(path)).collect::<Result<_, _>>()?;
    Ok(files::passwords(&passwords))
}

fn first_line(bytes: Vec<u8>) -> Result<Password, String> {
    let bytes = Zeroizing::new(bytes);
    let text = str::from_utf8(&bytes).map_err(|_| String::from("it is not UTF-8 text"))?;
    Ok(Password::new(text.lines().next().unwrap_or_default()))
}

fn cannot(path: &Path, detail: &str) -> String {
    format!("Cannot read the password from “{}”: {detail}.", path.display())
}

/// The content, and the mode of the very file that was read.
fn read(path: &Path) -> Result<(Vec<u8>, Option<u32>), String> {
    let words = |error: std::io::Error| error.to_string();
    let file = File::open(path).map_err(words)?;
    let mode = mode(&file).map_err(words)?;
    Ok((read_limited(file)?, mode))
}

fn read_limited(from: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let length = from.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if length as u64 > MAX_FILE { Err("it is larger than 16 MiB".into()) } else { Ok(bytes) }
}

#[cfg(unix)]
fn mode(file: &File) -> std::io::Result<Option<u32>> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = file.metadata()?;
    Ok(metadata.is_file().then(|| metadata.permissions().mode() & 0o7777))
}

/// Other systems have no modes; who may read a file is up to its folder there.
#[cfg(not(unix))]
fn mode(_file: &File) -> std::io::Result<Option<u32>> {
    Ok(None)
}

fn is_open(mode: u32) -> bool {
    mode & 0o077 != 0
}

fn too_open(mode: u32, name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:,@%".contains(c);
    let name = if !name.is_empty() && name.chars().all(plain) && !name.starts_with('-') {
        name.to_owned()
    } else {
        format!("-- '{}'", name.replace('\'', r"'\''"))
    };
    format!("other users may read it (mode {mode:04o}). Make it yours alone: chmod 600 {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remedy_can_be_pasted() {
        assert!(
            too_open(0o644, "a/key.pem").ends_with("(mode 0644). Make it yours alone: chmod 600 a/key.pem")
        );
        assert!(too_open(0o640, "it's").ends_with(r"chmod 600 -- 'it'\''s'"));
        assert!(too_open(0o604, "-rf").ends_with("chmod 600 -- '-rf'"));
    }

    #[test]
    fn only_the_owner_counts() {
        assert!(!is_open(0o600) && !is_open(0o400) && !is_open(0o700));
        assert!(is_open(0o640) && is_open(0o604) && is_open(0o620));
    }
}
