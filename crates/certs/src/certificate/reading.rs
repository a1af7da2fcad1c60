//! Takes the structure of a certificate apart (RFC 5280 section 4.1).

use core::ops::Range;

use certwright_keys::PublicKey;
use certwright_keys::verify::{Lenience, VerifyError, verify_leniently};
use der::Decode;
use spki::AlgorithmIdentifierRef;

use super::{Inner, Irregularity, MAX_SIZE, ReadCertificateError, SignatureAlgorithm};
use crate::extensions::Extensions;
use crate::fault::{Fault, Problem};
use crate::name::Name;
use crate::oid::Oid;
use crate::time::{Time, parse_time};
use crate::tlv::{self, Elements, Tlv, context, context_constructed};

pub(super) fn parse(der: &[u8]) -> Result<Inner, ReadCertificateError> {
    if der.is_empty() {
        return Err(ReadCertificateError::Empty);
    }
    if der.len() > MAX_SIZE {
        return Err(ReadCertificateError::TooLarge { size: der.len() });
    }
    let certificate = Elements::single(der, tlv::SEQUENCE).map_err(within("Certificate"))?;
    let mut parts = certificate.elements();
    let tbs = parts.expect(tlv::SEQUENCE).map_err(within("tbsCertificate"))?;
    let signature_algorithm = parse_algorithm(&mut parts).map_err(within("signatureAlgorithm"))?;
    let (signature, unused_bits) = parse_signature(&mut parts).map_err(within("signatureValue"))?;
    parts.finish().map_err(within("Certificate"))?;

    let mut irregularities = Vec::new();
    let mut fields = tbs.elements();
    let version = parse_version(&mut fields).map_err(within("version"))?;
    let serial = fields.expect(tlv::INTEGER).map_err(within("serialNumber"))?.content.to_vec();
    irregularities.extend(serial_irregularity(&serial));
    let inner_algorithm = parse_algorithm(&mut fields).map_err(within("signature"))?;
    let issuer = parse_name(&mut fields).map_err(within("issuer"))?;
    let (not_before, not_after) = parse_validity(&mut fields).map_err(within("validity"))?;
    let subject = parse_name(&mut fields).map_err(within("subject"))?;
    let spki = fields.expect(tlv::SEQUENCE).map_err(within("subjectPublicKeyInfo"))?;
    let issuer_id = fields.optional(context(1)).map_err(within("issuerUniqueID"))?;
    let subject_id = fields.optional(context(2)).map_err(within("subjectUniqueID"))?;
    let extensions = parse_extensions(&mut fields).map_err(within("extensions"))?;
    fields.finish().map_err(within("tbsCertificate"))?;

    if unused_bits {
        irregularities.push(Irregularity::UnusedSignatureBits);
    }
    if inner_algorithm.der != signature_algorithm.der {
        irregularities.push(Irregularity::SignatureAlgorithmMismatch {
            inside: inner_algorithm.oid,
            outside: signature_algorithm.oid.clone(),
        });
    }
    if !not_before.regular || !not_after.regular {
        irregularities.push(Irregularity::TimeForm);
    }
    if not_after.unix < not_before.unix {
        irregularities.push(Irregularity::ValidityReversed);
    }
    if version == 1 && (issuer_id.is_some() || subject_id.is_some()) {
        irregularities.push(Irregularity::UniqueIdentifiersInVersion1);
    }
    if extensions.is_some() && version < 3 {
        irregularities.push(Irregularity::ExtensionsBeforeVersion3 { version });
    }
    if extensions.as_ref().is_some_and(Vec::is_empty) {
        irregularities.push(Irregularity::NoExtensions);
    }
    let extensions = Extensions::new(extensions.unwrap_or_default());
    irregularities
        .extend(extensions.duplicates().into_iter().map(|oid| Irregularity::DuplicateExtension { oid }));

    Ok(Inner {
        tbs: range(&tbs),
        spki: range(&spki),
        signature,
        der: der.to_vec(),
        version,
        serial,
        issuer,
        not_before,
        not_after,
        subject,
        extensions,
        signature_algorithm,
        irregularities,
        public_key: std::sync::OnceLock::new(),
        verified_by: std::sync::OnceLock::new(),
    })
}

