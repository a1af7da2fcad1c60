//! A small CA: what it issues openssl accepts, strictly, and what it must not issue it refuses.

#![allow(clippy::unwrap_used, reason = "a test may panic, its helper functions too")]

mod support;

use std::path::Path;

use certwright_certs::extensions::{BasicConstraints, Extension, KeyUsage};
use certwright_certs::issue::{
    Honour, IssueError, IssueSpec, OutsideValidity, SelfSignedSpec, generate_self_signed, issue,
};
use certwright_certs::key_identifier::KeyIdentifier;
use certwright_certs::request::{ContentError, Purpose, RequestSpec, SigningRequest};
use certwright_certs::{Certificate, Name, Oid, oid};
use certwright_keys::{KeyAlgorithm, KeySpec, PrivateKey, X509Signature};

use support::{certificate, key, name, names, openssl, rng};

/// 2030-01-01T00:00:00Z, in the future of every clock that openssl reads: it is told the time.
const NOW: i64 = 1_893_456_000;
const DAY: i64 = 86_400;

struct Authority {
    certificate: Certificate,
    key: PrivateKey,
}

fn root(spec: KeySpec, path_length: Option<u8>) -> Authority {
    let key = key(spec);
    let spec = SelfSignedSpec::for_authority(name("CN=Root,O=Example,C=DE"), path_length, NOW);
    Authority { certificate: generate_self_signed(&key, &spec, &mut rng()).unwrap(), key }
}

fn request(key: &PrivateKey, subject: &str, alternatives: &[&str]) -> SigningRequest {
    let spec = RequestSpec {
        subject: name(subject),
        alternative_names: names(alternatives),
        ..RequestSpec::for_purpose(Purpose::Both, &key.algorithm())
    };
    SigningRequest::generate(key, &spec, &mut rng()).unwrap()
}

fn leaf_spec() -> IssueSpec {
    IssueSpec::for_purpose(Purpose::Both, &KeyAlgorithm::EcP256, NOW)
}

fn authority_spec(path_length: Option<u8>) -> IssueSpec {
    IssueSpec { not_after: NOW + 1_000 * DAY, ..IssueSpec::for_authority(path_length, NOW) }
}

/// Whether openssl accepts the chain strictly at the time, for either side of TLS.
fn verify(folder: &Path, root: &Certificate, intermediates: &[&Certificate], leaf: &Certificate) {
    std::fs::write(folder.join("root.pem"), root.to_pem()).unwrap();
    let chain: String = intermediates.iter().map(|certificate| certificate.to_pem()).collect();
    std::fs::write(folder.join("chain.pem"), chain).unwrap();
    std::fs::write(folder.join("leaf.pem"), leaf.to_pem()).unwrap();
    let untrusted = if intermediates.is_empty() { "" } else { "-untrusted chain.pem " };
    for purpose in ["sslclient", "sslserver"] {
        let said = openssl(
            folder,
            &format!(
                "verify -x509_strict -check_ss_sig -attime {} -purpose {purpose} -CAfile root.pem {untrusted}leaf.pem",
                NOW + 5
            ),
        );
        assert!(said.contains("leaf.pem: OK"), "{said}");
    }
    let tree = openssl(folder, "asn1parse -in leaf.pem -i");
    assert!(!tree.contains("BAD ") && !tree.contains("Error"), "{tree}");
}

#[test]
fn chains_of_every_algorithm_verify_strictly() {
    let folder = tempfile::tempdir().unwrap();
    for spec in
        [KeySpec::EcP256, KeySpec::EcP384, KeySpec::EcP521, KeySpec::Ed25519, KeySpec::Rsa { bits: 2048 }]
    {
        let root = root(spec, None);
        let leaf_key = key(spec);
        let request = request(&leaf_key, "CN=erp,O=Example,C=DE", &["erp.example", "10.0.0.1"]);
        for signature in root.key.x509_signatures() {
            let spec = IssueSpec { signature: Some(signature), ..leaf_spec() };
            let leaf = issue(&request, &root.certificate, &root.key, &spec, &mut rng()).unwrap();
            assert_eq!(leaf.signature_algorithm().known(), Some(signature));
            verify(folder.path(), &root.certificate, &[], &leaf);
            let text = openssl(folder.path(), "x509 -in leaf.pem -noout -text");
            assert!(text.contains("DNS:erp.example, IP Address:10.0.0.1"), "{text}");
            assert!(text.contains("Version: 3 (0x2)") && text.contains("CA:FALSE"), "{text}");
        }
    }
}

