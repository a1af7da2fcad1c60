//! `cargo xtask bench`: the first load and a probe, measured through a real browser, beside their goals.
//!
//! The measuring itself is a program of the test package, which has the browser, the server and the peers.

use crate::build;
use crate::step::{Outcome, run};
use crate::test::end_to_end_command;

/// Builds, then measures.
pub(crate) fn bench() -> Outcome {
    build::build()?;
    run(end_to_end_command()?.args(["run", "--quiet", "--package", "certwright-tests", "--bin", "bench"]))
}
