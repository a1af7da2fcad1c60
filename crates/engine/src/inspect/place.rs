//! Where a thing was found, and what a file was: kept as facts, so that they are told in whichever language is spoken when they are shown.

use certwright_encoding::find::Form;
use certwright_encoding::sniff::Kind;
use certwright_language::{t, text};
use certwright_protocol::ui::inspect::ThingKind;

use super::Item;
use crate::convert::{VAULT_FORMAT, format_name};

/// Where a thing was found: a file, then ever more closely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place(Vec<Part>);

/// A step of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A file, a file of an archive, or a field, as it is called.
    Name(String),
    /// The keystore of whoever looks.
    OwnKeystore,
    /// From 1.
    Line(usize),
    /// From 0.
    Octet(usize),
    /// Of a chain, from 1.
    Certificate(usize),
    /// Of signed data, from 1.
    Element(usize),
    /// Its alias.
    Entry(String),
}

impl Place {
    /// A file as a whole.
    pub(super) fn file(name: &str) -> Self {
        Self(vec![Part::Name(name.to_owned())])
    }

    /// An entry of the keystore of whoever looks.
    pub(super) fn own_entry(alias: &str) -> Self {
        Self(vec![Part::OwnKeystore, Part::Entry(alias.to_owned())])
    }

    /// More closely.
    pub(super) fn at(&self, part: Part) -> Self {
        Self(self.0.iter().cloned().chain([part]).collect())
    }

    pub(super) fn words(&self) -> String {
        words(&self.0)
    }

    /// The same without the file.
    pub(super) fn words_within(&self) -> String {
        words(self.0.get(1..).unwrap_or_default())
    }
}

fn words(parts: &[Part]) -> String {
    let words = parts.iter().map(|part| match part {
        Part::Name(name) => name.clone(),
        Part::OwnKeystore => t!("Your keystore").to_owned(),
        Part::Line(line) => t!("line {line}", line),
        Part::Octet(at) => t!("octet {at}", at),
        Part::Certificate(number) => t!("certificate {number}", number),
        Part::Element(number) => t!("element {number}", number),
        Part::Entry(alias) => t!("entry “{alias}”", alias),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// What a file was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    TooLarge,
    Vault,
    Kind(Kind),
    /// Of a text with encodings in it.
    Form(Form),
}

/// A file or a paste, and what was in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Gathering {
    pub(super) name: String,
    pub(super) what: What,
    /// How many of each kind; none that are not there.
    counts: Vec<(ThingKind, usize)>,
}

impl Gathering {
    pub(super) fn new(name: &str, what: What, items: &[Item]) -> Self {
        let count = |kind: ThingKind| items.iter().filter(|item| item.content.kind() == kind).count();
        let kinds = [
            ThingKind::Certificate,
            ThingKind::Request,
            ThingKind::Crl,
            ThingKind::OcspResponse,
            ThingKind::OcspRequest,
            ThingKind::PublicKey,
            ThingKind::PrivateKey,
            ThingKind::Asn1,
        ];
        let counts = kinds.into_iter().map(|kind| (kind, count(kind))).filter(|(_, count)| *count > 0);
        Self { name: name.to_owned(), what, counts: counts.collect() }
    }

    /// `PEM text: 2 certificates, 1 private key`.
    pub(super) fn words(&self) -> String {
        let what = match self.what {
            What::TooLarge => t!("too large"),
            What::Vault => text(VAULT_FORMAT),
            What::Kind(kind) => format_name(kind),
            What::Form(form) => form_name(form),
        };
        let counted = self.counts.iter().map(|(kind, count)| {
            let (one, many) = kind_names(*kind);
            format!("{count} {}", if *count == 1 { one } else { many })
        });
        let counted = counted.collect::<Vec<_>>().join(", ");
        if counted.is_empty() { what.to_owned() } else { format!("{what}: {counted}") }
    }
}

fn kind_names(kind: ThingKind) -> (&'static str, &'static str) {
    match kind {
        ThingKind::Certificate => (t!("certificate"), t!("certificates")),
        ThingKind::Request => (t!("signing request"), t!("signing requests")),
        ThingKind::Crl => (t!("revocation list"), t!("revocation lists")),
        ThingKind::OcspResponse => (t!("OCSP response"), t!("OCSP responses")),
        ThingKind::OcspRequest => (t!("OCSP request"), t!("OCSP requests")),
        ThingKind::PublicKey => (t!("public key"), t!("public keys")),
        ThingKind::PrivateKey => (t!("private key"), t!("private keys")),
        ThingKind::Asn1 => (t!("piece of ASN.1"), t!("pieces of ASN.1")),
    }
}

/// What a text is, in a few words.
fn form_name(form: Form) -> &'static str {
    match form {
        Form::Nothing | Form::Text => t!("text"),
        Form::Pem => t!("PEM text"),
        Form::SClient => t!("output of openssl s_client"),
        Form::OpensslText => t!("output of openssl with -text, PEM"),
        Form::OneLinePem => t!("PEM in one line, as proxies put it into headers"),
        Form::PercentEncodedPem => t!("proxy header, URL-encoded PEM"),
        Form::ForwardedClientCert => t!("Envoy’s header x-forwarded-client-cert"),
        Form::ClientCertHeader => t!("header Client-Cert (RFC 9440)"),
        Form::X5c => t!("JSON with x5c (JSON Web Key)"),
        Form::Jose => t!("JOSE header with x5c"),
        Form::Kubernetes => t!("base64 of PEM, as in Kubernetes secrets"),
        Form::Xml => t!("XML with X509Certificate, as in SAML metadata"),
        Form::Ldif => "LDIF",
        Form::Json => t!("JSON with certificates in its strings"),
        Form::Base64 => t!("base64 text"),
        Form::Hex => "hex",
        Form::HexDump => t!("hex dump"),
    }
}
