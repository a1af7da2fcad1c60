//! Trust anchors: certificates that the user (or a list such as Mozilla's) trusts.
//!
//! An anchor may be a root, an intermediate, or the very end-entity certificate. What it says about itself counts: its validity, its
//! basic constraints, key usages and name constraints (RFC 5937). Its own signature does not: trust does not come from there.

use std::collections::HashMap;

use certwright_certs::{Certificate, Name};

/// A certificate that is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// What the user calls it: an alias, or the name in a list.
    pub label: String,
    /// The certificate.
    pub certificate: Certificate,
}

/// Finds anchors.
pub(crate) struct AnchorIndex<'a> {
    by_subject: HashMap<&'a Name, Vec<usize>>,
    by_der: HashMap<&'a [u8], usize>,
}

impl<'a> AnchorIndex<'a> {
    pub(crate) fn new(anchors: &'a [Anchor]) -> Self {
        let mut by_subject: HashMap<&Name, Vec<usize>> = HashMap::new();
        let mut by_der = HashMap::new();
        for (index, anchor) in anchors.iter().enumerate() {
            // The first of equal anchors gives the label.
            if *by_der.entry(anchor.certificate.der()).or_insert(index) == index {
                by_subject.entry(anchor.certificate.subject()).or_default().push(index);
            }
        }
        Self { by_subject, by_der }
    }

    /// Anchors with this subject.
    pub(crate) fn named(&self, subject: &Name) -> &[usize] {
        self.by_subject.get(subject).map(Vec::as_slice).unwrap_or_default()
    }

    /// The anchor that is this very certificate.
    pub(crate) fn same(&self, certificate: &Certificate) -> Option<usize> {
        self.by_der.get(certificate.der()).copied()
    }
}
