//! Words for the steps of a connection, as its sequence diagram shows them. Names of messages are those of RFC 8446 and RFC 5246.

use super::{alert_likely_cause, alert_name};
use crate::conversation::{AfterHandshake, SeenKind};
use crate::kind_of;
use crate::report::ProbeReport;
use crate::report::sequence::{Step, StepKind};
use crate::t;
use crate::ui::inspect::Tone;
use crate::ui::probe::{SequenceStep, SequenceView};

/// Places of the parties in [`SequenceView::parties`].
const BROWSER: u8 = 0;
const US: u8 = 1;
const PEER: u8 = 2;

impl SequenceView {
    /// The picture of a report; `None` if its steps were not kept.
    pub fn of(report: &ProbeReport) -> Option<Self> {
        let shown = report.client_authentication.checked.is_some();
        (!report.steps.is_empty()).then(|| Self::of_steps(&report.steps, &report.target.host, shown))
    }

    /// `shown` is whether a client certificate was.
    fn of_steps(steps: &[Step], host: &str, shown: bool) -> Self {
        Self {
            parties: vec![t!("This browser").to_owned(), t!("Certwright server").to_owned(), host.to_owned()],
            steps: steps.iter().map(|step| worded(step, shown)).collect(),
        }
    }
}

/// A step from one party to another; within one, from and to are the same.
fn worded(step: &Step, shown: bool) -> SequenceStep {
    let (from, to, tone, label, detail) = match &step.what {
        StepKind::Resolved { addresses } => {
            (US, US, Tone::Info, t!("Name looked up").into(), t!("addresses: {addresses}", addresses))
        }
        StepKind::Connected { remote } => (US, PEER, Tone::Good, t!("Connected").into(), remote.to_string()),
        StepKind::Proxied { said } => (US, US, Tone::Info, t!("The proxy connected").into(), said.clone()),
        StepKind::Greeted { text } => (PEER, US, Tone::Info, t!("Greeting in clear").into(), text.clone()),
        StepKind::UpgradeAgreed => (PEER, US, Tone::Good, t!("Agrees to begin TLS").into(), String::new()),
        StepKind::Message { from_client, what, octets } => {
            let (from, to) = if *from_client { (US, PEER) } else { (PEER, US) };
            let (tone, label, detail) = message(*what, *octets, *from_client, shown);
            (from, to, tone, label, detail)
        }
        StepKind::CertificateAsked => {
            (US, BROWSER, Tone::Info, t!("Which certificate?").into(), String::new())
        }
        StepKind::CertificateChosen { alias } => {
            (BROWSER, US, Tone::Good, t!("This certificate").into(), alias.clone())
        }
        StepKind::NoCertificate => (BROWSER, US, Tone::Warn, t!("No certificate").into(), String::new()),
        StepKind::SignatureAsked => (
            US,
            BROWSER,
            Tone::Info,
            t!("Sign this handshake?").into(),
            t!("the browser checks it first").into(),
        ),
        StepKind::Signed => {
            (BROWSER, US, Tone::Good, t!("Signature").into(), t!("the key stays in the browser").into())
        }
        StepKind::Declined => (BROWSER, US, Tone::Bad, t!("Not signed").into(), String::new()),
        StepKind::HandshakeDone { version } => {
            (US, US, Tone::Good, t!("{version} stands", version = version.title()), String::new())
        }
        StepKind::After { sign } => {
            let (tone, label, detail) = after(sign);
            (PEER, US, tone, label, detail)
        }
        StepKind::Failed { failure } => (US, US, Tone::Bad, failure.explain().title, String::new()),
    };
    SequenceStep { at_us: step.at_us, from, to, tone, kind: kind_of(&step.what), label, detail }
}

fn message(what: SeenKind, octets: u32, from_client: bool, shown: bool) -> (Tone, String, String) {
    let size = t!("{octets} bytes", octets);
    match what {
        SeenKind::Handshake { message, encrypted } => {
            let detail = match (says(message, from_client), encrypted) {
                ("", false) => size,
                ("", true) => t!("{size}, encrypted", size),
                (says, _) => says.to_owned(),
            };
            (Tone::Info, message_name(message), detail)
        }
        SeenKind::ChangeCipherSpec => {
            (Tone::Info, "ChangeCipherSpec".into(), t!("from here on encrypted").into())
        }
        SeenKind::Alert { code } => alert(code),
        SeenKind::Encrypted if from_client => {
            // After the server's Finished a client has this to say, and nothing else.
            let label = if shown { "Certificate, CertificateVerify, Finished" } else { "Finished" };
            (Tone::Info, label.into(), t!("{size}, encrypted", size))
        }
        SeenKind::Encrypted => (Tone::Info, t!("Encrypted").into(), size),
    }
}

