//! Words for the few problems that the page finds by itself, before it asks the worker.
//!
//! They stand apart so that the words for all other problems stay out of the page's first download.

use super::Explanation;
use crate::ui::Told;

impl Told {
    /// What the user has to put right.
    fn new(kind: &str, title: &str, what_happened: impl Into<String>, what_to_try: &str) -> Self {
        let words = Explanation::new(title, what_happened, what_to_try);
        Self { kind: kind.into(), words, who: "you".into() }
    }

    /// [`crate::Problem::FileTooLarge`].
    pub fn file_too_large(file: &str, bytes: u64, limit: u64) -> Self {
        Self::new(
            "file_too_large",
            "The file is too large",
            format!("“{file}” has {} KiB; files up to {} KiB are read.", bytes / 1024, limit / 1024),
            "Keystores and certificates are small: check that it is the right file.",
        )
    }

    /// [`crate::Problem::NotRecognised`].
    pub fn not_recognised(file: &str, looks_like: &str) -> Self {
        Self::new(
            "not_recognised",
            "Not a key, certificate or keystore",
            format!("“{file}” looks like {looks_like}."),
            "Check that it is the right file. Certificates end in .cer, .crt, .pem or .p7b, keystores in .p12, .pfx, .jks or .jceks.",
        )
    }

    /// [`crate::Problem::HostInvalid`].
    pub fn host_invalid(text: &str) -> Self {
        Self::new(
            "host_invalid",
            "Not a host",
            format!("“{text}” is neither a host name nor an IP address."),
            "Write it like erp.example.com or 10.0.0.1.",
        )
    }

    /// [`crate::Problem::PortInvalid`].
    pub fn port_invalid(text: &str) -> Self {
        Self::new(
            "port_invalid",
            "Not a port",
            format!("“{text}” is not a port."),
            "Ports are numbers from 1 to 65535; HTTPS has 443.",
        )
    }

    /// [`crate::Problem::WorkerFailed`].
    pub fn worker_failed() -> Self {
        Self::new(
            "worker_failed",
            "Certwright's worker stopped",
            "The part of the page that holds the keys failed. What is kept on this device is unharmed.",
            "Start it again; then open the kept keystore.",
        )
    }

    /// [`crate::Problem::Internal`].
    pub fn internal(detail: &str) -> Self {
        let told = Self::new(
            "internal",
            "A fault in Certwright",
            format!("Something failed where it should not: {detail}."),
            "Try again; if it repeats, report it with what you did.",
        );
        Self { who: "the makers of Certwright".into(), ..told }
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
