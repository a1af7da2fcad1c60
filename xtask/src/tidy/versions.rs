//! What ends up in the two Wasm modules: one version of each RustCrypto core crate in the worker (two versions are two copies
//! in the download, and traits that do not fit), and no cryptography at all in the page.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::paths;
use crate::step::{Outcome, capture};
use crate::tools::WASM_TARGET;

/// Crates of which there is one version.
const ONE_VERSION: [&str; 26] = [
    "aead",
    "base16ct",
    "base64ct",
    "block-buffer",
    "cipher",
    "const-oid",
    "crypto-bigint",
    "crypto-common",
    "der",
    "digest",
    "ecdsa",
    "elliptic-curve",
    "getrandom",
    "hmac",
    "hybrid-array",
    "inout",
    "pem-rfc7468",
    "pkcs1",
    "pkcs8",
    "rand_core",
    "rfc6979",
    "sec1",
    "sha2",
    "signature",
    "spki",
    "universal-hash",
];

/// Exceptions: crate and the reason why there are two. One that is not needed any more is a finding too.
const TWO_VERSIONS: [(&str, &str); 0] = [];

/// Crates that have no business in the page: it asks the worker.
const NOT_IN_THE_PAGE: [&str; 12] = [
    "aes",
    "argon2",
    "chacha20poly1305",
    "cms",
    "der",
    "ecdsa",
    "p256",
    "p384",
    "pkcs8",
    "rsa",
    "sha2",
    "x509-cert",
];

/// Asks Cargo for both trees and checks them.
pub(super) fn check_trees() -> Outcome<Vec<Finding>> {
    let mut findings = check_versions("certwright-worker", &tree("certwright-worker")?, &TWO_VERSIONS);
    findings.extend(check_page("certwright-app", &tree("certwright-app")?));
    Ok(findings)
}

/// Lines of `NAME vVERSION` of all that is compiled into a package for the browser.
fn tree(package: &str) -> Outcome<String> {
    let mut command = paths::cargo();
    command.args([
        "tree",
        "--package",
        package,
        "--target",
        WASM_TARGET,
        "--edges",
        // What macros are made of runs at build time alone.
        "normal,no-proc-macro",
        "--prefix",
        "none",
    ]);
    capture(&mut command)
}

fn versions(tree: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in tree.lines() {
        let mut words = line.split_whitespace();
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            versions.entry(name).or_default().insert(version);
        }
    }
    versions
}

fn check_versions(package: &str, tree: &str, exceptions: &[(&str, &str)]) -> Vec<Finding> {
    let versions = versions(tree);
    let mut findings = Vec::new();
    for name in ONE_VERSION {
        let found: Vec<&str> = versions.get(name).into_iter().flatten().copied().collect();
        let exception = exceptions.iter().find(|(excepted, _)| *excepted == name);
        match (found.len() > 1, exception) {
            (true, None) => {
                findings.push(Finding::new(
                    package,
                    format!("has {name} in more than one version: {}", found.join(", ")),
                ));
            }
            (false, Some((_, reason))) => {
                findings.push(Finding::new(
                    package,
                    format!("has one version of {name}: take out its exception ({reason})"),
                ));
            }
            _ => {}
        }
    }
    findings
}

fn check_page(package: &str, tree: &str) -> Vec<Finding> {
    let versions = versions(tree);
    NOT_IN_THE_PAGE
        .iter()
        .filter(|name| versions.contains_key(*name))
        .map(|name| Finding::new(package, format!("has {name} in its tree: cryptography is the worker's")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_versions_need_a_reason() {
        let tree = "der v0.7.9\nsha2 v0.11.1\nder v0.8.3 (*)\nserde v1.0.1\nserde v2.0.0\n";
        let found = check_versions("w", tree, &[]);
        assert_eq!(found, [Finding::new("w", "has der in more than one version: v0.7.9, v0.8.3")]);
        assert_eq!(check_versions("w", tree, &[("der", "waiting for x")]), []);
    }

    #[test]
    fn a_reason_without_need_is_found() {
        let found = check_versions("w", "der v0.8.3\nder v0.8.3 (*)\n", &[("der", "waiting for x")]);
        assert_eq!(
            found,
            [Finding::new("w", "has one version of der: take out its exception (waiting for x)")]
        );
    }

    #[test]
    fn the_page_holds_no_cryptography() {
        assert_eq!(check_page("p", "yew v0.23.0\nbase64ct v1.8.0\n"), []);
        assert_eq!(check_page("p", "yew v0.23.0\nrsa v0.10.0\n").len(), 1);
    }
}
