//! One connection of a probe: what the server says about it becomes a report, and its questions are answered.
//!
//! Here the key pair is chosen, the server's chain is judged, and the handshake is signed: only while the connection runs, only as often as the probe
//! still allows it, only after the chain was judged (and found trusted, unless the user switched that off), and only what [`transcript`]
//! finds to be this client's CertificateVerify in a handshake that the host signed itself.

use certwright_certs::certificate::Certificate;
use certwright_certs::name::Name;
use certwright_chain::Host;
use certwright_keys::SignatureScheme;
use certwright_keystore::keystore::Keystore;
use certwright_protocol::Bytes;
use certwright_protocol::conversation::{
    FromServer, HandshakeKind, HelloAnswer, ProbeFailure, ServerEvent, ServerNameIndication, Target,
    TlsVersion, ToServer,
};
use certwright_protocol::handshake::HandshakeFault;
use certwright_protocol::report::{
    AskedAgain, CertificateUse, ClientAuthentication, PhaseName, ProbeReport, WhyNotUsed,
};
use certwright_protocol::ui::{Authentication, ProbePlan};
use rand_core::CryptoRng;

use super::choice::{Chosen, Refused, choose, which_keys};
use super::phases::PhaseClock;
use super::steps::Steps;
use super::survey::Collector;
use super::transcript::{Expected, Wanted};
use super::{outcome, transcript};
use crate::trust::{TrustStore, judge_server, parse_host};

/// What all connections of a probe have in common.
pub(super) struct Setting {
    pub(super) plan: ProbePlan,
    pub(super) host: Host,
    pub(super) keystore: Keystore,
    pub(super) trust: TrustStore,
    pub(super) started_ms: i64,
}

/// A running or finished connection.
pub(super) struct Connection {
    pub(super) report: ProbeReport,
    authentication: Authentication,
    /// Whether the key signs with anything but RSA-PSS.
    pub(super) without_pss: bool,
    clock: PhaseClock,
    /// The server's certificates as sent, once they came and could be read.
    server_chain: Option<Vec<Bytes>>,
    /// The key pair that was offered.
    pub(super) chosen: Option<Chosen>,
    /// The names of the authorities that the server accepts.
    pub(super) authorities: Vec<Name>,
    /// The same as they were said, DER.
    named: Vec<Bytes>,
    not_used: Option<WhyNotUsed>,
    signed: bool,
    /// How the handshake was done, if it was.
    pub(super) handshake: Option<HandshakeKind>,
    /// What our own ClientHello was answered with.
    pub(super) hello: Option<HelloAnswer>,
    /// What a survey found.
    pub(super) survey: Collector,
    /// What happens step by step, if that is kept.
    pub(super) steps: Option<Steps>,
    /// Why it ended early.
    pub(super) failure: Option<ProbeFailure>,
    over: bool,
}

