//! Host names among the alternative names of an end-entity have the preferred syntax, perhaps with a wildcard (RFC 5280 section 4.2.1.6, CA/Browser Forum
//! baseline requirements 7.1.2.7.12). What can be taken for a host name at all is said by `alternative-names`; here also underscores and A-labels that stand
//! for nothing are refused.

use certwright_certs::GeneralName;
use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "host-name-form",
    title: mark!("The host names that a certificate is for have the preferred syntax."),
    citation: "RFC 5280 section 4.2.1.6, Baseline Requirements 7.1.2.7.12",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if !position.role.is_end_entity() {
        return said.skip(NotApplicable::OnlyEndEntity);
    }
    let names = position.certificate.subject_alternative_names();
    let is_malformed = |name: &&GeneralName| matches!(name, GeneralName::Dns(text) if !is_preferred(text));
    if let Some(name) = names.iter().find(is_malformed) {
        said.breaks(Rule::MalformedAlternativeName { name: name.to_string() });
    }
}

/// Labels of letters, digits and inner `-`, the first perhaps `*`; those that begin with `xn--` are A-labels.
fn is_preferred(text: &str) -> bool {
    let name = text.strip_prefix("*.").unwrap_or(text);
    let label = |label: &str| {
        let octets = label.as_bytes();
        let inner = |octet: &u8| octet.is_ascii_alphanumeric() || *octet == b'-';
        (1..=63).contains(&octets.len())
            && octets.iter().all(inner)
            && octets.first() != Some(&b'-')
            && octets.last() != Some(&b'-')
            && (!is_a_label(label) || decodes(label))
    };
    text.len() <= 253 && name.split('.').all(label)
}

fn is_a_label(label: &str) -> bool {
    label.get(..4).is_some_and(|beginning| beginning.eq_ignore_ascii_case("xn--"))
}

/// True if the label is the A-label of something. Which letters a registry allows is its own affair.
fn decodes(label: &str) -> bool {
    Uts46::new()
        .to_ascii(label.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow, DnsLength::Verify)
        .is_ok_and(|again| again.eq_ignore_ascii_case(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferred_names() {
        for name in [
            "example.com",
            "*.example.com",
            "localhost",
            "a-b.c1",
            "xn--bcher-kva.example",
            "XN--BCHER-KVA.example",
        ] {
            assert!(is_preferred(name), "{name}");
        }
        let long = "a".repeat(64);
        for name in [
            "",
            "*",
            ".example.com",
            "example.com.",
            "a..b",
            "-a.b",
            "a-.b",
            "a_b.c",
            "a b",
            "*a.b",
            "a.*.b",
            "xn--\u{fc}",
            "xn--999999999.example",
            &long,
        ] {
            assert!(!is_preferred(name), "{name}");
        }
    }
}
