//! `cargo xtask tidy`: the rules of the source tree that no compiler knows.
//!
//! Who may import whom, what the crates may name, how long a file may be, that a module says what it is, that every
//! dependency says why it is there, and what must not be in a file at all. Each rule has a file of its own; adding one is a
//! new file and a line in [`tidy`].

mod imports;
mod manifests;
mod names;
mod texts;
mod tokens;
mod versions;

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::paths;
use crate::step::{Outcome, capture, step};

/// A breach of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    /// File, or package.
    place: String,
    /// Line, from 1, where it has one.
    line: Option<usize>,
    /// What is wrong, and what would be right.
    what: String,
}

impl Finding {
    pub(crate) fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), line: None, what: what.into() }
    }

    pub(crate) fn at(place: impl Into<String>, line: usize, what: impl Into<String>) -> Self {
        Self { place: place.into(), line: Some(line), what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.place, self.what),
            None => write!(f, "{}: {}", self.place, self.what),
        }
    }
}

/// A text file of the tree.
pub(crate) struct SourceFile {
    /// Path from the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Checks everything, prints what is found, and fails if anything is.
pub(crate) fn tidy() -> Outcome {
    step("tidy", || {
        let root = paths::root();
        let files = source_files(&root)?;
        let mut findings = Vec::new();
        findings.extend(texts::check(&files));
        findings.extend(crate::texts::check(&files));
        findings.extend(names::check(&files));
        findings.extend(manifests::check(&files));
        findings.extend(imports::check(&imports::packages(&root)?));
        findings.extend(versions::check_trees()?);
        for finding in &findings {
            println!("    {finding}");
        }
        if findings.is_empty() {
            println!("    {} files", files.len());
            Ok(())
        } else {
            Err(format!("{} findings", findings.len()))
        }
    })
}

/// All text files of the tree.
pub(crate) fn source_files(root: &Path) -> Outcome<Vec<SourceFile>> {
    Ok(read_files(root, &tracked_files(root)?))
}

/// What git tracks, and what it would track: a rule holds before the commit too.
fn tracked_files(root: &Path) -> Outcome<Vec<PathBuf>> {
    let mut command = Command::new("git");
    command.current_dir(root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let list = capture(&mut command)?;
    Ok(list.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).collect())
}

/// Reads the text files; binary ones, and those that were deleted but not yet from git, are left out.
fn read_files(root: &Path, paths: &[PathBuf]) -> Vec<SourceFile> {
    paths
        .iter()
        .filter_map(|path| {
            let text = String::from_utf8(std::fs::read(root.join(path)).ok()?).ok()?;
            Some(SourceFile { path: path.to_string_lossy().replace('\\', "/"), text })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_as_editors_want_it() {
        assert_eq!(Finding::at("a.rs", 3, "bad").to_string(), "a.rs:3: bad");
        assert_eq!(Finding::new("crate", "bad").to_string(), "crate: bad");
    }

    #[test]
    fn a_tree_with_untracked_and_ignored_files() {
        let folder = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| {
            assert!(
                Command::new("git").current_dir(folder.path()).args(arguments).status().unwrap().success()
            );
        };
        git(&["init", "--quiet"]);
        for (name, content) in [
            (".gitignore", "out/\n".as_bytes()),
            ("new.rs", b"//! New.\n"),
            ("image.png", b"\x89PNG\xff\xfe"),
        ] {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        std::fs::create_dir(folder.path().join("out")).unwrap();
        std::fs::write(folder.path().join("out/built.rs"), "x").unwrap();
        let files = read_files(folder.path(), &tracked_files(folder.path()).unwrap());
        let mut names: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, [".gitignore", "new.rs"]);
    }
}
