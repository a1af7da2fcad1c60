//! The settings of the server: one table from which come the flags, the variables of the environment and the keys of the file.
//!
//! A field of [`Settings`] is a flag (`--max-probes`), a key (`max-probes`) and a variable (`CERTWRIGHT_MAX_PROBES`), read and checked by the same
//! parser. What is given more than once is a list in the file, and has commas between its values in the environment.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use certwright_server::app::Config;
use certwright_server::audit::AuditLog;
use certwright_server::clients::{ProxyHeader, TrustedProxies};
use certwright_server::conversation::Limits;
use certwright_server::policy::{HostPattern, Lists, Ports};
use certwright_server::tls::TlsFiles;
use clap::{ArgAction, Args, Command};
use ipnet::IpNet;

/// Serve the page, and probe and fetch missing certificates for it.
///
/// Bound to loopback, both may go to this machine and to private networks. Bound elsewhere, or with --host or --trusted-proxy, strangers are
/// served: probes and fetches may go to global addresses only, and to what --allow names; fetches then to ports 80 and 443 only; scripts
/// need a token. Cloud metadata services and link-local addresses are always refused.
///
/// Every flag is also a variable of the environment (CERTWRIGHT_MAX_PROBES) and a key of the file that --config names (max-probes); a flag counts more
/// than a variable, and a variable more than the file. docs/serving.md tells all of it. Logs go to standard error; RUST_LOG chooses how much.
#[derive(Debug, Args)]
pub(crate) struct Settings {
    /// File of settings (TOML).
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Print the settings that are in force and where they come from, look at all files that they name, and end.
    #[arg(long)]
    pub(super) check_config: bool,

    /// Address and port to listen on.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8787", value_parser = parse_listen)]
    pub(super) listen: SocketAddr,
    /// Also answer to this host name, as behind a reverse proxy.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    host: Vec<String>,
    /// Certificate chain (PEM) for HTTPS; read again when it changes.
    #[arg(long, value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// Private key (PEM, not encrypted, mode 0600 or 0640) of the certificate.
    #[arg(long, value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// Believe reverse proxies in this range when they name their client.
    #[arg(long, value_name = "CIDR", value_delimiter = ',', value_parser = parse_range)]
    trusted_proxy: Vec<IpNet>,
    /// The field in which trusted proxies name their client: x-forwarded-for or forwarded.
    #[arg(long, value_name = "FIELD", default_value = "x-forwarded-for")]
    proxy_header: ProxyHeader,

    /// File with a line NAME TOKEN for each script that may use the API (mode 0600 or 0640); read again when it changes.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Ask for a token for everything, the page too: where a reverse proxy adds it, or no page is wanted.
    #[arg(long, value_name = "BOOL", action = ArgAction::Set, num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = parse_bool)]
    require_token: bool,

    /// Open this range of addresses to probes and fetches.
    #[arg(long, value_name = "CIDR", value_delimiter = ',', value_parser = parse_range)]
    allow: Vec<IpNet>,
    /// Close this range of addresses, whatever is allowed.
    #[arg(long, value_name = "CIDR", value_delimiter = ',', value_parser = parse_range)]
    deny: Vec<IpNet>,
    /// Let only such host names be asked for (erp.example, *.corp.example), and addresses that --allow names.
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    allow_host: Vec<HostPattern>,
    /// Let such host names not be asked for.
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    deny_host: Vec<HostPattern>,
    /// Let only these ports be connected to (443, 8000-8999).
    #[arg(long, value_name = "PORTS", value_delimiter = ',')]
    allow_port: Vec<Ports>,
    /// Let these ports not be connected to.
    #[arg(long, value_name = "PORTS", value_delimiter = ',')]
    deny_port: Vec<Ports>,

