//! JSON Web Keys (RFC 7517) of the kinds RSA, EC (RFC 7518, section 6) and OKP (RFC 8037), private and public, alone or in
//! a set.
//!
//! A certificate chain beside a key (`x5c`) is given too. Refused: other kinds and curves, by name; RSA with more than two
//! primes; numbers that do not belong together.

use std::borrow::Cow;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use certwright_encoding::base64::parse_base64;
use const_oid::db::rfc5912::{SECP_256_R_1, SECP_384_R_1, SECP_521_R_1};
use der::{Decode as _, asn1::ObjectIdentifier};
use pkcs1::RsaPrivateKeyRef;
use serde::Deserialize;
use sha2::Digest as _;
use zeroize::Zeroizing;

use crate::{
    error::ReadKeyError,
    numbers::{self, PublicNumbers},
    private::PrivateKey,
    public::PublicKey,
    rsa_numbers::RsaNumbers,
    sec1::from_scalar,
    secret::SecretBytes,
};

const CURVES: [(&str, ObjectIdentifier, usize); 3] =
    [("P-256", SECP_256_R_1, 32), ("P-384", SECP_384_R_1, 48), ("P-521", SECP_521_R_1, 66)];

/// One key of a set.
#[derive(Clone, Debug)]
pub struct FoundJwk {
    /// The name of the key (`kid`), if it has one.
    pub kid: Option<String>,
    /// The key, or what is wrong with it.
    pub key: Result<JwkKey, ReadKeyError>,
    /// The chain beside it (`x5c`), in DER, end-entity first. What is no base64 is left out.
    pub certificates: Vec<Vec<u8>>,
}

/// What a JWK holds.
#[derive(Clone, Debug)]
pub enum JwkKey {
    /// A private key.
    Private(PrivateKey),
    /// A public key.
    Public(PublicKey),
    /// A symmetric key (`kty` is `oct`), with the algorithm that it is for (`alg`) where that is said.
    Secret {
        /// The key.
        bytes: SecretBytes,
        /// Such as `HS256`.
        algorithm: Option<String>,
    },
}

/// Whether a text looks like a JWK or a set of them: JSON with a `kty` in it.
pub fn is_jwk(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    start.starts_with(b"{") && start.windows(5).any(|window| window == b"\"kty\"")
}

