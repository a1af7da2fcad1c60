//! `cargo xtask build` and `cargo xtask run`.

use std::process::Command;

use crate::page;
use crate::paths;
use crate::step::{Outcome, run, step};

/// Builds the page, then the program with the page inside.
pub(crate) fn build() -> Outcome {
    page::build()?;
    step("program", || {
        run(paths::cargo().args([
            "build",
            "--release",
            "--package",
            "certwright-server",
            "--bin",
            "certwright",
        ]))
    })?;
    let program = paths::program();
    if program.is_file() { Ok(()) } else { Err(format!("there is no {} after the build", program.display())) }
}

/// Builds, then becomes `certwright serve`.
pub(crate) fn run_program(arguments: &[String]) -> Outcome {
    build()?;
    let mut command = Command::new(paths::program());
    command.arg("serve").args(arguments);
    become_program(command)
}

/// Replaces this process, so that signals reach the server itself.
#[cfg(unix)]
fn become_program(mut command: Command) -> Outcome {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    Err(format!("cannot start {}: {error}", paths::program().display()))
}

#[cfg(not(unix))]
fn become_program(mut command: Command) -> Outcome {
    run(&mut command)
}
