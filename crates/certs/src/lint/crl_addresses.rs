//! Rules for the addresses of revocation lists (RFC 5280 sections 4.2.1.13 and 4.2.1.15, BR section 7.1.2.11.2), and for certificates that
//! nobody can revoke.

use super::Concerns::{EndEntity, Every, Intermediate};
use super::{Examined, Facts, Outcome, Rule, has_scheme};
use crate::extensions::CrlDistributionPoints;
use crate::oid;

pub(super) const RULES: &[Rule] = &[
    Rule::error("no-revocation", "BR 7.1.2.11.2, 7.1.2.7.7", EndEntity, no_revocation).public(),
    Rule::notice("no-revocation-privately", "RFC 5280 section 4.2.1.13", EndEntity, no_revocation).private(),
    Rule::error("authority-lists-missing", "BR 7.1.2.11.2", Intermediate, |x| {
        Outcome::finding_if(x.certificate.crl_urls().is_empty(), Facts::none)
    })
    .public(),
    Rule::error("lists-scheme", "BR 7.1.2.11.2", Every, |x| of_urls(x, |url| !has_scheme(url, "http")))
        .public(),
    Rule::warning("lists-by-https", "RFC 5280 section 8", Every, |x| {
        of_urls(x, |url| has_scheme(url, "https"))
    })
    .private(),
    Rule::notice("lists-by-directory", "RFC 5280 section 4.2.1.13", Every, |x| {
        of_urls(x, |url| has_scheme(url, "ldap") || has_scheme(url, "ldaps"))
    })
    .private(),
    Rule::warning("lists-critical", "RFC 5280 section 4.2.1.13", Every, |x| {
        x.criticality(oid::CRL_DISTRIBUTION_POINTS, false)
    }),
    Rule::error("lists-of-reasons", "BR 7.1.2.11.2", Every, |x| {
        of_points(x, |points| {
            points.points.iter().any(|point| point.reasons.is_some() || point.crl_issuer.is_some())
        })
    })
    .public(),
    Rule::error("lists-without-address", "RFC 5280 section 4.2.1.13", Every, |x| {
        of_points(x, |points| {
            points.points.iter().any(|point| point.name.is_none() && point.crl_issuer.is_none())
        })
    }),
    Rule::error("freshest-list-critical", "RFC 5280 section 4.2.1.15", Every, |x| {
        x.criticality(oid::FRESHEST_CRL, false)
    }),
];

fn no_revocation(x: &Examined<'_>) -> Outcome {
    // An OCSP responder's certificate that says so is not checked, and a self-signed certificate is removed where it is trusted.
    if x.is_short_lived() || x.has(oid::OCSP_NO_CHECK) || x.is_self_signed {
        return Outcome::NotApplicable;
    }
    let points = x.has(oid::CRL_DISTRIBUTION_POINTS);
    Outcome::finding_if(!points && x.certificate.ocsp_urls().is_empty(), Facts::none)
}

fn of_points(x: &Examined<'_>, wrong: impl Fn(&CrlDistributionPoints) -> bool) -> Outcome {
    match x.certificate.extensions().crl_distribution_points() {
        Ok(Some(points)) => Outcome::finding_if(wrong(points), Facts::none),
        _ => Outcome::NotApplicable,
    }
}

fn of_urls(x: &Examined<'_>, wrong: impl Fn(&str) -> bool) -> Outcome {
    let urls = x.certificate.crl_urls();
    if urls.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::of_list("addresses", urls.into_iter().filter(|url| wrong(url)))
}
