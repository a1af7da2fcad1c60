//! Writes a ClientHello: SSL 3.0 (RFC 6101 section 5.6.1.2) to TLS 1.3 (RFC 8446 section 4.1.2), with what rustls would never offer.
//!
//! Extensions: server_name, status_request (RFC 6066), supported_groups (RFC 8422, RFC 7919), ec_point_formats, signature_algorithms with
//! SHA-1 for old servers, application_layer_protocol_negotiation (RFC 7301), signed_certificate_timestamp (RFC 6962), padding (RFC 7685),
//! extended_master_secret (RFC 7627), session_ticket (RFC 5077), supported_versions, psk_key_exchange_modes, key_share. That
//! RFC 5746 is known is said by its signalling suite, as SSL 3.0 has no extensions.
//!
//! Refuses nothing: what does not fit into its field (a name of more than 255 octets) is left out.

use certwright_protocol::conversation::TlsVersion;
use certwright_protocol::suites::{FALLBACK_SCSV, RENEGOTIATION_INFO_SCSV};

/// What a ClientHello says.
#[derive(Debug, Clone)]
pub(super) struct ClientHello {
    /// The highest version.
    pub(super) version: TlsVersion,
    /// Whether TLS 1.3 is offered without what is below.
    pub(super) alone: bool,
    /// 32 octets of randomness.
    pub(super) random: [u8; 32],
    /// Most wanted first.
    pub(super) suites: Vec<u16>,
    /// Most wanted first.
    pub(super) groups: Vec<u16>,
    /// Public values for some of the groups (TLS 1.3). None asks for a HelloRetryRequest.
    pub(super) shares: Vec<(u16, Vec<u8>)>,
    /// The name for SNI.
    pub(super) server_name: Option<String>,
    /// Protocols for ALPN.
    pub(super) alpn: Vec<String>,
    /// Whether there are extensions at all.
    pub(super) extensions: bool,
    /// At least so many octets, from the handshake header on; 0 for no more than is usual.
    pub(super) padded_to: usize,
    /// Whether DEFLATE is offered (RFC 3749).
    pub(super) compression: bool,
    /// Whether the signalling suite of RFC 7507 is there.
    pub(super) fallback: bool,
    /// Whether an extension is there that nobody knows (RFC 8701).
    pub(super) unknown_extension: bool,
}

/// Signature schemes, those of today first: RFC 8446 section 4.2.3, and for old servers the pairs of hash and signature of RFC 5246 section
/// 7.4.1.4.1 down to SHA-1, with DSA.
const SCHEMES: [u16; 25] = [
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501,
    0x0601, 0x0904, 0x0905, 0x0906, 0x0402, 0x0502, 0x0602, 0x0301, 0x0303, 0x0203, 0x0201, 0x0202,
];

/// Of the values that RFC 8701 keeps free for this.
const GREASE: u16 = 0x5a5a;

const RECORD: usize = 16 * 1024;

impl ClientHello {
    /// The ClientHello as records (RFC 8446 section 5.1). The record's version is that of TLS 1.0, since old servers look at it.
    pub(super) fn to_records(&self) -> Vec<u8> {
        let message = self.to_message();
        let version = TlsVersion::Tls10.min(self.version).code();
        let mut records = Vec::new();
        for fragment in message.chunks(RECORD) {
            records.push(22);
            records.extend(version.to_be_bytes());
            with_length(&mut records, 2, |out| out.extend(fragment));
        }
        records
    }

    /// The handshake message with its header.
    fn to_message(&self) -> Vec<u8> {
        let unpadded = self.message_with(None);
        // There are load balancers that do not answer 256 to 511 octets, for which RFC 7685 was written: who offers little is not to meet them
        // by accident.
        let usual = if (256..512).contains(&unpadded.len()) { 512 } else { 0 };
        let wanted = if self.padded_to == 0 { usual } else { self.padded_to };
        // The extension's own header takes four octets.
        let missing = wanted.saturating_sub(unpadded.len());
        if missing == 0 || !self.has_extensions() {
            return unpadded;
        }
        self.message_with(Some(missing.saturating_sub(4)))
    }

    fn has_extensions(&self) -> bool {
        self.extensions && self.version != TlsVersion::Ssl3
    }

    fn message_with(&self, padding: Option<usize>) -> Vec<u8> {
        let mut message = vec![1];
        with_length(&mut message, 3, |out| {
            out.extend(TlsVersion::Tls12.min(self.version).code().to_be_bytes());
            out.extend(self.random);
            // TLS 1.3 names a session so that it looks like one resumed, for what is in between (RFC 8446 appendix D.4).
            let session: &[u8] = if self.version == TlsVersion::Tls13 { &self.random } else { &[] };
            with_length(out, 1, |out| out.extend(session));
            with_length(out, 2, |out| self.suites(out));
            let methods: &[u8] = if self.compression { &[1, 0] } else { &[0] };
            with_length(out, 1, |out| out.extend(methods));
            if self.has_extensions() {
                with_length(out, 2, |out| {
                    self.extensions(out);
                    if let Some(padding) = padding {
                        extension(out, 21, |out| out.resize(out.len() + padding, 0));
                    }
                });
            }
        });
        message
    }

    fn suites(&self, out: &mut Vec<u8>) {
        let mut suites = self.suites.clone();
        if self.version < TlsVersion::Tls13 || !self.alone {
            suites.push(RENEGOTIATION_INFO_SCSV);
        }
        if self.fallback {
            suites.push(FALLBACK_SCSV);
        }
        out.extend(suites.iter().flat_map(|suite| suite.to_be_bytes()));
    }

