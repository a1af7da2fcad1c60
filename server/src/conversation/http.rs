//! One `GET /` (RFC 9112) to servers that finish every handshake and refuse the client certificate only in HTTP, and what their
//! answer says about it; or one `HEAD /` to any server, if that is wanted.
//!
//! nginx does so with `ssl_verify_client on` (status 400 and a page that names the reason; 495 and 496 where an error page is
//! configured), IIS with its substatus codes 403.7, 403.13, 403.16 and 403.17. A session ticket therefore decides nothing here; an alert or
//! a hang-up does.

use std::time::Instant;

use certwright_protocol::conversation::{AfterHandshake, HttpComplaint, HttpRequest, ProbeFailure};

use super::handshake::Session;
use super::words::{MOST_SHOWN, cleaned};

impl Session {
    /// Asks, and reads until the answer can be judged.
    pub(super) fn ask_http(&mut self) -> Result<AfterHandshake, ProbeFailure> {
        let begun = Instant::now();
        let until = self.deadline.min(begun + self.limits.http);
        let method = if self.target.http == HttpRequest::Head { "HEAD" } else { "GET" };
        let request = format!(
            "{method} / HTTP/1.1\r\nHost: {}\r\nUser-Agent: Certwright\r\nAccept: */*\r\nConnection: close\r\n\r\n",
            self.host.to_http_host(self.target.port)
        );
        // rustls only buffers here; what is wrong with the connection comes out when it is read from.
        let _ = std::io::Write::write_all(&mut self.tls.writer(), request.as_bytes());
        loop {
            self.flush(until);
            let answer = Answer::parse(&self.plaintext);
            let full = self.plaintext.len() >= self.limits.http_bytes;
            if let Some(answer) = answer.filter(|answer| answer.is_decided() || full || self.closed) {
                return Ok(answer.into_sign());
            }
            if full || self.closed {
                return Ok(self.sign_without_http(AfterHandshake::Closed));
            }
            if let Err(setback) = self.receive(until) {
                let sign = self.last_sign(setback, begun);
                return match (Answer::parse(&self.plaintext), sign) {
                    (Some(answer), Ok(_)) => Ok(answer.into_sign()),
                    (None, Ok(sign @ AfterHandshake::Silent { .. })) => Ok(self.sign_without_http(sign)),
                    (_, sign) => sign,
                };
            }
        }
    }

    /// The best sign there is if no HTTP came: data, a ticket, or else `sign`.
    fn sign_without_http(&self, sign: AfterHandshake) -> AfterHandshake {
        if !self.plaintext.is_empty() {
            AfterHandshake::Data { bytes: u32::try_from(self.plaintext.len()).unwrap_or(u32::MAX) }
        } else if matches!(sign, AfterHandshake::Silent { .. }) && self.line.ticket_seen() {
            AfterHandshake::SessionTicket
        } else {
            sign
        }
    }
}

/// As much of an answer to `GET /` as these octets are, for the fuzzer.
#[cfg(fuzzing)]
pub(super) fn read_answer(text: &[u8]) -> Option<AfterHandshake> {
    Answer::parse(text).map(Answer::into_sign)
}

/// As much of an answer as has come.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answer {
    status: u16,
    complaint: Option<HttpComplaint>,
    status_line: String,
    server: Option<String>,
    /// Whether all fields are there.
    head_complete: bool,
}

impl Answer {
    /// Reads the status line (RFC 9112 section 4) of the final answer; interim answers (1xx) are skipped.
    fn parse(mut text: &[u8]) -> Option<Self> {
        loop {
            let rest = text.strip_prefix(b"HTTP/1.")?;
            let digits = rest.strip_prefix(b"0 ").or_else(|| rest.strip_prefix(b"1 "))?.get(..3)?;
            let status: u16 = std::str::from_utf8(digits).ok()?.parse().ok()?;
            if !(100..200).contains(&status) {
                return Some(Self::final_answer(status, text));
            }
            let end = find(text, b"\r\n\r\n")?;
            text = text.get(end + 4..)?;
        }
    }

    fn final_answer(status: u16, text: &[u8]) -> Self {
        let head = find(text, b"\r\n\r\n").and_then(|end| text.get(..end));
        let mut lines = head.unwrap_or(text).split(|&byte| byte == b'\n');
        let status_line = lines.next().map(|line| cleaned(line, MOST_SHOWN)).unwrap_or_default();
        let field = |line: &[u8]| {
            let (name, value) = line.split_at_checked(b"server:".len())?;
            name.eq_ignore_ascii_case(b"server:").then(|| cleaned(value.trim_ascii(), MOST_SHOWN))
        };
        Self {
            status,
            complaint: complaint(status, text),
            status_line,
            server: head.and_then(|_| lines.find_map(field)),
            head_complete: head.is_some(),
        }
    }

