//! Client certificates: demanded, refused for each of the reasons, left open, and asked for after the handshake.

use std::io::Write;
use std::sync::Arc;

use certwright_protocol::conversation::{HttpRequest, Versions};
use certwright_protocol::report::diagnosis::Cause;
use certwright_protocol::report::{ProbeReport, ProbeVerdict};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};

use super::chain::intermediate;
use super::peers::{alert, between, message, scripted};
use super::{Case, ask, run_table};
use crate::common::daemons::{Daemon, daemon};
use crate::common::{P256, Pki, nginx, openssl, s_server};

const DEMANDS: &[&str] = &["-Verify", "3", "-verify_return_error"];

/// See [`super::Case`].
pub(crate) const TABLE: &[Case] = &[
    ("client_certificate_demanded", |pki| {
        Box::pin(async move {
            // In an alert of TLS 1.3, of TLS 1.2, and in HTTP.
            for version in ["-tls1_2", "-tls1_3"] {
                let server = s_server(&pki, "server", &[DEMANDS, &[version]].concat());
                let report = ask(server.port).run(&pki).await;
                assert!(is_demanded(&report), "{version}: {report:?}");
            }
            let peer = nginx(&pki, "ssl_verify_client on;");
            ask(peer.port).run(&pki).await
        })
    }),
    ("no_common_scheme", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "rsa", &[DEMANDS, &["-client_sigalgs", "RSA-PSS+SHA256"]].concat());
            ask(server.port).client("client").run(&pki).await
        })
    }),
    ("client_authority_unknown", |pki| {
        Box::pin(async move {
            pki.issue("stranger", "foreign-root", P256, &[]);
            let both =
                ["stranger.pem", "foreign-root.pem"].map(|name| std::fs::read(pki.file(name)).unwrap());
            std::fs::write(pki.file("stranger-chain.pem"), both.concat()).unwrap();
            demanding(&pki, "stranger", "stranger-chain.pem").await
        })
    }),
    ("client_chain_incomplete", |pki| {
        Box::pin(async move {
            intermediate(&pki, "issuing");
            pki.issue("lonely", "issuing", P256, &[]);
            demanding(&pki, "lonely", "lonely.pem").await
        })
    }),
    ("client_certificate_expired", |pki| {
        Box::pin(async move {
            past(&pki, "past");
            demanding(&pki, "past", "past.pem").await
        })
    }),
    ("client_certificate_revoked", |pki| {
        Box::pin(async move {
            pki.issue("gone", "root", P256, &[]);
            let config = authority(&pki, "crl");
            openssl(pki.path(), &["ca", "-config", &config, "-revoke", "gone.pem"]);
            openssl(pki.path(), &["ca", "-config", &config, "-gencrl", "-crldays", "3", "-out", "gone.crl"]);
            let server = s_server(&pki, "server", &[DEMANDS, &["-CRL", "gone.crl", "-crl_check"]].concat());
            ask(server.port).client("gone").run(&pki).await
        })
    }),
    ("client_certificate_purpose", |pki| {
        Box::pin(async move {
            pki.issue("forservers", "root", P256, &["-addext", "extendedKeyUsage=serverAuth"]);
            demanding(&pki, "forservers", "forservers.pem").await
        })
    }),
    ("client_certificate_kind", |pki| {
        Box::pin(async move {
            pki.issue("nosigning", "root", P256, &["-addext", "keyUsage=keyEncipherment"]);
            demanding(&pki, "nosigning", "nosigning.pem").await
        })
    }),
    ("client_not_mapped", |pki| {
        Box::pin(async move {
            let peer = nginx(&pki, "ssl_verify_client on; if ($ssl_client_s_dn != CN=boss) { return 403; }");
            ask(peer.port).client("client").run(&pki).await
        })
    }),
    ("client_signature_refused", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &[DEMANDS, &["-tls1_2"]].concat());
            let port = between(
                server.port,
                |record| {
                    if let Some((_, end)) = message(record, 15) {
                        // The last octet of s, which changes the signature and not its form.
                        record[end - 1] ^= 1;
                    }
                },
                |_| {},
            );
            ask(port).client("client").run(&pki).await
        })
    }),
    ("client_certificate_refused", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &[DEMANDS, &["-tls1_2"]].concat());
            // As servers do that keep a list of certificates: an alert that says nothing, as soon as one has come.
            let port = scripted(move |client| refuse_certificates(client, server.port, &alert(46)));
            ask(port).client("client").run(&pki).await
        })
    }),
    ("silent_afterwards", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &[DEMANDS, &["-tls1_3", "-num_tickets", "0"]].concat());
            ask(server.port).plan(|plan| plan.http = HttpRequest::Never).client("client").run(&pki).await
        })
    }),
    ("closed_afterwards", |pki| {
        Box::pin(async move {
            let port = closing(&pki);
            ask(port).plan(|plan| plan.http = HttpRequest::Never).client("client").run(&pki).await
        })
    }),
    ("renegotiation_asked", |pki| {
        Box::pin(async move {
            let server = apache(&pki).await;
            let tls12 = |plan: &mut certwright_protocol::ui::ProbePlan| {
                (plan.http, plan.versions) = (HttpRequest::Head, Versions::Tls12);
            };
            ask(server.ports[0]).plan(tls12).run(&pki).await
        })
    }),
    ("asked_after_handshake", |pki| {
        Box::pin(async move {
            let server = apache(&pki).await;
            ask(server.ports[0]).plan(|plan| plan.http = HttpRequest::Head).run(&pki).await
        })
    }),
];

