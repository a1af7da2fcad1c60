//! Duties of issuers that RFC 5280 section 6 does not make a relying party check: RFC 5280 section 4 and the CA/Browser Forum's baseline requirements.
//!
//! One file each, as for the other checks; which of them a profile demands, and which are mere remarks, is said in `profile.rs`.

pub(crate) mod access_information;
pub(crate) mod alternative_names;
pub(crate) mod authority_key_identifier;
pub(crate) mod basic_constraints_form;
pub(crate) mod common_name;
pub(crate) mod criticality;
pub(crate) mod end_entity_authority;
pub(crate) mod extended_key_usage_form;
pub(crate) mod host_name_form;
pub(crate) mod key_kind;
pub(crate) mod key_usage_form;
pub(crate) mod name_constraints_criticality;
pub(crate) mod name_constraints_form;
pub(crate) mod names;
pub(crate) mod optional_fields;
pub(crate) mod policy_form;
pub(crate) mod root_form;
pub(crate) mod rsa_key;
pub(crate) mod serial_number;
pub(crate) mod server_names;
pub(crate) mod subject_key_identifier;
pub(crate) mod validity_form;
pub(crate) mod version;

use super::Said;
use crate::failure::FailureKind;
use crate::rule::Rule;

impl Said {
    fn breaks(&mut self, rule: Rule) {
        self.fail(FailureKind::Rule(rule));
    }
}
