//! Is this chain to be trusted, and if not, exactly why not?
//!
//! [`judge`] builds paths from an end-entity certificate to trust anchors (RFC 5280 section 6.1, RFC 4158) and runs every check on each, one file
//! per check under `checks/`. A path that passes all is enough. If none does, the best one is shown with all that is wrong with
//! it, so that an expired certificate does not hide a wrong host name.
//!
//! Not done here: revocation, and certificate policies beyond the initial policy `anyPolicy`: a critical extension that restricts policies is
//! refused as unsupported.

mod anchors;
mod build;
mod checks;
mod order;
mod question;
pub mod revocation;
mod verdict;

pub use anchors::Anchor;
pub use checks::hostname::matches_name;
pub use checks::rules::Rule;
pub use order::{chain_order, issued_by};
pub use question::{Budget, Host, Profile, Purpose, Question};
pub use verdict::{Failure, FailureKind, Link, Notes, Origin, PathEnd, Verdict};

/// Judges a chain for the profile [`Profile::Tolerant`].
pub fn judge(question: &Question<'_>) -> Verdict {
    judge_with(question, Profile::Tolerant)
}

/// Judges a chain: see [`Question`] for what goes in and [`Verdict`] for what comes out.
pub fn judge_with(question: &Question<'_>, profile: Profile) -> Verdict {
    build::search(question, profile)
}