#[test]
fn chains_with_ml_dsa_verify() {
    for spec in [KeySpec::MlDsa44, KeySpec::MlDsa65, KeySpec::MlDsa87] {
        let root = root(spec, None);
        let request = request(&key(spec), "CN=erp", &["erp.example"]);
        let leaf = issue(&request, &root.certificate, &root.key, &leaf_spec(), &mut rng()).unwrap();
        leaf.verify_signature(&root.certificate.public_key().unwrap()).unwrap();
        assert_eq!(leaf.key_usage(), Some(KeyUsage::DIGITAL_SIGNATURE));
        assert_eq!(leaf.irregularities(), []);
        assert!(root.certificate.is_self_signed());
    }
}

#[test]
fn a_chain_of_three_is_right_in_every_field() {
    let folder = tempfile::tempdir().unwrap();
    let root = root(KeySpec::Rsa { bits: 2048 }, Some(1));
    assert_eq!(
        root.certificate.extensions().basic_constraints,
        Ok(Some(BasicConstraints { ca: true, path_length: Some(1) }))
    );
    assert_eq!(root.certificate.key_usage().unwrap().names(), ["keyCertSign", "cRLSign"]);
    let critical = |certificate: &Certificate, oid| certificate.extensions().find(oid).unwrap().critical;
    assert!(
        critical(&root.certificate, oid::BASIC_CONSTRAINTS) && critical(&root.certificate, oid::KEY_USAGE)
    );
    assert_eq!(root.certificate.not_after() - root.certificate.not_before(), 3_652 * DAY - 1);
    assert_eq!(root.certificate.authority_key_identifier(), root.certificate.subject_key_identifier());

    let middle_key = key(KeySpec::EcP384);
    let spec = IssueSpec { key_identifier: KeyIdentifier::Sha256, ..authority_spec(None) };
    let middle = issue(
        &request(&middle_key, "CN=Issuing,O=Example", &[]),
        &root.certificate,
        &root.key,
        &spec,
        &mut rng(),
    )
    .unwrap();
    assert_eq!(
        middle.extensions().basic_constraints,
        Ok(Some(BasicConstraints { ca: true, path_length: Some(0) }))
    );
    assert_eq!(middle.subject_key_identifier().unwrap(), KeyIdentifier::Sha256.of(middle_key.public_key()));
    assert_eq!(middle.subject_key_identifier().unwrap().len(), 20);
    assert_eq!(middle.issuer().der(), root.certificate.subject().der());
    // Nothing that the request asked for was honoured.
    assert!(middle.extended_key_usages().is_none());

    let leaf_key = key(KeySpec::EcP256);
    let asked =
        request(&leaf_key, "CN=erp,O=Example", &["erp.example", "UPN:erp@corp.example", "directory:CN=a"]);
    let leaf = issue(&asked, &middle, &middle_key, &leaf_spec(), &mut rng()).unwrap();
    verify(folder.path(), &root.certificate, &[&middle], &leaf);
    assert_eq!(leaf.authority_key_identifier(), middle.subject_key_identifier());
    assert_eq!(leaf.subject_key_identifier().unwrap(), KeyIdentifier::Sha1.of(leaf_key.public_key()));
    assert_eq!(leaf.issuer().der(), middle.subject().der());
    assert_eq!(leaf.subject_alternative_names(), asked.subject_alternative_names());
    assert_eq!(leaf.not_after() - leaf.not_before(), 365 * DAY - 1);
    assert_eq!((leaf.serial().len(), leaf.serial()[0] & 0xc0), (20, 0x40));
    let other = issue(&asked, &middle, &middle_key, &leaf_spec(), &mut rng()).unwrap();
    assert_ne!(leaf.serial(), other.serial());
    for certificate in [&root.certificate, &middle, &leaf] {
        assert_eq!(certificate.irregularities(), []);
        assert_eq!(certificate.extensions().broken(), []);
        assert_eq!(certificate.version(), 3);
    }

    // The path lengths are used up now.
    let further = issue(&asked, &middle, &middle_key, &authority_spec(None), &mut rng());
    assert_eq!(further, Err(IssueError::PathLengthExhausted));
    let longer = issue(&asked, &root.certificate, &root.key, &authority_spec(Some(1)), &mut rng());
    assert_eq!(longer, Err(IssueError::PathLengthTooLong { wanted: 1, most: 0 }));
    assert!(issue(&asked, &root.certificate, &root.key, &authority_spec(Some(0)), &mut rng()).is_ok());
}

