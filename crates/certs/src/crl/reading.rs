//! Takes the structure of a revocation list apart (RFC 5280 section 5.1).

use std::sync::OnceLock;

use const_oid::ObjectIdentifier;

use super::entries::{Entries, Entry};
use super::{Inner, Irregularity, MAX_SIZE, ReadCrlError};
use crate::certificate::reading::{parse_algorithm, parse_signature, range};
use crate::extensions::{
    CrlNumber, Extension, Extensions, IssuingDistributionPoint, KnownExtension, Parsed, ReasonCode,
};
use crate::fault::{Fault, Problem};
use crate::name::Name;
use crate::oid::{self, Oid};
use crate::time::{Time, parse_time};
use crate::tlv::{self, Elements, Tlv, context_constructed};

/// The extensions of a list that are understood, so that they may be critical.
const KNOWN: &[ObjectIdentifier] = &[
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::ISSUER_ALTERNATIVE_NAME,
    oid::CRL_NUMBER,
    oid::DELTA_CRL_INDICATOR,
    oid::ISSUING_DISTRIBUTION_POINT,
    oid::FRESHEST_CRL,
    oid::AUTHORITY_INFORMATION_ACCESS,
];

/// The same for entries.
const KNOWN_OF_ENTRIES: &[ObjectIdentifier] =
    &[oid::REASON_CODE, oid::INVALIDITY_DATE, oid::CERTIFICATE_ISSUER];

pub(super) fn parse(der: &[u8]) -> Result<Inner, ReadCrlError> {
    if der.is_empty() {
        return Err(ReadCrlError::Empty);
    }
    if der.len() > MAX_SIZE {
        return Err(ReadCrlError::TooLarge { size: der.len() });
    }
    let list = Elements::single(der, tlv::SEQUENCE).map_err(within("CertificateList"))?;
    let mut parts = list.elements();
    let tbs = parts.expect(tlv::SEQUENCE).map_err(within("tbsCertList"))?;
    let signature_algorithm = parse_algorithm(&mut parts).map_err(within("signatureAlgorithm"))?;
    let (signature, unused_bits) = parse_signature(&mut parts).map_err(within("signatureValue"))?;
    parts.finish().map_err(within("CertificateList"))?;

    let mut irregularities = Vec::new();
    let mut fields = tbs.elements();
    let version = parse_version(&mut fields).map_err(within("version"))?;
    let inner_algorithm = parse_algorithm(&mut fields).map_err(within("signature"))?;
    let issuer =
        fields.expect(tlv::SEQUENCE).and_then(|name| Name::from_element(&name)).map_err(within("issuer"))?;
    let this_update = fields.next().and_then(|time| parse_time(&time)).map_err(within("thisUpdate"))?;
    let next_update = parse_next_update(&mut fields).map_err(within("nextUpdate"))?;
    let revoked = fields.optional(tlv::SEQUENCE).map_err(within("revokedCertificates"))?;
    let (entries, found) = parse_entries(revoked.as_ref()).map_err(within("revokedCertificates"))?;
    let extensions = parse_extensions(&mut fields).map_err(within("crlExtensions"))?;
    fields.finish().map_err(within("tbsCertList"))?;

    if unused_bits {
        irregularities.push(Irregularity::UnusedSignatureBits);
    }
    if inner_algorithm.der != signature_algorithm.der {
        irregularities.push(Irregularity::SignatureAlgorithmMismatch {
            inside: inner_algorithm.oid,
            outside: signature_algorithm.oid.clone(),
        });
    }
    if issuer.is_empty() {
        irregularities.push(Irregularity::IssuerEmpty);
    }
    if !this_update.regular || next_update.is_some_and(|time| !time.regular) || !found.times_regular {
        irregularities.push(Irregularity::TimeForm);
    }
    match next_update {
        None => irregularities.push(Irregularity::NextUpdateMissing),
        Some(next) if next.unix < this_update.unix => irregularities.push(Irregularity::UpdatesReversed),
        Some(_) => {}
    }
    if revoked.is_some() && entries.len() == 0 {
        irregularities.push(Irregularity::NoEntries);
    }
    if version == 1 && (extensions.is_some() || found.has_extensions) {
        irregularities.push(Irregularity::ExtensionsInVersion1);
    }
    if extensions.as_ref().is_some_and(Vec::is_empty) {
        irregularities.push(Irregularity::NoExtensions);
    }
    let extensions = Extensions::new(extensions.unwrap_or_default());
    irregularities
        .extend(extensions.duplicates().into_iter().map(|oid| Irregularity::DuplicateExtension { oid }));
    irregularities.extend(criticality(&extensions.all));
    let crl_number: Parsed<CrlNumber> = extensions.get();
    match &crl_number {
        Ok(Some(number)) if number.magnitude().len() > CrlNumber::MAX_OCTETS => {
            irregularities.push(Irregularity::CrlNumberTooLong);
        }
        Ok(None) if version > 1 => irregularities.push(Irregularity::CrlNumberMissing),
        _ => {}
    }
    if version > 1 && extensions.authority_key_identifier == Ok(None) {
        irregularities.push(Irregularity::AuthorityKeyIdentifierMissing);
    }
    let delta_crl_indicator = extensions.get();
    let issuing_distribution_point: Parsed<IssuingDistributionPoint> = extensions.get();
    let indirect = matches!(&issuing_distribution_point, Ok(Some(point)) if point.indirect_crl);
    if found.removes && delta_crl_indicator == Ok(None) {
        irregularities.push(Irregularity::RemovedInCompleteList);
    }
    if !entries.naming_issuer.is_empty() && !indirect {
        irregularities.push(Irregularity::CertificateIssuerInDirectList);
    }
    irregularities.extend(found.irregularities);

    Ok(Inner {
        tbs: range(&tbs),
        signature,
        der: der.to_vec(),
        version,
        issuer,
        this_update,
        next_update,
        entries,
        extensions,
        crl_number,
        delta_crl_indicator,
        issuing_distribution_point,
        signature_algorithm,
        irregularities,
        verified: OnceLock::new(),
    })
}