    /// Probes and fetches at a time.
    #[arg(long, value_name = "N", default_value = "64", value_parser = whole::<u32>(1, 256))]
    max_probes: u32,
    /// Probes and fetches at a time for each client address.
    #[arg(long, value_name = "N", default_value = "16", value_parser = whole::<u32>(1, 256))]
    max_probes_per_client: u32,
    /// Probes and fetches that a client may begin in a minute; 0 for as many as it likes. Unless given, 600 where strangers are served.
    #[arg(long, value_name = "N", value_parser = whole::<u32>(0, 1_000_000))]
    rate_per_client: Option<u32>,
    /// Octets that a client's probes and fetches may exchange in a minute; 0 for as many as they like. Unless given, 256 MiB where strangers are served.
    #[arg(long, value_name = "N", value_parser = whole::<u64>(0, 1 << 50))]
    max_bytes_per_client_minute: Option<u64>,
    /// Connections of clients at a time.
    #[arg(long, value_name = "N", default_value = "1024", value_parser = whole::<u32>(1, 65_536))]
    max_connections: u32,
    /// Connections at a time for each client address.
    #[arg(long, value_name = "N", default_value = "256", value_parser = whole::<u32>(1, 65_536))]
    max_connections_per_client: u32,
    /// Seconds that a connection of a probe may take from its beginning to its end.
    #[arg(long, value_name = "N", default_value = "30", value_parser = whole::<u64>(1, 600))]
    probe_seconds: u64,
    /// Connections that one probe may make, one after the other, to find out what it wants to know.
    #[arg(long, value_name = "N", default_value = "400", value_parser = whole::<u32>(1, 10_000))]
    probe_connections: u32,
    /// Seconds that running probes may take to end when the server is told to.
    #[arg(long, value_name = "N", default_value = "5", value_parser = whole::<u64>(0, 3600))]
    drain_seconds: u64,

    /// Where to tell who probed what: stderr, off, or a file (mode 0600, appended to). Unless given, stderr where strangers are served, and off elsewhere.
    #[arg(long, value_name = "WHERE", value_parser = parse_audit_log)]
    audit_log: Option<AuditLog>,
}

impl Settings {
    /// What the server is started with; an error is a sentence.
    pub(super) fn to_config(&self) -> Result<Config, String> {
        let tls = match (&self.tls_cert, &self.tls_key) {
            (Some(cert), Some(key)) => Some(TlsFiles { cert: cert.clone(), key: key.clone() }),
            (None, None) => None,
            (Some(_), None) => return Err("tls-cert needs a tls-key.".into()),
            (None, Some(_)) => return Err("tls-key needs a tls-cert.".into()),
        };
        let defaults = Config::default();
        let probe = Duration::from_secs(self.probe_seconds);
        Ok(Config {
            hosts: self.host.clone(),
            proxies: TrustedProxies { ranges: self.trusted_proxy.clone(), header: self.proxy_header },
            tls,
            token_file: self.token_file.clone(),
            require_token: self.require_token,
            lists: Lists {
                allow: self.allow.clone(),
                deny: self.deny.clone(),
                allow_host: self.allow_host.clone(),
                deny_host: self.deny_host.clone(),
                allow_port: self.allow_port.clone(),
                deny_port: self.deny_port.clone(),
            },
            max_probes: self.max_probes,
            max_probes_per_client: self.max_probes_per_client,
            rate_per_client: self.rate_per_client,
            max_bytes_per_client_minute: self.max_bytes_per_client_minute,
            max_connections: self.max_connections,
            max_connections_per_client: self.max_connections_per_client,
            audit: self.audit_log.clone(),
            drain: Duration::from_secs(self.drain_seconds),
            limits: Limits {
                total: probe,
                conversation: probe.max(defaults.limits.conversation),
                connections: self.probe_connections,
                ..defaults.limits
            },
            fetch: defaults.fetch,
        })
    }
}

/// Settings that are no settings: they cannot stand in the file.
pub(super) const NOT_IN_FILE: [&str; 3] = ["config", "check-config", "help"];

