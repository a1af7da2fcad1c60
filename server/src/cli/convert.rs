//! `certwright convert`: files of any format into one file of another.

use std::path::PathBuf;
use std::process::ExitCode;

use certwright_engine::files::{self, Converted, Gathered, LeftOut, PasswordRemark, Renamed, Target, Wish};
use certwright_protocol::ui::Pkcs12Target;
use certwright_protocol::view::{EntryKind, FileRemark};
use certwright_protocol::{Password, Problem};
use clap::ValueEnum;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use serde::Serialize;

use super::reading::{SourceFile, read_private_password, read_private_passwords};
use super::writing::{Output, Readers};
use super::{Exit, complain, print, print_json, unix_ms};

/// Convert keys, certificates and keystores of any format into one file.
///
/// Several files become one: keys find their certificates by public key, chains are completed, and a newer certificate for a key is its
/// CA's reply. What the new format cannot hold is left out and said; the status is 1 then.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files to read: PKCS#12, JKS, JCEKS, BKS, UBER, PEM, DER, PKCS#7, keys of any format. With private keys they must have the mode 0600.
    #[arg(required = true, value_name = "IN")]
    files: Vec<PathBuf>,
    /// What to write. PEM holds key and chain in one file.
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Format,
    #[command(flatten)]
    output: Output,
    /// Who has to read a PKCS#12 file.
    #[arg(long, value_enum, value_name = "READER")]
    target: Option<Reader>,
    /// File whose first line is a password of the input, mode 0600. Repeat it for files or entries that have others.
    #[arg(long, value_name = "F")]
    password_file: Vec<PathBuf>,
    /// File whose first line is the password of the output, mode 0600; without it the output has the password of the input.
    #[arg(long, value_name = "F")]
    out_password_file: Option<PathBuf>,
    /// Write private keys of a PEM file in clear, although the input has a password.
    #[arg(long, conflicts_with = "out_password_file")]
    plain: bool,
    /// Take this entry alone. May be repeated; the order counts.
    #[arg(long, value_name = "ALIAS")]
    alias: Vec<String>,
    /// Alias of the output's entry, if it is one.
    #[arg(long, value_name = "ALIAS")]
    name: Option<String>,
    /// Print what was done as JSON (see docs/json.md).
    #[arg(long)]
    json: bool,
}

/// Formats that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Pkcs12,
    Jks,
    Jceks,
    Pkcs7,
    Pem,
}

/// Readers of PKCS#12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Reader {
    /// OpenSSL 3, Java 17, Windows Server 2019, browsers of today (the default).
    Modern,
    /// Java 8 before its update 301.
    Java8,
    /// Windows Server 2016 and older.
    #[value(name = "windows-server-2016")]
    WindowsServer2016,
    /// The keychain of macOS.
    Macos,
    /// OpenSSL 1.1.
    Openssl11,
}

/// What `--json` prints.
#[derive(Serialize)]
struct ConvertReport<'a> {
    out: String,
    format: &'static str,
    target: Option<Pkcs12Target>,
    entries: Vec<Entry<'a>>,
    left_out: Vec<Missing<'a>>,
    renamed: Vec<NewName<'a>>,
    remarks: Vec<Odd<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    alias: &'a str,
    kind: EntryKind,
}

#[derive(Serialize)]
struct Missing<'a> {
    alias: Option<&'a str>,
    file: Option<&'a str>,
    problem: &'a Problem,
}

#[derive(Serialize)]
struct NewName<'a> {
    from: &'a str,
    file: &'a str,
    to: &'a str,
}

#[derive(Serialize)]
struct Odd<'a> {
    file: &'a str,
    remark: &'a FileRemark,
}

/// What is told beside the file.
struct Aside {
    renamed: Vec<Renamed>,
    remarks: Vec<(String, FileRemark)>,
    incomplete: bool,
}

