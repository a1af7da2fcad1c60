//! Where a probe connects to, on which way, and what it offers there: all that the server has to know for one connection.
//!
//! Every part has a default, so `{"host": "erp.example.com", "port": 443}` is a whole target. The only secret here is the password of a
//! proxy, which has to reach the server that goes through that proxy; it prints as redacted and is in no report.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::Password;
use crate::t;

/// One connection of a probe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Target {
    /// Host name (A-labels) or IP address, without brackets. It is looked up, named in SNI, and what the chain is judged for.
    pub host: String,
    /// TCP port, 1 to 65535.
    pub port: u16,
    /// On which way it is reached.
    #[serde(default, skip_serializing_if = "is_default")]
    pub route: Route,
    /// What is spoken in clear before TLS.
    #[serde(default, skip_serializing_if = "is_default")]
    pub starttls: StartTls,
    /// What Server Name Indication says.
    #[serde(default, skip_serializing_if = "is_default")]
    pub server_name: ServerNameIndication,
    /// Which TLS versions to offer.
    #[serde(default)]
    pub versions: Versions,
    /// What else the ClientHello offers.
    #[serde(default, skip_serializing_if = "is_default")]
    pub offer: Offer,
    /// Whether something is asked in HTTP once TLS stands.
    #[serde(default)]
    pub http: HttpRequest,
    /// Gives the connection up after so many seconds, if that is sooner than the server's own limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patience: Option<u32>,
    /// Whether the messages of the handshake are told one by one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub messages: bool,
}

impl Target {
    /// A target with everything else left to its default.
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self {
            host: host.into(),
            port,
            route: Route::default(),
            starttls: StartTls::None,
            server_name: ServerNameIndication::Host,
            versions: Versions::Both,
            offer: Offer::default(),
            http: HttpRequest::default(),
            patience: None,
            messages: false,
        }
    }

    /// The same without the password of a proxy: what a report may hold.
    #[must_use]
    pub fn without_secrets(&self) -> Self {
        let mut target = self.clone();
        if let Some(proxy) = &mut target.route.proxy {
            proxy.credentials = None;
        }
        target
    }
}

/// On which way a target is reached.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Route {
    /// Connect to this machine instead of the host (which still is what is named and judged).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect_to: Option<Endpoint>,
    /// Which kind of address to use.
    #[serde(skip_serializing_if = "is_default")]
    pub family: Family,
    /// Use this one of the name's addresses alone. Refused if the name service does not answer with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// A proxy in between. The proxy's own address is what the target policy judges, and the target's too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<Proxy>,
    /// A header of the PROXY protocol before everything else, as load balancers send it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_protocol: Option<ProxyProtocol>,
}

/// A machine and a port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Endpoint {
    /// Host name (A-labels) or IP address, without brackets.
    pub host: String,
    /// TCP port, 1 to 65535.
    pub port: u16,
}

/// Which kind of address is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Any, in the name service's order.
    #[default]
    Any,
    /// IPv4 alone.
    V4,
    /// IPv6 alone.
    V6,
}

/// A proxy. It is told the target's name where the server's target policy closes nothing, otherwise the address that was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Proxy {
    /// How it is spoken to.
    pub kind: ProxyKind,
    /// Host name (A-labels) or IP address, without brackets.
    pub host: String,
    /// TCP port, 1 to 65535.
    pub port: u16,
    /// User and password, if it wants them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credentials: Option<ProxyCredentials>,
}

/// Kinds of proxies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProxyKind {
    /// HTTP `CONNECT` (RFC 9110 section 9.3.6), with Basic authentication (RFC 7617).
    HttpConnect,
    /// SOCKS version 5 (RFC 1928), with user name and password (RFC 1929).
    Socks5,
}

/// What a proxy wants to know of its user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProxyCredentials {
    /// User name, up to 255 octets, without colon and control characters.
    pub user: String,
    /// Password, up to 255 octets, without control characters.
    pub password: Password,
}

/// Versions of the PROXY protocol (haproxy's proxy-protocol.txt).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ProxyProtocol {
    /// A line of text.
    V1,
    /// Binary.
    V2,
}

/// What is spoken in clear until TLS begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StartTls {
    /// Nothing: TLS from the first octet.
    #[default]
    None,
    /// SMTP (RFC 3207).
    Smtp,
    /// LMTP (RFC 2033, RFC 3207).
    Lmtp,
    /// IMAP (RFC 9051 section 6.2.1).
    Imap,
    /// POP3 (RFC 2595 section 4).
    Pop3,
    /// FTP (RFC 4217).
    Ftp,
    /// LDAP (RFC 4511 section 4.14).
    Ldap,
    /// PostgreSQL (SSLRequest).
    Postgres,
    /// MySQL and MariaDB (SSLRequest packet).
    Mysql,
    /// XMPP, as a client (RFC 6120 section 5).
    XmppClient,
    /// XMPP, as a server.
    XmppServer,
    /// NNTP (RFC 4642).
    Nntp,
    /// ManageSieve (RFC 5804 section 2.2).
    Sieve,
    /// IRC (IRCv3 `tls`).
    Irc,
}

