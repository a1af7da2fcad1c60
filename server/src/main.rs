//! The command `certwright`. Exit status: 0 as wished, 1 the answer is no, 2 wrong usage or unreadable input.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
