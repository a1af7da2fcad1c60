//! What the other side must hold to accept a chain, in sentences that name the machine and the certificates.

use certwright_chain::{Path, PathEnd};
use certwright_protocol::ui::inspect::Words;

use super::super::rows::hex;
/// The sentences: what to send along first, then what the other side has to trust.
pub(super) fn needs(path: &Path) -> Vec<Words> {
    let mut needs = Vec::new();
    let Some((leaf, above)) = path.links.split_first() else { return needs };
    let (intermediates, root) = match above.split_last() {
        Some((last, between)) if last.certificate.is_self_issued() => (between, Some(last)),
        // An anchor need not be a root.
        Some((last, between)) if matches!(path.end, PathEnd::Anchor { .. }) => (between, Some(last)),
        _ => (above, None),
    };
    let names: Vec<String> =
        intermediates.iter().map(|link| format!("“{}”", link.certificate.display_name())).collect();
    if !names.is_empty() {
        needs.push(Words {
            title: "To be sent along".into(),
            what_happened: format!(
                "The machine that shows “{}” has to send along {}. Otherwise the other side must hold {} itself.",
                leaf.certificate.display_name(),
                names.join(", then "),
                if names.len() == 1 { "it" } else { "them" }
            ),
            what_to_try: "Install the end-entity’s certificate with these behind it, in this order.".into(),
        });
    }
    match (root, &path.end) {
        (Some(root), _) => needs.push(Words {
            title: "To be trusted".into(),
            what_happened: format!(
                "The trust store of the other side has to hold “{}” (SHA-256 {}).",
                root.certificate.display_name(),
                hex(&root.certificate.fingerprint_sha256())
            ),
            what_to_try: if crate::trust::mozilla::is_root(&root.certificate) {
                "Browsers and most systems have it.".into()
            } else {
                "Give this certificate to whoever runs the other side; they compare the fingerprint and add it to their trust store.".into()
            },
        }),
        (None, PathEnd::MissingIssuer { issuer, .. }) => needs.push(Words {
            title: "To be found".into(),
            what_happened: format!(
                "Above it the chain needs the certificate of “{}”, which is not at hand: the other side has to hold it, or it has to be sent along.",
                issuer.common_name().unwrap_or_else(|| issuer.to_rfc4514())
            ),
            what_to_try: "Get it from whoever issued the certificate.".into(),
        }),
        (None, _) => needs.push(Words {
            title: "To be trusted".into(),
            what_happened: format!(
                "The trust store of the other side has to hold “{}” itself (SHA-256 {}).",
                leaf.certificate.display_name(),
                hex(&leaf.certificate.fingerprint_sha256())
            ),
            what_to_try: "Give this very certificate to whoever runs the other side; they compare the fingerprint and add it.".into(),
        }),
    }
    needs
}
