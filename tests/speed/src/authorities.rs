//! Makes a set: a small web of authorities like those of the public one, and servers' certificates of the shape that they have there.
//!
//! Ten intermediates under five roots: six with RSA-2048 keys, two with P-384, two with P-256. Three fifths of the chains
//! hang under the RSA ones, a fifth each under the others. Half of the certificates under RSA are for RSA-2048 keys, all others for
//! P-256 ones. Every certificate has its own serial number, names, and signature; RSA keys of servers are taken from a small
//! number of them, for making one takes a good part of a second.

use std::thread;

use certwright_keys::generate::generate_key;
use certwright_keys::{KeySpec, PrivateKey, X509Signature};
use rand_core::{Rng, UnwrapErr};
use sha1::{Digest, Sha1};

use certwright_speed::set::{Chain, Set};

/// Certificates that are summarised.
const CERTIFICATES: usize = 10_000;
/// Chains that are validated: the first of them, with their intermediates.
const CHAINS: usize = 1_000;
/// RSA keys of servers.
const RSA_KEYS: usize = 8;

const RSA_2048: KeySpec = KeySpec::Rsa { bits: 2048 };
const RSA_4096: KeySpec = KeySpec::Rsa { bits: 4096 };

/// Roots: name and key.
const ROOTS: [(&str, KeySpec); 5] = [
    ("Northern Root X1", RSA_4096),
    ("Atlas Global Root G2", RSA_2048),
    ("Meridian Trust Root", RSA_2048),
    ("Northern Root X2", KeySpec::EcP384),
    ("Delta Services Root R3", KeySpec::EcP256),
];

/// Intermediates: name, key, and the place of the root.
const INTERMEDIATES: [(&str, KeySpec, usize); 10] = [
    ("R10", RSA_2048, 0),
    ("R11", RSA_2048, 0),
    ("Atlas TLS RSA SHA256 2020 CA1", RSA_2048, 1),
    ("Atlas TLS RSA SHA256 2022 CA2", RSA_2048, 1),
    ("Meridian Organization Validation CA", RSA_2048, 2),
    ("Meridian Domain Validation CA", RSA_2048, 2),
    ("E5", KeySpec::EcP384, 0),
    ("E6", KeySpec::EcP384, 3),
    ("WE1", KeySpec::EcP256, 3),
    ("Delta Server CA 3", KeySpec::EcP256, 4),
];

/// Places of the intermediates, in the order in which the certificates take turns.
const TURNS: [usize; 10] = [0, 6, 1, 8, 2, 3, 7, 4, 9, 5];

struct Authority {
    kind: String,
    key: PrivateKey,
    signature: X509Signature,
    name: Vec<u8>,
    key_identifier: Vec<u8>,
    der: Vec<u8>,
}

/// A new set as a file.
pub(crate) fn make() -> Vec<u8> {
    let roots: Vec<Authority> = in_parallel(ROOTS.len(), |at| root(ROOTS[at].0, ROOTS[at].1));
    let intermediates: Vec<Authority> = in_parallel(INTERMEDIATES.len(), |at| {
        let (name, key, root) = INTERMEDIATES[at];
        intermediate(name, key, &roots[root])
    });
    let rsa_keys = in_parallel(RSA_KEYS, |_| generate_key(RSA_2048, &mut UnwrapErr(getrandom::SysRng)));
    let issuer = |at: usize| &intermediates[TURNS[at % TURNS.len()]];
    let certificates: Vec<Vec<u8>> =
        in_parallel(CERTIFICATES, |at| server(at, issuer(at), TURNS[at % TURNS.len()], &rsa_keys));
    let hosts: Vec<String> = (0..CHAINS).map(|at| format!("www.{}", domain(at))).collect();
    let chains = hosts.iter().zip(&certificates).enumerate();
    Set {
        anchors: roots.iter().map(|root| root.der.as_slice()).collect(),
        chains: chains
            .map(|(at, (host, der))| {
                let issuer = issuer(at);
                Chain { kind: &issuer.kind, host, certificates: vec![der, &issuer.der] }
            })
            .collect(),
        certificates: certificates.iter().map(Vec::as_slice).collect(),
    }
    .to_file()
}

