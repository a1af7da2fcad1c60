//! Which key pair answers a server's request for a client certificate.

use certwright_certs::certificate::Certificate;
use certwright_certs::name::Name;
use certwright_certs::oid;
use certwright_keys::SignatureScheme;
use certwright_keys::private::PrivateKey;
use certwright_keystore::entry::{Content, Entry, KeyPair};
use certwright_keystore::keystore::Keystore;
use certwright_language::t;
use certwright_protocol::Problem;
use certwright_protocol::report::{KeyFit, NotFitting, WhyNotFitting, WhyNotUsed};
use certwright_protocol::ui::Authentication;

/// The key pair that will authenticate.
pub(super) struct Chosen {
    pub(super) alias: String,
    pub(super) key: PrivateKey,
    /// As sent: end-entity first, without a self-signed root.
    pub(super) chain: Vec<Certificate>,
    /// What the key can sign with, most wanted first.
    pub(super) schemes: Vec<SignatureScheme>,
}

/// No certificate is used, for this reason.
pub(super) struct Refused(pub(super) WhyNotUsed);

/// Refuses an alias that cannot authenticate before anything is connected.
pub(super) fn check_alias(keystore: &Keystore, alias: &str) -> Result<(), Problem> {
    let entry = keystore.find(alias).ok_or_else(|| Problem::NoSuchEntry { alias: alias.to_owned() })?;
    match &entry.content {
        Content::KeyPair(pair) if pair.chain.is_empty() => {
            Err(Problem::NoCertificateYet { alias: entry.alias.clone() })
        }
        Content::KeyPair(_) => Ok(()),
        Content::TrustedCertificate(_) | Content::SecretKey(_) => {
            Err(Problem::NoPrivateKey { alias: entry.alias.clone() })
        }
    }
}

/// Chooses by the user's wish. An alias is used even where its authority is not among the accepted ones: the user wants to know
/// what the server says. `now` is in Unix seconds.
pub(super) fn choose(
    wish: &Authentication,
    keystore: &Keystore,
    authorities: &[Name],
    schemes: &[u16],
    now: i64,
) -> Result<Chosen, Refused> {
    match wish {
        Authentication::None => Err(Refused(WhyNotUsed::NotWanted)),
        Authentication::Alias { alias } => {
            let pair = keystore.find(alias).and_then(key_pair);
            let Some((entry, pair)) = pair.filter(|(_, pair)| !pair.chain.is_empty()) else {
                return Err(Refused(WhyNotUsed::NoCertificate { alias: alias.clone() }));
            };
            if !has_scheme(&pair.key, schemes) {
                return Err(Refused(WhyNotUsed::NoScheme { alias: entry.alias.clone() }));
            }
            Ok(chosen(keystore, entry, pair))
        }
        Authentication::FirstThatFits => {
            let mut considered = Vec::new();
            let mut not_for_clients = None;
            for (entry, pair) in keystore.iter().filter_map(key_pair) {
                match misfit(keystore, pair, authorities, schemes, now) {
                    None if may_be_client(pair) => return Ok(chosen(keystore, entry, pair)),
                    // Not every server looks at extended key usages; where there is nothing better, what this one says is worth knowing.
                    None => not_for_clients = not_for_clients.or(Some((entry, pair))),
                    Some(why) => considered.push(NotFitting { alias: entry.alias.clone(), why }),
                }
            }
            let (entry, pair) = not_for_clients.ok_or(Refused(WhyNotUsed::NoneFits { considered }))?;
            Ok(chosen(keystore, entry, pair))
        }
    }
}

/// Which keys a server would take that accepts certificates of these authorities (none named is any) and these signature schemes (all of them where
/// no server has said), as far as the certificates tell. `now` is in Unix seconds.
pub(crate) fn which_keys(
    keystore: &Keystore,
    authorities: &[Name],
    schemes: Option<&[u16]>,
    now: i64,
) -> Vec<KeyFit> {
    keystore
        .iter()
        .filter_map(key_pair)
        .map(|(entry, pair)| {
            let own: Vec<u16> = all_schemes(&pair.key).iter().map(|scheme| scheme.to_u16()).collect();
            let why = match misfit(keystore, pair, authorities, schemes.unwrap_or(&own), now) {
                Some(why) => Some(why.words()),
                // Servers that look at extended key usages refuse what is not for clients.
                None if !may_be_client(pair) => Some(t!("has an extended key usage without clientAuth")),
                None => None,
            };
            let alias = entry.alias.clone();
            let leads = if authorities.is_empty() {
                t!("any authority is accepted")
            } else {
                t!("its chain leads to an accepted authority")
            };
            match why {
                None => KeyFit { alias, fits: true, why: t!("Valid now, for clients, and {leads}.", leads) },
                Some(why) => KeyFit { fits: false, why: format!("“{alias}” {why}."), alias },
            }
        })
        .collect()
}

fn may_be_client(pair: &KeyPair) -> bool {
    let usages = pair.chain.first().and_then(Certificate::extended_key_usages);
    usages.is_none_or(|usages| usages.allows(oid::CLIENT_AUTH))
}

fn key_pair(entry: &Entry) -> Option<(&Entry, &KeyPair)> {
    Some((entry, entry.key_pair()?))
}

fn misfit(
    keystore: &Keystore,
    pair: &KeyPair,
    authorities: &[Name],
    schemes: &[u16],
    now: i64,
) -> Option<WhyNotFitting> {
    let Some(leaf) = pair.chain.first() else { return Some(WhyNotFitting::NoCertificate) };
    if now < leaf.not_before() || now > leaf.not_after() {
        return Some(WhyNotFitting::NotValidNow);
    }
    let reaches = |name: &Name| {
        full_chain(keystore, pair).iter().any(|c| c.issuer() == name || (c.is_ca() && c.subject() == name))
    };
    if !authorities.is_empty() && !authorities.iter().any(reaches) {
        return Some(WhyNotFitting::OtherAuthority);
    }
    (!has_scheme(&pair.key, schemes)).then_some(WhyNotFitting::NoScheme)
}

/// Both lists are looked at: the server's request does not say which TLS version it belongs to.
fn has_scheme(key: &PrivateKey, schemes: &[u16]) -> bool {
    all_schemes(key).iter().any(|scheme| schemes.contains(&scheme.to_u16()))
}

fn all_schemes(key: &PrivateKey) -> Vec<SignatureScheme> {
    let mut all = key.schemes_tls13();
    for scheme in key.schemes_tls12() {
        if !all.contains(&scheme) {
            all.push(scheme);
        }
    }
    all
}

fn chosen(keystore: &Keystore, entry: &Entry, pair: &KeyPair) -> Chosen {
    let mut chain = full_chain(keystore, pair);
    // Servers hold the root already; RFC 8446 section 4.4.2 lets it be left out.
    if chain.len() > 1 && chain.last().is_some_and(Certificate::is_self_issued) {
        chain.pop();
    }
    Chosen { alias: entry.alias.clone(), key: pair.key.clone(), chain, schemes: all_schemes(&pair.key) }
}

fn full_chain(keystore: &Keystore, pair: &KeyPair) -> Vec<Certificate> {
    crate::trust::complete_chain(&pair.chain, keystore).0
}
