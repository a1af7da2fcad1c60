//! The handshake is done, and the server's chain is not trusted.

use certwright_protocol::conversation::ServerNameIndication;
use certwright_protocol::report::Staple;

use super::{Case, ask, ground, run_table};
use crate::common::{P256, Pki, openssl, s_server};

const LOCALHOST: &str = "subjectAltName=DNS:localhost";
const DAY: i64 = 86_400;

/// See [`super::Case`].
pub(crate) const TABLE: &[Case] = &[
    ("intermediate_not_sent", |pki| {
        Box::pin(async move {
            intermediate(&pki, "between");
            let aia = "authorityInfoAccess=caIssuers;URI:http://ca.test/between.der";
            pki.issue("below", "between", P256, &["-addext", LOCALHOST, "-addext", aia]);
            let server = s_server(&pki, "below", &[]);
            let report = ask(server.port).run(&pki).await;
            // With the intermediate at hand, as if it had been fetched, the chain is whole.
            let known = vec![pki.der("between").into()];
            let again = ask(server.port).plan(|plan| plan.known = known).run(&pki).await;
            assert!(again.chain.is_some_and(|chain| chain.trusted));
            report
        })
    }),
    ("server_certificate_expired", |pki| Box::pin(async move { at(&pki, 11 * DAY).await })),
    ("server_certificate_not_yet_valid", |pki| Box::pin(async move { at(&pki, -2 * DAY).await })),
    ("wrong_name", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "other", &[]);
            ask(server.port).run(&pki).await
        })
    }),
    ("default_certificate", |pki| {
        Box::pin(async move {
            let right = ["-servername", "localhost", "-cert2", "server.pem", "-key2", "server.key"];
            let server = s_server(&pki, "other", &right);
            ask(server.port).plan(|plan| plan.server_name = ServerNameIndication::Absent).run(&pki).await
        })
    }),
    ("server_self_signed", |pki| {
        Box::pin(async move {
            let own = ["req", "-x509", "-nodes", "-days", "10", "-newkey", "ec", "-pkeyopt"];
            let rest =
                ["ec_paramgen_curve:P-256", "-keyout", "own.key", "-out", "own.pem", "-subj", "/CN=own"];
            let more = ["-addext", LOCALHOST, "-addext", "basicConstraints=critical,CA:FALSE"];
            openssl(pki.path(), &[&own[..], &rest, &more].concat());
            let server = s_server(&pki, "own", &[]);
            ask(server.port).run(&pki).await
        })
    }),
    ("unknown_root", |pki| {
        Box::pin(async move {
            pki.issue("foreign", "foreign-root", P256, &["-addext", LOCALHOST]);
            let server = s_server(&pki, "foreign", &["-cert_chain", "foreign-root.pem"]);
            ask(server.port).run(&pki).await
        })
    }),
    ("weak_algorithm", |pki| {
        Box::pin(async move {
            pki.issue("sha1", "root", P256, &["-addext", LOCALHOST, "-sha1"]);
            let server = s_server(&pki, "sha1", &["-cipher", "ALL:@SECLEVEL=0"]);
            ask(server.port).run(&pki).await
        })
    }),
    ("server_certificate_revoked", |pki| {
        Box::pin(async move {
            ocsp(&pki, "rsa", "R", "root", "ocsp.der");
            let server = s_server(&pki, "rsa", &["-status_file", "ocsp.der", "-status"]);
            ask(server.port).run(&pki).await
        })
    }),
    ("chain_broken", |pki| {
        Box::pin(async move {
            pki.issue(
                "mail",
                "root",
                P256,
                &["-addext", LOCALHOST, "-addext", "extendedKeyUsage=emailProtection"],
            );
            let server = s_server(&pki, "mail", &[]);
            ask(server.port).run(&pki).await
        })
    }),
];

/// An OCSP response in a file: what `signer` says of a certificate of the root, `V` for valid or `R` for revoked. It counts for three days.
fn ocsp(pki: &Pki, name: &str, status: &str, signer: &str, file: &str) {
    let (pem, key) = (format!("{signer}.pem"), format!("{signer}.key"));
    let (request, index) = (format!("{file}.request"), format!("{file}.index"));
    let certificate = format!("{name}.pem");
    let serial = openssl(pki.path(), &["x509", "-in", &certificate, "-noout", "-serial"]);
    let serial = String::from_utf8(serial).unwrap().trim().trim_start_matches("serial=").to_owned();
    let since = if status == "R" { "250101000000Z,keyCompromise" } else { "" };
    let line = format!("{status}\t350101000000Z\t{since}\t{serial}\tunknown\t/CN={name}\n");
    std::fs::write(pki.file(&index), line).unwrap();
    let ask = ["ocsp", "-issuer", "root.pem", "-cert", &certificate, "-reqout", &request, "-no_nonce"];
    openssl(pki.path(), &ask);
    let answer = ["ocsp", "-index", &index, "-reqin", &request, "-respout", file, "-CA", "root.pem"];
    openssl(pki.path(), &[&answer[..], &["-rsigner", &pem, "-rkey", &key, "-ndays", "3"]].concat());
}