#[test]
fn authorities_of_openssl_issue_here() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    // Its subject is written in PrintableString, its key identifier is no hash of the key.
    std::fs::write(
        path.join("ca.cnf"),
        "[req]\ndistinguished_name=dn\nprompt=no\nstring_mask=nombstr\nx509_extensions=e\n[dn]\nC=DE\nO=Example\nCN=Root\n[e]\n\
         basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=0102030405\n",
    )
    .unwrap();
    openssl(path, "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -config ca.cnf -days 9000 -out ca.pem");
    openssl(path, "pkcs8 -topk8 -nocrypt -in ca.key -outform DER -out ca.der");
    let root = certificate(path, "ca.pem");
    let root_key = PrivateKey::from_pkcs8_der(&std::fs::read(path.join("ca.der")).unwrap()).unwrap();
    let asked = request(&key(KeySpec::Ed25519), "CN=a", &["a.example"]);
    let leaf = issue(&asked, &root, &root_key, &leaf_spec(), &mut rng()).unwrap();
    assert_eq!(leaf.authority_key_identifier().unwrap(), [1, 2, 3, 4, 5]);
    assert_eq!(leaf.issuer().der(), root.subject().der());
    verify(path, &root, &[], &leaf);
}

#[test]
fn keys_for_pss_alone_sign_with_pss() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    openssl(path, "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -outform DER -out ca.der");
    let root_key = PrivateKey::from_pkcs8_der(&std::fs::read(path.join("ca.der")).unwrap()).unwrap();
    let spec = SelfSignedSpec::for_authority(name("CN=Root"), None, NOW);
    let root = generate_self_signed(&root_key, &spec, &mut rng()).unwrap();
    assert_eq!(root.signature_algorithm().known(), Some(X509Signature::RsaPssSha256));
    let asked = request(&key(KeySpec::EcP256), "CN=a", &["a.example"]);
    let leaf = issue(&asked, &root, &root_key, &leaf_spec(), &mut rng()).unwrap();
    verify(path, &root, &[], &leaf);
}

#[test]
fn issuers_of_version_1_have_no_key_identifier() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("none.cnf"), "[req]\ndistinguished_name=dn\n[dn]\n").unwrap();
    openssl(
        path,
        "req -new -config none.cnf -newkey ed25519 -nodes -keyout ca.key -subj /CN=Old -out ca.csr",
    );
    openssl(path, "x509 -req -in ca.csr -signkey ca.key -days 9000 -out ca.pem");
    openssl(path, "pkcs8 -topk8 -nocrypt -in ca.key -outform DER -out ca.der");
    let root = certificate(path, "ca.pem");
    assert_eq!(root.version(), 1);
    let root_key = PrivateKey::from_pkcs8_der(&std::fs::read(path.join("ca.der")).unwrap()).unwrap();
    let asked = request(&key(KeySpec::EcP256), "CN=a", &["a.example"]);
    let leaf = issue(&asked, &root, &root_key, &leaf_spec(), &mut rng()).unwrap();
    assert_eq!(leaf.authority_key_identifier().unwrap(), KeyIdentifier::Sha1.of(root_key.public_key()));
    std::fs::write(path.join("leaf.pem"), leaf.to_pem()).unwrap();
    let said = openssl(path, &format!("verify -attime {} -CAfile ca.pem leaf.pem", NOW + 5));
    assert!(said.contains("OK"), "{said}");
}

