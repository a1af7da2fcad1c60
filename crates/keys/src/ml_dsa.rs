//! ML-DSA private keys (FIPS 204) in the three forms of RFC 9881, section 6: the seed, the expanded key, or both.
//!
//! A key is written back in the form in which it was read; a new one is a seed. An expanded key is checked before it
//! is believed: its small numbers are small, and it signs what its public half accepts.

use ::ml_dsa::{
    B32, ExpandedSigningKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Signature, SigningKey, VerifyingKey,
};
use der::{
    Decode as _, Sequence,
    asn1::{ObjectIdentifier, OctetStringRef},
};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{
    error::ReadKeyError,
    secret::SecretBytes,
    x509::{ID_ML_DSA_44, ID_ML_DSA_65, ID_ML_DSA_87},
};

/// One of the three strengths of FIPS 204.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ParameterSet {
    MlDsa44,
    MlDsa65,
    MlDsa87,
}

impl ParameterSet {
    /// Identifier of the key and of its signatures.
    pub(crate) fn oid(self) -> ObjectIdentifier {
        match self {
            Self::MlDsa44 => ID_ML_DSA_44,
            Self::MlDsa65 => ID_ML_DSA_65,
            Self::MlDsa87 => ID_ML_DSA_87,
        }
    }

    /// Length of a public key in bytes (FIPS 204, table 2).
    pub(crate) fn public_length(self) -> usize {
        match self {
            Self::MlDsa44 => 1312,
            Self::MlDsa65 => 1952,
            Self::MlDsa87 => 2592,
        }
    }

    /// Bits of one coefficient of s1 and s2, number of their polynomials together, and number of those of t0.
    fn small(self) -> (usize, usize, usize) {
        match self {
            Self::MlDsa44 => (3, 8, 4),
            Self::MlDsa65 => (4, 11, 6),
            Self::MlDsa87 => (3, 15, 8),
        }
    }
}

/// A private key of ML-DSA, and its `privateKey` octets as they were read.
pub(crate) struct MlDsaKey {
    inner: Inner,
    encoded: SecretBytes,
}

/// The expanded keys; each wipes itself.
enum Inner {
    MlDsa44(Box<ExpandedSigningKey<MlDsa44>>),
    MlDsa65(Box<ExpandedSigningKey<MlDsa65>>),
    MlDsa87(Box<ExpandedSigningKey<MlDsa87>>),
}

/// Does the same with whichever parameter set it is.
macro_rules! with_key {
    ($inner:expr, $key:ident => $body:expr) => {
        match $inner {
            Inner::MlDsa44($key) => $body,
            Inner::MlDsa65($key) => $body,
            Inner::MlDsa87($key) => $body,
        }
    };
}

impl MlDsaKey {
    /// The key that grows from a seed.
    pub(crate) fn from_seed(set: ParameterSet, seed: &[u8; 32]) -> Self {
        let encoded = [SEED_HEADER.as_slice(), seed].concat();
        Self { inner: expand(set, seed), encoded: SecretBytes::new(encoded) }
    }

    /// Reads the `privateKey` octets of PKCS#8.
    ///
    /// # Errors
    /// `Malformed`, `InvalidKey` for numbers that are no key, `Mismatch` if seed and expanded key differ.
    pub(crate) fn parse(set: ParameterSet, der: &[u8]) -> Result<Self, ReadKeyError> {
        let inner = match der.first() {
            Some(0x80) => {
                let seed = der.strip_prefix(&SEED_HEADER).ok_or(ReadKeyError::Malformed { offset: None })?;
                expand(set, array(seed)?)
            }
            Some(0x04) => parse_expanded(set, <&OctetStringRef>::from_der(der)?.as_bytes())?,
            Some(0x30) => {
                let both = Both::from_der(der)?;
                let inner = expand(set, array(both.seed.as_bytes())?);
                if to_expanded(&inner).as_slice() != both.expanded.as_bytes() {
                    return Err(ReadKeyError::Mismatch);
                }
                inner
            }
            // The draft before the RFC had the seed, or the expanded key, without anything around it.
            _ if der.len() == 32 => return Ok(Self::from_seed(set, array(der)?)),
            _ => return Err(ReadKeyError::Malformed { offset: None }),
        };
        Ok(Self { inner, encoded: SecretBytes::new(der.to_vec()) })
    }

    pub(crate) fn parameter_set(&self) -> ParameterSet {
        match &self.inner {
            Inner::MlDsa44(_) => ParameterSet::MlDsa44,
            Inner::MlDsa65(_) => ParameterSet::MlDsa65,
            Inner::MlDsa87(_) => ParameterSet::MlDsa87,
        }
    }

    /// The `privateKey` octets of PKCS#8.
    pub(crate) fn encoded(&self) -> &[u8] {
        self.encoded.as_bytes()
    }

    /// The public key as FIPS 204 encodes it.
    pub(crate) fn public_bytes(&self) -> Vec<u8> {
        with_key!(&self.inner, key => key.verifying_key().encode().to_vec())
    }

    /// Signs with an empty context, hedged (FIPS 204, algorithm 2). `None` if the arithmetic finds no signature.
    pub(crate) fn sign(&self, message: &[u8], rng: &mut impl CryptoRng) -> Option<Vec<u8>> {
        with_key!(&self.inner, key => Some(key.sign_randomized(message, &[], rng).ok()?.encode().to_vec()))
    }
}

