//! Checking DSA signatures (FIPS 186-4, section 4.7; RFC 3279, sections 2.2.2 and 2.3.2; RFC 5758, section 3.1).
//!
//! DSA is no longer approved (FIPS 186-5), so this tells whether an old signature is right, and nobody signs here. A key may leave its parameters to
//! the issuer of its certificate; whoever knows the path puts them in with [`PublicKey::with_parameters_of`]. Refused: all sizes but the four of FIPS
//! 186-4, so that no key makes a signature costly.

use crypto_bigint::BoxedUint;
use der::{
    Decode as _, Encode as _, Sequence,
    asn1::{AnyRef, BitStringRef, UintRef},
};
use signature::hazmat::PrehashVerifier as _;
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use crate::{
    public::{DsaParameters, Material, PublicKey, bit_length},
    verify::VerifyError,
};

/// The lengths of p and q in bits (FIPS 186-4, section 4.2).
const SIZES: [(u32, u32); 4] = [(1024, 160), (2048, 224), (2048, 256), (3072, 256)];

impl PublicKey {
    /// Whether this is a DSA key without the parameters that make it complete (RFC 3279, section 2.3.2).
    pub fn lacks_parameters(&self) -> bool {
        matches!(self.material(), Material::Dsa) && parameters(self.spki_der()).is_none()
    }

    /// The key with the parameters of the key that certified it, if both are DSA keys, this one lacks them, and the other has them
    /// (RFC 5280, section 6.1.4 (e)).
    pub fn with_parameters_of(&self, issuer: &Self) -> Option<Self> {
        if !self.lacks_parameters() || !matches!(issuer.material(), Material::Dsa) {
            return None;
        }
        let mut algorithm = SubjectPublicKeyInfoRef::from_der(self.spki_der()).ok()?.algorithm;
        algorithm.parameters = Some(parameters(issuer.spki_der())?);
        let subject_public_key = BitStringRef::from_bytes(self.key_bits()).ok()?;
        let whole = SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der().ok()?;
        Self::from_spki_der(&whole).ok()
    }
}

/// The parameters that stand in a key; `NULL` stands for none.
fn parameters(spki: &[u8]) -> Option<AnyRef<'_>> {
    let algorithm: AlgorithmIdentifierRef<'_> = SubjectPublicKeyInfoRef::from_der(spki).ok()?.algorithm;
    algorithm.parameters.filter(|parameters| !parameters.is_null())
}

/// `Dss-Sig-Value` (RFC 3279, section 2.2.2).
#[derive(Sequence)]
struct SignatureValue<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

/// Whether `key` made the signature over a message with this hash.
pub(crate) fn verify(key: &PublicKey, hash: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    let parameters = parameters(key.spki_der()).ok_or(VerifyError::ParametersMissing)?;
    let parameters: DsaParameters<'_> =
        parameters.decode_as().map_err(|_| VerifyError::UnsupportedAlgorithm { oid: "DSA".to_owned() })?;
    let [p, q, g] = [parameters.p, parameters.q, parameters.g].map(|number| number.as_bytes());
    let (bits, order_bits) = (bit_length(p), bit_length(q));
    if bits < 1024 {
        return Err(VerifyError::WeakKey { bits });
    }
    let unsupported = || VerifyError::UnsupportedAlgorithm { oid: format!("DSA {bits}/{order_bits}") };
    if !SIZES.contains(&(bits, order_bits)) {
        return Err(unsupported());
    }
    let bad = || VerifyError::BadSignature;
    let y = UintRef::from_der(key.key_bits()).map_err(|_| bad())?;
    // The arithmetic wants all numbers modulo p in the precision of p.
    let number = |bytes: &[u8], bits| BoxedUint::from_be_slice(bytes, bits).map_err(|_| bad());
    let (p, q, g, y) =
        (number(p, bits)?, number(q, order_bits)?, number(g, bits)?, number(y.as_bytes(), bits)?);
    if y >= p || g < BoxedUint::from(2_u8) {
        return Err(unsupported());
    }
    let components = dsa::Components::from_components(p, q, g).map_err(|_| unsupported())?;
    let key = dsa::VerifyingKey::from_components(components, y).map_err(|_| unsupported())?;
    let value = SignatureValue::from_der(signature).map_err(|_| bad())?;
    let (r, s) = (number(value.r.as_bytes(), order_bits)?, number(value.s.as_bytes(), order_bits)?);
    let signature = dsa::Signature::from_components(r, s).ok_or_else(bad)?;
    key.verify_prehash(hash, &signature).map_err(|_| bad())
}
