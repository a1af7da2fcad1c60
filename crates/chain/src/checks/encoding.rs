//! Nothing is encoded in a way that another reader could take otherwise: no extension occurs twice (RFC 5280 section 4.2), none that is
//! known is broken (it says "MUST be processed if it is recognized"), none stands in a certificate of version 1 or 2 (section 4.1.2.9), and the signature covers its own algorithm
//! (section 4.1.1.2).

use certwright_certs::certificate::Irregularity;

use super::{Findings, Path};
use crate::verdict::FailureKind;

pub(super) fn check(path: &Path<'_>, findings: &mut Findings) {
    for (at, certificate) in path.all() {
        for irregularity in certificate.irregularities() {
            if matters(irregularity) {
                findings.add(at, FailureKind::Irregular(irregularity.clone()));
            }
        }
        for error in certificate.extensions().broken() {
            findings.add(at, FailureKind::MalformedExtension(error));
        }
    }
}

fn matters(irregularity: &Irregularity) -> bool {
    match irregularity {
        Irregularity::SignatureAlgorithmMismatch { .. }
        | Irregularity::ExtensionsBeforeVersion3 { .. }
        | Irregularity::DuplicateExtension { .. } => true,
        Irregularity::SerialNotPositive
        | Irregularity::SerialTooLong { .. }
        | Irregularity::SerialNotMinimal
        | Irregularity::TimeForm
        | Irregularity::ValidityReversed
        | Irregularity::UniqueIdentifiersInVersion1
        // The signature's check says that it is false.
        | Irregularity::UnusedSignatureBits
        | Irregularity::NoExtensions => false,
    }
}
