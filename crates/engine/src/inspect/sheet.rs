//! The sheet of a thing: all its fields and extensions, and what is to be said about its quality.

use certwright_certs::Certificate;
use certwright_certs::describe::{self, Description, Section as Part};
use certwright_certs::extensions::Extension;
use certwright_certs::lint::{LintContext, Scope, Severity, lint};
use certwright_keys::PublicKey;
use certwright_keys::weak::{shared_primes, weaknesses};
use certwright_protocol::Problem;
use certwright_protocol::ui::inspect::{Finding, Row, RowStyle, Section, Sheet, Tone};

use super::rows::{Extent, row, sections};
use super::{Content, Inspection, asn1};
use crate::convert::count;
use crate::findings;
use crate::trust::mozilla;
use certwright_language::{mark, t};

/// How far up is looked for one of Mozilla's roots.
const MOST_LINKS: usize = 8;
/// Most RSA keys among which common primes are looked for.
const MOST_KEYS: usize = 2_000;

impl Inspection {
    /// All about a thing. `keys` are further public keys, among which a common prime would be found; `now` is in Unix seconds.
    ///
    /// # Errors
    /// If there is no such thing.
    pub fn sheet(&self, id: u32, keys: &[(String, PublicKey)], now: i64) -> Result<Sheet, Problem> {
        self.sheet_to(id, keys, now, Extent::Shown)
    }

    pub(super) fn sheet_to(
        &self,
        id: u32,
        keys: &[(String, PublicKey)],
        now: i64,
        extent: Extent,
    ) -> Result<Sheet, Problem> {
        let item = self.item(id)?;
        Ok(Sheet {
            thing: item.thing(now),
            sections: content_sections(&item.content, extent),
            findings: self.findings(&item.content, keys, now),
            pem: item.content.pem(),
            octets: count(item.content.der().len()),
        })
    }

    fn findings(&self, content: &Content, keys: &[(String, PublicKey)], now: i64) -> Vec<Finding> {
        let mut found = Vec::new();
        let key = match content {
            Content::Certificate(certificate) => {
                let scope = if self.is_public(certificate) { Scope::Public } else { Scope::Private };
                let context = LintContext { at: now, scope, role: None };
                found.extend(lint(certificate, context).iter().map(|one| Finding {
                    rule: one.rule.id.to_owned(),
                    tone: match one.rule.severity {
                        Severity::Error => Tone::Bad,
                        Severity::Warning => Tone::Warn,
                        Severity::Notice => Tone::Info,
                    },
                    source: one.rule.source.to_owned(),
                    words: findings::explain(one),
                }));
                certificate.public_key().ok()
            }
            Content::Request(request) => request.public_key().ok(),
            Content::PublicKey(key) | Content::PrivateKey(key) => Some(key.clone()),
            _ => None,
        };
        let Some(key) = key else { return found };
        if !matches!(content, Content::Certificate(_)) {
            found.extend(weaknesses(&key).iter().map(|weakness| Finding {
                rule: "weak-key".into(),
                tone: Tone::Bad,
                source: t!("weak keys").into(),
                words: findings::explain_weak_key(weakness),
            }));
        }
        let others = self.with_common_prime(&key, keys);
        if !others.is_empty() {
            let explanation = findings::explain_shared_prime(&others);
            let (rule, source) = ("key-shared-prime".into(), t!("weak keys").into());
            found.insert(0, Finding { rule, tone: Tone::Bad, source, words: explanation });
        }
        found
    }