/// What a message of the handshake is for.
fn says(message: u8, from_client: bool) -> &'static str {
    match message {
        1 => t!("what the client offers"),
        2 => t!("what the server picks"),
        4 => t!("a ticket to come back with"),
        11 if from_client => t!("the client’s certificates"),
        11 => t!("the server’s certificates"),
        13 => t!("the server wants a client certificate"),
        15 if from_client => t!("the client’s signature"),
        15 => t!("the server’s signature over the handshake"),
        20 => t!("nothing was changed on the way"),
        _ => "",
    }
}

fn message_name(message: u8) -> String {
    let name = match message {
        0 => "HelloRequest",
        1 => "ClientHello",
        2 => "ServerHello",
        4 => "NewSessionTicket",
        8 => "EncryptedExtensions",
        11 => "Certificate",
        12 => "ServerKeyExchange",
        13 => "CertificateRequest",
        14 => "ServerHelloDone",
        15 => "CertificateVerify",
        16 => "ClientKeyExchange",
        20 => "Finished",
        22 => "CertificateStatus",
        25 => "CompressedCertificate",
        other => return t!("Message {number}", number = other),
    };
    name.to_owned()
}

fn alert(code: u8) -> (Tone, String, String) {
    let tone = if code == 0 { Tone::Info } else { Tone::Bad };
    (tone, t!("Alert: {name}", name = alert_name(code)), alert_likely_cause(code).0.to_owned())
}

fn after(sign: &AfterHandshake) -> (Tone, String, String) {
    match sign {
        AfterHandshake::SessionTicket => {
            (Tone::Good, "NewSessionTicket".into(), t!("a ticket to come back with").into())
        }
        AfterHandshake::Data { bytes } => {
            (Tone::Good, t!("Application data").into(), t!("{bytes} bytes", bytes))
        }
        AfterHandshake::Alert { code } => alert(*code),
        AfterHandshake::Closed => (Tone::Warn, t!("Closes the connection").into(), String::new()),
        AfterHandshake::HungUp => (Tone::Bad, t!("Hangs up without a word").into(), String::new()),
        AfterHandshake::Silent { waited_ms } => {
            (Tone::Info, t!("Says nothing").into(), t!("waited {ms} ms", ms = waited_ms))
        }
        AfterHandshake::Http { status, complaint, status_line, .. } => {
            let tone = if complaint.is_some() { Tone::Bad } else { Tone::Good };
            (tone, t!("HTTP answer {status}", status), status_line.clone())
        }
        AfterHandshake::NotAwaited => (Tone::Info, t!("Nothing more was awaited").into(), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_of_the_registry_has_a_name_and_others_their_number() {
        assert_eq!(message_name(1), "ClientHello");
        assert_eq!(message_name(99), "Message 99");
        assert_eq!(alert(48).0, Tone::Bad);
        assert_eq!(alert(0).0, Tone::Info);
    }

    #[test]
    fn steps_go_from_party_to_party() {
        let what = SeenKind::Handshake { message: 13, encrypted: true };
        let steps = [
            Step { at_us: 5, what: StepKind::Message { from_client: false, what, octets: 60 } },
            Step { at_us: 6, what: StepKind::CertificateAsked },
            Step {
                at_us: 9,
                what: StepKind::Message { from_client: true, what: SeenKind::Encrypted, octets: 9 },
            },
        ];
        let view = SequenceView::of_steps(&steps, "a.example", false);
        assert_eq!(view.parties[2], "a.example");
        let ways: Vec<(u8, u8)> = view.steps.iter().map(|step| (step.from, step.to)).collect();
        assert_eq!(ways, [(PEER, US), (US, BROWSER), (US, PEER)]);
        assert_eq!(view.steps[0].label, "CertificateRequest");
        assert_eq!(view.steps[2].label, "Finished");
    }
}
