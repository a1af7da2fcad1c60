//! Things as text, laid out like `openssl x509 -text`, `req -text` and `crl -text` (OpenSSL 3.0): the same fields in the same order with the same
//! indentation, for who compares files or greps in them.
//!
//! The common extensions are written as OpenSSL writes them; others, and OCSP, in the words of their descriptions.

mod extensions;
mod names;

use certwright_certs::certificate::SignatureAlgorithm;
use certwright_certs::crl::Entry;
use certwright_certs::describe::{Fact, FactValue};
use certwright_certs::{Certificate, Crl, SigningRequest, describe, oid, time};
use certwright_encoding::der::Tlv;

use super::rows::{self, Extent};
use super::{Content, sheet};
use names::one_line;

/// A thing as text.
pub(super) fn to_text(content: &Content) -> String {
    let mut text = Text::default();
    match content {
        Content::Certificate(certificate) => text.certificate(certificate),
        Content::Request(request) => text.request(request),
        Content::Crl(list) => text.list(list),
        other => text.sheet(other),
    }
    text.0
}

/// Lines that were written.
#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, indent: usize, line: impl AsRef<str>) {
        self.0.extend(core::iter::repeat_n(' ', indent));
        self.0.push_str(line.as_ref());
        self.0.push('\n');
    }

    fn certificate(&mut self, certificate: &Certificate) {
        self.line(0, "Certificate:");
        self.line(4, "Data:");
        let version = certificate.version();
        self.line(8, format!("Version: {version} ({:#x})", version - 1));
        self.serial(certificate.serial());
        self.algorithm(8, certificate.signature_algorithm());
        self.line(8, format!("Issuer: {}", one_line(certificate.issuer())));
        self.line(8, "Validity");
        self.line(12, format!("Not Before: {}", gmt(certificate.not_before())));
        self.line(12, format!("Not After : {}", gmt(certificate.not_after())));
        self.line(8, format!("Subject: {}", one_line(certificate.subject())));
        self.public_key(certificate.spki_der());
        if !certificate.extensions().all.is_empty() {
            self.line(8, "X509v3 extensions:");
            self.extensions(&certificate.extensions().all, 12);
        }
        self.signature(certificate.signature_algorithm(), certificate.signature());
    }

    fn request(&mut self, request: &SigningRequest) {
        self.line(0, "Certificate Request:");
        self.line(4, "Data:");
        self.line(8, "Version: 1 (0x0)");
        self.line(8, format!("Subject: {}", one_line(request.subject())));
        self.public_key(request.spki_der());
        self.line(8, "Attributes:");
        for attribute in request.attributes().iter().filter(|attribute| !attribute.asks_for_extensions()) {
            self.line(12, format!("{:<25}:{}", attribute.name(), attribute.texts().join(", ")));
        }
        if request.attributes().is_empty() {
            self.line(12, "(none)");
        }
        // OpenSSL says so even if there are none.
        self.line(12, "Requested Extensions:");
        self.extensions(&request.extensions().all, 16);
        let signature = last_bits(request.der());
        self.signature(request.signature_algorithm(), &signature);
    }

    fn list(&mut self, list: &Crl) {
        self.line(0, "Certificate Revocation List (CRL):");
        let version = list.version();
        self.line(8, format!("Version {version} ({:#x})", version.saturating_sub(1)));
        self.algorithm(8, list.signature_algorithm());
        self.line(8, format!("Issuer: {}", one_line(list.issuer())));
        self.line(8, format!("Last Update: {}", gmt(list.this_update())));
        self.line(8, format!("Next Update: {}", list.next_update().map_or_else(|| "NONE".into(), gmt)));
        if !list.extensions().all.is_empty() {
            self.line(8, "CRL extensions:");
            self.extensions(&list.extensions().all, 12);
        }
        if list.entry_count() == 0 {
            self.line(0, "No Revoked Certificates.");
        } else {
            self.line(0, "Revoked Certificates:");
            list.entries().for_each(|entry| self.entry(&entry));
        }
        self.signature(list.signature_algorithm(), list.signature());
    }

    fn entry(&mut self, entry: &Entry<'_>) {
        let digits: String = entry.serial().iter().map(|octet| format!("{octet:02X}")).collect();
        self.line(
            4,
            format!(
                "Serial Number: {}",
                digits.strip_prefix("00").filter(|d| !d.is_empty()).unwrap_or(&digits)
            ),
        );
        self.line(8, format!("Revocation Date: {}", gmt(entry.revoked_at())));
        let extensions = entry.extensions();
        if !extensions.is_empty() {
            self.line(8, "CRL entry extensions:");
            self.extensions(&extensions, 12);
        }
    }

    /// What OpenSSL has no such form for: the sheet as text.
    fn sheet(&mut self, content: &Content) {
        for section in sheet::content_sections(content, Extent::Whole) {
            self.line(0, format!("{}:", section.title));
            for row in section.rows {
                let remark = row.remark.map(|remark| format!(" ({remark})")).unwrap_or_default();
                self.line(4 + 4 * usize::from(row.depth), format!("{}: {}{remark}", row.label, row.value));
            }
        }
    }

    /// Short ones in decimal and hex, long ones in hex alone.
    fn serial(&mut self, serial: &[u8]) {
        let magnitude = match serial {
            [0, rest @ ..] if !rest.is_empty() => rest,
            all => all,
        };
        let negative = serial.first().is_some_and(|first| first & 0x80 != 0);
        if magnitude.len() <= 8 && !negative {
            let number = magnitude.iter().fold(0_u64, |number, octet| number << 8 | u64::from(*octet));
            self.line(8, format!("Serial Number: {number} ({number:#x})"));
        } else {
            self.line(8, "Serial Number:");
            self.line(12, format!("{}{}", if negative { " (Negative)" } else { "" }, small_hex(magnitude)));
        }
    }

    fn public_key(&mut self, spki: &[u8]) {
        self.line(8, "Subject Public Key Info:");
        let facts = describe::key_facts(spki, None);
        let find = |label: &str| facts.iter().find(|fact| fact.label == label).map(|fact| &fact.value);
        let algorithm = match find("Algorithm") {
            Some(FactValue::Oid(algorithm)) => algorithm.clone(),
            _ => return self.line(12, "Unable to load Public Key"),
        };
        self.line(12, format!("Public Key Algorithm: {}", names::algorithm(&algorithm)));
        let octets = |label: &str| match find(label) {
            Some(FactValue::Octets(octets)) => Some(octets.as_slice()),
            _ => None,
        };
        if let Some(modulus) = octets("Modulus") {
            self.line(16, format!("Public-Key: ({} bit)", bits(modulus)));
            self.line(16, "Modulus:");
            // As an INTEGER, with the octet that keeps it positive.
            let padded = if modulus.first().is_some_and(|first| first & 0x80 != 0) {
                [&[0], modulus].concat()
            } else {
                modulus.to_vec()
            };
            self.octets(20, &padded, 15);
            if let Some(FactValue::Number(exponent)) = find("Exponent") {
                let value: u128 = exponent.parse().unwrap_or_default();
                self.line(16, format!("Exponent: {exponent} ({value:#x})"));
            }
        } else if let Some(FactValue::Oid(curve)) = find("Curve") {
            let (short, nist, size) = names::curve(curve);
            self.line(16, format!("Public-Key: ({size} bit)"));
            self.line(16, "pub:");
            self.octets(20, &last_bits(spki), 15);
            self.line(16, format!("ASN1 OID: {short}"));
            if let Some(nist) = nist {
                self.line(16, format!("NIST CURVE: {nist}"));
            }
        } else if let Some(key) = octets("Key") {
            self.line(16, format!("{} Public-Key:", names::algorithm(&algorithm)));
            self.line(16, "pub:");
            self.octets(20, key, 15);
        } else {
            self.facts(16, &facts);
        }
    }

    fn algorithm(&mut self, indent: usize, algorithm: &SignatureAlgorithm) {
        self.line(indent, format!("Signature Algorithm: {}", names::algorithm(&algorithm.oid)));
        self.pss(algorithm);
    }

    /// The parameters of RSASSA-PSS.
    fn pss(&mut self, algorithm: &SignatureAlgorithm) {
        if algorithm.oid != oid::RSASSA_PSS {
            return;
        }
        let facts = describe::algorithm_facts(&algorithm.der);
        let find = |label: &str| facts.iter().find(|fact| fact.label == label);
        let default = |fact: Option<&Fact>| {
            if fact.is_some_and(|fact| fact.remark.is_some()) { " (default)" } else { "" }
        };
        let name = |fact: Option<&Fact>| match fact.map(|fact| &fact.value) {
            Some(FactValue::Oid(digest)) => digest.name_or_dotted().to_ascii_lowercase().replace('-', ""),
            _ => "sha1".into(),
        };
        let digest = find("Digest");
        self.line(8, format!("Hash Algorithm: {}{}", name(digest), default(digest)));
        let mask = find("Mask generation");
        self.line(
            8,
            format!(
                "Mask Algorithm: mgf1 with {}{}",
                name(find("Digest of the mask generation")),
                default(mask)
            ),
        );
        if let Some(Fact { value: FactValue::Number(length), .. }) = find("Salt length") {
            let value: u64 = length.parse().unwrap_or_default();
            self.line(
                9,
                format!("Salt Length: {value:#04X}{}", default(find("Salt length"))).replace("0X", "0x"),
            );
        }
        self.line(8, "Trailer Field: 0x01 (default)");
    }

    fn signature(&mut self, algorithm: &SignatureAlgorithm, signature: &[u8]) {
        self.line(4, format!("Signature Algorithm: {}", names::algorithm(&algorithm.oid)));
        self.line(4, "Signature Value:");
        self.pss(algorithm);
        self.octets(8, signature, 18);
    }

    /// Octets in lines, with a colon after each but the last.
    fn octets(&mut self, indent: usize, octets: &[u8], a_line: usize) {
        let lines = octets.chunks(a_line).count();
        for (number, line) in octets.chunks(a_line).enumerate() {
            let end = if number + 1 < lines { ":" } else { "" };
            self.line(indent, small_hex(line) + end);
        }
    }

    /// Facts in the words of their description.
    fn facts(&mut self, indent: usize, facts: &[Fact]) {
        for row in rows::rows(facts, 0, Extent::Whole) {
            let line = if row.value.is_empty() {
                format!("{}:", row.label)
            } else {
                format!("{}: {}", row.label, row.value)
            };
            self.line(indent + 2 * usize::from(row.depth), line);
        }
    }
}

/// `Nov  1 07:33:00 2026 GMT`.
fn gmt(unix: i64) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (year, month, day) = time::date(unix.div_euclid(86_400));
    let month = usize::try_from(month - 1).ok().and_then(|month| MONTHS.get(month)).unwrap_or(&"???");
    let second = unix.rem_euclid(86_400);
    format!("{month} {day:>2} {:02}:{:02}:{:02} {year} GMT", second / 3_600, second / 60 % 60, second % 60)
}

fn small_hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect::<Vec<_>>().join(":")
}

fn bits(magnitude: &[u8]) -> usize {
    let zeros = magnitude.first().map_or(0, |first| first.leading_zeros());
    (magnitude.len() * 8).saturating_sub(usize::try_from(zeros).unwrap_or_default())
}

/// The octets of a BIT STRING that ends a structure: the point of an EC key, the signature of a request.
fn last_bits(der: &[u8]) -> Vec<u8> {
    let root = Tlv::parse_document(der).ok();
    let last = root.and_then(|root| root.children().filter_map(Result::ok).last());
    last.and_then(|bits| bits.value().get(1..).map(<[u8]>::to_vec)).unwrap_or_default()
}
