//! Words for the verdict of a probe, and for what became of the client certificate.

use super::{Explanation, alert_likely_cause, alert_name, listed};
use crate::conversation::HttpComplaint;
use crate::report::{
    CertificateUse, Evidence, ProbeReport, ProbeVerdict, Refusal, WhyNotFitting, WhyNotUsed,
};

impl ProbeReport {
    /// The verdict in words; `None` while the probe runs.
    pub fn explain(&self) -> Option<Explanation> {
        let host = &self.target.host;
        Some(match self.verdict.as_ref()? {
            ProbeVerdict::Reached => Explanation::new(
                "Reached",
                match self.client_authentication.used {
                    Some(CertificateUse::Accepted { .. }) => {
                        format!("{host} was reached, its certificate is trusted, and it accepted yours.")
                    }
                    _ => format!("{host} was reached, and its certificate is trusted."),
                },
                "",
            ),
            ProbeVerdict::ServerNotTrusted => {
                let reason =
                    self.chain.as_ref().and_then(|chain| chain.failures.first()).map(|f| f.explain());
                Explanation::new(
                    "Reached, but not trusted",
                    match &reason {
                        Some(reason) => {
                            format!("{host} answers with TLS. {}: {}", reason.title, reason.what_happened)
                        }
                        None => format!("{host} answers with TLS, and its certificate is not trusted."),
                    },
                    reason.map(|reason| reason.what_to_try).unwrap_or_default(),
                )
            }
            ProbeVerdict::CertificateDemanded => Explanation::new(
                "A client certificate is demanded",
                format!("{host} was reached, and wants a client certificate; none was used."),
                "Choose an entry under “Authentication” and probe again.",
            ),
            ProbeVerdict::CertificateRefused => {
                let used = self.client_authentication.used.as_ref().map(CertificateUse::explain);
                Explanation::new(
                    "The client certificate was refused",
                    used.as_ref().map(|used| used.what_happened.clone()).unwrap_or_default(),
                    used.map(|used| used.what_to_try).unwrap_or_default(),
                )
            }
            ProbeVerdict::Undetermined => match self.client_authentication.used {
                Some(CertificateUse::NotUsed { .. }) => Explanation::new(
                    "Reached; the server says no more",
                    format!(
                        "{host} was reached. It asked for a client certificate, got none, and said nothing afterwards."
                    ),
                    "Whether it demands one shows only in a real request, or in the server's log.",
                ),
                _ => Explanation::new(
                    "Reached; acceptance is open",
                    format!(
                        "{host} was reached, and took the certificate without an answer. In TLS 1.3 a server may refuse later."
                    ),
                    "Send a real request with your application, or ask the server's administrator whether the log shows a refusal.",
                ),
            },
            ProbeVerdict::Failed { failure } => failure.explain(),
        })
    }
}

impl ProbeVerdict {
    /// A short stable word: the same as `"kind"` in JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::ServerNotTrusted => "server_not_trusted",
            Self::CertificateDemanded => "certificate_demanded",
            Self::CertificateRefused => "certificate_refused",
            Self::Undetermined => "undetermined",
            Self::Failed { .. } => "failed",
        }
    }
}

impl CertificateUse {
    /// A short stable word: the same as `"kind"` in JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Refused { .. } => "refused",
            Self::Undetermined { .. } => "undetermined",
            Self::NotUsed { .. } => "not_used",
        }
    }

    /// Client certificate used: yes and how it went, or no and why.
    pub fn explain(&self) -> Explanation {
        match self {
            Self::Accepted { alias, evidence } => Explanation::new(
                "Yes, and accepted",
                format!(
                    "“{alias}” was used, and the server accepted it: {}.",
                    match evidence {
                        Evidence::Finished => "it finished the TLS 1.2 handshake after checking it".into(),
                        Evidence::SessionTicket => "it sent a session ticket afterwards".into(),
                        Evidence::Data => "it sent data afterwards".into(),
                        Evidence::Http { status } => format!(
                            "it answered an HTTP request with status {status} and no complaint about the certificate"
                        ),
                    }
                ),
                "",
            ),
            Self::Refused { alias, by } => {
                let (how, remedy) = refusal_words(*by);
                Explanation::new(
                    "Yes, and refused",
                    format!("“{alias}” was used, and the server refused it {how}"),
                    remedy,
                )
            }
            Self::Undetermined { alias } => Explanation::new(
                "Yes; accepted or not is open",
                format!("“{alias}” was used. The server said nothing afterwards, neither yes nor no."),
                "Send a real request with your application, or ask the server's administrator.",
            ),
            Self::NotUsed { why, demanded } => {
                let mut explanation = why.explain();
                if let Some(by) = demanded {
                    let (how, _) = refusal_words(*by);
                    explanation.what_happened = format!(
                        "{} The server demands one: it ended the connection {how}",
                        explanation.what_happened
                    );
                }
                explanation
            }
        }
    }
}

