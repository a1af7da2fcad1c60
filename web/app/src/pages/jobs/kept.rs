//! What the page knows of guided jobs beside the keystore's list of them: the one that is open, the probe that runs for it, and the errand on which
//! one of its steps has sent the user to another page. It outlives the page's being left and opened again.

use std::rc::Rc;

use certwright_protocol::ui::{PlanSheet, ProbeSheet, Told};
use yew::AttrValue;

use crate::state::Files;

/// What is known.
#[derive(Clone, Default)]
pub(crate) struct Jobs {
    /// The plan that is open, by its identifier.
    pub(crate) open: Option<AttrValue>,
    /// Its sheet as the worker last told it.
    pub(crate) sheet: Option<Rc<PlanSheet>>,
    /// The probe that a step has begun.
    pub(crate) probe: StepProbe,
    /// Where the user is to come back to.
    pub(crate) errand: Option<Errand>,
    /// What an errand has brought, and nobody has told the worker of yet.
    pub(crate) came: Option<Came>,
    /// Files that were dropped here, each drop with its number.
    pub(crate) incoming: Option<(u32, Files, Rc<Vec<Told>>)>,
    drops: u32,
}

/// A probe of a step.
#[derive(Clone, Default)]
pub(crate) struct StepProbe {
    pub(crate) plan: AttrValue,
    pub(crate) step: AttrValue,
    /// Number of the request that runs.
    pub(crate) running: Option<u32>,
    /// Number of the request that runs, or ran last: its report is told anew in another language.
    pub(crate) number: Option<u32>,
    pub(crate) report: Option<Rc<ProbeSheet>>,
    pub(crate) problem: Option<Told>,
}

/// A way to another page that begins in a plan and comes back to it.
#[derive(Clone, PartialEq)]
pub(crate) struct Errand {
    pub(crate) plan: AttrValue,
    pub(crate) title: AttrValue,
    /// Alias that is suggested for what is made.
    pub(crate) alias: AttrValue,
    /// Another entry that a request begins like.
    pub(crate) like: Option<AttrValue>,
    /// The plan's field that gets the alias of what is made or imported.
    pub(crate) field: Option<AttrValue>,
    /// Whether what is made or imported ends the errand.
    pub(crate) brings: bool,
}

/// What an errand has brought.
#[derive(Clone, PartialEq)]
pub(crate) struct Came {
    pub(crate) plan: AttrValue,
    pub(crate) field: AttrValue,
    pub(crate) alias: AttrValue,
}

/// A change of it.
pub(crate) enum Change {
    /// Opens a plan; `None` goes back to the list.
    Open(Option<AttrValue>),
    /// A plan as it stands. It is shown if it is the one that is open.
    Sheet(Rc<PlanSheet>),
    /// The user leaves for another page.
    Leaves(Errand),
    /// He does not come back.
    Stays,
    /// What came is told to the worker.
    CameTold,
    /// The files are looked at, or not wanted.
    Taken,
    /// A step's probe begins, with the number of its request.
    ProbeStarts(AttrValue, AttrValue, u32),
    ProbeEnds(u32, Result<Rc<ProbeSheet>, Told>),
}

impl Jobs {
    pub(crate) fn apply(&mut self, change: Change) {
        match change {
            Change::Open(id) => {
                if self.open != id {
                    self.sheet = None;
                }
                self.open = id;
                self.incoming = None;
            }
            Change::Sheet(sheet) => {
                if self.open.as_deref() == Some(&*sheet.id) {
                    self.sheet = Some(sheet);
                }
            }
            Change::Leaves(errand) => self.errand = Some(errand),
            Change::Stays => self.errand = None,
            Change::CameTold => self.came = None,
            Change::Taken => self.incoming = None,
            Change::ProbeStarts(plan, step, id) => {
                self.probe =
                    StepProbe { plan, step, running: Some(id), number: Some(id), ..StepProbe::default() };
            }
            Change::ProbeEnds(id, outcome) => {
                if self.probe.running == Some(id) {
                    self.probe.running = None;
                    match outcome {
                        Ok(report) => self.probe.report = Some(report),
                        Err(problem) => self.probe.problem = Some(problem),
                    }
                }
            }
        }
    }

    /// Files were dropped on the page.
    pub(crate) fn drop(&mut self, files: Files, problems: Vec<Told>) {
        self.drops = self.drops.wrapping_add(1);
        self.incoming = Some((self.drops, files, Rc::new(problems)));
    }

    /// The probe with this number has gone on, or is told anew.
    pub(crate) fn probed(&mut self, id: u32, report: Rc<ProbeSheet>) {
        if self.probe.number == Some(id) {
            self.probe.report = Some(report);
        }
    }

    /// An entry was made or imported: says whether that was the errand, which then is at its end.
    pub(crate) fn brought(&mut self, alias: &str) -> bool {
        let Some(errand) = self.errand.take_if(|errand| errand.brings) else { return false };
        if let Some(field) = errand.field {
            self.came = Some(Came { plan: errand.plan, field, alias: alias.to_owned().into() });
        }
        true
    }
}
