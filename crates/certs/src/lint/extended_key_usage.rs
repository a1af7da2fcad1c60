//! Rules for the extended key usage (RFC 5280 section 4.2.1.12; RFC 6960 section 4.2.2.2; BR sections 7.1.2.1.2, 7.1.2.6.1, 7.1.2.7.6,
//! 7.1.2.7.10 and 7.1.2.8).

use const_oid::ObjectIdentifier;

use super::Concerns::{EndEntity, Intermediate, Root, TlsServer};
use super::{Examined, Facts, Outcome, Rule};
use crate::oid::{self, Oid};

pub(super) const RULES: &[Rule] = &[
    Rule::error("usage-missing", "BR 7.1.2.7.6, 7.1.2.8.2", EndEntity, |x| {
        Outcome::finding_if(!x.has(oid::EXTENDED_KEY_USAGE), Facts::none)
    })
    .public(),
    Rule::warning("usage-missing-privately", "Apple HT210176", EndEntity, |x| {
        Outcome::finding_if(!x.has(oid::EXTENDED_KEY_USAGE), Facts::none)
    })
    .private()
    .since(2019, 7, 1),
    Rule::error("usage-any", "BR 7.1.2.7.10", EndEntity, |x| has_one(x, &[oid::ANY_EXTENDED_KEY_USAGE]))
        .public(),
    Rule::warning("usage-any-privately", "RFC 5280 section 4.2.1.12", EndEntity, |x| {
        has_one(x, &[oid::ANY_EXTENDED_KEY_USAGE])
    })
    .private(),
    Rule::warning(
        "server-with-client-auth",
        "Chrome Root Program Policy 1.8, dedicated TLS server hierarchies",
        TlsServer,
        |x| {
            if names_one(x, &[oid::SERVER_AUTH]) {
                has_one(x, &[oid::CLIENT_AUTH])
            } else {
                Outcome::NotApplicable
            }
        },
    )
    .public(),
    Rule::error("server-with-other-usage", "BR 7.1.2.7.10", TlsServer, |x| {
        has_one(x, &[oid::EMAIL_PROTECTION, oid::CODE_SIGNING, oid::TIME_STAMPING, oid::OCSP_SIGNING])
    })
    .public(),
    Rule::notice("server-with-signing-usage", "RFC 5280 section 4.2.1.12", TlsServer, |x| {
        has_one(x, &[oid::EMAIL_PROTECTION, oid::CODE_SIGNING, oid::TIME_STAMPING, oid::OCSP_SIGNING])
    })
    .private(),
    Rule::error(
        "responder-without-no-check",
        "RFC 6960 section 4.2.2.2.1, BR 7.1.2.8.6",
        EndEntity,
        no_check,
    )
    .public(),
    Rule::notice("responder-without-no-check-privately", "RFC 6960 section 4.2.2.2.1", EndEntity, no_check)
        .private(),
    Rule::error("usage-critical", "BR 7.1.2.7.6", TlsServer, |x| {
        x.criticality(oid::EXTENDED_KEY_USAGE, false)
    })
    .public()
    .since(2023, 9, 15),
    Rule::warning("authority-usage-missing", "BR 7.1.2.6.1", Intermediate, |x| {
        Outcome::finding_if(!x.has(oid::EXTENDED_KEY_USAGE), Facts::none)
    })
    .public()
    .since(2023, 9, 15),
    Rule::error("root-with-usage", "BR 7.1.2.1.2", Root, |x| {
        Outcome::finding_if(x.has(oid::EXTENDED_KEY_USAGE), Facts::none)
    })
    .public()
    .since(2023, 9, 15),
];

fn named<'a>(x: &Examined<'a>, wanted: &[ObjectIdentifier]) -> Vec<&'a Oid> {
    let usages = x.certificate.extended_key_usages().map_or(&[][..], |usages| &usages.0);
    usages.iter().filter(|usage| wanted.iter().any(|oid| *usage == oid)).collect()
}

fn names_one(x: &Examined<'_>, wanted: &[ObjectIdentifier]) -> bool {
    !named(x, wanted).is_empty()
}

fn has_one(x: &Examined<'_>, wanted: &[ObjectIdentifier]) -> Outcome {
    if x.certificate.extended_key_usages().is_none() {
        return Outcome::NotApplicable;
    }
    Outcome::of_list("usages", named(x, wanted).into_iter().map(Oid::name_or_dotted))
}

fn no_check(x: &Examined<'_>) -> Outcome {
    if names_one(x, &[oid::OCSP_SIGNING]) {
        Outcome::finding_if(!x.has(oid::OCSP_NO_CHECK), Facts::none)
    } else {
        Outcome::NotApplicable
    }
}
