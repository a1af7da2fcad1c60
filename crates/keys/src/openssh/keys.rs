//! The kinds of key inside OpenSSH's formats: `ssh-rsa` and `ssh-dss` (RFC 4253, section 6.6), `ecdsa-sha2-…` (RFC 5656),
//! `ssh-ed25519` (RFC 8709).

use const_oid::db::rfc5912::{SECP_256_R_1, SECP_384_R_1, SECP_521_R_1};
use der::{
    Decode as _,
    asn1::{ObjectIdentifier, UintRef},
};
use pkcs1::RsaPrivateKeyRef;

use super::wire::{Reader, Writer};
use crate::{
    error::ReadKeyError,
    kept::{DsaKey, parse_dsa_key},
    numbers::{self, PublicNumbers},
    private::PrivateKey,
    public::PublicKey,
    rsa_numbers::RsaNumbers,
};

const CURVES: [(&str, &str, ObjectIdentifier); 3] = [
    ("ecdsa-sha2-nistp256", "nistp256", SECP_256_R_1),
    ("ecdsa-sha2-nistp384", "nistp384", SECP_384_R_1),
    ("ecdsa-sha2-nistp521", "nistp521", SECP_521_R_1),
];

/// Reads one private key.
///
/// # Errors
/// `UnsupportedName` for another kind, otherwise see [`ReadKeyError`].
pub(super) fn read_private(reader: &mut Reader<'_>) -> Result<PrivateKey, ReadKeyError> {
    match reader.text()? {
        "ssh-rsa" => {
            let (n, e, d) = (reader.mpint()?, reader.mpint()?, reader.mpint()?);
            let (coefficient, p, q) = (reader.mpint()?, reader.mpint()?, reader.mpint()?);
            RsaNumbers {
                modulus: n,
                public_exponent: e,
                private_exponent: d,
                primes: Some((p, q)),
                exponents: None,
                coefficient: Some(coefficient),
            }
            .into_key(None)
        }
        "ssh-dss" => {
            let (p, q, g) = (uint(reader)?, uint(reader)?, uint(reader)?);
            let (y, x) = (reader.mpint()?, uint(reader)?);
            DsaKey { p, q, g, x }.into_key(Some(y))
        }
        "ssh-ed25519" => {
            let public = reader.string()?;
            let (seed, again) = reader.string()?.split_first_chunk::<32>().ok_or(ReadKeyError::InvalidKey)?;
            let key = PrivateKey::from_ed25519(seed)?;
            if key.public_key().key_bits() == public && public == again {
                Ok(key)
            } else {
                Err(ReadKeyError::Mismatch)
            }
        }
        name => {
            let (_, curve, oid) = curve(name)?;
            if reader.text()? != curve {
                return Err(ReadKeyError::Mismatch);
            }
            let (point, scalar) = (reader.string()?, reader.mpint()?);
            crate::sec1::from_scalar(oid, scalar, Some(point))
        }
    }
}

/// Writes one private key; `None` if OpenSSH does not know its kind.
pub(super) fn write_private(key: &PrivateKey, writer: &mut Writer) -> Option<()> {
    match PublicNumbers::of(key.public_key())? {
        PublicNumbers::Rsa { .. } => {
            let pkcs1 = numbers::pkcs1(key)?;
            let numbers = RsaPrivateKeyRef::from_der(&pkcs1).ok()?;
            writer.string(b"ssh-rsa");
            for number in [
                numbers.modulus,
                numbers.public_exponent,
                numbers.private_exponent,
                numbers.coefficient,
                numbers.prime1,
                numbers.prime2,
            ] {
                writer.mpint(number.as_bytes());
            }
        }
        PublicNumbers::Dsa { p, q, g, y } => {
            let pkcs8 = key.to_pkcs8_der();
            let x = parse_dsa_key(pkcs8.as_bytes()).ok()?.x;
            writer.string(b"ssh-dss");
            for number in [&p, &q, &g, &y] {
                writer.mpint(number);
            }
            writer.mpint(x.as_bytes());
        }
        PublicNumbers::Ec { curve, point } => {
            let (name, curve, _) = CURVES.iter().find(|(_, _, oid)| *oid == curve)?;
            writer.string(name.as_bytes());
            writer.string(curve.as_bytes());
            writer.string(&point);
            writer.mpint(&numbers::scalar(key)?);
        }
        PublicNumbers::Ed25519 { point } => {
            writer.string(b"ssh-ed25519");
            writer.string(&point);
            let seed = numbers::scalar(key)?;
            writer.string(&zeroize::Zeroizing::new([seed.as_slice(), &point].concat()));
        }
    }
    Some(())
}

/// A public key as OpenSSH encodes it; `None` if it does not know its kind.
pub(super) fn public_blob(key: &PublicKey) -> Option<Vec<u8>> {
    let mut writer = Writer::default();
    match PublicNumbers::of(key)? {
        PublicNumbers::Rsa { modulus, exponent } => {
            writer.string(b"ssh-rsa");
            writer.mpint(&exponent);
            writer.mpint(&modulus);
        }
        PublicNumbers::Dsa { p, q, g, y } => {
            writer.string(b"ssh-dss");
            for number in [&p, &q, &g, &y] {
                writer.mpint(number);
            }
        }
        PublicNumbers::Ec { curve, point } => {
            let (name, curve, _) = CURVES.iter().find(|(_, _, oid)| *oid == curve)?;
            writer.string(name.as_bytes());
            writer.string(curve.as_bytes());
            writer.string(&point);
        }
        PublicNumbers::Ed25519 { point } => {
            writer.string(b"ssh-ed25519");
            writer.string(&point);
        }
    }
    Some(writer.finish().to_vec())
}

/// Reads what [`public_blob`] writes.
///
/// # Errors
/// `UnsupportedName` for another kind, otherwise see [`ReadKeyError`].
pub(super) fn read_public(blob: &[u8]) -> Result<PublicKey, ReadKeyError> {
    let mut reader = Reader::new(blob);
    let numbers = match reader.text()? {
        "ssh-rsa" => {
            let exponent = reader.mpint()?.to_vec();
            PublicNumbers::Rsa { modulus: reader.mpint()?.to_vec(), exponent }
        }
        "ssh-dss" => PublicNumbers::Dsa {
            p: reader.mpint()?.to_vec(),
            q: reader.mpint()?.to_vec(),
            g: reader.mpint()?.to_vec(),
            y: reader.mpint()?.to_vec(),
        },
        "ssh-ed25519" => PublicNumbers::Ed25519 { point: reader.string()?.to_vec() },
        name => {
            let (_, curve, oid) = curve(name)?;
            if reader.text()? != curve {
                return Err(ReadKeyError::Mismatch);
            }
            PublicNumbers::Ec { curve: oid, point: reader.string()?.to_vec() }
        }
    };
    if !reader.rest().is_empty() {
        return Err(ReadKeyError::Malformed { offset: None });
    }
    numbers.into_key()
}

fn curve(name: &str) -> Result<(&'static str, &'static str, ObjectIdentifier), ReadKeyError> {
    let known = CURVES.iter().find(|(known, _, _)| *known == name);
    known.copied().ok_or_else(|| ReadKeyError::UnsupportedName { name: name.to_owned() })
}

fn uint<'a>(reader: &mut Reader<'a>) -> Result<UintRef<'a>, ReadKeyError> {
    Ok(UintRef::new(crate::rsa_numbers::trimmed(reader.mpint()?))?)
}
