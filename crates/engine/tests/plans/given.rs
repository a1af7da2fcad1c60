//! What a step takes from files: with a password, and as the package that the other side has sent.

use certwright_protocol::Problem;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::StepState;
use certwright_protocol::ui::{PlanKind, PlanSide};

use super::side::Side;
use super::support::Authority;

#[test]
fn a_file_with_a_password() {
    let authority = Authority::new();
    let (key, certificate) = authority.server("localhost");
    authority.write("erp.key", &key);
    authority.write("erp.pem", &certificate);
    let chain = [authority.read("inter.pem"), authority.read("root.pem")].concat();
    authority.write("chain.pem", &chain);
    authority.openssl(&[
        "pkcs12",
        "-export",
        "-inkey",
        "erp.key",
        "-in",
        "erp.pem",
        "-certfile",
        "chain.pem",
        "-out",
        "erp.p12",
        "-passout",
        "pass:secret",
    ]);
    let file = authority.read("erp.p12");
    let mut client = Side::begin(PlanKind::Connect, PlanSide::Client);
    client.name_sides(443);
    let files: &[(&str, &[u8])] = &[("erp.p12", &file)];
    let closed = client.files("trust", "server_files", files).unwrap_err();
    assert_eq!(closed, Problem::PasswordNeeded { file: "erp.p12".into() });
    let wrong = client.files_with("trust", "server_files", files, &["guess"]).unwrap_err();
    assert_eq!(wrong, Problem::PasswordWrong { file: "erp.p12".into() });
    client.files_with("trust", "server_files", files, &["guess", "secret"]).unwrap();
    client.expect_finding("trust", Tone::Warn, "To be trusted: “Example Root”");
    client.act("trust", "trust");
    assert_eq!(client.state("trust"), StepState::Done);
    // The key that came along is nowhere.
    assert_eq!(client.desk.aliases(), ["Example Root"]);
    let nothing = client.files("trust", "server_files", &[("note.txt", b"see you on Monday")]).unwrap_err();
    assert!(matches!(nothing, Problem::NotRecognised { .. }), "{nothing:?}");
}

#[test]
fn the_package_of_the_other_side() {
    let authority = Authority::new();
    let mut client = Side::begin(PlanKind::RenewClient, PlanSide::Client);
    client.name_sides(443);
    for name in ["shop", "shop-new"] {
        let (key, certificate) = authority.issue(name, "clientAuth");
        let chain = [key, certificate, authority.read("inter.pem"), authority.read("root.pem")].concat();
        client.import(&format!("{name}.pem"), &chain, &[]);
    }
    client.set("entry", "shop");
    client.set("new_entry", "shop-new");
    let package = client.download("handover", "pack").1;

    // It is a plan first of all.
    let mut server = Side::new();
    server.open(&package);
    assert_eq!(server.state("signed"), StepState::Done);

    // Whoever does not want the plan takes the certificates; those of before are beside the new ones.
    let mut server = Side::begin(PlanKind::RenewClient, PlanSide::Server);
    server.name_sides(443);
    let files: &[(&str, &[u8])] = &[("Shop for ERP.zip", &package)];
    server.files("old", "client_files", files).unwrap();
    server.expect_finding("old", Tone::Info, "“CN=shop”");
    server.files("handover", "new_client_files", files).unwrap();
    server.expect_finding("handover", Tone::Info, "has to map “shop-new”");
    server.expect_finding("handover", Tone::Info, "has to trust “Example Root”");

    let mut server = Side::begin(PlanKind::Connect, PlanSide::Server);
    server.name_sides(443);
    server.files("install", "client_files", files).unwrap();
    server.expect_finding("install", Tone::Info, "has to map “shop-new”");
    let other = crate::side::zip_of(&[("README.txt", b"nothing here")]);
    let empty = server.files("install", "client_files", &[("other.zip", &other)]).unwrap_err();
    assert_eq!(empty, Problem::NothingToImport { file: "other.zip".into() });
}
