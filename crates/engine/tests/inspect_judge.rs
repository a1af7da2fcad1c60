//! Chains judged in words, and things compared: with chains that openssl made.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod support;

use certwright_certs::Certificate;
use certwright_chain::Anchor;
use certwright_engine::files::Passwords;
use certwright_engine::inspect::{Inspection, Trust};
use certwright_engine::trust::mozilla;
use certwright_protocol::Problem;
use certwright_protocol::ui::inspect::{
    CheckOutcome, JudgePlan, Judgement, ProfileChoice, PurposeChoice, RevocationChoice, Tone, TrustChoice,
};
use certwright_protocol::ui::{InputFile, KeyChoice, Request, Response};
use support::desk::Desk;
use support::{Authority, now};

const HOST: &str = "erp.example.com";

/// A bag with these files of the authority, and the trust in its root.
struct Scene {
    authority: Authority,
    inspection: Inspection,
    trust: Trust,
}

impl Scene {
    fn new(files: &[&str]) -> Self {
        let authority = Authority::new();
        let (_, certificate) = authority.server(HOST);
        authority.write("server.pem", &certificate);
        let mut scene = Self { authority, inspection: Inspection::default(), trust: Trust::default() };
        let root = Certificate::from_der(&scene.authority.der(&scene.authority.read("root.pem"))).unwrap();
        scene.trust.anchors.push(Anchor { label: "example-root".into(), certificate: root });
        files.iter().for_each(|file| scene.add(file));
        scene
    }

    fn add(&mut self, file: &str) {
        let problems = self.inspection.add(file, &self.authority.read(file), &Passwords::none());
        assert_eq!(problems, [], "{file}");
    }

    fn plan(&self) -> JudgePlan {
        JudgePlan { name: HOST.into(), ..self.inspection.bag(now(), Vec::new()).plan.unwrap() }
    }

    fn judge(&self, plan: &JudgePlan) -> Judgement {
        self.inspection.judge(plan, &self.trust, now()).unwrap()
    }

    /// Makes a revocation list in which the server's certificate stands.
    fn revoke(&self) {
        self.authority.write("ca.cnf", b"[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\ndefault_crl_days=5\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n");
        self.authority.write("index.txt", b"");
        self.authority.write("number", b"01\n");
        let ca = ["-config", "ca.cnf", "-cert", "inter.pem", "-keyfile", "inter.key"];
        self.authority
            .openssl(&[&["ca", "-revoke", "server.pem", "-crl_reason", "superseded"], &ca[..]].concat());
        self.authority.openssl(&[&["ca", "-gencrl", "-out", "list.pem"], &ca[..]].concat());
    }
}

fn codes(judgement: &Judgement) -> Vec<&str> {
    judgement.paths[0].failures.iter().map(|failure| failure.code.as_str()).collect()
}

#[test]
fn a_good_chain_is_trusted_and_every_check_is_told() {
    let scene = Scene::new(&["inter.pem", "server.pem"]);
    let plan = scene.plan();
    assert_eq!((plan.purpose, plan.profile), (PurposeChoice::Server, ProfileChoice::Auto));
    let judgement = scene.judge(&plan);
    assert!(judgement.trusted, "{:?}", judgement.words);
    assert_eq!(
        judgement.words.what_happened,
        format!(
            "The chain leads to “Example Root” (example-root) of your keystore, and every check passed. It is for “{HOST}”."
        )
    );
    let path = &judgement.paths[0];
    let roles: Vec<(&str, bool)> = path.links.iter().map(|link| (link.role.as_str(), link.anchor)).collect();
    assert_eq!(roles, [("End-entity", false), ("Intermediate", false), ("Root", true)]);
    assert_eq!(path.links[2].origin, "in your keystore: example-root");
    assert_eq!(path.links[0].origin, "server.pem, line 1");
    assert!(judgement.profile.starts_with("Private PKI"), "{}", judgement.profile);
    assert!(judgement.trust.starts_with("1 of your keystore, ") && judgement.trust.ends_with(mozilla::DATE));
    // Each check says something about the end-entity or the path.
    assert!(
        path.checks.len() > 15
            && path.checks.iter().all(|check| !check.results.is_empty() && !check.citation.is_empty())
    );
    assert!(
        path.checks.iter().flat_map(|check| &check.results).all(|cell| cell.outcome != CheckOutcome::Failed)
    );
    // What the other side needs: the intermediate sent along, the root trusted.
    assert_eq!(judgement.needs.len(), 2);
    assert!(judgement.needs[0].what_happened.contains("Example Intermediate"));
    assert!(judgement.needs[1].what_happened.contains("Example Root"));
}

