//! A plan beside the keystore that it is about: what can be seen from both.

use certwright_certs::{Certificate, Name};
use certwright_chain::{Anchor, NeededKind, Purpose, Question, SentPart, Verdict, issued_by, judge, needs};
use certwright_keystore::entry::{Content, Entry};
use certwright_keystore::keystore::Keystore;
use certwright_protocol::t;
use certwright_protocol::ui::hosts::HostTarget;
use certwright_protocol::ui::plans::{PlanKind, PlanSide};

use super::model::Plan;
use super::seen::{Outcome, Seen};
use crate::convert;
use crate::hosts::parse_target;
use crate::trust::{complete_chain, parse_host};

/// A plan beside its keystore, at a time.
pub(super) struct Desk<'a> {
    pub(super) plan: &'a Plan,
    pub(super) keystore: &'a Keystore,
    /// All plans of that keystore: what they saw of the same server counts here too.
    pub(super) plans: &'a [Plan],
    pub(super) now_ms: i64,
}

/// A chain, as far as it is known.
#[derive(Clone, Default)]
pub(super) struct Chain {
    /// End-entity first.
    pub(super) certificates: Vec<Certificate>,
    /// The issuer that is missing.
    pub(super) missing: Option<Name>,
}

impl Chain {
    pub(super) fn leaf(&self) -> Option<&Certificate> {
        self.certificates.first()
    }

    /// The last certificate, if it is self-signed.
    pub(super) fn root(&self) -> Option<&Certificate> {
        self.certificates.last().filter(|last| last.is_self_issued())
    }

    pub(super) fn is_complete(&self) -> bool {
        !self.certificates.is_empty() && self.missing.is_none()
    }
}

/// What a client has to hold to trust a server's chain.
pub(super) struct Needed {
    /// What the server sends of it.
    pub(super) sent: SentPart,
    /// Certificates to hold, the one to be trusted first.
    pub(super) certificates: Vec<(Certificate, NeededKind)>,
    /// An issuer that nobody has.
    pub(super) missing: Option<Name>,
    /// Whether this keystore trusts the chain now.
    pub(super) trusted: bool,
    /// What is wrong beside trust: title and sentence.
    pub(super) failures: Vec<String>,
}

impl<'a> Desk<'a> {
    pub(super) fn now(&self) -> i64 {
        self.now_ms.div_euclid(1000)
    }

    pub(super) fn is_mine(&self, side: PlanSide) -> bool {
        self.plan.mine == side
    }

    /// What a side is called everywhere.
    pub(super) fn name(&self, side: PlanSide) -> String {
        self.given_name(side).unwrap_or_else(|| self.stand_in(side).to_owned())
    }

    /// The name that somebody gave, or the host's.
    fn given_name(&self, side: PlanSide) -> Option<String> {
        let field = match side {
            PlanSide::Client => "client_name",
            PlanSide::Server => "server_name",
        };
        let name = self.plan.field(field);
        match (side, self.plan.kind) {
            _ if !name.is_empty() => Some(name.to_owned()),
            (_, PlanKind::SystemCertificate) | (PlanSide::Client, _) => None,
            (PlanSide::Server, _) => self.target().map(|target| target.host),
        }
    }

