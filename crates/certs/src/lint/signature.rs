//! Rules for the signature (RFC 5280 section 4.1.1, RFC 4055, RFC 5758, RFC 8410, BR section 7.1.3.2).

use super::Concerns::{EndEntity, Every, Intermediate};
use super::{Examined, Facts, Outcome, Role, Rule};
use crate::certificate::Irregularity;
use crate::key_strength::{Strength, Weakness, signature_strength};
use crate::oid;
use crate::tlv::{self, Elements, Tlv};

pub(super) const RULES: &[Rule] = &[
    Rule::error("signature-broken-digest", "RFC 6151 section 2", Every, |x| {
        weak_digest(x, |digest| matches!(digest, "MD2" | "MD4" | "MD5"))
    }),
    Rule::error("signature-sha1", "BR 7.1.3.2", Every, |x| weak_digest(x, |digest| digest == "SHA-1")),
    Rule::warning("signature-sha224", "NIST SP 800-131A revision 2 section 9", Every, |x| {
        weak_digest(x, |digest| digest == "SHA-224")
    }),
    Rule::notice("signature-unknown", "RFC 5280 section 4.1.1.2", Every, |x| {
        let algorithm = x.certificate.signature_algorithm();
        Outcome::finding_if(matches!(signature_strength(algorithm), Strength::Unknown { .. }), || {
            Facts::of("algorithm", algorithm.name())
        })
    }),
    Rule::error("signature-not-permitted", "BR 7.1.3.2", EndEntity, not_permitted).public(),
    Rule::error("authority-signature-not-permitted", "BR 7.1.3.2", Intermediate, not_permitted).public(),
    Rule::error("signature-algorithm-mismatch", "RFC 5280 section 4.1.1.2", Every, |x| {
        let mismatch = x.certificate.irregularities().iter().find_map(|irregularity| match irregularity {
            Irregularity::SignatureAlgorithmMismatch { inside, outside } => {
                Some(Facts::of("inside", inside.name_or_dotted()).with("outside", outside.name_or_dotted()))
            }
            _ => None,
        });
        mismatch.map_or(Outcome::Pass, Outcome::Finding)
    }),
    Rule::error("signature-unused-bits", "RFC 5280 section 4.1.1.3", Every, |x| {
        let unused = x.certificate.irregularities().contains(&Irregularity::UnusedSignatureBits);
        Outcome::finding_if(unused, Facts::none)
    }),
    Rule::error(
        "signature-parameters",
        "RFC 4055 section 5, RFC 5758 section 3.2, RFC 8410 section 3",
        Every,
        |x| {
            let algorithm = x.certificate.signature_algorithm();
            let wrong = match (wanted_parameters(x), parameters(&algorithm.der)) {
                (None, _) => return Outcome::NotApplicable,
                (Some(Parameters::Null), found) => found.is_none_or(|found| found.whole != NULL),
                (Some(Parameters::Absent), found) => found.is_some(),
            };
            Outcome::finding_if(wrong, || Facts::of("algorithm", algorithm.name()))
        },
    ),
];

/// The DER of NULL.
pub(super) const NULL: [u8; 2] = [5, 0];

enum Parameters {
    Null,
    Absent,
}

/// The parameters of an AlgorithmIdentifier.
pub(super) fn parameters(identifier: &[u8]) -> Option<Tlv<'_>> {
    let mut parts = Elements::single(identifier, tlv::SEQUENCE).ok()?.elements();
    parts.expect(tlv::OID).ok()?;
    parts.next().ok()
}

fn wanted_parameters(x: &Examined<'_>) -> Option<Parameters> {
    let algorithm = &x.certificate.signature_algorithm().oid;
    let rsa = [oid::SHA1_WITH_RSA, oid::SHA256_WITH_RSA, oid::SHA384_WITH_RSA, oid::SHA512_WITH_RSA];
    let bare = [
        oid::ECDSA_WITH_SHA1,
        oid::ECDSA_WITH_SHA256,
        oid::ECDSA_WITH_SHA384,
        oid::ECDSA_WITH_SHA512,
        oid::ED25519,
        oid::ED448,
        oid::ML_DSA_44,
        oid::ML_DSA_65,
        oid::ML_DSA_87,
    ];
    if rsa.iter().any(|other| algorithm == other) {
        Some(Parameters::Null)
    } else if bare.iter().any(|other| algorithm == other) {
        Some(Parameters::Absent)
    } else {
        None
    }
}

/// A root is trusted for what it is, not for its signature on itself.
fn weak_digest(x: &Examined<'_>, wanted: impl Fn(&str) -> bool) -> Outcome {
    if x.role == Role::Root {
        return Outcome::NotApplicable;
    }
    match signature_strength(x.certificate.signature_algorithm()) {
        Strength::Weak { why: Weakness::Digest { digest, .. } }
        | Strength::Legacy { why: Weakness::Digest { digest, .. } }
            if wanted(digest) =>
        {
            Outcome::Finding(Facts::of("digest", digest))
        }
        _ => Outcome::Pass,
    }
}

fn not_permitted(x: &Examined<'_>) -> Outcome {
    let permitted = [
        oid::SHA256_WITH_RSA,
        oid::SHA384_WITH_RSA,
        oid::SHA512_WITH_RSA,
        oid::RSASSA_PSS,
        oid::ECDSA_WITH_SHA256,
        oid::ECDSA_WITH_SHA384,
        oid::ECDSA_WITH_SHA512,
    ];
    let algorithm = x.certificate.signature_algorithm();
    // SHA-1 has a rule of its own.
    let weak = matches!(signature_strength(algorithm), Strength::Weak { .. });
    Outcome::finding_if(!weak && !permitted.iter().any(|other| algorithm.oid == *other), || {
        Facts::of("algorithm", algorithm.name())
    })
}
