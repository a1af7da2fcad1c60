//! Trust anchors: certificates that the user (or a list such as Mozilla's) trusts.
//!
//! An anchor may be a root, an intermediate, or the very end-entity certificate. What it says about itself counts (RFC 5937): its validity,
//! its basic constraints, key usages, name constraints and policies. [`AnchorRules`] says otherwise where that is wanted. Its own
//! signature does not count: trust does not come from there.

use certwright_certs::Certificate;

/// A certificate that is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// What the user calls it: an alias, or the name in a list.
    pub label: String,
    /// The certificate.
    pub certificate: Certificate,
}

/// What counts of what an anchor says about itself. RFC 5280 section 6.1.1 (d) wants its name and key alone; RFC 5937 the rest too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnchorRules {
    /// Its validity.
    pub validity: bool,
    /// Its extensions, its algorithms and its form.
    pub constraints: bool,
    /// It may issue certificates.
    pub may_issue: bool,
    /// Whether it may be the end-entity itself.
    pub as_end_entity: AnchorAsEndEntity,
}

/// Whether an anchor may be the end-entity itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnchorAsEndEntity {
    /// It may.
    Allowed,
    /// It may if it is self-signed.
    IfSelfSigned,
    /// It only issues.
    Never,
}

impl Default for AnchorRules {
    fn default() -> Self {
        Self { validity: true, constraints: true, may_issue: true, as_end_entity: AnchorAsEndEntity::Allowed }
    }
}
