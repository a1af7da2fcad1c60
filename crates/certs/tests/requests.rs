//! Requests in both directions: openssl and keytool read and check what is made here, and theirs are read, also those that Windows makes.

#![allow(clippy::unwrap_used, reason = "a test may panic, its helper functions too")]

mod support;

use certwright_certs::extensions::{BasicConstraints, Extension, KeyUsage};
use certwright_certs::key_identifier::KeyIdentifier;
use certwright_certs::key_strength::{Strength, signature_strength, strength};
use certwright_certs::request::{
    ContentError, GenerateRequestError, Purpose, RequestSpec, SigningRequest, VerifyRequestError,
};
use certwright_certs::{Certificate, GeneralName, Name, Oid, oid};
use certwright_keys::sign::SignError;
use certwright_keys::verify::VerifyError;
use certwright_keys::{KeyAlgorithm, KeySpec, X509Signature};

use support::{certificate, key, name, names, openssl, rng, run};

const TEXT: &str = "req -in a.csr -verify -noout -text -nameopt RFC2253,utf8,-esc_msb";

fn spec(subject: &str, alternatives: &[&str], algorithm: &KeyAlgorithm) -> RequestSpec {
    RequestSpec {
        subject: name(subject),
        alternative_names: names(alternatives),
        ..RequestSpec::for_purpose(Purpose::Both, algorithm)
    }
}

#[test]
fn openssl_checks_every_signature() {
    let folder = tempfile::tempdir().unwrap();
    let specs =
        [KeySpec::EcP256, KeySpec::EcP384, KeySpec::EcP521, KeySpec::Ed25519, KeySpec::Rsa { bits: 2048 }];
    for key in specs.map(key) {
        for signature in key.x509_signatures() {
            let wanted = RequestSpec {
                signature: Some(signature),
                ..spec("CN=client,OU=Prüfung,O=Example GmbH,C=DE", &["erp.example.com"], &key.algorithm())
            };
            let request = SigningRequest::generate(&key, &wanted, &mut rng()).unwrap();
            request.verify().unwrap();
            assert_eq!(request.signature_algorithm().known(), Some(signature));
            assert_eq!(signature_strength(request.signature_algorithm()), Strength::Strong);
            assert_eq!(&request.public_key().unwrap(), key.public_key());
            std::fs::write(folder.path().join("a.csr"), request.to_pem()).unwrap();
            let text = openssl(folder.path(), TEXT);
            let algorithm = match signature {
                X509Signature::RsaPkcs1Sha256 => "sha256WithRSAEncryption",
                X509Signature::RsaPkcs1Sha384 => "sha384WithRSAEncryption",
                X509Signature::RsaPkcs1Sha512 => "sha512WithRSAEncryption",
                X509Signature::RsaPssSha256 => "Hash Algorithm: sha256",
                X509Signature::RsaPssSha384 => "Hash Algorithm: sha384",
                X509Signature::RsaPssSha512 => "Hash Algorithm: sha512",
                X509Signature::EcdsaSha256 => "ecdsa-with-SHA256",
                X509Signature::EcdsaSha384 => "ecdsa-with-SHA384",
                X509Signature::EcdsaSha512 => "ecdsa-with-SHA512",
                X509Signature::Ed25519 => "Signature Algorithm: ED25519",
                other => panic!("{other}"),
            };
            for expected in [
                "verify OK",
                "Subject: CN=client,OU=Prüfung,O=Example GmbH,C=DE",
                "DNS:erp.example.com",
                "TLS Web Client Authentication, TLS Web Server Authentication",
                "X509v3 Key Usage: critical",
                algorithm,
            ] {
                assert!(text.contains(expected), "{signature}: {expected} is not in {text}");
            }
            assert_eq!(text.contains("Key Encipherment"), key.algorithm().is_rsa());
        }
    }
}

