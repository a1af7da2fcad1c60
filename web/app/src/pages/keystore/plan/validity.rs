//! How long a certificate is valid: days, with the usual spans a click away, and the day on which it ends.

use yew::prelude::*;

use super::{Draft, Handle, line, onclick, oninput};
use crate::browser;
use crate::parts::time::day;

const DAY: i64 = 86_400;

/// The usual spans, in days.
const SPANS: [(&str, &str); 5] =
    [("90", "90 days"), ("365", "1 year"), ("730", "2 years"), ("1825", "5 years"), ("3650", "10 years")];

/// The field. `until` is the end of the issuer's own validity, Unix seconds, which is not exceeded.
pub(in crate::pages::keystore) fn validity_field(draft: &Handle, until: Option<i64>) -> Html {
    let days = draft.days();
    // What is further off cannot be written in a certificate; the worker says so.
    let end = browser::now().saturating_add(i64::from(days.min(4_000_000)) * DAY);
    let cut = until.filter(|until| *until < end);
    html! {
        <div class="block tight">
            { line(html! { "Valid for (days)" }, "validity-days", draft.days.clone(), "", oninput(draft, (0, 0), |draft, _, value| draft.days = value), "") }
            <div class="chips" role="group" aria-label="Usual spans">
                { for SPANS.iter().enumerate().map(|(index, (span, name))| html! {
                    <button type="button" class="chip" aria-pressed={(*span == draft.days).to_string()} data-testid={format!("validity-{span}")}
                        onclick={onclick(draft, (index, 0), set_span)}>{ *name }</button>
                }) }
            </div>
            <small data-testid="validity-until">
                if let Some(until) = cut {
                    { format!("Ends on {}, with the authority’s own certificate.", day(until)) }
                } else if days > 0 {
                    { format!("Ends on {}.", day(end)) }
                } else {
                    { "Write a number of days." }
                }
            </small>
        </div>
    }
}

fn set_span(draft: &mut Draft, at: super::At, _: String) {
    if let Some((span, _)) = SPANS.get(at.0) {
        draft.days = (*span).to_owned();
    }
}