/// Whether `signature` is that of `message` by the encoded public key; `None` if the key has the wrong length.
pub(crate) fn verify(set: ParameterSet, public: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
    match set {
        ParameterSet::MlDsa44 => verify_with::<MlDsa44>(public, message, signature),
        ParameterSet::MlDsa65 => verify_with::<MlDsa65>(public, message, signature),
        ParameterSet::MlDsa87 => verify_with::<MlDsa87>(public, message, signature),
    }
}

fn verify_with<P: MlDsaParams>(public: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
    let key = VerifyingKey::<P>::decode(public.try_into().ok()?);
    let signature = Signature::<P>::try_from(signature);
    Some(signature.is_ok_and(|signature| key.verify_with_context(message, &[], &signature)))
}

/// What stands before the 32 bytes of `seed [0] OCTET STRING (SIZE (32))`.
const SEED_HEADER: [u8; 2] = [0x80, 0x20];

/// The form `both`.
#[derive(Sequence)]
struct Both<'a> {
    seed: &'a OctetStringRef,
    expanded: &'a OctetStringRef,
}

fn array(bytes: &[u8]) -> Result<&[u8; 32], ReadKeyError> {
    bytes.try_into().map_err(|_| ReadKeyError::InvalidKey)
}

fn expand(set: ParameterSet, seed: &[u8; 32]) -> Inner {
    let seed = Zeroizing::new(B32::from(*seed));
    match set {
        ParameterSet::MlDsa44 => {
            Inner::MlDsa44(Box::new(SigningKey::from_seed(&seed).expanded_key().clone()))
        }
        ParameterSet::MlDsa65 => {
            Inner::MlDsa65(Box::new(SigningKey::from_seed(&seed).expanded_key().clone()))
        }
        ParameterSet::MlDsa87 => {
            Inner::MlDsa87(Box::new(SigningKey::from_seed(&seed).expanded_key().clone()))
        }
    }
}

#[allow(deprecated, reason = "RFC 9881 has this form, whatever its authors think of it")]
fn to_expanded(inner: &Inner) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(with_key!(inner, key => key.to_expanded().to_vec()))
}

fn parse_expanded(set: ParameterSet, bytes: &[u8]) -> Result<Inner, ReadKeyError> {
    check_small_numbers(set, bytes)?;
    Ok(match set {
        ParameterSet::MlDsa44 => Inner::MlDsa44(checked(bytes)?),
        ParameterSet::MlDsa65 => Inner::MlDsa65(checked(bytes)?),
        ParameterSet::MlDsa87 => Inner::MlDsa87(checked(bytes)?),
    })
}

/// An expanded key that has proved to fit its public half: one signature is made and checked.
#[allow(deprecated, reason = "RFC 9881 has this form, whatever its authors think of it")]
fn checked<P: MlDsaParams>(bytes: &[u8]) -> Result<Box<ExpandedSigningKey<P>>, ReadKeyError> {
    let invalid = ReadKeyError::InvalidKey;
    let key = ExpandedSigningKey::<P>::from_expanded(bytes.try_into().map_err(|_| invalid.clone())?);
    let signature = key.sign_deterministic(b"consistency", &[]).map_err(|_| invalid.clone())?;
    if key.verifying_key().verify_with_context(b"consistency", &[], &signature) {
        Ok(Box::new(key))
    } else {
        Err(invalid)
    }
}

/// Checks what the library takes on trust: each coefficient of s1 and s2 is at most 2η as it stands in the key, and
/// those of t0 are about as large as chance makes them. With larger ones signing would hardly ever come to an end.
fn check_small_numbers(set: ParameterSet, bytes: &[u8]) -> Result<(), ReadKeyError> {
    const SEEDS: usize = 32 + 32 + 64;
    const T0_BITS: usize = 13;
    let (bits, small, large) = set.small();
    let end_of_small = SEEDS + small * 32 * bits;
    let end = end_of_small + large * 32 * T0_BITS;
    let most = if bits == 3 { 4 } else { 8 };
    let small = bytes.get(SEEDS..end_of_small).ok_or(ReadKeyError::InvalidKey)?;
    if bytes.len() != end || coefficients(small, bits).any(|coefficient| coefficient > most) {
        return Err(ReadKeyError::InvalidKey);
    }
    let t0 = bytes.get(end_of_small..).ok_or(ReadKeyError::InvalidKey)?;
    let squares: u64 =
        coefficients(t0, T0_BITS).map(|packed| u64::from(4096_u32.abs_diff(packed)).pow(2)).sum();
    // The mean of the squares of numbers that are spread evenly from -4096 to 4096 is 4096² / 3; one and a quarter
    // times as much is more than eight standard deviations away.
    let count = u64::try_from(large * 256).unwrap_or(u64::MAX);
    if squares > (1 << 24) / 3 * 5 / 4 * count {
        return Err(ReadKeyError::InvalidKey);
    }
    Ok(())
}

/// Numbers of `bits` bits each, the lowest bit first (FIPS 204, algorithm 18).
fn coefficients(bytes: &[u8], bits: usize) -> impl Iterator<Item = u32> {
    let mut buffer = 0_u32;
    let mut filled = 0;
    let mut rest = bytes.iter();
    core::iter::from_fn(move || {
        while filled < bits {
            buffer |= u32::from(*rest.next()?) << filled;
            filled += 8;
        }
        let number = buffer & ((1 << bits) - 1);
        buffer >>= bits;
        filled -= bits;
        Some(number)
    })
}
