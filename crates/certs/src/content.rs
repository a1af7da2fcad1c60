//! What requests and certificates say about their holder, as a list of extensions to be written.
//!
//! Refuses what RFC 5280 forbids and no reader understands: neither subject nor alternative names, names that break the rules of their
//! kind, a key usage without usages, a path length without being a CA, an extension twice.

use std::collections::HashSet;

use crate::extensions::{
    BasicConstraints, ExtendedKeyUsage, Extension, KeyUsage, SubjectAlternativeName, SubjectKeyIdentifier,
};
use crate::name::Name;
use crate::oid::{self, Oid};
use crate::san::GeneralName;

/// Why the content of a request or certificate cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// Neither a subject nor an alternative name.
    #[error("neither subject nor alternative names")]
    NoName,
    /// An alternative name that breaks the rules of its kind.
    #[error("malformed alternative name {name}")]
    MalformedName {
        /// The name.
        name: GeneralName,
    },
    /// A key usage without usages.
    #[error("a key usage without usages")]
    EmptyKeyUsage,
    /// A path length for what is no CA.
    #[error("a path length without being a CA")]
    PathLengthWithoutCa,
    /// The same extension more than once.
    #[error("extension {oid} twice")]
    DuplicateExtension {
        /// Its type.
        oid: Oid,
    },
}

/// What is written.
pub(crate) struct Content<'a> {
    pub(crate) subject: &'a Name,
    pub(crate) alternative_names: &'a [GeneralName],
    pub(crate) key_usage: Option<KeyUsage>,
    pub(crate) extended_key_usage: &'a [Oid],
    pub(crate) basic_constraints: Option<&'a BasicConstraints>,
    pub(crate) subject_key_identifier: Option<Vec<u8>>,
    pub(crate) extra: &'a [Extension],
}

impl Content<'_> {
    /// The extensions, criticality as RFC 5280 section 4.2.1 wants it.
    pub(crate) fn to_extensions(&self) -> Result<Vec<Extension>, ContentError> {
        self.check_extra_names()?;
        let mut extensions = Vec::new();
        let mut add = |oid: const_oid::ObjectIdentifier, critical: bool, value: Vec<u8>| {
            extensions.push(Extension { oid: oid.into(), critical, value });
        };
        if let Some(constraints) = self.basic_constraints {
            if constraints.path_length.is_some() && !constraints.ca {
                return Err(ContentError::PathLengthWithoutCa);
            }
            add(oid::BASIC_CONSTRAINTS, true, constraints.to_value());
        }
        if let Some(usage) = self.key_usage {
            if usage.is_empty() {
                return Err(ContentError::EmptyKeyUsage);
            }
            add(oid::KEY_USAGE, true, usage.to_value());
        }
        if !self.extended_key_usage.is_empty() {
            let usage = ExtendedKeyUsage(self.extended_key_usage.to_vec());
            // A time stamp authority must not be good for anything else, critically (RFC 3161 section 2.3).
            let critical = matches!(self.extended_key_usage, [only] if *only == oid::TIME_STAMPING);
            add(oid::EXTENDED_KEY_USAGE, critical, usage.to_value());
        }
        if let Some(identifier) = &self.subject_key_identifier {
            let identifier = SubjectKeyIdentifier(identifier.clone());
            add(oid::SUBJECT_KEY_IDENTIFIER, false, identifier.to_value());
        }
        if !self.alternative_names.is_empty() {
            if let Some(name) = self.alternative_names.iter().find(|name| !name.is_well_formed()) {
                return Err(ContentError::MalformedName { name: name.clone() });
            }
            // Critical if there is no other name (RFC 5280 section 4.2.1.6).
            let names = SubjectAlternativeName(self.alternative_names.to_vec());
            add(oid::SUBJECT_ALTERNATIVE_NAME, self.subject.is_empty(), names.to_value());
        }
        extensions.extend(self.extra.iter().cloned());
        let mut seen = HashSet::new();
        match extensions.iter().find(|extension| !seen.insert(&extension.oid)) {
            Some(twice) => Err(ContentError::DuplicateExtension { oid: twice.oid.clone() }),
            None => Ok(extensions),
        }
    }

    /// Alternative names may also stand among the other extensions, taken over as they were.
    fn check_extra_names(&self) -> Result<(), ContentError> {
        let elsewhere = self.extra.iter().any(|extension| extension.oid == oid::SUBJECT_ALTERNATIVE_NAME);
        if self.subject.is_empty() && self.alternative_names.is_empty() && !elsewhere {
            return Err(ContentError::NoName);
        }
        Ok(())
    }
}
