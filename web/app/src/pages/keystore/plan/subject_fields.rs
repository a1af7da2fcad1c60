//! The subject: the parts that most people need, or all of its attributes one by one; and the whole as RFC 4514 text, which can be
//! written or pasted.

use certwright_protocol::language;
use certwright_protocol::ui::Told;
use certwright_protocol::ui::{Request, Response, SubjectAttribute};
use certwright_protocol::{mark, t};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::super::subject::{self, PARTS, Rdns, compose};
use super::{At, Draft, Edit, Handle, onchange, onclick, oninput, options};
use crate::parts::controls::{button, icon_button};
use crate::parts::copy::Copy;
use crate::parts::explanation::maybe_problem;
use crate::parts::word::word;
use crate::state::App;

/// Types of attributes to choose from; any other can be written as an OID.
const TYPES: [(&str, &str); 20] = [
    ("CN", mark!("Common name")),
    ("OU", mark!("Department")),
    ("O", mark!("Organisation")),
    ("L", mark!("City")),
    ("ST", mark!("State or province")),
    ("C", mark!("Country")),
    ("STREET", mark!("Street")),
    ("postalCode", mark!("Postal code")),
    ("DC", mark!("Domain component")),
    ("UID", mark!("User ID")),
    ("emailAddress", mark!("E-mail address")),
    ("SERIALNUMBER", mark!("Serial number")),
    ("GN", mark!("Given name")),
    ("SN", mark!("Surname")),
    ("T", mark!("Title")),
    ("pseudonym", mark!("Pseudonym")),
    ("description", mark!("Description")),
    ("businessCategory", mark!("Business category")),
    ("organizationIdentifier", mark!("Organisation identifier")),
    ("dnQualifier", mark!("Qualifier")),
];

/// The fields.
pub(in crate::pages::keystore) fn subject_fields(app: &App, draft: &Handle) -> Html {
    let show = |draft: &mut Draft, _: At, _: String| {
        draft.all = !draft.all;
        if draft.plan.subject.is_empty() {
            draft.change_subject(|subject| subject::set_part(subject, 0, String::new()));
        }
    };
    let plain = subject::is_plain(&draft.plan.subject);
    html! {
        <fieldset class="block tight">
            <legend>{ word("subject", t!("Subject")) }</legend>
            if draft.all { { rows(draft) } } else { { parts(draft) } }
            <div class="actions">
                if draft.all {
                    { button("small", "dn-add", "plus", t!("Add a field"), onclick(draft, (0, 0), add)) }
                }
                if plain || !draft.all {
                    <button type="button" class="link" data-testid="dn-all" aria-pressed={draft.all.to_string()} onclick={onclick(draft, (0, 0), show)}>
                        { if draft.all { t!("Usual fields") } else { t!("All fields: any type, any order") } }
                    </button>
                }
            </div>
            { text(app, draft) }
        </fieldset>
    }
}

/// The six parts.
fn parts(draft: &Handle) -> Html {
    let change = |draft: &mut Draft, at: At, value| {
        draft.change_subject(|subject| subject::set_part(subject, at.0, value));
    };
    html! {
        <div class="parts">
            { for PARTS.into_iter().enumerate().map(|(index, (name, label, example))| {
                let short = name.to_ascii_lowercase();
                html! {
                    <label class={classes!("field", format!("part-{short}"))}>
                        <span>{ language::text(label) }<abbr>{ name }</abbr></span>
                        <input type="text" data-testid={format!("request-{short}")} value={subject::part(&draft.plan.subject, index)} placeholder={language::text(example)}
                            oninput={oninput(draft, (index, 0), change)} maxlength={if name == "C" { "2" } else { "200" }} autocomplete="off" spellcheck="false" />
                    </label>
                }
            }) }
        </div>
    }
}

/// All attributes in the order of the certificate.
fn rows(draft: &Handle) -> Html {
    let subject = &draft.plan.subject;
    let count = subject.len();
    html! {
        <>
            <ul class="dn">
                { for subject.iter().enumerate().flat_map(|(rdn, attributes)| {
                    attributes.iter().enumerate().map(move |(index, attribute)| {
                        row(draft, (rdn, index), attribute, if index > 0 { attributes.len() - 1 == index } else { rdn + 1 == count })
                    })
                }) }
            </ul>
            <small>{ t!("In the order of the certificate. The text below is the same name, and begins with the last row.") }</small>
        </>
    }
}

