//! Plans and lists of hosts lie in the vault, are brought together across tabs, and go with undo and lock.

use certwright_keystore::vault::VERSION;
use certwright_protocol::Password;
use certwright_protocol::ui::plans::StepState;
use certwright_protocol::ui::{PlanKind, PlanSide, Request, Response};

use super::side::Side;
use super::support::random;

fn seal(side: &mut Side) -> Vec<u8> {
    let vault = side.session().seal(&mut random()).unwrap().unwrap();
    side.session().stored();
    vault
}

#[test]
fn a_plan_is_where_it_was_after_the_vault_was_opened_again() {
    let mut side = Side::begin(PlanKind::Connect, PlanSide::Client);
    side.name_sides(8443);
    let passphrase = Password::new("correct horse");
    side.session().keep(&passphrase, &mut random()).unwrap();
    let vault = seal(&mut side);
    assert_eq!(vault.get(8), Some(&VERSION));
    side.session().lock().unwrap();
    assert!(side.desk.session.view().plans.is_empty());
    let id = side.id.clone();
    assert!(side.ask(Request::Plan { id }).is_err(), "a locked keystore shows nothing");
    side.session().unlock(&vault, &passphrase, &mut random()).unwrap();
    assert_eq!(side.state("sides"), StepState::Done);
    assert_eq!(side.summary().title, "Connect Shop to ERP");
}

#[test]
fn two_tabs_work_on_one_plan() {
    let mut one = Side::begin(PlanKind::Connect, PlanSide::Client);
    let passphrase = Password::new("correct horse");
    one.session().keep(&passphrase, &mut random()).unwrap();
    let vault = seal(&mut one);
    let mut two = Side::new();
    two.desk.session = certwright_engine::session::Session::new(true);
    two.session().unlock(&vault, &passphrase, &mut random()).unwrap();
    two.id.clone_from(&one.id);

    one.set("client_name", "Shop");
    let first = seal(&mut one);
    // The other tab has changed something else meanwhile, and a list of hosts besides.
    two.set("server_name", "ERP");
    two.ask(Request::SaveHosts { name: "All".into(), text: "erp.example.com\nmail.example.com:25".into() })
        .unwrap();
    two.session().take_over(&first).unwrap();
    let second = seal(&mut two);
    one.session().take_over(&second).unwrap();
    for side in [&mut one, &mut two] {
        let summary = side.summary();
        assert_eq!(summary.title, "Connect Shop to ERP");
        let lists = side.desk.session.view().host_lists;
        assert_eq!((lists.len(), lists[0].hosts), (1, 2));
    }

    // What one deletes and the other changes stays; what nobody touched goes.
    let id = one.id.clone();
    one.ask(Request::DeletePlan { id }).unwrap();
    let third = seal(&mut one);
    two.set("host", "erp.example.com");
    two.session().take_over(&third).unwrap();
    assert_eq!(two.summary().title, "Connect Shop to ERP");
    one.ask(Request::DeleteHosts { name: "all".into() }).unwrap();
    let fourth = seal(&mut one);
    two.session().take_over(&fourth).unwrap();
    assert!(two.desk.session.view().host_lists.is_empty());

    // A tab takes back what it did itself.
    two.set("client_name", "Webshop");
    assert_eq!(two.summary().title, "Connect Webshop to ERP");
    two.ask(Request::Undo).unwrap();
    assert_eq!(two.summary().title, "Connect Shop to ERP");
}

#[test]
fn a_list_that_two_tabs_changed_takes_no_other_ones_place() {
    let mut one = Side::begin(PlanKind::Connect, PlanSide::Client);
    let passphrase = Password::new("correct horse");
    one.session().keep(&passphrase, &mut random()).unwrap();
    let save = |side: &mut Side, name: &str, text: &str| {
        side.ask(Request::SaveHosts { name: name.into(), text: text.into() }).unwrap();
    };
    for name in ["All", "All (2)", "All (3)"] {
        save(&mut one, name, &format!("first.{}.example", name.len()));
    }
    let vault = seal(&mut one);
    let mut two = Side::new();
    two.desk.session = certwright_engine::session::Session::new(true);
    two.session().unlock(&vault, &passphrase, &mut random()).unwrap();

    save(&mut one, "All", "one.example");
    let theirs = seal(&mut one);
    save(&mut two, "All", "two.example");
    two.ask(Request::DeleteHosts { name: "All (3)".into() }).unwrap();
    two.session().take_over(&theirs).unwrap();
    let lists = two.desk.session.view().host_lists;
    let lists: Vec<_> = lists.iter().map(|list| (list.name.as_str(), list.text.as_str())).collect();
    let expected = [("All", "one.example"), ("All (2)", "first.7.example"), ("All (4)", "two.example")];
    assert_eq!(lists, expected);
}

#[test]
fn lists_of_hosts_are_kept_by_name() {
    let mut side = Side::begin(PlanKind::Connect, PlanSide::Client);
    side.set("host", "erp.example.com:8443");
    for text in ["a.example", "a.example\nb.example"] {
        side.ask(Request::SaveHosts { name: " Mine ".into(), text: text.into() }).unwrap();
    }
    side.ask(Request::SaveHosts { name: "MINE".into(), text: "c.example".into() }).unwrap();
    let lists = side.desk.session.view().host_lists;
    assert_eq!(lists.len(), 1);
    assert_eq!((lists[0].name.as_str(), lists[0].text.as_str()), ("MINE", "c.example"));
    for bad in ["", "  ", "a\nb"] {
        assert!(side.ask(Request::SaveHosts { name: bad.into(), text: String::new() }).is_err(), "{bad:?}");
    }
    let Ok(Response::Hosts { list }) = side.ask(Request::PlanHosts) else { panic!("no hosts") };
    assert_eq!((list.hosts[0].host.as_str(), list.hosts[0].port), ("erp.example.com", 8443));
    side.undo_all();
    assert!(side.desk.session.view().host_lists.is_empty());
}
