//! The entries of a revocation list (RFC 5280 sections 5.1.2.6 and 5.3) where they stand in its bytes, and the index over them.

use std::sync::OnceLock;

use crate::extensions::{
    CertificateIssuer, Extension, Extensions, InvalidityDate, KnownExtension, Parsed, ReadExtensionError,
    ReasonCode,
};
use crate::fault::Fault;
use crate::time::parse_time;
use crate::tlv::{self, Elements, Tlv};

/// A revoked certificate.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    serial: &'a [u8],
    revoked_at: i64,
    extensions: Option<Tlv<'a>>,
}

impl<'a> Entry<'a> {
    /// Reads an entry and checks its structure, but for the values of its extensions.
    pub(super) fn parse(element: &Tlv<'a>) -> Result<(Self, bool), Fault> {
        let mut parts = element.elements();
        let serial = parts.expect(tlv::INTEGER)?.content;
        let time = parse_time(&parts.next()?)?;
        let extensions = parts.optional(tlv::SEQUENCE)?;
        parts.finish()?;
        Ok((Self { serial, revoked_at: time.unix, extensions }, time.regular))
    }

    /// The content octets of the serial number, a big-endian two's complement.
    pub fn serial(&self) -> &'a [u8] {
        self.serial
    }

    /// When the authority revoked the certificate, in seconds since 1970.
    pub fn revoked_at(&self) -> i64 {
        self.revoked_at
    }

    /// The extensions of the entry, as they stand in it.
    pub fn extensions(&self) -> Vec<Extension> {
        // The list was read through when the revocation list was read.
        self.extensions.and_then(|list| Extensions::parse_list(&list).ok()).unwrap_or_default()
    }

    /// Why the certificate was revoked.
    ///
    /// # Errors
    /// If the extension is broken.
    pub fn reason(&self) -> Parsed<ReasonCode> {
        self.known()
    }

    /// Since when the certificate is thought to be invalid.
    ///
    /// # Errors
    /// If the extension is broken.
    pub fn invalidity_date(&self) -> Parsed<InvalidityDate> {
        self.known()
    }

    /// The issuer that this entry names for itself and those after it.
    ///
    /// # Errors
    /// If the extension is broken.
    pub fn certificate_issuer(&self) -> Parsed<CertificateIssuer> {
        self.known()
    }

    fn known<T: KnownExtension>(&self) -> Parsed<T> {
        let extensions = self.extensions();
        let value = extensions.iter().find(|extension| extension.oid == T::OID);
        value
            .map(|extension| T::from_value(&extension.value))
            .transpose()
            .map_err(|fault| ReadExtensionError { oid: T::OID.into(), fault })
    }

    /// The types of the extensions with their criticality and values, without copying them.
    pub(super) fn each_extension(&self, mut tell: impl FnMut(&'a [u8], bool, &'a [u8])) -> Result<(), Fault> {
        let Some(list) = self.extensions else { return Ok(()) };
        let mut elements = list.elements();
        while !elements.is_empty() {
            let mut parts = elements.expect(tlv::SEQUENCE)?.elements();
            let oid = parts.expect(tlv::OID)?;
            let critical = match parts.optional(tlv::BOOLEAN)? {
                Some(critical) => critical.boolean()?,
                None => false,
            };
            let value = parts.expect(tlv::OCTET_STRING)?;
            parts.finish()?;
            tell(oid.content, critical, value.content);
        }
        Ok(())
    }

    pub(super) fn has_extensions(&self) -> bool {
        self.extensions.is_some()
    }
}

/// Where the entries are. Offsets of 32 bits are enough for [`super::MAX_SIZE`].
#[derive(Default)]
pub(super) struct Entries {
    /// Where each entry begins.
    pub(super) offsets: Vec<u32>,
    /// Which entries name an issuer.
    pub(super) naming_issuer: Vec<u32>,
    /// The numbers of the entries, by serial number, and by place where that is the same.
    by_serial: OnceLock<Vec<u32>>,
}

impl Entries {
    pub(super) fn len(&self) -> usize {
        self.offsets.len()
    }

    /// An entry by its number.
    pub(super) fn at<'a>(&self, der: &'a [u8], index: usize) -> Option<Entry<'a>> {
        let offset = *self.offsets.get(index)? as usize;
        let element = Elements::new(der.get(offset..)?).next().ok()?;
        Entry::parse(&element).ok().map(|(entry, _)| entry)
    }

    /// The numbers of the entries for a serial number, in the order of the list.
    pub(super) fn with_serial(
        &self,
        der: &[u8],
        serial: &[u8],
    ) -> impl DoubleEndedIterator<Item = usize> + use<'_> {
        let sorted = self.by_serial.get_or_init(|| {
            let mut sorted: Vec<u32> = (0..self.offsets.len() as u32).collect();
            // Stable, so that the order of the list stays where serial numbers are the same.
            sorted.sort_by_cached_key(|index| order(self.serial(der, *index)));
            sorted
        });
        let serial_of = |index: &u32| order(self.serial(der, *index));
        let start = sorted.partition_point(|index| serial_of(index) < order(serial));
        let end = sorted.partition_point(|index| serial_of(index) <= order(serial));
        sorted.get(start..end).unwrap_or_default().iter().map(|index| *index as usize)
    }

    /// The number of the entry that names the issuer for this one: itself or the nearest one before it.
    pub(super) fn naming(&self, index: usize) -> Option<usize> {
        let before = self.naming_issuer.partition_point(|naming| *naming as usize <= index);
        self.naming_issuer.get(before.checked_sub(1)?).map(|naming| *naming as usize)
    }

    /// Only the serial number, as the index asks for it often.
    fn serial<'a>(&self, der: &'a [u8], index: u32) -> &'a [u8] {
        let offset = self.offsets.get(index as usize).map_or(usize::MAX, |offset| *offset as usize);
        let entry = der.get(offset..).and_then(|rest| Elements::new(rest).next().ok());
        let serial = entry.and_then(|entry| entry.elements().next().ok());
        serial.map(|serial| serial.content).unwrap_or_default()
    }
}

/// Any total order will do; short serial numbers compare fastest this way.
fn order(serial: &[u8]) -> (usize, &[u8]) {
    (serial.len(), serial)
}
