//! CA/Browser Forum organization identifier (extended validation guidelines section 7.1.2.2): under which number an organization is
//! registered, and where.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::name::strings;
use crate::oid;
use crate::tlv::{self, Elements, context};
use certwright_language::t;

/// A registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CabfOrganizationIdentifier {
    /// The scheme in three letters, for example `NTR` (trade register), `VAT`, `PSD` (payment services authority).
    pub scheme: String,
    /// The country in two letters (ISO 3166), `XG` for a register that is not national.
    pub country: String,
    /// The state or province, where the register belongs to one.
    pub state: Option<String>,
    /// The number in the register.
    pub reference: String,
}

impl KnownExtension for CabfOrganizationIdentifier {
    const OID: ObjectIdentifier = oid::CABF_ORGANIZATION_IDENTIFIER;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut parts = Elements::single(value, tlv::SEQUENCE)?.elements();
        let scheme = strings::expect(&mut parts)?;
        let country = strings::expect(&mut parts)?;
        let state = parts.optional(context(0))?;
        let reference = strings::expect(&mut parts)?;
        parts.finish()?;
        let state = state.map(|state| strings::implicit(&state, tlv::PRINTABLE_STRING)).transpose()?;
        Ok(Self { scheme, country, state, reference })
    }
}

impl DescribedExtension for CabfOrganizationIdentifier {
    const NAME: &'static str = "CA/Browser Forum organization identifier";
    const SOURCE: &'static str = "CA/Browser Forum, extended validation guidelines section 7.1.2.2";

    fn facts(&self) -> Vec<Fact> {
        let mut facts = vec![
            Fact::text(t!("Registration scheme"), self.scheme.as_str()),
            Fact::text(t!("Registration country"), self.country.as_str()),
        ];
        facts
            .extend(self.state.as_ref().map(|state| Fact::text(t!("Registration state or province"), state)));
        facts.push(Fact::text(t!("Registration reference"), self.reference.as_str()));
        facts
    }
}
