//! SEC 1 `ECPrivateKey` (RFC 5915), PEM label `EC PRIVATE KEY`.
//!
//! The curve stands in the structure or is given by PKCS#8 around it; a public key beside the private one has
//! to fit. Refused: other curves than P-256 and P-384, by name.

use ::sec1::EcPrivateKey;
use der::{Decode, asn1::ObjectIdentifier};
use p256::elliptic_curve::sec1::ToSec1Point as _;
use zeroize::Zeroizing;

use crate::{
    algorithm::{EC_PUBLIC_KEY, SECP256R1, SECP384R1},
    error::ReadKeyError,
    private::PrivateKey,
};

/// Reads a DER `ECPrivateKey`; `curve` is the curve that a surrounding PKCS#8 names.
///
/// # Errors
/// `UnsupportedAlgorithm` with the curve, `Mismatch` if the public key does not fit, otherwise see [`ReadKeyError`].
pub fn parse_sec1(der: &[u8], curve: Option<ObjectIdentifier>) -> Result<PrivateKey, ReadKeyError> {
    let parsed = EcPrivateKey::from_der(der)?;
    let inner = parsed.parameters.as_ref().and_then(|parameters| parameters.named_curve());
    let curve = match (curve, inner) {
        (Some(outer), Some(inner)) if outer != inner => return Err(ReadKeyError::Mismatch),
        (Some(curve), _) | (None, Some(curve)) => curve,
        (None, None) => return Err(ReadKeyError::UnsupportedAlgorithm { oid: EC_PUBLIC_KEY.to_owned() }),
    };
    match curve.to_string().as_str() {
        SECP256R1 => {
            let scalar = padded::<32>(parsed.private_key)?;
            let key = p256::SecretKey::from_slice(scalar.as_slice()).map_err(|_| ReadKeyError::InvalidKey)?;
            let point = key.public_key();
            check_public(
                &parsed,
                point.to_sec1_point(false).as_bytes(),
                point.to_sec1_point(true).as_bytes(),
            )?;
            PrivateKey::from_p256(key)
        }
        SECP384R1 => {
            let scalar = padded::<48>(parsed.private_key)?;
            let key = p384::SecretKey::from_slice(scalar.as_slice()).map_err(|_| ReadKeyError::InvalidKey)?;
            let point = key.public_key();
            check_public(
                &parsed,
                point.to_sec1_point(false).as_bytes(),
                point.to_sec1_point(true).as_bytes(),
            )?;
            PrivateKey::from_p384(key)
        }
        oid => Err(ReadKeyError::UnsupportedAlgorithm { oid: oid.to_owned() }),
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
    match parsed.public_key {
        Some(public) if public != uncompressed && public != compressed => Err(ReadKeyError::Mismatch),
        _ => Ok(()),
    }
}