/// Results for 0 to `count`, in order, on two threads.
fn in_parallel<T: Send>(count: usize, make: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let half = count / 2;
    let make = &make;
    thread::scope(|scope| {
        let second = scope.spawn(move || (half..count).map(make).collect::<Vec<T>>());
        let mut all: Vec<T> = (0..half).map(make).collect();
        all.extend(second.join().unwrap());
        all
    })
}

fn root(name: &str, spec: KeySpec) -> Authority {
    let key = generate_key(spec, &mut UnwrapErr(getrandom::SysRng));
    let name = to_name(&["US", name.split(' ').next().unwrap_or(name), name]);
    let identifier = key_identifier(&key);
    let extensions = [
        extension("551d0f", true, &hex("03020106")),
        extension("551d13", true, &hex("30030101ff")),
        extension("551d0e", false, &tlv(0x04, &[&identifier])),
    ];
    let signature = signature_of(spec);
    let spki = key.public_key().spki_der().to_vec();
    let der = sign(&key, signature, &name, ["150604110438Z", "350604110438Z"], &name, &spki, &extensions);
    Authority { kind: spec.to_string(), key, signature, name, key_identifier: identifier, der }
}

fn intermediate(name: &str, spec: KeySpec, root: &Authority) -> Authority {
    let key = generate_key(spec, &mut UnwrapErr(getrandom::SysRng));
    let name = to_name(&["US", "Certificate Authorities Ltd.", name]);
    let identifier = key_identifier(&key);
    let extensions = [
        extension("551d0f", true, &hex("03020186")),
        extension("551d25", false, &hex("301406082b0601050507030206082b06010505070301")),
        extension("551d13", true, &hex("30060101ff020100")),
        extension("551d0e", false, &tlv(0x04, &[&identifier])),
        extension("551d23", false, &tlv(0x30, &[&tlv(0x80, &[&root.key_identifier])])),
        access(&[(2, "http://x1.i.example.net/root.der")]),
        policies(),
        distribution_point("http://x1.c.example.net/root.crl"),
    ];
    let spki = key.public_key().spki_der().to_vec();
    let dates = ["240313000000Z", "290312235959Z"];
    let der = sign(&root.key, root.signature, &root.name, dates, &name, &spki, &extensions);
    let signature = signature_of(spec);
    Authority { kind: spec.to_string(), key, signature, name, key_identifier: identifier, der }
}

/// The certificate of the server number `at`.
fn server(at: usize, issuer: &Authority, place: usize, rsa_keys: &[PrivateKey]) -> Vec<u8> {
    let mut rng = UnwrapErr(getrandom::SysRng);
    let own;
    let key = if place < 6 && at.is_multiple_of(2) {
        &rsa_keys[at / 2 % rsa_keys.len()]
    } else {
        own = generate_key(KeySpec::EcP256, &mut rng);
        &own
    };
    let domain = domain(at);
    // Every other one has a validated organisation in its subject.
    let subject = match at % 3 {
        0 => to_name(&["US", &format!("Company {at} Inc."), &domain]),
        _ => to_name(&[&domain]),
    };
    let mut names = vec![domain.clone(), format!("www.{domain}")];
    if at.is_multiple_of(4) {
        names.extend(["api", "mail", "static", "*.shop"].map(|label| format!("{label}.{domain}")));
    }
    let names: Vec<u8> = names.iter().flat_map(|name| tlv(0x82, &[name.as_bytes()])).collect();
    // Two signed certificate timestamps have this size; nobody looks inside for what is measured.
    let mut timestamps = vec![0; 242];
    rng.fill_bytes(&mut timestamps);
    let extensions = [
        extension("551d0f", true, &hex(if place < 6 { "030205a0" } else { "03020780" })),
        extension("551d25", false, &hex("301406082b0601050507030106082b06010505070302")),
        extension("551d13", true, &hex("3000")),
        extension("551d0e", false, &tlv(0x04, &[&key_identifier(key)])),
        extension("551d23", false, &tlv(0x30, &[&tlv(0x80, &[&issuer.key_identifier])])),
        access(&[(1, "http://r10.o.example.net"), (2, "http://r10.i.example.net/issuer.der")]),
        extension("551d11", false, &tlv(0x30, &[&names])),
        policies(),
        distribution_point(&format!("http://r10.c.example.net/{}.crl", at % 128)),
        extension("2b06010401d679020402", false, &tlv(0x04, &[&timestamps])),
    ];
    let spki = key.public_key().spki_der();
    let dates = ["260601080211Z", "260830080210Z"];
    sign(&issuer.key, issuer.signature, &issuer.name, dates, &subject, spki, &extensions)
}

