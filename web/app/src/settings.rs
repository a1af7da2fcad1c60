//! What the user has set for this browser: nothing of it is secret. It lies in local storage as one JSON object, so that all tabs have it.
//!
//! What is read there may be anything: a field that is missing or is nothing that can be chosen has its default, and so has everything if
//! the text is no JSON. Other fields than these are not kept when something is changed.

use std::cell::RefCell;
use std::rc::Rc;

use certwright_protocol::language::text;
use certwright_protocol::mark;
use js_sys::{JSON, Reflect};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::state::{Action, App};
use crate::{browser, language, message};

/// Where they lie in local storage.
pub(crate) const NAME: &str = "settings";
/// A name of something that can be chosen is not longer.
const LONGEST_NAME: usize = 40;

/// The settings. What can be chosen of a list is its id there; an id that the list does not have is as good as none.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub(crate) struct Settings {
    /// The kind of new keys, an id of the form for a new key.
    pub(crate) key: String,
    /// How many days a certificate is valid that a key signs itself or issues.
    pub(crate) days: u32,
    /// What new certificates are for: `client`, `server` or `both`.
    pub(crate) purpose: String,
    /// By what name a preferred signature algorithm is known: `384`, `512` or `PSS`; empty for the usual one of the key.
    pub(crate) signature: String,
    /// The rules for aliases of new keystores.
    pub(crate) profile: String,
    /// What expires within so many days is warned of.
    pub(crate) warn_days: u32,
    /// What expires within so many days is worth a look.
    pub(crate) ahead_days: u32,
    /// `en`, `de`, or as the browser.
    pub(crate) language: String,
    /// `light`, `dark`, or as the system.
    pub(crate) theme: String,
    /// After so many seconds without activity the kept keystore is locked; 0 is never.
    pub(crate) lock_seconds: u32,
    /// Whether single letters do something.
    pub(crate) letters: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            key: "ec_p256".into(),
            days: 365,
            purpose: "client".into(),
            signature: String::new(),
            profile: "none".into(),
            warn_days: 30,
            ahead_days: 90,
            language: "system".into(),
            theme: "system".into(),
            lock_seconds: 15 * 60,
            letters: true,
        }
    }
}

/// Themes: id, name (marked), icon.
pub(crate) const THEMES: [(&str, &str, &str); 3] = [
    ("system", mark!("As the system"), "theme"),
    ("light", mark!("Light"), "sun"),
    ("dark", mark!("Dark"), "moon"),
];

impl Settings {
    /// Those of an action's keys that do something: single letters can be switched off.
    pub(crate) fn shown_keys(&self, keys: &'static str) -> &'static str {
        if self.letters || keys.len() != 1 { keys } else { "" }
    }

    /// What the theme is called.
    pub(crate) fn theme_name(&self) -> &'static str {
        THEMES.iter().find(|(id, ..)| *id == self.theme).map_or("", |(_, name, _)| text(name))
    }
}

thread_local! {
    static CURRENT: RefCell<Rc<Settings>> = RefCell::default();
}

/// The settings as they are now.
pub(crate) fn current() -> Rc<Settings> {
    CURRENT.with_borrow(Rc::clone)
}

/// Reads what lies in local storage, at the beginning and whenever another tab has changed it.
pub(crate) fn load() {
    apply(browser::setting(NAME).map(|text| read(&text)).unwrap_or_default());
}

impl App {
    /// Changes settings, here and in other tabs.
    pub(crate) fn set(&self, change: impl FnOnce(&mut Settings)) {
        let mut new = (*current()).clone();
        change(&mut new);
        browser::set_setting(NAME, &message::to_json(&new));
        apply(new);
        self.dispatch(Action::Settings);
        language::follow(self);
    }
}

fn apply(settings: Settings) {
    if let Some(root) = browser::document().document_element() {
        // Fails only for a name that is none.
        let _ = root.set_attribute("data-theme", &settings.theme);
    }
    CURRENT.set(Rc::new(settings));
}

/// Reads field by field: a message of the worker's can be trusted to be whole, this cannot.
fn read(text: &str) -> Settings {
    let usual = Settings::default();
    let Ok(value) = JSON::parse(text) else { return usual };
    let field = |name: &str| Reflect::get(&value, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
    let name = |name: &str, usual: String| {
        field(name).as_string().filter(|text| text.len() <= LONGEST_NAME).unwrap_or(usual)
    };
    let number = |name: &str, most: u32, usual: u32| match field(name).as_f64() {
        Some(number) if number >= 0.0 && number <= f64::from(most) => number as u32,
        _ => usual,
    };
    Settings {
        key: name("key", usual.key),
        days: number("days", 36_500, usual.days).max(1),
        purpose: name("purpose", usual.purpose),
        signature: name("signature", usual.signature),
        profile: name("profile", usual.profile),
        warn_days: number("warn_days", 3_650, usual.warn_days),
        ahead_days: number("ahead_days", 3_650, usual.ahead_days),
        language: name("language", usual.language),
        theme: name("theme", usual.theme),
        lock_seconds: number("lock_seconds", 86_400, usual.lock_seconds),
        letters: field("letters").as_bool().unwrap_or(usual.letters),
    }
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn what_was_written_is_read_again() {
        let settings = Settings { days: 90, theme: "dark".into(), letters: false, ..Settings::default() };
        assert_eq!(read(&message::to_json(&settings)), settings);
    }

    #[wasm_bindgen_test]
    fn whatever_lies_there_is_no_more_than_the_usual() {
        let long = format!("{{\"theme\":\"{}\"}}", "x".repeat(100_000));
        for text in
            ["", "{", "null", "7", "[]", "\"x\"", "{\"days\":\"x\",\"theme\":{},\"letters\":1}", &long]
        {
            assert_eq!(read(text), Settings::default(), "{text:.40}");
        }
        let odd = read(
            "{\"days\":0,\"warn_days\":-1,\"ahead_days\":1e300,\"lock_seconds\":1.5,\"theme\":\"light\",\"more\":1}",
        );
        assert_eq!(odd, Settings { days: 1, lock_seconds: 1, theme: "light".into(), ..Settings::default() });
    }
}
