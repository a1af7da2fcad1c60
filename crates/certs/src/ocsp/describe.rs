//! OCSP responses and requests as a person reads them (RFC 6960 sections 4.1 and 4.2).

use super::{BasicResponse, CertId, CertStatus, OcspRequest, OcspResponse, ResponderId, SingleResponse};
use crate::certificate::Certificate;
use crate::describe::{Description, Fact, Section, algorithm_facts, decimal, extension_facts};
use crate::extensions::Extension;
use certwright_language::{mark, t};

impl OcspResponse {
    /// Every field, every answer, and what is known about the certificates inside.
    pub fn describe(&self) -> Description {
        let mut head = vec![Fact::text(t!("Response status"), self.status().name())];
        head.extend(self.other_type().map(|oid| Fact::oid(t!("Response type"), oid.clone())));
        let mut description = Description {
            sections: vec![Section { title: mark!("OCSP response"), facts: head }],
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
            ResponderId::Name(name) => Fact::text(t!("Name"), name.to_rfc4514()),
            ResponderId::Key(hash) => Fact::octets(t!("Key hash (SHA-1)"), hash.as_slice()),
        };
        let mut sections = vec![section(
            mark!("Responder"),
            vec![responder, Fact::time(t!("Produced"), self.produced_at())],
        )];
        sections.extend(
            self.responses().iter().map(|single| section(mark!("Certificate status"), single.facts())),
        );
        let mut signature = algorithm_facts(&self.signature_algorithm().der);
        signature.push(Fact::octets(t!("Value"), self.signature()));
        sections.push(section(mark!("Signature"), signature));
        let mut certificates = certificate_facts(self.certificates());
        if self.unreadable_certificates() > 0 {
            certificates.push(Fact::number(t!("Unreadable"), self.unreadable_certificates()));
        }
        if !certificates.is_empty() {
            sections.push(section(mark!("Certificates"), certificates));
        }
        sections
    }
}

impl SingleResponse {
    fn facts(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        match self.status {
            CertStatus::Good => facts.push(Fact::text(t!("Status"), t!("good"))),
            CertStatus::Unknown => facts.push(Fact::text(t!("Status"), t!("unknown"))),
            CertStatus::Revoked { at, reason } => {
                facts.extend([Fact::text(t!("Status"), t!("revoked")), Fact::time(t!("Revoked"), at)]);
                facts.extend(reason.map(|reason| Fact::text(t!("Reason"), reason.name())));
            }
        }
        facts.push(Fact::time(t!("This update"), self.this_update));
        facts.extend(self.next_update.map(|time| Fact::time(t!("Next update"), time)));
        facts.extend(self.cert_id.facts());
        facts.extend(extension_facts(&self.extensions.all));
        facts
    }
}

impl CertId {
    fn facts(&self) -> Vec<Fact> {
        let mut facts = vec![Fact::octets(t!("Serial number"), self.serial.as_slice())];
        facts.extend(decimal(&self.serial).map(|number| Fact::number(t!("Serial number, decimal"), number)));
        facts.push(Fact::oid(t!("Hash algorithm"), self.hash_algorithm.oid.clone()));
        facts.push(Fact::octets(t!("Issuer name hash"), self.issuer_name_hash.as_slice()));
        facts.push(Fact::octets(t!("Issuer key hash"), self.issuer_key_hash.as_slice()));
        facts
    }
}

impl OcspRequest {
    /// Every field.
    pub fn describe(&self) -> Description {
        let section = |title, facts| Section { title, facts };
        let requestor = self.requestor.as_ref().map(crate::describe::general_name);
        let head = requestor.into_iter().chain([Fact::number(t!("Certificates"), self.certificates.len())]);
        let mut sections = vec![section(mark!("OCSP request"), head.collect())];
        sections.extend(self.certificates.iter().map(|(cert_id, extensions)| {
            let facts = cert_id.facts().into_iter().chain(extension_facts(&extensions.all));
            section(mark!("Certificate"), facts.collect())
        }));
        if let Some(signature) = &self.signature {
            let mut facts = algorithm_facts(&signature.algorithm.der);
            facts.push(Fact::octets(t!("Value"), signature.octets.as_slice()));
            sections.push(section(mark!("Signature"), facts));
            sections.push(section(mark!("Certificates"), certificate_facts(&signature.certificates)));
        }
        Description { sections, extensions: self.extensions.all.iter().map(Extension::describe).collect() }
    }
}

fn certificate_facts(certificates: &[Certificate]) -> Vec<Fact> {
    let fact = |certificate: &Certificate| {
        let facts = vec![
            Fact::text(t!("Subject"), certificate.subject().to_rfc4514()),
            Fact::text(t!("Issuer"), certificate.issuer().to_rfc4514()),
            Fact::octets(t!("Serial number"), certificate.serial()),
            Fact::octets("SHA-256", certificate.fingerprint_sha256()),
        ];
        Fact::facts(t!("Certificate"), facts)
    };
    certificates.iter().map(fact).collect()
}
