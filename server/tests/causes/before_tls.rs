//! The other side does not come to a first word of TLS.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use certwright_protocol::conversation::{ProxyProtocol, StartTls};

use super::peers::{Reply, answering, before, greeting, scripted};
use super::{Case, ask, run_table};
use crate::common::daemons::{haproxy, needs_root, postfix};
use crate::common::s_server;

/// See [`super::Case`].
pub(crate) const TABLE: &[Case] = &[
    ("start_tls_not_offered", |pki| {
        Box::pin(async move {
            let port = smtp(&["250 mail.test\r\n"]);
            ask(port).plan(|plan| plan.starttls = StartTls::Smtp).run(&pki).await
        })
    }),
    ("start_tls_refused", |pki| {
        Box::pin(async move {
            let port = smtp(&["250-mail.test\r\n250 STARTTLS\r\n", "454 4.7.0 TLS not available\r\n"]);
            ask(port).plan(|plan| plan.starttls = StartTls::Smtp).run(&pki).await
        })
    }),
    ("start_tls_broken", |pki| {
        Box::pin(async move {
            let port = scripted(|mut stream| {
                let _ = stream.write_all(b"220 mail.test ESMTP\r\n");
            });
            ask(port).plan(|plan| plan.starttls = StartTls::Smtp).run(&pki).await
        })
    }),
    ("clear_after_agreement", |pki| {
        Box::pin(async move {
            let port = smtp(&["250-mail.test\r\n250 STARTTLS\r\n", "220 go\r\n250 injected\r\n"]);
            ask(port).plan(|plan| plan.starttls = StartTls::Smtp).run(&pki).await
        })
    }),
    ("tls_from_the_start", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &[]);
            ask(server.port).plan(|plan| plan.starttls = StartTls::Imap).run(&pki).await
        })
    }),
    ("start_tls_needed", |pki| {
        Box::pin(async move {
            needs_root("postfix");
            let pki_too = std::sync::Arc::clone(&pki);
            let server = tokio::task::spawn_blocking(move || postfix(&pki_too)).await.unwrap();
            ask(server.ports[0]).run(&pki).await
        })
    }),
    ("plain_http", |pki| {
        Box::pin(async move {
            let port = answering("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
            ask(port).run(&pki).await
        })
    }),
    ("ssh", |pki| Box::pin(async move { ask(greeting("SSH-2.0-OpenSSH_9.2\r\n")).run(&pki).await })),
    ("other_protocol", |pki| {
        Box::pin(async move { ask(answering(&b"\x00\x01\x02\x03garbage"[..])).run(&pki).await })
    }),
    ("proxy_header_expected", |pki| {
        Box::pin(async move {
            let pki_too = std::sync::Arc::clone(&pki);
            let server = tokio::task::spawn_blocking(move || haproxy(&pki_too)).await.unwrap();
            ask(server.ports[0]).run(&pki).await
        })
    }),
    ("proxy_header_not_expected", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &[]);
            let v1 = |plan: &mut certwright_protocol::ui::ProbePlan| {
                plan.route.proxy_protocol = Some(ProxyProtocol::V1);
            };
            ask(server.port).plan(v1).run(&pki).await
        })
    }),
    ("silent", |pki| {
        Box::pin(async move {
            let port = scripted(|mut stream| {
                let _ = std::io::copy(&mut stream, &mut std::io::sink());
            });
            ask(port).limits(|limits| limits.total = std::time::Duration::from_secs(1)).run(&pki).await
        })
    }),
    ("large_hello_lost", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &[]);
            let port =
                before(server.port, |hello| if hello.len() > 1000 { Reply::Swallow } else { Reply::Pass });
            let post_quantum = vec![0x11ec, 0x001d, 0x0017];
            ask(port).plan(|plan| plan.offer.groups = post_quantum).run(&pki).await
        })
    }),
    ("hung_up_at_once", |pki| {
        Box::pin(async move {
            let port = before(1, |_| Reply::Say(Vec::new()));
            ask(port).run(&pki).await
        })
    }),
    ("reset_at_hello", |pki| {
        Box::pin(async move {
            // Closing with unread bytes sends a reset.
            let port = scripted(|stream| {
                let _ = stream.peek(&mut [0; 1]);
            });
            ask(port).run(&pki).await
        })
    }),
];

/// An SMTP server that answers so, one after the other, and then listens.
fn smtp(answers: &'static [&'static str]) -> u16 {
    let talk = move |mut stream: TcpStream| {
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        let _ = stream.write_all(b"220 mail.test ESMTP\r\n");
        for answer in answers {
            if lines.next().is_none() || stream.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    };
    scripted(talk)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_the_first_word_of_tls() {
    run_table(TABLE).await;
}
