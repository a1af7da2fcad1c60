//! A session from the first key to the exported keystore, with openssl as certification authority.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use certwright_engine::session::{Session, generate_key};
use certwright_protocol::ui::{
    ExportFormat, Found, FoundThing, ImportChoice, InputFile, KeyChoice, Proposal, Request, Response,
};
use certwright_protocol::view::{ChainState, EntryKind, EntryView, Persistence};
use certwright_protocol::{Password, Problem};
use support::{Authority, random};

const NOW: i64 = 1_800_000_000_000;

fn ask(session: &mut Session, request: Request) -> Result<Response, Problem> {
    session.answer(request, NOW, &mut random())
}

fn file(name: &str, content: &[u8]) -> InputFile {
    InputFile { name: name.into(), content: content.into() }
}

fn look(session: &mut Session, files: Vec<InputFile>, password: Option<&str>) -> (Vec<Found>, Vec<Problem>) {
    match ask(session, Request::Look { files, password: password.map(Password::new) }) {
        Ok(Response::Found { found, problems }) => (found, problems),
        other => panic!("{other:?}"),
    }
}

fn import_all(session: &mut Session, found: &[Found]) -> Result<Response, Problem> {
    let choices = found
        .iter()
        .filter(|found| found.proposal.is_some())
        .map(|found| ImportChoice { id: found.id, alias: None })
        .collect();
    ask(session, Request::Import { choices })
}

fn entry(session: &Session, alias: &str) -> EntryView {
    session.view().entries.into_iter().find(|entry| entry.alias == alias).expect("the entry is there")
}

/// A session with a key "client" and its signing request, PEM.
fn with_request() -> (Session, Vec<u8>) {
    let mut session = Session::new(false);
    session.check_new_alias("client").unwrap();
    session.add_key("client", generate_key(KeyChoice::EcP256, &mut random(), |_| {}), NOW).unwrap();
    let request = Request::MakeRequest {
        alias: "client".into(),
        subject: "CN=client.example.com,O=Example GmbH,C=DE".into(),
        alternative_names: vec!["client.example.com".into(), " ".into(), "10.1.2.3".into()],
    };
    let Ok(Response::Request { request }) = ask(&mut session, request) else { panic!() };
    assert!(request.signature_valid);
    assert_eq!(request.fits_alias.as_deref(), Some("client"));
    assert_eq!(request.subject_alternative_names.len(), 2);
    assert_eq!(entry(&session, "client").chain_state, ChainState::Pending);
    (session, request.pem.into_bytes())
}

#[test]
fn a_reply_in_any_order_completes_its_key() {
    let authority = Authority::new();
    let (mut session, request) = with_request();
    let leaf = authority.sign(&request);
    let reply = [authority.read("root.pem"), leaf, authority.read("inter.pem")].concat();
    let (found, problems) = look(&mut session, vec![file("reply.pem", &reply)], None);
    assert_eq!(problems, []);
    let [Found { proposal: Some(Proposal::Reply { alias, missing: None, replaces: false }), .. }] =
        found.as_slice()
    else {
        panic!("{found:?}")
    };
    assert_eq!(alias, "client");
    import_all(&mut session, &found).unwrap();
    let client = entry(&session, "client");
    assert_eq!((client.chain_state, client.certificates.len()), (ChainState::Complete, 3));

    // The same file again is nothing new.
    let (found, _) = look(&mut session, vec![file("reply.pem", &reply)], None);
    assert!(matches!(found[0].problem, Some(Problem::CertificateAlreadyThere { .. })), "{found:?}");
    assert_eq!(import_all(&mut session, &found).unwrap_err(), Problem::NothingFound);
}

