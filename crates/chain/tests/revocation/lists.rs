//! Complete lists, delta CRLs and who may sign them.

use certwright_certs::extensions::ReasonCode;
use certwright_certs::{Certificate, Crl};
use certwright_chain::revocation::{Dismissal, Inquiry, SignerPath, Source, Status, Unknown, Work, status};
use certwright_keys::verify::Lenience;

use crate::support::*;

const GOOD: fn(usize) -> Status = |index| Status::Good { by: vec![Source::Crl { index }] };

fn revoked(by: Source, reason: ReasonCode) -> Status {
    Status::Revoked { by, at: AT - 2 * DAY, reason, invalidity_date: None }
}

fn unusable() -> Status {
    Status::Unknown { why: Unknown::NoneUsable }
}

/// An authority, its certificate, and a certificate with the serial number 7 that it issued.
struct Scene {
    authority: Party,
    root: Certificate,
    leaf: Certificate,
}

impl Scene {
    fn new() -> Self {
        let authority = Party::new("CN=Authority,O=Example");
        let root = authority.root();
        let leaf = authority.issue(&Party::new("CN=leaf"), 7, &[]);
        Self { authority, root, leaf }
    }

    fn status(&self, crls: &[Crl]) -> Status {
        by_lists(&self.leaf, &self.root, crls, &[&self.root], &[]).status
    }

    /// The status is unknown, and of the first list this is said.
    fn dismissal(&self, crls: &[Crl]) -> Dismissal {
        let answer = by_lists(&self.leaf, &self.root, crls, &[&self.root], &[]);
        assert_eq!(answer.status, unusable());
        let of_first = |source| matches!(source, Source::Crl { index: 0 });
        answer.dismissed.into_iter().find(|dismissed| of_first(dismissed.source)).unwrap().why
    }
}

#[test]
fn a_complete_list_says_good_or_revoked() {
    let scene = Scene::new();
    let other = entry(8, &[]);
    assert_eq!(scene.status(&[]), Status::Unknown { why: Unknown::NoEvidence });
    assert_eq!(scene.status(&[scene.authority.list(&list(&[other.clone()], &[]))]), GOOD(0));
    let mut known = vec![reason(1)];
    let crl = scene.authority.list(&list(&[other, entry(7, &known)], &[]));
    assert_eq!(scene.status(&[crl]), revoked(Source::Crl { index: 0 }, ReasonCode::KeyCompromise));
    known.push(extension("551d18", false, &general_time(AT - 9 * DAY)));
    let answer = scene.status(&[scene.authority.list(&list(&[entry(7, &known)], &[]))]);
    assert!(matches!(answer, Status::Revoked { invalidity_date: Some(at), .. } if at == AT - 9 * DAY));
}

#[test]
fn times_of_lists() {
    let scene = Scene::new();
    let with = |this_update, next_update| {
        scene.authority.list(&List { this_update, next_update, ..List::default() })
    };
    let old = with(AT - 9 * DAY, Some(AT - 1));
    let (this_update, next_update) = (AT - 9 * DAY, Some(AT - 1));
    assert_eq!(scene.dismissal(&[old.clone()]), Dismissal::OutOfDate { this_update, next_update });
    let early = with(AT + 1, Some(AT + DAY));
    assert_eq!(scene.dismissal(&[early.clone()]), Dismissal::NotYetValid { this_update: AT + 1 });
    assert_eq!(scene.status(&[with(AT, Some(AT))]), GOOD(0));
    assert_eq!(scene.status(&[with(AT - DAY, None)]), GOOD(0));
    assert_eq!(scene.status(&[old, early, with(AT - DAY, Some(AT))]), GOOD(2));
}

#[test]
fn the_newest_list_counts() {
    let scene = Scene::new();
    let held = List { this_update: AT - 3 * DAY, ..list(&[entry(7, &[reason(6)])], &[]) };
    let crls = [scene.authority.list(&held), scene.authority.list(&List::default())];
    assert_eq!(scene.status(&crls), GOOD(1));
    assert!(matches!(scene.status(&crls[..1]), Status::Revoked { reason: ReasonCode::CertificateHold, .. }));
}

