//! What is dropped or pasted is found and shown: files that openssl made, in the forms in which people meet them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use std::io::{BufRead, BufReader, Cursor, Write};
use std::process::{Command, Stdio};

use certwright_engine::files::{Passwords, passwords};
use certwright_engine::inspect::Inspection;
use certwright_protocol::ui::inspect::{Bag, ThingFormat, ThingKind};
use certwright_protocol::ui::{InputFile, Request, Response};
use certwright_protocol::{Password, Problem};
use support::desk::Desk;
use support::{Authority, now};

fn bag_of(name: &str, bytes: &[u8]) -> (Inspection, Bag) {
    let mut inspection = Inspection::default();
    let problems = inspection.add(name, bytes, &Passwords::none());
    let bag = inspection.bag(now(), problems);
    (inspection, bag)
}

fn kinds(bag: &Bag) -> Vec<ThingKind> {
    bag.things.iter().map(|thing| thing.kind).collect()
}

/// The kinds of its problems.
fn told(bag: &Bag) -> Vec<&str> {
    bag.problems.iter().map(|problem| problem.kind.as_str()).collect()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn what_s_client_prints_is_named_and_kept_in_order() {
    let authority = Authority::new();
    let (key, certificate) = authority.server("erp.example.com");
    authority.write("server.key", &key);
    authority.write("server.pem", &certificate);
    let folder = tempfile::tempdir().unwrap();
    for name in ["server.key", "server.pem", "inter.pem"] {
        std::fs::write(folder.path().join(name), authority.read(name)).unwrap();
    }
    let mut server = Command::new("openssl")
        .args(
            "s_server -accept 127.0.0.1:0 -key server.key -cert server.pem -cert_chain inter.pem -naccept 1"
                .split(' '),
        )
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let address = lines.find_map(|line| line.unwrap().strip_prefix("ACCEPT ").map(str::to_owned)).unwrap();
    let client = Command::new("openssl")
        .args(["s_client", "-connect", address.trim(), "-showcerts", "-servername", "erp.example.com"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    drop(server.stdin.take());
    drop(server.kill());
    server.wait().unwrap();
    let (_, bag) = bag_of("pasted text", &client.stdout);
    assert!(bag.sources[0].what.starts_with("output of openssl s_client"), "{:?}", bag.sources);
    let titles: Vec<&str> = bag.things.iter().map(|thing| thing.title.as_str()).collect();
    // With the chain the server's own certificate is printed once more.
    assert_eq!(titles[..2], ["erp.example.com", "Example Intermediate"], "{titles:?}");
    assert_eq!(bag.plan.unwrap().leaf, bag.things[0].id);
}

#[test]
fn certificates_in_headers_and_configurations_are_found() {
    let authority = Authority::new();
    let (_, certificate) = authority.server("erp.example.com");
    let pem = text(certificate);
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let percent: String = pem
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b == b'-' {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    for (pasted, what) in [
        (format!("ssl-client-cert: {percent}"), "proxy header, URL-encoded PEM: 1 certificate"),
        (
            format!("x-forwarded-client-cert: By=a;Cert=\"{percent}\""),
            "Envoy’s header x-forwarded-client-cert: 1 certificate",
        ),
        (format!("Client-Cert: :{body}:"), "header Client-Cert (RFC 9440): 1 certificate"),
        (
            format!("X-SSL-Cert: {}", pem.replace('\n', " ")),
            "PEM in one line, as proxies put it into headers: 1 certificate",
        ),
        (
            format!("{{\"keys\":[{{\"kty\":\"EC\",\"x5c\":[\"{body}\"]}}]}}"),
            "JSON with x5c (JSON Web Key): 1 certificate",
        ),
        (body.clone(), "base64 text: 1 certificate"),
    ] {
        let (_, bag) = bag_of("pasted text", pasted.as_bytes());
        assert_eq!(bag.sources[0].what, what);
        assert!(bag.problems.is_empty(), "{pasted}: {:?}", bag.problems);
        assert_eq!(
            (kinds(&bag), bag.things[0].title.as_str()),
            (vec![ThingKind::Certificate], "erp.example.com")
        );
    }
}

#[test]
fn every_kind_of_file_is_recognised() {
    let authority = Authority::new();
    let (_, certificate) = authority.server("erp.example.com");
    authority.write("server.pem", &certificate);
    let certificate_der = authority.der(&certificate);
    authority.write("ca.cnf", b"[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\ndefault_crl_days=5\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n");
    authority.write("index.txt", b"");
    authority.write("number", b"01\n");
    let ca = ["-config", "ca.cnf", "-cert", "inter.pem", "-keyfile", "inter.key"];
    authority.openssl(&[&["ca", "-revoke", "server.pem", "-crl_reason", "superseded"], &ca[..]].concat());
    authority.openssl(&[&["ca", "-gencrl", "-out", "list.pem"], &ca[..]].concat());
    authority.openssl(&["crl", "-in", "list.pem", "-outform", "DER", "-out", "list.der"]);
    let ids = ["-issuer", "inter.pem", "-cert", "server.pem"];
    authority.openssl(&[&["ocsp", "-reqout", "ocsp.req"], &ids[..]].concat());
    authority.openssl(&[
        "ocsp",
        "-index",
        "index.txt",
        "-rsigner",
        "inter.pem",
        "-rkey",
        "inter.key",
        "-CA",
        "inter.pem",
        "-reqin",
        "ocsp.req",
        "-respout",
        "ocsp.resp",
    ]);
    authority.openssl(&[
        "crl2pkcs7",
        "-in",
        "list.pem",
        "-certfile",
        "server.pem",
        "-certfile",
        "inter.pem",
        "-outform",
        "DER",
        "-out",
        "all.p7b",
    ]);
    authority.openssl(&[
        "pkcs12",
        "-export",
        "-inkey",
        "server.key",
        "-in",
        "server.pem",
        "-passout",
        "pass:secret",
        "-name",
        "erp",
        "-out",
        "store.p12",
    ]);
    authority.openssl(&["pkey", "-in", "server.key", "-pubout", "-out", "public.pem"]);
    let concatenated = [certificate_der.clone(), authority.der(&authority.read("inter.pem"))].concat();
    for (name, expected) in [
        ("server.csr", vec![ThingKind::Request]),
        ("list.pem", vec![ThingKind::Crl]),
        ("list.der", vec![ThingKind::Crl]),
        ("ocsp.req", vec![ThingKind::OcspRequest]),
        ("ocsp.resp", vec![ThingKind::OcspResponse]),
        ("all.p7b", vec![ThingKind::Certificate, ThingKind::Certificate, ThingKind::Crl]),
        ("server.key", vec![ThingKind::PrivateKey]),
        ("public.pem", vec![ThingKind::PublicKey]),
    ] {
        let (inspection, bag) = bag_of(name, &authority.read(name));
        assert_eq!((kinds(&bag), &bag.problems), (expected, &Vec::new()), "{name}: {:?}", bag.sources);
        for thing in &bag.things {
            let sheet = inspection.sheet(thing.id, &[], now()).unwrap();
            assert!(
                !sheet.sections.is_empty() && sheet.sections.iter().any(|section| !section.rows.is_empty()),
                "{name}"
            );
            let tree = inspection.asn1(thing.id).unwrap();
            assert!(tree.nodes.iter().all(|node| node.remark.is_none()), "{name}: {:?}", tree.nodes);
        }
    }
    let (_, bag) = bag_of("two.der", &concatenated);
    let places: Vec<&str> = bag.things.iter().map(|thing| thing.place.as_str()).collect();
    assert_eq!(places, ["two.der, octet 0".to_owned(), format!("two.der, octet {}", certificate_der.len())]);

    // A keystore asks for its password, and shows nothing of the key but its public half.
    let (mut inspection, bag) = bag_of("store.p12", &authority.read("store.p12"));
    assert_eq!(told(&bag), ["password_needed"]);
    let problems =
        inspection.add("store.p12", &authority.read("store.p12"), &passwords(&[Password::new("secret")]));
    let bag = inspection.bag(now(), problems);
    assert_eq!(kinds(&bag), [ThingKind::PrivateKey, ThingKind::Certificate]);
    assert!(bag.things.iter().all(|thing| thing.place == "store.p12, entry “erp”"), "{:?}", bag.things);
    let key = inspection.sheet(bag.things[0].id, &[], now()).unwrap();
    assert_eq!(key.pem, None);
    assert!(inspection.export(&[bag.things[0].id], ThingFormat::Der, now()).is_err());

    // The same file again adds nothing; the same certificate from elsewhere is marked.
    inspection.add("store.p12", &authority.read("store.p12"), &passwords(&[Password::new("secret")]));
    inspection.add("server.pem", &authority.read("server.pem"), &Passwords::none());
    let bag = inspection.bag(now(), Vec::new());
    assert_eq!(
        bag.things.iter().map(|thing| thing.same_as).collect::<Vec<_>>(),
        [None, None, Some(bag.things[1].id)]
    );

    // An archive, and rubbish in it that is no problem.
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let deflated =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, content) in
        [("certs/server.pem", authority.read("server.pem")), ("readme.txt", b"Hello".to_vec())]
    {
        zip.start_file(name, deflated).unwrap();
        zip.write_all(&content).unwrap();
    }
    let (_, bag) = bag_of("all.zip", &zip.finish().unwrap().into_inner());
    assert_eq!(
        (bag.things[0].place.as_str(), &bag.problems),
        ("all.zip, certs/server.pem, line 1", &Vec::new())
    );
}

#[test]
fn an_archive_full_of_encrypted_keys_is_not_tried_to_its_end() {
    // One that openssl wrote, for each place: every one of them says by itself how long its password takes.
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("openssl")
        .args("genpkey -algorithm ed25519 -aes256 -pass pass:secret -out key.pem".split(' '))
        .current_dir(folder.path())
        .status();
    assert!(made.unwrap().success());
    let key = std::fs::read(folder.path().join("key.pem")).unwrap();
    let archive = |count: usize| {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for number in 0..count {
            zip.start_file(format!("{number}.key"), zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(&key).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    for (count, tried, given_up) in [(3, 3, 0), (60, 50, 1)] {
        let (_, bag) = bag_of("keys.zip", &archive(count));
        let of = |kind: &str| told(&bag).iter().filter(|told| **told == kind).count();
        assert_eq!((of("password_needed"), of("too_expensive")), (tried, given_up), "{count}");
    }
}

#[test]
fn broken_things_and_unknown_ones_are_shown_as_far_as_they_go() {
    let authority = Authority::new();
    let der = authority.der(&authority.read("root.pem"));
    let (inspection, bag) = bag_of("cut.der", &der[..der.len() / 2]);
    assert_eq!(kinds(&bag), [ThingKind::Asn1]);
    assert_eq!(told(&bag), ["file_damaged"]);
    let tree = inspection.asn1(bag.things[0].id).unwrap();
    assert!(
        tree.nodes[0].remark.is_some()
            && tree.nodes.iter().any(|node| node.name.as_deref() == Some("issuer"))
    );

    let (inspection, bag) = bag_of("ber", &[0x30, 0x80, 0x24, 0x80, 4, 1, 7, 0, 0, 0, 0]);
    assert_eq!(kinds(&bag), [ThingKind::Asn1], "{:?}", bag.problems);
    let remarks: Vec<_> =
        inspection.asn1(bag.things[0].id).unwrap().nodes.into_iter().map(|node| node.remark).collect();
    assert_eq!(remarks[0].as_deref(), Some("BER: indefinite length"));
    assert_eq!(remarks[1].as_deref(), Some("BER: indefinite length; BER: string in pieces"));

    let (_, bag) = bag_of("note.txt", b"Hello, world");
    assert_eq!(told(&bag), ["not_recognised"]);
    let (_, bag) = bag_of("bad.pem", b"-----BEGIN CERTIFICATE-----\nMII*\n-----END CERTIFICATE-----\n");
    assert_eq!(told(&bag), ["file_damaged"]);
}

#[test]
fn elements_have_the_names_of_their_fields_and_sections_their_place() {
    let authority = Authority::new();
    let (_, certificate) = authority.server("erp.example.com");
    let (inspection, bag) = bag_of("server.pem", &certificate);
    let tree = inspection.asn1(bag.things[0].id).unwrap();
    let names: Vec<&str> = tree.nodes.iter().filter_map(|node| node.name.as_deref()).collect();
    for name in [
        "tbsCertificate",
        "version",
        "serialNumber",
        "issuer",
        "validity",
        "notAfter",
        "subjectPublicKeyInfo",
        "extensions",
        "extnID: extKeyUsage",
        "KeyPurposeId: serverAuth",
        "dNSName",
        "signatureValue",
        "type: commonName",
    ] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    let sheet = inspection.sheet(bag.things[0].id, &[], now()).unwrap();
    let octets = &tree.octets.0;
    for section in sheet.sections.iter().filter(|section| section.title != "Fingerprints") {
        let (start, length) = section.range.unwrap_or_else(|| panic!("{} has no place", section.title));
        let node = tree.nodes.iter().find(|node| node.offset == start).unwrap();
        assert_eq!(node.header + node.length, length, "{}", section.title);
        assert!((start + length) as usize <= octets.len());
    }
    // SubjectAltName's section is where its host name is.
    let names = sheet
        .sections
        .iter()
        .find(|section| section.title.eq_ignore_ascii_case("subject alternative name"))
        .unwrap();
    let (start, length) = names.range.unwrap();
    let part = &octets[start as usize..(start + length) as usize];
    assert!(part.windows(15).any(|window| window == b"erp.example.com"));
}

#[test]
fn a_session_answers_about_its_bag() {
    let authority = Authority::new();
    let (key, certificate) = authority.server("erp.example.com");
    let mut desk = Desk::new();
    let file = InputFile { name: "both.pem".into(), content: [key, certificate].concat().into() };
    let response = desk.ask(Request::Inspect { files: vec![file], passwords: Vec::new() }).unwrap();
    let Response::Bag { bag } = response else { panic!("{response:?}") };
    assert_eq!(kinds(&bag), [ThingKind::PrivateKey, ThingKind::Certificate]);
    assert!(!desk.session.may_fetch("http://ca.example/issuer.cer"));
    let problem = desk.session.fetched("http://ca.example/x", b"<html>", support::desk::NOW).unwrap_err();
    assert!(matches!(problem, Problem::NotRecognised { .. }), "{problem:?}");
    let fetched = desk
        .session
        .fetched("http://ca.example/i", &authority.read("inter.pem"), support::desk::NOW)
        .unwrap();
    let Response::Bag { bag } = fetched else { panic!("{fetched:?}") };
    assert_eq!(bag.things.last().unwrap().title, "Example Intermediate");
    let discarded = desk.ask(Request::Discard { things: vec![bag.things[0].id] }).unwrap();
    let Response::Bag { bag } = discarded else { panic!("{discarded:?}") };
    assert_eq!(bag.things.len(), 2);
}
