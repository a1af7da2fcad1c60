//! What the other side has to hold, for each part of a path that may be sent.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "revocation/support.rs"]
#[allow(dead_code, reason = "made for the tests of revocation, which need more of it")]
mod support;

use certwright_certs::Certificate;
use certwright_chain::{Anchor, NeededKind, Needs, Question, SentPart, judge, needs};
use support::{AT, Party, ca, key_usage};

fn of(sent: &[Certificate], extra: &[Certificate], anchors: &[Anchor]) -> Needs {
    let verdict = judge(&Question { extra, ..Question::new(sent, anchors, AT) });
    needs(verdict.best().unwrap(), sent)
}

fn places(needs: &Needs) -> Vec<(usize, NeededKind)> {
    needs.certificates.iter().map(|needed| (needed.at, needed.kind)).collect()
}

#[test]
fn each_part_of_a_path() {
    use NeededKind::{EndEntity, Intermediate, Root};
    let (root, sub, leaf) = (Party::new("CN=Root"), Party::new("CN=Authority"), Party::new("CN=leaf"));
    let (upper, lower, own) =
        (root.root(), root.issue(&sub, 2, &[ca(), key_usage(0x06)]), sub.issue(&leaf, 3, &[]));
    let anchors = [Anchor { label: "root".into(), certificate: upper.clone() }];
    let known = [upper.clone(), lower.clone()];

    let whole = of(&[own.clone(), lower.clone()], &[], &anchors);
    assert_eq!((whole.sent, places(&whole)), (SentPart::AllIntermediates, vec![(2, Root)]));
    let with_root = of(&[own.clone(), lower.clone(), upper.clone()], &[], &anchors);
    assert_eq!((with_root.sent, places(&with_root)), (SentPart::WithRoot, vec![(2, Root)]));
    let alone = of(std::slice::from_ref(&own), &known, &anchors);
    assert_eq!((alone.sent, places(&alone)), (SentPart::EndEntityAlone, vec![(2, Root), (1, Intermediate)]));
    // Without trust the answer is the same: it says what would have to be trusted.
    let untrusted = of(&[own.clone(), lower.clone()], &known, &[]);
    assert_eq!((untrusted.sent, places(&untrusted)), (SentPart::AllIntermediates, vec![(2, Root)]));
    assert_eq!(untrusted.missing, None);

    let unknown = of(std::slice::from_ref(&own), &[], &[]);
    assert_eq!((unknown.sent, places(&unknown)), (SentPart::EndEntityAlone, vec![]));
    assert_eq!(unknown.missing.as_ref(), Some(&sub.name));
    let rootless = of(&[own, lower], &[], &[]);
    assert_eq!((rootless.sent, rootless.missing.as_ref()), (SentPart::AllIntermediates, Some(&root.name)));

    let own_root = of(&[upper], &[], &[]);
    assert_eq!((own_root.sent, places(&own_root)), (SentPart::SelfSigned, vec![(0, EndEntity)]));
}
