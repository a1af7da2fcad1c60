//! Splits what people paste as a host: `host:port`, `https://host/path`, `[::1]:8443`.

/// Host and, if there was one, port of a typed target. What cannot be split is returned as it is; the worker judges it.
pub(super) fn split_target(text: &str) -> (String, Option<String>) {
    let text = text.trim();
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (Some(scheme.to_ascii_lowercase()), rest),
        None => (None, text),
    };
    let authority = match &scheme {
        Some(_) => rest.split(['/', '?', '#']).next().unwrap_or(rest),
        None => rest.trim_end_matches('/'),
    };
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let default = scheme.as_deref().and_then(default_port);
    let (host, port) = split_port(authority);
    (host.to_owned(), port.or(default).map(str::to_owned))
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    if let Some((host, after)) = authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (host, after.strip_prefix(':').filter(|port| is_number(port)));
    }
    match authority.rsplit_once(':') {
        // Two colons and more are an IPv6 address without brackets.
        Some((host, port)) if is_number(port) && !host.contains(':') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn default_port(scheme: &str) -> Option<&'static str> {
    Some(match scheme {
        "https" | "wss" => "443",
        "ldaps" => "636",
        "smtps" => "465",
        "imaps" => "993",
        "pop3s" => "995",
        "ftps" => "990",
        "amqps" => "5671",
        "mqtts" => "8883",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_split() {
        for (text, host, port) in [
            ("erp.example.com", "erp.example.com", None),
            (" erp.example.com:8443 ", "erp.example.com", Some("8443")),
            ("https://erp.example.com/sap/bc?x=1:2", "erp.example.com", Some("443")),
            ("HTTPS://user@erp.example.com:44300/", "erp.example.com", Some("44300")),
            ("ldaps://dir.example.com", "dir.example.com", Some("636")),
            ("[::1]:8443", "::1", Some("8443")),
            ("https://[2001:db8::1]/", "2001:db8::1", Some("443")),
            ("2001:db8::1", "2001:db8::1", None),
            ("host:port", "host:port", None),
            ("host:", "host:", None),
            ("", "", None),
        ] {
            assert_eq!(split_target(text), (host.to_owned(), port.map(str::to_owned)), "{text}");
        }
    }
}
