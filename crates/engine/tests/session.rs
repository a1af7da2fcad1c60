//! A session from the first key to the exported keystore, with openssl as certification authority.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use certwright_engine::session::Session;
use certwright_protocol::ui::{
    ExportFormat, Found, FoundThing, KeyChoice, Pkcs12Target, Proposal, Request, Response, Told,
};
use certwright_protocol::view::{ChainState, EntryKind, Persistence};
use certwright_protocol::{Password, Problem};
use support::desk::Desk;
use support::{Authority, random};

/// A session with a key "client" and its signing request, PEM.
fn with_request() -> (Desk, Vec<u8>) {
    let mut desk = Desk::with_keys(&["client"]);
    let names = ["client.example.com", " ", "10.1.2.3"];
    let plan = desk.plan("client", "CN=client.example.com,O=Example GmbH,C=DE", &names).unwrap();
    let request = desk.make_request("client", plan).unwrap();
    assert!(request.signature_valid);
    assert_eq!(request.fits_alias.as_deref(), Some("client"));
    assert_eq!(request.subject_alternative_names.len(), 2);
    assert_eq!(request.extended_key_usage, ["clientAuth"]);
    assert_eq!(desk.entry("client").chain_state, ChainState::Pending);
    (desk, request.pem.into_bytes())
}

#[test]
fn a_reply_in_any_order_completes_its_key() {
    let authority = Authority::new();
    let (mut desk, request) = with_request();
    let leaf = authority.sign(&request);
    let reply = [authority.read("root.pem"), leaf, authority.read("inter.pem")].concat();
    let looked = desk.look(&[("reply.pem", &reply)], &[]);
    assert_eq!(looked.problems, []);
    let [Found { proposal: Some(Proposal::Reply { alias, missing: None, replaces: false }), .. }] =
        looked.found.as_slice()
    else {
        panic!("{:?}", looked.found)
    };
    assert_eq!(alias, "client");
    desk.import_all(&looked.found).unwrap();
    let client = desk.entry("client");
    assert_eq!((client.chain_state, client.chain_length), (ChainState::Complete, 3));
    assert_eq!(desk.detail("client").certificates.len(), 3);

    // The same file again is nothing new.
    let found = desk.look(&[("reply.pem", &reply)], &[]).found;
    assert_eq!(kind_of(&found[0]), "certificate_already_there", "{found:?}");
    assert_eq!(desk.import_all(&found).unwrap_err(), Problem::NothingFound);
}

#[test]
fn a_renewal_keeps_the_old_certificate_until_it_is_dropped() {
    let authority = Authority::new();
    let (mut desk, request) = with_request();
    let chain = |leaf: Vec<u8>| [leaf, authority.read("inter.pem"), authority.read("root.pem")].concat();
    let found = desk.look(&[("first.pem", &chain(authority.sign(&request)))], &[]).found;
    desk.import_all(&found).unwrap();
    let first = desk.detail("client").certificates[0].clone();
    let found = desk.look(&[("second.pem", &chain(authority.sign(&request)))], &[]).found;
    assert!(matches!(found[0].proposal, Some(Proposal::Reply { replaces: true, .. })), "{found:?}");
    desk.import_all(&found).unwrap();
    let renewed = desk.detail("client");
    assert_ne!(renewed.certificates[0], first);
    assert_eq!(renewed.previous.len(), 1);
    assert_eq!(renewed.previous[0].certificates[0], first);

    desk.ask(Request::RestorePrevious { alias: "client".into(), index: 0 }).unwrap();
    let back = desk.detail("client");
    assert_eq!(back.certificates[0], first);
    assert_eq!(back.previous[0].certificates[0], renewed.certificates[0]);
    desk.ask(Request::DropPrevious { alias: "client".into(), index: 0 }).unwrap();
    assert_eq!(desk.detail("client").previous, []);
    let again = desk.ask(Request::DropPrevious { alias: "client".into(), index: 0 }).unwrap_err();
    assert_eq!(again, Problem::NoSuchPrevious { alias: "client".into() });
}

