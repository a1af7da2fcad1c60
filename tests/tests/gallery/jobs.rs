//! Guided jobs of every kind: at the start, on the way, done; and what the other side sees, in a browser of its own.

use certwright_tests::authority::{Authority, Reply, ServerCertificate};
use certwright_tests::browser::{Browser, Kind, PATIENCE};
use certwright_tests::nginx::{ClientCheck, Nginx, Tls};
use certwright_tests::page::{Seen, id};
use certwright_tests::process::free_port;

use crate::side::{Side, selector};
use crate::{FILE_PASSWORD, Walk};

const CLIENT: &str = "Orders";
const SERVER: &str = "Ledger";

/// Both sides of the jobs, and the server between them.
struct Stage<'a> {
    walk: &'a Walk,
    client: Side,
    receiver: Side,
    certificate: ServerCertificate,
    port: u16,
    nginx: Option<Nginx>,
}

impl Stage<'_> {
    fn restart(&mut self, certificate: &ServerCertificate) {
        // The port is free only when the one before has ended.
        self.nginx = None;
        let check = ClientCheck::Required(self.walk.company.bundle());
        self.nginx = Some(Nginx::start_on(self.port, Tls::Only13, certificate, &check));
    }

    fn host(&self) -> String {
        format!("localhost:{}", self.port)
    }

    fn show(&self, side: &Side, name: &str) {
        side.browser.close_messages();
        self.walk.album.show(&side.browser, name);
    }

    /// Waits until all steps are done.
    fn done(&self, side: &Side) {
        let all = |seen: &Seen| seen.attribute("data-done") == seen.attribute("data-steps");
        side.browser.wait_for_state(&id("plan"), "to be done", PATIENCE, all);
    }
}

pub(crate) fn all(walk: &Walk) {
    let side = || {
        let side = Side::new(Browser::start_in(Kind::Chromium, walk.language));
        side.browser.open_page(&walk.address());
        walk.album.quiet(&side.browser);
        side
    };
    let (client, receiver, port) = (side(), side(), free_port());
    let mut stage = Stage { walk, client, receiver, certificate: walk.certificate(), port, nginx: None };
    let certificate = stage.certificate.clone();
    stage.restart(&certificate);
    stage.client.go_to_jobs();
    stage.show(&stage.client, "jobs-none");
    connect(&stage);
    renew_server(&mut stage);
    renew_client(&stage);
    system_certificate(&stage);
    stage.client.go_to_jobs();
    stage.show(&stage.client, "jobs-several");
    for side in [&stage.client, &stage.receiver] {
        walk.album.look_at_console(&side.browser, "jobs");
    }
}

fn connect(stage: &Stage<'_>) {
    let (client, walk) = (&stage.client, stage.walk);
    client.browser.click(&id("begin-connect"));
    client.browser.wait_for(&id("begin-form"));
    stage.show(client, "jobs-begin");
    client.browser.click(&id("begin-connect"));
    client.browser.wait_until_gone(&id("begin-form"));
    client.begin("connect", false, &stage.host());
    stage.show(client, "job-connect-begun");
    client.name_sides(CLIENT, SERVER);
    client.make_key("key");
    client.give("signed", "accepted_files", &walk.company.root());
    client.give("signed", "intended_files", &walk.stranger.root());
    client.wait_step("signed", "blocked");
    stage.show(client, "job-connect-authority-not-accepted");
    client.give("signed", "intended_files", &walk.company.root());
    let pem = client.make_request("signed", &[("cn", "orders.example.com"), ("o", "Example GmbH")]);
    stage.show(client, "job-connect-waits-for-the-authority");
    let issued = walk.company.sign(pem.as_bytes());
    let reply = walk.company.path("reply.p7b");
    std::fs::write(&reply, walk.company.reply(&issued, Reply::Pkcs7)).unwrap();
    client.import("signed", "reply", &reply);
    client.wait_step("signed", "done");
    client.probe("trust", "look");
    client.unfold("trust");
    stage.show(client, "job-connect-trust");
    client.give("trust", "server_files", &walk.receiver.root());
    client.act("trust", "trust");
    client.wait_step("trust", "done");
    client.unfold("handover");
    stage.show(client, "job-connect-hand-over");
    client.act("handover", "done");
    client.wait_step("handover", "done");

    let receiver = &stage.receiver;
    receiver.open_plan(&client.export());
    receiver.wait_step("install", "now");
    stage.show(receiver, "job-connect-other-side");
    receiver.act("install", "trust_client");
    receiver.act("install", "done");
    receiver.wait_step("install", "done");
    client.go_to_jobs();
    client.browser.drop_files(&[("ledger.certwright-plan.json", &receiver.export())]);
    client.browser.wait_for(&id("found-plan"));
    stage.show(client, "job-found-plan");
    client.click(&id("found-plan-open"));
    client.wait_step("install", "done");
    client.probe("test", "test");
    client.wait_step("test", "done");
    client.unfold("test");
    stage.done(client);
    stage.show(client, "job-connect-done");
}

