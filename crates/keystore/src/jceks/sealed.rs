//! Secret keys of JCEKS: a key as a serialised Java object, encrypted, within another serialised object, Java's
//! `SealedObjectForKeyProtector`.
//!
//! Keys are read as `SecretKeySpec`, as `KeyRep` (which stands for most keys of Java itself) and as the classes that older
//! versions wrote; they are written as `SecretKeySpec`. Any other class is told by its name.

use certwright_keys::{Password, ReadKeyError, SecretBytes, password_based::Budget};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::protector::Parameters;
use crate::{
    java_bytes::{push_counted, to_counted_text},
    java_stream::{Object, Stream, StreamError, parse_stream},
    secret_key::SecretKey,
};

/// The name of the encryption.
const ALGORITHM: &str = "PBEWithMD5AndTripleDES";
const SEALED_OBJECTS: [&str; 2] =
    ["com.sun.crypto.provider.SealedObjectForKeyProtector", "javax.crypto.SealedObject"];

/// A secret key as it stands in the file.
#[derive(Debug)]
pub(crate) enum Sealed<'a> {
    /// Encrypted as Java does.
    Key(SealedKey<'a>),
    /// Encrypted with another algorithm.
    OtherAlgorithm { algorithm: String },
    /// No sealed object.
    Foreign { class: String },
}

/// An encrypted key.
#[derive(Debug)]
pub(crate) struct SealedKey<'a> {
    parameters: &'a [u8],
    ciphertext: &'a [u8],
}

/// What was sealed is no secret key of a class that is known.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ForeignKey {
    pub(crate) class: String,
}

/// Reads the object that begins at `start` of `bytes`. Gives where it ends, too.
pub(crate) fn parse_sealed(bytes: &[u8], start: usize) -> Result<(Sealed<'_>, usize), StreamError> {
    let stream = parse_stream(bytes, start)?;
    let Some(object) = stream.object() else {
        return Ok((Sealed::Foreign { class: "null".to_owned() }, stream.end));
    };
    let class = object.class();
    let sealed = match sealed_parts(object) {
        Some((algorithm, _)) if !algorithm.eq_ignore_ascii_case(ALGORITHM) => {
            Sealed::OtherAlgorithm { algorithm }
        }
        Some((_, key)) if SEALED_OBJECTS.contains(&class.as_str()) => Sealed::Key(key),
        _ => Sealed::Foreign { class },
    };
    Ok((sealed, stream.end))
}

fn sealed_parts<'a>(object: &Object<'a>) -> Option<(String, SealedKey<'a>)> {
    let key = SealedKey {
        parameters: object.bytes("encodedParams")?,
        ciphertext: object.bytes("encryptedContent")?,
    };
    Some((object.text("sealAlg")?, key))
}

impl SealedKey<'_> {
    /// Decrypts to the serialised key.
    ///
    /// # Errors
    /// As [`Parameters::decrypt`].
    pub(crate) fn open(&self, password: &Password, budget: &mut Budget) -> Result<SecretBytes, ReadKeyError> {
        let is_stream = |plain: &[u8]| !matches!(parse_stream(plain, 0), Err(StreamError::Broken(_)));
        Parameters::parse(self.parameters)?.decrypt(self.ciphertext, password, budget, is_stream)
    }
}

/// Reads a serialised key.
pub(crate) fn parse_key(plain: &[u8]) -> Result<SecretKey, ForeignKey> {
    let stream = match parse_stream(plain, 0) {
        Ok(stream) => stream,
        Err(StreamError::Opaque { class }) => return Err(ForeignKey { class }),
        Err(StreamError::Broken(_)) => return Err(ForeignKey { class: String::new() }),
    };
    let class = stream.object().map(Object::class).unwrap_or_default();
    key_of(&stream, &class).ok_or(ForeignKey { class })
}

fn key_of(stream: &Stream<'_>, class: &str) -> Option<SecretKey> {
    let object = stream.object()?;
    let (algorithm, bytes) = match class {
        "javax.crypto.spec.SecretKeySpec" => (object.text("algorithm")?, object.bytes("key")?),
        // It stands for public and private keys, too: these are not in raw form.
        "java.security.KeyRep" if object.text("format")?.eq_ignore_ascii_case("RAW") => {
            (object.text("algorithm")?, object.bytes("encoded")?)
        }
        "com.sun.crypto.provider.DESKey" => ("DES".to_owned(), object.bytes("key")?),
        "com.sun.crypto.provider.DESedeKey" => ("DESede".to_owned(), object.bytes("key")?),
        "com.sun.crypto.provider.PBEKey" => (object.text("type")?, object.bytes("key")?),
        _ => return None,
    };
    Some(SecretKey { algorithm, bytes: SecretBytes::new(bytes.to_vec()) })
}

