//! What is typed and chosen in the form, and the plan that it means.

use certwright_protocol::Password;
use certwright_protocol::conversation::{
    Endpoint, Family, HttpRequest, Offer, Proxy, ProxyCredentials, ProxyKind, ProxyProtocol, Route,
    ServerNameIndication, StartTls, TypedTarget, Versions,
};
use certwright_protocol::ui::{Authentication, HostTarget, ProbeExtent, ProbePlan, ProbeTrust, Told};
use yew::AttrValue;

use super::fields::{ADVANCED, ALSO, Field, MAIN};

/// The values that differ from the usual ones, by the names of their fields; and what is no plain text.
#[derive(Clone, PartialEq)]
pub(crate) struct ProbeForm {
    values: Vec<(&'static str, AttrValue)>,
    /// The password of a proxy: wiped when it is replaced.
    pub(super) proxy_password: Password,
}

impl Default for ProbeForm {
    fn default() -> Self {
        Self {
            values: vec![("port", "443".into()), ("auth", "first".into())],
            proxy_password: Password::new(""),
        }
    }
}

impl ProbeForm {
    /// A field's value.
    pub(crate) fn get(&self, name: &str) -> &str {
        let given = self.values.iter().find(|(there, _)| *there == name);
        let usual = || MAIN.iter().chain(&ADVANCED).chain(&ALSO).find(|field: &&Field| field.name == name);
        given.map(|(_, value)| value.as_str()).or_else(|| Some(usual()?.usual)).unwrap_or_default()
    }

    /// The form with another value.
    pub(crate) fn with(&self, name: &'static str, value: impl Into<AttrValue>) -> Self {
        self.with_value(name, value.into())
    }

    fn with_value(&self, name: &'static str, value: AttrValue) -> Self {
        let mut form = self.clone();
        form.values.retain(|(there, _)| *there != name);
        form.values.push((name, value));
        form
    }

    /// The form with another password for the proxy.
    pub(super) fn with_password(&self, proxy_password: Password) -> Self {
        Self { proxy_password, ..self.clone() }
    }

    /// The form with a pasted `host:port` or address taken apart.
    pub(crate) fn split(&self) -> Self {
        let typed = TypedTarget::read(self.get("host"));
        let form = self.with("host", typed.host.to_owned());
        let Some(port) = port_of(&typed) else { return form };
        let form = form.with("port", port);
        // What is usual on the port needs not to be chosen.
        match typed.usual() {
            Some((_, protocol)) if form.starttls() != protocol => form.with("starttls", protocol.word()),
            _ => form,
        }
    }

    /// The form for a host of a list.
    pub(crate) fn for_host(&self, target: &HostTarget) -> Self {
        let form = self
            .with("host", target.host.clone())
            .with("port", target.port.to_string())
            .with("starttls", target.starttls.word());
        match &target.server_name {
            Some(name) => form.with("sni", "name").with("sni-name", name.clone()),
            None => form,
        }
    }

    /// What is spoken before TLS: what was chosen, or what is usual on the port.
    pub(crate) fn starttls(&self) -> StartTls {
        let chosen = self.get("starttls");
        let found = StartTls::ALL.into_iter().find(|protocol| protocol.word() == chosen);
        found.unwrap_or_else(|| StartTls::usual_on(self.get("port").trim().parse().unwrap_or(0)))
    }

    /// The plan for the host in the form.
    pub(crate) fn plan(&self) -> Result<ProbePlan, Told> {
        let form = self.split();
        let host = form.get("host");
        if host.is_empty() {
            return Err(Told::host_invalid(host));
        }
        form.plan_for(host, port(form.get("port"))?)
    }

    /// The plan for a host.
    pub(crate) fn plan_for(&self, host: &str, port: u16) -> Result<ProbePlan, Told> {
        let on = |name| self.get(name) == "on";
        Ok(ProbePlan {
            validate: on("validate"),
            authentication: match self.get("auth") {
                "first" => Authentication::FirstThatFits,
                other => match other.strip_prefix("alias:") {
                    Some(alias) => Authentication::Alias { alias: alias.to_owned() },
                    None => Authentication::None,
                },
            },
            route: self.route()?,
            starttls: self.starttls(),
            server_name: match self.get("sni") {
                "absent" => ServerNameIndication::Absent,
                "name" => ServerNameIndication::Name(self.get("sni-name").trim().to_owned()),
                _ => ServerNameIndication::Host,
            },
            versions: match self.get("versions") {
                "tls12" => Versions::Tls12,
                "tls13" => Versions::Tls13,
                _ => Versions::Both,
            },
            offer: Offer {
                alpn: self
                    .get("alpn")
                    .split([',', ' '])
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned)
                    .collect(),
                // IANA "TLS Supported Groups": X25519MLKEM768; x25519, secp256r1, secp384r1.
                groups: match self.get("groups") {
                    "hybrid" => vec![0x11ec],
                    "classic" => vec![0x001d, 0x0017, 0x0018],
                    _ => Vec::new(),
                },
                ..Offer::default()
            },
            http: match self.get("http") {
                "head" => HttpRequest::Head,
                "never" => HttpRequest::Never,
                _ => HttpRequest::IfCertificateAsked,
            },
            trust: match self.get("trust") {
                "mozilla" => ProbeTrust::Mozilla,
                "both" => ProbeTrust::Both,
                _ => ProbeTrust::Keystore,
            },
            extent: ProbeExtent {
                diagnose: on("diagnose"),
                demand: on("demand"),
                resumption: on("resumption"),
                every_address: on("every_address"),
                survey: on("survey"),
                sign_again: on("sign_again"),
            },
            ..ProbePlan::new(host, port)
        })
    }

