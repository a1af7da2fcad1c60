//! The text of what is inspected beside that of openssl, line by line.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use certwright_engine::files::Passwords;
use certwright_engine::inspect::Inspection;
use certwright_protocol::ui::inspect::ThingFormat;
use support::{Authority, now};

/// Our text of a file's first thing.
fn ours(bytes: &[u8]) -> String {
    let mut inspection = Inspection::default();
    assert_eq!(inspection.add("file", bytes, &Passwords::none()), []);
    let id = inspection.bag(now(), Vec::new()).things[0].id;
    String::from_utf8(inspection.export(&[id], ThingFormat::Text, now()).unwrap().content).unwrap()
}

fn assert_same(ours: &str, openssl: Vec<u8>) {
    let openssl = String::from_utf8(openssl).unwrap();
    // Blanks at the end of a line are no part of the layout that anybody relies on.
    let lines = |text: &str| -> Vec<String> { text.lines().map(|line| line.trim_end().to_owned()).collect() };
    assert_eq!(lines(ours), lines(&openssl));
}

const EXTENSIONS: &str = "basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=DNS:a.example,DNS:*.b.example,IP:10.0.0.1,IP:2001:db8::1,email:a@b.example,URI:https://a.example/x
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
authorityInfoAccess=caIssuers;URI:http://ca.example/i.cer,OCSP;URI:http://ocsp.example
crlDistributionPoints=URI:http://ca.example/i.crl
certificatePolicies=2.23.140.1.2.1,@policy
[policy]
policyIdentifier=1.2.3.4
CPS=https://ca.example/cps
";

#[test]
fn certificates_of_every_key() {
    let authority = Authority::new();
    authority.write("leaf.ext", EXTENSIONS.as_bytes());
    for key in [
        &["rsa:2048"][..],
        &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
        &["ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
        &["ed25519"],
    ] {
        let request = [
            &[
                "req",
                "-nodes",
                "-keyout",
                "k",
                "-out",
                "leaf.csr",
                "-subj",
                "/C=DE/O=Acme, Inc./CN=a.example/emailAddress=a@b.example",
                "-newkey",
            ],
            key,
        ]
        .concat();
        authority.openssl(&request);
        authority.openssl(&[
            "x509",
            "-req",
            "-in",
            "leaf.csr",
            "-CA",
            "inter.pem",
            "-CAkey",
            "inter.key",
            "-CAcreateserial",
            "-days",
            "10",
            "-extfile",
            "leaf.ext",
            "-out",
            "leaf.pem",
        ]);
        assert_same(
            &ours(&authority.read("leaf.pem")),
            authority.openssl(&["x509", "-in", "leaf.pem", "-noout", "-text"]),
        );
        assert_same(
            &ours(&authority.read("leaf.csr")),
            authority.openssl(&["req", "-in", "leaf.csr", "-noout", "-text"]),
        );
    }
    authority.openssl(&["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k", "-subj", "/CN=pss", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32", "-sha256", "-addext", "nameConstraints=critical,permitted;DNS:example.com,permitted;email:.example.com,excluded;IP:10.0.0.0/255.0.0.0", "-addext", "2.3.4.5=ASN1:UTF8:hello", "-out", "pss.pem"]);
    for file in ["root.pem", "inter.pem", "pss.pem"] {
        assert_same(
            &ours(&authority.read(file)),
            authority.openssl(&["x509", "-in", file, "-noout", "-text"]),
        );
    }
}

#[test]
fn requests_with_extensions() {
    let authority = Authority::new();
    authority.server("erp.example.com");
    assert_same(
        &ours(&authority.read("server.csr")),
        authority.openssl(&["req", "-in", "server.csr", "-noout", "-text"]),
    );
}

#[test]
fn revocation_lists() {
    let authority = Authority::new();
    let (_, certificate) = authority.server("erp.example.com");
    authority.write("server.pem", &certificate);
    authority.write("ca.cnf", b"[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\ndefault_crl_days=5\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n");
    authority.write("index.txt", b"");
    authority.write("number", b"01\n");
    let ca = ["-config", "ca.cnf", "-cert", "inter.pem", "-keyfile", "inter.key"];
    authority.openssl(&[&["ca", "-gencrl", "-out", "empty.pem"], &ca[..]].concat());
    authority.openssl(&[&["ca", "-revoke", "server.pem", "-crl_reason", "keyCompromise"], &ca[..]].concat());
    authority.openssl(&[&["ca", "-gencrl", "-out", "list.pem"], &ca[..]].concat());
    for file in ["empty.pem", "list.pem"] {
        assert_same(
            &ours(&authority.read(file)),
            authority.openssl(&["crl", "-in", file, "-noout", "-text"]),
        );
    }
}
