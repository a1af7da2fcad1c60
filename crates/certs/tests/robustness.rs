//! Whatever bytes or text come in, reading answers: no panic, no endless work, no unbounded memory.

#![allow(clippy::unwrap_used, reason = "a test may panic, its helper functions too")]

mod support;

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use certwright_certs::issue::{Honour, IssueSpec, SelfSignedSpec, generate_self_signed, issue};
use certwright_certs::key_strength::{signature_strength, strength};
use certwright_certs::name::edit;
use certwright_certs::request::{Purpose, RequestSpec, SigningRequest};
use certwright_certs::{Certificate, GeneralName, Name};
use certwright_keys::{KeySpec, PrivateKey};
use proptest::prelude::*;

use support::{element, key, name, names, rng};

const ALTERNATIVES: [&str; 8] = [
    "a.example",
    "10.0.0.1",
    "2001:db8::1",
    "a@b.example",
    "https://a/",
    "UPN:a@b",
    "directory:CN=a+OU=b",
    "other:1.2.3.4:0c0161",
];

static REQUEST: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let key = key(KeySpec::EcP256);
    let spec = RequestSpec {
        subject: name("CN=ä+OU=b,O=c,C=DE"),
        alternative_names: names(&ALTERNATIVES),
        challenge_password: Some("secret".to_owned()),
        ..RequestSpec::for_purpose(Purpose::Both, &key.algorithm())
    };
    SigningRequest::generate(&key, &spec, &mut rng()).unwrap().der().to_vec()
});

static CA_KEY: LazyLock<PrivateKey> = LazyLock::new(|| key(KeySpec::Rsa { bits: 2048 }));

static CERTIFICATE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let spec = SelfSignedSpec {
        alternative_names: names(&ALTERNATIVES),
        ..SelfSignedSpec::for_authority(name("CN=ä+OU=b,O=c,C=DE"), Some(3), 1_893_456_000)
    };
    generate_self_signed(&CA_KEY, &spec, &mut rng()).unwrap().der().to_vec()
});

/// Asks everything that can be asked of what was read.
fn use_request(der: &[u8]) {
    let Ok(request) = SigningRequest::from_der(der) else { return };
    assert_eq!(request.der(), der);
    let _ = (request.verify(), request.challenge_password(), request.to_pem(), format!("{request:?}"));
    let _ = (request.extensions().duplicates(), request.extensions().broken());
    for attribute in request.attributes() {
        let _ = (attribute.name(), attribute.texts());
    }
    let _ = signature_strength(request.signature_algorithm());
    let _ = (request.signature_algorithm().known(), request.public_key().map(|key| strength(&key)));
    let _ = request.describe();
    let spec = RequestSpec::like_request(&request);
    let _ = spec.alternative_names.iter().map(ToString::to_string).count();
    use_name(request.subject());
}

fn use_certificate(der: &[u8]) {
    let Ok(certificate) = Certificate::from_der(der) else { return };
    assert_eq!(certificate.der(), der);
    let _ = (
        certificate.is_self_signed(),
        certificate.is_ca(),
        certificate.display_name(),
        certificate.serial_hex(),
    );
    let _ = (
        certificate.extensions().duplicates(),
        certificate.extensions().broken(),
        format!("{certificate:?}"),
    );
    let _ = signature_strength(certificate.signature_algorithm());
    let _ = (certificate.signature_algorithm().known(), certificate.public_key().map(|key| strength(&key)));
    let _ = (RequestSpec::like_certificate(&certificate), certificate.describe());
    use_name(certificate.subject());
}

/// A name that was read can be shown, edited and shown again without becoming another.
fn use_name(name: &Name) {
    let rows = edit::to_rows(name);
    assert_eq!(edit::parse_rows(&rows, Some(name)).unwrap().der(), name.der());
    let _ = edit::parse_rows(&rows, None);
    let _ = name.to_rfc4514();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        use_request(&bytes);
        use_certificate(&bytes);
        let _ = Name::from_der(&bytes).map(|name| use_name(&name));
    }

    #[test]
    fn changed_bits_are_answered(places in proptest::collection::vec((any::<prop::sample::Index>(), 0u8..8), 1..6)) {
        for (original, read) in [(&*REQUEST, use_request as fn(&[u8])), (&*CERTIFICATE, use_certificate)] {
            let mut changed = original.clone();
            for (place, bit) in &places {
                let place = place.index(changed.len());
                changed[place] ^= 1 << bit;
            }
            read(&changed);
        }
    }

    #[test]
    fn changed_octets_are_answered(
        place in any::<prop::sample::Index>(),
        removed in 0usize..5,
        inserted in proptest::collection::vec(any::<u8>(), 0..5),
    ) {
        for (original, read) in [(&*REQUEST, use_request as fn(&[u8])), (&*CERTIFICATE, use_certificate)] {
            let mut changed = original.clone();
            let place = place.index(changed.len());
            let end = (place + removed).min(changed.len());
            changed.splice(place..end, inserted.iter().copied());
            read(&changed);
        }
    }

    #[test]
    fn any_text_is_answered(text in any::<String>(), pem in "-----BEGIN [A-Z ]{0,24}-----\n[A-Za-z0-9+/=\n]{0,99}-----END [A-Z ]{0,24}-----") {
        if let Ok(name) = Name::parse_rfc4514(&text) {
            prop_assert_eq!(&Name::parse_rfc4514(&name.to_rfc4514()).unwrap(), &name);
            use_name(&name);
        }
        if let Ok(read) = GeneralName::parse_text(&text) {
            prop_assert!(read.is_well_formed(), "{}", read);
            prop_assert_eq!(GeneralName::parse_text(&read.to_string()).unwrap(), read);
        }
        let _ = SigningRequest::from_pem(pem.as_bytes());
        let _ = SigningRequest::from_pem(text.as_bytes());
    }

    #[test]
    fn likely_names_are_answered(text in "(CN|O|C|DC|1\\.2\\.3|XY| )(=| )[a-zA-Zä#\\\\\"+,; ]{0,12}([,+;/](O|OU)=[a-z\"\\\\#0-9]{0,8}){0,3}") {
        if let Ok(name) = Name::parse_rfc4514(&text) {
            prop_assert_eq!(&Name::parse_rfc4514(&name.to_rfc4514()).unwrap(), &name);
            use_name(&name);
        }
    }

    #[test]
    fn likely_alternatives_are_answered(text in "(DNS:|IP:|email:|URI:|UPN:|OID:|other:|directory:|)[a-z0-9.:@*/äß例_-]{0,20}") {
        if let Ok(read) = GeneralName::parse_text(&text) {
            prop_assert!(read.is_well_formed());
            prop_assert_eq!(GeneralName::parse_text(&read.to_string()).unwrap(), read);
        }
    }
}

