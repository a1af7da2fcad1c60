//! The bags of a PKCS#12 file: keys, certificates, secrets, and bags within bags (RFC 7292, section 4.2).

use std::collections::BTreeSet;

use certwright_certs::Certificate;
use certwright_encoding::{
    ber::to_der,
    der::{DerError, Fields, Tag, Tlv},
};
use certwright_keys::{PrivateKey, ReadKeyError, SecretBytes};
use der::asn1::ObjectIdentifier;

use super::{
    ReadPkcs12Error,
    password::{Opened, Opener},
    read::{explicit, object_identifier, unexpected},
    secret::parse_secret_key,
    structures::{
        CERT_BAG, CRL_BAG, FRIENDLY_NAME, KEY_BAG, LOCAL_KEY_ID, SAFE_CONTENTS_BAG, SECRET_BAG,
        SHROUDED_KEY_BAG, TRUSTED_KEY_USAGE, WEAK_ALGORITHMS, X509_CERTIFICATE,
    },
    view,
};
use crate::contents::{
    Contents, FoundSecretKey, HiddenFromJava, LockedEntry, LockedKind, LooseCertificate, LooseKey,
    LooseLocked, OtherItem, OtherKind, Remark, UnusableKey, assemble, parse_java_time,
};

/// Deepest nesting of safes within safes.
const MAX_NESTING: usize = 4;

/// Collects what is in the bags.
pub(super) struct Bags<'a> {
    opener: &'a mut Opener,
    /// The password that fits the MAC, by its position.
    password_of_file: Option<usize>,
    has_decrypted: bool,
    keys: Vec<PlainKey>,
    certificates: Vec<LooseCertificate>,
    secret_keys: Vec<FoundSecretKey>,
    locked: Vec<LooseLocked>,
    unusable_keys: Vec<UnusableKey>,
    others: Vec<OtherItem>,
    /// Names as they stand in the file, of what Java takes for an entry.
    names: Vec<String>,
    /// How many encrypted private keys there have been.
    shrouded_keys: usize,
    weak: BTreeSet<String>,
    other_passwords: Vec<Option<String>>,
}

/// A private key that has been decrypted and not yet read, which may need a certificate.
struct PlainKey {
    attributes: Attributes,
    pkcs8: SecretBytes,
    /// Why Java does not see it.
    hidden: Option<HiddenFromJava>,
}

/// Attributes of a bag.
#[derive(Clone, Default)]
struct Attributes {
    alias: Option<String>,
    local_id: Option<Vec<u8>>,
    java_trusted: bool,
}

impl<'a> Bags<'a> {
    pub(super) fn new(opener: &'a mut Opener) -> Self {
        Self {
            password_of_file: opener.password(),
            opener,
            has_decrypted: false,
            keys: Vec::new(),
            certificates: Vec::new(),
            secret_keys: Vec::new(),
            locked: Vec::new(),
            unusable_keys: Vec::new(),
            others: Vec::new(),
            names: Vec::new(),
            shrouded_keys: 0,
            weak: BTreeSet::new(),
            other_passwords: Vec::new(),
        }
    }

    /// Whether a password has opened something.
    pub(super) fn has_decrypted(&self) -> bool {
        self.has_decrypted
    }

    /// Whether there are keys that no password opens.
    pub(super) fn has_locked(&self) -> bool {
        !self.locked.is_empty()
    }

    pub(super) fn decrypt(
        &mut self,
        algorithm: &[u8],
        ciphertext: &[u8],
        part: &'static str,
        is_whole: impl Fn(&[u8]) -> bool,
    ) -> Result<Option<Opened>, ReadPkcs12Error> {
        self.note_weakness(algorithm);
        let opened = self
            .opener
            .decrypt(algorithm, ciphertext, is_whole)
            .map_err(ReadPkcs12Error::decrypting(part))?;
        if let Some(opened) = &opened {
            self.has_decrypted = true;
            self.password_of_file.get_or_insert(opened.password);
        }
        Ok(opened)
    }

