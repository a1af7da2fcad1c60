//! Rules for the key identifiers (RFC 5280 sections 4.2.1.1 and 4.2.1.2, RFC 7093 section 2, BR section 7.1.2.11.1).

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::Concerns::{Authority, Every, Root};
use super::{Examined, Facts, Outcome, Role, Rule};
use crate::extensions::AuthorityKeyIdentifier;
use crate::oid;

pub(super) const RULES: &[Rule] =
    &[
        Rule::error("authority-subject-key-missing", "RFC 5280 section 4.2.1.2", Authority, |x| {
            Outcome::finding_if(!x.has(oid::SUBJECT_KEY_IDENTIFIER), Facts::none)
        }),
        Rule::error("subject-key-critical", "RFC 5280 section 4.2.1.2", Every, |x| {
            x.criticality(oid::SUBJECT_KEY_IDENTIFIER, false)
        }),
        Rule::error("subject-key-empty", "RFC 5280 section 4.2.1.2", Every, |x| {
            match x.certificate.subject_key_identifier() {
                None => Outcome::NotApplicable,
                Some(identifier) => Outcome::finding_if(identifier.is_empty(), Facts::none),
            }
        }),
        Rule::notice("subject-key-not-derived", "RFC 5280 section 4.2.1.2, RFC 7093 section 2", Every, |x| {
            match x.certificate.subject_key_identifier() {
                None | Some([]) => Outcome::NotApplicable,
                Some(identifier) => Outcome::finding_if(!is_derived(x, identifier), Facts::none),
            }
        }),
        Rule::error("issuer-key-missing", "RFC 5280 section 4.2.1.1", Every, |x| {
            // A certificate that signed itself needs none.
            if x.role == Role::Root || x.is_self_signed {
                return Outcome::NotApplicable;
            }
            Outcome::finding_if(!x.has(oid::AUTHORITY_KEY_IDENTIFIER), Facts::none)
        }),
        Rule::error("issuer-key-critical", "RFC 5280 section 4.2.1.1", Every, |x| {
            x.criticality(oid::AUTHORITY_KEY_IDENTIFIER, false)
        }),
        Rule::error("issuer-key-without-identifier", "RFC 5280 section 4.2.1.1", Every, |x| {
            of_issuer_key(x, |identifier| identifier.key_identifier.is_none())
        }),
        Rule::error("issuer-key-half-serial", "RFC 5280 section 4.2.1.1", Every, |x| {
            of_issuer_key(x, |identifier| identifier.issuer.is_some() != identifier.serial.is_some())
        }),
        Rule::error("issuer-key-with-serial", "BR 7.1.2.11.1", Every, |x| {
            of_issuer_key(x, |identifier| identifier.serial.is_some())
        })
        .public()
        .since(2023, 9, 15),
        Rule::error("root-keys-differ", "RFC 5280 section 4.2.1.1", Root, |x| {
            match (x.certificate.authority_key_identifier(), x.certificate.subject_key_identifier()) {
                (Some(authority), Some(subject)) => Outcome::finding_if(authority != subject, Facts::none),
                _ => Outcome::NotApplicable,
            }
        }),
    ];

fn of_issuer_key(x: &Examined<'_>, wrong: impl Fn(&AuthorityKeyIdentifier) -> bool) -> Outcome {
    match &x.certificate.extensions().authority_key_identifier {
        Ok(Some(identifier)) => Outcome::finding_if(wrong(identifier), Facts::none),
        _ => Outcome::NotApplicable,
    }
}

/// True if the identifier is one of the hashes that the two standards propose, whole or cut to 160 bits, of the key's bits or of the whole
/// SubjectPublicKeyInfo; or `0100` and 60 bits of SHA-1.
fn is_derived(x: &Examined<'_>, identifier: &[u8]) -> bool {
    let Some(key_bits) = x.fields.key_bits else { return true };
    let whole = [key_bits, x.certificate.spki_der()].iter().any(|octets| {
        [
            Sha1::digest(octets).to_vec(),
            Sha256::digest(octets).to_vec(),
            Sha384::digest(octets).to_vec(),
            Sha512::digest(octets).to_vec(),
        ]
        .iter()
        .any(|hash| identifier == hash.as_slice() || identifier.len() == 20 && hash.starts_with(identifier))
    });
    let short: Vec<u8> = Sha1::digest(key_bits).iter().skip(12).copied().collect();
    let short = match short.split_first() {
        Some((first, rest)) => [&[0x40 | (first & 0x0f)], rest].concat(),
        None => short,
    };
    whole || identifier == short
}
