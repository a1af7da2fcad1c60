//! Keystores: every folder below `keystores/` is a suite, every file in it a case.
//!
//! Passwords are those that the README beside the data names, and the usual ones. A file passes if it opens with them and so
//! does every entry, and if a password that is none of them is called wrong. A file whose name begins with `bad` passes if it
//! is refused, and not as a wrong password.

use std::path::{Path, PathBuf};

use certwright_keys::{Password, Passwords};
use certwright_keystore::contents::Remark;
use certwright_keystore::open::{Found, OpenError, parse_file};

use crate::case::{Answer, Case, Suite, try_all};
use crate::{listed, stem};

/// Passwords that test data often has, beside those that a README names.
const USUAL: [&str; 10] = [
    "",
    "foo",
    "password",
    "changeit",
    "1234",
    "12345678",
    "store_password",
    "private_password",
    "Hello, 世界",
    "ლ(ಠ益ಠლ)",
];

/// A password that nobody has.
const WRONG: &str = "none of all these passwords";

pub(crate) fn suites(data: &Path) -> Vec<Suite> {
    let folder = data.join("keystores");
    let readme = std::fs::read_to_string(data.join("README.md")).unwrap_or_default();
    let folders = listed(&folder).into_iter().filter(|folder| folder.is_dir());
    folders
        .map(|folder| {
            let own = std::fs::read_to_string(folder.join("README.md")).unwrap_or_default();
            let passwords = passwords([&readme, &own]);
            let files: Vec<PathBuf> = listed(&folder).into_iter().filter(|path| is_case(path)).collect();
            let name = |file: &PathBuf| file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let cases = try_all(&files, name, |file| match std::fs::read(file) {
                Ok(bytes) => try_one(name(file), &bytes, &passwords),
                Err(error) => Case::skipped(name(file), error.to_string()),
            });
            let folder = folder.file_name().unwrap_or_default().to_string_lossy();
            Suite::new(format!("keystores/{folder}"), cases)
        })
        .collect()
}

fn is_case(path: &Path) -> bool {
    let beside =
        path.extension().is_some_and(|ending| ["md", "txt", "json"].iter().any(|other| ending == *other));
    path.is_file() && !beside && !stem(path).starts_with('.') && !stem(path).eq_ignore_ascii_case("readme")
}

/// What stands in backquotes in the READMEs and is no path, and the usual ones.
fn passwords(readmes: [&str; 2]) -> Passwords {
    let quoted = readmes.into_iter().flat_map(|text| text.split('`').skip(1).step_by(2));
    let words = quoted.filter(|word| !word.contains(['/', '*', '\n']));
    let mut all: Vec<&str> = USUAL.to_vec();
    for word in words {
        if !all.contains(&word) {
            all.push(word);
        }
    }
    all.into_iter().map(Password::new).collect()
}

fn try_one(id: String, bytes: &[u8], passwords: &Passwords) -> Case {
    let opened = parse_file(&id, bytes, passwords);
    let (answer, why) =
        if id.starts_with("bad") { judge_malformed(opened) } else { judge(&id, bytes, opened) };
    Case::new(id, answer, why)
}

fn judge_malformed(opened: Result<Found, OpenError>) -> (Answer, String) {
    match opened {
        Ok(found) => (Answer::AcceptedWrongly, format!("{:?}", found.contents)),
        Err(error @ (OpenError::WrongPassword { .. } | OpenError::NeedsPassword { .. })) => {
            (Answer::RefusedWrongly, error.to_string())
        }
        Err(error) => (Answer::Passed, error.to_string()),
    }
}

fn judge(id: &str, bytes: &[u8], opened: Result<Found, OpenError>) -> (Answer, String) {
    let contents = match opened {
        Ok(found) => found.contents,
        Err(error @ OpenError::UnsupportedAlgorithm { .. }) => return (Answer::Skipped, error.to_string()),
        Err(error) => return (Answer::RefusedWrongly, error.to_string()),
    };
    if !contents.locked.is_empty() || !contents.unusable_keys.is_empty() {
        let why = format!("locked {:?}, unusable {:?}", contents.locked, contents.unusable_keys);
        return (Answer::RefusedWrongly, why);
    }
    match parse_file(id, bytes, &Passwords::from(Password::new(WRONG))) {
        Err(OpenError::WrongPassword { .. }) => (Answer::Passed, String::new()),
        // Who protects nothing asks for no password.
        Ok(found) if found.contents.remarks.contains(&Remark::NoMac) => {
            (Answer::Passed, "no integrity".to_owned())
        }
        Ok(found) if contents.remarks.contains(&Remark::IntegrityNotChecked) => {
            (Answer::Passed, format!("{:?}", found.contents.remarks))
        }
        Ok(_) => (Answer::AcceptedWrongly, "opens with a wrong password".to_owned()),
        Err(error) => (Answer::RefusedWrongly, format!("a wrong password is called: {error}")),
    }
}
