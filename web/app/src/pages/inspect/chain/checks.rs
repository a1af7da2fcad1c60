//! Every check with its result for every certificate of the path, and where it is written.

use certwright_protocol::t;
use certwright_protocol::ui::inspect::{CheckCell, CheckOutcome, CheckRow, PathView};
use yew::prelude::*;

use crate::parts::icon;

/// The table; below each other where it is narrow.
pub(super) fn table(path: &PathView) -> Html {
    if path.checks.is_empty() {
        return html! {};
    }
    let count = |outcome: CheckOutcome| {
        let cells = path.checks.iter().flat_map(|row| &row.results);
        cells.filter(|cell| cell.outcome == outcome).count().to_string()
    };
    let columns: Vec<usize> =
        path.links.iter().enumerate().filter(|(_, link)| !link.missing).map(|(index, _)| index).collect();
    html! {
        <details class="block checks" open={true} data-testid="checks">
            <summary>
                { t!("Every check: ") }
                <span class="passed">{ count(CheckOutcome::Passed) }{ t!(" passed") }</span>{ ", " }
                <span class="failed">{ count(CheckOutcome::Failed) }{ t!(" failed") }</span>{ ", " }
                { count(CheckOutcome::NotApplicable) }{ t!(" not applicable") }
            </summary>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ t!("Check") }</th>
                        { for columns.iter().filter_map(|index| path.links.get(*index)).map(|link| html! { <th scope="col" title={link.name.clone()}><small>{ &link.role }</small>{ &link.name }</th> }) }
                    </tr>
                </thead>
                <tbody>{ for path.checks.iter().map(|check| row(path, check, &columns)) }</tbody>
            </table>
        </details>
    }
}

fn row(path: &PathView, check: &CheckRow, columns: &[usize]) -> Html {
    let of = |place: Option<usize>| -> Vec<&CheckCell> {
        check.results.iter().filter(|cell| cell.at.map(|at| at as usize) == place).collect()
    };
    let whole = of(None);
    html! {
        <tr data-testid="check" data-check={check.check.clone()}>
            <th scope="row">{ &check.title }<small>{ &check.citation }</small></th>
            if whole.is_empty() {
                { for columns.iter().map(|index| {
                    let name = path.links.get(*index).map(|link| link.name.clone());
                    html! { <td data-name={name}>{ for of(Some(*index)).into_iter().map(cell) }</td> }
                }) }
            } else {
                <td colspan={columns.len().to_string()} data-name="the path">{ for whole.into_iter().map(cell) }</td>
            }
        </tr>
    }
}

fn cell(cell: &CheckCell) -> Html {
    let (class, icon_name, words) = match cell.outcome {
        CheckOutcome::Passed => ("passed", "check", t!("passed")),
        CheckOutcome::Failed => ("failed", "cross", t!("failed")),
        CheckOutcome::Remarked => ("remarked", "info", t!("passed, with a remark")),
        CheckOutcome::NotApplicable => ("skipped", "skip", t!("not applicable")),
    };
    html! {
        <span class={classes!("cell", class)} data-outcome={class}>{ icon(icon_name) }<span class="offscreen">{ words }</span><span>{ &cell.detail }</span></span>
    }
}
