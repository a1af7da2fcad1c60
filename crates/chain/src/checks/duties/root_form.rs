//! A root has no extended key usage, and an authority key identifier that is its own and says nothing else (CA/Browser Forum baseline requirements 7.1.2.1.2 and
//! 7.1.2.1.3).

use crate::checks::{CheckInfo, Position, Run, Said};
use crate::rule::Rule;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "root-form",
    title: mark!("A root has no extended key usage, and no other authority key identifier than its own."),
    citation: "Baseline Requirements 7.1.2.1.2 and 7.1.2.1.3",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if !position.is_root() {
        return said.skip(NotApplicable::OnlyRoots);
    }
    let certificate = position.certificate;
    if let Ok(Some(identifier)) = &certificate.extensions().authority_key_identifier
        && (identifier.issuer.is_some()
            || identifier.serial.is_some()
            || identifier.key_identifier.as_deref() != certificate.subject_key_identifier())
    {
        said.breaks(Rule::RootAuthorityKeyIdentifier);
    }
    if certificate.extended_key_usages().is_some() {
        said.breaks(Rule::RootExtendedKeyUsage);
    }
}