#[test]
fn an_incomplete_reply_says_what_is_missing_and_is_completed_later() {
    let authority = Authority::new();
    let (mut desk, request) = with_request();
    let leaf = authority.sign(&request);
    let found = desk.look(&[("leaf.pem", &leaf)], &[]).found;
    let Some(Proposal::Reply { missing: Some(missing), .. }) = &found[0].proposal else {
        panic!("{found:?}")
    };
    assert!(missing.contains("Example Intermediate"), "{missing}");
    desk.import_all(&found).unwrap();
    assert!(matches!(desk.entry("client").chain_state, ChainState::Incomplete { .. }));

    // The missing ones arrive as files of their own: the chain is completed from the keystore.
    let files: [(&str, &[u8]); 2] =
        [("i.pem", &authority.read("inter.pem")), ("r.pem", &authority.read("root.pem"))];
    let found = desk.look(&files, &[]).found;
    assert_eq!(found.len(), 2);
    desk.import_all(&found).unwrap();
    assert_eq!(desk.entry("client").chain_state, ChainState::Complete);
}

#[test]
fn a_reply_for_another_key_is_said_and_changes_nothing() {
    let authority = Authority::new();
    let (mut desk, _) = with_request();
    let (_, stranger) = authority.server("other.example.com");
    let before = desk.session.view();
    let found = desk.look(&[("other.cer", &authority.der(&stranger))], &[]).found;
    assert!(matches!(&found[0].thing, FoundThing::Certificate { .. }));
    assert_eq!(kind_of(&found[0]), "reply_fits_no_key", "{found:?}");
    assert_eq!(desk.session.view(), before);
}

#[test]
fn pkcs12_round_trip_and_wrong_password() {
    let authority = Authority::new();
    let (mut desk, request) = with_request();
    let leaf = authority.sign(&request);
    let reply = [leaf, authority.read("inter.pem"), authority.read("root.pem")].concat();
    let found = desk.look(&[("reply.pem", &reply)], &[]).found;
    desk.import_all(&found).unwrap();
    let what = ExportFormat::Pkcs12 { password: Password::new("pässwörd"), target: Pkcs12Target::Modern };
    let (name, content) = desk.export(&["client"], what).unwrap();
    assert_eq!(name, "client.p12");

    let mut other = Desk::new();
    let looked = other.look(&[(&name, &content)], &[]);
    assert_eq!(
        (looked.found.len(), looked.problems),
        (0, vec![Told::from(Problem::PasswordNeeded { file: name.clone() })])
    );
    let looked = other.look(&[(&name, &content)], &["password"]);
    assert_eq!(
        (looked.found.len(), looked.problems),
        (0, vec![Told::from(Problem::PasswordWrong { file: name.clone() })])
    );
    assert_eq!(other.entries(), []);
    let looked = other.look(&[(&name, &content)], &["password", "pässwörd"]);
    assert_eq!(looked.problems, []);
    assert_eq!((looked.stores.len(), looked.stores[0].key_pairs, looked.stores[0].told), (1, 1, true));
    other.import_all(&looked.found).unwrap();
    let imported = other.entry("client");
    assert_eq!((imported.kind, imported.chain_state), (EntryKind::KeyPair, ChainState::Complete));

    // The key is there already: nothing to import twice.
    let found = desk.look(&[(&name, &content)], &["pässwörd"]).found;
    assert_eq!(kind_of(&found[0]), "key_already_there", "{found:?}");
}