fn is_demanded(report: &ProbeReport) -> bool {
    let cause = report.diagnosis.as_ref().map(|diagnosis| &diagnosis.cause);
    matches!(cause, Some(Cause::ClientCertificateDemanded { .. }))
}

async fn demanding(pki: &Pki, name: &str, chain: &str) -> ProbeReport {
    let server = s_server(pki, "server", DEMANDS);
    ask(server.port).client_chain(name, chain).run(pki).await
}

/// A configuration of `openssl ca` for the root.
pub(crate) fn authority(pki: &Pki, name: &str) -> String {
    let folder = pki.file(name);
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("index"), "").unwrap();
    std::fs::write(folder.join("serial"), "77\n").unwrap();
    let config = folder.join("ca.cnf");
    let text = format!(
        "[ca]\ndefault_ca = a\n[a]\ndatabase = {0}/index\nserial = {0}/serial\nnew_certs_dir = {0}\n\
         certificate = root.pem\nprivate_key = root.key\ndefault_md = sha256\npolicy = p\n[p]\ncommonName = supplied\n",
        folder.display()
    );
    std::fs::write(&config, text).unwrap();
    config.display().to_string()
}

/// A certificate whose time is over.
pub(crate) fn past(pki: &Pki, name: &str) {
    let config = authority(pki, "expiring");
    let (key, request, pem) = (format!("{name}.key"), format!("{name}.csr"), format!("{name}.pem"));
    let make = [
        "req",
        "-new",
        "-nodes",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-subj",
        "/CN=past",
    ];
    openssl(pki.path(), &[&make[..], &["-keyout", &key, "-out", &request]].concat());
    let sign = ["ca", "-batch", "-notext", "-config", &config, "-in", &request, "-out", &pem];
    let times = ["-startdate", "20250101000000Z", "-enddate", "20250201000000Z"];
    openssl(pki.path(), &[&sign[..], &times].concat());
}

/// Carries records to the server at `port` until the client's certificate comes, which is answered with `answer`.
fn refuse_certificates(client: std::net::TcpStream, port: u16, answer: &[u8]) {
    use std::io::Read;
    let mut server = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
    let (mut from_server, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    std::thread::spawn(move || std::io::copy(&mut from_server, &mut to_client));
    let mut client = client;
    let mut header = [0; 5];
    while client.read_exact(&mut header).is_ok() {
        let mut record = header.to_vec();
        record.resize(5 + usize::from(u16::from_be_bytes([header[3], header[4]])), 0);
        if client.read_exact(&mut record[5..]).is_err() {
            return;
        }
        // A Certificate message with nothing in it has a length of three.
        if message(&record, 11).is_some_and(|(start, end)| end - start > 7) {
            let _ = client.write_all(answer);
            return;
        }
        let _ = server.write_all(&record);
    }
}

/// What believes the certificates of the root.
fn trusting(pki: &Pki) -> (Arc<CryptoProvider>, Arc<dyn ClientCertVerifier>) {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(pki.file("root.pem")).unwrap()).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    (provider, verifier.build().unwrap())
}

