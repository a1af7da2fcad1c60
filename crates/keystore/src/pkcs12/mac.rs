//! The integrity of a PKCS#12 file: the MAC of RFC 7292 (appendix B) and PBMAC1 (RFC 9579).

use certwright_encoding::der::{Fields, Tag, Tlv};
use certwright_keys::password_based::{
    Budget, EncodedPassword, parse_algorithm,
    pbes2::{self, HmacDigest},
    pkcs12_kdf::{Purpose, derive},
};
use der::asn1::ObjectIdentifier;
use hmac::{EagerHash, Hmac, KeyInit, Mac};
use sha1::{Sha1, digest::Digest, digest::block_api::BlockSizeUser};
use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};

use super::{
    ReadPkcs12Error,
    read::{integer, object_identifier},
    structures::{PBMAC1, SHA1, SHA224, SHA256, SHA384, SHA512, SHA512_224, SHA512_256},
    target::MacDigest,
};

/// The MAC that a file carries.
pub(super) struct StoredMac<'a> {
    algorithm: Tlv<'a>,
    oid: ObjectIdentifier,
    expected: &'a [u8],
    salt: &'a [u8],
    iterations: u64,
}

/// Reads `MacData`.
///
/// # Errors
/// `UnsupportedAlgorithm` for another MAC than those of this module, `Malformed`.
pub(super) fn parse<'a>(mac_data: &Tlv<'a>) -> Result<StoredMac<'a>, ReadPkcs12Error> {
    let broken = ReadPkcs12Error::malformed("MacData");
    let malformed = || ReadPkcs12Error::Malformed { part: "MacData", offset: None };
    let mut fields = Fields::of(mac_data, Tag::SEQUENCE).map_err(&broken)?;
    let digest_info = fields.expect(Tag::SEQUENCE).map_err(&broken)?;
    let salt = fields.expect(Tag::OCTET_STRING).map_err(&broken)?.value();
    let iterations = match fields.optional(Tag::INTEGER).map_err(&broken)? {
        None => 1,
        Some(count) => integer(&count).ok_or_else(malformed)?,
    };
    let mut fields = Fields::of(&digest_info, Tag::SEQUENCE).map_err(&broken)?;
    let algorithm = fields.expect(Tag::SEQUENCE).map_err(&broken)?;
    let expected = fields.expect(Tag::OCTET_STRING).map_err(&broken)?.value();
    let oid = Fields::of(&algorithm, Tag::SEQUENCE)
        .and_then(|mut fields| fields.expect(Tag::OBJECT_IDENTIFIER))
        .map_err(&broken)?;
    let oid = object_identifier(&oid).ok_or_else(malformed)?;
    if iterations == 0 && oid != PBMAC1 {
        return Err(malformed());
    }
    Ok(StoredMac { algorithm, oid, expected, salt, iterations })
}

impl StoredMac<'_> {
    /// Whether the password goes in as UTF-16.
    pub(super) fn is_own_scheme(&self) -> bool {
        self.oid != PBMAC1
    }

    /// Whether this is the MAC over `content` under `password`.
    ///
    /// # Errors
    /// Anything but a wrong password.
    pub(super) fn verify(
        &self,
        content: &[u8],
        password: &EncodedPassword,
        budget: &mut Budget,
    ) -> Result<bool, ReadPkcs12Error> {
        let check = match self.oid {
            PBMAC1 => return verify_pbmac1(&self.algorithm, self.expected, content, password, budget),
            SHA1 => check::<Sha1>,
            SHA224 => check::<Sha224>,
            SHA256 => check::<Sha256>,
            SHA384 => check::<Sha384>,
            SHA512 => check::<Sha512>,
            SHA512_224 => check::<Sha512_224>,
            SHA512_256 => check::<Sha512_256>,
            oid => return Err(ReadPkcs12Error::UnsupportedAlgorithm { oid: oid.to_string() }),
        };
        budget.spend(self.iterations).map_err(ReadPkcs12Error::decrypting("MacData"))?;
        Ok(check(password.bmp.as_bytes(), self.salt, self.iterations, content, self.expected))
    }
}

