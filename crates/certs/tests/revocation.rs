//! Revocation lists, OCSP responses and requests that openssl makes, and broken ones.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cloned_ref_to_slice_refs,
    reason = "a test may panic"
)]

mod support;

use std::path::Path;
use std::time::{Duration, Instant};

use certwright_certs::crl::{Irregularity, MAX_DESCRIBED};
use certwright_certs::describe::{Description, Fact, FactValue};
use certwright_certs::extensions::{CrlNumber, ReasonCode};
use certwright_certs::ocsp::{CertStatus, OcspRequest, ResponderId, ResponseStatus};
use certwright_certs::{Crl, OcspResponse};
use certwright_keys::KeySpec;
use proptest::prelude::*;

use support::{certificate, element, key, name, openssl, sign};

const CONFIGURATION: &str = "[ca]\ndefault_ca=it\n[it]\ndatabase=index.txt\nserial=serial\ncrlnumber=crlnumber\nnew_certs_dir=.\n\
    default_md=sha256\npolicy=any\ncertificate=root.pem\nprivate_key=root.key\ndefault_days=30\ndefault_crl_days=7\n\
    crl_extensions=list\nunique_subject=no\n[any]\ncommonName=supplied\n\
    [list]\nauthorityKeyIdentifier=keyid\nissuingDistributionPoint=critical,@point\n\
    [point]\nfullname=URI:http://lists.example/a.crl\nonlyuser=TRUE\n\
    [signer]\nextendedKeyUsage=OCSPSigning\n";

/// An authority of `openssl ca` with three certificates `a`, `b` and `c`.
fn authority() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |file: &str, content: &str| std::fs::write(folder.path().join(file), content).unwrap();
    write("ca.cnf", CONFIGURATION);
    write("index.txt", "");
    write("serial", "1000\n");
    write("crlnumber", "0FFF\n");
    let run = |arguments: &str| openssl(folder.path(), arguments);
    run(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -subj /CN=Root",
    );
    for name in ["a", "b", "c", "signer"] {
        run(&format!(
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}"
        ));
        let extensions = if name == "signer" { " -extensions signer" } else { "" };
        run(&format!("ca -config ca.cnf -batch -notext -in {name}.csr -out {name}.pem{extensions}"));
    }
    folder
}

fn list(folder: &Path, options: &str) -> Crl {
    openssl(folder, &format!("ca -config ca.cnf -gencrl -out list.pem{options}"));
    openssl(folder, "crl -in list.pem -outform DER -out list.der");
    Crl::from_der(&std::fs::read(folder.join("list.der")).unwrap()).unwrap()
}

fn value<'a>(description: &'a Description, label: &str) -> &'a FactValue {
    fn find<'a>(facts: &'a [Fact], label: &str) -> Option<&'a FactValue> {
        facts.iter().find_map(|fact| match &fact.value {
            value if fact.label == label => Some(value),
            FactValue::Facts(inner) => find(inner, label),
            _ => None,
        })
    }
    let sections = description.sections.iter().find_map(|section| find(&section.facts, label));
    sections.unwrap_or_else(|| panic!("no {label}"))
}

