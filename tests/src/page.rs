//! The page as its tests see it: elements by their test ids, waited for, clicked and filled in as a user does.

use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use serde_json::{Value, json};

use crate::browser::{Browser, PATIENCE};
use crate::process::wait_until;

/// The key Delete in the WebDriver standard (section 17.4.2).
const DELETE: &str = "\u{E017}";

/// Other keys by their names in the page, and in the WebDriver standard.
const KEYS: [(&str, char); 12] = [
    ("Ctrl", '\u{E009}'),
    ("Shift", '\u{E008}'),
    ("Enter", '\u{E007}'),
    ("Escape", '\u{E00C}'),
    ("Tab", '\u{E004}'),
    ("ArrowUp", '\u{E013}'),
    ("ArrowDown", '\u{E015}'),
    ("Home", '\u{E011}'),
    ("End", '\u{E010}'),
    ("Delete", '\u{E017}'),
    ("F2", '\u{E032}'),
    ("Space", ' '),
];

/// A click by script; the focus goes where a pointer would take it.
const TAP: &str = "
    const over = covers();
    if (over !== null) return `${over.tagName} ${over.className} lies over it`;
    element.closest('button, a, input, summary, [tabindex]')?.focus({ preventScroll: true });
    element.click();";

/// Typing by script.
const PUT: &str = "
    element.focus({ preventScroll: true });
    const kind = element instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(kind.prototype, 'value').set.call(element, text);
    element.dispatchEvent(new InputEvent('input', { bubbles: true }));
    element.dispatchEvent(new Event('change', { bubbles: true }));";

/// A CSS selector for a test id.
pub fn id(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}

/// A CSS selector for a test id with an attribute that has a value.
pub fn id_with(testid: &str, attribute: &str, value: &str) -> String {
    format!("[data-testid=\"{testid}\"][{attribute}=\"{value}\"]")
}

/// What an element is like at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its text, as shown.
    pub text: String,
    attributes: Value,
    /// Whether it is a control that cannot be used.
    pub disabled: bool,
}

