//! However much is dropped in, the answer comes soon.

use std::time::{Duration, Instant};

use certwright_certs::{Certificate, Crl};
use certwright_chain::revocation::{Inquiry, SignerPath, Status, Unknown, Work, status};

use crate::support::*;

#[test]
fn many_lists_and_many_namesakes_stay_within_the_budget() {
    let authority = Party::new("CN=Authority,O=Example");
    let (root, leaf) = (authority.root(), authority.issue(&Party::new("CN=leaf"), 7, &[]));
    let namesakes: Vec<Certificate> = (0..40).map(|_| Party::new("CN=Authority,O=Example").root()).collect();
    let forger = Party::new("CN=Authority,O=Example");
    let forged: Vec<Crl> = (0..1000).map(|_| forger.list(&List::default())).collect();
    let certificates: Vec<&Certificate> = namesakes.iter().chain([&root]).collect();
    let ask = |crls: &[Crl], work: &mut Work| {
        let inquiry = Inquiry {
            certificate: &leaf,
            issuer: &root,
            crls,
            ocsp: &[],
            certificates: &certificates,
            at: AT,
            strict: false,
        };
        status(&inquiry, &mut |_: &Certificate| SignerPath::Invalid, work)
    };
    let mut work = Work { signatures: 50, ..Work::default() };
    let begun = Instant::now();
    assert_eq!(ask(&forged, &mut work).status, Status::Unknown { why: Unknown::GivenUp });
    assert_eq!(work.signatures, 0);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let mut work = Work { comparisons: 100, ..Work::default() };
    assert_eq!(ask(&forged, &mut work).status, Status::Unknown { why: Unknown::GivenUp });

    // Lists of others cost a comparison each and hide nothing.
    let stranger = Party::new("CN=Stranger");
    let mut crls: Vec<Crl> = (0..1000).map(|_| stranger.list(&List::default())).collect();
    crls.push(authority.list(&list(&[entry(7, &[])], &[])));
    let answer = ask(&crls, &mut Work::default());
    assert!(matches!(answer.status, Status::Revoked { .. }));
}
