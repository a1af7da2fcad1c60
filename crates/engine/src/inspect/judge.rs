//! Judging a chain of the bag: from the plan to the validator's question, and from its verdict to finished words.
//!
//! What the validator decides stands in `certwright-chain`; the words for what fails stand in the catalogue of `certwright-protocol`.

mod needs;
mod view;

use certwright_language::text;
use std::net::IpAddr;

use certwright_certs::{Certificate, Crl, Name, OcspResponse, Oid};
use certwright_chain::revocation::Source;
use certwright_chain::{
    Algorithms, Anchor, Evidence, Host, Paths, PolicyInputs, Profile, Purpose, Question, RevocationMode,
    Verdict, judge,
};
pub use certwright_keys::verify::Lenience;
use certwright_keystore::entry::Content as EntryContent;
use certwright_keystore::keystore::Keystore;
use certwright_protocol::Problem;
use certwright_protocol::ui::inspect::{
    JudgePlan, Judgement, ProfileChoice, PurposeChoice, RevocationChoice, Words,
};

use super::{Content, Inspection};
use crate::trust::{ends_at_mozilla, mozilla};
use certwright_language::t;
use view::Viewer;

/// Most paths that are shown.
const MOST_PATHS: usize = 12;

/// What is trusted besides the bag, and what else is known.
#[derive(Clone)]
pub struct Trust {
    /// The trust anchors.
    pub anchors: Vec<Anchor>,
    /// Certificates that may help to build a path.
    pub known: Vec<Certificate>,
    /// What people call the place of the anchors: `your keystore`, `trust.pem`.
    pub called: String,
}

impl Default for Trust {
    fn default() -> Self {
        Self { anchors: Vec::new(), known: Vec::new(), called: t!("your keystore").into() }
    }
}

impl Trust {
    /// The keystore's trusted certificates; known besides: the certificates of its key pairs.
    pub fn of_keystore(keystore: &Keystore) -> Self {
        let mut trust = Self::default();
        for entry in keystore.iter() {
            match &entry.content {
                EntryContent::TrustedCertificate(certificate) => {
                    trust
                        .anchors
                        .push(Anchor { label: entry.alias.clone(), certificate: certificate.clone() });
                }
                EntryContent::KeyPair(pair) => trust.known.extend(pair.chain.iter().cloned()),
                EntryContent::SecretKey(_) => {}
            }
        }
        trust
    }
}

impl Inspection {
    /// Judges a chain. `now` is in Unix seconds.
    ///
    /// # Errors
    /// If the plan names something that is not there, or a name that is none.
    pub fn judge(&self, plan: &JudgePlan, trust: &Trust, now: i64) -> Result<Judgement, Problem> {
        self.judge_leniently(plan, trust, Lenience::default(), now)
    }

