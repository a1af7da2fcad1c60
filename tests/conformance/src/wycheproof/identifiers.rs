//! Algorithm identifiers as DER, made of the names that Wycheproof has for algorithms (RFC 4055, RFC 5758, RFC 8018, RFC 8410,
//! RFC 9881, RFC 8702, and NIST's registry for SHA-3). Also those that are not supported, so that the refusal is tried as well.

use const_oid::ObjectIdentifier;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const OID: u8 = 0x06;
const NULL: [u8; 2] = [5, 0];

const PBES2: &str = "1.2.840.113549.1.5.13";
const PBKDF2: &str = "1.2.840.113549.1.5.12";

pub(super) fn ecdsa(digest: &str) -> Option<Vec<u8>> {
    let oid = match digest {
        "SHA-1" => "1.2.840.10045.4.1",
        "SHA-224" => "1.2.840.10045.4.3.1",
        "SHA-256" => "1.2.840.10045.4.3.2",
        "SHA-384" => "1.2.840.10045.4.3.3",
        "SHA-512" => "1.2.840.10045.4.3.4",
        "SHA3-224" => "2.16.840.1.101.3.4.3.9",
        "SHA3-256" => "2.16.840.1.101.3.4.3.10",
        "SHA3-384" => "2.16.840.1.101.3.4.3.11",
        "SHA3-512" => "2.16.840.1.101.3.4.3.12",
        _ => return None,
    };
    Some(identifier(oid, &[]))
}

pub(super) fn eddsa(curve: Option<&str>) -> Option<Vec<u8>> {
    match curve? {
        "edwards25519" => Some(identifier("1.3.101.112", &[])),
        "edwards448" => Some(identifier("1.3.101.113", &[])),
        _ => None,
    }
}

pub(super) fn rsa_pkcs1(digest: &str) -> Option<Vec<u8>> {
    let oid = match digest {
        "SHA-1" => "1.2.840.113549.1.1.5",
        "SHA-224" => "1.2.840.113549.1.1.14",
        "SHA-256" => "1.2.840.113549.1.1.11",
        "SHA-384" => "1.2.840.113549.1.1.12",
        "SHA-512" => "1.2.840.113549.1.1.13",
        "SHA-512/224" => "1.2.840.113549.1.1.15",
        "SHA-512/256" => "1.2.840.113549.1.1.16",
        "SHA3-224" => "2.16.840.1.101.3.4.3.13",
        "SHA3-256" => "2.16.840.1.101.3.4.3.14",
        "SHA3-384" => "2.16.840.1.101.3.4.3.15",
        "SHA3-512" => "2.16.840.1.101.3.4.3.16",
        _ => return None,
    };
    Some(identifier(oid, &NULL))
}

pub(super) fn rsa_pss(digest: &str, salt: u64) -> Option<Vec<u8>> {
    let oid = match digest {
        "SHA-1" => "1.3.14.3.2.26",
        "SHA-224" => "2.16.840.1.101.3.4.2.4",
        "SHA-256" => "2.16.840.1.101.3.4.2.1",
        "SHA-384" => "2.16.840.1.101.3.4.2.2",
        "SHA-512" => "2.16.840.1.101.3.4.2.3",
        "SHA-512/224" => "2.16.840.1.101.3.4.2.5",
        "SHA-512/256" => "2.16.840.1.101.3.4.2.6",
        _ => return None,
    };
    let digest = identifier(oid, &NULL);
    let mask = identifier("1.2.840.113549.1.1.8", &digest);
    let parameters = element(
        SEQUENCE,
        &[&element(0xa0, &[&digest]), &element(0xa1, &[&mask]), &element(0xa2, &[&integer(salt)])],
    );
    Some(identifier("1.2.840.113549.1.1.10", &parameters))
}

pub(super) fn ml_dsa(algorithm: &str) -> Option<Vec<u8>> {
    match algorithm {
        "ML-DSA-44" => Some(identifier("2.16.840.1.101.3.4.3.17", &[])),
        "ML-DSA-65" => Some(identifier("2.16.840.1.101.3.4.3.18", &[])),
        "ML-DSA-87" => Some(identifier("2.16.840.1.101.3.4.3.19", &[])),
        _ => None,
    }
}

/// The identifier of HMAC with a digest, written with or without a dash.
pub(super) fn prf(digest: &str) -> Option<&'static str> {
    Some(match digest.to_uppercase().replace('-', "").as_str() {
        "SHA1" => "1.2.840.113549.2.7",
        "SHA224" => "1.2.840.113549.2.8",
        "SHA256" => "1.2.840.113549.2.9",
        "SHA384" => "1.2.840.113549.2.10",
        "SHA512" => "1.2.840.113549.2.11",
        _ => return None,
    })
}

pub(super) fn cipher(name: &str) -> Option<&'static str> {
    Some(match name {
        "Aes_128" => "2.16.840.1.101.3.4.1.2",
        "Aes_192" => "2.16.840.1.101.3.4.1.22",
        "Aes_256" => "2.16.840.1.101.3.4.1.42",
        _ => return None,
    })
}

pub(super) fn pbkdf2(salt: &[u8], iterations: u64, prf: &str) -> Vec<u8> {
    let parts = [element(OCTET_STRING, &[salt]), integer(iterations), identifier(prf, &NULL)];
    identifier(PBKDF2, &element(SEQUENCE, &[&parts.concat()]))
}

pub(super) fn pbes2(derivation: &[u8], cipher: &str, iv: &[u8]) -> Vec<u8> {
    let cipher = identifier(cipher, &element(OCTET_STRING, &[iv]));
    identifier(PBES2, &element(SEQUENCE, &[derivation, &cipher]))
}

/// `SubjectPublicKeyInfo` of a bare key.
pub(super) fn public_key(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    element(SEQUENCE, &[algorithm, &element(BIT_STRING, &[&[0], key])])
}

fn identifier(oid: &str, parameters: &[u8]) -> Vec<u8> {
    let oid = ObjectIdentifier::new(oid).map(|oid| oid.as_bytes().to_vec()).unwrap_or_default();
    element(SEQUENCE, &[&element(OID, &[&oid]), parameters])
}

fn integer(number: u64) -> Vec<u8> {
    let mut bytes: Vec<u8> = number.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    if bytes.first().is_none_or(|byte| byte & 0x80 != 0) {
        bytes.insert(0, 0);
    }
    element(INTEGER, &[&bytes])
}

fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut element = vec![tag];
    match content.len() {
        short @ ..128 => element.push(short.to_le_bytes()[0]),
        long => {
            let length: Vec<u8> = long.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            element.push(0x80 | length.len().to_le_bytes()[0]);
            element.extend(length);
        }
    }
    element.extend(content);
    element
}
