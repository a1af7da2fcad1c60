//! Is a list about the certificate, and for which reasons (RFC 5280 section 6.3.3 (b) and (d))?

use std::borrow::Cow;

use certwright_certs::extensions::{
    DistributionPoint, DistributionPointName, IssuingDistributionPoint, ReasonFlags,
};
use certwright_certs::{Certificate, Crl, GeneralName, Name};

use super::{Desk, Dismissal};

/// Most points of a certificate that are looked at. Certificates in use have a few.
const MAX_POINTS: usize = 64;

/// The points under which lists are looked for: those of the certificate, and at last one for lists of its issuer that no point names
/// (RFC 5280 section 6.3.3, last paragraph), which the issuer's name stands for.
pub(super) fn points(certificate: &Certificate) -> Vec<DistributionPoint> {
    let mut points = match certificate.extensions().crl_distribution_points() {
        Ok(Some(points)) => points.points.iter().take(MAX_POINTS).cloned().collect(),
        _ => Vec::new(),
    };
    let issuer = GeneralName::DirectoryName(certificate.issuer().clone());
    let name = Some(DistributionPointName::Full(vec![issuer]));
    points.push(DistributionPoint { name, reasons: None, crl_issuer: None });
    points
}

/// The reasons for which the list tells the status of the certificate under this point.
pub(super) fn reasons(
    certificate: &Certificate,
    point: &DistributionPoint,
    crl: &Crl,
    desk: &mut Desk<'_>,
) -> Result<ReasonFlags, Dismissal> {
    let scope = crl.issuing_distribution_point().as_ref().ok().and_then(Option::as_ref);
    check_issuer(certificate, point, crl, scope)?;
    if let Some(scope) = scope {
        check_name(point, crl, scope, desk)?;
        check_kind(certificate, scope)?;
    }
    let listed = scope.and_then(|scope| scope.only_some_reasons).unwrap_or(ReasonFlags::ALL);
    Ok(listed.intersection(point.reasons.unwrap_or(ReasonFlags::ALL)))
}

/// Step (b)(1).
fn check_issuer(
    certificate: &Certificate,
    point: &DistributionPoint,
    crl: &Crl,
    scope: Option<&IssuingDistributionPoint>,
) -> Result<(), Dismissal> {
    let right = match &point.crl_issuer {
        Some(_) => names_issuer(point, crl.issuer()),
        None => crl.issuer() == certificate.issuer(),
    };
    if !right {
        return Err(Dismissal::WrongIssuer { issuer: crl.issuer().clone() });
    }
    if point.crl_issuer.is_some() && !scope.is_some_and(|scope| scope.indirect_crl) {
        return Err(Dismissal::NotIndirect);
    }
    Ok(())
}

fn names_issuer(point: &DistributionPoint, issuer: &Name) -> bool {
    let names = point.crl_issuer.as_deref().unwrap_or_default();
    names.iter().any(|name| matches!(name, GeneralName::DirectoryName(name) if name == issuer))
}

/// Step (b)(2)(i). What is relative is relative to the list's issuer, which step (b)(1) found to be the one that the point means.
fn check_name(
    point: &DistributionPoint,
    crl: &Crl,
    scope: &IssuingDistributionPoint,
    desk: &mut Desk<'_>,
) -> Result<(), Dismissal> {
    let Some(name) = &scope.name else { return Ok(()) };
    let own = full_names(name, crl.issuer());
    let wanted = match (&point.name, &point.crl_issuer) {
        (Some(name), _) => full_names(name, crl.issuer()),
        (None, issuers) => Cow::Borrowed(issuers.as_deref().unwrap_or_default()),
    };
    for name in own.iter() {
        for wanted in wanted.iter() {
            if !desk.pay_for_comparison() {
                return Err(Dismissal::GivenUp);
            }
            if name == wanted {
                return Ok(());
            }
        }
    }
    Err(Dismissal::OtherDistributionPoint { names: own.into_owned() })
}

/// As [`DistributionPointName::full_names`], without copies of names that are full already.
fn full_names<'a>(name: &'a DistributionPointName, crl_issuer: &Name) -> Cow<'a, [GeneralName]> {
    match name {
        DistributionPointName::Full(names) => Cow::Borrowed(names),
        relative => Cow::Owned(relative.full_names(crl_issuer)),
    }
}

/// Steps (b)(2)(ii) to (iv).
fn check_kind(certificate: &Certificate, scope: &IssuingDistributionPoint) -> Result<(), Dismissal> {
    let ca = matches!(&certificate.extensions().basic_constraints, Ok(Some(constraints)) if constraints.ca);
    if scope.only_attribute_certificates {
        Err(Dismissal::OnlyAttributeCertificates)
    } else if scope.only_user_certificates && ca {
        Err(Dismissal::OnlyUserCertificates)
    } else if scope.only_ca_certificates && !ca {
        Err(Dismissal::OnlyCaCertificates)
    } else {
        Ok(())
    }
}