#[test]
fn requests_with_ml_dsa_verify() {
    for (spec_of_key, signature) in [
        (KeySpec::MlDsa44, X509Signature::MlDsa44),
        (KeySpec::MlDsa65, X509Signature::MlDsa65),
        (KeySpec::MlDsa87, X509Signature::MlDsa87),
    ] {
        let key = key(spec_of_key);
        let request =
            SigningRequest::generate(&key, &spec("CN=a", &["a.example"], &key.algorithm()), &mut rng())
                .unwrap();
        assert_eq!(request.signature_algorithm().known(), Some(signature));
        assert_eq!(request.signature_algorithm().name(), signature.name());
        assert_eq!(strength(&request.public_key().unwrap()), Strength::Strong);
        let read = SigningRequest::from_pem(request.to_pem().as_bytes()).unwrap();
        read.verify().unwrap();
        let mut changed = read.der().to_vec();
        let place = changed.windows(9).position(|window| window == b"a.example").unwrap();
        changed[place] = b'b';
        let changed = SigningRequest::from_der(&changed).unwrap();
        assert_eq!(changed.verify(), Err(VerifyRequestError::Signature(VerifyError::BadSignature)));
    }
}

#[test]
fn every_field_is_what_openssl_prints() {
    let folder = tempfile::tempdir().unwrap();
    let key = key(KeySpec::EcP256);
    let wanted = RequestSpec {
        key_usage: KeyUsage::from_names(["digitalSignature", "nonRepudiation", "keyAgreement"]),
        extended_key_usage: [
            oid::CLIENT_AUTH,
            oid::CODE_SIGNING,
            oid::EMAIL_PROTECTION,
            oid::SMARTCARD_LOGON,
        ]
        .map(Oid::from)
        .to_vec(),
        basic_constraints: Some(BasicConstraints { ca: true, path_length: Some(3) }),
        challenge_password: Some("s3cret pass-word".to_owned()),
        extra: vec![Extension {
            oid: oid::TLS_FEATURE.into(),
            critical: false,
            value: vec![0x30, 3, 2, 1, 5],
        }],
        ..spec(
            "UID=u1+CN=Jürgen,OU=ლ(ಠ益ಠლ),DC=example,DC=com,emailAddress=a@b.example,1.2.3.4.5=#0c0178,ST=Österreich,C=AT",
            &[
                "erp.example.com",
                "*.bücher.example",
                "10.0.0.1",
                "2001:db8::1",
                "a@example.com",
                "https://example.com/a",
                "UPN:jürgen@corp.example",
                "OID:1.2.3.4",
                "directory:CN=a,O=b",
                "other:1.2.3.4:0c0161",
            ],
            &key.algorithm(),
        )
    };
    let request = SigningRequest::generate(&key, &wanted, &mut rng()).unwrap();
    std::fs::write(folder.path().join("a.csr"), request.to_pem()).unwrap();
    let text = openssl(folder.path(), TEXT);
    for expected in [
        "verify OK",
        "UID=u1+CN=Jürgen,OU=ლ(ಠ益ಠლ),DC=example,DC=com,emailAddress=a@b.example",
        "ST=Österreich,C=AT",
        "DNS:erp.example.com, DNS:*.xn--bcher-kva.example, IP Address:10.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1, \
         email:a@example.com, URI:https://example.com/a, othername: UPN::jürgen@corp.example, Registered ID:1.2.3.4, DirName:/O=b/CN=a, othername: 1.2.3.4::a",
        "Digital Signature, Non Repudiation, Key Agreement",
        "TLS Web Client Authentication, Code Signing, E-mail Protection, Microsoft Smartcard Login",
        "CA:TRUE, pathlen:3",
        "challengePassword        :s3cret pass-word",
        "status_request",
        "X509v3 Subject Key Identifier",
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    let tree = openssl(folder.path(), "asn1parse -in a.csr -i");
    assert!(!tree.contains("BAD ") && !tree.contains("Error"), "{tree}");

    // The same is read here.
    let read = SigningRequest::from_der(request.der()).unwrap();
    assert_eq!(read.subject().der(), wanted.subject.der());
    assert_eq!(read.subject_alternative_names(), wanted.alternative_names);
    assert_eq!(read.key_usage(), wanted.key_usage);
    assert_eq!(read.extended_key_usage().unwrap().0, wanted.extended_key_usage);
    assert_eq!(read.basic_constraints(), wanted.basic_constraints.as_ref());
    assert_eq!(read.challenge_password(), wanted.challenge_password);
    assert_eq!(read.extensions().find(oid::TLS_FEATURE), wanted.extra.first());
    let attributes: Vec<String> = read.attributes().iter().map(|attribute| attribute.name()).collect();
    assert_eq!(attributes, ["challengePassword", "extensionRequest"]);
    assert_eq!(read.attributes()[0].texts(), ["s3cret pass-word"]);
    assert_eq!(
        read.extensions().subject_key_identifier.clone().unwrap().unwrap().0,
        KeyIdentifier::Sha1.of(key.public_key())
    );
    assert_eq!(RequestSpec::like_request(&read), wanted);

    // And keytool reads it too.
    let printed = run(
        folder.path(),
        "keytool",
        "-J-Dfile.encoding=UTF-8 -J-Duser.language=en -printcertreq -file a.csr",
    );
    assert!(printed.contains("erp.example.com") && printed.contains("C=AT"), "{printed}");
}

#[test]
fn a_bare_request_asks_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let key = key(KeySpec::Ed25519);
    let wanted = RequestSpec {
        key_usage: None,
        extended_key_usage: Vec::new(),
        subject_key_identifier: false,
        ..spec("CN=a", &[], &key.algorithm())
    };
    let request = SigningRequest::generate(&key, &wanted, &mut rng()).unwrap();
    assert!(request.attributes().is_empty() && request.extensions().all.is_empty());
    std::fs::write(folder.path().join("a.csr"), request.to_pem()).unwrap();
    let text = openssl(folder.path(), TEXT);
    assert!(text.contains("verify OK") && !text.contains("X509v3"), "{text}");
}

