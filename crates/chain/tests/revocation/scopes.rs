//! What a list is about: distribution points, kinds of certificates, reasons, several authorities.

use certwright_certs::extensions::{ReasonCode, ReasonFlags};
use certwright_certs::{Certificate, Crl};
use certwright_chain::revocation::{Answer, Dismissal, Source, Status, Unknown};

use crate::support::*;

const COMPROMISE: [u8; 2] = [0x60, 0];
const OTHERS: [u8; 2] = [0x1f, 0x80];

struct Scene {
    authority: Party,
    root: Certificate,
}

impl Scene {
    fn new() -> Self {
        let authority = Party::new("CN=Authority,O=Example");
        let root = authority.root();
        Self { authority, root }
    }

    fn leaf(&self, extensions: &[Vec<u8>]) -> Certificate {
        self.authority.issue(&Party::new("CN=leaf"), 7, extensions)
    }

    fn list(&self, scope_fields: &[Vec<u8>]) -> Crl {
        self.authority.list(&list(&[], &[scope(scope_fields)]))
    }

    fn ask(&self, leaf: &Certificate, crls: &[Crl]) -> Answer {
        by_lists(leaf, &self.root, crls, &[&self.root], &[])
    }

    fn is_good(&self, leaf: &Certificate, crl: Crl) -> bool {
        matches!(self.ask(leaf, &[crl]).status, Status::Good { .. })
    }

    /// The list is about others.
    fn dismissal(&self, leaf: &Certificate, crl: Crl) -> Dismissal {
        let answer = self.ask(leaf, &[crl]);
        assert_eq!(answer.status, Status::Unknown { why: Unknown::NoEvidence });
        answer.dismissed[0].why.clone()
    }
}

#[test]
fn kinds_of_certificates() {
    let scene = Scene::new();
    let (user, authority) = (scene.leaf(&[]), scene.leaf(&[ca()]));
    let list = |kind: [u8; 3]| scene.list(&[kind.to_vec()]);
    assert!(scene.is_good(&user, list(ONLY_USERS)));
    assert!(scene.is_good(&authority, list(ONLY_CAS)));
    assert_eq!(scene.dismissal(&authority, list(ONLY_USERS)), Dismissal::OnlyUserCertificates);
    assert_eq!(scene.dismissal(&user, list(ONLY_CAS)), Dismissal::OnlyCaCertificates);
    assert_eq!(scene.dismissal(&user, list(ONLY_ATTRIBUTES)), Dismissal::OnlyAttributeCertificates);
}

#[test]
fn names_of_distribution_points() {
    let scene = Scene::new();
    let at = |name: Vec<u8>| scene.leaf(&[points(&[&[name]])]);
    let here = at_uri("http://lists.example/a.crl");
    let full = at_name("CN=part 1,CN=Authority,O=Example");
    assert!(scene.is_good(&at(here.clone()), scene.list(&[here.clone()])));
    assert!(scene.is_good(&at(at_relative("part 1")), scene.list(&[at_relative("PART 1")])));
    assert!(scene.is_good(&at(at_relative("part 1")), scene.list(&[full.clone()])));
    assert!(scene.is_good(&at(full), scene.list(&[at_relative("part 1")])));
    // A list without a name is about every point.
    assert!(scene.is_good(&at(here.clone()), scene.authority.list(&List::default())));
    // A list of a point that the certificate does not name.
    let other = scene.dismissal(&at(here.clone()), scene.list(&[at_uri("http://lists.example/b.crl")]));
    assert!(matches!(other, Dismissal::OtherDistributionPoint { names } if names.len() == 1));
    let other = scene.dismissal(&at(at_relative("part 1")), scene.list(&[at_relative("part 2")]));
    assert!(matches!(other, Dismissal::OtherDistributionPoint { .. }));
    // The certificate names no point: it stands for its issuer's name.
    let none = scene.leaf(&[]);
    assert!(matches!(scene.dismissal(&none, scene.list(&[here])), Dismissal::OtherDistributionPoint { .. }));
    assert!(scene.is_good(&none, scene.list(&[at_name("CN=Authority,O=Example")])));
}

#[test]
fn reasons_add_up() {
    let scene = Scene::new();
    let leaf = scene.leaf(&[]);
    let some = scene.list(&[reasons(3, COMPROMISE)]);
    let others = scene.list(&[reasons(3, OTHERS)]);
    let answer = scene.ask(&leaf, &[some.clone(), others.clone()]);
    let by = vec![Source::Crl { index: 0 }, Source::Crl { index: 1 }];
    assert_eq!(answer.status, Status::Good { by });
    let missing =
        ReasonFlags::ALL.without(ReasonFlags::from_names(["keyCompromise", "cACompromise"]).unwrap());
    let answer = scene.ask(&leaf, &[some.clone(), some.clone()]);
    assert_eq!(answer.status, Status::Unknown { why: Unknown::ReasonsUncovered { missing } });
    assert_eq!(answer.dismissed[0].why, Dismissal::NoNewReasons);
    let revoking = scene.authority.list(&list(&[entry(7, &[reason(5)])], &[scope(&[reasons(3, OTHERS)])]));
    let answer = scene.ask(&leaf, &[some, revoking]);
    assert!(matches!(answer.status, Status::Revoked { by: Source::Crl { index: 1 }, .. }));
}

