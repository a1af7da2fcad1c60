//! The entries of BKS and UBER, and how they are opened.

use core::mem;

use certwright_certs::Certificate;
use certwright_keys::{
    Password, PublicKey, ReadKeyError, SecretBytes,
    password_based::{self, Budget, pbes1::SHA1_3DES_3KEY},
    secret::Passwords,
};
use der::{
    Decode, Encode, Sequence,
    asn1::{AnyRef, OctetStringRef},
};
use spki::AlgorithmIdentifierRef;

use super::{ReadBksError, to_encoded};
use crate::{
    contents::{Contents, FoundSecretKey, LockedKind, OtherItem, OtherKind, Remark},
    java_bytes::{Broken, Input},
    java_entries::{Label, Lookup, MAX_ITEMS, RawCertificate, distinct_aliases},
    secret_key::SecretKey,
};

const END: u8 = 0;
const CERTIFICATE: u8 = 1;
const KEY: u8 = 2;
const SECRET: u8 = 3;
const SEALED: u8 = 4;

const PRIVATE_KEY: u8 = 0;
const PUBLIC_KEY: u8 = 1;
const SECRET_KEY: u8 = 2;

/// `PBEParameter` (RFC 8018, appendix A.3).
#[derive(Sequence)]
struct Parameters<'a> {
    salt: &'a OctetStringRef,
    iterations: u32,
}

/// All entries of a store, nothing opened yet.
pub(crate) struct Entries<'a>(Vec<RawEntry<'a>>);

struct RawEntry<'a> {
    alias: String,
    created_ms: i64,
    chain: Vec<RawCertificate<'a>>,
    content: RawContent<'a>,
}

enum RawContent<'a> {
    Trusted(RawCertificate<'a>),
    /// A key in clear.
    Key(RawKey<'a>),
    /// Bytes that a program has protected in a way of its own.
    Secret,
    /// An encrypted key.
    Sealed(&'a [u8]),
}

/// A key with what it says of itself.
struct RawKey<'a> {
    kind: u8,
    algorithm: String,
    encoded: &'a [u8],
}

impl<'a> Entries<'a> {
    /// Reads entries up to the mark of their end.
    pub(crate) fn read(input: &mut Input<'a>) -> Result<Self, ReadBksError> {
        let mut entries = Vec::new();
        let mut items = 0;
        let mut count = || {
            items += 1;
            if items > MAX_ITEMS { Err(ReadBksError::TooManyItems { limit: MAX_ITEMS }) } else { Ok(()) }
        };
        loop {
            count()?;
            let kind_at = input.broken("entry type");
            let kind = input.u8("entry type")?;
            if kind == END {
                return Ok(Self(entries));
            }
            if kind > SEALED {
                return Err(kind_at.into());
            }
            let alias = input.text("alias")?;
            let created_ms = input.i64("date")?;
            let mut chain = Vec::new();
            for _ in 0..input.u32("length of the chain")? {
                count()?;
                chain.push(RawCertificate::read_typed(input)?);
            }
            let content = match kind {
                CERTIFICATE => RawContent::Trusted(RawCertificate::read_typed(input)?),
                KEY => RawContent::Key(RawKey::read(input)?),
                SECRET => {
                    input.counted("protected key")?;
                    RawContent::Secret
                }
                _ => RawContent::Sealed(input.counted("sealed key")?),
            };
            entries.push(RawEntry { alias, created_ms, chain, content });
        }
    }

    /// Whether the first sealed key opens with this password.
    pub(super) fn opens_first(&self, password: &Password, budget: &mut Budget) -> bool {
        let sealed = self.0.iter().find_map(|entry| match entry.content {
            RawContent::Sealed(sealed) => Some(sealed),
            _ => None,
        });
        sealed.is_some_and(|sealed| open(sealed, password, budget).is_ok())
    }
}

impl<'a> RawKey<'a> {
    fn read(input: &mut Input<'a>) -> Result<Self, Broken> {
        let kind = input.u8("key type")?;
        let _format = input.raw_text("key format")?;
        Ok(Self { kind, algorithm: input.text("key algorithm")?, encoded: input.counted("key")? })
    }
}

/// Opens a sealed key: salt, iterations, and then what PKCS#12 calls `pbeWithSHAAnd3-KeyTripleDES-CBC`.
fn open(sealed: &[u8], password: &Password, budget: &mut Budget) -> Result<SecretBytes, ReadKeyError> {
    let malformed = |broken: Broken| ReadKeyError::Malformed { offset: Some(broken.offset) };
    let mut input = Input::new(sealed);
    let salt = input.counted("salt").map_err(malformed)?;
    let iterations = input.u32("iterations").map_err(malformed)?;
    let ciphertext = input.bytes(input.left(), "sealed key").map_err(malformed)?;
    let parameters = Parameters { salt: OctetStringRef::new(salt)?, iterations }.to_der()?;
    let algorithm =
        AlgorithmIdentifierRef { oid: SHA1_3DES_3KEY, parameters: Some(AnyRef::from_der(&parameters)?) };
    let plain = password_based::decrypt(algorithm, &to_encoded(password), ciphertext, budget)?;
    // One wrong password in 256 leaves valid padding.
    match RawKey::read(&mut Input::new(plain.as_bytes())) {
        Ok(_) => Ok(plain),
        Err(_) => Err(ReadKeyError::WrongPassword),
    }
}

/// Opens entries with the passwords that there are.
pub(crate) struct Reader<'a> {
    /// Passwords in the order in which they are tried.
    order: Vec<&'a Password>,
    pub(crate) contents: Contents,
    budget: Budget,
}

