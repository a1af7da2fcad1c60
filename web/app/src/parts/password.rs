//! Two fields for a new password, with a word on its strength. What is typed stays in the browser's fields until it is sent
//! to the worker; the page keeps no copy.

use certwright_protocol::Password;
use certwright_protocol::t;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon;
use crate::browser;

#[derive(Properties, PartialEq)]
pub(crate) struct NewPasswordProps {
    /// What it is called: `Password` or `Passphrase`.
    pub(crate) label: &'static str,
    /// Test ids of the two fields.
    pub(crate) testids: [&'static str; 2],
    pub(crate) first: NodeRef,
    pub(crate) second: NodeRef,
    #[prop_or_default]
    pub(crate) focus: bool,
}

/// The two fields.
#[component]
pub(crate) fn NewPassword(props: &NewPasswordProps) -> Html {
    let told = use_state_eq(|| (Strength::None, true));
    let oninput = Callback::from({
        let (first, second, told) = (props.first.clone(), props.second.clone(), told.clone());
        move |_: InputEvent| {
            let (first, second) = (value_of(&first), value_of(&second));
            told.set((Strength::of(&first), second.is_empty() || first == second));
        }
    });
    use_effect_with((), {
        let (first, focus) = (props.first.clone(), props.focus);
        move |()| {
            if focus {
                browser::focus(&first);
            }
        }
    });
    let (strength, same) = *told;
    let field = |node: &NodeRef, label: String, testid: &'static str| {
        html! {
            <label class="field">
                <span>{ label }</span>
                <input type="password" ref={node.clone()} data-testid={testid} autocomplete="new-password" required={true} spellcheck="false"
                    oninput={oninput.clone()} />
            </label>
        }
    };
    html! {
        <div class="new-password">
            { field(&props.first, props.label.to_owned(), props.testids[0]) }
            { field(&props.second, t!("{label} again", label = props.label), props.testids[1]) }
            <p class="strength" aria-live="polite">
                <meter min="0" max="4" low="2" high="3" optimum="4" value={strength.level().to_string()} aria-hidden="true"></meter>
                <span>{ if same { strength.words() } else { t!("The two do not match yet.") } }</span>
            </p>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct PasswordFormProps {
    pub(crate) label: &'static str,
    pub(crate) button: &'static str,
    /// Test ids of the field and its button.
    pub(crate) testids: [&'static str; 2],
    pub(crate) submit: Callback<Password>,
    #[prop_or_default]
    pub(crate) busy: bool,
    /// Whether the field takes the focus.
    #[prop_or_default]
    pub(crate) focus: bool,
}

/// A field for a password that exists already, with its button. It is emptied when the password is handed on.
#[component]
pub(crate) fn PasswordForm(props: &PasswordFormProps) -> Html {
    let field = use_node_ref();
    use_effect_with(props.focus, {
        let field = field.clone();
        move |focus| {
            // The first of several takes it.
            if *focus && !browser::is_field(browser::document().active_element().map(Into::into)) {
                browser::focus(&field);
            }
        }
    });
    let onsubmit = Callback::from({
        let (field, submit) = (field.clone(), props.submit.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let password = Password::new(value_of(&field));
            if let Some(field) = field.cast::<HtmlInputElement>() {
                field.set_value("");
            }
            submit.emit(password);
        }
    });
    html! {
        <form class="inline-form" {onsubmit}>
            <label class="field">
                <span class="offscreen">{ props.label }</span>
                <input type="password" ref={field} data-testid={props.testids[0]} autocomplete="off" placeholder={props.label} spellcheck="false" />
            </label>
            <button type="submit" class="button" data-testid={props.testids[1]} disabled={props.busy}>{ icon("unlock") }{ props.button }</button>
        </form>
    }
}

/// What is typed in a field.
pub(crate) fn value_of(node: &NodeRef) -> String {
    node.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default()
}

/// Takes a password out of its field, if both fields agree, and empties them.
pub(crate) fn take(first: &NodeRef, second: &NodeRef) -> Result<Password, &'static str> {
    let (one, two) = (Password::new(value_of(first)), Password::new(value_of(second)));
    if one.is_empty() {
        return Err(t!("Type it first."));
    }
    if one != two {
        return Err(t!("The two are not the same: type them again."));
    }
    for node in [first, second] {
        if let Some(field) = node.cast::<HtmlInputElement>() {
            field.set_value("");
        }
    }
    Ok(one)
}

/// How hard a password is to guess, judged by length and variety alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Strength {
    None,
    Weak,
    Fair,
    Good,
    Strong,
}

impl Strength {
    fn of(text: &str) -> Self {
        let has = |class: fn(&char) -> bool| usize::from(text.chars().any(|character| class(&character)));
        let classes = has(|c| c.is_ascii_lowercase())
            + has(|c| c.is_ascii_uppercase())
            + has(|c| c.is_ascii_digit())
            + has(|c| !c.is_ascii_alphanumeric());
        let length = text.chars().count();
        // A character counts where it stands first.
        let distinct = text
            .char_indices()
            .filter(|(place, character)| text.find(*character).is_some_and(|first| first == *place))
            .count();
        // Repeated characters count half; each further class of characters counts as two more.
        let score = (length + distinct) / 2 + classes.saturating_sub(1) * 2;
        match score {
            0 => Self::None,
            1..=9 => Self::Weak,
            10..=13 => Self::Fair,
            14..=18 => Self::Good,
            _ => Self::Strong,
        }
    }

    fn level(self) -> u8 {
        self as u8
    }

    fn words(self) -> &'static str {
        match self {
            Self::None => t!("Several words make a good one."),
            Self::Weak => t!("Weak: easily guessed. Make it longer."),
            Self::Fair => t!("Fair: a few more characters would help."),
            Self::Good => t!("Good."),
            Self::Strong => t!("Strong."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_and_more_varied_is_stronger() {
        assert_eq!(Strength::of(""), Strength::None);
        assert_eq!(Strength::of("secret"), Strength::Weak);
        assert_eq!(Strength::of("aaaaaaaaaaaaaaaa"), Strength::Weak);
        assert_eq!(Strength::of("Secret2024"), Strength::Fair);
        assert_eq!(Strength::of("correct horse battery staple"), Strength::Strong);
    }
}