    /// Whether the rest of the answer can make no difference.
    fn is_decided(&self) -> bool {
        self.complaint.is_some() || (self.head_complete && !matches!(self.status, 400 | 403))
    }

    fn into_sign(self) -> AfterHandshake {
        let Self { status, complaint, status_line, server, .. } = self;
        AfterHandshake::Http { status, complaint, status_line, server }
    }
}

/// What the answer says about the client certificate. The texts are nginx's own pages and the substatus that IIS writes on its.
fn complaint(status: u16, text: &[u8]) -> Option<HttpComplaint> {
    use HttpComplaint::{CertificateMissing, CertificateRefused};
    match status {
        496 => Some(CertificateMissing),
        495 => Some(CertificateRefused),
        400 if find(text, b"No required SSL certificate was sent").is_some() => Some(CertificateMissing),
        400 if find(text, b"The SSL certificate error").is_some() => Some(CertificateRefused),
        403 if names_substatus(text, b"403.7") => Some(CertificateMissing),
        403 if [&b"403.13"[..], b"403.16", b"403.17"].iter().any(|code| names_substatus(text, code)) => {
            Some(CertificateRefused)
        }
        _ => None,
    }
}

/// Whether `code` occurs and is not the beginning of a longer number. At the end of what has come so far it may still become one.
fn names_substatus(text: &[u8], code: &[u8]) -> bool {
    text.windows(code.len() + 1)
        .any(|window| window.starts_with(code) && window.last().is_some_and(|next| !next.is_ascii_digit()))
}

fn find(text: &[u8], pattern: &[u8]) -> Option<usize> {
    text.windows(pattern.len()).position(|window| window == pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<(u16, Option<HttpComplaint>, bool)> {
        Answer::parse(text.as_bytes()).map(|answer| (answer.status, answer.complaint, answer.is_decided()))
    }

    #[test]
    fn answers_say_whether_the_certificate_is_the_matter() {
        use HttpComplaint::{CertificateMissing, CertificateRefused};
        for (text, expected) in [
            ("", None),
            ("HTTP/1.1 20", None),
            ("220 smtp", None),
            ("HTTP/1.1 200 OK\r\n", Some((200, None, false))),
            ("HTTP/1.1 200 OK\r\n\r\n", Some((200, None, true))),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 x\r\nA: b\r\n\r\n", Some((204, None, true))),
            ("HTTP/1.1 100 Continue\r\n", None),
            ("HTTP/1.1 400 Bad Request\r\n\r\n", Some((400, None, false))),
            (
                "HTTP/1.1 400 Bad Request\r\n\r\n<center>No required SSL certificate was sent</center>",
                Some((400, Some(CertificateMissing), true)),
            ),
            (
                "HTTP/1.1 400 Bad Request\r\n\r\n<h1>The SSL certificate error</h1>",
                Some((400, Some(CertificateRefused), true)),
            ),
            ("HTTP/1.1 496 x\r\n", Some((496, Some(CertificateMissing), true))),
            ("HTTP/1.1 495 x\r\n", Some((495, Some(CertificateRefused), true))),
            (
                "HTTP/1.1 403 Forbidden\r\n\r\n<h2>HTTP Error 403.7 - Forbidden</h2>",
                Some((403, Some(CertificateMissing), true)),
            ),
            ("HTTP/1.1 403 x\r\n\r\n403.16 - Forbidden", Some((403, Some(CertificateRefused), true))),
            ("HTTP/1.1 403 x\r\n\r\n403.13 - Forbidden", Some((403, Some(CertificateRefused), true))),
            ("HTTP/1.1 403 x\r\n\r\n403.17 - Forbidden", Some((403, Some(CertificateRefused), true))),
            ("HTTP/1.1 403 x\r\n\r\n403.1 - 403.70", Some((403, None, false))),
            ("HTTP/1.1 403 x\r\n\r\n403.7", Some((403, None, false))),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
    proptest::proptest! {
        #[test]
        fn any_answer_is_read(text in "(HTTP/1\\.[01] [0-9]{0,4})?\\PC*(\r\n\r\n)?(403\\.[0-9]*)?") {
            if let Some(answer) = Answer::parse(text.as_bytes()) {
                proptest::prop_assert!(answer.status >= 200 || answer.status < 100);
            }
        }
    }
}