fn within(field: &'static str) -> impl Fn(Fault) -> ReadCertificateError {
    move |fault| ReadCertificateError::Malformed { field, fault }
}

pub(crate) fn range(element: &Tlv<'_>) -> Range<usize> {
    element.offset..element.offset + element.whole.len()
}

/// `version [0] EXPLICIT INTEGER DEFAULT v1`
fn parse_version(fields: &mut Elements<'_>) -> Result<u8, Fault> {
    let Some(wrapper) = fields.optional(context_constructed(0))? else { return Ok(1) };
    let mut inside = wrapper.elements();
    let version = inside.expect(tlv::INTEGER)?;
    inside.finish()?;
    match version.small_integer()? {
        number @ 0..=2 => Ok(number as u8 + 1),
        _ => Err(version.fault(Problem::BadVersion)),
    }
}

fn serial_irregularity(serial: &[u8]) -> Option<Irregularity> {
    let significant = serial.iter().skip_while(|octet| **octet == 0).count();
    let minimal = match serial {
        [] => false,
        [0, next, ..] => next & 0x80 != 0,
        [0xff, next, ..] => next & 0x80 == 0,
        _ => true,
    };
    if !minimal {
        Some(Irregularity::SerialNotMinimal)
    } else if significant == 0 || serial.first().is_some_and(|octet| octet & 0x80 != 0) {
        Some(Irregularity::SerialNotPositive)
    } else if serial.len() > 20 {
        Some(Irregularity::SerialTooLong { octets: serial.len() })
    } else {
        None
    }
}

fn parse_name(fields: &mut Elements<'_>) -> Result<Name, Fault> {
    Name::from_element(&fields.expect(tlv::SEQUENCE)?)
}

fn parse_validity(fields: &mut Elements<'_>) -> Result<(Time, Time), Fault> {
    let mut times = fields.expect(tlv::SEQUENCE)?.elements();
    let not_before = parse_time(&times.next()?)?;
    let not_after = parse_time(&times.next()?)?;
    times.finish()?;
    Ok((not_before, not_after))
}

fn parse_extensions(fields: &mut Elements<'_>) -> Result<Option<Vec<crate::extensions::Extension>>, Fault> {
    let Some(wrapper) = fields.optional(context_constructed(3))? else { return Ok(None) };
    let mut inside = wrapper.elements();
    let list = inside.expect(tlv::SEQUENCE)?;
    inside.finish()?;
    Extensions::parse_list(&list).map(Some)
}

pub(crate) fn parse_algorithm(parts: &mut Elements<'_>) -> Result<SignatureAlgorithm, Fault> {
    let identifier = parts.expect(tlv::SEQUENCE)?;
    let mut inside = identifier.elements();
    let oid = inside.expect(tlv::OID)?;
    if !inside.is_empty() {
        inside.next()?;
    }
    inside.finish()?;
    let oid = Oid::from_der_content(oid.content).ok_or(oid.fault(Problem::BadOid))?;
    Ok(SignatureAlgorithm { oid, der: identifier.whole.to_vec() })
}

/// The place of the octets of the BIT STRING, and whether bits of it are unused, which no signature algorithm knows.
pub(crate) fn parse_signature(parts: &mut Elements<'_>) -> Result<(Range<usize>, bool), Fault> {
    let signature = parts.expect(tlv::BIT_STRING)?;
    let (_, unused) = signature.bit_string()?;
    Ok((signature.content_offset() + 1..signature.offset + signature.whole.len(), unused != 0))
}

pub(crate) fn verify(
    key: &PublicKey,
    algorithm: &SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
    lenience: Lenience,
) -> Result<(), VerifyError> {
    let unsupported = |_| VerifyError::UnsupportedAlgorithm { oid: algorithm.oid.to_string() };
    let identifier = AlgorithmIdentifierRef::from_der(&algorithm.der).map_err(unsupported)?;
    verify_leniently(key, identifier, message, signature, lenience)
}
