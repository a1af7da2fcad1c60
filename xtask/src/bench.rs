//! `cargo xtask bench [PART]`: the first load, the page with 2 000 entries, a probe, keystores, certificates and chains, many hosts, measured through a real browser and
//! beside their peers and goals.
//!
//! The measuring itself is a program of the test package, which has the browser, the server and the peers. What certificates and
//! chains cost is measured by a package of its own, `tests/speed`, natively and as a Wasm module with the worker's profile. Beside
//! probes of many hosts stand a program in Go (`tests/speed/go`) and sslyze, which are built and installed here.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use crate::build;
use crate::debian;
use crate::paths;
use crate::step::{Outcome, run, step};
use crate::test::end_to_end_command;
use crate::tools::{self, WASM_TARGET};

/// Parts that can be measured alone.
const PARTS: [&str; 5] = ["page", "keystores", "derivation", "chains", "hosts"];
/// A peer from PyPI.
const SSLYZE: &str = "6.3.1";

/// Reads the command line: nothing, or one part.
pub(crate) fn parse_arguments(words: &[String]) -> Result<Option<&'static str>, String> {
    match words {
        [] => Ok(None),
        [word] => match PARTS.iter().find(|part| *part == word) {
            Some(part) => Ok(Some(part)),
            None => Err(format!("there is no part `{word}`; the parts are {}", PARTS.join(", "))),
        },
        [_, more, ..] => Err(format!("`{more}` is not expected here")),
    }
}

/// Builds, then measures.
pub(crate) fn bench(part: Option<&str>) -> Outcome {
    let mut command = end_to_end_command()?;
    if part != Some("chains") {
        build::build()?;
    }
    if part.is_none_or(|part| part == "chains") {
        let page = step("bench: certificates and chains", build_speed)?;
        command.env("CERTWRIGHT_SPEED", paths::target().join("release").join("speed"));
        command.env("CERTWRIGHT_SPEED_PAGE", page);
    }
    if part.is_none_or(|part| part == "hosts") {
        let (go, sslyze) = step("bench: peers of many hosts", build_peers)?;
        command.env("CERTWRIGHT_GO_PROBE", go).env("CERTWRIGHT_SSLYZE", sslyze);
    }
    run(command.args(["run", "--quiet", "--package", "certwright-tests", "--bin", "bench", "--"]).args(part))
}

/// Builds the program in Go and installs sslyze in an environment of its own; returns both programs.
fn build_peers() -> Outcome<(PathBuf, PathBuf)> {
    debian::ensure_for_bench()?;
    let go = paths::target().join("go");
    let (program, source) = (go.join("probe"), paths::root().join("tests").join("speed").join("go"));
    let mut command = Command::new("go");
    command.current_dir(source).env("GO111MODULE", "off").env("GOCACHE", go.join("cache"));
    run(command.args(["build", "-o"]).arg(&program).arg("main.go"))?;
    let folder = paths::target().join(format!("sslyze-{SSLYZE}"));
    let sslyze = folder.join("bin").join("sslyze");
    if !sslyze.is_file() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        let mut pip = Command::new(folder.join("bin").join("python"));
        run(pip.args(["-m", "pip", "install", "--quiet", &format!("sslyze=={SSLYZE}")]))?;
    }
    Ok((program, sslyze))
}

/// Builds the program and the Wasm module of `tests/speed`; returns the folder of the module.
fn build_speed() -> Outcome<OsString> {
    let path = tools::ensure_test_runner()?;
    run(paths::cargo().args(["build", "--release", "--package", "certwright-speed", "--bin", "speed"]))?;
    run(paths::cargo().args(["build", "--profile", "worker", "--target", WASM_TARGET]).args([
        "--package",
        "certwright-speed",
        "--lib",
    ]))?;
    let page = paths::target().join("speed");
    let built = paths::target().join(WASM_TARGET).join("worker").join("certwright_speed.wasm");
    let mut command = Command::new("wasm-bindgen");
    command.env("PATH", path).args(["--target", "web", "--no-typescript", "--out-dir"]);
    run(command.arg(&page).arg(built))?;
    Ok(page.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_chosen_by_name() {
        let parse =
            |words: &[&str]| parse_arguments(&words.iter().map(|word| word.to_string()).collect::<Vec<_>>());
        assert_eq!(parse(&[]), Ok(None));
        assert_eq!(parse(&["chains"]), Ok(Some("chains")));
        assert!(parse(&["chain"]).unwrap_err().contains("page, keystores, derivation, chains, hosts"));
        assert!(parse(&["chains", "keystores"]).is_err());
    }
}
