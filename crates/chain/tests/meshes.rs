//! Thousands of certificates: whatever they are, the search finds the way that there is, or says in counted work that it gave up.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "revocation/support.rs"]
#[allow(dead_code, reason = "made for the tests of revocation, which need more of it")]
mod support;

use certwright_certs::{Certificate, Crl, Name, Oid};
use certwright_chain::{
    Anchor, Budget, CheckResult, Evidence, FailureKind, Outcome, Paths, PolicyInputs, Question,
    RevocationMode, Verdict, judge,
};
use support::{AT, Party, ca, element, entry, extension, key_usage, list};

/// An authority's own.
fn authority() -> Vec<Vec<u8>> {
    vec![ca(), key_usage(0x06)]
}

/// Somebody else with the same key.
fn by_key(name: Name, other: &Party) -> Party {
    Party { name, key: other.key.clone() }
}

fn anchor(certificate: &Certificate) -> Anchor {
    Anchor { label: certificate.display_name(), certificate: certificate.clone() }
}

fn bounded(verdict: &Verdict, budget: Budget) {
    // A quarter more for each of the two explanations.
    let limit = |budget: u32| budget + budget / 2 + 2;
    assert!(verdict.work.signatures <= limit(budget.signatures), "{:?}", verdict.work);
    assert!(verdict.work.steps <= limit(budget.steps), "{:?}", verdict.work);
    assert!(verdict.work.paths <= limit(budget.paths), "{:?}", verdict.work);
    assert!(verdict.work.comparisons <= limit(budget.comparisons), "{:?}", verdict.work);
}

fn gave_up(verdict: &Verdict) -> bool {
    verdict.budget_exhausted
        && verdict.failures.iter().any(|failure| failure.kind == FailureKind::BudgetExhausted)
}

fn parties(count: usize) -> Vec<Party> {
    // One key will do: authorities are told apart by name and key.
    let first = Party::new("CN=Authority 0");
    let mut parties = vec![first];
    for number in 1..count {
        let name = Name::parse_rfc4514(&format!("CN=Authority {number}")).unwrap();
        parties.push(by_key(name, &parties[0]));
    }
    parties
}

/// Each authority certified by every other, nearly ten thousand certificates.
fn mesh(parties: &[Party]) -> Vec<Certificate> {
    let mut all = Vec::new();
    for (i, issuer) in parties.iter().enumerate() {
        for (j, subject) in parties.iter().enumerate() {
            if i != j {
                all.push(issuer.issue(subject, 1, &authority()));
            }
        }
    }
    all
}

#[test]
fn ten_thousand_cross_certificates() {
    let parties = parties(100);
    let mut extra = mesh(&parties);
    assert_eq!(extra.len(), 9_900);
    let (root, leaf) = (Party::new("CN=Root"), Party::new("CN=leaf"));
    let anchors = [anchor(&root.root())];
    let sent = [parties[0].issue(&leaf, 2, &[])];
    let question = |extra: &[Certificate]| judge(&Question { extra, ..Question::new(&sent, &anchors, AT) });

    // Nobody is certified by the root: that is seen from the names, before the search begins.
    let verdict = question(&extra);
    assert!(!verdict.trusted);
    bounded(&verdict, Budget::default());

    // One of them is, which is found at once.
    extra.push(root.issue(&parties[57], 3, &authority()));
    let verdict = question(&extra);
    assert!(verdict.trusted, "{:?}", verdict.failures);
    assert_eq!(verdict.links().len(), 4);
    assert!(verdict.work.signatures < 16, "{:?}", verdict.work);

    // All of them are by name, and none by signature.
    let impostor = Party::new("CN=Root");
    extra.pop();
    extra.extend(parties.iter().map(|party| impostor.issue(party, 3, &authority())));
    let verdict = question(&extra);
    assert!(!verdict.trusted);
    bounded(&verdict, Budget::default());
    assert!(gave_up(&verdict), "{:?}", verdict.work);

    // All but one.
    extra.push(root.issue(&parties[57], 4, &authority()));
    let verdict = question(&extra);
    assert!(verdict.trusted, "{:?} {:?}", verdict.failures, verdict.work);
    assert_eq!(verdict.links().len(), 4);
    bounded(&verdict, Budget::default());
}

