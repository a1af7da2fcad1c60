//! Whatever may be said in a certificate or request is written so that it is read again, here and by another reader of DER.

#![allow(clippy::unwrap_used, reason = "a test may panic, its helper functions too")]

mod support;

use std::sync::LazyLock;

use certwright_certs::extensions::{BasicConstraints, Extension, KeyUsage};
use certwright_certs::issue::{SelfSignedSpec, generate_self_signed};
use certwright_certs::name::edit;
use certwright_certs::request::{RequestSpec, SigningRequest};
use certwright_certs::{GeneralName, Oid};
use certwright_keys::{KeySpec, PrivateKey};
use der::{Decode, Encode};
use proptest::prelude::*;

use support::{key, name, rng};

static KEY: LazyLock<PrivateKey> = LazyLock::new(|| key(KeySpec::EcP256));

fn oids() -> impl Strategy<Value = Oid> {
    (0u32..3, 0u32..40, proptest::collection::vec(any::<u32>(), 1..6)).prop_map(|(root, second, rest)| {
        let rest: String = rest.iter().map(|arc| format!(".{arc}")).collect();
        Oid::parse_dotted(&format!("{root}.{second}{rest}")).unwrap()
    })
}

fn alternatives() -> impl Strategy<Value = GeneralName> {
    prop_oneof![
        "[a-z]{1,20}(\\.[a-z]{1,20}){0,4}".prop_map(GeneralName::Dns),
        any::<std::net::IpAddr>().prop_map(GeneralName::Ip),
        "[a-z]{1,9}@[a-z]{1,9}".prop_map(GeneralName::Email),
        "https://[a-z]{1,9}/[a-z%?=&]{0,200}".prop_map(GeneralName::Uri),
        "\\PC{1,20}@\\PC{1,20}".prop_map(GeneralName::UserPrincipalName),
        oids().prop_map(GeneralName::RegisteredId),
        (oids(), "[a-z]{0,9}").prop_map(|(oid, text)| {
            let value = support::element(0x0c, text.as_bytes());
            GeneralName::Other { oid, value }
        }),
        Just(GeneralName::DirectoryName(name("CN=a+OU=b,O=c"))),
    ]
}

fn usages() -> impl Strategy<Value = Option<KeyUsage>> {
    const NAMES: [&str; 9] = [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
    ];
    proptest::sample::subsequence(&NAMES[..], 0..=9)
        .prop_map(|names| Some(KeyUsage::from_names(names).unwrap()).filter(|usage| !usage.is_empty()))
}

fn constraints() -> impl Strategy<Value = Option<BasicConstraints>> {
    prop_oneof![
        Just(None),
        Just(Some(BasicConstraints { ca: false, path_length: None })),
        any::<Option<u8>>()
            .prop_map(|length| Some(BasicConstraints { ca: true, path_length: length.map(u32::from) })),
    ]
}

prop_compose! {
    fn specs()(
        rows in proptest::collection::vec(
            proptest::collection::vec((prop_oneof!["(CN|OU|O|L|ST|T|UID)", "1\\.3\\.[0-9]{1,3}"], "[a-zA-Zäöüß#\\\\ -]{0,9}[a-zé益]"), 1..3),
            1..6,
        ),
        alternative_names in proptest::collection::vec(alternatives(), 0..8),
        key_usage in usages(),
        extended_key_usage in proptest::collection::vec(oids(), 0..4),
        basic_constraints in constraints(),
        challenge_password in proptest::option::of("\\PC{1,40}"),
        own in proptest::option::of((oids(), any::<bool>(), proptest::collection::vec(any::<u8>(), 0..300))),
        subject_key_identifier in any::<bool>(),
    ) -> RequestSpec {
        RequestSpec {
            subject: edit::parse_rows(&rows, None).unwrap(),
            alternative_names,
            key_usage,
            extended_key_usage,
            basic_constraints,
            challenge_password,
            extra: own.into_iter().map(|(oid, critical, value)| Extension { oid, critical, value }).collect(),
            signature: None,
            subject_key_identifier,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn requests_say_what_they_should(spec in specs()) {
        let request = SigningRequest::generate(&KEY, &spec, &mut rng()).unwrap();
        prop_assert_eq!(request.subject().der(), spec.subject.der());
        prop_assert_eq!(request.extensions().broken(), []);
        let again = RequestSpec { subject_key_identifier: spec.subject_key_identifier, ..RequestSpec::like_request(&request) };
        prop_assert_eq!(again, spec);
        // Another reader, which takes nothing but DER, reads the same and would write the same.
        let other = x509_cert::request::CertReq::from_der(request.der()).unwrap();
        prop_assert_eq!(other.to_der().unwrap(), request.der());
    }

    #[test]
    fn certificates_say_what_they_should(
        spec in specs(),
        not_before in -62_167_219_200i64..=253_402_300_799,
        seconds in 0i64..=2_000_000_000,
        serial in proptest::option::of(proptest::collection::vec(any::<u8>(), 1..=19)),
    ) {
        prop_assume!(serial.as_ref().is_none_or(|serial| serial.iter().any(|octet| *octet != 0)));
        let not_after = (not_before + seconds).min(253_402_300_799);
        let spec = SelfSignedSpec { not_after, serial: serial.clone(), ..SelfSignedSpec::from_request_spec(&spec, not_before) };
        let made = generate_self_signed(&KEY, &spec, &mut rng()).unwrap();
        prop_assert_eq!((made.not_before(), made.not_after()), (not_before, not_after));
        prop_assert_eq!(made.irregularities(), []);
        prop_assert_eq!(made.extensions().broken(), []);
        prop_assert_eq!(made.subject_alternative_names(), &spec.alternative_names);
        prop_assert_eq!(made.key_usage(), spec.key_usage);
        prop_assert_eq!(made.extended_key_usages().map(|usage| usage.0.clone()).unwrap_or_default(), spec.extended_key_usage);
        prop_assert_eq!(made.is_ca(), spec.is_ca);
        prop_assert_eq!(made.subject().der(), spec.subject.der());
        if let Some(serial) = serial {
            let written: Vec<u8> = made.serial().iter().copied().skip_while(|octet| *octet == 0).collect();
            let wanted: Vec<u8> = serial.into_iter().skip_while(|octet| *octet == 0).collect();
            prop_assert_eq!(written, wanted);
        }
        // The other reader knows no years before 1970.
        if not_before >= 0 {
            prop_assert_eq!(made.parsed().unwrap().to_der().unwrap(), made.der());
        }
    }
}
