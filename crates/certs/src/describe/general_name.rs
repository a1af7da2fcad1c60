//! General names (RFC 5280 section 4.2.1.6) as facts, with the other names that are in use.
//!
//! An other name of a type that is not known, or whose value breaks its rules, is shown as its octets.

use crate::describe::{Fact, FactValue};
use crate::name::strings;
use crate::oid::{self, Oid};
use crate::san::GeneralName;
use crate::tlv::{self, Elements};
use certwright_language::t;

/// Each name as a fact that is labelled by its kind.
pub(crate) fn general_names(names: &[GeneralName]) -> Vec<Fact> {
    names.iter().map(general_name).collect()
}

/// The name as a fact that is labelled by its kind.
pub(crate) fn general_name(name: &GeneralName) -> Fact {
    match name {
        GeneralName::Dns(text) => Fact::text(t!("DNS name"), text),
        GeneralName::Ip(address) => Fact::text(t!("IP address"), address.to_string()),
        GeneralName::Email(text) => Fact::text(t!("E-mail address"), text),
        GeneralName::Uri(text) => Fact::url("URI", text),
        GeneralName::DirectoryName(name) => Fact::text(t!("Directory name"), name.to_rfc4514()),
        GeneralName::RegisteredId(oid) => Fact::oid(t!("Registered identifier"), oid.clone()),
        GeneralName::UserPrincipalName(text) => Fact::text(t!("User principal name"), text),
        GeneralName::Other { oid, value } => other_name(oid, value),
        GeneralName::Unsupported { number: 3, der } => Fact::octets(t!("X.400 address"), der.as_slice()),
        GeneralName::Unsupported { der, .. } => Fact::octets(t!("EDI party name"), der.as_slice()),
        GeneralName::Malformed { number, content } => Fact::octets(t!("Malformed name"), content.as_slice())
            .remark(t!("alternative {number}, whose content breaks its rules", number)),
    }
}

fn other_name(oid: &Oid, value: &[u8]) -> Fact {
    known_other_name(oid, value).unwrap_or_else(|| {
        let facts = vec![Fact::oid(t!("Type"), oid.clone()), Fact::octets(t!("Value"), value)];
        Fact::facts(t!("Other name"), facts)
    })
}

fn known_other_name(oid: &Oid, value: &[u8]) -> Option<Fact> {
    if *oid == oid::SERVICE_NAME {
        Some(Fact::text(t!("Service name (SRV)"), text(value)?))
    } else if *oid == oid::XMPP_ADDRESS {
        Some(Fact::text(t!("XMPP address"), text(value)?))
    } else if *oid == oid::SMTP_UTF8_MAILBOX {
        Some(Fact::text(t!("E-mail address (UTF-8)"), text(value)?))
    } else if *oid == oid::PERMANENT_IDENTIFIER {
        permanent_identifier(value)
    } else if *oid == oid::HARDWARE_MODULE_NAME {
        hardware_module_name(value)
    } else if *oid == oid::KERBEROS_PRINCIPAL_NAME {
        kerberos_principal(value)
    } else if *oid == oid::MICROSOFT_NTDS_REPLICATION {
        let octets = Elements::single(value, tlv::OCTET_STRING).ok()?;
        Some(Fact::octets(t!("Domain controller identifier"), octets.content))
    } else if *oid == oid::MICROSOFT_NTDS_OBJECT_SID {
        let octets = Elements::single(value, tlv::OCTET_STRING).ok()?;
        Some(Fact::text(t!("Account security identifier"), core::str::from_utf8(octets.content).ok()?))
    } else {
        None
    }
}

fn text(value: &[u8]) -> Option<String> {
    let mut elements = Elements::new(value);
    let element = elements.next().ok()?;
    elements.finish().ok()?;
    strings::to_text(element.tag, element.content)
}

/// `PermanentIdentifier ::= SEQUENCE { identifierValue UTF8String OPTIONAL, assigner OBJECT IDENTIFIER OPTIONAL }` (RFC 4043 section 2)
fn permanent_identifier(value: &[u8]) -> Option<Fact> {
    let mut parts = Elements::single(value, tlv::SEQUENCE).ok()?.elements();
    let identifier = parts.optional(tlv::UTF8_STRING).ok()?;
    let assigner = parts.optional(tlv::OID).ok()?;
    parts.finish().ok()?;
    let mut facts = Vec::new();
    if let Some(identifier) = identifier {
        facts.push(Fact::text(t!("Identifier"), strings::to_text(identifier.tag, identifier.content)?));
    }
    if let Some(assigner) = assigner {
        facts.push(Fact::oid(t!("Assigner"), Oid::from_der_content(assigner.content)?));
    }
    Some(Fact::facts(t!("Permanent identifier"), facts))
}

/// `HardwareModuleName ::= SEQUENCE { hwType OBJECT IDENTIFIER, hwSerialNum OCTET STRING }` (RFC 4108 section 5)
fn hardware_module_name(value: &[u8]) -> Option<Fact> {
    let mut parts = Elements::single(value, tlv::SEQUENCE).ok()?.elements();
    let kind = parts.expect(tlv::OID).ok()?;
    let serial = parts.expect(tlv::OCTET_STRING).ok()?;
    parts.finish().ok()?;
    let facts = vec![
        Fact::oid(t!("Hardware type"), Oid::from_der_content(kind.content)?),
        Fact::octets(t!("Serial number"), serial.content),
    ];
    Some(Fact::facts(t!("Hardware module name"), facts))
}

/// `KRB5PrincipalName ::= SEQUENCE { realm [0] Realm, principalName [1] PrincipalName }` (RFC 4556 section 3.2.2), written `a/b@REALM`.
fn kerberos_principal(value: &[u8]) -> Option<Fact> {
    const GENERAL_STRING: u8 = 0x1b;
    let string = |content: &[u8]| {
        let text = content.iter().map(|octet| char::from(*octet)).collect::<String>();
        content.is_ascii().then_some(text)
    };
    let mut parts = Elements::single(value, tlv::SEQUENCE).ok()?.elements();
    let realm = parts.expect(tlv::context_constructed(0)).ok()?;
    let principal = parts.expect(tlv::context_constructed(1)).ok()?;
    let realm = Elements::single(realm.content, GENERAL_STRING).ok()?;
    let mut principal = Elements::single(principal.content, tlv::SEQUENCE).ok()?.elements();
    principal.expect(tlv::context_constructed(0)).ok()?;
    let components = principal.expect(tlv::context_constructed(1)).ok()?;
    let mut components = Elements::single(components.content, tlv::SEQUENCE).ok()?.elements();
    let mut names = Vec::new();
    while !components.is_empty() {
        names.push(string(components.expect(GENERAL_STRING).ok()?.content)?);
    }
    let text = format!("{}@{}", names.join("/"), string(realm.content)?);
    Some(Fact::new(t!("Kerberos principal"), FactValue::Text(text)))
}