#[test]
fn what_is_critical_must_be_known() {
    let scene = Scene::new();
    let unknown = extension("2a0304", true, &[5, 0]);
    let dismissed = scene.dismissal(&[scene.authority.list(&list(&[], &[unknown.clone()]))]);
    assert!(matches!(dismissed, Dismissal::UnknownCriticalExtension { oid } if oid.to_string() == "1.2.3.4"));
    // The entry of another certificate makes the whole list useless (RFC 5280 section 5.3).
    let dismissed = scene.dismissal(&[scene.authority.list(&list(&[entry(9, &[unknown])], &[]))]);
    assert!(matches!(dismissed, Dismissal::UnknownCriticalExtension { .. }));
    let harmless = extension("2a0304", false, &[5, 0]);
    assert_eq!(
        scene.status(&[scene.authority.list(&list(&[entry(9, &[harmless.clone()])], &[harmless]))]),
        GOOD(0)
    );
}

#[test]
fn broken_and_repeated_extensions() {
    let scene = Scene::new();
    let number = extension("551d14", false, &[2, 1, 6]);
    let dismissed = scene.dismissal(&[scene.authority.list(&list(&[], &[number]))]);
    assert!(matches!(dismissed, Dismissal::DuplicateExtension { .. }));
    let broken = List { number: None, ..list(&[], &[extension("551d14", false, &[2, 1, 0xff])]) };
    assert!(matches!(
        scene.dismissal(&[scene.authority.list(&broken)]),
        Dismissal::MalformedExtension { .. }
    ));
}

#[test]
fn duties_of_issuers_under_the_strict_profile() {
    let scene = Scene::new();
    let strict = |list: &List, strict| {
        let crls = [scene.authority.list(list)];
        let certificates = [&scene.root];
        let inquiry = Inquiry {
            certificate: &scene.leaf,
            issuer: &scene.root,
            crls: &crls,
            ocsp: &[],
            certificates: &certificates,
            at: AT,
            strict,
            working_key: None,
            lenience: Lenience::default(),
        };
        let answer = status(&inquiry, &mut |_: &Certificate| SignerPath::Invalid, &mut Work::default());
        answer.dismissed.into_iter().next().map(|dismissed| dismissed.why)
    };
    let critical_number = extension("551d14", true, &[2, 1, 5]);
    for (list, wanted) in [
        (List::default(), None),
        (List { number: None, ..List::default() }, Some(Dismissal::CrlNumberMissing)),
        (
            List { number: None, ..list(&[], &[critical_number]) },
            Some(Dismissal::Criticality { oid: certwright_certs::oid::CRL_NUMBER.into() }),
        ),
        (List { next_update: None, ..List::default() }, Some(Dismissal::NextUpdateMissing)),
    ] {
        assert_eq!(strict(&list, true), wanted);
        assert_eq!(strict(&list, false), None);
    }
}

#[test]
fn false_signatures_and_other_issuers() {
    let scene = Scene::new();
    let namesake = Party::new("CN=Authority,O=Example");
    assert_eq!(scene.dismissal(&[namesake.list(&List::default())]), Dismissal::SignatureFalse);
    let stranger = Party::new("CN=Stranger");
    let answer = by_lists(&scene.leaf, &scene.root, &[stranger.list(&List::default())], &[], &[]);
    assert_eq!(answer.status, Status::Unknown { why: Unknown::NoEvidence });
    assert_eq!(answer.dismissed[0].why, Dismissal::WrongIssuer { issuer: stranger.name.clone() });
    // A false list beside the right one does no harm.
    let both = [namesake.list(&list(&[entry(7, &[])], &[])), scene.authority.list(&List::default())];
    assert_eq!(scene.status(&both), GOOD(1));
}

#[test]
fn who_may_sign() {
    let authority = Party::new("CN=Authority,O=Example");
    let leaf = authority.issue(&Party::new("CN=leaf"), 7, &[]);
    let crl = [authority.list(&List::default())];
    let without_crl_sign = authority.issue(&authority, 1, &[ca(), key_usage(0x04)]);
    let answer = by_lists(&leaf, &without_crl_sign, &crl, &[], &[]);
    assert_eq!(answer.status, unusable());
    assert_eq!(answer.dismissed[0].why, Dismissal::SignerMayNotSignCrls);
    let without_usage = authority.issue(&authority, 1, &[ca()]);
    assert_eq!(by_lists(&leaf, &without_usage, &crl, &[], &[]).status, GOOD(0));
}

