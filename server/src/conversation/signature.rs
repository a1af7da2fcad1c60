//! Checks the server's signature over the handshake (RFC 5246 section 7.4.3, RFC 8446 section 4.4.3) against the key in its certificate.
//!
//! The key is taken out of the certificate by a walk over its DER that looks at nothing else, since webpki refuses whole
//! certificates for reasons that are no concern of a probe: version 1, unknown critical extensions, odd serial numbers. The
//! arithmetic is aws-lc's; it does not do RSA below 2048 bits, which old servers still have, so those go to the `rsa` crate. Keys that are marked for RSASSA-PSS
//! alone, which rustls does not know, are checked here by the arithmetic of the other RSA keys.

use certwright_protocol::conversation::ProbeFailure;
use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier};
use der::{Decode, Header, Reader, SliceReader, Tag, TagNumber};
use rsa::pkcs1::{DecodeRsaPublicKey, RsaPssParamsOwned};
use rsa::signature::Verifier;
use rsa::traits::PublicKeyParts;
use rsa::{RsaPublicKey, pkcs1v15, pss};
use rustls::SignatureScheme;
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::alg_id;
use sha2::{Sha256, Sha384, Sha512};

/// What a signature scheme means, which differs between the versions: TLS 1.2 leaves the curve open, TLS 1.3 has no RSA PKCS#1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TlsRules {
    /// RFC 5246.
    Tls12,
    /// RFC 8446.
    Tls13,
}

/// Why a signature does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SignatureFault {
    /// No public key can be read from the certificate.
    UnreadableKey,
    /// The scheme was not offered, or does not go with the key.
    SchemeDoesNotFit(u16),
    /// Nothing here checks keys of this size.
    KeySize(usize),
    /// The key did not make this signature.
    Wrong,
}

impl From<SignatureFault> for ProbeFailure {
    fn from(fault: SignatureFault) -> Self {
        match fault {
            SignatureFault::UnreadableKey => Self::ServerCertificateUnreadable,
            SignatureFault::SchemeDoesNotFit(scheme) => Self::ProtocolViolation {
                detail: format!("signature scheme {scheme:#06x} does not fit the certificate's key"),
            },
            SignatureFault::KeySize(bits) => {
                Self::NothingInCommon { what: format!("RSA key size (the server’s key has {bits} bits)") }
            }
            SignatureFault::Wrong => Self::ServerSignatureWrong,
        }
    }
}

