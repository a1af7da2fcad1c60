//! Certificates, signing requests, and names in all their forms.

use std::hint::black_box;

use certwright_certs::extensions::KNOWN;
use certwright_certs::lint::{LintContext, Scope, lint};
use certwright_certs::name::edit::{parse_rows, to_rows};
use certwright_certs::{Certificate, GeneralName, Name, SigningRequest};

/// A certificate, with all that the page asks it.
pub fn certificate(input: &[u8]) {
    let Ok(certificate) = Certificate::from_der(input) else { return };
    assert_eq!(certificate.der(), input);
    show(&certificate);
    read_again(certificate.subject());
    read_again(certificate.issuer());
    if let Ok(key) = certificate.public_key() {
        black_box(certificate.verify_signature(&key).is_ok());
    }
}

fn show(certificate: &Certificate) {
    black_box((certificate.display_name(), certificate.serial_hex(), certificate.to_pem()));
    black_box((certificate.is_ca(), certificate.is_self_signed(), certificate.key_usage()));
    black_box((certificate.ca_issuers_urls(), certificate.ocsp_urls(), certificate.crl_urls()));
    black_box((certificate.subject_key_identifier_hex(), certificate.authority_key_identifier_hex()));
    black_box((certificate.signature_algorithm().name(), certificate.irregularities().len()));
    for name in certificate.subject_alternative_names() {
        black_box(name.is_well_formed());
    }
    for scope in [Scope::Public, Scope::Private] {
        black_box(lint(certificate, LintContext { at: 0, scope, role: None }));
    }
}

/// A signing request, with all that the page asks it.
pub fn request(input: &[u8]) {
    black_box(SigningRequest::from_pem(input).is_ok());
    let Ok(request) = SigningRequest::from_der(input) else { return };
    assert_eq!(request.der(), input);
    black_box((request.key_usage(), request.challenge_password(), request.to_pem()));
    black_box((request.subject_alternative_names().len(), request.verify().is_ok()));
    read_again(request.subject());
}

/// A name as rows reads back as it is.
fn read_again(name: &Name) {
    let rows = to_rows(name);
    assert_eq!(parse_rows(&rows, Some(name)).as_ref(), Ok(name));
    black_box((parse_rows(&rows, None).is_ok(), name.common_name(), name.email_addresses()));
    black_box(Name::parse_rfc4514(&name.to_rfc4514()).is_ok());
}

/// A certificate or a request with all that people are shown of it, or the value of an extension, read as each extension that is known.
pub fn describe(input: &[u8]) {
    black_box(Certificate::from_der(input).map(|certificate| certificate.describe()).is_ok());
    black_box(SigningRequest::from_der(input).map(|request| request.describe()).is_ok());
    for known in KNOWN {
        black_box((known.facts)(input).is_ok());
    }
}

/// A distinguished name as text (RFC 4514), and its DER.
pub fn name_text(input: &[u8]) {
    if let Ok(name) = Name::from_der(input) {
        read_again(&name);
    }
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(name) = Name::parse_rfc4514(text) {
        assert_eq!(Name::from_der(name.der()).as_ref(), Ok(&name));
        assert_eq!(Name::parse_rfc4514(&name.to_rfc4514()).as_ref(), Ok(&name), "{}", name.to_rfc4514());
        read_again(&name);
    }
}

/// A name as rows: a line for each attribute, the type before the first `=`; an empty line ends a relative name.
pub fn name_rows(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let rdns =
        text.split("\n\n").map(|rdn| rdn.lines().map(|line| line.split_once('=').unwrap_or((line, ""))));
    let rows: Vec<Vec<(String, String)>> =
        rdns.map(|rdn| rdn.map(|(kind, value)| (kind.to_owned(), value.to_owned())).collect()).collect();
    if let Ok(name) = parse_rows(&rows, None) {
        assert_eq!(Name::from_der(name.der()).as_ref(), Ok(&name));
        read_again(&name);
    }
}

/// A general name as text, as in the list of alternative names.
pub fn general_name(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(name) = GeneralName::parse_text(text) {
        black_box(name.to_der());
        black_box(name.is_well_formed());
        black_box(name.to_string());
    }
}