impl<'a> Reader<'a> {
    /// With the password of the store first, as most keys have the same; with none if there is none for the store.
    pub(crate) fn new(of_store: Option<&'a Password>, passwords: &'a Passwords, budget: Budget) -> Self {
        let mut order: Vec<&Password> = Vec::new();
        if let Some(of_store) = of_store {
            order.push(of_store);
            order.extend(passwords.iter().filter(|password| password.as_str() != of_store.as_str()));
        }
        Self { order, contents: Contents::default(), budget }
    }

    pub(crate) fn read(&mut self, mut entries: Entries<'_>) {
        let aliases = entries.0.iter_mut().map(|entry| mem::take(&mut entry.alias)).collect();
        let aliases = distinct_aliases(aliases, Lookup::Exact, &mut self.contents.remarks);
        for (entry, alias) in entries.0.iter().zip(&aliases) {
            self.read_entry(entry, Label { alias, created_ms: entry.created_ms });
        }
    }

    fn read_entry(&mut self, entry: &RawEntry<'_>, label: Label<'_>) {
        let chain = self.contents.take_chain(label, &entry.chain);
        match &entry.content {
            RawContent::Trusted(certificate) => self.contents.push_trusted(label, certificate),
            RawContent::Key(key) => self.push_key(label, key, chain),
            RawContent::Secret => self.contents.push_other(label, OtherKind::Secret),
            RawContent::Sealed(sealed) => match self.open(label, sealed) {
                // Secret keys have no chain, and private keys always do.
                Ok(None) if entry.chain.is_empty() => {
                    self.contents.push_locked(label, LockedKind::SecretKey, chain);
                }
                Ok(None) => self.contents.push_locked(label, LockedKind::PrivateKey, chain),
                Ok(Some(plain)) => {
                    if let Ok(key) = RawKey::read(&mut Input::new(plain.as_bytes())) {
                        self.push_key(label, &key, chain);
                    }
                }
                Err(error) => self.contents.push_unusable(label, error, chain),
            },
        }
    }

    /// Tries the passwords; `None` if none of them opens it.
    fn open(&mut self, label: Label<'_>, sealed: &[u8]) -> Result<Option<SecretBytes>, ReadKeyError> {
        for (number, password) in self.order.iter().enumerate() {
            match open(sealed, password, &mut self.budget) {
                Err(ReadKeyError::WrongPassword) => {}
                Err(error) => return Err(error),
                Ok(plain) => {
                    if number > 0 {
                        let alias = label.alias.to_owned();
                        self.contents.remarks.push(Remark::KeyPasswordDiffers { alias });
                    }
                    return Ok(Some(plain));
                }
            }
        }
        Ok(None)
    }

    fn push_key(&mut self, label: Label<'_>, key: &RawKey<'_>, chain: Vec<Certificate>) {
        match key.kind {
            PRIVATE_KEY => self.contents.push_private_key(label, key.encoded, chain),
            PUBLIC_KEY => match PublicKey::from_spki_der(key.encoded) {
                Ok(key) => self.contents.public_keys.push(key),
                Err(error) => self.contents.push_unusable(label, error, chain),
            },
            SECRET_KEY => self.contents.secret_keys.push(FoundSecretKey {
                alias: Some(label.alias.to_owned()).filter(|alias| !alias.is_empty()),
                key: SecretKey {
                    algorithm: key.algorithm.clone(),
                    bytes: SecretBytes::new(key.encoded.to_vec()),
                },
                created_ms: Some(label.created_ms),
            }),
            _ => self.contents.push_unusable(label, ReadKeyError::Malformed { offset: Some(0) }, chain),
        }
    }

    pub(crate) fn push_trailing(&mut self, offset: usize, count: usize) {
        let what = OtherKind::TrailingBytes { offset, count };
        self.contents.others.push(OtherItem { alias: None, what });
    }
}
