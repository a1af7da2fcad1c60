//! Keystores beside each other, merging, and two tabs with one vault; keytool makes the Java keystores.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::fs;
use std::process::Command;

use certwright_engine::session::Session;
use certwright_protocol::ui::{
    ExportFormat, KeyChoice, MergeMode, MergeOutcome, MergeReason, MergeRow, MergeSource, Pkcs12Target,
    Request, Response, Sample, StoreId, Told,
};
use certwright_protocol::view::{AliasProfile, ChainState, Persistence};
use certwright_protocol::{Password, Problem};
use support::desk::{Desk, NOW};
use support::random;

/// A JKS that keytool made: a key "client" with its own password, and the same certificate as trusted "peer".
fn java_keystore() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let keytool = |arguments: &[&str]| {
        let output = Command::new("keytool").args(arguments).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    };
    let store = ["-keystore", "store.jks", "-storetype", "JKS", "-storepass", "storepass"];
    let with = |more: &[&'static str]| -> Vec<&str> { [more, &store[..]].concat() };
    keytool(&with(&[
        "-genkeypair",
        "-alias",
        "client",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        "CN=client",
        "-keypass",
        "keypass",
    ]));
    keytool(&with(&["-exportcert", "-alias", "client", "-file", "client.cer"]));
    keytool(&with(&["-importcert", "-noprompt", "-alias", "peer", "-file", "client.cer"]));
    fs::read(folder.path().join("store.jks")).unwrap()
}

fn open(desk: &mut Desk, id: u32) -> StoreId {
    match desk.ask(Request::OpenStore { id }) {
        Ok(Response::Store { store }) => store,
        other => panic!("{other:?}"),
    }
}