fn domain(at: usize) -> String {
    format!("site-{at}.example.org")
}

fn signature_of(spec: KeySpec) -> X509Signature {
    match spec {
        KeySpec::EcP384 => X509Signature::EcdsaSha384,
        KeySpec::EcP256 => X509Signature::EcdsaSha256,
        _ => X509Signature::RsaPkcs1Sha256,
    }
}

fn key_identifier(key: &PrivateKey) -> Vec<u8> {
    Sha1::digest(key.public_key().key_bits()).to_vec()
}

fn sign(
    key: &PrivateKey,
    signature: X509Signature,
    issuer: &[u8],
    dates: [&str; 2],
    subject: &[u8],
    spki: &[u8],
    extensions: &[Vec<u8>],
) -> Vec<u8> {
    let mut rng = UnwrapErr(getrandom::SysRng);
    let algorithm = match signature {
        X509Signature::EcdsaSha256 => hex("300a06082a8648ce3d040302"),
        X509Signature::EcdsaSha384 => hex("300a06082a8648ce3d040303"),
        _ => hex("300d06092a864886f70d01010b0500"),
    };
    let mut serial = [0; 16];
    rng.fill_bytes(&mut serial);
    // Positive, and in its shortest form.
    serial[0] = 0x04;
    let dates = dates.map(|date| tlv(0x17, &[date.as_bytes()])).concat();
    let to_be_signed = tlv(
        0x30,
        &[
            &hex("a003020102"),
            &tlv(0x02, &[&serial]),
            &algorithm,
            issuer,
            &tlv(0x30, &[&dates]),
            subject,
            spki,
            &tlv(0xa3, &[&tlv(0x30, &[&extensions.concat()])]),
        ],
    );
    let signed = key.sign_x509(signature, &to_be_signed, &mut rng).unwrap();
    tlv(0x30, &[&to_be_signed, &algorithm, &tlv(0x03, &[&[0], &signed])])
}

/// Country, organisation and common name, or the common name alone.
fn to_name(parts: &[&str]) -> Vec<u8> {
    let attribute = |oid: &str, tag: u8, text: &str| {
        tlv(0x31, &[&tlv(0x30, &[&tlv(0x06, &[&hex(oid)]), &tlv(tag, &[text.as_bytes()])])])
    };
    let rdns = match parts {
        [country, organisation, name] => vec![
            attribute("550406", 0x13, country),
            attribute("55040a", 0x0c, organisation),
            attribute("550403", 0x0c, name),
        ],
        parts => parts.iter().map(|name| attribute("550403", 0x0c, name)).collect(),
    };
    tlv(0x30, &[&rdns.concat()])
}

fn extension(oid: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { hex("0101ff") } else { Vec::new() };
    tlv(0x30, &[&tlv(0x06, &[&hex(oid)]), &critical, &tlv(0x04, &[value])])
}

/// Authority information access: 1 is OCSP, 2 the issuer's certificate.
fn access(places: &[(u8, &str)]) -> Vec<u8> {
    let places: Vec<u8> = places
        .iter()
        .flat_map(|(method, address)| {
            let oid = [&hex("2b060105050730"), &[*method][..]].concat();
            tlv(0x30, &[&tlv(0x06, &[&oid]), &tlv(0x86, &[address.as_bytes()])])
        })
        .collect();
    extension("2b06010505070101", false, &tlv(0x30, &[&places]))
}

fn policies() -> Vec<u8> {
    extension("551d20", false, &hex("300a3008060667810c010201"))
}

fn distribution_point(address: &str) -> Vec<u8> {
    let name = tlv(0xa0, &[&tlv(0xa0, &[&tlv(0x86, &[address.as_bytes()])])]);
    extension("551d1f", false, &tlv(0x30, &[&tlv(0x30, &[&name])]))
}

fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut element = vec![tag];
    match content.len() {
        short @ 0..0x80 => element.push(short as u8),
        middle @ 0x80..0x100 => element.extend([0x81, middle as u8]),
        long => element.extend([0x82, (long >> 8) as u8, long as u8]),
    }
    element.extend(content);
    element
}

fn hex(digits: &str) -> Vec<u8> {
    let octet = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(octet).collect()
}
