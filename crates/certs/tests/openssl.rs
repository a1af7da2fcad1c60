//! Certificates that openssl made, also odd and broken ones, are read; and a CA of openssl signs what is requested here.

#![allow(clippy::unwrap_used, reason = "a test may panic, its helper functions too")]

mod support;

use certwright_certs::Certificate;
use certwright_certs::certificate::{Irregularity, ReadCertificateError};
use certwright_certs::fault::Problem;
use certwright_certs::request::{Purpose, ReadRequestError, RequestSpec, SigningRequest};
use certwright_keys::KeySpec;
use certwright_keys::verify::VerifyError;

use support::{certificate, key, name, names, openssl, rng};

#[test]
fn a_real_ca_signs_the_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("index.txt"), "").unwrap();
    std::fs::create_dir(path.join("new")).unwrap();
    std::fs::write(
        path.join("ca.cnf"),
        "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=new\ncertificate=ca.pem\nprivate_key=ca.key\nrand_serial=yes\n\
         default_md=sha256\ndefault_days=30\npolicy=p\ncopy_extensions=copy\nx509_extensions=e\n[p]\ncommonName=optional\n\
         countryName=optional\norganizationName=optional\n[e]\nbasicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\n\
         authorityKeyIdentifier=keyid\nauthorityInfoAccess=caIssuers;URI:http://ca.example/ca.cer,OCSP;URI:http://ocsp.example\n\
         crlDistributionPoints=URI:http://ca.example/ca.crl\ncertificatePolicies=1.2.3.4\n1.2.3.4.5=ASN1:UTF8String:hello\n",
    )
    .unwrap();
    openssl(
        path,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -subj /O=Example/CN=Root -days 60 -out ca.pem",
    );
    let key = key(KeySpec::EcP384);
    let alternatives = names(&["a.example", "10.0.0.1"]);
    let subject = name("CN=a,O=Example,C=DE");
    let spec = RequestSpec {
        subject: subject.clone(),
        alternative_names: alternatives.clone(),
        ..RequestSpec::for_purpose(Purpose::Both, &key.algorithm())
    };
    let request = SigningRequest::generate(&key, &spec, &mut rng()).unwrap();
    std::fs::write(path.join("a.csr"), request.to_pem()).unwrap();
    openssl(path, "ca -config ca.cnf -batch -notext -preserveDN -in a.csr -out a.pem");
    let leaf = certificate(path, "a.pem");
    let root = certificate(path, "ca.pem");

    assert_eq!(leaf.subject(), &subject);
    assert_eq!(&leaf.public_key().unwrap(), key.public_key());
    assert_eq!(leaf.subject_alternative_names(), alternatives);
    assert_eq!(leaf.key_usage().unwrap().names(), ["digitalSignature"]);
    assert_eq!(leaf.extended_key_usages().unwrap().names(), ["clientAuth", "serverAuth"]);
    assert_eq!(leaf.ca_issuers_urls(), ["http://ca.example/ca.cer"]);
    assert_eq!(leaf.ocsp_urls(), ["http://ocsp.example"]);
    assert_eq!(leaf.crl_urls(), ["http://ca.example/ca.crl"]);
    assert_eq!(leaf.authority_key_identifier(), root.subject_key_identifier());
    assert_eq!(leaf.signature_algorithm().name(), "ecdsa-with-SHA256");
    assert!(!leaf.is_ca() && !leaf.is_self_issued() && root.is_ca() && root.is_self_signed());
    assert_eq!(leaf.version(), 3);
    assert_eq!(leaf.irregularities(), []);
    assert_eq!(leaf.extensions().broken(), []);
    leaf.verify_signature(&root.public_key().unwrap()).unwrap();
    assert_eq!(leaf.verify_signature(key.public_key()), Err(VerifyError::BadSignature));
    let unknown =
        leaf.extensions().all.iter().find(|extension| extension.oid.to_string() == "1.2.3.4.5").unwrap();
    assert_eq!(unknown.value, b"\x0c\x05hello");

    let facts = openssl(path, "x509 -in a.pem -noout -serial -fingerprint -sha256 -dates -dateopt iso_8601");
    let serial = leaf.serial_hex().replace(':', "");
    let fingerprint: Vec<String> =
        leaf.fingerprint_sha256().iter().map(|octet| format!("{octet:02X}")).collect();
    assert!(facts.contains(&format!("serial={serial}")), "{facts} {serial}");
    assert!(facts.contains(&fingerprint.join(":")), "{facts}");
    assert_eq!(leaf.not_after() - leaf.not_before(), 30 * 86_400);
    let sha1 = openssl(path, "x509 -in a.pem -noout -fingerprint -sha1");
    let fingerprint: Vec<String> =
        leaf.fingerprint_sha1().iter().map(|octet| format!("{octet:02X}")).collect();
    assert!(sha1.contains(&fingerprint.join(":")));
    assert_eq!(
        Certificate::from_der(&leaf.parsed().map(|parsed| der::Encode::to_der(&parsed).unwrap()).unwrap()),
        Ok(leaf)
    );
}

