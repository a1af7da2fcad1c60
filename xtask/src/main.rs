//! The project's own commands, called as `cargo xtask COMMAND`.
//!
//! Each step says what it does and how long it took. A command that fails ends with status 1 and the reason; a command
//! line that cannot be read ends with status 2.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program talks to its user")]

mod bench;
mod build;
mod conformance;
mod debian;
mod debian_weak_keys;
mod fuzz;
mod page;
mod paths;
mod single_file;
mod step;
mod test;
mod texts;
mod tidy;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  build                     builds the page and the program: target/release/certwright
  single-file               builds the page as one file that opens from disk, without a
                            server: target/certwright.html
  run [ARGS...]             builds, then starts `certwright serve ARGS`
  test [--only STEP]        everything that a change must pass; the steps are
                            fmt, clippy, tidy, unit, wasm, fuzz, build, e2e
  tidy                      the rules of the source tree alone
  texts [--page]            writes the catalogues of texts anew from the sources, or only
                            the table that the page takes its German texts from
  bench [PART]              first load, the page with 2 000 entries, probe, keystores,
                            certificates and chains, many hosts, beside their goals; or one
                            of page, keystores, derivation, chains, hosts
  conformance [--data DIR] [--verbose]
                            the conformance suites; their data lies in DIR,
                            $CERTWRIGHT_CONFORMANCE or ../shared/conformance
  fuzz [TARGET] [--seconds N]
                            fuzzes every parser, or one, for a minute each
  debian-weak-keys          computes the tables of Debian's weak keys anew, which takes hours
  screenshots               makes docs/screenshot.png, docs/walk.webp and docs/pictures anew, from the
                            end-to-end tests
  tools                     installs the build tools, and nothing else
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(command) = arguments.next() else {
        eprint!("{USAGE}");
        return ExitCode::from(2);
    };
    let rest: Vec<String> = arguments.collect();
    let result = match command.as_str() {
        "build" => no_arguments(&rest).and_then(|()| build::build().map_err(Exit::Failed)),
        "single-file" => no_arguments(&rest).and_then(|()| single_file::single_file().map_err(Exit::Failed)),
        "run" => build::run_program(&rest).map_err(Exit::Failed),
        "test" => test::parse_arguments(&rest)
            .map_err(Exit::Usage)
            .and_then(|only| test::test(only).map_err(Exit::Failed)),
        "tidy" => no_arguments(&rest).and_then(|()| tidy::tidy().map_err(Exit::Failed)),
        "texts" if rest == ["--page"] => texts::write_page_table().map_err(Exit::Failed),
        "texts" => no_arguments(&rest).and_then(|()| texts::update().map_err(Exit::Failed)),
        "bench" => bench::parse_arguments(&rest)
            .map_err(Exit::Usage)
            .and_then(|part| bench::bench(part).map_err(Exit::Failed)),
        "conformance" => conformance::parse_arguments(&rest)
            .map_err(Exit::Usage)
            .and_then(|options| conformance::conformance(&options).map_err(Exit::Failed)),
        "fuzz" => fuzz::parse_arguments(&rest)
            .map_err(Exit::Usage)
            .and_then(|options| fuzz::fuzz(&options).map_err(Exit::Failed)),
        "debian-weak-keys" => {
            no_arguments(&rest).and_then(|()| debian_weak_keys::debian_weak_keys().map_err(Exit::Failed))
        }
        "screenshots" => no_arguments(&rest).and_then(|()| test::screenshots().map_err(Exit::Failed)),
        "tools" => {
            no_arguments(&rest).and_then(|()| tools::BuildTools::ensure().map(|_| ()).map_err(Exit::Failed))
        }
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        other => Err(Exit::Usage(format!("there is no command `{other}`"))),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Exit::Failed(why)) => {
            eprintln!("xtask {command}: {why}");
            ExitCode::from(1)
        }
        Err(Exit::Usage(why)) => {
            eprintln!("xtask: {why}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// Why a command does not end well.
enum Exit {
    /// The work failed.
    Failed(String),
    /// The command line is wrong.
    Usage(String),
}

fn no_arguments(rest: &[String]) -> Result<(), Exit> {
    match rest.first() {
        None => Ok(()),
        Some(first) => Err(Exit::Usage(format!("`{first}` is not expected here"))),
    }
}
