//! A certificate while it is examined: what several rules ask, read once. The fields that [`Certificate`] does not keep as they were
//! written are read again here (RFC 5280 section 4.1).

use core::cell::OnceCell;

use certwright_keys::weak::{WeakKey, weaknesses};
use const_oid::ObjectIdentifier;

use super::{Concerns, Facts, LintContext, Outcome, Role, Scope};
use crate::Certificate;
use crate::extensions::{Extension, KeyUsage};
use crate::fault::Fault;
use crate::oid;
use crate::san::GeneralName;
use crate::tlv::{self, Elements, Tlv, context, context_constructed};

pub(super) struct Examined<'a> {
    pub(super) certificate: &'a Certificate,
    pub(super) at: i64,
    pub(super) scope: Scope,
    pub(super) role: Role,
    /// Signed by itself: asked often, and it takes a verification.
    pub(super) is_self_signed: bool,
    pub(super) fields: Fields<'a>,
    /// Several rules ask, and it takes big numbers.
    weaknesses: OnceCell<Vec<WeakKey>>,
}

/// Fields as they were written. `None` where the certificate cannot be walked through, which its reading rules out.
#[derive(Default)]
pub(super) struct Fields<'a> {
    /// `notBefore` and `notAfter`.
    pub(super) validity: Option<(Tlv<'a>, Tlv<'a>)>,
    /// The AlgorithmIdentifier of the key.
    pub(super) key_algorithm: Option<Tlv<'a>>,
    /// The octets of the BIT STRING of the key.
    pub(super) key_bits: Option<&'a [u8]>,
    /// Whether there is a unique identifier of issuer or subject.
    pub(super) unique_identifiers: bool,
}

impl<'a> Examined<'a> {
    pub(super) fn new(certificate: &'a Certificate, context: LintContext) -> Self {
        let is_self_signed = certificate.is_self_signed();
        let role = context.role.unwrap_or_else(|| {
            if !certificate.is_ca() {
                Role::EndEntity
            } else if is_self_signed {
                Role::Root
            } else {
                Role::Intermediate
            }
        });
        let fields = fields(certificate).unwrap_or_default();
        Self {
            certificate,
            at: context.at,
            scope: context.scope,
            role,
            is_self_signed,
            fields,
            weaknesses: OnceCell::new(),
        }
    }

    pub(super) fn is_concerned(&self, concerns: Concerns) -> bool {
        match concerns {
            Concerns::Every => true,
            Concerns::EndEntity => self.role == Role::EndEntity,
            Concerns::TlsServer => self.role == Role::EndEntity && self.may_be_server(),
            Concerns::Authority => self.role != Role::EndEntity,
            Concerns::Intermediate => self.role == Role::Intermediate,
            Concerns::Root => self.role == Role::Root,
        }
    }

    fn may_be_server(&self) -> bool {
        match &self.certificate.extensions().extended_key_usage {
            Ok(Some(usages)) => usages.allows(oid::SERVER_AUTH),
            Ok(None) => true,
            Err(_) => false,
        }
    }

    /// An extension as it was written, if it is there.
    pub(super) fn extension(&self, oid: ObjectIdentifier) -> Option<&'a Extension> {
        self.certificate.extensions().find(oid)
    }

    pub(super) fn has(&self, oid: ObjectIdentifier) -> bool {
        self.extension(oid).is_some()
    }

    /// A finding without facts if an extension is there and its criticality is the wrong one.
    pub(super) fn criticality(&self, oid: ObjectIdentifier, wanted: bool) -> Outcome {
        match self.extension(oid) {
            None => Outcome::NotApplicable,
            Some(extension) => Outcome::finding_if(extension.critical != wanted, Facts::none),
        }
    }

    /// The key usages, if they are there and can be read.
    pub(super) fn key_usage(&self) -> Option<KeyUsage> {
        self.certificate.key_usage()
    }

    /// What gives the key away.
    pub(super) fn weaknesses(&self) -> &[WeakKey] {
        self.weaknesses
            .get_or_init(|| self.certificate.public_key().map_or(Vec::new(), |key| weaknesses(&key)))
    }

    /// The host names of the subject alternative name.
    pub(super) fn dns_names(&self) -> Vec<&'a str> {
        let names = self.certificate.subject_alternative_names().iter();
        names
            .filter_map(|name| if let GeneralName::Dns(text) = name { Some(text.as_str()) } else { None })
            .collect()
    }

    /// Days from the first second to the last, a day begun counts in full and both ends belong to the span (BR section 1.6.1, "Validity
    /// Period"; RFC 5280 section 4.1.2.5).
    pub(super) fn validity_days(&self) -> i64 {
        let seconds = self.certificate.not_after().saturating_sub(self.certificate.not_before());
        seconds.saturating_add(1).max(0).div_euclid(86_400)
            + i64::from(seconds.saturating_add(1).max(0).rem_euclid(86_400) != 0)
    }

    /// True if the certificate lives so short that it need not be revoked (BR section 1.6.1, "Short-lived Subscriber Certificate").
    pub(super) fn is_short_lived(&self) -> bool {
        let limit = if self.certificate.not_before() < super::midnight(2026, 3, 15) { 10 } else { 7 };
        self.role == Role::EndEntity && self.validity_days() <= limit
    }
}

impl Outcome {
    /// A finding if `wrong`.
    pub(super) fn finding_if(wrong: bool, facts: impl FnOnce() -> Facts) -> Self {
        if wrong { Self::Finding(facts()) } else { Self::Pass }
    }

    /// A finding if there are any `texts`, with these as the fact `name`.
    pub(super) fn of_list<T: AsRef<str>>(name: &'static str, texts: impl IntoIterator<Item = T>) -> Self {
        let texts: Vec<T> = texts.into_iter().collect();
        Self::finding_if(!texts.is_empty(), || Facts::of(name, texts))
    }
}

fn fields(certificate: &Certificate) -> Result<Fields<'_>, Fault> {
    let mut parts = Elements::single(certificate.tbs_der(), tlv::SEQUENCE)?.elements();
    parts.optional(context_constructed(0))?;
    parts.expect(tlv::INTEGER)?;
    parts.expect(tlv::SEQUENCE)?;
    parts.expect(tlv::SEQUENCE)?;
    let mut validity = parts.expect(tlv::SEQUENCE)?.elements();
    parts.expect(tlv::SEQUENCE)?;
    let mut key = parts.expect(tlv::SEQUENCE)?.elements();
    let unique_identifiers = parts.optional(context(1))?.is_some() | parts.optional(context(2))?.is_some();
    Ok(Fields {
        validity: Some((validity.next()?, validity.next()?)),
        key_algorithm: key.expect(tlv::SEQUENCE).ok(),
        key_bits: key
            .expect(tlv::BIT_STRING)
            .ok()
            .and_then(|bits| bits.bit_string().ok())
            .map(|(bits, _)| bits),
        unique_identifiers,
    })
}
