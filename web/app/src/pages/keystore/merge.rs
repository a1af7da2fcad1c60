//! Brings entries of another keystore or file into one. What would become of each entry is shown first; then it is done as a whole or
//! not at all.

use std::rc::Rc;

use certwright_protocol::ui::{MergeMode, MergeOutcome, MergeRow, MergeSource, Request, Response, StoreId};
use certwright_protocol::{t, tn};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::PaneFrame;
use crate::browser;
use crate::parts::controls::{button, button_if, check, field, select};
use crate::parts::explanation::maybe_problem;
use crate::parts::kept::{use_flag, use_problem};
use crate::parts::{icon, kind_of};
use crate::state::{Action, App, Pane, Tone, use_app};

/// Rows that are drawn at most; the counts tell of all.
const MOST: usize = 300;

#[derive(Properties, PartialEq)]
pub(super) struct MergeProps {
    pub(super) from: MergeSource,
    /// What that is called.
    pub(super) name: AttrValue,
    /// Which entries; none is all.
    pub(super) aliases: Rc<Vec<String>>,
    pub(super) target: StoreId,
}

/// How it is to be done.
#[derive(Clone, PartialEq, Default)]
struct Plan {
    replace: bool,
    overwrite: bool,
    /// Entries that are left out.
    without: Vec<String>,
}

/// The pane.
#[component]
pub(super) fn MergePane(props: &MergeProps) -> Html {
    let app = use_app();
    let plan = use_state_eq(Plan::default);
    let rows = use_state_eq(Vec::<MergeRow>::new);
    let applied = use_flag();
    let problem = use_problem();
    let merge = {
        let (app, rows, applied, problem) = (app.clone(), rows.clone(), applied.setter(), problem.setter());
        let MergeProps { from, aliases, target: into, .. } = props;
        let (from, aliases, into) = (from.clone(), aliases.clone(), *into);
        move |plan: &Plan, apply: bool| {
            // The preview tells of all entries, so that each can be taken in again.
            let aliases = chosen(&aliases, &rows, if apply { &plan.without } else { &[] });
            let mode = if plan.replace { MergeMode::Replace } else { MergeMode::Add };
            let request =
                Request::Merge { from: from.clone(), aliases, mode, overwrite: plan.overwrite, apply };
            let (app, rows, applied, problem) =
                (app.clone(), rows.setter(), applied.clone(), problem.clone());
            app.bridge.clone().ask(into, request, move |answer| match answer {
                Ok(Response::Merged { rows: new, applied: done }) => {
                    if done {
                        let words = t!("Merged: {new}", new = summary(&new, &Plan::default()));
                        app.dispatch(Action::Toast(Tone::Good, words, true));
                    }
                    problem.set(None);
                    rows.set(new);
                    applied.set(done);
                }
                Ok(_) => {}
                Err(found) => problem.set(Some(found)),
            });
        }
    };
    // What is left out changes nothing for the others, so the preview stays as it is.
    use_effect_with((plan.replace, plan.overwrite, props.target, *applied), {
        let (merge, plan) = (merge.clone(), plan.clone());
        move |(.., applied)| {
            if !applied {
                merge(&plan, false);
            }
        }
    });
    let apply = Callback::from({
        let plan = plan.clone();
        move |_: MouseEvent| merge(&plan, true)
    });
    let change = |run: fn(&mut Plan, bool)| {
        let plan = plan.clone();
        Callback::from(move |event: Event| {
            let mut new = (*plan).clone();
            run(&mut new, event.target_unchecked_into::<HtmlInputElement>().checked());
            plan.set(new);
        })
    };
    // Clicks on the checkboxes of rows are taken by the list as a whole.
    let choose = Callback::from({
        let plan = plan.clone();
        move |event: Event| {
            let Some(alias) = browser::attribute_at(&event, "data-alias") else { return };
            let mut new = (*plan).clone();
            if event.target_unchecked_into::<HtmlInputElement>().checked() {
                new.without.retain(|left_out| *left_out != alias);
            } else {
                new.without.push(alias);
            }
            plan.set(new);
        }
    });
    let moved = rows
        .iter()
        .filter(|row| {
            matches!(
                outcome(row, &plan),
                Some(MergeOutcome::Created | MergeOutcome::Updated | MergeOutcome::Removed)
            )
        })
        .count();
    let into = app.state.store_name(props.target).to_owned();
    if *applied {
        let show = app.on({
            let store = props.target;
            move || Action::Store(store)
        });
        return html! {
            <PaneFrame title={t!("Merged")} testid="merge-result">
                <p class="lead" data-testid="merge-summary">{ summary(&rows, &Plan::default()) }</p>
                <ul class="results">{ for rows.iter().take(MOST).map(|row| line(row, &Plan::default(), false)) }</ul>
                <div class="actions">
                    { button("primary", "merge-show", "", t!("Show “{into}”", into), show) }
                    { button("", "merge-done", "", t!("Done"), app.opens(Pane::None)) }
                </div>
            </PaneFrame>
        };
    }
    html! {
        <PaneFrame title={t!("From “{name}” into “{into}”", name = props.name, into)} testid="merge-pane">
            { target(&app, props) }
            <div class="choices">
                { check("merge-overwrite", plan.overwrite, change(|plan, on| plan.overwrite = on), t!("Overwrite"),
                    t!("Where both have an entry of the same alias, the new one wins. Otherwise the old one stays.")) }
                { check("merge-replace", plan.replace, change(|plan, on| plan.replace = on), t!("Replace all"),
                    t!("Afterwards there are only the new entries; all others are removed.")) }
            </div>
            { maybe_problem(problem.as_ref()) }
            if !rows.is_empty() {
                <section class="block" data-testid="merge-preview">
                    <h3>{ t!("What would happen") }</h3>
                    <p class="hint" data-testid="merge-summary">{ summary(&rows, &plan) }</p>
                    <ul class="results" onchange={choose}>{ for rows.iter().take(MOST).map(|row| line(row, &plan, true)) }</ul>
                    if rows.len() > MOST { <p class="hint">{ t!("And {rows} more.", rows = rows.len() - MOST) }</p> }
                </section>
            }
            <div class="actions">
                { button_if(moved > 0, "primary", "merge-apply", "import", if moved == 0 { t!("Nothing to do").to_owned() } else { t!("Do it: {moved}", moved = tn!(moved, "1 entry", "{moved} entries", moved)) }, apply) }
                { button("", "merge-cancel", "", t!("Cancel"), app.opens(Pane::None)) }
            </div>
            <p class="hint">{ t!("It is done as a whole, and can be undone.") }</p>
        </PaneFrame>
    }
}

