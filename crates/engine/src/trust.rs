//! The trust store, and the verdict on a server's chain.

pub mod mozilla;
mod seen;
mod timestamps;

use std::net::IpAddr;

use certwright_certs::OcspResponse;
use certwright_certs::certificate::Certificate;
use certwright_certs::name::Name;
use certwright_certs::to_a_labels;
pub use certwright_chain::Anchor;
use certwright_chain::{
    Evidence, FailureKind, Host, NotApplicable, Outcome, PathEnd, Profile, Purpose, Question, RevocationMode,
    Verdict, judge,
};
use certwright_keystore::entry::Content;
use certwright_keystore::keystore::Keystore;
use certwright_keystore::reply::{self, Issuers};
use certwright_protocol::Bytes;
use certwright_protocol::report::{LogTimestamp, Staple};
use certwright_protocol::ui::ProbeTrust;
use certwright_protocol::view::{ChainFailure, ChainFailureReason, ChainView};

pub use self::seen::Seen;
use crate::convert;
use crate::show;

/// What is trusted, and which other certificates are known.
#[derive(Clone)]
pub struct TrustStore {
    anchors: Vec<Anchor>,
    known: Vec<Certificate>,
    /// What servers sent before.
    pub(crate) seen: Seen,
}

impl TrustStore {
    /// The keystore's trusted certificates and `anchors`; known besides: the certificates of its key pairs, which help to build a path
    /// and are not trusted by themselves.
    pub fn new(keystore: &Keystore, mut anchors: Vec<Anchor>) -> Self {
        let mut known = Vec::new();
        for entry in keystore.iter() {
            match &entry.content {
                Content::TrustedCertificate(certificate) => {
                    anchors.push(Anchor { label: entry.alias.clone(), certificate: certificate.clone() });
                }
                Content::KeyPair(pair) => known.extend(pair.chain.iter().cloned()),
                Content::SecretKey(_) => {}
            }
        }
        Self { anchors, known, seen: Seen::default() }
    }

    /// What a probe judges by: the anchors that its plan names, `anchors` in any case, and its `known` certificates (DER), which help to build a path and
    /// are not trusted by themselves.
    pub(crate) fn for_probe(
        keystore: &Keystore,
        mut anchors: Vec<Anchor>,
        trust: ProbeTrust,
        known: &[Bytes],
    ) -> Self {
        if matches!(trust, ProbeTrust::Mozilla | ProbeTrust::Both) {
            anchors.extend(mozilla::anchors().iter().cloned());
        }
        let mut store = match trust {
            ProbeTrust::Keystore | ProbeTrust::Both => Self::new(keystore, anchors),
            ProbeTrust::Mozilla => Self { anchors, ..Self::new(keystore, Vec::new()) },
        };
        store.known.extend(known.iter().filter_map(|der| Certificate::from_der(&der.0).ok()));
        store
    }
}

/// What is thought of a server's chain.
pub(crate) struct Judged {
    /// The chain and its verdict.
    pub(crate) view: ChainView,
    /// What the stapled OCSP response says.
    pub(crate) staple: Option<Staple>,
    /// What transparency logs promised.
    pub(crate) timestamps: Vec<LogTimestamp>,
}

/// Judges a server's chain as sent (DER, its own certificate first), with the OCSP response that was stapled to it. `at` is in Unix seconds.
///
/// The rules of public servers bind a chain that ends in a root of Mozilla's list; every other one is private. A staple that says nothing about the
/// certificate is told and refuses nothing, as if there were none.
pub(crate) fn judge_server(
    sent: &[Bytes],
    staple: Option<&Bytes>,
    trust: &TrustStore,
    host: Option<Host>,
    at: i64,
) -> Judged {
    let read: Vec<Result<Certificate, u32>> =
        sent.iter().zip(0u32..).map(|(der, index)| trust.seen.read(&der.0).map_err(|_| index)).collect();
    let certificates: Vec<Certificate> = read.iter().filter_map(|c| c.as_ref().ok()).cloned().collect();
    let unreadable = read.iter().filter_map(|c| c.as_ref().err()).map(|&index| ChainFailure {
        at: None,
        certificate: None,
        reason: ChainFailureReason::Unreadable { index },
    });
    let read_staple = staple.map(|der| OcspResponse::from_der(&der.0).ok());
    // Without the server's own certificate there is no chain: the next one must not be taken for it.
    let Some(Ok(leaf)) = read.first() else {
        let mut failures: Vec<ChainFailure> = unreadable.collect();
        if failures.is_empty() {
            failures.push(ChainFailure {
                at: None,
                certificate: None,
                reason: ChainFailureReason::NoCertificate,
            });
        }
        let view = ChainView {
            trusted: false,
            path: Vec::new(),
            failures,
            remarks: Vec::new(),
            sent: certificates.iter().map(show::certificate).collect(),
        };
        return Judged { view, staple: staple.map(|_| Staple::NotChecked), timestamps: Vec::new() };
    };
    let timestamps = timestamps::timestamps(leaf, read_staple.iter().flatten().next());
    let evidence: Vec<OcspResponse> = read_staple.iter().flatten().cloned().collect();
    let ask = |ocsp: &[OcspResponse]| {
        let mut question = Question {
            extra: &trust.known,
            host: host.clone(),
            purpose: Purpose::ServerAuth,
            revocation: Evidence { crls: &[], ocsp, mode: RevocationMode::IfKnown },
            ..Question::new(&certificates, &trust.anchors, at)
        };
        let verdict = judge(&question);
        if !ends_at_mozilla(&verdict) {
            return verdict;
        }
        question.profile = Profile::TlsServer;
        judge(&question)
    };
    let mut verdict = ask(&evidence);
    let staple = read_staple.map(|response| match response {
        None => Staple::Unreadable,
        Some(response) => staple_says(&response, &verdict),
    });
    if staple == Some(Staple::Unusable) {
        verdict = ask(&[]);
    }
    let mut view = convert::verdict(&verdict, &certificates);
    view.failures.extend(unreadable);
    Judged { view, staple, timestamps }
}

