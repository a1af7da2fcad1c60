//! What the target, its addresses and the Certwright server itself lead to, and proxies.

use certwright_protocol::Password;
use certwright_protocol::conversation::{
    ProbeFailure, Proxy, ProxyCredentials, ProxyKind, ServerNameIndication,
};
use certwright_protocol::ui::ProbePlan;
use certwright_server::policy::TargetPolicy;

use super::{Case, ask, run_table, told};
use crate::common::daemons::{microsocks, tinyproxy};
use crate::common::{free_port, s_server};

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
    // What the web server says in its WebSocket, and what the page knows by itself, needs no peer.
    ("too_many_probes", |_| Box::pin(async { told(ProbeFailure::Busy { limit: 16 }) })),
    ("server_lost", |_| Box::pin(async { told(ProbeFailure::ServerLost) })),
    ("signature_declined", |_| Box::pin(async { told(ProbeFailure::SignatureDeclined) })),
    ("internal", |_| Box::pin(async { told(ProbeFailure::Internal) })),
];

fn through(kind: ProxyKind, port: u16, known: bool) -> impl FnOnce(&mut ProbePlan) {
    let credentials =
        known.then(|| ProxyCredentials { user: "me".into(), password: Password::new("hunter2") });
    move |plan| plan.route.proxy = Some(Proxy { kind, host: "127.0.0.1".into(), port, credentials })
}

#[tokio::test]
async fn targets_and_proxies() {
    run_table(TABLE).await;
}
