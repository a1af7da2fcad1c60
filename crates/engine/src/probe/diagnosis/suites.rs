//! Cipher suites and groups that our own ClientHello offers since the TLS library does not, by their code points (IANA "Transport Layer Security (TLS)
//! Parameters"), and what it means if a server picks one of them.

/// What is to be said of a suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Diffie-Hellman over finite fields, with a cipher that holds.
    FiniteField,
    /// Static RSA, with a cipher that holds.
    StaticRsa,
    /// RC4, 3DES, DES, NULL, export, or no authentication.
    Broken,
}

use Kind::{Broken, FiniteField, StaticRsa};

/// Those that say most for the server come first.
pub(super) const OTHER_SUITES: &[(u16, Kind)] = &[
    (0x009f, FiniteField), // TLS_DHE_RSA_WITH_AES_256_GCM_SHA384
    (0x009e, FiniteField), // TLS_DHE_RSA_WITH_AES_128_GCM_SHA256
    (0xccaa, FiniteField), // TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256
    (0x006b, FiniteField), // TLS_DHE_RSA_WITH_AES_256_CBC_SHA256
    (0x0067, FiniteField), // TLS_DHE_RSA_WITH_AES_128_CBC_SHA256
    (0x0039, FiniteField), // TLS_DHE_RSA_WITH_AES_256_CBC_SHA
    (0x0033, FiniteField), // TLS_DHE_RSA_WITH_AES_128_CBC_SHA
    (0x009d, StaticRsa),   // TLS_RSA_WITH_AES_256_GCM_SHA384
    (0x009c, StaticRsa),   // TLS_RSA_WITH_AES_128_GCM_SHA256
    (0x003d, StaticRsa),   // TLS_RSA_WITH_AES_256_CBC_SHA256
    (0x003c, StaticRsa),   // TLS_RSA_WITH_AES_128_CBC_SHA256
    (0x0035, StaticRsa),   // TLS_RSA_WITH_AES_256_CBC_SHA
    (0x002f, StaticRsa),   // TLS_RSA_WITH_AES_128_CBC_SHA
    (0xc012, Broken),      // TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA
    (0x0016, Broken),      // TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA
    (0x000a, Broken),      // TLS_RSA_WITH_3DES_EDE_CBC_SHA
    (0xc011, Broken),      // TLS_ECDHE_RSA_WITH_RC4_128_SHA
    (0x0005, Broken),      // TLS_RSA_WITH_RC4_128_SHA
    (0x0004, Broken),      // TLS_RSA_WITH_RC4_128_MD5
    (0x0009, Broken),      // TLS_RSA_WITH_DES_CBC_SHA
    (0x003b, Broken),      // TLS_RSA_WITH_NULL_SHA256
    (0x0002, Broken),      // TLS_RSA_WITH_NULL_SHA
    (0x0001, Broken),      // TLS_RSA_WITH_NULL_MD5
    (0x0034, Broken),      // TLS_DH_anon_WITH_AES_128_CBC_SHA
    (0x003a, Broken),      // TLS_DH_anon_WITH_AES_256_CBC_SHA
    (0x00a7, Broken),      // TLS_DH_anon_WITH_AES_256_GCM_SHA384
];

/// x25519 and P-256.
pub(super) const CLASSIC_GROUPS: &[u16] = &[0x001d, 0x0017];

/// P-521, x448, brainpool, and the finite fields of RFC 7919.
pub(super) const OTHER_GROUPS: &[u16] =
    &[0x0019, 0x001e, 0x001f, 0x0020, 0x0021, 0x001a, 0x001b, 0x001c, 0x0100, 0x0101, 0x0102];

/// What is to be said of a suite that a server picked.
pub(super) fn kind(code: u16) -> Option<Kind> {
    OTHER_SUITES.iter().find(|(suite, _)| *suite == code).map(|(_, kind)| *kind)
}
