//! Finds or installs the tools that build and test the page.
//!
//! Each tool has a folder of its own per version in a cache of the user (`$CERTWRIGHT_TOOLS`, else
//! `$XDG_CACHE_HOME/certwright/tools`, else `~/.cache/certwright/tools`), so that nothing that the user has installed
//! elsewhere is touched. A matching version on `PATH` is used as it is. An install goes to a folder beside and is renamed
//! when it is complete: a folder with the final name is always whole.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::paths;
use crate::step::{Outcome, capture, names_version, run, step, version_of};

/// The target that pages are compiled for.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

const TRUNK: &str = "0.21.14";
const GECKODRIVER: &str = "0.37.1";
const CARGO_FUZZ: &str = "0.13.2";
const WASM_SPLIT: &str = "0.2.4";
const AXE: &str = "4.14.1";
const BINARYEN: &str = "132.0.0";
/// What wasm-opt calls that version.
const BINARYEN_MAJOR: &str = "132";

/// A tool that Cargo installs.
struct CargoTool {
    /// Name of the package.
    package: &'static str,
    /// Its programs; the first is asked for its version.
    programs: &'static [&'static str],
    /// The exact version.
    version: String,
    /// Whether to build with the lock file that comes with it. That of wasm-bindgen-cli is too old for this toolchain.
    locked: bool,
    /// Whether to build with its default features. Those of Trunk are for downloading tools, which is done here.
    default_features: bool,
    /// Other features.
    features: &'static str,
    /// Optimisation level: none where the tool does little work itself, since installing it takes minutes and using it seconds.
    optimisation: &'static str,
}

/// The tools that build the page: folders for the front of `PATH`.
pub(crate) struct BuildTools {
    folders: Vec<PathBuf>,
}

impl BuildTools {
    /// Finds or installs the Wasm target, Trunk, the matching wasm-bindgen-cli, wasm-split-cli and wasm-opt.
    pub(crate) fn ensure() -> Outcome<Self> {
        step("tools", || {
            ensure_wasm_target()?;
            let mut folders = [trunk(), wasm_bindgen()?, wasm_split()]
                .iter()
                .map(ensure_cargo_tool)
                .collect::<Outcome<Vec<_>>>()?;
            folders.extend(ensure_wasm_opt()?);
            Ok(Self { folders })
        })
    }

    /// `PATH` with these tools first.
    pub(crate) fn path(&self) -> Outcome<OsString> {
        path_with(&self.folders)
    }
}

/// Finds or installs wasm-bindgen's test runner; returns `PATH` with it first.
pub(crate) fn ensure_test_runner() -> Outcome<OsString> {
    ensure_wasm_target()?;
    path_with(&[ensure_cargo_tool(&wasm_bindgen()?)?])
}

/// Finds or installs geckodriver; returns the program.
pub(crate) fn ensure_geckodriver() -> Outcome<PathBuf> {
    let tool = CargoTool {
        package: "geckodriver",
        programs: &["geckodriver"],
        version: GECKODRIVER.into(),
        locked: true,
        default_features: true,
        features: "",
        optimisation: "0",
    };
    Ok(ensure_cargo_tool(&tool)?.join("geckodriver"))
}

/// Finds or installs cargo-fuzz; returns `PATH` with it first.
pub(crate) fn ensure_cargo_fuzz() -> Outcome<OsString> {
    let tool = CargoTool {
        package: "cargo-fuzz",
        programs: &["cargo-fuzz"],
        version: CARGO_FUZZ.into(),
        locked: true,
        default_features: true,
        features: "",
        optimisation: "0",
    };
    path_with(&[ensure_cargo_tool(&tool)?])
}

/// The versions that the page is built with, for its fingerprint.
pub(crate) fn build_versions() -> Outcome<String> {
    let wasm_bindgen = wasm_bindgen()?.version;
    let rustc = capture(Command::new("rustc").arg("-V"))?;
    Ok(format!(
        "trunk {TRUNK}, wasm-bindgen {wasm_bindgen}, wasm-split {WASM_SPLIT}, binaryen {BINARYEN}, {}",
        rustc.trim()
    ))
}

fn trunk() -> CargoTool {
    CargoTool {
        package: "trunk",
        programs: &["trunk"],
        version: TRUNK.into(),
        locked: true,
        default_features: false,
        features: "",
        optimisation: "0",
    }
}