#[test]
fn every_change_can_be_undone_and_redone() {
    let authority = Authority::new();
    let (mut desk, _) = with_request();
    let root = authority.der(&authority.read("root.pem"));
    let trust = |alias| Request::Trust { certificate: root.clone().into(), alias };
    let Ok(Response::Entry { alias }) = desk.ask(trust(None)) else { panic!() };
    assert_eq!(desk.ask(trust(None)).unwrap_err(), Problem::CertificateAlreadyThere { alias: alias.clone() });
    desk.ask(Request::Rename { alias: alias.clone(), to: "Receiver".into() }).unwrap();
    assert_eq!(
        desk.ask(Request::Rename { alias: "receiver".into(), to: "CLIENT".into() }).unwrap_err(),
        Problem::AliasTaken { alias: "client".into() }
    );
    desk.ask(Request::Delete { aliases: vec!["client".into()] }).unwrap();
    let end = desk.session.view();
    let mut steps = 0;
    while desk.session.view().undo.is_some() {
        desk.ask(Request::Undo).unwrap();
        steps += 1;
    }
    assert_eq!(steps, 5);
    assert_eq!(desk.entries(), []);
    assert_eq!(desk.ask(Request::Undo).unwrap_err(), Problem::NothingToUndo);
    while desk.session.view().redo.is_some() {
        desk.ask(Request::Redo).unwrap();
    }
    assert_eq!(desk.session.view(), end);
}

#[test]
fn the_vault_keeps_the_keystore_and_needs_its_passphrase() {
    let (mut desk, _) = with_request();
    let session = &mut desk.session;
    assert_eq!(session.seal(&mut random()).unwrap(), None);
    assert_eq!(session.keep(&Password::new(""), &mut random()).unwrap_err(), Problem::PasswordEmpty);
    session.keep(&Password::new("correct horse"), &mut random()).unwrap();
    let vault = session.seal(&mut random()).unwrap().expect("it is kept");
    assert_eq!(session.view().persistence, Persistence::Kept);

    let mut later = Desk { session: Session::new(true), ..Desk::new() };
    assert_eq!(later.session.view().persistence, Persistence::Locked);
    assert_eq!(
        later.ask(Request::Delete { aliases: vec!["client".into()] }).unwrap_err(),
        Problem::VaultLocked
    );
    let mut unlock =
        |vault: &[u8], passphrase| later.session.unlock(vault, &Password::new(passphrase), &mut random());
    assert_eq!(unlock(&vault, "wrong").unwrap_err(), Problem::PassphraseWrong);
    assert_eq!(unlock(b"nonsense", "correct horse").unwrap_err(), Problem::VaultDamaged);
    unlock(&vault, "correct horse").unwrap();
    assert_eq!(later.entries(), desk.entries());

    // Another passphrase: the old one is asked for, and opens nothing any more.
    let session = &mut later.session;
    let (old, new) = (Password::new("correct horse"), Password::new("battery staple"));
    let wrong = session.change_passphrase(&vault, &new, &new, &mut random()).unwrap_err();
    assert_eq!(wrong, Problem::PassphraseWrong);
    session.change_passphrase(&vault, &old, &new, &mut random()).unwrap();
    let vault = session.seal(&mut random()).unwrap().expect("it is kept");
    let mut third = Session::new(true);
    assert_eq!(third.unlock(&vault, &old, &mut random()).unwrap_err(), Problem::PassphraseWrong);
    third.unlock(&vault, &new, &mut random()).unwrap();
    assert_eq!(third.view().entries, desk.entries());
}

