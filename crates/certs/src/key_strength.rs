//! How strong keys and signatures are, as facts for whoever shows or judges them (NIST SP 800-57 part 1, SP 800-131A, BSI TR-02102-1).
//!
//! Weak is what is broken or within reach of those with means: RSA below 2048 bits, DSA, curves below 224 bits, MD5 and SHA-1. Legacy is
//! what is to be replaced: curves and digests of 224 bits, RSA with the exponent 3.

use certwright_keys::{KeyAlgorithm, PublicKey};
use const_oid::ObjectIdentifier;

use crate::certificate::SignatureAlgorithm;
use crate::fault::Fault;
use crate::oid::{self, Oid};
use crate::tlv::{self, Elements, context_constructed};

/// Shortest RSA modulus that is not weak, in bits.
pub const MIN_RSA_BITS: u32 = 2048;

/// How strong something is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Fit for use.
    Strong,
    /// To be replaced.
    Legacy {
        /// What it is.
        why: Weakness,
    },
    /// Not to be relied upon.
    Weak {
        /// What it is.
        why: Weakness,
    },
    /// An algorithm that is not known here.
    Unknown {
        /// Dotted object identifier.
        oid: String,
    },
}

/// What makes something weak.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// A short RSA modulus.
    #[error("RSA of {bits} bits, less than {limit}")]
    RsaBits {
        /// Length of the modulus.
        bits: u32,
        /// Length that it should have.
        limit: u32,
    },
    /// A small public exponent, which turns mistakes of implementations into forgeries.
    #[error("RSA with the exponent {exponent}")]
    RsaExponent {
        /// The exponent.
        exponent: u32,
    },
    /// DSA, which FIPS 186-5 no longer approves.
    #[error("DSA of {bits} bits")]
    Dsa {
        /// Length of the modulus.
        bits: u32,
    },
    /// A small curve.
    #[error("curve {oid} of {bits} bits")]
    Curve {
        /// Dotted object identifier of the curve.
        oid: String,
        /// Length of its order.
        bits: u32,
    },
    /// A signature whose digest is broken or short.
    #[error("digest {digest} in {oid}")]
    Digest {
        /// Dotted object identifier of the signature algorithm.
        oid: String,
        /// Its name, for example `SHA-1`.
        digest: &'static str,
    },
}

/// How strong a key is.
pub fn strength(key: &PublicKey) -> Strength {
    match key.algorithm() {
        KeyAlgorithm::Rsa { bits } if bits < MIN_RSA_BITS => {
            Strength::Weak { why: Weakness::RsaBits { bits, limit: MIN_RSA_BITS } }
        }
        KeyAlgorithm::Rsa { .. } => match rsa_exponent(key.key_bits()) {
            Ok(exponent) if exponent < 65_537 => Strength::Legacy { why: Weakness::RsaExponent { exponent } },
            _ => Strength::Strong,
        },
        KeyAlgorithm::Dsa { bits } => Strength::Weak { why: Weakness::Dsa { bits } },
        KeyAlgorithm::EcP256
        | KeyAlgorithm::EcP384
        | KeyAlgorithm::EcP521
        | KeyAlgorithm::Ed25519
        | KeyAlgorithm::MlDsa44
        | KeyAlgorithm::MlDsa65
        | KeyAlgorithm::MlDsa87 => Strength::Strong,
        KeyAlgorithm::Other { oid } => other_strength(oid),
    }
}

/// How strong a signature is by its algorithm; the key that made it is another matter.
pub fn signature_strength(algorithm: &SignatureAlgorithm) -> Strength {
    let oid = &algorithm.oid;
    let is_one_of = |oids: &[ObjectIdentifier]| oids.iter().any(|other| oid == other);
    let digest = if *oid == oid::RSASSA_PSS {
        pss_digest(&algorithm.der).unwrap_or(None)
    } else {
        WEAK_SIGNATURES.iter().find(|(_, oids)| is_one_of(oids)).map(|(digest, _)| *digest)
    };
    match digest {
        Some(digest @ "SHA-224") => {
            Strength::Legacy { why: Weakness::Digest { oid: oid.to_string(), digest } }
        }
        Some(digest) => Strength::Weak { why: Weakness::Digest { oid: oid.to_string(), digest } },
        None if *oid == oid::RSASSA_PSS || is_one_of(&STRONG_SIGNATURES) => Strength::Strong,
        None => Strength::Unknown { oid: oid.to_string() },
    }
}

