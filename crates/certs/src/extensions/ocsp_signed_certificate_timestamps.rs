//! Signed certificate timestamps in an OCSP response (RFC 6962 section 3.3): the same list as in a certificate, under another type.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension, SignedCertificateTimestamps};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;

/// The list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcspSignedCertificateTimestamps(pub SignedCertificateTimestamps);

impl KnownExtension for OcspSignedCertificateTimestamps {
    const OID: ObjectIdentifier = oid::OCSP_SIGNED_CERTIFICATE_TIMESTAMPS;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        SignedCertificateTimestamps::from_value(value).map(Self)
    }
}

impl DescribedExtension for OcspSignedCertificateTimestamps {
    const NAME: &'static str = SignedCertificateTimestamps::NAME;
    const SOURCE: &'static str = SignedCertificateTimestamps::SOURCE;

    fn facts(&self) -> Vec<Fact> {
        self.0.facts()
    }
}
