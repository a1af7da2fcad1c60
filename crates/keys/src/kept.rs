//! Private keys that are kept and never used: DSA, Ed448, X25519 and whatever else PKCS#8 may hold.
//!
//! Their public half is needed, since keys and certificates find each other by it. It stands in the PKCS#8 structure, in
//! the certificate beside it, or is computed where a library does that (DSA, X25519,
//! Ed448). Where it cannot be known the key
//! is refused by name. Refused: DSA with a modulus above 8192 bits, whose power would take too long.

use ::pkcs8::PrivateKeyInfoRef;
use const_oid::db::rfc5912::ID_DSA;
use crypto_bigint::{
    BoxedUint, Odd,
    modular::{BoxedMontyForm, BoxedMontyParams},
};
use der::{
    Decode as _, Encode as _,
    asn1::{AnyRef, OctetStringRef, UintRef},
};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use crate::{
    algorithm::{DSA, ED448, X25519},
    error::ReadKeyError,
    pkcs8::wrap,
    private::{PrivateKey, public_key},
    public::{DsaParameters, MAX_RSA_BITS, PublicKey, bit_length},
    rsa_numbers::trimmed,
};

/// Keeps a PKCS#8 key of an algorithm that is not understood; `der` is the whole of it.
pub(crate) fn parse_kept(
    der: &[u8],
    info: &PrivateKeyInfoRef<'_>,
    known: Option<&PublicKey>,
) -> Result<PrivateKey, ReadKeyError> {
    let oid = info.algorithm.oid.to_string();
    let public = match (oid.as_str(), info.public_key.and_then(|bits| bits.as_bytes())) {
        (DSA, _) => parse_dsa_key(der)?.public_key(info.algorithm)?,
        (X25519, _) => public_key(info.algorithm, &x25519(info)?)?,
        (ED448, _) => public_key(info.algorithm, &ed448(info)?)?,
        (_, Some(bits)) => public_key(info.algorithm, bits)?,
        (_, None) => known_public_key(info.algorithm, known, &oid)?,
    };
    Ok(PrivateKey::kept(der, oid, public))
}

/// The public half from beside the key, which has to be of the same algorithm and curve. More cannot be checked.
///
/// # Errors
/// `PublicKeyUnknown` with `oid` if there is none, `Mismatch`.
pub(crate) fn known_public_key(
    algorithm: AlgorithmIdentifierRef<'_>,
    known: Option<&PublicKey>,
    oid: &str,
) -> Result<PublicKey, ReadKeyError> {
    let known = known.ok_or_else(|| ReadKeyError::PublicKeyUnknown { oid: oid.to_owned() })?;
    let info = SubjectPublicKeyInfoRef::from_der(known.spki_der())?;
    if info.algorithm == algorithm { Ok(known.clone()) } else { Err(ReadKeyError::Mismatch) }
}

/// The numbers of a DSA key.
pub(crate) struct DsaKey<'a> {
    pub(crate) p: UintRef<'a>,
    pub(crate) q: UintRef<'a>,
    pub(crate) g: UintRef<'a>,
    pub(crate) x: UintRef<'a>,
}

/// The DSA key in a `PrivateKeyInfo`.
///
/// # Errors
/// `Malformed`.
pub(crate) fn parse_dsa_key(pkcs8: &[u8]) -> Result<DsaKey<'_>, ReadKeyError> {
    let info = PrivateKeyInfoRef::from_der(pkcs8)?;
    let parameters = info.algorithm.parameters.ok_or(ReadKeyError::Malformed { offset: None })?;
    let DsaParameters { p, q, g } = parameters.decode_as()?;
    Ok(DsaKey { p, q, g, x: UintRef::from_der(info.private_key.as_bytes())? })
}

impl DsaKey<'_> {
    /// The key, kept as PKCS#8; `y` is its public number where the format has it.
    ///
    /// # Errors
    /// `Mismatch` if `y` is not the one that belongs to the others, `InvalidKey`, `KeyTooLarge`.
    pub(crate) fn into_key(self, y: Option<&[u8]>) -> Result<PrivateKey, ReadKeyError> {
        let parameters = DsaParameters { p: self.p, q: self.q, g: self.g }.to_der()?;
        let algorithm =
            AlgorithmIdentifierRef { oid: ID_DSA, parameters: Some(AnyRef::from_der(&parameters)?) };
        let public = self.public_key(algorithm)?;
        let computed = UintRef::from_der(public.key_bits())?;
        if y.is_some_and(|y| trimmed(y) != computed.as_bytes()) {
            return Err(ReadKeyError::Mismatch);
        }
        let private = Zeroizing::new(self.x.to_der()?);
        let pkcs8 = wrap(algorithm, &private).ok_or(ReadKeyError::Malformed { offset: None })?;
        Ok(PrivateKey::kept(&pkcs8, DSA.to_owned(), public))
    }

    /// y = g^x mod p (FIPS 186-4, section 4.1).
    fn public_key(&self, algorithm: AlgorithmIdentifierRef<'_>) -> Result<PublicKey, ReadKeyError> {
        let [p, q, g, x] = [self.p, self.q, self.g, self.x].map(|number| number.as_bytes());
        let bits = bit_length(p);
        if bits > MAX_RSA_BITS {
            return Err(ReadKeyError::KeyTooLarge { bits, limit: MAX_RSA_BITS });
        }
        let precision = bits.next_multiple_of(64);
        let number = |bytes| BoxedUint::from_be_slice(bytes, precision).map_err(|_| ReadKeyError::InvalidKey);
        let [p, q, g] = [number(p)?, number(q)?, number(g)?];
        let x = Zeroizing::new(number(x)?);
        if bits < 512 || g >= p || q >= p || *x >= q || bool::from(x.is_zero()) {
            return Err(ReadKeyError::InvalidKey);
        }
        let p = Odd::new(p).into_option().ok_or(ReadKeyError::InvalidKey)?;
        let y = BoxedMontyForm::new(g, &BoxedMontyParams::new(p)).pow(&x).retrieve();
        let bytes = y.to_be_bytes();
        public_key(algorithm, &UintRef::new(trimmed(&bytes))?.to_der()?)
    }
}

/// The public half of a key of RFC 8410, whose private one is an octet string in an octet string.
fn x25519(info: &PrivateKeyInfoRef<'_>) -> Result<[u8; 32], ReadKeyError> {
    let scalar = octets::<32>(info)?;
    Ok(curve25519_dalek::MontgomeryPoint::mul_base_clamped(*scalar).to_bytes())
}

fn ed448(info: &PrivateKeyInfoRef<'_>) -> Result<[u8; 57], ReadKeyError> {
    let seed = octets::<57>(info)?;
    let key = ed448_goldilocks::SigningKey::from(ed448_goldilocks::SecretKey::from(*seed));
    Ok(key.verifying_key().to_bytes())
}

/// `CurvePrivateKey` (RFC 8410, section 7).
fn octets<const N: usize>(info: &PrivateKeyInfoRef<'_>) -> Result<Zeroizing<[u8; N]>, ReadKeyError> {
    let octets = <&OctetStringRef>::from_der(info.private_key.as_bytes())?.as_bytes();
    Ok(Zeroizing::new(octets.try_into().map_err(|_| ReadKeyError::InvalidKey)?))
}