#[test]
fn self_signed_certificates_of_end_entities_verify() {
    let folder = tempfile::tempdir().unwrap();
    for key in [KeySpec::EcP256, KeySpec::Rsa { bits: 2048 }].map(key) {
        let spec = SelfSignedSpec {
            alternative_names: names(&["erp.example"]),
            ..SelfSignedSpec::for_purpose(name("CN=erp"), Purpose::Both, &key.algorithm(), NOW)
        };
        let made = generate_self_signed(&key, &spec, &mut rng()).unwrap();
        assert!(made.is_self_signed() && !made.is_ca());
        assert_eq!(made.key_usage().unwrap().key_encipherment(), key.algorithm().is_rsa());
        assert_eq!(made.extended_key_usages().unwrap().names(), ["clientAuth", "serverAuth"]);
        assert_eq!(made.irregularities(), []);
        verify(folder.path(), &made, &[], &made);
    }
    // As a request would ask for it.
    let key = key(KeySpec::EcP256);
    let asked = RequestSpec {
        subject: name("CN=Root"),
        basic_constraints: Some(BasicConstraints { ca: true, path_length: Some(2) }),
        key_usage: Some(KeyUsage::KEY_CERT_SIGN),
        extended_key_usage: Vec::new(),
        ..RequestSpec::for_purpose(Purpose::Both, &key.algorithm())
    };
    let made =
        generate_self_signed(&key, &SelfSignedSpec::from_request_spec(&asked, NOW), &mut rng()).unwrap();
    assert!(made.is_ca());
    assert_eq!(made.extensions().basic_constraints.clone().unwrap().unwrap().path_length, Some(2));
    let nameless = SelfSignedSpec::for_authority(Name::empty(), None, NOW);
    assert_eq!(
        generate_self_signed(&key, &nameless, &mut rng()),
        Err(IssueError::Content(ContentError::NoName))
    );
    let no_ca = SelfSignedSpec {
        path_length: Some(1),
        ..SelfSignedSpec::for_purpose(name("CN=a"), Purpose::Both, &key.algorithm(), NOW)
    };
    assert_eq!(
        generate_self_signed(&key, &no_ca, &mut rng()),
        Err(IssueError::Content(ContentError::PathLengthWithoutCa))
    );
}

#[test]
fn the_request_gets_what_is_honoured() {
    let root = root(KeySpec::EcP256, None);
    let key = key(KeySpec::EcP256);
    let own = Extension { oid: Oid::parse_dotted("1.2.3.4.5").unwrap(), critical: true, value: vec![5, 0] };
    let asked = RequestSpec {
        subject: name("CN=a"),
        alternative_names: names(&["a.example"]),
        key_usage: KeyUsage::from_names(["nonRepudiation", "keyCertSign", "cRLSign"]),
        extended_key_usage: vec![oid::CODE_SIGNING.into()],
        basic_constraints: Some(BasicConstraints { ca: true, path_length: Some(7) }),
        extra: vec![own.clone()],
        ..RequestSpec::for_purpose(Purpose::Both, &key.algorithm())
    };
    let request = SigningRequest::generate(&key, &asked, &mut rng()).unwrap();
    let issued = |spec: IssueSpec| issue(&request, &root.certificate, &root.key, &spec, &mut rng()).unwrap();

    // Nothing.
    let none = issued(IssueSpec { honour: vec![], ..leaf_spec() });
    assert!(none.subject_alternative_names().is_empty() && !none.is_ca());
    assert_eq!(none.key_usage(), Some(KeyUsage::DIGITAL_SIGNATURE));
    assert_eq!(none.extended_key_usages().unwrap().names(), ["clientAuth", "serverAuth"]);
    assert_eq!(none.extensions().find(own.oid.to_const_oid().unwrap()), None);

    // The usual: who is no CA gets no usages of one.
    let usual = issued(leaf_spec());
    assert_eq!(usual.subject_alternative_names(), asked.alternative_names);
    assert_eq!(usual.key_usage(), Some(KeyUsage::NON_REPUDIATION));
    assert_eq!(usual.extended_key_usages().unwrap().names(), ["codeSigning"]);
    assert!(!usual.is_ca());

    // Everything.
    let all = issued(IssueSpec {
        honour: request.extensions().all.iter().map(|extension| Honour::from_oid(&extension.oid)).collect(),
        path_length: Some(3),
        ..leaf_spec()
    });
    assert!(all.is_ca());
    assert_eq!(all.extensions().basic_constraints.clone().unwrap().unwrap().path_length, Some(3));
    assert_eq!(all.key_usage(), asked.key_usage);
    assert_eq!(all.extensions().find(own.oid.to_const_oid().unwrap()), Some(&own));
    assert!(all.extensions().duplicates().is_empty());

    // What the issuer says goes over what is asked for.
    let own_names = IssueSpec {
        alternative_names: Some(names(&["b.example"])),
        subject: Some(name("CN=b")),
        ..leaf_spec()
    };
    let other = issued(own_names);
    assert_eq!(other.subject_alternative_names(), names(&["b.example"]));
    assert_eq!(other.subject(), &name("CN=b"));

    // Further extensions of the issuer.
    let policy = Extension {
        oid: oid::CERTIFICATE_POLICIES.into(),
        critical: false,
        value: vec![0x30, 5, 0x30, 3, 6, 1, 0x2a],
    };
    let with_policy = issued(IssueSpec { extra: vec![policy.clone()], ..leaf_spec() });
    assert_eq!(with_policy.extensions().find(oid::CERTIFICATE_POLICIES), Some(&policy));
    let twice = IssueSpec { extra: vec![policy.clone(), policy], ..leaf_spec() };
    assert_eq!(
        issue(&request, &root.certificate, &root.key, &twice, &mut rng()),
        Err(IssueError::Content(ContentError::DuplicateExtension { oid: oid::CERTIFICATE_POLICIES.into() }))
    );
}

