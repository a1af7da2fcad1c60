//! How a plan is told: sides without a name, and in another language what was seen and found before, what the readers found wrong, and the calendar.

use certwright_language::{self as language, Language, po};
use certwright_protocol::ui::inspect::{Bag, Tone};
use certwright_protocol::ui::{ExportFormat, InputFile, PlanKind, PlanSide, Request, Response};
use certwright_protocol::{Password, Problem};

use super::peer::Peer;
use super::side::Side;
use super::support::Authority;

/// From now on this thread speaks German.
fn speak_german() {
    let entries = po::parse(include_str!("../../../../texts/de.po")).unwrap();
    language::set(Language::German, po::to_table(&entries).leak());
}

fn bag(side: &mut Side, request: Request) -> Bag {
    match side.ask(request) {
        Ok(Response::Bag { bag }) => bag,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_plan_tells_what_a_probe_saw_in_the_language_of_whoever_reads_it() {
    let (theirs, ours) = (Authority::new(), Authority::new());
    theirs.self_signed("other", "/CN=Somebody else");
    let peer = Peer::start(&theirs, Some("other.pem"), 0);
    let mut client = Side::begin(PlanKind::Connect, PlanSide::Client);
    client.name_sides(peer.port);
    let (key, certificate) = ours.issue("shop", "clientAuth");
    client.import(
        "shop.pem",
        &[key, certificate, ours.read("inter.pem"), ours.read("root.pem")].concat(),
        &[],
    );
    client.import("root.pem", &theirs.read("root.pem"), &[]);
    client.set("entry", "shop");
    client.probe("test", "test");
    client.expect_finding("test", Tone::Bad, "ERP refused Shop’s certificate");
    let told = |client: &mut Side| client.step("test").findings.pop().unwrap().words;
    let english = told(&mut client);
    speak_german();
    client.expect_finding("test", Tone::Bad, "hat das Zertifikat von Shop");
    let german = told(&mut client);
    assert_ne!(german, english);
    assert!(german.contains("Zertifikat") && !german.contains("certificate"), "{german}");

    // And so it is after the vault was opened again.
    let passphrase = Password::new("correct horse");
    client.session().keep(&passphrase, &mut super::support::random()).unwrap();
    let vault = client.session().seal(&mut super::support::random()).unwrap().unwrap();
    client.session().lock().unwrap();
    client.session().unlock(&vault, &passphrase, &mut super::support::random()).unwrap();
    assert_eq!(told(&mut client), german);
}

#[test]
fn what_is_inspected_is_told_anew() {
    let authority = Authority::new();
    let mut side = Side::new();
    let text =
        [b"two of them:\n".as_slice(), &authority.read("inter.pem"), &authority.read("root.pem")].concat();
    let file = |name: &str, content: &[u8]| InputFile { name: name.into(), content: content.into() };
    let files = vec![file("chain.txt", &text), file("odd.bin", b"\xff\xfe nothing of the kind")];
    let english = bag(&mut side, Request::Inspect { files, passwords: Vec::new() });
    assert_eq!(english.things[0].place, "chain.txt, line 2");
    assert!(english.sources[0].what.ends_with(": 2 certificates"), "{:?}", english.sources);
    assert_eq!(bag(&mut side, Request::Bag), english);
    speak_german();
    let german = bag(&mut side, Request::Bag);
    assert_eq!(german.things[0].place, "chain.txt, Zeile 2");
    assert!(german.sources[0].what.ends_with(": 2 Zertifikate"), "{:?}", german.sources);
    assert_eq!(german.problems.len(), 1);
    assert_ne!(german.problems[0].words, english.problems[0].words);
    assert_eq!(german.things.iter().map(|thing| thing.id).collect::<Vec<_>>(), [1, 2]);
    // What is taken out takes the problems along.
    assert_eq!(bag(&mut side, Request::Discard { things: vec![1] }).problems, []);
    assert_eq!(bag(&mut side, Request::Bag).things.len(), 1);
}

#[test]
fn what_readers_find_wrong_and_calendars_are_german_too() {
    speak_german();
    let authority = Authority::new();
    let mut side = Side::new();
    let detail = |answer: Result<Response, Problem>| match answer {
        Err(Problem::SubjectInvalid { detail, .. } | Problem::FileDamaged { detail: Some(detail), .. }) => {
            detail
        }
        other => panic!("{other:?}"),
    };
    let answer = side.ask(Request::ParseSubject { text: "CN=a,whatever=b".into() });
    assert_eq!(detail(answer), "das Attribut „whatever“ ist nicht bekannt");
    let mut der = authority.der(&authority.read("root.pem"));
    der.truncate(der.len() - 9);
    let answer = side.ask(Request::Trust { certificate: der.into(), alias: None });
    let told = detail(answer);
    assert!(told.contains("abgeschnitten, bei Oktett"), "{told}");
    let broken = b"-----BEGIN CERTIFICATE-----\nMII!\n-----END CERTIFICATE-----\n";
    let files = vec![InputFile { name: "broken.pem".into(), content: broken.as_slice().into() }];
    let told = bag(&mut side, Request::Inspect { files, passwords: Vec::new() }).problems.remove(0);
    assert!(told.words.what_happened.contains("ist kein Base64"), "{told:?}");

    side.import("root.pem", &authority.read("root.pem"), &[]);
    let what = ExportFormat::Calendar { remind_days: vec![30] };
    let Ok(Response::File { content, .. }) = side.ask(Request::Export { aliases: Vec::new(), what }) else {
        panic!()
    };
    let calendar = String::from_utf8(content.0).unwrap().replace("\r\n ", "");
    assert!(calendar.contains("SUMMARY:Vertrauenswürdiges Zertifikat „Example Root“ läuft ab"), "{calendar}");
    assert!(calendar.contains("//DE\r\n") && calendar.contains("Seriennummer: "), "{calendar}");
}

#[test]
fn sides_without_names_begin_sentences_with_a_capital_letter() {
    let mut client = Side::begin(PlanKind::Connect, PlanSide::Client);
    let sheet = client.sheet();
    assert!(sheet.about.starts_with("The calling system calls the called system."), "{}", sheet.about);
    let small = |text: &str| {
        ["the calling system", "the called system"].iter().any(|name| {
            text.starts_with(name)
                || text.contains(&format!(". {name}"))
                || text.contains(&format!("\n{name}"))
        })
    };
    for step in &sheet.steps {
        let findings = step.findings.iter().map(|finding| &finding.words);
        let acts = step.acts.iter().map(|act| &act.label);
        let messages = step.messages.iter().flat_map(|message| [&message.title, &message.text]);
        for text in
            [&step.title, &step.words, &step.who].into_iter().chain(findings).chain(acts).chain(messages)
        {
            assert!(!small(text), "{}: {text}", step.key);
        }
    }
    // Within a sentence they stay as they are, and names that were given stay as they were given.
    assert_eq!(client.step("trust").title, "Trust the called system");
    client.set("client_name", "shop");
    assert!(client.sheet().about.starts_with("shop calls the called system."), "{}", client.sheet().about);
}
