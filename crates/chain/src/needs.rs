//! What must the other side hold to accept this chain? Computed from a path and from what is sent of it (RFC 8446 section 4.4.2: the peer sends its own certificate
//! first; the trust anchor may be left out, since who trusts it has it).
//!
//! A receiver that gets the end-entity with its intermediates needs the root alone. One that gets less needs the missing intermediates too. A self-signed
//! certificate has to be held itself.

use certwright_certs::{Certificate, Name};

use crate::verdict::{Path, PathEnd};

/// What the other side has to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// What is sent of the path.
    pub sent: SentPart,
    /// What to hold, from the top of the path down: first the one to be trusted. Places in the path.
    pub certificates: Vec<Needed>,
    /// The path ends before its root, whose name (or that of the next issuer) is this: it has to be found first.
    pub missing: Option<Name>,
}

/// A certificate that the other side has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needed {
    /// Its place in the path.
    pub at: usize,
    /// What it is in the path.
    pub kind: NeededKind,
}

/// What a certificate is that the other side has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NeededKind {
    /// The root (or the last certificate of the path that is known): to be trusted.
    Root,
    /// An intermediate that is not sent: to be at hand, trusted or not.
    Intermediate,
    /// The end-entity itself, being self-signed or trusted as it is: to be trusted.
    EndEntity,
}

/// What is sent of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SentPart {
    /// A self-signed certificate, which is the whole path.
    SelfSigned,
    /// The end-entity alone, although there are intermediates.
    EndEntityAlone,
    /// The end-entity and some intermediates, not all.
    SomeIntermediates,
    /// The end-entity and all intermediates (there may be none).
    AllIntermediates,
    /// All of the path, its root too.
    WithRoot,
}

/// What who receives `sent` has to hold, so that the path is complete for them.
pub fn needs(path: &Path, sent: &[Certificate]) -> Needs {
    let last = path.links.len().saturating_sub(1);
    let missing = match &path.end {
        PathEnd::MissingIssuer { issuer, .. } => Some(issuer.clone()),
        _ => None,
    };
    if last == 0 && missing.is_none() {
        let certificates = vec![Needed { at: 0, kind: NeededKind::EndEntity }];
        return Needs { sent: SentPart::SelfSigned, certificates, missing };
    }
    let is_sent = |at: &usize| path.links.get(*at).is_some_and(|link| sent.contains(&link.certificate));
    // What ends before a root has no root: its last certificate is an intermediate like the others.
    let end = if missing.is_some() { last + 1 } else { last };
    let intermediates = 1..end;
    let absent: Vec<usize> = intermediates.clone().filter(|at| !is_sent(at)).collect();
    let part = match (absent.len(), intermediates.len()) {
        (0, _) if missing.is_none() && is_sent(&last) => SentPart::WithRoot,
        (0, 1..) => SentPart::AllIntermediates,
        // Without intermediates at hand nobody knows whether there are any.
        (0, _) if missing.is_some() => SentPart::EndEntityAlone,
        (0, _) => SentPart::AllIntermediates,
        (absent, all) if absent == all => SentPart::EndEntityAlone,
        _ => SentPart::SomeIntermediates,
    };
    let root = missing.is_none().then_some(Needed { at: last, kind: NeededKind::Root });
    let others = absent.into_iter().rev().map(|at| Needed { at, kind: NeededKind::Intermediate });
    Needs { sent: part, certificates: root.into_iter().chain(others).collect(), missing }
}
