//! Reads a list of hosts: one a line, as people keep them, or CSV.
//!
//! A line is `host`, `host:port`, an address (`https://host/path`, `ldaps://host`), `[IPv6]:port`; or several fields between commas,
//! semicolons or tabs: host, port, what is spoken before TLS, server name. A first line that names the columns (`host`, `port`, `starttls`,
//! `server_name`, in any order, among others) is taken for that. `#` begins a comment, blank lines are skipped. Without a port it is that of
//! the protocol, without both 443; without a protocol it is what is usual on the port. Refused: what is no host, ports that are none, more than
//! [`MAX_HOSTS`] hosts.

use std::collections::HashSet;

use certwright_keystore::keystore::Keystore;
use certwright_protocol::conversation::{StartTls, TypedTarget};
use certwright_protocol::ui::hosts::MAX_HOSTS;
use certwright_protocol::ui::{HostList, HostTarget};

use crate::trust::{host_in_ascii, parse_host};
use certwright_language::t;

/// Lines that are told to be wrong, at most.
const MAX_WRONG: usize = 100;

/// Where the columns stand.
#[derive(Clone, Copy)]
struct Columns {
    host: usize,
    port: Option<usize>,
    starttls: Option<usize>,
    server_name: Option<usize>,
}

impl Columns {
    const USUAL: Self = Self { host: 0, port: Some(1), starttls: Some(2), server_name: Some(3) };

    /// The columns that a header line names; `None` if it is no header. A word alone may be the name of a machine: but for `host`, it is.
    fn of_header(fields: &[String]) -> Option<Self> {
        if let [only] = fields {
            return (only.eq_ignore_ascii_case("host") || only.eq_ignore_ascii_case("hostname"))
                .then_some(Self::USUAL);
        }
        let position = |names: &[&str]| {
            fields.iter().position(|field| {
                let word = field.to_ascii_lowercase().replace([' ', '-'], "_");
                names.contains(&word.as_str())
            })
        };
        Some(Self {
            host: position(&["host", "hostname", "host_name", "server", "target"])?,
            port: position(&["port"]),
            starttls: position(&["starttls", "protocol"]),
            server_name: position(&["server_name", "servername", "sni"]),
        })
    }
}

/// Reads a list. Lines that name no host are told, and do not stop it.
pub fn parse_hosts(text: &str) -> HostList {
    let mut list = HostList::default();
    let mut seen = HashSet::new();
    let mut columns = Columns::USUAL;
    let mut first = true;
    for (line, number) in text.trim_start_matches('\u{feff}').lines().zip(1u32..) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let fields = split_fields(line);
        if std::mem::take(&mut first)
            && let Some(named) = Columns::of_header(&fields)
        {
            columns = named;
            continue;
        }
        match parse_line(&fields, columns, None) {
            Ok(target) if list.hosts.len() >= MAX_HOSTS => {
                let why = t!(
                    "no more than {MAX_HOSTS} hosts are taken; “{host}” and all after it are left out",
                    MAX_HOSTS,
                    host = target.host
                );
                list.wrong.push((number, why));
                break;
            }
            Ok(target) if seen.insert(target.clone()) => list.hosts.push(target),
            Ok(_) => list.repeated += 1,
            Err(why) if list.wrong.len() < MAX_WRONG => list.wrong.push((number, why)),
            Err(_) => {}
        }
    }
    list
}

/// The hosts that the end-entity certificates of a keystore are for: their alternative names of type DNS, without wildcards, and IP
/// addresses, each at the port of HTTPS.
pub fn named_in(keystore: &Keystore) -> HostList {
    let mut list = HostList::default();
    let mut seen = HashSet::new();
    for certificate in keystore.iter().filter_map(|entry| entry.certificate()) {
        for name in certificate.subject_alternative_names() {
            let host = match name.to_string().split_once(':') {
                Some(("DNS" | "IP", host)) => host.to_ascii_lowercase(),
                _ => continue,
            };
            if parse_host(&host).is_some() && seen.insert(host.clone()) && list.hosts.len() < MAX_HOSTS {
                list.hosts.push(HostTarget { host, port: 443, starttls: StartTls::None, server_name: None });
            }
        }
    }
    list
}

/// Reads one host as a line of a list names it. `protocol`, if there is one, is spoken before TLS, whatever the line says; without a port in the
/// line, its port is meant.
///
/// # Errors
/// A text that says what is wrong with the line.
pub fn parse_target(line: &str, protocol: Option<StartTls>) -> Result<HostTarget, String> {
    parse_line(&split_fields(line.trim()), Columns::USUAL, protocol)
}

fn parse_line(fields: &[String], columns: Columns, protocol: Option<StartTls>) -> Result<HostTarget, String> {
    let field = |at: Option<usize>| {
        at.and_then(|at| fields.get(at)).map(|text| text.trim()).filter(|text| !text.is_empty())
    };
    let typed = TypedTarget::read(field(Some(columns.host)).unwrap_or_default());
    if typed.host.is_empty() {
        return Err(t!("there is no host").to_owned());
    }
    let usual = typed.usual();
    if let (Some(scheme), None) = (typed.scheme, usual) {
        return Err(t!("“{scheme}://” is no address of a server that speaks TLS", scheme));
    }
    let (host, server_name) = (typed.host, field(columns.server_name));
    parse_host(host).ok_or_else(|| t!("“{host}” is no host name and no IP address", host))?;
    if let Some(name) = server_name {
        parse_host(name).ok_or_else(|| t!("“{name}” is no server name", name))?;
    }
    let named = field(columns.starttls).map(|word| StartTls::parse(word).ok_or_else(|| none_of_them(word)));
    let protocol = protocol.or(named.transpose()?);
    let port = match field(columns.port).or(typed.port) {
        Some(text) => parse_port(text)?,
        None => match (usual, protocol) {
            (Some((port, _)), _) => port,
            (None, protocol) => protocol.unwrap_or_default().usual_port(),
        },
    };
    let meant = || usual.map_or_else(|| StartTls::usual_on(port), |(_, protocol)| protocol);
    Ok(HostTarget {
        host: host_in_ascii(host),
        port,
        starttls: protocol.unwrap_or_else(meant),
        server_name: server_name.map(host_in_ascii),
    })
}

