//! What happened and what to try, in the catalogue's words.

use certwright_protocol::{Explanation, Password, Problem};
use yew::prelude::*;

use super::password::PasswordForm;
use super::{icon, kind_of, tone_icon};
use crate::state::Tone;

#[derive(Properties, PartialEq)]
pub(crate) struct ExplainedProps {
    /// The problem's kind, for tests.
    pub(crate) kind: AttrValue,
    pub(crate) tone: Tone,
    pub(crate) explanation: Explanation,
    /// Buttons that help.
    #[prop_or_default]
    pub(crate) children: Html,
}

/// An explanation in its box.
#[component]
pub(crate) fn Explained(props: &ExplainedProps) -> Html {
    let Explanation { title, what_happened, what_to_try } = &props.explanation;
    let role = (props.tone == Tone::Bad).then_some("alert");
    html! {
        <div class={classes!("explained", props.tone.word())} {role} data-testid="problem" data-kind={props.kind.clone()}>
            { if props.tone == Tone::Bad { icon("warn") } else { tone_icon(props.tone) } }
            <div>
                <p class="explained-title" data-testid="problem-title">{ title }</p>
                <p data-testid="problem-what">{ what_happened }</p>
                { what_to_try_line(what_to_try) }
                { props.children.clone() }
            </div>
        </div>
    }
}

/// The remedy, if there is one.
pub(crate) fn what_to_try_line(what_to_try: &str) -> Html {
    if what_to_try.is_empty() {
        return html! {};
    }
    html! { <p class="remedy" data-testid="problem-try">{ icon("arrow") }<span>{ what_to_try.to_owned() }</span></p> }
}

/// A problem in its box.
pub(crate) fn problem(problem: &Problem) -> Html {
    html! { <Explained kind={kind_of(problem)} tone={Tone::Bad} explanation={problem.explain()} /> }
}

/// A file's problem; with a field, where it is a password that is missing.
pub(crate) fn file_problem(found: &Problem, give: &Callback<Password>) -> Html {
    let tone = match found {
        Problem::PasswordNeeded { .. } => Tone::Info,
        Problem::PasswordWrong { .. } => Tone::Bad,
        _ => return problem(found),
    };
    html! {
        <Explained kind={kind_of(found)} {tone} explanation={found.explain()}>
            <PasswordForm label="Password of the file" button="Open" testids={["import-password", "import-password-submit"]} submit={give.clone()} focus={true} />
        </Explained>
    }
}

/// A problem, if there is one.
pub(crate) fn maybe_problem(found: Option<&Problem>) -> Html {
    found.map(problem).unwrap_or_default()
}
