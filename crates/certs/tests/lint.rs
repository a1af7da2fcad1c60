//! Every rule is broken by a certificate that is otherwise as it should be, and none by those that are.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "lint/cases.rs"]
mod cases;
#[path = "lint/made.rs"]
mod made;
mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use certwright_certs::Certificate;
use certwright_certs::lint::{Finding, LintContext, Role, Scope, Severity, lint, rules};
use certwright_encoding::pem::parse_pem;

use cases::{AT, cases};
use made::{Workshop, intermediate, leaf, root};

fn findings(certificate: &Certificate, scope: Scope, role: Option<Role>, at: i64) -> Vec<Finding> {
    lint(certificate, LintContext { at, scope, role })
}

fn ids(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn every_rule_is_broken_by_its_certificate() {
    let workshop = Workshop::new();
    let mut broken = BTreeSet::new();
    let mut silent = Vec::new();
    for case in cases() {
        let certificate = workshop.make(&case.recipe);
        let found = ids(&findings(&certificate, case.scope, case.role, case.at));
        if !found.contains(&case.rule) {
            silent.push(format!("{}: {found:?}", case.rule));
        }
        broken.insert(case.rule);
    }
    assert!(silent.is_empty(), "{silent:#?}");
    let all: BTreeSet<&str> = rules().map(|rule| rule.id).collect();
    assert_eq!(all.len(), rules().count(), "an identifier is given twice");
    assert_eq!(broken, all);
}

#[test]
fn good_certificates_have_no_finding() {
    let workshop = Workshop::new();
    for recipe in [leaf(), leaf().key("rsa"), intermediate(), root()] {
        let certificate = workshop.make(&recipe);
        for scope in [Scope::Public, Scope::Private] {
            assert_eq!(ids(&findings(&certificate, scope, None, AT)), [""; 0], "{certificate:?}");
        }
    }
}

#[test]
fn the_last_second_counts() {
    let workshop = Workshop::new();
    let found = |from: &str, to: &str| {
        let certificate = workshop.make(&leaf().dates(from, to));
        ids(&findings(&certificate, Scope::Public, None, certificate.not_before()))
    };
    for (from, last, limit) in [
        ("250101000000Z", "260202235959Z", "longer-than-398-days"),
        ("260315000000Z", "260930235959Z", "longer-than-200-days"),
        ("270315000000Z", "270622235959Z", "longer-than-100-days"),
        ("290315000000Z", "290430235959Z", "longer-than-47-days"),
    ] {
        let on_time = found(from, last);
        assert!(!on_time.contains(&limit), "{limit}");
        assert!(on_time.contains(&"at-the-limit"), "{on_time:?}");
        let next =
            last.replace("0922", "0923").replace("2235959Z", "3000000Z").replace("0235959Z", "1000000Z");
        let next = next.replace("260931", "261001").replace("290431", "290501");
        assert!(found(from, &next).contains(&limit), "{limit} {next}");
    }
    // The day before, the older limit is in force.
    assert!(!found("260314000000Z", "270401000000Z").contains(&"longer-than-200-days"));
}

#[test]
fn a_certificate_of_a_private_authority_is_not_held_to_public_rules() {
    let workshop = Workshop::new();
    let certificate =
        workshop.make(&leaf().drop(made::SCTS).drop("certificatePolicies").drop("authorityInfoAccess"));
    assert_eq!(ids(&findings(&certificate, Scope::Private, None, AT)), [""; 0]);
    let public = findings(&certificate, Scope::Public, None, AT);
    assert_eq!(ids(&public), ["policies-missing", "issuer-address-missing", "timestamps-missing"]);
    assert!(public.is_sorted_by_key(|finding| core::cmp::Reverse(finding.rule.severity)));
}

#[test]
fn rules_bind_from_their_day_on() {
    let workshop = Workshop::new();
    let unit = leaf().subject("CN=www.example.com,OU=IT");
    let after = workshop.make(&unit.clone().dates("220901000000Z", "230101000000Z"));
    let before = workshop.make(&unit.dates("220831000000Z", "230101000000Z"));
    let has = |certificate: &Certificate| {
        ids(&findings(certificate, Scope::Public, None, certificate.not_before()))
            .contains(&"organizational-unit")
    };
    assert!(has(&after) && !has(&before));
}

/// Real certificates of public authorities and the intermediates above them, out of x509-limbo's cases.
#[test]
#[allow(clippy::print_stderr, reason = "a test without its data says so")]
fn real_certificates_have_no_error() {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    let data =
        std::env::var_os("CERTWRIGHT_CONFORMANCE").map_or_else(beside, PathBuf::from).join("limbo/core.json");
    let Ok(text) = std::fs::read_to_string(&data) else {
        eprintln!("skipped: {} is not there", data.display());
        return;
    };
    let real = real_certificates(&text);
    assert!(real.len() >= 16, "{}", real.len());
    for certificate in real {
        let findings = findings(&certificate, Scope::Public, None, certificate.not_before());
        let errors: Vec<&Finding> =
            findings.iter().filter(|finding| finding.rule.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{certificate:?}: {errors:#?}");
    }
}

/// What the peers of the cases `online::…` send, found by the names of the fields without a JSON reader.
fn real_certificates(text: &str) -> Vec<Certificate> {
    let online = text.split("\"id\":").filter(|case| case.trim_start().starts_with("\"online::"));
    online
        .flat_map(|case| {
            let sent = |field: &str, end: &str| {
                let value = case.split(field).nth(1).unwrap().split(end).next().unwrap();
                parse_pem(value.replace("\\n", "\n").as_bytes()).blocks
            };
            [sent("\"peer_certificate\":", "\","), sent("\"untrusted_intermediates\":", "]")].concat()
        })
        .map(|block| Certificate::from_der(&block.der).unwrap())
        .collect()
}

/// Whatever is put into a certificate, its examination ends well.
#[test]
fn damaged_certificates_are_examined() {
    let workshop = Workshop::new();
    let der = workshop.make(&leaf()).der().to_vec();
    let mut examined = 0;
    for index in 0..der.len() {
        for octet in [0, 0xff] {
            let mut damaged = der.clone();
            damaged[index] = octet;
            let Ok(certificate) = Certificate::from_der(&damaged) else { continue };
            findings(&certificate, Scope::Public, None, i64::MIN);
            findings(&certificate, Scope::Private, Some(Role::Root), i64::MAX);
            examined += 1;
        }
    }
    assert!(examined > 500, "{examined}");
}

#[test]
fn a_huge_certificate_takes_bounded_time() {
    let workshop = Workshop::new();
    let names: Vec<u8> =
        (0..30_000).flat_map(|n| support::element(0x82, format!("x{n}.example.com").as_bytes())).collect();
    let common_names = (0..15_000)
        .map(|n| vec![made::attribute("2.5.4.3", 0x0c, format!("y{n}.example.com").as_bytes())])
        .collect();
    let huge = leaf().drop("subjectAltName").raw("2.5.29.17", false, &support::element(0x30, &names));
    let certificate = workshop.make(&huge.attributes(common_names));
    let start = std::time::Instant::now();
    let found = ids(&findings(&certificate, Scope::Public, None, AT));
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    assert!(found.contains(&"common-name-not-in-san") && found.contains(&"certificate-large"), "{found:?}");
}