#[test]
fn the_year_2050_changes_the_form_of_times() {
    let folder = tempfile::tempdir().unwrap();
    let key = key(KeySpec::EcP256);
    let until = |not_after: i64| SelfSignedSpec {
        not_after,
        ..SelfSignedSpec::for_authority(name("CN=Root"), None, NOW)
    };
    for (not_after, form) in [
        (2_524_607_999, "UTCTIME           :491231235959Z"),
        (2_524_608_000, "GENERALIZEDTIME   :20500101000000Z"),
        (253_402_300_799, "GENERALIZEDTIME   :99991231235959Z"),
    ] {
        let made = generate_self_signed(&key, &until(not_after), &mut rng()).unwrap();
        assert_eq!(made.not_after(), not_after);
        assert_eq!(made.irregularities(), []);
        std::fs::write(folder.path().join("a.pem"), made.to_pem()).unwrap();
        let tree = openssl(folder.path(), "asn1parse -in a.pem");
        assert!(tree.contains(form), "{tree}");
    }
    for not_after in [NOW - 1, 253_402_300_800, i64::MAX] {
        assert_eq!(
            generate_self_signed(&key, &until(not_after), &mut rng()),
            Err(IssueError::BadValidity { not_before: NOW, not_after })
        );
    }
}

#[test]
fn serial_numbers_are_positive_and_short() {
    let key = key(KeySpec::EcP256);
    let with = |serial: &[u8]| {
        let spec = SelfSignedSpec {
            serial: Some(serial.to_vec()),
            ..SelfSignedSpec::for_authority(name("CN=Root"), None, NOW)
        };
        generate_self_signed(&key, &spec, &mut rng()).map(|made| made.serial().to_vec())
    };
    assert_eq!(with(&[1]), Ok(vec![1]));
    assert_eq!(with(&[0, 0, 0x80]), Ok(vec![0, 0x80]));
    assert_eq!(with(&[0x7f; 20]), Ok(vec![0x7f; 20]));
    assert_eq!(with(&[]), Err(IssueError::BadSerial { octets: 1 }));
    assert_eq!(with(&[0, 0]), Err(IssueError::BadSerial { octets: 1 }));
    assert_eq!(with(&[0xff; 20]), Err(IssueError::BadSerial { octets: 21 }));
    assert_eq!(with(&[1; 21]), Err(IssueError::BadSerial { octets: 21 }));
    // Whatever a random source gives is positive, not zero, and takes 20 octets.
    for _ in 0..50 {
        let spec = SelfSignedSpec::for_authority(name("CN=Root"), None, NOW);
        let made = generate_self_signed(&key, &spec, &mut rng()).unwrap();
        assert_eq!((made.serial().len(), made.serial()[0] & 0x80), (20, 0));
        assert_ne!(made.serial()[0], 0);
    }
}

#[test]
fn the_validity_stays_within_the_issuers() {
    let root = root(KeySpec::EcP256, None);
    let asked = request(&key(KeySpec::EcP256), "CN=a", &[]);
    let end = root.certificate.not_after();
    let spec = |not_before, not_after, outside_issuers_validity| IssueSpec {
        not_before,
        not_after,
        outside_issuers_validity,
        ..leaf_spec()
    };
    let issued = |spec: IssueSpec| {
        issue(&asked, &root.certificate, &root.key, &spec, &mut rng())
            .map(|leaf| (leaf.not_before(), leaf.not_after()))
    };
    assert_eq!(issued(spec(NOW, end, OutsideValidity::Refuse)), Ok((NOW, end)));
    let outside = |not_before, not_after| {
        Err(IssueError::NotInIssuersValidity {
            not_before,
            not_after,
            issuer_not_before: NOW,
            issuer_not_after: end,
        })
    };
    assert_eq!(issued(spec(NOW, end + 1, OutsideValidity::Refuse)), outside(NOW, end + 1));
    assert_eq!(issued(spec(NOW - 1, end, OutsideValidity::Refuse)), outside(NOW - 1, end));
    assert_eq!(issued(spec(NOW - 9, end + 9, OutsideValidity::Clamp)), Ok((NOW, end)));
    assert_eq!(issued(spec(end + 1, end + 9, OutsideValidity::Clamp)), outside(end + 1, end + 9));
    assert_eq!(
        issued(spec(NOW + 9, NOW, OutsideValidity::Clamp)),
        Err(IssueError::BadValidity { not_before: NOW + 9, not_after: NOW })
    );
}

