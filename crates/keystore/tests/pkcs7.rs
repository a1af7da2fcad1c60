//! PKCS#7 against openssl and keytool.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_encoding::pem::to_pem;
use certwright_keys::KeySpec;
use certwright_keystore::pkcs7::{ReadPkcs7Error, parse_pkcs7, to_pkcs7};
use support::Ca;

#[test]
fn what_openssl_writes() {
    let ca = Ca::new("Acme");
    let chain = ca.key_pair(KeySpec::EcP256, "CN=client").chain;
    let text: String = chain.iter().map(|certificate| certificate.to_pem()).collect();
    ca.bench.write("chain.pem", text.as_bytes());
    ca.bench.openssl("crl2pkcs7 -nocrl -certfile chain.pem -outform DER -out chain.p7b");
    let der = ca.bench.read("chain.p7b");
    assert_eq!(parse_pkcs7(&der).unwrap(), chain);
    let pem = to_pem("PKCS7", &der);
    for text in [pem.clone(), to_pem("CERTIFICATE", &der), to_pem("CMS", &der), pem.replace('\n', "\r\n")] {
        assert_eq!(parse_pkcs7(text.as_bytes()).unwrap(), chain);
    }
    let bare: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    assert_eq!(parse_pkcs7(bare.as_bytes()).unwrap(), chain);
    // A signed message carries its signer's certificate, and openssl streams it in BER.
    ca.bench.openssl(
        "cms -sign -nosmimecap -in chain.pem -signer root.pem -inkey root.key -outform DER -out signed.der",
    );
    ca.bench.openssl("cms -sign -stream -nodetach -in chain.pem -signer root.pem -inkey root.key -outform DER -out streamed.der");
    for name in ["signed.der", "streamed.der"] {
        assert_eq!(parse_pkcs7(&ca.bench.read(name)).unwrap(), std::slice::from_ref(&ca.root), "{name}");
    }
    assert_eq!(ca.bench.read("streamed.der")[1], 0x80, "indefinite length");
    for length in 0..der.len() {
        assert!(parse_pkcs7(&der[..length]).is_err());
    }
}

#[test]
fn what_we_write() {
    let ca = Ca::new("Acme");
    let chain = ca.key_pair(KeySpec::EcP256, "CN=client").chain;
    let der = to_pkcs7(&chain).unwrap();
    assert_eq!(parse_pkcs7(&der).unwrap(), chain);
    ca.bench.write("ours.p7b", &der);
    let text = String::from_utf8(ca.bench.openssl("pkcs7 -inform DER -in ours.p7b -print_certs")).unwrap();
    let subjects: Vec<&str> = text.lines().filter(|line| line.starts_with("subject=")).collect();
    assert_eq!(
        subjects,
        ["subject=CN = client", "subject=O = Acme, CN = Issuing", "subject=O = Acme, CN = Root"]
    );
    ca.bench.openssl("pkcs7 -inform DER -in ours.p7b -noout");
    let printed = ca.bench.keytool("-printcert -file ours.p7b");
    assert!(
        printed.contains("Certificate[3]:") && printed.find("CN=client") < printed.find("CN=Root"),
        "{printed}"
    );
    ca.bench.write("ours.pem", to_pem("PKCS7", &der).as_bytes());
    ca.bench.openssl("pkcs7 -in ours.pem -noout");
    assert_eq!(to_pkcs7(&[]), Err(ReadPkcs7Error::NoCertificates));
}

#[test]
fn what_is_refused() {
    let ca = Ca::new("Acme");
    assert_eq!(parse_pkcs7(ca.root.der()), Err(ReadPkcs7Error::NotPkcs7));
    assert_eq!(parse_pkcs7(b""), Err(ReadPkcs7Error::NotPkcs7));
    ca.bench.openssl("cms -encrypt -in root.pem -aes256 -outform DER -out encrypted.der root.pem");
    let enveloped = "1.2.840.113549.1.7.3".to_owned();
    assert_eq!(
        parse_pkcs7(&ca.bench.read("encrypted.der")),
        Err(ReadPkcs7Error::OtherContent { oid: enveloped })
    );
    ca.bench.openssl(
        "cms -sign -nocerts -in root.pem -signer root.pem -inkey root.key -outform DER -out bare.der",
    );
    assert_eq!(parse_pkcs7(&ca.bench.read("bare.der")), Err(ReadPkcs7Error::NoCertificates));
}
