//! The private key: RSA, P-256, P-384, P-521, Ed25519 and ML-DSA, which sign, and kept keys of any other kind, which
//! are stored and written and never used.
//!
//! The key is wiped when its last clone is dropped, prints as its algorithm alone, and is not
//! serialisable: it leaves as PKCS#8 ([`PrivateKey::to_pkcs8_der`]) inside [`SecretBytes`].

use core::fmt;
use std::sync::Arc;

use ::pkcs8::EncodePublicKey as _;
use der::{Encode as _, asn1::BitStringRef};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    algorithm::KeyAlgorithm,
    error::ReadKeyError,
    ml_dsa::MlDsaKey,
    pss::PssRestriction,
    public::{MAX_RSA_BITS, PublicKey},
    scheme::SignatureScheme,
    secret::SecretBytes,
    x509::X509Signature,
};

/// Shortest RSA modulus that signs, in bits.
pub const MIN_RSA_SIGN_BITS: u32 = 2048;
/// Shortest RSA modulus that is read, in bits.
pub const MIN_RSA_BITS: u32 = 1024;

/// Why a key signs nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CannotSign {
    /// An RSA key so short that nobody should believe what it signs.
    #[error("RSA key of {bits} bits, less than {limit}")]
    RsaTooSmall {
        /// Length of the modulus.
        bits: u32,
        /// Shortest modulus that signs.
        limit: u32,
    },
    /// An algorithm that is kept and not understood.
    #[error("unsupported key algorithm {oid}")]
    UnsupportedAlgorithm {
        /// Dotted object identifier (of the curve, for a key on another curve).
        oid: String,
    },
}

/// A private key. Clones share one copy of the secret.
#[derive(Clone)]
pub struct PrivateKey {
    secret: Arc<Secret>,
    public: PublicKey,
}

/// The secret, in the form that its algorithm takes. Each of these types wipes itself.
pub(crate) enum Secret {
    /// RSA, with what its key says of itself if it is marked `id-RSASSA-PSS`.
    Rsa {
        key: Box<rsa::RsaPrivateKey>,
        pss: Option<PssRestriction>,
    },
    P256(p256::SecretKey),
    P384(p384::SecretKey),
    P521(p521::SecretKey),
    Ed25519(Box<ed25519_dalek::SigningKey>),
    MlDsa(Box<MlDsaKey>),
    /// Anything else, as the PKCS#8 that was read, with the identifier of what is not supported.
    Kept {
        pkcs8: SecretBytes,
        oid: String,
    },
}

