//! OpenSSL's opinion on the same certificates and lists, and lists and responses that OpenSSL makes.

use std::path::Path;
use std::process::Command;

use certwright_certs::{Certificate, Crl, OcspResponse};
use certwright_chain::revocation::{Inquiry, SignerPath, Source, Status, Work, status};
use certwright_encoding::pem::{parse_pem, to_pem};
use certwright_keys::verify::Lenience;

use crate::support::*;

/// Whether `openssl verify` finds the certificate not revoked. It exits with 0 and says OK, or says why not.
fn openssl_accepts(root: &Certificate, leaf: &Certificate, crls: &[Crl], untrusted: &[&Certificate]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let write = |file: &str, text: String| std::fs::write(folder.path().join(file), text).unwrap();
    write("root.pem", root.to_pem());
    write("leaf.pem", leaf.to_pem());
    write("lists.pem", crls.iter().map(Crl::to_pem).collect());
    write("others.pem", untrusted.iter().map(|certificate| certificate.to_pem()).collect());
    let at = AT.to_string();
    let mut command = Command::new("openssl");
    command.current_dir(folder.path()).args([
        "verify",
        "-crl_check",
        "-extended_crl",
        "-use_deltas",
        "-attime",
        &at,
    ]);
    command.args(["-CAfile", "root.pem", "-CRLfile", "lists.pem"]);
    if !untrusted.is_empty() {
        command.args(["-untrusted", "others.pem"]);
    }
    let output = command.arg("leaf.pem").output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() || text.contains("verification failed"), "{text}");
    output.status.success()
}

#[test]
fn openssl_has_the_same_opinion() {
    let authority = Party::new("CN=Authority,O=Example");
    let lister = Party::new("CN=Lists,O=Example");
    let second_key = Party::new("CN=Authority,O=Example");
    let namesake = Party::new("CN=Authority,O=Example");
    // OpenSSL tells two keys of one name apart by their identifiers only.
    let identifier = |octet| extension("551d0e", false, &[4, 1, octet]);
    let by_key = |octet| extension("551d23", false, &[0x30, 3, 0x80, 1, octet]);
    let root = authority.issue(&authority, 1, &[ca(), key_usage(0x06), identifier(1)]);
    let lister_certificate = authority.issue(&lister, 30, &[key_usage(0x02)]);
    let second_certificate = authority.issue(&second_key, 31, &[key_usage(0x02), identifier(9), by_key(1)]);
    let by_second = |entries: &[Vec<u8>]| second_key.list(&list(entries, &[by_key(9)]));
    let signers = [&lister_certificate, &second_certificate];
    let leaf = |extensions: &[Vec<u8>]| authority.issue(&Party::new("CN=leaf"), 7, extensions);
    let plain = leaf(&[]);
    let here = at_uri("http://lists.example/a.crl");
    let here_leaf = leaf(&[points(&[&[here.clone()]])]);
    let relative_leaf = leaf(&[points(&[&[at_relative("part 1")]])]);
    let indirect_leaf = leaf(&[points(&[&[by(&lister)]])]);
    let signed = |list: &List| authority.list(list);
    let scoped = |fields: &[Vec<u8>]| signed(&list(&[], &[scope(fields)]));
    let delta = |entries: &[Vec<u8>], number, base| {
        signed(&List { number: Some(number), ..list(entries, &[delta_of(base)]) })
    };
    let of_leaf = [entry(7, &[of(&authority)])];
    let indirect = |entries: &[Vec<u8>]| lister.list(&list(entries, &[scope(&[INDIRECT.to_vec()])]));
    let unknown = extension("2a0304", true, &[5, 0]);
    // OpenSSL takes delta CRLs only where the complete list says where they are.
    let freshest = extension("551d2e", false, &element(0x30, &element(0x30, &here)));
    let complete = signed(&list(&[], &[freshest.clone()]));
    let held = signed(&list(&[entry(7, &[reason(6)])], &[freshest]));
    let cases: Vec<(&str, &Certificate, Vec<Crl>, bool)> = vec![
        ("good", &plain, vec![signed(&List::default())], true),
        ("no list", &plain, vec![namesake.list(&List::default())], false),
        ("revoked", &plain, vec![signed(&list(&[entry(7, &[])], &[]))], false),
        ("out of date", &plain, vec![signed(&List { next_update: Some(AT - 1), ..List::default() })], false),
        ("not yet", &plain, vec![signed(&List { this_update: AT + 1, ..List::default() })], false),
        ("unknown extension", &plain, vec![signed(&list(&[], &[unknown.clone()]))], false),
        ("unknown entry extension", &plain, vec![signed(&list(&[entry(9, &[unknown])], &[]))], false),
        ("only users", &plain, vec![scoped(&[ONLY_USERS.to_vec()])], true),
        ("only authorities", &plain, vec![scoped(&[ONLY_CAS.to_vec()])], false),
        ("only attributes", &plain, vec![scoped(&[ONLY_ATTRIBUTES.to_vec()])], false),
        ("the same point", &here_leaf, vec![scoped(&[here.clone()])], true),
        ("another point", &here_leaf, vec![scoped(&[at_uri("http://lists.example/b.crl")])], false),
        ("relative", &relative_leaf, vec![scoped(&[at_relative("part 1")])], true),
        ("another relative", &relative_leaf, vec![scoped(&[at_relative("part 2")])], false),
        ("some reasons", &plain, vec![scoped(&[reasons(3, [0x60, 0])])], false),
        (
            "all reasons",
            &plain,
            vec![scoped(&[reasons(3, [0x60, 0])]), scoped(&[reasons(3, [0x1f, 0x80])])],
            true,
        ),
        ("other key", &plain, vec![by_second(&[])], true),
        ("revoked by other key", &plain, vec![by_second(&[entry(7, &[])])], false),
        ("indirect", &indirect_leaf, vec![indirect(&[])], true),
        ("revoked indirectly", &indirect_leaf, vec![indirect(&of_leaf)], false),
        ("serial number of another", &indirect_leaf, vec![indirect(&[entry(7, &[])])], true),
        ("not indirect", &indirect_leaf, vec![lister.list(&List::default())], false),
        ("delta", &plain, vec![complete.clone(), delta(&[], 6, 5)], true),
        ("revoked by delta", &plain, vec![complete, delta(&[entry(7, &[])], 6, 5)], false),
        ("released", &plain, vec![held.clone(), delta(&[entry(7, &[reason(8)])], 6, 5)], true),
        ("held", &plain, vec![held, delta(&[], 6, 5)], false),
        ("delta alone", &plain, vec![delta(&[], 6, 5)], false),
    ];
    let mut differences = Vec::new();
    for (what, leaf, crls, wanted) in cases {
        let ours = by_lists(leaf, &root, &crls, &[&root], &signers);
        assert_eq!(matches!(ours.status, Status::Good { .. }), wanted, "{what}: {ours:?}");
        if openssl_accepts(&root, leaf, &crls, &signers) != wanted {
            differences.push(what);
        }
    }
    assert_eq!(differences, [""; 0]);
}