#[test]
fn odd_certificates_are_read_and_noted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let self_signed =
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout a.key -subj /CN=a -days 9 -out";
    openssl(path, &format!("{self_signed} zero.pem -set_serial 0"));
    openssl(
        path,
        &format!("{self_signed} long.pem -set_serial 0x7f00000000000000000000000000000000000000ff"),
    );
    openssl(path, &format!("{self_signed} negative.pem -set_serial -5"));
    let zero = certificate(path, "zero.pem");
    assert_eq!(
        (zero.irregularities(), zero.serial_hex().as_str()),
        (&[Irregularity::SerialNotPositive][..], "00")
    );
    let long = certificate(path, "long.pem");
    assert_eq!(long.irregularities(), [Irregularity::SerialTooLong { octets: 21 }]);
    let negative = certificate(path, "negative.pem");
    assert_eq!(negative.irregularities(), [Irregularity::SerialNotPositive]);
    assert_eq!(negative.serial_hex(), "-FB");
    assert!(negative.is_self_signed());

    std::fs::write(path.join("none.cnf"), "[req]\ndistinguished_name=dn\n[dn]\n").unwrap();
    openssl(path, "req -new -config none.cnf -newkey rsa:2048 -nodes -keyout b.key -subj /CN=b -out b.csr");
    openssl(path, "x509 -req -in b.csr -signkey b.key -sha1 -days 9 -out b.pem");
    let old = certificate(path, "b.pem");
    assert_eq!((old.version(), old.extensions().all.len()), (1, 0));
    assert_eq!(old.signature_algorithm().name(), "sha1WithRSAEncryption");
    assert!(old.is_ca() && old.is_self_signed());
}

#[test]
fn broken_bytes_are_answered_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    openssl(
        folder.path(),
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout a.key -subj /CN=a -out a.pem",
    );
    let whole = certificate(folder.path(), "a.pem").der().to_vec();
    assert_eq!(Certificate::from_der(&[]), Err(ReadCertificateError::Empty));
    for length in 1..whole.len() {
        assert!(Certificate::from_der(&whole[..length]).is_err());
    }
    let longer = [&whole[..], &[0]].concat();
    match Certificate::from_der(&longer) {
        Err(ReadCertificateError::Malformed { field, fault }) => {
            assert_eq!(
                (field, fault.offset, fault.problem),
                ("Certificate", whole.len(), Problem::TrailingData)
            );
        }
        other => panic!("{other:?}"),
    }
    // Whatever single octet is changed, reading answers, and no change leaves the certificate verifying as another.
    let key = Certificate::from_der(&whole).unwrap().public_key().unwrap();
    for place in 0..whole.len() {
        let mut changed = whole.clone();
        changed[place] ^= 0x55;
        if let Ok(read) = Certificate::from_der(&changed) {
            let _ = (read.public_key(), read.is_self_signed(), read.display_name(), read.serial_hex());
            assert!(read.verify_signature(&key).is_err(), "octet {place}");
        }
    }
    assert_eq!(SigningRequest::from_der(&[]), Err(ReadRequestError::Empty));
    assert_eq!(SigningRequest::from_pem(b"nothing"), Err(ReadRequestError::NoRequest));
    assert!(SigningRequest::from_der(&whole).is_err());
}
