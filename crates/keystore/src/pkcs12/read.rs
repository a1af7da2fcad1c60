//! Reading PKCS#12.

use std::borrow::Cow;

use certwright_certs::Certificate;
use certwright_encoding::{
    ber::to_der,
    der::{DerError, DerErrorKind, Fields, Tag, Tlv},
};
use certwright_keys::{
    Password, PrivateKey, ReadKeyError, SecretBytes,
    password_based::{self, Budget, EncodedPassword},
    pkcs8_encrypted::decrypt_pkcs8,
};
use der::asn1::ObjectIdentifier;

use super::{
    ReadPkcs12Error, mac,
    structures::{
        CERT_BAG, CRL_BAG, DATA, ENCRYPTED_DATA, FRIENDLY_NAME, KEY_BAG, LOCAL_KEY_ID, SAFE_CONTENTS_BAG,
        SECRET_BAG, SHROUDED_KEY_BAG, TRUSTED_KEY_USAGE, X509_CERTIFICATE,
    },
};
use crate::contents::{Contents, LooseCertificate, LooseKey, OtherItem, OtherKind, UnusableKey, assemble};

/// Deepest nesting of safes within safes.
const MAX_NESTING: usize = 4;

/// Reads a PKCS#12 file. Without a password, the empty one is tried, in both of its encodings.
///
/// # Errors
/// See [`ReadPkcs12Error`]. A single key that cannot be used is no error, it is named in the result.
pub fn parse_pkcs12(bytes: &[u8], password: Option<&Password>) -> Result<Contents, ReadPkcs12Error> {
    let file = to_der(bytes).map_err(outermost(bytes))?;
    // Positions in a file that had to be converted from BER would mislead.
    let place = |part| {
        let exact = matches!(file, Cow::Borrowed(_));
        move |error: DerError| ReadPkcs12Error::Malformed { part, offset: exact.then_some(error.offset) }
    };
    let mut fields = Fields::of_document(&file, Tag::SEQUENCE).map_err(place("PFX"))?;
    let version = fields.expect(Tag::INTEGER).map_err(place("PFX"))?;
    if version.value() != [3] {
        return Err(ReadPkcs12Error::UnsupportedVersion);
    }
    let auth_safe = fields.expect(Tag::SEQUENCE).map_err(place("PFX"))?;
    let mac_data = fields.optional(Tag::SEQUENCE).map_err(place("PFX"))?;
    fields.finish().map_err(place("PFX"))?;
    let (content_type, content) = content_info(&auth_safe).map_err(place("authSafe"))?;
    if content_type != DATA {
        return Err(ReadPkcs12Error::UnsupportedAlgorithm { oid: content_type.to_string() });
    }
    if content.tag != Tag::OCTET_STRING {
        return Err(place("authSafe")(unexpected(&content)));
    }
    let safe = content.value();
    // A file that is broken says so before it asks for a password.
    check_structure(safe)?;

    let mut budget = Budget::default();
    let Some(mac_data) = mac_data else { return read_without_mac(safe, password, &mut budget) };
    for candidate in candidates(password) {
        if mac::verify(&mac_data, safe, &candidate, &mut budget)? {
            return Reader::new(&candidate, true, &mut budget).read(safe);
        }
    }
    Err(if password.is_some() { ReadPkcs12Error::WrongPassword } else { ReadPkcs12Error::NeedsPassword })
}

/// A file without MAC: whether the password is right shows only where something is decrypted.
fn read_without_mac(
    safe: &[u8],
    password: Option<&Password>,
    budget: &mut Budget,
) -> Result<Contents, ReadPkcs12Error> {
    let mut result = Err(ReadPkcs12Error::WrongPassword);
    for candidate in candidates(password) {
        result = Reader::new(&candidate, false, budget).read(safe);
        if !matches!(result, Err(ReadPkcs12Error::WrongPassword)) {
            return result;
        }
    }
    match result {
        Err(ReadPkcs12Error::WrongPassword) if password.is_none() => Err(ReadPkcs12Error::NeedsPassword),
        other => other,
    }
}

