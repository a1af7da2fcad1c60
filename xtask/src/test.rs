//! `cargo xtask test`: everything that a change must pass, in the order in which it is quickest to fail.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::paths;
use crate::step::{Outcome, run, seconds};
use crate::tools::WASM_TARGET;
use crate::{build, debian, fuzz, single_file, tidy, tools};

/// Packages that are compiled for the browser alone.
const BROWSER_PACKAGES: [&str; 2] = ["certwright-app", "certwright-worker"];

/// A step: its name on the command line, what it is, and what it does.
struct Step {
    name: &'static str,
    what: &'static str,
    work: fn() -> Outcome,
}

const STEPS: [Step; 8] = [
    Step { name: "fmt", what: "formatting", work: fmt },
    Step { name: "clippy", what: "lints", work: clippy },
    Step { name: "tidy", what: "rules of the source tree", work: tidy::tidy },
    Step { name: "unit", what: "unit and integration tests", work: unit },
    Step { name: "wasm", what: "tests inside a browser", work: wasm },
    Step { name: "fuzz", what: "every parser, fuzzed", work: fuzz::short },
    Step { name: "build", what: "release build", work: build::build },
    Step { name: "e2e", what: "end-to-end tests, peers", work: end_to_end },
];

/// Reads `[--only STEP]`.
pub(crate) fn parse_arguments(arguments: &[String]) -> Result<Option<&'static str>, String> {
    let only = match arguments {
        [] => return Ok(None),
        [flag, name] if flag == "--only" => name,
        [joined] if joined.starts_with("--only=") => joined.trim_start_matches("--only="),
        _ => return Err(format!("`test {}` cannot be read", arguments.join(" "))),
    };
    let known = STEPS.iter().find(|step| step.name == only);
    known.map(|step| Some(step.name)).ok_or_else(|| {
        format!("there is no step `{only}`; there are {}", STEPS.map(|step| step.name).join(", "))
    })
}

/// Runs all steps, or one. Stops at the first that fails, and prints a table at the end.
pub(crate) fn test(only: Option<&str>) -> Outcome {
    let mut rows: Vec<(&str, &str, Option<Duration>, &str)> = Vec::new();
    let mut failure = None;
    let begun = Instant::now();
    for step in STEPS.iter().filter(|step| only.is_none_or(|only| only == step.name)) {
        if failure.is_some() {
            rows.push((step.name, step.what, None, "not run"));
            continue;
        }
        println!("\n######## {}: {}", step.name, step.what);
        let begun = Instant::now();
        let result = (step.work)();
        let how = if result.is_ok() { "passed" } else { "FAILED" };
        rows.push((step.name, step.what, Some(begun.elapsed()), how));
        failure = result.err().map(|why| format!("{} ({}): {why}", step.name, step.what));
    }
    println!("\n######## summary");
    for (name, what, took, how) in rows {
        println!("  {name:<8} {what:<28} {:>12}  {how}", took.map(seconds).unwrap_or_default());
    }
    println!("  {:<8} {:<28} {:>12}", "", "in all", seconds(begun.elapsed()));
    failure.map_or(Ok(()), Err)
}

fn fmt() -> Outcome {
    run(paths::cargo().args(["fmt", "--all", "--check"]))?;
    // The fuzz targets are a workspace of their own.
    run(paths::cargo().args(["fmt", "--check", "--manifest-path", "tests/fuzz/Cargo.toml"]))
}

fn clippy() -> Outcome {
    let deny = ["--", "--deny", "warnings"];
    let mut native = paths::cargo();
    native.args(["clippy", "--workspace", "--all-targets"]);
    for package in BROWSER_PACKAGES {
        native.args(["--exclude", package]);
    }
    run(native.args(deny))?;
    // The page's packages inherit the tools' check of the target.
    tools::ensure_test_runner()?;
    let mut browser = paths::cargo();
    browser.args(["clippy", "--all-targets", "--target", WASM_TARGET]);
    for package in BROWSER_PACKAGES {
        browser.args(["--package", package]);
    }
    run(browser.args(deny))
}

fn unit() -> Outcome {
    debian::ensure()?;
    // The page's own logic runs natively too; what needs a browser, and the end-to-end tests, have steps of their own.
    let others = ["--exclude", "certwright-worker", "--exclude", "certwright-tests"];
    run(paths::cargo().args(["test", "--workspace", "--no-fail-fast"]).args(others))
}

