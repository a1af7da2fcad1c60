//! Earlier certificates of an entry: each can be brought back or dropped.

use certwright_protocol::ui::Request;
use certwright_protocol::view::PreviousView;
use certwright_protocol::{t, tn};
use yew::prelude::*;

use crate::browser;
use crate::parts::certificate::certificate_line;
use crate::parts::time::day;
use crate::state::{Action, App, Tone};

/// The section; nothing if there are none.
pub(super) fn history(app: &App, alias: &str, chains: &[PreviousView], locked: bool) -> Html {
    let onclick = Callback::from({
        let (app, alias) = (app.clone(), alias.to_owned());
        move |event: MouseEvent| {
            let index = browser::attribute_at(&event, "data-index").and_then(|index| index.parse().ok());
            let (Some(index), alias) = (index, alias.clone()) else { return };
            let (request, words) =
                if browser::attribute_at(&event, "data-testid").as_deref() == Some("previous-restore") {
                    (
                        Request::RestorePrevious { alias, index },
                        t!("The earlier certificate is back; the other one is in the history now"),
                    )
                } else {
                    (Request::DropPrevious { alias, index }, t!("Dropped from the history"))
                };
            app.ask(request, move |app, _| app.dispatch(Action::Toast(Tone::Info, words.into(), true)));
        }
    });
    if chains.is_empty() {
        return html! {};
    }
    let item = |(index, previous): (usize, &PreviousView)| {
        let index = index.to_string();
        let own = previous.certificates.first();
        html! {
            <li key={index.clone()} data-testid="previous">
                <div>
                    { own.map(|certificate| certificate_line(certificate, true)).unwrap_or_default() }
                    if let Some(certificate) = own {
                        <small>
                            { t!("by {issuer}, {from} to {until}", issuer = certificate.issuer_name, from = day(certificate.not_before), until = day(certificate.not_after)) }
                            { t!("; replaced on ") }{ day(previous.replaced_ms / 1000) }
                        </small>
                    }
                </div>
                <span class="actions">
                    <button type="button" class="button small" data-testid="previous-restore" data-index={index.clone()} disabled={locked}>{ t!("Bring back") }</button>
                    <button type="button" class="button small danger" data-testid="previous-drop" data-index={index} disabled={locked}>{ t!("Drop") }</button>
                </span>
            </li>
        }
    };
    html! {
        <details class="block" data-testid="entry-history" {onclick}>
            <summary>{ tn!(chains.len(), "Earlier certificates: 1 chain", "Earlier certificates: {count} chains", count = chains.len()) }</summary>
            <ul class="history-list">{ for chains.iter().enumerate().map(item) }</ul>
        </details>
    }
}
