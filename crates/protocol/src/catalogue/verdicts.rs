//! Words for the verdict of a probe, and for what became of the client certificate.

use super::{Explanation, alert_likely_cause, alert_name, listed};
use crate::conversation::HttpComplaint;
use crate::report::{
    CertificateUse, Evidence, ProbeReport, ProbeVerdict, Refusal, WhyNotFitting, WhyNotUsed,
};
use crate::t;

impl ProbeReport {
    /// The verdict in words; `None` while the probe runs.
    pub fn explain(&self) -> Option<Explanation> {
        let host = &self.target.host;
        Some(match self.verdict.as_ref()? {
            ProbeVerdict::Reached => Explanation::new(
                t!("Reached"),
                match self.client_authentication.used {
                    Some(CertificateUse::Accepted { .. }) => {
                        t!("{host} was reached, its certificate is trusted, and it accepted yours.", host)
                    }
                    _ => t!("{host} was reached, and its certificate is trusted.", host),
                },
                "",
            ),
            ProbeVerdict::ServerNotTrusted => {
                let reason =
                    self.chain.as_ref().and_then(|chain| chain.failures.first()).map(|f| f.explain());
                Explanation::new(
                    t!("Reached, but not trusted"),
                    match &reason {
                        Some(reason) => {
                            t!(
                                "{host} answers with TLS. {title}: {what_happened}",
                                host,
                                title = reason.title,
                                what_happened = reason.what_happened
                            )
                        }
                        None => t!("{host} answers with TLS, and its certificate is not trusted.", host),
                    },
                    reason.map(|reason| reason.what_to_try).unwrap_or_default(),
                )
            }
            ProbeVerdict::CertificateDemanded => Explanation::new(
                t!("A client certificate is demanded"),
                t!("{host} was reached, and wants a client certificate; none was used.", host),
                t!("Choose an entry under “Authentication” and probe again."),
            ),
            ProbeVerdict::CertificateRefused => {
                let used = self.client_authentication.used.as_ref().map(CertificateUse::explain);
                Explanation::new(
                    t!("The client certificate was refused"),
                    used.as_ref().map(|used| used.what_happened.clone()).unwrap_or_default(),
                    used.map(|used| used.what_to_try).unwrap_or_default(),
                )
            }
            ProbeVerdict::Undetermined => match self.client_authentication.used {
                Some(CertificateUse::NotUsed { .. }) => Explanation::new(
                    t!("Reached; the server says no more"),
                    t!(
                        "{host} was reached. It asked for a client certificate, got none, and said nothing afterwards.",
                        host
                    ),
                    t!("Whether it demands one shows only in a real request, or in the server’s log."),
                ),
                _ => Explanation::new(
                    t!("Reached; acceptance is open"),
                    t!(
                        "{host} was reached, and took the certificate without an answer. In TLS 1.3 a server may refuse later.",
                        host
                    ),
                    t!(
                        "Send a real request with your application, or ask the server’s administrator whether the log shows a refusal."
                    ),
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
                t!("Yes, and accepted"),
                t!(
                    "“{alias}” was used, and the server accepted it: {status}.",
                    alias,
                    status = match evidence {
                        Evidence::Finished =>
                            t!("it finished the TLS 1.2 handshake after checking it").into(),
                        Evidence::SessionTicket => t!("it sent a session ticket afterwards").into(),
                        Evidence::Data => t!("it sent data afterwards").into(),
                        Evidence::Http { status } => t!(
                            "it answered an HTTP request with status {status} and no complaint about the certificate",
                            status
                        ),
                    }
                ),
                "",
            ),
            Self::Refused { alias, by } => {
                let (how, remedy) = refusal_words(*by);
                Explanation::new(
                    t!("Yes, and refused"),
                    t!("“{alias}” was used, and the server refused it {how}", alias, how),
                    remedy,
                )
            }
            Self::Undetermined { alias } => Explanation::new(
                t!("Yes; accepted or not is open"),
                t!("“{alias}” was used. The server said nothing afterwards, neither yes nor no.", alias),
                t!("Send a real request with your application, or ask the server’s administrator."),
            ),
            Self::NotUsed { why, demanded } => {
                let mut explanation = why.explain();
                if let Some(by) = demanded {
                    let (how, _) = refusal_words(*by);
                    explanation.what_happened = t!(
                        "{what_happened} The server demands one: it ended the connection {how}",
                        what_happened = explanation.what_happened,
                        how
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
                t!("No: the server did not ask for one"),
                t!("The server never asked for a client certificate, so none can be used."),
                t!(
                    "If it should ask: the server’s administrator has to switch on client authentication for this host and port (a load balancer in front may end the TLS before)."
                ),
            ),
            Self::NotWanted => Explanation::new(
                t!("No: you did not choose one"),
                t!("The server asked for a client certificate; the probe went on without."),
                t!("To use one, choose an entry under “Authentication”."),
            ),
            Self::ServerNotTrusted => Explanation::new(
                t!("No: the server is not trusted"),
                t!(
                    "The server asked for a client certificate. Its own chain is not trusted, so nothing was signed."
                ),
                t!(
                    "Add the right root to the trust store, or switch off “The server must be trusted” for one probe."
                ),
            ),
            Self::NoneFits { considered } if considered.is_empty() => Explanation::new(
                t!("No: the keystore has no key pair"),
                t!("The server asked for a client certificate, and this keystore holds no key pair."),
                t!("Make a key and have it signed, or import a PKCS#12 file."),
            ),
            Self::NoneFits { considered } => Explanation::new(
                t!("No: no entry fits"),
                t!(
                    "The server asked for a client certificate, and no entry fits: {needs}.",
                    needs = listed(
                        &considered
                            .iter()
                            .map(|c| format!("“{}” {}", c.alias, c.why.words()))
                            .collect::<Vec<_>>(),
                        6
                    )
                ),
                t!(
                    "Get a certificate from one of the authorities that the server accepts, or choose an entry by its alias to try it all the same."
                ),
            ),
            Self::NoCertificate { alias } => Explanation::new(
                t!("No: the entry has no certificate yet"),
                t!("“{alias}” is a key that still waits for its certificate.", alias),
                t!("Have its signing request signed and import the reply."),
            ),
            Self::NoScheme { alias } => Explanation::new(
                t!("No: the key does not fit"),
                t!("The server accepts no signature scheme that the key of “{alias}” can make.", alias),
                t!("Use a key of another type (RSA instead of EC, or the other way round)."),
            ),
            Self::NotThisHandshake { fault } => fault.explain(),
            Self::FailedBefore => Explanation::new(
                t!("No: it did not come to that"),
                t!("The probe ended before a client certificate was due."),
                "",
            ),
        }
    }
}

impl WhyNotFitting {
    /// In a few words, which stand after the entry's name.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoCertificate => t!("has no certificate yet"),
            Self::OtherAuthority => t!("is from another authority"),
            Self::NoScheme => t!("has a key of another type"),
            Self::NotValidNow => t!("is not valid now"),
        }
    }
}

fn refusal_words(by: Refusal) -> (String, String) {
    match by {
        Refusal::Alert { code } => {
            let (cause, remedy) = alert_likely_cause(code);
            (t!("with the alert {alert} ({code}). {cause}", alert = alert_name(code), code, cause), remedy.into())
        }
        Refusal::HungUp => (
            t!("by hanging up.").into(),
            t!("Ask the server’s administrator for its log: it says why the certificate was not accepted.").into(),
        ),
        Refusal::Http { status, complaint } => (
            t!("in HTTP, with status {status}: {complaint}.", status, complaint = match complaint {
                    HttpComplaint::CertificateMissing => t!("it says that no certificate was sent"),
                    HttpComplaint::CertificateRefused => t!("it says that the certificate is not accepted"),
                }),
            t!("Give the server’s administrator the root certificate of your chain, and check that the chain in this keystore is complete.").into(),
        ),
    }
}
