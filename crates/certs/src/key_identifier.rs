//! Key identifiers, the names of keys by which certificates find their issuers.
//!
//! Made by RFC 5280 section 4.2.1.2 method 1 (SHA-1, what openssl and keytool make) or RFC 7093 section 2 method 1 (SHA-256, cut to as many
//! octets). SHA-1 only gives a name here: nothing rests on its resistance to collisions.

use certwright_keys::PublicKey;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// How the identifier of a key is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum KeyIdentifier {
    /// The SHA-1 hash of the key's bits. The default, since other tools give the same key the same identifier.
    #[default]
    Sha1,
    /// The first 160 bits of the SHA-256 hash of the key's bits.
    Sha256,
}

impl KeyIdentifier {
    /// The identifier of a key, 20 octets.
    pub fn of(self, key: &PublicKey) -> Vec<u8> {
        let mut hash = match self {
            Self::Sha1 => Sha1::digest(key.key_bits()).to_vec(),
            Self::Sha256 => Sha256::digest(key.key_bits()).to_vec(),
        };
        hash.truncate(20);
        hash
    }
}
