//! What may be passed on: octets that are, as a whole, something public from the world of certificates.
//!
//! DER or BER: one SEQUENCE that ends where the file ends, and begins like a certificate or revocation list (SEQUENCE, RFC 5280), PKCS#7
//! (an identifier, RFC 5652), or OCSP response (ENUMERATED, RFC 6960). Private keys and keystores begin with an INTEGER and do not
//! pass. PEM (RFC 7468): text that begins with a label of these. Everything else is refused.

/// Labels of PEM, RFC 7468 and what openssl writes.
const LABELS: [&[u8]; 7] = [
    b"CERTIFICATE-----",
    b"X509 CERTIFICATE-----",
    b"TRUSTED CERTIFICATE-----",
    b"X509 CRL-----",
    b"CRL-----",
    b"PKCS7-----",
    b"CMS-----",
];

const SEQUENCE: u8 = 0x30;
const FIRST_INSIDE: [u8; 3] = [SEQUENCE, 0x06, 0x0a];

/// Whether the octets may be passed on.
pub(super) fn may_pass(octets: &[u8]) -> bool {
    is_der(octets) || is_pem(octets)
}

fn is_der(octets: &[u8]) -> bool {
    let [SEQUENCE, length, rest @ ..] = octets else { return false };
    let (content, expected) = match *length {
        short @ 0..0x80 => (rest, Some(usize::from(short))),
        // The indefinite form of BER, which some PKCS#7 files have.
        0x80 => (rest, None),
        long => {
            let Some((digits, content)) = rest.split_at_checked(usize::from(long & 0x7f)) else {
                return false;
            };
            if digits.len() > size_of::<u32>() {
                return false;
            }
            (content, Some(digits.iter().fold(0, |length, &digit| length << 8 | usize::from(digit))))
        }
    };
    let whole = expected.map_or_else(|| content.ends_with(&[0, 0]), |expected| expected == content.len());
    whole && content.first().is_some_and(|first| FIRST_INSIDE.contains(first))
}

fn is_pem(octets: &[u8]) -> bool {
    let text = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets).trim_ascii_start();
    text.strip_prefix(b"-----BEGIN ").is_some_and(|label| LABELS.iter().any(|known| label.starts_with(known)))
}

#[cfg(test)]
mod tests {
    use super::may_pass;

    #[test]
    fn whole_public_things_pass() {
        let mut long = vec![0x30, 0x82, 0x01, 0x00, 0x30];
        long.resize(4 + 256, 0);
        for octets in [
            &[0x30, 2, 0x30, 0][..],
            &[0x30, 3, 0x06, 1, 42],
            &[0x30, 3, 0x0a, 1, 0],
            &[0x30, 0x80, 0x06, 1, 42, 0, 0],
            &long,
            b"-----BEGIN CERTIFICATE-----\nMA==",
            b"\xef\xbb\xbf\r\n-----BEGIN X509 CRL-----",
            b"-----BEGIN PKCS7-----",
        ] {
            assert!(may_pass(octets), "{octets:x?}");
        }
    }

    #[test]
    fn nothing_else_passes() {
        for octets in [
            &b""[..],
            b"0",
            b"0\x80",
            b"<!doctype html>",
            b"0123456789",
            b"{\"secret\": 1}",
            // One octet too few, one too many.
            &[0x30, 3, 0x30, 0],
            &[0x30, 2, 0x30, 0, 0],
            &[0x30, 0x81],
            &[0x30, 0x82, 0],
            &[0x30, 0xff, 0x30],
            &[0x30, 0x85, 0, 0, 0, 0, 2, 0x30, 0],
            // PKCS#8, PKCS#1, SEC 1, PKCS#12.
            &[0x30, 3, 0x02, 1, 0],
            b"-----BEGIN PRIVATE KEY-----\n",
            b"-----BEGIN RSA PRIVATE KEY-----\n",
            b"text\n-----BEGIN CERTIFICATE-----\n",
            // gzip.
            &[0x1f, 0x8b, 8, 0],
        ] {
            assert!(!may_pass(octets), "{octets:x?}");
        }
    }
}