#[test]
fn wrong_issuers_are_refused() {
    let root = root(KeySpec::EcP256, None);
    let leaf_key = key(KeySpec::EcP256);
    let asked = request(&leaf_key, "CN=a", &["a.example"]);
    let by = |certificate: &Certificate, key: &PrivateKey| {
        issue(&asked, certificate, key, &leaf_spec(), &mut rng()).unwrap_err()
    };
    let leaf = issue(&asked, &root.certificate, &root.key, &leaf_spec(), &mut rng()).unwrap();
    assert_eq!(by(&leaf, &leaf_key), IssueError::IssuerIsNoCa);
    assert_eq!(
        by(&root.certificate, &leaf_key),
        IssueError::IssuerKeyMismatch { key: KeyAlgorithm::EcP256, certificate: KeyAlgorithm::EcP256 }
    );
    let usage = SelfSignedSpec {
        key_usage: Some(KeyUsage::CRL_SIGN),
        ..SelfSignedSpec::for_authority(name("CN=Root"), None, NOW)
    };
    let crl_signer = generate_self_signed(&root.key, &usage, &mut rng()).unwrap();
    assert_eq!(by(&crl_signer, &root.key), IssueError::IssuerMayNotSignCertificates);

    let same = IssueSpec { subject: Some(root.certificate.subject().clone()), ..leaf_spec() };
    assert_eq!(
        issue(&asked, &root.certificate, &root.key, &same, &mut rng()),
        Err(IssueError::SubjectIsIssuer)
    );
    let nameless = IssueSpec { subject: Some(Name::empty()), ..authority_spec(None) };
    assert_eq!(
        issue(&asked, &root.certificate, &root.key, &nameless, &mut rng()),
        Err(IssueError::Content(ContentError::NoName))
    );
    let signature = IssueSpec { signature: Some(X509Signature::Ed25519), ..leaf_spec() };
    assert!(matches!(
        issue(&asked, &root.certificate, &root.key, &signature, &mut rng()),
        Err(IssueError::Sign(_))
    ));
}

#[test]
fn wrong_requests_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let root = root(KeySpec::EcP256, None);
    let by_root = |request: &SigningRequest| {
        issue(request, &root.certificate, &root.key, &leaf_spec(), &mut rng()).unwrap_err()
    };
    let asked = request(&key(KeySpec::EcP256), "CN=a", &["a.example"]);
    let mut forged = asked.der().to_vec();
    let place = forged.windows(9).position(|window| window == b"a.example").unwrap();
    forged[place] = b'b';
    assert!(matches!(by_root(&SigningRequest::from_der(&forged).unwrap()), IssueError::Request(_)));

    openssl(path, "req -new -newkey rsa:1024 -nodes -keyout a.key -subj /CN=a -out a.csr");
    let weak = SigningRequest::from_pem(&std::fs::read(path.join("a.csr")).unwrap()).unwrap();
    assert!(matches!(by_root(&weak), IssueError::WeakKey { .. }), "{:?}", by_root(&weak));

    openssl(path, "req -new -newkey rsa:2048 -nodes -keyout b.key -subj /CN=a -sha1 -out b.csr");
    let sha1 = SigningRequest::from_pem(&std::fs::read(path.join("b.csr")).unwrap()).unwrap();
    assert!(matches!(by_root(&sha1), IssueError::Request(_)));

    openssl(
        path,
        "req -new -newkey ed25519 -nodes -keyout c.key -subj /CN=a -addext keyUsage=DER:0405 -out c.csr",
    );
    let broken = SigningRequest::from_pem(&std::fs::read(path.join("c.csr")).unwrap()).unwrap();
    assert!(matches!(by_root(&broken), IssueError::RequestedExtension(_)));
}