impl StartTls {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::None,
        Self::Smtp,
        Self::Lmtp,
        Self::Imap,
        Self::Pop3,
        Self::Ftp,
        Self::Ldap,
        Self::Postgres,
        Self::Mysql,
        Self::XmppClient,
        Self::XmppServer,
        Self::Nntp,
        Self::Sieve,
        Self::Irc,
    ];

    /// A short stable word: the same as in JSON and on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Smtp => "smtp",
            Self::Lmtp => "lmtp",
            Self::Imap => "imap",
            Self::Pop3 => "pop3",
            Self::Ftp => "ftp",
            Self::Ldap => "ldap",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::XmppClient => "xmpp_client",
            Self::XmppServer => "xmpp_server",
            Self::Nntp => "nntp",
            Self::Sieve => "sieve",
            Self::Irc => "irc",
        }
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::None => t!("TLS from the start"),
            Self::Smtp => "SMTP",
            Self::Lmtp => "LMTP",
            Self::Imap => "IMAP",
            Self::Pop3 => "POP3",
            Self::Ftp => "FTP",
            Self::Ldap => "LDAP",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => t!("MySQL or MariaDB"),
            Self::XmppClient => t!("XMPP, client to server"),
            Self::XmppServer => t!("XMPP, server to server"),
            Self::Nntp => "NNTP",
            Self::Sieve => "ManageSieve",
            Self::Irc => "IRC",
        }
    }

    /// The one that [`Self::word`] writes, with `-` taken for `_`.
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase().replace('-', "_");
        Self::ALL.into_iter().find(|protocol| protocol.word() == word)
    }

    /// What is usual on a port (IANA "Service Name and Transport Protocol Port Number Registry"); [`Self::None`] where TLS is spoken from the
    /// start, and where nothing is known.
    pub fn usual_on(port: u16) -> Self {
        match port {
            25 | 587 | 2525 => Self::Smtp,
            24 => Self::Lmtp,
            143 => Self::Imap,
            110 => Self::Pop3,
            21 => Self::Ftp,
            389 | 3268 => Self::Ldap,
            5432 => Self::Postgres,
            3306 => Self::Mysql,
            5222 => Self::XmppClient,
            5269 => Self::XmppServer,
            119 => Self::Nntp,
            4190 | 2000 => Self::Sieve,
            194 | 6667 => Self::Irc,
            _ => Self::None,
        }
    }

    /// The port that is meant where none is named: the first on which [`Self::usual_on`] finds it, and that of HTTPS for [`Self::None`].
    pub fn usual_port(self) -> u16 {
        match self {
            Self::None => 443,
            Self::Smtp => 25,
            Self::Lmtp => 24,
            Self::Imap => 143,
            Self::Pop3 => 110,
            Self::Ftp => 21,
            Self::Ldap => 389,
            Self::Postgres => 5432,
            Self::Mysql => 3306,
            Self::XmppClient => 5222,
            Self::XmppServer => 5269,
            Self::Nntp => 119,
            Self::Sieve => 4190,
            Self::Irc => 6667,
        }
    }
}

/// What Server Name Indication (RFC 6066 section 3) says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServerNameIndication {
    /// The host; nothing if that is an IP address, which SNI cannot carry.
    #[default]
    Host,
    /// Nothing.
    Absent,
    /// This name (A-labels).
    Name(String),
}

/// The TLS versions that a probe offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Versions {
    /// TLS 1.2 and TLS 1.3.
    #[default]
    Both,
    /// TLS 1.2 alone.
    Tls12,
    /// TLS 1.3 alone.
    Tls13,
}

/// What the ClientHello offers besides versions. What is empty is left to the server's TLS library.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Offer {
    /// Application protocols (ALPN, RFC 7301), most wanted first. Empty with [`HttpRequest::IfCertificateAsked`] offers `http/1.1`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alpn: Vec<String>,
    /// Cipher suites by their IANA code points. Those that the library does not speak are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suites: Vec<u16>,
    /// Key exchange groups by their IANA code points; the first one gets a key share, and with
    /// X25519MLKEM768 so does x25519 if it is among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<u16>,
    /// Signature schemes by their IANA code points, in the order offered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub schemes: Vec<u16>,
    /// Resume the session of the connection before, in the same conversation, if there is one.
    #[serde(skip_serializing_if = "is_default")]
    pub resume: bool,
}

/// What is asked in HTTP/1.1 once TLS stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum HttpRequest {
    /// Nothing, and no HTTP in ALPN.
    Never,
    /// One `GET /` where the server picks `http/1.1` in ALPN *and* asked for a client certificate: some servers (nginx, IIS) finish every
    /// handshake and refuse the certificate only in HTTP. Nothing is asked where something is spoken before TLS.
    #[default]
    IfCertificateAsked,
    /// One `HEAD /` in any case.
    Head,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_target_is_whole() {
        let target: Target = serde_json::from_str(r#"{"host":"a.example","port":443}"#).unwrap();
        assert_eq!(target, Target::new("a.example", 443));
    }

    #[test]
    fn words_are_those_of_json() {
        for protocol in StartTls::ALL {
            assert_eq!(serde_json::to_value(protocol).unwrap(), protocol.word());
            assert_eq!(StartTls::parse(&protocol.word().replace('_', "-")), Some(protocol));
        }
        assert_eq!(StartTls::parse("gopher"), None);
        assert_eq!(StartTls::usual_on(587), StartTls::Smtp);
        assert_eq!(StartTls::usual_on(993), StartTls::None);
    }

    #[test]
    fn a_proxys_password_is_in_no_report() {
        let mut target = Target::new("a.example", 443);
        let credentials = ProxyCredentials { user: "u".into(), password: Password::new("hunter2") };
        target.route.proxy = Some(Proxy {
            kind: ProxyKind::Socks5,
            host: "p.example".into(),
            port: 1080,
            credentials: Some(credentials),
        });
        assert!(!format!("{target:?}").contains("hunter2"));
        assert!(!serde_json::to_string(&target.without_secrets()).unwrap().contains("hunter2"));
    }
}
