//! What a certificate is wanted for, and the key usages that follow from it (RFC 5280 section 4.2.1.12, RFC 8446 section 4.4.2).

use certwright_keys::KeyAlgorithm;

use crate::extensions::KeyUsage;
use crate::oid::{self, Oid};

/// The sides of TLS that a certificate is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A TLS client shows who it is.
    ClientAuthentication,
    /// A TLS server shows who it is.
    ServerAuthentication,
    /// Either side.
    Both,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Self; 3] = [Self::ClientAuthentication, Self::ServerAuthentication, Self::Both];

    /// The purposes of the extended key usage.
    pub fn extended_key_usage(self) -> Vec<Oid> {
        match self {
            Self::ClientAuthentication => vec![oid::CLIENT_AUTH.into()],
            Self::ServerAuthentication => vec![oid::SERVER_AUTH.into()],
            Self::Both => vec![oid::CLIENT_AUTH.into(), oid::SERVER_AUTH.into()],
        }
    }

    /// The key usage that TLS needs: signatures, and for RSA also the encryption of keys, which TLS 1.2 without Diffie-Hellman uses.
    pub fn key_usage(self, algorithm: &KeyAlgorithm) -> KeyUsage {
        if algorithm.is_rsa() {
            KeyUsage::DIGITAL_SIGNATURE | KeyUsage::KEY_ENCIPHERMENT
        } else {
            KeyUsage::DIGITAL_SIGNATURE
        }
    }
}
