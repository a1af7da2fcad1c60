//! Files of plans from anybody.

use certwright_protocol::Problem;
use certwright_protocol::ui::{PlanKind, PlanSide, Request};

use super::side::Side;

fn exported() -> Vec<u8> {
    let mut client = Side::begin(PlanKind::Connect, PlanSide::Client);
    client.name_sides(443);
    client.desk.add_key("secret alias", certwright_protocol::ui::KeyChoice::EcP256);
    client.set("entry", "secret alias");
    client.export()
}

#[test]
fn a_plan_carries_no_alias_and_no_secret() {
    let text = String::from_utf8(exported()).unwrap();
    assert!(text.contains("Shop") && text.contains("localhost:443"));
    for private in ["secret alias", "entry", "PRIVATE"] {
        assert!(!text.contains(private), "{private} in {text}");
    }
}

#[test]
fn what_is_no_plan_is_refused() {
    let good = String::from_utf8(exported()).unwrap();
    let mut side = Side::new();
    assert_eq!(side.look(good.as_bytes()).0.len(), 1);
    let long = "x".repeat(500);
    for (from, to) in [
        ("\"certwright_plan\":1", "\"certwright_plan\":2"),
        ("\"version\":1", "\"version\":7"),
        ("\"Shop\"", "\"Shop\\nBcc: all@example.com\""),
        ("\"Shop\"", "\"S\\u202ehop\""),
        ("\"Shop\"", "7"),
        ("\"Shop\"", &format!("\"{long}\"")),
        ("\"connect\"", "\"system_certificate\""),
        ("\"connect\"", "\"rule_the_world\""),
        ("\"log\":[{\"at_ms\":", "\"log\":[{\"at_ms\":9007199254740993"),
        ("\"client_name\"", "\"../client\""),
        ("\"chains\":{}", "\"chains\":{\"server\":[\"AAAA\"]}"),
        ("\"chains\":{}", "\"chains\":[[[[[[[[[[[[]]]]]]]]]]]]"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        let (plans, problems) = side.look(bad.as_bytes());
        assert_eq!((plans.len(), problems), (0, 1), "{to}");
    }
    // Nesting, size and cut-off.
    let deep = format!("{{\"certwright_plan\":1, \"plan\":{}", "[".repeat(100_000));
    let large = format!("{}{}", good, " ".repeat(2 * 1024 * 1024));
    for bad in [deep.as_str(), large.as_str(), good.get(..good.len() / 2).unwrap()] {
        assert_eq!(side.look(bad.as_bytes()).1, 1);
    }
    assert!(side.ask(Request::OpenPlan { id: 0 }).is_err());
    assert!(side.desk.session.view().plans.is_empty());
}

#[test]
fn the_other_side_says_nothing_for_this_one() {
    let mut client = Side::begin(PlanKind::Connect, PlanSide::Client);
    client.name_sides(443);
    let mut server = Side::new();
    server.open(&client.export());
    let text = String::from_utf8(server.export()).unwrap();
    // A mark that claims to be the client's own.
    let marks = "\"marks\":{\"key\":{\"at_ms\":1, \"by\":\"client\"}, \"install\":{\"at_ms\":1, \"by\":\"server\"}, \"x\":{\"at_ms\":1, \"by\":\"client\"}";
    let forged =
        text.replacen("\"marks\":{", &format!("{marks},"), 1).replace(",}", "}").replace(",\n    }", "}");
    client.open(forged.as_bytes());
    assert_ne!(client.state("key"), certwright_protocol::ui::plans::StepState::Done);
    assert_eq!(client.state("install"), certwright_protocol::ui::plans::StepState::Done);

    // Another host, and a handshake that was never made, are not taken over either.
    let seen = "\"seen\":{\"test\":{\"at_ms\":9,\"requested\":true,\"outcome\":\"accepted\",\"shown\":\"00\",\"verdict\":\"reached\",\"words\":null}";
    let forged = text.replace("localhost:443", "elsewhere.example:443").replacen("\"seen\":{", seen, 1);
    assert_ne!(forged, text);
    client.open(forged.as_bytes());
    assert!(client.picture(PlanSide::Server).host.starts_with("localhost:"));
    assert_ne!(client.state("test"), certwright_protocol::ui::plans::StepState::Done);

    // A name that turns the direction of what is read is not shown; the others are.
    let seen = "\"seen\":{\"look\":{\"at_ms\":9,\"requested\":true,\"authorities\":[\"CN=Goo\\u202ed\",\"CN=Plain\"],\"outcome\":\"not_used\",\"shown\":null,\"verdict\":\"reached\",\"words\":null}";
    let forged = text.replacen("\"seen\":{", seen, 1);
    let mut reader = Side::new();
    reader.open(forged.as_bytes());
    let written = String::from_utf8(reader.export()).unwrap();
    assert!(written.contains("CN=Plain") && !written.contains("CN=Goo"), "{written}");

    // A file that this side wrote itself changes nothing.
    let own = client.export();
    let before = client.sheet();
    client.open(&own);
    assert_eq!(client.sheet(), before);
}

#[test]
fn what_a_step_does_not_offer_is_not_done() {
    let mut client = Side::begin(PlanKind::Connect, PlanSide::Client);
    for (step, act) in
        [("sides", "delete_entry"), ("trust", "delete_old"), ("nowhere", "done"), ("trust", "trust")]
    {
        assert_eq!(client.try_act(step, act).unwrap_err(), Problem::PlanStepGone, "{step} {act}");
    }
    let label = |problem| {
        matches!(
            problem,
            Problem::PlanValueInvalid { .. }
                | Problem::HostInvalid { .. }
                | Problem::NoSuchEntry { .. }
                | Problem::PlanStepGone
        )
    };
    for (field, value) in [
        ("client_name", "a\r\nb"),
        ("client_name", "x".repeat(300).as_str()),
        ("host", "a b"),
        ("host", "erp.example.com\nmail.example.com"),
        ("host", "erp.example.com:99999"),
        ("entry", "not there"),
        ("nowhere", "x"),
    ] {
        assert!(label(client.try_set(field, value).unwrap_err()), "{field} {value:?}");
    }
}
