//! Where things lie in the source tree and in Cargo's target folder.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Cargo's target folder: `$CARGO_TARGET_DIR`, else `target`.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) if !folder.is_empty() => {
            std::path::absolute(&folder).unwrap_or_else(|_| PathBuf::from(&folder))
        }
        _ => root().join("target"),
    }
}

/// The release program.
pub(crate) fn program() -> PathBuf {
    target().join("release").join("certwright")
}

/// The built page, which the server carries inside.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}

/// A `cargo` command in the root of the repository: the same Cargo that runs us.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}