#[test]
fn each_failure_has_its_words() {
    let mut scene = Scene::new(&["server.pem"]);
    let judgement = scene.judge(&scene.plan());
    assert_eq!(codes(&judgement), ["missing-issuer"]);
    let missing = judgement.paths[0].links.last().unwrap();
    assert_eq!(
        (missing.missing, missing.name.as_str(), missing.tone),
        (true, "Example Intermediate", Tone::Bad)
    );
    assert_eq!(judgement.needs.last().unwrap().title, "To be found");

    scene.add("inter.pem");
    let other = scene.judge(&JudgePlan { name: "crm.example.com".into(), ..scene.plan() });
    assert_eq!(codes(&other), ["host-mismatch"]);
    assert!(other.words.what_happened.contains(HOST), "{:?}", other.words);
    let later = scene.judge(&JudgePlan { at: Some(now() + 15 * 86_400), ..scene.plan() });
    assert_eq!(codes(&later), ["expired"]);
    let client =
        scene.judge(&JudgePlan { purpose: PurposeChoice::Client, name: String::new(), ..scene.plan() });
    assert_eq!(codes(&client), ["extended-key-usage"]);
    let nothing = TrustChoice { keystore: false, mozilla: false, things: Vec::new() };
    let untrusted = scene.judge(&JudgePlan { trust: nothing, ..scene.plan() });
    assert_eq!((codes(&untrusted), untrusted.trust.as_str()), (vec!["missing-issuer"], "nothing"));
    let demanded = scene.judge(&JudgePlan { policies: vec!["1.2.3.4".into()], ..scene.plan() });
    assert!(!demanded.trusted && demanded.words.title.contains("policy"), "{:?}", demanded.words);
    let required = scene.judge(&JudgePlan { revocation: RevocationChoice::Required, ..scene.plan() });
    assert!(codes(&required).contains(&"revocation-unknown"), "{:?}", codes(&required));
    scene.revoke();
    scene.add("list.pem");
    let revoked = scene.judge(&scene.plan());
    assert_eq!(codes(&revoked), ["revoked"]);
    let words = &revoked.paths[0].failures[0].words.what_happened;
    assert!(
        words.contains("another certificate took its place")
            && words.ends_with("It was found in list.pem, line 1."),
        "{words}"
    );
    let off = scene.judge(&JudgePlan { revocation: RevocationChoice::Off, ..scene.plan() });
    assert!(off.trusted);
}

#[test]
fn a_root_of_the_bag_can_be_trusted_and_mozillas_bring_their_rules() {
    let mut scene = Scene::new(&["server.pem", "inter.pem", "root.pem"]);
    scene.trust = Trust::default();
    let root = scene.inspection.bag(now(), Vec::new()).things[2].id;
    let untrusted = scene.judge(&scene.plan());
    assert_eq!(codes(&untrusted), ["untrusted-root"]);
    assert_eq!(untrusted.paths[0].links[2].trust.as_deref(), Some("Trust this root"));
    let trust = TrustChoice { keystore: false, mozilla: true, things: vec![root] };
    let judgement = scene.judge(&JudgePlan { trust, ..scene.plan() });
    assert!(judgement.trusted, "{:?}", judgement.words);
    assert!(judgement.words.what_happened.contains("which you chose to trust"));

    let mut inspection = Inspection::default();
    let anchor = mozilla::anchors().iter().find(|anchor| anchor.certificate.not_after() > now()).unwrap();
    inspection.add("root.cer", anchor.certificate.der(), &Passwords::none());
    let plan = inspection.bag(now(), Vec::new()).plan.unwrap();
    let judgement = inspection.judge(&plan, &Trust::default(), now()).unwrap();
    assert!(
        judgement.profile.starts_with("TLS server") && judgement.profile.ends_with("Mozilla’s list"),
        "{}",
        judgement.profile
    );
}