    /// What a side without a name is called.
    fn stand_in(&self, side: PlanSide) -> &'static str {
        match (side, self.plan.kind) {
            (_, PlanKind::SystemCertificate) => t!("the system"),
            (PlanSide::Client, _) => t!("the calling system"),
            (PlanSide::Server, _) => t!("the called system"),
        }
    }

    /// Text in which a side without a name begins with a capital letter where a sentence does.
    pub(super) fn sentences(&self, text: String) -> String {
        let nameless =
            [PlanSide::Client, PlanSide::Server].into_iter().filter(|side| self.given_name(*side).is_none());
        nameless.fold(text, |text, side| {
            let name = self.stand_in(side);
            let mut letters = name.chars();
            let capital: String =
                letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
            let text = match text.strip_prefix(name) {
                Some(rest) => format!("{capital}{rest}"),
                None => text,
            };
            text.replace(&format!(". {name}"), &format!(". {capital}"))
                .replace(&format!("\n{name}"), &format!("\n{capital}"))
        })
    }

    pub(super) fn client(&self) -> String {
        self.name(PlanSide::Client)
    }

    pub(super) fn server(&self) -> String {
        self.name(PlanSide::Server)
    }

    /// The host that is called.
    pub(super) fn target(&self) -> Option<HostTarget> {
        target_of(self.plan)
    }

    /// The host and port, for people.
    pub(super) fn host(&self) -> String {
        self.target().map(|target| host_words(&target)).unwrap_or_default()
    }

    /// The entry that a field names.
    pub(super) fn entry(&self, field: &str) -> Option<&'a Entry> {
        let alias = self.plan.field(field);
        if alias.is_empty() { None } else { self.keystore.find(alias) }
    }

    /// The chain of the key pair that a field names, completed from the keystore.
    pub(super) fn entry_chain(&self, field: &str) -> Chain {
        let Some(pair) = self.entry(field).and_then(Entry::key_pair) else { return Chain::default() };
        let (certificates, missing) = complete_chain(&pair.chain, self.keystore);
        Chain { certificates, missing }
    }

    /// A chain of the plan, put in order from what it holds and the keystore's certificates.
    pub(super) fn known_chain(&self, key: &str) -> Chain {
        let (certificates, missing) = complete_chain(self.plan.chain(key), self.keystore);
        Chain { certificates, missing }
    }

    /// The client's certificate: the entry's where this is its side, else what has come of it.
    pub(super) fn client_chain(&self, field: &str, key: &str) -> Chain {
        if self.is_mine(PlanSide::Client) { self.entry_chain(field) } else { self.known_chain(key) }
    }

    /// The server's certificate, in the same way.
    pub(super) fn server_chain(&self, field: &str, key: &str) -> Chain {
        let own = if self.is_mine(PlanSide::Server) { self.entry_chain(field) } else { Chain::default() };
        if own.certificates.is_empty() { self.known_chain(key) } else { own }
    }

    /// Whether the certificates of a keystore's entries trust this one: its alias.
    pub(super) fn trusted_as(&self, certificate: &Certificate) -> Option<&'a str> {
        self.keystore.find_trusted(certificate).map(|entry| entry.alias.as_str())
    }

    /// What a probe of one of these steps saw last.
    pub(super) fn seen(&self, steps: &[&str]) -> Option<&'a Seen> {
        let sightings = steps.iter().filter_map(|step| self.plan.seen.get(*step));
        sightings.max_by_key(|seen| seen.at_ms)
    }

    /// What probes saw of the server: those of this plan, and this side's own of other plans that are about the same server. So a plan that was finished
    /// long ago knows of the renewals since.
    fn sightings(&self) -> impl Iterator<Item = &'a Seen> {
        let target = self.target();
        let same = |plan: &&Plan| plan.id != self.plan.id && target.is_some() && target_of(plan) == target;
        let elsewhere: Vec<&'a Plan> = self.plans.iter().filter(same).collect();
        let seen_elsewhere =
            elsewhere.into_iter().flat_map(|plan| plan.seen.values()).filter(|seen| seen.is_own());
        self.plan.seen.values().chain(seen_elsewhere)
    }

    /// The last sighting in which the server showed its chain.
    pub(super) fn last_shown(&self) -> Option<&'a Seen> {
        self.sightings().filter(|seen| seen.reached()).max_by_key(|seen| seen.at_ms)
    }

    /// The same, of probes of this side.
    pub(super) fn last_seen_here(&self) -> Option<&'a Seen> {
        self.sightings().filter(|seen| seen.reached() && seen.is_own()).max_by_key(|seen| seen.at_ms)
    }

    /// The last probe in which the server accepted (or took without a word) this certificate, and nothing since said otherwise.
    pub(super) fn accepted(&self, leaf: Option<&Certificate>) -> Option<&'a Seen> {
        let fingerprint = fingerprint(leaf?);
        // The client's side knows by itself; the server's side takes its word.
        let shown = |seen: &&Seen| {
            seen.shown.as_deref() == Some(fingerprint.as_str())
                && (seen.is_own() || self.is_mine(PlanSide::Server))
        };
        let last = self.sightings().filter(shown).max_by_key(|seen| seen.at_ms)?;
        matches!(last.outcome, Outcome::Accepted).then_some(last)
    }

    /// The authorities that the server accepts, as far as anybody knows; none if nobody does, or it takes any.
    pub(super) fn accepted_authorities(&self) -> Vec<Name> {
        let mut names: Vec<Name> =
            self.plan.chain("accepted").iter().map(|one| one.subject().clone()).collect();
        let asked = self.plan.seen.values().filter(|seen| !seen.authorities.is_empty());
        for name in asked.max_by_key(|seen| seen.at_ms).map(Seen::names).unwrap_or_default() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// What has to be held to trust a server's chain as it was sent. `without` is taken out of the trust store first.
    pub(super) fn needed(&self, sent: &[Certificate], without: Option<&Certificate>) -> Option<Needed> {
        sent.first()?;
        let mut anchors = Vec::new();
        let mut extra: Vec<Certificate> = Vec::new();
        for entry in self.keystore.iter() {
            match &entry.content {
                Content::TrustedCertificate(certificate) if Some(certificate) == without => {}
                Content::TrustedCertificate(certificate) => {
                    anchors.push(Anchor { label: entry.alias.clone(), certificate: certificate.clone() });
                }
                Content::KeyPair(pair) => extra.extend(pair.chain.iter().cloned()),
                Content::SecretKey(_) => {}
            }
        }
        for key in ["server", "new_server"] {
            extra.extend(self.plan.chain(key).iter().cloned());
        }
        let host = self
            .target()
            .and_then(|target| parse_host(target.server_name.as_deref().unwrap_or(&target.host)));
        let ask = |anchors: &[Anchor]| {
            judge(&Question {
                extra: &extra,
                host: host.clone(),
                purpose: Purpose::ServerAuth,
                ..Question::new(sent, anchors, self.now())
            })
        };
        let mut verdict = ask(&anchors);
        let trusted = verdict.trusted;
        if !trusted {
            // What would be enough: the roots at hand, trusted. One may have the name of an older one that is trusted.
            let roots = extra.iter().chain(sent).filter(|one| one.is_self_issued());
            let wishes: Vec<Anchor> =
                roots.map(|root| Anchor { label: root.display_name(), certificate: root.clone() }).collect();
            let wished = ask(&wishes);
            if wished.trusted {
                verdict = wished;
            }
        }
        let path = verdict.best()?;
        let needs = needs(path, sent);
        let certificates = needs
            .certificates
            .iter()
            .filter_map(|one| path.links.get(one.at).map(|link| (link.certificate.clone(), one.kind)));
        Some(Needed {
            sent: needs.sent,
            certificates: certificates.collect(),
            missing: needs.missing.clone(),
            trusted,
            failures: failures(&verdict, sent),
        })
    }
}

