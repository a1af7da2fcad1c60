//! PKCS#1 `RSAPrivateKey` (RFC 8017, appendix A.1.2), PEM label `RSA PRIVATE KEY`.
//!
//! All eight numbers have to agree. Refused: more than two primes, moduli below 2048 and above 8192 bits,
//! public exponents above 2^33.

use ::pkcs1::{EncodeRsaPrivateKey as _, RsaPrivateKeyRef};
use der::Decode;

use crate::{
    error::ReadKeyError,
    private::{MIN_RSA_SIGN_BITS, PrivateKey},
    public::{MAX_RSA_BITS, bit_length},
};

/// Reads a DER `RSAPrivateKey`.
///
/// # Errors
/// `InvalidKey` if the numbers do not belong together, otherwise see [`ReadKeyError`].
pub fn parse_pkcs1(der: &[u8]) -> Result<PrivateKey, ReadKeyError> {
    let numbers = RsaPrivateKeyRef::from_der(der)?;
    if numbers.other_prime_infos.is_some() {
        return Err(ReadKeyError::MultiPrime);
    }
    let bits = bit_length(numbers.modulus.as_bytes());
    if bits > MAX_RSA_BITS {
        return Err(ReadKeyError::KeyTooLarge { bits, limit: MAX_RSA_BITS });
    }
    if bits < MIN_RSA_SIGN_BITS {
        return Err(ReadKeyError::KeyTooSmall { bits, limit: MIN_RSA_SIGN_BITS });
    }
    let (exponent1, exponent2, coefficient) = (numbers.exponent1, numbers.exponent2, numbers.coefficient);
    let key = rsa::RsaPrivateKey::try_from(numbers).map_err(|_| ReadKeyError::InvalidKey)?;
    // The crate ignores the last three numbers and computes its own. A file in which they differ is damaged
    // or forged, and other programs would make signatures with it that give the key away.
    let computed = key.to_pkcs1_der().map_err(|_| ReadKeyError::InvalidKey)?;
    let computed = RsaPrivateKeyRef::from_der(computed.as_bytes())?;
    if computed.exponent1 != exponent1
        || computed.exponent2 != exponent2
        || computed.coefficient != coefficient
    {
        return Err(ReadKeyError::InvalidKey);
    }
    PrivateKey::from_rsa(key)
}
