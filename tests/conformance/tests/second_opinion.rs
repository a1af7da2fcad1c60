//! A second opinion: rustls-webpki on every case of x509-limbo and BetterTLS. Where the two differ the reason is written down here; a difference that is not
//! and one that has gone both fail the test. Where the data is absent, that is said.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may panic, and prints its measure"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use certwright_conformance::data;
use certwright_conformance::limbo::{Vector, vectors, verdict};
use rustls_pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use webpki::{
    ALL_VERIFICATION_ALGS, BorrowedCertRevocationList, CertRevocationList, EndEntityCert, KeyUsage,
    RevocationOptionsBuilder, UnknownStatusPolicy, anchor_from_trusted_cert,
};

/// Cases that rustls-webpki accepts and Certwright refuses, by the reason.
const ONLY_WEBPKI_ACCEPTS: &[(&str, &[&str])] = &[
    (
        "a duty of issuers in RFC 5280 section 4, which a validator need not look at and a public server has to keep",
        &[
            "rfc5280::aki::cross-signed-root-missing-aki",
            "rfc5280::aki::intermediate-missing-aki",
            "rfc5280::aki::leaf-missing-aki",
            "rfc5280::ca-empty-subject",
            "rfc5280::leaf-ku-keycertsign",
            "rfc5280::nc::not-allowed-in-ee-noncritical",
            "rfc5280::nc::permitted-dns-match-noncritical",
            "rfc5280::pc::ica-noncritical-pc",
            "rfc5280::root-non-critical-basic-constraints",
            "rfc5280::serial::zero",
            "rfc5280::ski::intermediate-missing-ski",
            "rfc5280::ski::root-missing-ski",
            "webpki::san::san-critical-with-nonempty-subject",
        ],
    ),
    (
        "a duty of issuers in the baseline requirements, which webpki leaves to them",
        &[
            "webpki::aki::root-with-aki-all-fields",
            "webpki::aki::root-with-aki-authoritycertissuer",
            "webpki::aki::root-with-aki-missing-keyidentifier",
            "webpki::aki::root-with-aki-ski-mismatch",
            "webpki::eku::ee-anyeku",
            "webpki::eku::ee-critical-eku",
            "webpki::eku::root-has-eku",
            "webpki::forbidden-rsa-not-divisible-by-8-in-root",
        ],
    ),
    (
        "webpki never looks at the common name; here one must not pass for an alternative name",
        &[
            "webpki::cn::ipv4-leading-zeros-mismatch",
            "webpki::cn::ipv6-non-rfc5952-mismatch",
            "webpki::cn::ipv6-uncompressed-mismatch",
            "webpki::cn::punycode-not-in-san",
        ],
    ),
    (
        "webpki takes name and key of an anchor alone; here what the anchor says about itself counts (RFC 5937)",
        &[
            "rfc5280::root-missing-basic-constraints",
            "rfc5280::unknown-critical-extension-root",
            "rfc5280::validity::expired-root",
        ],
    ),
    (
        "webpki looks at the key of the end-entity only when the handshake is verified",
        &["webpki::forbidden-dsa-leaf", "webpki::forbidden-p192-leaf", "webpki::forbidden-weak-rsa-in-leaf"],
    ),
    (
        "webpki does not read the extension, so that it takes a critical or broken one for known",
        &["rfc5280::aki::critical-aki", "rfc5280::ski::critical-ski", "webpki::malformed-aia"],
    ),
    (
        "webpki reads the list all the same, or does not ask it, as the test does not demand a status",
        &["crl::crlnumber-critical", "crl::crlnumber-missing", "crl::issuer-missing-crlsign"],
    ),
    (
        "webpki has a fixed bound for the length of a path",
        &["pathlen::max-chain-depth-0-exhausted", "pathlen::max-chain-depth-1-exhausted"],
    ),
];