#[test]
fn one_name_and_many_keys() {
    let (root, leaf) = (Party::new("CN=Root"), Party::new("CN=leaf"));
    let anchors = [anchor(&root.root())];
    let identifier = |party: &Party| {
        let digest = <sha1::Sha1 as sha1::Digest>::digest(party.key.public_key().key_bits());
        digest.to_vec()
    };
    let subject_key = |party: &Party| extension("551d0e", false, &element(4, &identifier(party)));
    let authority_key =
        |party: &Party| extension("551d23", false, &element(0x30, &element(0x80, &identifier(party))));
    let right = Party::new("CN=Authority");
    let mut extra = Vec::new();
    for _ in 0..1_000 {
        let other = Party::new("CN=Authority");
        extra.push(root.issue(&other, 1, &[authority(), vec![subject_key(&other)]].concat()));
    }
    extra.push(root.issue(&right, 2, &[authority(), vec![subject_key(&right)]].concat()));
    let question = |leaf: &Certificate| {
        let sent = [leaf.clone()];
        judge(&Question { extra: &extra, ..Question::new(&sent, &anchors, AT) })
    };
    // The key identifier leads to the right one.
    let verdict = question(&right.issue(&leaf, 1, &[authority_key(&right)]));
    assert!(verdict.trusted && verdict.work.signatures < 8, "{:?}", verdict.work);
    // Without it the signatures that may be checked do not suffice.
    let verdict = question(&right.issue(&leaf, 1, &[]));
    assert!(gave_up(&verdict), "{:?}", verdict.work);
    bounded(&verdict, Budget::default());
}

#[test]
fn many_names_and_one_key() {
    let (root, leaf) = (Party::new("CN=Root"), Party::new("CN=leaf"));
    let anchors = [anchor(&root.root())];
    let sub = Party::new("CN=Authority");
    // A thousand certificates for the same authority, of a thousand others: one signature tells for all of them.
    let mut extra = Vec::new();
    for number in 0..1_000 {
        let name = Name::parse_rfc4514(&format!("CN=Above {number}")).unwrap();
        let above = by_key(name, &sub);
        extra.push(above.issue(&sub, 1, &authority()));
        extra.push(above.issue(&above, 1, &authority()));
    }
    extra.push(root.issue(&sub, 2, &authority()));
    let sent = [sub.issue(&leaf, 1, &[])];
    let verdict = judge(&Question { extra: &extra, ..Question::new(&sent, &anchors, AT) });
    assert!(verdict.trusted && verdict.work.signatures < 8, "{:?} {:?}", verdict.failures, verdict.work);
}

#[test]
fn many_constraints_and_many_names() {
    let (root, sub, leaf) = (Party::new("CN=Root"), Party::new("CN=Authority"), Party::new("CN=leaf"));
    let names = |suffix: &str| -> Vec<Vec<u8>> {
        (0..4_000).map(|number| element(0x82, format!("h{number}.{suffix}").as_bytes())).collect()
    };
    let subtrees: Vec<u8> = names("constraint.example").iter().flat_map(|name| element(0x30, name)).collect();
    let constraints = extension("551d1e", true, &element(0x30, &element(0xa1, &subtrees)));
    let san = extension("551d11", false, &element(0x30, &names("name.example").concat()));
    let sub_certificate = root.issue(&sub, 1, &[authority(), vec![constraints]].concat());
    let sent = [sub.issue(&leaf, 1, &[san]), sub_certificate];
    let anchors = [anchor(&root.root())];
    let verdict = judge(&Question::new(&sent, &anchors, AT));
    assert!(gave_up(&verdict), "{:?}", verdict.failures);
    bounded(&verdict, Budget::default());
    let budget = Budget { comparisons: 20_000_000, ..Budget::default() };
    assert!(judge(&Question { budget, ..Question::new(&sent, &anchors, AT) }).trusted);
}

fn policies(oids: &[&str]) -> Vec<u8> {
    let list: Vec<u8> =
        oids.iter().flat_map(|oid| element(0x30, &Oid::parse_dotted(oid).unwrap().to_der())).collect();
    extension("551d20", false, &element(0x30, &list))
}