    /// `SafeContents ::= SEQUENCE OF SafeBag`, and those within it.
    pub(super) fn read(&mut self, contents: &[u8]) -> Result<(), ReadPkcs12Error> {
        let broken = ReadPkcs12Error::malformed("SafeContents");
        let contents = to_der(contents).map_err(&broken)?;
        let mut open = vec![Fields::of_document(&contents, Tag::SEQUENCE).map_err(&broken)?];
        while let Some(bags) = open.last_mut() {
            let Some(bag) = bags.any().map_err(&broken)? else {
                open.pop();
                continue;
            };
            let broken = ReadPkcs12Error::malformed("SafeBag");
            let mut fields = Fields::of(&bag, Tag::SEQUENCE).map_err(&broken)?;
            let id = fields.expect(Tag::OBJECT_IDENTIFIER).map_err(&broken)?;
            let id = object_identifier(&id).ok_or_else(|| broken(unexpected(&id)))?;
            let value = explicit(&fields.expect(Tag::context(0)).map_err(&broken)?).map_err(&broken)?;
            let attributes = match fields.optional(Tag::SET).map_err(&broken)? {
                Some(set) => parse_attributes(&set).map_err(&broken)?,
                None => Attributes::default(),
            };
            if id == SAFE_CONTENTS_BAG {
                if open.len() > MAX_NESTING {
                    return Err(broken(unexpected(&value)));
                }
                open.push(Fields::of(&value, Tag::SEQUENCE).map_err(&broken)?);
            } else {
                self.read_bag(id, &value, attributes)?;
            }
        }
        Ok(())
    }

    fn read_bag(
        &mut self,
        id: ObjectIdentifier,
        value: &Tlv<'_>,
        attributes: Attributes,
    ) -> Result<(), ReadPkcs12Error> {
        let is_key = id == KEY_BAG || id == SHROUDED_KEY_BAG || id == SECRET_BAG;
        if is_key || attributes.java_trusted {
            self.names.extend(attributes.alias.clone());
        }
        match id {
            KEY_BAG => {
                let pkcs8 = SecretBytes::new(value.bytes().to_vec());
                let hidden = Some(HiddenFromJava::NotEncrypted);
                self.keys.push(PlainKey { attributes, pkcs8, hidden });
            }
            SHROUDED_KEY_BAG => {
                self.shrouded_keys += 1;
                // The first key of all gets an identifier from Java if it has none.
                let is_skipped = attributes.local_id.is_none() && self.shrouded_keys > 1;
                let hidden = is_skipped.then_some(HiddenFromJava::NoLocalKeyId);
                match self.open_key(value, &attributes) {
                    Ok(Some(pkcs8)) => self.keys.push(PlainKey { attributes, pkcs8, hidden }),
                    Ok(None) => self.lock(attributes, LockedKind::PrivateKey),
                    Err(error) => {
                        self.unusable_keys.push(UnusableKey { alias: attributes.alias, error });
                    }
                }
            }
            CERT_BAG => {
                self.read_certificate(value, attributes).map_err(ReadPkcs12Error::malformed("CertBag"))?
            }
            SECRET_BAG => {
                self.read_secret(value, attributes).map_err(ReadPkcs12Error::malformed("SecretBag"))?;
            }
            CRL_BAG => self.other(attributes.alias, OtherKind::RevocationList),
            other => self.other(attributes.alias, OtherKind::UnknownBag { oid: other.to_string() }),
        }
        Ok(())
    }

    /// Decrypts an `EncryptedPrivateKeyInfo`; `None` if no password fits.
    fn open_key(
        &mut self,
        info: &Tlv<'_>,
        attributes: &Attributes,
    ) -> Result<Option<SecretBytes>, ReadKeyError> {
        let malformed = |_| ReadKeyError::Malformed { offset: None };
        let mut fields = Fields::of(info, Tag::SEQUENCE).map_err(malformed)?;
        let algorithm = fields.expect(Tag::SEQUENCE).map_err(malformed)?;
        let ciphertext = fields.expect(Tag::OCTET_STRING).map_err(malformed)?;
        self.note_weakness(algorithm.bytes());
        let Some(opened) = self.opener.decrypt(algorithm.bytes(), ciphertext.value(), is_private_key_info)?
        else {
            return Ok(None);
        };
        self.has_decrypted = true;
        if *self.password_of_file.get_or_insert(opened.password) != opened.password {
            self.other_passwords.push(attributes.alias.clone());
        }
        // What is BER becomes DER, as the readers of keys need it.
        let converted = match to_der(opened.plain.as_bytes()) {
            Ok(std::borrow::Cow::Owned(converted)) => Some(SecretBytes::new(converted)),
            _ => None,
        };
        Ok(Some(converted.unwrap_or(opened.plain)))
    }

