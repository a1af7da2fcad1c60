//! Verdicts on real chains that openssl makes, down to the exact failures.

#![allow(clippy::unwrap_used, reason = "a test may panic, its helper functions too")]

use std::path::Path;
use std::process::Command;

use certwright_certs::{Certificate, GeneralName, Oid};
use certwright_chain::{
    Anchor, Budget, Failure, FailureKind, Host, Origin, PathEnd, Profile, Purpose, Question, Rule, Verdict,
    chain_order, issued_by, judge,
};

const CA: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n\
                  authorityKeyIdentifier=keyid\n";
const SERVER: &str = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n\
                      subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\nsubjectAltName=DNS:erp.example.com,IP:10.0.0.1\n\
                      authorityInfoAccess=caIssuers;URI:http://ca.example/issuer.cer\n";

/// A folder with keys and certificates, and the tool that makes them.
struct Authority(tempfile::TempDir);

impl Authority {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn openssl(&self, arguments: &[&str]) {
        let output = Command::new("openssl").current_dir(self.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// A certificate `name` for the key `key` (made if it is not there), signed with the key of `issuer` (its own if that is empty).
    fn issue(
        &self,
        name: &str,
        key: &str,
        subject: &str,
        issuer: (&str, &str),
        extensions: &str,
        days: u32,
    ) -> Certificate {
        self.issue_with(name, key, subject, issuer, extensions, days, &["-sha256"])
    }

    #[allow(clippy::too_many_arguments, reason = "each is a knob of the one tool")]
    fn issue_with(
        &self,
        name: &str,
        key: &str,
        subject: &str,
        (issuer, issuer_key): (&str, &str),
        extensions: &str,
        days: u32,
        options: &[&str],
    ) -> Certificate {
        let (key_file, request, certificate) =
            (format!("{key}.key"), format!("{name}.csr"), format!("{name}.pem"));
        if !self.path().join(&key_file).exists() {
            self.openssl(&[
                "genpkey",
                "-algorithm",
                "EC",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-out",
                &key_file,
            ]);
        }
        std::fs::write(self.path().join("extensions"), extensions).unwrap();
        self.openssl(&["req", "-new", "-key", &key_file, "-subj", subject, "-out", &request]);
        let days = days.to_string();
        let mut arguments = vec!["x509", "-req", "-in", &request, "-days", &days, "-extfile", "extensions"];
        arguments.extend(options);
        let (issuer, issuer_key) = (format!("{issuer}.pem"), format!("{issuer_key}.key"));
        if issuer == ".pem" {
            arguments.extend(["-signkey", &key_file]);
        } else {
            arguments.extend(["-CA", &issuer, "-CAkey", &issuer_key, "-CAcreateserial"]);
        }
        arguments.extend(["-out", &certificate]);
        self.openssl(&arguments);
        self.read(name)
    }

    fn read(&self, name: &str) -> Certificate {
        let pem = std::fs::read(self.path().join(format!("{name}.pem"))).unwrap();
        let found = certwright_encoding::pem::parse_pem(&pem);
        Certificate::from_der(&found.blocks.first().unwrap().der).unwrap()
    }
}

/// Root, intermediate and server certificate.
struct Chain {
    authority: Authority,
    root: Certificate,
    intermediate: Certificate,
    leaf: Certificate,
}

fn chain_with(root: &str, intermediate: &str, leaf: &str) -> Chain {
    let authority = Authority::new();
    let root = authority.issue("root", "root", "/O=Example/CN=Root", ("", ""), root, 3000);
    let intermediate =
        authority.issue("int", "int", "/O=Example/CN=Intermediate", ("root", "root"), intermediate, 2000);
    let leaf = authority.issue("leaf", "leaf", "/O=Example/CN=erp.example.com", ("int", "int"), leaf, 30);
    Chain { authority, root, intermediate, leaf }
}

fn chain() -> Chain {
    chain_with(CA, CA, SERVER)
}

fn anchor(label: &str, certificate: &Certificate) -> Anchor {
    Anchor { label: label.into(), certificate: certificate.clone() }
}

fn dns(name: &str) -> Option<Host> {
    Some(Host::Dns(name.into()))
}

/// A question about a server `erp.example.com` in the first hour of its certificate.
fn question<'a>(certificates: &'a [Certificate], anchors: &'a [Anchor]) -> Question<'a> {
    let at = certificates.first().map_or(0, |leaf| leaf.not_before() + 3600);
    Question {
        host: dns("erp.example.com"),
        purpose: Purpose::ServerAuth,
        ..Question::new(certificates, anchors, at)
    }
}

fn at(place: usize, kind: FailureKind) -> Failure {
    Failure { at: Some(place), kind }
}

fn assert_trusted(verdict: &Verdict) {
    assert!(verdict.trusted, "{verdict:?}");
    assert_eq!(verdict.failures, []);
    assert!(!verdict.budget_exhausted);
}

#[test]
fn a_good_chain_is_trusted() {
    let Chain { root, intermediate, leaf, .. } = chain();
    let (sent, anchors) = ([leaf.clone(), intermediate.clone()], [anchor("our root", &root)]);
    for host in
        [dns("erp.example.com"), dns("ERP.example.com."), Some(Host::Ip("10.0.0.1".parse().unwrap())), None]
    {
        let verdict = judge(&Question { host, profile: Profile::TlsServer, ..question(&sent, &anchors) });
        assert_trusted(&verdict);
        let path: Vec<_> = verdict.links().iter().map(|link| (&link.certificate, &link.origin)).collect();
        let label = "our root".to_owned();
        assert_eq!(
            path,
            [
                (&leaf, &Origin::Sent { index: 0 }),
                (&intermediate, &Origin::Sent { index: 1 }),
                (&root, &Origin::Anchor { label: label.clone() })
            ]
        );
        assert_eq!(verdict.best().unwrap().end, PathEnd::Anchor { label });
        assert_eq!(verdict.notes, Default::default());
    }
}

#[test]
fn one_failure_does_not_hide_the_others() {
    let Chain { intermediate, leaf, .. } = chain();
    let sent = [leaf.clone(), intermediate.clone()];
    let now = leaf.not_after() + 1;
    let verdict = judge(&Question { at: now, host: dns("other.example.com"), ..question(&sent, &[]) });
    let names = leaf.subject_alternative_names().to_vec();
    let host = Host::Dns("other.example.com".into());
    let issuer = intermediate.issuer().clone();
    assert_eq!(
        verdict.failures,
        [
            at(0, FailureKind::Expired { not_after: leaf.not_after(), at: now }),
            at(0, FailureKind::HostMismatch { host, names, common_name_would_match: false }),
            at(1, FailureKind::MissingIssuer { issuer: issuer.clone(), ca_issuers_urls: vec![] }),
        ]
    );
    assert_eq!(verdict.best().unwrap().end, PathEnd::MissingIssuer { issuer, ca_issuers_urls: vec![] });
    assert_eq!(verdict.links().len(), 2);
}

#[test]
fn validity_has_two_inclusive_ends() {
    let Chain { root, intermediate, leaf, .. } = chain();
    let (sent, anchors) = ([leaf.clone(), intermediate], [anchor("root", &root)]);
    let verdict = |at| judge(&Question { at, ..question(&sent, &anchors) });
    assert_trusted(&verdict(leaf.not_after()));
    let too_early = root.not_before() - 1;
    let not_yet = FailureKind::NotYetValid { not_before: leaf.not_before(), at: too_early };
    assert!(verdict(too_early).failures.contains(&at(0, not_yet)));
    let end_of_root = root.not_after() + 1;
    let failures = verdict(end_of_root).failures;
    assert!(failures.contains(&at(2, FailureKind::Expired { not_after: root.not_after(), at: end_of_root })));
}

#[test]
fn a_missing_intermediate_is_named_and_may_be_known() {
    let Chain { root, intermediate, leaf, .. } = chain();
    let (sent, anchors) = ([leaf.clone()], [anchor("root", &root)]);
    let verdict = judge(&question(&sent, &anchors));
    let urls = vec!["http://ca.example/issuer.cer".to_owned()];
    let issuer = leaf.issuer().clone();
    assert_eq!(verdict.failures, [at(0, FailureKind::MissingIssuer { issuer, ca_issuers_urls: urls })]);
    let extra = [intermediate];
    let verdict = judge(&Question { extra: &extra, ..question(&sent, &anchors) });
    assert_trusted(&verdict);
    assert_eq!(verdict.notes.intermediate_missing_but_known, [1]);
    assert_eq!(verdict.links()[1].origin, Origin::Extra);
}

#[test]
fn order_strays_and_the_root_are_noted() {
    let Chain { root, intermediate, leaf, .. } = chain();
    let stray = chain().intermediate;
    let anchors = [anchor("root", &root)];
    let sent = [leaf.clone(), root.clone(), stray, intermediate.clone(), leaf.clone()];
    let verdict = judge(&question(&sent, &anchors));
    assert_trusted(&verdict);
    assert!(verdict.notes.order_wrong && verdict.notes.root_sent);
    assert_eq!(verdict.notes.unneeded, [2, 4]);
    let verdict = judge(&question(&sent, &[]));
    let subject = root.subject().clone();
    assert_eq!(verdict.failures, [at(2, FailureKind::UntrustedRoot { subject })]);
    assert_eq!(verdict.best().unwrap().end, PathEnd::SelfSignedNotTrusted);
    assert_eq!(
        chain_order(&[root.clone(), leaf.clone(), intermediate.clone()]),
        [leaf.clone(), intermediate.clone(), root.clone()]
    );
    assert_eq!(chain_order(&[]), []);
    assert!(issued_by(&leaf, &intermediate) && issued_by(&root, &root) && !issued_by(&leaf, &root));
}

#[test]
fn self_signed_servers_can_be_trusted_directly() {
    let authority = Authority::new();
    let san = "subjectAltName=DNS:erp.example.com";
    let leaf = authority.issue("a", "a", "/CN=erp.example.com", ("", ""), san, 30);
    let (sent, anchors) = ([leaf.clone()], [anchor("a", &leaf)]);
    assert_eq!(judge(&question(&sent, &[])).failures, [at(0, FailureKind::SelfSigned)]);
    assert_trusted(&judge(&question(&sent, &anchors)));
    let kinds = |question: &Question<'_>| -> Vec<FailureKind> {
        judge(question).failures.into_iter().map(|failure| failure.kind).collect()
    };
    let late = leaf.not_after() + 1;
    assert_eq!(
        kinds(&Question { at: late, ..question(&sent, &anchors) }),
        [FailureKind::Expired { not_after: leaf.not_after(), at: late }]
    );
    let other = dns("other");
    assert!(matches!(
        kinds(&Question { host: other, ..question(&sent, &anchors) })[..],
        [FailureKind::HostMismatch { .. }]
    ));
    // It is trusted as itself and does not become an authority by that.
    let below = authority.issue("b", "b", "/CN=b", ("a", "a"), san, 30);
    assert_eq!(judge(&question(&[below], &anchors)).failures, [at(1, FailureKind::NotACa)]);
}

#[test]
fn any_certificate_of_the_path_can_be_the_anchor() {
    let Chain { intermediate, leaf, .. } = chain();
    let anchors = [anchor("int", &intermediate)];
    let sent = [leaf.clone(), intermediate];
    for sent in [&sent[..], &sent[..1]] {
        let verdict = judge(&question(sent, &anchors));
        assert_trusted(&verdict);
        assert_eq!(verdict.links().len(), 2);
    }
    let verdict = judge(&question(&sent, &[anchor("leaf", &leaf)]));
    assert_trusted(&verdict);
    assert_eq!((verdict.links().len(), verdict.notes.unneeded), (1, vec![1]));
}

#[test]
fn the_common_name_does_not_count() {
    let without_names = SERVER.replace("subjectAltName=DNS:erp.example.com,IP:10.0.0.1\n", "");
    let Chain { root, intermediate, leaf, .. } = chain_with(CA, CA, &without_names);
    let verdict = judge(&question(&[leaf, intermediate], &[anchor("root", &root)]));
    let host = Host::Dns("erp.example.com".into());
    let kind = FailureKind::HostMismatch { host, names: vec![], common_name_would_match: true };
    assert_eq!(verdict.failures, [at(0, kind)]);
}

#[test]
fn path_length_is_kept() {
    let authority = Authority::new();
    let limited = CA.replace("CA:TRUE", "CA:TRUE,pathlen:0");
    let root = authority.issue("root", "root", "/CN=Root", ("", ""), CA, 300);
    let first = authority.issue("a", "a", "/CN=A", ("root", "root"), &limited, 300);
    let second = authority.issue("b", "b", "/CN=B", ("a", "a"), CA, 300);
    let leaf = authority.issue("leaf", "leaf", "/CN=x", ("b", "b"), SERVER, 300);
    let anchors = [anchor("root", &root)];
    let verdict = judge(&question(&[leaf.clone(), second, first.clone()], &anchors));
    assert_eq!(verdict.failures, [at(2, FailureKind::PathTooLong { allowed: 0 })]);
    // A self-issued intermediate, as in a change of keys, is not counted.
    let renewed = authority.issue("a2", "a2", "/CN=A", ("a", "a"), &limited, 300);
    let leaf = authority.issue("leaf2", "leaf", "/CN=x", ("a2", "a2"), SERVER, 300);
    assert_trusted(&judge(&question(&[leaf.clone(), renewed.clone(), first.clone()], &anchors)));
    let budget = Budget { intermediates: 0, ..Budget::default() };
    let verdict = judge(&Question { budget, ..question(&[leaf, renewed, first], &anchors) });
    assert_eq!(verdict.failures, [Failure { at: None, kind: FailureKind::PathTooLong { allowed: 0 } }]);
}

#[test]
fn critical_extensions_must_be_processed() {
    let unknown = format!("{SERVER}1.2.3.4.5=critical,ASN1:NULL\n");
    let policies = format!("{CA}certificatePolicies=critical,1.2.3.4\n1.2.3.4.6=critical,ASN1:NULL\n");
    let Chain { root, intermediate, leaf, .. } = chain_with(CA, &policies, &unknown);
    let verdict = judge(&question(&[leaf, intermediate], &[anchor("root", &root)]));
    let oid = |dotted| Oid::parse_dotted(dotted).unwrap();
    assert_eq!(
        verdict.failures,
        [
            at(0, FailureKind::UnknownCriticalExtension { oid: oid("1.2.3.4.5") }),
            at(1, FailureKind::UnknownCriticalExtension { oid: oid("1.2.3.4.6") })
        ]
    );
}

#[test]
fn name_constraints_are_kept() {
    let constrained =
        format!("{CA}nameConstraints=critical,permitted;DNS:example.org,permitted;IP:10.0.0.0/255.0.0.0\n");
    let Chain { root, intermediate, leaf, .. } = chain_with(&constrained, CA, SERVER);
    let verdict = judge(&question(&[leaf, intermediate], &[anchor("root", &root)]));
    let name = GeneralName::Dns("erp.example.com".into());
    assert_eq!(verdict.failures, [at(0, FailureKind::NameConstraint { name, by: 2 })]);
    let fitting = constrained.replace("example.org", "example.com");
    let Chain { root, intermediate, leaf, .. } = chain_with(CA, &fitting, SERVER);
    assert_trusted(&judge(&question(&[leaf, intermediate], &[anchor("root", &root)])));
    let excluded = format!("{CA}nameConstraints=critical,excluded;dirName:d\n[d]\nO=Example\n");
    let Chain { root, intermediate, leaf, .. } = chain_with(CA, &excluded, SERVER);
    let name = GeneralName::DirectoryName(leaf.subject().clone());
    let verdict = judge(&question(&[leaf, intermediate], &[anchor("root", &root)]));
    assert_eq!(verdict.failures, [at(0, FailureKind::NameConstraint { name, by: 1 })]);
}

#[test]
fn purposes_and_key_usages_are_kept() {
    let nested = format!("{CA}extendedKeyUsage=clientAuth,1.2.3.4\n");
    let Chain { root, intermediate, leaf, authority } = chain_with(CA, &nested, SERVER);
    let anchors = [anchor("root", &root)];
    let sent = [leaf.clone(), intermediate.clone()];
    let found = vec!["clientAuth".to_owned(), "1.2.3.4".to_owned()];
    let wrong = FailureKind::ExtendedKeyUsage { needed: "serverAuth".into(), found };
    assert_eq!(judge(&question(&sent, &anchors)).failures, [at(1, wrong)]);
    let found = vec!["serverAuth".to_owned()];
    let wrong = FailureKind::ExtendedKeyUsage { needed: "clientAuth".into(), found };
    let client = Question { purpose: Purpose::ClientAuth, ..question(&sent, &anchors) };
    assert_eq!(judge(&client).failures, [at(0, wrong)]);
    assert_trusted(&judge(&Question { purpose: Purpose::Any, ..question(&sent, &anchors) }));

    let crl_only = CA.replace("keyCertSign,cRLSign", "cRLSign");
    let intermediate =
        authority.issue("crl", "int", "/O=Example/CN=Intermediate", ("root", "root"), &crl_only, 300);
    let encrypt = SERVER.replace("digitalSignature", "dataEncipherment");
    let leaf = authority.issue("enc", "leaf", "/CN=x", ("crl", "int"), &encrypt, 300);
    assert_eq!(
        judge(&question(&[leaf, intermediate], &anchors)).failures,
        [
            at(0, FailureKind::KeyUsage { needed: "digitalSignature", found: vec!["dataEncipherment"] }),
            at(1, FailureKind::KeyUsage { needed: "keyCertSign", found: vec!["cRLSign"] })
        ]
    );
}

#[test]
fn only_authorities_issue() {
    let Chain { root, intermediate, leaf, authority } = chain();
    let below = authority.issue("below", "below", "/CN=below", ("leaf", "leaf"), SERVER, 300);
    let verdict = judge(&question(&[below, leaf, intermediate], &[anchor("root", &root)]));
    let key_usage = FailureKind::KeyUsage { needed: "keyCertSign", found: vec!["digitalSignature"] };
    assert_eq!(verdict.failures[0..1], [at(1, key_usage)]);
    assert!(verdict.failures.contains(&at(1, FailureKind::NotACa)));
}

#[test]
fn false_signatures_are_pointed_at() {
    let Chain { root, intermediate, leaf, authority } = chain();
    let mut der = leaf.der().to_vec();
    let last = der.len() - 1;
    der[last] ^= 1;
    let changed = Certificate::from_der(&der).unwrap();
    let anchors = [anchor("root", &root)];
    let verdict = judge(&question(&[changed, intermediate.clone()], &anchors));
    assert_eq!(verdict.failures, [at(0, FailureKind::BadSignature)]);
    assert_eq!(verdict.links().len(), 3);

    // Another authority with the same name: by its identifier another key is meant.
    let impostor = authority.issue("fake", "fake", "/O=Example/CN=Intermediate", ("", ""), CA, 300);
    let fake = [anchor("fake", &impostor)];
    let failures = |leaf: &Certificate| judge(&question(std::slice::from_ref(leaf), &fake)).failures;
    let (issuer, ca_issuers_urls) = (leaf.issuer().clone(), leaf.ca_issuers_urls());
    assert_eq!(failures(&leaf), [at(0, FailureKind::IssuerKeyDiffers { issuer, ca_issuers_urls })]);
    let anonymous = SERVER.replace("authorityKeyIdentifier=keyid\n", "authorityKeyIdentifier=none\n");
    let leaf = authority.issue("anonymous", "leaf", "/CN=x", ("int", "int"), &anonymous, 30);
    assert_eq!(leaf.authority_key_identifier(), None);
    assert_eq!(failures(&leaf), [at(0, FailureKind::BadSignature)]);
    // In the presence of the true one the false one does no harm.
    let both = [anchor("fake", &impostor), anchor("root", &root)];
    let verdict = judge(&question(&[leaf.clone(), impostor, intermediate], &both));
    assert_trusted(&verdict);
    let remarks: Vec<_> = verdict.best().unwrap().remarks().collect();
    assert_eq!(remarks, [(Some(0), &FailureKind::Rule(Rule::AuthorityKeyIdentifierMissing))]);
}

#[test]
fn weak_algorithms_are_refused_by_name() {
    let authority = Authority::new();
    let root = authority.issue_with("root", "root", "/CN=Root", ("", ""), CA, 300, &["-sha1"]);
    let anchors = [anchor("root", &root)];
    let leaf = authority.issue_with("sha1", "leaf", "/CN=x", ("root", "root"), SERVER, 300, &["-sha1"]);
    let weak = |algorithm: &str| FailureKind::WeakAlgorithm { algorithm: algorithm.into() };
    // That the root signs itself with SHA-1 is of no account.
    assert!(issued_by(&leaf, &root));
    assert_eq!(judge(&question(&[leaf], &anchors)).failures, [at(0, weak("ecdsa-with-SHA1"))]);
    authority.openssl(&["genrsa", "-out", "short.key", "1024"]);
    let leaf = authority.issue("short", "short", "/CN=x", ("root", "root"), SERVER, 300);
    assert_eq!(judge(&question(&[leaf], &anchors)).failures, [at(0, weak("RSA 1024"))]);
    authority.openssl(&["genpkey", "-algorithm", "X448", "-out", "x448.key"]);
    authority.openssl(&["pkey", "-in", "x448.key", "-pubout", "-out", "x448.pub"]);
    let forced = ["-sha256", "-force_pubkey", "x448.pub"];
    let leaf = authority.issue_with("x448", "leaf", "/CN=x", ("root", "root"), SERVER, 300, &forced);
    let unsupported = FailureKind::UnsupportedAlgorithm { algorithm: "1.3.101.111".into() };
    assert_eq!(judge(&question(&[leaf], &anchors)).failures, [at(0, unsupported)]);
    let dsa = |command: &str| authority.openssl(&command.split(' ').collect::<Vec<_>>());
    dsa("dsaparam -out dsa.params 2048");
    dsa("gendsa -out dsa.key dsa.params");
    let leaf = authority.issue("dsa", "dsa", "/CN=x", ("root", "root"), SERVER, 300);
    let retired = |algorithm: &str| FailureKind::RetiredAlgorithm { algorithm: algorithm.into() };
    assert_eq!(judge(&question(&[leaf], &anchors)).failures, [at(0, retired("DSA 2048"))]);
    // A false signature of an authority's DSA key is called false, a right one is refused for its algorithm alone.
    authority.issue("dsa-root", "dsa", "/CN=DSA", ("", ""), CA, 300);
    let leaf = authority.issue("under-dsa", "leaf", "/CN=x", ("dsa-root", "dsa"), SERVER, 300);
    let anchors = [anchor("dsa-root", &authority.read("dsa-root"))];
    let mut question = question(std::slice::from_ref(&leaf), &anchors);
    let failures = [at(0, retired("dsa-with-SHA256")), at(1, retired("DSA 2048"))];
    assert_eq!(judge(&question).failures, failures);
    question.algorithms.lenience.dangerously_accept_dsa = true;
    assert_eq!(judge(&question).failures, []);
    let mut der = leaf.der().to_vec();
    let name = der.windows(3).rposition(|three| three == [0x0c, 1, b'x']).unwrap();
    der[name + 2] = b'y';
    let forged = [Certificate::from_der(&der).unwrap()];
    for lenient in [true, false] {
        question.algorithms.lenience.dangerously_accept_dsa = lenient;
        let failures = judge(&Question { certificates: &forged, ..question.clone() }).failures;
        assert_eq!(failures.first(), Some(&at(0, FailureKind::BadSignature)), "{failures:?}");
    }
}

#[test]
fn every_algorithm_of_today_is_verified() {
    for options in [
        "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
        "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
        "-algorithm EC -pkeyopt ec_paramgen_curve:P-521",
        "-algorithm ED25519",
        "-algorithm ED448",
    ] {
        let authority = Authority::new();
        let edwards = options.contains("ED");
        let digests: &[&[&str]] = if edwards { &[&[]] } else { &[&["-sha256"], &["-sha384"], &["-sha512"]] };
        let mut command = vec!["genpkey", "-out", "root.key"];
        command.extend(options.split(' '));
        authority.openssl(&command);
        let root = authority.issue_with("root", "root", "/CN=Root", ("", ""), CA, 300, digests[0]);
        for digest in digests {
            let leaf = authority.issue_with("leaf", "leaf", "/CN=x", ("root", "root"), SERVER, 30, digest);
            assert_trusted(&judge(&question(&[leaf], &[anchor("root", &root)])));
        }
    }
}

#[test]
fn cross_signed_authorities_are_found() {
    let Chain { root, intermediate, leaf, authority } = chain();
    let other_root = authority.issue("root2", "root2", "/O=Other/CN=Root", ("", ""), CA, 300);
    let cross_intermediate =
        authority.issue("int2", "int", "/O=Example/CN=Intermediate", ("root2", "root2"), CA, 300);
    let cross_root = authority.issue("root3", "root", "/O=Example/CN=Root", ("root2", "root2"), CA, 300);
    let anchors = [anchor("other", &other_root)];
    let verdict =
        judge(&question(&[leaf.clone(), intermediate.clone(), cross_intermediate.clone()], &anchors));
    assert_trusted(&verdict);
    assert_eq!(verdict.notes.unneeded, [1]);
    let sent = [leaf.clone(), intermediate.clone(), root.clone(), cross_root.clone()];
    let verdict = judge(&question(&sent, &anchors));
    assert_trusted(&verdict);
    assert_eq!(verdict.links().len(), 4);
    let own = [anchor("own", &root)];
    assert_trusted(&judge(&question(&[leaf.clone(), cross_intermediate, intermediate.clone()], &own)));

    // Two authorities that certify each other lead nowhere.
    let back = authority.issue("back", "root2", "/O=Other/CN=Root", ("root", "root"), CA, 300);
    let verdict = judge(&question(&[leaf, intermediate, cross_root, back], &[]));
    assert_eq!(verdict.failures, [at(3, FailureKind::Cycle)]);
    assert_eq!(verdict.best().unwrap().end, PathEnd::Cycle);
}

#[test]
fn nothing_and_too_much() {
    let verdict = judge(&question(&[], &[]));
    assert_eq!(verdict.failures, [Failure { at: None, kind: FailureKind::NoCertificate }]);
    assert!(verdict.paths.is_empty());
    let Chain { root, intermediate, leaf, .. } = chain();
    let (sent, anchors) = ([leaf, intermediate], [anchor("root", &root)]);
    let default = Budget::default();
    for budget in [
        Budget { signatures: 1, ..default },
        Budget { steps: 1, ..default },
        Budget { paths: 0, ..default },
        Budget { links: 2, ..default },
    ] {
        let verdict = judge(&Question { budget, ..question(&sent, &anchors) });
        assert!(!verdict.trusted && verdict.budget_exhausted, "{budget:?}");
        assert!(
            verdict.failures.iter().any(|failure| failure.kind == FailureKind::BudgetExhausted),
            "{budget:?}"
        );
    }
}
