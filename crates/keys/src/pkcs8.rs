//! PKCS#8 `PrivateKeyInfo` (RFC 5208) and `OneAsymmetricKey` (RFC 5958), PEM label `PRIVATE KEY`.
//!
//! RSA, EC on the NIST curves, Ed25519 (RFC 8410) and ML-DSA (RFC 9881) are understood; every other algorithm is kept as
//! it is, if its public half can be known.

use ::pkcs8::{EncodePrivateKey as _, PrivateKeyInfoRef};
use const_oid::db::rfc8410;
use der::{Decode, Encode, asn1::OctetStringRef};
use pkcs1::EncodeRsaPrivateKey as _;
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use crate::{
    algorithm::{EC_PUBLIC_KEY, ED25519, ML_DSA_44, ML_DSA_65, ML_DSA_87, RSA_ENCRYPTION, RSASSA_PSS},
    error::ReadKeyError,
    kept::parse_kept,
    ml_dsa::{MlDsaKey, ParameterSet},
    pkcs1::parse_pkcs1_as,
    private::{PrivateKey, Secret},
    pss::PssRestriction,
    public::PublicKey,
    sec1::parse_ec_in_pkcs8,
    secret::SecretBytes,
};

/// Reads a DER `PrivateKeyInfo`.
///
/// # Errors
/// See [`ReadKeyError`].
pub fn parse_pkcs8(der: &[u8]) -> Result<PrivateKey, ReadKeyError> {
    parse_pkcs8_with(der, None)
}

/// As [`parse_pkcs8`]; `known` is the public half that stands beside the key.
///
/// # Errors
/// As [`parse_pkcs8`], and `Mismatch`.
pub(crate) fn parse_pkcs8_with(der: &[u8], known: Option<&PublicKey>) -> Result<PrivateKey, ReadKeyError> {
    let info = PrivateKeyInfoRef::from_der(der)?;
    let private = info.private_key.as_bytes();
    let key = match info.algorithm.oid.to_string().as_str() {
        RSA_ENCRYPTION => parse_pkcs1_as(private, None)?,
        RSASSA_PSS => parse_pkcs1_as(private, Some(PssRestriction::parse(info.algorithm)?))?,
        EC_PUBLIC_KEY => parse_ec_in_pkcs8(der, &info, known)?,
        ED25519 => parse_ed25519(private)?,
        ML_DSA_44 => PrivateKey::from_ml_dsa(MlDsaKey::parse(ParameterSet::MlDsa44, private)?)?,
        ML_DSA_65 => PrivateKey::from_ml_dsa(MlDsaKey::parse(ParameterSet::MlDsa65, private)?)?,
        ML_DSA_87 => PrivateKey::from_ml_dsa(MlDsaKey::parse(ParameterSet::MlDsa87, private)?)?,
        _ => parse_kept(der, &info, known)?,
    };
    match info.public_key.map(|bits| bits.as_bytes()) {
        Some(public) if public != Some(key.public_key().key_bits()) => return Err(ReadKeyError::Mismatch),
        _ => {}
    }
    match known {
        Some(public) if public != key.public_key() => Err(ReadKeyError::Mismatch),
        _ => Ok(key),
    }
}

/// Writes a DER `PrivateKeyInfo`.
pub(crate) fn to_pkcs8(key: &PrivateKey) -> SecretBytes {
    let der = match key.secret() {
        Secret::Rsa { key, pss: None } => key.to_pkcs8_der().ok().map(|document| document.to_bytes()),
        Secret::Rsa { key, pss: Some(restriction) } => key
            .to_pkcs1_der()
            .ok()
            .and_then(|document| wrap(restriction.algorithm().ok()?, document.as_bytes())),
        Secret::P256(key) => key.to_pkcs8_der().ok().map(|document| document.to_bytes()),
        Secret::P384(key) => key.to_pkcs8_der().ok().map(|document| document.to_bytes()),
        Secret::P521(key) => key.to_pkcs8_der().ok().map(|document| document.to_bytes()),
        Secret::Ed25519(key) => OctetStringRef::new(key.as_bytes())
            .and_then(|seed| seed.to_der())
            .map(Zeroizing::new)
            .ok()
            .and_then(|seed| wrap(bare(rfc8410::ID_ED_25519), &seed)),
        Secret::MlDsa(key) => wrap(bare(key.parameter_set().oid()), key.encoded()),
        Secret::Kept { pkcs8, .. } => return pkcs8.clone(),
    };
    // Encoding fails only above the length that DER can express, far from any key that was accepted.
    der.unwrap_or_default().into()
}

/// A `PrivateKeyInfo` of version 1 around these octets.
pub(crate) fn wrap(algorithm: AlgorithmIdentifierRef<'_>, private: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let info = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(private).ok()?);
    info.to_der().ok().map(Zeroizing::new)
}

fn bare(oid: der::asn1::ObjectIdentifier) -> AlgorithmIdentifierRef<'static> {
    AlgorithmIdentifierRef { oid, parameters: None }
}

/// `CurvePrivateKey` (RFC 8410, section 7).
fn parse_ed25519(private: &[u8]) -> Result<PrivateKey, ReadKeyError> {
    let seed = <&OctetStringRef>::from_der(private)?;
    PrivateKey::from_ed25519(seed.as_bytes().try_into().map_err(|_| ReadKeyError::InvalidKey)?)
}
