//! Precertificate poison (RFC 6962 section 3.1): the mark of what is given to transparency logs before the certificate is issued.
//!
//! It is critical, and no one but a log understands it, so that a precertificate is never accepted as a certificate.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension, parse_null};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use certwright_language::{mark, t};

/// The mark, which has no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrecertificatePoison;

impl KnownExtension for PrecertificatePoison {
    const OID: ObjectIdentifier = oid::PRECERTIFICATE_POISON;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        parse_null(value).map(|()| Self)
    }
}

impl DescribedExtension for PrecertificatePoison {
    const NAME: &'static str = mark!("Precertificate poison");
    const SOURCE: &'static str = "RFC 6962 section 3.1";

    fn facts(&self) -> Vec<Fact> {
        vec![
            Fact::flag(t!("Precertificate"), true)
                .remark(t!("made for transparency logs, never to be accepted as a certificate")),
        ]
    }
}
