//! `DistributionPoint` (RFC 5280 section 4.2.1.13): a place where a revocation list is, for which reasons, and who signs it.
//!
//! Read by three extensions: CRL distribution points, freshest CRL, and (its name alone) the issuing distribution point.
//! Takes a point that has nothing in it, which the standard forbids: such a point simply leads nowhere.

use super::ReasonFlags;
use crate::describe::{Fact, FactValue, general_names};
use crate::fault::{Fault, Problem};
use crate::name::{Attribute, Name};
use crate::san::GeneralName;
use crate::tlv::{self, Elements, Tlv, context, context_constructed};
use certwright_language::t;

/// A place where a revocation list is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributionPoint {
    /// The place.
    pub name: Option<DistributionPointName>,
    /// The reasons for which the list there revokes; all of them if absent.
    pub reasons: Option<ReasonFlags>,
    /// Who signs the list, if it is not the issuer of the certificate.
    pub crl_issuer: Option<Vec<GeneralName>>,
}

/// The name of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DistributionPointName {
    /// Names for the same list, for example by several protocols.
    Full(Vec<GeneralName>),
    /// What comes after the name of the list's issuer.
    RelativeToIssuer(Vec<Attribute>),
}

impl DistributionPoint {
    /// Those names that are URIs.
    pub fn urls(&self) -> impl Iterator<Item = &str> {
        let names = match &self.name {
            Some(DistributionPointName::Full(names)) => names.as_slice(),
            _ => &[],
        };
        names
            .iter()
            .filter_map(|name| if let GeneralName::Uri(url) = name { Some(url.as_str()) } else { None })
    }

    /// Reads `SEQUENCE SIZE (1..MAX) OF DistributionPoint`.
    pub(super) fn parse_list(value: &[u8]) -> Result<Vec<Self>, Fault> {
        let list = Elements::single(value, tlv::SEQUENCE)?;
        let mut elements = list.elements();
        let mut points = Vec::new();
        while !elements.is_empty() {
            points.push(Self::from_element(&elements.expect(tlv::SEQUENCE)?)?);
        }
        if points.is_empty() { Err(list.fault(Problem::Empty)) } else { Ok(points) }
    }

    fn from_element(element: &Tlv<'_>) -> Result<Self, Fault> {
        let mut parts = element.elements();
        let name = parts.optional(context_constructed(0))?;
        let reasons = parts.optional(context(1))?;
        let crl_issuer = parts.optional(context_constructed(2))?;
        parts.finish()?;
        Ok(Self {
            name: name.map(|name| DistributionPointName::from_wrapper(&name)).transpose()?,
            reasons: reasons.map(|reasons| ReasonFlags::from_element(&reasons)).transpose()?,
            crl_issuer: crl_issuer.map(|names| GeneralName::list(names.elements())).transpose()?,
        })
    }

    pub(super) fn facts(points: &[Self]) -> Vec<Fact> {
        let fact = |point: &Self| {
            let mut facts = Vec::new();
            if let Some(name) = &point.name {
                facts.extend(name.facts());
            }
            if let Some(reasons) = point.reasons {
                facts.push(reasons.fact(t!("Reasons")));
            }
            if let Some(issuer) = &point.crl_issuer {
                facts.push(Fact::facts(t!("CRL issuer"), general_names(issuer)));
            }
            Fact::facts(t!("Distribution point"), facts)
        };
        points.iter().map(fact).collect()
    }
}

impl DistributionPointName {
    /// Reads the choice inside of an explicit tag.
    pub(crate) fn from_wrapper(wrapper: &Tlv<'_>) -> Result<Self, Fault> {
        let mut choice = wrapper.elements();
        let name = choice.next()?;
        choice.finish()?;
        if name.tag == context_constructed(1) {
            return Ok(Self::RelativeToIssuer(Name::parse_rdn(&name)?));
        }
        if name.tag != context_constructed(0) {
            let problem = Problem::UnexpectedTag { found: name.tag, wanted: context_constructed(0) };
            return Err(name.fault(problem));
        }
        let names = GeneralName::list(name.elements())?;
        if names.is_empty() { Err(name.fault(Problem::Empty)) } else { Ok(Self::Full(names)) }
    }

    /// The names; one that is relative is put after the name of the list's issuer (RFC 5280 section 6.3.3 (b)(2)(i)).
    pub fn full_names(&self, crl_issuer: &Name) -> Vec<GeneralName> {
        match self {
            Self::Full(names) => names.clone(),
            Self::RelativeToIssuer(rdn) => vec![GeneralName::DirectoryName(crl_issuer.child(rdn.clone()))],
        }
    }

    /// The names as lines.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        match self {
            Self::Full(names) => general_names(names),
            Self::RelativeToIssuer(rdn) => {
                let name = Name::from_rdns(vec![rdn.clone()]).to_rfc4514();
                vec![Fact::new(t!("Name relative to the CRL issuer"), FactValue::Text(name))]
            }
        }
    }
}
