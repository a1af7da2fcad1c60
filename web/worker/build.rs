//! Makes the table of the German texts, which the worker carries, out of the catalogue.

use std::path::PathBuf;
use std::{env, fs};

use certwright_language::po;

fn main() -> Result<(), String> {
    let folder = |name: &str| env::var_os(name).map(PathBuf::from).ok_or(format!("Cargo tells no {name}"));
    let catalogue = folder("CARGO_MANIFEST_DIR")?.join("../../texts/de.po");
    println!("cargo::rerun-if-changed={}", catalogue.display());
    let told = |error| format!("{}: {error}", catalogue.display());
    let entries = po::parse(&fs::read_to_string(&catalogue).map_err(told)?)
        .map_err(|line| format!("{}:{line}: no catalogue from there on", catalogue.display()))?;
    let table = folder("OUT_DIR")?.join("texts-de.txt");
    fs::write(&table, po::to_table(&entries)).map_err(|error| format!("{}: {error}", table.display()))
}
