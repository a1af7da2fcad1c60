//! Probes: the form, what comes of it with all kinds of servers, and many hosts at once.

use certwright_tests::authority::ServerCertificate;
use certwright_tests::flow::{Identity, PROBE};
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::page::{Seen, id};
use certwright_tests::peers::{Manner, OpensslServer, Peer, closed_port};

use crate::Walk;

pub(crate) fn probes(walk: &Walk) {
    let browser = &walk.browser;
    let file = walk.client_file("erp-client", "erp-client.example.com");
    walk.drop_with_password("erp-client.p12", &file);
    browser.confirm_import("erp-client");
    let certificate = walk.certificate();
    let server = walk.server(&certificate);

    walk.go("probe");
    walk.show("probe-form");
    for folded in ["probe-advanced", "probe-also"] {
        walk.unfold(folded);
    }
    walk.show("probe-form-all");
    for folded in ["probe-advanced", "probe-also"] {
        browser.run("document.querySelector(arguments[0]).open = false", vec![id(folded).into()]);
    }

    let silent = Peer::start(Manner::Silent);
    browser.begin_probe("localhost", silent.port(), Identity::None, true);
    browser.wait_for(&id("probe-stop"));
    walk.show("probe-running");
    browser.click(&id("probe-stop"));
    browser.wait_until_gone(&id("probe-stop"));

    browser.probe("localhost", server.port(), Identity::Alias("erp-client"), true);
    walk.show("probe-not-trusted");
    browser.trust_file(&walk.receiver.root());
    browser.probe("localhost", server.port(), Identity::Alias("erp-client"), true);
    walk.show("probe-accepted");
    browser.click(&id("probe-steps-open"));
    browser.wait_for(&id("sequence"));
    walk.show("probe-handshake");
    browser.probe("localhost", server.port(), Identity::None, true);
    walk.show("probe-certificate-demanded");

    let alone = ServerCertificate { chain: certificate.leaf.clone(), ..certificate.clone() };
    let nginx = Nginx::start(Tls::Only13, &alone, &ClientCheck::None);
    browser.probe("localhost", nginx.port(), Identity::None, true);
    walk.show("probe-intermediate-not-sent");
    let demanding = OpensslServer::demanding(&walk.stranger.root());
    let options: Vec<&str> = demanding.iter().map(String::as_str).collect();
    let strict = OpensslServer::start(&certificate, &options);
    browser.probe("localhost", strict.port(), Identity::Alias("erp-client"), true);
    walk.show("probe-refused");
    let old = OpensslServer::start(&certificate, &["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]);
    browser.probe("localhost", old.port(), Identity::None, true);
    browser.wait_for(&id("probe-diagnosis"));
    walk.show("probe-diagnosed");
    browser.probe("localhost", closed_port(), Identity::None, true);
    walk.show("probe-port-closed");

    let nginx = Nginx::start(Tls::Only12, &certificate, &ClientCheck::None);
    walk.unfold("probe-also");
    browser.check(&id("probe-survey"), true);
    browser.probe("localhost", nginx.port(), Identity::None, true);
    browser.click(&format!("{} > summary", id("probe-survey")));
    browser.click(&format!("{} > summary", id("survey-tls12")));
    browser.wait_for_state(&id("survey-tls12"), "to list suites", PROBE, |seen| seen.text.contains("TLS_"));
    walk.show("probe-survey");

    many(walk, &server, &nginx);
}

fn many(walk: &Walk, server: &Nginx, other: &Nginx) {
    let browser = &walk.browser;
    let strange = walk.stranger.server_certificate("localhost", "DNS:localhost");
    let untrusted = Nginx::start(Tls::Only12, &strange, &ClientCheck::None);
    walk.go("many");
    walk.show("many-hosts-empty");
    let hosts = format!(
        "localhost:{}\nlocalhost:{}\nlocalhost:{}\nlocalhost:{}\nno host\n",
        server.port(),
        other.port(),
        untrusted.port(),
        closed_port()
    );
    browser.fill(&id("many-text"), &hosts);
    browser.click(&id("many-start"));
    let done = |seen: &Seen| seen.attribute("data-running") == "false" && seen.attribute("data-done") == "4";
    browser.wait_for_state(&id("many-progress"), "to be done", PROBE, done);
    walk.show("many-hosts-done");
}
