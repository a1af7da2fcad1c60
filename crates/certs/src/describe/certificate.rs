//! A certificate as a person reads it: every field of RFC 5280 section 4.1, and what is computed from them.

use crate::certificate::Certificate;
use crate::describe::{Description, Fact, Section, algorithm_facts, decimal, key_facts, name_facts};
use crate::extensions::Extension;
use crate::fault::Fault;
use crate::tlv::{self, Elements, context};
use certwright_language::{mark, t};

impl Certificate {
    /// Every field and every extension. Takes some hashing, so it is for showing one certificate and not for lists.
    pub fn describe(&self) -> Description {
        let section = |title, facts| Section { title, facts };
        let mut sections = vec![
            section(mark!("Certificate"), self.head_facts()),
            section(mark!("Issuer"), name_facts(self.issuer())),
            section(mark!("Validity"), validity_facts(self.not_before(), self.not_after())),
            section(mark!("Subject"), name_facts(self.subject())),
            section(mark!("Subject public key"), key_facts(self.spki_der(), self.subject_key_identifier())),
        ];
        let identifiers = unique_identifiers(self.tbs_der()).unwrap_or_default();
        if !identifiers.is_empty() {
            sections.push(section(mark!("Unique identifiers"), identifiers));
        }
        let mut signature = algorithm_facts(&self.signature_algorithm().der);
        signature.push(Fact::octets(t!("Value"), self.signature()));
        sections.push(section(mark!("Signature"), signature));
        let fingerprints = vec![
            Fact::octets("SHA-256", self.fingerprint_sha256()),
            Fact::octets("SHA-1", self.fingerprint_sha1()),
        ];
        sections.push(section(mark!("Fingerprints"), fingerprints));
        Description { sections, extensions: self.extensions().all.iter().map(Extension::describe).collect() }
    }

    fn head_facts(&self) -> Vec<Fact> {
        let mut facts = vec![
            Fact::number(t!("Version"), self.version()),
            Fact::octets(t!("Serial number"), self.serial()),
        ];
        facts.extend(decimal(self.serial()).map(|number| Fact::number(t!("Serial number, decimal"), number)));
        facts
    }
}

/// Both ends, and how long it is. Both seconds count (RFC 5280 section 4.1.2.5).
fn validity_facts(not_before: i64, not_after: i64) -> Vec<Fact> {
    const DAY: i64 = 86_400;
    let mut facts = vec![Fact::time(t!("Not before"), not_before), Fact::time(t!("Not after"), not_after)];
    let seconds = not_after - not_before + 1;
    if seconds > 0 {
        let days = Fact::number(t!("Length in days"), seconds / DAY);
        facts.push(match seconds % DAY {
            0 => days,
            1 => days.remark(t!("and 1 second")),
            rest => days.remark(t!("and {rest} seconds", rest)),
        });
    }
    facts
}

impl Certificate {
    /// True if the certificate has `issuerUniqueID` or `subjectUniqueID`, which nobody should write (RFC 5280 section 4.1.2.8).
    pub fn has_unique_identifiers(&self) -> bool {
        unique_identifiers(self.tbs_der()).is_ok_and(|facts| !facts.is_empty())
    }
}

/// `issuerUniqueID` and `subjectUniqueID`, which only certificates of the nineties have.
fn unique_identifiers(tbs: &[u8]) -> Result<Vec<Fact>, Fault> {
    let mut fields = Elements::single(tbs, tlv::SEQUENCE)?.elements();
    let mut facts = Vec::new();
    while !fields.is_empty() {
        let field = fields.next()?;
        let label = match field.tag {
            tag if tag == context(1) => t!("Issuer"),
            tag if tag == context(2) => t!("Subject"),
            _ => continue,
        };
        facts.push(Fact::octets(label, field.bit_string()?.0));
    }
    Ok(facts)
}