    fn extensions(&self, out: &mut Vec<u8>) {
        if self.unknown_extension {
            extension(out, GREASE, |out| out.push(0));
        }
        if let Some(name) = self.server_name.as_ref().filter(|name| name.len() <= 255) {
            extension(out, 0, |out| {
                with_length(out, 2, |out| {
                    out.push(0);
                    with_length(out, 2, |out| out.extend(name.bytes()));
                });
            });
        }
        extension(out, 5, |out| out.extend([1, 0, 0, 0, 0]));
        extension(out, 10, |out| list(out, 2, &self.groups));
        extension(out, 11, |out| out.extend([1, 0]));
        if self.version >= TlsVersion::Tls12 {
            extension(out, 13, |out| list(out, 2, &SCHEMES));
        }
        let protocols: Vec<&String> =
            self.alpn.iter().filter(|name| (1..=255).contains(&name.len())).collect();
        if !protocols.is_empty() {
            extension(out, 16, |out| {
                with_length(out, 2, |out| {
                    for name in protocols {
                        with_length(out, 1, |out| out.extend(name.bytes()));
                    }
                });
            });
        }
        extension(out, 18, |_| {});
        extension(out, 23, |_| {});
        extension(out, 35, |_| {});
        if self.version == TlsVersion::Tls13 {
            let lower = TlsVersion::ALL.iter().rev().filter(|version| **version > TlsVersion::Ssl3);
            let count = if self.alone { 1 } else { usize::MAX };
            let versions: Vec<u16> = lower.take(count).map(|version| version.code()).collect();
            extension(out, 43, |out| list(out, 1, &versions));
            extension(out, 45, |out| out.extend([1, 1]));
            extension(out, 51, |out| {
                with_length(out, 2, |out| {
                    for (group, share) in &self.shares {
                        out.extend(group.to_be_bytes());
                        with_length(out, 2, |out| out.extend(share));
                    }
                });
            });
        }
    }
}

fn extension(out: &mut Vec<u8>, code: u16, body: impl FnOnce(&mut Vec<u8>)) {
    out.extend(code.to_be_bytes());
    with_length(out, 2, body);
}

fn list(out: &mut Vec<u8>, width: usize, codes: &[u16]) {
    with_length(out, width, |out| out.extend(codes.iter().flat_map(|code| code.to_be_bytes())));
}

/// Writes a body with its length before it, in `width` octets, at most four.
fn with_length(out: &mut Vec<u8>, width: usize, body: impl FnOnce(&mut Vec<u8>)) {
    let mut inner = Vec::new();
    body(&mut inner);
    let length = u32::try_from(inner.len()).unwrap_or(u32::MAX).to_be_bytes();
    out.extend(length.iter().skip(4_usize.saturating_sub(width)));
    out.append(&mut inner);
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn hello(version: TlsVersion) -> ClientHello {
        ClientHello {
            version,
            alone: false,
            random: [7; 32],
            suites: vec![0x002f, 0x000a],
            groups: vec![29, 23],
            shares: Vec::new(),
            server_name: Some("a.example".into()),
            alpn: vec!["http/1.1".into(), String::new(), "x".repeat(256)],
            extensions: true,
            padded_to: 0,
            compression: false,
            fallback: false,
            unknown_extension: false,
        }
    }

    #[test]
    fn ssl3_is_plain() {
        let record = hello(TlsVersion::Ssl3).to_records();
        assert_eq!(record.get(..5), Some(&[22, 3, 0, 0, 49][..]));
        assert_eq!(record.get(5..11), Some(&[1, 0, 0, 45, 3, 0][..]));
        assert_eq!(record.get(43..), Some(&[0, 0, 6, 0, 0x2f, 0, 0x0a, 0, 0xff, 1, 0][..]));
    }

    #[test]
    fn padding_fills_up() {
        let usual = ClientHello { suites: vec![0; 60], ..hello(TlsVersion::Tls12) };
        assert_eq!(usual.to_message().len(), 512);
        for wanted in [300, 600, 1600] {
            let padded = ClientHello { padded_to: wanted, ..hello(TlsVersion::Tls12) };
            assert_eq!(padded.to_message().len(), wanted);
        }
        let plain = hello(TlsVersion::Tls12).to_message();
        let barely = ClientHello { padded_to: plain.len() + 1, ..hello(TlsVersion::Tls12) };
        assert_eq!(barely.to_message().len(), plain.len() + 4);
        let bare = ClientHello { padded_to: 600, extensions: false, ..hello(TlsVersion::Tls12) };
        assert!(bare.to_message().len() < 100);
    }

    #[test]
    fn tls13_looks_like_tls12_from_outside() {
        let message = hello(TlsVersion::Tls13).to_message();
        assert_eq!(message.get(4..6), Some(&[3, 3][..]));
        assert!(message.windows(9).any(|window| window == [0, 43, 0, 9, 8, 3, 4, 3, 3]));
        let alone = ClientHello { alone: true, ..hello(TlsVersion::Tls13) }.to_message();
        assert!(alone.windows(7).any(|window| window == [0, 43, 0, 3, 2, 3, 4]));
        // A list of key shares that is empty.
        assert!(alone.windows(6).any(|window| window == [0, 51, 0, 2, 0, 0]));
    }
}
