//! A revocation list as a person reads it: every field of RFC 5280 section 5.1, and the first of the entries.

use super::{Crl, Entry};
use crate::describe::{Description, Fact, Section, algorithm_facts, decimal, extension_facts, name_facts};
use crate::extensions::Extension;
use certwright_language::{mark, t};

/// Most entries in a description; the others are counted. [`Crl::entries`] has them all.
pub const MAX_DESCRIBED: usize = 100;

impl Crl {
    /// Every field, every extension of the list, and the first [`MAX_DESCRIBED`] entries.
    pub fn describe(&self) -> Description {
        let section = |title, facts| Section { title, facts };
        let mut signature = algorithm_facts(&self.signature_algorithm().der);
        signature.push(Fact::octets(t!("Value"), self.signature()));
        let sections = vec![
            section(mark!("Revocation list"), self.head_facts()),
            section(mark!("Issuer"), name_facts(self.issuer())),
            section(mark!("Revoked certificates"), self.entry_facts()),
            section(mark!("Signature"), signature),
            section(mark!("Fingerprints"), vec![Fact::octets("SHA-256", self.fingerprint_sha256())]),
        ];
        Description { sections, extensions: self.extensions().all.iter().map(Extension::describe).collect() }
    }

    fn head_facts(&self) -> Vec<Fact> {
        let mut facts = vec![
            Fact::number(t!("Version"), self.version()),
            Fact::time(t!("This update"), self.this_update()),
        ];
        facts.extend(self.next_update().map(|time| Fact::time(t!("Next update"), time)));
        facts.push(Fact::number(t!("Revoked certificates"), self.entry_count()));
        facts
    }

    fn entry_facts(&self) -> Vec<Fact> {
        let mut facts: Vec<Fact> = self.entries().take(MAX_DESCRIBED).map(|entry| entry.describe()).collect();
        if let Some(more @ 1..) = self.entry_count().checked_sub(MAX_DESCRIBED) {
            facts.push(Fact::number(t!("More"), more));
        }
        facts
    }
}

impl Entry<'_> {
    /// The entry with its extensions.
    pub fn describe(&self) -> Fact {
        let mut facts = vec![Fact::octets(t!("Serial number"), self.serial())];
        facts.extend(decimal(self.serial()).map(|number| Fact::number(t!("Serial number, decimal"), number)));
        facts.push(Fact::time(t!("Revoked"), self.revoked_at()));
        facts.extend(extension_facts(&self.extensions()));
        Fact::facts(t!("Revoked certificate"), facts)
    }
}