fn wasm() -> Outcome {
    debian::ensure()?;
    let path = tools::ensure_test_runner()?;
    for package in BROWSER_PACKAGES {
        let folder = paths::root().join("web").join(package.trim_start_matches("certwright-"));
        if !names_browser_tests(&folder)? {
            println!("    {package} has no tests inside a browser");
            continue;
        }
        let mut command = paths::cargo();
        command.args(["test", "--target", WASM_TARGET, "--package", package]);
        command.env("PATH", &path).env("CHROMEDRIVER", chromedriver());
        // Headless, and as root in containers.
        command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", paths::root().join("tests").join("webdriver.json"));
        command.env("WASM_BINDGEN_USE_BROWSER", "1");
        // The default of 20 s is short for key derivation on two busy cores.
        command.env("WASM_BINDGEN_TEST_TIMEOUT", "180");
        run(&mut command)?;
    }
    Ok(())
}

/// Whether a package has tests for wasm-bindgen's runner; without any it would find nothing to do and say so at length.
fn names_browser_tests(folder: &Path) -> Outcome<bool> {
    let mut open = vec![folder.join("src"), folder.join("tests")];
    while let Some(place) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&place) else { continue };
        for entry in entries {
            let path = entry.map_err(|error| format!("{}: {error}", place.display()))?.path();
            if path.is_dir() {
                open.push(path);
            } else if std::fs::read_to_string(&path).is_ok_and(|text| text.contains("#[wasm_bindgen_test]")) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn chromedriver() -> OsString {
    tools::folder_on_path("chromedriver")
        .map_or_else(|| "chromedriver".into(), |folder| folder.join("chromedriver").into())
}

fn end_to_end() -> Outcome {
    single_file::single_file()?;
    // What fails is told all at once: each run costs minutes.
    run(end_to_end_command()?.args([
        "test",
        "--package",
        "certwright-tests",
        "--no-fail-fast",
        "--",
        "--test-threads",
        "1",
        "--nocapture",
    ]))
}

/// A `cargo` command for the package of end-to-end tests, with all that it needs in place.
pub(crate) fn end_to_end_command() -> Outcome<Command> {
    debian::ensure()?;
    let geckodriver = tools::ensure_geckodriver()?;
    let mut command = paths::cargo();
    command
        .env("CERTWRIGHT_PROGRAM", paths::program())
        .env("CERTWRIGHT_SINGLE_FILE", single_file::place())
        .env("GECKODRIVER", geckodriver);
    command.env("AXE_CORE", tools::ensure_axe()?);
    Ok(command)
}

/// What README may cost those who only want to read it, in bytes.
const GREATEST_FILM: u64 = 600_000;

/// Makes the pictures of README and guide anew. Those of the guide are part of the page, which is therefore to be built again.
pub(crate) fn screenshots() -> Outcome {
    debian::ensure_for_screenshots()?;
    build::build()?;
    let docs = paths::root().join("docs");
    let story = paths::target().join("screenshots").join("story");
    for (test, which) in [("main_job", ""), ("pictured", ""), ("gallery", "the_story")] {
        let mut command = end_to_end_command()?;
        command.env("CERTWRIGHT_PICTURE", docs.join("screenshot.png"));
        command.env("CERTWRIGHT_PICTURES", docs.join("pictures"));
        command.env("CERTWRIGHT_STORY", &story);
        command.args(["test", "--package", "certwright-tests", "--test", test]);
        run(command.args(["--", "--test-threads", "1", "--nocapture", which]))?;
    }
    join(&story, &docs.join("walk.webp"))
}

/// Joins the pictures of a folder, in the order of their names, into one that moves.
fn join(folder: &Path, film: &Path) -> Outcome {
    let entries =
        std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?.flatten();
    let mut pictures: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    pictures.sort();
    let mut command = Command::new("img2webp");
    command.args(["-loop", "0", "-kmin", "0", "-lossy", "-q", "60", "-m", "6", "-d", "2400"]);
    run(command.args(pictures).arg("-o").arg(film))?;
    let size = std::fs::metadata(film).map_err(|error| format!("{}: {error}", film.display()))?.len();
    if size > GREATEST_FILM {
        return Err(format!("{} has {size} bytes, more than {GREATEST_FILM}", film.display()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_chosen_by_name() {
        let arguments =
            |words: &[&str]| parse_arguments(&words.iter().map(|word| word.to_string()).collect::<Vec<_>>());
        assert_eq!(arguments(&[]), Ok(None));
        assert_eq!(arguments(&["--only", "tidy"]), Ok(Some("tidy")));
        assert_eq!(arguments(&["--only=e2e"]), Ok(Some("e2e")));
        assert!(arguments(&["--only", "all"]).unwrap_err().contains("fmt, clippy"));
        assert!(arguments(&["fast"]).is_err());
    }

    #[test]
    fn browser_tests_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("src/deep")).unwrap();
        std::fs::write(folder.path().join("src/lib.rs"), "#[test] fn x() {}").unwrap();
        assert_eq!(names_browser_tests(folder.path()), Ok(false));
        std::fs::write(folder.path().join("src/deep/x.rs"), "#[wasm_bindgen_test] fn x() {}").unwrap();
        assert_eq!(names_browser_tests(folder.path()), Ok(true));
    }
}
