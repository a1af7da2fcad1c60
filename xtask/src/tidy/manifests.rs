//! Every dependency says why it is there: a comment at the end of its line in the root manifest. A package that names a
//! version itself instead of `workspace = true` says so too.

use super::{Finding, SourceFile};

/// Checks the manifests among the files.
pub(super) fn check(files: &[SourceFile]) -> Vec<Finding> {
    files
        .iter()
        .filter(|file| file.path == "Cargo.toml" || file.path.ends_with("/Cargo.toml"))
        .flat_map(check_manifest)
        .collect()
}

fn check_manifest(file: &SourceFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut lists_dependencies = false;
    for (number, line) in file.text.lines().enumerate() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            let header = header.split(']').next().unwrap_or_default();
            lists_dependencies = header.ends_with("dependencies");
            // `[dependencies.NAME]` would hide from this rule.
            if header.split('.').rev().nth(1).is_some_and(|part| part.ends_with("dependencies")) {
                findings.push(Finding::at(
                    &file.path,
                    number + 1,
                    "write a dependency as one line, with its reason",
                ));
            }
            continue;
        }
        if !lists_dependencies || line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (entry, comment) = split_comment(line);
        let Some((name, value)) = entry.split_once('=') else { continue };
        let is_ours = value.contains("path =") || value.contains("path=");
        let is_inherited = name.trim().ends_with(".workspace") || value.contains("workspace = true");
        if !is_ours && !is_inherited && comment.is_none_or(|reason| reason.trim().len() < 8) {
            let what =
                format!("{} has no comment at the end of its line that says why it is there", name.trim());
            findings.push(Finding::at(&file.path, number + 1, what));
        }
    }
    findings
}

/// Splits a line of TOML at the `#` that begins its comment.
fn split_comment(line: &str) -> (&str, Option<&str>) {
    let mut quoted = false;
    for (position, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '#' if !quoted => {
                let (entry, comment) = line.split_at(position);
                return (entry, Some(comment.trim_start_matches('#')));
            }
            _ => {}
        }
    }
    (line, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        check(&[SourceFile { path: path.into(), text: text.into() }]).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn a_reason_is_wanted_for_what_is_not_ours() {
        let text = "[workspace.dependencies]\n\
                    ours = { path = \"crates/ours\" }\n\
                    # A heading.\n\
                    good = \"1\"   # Reads what nobody else reads.\n\
                    bare = { version = \"1\", features = [\"a#b\"] }\n\
                    [profile.release]\n\
                    strip = true\n";
        assert_eq!(
            findings("Cargo.toml", text),
            ["Cargo.toml:5: bare has no comment at the end of its line that says why it is there"]
        );
    }

    #[test]
    fn a_member_inherits_or_explains() {
        let text = "[dependencies]\na.workspace = true\nb = { workspace = true, features = [\"x\"] }\n\
                    [target.'cfg(unix)'.dev-dependencies]\nc = \"1\"\n[dependencies.d]\nversion = \"1\"\n";
        let found = findings("crates/x/Cargo.toml", text);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.first().unwrap().contains(":5: c has no comment"));
        assert!(found.last().unwrap().contains(":6: write a dependency as one line"));
    }
}
