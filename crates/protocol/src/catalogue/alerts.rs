//! TLS alerts (RFC 8446 section 6, RFC 5246 section 7.2, IANA "TLS Alerts"): their names, and what mostly causes them.

use crate::t;

/// The alert's name as RFC 8446 writes it, or `unknown alert`.
pub fn alert_name(code: u8) -> &'static str {
    match code {
        0 => "close_notify",
        10 => "unexpected_message",
        20 => "bad_record_mac",
        21 => "decryption_failed",
        22 => "record_overflow",
        30 => "decompression_failure",
        40 => "handshake_failure",
        41 => "no_certificate",
        42 => "bad_certificate",
        43 => "unsupported_certificate",
        44 => "certificate_revoked",
        45 => "certificate_expired",
        46 => "certificate_unknown",
        47 => "illegal_parameter",
        48 => "unknown_ca",
        49 => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        60 => "export_restriction",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        90 => "user_canceled",
        100 => "no_renegotiation",
        109 => "missing_extension",
        110 => "unsupported_extension",
        111 => "certificate_unobtainable",
        112 => "unrecognized_name",
        113 => "bad_certificate_status_response",
        114 => "bad_certificate_hash_value",
        115 => "unknown_psk_identity",
        116 => "certificate_required",
        120 => "no_application_protocol",
        121 => "ech_required",
        _ => t!("unknown alert"),
    }
}

/// What the alert mostly means for someone who connects as a client: one sentence on the cause, one on the remedy.
pub fn alert_likely_cause(code: u8) -> (&'static str, &'static str) {
    match code {
        40 => (
            t!(
                "The server found the handshake unacceptable. Most often it demands a client certificate, or shares no cipher suite with us."
            ),
            t!("Try with a client certificate, and ask the server’s administrator what its log says."),
        ),
        41 | 116 => (
            t!("The server demands a client certificate."),
            t!("Choose one under “Authentication” and probe again."),
        ),
        42 => (
            t!("The server could not accept the certificate: its signature or its form did not pass."),
            t!(
                "Check that the entry’s chain is complete and in order, and that it is the certificate that the server’s side expects."
            ),
        ),
        43 => (
            t!("The server does not take certificates of this type or for this purpose."),
            t!("Check the key type and that the extended key usage has “clientAuth”."),
        ),
        44 => (t!("The certificate has been revoked."), t!("Get a new certificate.")),
        45 => (
            t!("The server says that the certificate has expired or is not valid yet."),
            t!("Check its validity, and the clock of the server."),
        ),
        46 => (
            t!("The server did not accept the certificate, without saying why."),
            t!(
                "Ask the server’s administrator for its log; often the certificate is not mapped to a user, or the issuing root is not trusted."
            ),
        ),
        48 => (
            t!("The server does not trust the authority that issued the certificate."),
            t!(
                "Give the server’s administrator the root certificate of your chain for its trust store, and make sure that the chain in this keystore is complete."
            ),
        ),
        49 => (
            t!("The certificate is fine, but its holder has no access."),
            t!("Ask the server’s administrator to map the certificate to a user or to grant access."),
        ),
        51 => (
            t!("A signature in the handshake did not verify on the server."),
            t!(
                "Check that the certificate belongs to the key. If it does, the server may not support the signature scheme."
            ),
        ),
        70 => (
            t!("The server does not speak the TLS versions that were offered."),
            t!("The server’s administrator has to enable TLS 1.2 or TLS 1.3."),
        ),
        71 => (
            t!("The server wants stronger cryptography than was offered."),
            t!("Ask the server’s administrator which parameters it demands."),
        ),
        80 => (t!("Something failed inside the server."), t!("Ask the server’s administrator for its log.")),
        112 => (
            t!("The server does not know the host name that was asked for (SNI)."),
            t!(
                "Check the spelling of the host; use the name under which the server is configured, not its address."
            ),
        ),
        120 => (
            t!("The server speaks none of the application protocols that were offered (ALPN)."),
            t!("Switch off “Ask over HTTP” and probe again."),
        ),
        _ => (t!("The server ended the handshake."), t!("Ask the server’s administrator for its log.")),
    }
}
