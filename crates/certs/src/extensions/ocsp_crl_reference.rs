//! OCSP CRL reference (RFC 6960 section 4.4.2): the revocation list on which the certificate stands.

use const_oid::ObjectIdentifier;

use super::{CrlNumber, DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::oid;
use crate::san::GeneralName;
use crate::time::parse_time;
use crate::tlv::{self, Elements, Tlv, context, context_constructed};
use certwright_language::{mark, t};

/// What is said about the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OcspCrlReference {
    /// Where it is.
    pub url: Option<GeneralName>,
    /// Its number.
    pub number: Option<CrlNumber>,
    /// When it was made, in seconds since 1970.
    pub time: Option<i64>,
}

impl KnownExtension for OcspCrlReference {
    const OID: ObjectIdentifier = oid::OCSP_CRL_REFERENCE;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let mut parts = Elements::single(value, tlv::SEQUENCE)?.elements();
        let url = field(&mut parts, 0, tlv::IA5_STRING)?.map(|text| {
            // A URI of a GeneralName has the same content.
            GeneralName::from_element(&Tlv { tag: context(6), ..text })
        });
        let number = field(&mut parts, 1, tlv::INTEGER)?.map(|number| CrlNumber::from_value(number.whole));
        let time = field(&mut parts, 2, tlv::GENERALIZED_TIME)?.map(|time| parse_time(&time));
        parts.finish()?;
        Ok(Self {
            url: url.transpose()?,
            number: number.transpose()?,
            time: time.transpose()?.map(|time| time.unix),
        })
    }
}

fn field<'a>(parts: &mut Elements<'a>, number: u8, tag: u8) -> Result<Option<Tlv<'a>>, Fault> {
    let Some(wrapper) = parts.optional(context_constructed(number))? else { return Ok(None) };
    let mut inside = wrapper.elements();
    let element = inside.expect(tag)?;
    inside.finish()?;
    Ok(Some(element))
}

impl DescribedExtension for OcspCrlReference {
    const NAME: &'static str = mark!("OCSP CRL reference");
    const SOURCE: &'static str = "RFC 6960 section 4.4.2";

    fn facts(&self) -> Vec<Fact> {
        let url = self.url.as_ref().map(crate::describe::general_name);
        let number = self.number.as_ref().map(|number| Fact::number(t!("CRL number"), number.to_decimal()));
        let time = self.time.map(|time| Fact::time(t!("Made"), time));
        url.into_iter().chain(number).chain(time).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field() {
        let fields = [
            tlv::to_element(0xa0, &tlv::to_element(tlv::IA5_STRING, b"http://lists.example/a")),
            tlv::to_element(0xa1, &[2, 1, 9]),
            tlv::to_element(0xa2, &tlv::to_element(tlv::GENERALIZED_TIME, b"20240229120000Z")),
        ];
        let read = OcspCrlReference::from_value(&tlv::to_element(tlv::SEQUENCE, &fields.concat())).unwrap();
        assert_eq!(read.url, Some(GeneralName::Uri("http://lists.example/a".into())));
        assert_eq!((read.number.clone().unwrap().magnitude(), read.time), (&[9][..], Some(1_709_208_000)));
        assert_eq!(read.facts().len(), 3);
        assert!(OcspCrlReference::from_value(&[0x30, 0]).unwrap().facts().is_empty());
        assert!(OcspCrlReference::from_value(&[0x30, 2, 0xa1, 0]).is_err());
        assert!(OcspCrlReference::from_value(&[0x30, 2, 0xa3, 0]).is_err());
    }
}
