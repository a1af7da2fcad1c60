//! Extensions as OpenSSL writes them; those for which it has a form that nobody greps in, in the words of their descriptions.

use certwright_certs::describe::FactValue;
use certwright_certs::extensions::{
    AuthorityInformationAccess, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies,
    CrlDistributionPoints, DistributionPointName, ExtendedKeyUsage, Extension, KeyUsage, KnownExtension,
    NameConstraints, PolicyQualifier, ReasonCode, SubjectAlternativeName, SubjectKeyIdentifier,
};
use certwright_certs::{GeneralName, oid};

use super::super::rows::hex;
use super::{Text, names};

impl Text {
    pub(super) fn extensions(&mut self, all: &[Extension], indent: usize) {
        for extension in all {
            let critical = if extension.critical { "critical" } else { "" };
            self.line(indent, format!("{}: {critical}", names::extension(&extension.oid)));
            if !self.as_openssl(extension, indent + 4) {
                self.described(extension, indent + 4);
            }
        }
    }

    fn described(&mut self, extension: &Extension, indent: usize) {
        let description = extension.describe();
        match description.facts {
            Ok(facts) if description.known && !facts.is_empty() => self.facts(indent, &facts),
            // As OpenSSL dumps what it does not know: what is printable, dots for the rest.
            _ => {
                let shown = extension
                    .value
                    .iter()
                    .map(|o| if (0x20..0x7f).contains(o) { char::from(*o) } else { '.' });
                self.line(indent, shown.collect::<String>());
            }
        }
    }

    /// Whether the extension is one that is written here.
    fn as_openssl(&mut self, extension: &Extension, indent: usize) -> bool {
        let is = |oid: const_oid::ObjectIdentifier| extension.oid == oid;
        if is(oid::KEY_USAGE) {
            let Some(usage) = read::<KeyUsage>(extension) else { return false };
            let words: Vec<&str> = usage.names().into_iter().map(names::usage).collect();
            self.line(indent, words.join(", "));
        } else if is(oid::EXTENDED_KEY_USAGE) {
            let Some(usages) = read::<ExtendedKeyUsage>(extension) else { return false };
            self.line(indent, usages.0.iter().map(names::purpose).collect::<Vec<_>>().join(", "));
        } else if is(oid::BASIC_CONSTRAINTS) {
            let Some(constraints) = read::<BasicConstraints>(extension) else { return false };
            let ca = if constraints.ca { "CA:TRUE" } else { "CA:FALSE" };
            let length =
                constraints.path_length.map(|length| format!(", pathlen:{length}")).unwrap_or_default();
            self.line(indent, format!("{ca}{length}"));
        } else if is(oid::SUBJECT_KEY_IDENTIFIER) {
            let Some(identifier) = read::<SubjectKeyIdentifier>(extension) else { return false };
            self.line(indent, hex(&identifier.0));
        } else if is(oid::AUTHORITY_KEY_IDENTIFIER) {
            let Some(identifier) = read::<AuthorityKeyIdentifier>(extension) else { return false };
            return self.authority_key_identifier(&identifier, indent);
        } else if is(oid::SUBJECT_ALTERNATIVE_NAME) {
            let Some(names) = read::<SubjectAlternativeName>(extension) else { return false };
            self.line(indent, names.0.iter().map(names::general_name).collect::<Vec<_>>().join(", "));
        } else if is(oid::AUTHORITY_INFORMATION_ACCESS) {
            let Some(access) = read::<AuthorityInformationAccess>(extension) else { return false };
            for one in &access.0 {
                let method = if one.method == oid::OCSP {
                    "OCSP".to_owned()
                } else if one.method == oid::CA_ISSUERS {
                    "CA Issuers".to_owned()
                } else {
                    one.method.to_string()
                };
                self.line(indent, format!("{method} - {}", names::general_name(&one.location)));
            }
        } else if is(oid::CRL_NUMBER) || is(oid::DELTA_CRL_INDICATOR) {
            // Both are a number, which the description has in decimal.
            let facts = extension.describe().facts.unwrap_or_default();
            let Some(FactValue::Number(number)) = facts.into_iter().next().map(|fact| fact.value) else {
                return false;
            };
            self.line(indent, number);
        } else if is(oid::REASON_CODE) {
            let Some(reason) = read::<ReasonCode>(extension) else { return false };
            self.line(indent, names::reason(reason));
        } else if is(oid::CRL_DISTRIBUTION_POINTS) {
            let Some(points) = read::<CrlDistributionPoints>(extension) else { return false };
            return self.distribution_points(&points, indent);
        } else if is(oid::NAME_CONSTRAINTS) {
            let Some(constraints) = read::<NameConstraints>(extension) else { return false };
            return self.name_constraints(&constraints, indent);
        } else if is(oid::CERTIFICATE_POLICIES) {
            let Some(policies) = read::<CertificatePolicies>(extension) else { return false };
            return self.policies(&policies, indent);
        } else {
            return false;
        }
        true
    }

