//! Qualified certificate statements (RFC 3739 section 3.2.6; ETSI EN 319 412-5; for payment services ETSI TS 119 495): what makes a
//! certificate qualified in the sense of a law, and what the issuer is liable for.
//!
//! A statement of another type, or one that breaks its rules, is kept as its octets.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::{Fact, decimal, element_fact, general_names};
use crate::fault::Fault;
use crate::name::strings;
use crate::oid::{self, Oid};
use crate::san::GeneralName;
use crate::tlv::{self, Elements, Tlv};
use certwright_language::{mark, t};

/// The statements, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QcStatements(pub Vec<QcStatement>);

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QcStatement {
    /// The certificate is qualified (EN 319 412-5 section 4.2.1).
    Compliance,
    /// Up to which value of a transaction the issuer is liable (section 4.3.2).
    LimitValue {
        /// A currency, as three letters or the number of ISO 4217.
        currency: String,
        /// The amount in decimal digits.
        amount: String,
        /// How many zeros follow, in decimal digits.
        exponent: String,
    },
    /// For how many years after its end the issuer keeps the records (section 4.3.3), in decimal digits.
    RetentionPeriod(String),
    /// The private key is in a qualified device (section 4.2.2).
    QualifiedDevice,
    /// Where the disclosure statements are, each with its language in two letters (section 4.3.4).
    DisclosureStatements(Vec<(String, String)>),
    /// For what the certificate is: signatures, seals, web sites (section 4.2.3).
    Types(Vec<Oid>),
    /// Under the laws of which countries it is qualified (section 4.2.4); without it, of the European Union.
    Legislation(Vec<String>),
    /// What a payment service provider may do, and who says so (TS 119 495 section 5.1).
    PaymentServices {
        /// Type and name of each role.
        roles: Vec<(Oid, String)>,
        /// The name of the authority.
        authority: String,
        /// Its identifier.
        authority_id: String,
    },
    /// How to read the subject's identifiers, and who assigned them (RFC 3739 section 3.2.6.1).
    Semantics {
        /// 1 or 2.
        version: u8,
        /// The rules.
        identifier: Option<Oid>,
        /// Who assigned them.
        authorities: Vec<GeneralName>,
    },
    /// Another statement.
    Other {
        /// Its type.
        oid: Oid,
        /// The DER of what it says; empty if there is nothing.
        info: Vec<u8>,
    },
}

impl KnownExtension for QcStatements {
    const OID: ObjectIdentifier = oid::QC_STATEMENTS;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut elements = Elements::single(value, tlv::SEQUENCE)?.elements();
        let mut statements = Vec::new();
        while !elements.is_empty() {
            let mut parts = elements.expect(tlv::SEQUENCE)?.elements();
            let oid = Oid::expect(&mut parts)?;
            let info = if parts.is_empty() { None } else { Some(parts.next()?) };
            parts.finish()?;
            let other = || QcStatement::Other {
                oid: oid.clone(),
                info: info.map_or(&[][..], |info| info.whole).to_vec(),
            };
            statements.push(parse_statement(&oid, info.as_ref()).unwrap_or_else(other));
        }
        Ok(Self(statements))
    }
}

impl DescribedExtension for QcStatements {
    const NAME: &'static str = mark!("Qualified certificate statements");
    const SOURCE: &'static str = "RFC 3739 section 3.2.6, ETSI EN 319 412-5";

    fn facts(&self) -> Vec<Fact> {
        self.0.iter().map(QcStatement::fact).collect()
    }
}

fn parse_statement(oid: &Oid, info: Option<&Tlv<'_>>) -> Option<QcStatement> {
    let is = |other: ObjectIdentifier| *oid == other;
    if is(oid::QC_COMPLIANCE) {
        return info.is_none().then_some(QcStatement::Compliance);
    }
    if is(oid::QC_SSCD) {
        return info.is_none().then_some(QcStatement::QualifiedDevice);
    }
    if is(oid::QC_SYNTAX_V1) || is(oid::QC_SYNTAX_V2) {
        return parse_semantics(if is(oid::QC_SYNTAX_V1) { 1 } else { 2 }, info);
    }
    let info = info?;
    if is(oid::QC_RETENTION_PERIOD) {
        return (info.tag == tlv::INTEGER)
            .then(|| decimal(info.content).map(QcStatement::RetentionPeriod))?;
    }
    let parts = (info.tag == tlv::SEQUENCE).then(|| info.elements())?;
    if is(oid::QC_LIMIT_VALUE) {
        parse_limit(parts)
    } else if is(oid::QC_PDS) {
        parse_disclosures(parts)
    } else if is(oid::QC_TYPE) {
        all(parts, Oid::expect).map(QcStatement::Types)
    } else if is(oid::QC_LEGISLATION) {
        all(parts, strings::expect).map(QcStatement::Legislation)
    } else if is(oid::PSD2_STATEMENT) {
        parse_payment_services(parts)
    } else {
        None
    }
}