fn merge(desk: &mut Desk, from: StoreId, mode: MergeMode, overwrite: bool, apply: bool) -> Vec<MergeRow> {
    let from = MergeSource::Store { store: from };
    match desk.ask(Request::Merge { from, aliases: None, mode, overwrite, apply }) {
        Ok(Response::Merged { rows, applied }) => {
            assert_eq!(applied, apply);
            rows
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_java_keystore_is_opened_beside_and_its_entry_with_its_own_password() {
    let file = java_keystore();
    let mut desk = Desk::with_keys(&["own"]);
    // Without any password: the public part.
    let looked = desk.look(&[("store.jks", &file)], &[]);
    assert_eq!((looked.stores[0].locked, looked.stores[0].certificates), (1, 1), "{:?}", looked.stores);
    // A wrong password is said to be wrong.
    let looked = desk.look(&[("store.jks", &file)], &["nonsense"]);
    assert_eq!(looked.problems, [Told::from(Problem::PasswordWrong { file: "store.jks".into() })]);
    // The store's password: the entry has another.
    let looked = desk.look(&[("store.jks", &file)], &["storepass"]);
    assert_eq!(looked.problems, []);
    assert_eq!((looked.stores[0].locked, looked.stores[0].key_pairs), (1, 0));
    desk.store = open(&mut desk, looked.stores[0].id);
    assert_eq!(desk.aliases(), ["peer", "client"]);
    assert!(desk.entry("client").closed);
    assert_eq!(desk.detail("client").certificates.len(), 1);
    let closed = Problem::EntryClosed { alias: "client".into() };
    let pkcs12 = || ExportFormat::Pkcs12 { password: Password::new("x"), target: Pkcs12Target::Modern };
    assert_eq!(desk.export(&["client"], pkcs12()).unwrap_err(), closed);
    assert_eq!(
        desk.export(&[], ExportFormat::AsOpened).unwrap_err(),
        closed,
        "nothing is left out in silence"
    );
    let wrong = desk.ask(Request::UnlockEntries { password: Password::new("storepass") }).unwrap_err();
    assert!(matches!(wrong, Problem::PasswordWrong { .. }));
    desk.ask(Request::UnlockEntries { password: Password::new("keypass") }).unwrap();
    assert!(!desk.entry("client").closed);
    assert_eq!(desk.detail("client").signatures[0], "ECDSA with SHA-256");

    // Renamed and saved in its own format, with its own password.
    desk.ask(Request::Rename { alias: "client".into(), to: "renamed".into() }).unwrap();
    assert!(desk.session.view().stores[0].changed);
    let (name, saved) = desk.export(&[], ExportFormat::AsOpened).unwrap();
    assert_eq!(name, "store.jks");
    assert!(!desk.session.view().stores[0].changed);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("saved.jks"), saved).unwrap();
    let listed = Command::new("keytool")
        .args(["-list", "-keystore", "saved.jks", "-storepass", "storepass"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("renamed,") && listed.contains("peer,"), "{listed}");

    // The browser's keystore was not touched, and everything can be undone up to the opening.
    assert_eq!(desk.session.view().entries.len(), 1);
    while desk.session.view().undo.is_some_and(|name| !name.starts_with("New key")) {
        desk.ask(Request::Undo).unwrap();
    }
    assert_eq!(desk.session.view().stores, []);
    assert_eq!(desk.ask(Request::CloseStore).unwrap_err(), Problem::NoSuchStore);
}

#[test]
fn merging_tells_what_becomes_of_every_entry_and_does_all_or_nothing() {
    let mut desk = Desk::with_keys(&["same", "clash", "locked", "stays"]);
    let everything = desk.export(
        &["same"],
        ExportFormat::Pkcs12 { password: Password::new("x"), target: Pkcs12Target::Modern },
    );
    // A key without certificate is written as well: nothing is lost in a store.
    let file = everything.unwrap().1;
    let looked = desk.look(&[("other.p12", &file)], &["x"]);
    let other = open(&mut desk, looked.stores[0].id);
    let home = desk.store;
    desk.store = other;
    for alias in ["clash", "locked", "new", "sap_x"] {
        desk.add_key(alias, KeyChoice::EcP256);
    }
    desk.store = home;
    desk.ask(Request::SetLocked { aliases: vec!["locked".into()], locked: true }).unwrap();
    desk.ask(Request::SetProfile { profile: AliasProfile::SapIntegrationSuite }).unwrap();
    let before = desk.session.view();
    let outcome = |rows: &[MergeRow], alias: &str| {
        rows.iter().find(|row| row.alias == alias).map(|row| row.outcome.clone()).expect("a row")
    };
    let not = |reason| MergeOutcome::NotImported { reason };

    let rows = merge(&mut desk, other, MergeMode::Add, false, false);
    assert_eq!(outcome(&rows, "same"), MergeOutcome::Unchanged);
    assert_eq!(outcome(&rows, "clash"), not(MergeReason::AliasTaken));
    assert_eq!(outcome(&rows, "new"), MergeOutcome::Created);
    assert_eq!(outcome(&rows, "sap_x"), not(MergeReason::AliasReserved));
    assert_eq!(desk.session.view(), before, "planning changes nothing");

    let rows = merge(&mut desk, other, MergeMode::Add, true, true);
    assert_eq!(outcome(&rows, "clash"), MergeOutcome::Updated);
    assert!(rows.iter().any(|row| row.alias == "clash" && row.key_lost));
    assert_eq!(outcome(&rows, "locked"), not(MergeReason::Locked));
    assert_eq!(desk.aliases(), ["same", "clash", "locked", "stays", "new"]);
    desk.ask(Request::Undo).unwrap();
    assert_eq!(desk.session.view().entries, before.entries);

    let rows = merge(&mut desk, other, MergeMode::Replace, true, true);
    assert_eq!(outcome(&rows, "stays"), MergeOutcome::Removed);
    assert!(desk.aliases().contains(&"locked".to_owned()));
    assert!(!desk.aliases().contains(&"stays".to_owned()));
}

#[test]
fn large_keystores_are_told_as_a_whole() {
    let mut desk = Desk::new();
    for number in 0..45 {
        desk.add_key(&format!("key {number}"), KeyChoice::Ed25519);
    }
    let what = ExportFormat::Pkcs12 { password: Password::new("x"), target: Pkcs12Target::OpenSsl11 };
    let file = desk.export(&[], what).unwrap().1;
    let looked = desk.look(&[("many.p12", &file)], &["x"]);
    assert_eq!((looked.found.len(), looked.stores[0].key_pairs, looked.stores[0].told), (0, 45, false));
}

#[test]
fn two_tabs_lose_nothing() {
    let passphrase = Password::new("correct horse");
    let mut first = Desk::with_keys(&["both", "deleted here", "changed there"]);
    first.session.keep(&passphrase, &mut random()).unwrap();
    let stored = first.session.seal(&mut random()).unwrap().unwrap();
    first.session.stored();
    let mut second = Desk { session: Session::new(true), ..Desk::new() };
    second.session.unlock(&stored, &passphrase, &mut random()).unwrap();

    // The second tab saves; the first has made changes of its own meanwhile.
    second.add_key("from there", KeyChoice::EcP256);
    second.ask(Request::Rename { alias: "changed there".into(), to: "renamed there".into() }).unwrap();
    second.add_key("clash", KeyChoice::EcP256);
    let theirs = second.session.seal(&mut random()).unwrap().unwrap();
    second.session.stored();
    first.ask(Request::Delete { aliases: vec!["deleted here".into()] }).unwrap();
    first.add_key("from here", KeyChoice::EcP256);
    first.add_key("clash", KeyChoice::EcP256);
    first.session.take_over(&theirs).unwrap();
    let mut aliases = first.aliases();
    aliases.sort();
    assert_eq!(aliases, ["both", "clash", "clash-2", "from here", "from there", "renamed there"]);

    // Undo takes back what was done here, and not what came from the other tab.
    first.ask(Request::Undo).unwrap();
    first.ask(Request::Undo).unwrap();
    first.ask(Request::Undo).unwrap();
    let aliases = first.aliases();
    for alias in ["both", "from there", "renamed there", "deleted here"] {
        assert!(aliases.contains(&alias.to_owned()), "{alias} in {aliases:?}");
    }
    assert!(!aliases.contains(&"from here".to_owned()), "{aliases:?}");

    // Another passphrase in the other tab: this one keeps what it has, and says why it cannot go on.
    second.session.change_passphrase(&theirs, &passphrase, &Password::new("other"), &mut random()).unwrap();
    let theirs = second.session.seal(&mut random()).unwrap().unwrap();
    let before = first.session.view();
    assert_eq!(first.session.take_over(&theirs).unwrap_err(), Problem::PassphraseChangedElsewhere);
    assert_eq!(first.session.view(), before);
}

#[test]
fn a_kept_keystore_comes_back_from_its_file() {
    let mut desk = Desk::with_keys(&["client"]);
    assert_eq!(desk.ask(Request::ExportVault).unwrap_err(), Problem::NothingKept);
    desk.session.keep(&Password::new("correct horse"), &mut random()).unwrap();
    let Ok(Response::File { name, content, .. }) = desk.ask(Request::ExportVault) else { panic!() };

    let mut other = Desk::new();
    let looked = other.look(&[(&name, &content.0)], &[]);
    assert_eq!(looked.problems, [Told::from(Problem::PasswordNeeded { file: name.clone() })]);
    let looked = other.look(&[(&name, &content.0)], &["wrong"]);
    assert_eq!(looked.problems, [Told::from(Problem::PasswordWrong { file: name.clone() })]);
    let looked = other.look(&[(&name, &content.0)], &["correct horse"]);
    let from = MergeSource::File { id: looked.stores[0].id };
    let request = Request::Merge { from, aliases: None, mode: MergeMode::Add, overwrite: false, apply: true };
    other.ask(request).unwrap();
    assert_eq!(other.aliases(), ["client"]);
    assert_eq!(other.detail("client").public_key_pem, desk.detail("client").public_key_pem);
}

#[test]
fn locking_keeps_what_is_stored_nowhere() {
    let mut desk = Desk::with_keys(&["client"]);
    desk.session.keep(&Password::new("correct horse"), &mut random()).unwrap();
    let Ok(Response::Store { store }) = desk.ask(Request::NewStore { name: "draft".into() }) else {
        panic!()
    };
    desk.ask(Request::NewStore { name: "empty".into() }).unwrap();
    desk.store = store;
    desk.add_key("unsaved", KeyChoice::EcP256);
    desk.session.lock().unwrap();
    let view = desk.session.view();
    assert_eq!((view.persistence, view.entries.len(), view.stores.len()), (Persistence::Locked, 0, 1));
    assert_eq!(view.stores[0].entries[0].alias, "unsaved");
    assert_eq!(desk.ask_at(NOW, Request::Undo).unwrap_err(), Problem::NothingToUndo);
}

#[test]
fn samples_show_what_they_are_named_after_with_fresh_keys() {
    let now = NOW / 1000;
    let mut keys = std::collections::BTreeSet::new();
    for sample in Sample::ALL.into_iter().chain(Sample::ALL) {
        let mut desk = Desk::new();
        let Response::Store { store } = desk.ask(Request::OpenSample { sample }).unwrap() else {
            panic!("no store")
        };
        let view = desk.session.view();
        assert_eq!(view.entries, []);
        assert_eq!(view.stores.len(), 1);
        let opened = &view.stores[0];
        assert_eq!((opened.id, opened.changed), (store, false));
        desk.store = store;
        let state =
            |alias: &str| &opened.entries.iter().find(|entry| entry.alias == alias).unwrap().chain_state;
        let left = |alias: &str| {
            let entry = opened.entries.iter().find(|entry| entry.alias == alias).unwrap();
            (entry.certificate.as_ref().unwrap().not_after - now) / 86_400
        };
        match sample {
            Sample::MutualTls => assert_eq!(state("erp-client"), &ChainState::Complete),
            Sample::MissingIntermediate => {
                let ChainState::Incomplete { missing, .. } = state("shop-client") else { panic!("complete") };
                assert!(missing.contains("Example Issuing CA 1"), "{missing}");
            }
            Sample::Renewal => {
                assert!(left("billing-old") < 0);
                assert!((10..30).contains(&left("billing")));
                assert_eq!(state("billing-next"), &ChainState::Pending);
                assert!(left("orders") > 200);
            }
        }
        for entry in &opened.entries {
            let Response::Detail { entry } =
                desk.ask(Request::Detail { alias: entry.alias.clone() }).unwrap()
            else {
                panic!("no detail")
            };
            assert!(keys.insert(entry.public_key_pem.clone().unwrap()), "a key came twice");
        }
    }
}
