//! What the readers found wrong, in the language of whoever reads it.
//!
//! Their own texts (`#[error]`) are English, for logs and programs; what a person gets to see as the detail of a problem is worded here. Names of fields
//! and types of the standards stay as they are.

use certwright_certs::certificate::ReadCertificateError;
use certwright_certs::extensions::ReadExtensionError;
use certwright_certs::fault::{Fault, Problem};
use certwright_certs::key_strength::Weakness;
use certwright_certs::name::ParseNameProblem;
use certwright_certs::request::{ReadRequestError, VerifyRequestError};
use certwright_encoding::base64::Base64Error;
use certwright_encoding::pem::PemError;
use certwright_keys::error::ReadKeyError;
use certwright_keys::verify::VerifyError;
use certwright_language::{mark, t, text};

/// Parts of containers that have no name in a standard.
const PARTS: [&str; 27] = [
    mark!("algorithm"),
    mark!("alias"),
    mark!("certificate"),
    mark!("certificate type"),
    mark!("date"),
    mark!("digest"),
    mark!("encrypted store"),
    mark!("entries"),
    mark!("entry tag"),
    mark!("entry type"),
    mark!("format"),
    mark!("integrity code"),
    mark!("iterations"),
    mark!("key"),
    mark!("key algorithm"),
    mark!("key format"),
    mark!("key type"),
    mark!("length of the chain"),
    mark!("magic number"),
    mark!("number of entries"),
    mark!("private key"),
    mark!("protected key"),
    mark!("salt"),
    mark!("sealed key"),
    mark!("serialised object"),
    mark!("type"),
    mark!("version"),
];

