//! PEM text of what the page holds as DER (RFC 7468): base64 in lines of 64 characters.

use certwright_protocol::Bytes;
use certwright_protocol::view::CertificateView;

/// Certificates as PEM, one after the other.
pub(crate) fn to_pem<'a>(certificates: impl IntoIterator<Item = &'a CertificateView>) -> String {
    certificates.into_iter().map(|certificate| to_block(&certificate.der)).collect()
}

fn to_block(der: &Bytes) -> String {
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    let base64 = der.to_base64();
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(64).unwrap_or((rest, ""));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_64_characters() {
        let text = to_block(&Bytes(vec![0; 50]));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[1].len(), 64);
        assert_eq!(lines[2], "AAA=");
    }
}