/// Gives every setting its variable of the environment.
pub(super) fn with_environment(serve: Command) -> Command {
    serve.mut_args(|argument| match argument.get_long().map(str::to_owned) {
        Some(name) if name == "config" || !NOT_IN_FILE.contains(&name.as_str()) => {
            argument.env(variable(&name)).hide_env_values(true)
        }
        _ => argument,
    })
}

/// The variable of a setting.
pub(super) fn variable(name: &str) -> String {
    format!("CERTWRIGHT_{}", name.to_ascii_uppercase().replace('-', "_"))
}

fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "allowed is an address with a port, like 127.0.0.1:8787 or [::]:443".into())
}

fn parse_range(text: &str) -> Result<IpNet, String> {
    let range = text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    range.ok_or_else(|| "allowed is a range like 10.0.0.0/8 or fd00::/8, or one address".into())
}

fn parse_bool(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "allowed is true or false".into())
}

fn parse_audit_log(text: &str) -> Result<AuditLog, String> {
    match text {
        "off" => Ok(AuditLog::Off),
        "stderr" => Ok(AuditLog::Stderr),
        "" => Err("allowed is stderr, off, or the name of a file".into()),
        path => Ok(AuditLog::File(path.into())),
    }
}

/// Reads a whole number in these bounds.
fn whole<N: TryFrom<u64>>(least: u64, most: u64) -> impl Fn(&str) -> Result<N, String> + Clone {
    move |text| {
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        number
            .and_then(|number| N::try_from(number).ok())
            .ok_or_else(|| format!("allowed is a whole number from {least} to {most}"))
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, FromArgMatches};

    use super::super::super::Arguments;
    use super::*;

    const MANUAL: &str = include_str!("../../../../docs/serving.md");

    fn serve() -> Command {
        let command = super::super::with_environment(Arguments::command());
        command.find_subcommand("serve").unwrap().clone()
    }

    #[test]
    fn the_manual_tells_every_setting() {
        let serve = serve();
        for argument in serve.get_arguments() {
            let Some(name) = argument.get_long().filter(|name| *name != "help") else { continue };
            assert!(MANUAL.contains(&format!("| `{name}` |")), "docs/serving.md has no row for {name}");
            let default = argument.get_default_values().first().and_then(|value| value.to_str());
            if let Some(default) = default.filter(|_| !NOT_IN_FILE.contains(&name)) {
                let row = MANUAL.lines().find(|line| line.starts_with(&format!("| `{name}` |"))).unwrap();
                assert!(row.contains(&format!("| `{default}` |")), "{row}");
            }
        }
        for row in MANUAL.lines().filter_map(|line| line.strip_prefix("| `")) {
            let name = row.split('`').next().unwrap();
            let known = serve.get_arguments().any(|argument| argument.get_long() == Some(name));
            assert!(known || name.contains("certwright_") || name.starts_with('/'), "{name} is no setting");
        }
    }

    #[test]
    fn every_setting_has_a_variable() {
        let serve = serve();
        let variables: Vec<_> = serve.get_arguments().filter_map(|argument| argument.get_env()).collect();
        assert_eq!(variables.len(), serve.get_arguments().count() - 1, "all but check-config");
        assert!(variables.contains(&std::ffi::OsStr::new("CERTWRIGHT_MAX_BYTES_PER_CLIENT_MINUTE")));
    }

    /// What clap reads without any argument is what tests start servers with.
    #[test]
    fn the_defaults_are_those_of_the_server() {
        let matches = Settings::augment_args(Command::new("serve")).get_matches_from(["serve"]);
        let config = Settings::from_arg_matches(&matches).unwrap().to_config().unwrap();
        let digits_of = |config: &Config| format!("{config:?}").split("meter").next().unwrap().to_owned();
        assert_eq!(digits_of(&config), digits_of(&Config::default()));
    }
}