/// The splitter has no flag that tells its version, so only one that was installed here is used.
fn wasm_split() -> CargoTool {
    CargoTool {
        package: "wasm_split_cli_support",
        programs: &["wasm-split-cli"],
        version: WASM_SPLIT.into(),
        locked: true,
        default_features: true,
        features: "build-binary",
        optimisation: "1",
    }
}

fn wasm_bindgen() -> Outcome<CargoTool> {
    let lock = fs::read_to_string(paths::root().join("Cargo.lock"))
        .map_err(|error| format!("Cargo.lock: {error}"))?;
    let version = locked_version(&lock, "wasm-bindgen").ok_or("Cargo.lock names no wasm-bindgen")?;
    Ok(CargoTool {
        package: "wasm-bindgen-cli",
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        version,
        locked: false,
        default_features: true,
        features: "",
        optimisation: "1",
    })
}

/// The version of a package in a lock file.
fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

fn ensure_wasm_target() -> Outcome {
    let library = capture(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]))?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    println!("    the Rust target {WASM_TARGET} is missing");
    run(Command::new("rustup").args(["target", "add", WASM_TARGET])).map_err(|error| {
        format!(
            "{error}; without rustup, install the standard library of {WASM_TARGET} as your distribution does"
        )
    })
}

/// Returns the folder in which the tool's programs lie.
fn ensure_cargo_tool(tool: &CargoTool) -> Outcome<PathBuf> {
    let root = cache()?.join(format!("{}-{}", tool.package, tool.version));
    let programs = root.join("bin");
    if tool.programs.iter().all(|program| programs.join(program).is_file()) {
        return Ok(programs);
    }
    if let Some(folder) = on_path(tool) {
        return Ok(folder);
    }
    step(&format!("install {} {} (once; takes some minutes)", tool.package, tool.version), || {
        install_whole(&root, |part| {
            let mut command = paths::cargo();
            command.env("CARGO_PROFILE_RELEASE_LTO", "off");
            command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", tool.optimisation);
            command.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
            command
                .args(["install", tool.package, "--version", &format!("={}", tool.version), "--root"])
                .arg(part);
            command.arg("--target-dir").arg(paths::target().join("tools-build"));
            if tool.locked {
                command.arg("--locked");
            }
            if !tool.default_features {
                command.arg("--no-default-features");
            }
            if !tool.features.is_empty() {
                command.args(["--features", tool.features]);
            }
            run(&mut command)
        })
    })?;
    Ok(programs)
}

fn on_path(tool: &CargoTool) -> Option<PathBuf> {
    let first = tool.programs.first()?;
    if !names_version(&version_of(first)?, &tool.version) {
        return None;
    }
    let folder = folder_on_path(first)?;
    tool.programs.iter().all(|program| folder.join(program).is_file()).then_some(folder)
}

/// wasm-opt comes with Binaryen, whose builds npm carries. It only makes the page smaller, so a machine without npm builds
/// without it. Trunk insists on being given one where the page asks for it; there it is a script that copies.
fn ensure_wasm_opt() -> Outcome<Option<PathBuf>> {
    let root = cache()?.join(format!("binaryen-{BINARYEN}"));
    let programs = root.join("node_modules").join(".bin");
    // npm's programs are scripts for Node.
    if programs.join("wasm-opt").exists() && version_of("node").is_some() {
        return Ok(Some(programs));
    }
    // Trunk.toml names the version, so another one is of no use.
    if version_of("wasm-opt").is_some_and(|text| names_version(&text, BINARYEN_MAJOR)) {
        return Ok(None);
    }
    if version_of("npm").is_some() {
        install_from_npm(&root, &format!("binaryen@{BINARYEN}"))?;
        return Ok(Some(programs));
    }
    println!(
        "    NOTE: there is neither wasm-opt nor npm: the page is built without wasm-opt and is larger for it."
    );
    println!("    Install npm (on Debian: apt-get install npm) and build again, if that matters to you.");
    let folder = paths::target().join("without-wasm-opt");
    write_copying_wasm_opt(&folder)?;
    Ok(Some(folder))
}

/// Finds or installs axe-core, which looks for what keeps people from using a page; returns its script.
pub(crate) fn ensure_axe() -> Outcome<PathBuf> {
    let root = cache()?.join(format!("axe-core-{AXE}"));
    let script = root.join("node_modules").join("axe-core").join("axe.min.js");
    if !script.is_file() {
        if version_of("npm").is_none() {
            return Err("npm is missing (on Debian: apt-get install npm): axe-core comes from there".into());
        }
        install_from_npm(&root, &format!("axe-core@{AXE}"))?;
    }
    Ok(script)
}