const WEAK_SIGNATURES: [(&str, &[ObjectIdentifier]); 5] = [
    ("MD2", &[oid::MD2_WITH_RSA]),
    ("MD4", &[oid::MD4_WITH_RSA]),
    ("MD5", &[oid::MD5_WITH_RSA, oid::MD5_WITH_RSA_OIW]),
    ("SHA-1", &[oid::SHA1_WITH_RSA, oid::SHA1_WITH_RSA_OIW, oid::ECDSA_WITH_SHA1, oid::DSA_WITH_SHA1]),
    ("SHA-224", &[oid::SHA224_WITH_RSA, oid::ECDSA_WITH_SHA224, oid::DSA_WITH_SHA224]),
];

const STRONG_SIGNATURES: [ObjectIdentifier; 33] = [
    oid::SHA256_WITH_RSA,
    oid::SHA384_WITH_RSA,
    oid::SHA512_WITH_RSA,
    oid::SHA3_256_WITH_RSA,
    oid::SHA3_384_WITH_RSA,
    oid::SHA3_512_WITH_RSA,
    oid::ECDSA_WITH_SHA256,
    oid::ECDSA_WITH_SHA384,
    oid::ECDSA_WITH_SHA512,
    oid::ECDSA_WITH_SHA3_256,
    oid::ECDSA_WITH_SHA3_384,
    oid::ECDSA_WITH_SHA3_512,
    oid::DSA_WITH_SHA256,
    oid::ED25519,
    oid::ED448,
    oid::ML_DSA_44,
    oid::ML_DSA_65,
    oid::ML_DSA_87,
    oid::SLH_DSA_SHA2_128S,
    oid::SLH_DSA_SHA2_128F,
    oid::SLH_DSA_SHA2_192S,
    oid::SLH_DSA_SHA2_192F,
    oid::SLH_DSA_SHA2_256S,
    oid::SLH_DSA_SHA2_256F,
    oid::SLH_DSA_SHAKE_128S,
    oid::SLH_DSA_SHAKE_128F,
    oid::SLH_DSA_SHAKE_192S,
    oid::SLH_DSA_SHAKE_192F,
    oid::SLH_DSA_SHAKE_256S,
    oid::SLH_DSA_SHAKE_256F,
    oid::SM2_WITH_SM3,
    oid::GOST_2012_256_WITH_STREEBOG,
    oid::GOST_2012_512_WITH_STREEBOG,
];

/// Curves with the length of their order in bits. Those of 256 and more are strong.
const CURVES: [(ObjectIdentifier, u32); 38] = [
    (oid::SECP160K1, 161),
    (oid::SECP160R1, 161),
    (oid::SECP160R2, 161),
    (oid::SECT163K1, 163),
    (oid::SECT163R1, 162),
    (oid::SECT163R2, 163),
    (oid::BRAINPOOL_P160R1, 160),
    (oid::BRAINPOOL_P160T1, 160),
    (oid::SECP192R1, 192),
    (oid::SECP192K1, 192),
    (oid::SECT193R1, 193),
    (oid::SECT193R2, 193),
    (oid::BRAINPOOL_P192R1, 192),
    (oid::BRAINPOOL_P192T1, 192),
    (oid::SECP224R1, 224),
    (oid::SECP224K1, 225),
    (oid::BRAINPOOL_P224R1, 224),
    (oid::BRAINPOOL_P224T1, 224),
    (oid::SECT233K1, 232),
    (oid::SECT233R1, 233),
    (oid::SECT239K1, 238),
    (oid::SECP256K1, 256),
    (oid::SM2, 256),
    (oid::BRAINPOOL_P256R1, 256),
    (oid::BRAINPOOL_P256T1, 256),
    (oid::SECT283K1, 281),
    (oid::SECT283R1, 282),
    (oid::BRAINPOOL_P320R1, 320),
    (oid::BRAINPOOL_P320T1, 320),
    (oid::BRAINPOOL_P384R1, 384),
    (oid::BRAINPOOL_P384T1, 384),
    (oid::SECT409K1, 407),
    (oid::SECT409R1, 409),
    (oid::BRAINPOOL_P512R1, 512),
    (oid::BRAINPOOL_P512T1, 512),
    (oid::SECT571K1, 570),
    (oid::SECT571R1, 570),
    (oid::ED448, 446),
];