fn row(draft: &Handle, at: At, attribute: &SubjectAttribute, last: bool) -> Html {
    let name = attribute.name.as_str();
    let known = TYPES.iter().any(|(other, _)| *other == name);
    let first = if at.1 > 0 { at.1 == 1 } else { at.0 == 0 };
    let joined = at.1 > 0;
    let tool = |testid, class, shown, title: &str, disabled, run| {
        icon_button(class, testid, shown, format!("{title} ({name})"), disabled, onclick(draft, at, run))
    };
    let set_name = |draft: &mut Draft, at, value| change(draft, at, |attribute| attribute.name = value);
    let set_value = |draft: &mut Draft, at, value| change(draft, at, |attribute| attribute.value = value);
    html! {
        <li key={format!("{}.{}", at.0, at.1)} class={classes!("dn-row", joined.then_some("joined"))} data-testid="dn-row" data-joined={joined.to_string()}>
            <select data-testid="dn-type" aria-label={t!("Type")} onchange={onchange(draft, at, set_name)}>
                { options(types(), if known { name } else { "" }) }
            </select>
            if !known {
                <input type="text" class="mono" data-testid="dn-oid" aria-label={t!("Type as OID")} value={attribute.name.clone()} placeholder="1.3.6.1.4.1…"
                    oninput={oninput(draft, at, set_name)} autocomplete="off" spellcheck="false" />
            }
            <input type="text" data-testid="dn-value" aria-label={t!("Value ({name})", name)} value={attribute.value.clone()}
                oninput={oninput(draft, at, set_value)} autocomplete="off" spellcheck="false" />
            <span class="dn-tools">
                { tool("dn-up", "small up", "arrow", t!("Move up"), first, |draft, at, _| draft.change_subject(|subject| subject::move_up(subject, at.0, at.1))) }
                { tool("dn-down", "small down", "arrow", t!("Move down"), last, |draft, at, _| draft.change_subject(|subject| subject::move_down(subject, at.0, at.1))) }
                { tool("dn-join", if joined { "small on" } else { "small" }, "plus", if joined { t!("Part from the row above") } else { t!("Join with the row above: one name part with several values") },
                    at == (0, 0), |draft, at, _| draft.change_subject(|subject| subject::join(subject, at.0, at.1))) }
                { tool("dn-remove", "small", "cross", t!("Remove"), false, |draft, at, _| draft.change_subject(|subject| subject::remove(subject, at.0, at.1))) }
            </span>
        </li>
    }
}

fn types() -> Vec<(AttrValue, AttrValue)> {
    let known = TYPES
        .iter()
        .map(|(short, label)| ((*short).into(), format!("{short} · {}", language::text(label)).into()));
    known.chain([("".into(), t!("Another type (OID)").into())]).collect()
}

fn change(draft: &mut Draft, at: At, change: impl FnOnce(&mut SubjectAttribute)) {
    draft.change_subject(|subject| {
        if let Some(attribute) = subject.get_mut(at.0).and_then(|attributes| attributes.get_mut(at.1)) {
            change(attribute);
        }
    });
}

fn add(draft: &mut Draft, _: At, _: String) {
    draft.change_subject(|subject| {
        subject.push(vec![SubjectAttribute { name: "OU".into(), value: String::new() }])
    });
}

/// The whole subject as text.
fn text(app: &App, draft: &Handle) -> Html {
    let shown = shown(draft);
    let read = |complain: bool| {
        let (app, draft) = (app.clone(), draft.clone());
        move |field: HtmlInputElement| {
            let text = field.value();
            draft.dispatch(Edit::Field(|draft, _, text| draft.text = Some(text), (0, 0), text.clone()));
            ask(&app, text.clone(), {
                let draft = draft.clone();
                move |read| draft.dispatch(Edit::Read(text, read, complain))
            });
        }
    };
    let (oninput, onchange) = (read(false), read(true));
    html! {
        <>
            <div class="with-copy">
                <label class="field">
                    <span>{ t!("As text") }<em>{ "RFC 4514" }</em></span>
                    <input type="text" class="mono" data-testid="request-subject" value={shown.clone()} autocomplete="off" spellcheck="false"
                        oninput={move |event: InputEvent| oninput(event.target_unchecked_into())}
                        onchange={move |event: Event| onchange(event.target_unchecked_into())}
                        placeholder={t!("CN=client.example.com,O=Example GmbH,C=DE")} />
                </label>
                <Copy text={shown} what={t!("subject")} />
            </div>
            <small>{ t!("Composed from the fields; you can also write or paste a name here, and the fields follow.") }</small>
            { maybe_problem(draft.problem.as_ref()) }
        </>
    }
}

/// The subject as text: as it is being written, or as it is composed.
fn shown(draft: &Draft) -> String {
    draft.text.clone().unwrap_or_else(|| compose(&draft.plan.subject))
}

/// Has the worker take the text of a subject apart.
fn ask(app: &App, text: String, then: impl FnOnce(Result<Rdns, Told>) + 'static) {
    app.request(Request::ParseSubject { text }, move |answer| match answer {
        Ok(Response::Subject { rdns }) => then(Ok(rdns)),
        Ok(_) => {}
        Err(problem) => then(Err(problem)),
    });
}

/// Goes on with the draft's subject: with that of the text, if the text was written last.
pub(super) fn with_subject(app: &App, draft: &Handle, then: impl FnOnce(Option<Rdns>) + 'static) {
    let Some(text) = draft.text.clone() else { return then(Some(draft.plan.subject.clone())) };
    let draft = draft.clone();
    ask(app, text.clone(), move |read| {
        let subject = read.as_ref().ok().cloned();
        draft.dispatch(Edit::Read(text, read, true));
        then(subject);
    });
}
