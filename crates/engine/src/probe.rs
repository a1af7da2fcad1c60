//! The browser's half of a probe, as a state machine without IO.
//!
//! Messages of the server go in, answers and a growing [`ProbeReport`] come out. Here the key pair is chosen, the server's chain is
//! judged, and the handshake is signed: at most once, only while the probe runs, only after the chain was judged (and found trusted,
//! unless the user switched that off), and only what [`transcript`] recognises as this client's CertificateVerify for this host.

mod choice;
mod outcome;
mod phases;
pub mod survey;
pub mod transcript;

use certwright_certs::certificate::Certificate;
use certwright_certs::name::Name;
use certwright_chain::{Anchor, Host};
use certwright_keys::SignatureScheme;
use certwright_keystore::keystore::Keystore;
use certwright_protocol::conversation::{
    FromServer, ProbeFailure, ServerEvent, Target, TlsVersion, ToServer,
};
use certwright_protocol::report::{CertificateUse, ClientAuthentication, PhaseName, ProbeReport, WhyNotUsed};
use certwright_protocol::ui::{Authentication, ProbePlan};
use certwright_protocol::{Bytes, Problem};
pub(crate) use choice::which_keys;
use rand_core::CryptoRng;

use crate::trust::{TrustStore, judge_server};
use choice::{Chosen, Refused, choose};
use phases::PhaseClock;

/// A running or finished probe.
pub struct Probe {
    plan: ProbePlan,
    host: Host,
    keystore: Keystore,
    trust: TrustStore,
    report: ProbeReport,
    clock: PhaseClock,
    /// The server's certificates as sent, once they came and could be read.
    server_chain: Option<Vec<Bytes>>,
    chosen: Option<Chosen>,
    not_used: Option<WhyNotUsed>,
    signed: bool,
    over: bool,
}

impl Probe {
    /// Begins a probe. The returned message opens the conversation.
    ///
    /// `keystore` gives the key pairs and known certificates, `anchors` what is trusted; `now_ms` is in Unix milliseconds.
    pub fn start(
        plan: ProbePlan,
        keystore: &Keystore,
        anchors: Vec<Anchor>,
        now_ms: i64,
    ) -> Result<(Self, ToServer), Problem> {
        let text = plan.host.trim();
        let text = text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(text);
        let host =
            crate::trust::parse_host(text).ok_or_else(|| Problem::HostInvalid { text: plan.host.clone() })?;
        if plan.port == 0 {
            return Err(Problem::PortInvalid { text: plan.port.to_string() });
        }
        if let Authentication::Alias { alias } = &plan.authentication {
            choice::check_alias(keystore, alias)?;
        }
        let target = Target {
            host: text.to_owned(),
            port: plan.port,
            route: plan.route.clone(),
            starttls: plan.starttls,
            server_name: plan.server_name.clone(),
            versions: plan.versions,
            offer: plan.offer.clone(),
            http: plan.http,
            patience: None,
        };
        let report = ProbeReport {
            target: target.without_secrets(),
            started_ms: now_ms,
            validate: plan.validate,
            phases: PhaseClock::waiting(&target),
            addresses: Vec::new(),
            local: None,
            remote: None,
            proxied: None,
            greeting: None,
            version: None,
            cipher_suite: None,
            group: None,
            alpn: None,
            chain: None,
            ocsp_stapled: false,
            client_authentication: ClientAuthentication {
                requested: None,
                authorities: Vec::new(),
                schemes: Vec::new(),
                keys: Vec::new(),
                used: None,
            },
            after_handshake: None,
            staple: None,
            asked_again: None,
            demand: None,
            resumption: None,
            every_address: Vec::new(),
            verdict: None,
            diagnosis: None,
            connections: 1,
            survey: None,
        };
        let trust = TrustStore::new(keystore, anchors);
        let mut probe = Self {
            plan,
            host,
            keystore: keystore.clone(),
            trust,
            report,
            clock: PhaseClock::default(),
            server_chain: None,
            chosen: None,
            not_used: None,
            signed: false,
            over: false,
        };
        probe.clock.enter(&mut probe.report.phases, PhaseName::Resolve, 0);
        Ok((probe, ToServer::Start(target)))
    }

