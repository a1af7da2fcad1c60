//! Pictures with names, what is wrong in them as far as a program sees it, and the page that shows them all.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;

use base64ct::{Base64, Encoding};
use certwright_tests::axe::COLOURS_AND_SIZES;
use certwright_tests::browser::Browser;
use certwright_tests::process::target;
use certwright_tests::texts::Catalogue;
use serde_json::{Value, json};

/// A window and a theme.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) width: u32,
    pub(crate) dark: bool,
}

/// All looks, in the order in which they are taken.
pub(crate) const ALL: [Look; 4] = [
    Look { width: 400, dark: false },
    Look { width: 400, dark: true },
    Look { width: 1280, dark: true },
    Look { width: 1280, dark: false },
];
/// Light alone.
pub(crate) const LIGHT: [Look; 2] = [Look { width: 400, dark: false }, Look { width: 1280, dark: false }];

/// The least and the greatest height of a picture.
const HEIGHTS: (u32, u32) = (900, 2000);

/// The window in which the walk goes on: little has to be scrolled to.
const WORKING: (u32, u32) = (1280, 1400);

/// Nothing moves or fades while pictures are taken.
pub(crate) const QUIET: &str = "
    const still = new CSSStyleSheet();
    still.replaceSync('*, *::before, *::after { transition: none !important; animation-duration: 0s !important; caret-color: transparent !important }');
    document.adoptedStyleSheets = [still];";

/// How high the window has to be for all that is there, also for what scrolls inside of it.
const HEIGHT: &str = "
    const within = [...document.querySelectorAll('.pane, .probe-form')].map((pane) => pane.getBoundingClientRect().top + scrollY + pane.scrollHeight + 24);
    return Math.ceil(Math.max(document.documentElement.scrollHeight, ...within));";

/// A message of TLS, in the picture of a handshake, is called so in German, too.
const NAME: &str = "Certificate";

/// What is wrong with the page as it is, each in a sentence.
const WRONG: &str = "
    const found = [];
    const called = (element) => {
        const named = element.closest('[data-testid]');
        return `${named?.dataset.testid ?? ''} <${element.tagName.toLowerCase()} class=\"${element.className?.baseVal ?? element.className}\"> “${(element.innerText ?? '').trim().slice(0, 60)}”`;
    };
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over > 0) {
        const wide = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
        found.push(`${over} pixels wider than the window: ${wide.slice(-3).map(called).join(', ')}`);
    }
    const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.clientWidth > 1;
    for (const control of document.querySelectorAll('button, a.button, label.button, summary, .badge, .chip, .state-chip')) {
        if (!shown(control)) continue;
        for (const part of [control, ...control.querySelectorAll(':not(svg, svg *)')]) {
            if (!shown(part) || getComputedStyle(part).display === 'inline') continue;
            // What was cut on purpose is told by a title.
            if (part.scrollWidth > part.clientWidth + 1 && !part.closest('[title]')) found.push(`cut: ${called(part)}`);
        }
    }
    for (const box of document.body.querySelectorAll('*')) {
        const style = getComputedStyle(box);
        // What has a clip path is there for screen readers alone.
        if (!['clip', 'hidden'].includes(style.overflowX) || style.clipPath !== 'none' || style.textOverflow === 'ellipsis' || !shown(box)) continue;
        if (box.scrollWidth > box.clientWidth + 1) found.push(`cut at the side: ${called(box)}`);
    }
    const ruler = document.createElement('canvas').getContext('2d');
    for (const select of document.querySelectorAll('select')) {
        if (!shown(select)) continue;
        const style = getComputedStyle(select);
        ruler.font = style.font;
        const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 16;
        const text = select.selectedOptions[0]?.text ?? '';
        const wanted = ruler.measureText(text).width;
        if (wanted > room) found.push(`cut by ${Math.ceil(wanted - room)}: ${select.dataset.testid} “${text}”`);
    }
    return found;";

/// What was taken on one walk.
pub(crate) struct Album {
    language: &'static str,
    looks: &'static [Look],
    catalogue: Option<Catalogue>,
    chapter: Cell<&'static str>,
    /// Chapter and name of each state.
    states: RefCell<Vec<(&'static str, String)>>,
    findings: RefCell<BTreeSet<String>>,
}

impl Album {
    pub(crate) fn new(language: &'static str, looks: &'static [Look]) -> Self {
        Self {
            language,
            looks,
            catalogue: (language == "de").then(Catalogue::english),
            chapter: Cell::new(""),
            states: RefCell::default(),
            findings: RefCell::default(),
        }
    }

    /// A new chapter begins.
    pub(crate) fn begin(&self, chapter: &'static str) {
        self.chapter.set(chapter);
    }

    /// Prepares a page that was opened just now.
    pub(crate) fn quiet(&self, browser: &Browser) {
        browser.run(QUIET, vec![]);
        browser.resize(WORKING.0, WORKING.1);
        // As on a phone, where they lie over the page.
        browser.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": true }));
    }

    /// Takes the pictures of the page as it is now, and looks for what is wrong. Afterwards the window is wide and light.
    pub(crate) fn show(&self, browser: &Browser, name: &str) {
        self.states.borrow_mut().push((self.chapter.get(), name.to_owned()));
        for (place, look) in self.looks.iter().enumerate() {
            browser.prefer_dark(look.dark);
            // Dark and light take the same room.
            if place == 0 || self.looks[place - 1].width != look.width {
                browser.resize(look.width, HEIGHTS.0);
                drawn(browser);
                let height =
                    browser.run(HEIGHT, vec![]).as_u64().and_then(|height| u32::try_from(height).ok());
                browser.resize(look.width, height.unwrap_or_default().clamp(HEIGHTS.0, HEIGHTS.1));
                drawn(browser);
                let state = format!("{name}, {}", look.width);
                self.look_for_faults(browser, &state);
                self.look_for_barriers(
                    browser,
                    &state,
                    if look.width == 400 { &COLOURS_AND_SIZES } else { &[] },
                );
            } else {
                drawn(browser);
            }
            let picture = capture(browser, "png");
            std::fs::write(folder().join(file(name, self.language, *look)), picture).unwrap();
        }
        browser.resize(WORKING.0, WORKING.1);
        // Clicks go astray while the window still changes.
        drawn(browser);
        self.look_for_english(browser, name);
        self.look_at_console(browser, name);
    }

