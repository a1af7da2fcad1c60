//! The command `certwright`. Exit status: 0 as wished, 1 the answer is no, 2 wrong usage or unreadable input.

mod cli;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    cli::Arguments::parse().run()
}