/// The encodings in which a password may have been used.
fn candidates(password: Option<&Password>) -> Vec<EncodedPassword> {
    let empty = Password::new("");
    let password = password.unwrap_or(&empty);
    let mut candidates = vec![EncodedPassword::new(password)];
    if password.is_empty() {
        candidates.push(EncodedPassword::nothing());
    } else if !password.as_str().is_ascii() {
        // OpenSSL before 1.1.0 widened each byte of the UTF-8 form by itself.
        let bytes = password.as_str().as_bytes();
        let mut bmp = Vec::with_capacity(bytes.len() * 2 + 2);
        bmp.extend(bytes.iter().flat_map(|byte| [0, *byte]));
        bmp.extend([0, 0]);
        candidates
            .push(EncodedPassword { utf8: SecretBytes::new(bytes.to_vec()), bmp: SecretBytes::new(bmp) });
    }
    candidates
}

/// Collects what is in the bags.
struct Reader<'a> {
    password: &'a EncodedPassword,
    /// Whether the password is known to be right.
    proven: bool,
    budget: &'a mut Budget,
    keys: Vec<LooseKey>,
    certificates: Vec<LooseCertificate>,
    unusable_keys: Vec<UnusableKey>,
    others: Vec<OtherItem>,
}

/// Attributes of a bag.
#[derive(Default)]
struct Attributes {
    alias: Option<String>,
    local_id: Option<Vec<u8>>,
    java_trusted: bool,
}

impl<'a> Reader<'a> {
    fn new(password: &'a EncodedPassword, proven: bool, budget: &'a mut Budget) -> Self {
        Self {
            password,
            proven,
            budget,
            keys: Vec::new(),
            certificates: Vec::new(),
            unusable_keys: Vec::new(),
            others: Vec::new(),
        }
    }

    /// `AuthenticatedSafe ::= SEQUENCE OF ContentInfo`.
    fn read(mut self, safe: &[u8]) -> Result<Contents, ReadPkcs12Error> {
        let broken = ReadPkcs12Error::malformed("AuthenticatedSafe");
        let safe = to_der(safe).map_err(&broken)?;
        let mut parts = Fields::of_document(&safe, Tag::SEQUENCE).map_err(&broken)?;
        while let Some(part) = parts.any().map_err(&broken)? {
            let (content_type, content) = content_info(&part).map_err(&broken)?;
            match content_type {
                DATA if content.tag == Tag::OCTET_STRING => self.read_bags(content.value())?,
                ENCRYPTED_DATA => {
                    let plain = self.decrypt_part(&content)?;
                    self.read_bags(plain.as_bytes())?;
                }
                DATA => return Err(broken(unexpected(&content))),
                other => return Err(ReadPkcs12Error::UnsupportedAlgorithm { oid: other.to_string() }),
            }
        }
        let wrong = |key: &UnusableKey| key.error == ReadKeyError::WrongPassword;
        if !self.proven && self.unusable_keys.iter().any(wrong) {
            return Err(ReadPkcs12Error::WrongPassword);
        }
        let (key_pairs, certificates) = assemble(self.keys, self.certificates);
        Ok(Contents { key_pairs, certificates, unusable_keys: self.unusable_keys, others: self.others })
    }