    fn authority_key_identifier(&mut self, identifier: &AuthorityKeyIdentifier, indent: usize) -> bool {
        let key = identifier.key_identifier.as_deref().map(hex);
        if identifier.issuer.is_none() && identifier.serial.is_none() {
            self.line(indent, key.unwrap_or_default());
            return true;
        }
        if let Some(key) = key {
            self.line(indent, format!("keyid:{key}"));
        }
        for name in identifier.issuer.iter().flatten() {
            // Here OpenSSL writes names with slashes.
            match name {
                GeneralName::DirectoryName(name) => self.line(indent, format!("DirName:{}", name.to_slash())),
                other => self.line(indent, names::general_name(other)),
            }
        }
        if let Some(serial) = &identifier.serial {
            self.line(indent, format!("serial:{}", hex(serial)));
        }
        true
    }

    fn distribution_points(&mut self, points: &CrlDistributionPoints, indent: usize) -> bool {
        let simple = points.points.iter().all(|point| {
            point.reasons.is_none()
                && point.crl_issuer.is_none()
                && matches!(point.name, Some(DistributionPointName::Full(_)))
        });
        for point in points.points.iter().filter(|_| simple) {
            if let Some(DistributionPointName::Full(all)) = &point.name {
                self.line(indent, "Full Name:");
                all.iter().for_each(|name| self.line(indent + 2, names::general_name(name)));
            }
        }
        simple
    }

    fn name_constraints(&mut self, constraints: &NameConstraints, indent: usize) -> bool {
        let both = [("Permitted:", &constraints.permitted), ("Excluded:", &constraints.excluded)];
        let all = both.iter().flat_map(|(_, subtrees)| subtrees.iter());
        if !all.clone().all(|subtree| names::constraint(&subtree.base).is_some()) {
            return false;
        }
        for (title, subtrees) in both.into_iter().filter(|(_, subtrees)| !subtrees.is_empty()) {
            self.line(indent, title);
            let lines = subtrees.iter().filter_map(|subtree| names::constraint(&subtree.base));
            lines.for_each(|line| self.line(indent + 2, line));
        }
        true
    }

    fn policies(&mut self, policies: &CertificatePolicies, indent: usize) -> bool {
        let is_simple = |qualifier: &PolicyQualifier| matches!(qualifier, PolicyQualifier::CpsUri(_));
        if !policies.policies.iter().all(|policy| policy.qualifiers.iter().all(is_simple)) {
            return false;
        }
        for policy in &policies.policies {
            let name = if policy.policy == oid::ANY_POLICY {
                "X509v3 Any Policy".to_owned()
            } else {
                policy.policy.to_string()
            };
            self.line(indent, format!("Policy: {name}"));
            for qualifier in &policy.qualifiers {
                if let PolicyQualifier::CpsUri(uri) = qualifier {
                    self.line(indent + 2, format!("CPS: {uri}"));
                }
            }
        }
        true
    }
}

/// The value of an extension, if it can be read.
fn read<T: KnownExtension>(extension: &Extension) -> Option<T> {
    T::from_value(&extension.value).ok()
}
