//! The handshake is done, and the server's chain is not trusted.

use certwright_protocol::conversation::ServerNameIndication;

use super::{Case, ask, run_table};
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
            let serial = openssl(pki.path(), &["x509", "-in", "rsa.pem", "-noout", "-serial"]);
            let serial = String::from_utf8(serial).unwrap().trim().trim_start_matches("serial=").to_owned();
            let index =
                format!("R\t350101000000Z\t250101000000Z,keyCompromise\t{serial}\tunknown\t/CN=rsa\n");
            std::fs::write(pki.file("index.txt"), index).unwrap();
            openssl(
                pki.path(),
                &["ocsp", "-issuer", "root.pem", "-cert", "rsa.pem", "-reqout", "ocsp.req", "-no_nonce"],
            );
            let signer = ["-CA", "root.pem", "-rsigner", "root.pem", "-rkey", "root.key", "-ndays", "3"];
            let rest = ["ocsp", "-index", "index.txt", "-reqin", "ocsp.req", "-respout", "ocsp.der"];
            openssl(pki.path(), &[&rest[..], &signer].concat());
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