    /// `EncryptedData` (RFC 5652, section 8).
    fn decrypt_part(&mut self, content: &Tlv<'_>) -> Result<SecretBytes, ReadPkcs12Error> {
        let broken = ReadPkcs12Error::malformed("EncryptedData");
        let mut fields = Fields::of(content, Tag::SEQUENCE).map_err(&broken)?;
        fields.expect(Tag::INTEGER).map_err(&broken)?;
        let info = fields.expect(Tag::SEQUENCE).map_err(&broken)?;
        let mut fields = Fields::of(&info, Tag::SEQUENCE).map_err(&broken)?;
        fields.expect(Tag::OBJECT_IDENTIFIER).map_err(&broken)?;
        let algorithm = fields.expect(Tag::SEQUENCE).map_err(&broken)?;
        let ciphertext = fields
            .any()
            .map_err(&broken)?
            .ok_or(ReadPkcs12Error::Malformed { part: "EncryptedData", offset: None })?;
        let ciphertext = implicit_octets(&ciphertext).map_err(&broken)?;
        let failed = ReadPkcs12Error::decrypting("EncryptedData");
        let algorithm = password_based::parse_algorithm(algorithm.bytes()).map_err(&failed)?;
        let plain =
            password_based::decrypt(algorithm, self.password, &ciphertext, self.budget).map_err(&failed)?;
        // Wrong passwords leave valid padding now and then, and no structure within.
        if !self.proven && Fields::of_document(&plain_der(&plain)?, Tag::SEQUENCE).is_err() {
            return Err(ReadPkcs12Error::WrongPassword);
        }
        self.proven = true;
        Ok(plain)
    }

    /// `SafeContents ::= SEQUENCE OF SafeBag`, and those within it.
    fn read_bags(&mut self, contents: &[u8]) -> Result<(), ReadPkcs12Error> {
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
        let Attributes { alias, local_id, java_trusted } = attributes;
        match id {
            KEY_BAG => self.take_key(PrivateKey::from_pkcs8_der(value.bytes()), alias, local_id),
            SHROUDED_KEY_BAG => {
                let key = match decrypt_pkcs8(value.bytes(), self.password, self.budget) {
                    Err(ReadKeyError::TooExpensive { iterations }) => {
                        return Err(ReadPkcs12Error::TooExpensive { iterations });
                    }
                    Err(error) => Err(error),
                    Ok(plain) => {
                        self.proven = true;
                        PrivateKey::from_pkcs8_der(plain.as_bytes())
                    }
                };
                self.take_key(key, alias, local_id);
            }
            CERT_BAG => {
                let broken = ReadPkcs12Error::malformed("CertBag");
                let mut fields = Fields::of(value, Tag::SEQUENCE).map_err(&broken)?;
                let kind = fields.expect(Tag::OBJECT_IDENTIFIER).map_err(&broken)?;
                let kind = object_identifier(&kind).ok_or_else(|| broken(unexpected(&kind)))?;
                let certificate =
                    explicit(&fields.expect(Tag::context(0)).map_err(&broken)?).map_err(&broken)?;
                if kind != X509_CERTIFICATE {
                    self.others
                        .push(OtherItem { alias, what: OtherKind::UnknownBag { oid: kind.to_string() } });
                    return Ok(());
                }
                match Certificate::from_der(certificate.value()) {
                    Ok(certificate) => {
                        self.certificates.push(LooseCertificate {
                            alias,
                            certificate,
                            local_id,
                            java_trusted,
                        });
                    }
                    Err(error) => {
                        self.others.push(OtherItem { alias, what: OtherKind::BrokenCertificate(error) });
                    }
                }
            }
            CRL_BAG => self.others.push(OtherItem { alias, what: OtherKind::RevocationList }),
            SECRET_BAG => self.others.push(OtherItem { alias, what: OtherKind::Secret }),
            other => {
                self.others.push(OtherItem { alias, what: OtherKind::UnknownBag { oid: other.to_string() } })
            }
        }
        Ok(())
    }

    fn take_key(
        &mut self,
        key: Result<PrivateKey, ReadKeyError>,
        alias: Option<String>,
        local_id: Option<Vec<u8>>,
    ) {
        match key {
            Ok(key) => self.keys.push(LooseKey { alias, key, local_id }),
            Err(error) => self.unusable_keys.push(UnusableKey { alias, error }),
        }
    }
}

/// `AuthenticatedSafe`, as far as it can be seen without a password.
fn check_structure(safe: &[u8]) -> Result<(), ReadPkcs12Error> {
    let broken = ReadPkcs12Error::malformed("AuthenticatedSafe");
    let safe = to_der(safe).map_err(&broken)?;
    let mut parts = Fields::of_document(&safe, Tag::SEQUENCE).map_err(&broken)?;
    while let Some(part) = parts.any().map_err(&broken)? {
        let (content_type, content) = content_info(&part).map_err(&broken)?;
        if content_type == ENCRYPTED_DATA {
            encrypted_data(&content)?;
        }
    }
    Ok(())
}

