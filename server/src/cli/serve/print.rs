//! Prints the settings that are in force, as a file of settings with a remark where each comes from.
//!
//! Nothing of it is a secret: keys and tokens are in files of their own, and only these files' names are settings.

use std::net::SocketAddr;

use certwright_server::app::Config;
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::settings::{NOT_IN_FILE, variable};

/// Where a value comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum From {
    Flag,
    Environment,
    /// The file's line.
    File(usize),
    Default,
}

/// The text.
pub(super) fn in_force(
    command: &Command,
    matches: &ArgMatches,
    config: &Config,
    listen: SocketAddr,
    from: impl Fn(&str) -> From,
) -> String {
    let exposed = config.is_exposed(listen);
    let whom = if exposed { "Strangers are served" } else { "Only this machine's user is served" };
    let mut lines =
        vec![format!("# {whom}. Files that are named here can be read, and hold what they should.")];
    let config = config.clone().in_force(listen);
    let arguments = command.find_subcommand(super::NAME).into_iter().flat_map(Command::get_arguments);
    for argument in arguments {
        let Some(name) = argument.get_long().filter(|name| !NOT_IN_FILE.contains(name)) else { continue };
        let id = argument.get_id().as_str();
        // What follows from who is served.
        let follows = match id {
            "rate_per_client" => config.rate_per_client.map(|rate| rate.to_string()),
            "max_bytes_per_client_minute" => {
                config.max_bytes_per_client_minute.map(|bytes| bytes.to_string())
            }
            "audit_log" => config.audit.as_ref().map(|log| quoted(&log.to_string())),
            _ => None,
        };
        let source = match from(id) {
            From::Flag => format!("--{name}"),
            From::Environment => variable(name),
            From::File(line) => format!("file, line {line}"),
            From::Default => "default".to_owned(),
        };
        lines.push(match (value(argument, matches), follows) {
            (Some(value), _) | (None, Some(value)) => {
                format!("{:<60} # {source}", format!("{name} = {value}"))
            }
            (None, None) => format!("# {name} is not set"),
        });
    }
    lines.join("\n")
}

/// The value in TOML.
fn value(argument: &Arg, matches: &ArgMatches) -> Option<String> {
    let texts = matches.get_raw(argument.get_id().as_str())?;
    let texts: Vec<String> = texts.map(|text| text.to_string_lossy().into_owned()).collect();
    let written = |text: &String| {
        let is_bare = text == "true"
            || text == "false"
            || text.parse::<u64>().is_ok_and(|number| number.to_string() == *text);
        if is_bare { text.clone() } else { quoted(text) }
    };
    if matches!(argument.get_action(), ArgAction::Append) {
        let items: Vec<String> = texts.iter().map(written).collect();
        return Some(format!("[{}]", items.join(", ")));
    }
    texts.first().map(written)
}

/// A basic string of TOML. Its escapes are those of JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
