//! What the target, its addresses and the Certwright server itself lead to, and proxies.

use std::sync::Arc;

use certwright_protocol::Password;
use certwright_protocol::conversation::{
    Proxy, ProxyCredentials, ProxyKind, ServerEvent, ServerNameIndication, Target, ToServer,
};
use certwright_protocol::ui::ProbePlan;
use certwright_server::policy::TargetPolicy;

use super::{Case, ask, run_table};
use crate::common::daemons::{microsocks, tinyproxy};
use crate::common::process::{Process, hear, say};
use crate::common::{Pki, free_port, s_server};

/// See [`super::Case`].
pub(crate) const TABLE: &[Case] = &[
    ("bad_target", |pki| {
        Box::pin(async move {
            let ask =
                ask(free_port()).plan(|plan| plan.server_name = ServerNameIndication::Name("a b".into()));
            // The name is looked at once there is a connection.
            let server = s_server(&pki, "server", &[]);
            ask.plan(|plan| plan.port = server.port).run(&pki).await
        })
    }),
    ("no_such_address", |pki| {
        Box::pin(async move {
            let elsewhere = |plan: &mut ProbePlan| plan.route.address = Some("127.0.0.99".parse().unwrap());
            ask(free_port()).plan(elsewhere).run(&pki).await
        })
    }),
    ("target_not_allowed", |pki| {
        Box::pin(async move {
            let mut ask = ask(free_port());
            ask.policy = TargetPolicy::global();
            ask.run(&pki).await
        })
    }),
    ("port_closed", |pki| Box::pin(async move { ask(free_port()).run(&pki).await })),
    ("proxy_wants_authentication", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &[]);
            let proxy = tinyproxy(&pki, &[server.port]);
            ask(server.port).plan(through(ProxyKind::HttpConnect, proxy.ports[0], false)).run(&pki).await
        })
    }),
    ("proxy_forbids", |pki| {
        Box::pin(async move {
            let proxy = tinyproxy(&pki, &[1]);
            ask(free_port()).plan(through(ProxyKind::HttpConnect, proxy.ports[0], true)).run(&pki).await
        })
    }),
    ("proxy_cannot_reach", |pki| {
        Box::pin(async move {
            let proxy = microsocks(&pki);
            ask(free_port()).plan(through(ProxyKind::Socks5, proxy.ports[0], true)).run(&pki).await
        })
    }),
    ("proxy_failed", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &[]);
            ask(443).plan(through(ProxyKind::Socks5, server.port, false)).run(&pki).await
        })
    }),
    ("page_silent", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &["-Verify", "3"]);
            let mut ask = ask(server.port);
            ask.answers = false;
            ask.run(&pki).await
        })
    }),
    ("budget_used_up", |pki| {
        Box::pin(async move {
            let server = s_server(&pki, "server", &[]);
            ask(server.port).limits(|limits| limits.connections = 0).run(&pki).await
        })
    }),
    ("too_many_probes", |pki| {
        Box::pin(async move {
            let server = certwright(&pki, &["--max-probes", "1"]).await;
            let mut first = server.open(None).await.unwrap();
            say(&mut first, &ToServer::Start(Target::new("localhost", silent()))).await;
            while !matches!(hear(&mut first).await.unwrap(), ServerEvent::Connected { .. }) {}
            ask(443).run_over(&server, |_| {}).await
        })
    }),
    ("server_lost", |pki| {
        Box::pin(async move {
            let server = certwright(&pki, &[]).await;
            let falls = |event: &mut ServerEvent| {
                if matches!(event, ServerEvent::Connected { .. }) {
                    server.signal("KILL");
                }
            };
            ask(silent()).run_over(&server, falls).await
        })
    }),
    ("signature_declined", |pki| {
        Box::pin(async move {
            // A Certwright server that asks for a signature of something else.
            let peer = s_server(&pki, "server", &["-Verify", "3"]);
            let dishonest = |event: &mut ServerEvent| {
                if let ServerEvent::SignatureWanted { message, .. } = event {
                    *message.0.last_mut().unwrap() ^= 1;
                }
            };
            ask(peer.port).client("client").run_meddled(&pki, dishonest).await
        })
    }),
    ("internal", |pki| {
        Box::pin(async move {
            let peer = s_server(&pki, "server", &[]);
            let server = certwright(&pki, &[]).await;
            let socket = server.open(None).await.unwrap();
            // No file can be opened any more, and no socket.
            let set = std::process::Command::new("prlimit")
                .args(["--nofile=3:3", "--pid", &server.id().to_string()])
                .status();
            assert!(set.unwrap().success());
            let ask = ask(peer.port).plan(|plan| plan.host = "127.0.0.1".to_owned());
            ask.run_over_socket(socket, |_| {}).await
        })
    }),
];

/// A port where connections are taken and nothing is said.
fn silent() -> u16 {
    super::peers::scripted(|mut stream| drop(std::io::copy(&mut stream, &mut std::io::sink())))
}

/// The web server as a process of its own.
async fn certwright(pki: &Arc<Pki>, arguments: &'static [&'static str]) -> Process {
    let pki = Arc::clone(pki);
    tokio::task::spawn_blocking(move || Process::start(pki.path(), arguments)).await.unwrap()
}

fn through(kind: ProxyKind, port: u16, known: bool) -> impl FnOnce(&mut ProbePlan) {
    let credentials =
        known.then(|| ProxyCredentials { user: "me".into(), password: Password::new("hunter2") });
    move |plan| plan.route.proxy = Some(Proxy { kind, host: "127.0.0.1".into(), port, credentials })
}

#[tokio::test]
async fn targets_and_proxies() {
    run_table(TABLE).await;
}
