//! OCSP responses, and who may sign them.

use certwright_certs::extensions::ReasonCode;
use certwright_certs::{Certificate, Crl, OcspResponse};
use certwright_chain::revocation::{
    Answer, Dismissal, Inquiry, SignerPath, Source, Status, Unknown, Work, status,
};
use certwright_keys::verify::Lenience;
use sha1::Digest;

use crate::support::*;

const GOOD: [u8; 2] = [0x80, 0];
const UNKNOWN: [u8; 2] = [0x82, 0];

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

    /// A `SingleResponse` about the leaf.
    fn single(&self, status: &[u8], this_update: i64, next_update: Option<i64>) -> Vec<u8> {
        let key = self.root.public_key().unwrap();
        let id = [
            element(0x30, &element(6, &hex("2b0e03021a"))),
            element(4, &sha1::Sha1::digest(self.authority.name.der())),
            element(4, &sha1::Sha1::digest(key.key_bits())),
            vec![2, 1, 7],
        ];
        let mut content = [element(0x30, &id.concat()), status.to_vec(), general_time(this_update)].concat();
        content.extend(next_update.map(|next| element(0xa0, &general_time(next))).unwrap_or_default());
        element(0x30, &content)
    }

    fn good(&self) -> Vec<u8> {
        self.single(&GOOD, AT - DAY, Some(AT + DAY))
    }

    fn ask(&self, ocsp: &[OcspResponse], crls: &[Crl]) -> Answer {
        let certificates = [&self.root];
        let inquiry = Inquiry {
            certificate: &self.leaf,
            issuer: &self.root,
            crls,
            ocsp,
            certificates: &certificates,
            at: AT,
            strict: true,
            working_key: None,
            lenience: Lenience::default(),
        };
        status(&inquiry, &mut |_: &Certificate| SignerPath::Invalid, &mut Work::default())
    }

    fn dismissal(&self, response: OcspResponse) -> Dismissal {
        let answer = self.ask(&[response], &[]);
        assert!(matches!(answer.status, Status::Unknown { .. }));
        answer.dismissed[0].why.clone()
    }

    fn is_good(&self, response: OcspResponse) -> bool {
        self.ask(&[response], &[]).status == Status::Good { by: vec![Source::Ocsp { index: 0 }] }
    }
}

fn ocsp_signing() -> Vec<u8> {
    extension("551d25", false, &element(0x30, &element(6, &hex("2b06010505070309"))))
}

#[test]
fn the_issuer_responds() {
    let scene = Scene::new();
    let respond = |single: &[u8]| scene.authority.respond(single, &[]);
    assert!(scene.is_good(respond(&scene.good())));
    let since = [general_time(AT - 5 * DAY), element(0xa0, &[0x0a, 1, 1])].concat();
    let revoked = respond(&scene.single(&element(0xa1, &since), AT - DAY, None));
    let answer = scene.ask(&[respond(&scene.good()), revoked], &[]);
    let wanted = Status::Revoked {
        by: Source::Ocsp { index: 1 },
        at: AT - 5 * DAY,
        reason: ReasonCode::KeyCompromise,
        invalidity_date: None,
    };
    assert_eq!(answer.status, wanted);
    let unknown = respond(&scene.single(&UNKNOWN, AT - DAY, None));
    assert_eq!(scene.dismissal(unknown), Dismissal::ResponderDoesNotKnow);
    let error = OcspResponse::from_der(&[0x30, 3, 0x0a, 1, 6]).unwrap();
    let answer = scene.ask(&[error], &[]);
    assert_eq!(answer.status, Status::Unknown { why: Unknown::NoEvidence });
    assert!(matches!(answer.dismissed[0].why, Dismissal::ResponderError { .. }));
}

