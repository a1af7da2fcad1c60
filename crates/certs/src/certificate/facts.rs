//! What a viewer or a keystore asks of a certificate.

use core::fmt::Write;

use sha1::Sha1;
use sha2::{Digest, Sha256};

use certwright_keys::verify::VerifyError;

use super::Certificate;
use crate::extensions::{ExtendedKeyUsage, KeyUsage, to_hex};
use crate::san::GeneralName;

impl Certificate {
    /// The serial number in decimal digits; in hexadecimal ones where it is absurdly long.
    pub fn serial_decimal(&self) -> String {
        crate::describe::decimal(self.serial()).unwrap_or_else(|| self.serial_hex())
    }

    /// The serial number as upper-case hexadecimal octets with colons, for example `0A:1B`; a negative one has `-` before its
    /// two's complement.
    pub fn serial_hex(&self) -> String {
        let octets = match self.serial() {
            [0, rest @ ..] if !rest.is_empty() => rest,
            octets => octets,
        };
        let mut out = String::new();
        if self.serial().first().is_some_and(|octet| octet & 0x80 != 0) {
            out.push('-');
        }
        for (index, octet) in octets.iter().enumerate() {
            let colon = if index == 0 { "" } else { ":" };
            // Writing into a String never fails.
            let _ = write!(out, "{colon}{octet:02X}");
        }
        out
    }

    /// True if basic constraints say so; a certificate of version 1 has none and is taken for a CA if it is self-issued, as
    /// old roots are.
    pub fn is_ca(&self) -> bool {
        match &self.extensions().basic_constraints {
            Ok(Some(constraints)) => constraints.ca,
            Ok(None) => self.version() < 3 && self.is_self_issued(),
            Err(_) => false,
        }
    }

    /// True if subject and issuer are the same name, not the empty one.
    pub fn is_self_issued(&self) -> bool {
        !self.subject().is_empty() && self.subject() == self.issuer()
    }

    /// True if the certificate is self-issued (or has neither subject nor issuer) and its signature was made with its own key. Where
    /// the algorithm is too weak or unknown to be checked, the key identifiers decide.
    pub fn is_self_signed(&self) -> bool {
        if self.subject() != self.issuer() {
            return false;
        }
        let Ok(key) = self.public_key() else { return false };
        match self.verify_signature(&key) {
            Ok(()) | Err(VerifyError::RetiredAlgorithm { .. }) => true,
            Err(VerifyError::BadSignature | VerifyError::KeyMismatch) => false,
            Err(_) => match (self.authority_key_identifier(), self.subject_key_identifier()) {
                (Some(authority), Some(subject)) => authority == subject,
                _ => true,
            },
        }
    }

    /// The names of the subject alternative name; empty if it is absent or broken.
    pub fn subject_alternative_names(&self) -> &[GeneralName] {
        match &self.extensions().subject_alternative_name {
            Ok(Some(names)) => &names.0,
            _ => &[],
        }
    }

    /// The key usage; `None` if it is absent or broken.
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.extensions().key_usage.clone().ok().flatten()
    }

    /// The extended key usage; `None` if it is absent or broken.
    pub fn extended_key_usages(&self) -> Option<&ExtendedKeyUsage> {
        self.extensions().extended_key_usage.as_ref().ok().and_then(Option::as_ref)
    }

    /// The octets of the subject key identifier.
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        match &self.extensions().subject_key_identifier {
            Ok(Some(identifier)) => Some(&identifier.0),
            _ => None,
        }
    }

    /// The octets of the authority key identifier's key identifier.
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        match &self.extensions().authority_key_identifier {
            Ok(Some(identifier)) => identifier.key_identifier.as_deref(),
            _ => None,
        }
    }

    /// The subject key identifier as lower-case hexadecimal digits.
    pub fn subject_key_identifier_hex(&self) -> Option<String> {
        self.subject_key_identifier().map(to_hex)
    }

    /// The authority key identifier as lower-case hexadecimal digits.
    pub fn authority_key_identifier_hex(&self) -> Option<String> {
        self.authority_key_identifier().map(to_hex)
    }

    /// Where the issuer's certificate can be had.
    pub fn ca_issuers_urls(&self) -> Vec<String> {
        match &self.extensions().authority_information_access {
            Ok(Some(access)) => access.ca_issuers_urls(),
            _ => Vec::new(),
        }
    }

    /// Where OCSP responders answer.
    pub fn ocsp_urls(&self) -> Vec<String> {
        match &self.extensions().authority_information_access {
            Ok(Some(access)) => access.ocsp_urls(),
            _ => Vec::new(),
        }
    }

    /// Where revocation lists are.
    pub fn crl_urls(&self) -> Vec<String> {
        match self.extensions().crl_distribution_points() {
            Ok(Some(points)) => points.urls(),
            _ => Vec::new(),
        }
    }

    /// SHA-256 of the DER.
    pub fn fingerprint_sha256(&self) -> [u8; 32] {
        Sha256::digest(self.der()).into()
    }

    /// SHA-1 of the DER, which is only a name for it.
    pub fn fingerprint_sha1(&self) -> [u8; 20] {
        Sha1::digest(self.der()).into()
    }

    /// SHA-256 of the SubjectPublicKeyInfo: the pin of RFC 7469, before base64.
    pub fn spki_sha256(&self) -> [u8; 32] {
        Sha256::digest(self.spki_der()).into()
    }

    /// What people call the certificate: the common name, else the first alternative name, else the subject.
    pub fn display_name(&self) -> String {
        self.subject()
            .common_name()
            .filter(|name| !name.trim().is_empty())
            .or_else(|| self.subject_alternative_names().first().map(ToString::to_string))
            .unwrap_or_else(|| self.subject().to_rfc4514())
    }
}
