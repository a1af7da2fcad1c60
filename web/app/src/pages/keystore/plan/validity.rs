//! How long a certificate is valid: days, with the usual spans a click away, and the day on which it ends.

use certwright_protocol::language::text;
use yew::prelude::*;

use super::{Draft, Handle, line, onclick, oninput};
use crate::browser;
use crate::parts::time::day;
use certwright_protocol::{mark, t};

const DAY: i64 = 86_400;

/// The usual spans, in days.
const SPANS: [(&str, &str); 5] = [
    ("90", mark!("90 days")),
    ("365", mark!("1 year")),
    ("730", mark!("2 years")),
    ("1825", mark!("5 years")),
    ("3650", mark!("10 years")),
];

/// The field. `until` is the end of the issuer's own validity, Unix seconds, which is not exceeded.
pub(in crate::pages::keystore) fn validity_field(draft: &Handle, until: Option<i64>) -> Html {
    let days = draft.days();
    // What is further off cannot be written in a certificate; the worker says so.
    let end = browser::now().saturating_add(i64::from(days.min(4_000_000)) * DAY);
    let cut = until.filter(|until| *until < end);
    html! {
        <div class="block tight">
            { line(html! { t!("Valid for (days)") }, "validity-days", draft.days.clone(), "", oninput(draft, (0, 0), |draft, _, value| draft.days = value), "") }
            <div class="chips" role="group" aria-label={t!("Usual spans")}>
                { for SPANS.iter().enumerate().map(|(index, (span, name))| html! {
                    <button type="button" class="chip" aria-pressed={(*span == draft.days).to_string()} data-testid={format!("validity-{span}")}
                        onclick={onclick(draft, (index, 0), set_span)}>{ text(name) }</button>
                }) }
            </div>
            <small data-testid="validity-until">
                if let Some(until) = cut {
                    { t!("Ends on {until}, with the authority’s own certificate.", until = day(until)) }
                } else if days > 0 {
                    { t!("Ends on {end}.", end = day(end)) }
                } else {
                    { t!("Write a number of days.") }
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