impl WhyNotUsed {
    fn explain(&self) -> Explanation {
        match self {
            Self::NotRequested => Explanation::new(
                "No: the server did not ask for one",
                "The server never asked for a client certificate, so none can be used.",
                "If it should ask: the server's administrator has to switch on client authentication for this host and port (a load balancer in front may end the TLS before).",
            ),
            Self::NotWanted => Explanation::new(
                "No: you did not choose one",
                "The server asked for a client certificate; the probe went on without.",
                "To use one, choose an entry under “Authentication”.",
            ),
            Self::ServerNotTrusted => Explanation::new(
                "No: the server is not trusted",
                "The server asked for a client certificate. Its own chain is not trusted, so nothing was signed.",
                "Add the right root to the trust store, or switch off “The server must be trusted” for one probe.",
            ),
            Self::NoneFits { considered } if considered.is_empty() => Explanation::new(
                "No: the keystore has no key pair",
                "The server asked for a client certificate, and this keystore holds no key pair.",
                "Make a key and have it signed, or import a PKCS#12 file.",
            ),
            Self::NoneFits { considered } => Explanation::new(
                "No: no entry fits",
                format!(
                    "The server asked for a client certificate, and no entry fits: {}.",
                    listed(
                        &considered
                            .iter()
                            .map(|c| format!("“{}” {}", c.alias, c.why.words()))
                            .collect::<Vec<_>>(),
                        6
                    )
                ),
                "Get a certificate from one of the authorities that the server accepts, or choose an entry by its alias to try it all the same.",
            ),
            Self::NoCertificate { alias } => Explanation::new(
                "No: the entry has no certificate yet",
                format!("“{alias}” is a key that still waits for its certificate."),
                "Have its signing request signed and import the reply.",
            ),
            Self::NoScheme { alias } => Explanation::new(
                "No: the key does not fit",
                format!("The server accepts no signature scheme that the key of “{alias}” can make."),
                "Use a key of another type (RSA instead of EC, or the other way round).",
            ),
            Self::NotThisHandshake { fault } => fault.explain(),
            Self::FailedBefore => Explanation::new(
                "No: it did not come to that",
                "The probe ended before a client certificate was due.",
                "",
            ),
        }
    }
}

impl WhyNotFitting {
    /// In a few words, which stand after the entry's name.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoCertificate => "has no certificate yet",
            Self::OtherAuthority => "is from another authority",
            Self::NoScheme => "has a key of another type",
            Self::NotValidNow => "is not valid now",
        }
    }
}

fn refusal_words(by: Refusal) -> (String, String) {
    match by {
        Refusal::Alert { code } => {
            let (cause, remedy) = alert_likely_cause(code);
            (format!("with the alert {} ({code}). {cause}", alert_name(code)), remedy.into())
        }
        Refusal::HungUp => (
            "by hanging up.".into(),
            "Ask the server's administrator for its log: it says why the certificate was not accepted.".into(),
        ),
        Refusal::Http { status, complaint } => (
            format!(
                "in HTTP, with status {status}: {}.",
                match complaint {
                    HttpComplaint::CertificateMissing => "it says that no certificate was sent",
                    HttpComplaint::CertificateRefused => "it says that the certificate is not accepted",
                }
            ),
            "Give the server's administrator the root certificate of your chain, and check that the chain in this keystore is complete.".into(),
        ),
    }
}
