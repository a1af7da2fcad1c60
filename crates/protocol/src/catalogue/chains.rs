//! Words for why a chain is not trusted, and for what is odd about it.

use super::{Explanation, format_time, listed};
use crate::t;
use crate::view::{ChainFailure, ChainFailureReason as Reason, ChainRemark};

impl ChainFailure {
    /// The failure in words, naming the certificate.
    pub fn explain(&self) -> Explanation {
        let mut explanation = self.reason.explain();
        // Chains come with their intermediates and without their root: what is missing above an intermediate is most likely the root.
        if let (Reason::MissingIssuer { subject, .. }, Some(1..)) = (&self.reason, self.at) {
            explanation.title = t!("The root is not in the trust store").into();
            explanation.what_to_try = t!(
                "Most likely “{subject}” is the root, which is not sent along: get it from whoever runs that authority, compare the fingerprint, and add it to the trust store.",
                subject
            );
            return explanation;
        }
        if let (Some(name), true) = (&self.certificate, self.at != Some(0)) {
            explanation.title = format!("{} ({name})", explanation.title);
        }
        explanation
    }
}

impl Reason {
    /// The check's failure in words. They fit servers, clients and mailboxes, and chains that are only looked at: who has to act is
    /// the certificate's owner (whoever runs the machine that shows it), its issuer, or whoever keeps the trust store.
    pub fn explain(&self) -> Explanation {
        match self {
            Self::NoCertificate => Explanation::new(
                t!("No certificate"),
                t!("There is no certificate, so nothing proves who it is."),
                t!("Whoever runs the other side has to configure a certificate."),
            ),
            Self::Unreadable { index } => Explanation::new(
                t!("A certificate could not be read"),
                t!("Certificate number {index} of what was sent is not a well-formed X.509 certificate.", index = index + 1),
                t!("Its owner has to replace it."),
            ),
            Self::UntrustedRoot { subject } => Explanation::new(
                t!("The root is not in the trust store"),
                t!("The chain is complete up to the root “{subject}”, and that root is not trusted here.", subject),
                t!("If you know that this is the right root (ask whoever runs that authority, compare fingerprints), add it to the trust store."),
            ),
            Self::SelfSigned => Explanation::new(
                t!("Self-signed, and not trusted"),
                t!("The certificate is signed by itself, and it is not trusted here."),
                t!("If you know that it is the right one (compare the fingerprint with its owner), add this very certificate to the trust store."),
            ),
            Self::MissingIssuer { subject, ca_issuers } => Explanation::new(
                t!("A certificate of the chain is missing"),
                t!("The certificate of the issuer “{subject}” is neither in the chain nor known here.", subject),
                match ca_issuers.first() {
                    Some(url) => t!("If it is the root: get it from whoever runs that authority and add it to the trust store. If it is an intermediate, the certificate’s owner should send it along; it can be had from {url}.", url),
                    None => t!("If it is the root: get it from whoever runs that authority and add it to the trust store. If it is an intermediate, the certificate’s owner should install it and send it along.").into(),
                },
            ),
            Self::Expired { not_after, at } => Explanation::new(
                t!("Expired"),
                t!("Valid until {not_after}; the time of the check is {at}.", not_after = format_time(*not_after), at = format_time(*at)),
                t!("Its owner has to renew it."),
            ),
            Self::NotYetValid { not_before, at } => Explanation::new(
                t!("Not valid yet"),
                t!("Valid from {not_before}; the time of the check is {at}.", not_before = format_time(*not_before), at = format_time(*at)),
                t!("Check this computer’s clock. If it is right, wait, or get a certificate that is valid now."),
            ),
            Self::HostMismatch { host, names, common_name_would_match } => Explanation::new(
                t!("The certificate is for another host"),
                if names.is_empty() {
                    t!("The certificate names no host in its subject alternative names, so it cannot be for “{host}”.", host)
                } else {
                    t!("You asked for “{host}”; the certificate is for {names}.", host, names = listed(names, 6))
                },
                if *common_name_would_match {
                    t!("The common name would match, but only subject alternative names count. Its owner needs a certificate with the name among those.")
                } else {
                    t!("Use one of these names, or its owner needs a certificate for this one. Also check that you reached the right machine.")
                },
            ),
            Self::MailboxMismatch { mailbox, names } => Explanation::new(
                t!("The certificate is for another mailbox"),
                if names.is_empty() {
                    t!("The certificate names no mailbox, so it cannot be for “{mailbox}”.", mailbox)
                } else {
                    t!("You asked for “{mailbox}”; the certificate is for {names}.", mailbox, names = listed(names, 6))
                },
                t!("Write to one of these addresses, or its owner needs a certificate for this one."),
            ),
            Self::BadSignature => Explanation::new(
                t!("The signature is wrong"),
                t!("The signature on the certificate was not made by its issuer’s key: it was altered, or another authority of the same name issued it."),
                t!("Do not trust it. Ask its owner which issuer is meant."),
            ),
            Self::IssuerKeyDiffers { subject, ca_issuers } => Explanation::new(
                t!("Another authority of the same name"),
                t!("A certificate “{subject}” is at hand, but it was another key of that name that signed this one.", subject),
                match ca_issuers.first() {
                    Some(url) => t!("The authority may have changed its key. The right certificate can be had from {url}.", url),
                    None => t!("The authority may have changed its key: ask the certificate’s owner for the right one.").into(),
                },
            ),
            Self::Revoked { since, reason, by } => Explanation::new(
                t!("Revoked"),
                t!("Its issuer revoked it on {since} ({reason}); {by} says so.", since = format_time(*since), reason = revocation_reason(reason), by),
                match reason.as_str() {
                    "certificateHold" => t!("It is suspended: ask its owner whether the issuer will lift that."),
                    "keyCompromise" | "cACompromise" => t!("Do not trust it: somebody else may have the key. Its owner needs a new key and a new certificate."),
                    _ => t!("Do not trust it. Its owner needs a new certificate."),
                },
            ),
            Self::RevocationUnknown { dismissed, lists, responders } => Explanation::new(
                t!("Not known whether it is revoked"),
                match dismissed.as_slice() {
                    [] => t!("No revocation list and no OCSP response for it is at hand.").to_owned(),
                    some => t!("What is at hand does not count: {some}.", some = listed(some, 3)),
                },
                remedy_of_unknown_revocation(dismissed, lists, responders),
            ),
            Self::Distrusted => Explanation::new(
                t!("Never to be trusted"),
                t!("The certificate is on the list of what is never trusted."),
                t!("Its owner needs a certificate from another authority."),
            ),
            Self::WeakAlgorithm { algorithm } => Explanation::new(
                t!("Too weak"),
                t!("{algorithm} is too weak to prove anything today.", algorithm),
                t!("Its owner has to get a new certificate with a current algorithm."),
            ),
            Self::RetiredAlgorithm { algorithm } => Explanation::new(
                t!("No longer approved"),
                t!("{algorithm} is no longer approved for signatures (FIPS 186-5), and browsers and current TLS libraries refuse it.", algorithm),
                t!("Its owner has to get a new certificate with a current algorithm."),
            ),
            Self::UnsupportedAlgorithm { algorithm } => Explanation::new(
                t!("Algorithm not supported"),
                t!("Certwright cannot check signatures of the algorithm {algorithm}.", algorithm),
                t!("Check this chain with another tool."),
            ),
            Self::NotACa => Explanation::new(
                t!("The issuer may not issue"),
                t!("A certificate in the chain was issued by one that is not a certification authority."),
                t!("Do not trust it; the issuer has overstepped, or the wrong file was installed as intermediate."),
            ),
            Self::PathTooLong { allowed } => Explanation::new(
                t!("Too many authorities in a row"),
                t!("An authority in the chain allows {allowed} more below it, and there are more.", allowed),
                t!("The authority that issued the chain has to mend this."),
            ),
            Self::KeyUsage { needed } => Explanation::new(
                t!("Key usage does not allow this"),
                t!("The certificate’s key usage lacks “{needed}”.", needed),
                t!("Its owner needs a certificate whose key usage fits."),
            ),
            Self::ExtendedKeyUsage { needed, found } => Explanation::new(
                t!("Not meant for this purpose"),
                t!("“{needed}” is needed; the certificate is for {found}.", needed, found = listed(found, 6)),
                t!("Its owner needs a certificate with that extended key usage."),
            ),
            Self::NameConstraint { name } => Explanation::new(
                t!("Outside what the authority may certify"),
                t!("An authority in the chain is limited to certain names, and “{name}” is not among them.", name),
                t!("Ask the authority for a certificate with a permitted name."),
            ),
            Self::NoPolicy { valid } => Explanation::new(
                t!("No acceptable certificate policy"),
                match valid.as_slice() {
                    [] => t!("A certificate policy is demanded, and the chain as a whole is valid for none.").to_owned(),
                    some => t!("The chain is valid for the policy {some}, and another one is demanded.", some = listed(some, 4)),
                },
                t!("Ask the authority for a certificate under the policy that is demanded, or demand another one."),
            ),
            Self::UnknownCriticalExtension { oid } => Explanation::new(
                t!("A critical extension that is not understood"),
                t!("The extension {oid} is marked critical, so a certificate with it must be refused by all who do not process it.", oid),
                t!("Ask the issuer what it means; check with another tool."),
            ),
            Self::AnchorOutOfPlace => Explanation::new(
                t!("Trusted, and not for this place"),
                t!("The certificate is trusted, but not for the place that it has in this chain."),
                t!("Add the authority that issued it to the trust store instead."),
            ),
            Self::Circle => Explanation::new(
                t!("The issuers go in a circle"),
                t!("The authorities at hand have issued each other, and none of them leads to one that is trusted."),
                t!("Add one of them to the trust store if you know that it is right, or find the certificate that leads to a root."),
            ),
            Self::TooComplex => Explanation::new(
                t!("Too many possible paths"),
                t!("The certificates can be combined in so many ways that the search was given up."),
                t!("Remove certificates that do not belong to this chain."),
            ),
            Self::RuleBroken { rule, source } => Explanation::new(
                t!("Against the rules for authorities"),
                t!("By {source} this certificate is not as it has to be: {rule}.", source, rule),
                t!("Its issuer has to mend this; a private authority can be judged by RFC 5280 alone."),
            ),
            Self::Malformed { detail } => Explanation::new(
                t!("Not a proper certificate"),
                t!("The certificate breaks a rule of RFC 5280: {detail}.", detail),
                t!("Its issuer has to mend this."),
            ),
        }
    }
}