/// An authority with two certificates, of which one leads to a path that fails; the other one is found.
#[test]
fn a_failure_on_one_path_leads_to_the_next() {
    let (a, b) = (Party::new("CN=Root A"), Party::new("CN=Root B"));
    let (sub, leaf) = (Party::new("CN=Authority"), Party::new("CN=leaf"));
    let anchors = [anchor(&a.root()), anchor(&b.root())];
    let good = b.issue(&sub, 9, &[authority(), vec![policies(&["1.2.3.4"])]].concat());
    let name = Name::parse_rfc4514("CN=elsewhere").unwrap();
    let elsewhere = element(0x30, &element(0xa4, name.der()));
    let constraints = extension("551d1e", true, &element(0x30, &element(0xa0, &elsewhere)));
    let require_policy = extension("551d24", true, &[0x30, 3, 0x80, 1, 0]);
    let revoked: Vec<Crl> = vec![a.list(&list(&[entry(7, &[])], &[])), b.list(&list(&[], &[]))];
    let end_entity = sub.issue(&leaf, 1, &[policies(&["1.2.3.4"])]);
    type IsRight = fn(&FailureKind) -> bool;
    let cases: [(Vec<Vec<u8>>, IsRight); 3] = [
        ([authority(), vec![constraints]].concat(), |kind| {
            matches!(kind, FailureKind::NameConstraint { .. })
        }),
        ([authority(), vec![require_policy]].concat(), |kind| {
            matches!(kind, FailureKind::NoValidPolicy { .. })
        }),
        (authority(), |kind| matches!(kind, FailureKind::Revoked { .. })),
    ];
    for (extensions, is_right) in cases {
        let bad = a.issue(&sub, 7, &extensions);
        let sent = [end_entity.clone(), bad.clone(), good.clone()];
        let question = Question {
            revocation: Evidence { crls: &revoked, ocsp: &[], mode: RevocationMode::IfKnown },
            ..Question::new(&sent, &anchors, AT)
        };
        let verdict = judge(&question);
        assert!(verdict.trusted, "{:?}", verdict.failures);
        assert_eq!(verdict.links()[1].certificate, good);
        // All of them, best first.
        let verdict = judge(&Question { paths: Paths::All { max: 8 }, ..question.clone() });
        assert!(verdict.trusted);
        assert_eq!(verdict.paths.iter().map(|path| path.trusted).collect::<Vec<_>>(), [true, false]);
        assert!(verdict.paths[1].failures.iter().any(|failure| is_right(&failure.kind)), "{verdict:?}");
        let only_bad = [end_entity.clone(), bad];
        let verdict = judge(&Question { certificates: &only_bad, ..question });
        assert!(!verdict.trusted && verdict.failures.iter().any(|failure| is_right(&failure.kind)));
    }
}

#[test]
fn every_check_speaks_about_every_certificate() {
    let (root, sub, leaf) = (Party::new("CN=Root"), Party::new("CN=Authority"), Party::new("CN=leaf"));
    let sent = [sub.issue(&leaf, 1, &[]), root.issue(&sub, 2, &authority())];
    let anchors = [anchor(&root.root())];
    for profile in certwright_chain::Profile::ALL {
        let verdict = judge(&Question { profile, ..Question::new(&sent, &anchors, AT) });
        let path = verdict.best().unwrap();
        for check in profile.checks().iter().chain(profile.remarks()) {
            for at in 0..path.links.len() {
                let own = |result: &&CheckResult| result.check == check.id && result.at == Some(at);
                assert!(path.results.iter().any(|result| own(&result)), "{} at {at}", check.id);
            }
            assert!(!check.title.is_empty() && !check.citation.is_empty());
        }
        let failed = path.results.iter().filter(|result| matches!(result.outcome, Outcome::Failed(_)));
        assert_eq!(failed.count(), path.failures.len());
        let mut ids: Vec<&str> = profile.checks().iter().map(|check| check.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), profile.checks().len(), "two checks of {} share a name", profile.id());
    }
}

/// Two policies, each mapped to both at each of many levels: a tree would double with every level (RFC 9618 section 3).
#[test]
fn policy_mappings_do_not_explode() {
    let (first, second) = (Oid::parse_dotted("1.2.3.1").unwrap(), Oid::parse_dotted("1.2.3.2").unwrap());
    let pairs: Vec<u8> = [(&first, &first), (&first, &second), (&second, &first), (&second, &second)]
        .iter()
        .flat_map(|(from, to)| element(0x30, &[from.to_der(), to.to_der()].concat()))
        .collect();
    let mappings = extension("551d21", true, &element(0x30, &pairs));
    let both = policies(&["1.2.3.1", "1.2.3.2"]);
    let root = Party::new("CN=Root");
    let anchors = [anchor(&root.root())];
    let mut extra = Vec::new();
    let mut above = root;
    for level in 0..40 {
        let below = by_key(Name::parse_rfc4514(&format!("CN=Level {level}")).unwrap(), &above);
        extra.push(above.issue(&below, 1, &[authority(), vec![both.clone(), mappings.clone()]].concat()));
        above = below;
    }
    let sent = [above.issue(&Party::new("CN=leaf"), 1, &[both])];
    let budget = Budget { links: 64, intermediates: 64, ..Budget::default() };
    let inputs = |acceptable: &str| PolicyInputs {
        acceptable: Some(vec![Oid::parse_dotted(acceptable).unwrap()]),
        require_explicit: true,
        ..PolicyInputs::default()
    };
    let question =
        |policies| judge(&Question { extra: &extra, policies, budget, ..Question::new(&sent, &anchors, AT) });
    let verdict = question(inputs("1.2.3.2"));
    assert!(verdict.trusted, "{:?}", verdict.failures);
    assert!(verdict.work.comparisons < 2_000, "{:?}", verdict.work);
    let valid = &verdict.best().unwrap().policies;
    assert_eq!(valid.authority_constrained.named.len(), 2);
    assert_eq!(valid.user_constrained.named[0].policy, second);
    let verdict = question(inputs("1.2.3.3"));
    assert_eq!(verdict.failures[0].kind, FailureKind::NoAcceptablePolicy { valid: vec![first, second] });
}
