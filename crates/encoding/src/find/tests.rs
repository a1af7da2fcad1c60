//! Everything that is pasted in practice, in the forms in which programs print it.

use super::*;
use crate::base64::to_base64;
use crate::pem::to_pem;
use proptest::prelude::*;

/// SEQUENCE { OCTET STRING of 200 octets }, so that base64 and hex have several lines.
fn der() -> Vec<u8> {
    let mut der = vec![0x30, 0x81, 203, 0x04, 0x81, 200];
    der.extend((0..200_u8).map(|n| n.wrapping_mul(37)));
    der
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b == b'-' {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

fn wrapped(text: &str, width: usize) -> String {
    text.as_bytes().chunks(width).map(|line| format!("{}\n", core::str::from_utf8(line).unwrap())).collect()
}

fn hex(separator: &str) -> String {
    der().iter().map(|octet| format!("{octet:02x}")).collect::<Vec<_>>().join(separator)
}

fn xxd() -> String {
    der().chunks(16).enumerate().fold(String::new(), |text, (row, line)| {
        let words: Vec<String> =
            line.chunks(2).map(|pair| pair.iter().map(|o| format!("{o:02x}")).collect()).collect();
        let characters: String =
            line.iter().map(|o| if o.is_ascii_graphic() { char::from(*o) } else { '.' }).collect();
        format!("{text}{:08x}: {:<39}  {characters}\n", row * 16, words.join(" "))
    })
}

fn hexdump_c() -> String {
    der().chunks(16).enumerate().fold(String::new(), |text, (row, line)| {
        let octets: Vec<String> = line.iter().map(|o| format!("{o:02x}")).collect();
        let (left, right) = octets.split_at(octets.len().min(8));
        format!("{text}{:08x}  {}  {}  |0000|\n", row * 16, left.join(" "), right.join(" "))
    }) + &format!("{:08x}\n", der().len())
}

fn od(base: impl Fn(usize) -> String, swapped: bool) -> String {
    der().chunks(16).enumerate().fold(String::new(), |text, (row, line)| {
        let words: Vec<String> = if swapped {
            line.chunks(2).map(|pair| format!("{:02x}{:02x}", pair[1], pair[0])).collect()
        } else {
            line.iter().map(|o| format!("{o:02x}")).collect()
        };
        format!("{text}{} {}\n", base(row * 16), words.join(" "))
    })
}

#[test]
fn every_form_is_found_and_named() {
    let base64 = to_base64(&der());
    let pem = to_pem("CERTIFICATE", &der());
    let pem_in_base64 = to_base64(pem.as_bytes());
    let url_safe =
        |text: &str| to_base64(text.as_bytes()).replace('+', "-").replace('/', "_").replace('=', "");
    let joined = pem.replace('\n', " ");
    for (text, form, field) in [
        (pem.clone(), Form::Pem, None),
        (format!("Hello,\nhere it is:\n\n{pem}\nRegards"), Form::Pem, None),
        (format!("CONNECTED(00000003)\n---\nCertificate chain\n 0 s:CN = a\n{pem}---"), Form::SClient, None),
        (
            format!("Certificate:\n    Data:\n        Version: 3\n    Signature Algorithm: x\n{pem}"),
            Form::OpensslText,
            None,
        ),
        (format!("X-SSL-Client-Cert: {joined}"), Form::OneLinePem, Some("X-SSL-Client-Cert")),
        (pem.replace('\n', "\t"), Form::OneLinePem, None),
        (percent(&pem), Form::PercentEncodedPem, None),
        (format!("ssl-client-cert: {}", percent(&pem)), Form::PercentEncodedPem, Some("ssl-client-cert")),
        (
            format!(
                "X-Amzn-Mtls-Clientcert: {}",
                percent(&pem).replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")
            ),
            Form::PercentEncodedPem,
            Some("X-Amzn-Mtls-Clientcert"),
        ),
        (
            format!("cert={}", pem.replace('+', "%2B").replace(' ', "+").replace('\n', "%0A")),
            Form::PercentEncodedPem,
            Some("cert"),
        ),
        (
            format!("By=spiffe://a;Hash=00;Cert=\"{}\";Subject=\"\"", percent(&pem)),
            Form::ForwardedClientCert,
            Some("Cert"),
        ),
        (format!("Client-Cert: :{base64}:"), Form::ClientCertHeader, Some("Client-Cert")),
        (format!("{{\"kty\":\"RSA\",\"x5c\":[\"{base64}\"]}}"), Form::X5c, Some("x5c")),
        (
            format!("{}.e30.c2ln", url_safe(&format!("{{\"alg\":\"RS256\",\"x5c\":[\"{base64}\"]}}"))),
            Form::Jose,
            Some("x5c"),
        ),
        (
            format!("apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: {pem_in_base64}\n  other: 1\n"),
            Form::Kubernetes,
            Some("tls.crt"),
        ),
        (
            format!(
                "<?xml version=\"1.0\"?>\n<ds:X509Certificate>\n{}</ds:X509Certificate>",
                wrapped(&base64, 76)
            ),
            Form::Xml,
            None,
        ),
        (
            format!(
                "<md:EntityDescriptor><ds:X509Certificate>{base64}</ds:X509Certificate></md:EntityDescriptor>"
            ),
            Form::Xml,
            Some("ds:X509Certificate"),
        ),
        (
            format!("dn: cn=a\nuserCertificate;binary:: {}", wrapped(&base64, 70).replace('\n', "\n ")),
            Form::Ldif,
            Some("userCertificate"),
        ),
        (format!("{{\"cert\": \"{}\"}}", pem.replace('\n', "\\n")), Form::Json, Some("cert")),
        (format!("{{\"cert\": \"{base64}\", \"n\": 1}}"), Form::Json, Some("cert")),
        (base64.clone(), Form::Base64, None),
        (wrapped(&base64, 64), Form::Base64, None),
        (hex(""), Form::Hex, None),
        (hex(" "), Form::Hex, None),
        (hex(":").to_uppercase(), Form::Hex, None),
        (format!("0x{}", hex(", 0x")), Form::Hex, None),
        (format!("\\x{}", hex("\\x")), Form::Hex, None),
        (format!("cert = X'{}'", hex("")), Form::Hex, None),
        (wrapped(&hex(""), 60), Form::Hex, None),
        (xxd(), Form::HexDump, None),
        (hexdump_c(), Form::HexDump, None),
        (od(|offset| format!("{offset:07o}"), false), Form::HexDump, None),
        (od(|offset| format!("{offset:07x}"), true), Form::HexDump, None),
    ] {
        let found = find(text.as_bytes());
        assert_eq!(found.pieces.len(), 1, "{text}");
        assert_eq!(found.pieces[0].octets.as_slice(), der(), "{text}");
        assert_eq!((found.form, found.pieces[0].field.as_deref()), (form, field), "{text}");
    }
}

#[test]
fn several_pieces_keep_their_order_and_lines() {
    let base64 = to_base64(&der());
    let pem = to_pem("CERTIFICATE", &der());
    let chain = format!("Client-Cert: :{base64}:\nClient-Cert-Chain: :{base64}:, :{base64}:");
    let found = find(chain.as_bytes());
    assert_eq!(found.pieces.iter().map(|p| p.line).collect::<Vec<_>>(), [1, 2, 2]);
    let x5c = format!("{{\"x5c\": [\"{base64}\",\n \"{base64}\"]}}");
    let fields: Vec<_> = find(x5c.as_bytes()).pieces.into_iter().map(|p| (p.line, p.field)).collect();
    assert_eq!(fields, [(1, Some("x5c".to_owned())), (2, Some("x5c".to_owned()))]);
    let mixed = format!("{pem}\nfoo\n{}\n{base64}", percent(&pem));
    assert_eq!(find(mixed.as_bytes()).pieces.len(), 3);
    // What openssl prints beside a block is no piece of its own.
    assert_eq!(find(format!("Signature Value:\n  {}\n{pem}", hex(":")).as_bytes()).pieces.len(), 1);
    let traefik = format!("{},{}", percent(&base64), percent(&base64));
    assert_eq!(find(traefik.as_bytes()).pieces.len(), 2);
}

#[test]
fn what_only_looks_like_an_encoding_is_passed_over() {
    for text in [
        "",
        "MIIBIjANBg words",
        "30 81 00",
        "Meet me at 3082 Main Street",
        "MIICIjANBgkqhkiG9w0BAQEFAAOCAg8A",
        "eyJhbGciOiJub25lIn0.e30.",
        "100%",
    ] {
        let found = find(text.as_bytes());
        assert!(found.pieces.is_empty() && found.broken.is_empty(), "{text}");
        assert_eq!(found.form, Form::Nothing);
    }
    let broken = find(b"a\n-----BEGIN CERTIFICATE-----\nMII*\n-----END CERTIFICATE-----");
    assert_eq!((broken.broken.len(), broken.broken[0].line, broken.form), (1, 2, Form::Pem));
}

#[test]
fn time_is_linear() {
    for part in [
        "MII",
        "M",
        "LS0tLS1CRUdJTi",
        "30 82 ",
        "3082",
        "00000000: 30 82\n",
        "eyJ",
        "%0A-----BEGIN ",
        "MIIBIjANBgkqhkiG9w0BAQ\n",
    ] {
        let text = part.repeat(400_000 / part.len());
        find(text.as_bytes());
    }
}

proptest! {
    #[test]
    fn any_text_is_survived(text in "(-----|BEGIN |END |X|MII|30|82|0x|%2B|%0A|LS0tLS1CRUdJTi|eyJ|[A-Za-z0-9+/=:\\\\\n \"]){0,60}") {
        find(text.as_bytes());
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        find(&bytes);
    }
}