/// A staple counts if whoever may say so says it of this certificate at this time; every other one is told, and changes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staples() {
    let pki = ground();
    pki.issue("responder", "root", P256, &["-addext", "extendedKeyUsage=OCSPSigning"]);
    // No response for the root's certificates is signed by these.
    pki.issue("stranger", "foreign-root", P256, &["-addext", "extendedKeyUsage=OCSPSigning"]);
    // A response in form, with nothing to be read in it, and “try later” (RFC 6960 section 4.2.1).
    let hollow =
        b"\x30\x16\x0a\x01\x00\xa0\x11\x30\x0f\x06\x09\x2b\x06\x01\x05\x05\x07\x30\x01\x01\x04\x02xx";
    std::fs::write(pki.file("hollow.der"), hollow).unwrap();
    std::fs::write(pki.file("later.der"), b"\x30\x03\x0a\x01\x03").unwrap();
    let good = |staple: &Staple| matches!(staple, Staple::Good { next_update: Some(_) });
    let revoked = |staple: &Staple| matches!(staple, Staple::Revoked { .. });
    let unusable = |staple: &Staple| *staple == Staple::Unusable;
    let unreadable = |staple: &Staple| *staple == Staple::Unreadable;
    type Is = fn(&Staple) -> bool;
    let cases: [(&str, &str, &str, i64, Is); 12] = [
        ("rsa", "V", "root", 0, good),
        ("rsa", "V", "responder", 0, good),
        ("rsa", "R", "root", 0, revoked),
        ("rsa", "R", "responder", 0, revoked),
        // Out of date.
        ("rsa", "V", "root", 4 * DAY, unusable),
        ("rsa", "R", "root", 4 * DAY, unusable),
        // Of another certificate of the same authority.
        ("server", "V", "root", 0, unusable),
        ("server", "R", "root", 0, unusable),
        // By somebody who may not say so: without the usage, and of another authority.
        ("rsa", "R", "client", 0, unusable),
        ("rsa", "R", "stranger", 0, unusable),
        ("hollow", "", "", 0, unreadable),
        ("later", "", "", 0, unusable),
    ];
    for (number, (about, status, signer, later, is)) in cases.into_iter().enumerate() {
        let file = if signer.is_empty() { format!("{about}.der") } else { format!("staple{number}.der") };
        if !signer.is_empty() {
            ocsp(&pki, about, status, signer, &file);
        }
        for version in ["-tls1_2", "-tls1_3"] {
            let server = s_server(&pki, "rsa", &["-status_file", &file, "-status", version]);
            let mut ask = ask(server.port);
            ask.now += later;
            let report = ask.run(&pki).await;
            let what = format!("{about} {status} {signer} {later} {version}: {:?}", report.staple);
            assert!(report.staple.as_ref().is_some_and(is), "{what}");
            let trusted = report.chain.as_ref().unwrap().trusted;
            assert_eq!(trusted, !report.staple.as_ref().is_some_and(revoked), "{what}");
        }
    }
}

/// An authority under the root.
pub(crate) fn intermediate(pki: &Pki, name: &str) {
    let (key, pem, subject) = (format!("{name}.key"), format!("{name}.pem"), format!("/CN={name}"));
    let make =
        ["req", "-x509", "-nodes", "-days", "20", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let out = ["-keyout", &key, "-out", &pem, "-subj", &subject, "-CA", "root.pem", "-CAkey", "root.key"];
    let more = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=keyCertSign,cRLSign"];
    openssl(pki.path(), &[&make[..], &out, &more].concat());
}

/// A probe at another time.
async fn at(pki: &Pki, later: i64) -> certwright_protocol::report::ProbeReport {
    let server = s_server(pki, "server", &[]);
    let mut ask = ask(server.port);
    ask.now += later;
    ask.run(pki).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chains() {
    run_table(TABLE).await;
}
