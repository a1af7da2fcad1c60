//! Revocation lists, and OCSP responses and requests.

use std::hint::black_box;

use certwright_certs::ocsp::OcspRequest;
use certwright_certs::{Crl, OcspResponse};

/// A revocation list, with all that the page asks it. Every entry is found again.
pub fn crl(input: &[u8]) {
    let Ok(crl) = Crl::from_der(input) else { return };
    assert_eq!(crl.der(), input);
    assert_eq!(crl.entries().count(), crl.entry_count());
    black_box((crl.describe(), crl.to_pem(), crl.unknown_critical().count()));
    // In a list for several authorities they are those of others.
    let of_one = crl.entries().all(|entry| entry.certificate_issuer() == Ok(None));
    for entry in crl.entries() {
        black_box((entry.reason().is_ok(), entry.invalidity_date().is_ok()));
        assert!(crl.find(crl.issuer(), entry.serial()).is_some() || !of_one);
    }
}

/// An OCSP response, and a request of the same bytes, with all that the page asks them.
pub fn ocsp_response(input: &[u8]) {
    if let Ok(request) = OcspRequest::from_der(input) {
        black_box(request.describe());
    }
    let Ok(response) = OcspResponse::from_der(input) else { return };
    assert_eq!(response.der(), input);
    black_box(response.describe());
    let Some(basic) = response.basic() else { return };
    for certificate in basic.certificates() {
        black_box((basic.responder().is(certificate), basic.find(certificate, certificate).is_some()));
        if let Ok(key) = certificate.public_key() {
            black_box(basic.verify_signature(&key).is_ok());
        }
    }
}
