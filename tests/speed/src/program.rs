//! The command line, and the clock.

use std::fs;
use std::path::Path;
use std::time::Instant;

use base64ct::{Base64, Encoding};
use serde_json::json;

use certwright_speed::{ours, set::Set};

use crate::{authorities, peers};

/// How often each side is measured.
const RUNS: usize = 7;

pub(crate) fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", file] => fs::write(file, authorities::make()).unwrap(),
        ["measure", file] => measure(&fs::read(file).unwrap()),
        ["pem", file, folder] => write_pem(&fs::read(file).unwrap(), Path::new(folder)),
        _ => panic!("speed make FILE, measure FILE, or pem FILE FOLDER"),
    }
}

fn measure(file: &[u8]) {
    let set = Set::parse(file).unwrap();
    // Both have to do the same before it is worth comparing how fast.
    for der in &set.certificates {
        let (ours, theirs) = (ours::summarise(der).unwrap(), peers::summarise(der).unwrap());
        let facts = |s: &certwright_speed::summary::Summary| {
            (s.serial.clone(), s.not_before, s.not_after, s.key.clone(), s.names.len(), s.ca, s.purposes)
        };
        assert_eq!(facts(&ours), facts(&theirs));
        assert_eq!(ours.key_usages, theirs.key_usages);
        assert_eq!(ours.subject_key_identifier, theirs.subject_key_identifier);
        assert_eq!(ours.authority_key_identifier, theirs.authority_key_identifier);
        assert_eq!(ours.addresses, theirs.addresses);
    }
    let (anchors, their_anchors) = (ours::anchors(&set), peers::anchors(&set));
    assert_eq!(ours::validate_all(&set, &anchors), set.chains.len());
    assert_eq!(peers::validate_all(&set, &their_anchors), set.chains.len());

    let mut times = [(); 4].map(|()| Vec::new());
    for _ in 0..RUNS {
        times[0].push(time(|| ours::summarise_all(&set)));
        times[1].push(time(|| peers::summarise_all(&set)));
        times[2].push(time(|| ours::validate_all(&set, &anchors)));
        times[3].push(time(|| peers::validate_all(&set, &their_anchors)));
    }
    let [summarise, x509_parser, validate, webpki] = times.map(median);
    println!(
        "{}",
        json!({
            "summarise": summarise, "x509_parser": x509_parser, "validate": validate, "webpki": webpki,
            "certificates": set.certificates.len(), "chains": set.chains.len(),
        })
    );
}

/// Milliseconds of `work`, which must have a result other than 0.
fn time(work: impl Fn() -> usize) -> f64 {
    let begun = Instant::now();
    assert_ne!(work(), 0);
    begun.elapsed().as_secs_f64() * 1000.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// `roots.pem`, `intermediates.pem`, `all.pem`, and each end-entity certificate of a chain as `0.pem`, `1.pem` and so on.
fn write_pem(file: &[u8], folder: &Path) {
    let set = Set::parse(file).unwrap();
    let write = |name: &str, certificates: &[&[u8]]| {
        let text: String = certificates.iter().map(|der| to_pem(der)).collect();
        fs::write(folder.join(name), text).unwrap();
    };
    write("roots.pem", &set.anchors);
    write("all.pem", &set.certificates);
    let mut intermediates: Vec<&[u8]> =
        set.chains.iter().flat_map(|chain| chain.certificates.iter().skip(1).copied()).collect();
    intermediates.sort_unstable();
    intermediates.dedup();
    write("intermediates.pem", &intermediates);
    for (at, chain) in set.chains.iter().enumerate() {
        write(&format!("{at}.pem"), &chain.certificates[..1]);
    }
}

fn to_pem(der: &[u8]) -> String {
    let text = Base64::encode_string(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}
