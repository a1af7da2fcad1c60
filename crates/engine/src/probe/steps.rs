//! What happens in the main connection, in order, for its picture. The server says it, and nothing depends on it; what it says is capped.

use certwright_protocol::conversation::{MOST_SEEN, ProbeFailure, SeenKind, ServerEvent, ToServer};
use certwright_protocol::report::sequence::{Step, StepKind};

/// Most steps that are kept.
const MOST: usize = 2 * MOST_SEEN;
/// Letters of a text that are kept.
const LETTERS: usize = 120;

/// See the module.
#[derive(Default)]
pub(super) struct Steps {
    steps: Vec<Step>,
}

impl Steps {
    /// Takes what the server tells.
    pub(super) fn take(&mut self, at_us: u64, event: &ServerEvent) {
        let what = match event {
            ServerEvent::Resolved { addresses } => {
                StepKind::Resolved { addresses: u32::try_from(addresses.len()).unwrap_or(u32::MAX) }
            }
            ServerEvent::Connected { remote, .. } => StepKind::Connected { remote: *remote },
            ServerEvent::Proxied { said } => StepKind::Proxied { said: capped(said) },
            ServerEvent::Greeting { text } => {
                StepKind::Greeted { text: capped(text.lines().next().unwrap_or_default()) }
            }
            ServerEvent::UpgradeAgreed => StepKind::UpgradeAgreed,
            ServerEvent::CertificateRequested { .. } => StepKind::CertificateAsked,
            ServerEvent::SignatureWanted { .. } => StepKind::SignatureAsked,
            ServerEvent::HandshakeDone { version, .. } => StepKind::HandshakeDone { version: *version },
            ServerEvent::AfterHandshake { sign } => StepKind::After { sign: sign.clone() },
            ServerEvent::Messages { messages } => {
                for message in messages.iter().take(MOST_SEEN) {
                    let (from_client, what, octets) = (message.from_client, message.what, message.octets);
                    self.push(
                        at_us.saturating_sub(message.before_us),
                        StepKind::Message { from_client, what, octets },
                    );
                }
                return;
            }
            _ => return,
        };
        self.push(at_us, what);
    }

    /// Takes what the browser answers at once.
    pub(super) fn answer(&mut self, at_us: u64, answer: &ToServer, alias: Option<&str>) {
        let what = match answer {
            ToServer::Certificate { .. } => {
                StepKind::CertificateChosen { alias: capped(alias.unwrap_or_default()) }
            }
            ToServer::NoCertificate => StepKind::NoCertificate,
            ToServer::Signature { .. } => StepKind::Signed,
            ToServer::DeclineSignature => StepKind::Declined,
            _ => return,
        };
        self.push(at_us, what);
    }

    /// All of them, in order of time; what came at the same time stays in its order.
    pub(super) fn finish(mut self, at_us: u64, failure: Option<&ProbeFailure>) -> Vec<Step> {
        let is_alert =
            |step: &Step| matches!(step.what, StepKind::Message { what: SeenKind::Alert { .. }, .. });
        // An alert that is among the messages says it already.
        let told = |failure: &&ProbeFailure| {
            matches!(failure, ProbeFailure::Alert { .. }) && self.steps.iter().any(is_alert)
        };
        if let Some(failure) = failure.filter(|failure| !told(failure)) {
            self.push(at_us, StepKind::Failed { failure: failure.clone() });
        }
        self.steps.sort_by_key(|step| step.at_us);
        self.steps
    }

    fn push(&mut self, at_us: u64, what: StepKind) {
        if self.steps.len() < MOST {
            self.steps.push(Step { at_us, what });
        }
    }
}

fn capped(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(LETTERS).collect()
}
