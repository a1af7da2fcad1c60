//! What `request new`, `certificate new` and `sign` have in common: the key that signs, and what requests and certificates hold.

use std::path::PathBuf;

use certwright_engine::files::{self, ChooseError, RequestWish, Signer, Use, WishedPurpose};
use certwright_protocol::view::CertificateView;
use clap::ValueEnum;

use super::reading::{SourceFile, read_private_password, read_private_passwords};
use super::unix_ms;

/// The key, and what goes into a request or self-signed certificate.
#[derive(Debug, clap::Args)]
pub(super) struct Content {
    /// File with the private key, of any format, mode 0600.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The entry whose key it is, if the file holds several.
    #[arg(long, value_name = "ALIAS")]
    alias: Option<String>,
    /// File whose first line is the key's password, mode 0600. May be repeated.
    #[arg(long, value_name = "F")]
    password_file: Vec<PathBuf>,
    /// Subject, for example "CN=erp.example.com,O=Example GmbH,C=DE" (RFC 4514), or as openssl writes it, "/C=DE/O=Example GmbH/CN=…".
    #[arg(long, value_name = "DN")]
    subject: Option<String>,
    /// Alternative name: erp.example.com, 10.0.0.1, a@example.com, https://…, UPN:user@corp.example. May be repeated, or several
    /// with commas. Without any, a common name that is a host's is taken.
    #[arg(long, value_name = "NAME")]
    san: Vec<String>,
    /// No alternative names at all.
    #[arg(long, conflicts_with = "san")]
    no_san: bool,
    #[command(flatten)]
    usages: Usages,
    /// Signature algorithm, such as sha384, pss-sha256, or a full name; the key's usual one if there is none.
    #[arg(long, value_name = "NAME")]
    signature: Option<String>,
    /// A certificate or signing request, of which everything is taken that is not given otherwise (renewal).
    #[arg(long, value_name = "FILE")]
    like: Option<PathBuf>,
}

/// What a key may be used for.
#[derive(Debug, clap::Args)]
pub(super) struct Usages {
    /// What it is for; a client unless told otherwise.
    #[arg(long, value_enum, value_name = "PURPOSE")]
    purpose: Option<Purpose>,
    /// Key usages in place of the purpose's: digitalSignature, keyEncipherment, …
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    key_usage: Option<Vec<String>>,
    /// Extended key usages in place of the purpose's: clientAuth, serverAuth, …, or identifiers like 1.3.6.1.5.5.7.3.2.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    extended_key_usage: Option<Vec<String>>,
    /// To be a certification authority.
    #[arg(long)]
    ca: bool,
    /// How many authorities may follow below it.
    #[arg(long, value_name = "N", requires = "ca")]
    path_length: Option<u8>,
}

/// Sides of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Purpose {
    /// A TLS client shows who it is.
    Client,
    /// A TLS server shows who it is.
    Server,
    /// Either.
    Both,
}

impl Content {
    /// The key, ready to sign, and the wish without a challenge password.
    pub(super) fn read(self) -> Result<(Signer, RequestWish), String> {
        let signer = signer(&[self.key], self.alias.as_deref(), &self.password_file, Use::Own)?;
        let like = match &self.like {
            Some(path) => {
                let source = SourceFile::read(path)?;
                let passwords = read_private_passwords(&self.password_file)?;
                Some(files::like(&source.input(), &passwords).map_err(|problem| problem.to_line())?)
            }
            None => None,
        };
        let given = self.no_san || !self.san.is_empty();
        let alternative_names = given.then(|| alternative_names(&self.san));
        let Usages { key_usage, extended_key_usage, ca, path_length, .. } = self.usages;
        let wish = RequestWish {
            subject: self.subject,
            alternative_names,
            purpose: self.usages.purpose.map(WishedPurpose::from),
            key_usage: key_usage.map(without_blanks),
            extended_key_usage: extended_key_usage.map(without_blanks),
            is_ca: ca,
            path_length,
            signature: self.signature,
            challenge_password: None,
            like,
        };
        Ok((signer, wish))
    }
}