#[test]
fn rules_for_authorities_are_told_with_their_source() {
    let mut scene = Scene::new(&[]);
    scene.authority.openssl(&[
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "k",
        "-out",
        "old.csr",
        "-subj",
        "/CN=erp.example.com",
    ]);
    scene.authority.openssl(&[
        "x509",
        "-req",
        "-in",
        "old.csr",
        "-CA",
        "inter.pem",
        "-CAkey",
        "inter.key",
        "-CAcreateserial",
        "-days",
        "10",
        "-out",
        "old.pem",
    ]);
    scene.add("old.pem");
    scene.add("inter.pem");
    let strict =
        scene.judge(&JudgePlan { profile: ProfileChoice::TlsServer, name: String::new(), ..scene.plan() });
    let failures = &strict.paths[0].failures;
    let missing =
        failures.iter().find(|failure| failure.words.what_happened.contains("no subject alternative name"));
    assert!(
        missing.is_some_and(|failure| failure.words.what_happened.contains("BR 7.1.2.7.12")),
        "{failures:?}"
    );
    let named = scene.judge(&scene.plan());
    assert_eq!(codes(&named), ["host-mismatch"]);
    assert!(named.words.what_to_try.contains("common name would match"), "{:?}", named.words);
}

#[test]
fn names_that_are_none_are_refused() {
    let scene = Scene::new(&["server.pem"]);
    let judge = |name: &str| {
        scene.inspection.judge(&JudgePlan { name: name.into(), ..scene.plan() }, &scene.trust, now())
    };
    assert_eq!(judge("a b").unwrap_err(), Problem::HostInvalid { text: "a b".into() });
    assert!(judge("bücher.example").is_ok() && judge("::1").is_ok());
}

#[test]
fn a_renewal_is_told_in_sentences() {
    let scene = Scene::new(&["server.pem"]);
    let (_, renewed) = scene.authority.server("crm.example.com");
    let mut inspection = scene.inspection;
    inspection.add("new.pem", &renewed, &Passwords::none());
    let bag = inspection.bag(now(), Vec::new());
    let comparison = inspection.compare(bag.things[0].id, bag.things[1].id, now()).unwrap();
    let all = comparison.summary.join("\n");
    for part in [
        "one name less: erp.example.com",
        "one name more: crm.example.com",
        "The key is another one",
        "The subject was",
    ] {
        assert!(all.contains(part), "{part}: {all}");
    }
    let names = comparison
        .sections
        .iter()
        .find(|section| section.title.eq_ignore_ascii_case("subject alternative name"))
        .unwrap();
    assert!(names.differs);
    assert!(!comparison.sections.iter().find(|section| section.title == "Issuer").unwrap().differs);
    let same = inspection.compare(bag.things[0].id, bag.things[0].id, now()).unwrap();
    assert_eq!(same.summary, ["Both are the same, octet for octet."]);
    assert!(same.sections.iter().all(|section| !section.differs));
    // A request and the certificate that was issued for it.
    inspection.add("server.csr", &scene.authority.read("server.csr"), &Passwords::none());
    let request = inspection.bag(now(), Vec::new()).things[2].id;
    let comparison = inspection.compare(request, bag.things[1].id, now()).unwrap();
    assert!(comparison.summary[0].contains("the certificate fits the request"), "{:?}", comparison.summary);
}

#[test]
fn which_keys_a_server_would_take() {
    let scene = Scene::new(&[]);
    let mut desk = Desk::with_keys(&["waiting"]);
    desk.add_key("alice", KeyChoice::EcP256);
    let plan = desk.plan("alice", "CN=alice", &[]).unwrap();
    let request = desk.make_request("alice", plan).unwrap();
    let reply = scene.authority.sign(request.pem.as_bytes());
    let looked = desk.look(&[("reply.pem", &reply), ("inter.pem", &scene.authority.read("inter.pem"))], &[]);
    desk.import_all(&looked.found).unwrap();
    // Certificates are valid from the second in which they were signed.
    let at = now() * 1_000;
    // A server that trusts the authorities in the bag.
    let mut fits = |name: &str, pem: Vec<u8>| {
        desk.ask_at(at, Request::Discard { things: Vec::new() }).unwrap();
        let files = vec![InputFile { name: name.into(), content: pem.into() }];
        desk.ask_at(at, Request::Inspect { files, passwords: Vec::new() }).unwrap();
        match desk.ask_at(at, Request::WhichKeys { authorities: Vec::new() }).unwrap() {
            Response::KeyFits { fits } => {
                fits.into_iter().map(|fit| (fit.alias, fit.fits)).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        }
    };
    let expected = |alice| vec![("alice".to_owned(), alice), ("waiting".to_owned(), false)];
    let sorted = |mut all: Vec<(String, bool)>| {
        all.sort();
        all
    };
    assert_eq!(sorted(fits("root.pem", scene.authority.read("root.pem"))), expected(true));
    let stranger = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Stranger"];
    scene.authority.openssl(&[&stranger[..], &["-keyout", "other.key", "-out", "other.pem"]].concat());
    assert_eq!(sorted(fits("other.pem", scene.authority.read("other.pem"))), expected(false));
}