#[test]
fn reasons_of_points() {
    let scene = Scene::new();
    let (a, b) = (at_uri("http://lists.example/a"), at_uri("http://lists.example/b"));
    let leaf =
        scene.leaf(&[points(&[&[a.clone(), reasons(1, COMPROMISE)], &[b.clone(), reasons(1, OTHERS)]])]);
    // The list at the first point covers all reasons, and the point takes only some from it.
    let answer = scene.ask(&leaf, &[scene.list(&[a.clone()])]);
    assert!(matches!(answer.status, Status::Unknown { why: Unknown::ReasonsUncovered { .. } }));
    let answer = scene.ask(&leaf, &[scene.list(&[a.clone()]), scene.list(&[b])]);
    assert!(matches!(answer.status, Status::Good { by } if by.len() == 2));
    // One list for both points counts once, and is not told as dismissed under the second.
    let twice =
        scene.leaf(&[points(&[&[a.clone(), reasons(1, COMPROMISE)], &[a.clone(), reasons(1, OTHERS)]])]);
    let answer = scene.ask(&twice, &[scene.list(&[a])]);
    assert_eq!(answer.status, Status::Good { by: vec![Source::Crl { index: 0 }] });
    assert_eq!(answer.dismissed, []);
}

#[test]
fn lists_of_other_issuers() {
    let scene = Scene::new();
    let lister = Party::new("CN=Lists,O=Example");
    let certificate = scene.authority.issue(&lister, 30, &[key_usage(0x02)]);
    let leaf = scene.leaf(&[points(&[&[by(&lister)]])]);
    let ask = |leaf: &Certificate, list: &List, trusted: &[&Certificate]| {
        by_lists(leaf, &scene.root, &[lister.list(list)], &[&scene.root], trusted)
    };
    let indirect = || scope(&[INDIRECT.to_vec()]);
    let stranger = Party::new("CN=Stranger");
    let of_leaf = [entry(7, &[of(&scene.authority), reason(1)])];
    let answer = ask(&leaf, &list(&of_leaf, &[indirect()]), &[&certificate]);
    assert!(matches!(answer.status, Status::Revoked { reason: ReasonCode::KeyCompromise, .. }));

    // The issuer that an entry names is that of the following ones.
    let carried = [entry(3, &[of(&scene.authority)]), entry(7, &[])];
    let answer = ask(&leaf, &list(&carried, &[indirect()]), &[&certificate]);
    assert!(matches!(answer.status, Status::Revoked { .. }));
    // The same serial number by others: by the issuer of the list, and by whom an entry in between names.
    for others in [
        vec![entry(7, &[])],
        vec![entry(3, &[of(&scene.authority)]), entry(4, &[of(&stranger)]), entry(7, &[])],
    ] {
        let answer = ask(&leaf, &list(&others, &[indirect()]), &[&certificate]);
        assert_eq!(answer.status, Status::Good { by: vec![Source::Crl { index: 0 }] });
    }

    let answer = ask(&leaf, &list(&of_leaf, &[indirect()]), &[]);
    assert_eq!(answer.dismissed[0].why, Dismissal::SignerMissing);
    let answer = ask(&leaf, &list(&of_leaf, &[]), &[&certificate]);
    assert_eq!(answer.dismissed[0].why, Dismissal::NotIndirect);
    // A certificate that does not name the issuer of the list.
    let answer = ask(&scene.leaf(&[]), &list(&of_leaf, &[indirect()]), &[&certificate]);
    assert!(matches!(answer.dismissed[0].why, Dismissal::WrongIssuer { .. }));
    assert_eq!(answer.status, Status::Unknown { why: Unknown::NoEvidence });
}

#[test]
fn the_issuer_of_the_list_stands_for_the_name_of_the_point() {
    let scene = Scene::new();
    let lister = Party::new("CN=Lists,O=Example");
    let certificate = scene.authority.issue(&lister, 30, &[key_usage(0x02)]);
    let ask = |leaf: &Certificate, name: Vec<u8>| {
        let crl = lister.list(&list(&[], &[scope(&[name, INDIRECT.to_vec()])]));
        by_lists(leaf, &scene.root, &[crl], &[&scene.root], &[&certificate]).status
    };
    let without_name = scene.leaf(&[points(&[&[by(&lister)]])]);
    assert!(matches!(ask(&without_name, at_name("CN=Lists,O=Example")), Status::Good { .. }));
    assert!(matches!(ask(&without_name, at_name("CN=Other")), Status::Unknown { .. }));
    // Relative names are relative to the issuer of the list.
    let relative = scene.leaf(&[points(&[&[at_relative("part"), by(&lister)]])]);
    assert!(matches!(ask(&relative, at_name("CN=part,CN=Lists,O=Example")), Status::Good { .. }));
    assert!(matches!(ask(&relative, at_name("CN=part,CN=Authority,O=Example")), Status::Unknown { .. }));
}
