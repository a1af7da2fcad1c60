//! Rules for the key usage (RFC 5280 section 4.2.1.3; by key type RFC 4055, RFC 8410, RFC 8813, RFC 9881; BR sections 7.1.2.7.11 and
//! 7.1.2.10.7).

use certwright_keys::KeyAlgorithm;

use super::Concerns::{Authority, EndEntity, Every, TlsServer};
use super::{Examined, Facts, Outcome, Rule};
use crate::extensions::KeyUsage;
use crate::oid;
use crate::tlv::{self, Elements};

pub(super) const RULES: &[Rule] = &[
    Rule::error("authority-key-usage-missing", "RFC 5280 section 4.2.1.3", Authority, |x| {
        Outcome::finding_if(!x.has(oid::KEY_USAGE), Facts::none)
    }),
    Rule::notice("key-usage-missing", "RFC 5280 section 4.2.1.3", EndEntity, |x| {
        Outcome::finding_if(!x.has(oid::KEY_USAGE), Facts::none)
    }),
    Rule::error("key-usage-empty", "RFC 5280 section 4.2.1.3", Every, |x| of_usage(x, KeyUsage::is_empty)),
    Rule::warning("key-usage-not-critical", "RFC 5280 section 4.2.1.3", Every, |x| {
        x.criticality(oid::KEY_USAGE, true)
    }),
    Rule::error("key-usage-not-der", "X.690 section 11.2.2", Every, |x| {
        let Some(extension) = x.extension(oid::KEY_USAGE) else { return Outcome::NotApplicable };
        let bits = Elements::single(&extension.value, tlv::BIT_STRING).and_then(|bits| bits.bit_string());
        let Ok((octets, unused)) = bits else { return Outcome::NotApplicable };
        // The last octet has its lowest used bit set, and what is unused is zero.
        let minimal =
            octets.last().is_none_or(|last| *last != 0 && last.trailing_zeros() == u32::from(unused));
        Outcome::finding_if(!minimal, Facts::none)
    }),
    Rule::error("cert-sign-without-authority", "RFC 5280 section 4.2.1.9", EndEntity, |x| {
        of_usage(x, KeyUsage::key_cert_sign)
    }),
    Rule::error("authority-without-cert-sign", "RFC 5280 section 4.2.1.3", Authority, |x| {
        of_usage(x, |usage| !usage.key_cert_sign())
    }),
    Rule::error("authority-without-crl-sign", "BR 7.1.2.10.7", Authority, |x| {
        of_usage(x, |usage| !usage.crl_sign())
    })
    .public(),
    Rule::error(
        "usage-does-not-fit-key",
        "RFC 4055, RFC 8410 section 5, RFC 8813 section 3, RFC 9881 section 5",
        Every,
        |x| {
            let (Some(usage), Some(forbidden)) = (x.key_usage(), forbidden(x)) else {
                return Outcome::NotApplicable;
            };
            let wrong: Vec<&str> =
                usage.names().into_iter().filter(|name| forbidden.names().contains(name)).collect();
            Outcome::finding_if(!wrong.is_empty(), || Facts::of("usages", wrong).with("key", key_name(x)))
        },
    ),
    Rule::warning("server-without-digital-signature", "RFC 8446 section 4.4.2.2", TlsServer, |x| {
        of_usage(x, |usage| !usage.digital_signature())
    }),
    Rule::error("server-usage-not-permitted", "BR 7.1.2.7.11", TlsServer, |x| {
        let mut permitted = KeyUsage::DIGITAL_SIGNATURE;
        if is_rsa(x) {
            permitted = permitted | KeyUsage::KEY_ENCIPHERMENT | KeyUsage::DATA_ENCIPHERMENT;
        } else {
            permitted = permitted | KeyUsage::KEY_AGREEMENT;
        }
        let Some(usage) = x.key_usage() else { return Outcome::NotApplicable };
        // Signing certificates has a rule of its own.
        let wrong = usage.without(permitted | KeyUsage::KEY_CERT_SIGN);
        Outcome::finding_if(!wrong.is_empty(), || Facts::of("usages", wrong.names()))
    })
    .public()
    .since(2023, 9, 15),
    Rule::notice("server-data-encipherment", "BR 7.1.2.7.11", TlsServer, |x| {
        of_usage(x, |usage| usage.has(KeyUsage::DATA_ENCIPHERMENT))
    }),
    Rule::warning("encipher-only-without-agreement", "RFC 5280 section 4.2.1.3", Every, |x| {
        of_usage(x, |usage| {
            let only = usage.has(KeyUsage::ENCIPHER_ONLY) || usage.has(KeyUsage::DECIPHER_ONLY);
            only && !usage.key_agreement()
        })
    }),
];

fn of_usage(x: &Examined<'_>, wrong: impl Fn(KeyUsage) -> bool) -> Outcome {
    match x.key_usage() {
        None => Outcome::NotApplicable,
        Some(usage) => Outcome::finding_if(wrong(usage), || Facts::of("usages", usage.names())),
    }
}

/// What a key of this type cannot do.
fn forbidden(x: &Examined<'_>) -> Option<KeyUsage> {
    let encipherment = KeyUsage::KEY_ENCIPHERMENT | KeyUsage::DATA_ENCIPHERMENT;
    let agreement = KeyUsage::KEY_AGREEMENT | KeyUsage::ENCIPHER_ONLY | KeyUsage::DECIPHER_ONLY;
    let signing = KeyUsage::DIGITAL_SIGNATURE
        | KeyUsage::NON_REPUDIATION
        | KeyUsage::KEY_CERT_SIGN
        | KeyUsage::CRL_SIGN;
    let oid = super::keys::key_algorithm(x)?;
    let is_one = |oids: &[const_oid::ObjectIdentifier]| oids.iter().any(|other| oid == *other);
    if is_one(&[oid::RSA_ENCRYPTION]) {
        Some(agreement)
    } else if is_one(&[oid::EC_PUBLIC_KEY]) {
        Some(encipherment)
    } else if is_one(&[
        oid::ED25519,
        oid::ED448,
        oid::ML_DSA_44,
        oid::ML_DSA_65,
        oid::ML_DSA_87,
        oid::RSASSA_PSS,
    ]) {
        Some(encipherment | agreement)
    } else if is_one(&[oid::X25519, oid::X448]) {
        Some(signing | encipherment)
    } else {
        None
    }
}

fn is_rsa(x: &Examined<'_>) -> bool {
    x.certificate.public_key().is_ok_and(|key| matches!(key.algorithm(), KeyAlgorithm::Rsa { .. }))
}

fn key_name(x: &Examined<'_>) -> String {
    x.certificate.public_key().map_or_else(|_| "unreadable".to_owned(), |key| key.algorithm().to_string())
}
