//! A signing request as a person reads it: every field of RFC 2986 section 4, its attributes, and the extensions that it asks for.

use certwright_keys::verify::Lenience;

use crate::describe::{Description, Fact, Section, algorithm_facts, key_facts, name_facts};
use crate::extensions::{Extension, SubjectKeyIdentifier};
use crate::request::{RequestAttribute, SigningRequest};
use certwright_language::{mark, t};

impl SigningRequest {
    /// Every field, every attribute and every extension that is asked for. Challenge passwords are among them: everyone who sees the request
    /// can read them.
    pub fn describe(&self) -> Description {
        let section = |title, facts| Section { title, facts };
        let identifier = self.extensions().get::<SubjectKeyIdentifier>().ok().flatten();
        let identifier = identifier.as_ref().map(|identifier| identifier.0.as_slice());
        let mut sections = vec![
            section(mark!("Subject"), name_facts(self.subject())),
            section(mark!("Subject public key"), key_facts(self.spki_der(), identifier)),
        ];
        let others = self.attributes().iter().filter(|attribute| !attribute.asks_for_extensions());
        let attributes: Vec<Fact> = others.map(attribute_fact).collect();
        if !attributes.is_empty() {
            sections.push(section(mark!("Attributes"), attributes));
        }
        let mut signature = algorithm_facts(&self.signature_algorithm().der);
        signature.push(Fact::octets(t!("Value"), self.signature()));
        // What is said is whose signature it is, and not what it is worth.
        let any = Lenience { dangerously_accept_sha1: true, dangerously_accept_dsa: true };
        signature
            .push(Fact::flag(t!("Made with the key of the request"), self.verify_leniently(any).is_ok()));
        sections.push(section(mark!("Signature"), signature));
        Description { sections, extensions: self.extensions().all.iter().map(Extension::describe).collect() }
    }
}

fn attribute_fact(attribute: &RequestAttribute) -> Fact {
    let values = attribute.texts().into_iter().map(|text| Fact::text(t!("Value"), text));
    let kind = Fact::oid(t!("Type"), attribute.oid.clone());
    Fact::facts(attribute.name(), [kind].into_iter().chain(values).collect())
}
