//! The handshake begins, and does not come to its end. `OLD` are the servers that only our own ClientHello speaks with.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::time::Duration;

use certwright_protocol::conversation::{ServerNameIndication, Versions};
use certwright_protocol::report::diagnosis::Cause;

use super::peers::{Reply, alert, answering, before, between, message, offers_tls13, scripted};
use super::{Case, ask, run_table};
use crate::common::{nginx, s_server};

/// See [`super::Case`].
pub(crate) const TABLE: &[Case] = &[
    ("version_intolerance", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &[]);
            let port =
                before(
                    server.port,
                    |hello| {
                        if offers_tls13(hello) { Reply::Say(alert(70)) } else { Reply::Pass }
                    },
                );
            ask(port).run(&pki).await
        })
    }),
    ("tls12_only", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &["-tls1_2"]);
            ask(server.port).plan(|plan| plan.versions = Versions::Tls13).run(&pki).await
        })
    }),
    ("tls13_only", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &["-tls1_3"]);
            ask(server.port).plan(|plan| plan.versions = Versions::Tls12).run(&pki).await
        })
    }),
    ("server_name_required", |pki| {
        Box::pin(async move {
            let port = crate::common::free_port();
            let listen = format!("listen 127.0.0.1:{port} ssl");
            // The block that every nginx of these tests has ends here, and two more follow it on a port of their own.
            let blocks = format!(
                "location /x {{ return 200; }} }} server {{ {listen} default_server; ssl_reject_handshake on; }} \
                 server {{ {listen}; server_name localhost; ssl_certificate {keys}/server.pem; \
                 ssl_certificate_key {keys}/server.key;",
                keys = pki.path().display()
            );
            let _peer = nginx(&pki, &blocks);
            ask(port).plan(|plan| plan.server_name = ServerNameIndication::Absent).run(&pki).await
        })
    }),
    ("server_name_unknown", |pki| {
        Box::pin(async move {
            let names = ["-servername", "other.example", "-servername_fatal"];
            let second = ["-cert2", "other.pem", "-key2", "other.key"];
            let server = s_server(&pki, "other", &[&names[..], &second].concat());
            ask(server.port).run(&pki).await
        })
    }),
    ("alpn_refused", |pki| {
        Box::pin(async move {
            let peer = nginx(&pki, "");
            ask(peer.port).plan(|plan| plan.offer.alpn = vec!["imap".into()]).run(&pki).await
        })
    }),
    ("handshake_refused", |pki| Box::pin(async move { ask(answering(alert(47))).run(&pki).await })),
    ("server_error", |pki| Box::pin(async move { ask(answering(alert(80))).run(&pki).await })),
    ("hung_up_midway", |pki| {
        Box::pin(async move {
            // It closes its half and goes on listening: without a word, with close_notify (RFC 8446 section 6.1) as its first, and behind its ServerHello.
            let begun = [22, 3, 3, 0, 100, 2, 0];
            let close_notify = [21, 3, 3, 0, 2, 1, 0];
            let half_closing = |words: [u8; 7]| {
                scripted(move |mut stream| {
                    let _ = stream.read(&mut [0; 8192]);
                    let _ = stream.write_all(&words);
                    let _ = stream.shutdown(Shutdown::Write);
                    let _ = stream.read_to_end(&mut Vec::new());
                })
            };
            let server = s_server(&pki, "server", &["-tls1_2"]);
            let midway = between(
                server.port,
                |_| {},
                move |record| {
                    match message(record, 2) {
                        // Only the ServerHello of what is in its record.
                        Some((_, end)) => {
                            record.truncate(end);
                            let length = u16::try_from(end - 5).unwrap().to_be_bytes();
                            record[3..5].copy_from_slice(&length);
                            record.extend(close_notify);
                        }
                        None => record.clear(),
                    }
                },
            );
            for port in [half_closing(begun), half_closing(close_notify), midway] {
                let report = ask(port).run(&pki).await;
                let cause = report.diagnosis.as_ref().map(|diagnosis| &diagnosis.cause);
                assert!(matches!(cause, Some(Cause::HungUpMidway { reset: false, .. })), "{report:?}");
            }
            let port = scripted(move |mut stream| {
                let _ = stream.read(&mut [0; 8192]);
                let _ = stream.write_all(&begun);
            });
            ask(port).run(&pki).await
        })
    }),
    ("out_of_time", |pki| {
        Box::pin(async move {
            let port = answering([22, 3, 3, 0, 100, 2, 0]);
            ask(port).limits(|limits| limits.total = Duration::from_secs(1)).run(&pki).await
        })
    }),
    ("server_signature_wrong", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &["-tls1_2"]);
            let port = between(
                server.port,
                |_| {},
                |record| {
                    if let Some((_, end)) = message(record, 12) {
                        record[end - 1] ^= 1;
                    }
                },
            );
            ask(port).run(&pki).await
        })
    }),
    ("server_certificate_unreadable", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &["-tls1_2"]);
            let port = between(
                server.port,
                |_| {},
                |record| {
                    if let Some((start, _)) = message(record, 11) {
                        // Behind the header and both lengths, the first certificate.
                        let length = usize::from(u16::from_be_bytes([record[start + 8], record[start + 9]]));
                        record[start + 10..start + 10 + length].fill(0);
                    }
                },
            );
            ask(port).run(&pki).await
        })
    }),
    ("server_key_unusable", |pki| {
        Box::pin(async move {
            let names = ["-addext", "subjectAltName=DNS:localhost"];
            pki.issue("short", "root", &["rsa:512"], &names);
            let server =
                s_server(&pki, "short", &["-tls1_2", "-cipher", "ALL:@SECLEVEL=0", "-sigalgs", "RSA+SHA256"]);
            ask(server.port).run(&pki).await
        })
    }),
    ("server_key_marked_pss", |pki| {
        Box::pin(async move {
            // In TLS 1.3 its signature is checked, and all is well.
            let names = ["-addext", "subjectAltName=DNS:localhost"];
            pki.issue("marked", "root", &["rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"], &names);
            let server = s_server(&pki, "marked", &["-tls1_3"]);
            let report = ask(server.port).run(&pki).await;
            assert!(report.verdict.as_ref().unwrap().is_good(), "{report:?}");
            // A key may name its digest.
            let digest =
                ["-pkeyopt", "rsa_pss_keygen_md:sha384", "-pkeyopt", "rsa_pss_keygen_mgf1_md:sha384"];
            pki.issue("one-digest", "root", &[&["rsa-pss"], &digest[..]].concat(), &names);
            let server = s_server(&pki, "one-digest", &["-tls1_3"]);
            let report = ask(server.port).run(&pki).await;
            assert!(report.verdict.as_ref().unwrap().is_good(), "{report:?}");
            let server = s_server(&pki, "marked", &["-tls1_2"]);
            ask(server.port).run(&pki).await
        })
    }),
    ("handshake_too_large", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &[]);
            ask(server.port).limits(|limits| limits.handshake_bytes = 300).run(&pki).await
        })
    }),
    ("protocol_broken", |pki| {
        Box::pin(async move { ask(answering([22, 3, 3, 0, 4, 99, 0, 0, 0])).run(&pki).await })
    }),
];

/// See [`super::Case`].
pub(crate) const OLD: &[Case] = &[
    ("old_versions_only", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "rsa", &["-tls1", "-cipher", "ALL:@SECLEVEL=0"]);
            let report = ask(server.port).run(&pki).await;
            assert!(report.chain.is_some(), "the chain is read in clear");
            report
        })
    }),
    ("static_rsa_only", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "rsa", &["-tls1_2", "-cipher", "AES128-SHA"]);
            ask(server.port).run(&pki).await
        })
    }),
    ("broken_suites_only", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "rsa", &["-tls1_2", "-cipher", "NULL-SHA256:@SECLEVEL=0"]);
            ask(server.port).run(&pki).await
        })
    }),
    ("finite_field_only", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "rsa", &["-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256"]);
            ask(server.port).run(&pki).await
        })
    }),
    ("no_common_suite", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "rsa", &["-tls1_2", "-cipher", "ECDHE-ARIA128-GCM-SHA256"]);
            ask(server.port).run(&pki).await
        })
    }),
    ("no_common_group", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &["-tls1_3", "-groups", "P-521"]);
            ask(server.port).run(&pki).await
        })
    }),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handshakes() {
    run_table(TABLE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_servers() {
    run_table(OLD).await;
}
