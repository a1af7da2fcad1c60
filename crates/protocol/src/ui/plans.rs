//! Guided jobs that two sides do together, step by step: connect, renew, the system certificate. A plan is kept with the keystore.
//!
//! The worker knows the jobs. It hands the page a [`PlanSheet`] in finished words: what each side holds, the steps, and what can be done in each. The
//! page draws every plan alike. What a step needs from the page itself (a dialog, a file, a probe) is told by its [`PlanActKind`]; a step becomes done
//! by what the keystore holds wherever that tells it, so the page never says that something was done which can be seen.

use serde::{Deserialize, Serialize};

use super::hosts::HostTarget;
use super::inspect::Tone;
use crate::view::CertificateSummary;

/// Which job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanKind {
    /// A client is to call a server, with certificates on both sides.
    Connect,
    /// The server's certificate gets a new one, under another root.
    RenewServer,
    /// The client's certificate gets a new one.
    RenewClient,
    /// The certificate by which a system shows who it is, to whomever it calls.
    SystemCertificate,
}

impl PlanKind {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Connect, Self::RenewServer, Self::RenewClient, Self::SystemCertificate];
}

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanSide {
    /// The one that calls: its keystore holds the client's key.
    Client,
    /// The one that is called.
    Server,
}

impl PlanSide {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

/// A plan, as a list of plans shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSummary {
    /// Its identifier: the same on both sides, 16 hexadecimal digits.
    pub id: String,
    /// Which job.
    pub kind: PlanKind,
    /// The job and the two sides, by name.
    pub title: String,
    /// How it stands, in a few words: `3 of 6 steps`.
    pub state: String,
    /// Steps that are done.
    pub done: u32,
    /// All steps.
    pub steps: u32,
    /// What comes next, in a few words; empty when all is done.
    pub next: String,
    /// The name of the side whose turn it is; empty when all is done.
    pub turn: String,
    /// Whether it is this side's turn.
    pub my_turn: bool,
    /// How it is meant.
    pub tone: Tone,
    /// When it was last changed, Unix milliseconds.
    pub modified_ms: i64,
}

/// A plan with everything that there is to see and to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSheet {
    /// Its identifier.
    pub id: String,
    /// Which job.
    pub kind: PlanKind,
    /// The job and the two sides, by name.
    pub title: String,
    /// What the job comes to, in a sentence.
    pub about: String,
    /// Which side works with this keystore.
    pub mine: PlanSide,
    /// The sides, the client first. The system certificate has one side alone.
    pub sides: Vec<PlanSideView>,
    /// The steps in their order.
    pub steps: Vec<StepView>,
    /// Steps that are done.
    pub done: u32,
    /// What was done when, newest first.
    pub log: Vec<PlanLogLine>,
}

/// A side, and what it holds: half of the picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSideView {
    /// Which.
    pub side: PlanSide,
    /// What people call it.
    pub name: String,
    /// What it does here, in a few words: `the system that calls`.
    pub role: String,
    /// Its host and port, if it has one that is called; empty otherwise.
    pub host: String,
    /// Whether this keystore is that side's.
    pub mine: bool,
    /// What it holds or has to hold, in a fixed order.
    pub holds: Vec<Holding>,
}

/// A thing that a side holds, or has to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Which, in a word that does not change: `client_key`, `client_chain`, `server_root`, `client_root`, `mapping`, `server_certificate`, `old_…`, `new_…`.
    pub what: String,
    /// What people call the thing: `Root certificate that it trusts`.
    pub label: String,
    /// What people call this very one: `Corp Root G2`; empty while nobody knows.
    pub name: String,
    /// More about it, in a sentence: why it is needed, until when it is valid, how that is known.
    pub detail: String,
    /// Whether it is there.
    pub state: HoldingState,
    /// How that is meant.
    pub tone: Tone,
    /// The entry of this keystore that holds it.
    pub entry: Option<String>,
    /// Its certificate, if it is one that is known here.
    pub certificate: Option<CertificateSummary>,
}

/// Whether a side holds a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldingState {
    /// It does.
    Here,
    /// It does not, and has to.
    Missing,
    /// It does, and shall not any more.
    Old,
    /// Not known here.
    Unknown,
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Done.
    Done,
    /// To be done now, by this side.
    Now,
    /// Somebody else's turn, or a time has to pass.
    Waiting,
    /// Something is wrong: its findings say what.
    Blocked,
    /// Its turn has not come.
    Later,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    /// A word that does not change, unique in its plan.
    pub key: String,
    /// What is done in it, in a few words.
    pub title: String,
    /// The name of the side that does it.
    pub who: String,
    /// Whether this side does it.
    pub mine: bool,
    /// How it stands.
    pub state: StepState,
    /// When it was done, Unix milliseconds, if that is known.
    pub done_ms: Option<i64>,
    /// Until when a time has to pass, Unix milliseconds.
    pub until_ms: Option<i64>,
    /// What it is for and what to do, in a sentence or two.
    pub words: String,
    /// What is known so far: good and bad.
    pub findings: Vec<Finding>,
    /// What can be filled in.
    pub fields: Vec<PlanField>,
    /// What can be done.
    pub acts: Vec<PlanAct>,
    /// Texts for the other side.
    pub messages: Vec<PlanMessage>,
}

