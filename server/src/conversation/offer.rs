//! What the ClientHello offers: the wishes of a target, as far as rustls with aws-lc speaks them (code points of IANA's "Transport Layer
//! Security (TLS) Parameters"). What it does not speak is left out; a wish of which nothing is left is refused.

use certwright_protocol::conversation::{HttpRequest, Offer, ProbeFailure, StartTls, Target};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::{CipherSuite, NamedGroup, SignatureScheme};

use super::signature::schemes_for_marked_keys;

/// `http/1.1` in ALPN.
pub(super) const HTTP_1_1: &[u8] = b"http/1.1";

/// The provider with the suites and groups of the offer, in its order. Where the offer leaves groups open, X25519MLKEM768 is the first and gets a key share
/// together with x25519, as Chromium and OpenSSL 3.5 do it: rustls gives a share to the first group, and to the classic half of that if it is offered too.
/// Where it leaves suites open, those with AES-128 are the first, as in all browsers: their key schedule takes half the time.
pub(super) fn provider(offer: &Offer) -> Result<CryptoProvider, ProbeFailure> {
    let mut provider = aws_lc_rs::default_provider();
    provider.kx_groups.sort_by_key(|group| group.name() != NamedGroup::X25519MLKEM768);
    provider.cipher_suites.sort_by_key(|suite| !is_aes128(suite.suite()));
    if !offer.suites.is_empty() {
        provider.cipher_suites = wanted(
            &offer.suites,
            aws_lc_rs::ALL_CIPHER_SUITES,
            |suite| suite.suite().into(),
            "cipher suites",
        )?;
    }
    if !offer.groups.is_empty() {
        provider.kx_groups =
            wanted(&offer.groups, aws_lc_rs::ALL_KX_GROUPS, |group| group.name().into(), "groups")?;
    }
    Ok(provider)
}

fn is_aes128(suite: CipherSuite) -> bool {
    matches!(
        suite,
        CipherSuite::TLS13_AES_128_GCM_SHA256
            | CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
            | CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
    )
}

/// Those of `known` that are among the codes, in the order of the codes.
fn wanted<T: Copy>(
    codes: &[u16],
    known: &[T],
    code: impl Fn(&T) -> u16,
    field: &str,
) -> Result<Vec<T>, ProbeFailure> {
    let found = codes.iter().filter_map(|wanted| known.iter().find(|one| code(one) == *wanted).copied());
    let found: Vec<T> = found.collect();
    if found.is_empty() { Err(ProbeFailure::BadTarget { field: field.to_owned() }) } else { Ok(found) }
}

/// The schemes for the server's signature: those of the offer that are among `known` and those for marked keys, or all of them.
pub(super) fn schemes(
    offer: &Offer,
    mut known: Vec<SignatureScheme>,
) -> Result<Vec<SignatureScheme>, ProbeFailure> {
    known.extend(schemes_for_marked_keys());
    if offer.schemes.is_empty() {
        return Ok(known);
    }
    wanted(&offer.schemes, &known, |scheme| (*scheme).into(), "signature schemes")
}

/// The protocols for ALPN, most wanted first.
pub(super) fn alpn(target: &Target) -> Vec<Vec<u8>> {
    let names: Vec<Vec<u8>> = target.offer.alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    if names.is_empty() && target.starttls == StartTls::None && target.http != HttpRequest::Never {
        return vec![HTTP_1_1.to_vec()];
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_made_in_its_order() {
        let offer = Offer { groups: vec![0x0017, 0xfafa, 0x001d], suites: vec![0x1302], ..Offer::default() };
        let provider = provider(&offer).unwrap();
        let groups: Vec<u16> = provider.kx_groups.iter().map(|group| group.name().into()).collect();
        assert_eq!(groups, [0x0017, 0x001d]);
        assert_eq!(provider.cipher_suites.len(), 1);
        let usual = super::provider(&Offer::default()).unwrap();
        let groups: Vec<u16> = usual.kx_groups.iter().map(|group| group.name().into()).collect();
        assert_eq!(groups, [0x11ec, 0x001d, 0x0017, 0x0018]);
        let strange = Offer { groups: vec![0xfafa], ..Offer::default() };
        assert!(matches!(super::provider(&strange), Err(ProbeFailure::BadTarget { .. })));
    }

    #[test]
    fn schemes_are_those_that_can_be_checked() {
        let known = vec![SignatureScheme::ED25519, SignatureScheme::RSA_PSS_SHA256];
        let codes = |offer: &Offer| -> Vec<u16> {
            schemes(offer, known.clone()).unwrap().into_iter().map(u16::from).collect()
        };
        assert_eq!(codes(&Offer::default()), [0x0807, 0x0804, 0x0809, 0x080a, 0x080b]);
        assert_eq!(codes(&Offer { schemes: vec![0x0804], ..Offer::default() }), [0x0804]);
    }
}
