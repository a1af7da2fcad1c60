//! What the keystores of Java and Bouncy Castle have in common: certificates with the name of their type, aliases that a
//! file may hold twice, keys that stand beside their chain.

use std::collections::{HashMap, HashSet};

use certwright_certs::Certificate;
use certwright_keys::{PrivateKey, ReadKeyError};

use crate::{
    contents::{
        Contents, FoundCertificate, FoundKeyPair, LockedEntry, LockedKind, OtherItem, OtherKind, Remark,
        UnusableKey,
    },
    java_bytes::{Broken, Input},
};

/// Most entries and certificates together in one file.
pub(crate) const MAX_ITEMS: usize = 1 << 16;

/// A certificate as it stands in the file.
#[derive(Clone, Debug)]
pub(crate) struct RawCertificate<'a> {
    /// Its type, if it is not X.509.
    pub(crate) foreign_type: Option<String>,
    pub(crate) bytes: &'a [u8],
}

/// Alias and date of an entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Label<'a> {
    pub(crate) alias: &'a str,
    pub(crate) created_ms: i64,
}

/// How a keystore looks its aliases up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// As they are.
    Exact,
    /// In lower case, whatever case they have in the file.
    LowerCase,
}

impl<'a> RawCertificate<'a> {
    /// A certificate with its type before it.
    pub(crate) fn read_typed(input: &mut Input<'a>) -> Result<Self, Broken> {
        let certificate_type = input.text("certificate type")?;
        let is_x509 = ["X.509", "X509"].iter().any(|name| certificate_type.eq_ignore_ascii_case(name));
        let foreign_type = (!is_x509).then_some(certificate_type);
        Ok(Self { foreign_type, bytes: input.counted("certificate")? })
    }

    /// A certificate alone, which is of type X.509.
    pub(crate) fn read_untyped(input: &mut Input<'a>) -> Result<Self, Broken> {
        Ok(Self { foreign_type: None, bytes: input.counted("certificate")? })
    }
}

/// Names for entries, in their order, so that no two are the same: of several with one name the last keeps it, as in Java,
/// which sees that one alone. What another program makes of the names is remarked.
pub(crate) fn distinct_aliases(
    mut aliases: Vec<String>,
    lookup: Lookup,
    remarks: &mut Vec<Remark>,
) -> Vec<String> {
    let lowered: Vec<String> = aliases.iter().map(|alias| alias.to_lowercase()).collect();
    let mut groups: HashMap<&str, Vec<&String>> = HashMap::new();
    for (alias, lowered) in aliases.iter().zip(&lowered) {
        groups.entry(lowered).or_default().push(alias);
    }
    // In the order of the file, not of the map.
    for lowered in &lowered {
        let group = groups.remove(lowered.as_str()).unwrap_or_default();
        if group.len() > 1 {
            remarks.push(Remark::AliasesDifferOnlyInCase { aliases: group.into_iter().cloned().collect() });
        }
    }
    for (place, name) in new_names(&aliases) {
        if let Some(alias) = aliases.get_mut(place) {
            *alias = name;
        }
    }
    if lookup == Lookup::LowerCase {
        let mixed = aliases.iter().filter(|alias| alias.to_lowercase() != **alias);
        remarks.extend(mixed.map(|alias| Remark::MixedCaseUnreachable { alias: alias.clone() }));
    }
    aliases
}

/// Other names for all but the last of those with the same one, with their places.
fn new_names(aliases: &[String]) -> Vec<(usize, String)> {
    let taken: HashSet<&str> = aliases.iter().map(String::as_str).collect();
    // The last number that was given to a name.
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut renamed = Vec::new();
    for (place, alias) in aliases.iter().enumerate().rev() {
        let Some(number) = numbers.get_mut(alias.as_str()) else {
            numbers.insert(alias, 1);
            continue;
        };
        let name = loop {
            *number += 1;
            let name = format!("{alias}-{number}");
            if !taken.contains(name.as_str()) {
                break name;
            }
        };
        renamed.push((place, name));
    }
    renamed
}

impl Label<'_> {
    fn name(&self) -> Option<String> {
        (!self.alias.is_empty()).then(|| self.alias.to_owned())
    }
}

