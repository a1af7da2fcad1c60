//! What a plan is called, and the lines of its log.

use certwright_protocol::t;
use certwright_protocol::ui::plans::{PlanKind, PlanLogLine, PlanSide, StepView};

use super::desk::Desk;
use super::model::Line;

/// The job and the two sides.
pub(super) fn title(desk: &Desk<'_>) -> String {
    let (client, server) = (desk.client(), desk.server());
    match desk.plan.kind {
        PlanKind::Connect => t!("Connect {client} to {server}", client, server),
        PlanKind::RenewServer => t!("New certificate of {server}, called by {client}", client, server),
        PlanKind::RenewClient => t!("New certificate of {client}, calling {server}", client, server),
        PlanKind::SystemCertificate => t!("Certificate of {client}", client),
    }
}

/// What the job comes to.
pub(super) fn about(desk: &Desk<'_>) -> String {
    let (client, server) = (desk.client(), desk.server());
    desk.sentences(match desk.plan.kind {
        PlanKind::Connect => t!(
            "{client} calls {server}. Each shows the other a certificate, and each trusts the root of the other’s.",
            client,
            server
        ),
        PlanKind::RenewServer => t!(
            "{server} gets a new certificate under another root. The order of the steps sees to it that {client} trusts {server} all the time.",
            client,
            server
        ),
        PlanKind::RenewClient => t!(
            "{client} gets a new key with certificate beside the old one. {server} accepts both until the switch is made.",
            client,
            server
        ),
        PlanKind::SystemCertificate => t!("{client} shows by this certificate who it is.", client),
    })
}

/// A line of the log.
pub(super) fn log_line(desk: &Desk<'_>, line: &Line, steps: &[StepView]) -> PlanLogLine {
    let step = steps.iter().find(|step| step.key == line.step).map_or("", |step| step.title.as_str());
    let words = match line.what.as_str() {
        "begun" => t!("Began the plan.").to_owned(),
        "opened" => t!("Took in what the other side has done.").to_owned(),
        "done" => t!("“{step}” is done.", step),
        "undone" => t!("“{step}” is not done after all.", step),
        "packed" => t!("Saved the package of “{step}”.", step),
        "probed" => t!("Probed {host} for “{step}”.", host = desk.host(), step),
        "files" => t!("Took in certificates for “{step}”.", step),
        "trusted" => t!("Put certificates into the trust store for “{step}”.", step),
        "installed" => t!("Put the new certificate in the place of the old one.").to_owned(),
        "put_back" => t!("Put the old certificate back in its place.").to_owned(),
        "deleted" => t!("Deleted an entry for “{step}”.", step),
        _ => t!("“{step}” was changed.", step),
    };
    let who = desk.name(if line.client { PlanSide::Client } else { PlanSide::Server });
    PlanLogLine { when_ms: line.at_ms, who: desk.sentences(who), words }
}
