//! Mozilla's trust anchors for TLS servers, as the crate webpki-root-certs carries them (generated from the CCADB's report
//! `IncludedCACertificateReportPEMCSV`). Read when first asked for, once.

use std::collections::HashSet;
use std::sync::OnceLock;

use certwright_certs::{Certificate, Name};
use certwright_chain::Anchor;
use certwright_language::mark;

/// The day on which this version of the list was made.
pub const DATE: &str = "2026-10-23";
/// What people call the list.
pub const NAME: &str = mark!("Mozilla’s list");

/// The anchors, labelled by their subject.
pub fn anchors() -> &'static [Anchor] {
    static ANCHORS: OnceLock<Vec<Anchor>> = OnceLock::new();
    ANCHORS.get_or_init(|| {
        let certificates = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
        let read = certificates.filter_map(|der| Certificate::from_der(der).ok());
        read.map(|certificate| Anchor { label: certificate.display_name(), certificate }).collect()
    })
}

/// Whether one of the roots has this name.
pub fn has_root(name: &Name) -> bool {
    static NAMES: OnceLock<HashSet<Name>> = OnceLock::new();
    NAMES
        .get_or_init(|| anchors().iter().map(|anchor| anchor.certificate.subject().clone()).collect())
        .contains(name)
}

/// Whether this very certificate is one of the roots.
pub fn is_root(certificate: &Certificate) -> bool {
    has_root(certificate.subject()) && anchors().iter().any(|anchor| anchor.certificate == *certificate)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever takes a newer version of the crate looks up its day and writes it above.
    #[test]
    fn the_date_is_that_of_the_version() {
        let lock = include_str!("../../../../Cargo.lock");
        let entry = lock.split("name = \"webpki-root-certs\"").nth(1).unwrap();
        assert!(entry.trim_start().starts_with("version = \"1.0.11\""), "{DATE} is the day of 1.0.11");
    }

    #[test]
    fn all_roots_can_be_read() {
        assert_eq!(anchors().len(), webpki_root_certs::TLS_SERVER_ROOT_CERTS.len());
        assert!(anchors().iter().all(|anchor| is_root(&anchor.certificate)));
    }
}