    /// One picture of the page as it is now, in the window that it has.
    pub(crate) fn show_at(&self, browser: &Browser, name: &str, look: Look) {
        self.states.borrow_mut().push((self.chapter.get(), name.to_owned()));
        browser.prefer_dark(look.dark);
        drawn(browser);
        let state = format!("{name}, {}", look.width);
        self.look_for_faults(browser, &state);
        self.look_for_barriers(browser, &state, &[]);
        std::fs::write(folder().join(file(name, self.language, look)), capture(browser, "png")).unwrap();
        self.look_for_english(browser, name);
    }

    fn look_for_faults(&self, browser: &Browser, state: &str) {
        for fault in texts(&browser.run(WRONG, vec![])) {
            self.tell(state, &fault);
        }
    }

    /// What axe-core finds, on the walk that takes fewer pictures. The other themes and sizes of the pages are asked for by the test `accessible`.
    fn look_for_barriers(&self, browser: &Browser, state: &str, rules: &[&str]) {
        if self.looks.len() < ALL.len() {
            for violation in browser.violations_of(rules) {
                self.tell(state, &violation.to_string());
            }
        }
    }

    fn look_for_english(&self, browser: &Browser, state: &str) {
        let Some(catalogue) = &self.catalogue else { return };
        for text in catalogue.found_on(browser).into_iter().filter(|text| text != NAME) {
            self.tell(state, &format!("English: “{text}”"));
        }
    }

    /// Errors in the console are faults of the page, wherever they come from.
    pub(crate) fn look_at_console(&self, browser: &Browser, state: &str) {
        for line in browser.console() {
            // The server goes on purpose, in the end.
            if line.starts_with("SEVERE") && !line.contains("ERR_CONNECTION_REFUSED") {
                self.tell(state, &line);
            }
        }
    }

    /// Notes as a finding what is not so.
    pub(crate) fn expect(&self, holds: bool, otherwise: &str) {
        if !holds {
            self.tell(self.chapter.get(), otherwise);
        }
    }

    fn tell(&self, state: &str, fault: &str) {
        let finding = format!("{} · {state}: {fault}", self.language);
        if self.findings.borrow_mut().insert(finding.clone()) {
            println!("      {finding}");
        }
    }

    pub(crate) fn findings(&self) -> Vec<String> {
        self.findings.borrow().iter().cloned().collect()
    }
}

/// Waits until what was changed is on the screen.
fn drawn(browser: &Browser) {
    browser.run_async(
        "await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
         // What is drawn for a width is drawn anew after the first frame.
         await new Promise((go) => setTimeout(go, 40)); return true;",
        vec![],
    );
}

/// The window as a picture.
pub(crate) fn capture(browser: &Browser, format: &str) -> Vec<u8> {
    let wanted = match format {
        "png" => json!({ "format": "png", "optimizeForSpeed": true }),
        _ => json!({ "format": format, "quality": 90 }),
    };
    let taken = browser.devtools("Page.captureScreenshot", wanted);
    Base64::decode_vec(taken["data"].as_str().unwrap()).unwrap()
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

fn folder() -> PathBuf {
    target().join("screenshots").join("gallery")
}

fn file(name: &str, language: &str, look: Look) -> String {
    let shade = if look.dark { "dark" } else { "light" };
    format!("{name}-{language}-{}-{shade}.png", look.width)
}

/// Throws the pictures of an earlier run away.
pub(crate) fn empty() {
    let _ = std::fs::remove_dir_all(folder());
    std::fs::create_dir_all(folder()).unwrap();
}

/// Writes the page that shows all pictures; returns it.
pub(crate) fn bind(albums: &[Album]) -> PathBuf {
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Certwright: gallery</title><style>
         body { font: 15px/1.5 system-ui; margin: 24px; background: #ddd } h3 { margin: 28px 0 6px } .row { display: flex; gap: 10px; align-items: start; overflow-x: auto }
         figure { margin: 0 } figcaption { color: #555; font-size: 12px } img { display: block; border: 1px solid #999; max-height: 560px }
        </style><h1>Certwright: gallery</h1>",
    );
    let mut chapter = "";
    let mut seen = BTreeSet::new();
    for (part, state) in albums.iter().flat_map(|album| album.states.borrow().clone()) {
        if !seen.insert(state.clone()) {
            continue;
        }
        if part != chapter {
            chapter = part;
            write!(page, "<h2>{chapter}</h2>").unwrap();
        }
        write!(page, "<h3 id=\"{state}\">{state}</h3><div class=\"row\">").unwrap();
        for album in albums {
            for look in album.looks {
                let file = file(&state, album.language, *look);
                if folder().join(&file).is_file() {
                    write!(page, "<figure><a href=\"{file}\"><img loading=\"lazy\" src=\"{file}\" alt=\"\"></a><figcaption>{file}</figcaption></figure>").unwrap();
                }
            }
        }
        page.push_str("</div>");
    }
    let index = folder().join("index.html");
    std::fs::write(&index, page).unwrap();
    index
}
