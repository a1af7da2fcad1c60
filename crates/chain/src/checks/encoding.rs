//! Nothing is encoded in a way that another reader could take otherwise: no extension occurs twice (RFC 5280 section 4.2), none that is
//! known is broken (it says "MUST be processed if it is recognized"), none stands in a certificate of version 1 or 2 (section 4.1.2.9), and the signature covers its own algorithm
//! (section 4.1.1.2).

use certwright_certs::certificate::Irregularity;

use super::{CheckInfo, Position, Run, Said};
use crate::failure::FailureKind;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "encoding",
    title: mark!("Nothing is encoded in a way that another reader could take otherwise."),
    citation: "RFC 5280 sections 4.1.1.2, 4.1.2.9 and 4.2",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    for irregularity in position.certificate.irregularities().iter().filter(|one| matters(one)) {
        said.fail(FailureKind::Irregular(irregularity.clone()));
    }
    for error in position.certificate.extensions().broken() {
        said.fail(FailureKind::MalformedExtension(error));
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
