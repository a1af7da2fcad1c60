//! The same servers asked by sslyze and testssl.sh in the same run. Where they say something else than we do, [`DIFFERENCES`] says who is right
//! and why; a difference that is not there fails the test.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use certwright_protocol::catalogue::format_time;
use certwright_protocol::conversation::{Feature, TlsVersion};
use certwright_protocol::ui::ProbePlan;
use serde_json::Value;

use crate::common::{Pki, s_server};
use crate::{WEAK, clients, old_pki, openssl_suites, peers, s_client, survey};

/// A difference that has its reason.
struct Difference {
    tool: &'static str,
    /// What it says otherwise: suites, or versions.
    about: &'static [&'static str],
    /// Who is right: whatever `openssl s_client` comes to terms with is spoken, and the test asks it.
    why: &'static str,
}

const DIFFERENCES: &[Difference] = &[
    Difference {
        tool: "sslyze",
        about: &["TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA256", "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA256"],
        why: "We are right: s_client speaks them with this server. sslyze asks with OpenSSL 1.0.2 for what that knows, and for the rest with \
              1.1.1, whose default security level leaves out suites without authentication: it never offers these two.",
    },
    Difference {
        tool: "testssl.sh",
        about: &["TLS1_2"],
        why: "We are right: s_client does not come to terms. tlslite-ng answers a ClientHello of TLS 1.2 with TLS 1.1, which testssl.sh \
              3.0.8 takes for a yes.",
    },
];

/// Asserts that a difference is known.
fn known(tool: &str, about: &str) {
    let reason = DIFFERENCES.iter().find(|known| known.tool == tool && known.about.contains(&about));
    assert!(reason.is_some_and(|known| !known.why.is_empty()), "{tool} says otherwise about {about}");
}