fn renew_server(stage: &mut Stage<'_>) {
    let new_roots = Authority::new("Example Next");
    let next = new_roots.server_certificate("localhost", "DNS:localhost");
    let chain = [std::fs::read(&next.chain).unwrap(), std::fs::read(new_roots.root()).unwrap()].concat();
    let file = new_roots.path("next-chain.pem");
    std::fs::write(&file, chain).unwrap();

    let receiver = &stage.receiver;
    receiver.begin("renew_server", true, &stage.host());
    stage.show(receiver, "job-renew-server-begun");
    receiver.name_sides(CLIENT, SERVER);
    receiver.probe("before", "look");
    receiver.wait_step("before", "done");
    receiver.give("new_certificate", "new_server_files", &file);
    receiver.wait_step("new_certificate", "done");
    receiver.fill("send_root", "switch_date", "2031-05-17");
    stage.show(receiver, "job-renew-server-sends-root");
    receiver.act("send_root", "done");
    receiver.wait_step("send_root", "done");

    let client = &stage.client;
    client.open_plan(&receiver.export());
    client.wait_step("import_root", "now");
    stage.show(client, "job-renew-server-other-side");
    client.act("import_root", "trust");
    client.wait_step("import_root", "done");
    client.wait_step("restart", "waiting");
    client.unfold("restart");
    stage.show(client, "job-renew-server-waits-for-caches");
    client.fill("restart", "cache_hours", "0");
    client.wait_step("restart", "done");
    client.act("confirm", "done");
    client.wait_step("confirm", "done");
    client.probe("delete_root", "look");
    client.unfold("delete_root");
    stage.show(client, "job-renew-server-old-root-still-needed");

    let plan = client.export();
    stage.restart(&next);
    let (client, receiver) = (&stage.client, &stage.receiver);
    receiver.open_plan(&plan);
    receiver.probe("switch", "look");
    receiver.wait_step("switch", "done");
    receiver.act("old_may_go", "done");
    receiver.wait_step("old_may_go", "done");
    client.open_plan(&receiver.export());
    client.probe("delete_root", "look");
    client.act("delete_root", "delete_old");
    stage.done(client);
    stage.show(client, "job-renew-server-done");
}

fn renew_client(stage: &Stage<'_>) {
    let (client, receiver, walk) = (&stage.client, &stage.receiver, stage.walk);
    let old = client.browser.rows().into_iter().find(|(_, state)| state == "complete").unwrap().0;
    client.begin("renew_client", false, &stage.host());
    stage.show(client, "job-renew-client-begun");
    client.name_sides(CLIENT, SERVER);
    client.unfold("old");
    client.browser.choose(&format!("{} {}", selector("old"), id("plan-field-entry")), &old);
    client.wait_step("old", "done");
    client.make_key("new_key");
    let pem = client.make_request("signed", &[]);
    let issued = walk.company.sign(pem.as_bytes());
    let reply = walk.company.path("renewed.p7b");
    std::fs::write(&reply, walk.company.reply(&issued, Reply::Pkcs7)).unwrap();
    client.import("signed", "reply", &reply);
    client.wait_step("signed", "done");
    client.unfold("signed");
    client.unfold("handover");
    stage.show(client, "job-renew-client-hand-over");
    client.act("handover", "done");
    client.wait_step("handover", "done");
    receiver.open_plan(&client.export());
    receiver.wait_step("map", "now");
    stage.show(receiver, "job-renew-client-other-side");
    receiver.act("map", "done");
    receiver.wait_step("map", "done");
    client.open_plan(&receiver.export());
    client.wait_step("switch", "now");
    client.probe("switch", "test");
    client.unfold("switch");
    stage.show(client, "job-renew-client-switch");
    client.act("switch", "done");
    client.wait_step("switch", "done");
    client.act("tell", "done");
    client.wait_step("tell", "done");
    receiver.open_plan(&client.export());
    receiver.act("remove", "done");
    receiver.wait_step("remove", "done");
    client.open_plan(&receiver.export());
    client.act("retire", "delete_entry");
    client.wait_step("retire", "done");
    stage.done(client);
    stage.show(client, "job-renew-client-done");
}

fn system_certificate(stage: &Stage<'_>) {
    let (client, browser) = (&stage.client, &stage.client.browser);
    let file = stage.walk.company.path("connector.p12");
    std::fs::write(&file, stage.walk.client_file("connector", "connector.example.com")).unwrap();
    client.begin("system_certificate", false, "");
    stage.show(client, "job-system-certificate-begun");
    client.fill("sides", "client_name", "Connector");
    client.wait_step("sides", "done");
    client.act("key", "import");
    browser.choose_file(&id("file-input"), &file);
    browser.wait_for(&id("errand"));
    browser.wait_for(&id("import-password"));
    stage.show(client, "job-errand");
    browser.fill(&id("import-password"), FILE_PASSWORD);
    browser.click(&id("import-password-submit"));
    browser.click(&id("import-confirm"));
    browser.wait_for(&id("plan"));
    client.wait_step("signed", "done");
    client.act("give", "done");
    client.wait_step("give", "done");
    client.wait_step("watch", "done");
    client.unfold("watch");
    stage.show(client, "job-system-certificate-done");
}
