//! Runs the engine's crates against public test data, and counts.
//!
//! [`run`] takes a folder laid out as `limbo/`, `pkits/`, `paths/`, `wycheproof/` and `keystores/*/`, and finds what is in it by
//! its content: other parts of the same corpora need no change here. One [`Suite`] comes out for each part of a corpus. Nothing is left out in silence: a file that is not understood is a skipped case that says so.

mod case;
mod keystores;
pub mod limbo;
mod paths;
mod pkits;
mod time;
mod wycheproof;

use std::path::{Path, PathBuf};

pub use case::{Answer, Case, Suite};

/// All suites of the data in `folder`, in the order of the layout.
pub fn run(folder: &Path) -> Vec<Suite> {
    let mut suites = limbo::suites(&folder.join("limbo"));
    suites.extend(pkits::suite(&folder.join("pkits")));
    suites.extend(paths::suite(&folder.join("paths")));
    suites.extend(wycheproof::suite(&folder.join("wycheproof")));
    suites.extend(keystores::suites(folder));
    suites
}

/// Where the data is: `$CERTWRIGHT_CONFORMANCE`, else `../shared/conformance` beside the project. `None` if it is absent.
pub fn data() -> Option<PathBuf> {
    let given = std::env::var_os("CERTWRIGHT_CONFORMANCE").filter(|value| !value.is_empty());
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    Some(given.map_or_else(beside, PathBuf::from)).filter(|folder| folder.is_dir())
}

/// Files and folders of a folder, sorted; none if it is absent.
fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// The name of a file without its last ending.
fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