/// The schemes for RSA keys that are marked id-RSASSA-PSS (RFC 8446 section 4.2.3), each with that of the same arithmetic for other RSA keys. rustls
/// knows no name for them: in TLS 1.3 it leaves the signature to its verifier, in TLS 1.2 it objects to the scheme.
const MARKED_SCHEMES: [(SignatureScheme, SignatureScheme, Digest); 3] = [
    (
        SignatureScheme::Unknown(0x0809),
        SignatureScheme::RSA_PSS_SHA256,
        Digest { oid: ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1"), octets: 32 },
    ),
    (
        SignatureScheme::Unknown(0x080a),
        SignatureScheme::RSA_PSS_SHA384,
        Digest { oid: ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2"), octets: 48 },
    ),
    (
        SignatureScheme::Unknown(0x080b),
        SignatureScheme::RSA_PSS_SHA512,
        Digest { oid: ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3"), octets: 64 },
    ),
];

const RSASSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");

/// The digest of a scheme, whose salt is as long as it is.
struct Digest {
    oid: ObjectIdentifier,
    octets: u8,
}

/// The schemes for RSA keys that are marked id-RSASSA-PSS, which [`verify`] checks besides those of its `supported`.
pub(super) fn schemes_for_marked_keys() -> impl Iterator<Item = SignatureScheme> {
    MARKED_SCHEMES.iter().map(|(scheme, ..)| *scheme)
}

/// Whether the key in a certificate (DER) is an RSA key that is marked id-RSASSA-PSS.
pub(super) fn is_marked_pss(certificate: &[u8]) -> bool {
    PublicKey::parse(certificate).is_some_and(|key| key.marked_pss().is_some())
}

/// Checks `signature` over `message` with the key in `certificate` (DER).
pub(super) fn verify(
    rules: TlsRules,
    supported: &WebPkiSupportedAlgorithms,
    certificate: &[u8],
    scheme: SignatureScheme,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureFault> {
    let key = PublicKey::parse(certificate).ok_or(SignatureFault::UnreadableKey)?;
    if let Some((_, arithmetic, digest)) = MARKED_SCHEMES.iter().find(|(marked, ..)| *marked == scheme) {
        if !key.marked_pss().is_some_and(|parameters| allows(parameters, digest)) {
            return Err(SignatureFault::SchemeDoesNotFit(scheme.into()));
        }
        let mut candidates = supported.mapping.iter().filter(|(known, _)| known == arithmetic);
        let mut candidates = candidates.by_ref().flat_map(|(_, all)| all.iter());
        if candidates.any(|candidate| candidate.verify_signature(key.bits, message, signature).is_ok()) {
            return Ok(());
        }
        return verify_short_rsa(key.bits, *arithmetic, message, signature);
    }
    let candidates =
        supported.mapping.iter().find(|(known, _)| *known == scheme).map_or(&[][..], |(_, all)| all);
    let candidates = match rules {
        TlsRules::Tls12 => candidates,
        TlsRules::Tls13 if is_pkcs1(scheme) => &[],
        TlsRules::Tls13 => candidates.get(..1).unwrap_or_default(),
    };
    let mut fits = false;
    for candidate in candidates {
        if candidate.public_key_alg_id().as_ref() == key.algorithm {
            fits = true;
            if candidate.verify_signature(key.bits, message, signature).is_ok() {
                return Ok(());
            }
        }
    }
    if !fits {
        return Err(SignatureFault::SchemeDoesNotFit(scheme.into()));
    }
    if key.algorithm == alg_id::RSA_ENCRYPTION.as_ref() {
        return verify_short_rsa(key.bits, scheme, message, signature);
    }
    Err(SignatureFault::Wrong)
}

fn is_pkcs1(scheme: SignatureScheme) -> bool {
    matches!(
        scheme,
        SignatureScheme::RSA_PKCS1_SHA256
            | SignatureScheme::RSA_PKCS1_SHA384
            | SignatureScheme::RSA_PKCS1_SHA512
    )
}

/// The sizes that aws-lc leaves out. For every other size its verdict, which was "wrong", stands.
fn verify_short_rsa(
    key: &[u8],
    scheme: SignatureScheme,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureFault> {
    let Ok(key) = RsaPublicKey::from_pkcs1_der(key) else {
        let bits = modulus_bits(key).ok_or(SignatureFault::UnreadableKey)?;
        return Err(SignatureFault::KeySize(bits));
    };
    let bits = usize::try_from(key.n().bits()).unwrap_or(usize::MAX);
    if (2048..=8192).contains(&bits) {
        return Err(SignatureFault::Wrong);
    }
    let pkcs1 = pkcs1v15::Signature::try_from(signature).map_err(|_| SignatureFault::Wrong);
    let pss = pss::Signature::try_from(signature).map_err(|_| SignatureFault::Wrong);
    let checked = match scheme {
        SignatureScheme::RSA_PKCS1_SHA256 => {
            pkcs1v15::VerifyingKey::<Sha256>::new(key).verify(message, &pkcs1?)
        }
        SignatureScheme::RSA_PKCS1_SHA384 => {
            pkcs1v15::VerifyingKey::<Sha384>::new(key).verify(message, &pkcs1?)
        }
        SignatureScheme::RSA_PKCS1_SHA512 => {
            pkcs1v15::VerifyingKey::<Sha512>::new(key).verify(message, &pkcs1?)
        }
        SignatureScheme::RSA_PSS_SHA256 => pss::VerifyingKey::<Sha256>::new(key).verify(message, &pss?),
        SignatureScheme::RSA_PSS_SHA384 => pss::VerifyingKey::<Sha384>::new(key).verify(message, &pss?),
        SignatureScheme::RSA_PSS_SHA512 => pss::VerifyingKey::<Sha512>::new(key).verify(message, &pss?),
        _ => return Err(SignatureFault::SchemeDoesNotFit(scheme.into())),
    };
    checked.map_err(|_| SignatureFault::Wrong)
}

/// Length of the modulus in an RSAPublicKey (RFC 8017 appendix A.1.1) of a size that the `rsa` crate refuses.
fn modulus_bits(key: &[u8]) -> Option<usize> {
    let mut reader = SliceReader::new(AnyRef::from_der(key).ok()?.value()).ok()?;
    let modulus = AnyRef::decode(&mut reader).ok()?;
    let digits = modulus.value().iter().skip_while(|&&byte| byte == 0);
    let leading = digits.clone().next()?.leading_zeros();
    digits.count().checked_mul(8)?.checked_sub(usize::try_from(leading).ok()?)
}

/// What is in a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
struct PublicKey<'a> {
    /// Contents of the AlgorithmIdentifier.
    algorithm: &'a [u8],
    /// The key itself.
    bits: &'a [u8],
}

impl<'a> PublicKey<'a> {
    /// Finds the key in a certificate (RFC 5280 section 4.1).
    fn parse(certificate: &'a [u8]) -> Option<Self> {
        let certificate = AnyRef::from_der(certificate).ok()?;
        let mut fields = SliceReader::new(sequence(certificate)?).ok()?;
        let mut fields = SliceReader::new(sequence(AnyRef::decode(&mut fields).ok()?)?).ok()?;
        let version = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
        if Header::peek(&fields).ok()?.tag() == version {
            AnyRef::decode(&mut fields).ok()?;
        }
        // Serial number, signature algorithm, issuer, validity, subject.
        for _ in 0..5 {
            AnyRef::decode(&mut fields).ok()?;
        }
        let mut info = SliceReader::new(sequence(AnyRef::decode(&mut fields).ok()?)?).ok()?;
        let algorithm = sequence(AnyRef::decode(&mut info).ok()?)?;
        let bits = BitStringRef::decode(&mut info).ok()?.as_bytes()?;
        Some(Self { algorithm, bits })
    }
}

impl<'a> PublicKey<'a> {
    /// For a key that is marked id-RSASSA-PSS its parameters, if it has some.
    fn marked_pss(&self) -> Option<Option<AnyRef<'a>>> {
        let mut fields = SliceReader::new(self.algorithm).ok()?;
        if ObjectIdentifier::decode(&mut fields).ok()? != RSASSA_PSS {
            return None;
        }
        if fields.is_finished() {
            return Some(None);
        }
        Some(Some(AnyRef::decode(&mut fields).ok()?).filter(|parameters| !parameters.is_null()))
    }
}

/// Whether a key with these parameters signs with this digest (RFC 4055 section 3.3); one without them signs with any. The salt that they name is the
/// shortest.
fn allows(parameters: Option<AnyRef<'_>>, digest: &Digest) -> bool {
    let Some(parameters) = parameters else { return true };
    let Ok(parameters) = parameters.decode_as::<RsaPssParamsOwned>() else { return false };
    let mask = parameters.mask_gen.parameters.as_ref().map(|mask| mask.oid);
    parameters.hash.oid == digest.oid
        && parameters.mask_gen.oid == MGF1
        && mask == Some(digest.oid)
        && parameters.salt_len <= digest.octets
}

fn sequence(value: AnyRef<'_>) -> Option<&[u8]> {
    (value.header().tag() == Tag::Sequence).then(|| value.value())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    fn certificate() -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let made = Command::new("openssl")
            .current_dir(folder.path())
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
            .args(["-keyout", "key.pem", "-subj", "/CN=a", "-outform", "DER", "-out", "a.der"])
            .output()
            .unwrap();
        assert!(made.status.success());
        std::fs::read(folder.path().join("a.der")).unwrap()
    }

    #[test]
    fn the_key_is_found_in_a_whole_certificate_only() {
        let certificate = certificate();
        let key = PublicKey::parse(&certificate).unwrap();
        assert_eq!(key.algorithm, alg_id::ECDSA_P256.as_ref());
        assert_eq!((key.bits.len(), key.bits.first()), (65, Some(&4)));
        for length in 0..certificate.len() {
            assert!(PublicKey::parse(&certificate[..length]).is_none(), "{length}");
        }
    }

    #[test]
    fn short_moduli_are_measured() {
        assert_eq!(modulus_bits(&[0x30, 7, 2, 2, 0, 0x80, 2, 1, 3]), Some(8));
        assert_eq!(modulus_bits(&[0x30, 6, 2, 1, 1, 2, 1, 3]), Some(1));
        assert_eq!(modulus_bits(&[0x30, 3, 2, 1, 0]), None);
        assert_eq!(modulus_bits(&[]), None);
    }

    proptest! {
        #[test]
        fn changed_certificates_do_no_harm(at in 0_usize..300, byte: u8, rest in prop::collection::vec(any::<u8>(), 0..40)) {
            static CERTIFICATE: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(certificate);
            let mut changed = CERTIFICATE.clone();
            changed[at % CERTIFICATE.len()] = byte;
            let supported = rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms;
            for certificate in [&changed, &rest] {
                for scheme in [SignatureScheme::ECDSA_NISTP256_SHA256, SignatureScheme::RSA_PSS_SHA256] {
                    let checked = verify(TlsRules::Tls13, &supported, certificate, scheme, b"message", &rest);
                    prop_assert!(checked.is_err());
                }
            }
            prop_assert!(modulus_bits(&rest).is_none_or(|bits| bits <= rest.len() * 8));
        }
    }
}