#[test]
fn every_truncation_is_refused() {
    for length in 0..REQUEST.len() {
        assert!(SigningRequest::from_der(&REQUEST[..length]).is_err());
    }
    for length in 0..CERTIFICATE.len() {
        assert!(Certificate::from_der(&CERTIFICATE[..length]).is_err());
    }
}

#[test]
fn every_changed_octet_breaks_the_signature() {
    for place in 0..REQUEST.len() {
        let mut changed = REQUEST.clone();
        changed[place] ^= 0x55;
        if let Ok(request) = SigningRequest::from_der(&changed) {
            assert!(request.verify().is_err(), "octet {place}");
        }
    }
}

#[test]
fn a_request_full_of_extensions_is_worked_with_at_once() {
    let key = key(KeySpec::EcP256);
    let extension = |number: u32| {
        let octets = [(number >> 14) as u8 | 0x80, (number >> 7) as u8 | 0x80, number as u8 & 0x7f];
        element(0x30, &[element(6, &[&[0x2a, 0x81][..], &octets].concat()), vec![4, 0]].concat())
    };
    let list = element(0x30, &(0..60_000).flat_map(extension).collect::<Vec<u8>>());
    let attribute = [element(6, b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0e"), element(0x31, &list)].concat();
    let attributes = element(0xa0, &element(0x30, &attribute));
    let rdns = element(0x31, &element(0x30, &[6, 3, 0x55, 4, 3, 0x0c, 1, b'a'])).repeat(10_000);
    let subject = element(0x30, &rdns);
    let info = [&[2, 1, 0][..], &subject, key.public_key().spki_der(), &attributes].concat();
    let der = support::sign(&key, &element(0x30, &info));
    let ca = Certificate::from_der(&CERTIFICATE).unwrap();
    let started = Instant::now();
    let request = SigningRequest::from_der(&der).unwrap();
    assert_eq!(request.extensions().all.len(), 60_000);
    use_request(&der);
    let spec = RequestSpec::like_request(&request);
    let _ = SigningRequest::generate(&key, &spec, &mut rng()).unwrap();
    let mut rows = edit::to_rows(request.subject());
    rows[0][0].1 = "b".to_owned();
    edit::parse_rows(&rows, Some(request.subject())).unwrap();
    let honour = request.extensions().all.iter().map(|extension| Honour::from_oid(&extension.oid)).collect();
    let spec =
        IssueSpec { honour, ..IssueSpec::for_purpose(Purpose::Both, &key.algorithm(), ca.not_before()) };
    let issued = issue(&request, &ca, &CA_KEY, &spec, &mut rng()).unwrap();
    assert!(issued.extensions().all.len() > 60_000);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn bombs_are_answered_at_once() {
    let mut nested = vec![5, 0];
    for _ in 0..10_000 {
        let length = (nested.len() as u32).to_be_bytes();
        nested = [&[0x30, 0x84][..], &length, &nested].concat();
    }
    let beyond = [0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x30];
    let rdns = element(0x31, &element(0x30, &[6, 3, 0x55, 4, 3, 0x0c, 1, b'a'])).repeat(4_000);
    let many_rdns = element(0x30, &rdns);
    let started = Instant::now();
    for bomb in [&nested[..], &beyond, &many_rdns, &vec![0x30; 900_000], &vec![0xff; 900_000]] {
        assert!(SigningRequest::from_der(bomb).is_err());
        assert!(Certificate::from_der(bomb).is_err());
        let _ = Name::from_der(bomb).map(|name| use_name(&name));
    }
    let long = "a.".repeat(500_000);
    for text in [
        long.clone(),
        format!("{long}ä"),
        format!("xn--{long}"),
        "ä".repeat(500_000),
        "CN=a,".repeat(200_000),
    ] {
        assert!(GeneralName::parse_text(&text).is_err());
        assert!(Name::parse_rfc4514(&text).is_err());
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}
