//! `cargo xtask conformance`: runs public test data through the engine's crates, and prints one line for each suite.
//!
//! The suites are a package of their own, whose tests hold the data beside the project to its exceptions. Here any data may be
//! given that is laid out likewise. Where the data is absent that is said, and nothing is run: never silently green.

use std::path::PathBuf;

use crate::paths;
use crate::step::{Outcome, run, step};

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

/// Builds the suites' program, and runs it. How many cases fail is its result and not its failure.
pub(crate) fn conformance(options: &Options) -> Outcome {
    let Ok(data) = options.data.canonicalize() else {
        println!("conformance: there is no {}: all suites are skipped", options.data.display());
        return Ok(());
    };
    let package = ["--package", "certwright-conformance"];
    step("build the suites", || run(paths::cargo().args(["build", "--quiet"]).args(package)))?;
    step("suites", || {
        let mut command = paths::cargo();
        command.args(["run", "--quiet"]).args(package).arg("--").arg("--data").arg(data);
        run(command.args(options.verbose.then_some("--verbose")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
