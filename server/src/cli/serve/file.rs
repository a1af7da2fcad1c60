//! The file of settings: TOML with the flags' names as keys.
//!
//! A value is a text, a whole number or a truth value, and a list of them where a flag can be given more than once. Refused are unknown keys, tables, and
//! what the flag's own parser refuses; each error names the line and what is allowed. The values become the flags' defaults, so the command line and the
//! environment count more.

use std::error::Error as _;
use std::path::Path;

use clap::{Arg, ArgAction, Command};
use toml::de::{DeTable, DeValue};

use super::settings::NOT_IN_FILE;

/// Longest file, in bytes.
const MAX_FILE: u64 = 1024 * 1024;

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Values(Vec<Value>);

#[derive(Debug)]
struct Value {
    name: String,
    texts: Vec<String>,
    line: usize,
}

impl Values {
    /// The line of a setting, by the identifier of its argument.
    pub(super) fn line(&self, id: &str) -> Option<usize> {
        self.0.iter().find(|value| value.name.replace('-', "_") == id).map(|value| value.line)
    }

    /// Makes the values the defaults of their flags.
    pub(super) fn as_defaults(&self, mut serve: Command) -> Command {
        for value in &self.0 {
            let texts = value.texts.clone();
            serve = serve.mut_arg(value.name.replace('-', "_"), |argument| argument.default_values(texts));
        }
        serve
    }
}

/// Reads the file; an error is a sentence.
pub(super) fn read(path: &Path, command: &Command) -> Result<Values, String> {
    let name = path.display();
    let serve = command.find_subcommand(super::NAME).ok_or("There is no such command.")?;
    let length = std::fs::metadata(path).map(|metadata| metadata.len()).unwrap_or_default();
    if length > MAX_FILE {
        return Err(format!("“{name}” is larger than 1 MiB."));
    }
    let text = std::fs::read_to_string(path).map_err(|error| format!("“{name}” cannot be read: {error}."))?;
    parse(&text, serve).map_err(|(line, wrong)| format!("“{name}”, line {line}: {wrong}."))
}

/// Reads the text; an error is a line's number and a clause.
fn parse(text: &str, serve: &Command) -> Result<Values, (usize, String)> {
    let line_at = |offset: usize| 1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
    let table = DeTable::parse(text).map_err(|error| {
        (line_at(error.span().map_or(0, |span| span.start)), error.message().replace('\n', ", "))
    })?;
    let mut values = Vec::new();
    for (key, value) in table.get_ref() {
        let (name, line) = (key.get_ref().as_ref(), line_at(key.span().start));
        let argument = serve
            .get_arguments()
            .find(|argument| argument.get_long() == Some(name) && !NOT_IN_FILE.contains(&name))
            .ok_or_else(|| (line, unknown(name, serve)))?;
        let is_list = matches!(argument.get_action(), ArgAction::Append);
        let texts = match value.get_ref() {
            DeValue::Array(items) if is_list => {
                let mut texts = Vec::new();
                for item in items {
                    let text = scalar(item.get_ref());
                    texts.push((line_at(item.span().start), text));
                }
                texts
            }
            single => vec![(line_at(value.span().start), scalar(single))],
        };
        let mut read = Vec::new();
        for (line, text) in texts {
            let text = text.ok_or_else(|| (line, format!("{name} is {}", wanted(is_list))))?;
            check(argument, name, &text).map_err(|wrong| (line, wrong))?;
            read.push(text);
        }
        values.push(Value { name: name.to_owned(), texts: read, line });
    }
    Ok(Values(values))
}

/// The text of a value, as the flag would have it.
fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Boolean(truth) => Some(truth.to_string()),
        DeValue::Integer(number) => {
            let digits: String = number.as_str().chars().filter(|c| *c != '_').collect();
            i64::from_str_radix(&digits, number.radix()).ok().map(|number| number.to_string())
        }
        _ => None,
    }
}

fn wanted(is_list: bool) -> &'static str {
    if is_list {
        "a text or number, or a list of them, like [\"one\", \"two\"]"
    } else {
        "a single text, number, true or false"
    }
}

/// Has the flag's own parser look at a value.
fn check(argument: &Arg, name: &str, text: &str) -> Result<(), String> {
    let given = format!("--{name}={text}");
    match Command::new("file").no_binary_name(true).arg(argument).try_get_matches_from([given]) {
        Ok(_) => Ok(()),
        Err(error) => {
            let why = error.source().map_or_else(|| error.kind().to_string(), ToString::to_string);
            Err(format!("{name} cannot be {text:?}; {why}"))
        }
    }
}

fn unknown(name: &str, serve: &Command) -> String {
    let names = serve.get_arguments().filter_map(Arg::get_long).filter(|known| !NOT_IN_FILE.contains(known));
    format!("{name:?} is no setting; allowed are {}", names.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use clap::Args as _;

    use super::super::Settings;
    use super::*;

    fn parse(text: &str) -> Result<Values, (usize, String)> {
        super::parse(text, &Settings::augment_args(Command::new("serve")))
    }

    #[test]
    fn values_become_defaults() {
        let text = "# ours\nlisten = \"0.0.0.0:443\"\nallow = [\n  \"10.0.0.0/8\",\n  \"fd00::/8\",\n]\nmax-probes = 0x20\nrequire-token = true\nallow-port = [443, \"8000-8999\"]\n";
        let values = parse(text).unwrap();
        assert_eq!(
            (values.line("listen"), values.line("max_probes"), values.line("deny")),
            (Some(2), Some(7), None)
        );
        let serve = values.as_defaults(Settings::augment_args(Command::new("serve")));
        let matches = serve.get_matches_from(["serve", "--max-probes", "7"]);
        assert_eq!(matches.get_one::<u32>("max_probes"), Some(&7));
        assert_eq!(matches.get_one::<bool>("require_token"), Some(&true));
        assert_eq!(matches.get_many::<ipnet::IpNet>("allow").unwrap().count(), 2);
        assert_eq!(matches.get_one::<std::net::SocketAddr>("listen").unwrap().port(), 443);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_what_is_allowed() {
        for (text, line, words) in [
            ("\nmax-probe = 3\n", 2, "is no setting; allowed are listen, host, tls-cert"),
            ("max_probes = 3", 1, "is no setting"),
            ("config = \"a\"", 1, "is no setting"),
            ("max-probes = 0", 1, "a whole number from 1 to 256"),
            ("max-probes = -1", 1, "a whole number from 1 to 256"),
            ("max-probes = 1.5", 1, "max-probes is a single text, number"),
            ("max-probes = [3]", 1, "max-probes is a single text, number"),
            ("allow = [\n \"10.0.0.0/8\",\n \"10.0.0.0/99\",\n]", 3, "a range like 10.0.0.0/8"),
            ("allow-host = \"a*b\"", 1, "a host name like erp.example"),
            ("deny-port = [0]", 1, "a port from 1 to 65535"),
            ("require-token = 1", 1, "true or false"),
            ("proxy-header = \"via\"", 1, "x-forwarded-for or forwarded"),
            ("listen = \"localhost\"", 1, "an address with a port"),
            ("[tls]\ncert = \"a\"", 1, "\"tls\" is no setting"),
            ("listen = \"127.0.0.1:1\"\nlisten = \"127.0.0.1:2\"", 2, "duplicate"),
            ("listen = ", 1, ""),
        ] {
            let (found, said) = parse(text).unwrap_err();
            assert_eq!(found, line, "{text}: {said}");
            assert!(said.contains(words), "{text}: {said}");
        }
    }
}