impl PrivateKey {
    /// Reads a DER `PrivateKeyInfo` (PKCS#8, RFC 5208 and RFC 5958).
    ///
    /// # Errors
    /// See [`ReadKeyError`]; `PublicKeyUnknown` for a kept key whose public half can be neither found nor computed.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, ReadKeyError> {
        crate::pkcs8::parse_pkcs8(der)
    }

    /// As [`PrivateKey::from_pkcs8_der`], for a key whose public half is known: it stands in the certificate beside it.
    ///
    /// # Errors
    /// See [`ReadKeyError`]; `Mismatch` if the two do not belong together, as far as that can be seen.
    pub fn from_pkcs8_der_with_public(der: &[u8], public: &PublicKey) -> Result<Self, ReadKeyError> {
        crate::pkcs8::parse_pkcs8_with(der, Some(public))
    }

    /// Writes a DER `PrivateKeyInfo` (PKCS#8, version 1; a kept key as it was read).
    pub fn to_pkcs8_der(&self) -> SecretBytes {
        crate::pkcs8::to_pkcs8(self)
    }

    /// The algorithm, with the size of an RSA key.
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.public.algorithm()
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// Why this key signs nothing; `None` for one that signs.
    pub fn cannot_sign(&self) -> Option<CannotSign> {
        match (&*self.secret, self.public.algorithm()) {
            (Secret::Kept { oid, .. }, _) => Some(CannotSign::UnsupportedAlgorithm { oid: oid.clone() }),
            (Secret::Rsa { .. }, KeyAlgorithm::Rsa { bits }) if bits < MIN_RSA_SIGN_BITS => {
                Some(CannotSign::RsaTooSmall { bits, limit: MIN_RSA_SIGN_BITS })
            }
            _ => None,
        }
    }

    /// Schemes for a TLS 1.3 `CertificateVerify` in order of preference (RFC 8446, section 4.4.3):
    /// RSA signs with PSS only, an EC key with the scheme of its own curve. Empty for ML-DSA and for kept keys.
    pub fn schemes_tls13(&self) -> Vec<SignatureScheme> {
        use SignatureScheme as S;
        if self.cannot_sign().is_some() {
            return Vec::new();
        }
        match &*self.secret {
            Secret::Rsa { pss: None, .. } => {
                vec![S::RsaPssRsaeSha256, S::RsaPssRsaeSha384, S::RsaPssRsaeSha512]
            }
            Secret::Rsa { pss: Some(restriction), .. } => {
                [S::RsaPssPssSha256, S::RsaPssPssSha384, S::RsaPssPssSha512]
                    .into_iter()
                    .filter(|scheme| scheme.digest().is_some_and(|digest| restriction.allows(digest)))
                    .collect()
            }
            Secret::P256(_) => vec![S::EcdsaSecp256r1Sha256],
            Secret::P384(_) => vec![S::EcdsaSecp384r1Sha384],
            Secret::P521(_) => vec![S::EcdsaSecp521r1Sha512],
            Secret::Ed25519(_) => vec![S::Ed25519],
            Secret::MlDsa(_) | Secret::Kept { .. } => Vec::new(),
        }
    }

    /// Schemes for a TLS 1.2 `CertificateVerify` in order of preference. There a scheme of ECDSA names the
    /// digest and no curve (RFC 8446, section 4.2.3; RFC 5246, section 7.4.1.4.1).
    pub fn schemes_tls12(&self) -> Vec<SignatureScheme> {
        use SignatureScheme as S;
        let mut schemes = self.schemes_tls13();
        match &*self.secret {
            Secret::Rsa { pss: None, .. } if !schemes.is_empty() => {
                schemes.extend([S::RsaPkcs1Sha256, S::RsaPkcs1Sha384, S::RsaPkcs1Sha512]);
            }
            Secret::P256(_) => schemes.extend([S::EcdsaSecp384r1Sha384, S::EcdsaSecp521r1Sha512]),
            Secret::P384(_) => schemes.extend([S::EcdsaSecp256r1Sha256, S::EcdsaSecp521r1Sha512]),
            Secret::P521(_) => schemes.extend([S::EcdsaSecp384r1Sha384, S::EcdsaSecp256r1Sha256]),
            _ => {}
        }
        schemes
    }

    /// What this key can sign certificates and requests with: first what every CA reads. Empty for kept keys.
    pub fn x509_signatures(&self) -> Vec<X509Signature> {
        use X509Signature as S;
        if self.cannot_sign().is_some() {
            return Vec::new();
        }
        match &*self.secret {
            Secret::Rsa { pss: None, .. } => vec![
                S::RsaPkcs1Sha256,
                S::RsaPkcs1Sha384,
                S::RsaPkcs1Sha512,
                S::RsaPssSha256,
                S::RsaPssSha384,
                S::RsaPssSha512,
            ],
            Secret::Rsa { pss: Some(restriction), .. } => [S::RsaPssSha256, S::RsaPssSha384, S::RsaPssSha512]
                .into_iter()
                .filter(|signature| signature.digest().is_some_and(|digest| restriction.allows(digest)))
                .collect(),
            Secret::P256(_) => vec![S::EcdsaSha256, S::EcdsaSha384, S::EcdsaSha512],
            Secret::P384(_) => vec![S::EcdsaSha384, S::EcdsaSha256, S::EcdsaSha512],
            Secret::P521(_) => vec![S::EcdsaSha512, S::EcdsaSha384, S::EcdsaSha256],
            Secret::Ed25519(_) => vec![S::Ed25519],
            Secret::MlDsa(key) => vec![X509Signature::of_ml_dsa(key.parameter_set())],
            Secret::Kept { .. } => Vec::new(),
        }
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }

    pub(crate) fn from_rsa(
        key: rsa::RsaPrivateKey,
        pss: Option<PssRestriction>,
    ) -> Result<Self, ReadKeyError> {
        let public = key.to_public_key().to_public_key_der().map_err(|_| ReadKeyError::InvalidKey)?;
        let mut public = PublicKey::from_spki_der(public.as_bytes())?;
        if let Some(restriction) = &pss {
            public = public_key(restriction.algorithm()?, public.key_bits())?;
        }
        match public.algorithm() {
            KeyAlgorithm::Rsa { bits } if bits < MIN_RSA_BITS => {
                Err(ReadKeyError::KeyTooSmall { bits, limit: MIN_RSA_BITS })
            }
            KeyAlgorithm::Rsa { bits } if bits > MAX_RSA_BITS => {
                Err(ReadKeyError::KeyTooLarge { bits, limit: MAX_RSA_BITS })
            }
            _ => Ok(Self { secret: Arc::new(Secret::Rsa { key: Box::new(key), pss }), public }),
        }
    }

    pub(crate) fn from_p256(key: p256::SecretKey) -> Result<Self, ReadKeyError> {
        let public = key.public_key().to_public_key_der().map_err(|_| ReadKeyError::InvalidKey)?;
        Ok(Self { public: PublicKey::from_spki_der(public.as_bytes())?, secret: Arc::new(Secret::P256(key)) })
    }

    pub(crate) fn from_p384(key: p384::SecretKey) -> Result<Self, ReadKeyError> {
        let public = key.public_key().to_public_key_der().map_err(|_| ReadKeyError::InvalidKey)?;
        Ok(Self { public: PublicKey::from_spki_der(public.as_bytes())?, secret: Arc::new(Secret::P384(key)) })
    }

    pub(crate) fn from_p521(key: p521::SecretKey) -> Result<Self, ReadKeyError> {
        let public = key.public_key().to_public_key_der().map_err(|_| ReadKeyError::InvalidKey)?;
        Ok(Self { public: PublicKey::from_spki_der(public.as_bytes())?, secret: Arc::new(Secret::P521(key)) })
    }

    pub(crate) fn from_ed25519(seed: &[u8; 32]) -> Result<Self, ReadKeyError> {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let algorithm = AlgorithmIdentifierRef { oid: const_oid::db::rfc8410::ID_ED_25519, parameters: None };
        let public = public_key(algorithm, key.verifying_key().as_bytes())?;
        Ok(Self { public, secret: Arc::new(Secret::Ed25519(Box::new(key))) })
    }

    pub(crate) fn from_ml_dsa(key: MlDsaKey) -> Result<Self, ReadKeyError> {
        let algorithm = AlgorithmIdentifierRef { oid: key.parameter_set().oid(), parameters: None };
        let public = public_key(algorithm, &key.public_bytes())?;
        Ok(Self { public, secret: Arc::new(Secret::MlDsa(Box::new(key))) })
    }

    pub(crate) fn kept(pkcs8: &[u8], oid: String, public: PublicKey) -> Self {
        let pkcs8 = SecretBytes::from(Zeroizing::new(pkcs8.to_vec()));
        Self { public, secret: Arc::new(Secret::Kept { pkcs8, oid }) }
    }
}

/// A public key of this algorithm and these bytes.
pub(crate) fn public_key(
    algorithm: AlgorithmIdentifierRef<'_>,
    key_bits: &[u8],
) -> Result<PublicKey, ReadKeyError> {
    let spki = SubjectPublicKeyInfoRef { algorithm, subject_public_key: BitStringRef::from_bytes(key_bits)? };
    PublicKey::from_spki_der(&spki.to_der()?)
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.algorithm())
    }
}
