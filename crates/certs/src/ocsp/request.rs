//! OCSP requests (RFC 6960 section 4.1): read to be looked at, never made or answered.

use super::reading::{check_size, parse_certificates, parse_extensions, parse_version, within};
use super::{CertId, ReadOcspError};
use crate::certificate::reading::{parse_algorithm, parse_signature};
use crate::certificate::{Certificate, SignatureAlgorithm};
use crate::extensions::Extensions;
use crate::fault::Fault;
use crate::san::GeneralName;
use crate::tlv::{self, Elements, Tlv, context_constructed};

/// What is asked of a responder.
#[derive(Clone, Debug)]
pub struct OcspRequest {
    /// Who asks.
    pub requestor: Option<GeneralName>,
    /// The certificates whose status is asked, each with the extensions of that question.
    pub certificates: Vec<(CertId, Extensions)>,
    /// The extensions of the request, for example a nonce.
    pub extensions: Extensions,
    /// How it is signed, if it is.
    pub signature: Option<RequestSignature>,
}

/// The signature of a request, which is not checked.
#[derive(Clone, Debug)]
pub struct RequestSignature {
    /// The algorithm.
    pub algorithm: SignatureAlgorithm,
    /// The octets.
    pub octets: Vec<u8>,
    /// Certificates that help to check it; those that cannot be read are left out.
    pub certificates: Vec<Certificate>,
}

impl OcspRequest {
    /// Reads one DER request that makes up all of `der`.
    ///
    /// # Errors
    /// Where the structure breaks.
    pub fn from_der(der: &[u8]) -> Result<Self, ReadOcspError> {
        check_size(der)?;
        let mut parts = Elements::single(der, tlv::SEQUENCE).map_err(within("OCSPRequest"))?.elements();
        let mut fields = parts.expect(tlv::SEQUENCE).map_err(within("tbsRequest"))?.elements();
        let signature = parts.optional(context_constructed(0)).map_err(within("optionalSignature"))?;
        parts.finish().map_err(within("OCSPRequest"))?;
        let signature = signature
            .map(|signature| parse_request_signature(der, &signature))
            .transpose()
            .map_err(within("optionalSignature"))?;

        parse_version(&mut fields).map_err(within("version"))?;
        let requestor = parse_requestor(&mut fields).map_err(within("requestorName"))?;
        let certificates = parse_list(&mut fields).map_err(within("requestList"))?;
        let extensions = parse_extensions(&mut fields, 2).map_err(within("requestExtensions"))?;
        fields.finish().map_err(within("tbsRequest"))?;
        Ok(Self { requestor, certificates, extensions, signature })
    }
}

fn parse_requestor(fields: &mut Elements<'_>) -> Result<Option<GeneralName>, Fault> {
    let Some(wrapper) = fields.optional(context_constructed(1))? else { return Ok(None) };
    let mut inside = wrapper.elements();
    let name = GeneralName::from_element(&inside.next()?)?;
    inside.finish()?;
    Ok(Some(name))
}

fn parse_list(fields: &mut Elements<'_>) -> Result<Vec<(CertId, Extensions)>, Fault> {
    let mut list = fields.expect(tlv::SEQUENCE)?.elements();
    let mut certificates = Vec::new();
    while !list.is_empty() {
        let mut parts = list.expect(tlv::SEQUENCE)?.elements();
        let cert_id = CertId::from_element(&parts.expect(tlv::SEQUENCE)?)?;
        let extensions = parse_extensions(&mut parts, 0)?;
        parts.finish()?;
        certificates.push((cert_id, extensions));
    }
    Ok(certificates)
}

fn parse_request_signature(der: &[u8], wrapper: &Tlv<'_>) -> Result<RequestSignature, Fault> {
    let mut inside = wrapper.elements();
    let mut parts = inside.expect(tlv::SEQUENCE)?.elements();
    inside.finish()?;
    let algorithm = parse_algorithm(&mut parts)?;
    let (octets, _) = parse_signature(&mut parts)?;
    let certificates = match parts.optional(context_constructed(0))? {
        Some(certs) => parse_certificates(&certs)?.0,
        None => Vec::new(),
    };
    parts.finish()?;
    Ok(RequestSignature { algorithm, octets: der.get(octets).unwrap_or_default().to_vec(), certificates })
}