/// A server that gives no tickets.
fn server_config(
    pki: &Pki,
    verifier: Arc<dyn ClientCertVerifier>,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> Arc<rustls::ServerConfig> {
    let chain = vec![CertificateDer::from_pem_file(pki.file("server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_file(pki.file("server.key")).unwrap();
    let mut config = rustls::ServerConfig::builder_with_provider(trusting(pki).0)
        .with_protocol_versions(versions)
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .unwrap();
    config.send_tls13_tickets = 0;
    Arc::new(config)
}

/// A TLS 1.3 server that takes every certificate of the root, gives no ticket, and closes its half of the connection.
fn closing(pki: &Pki) -> u16 {
    let config = server_config(pki, trusting(pki).1, &[&rustls::version::TLS13]);
    scripted(move |mut stream| {
        let mut tls = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
        while tls.is_handshaking() {
            if tls.complete_io(&mut stream).is_err() {
                return;
            }
        }
        tls.send_close_notify();
        let _ = tls.complete_io(&mut stream);
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    })
}

/// A server that cannot check signatures of TLS 1.3, which are RSA-PSS for an RSA key, and checks those of TLS 1.2.
#[derive(Debug)]
struct WithoutPss(Arc<dyn ClientCertVerifier>);

impl ClientCertVerifier for WithoutPss {
    fn root_hint_subjects(&self) -> &[rustls::DistinguishedName] {
        self.0.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        self.0.verify_client_cert(end_entity, intermediates, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::InvalidCertificate(rustls::CertificateError::BadSignature))
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

/// A warning before the ServerHello, as servers send it that do not know the name (RFC 6066 section 3), is no part of what is signed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_warning_before_the_server_hello_does_no_harm() {
    let pki = super::ground();
    for version in ["-tls1_2", "-tls1_3"] {
        let server = s_server(&pki, "server", &[DEMANDS, &[version]].concat());
        let port = between(
            server.port,
            |_| {},
            |record| {
                if message(record, 2).is_some() {
                    record.splice(..0, [21, 3, 3, 0, 2, 1, 112]);
                }
            },
        );
        let report = ask(port).plan(|plan| plan.http = HttpRequest::Never).client("client").run(&pki).await;
        assert_eq!(report.verdict, Some(ProbeVerdict::Reached), "{version}: {report:?}");
        assert!(report.client_authentication.checked.is_some(), "{version}");
    }
}

/// A second signature is made only where the plan allows it, and tells that the server does not know RSA-PSS.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signature_has_to_be_allowed() {
    let pki = super::ground();
    pki.issue("rsaclient", "root", crate::common::RSA, &[]);
    let (_, verifier) = trusting(&pki);
    let config = server_config(&pki, Arc::new(WithoutPss(verifier)), rustls::ALL_VERSIONS);
    let port = scripted(move |mut stream| {
        let mut tls = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
        while tls.complete_io(&mut stream).is_ok_and(|(read, _)| read > 0) {}
        let _ = tls.complete_io(&mut stream);
        // What is unread would reset the connection, and the alert with it.
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    for allowed in [false, true] {
        let ask = ask(port).plan(|plan| plan.http = HttpRequest::Never);
        let report = ask.plan(|plan| plan.extent.sign_again = allowed).client("rsaclient").run(&pki).await;
        let cause = report.diagnosis.unwrap().cause;
        assert!(
            matches!(cause, Cause::ClientSignatureRefused { other_scheme_works, .. } if other_scheme_works == allowed),
            "{cause:?}"
        );
        assert_eq!(report.connections, if allowed { 2 } else { 1 });
    }
}

/// Apache that demands a client certificate for what is requested, which it knows only after the handshake.
async fn apache(pki: &Arc<Pki>) -> Daemon {
    let pki = Arc::clone(pki);
    let start = move || {
        daemon(&pki, 1, |place| {
            let modules = "/usr/lib/apache2/modules";
            let loaded: String = ["mpm_event", "ssl", "socache_shmcb", "authz_core"]
                .map(|name| format!("LoadModule {name}_module {modules}/mod_{name}.so\n"))
                .concat();
            let (c, k, root) = (place.file("c.pem"), place.file("k.pem"), place.file("root.pem"));
            place.write("index.html", "hello");
            let here = place.folder.display();
            let config = format!(
                "ServerRoot {here}\n{loaded}PidFile {here}/pid\nErrorLog /dev/stderr\nServerName localhost\n\
                 DefaultRuntimeDir {here}\nMutex fcntl:{here}\nUser nobody\nGroup nogroup\nListen 127.0.0.1:{}\n\
                 SSLEngine on\nSSLCertificateFile {c}\nSSLCertificateKeyFile {k}\nSSLCACertificateFile {root}\n\
                 DocumentRoot {here}\n<Location />\nSSLVerifyClient require\nSSLVerifyDepth 3\n</Location>\n",
                place.port()
            );
            let config = place.write("apache.conf", &config);
            let mut command = std::process::Command::new("/usr/sbin/apache2");
            command.args(["-D", "FOREGROUND", "-f", &config]);
            command
        })
    };
    tokio::task::spawn_blocking(start).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn client_certificates() {
    run_table(TABLE).await;
}
