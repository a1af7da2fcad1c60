//! What each profile demands beyond the core, on chains that openssl makes.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic, its helper functions too"
)]

use std::process::Command;

use certwright_certs::{Certificate, Oid};
use certwright_chain::{
    Anchor, AnchorAsEndEntity, AnchorRules, Failure, FailureKind, Host, Profile, Purpose, Question, Rule,
    judge,
};

const CA: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n\
                  authorityKeyIdentifier=keyid\n";
const SERVER: &str = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n\
                      subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nsubjectAltName=DNS:erp.example.com\n\
                      authorityInfoAccess=caIssuers;URI:http://ca.example/issuer.cer\n";
const P256: &str = "EC -pkeyopt ec_paramgen_curve:P-256";

/// The end-entity and its issuer, and the root.
fn chain(ca: &str, leaf: &str, subject: &str, key: &str) -> ([Certificate; 2], [Anchor; 1]) {
    let folder = tempfile::tempdir().unwrap();
    let openssl = |arguments: &str| {
        let arguments = arguments.split(' ');
        let output = Command::new("openssl").current_dir(folder.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let issue = |name: &str, subject: &str, extensions: &str, key: &str, signer: &str| {
        std::fs::write(folder.path().join("extensions"), extensions).unwrap();
        openssl(&format!("genpkey -algorithm {key} -out {name}.key"));
        openssl(&format!("req -new -utf8 -key {name}.key -subj {subject} -out {name}.csr"));
        openssl(&format!("x509 -req -in {name}.csr -days 30 -extfile extensions {signer} -out {name}.pem"));
        Certificate::from_der(&openssl(&format!("x509 -in {name}.pem -outform DER"))).unwrap()
    };
    let root = issue("root", "/CN=Root", CA, P256, "-signkey root.key");
    let ca = issue("ca", "/CN=CA", ca, P256, "-CA root.pem -CAkey root.key -set_serial 2");
    let leaf = issue("leaf", subject, leaf, key, "-CA ca.pem -CAkey ca.key -set_serial 3");
    ([leaf, ca], [Anchor { label: "root".into(), certificate: root }])
}

fn failures((sent, anchors): &([Certificate; 2], [Anchor; 1]), profile: Profile) -> Vec<Failure> {
    let question = Question {
        host: Some(Host::Dns("erp.example.com".into())),
        purpose: Purpose::ServerAuth,
        profile,
        ..Question::new(sent, anchors, sent[0].not_before())
    };
    judge(&question).failures
}

#[test]
fn a_public_server_has_more_duties() {
    let oid = |dotted| Oid::parse_dotted(dotted).unwrap();
    let server = |from: &str, to: &str| SERVER.replace(from, to);
    let subject = "/CN=erp.example.com";
    let leaf = |extensions: String| chain(CA, &extensions, subject, P256);
    let rule = |at, rule| vec![Failure { at: Some(at), kind: FailureKind::Rule(rule) }];
    assert_eq!(failures(&leaf(SERVER.into()), Profile::TlsServer), []);
    let cases = [
        (
            leaf(server("serverAuth", "serverAuth,codeSigning")),
            rule(0, Rule::MixedExtendedKeyUsage { usage: oid("1.3.6.1.5.5.7.3.3") }),
        ),
        (
            leaf(format!("{SERVER}certificatePolicies=critical,1.2.3.4\n")),
            rule(0, Rule::Criticality { extension: oid("2.5.29.32"), should_be_critical: false }),
        ),
        (
            leaf(server("http://", "ldap://")),
            rule(0, Rule::AccessLocation { location: "URI:ldap://ca.example/issuer.cer".into() }),
        ),
        (
            leaf(server("DNS:erp", "DNS:my_host.example.com,DNS:erp")),
            rule(0, Rule::MalformedAlternativeName { name: "DNS:my_host.example.com".into() }),
        ),
        (
            chain(CA, SERVER, "/CN=ERP.example.com", P256),
            rule(0, Rule::MisleadingCommonName { common_name: "ERP.example.com".into() }),
        ),
        (
            chain(CA, SERVER, "/CN=bücher.example", P256),
            rule(0, Rule::MisleadingCommonName { common_name: "bücher.example".into() }),
        ),
        (
            chain(
                &format!("{CA}nameConstraints=critical,permitted;DNS:.example.com\n"),
                SERVER,
                subject,
                P256,
            ),
            rule(1, Rule::NameConstraintForm { base: ".example.com".into() }),
        ),
        (
            leaf(server("extendedKeyUsage=serverAuth\n", "")),
            vec![Failure {
                at: Some(0),
                kind: FailureKind::ExtendedKeyUsage { needed: "serverAuth".into(), found: vec![] },
            }],
        ),
        (chain(CA, SERVER, subject, "ED25519"), rule(0, Rule::KeyKind { algorithm: "Ed25519".into() })),
    ];
    for (chain, expected) in cases {
        assert_eq!(failures(&chain, Profile::TlsServer), expected);
        // They are no failures where nobody owes them.
        assert_eq!(failures(&chain, Profile::Private), [], "{expected:?}");
    }
}

#[test]
fn mailboxes_are_compared() {
    let mail = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\n\
                subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n\
                subjectAltName=@names\n[names]\nemail=ada@example.com\n\
                otherName=1.3.6.1.5.5.7.8.9;FORMAT:UTF8,UTF8:bücher@bücher.example\n";
    let (sent, anchors) = chain(CA, mail, "/CN=Ada", P256);
    let question = |mailbox: &str| Question {
        mailbox: Some(mailbox.into()),
        purpose: Purpose::EmailProtection,
        profile: Profile::Email,
        ..Question::new(&sent, &anchors, sent[0].not_before())
    };
    for mailbox in
        ["ada@example.com", "ada@EXAMPLE.com", "bücher@bücher.example", "bücher@xn--bcher-kva.example"]
    {
        assert_eq!(judge(&question(mailbox)).failures, [], "{mailbox}");
    }
    let failures = judge(&question("Ada@example.com")).failures;
    assert!(matches!(failures[..], [Failure { at: Some(0), kind: FailureKind::MailboxMismatch { .. } }]));
    // Constraints on mailboxes hold for those beyond ASCII too (RFC 9598 section 6).
    let constrained = format!("{CA}nameConstraints=critical,permitted;email:example.com\n");
    let (sent, anchors) = chain(&constrained, mail, "/CN=Ada", P256);
    let failures = judge(&Question::new(&sent, &anchors, sent[0].not_before())).failures;
    assert!(matches!(
        failures[..],
        [Failure { at: Some(0), kind: FailureKind::NameConstraint { by: 1, .. } }]
    ));
}

#[test]
fn distrust_and_the_place_of_an_anchor() {
    let (sent, anchors) = chain(CA, SERVER, "/CN=erp.example.com", P256);
    let at = sent[0].not_before();
    let kinds = |question: &Question<'_>| -> Vec<(Option<usize>, FailureKind)> {
        judge(question).failures.into_iter().map(|failure| (failure.at, failure.kind)).collect()
    };
    for (place, distrusted) in [(1, &sent[1]), (2, &anchors[0].certificate)] {
        let distrusted = std::slice::from_ref(distrusted);
        let found = kinds(&Question { distrusted, ..Question::new(&sent, &anchors, at) });
        assert_eq!(found, [(Some(place), FailureKind::Distrusted)]);
    }
    let own = [Anchor { label: "own".into(), certificate: sent[0].clone() }];
    let rules = |as_end_entity, may_issue| Question {
        anchor_rules: AnchorRules { as_end_entity, may_issue, ..AnchorRules::default() },
        ..Question::new(&sent, &own, at)
    };
    assert_eq!(kinds(&rules(AnchorAsEndEntity::Allowed, false)), []);
    let out_of_place = [(Some(0), FailureKind::AnchorOutOfPlace)];
    assert_eq!(kinds(&rules(AnchorAsEndEntity::Never, true)), out_of_place);
    assert_eq!(kinds(&rules(AnchorAsEndEntity::IfSelfSigned, true)), out_of_place);
    let question = Question { anchors: &anchors, ..rules(AnchorAsEndEntity::Allowed, false) };
    assert_eq!(kinds(&question), [(Some(2), FailureKind::AnchorOutOfPlace)]);
    // As RFC 5280 has it to the letter, an anchor is a name and a key.
    let late = anchors[0].certificate.not_after() + 1;
    let trusting = AnchorRules { validity: false, ..AnchorRules::default() };
    let found = kinds(&Question { anchor_rules: trusting, ..Question::new(&sent, &anchors, late) });
    assert!(found.iter().all(|(at, _)| *at != Some(2)), "{found:?}");
}
