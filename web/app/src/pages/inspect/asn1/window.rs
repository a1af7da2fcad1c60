//! The lines of a long list that are in sight: only these are drawn, between two empty pictures as high as all the others.

use std::ops::Range;

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::browser::{self, Listener};

/// Height of a line, as in the style sheet.
const LINE: i32 = 22;
/// Lines that are drawn beyond those in sight.
const BEYOND: usize = 12;

/// What is in sight, in pixels: how far it is scrolled, and how high and wide the place is.
#[derive(Clone, Copy, PartialEq, Default)]
pub(super) struct Sight {
    top: i32,
    height: i32,
    pub(super) width: i32,
}

impl Sight {
    fn of(place: &NodeRef) -> Option<Self> {
        let place = place.cast::<HtmlElement>()?;
        Some(Self { top: place.scroll_top(), height: place.client_height(), width: place.client_width() })
    }

    /// The lines to draw, of so many.
    pub(super) fn lines(self, count: usize) -> Range<usize> {
        let line = |pixels: i32| usize::try_from(pixels / LINE).unwrap_or(0);
        let first = line(self.top).saturating_sub(BEYOND).min(count);
        let last = (line(self.top + self.height) + BEYOND).min(count);
        first..last.max(first)
    }
}

/// What is in sight of a place, and what to do when it is scrolled.
#[hook]
pub(super) fn use_sight(place: &NodeRef) -> (Sight, Callback<Event>) {
    let sight = use_state_eq(Sight::default);
    let look = Callback::from({
        let (place, sight) = (place.clone(), sight.setter());
        move |_: Event| sight.set(Sight::of(&place).unwrap_or_default())
    });
    use_effect_with((), {
        let (place, sight) = (place.clone(), sight.setter());
        move |()| {
            let see = move || sight.set(Sight::of(&place).unwrap_or_default());
            see();
            let listener = Listener::new(browser::window().into(), "resize", move |_| see());
            move || drop(listener)
        }
    });
    (*sight, look)
}

/// Scrolls as little as it takes to bring a line into sight.
pub(super) fn show(place: &NodeRef, line: usize) {
    let (Some(sight), Some(element)) = (Sight::of(place), place.cast::<HtmlElement>()) else { return };
    let line = i32::try_from(line).unwrap_or(0).saturating_mul(LINE);
    if line < sight.top {
        element.set_scroll_top(line - LINE);
    } else if line + 2 * LINE > sight.top + sight.height {
        element.set_scroll_top(line + 2 * LINE - sight.height);
    }
}

/// An empty picture as high as lines that are not drawn. (The height of a picture is no style, which the page's
/// Content-Security-Policy would not take.)
pub(super) fn gap(lines: usize) -> Html {
    html! { <svg class="gap" width="1" height={(lines * LINE as usize).to_string()} aria-hidden="true"></svg> }
}
