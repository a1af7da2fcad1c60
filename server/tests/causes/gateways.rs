//! What stands before most servers and judges the client's certificate there: haproxy and stunnel. Each refuses in its own way, in both versions of TLS,
//! and the cause has to be the same as with the server that does so itself.

use std::process::Command;
use std::sync::Arc;

use certwright_protocol::conversation::Versions;

use super::certificates::{authority, past};
use super::{Pki, ask, ground};
use crate::common::daemons::{Daemon, Place, daemon};
use crate::common::{P256, openssl};

/// How a gateway is set up, which certificate comes, and the cause that is found.
struct Case {
    gateway: Gateway,
    client: Option<&'static str>,
    cause: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gateway {
    /// `verify required` with `ca-file` and `crl-file`.
    Haproxy,
    /// The same, and access for one name alone.
    HaproxyMapped,
    /// `verifyChain` with `CAfile` and `CRLfile`.
    StunnelChain,
    /// `verifyPeer`: the certificates that are let in stand in a file.
    StunnelPeer,
}

use Gateway::{Haproxy, HaproxyMapped, StunnelChain, StunnelPeer};

const CASES: &[Case] = &[
    Case { gateway: Haproxy, client: Some("client"), cause: None },
    Case { gateway: Haproxy, client: None, cause: Some("client_certificate_demanded") },
    Case { gateway: Haproxy, client: Some("gone"), cause: Some("client_certificate_revoked") },
    Case { gateway: Haproxy, client: Some("stranger"), cause: Some("client_authority_unknown") },
    Case { gateway: Haproxy, client: Some("past"), cause: Some("client_certificate_expired") },
    Case { gateway: HaproxyMapped, client: Some("boss"), cause: None },
    Case { gateway: HaproxyMapped, client: Some("client"), cause: Some("client_not_mapped") },
    Case { gateway: StunnelChain, client: Some("client"), cause: None },
    Case { gateway: StunnelChain, client: None, cause: Some("client_certificate_demanded") },
    Case { gateway: StunnelChain, client: Some("gone"), cause: Some("client_certificate_revoked") },
    Case { gateway: StunnelChain, client: Some("stranger"), cause: Some("client_authority_unknown") },
    Case { gateway: StunnelChain, client: Some("past"), cause: Some("client_certificate_expired") },
    Case { gateway: StunnelPeer, client: Some("boss"), cause: None },
    // It says bad_certificate, which may mean several things; that it is not listed is one of those that are told.
    Case { gateway: StunnelPeer, client: Some("client"), cause: Some("client_certificate_refused") },
];

impl Gateway {
    fn start(self, pki: &Pki, behind: u16) -> Daemon {
        daemon(pki, 1, |place| match self {
            Haproxy => haproxy(pki, place, ""),
            HaproxyMapped => haproxy(pki, place, "http-request deny if !{ ssl_c_s_dn(CN) boss }\n"),
            StunnelChain => {
                let crl = pki.file("gone.crl");
                stunnel(place, behind, &format!("verifyChain = yes\nCRLfile = {}\n", crl.display()))
            }
            StunnelPeer => {
                let listed = std::fs::read_to_string(pki.file("boss.pem")).unwrap();
                place.write("root.pem", &listed);
                stunnel(place, behind, "verifyPeer = yes\n")
            }
        })
    }
}

fn haproxy(pki: &Pki, place: &Place, rules: &str) -> Command {
    let pem = ["c.pem", "k.pem"].map(|file| std::fs::read_to_string(place.file(file)).unwrap());
    let both = place.write("both.pem", &pem.concat());
    let config = place.write(
        "haproxy.cfg",
        &format!(
            "global\n log stdout format raw local0\ndefaults\n mode http\n timeout client 10s\n timeout server 10s\n timeout connect 5s\n\
             frontend f\n bind 127.0.0.1:{} ssl crt {both} alpn http/1.1 verify required ca-file {} crl-file {}\n {rules} \
             http-request return status 200 content-type text/plain string hello\n",
            place.port(),
            place.file("root.pem"),
            pki.file("gone.crl").display(),
        ),
    );
    let mut command = Command::new("/usr/sbin/haproxy");
    command.args(["-db", "-f", &config]);
    command
}

fn stunnel(place: &Place, behind: u16, checks: &str) -> Command {
    let config = place.write(
        "stunnel.conf",
        &format!(
            "foreground = yes\npid =\n[gateway]\naccept = 127.0.0.1:{}\nconnect = 127.0.0.1:{behind}\ncert = {}\nkey = {}\n\
             CAfile = {}\nrequireCert = yes\n{checks}",
            place.port(),
            place.file("c.pem"),
            place.file("k.pem"),
            place.file("root.pem"),
        ),
    );
    let mut command = Command::new("stunnel4");
    command.arg(config);
    command
}

/// The certificates of the cases, and a list of those that are revoked.
fn clients() -> Pki {
    let pki = ground();
    for (name, issuer) in [("boss", "root"), ("gone", "root"), ("stranger", "foreign-root")] {
        pki.issue(name, issuer, P256, &[]);
    }
    past(&pki, "past");
    let chain = ["stranger.pem", "foreign-root.pem"].map(|name| std::fs::read(pki.file(name)).unwrap());
    std::fs::write(pki.file("stranger.pem"), chain.concat()).unwrap();
    let config = authority(&pki, "crl");
    openssl(pki.path(), &["ca", "-config", &config, "-revoke", "gone.pem"]);
    openssl(pki.path(), &["ca", "-config", &config, "-gencrl", "-crldays", "3", "-out", "gone.crl"]);
    pki
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gateways_that_ask_for_certificates() {
    let pki = Arc::new(tokio::task::spawn_blocking(clients).await.unwrap());
    // stunnel knows nothing of HTTP; what it carries the octets to does.
    let behind = super::peers::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let mut wrong = Vec::new();
    for gateway in [Haproxy, HaproxyMapped, StunnelChain, StunnelPeer] {
        let pki_too = Arc::clone(&pki);
        let daemon = tokio::task::spawn_blocking(move || gateway.start(&pki_too, behind)).await.unwrap();
        for case in CASES.iter().filter(|case| case.gateway == gateway) {
            for versions in [Versions::Tls12, Versions::Tls13] {
                let ask = ask(daemon.ports[0]).plan(|plan| plan.versions = versions);
                let ask = match case.client {
                    Some(name) => ask.client(name),
                    None => ask,
                };
                let report = ask.run(&pki).await;
                let found = report.diagnosis.as_ref().map(|diagnosis| diagnosis.cause.kind());
                if found != case.cause {
                    let (verdict, diagnosis) = (&report.verdict, &report.diagnosis);
                    wrong.push(format!(
                        "{gateway:?} {:?} {versions:?}: {verdict:?}\n  {diagnosis:?}",
                        case.client
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
