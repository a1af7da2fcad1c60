//! Connect: from two names to a handshake that the server accepts.

use certwright_protocol::Problem;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::{HoldingState, StepState};
use certwright_protocol::ui::{PlanKind, PlanSide, Request};

use super::peer::Peer;
use super::side::{Side, part, unzip};
use super::support::Authority;

fn holding(side: &mut Side, of: PlanSide, what: &str) -> HoldingState {
    side.picture(of).holds.into_iter().find(|held| held.what == what).unwrap().state
}

#[test]
fn from_two_names_to_an_accepted_handshake() {
    // The client's certificate and the server's come from authorities that know nothing of each other.
    let (theirs, ours) = (Authority::new(), Authority::new());
    theirs.write("clients.pem", &ours.read("root.pem"));
    let peer = Peer::start(&theirs, Some("clients.pem"), 0);

    let mut client = Side::begin(PlanKind::Connect, PlanSide::Client);
    assert_eq!(client.summary().done, 0);
    client.name_sides(peer.port);
    assert_eq!(client.summary().title, "Connect Shop to ERP");
    assert_eq!(client.state("key"), StepState::Now);
    assert_eq!(client.state("signed"), StepState::Later);

    // A key, and which authority may sign it, before it is asked.
    let alias = client.new_key("key");
    assert_eq!(client.state("key"), StepState::Done);
    client.probe("signed", "look");
    client.expect_finding("signed", Tone::Info, "accepts certificates of Example Root");
    client.files("signed", "intended_files", &[("root.pem", &ours.read("root.pem"))]).unwrap();
    client.expect_finding("signed", Tone::Good, "ask it to sign");
    let stranger = {
        ours.self_signed("other", "/CN=Stranger");
        ours.read("other.pem")
    };
    client.files("signed", "intended_files", &[("other.pem", &stranger)]).unwrap();
    client.expect_finding("signed", Tone::Bad, "does not accept certificates of “Stranger”");
    assert_eq!(client.state("signed"), StepState::Blocked);

    // A request is pending; another one does not lose the key.
    let plan = client.desk.plan(&alias, "CN=shop,O=Example", &[]).unwrap();
    let request = client.desk.make_request(&alias, plan.clone()).unwrap();
    client.expect_finding("signed", Tone::Info, "is under way");
    let second = client.desk.make_request(&alias, plan).unwrap();
    assert_eq!(request.spki_pin, second.spki_pin);
    let reply = [ours.sign(request.pem.as_bytes()), ours.read("inter.pem"), ours.read("root.pem")].concat();
    client.import("reply.pem", &reply, &[]);
    assert_eq!(client.state("signed"), StepState::Done);
    client.expect_finding("signed", Tone::Good, "complete up to its root");
    client.expect_finding("signed", Tone::Good, "which ERP accepts");

    // The server sends its certificate with the intermediate, and its root is nowhere yet.
    client.expect_finding("trust", Tone::Info, "has to hold the root alone");
    client.expect_finding("trust", Tone::Warn, "is needed, and not at hand");
    assert_eq!(holding(&mut client, PlanSide::Server, "server_certificate"), HoldingState::Here);
    assert!(matches!(client.try_act("trust", "trust"), Err(Problem::PlanStepGone)));
    client.files("trust", "server_files", &[("erp.cer", &theirs.der(&theirs.read("root.pem")))]).unwrap();
    client.expect_finding("trust", Tone::Warn, "Compare the fingerprint");
    client.act("trust", "trust");
    assert_eq!(client.state("trust"), StepState::Done);
    assert_eq!(holding(&mut client, PlanSide::Client, "server_root"), HoldingState::Here);

    // The package, read with the other side's tool.
    let (name, zip) = client.download("handover", "pack");
    assert_eq!(name, "Shop for ERP.zip");
    let parts = unzip(&zip);
    ours.write("client-root.cer", part(&parts, "client-root.cer"));
    let root = ours.openssl(&["x509", "-inform", "DER", "-in", "client-root.cer", "-outform", "PEM"]);
    assert_eq!(root, ours.openssl(&["x509", "-in", "root.pem"]));
    ours.write("client.p7b", part(&parts, "client-chain.p7b"));
    let listed = ours.openssl(&["pkcs7", "-inform", "DER", "-in", "client.p7b", "-print_certs", "-noout"]);
    assert_eq!(String::from_utf8_lossy(&listed).matches("subject=").count(), 3);
    ours.write("client.pem", part(&parts, "client-certificate.pem"));
    let facts = ours.openssl(&[
        "x509",
        "-in",
        "client.pem",
        "-noout",
        "-subject",
        "-issuer",
        "-serial",
        "-nameopt",
        "RFC2253",
    ]);
    let facts = String::from_utf8(facts).unwrap();
    let sheet = String::from_utf8(part(&parts, "mapping.txt").to_vec()).unwrap();
    for line in facts.lines() {
        let value = line.split_once('=').unwrap().1;
        assert!(sheet.contains(&format!("  {value}\n")), "{value} is not in {sheet}");
    }
    assert!(sheet.contains("  CN=shop, O=Example\n") && sheet.contains("  O=Example, CN=shop\n"), "{sheet}");
    assert!(sheet.contains("-----BEGIN CERTIFICATE-----\\nMII"), "{sheet}");
    let hex = facts.lines().find_map(|line| line.strip_prefix("serial=")).unwrap();
    let octets: Vec<u8> =
        (0..hex.len() / 2).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect();
    assert!(sheet.contains(&format!("  {}\n", decimal_of(&octets))), "{sheet}");
    let readme = String::from_utf8(part(&parts, "README.txt").to_vec()).unwrap();
    assert!(readme.contains("client-root.cer") && readme.contains("into the trust store of ERP"), "{readme}");
    let mail = client.step("handover").messages.remove(0);
    assert!(
        mail.text.contains("ERP (localhost:") && mail.text.contains(hex.get(..2).unwrap()),
        "{}",
        mail.text
    );
    client.act("handover", "done");

    // The other side opens the plan, and has its own step to do.
    let mut server = Side::new();
    let sheet = server.open(&client.export());
    assert_eq!((sheet.mine, sheet.title.as_str()), (PlanSide::Server, "Connect Shop to ERP"));
    assert_eq!(server.state("install"), StepState::Now);
    assert!(server.step("install").mine && !server.step("key").mine);
    for step in ["sides", "key", "signed", "trust", "handover"] {
        assert_eq!(server.state(step), StepState::Done, "{step}");
    }
    assert!(server.desk.aliases().is_empty(), "opening a plan trusts nothing");
    server.act("install", "trust_client");
    assert_eq!(server.desk.aliases(), ["Example Root"]);
    server.act("install", "done");
    assert_eq!(holding(&mut server, PlanSide::Server, "client_root"), HoldingState::Here);

    // Their answer comes back.
    assert_eq!(client.state("install"), StepState::Waiting);
    client.open(&server.export());
    assert_eq!(client.state("install"), StepState::Done);
    assert_eq!(client.state("test"), StepState::Now);
    client.probe("test", "test");
    client.expect_finding("test", Tone::Good, "ERP accepted Shop’s certificate");
    assert_eq!(client.state("test"), StepState::Done, "{:?}", client.states());
    let summary = client.summary();
    assert_eq!((summary.done, summary.steps, summary.state.as_str()), (7, 7, "Done"));
    assert!(client.picture(PlanSide::Server).holds.iter().all(|held| held.state == HoldingState::Here));

    // Everything can be taken back, to the beginning, and brought again.
    let undone = client.undo_all();
    assert!(client.desk.aliases().is_empty() && client.desk.session.view().plans.is_empty());
    for _ in 0..undone {
        client.ask(Request::Redo).unwrap();
    }
    assert_eq!(client.summary().state, "Done");
}

