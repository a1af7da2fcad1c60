//! Signing: RSA PKCS#1 v1.5 and PSS (blinded), ECDSA (RFC 6979 with added randomness, signature in DER), Ed25519,
//! ML-DSA (hedged).

use rand_core::CryptoRng;
use signature::{Signer as _, hazmat::RandomizedPrehashSigner as _};
use thiserror::Error;

use crate::{
    private::{CannotSign, PrivateKey, Secret},
    scheme::{Digest, SignatureScheme},
    verify::{digest_length, hash},
    x509::X509Signature,
};

/// Why a key did not sign.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SignError {
    /// The TLS scheme is not one that this key can use.
    #[error("{scheme} is not a scheme of this key")]
    SchemeMismatch {
        /// The scheme that was asked for.
        scheme: SignatureScheme,
    },
    /// The X.509 signature is not one that this key can make.
    #[error("{signature} is not a signature of this key")]
    SignatureMismatch {
        /// The signature that was asked for.
        signature: X509Signature,
    },
    /// The key signs nothing at all.
    #[error(transparent)]
    CannotSign(#[from] CannotSign),
    /// The arithmetic failed its own check (RSA verifies each result before giving it away).
    #[error("signing failed")]
    Failed,
}

impl PrivateKey {
    /// Signs `message` (which is hashed here) for TLS.
    ///
    /// An EC key takes any `ecdsa_…` whatever its curve, as TLS 1.2 means them; for TLS 1.3 choose from
    /// [`PrivateKey::schemes_tls13`].
    ///
    /// # Errors
    /// `SchemeMismatch` if the scheme is for another type of key, `CannotSign` for a kept key.
    pub fn sign(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, SignError> {
        if let Some(why) = self.cannot_sign() {
            return Err(why.into());
        }
        if !self.schemes_tls12().contains(&scheme) {
            return Err(SignError::SchemeMismatch { scheme });
        }
        self.sign_as(scheme.x509(), message, rng)
    }

    /// Signs `message` (the DER to be signed, hashed here) as certificates and requests are signed.
    ///
    /// # Errors
    /// `SignatureMismatch` for one that is not among [`PrivateKey::x509_signatures`], `CannotSign` for a kept key.
    pub fn sign_x509(
        &self,
        signature: X509Signature,
        message: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, SignError> {
        if let Some(why) = self.cannot_sign() {
            return Err(why.into());
        }
        if !self.x509_signatures().contains(&signature) {
            return Err(SignError::SignatureMismatch { signature });
        }
        self.sign_as(signature, message, rng)
    }

    fn sign_as(
        &self,
        signature: X509Signature,
        message: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, SignError> {
        let digest = match self.secret() {
            Secret::Ed25519(key) => {
                let signature = key.try_sign(message).map_err(|_| SignError::Failed)?;
                return Ok(signature.to_bytes().to_vec());
            }
            Secret::MlDsa(key) => return key.sign(message, rng).ok_or(SignError::Failed),
            _ => signature.digest().ok_or(SignError::SignatureMismatch { signature })?,
        };
        let hash = hash(digest, message);
        match self.secret() {
            Secret::Rsa { key, .. } => sign_rsa(key, signature.is_pss(), digest, &hash, rng),
            Secret::P256(key) => {
                let key = p256::ecdsa::SigningKey::from(key);
                let signature: p256::ecdsa::Signature =
                    key.sign_prehash_with_rng(rng, &hash).map_err(|_| SignError::Failed)?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
            Secret::P384(key) => {
                let key = p384::ecdsa::SigningKey::from(key);
                let signature: p384::ecdsa::Signature =
                    key.sign_prehash_with_rng(rng, &hash).map_err(|_| SignError::Failed)?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
            Secret::P521(key) => {
                let key = p521::ecdsa::SigningKey::from(key);
                let signature: p521::ecdsa::Signature =
                    key.sign_prehash_with_rng(rng, &hash).map_err(|_| SignError::Failed)?;
                Ok(signature.to_der().as_bytes().to_vec())
            }
            Secret::Ed25519(_) | Secret::MlDsa(_) | Secret::Kept { .. } => {
                Err(SignError::SignatureMismatch { signature })
            }
        }
    }
}

fn sign_rsa(
    key: &rsa::RsaPrivateKey,
    pss: bool,
    digest: Digest,
    hash: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, SignError> {
    use rsa::{Pkcs1v15Sign, Pss};
    use sha2::{Sha256, Sha384, Sha512};
    debug_assert_eq!(hash.len(), digest_length(digest));
    match (pss, digest) {
        (true, Digest::Sha256) => key.sign_with_rng(rng, Pss::<Sha256>::new_blinded(), hash),
        (true, Digest::Sha384) => key.sign_with_rng(rng, Pss::<Sha384>::new_blinded(), hash),
        (true, Digest::Sha512) => key.sign_with_rng(rng, Pss::<Sha512>::new_blinded(), hash),
        (false, Digest::Sha256) => key.sign_with_rng(rng, Pkcs1v15Sign::new::<Sha256>(), hash),
        (false, Digest::Sha384) => key.sign_with_rng(rng, Pkcs1v15Sign::new::<Sha384>(), hash),
        (false, Digest::Sha512) => key.sign_with_rng(rng, Pkcs1v15Sign::new::<Sha512>(), hash),
    }
    .map_err(|_| SignError::Failed)
}
