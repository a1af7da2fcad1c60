//! Rules for the host names in the subject alternative name (RFC 5280 section 4.2.1.6 with the preferred name syntax of RFC 1034 section
//! 3.5, RFC 6125, RFC 5890, BR sections 4.2.2 and 7.1.2.7.12).

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};

use super::Concerns::{Every, TlsServer};
use super::{Examined, Facts, Outcome, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule::error("dns-empty-label", "RFC 1034 section 3.1", Every, |x| of_fault(x, Fault::EmptyLabel)),
    Rule::error("dns-trailing-dot", "RFC 5280 section 4.2.1.6", Every, |x| of_fault(x, Fault::TrailingDot)),
    Rule::error("dns-bad-character", "RFC 5280 section 4.2.1.6", Every, |x| of_fault(x, Fault::Character)),
    Rule::error("dns-hyphen-at-end", "RFC 1034 section 3.5", Every, |x| of_fault(x, Fault::HyphenAtEnd)),
    Rule::error("dns-label-too-long", "RFC 1034 section 3.1", Every, |x| of_fault(x, Fault::LongLabel)),
    Rule::error("dns-name-too-long", "RFC 1035 section 2.3.4", Every, |x| of_fault(x, Fault::LongName)),
    Rule::error("dns-bad-wildcard", "RFC 9525 section 6.3, BR 1.6.1", Every, |x| {
        of_fault(x, Fault::Wildcard)
    }),
    Rule::error("dns-is-address", "RFC 5280 section 4.2.1.6", Every, |x| of_fault(x, Fault::Address)),
    Rule::error("dns-bad-idn", "RFC 5890 section 2.3.2.1, BR 7.1.2.7.12", Every, |x| of_fault(x, Fault::Idn)),
    Rule::error("dns-reserved-label", "BR 1.6.1 (P-Label), RFC 5890 section 2.3.1", TlsServer, |x| {
        of_fault(x, Fault::ReservedLabel)
    })
    .public()
    .since(2021, 10, 1),
    Rule::error("dns-underscore", "BR 7.1.2.7.12", TlsServer, |x| of_fault(x, Fault::Underscore))
        .public()
        .since(2019, 5, 1),
    Rule::notice("dns-underscore-private", "RFC 5280 section 4.2.1.6", TlsServer, |x| {
        of_fault(x, Fault::Underscore)
    })
    .private(),
    Rule::error("dns-internal-name", "BR 4.2.2, 7.1.2.7.12", TlsServer, |x| {
        of_names(x, |name| faults(name).is_empty() && is_internal(name))
    })
    .public()
    .since(2015, 11, 1),
    Rule::error("dns-wildcard-of-top-level", "BR 3.2.2.6", TlsServer, |x| {
        of_names(x, |name| name.strip_prefix("*.").is_some_and(|rest| !rest.contains('.')))
    })
    .public(),
];

/// What is wrong with a host name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    EmptyLabel,
    TrailingDot,
    /// Anything but letters, digits, hyphens, underscores, and the asterisk of a wildcard.
    Character,
    Underscore,
    HyphenAtEnd,
    /// More than 63 octets.
    LongLabel,
    /// More than 253 octets.
    LongName,
    /// An asterisk that is not the whole first label.
    Wildcard,
    /// An IP address in text.
    Address,
    /// `xn--` and then no encoding of a label.
    Idn,
    /// Hyphens in third and fourth place without `xn`.
    ReservedLabel,
}

