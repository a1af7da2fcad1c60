//! Certificate issuer (RFC 5280 section 5.3.3): who issued the revoked certificate, in a list for several authorities.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::{Fact, general_names};
use crate::fault::{Fault, Problem};
use crate::name::Name;
use crate::oid;
use crate::san::GeneralName;
use crate::tlv::{self, Elements};
use certwright_language::mark;

/// The names of the issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateIssuer(pub Vec<GeneralName>);

impl CertificateIssuer {
    /// True if one of the names is this distinguished name.
    pub fn names(&self, issuer: &Name) -> bool {
        self.0.iter().any(|name| matches!(name, GeneralName::DirectoryName(name) if name == issuer))
    }
}

impl KnownExtension for CertificateIssuer {
    const OID: ObjectIdentifier = oid::CERTIFICATE_ISSUER;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let list = Elements::single(value, tlv::SEQUENCE)?;
        let names = GeneralName::list(list.elements())?;
        if names.is_empty() { Err(list.fault(Problem::Empty)) } else { Ok(Self(names)) }
    }
}

impl DescribedExtension for CertificateIssuer {
    const NAME: &'static str = mark!("Certificate issuer");
    const SOURCE: &'static str = "RFC 5280 section 5.3.3";

    fn facts(&self) -> Vec<Fact> {
        general_names(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinguished_names_are_compared() {
        let issuer = Name::parse_rfc4514("CN=Issuer,O=Example").unwrap();
        let content = [GeneralName::Dns("a.example".into()), GeneralName::DirectoryName(issuer.clone())]
            .iter()
            .flat_map(GeneralName::to_der)
            .collect::<Vec<u8>>();
        let read = CertificateIssuer::from_value(&tlv::to_element(tlv::SEQUENCE, &content)).unwrap();
        assert!(read.names(&issuer));
        assert!(!read.names(&Name::parse_rfc4514("CN=Other").unwrap()));
        assert!(CertificateIssuer::from_value(&[0x30, 0]).is_err());
        assert!(CertificateIssuer::from_value(&content).is_err());
    }
}