/// Something that is known of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How it is meant.
    pub tone: Tone,
    /// A sentence.
    pub words: String,
}

/// Something to be filled in: [`super::Request::SetPlanField`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanField {
    /// A word that does not change, unique in its plan.
    pub key: String,
    /// Its label.
    pub label: String,
    /// Its value; empty for none.
    pub value: String,
    /// How it is filled in.
    pub kind: PlanFieldKind,
    /// What can be chosen, for a choice or an entry.
    pub choices: Vec<PlanChoice>,
    /// What is to be filled in, in a sentence; may be empty.
    pub hint: String,
}

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanFieldKind {
    /// A line of text.
    Text,
    /// A host, perhaps with `:port`.
    Host,
    /// A whole number.
    Number,
    /// An entry of the keystore, by alias: one of the choices.
    Entry,
    /// One of the choices.
    Choice,
    /// A day, `YYYY-MM-DD`.
    Date,
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanChoice {
    /// The field's value.
    pub value: String,
    /// What is shown.
    pub label: String,
}

/// Something that can be done in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanAct {
    /// A word that does not change, unique in its step.
    pub key: String,
    /// What it does, in a few words.
    pub label: String,
    /// Whether it is what is mostly done.
    pub primary: bool,
    /// Who carries it out, and how.
    pub kind: PlanActKind,
    /// Why it cannot be done now.
    pub refused: Option<String>,
}

/// How an act is carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum PlanActKind {
    /// [`super::Request::PlanAct`], answered with the sheet.
    Do,
    /// [`super::Request::PlanAct`], answered with a file to download.
    Download,
    /// [`super::Request::PlanFiles`], with files that the user chooses or a text that he pastes; answered with the sheet.
    Files,
    /// [`super::Request::PlanProbe`]; the result is taken into the plan.
    Probe {
        /// What is probed.
        target: HostTarget,
    },
    /// The page's dialog for a new key; afterwards this field gets the new alias.
    NewKey {
        /// Suggested alias.
        alias: String,
        /// The plan's field.
        field: String,
    },
    /// The page's dialog for a signing request.
    MakeRequest {
        /// For which entry.
        alias: String,
        /// Like which other entry.
        like: Option<String>,
    },
    /// The page's dialog for a self-signed certificate.
    SelfSign {
        /// For which entry.
        alias: String,
    },
    /// The page's import of files, with passwords; afterwards this field, if there is one, gets the alias of the key pair that came.
    Import {
        /// The plan's field.
        field: Option<String>,
    },
    /// The page shows the entry.
    Entry {
        /// Its alias.
        alias: String,
    },
    /// The page's export of an entry.
    Export {
        /// Its alias.
        alias: String,
    },
    /// The text goes into the clipboard.
    Copy {
        /// The text.
        text: String,
    },
}

/// A text for the other side, to be mailed or pasted into a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanMessage {
    /// The subject line.
    pub title: String,
    /// The name of the side that gets it.
    pub to: String,
    /// The text.
    pub text: String,
}

/// What was done when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLogLine {
    /// Unix milliseconds.
    pub when_ms: i64,
    /// By which side: its name.
    pub who: String,
    /// What, in a sentence.
    pub words: String,
}

/// A plan that was found in a file: [`super::Request::OpenPlan`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPlan {
    /// Number for [`super::Request::OpenPlan`].
    pub id: u32,
    /// The file's name.
    pub file: String,
    /// Which job.
    pub kind: PlanKind,
    /// The job and the two sides, by name.
    pub title: String,
    /// The name of the side that wrote it.
    pub from: String,
    /// The name of the side that opens it.
    pub mine: String,
    /// Whether this plan is here already: then opening brings in what the other side has done since.
    pub known: bool,
}

/// A list of hosts that is kept under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedHosts {
    /// Its name, unique without regard to case.
    pub name: String,
    /// The list, as [`super::Request::ReadHosts`] takes it.
    pub text: String,
    /// Hosts in it.
    pub hosts: u32,
    /// When it was saved, Unix milliseconds.
    pub modified_ms: i64,
}