fn check<D: Digest + BlockSizeUser + EagerHash>(
    password: &[u8],
    salt: &[u8],
    iterations: u64,
    content: &[u8],
    expected: &[u8],
) -> bool {
    let key = derive::<D>(Purpose::Mac, password, salt, iterations, <D as Digest>::output_size());
    check_hmac::<D>(&key, content, expected)
}

fn check_hmac<D: EagerHash>(key: &[u8], content: &[u8], expected: &[u8]) -> bool {
    // A key of any length fits an HMAC, so the error does not occur.
    Hmac::<D>::new_from_slice(key).is_ok_and(|mac| mac.chain_update(content).verify_slice(expected).is_ok())
}

/// The MAC that is written: an HMAC with the derivation of PKCS#12.
pub(super) fn to_mac(
    digest: MacDigest,
    password: &EncodedPassword,
    salt: &[u8],
    iterations: u32,
    content: &[u8],
) -> Vec<u8> {
    match digest {
        MacDigest::Sha1 => to_mac_with::<Sha1>(password, salt, iterations, content),
        MacDigest::Sha256 => to_mac_with::<Sha256>(password, salt, iterations, content),
    }
}

fn to_mac_with<D: Digest + BlockSizeUser + EagerHash>(
    password: &EncodedPassword,
    salt: &[u8],
    iterations: u32,
    content: &[u8],
) -> Vec<u8> {
    let length = <D as Digest>::output_size();
    let key = derive::<D>(Purpose::Mac, password.bmp.as_bytes(), salt, iterations.into(), length);
    match Hmac::<D>::new_from_slice(&key) {
        Ok(mac) => mac.chain_update(content).finalize().into_bytes().to_vec(),
        Err(_) => Vec::new(),
    }
}

/// `PBMAC1-params` (RFC 8018, appendix A.5), restricted as RFC 9579 says.
fn verify_pbmac1(
    algorithm: &Tlv<'_>,
    expected: &[u8],
    content: &[u8],
    password: &EncodedPassword,
    budget: &mut Budget,
) -> Result<bool, ReadPkcs12Error> {
    let broken = ReadPkcs12Error::malformed("PBMAC1-params");
    let failed = ReadPkcs12Error::decrypting("PBMAC1-params");
    let mut fields = Fields::of(algorithm, Tag::SEQUENCE).map_err(&broken)?;
    fields.expect(Tag::OBJECT_IDENTIFIER).map_err(&broken)?;
    let parameters = fields.expect(Tag::SEQUENCE).map_err(&broken)?;
    let mut fields = Fields::of(&parameters, Tag::SEQUENCE).map_err(&broken)?;
    let derivation = fields.expect(Tag::SEQUENCE).map_err(&broken)?;
    let scheme = fields.expect(Tag::SEQUENCE).map_err(&broken)?;
    let scheme = parse_algorithm(scheme.bytes()).map_err(&failed)?;
    let digest = HmacDigest::from_oid(scheme.oid)
        .ok_or_else(|| ReadPkcs12Error::UnsupportedAlgorithm { oid: scheme.oid.to_string() })?;
    let derivation = parse_algorithm(derivation.bytes()).map_err(&failed)?;
    let key = pbes2::derive(derivation, password.utf8.as_bytes(), None, budget).map_err(&failed)?;
    Ok(match digest {
        HmacDigest::Sha1 => check_hmac::<Sha1>(&key, content, expected),
        HmacDigest::Sha224 => check_hmac::<Sha224>(&key, content, expected),
        HmacDigest::Sha256 => check_hmac::<Sha256>(&key, content, expected),
        HmacDigest::Sha384 => check_hmac::<Sha384>(&key, content, expected),
        HmacDigest::Sha512 => check_hmac::<Sha512>(&key, content, expected),
    })
}
