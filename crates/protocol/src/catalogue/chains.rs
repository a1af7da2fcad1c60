//! Words for why a chain is not trusted, and for what is odd about it.

use super::{Explanation, format_time, listed};
use crate::view::{ChainFailure, ChainFailureReason as Reason, ChainRemark};

impl ChainFailure {
    /// The failure in words, naming the certificate.
    pub fn explain(&self) -> Explanation {
        let mut explanation = self.reason.explain();
        // Servers send their intermediates and not their root: what is missing above an intermediate is most likely the root.
        if let (Reason::MissingIssuer { subject, .. }, Some(1..)) = (&self.reason, self.at) {
            explanation.title = "The root is not in the trust store".into();
            explanation.what_to_try = format!(
                "Most likely “{subject}” is the root, which servers do not send: get it from the server's administrator, compare the fingerprint, and add it to the trust store."
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
    /// The check's failure in words.
    pub fn explain(&self) -> Explanation {
        match self {
            Self::NoCertificate => Explanation::new(
                "No certificate",
                "The server sent no certificate, so nothing proves who it is.",
                "The server's administrator has to configure a certificate.",
            ),
            Self::Unreadable { index } => Explanation::new(
                "A certificate could not be read",
                format!("Certificate number {} of what was sent is not a well-formed X.509 certificate.", index + 1),
                "The server's administrator has to replace it.",
            ),
            Self::UntrustedRoot { subject } => Explanation::new(
                "The root is not in the trust store",
                format!("The chain is complete up to the root “{subject}”, and this keystore does not trust that root."),
                "If you know that this is the right root (ask the server's administrator, compare fingerprints), add it to the trust store.",
            ),
            Self::SelfSigned => Explanation::new(
                "Self-signed, and not trusted",
                "The server's certificate is signed by itself, and this keystore does not trust it.",
                "If you know that it is the right one (compare the fingerprint with the server's administrator), add this very certificate to the trust store.",
            ),
            Self::MissingIssuer { subject, ca_issuers } => Explanation::new(
                "A certificate of the chain is missing",
                format!("The certificate of the issuer “{subject}” was not sent and is not in this keystore."),
                match ca_issuers.first() {
                    Some(url) => format!("If it is the root: get it from the server's administrator and add it to the trust store. If it is an intermediate, the server should send it; it can be had from {url}."),
                    None => "If it is the root: get it from the server's administrator and add it to the trust store. If it is an intermediate, the server should send it; its administrator can mend that.".into(),
                },
            ),
            Self::Expired { not_after, at } => Explanation::new(
                "Expired",
                format!("Valid until {}; now it is {}.", format_time(*not_after), format_time(*at)),
                "Its owner has to renew it.",
            ),
            Self::NotYetValid { not_before, at } => Explanation::new(
                "Not valid yet",
                format!("Valid from {}; now it is {}.", format_time(*not_before), format_time(*at)),
                "Check this computer's clock. If it is right, wait, or get a certificate that is valid now.",
            ),
            Self::HostMismatch { host, names, common_name_would_match } => Explanation::new(
                "The certificate is for another host",
                if names.is_empty() {
                    format!("The certificate names no host in its subject alternative names, so it cannot be for “{host}”.")
                } else {
                    format!("You asked for “{host}”; the certificate is for {}.", listed(names, 6))
                },
                if *common_name_would_match {
                    "The common name would match, but only subject alternative names count. The server's administrator needs a certificate with the name among those."
                } else {
                    "Use one of these names, or the server's administrator needs a certificate for this one. Also check that you reached the right machine."
                },
            ),
            Self::BadSignature => Explanation::new(
                "The signature is wrong",
                "The signature on the certificate was not made by its issuer's key: it was altered, or another authority of the same name issued it.",
                "Do not trust it. Ask the server's administrator which issuer is meant.",
            ),
            Self::IssuerKeyDiffers { subject, ca_issuers } => Explanation::new(
                "Another authority of the same name",
                format!("A certificate “{subject}” is at hand, but it was another key of that name that signed this one."),
                match ca_issuers.first() {
                    Some(url) => format!("The authority may have changed its key. The right certificate can be had from {url}."),
                    None => "The authority may have changed its key: ask the server's administrator for the right certificate.".into(),
                },
            ),
            Self::WeakAlgorithm { algorithm } => Explanation::new(
                "Too weak",
                format!("{algorithm} is too weak to prove anything today."),
                "Its owner has to get a new certificate with a current algorithm.",
            ),
            Self::UnsupportedAlgorithm { algorithm } => Explanation::new(
                "Algorithm not supported",
                format!("Certwright cannot check signatures of the algorithm {algorithm}."),
                "Check this chain with another tool.",
            ),
            Self::NotACa => Explanation::new(
                "The issuer may not issue",
                "A certificate in the chain was issued by one that is not a certification authority.",
                "Do not trust it; the issuer has overstepped, or the wrong file was installed as intermediate.",
            ),
            Self::PathTooLong { allowed } => Explanation::new(
                "Too many authorities in a row",
                format!("An authority in the chain allows {allowed} more below it, and there are more."),
                "The authority that issued the chain has to mend this.",
            ),
            Self::KeyUsage { needed } => Explanation::new(
                "Key usage does not allow this",
                format!("The certificate's key usage lacks “{needed}”."),
                "Its owner needs a certificate whose key usage fits.",
            ),
            Self::ExtendedKeyUsage { needed, found } => Explanation::new(
                "Not meant for this purpose",
                format!("“{needed}” is needed; the certificate is for {}.", listed(found, 6)),
                "Its owner needs a certificate with that extended key usage.",
            ),
            Self::NameConstraint { name } => Explanation::new(
                "Outside what the authority may certify",
                format!("An authority in the chain is limited to certain names, and “{name}” is not among them."),
                "Ask the authority for a certificate with a permitted name.",
            ),
            Self::UnknownCriticalExtension { oid } => Explanation::new(
                "A critical extension that is not understood",
                format!("The extension {oid} is marked critical, so a certificate with it must be refused by all who do not process it."),
                "Ask the issuer what it means; check with another tool.",
            ),
            Self::TooComplex => Explanation::new(
                "Too many possible paths",
                "The certificates can be combined in so many ways that the search was given up.",
                "Remove certificates that do not belong to this chain.",
            ),
            Self::Malformed { detail } => Explanation::new(
                "Not a proper certificate",
                format!("The certificate breaks a rule of RFC 5280: {detail}."),
                "Its issuer has to mend this.",
            ),
        }
    }
}

impl ChainRemark {
    /// The remark in words.
    pub fn explain(&self) -> Explanation {
        match self {
            Self::IntermediateNotSent { subject } => Explanation::new(
                "The server did not send its intermediate",
                format!("“{subject}” was taken from this keystore. Clients that do not hold it will fail."),
                "Tell the server's administrator to install the whole chain.",
            ),
            Self::OutOfOrder => Explanation::new(
                "The chain was sent out of order",
                "TLS 1.2 wants each certificate to be followed by its issuer; some clients insist.",
                "Tell the server's administrator to put the chain in order: its own certificate first, then each issuer.",
            ),
            Self::Unneeded { subjects } => Explanation::new(
                "More was sent than is needed",
                format!("Not part of the path: {}.", listed(subjects, 6)),
                "",
            ),
            Self::RootSent => Explanation::new(
                "The root was sent along",
                "Clients hold the root already, or do not trust it: sending it has no effect.",
                "",
            ),
        }
    }
}