/// What a reason for a revocation (RFC 5280 section 5.3.1) means.
fn revocation_reason(reason: &str) -> &str {
    match reason {
        "unspecified" => t!("it does not say why"),
        "keyCompromise" => t!("somebody else may have the private key"),
        "cACompromise" => t!("somebody else may have the key of the authority"),
        "affiliationChanged" => t!("what it says about its holder is no longer right"),
        "superseded" => t!("another certificate took its place"),
        "cessationOfOperation" => t!("it is no longer needed"),
        "certificateHold" => t!("suspended for the time being"),
        "privilegeWithdrawn" => t!("what was granted was taken back"),
        "aACompromise" => t!("somebody else may have the key of the attribute authority"),
        other => other,
    }
}

impl ChainRemark {
    /// The remark in words.
    pub fn explain(&self) -> Explanation {
        match self {
            Self::IntermediateNotSent { subject } => Explanation::new(
                t!("An intermediate was not sent along"),
                t!(
                    "“{subject}” was taken from this keystore. Whoever does not hold it will refuse the chain.",
                    subject
                ),
                t!("The certificate’s owner should install the whole chain."),
            ),
            Self::OutOfOrder => Explanation::new(
                t!("The chain was sent out of order"),
                t!("TLS 1.2 wants each certificate to be followed by its issuer; some clients insist."),
                t!(
                    "The certificate’s owner should put the chain in order: the end-entity first, then each issuer."
                ),
            ),
            Self::Unneeded { subjects } => Explanation::new(
                t!("More was sent than is needed"),
                t!("Not part of the path: {subjects}.", subjects = listed(subjects, 6)),
                "",
            ),
            Self::RootSent => Explanation::new(
                t!("The root was sent along"),
                t!("Who trusts the root holds it already: sending it has no effect."),
                "",
            ),
        }
    }
}

