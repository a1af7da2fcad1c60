//! The phases of a probe, live: how each stands and how long it took.

use std::rc::Rc;

use certwright_protocol::report::{Phase, PhaseName, PhaseState};
use certwright_protocol::t;
use certwright_protocol::ui::ProbeSheet;
use yew::prelude::*;

use crate::parts::time::took;
use crate::parts::{icon, kind_of};

#[derive(Properties, PartialEq)]
pub(crate) struct PhasesProps {
    pub(crate) report: Option<Rc<ProbeSheet>>,
    pub(crate) running: bool,
}

/// The phases in a row (below each other where it is narrow).
#[component]
pub(crate) fn Phases(props: &PhasesProps) -> Html {
    let told: &[Phase] = props.report.as_ref().map(|report| report.phases.as_slice()).unwrap_or_default();
    html! {
        <>
        <h2 class="offscreen">{ t!("Phases of the probe") }</h2>
        <ol class={classes!("phases", props.running.then_some("running"))} data-testid="probe-phases" aria-label={t!("Phases of the probe")} aria-live="polite">
            { for PhaseName::ALL.into_iter().filter_map(|name| {
                let phase = told.iter().find(|phase| phase.name == name);
                (phase.is_some() || name.is_always()).then_some((name, phase))
            }).map(|(name, phase)| {
                draw(name, phase.map_or(PhaseState::Waiting, |phase| phase.state), phase.and_then(|phase| phase.took_us))
            }) }
        </ol>
        </>
    }
}

fn draw(name: PhaseName, state: PhaseState, took_us: Option<u64>) -> Html {
    let label = match name {
        PhaseName::Resolve => t!("Resolve name"),
        PhaseName::Connect => t!("Connect"),
        PhaseName::Proxy => t!("Through the proxy"),
        PhaseName::StartTls => t!("Before TLS"),
        PhaseName::Handshake => t!("TLS handshake"),
        PhaseName::ClientAuthentication => t!("Client certificate"),
        PhaseName::AfterHandshake => t!("After the handshake"),
    };
    let (class, icon_name, words) = match state {
        PhaseState::Waiting => ("waiting", "dot", t!("waiting")),
        PhaseState::Running => ("running", "dot", t!("under way")),
        PhaseState::Done => ("done", "check", t!("done")),
        PhaseState::Failed => ("failed", "cross", t!("failed")),
        PhaseState::Skipped => ("skipped", "skip", t!("not needed")),
    };
    let time = match (state, took_us) {
        (PhaseState::Done | PhaseState::Failed, Some(time)) => took(time),
        _ => words.to_owned(),
    };
    html! {
        <li {class} data-testid={format!("probe-phase-{}", kind_of(&name))} data-state={class}>
            <span class="phase-icon" title={words}>{ icon(icon_name) }</span>
            <span class="phase-name">{ label }</span>
            <span class="phase-time">{ time }</span>
        </li>
    }
}