#[test]
fn a_list_of_openssl() {
    let folder = authority();
    let path = folder.path();
    let root = certificate(path, "root.pem");
    let empty = list(path, "");
    assert_eq!((empty.entry_count(), empty.version()), (0, 2));
    openssl(path, "ca -config ca.cnf -revoke a.pem -crl_reason keyCompromise");
    openssl(path, "ca -config ca.cnf -revoke b.pem -crl_compromise 20240229120000Z");
    openssl(path, "ca -config ca.cnf -revoke c.pem");
    let crl = list(path, "");
    let text = openssl(path, "crl -in list.pem -noout -text");

    assert_eq!(crl.irregularities(), []);
    assert_eq!(crl.issuer(), root.subject());
    assert_eq!(crl.next_update().unwrap() - crl.this_update(), 7 * 86_400);
    assert_eq!(crl.crl_number(), &Ok(Some(CrlNumber::from_magnitude(&[0x10, 0]))));
    assert!(text.contains(&format!("CRL Number: \n                {}", 0x1000)), "{text}");
    let point = crl.issuing_distribution_point().clone().unwrap().unwrap();
    assert!(point.only_user_certificates && !point.indirect_crl && point.name.is_some());
    crl.verify_signature(&root.public_key().unwrap()).unwrap();
    assert!(crl.verify_signature(&certificate(path, "a.pem").public_key().unwrap()).is_err());

    assert_eq!(crl.entry_count(), 3);
    let reason = |file| {
        let entry = crl.find(root.subject(), certificate(path, file).serial())?;
        Some((entry.reason().unwrap(), entry.invalidity_date().unwrap().map(|date| date.0)))
    };
    assert_eq!(reason("a.pem"), Some((Some(ReasonCode::KeyCompromise), None)));
    assert_eq!(reason("b.pem"), Some((Some(ReasonCode::KeyCompromise), Some(1_709_208_000))));
    assert_eq!(reason("c.pem"), Some((None, None)));
    assert_eq!(reason("signer.pem"), None);
    assert!(crl.find(&name("CN=Other"), certificate(path, "a.pem").serial()).is_none());

    let description = crl.describe();
    assert_eq!(value(&description, "Serial number, decimal"), &FactValue::Number("4096".into()));
    assert_eq!(value(&description, "Reason"), &FactValue::Text("keyCompromise".into()));
    assert_eq!(value(&description, "Invalid since"), &FactValue::Time(1_709_208_000));
    let names: Vec<&str> = description.extensions.iter().map(|extension| extension.name.as_str()).collect();
    assert_eq!(names, ["Authority key identifier", "Issuing distribution point", "CRL number"]);
    assert!(description.extensions.iter().all(|extension| extension.known && extension.facts.is_ok()));
}

#[test]
fn responses_of_openssl() {
    let folder = authority();
    let path = folder.path();
    openssl(path, "ca -config ca.cnf -revoke b.pem -crl_reason superseded");
    let root = certificate(path, "root.pem");
    let ask = |digest: &str, signer: &str, extra: &str| {
        let request = format!(
            "ocsp -{digest} -issuer root.pem -cert a.pem -{digest} -cert b.pem -reqout request.der -respout response.der"
        );
        openssl(
            path,
            &format!(
                "{request} -index index.txt -CA root.pem -rsigner {signer}.pem -rkey {signer}.key -noverify{extra}"
            ),
        );
        let read = |file| std::fs::read(path.join(file)).unwrap();
        (
            OcspRequest::from_der(&read("request.der")).unwrap(),
            OcspResponse::from_der(&read("response.der")).unwrap(),
        )
    };
    for digest in ["sha1", "sha256", "sha384", "sha512"] {
        let (request, response) = ask(digest, "root", " -nmin 60");
        let basic = response.basic().unwrap();
        for (file, revoked) in [("a.pem", false), ("b.pem", true)] {
            let certificate = certificate(path, file);
            let single = basic.find(&certificate, &root).unwrap();
            let status = match single.status {
                CertStatus::Revoked { reason: Some(ReasonCode::Superseded), .. } => true,
                CertStatus::Good => false,
                other => panic!("{other:?}"),
            };
            assert_eq!(status, revoked);
            assert_eq!(single.next_update.unwrap() - single.this_update, 3_600);
            let of_request = request.certificates.iter().any(|(id, _)| id.matches(&certificate, &root));
            assert!(of_request, "{digest}");
        }
        assert!(basic.find(&certificate(path, "c.pem"), &root).is_none());
        basic.verify_signature(&root.public_key().unwrap()).unwrap();
        assert_eq!(request.extensions.all, basic.extensions().all, "the nonce");
        assert_eq!(basic.responder(), &ResponderId::Name(root.subject().clone()));
        let description = response.describe();
        assert_eq!(value(&description, "Response status"), &FactValue::Text("successful".into()));
        assert_eq!(value(&description, "Reason"), &FactValue::Text("superseded".into()));
        assert_eq!(description.extensions[0].name, "OCSP nonce");
        assert_eq!(value(&request.describe(), "Certificates"), &FactValue::Number("2".into()));
    }
    let (_, response) = ask("sha1", "signer", " -resp_key_id");
    let signer = certificate(path, "signer.pem");
    let basic = response.basic().unwrap();
    assert!(basic.responder().is(&signer) && !basic.responder().is(&root));
    assert_eq!(basic.certificates(), [signer.clone()]);
    basic.verify_signature(&signer.public_key().unwrap()).unwrap();
}

