//! What a name service and a network lead to. Both have to be our own: the test runs itself again in a network and mount namespace of its own, where dnsmasq is
//! the name service on 127.0.0.1:53, and where packets to one network vanish and to all others have no way. What dnsmasq does not know it asks the test.

use std::net::UdpSocket;
use std::process::Command;

use certwright_protocol::catalogue::addresses_summary;

use super::{Ask, Case, ask, run_table};
use crate::common::{P256, Pki, daemons, free_port, nginx, s_server};

/// See [`super::Case`].
pub(crate) const TABLE: &[Case] = &[
    ("name_not_found", |pki| Box::pin(async move { to("nowhere.test").run(&pki).await })),
    ("name_service_failed", |pki| Box::pin(async move { to("broken.test").run(&pki).await })),
    ("name_service_timed_out", |pki| {
        Box::pin(async move {
            let slow = |limits: &mut certwright_server::conversation::Limits| {
                limits.resolve = std::time::Duration::from_millis(700);
            };
            to("slow.test").limits(slow).run(&pki).await
        })
    }),
    ("connect_timed_out", |pki| Box::pin(async move { to("192.0.2.9").run(&pki).await })),
    ("unreachable", |pki| Box::pin(async move { to("198.51.100.9").run(&pki).await })),
];

fn to(host: &str) -> Ask {
    ask(443).plan(|plan| plan.host = host.to_owned())
}

/// Set in the namespace.
const INSIDE: &str = "CERTWRIGHT_TEST_IN_NAMESPACE";

#[tokio::test]
async fn names_and_ways() {
    if std::env::var_os(INSIDE).is_some() {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let upstream = socket.local_addr().unwrap().port();
        std::thread::spawn(move || name_service(&socket));
        let pki = super::ground();
        let names = ["127.0.0.1", "127.0.0.2", "::1"].map(|address| format!("{address} many.test\n"));
        let _dnsmasq = daemons::dnsmasq(&pki, "127.0.0.1", &names.concat(), Some(upstream));
        run_table(TABLE).await;
        addresses_with_certificates_of_their_own(&pki).await;
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name).display().to_string()
    };
    let resolv = file("resolv.conf", "nameserver 127.0.0.1\noptions timeout:3 attempts:2\n");
    let switch = file("nsswitch.conf", "hosts: files dns\n");
    let script = format!(
        "mount --bind {resolv} /etc/resolv.conf && mount --bind {switch} /etc/nsswitch.conf && ip link set lo up && \
         ip route add 192.0.2.0/24 dev lo src 127.0.0.1 && \
         exec \"$0\" network::names_and_ways --exact --nocapture"
    );
    let may = |arguments: &[&str]| {
        Command::new("unshare").args(arguments).arg("true").status().is_ok_and(|status| status.success())
    };
    let as_is: &[&str] = &["--net", "--mount"];
    let as_user: &[&str] = &["--net", "--mount", "--map-root-user"];
    let found = [as_is, as_user].into_iter().find(|arguments| may(arguments));
    let namespaces = found.expect("a network namespace can be made here: run this test as root");
    let program = std::env::current_exe().unwrap();
    let output = tokio::task::spawn_blocking(move || {
        let mut command = Command::new("unshare");
        command.args(namespaces).args(["sh", "-c", &script]).arg(program).env(INSIDE, "1");
        command.output().unwrap()
    });
    let output = output.await.unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

/// One name, three addresses, and a certificate that was renewed on one of them alone.
async fn addresses_with_certificates_of_their_own(pki: &Pki) {
    let name = ["-addext", "subjectAltName=DNS:many.test"];
    pki.issue("renewed", "root", P256, &name);
    pki.issue("older", "root", P256, &[&name[..], &["-days", "5"]].concat());
    let keys = pki.path().display();
    let pair =
        |name: &str| format!("ssl_certificate {keys}/{name}.pem; ssl_certificate_key {keys}/{name}.key;");
    // The block of the test's own nginx ends here, with another address's certificate; these follow it.
    let port = free_port();
    let blocks = format!(
        "location /x {{ return 200; }} }} server {{ listen 127.0.0.1:{port} ssl; {} }} \
         server {{ listen 127.0.0.2:{port} ssl; listen [::1]:{port} ssl; {}",
        pair("renewed"),
        pair("older")
    );
    let peer = nginx(pki, &blocks);
    let everywhere = |ask: Ask| ask.plan(|plan| plan.extent.every_address = true);
    let report = everywhere(to("many.test").plan(|plan| plan.port = port)).run(pki).await;
    assert_eq!(report.every_address.len(), 3, "{report:?}");
    assert!(report.every_address.iter().all(|row| row.trusted), "{report:?}");
    let renewed = report.every_address.iter().find(|row| row.address.to_string() == "127.0.0.1");
    let renewed = renewed.unwrap().sha256.as_ref().unwrap();
    for row in &report.every_address {
        let is_renewed = row.sha256.as_ref() == Some(renewed);
        assert_eq!(is_renewed, row.address.to_string() == "127.0.0.1", "{row:?}");
    }
    let told = addresses_summary(&report.every_address);
    assert_eq!(told, "2 of 3 addresses show an older certificate.");
    // One of them is down.
    drop(peer);
    let port = s_server(pki, "renewed", &[]);
    let report = everywhere(to("many.test").plan(|plan| plan.port = port.port)).run(pki).await;
    let told = addresses_summary(&report.every_address);
    assert_eq!(told, "2 of 3 addresses show none.", "{report:?}");
}

/// Answers by the name: there is none (NXDOMAIN), failure (SERVFAIL), or nothing.
fn name_service(socket: &UdpSocket) {
    let mut query = [0; 512];
    while let Ok((length, from)) = socket.recv_from(&mut query) {
        let mut answer = query[..length].to_vec();
        let asks = |name: &[u8]| answer.windows(name.len()).any(|window| window.eq_ignore_ascii_case(name));
        if asks(b"slow") {
            continue;
        }
        let code = if asks(b"broken") { 2 } else { 3 };
        answer[2] |= 0x80;
        answer[3] = 0x80 | code;
        let _ = socket.send_to(&answer, from);
    }
}
