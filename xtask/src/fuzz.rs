//! `cargo xtask fuzz`: the fuzz targets of all parsers, each for a short or a long time.
//!
//! cargo-fuzz builds them without a sanitizer, which the stable compiler can, and an allocator of the targets' own bounds their
//! memory. Everything lies in the target folder: the seeds, which [`seeds`] makes with real tools, the corpus, which grows from run to
//! run, and the inputs that failed.

mod seeds;

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::paths;
use crate::step::{Outcome, capture, run, step};
use crate::{debian, tools};

/// Seconds for each target as a step of `cargo xtask test`.
const SHORT: u32 = 3;
/// Seconds for each target when somebody asks for it.
const LONG: u32 = 60;
/// Hangs end after so many seconds. What takes long is found by the targets themselves, by the time of their own thread.
const HANG: u32 = 20;
/// All memory of the process, in megabytes: the fuzzer's own is part of it.
const PROCESS_MEMORY: u32 = 1024;

/// Which targets, and for how long.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// One target; else all.
    target: Option<String>,
    seconds: u32,
}

/// Reads `[TARGET] [--seconds N]`.
pub(crate) fn parse_arguments(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options { target: None, seconds: LONG };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seconds" => {
                let number = arguments.next().and_then(|text| text.parse().ok());
                options.seconds = number.ok_or("--seconds wants a number")?;
            }
            name if !name.starts_with('-') && options.target.is_none() => {
                options.target = Some(name.to_owned())
            }
            other => return Err(format!("`{other}` is not expected here")),
        }
    }
    Ok(options)
}

/// All targets for a few seconds each.
pub(crate) fn short() -> Outcome {
    fuzz(&Options { target: None, seconds: SHORT })
}

/// Builds the targets, makes their seeds, and runs them.
pub(crate) fn fuzz(options: &Options) -> Outcome {
    debian::ensure()?;
    let path = tools::ensure_cargo_fuzz()?;
    let targets = chosen(all_targets()?, options.target.as_deref())?;
    let folder = paths::target().join("fuzz");
    let programs = folder.join("build").join(host()?).join("release");
    let fuzzer = Fuzzer { path, folder, programs, seconds: options.seconds };
    step("fuzz: build", || fuzzer.build(options.target.as_deref()))?;
    step("fuzz: seeds", || seeds::ensure(&fuzzer.folder.join("seeds")))?;
    step(&format!("fuzz: {} targets, {} s each", targets.len(), options.seconds), || fuzzer.run_all(targets))
}

/// The machine that is compiled for, as rustc calls it.
fn host() -> Outcome<String> {
    let about = capture(Command::new("rustc").arg("-vV"))?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc does not say for what it compiles".to_owned())
}

