//! PKCS#1 `RSAPrivateKey` (RFC 8017, appendix A.1.2), PEM label `RSA PRIVATE KEY`.
//!
//! All eight numbers have to agree. Refused: more than two primes, moduli below 1024 and above 8192 bits,
//! public exponents above 2^33.

use ::pkcs1::RsaPrivateKeyRef;
use der::Decode;

use crate::{error::ReadKeyError, private::PrivateKey, pss::PssRestriction, rsa_numbers::RsaNumbers};

/// Reads a DER `RSAPrivateKey`.
///
/// # Errors
/// `InvalidKey` if the numbers do not belong together, otherwise see [`ReadKeyError`].
pub fn parse_pkcs1(der: &[u8]) -> Result<PrivateKey, ReadKeyError> {
    parse_pkcs1_as(der, None)
}

/// As [`parse_pkcs1`], for a key that PKCS#8 around it may mark as one for PSS alone.
pub(crate) fn parse_pkcs1_as(der: &[u8], pss: Option<PssRestriction>) -> Result<PrivateKey, ReadKeyError> {
    let numbers = RsaPrivateKeyRef::from_der(der)?;
    if numbers.other_prime_infos.is_some() {
        return Err(ReadKeyError::MultiPrime);
    }
    RsaNumbers {
        modulus: numbers.modulus.as_bytes(),
        public_exponent: numbers.public_exponent.as_bytes(),
        private_exponent: numbers.private_exponent.as_bytes(),
        primes: Some((numbers.prime1.as_bytes(), numbers.prime2.as_bytes())),
        exponents: Some((numbers.exponent1.as_bytes(), numbers.exponent2.as_bytes())),
        coefficient: Some(numbers.coefficient.as_bytes()),
    }
    .into_key(pss)
}
