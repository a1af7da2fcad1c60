//! What a user does with the page, in the words of the user: make a key, make a request, import a reply, probe.

use std::path::Path;
use std::time::Duration;

use crate::browser::{Browser, PATIENCE};
use crate::page::{Seen, id, id_with};
use crate::process::wait_until;

/// How long a key generation may take: RSA is a matter of luck, and the machine may be busy.
pub const GENERATION: Duration = Duration::from_secs(120);

/// How long a probe may take that runs into the server's time limits.
pub const PROBE: Duration = Duration::from_secs(60);

/// How a probe authenticates.
#[derive(Debug, Clone, Copy)]
pub enum Identity<'a> {
    /// Not at all.
    None,
    /// With an entry.
    Alias(&'a str),
    /// With the first that fits.
    First,
}

/// What the page says of a probe.
#[derive(Debug, Clone)]
pub struct Outcome {
    verdict: Option<Seen>,
    client: Option<Seen>,
    problem: Option<Seen>,
}

impl Outcome {
    /// The verdict's kind; empty if it did not come to a report.
    pub fn verdict(&self) -> &str {
        self.verdict.as_ref().map(|seen| seen.attribute("data-verdict")).unwrap_or_default()
    }

    /// The kind of the failure, or of the problem that kept the probe from a report.
    pub fn failure(&self) -> &str {
        let failure = self.verdict.as_ref().map(|seen| seen.attribute("data-failure"));
        let problem = self.problem.as_ref().map(|seen| seen.attribute("data-kind"));
        failure.or(problem).unwrap_or_default()
    }

    /// An attribute of the element about the client certificate.
    pub fn client(&self, attribute: &str) -> &str {
        self.client.as_ref().map(|seen| seen.attribute(attribute)).unwrap_or_default()
    }

    /// The page's words: what happened, and what to try.
    pub fn words(&self) -> String {
        let texts = [&self.verdict, &self.problem].into_iter().flatten().map(|seen| seen.text.as_str());
        texts.collect::<Vec<_>>().join("\n")
    }
}

/// What a drop of files led to.
#[derive(Debug, Clone)]
pub struct Dropped {
    /// The things that were found.
    pub items: Vec<Seen>,
    /// The problems that are explained, all of them.
    pub problems: Vec<Seen>,
}

impl Dropped {
    /// What importing the first thing would do.
    pub fn proposal(&self) -> &str {
        self.items.first().map(|item| item.attribute("data-proposal")).unwrap_or_default()
    }

    /// The kinds of the problems.
    pub fn problem_kinds(&self) -> Vec<&str> {
        self.problems.iter().map(|problem| problem.attribute("data-kind")).collect()
    }
}

impl Browser {
    /// Opens the page and waits until it can be used.
    pub fn open_page(&self, address: &str) {
        self.open(address);
        self.wait_until_ready();
    }

    /// Waits until the worker has answered.
    pub fn wait_until_ready(&self) {
        let ready = |seen: &Seen| seen.attribute("data-ready") == "true";
        self.wait_for_state(&id("keystore-page"), "to be ready", PATIENCE, ready);
    }

    /// Goes to the keystore, and closes what lies beside the list.
    pub fn go_to_keystore(&self) {
        self.click(&id("nav-keystore"));
        self.wait_for(&id("keystore-page"));
        if self.see(&id("pane-close")).is_some() {
            self.click(&id("pane-close"));
            self.wait_until_gone(&id("pane-close"));
        }
    }

    /// Closes the messages in the corner.
    pub fn close_messages(&self) {
        self.run(
            "document.querySelectorAll(arguments[0]).forEach((button) => button.click())",
            vec![id("toast-close").into()],
        );
        self.wait_until_gone(&id("toast"));
    }

    /// Fills in the form for a new key and starts to make it.
    pub fn begin_key(&self, alias: &str, choice: &str) {
        self.go_to_keystore();
        self.click(&id("new-key"));
        self.fill(&id("new-key-alias"), alias);
        self.click(&format!("label:has({})", id(&format!("new-key-choice-{choice}"))));
        // Where no more than its edge is in sight, chromedriver clicks below the window, on nothing.
        let script = "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' })";
        self.run(script, vec![id("new-key-generate").into()]);
        self.click(&id("new-key-generate"));
    }

    /// Makes a key and waits for it.
    pub fn make_key(&self, alias: &str, choice: &str) {
        self.begin_key(alias, choice);
        let pane = id_with("entry-pane", "data-alias", alias);
        self.wait_for_state(&pane, "to open with the new key", GENERATION, |_| true);
    }

    /// Opens an entry.
    pub fn open_entry(&self, alias: &str) {
        self.go_to_keystore();
        self.click(&format!("{} {}", id_with("entry-row", "data-alias", alias), id("entry-open")));
        self.wait_for(&id_with("entry-pane", "data-alias", alias));
    }

    /// Makes a signing request for an entry; returns its PEM. The result stays open.
    pub fn make_request(&self, alias: &str, fields: &[(&str, &str)], alternative_names: &str) -> String {
        self.open_entry(alias);
        self.click(&id("make-request"));
        self.wait_for(&id("request-form"));
        for (field, value) in fields {
            self.fill(&id(&format!("request-{field}")), value);
        }
        if !alternative_names.is_empty() {
            self.fill(&id("request-san"), alternative_names);
        }
        self.click(&id("request-create"));
        self.wait_for(&id("request-result"));
        // The text as it is, without what layout does to it.
        let script = "return document.querySelector(arguments[0]).textContent";
        self.run(script, vec![id("request-pem").into()]).as_str().unwrap_or_default().to_owned()
    }

