//! Prints one line for each suite: `certwright-conformance [--data DIR] [--verbose]`.
//!
//! With `--verbose` the slowest case and those that failed follow their suite, with what was found. How many fail is no failure of this
//! program: that is for its tests, which know the exceptions of the data beside the project.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program talks to its user")]

use std::path::PathBuf;
use std::process::ExitCode;

use certwright_conformance::{Answer, data, run};

fn main() -> ExitCode {
    let (folder, verbose) = match arguments() {
        Ok(read) => read,
        Err(why) => {
            eprintln!("conformance: {why}");
            return ExitCode::from(2);
        }
    };
    let Some(folder) = folder else {
        println!("conformance: there is no data beside the project: all suites are skipped");
        return ExitCode::SUCCESS;
    };
    if !folder.is_dir() {
        eprintln!("conformance: there is no {}", folder.display());
        return ExitCode::from(2);
    }
    let suites = run(&folder);
    for suite in &suites {
        println!("{suite}");
        if let Some(slowest) = suite.cases.iter().max_by_key(|case| case.took).filter(|_| verbose) {
            println!("    slowest: {} with {} ms", slowest.id, slowest.took.as_millis());
        }
        for detail in suite.details.iter().filter(|_| verbose) {
            println!("    {detail}");
        }
        for case in suite.failed().filter(|_| verbose) {
            let what =
                if case.answer == Answer::AcceptedWrongly { "accepted wrongly" } else { "refused wrongly" };
            println!("    {what}: {}: {}", case.id, case.why);
        }
    }
    if suites.is_empty() {
        eprintln!("conformance: there are no cases in {}", folder.display());
        return ExitCode::from(1);
    }
    ExitCode::SUCCESS
}

fn arguments() -> Result<(Option<PathBuf>, bool), String> {
    let (mut folder, mut verbose) = (data(), false);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--verbose" => verbose = true,
            "--data" => folder = Some(arguments.next().ok_or("--data wants a folder")?.into()),
            other => return Err(format!("`{other}` is not expected here")),
        }
    }
    Ok((folder, verbose))
}
