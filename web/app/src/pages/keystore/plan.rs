//! What a signing request or a certificate is to hold, while it is being edited. Signing requests, self-signed certificates and issued
//! ones share it, and the fields that show it.

pub(super) mod form;
pub(super) mod names;
pub(super) mod paste;
pub(super) mod subject_fields;
pub(super) mod usages;
pub(super) mod validity;

use std::rc::Rc;

use certwright_protocol::ui::Told;
use certwright_protocol::ui::{RequestPlan, Validity};
use certwright_protocol::view::RequestView;
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, HtmlInputElement};
use yew::prelude::*;

use super::issued::Issued;
use super::subject::{self, Rdns};
use crate::settings;
use usages::Purpose;

/// The draft, as components pass it on.
pub(super) type Handle = UseReducerHandle<Draft>;

/// Which of several fields of a kind, such as the attribute in its relative distinguished name.
pub(super) type At = (usize, usize);

/// What the value of a field does to the draft. A checkbox that is off has no value.
pub(super) type Change = fn(&mut Draft, At, String);

/// What is being edited.
#[derive(Clone, Default)]
pub(super) struct Draft {
    /// Subject, usages, signature; the other fields of the draft go into it at the end.
    pub(super) plan: RequestPlan,
    /// Whether there is a plan to begin with.
    pub(super) ready: bool,
    /// Whether all attributes of the subject are shown, rather than the six that are usual.
    pub(super) all: bool,
    /// The subject as text, while that is being written.
    pub(super) text: Option<String>,
    /// Why that text is no subject.
    pub(super) problem: Option<Told>,
    /// What it is to be like: an option of the select, empty for the first.
    pub(super) like: String,
    /// Alternative names, one a line.
    pub(super) names: String,
    /// Whether a common name that is a host name does not become an alternative name.
    pub(super) common_name_alone: bool,
    pub(super) purpose: Purpose,
    /// Extended key usages that are not in the list, between spaces.
    pub(super) own_usages: String,
    pub(super) path_length: String,
    pub(super) days: String,
    /// Whether it is for a certificate that is issued for somebody's request.
    pub(super) issuing: bool,
    /// The entry that signs it, if one was chosen.
    pub(super) issuer: String,
    /// That request.
    pub(super) request: Option<Rc<RequestView>>,
    /// Requested extensions that are honoured, by dotted OID.
    pub(super) honour: Vec<String>,
    /// How the worker answered.
    pub(super) outcome: Outcome,
    /// Whether the key is an RSA key, which also enciphers keys in old versions of TLS.
    pub(super) rsa: bool,
}

/// How it ended when the draft was sent to the worker.
#[derive(Clone, Default)]
pub(super) enum Outcome {
    #[default]
    None,
    Asked,
    Refused(Told),
    /// A signing request, and whether the keystore was in memory only by then.
    Made(Rc<RequestView>, bool),
    Issued(Rc<Issued>),
}

/// A change of the draft.
pub(super) enum Edit {
    /// Begins anew with this draft.
    Start(Box<Draft>),
    Outcome(Outcome),
    Field(Change, At, String),
    /// What to begin with.
    Begin(Box<RequestPlan>),
    /// The text of the subject was read, and whether to complain if it is none.
    Read(String, Result<Rdns, Told>, bool),
}

impl Reducible for Draft {
    type Action = Edit;

    fn reduce(self: Rc<Self>, edit: Edit) -> Rc<Self> {
        let mut draft = Rc::unwrap_or_clone(self);
        match edit {
            Edit::Start(new) => draft = *new,
            Edit::Outcome(outcome) => draft.outcome = outcome,
            Edit::Field(change, at, value) => change(&mut draft, at, value),
            Edit::Begin(plan) => draft.begin(*plan),
            // More may have been typed since.
            Edit::Read(text, read, complain) => {
                if draft.text.as_ref() == Some(&text) {
                    match read {
                        Ok(subject) => {
                            draft.all |= !subject::is_plain(&subject);
                            draft.plan.subject = subject;
                            draft.problem = None;
                        }
                        Err(problem) if complain => draft.problem = Some(problem),
                        Err(_) => {}
                    }
                }
            }
        }
        Rc::new(draft)
    }
}

impl Draft {
    fn begin(&mut self, plan: RequestPlan) {
        self.outcome = Outcome::None;
        self.ready = true;
        self.all = !subject::is_plain(&plan.subject);
        self.text = None;
        self.problem = None;
        self.names = plan.alternative_names.join("\n");
        self.days = usual_days(plan.is_ca);
        self.path_length = plan.path_length.map(|length| length.to_string()).unwrap_or_default();
        self.plan = plan;
        usages::recognise(self);
    }

