//! Rules for issuers that a certificate breaks, in a clause each, with where the rule stands.

use certwright_chain::Rule;
use certwright_language::t;

/// What is wrong, as a clause, and where the rule stands.
pub(crate) fn broken_rule(rule: &Rule) -> (String, &'static str) {
    let fixed = |words: &str, source| (words.to_owned(), source);
    match rule {
        Rule::AuthorityKeyIdentifierMissing => {
            fixed(t!("it has no authority key identifier with the issuer’s key"), "RFC 5280 section 4.2.1.1")
        }
        Rule::RootAuthorityKeyIdentifier => {
            fixed(t!("its authority key identifier is not its own, or says too much"), "BR 7.1.2.1.3")
        }
        Rule::SubjectKeyIdentifierMissing => {
            fixed(t!("it has no subject key identifier"), "RFC 5280 section 4.2.1.2")
        }
        Rule::PathLengthWithoutCa => {
            fixed(t!("it has a path length and is no authority that signs"), "RFC 5280 section 4.2.1.9")
        }
        Rule::KeyCertSignWithoutCa => {
            fixed(t!("its key may sign certificates, and it is no authority"), "RFC 5280 section 4.2.1.3")
        }
        Rule::KeyUsageEmpty => fixed(t!("its key usage allows nothing"), "RFC 5280 section 4.2.1.3"),
        Rule::EndEntityIsCa => fixed(t!("the end-entity is an authority"), "BR 7.1.2.7.8"),
        Rule::NameConstraintsInEndEntity => {
            fixed(t!("the end-entity has name constraints"), "RFC 5280 section 4.2.1.10")
        }
        Rule::SerialNumber => fixed(
            t!("its serial number is not positive, too long, or badly encoded"),
            "RFC 5280 section 4.1.2.2",
        ),
        Rule::TimeForm => {
            fixed(t!("a time in it is not encoded as it has to be"), "RFC 5280 section 4.1.2.5")
        }
        Rule::ValidityReversed => fixed(t!("its validity ends before it begins"), "RFC 5280 section 4.1.2.5"),
        Rule::IssuerMissing => fixed(t!("it names no issuer"), "RFC 5280 section 4.1.2.4"),
        Rule::NoName => {
            fixed(t!("it names no subject and has no alternative name"), "RFC 5280 section 4.1.2.6")
        }
        Rule::UniqueIdentifiers => fixed(t!("it has unique identifiers"), "RFC 5280 section 4.1.2.8"),
        Rule::NoExtensions => fixed(t!("its list of extensions is empty"), "RFC 5280 section 4.1.2.9"),
        Rule::AlternativeNameCriticality => fixed(
            t!("its alternative name is critical beside a subject, or not critical without one"),
            "RFC 5280 section 4.2.1.6",
        ),
        Rule::AlternativeNameMissing => fixed(t!("it has no subject alternative name"), "BR 7.1.2.7.12"),
        Rule::EndEntityExtendedKeyUsage => {
            fixed(t!("its extended key usage is for anything, or critical"), "BR 7.1.2.7.6 and 7.1.2.7.10")
        }
        Rule::RootExtendedKeyUsage => fixed(t!("the root has an extended key usage"), "BR 7.1.2.1.2"),
        Rule::Criticality { extension, should_be_critical } => {
            let should = if *should_be_critical { t!("has to be") } else { t!("must not be") };
            (
                t!(
                    "its extension {extension} {should} critical",
                    extension = extension.name_or_dotted(),
                    should
                ),
                "RFC 5280 section 4.2 and BR 7.1.2",
            )
        }
        Rule::NameConstraintForm { base } => (
            t!("the host name “{base}” of its name constraints begins with a dot", base),
            "RFC 5280 section 4.2.1.10",
        ),
        Rule::DuplicatePolicy { policy } => (
            t!("it names the policy {policy} twice", policy = policy.name_or_dotted()),
            "RFC 5280 section 4.2.1.4",
        ),
        Rule::MalformedAlternativeName { name } => {
            (t!("the name “{name}” is not of the form that its kind has", name), "RFC 5280 section 4.2.1.6")
        }
        Rule::MisleadingCommonName { common_name } => {
            (t!("its common name “{common_name}” may be taken for another name", common_name), "BR 7.1.4.3")
        }
        Rule::MixedExtendedKeyUsage { usage } => (
            t!(
                "its extended key usage {usage} must not stand beside the others",
                usage = usage.name_or_dotted()
            ),
            "BR 7.1.2.7.10",
        ),
        Rule::Version { version } => (t!("it is of version {version}, not 3", version), "BR 7.1.1"),
        Rule::RsaLength { bits } => {
            (t!("its RSA key has {bits} bits, not a multiple of 8", bits), "BR 6.1.5")
        }
        Rule::KeyKind { algorithm } => (t!("its key is of the kind {algorithm}", algorithm), "BR 6.1.5"),
        Rule::AccessLocation { location } => (
            t!("it names the address “{location}” for information, which is not allowed there", location),
            "RFC 5280 section 4.2.2.1",
        ),
    }
}