    /// What the other keys are called that have a prime in common with this one.
    fn with_common_prime(&self, key: &PublicKey, keys: &[(String, PublicKey)]) -> Vec<String> {
        let of_bag =
            self.items.iter().filter_map(|item| Some((item.place.words(), item.content.public_key()?)));
        let mut all: Vec<(String, PublicKey)> = vec![(String::new(), key.clone())];
        for (name, other) in of_bag.chain(keys.iter().cloned()) {
            if all.len() < MOST_KEYS && !all.iter().any(|(_, known)| *known == other) {
                all.push((name, other));
            }
        }
        let public: Vec<&PublicKey> = all.iter().map(|(_, key)| key).collect();
        let shared = shared_primes(&public);
        let with_this =
            shared.iter().filter(|shared| shared.keys.contains(&0)).flat_map(|shared| &shared.keys);
        let mut names: Vec<String> = with_this
            .filter(|other| **other != 0)
            .filter_map(|other| Some(all.get(*other)?.0.clone()))
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// Whether the rules of public authorities bind a certificate: it is in transparency logs, or its issuers lead by name to one of Mozilla's roots.
    pub(super) fn is_public(&self, certificate: &Certificate) -> bool {
        if certificate
            .extensions()
            .all
            .iter()
            .any(|one| one.oid == certwright_certs::oid::SIGNED_CERTIFICATE_TIMESTAMPS)
        {
            return true;
        }
        let mut current = certificate;
        for _ in 0..MOST_LINKS {
            if mozilla::has_root(current.issuer()) {
                return true;
            }
            let mut above =
                self.certificates().map(|(_, one)| one).filter(|one| one.subject() == current.issuer());
            match above.find(|one| !one.is_self_issued()) {
                Some(issuer) => current = issuer,
                None => return false,
            }
        }
        false
    }
}

impl Content {
    pub(super) fn public_key(&self) -> Option<PublicKey> {
        match self {
            Self::Certificate(certificate) => certificate.public_key().ok(),
            Self::Request(request) => request.public_key().ok(),
            Self::PublicKey(key) | Self::PrivateKey(key) => Some(key.clone()),
            _ => None,
        }
    }
}

/// The parts of a thing.
pub(super) fn content_sections(content: &Content, extent: Extent) -> Vec<Section> {
    let description = match content {
        Content::Certificate(certificate) => certificate.describe(),
        Content::Request(request) => request.describe(),
        Content::Crl(list) => list.describe(),
        Content::OcspResponse(response) => response.describe(),
        Content::OcspRequest(request, _) => request.describe(),
        Content::PublicKey(key) | Content::PrivateKey(key) => Description {
            sections: vec![Part {
                title: mark!("Subject public key"),
                facts: describe::key_facts(key.spki_der(), None),
            }],
            extensions: Vec::new(),
        },
        Content::Asn1(octets) => return vec![asn1_section(octets, extent)],
    };
    let range = |title: &str| {
        let field = match title {
            "Certificate" | "Signing request" | "Revocation list" => return whole(content),
            "Issuer" => "issuer",
            "Validity" => "validity",
            "Subject" => "subject",
            "Subject public key" => match content {
                Content::Certificate(_) => "subjectPublicKeyInfo",
                Content::Request(_) => "subjectPKInfo",
                _ => return whole(content),
            },
            "Attributes" => "attributes",
            "Revoked certificates" => "revokedCertificates",
            "Signature" => match content {
                Content::Request(_) | Content::OcspResponse(_) => "signature",
                _ => "signatureValue",
            },
            _ => return None,
        };
        // The name of the algorithm inside the signed part is `signature` as well.
        asn1::ranges(content, field).last().copied()
    };
    sections(&description, extent, range, &asn1::ranges(content, "Extension"), extensions_of(content))
}

/// The extensions of the thing as a whole, in the order in which they are described.
fn extensions_of(content: &Content) -> &[Extension] {
    match content {
        Content::Certificate(certificate) => &certificate.extensions().all,
        Content::Request(request) => &request.extensions().all,
        Content::Crl(list) => &list.extensions().all,
        Content::OcspResponse(response) => response.basic().map_or(&[], |basic| &basic.extensions().all),
        _ => &[],
    }
}

fn whole(content: &Content) -> Option<(u32, u32)> {
    Some((0, count(content.der().len())))
}

/// The outline of something of unknown kind.
fn asn1_section(octets: &[u8], extent: Extent) -> Section {
    let nodes = asn1::part_nodes(octets);
    let most = if extent == Extent::Shown { 200 } else { usize::MAX };
    let mut rows: Vec<Row> = nodes
        .iter()
        .take(most)
        .map(|node| {
            let depth = u8::try_from(node.depth).unwrap_or(u8::MAX);
            row(depth, &node.tag, node.value.clone(), RowStyle::Code)
        })
        .collect();
    if rows.len() < nodes.len() {
        rows.push(row(
            0,
            "…",
            t!("{count} more elements are in the ASN.1 view", count = nodes.len() - rows.len()),
            RowStyle::Text,
        ));
    }
    Section { title: "ASN.1".into(), source: None, badges: Vec::new(), rows, range: None }
}