fn install_from_npm(root: &Path, package: &str) -> Outcome {
    step(&format!("install {package} (once)"), || {
        install_whole(root, |part| {
            let mut command = Command::new("npm");
            command
                .args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
                .arg(part)
                .arg(package);
            run(&mut command)
        })
    })
}

#[cfg(unix)]
fn write_copying_wasm_opt(folder: &Path) -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    // It answers for the version that Trunk asks for.
    let script = format!(
        "#!/bin/sh\n\
        # Stands in for wasm-opt where there is none: copies its input to its output.\n\
        for argument; do\n\
        \x20 case $argument in\n\
        \x20   --version) echo 'wasm-opt version {BINARYEN_MAJOR} (absent)'; exit 0;;\n\
        \x20   --output=*) output=${{argument#--output=}};;\n\
        \x20   -*) ;;\n\
        \x20   *) input=$argument;;\n\
        \x20 esac\n\
        done\n\
        cp \"$input\" \"$output\"\n"
    );
    let program = folder.join("wasm-opt");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&program, script))
        .and_then(|()| fs::set_permissions(&program, fs::Permissions::from_mode(0o755)))
        .map_err(|error| format!("{}: {error}", program.display()))
}

#[cfg(not(unix))]
fn write_copying_wasm_opt(_: &Path) -> Outcome {
    Err("wasm-opt is missing: install Binaryen or npm".into())
}

/// Installs to a folder beside `root` and renames it when `install` has succeeded.
fn install_whole(root: &Path, install: impl FnOnce(&Path) -> Outcome) -> Outcome {
    let mut name = root.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".part-{}", std::process::id()));
    let part = root.with_file_name(name);
    fs::create_dir_all(&part).map_err(|error| format!("{}: {error}", part.display()))?;
    let result = install(&part).and_then(|()| {
        if root.exists() {
            // Something incomplete from other times, or the work of another run in the meantime.
            fs::remove_dir_all(root).map_err(|error| format!("{}: {error}", root.display()))?;
        }
        fs::rename(&part, root).map_err(|error| format!("{}: {error}", root.display()))
    });
    if result.is_err() {
        // What is left over only takes up space, so a failure to remove it is not worth a second message.
        let _ = fs::remove_dir_all(&part);
    }
    result
}

fn cache() -> Outcome<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("CERTWRIGHT_TOOLS")
        .or_else(|| Some(set("XDG_CACHE_HOME")?.join("certwright").join("tools")))
        .or_else(|| Some(set("HOME")?.join(".cache").join("certwright").join("tools")))
        .ok_or_else(|| "neither CERTWRIGHT_TOOLS nor HOME is set: where should tools be kept?".into())
}

/// The folder of `PATH` that holds a program.
pub(crate) fn folder_on_path(program: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).find(|folder| folder.join(program).is_file())
}

/// Whether a command can be started at all.
pub(crate) fn starts(program: &str, argument: &str) -> bool {
    let mut command = Command::new(program);
    command.arg(argument).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn path_with(folders: &[PathBuf]) -> Outcome<OsString> {
    let old = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(folders.iter().cloned().chain(std::env::split_paths(&old)))
        .map_err(|error| format!("PATH: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_very_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }

    #[test]
    fn a_failed_install_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("tool-1");
        let error = install_whole(&root, |part| {
            fs::write(part.join("half"), "x").unwrap();
            Err("no network".into())
        });
        assert_eq!(error, Err("no network".into()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_finished_install_replaces_what_was_half_done() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("tool-1");
        fs::create_dir_all(root.join("rest")).unwrap();
        install_whole(&root, |part| fs::write(part.join("program"), "x").map_err(|e| e.to_string())).unwrap();
        assert!(root.join("program").is_file());
        assert!(!root.join("rest").exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    #[cfg(unix)]
    fn the_stand_in_for_wasm_opt_copies() {
        let folder = tempfile::tempdir().unwrap();
        write_copying_wasm_opt(folder.path()).unwrap();
        let (input, output) = (folder.path().join("in.wasm"), folder.path().join("out.wasm"));
        fs::write(&input, b"\0asm").unwrap();
        let mut command = Command::new(folder.path().join("wasm-opt"));
        command.arg(format!("--output={}", output.display())).arg("-Oz").arg(&input);
        assert!(command.status().unwrap().success());
        assert_eq!(fs::read(&output).unwrap(), b"\0asm");
    }
}
