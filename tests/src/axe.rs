//! axe-core in the page: what keeps people from using it, as far as a program finds that. `cargo xtask test` installs the script and says where
//! it lies in `AXE_CORE`.

use std::fmt;

use serde::Deserialize;
use serde_json::json;

use crate::browser::Browser;

/// What axe-core says of colours.
pub const COLOURS: [&str; 2] = ["color-contrast", "link-in-text-block"];
/// The same, and whether a finger hits what is small (WCAG 2.2, 2.5.8), which is not switched on by itself.
pub const COLOURS_AND_SIZES: [&str; 3] = ["color-contrast", "link-in-text-block", "target-size"];

/// A rule that something of the page breaks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Violation {
    /// The rule, such as `color-contrast`.
    pub id: String,
    /// What it asks for.
    pub help: String,
    /// Where: selector, HTML, and what is wrong.
    pub nodes: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.help)?;
        for node in &self.nodes {
            write!(f, "\n      {node}")?;
        }
        Ok(())
    }
}

impl Browser {
    /// What axe-core finds in the page as it is now, by all rules that it has switched on by itself: WCAG 2.2 A and AA, and good practice.
    ///
    /// # Panics
    /// If axe-core is not there or does not run.
    pub fn violations(&self) -> Vec<Violation> {
        self.violations_of(&[])
    }

    /// The same by these rules alone, or by all if there are none.
    ///
    /// # Panics
    /// As [`violations`](Self::violations).
    pub fn violations_of(&self, rules: &[&str]) -> Vec<Violation> {
        if self.run("return typeof axe", vec![]) != "object" {
            let file = std::env::var_os("AXE_CORE")
                .expect("AXE_CORE says where axe-core lies: use `cargo xtask test`");
            let script =
                std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            // WebDriver runs scripts that the page's Content-Security-Policy would not load.
            self.run(&script, vec![]);
        }
        let found = self.run_async(
            "// Colours that change smoothly have changed at once.
             for (const change of document.getAnimations()) {
                 if (change instanceof CSSTransition) change.finish();
             }
             const rules = arguments[0];
             const runOnly = rules.length === 0 ? undefined : { type: 'rule', values: rules };
             const { violations } = await axe.run(document, { resultTypes: ['violations'], runOnly });
             return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) =>
                 `${node.target.join(' ')} ${node.html.slice(0, 160)}: ${node.failureSummary.replace(/\\s+/g, ' ')}`) }));",
            vec![json!(rules)],
        );
        serde_json::from_value(found).expect("axe-core answers with a list")
    }
}
