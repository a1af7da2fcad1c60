//! What other programs make of a PKCS#12 file, above all Java, and names for what has none.
//!
//! Facts of `sun.security.pkcs12.PKCS12KeyStore`, seen with Java 17 and 25: names are folded to lower case, the last of
//! several entries of one name wins, certificates without a key are listed only with Oracle's mark, a key without a local
//! identifier is left out unless it is the first, keys in clear are left out.

use std::collections::BTreeMap;

use certwright_certs::Certificate;

use crate::contents::{Contents, HiddenFromJava, Remark};

/// Adds names and remarks. `names` are those that the file gives to entries of Java's; `hidden_keys` says of each key pair
/// why Java does not see it.
pub(super) fn remark(
    contents: &mut Contents,
    mut names: Vec<String>,
    hidden_keys: &[Option<HiddenFromJava>],
) {
    let unmarked = contents.certificates.iter().filter(|found| !found.java_trusted);
    names.extend(unmarked.filter_map(|found| found.alias.clone()));
    let mut remarks = equal_names(names);
    for (pair, hidden) in contents.key_pairs.iter_mut().zip(hidden_keys) {
        let leaf = pair.chain.first();
        name(&mut pair.alias, leaf, &mut remarks);
        if let (Some(why), Some(alias)) = (*hidden, pair.alias.clone()) {
            remarks.push(Remark::NotVisibleToJava { alias, why });
        }
    }
    for locked in &mut contents.locked {
        let leaf = locked.chain.first();
        name(&mut locked.alias, leaf, &mut remarks);
    }
    for found in &mut contents.certificates {
        name(&mut found.alias, Some(&found.certificate), &mut remarks);
        if let (false, Some(alias)) = (found.java_trusted, found.alias.clone()) {
            let why = HiddenFromJava::NotMarkedAsTrusted;
            remarks.push(Remark::NotVisibleToJava { alias, why });
        }
    }
    contents.remarks.append(&mut remarks);
}

/// The name of a subject for what has none.
fn name(alias: &mut Option<String>, certificate: Option<&Certificate>, remarks: &mut Vec<Remark>) {
    if let (None, Some(certificate)) = (&alias, certificate) {
        let given = certificate.display_name();
        remarks.push(Remark::MissingAlias { alias: given.clone() });
        *alias = Some(given);
    }
}

/// Groups of names that are the same without regard to case.
fn equal_names(names: Vec<String>) -> Vec<Remark> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in names {
        groups.entry(name.to_lowercase()).or_default().push(name);
    }
    let several = groups.into_values().filter(|group| group.len() > 1);
    several.map(|aliases| Remark::AliasesDifferOnlyInCase { aliases }).collect()
}
