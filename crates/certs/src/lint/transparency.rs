//! Rules for Certificate Transparency (RFC 6962; the policies of Chrome and Apple).

use super::Concerns::{Every, TlsServer};
use super::{Examined, Facts, Outcome, Rule};
use crate::oid;
use crate::tlv::{self, Elements};

pub(super) const RULES: &[Rule] = &[
    Rule::error("precertificate", "RFC 6962 section 3.1", Every, |x| {
        Outcome::finding_if(x.has(oid::PRECERTIFICATE_POISON), Facts::none)
    }),
    Rule::error("poison-not-critical", "RFC 6962 section 3.1", Every, |x| {
        x.criticality(oid::PRECERTIFICATE_POISON, true)
    }),
    // A server may also show its timestamps in the handshake, so that this is no error.
    Rule::warning(
        "timestamps-missing",
        "Chrome and Apple Certificate Transparency policies",
        TlsServer,
        |x| {
            if x.has(oid::PRECERTIFICATE_POISON) {
                return Outcome::NotApplicable;
            }
            Outcome::finding_if(!x.has(oid::SIGNED_CERTIFICATE_TIMESTAMPS), Facts::none)
        },
    )
    .public()
    .since(2018, 4, 30),
    Rule::warning(
        "timestamps-too-few",
        "Chrome and Apple Certificate Transparency policies",
        TlsServer,
        |x| {
            let Some(found) = timestamps(x) else { return Outcome::NotApplicable };
            let needed = if x.validity_days() <= 180 { 2 } else { 3 };
            Outcome::finding_if(found < needed, || Facts::of("found", found).with("needed", needed))
        },
    )
    .public()
    .since(2022, 4, 15),
];

/// How many timestamps there are: an OCTET STRING with a list of entries, the list and each entry behind two octets of length (RFC 6962
/// section 3.3).
fn timestamps(x: &Examined<'_>) -> Option<usize> {
    let value = &x.extension(oid::SIGNED_CERTIFICATE_TIMESTAMPS)?.value;
    let mut rest = Elements::single(value, tlv::OCTET_STRING).ok()?.content.get(2..)?;
    let mut count = 0;
    while let [high, low, tail @ ..] = rest {
        rest = tail.get(usize::from(u16::from_be_bytes([*high, *low]))..)?;
        count += 1;
    }
    Some(count)
}