    fn read_certificate(&mut self, value: &Tlv<'_>, attributes: Attributes) -> Result<(), DerError> {
        let Attributes { alias, local_id, java_trusted } = attributes;
        let mut fields = Fields::of(value, Tag::SEQUENCE)?;
        let kind = fields.expect(Tag::OBJECT_IDENTIFIER)?;
        let kind = object_identifier(&kind).ok_or_else(|| unexpected(&kind))?;
        let certificate = explicit(&fields.expect(Tag::context(0))?)?;
        if kind != X509_CERTIFICATE {
            self.other(alias, OtherKind::UnknownBag { oid: kind.to_string() });
            return Ok(());
        }
        match Certificate::from_der(certificate.value()) {
            Ok(certificate) => {
                self.certificates.push(LooseCertificate { alias, certificate, local_id, java_trusted });
            }
            Err(error) => self.other(alias, OtherKind::BrokenCertificate(error)),
        }
        Ok(())
    }

    /// `SecretBag`: a symmetric key in the way of Java, or anything.
    fn read_secret(&mut self, value: &Tlv<'_>, attributes: Attributes) -> Result<(), DerError> {
        let mut fields = Fields::of(value, Tag::SEQUENCE)?;
        let kind = fields.expect(Tag::OBJECT_IDENTIFIER)?;
        let secret = explicit(&fields.expect(Tag::context(0))?)?;
        let info = to_der(secret.value()).ok();
        let info = info.as_deref().and_then(|info| Tlv::parse_document(info).ok());
        let (Some(SHROUDED_KEY_BAG), Some(info)) = (object_identifier(&kind), info) else {
            self.other(attributes.alias, OtherKind::Secret);
            return Ok(());
        };
        match self.open_key(&info, &attributes) {
            Ok(Some(plain)) => match parse_secret_key(plain.as_bytes()) {
                Ok(key) => {
                    let created_ms = attributes.local_id.as_deref().and_then(parse_java_time);
                    self.secret_keys.push(FoundSecretKey { alias: attributes.alias, key, created_ms });
                }
                Err(_) => self.other(attributes.alias, OtherKind::Secret),
            },
            Ok(None) => self.lock(attributes, LockedKind::SecretKey),
            Err(error) => self.unusable_keys.push(UnusableKey { alias: attributes.alias, error }),
        }
        Ok(())
    }

    /// Gives each key its chain, and says what is odd.
    pub(super) fn finish(self) -> Contents {
        let Self { certificates, secret_keys, locked, mut unusable_keys, others, .. } = self;
        let mut keys = Vec::new();
        let mut hidden_keys = Vec::new();
        for PlainKey { attributes, pkcs8, hidden } in self.keys {
            let Attributes { alias, local_id, .. } = attributes;
            match read_key(&pkcs8, local_id.as_deref(), &certificates) {
                Ok(key) => {
                    keys.push(LooseKey { alias, key, local_id });
                    hidden_keys.push(hidden);
                }
                Err(error) => unusable_keys.push(UnusableKey { alias, error }),
            }
        }
        let (key_pairs, locked, certificates) = assemble(keys, locked, certificates);
        let mut contents = Contents {
            key_pairs,
            certificates,
            secret_keys,
            locked,
            unusable_keys,
            others,
            ..Contents::default()
        };
        let weak = self.weak.into_iter().map(|oid| Remark::WeakEncryption { oid });
        contents.remarks.extend(weak);
        let differing = self.other_passwords.into_iter().flatten();
        contents.remarks.extend(differing.map(|alias| Remark::KeyPasswordDiffers { alias }));
        view::remark(&mut contents, self.names, &hidden_keys);
        contents
    }