#[test]
fn an_incomplete_reply_says_what_is_missing_and_is_completed_later() {
    let authority = Authority::new();
    let (mut session, request) = with_request();
    let leaf = authority.sign(&request);
    let (found, _) = look(&mut session, vec![file("leaf.pem", &leaf)], None);
    let Some(Proposal::Reply { missing: Some(missing), .. }) = &found[0].proposal else {
        panic!("{found:?}")
    };
    assert!(missing.contains("Example Intermediate"), "{missing}");
    import_all(&mut session, &found).unwrap();
    assert!(matches!(entry(&session, "client").chain_state, ChainState::Incomplete { .. }));

    // The missing ones arrive as files of their own: the chain is completed from the keystore.
    let files = vec![file("i.pem", &authority.read("inter.pem")), file("r.pem", &authority.read("root.pem"))];
    let (found, _) = look(&mut session, files, None);
    assert_eq!(found.len(), 2);
    import_all(&mut session, &found).unwrap();
    assert_eq!(entry(&session, "client").chain_state, ChainState::Complete);
}

#[test]
fn a_reply_for_another_key_is_said_and_changes_nothing() {
    let authority = Authority::new();
    let (mut session, _) = with_request();
    let (_, stranger) = authority.server("other.example.com");
    let before = session.view();
    let (found, _) = look(&mut session, vec![file("other.cer", &authority.der(&stranger))], None);
    assert!(matches!(&found[0].thing, FoundThing::Certificate { .. }));
    assert!(matches!(&found[0].problem, Some(Problem::ReplyFitsNoKey { .. })), "{found:?}");
    assert_eq!(session.view(), before);
}

#[test]
fn pkcs12_round_trip_and_wrong_password() {
    let authority = Authority::new();
    let (mut session, request) = with_request();
    let leaf = authority.sign(&request);
    let reply = [leaf, authority.read("inter.pem"), authority.read("root.pem")].concat();
    let (found, _) = look(&mut session, vec![file("reply.pem", &reply)], None);
    import_all(&mut session, &found).unwrap();
    let what = ExportFormat::Pkcs12 { password: Password::new("pässwörd") };
    let Ok(Response::File { name, content, .. }) =
        ask(&mut session, Request::Export { alias: "client".into(), what })
    else {
        panic!()
    };
    assert_eq!(name, "client.p12");

    let mut other = Session::new(false);
    let (found, problems) = look(&mut other, vec![file(&name, &content.0)], None);
    assert_eq!((found.len(), problems), (0, vec![Problem::PasswordNeeded { file: name.clone() }]));
    let (found, problems) = look(&mut other, vec![file(&name, &content.0)], Some("password"));
    assert_eq!((found.len(), problems), (0, vec![Problem::PasswordWrong { file: name.clone() }]));
    assert_eq!(other.view().entries, []);
    let (found, problems) = look(&mut other, vec![file(&name, &content.0)], Some("pässwörd"));
    assert_eq!(problems, []);
    import_all(&mut other, &found).unwrap();
    let imported = entry(&other, "client");
    assert_eq!((imported.kind, imported.chain_state), (EntryKind::KeyPair, ChainState::Complete));

    // The key is there already: nothing to import twice.
    let (found, _) = look(&mut session, vec![file(&name, &content.0)], Some("pässwörd"));
    assert!(matches!(found[0].problem, Some(Problem::KeyAlreadyThere { .. })), "{found:?}");
}

#[test]
fn every_change_can_be_undone_and_redone() {
    let authority = Authority::new();
    let (mut session, _) = with_request();
    let root = authority.der(&authority.read("root.pem"));
    let Ok(Response::Entry { alias }) =
        ask(&mut session, Request::Trust { certificate: root.clone().into(), alias: None })
    else {
        panic!()
    };
    assert_eq!(
        ask(&mut session, Request::Trust { certificate: root.into(), alias: None }).unwrap_err(),
        Problem::CertificateAlreadyThere { alias: alias.clone() }
    );
    ask(&mut session, Request::Rename { alias: alias.clone(), to: "Receiver".into() }).unwrap();
    assert_eq!(
        ask(&mut session, Request::Rename { alias: "receiver".into(), to: "CLIENT".into() }).unwrap_err(),
        Problem::AliasTaken { alias: "client".into() }
    );
    ask(&mut session, Request::Delete { alias: "client".into() }).unwrap();
    let end = session.view();
    let mut steps = 0;
    while session.view().undo.is_some() {
        ask(&mut session, Request::Undo).unwrap();
        steps += 1;
    }
    assert_eq!(steps, 5);
    assert_eq!(session.view().entries, []);
    assert_eq!(ask(&mut session, Request::Undo).unwrap_err(), Problem::NothingToUndo);
    while session.view().redo.is_some() {
        ask(&mut session, Request::Redo).unwrap();
    }
    assert_eq!(session.view(), end);
}

