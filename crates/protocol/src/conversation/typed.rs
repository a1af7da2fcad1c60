//! Takes apart what people type or paste as a target: `host`, `host:port`, `[::1]:8443`, `https://user@host/path`.

use super::StartTls;

/// A target as it was typed, taken apart. Nothing of it is judged but that a port follows a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypedTarget<'a> {
    /// What stands before `://`.
    pub scheme: Option<&'a str>,
    /// Host name or address, without brackets.
    pub host: &'a str,
    /// What stands where a port would.
    pub port: Option<&'a str>,
}

impl<'a> TypedTarget<'a> {
    /// Takes a text apart. A user before `@` and what follows the host are left out.
    pub fn read(text: &'a str) -> Self {
        let text = text.trim();
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, text),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let (host, port) =
            if let Some((host, after)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                (host, after.strip_prefix(':'))
            } else {
                match authority.rsplit_once(':') {
                    // Two colons and more are an IPv6 address without brackets.
                    Some((host, port)) if !host.contains(':') => (host, Some(port)),
                    _ => (authority, None),
                }
            };
        Self { scheme, host, port }
    }

    /// The port and what is spoken before TLS that the scheme stands for; `None` without a scheme, and for one that is not known.
    pub fn usual(&self) -> Option<(u16, StartTls)> {
        Some(match self.scheme?.to_ascii_lowercase().as_str() {
            "https" | "wss" | "tls" | "ssl" | "tcp" => (443, StartTls::None),
            "ldaps" => (636, StartTls::None),
            "smtps" => (465, StartTls::None),
            "imaps" => (993, StartTls::None),
            "pop3s" => (995, StartTls::None),
            "ftps" => (990, StartTls::None),
            "amqps" => (5671, StartTls::None),
            "mqtts" => (8883, StartTls::None),
            "postgresql" => (StartTls::Postgres.usual_port(), StartTls::Postgres),
            "mariadb" => (StartTls::Mysql.usual_port(), StartTls::Mysql),
            "none" => return None,
            word => StartTls::parse(word).map(|protocol| (protocol.usual_port(), protocol))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_taken_apart() {
        for (text, scheme, host, port) in [
            ("erp.example.com", None, "erp.example.com", None),
            (" erp.example.com:8443 ", None, "erp.example.com", Some("8443")),
            ("erp.example.com:8443/", None, "erp.example.com", Some("8443")),
            ("https://erp.example.com/sap/bc?x=1:2", Some("https"), "erp.example.com", None),
            ("HTTPS://user:pw@erp.example.com:44300/", Some("HTTPS"), "erp.example.com", Some("44300")),
            ("[::1]:8443", None, "::1", Some("8443")),
            ("[::1]", None, "::1", None),
            ("https://[2001:db8::1]/", Some("https"), "2001:db8::1", None),
            ("2001:db8::1", None, "2001:db8::1", None),
            ("host:port", None, "host", Some("port")),
            ("host:", None, "host", Some("")),
            (":443", None, "", Some("443")),
            ("", None, "", None),
        ] {
            assert_eq!(TypedTarget::read(text), TypedTarget { scheme, host, port }, "{text}");
        }
    }

    #[test]
    fn schemes_stand_for_ports_and_protocols() {
        let usual = |text: &str| TypedTarget::read(text).usual();
        assert_eq!(usual("HTTPS://a.example"), Some((443, StartTls::None)));
        assert_eq!(usual("ldaps://a.example"), Some((636, StartTls::None)));
        assert_eq!(usual("ldap://a.example"), Some((389, StartTls::Ldap)));
        assert_eq!(usual("postgresql://a.example/db"), Some((5432, StartTls::Postgres)));
        for text in ["a.example", "gopher://a.example", "none://a.example", "http://a.example"] {
            assert_eq!(usual(text), None, "{text}");
        }
    }

    #[test]
    fn usual_ports_are_those_on_which_a_protocol_is_usual() {
        for protocol in StartTls::ALL {
            assert_eq!(StartTls::usual_on(protocol.usual_port()), protocol);
        }
    }
}