#[test]
fn times_of_responses() {
    let scene = Scene::new();
    let respond = |this, next| scene.authority.respond(&scene.single(&GOOD, this, next), &[]);
    assert!(scene.is_good(respond(AT, Some(AT))) && scene.is_good(respond(AT - 9 * DAY, None)));
    let early = scene.dismissal(respond(AT + 1, None));
    assert_eq!(early, Dismissal::NotYetValid { this_update: AT + 1 });
    for (this_update, next_update) in [(AT - DAY, Some(AT - 1)), (AT - 11 * DAY, None)] {
        let late = scene.dismissal(respond(this_update, next_update));
        assert_eq!(late, Dismissal::OutOfDate { this_update, next_update });
    }
}

#[test]
fn responders_of_the_issuer() {
    let scene = Scene::new();
    let responder = Party::new("CN=Responder,O=Example");
    let name = responder.name.clone();
    let by = |issuer: &Party, extensions: &[Vec<u8>]| {
        responder.respond(&scene.good(), &[&issuer.issue(&responder, 40, extensions)])
    };
    let of_issuer = |extensions: &[Vec<u8>]| by(&scene.authority, extensions);
    assert!(scene.is_good(of_issuer(&[ocsp_signing()])));
    assert!(scene.is_good(of_issuer(&[ocsp_signing(), key_usage(0x80)])));
    assert_eq!(
        scene.dismissal(of_issuer(&[])),
        Dismissal::ResponderLacksOcspSigning { responder: name.clone() }
    );
    let no_signing = of_issuer(&[ocsp_signing(), key_usage(0x20)]);
    assert_eq!(scene.dismissal(no_signing), Dismissal::ResponderMayNotSign);
    let unknown = of_issuer(&[ocsp_signing(), extension("2a0304", true, &[5, 0])]);
    assert!(matches!(scene.dismissal(unknown), Dismissal::ResponderCriticalExtension { .. }));
    // Another authority, and one that only has the issuer's name.
    let stranger = Party::new("CN=Stranger");
    let wanted = Dismissal::ResponderOfOtherIssuer { responder: name.clone(), issuer: stranger.name.clone() };
    assert_eq!(scene.dismissal(by(&stranger, &[ocsp_signing()])), wanted);
    let namesake = Party::new("CN=Authority,O=Example");
    let forged = scene.dismissal(by(&namesake, &[ocsp_signing()]));
    assert!(matches!(forged, Dismissal::ResponderOfOtherIssuer { .. }));
    // The responder's certificate is not there, or it is not his key.
    assert_eq!(scene.dismissal(responder.respond(&scene.good(), &[])), Dismissal::SignerMissing);
    let other = Party { name, key: Party::new("CN=x").key };
    let certificate = scene.authority.issue(&other, 41, &[ocsp_signing()]);
    let false_signature = responder.respond(&scene.good(), &[&certificate]);
    assert_eq!(scene.dismissal(false_signature), Dismissal::SignatureFalse);
}

#[test]
fn revoked_responders() {
    let scene = Scene::new();
    let responder = Party::new("CN=Responder,O=Example");
    let crls = [scene.authority.list(&list(&[entry(40, &[])], &[]))];
    let no_check = extension("2b0601050507300105", false, &[5, 0]);
    let ask = |extensions: &[Vec<u8>]| {
        let certificate = scene.authority.issue(&responder, 40, extensions);
        scene.ask(&[responder.respond(&scene.good(), &[&certificate])], &crls)
    };
    let answer = ask(&[ocsp_signing()]);
    assert_eq!(answer.dismissed[0].why, Dismissal::SignerRevoked);
    assert_eq!(answer.status, Status::Good { by: vec![Source::Crl { index: 0 }] });
    let by = vec![Source::Ocsp { index: 0 }, Source::Crl { index: 0 }];
    assert_eq!(ask(&[ocsp_signing(), no_check]).status, Status::Good { by });
}

#[test]
fn a_list_that_says_revoked_outweighs_a_response_that_says_good() {
    let scene = Scene::new();
    let crls = [scene.authority.list(&list(&[entry(7, &[])], &[]))];
    let answer = scene.ask(&[scene.authority.respond(&scene.good(), &[])], &crls);
    assert!(matches!(answer.status, Status::Revoked { by: Source::Crl { index: 0 }, .. }));
}