impl Desk<'_> {
    /// What has to be held where the server's side has sent authorities alone.
    pub(super) fn authorities_needed(&self, authorities: &[Certificate]) -> Needed {
        let kind = |one: &Certificate| {
            if one.is_self_issued() { NeededKind::Root } else { NeededKind::Intermediate }
        };
        let mut certificates: Vec<_> = authorities.iter().map(|one| (one.clone(), kind(one))).collect();
        certificates.sort_by_key(|(_, kind)| *kind == NeededKind::Intermediate);
        let roots = || certificates.iter().filter(|(_, kind)| *kind == NeededKind::Root).map(|(one, _)| one);
        Needed {
            sent: SentPart::AllIntermediates,
            missing: None,
            trusted: roots().next().is_some() && roots().all(|root| self.trusted_as(root).is_some()),
            failures: Vec::new(),
            certificates: certificates.clone(),
        }
    }
}

/// What is wrong with a chain beside that its root is not trusted, a sentence each.
fn failures(verdict: &Verdict, sent: &[Certificate]) -> Vec<String> {
    use certwright_protocol::view::ChainFailureReason as Reason;
    let view = convert::verdict(verdict, sent);
    let about_trust = |reason: &Reason| {
        matches!(reason, Reason::UntrustedRoot { .. } | Reason::SelfSigned | Reason::MissingIssuer { .. })
    };
    let failures = view.failures.iter().filter(|failure| !about_trust(&failure.reason));
    failures.map(|failure| failure.explain().what_happened).take(3).collect()
}

/// The authority, of those that are accepted, to which a chain leads.
pub(super) fn leads_to<'n>(chain: &Chain, authorities: &'n [Name]) -> Option<&'n Name> {
    let names = |one: &Certificate| [one.issuer().clone(), one.subject().clone()];
    let above: Vec<Name> = chain.certificates.iter().flat_map(names).collect();
    authorities.iter().find(|name| above.contains(name))
}

/// Whether a certificate says that it has issued itself, and its signature shows it.
pub(super) fn is_self_signed(certificate: &Certificate) -> bool {
    certificate.is_self_issued() && issued_by(certificate, certificate)
}

/// SHA-256 of a certificate, lower-case hex.
pub(super) fn fingerprint(certificate: &Certificate) -> String {
    certificate.fingerprint_sha256().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of a certificate as people compare it.
pub(super) fn fingerprint_words(certificate: &Certificate) -> String {
    let octets: Vec<String> =
        certificate.fingerprint_sha256().iter().map(|byte| format!("{byte:02X}")).collect();
    octets.join(":")
}

/// The host that a plan is about.
pub(crate) fn target_of(plan: &Plan) -> Option<HostTarget> {
    parse_target(plan.field("host"), None).ok()
}

fn host_words(target: &HostTarget) -> String {
    if target.host.contains(':') {
        format!("[{}]:{}", target.host, target.port)
    } else {
        format!("{}:{}", target.host, target.port)
    }
}