    /// As [`Inspection::judge`], and believes signatures that prove nothing today, if it is told to: the judgement says so.
    ///
    /// # Errors
    /// As [`Inspection::judge`].
    pub fn judge_leniently(
        &self,
        plan: &JudgePlan,
        trust: &Trust,
        lenience: Lenience,
        now: i64,
    ) -> Result<Judgement, Problem> {
        let Content::Certificate(leaf) = &self.item(plan.leaf)?.content else {
            return Err(Problem::NothingFound);
        };
        let mut certificates = vec![leaf.clone()];
        certificates.extend(self.certificates().map(|(_, one)| one.clone()).filter(|one| one != leaf));
        let anchors = self.anchors(plan, trust)?;
        let (crls, ocsp) = self.evidence();
        let at = plan.at.unwrap_or(now);
        let policies: Vec<Oid> = plan.policies.iter().map(|text| policy(text)).collect::<Result<_, _>>()?;
        let (host, mailbox) = names(plan)?;
        let mut question = Question {
            extra: &trust.known,
            host,
            mailbox,
            purpose: match plan.purpose {
                PurposeChoice::Server => Purpose::ServerAuth,
                PurposeChoice::Client => Purpose::ClientAuth,
                PurposeChoice::Email => Purpose::EmailProtection,
                PurposeChoice::Any => Purpose::Any,
            },
            policies: PolicyInputs {
                require_explicit: !policies.is_empty(),
                acceptable: (!policies.is_empty()).then_some(policies),
                ..PolicyInputs::default()
            },
            revocation: Evidence {
                crls: &crls,
                ocsp: &ocsp,
                mode: match plan.revocation {
                    RevocationChoice::Off => RevocationMode::Off,
                    RevocationChoice::IfKnown => RevocationMode::IfKnown,
                    RevocationChoice::Required => RevocationMode::Required,
                },
            },
            paths: Paths::All { max: MOST_PATHS },
            algorithms: Algorithms { lenience, ..Algorithms::default() },
            ..Question::new(&certificates, &anchors, at)
        };
        let mut reason = t!("as you chose");
        question.profile = match plan.profile {
            ProfileChoice::Auto => Profile::Private,
            ProfileChoice::TlsServer => Profile::TlsServer,
            ProfileChoice::TlsClient => Profile::TlsClient,
            ProfileChoice::Email => Profile::Email,
            ProfileChoice::Rfc5280 => Profile::Rfc5280,
            ProfileChoice::Private => Profile::Private,
        };
        let mut verdict = judge(&question);
        if plan.profile == ProfileChoice::Auto {
            // Which rules bind the chain is only known when it is known where it ends.
            reason = t!("since the path does not end in a root of Mozilla’s list");
            if plan.purpose == PurposeChoice::Server && ends_at_mozilla(&verdict) {
                question.profile = Profile::TlsServer;
                verdict = judge(&question);
                reason = t!("since the path ends in a root of Mozilla’s list");
            }
        }
        let viewer = Viewer { inspection: self, trust, question: &question };
        let paths = verdict.paths.iter().map(|path| viewer.path(path, &verdict)).collect();
        Ok(Judgement {
            trusted: verdict.trusted,
            words: verdict_words(&verdict, &viewer, plan),
            paths,
            needs: verdict.best().map(needs::needs).unwrap_or_default(),
            profile: format!("{}, {reason}{}", profile_name(question.profile), believed_words(lenience)),
            at,
            trust: trusted_words(plan, trust),
            gave_up: verdict.budget_exhausted.then(|| {
                t!("The certificates can be combined in so many ways that the search was given up: there may be a path that was not found. Remove certificates that do not belong to this chain.").into()
            }),
        })
    }

    /// The names of the authorities with these numbers; none is all authorities of the bag.
    pub(crate) fn authorities(&self, things: &[u32]) -> Vec<Name> {
        let is_meant =
            |id: u32, one: &Certificate| if things.is_empty() { one.is_ca() } else { things.contains(&id) };
        let meant = self.certificates().filter(|(id, one)| is_meant(*id, one));
        meant.map(|(_, one)| one.subject().clone()).collect()
    }

    fn anchors(&self, plan: &JudgePlan, trust: &Trust) -> Result<Vec<Anchor>, Problem> {
        let mut anchors = Vec::new();
        if plan.trust.keystore {
            anchors.extend(trust.anchors.iter().cloned());
        }
        for id in &plan.trust.things {
            if let Content::Certificate(certificate) = &self.item(*id)?.content {
                anchors.push(Anchor { label: certificate.display_name(), certificate: certificate.clone() });
            }
        }
        if plan.trust.mozilla {
            anchors.extend(mozilla::anchors().iter().cloned());
        }
        Ok(anchors)
    }

    fn evidence(&self) -> (Vec<Crl>, Vec<OcspResponse>) {
        let (mut crls, mut ocsp) = (Vec::new(), Vec::new());
        for item in self.items.iter().filter(|item| item.same_as.is_none()) {
            match &item.content {
                Content::Crl(list) => crls.push(list.clone()),
                Content::OcspResponse(response) => ocsp.push(response.clone()),
                _ => {}
            }
        }
        (crls, ocsp)
    }

    /// Where a piece of evidence was found.
    fn evidence_place(&self, source: Source) -> Option<String> {
        let is_list = |item: &&super::Item| matches!(item.content, Content::Crl(_)) && item.same_as.is_none();
        let is_response =
            |item: &&super::Item| matches!(item.content, Content::OcspResponse(_)) && item.same_as.is_none();
        let item = match source {
            Source::Crl { index } | Source::Delta { delta: index, .. } => {
                self.items.iter().filter(is_list).nth(index)
            }
            Source::Ocsp { index } => self.items.iter().filter(is_response).nth(index),
        };
        item.map(|item| item.place.words())
    }
}