fn read(file: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn sslyze_says_the_same() {
    let pki = old_pki();
    let server = s_server(&pki, "rsa1024", WEAK);
    let ours = survey(server.port).await;
    let file = pki.file("sslyze.json");
    let output = Command::new(peers::python().join("bin/sslyze"))
        .arg(format!("--json_out={}", file.display()))
        .args(["--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--tlsv1_3", "--elliptic_curves", "--reneg"])
        .args(["--fallback", "--compression", "--ems"])
        .arg(format!("127.0.0.1:{}", server.port))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(file.is_file(), "{}", String::from_utf8_lossy(&output.stderr));
    let theirs = &read(&file)["server_scan_results"][0]["scan_result"];
    for (version, key) in [
        (TlsVersion::Ssl3, "ssl_3_0_cipher_suites"),
        (TlsVersion::Tls10, "tls_1_0_cipher_suites"),
        (TlsVersion::Tls11, "tls_1_1_cipher_suites"),
        (TlsVersion::Tls12, "tls_1_2_cipher_suites"),
        (TlsVersion::Tls13, "tls_1_3_cipher_suites"),
    ] {
        let accepted = theirs[key]["result"]["accepted_cipher_suites"].as_array().unwrap();
        let names = accepted.iter().map(|suite| suite["cipher_suite"]["name"].as_str().unwrap().to_owned());
        let names: BTreeSet<String> = names.collect();
        let mine = ours.suites(version);
        for name in mine.symmetric_difference(&names) {
            known("sslyze", name);
            let (_, own) = openssl_suites("-tls1_2").into_iter().find(|(iana, _)| iana == name).unwrap();
            let taken = s_client(server.port, &["-tls1_2", "-cipher", &format!("{own}:@SECLEVEL=0")]);
            assert_eq!(mine.contains(name), taken, "{name}");
        }
    }
    let result = |key: &str, field: &str| theirs[key]["result"][field].as_bool();
    let said = [
        (Feature::SecureRenegotiation, result("session_renegotiation", "supports_secure_renegotiation")),
        (Feature::FallbackProtection, result("tls_fallback_scsv", "supports_fallback_scsv")),
        (Feature::Compression, result("tls_compression", "supports_compression")),
        (Feature::ExtendedMasterSecret, result("tls_extended_master_secret", "supports_ems_extension")),
    ];
    for (feature, theirs) in said {
        assert!(theirs.is_some(), "{feature:?}");
        assert_eq!(ours.feature(feature), theirs, "{feature:?}");
    }
    let curves = theirs["elliptic_curves"]["result"]["supported_curves"].as_array().unwrap();
    let ours: BTreeSet<String> = ours
        .rest
        .groups
        .iter()
        .map(|group| group.name.to_lowercase())
        .filter(|name| !name.starts_with("ffdhe"))
        .collect();
    let theirs: BTreeSet<String> =
        curves.iter().map(|curve| curve["name"].as_str().unwrap().to_lowercase()).collect();
    assert_eq!(ours, theirs);
}

/// What testssl.sh finds, by its name for it.
fn testssl(pki: &Pki, what: &[&str], port: u16) -> BTreeMap<String, String> {
    let file = pki.file("testssl.json");
    let output = Command::new("testssl")
        .args(["--quiet", "--color", "0", "--warnings", "off", "--nodns", "none", "--jsonfile"])
        .arg(&file)
        .args(what)
        .arg(format!("127.0.0.1:{port}"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(file.is_file(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = read(&file);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = said.as_array().unwrap().iter();
    findings.map(|finding| (text(&finding["id"]), text(&finding["finding"]))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn testssl_says_the_same_of_the_versions() {
    let pki = old_pki();
    let server = peers::tlslite(&pki, "rsa", ["3.0", "3.2"], "rc4,3des,aes128");
    let ours = survey(server.port).await;
    let said = testssl(&pki, &["-p"], server.port);
    for (version, id) in [
        (TlsVersion::Ssl3, "SSLv3"),
        (TlsVersion::Tls10, "TLS1"),
        (TlsVersion::Tls11, "TLS1_1"),
        (TlsVersion::Tls12, "TLS1_2"),
        (TlsVersion::Tls13, "TLS1_3"),
    ] {
        let finding = said.get(id).unwrap_or_else(|| panic!("{id}: {said:?}"));
        if ours.version(version).spoken == Some(finding.starts_with("offered")) {
            continue;
        }
        known("testssl.sh", id);
        let flag = if id == "TLS1_2" { "-tls1_2" } else { panic!("{id}: {finding}") };
        let taken = s_client(server.port, &[flag, "-cipher", "ALL:@SECLEVEL=0"]);
        assert_eq!(ours.version(version).spoken, Some(taken), "{id}: {finding}");
    }
}

/// Each version's suites, the size of DHE's group, and what stands in the certificate.
#[tokio::test(flavor = "multi_thread")]
async fn testssl_says_the_same_of_suites_and_of_the_certificate() {
    let pki = old_pki();
    let suites = "ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA:DHE-RSA-AES256-SHA:CAMELLIA128-SHA:@SECLEVEL=0";
    let server = s_server(
        &pki,
        "rsa",
        &["-cipher", suites, "-min_protocol", "TLSv1", "-dhparam", "dh2048.pem", "-www"],
    );
    let ours = survey(server.port).await;
    let said = testssl(&pki, &["-E", "-S"], server.port);
    let mut compared = 0;
    for (version, name) in [
        (TlsVersion::Ssl3, "ssl3"),
        (TlsVersion::Tls10, "tls1"),
        (TlsVersion::Tls11, "tls1_1"),
        (TlsVersion::Tls12, "tls1_2"),
        (TlsVersion::Tls13, "tls1_3"),
    ] {
        // `cipher-tls1_2_xc02f`
        let start = format!("cipher-{name}_x");
        let theirs: BTreeMap<u16, &String> = said
            .iter()
            .filter_map(|(id, finding)| Some((id.strip_prefix(&start)?, finding)))
            .map(|(code, finding)| (u16::from_str_radix(code, 16).unwrap(), finding))
            .collect();
        let mine: BTreeSet<u16> = ours.version(version).suites.iter().map(|suite| suite.code).collect();
        assert_eq!(mine, theirs.keys().copied().collect(), "{name}: {said:?}");
        for suite in &ours.version(version).suites {
            let size = suite.dh_bits.map(|bits| format!("DH {bits}"));
            let finding = theirs[&suite.code];
            assert_eq!(size.is_some(), finding.contains(" DH "), "{finding}");
            assert!(size.is_none_or(|size| finding.contains(&size)), "{finding}");
            compared += 1;
        }
    }
    assert!(compared >= 10, "{compared}: {said:?}");

    let report = clients::probed(&pki, ProbePlan::new("localhost", server.port)).await;
    let leaf = &report.chain.as_ref().unwrap().sent[0];
    let theirs = |id: &str| said.get(id).unwrap_or_else(|| panic!("{id}: {said:?}")).as_str();
    let bare = |text: &str| text.replace([':', ' '], "").to_uppercase();
    assert_eq!(bare(&leaf.sha256), theirs("cert_fingerprintSHA256"));
    assert_eq!(
        bare(&leaf.serial).trim_start_matches('0'),
        theirs("cert_serialNumber").trim_start_matches('0')
    );
    assert_eq!(
        (leaf.name.as_str(), leaf.issuer_name.as_str()),
        (theirs("cert_commonName"), theirs("cert_caIssuers"))
    );
    assert!(leaf.key.contains("2048") && theirs("cert_keySize").contains("2048"), "{}", leaf.key);
    for (ours, id) in [(leaf.not_before, "cert_notBefore"), (leaf.not_after, "cert_notAfter")] {
        assert!(format_time(ours).starts_with(theirs(id)), "{id}: {} {}", format_time(ours), theirs(id));
    }
    let names: BTreeSet<&str> = leaf
        .subject_alternative_names
        .iter()
        .filter_map(|name| name.split_once(':'))
        .map(|(_, name)| name)
        .collect();
    assert_eq!(names, theirs("cert_subjectAltName").split(' ').collect());
    assert_eq!(report.chain.as_ref().unwrap().sent.len().to_string(), theirs("certs_countServer"));
    assert_eq!((report.ocsp_stapled, theirs("OCSP_stapling")), (false, "not offered"));
}
