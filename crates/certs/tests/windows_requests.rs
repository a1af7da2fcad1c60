//! Requests as Windows makes them (MS-WCCE sections 2.2.2.6 and 2.2.2.7), and requests whose attributes are unusual.

#![allow(clippy::unwrap_used, reason = "a test may panic, its helper functions too")]

mod support;

use certwright_certs::fault::Problem;
use certwright_certs::request::{ReadRequestError, RequestSpec, SigningRequest};
use certwright_certs::{Oid, oid};
use certwright_keys::{KeySpec, PrivateKey};

use support::{element, key, name, names, openssl, sign};

fn oid_der(dotted: &str) -> Vec<u8> {
    Oid::parse_dotted(dotted).unwrap().to_der()
}

fn attribute(dotted: &str, values: &[u8]) -> Vec<u8> {
    element(0x30, &[oid_der(dotted), element(0x31, values)].concat())
}

fn utf16(text: &str) -> Vec<u8> {
    element(0x1e, &text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>())
}

fn extension(dotted: &str, value: &[u8]) -> Vec<u8> {
    element(0x30, &[oid_der(dotted), element(4, value)].concat())
}

/// A request with these attributes in this order; `None` leaves even their wrapper out.
fn request(key: &PrivateKey, attributes: Option<&[Vec<u8>]>) -> Vec<u8> {
    let mut info = vec![2, 1, 0];
    info.extend_from_slice(name("CN=web,O=Example,C=DE").der());
    info.extend_from_slice(key.public_key().spki_der());
    info.extend(attributes.map(|attributes| element(0xa0, &attributes.concat())).unwrap_or_default());
    sign(key, &element(0x30, &info))
}

const SAN: &[u8] = b"\x30\x0d\x82\x0bweb.example";

#[test]
fn a_request_of_certreq_is_understood() {
    let key = key(KeySpec::Rsa { bits: 2048 });
    let extensions = [
        extension("2.5.29.15", &[3, 2, 5, 0xa0]),
        extension("2.5.29.17", SAN),
        extension("1.3.6.1.4.1.311.20.2", &utf16("WebServer")),
    ];
    let der = request(
        &key,
        Some(&[
            attribute("1.3.6.1.4.1.311.13.2.3", b"\x16\x0c10.0.20348.2"),
            attribute(
                "1.3.6.1.4.1.311.21.20",
                &element(0x30, b"\x02\x01\x05\x0c\x08web.corp\x0c\x0cCORP\\J\xc3\xbcrgen\x0c\x0bcertreq.exe"),
            ),
            attribute(
                "1.3.6.1.4.1.311.13.2.1",
                &element(0x30, &[utf16("CertificateTemplate"), utf16("WebServer")].concat()),
            ),
            attribute(
                "1.3.6.1.4.1.311.13.2.2",
                &element(
                    0x30,
                    &[vec![2, 1, 0], utf16("Microsoft Software Key Storage Provider"), vec![3, 1, 0]]
                        .concat(),
                ),
            ),
            attribute("1.2.840.113549.1.9.7", b"\x1b\x04test"),
            attribute("1.3.6.1.4.1.311.2.1.14", &element(0x30, &extensions.concat())),
        ]),
    );
    let pem = certwright_encoding::pem::to_pem("NEW CERTIFICATE REQUEST", &der).replace('\n', "\r\n");
    let read = SigningRequest::from_pem(pem.as_bytes()).unwrap();
    read.verify().unwrap();
    assert_eq!(read.subject_alternative_names(), names(&["web.example"]));
    assert_eq!(read.key_usage().unwrap().names(), ["digitalSignature", "keyEncipherment"]);
    assert_eq!(read.challenge_password().as_deref(), Some("test"));
    let shown: Vec<(String, String)> = read
        .attributes()
        .iter()
        .filter(|attribute| !attribute.asks_for_extensions())
        .map(|attribute| (attribute.name(), attribute.texts().concat()))
        .collect();
    let expected = [
        ("msOsVersion", "10.0.20348.2"),
        ("msRequestClientInfo", "5, web.corp, CORP\\Jürgen, certreq.exe"),
        ("msEnrollmentNameValuePair", "CertificateTemplate=WebServer"),
        ("msEnrollmentCsp", "0, Microsoft Software Key Storage Provider"),
        ("challengePassword", "test"),
    ];
    let shown: Vec<(&str, &str)> = shown.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(shown, expected);
    let again = RequestSpec::like_request(&read);
    assert_eq!(again.extra.len(), 1);
    assert_eq!(again.extra[0].oid, oid::MICROSOFT_TEMPLATE_NAME);

    // The oracle agrees that this is a request.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.csr"), pem).unwrap();
    assert!(openssl(folder.path(), "req -in a.csr -verify -noout -text").contains("DNS:web.example"));
}

#[test]
fn several_lists_of_extensions_are_one() {
    let key = key(KeySpec::EcP256);
    let der = request(
        &key,
        Some(&[
            attribute("1.2.840.113549.1.9.14", &element(0x30, &extension("2.5.29.17", SAN))),
            attribute("1.3.6.1.4.1.311.2.1.14", &element(0x30, &extension("2.5.29.15", &[3, 2, 7, 0x80]))),
            attribute("1.2.840.113549.1.9.14", &element(0x30, &extension("2.5.29.17", b"\x30\x03\x82\x01b"))),
            attribute("1.2.840.113549.1.9.14", &[]),
        ]),
    );
    let read = SigningRequest::from_der(&der).unwrap();
    read.verify().unwrap();
    // Of an extension that is there twice the first counts, and that it is there twice can be told.
    assert_eq!(read.subject_alternative_names(), names(&["web.example"]));
    assert_eq!(read.key_usage().unwrap().names(), ["digitalSignature"]);
    assert_eq!(read.extensions().duplicates(), [Oid::from(oid::SUBJECT_ALTERNATIVE_NAME)]);
    assert_eq!(RequestSpec::like_request(&read).extra, []);
}

#[test]
fn attributes_may_be_missing_or_empty() {
    let key = key(KeySpec::EcP256);
    for attributes in [None, Some(&[][..])] {
        let read = SigningRequest::from_der(&request(&key, attributes)).unwrap();
        read.verify().unwrap();
        assert!(read.attributes().is_empty() && read.extensions().all.is_empty());
        assert_eq!((read.challenge_password(), read.key_usage()), (None, None));
    }
}

#[test]
fn unreadable_extensions_are_told_from_absent_ones() {
    let key = key(KeySpec::EcP256);
    // The extension is there, its value is not what it should be.
    let list = element(0x30, &extension("2.5.29.15", b"nonsense"));
    let read =
        SigningRequest::from_der(&request(&key, Some(&[attribute("1.2.840.113549.1.9.14", &list)]))).unwrap();
    assert_eq!(read.key_usage(), None);
    assert_eq!(read.extensions().broken().len(), 1);
    assert_eq!(RequestSpec::like_request(&read).extra.len(), 1);
    // The list itself is none.
    let broken =
        SigningRequest::from_der(&request(&key, Some(&[attribute("1.2.840.113549.1.9.14", b"\x0c\x01a")])));
    let Err(ReadRequestError::Malformed { field, fault }) = broken else { panic!("{broken:?}") };
    assert_eq!((field, fault.problem), ("attributes", Problem::UnexpectedTag { found: 0x0c, wanted: 0x30 }));
}