/// Reads a JWK, or all keys of a JWK set.
///
/// # Errors
/// `NoKey` if this is no JSON, or JSON of something else. What is wrong with a single key stands in its place.
pub fn parse_jwks(bytes: &[u8]) -> Result<Vec<FoundJwk>, ReadKeyError> {
    if !is_jwk(bytes) {
        return Err(ReadKeyError::NoKey);
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // Neither level deeper than a key is looked at, and the parser bounds its own depth.
    if let Ok(Set { keys }) = serde_json::from_slice(text) {
        return Ok(keys.into_iter().map(Member::read).collect());
    }
    let jwk = serde_json::from_slice(text).map_err(|error| {
        // The column counts bytes, and without line ends it is the offset.
        let offset = (error.line() == 1).then(|| error.column().saturating_sub(1));
        ReadKeyError::Malformed { offset }
    })?;
    Ok(vec![read(&jwk)])
}

/// The first private key; if there is none, what was wrong with the first that looked like one.
///
/// # Errors
/// `NoKey` if there are public keys alone, otherwise see [`ReadKeyError`].
pub(crate) fn read_private_jwk(bytes: &[u8]) -> Result<PrivateKey, ReadKeyError> {
    let mut wrong = None;
    for found in parse_jwks(bytes)? {
        match found.key {
            Ok(JwkKey::Private(key)) => return Ok(key),
            Err(error) => wrong = wrong.or(Some(error)),
            Ok(JwkKey::Public(_) | JwkKey::Secret { .. }) => {}
        }
    }
    Err(wrong.unwrap_or(ReadKeyError::NoKey))
}

/// The first key that has a public half.
///
/// # Errors
/// As [`read_private_jwk`].
pub(crate) fn read_public_jwk(bytes: &[u8]) -> Result<PublicKey, ReadKeyError> {
    let mut wrong = None;
    for found in parse_jwks(bytes)? {
        match found.key {
            Ok(JwkKey::Private(key)) => return Ok(key.public_key().clone()),
            Ok(JwkKey::Public(key)) => return Ok(key),
            Err(error) => wrong = wrong.or(Some(error)),
            Ok(JwkKey::Secret { .. }) => {}
        }
    }
    Err(wrong.unwrap_or(ReadKeyError::NoKey))
}

/// Writes a private key with its public half; `None` for a kind that JWK has no word for.
pub(crate) fn to_jwk(key: &PrivateKey) -> Option<SecretBytes> {
    let mut members = public_members(key.public_key())?;
    if let Some(pkcs1) = numbers::pkcs1(key) {
        let numbers = RsaPrivateKeyRef::from_der(&pkcs1).ok()?;
        for (name, number) in [
            ("d", numbers.private_exponent),
            ("p", numbers.prime1),
            ("q", numbers.prime2),
            ("dp", numbers.exponent1),
            ("dq", numbers.exponent2),
            ("qi", numbers.coefficient),
        ] {
            members.push((name, encode(number.as_bytes())));
        }
    } else {
        members.push(("d", encode(&numbers::scalar(key)?)));
    }
    Some(SecretBytes::new(object(&members, PRETTY).into_bytes()))
}

/// Writes a public key; `None` for a kind that JWK has no word for.
pub(crate) fn to_public_jwk(key: &PublicKey) -> Option<String> {
    Some(object(&public_members(key)?, PRETTY))
}

/// The thumbprint of RFC 7638 with SHA-256, in base64url; `None` for a kind that JWK has no word for.
pub fn to_thumbprint(key: &PublicKey) -> Option<String> {
    let mut members = public_members(key)?;
    members.sort_by_key(|(name, _)| *name);
    let text = object(&members, DENSE);
    Some(Base64UrlUnpadded::encode_string(&sha2::Sha256::digest(text)))
}

/// The members that make up the public key.
fn public_members(key: &PublicKey) -> Option<Vec<(&'static str, Zeroizing<String>)>> {
    let word = |word: &str| Zeroizing::new(word.to_owned());
    Some(match PublicNumbers::of(key)? {
        PublicNumbers::Rsa { modulus, exponent } => {
            vec![("kty", word("RSA")), ("n", encode(&modulus)), ("e", encode(&exponent))]
        }
        PublicNumbers::Ec { curve, point } => {
            let (name, _, width) = CURVES.iter().find(|(_, oid, _)| *oid == curve)?;
            let (x, y) = point.get(1..)?.split_at_checked(*width)?;
            vec![("kty", word("EC")), ("crv", word(name)), ("x", encode(x)), ("y", encode(y))]
        }
        PublicNumbers::Ed25519 { point } => {
            vec![("kty", word("OKP")), ("crv", word("Ed25519")), ("x", encode(&point))]
        }
        PublicNumbers::Dsa { .. } => return None,
    })
}

/// What stands at the start, between name and value, between members and at the end.
const PRETTY: [&str; 4] = ["{\n  ", ": ", ",\n  ", "\n}\n"];
/// The same with nothing between, as RFC 7638 hashes it.
const DENSE: [&str; 4] = ["{", ":", ",", "}"];

/// A JSON object; no name or value needs escaping. The text has its room from the start, so that no copy is left behind.
fn object(members: &[(&str, Zeroizing<String>)], [open, colon, comma, close]: [&str; 4]) -> String {
    let length: usize = members.iter().map(|(name, value)| name.len() + value.len() + 16).sum();
    let mut text = String::with_capacity(length + 16);
    text.push_str(open);
    for (position, (name, value)) in members.iter().enumerate() {
        if position > 0 {
            text.push_str(comma);
        }
        for part in ["\"", name, "\"", colon, "\"", value.as_str(), "\""] {
            text.push_str(part);
        }
    }
    text.push_str(close);
    text
}

fn encode(bytes: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(Base64UrlUnpadded::encode_string(bytes))
}

/// `JWK Set`. A member that is no key at all does not hide the others.
#[derive(Deserialize)]
struct Set<'a> {
    #[serde(borrow)]
    keys: Vec<Member<'a>>,
}

/// A member of a set.
#[derive(Deserialize)]
#[serde(untagged)]
enum Member<'a> {
    Key(#[serde(borrow)] Box<Jwk<'a>>),
    Other(serde::de::IgnoredAny),
}

impl Member<'_> {
    fn read(self) -> FoundJwk {
        match self {
            Self::Key(jwk) => read(&jwk),
            Self::Other(_) => {
                let key = Err(ReadKeyError::Malformed { offset: None });
                FoundJwk { kid: None, key, certificates: Vec::new() }
            }
        }
    }
}

/// The members that matter. They borrow from the input wherever nothing in them is escaped, and base64 never is.
#[derive(Deserialize)]
struct Jwk<'a> {
    #[serde(borrow)]
    kty: Cow<'a, str>,
    #[serde(borrow, default)]
    kid: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    alg: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    crv: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    n: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    e: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    d: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    p: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    q: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    dp: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    dq: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    qi: Option<Cow<'a, str>>,
    #[serde(default)]
    oth: Option<serde::de::IgnoredAny>,
    #[serde(borrow, default)]
    x: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    y: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    k: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    x5c: Vec<Cow<'a, str>>,
}