/// A part of a container.
pub(crate) fn part(name: &'static str) -> &'static str {
    PARTS.iter().find(|known| **known == name).map_or(name, |known| text(known))
}

/// What is wrong with a name that was typed.
pub(crate) fn name(problem: &ParseNameProblem) -> String {
    use ParseNameProblem as P;
    match problem {
        P::MissingEquals => t!("“=” is missing").into(),
        P::UnknownType { name } => t!("the attribute “{name}” is not known", name),
        P::MissingAttribute => t!("an attribute is missing").into(),
        P::MissingValue => t!("the value is missing").into(),
        P::BadEscape => {
            t!("behind “\\” stands neither a special character nor two hexadecimal digits").into()
        }
        P::BadQuotes => t!("a quotation mark has no partner, or there is text beside a quoted value").into(),
        P::BadHex => t!("behind “#” stands no hexadecimal value").into(),
        P::NotUtf8 => t!("the escaped octets are no UTF-8").into(),
        P::BadCountry { value } => t!("a country has two letters, not “{value}”", value),
        P::BadCharacter { character } => t!("“{character}” is not allowed here", character),
        P::TooLong => t!("it is too long").into(),
    }
}

/// What is wrong with a block of PEM.
pub(crate) fn pem(error: &PemError) -> String {
    match error {
        PemError::BrokenBegin => t!("the first line is not complete").into(),
        PemError::NoEnd => t!("the end line is missing").into(),
        PemError::LabelMismatch { found } => t!("the end line says {found}", found),
        PemError::Base64(Base64Error::InvalidByte { offset, byte }) => {
            t!("octet {octet} at {offset} is not base64", octet = format_args!("{byte:#04x}"), offset)
        }
        PemError::Base64(Base64Error::Truncated) => t!("the base64 is cut off").into(),
        PemError::Base64(Base64Error::Empty) => t!("there is no base64 in it").into(),
    }
}

fn fault(fault: &Fault) -> String {
    let problem = match fault.problem {
        Problem::Truncated => t!("it is cut off").into(),
        Problem::BadLength => t!("a length that DER does not know").into(),
        Problem::UnexpectedTag { found, wanted } => t!(
            "tag {found}, where {wanted} belongs",
            found = format_args!("{found:#04x}"),
            wanted = format_args!("{wanted:#04x}")
        ),
        Problem::TrailingData => t!("more octets behind its end").into(),
        Problem::BadInteger => t!("a bad INTEGER").into(),
        Problem::BadBoolean => t!("a bad BOOLEAN").into(),
        Problem::BadBitString => t!("a bad BIT STRING").into(),
        Problem::BadOid => t!("a bad OBJECT IDENTIFIER").into(),
        Problem::BadTime => t!("a bad time").into(),
        Problem::BadText => t!("a bad text").into(),
        Problem::Empty => t!("an empty list").into(),
        Problem::BadVersion => t!("a version that does not exist").into(),
    };
    t!("{problem}, at octet {offset}", problem, offset = fault.offset)
}

fn in_field(field: &str, why: &Fault) -> String {
    t!("{field}: {problem}", field, problem = fault(why))
}

/// Why a certificate cannot be read.
pub(crate) fn certificate(error: &ReadCertificateError) -> String {
    match error {
        ReadCertificateError::Empty => t!("it is empty").into(),
        ReadCertificateError::TooLarge { size } => t!("{size} octets are too many", size),
        ReadCertificateError::Malformed { field, fault } => in_field(field, fault),
    }
}

/// Why a signing request cannot be read.
pub(crate) fn request(error: &ReadRequestError) -> String {
    match error {
        ReadRequestError::Empty => t!("it is empty").into(),
        ReadRequestError::TooLarge { size } => t!("{size} octets are too many", size),
        ReadRequestError::NoRequest => t!("there is no signing request in the PEM text").into(),
        ReadRequestError::Malformed { field, fault } => in_field(field, fault),
    }
}

/// Why a signing request does not prove its key.
pub(crate) fn request_signature(error: &VerifyRequestError) -> String {
    match error {
        VerifyRequestError::Key(error) => key(error),
        VerifyRequestError::Signature(error) => signature(error),
    }
}

/// Why an extension cannot be read.
pub(crate) fn extension(error: &ReadExtensionError) -> String {
    in_field(&t!("extension {oid}", oid = error.oid.name_or_dotted()), &error.fault)
}

/// Why a key cannot be used.
pub(crate) fn key(error: &ReadKeyError) -> String {
    match error {
        ReadKeyError::NoKey => t!("there is no key in it").into(),
        ReadKeyError::NeedsPassword => t!("it needs a password").into(),
        ReadKeyError::WrongPassword => t!("the password is wrong").into(),
        ReadKeyError::UnsupportedAlgorithm { oid } => t!("the algorithm {oid} is not supported", oid),
        ReadKeyError::UnsupportedName { name } => t!("the algorithm {oid} is not supported", oid = name),
        ReadKeyError::PublicKeyUnknown { oid } => {
            t!("its public half is not beside it, and cannot be computed for the algorithm {oid}", oid)
        }
        ReadKeyError::ExplicitCurve => t!("EC on a curve without a name").into(),
        ReadKeyError::UnsupportedPemEncryption { cipher } => t!("the old PEM encryption {cipher}", cipher),
        ReadKeyError::MultiPrime => t!("RSA with more than two primes").into(),
        ReadKeyError::Malformed { offset: Some(offset) } => {
            t!("its encoding is broken near octet {offset}", offset)
        }
        ReadKeyError::Malformed { offset: None } => t!("its encoding is broken").into(),
        ReadKeyError::InvalidKey => t!("its numbers do not make a key").into(),
        ReadKeyError::Mismatch => t!("it does not fit the public key beside it").into(),
        ReadKeyError::TooExpensive { iterations } => {
            t!("{iterations} iterations of its password derivation", iterations)
        }
        ReadKeyError::KeyTooLarge { bits, .. } | ReadKeyError::KeyTooSmall { bits, .. } => {
            t!("RSA with {bits} bits", bits)
        }
    }
}

/// Why a signature says nothing.
pub(crate) fn signature(error: &VerifyError) -> String {
    match error {
        VerifyError::BadSignature => t!("the signature is wrong").into(),
        VerifyError::UnsupportedAlgorithm { oid } => t!("the algorithm {oid} is not supported", oid),
        VerifyError::WeakAlgorithm { oid } => t!("the algorithm {oid} is weak", oid),
        VerifyError::RetiredAlgorithm { oid } => {
            t!("the signature is right, of the algorithm {oid}, which is no longer approved", oid)
        }
        VerifyError::WeakKey { bits } => t!("a weak key of {bits} bits", bits),
        VerifyError::KeyMismatch => t!("its algorithm is for another type of key").into(),
        VerifyError::BadParameters => t!("the parameters of its algorithm are wrong").into(),
        VerifyError::ParametersMissing => t!("the parameters of the key are those of its issuer").into(),
    }
}

/// Why a key or signature is weak.
pub(crate) fn weakness(why: &Weakness) -> String {
    match why {
        Weakness::RsaBits { bits, limit } => t!("RSA with {bits} bits, less than {limit}", bits, limit),
        Weakness::RsaExponent { exponent } => t!("RSA with the exponent {exponent}", exponent),
        Weakness::Dsa { bits } => t!("DSA with {bits} bits", bits),
        Weakness::Curve { oid, bits } => t!("the curve {oid} with {bits} bits", oid, bits),
        Weakness::Digest { oid, digest } => t!("the digest {digest} in {oid}", digest, oid),
    }
}