fn run(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").current_dir(folder).args(arguments.split(' ')).output().unwrap();
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The authority writes its files and openssl revokes, lists and responds with them.
#[test]
fn lists_and_responses_that_openssl_makes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let write = |file: &str, content: &str| std::fs::write(path.join(file), content).unwrap();
    write("index.txt", "");
    write("number", "01\n");
    write(
        "ca.cnf",
        "[ca]\ndefault_ca=it\n[it]\ndatabase=index.txt\ncrlnumber=number\nserial=number\nnew_certs_dir=.\ndefault_md=sha256\npolicy=any\n\
         default_days=30\ndefault_crl_days=30\ncrl_extensions=list\ncertificate=root.pem\nprivate_key=root.key\n[any]\n\
         commonName=supplied\n[list]\nauthorityKeyIdentifier=keyid\n[signer]\nextendedKeyUsage=OCSPSigning\n",
    );
    run(
        path,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -subj /CN=Root",
    );
    for name in ["good", "bad", "signer"] {
        run(
            path,
            &format!(
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}"
            ),
        );
        let extensions = if name == "signer" { " -extensions signer" } else { "" };
        run(path, &format!("ca -config ca.cnf -batch -notext -in {name}.csr -out {name}.pem{extensions}"));
    }
    run(path, "ca -config ca.cnf -revoke bad.pem -crl_reason cessationOfOperation");
    run(path, "ca -config ca.cnf -gencrl -out list.pem");
    let der = |file: &str| {
        let pem = std::fs::read(path.join(file)).unwrap();
        parse_pem(&pem).blocks.first().unwrap().der.clone()
    };
    let read = |file: &str| Certificate::from_der(&der(file)).unwrap();
    let crls = [Crl::from_der(&der("list.pem")).unwrap()];
    assert_eq!(crls[0].to_pem(), to_pem("X509 CRL", crls[0].der()));
    let root = read("root.pem");
    for signer in ["root", "signer"] {
        for name in ["good", "bad"] {
            run(
                path,
                &format!(
                    "ocsp -issuer root.pem -cert {name}.pem -respout response -index index.txt -CA root.pem -rsigner {signer}.pem \
                     -rkey {signer}.key -noverify -nmin 60"
                ),
            );
            let ocsp = [OcspResponse::from_der(&std::fs::read(path.join("response")).unwrap()).unwrap()];
            let leaf = read(&format!("{name}.pem"));
            let at = ocsp[0].basic().unwrap().produced_at();
            let at_hand = [&root];
            let ask = |crls, ocsp| {
                let inquiry = Inquiry {
                    certificate: &leaf,
                    issuer: &root,
                    crls,
                    ocsp,
                    certificates: &at_hand,
                    at,
                    strict: true,
                    working_key: None,
                    lenience: Lenience::default(),
                };
                status(&inquiry, &mut |_: &Certificate| SignerPath::Invalid, &mut Work::default()).status
            };
            for (answer, source) in
                [(ask(&crls, &[]), Source::Crl { index: 0 }), (ask(&[], &ocsp), Source::Ocsp { index: 0 })]
            {
                match answer {
                    Status::Good { by } => assert_eq!((name, by), ("good", vec![source])),
                    Status::Revoked { by, reason, .. } => {
                        assert_eq!(
                            (name, by, reason.name().as_str()),
                            ("bad", source, "cessationOfOperation")
                        );
                    }
                    other => panic!("{name} by {signer}: {other:?}"),
                }
            }
        }
    }
}