fn read(jwk: &Jwk<'_>) -> FoundJwk {
    let certificates = jwk.x5c.iter().filter_map(|text| parse_base64(text.as_bytes()).ok());
    FoundJwk {
        kid: jwk.kid.as_deref().map(str::to_owned),
        key: read_key(jwk),
        certificates: certificates.map(|der| der.to_vec()).collect(),
    }
}

fn read_key(jwk: &Jwk<'_>) -> Result<JwkKey, ReadKeyError> {
    match jwk.kty.as_ref() {
        "RSA" => read_rsa(jwk),
        "EC" => read_ec(jwk),
        "OKP" => read_okp(jwk),
        "oct" => Ok(JwkKey::Secret {
            bytes: decode(jwk.k.as_ref())?.into(),
            algorithm: jwk.alg.as_deref().map(str::to_owned),
        }),
        kind => Err(ReadKeyError::UnsupportedName { name: shortened(kind) }),
    }
}

fn read_rsa(jwk: &Jwk<'_>) -> Result<JwkKey, ReadKeyError> {
    let (modulus, exponent) = (decode(jwk.n.as_ref())?, decode(jwk.e.as_ref())?);
    if jwk.d.is_none() {
        let numbers = PublicNumbers::Rsa { modulus: modulus.to_vec(), exponent: exponent.to_vec() };
        return numbers.into_key().map(JwkKey::Public);
    }
    if jwk.oth.is_some() {
        return Err(ReadKeyError::MultiPrime);
    }
    let private_exponent = decode(jwk.d.as_ref())?;
    let optional = |member: &Option<Cow<'_, str>>| member.as_ref().map(|text| decode(Some(text))).transpose();
    let [p, q, dp, dq, qi] =
        [optional(&jwk.p)?, optional(&jwk.q)?, optional(&jwk.dp)?, optional(&jwk.dq)?, optional(&jwk.qi)?];
    let key = RsaNumbers {
        modulus: &modulus,
        public_exponent: &exponent,
        private_exponent: &private_exponent,
        primes: p.as_deref().zip(q.as_deref()).map(|(p, q)| (p.as_slice(), q.as_slice())),
        exponents: dp.as_deref().zip(dq.as_deref()).map(|(p, q)| (p.as_slice(), q.as_slice())),
        coefficient: qi.as_deref().map(Vec::as_slice),
    }
    .into_key(None)?;
    Ok(JwkKey::Private(key))
}

fn read_ec(jwk: &Jwk<'_>) -> Result<JwkKey, ReadKeyError> {
    let name = jwk.crv.as_deref().ok_or(ReadKeyError::Malformed { offset: None })?;
    let (_, curve, width) = CURVES
        .iter()
        .find(|(known, _, _)| *known == name)
        .ok_or_else(|| ReadKeyError::UnsupportedName { name: shortened(name) })?;
    let (x, y) = (decode(jwk.x.as_ref())?, decode(jwk.y.as_ref())?);
    // Each coordinate has its full width (RFC 7518, section 6.2.1.2).
    if x.len() != *width || y.len() != *width {
        return Err(ReadKeyError::InvalidKey);
    }
    let point = [&[4], x.as_slice(), y.as_slice()].concat();
    if jwk.d.is_none() {
        return PublicNumbers::Ec { curve: *curve, point }.into_key().map(JwkKey::Public);
    }
    let scalar = decode(jwk.d.as_ref())?;
    from_scalar(*curve, &scalar, Some(&point)).map(JwkKey::Private)
}

fn read_okp(jwk: &Jwk<'_>) -> Result<JwkKey, ReadKeyError> {
    match jwk.crv.as_deref() {
        Some("Ed25519") => {}
        Some(name) => return Err(ReadKeyError::UnsupportedName { name: shortened(name) }),
        None => return Err(ReadKeyError::Malformed { offset: None }),
    }
    let point = decode(jwk.x.as_ref())?;
    if jwk.d.is_none() {
        return PublicNumbers::Ed25519 { point: point.to_vec() }.into_key().map(JwkKey::Public);
    }
    let seed = decode(jwk.d.as_ref())?;
    let key = PrivateKey::from_ed25519(seed.as_slice().try_into().map_err(|_| ReadKeyError::InvalidKey)?)?;
    if key.public_key().key_bits() == point.as_slice() {
        Ok(JwkKey::Private(key))
    } else {
        Err(ReadKeyError::Mismatch)
    }
}

/// Decodes base64url; padding, which the RFC forbids, is forgiven.
fn decode(member: Option<&Cow<'_, str>>) -> Result<Zeroizing<Vec<u8>>, ReadKeyError> {
    let malformed = || ReadKeyError::Malformed { offset: None };
    let text = member.ok_or_else(malformed)?.trim_end_matches('=');
    Base64UrlUnpadded::decode_vec(text).map(Zeroizing::new).map_err(|_| malformed())
}

/// A name from the file, no longer than names are.
fn shortened(name: &str) -> String {
    name.chars().take(40).collect()
}
