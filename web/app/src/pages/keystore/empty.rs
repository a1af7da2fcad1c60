//! The keystore without entries: what it is for, and how to begin.

use yew::prelude::*;

use super::jobs;
use crate::parts::icon;
use crate::parts::word::word;
use crate::state::App;

/// The empty state.
pub(super) fn empty(app: &App) -> Html {
    html! {
        <section class="empty" data-testid="empty-state">
            <svg class="empty-mark" aria-hidden="true"><use href="#i-mark" /></svg>
            <h1>{ "Your keystore is empty" }</h1>
            <p class="lead">
                { "Make a key here, have its " }{ word("request", "signing request") }{ " signed by your authority, and drop the reply on this page. " }
                { "Or import a key that you have already. " }
                { "Then probe the server that you call: the page says whether it trusts you, and whether you should trust it." }
            </p>
            { jobs(app, false) }
            <ul class="promises">
                <li>{ icon("lock") }<span>{ "Private keys stay in this browser. The Certwright server never sees one." }</span></li>
                <li>{ icon("import") }<span>{ "Drop or paste anything, anywhere: .cer, .pem, .p7b, .p12, .pfx, .jks, .jceks, .bks, .csr, keys of every kind." }</span></li>
                <li>{ icon("undo") }<span>{ "Nothing is final: every change can be undone." }</span></li>
            </ul>
        </section>
    }
}