#[test]
fn the_vault_keeps_the_keystore_and_needs_its_passphrase() {
    let (mut session, _) = with_request();
    assert_eq!(session.seal(&mut random()).unwrap(), None);
    assert_eq!(session.keep(&Password::new(""), &mut random()).unwrap_err(), Problem::PasswordEmpty);
    session.keep(&Password::new("correct horse"), &mut random()).unwrap();
    let vault = session.seal(&mut random()).unwrap().expect("it is kept");
    assert_eq!(session.view().persistence, Persistence::Kept);

    let mut later = Session::new(true);
    assert_eq!(later.view().persistence, Persistence::Locked);
    assert_eq!(
        ask(&mut later, Request::Delete { alias: "client".into() }).unwrap_err(),
        Problem::VaultLocked
    );
    assert_eq!(later.unlock(&vault, &Password::new("wrong")).unwrap_err(), Problem::PassphraseWrong);
    assert_eq!(
        later.unlock(b"nonsense", &Password::new("correct horse")).unwrap_err(),
        Problem::VaultDamaged
    );
    later.unlock(&vault, &Password::new("correct horse")).unwrap();
    assert_eq!(later.view().entries, session.view().entries);
}

#[test]
fn bad_input_is_named_and_changes_nothing() {
    let (mut session, _) = with_request();
    let before = session.view();
    let request = |subject: &str, name: &str| Request::MakeRequest {
        alias: "client".into(),
        subject: subject.into(),
        alternative_names: vec![name.into()],
    };
    assert_eq!(ask(&mut session, request("", "")).unwrap_err(), Problem::SubjectEmpty);
    assert!(matches!(ask(&mut session, request("CN", "")).unwrap_err(), Problem::SubjectInvalid { .. }));
    assert!(matches!(
        ask(&mut session, request("CN=a", "not a name")).unwrap_err(),
        Problem::AlternativeNameInvalid { .. }
    ));
    assert!(matches!(session.check_new_alias("CLIENT").unwrap_err(), Problem::AliasTaken { .. }));
    assert!(matches!(session.check_new_alias(" ").unwrap_err(), Problem::AliasInvalid { .. }));
    let files = vec![
        file("empty", b""),
        file("note.txt", b"hello there, this is no certificate"),
        file("page.html", b"<!DOCTYPE html><html><body>log in</body></html>"),
        file("cut.cer", &[0x30, 0x82, 0x03, 0x00, 0x30, 0x82]),
        file("a.jks", &[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 0]),
    ];
    let (found, problems) = look(&mut session, files, None);
    assert_eq!(found, []);
    let words: Vec<String> = problems.iter().map(Problem::to_line).collect();
    assert_eq!(words.len(), 5, "{words:#?}");
    for (at, word) in words.iter().enumerate() {
        assert!(!words[..at].contains(word), "the same words twice: {word}");
    }
    assert!(matches!(problems[0], Problem::FileEmpty { .. }));
    assert!(matches!(problems[1], Problem::NotRecognised { .. }));
    assert!(matches!(problems[2], Problem::NotRecognised { .. }));
    assert!(
        matches!(problems[3], Problem::FileDamaged { .. } | Problem::NotRecognised { .. }),
        "{:?}",
        problems[3]
    );
    assert!(matches!(problems[4], Problem::FormatNotSupported { .. }));
    assert_eq!(session.view(), before);
}
