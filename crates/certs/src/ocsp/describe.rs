//! OCSP responses and requests as a person reads them (RFC 6960 sections 4.1 and 4.2).

use super::{BasicResponse, CertId, CertStatus, OcspRequest, OcspResponse, ResponderId, SingleResponse};
use crate::certificate::Certificate;
use crate::describe::{Description, Fact, Section, algorithm_facts, decimal, extension_facts};
use crate::extensions::Extension;

impl OcspResponse {
    /// Every field, every answer, and what is known about the certificates inside.
    pub fn describe(&self) -> Description {
        let mut head = vec![Fact::text("Response status", self.status().name())];
        head.extend(self.other_type().map(|oid| Fact::oid("Response type", oid.clone())));
        let mut description = Description {
            sections: vec![Section { title: "OCSP response", facts: head }],
            extensions: Vec::new(),
        };
        if let Some(basic) = self.basic() {
            description.sections.extend(basic.sections());
            description.extensions.extend(basic.extensions().all.iter().map(Extension::describe));
        }
        description
    }
}

impl BasicResponse {
    fn sections(&self) -> Vec<Section> {
        let section = |title, facts| Section { title, facts };
        let responder = match self.responder() {
            ResponderId::Name(name) => Fact::text("Name", name.to_rfc4514()),
            ResponderId::Key(hash) => Fact::octets("Key hash (SHA-1)", hash.as_slice()),
        };
        let mut sections =
            vec![section("Responder", vec![responder, Fact::time("Produced", self.produced_at())])];
        sections.extend(self.responses().iter().map(|single| section("Certificate status", single.facts())));
        let mut signature = algorithm_facts(&self.signature_algorithm().der);
        signature.push(Fact::octets("Value", self.signature()));
        sections.push(section("Signature", signature));
        let mut certificates = certificate_facts(self.certificates());
        if self.unreadable_certificates() > 0 {
            certificates.push(Fact::number("Unreadable", self.unreadable_certificates()));
        }
        if !certificates.is_empty() {
            sections.push(section("Certificates", certificates));
        }
        sections
    }
}

impl SingleResponse {
    fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        match self.status {
            CertStatus::Good => facts.push(Fact::text("Status", "good")),
            CertStatus::Unknown => facts.push(Fact::text("Status", "unknown")),
            CertStatus::Revoked { at, reason } => {
                facts.extend([Fact::text("Status", "revoked"), Fact::time("Revoked", at)]);
                facts.extend(reason.map(|reason| Fact::text("Reason", reason.name())));
            }
        }
        facts.push(Fact::time("This update", self.this_update));
        facts.extend(self.next_update.map(|time| Fact::time("Next update", time)));
        facts.extend(self.cert_id.facts());
        facts.extend(extension_facts(&self.extensions.all));
        facts
    }
}

impl CertId {
    fn facts(&self) -> Vec<Fact> {
        let mut facts = vec![Fact::octets("Serial number", self.serial.as_slice())];
        facts.extend(decimal(&self.serial).map(|number| Fact::number("Serial number, decimal", number)));
        facts.push(Fact::oid("Hash algorithm", self.hash_algorithm.oid.clone()));
        facts.push(Fact::octets("Issuer name hash", self.issuer_name_hash.as_slice()));
        facts.push(Fact::octets("Issuer key hash", self.issuer_key_hash.as_slice()));
        facts
    }
}

impl OcspRequest {
    /// Every field.
    pub fn describe(&self) -> Description {
        let section = |title, facts| Section { title, facts };
        let requestor = self.requestor.as_ref().map(crate::describe::general_name);
        let head = requestor.into_iter().chain([Fact::number("Certificates", self.certificates.len())]);
        let mut sections = vec![section("OCSP request", head.collect())];
        sections.extend(self.certificates.iter().map(|(cert_id, extensions)| {
            let facts = cert_id.facts().into_iter().chain(extension_facts(&extensions.all));
            section("Certificate", facts.collect())
        }));
        if let Some(signature) = &self.signature {
            let mut facts = algorithm_facts(&signature.algorithm.der);
            facts.push(Fact::octets("Value", signature.octets.as_slice()));
            sections.push(section("Signature", facts));
            sections.push(section("Certificates", certificate_facts(&signature.certificates)));
        }
        Description { sections, extensions: self.extensions.all.iter().map(Extension::describe).collect() }
    }
}

fn certificate_facts(certificates: &[Certificate]) -> Vec<Fact> {
    let fact = |certificate: &Certificate| {
        let facts = vec![
            Fact::text("Subject", certificate.subject().to_rfc4514()),
            Fact::text("Issuer", certificate.issuer().to_rfc4514()),
            Fact::octets("Serial number", certificate.serial()),
            Fact::octets("SHA-256", certificate.fingerprint_sha256()),
        ];
        Fact::facts("Certificate", facts)
    };
    certificates.iter().map(fact).collect()
}
