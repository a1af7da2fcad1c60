//! What certificates and their relatives hold, as plain facts for people: the page, the text and the JSON are made from them.
//!
//! A [`Section`] is a part of a certificate, request, revocation list or OCSP response; a [`Fact`] is one line in it, which may have lines of
//! its own. Labels are the field terms of the standards. Nothing here judges: a remark says what a value means, not whether it is good.
//! The depth is fixed by the structures of the standards, and the size is bounded by that of the input.

mod algorithm;
mod certificate;
mod general_name;
mod key;
mod name;
mod request;
mod value;

use std::borrow::Cow;

use crate::extensions::{Extension, known_extension};
use crate::fault::Fault;
use crate::oid::Oid;

pub use algorithm::algorithm_facts;
pub(crate) use algorithm::parameter_facts;
use certwright_language::{t, text};
pub(crate) use general_name::{general_name, general_names};
pub use key::key_facts;
pub(crate) use name::name_facts;
pub(crate) use value::{decimal, element_fact};

/// All of a certificate, request, revocation list or OCSP response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Its parts, in the order in which people read them.
    pub sections: Vec<Section>,
    /// Its extensions, in the order of the encoding.
    pub extensions: Vec<ExtensionDescription>,
}

/// A part of what is described, for example the validity of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is, for example `Subject public key`.
    pub title: &'static str,
    /// Its lines.
    pub facts: Vec<Fact>,
}

/// One line of a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What the value is, for example `Key identifier`.
    pub label: Cow<'static, str>,
    /// The value.
    pub value: FactValue,
    /// What it means, where the value alone does not say that.
    pub remark: Option<String>,
}

/// A value by its kind, so that whoever shows it can choose the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactValue {
    /// Text, which may hold any character: it comes from the certificate.
    Text(String),
    /// An object identifier; [`Oid::name`] tells its name.
    Oid(Oid),
    /// Octets, to be shown as hexadecimal digits.
    Octets(Vec<u8>),
    /// Seconds since 1970-01-01T00:00:00Z.
    Time(i64),
    /// An address, which may be anything that the certificate calls so: not to be followed without being looked at.
    Url(String),
    /// A whole number in decimal digits, of any size, perhaps with a sign.
    Number(String),
    /// Yes or no.
    Flag(bool),
    /// Lines of its own.
    Facts(Vec<Fact>),
}

impl Fact {
    /// A fact without a remark.
    pub fn new(label: impl Into<Cow<'static, str>>, value: FactValue) -> Self {
        Self { label: label.into(), value, remark: None }
    }

    /// Text.
    pub fn text(label: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Self {
        Self::new(label, FactValue::Text(text.into()))
    }

    /// An object identifier.
    pub fn oid(label: impl Into<Cow<'static, str>>, oid: impl Into<Oid>) -> Self {
        Self::new(label, FactValue::Oid(oid.into()))
    }

    /// Octets.
    pub fn octets(label: impl Into<Cow<'static, str>>, octets: impl Into<Vec<u8>>) -> Self {
        Self::new(label, FactValue::Octets(octets.into()))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn time(label: impl Into<Cow<'static, str>>, unix: i64) -> Self {
        Self::new(label, FactValue::Time(unix))
    }

    /// An address.
    pub fn url(label: impl Into<Cow<'static, str>>, url: impl Into<String>) -> Self {
        Self::new(label, FactValue::Url(url.into()))
    }

    /// A whole number.
    pub fn number(label: impl Into<Cow<'static, str>>, number: impl ToString) -> Self {
        Self::new(label, FactValue::Number(number.to_string()))
    }

    /// Yes or no.
    pub fn flag(label: impl Into<Cow<'static, str>>, flag: bool) -> Self {
        Self::new(label, FactValue::Flag(flag))
    }

    /// Lines of its own.
    pub fn facts(label: impl Into<Cow<'static, str>>, facts: Vec<Self>) -> Self {
        Self::new(label, FactValue::Facts(facts))
    }

    /// The fact with a remark.
    #[must_use]
    pub fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remark = Some(remark.into());
        self
    }
}

/// An extension as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionDescription {
    /// What the standard calls it, for example `Subject alternative name`; of an unknown one the registry's name, or the dotted identifier.
    pub name: String,
    /// Its type.
    pub oid: Oid,
    /// Whether who does not understand it has to refuse the certificate.
    pub critical: bool,
    /// Where it is defined, for example `RFC 5280 section 4.2.1.6`.
    pub source: Option<&'static str>,
    /// What it says, or where its value breaks. Empty if the extension is unknown: its ASN.1 can be shown.
    pub facts: Result<Vec<Fact>, Fault>,
    /// Whether its type is known here.
    pub known: bool,
}

impl Extension {
    /// The extension as a person reads it, by the table of [known extensions](crate::extensions::KNOWN).
    pub fn describe(&self) -> ExtensionDescription {
        let known = known_extension(&self.oid);
        ExtensionDescription {
            name: known.map_or_else(|| self.oid.name_or_dotted(), |known| text(known.name).to_owned()),
            oid: self.oid.clone(),
            critical: self.critical,
            source: known.map(|known| known.source),
            facts: known.map_or_else(|| Ok(Vec::new()), |known| (known.facts)(&self.value)),
            known: known.is_some(),
        }
    }
}

/// Extensions of a part, for example of an entry of a revocation list, each as one fact.
pub(crate) fn extension_facts(all: &[Extension]) -> Vec<Fact> {
    let fact = |extension: &Extension| {
        let described = extension.describe();
        let octets = |label| Fact::octets(label, extension.value.as_slice());
        let facts = match described.facts {
            Ok(facts) if described.known => facts,
            Ok(_) => vec![octets(t!("Value"))],
            Err(fault) => vec![octets(t!("Malformed value")).remark(fault.to_string())],
        };
        let fact = Fact::facts(described.name, facts);
        if described.critical { fact.remark(t!("critical")) } else { fact }
    };
    all.iter().map(fact).collect()
}
