//! Takes the structure of an OCSP response apart (RFC 6960 section 4.2.1).

use std::sync::OnceLock;

use super::{
    BasicResponse, Body, CertId, CertStatus, Inner, MAX_SIZE, ReadOcspError, ResponderId, ResponseStatus,
    SingleResponse,
};
use crate::certificate::Certificate;
use crate::certificate::reading::{parse_algorithm, parse_signature, range};
use crate::extensions::{Extensions, ReasonCode};
use crate::fault::{Fault, Problem};
use crate::name::Name;
use crate::oid::{self, Oid};
use crate::time::parse_time;
use crate::tlv::{self, Elements, Tlv, context, context_constructed};

pub(super) fn parse(der: &[u8]) -> Result<Inner, ReadOcspError> {
    check_size(der)?;
    let mut fields = Elements::single(der, tlv::SEQUENCE).map_err(within("OCSPResponse"))?.elements();
    let status = parse_status(&mut fields).map_err(within("responseStatus"))?;
    let bytes = fields.optional(context_constructed(0)).map_err(within("responseBytes"))?;
    fields.finish().map_err(within("OCSPResponse"))?;
    let body = bytes.map_or(Ok(Body::None), |bytes| parse_body(&bytes))?;
    Ok(Inner { der: der.to_vec(), status, body })
}

pub(super) fn check_size(der: &[u8]) -> Result<(), ReadOcspError> {
    match der.len() {
        0 => Err(ReadOcspError::Empty),
        size if size > MAX_SIZE => Err(ReadOcspError::TooLarge { size }),
        _ => Ok(()),
    }
}

pub(super) fn within(field: &'static str) -> impl Fn(Fault) -> ReadOcspError {
    move |fault| ReadOcspError::Malformed { field, fault }
}

fn parse_status(fields: &mut Elements<'_>) -> Result<ResponseStatus, Fault> {
    Ok(match fields.expect(tlv::ENUMERATED)?.small_integer()? {
        0 => ResponseStatus::Successful,
        1 => ResponseStatus::MalformedRequest,
        2 => ResponseStatus::InternalError,
        3 => ResponseStatus::TryLater,
        5 => ResponseStatus::SignatureRequired,
        6 => ResponseStatus::Unauthorized,
        number => ResponseStatus::Other(number),
    })
}

/// `ResponseBytes ::= SEQUENCE { responseType OBJECT IDENTIFIER, response OCTET STRING }` in an explicit tag.
fn parse_body(wrapper: &Tlv<'_>) -> Result<Body, ReadOcspError> {
    let parts = || -> Result<(Oid, &[u8]), Fault> {
        let mut parts = unwrapped(wrapper, tlv::SEQUENCE)?.elements();
        let kind = parts.expect(tlv::OID)?;
        let response = parts.expect(tlv::OCTET_STRING)?;
        parts.finish()?;
        Ok((Oid::from_der_content(kind.content).ok_or(kind.fault(Problem::BadOid))?, response.content))
    };
    let (kind, response) = parts().map_err(within("responseBytes"))?;
    if kind == oid::OCSP_BASIC {
        Ok(Body::Basic(Box::new(parse_basic(response)?)))
    } else {
        Ok(Body::Other(kind))
    }
}

fn parse_basic(der: &[u8]) -> Result<BasicResponse, ReadOcspError> {
    let whole = Elements::single(der, tlv::SEQUENCE).map_err(within("BasicOCSPResponse"))?;
    let mut parts = whole.elements();
    let tbs = parts.expect(tlv::SEQUENCE).map_err(within("tbsResponseData"))?;
    let signature_algorithm = parse_algorithm(&mut parts).map_err(within("signatureAlgorithm"))?;
    let (signature, unused_signature_bits) = parse_signature(&mut parts).map_err(within("signature"))?;
    let certs = parts.optional(context_constructed(0)).map_err(within("certs"))?;
    let (certificates, unreadable_certificates) =
        certs.map_or(Ok((Vec::new(), 0)), |certs| parse_certificates(&certs)).map_err(within("certs"))?;
    parts.finish().map_err(within("BasicOCSPResponse"))?;

    let mut fields = tbs.elements();
    parse_version(&mut fields).map_err(within("version"))?;
    let responder = parse_responder(&mut fields).map_err(within("responderID"))?;
    let produced_at = parse_general_time(&mut fields).map_err(within("producedAt"))?;
    let responses = parse_responses(&mut fields).map_err(within("responses"))?;
    let extensions = parse_extensions(&mut fields, 1).map_err(within("responseExtensions"))?;
    fields.finish().map_err(within("tbsResponseData"))?;
    Ok(BasicResponse {
        tbs: range(&tbs),
        der: der.to_vec(),
        responder,
        produced_at,
        responses,
        extensions,
        signature_algorithm,
        signature,
        unused_signature_bits,
        certificates,
        unreadable_certificates,
        verified: OnceLock::new(),
    })
}

