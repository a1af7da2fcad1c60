//! `cargo xtask conformance`: runs the suites that the crates have against data outside of the repository, and prints one
//! line for each.
//!
//! A suite is an integration test that reads `$CERTWRIGHT_CONFORMANCE` and prints, beside what it asserts, a line of the form
//! `SUITE: passed P, accepted wrongly A, refused wrongly R, skipped S`. Where the data is absent that is said, and nothing is
//! run: never silently green.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::paths;
use crate::step::{Outcome, step};

/// Packages with suites.
const PACKAGES: [&str; 3] = ["certwright-keys", "certwright-chain", "certwright-keystore"];

/// The options of the command.
pub(crate) struct Options {
    data: PathBuf,
    verbose: bool,
}

/// Reads `[--data DIR] [--verbose]`.
pub(crate) fn parse_arguments(arguments: &[String]) -> Result<Options, String> {
    let named =
        std::env::var_os("CERTWRIGHT_CONFORMANCE").filter(|value| !value.is_empty()).map(PathBuf::from);
    let beside = || paths::root().join("..").join("shared").join("conformance");
    let mut options = Options { data: named.unwrap_or_else(beside), verbose: false };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--verbose" => options.verbose = true,
            "--data" => options.data = arguments.next().ok_or("--data wants a folder")?.into(),
            other => return Err(format!("`{other}` is not expected here")),
        }
    }
    Ok(options)
}

/// Runs the suites, prints their lines, and fails if a test of theirs does.
pub(crate) fn conformance(options: &Options) -> Outcome {
    let Ok(data) = options.data.canonicalize() else {
        println!("conformance: there is no {}: all suites are skipped", options.data.display());
        return Ok(());
    };
    let mut lines = Vec::new();
    let mut failed = Vec::new();
    for package in PACKAGES {
        step(package, || {
            let mut command = paths::cargo();
            command.args(["test", "--package", package, "--tests", "--no-fail-fast", "--", "--nocapture"]);
            let (output, passed) = output_of(command.env("CERTWRIGHT_CONFORMANCE", &data), options.verbose)?;
            lines.extend(output.lines().filter_map(result_line).map(str::to_owned));
            if !passed {
                failed.push(package);
                if !options.verbose {
                    println!("{output}");
                }
            }
            Ok(())
        })?;
    }
    println!();
    for line in &lines {
        println!("{line}");
    }
    if lines.is_empty() {
        return Err("no suite printed a result".into());
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("tests fail in {}", failed.join(", "))) }
}

/// What a command prints, and whether it succeeds.
fn output_of(command: &mut Command, verbose: bool) -> Outcome<(String, bool)> {
    let errors = if verbose { Stdio::inherit() } else { Stdio::piped() };
    let output =
        command.stdin(Stdio::null()).stderr(errors).output().map_err(|error| format!("cargo: {error}"))?;
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    if verbose {
        print!("{text}");
    }
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Ok((text, output.status.success()))
}

/// Recognises a suite's line. Under the test harness it may stand behind `test NAME ... `.
fn result_line(line: &str) -> Option<&str> {
    let line = line.rsplit_once(" ... ").map_or(line, |(_, rest)| rest).trim();
    let (_, counts) = line.split_once(": passed ")?;
    let parts: Vec<&str> = format_parts(counts)?;
    parts.iter().all(|count| !count.is_empty() && count.chars().all(|c| c.is_ascii_digit())).then_some(line)
}

fn format_parts(counts: &str) -> Option<Vec<&str>> {
    let (passed, rest) = counts.split_once(", accepted wrongly ")?;
    let (accepted, rest) = rest.split_once(", refused wrongly ")?;
    let (refused, skipped) = rest.split_once(", skipped ")?;
    Some(vec![passed, accepted, refused, skipped])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suites_line_is_recognised() {
        let line = "limbo core: passed 120, accepted wrongly 3, refused wrongly 0, skipped 17";
        assert_eq!(result_line(line), Some(line));
        assert_eq!(result_line(&format!("test core ... {line}")), Some(line));
        assert_eq!(result_line("test result: ok. 3 passed; 0 failed"), None);
        assert_eq!(
            result_line("limbo: passed many, accepted wrongly 3, refused wrongly 0, skipped 17"),
            None
        );
    }

    #[test]
    fn options_are_read() {
        let read =
            |words: &[&str]| parse_arguments(&words.iter().map(|word| word.to_string()).collect::<Vec<_>>());
        let options = read(&["--verbose", "--data", "data"]).unwrap();
        assert!(options.verbose);
        assert_eq!(options.data, PathBuf::from("data"));
        assert!(read(&["--data"]).is_err());
        assert!(read(&["fast"]).is_err());
    }
}