impl Seen {
    /// An attribute; empty if there is none.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

impl Browser {
    /// Every element that a selector finds now.
    pub fn see_all(&self, selector: &str) -> Vec<Seen> {
        let found = self.run(
            "return Array.from(document.querySelectorAll(arguments[0])).map((element) => ({
                 text: element.innerText ?? element.textContent,
                 attributes: Object.fromEntries(Array.from(element.attributes, ({ name, value }) => [name, value])),
                 disabled: element.disabled === true,
             }));",
            vec![json!(selector)],
        );
        let read = |element: &Value| Seen {
            text: element["text"].as_str().unwrap_or_default().to_owned(),
            attributes: element["attributes"].clone(),
            disabled: element["disabled"] == true,
        };
        found.as_array().map(|elements| elements.iter().map(read).collect()).unwrap_or_default()
    }

    /// The first element that a selector finds now.
    pub fn see(&self, selector: &str) -> Option<Seen> {
        self.see_all(selector).into_iter().next()
    }

    /// Waits for an element.
    ///
    /// # Panics
    /// If there is none in time; the message says what the page shows instead.
    pub fn wait_for(&self, selector: &str) -> Seen {
        self.wait_for_state(selector, "to be there", PATIENCE, |_| true)
    }

    /// Waits until an element is as wished.
    ///
    /// # Panics
    /// If it is not in time.
    pub fn wait_for_state(
        &self,
        selector: &str,
        what: &str,
        limit: Duration,
        wished: impl Fn(&Seen) -> bool,
    ) -> Seen {
        let begun = Instant::now();
        loop {
            let seen = self.see(selector);
            if let Some(seen) = seen.as_ref().filter(|seen| wished(seen)) {
                return seen.clone();
            }
            if begun.elapsed() > limit {
                let file = self.picture("failure");
                let page = self.run("return document.body.innerText", vec![]);
                panic!(
                    "waited {limit:?} for {selector} {what}; it is {seen:?}; picture: {}; the page says:\n{}",
                    file.display(),
                    page.as_str().unwrap_or_default()
                );
            }
            std::thread::sleep(Duration::from_millis(15));
        }
    }

    /// Waits until no element is found any more.
    pub fn wait_until_gone(&self, selector: &str) {
        self.wait_until_gone_for(selector, PATIENCE);
    }

    /// The same, for as long as that.
    pub fn wait_until_gone_for(&self, selector: &str, patience: Duration) {
        wait_until(&format!("{selector} to go away"), patience, || {
            self.see(selector).is_none().then_some(())
        });
    }

    /// Clicks on an element, once it is there and nothing lies over it.
    pub fn click(&self, selector: &str) {
        if self.is_quick() {
            return self.by_script(selector, "to be clicked on", TAP, "");
        }
        self.wait_until_usable(selector);
        self.on_element(selector, "a click", |browser, element| browser.wait("a click", element.click()));
    }

    /// Replaces what is in a field by typing.
    pub fn fill(&self, selector: &str, text: &str) {
        if self.is_quick() {
            return self.by_script(selector, "to be filled in", PUT, text);
        }
        self.wait_until_usable(selector);
        if self.run("return document.querySelector(arguments[0])?.type", vec![json!(selector)]) == "date" {
            return self.pick_day(selector, text);
        }
        self.on_element(selector, "typing", |browser, element| {
            browser.wait("a click", element.click())?;
            // What is typed takes the place of what is selected.
            browser.run("document.querySelector(arguments[0])?.select()", vec![json!(selector)]);
            browser.wait("typing", element.send_keys(if text.is_empty() { DELETE } else { text }))
        });
        let value = self.run("return document.querySelector(arguments[0])?.value", vec![json!(selector)]);
        // Forms that are done with at once take their fields with them.
        assert!(value.is_null() || value == text, "{selector} holds {value} and not {text:?}");
    }

    /// Sets a day, `YYYY-MM-DD`, as the browser's own picker does: how it is typed depends on the country.
    fn pick_day(&self, selector: &str, day: &str) {
        self.run(
            "const field = document.querySelector(arguments[0]);
             field.focus();
             field.value = arguments[1];
             for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));",
            vec![json!(selector), json!(day)],
        );
    }

    /// Presses keys together, wherever the focus is: `n`, `F2`, `Ctrl+Shift+z`.
    ///
    /// # Panics
    /// If there is no such key.
    pub fn press(&self, keys: &str) {
        let known = |name: &str| KEYS.iter().find(|(known, _)| *known == name).map(|(_, key)| *key);
        let letter = |name: &str| name.chars().next().filter(|_| name.chars().count() == 1);
        let key =
            |name: &str| known(name).or_else(|| letter(name)).unwrap_or_else(|| panic!("no key {name}"));
        let all: Vec<char> = keys.split('+').map(key).collect();
        let mut actions = KeyActions::new("keyboard".into());
        for value in &all {
            actions = actions.then(KeyAction::Down { value: *value });
        }
        for value in all.iter().rev() {
            actions = actions.then(KeyAction::Up { value: *value });
        }
        self.wait("keys", self.client().perform_actions(actions))
            .unwrap_or_else(|error| panic!("{keys}: {error}"));
    }

    /// Types text wherever the focus is.
    pub fn type_text(&self, text: &str) {
        let focused = self.wait("the focus", self.client().active_element()).unwrap();
        self.wait("typing", focused.send_keys(text)).unwrap();
    }

    /// Presses Tab until the focus is on the first thing that a selector finds.
    ///
    /// # Panics
    /// If it does not come there.
    pub fn tab_to(&self, selector: &str) {
        self.wait_for(selector);
        let script = "return document.activeElement === document.querySelector(arguments[0])";
        for _ in 0..200 {
            if self.run(script, vec![json!(selector)]) == true {
                return;
            }
            self.press("Tab");
        }
        panic!("Tab does not lead to {selector}; picture: {}", self.picture("failure").display());
    }

    /// The test id of what has the focus, and its text; both empty if nothing has.
    pub fn focused(&self) -> (String, String) {
        let script =
            "const at = document.activeElement; return [at?.dataset.testid ?? '', at?.innerText ?? ''];";
        let found = self.run(script, vec![]);
        let text = |place: usize| found[place].as_str().unwrap_or_default().to_owned();
        (text(0), text(1))
    }

    /// Chooses an option of a list by its value.
    pub fn choose(&self, selector: &str, value: &str) {
        self.wait_for(&format!("{selector} option[value=\"{value}\"]"));
        self.on_element(selector, "a choice", |browser, element| {
            browser.wait("a choice", element.select_by_value(value))
        });
    }

    /// Makes a check box as wished.
    pub fn check(&self, selector: &str, wished: bool) {
        self.wait_for(selector);
        let is = self.run("return document.querySelector(arguments[0]).checked", vec![json!(selector)]);
        if is != wished {
            self.click(selector);
        }
    }

    /// Gives a file to a file input.
    pub fn choose_file(&self, selector: &str, file: &std::path::Path) {
        let element = self.find(selector).unwrap_or_else(|| panic!("there is no {selector}"));
        self.wait("a file", element.send_keys(file.to_str().unwrap())).unwrap();
    }

    /// Pastes text on an element, as Ctrl-V does: the page gets the event and what it would read from the clipboard.
    pub fn paste(&self, selector: &str, text: &str) {
        self.wait_for(selector);
        self.run(
            "const data = new DataTransfer();
             data.setData('text/plain', arguments[1]);
             const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
             document.querySelector(arguments[0]).dispatchEvent(event);",
            vec![json!(selector), json!(text)],
        );
    }

    /// Moves the pointer to the middle of an element (Chromium).
    pub fn point_at(&self, selector: &str) {
        self.wait_for(selector);
        let middle = self.run(
            "const box = document.querySelector(arguments[0]).getBoundingClientRect();
             return [box.x + Math.min(box.width, 200) / 2, box.y + box.height / 2];",
            vec![json!(selector)],
        );
        let event = json!({ "type": "mouseMoved", "x": middle[0], "y": middle[1] });
        self.devtools("Input.dispatchMouseEvent", event);
    }

    /// Shows the page as it would be printed, or as on the screen (Chromium).
    pub fn as_printed(&self, printed: bool) {
        let media = json!({ "media": if printed { "print" } else { "" } });
        self.devtools("Emulation.setEmulatedMedia", media);
    }

    /// Whether an element takes up room where it is shown.
    pub fn is_shown(&self, selector: &str) -> bool {
        let script = "return document.querySelector(arguments[0])?.getClientRects().length > 0";
        self.run(script, vec![json!(selector)]) == true
    }

    /// Waits until an element is there and can be used, and scrolls as a user does to what the header covers: drivers scroll until it is
    /// in the window, and then wait a second in vain for the header to go away.
    fn wait_until_usable(&self, selector: &str) {
        self.by_script(selector, "to be usable", "", "");
    }

    /// Waits until an element is there and can be used, brings it into view, and does this with it: a script that says why not yet, if it cannot be done.
    fn by_script(&self, selector: &str, what: &str, act: &str, text: &str) {
        let script = format!(
            "const [selector, text] = arguments;
             const element = document.querySelector(selector);
             if (element === null) return 'it is not there';
             if (element.disabled) return 'it is disabled';
             const covers = () => {{
                 const {{ x, y, width, height }} = element.getBoundingClientRect();
                 const top = document.elementFromPoint(x + width / 2, y + height / 2);
                 return element.contains(top) ? null : top ?? document.documentElement;
             }};
             if (covers() !== null) element.scrollIntoView({{ block: 'center', behavior: 'instant' }});
             {act}
             return null;"
        );
        let begun = Instant::now();
        loop {
            let why = self.run(&script, vec![json!(selector), json!(text)]);
            if why.is_null() {
                return;
            }
            if begun.elapsed() > PATIENCE {
                let (file, seen) = (self.picture("failure"), self.see(selector));
                let page = self.run("return document.body.innerText", vec![]);
                panic!(
                    "waited {PATIENCE:?} for {selector} {what}: {why}; it is {seen:?}; picture: {}; the page says:\n{}",
                    file.display(),
                    page.as_str().unwrap_or_default()
                );
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Does something with an element. It is tried again while the page moves: the element was replaced, or a message that
    /// leaves by itself lies over it.
    fn on_element(
        &self,
        selector: &str,
        what: &str,
        act: impl Fn(&Self, &Element) -> Result<(), fantoccini::error::CmdError>,
    ) {
        let begun = Instant::now();
        loop {
            let error = match self.find(selector) {
                Some(element) => match act(self, &element) {
                    Ok(()) => return,
                    Err(error) => error.to_string(),
                },
                None => "it is gone".to_owned(),
            };
            if begun.elapsed() > PATIENCE {
                let file = self.picture("failure");
                panic!("{what} on {selector}: {error}; picture: {}", file.display());
            }
            if error.contains("intercepted") {
                let script = "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' })";
                self.run(script, vec![json!(selector)]);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