/// What became of a stapled response in the verdict.
fn staple_says(response: &OcspResponse, verdict: &Verdict) -> Staple {
    let Some(path) = verdict.best() else { return Staple::NotChecked };
    let mut results =
        path.results.iter().filter(|result| result.check == "revocation" && result.at == Some(0));
    match results.next().map(|result| &result.outcome) {
        Some(Outcome::Failed(FailureKind::Revoked { at, .. })) => Staple::Revoked { since: *at },
        Some(Outcome::Passed) => {
            let issuer = path.links.get(1).map(|link| &link.certificate);
            let about = path.links.first().zip(issuer).zip(response.basic());
            let single = about.and_then(|((leaf, issuer), basic)| basic.find(&leaf.certificate, issuer));
            Staple::Good { next_update: single.and_then(|single| single.next_update) }
        }
        Some(Outcome::NotApplicable(NotApplicable::NoIssuer)) | None => Staple::NotChecked,
        Some(_) => Staple::Unusable,
    }
}

/// Whether the best path ends in a root of Mozilla's list.
pub(crate) fn ends_at_mozilla(verdict: &Verdict) -> bool {
    verdict.best().is_some_and(|path| {
        matches!(path.end, PathEnd::Anchor { .. })
            && path.links.last().is_some_and(|link| mozilla::is_root(&link.certificate))
    })
}

/// A host name or an address as people type it. Names have letters, digits, `-`, `_` and dots; those beyond ASCII become A-labels
/// (RFC 5890 section 2.3.2.1).
pub fn parse_host(text: &str) -> Option<Host> {
    let text = &*to_a_labels(text)?;
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(Host::Ip(address));
    }
    let name = text.strip_suffix('.').unwrap_or(text);
    let label_ok = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (name.len() <= 253 && name.split('.').all(label_ok)).then(|| Host::Dns(name.to_ascii_lowercase()))
}

/// The same host in ASCII, otherwise as it was typed: what is looked up, and named in SNI. What is no host stays as it is.
pub(crate) fn host_in_ascii(text: &str) -> String {
    to_a_labels(text).unwrap_or(text.into()).into_owned()
}

/// A key pair's chain, completed from the keystore's other certificates, and the name of the issuer that is missing, if any.
pub(crate) fn complete_chain(chain: &[Certificate], keystore: &Keystore) -> (Vec<Certificate>, Option<Name>) {
    match chain.first() {
        Some(leaf) => reply::complete_chain(keystore, leaf, chain),
        None => Default::default(),
    }
}

/// A key pair's chain as it is written: completed, unless that would leave out certificates that its maker put there.
pub(crate) fn whole_chain(chain: &[Certificate], issuers: &Issuers<'_>) -> Vec<Certificate> {
    let Some(leaf) = chain.first() else { return Vec::new() };
    let whole = issuers.complete_chain(leaf).0;
    if chain.iter().all(|certificate| whole.contains(certificate)) { whole } else { chain.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_or_addresses() {
        assert!(matches!(parse_host("ERP.Example.com."), Some(Host::Dns(name)) if name == "erp.example.com"));
        assert!(
            matches!(parse_host("Müller.example"), Some(Host::Dns(name)) if name == "xn--mller-kva.example")
        );
        assert!(matches!(parse_host("::1"), Some(Host::Ip(_))));
        assert!(matches!(parse_host("10.0.0.1"), Some(Host::Ip(_))));
        for bad in [
            "",
            ".",
            "a..b",
            "a b",
            "a/b",
            "-a",
            "a\r\nb",
            "a\u{2f}ä.example",
            "ä..example",
            "ä b",
            &"a".repeat(64),
        ] {
            assert!(parse_host(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn a_probe_trusts_what_its_plan_names() {
        let anchors = |trust| TrustStore::for_probe(&Keystore::new(), Vec::new(), trust, &[]).anchors.len();
        assert_eq!(anchors(ProbeTrust::Keystore), 0);
        assert_eq!(anchors(ProbeTrust::Mozilla), mozilla::anchors().len());
        assert_eq!(anchors(ProbeTrust::Both), mozilla::anchors().len());
        let unreadable = [Bytes::from(&[1, 2, 3][..])];
        assert!(
            TrustStore::for_probe(&Keystore::new(), Vec::new(), ProbeTrust::Both, &unreadable)
                .known
                .is_empty()
        );
    }
}