    fn note_weakness(&mut self, algorithm: &[u8]) {
        let oid = Fields::of_document(algorithm, Tag::SEQUENCE)
            .and_then(|mut fields| fields.expect(Tag::OBJECT_IDENTIFIER))
            .ok()
            .and_then(|oid| object_identifier(&oid));
        if let Some(oid) = oid.filter(|oid| WEAK_ALGORITHMS.contains(oid)) {
            self.weak.insert(oid.to_string());
        }
    }

    fn lock(&mut self, attributes: Attributes, what: LockedKind) {
        let Attributes { alias, local_id, .. } = attributes;
        let created_ms = local_id.as_deref().and_then(parse_java_time);
        let entry = LockedEntry { alias, chain: Vec::new(), created_ms, what };
        self.locked.push(LooseLocked { entry, local_id });
    }

    fn other(&mut self, alias: Option<String>, what: OtherKind) {
        self.others.push(OtherItem { alias, what });
    }
}

/// A private key, with the public half from a certificate if it is nowhere else: from the one with the same local
/// identifier, or from the first that fits as far as that can be seen.
fn read_key(
    pkcs8: &SecretBytes,
    local_id: Option<&[u8]>,
    certificates: &[LooseCertificate],
) -> Result<PrivateKey, ReadKeyError> {
    let error = match PrivateKey::from_pkcs8_der(pkcs8.as_bytes()) {
        Err(error @ ReadKeyError::PublicKeyUnknown { .. }) => error,
        other => return other,
    };
    let is_own = |loose: &&LooseCertificate| local_id.is_some() && loose.local_id.as_deref() == local_id;
    let own = certificates.iter().filter(is_own);
    // Without a local identifier there is no telling among several certificates of the same algorithm.
    let any = certificates.iter().filter(|_| local_id.is_none() && certificates.len() == 1);
    let fitting = own.chain(any).find_map(|loose| {
        let public = loose.certificate.public_key().ok()?;
        PrivateKey::from_pkcs8_der_with_public(pkcs8.as_bytes(), &public).ok()
    });
    fitting.ok_or(error)
}

/// Whether something decrypted looks like `PrivateKeyInfo`.
fn is_private_key_info(plain: &[u8]) -> bool {
    let look = || -> Result<(), DerError> {
        let plain = to_der(plain)?;
        let mut fields = Fields::of_document(&plain, Tag::SEQUENCE)?;
        fields.expect(Tag::INTEGER)?;
        fields.expect(Tag::SEQUENCE)?;
        fields.expect(Tag::OCTET_STRING)?;
        Ok(())
    };
    look().is_ok()
}

fn parse_attributes(set: &Tlv<'_>) -> Result<Attributes, DerError> {
    let mut attributes = Attributes::default();
    for attribute in set.children() {
        let attribute = attribute?;
        let mut fields = Fields::of(&attribute, Tag::SEQUENCE)?;
        let id = fields.expect(Tag::OBJECT_IDENTIFIER)?;
        let values = fields.expect(Tag::SET)?;
        let Some(value) = values.children().next().transpose()? else { continue };
        match object_identifier(&id) {
            Some(FRIENDLY_NAME) => attributes.alias = parse_friendly_name(&value),
            Some(LOCAL_KEY_ID) => attributes.local_id = Some(value.value().to_vec()),
            Some(TRUSTED_KEY_USAGE) => attributes.java_trusted = true,
            _ => {}
        }
    }
    Ok(attributes)
}

/// A `BMPString`, or what some write in its place; `None` if nothing is left of it.
fn parse_friendly_name(value: &Tlv<'_>) -> Option<String> {
    const BMP_STRING: u32 = 30;
    let text = if value.tag.number == BMP_STRING {
        let units = value.value().chunks_exact(2).map(|pair| match pair {
            [high, low] => u16::from_be_bytes([*high, *low]),
            _ => 0,
        });
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    } else {
        String::from_utf8_lossy(value.value()).into_owned()
    };
    let text = text.trim_end_matches('\0').trim();
    (!text.is_empty()).then(|| text.to_owned())
}
