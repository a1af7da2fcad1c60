//! However much is dropped in, the answer comes soon.

use std::time::{Duration, Instant};

use certwright_certs::{Certificate, Crl, GeneralName};
use certwright_chain::revocation::{Inquiry, SignerPath, Status, Unknown, Work, status};
use certwright_keys::verify::Lenience;

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
            working_key: None,
            lenience: Lenience::default(),
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

#[test]
fn storms_of_names_and_points_stay_within_the_budget() {
    let authority = Party::new("CN=Authority,O=Example");
    let root = authority.root();
    let uris = |start: usize, count| {
        let uri = |number| GeneralName::Uri(format!("http://lists.example/{number}")).to_der();
        let names: Vec<u8> = (start..start + count).flat_map(uri).collect();
        element(0xa0, &element(0xa0, &names))
    };
    let point = [uris(0, 500)];
    let leaf = authority.issue(&Party::new("CN=leaf"), 7, &[points(&vec![&point[..]; 100])]);
    let storm: Vec<Crl> = (0..20).map(|_| authority.list(&list(&[], &[scope(&[uris(1000, 500)])]))).collect();
    let begun = Instant::now();
    let answer = by_lists(&leaf, &root, &storm, &[&root], &[]);
    assert_eq!(answer.status, Status::Unknown { why: Unknown::GivenUp });
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn many_entries_of_one_number_are_searched_fast() {
    let (lister, authority) = (Party::new("CN=Lists"), Party::new("CN=Authority,O=Example"));
    let others: Vec<u8> =
        (0..2000).flat_map(|number| GeneralName::Dns(format!("a{number}.example")).to_der()).collect();
    let first = entry(7, &[extension("551d1d", true, &element(0x30, &others))]);
    let entries: Vec<Vec<u8>> = [first].into_iter().chain((0..20_000).map(|_| entry(7, &[]))).collect();
    let crl = lister.list(&list(&entries, &[scope(&[INDIRECT.to_vec()])]));
    let begun = Instant::now();
    assert!(crl.find(&authority.name, &[7]).is_none());
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
