//! Certificate policies (RFC 5280 section 4.2.1.4): under which rules the certificate was issued. Qualifiers are stepped over.

use const_oid::ObjectIdentifier;

use super::KnownExtension;
use crate::fault::{Fault, Problem};
use crate::oid::{self, Oid};
use crate::tlv::{self, Elements};

/// The policies, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificatePolicies(pub Vec<Oid>);

impl KnownExtension for CertificatePolicies {
    const OID: ObjectIdentifier = oid::CERTIFICATE_POLICIES;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let list = Elements::single(value, tlv::SEQUENCE)?;
        let mut elements = list.elements();
        let mut policies = Vec::new();
        while !elements.is_empty() {
            let mut parts = elements.expect(tlv::SEQUENCE)?.elements();
            let oid = parts.expect(tlv::OID)?;
            parts.optional(tlv::SEQUENCE)?;
            parts.finish()?;
            policies.push(Oid::from_der_content(oid.content).ok_or(oid.fault(Problem::BadOid))?);
        }
        if policies.is_empty() { Err(list.fault(Problem::Empty)) } else { Ok(Self(policies)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies() {
        let read = CertificatePolicies::from_value(b"\x30\x08\x30\x06\x06\x04\x55\x1d\x20\x00").unwrap();
        assert_eq!(read.0, [Oid::from(oid::ANY_POLICY)]);
        assert!(CertificatePolicies::from_value(b"\x30\x00").is_err());
    }
}
