//! Parts of the page that are not in its first download: each is drawn by one function, whose code and whatever else nobody needs comes as a file of
//! its own when the part is opened, or quietly once the page can be used ([`fetch_all`]), so that it is there without waiting, and without the network.
//!
//! `#[wasm_split]` marks the place where a chunk begins; `cargo xtask build` has `wasm-split-cli` take out of the finished Wasm what is reached from there
//! alone. Code that several chunks need and the first download does not becomes files that they share. In a build that is not split (`build.rs`) a part is
//! there at once. The macro's code calls what it imports, which Rust holds for unsafe; nothing else here is.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;

use certwright_protocol::t;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::browser;
use crate::parts::controls::button;
use crate::parts::kept::use_flag;
use crate::state::{App, use_app};

/// Draws a part, once it is there.
type Draw = fn(&App) -> Html;
/// What comes of fetching a part; `None` if it could not be had.
type Fetching = Pin<Box<dyn Future<Output = Option<Draw>>>>;

/// A part of the page that is fetched when it is needed. It has a name.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    name: &'static str,
    fetch: fn() -> Fetching,
}

/// Declares the parts: `NAME = function, in the chunk chunk => what draws it`. Parts of one chunk come together.
macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident = $part:ident in $chunk:ident => $draw:path;)*) => {
        $($(#[$doc])* pub(crate) const $name: Part = Part {
            name: stringify!($part),
            fetch: || Box::pin(async { split::$part().await.ok() }),
        };)*

        /// All parts, in the order in which they are fetched once the page can be used.
        const ALL: &[Part] = &[$($name),*];

        #[cfg(split)]
        #[allow(unsafe_code, reason = "the macro calls what it imports")]
        mod split {
            use super::Draw;
            use wasm_split_helpers::{SplitLoaderError, wasm_split};

            $(#[wasm_split($chunk, fallible)]
            pub(super) fn $part() -> Result<Draw, SplitLoaderError> {
                Ok($draw)
            })*
        }

        #[cfg(not(split))]
        mod split {
            use super::Draw;

            $(pub(super) async fn $part() -> Result<Draw, ()> {
                Ok($draw)
            })*
        }
    };
}

// Few chunks are better than many: what several of them need, and the first download does not, becomes a file for each set of chunks that needs it.
parts! {
    /// What lies beside the list of entries.
    PANES = panes in panes => crate::pages::keystore::panes::draw;
    /// The page of guided jobs.
    JOBS = jobs in pages => crate::pages::jobs::draw;
    /// The page that inspects.
    INSPECT = inspect in pages => crate::pages::inspect::draw;
    /// The page that probes a server.
    PROBE = probe in pages => crate::pages::probe::draw;
    /// The page that probes many hosts.
    MANY = many in pages => crate::pages::many::draw;
    /// The page of words.
    GLOSSARY = glossary in rest => crate::pages::glossary::draw;
    /// What the card of a word says.
    WORD = word in rest => crate::pages::glossary::card::draw;
    /// The tour.
    TOUR = tour in rest => crate::tour::draw;
    /// The guide.
    GUIDE = guide in rest => crate::pages::guide::draw;
    /// The validity of what the list shows, drawn.
    VALIDITY = validity in panes => crate::pages::keystore::validity::draw;
    /// The page of settings.
    SETTINGS = settings in rest => crate::pages::settings::draw;
}

thread_local! {
    static HERE: RefCell<Vec<(&'static str, Draw)>> = const { RefCell::new(Vec::new()) };
}

impl Part {
    /// What draws it, if it is there.
    fn here(self) -> Option<Draw> {
        HERE.with_borrow(|here| here.iter().find(|known| known.0 == self.name).map(|known| known.1))
    }

    /// Fetches it if it is not there; says whether it is now.
    async fn fetch(self) -> bool {
        if self.here().is_some() {
            return true;
        }
        let Some(draw) = (self.fetch)().await else { return false };
        HERE.with_borrow_mut(|here| here.push((self.name, draw)));
        true
    }
}

#[derive(Properties, Clone, Copy)]
pub(crate) struct LazyProps {
    pub(crate) part: Part,
}

// What a part shows comes from the store, whose changes draw it anew by themselves.
impl PartialEq for LazyProps {
    fn eq(&self, other: &Self) -> bool {
        self.part.name == other.part.name
    }
}

/// Draws a part; until it is there, that it comes, or that it could not be had.
#[component]
pub(crate) fn Lazy(props: &LazyProps) -> Html {
    let app = use_app();
    let part = props.part;
    let (come, failed) = (use_flag(), use_flag());
    use_effect_with((part.name, *failed), {
        let (come, failed) = (come.setter(), failed.clone());
        move |_| {
            if part.here().is_none() && !*failed {
                spawn_local(
                    async move { if part.fetch().await { come.set(true) } else { failed.set(true) } },
                );
            }
        }
    });
    match part.here() {
        Some(draw) => draw(&app),
        None if *failed => {
            let again = Callback::from(move |_: MouseEvent| failed.set(false));
            html! {
                <div class="starting" role="alert" data-testid="lazy-failed" data-part={part.name}>
                    <p>{ t!("This part of Certwright could not be fetched. If the network or the server is gone, try again when it is back. If Certwright was renewed on the server, reload the page.") }</p>
                    { button("primary", "lazy-again", "", t!("Try again"), again) }
                </div>
            }
        }
        None => {
            html! { <p class="starting" role="status" data-testid="lazy-waiting" data-part={part.name}>{ t!("Opening…") }</p> }
        }
    }
}

/// Fetches all parts one after the other, a moment from now.
pub(crate) fn fetch_all() {
    browser::after(300, || {
        spawn_local(async {
            for part in ALL {
                // What cannot be had now is asked for again when it is needed, and then it is said.
                part.fetch().await;
            }
        });
    });
}
