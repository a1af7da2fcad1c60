//! The outer structure that certificates and requests share: what is signed, how, and the signature (RFC 5280 section 4.1.1).

use certwright_keys::PrivateKey;
use certwright_keys::sign::SignError;
use certwright_keys::x509::X509Signature;
use der::Encode;
use rand_core::CryptoRng;

use crate::tlv;

/// The signature that is asked for, or the one that suits the key best.
pub(crate) fn choose_signature(
    key: &PrivateKey,
    wanted: Option<X509Signature>,
) -> Result<X509Signature, SignError> {
    if let Some(why) = key.cannot_sign() {
        return Err(why.into());
    }
    let fitting = key.x509_signatures();
    match wanted {
        Some(signature) if fitting.contains(&signature) => Ok(signature),
        Some(signature) => Err(SignError::SignatureMismatch { signature }),
        None => fitting.first().copied().ok_or(SignError::Failed),
    }
}

/// The DER of the `AlgorithmIdentifier`.
pub(crate) fn algorithm_der(signature: X509Signature) -> Result<Vec<u8>, SignError> {
    signature.algorithm_identifier().to_der().map_err(|_| SignError::Failed)
}

/// `SEQUENCE { signed, AlgorithmIdentifier, BIT STRING }`
pub(crate) fn to_signed(
    signed: &[u8],
    key: &PrivateKey,
    signature: X509Signature,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, SignError> {
    let octets = key.sign_x509(signature, signed, rng)?;
    let mut content = signed.to_vec();
    content.extend(algorithm_der(signature)?);
    tlv::push(&mut content, tlv::BIT_STRING, &[&[0], &octets[..]].concat());
    Ok(tlv::to_element(tlv::SEQUENCE, &content))
}