#[test]
fn responses_without_an_answer() {
    for (octet, status) in [(1, ResponseStatus::MalformedRequest), (6, ResponseStatus::Unauthorized)] {
        let response = OcspResponse::from_der(&[0x30, 3, 0x0a, 1, octet]).unwrap();
        assert_eq!(response.status(), status);
        assert!(response.basic().is_none());
    }
    assert!(OcspResponse::from_der(&[0x30, 3, 0x0a, 1, 0x80]).is_err());
    assert!(OcspResponse::from_der(&[]).is_err() && OcspRequest::from_der(&[]).is_err());
}

/// A signed list of these fields after the version and the algorithm.
fn handmade(fields: &[Vec<u8>]) -> Vec<u8> {
    let key = key(KeySpec::EcP256);
    let algorithm = der::Encode::to_der(&key.x509_signatures()[0].algorithm_identifier()).unwrap();
    let name = name("CN=a");
    let head = [vec![2, 1, 1], algorithm, name.der().to_vec(), element(0x17, b"240601000000Z")].concat();
    sign(&key, &element(0x30, &[head, fields.concat()].concat()))
}

fn entry(serial: &[u8], extensions: &[Vec<u8>]) -> Vec<u8> {
    let list = if extensions.is_empty() { Vec::new() } else { element(0x30, &extensions.concat()) };
    element(0x30, &[element(2, serial), element(0x17, b"240601000000Z"), list].concat())
}

#[test]
fn what_the_standard_forbids_is_noted() {
    let extension = |oid: &[u8], critical: bool, value: &[u8]| {
        let flag: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
        element(0x30, &[&element(6, oid), flag, &element(4, value)].concat())
    };
    let removed = extension(&[0x55, 0x1d, 0x15], true, &[0x0a, 1, 8]);
    let unknown = extension(&[0x2a, 3, 4], true, &[5, 0]);
    let named = extension(&[0x55, 0x1d, 0x1d], false, &element(0x30, &element(0x82, b"a")));
    let entries = entry(&[5], &[removed, unknown.clone(), named]);
    let number = extension(&[0x55, 0x1d, 0x14], true, &[2, 1, 1]);
    let crl = handmade(&[
        element(0x30, &entries),
        element(0xa0, &element(0x30, &[number.clone(), number, unknown].concat())),
    ]);
    let crl = Crl::from_der(&crl).unwrap();
    let told: Vec<String> = crl.irregularities().iter().map(|found| format!("{found:?}")).collect();
    for wanted in [
        "NextUpdateMissing",
        "DuplicateExtension { oid: Oid(2.5.29.20) }",
        "MustNotBeCritical { oid: Oid(2.5.29.20) }",
        "MustNotBeCritical { oid: Oid(2.5.29.21) }",
        "MustBeCritical { oid: Oid(2.5.29.29) }",
        "UnknownCriticalExtension { oid: Oid(1.2.3.4) }",
        "UnknownCriticalEntryExtension { oid: Oid(1.2.3.4) }",
        "AuthorityKeyIdentifierMissing",
        "RemovedInCompleteList",
        "CertificateIssuerInDirectList",
    ] {
        assert!(told.iter().any(|found| found == wanted), "{wanted} in {told:?}");
    }
    assert_eq!(crl.unknown_critical().count(), 2);
    let empty = Crl::from_der(&handmade(&[element(0x30, &[])])).unwrap();
    assert!(empty.irregularities().contains(&Irregularity::NoEntries));
    assert!(empty.irregularities().contains(&Irregularity::CrlNumberMissing));
    assert!(Crl::from_der(&handmade(&[element(0x30, &element(0x30, &[2, 1, 5]))])).is_err());
}

