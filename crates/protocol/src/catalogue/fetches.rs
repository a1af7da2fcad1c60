//! Words for why a certificate or revocation list could not be fetched.

use super::Explanation;
use crate::fetch::FetchFailure;
use crate::t;

impl FetchFailure {
    /// A short stable word for the failure: the same as `"kind"` in JSON, of the probe's failure where it is one.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::BadAddress => "bad_address",
            Self::PortRefused { .. } => "port_refused",
            Self::NotReached { failure } => failure.kind(),
            Self::TlsFailed { .. } => "tls_failed",
            Self::BrokenOff => "broken_off",
            Self::Status { .. } => "status",
            Self::TooManyRedirects { .. } => "too_many_redirects",
            Self::TooLarge { .. } => "too_large",
            Self::TimedOut { .. } => "timed_out",
            Self::NotACertificate => "not_a_certificate",
            Self::Busy { .. } => "busy",
            Self::Throttled { .. } => "throttled",
            Self::Stopped => "stopped",
            Self::Internal => "internal",
        }
    }

    /// The failure in words.
    pub fn explain(&self) -> Explanation {
        match self {
            Self::BadAddress => Explanation::new(
                t!("Not an address that can be fetched"),
                t!(
                    "The Certwright server fetches from addresses that begin with http:// or https:// and have a host, without a user name."
                ),
                t!(
                    "Ask the issuer for the certificate, or look for it on the issuer’s web site, and drop it here."
                ),
            ),
            Self::PortRefused { port } => Explanation::new(
                t!("Certwright does not fetch from that port"),
                t!(
                    "The address names port {port}. This Certwright server serves more than its own machine, and fetches from ports 80 and 443 only.",
                    port
                ),
                t!(
                    "Download the file yourself and drop it here, run Certwright on your own machine, or let its operator allow the network (--allow)."
                ),
            ),
            Self::NotReached { failure } => failure.explain(),
            Self::TlsFailed { detail } => Explanation::new(
                t!("No TLS with the server of that address"),
                t!("The server did not agree on TLS: {detail}.", detail),
                t!("Open the address in a browser, and drop the file here."),
            ),
            Self::BrokenOff => Explanation::new(
                t!("The answer broke off"),
                t!("What answered at that address does not speak HTTP, or ended in the middle."),
                t!("Try again; if it repeats, ask the issuer for the file."),
            ),
            Self::Status { status } => Explanation::new(
                t!("The server of that address answered with status {status}", status),
                match status {
                    404 | 410 => t!("The file is not there any more.").to_owned(),
                    401 | 403 => t!("It does not give the file to everybody.").to_owned(),
                    500..=599 => t!("It has trouble of its own.").to_owned(),
                    _ => t!("It gave no file.").to_owned(),
                },
                t!("Look for the file on the issuer’s web site, or ask the issuer for it."),
            ),
            Self::TooManyRedirects { limit } => Explanation::new(
                t!("Sent on too often"),
                t!(
                    "The server of that address sends on to other addresses; Certwright follows {limit} times.",
                    limit
                ),
                t!("Open the address in a browser, and drop the file here."),
            ),
            Self::TooLarge { limit } => Explanation::new(
                t!("The file is too large"),
                t!("Certwright fetches at most {limit} MiB.", limit = limit / (1024 * 1024)),
                t!("Download it yourself, and use the command line."),
            ),
            Self::TimedOut { seconds } => Explanation::new(
                t!("It took too long"),
                t!("The file was not there after {seconds} seconds.", seconds),
                t!("Try again; if it repeats, download it yourself and drop it here."),
            ),
            Self::NotACertificate => Explanation::new(
                t!("Neither a certificate nor a revocation list"),
                t!(
                    "Something else came from that address, perhaps a web page. The Certwright server does not pass it on."
                ),
                t!(
                    "Open the address in a browser to see what it is; look for the file on the issuer’s web site."
                ),
            ),
            Self::Busy { limit } => Explanation::new(
                t!("The Certwright server is busy"),
                t!("It does {limit} things like this at a time and not more.", limit),
                t!("Wait a little and try again."),
            ),
            Self::Throttled { seconds } => Explanation::new(
                t!("The Certwright server asks for a pause"),
                t!("It lets everybody do so much within a minute and not more."),
                t!("Wait {seconds} seconds and try again.", seconds),
            ),
            Self::Stopped => Explanation::new(
                t!("The Certwright server is ending"),
                t!("It was told to stop while it fetched."),
                t!("Start it again, then try again."),
            ),
            Self::Internal => Explanation::new(
                t!("A fault in Certwright"),
                t!("The Certwright server failed while it fetched."),
                t!("Try again; if it repeats, report it with what you did."),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::conversation::ProbeFailure;

    #[test]
    fn every_failure_has_its_own_words_and_a_remedy() {
        let all = [
            FetchFailure::BadAddress,
            FetchFailure::PortRefused { port: 25 },
            FetchFailure::NotReached { failure: ProbeFailure::NameNotFound { host: "a.example".into() } },
            FetchFailure::TlsFailed { detail: "x".into() },
            FetchFailure::BrokenOff,
            FetchFailure::Status { status: 404 },
            FetchFailure::Status { status: 403 },
            FetchFailure::Status { status: 503 },
            FetchFailure::Status { status: 204 },
            FetchFailure::TooManyRedirects { limit: 3 },
            FetchFailure::TooLarge { limit: 16 * 1024 * 1024 },
            FetchFailure::TimedOut { seconds: 10 },
            FetchFailure::NotACertificate,
            FetchFailure::Busy { limit: 16 },
            FetchFailure::Throttled { seconds: 30 },
            FetchFailure::Stopped,
            FetchFailure::Internal,
        ];
        let mut seen = HashSet::new();
        for failure in &all {
            let words = failure.explain();
            assert!(seen.insert(words.what_happened.clone()), "the same sentence twice: {words:?}");
            assert!(!words.what_to_try.is_empty(), "{words:?}");
            let json = serde_json::to_string(failure).unwrap();
            assert_eq!(&serde_json::from_str::<FetchFailure>(&json).unwrap(), failure);
        }
    }
}
