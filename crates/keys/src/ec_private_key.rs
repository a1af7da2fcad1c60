//! The structure `ECPrivateKey` (RFC 5915, section 3), whatever its curve.

use der::{
    Decode as _, Sequence,
    asn1::{AnyRef, BitStringRef, OctetStringRef},
};

use crate::error::ReadKeyError;

/// `ECPrivateKey`. The parameters may be the name of a curve or its equation.
#[derive(Sequence)]
pub(crate) struct EcPrivateKey<'a> {
    version: u8,
    pub(crate) private_key: &'a OctetStringRef,
    #[asn1(context_specific = "0", optional = "true", tag_mode = "EXPLICIT")]
    pub(crate) parameters: Option<AnyRef<'a>>,
    #[asn1(context_specific = "1", optional = "true", tag_mode = "EXPLICIT")]
    pub(crate) public_key: Option<BitStringRef<'a>>,
}

impl<'a> EcPrivateKey<'a> {
    /// Reads DER.
    ///
    /// # Errors
    /// `Malformed`.
    pub(crate) fn parse(der: &'a [u8]) -> Result<Self, ReadKeyError> {
        let key = Self::from_der(der)?;
        if key.version == 1 { Ok(key) } else { Err(ReadKeyError::Malformed { offset: None }) }
    }

    pub(crate) fn new(private_key: &'a OctetStringRef, public_key: Option<BitStringRef<'a>>) -> Self {
        Self { version: 1, private_key, parameters: None, public_key }
    }

    /// The point, if it is there.
    pub(crate) fn point(&self) -> Option<&'a [u8]> {
        self.public_key.and_then(|bits| bits.as_bytes())
    }
}