    /// Drops files and waits until the page has looked at them.
    pub fn drop_and_look(&self, files: &[(&str, &[u8])]) -> Dropped {
        self.go_to_keystore();
        self.drop_files(files);
        self.looked()
    }

    /// Waits until the page has looked at files.
    pub fn looked(&self) -> Dropped {
        let looked = |seen: &Seen| seen.attribute("data-busy") != "true";
        self.wait_for_state(&id("found-panel"), "to have looked", PATIENCE, looked);
        Dropped {
            items: self.see_all(&id("found-item")),
            problems: self.see_all(&format!("{} {}", id("found-panel"), id("problem"))),
        }
    }

    /// Imports the one thing that was found, and waits for its entry.
    pub fn confirm_import(&self, alias: &str) {
        self.click(&id("import-confirm"));
        self.wait_for(&id_with("entry-pane", "data-alias", alias));
    }

    /// The state of an entry, from its row.
    pub fn entry_state(&self, alias: &str) -> String {
        let row = self.wait_for(&id_with("entry-row", "data-alias", alias));
        row.attribute("data-state").to_owned()
    }

    /// As [`Self::entry_state`], once what lies beside the list is closed.
    pub fn entry_state_after_closing(&self, alias: &str) -> String {
        self.go_to_keystore();
        self.entry_state(alias)
    }

    /// Waits until the keystore has so many entries.
    pub fn wait_for_rows(&self, count: usize) {
        wait_until(&format!("{count} entries"), PATIENCE, || (self.rows().len() == count).then_some(()));
    }

    /// The keystore's rows: alias and state, in order. The same before and after means that nothing has changed.
    pub fn rows(&self) -> Vec<(String, String)> {
        self.click(&id("nav-keystore"));
        self.wait_for(&id("keystore-page"));
        let rows = self.see_all(&id("entry-row"));
        rows.iter()
            .map(|row| (row.attribute("data-alias").to_owned(), row.attribute("data-state").to_owned()))
            .collect()
    }

    /// Puts the keystore on this device, in the form that is open.
    pub fn keep(&self, passphrase: &str) {
        self.fill(&id("keep-passphrase"), passphrase);
        self.fill(&id("keep-passphrase-again"), passphrase);
        self.click(&id("keep-submit"));
        self.wait_for_persistence("kept");
    }

    /// Opens the kept keystore, or tries to.
    pub fn unlock(&self, passphrase: &str) {
        self.fill(&id("unlock-passphrase"), passphrase);
        self.click(&id("unlock-submit"));
    }

    /// Waits until the header says where the keystore lives.
    pub fn wait_for_persistence(&self, state: &str) {
        let limit = Duration::from_secs(60);
        let is = |seen: &Seen| seen.attribute("data-state") == state;
        self.wait_for_state(&id("persistence"), &format!("to say {state}"), limit, is);
    }

    /// Trusts a certificate, by file.
    pub fn trust_file(&self, file: &Path) {
        self.go_to_keystore();
        let before = self.rows();
        self.choose_file(&id("file-input"), file);
        let dropped = self.looked();
        assert_eq!(dropped.proposal(), "trust", "{dropped:?}");
        self.click(&id("import-confirm"));
        self.wait_for(&id("entry-pane"));
        assert_eq!(self.rows().len(), before.len() + 1);
    }

    /// Fills in the form for a probe and starts it.
    pub fn begin_probe(&self, host: &str, port: u16, identity: Identity<'_>, validate: bool) {
        self.click(&id("nav-probe"));
        self.wait_for(&id("probe-page"));
        self.check(&id("probe-validate"), validate);
        self.begin_probe_on_port(host, &port.to_string(), identity);
    }

    /// As [`Self::begin_probe`], with a port as it is typed, and the rest of the form as it is.
    pub fn begin_probe_on_port(&self, host: &str, port: &str, identity: Identity<'_>) {
        self.click(&id("nav-probe"));
        self.fill(&id("probe-host"), host);
        self.fill(&id("probe-port"), port);
        let value = match identity {
            Identity::None => "none".to_owned(),
            Identity::First => "first".to_owned(),
            Identity::Alias(alias) => format!("alias:{alias}"),
        };
        self.choose(&id("probe-auth"), &value);
        self.click(&id("probe-start"));
    }

    /// Probes, and waits for the verdict.
    pub fn probe(&self, host: &str, port: u16, identity: Identity<'_>, validate: bool) -> Outcome {
        self.begin_probe(host, port, identity, validate);
        self.probe_outcome()
    }

    /// Waits for the end of the probe that was started.
    pub fn probe_outcome(&self) -> Outcome {
        let (verdict, problem) = (id("probe-verdict"), format!("{} {}", id("probe-page"), id("problem")));
        self.wait_for_state(&format!("{verdict}, {problem}"), "to tell the verdict", PROBE, |_| true);
        // The last of the report comes with the end of the probe, which goes on after the verdict to find the cause of a failure.
        self.wait_until_gone_for(&id("probe-stop"), PROBE);
        Outcome {
            verdict: self.see(&verdict),
            client: self.see(&id("probe-client-cert")),
            problem: self.see(&problem),
        }
    }
}