    fn route(&self) -> Result<Route, Told> {
        let typed = TypedTarget::read(self.get("connect"));
        let connect_to = match typed.host {
            "" => None,
            host => Some(Endpoint { host: host.to_owned(), port: port_or(&typed, self.get("port"))? }),
        };
        let family = self.get("family");
        // One address alone is a machine to connect to in place of the name.
        let connect_to = match family {
            "address" => {
                Some(Endpoint { host: self.get("address").trim().to_owned(), port: port(self.get("port"))? })
            }
            _ => connect_to,
        };
        let kind = match self.get("proxy") {
            "http" => Some(ProxyKind::HttpConnect),
            "socks5" => Some(ProxyKind::Socks5),
            _ => None,
        };
        let proxy = kind.map(|kind| {
            let typed = TypedTarget::read(self.get("proxy-host"));
            if typed.host.is_empty() {
                return Err(Told::host_invalid(""));
            }
            let user = self.get("proxy-user");
            let credentials = (!user.is_empty())
                .then(|| ProxyCredentials { user: user.to_owned(), password: self.proxy_password.clone() });
            let port = port_or(&typed, self.get("proxy-port"))?;
            Ok(Proxy { kind, host: typed.host.to_owned(), port, credentials })
        });
        Ok(Route {
            connect_to,
            family: match family {
                "v4" => Family::V4,
                "v6" => Family::V6,
                _ => Family::Any,
            },
            address: None,
            proxy: proxy.transpose()?,
            proxy_protocol: match self.get("proxy-protocol") {
                "v1" => Some(ProxyProtocol::V1),
                "v2" => Some(ProxyProtocol::V2),
                _ => None,
            },
        })
    }
}

/// The port that was typed behind the host, or that of the scheme.
fn port_of(typed: &TypedTarget<'_>) -> Option<String> {
    let usual = || typed.usual().map(|(port, _)| port.to_string());
    typed.port.filter(|port| !port.is_empty()).map(str::to_owned).or_else(usual)
}

fn port_or(typed: &TypedTarget<'_>, other: &str) -> Result<u16, Told> {
    port(port_of(typed).as_deref().unwrap_or(other))
}

fn port(text: &str) -> Result<u16, Told> {
    match text.trim().parse::<u16>() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(Told::port_invalid(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_form_is_the_usual_plan() {
        let form = ProbeForm::default().with("host", "https://erp.example.com/x");
        assert_eq!(form.plan().ok(), Some(ProbePlan::new("erp.example.com", 443)));
    }

    #[test]
    fn a_pasted_address_is_taken_apart() {
        for (text, host, port, starttls) in [
            ("erp.example.com:44300", "erp.example.com", "44300", StartTls::None),
            ("ldap://dir.example.com", "dir.example.com", "389", StartTls::Ldap),
            ("smtp://mail.example.com:26", "mail.example.com", "26", StartTls::Smtp),
            ("https://mail.example.com:587/", "mail.example.com", "587", StartTls::None),
            ("host:", "host", "443", StartTls::None),
        ] {
            let once = ProbeForm::default().with("host", text).split();
            for form in [once.split(), once] {
                let told = (form.get("host"), form.get("port"), form.starttls());
                assert_eq!(told, (host, port, starttls), "{text}");
            }
        }
        let wrong = ProbeForm::default().with("host", "host:port").plan().unwrap_err();
        assert_eq!(wrong.kind, Told::port_invalid("port").kind);
    }

    #[test]
    fn the_protocol_follows_the_port_until_one_is_chosen() {
        let form = ProbeForm::default().with("host", "mail.example.com:587");
        assert_eq!(form.split().starttls(), StartTls::Smtp);
        let chosen = form.with("starttls", "none").split();
        assert_eq!(chosen.starttls(), StartTls::None);
        assert_eq!(chosen.with("port", "143").starttls(), StartTls::None);
    }

    #[test]
    fn every_choice_reaches_the_plan() {
        let form = ProbeForm {
            proxy_password: Password::new("p"),
            ..ProbeForm::default()
                .with("host", "a.example")
                .with("sni", "absent")
                .with("connect", "[::1]:8443")
                .with("family", "v6")
                .with("versions", "tls12")
                .with("alpn", "h2, http/1.1")
                .with("groups", "hybrid")
                .with("http", "head")
                .with("proxy", "socks5")
                .with("proxy-host", "p.example:1080")
                .with("proxy-user", "u")
                .with("proxy-protocol", "v2")
                .with("auth", "alias:k")
                .with("trust", "both")
                .with("survey", "on")
                .with("diagnose", "off")
        };
        let plan = form.plan().ok().unwrap();
        assert_eq!(plan.server_name, ServerNameIndication::Absent);
        assert_eq!(plan.route.connect_to, Some(Endpoint { host: "::1".into(), port: 8443 }));
        assert_eq!((plan.route.family, plan.versions), (Family::V6, Versions::Tls12));
        assert_eq!((plan.offer.alpn.len(), plan.offer.groups.as_slice()), (2, &[0x11ec][..]));
        let proxy = plan.route.proxy.unwrap();
        assert_eq!((proxy.kind, proxy.port, proxy.credentials.is_some()), (ProxyKind::Socks5, 1080, true));
        assert_eq!(plan.route.proxy_protocol, Some(ProxyProtocol::V2));
        assert_eq!((plan.http, plan.trust), (HttpRequest::Head, ProbeTrust::Both));
        assert!(plan.extent.survey && !plan.extent.diagnose);
        assert_eq!(plan.authentication, Authentication::Alias { alias: "k".into() });
        assert!(form.with("proxy-host", "").plan().is_err());
        assert!(form.with("connect", "b.example:0").plan().is_err());
    }
}