/// Everything that `read` reads, up to the end.
fn all<T>(mut parts: Elements<'_>, read: impl Fn(&mut Elements<'_>) -> Result<T, Fault>) -> Option<Vec<T>> {
    let mut found = Vec::new();
    while !parts.is_empty() {
        found.push(read(&mut parts).ok()?);
    }
    Some(found)
}

fn parse_limit(mut parts: Elements<'_>) -> Option<QcStatement> {
    let currency = parts.next().ok()?;
    let currency = match currency.tag {
        tlv::INTEGER => decimal(currency.content)?,
        tag => strings::to_text(tag, currency.content)?,
    };
    let amount = decimal(parts.expect(tlv::INTEGER).ok()?.content)?;
    let exponent = decimal(parts.expect(tlv::INTEGER).ok()?.content)?;
    parts.finish().ok()?;
    Some(QcStatement::LimitValue { currency, amount, exponent })
}

fn parse_disclosures(parts: Elements<'_>) -> Option<QcStatement> {
    let locations = all(parts, |parts| {
        let mut parts = parts.expect(tlv::SEQUENCE)?.elements();
        let location = (strings::expect(&mut parts)?, strings::expect(&mut parts)?);
        parts.finish().map(|()| location)
    });
    locations.map(QcStatement::DisclosureStatements)
}

fn parse_payment_services(mut parts: Elements<'_>) -> Option<QcStatement> {
    let roles = parts.expect(tlv::SEQUENCE).ok()?;
    let roles = all(roles.elements(), |parts| {
        let mut parts = parts.expect(tlv::SEQUENCE)?.elements();
        let role = (Oid::expect(&mut parts)?, strings::expect(&mut parts)?);
        parts.finish().map(|()| role)
    })?;
    let authority = strings::expect(&mut parts).ok()?;
    let authority_id = strings::expect(&mut parts).ok()?;
    parts.finish().ok()?;
    Some(QcStatement::PaymentServices { roles, authority, authority_id })
}

/// `SemanticsInformation ::= SEQUENCE { semanticsIdentifier OID OPTIONAL, nameRegistrationAuthorities SEQUENCE OF GeneralName OPTIONAL }`
fn parse_semantics(version: u8, info: Option<&Tlv<'_>>) -> Option<QcStatement> {
    let Some(info) = info else {
        return Some(QcStatement::Semantics { version, identifier: None, authorities: Vec::new() });
    };
    let mut parts = (info.tag == tlv::SEQUENCE).then(|| info.elements())?;
    let identifier = match parts.optional(tlv::OID).ok()? {
        Some(identifier) => Some(Oid::from_der_content(identifier.content)?),
        None => None,
    };
    let authorities = parts.optional(tlv::SEQUENCE).ok()?;
    parts.finish().ok()?;
    let authorities = authorities.map_or(Ok(Vec::new()), |names| GeneralName::list(names.elements())).ok()?;
    Some(QcStatement::Semantics { version, identifier, authorities })
}

impl QcStatement {
    fn fact(&self) -> Fact {
        match self {
            Self::Compliance => Fact::flag(t!("Qualified certificate"), true),
            Self::LimitValue { currency, amount, exponent } => {
                let text = match exponent.as_str() {
                    "0" => format!("{amount} {currency}"),
                    exponent => format!("{amount} × 10^{exponent} {currency}"),
                };
                Fact::text(t!("Limit of a transaction"), text)
            }
            Self::RetentionPeriod(years) => Fact::number(t!("Records are kept for years"), years),
            Self::QualifiedDevice => Fact::flag(t!("Private key in a qualified device"), true),
            Self::DisclosureStatements(locations) => {
                let fact = |(url, language): &(String, String)| {
                    Fact::url(t!("Address"), url).remark(t!("language {language}", language))
                };
                Fact::facts(t!("Disclosure statements"), locations.iter().map(fact).collect())
            }
            Self::Types(types) => Fact::facts(
                t!("Purpose"),
                types.iter().map(|oid| Fact::oid(t!("Type"), oid.clone())).collect(),
            ),
            Self::Legislation(countries) => Fact::text(t!("Legislation of"), countries.join(", ")),
            Self::PaymentServices { roles, authority, authority_id } => {
                let role =
                    |(oid, name): &(Oid, String)| Fact::oid(t!("Role"), oid.clone()).remark(name.as_str());
                let authority = [
                    Fact::text(t!("Competent authority"), authority),
                    Fact::text(t!("Competent authority’s identifier"), authority_id),
                ];
                Fact::facts(t!("Payment services"), roles.iter().map(role).chain(authority).collect())
            }
            Self::Semantics { version, identifier, authorities } => {
                let mut facts = vec![Fact::number(t!("Version"), version)];
                facts.extend(identifier.as_ref().map(|oid| Fact::oid(t!("Rules"), oid.clone())));
                facts.extend(general_names(authorities));
                Fact::facts(t!("Meaning of the subject’s identifiers"), facts)
            }
            Self::Other { oid, info } => {
                let info = (!info.is_empty()).then(|| element_fact(t!("Value"), info));
                let facts = [Fact::oid(t!("Type"), oid.clone())].into_iter().chain(info).collect();
                Fact::facts(t!("Other statement"), facts)
            }
        }
    }
}