fn other_strength(dotted: String) -> Strength {
    let oid = Oid::parse_dotted(&dotted);
    let is = |other: ObjectIdentifier| oid.as_ref().is_some_and(|oid| *oid == other);
    match CURVES.iter().find(|(curve, _)| is(*curve)) {
        Some((_, bits)) if *bits < 224 => {
            Strength::Weak { why: Weakness::Curve { oid: dotted, bits: *bits } }
        }
        Some((_, bits)) if *bits < 256 => {
            Strength::Legacy { why: Weakness::Curve { oid: dotted, bits: *bits } }
        }
        Some(_) => Strength::Strong,
        None if is(oid::X25519) || is(oid::X448) => Strength::Strong,
        None => Strength::Unknown { oid: dotted },
    }
}

/// The exponent of `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }`.
fn rsa_exponent(key_bits: &[u8]) -> Result<u32, Fault> {
    let mut numbers = Elements::single(key_bits, tlv::SEQUENCE)?.elements();
    numbers.expect(tlv::INTEGER)?;
    numbers.expect(tlv::INTEGER)?.small_integer()
}

/// The digest of RSASSA-PSS parameters (RFC 4055 section 3.1) if it is a weak one; SHA-1 is the default.
fn pss_digest(algorithm: &[u8]) -> Result<Option<&'static str>, Fault> {
    const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
    const SHA224: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.4");
    let mut parts = Elements::single(algorithm, tlv::SEQUENCE)?.elements();
    parts.expect(tlv::OID)?;
    let mut parameters = parts.expect(tlv::SEQUENCE)?.elements();
    let Some(digest) = parameters.optional(context_constructed(0))? else { return Ok(Some("SHA-1")) };
    let identifier = digest.elements().expect(tlv::SEQUENCE)?.elements().expect(tlv::OID)?;
    Ok(Oid::from_der_content(identifier.content).and_then(|oid| {
        if oid == SHA1 {
            Some("SHA-1")
        } else if oid == SHA224 {
            Some("SHA-224")
        } else {
            None
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(dotted: &str, parameters: &[u8]) -> Strength {
        let oid = Oid::parse_dotted(dotted).unwrap();
        let der = tlv::to_element(tlv::SEQUENCE, &[&oid.to_der(), parameters].concat());
        signature_strength(&SignatureAlgorithm { oid, der })
    }

    #[test]
    fn signatures() {
        let weak =
            |dotted: &str, digest| Strength::Weak { why: Weakness::Digest { oid: dotted.into(), digest } };
        for (dotted, digest) in [
            ("1.2.840.113549.1.1.5", "SHA-1"),
            ("1.3.14.3.2.29", "SHA-1"),
            ("1.2.840.10045.4.1", "SHA-1"),
            ("1.2.840.113549.1.1.4", "MD5"),
        ] {
            assert_eq!(signature(dotted, &[5, 0]), weak(dotted, digest));
        }
        assert!(matches!(signature("1.2.840.10045.4.3.1", &[]), Strength::Legacy { .. }));
        for strong in
            ["1.2.840.113549.1.1.11", "1.2.840.10045.4.3.4", "1.3.101.112", "2.16.840.1.101.3.4.3.18"]
        {
            assert_eq!(signature(strong, &[]), Strength::Strong, "{strong}");
        }
        assert_eq!(
            signature("1.2.840.113549.1.1.1", &[5, 0]),
            Strength::Unknown { oid: "1.2.840.113549.1.1.1".into() }
        );
        assert_eq!(signature("1.2.3.4", &[]), Strength::Unknown { oid: "1.2.3.4".into() });
        // PSS says its digest in the parameters.
        let pss = "1.2.840.113549.1.1.10";
        assert_eq!(signature(pss, &[0x30, 0]), weak(pss, "SHA-1"));
        let sha256 = b"\x30\x0f\xa0\x0d\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01";
        assert_eq!(signature(pss, sha256), Strength::Strong);
        let sha1 = b"\x30\x0b\xa0\x09\x30\x07\x06\x05\x2b\x0e\x03\x02\x1a";
        assert_eq!(signature(pss, sha1), weak(pss, "SHA-1"));
    }

    #[test]
    fn other_keys() {
        assert!(matches!(other_strength("1.2.840.10045.3.1.1".into()), Strength::Weak { .. }));
        assert!(matches!(other_strength("1.3.132.0.33".into()), Strength::Legacy { .. }));
        assert_eq!(other_strength("1.3.132.0.10".into()), Strength::Strong);
        assert_eq!(other_strength("1.3.101.113".into()), Strength::Strong);
        assert_eq!(other_strength("1.3.101.110".into()), Strength::Strong);
        assert_eq!(other_strength("1.2.3".into()), Strength::Unknown { oid: "1.2.3".into() });
    }
}
