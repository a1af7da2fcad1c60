//! Revocation as a part of the verdict: signers other than the issuer need a path of their own to the same anchor.

use certwright_certs::{Certificate, Crl};
use certwright_chain::revocation::Dismissal;
use certwright_chain::{Anchor, Evidence, FailureKind, Question, RevocationMode, judge};

use crate::support::*;

struct Scene {
    root: Party,
    authority: Party,
    anchors: [Anchor; 1],
    intermediate: Certificate,
    /// Of the root, about the intermediate.
    list_of_root: Crl,
}

impl Scene {
    fn new() -> Self {
        let (root, authority) = (Party::new("CN=Root"), Party::new("CN=Authority"));
        let anchors = [Anchor { label: "root".into(), certificate: root.root() }];
        let intermediate = root.issue(&authority, 2, &[ca(), key_usage(0x06)]);
        let list_of_root = root.list(&List::default());
        Self { root, authority, anchors, intermediate, list_of_root }
    }

    /// `None` if the chain is trusted, with every status known to be good.
    fn failure(&self, leaf: &Certificate, crls: &[Crl], extra: &[Certificate]) -> Option<FailureKind> {
        let chain = [leaf.clone(), self.intermediate.clone()];
        let crls: Vec<Crl> = crls.iter().chain([&self.list_of_root]).cloned().collect();
        let verdict = judge(&Question {
            extra,
            revocation: Evidence { crls: &crls, ocsp: &[], mode: RevocationMode::Required },
            ..Question::new(&chain, &self.anchors, AT)
        });
        assert_eq!(verdict.trusted, verdict.failures.is_empty());
        verdict.failures.into_iter().next().map(|failure| failure.kind)
    }

    fn dismissal(&self, leaf: &Certificate, crls: &[Crl], extra: &[Certificate]) -> Dismissal {
        match self.failure(leaf, crls, extra) {
            Some(FailureKind::RevocationUnknown { dismissed, .. }) => dismissed[0].why.clone(),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn lists_of_the_issuer() {
    let scene = Scene::new();
    let leaf = scene.authority.issue(&Party::new("CN=leaf"), 7, &[]);
    let good = scene.authority.list(&List::default());
    assert_eq!(scene.failure(&leaf, &[good], &[]), None);
    let revoking = scene.authority.list(&list(&[entry(7, &[])], &[]));
    assert!(matches!(scene.failure(&leaf, &[revoking], &[]), Some(FailureKind::Revoked { .. })));
    assert!(matches!(scene.failure(&leaf, &[], &[]), Some(FailureKind::RevocationUnknown { .. })));
}

#[test]
fn lists_of_a_second_key_and_of_others() {
    let scene = Scene::new();
    let second = Party::new("CN=Authority");
    let leaf = scene.authority.issue(&Party::new("CN=leaf"), 7, &[]);
    let crls = [second.list(&List::default())];
    for issuer in [&scene.root, &scene.authority] {
        let signer = issuer.issue(&second, 20, &[key_usage(0x02)]);
        assert_eq!(scene.failure(&leaf, &crls, &[signer]), None);
    }
    // A path to nowhere, and one to another root that is at hand and not trusted.
    let stranger = Party::new("CN=Stranger");
    let signer = stranger.issue(&second, 20, &[key_usage(0x02)]);
    let extra = [signer, stranger.root()];
    assert_eq!(scene.dismissal(&leaf, &crls, &extra), Dismissal::SignerUntrusted);

    let lister = Party::new("CN=Lists");
    let signer = scene.root.issue(&lister, 30, &[key_usage(0x02)]);
    let leaf = scene.authority.issue(&Party::new("CN=leaf"), 7, &[points(&[&[by(&lister)]])]);
    let crls = [lister.list(&list(&[], &[scope(&[INDIRECT.to_vec()])]))];
    assert_eq!(scene.failure(&leaf, &crls, &[signer.clone()]), None);
    assert_eq!(scene.dismissal(&leaf, &crls, &[]), Dismissal::SignerMissing);
    // The root revokes who signs the lists.
    let revoked = Scene { list_of_root: scene.root.list(&list(&[entry(30, &[])], &[])), ..scene };
    assert_eq!(revoked.dismissal(&leaf, &crls, &[signer]), Dismissal::SignerRevoked);
}

#[test]
fn the_anchor_signs_for_the_authority() {
    let scene = Scene::new();
    let leaf = scene.authority.issue(&Party::new("CN=leaf"), 7, &[points(&[&[by(&scene.root)]])]);
    let ask = |entries: &[Vec<u8>]| {
        let crl = scene.root.list(&list(entries, &[scope(&[INDIRECT.to_vec()])]));
        scene.failure(&leaf, &[crl], &[])
    };
    assert_eq!(ask(&[]), None);
    assert!(matches!(ask(&[entry(7, &[of(&scene.authority)])]), Some(FailureKind::Revoked { .. })));
}
