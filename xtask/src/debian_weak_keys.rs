//! `cargo xtask debian-weak-keys`: computes the tables of Debian's weak keys (CVE-2008-0166) anew. They lie in the source tree.

use std::fs;

use crate::paths;
use crate::step::{Outcome, run, step};

/// Empties the tables, and has `crates/keys` make them: hours of a processor's time.
///
/// The program beneath, called by itself, continues with what is there.
pub(crate) fn debian_weak_keys() -> Outcome {
    let folder = paths::root().join("crates/keys/src/weak/debian");
    let names =
        fs::read_dir(&folder).map_err(|error| format!("cannot list {}: {error}", folder.display()))?;
    for path in names
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "bin"))
    {
        // Each has to be there for the program to be built.
        fs::write(&path, []).map_err(|error| format!("cannot empty {}: {error}", path.display()))?;
    }
    let example = ["--package", "certwright-keys", "--example", "debian_weak_keys", "--"];
    step("Debian's weak keys", || {
        run(paths::cargo().args(["run", "--quiet", "--release"]).args(example).arg(&folder))
    })
}
