//! SEC 1 `ECPrivateKey` (RFC 5915), PEM label `EC PRIVATE KEY`.
//!
//! The curve stands in the structure or is given by PKCS#8 around it; a public key beside the private one has
//! to fit. A key on another curve than P-256, P-384 and P-521 is kept.

use ::pkcs8::PrivateKeyInfoRef;
use const_oid::db::rfc5912::ID_EC_PUBLIC_KEY;
use der::{
    Decode as _, Encode as _,
    asn1::{Any, BitStringRef, ObjectIdentifier, OctetStringRef},
};
use p256::elliptic_curve::sec1::ToSec1Point as _;
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use crate::{
    algorithm::{EC_PUBLIC_KEY, SECP256R1, SECP384R1, SECP521R1},
    curve::parse_parameters,
    ec_private_key::EcPrivateKey,
    error::ReadKeyError,
    kept::known_public_key,
    pkcs8::wrap,
    private::{PrivateKey, public_key},
    public::PublicKey,
};

/// Reads a DER `ECPrivateKey`; `curve` is the curve that stands beside it, as in a block `EC PARAMETERS`.
///
/// # Errors
/// `Mismatch` if the public key does not fit, otherwise see [`ReadKeyError`].
pub fn parse_sec1(der: &[u8], curve: Option<ObjectIdentifier>) -> Result<PrivateKey, ReadKeyError> {
    let parsed = EcPrivateKey::parse(der)?;
    let inner = parsed.parameters.map(parse_parameters).transpose()?;
    let curve = match (curve, inner) {
        (Some(outer), Some(inner)) if outer != inner => return Err(ReadKeyError::Mismatch),
        (Some(curve), _) | (None, Some(curve)) => curve,
        (None, None) => return Err(ReadKeyError::UnsupportedAlgorithm { oid: EC_PUBLIC_KEY.to_owned() }),
    };
    let name = Any::from(curve);
    let pkcs8 = wrap(ec_algorithm(&name), der).ok_or(ReadKeyError::Malformed { offset: None })?;
    parse_ec(&pkcs8, &parsed, curve, None)
}

/// Reads the EC key in a `PrivateKeyInfo`, whose DER is `der`.
pub(crate) fn parse_ec_in_pkcs8(
    der: &[u8],
    info: &PrivateKeyInfoRef<'_>,
    known: Option<&PublicKey>,
) -> Result<PrivateKey, ReadKeyError> {
    let parsed = EcPrivateKey::parse(info.private_key.as_bytes())?;
    let curve = parse_parameters(info.algorithm.parameters.ok_or(ReadKeyError::Malformed { offset: None })?)?;
    if parsed.parameters.map(parse_parameters).transpose()?.is_some_and(|inner| inner != curve) {
        return Err(ReadKeyError::Mismatch);
    }
    parse_ec(der, &parsed, curve, known)
}

/// The key with this private number, big-endian, on one of the NIST curves; `point` is its public half where it is known.
///
/// # Errors
/// `UnsupportedAlgorithm` for another curve, `Mismatch`, `InvalidKey`.
pub(crate) fn from_scalar(
    curve: ObjectIdentifier,
    scalar: &[u8],
    point: Option<&[u8]>,
) -> Result<PrivateKey, ReadKeyError> {
    let oid = curve.to_string();
    if ![SECP256R1, SECP384R1, SECP521R1].contains(&oid.as_str()) {
        return Err(ReadKeyError::UnsupportedAlgorithm { oid });
    }
    let point = point.map(BitStringRef::from_bytes).transpose()?;
    parse_ec(&[], &EcPrivateKey::new(OctetStringRef::new(scalar)?, point), curve, None)
}

/// Writes a DER `ECPrivateKey` with the name of its curve and its point, as it stands outside of PKCS#8; `None` if this is
/// no EC key.
pub(crate) fn to_sec1(key: &PrivateKey) -> Option<Zeroizing<Vec<u8>>> {
    let pkcs8 = key.to_pkcs8_der();
    let info = PrivateKeyInfoRef::from_der(pkcs8.as_bytes()).ok()?;
    if info.algorithm.oid != ID_EC_PUBLIC_KEY {
        return None;
    }
    let mut parsed = EcPrivateKey::parse(info.private_key.as_bytes()).ok()?;
    parsed.parameters = info.algorithm.parameters;
    parsed.public_key = BitStringRef::from_bytes(key.public_key().key_bits()).ok();
    parsed.to_der().ok().map(Zeroizing::new)
}

fn ec_algorithm(curve: &Any) -> AlgorithmIdentifierRef<'_> {
    AlgorithmIdentifierRef { oid: ID_EC_PUBLIC_KEY, parameters: Some(curve.into()) }
}

/// `pkcs8` is the whole, which is what is kept of a key on another curve.
fn parse_ec(
    pkcs8: &[u8],
    parsed: &EcPrivateKey<'_>,
    curve: ObjectIdentifier,
    known: Option<&PublicKey>,
) -> Result<PrivateKey, ReadKeyError> {
    match curve.to_string().as_str() {
        SECP256R1 => {
            let scalar = padded::<32>(parsed.private_key.as_bytes())?;
            let key = p256::SecretKey::from_slice(scalar.as_slice()).map_err(|_| ReadKeyError::InvalidKey)?;
            let point = key.public_key();
            check_public(
                parsed,
                point.to_sec1_point(false).as_bytes(),
                point.to_sec1_point(true).as_bytes(),
            )?;
            PrivateKey::from_p256(key)
        }
        SECP384R1 => {
            let scalar = padded::<48>(parsed.private_key.as_bytes())?;
            let key = p384::SecretKey::from_slice(scalar.as_slice()).map_err(|_| ReadKeyError::InvalidKey)?;
            let point = key.public_key();
            check_public(
                parsed,
                point.to_sec1_point(false).as_bytes(),
                point.to_sec1_point(true).as_bytes(),
            )?;
            PrivateKey::from_p384(key)
        }
        SECP521R1 => {
            let scalar = padded::<66>(parsed.private_key.as_bytes())?;
            let key = p521::SecretKey::from_slice(scalar.as_slice()).map_err(|_| ReadKeyError::InvalidKey)?;
            let point = key.public_key();
            check_public(
                parsed,
                point.to_sec1_point(false).as_bytes(),
                point.to_sec1_point(true).as_bytes(),
            )?;
            PrivateKey::from_p521(key)
        }
        oid => {
            let name = Any::from(curve);
            let public = match parsed.point() {
                Some(point) => public_key(ec_algorithm(&name), point)?,
                None => known_public_key(ec_algorithm(&name), known, oid)?,
            };
            Ok(PrivateKey::kept(pkcs8, oid.to_owned(), public))
        }
    }
}

/// The scalar at its full width: some programs drop leading zeros, others put one in front.
fn padded<const N: usize>(scalar: &[u8]) -> Result<Zeroizing<[u8; N]>, ReadKeyError> {
    let mut rest = scalar;
    while let [0, tail @ ..] = rest {
        rest = tail;
    }
    let mut full = Zeroizing::new([0; N]);
    let start = N.checked_sub(rest.len()).ok_or(ReadKeyError::InvalidKey)?;
    full.get_mut(start..).ok_or(ReadKeyError::InvalidKey)?.copy_from_slice(rest);
    Ok(full)
}

fn check_public(
    parsed: &EcPrivateKey<'_>,
    uncompressed: &[u8],
    compressed: &[u8],
) -> Result<(), ReadKeyError> {
    match parsed.point() {
        Some(public) if public != uncompressed && public != compressed => Err(ReadKeyError::Mismatch),
        _ => Ok(()),
    }
}