#[test]
fn a_list_signed_with_another_key_of_the_issuer() {
    let scene = Scene::new();
    let signer = Party::new("CN=Authority,O=Example");
    let certificate = scene.authority.issue(&signer, 20, &[key_usage(0x02)]);
    let crl = signer.list(&list(&[entry(7, &[])], &[]));
    let ask = |crls: &[Crl], at_hand: &[&Certificate], trusted: &[&Certificate]| {
        by_lists(&scene.leaf, &scene.root, crls, at_hand, trusted)
    };
    assert_eq!(ask(&[crl.clone()], &[], &[]).dismissed[0].why, Dismissal::SignatureFalse);
    assert_eq!(ask(&[crl.clone()], &[&certificate], &[]).dismissed[0].why, Dismissal::SignerUntrusted);
    let answer = ask(&[crl.clone()], &[&scene.root], &[&certificate]);
    assert_eq!(answer.status, revoked(Source::Crl { index: 0 }, ReasonCode::Unspecified));
    // The authority has revoked the certificate of the signer.
    let of_signer = scene.authority.list(&List { this_update: AT - 5 * DAY, ..list(&[entry(20, &[])], &[]) });
    let answer = ask(&[crl, of_signer], &[&scene.root], &[&certificate]);
    assert_eq!(answer.status, GOOD(1));
    assert_eq!(answer.dismissed[0].why, Dismissal::SignerRevoked);
}

#[test]
fn delta_lists() {
    let scene = Scene::new();
    let delta = |number, base, entries: &[Vec<u8>]| {
        scene.authority.list(&List { number: Some(number), ..list(entries, &[delta_of(base)]) })
    };
    let complete = |entries: &[Vec<u8>]| scene.authority.list(&list(entries, &[]));
    let both = Source::Delta { base: 0, delta: 1 };
    let good = Status::Good { by: vec![both] };
    // Revoked since, held and released, held and then revoked, and unchanged.
    let status = |complete: Crl, delta: Crl| scene.status(&[complete, delta]);
    let held = || complete(&[entry(7, &[reason(6)])]);
    assert_eq!(
        status(complete(&[]), delta(6, 5, &[entry(7, &[reason(4)])])),
        revoked(both, ReasonCode::Superseded)
    );
    assert_eq!(status(held(), delta(6, 5, &[entry(7, &[reason(8)])])), good);
    assert_eq!(
        status(held(), delta(6, 5, &[entry(7, &[reason(1)])])),
        revoked(both, ReasonCode::KeyCompromise)
    );
    assert_eq!(status(held(), delta(6, 5, &[])), revoked(both, ReasonCode::CertificateHold));
    // A base older than the complete list is as good.
    assert_eq!(status(complete(&[]), delta(6, 2, &[])), good);

    let revoking = [entry(7, &[])];
    for (delta, wanted) in [
        (delta(9, 8, &revoking), Dismissal::DeltaBaseTooNew),
        (delta(5, 4, &revoking), Dismissal::DeltaNotNewer),
    ] {
        let answer = by_lists(&scene.leaf, &scene.root, &[complete(&[]), delta], &[], &[]);
        assert_eq!(answer.status, GOOD(0));
        assert_eq!(answer.dismissed[0].why, wanted);
    }
    assert_eq!(scene.dismissal(&[delta(6, 5, &revoking)]), Dismissal::DeltaWithoutBase);
}

#[test]
fn a_delta_list_brings_an_old_list_up_to_date() {
    let scene = Scene::new();
    let old = List { this_update: AT - 30 * DAY, next_update: Some(AT - DAY), ..List::default() };
    let old = scene.authority.list(&old);
    let delta = |extensions: &[Vec<u8>]| {
        let list = List { number: Some(6), ..list(&[], &[&[delta_of(5)], extensions].concat()) };
        scene.authority.list(&list)
    };
    assert_eq!(
        scene.status(&[old.clone(), delta(&[])]),
        Status::Good { by: vec![Source::Delta { base: 0, delta: 1 }] }
    );
    let other_scope = delta(&[scope(&[ONLY_USERS.to_vec()])]);
    assert!(matches!(scene.dismissal(&[old.clone(), other_scope.clone()]), Dismissal::OutOfDate { .. }));
    assert_eq!(scene.dismissal(&[other_scope, old.clone()]), Dismissal::DeltaOtherScope);
    let namesake = Party::new("CN=Authority,O=Example");
    let forged = namesake.list(&List { number: Some(6), ..list(&[], &[delta_of(5)]) });
    assert_eq!(scene.dismissal(&[forged, old]), Dismissal::SignatureFalse);
}