/// How a status can be found. A list or response is dropped onto the page, or named on the command line: the words fit both.
fn remedy_of_unknown_revocation(dismissed: &[String], lists: &[String], responders: &[String]) -> String {
    let how = match (lists.first(), responders.first()) {
        (Some(url), _) => t!("Get the current revocation list from {url}, which the certificate names, and judge again with it", url),
        (None, Some(url)) => t!("The certificate names no revocation list; ask the OCSP responder that it names, {url}, and judge again with its response", url),
        (None, None) => t!("The certificate names neither a revocation list nor an OCSP responder: ask its issuer for a current list, and judge again with it").into(),
    };
    let otherwise =
        if dismissed.is_empty() { t!(", or look at revocation only where something is known") } else { "" };
    format!("{how}{otherwise}.")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_failure_has_its_own_sentence_and_a_remedy() {
        let text = || "x".to_owned();
        let all = [
            Reason::NoCertificate,
            Reason::Unreadable { index: 0 },
            Reason::UntrustedRoot { subject: text() },
            Reason::SelfSigned,
            Reason::MissingIssuer { subject: text(), ca_issuers: Vec::new() },
            Reason::Expired { not_after: 0, at: 1 },
            Reason::NotYetValid { not_before: 1, at: 0 },
            Reason::HostMismatch { host: text(), names: vec![text()], common_name_would_match: false },
            Reason::MailboxMismatch { mailbox: text(), names: Vec::new() },
            Reason::BadSignature,
            Reason::IssuerKeyDiffers { subject: text(), ca_issuers: Vec::new() },
            Reason::Revoked { since: 0, reason: "keyCompromise".into(), by: text() },
            Reason::Revoked { since: 0, reason: "certificateHold".into(), by: text() },
            Reason::RevocationUnknown { dismissed: Vec::new(), lists: Vec::new(), responders: Vec::new() },
            Reason::RevocationUnknown {
                dismissed: vec![text()],
                lists: vec![text()],
                responders: Vec::new(),
            },
            Reason::Distrusted,
            Reason::WeakAlgorithm { algorithm: text() },
            Reason::RetiredAlgorithm { algorithm: text() },
            Reason::UnsupportedAlgorithm { algorithm: text() },
            Reason::NotACa,
            Reason::PathTooLong { allowed: 0 },
            Reason::KeyUsage { needed: text() },
            Reason::ExtendedKeyUsage { needed: text(), found: vec![text()] },
            Reason::NameConstraint { name: text() },
            Reason::NoPolicy { valid: Vec::new() },
            Reason::NoPolicy { valid: vec![text()] },
            Reason::UnknownCriticalExtension { oid: text() },
            Reason::AnchorOutOfPlace,
            Reason::Circle,
            Reason::RuleBroken { rule: text(), source: text() },
            Reason::TooComplex,
            Reason::Malformed { detail: text() },
        ];
        let mut seen = HashSet::new();
        for reason in all {
            let words = reason.explain();
            assert!(seen.insert(words.what_happened.clone()), "the same sentence twice: {words:?}");
            assert!(!words.what_to_try.is_empty() && words.what_happened.ends_with('.'), "{words:?}");
        }
    }

    #[test]
    fn the_remedy_of_an_unknown_status_fits_the_certificate() {
        let (list, responder) = ("http://a.example/list", "http://a.example/ocsp");
        let told = |lists: &[&str], responders: &[&str], dismissed: &[&str]| {
            let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
            remedy_of_unknown_revocation(&owned(dismissed), &owned(lists), &owned(responders))
        };
        assert!(told(&[list], &[responder], &[]).contains(list));
        assert!(told(&[], &[responder], &[]).contains(responder));
        assert!(told(&[], &[], &[]).contains("ask its issuer"));
        assert!(told(&[list], &[], &[]).ends_with("only where something is known."));
        assert!(told(&[list], &[], &["it is too old"]).ends_with("judge again with it."));
    }
}
