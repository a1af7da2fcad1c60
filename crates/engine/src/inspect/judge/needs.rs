//! What the other side must hold to accept a chain ([`certwright_chain::needs`]), in sentences that name the machine and the certificates.

use certwright_certs::Certificate;
use certwright_chain::{NeededKind, Path, needs as needed};
use certwright_protocol::ui::inspect::Words;

use super::super::rows::hex;
use crate::trust::mozilla;
use certwright_language::{t, tn};

/// The sentences: what to send along first, then what the other side has to trust.
pub(super) fn needs(path: &Path) -> Vec<Words> {
    let Some(leaf) = path.links.first().map(|link| &link.certificate) else { return Vec::new() };
    let whole: Vec<Certificate> = path.links.iter().map(|link| link.certificate.clone()).collect();
    let if_alone = needed(path, std::slice::from_ref(leaf));
    let if_whole = needed(path, &whole);
    let at = |place: usize| path.links.get(place).map(|link| &link.certificate);
    let mut words = Vec::new();

    // From the top down; to be sent in the other order.
    let is_intermediate = |kind| kind == NeededKind::Intermediate;
    let absent = if_alone.certificates.iter().rev().filter(|one| is_intermediate(one.kind));
    let names: Vec<String> =
        absent.filter_map(|one| at(one.at)).map(|one| format!("“{}”", one.display_name())).collect();
    if !names.is_empty() {
        words.push(Words {
            title: t!("To be sent along").into(),
            what_happened: tn!(names.len(), "The machine that shows “{leaf}” has to send along {names}. Otherwise the other side must hold it itself.", "The machine that shows “{leaf}” has to send along {names}. Otherwise the other side must hold them itself.", leaf = leaf.display_name(), names = names.join(t!(", then "))),
            what_to_try: t!("Install the end-entity’s certificate with these behind it, in this order.").into(),
        });
    }
    let to_trust = if_whole.certificates.iter().find(|one| !is_intermediate(one.kind));
    words.extend(to_trust.and_then(|one| at(one.at)).map(to_be_trusted));
    words.extend(if_whole.missing.map(|issuer| Words {
        title: t!("To be found").into(),
        what_happened: t!("Above it the chain needs the certificate of “{issuer}”, which is not at hand: the other side has to hold it, or it has to be sent along.", issuer = issuer.common_name().unwrap_or_else(|| issuer.to_rfc4514())),
        what_to_try: t!("Get it from whoever issued the certificate.").into(),
    }));
    words
}

fn to_be_trusted(certificate: &Certificate) -> Words {
    Words {
        title: t!("To be trusted").into(),
        what_happened: t!(
            "The trust store of the other side has to hold “{certificate}” (SHA-256 {fingerprint}).",
            certificate = certificate.display_name(),
            fingerprint = hex(&certificate.fingerprint_sha256())
        ),
        what_to_try: if mozilla::is_root(certificate) {
            t!("Browsers and most systems have it.").into()
        } else {
            t!("Give this certificate to whoever runs the other side; they compare the fingerprint and add it to their trust store.").into()
        },
    }
}
