//! What a probe is asked to do, on the command line: options to a plan.
//!
//! Refuses passwords in addresses: arguments are seen by everybody on the machine.

use std::net::IpAddr;
use std::path::PathBuf;

use certwright_engine::files::{self, Keystore, Passwords};
use certwright_engine::hosts::plan_for;
use certwright_engine::trust::{Anchor, mozilla};
use certwright_protocol::Password;
use certwright_protocol::conversation::{
    Endpoint, Family, HttpRequest, Offer, Proxy, ProxyCredentials, ProxyKind, ProxyProtocol, Route,
    ServerNameIndication, StartTls, TlsVersion, Versions,
};
use certwright_protocol::suites::{group_name, groups_of};
use certwright_protocol::ui::{Authentication, HostTarget, ProbeExtent, ProbePlan};
use url::Url;

use crate::cli::reading::{SourceFile, read_private_password};
use crate::cli::trust::{TrustOptions, Unsaid};

/// Everything but the target.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    trust: TrustOptions,
    /// File with the client certificate and its chain.
    #[arg(long, value_name = "FILE", requires = "key")]
    cert: Option<PathBuf>,
    /// File with the client certificate's private key (PEM, DER or a keystore), mode 0600.
    #[arg(long, value_name = "FILE", requires = "cert")]
    key: Option<PathBuf>,
    /// File whose first line is the key's password, mode 0600.
    #[arg(long, value_name = "F", requires = "key")]
    password_file: Option<PathBuf>,
    /// Go on with a server that is not trusted, and use the client certificate all the same.
    #[arg(long)]
    no_validate: bool,
    /// What is spoken in clear before TLS: none, auto (what is usual on the port), smtp, lmtp, imap, pop3, ftp, ldap, postgres, mysql,
    /// xmpp-client, xmpp-server, nntp, sieve, irc.
    #[arg(long, value_name = "PROTOCOL", default_value = "auto", value_parser = parse_protocol)]
    starttls: Protocol,
    /// Go through this proxy: http://[USER@]HOST:PORT (CONNECT) or socks5://[USER@]HOST:PORT.
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,
    /// File whose first line is the proxy's password, mode 0600.
    #[arg(long, value_name = "F", requires = "proxy")]
    proxy_password_file: Option<PathBuf>,
    /// Begin with a header of the PROXY protocol, as load balancers send it.
    #[arg(long, value_name = "VERSION", value_parser = parse_proxy_protocol)]
    proxy_protocol: Option<ProxyProtocol>,
    /// Connect to this machine instead; the target still is what is named and judged.
    #[arg(long, value_name = "HOST:PORT", value_parser = parse_endpoint)]
    connect_to: Option<Endpoint>,
    /// The name in Server Name Indication, or none for no such name.
    #[arg(long, value_name = "NAME")]
    servername: Option<String>,
    /// Use IPv4 alone.
    #[arg(short = '4', conflicts_with = "ipv6")]
    ipv4: bool,
    /// Use IPv6 alone.
    #[arg(short = '6')]
    ipv6: bool,
    /// Use this one of the name's addresses.
    #[arg(long, value_name = "IP")]
    address: Option<IpAddr>,
    /// Protocols to offer in ALPN, most wanted first.
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    alpn: Vec<String>,
    /// Key exchange groups to offer, the first one with a key share: X25519MLKEM768, x25519, secp256r1, …
    #[arg(long, value_name = "GROUP,...", value_delimiter = ',', value_parser = parse_group)]
    groups: Vec<u16>,
    /// Offer this version of TLS alone.
    #[arg(long, value_name = "VERSION", value_parser = parse_version)]
    tls: Option<Versions>,
    /// Ask for `HEAD /` in HTTP once TLS stands, and print what is answered.
    #[arg(long, conflicts_with = "no_http")]
    head: bool,
    /// Offer no HTTP in ALPN and send no request. Web servers that refuse a certificate only in HTTP then look as if they accepted it.
    #[arg(long)]
    no_http: bool,
    /// Find out every version, cipher suite and key exchange group that the server speaks, and its habits: some hundred connections.
    #[arg(long)]
    survey: bool,
    /// Find out whether a client certificate is required or only asked for, by one more connection without.
    #[arg(long)]
    demand: bool,
    /// Find out whether the server resumes sessions, by one more connection.
    #[arg(long)]
    resume: bool,
    /// Look at each address of the name in turn.
    #[arg(long, conflicts_with = "address")]
    every_address: bool,
    /// Do not look for the cause of a failure: one connection, and what came of it.
    #[arg(long)]
    no_diagnosis: bool,
    /// If the server refuses the key's signature, sign a second time, in TLS 1.2 and not with RSA-PSS, to find out whether that is why.
    #[arg(long, requires = "key", conflicts_with = "no_diagnosis")]
    sign_again: bool,
}

