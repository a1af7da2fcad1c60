//! Signing: RSA PKCS#1 v1.5 and PSS (blinded), ECDSA (RFC 6979 with added randomness, signature in DER).

use rand_core::CryptoRng;
use signature::hazmat::RandomizedPrehashSigner as _;
use thiserror::Error;

use crate::{
    private::{PrivateKey, Secret},
    scheme::{Digest, SignatureScheme},
    verify::hash,
};

/// Why a key did not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SignError {
    /// The scheme is not one that this key can use.
    #[error("{scheme} is not a scheme of this key")]
    SchemeMismatch {
        /// The scheme that was asked for.
        scheme: SignatureScheme,
    },
    /// The arithmetic failed its own check (RSA verifies each result before giving it away).
    #[error("signing failed")]
    Failed,
}

impl PrivateKey {
    /// Signs `message` (which is hashed here).
    ///
    /// An EC key takes `ecdsa_secp256r1_sha256` and `ecdsa_secp384r1_sha384` whatever its curve, as TLS 1.2
    /// means them; for TLS 1.3 choose from [`PrivateKey::schemes_tls13`].
    ///
    /// # Errors
    /// `SchemeMismatch` if the scheme is for another type of key or is never produced here.
    pub fn sign(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, SignError> {
        let mismatch = SignError::SchemeMismatch { scheme };
        if !self.schemes_tls12().contains(&scheme) {
            return Err(mismatch);
        }
        let digest = scheme.digest().ok_or(mismatch)?;
        let hash = hash(digest, message);
        match self.secret() {
            Secret::Rsa(key) => sign_rsa(key, scheme, digest, &hash, rng),
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
        }
    }
}

fn sign_rsa(
    key: &rsa::RsaPrivateKey,
    scheme: SignatureScheme,
    digest: Digest,
    hash: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, SignError> {
    use rsa::{Pkcs1v15Sign, Pss};
    use sha2::{Sha256, Sha384, Sha512};
    let pss = matches!(
        scheme,
        SignatureScheme::RsaPssRsaeSha256
            | SignatureScheme::RsaPssRsaeSha384
            | SignatureScheme::RsaPssRsaeSha512
    );
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
