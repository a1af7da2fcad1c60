//! Is this chain to be trusted, and if not, exactly why not?
//!
//! [`judge`] builds paths from an end-entity certificate to trust anchors (RFC 4158) and runs every check of a [`Profile`] on each, one file per
//! check under `checks/`. A path that passes all is enough. If none does, the best one comes first, with all that is wrong with it, so that an
//! expired certificate does not hide a wrong host name.

mod anchors;
mod checks;
mod failure;
mod needs;
mod order;
mod policy;
mod profile;
mod question;
pub mod revocation;
mod rule;
mod search;
mod smtp_utf8;
mod spending;
mod verdict;

pub use anchors::{Anchor, AnchorAsEndEntity, AnchorRules};
pub use checks::CheckInfo;
pub use checks::host_name::matches_name;
pub use failure::{Failure, FailureKind};
pub use needs::{Needed, NeededKind, Needs, SentPart, needs};
pub use order::{chain_order, issued_by};
pub use policy::{PolicySet, ValidPolicies, ValidPolicy};
pub use profile::Profile;
pub use question::{
    Algorithms, Budget, Evidence, ExtendedKeyUsageRule, Host, Paths, PolicyInputs, Purpose, Question,
    RevocationMode,
};
pub use rule::Rule;
pub use verdict::{CheckResult, Link, NotApplicable, Notes, Origin, Outcome, Path, PathEnd, Verdict, Work};

/// Judges a chain: see [`Question`] for what goes in and [`Verdict`] for what comes out.
pub fn judge(question: &Question<'_>) -> Verdict {
    search::search(question)
}
