//! RSA keys for PSS alone, marked `id-RSASSA-PSS` (RFC 8017, appendix A.2.3; RFC 4055, section 3.1).
//!
//! Such a key may say with which digest and how long a salt it signs; it is then used with nothing else.

use const_oid::db::rfc5912;
use der::{Decode as _, Encode as _};
use pkcs1::RsaPssParamsOwned;
use spki::AlgorithmIdentifierRef;

use crate::{error::ReadKeyError, scheme::Digest, verify::digest_length};

/// The algorithm identifier of such a key, and what it allows.
pub(crate) struct PssRestriction {
    /// DER `AlgorithmIdentifier`, as it was read.
    der: Vec<u8>,
    allowed: Vec<Digest>,
}

impl PssRestriction {
    /// Reads the identifier of a key.
    ///
    /// # Errors
    /// `Malformed`, and `UnsupportedAlgorithm` for parameters that none of the digests here fulfils.
    pub(crate) fn parse(algorithm: AlgorithmIdentifierRef<'_>) -> Result<Self, ReadKeyError> {
        let mut allowed = vec![Digest::Sha256, Digest::Sha384, Digest::Sha512];
        if let Some(parameters) = algorithm.parameters.filter(|parameters| !parameters.is_null()) {
            let parameters: RsaPssParamsOwned = parameters.decode_as()?;
            let mask = parameters.mask_gen.parameters.as_ref().map(|mask| mask.oid);
            // The salt is as long as the digest here, and the key gives the shortest that it takes.
            allowed.retain(|digest| {
                identifier(*digest) == parameters.hash.oid
                    && parameters.mask_gen.oid == rfc5912::ID_MGF_1
                    && mask == Some(parameters.hash.oid)
                    && digest_length(*digest) >= usize::from(parameters.salt_len)
            });
        }
        Ok(Self { der: algorithm.to_der()?, allowed })
    }

    pub(crate) fn allows(&self, digest: Digest) -> bool {
        self.allowed.contains(&digest)
    }

    pub(crate) fn algorithm(&self) -> Result<AlgorithmIdentifierRef<'_>, ReadKeyError> {
        Ok(AlgorithmIdentifierRef::from_der(&self.der)?)
    }
}

fn identifier(digest: Digest) -> der::asn1::ObjectIdentifier {
    match digest {
        Digest::Sha256 => rfc5912::ID_SHA_256,
        Digest::Sha384 => rfc5912::ID_SHA_384,
        Digest::Sha512 => rfc5912::ID_SHA_512,
    }
}
