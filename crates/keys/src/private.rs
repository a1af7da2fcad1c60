//! The private key: RSA, P-256 or P-384.
//!
//! The key is wiped when its last clone is dropped, prints as its algorithm alone, and is not
//! serialisable: it leaves as PKCS#8 ([`PrivateKey::to_pkcs8_der`]) inside [`SecretBytes`].

use core::fmt;
use std::sync::Arc;

use ::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};

use crate::{
    algorithm::KeyAlgorithm,
    error::ReadKeyError,
    public::{MAX_RSA_BITS, PublicKey},
    scheme::SignatureScheme,
    secret::SecretBytes,
};

/// Shortest RSA modulus that signs, in bits.
pub const MIN_RSA_SIGN_BITS: u32 = 2048;

/// A private key. Clones share one copy of the secret.
#[derive(Clone)]
pub struct PrivateKey {
    secret: Arc<Secret>,
    public: PublicKey,
}

/// The secret, in the form that its algorithm takes. Each of these types wipes itself.
pub(crate) enum Secret {
    Rsa(Box<rsa::RsaPrivateKey>),
    P256(p256::SecretKey),
    P384(p384::SecretKey),
}

impl PrivateKey {
    /// Reads a DER `PrivateKeyInfo` (PKCS#8, RFC 5208 and RFC 5958).
    ///
    /// # Errors
    /// See [`ReadKeyError`]; a P-521 or Ed25519 key is `UnsupportedAlgorithm`.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, ReadKeyError> {
        crate::pkcs8::parse_pkcs8(der)
    }

    /// Writes a DER `PrivateKeyInfo` (PKCS#8, version 1).
    pub fn to_pkcs8_der(&self) -> SecretBytes {
        let der = match &*self.secret {
            Secret::Rsa(key) => key.to_pkcs8_der(),
            Secret::P256(key) => key.to_pkcs8_der(),
            Secret::P384(key) => key.to_pkcs8_der(),
        };
        // Encoding fails only above the length that DER can express, far from any key that was accepted.
        SecretBytes::from(der.map(|document| document.to_bytes()).unwrap_or_default())
    }

    /// The algorithm, with the size of an RSA key.
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.public.algorithm()
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// Schemes for a TLS 1.3 `CertificateVerify` in order of preference (RFC 8446, section 4.4.3):
    /// RSA signs with PSS only, an EC key with the scheme of its own curve.
    pub fn schemes_tls13(&self) -> Vec<SignatureScheme> {
        use SignatureScheme as S;
        match &*self.secret {
            Secret::Rsa(_) => vec![S::RsaPssRsaeSha256, S::RsaPssRsaeSha384, S::RsaPssRsaeSha512],
            Secret::P256(_) => vec![S::EcdsaSecp256r1Sha256],
            Secret::P384(_) => vec![S::EcdsaSecp384r1Sha384],
        }
    }

    /// Schemes for a TLS 1.2 `CertificateVerify` in order of preference. There a scheme of ECDSA names the
    /// digest and no curve (RFC 8446, section 4.2.3; RFC 5246, section 7.4.1.4.1).
    pub fn schemes_tls12(&self) -> Vec<SignatureScheme> {
        use SignatureScheme as S;
        match &*self.secret {
            Secret::Rsa(_) => vec![
                S::RsaPssRsaeSha256,
                S::RsaPssRsaeSha384,
                S::RsaPssRsaeSha512,
                S::RsaPkcs1Sha256,
                S::RsaPkcs1Sha384,
                S::RsaPkcs1Sha512,
            ],
            Secret::P256(_) => vec![S::EcdsaSecp256r1Sha256, S::EcdsaSecp384r1Sha384],
            Secret::P384(_) => vec![S::EcdsaSecp384r1Sha384, S::EcdsaSecp256r1Sha256],
        }
    }

    /// The scheme for signing requests and certificates: what every CA reads.
    pub fn x509_scheme(&self) -> SignatureScheme {
        match &*self.secret {
            Secret::Rsa(_) => SignatureScheme::RsaPkcs1Sha256,
            Secret::P256(_) => SignatureScheme::EcdsaSecp256r1Sha256,
            Secret::P384(_) => SignatureScheme::EcdsaSecp384r1Sha384,
        }
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }

    pub(crate) fn from_rsa(key: rsa::RsaPrivateKey) -> Result<Self, ReadKeyError> {
        let public = key.to_public_key().to_public_key_der().map_err(|_| ReadKeyError::InvalidKey)?;
        let public = PublicKey::from_spki_der(public.as_bytes())?;
        Self::check_rsa_bits(&public)?;
        Ok(Self { secret: Arc::new(Secret::Rsa(Box::new(key))), public })
    }

    pub(crate) fn from_p256(key: p256::SecretKey) -> Result<Self, ReadKeyError> {
        let public = key.public_key().to_public_key_der().map_err(|_| ReadKeyError::InvalidKey)?;
        Ok(Self { public: PublicKey::from_spki_der(public.as_bytes())?, secret: Arc::new(Secret::P256(key)) })
    }

    pub(crate) fn from_p384(key: p384::SecretKey) -> Result<Self, ReadKeyError> {
        let public = key.public_key().to_public_key_der().map_err(|_| ReadKeyError::InvalidKey)?;
        Ok(Self { public: PublicKey::from_spki_der(public.as_bytes())?, secret: Arc::new(Secret::P384(key)) })
    }

    fn check_rsa_bits(public: &PublicKey) -> Result<(), ReadKeyError> {
        match public.algorithm() {
            KeyAlgorithm::Rsa { bits } if bits < MIN_RSA_SIGN_BITS => {
                Err(ReadKeyError::KeyTooSmall { bits, limit: MIN_RSA_SIGN_BITS })
            }
            KeyAlgorithm::Rsa { bits } if bits > MAX_RSA_BITS => {
                Err(ReadKeyError::KeyTooLarge { bits, limit: MAX_RSA_BITS })
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey({})", self.algorithm())
    }
}
