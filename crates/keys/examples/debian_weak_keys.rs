//! Makes the tables of Debian's weak keys anew: `debian_weak_keys FOLDER` writes them into a folder. `cargo xtask debian-weak-keys` calls it.
//!
//! That takes about an hour of a processor's core for each table. A table that is there already, and whole, is left alone, so that the work
//! may be interrupted.
#![allow(clippy::print_stdout, reason = "a command-line program talks to its user")]

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread::{available_parallelism, scope};

use certwright_keys::weak::{DEBIAN_TABLES, DebianProcess, DebianTable, PROCESSES};

/// So many processes are computed between two reports.
const PART: usize = 1024;

fn main() -> Result<(), String> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from).ok_or("debian_weak_keys FOLDER")?;
    DEBIAN_TABLES.iter().try_for_each(|table| make(table, &folder))
}

fn make(table: &DebianTable, folder: &Path) -> Result<(), String> {
    let path = folder.join(table.name).with_extension("bin");
    let whole = usize::from(PROCESSES) * 4;
    if std::fs::metadata(&path).is_ok_and(|file| file.len() == whole as u64) {
        println!("{} is there", path.display());
        return Ok(());
    }
    let numbers: Vec<u16> = (1..=PROCESSES).collect();
    let mut entries = Vec::with_capacity(whole);
    for part in numbers.chunks(PART) {
        entries.extend(compute(table, part));
        println!("{}: {} of {PROCESSES}", table.name, entries.len() / 4);
    }
    std::fs::write(&path, entries).map_err(|error| format!("cannot write {}: {error}", path.display()))
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
        // One that panics, which none does, leaves its part out, and the table is not whole.
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    })
}