#[test]
fn what_cannot_be_asked_for_is_refused() {
    let key = key(KeySpec::EcP256);
    let good = || spec("CN=a", &["a.example"], &key.algorithm());
    let refused = |wanted: RequestSpec| SigningRequest::generate(&key, &wanted, &mut rng()).unwrap_err();
    let content = |wanted: RequestSpec| match refused(wanted) {
        GenerateRequestError::Content(error) => error,
        other => panic!("{other}"),
    };
    assert_eq!(
        content(RequestSpec { subject: Name::empty(), alternative_names: vec![], ..good() }),
        ContentError::NoName
    );
    let bad = GeneralName::Malformed { number: 7, content: vec![1] };
    assert_eq!(
        content(RequestSpec { alternative_names: vec![bad.clone()], ..good() }),
        ContentError::MalformedName { name: bad }
    );
    let bad = GeneralName::Dns("ä.example".into());
    assert_eq!(
        content(RequestSpec { alternative_names: vec![bad.clone()], ..good() }),
        ContentError::MalformedName { name: bad }
    );
    assert_eq!(
        content(RequestSpec { key_usage: Some(KeyUsage::EMPTY), ..good() }),
        ContentError::EmptyKeyUsage
    );
    let constraints = Some(BasicConstraints { ca: false, path_length: Some(1) });
    assert_eq!(
        content(RequestSpec { basic_constraints: constraints, ..good() }),
        ContentError::PathLengthWithoutCa
    );
    let extra = vec![Extension { oid: oid::KEY_USAGE.into(), critical: false, value: vec![3, 1, 0] }];
    assert_eq!(
        content(RequestSpec { extra, ..good() }),
        ContentError::DuplicateExtension { oid: oid::KEY_USAGE.into() }
    );
    for (password, characters) in [(String::new(), 0), ("ä".repeat(256), 256)] {
        assert_eq!(
            refused(RequestSpec { challenge_password: Some(password), ..good() }),
            GenerateRequestError::BadChallengePassword { characters }
        );
    }
    let signature = X509Signature::RsaPkcs1Sha256;
    assert_eq!(
        refused(RequestSpec { signature: Some(signature), ..good() }),
        GenerateRequestError::Sign(SignError::SignatureMismatch { signature })
    );
}