/// Algorithm and ciphertext of `EncryptedData` (RFC 5652, section 8).
fn encrypted_data<'a>(content: &Tlv<'a>) -> Result<(Tlv<'a>, Cow<'a, [u8]>), ReadPkcs12Error> {
    let broken = ReadPkcs12Error::malformed("EncryptedData");
    let mut fields = Fields::of(content, Tag::SEQUENCE).map_err(&broken)?;
    fields.expect(Tag::INTEGER).map_err(&broken)?;
    let info = fields.expect(Tag::SEQUENCE).map_err(&broken)?;
    let mut fields = Fields::of(&info, Tag::SEQUENCE).map_err(&broken)?;
    fields.expect(Tag::OBJECT_IDENTIFIER).map_err(&broken)?;
    let algorithm = fields.expect(Tag::SEQUENCE).map_err(&broken)?;
    let ciphertext = fields.any().map_err(&broken)?.ok_or_else(|| broken(unexpected(&info)))?;
    Ok((algorithm, implicit_octets(&ciphertext).map_err(&broken)?))
}

/// The type and content of a `ContentInfo`.
fn content_info<'a>(info: &Tlv<'a>) -> Result<(ObjectIdentifier, Tlv<'a>), DerError> {
    let mut fields = Fields::of(info, Tag::SEQUENCE)?;
    let content_type = fields.expect(Tag::OBJECT_IDENTIFIER)?;
    let content = explicit(&fields.expect(Tag::context(0))?)?;
    Ok((object_identifier(&content_type).ok_or(unexpected(&content_type))?, content))
}

/// The one element within an explicit tag.
fn explicit<'a>(outer: &Tlv<'a>) -> Result<Tlv<'a>, DerError> {
    outer.children().next().unwrap_or(Err(unexpected(outer)))
}

/// `[0] IMPLICIT OCTET STRING`, in one piece or (in BER) in several.
fn implicit_octets<'a>(field: &Tlv<'a>) -> Result<Cow<'a, [u8]>, DerError> {
    if field.tag == Tag::context_primitive(0) {
        return Ok(Cow::Borrowed(field.value()));
    }
    let mut pieces = Fields::of(field, Tag::context(0))?;
    let mut whole = Vec::new();
    while let Some(piece) = pieces.any()? {
        if piece.tag != Tag::OCTET_STRING {
            return Err(unexpected(&piece));
        }
        whole.extend_from_slice(piece.value());
    }
    Ok(Cow::Owned(whole))
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

/// What was decrypted, in DER.
fn plain_der(plain: &SecretBytes) -> Result<Cow<'_, [u8]>, ReadPkcs12Error> {
    to_der(plain.as_bytes()).map_err(|_| ReadPkcs12Error::WrongPassword)
}

/// A small non-negative `INTEGER`.
pub(super) fn integer(element: &Tlv<'_>) -> Option<u64> {
    let digits = element.value();
    let negative = digits.first()? & 0x80 != 0;
    let significant = digits.iter().skip_while(|digit| **digit == 0).count();
    if negative {
        return None;
    }
    // Above 8 bytes the number is beyond any use, so the largest one stands for it.
    if significant > 8 {
        return Some(u64::MAX);
    }
    Some(digits.iter().fold(0, |number, digit| number << 8 | u64::from(*digit)))
}

pub(super) fn object_identifier(element: &Tlv<'_>) -> Option<ObjectIdentifier> {
    ObjectIdentifier::from_bytes(element.value()).ok()
}

fn unexpected(element: &Tlv<'_>) -> DerError {
    DerError { offset: element.header.start, kind: DerErrorKind::Unexpected }
}

fn outermost(bytes: &[u8]) -> impl Fn(DerError) -> ReadPkcs12Error {
    let length = bytes.len();
    move |error| ReadPkcs12Error::Malformed { part: "PFX", offset: Some(error.offset.min(length)) }
}
