//! May a revocation list be used at all, whatever it is about (RFC 5280 sections 5.1 and 5.2)?

use certwright_certs::Crl;
use certwright_certs::crl::Irregularity;
use certwright_certs::oid;

use super::{Dismissal, Inquiry};

pub(super) fn check_fitness(crl: &Crl, inquiry: &Inquiry<'_>) -> Result<(), Dismissal> {
    for irregularity in crl.irregularities() {
        match irregularity {
            Irregularity::UnknownCriticalExtension { oid }
            | Irregularity::UnknownCriticalEntryExtension { oid } => {
                return Err(Dismissal::UnknownCriticalExtension { oid: oid.clone() });
            }
            Irregularity::DuplicateExtension { oid } => {
                return Err(Dismissal::DuplicateExtension { oid: oid.clone() });
            }
            Irregularity::SignatureAlgorithmMismatch { .. } => {
                return Err(Dismissal::SignatureAlgorithmMismatch);
            }
            _ => {}
        }
    }
    let broken = [
        crl.crl_number().as_ref().err(),
        crl.delta_crl_indicator().as_ref().err(),
        crl.issuing_distribution_point().as_ref().err(),
    ];
    if let Some(error) = broken.into_iter().flatten().next() {
        return Err(Dismissal::MalformedExtension { oid: error.oid.clone() });
    }
    if inquiry.strict {
        check_duties(crl)?;
    }
    if crl.this_update() > inquiry.at {
        return Err(Dismissal::NotYetValid { this_update: crl.this_update() });
    }
    Ok(())
}

/// What whoever issues lists owes.
fn check_duties(crl: &Crl) -> Result<(), Dismissal> {
    if *crl.crl_number() == Ok(None) {
        return Err(Dismissal::CrlNumberMissing);
    }
    let wrong = crl.extensions().all.iter().find(|extension| {
        let must =
            extension.oid == oid::DELTA_CRL_INDICATOR || extension.oid == oid::ISSUING_DISTRIBUTION_POINT;
        let must_not = extension.oid == oid::CRL_NUMBER;
        must && !extension.critical || must_not && extension.critical
    });
    if let Some(extension) = wrong {
        return Err(Dismissal::Criticality { oid: extension.oid.clone() });
    }
    if crl.next_update().is_none() { Err(Dismissal::NextUpdateMissing) } else { Ok(()) }
}

pub(super) fn is_out_of_date(crl: &Crl, at: i64) -> bool {
    crl.next_update().is_some_and(|next_update| next_update < at)
}