/// The entries to ask for: those that were given, or all that the last preview told, but for what is left out.
fn chosen(aliases: &[String], rows: &[MergeRow], without: &[String]) -> Option<Vec<String>> {
    if without.is_empty() {
        return (!aliases.is_empty()).then(|| aliases.to_vec());
    }
    let told = rows.iter().filter(|row| !stood_before(row)).map(|row| &row.alias);
    let all: Vec<&String> = if aliases.is_empty() { told.collect() } else { aliases.iter().collect() };
    Some(all.into_iter().filter(|alias| !without.contains(alias)).cloned().collect())
}

/// Whether it is no entry that is brought in, but one that was there.
fn stood_before(row: &MergeRow) -> bool {
    matches!(row.outcome, MergeOutcome::Removed | MergeOutcome::Kept)
}

/// What becomes of an entry, seen that some are left out; `None` if it is, and nothing becomes of it.
fn outcome<'a>(row: &'a MergeRow, plan: &Plan) -> Option<&'a MergeOutcome> {
    match (plan.without.contains(&row.alias), &row.outcome) {
        (true, MergeOutcome::Created) => None,
        // The old one of that alias is none of the new entries any more.
        (true, _) => plan.replace.then_some(&MergeOutcome::Removed),
        (false, outcome) => Some(outcome),
    }
}

/// The choice of the keystore that takes the entries.
fn target(app: &App, props: &MergeProps) -> Html {
    let others: Vec<StoreId> = std::iter::once(StoreId::HOME)
        .chain(app.state.keystore.stores.iter().map(|store| store.id))
        .filter(|store| !matches!(props.from, MergeSource::Store { store: from } if from == *store))
        .collect();
    if others.len() < 2 {
        return html! {};
    }
    let picked = Callback::from({
        let (app, others) = (app.clone(), others.clone());
        let (from, name, aliases) = (props.from.clone(), props.name.clone(), props.aliases.clone());
        move |place: usize| {
            if let Some(into) = others.get(place) {
                let (from, name, aliases, into) = (from.clone(), name.clone(), aliases.clone(), *into);
                app.dispatch(Action::Open(Pane::Merge { from, name, aliases, into }));
            }
        }
    });
    let chosen = others.iter().position(|store| *store == props.target).unwrap_or(0);
    let name = |store: &StoreId| (store.0.to_string().into(), app.state.store_name(*store).to_owned().into());
    field(t!("Into which keystore?"), select("merge-into", others.iter().map(name), chosen, picked), "")
}