impl Arguments {
    /// Converts. If anything of what was chosen is not in the output, the status is 1.
    pub(crate) fn run(self) -> ExitCode {
        let (converted, aside) = match self.convert() {
            Ok(done) => done,
            Err(message) => return complain(message),
        };
        let all = converted.left_out.is_empty() && !aside.incomplete;
        let exit = if all { Exit::Yes } else { Exit::No };
        self.warn(&converted, &aside);
        if self.json {
            print_json(&self.report(&converted, &aside), exit)
        } else {
            print(&self.describe(&converted), exit)
        }
    }

    fn convert(&self) -> Result<(Converted, Aside), String> {
        if self.target.is_some() && self.to != Format::Pkcs12 {
            return Err("--target is about PKCS#12 alone: add --to pkcs12, or leave it out.".into());
        }
        if self.plain && self.to != Format::Pem {
            return Err("--plain is about PEM alone: keystores are always encrypted.".into());
        }
        self.output.check()?;
        let target = self.target();
        let passwords = read_private_passwords(&self.password_file)?;
        let out_password = self.out_password_file.as_deref().map(read_private_password).transpose()?;
        let sources: Vec<SourceFile> =
            self.files.iter().map(|path| SourceFile::read(path)).collect::<Result<_, _>>()?;
        let inputs: Vec<_> = sources.iter().map(SourceFile::input).collect();
        let now_ms = unix_ms();
        let gathered = files::gather(&inputs, &passwords, now_ms).map_err(|problem| problem.to_line())?;
        if files::takes_keys(target) {
            let holding = sources.iter().enumerate().filter(|(number, _)| gathered.holds_key(*number));
            holding.map(|(_, source)| source).try_for_each(SourceFile::check_private)?;
        }
        if self.name.is_some() && self.entries(&gathered) > 1 {
            return Err("--name is for one entry, and there are several: choose one with --alias.".into());
        }
        let password = match out_password {
            Some(password) => Some(password),
            None if self.plain => None,
            None => files::opening_password(&inputs, &passwords).map(|one| Password::new(one.as_str())),
        };
        if password.is_none() && matches!(self.to, Format::Pkcs12 | Format::Jks | Format::Jceks) {
            return Err("A keystore needs a password. Give it with --out-password-file.".into());
        }
        let wish =
            Wish { target, aliases: &self.alias, name: self.name.as_deref(), password: password.as_ref() };
        let mut gathered = gathered;
        let aside = Aside {
            renamed: core::mem::take(&mut gathered.renamed),
            remarks: core::mem::take(&mut gathered.remarks),
            incomplete: gathered.incomplete && self.alias.is_empty(),
        };
        let converted = files::convert(gathered, &wish, now_ms, &mut UnwrapErr(SysRng))
            .map_err(|problem| problem.to_line())?;
        let readers = if converted.holds_key { Readers::Owner } else { Readers::Usual };
        self.output.write(converted.content.as_bytes(), readers)?;
        Ok((converted, aside))
    }

    /// How many entries are chosen, at most.
    fn entries(&self, gathered: &Gathered) -> usize {
        if self.alias.is_empty() { gathered.entries() } else { self.alias.len() }
    }

    fn target(&self) -> Target {
        match self.to {
            Format::Pkcs12 => Target::Pkcs12(self.reader()),
            Format::Jks => Target::Jks,
            Format::Jceks => Target::Jceks,
            Format::Pkcs7 => Target::Pkcs7,
            Format::Pem => Target::Pem,
        }
    }

    fn reader(&self) -> Pkcs12Target {
        match self.target {
            None | Some(Reader::Modern) => Pkcs12Target::Modern,
            Some(Reader::Java8) => Pkcs12Target::Java8,
            Some(Reader::WindowsServer2016) => Pkcs12Target::WindowsServer2016,
            Some(Reader::Macos) => Pkcs12Target::MacOs,
            Some(Reader::Openssl11) => Pkcs12Target::OpenSsl11,
        }
    }

