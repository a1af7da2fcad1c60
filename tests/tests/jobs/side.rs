//! Somebody who works on one side of a plan: a browser, and what a user does in it with a plan.

use std::cell::RefCell;
use std::path::Path;

use certwright_tests::browser::{Browser, Kind, PATIENCE};
use certwright_tests::flow::{GENERATION, PROBE};
use certwright_tests::page::{Seen, id, id_with};
use certwright_tests::process::wait_until;

pub(crate) struct Side {
    pub(crate) browser: Browser,
    /// What was seen on the way that should not be, each with the state of the page.
    found: RefCell<Vec<String>>,
}

impl Side {
    pub(crate) fn new(browser: Browser) -> Self {
        Self { browser, found: RefCell::default() }
    }

    pub(crate) fn click(&self, selector: &str) {
        self.browser.click(selector);
    }

    /// Goes to the list of plans.
    pub(crate) fn go_to_jobs(&self) {
        self.click(&id("nav-jobs"));
        self.browser.wait_for(&id("jobs-page"));
        if self.browser.see(&id("plan-back")).is_some() {
            self.click(&id("plan-back"));
            self.browser.wait_until_gone(&id("plan"));
        }
    }

    /// Begins a job.
    pub(crate) fn begin(&self, job: &str, called: bool, host: &str) {
        self.go_to_jobs();
        self.click(&id(&format!("begin-{job}")));
        self.browser.wait_for(&id("begin-form"));
        if job != "system_certificate" {
            let side = if called { "begin-server" } else { "begin-client" };
            self.click(&format!("label:has({})", id(side)));
            self.browser.fill(&id("begin-host"), host);
        }
        self.click(&id("begin-submit"));
        self.browser.wait_for(&id("plan"));
    }

    /// How a step stands.
    pub(crate) fn state(&self, step: &str) -> String {
        self.browser.wait_for(&selector(step)).attribute("data-state").to_owned()
    }

    /// Waits until a step stands so.
    pub(crate) fn wait_step(&self, step: &str, state: &str) {
        let is = |seen: &Seen| seen.attribute("data-state") == state;
        self.browser.wait_for_state(&selector(step), &format!("to be {state}"), PROBE, is);
    }

    /// Unfolds a step.
    pub(crate) fn unfold(&self, step: &str) {
        let details = format!("{} > details", selector(step));
        self.browser.wait_for(&details);
        if self.browser.see(&format!("{details}[open]")).is_none() {
            self.click(&format!("{details} > summary"));
            self.browser.wait_for(&format!("{details}[open]"));
        }
    }

    /// Fills in a field, and leaves it.
    pub(crate) fn fill(&self, step: &str, field: &str, value: &str) {
        self.unfold(step);
        let field = format!("{} {}", selector(step), id(&format!("plan-field-{field}")));
        self.browser.fill(&field, value);
        self.browser.run("document.activeElement.blur()", vec![]);
    }

    /// Names both sides, and waits until that is done.
    pub(crate) fn name_sides(&self, client: &str, server: &str) {
        self.fill("sides", "client_name", client);
        self.browser.wait_for_state(&id("plan-title"), "to name the client", PATIENCE, |seen| {
            seen.text.contains(client)
        });
        self.fill("sides", "server_name", server);
        self.wait_step("sides", "done");
    }

    /// Does what a step offers.
    pub(crate) fn act(&self, step: &str, act: &str) {
        self.unfold(step);
        self.click(&format!("{} {}", selector(step), id_with("plan-act", "data-act", act)));
    }

    /// Whether a step offers this and refuses it now, and why.
    pub(crate) fn refused(&self, step: &str, act: &str) -> Option<String> {
        self.unfold(step);
        let refused = format!("{} {}", selector(step), id_with("plan-refused", "data-act", act));
        self.browser.see(&refused).map(|seen| seen.text)
    }

    /// Gives files to a step.
    pub(crate) fn give(&self, step: &str, act: &str, file: &Path) {
        self.unfold(step);
        let input =
            format!("{} {} {}", selector(step), id_with("plan-files", "data-act", act), id("plan-file"));
        self.browser.wait_for(&input);
        self.browser.choose_file(&input, file);
    }

    /// Drops a file on the page, and gives it to what a step offers for it.
    pub(crate) fn drop_for(&self, act: &str, file: &Path) {
        let content = std::fs::read(file).unwrap();
        self.browser.drop_files(&[(file.file_name().unwrap().to_str().unwrap(), &content)]);
        self.click(&format!("{} {}", id("jobs-incoming"), id_with("incoming-act", "data-act", act)));
        self.browser.wait_until_gone(&id("jobs-incoming"));
    }

    /// Waits until a step says something in that tone that holds these words.
    pub(crate) fn wait_finding(&self, step: &str, tone: &str, words: &str) {
        self.unfold(step);
        let selector = format!("{} {}", selector(step), id_with("plan-finding", "data-tone", tone));
        wait_until(&format!("{step} to say {words:?} as {tone}"), PROBE, || {
            let found = self.browser.see_all(&selector);
            found.iter().any(|finding| finding.text.contains(words)).then_some(())
        });
    }

    /// Probes for a step, and waits for its end.
    pub(crate) fn probe(&self, step: &str, act: &str) {
        self.act(step, act);
        let ended = |seen: &Seen| seen.attribute("data-running") == "false";
        let probe = format!("{} {}", selector(step), id("plan-probe"));
        // A step that is done by it folds up.
        self.browser.wait_for_state(&probe, "to have ended", PROBE, ended);
    }

