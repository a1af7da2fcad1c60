//! What every file keeps to: its length, its opening words, and words that must not be in it.

use super::{Finding, SourceFile};

/// A file that is longer has more than one subject.
const MOST_LINES: usize = 800;

/// Source files whose length is looked at.
const SOURCES: [&str; 4] = [".rs", ".css", ".html", ".js"];

/// Marks of unfinished work, in Rust sources. They are put together here, so that this file passes its own check.
const UNFINISHED: [&str; 5] = [
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("#[ig", "nore"),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
];

/// Hosts of package registries: where packages come from is the business of each machine.
const REGISTRIES: [&str; 5] = [
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("registry.npmjs", ".org"),
    concat!("deb.debian", ".org"),
    concat!("pypi", ".org"),
];

/// Folders that exist on one machine alone.
const MACHINE_FOLDERS: [&str; 3] = [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/ho", "me/")];

/// Checks every file.
pub(super) fn check(files: &[SourceFile]) -> Vec<Finding> {
    files.iter().flat_map(check_file).collect()
}

fn check_file(file: &SourceFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_rust = file.path.ends_with(".rs");
    let lines = file.text.lines().count();
    if lines > MOST_LINES && SOURCES.iter().any(|ending| file.path.ends_with(ending)) {
        let what =
            format!("has {lines} lines, and {MOST_LINES} are the most: split it by what changes together");
        findings.push(Finding::new(&file.path, what));
    }
    if is_rust && !file.text.starts_with("//!") {
        findings.push(Finding::at(
            &file.path,
            1,
            "does not open with `//!`, saying what it is, its source and what it refuses",
        ));
    }
    for (number, line) in file.text.lines().enumerate() {
        let mut found = |what: String| findings.push(Finding::at(&file.path, number + 1, what));
        for word in UNFINISHED.iter().filter(|word| is_rust && line.contains(*word)) {
            found(format!("`{word}`: nothing unfinished, nothing ignored"));
        }
        for host in REGISTRIES.iter().filter(|host| line.contains(*host)) {
            found(format!("names the registry {host}"));
        }
        for folder in MACHINE_FOLDERS.iter().filter(|folder| names_folder(line, folder)) {
            found(format!("names {folder}, which is on one machine alone"));
        }
    }
    findings
}

/// Whether an absolute path begins with the folder: nothing that could belong to a longer path or address stands before it.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(position, _)| {
        let before = line.get(..position).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || "._-~}/)]$*".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        check(&[SourceFile { path: path.into(), text: text.into() }]).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn a_module_says_what_it_is() {
        assert_eq!(findings("a.rs", "//! Reads a.\n"), Vec::<String>::new());
        assert_eq!(findings("a.rs", "use b;\n").len(), 1);
        assert_eq!(findings("a.css", "body {}\n"), Vec::<String>::new());
    }

    #[test]
    fn a_file_ends_somewhere() {
        let text = |lines: usize| format!("//! x\n{}", "\n".repeat(lines - 1));
        assert_eq!(findings("a.rs", &text(MOST_LINES)), Vec::<String>::new());
        assert_eq!(findings("a.rs", &text(MOST_LINES + 1)).len(), 1);
        assert_eq!(findings("Cargo.lock", &text(5000)), Vec::<String>::new());
    }

    #[test]
    fn words_that_must_not_be_there() {
        for word in UNFINISHED {
            assert_eq!(findings("a.rs", &format!("//! x\n    {word}\n")).len(), 1, "{word}");
            assert_eq!(findings("a.md", &format!("{word}\n")), Vec::<String>::new(), "{word}");
        }
        for host in REGISTRIES {
            assert_eq!(findings("a.yml", &format!("mirror: https://{host}/x\n")).len(), 1, "{host}");
        }
        for folder in MACHINE_FOLDERS {
            assert_eq!(findings("a.md", &format!("see `{folder}x`\n")).len(), 1, "{folder}");
            assert_eq!(findings("a.md", &format!("{folder}x\n")).len(), 1, "{folder}");
            assert_eq!(
                findings("a.md", &format!("https://example.com{folder}x\n")),
                Vec::<String>::new(),
                "{folder}"
            );
            assert_eq!(findings("a.md", &format!("~{folder}x\n")), Vec::<String>::new(), "{folder}");
        }
    }
}
