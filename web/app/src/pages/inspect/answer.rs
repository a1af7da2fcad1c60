//! What the worker answers to a question that follows from what is looked at: asked anew whenever that, or what it depends on, changes.

use std::rc::Rc;

use certwright_protocol::ui::Request;
use yew::prelude::*;

use crate::bridge::Answer;
use crate::message;
use crate::state::use_app;

/// The last answer, `None` until there is one, and whether another is awaited.
///
/// It is asked for again when the question changes, and when `depends` does: what else the answer follows from.
#[hook]
pub(super) fn use_answer(question: Option<Request>, depends: usize) -> (Option<Rc<Answer>>, bool) {
    let app = use_app();
    let answer = use_state(|| (String::new(), None::<Rc<Answer>>));
    // Questions are compared as they are sent.
    let asked = question.as_ref().map(message::to_json).unwrap_or_default();
    let key = format!("{depends} {asked}");
    let newest = use_mut_ref(String::new);
    *newest.borrow_mut() = key.clone();
    use_effect_with(key.clone(), {
        let answer = answer.setter();
        move |key| {
            let (Some(question), key) = (question, key.clone()) else { return };
            app.ask_home(question, move |result| {
                // An answer that comes after the next question is of no use.
                if *newest.borrow() == key {
                    answer.set((key, Some(Rc::new(result))));
                }
            });
        }
    });
    let waits = answer.0 != key;
    (answer.1.clone(), waits)
}
