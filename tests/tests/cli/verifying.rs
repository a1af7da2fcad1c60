//! `certwright verify`: verdicts on chains that openssl made, each with `openssl verify` as the second opinion. Where the two differ on purpose, the
//! case says why.

pub(crate) mod pki;
mod usage;

use std::process::Command;

use certwright_protocol::ui::inspect::{CheckOutcome, Judgement};
use certwright_tests::openssl;

use pki::{CA, LEAF, Pki};

/// A chain, and what both programs have to say about it.
struct Case {
    /// What is special about it.
    what: &'static str,
    /// Arguments of `certwright verify`.
    ours: String,
    /// Arguments of `openssl verify`.
    theirs: String,
    /// What has to be the first failure; nothing if the chain is to be trusted.
    failure: Option<&'static str>,
    /// Whether openssl says the same, or why it does not.
    openssl: Opinion,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opinion {
    Agrees,
    /// It says the opposite, for this reason.
    Differs(&'static str),
}

use Opinion::{Agrees, Differs};

fn check(pki: &Pki, cases: &[Case]) {
    for Case { what, ours, theirs, failure, openssl } in cases {
        let judgement = pki.judgement(ours, i32::from(failure.is_some()));
        let path = judgement.paths.first().unwrap_or_else(|| panic!("{what}: no path in {judgement:?}"));
        let codes: Vec<&str> = path.failures.iter().map(|failure| failure.code.as_str()).collect();
        assert_eq!(codes.first(), failure.as_ref(), "{what}: {codes:?}\n{judgement:?}");
        assert_consistent(what, &judgement);
        let words = pki.words(ours, i32::from(failure.is_some()));
        assert!(words.starts_with(&judgement.words.title), "{what}: the verdict comes first: {words}");

        let mut arguments = vec!["verify".to_owned()];
        arguments.extend(theirs.split_whitespace().map(|word| pki.word(word)));
        let (good, said) = openssl::says_yes(&arguments);
        let agrees = good == failure.is_none();
        assert_eq!(agrees, *openssl == Agrees, "{what}: openssl verify says {said}; {openssl:?}");
    }
}

/// What holds for every judgement.
fn assert_consistent(what: &str, judgement: &Judgement) {
    assert_eq!(judgement.trusted, judgement.paths.iter().any(|path| path.trusted), "{what}");
    assert!(!judgement.words.title.is_empty() & !judgement.words.what_happened.is_empty(), "{what}");
    assert!(judgement.trusted || !judgement.words.what_to_try.is_empty(), "{what}: {judgement:?}");
    for path in &judgement.paths {
        assert_eq!(path.trusted, path.failures.is_empty(), "{what}: {path:?}");
        for failure in &path.failures {
            assert!(!failure.words.what_happened.is_empty(), "{what}: {failure:?}");
            assert!(failure.at.is_none_or(|at| (at as usize) < path.links.len()), "{what}: {failure:?}");
        }
        for row in &path.checks {
            assert!(!row.citation.is_empty() & !row.title.is_empty(), "{what}: {row:?}");
            let failed = row.results.iter().any(|cell| cell.outcome == CheckOutcome::Failed);
            assert!(!failed || !path.trusted, "{what}: a trusted path with a failed check: {row:?}");
        }
    }
}

fn agreed(
    what: &'static str,
    ours: impl Into<String>,
    theirs: impl Into<String>,
    failure: Option<&'static str>,
) -> Case {
    Case { what, ours: ours.into(), theirs: theirs.into(), failure, openssl: Agrees }
}

fn differing(
    what: &'static str,
    ours: &str,
    theirs: &str,
    failure: Option<&'static str>,
    reason: &'static str,
) -> Case {
    Case { openssl: Differs(reason), ..agreed(what, ours, theirs, failure) }
}

#[test]
fn chains_are_trusted_or_not() {
    let pki = Pki::new();
    let cases = [
        agreed(
            "whole",
            "@leaf.pem @int.pem --trust @root.pem",
            "-CAfile @root.pem -untrusted @int.pem @leaf.pem",
            None,
        ),
        agreed(
            "root first",
            "@root.pem @int.pem @leaf.pem --trust @root.pem",
            "-CAfile @root.pem -untrusted @int.pem @leaf.pem",
            None,
        ),
        agreed(
            "one file",
            "@bundle.pem --trust @root.pem",
            "-CAfile @root.pem -untrusted @bundle.pem @leaf.pem",
            None,
        ),
        agreed(
            "several files of trust",
            "@leaf.pem @int.pem --trust @other.pem --trust @root.pem",
            "-CAfile @other.pem -CAfile @root.pem -untrusted @int.pem @leaf.pem",
            None,
        ),
        agreed(
            "host",
            "@leaf.pem @int.pem --trust @root.pem --host erp.example.com",
            "-CAfile @root.pem -untrusted @int.pem -purpose sslserver -verify_hostname erp.example.com @leaf.pem",
            None,
        ),
        agreed(
            "address",
            "@leaf.pem @int.pem --trust @root.pem --host 192.0.2.7",
            "-CAfile @root.pem -untrusted @int.pem -purpose sslserver -verify_ip 192.0.2.7 @leaf.pem",
            None,
        ),
        agreed(
            "other host",
            "@leaf.pem @int.pem --trust @root.pem --host other.example.com",
            "-CAfile @root.pem -untrusted @int.pem -verify_hostname other.example.com @leaf.pem",
            Some("host-mismatch"),
        ),
        agreed(
            "other address",
            "@leaf.pem @int.pem --trust @root.pem --host 192.0.2.8",
            "-CAfile @root.pem -untrusted @int.pem -verify_ip 192.0.2.8 @leaf.pem",
            Some("host-mismatch"),
        ),
        agreed(
            "expired by then",
            "@leaf.pem @int.pem --trust @root.pem --at 2100-01-01",
            "-CAfile @root.pem -untrusted @int.pem -attime 4102444800 @leaf.pem",
            Some("expired"),
        ),
        agreed(
            "not yet valid then",
            "@leaf.pem @int.pem --trust @root.pem --at 946684800",
            "-CAfile @root.pem -untrusted @int.pem -attime 946684800 @leaf.pem",
            Some("not-yet-valid"),
        ),
        agreed(
            "no intermediate",
            "@leaf.pem --trust @root.pem",
            "-CAfile @root.pem @leaf.pem",
            Some("missing-issuer"),
        ),
        agreed(
            "no root",
            "@leaf.pem @int.pem --trust @other.pem",
            "-CAfile @other.pem -untrusted @int.pem @leaf.pem",
            Some("missing-issuer"),
        ),
        agreed(
            "untrusted root",
            "@bundle.pem @root.pem --trust @other.pem",
            "-CAfile @other.pem -untrusted @bundle.pem @leaf.pem",
            Some("untrusted-root"),
        ),
        agreed(
            "root itself",
            "@root.pem --trust @root.pem --purpose any",
            "-CAfile @root.pem @root.pem",
            None,
        ),
        agreed(
            "altered",
            "@altered.pem @int.pem --trust @root.pem",
            "-CAfile @root.pem -untrusted @int.pem @altered.pem",
            Some("bad-signature"),
        ),
    ];
    check(&pki, &cases);
}

#[test]
fn names_usages_and_constraints_are_judged() {
    let pki = Pki::new();
    pki.issue("cn-only", "int", "/CN=erp.example.com", "basicConstraints=CA:FALSE");
    pki.issue("client", "int", "/CN=c", &format!("{LEAF}\nextendedKeyUsage=clientAuth"));
    pki.issue(
        "mail",
        "int",
        "/CN=m",
        "basicConstraints=CA:FALSE\nextendedKeyUsage=emailProtection\nsubjectAltName=email:a@example.com",
    );
    pki.issue(
        "narrow",
        "root",
        "/CN=Narrow",
        &format!("{CA}\nnameConstraints=critical,permitted;DNS:.example.com"),
    );
    pki.issue("inside", "narrow", "/CN=i", "basicConstraints=CA:FALSE\nsubjectAltName=DNS:a.example.com");
    pki.issue("outside", "narrow", "/CN=o", "basicConstraints=CA:FALSE\nsubjectAltName=DNS:a.example.net");
    pki.issue(
        "shallow",
        "root",
        "/CN=Shallow",
        "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=keyCertSign",
    );
    pki.issue("below", "shallow", "/CN=Below", CA);
    pki.issue("too-deep", "below", "/CN=d", LEAF);
    pki.issue("by-leaf", "leaf", "/CN=b", LEAF);
    pki.issue(
        "signs-not",
        "root",
        "/CN=Signs not",
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,digitalSignature",
    );
    pki.issue("by-signs-not", "signs-not", "/CN=s", LEAF);
    pki.issue("odd", "int", "/CN=odd", &format!("{LEAF}\n1.2.3.4=critical,DER:0500"));
    let cases = [
        differing(
            "common name alone",
            "@cn-only.pem @int.pem --trust @root.pem --host erp.example.com",
            "-CAfile @root.pem -untrusted @int.pem -verify_hostname erp.example.com @cn-only.pem",
            Some("host-mismatch"),
            "openssl still takes the common name where there is no alternative name, browsers and RFC 9525 do not",
        ),
        agreed(
            "client certificate of a client",
            "@client.pem @int.pem --trust @root.pem --purpose client",
            "-CAfile @root.pem -untrusted @int.pem -purpose sslclient @client.pem",
            None,
        ),
        agreed(
            "client certificate of a server",
            "@client.pem @int.pem --trust @root.pem --purpose server",
            "-CAfile @root.pem -untrusted @int.pem -purpose sslserver @client.pem",
            Some("extended-key-usage"),
        ),
        agreed(
            "client certificate by its own purpose",
            "@client.pem @int.pem --trust @root.pem",
            "-CAfile @root.pem -untrusted @int.pem @client.pem",
            None,
        ),
        agreed(
            "e-mail",
            "@mail.pem @int.pem --trust @root.pem --purpose email --host a@example.com",
            "-CAfile @root.pem -untrusted @int.pem -purpose smimesign -verify_email a@example.com @mail.pem",
            None,
        ),
        agreed(
            "e-mail of another",
            "@mail.pem @int.pem --trust @root.pem --purpose email --host b@example.com",
            "-CAfile @root.pem -untrusted @int.pem -purpose smimesign -verify_email b@example.com @mail.pem",
            Some("mailbox-mismatch"),
        ),
        agreed(
            "inside the constraints",
            "@inside.pem @narrow.pem --trust @root.pem",
            "-CAfile @root.pem -untrusted @narrow.pem @inside.pem",
            None,
        ),
        agreed(
            "outside the constraints",
            "@outside.pem @narrow.pem --trust @root.pem",
            "-CAfile @root.pem -untrusted @narrow.pem @outside.pem",
            Some("name-constraint"),
        ),
        agreed(
            "path too long",
            "@too-deep.pem @below.pem @shallow.pem --trust @root.pem",
            "-CAfile @root.pem -untrusted @shallow.pem -untrusted @below.pem @too-deep.pem",
            Some("path-too-long"),
        ),
        agreed(
            "issued by no authority",
            "@by-leaf.pem @leaf.pem @int.pem --trust @root.pem",
            "-CAfile @root.pem -untrusted @bundle.pem @by-leaf.pem",
            Some("not-a-ca"),
        ),
        agreed(
            "issuer may not sign certificates",
            "@by-signs-not.pem @signs-not.pem --trust @root.pem",
            "-CAfile @root.pem -untrusted @signs-not.pem @by-signs-not.pem",
            Some("key-usage"),
        ),
        agreed(
            "unknown critical extension",
            "@odd.pem @int.pem --trust @root.pem",
            "-CAfile @root.pem -untrusted @int.pem @odd.pem",
            Some("unknown-critical-extension"),
        ),
    ];
    check(&pki, &cases);
}

#[test]
fn algorithms_are_judged() {
    let pki = Pki::new();
    pki.issue_with("sha1", "int", "/CN=sha1", LEAF, &["-sha1"]);
    pki.key("short", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"]);
    pki.issue_with("short", "int", "/CN=short", LEAF, &["-sha256"]);
    pki.dsa_key("dsa");
    pki.root("dsa", "/CN=DSA root");
    pki.issue_with("by-dsa", "dsa", "/CN=by-dsa", LEAF, &["-sha256"]);
    pki.key("ed", &["-algorithm", "ED25519"]);
    pki.root("ed", "/CN=Ed25519 root");
    pki.issue_with("by-ed", "ed", "/CN=by-ed", LEAF, &[]);
    pki.key("ed448", &["-algorithm", "ED448"]);
    pki.root("ed448", "/CN=Ed448 root");
    pki.issue_with("by-ed448", "ed448", "/CN=by-ed448", LEAF, &[]);
    pki.issue_with(
        "pss",
        "rsa",
        "/CN=pss",
        LEAF,
        &["-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"],
    );
    let cases = [
        agreed(
            "SHA-1",
            "@sha1.pem @int.pem --trust @root.pem",
            "-auth_level 2 -CAfile @root.pem -untrusted @int.pem @sha1.pem",
            Some("weak-algorithm"),
        ),
        agreed(
            "1024 bits",
            "@short.pem @int.pem --trust @root.pem",
            "-auth_level 2 -CAfile @root.pem -untrusted @int.pem @short.pem",
            Some("weak-algorithm"),
        ),
        differing(
            "DSA",
            "@by-dsa.pem --trust @dsa.pem",
            "-CAfile @dsa.pem @by-dsa.pem",
            Some("retired-algorithm"),
            "openssl still takes DSA; NIST FIPS 186-5 took it back and no TLS server may use it",
        ),
        agreed(
            "DSA that is believed",
            "@by-dsa.pem --trust @dsa.pem --dangerously-accept dsa",
            "-CAfile @dsa.pem @by-dsa.pem",
            None,
        ),
        agreed(
            "SHA-1 that is believed",
            "@sha1.pem @int.pem --trust @root.pem --dangerously-accept dsa,sha1",
            "-auth_level 0 -CAfile @root.pem -untrusted @int.pem @sha1.pem",
            None,
        ),
        agreed("Ed25519", "@by-ed.pem --trust @ed.pem", "-CAfile @ed.pem @by-ed.pem", None),
        agreed("Ed448", "@by-ed448.pem --trust @ed448.pem", "-CAfile @ed448.pem @by-ed448.pem", None),
        agreed("RSA-PSS", "@pss.pem --trust @rsa.pem", "-CAfile @rsa.pem @pss.pem", None),
    ];
    check(&pki, &cases);
}

#[test]
fn policies_are_judged() {
    let pki = Pki::new();
    pki.issue(
        "policy-int",
        "root",
        "/CN=Policy CA",
        &format!("{CA}\ncertificatePolicies=1.3.6.1.4.1.99999.1,1.3.6.1.4.1.99999.2"),
    );
    pki.issue("policy", "policy-int", "/CN=p", &format!("{LEAF}\ncertificatePolicies=1.3.6.1.4.1.99999.1"));
    let theirs = "-CAfile @root.pem -untrusted @policy-int.pem -explicit_policy -policy";
    let (first, second, third) = (
        format!("{theirs} 1.3.6.1.4.1.99999.1 @policy.pem"),
        format!("{theirs} 1.3.6.1.4.1.99999.2 @policy.pem"),
        format!("{theirs} 1.3.6.1.4.1.99999.2 -policy 1.3.6.1.4.1.99999.1 @policy.pem"),
    );
    let ours = "@policy.pem @policy-int.pem --trust @root.pem --policy";
    let cases = [
        agreed("policy", format!("{ours} 1.3.6.1.4.1.99999.1"), first, None),
        agreed("another policy", format!("{ours} 1.3.6.1.4.1.99999.2"), second, Some("no-acceptable-policy")),
        agreed("either", format!("{ours} 1.3.6.1.4.1.99999.2 --policy 1.3.6.1.4.1.99999.1"), third, None),
    ];
    check(&pki, &cases);
}

#[test]
fn revoked_certificates_are_refused() {
    let pki = Pki::new();
    pki.issue("revoked", "int", "/CN=revoked", LEAF);
    pki.open_register("int");
    pki.revoke("int", "revoked");
    pki.crl("int");
    pki.open_register("root");
    pki.crl("root");
    let theirs = "-CAfile @root.pem -untrusted @int.pem -crl_check -CRLfile @int.crl";
    let cases = [
        agreed(
            "on the list",
            "@revoked.pem @int.pem --trust @root.pem --crl @int.crl",
            format!("{theirs} @revoked.pem"),
            Some("revoked"),
        ),
        agreed(
            "not on the list",
            "@leaf.pem @int.pem --trust @root.pem --crl @int.crl",
            format!("{theirs} @leaf.pem"),
            None,
        ),
        agreed(
            "not asked",
            "@revoked.pem @int.pem --trust @root.pem --crl @int.crl --revocation off",
            "-CAfile @root.pem -untrusted @int.pem @revoked.pem",
            None,
        ),
        agreed(
            "a list for one of two",
            "@leaf.pem @int.pem --trust @root.pem --crl @int.crl --revocation required",
            format!("{theirs} -crl_check_all @leaf.pem"),
            Some("revocation-unknown"),
        ),
        agreed(
            "lists for both",
            "@leaf.pem @int.pem --trust @root.pem --crl @int.crl --crl @root.crl --revocation required",
            format!("{theirs} -CRLfile @root.crl -crl_check_all @leaf.pem"),
            None,
        ),
        agreed(
            "no list",
            "@leaf.pem @int.pem --trust @root.pem --revocation required",
            "-CAfile @root.pem -untrusted @int.pem -crl_check @leaf.pem",
            Some("revocation-unknown"),
        ),
    ];
    check(&pki, &cases);

    for (name, status, said) in [("revoked", 1, "revoked"), ("leaf", 0, "good")] {
        let response = pki.ocsp(name, "int");
        assert!(pki.ocsp_opinion(name, "int").contains(&format!("{name}.pem: {said}")), "openssl ocsp");
        let judgement =
            pki.judgement(&format!("@{name}.pem @int.pem --trust @root.pem --ocsp @{response}"), status);
        let code = judgement.paths[0].failures.first().map(|failure| failure.code.as_str());
        assert_eq!(code, (status == 1).then_some("revoked"), "{judgement:?}");
    }
}

/// What is trusted where no option says it: the operating system's store, which OpenSSL's environment variables name here.
#[test]
fn the_store_of_the_system_is_taken() {
    let pki = Pki::new();
    let verify = |more: &[&str]| {
        let mut command = Command::new(certwright_tests::program::program());
        command.arg("verify").args([pki.word("@leaf.pem"), pki.word("@int.pem")]).args(more);
        command.env("SSL_CERT_FILE", pki.word("@root.pem")).env_remove("SSL_CERT_DIR");
        command.output().unwrap()
    };
    for options in [&[][..], &["--system"], &["--system", "--mozilla"]] {
        let output = verify(options);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("this computer’s store"), "{output:?}");
    }
    let output = verify(&["--mozilla"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("Mozilla’s list of 20"),
        "with its date: {output:?}"
    );
}