impl Connection {
    /// Begins a connection to `target`.
    pub(super) fn open(setting: &Setting, target: Target, authentication: Authentication) -> Self {
        let report = ProbeReport {
            target: target.without_secrets(),
            started_ms: setting.started_ms,
            validate: setting.plan.validate,
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
                checked: None,
                used: None,
            },
            after_handshake: None,
            staple: None,
            timestamps: Vec::new(),
            asked_again: None,
            demand: None,
            resumption: None,
            every_address: Vec::new(),
            verdict: None,
            diagnosis: None,
            connections: 1,
            survey: None,
            steps: Vec::new(),
        };
        let mut connection = Self {
            report,
            authentication,
            without_pss: false,
            clock: PhaseClock::default(),
            server_chain: None,
            chosen: None,
            authorities: Vec::new(),
            named: Vec::new(),
            not_used: None,
            signed: false,
            handshake: None,
            hello: None,
            survey: Collector::default(),
            steps: None,
            failure: None,
            over: false,
        };
        connection.clock.enter(&mut connection.report.phases, PhaseName::Resolve, 0);
        connection
    }

    /// Takes a message of the server; returns the answer, if it wants one. `signatures` is how many may still be made, `now` is in Unix seconds.
    pub(super) fn receive(
        &mut self,
        setting: &Setting,
        signatures: &mut u8,
        message: FromServer,
        now: i64,
        rng: &mut impl CryptoRng,
    ) -> Option<ToServer> {
        if self.over {
            return None;
        }
        let at = message.at_us;
        if let Some(steps) = &mut self.steps {
            steps.take(at, &message.event);
        }
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
                self.judge(setting, certificates, ocsp_staple.as_ref(), now);
            }
            ServerEvent::CertificateRequested { authorities, schemes } => {
                self.enter(PhaseName::ClientAuthentication, at);
                let answer = self.answer_request(setting, &authorities, &schemes, now);
                return Some(self.noted(at, answer));
            }
            ServerEvent::SignatureWanted { scheme, message, handshake } => {
                let wanted = Wanted { scheme, message: &message.0, handshake: &handshake };
                let answer = self.answer_signature(setting, signatures, &wanted, rng);
                return Some(self.noted(at, answer));
            }
            ServerEvent::HandshakeDone { handshake, version, cipher_suite, group, alpn } => {
                self.handshake = Some(handshake);
                self.report.version = Some(version);
                self.report.cipher_suite = Some(cipher_suite);
                self.report.group = group;
                self.report.alpn = alpn;
                if self.report.client_authentication.requested.is_none() {
                    self.report.client_authentication.requested = Some(false);
                }
                self.enter(PhaseName::AfterHandshake, at);
            }
            ServerEvent::AskedAgain { renegotiation } => {
                self.report.asked_again =
                    Some(if renegotiation { AskedAgain::Renegotiation } else { AskedAgain::AfterHandshake });
            }
            ServerEvent::HelloAnswered { answer } => {
                if let HelloAnswer::ServerHello(seen) = &answer {
                    self.report.version = Some(seen.version);
                    if !seen.chain.is_empty() {
                        self.judge(setting, seen.chain.clone(), seen.ocsp_staple.as_ref(), now);
                    }
                }
                self.hello = Some(answer);
            }
            event @ (ServerEvent::Surveyed(_) | ServerEvent::SurveyDone(_)) => self.survey.take(&event),
            // These are steps, and nothing else.
            ServerEvent::Messages { .. } => {}
            ServerEvent::AfterHandshake { sign } => self.report.after_handshake = Some(sign),
            ServerEvent::Ended { failure } => self.end(failure, at),
        }
        None
    }

    /// Ends it from this side.
    pub(super) fn abort(&mut self, failure: ProbeFailure) {
        if !self.over {
            let at = self.clock.last_us();
            self.end(Some(failure), at);
        }
    }

    /// Whether it has ended.
    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// Whether the client's key signed in it.
    pub(super) fn has_signed(&self) -> bool {
        self.signed
    }

    /// Whether it ended in a way after which there is no next connection.
    pub(super) fn ended_the_conversation(&self) -> bool {
        matches!(
            self.failure,
            Some(
                ProbeFailure::Stopped
                    | ProbeFailure::Busy { .. }
                    | ProbeFailure::BudgetUsedUp { .. }
                    | ProbeFailure::ServerLost
                    | ProbeFailure::BrowserSilent { .. }
                    | ProbeFailure::Internal
            )
        )
    }

    /// Whether TCP was connected.
    pub(super) fn is_connected(&self) -> bool {
        self.report.local.is_some()
    }

    /// What people call the server's certificate.
    pub(super) fn certificate(&self) -> Option<String> {
        Some(self.report.chain.as_ref()?.sent.first()?.name.clone())
    }

    /// Notes an answer of the browser among the steps.
    fn noted(&mut self, at_us: u64, answer: ToServer) -> ToServer {
        if let Some(steps) = &mut self.steps {
            steps.answer(at_us, &answer, self.chosen.as_ref().map(|chosen| chosen.alias.as_str()));
        }
        answer
    }

    fn enter(&mut self, phase: PhaseName, at_us: u64) {
        self.clock.enter(&mut self.report.phases, phase, at_us);
    }

    fn judge(&mut self, setting: &Setting, certificates: Vec<Bytes>, staple: Option<&Bytes>, now: i64) {
        let judged = judge_server(&certificates, staple, &setting.trust, Some(setting.host.clone()), now);
        self.report.chain = Some(judged.view);
        self.report.staple = judged.staple;
        self.report.timestamps = judged.timestamps;
        self.server_chain = Some(certificates);
    }

    fn answer_request(
        &mut self,
        setting: &Setting,
        authorities: &[Bytes],
        schemes: &[u16],
        now: i64,
    ) -> ToServer {
        let names: Vec<Name> = authorities.iter().filter_map(|der| Name::from_der(&der.0).ok()).collect();
        let asked = &mut self.report.client_authentication;
        asked.requested = Some(true);
        asked.authorities = names.iter().map(Name::to_rfc4514).collect();
        asked.schemes = schemes.iter().map(|&code| scheme_name(code)).collect();
        asked.keys = which_keys(&setting.keystore, &names, Some(schemes), now);
        // A second request in one conversation is not part of any handshake that we offered.
        if self.chosen.is_some() || self.not_used.is_some() {
            return ToServer::NoCertificate;
        }
        let chosen = choose(&self.authentication, &setting.keystore, &names, schemes, now);
        self.authorities = names;
        self.named = authorities.to_vec();
        match chosen {
            Ok(chosen) => {
                let answer = ToServer::Certificate {
                    chain: chosen.chain.iter().map(|c: &Certificate| Bytes::from(c.der())).collect(),
                    schemes: schemes_of(&chosen, self.without_pss),
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

    fn answer_signature(
        &mut self,
        setting: &Setting,
        signatures: &mut u8,
        wanted: &Wanted<'_>,
        rng: &mut impl CryptoRng,
    ) -> ToServer {
        // There is one chance, whatever becomes of it.
        let allowed = std::mem::replace(signatures, signatures.saturating_sub(1)) > 0;
        let signed = match allowed && !self.signed {
            true => self.sign(setting, wanted, rng),
            false => Err(refused(HandshakeFault::Again)),
        };
        match signed {
            Ok(signature) => {
                self.signed = true;
                ToServer::Signature { signature: signature.into() }
            }
            Err(why) => {
                // The first thing that was wrong is what the user has to know.
                if !matches!(self.not_used, Some(WhyNotUsed::NotThisHandshake { .. })) {
                    self.not_used = Some(why);
                }
                ToServer::DeclineSignature
            }
        }
    }

    fn sign(
        &mut self,
        setting: &Setting,
        wanted: &Wanted<'_>,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, WhyNotUsed> {
        // Certificate and chain come before the signature in every TLS version; without them there is nothing to judge.
        let (Some(chosen), Some(sent), Some(verdict)) =
            (&self.chosen, &self.server_chain, &self.report.chain)
        else {
            return Err(refused(HandshakeFault::TooEarly));
        };
        let server_name = indicated_name(&self.report.target.server_name, &setting.host);
        let expected = Expected {
            server_name: server_name.as_deref(),
            versions: self.report.target.versions,
            authorities: &self.named,
            server_chain: sent,
            client_chain: &chosen.chain,
        };
        let checked = transcript::check(wanted, &expected).map_err(refused)?;
        self.report.version = Some(checked.version);
        if setting.plan.validate && !verdict.trusted {
            return Err(WhyNotUsed::ServerNotTrusted);
        }
        let no_scheme = || WhyNotUsed::NoScheme { alias: chosen.alias.clone() };
        let scheme = SignatureScheme::from_u16(wanted.scheme).ok_or_else(no_scheme)?;
        let allowed = match checked.version {
            TlsVersion::Tls13 => chosen.key.schemes_tls13(),
            _ => chosen.key.schemes_tls12(),
        };
        if !allowed.contains(&scheme) {
            return Err(no_scheme());
        }
        let signature = chosen.key.sign(scheme, wanted.message, rng).map_err(|_| no_scheme())?;
        self.report.client_authentication.checked = Some(checked);
        Ok(signature)
    }

    fn end(&mut self, failure: Option<ProbeFailure>, at_us: u64) {
        self.over = true;
        self.failure.clone_from(&failure);
        if let Some(steps) = self.steps.take() {
            self.report.steps = steps.finish(at_us, failure.as_ref());
        }
        let alias = self.chosen.as_ref().filter(|_| self.signed).map(|chosen| chosen.alias.clone());
        let not_used = self.not_used.take();
        let used: CertificateUse = outcome::certificate_use(&self.report, alias, not_used, failure.as_ref());
        self.report.client_authentication.used = Some(used);
        let verdict = outcome::verdict(&self.report, failure);
        self.clock.finish(&mut self.report.phases, outcome::phase_failed(&verdict), at_us);
        self.report.verdict = Some(verdict);
    }
}

fn refused(fault: HandshakeFault) -> WhyNotUsed {
    WhyNotUsed::NotThisHandshake { fault }
}

/// What the ClientHello says in Server Name Indication (RFC 6066 section 3): no address, and nothing that could be taken for one.
fn indicated_name(wish: &ServerNameIndication, host: &Host) -> Option<String> {
    let named = match wish {
        ServerNameIndication::Host => host.clone(),
        ServerNameIndication::Name(name) => parse_host(name)?,
        ServerNameIndication::Absent => return None,
    };
    match named {
        Host::Dns(name) => {
            let last = name.rsplit('.').next().unwrap_or_default();
            (!last.bytes().all(|byte| byte.is_ascii_digit())).then_some(name)
        }
        Host::Ip(_) => None,
    }
}

/// Code points of what the chosen key can sign with.
fn schemes_of(chosen: &Chosen, without_pss: bool) -> Vec<u16> {
    let is_pss = |code: &u16| matches!(code, 0x0804..=0x0806 | 0x0809..=0x080b);
    let all = chosen.schemes.iter().map(|scheme| scheme.to_u16());
    all.filter(|code| !(without_pss && is_pss(code))).collect()
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
