//! Percent-encoding (RFC 3986, section 2.1) of PEM and base64 in a line, as proxies put certificates into headers: nginx
//! (`$ssl_client_escaped_cert`), AWS (`X-Amzn-Mtls-Clientcert`), Envoy (`x-forwarded-client-cert`), Traefik.
//!
//! `+` stays what it is, since AWS leaves it unencoded and it belongs to base64, except where it stands for the blank in `BEGIN CERTIFICATE`.
//! What is no encoded octet stays as it is.

use zeroize::Zeroizing;

/// The line decoded, if it holds percent-encoded PEM or base64.
pub(super) fn decode_line(line: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if !line.contains(&b'%') && !holds(line, b"BEGIN+") {
        return None;
    }
    let plus_is_blank = holds(line, b"BEGIN+");
    let mut decoded = Zeroizing::new(Vec::with_capacity(line.len()));
    let mut rest = line;
    while let Some((first, tail)) = rest.split_first() {
        match (first, tail) {
            (b'%', [high, low, after @ ..]) => match (nibble(*high), nibble(*low)) {
                (Some(high), Some(low)) => {
                    decoded.push(high << 4 | low);
                    rest = after;
                    continue;
                }
                _ => decoded.push(b'%'),
            },
            (b'+', _) if plus_is_blank => decoded.push(b' '),
            _ => decoded.push(*first),
        }
        rest = tail;
    }
    // Other lines may hold a `%` by chance, and their numbers would be lost.
    let is_pem = holds(&decoded, b"-----BEGIN ") && !holds(line, b"-----BEGIN ");
    let is_base64 = holds(&decoded, b"MI")
        && (holds(line, b"%2B") || holds(line, b"%2b") || holds(line, b"%2F") || holds(line, b"%2f"));
    (is_pem || is_base64).then_some(decoded)
}

fn nibble(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn holds(text: &[u8], needle: &[u8]) -> bool {
    text.windows(needle.len()).any(|window| window == needle)
}