    /// Changes the subject: it is no longer what is written as text.
    pub(super) fn change_subject(&mut self, change: impl FnOnce(&mut Rdns)) {
        change(&mut self.plan.subject);
        self.text = None;
        self.problem = None;
    }

    /// The plan with everything that was edited.
    pub(super) fn to_plan(&self) -> RequestPlan {
        let mut plan = self.plan.clone();
        plan.subject = subject::filled(&plan.subject);
        plan.alternative_names = names::all(self);
        plan.extended_key_usage = usages::extended(self);
        plan.path_length = self.path_length();
        plan
    }

    /// Whether the worker is at it.
    pub(super) fn busy(&self) -> bool {
        matches!(self.outcome, Outcome::Asked)
    }

    /// Why the worker refused.
    pub(super) fn refusal(&self) -> Option<&Told> {
        match &self.outcome {
            Outcome::Refused(problem) => Some(problem),
            _ => None,
        }
    }

    pub(super) fn path_length(&self) -> Option<u8> {
        self.path_length.trim().parse().ok().filter(|_| self.plan.is_ca)
    }

    pub(super) fn validity(&self) -> Validity {
        Validity { not_before: None, days: self.days() }
    }

    /// The days of the validity; 0, which the worker refuses, if that is no number.
    pub(super) fn days(&self) -> u32 {
        self.days.trim().parse().unwrap_or(0)
    }
}

/// As the settings have it for what is used; ten years for what others are signed with.
pub(super) fn usual_days(is_ca: bool) -> String {
    if is_ca { "3650".to_owned() } else { settings::current().days.to_string() }
}

/// Changes the draft with every character that is typed.
pub(super) fn oninput(draft: &Handle, at: At, change: Change) -> Callback<InputEvent> {
    let draft = draft.dispatcher();
    Callback::from(move |event: InputEvent| draft.dispatch(Edit::Field(change, at, value(event.target()))))
}

/// Changes the draft when something is chosen.
pub(super) fn onchange(draft: &Handle, at: At, change: Change) -> Callback<Event> {
    let draft = draft.dispatcher();
    Callback::from(move |event: Event| draft.dispatch(Edit::Field(change, at, value(event.target()))))
}

/// Changes the draft when a button is pressed.
pub(super) fn onclick(draft: &Handle, at: At, change: Change) -> Callback<MouseEvent> {
    let draft = draft.dispatcher();
    Callback::from(move |_: MouseEvent| draft.dispatch(Edit::Field(change, at, String::new())))
}

/// The value of any field; that of a checkbox is empty while it is off.
fn value(target: Option<EventTarget>) -> String {
    // A select or textarea has the property `value` just the same.
    let Some(field) = target.map(JsCast::unchecked_into::<HtmlInputElement>) else {
        return String::new();
    };
    if field.type_() == "checkbox" && !field.checked() { String::new() } else { field.value() }
}

/// A checkbox with its words.
pub(super) fn check(testid: &str, checked: bool, onchange: Callback<Event>, words: Html) -> Html {
    html! {
        <label class="check">
            <input type="checkbox" data-testid={testid.to_owned()} {checked} {onchange} />
            <span>{ words }</span>
        </label>
    }
}

/// A line of text with its label and a note below.
pub(super) fn line(
    label: Html,
    testid: &'static str,
    value: String,
    placeholder: &str,
    oninput: Callback<InputEvent>,
    note: &'static str,
) -> Html {
    html! {
        <label class={classes!("field", testid)}>
            <span>{ label }</span>
            <input type="text" data-testid={testid} {value} placeholder={placeholder.to_owned()} {oninput} autocomplete="off" spellcheck="false" />
            <small>{ note }</small>
        </label>
    }
}

/// What a select offers: values with their texts.
pub(super) fn options(all: Vec<(AttrValue, AttrValue)>, chosen: &str) -> Html {
    all.into_iter()
        .map(|(value, text)| {
            let selected = value == chosen;
            html! { <option {value} {selected}>{ text }</option> }
        })
        .collect()
}

/// Puts a value into a list, or takes it out.
pub(super) fn toggle(list: &mut Vec<String>, value: &str) {
    let before = list.len();
    list.retain(|other| other != value);
    if list.len() == before {
        list.push(value.to_owned());
    }
}
