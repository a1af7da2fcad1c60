//! The command line, and the clock.

use std::fs;
use std::path::Path;
use std::time::Instant;

use base64ct::{Base64, Encoding};
use serde_json::json;

use certwright_speed::{ours, set::Set};

use crate::{authorities, peers};

pub(crate) fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["make", file] => fs::write(file, authorities::make()).unwrap(),
        ["check", file] => check(&fs::read(file).unwrap()),
        ["measure", file] => measure(&fs::read(file).unwrap()),
        ["pem", file, folder] => write_pem(&fs::read(file).unwrap(), Path::new(folder)),
        _ => panic!("speed make FILE, check FILE, measure FILE, or pem FILE FOLDER"),
    }
}

/// Both sides have to do the same before it is worth comparing how fast.
fn check(file: &[u8]) {
    let set = Set::parse(file).unwrap();
    for der in &set.certificates {
        let (ours, mut theirs) = (ours::summarise(der).unwrap(), peers::summarise(der).unwrap());
        // How names are written as text is everyone's own affair.
        assert_eq!(
            (ours.names.len(), ours.subject.len() > 3),
            (theirs.names.len(), theirs.subject.len() > 3)
        );
        theirs.names.clone_from(&ours.names);
        theirs.subject.clone_from(&ours.subject);
        theirs.issuer.clone_from(&ours.issuer);
        assert_eq!(ours, theirs);
    }
    let (anchors, their_anchors) = (ours::anchors(&set), peers::anchors(&set));
    for kind in set.kinds() {
        let all = set.chains_of(kind).count();
        assert_eq!(
            (ours::validate(&set, kind, &anchors), peers::validate(&set, kind, &their_anchors)),
            (all, all)
        );
    }
}

fn measure(file: &[u8]) {
    let set = Set::parse(file).unwrap();
    let (anchors, their_anchors) = (ours::anchors(&set), peers::anchors(&set));
    let chains: Vec<_> = set
        .kinds()
        .into_iter()
        .map(|kind| {
            json!({
                "kind": kind,
                "count": set.chains_of(kind).count(),
                "ours": time(|| ours::validate(&set, kind, &anchors)),
                "webpki": time(|| peers::validate(&set, kind, &their_anchors)),
            })
        })
        .collect();
    println!(
        "{}",
        json!({
            "certificates": set.certificates.len(),
            "ours": time(|| ours::summarise_all(&set)),
            "x509_parser": time(|| peers::summarise_all(&set)),
            "chains": chains,
            "keys": ours::sound_keys(&set),
            "weak": time(|| ours::sound_keys(&set)),
        })
    );
}

/// Milliseconds of `work`, which must have a result other than 0.
fn time(work: impl Fn() -> usize) -> f64 {
    let begun = Instant::now();
    assert_ne!(work(), 0);
    begun.elapsed().as_secs_f64() * 1000.0
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