    /// Takes what a step saves, by the end of its name.
    pub(crate) fn save(&self, step: &str, act: &str, end: &str) -> Vec<u8> {
        self.act(step, act);
        self.take_download(end)
    }

    /// Takes the one download whose name ends so.
    pub(crate) fn take_download(&self, end: &str) -> Vec<u8> {
        let name = wait_until(&format!("a download of {end}"), PATIENCE, || {
            self.browser.downloads().into_iter().find(|name| name.ends_with(end))
        });
        self.browser.take_download(&name)
    }

    /// The plan as a file for the other side.
    pub(crate) fn export(&self) -> Vec<u8> {
        self.click(&id("plan-export"));
        self.take_download(".certwright-plan.json")
    }

    /// Opens a plan that the other side has sent, or the package with it; says whether it was here already.
    pub(crate) fn open_plan(&self, file: &[u8]) -> bool {
        self.go_to_jobs();
        let name =
            if file.starts_with(b"PK") { "package.zip" } else { "from-the-other-side.certwright-plan.json" };
        self.browser.drop_files(&[(name, file)]);
        let found = self.browser.wait_for(&id("found-plan"));
        self.click(&id("found-plan-open"));
        self.browser.wait_for(&id("plan"));
        found.attribute("data-known") == "true"
    }

    /// How a thing is held, in the picture.
    pub(crate) fn holds(&self, side: &str, what: &str) -> String {
        let holding = format!("{}[data-side=\"{side}\"]", id_with("holding", "data-what", what));
        self.browser.wait_for(&holding).attribute("data-state").to_owned()
    }

    /// Makes the key that a step asks for. The page comes back by itself.
    pub(crate) fn make_key(&self, step: &str) {
        self.act(step, "new_key");
        self.browser.wait_for(&id("errand"));
        self.browser.wait_for_state(&id("new-key-alias"), "to be suggested", PATIENCE, |_| true);
        self.click(&format!("label:has({})", id("new-key-choice-ec_p256")));
        self.click(&id("new-key-generate"));
        let is = |seen: &Seen| seen.attribute("data-state") == "done";
        self.browser.wait_for_state(&selector(step), "to have its key", GENERATION, is);
    }

    /// Makes the signing request that a step asks for; returns its PEM, back in the plan.
    pub(crate) fn make_request(&self, step: &str, fields: &[(&str, &str)]) -> String {
        self.act(step, "request");
        self.browser.wait_for(&id("request-form"));
        for (field, value) in fields {
            self.browser.fill(&id(&format!("request-{field}")), value);
        }
        self.click(&id("request-create"));
        self.browser.wait_for(&id("request-result"));
        let script = "return document.querySelector(arguments[0]).textContent";
        let pem =
            self.browser.run(script, vec![id("request-pem").into()]).as_str().unwrap_or_default().to_owned();
        self.browser.close_messages();
        self.click(&id("errand-back"));
        self.browser.wait_for(&id("plan"));
        pem
    }

    /// Has the key of a step sign itself. The page comes back by itself.
    pub(crate) fn self_sign(&self, step: &str, common_name: &str) {
        self.act(step, "self_sign");
        self.browser.wait_for(&id("self-sign-form"));
        self.browser.wait_for(&id("errand"));
        self.browser.fill(&id("request-cn"), common_name);
        self.click(&id("self-sign-create"));
        self.browser.wait_for(&id("plan"));
    }

    /// Imports the authority's reply, by the step's act. The page comes back by itself.
    pub(crate) fn import(&self, step: &str, act: &str, file: &Path) {
        self.act(step, act);
        self.browser.choose_file(&id("file-input"), file);
        self.browser.looked();
        self.browser.wait_for(&id("errand"));
        self.click(&id("import-confirm"));
        self.browser.wait_for(&id("plan"));
    }

    /// Pictures of the page as it is, in Chromium: narrow and dark, wide and light. Each is looked at closely: axe-core finds nothing, nothing sticks out at
    /// the side, all of it is reached with the keyboard, and on a very wide screen lines stay short.
    pub(crate) fn pictures(&self, name: &str) {
        if self.browser.kind() == Kind::Firefox {
            return;
        }
        self.browser.close_messages();
        let mut found = self.found.borrow_mut();
        for (width, dark) in [(400, true), (1280, false)] {
            self.browser.resize(width, 1500);
            self.browser.prefer_dark(dark);
            self.browser.run("scrollTo(0, 0)", vec![]);
            let over = self.browser.run("return document.documentElement.scrollWidth - innerWidth", vec![]);
            if over.as_i64().unwrap_or_default() > 0 {
                found.push(format!("{name} is {over} pixels too wide at {width}"));
            }
            let violations = self.browser.violations();
            found.extend(violations.iter().map(|violation| format!("{name} at {width}: {violation}")));
            self.browser.picture(&format!("jobs-{name}-{width}"));
        }
        found.extend(self.browser.unreachable().iter().map(|what| format!("{name}: {what}")));
        self.browser.resize(3840, 2000);
        found.extend(self.browser.long_lines().iter().map(|what| format!("{name}: {what}")));
        self.browser.resize(1280, 900);
    }

    /// Tells all that was seen on the way, and the errors of the page.
    pub(crate) fn nothing_is_wrong(&self) {
        let found = self.found.borrow();
        assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
        assert_eq!(self.browser.errors(), Vec::<String>::new());
    }
}

/// The selector of a step.
pub(crate) fn selector(step: &str) -> String {
    id_with("plan-step", "data-step", step)
}