/// What to speak before TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protocol {
    Auto,
    This(StartTls),
}

/// What probes begin with: good for any target.
pub(crate) struct Chosen {
    pub(crate) keystore: Keystore,
    pub(crate) anchors: Vec<Anchor>,
    protocol: Protocol,
    plan: ProbePlan,
}

impl Chosen {
    /// Whether the cause of a failure is looked for.
    pub(crate) fn set_diagnose(&mut self, diagnose: bool) {
        self.plan.extent.diagnose = diagnose;
    }

    /// The plan for a host of a list. What the command line says of the protocol before TLS holds for all of them.
    pub(crate) fn plan_for(&self, target: &HostTarget) -> ProbePlan {
        let mut plan = plan_for(target, &self.plan);
        if let Some(protocol) = self.protocol() {
            plan.starttls = protocol;
        }
        plan
    }

    /// What the command line says is spoken before TLS.
    pub(crate) fn protocol(&self) -> Option<StartTls> {
        match self.protocol {
            Protocol::Auto => None,
            Protocol::This(protocol) => Some(protocol),
        }
    }
}

impl Options {
    /// Reads the files that are named; the error is a sentence.
    pub(crate) fn read(&self) -> Result<Chosen, String> {
        let chosen = self.trust.read(Unsaid::Mozilla, &Passwords::none())?;
        let mut anchors = chosen.trust.anchors;
        if chosen.mozilla {
            anchors.extend_from_slice(mozilla::anchors());
        }
        let (keystore, authentication) = self.client()?;
        let plan = ProbePlan {
            validate: !self.no_validate,
            authentication,
            route: self.route()?,
            server_name: match self.servername.as_deref() {
                None => ServerNameIndication::Host,
                Some("none" | "") => ServerNameIndication::Absent,
                Some(name) => ServerNameIndication::Name(name.to_owned()),
            },
            versions: self.tls.unwrap_or_default(),
            offer: Offer { alpn: self.alpn.clone(), groups: self.groups.clone(), ..Offer::default() },
            http: match (self.head, self.no_http) {
                (true, _) => HttpRequest::Head,
                (_, true) => HttpRequest::Never,
                _ => HttpRequest::IfCertificateAsked,
            },
            extent: ProbeExtent {
                diagnose: !self.no_diagnosis,
                demand: self.demand,
                resumption: self.resume,
                every_address: self.every_address,
                survey: self.survey,
                sign_again: self.sign_again,
            },
            ..ProbePlan::new(String::new(), 0)
        };
        Ok(Chosen { keystore, anchors, protocol: self.starttls, plan })
    }

    fn client(&self) -> Result<(Keystore, Authentication), String> {
        let (Some(cert), Some(key)) = (&self.cert, &self.key) else {
            return Ok((Keystore::default(), Authentication::None));
        };
        let password = self.password_file.as_deref().map(read_private_password).transpose()?;
        let (cert, key) = (SourceFile::read(cert)?, SourceFile::read(key)?);
        let (cert, input) = (cert.input(), key.input());
        let both = ((cert.name, cert.bytes), (input.name, input.bytes));
        let keystore =
            files::client_keystore(both.0, both.1, password.as_ref()).map_err(|problem| problem.to_line())?;
        key.check_private()?;
        let alias = keystore.iter().next().map(|entry| entry.alias.clone()).unwrap_or_default();
        Ok((keystore, Authentication::Alias { alias }))
    }

    fn route(&self) -> Result<Route, String> {
        let proxy = match &self.proxy {
            None => None,
            Some(text) => {
                let password = self.proxy_password_file.as_deref().map(read_private_password).transpose()?;
                Some(parse_proxy(text, password)?)
            }
        };
        Ok(Route {
            connect_to: self.connect_to.clone(),
            family: match (self.ipv4, self.ipv6) {
                (true, _) => Family::V4,
                (_, true) => Family::V6,
                _ => Family::Any,
            },
            address: self.address,
            proxy,
            proxy_protocol: self.proxy_protocol,
        })
    }
}

fn parse_endpoint(text: &str) -> Result<Endpoint, String> {
    let wrong = || format!("“{text}” is not HOST:PORT. Write it like erp.example.com:443 or [::1]:443.");
    let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
    let port: u16 = port.parse().map_err(|_| wrong())?;
    let host = host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(host);
    if host.is_empty() || port == 0 { Err(wrong()) } else { Ok(Endpoint { host: host.to_owned(), port }) }
}

fn parse_protocol(word: &str) -> Result<Protocol, String> {
    if word.eq_ignore_ascii_case("auto") {
        return Ok(Protocol::Auto);
    }
    let words = StartTls::ALL.map(|protocol| protocol.word().replace('_', "-"));
    let known = || format!("allowed are auto, {}", words.join(", "));
    StartTls::parse(word).map(Protocol::This).ok_or_else(known)
}

