//! OpenSSH's private keys (`openssh-key-v1`, PROTOCOL.key of OpenSSH; PEM label `OPENSSH PRIVATE KEY`), plain and
//! encrypted, and its public keys in one line (`ssh-rsa AAAA…`, RFC 4253, section 6.6) or as RFC 4716 has them.
//!
//! RSA, ECDSA on the NIST curves, Ed25519 and DSA, under every cipher of OpenSSH with the bcrypt derivation; of several
//! keys in a file, the first. Refused: keys inside hardware (`sk-…`) and certificates, by name; more than
//! [`encryption::MAX_BCRYPT_ROUNDS`] rounds of bcrypt.

pub mod encryption;
mod keys;
mod wire;

use base64ct::{Base64, Encoding as _};
use certwright_encoding::{base64::parse_base64, pem::to_pem};
use rand_core::CryptoRng;

use self::{
    encryption::Encryption,
    wire::{Reader, Writer},
};
use crate::{
    error::ReadKeyError,
    private::PrivateKey,
    public::PublicKey,
    secret::{Password, SecretBytes},
};

const MAGIC: &[u8] = b"openssh-key-v1\0";
/// The private part fills whole blocks of this size where there is no cipher.
const PLAIN_BLOCK: usize = 8;
/// First line of a public key as RFC 4716 has it.
const RFC_4716_BEGIN: &str = "---- BEGIN SSH2 PUBLIC KEY ----";

/// Reads the decoded content of a block `OPENSSH PRIVATE KEY`.
///
/// # Errors
/// `UnsupportedName` for a cipher, derivation or kind of key that is not supported, otherwise see [`ReadKeyError`].
pub fn parse_openssh(bytes: &[u8], password: Option<&Password>) -> Result<PrivateKey, ReadKeyError> {
    let mut reader =
        Reader::new(bytes.strip_prefix(MAGIC).ok_or(ReadKeyError::Malformed { offset: Some(0) })?);
    let cipher = reader.text()?;
    let derivation = reader.text()?;
    let options = reader.string()?;
    // Of several keys the public halves stand one after the other, and the private ones in one part.
    let count = reader.u32()?;
    if count == 0 {
        return Err(ReadKeyError::NoKey);
    }
    let public = reader.string()?;
    for _ in 1..count {
        reader.string()?;
    }
    let private = reader.string()?;
    let Some(encryption) = Encryption::parse(cipher, derivation, options)? else {
        return parse_private_part(private, public, ReadKeyError::Malformed { offset: None });
    };
    let password = password.ok_or(ReadKeyError::NeedsPassword)?;
    let plain = encryption.decrypt(password, private, reader.rest())?;
    parse_private_part(plain.as_bytes(), public, ReadKeyError::WrongPassword)
}

/// `unequal` is what it means if the two numbers at the start differ.
fn parse_private_part(
    plain: &[u8],
    public: &[u8],
    unequal: ReadKeyError,
) -> Result<PrivateKey, ReadKeyError> {
    let mut reader = Reader::new(plain);
    if reader.u32()? != reader.u32()? {
        return Err(unequal);
    }
    let key = keys::read_private(&mut reader)?;
    let _comment = reader.string()?;
    match keys::public_blob(key.public_key()) {
        Some(own) if own == public => Ok(key),
        _ => Err(ReadKeyError::Mismatch),
    }
}

/// Writes a block `OPENSSH PRIVATE KEY`, encrypted if there is a password; `None` for a key that OpenSSH does not know.
pub(crate) fn generate_openssh(
    key: &PrivateKey,
    password: Option<&Password>,
    rng: &mut impl CryptoRng,
) -> Option<SecretBytes> {
    let encryption = password.map(|_| Encryption::generate(rng));
    let block = encryption.as_ref().map_or(PLAIN_BLOCK, Encryption::block_length);
    let mut check = [0; 4];
    rng.fill_bytes(&mut check);

    let mut private = Writer::default();
    private.bytes(&check);
    private.bytes(&check);
    keys::write_private(key, &mut private)?;
    let no_comment = b"";
    private.string(no_comment);
    private.pad(block);

    let mut writer = Writer::default();
    writer.bytes(MAGIC);
    let (cipher, derivation, options) =
        encryption.as_ref().map_or(("none", "none", Vec::new()), Encryption::names);
    writer.string(cipher.as_bytes());
    writer.string(derivation.as_bytes());
    writer.string(&options);
    writer.bytes(&1_u32.to_be_bytes());
    writer.string(&keys::public_blob(key.public_key())?);
    match (&encryption, password) {
        (Some(encryption), Some(password)) => writer.string(&encryption.encrypt(password, private.finish())?),
        _ => writer.string(&private.finish()),
    }
    Some(SecretBytes::new(to_pem("OPENSSH PRIVATE KEY", &writer.finish()).into_bytes()))
}

/// Writes a public key as one line with a final newline and no comment; `None` for a key that OpenSSH does not know.
pub(crate) fn to_openssh_public(key: &PublicKey) -> Option<String> {
    let blob = keys::public_blob(key)?;
    let kind = Reader::new(&blob).text().ok()?.to_owned();
    Some(format!("{kind} {}\n", Base64::encode_string(&blob)))
}

/// Reads the first public key in lines of OpenSSH (`id_….pub`, `authorized_keys`) or in a text as RFC 4716 has it; `None`
/// if there is none.
pub(crate) fn parse_openssh_public(text: &str) -> Option<Result<PublicKey, ReadKeyError>> {
    if let Some((_, rest)) = text.split_once(RFC_4716_BEGIN) {
        return Some(parse_rfc_4716(rest));
    }
    text.lines().filter(|line| !line.trim_start().starts_with('#')).find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.windows(2).find_map(|pair| {
            let [kind, encoded] = pair else { return None };
            let blob = parse_base64(encoded.as_bytes()).ok()?;
            let same = Reader::new(&blob).text().is_ok_and(|inner| inner == *kind);
            same.then(|| keys::read_public(&blob))
        })
    })
}

/// The lines after the first: headers, which a backslash carries on, then base64.
fn parse_rfc_4716(text: &str) -> Result<PublicKey, ReadKeyError> {
    let malformed = ReadKeyError::Malformed { offset: None };
    let mut encoded = String::new();
    let mut in_header = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("----") {
            break;
        }
        let header = in_header || line.contains(':');
        in_header = header && line.ends_with('\\');
        if !header {
            encoded.push_str(line);
        }
    }
    keys::read_public(&parse_base64(encoded.as_bytes()).map_err(|_| malformed)?)
}