impl Contents {
    /// The certificates of a chain up to the first that cannot be read; those that cannot be are named.
    pub(crate) fn take_chain(&mut self, label: Label<'_>, chain: &[RawCertificate<'_>]) -> Vec<Certificate> {
        let mut readable = Vec::with_capacity(chain.len());
        let mut broken = false;
        for raw in chain {
            match self.take_certificate(label, raw) {
                Some(certificate) if broken => self.certificates.push(FoundCertificate {
                    alias: None,
                    certificate,
                    java_trusted: false,
                    created_ms: None,
                }),
                Some(certificate) => readable.push(certificate),
                None => broken = true,
            }
        }
        readable
    }

    fn take_certificate(&mut self, label: Label<'_>, raw: &RawCertificate<'_>) -> Option<Certificate> {
        let what = match &raw.foreign_type {
            Some(certificate_type) => {
                OtherKind::ForeignCertificate { certificate_type: certificate_type.clone() }
            }
            None => match Certificate::from_der(raw.bytes) {
                Ok(certificate) => return Some(certificate),
                Err(error) => OtherKind::BrokenCertificate(error),
            },
        };
        self.others.push(OtherItem { alias: label.name(), what });
        None
    }

    /// A certificate that the store trusts.
    pub(crate) fn push_trusted(&mut self, label: Label<'_>, raw: &RawCertificate<'_>) {
        if let Some(certificate) = self.take_certificate(label, raw) {
            self.certificates.push(FoundCertificate {
                alias: label.name(),
                certificate,
                java_trusted: true,
                created_ms: Some(label.created_ms),
            });
        }
    }

    /// An opened private key with its chain.
    pub(crate) fn push_private_key(&mut self, label: Label<'_>, pkcs8: &[u8], chain: Vec<Certificate>) {
        let public = chain.first().and_then(|leaf| leaf.public_key().ok());
        let fitting = public.as_ref().map(|public| PrivateKey::from_pkcs8_der_with_public(pkcs8, public));
        match fitting {
            Some(Ok(key))
                if chain.first().is_some_and(|leaf| leaf.spki_der() == key.public_key().spki_der()) =>
            {
                self.push_pair(label, key, chain);
            }
            _ => match PrivateKey::from_pkcs8_der(pkcs8) {
                Ok(key)
                    if chain.first().is_none_or(|leaf| leaf.spki_der() == key.public_key().spki_der()) =>
                {
                    self.push_pair(label, key, chain);
                }
                Ok(key) => {
                    self.push_pair(label, key, Vec::new());
                    self.push_chain_of_nothing(label, chain);
                }
                Err(error) => self.push_unusable(label, error, chain),
            },
        }
    }

    fn push_pair(&mut self, label: Label<'_>, key: PrivateKey, chain: Vec<Certificate>) {
        let created_ms = Some(label.created_ms);
        self.key_pairs.push(FoundKeyPair { alias: label.name(), key, chain, created_ms });
    }

    /// A private key that cannot be used. Its certificates are not lost.
    pub(crate) fn push_unusable(&mut self, label: Label<'_>, error: ReadKeyError, chain: Vec<Certificate>) {
        self.unusable_keys.push(UnusableKey { alias: label.name(), error });
        self.push_chain_of_nothing(label, chain);
    }

    /// An entry that no password opens.
    pub(crate) fn push_locked(&mut self, label: Label<'_>, what: LockedKind, chain: Vec<Certificate>) {
        let created_ms = Some(label.created_ms);
        self.locked.push(LockedEntry { alias: label.name(), chain, created_ms, what });
    }

    /// Something that is no key and no certificate.
    pub(crate) fn push_other(&mut self, label: Label<'_>, what: OtherKind) {
        self.others.push(OtherItem { alias: label.name(), what });
    }

    fn push_chain_of_nothing(&mut self, label: Label<'_>, chain: Vec<Certificate>) {
        let mut alias = label.name();
        self.certificates.extend(chain.into_iter().map(|certificate| FoundCertificate {
            // The first of them stands for the entry.
            alias: alias.take(),
            certificate,
            java_trusted: false,
            created_ms: None,
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_the_same_name_keeps_it() {
        let mut remarks = Vec::new();
        let aliases = ["a", "b", "a", "a-2", "B", "a"].map(str::to_owned).to_vec();
        let named = distinct_aliases(aliases.clone(), Lookup::Exact, &mut remarks);
        assert_eq!(named, ["a-4", "b", "a-3", "a-2", "B", "a"]);
        let same = |aliases: &[&str]| Remark::AliasesDifferOnlyInCase {
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        };
        assert_eq!(remarks, [same(&["a", "a", "a"]), same(&["b", "B"])]);
        let named = distinct_aliases(vec!["Ä".to_owned(), "ß".to_owned()], Lookup::LowerCase, &mut remarks);
        assert_eq!(named, ["Ä", "ß"]);
        assert_eq!(remarks.split_off(2), [Remark::MixedCaseUnreachable { alias: "Ä".to_owned() }]);
    }
}