    /// Takes a message of the server; returns the answer, if it wants one. `now` is in Unix seconds.
    pub fn receive(&mut self, message: FromServer, now: i64, rng: &mut impl CryptoRng) -> Option<ToServer> {
        if self.over {
            return None;
        }
        let at = message.at_us;
        match message.event {
            ServerEvent::Resolved { addresses } => {
                self.report.addresses = addresses;
                self.enter(PhaseName::Connect, at);
            }
            ServerEvent::Connecting { address } => self.report.remote = Some(address),
            ServerEvent::Connected { local, remote } => {
                self.report.local = Some(local);
                self.report.remote = Some(remote);
                self.enter(PhaseClock::after_connecting(&self.report.target, false), at);
            }
            ServerEvent::Proxied { said } => {
                self.report.proxied = Some(said);
                self.enter(PhaseClock::after_connecting(&self.report.target, true), at);
            }
            ServerEvent::Greeting { text } => self.report.greeting = Some(text),
            ServerEvent::UpgradeAgreed => {
                self.enter(PhaseName::Handshake, at);
            }
            ServerEvent::ServerChain { certificates, ocsp_staple } => {
                self.report.ocsp_stapled = ocsp_staple.is_some();
                self.judge(certificates, now);
            }
            ServerEvent::CertificateRequested { authorities, schemes } => {
                self.enter(PhaseName::ClientAuthentication, at);
                return Some(self.answer_request(&authorities, &schemes, now));
            }
            ServerEvent::SignatureWanted { scheme, message, handshake: _ } => {
                return Some(self.answer_signature(scheme, &message.0, rng));
            }
            ServerEvent::HandshakeDone { handshake: _, version, cipher_suite, group, alpn } => {
                self.report.version = Some(version);
                self.report.cipher_suite = Some(cipher_suite);
                self.report.group = group;
                self.report.alpn = alpn;
                if self.report.client_authentication.requested.is_none() {
                    self.report.client_authentication.requested = Some(false);
                }
                self.enter(PhaseName::AfterHandshake, at);
            }
            ServerEvent::AskedAgain { .. }
            | ServerEvent::HelloAnswered { .. }
            | ServerEvent::Surveyed(_)
            | ServerEvent::SurveyDone(_) => {}
            ServerEvent::AfterHandshake { sign } => self.report.after_handshake = Some(sign),
            ServerEvent::Ended { failure } => self.end(failure, at),
        }
        None
    }

    /// Ends the probe from this side: the connection to the server dropped, or the user stopped it.
    pub fn abort(&mut self, failure: ProbeFailure) {
        if !self.over {
            let at = self.clock.last_us();
            self.end(Some(failure), at);
        }
    }

    /// The report so far; complete once [`Self::is_over`].
    pub fn report(&self) -> &ProbeReport {
        &self.report
    }

    /// Whether the probe has ended.
    pub fn is_over(&self) -> bool {
        self.over
    }

    fn enter(&mut self, phase: PhaseName, at_us: u64) {
        self.clock.enter(&mut self.report.phases, phase, at_us);
    }

    fn judge(&mut self, certificates: Vec<Bytes>, now: i64) {
        self.report.chain = Some(judge_server(&certificates, &self.trust, Some(self.host.clone()), now));
        self.server_chain = Some(certificates);
    }