/// An entry and what becomes of it; with a checkbox while that can still be chosen.
fn line(row: &MergeRow, plan: &Plan, choice: bool) -> Html {
    let outcome = outcome(row, plan);
    let (tone, icon_name, words) = match outcome {
        None => (Tone::Info, "skip", t!("left out")),
        Some(MergeOutcome::Created) => (Tone::Good, "plus", t!("new")),
        Some(MergeOutcome::Updated) => (Tone::Warn, "pen", t!("overwritten")),
        Some(MergeOutcome::Unchanged) => (Tone::Info, "check", t!("the same already")),
        Some(MergeOutcome::Removed) => (Tone::Bad, "trash", t!("removed")),
        Some(MergeOutcome::Kept) => (Tone::Warn, "lock", t!("stays: locked or reserved")),
        Some(MergeOutcome::NotImported { reason }) => (Tone::Bad, "cross", reason.words()),
    };
    html! {
        <li class={tone.word()} key={row.alias.clone()} data-testid="merge-row" data-alias={row.alias.clone()}
            data-outcome={outcome.map_or_else(|| "left_out".to_owned(), kind_of)}>
            if choice && !stood_before(row) {
                <input type="checkbox" data-testid="merge-choice" checked={!plan.without.contains(&row.alias)} aria-label={t!("Bring in {alias}", alias = row.alias)} />
            } else {
                { icon(icon_name) }
            }
            <span>
                <strong>{ &row.alias }</strong>
                if !row.same_as.is_empty() { <small>{ t!(" has the same key or certificate as “") }{ row.same_as.join("”, “") }{ "”" }</small> }
                if row.key_lost { <small class="bad">{ t!(" its private key goes, and only its certificate stays") }</small> }
            </span>
            <em class={classes!("aside", tone.word())}>{ words }</em>
        </li>
    }
}

/// How many entries meet which fate.
fn summary(rows: &[MergeRow], plan: &Plan) -> String {
    let mut counts = [0usize; 7];
    for row in rows {
        let place = match outcome(row, plan) {
            Some(MergeOutcome::Created) => 0,
            Some(MergeOutcome::Updated) => 1,
            Some(MergeOutcome::Unchanged) => 2,
            Some(MergeOutcome::NotImported { .. }) => 3,
            Some(MergeOutcome::Removed) => 4,
            Some(MergeOutcome::Kept) => 5,
            None => 6,
        };
        if let Some(count) = counts.get_mut(place) {
            *count += 1;
        }
    }
    let [created, updated, unchanged, refused, removed, kept, left_out] = counts;
    let told = [
        (created, t!("{created} created", created)),
        (updated, t!("{updated} updated", updated)),
        (unchanged, t!("{unchanged} unchanged", unchanged)),
        (refused, t!("{refused} not imported", refused)),
        (removed, t!("{removed} removed", removed)),
        (kept, t!("{kept} kept", kept)),
        (left_out, t!("{left_out} left out", left_out)),
    ];
    told.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(alias: &str, outcome: MergeOutcome) -> MergeRow {
        MergeRow { alias: alias.into(), outcome, same_as: Vec::new(), key_lost: false }
    }

    #[test]
    fn what_is_left_out_is_not_asked_for() {
        let rows = [
            row("a", MergeOutcome::Created),
            row("b", MergeOutcome::Updated),
            row("old", MergeOutcome::Removed),
        ];
        let of = |aliases: &[&str]| aliases.iter().map(|alias| (*alias).to_owned()).collect::<Vec<_>>();
        assert_eq!(chosen(&[], &rows, &[]), None);
        assert_eq!(chosen(&of(&["a", "b"]), &rows, &[]), Some(of(&["a", "b"])));
        assert_eq!(chosen(&[], &rows, &of(&["b"])), Some(of(&["a"])));
        assert_eq!(chosen(&of(&["a", "b"]), &rows, &of(&["a"])), Some(of(&["b"])));
    }

    #[test]
    fn the_summary_counts_fates() {
        let rows = [
            row("a", MergeOutcome::Created),
            row("b", MergeOutcome::Unchanged),
            row("c", MergeOutcome::Created),
        ];
        let mut plan = Plan { without: vec!["c".into(), "b".into()], ..Plan::default() };
        assert_eq!(summary(&rows, &Plan::default()), "2 created · 1 unchanged");
        assert_eq!(summary(&rows, &plan), "1 created · 2 left out");
        plan.replace = true;
        assert_eq!(summary(&rows, &plan), "1 created · 1 removed · 1 left out");
    }
}