#[test]
fn a_locked_entry_is_used_and_never_given_away() {
    let authority = Authority::new();
    let (mut desk, request) = with_request();
    let reply = [authority.sign(&request), authority.read("inter.pem"), authority.read("root.pem")].concat();
    let found = desk.look(&[("reply.pem", &reply)], &[]).found;
    desk.import_all(&found).unwrap();
    let set = |locked| Request::SetLocked { aliases: vec!["client".into()], locked };
    desk.ask(set(true)).unwrap();
    assert!(desk.entry("client").locked);
    let password = || Password::new("secret");
    let refused = [
        ExportFormat::Pkcs12 { password: password(), target: Pkcs12Target::Modern },
        ExportFormat::Jks { password: password() },
        ExportFormat::KeyAndChainPem { password: Some(password()) },
        ExportFormat::PrivateKey {
            format: certwright_protocol::ui::KeyFileFormat::Pkcs8Pem,
            password: Some(password()),
        },
    ];
    let locked = Problem::EntryLocked { alias: "client".into() };
    for format in refused {
        assert_eq!(desk.export(&["client"], format.clone()).unwrap_err(), locked, "{format:?}");
    }
    assert_eq!(desk.ask(Request::Delete { aliases: vec!["client".into()] }).unwrap_err(), locked);
    // Its certificates are public, and its key still signs.
    desk.export(&["client"], ExportFormat::Chain).unwrap();
    let plan = desk.plan("client", "CN=client", &[]).unwrap();
    desk.make_request("client", plan).unwrap();
    desk.ask(set(false)).unwrap();
    desk.export(&["client"], ExportFormat::KeyAndChainPem { password: None }).unwrap();
}

#[test]
fn bad_input_is_named_and_changes_nothing() {
    let (mut desk, _) = with_request();
    let before = desk.session.view();
    let mut request = |subject: &str, name: &str| -> Problem {
        let plan = match desk.plan("client", subject, &[name]) {
            Ok(plan) => plan,
            Err(problem) => return problem,
        };
        desk.make_request("client", plan).unwrap_err()
    };
    assert_eq!(request("", ""), Problem::SubjectEmpty);
    assert!(matches!(request("CN", ""), Problem::SubjectInvalid { .. }));
    assert!(matches!(request("CN=a", "not a name"), Problem::AlternativeNameInvalid { .. }));
    let mut plan = desk.plan("client", "CN=a", &[]).unwrap();
    plan.subject[0][0].name = "nonsense".into();
    let problem = desk.make_request("client", plan).unwrap_err();
    assert!(
        matches!(&problem, Problem::SubjectAttributeInvalid { rdn: 0, attribute: 0, name, .. } if name == "nonsense"),
        "{problem:?}"
    );
    let taken = desk.session.check_new_key(desk.store, "CLIENT", KeyChoice::EcP256).unwrap_err();
    assert!(matches!(taken, Problem::AliasTaken { .. }));
    let empty = desk.session.check_new_key(desk.store, " ", KeyChoice::EcP256).unwrap_err();
    assert!(matches!(empty, Problem::AliasInvalid { .. }));
    let weak = desk.session.check_new_key(desk.store, "weak", KeyChoice::Rsa { bits: 1024 });
    assert!(weak.is_err());
    let files: [(&str, &[u8]); 5] = [
        ("empty", b""),
        ("note.txt", b"hello there, this is no certificate"),
        ("page.html", b"<!DOCTYPE html><html><body>log in</body></html>"),
        ("cut.cer", &[0x30, 0x82, 0x03, 0x00, 0x30, 0x82]),
        ("a.jks", &[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 9]),
    ];
    let looked = desk.look(&files, &[]);
    assert_eq!(looked.found, []);
    let problems = looked.problems;
    let words: Vec<String> = problems.iter().map(|problem| format!("{:?}", problem.words)).collect();
    assert_eq!(words.len(), 5, "{words:#?}");
    for (at, word) in words.iter().enumerate() {
        assert!(!words[..at].contains(word), "the same words twice: {word}");
    }
    let kinds: Vec<&str> = problems.iter().map(|problem| problem.kind.as_str()).collect();
    assert_eq!(
        [kinds[0], kinds[1], kinds[2], kinds[4]],
        ["file_empty", "not_recognised", "not_recognised", "file_damaged"]
    );
    assert!(["file_damaged", "not_recognised"].contains(&kinds[3]), "{kinds:?}");
    assert_eq!(desk.session.view(), before);
}

/// The kind of a found thing's problem.
fn kind_of(found: &Found) -> &str {
    found.problem.as_ref().map(|problem| problem.kind.as_str()).unwrap_or_default()
}
