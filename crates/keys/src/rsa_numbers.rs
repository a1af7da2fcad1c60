//! An RSA key from its numbers, as PKCS#1, OpenSSH and JWK each carry them.
//!
//! All numbers that are there have to agree. Refused: moduli below 1024 and above 8192 bits, public exponents above 2^33.

use ::pkcs1::RsaPrivateKeyRef;
use der::Decode as _;
use pkcs1::EncodeRsaPrivateKey as _;
use rsa::BoxedUint;

use crate::{
    error::ReadKeyError,
    private::{MIN_RSA_BITS, PrivateKey},
    pss::PssRestriction,
    public::{MAX_RSA_BITS, bit_length},
};

/// The numbers of a key, big-endian. `None` is what the format leaves out.
pub(crate) struct RsaNumbers<'a> {
    pub(crate) modulus: &'a [u8],
    pub(crate) public_exponent: &'a [u8],
    pub(crate) private_exponent: &'a [u8],
    /// The two primes p and q.
    pub(crate) primes: Option<(&'a [u8], &'a [u8])>,
    /// d mod (p - 1) and d mod (q - 1).
    pub(crate) exponents: Option<(&'a [u8], &'a [u8])>,
    /// The inverse of q modulo p.
    pub(crate) coefficient: Option<&'a [u8]>,
}

impl RsaNumbers<'_> {
    /// The key of these numbers.
    ///
    /// # Errors
    /// `InvalidKey` if they do not belong together, `KeyTooLarge` and `KeyTooSmall`.
    pub(crate) fn into_key(self, pss: Option<PssRestriction>) -> Result<PrivateKey, ReadKeyError> {
        let bits = bit_length(self.modulus);
        if bits > MAX_RSA_BITS {
            return Err(ReadKeyError::KeyTooLarge { bits, limit: MAX_RSA_BITS });
        }
        if bits < MIN_RSA_BITS {
            return Err(ReadKeyError::KeyTooSmall { bits, limit: MIN_RSA_BITS });
        }
        let bits = bits.next_multiple_of(8);
        let primes = match self.primes {
            Some((p, q)) => vec![number(p, bits)?, number(q, bits)?],
            None => Vec::new(),
        };
        let key = rsa::RsaPrivateKey::from_components(
            number(self.modulus, bits)?,
            number(self.public_exponent, bit_length(self.public_exponent).next_multiple_of(8).min(bits))?,
            number(self.private_exponent, bits)?,
            primes,
        )
        .map_err(|_| ReadKeyError::InvalidKey)?;
        // The crate takes none of the last three numbers and computes its own. A file in which they differ is damaged
        // or forged, and other programs would make signatures with it that give the key away.
        let computed = key.to_pkcs1_der().map_err(|_| ReadKeyError::InvalidKey)?;
        let computed = RsaPrivateKeyRef::from_der(computed.as_bytes())?;
        let differs =
            |given: Option<&[u8]>, computed: &[u8]| given.is_some_and(|given| trimmed(given) != computed);
        if differs(self.exponents.map(|(first, _)| first), computed.exponent1.as_bytes())
            || differs(self.exponents.map(|(_, second)| second), computed.exponent2.as_bytes())
            || differs(self.coefficient, computed.coefficient.as_bytes())
        {
            return Err(ReadKeyError::InvalidKey);
        }
        PrivateKey::from_rsa(key, pss)
    }
}

/// A number above zero with room for `bits` bits, a multiple of eight.
fn number(bytes: &[u8], bits: u32) -> Result<BoxedUint, ReadKeyError> {
    match trimmed(bytes) {
        [] => Err(ReadKeyError::InvalidKey),
        bytes => BoxedUint::from_be_slice(bytes, bits).map_err(|_| ReadKeyError::InvalidKey),
    }
}

/// Without the zeros in front.
pub(crate) fn trimmed(bytes: &[u8]) -> &[u8] {
    let mut rest = bytes;
    while let [0, tail @ ..] = rest {
        rest = tail;
    }
    rest
}
