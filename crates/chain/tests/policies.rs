//! Certificate policies on chains that openssl makes, with `openssl verify -policy_check` as a second opinion.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic, its helper functions too"
)]

use std::process::Command;

use certwright_certs::{Certificate, Oid};
use certwright_chain::{Anchor, FailureKind, PolicyInputs, Question, Verdict, judge};

const CA: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n\
                  authorityKeyIdentifier=keyid\n";
const LEAF: &str = "basicConstraints=CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

/// A chain: the root first, each with the extensions that are given besides those of its kind.
struct Chain {
    folder: tempfile::TempDir,
    certificates: Vec<Certificate>,
}

fn chain(extensions: &[&str]) -> Chain {
    let folder = tempfile::tempdir().unwrap();
    let openssl = |arguments: &str| {
        let arguments = arguments.split(' ');
        let output = Command::new("openssl").current_dir(folder.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let mut certificates = Vec::new();
    for (at, own) in extensions.iter().enumerate() {
        let kind = if at + 1 == extensions.len() { LEAF } else { CA };
        std::fs::write(folder.path().join("extensions"), format!("{kind}{own}\n")).unwrap();
        openssl(&format!("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out {at}.key"));
        openssl(&format!("req -new -key {at}.key -subj /CN=C{at} -out {at}.csr"));
        let signer = match at {
            0 => "-signkey 0.key".to_owned(),
            _ => format!("-CA {0}.pem -CAkey {0}.key -CAcreateserial", at - 1),
        };
        openssl(&format!("x509 -req -in {at}.csr -days 30 -extfile extensions {signer} -out {at}.pem"));
        let der = openssl(&format!("x509 -in {at}.pem -outform DER"));
        certificates.push(Certificate::from_der(&der).unwrap());
    }
    Chain { folder, certificates }
}

impl Chain {
    fn judge(&self, policies: PolicyInputs) -> Verdict {
        let (root, others) = self.certificates.split_first().unwrap();
        let sent: Vec<Certificate> = others.iter().rev().cloned().collect();
        let anchors = [Anchor { label: "root".into(), certificate: root.clone() }];
        let at = root.not_before() + 3600;
        judge(&Question { policies, ..Question::new(&sent, &anchors, at) })
    }

    /// What openssl says to the same question. It takes nothing from the anchor.
    fn openssl_accepts(&self, policies: &PolicyInputs) -> bool {
        let last = self.certificates.len() - 1;
        let mut command = Command::new("openssl");
        command.current_dir(self.folder.path()).args(["verify", "-policy_check", "-CAfile", "0.pem"]);
        for at in 1..last {
            command.args(["-untrusted", &format!("{at}.pem")]);
        }
        // Without a policy openssl takes none for acceptable.
        let any = vec![oid("2.5.29.32.0")];
        for policy in policies.acceptable.as_ref().unwrap_or(&any) {
            command.args(["-policy", &policy.to_string()]);
        }
        let flags = [
            (policies.require_explicit, "-explicit_policy"),
            (policies.inhibit_mapping, "-inhibit_map"),
            (policies.inhibit_any, "-inhibit_any"),
        ];
        command.args(flags.into_iter().filter(|(set, _)| *set).map(|(_, flag)| flag));
        command.arg(format!("{last}.pem")).output().unwrap().status.success()
    }

    fn both(&self, policies: &PolicyInputs) -> bool {
        let verdict = self.judge(policies.clone());
        assert_eq!(verdict.trusted, self.openssl_accepts(policies), "{:?}", verdict.failures);
        verdict.trusted
    }
}

fn oid(dotted: &str) -> Oid {
    Oid::parse_dotted(dotted).unwrap()
}

fn named(verdict: &Verdict) -> Vec<String> {
    let set = &verdict.best().unwrap().policies.user_constrained;
    set.named.iter().map(|valid| valid.policy.to_string()).collect()
}

fn explicit(acceptable: &[&str]) -> PolicyInputs {
    let acceptable = (!acceptable.is_empty()).then(|| acceptable.iter().map(|policy| oid(policy)).collect());
    PolicyInputs { acceptable, require_explicit: true, ..PolicyInputs::default() }
}

#[test]
fn policies_have_to_be_in_every_certificate() {
    let same = chain(&["", "certificatePolicies=1.2.3.4,1.2.3.5", "certificatePolicies=1.2.3.4,1.2.3.6"]);
    assert!(same.both(&explicit(&[])) && same.both(&explicit(&["1.2.3.4"])));
    assert!(!same.both(&explicit(&["1.2.3.5"])));
    assert_eq!(named(&same.judge(PolicyInputs::default())), ["1.2.3.4"]);
    let valid = vec![oid("1.2.3.4")];
    let verdict = same.judge(explicit(&["1.2.3.9"]));
    assert_eq!(verdict.failures[0].kind, FailureKind::NoAcceptablePolicy { valid });

    let different = chain(&["", "certificatePolicies=1.2.3.5", "certificatePolicies=1.2.3.4"]);
    assert!(different.both(&PolicyInputs::default()) && !different.both(&explicit(&[])));
    let missing = chain(&["", "", "certificatePolicies=1.2.3.4"]);
    assert!(missing.both(&PolicyInputs::default()) && !missing.both(&explicit(&[])));
    let kind = FailureKind::NoValidPolicy { demanded_by: None };
    assert!(missing.judge(explicit(&[])).failures.iter().any(|failure| failure.kind == kind));
}

#[test]
fn any_policy_and_its_inhibition() {
    let any = "certificatePolicies=2.5.29.32.0";
    let open = chain(&["", any, any, "certificatePolicies=1.2.3.4"]);
    assert!(open.both(&explicit(&["1.2.3.4"])));
    assert!(!open.both(&PolicyInputs { inhibit_any: true, ..explicit(&[]) }));
    let closed =
        chain(&["", &format!("{any}\ninhibitAnyPolicy=critical,0"), any, "certificatePolicies=1.2.3.4"]);
    assert!(!closed.both(&explicit(&[])) && closed.both(&PolicyInputs::default()));
    let later =
        chain(&["", &format!("{any}\ninhibitAnyPolicy=critical,1"), any, "certificatePolicies=1.2.3.4"]);
    assert!(later.both(&explicit(&[])));
    let all = chain(&["", any, any]);
    let set = all.judge(explicit(&[])).best().unwrap().policies.user_constrained.clone();
    assert!(set.any && set.named.is_empty());
    assert_eq!(named(&all.judge(explicit(&["1.2.3.7"]))), ["1.2.3.7"]);
}

#[test]
fn mappings_and_their_inhibition() {
    let mapping = "certificatePolicies=1.2.3.4\npolicyMappings=critical,1.2.3.4:1.2.9.1";
    let mapped = chain(&["", mapping, "certificatePolicies=1.2.9.1"]);
    assert!(mapped.both(&explicit(&["1.2.3.4"])) && !mapped.both(&explicit(&["1.2.9.1"])));
    assert_eq!(named(&mapped.judge(PolicyInputs::default())), ["1.2.3.4"]);
    assert!(!mapped.both(&PolicyInputs { inhibit_mapping: true, ..explicit(&[]) }));
    let inhibited =
        chain(&["", &format!("{mapping}\npolicyConstraints=critical,inhibitPolicyMapping:0"), mapping, ""]);
    assert!(!inhibited.both(&explicit(&[])));
    let any = "certificatePolicies=2.5.29.32.0\npolicyMappings=critical,1.2.3.4:1.2.9.1";
    let from_any = chain(&["", any, "certificatePolicies=1.2.9.1"]);
    assert!(from_any.both(&explicit(&["1.2.3.4"])));
    let of_any = chain(&["", "certificatePolicies=1.2.3.4\npolicyMappings=critical,1.2.3.4:2.5.29.32.0", ""]);
    assert!(!of_any.both(&PolicyInputs::default()));
    assert_eq!(of_any.judge(PolicyInputs::default()).failures[0].kind, FailureKind::MappingOfAnyPolicy);
}

#[test]
fn an_authority_may_demand_a_policy() {
    let demand = "policyConstraints=critical,requireExplicitPolicy:";
    // The last one counts too (section 6.1.5 (a)).
    for (skip, refused) in [(0, true), (2, true), (3, false)] {
        let demanding = chain(&["", &format!("{demand}{skip}\ncertificatePolicies=1.2.3.4"), "", ""]);
        assert_eq!(!demanding.both(&PolicyInputs::default()), refused, "{skip}");
    }
    // What the anchor says counts too (RFC 5937), which openssl does not know.
    let root = chain(&[&format!("{demand}0"), "", ""]);
    let verdict = root.judge(PolicyInputs::default());
    let kind = FailureKind::NoValidPolicy { demanded_by: Some(2) };
    assert!(verdict.failures.iter().any(|failure| failure.kind == kind), "{:?}", verdict.failures);
    assert!(root.openssl_accepts(&PolicyInputs::default()));
}
