//! Subject directory attributes (RFC 5280 section 4.2.1.8): what the subject is, for example its date of birth (RFC 3739 section 3.2.2).

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::{Fact, element_fact};
use crate::fault::{Fault, Problem};
use crate::oid::{self, Oid};
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// The attributes, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectDirectoryAttributes(pub Vec<DirectoryAttribute>);

/// An attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryAttribute {
    /// Its type.
    pub oid: Oid,
    /// The DER of each of its values.
    pub values: Vec<Vec<u8>>,
}

impl KnownExtension for SubjectDirectoryAttributes {
    const OID: ObjectIdentifier = oid::SUBJECT_DIRECTORY_ATTRIBUTES;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let list = Elements::single(value, tlv::SEQUENCE)?;
        let mut elements = list.elements();
        let mut attributes = Vec::new();
        while !elements.is_empty() {
            let mut parts = elements.expect(tlv::SEQUENCE)?.elements();
            let oid = Oid::expect(&mut parts)?;
            let mut set = parts.expect(tlv::SET)?.elements();
            parts.finish()?;
            let mut values = Vec::new();
            while !set.is_empty() {
                values.push(set.next()?.whole.to_vec());
            }
            attributes.push(DirectoryAttribute { oid, values });
        }
        if attributes.is_empty() { Err(list.fault(Problem::Empty)) } else { Ok(Self(attributes)) }
    }
}

impl DescribedExtension for SubjectDirectoryAttributes {
    const NAME: &'static str = mark!("Subject directory attributes");
    const SOURCE: &'static str = "RFC 5280 section 4.2.1.8";

    fn facts(&self) -> Vec<Fact> {
        let fact = |attribute: &DirectoryAttribute| {
            let values = attribute.values.iter().map(|value| element_fact(t!("Value"), value));
            let kind = Fact::oid(t!("Type"), attribute.oid.clone());
            Fact::facts(t!("Attribute"), [kind].into_iter().chain(values).collect())
        };
        self.0.iter().map(fact).collect()
    }
}