#[test]
fn empty_subjects_make_the_alternative_names_critical() {
    let folder = tempfile::tempdir().unwrap();
    let key = key(KeySpec::EcP256);
    let wanted = RequestSpec {
        alternative_names: names(&["a.example"]),
        ..RequestSpec::for_purpose(Purpose::ClientAuthentication, &key.algorithm())
    };
    let request = SigningRequest::generate(&key, &wanted, &mut rng()).unwrap();
    std::fs::write(folder.path().join("a.csr"), request.to_pem()).unwrap();
    let text = openssl(folder.path(), TEXT);
    assert!(text.contains("X509v3 Subject Alternative Name: critical"), "{text}");
    assert!(!text.contains("TLS Web Server Authentication"), "{text}");
}

#[test]
fn a_renewal_asks_for_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    // A certificate with a subject in old string types, and with everything that an issuer adds.
    std::fs::write(
        path.join("old.cnf"),
        "[req]\ndistinguished_name=dn\nprompt=no\nstring_mask=nombstr\nx509_extensions=e\n[dn]\nC=DE\nO=Example GmbH\n0.OU=First\n1.OU=Second\n\
         CN=erp\nemailAddress=a@example.com\n[e]\nsubjectAltName=DNS:erp.example,IP:10.0.0.1,dirName:d,otherName:1.2.3.4;UTF8:x,\
         otherName:1.3.6.1.4.1.311.20.2.3;UTF8:u@corp.example,RID:1.2.3.4\nkeyUsage=critical,digitalSignature,keyEncipherment\n\
         extendedKeyUsage=clientAuth,1.2.3.4.5\nbasicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n\
         authorityInfoAccess=OCSP;URI:http://ocsp.example\ncrlDistributionPoints=URI:http://ca.example/ca.crl\ncertificatePolicies=1.2.3.4\n\
         tlsfeature=status_request\nnsComment=made by a test\n1.2.3.4.5.6=ASN1:UTF8String:own\n[d]\nO=b\nCN=a\n",
    )
    .unwrap();
    openssl(path, "req -x509 -newkey rsa:2048 -nodes -keyout old.key -config old.cnf -days 9 -out old.pem");
    let old = certificate(path, "old.pem");
    let mut wanted = RequestSpec::like_certificate(&old);
    let extra: Vec<String> = wanted.extra.iter().map(|extension| extension.oid.name_or_dotted()).collect();
    assert_eq!(extra, ["tlsFeature", "1.2.3.4.5.6"]);
    let key = key(KeySpec::EcP384);
    wanted.fit_to(&key.algorithm());
    let request = SigningRequest::generate(&key, &wanted, &mut rng()).unwrap();
    assert_eq!(request.subject().der(), old.subject().der());
    assert!(request.subject().der().windows(4).any(|window| window == b"\x13\x02DE"));
    assert_eq!(request.subject_alternative_names(), old.subject_alternative_names());
    assert_eq!(
        request.extensions().find(oid::SUBJECT_ALTERNATIVE_NAME),
        old.extensions().find(oid::SUBJECT_ALTERNATIVE_NAME)
    );
    assert_eq!(request.subject_alternative_names().len(), 6);
    assert_eq!(request.key_usage().unwrap().names(), ["digitalSignature"]);
    assert_eq!(request.extended_key_usage(), old.extended_key_usages());
    assert_eq!(
        request.extensions().find(oid::EXTENDED_KEY_USAGE),
        old.extensions().find(oid::EXTENDED_KEY_USAGE)
    );
    std::fs::write(path.join("a.csr"), request.to_pem()).unwrap();
    assert!(openssl(path, TEXT).contains("verify OK"));
}