#[test]
fn long_lists_are_read_and_searched_fast() {
    const COUNT: u32 = 200_000;
    // Serial numbers of 17 octets in no order, each with a reason: 10 MB.
    let serial = |number: u32| [&[0x11; 13][..], &number.wrapping_mul(2_654_435_761).to_be_bytes()].concat();
    let reason = element(0x30, &[element(6, &[0x55, 0x1d, 0x15]), element(4, &[0x0a, 1, 1])].concat());
    let entries: Vec<u8> =
        (0..COUNT).flat_map(|number| entry(&serial(number), std::slice::from_ref(&reason))).collect();
    let der = handmade(&[element(0x17, b"240608000000Z"), element(0x30, &entries)]);
    assert!(der.len() > 10_000_000, "{}", der.len());
    let begun = Instant::now();
    let crl = Crl::from_der(&der).unwrap();
    let read = begun.elapsed();
    let issuer = crl.issuer().clone();
    for number in (0..COUNT).step_by(COUNT as usize / 1000) {
        assert!(crl.find(&issuer, &serial(number)).is_some());
        assert!(crl.find(&issuer, &serial(number + COUNT)).is_none());
    }
    assert_eq!(crl.entries().count(), COUNT as usize);
    let all = begun.elapsed();
    let description = crl.describe();
    let FactValue::Number(more) = value(&description, "More") else { panic!() };
    assert_eq!(more, &(COUNT as usize - MAX_DESCRIBED).to_string());
    // Much less when optimised; nobody waits for minutes even when not.
    assert!(read < Duration::from_secs(10) && all < Duration::from_secs(30), "{read:?} {all:?}");
}

fn use_list(der: &[u8]) {
    let Ok(crl) = Crl::from_der(der) else { return };
    assert_eq!(crl.der(), der);
    let _ = (crl.describe(), crl.to_pem(), format!("{crl:?}"));
    for entry in crl.entries() {
        let _ = crl.find(crl.issuer(), entry.serial());
    }
}

fn use_response(der: &[u8]) {
    if let Ok(response) = OcspResponse::from_der(der) {
        assert_eq!(response.der(), der);
        let _ = (response.describe(), format!("{response:?}"));
    }
    if let Ok(request) = OcspRequest::from_der(der) {
        let _ = request.describe();
    }
}

#[test]
fn whatever_is_cut_or_changed_is_answered() {
    let folder = authority();
    let path = folder.path();
    openssl(path, "ca -config ca.cnf -revoke a.pem -crl_reason keyCompromise");
    let crl = list(path, "").der().to_vec();
    openssl(
        path,
        "ocsp -issuer root.pem -cert a.pem -reqout request.der -respout response.der -index index.txt -CA root.pem -rsigner root.pem -rkey root.key -noverify",
    );
    let read = |file| std::fs::read(path.join(file)).unwrap();
    let cases = [
        (crl, use_list as fn(&[u8])),
        (read("response.der"), use_response),
        (read("request.der"), use_response),
    ];
    for (whole, read) in &cases {
        for end in 0..whole.len() {
            read(&whole[..end]);
            assert!(Crl::from_der(&whole[..end]).is_err() && OcspResponse::from_der(&whole[..end]).is_err());
        }
        for at in 0..whole.len() {
            for flip in [0x01, 0x20, 0x80, 0xff] {
                let mut changed = whole.clone();
                changed[at] ^= flip;
                read(&changed);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        use_list(&bytes);
        use_response(&bytes);
    }
}