/// Writes a secret key as Java does. `None` if it, its algorithm's name or the password is beyond what Java takes.
pub(crate) fn generate_sealed(
    key: &SecretKey,
    password: &Password,
    iterations: u32,
    rng: &mut impl CryptoRng,
) -> Option<Vec<u8>> {
    let parameters = Parameters::generate(iterations, rng);
    let ciphertext = parameters.encrypt(&to_stream(key)?, password)?;
    let mut output = STREAM.to_vec();
    output.extend(NEW_OBJECT);
    push_class(&mut output, "com.sun.crypto.provider.SealedObjectForKeyProtector", 0xcd57_ca59_e730_bb53, 0)?;
    output.extend(NO_ANNOTATION);
    push_class(&mut output, "javax.crypto.SealedObject", 0x3e36_3da6_c3b7_5470, 4)?;
    push_field(&mut output, b'[', "encodedParams", Some("[B"))?;
    push_field(&mut output, b'[', "encryptedContent", None)?;
    output.extend(reference(2));
    push_field(&mut output, b'L', "paramsAlg", Some("Ljava/lang/String;"))?;
    push_field(&mut output, b'L', "sealAlg", None)?;
    output.extend(reference(3));
    output.extend(NO_ANNOTATION);
    output.extend(NO_CLASS_ABOVE);
    push_bytes_class(&mut output)?;
    push_counted(&mut output, &parameters.to_der().ok()?)?;
    output.extend(NEW_ARRAY);
    output.extend(reference(5));
    push_counted(&mut output, &ciphertext)?;
    push_text(&mut output, ALGORITHM)?;
    push_text(&mut output, ALGORITHM)?;
    Some(output)
}

/// A serialised `SecretKeySpec`.
fn to_stream(key: &SecretKey) -> Option<Zeroizing<Vec<u8>>> {
    // Room for all of it, so that no reallocation leaves a copy behind.
    let room = 256 + key.algorithm.len() * 3 + key.bytes.len();
    let mut output = Zeroizing::new(Vec::with_capacity(room));
    output.extend(STREAM);
    output.extend(NEW_OBJECT);
    push_class(&mut output, "javax.crypto.spec.SecretKeySpec", 0x5b47_0b66_e230_614d, 2)?;
    push_field(&mut output, b'L', "algorithm", Some("Ljava/lang/String;"))?;
    push_field(&mut output, b'[', "key", Some("[B"))?;
    output.extend(NO_ANNOTATION);
    output.extend(NO_CLASS_ABOVE);
    push_text(&mut output, &key.algorithm)?;
    push_bytes_class(&mut output)?;
    push_counted(&mut output, key.bytes.as_bytes())?;
    Some(output)
}

const STREAM: [u8; 4] = [0xac, 0xed, 0, 5];
const NEW_OBJECT: [u8; 1] = [0x73];
const NEW_ARRAY: [u8; 1] = [0x75];
const NEW_CLASS: u8 = 0x72;
const NEW_STRING: u8 = 0x74;
const NO_ANNOTATION: [u8; 1] = [0x78];
const NO_CLASS_ABOVE: [u8; 1] = [0x70];
const SERIALIZABLE: u8 = 2;

fn push_class(output: &mut Vec<u8>, name: &str, serial_version: u64, fields: u16) -> Option<()> {
    output.push(NEW_CLASS);
    output.extend(to_counted_text(name)?);
    output.extend(serial_version.to_be_bytes());
    output.push(SERIALIZABLE);
    output.extend(fields.to_be_bytes());
    Some(())
}

/// A field; the name of its type follows, unless it is said before.
fn push_field(output: &mut Vec<u8>, kind: u8, name: &str, type_name: Option<&str>) -> Option<()> {
    output.push(kind);
    output.extend(to_counted_text(name)?);
    type_name.map_or(Some(()), |name| push_text(output, name))
}

fn push_text(output: &mut Vec<u8>, text: &str) -> Option<()> {
    output.push(NEW_STRING);
    output.extend(to_counted_text(text)?);
    Some(())
}

/// An array of bytes up to its length.
fn push_bytes_class(output: &mut Vec<u8>) -> Option<()> {
    output.extend(NEW_ARRAY);
    push_class(output, "[B", 0xacf3_17f8_0608_54e0, 0)?;
    output.extend(NO_ANNOTATION);
    output.extend(NO_CLASS_ABOVE);
    Some(())
}

/// The value, class or string of this number in the stream, once more.
fn reference(number: u8) -> [u8; 5] {
    [0x71, 0, 0x7e, 0, number]
}
