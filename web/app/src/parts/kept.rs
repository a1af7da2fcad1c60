//! What components keep most often. Each is a hook of its own, so that the code behind `use_state_eq` stands in the page once, and not
//! once for every place.

use certwright_protocol::ui::Told;
use yew::prelude::*;

/// Whether something is so: not, to begin with.
#[hook]
pub(crate) fn use_flag() -> UseStateHandle<bool> {
    use_state_eq(|| false)
}

/// What the user has to put right, in a sentence; empty to begin with.
#[hook]
pub(crate) fn use_mistake() -> UseStateHandle<&'static str> {
    use_state_eq(|| "")
}

/// What the worker complains of: nothing, to begin with.
#[hook]
pub(crate) fn use_problem() -> UseStateHandle<Option<Told>> {
    use_state_eq(|| None)
}