fn within(field: &'static str) -> impl Fn(Fault) -> ReadCrlError {
    move |fault| ReadCrlError::Malformed { field, fault }
}

/// `version Version OPTIONAL -- if present, MUST be v2`
fn parse_version(fields: &mut Elements<'_>) -> Result<u8, Fault> {
    let Some(version) = fields.optional(tlv::INTEGER)? else { return Ok(1) };
    match version.small_integer()? {
        1 => Ok(2),
        _ => Err(version.fault(Problem::BadVersion)),
    }
}

fn parse_next_update(fields: &mut Elements<'_>) -> Result<Option<Time>, Fault> {
    let time = match fields.optional(tlv::UTC_TIME)? {
        Some(time) => Some(time),
        None => fields.optional(tlv::GENERALIZED_TIME)?,
    };
    time.map(|time| parse_time(&time)).transpose()
}

/// What all entries together are.
struct Found {
    times_regular: bool,
    has_extensions: bool,
    removes: bool,
    irregularities: Vec<Irregularity>,
}

fn parse_entries(list: Option<&Tlv<'_>>) -> Result<(Entries, Found), Fault> {
    let mut entries = Entries::default();
    let mut found =
        Found { times_regular: true, has_extensions: false, removes: false, irregularities: Vec::new() };
    let Some(list) = list else { return Ok((entries, found)) };
    let mut elements = list.elements();
    while !elements.is_empty() {
        let element = elements.expect(tlv::SEQUENCE)?;
        let index = entries.offsets.len() as u32;
        entries.offsets.push(element.offset as u32);
        let (entry, regular) = Entry::parse(&element)?;
        found.times_regular &= regular;
        found.has_extensions |= entry.has_extensions();
        entry.each_extension(|oid, critical, value| {
            let is = |known: ObjectIdentifier| oid == known.as_bytes();
            if is(oid::CERTIFICATE_ISSUER) && entries.naming_issuer.last() != Some(&index) {
                entries.naming_issuer.push(index);
            }
            found.removes |=
                is(oid::REASON_CODE) && ReasonCode::from_value(value) == Ok(ReasonCode::RemoveFromCrl);
            note_criticality(oid, critical, &mut found.irregularities);
        })?;
    }
    Ok((entries, found))
}

/// Each of them once, so that a long list does not make a long list of remarks.
fn note_criticality(content: &[u8], critical: bool, irregularities: &mut Vec<Irregularity>) {
    const MOST: usize = 16;
    let is = |known: &ObjectIdentifier| content == known.as_bytes();
    if critical != is(&oid::CERTIFICATE_ISSUER) && irregularities.len() < MOST {
        let Some(oid) = Oid::from_der_content(content) else { return };
        let irregularity = if !critical {
            if !is(&oid::CERTIFICATE_ISSUER) {
                return;
            }
            Irregularity::MustBeCritical { oid }
        } else if KNOWN_OF_ENTRIES.iter().any(is) {
            Irregularity::MustNotBeCritical { oid }
        } else {
            Irregularity::UnknownCriticalEntryExtension { oid }
        };
        if !irregularities.contains(&irregularity) {
            irregularities.push(irregularity);
        }
    }
}

fn criticality(all: &[Extension]) -> impl Iterator<Item = Irregularity> {
    all.iter().filter_map(|extension| {
        let oid = extension.oid.clone();
        let must = oid == oid::DELTA_CRL_INDICATOR || oid == oid::ISSUING_DISTRIBUTION_POINT;
        match extension.critical {
            false if must => Some(Irregularity::MustBeCritical { oid }),
            true if !KNOWN.iter().any(|known| oid == *known) => {
                Some(Irregularity::UnknownCriticalExtension { oid })
            }
            true if !must => Some(Irregularity::MustNotBeCritical { oid }),
            _ => None,
        }
    })
}

fn parse_extensions(fields: &mut Elements<'_>) -> Result<Option<Vec<Extension>>, Fault> {
    let Some(wrapper) = fields.optional(context_constructed(0))? else { return Ok(None) };
    let mut inside = wrapper.elements();
    let list = inside.expect(tlv::SEQUENCE)?;
    inside.finish()?;
    Extensions::parse_list(&list).map(Some)
}