/// Each fault of a host name once.
pub(super) fn faults(name: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut note = |wrong: bool, fault: Fault| {
        if wrong && !faults.contains(&fault) {
            faults.push(fault);
        }
    };
    let absolute = name.len() > 1 && name.ends_with('.');
    note(absolute, Fault::TrailingDot);
    note(name.parse::<core::net::IpAddr>().is_ok(), Fault::Address);
    note(name.len() > 253 + usize::from(absolute), Fault::LongName);
    let relative = if absolute { name.strip_suffix('.').unwrap_or(name) } else { name };
    for (index, label) in relative.split('.').enumerate() {
        note(label.is_empty(), Fault::EmptyLabel);
        note(label.len() > 63, Fault::LongLabel);
        note(label.contains('*') && !(index == 0 && label == "*" && relative.len() > 1), Fault::Wildcard);
        note(label.contains('_'), Fault::Underscore);
        note(label.starts_with('-') || label.ends_with('-'), Fault::HyphenAtEnd);
        let allowed = |octet: u8| octet.is_ascii_alphanumeric() || b"-_*".contains(&octet);
        note(!label.bytes().all(allowed), Fault::Character);
        if label.get(2..4) == Some("--") {
            let idn = label.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("xn"));
            note(!idn, Fault::ReservedLabel);
            note(idn && !is_a_label(label), Fault::Idn);
        }
    }
    faults
}

/// True if the label decodes, and encodes back to itself (RFC 5891 section 5.4).
fn is_a_label(label: &str) -> bool {
    let idna = Uts46::new();
    let ascii =
        idna.to_ascii(label.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify);
    label.len() <= 63 && ascii.is_ok_and(|ascii| ascii.eq_ignore_ascii_case(label))
}

/// Names that no public registry gives out: one label, or a top-level domain that is reserved or of local use (RFC 2606, RFC 6761, RFC
/// 6762 appendix G, RFC 8375, ICANN's resolution on `.internal`).
pub(super) fn is_internal(name: &str) -> bool {
    const RESERVED: [&str; 15] = [
        "local",
        "localhost",
        "localdomain",
        "internal",
        "intranet",
        "private",
        "corp",
        "home",
        "lan",
        "domain",
        "test",
        "example",
        "invalid",
        "alt",
        "arpa",
    ];
    let top = name.rsplit('.').next().unwrap_or(name);
    !name.contains('.') || RESERVED.iter().any(|reserved| top.eq_ignore_ascii_case(reserved))
}

fn of_fault(x: &Examined<'_>, fault: Fault) -> Outcome {
    of_names(x, |name| faults(name).contains(&fault))
}

fn of_names(x: &Examined<'_>, wrong: impl Fn(&str) -> bool) -> Outcome {
    let names = x.dns_names();
    if names.is_empty() {
        return Outcome::NotApplicable;
    }
    let wrong: Vec<&str> = names.into_iter().filter(|name| wrong(name)).collect();
    Outcome::finding_if(!wrong.is_empty(), || Facts::of("names", wrong))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_names_have_no_fault() {
        for name in [
            "example.com",
            "*.example.com",
            "a-b.c",
            "xn--bcher-kva.example",
            "EXAMPLE.com",
            "1.example",
            "localhost",
        ] {
            assert_eq!(faults(name), [], "{name}");
        }
    }

    #[test]
    fn every_fault_is_named() {
        let long = "a".repeat(64) + ".example";
        let longer = ["a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(63)].join(".");
        for (name, fault) in [
            ("a..b", Fault::EmptyLabel),
            ("", Fault::EmptyLabel),
            (".a.b", Fault::EmptyLabel),
            ("a.b.", Fault::TrailingDot),
            ("a b.c", Fault::Character),
            ("https://a.b", Fault::Character),
            ("a_b.c", Fault::Underscore),
            ("-a.b", Fault::HyphenAtEnd),
            (&long, Fault::LongLabel),
            (&longer, Fault::LongName),
            ("a*.b", Fault::Wildcard),
            ("a.*.b", Fault::Wildcard),
            ("*", Fault::Wildcard),
            ("10.0.0.1", Fault::Address),
            ("xn--\u{7f}.c", Fault::Idn),
            ("xn--a.example", Fault::Idn),
            ("ab--cd.example", Fault::ReservedLabel),
        ] {
            assert!(faults(name).contains(&fault), "{name}: {:?}", faults(name));
        }
    }
}
