//! Makes the tables of Debian's weak keys: `debian_weak_keys FOLDER` writes them into a folder. `cargo xtask debian-weak-keys` calls it.
//!
//! That takes about an hour of a processor's core for each table. It continues with what is there, so that it may be interrupted.
#![allow(clippy::print_stdout, reason = "a command-line program talks to its user")]

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread::{available_parallelism, scope};

use certwright_keys::weak::{DEBIAN_TABLES, DebianProcess, DebianTable, PROCESSES};

/// So many processes are computed before they are written.
const PART: usize = 256;

fn main() -> Result<(), String> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from).ok_or("debian_weak_keys FOLDER")?;
    DEBIAN_TABLES.iter().try_for_each(|table| {
        make(table, &folder).map_err(|error| format!("cannot write {}: {error}", table.name))
    })
}

fn make(table: &DebianTable, folder: &Path) -> io::Result<()> {
    let path = folder.join(table.name).with_extension("bin");
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let written = file.metadata()?.len() / 4;
    // A piece of an entry, if the last part was not written in full.
    file.set_len(written * 4)?;
    let numbers: Vec<u16> = (1..=PROCESSES).skip(usize::try_from(written).unwrap_or(usize::MAX)).collect();
    for part in numbers.chunks(PART) {
        file.write_all(&compute(table, part))?;
        println!("{}: {} of {PROCESSES}", table.name, part.last().unwrap_or(&0));
    }
    Ok(())
}

/// The entries of some processes, by all cores.
fn compute(table: &DebianTable, numbers: &[u16]) -> Vec<u8> {
    let (processor, seed_file) = (table.processor, table.seed_file);
    let entry =
        |number: &u16| DebianProcess { processor, seed_file, number: *number }.modulus(table.octets).1;
    let share = numbers.len().div_ceil(available_parallelism().map_or(1, NonZero::get)).max(1);
    scope(|scope| {
        let workers: Vec<_> = numbers
            .chunks(share)
            .map(|numbers| scope.spawn(move || numbers.iter().flat_map(entry).collect::<Vec<u8>>()))
            .collect();
        // None panics; if one did, the tables would not be what a test expects.
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    })
}