fn parse_group(word: &str) -> Result<u16, String> {
    let known = groups_of(TlsVersion::Tls13);
    let found = known.iter().copied().find(|&code| group_name(code).eq_ignore_ascii_case(word));
    found.ok_or_else(|| {
        let names: Vec<String> = known.into_iter().map(group_name).collect();
        format!("known are {}", names.join(", "))
    })
}

fn parse_proxy_protocol(word: &str) -> Result<ProxyProtocol, String> {
    match word {
        "v1" | "1" => Ok(ProxyProtocol::V1),
        "v2" | "2" => Ok(ProxyProtocol::V2),
        _ => Err("allowed are v1 and v2".into()),
    }
}

fn parse_version(word: &str) -> Result<Versions, String> {
    match word {
        "1.2" => Ok(Versions::Tls12),
        "1.3" => Ok(Versions::Tls13),
        _ => Err("allowed are 1.2 and 1.3".into()),
    }
}

fn parse_proxy(text: &str, password: Option<Password>) -> Result<Proxy, String> {
    // The text itself is not repeated: a password may be in it.
    let wrong = || {
        String::from(
            "The proxy's address is not understood. Write it like http://proxy.example:3128 or socks5://user@proxy.example:1080.",
        )
    };
    let url = Url::parse(text).map_err(|_| wrong())?;
    let (kind, usual) = match url.scheme() {
        "http" => (ProxyKind::HttpConnect, 80),
        "socks5" | "socks5h" => (ProxyKind::Socks5, 1080),
        _ => return Err(wrong()),
    };
    if url.password().is_some() {
        return Err("The proxy's password does not belong on the command line, where every user of this computer sees it. Put it in a file, and name that with --proxy-password-file.".into());
    }
    let nothing_else = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    let host = url.host_str().filter(|host| !host.is_empty() && nothing_else).ok_or_else(wrong)?;
    let host = host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(host);
    let user = unescaped(url.username()).ok_or_else(wrong)?;
    let credentials = match (user.is_empty(), password) {
        (true, None) => None,
        (true, Some(_)) => return Err("A password for the proxy needs a user: http://USER@HOST:PORT.".into()),
        (false, password) => {
            Some(ProxyCredentials { user, password: password.unwrap_or_else(|| Password::new("")) })
        }
    };
    Ok(Proxy { kind, host: host.to_owned(), port: url.port().unwrap_or(usual), credentials })
}

/// Takes the percent-encoding (RFC 3986 section 2.1) off.
fn unescaped(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        octets.push(match octet {
            b'%' => {
                let digit = |octet: Option<u8>| (octet? as char).to_digit(16);
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            octet => octet,
        });
    }
    String::from_utf8(octets).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_have_host_and_port() {
        let told = |text| parse_endpoint(text).map(|endpoint| (endpoint.host, endpoint.port));
        assert_eq!(told("a.example:443"), Ok(("a.example".into(), 443)));
        assert_eq!(told("[::1]:8443"), Ok(("::1".into(), 8443)));
        for bad in ["a.example", "a.example:", ":443", "a:0", "a:65536", "https://a.example"] {
            assert!(parse_endpoint(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn protocols_have_words() {
        assert_eq!(parse_protocol("auto"), Ok(Protocol::Auto));
        assert_eq!(parse_protocol("xmpp-client"), Ok(Protocol::This(StartTls::XmppClient)));
        assert!(parse_protocol("gopher").unwrap_err().contains("xmpp-client"));
    }

    #[test]
    fn proxies_are_addresses_without_a_password() {
        let proxy = |text: &str, password: Option<&str>| parse_proxy(text, password.map(Password::new));
        let plain = proxy("http://proxy.example:3128", None).unwrap();
        assert_eq!((plain.kind, plain.port, plain.credentials), (ProxyKind::HttpConnect, 3128, None));
        let socks = proxy("socks5://me%40home@[::1]", Some("x")).unwrap();
        assert_eq!((socks.kind, socks.host.as_str(), socks.port), (ProxyKind::Socks5, "::1", 1080));
        assert_eq!(socks.credentials.unwrap().user, "me@home");
        let refused = proxy("http://me:hunter2@proxy.example:3128", None).unwrap_err();
        assert!(refused.contains("--proxy-password-file") && !refused.contains("hunter2"));
        for bad in ["proxy.example:3128", "ftp://p.example", "http://p.example/x", "http://", ""] {
            assert!(proxy(bad, None).is_err(), "{bad}");
        }
        assert!(proxy("http://p.example", Some("x")).is_err());
    }
}