#[test]
fn why_a_test_fails_is_said() {
    let authority = Authority::new();
    let mut client = Side::begin(PlanKind::Connect, PlanSide::Client);
    let (key, certificate) = authority.issue("shop", "clientAuth");
    let chain = [key, certificate, authority.read("inter.pem"), authority.read("root.pem")].concat();
    client.import("shop.pem", &chain, &[]);
    let alias = client.desk.aliases().remove(0);

    // A server that does not ask.
    let silent = Peer::start(&authority, None, 0);
    client.name_sides(silent.port);
    client.set("entry", &alias);
    client.probe("trust", "look");
    client.expect_finding("signed", Tone::Warn, "did not ask for a client certificate");
    client.act("trust", "trust");
    client.probe("test", "test");
    client.expect_finding("test", Tone::Bad, "did not ask for one");
    drop(silent);

    // A server that trusts another root.
    authority.self_signed("s", "/CN=Somebody else");
    let strict = Peer::start(&authority, Some("s.pem"), 0);
    client.set("host", &format!("localhost:{}", strict.port));
    client.probe("test", "test");
    client.expect_finding("test", Tone::Bad, "refused Shop’s certificate");
    client.expect_finding("signed", Tone::Warn, "leads to none of the authorities");
    assert_ne!(client.state("test"), StepState::Done);
}

#[test]
fn what_the_server_sends_says_what_the_client_has_to_hold() {
    let authority = Authority::new();
    let (_, leaf) = authority.server("localhost");
    let mut client = Side::begin(PlanKind::Connect, PlanSide::Client);
    client.name_sides(443);
    client.files("trust", "server_files", &[("leaf.pem", &leaf)]).unwrap();
    client.expect_finding("trust", Tone::Warn, "“Example Intermediate” is needed");
    authority.openssl(&[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "own.key",
        "-out",
        "own.pem",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
    ]);
    client.files("trust", "server_files", &[("own.pem", &authority.read("own.pem"))]).unwrap();
    client.expect_finding("trust", Tone::Info, "self-signed certificate");
    client.act("trust", "trust");
    assert_eq!(client.state("trust"), StepState::Done);
}

/// By repeated division, to compare with.
fn decimal_of(octets: &[u8]) -> String {
    let mut digits = vec![0_u32];
    for octet in octets {
        let mut carry = u32::from(*octet);
        for digit in &mut digits {
            let value = *digit * 256 + carry;
            *digit = value % 10;
            carry = value / 10;
        }
        while carry > 0 {
            digits.push(carry % 10);
            carry /= 10;
        }
    }
    digits.iter().rev().map(|digit| char::from_digit(*digit, 10).unwrap()).collect()
}