impl Usages {
    pub(super) fn purpose(&self) -> Option<WishedPurpose> {
        self.purpose.map(WishedPurpose::from)
    }

    pub(super) fn key_usage(&self) -> Option<Vec<String>> {
        self.key_usage.clone().map(without_blanks)
    }

    pub(super) fn extended_key_usage(&self) -> Option<Vec<String>> {
        self.extended_key_usage.clone().map(without_blanks)
    }

    pub(super) fn authority(&self) -> (bool, Option<u8>) {
        (self.ca, self.path_length)
    }
}

impl From<Purpose> for WishedPurpose {
    fn from(purpose: Purpose) -> Self {
        match purpose {
            Purpose::Client => Self::Client,
            Purpose::Server => Self::Server,
            Purpose::Both => Self::Both,
        }
    }
}

/// The key out of files that lie together; those from which a private key is taken have to be their owner's alone.
pub(super) fn signer(
    paths: &[PathBuf],
    alias: Option<&str>,
    password_files: &[PathBuf],
    purpose: Use,
) -> Result<Signer, String> {
    let passwords = read_private_passwords(password_files)?;
    let sources: Vec<SourceFile> =
        paths.iter().map(|path| SourceFile::read(path)).collect::<Result<_, _>>()?;
    let inputs: Vec<_> = sources.iter().map(SourceFile::input).collect();
    let now_ms = unix_ms();
    let gathered = files::gather(&inputs, &passwords, now_ms).map_err(|problem| problem.to_line())?;
    let holding = sources.iter().enumerate().filter(|(number, _)| gathered.holds_key(*number));
    holding.map(|(_, source)| source).try_for_each(SourceFile::check_private)?;
    let names = || paths.iter().map(|path| format!("“{}”", path.display())).collect::<Vec<_>>().join(" and ");
    let verb = if paths.len() == 1 { "holds" } else { "hold" };
    Signer::choose(gathered, alias, purpose, now_ms).map_err(|error| match error {
        ChooseError::Problem(problem) => problem.to_line(),
        ChooseError::NoKey => format!("{} {verb} no private key.", names()),
        ChooseError::Several { aliases } => {
            let aliases: Vec<String> = aliases.iter().map(|alias| format!("“{alias}”")).collect();
            format!("{} {verb} several keys: {}. Choose one by its alias.", names(), aliases.join(", "))
        }
    })
}

/// A challenge password from a file of its owner alone.
pub(super) fn challenge(path: Option<&PathBuf>) -> Result<Option<certwright_protocol::Password>, String> {
    path.map(|path| read_private_password(path)).transpose()
}

/// A certificate in a few lines.
pub(super) fn describe_made(out: &str, certificate: &CertificateView) -> String {
    let mut lines = vec![format!("{out}: certificate")];
    super::inspect::describe_certificate(certificate, &mut lines);
    lines.join("\n")
}

/// Alternative names, also several in one argument as openssl has them: `DNS:a.example,IP:10.0.0.1`. Addresses and names of directories may
/// have commas of their own.
pub(super) fn alternative_names(texts: &[String]) -> Vec<String> {
    let is_one = |text: &str| text.contains("://") || text.to_ascii_lowercase().starts_with("dir");
    let split = |text: &String| -> Vec<String> {
        if is_one(text) { vec![text.clone()] } else { text.split(',').map(str::to_owned).collect() }
    };
    without_blanks(texts.iter().flat_map(split).collect())
}

fn without_blanks(words: Vec<String>) -> Vec<String> {
    words.into_iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternative_names_may_come_together() {
        let texts = ["DNS:a.example, IP:10.0.0.1,", "https://a.example/?x=1,2", "dirName:CN=a,O=b"];
        let names = alternative_names(&texts.map(str::to_owned));
        assert_eq!(names, ["DNS:a.example", "IP:10.0.0.1", "https://a.example/?x=1,2", "dirName:CN=a,O=b"]);
    }
}