#[test]
fn openssl_signs_with_all_extensions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    openssl(
        path,
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -subj /O=Example/CN=Root -days 60 -out ca.pem",
    );
    let key = key(KeySpec::EcP521);
    let wanted = spec("CN=a+OU=b,O=Jürgen & Söhne,C=DE", &["a.example", "UPN:a@corp"], &key.algorithm());
    let request = SigningRequest::generate(&key, &wanted, &mut rng()).unwrap();
    std::fs::write(path.join("a.csr"), request.to_pem()).unwrap();
    openssl(path, "x509 -req -in a.csr -CA ca.pem -CAkey ca.key -copy_extensions copyall -days 9 -out a.pem");
    let leaf = certificate(path, "a.pem");
    assert_eq!(leaf.subject().der(), wanted.subject.der());
    assert_eq!(leaf.subject_alternative_names(), wanted.alternative_names);
    assert_eq!(leaf.key_usage(), wanted.key_usage);
    assert_eq!(leaf.extended_key_usages().unwrap().0, wanted.extended_key_usage);
    assert_eq!(leaf.subject_key_identifier().unwrap(), KeyIdentifier::Sha1.of(key.public_key()));
    assert!(openssl(path, "verify -CAfile ca.pem -purpose sslclient a.pem").contains("OK"));
}

#[test]
fn keytool_signs_with_all_extensions() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let store = "-keystore ca.p12 -storetype PKCS12 -storepass changeit -alias ca";
    run(
        path,
        "keytool",
        &format!("-genkeypair {store} -dname CN=Root -keyalg EC -groupname secp256r1 -ext bc:c"),
    );
    for key in [KeySpec::EcP256, KeySpec::Ed25519, KeySpec::Rsa { bits: 2048 }].map(key) {
        for signature in key.x509_signatures() {
            let wanted = RequestSpec {
                signature: Some(signature),
                ..spec("CN=a,O=Jürgen & Söhne,C=DE", &["a.example", "10.0.0.1"], &key.algorithm())
            };
            let request = SigningRequest::generate(&key, &wanted, &mut rng()).unwrap();
            std::fs::write(path.join("a.csr"), request.to_pem()).unwrap();
            run(path, "keytool", &format!("-gencert {store} -infile a.csr -outfile a.cer -ext honored=all"));
            let leaf = Certificate::from_der(&std::fs::read(path.join("a.cer")).unwrap()).unwrap();
            assert_eq!(leaf.subject(), &wanted.subject);
            assert_eq!(leaf.subject_alternative_names(), wanted.alternative_names);
            assert_eq!(leaf.key_usage(), wanted.key_usage);
            assert_eq!(leaf.extended_key_usages().unwrap().0, wanted.extended_key_usage);
            assert_eq!(&leaf.public_key().unwrap(), key.public_key());
        }
    }
}

