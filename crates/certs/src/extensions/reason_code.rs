//! Reason code (RFC 5280 section 5.3.1): why a certificate was revoked.
//!
//! Refuses what is no ENUMERATED; numbers without a meaning are kept.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::{Fault, Problem};
use crate::oid;
use crate::tlv::{self, Elements, Tlv};
use certwright_language::{mark, t};

/// Why a certificate was revoked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ReasonCode {
    /// The authority does not say why.
    #[default]
    Unspecified,
    /// Somebody else may have the private key.
    KeyCompromise,
    /// Somebody else may have the private key of the authority whose certificate this is.
    CaCompromise,
    /// What the certificate says about its holder is no longer right.
    AffiliationChanged,
    /// There is another certificate in its place.
    Superseded,
    /// It is no longer needed.
    CessationOfOperation,
    /// It is suspended, and may be valid again later.
    CertificateHold,
    /// It is valid again; only in a delta CRL.
    RemoveFromCrl,
    /// What the authority granted is taken back.
    PrivilegeWithdrawn,
    /// Somebody else may have the key of the attribute authority whose certificate this is.
    AaCompromise,
    /// A number without a meaning.
    Other(u32),
}

const NAMES: &[(u32, ReasonCode, &str)] = &[
    (0, ReasonCode::Unspecified, "unspecified"),
    (1, ReasonCode::KeyCompromise, "keyCompromise"),
    (2, ReasonCode::CaCompromise, "cACompromise"),
    (3, ReasonCode::AffiliationChanged, "affiliationChanged"),
    (4, ReasonCode::Superseded, "superseded"),
    (5, ReasonCode::CessationOfOperation, "cessationOfOperation"),
    (6, ReasonCode::CertificateHold, "certificateHold"),
    (8, ReasonCode::RemoveFromCrl, "removeFromCRL"),
    (9, ReasonCode::PrivilegeWithdrawn, "privilegeWithdrawn"),
    (10, ReasonCode::AaCompromise, "aACompromise"),
];

impl ReasonCode {
    /// The name in RFC 5280; a number without a meaning as `7`.
    pub fn name(self) -> String {
        match NAMES.iter().find(|(_, reason, _)| *reason == self) {
            Some((_, _, name)) => (*name).to_owned(),
            None => self.number().to_string(),
        }
    }

    /// The number in the ENUMERATED.
    pub fn number(self) -> u32 {
        match self {
            Self::Other(number) => number,
            known => NAMES.iter().find(|(_, reason, _)| *reason == known).map_or(0, |(number, ..)| *number),
        }
    }

    /// The reason with this number.
    pub fn from_number(number: u32) -> Self {
        NAMES
            .iter()
            .find(|(known, ..)| *known == number)
            .map_or(Self::Other(number), |(_, reason, _)| *reason)
    }

    /// Reads an ENUMERATED, also one with an implicit tag.
    pub(crate) fn from_element(element: &Tlv<'_>) -> Result<Self, Fault> {
        element.small_integer().map(Self::from_number)
    }
}

impl KnownExtension for ReasonCode {
    const OID: ObjectIdentifier = oid::REASON_CODE;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut elements = Elements::new(value);
        let reason = elements.expect(tlv::ENUMERATED)?;
        elements.finish()?;
        if reason.content.len() > 4 {
            return Err(reason.fault(Problem::BadInteger));
        }
        Self::from_element(&reason)
    }
}

impl DescribedExtension for ReasonCode {
    const NAME: &'static str = mark!("Reason code");
    const SOURCE: &'static str = "RFC 5280 section 5.3.1";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::text(t!("Reason"), self.name())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names() {
        for (number, reason, name) in NAMES {
            let read = ReasonCode::from_value(&[0x0a, 1, *number as u8]).unwrap();
            assert_eq!((read, read.number(), read.name().as_str()), (*reason, *number, *name));
        }
        let unknown = ReasonCode::from_value(&[0x0a, 1, 7]).unwrap();
        assert_eq!((unknown, unknown.name().as_str()), (ReasonCode::Other(7), "7"));
        for bad in [&[2, 1, 1][..], &[0x0a, 0], &[0x0a, 1, 0x81], &[0x0a, 1, 1, 0], &[0x0a, 5, 1, 1, 1, 1, 1]]
        {
            assert!(ReasonCode::from_value(bad).is_err(), "{bad:02x?}");
        }
    }
}
