//! Chains: any bag of certificates, every profile, all paths.

use certwright_certs::{Certificate, Crl, OcspResponse};
use certwright_chain::{
    Anchor, Evidence, Host, Outcome, Paths, Profile, Purpose, Question, RevocationMode, judge, needs,
};

/// 2026-01-01.
const NOW: i64 = 1_767_225_600;

/// PEM text: its first certificate is the end-entity, every second of the others is trusted; lists and responses are evidence.
pub fn chain(input: &[u8]) {
    let blocks = certwright_encoding::pem::parse_pem(input).blocks;
    let certificates: Vec<Certificate> =
        blocks.iter().filter_map(|block| Certificate::from_der(&block.der).ok()).collect();
    let crls: Vec<Crl> = blocks.iter().filter_map(|block| Crl::from_der(&block.der).ok()).collect();
    let ocsp: Vec<OcspResponse> =
        blocks.iter().filter_map(|block| OcspResponse::from_der(&block.der).ok()).collect();
    let trusted = certificates.iter().skip(1).step_by(2);
    let anchors: Vec<Anchor> = trusted
        .map(|certificate| Anchor { label: String::new(), certificate: certificate.clone() })
        .collect();
    let at = certificates.first().map_or(NOW, |leaf| leaf.not_before());
    for (profile, paths) in Profile::ALL.into_iter().zip([Paths::First, Paths::All { max: 8 }].repeat(2)) {
        let question = Question {
            host: Some(Host::Dns("server.example".into())),
            mailbox: Some("somebody@server.example".into()),
            purpose: Purpose::ServerAuth,
            profile,
            paths,
            revocation: Evidence { crls: &crls, ocsp: &ocsp, mode: RevocationMode::IfKnown },
            ..Question::new(&certificates, &anchors, at)
        };
        let verdict = judge(&question);
        assert_eq!(verdict.trusted, verdict.failures.is_empty());
        assert_eq!(verdict.paths.is_empty(), certificates.is_empty());
        for path in &verdict.paths {
            assert_eq!(path.trusted, path.failures.is_empty());
            let failed = path.results.iter().filter(|result| matches!(result.outcome, Outcome::Failed(_)));
            assert_eq!(failed.count(), path.failures.len());
            assert!(
                needs(path, &certificates).certificates.iter().all(|needed| needed.at < path.links.len())
            );
        }
    }
}
