//! Imports go one way. The table is the project's architecture; a new package needs a line in it.
//!
//! Reads `cargo metadata`. Dependencies of tests alone are free.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::Finding;
use crate::paths;
use crate::step::{Outcome, capture};

/// What each package may use of ours.
const ALLOWED: [(&str, &[&str]); 15] = [
    ("certwright-language", &[]),
    ("certwright-encoding", &["language"]),
    ("certwright-protocol", &["language"]),
    ("certwright-keys", &["language", "encoding"]),
    ("certwright-certs", &["language", "encoding", "keys"]),
    ("certwright-chain", &["language", "encoding", "keys", "certs"]),
    ("certwright-keystore", &["language", "encoding", "keys", "certs"]),
    ("certwright-engine", &["language", "encoding", "keys", "certs", "chain", "keystore", "protocol"]),
    ("certwright-worker", &["language", "engine", "protocol"]),
    ("certwright-app", &["protocol"]),
    ("certwright-server", &["engine", "protocol"]),
    ("certwright-tests", &["protocol"]),
    ("certwright-conformance", &["encoding", "keys", "certs", "chain", "keystore"]),
    ("certwright-speed", &["keys", "certs", "chain"]),
    ("xtask", &["language"]),
];

/// What the packages below `crates/` may not use of others: the browser, runtimes, sources of time and randomness.
const NOT_IN_CRATES: [&str; 15] = [
    "yew",
    "web-sys",
    "js-sys",
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "gloo",
    "tokio",
    "async-std",
    "axum",
    "hyper",
    "rustls",
    "getrandom",
    "rand",
    "chrono",
    "web-time",
];

/// A package of the workspace.
#[derive(Debug)]
pub(super) struct Package {
    name: String,
    /// Whether it lies below `crates/`.
    is_crate: bool,
    /// Dependencies of the program and of its build; those of tests are left out.
    dependencies: Vec<String>,
}

/// Asks Cargo for the packages of the workspace at `root`.
pub(super) fn packages(root: &Path) -> Outcome<Vec<Package>> {
    let mut command = Command::new(paths::cargo().get_program());
    command.current_dir(root).args(["metadata", "--format-version", "1", "--no-deps", "--offline"]);
    let text = capture(&mut command)?;
    let metadata: Value = serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages =
        metadata.get("packages").and_then(Value::as_array).ok_or("cargo metadata names no packages")?;
    packages
        .iter()
        .map(|package| read_package(package).ok_or("cargo metadata has changed its form".into()))
        .collect()
}

fn read_package(package: &Value) -> Option<Package> {
    let manifest = package.get("manifest_path")?.as_str()?.replace('\\', "/");
    let dependencies = package
        .get("dependencies")?
        .as_array()?
        .iter()
        .filter(|dependency| dependency.get("kind").and_then(Value::as_str) != Some("dev"))
        .filter_map(|dependency| Some(dependency.get("name")?.as_str()?.to_owned()))
        .collect();
    Some(Package {
        name: package.get("name")?.as_str()?.to_owned(),
        is_crate: manifest.rsplit('/').nth(2) == Some("crates"),
        dependencies,
    })
}

/// Checks each package against the table.
pub(super) fn check(packages: &[Package]) -> Vec<Finding> {
    packages.iter().flat_map(|package| check_package(package, packages)).collect()
}

fn check_package(package: &Package, all: &[Package]) -> Vec<Finding> {
    let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == package.name) else {
        return vec![Finding::new(
            &package.name,
            "is not in tidy's table of imports: say there what it may use",
        )];
    };
    let mut findings = Vec::new();
    for dependency in &package.dependencies {
        let ours = all.iter().any(|other| other.name == *dependency);
        let short = dependency.strip_prefix("certwright-").unwrap_or(dependency);
        if ours && !allowed.contains(&short) {
            let list = if allowed.is_empty() { "none of ours".into() } else { allowed.join(", ") };
            findings
                .push(Finding::new(&package.name, format!("may not use {dependency} (it may use: {list})")));
        }
        if package.is_crate && NOT_IN_CRATES.contains(&dependency.as_str()) {
            let what = format!(
                "may not use {dependency}: browser, network, time and randomness stay outside of crates/"
            );
            findings.push(Finding::new(&package.name, what));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A workspace on disk with the given packages: folder, name, lines below `[dependencies]`, lines below `[dev-dependencies]`.
    fn workspace(packages: &[(&str, &str, &str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let members: Vec<String> = packages.iter().map(|(place, ..)| format!("\"{place}\"")).collect();
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", "));
        std::fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        for (place, name, dependencies, of_tests) in packages {
            let place = folder.path().join(place);
            std::fs::create_dir_all(place.join("src")).unwrap();
            std::fs::write(place.join("src/lib.rs"), "").unwrap();
            let manifest = format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
                 [dependencies]\n{dependencies}\n[dev-dependencies]\n{of_tests}\n"
            );
            std::fs::write(place.join("Cargo.toml"), manifest).unwrap();
        }
        folder
    }

    fn findings(packages: &[(&str, &str, &str, &str)]) -> Vec<String> {
        let folder = workspace(packages);
        check(&super::packages(folder.path()).unwrap()).iter().map(Finding::to_string).collect()
    }

    const ENCODING: (&str, &str, &str, &str) = ("crates/encoding", "certwright-encoding", "", "");
    const PROTOCOL: (&str, &str, &str, &str) = ("crates/protocol", "certwright-protocol", "", "");

    #[test]
    fn the_right_way_is_allowed() {
        let keys = (
            "crates/keys",
            "certwright-keys",
            "certwright-encoding = { path = \"../encoding\" }",
            "tokio = \"1\"",
        );
        let app = (
            "web/app",
            "certwright-app",
            "certwright-protocol = { path = \"../../crates/protocol\" }\nyew = \"0.23\"",
            "",
        );
        assert_eq!(findings(&[ENCODING, PROTOCOL, keys, app]), Vec::<String>::new());
    }

    #[test]
    fn the_wrong_way_is_found() {
        let encoding =
            ("crates/encoding", "certwright-encoding", "certwright-keys = { path = \"../keys\" }", "");
        let keys = ("crates/keys", "certwright-keys", "", "");
        let found = findings(&[encoding, keys]);
        assert_eq!(found, ["certwright-encoding: may not use certwright-keys (it may use: language)"]);

        let app = ("web/app", "certwright-app", "certwright-keys = { path = \"../../crates/keys\" }", "");
        let found = findings(&[keys, app]);
        assert_eq!(found, ["certwright-app: may not use certwright-keys (it may use: protocol)"]);
    }

    #[test]
    fn a_runtime_in_a_crate_is_found_also_as_a_build_dependency() {
        let keys =
            ("crates/keys", "certwright-keys", "tokio = \"1\"\n[build-dependencies]\nchrono = \"0.4\"", "");
        let found = findings(&[keys]);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found.iter().any(|what| what.contains("tokio"))
                && found.iter().any(|what| what.contains("chrono"))
        );
    }

    #[test]
    fn a_package_without_a_rule_is_found() {
        let found = findings(&[("crates/new", "certwright-new", "", "")]);
        assert_eq!(found.len(), 1);
        assert!(found.first().unwrap().contains("not in tidy's table"), "{found:?}");
    }
}
