//! What can be reached with the keyboard alone, and how far lines run on very wide screens: two things that axe-core does not look at.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use serde_json::{Value, json};

use crate::browser::Browser;

/// Tab in the WebDriver standard (section 17.4.2).
const TAB: char = '\u{E004}';

/// Widest line of text that is still read with ease on a screen, in CSS pixels; a table may be as wide as the page.
const WIDEST_LINE: u32 = 1100;
const WIDEST_TABLE: u32 = 1600;

/// Notes what gets the focus; says what should.
const BEGIN: &str = "
    const name = (element) => `${element.tagName.toLowerCase()} ${element.dataset.testid ?? element.className} ${(element.innerText ?? '').slice(0, 40)}`.trim();
    const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
    const isChosen = (element) => element.type !== 'radio' || element.checked
        || !document.querySelector(`input[type=radio][name='${element.name}']:checked`);
    const wanted = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter((element) =>
        !element.disabled && element.tabIndex >= 0 && shown(element) && isChosen(element) && element.closest('[inert]') === null);
    // A link whose row is clicked, or a field whose label is drawn as a button, is marked there.
    const around = (element) => {
        const all = [element, ...(element.labels ?? []), element.nextElementSibling].filter(Boolean);
        for (let one = element.parentElement; one !== null && all.length < 6; one = one.parentElement) all.push(one);
        return all;
    };
    const reached = new Set(), unmarked = new Set(), covered = new Set();
    const marked = (element) => around(element).some((one) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
        return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || (one.matches(':focus-within') && boxShadow !== 'none');
    });
    const isCovered = (element) => {
        const drawn = [element, ...(element.labels ?? [])].find((one) => one.getBoundingClientRect().width > 2);
        if (drawn === undefined) return true;
        const { x, y, width, height } = drawn.getBoundingClientRect();
        const left = Math.max(x, 0), right = Math.min(x + width, innerWidth), top = Math.max(y, 0), bottom = Math.min(y + height, innerHeight);
        if (right - left < 2 || bottom - top < 2) return true;
        const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return at !== null && !around(element).some((one) => one.contains(at) || at.contains(one));
    };
    const took = ({ target }) => { reached.add(target); if (!marked(target)) unmarked.add(target); };
    const left = ({ target }) => { if (shown(target) && isCovered(target)) covered.add(target); };
    // What had the focus before may lie outside of what is seen now.
    document.activeElement?.blur();
    addEventListener('focusin', took);
    addEventListener('focusout', left);
    window.reach = {
        missing: () => wanted.filter((element) => shown(element) && !reached.has(element)),
        end: () => {
            removeEventListener('focusin', took);
            removeEventListener('focusout', left);
            document.activeElement?.blur();
            const names = (elements) => [...elements].map(name);
            return [names(window.reach.missing()), names(unmarked), names(covered)];
        },
    };
    return wanted.length;";

const LONG_LINES: &str = "
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walker.nextNode()) {
        range.selectNodeContents(walker.currentNode);
        for (const { width } of range.getClientRects())
            if (width > arguments[0]) found.push(`${Math.round(width)} pixels: ${walker.currentNode.data.trim().slice(0, 60)}`);
    }
    for (const table of document.querySelectorAll('table, [role=table], [role=grid]')) {
        const { width } = table.getBoundingClientRect();
        if (width > arguments[1]) found.push(`a table of ${Math.round(width)} pixels: ${table.dataset.testid ?? table.className}`);
    }
    return found;";

impl Browser {
    /// Goes through the whole page with Tab. Everything that can be used has to be reached, its focus has to be seen, and nothing may lie over it. Says
    /// what is otherwise.
    pub fn unreachable(&self) -> Vec<String> {
        let count = self.run(BEGIN, vec![]).as_u64().unwrap_or_default();
        // The focus begins where it was last, and comes round at the end of the page.
        for _ in 0..3 {
            let mut keys = KeyActions::new("keyboard".into());
            for _ in 0..count + 3 {
                keys = keys.then(KeyAction::Down { value: TAB }).then(KeyAction::Up { value: TAB });
            }
            self.wait("Tab", self.client().perform_actions(keys))
                .unwrap_or_else(|error| panic!("Tab: {error}"));
            if self.run("return window.reach.missing().length", vec![]) == 0 {
                break;
            }
        }
        let found = self.run("return window.reach.end()", vec![]);
        let list = |place: usize| found[place].as_array().cloned().unwrap_or_default();
        let tell =
            |what: &'static str| move |name: Value| format!("{what}: {}", name.as_str().unwrap_or_default());
        let mut told: Vec<String> = list(0).into_iter().map(tell("not reached with Tab")).collect();
        told.extend(list(1).into_iter().map(tell("its focus is not seen")));
        told.extend(list(2).into_iter().map(tell("covered while it has the focus")));
        told
    }

    /// Lines and tables that are too long for the eye, with their lengths.
    pub fn long_lines(&self) -> Vec<String> {
        let found = self.run(LONG_LINES, vec![json!(WIDEST_LINE), json!(WIDEST_TABLE)]);
        found
            .as_array()
            .into_iter()
            .flatten()
            .map(|line| line.as_str().unwrap_or_default().to_owned())
            .collect()
    }
}
