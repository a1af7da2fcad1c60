//! Signing requests, self-signed certificates and a small authority; openssl is the judge.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use certwright_protocol::Problem;
use certwright_protocol::ui::{
    CertificateChoice, Encoding, ExportFormat, IssuePlan, KeyChoice, Like, Proposal, Request, RequestPlan,
    Response, Validity,
};
use certwright_protocol::view::ChainState;
use support::desk::Desk;
use support::{Authority, now};

const YEAR: Validity = Validity { not_before: None, days: 365 };

fn self_sign(desk: &mut Desk, alias: &str, plan: RequestPlan, days: u32) -> Result<Response, Problem> {
    let validity = Validity { not_before: None, days };
    let request = Request::SelfSign { alias: alias.into(), plan: Box::new(plan), validity };
    desk.ask_at(now() * 1000, request)
}

/// An authority "ca" of our own.
fn with_authority() -> Desk {
    let mut desk = Desk::with_keys(&["ca"]);
    let mut plan = desk.plan("ca", "CN=Demo Root,O=Example", &[]).unwrap();
    plan.is_ca = true;
    plan.path_length = Some(0);
    plan.key_usage = vec!["keyCertSign".into(), "cRLSign".into()];
    plan.extended_key_usage = Vec::new();
    self_sign(&mut desk, "ca", plan, 3650).unwrap();
    assert_eq!(desk.entry("ca").chain_state, ChainState::SelfSigned);
    assert!(desk.detail("ca").can_issue);
    desk
}

fn issue_plan() -> IssuePlan {
    IssuePlan {
        validity: YEAR,
        cut_validity: true,
        subject: None,
        honour: ["subjectAltName", "keyUsage", "extKeyUsage"].map(oid_of).to_vec(),
        alternative_names: Vec::new(),
        key_usage: Vec::new(),
        extended_key_usage: Vec::new(),
        is_ca: false,
        path_length: None,
        signature: None,
    }
}

fn oid_of(name: &str) -> String {
    match name {
        "subjectAltName" => "2.5.29.17",
        "keyUsage" => "2.5.29.15",
        _ => "2.5.29.37",
    }
    .into()
}

