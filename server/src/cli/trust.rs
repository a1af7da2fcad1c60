//! What is trusted, as the command line names it: files, Mozilla's roots as shipped, the operating system's store.

use std::path::PathBuf;

use certwright_engine::files::{self, Passwords};
use certwright_engine::inspect::Trust;

use super::reading::SourceFile;

/// Options about trust.
#[derive(Debug, clap::Args)]
pub(super) struct TrustOptions {
    /// File with trusted certificates, in any form; may be repeated. Nothing else is trusted then, unless it is named too.
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,
    /// Trust Mozilla's roots, the list that Certwright was built with.
    #[arg(long)]
    mozilla: bool,
    /// Trust the roots of this computer's operating system; SSL_CERT_FILE and SSL_CERT_DIR name others, as they do for OpenSSL.
    #[arg(long)]
    system: bool,
}

/// What is trusted where no option says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsaid {
    /// Mozilla's roots.
    Mozilla,
    /// The operating system's.
    System,
}

/// What was chosen.
pub(super) struct Chosen {
    /// Everything but Mozilla's roots.
    pub(super) trust: Trust,
    /// Whether Mozilla's roots are trusted too.
    pub(super) mozilla: bool,
}

impl TrustOptions {
    /// Reads what was chosen; the error is a sentence.
    pub(super) fn read(&self, unsaid: Unsaid, passwords: &Passwords) -> Result<Chosen, String> {
        let nothing = self.trust.is_empty() && !self.mozilla && !self.system;
        let mut called: Vec<String> = Vec::new();
        let mut anchors = Vec::new();
        for path in &self.trust {
            let file = SourceFile::read(path)?;
            let input = file.input();
            anchors.extend(files::anchors(&input, passwords).map_err(|problem| problem.to_line())?);
            called.push(input.name.to_owned());
        }
        if self.system || (nothing && unsaid == Unsaid::System) {
            let found = rustls_native_certs::load_native_certs();
            let roots = files::anchors_from_der(found.certs.iter().map(AsRef::as_ref));
            if roots.is_empty() {
                return Err(no_store(&found.errors));
            }
            anchors.extend(roots);
            called.push("this computer’s store".to_owned());
        }
        let mozilla = self.mozilla || (nothing && unsaid == Unsaid::Mozilla);
        Ok(Chosen { trust: Trust { anchors, known: Vec::new(), called: called.join(" and ") }, mozilla })
    }
}

fn no_store(errors: &[rustls_native_certs::Error]) -> String {
    let why = errors.first().map(|error| format!(" ({error})")).unwrap_or_default();
    format!(
        "This computer's store of trusted roots is empty or cannot be read{why}. Name a file with --trust, or take Mozilla's roots with --mozilla."
    )
}