#[test]
fn requests_of_openssl_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    openssl(
        path,
        "req -new -newkey rsa:2048 -nodes -keyout a.key -subj /C=DE/O=Example/CN=a+OU=b -multivalue-rdn \
         -addext subjectAltName=DNS:a.example,IP:10.0.0.1 -addext basicConstraints=CA:FALSE -out a.csr",
    );
    let pem = std::fs::read(path.join("a.csr")).unwrap();
    let request = SigningRequest::from_pem(&pem).unwrap();
    request.verify().unwrap();
    assert_eq!(request.subject().to_rfc4514(), "CN=a+OU=b,O=Example,C=DE");
    assert_eq!(request.subject_alternative_names(), names(&["a.example", "10.0.0.1"]));
    assert_eq!(request.extensions().all.len(), 2);
    assert_eq!(request.public_key().unwrap().algorithm(), KeyAlgorithm::Rsa { bits: 2048 });

    // One changed octet in the subject: the structure is whole, the signature is not.
    let mut der = request.der().to_vec();
    let place = der.windows(7).position(|window| window == b"Example").unwrap();
    der[place] = b'e';
    let changed = SigningRequest::from_der(&der).unwrap();
    assert_eq!(changed.verify(), Err(VerifyRequestError::Signature(VerifyError::BadSignature)));

    // RSA-PSS, a key for RSA-PSS alone, Ed25519, a curve that is not supported, SHA-1, a challenge password.
    openssl(path, "req -new -key a.key -subj /CN=a -sigopt rsa_padding_mode:pss -sha384 -out pss.csr");
    let pss = SigningRequest::from_pem(&std::fs::read(path.join("pss.csr")).unwrap()).unwrap();
    pss.verify().unwrap();
    assert_eq!(pss.signature_algorithm().name(), "RSASSA-PSS");
    openssl(path, "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out only.key");
    openssl(path, "req -new -key only.key -subj /CN=a -sha256 -out only.csr");
    SigningRequest::from_pem(&std::fs::read(path.join("only.csr")).unwrap()).unwrap().verify().unwrap();
    openssl(path, "req -new -newkey ed25519 -nodes -keyout e.key -subj /CN=a -out e.csr");
    SigningRequest::from_pem(&std::fs::read(path.join("e.csr")).unwrap()).unwrap().verify().unwrap();
    openssl(
        path,
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:secp256k1 -nodes -keyout k.key -subj /CN=a -out k.csr",
    );
    let foreign = SigningRequest::from_pem(&std::fs::read(path.join("k.csr")).unwrap()).unwrap();
    assert_eq!(strength(&foreign.public_key().unwrap()), Strength::Strong);
    assert!(matches!(
        foreign.verify(),
        Err(VerifyRequestError::Signature(VerifyError::UnsupportedAlgorithm { .. }))
    ));
    openssl(path, "req -new -key a.key -subj /CN=a -sha1 -out weak.csr");
    let weak = SigningRequest::from_pem(&std::fs::read(path.join("weak.csr")).unwrap()).unwrap();
    assert!(matches!(signature_strength(weak.signature_algorithm()), Strength::Weak { .. }));
    openssl(path, "req -new -newkey rsa:1024 -nodes -keyout s.key -subj /CN=a -out short.csr");
    let short = SigningRequest::from_pem(&std::fs::read(path.join("short.csr")).unwrap()).unwrap();
    assert!(matches!(strength(&short.public_key().unwrap()), Strength::Weak { .. }));
    std::fs::write(
        path.join("challenge.cnf"),
        "[req]\nprompt=no\ndistinguished_name=d\nattributes=a\n[d]\nCN=a\n[a]\nchallengePassword=pässwörd\nunstructuredName=Example\n",
    )
    .unwrap();
    openssl(path, "req -new -utf8 -key a.key -config challenge.cnf -out challenge.csr");
    let challenge = SigningRequest::from_pem(&std::fs::read(path.join("challenge.csr")).unwrap()).unwrap();
    assert_eq!(challenge.challenge_password().as_deref(), Some("pässwörd"));
    assert_eq!(challenge.attribute(oid::UNSTRUCTURED_NAME).unwrap().texts(), ["Example"]);
    assert_eq!(challenge.extensions().all.len(), 0);
}

#[test]
fn requests_of_keytool_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let store = "-keystore k.p12 -storetype PKCS12 -storepass changeit -alias a";
    let common = "-ext san=dns:a.example,ip:10.0.0.1 -ext eku=clientAuth -ext ku=digitalSignature";
    for (algorithm, expected) in [
        ("-keyalg RSA -keysize 3072 -sigalg RSASSA-PSS", KeyAlgorithm::Rsa { bits: 3072 }),
        ("-keyalg EC -groupname secp384r1", KeyAlgorithm::EcP384),
        ("-keyalg Ed25519", KeyAlgorithm::Ed25519),
    ] {
        run(path, "keytool", &format!("-genkeypair {store} -dname CN=a,O=Example,C=DE {algorithm}"));
        let text = run(path, "keytool", &format!("-certreq {store} {common}"));
        run(path, "keytool", &format!("-delete {store}"));
        assert!(text.contains("BEGIN NEW CERTIFICATE REQUEST"), "{text}");
        let request = SigningRequest::from_pem(text.as_bytes()).unwrap();
        request.verify().unwrap();
        assert_eq!(request.subject().to_rfc4514(), "CN=a,O=Example,C=DE");
        assert_eq!(request.subject_alternative_names(), names(&["a.example", "10.0.0.1"]));
        assert_eq!(request.key_usage(), Some(KeyUsage::DIGITAL_SIGNATURE));
        assert_eq!(request.extended_key_usage().unwrap().names(), ["clientAuth"]);
        let key = request.public_key().unwrap();
        assert_eq!(key.algorithm(), expected);
        assert_eq!(
            request.extensions().subject_key_identifier.clone().unwrap().unwrap().0,
            KeyIdentifier::Sha1.of(&key)
        );
    }
}
