//! Words for the few problems that the page finds by itself, before it asks the worker.
//!
//! They stand apart so that the words for all other problems stay out of the page's first download.

use super::Explanation;
use crate::t;
use crate::ui::Told;

impl Told {
    /// What the user has to put right.
    fn new(kind: &str, title: &str, what_happened: impl Into<String>, what_to_try: &str) -> Self {
        let words = Explanation::new(title, what_happened, what_to_try);
        Self { kind: kind.into(), words, who: t!("you").into() }
    }

    /// [`crate::Problem::FileTooLarge`].
    pub fn file_too_large(file: &str, bytes: u64, limit: u64) -> Self {
        Self::new(
            "file_too_large",
            t!("The file is too large"),
            t!(
                "“{file}” has {bytes} KiB; files up to {limit} KiB are read.",
                file,
                bytes = bytes / 1024,
                limit = limit / 1024
            ),
            t!("Keystores and certificates are small: check that it is the right file."),
        )
    }

    /// [`crate::Problem::NotRecognised`].
    pub fn not_recognised(file: &str, looks_like: &str) -> Self {
        Self::new(
            "not_recognised",
            t!("Not a key, certificate or keystore"),
            t!("“{file}” looks like {looks_like}.", file, looks_like),
            t!(
                "Check that it is the right file. Certificates end in .cer, .crt, .pem or .p7b, keystores in .p12, .pfx, .jks or .jceks."
            ),
        )
    }

    /// [`crate::Problem::HostInvalid`].
    pub fn host_invalid(text: &str) -> Self {
        Self::new(
            "host_invalid",
            t!("Not a host"),
            match text.trim() {
                "" => t!("No host is named.").to_owned(),
                text => t!("“{text}” is neither a host name nor an IP address.", text),
            },
            t!("Write it like erp.example.com or 10.0.0.1."),
        )
    }

    /// [`crate::Problem::PortInvalid`].
    pub fn port_invalid(text: &str) -> Self {
        Self::new(
            "port_invalid",
            t!("Not a port"),
            t!("“{text}” is not a port.", text),
            t!("Ports are numbers from 1 to 65535; HTTPS has 443."),
        )
    }

    /// [`crate::Problem::WorkerFailed`].
    pub fn worker_failed() -> Self {
        Self::new(
            "worker_failed",
            t!("Certwright’s worker stopped"),
            t!("The part of the page that holds the keys failed. What is kept on this device is unharmed."),
            t!("Start it again; then open the kept keystore."),
        )
    }

    /// [`crate::Problem::Internal`].
    pub fn internal(detail: &str) -> Self {
        let told = Self::new(
            "internal",
            t!("A fault in Certwright"),
            t!("Something failed where it should not: {detail}.", detail),
            t!("Try again; if it repeats, report it with what you did."),
        );
        Self { who: t!("the makers of Certwright").into(), ..told }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Problem;

    #[test]
    fn the_page_names_its_problems_as_the_worker_does() {
        let text = || "x".to_owned();
        for (told, problem) in [
            (
                Told::file_too_large("x", 4096, 2048),
                Problem::FileTooLarge { file: text(), bytes: 4096, limit: 2048 },
            ),
            (Told::not_recognised("x", "y"), Problem::NotRecognised { file: text(), looks_like: "y".into() }),
            (Told::host_invalid("x"), Problem::HostInvalid { text: text() }),
            (Told::port_invalid("x"), Problem::PortInvalid { text: text() }),
            (Told::worker_failed(), Problem::WorkerFailed),
            (Told::internal("x"), Problem::Internal { detail: text() }),
        ] {
            assert_eq!(told, Told::from(problem));
        }
    }
}