fn none_of_them(word: &str) -> String {
    let known: Vec<&str> = StartTls::ALL.iter().map(|protocol| protocol.word()).collect();
    t!("“{word}” is none of the protocols before TLS: {known}", word, known = known.join(", "))
}

/// Fields between commas, semicolons or tabs; quotes as in RFC 4180.
fn split_fields(line: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' | ';' | '\t' if !quoted => fields.push(std::mem::take(&mut field)),
            '#' if !quoted && field.ends_with([' ', '\t']) => break,
            c => field.push(c),
        }
    }
    fields.push(field);
    for field in &mut fields {
        *field = field.trim().to_owned();
    }
    fields
}

fn parse_port(text: &str) -> Result<u16, String> {
    match text.parse() {
        Ok(port) if port != 0 => Ok(port),
        _ => Err(t!("“{text}” is no port from 1 to 65535", text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> (String, u16, StartTls, Option<String>) {
        let list = parse_hosts(line);
        assert_eq!((list.hosts.len(), list.wrong.len()), (1, 0), "{line}: {list:?}");
        let target = list.hosts.into_iter().next().unwrap();
        (target.host, target.port, target.starttls, target.server_name)
    }

    #[test]
    fn lines_as_people_write_them() {
        for (line, host, port, starttls) in [
            ("erp.example.com", "erp.example.com", 443, StartTls::None),
            ("erp.example.com:8443  # the new one", "erp.example.com", 8443, StartTls::None),
            ("https://erp.example.com/sap/bc?x=1:2", "erp.example.com", 443, StartTls::None),
            ("ldap://dir.example.com", "dir.example.com", 389, StartTls::Ldap),
            ("mail.example.com:587", "mail.example.com", 587, StartTls::Smtp),
            ("[2001:db8::1]:8443", "2001:db8::1", 8443, StartTls::None),
            ("2001:db8::1", "2001:db8::1", 443, StartTls::None),
            ("10.0.0.1, 5432", "10.0.0.1", 5432, StartTls::Postgres),
            ("mail.example.com;2525;none", "mail.example.com", 2525, StartTls::None),
            ("\"a.example\"\t\"993\"", "a.example", 993, StartTls::None),
            ("mail.example.com,,imap", "mail.example.com", 143, StartTls::Imap),
            ("https://mail.example.com:587", "mail.example.com", 587, StartTls::None),
            ("Müller.example:8443", "xn--mller-kva.example", 8443, StartTls::None),
        ] {
            assert_eq!(one(line), (host.to_owned(), port, starttls, None), "{line}");
        }
        assert_eq!(one("10.0.0.1,443,,a.example").3.as_deref(), Some("a.example"));
    }

    #[test]
    fn one_target_alone() {
        let told = |text: &str, protocol| {
            parse_target(text, protocol).map(|target| (target.host, target.port, target.starttls))
        };
        assert_eq!(told(" host ", None), Ok(("host".into(), 443, StartTls::None)));
        assert_eq!(told("a.example", Some(StartTls::Smtp)), Ok(("a.example".into(), 25, StartTls::Smtp)));
        assert_eq!(
            told("a.example:587", Some(StartTls::None)),
            Ok(("a.example".into(), 587, StartTls::None))
        );
        assert_eq!(
            told("ldap://a.example", Some(StartTls::None)),
            Ok(("a.example".into(), 389, StartTls::None))
        );
        for bad in
            ["", "#", ":443", "a:0", "a:65536", "a:", "a b", "a.example\nb.example", "gopher://a.example"]
        {
            assert!(told(bad, None).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_header_names_the_columns() {
        let list = parse_hosts("\u{feff}Name;Port;Host name\r\nERP;8443;a.example\r\nMail;25;b.example\r\n");
        let told: Vec<_> = list.hosts.iter().map(|t| (t.host.as_str(), t.port, t.starttls)).collect();
        assert_eq!(told, [("a.example", 8443, StartTls::None), ("b.example", 25, StartTls::Smtp)]);
        let hosts =
            |text: &str| parse_hosts(text).hosts.into_iter().map(|t| (t.host, t.port)).collect::<Vec<_>>();
        assert_eq!(hosts("Host\na.example,8443"), [("a.example".to_owned(), 8443)]);
        assert_eq!(hosts("server\nclient:8443"), [("server".to_owned(), 443), ("client".to_owned(), 8443)]);
    }

    #[test]
    fn wrong_lines_are_told_and_the_rest_is_taken() {
        let list = parse_hosts(
            "a.example\n\n# comment\na b\nb.example:0\ngopher://c.example\nd.example,443,telnet\na.example:443\ne.example",
        );
        assert_eq!(
            list.hosts.iter().map(|t| t.host.as_str()).collect::<Vec<_>>(),
            ["a.example", "e.example"]
        );
        assert_eq!(list.wrong.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 5, 6, 7]);
        assert_eq!(list.repeated, 1);
    }

    #[test]
    fn no_more_than_the_limit() {
        let text: String = (0..MAX_HOSTS + 5).map(|n| format!("h{n}.example\n")).collect();
        let list = parse_hosts(&text);
        assert_eq!((list.hosts.len(), list.wrong.len()), (MAX_HOSTS, 1));
    }
}
