//! The keystore without entries: what it is for, how to begin, and samples to try without a file.

use certwright_protocol::language::text;
use certwright_protocol::ui::{Request, Response, Sample};
use certwright_protocol::{mark, t};
use yew::prelude::*;

use super::jobs;
use crate::parts::icon;
use crate::parts::word::word;
use crate::state::{Action, App};

/// The samples: which, icon, title, what there is to see.
const SAMPLES: [(Sample, &str, &str, &str); 3] = [
    (
        Sample::MutualTls,
        "shield",
        mark!("A client with its chain"),
        mark!("Everything as it should be: a key pair, its certificate, and the authorities above it."),
    ),
    (
        Sample::MissingIntermediate,
        "question",
        mark!("A missing certificate"),
        mark!("The usual trouble: the chain has a gap, drawn as a gap, with what to do about it."),
    ),
    (
        Sample::Renewal,
        "clock",
        mark!("A renewal"),
        mark!("One certificate has expired, one soon will, and the request for the next is waiting."),
    ),
];

/// The empty state.
pub(super) fn empty(app: &App) -> Html {
    let tour = Callback::from({
        let app = app.clone();
        move |_: MouseEvent| {
            open_sample(&app, Sample::MutualTls);
            app.dispatch(Action::Tour(Some(0)));
        }
    });
    html! {
        <section class="empty" data-testid="empty-state">
            <svg class="empty-mark" aria-hidden="true"><use href="#i-mark" /></svg>
            <h1>{ t!("Your keystore is empty") }</h1>
            <p class="lead">
                { t!("Make a key here, have its ") }{ word("request", t!("signing request")) }{ t!(" signed by your authority, and drop the reply on this page. ") }
                { t!("Or import a key that you have already. ") }
                { t!("Then probe the server that you call: the page says whether it trusts you, and whether you should trust it.") }
            </p>
            { jobs(app, false) }
            <ul class="promises">
                <li>{ icon("lock") }<span>{ t!("Private keys stay in this browser. The Certwright server never sees one.") }</span></li>
                <li>{ icon("import") }<span>{ t!("Drop or paste anything, anywhere: .cer, .pem, .p7b, .p12, .pfx, .jks, .jceks, .bks, .csr, keys of every kind.") }</span></li>
                <li>{ icon("undo") }<span>{ t!("Nothing is final: every change can be undone.") }</span></li>
            </ul>
            <div class="samples">
                <h2>{ t!("Or look around first") }</h2>
                <p class="hint">{ t!("Samples are made here, with fresh keys, in a keystore of their own. Close it and they are gone.") }</p>
                <ul>
                    <li><button type="button" class="sample" data-testid="tour-start" onclick={tour}>
                        { icon("right") }<span><strong>{ t!("A tour of one minute") }</strong><small>{ t!("Six cards that point at things, with the first sample. It can be left at any time.") }</small></span>
                    </button></li>
                    { for SAMPLES.iter().enumerate().map(|(place, (sample, icon_name, title, about))| {
                        let onclick = Callback::from({
                            let (app, sample) = (app.clone(), *sample);
                            move |_: MouseEvent| open_sample(&app, sample)
                        });
                        html! {
                            <li><button type="button" class="sample" data-testid={format!("sample-{place}")} {onclick}>
                                { icon(icon_name) }<span><strong>{ text(title) }</strong><small>{ text(about) }</small></span>
                            </button></li>
                        }
                    }) }
                </ul>
            </div>
        </section>
    }
}

/// Makes a sample and shows it.
fn open_sample(app: &App, sample: Sample) {
    app.ask(Request::OpenSample { sample }, |app, response| {
        if let Response::Store { store } = response {
            app.dispatch(Action::Store(store));
        }
    });
}
