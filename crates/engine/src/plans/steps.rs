//! Steps: how a job says what they are, and how their state follows from that.
//!
//! A job drafts its steps in order, each with the steps that have to come before it. What is done is known from the keystore, from a probe, or from a mark
//! that somebody set. Of the rest, those whose turn has come are to be done now, by this side or by the other; a finding that is bad blocks.

use certwright_protocol::conversation::StartTls;
use certwright_protocol::t;
use certwright_protocol::ui::hosts::HostTarget;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::{
    Finding, PlanAct, PlanActKind, PlanChoice, PlanField, PlanFieldKind, PlanMessage, PlanSide, StepState,
    StepView,
};

use super::desk::Desk;

/// A step as its job drafts it.
pub(super) struct Step {
    pub(super) key: &'static str,
    title: String,
    side: PlanSide,
    after: &'static [&'static str],
    done: bool,
    done_ms: Option<i64>,
    until_ms: Option<i64>,
    words: String,
    findings: Vec<Finding>,
    fields: Vec<PlanField>,
    acts: Vec<PlanAct>,
    messages: Vec<PlanMessage>,
}

impl Step {
    pub(super) fn new(
        key: &'static str,
        side: PlanSide,
        after: &'static [&'static str],
        title: impl Into<String>,
        words: impl Into<String>,
    ) -> Self {
        Self {
            key,
            title: title.into(),
            side,
            after,
            done: false,
            done_ms: None,
            until_ms: None,
            words: words.into(),
            findings: Vec::new(),
            fields: Vec::new(),
            acts: Vec::new(),
            messages: Vec::new(),
        }
    }

    /// Done, as can be seen.
    pub(super) fn done(mut self, done: bool) -> Self {
        self.done |= done;
        self
    }

    /// Done, as can be seen, at this time.
    pub(super) fn done_at(mut self, when_ms: Option<i64>) -> Self {
        self.done |= when_ms.is_some();
        self.done_ms = self.done_ms.or(when_ms);
        self
    }

    /// Done when somebody says so. Adds what says so or takes it back, unless it can be seen already.
    pub(super) fn marked(mut self, desk: &Desk<'_>, label: &str) -> Self {
        if let Some(mark) = desk.plan.marks.get(self.key) {
            self.done = true;
            self.done_ms = self.done_ms.or(Some(mark.at_ms));
            return self.act("undone", t!("Not done after all"), false, PlanActKind::Do);
        }
        if self.done {
            return self;
        }
        if self.side == desk.plan.mine {
            let primary = !self.acts.iter().any(|act| act.primary);
            self.act("done", label, primary, PlanActKind::Do)
        } else {
            let label = t!("{name} says that this is done", name = desk.name(self.side));
            self.act("done", label, false, PlanActKind::Do)
        }
    }

    /// A time has to pass.
    pub(super) fn until(mut self, until_ms: Option<i64>) -> Self {
        self.until_ms = until_ms;
        self
    }

    pub(super) fn finding(mut self, tone: Tone, words: impl Into<String>) -> Self {
        self.findings.push(Finding { tone, words: words.into() });
        self
    }

    pub(super) fn findings(mut self, findings: impl IntoIterator<Item = Finding>) -> Self {
        self.findings.extend(findings);
        self
    }

    pub(super) fn field(
        mut self,
        desk: &Desk<'_>,
        key: &str,
        label: impl Into<String>,
        kind: PlanFieldKind,
        hint: impl Into<String>,
    ) -> Self {
        self.fields.push(PlanField {
            key: key.into(),
            label: label.into(),
            value: desk.plan.field(key).to_owned(),
            kind,
            choices: Vec::new(),
            hint: hint.into(),
        });
        self
    }

    /// A field for one of these entries. One that was chosen and is gone stays to be seen.
    pub(super) fn entry_field(
        mut self,
        desk: &Desk<'_>,
        key: &str,
        label: impl Into<String>,
        aliases: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let value = desk.plan.field(key).to_owned();
        let mut choices: Vec<PlanChoice> =
            aliases.into_iter().map(|(value, label)| PlanChoice { value, label }).collect();
        if !value.is_empty() && !choices.iter().any(|choice| choice.value == value) {
            choices.insert(0, PlanChoice { value: value.clone(), label: value.clone() });
        }
        let kind = PlanFieldKind::Entry;
        self.fields.push(PlanField {
            key: key.into(),
            label: label.into(),
            value,
            kind,
            choices,
            hint: String::new(),
        });
        self
    }

    pub(super) fn act(
        mut self,
        key: &str,
        label: impl Into<String>,
        primary: bool,
        kind: PlanActKind,
    ) -> Self {
        self.acts.push(PlanAct { key: key.into(), label: label.into(), primary, kind, refused: None });
        self
    }

    /// An act that is refused for a reason, if there is one.
    pub(super) fn act_unless(
        mut self,
        refused: Option<String>,
        key: &str,
        label: impl Into<String>,
        primary: bool,
        kind: PlanActKind,
    ) -> Self {
        self.acts.push(PlanAct { key: key.into(), label: label.into(), primary, kind, refused });
        self
    }

    /// A probe of the plan's host, which may not be filled in yet.
    pub(super) fn probe(self, desk: &Desk<'_>, key: &str, label: impl Into<String>, primary: bool) -> Self {
        match desk.target() {
            Some(target) => self.act(key, label, primary, PlanActKind::Probe { target }),
            None => {
                let nowhere = HostTarget {
                    host: String::new(),
                    port: 443,
                    starttls: StartTls::None,
                    server_name: None,
                };
                let refused = Some(t!("Fill in the host first.").to_owned());
                self.act_unless(refused, key, label, primary, PlanActKind::Probe { target: nowhere })
            }
        }
    }

    pub(super) fn message(mut self, message: PlanMessage) -> Self {
        self.messages.push(message);
        self
    }

    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    pub(super) fn done_ms(&self) -> Option<i64> {
        self.done_ms
    }

    pub(super) fn side(&self) -> PlanSide {
        self.side
    }
}

/// The steps with their states.
pub(super) fn views(steps: Vec<Step>, desk: &Desk<'_>) -> Vec<StepView> {
    let done: Vec<&'static str> = steps.iter().filter(|step| step.done).map(|step| step.key).collect();
    let view = |step: Step| {
        let mine = step.side == desk.plan.mine;
        let is_bad = step.findings.iter().any(|finding| finding.tone == Tone::Bad);
        let state = if step.done {
            StepState::Done
        } else if !step.after.iter().all(|before| done.contains(before)) {
            StepState::Later
        } else if is_bad {
            StepState::Blocked
        } else if !mine || step.until_ms.is_some_and(|until| until > desk.now_ms) {
            StepState::Waiting
        } else {
            StepState::Now
        };
        let said = |text: String| desk.sentences(text);
        let findings = step.findings.into_iter();
        let acts = step.acts.into_iter();
        StepView {
            key: step.key.into(),
            title: said(step.title),
            who: said(desk.name(step.side)),
            mine,
            state,
            done_ms: step.done_ms,
            until_ms: step.until_ms.filter(|_| !step.done),
            words: said(step.words),
            findings: findings.map(|finding| Finding { words: said(finding.words), ..finding }).collect(),
            fields: step.fields,
            acts: acts
                .map(|act| PlanAct { label: said(act.label), refused: act.refused.map(said), ..act })
                .collect(),
            messages: step.messages,
        }
    };
    steps.into_iter().map(view).collect()
}