    fn answer_request(&mut self, authorities: &[Bytes], schemes: &[u16], now: i64) -> ToServer {
        let names: Vec<Name> = authorities.iter().filter_map(|der| Name::from_der(&der.0).ok()).collect();
        let asked = &mut self.report.client_authentication;
        asked.requested = Some(true);
        asked.authorities = names.iter().map(Name::to_rfc4514).collect();
        asked.schemes = schemes.iter().map(|&code| scheme_name(code)).collect();
        asked.keys = which_keys(&self.keystore, &names, Some(schemes), now);
        // A second request in one conversation is not part of any handshake that we offered.
        if self.chosen.is_some() || self.not_used.is_some() {
            return ToServer::NoCertificate;
        }
        match choose(&self.plan.authentication, &self.keystore, &names, schemes, now) {
            Ok(chosen) => {
                let answer = ToServer::Certificate {
                    chain: chosen.chain.iter().map(|c: &Certificate| Bytes::from(c.der())).collect(),
                    schemes: chosen.schemes.iter().map(|scheme| scheme.to_u16()).collect(),
                };
                self.chosen = Some(chosen);
                answer
            }
            Err(Refused(why)) => {
                self.not_used = Some(why);
                ToServer::NoCertificate
            }
        }
    }

    fn answer_signature(&mut self, scheme: u16, message: &[u8], rng: &mut impl CryptoRng) -> ToServer {
        match self.sign(scheme, message, rng) {
            Ok(signature) => {
                self.signed = true;
                ToServer::Signature { signature: signature.into() }
            }
            Err(why) => {
                self.not_used = Some(why);
                ToServer::DeclineSignature
            }
        }
    }

    fn sign(&mut self, scheme: u16, message: &[u8], rng: &mut impl CryptoRng) -> Result<Vec<u8>, WhyNotUsed> {
        let (Some(chosen), false) = (&self.chosen, self.signed) else {
            return Err(WhyNotUsed::NotThisHandshake);
        };
        // The chain comes before the signature in every TLS version; without it there is nothing to judge.
        let (Some(sent), Some(verdict)) = (&self.server_chain, &self.report.chain) else {
            return Err(WhyNotUsed::NotThisHandshake);
        };
        let version = transcript::check(message, &self.host, sent, &chosen.chain)
            .map_err(|_| WhyNotUsed::NotThisHandshake)?;
        self.report.version = Some(version);
        if self.plan.validate && !verdict.trusted {
            return Err(WhyNotUsed::ServerNotTrusted);
        }
        let no_scheme = || WhyNotUsed::NoScheme { alias: chosen.alias.clone() };
        let scheme = SignatureScheme::from_u16(scheme).ok_or_else(no_scheme)?;
        let allowed = match version {
            TlsVersion::Tls13 => chosen.key.schemes_tls13(),
            _ => chosen.key.schemes_tls12(),
        };
        if !allowed.contains(&scheme) {
            return Err(no_scheme());
        }
        chosen.key.sign(scheme, message, rng).map_err(|_| no_scheme())
    }

    fn end(&mut self, failure: Option<ProbeFailure>, at_us: u64) {
        self.over = true;
        let alias = self.chosen.as_ref().filter(|_| self.signed).map(|chosen| chosen.alias.clone());
        let not_used = self.not_used.take();
        let used: CertificateUse = outcome::certificate_use(&self.report, alias, not_used, failure.as_ref());
        self.report.client_authentication.used = Some(used);
        let verdict = outcome::verdict(&self.report, failure);
        self.clock.finish(&mut self.report.phases, outcome::phase_failed(&verdict), at_us);
        self.report.verdict = Some(verdict);
    }
}

fn scheme_name(code: u16) -> String {
    match code {
        0x0201 => "rsa_pkcs1_sha1".into(),
        0x0203 => "ecdsa_sha1".into(),
        0x0603 => "ecdsa_secp521r1_sha512".into(),
        0x0807 => "ed25519".into(),
        0x0808 => "ed448".into(),
        0x0809 => "rsa_pss_pss_sha256".into(),
        0x080a => "rsa_pss_pss_sha384".into(),
        0x080b => "rsa_pss_pss_sha512".into(),
        code => match SignatureScheme::from_u16(code) {
            Some(scheme) => scheme.to_string(),
            None => format!("0x{code:04x}"),
        },
    }
}