/// Cases that rustls-webpki refuses and Certwright accepts, by the reason.
const ONLY_WE_ACCEPT: &[(&str, &[&str])] = &[
    (
        "webpki does not exempt self-issued certificates (RFC 5280 section 6.1)",
        &["pathlen::self-issued-certs-pathlen", "rfc5280::nc::permitted-self-issued"],
    ),
    (
        "webpki has no rule for constraints on mailboxes and refuses what they might forbid",
        &["rfc5280::nc::nc-permits-email-exact", "rfc5280::nc::nc-permits-email-literal-mid-asterisk"],
    ),
    ("webpki has no rule for constraints on directory names", &["rfc5280::nc::permitted-dn-match"]),
    (
        "webpki is for servers, which are no authorities; RFC 5280 alone does not mind",
        &["rfc5280::ca-as-leaf"],
    ),
];

#[test]
fn every_difference_has_its_reason() {
    let Some(folder) = data() else {
        println!("second opinion: there is no data beside the project");
        return;
    };
    let mut there = BTreeSet::new();
    let mut differences: BTreeMap<String, (bool, String)> = BTreeMap::new();
    for (_, vectors) in vectors(&folder.join("limbo")) {
        for vector in vectors.unwrap() {
            there.insert(vector.id.clone());
            let (ours, why) = verdict(&vector).unwrap();
            let theirs = second(&vector);
            if ours != theirs.is_ok() {
                differences.insert(vector.id.clone(), (ours, format!("we: {why}; webpki: {theirs:?}")));
            }
        }
    }
    println!("second opinion: {} cases, {} differences", there.len(), differences.len());
    let mut unlisted = differences.clone();
    for (list, ours) in [(ONLY_WEBPKI_ACCEPTS, false), (ONLY_WE_ACCEPT, true)] {
        for id in list.iter().flat_map(|(_, ids)| ids.iter()).filter(|id| there.contains(**id)) {
            let found = unlisted.remove(*id);
            assert!(
                found.is_some_and(|(accepted, _)| accepted == ours),
                "{id} is no such difference any more"
            );
        }
    }
    assert!(unlisted.is_empty(), "{} differences without a reason: {unlisted:#?}", unlisted.len());
}

fn der(pem: &str) -> Option<Vec<u8>> {
    let blocks = certwright_encoding::pem::parse_pem(pem.as_bytes()).blocks;
    Some(blocks.first()?.der.clone())
}

fn all(pems: &[String]) -> Vec<CertificateDer<'static>> {
    pems.iter().filter_map(|pem| der(pem)).map(CertificateDer::from).collect()
}

/// What rustls-webpki says. It knows no mailboxes and no bound on the length of a path, so these are not asked.
fn second(vector: &Vector) -> Result<(), String> {
    let say = |error: webpki::Error| format!("{error:?}");
    let (trusted, others) = (all(&vector.trusted_certs), all(&vector.untrusted_intermediates));
    let anchors: Vec<TrustAnchor<'_>> =
        trusted.iter().filter_map(|certificate| anchor_from_trusted_cert(certificate).ok()).collect();
    let leaf = CertificateDer::from(der(&vector.peer_certificate).ok_or("no certificate")?);
    let leaf = EndEntityCert::try_from(&leaf).map_err(say)?;
    let lists: Vec<Vec<u8>> = vector.crls.iter().filter_map(|pem| der(pem)).collect();
    let lists: Result<Vec<CertRevocationList<'_>>, _> = lists
        .iter()
        .map(|list| BorrowedCertRevocationList::from_der(list).map(CertRevocationList::from))
        .collect();
    let lists = lists.map_err(say)?;
    let lists: Vec<&CertRevocationList<'_>> = lists.iter().collect();
    let revocation = RevocationOptionsBuilder::new(&lists)
        .ok()
        .map(|builder| builder.with_status_policy(UnknownStatusPolicy::Allow).build());
    let at = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(vector.at()?).unwrap()));
    let usage = if vector.is_client() { KeyUsage::client_auth() } else { KeyUsage::server_auth() };
    leaf.verify_for_usage(ALL_VERIFICATION_ALGS, &anchors, &others, at, usage, revocation, None)
        .map_err(say)?;
    for name in vector.names().filter(|name| name.kind != "RFC822") {
        let name = ServerName::try_from(name.value.as_str()).map_err(|error| error.to_string())?;
        leaf.verify_is_valid_for_subject_name(&name).map_err(say)?;
    }
    Ok(())
}