/// The names of all targets, which are those of their files.
fn all_targets() -> Outcome<Vec<String>> {
    let folder = paths::root().join("tests").join("fuzz").join("fuzz_targets");
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(told)? {
        let path = entry.map_err(told)?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

fn chosen(all: Vec<String>, target: Option<&str>) -> Outcome<Vec<String>> {
    match target {
        None => Ok(all),
        Some(name) if all.iter().any(|known| known == name) => Ok(vec![name.to_owned()]),
        Some(name) => Err(format!("there is no target `{name}`; there are {}", all.join(", "))),
    }
}

struct Fuzzer {
    /// `PATH` with cargo-fuzz.
    path: OsString,
    /// Where everything lies.
    folder: PathBuf,
    /// Where the built targets lie.
    programs: PathBuf,
    seconds: u32,
}

impl Fuzzer {
    /// Builds the targets, or one.
    fn build(&self, target: Option<&str>) -> Outcome {
        let mut command = paths::cargo();
        command.env("PATH", &self.path);
        // Nobody looks at debug information here. More units compile faster, and run a little slower.
        command.env("RUSTFLAGS", "-Cdebuginfo=0 -Ccodegen-units=8");
        command.args(["fuzz", "build", "--fuzz-dir", "tests/fuzz", "--sanitizer", "none", "--target-dir"]);
        run(command.arg(self.folder.join("build")).args(target))
    }

    /// As many targets at a time as there are processors. All are run, also after one has failed.
    fn run_all(&self, targets: Vec<String>) -> Outcome {
        let (open, failed) = (Mutex::new(VecDeque::from(targets)), Mutex::new(Vec::new()));
        let next = || open.lock().ok()?.pop_front();
        let work = || {
            while let Some(target) = next() {
                if let (Err(why), Ok(mut failed)) = (self.run_one(&target), failed.lock()) {
                    failed.push(why);
                }
            }
        };
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
        let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
        if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) }
    }

    fn run_one(&self, target: &str) -> Outcome {
        let place = |what: &str| -> Outcome<PathBuf> {
            let folder = self.folder.join(what).join(target);
            fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
            Ok(folder)
        };
        let (corpus, seeds, failed) = (place("corpus")?, place("seeds")?, place("failed")?);
        // Not through `cargo fuzz run`, which would look at every target whether it wants to be built again.
        let mut command = Command::new(self.programs.join(target));
        command.arg(corpus).arg(seeds);
        command.arg(format!("-artifact_prefix={}/", failed.display()));
        command.arg(format!("-max_total_time={}", self.seconds)).arg(format!("-timeout={HANG}"));
        command.arg(format!("-rss_limit_mb={PROCESS_MEMORY}")).arg("-print_final_stats=1");
        let output = command
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("cannot start {target}: {error}"))?;
        let text = String::from_utf8_lossy(&output.stderr);
        if output.status.success() {
            println!("    {target:<20} {}", summary(&text));
            return Ok(());
        }
        println!("{text}");
        let input = newest(&failed).unwrap_or(failed);
        Err(format!(
            "{target} failed; again with {} {}",
            self.programs.join(target).display(),
            input.display()
        ))
    }
}

/// What libFuzzer says at its end: inputs that were tried, and what it covered.
fn summary(text: &str) -> String {
    let value = |name: &str| {
        let line = text.lines().rev().find_map(|line| line.trim().strip_prefix(name));
        line.map(str::trim).unwrap_or("?").to_owned()
    };
    let words = |line: &str, name: &str| {
        line.split_once(name).and_then(|(_, rest)| rest.split_whitespace().next().map(str::to_owned))
    };
    let covered = text.lines().rev().find_map(|line| words(line, "cov: ")).unwrap_or_else(|| "?".to_owned());
    format!("{:>9} inputs, {covered:>6} places", value("stat::number_of_executed_units:"))
}

fn newest(folder: &Path) -> Option<PathBuf> {
    let files = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    files.max_by_key(|path| path.metadata().and_then(|about| about.modified()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read() {
        let read =
            |words: &[&str]| parse_arguments(&words.iter().map(|word| word.to_string()).collect::<Vec<_>>());
        assert_eq!(read(&[]), Ok(Options { target: None, seconds: LONG }));
        let one = Options { target: Some("pem".into()), seconds: 9 };
        assert_eq!(read(&["pem", "--seconds", "9"]), Ok(one));
        assert!(read(&["--seconds"]).is_err());
        assert!(read(&["--seconds", "soon"]).is_err());
        assert!(read(&["pem", "der"]).is_err());
    }

    #[test]
    fn every_target_is_a_program_and_has_seeds() {
        let manifest = fs::read_to_string(paths::root().join("tests/fuzz/Cargo.toml")).unwrap();
        let targets = all_targets().unwrap();
        assert!(targets.len() > 20, "{targets:?}");
        for target in &targets {
            assert!(manifest.contains(&format!("name = \"{target}\"")), "{target} is not in the manifest");
            assert!(seeds::is_provided_for(target), "{target} has no seeds");
        }
        assert_eq!(manifest.matches("[[bin]]").count(), targets.len());
    }

    #[test]
    fn unknown_targets_are_refused() {
        let all = vec!["der".to_owned(), "pem".to_owned()];
        assert_eq!(chosen(all.clone(), Some("pem")), Ok(vec!["pem".to_owned()]));
        assert!(chosen(all, Some("pdf")).unwrap_err().contains("der, pem"));
    }

    #[test]
    fn the_fuzzers_last_words_are_understood() {
        let text = "#1 INITED cov: 12 ft: 3\n#9 DONE   cov: 345 ft: 6 corp: 7/8b\nstat::number_of_executed_units: 900\n";
        assert_eq!(summary(text), "      900 inputs,    345 places");
    }
}
