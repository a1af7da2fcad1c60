//! What happened step by step, as a picture that unfolds.

use std::rc::Rc;

use certwright_protocol::t;
use certwright_protocol::ui::ProbeSheet;
use yew::prelude::*;

use crate::browser;
use crate::parts::kept::use_flag;
use crate::pictures::sequence::sequence;
use crate::pictures::{Shown, use_wide};

#[derive(Properties, PartialEq)]
pub(super) struct StepsProps {
    pub(super) report: Rc<ProbeSheet>,
}

/// The fold; nothing where no steps were kept.
#[component]
pub(super) fn Steps(props: &StepsProps) -> Html {
    let open = use_flag();
    let wide = use_wide();
    let report = &props.report;
    let Some(view) = &report.sequence else { return html! {} };
    let ontoggle = Callback::from({
        let open = open.setter();
        move |event: Event| open.set(browser::is_open(&event))
    });
    html! {
        <details class="block" data-testid="probe-steps" data-count={view.steps.len().to_string()} {ontoggle}>
            <summary data-testid="probe-steps-open">{ t!("Step by step: who said what, and when") }</summary>
            if *open {
                <Shown picture={sequence(view, wide)} file={format!("{}-{}-handshake", report.host, report.port)} testid="sequence" />
            }
        </details>
    }
}
