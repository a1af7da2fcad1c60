//! Rules for the authority information access (RFC 5280 section 4.2.2.1, BR sections 7.1.2.6.1, 7.1.2.7.7 and 7.1.2.10.3).

use super::Concerns::{EndEntity, Every, Intermediate, TlsServer};
use super::{Examined, Facts, Outcome, Role, Rule, has_scheme};
use crate::extensions::AuthorityInformationAccess;
use crate::oid;
use crate::san::GeneralName;

pub(super) const RULES: &[Rule] = &[
    Rule::error("access-critical", "RFC 5280 section 4.2.2.1", Every, |x| {
        x.criticality(oid::AUTHORITY_INFORMATION_ACCESS, false)
    }),
    Rule::warning("issuer-address-missing", "BR 7.1.2.7.7", EndEntity, issuer_address_missing).public(),
    Rule::notice("authority-issuer-address-missing", "BR 7.1.2.6.1, 7.1.2.10.3", Intermediate, |x| {
        issuer_address_missing(x)
    })
    .public(),
    Rule::error("ocsp-address-missing", "BR 7.1.2.7.7 before ballot SC-063", TlsServer, |x| {
        Outcome::finding_if(x.certificate.ocsp_urls().is_empty(), Facts::none)
    })
    .public()
    .since(2013, 1, 1)
    .before(2024, 3, 15),
    Rule::error("access-scheme", "BR 7.1.2.7.7, 7.1.2.10.3", Every, |x| {
        of_urls(x, |url| !has_scheme(url, "http"))
    })
    .public(),
    Rule::warning("access-by-https", "RFC 5280 section 8", Every, |x| {
        of_urls(x, |url| has_scheme(url, "https"))
    })
    .private(),
    Rule::notice("access-by-directory", "RFC 5280 section 4.2.2.1", Every, |x| {
        of_urls(x, |url| has_scheme(url, "ldap") || has_scheme(url, "ldaps"))
    })
    .private(),
    Rule::warning("access-not-an-address", "RFC 5280 section 4.2.2.1", Every, |x| {
        let Some(access) = access(x) else { return Outcome::NotApplicable };
        let others = access.0.iter().filter(|description| {
            !matches!(&description.location, GeneralName::Uri(url) if super::names::is_uri(url))
        });
        Outcome::of_list("names", others.map(|description| description.location.to_string()))
    }),
    Rule::warning("issuer-address-not-der", "RFC 5280 section 4.2.2.1", Every, |x| {
        let urls = x.certificate.ca_issuers_urls();
        Outcome::of_list(
            "addresses",
            urls.into_iter().filter(|url| {
                let path = url.split(['?', '#']).next().unwrap_or(url).to_ascii_lowercase();
                [".pem", ".txt", ".html", ".zip", ".p12", ".pfx"].iter().any(|end| path.ends_with(end))
            }),
        )
    }),
    Rule::notice("must-staple", "RFC 7633", EndEntity, |x| Outcome::finding_if(must_staple(x), Facts::none)),
    Rule::error("must-staple-without-ocsp", "RFC 7633 section 4.2.3", EndEntity, |x| {
        if must_staple(x) {
            Outcome::finding_if(x.certificate.ocsp_urls().is_empty(), Facts::none)
        } else {
            Outcome::NotApplicable
        }
    }),
];

fn access<'a>(x: &Examined<'a>) -> Option<&'a AuthorityInformationAccess> {
    x.certificate.extensions().authority_information_access.as_ref().ok()?.as_ref()
}

fn issuer_address_missing(x: &Examined<'_>) -> Outcome {
    // Who asks an OCSP responder has its issuer's certificate (BR section 7.1.2.8.3).
    if x.role == Role::EndEntity && (x.is_self_signed || x.has(oid::OCSP_NO_CHECK)) {
        return Outcome::NotApplicable;
    }
    Outcome::finding_if(x.certificate.ca_issuers_urls().is_empty(), Facts::none)
}

fn of_urls(x: &Examined<'_>, wrong: impl Fn(&str) -> bool) -> Outcome {
    let urls = [x.certificate.ca_issuers_urls(), x.certificate.ocsp_urls()].concat();
    if urls.is_empty() {
        return Outcome::NotApplicable;
    }
    Outcome::of_list("addresses", urls.into_iter().filter(|url| wrong(url)))
}

/// True if the TLS feature extension names `status_request` (5): a SEQUENCE OF INTEGER.
fn must_staple(x: &Examined<'_>) -> bool {
    x.extension(oid::TLS_FEATURE).is_some_and(|extension| {
        let (triples, _) = extension.value.get(2..).unwrap_or_default().as_chunks::<3>();
        triples.contains(&[2, 1, 5])
    })
}
