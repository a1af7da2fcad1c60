//! Tools, keys and names that the tests share.

#![allow(dead_code, reason = "each test takes what it needs")]

use std::path::Path;
use std::process::Command;

use certwright_certs::{Certificate, GeneralName, Name};
use certwright_keys::{KeySpec, PrivateKey, generate::generate_key};
use getrandom::SysRng;
use rand_core::UnwrapErr;

/// What `tool` prints; it must succeed. Arguments are separated by spaces.
pub(crate) fn run(folder: &Path, tool: &str, arguments: &str) -> String {
    let output = Command::new(tool).current_dir(folder).args(arguments.split(' ')).output().unwrap();
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tool} {arguments}: {text}");
    text
}

pub(crate) fn openssl(folder: &Path, arguments: &str) -> String {
    run(folder, "openssl", arguments)
}

pub(crate) fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

pub(crate) fn key(spec: KeySpec) -> PrivateKey {
    generate_key(spec, &mut rng())
}

pub(crate) fn name(text: &str) -> Name {
    Name::parse_rfc4514(text).unwrap()
}

pub(crate) fn names(texts: &[&str]) -> Vec<GeneralName> {
    texts.iter().map(|text| GeneralName::parse_text(text).unwrap()).collect()
}

/// The first certificate of a PEM file.
pub(crate) fn certificate(folder: &Path, file: &str) -> Certificate {
    openssl(folder, &format!("x509 -in {file} -outform DER -out {file}.der"));
    Certificate::from_der(&std::fs::read(folder.join(format!("{file}.der"))).unwrap()).unwrap()
}

/// A DER element.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let octets: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|octet| *octet == 0).collect();
    let mut out = vec![tag];
    if length < 0x80 {
        out.push(length as u8);
    } else {
        out.push(0x80 | octets.len() as u8);
        out.extend(octets);
    }
    out.extend_from_slice(content);
    out
}

/// `SEQUENCE { signed, AlgorithmIdentifier, BIT STRING }`, signed as the key signs by default.
pub(crate) fn sign(key: &PrivateKey, signed: &[u8]) -> Vec<u8> {
    let signature = *key.x509_signatures().first().unwrap();
    let octets = key.sign_x509(signature, signed, &mut rng()).unwrap();
    let algorithm = der::Encode::to_der(&signature.algorithm_identifier()).unwrap();
    element(0x30, &[signed, &algorithm, &element(3, &[&[0], &octets[..]].concat())].concat())
}
