//! A certificate that was issued: its chain, and the ways to hand it on.

use std::rc::Rc;

use certwright_protocol::Bytes;
use certwright_protocol::t;
use certwright_protocol::ui::{ImportChoice, InputFile, Proposal, Request, Response};
use certwright_protocol::view::{CertificateView, EntryDetail};
use yew::prelude::*;

use crate::parts::chain::{Chain, cards_of};
use crate::parts::controls::{button, told};
use crate::parts::copy::Copy;

use crate::state::{Action, App, Pane, Tone};

/// What the worker made.
pub(super) struct Issued {
    pub(super) certificate: Box<CertificateView>,
    pub(super) chain_pem: String,
    pub(super) chain_pkcs7: Bytes,
    /// The entry whose request it was.
    pub(super) fits_alias: Option<String>,
}

/// The result.
pub(super) fn issued(app: &App, issued: &Issued, issuer: &EntryDetail) -> Html {
    let Issued { certificate, chain_pem, chain_pkcs7, fits_alias } = issued;
    let chain: Vec<CertificateView> =
        std::iter::once((**certificate).clone()).chain(issuer.certificates.iter().cloned()).collect();
    let name = file_name(&certificate.name);
    let save = |testid: &'static str,
                ending: &'static str,
                title: &'static str,
                media_type: &'static str,
                content: Bytes| {
        let app = app.clone();
        let file = format!("{name}.{ending}");
        let onclick = Callback::from(move |_: MouseEvent| {
            app.save(Response::File {
                name: file.clone(),
                media_type: media_type.into(),
                content: content.clone(),
            });
        });
        button("small", testid, "download", format!("{title} .{ending}"), onclick)
    };
    html! {
        <>
            { told("good", "check", None, t!("“{alias}” signed the certificate of “{name}”", alias = issuer.entry.alias, name = certificate.name), html! {
                <>
                    <p>{ t!("Give it to whoever asked, best with its chain. It is not kept here.") }</p>
                    <div class="actions">
                        if let Some(alias) = fits_alias { { import_reply(app, alias, chain_pem) } }
                        <Copy text={chain_pem.clone()} what={t!("chain")} labelled={true} testid="issue-copy" />
                    </div>
                    <div class="actions">
                        { save("issue-cer", "cer", t!("Certificate"), "application/pkix-cert", certificate.der.clone()) }
                        { save("issue-pem", "pem", t!("Chain"), "application/x-pem-file", Bytes(chain_pem.clone().into_bytes())) }
                        { save("issue-p7b", "p7b", t!("Chain"), "application/x-pkcs7-certificates", chain_pkcs7.clone()) }
                    </div>
                </>
            }) }
            <Chain cards={Rc::new(cards_of(&chain, None))} end={t!("Certificate")} chosen={Some(0)} />
        </>
    }
}

/// Gives the certificate to the entry that waits for it.
fn import_reply(app: &App, alias: &str, chain_pem: &str) -> Html {
    let onclick = Callback::from({
        let (app, chain_pem) = (app.clone(), chain_pem.to_owned());
        move |_: MouseEvent| {
            let file =
                InputFile { name: "issued.pem".into(), content: Bytes(chain_pem.clone().into_bytes()) };
            let files = vec![file];
            app.ask(Request::Look { files: files.clone(), passwords: Vec::new() }, |app, response| {
                let Response::Found { found, .. } = response else { return };
                let reply = found.iter().find(|found| matches!(found.proposal, Some(Proposal::Reply { .. })));
                let Some(reply) = reply else {
                    // The entry changed in the meantime: the pane of found things says what can be done.
                    return app.dispatch(Action::Drop(files, Vec::new()));
                };
                let choices = vec![ImportChoice { id: reply.id, alias: None }];
                app.ask(Request::Import { choices }, |app, response| {
                    if let Response::Imported { results } = response
                        && let Some(result) = results.into_iter().next()
                    {
                        app.dispatch(Action::Toast(Tone::Good, super::imported::sentence(&result), true));
                        app.dispatch(Action::Open(Pane::Entry(result.alias.into())));
                    }
                });
            });
        }
    });
    button("primary", "issue-import", "import", t!("Import as reply of “{alias}”", alias), onclick)
}

/// A name that every file system takes.
fn file_name(name: &str) -> String {
    let safe = |character: char| {
        if !character.is_ascii() || character.is_ascii_alphanumeric() || "-_.".contains(character) {
            character
        } else {
            '_'
        }
    };
    name.chars().take(80).map(safe).collect()
}
