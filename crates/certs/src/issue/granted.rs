//! What of a request is granted.

use std::collections::HashSet;

use crate::extensions::{Extension, KeyUsage, ReadExtensionError};
use crate::oid::{self, Oid};
use crate::request::SigningRequest;
use crate::san::GeneralName;

use super::{Honour, IssueSpec};

/// The content of the certificate, from request and issuer.
pub(super) struct Granted {
    pub(super) alternative_names: Vec<GeneralName>,
    pub(super) key_usage: Option<KeyUsage>,
    pub(super) extended_key_usage: Vec<Oid>,
    pub(super) is_ca: bool,
    /// The path length that the issuer decided.
    pub(super) decided_path_length: Option<u32>,
    /// The path length that the request asks for.
    pub(super) requested_path_length: Option<u32>,
    pub(super) extra: Vec<Extension>,
}

impl Granted {
    /// What `spec` grants of `request`. An extension that is honoured and cannot be read is an error, so that nothing is lost unseen.
    pub(super) fn new(request: &SigningRequest, spec: &IssueSpec) -> Result<Self, ReadExtensionError> {
        let asked = request.extensions();
        let honours = |wanted: &Honour| {
            spec.honour.iter().any(|honour| match honour {
                Honour::Other(oid) => Honour::from_oid(oid) == *wanted,
                known => known == wanted,
            })
        };
        let mut granted = Self {
            alternative_names: spec.alternative_names.clone().unwrap_or_default(),
            key_usage: spec.key_usage,
            extended_key_usage: spec.extended_key_usage.clone(),
            is_ca: spec.is_ca,
            decided_path_length: spec.path_length.map(u32::from),
            requested_path_length: None,
            extra: Vec::new(),
        };
        if spec.alternative_names.is_none()
            && honours(&Honour::SubjectAlternativeNames)
            && let Some(names) = asked.subject_alternative_name.clone()?
        {
            granted.alternative_names = names.0;
        }
        if honours(&Honour::KeyUsage)
            && let Some(usage) = asked.key_usage.clone()?
        {
            granted.key_usage = Some(usage);
        }
        if honours(&Honour::ExtendedKeyUsage)
            && let Some(usage) = asked.extended_key_usage.clone()?
        {
            granted.extended_key_usage = usage.0;
        }
        if honours(&Honour::BasicConstraints)
            && let Some(constraints) = asked.basic_constraints.clone()?
        {
            granted.is_ca = constraints.ca;
            granted.requested_path_length = constraints.path_length;
        }
        granted.fit_key_usage(spec);
        granted.extra = other_extensions(request, spec);
        Ok(granted)
    }

    /// `keyCertSign` goes with being a CA (RFC 5280 section 4.2.1.3), whatever the request asks for.
    fn fit_key_usage(&mut self, spec: &IssueSpec) {
        let of_authorities = KeyUsage::KEY_CERT_SIGN | KeyUsage::CRL_SIGN;
        if self.is_ca {
            self.key_usage = Some(self.key_usage.unwrap_or_default() | KeyUsage::KEY_CERT_SIGN);
            return;
        }
        let usage = |usage: KeyUsage| Some(usage.without(of_authorities)).filter(|usage| !usage.is_empty());
        self.key_usage = self.key_usage.and_then(usage).or_else(|| spec.key_usage.and_then(usage));
    }
}

fn other_extensions(request: &SigningRequest, spec: &IssueSpec) -> Vec<Extension> {
    const NEVER: [const_oid::ObjectIdentifier; 6] = [
        // Decided above.
        oid::SUBJECT_ALTERNATIVE_NAME,
        oid::KEY_USAGE,
        oid::EXTENDED_KEY_USAGE,
        oid::BASIC_CONSTRAINTS,
        // Made anew.
        oid::SUBJECT_KEY_IDENTIFIER,
        oid::AUTHORITY_KEY_IDENTIFIER,
    ];
    let honoured: HashSet<&Oid> = spec
        .honour
        .iter()
        .filter_map(|honour| if let Honour::Other(oid) = honour { Some(oid) } else { None })
        .filter(|oid| NEVER.iter().all(|never| *oid != never))
        .collect();
    let mut seen = HashSet::new();
    let asked = request.extensions().all.iter();
    asked
        .filter(|extension| honoured.contains(&extension.oid) && seen.insert(&extension.oid))
        .cloned()
        .collect()
}