/// The only element inside an explicit tag.
fn unwrapped<'a>(wrapper: &Tlv<'a>, tag: u8) -> Result<Tlv<'a>, Fault> {
    let mut inside = wrapper.elements();
    let element = inside.expect(tag)?;
    inside.finish()?;
    Ok(element)
}

/// `version [0] EXPLICIT Version DEFAULT v1`, and there is no other.
pub(super) fn parse_version(fields: &mut Elements<'_>) -> Result<(), Fault> {
    let Some(wrapper) = fields.optional(context_constructed(0))? else { return Ok(()) };
    let version = unwrapped(&wrapper, tlv::INTEGER)?;
    if version.small_integer()? == 0 { Ok(()) } else { Err(version.fault(Problem::BadVersion)) }
}

fn parse_responder(fields: &mut Elements<'_>) -> Result<ResponderId, Fault> {
    match fields.optional(context_constructed(1))? {
        Some(wrapper) => Ok(ResponderId::Name(Name::from_element(&unwrapped(&wrapper, tlv::SEQUENCE)?)?)),
        None => {
            let wrapper = fields.expect(context_constructed(2))?;
            Ok(ResponderId::Key(unwrapped(&wrapper, tlv::OCTET_STRING)?.content.to_vec()))
        }
    }
}

fn parse_general_time(fields: &mut Elements<'_>) -> Result<i64, Fault> {
    Ok(parse_time(&fields.expect(tlv::GENERALIZED_TIME)?)?.unix)
}

fn parse_responses(fields: &mut Elements<'_>) -> Result<Vec<SingleResponse>, Fault> {
    let mut elements = fields.expect(tlv::SEQUENCE)?.elements();
    let mut responses = Vec::new();
    while !elements.is_empty() {
        let mut parts = elements.expect(tlv::SEQUENCE)?.elements();
        let cert_id = CertId::from_element(&parts.expect(tlv::SEQUENCE)?)?;
        let status = parse_cert_status(&parts.next()?)?;
        let this_update = parse_general_time(&mut parts)?;
        let next_update = parts
            .optional(context_constructed(0))?
            .map(|wrapper| parse_time(&unwrapped(&wrapper, tlv::GENERALIZED_TIME)?))
            .transpose()?;
        let extensions = parse_extensions(&mut parts, 1)?;
        parts.finish()?;
        let next_update = next_update.map(|time| time.unix);
        responses.push(SingleResponse { cert_id, status, this_update, next_update, extensions });
    }
    Ok(responses)
}

fn parse_cert_status(element: &Tlv<'_>) -> Result<CertStatus, Fault> {
    const GOOD: u8 = context(0);
    const REVOKED: u8 = context_constructed(1);
    const UNKNOWN: u8 = context(2);
    match element.tag {
        GOOD => Ok(CertStatus::Good),
        UNKNOWN => Ok(CertStatus::Unknown),
        REVOKED => {
            let mut parts = element.elements();
            let at = parse_general_time(&mut parts)?;
            let reason = parts
                .optional(context_constructed(0))?
                .map(|wrapper| ReasonCode::from_element(&unwrapped(&wrapper, tlv::ENUMERATED)?))
                .transpose()?;
            parts.finish()?;
            Ok(CertStatus::Revoked { at, reason })
        }
        found => Err(element.fault(Problem::UnexpectedTag { found, wanted: GOOD })),
    }
}

pub(super) fn parse_extensions(fields: &mut Elements<'_>, number: u8) -> Result<Extensions, Fault> {
    let list = match fields.optional(context_constructed(number))? {
        Some(wrapper) => Extensions::parse_list(&unwrapped(&wrapper, tlv::SEQUENCE)?)?,
        None => Vec::new(),
    };
    Ok(Extensions::new(list))
}

/// The certificates that can be read, and how many others there are.
pub(super) fn parse_certificates(wrapper: &Tlv<'_>) -> Result<(Vec<Certificate>, usize), Fault> {
    let mut list = unwrapped(wrapper, tlv::SEQUENCE)?.elements();
    let (mut certificates, mut unreadable) = (Vec::new(), 0);
    while !list.is_empty() {
        match Certificate::from_der(list.next()?.whole) {
            Ok(certificate) => certificates.push(certificate),
            Err(_) => unreadable += 1,
        }
    }
    Ok((certificates, unreadable))
}