fn issue(desk: &mut Desk, request: &str, plan: IssuePlan) -> Result<(String, Option<String>), Problem> {
    let request = Request::Issue { issuer: "ca".into(), request: request.into(), plan: Box::new(plan) };
    match desk.ask_at(now() * 1000, request)? {
        Response::Issued { chain_pem, fits_alias, .. } => Ok((chain_pem, fits_alias)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_request_of_every_kind_of_key_is_signed_and_verified() {
    let authority = Authority::new();
    let mut desk = with_authority();
    let keys = [KeyChoice::EcP384, KeyChoice::EcP521, KeyChoice::Ed25519, KeyChoice::Rsa { bits: 2048 }];
    for (number, key) in keys.into_iter().enumerate() {
        let alias = format!("key {number}");
        desk.add_key(&alias, key);
        let names = [
            "DNS:a.example.com",
            "IP:::1",
            "email:a@example.com",
            "URI:https://example.com/x",
            "UPN:a@corp.example",
        ];
        let plan =
            desk.plan(&alias, "CN=Zoë+UID=42,OU=Ä,O=Example\\, Inc.,DC=example,DC=com", &names).unwrap();
        for signature in desk.detail(&alias).signatures {
            let mut plan = plan.clone();
            plan.signature = Some(signature.clone());
            let request = desk.make_request(&alias, plan).unwrap();
            assert!(request.signature_valid, "{signature}");
            assert_eq!(request.subject_alternative_names.len(), 5);
            authority.write("r.csr", request.pem.as_bytes());
            authority.openssl(&["req", "-in", "r.csr", "-verify", "-noout"]);
            let (chain, fits) = issue(&mut desk, &request.pem, issue_plan()).unwrap();
            assert_eq!(fits.as_deref(), Some(alias.as_str()));
            authority.write("chain.pem", chain.as_bytes());
            let (_, root) = desk.export(&["ca"], ExportFormat::ChainPem).unwrap();
            authority.write("root.pem", &root);
            authority.openssl(&[
                "verify",
                "-x509_strict",
                "-purpose",
                "sslclient",
                "-CAfile",
                "root.pem",
                "chain.pem",
            ]);
        }
    }
}

#[test]
fn an_issued_certificate_comes_back_as_the_reply() {
    let mut desk = with_authority();
    desk.add_key("client", KeyChoice::EcP256);
    let plan = desk.plan("client", "CN=client", &["client.example.com"]).unwrap();
    let request = desk.make_request("client", plan).unwrap();
    let (chain, _) = issue(&mut desk, &request.pem, issue_plan()).unwrap();
    let found = desk.look(&[("chain.pem", chain.as_bytes())], &[]).found;
    assert!(
        matches!(&found[0].proposal, Some(Proposal::Reply { alias, missing: None, .. }) if alias == "client"),
        "{found:?}"
    );
    desk.import_all(&found).unwrap();
    assert_eq!(desk.entry("client").chain_state, ChainState::Complete);
    let root = ExportFormat::Certificate { which: CertificateChoice::Root, encoding: Encoding::Der };
    let (name, _) = desk.export(&["client"], root).unwrap();
    assert_eq!(name, "client.cer");

    // Renewal: everything as in the certificate.
    let like = desk.plan_like("client", Like::Itself).unwrap();
    assert_eq!(like.alternative_names, ["DNS:client.example.com"]);
    assert_eq!(like.extended_key_usage, ["clientAuth"]);
    assert!(like.subject_der.is_some());
    let again = desk.make_request("client", like).unwrap();
    assert_eq!(
        (again.subject, again.subject_alternative_names),
        (request.subject, request.subject_alternative_names)
    );
}

#[test]
fn an_authority_keeps_its_limits() {
    let mut desk = with_authority();
    desk.add_key("sub", KeyChoice::EcP256);
    let plan = desk.plan("sub", "CN=sub", &[]).unwrap();
    let request = desk.make_request("sub", plan).unwrap().pem;
    let with = |change: fn(&mut IssuePlan)| {
        let mut plan = issue_plan();
        change(&mut plan);
        plan
    };
    let refused = issue(&mut desk, &request, with(|plan| plan.is_ca = true)).unwrap_err();
    assert!(
        matches!(&refused, Problem::IssuerUnfit { detail, .. } if detail.contains("path length")),
        "{refused:?}"
    );
    let long = with(|plan| {
        plan.validity.days = 36_500;
        plan.cut_validity = false;
    });
    assert!(matches!(
        issue(&mut desk, &request, long),
        Err(Problem::ValidityInvalid { issuer_until: Some(_) })
    ));
    let never = with(|plan| plan.validity.days = 0);
    assert_eq!(
        issue(&mut desk, &request, never).unwrap_err(),
        Problem::ValidityInvalid { issuer_until: None }
    );
    let unknown = with(|plan| plan.extended_key_usage = vec!["nonsense".into()]);
    assert_eq!(
        issue(&mut desk, &request, unknown).unwrap_err(),
        Problem::WordNotKnown { word: "nonsense".into() }
    );
    // One bit of the signature: whoever made this need not have the key.
    let broken = request.replacen("A", "B", 40);
    assert!(matches!(
        issue(&mut desk, &broken, issue_plan()),
        Err(Problem::RequestRefused { .. } | Problem::FileDamaged { .. })
    ));
    // Who is no authority signs nothing.
    let plan = desk.plan("sub", "CN=sub", &[]).unwrap();
    self_sign(&mut desk, "sub", plan, 10).unwrap();
    assert!(!desk.detail("sub").can_issue);
    let request = Request::Issue { issuer: "sub".into(), request, plan: Box::new(issue_plan()) };
    assert!(matches!(desk.ask(request), Err(Problem::IssuerUnfit { .. })));
}

#[test]
fn like_a_certificate_takes_everything_over_byte_for_byte() {
    let authority = Authority::new();
    authority.write(
        "own.cnf",
        b"[req]\ndistinguished_name=dn\nx509_extensions=ext\nprompt=no\nstring_mask=nombstr\n\
        [dn]\nCN=first\nO=second\nC=DE\n[ext]\n\
        subjectAltName=DNS:a.example,otherName:1.2.3.4;UTF8:hello,dirName:dir\n\
        keyUsage=critical,digitalSignature,keyAgreement\nextendedKeyUsage=clientAuth,1.2.3.4.5\n1.2.3.4.6=ASN1:UTF8:own\n\
        [dir]\nC=DE\nO=T61 or printable\nCN=directory\n",
    );
    authority.openssl(&[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "k.pem",
        "-out",
        "c.pem",
        "-config",
        "own.cnf",
    ]);
    let pem = String::from_utf8(authority.read("c.pem")).unwrap();
    let mut desk = Desk::with_keys(&["client"]);
    let plan = desk.plan_like("client", Like::Pem { text: pem }).unwrap();
    let names: Vec<&str> = plan.subject.iter().map(|rdn| rdn[0].name.as_str()).collect();
    assert_eq!(names, ["CN", "O", "C"]);
    assert_eq!(plan.extra.len(), 1);
    let request = desk.make_request("client", plan).unwrap();
    authority.write("r.csr", request.pem.as_bytes());
    // The subject in openssl's own dump: the same octets, string types and all.
    let subject = |kind: &str, file: &str| {
        let arguments = [kind, "-in", file, "-noout", "-subject", "-nameopt", "multiline,show_type"];
        String::from_utf8(authority.openssl(&arguments)).unwrap()
    };
    assert_eq!(subject("req", "r.csr"), subject("x509", "c.pem"));
    // And so the alternative names, that of the directory too.
    let names = |kind: &str, file: &str| {
        let der = authority.openssl(&[kind, "-in", file, "-outform", "DER"]);
        let at = der.windows(5).position(|octets| octets == b"\x06\x03\x55\x1d\x11").expect("the extension");
        let length = usize::from(der[at + 6]);
        der[at + 5..at + 7 + length].to_vec()
    };
    assert_eq!(names("req", "r.csr"), names("x509", "c.pem"));
    let text = |kind: &str, file: &str| {
        let text = String::from_utf8(authority.openssl(&[kind, "-in", file, "-noout", "-text"])).unwrap();
        let from = text.find("X509v3 Subject Alternative Name").expect("alternative names");
        text[from..].lines().nth(1).unwrap().trim().to_owned()
    };
    assert_eq!(text("req", "r.csr"), text("x509", "c.pem"));
    assert!(request.extended_key_usage.contains(&"1.2.3.4.5".to_owned()));
}