/// The host and the mailbox that the plan names.
fn names(plan: &JudgePlan) -> Result<(Option<Host>, Option<String>), Problem> {
    let name = plan.name.trim();
    if name.is_empty() {
        return Ok((None, None));
    }
    if plan.purpose == PurposeChoice::Email {
        return Ok((None, Some(name.to_owned())));
    }
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = bare.parse::<IpAddr>() {
        return Ok((Some(Host::Ip(address)), None));
    }
    let is_host = name.len() <= 253
        && !name.contains(|c: char| c.is_whitespace() || c.is_control() || "/:@?#".contains(c));
    if is_host {
        Ok((Some(Host::Dns(name.to_owned())), None))
    } else {
        Err(Problem::HostInvalid { text: name.to_owned() })
    }
}

fn policy(text: &str) -> Result<Oid, Problem> {
    Oid::parse(text.trim()).ok_or_else(|| Problem::WordNotKnown { word: text.to_owned() })
}

fn verdict_words(verdict: &Verdict, viewer: &Viewer<'_>, plan: &JudgePlan) -> Words {
    if let (true, Some(path)) = (verdict.trusted, verdict.best()) {
        let end = path.links.last().map(|link| viewer.end_words(&link.certificate)).unwrap_or_default();
        let named = plan.name.trim();
        let checked = match plan.purpose {
            _ if !named.is_empty() => t!(" It is for “{named}”.", named),
            PurposeChoice::Server | PurposeChoice::Email => {
                t!(" No name was asked for, so whether it is for the right one was not checked.").to_owned()
            }
            PurposeChoice::Client | PurposeChoice::Any => String::new(),
        };
        return Words {
            title: t!("Trusted").into(),
            what_happened: t!("The chain leads to {end}, and every check passed.{checked}", end, checked),
            what_to_try: String::new(),
        };
    }
    match verdict.failures.first() {
        Some(failure) => view::failure_words(failure, verdict.links()),
        None => certwright_protocol::view::ChainFailureReason::NoCertificate.explain(),
    }
}

/// What is believed against all advice.
fn believed_words(lenience: Lenience) -> &'static str {
    match (lenience.dangerously_accept_sha1, lenience.dangerously_accept_dsa) {
        (false, false) => "",
        (true, false) => t!("; signatures with SHA-1, which can be forged, are believed"),
        (false, true) => t!("; signatures with DSA, which is no longer approved, are believed"),
        (true, true) => {
            t!(
                "; signatures with SHA-1, which can be forged, and DSA, which is no longer approved, are believed"
            )
        }
    }
}

fn profile_name(profile: Profile) -> &'static str {
    match profile {
        Profile::TlsServer => t!("TLS server (RFC 5280, RFC 9525 and the CA/Browser Forum’s rules)"),
        Profile::TlsClient => t!("TLS client (RFC 5280 with the duties of issuers)"),
        Profile::Email => t!("E-mail (RFC 5280 with the duties of issuers, RFC 8550)"),
        Profile::Rfc5280 => t!("RFC 5280 (as a whole, with the duties of issuers, and nothing else)"),
        Profile::Private => t!("Private PKI (RFC 5280 section 6 alone)"),
    }
}

/// `3 of your keystore, 142 of Mozilla’s list of 2026-10-23`.
fn trusted_words(plan: &JudgePlan, trust: &Trust) -> String {
    let mut parts = Vec::new();
    if plan.trust.keystore {
        parts.push(t!("{count} of {called}", count = trust.anchors.len(), called = trust.called));
    }
    if plan.trust.mozilla {
        parts.push(t!(
            "{count} of {list} of {date}",
            count = mozilla::anchors().len(),
            list = text(mozilla::NAME),
            date = mozilla::DATE
        ));
    }
    if !plan.trust.things.is_empty() {
        parts.push(t!("{count} of what is inspected", count = plan.trust.things.len()));
    }
    if parts.is_empty() { t!("nothing").into() } else { parts.join(", ") }
}