    fn format(&self) -> &'static str {
        match self.to {
            Format::Pkcs12 => "PKCS#12",
            Format::Jks => "JKS",
            Format::Jceks => "JCEKS",
            Format::Pkcs7 => "PKCS#7",
            Format::Pem => "PEM",
        }
    }

    /// Says on standard error what somebody might miss.
    fn warn(&self, converted: &Converted, aside: &Aside) {
        for LeftOut { alias, file, problem } in &converted.left_out {
            let what = match (alias, file) {
                (Some(alias), _) => format!("“{alias}”"),
                (None, Some(file)) => format!("Something in “{file}”"),
                (None, None) => "Something".into(),
            };
            complain(format_args!("{what} is not in “{}”. {}", self.output.name(), problem.to_line()));
        }
        for Renamed { from, file, to } in &aside.renamed {
            complain(format_args!(
                "“{from}” of “{file}” is called “{to}”, since another entry has its alias."
            ));
        }
        for (file, remark) in aside.remarks.iter().filter(|(_, remark)| is_about_content(remark)) {
            let words = remark.explain();
            complain(format_args!("“{file}”: {}. {}", words.title, words.what_happened));
        }
        match converted.password_remark {
            Some(PasswordRemark::JavaTakesAsciiOnly) => {
                complain(
                    "Java before 19 opens PKCS#12 under passwords of plain ASCII letters, digits and signs alone, and will call this one incorrect.",
                );
            }
            Some(PasswordRemark::TooShortForKeytool) => {
                complain("keytool takes passwords of six characters at least; Java itself takes this one.");
            }
            None => {}
        }
    }

    fn report<'a>(&self, converted: &'a Converted, aside: &'a Aside) -> ConvertReport<'a> {
        let left_out = converted.left_out.iter().map(|left| Missing {
            alias: left.alias.as_deref(),
            file: left.file.as_deref(),
            problem: &left.problem,
        });
        let renamed = |one: &'a Renamed| NewName { from: &one.from, file: &one.file, to: &one.to };
        ConvertReport {
            out: self.output.name(),
            format: self.format(),
            target: (self.to == Format::Pkcs12).then(|| self.reader()),
            entries: converted
                .entries
                .iter()
                .map(|entry| Entry { alias: &entry.alias, kind: entry.kind })
                .collect(),
            left_out: left_out.collect(),
            renamed: aside.renamed.iter().map(renamed).collect(),
            remarks: aside.remarks.iter().map(|(file, remark)| Odd { file, remark }).collect(),
        }
    }

    fn describe(&self, converted: &Converted) -> String {
        let entries = &converted.entries;
        let count = if entries.len() == 1 { "1 entry".into() } else { format!("{} entries", entries.len()) };
        let mut lines = vec![format!("{}: {}, {count}", self.output.name(), self.format())];
        for entry in entries {
            let kind = match (entry.kind, self.to) {
                (EntryKind::KeyPair, Format::Pkcs7) => "Certificates of",
                (EntryKind::KeyPair, _) => "Key pair",
                (EntryKind::TrustedCertificate, _) => "Certificate",
                (EntryKind::SecretKey, _) => "Secret key",
            };
            lines.push(format!("  {kind} “{}”", entry.alias));
        }
        if self.to == Format::Pem && converted.holds_key && self.is_plain(converted) {
            lines.push("  The private key is in clear; the file has the mode 0600.".into());
        }
        lines.join("\n")
    }

    fn is_plain(&self, converted: &Converted) -> bool {
        let encrypted = b"-----BEGIN ENCRYPTED PRIVATE KEY-----";
        !converted.content.as_bytes().windows(encrypted.len()).any(|window| window == encrypted)
    }
}

/// Whether a remark is about what is in the output, rather than about how the input was written.
fn is_about_content(remark: &FileRemark) -> bool {
    matches!(
        remark,
        FileRemark::Skipped { .. }
            | FileRemark::UnsupportedPart { .. }
            | FileRemark::EncryptedPartHidden
            | FileRemark::AliasesCollide { .. }
    )
}
