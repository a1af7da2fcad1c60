//! Rules for issuers that a certificate breaks, in a clause each, with where the rule stands.

use certwright_chain::Rule;

/// What is wrong, as a clause, and where the rule stands.
pub(crate) fn broken_rule(rule: &Rule) -> (String, &'static str) {
    let fixed = |words: &str, source| (words.to_owned(), source);
    match rule {
        Rule::AuthorityKeyIdentifierMissing => {
            fixed("it has no authority key identifier with the issuer’s key", "RFC 5280 section 4.2.1.1")
        }
        Rule::RootAuthorityKeyIdentifier => {
            fixed("its authority key identifier is not its own, or says too much", "BR 7.1.2.1.3")
        }
        Rule::SubjectKeyIdentifierMissing => {
            fixed("it has no subject key identifier", "RFC 5280 section 4.2.1.2")
        }
        Rule::PathLengthWithoutCa => {
            fixed("it has a path length and is no authority that signs", "RFC 5280 section 4.2.1.9")
        }
        Rule::KeyCertSignWithoutCa => {
            fixed("its key may sign certificates, and it is no authority", "RFC 5280 section 4.2.1.3")
        }
        Rule::KeyUsageEmpty => fixed("its key usage allows nothing", "RFC 5280 section 4.2.1.3"),
        Rule::EndEntityIsCa => fixed("the end-entity is an authority", "BR 7.1.2.7.8"),
        Rule::NameConstraintsInEndEntity => {
            fixed("the end-entity has name constraints", "RFC 5280 section 4.2.1.10")
        }
        Rule::SerialNumber => {
            fixed("its serial number is not positive, too long, or badly encoded", "RFC 5280 section 4.1.2.2")
        }
        Rule::TimeForm => fixed("a time in it is not encoded as it has to be", "RFC 5280 section 4.1.2.5"),
        Rule::ValidityReversed => fixed("its validity ends before it begins", "RFC 5280 section 4.1.2.5"),
        Rule::IssuerMissing => fixed("it names no issuer", "RFC 5280 section 4.1.2.4"),
        Rule::NoName => fixed("it names no subject and has no alternative name", "RFC 5280 section 4.1.2.6"),
        Rule::UniqueIdentifiers => fixed("it has unique identifiers", "RFC 5280 section 4.1.2.8"),
        Rule::NoExtensions => fixed("its list of extensions is empty", "RFC 5280 section 4.1.2.9"),
        Rule::AlternativeNameCriticality => fixed(
            "its alternative name is critical beside a subject, or not critical without one",
            "RFC 5280 section 4.2.1.6",
        ),
        Rule::AlternativeNameMissing => fixed("it has no subject alternative name", "BR 7.1.2.7.12"),
        Rule::EndEntityExtendedKeyUsage => {
            fixed("its extended key usage is for anything, or critical", "BR 7.1.2.7.6 and 7.1.2.7.10")
        }
        Rule::RootExtendedKeyUsage => fixed("the root has an extended key usage", "BR 7.1.2.1.2"),
        Rule::Criticality { extension, should_be_critical } => {
            let should = if *should_be_critical { "has to be" } else { "must not be" };
            (
                format!("its extension {} {should} critical", extension.name_or_dotted()),
                "RFC 5280 section 4.2 and BR 7.1.2",
            )
        }
        Rule::NameConstraintForm { base } => (
            format!("the host name “{base}” of its name constraints begins with a dot"),
            "RFC 5280 section 4.2.1.10",
        ),
        Rule::DuplicatePolicy { policy } => {
            (format!("it names the policy {} twice", policy.name_or_dotted()), "RFC 5280 section 4.2.1.4")
        }
        Rule::MalformedAlternativeName { name } => {
            (format!("the name “{name}” is not of the form that its kind has"), "RFC 5280 section 4.2.1.6")
        }
        Rule::MisleadingCommonName { common_name } => {
            (format!("its common name “{common_name}” may be taken for another name"), "BR 7.1.4.3")
        }
        Rule::MixedExtendedKeyUsage { usage } => (
            format!("its extended key usage {} must not stand beside the others", usage.name_or_dotted()),
            "BR 7.1.2.7.10",
        ),
        Rule::Version { version } => (format!("it is of version {version}, not 3"), "BR 7.1.1"),
        Rule::RsaLength { bits } => (format!("its RSA key has {bits} bits, not a multiple of 8"), "BR 6.1.5"),
        Rule::KeyKind { algorithm } => (format!("its key is of the kind {algorithm}"), "BR 6.1.5"),
        Rule::AccessLocation { location } => (
            format!("it names the address “{location}” for information, which is not allowed there"),
            "RFC 5280 section 4.2.2.1",
        ),
    }
}
