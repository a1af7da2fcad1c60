//! Which delta CRL goes with which complete list (RFC 5280 sections 5.2.4 and 6.3.3 (c)).

use certwright_certs::Crl;
use certwright_certs::extensions::CrlNumber;

use super::Dismissal;

/// The number of the list to which this one is the difference, if it is a delta CRL that can be read.
pub(super) fn base_number(crl: &Crl) -> Option<&CrlNumber> {
    crl.delta_crl_indicator().as_ref().ok().and_then(Option::as_ref).map(|indicator| &indicator.0)
}

pub(super) fn number(crl: &Crl) -> Option<&CrlNumber> {
    crl.crl_number().as_ref().ok().and_then(Option::as_ref)
}

/// Whether `delta` may be put on top of `complete`. Who signed it is looked at later.
pub(super) fn fits(delta: &Crl, complete: &Crl) -> Result<(), Dismissal> {
    let key_identifier =
        |crl: &Crl| crl.authority_key_identifier().and_then(|identifier| identifier.key_identifier.clone());
    if delta.issuer() != complete.issuer()
        || delta.issuing_distribution_point() != complete.issuing_distribution_point()
        || key_identifier(delta) != key_identifier(complete)
    {
        return Err(Dismissal::DeltaOtherScope);
    }
    let (Some(base), Some(own)) = (base_number(delta), number(delta)) else {
        return Err(Dismissal::CrlNumberMissing);
    };
    let Some(complete) = number(complete) else { return Err(Dismissal::DeltaWithoutBase) };
    if complete < base {
        Err(Dismissal::DeltaBaseTooNew)
    } else if own <= complete {
        Err(Dismissal::DeltaNotNewer)
    } else {
        Ok(())
    }
}
