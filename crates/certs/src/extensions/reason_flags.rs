//! `ReasonFlags` (RFC 5280 section 4.2.1.13): the reasons for which a revocation list revokes.

use crate::describe::Fact;
use crate::fault::Fault;
use crate::tlv::Tlv;

/// A set of reasons, bit *n* of the BIT STRING being bit *n* (from the least significant) here. Bit 0, `unused`, is never set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReasonFlags(u16);

const NAMES: [&str; 9] = [
    "unused",
    "keyCompromise",
    "cACompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "certificateHold",
    "privilegeWithdrawn",
    "aACompromise",
];

impl ReasonFlags {
    /// No reason.
    pub const NONE: Self = Self(0);
    /// Every reason that there is.
    pub const ALL: Self = Self(0x1fe);

    /// The set of the reasons with these names of RFC 5280; `None` if one of them is unknown.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        names.into_iter().try_fold(Self::NONE, |set, name| {
            let bit = NAMES.iter().skip(1).position(|other| *other == name)?;
            Some(Self(set.0 | 1 << (bit + 1)))
        })
    }

    /// True if no reason is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True if all of `reasons` are in the set.
    pub fn has(self, reasons: Self) -> bool {
        self.0 & reasons.0 == reasons.0
    }

    /// The reasons that are in either set.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The reasons that are in both sets.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The reasons of this set that are not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The names of RFC 5280, in the order of the bits.
    pub fn names(self) -> Vec<&'static str> {
        NAMES.iter().enumerate().filter(|(bit, _)| self.0 & 1 << bit != 0).map(|(_, name)| *name).collect()
    }

    /// Reads a BIT STRING of any tag. Bits that have no meaning are passed over.
    pub(crate) fn from_element(element: &Tlv<'_>) -> Result<Self, Fault> {
        let (octets, _) = element.bit_string()?;
        let octet = |index: usize| octets.get(index).map_or(0, |octet| u16::from(octet.reverse_bits()));
        Ok(Self((octet(0) | octet(1) << 8) & Self::ALL.0))
    }

    /// The names in one line.
    pub(crate) fn fact(self, label: &'static str) -> Fact {
        Fact::text(label, self.names().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlv::{Elements, context};

    #[test]
    fn sets() {
        let read = |content: &[u8]| {
            let element = [&[context(3), content.len() as u8], content].concat();
            ReasonFlags::from_element(&Elements::single(&element, context(3)).unwrap())
        };
        let some = read(&[5, 0x60]).unwrap();
        assert_eq!(some.names(), ["keyCompromise", "cACompromise"]);
        assert_eq!(ReasonFlags::from_names(["cACompromise", "keyCompromise"]), Some(some));
        assert_eq!(ReasonFlags::from_names(["unused"]), None);
        assert_eq!(read(&[7, 0xff, 0xff]).unwrap(), ReasonFlags::ALL);
        assert_eq!(ReasonFlags::ALL.names().len(), 8);
        assert!(read(&[0]).unwrap().is_empty());
        assert!(read(&[]).is_err() && read(&[8, 0]).is_err());
        assert!(ReasonFlags::ALL.has(some) && !some.has(ReasonFlags::ALL));
        assert_eq!(some.union(ReasonFlags::ALL.without(some)), ReasonFlags::ALL);
        assert_eq!(ReasonFlags::ALL.intersection(some), some);
    }
}
