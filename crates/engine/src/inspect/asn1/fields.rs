//! Names of fields: the structures of RFC 5280 (certificates, revocation lists), 2986 (requests), 5652 (CMS), 6960 (OCSP), 5958 (keys),
//! 7292 (PKCS#12) and of the extensions that are nested in them.
//!
//! Not a check: what does not fit has no name, and nothing is refused.

use certwright_certs::{Oid, oid};

/// What the parts of an element are.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// Nothing is known, or there are none.
    Leaf,
    /// A BIT STRING with names for its bits.
    Bits(&'static [&'static str]),
    /// SEQUENCE or SET with these fields in order, each of which may be missing.
    Fields(&'static [Field]),
    /// SEQUENCE OF or SET OF.
    Each(&'static str, &'static Shape),
    /// An explicit tag, or a string with an encoding in it.
    Around(&'static Shape),
    /// What it is, the first OID beside it says.
    ByOid(fn(&Oid) -> Option<&'static Shape>),
}

/// A field.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) at: At,
    pub(super) shape: &'static Shape,
    /// Whether the next part may be another of these.
    pub(super) repeated: bool,
}

/// By what a field is known.
#[derive(Clone, Copy)]
pub(super) enum At {
    Any,
    Context(u32),
    Universal(u32),
    Time,
}

const fn any(name: &'static str, shape: &'static Shape) -> Field {
    Field { name, at: At::Any, shape, repeated: false }
}

const fn leaf(name: &'static str) -> Field {
    any(name, &Shape::Leaf)
}

const fn tagged(number: u32, name: &'static str, shape: &'static Shape) -> Field {
    Field { name, at: At::Context(number), shape, repeated: false }
}

const fn typed(number: u32, name: &'static str, shape: &'static Shape) -> Field {
    Field { name, at: At::Universal(number), shape, repeated: false }
}

const fn time(name: &'static str) -> Field {
    Field { name, at: At::Time, shape: &Shape::Leaf, repeated: false }
}

const LEAF: &Shape = &Shape::Leaf;
const INTEGER: u32 = 2;
const OCTET_STRING: u32 = 4;
const SEQUENCE: u32 = 16;
const SET: u32 = 17;

static ALGORITHM: Shape = Shape::Fields(&[leaf("algorithm"), leaf("parameters")]);
static ATTRIBUTE_VALUE: Shape = Shape::Fields(&[leaf("type"), leaf("value")]);
static RDN: Shape = Shape::Each("AttributeTypeAndValue", &ATTRIBUTE_VALUE);
static NAME: Shape = Shape::Each("RelativeDistinguishedName", &RDN);
static VALIDITY: Shape = Shape::Fields(&[leaf("notBefore"), leaf("notAfter")]);
pub(super) static PUBLIC_KEY: Shape =
    Shape::Fields(&[any("algorithm", &ALGORITHM), any("subjectPublicKey", &Shape::ByOid(public_key))]);
static RSA_PUBLIC_KEY: Shape = Shape::Around(&Shape::Fields(&[leaf("modulus"), leaf("publicExponent")]));
static OTHER_PUBLIC_KEY: Shape = Shape::Around(LEAF);
static EXTENSION: Shape =
    Shape::Fields(&[leaf("extnID"), typed(1, "critical", LEAF), any("extnValue", &Shape::ByOid(extension))]);
static EXTENSIONS: Shape = Shape::Each("Extension", &EXTENSION);
static EXPLICIT_EXTENSIONS: Shape = Shape::Around(&EXTENSIONS);
static ECDSA_SIGNATURE: Shape = Shape::Around(&Shape::Fields(&[leaf("r"), leaf("s")]));

pub(super) static CERTIFICATE: Shape = Shape::Fields(&[
    any(
        "tbsCertificate",
        &Shape::Fields(&[
            tagged(0, "version", LEAF),
            typed(INTEGER, "serialNumber", LEAF),
            any("signature", &ALGORITHM),
            any("issuer", &NAME),
            any("validity", &VALIDITY),
            any("subject", &NAME),
            any("subjectPublicKeyInfo", &PUBLIC_KEY),
            tagged(1, "issuerUniqueID", LEAF),
            tagged(2, "subjectUniqueID", LEAF),
            tagged(3, "extensions", &EXPLICIT_EXTENSIONS),
        ]),
    ),
    any("signatureAlgorithm", &ALGORITHM),
    any("signatureValue", &ECDSA_SIGNATURE),
]);

pub(super) static PKI_PATH: Shape = Shape::Each("Certificate", &CERTIFICATE);

static REQUEST_ATTRIBUTE: Shape = Shape::Fields(&[leaf("type"), any("values", &Shape::ByOid(attribute))]);

pub(super) static REQUEST: Shape = Shape::Fields(&[
    any(
        "certificationRequestInfo",
        &Shape::Fields(&[
            leaf("version"),
            any("subject", &NAME),
            any("subjectPKInfo", &PUBLIC_KEY),
            tagged(0, "attributes", &Shape::Each("Attribute", &REQUEST_ATTRIBUTE)),
        ]),
    ),
    any("signatureAlgorithm", &ALGORITHM),
    any("signature", &ECDSA_SIGNATURE),
]);

static REVOKED: Shape = Shape::Fields(&[
    leaf("userCertificate"),
    time("revocationDate"),
    typed(SEQUENCE, "crlEntryExtensions", &EXTENSIONS),
]);

pub(super) static CRL: Shape = Shape::Fields(&[
    any(
        "tbsCertList",
        &Shape::Fields(&[
            typed(INTEGER, "version", LEAF),
            any("signature", &ALGORITHM),
            any("issuer", &NAME),
            time("thisUpdate"),
            time("nextUpdate"),
            typed(SEQUENCE, "revokedCertificates", &Shape::Each("revokedCertificate", &REVOKED)),
            tagged(0, "crlExtensions", &EXPLICIT_EXTENSIONS),
        ]),
    ),
    any("signatureAlgorithm", &ALGORITHM),
    any("signatureValue", &ECDSA_SIGNATURE),
]);

static CERT_ID: Shape = Shape::Fields(&[
    any("hashAlgorithm", &ALGORITHM),
    leaf("issuerNameHash"),
    leaf("issuerKeyHash"),
    leaf("serialNumber"),
]);
static SINGLE_RESPONSE: Shape = Shape::Fields(&[
    any("certID", &CERT_ID),
    tagged(0, "certStatus: good", LEAF),
    tagged(
        1,
        "certStatus: revoked",
        &Shape::Fields(&[leaf("revocationTime"), tagged(0, "revocationReason", LEAF)]),
    ),
    tagged(2, "certStatus: unknown", LEAF),
    time("thisUpdate"),
    tagged(0, "nextUpdate", LEAF),
    tagged(1, "singleExtensions", &EXPLICIT_EXTENSIONS),
]);
static CERTIFICATES: Shape = Shape::Around(&PKI_PATH);
static BASIC_RESPONSE: Shape = Shape::Fields(&[
    any(
        "tbsResponseData",
        &Shape::Fields(&[
            tagged(0, "version", LEAF),
            tagged(1, "responderID: byName", &Shape::Around(&NAME)),
            tagged(2, "responderID: byKey", LEAF),
            time("producedAt"),
            any("responses", &Shape::Each("SingleResponse", &SINGLE_RESPONSE)),
            tagged(1, "responseExtensions", &EXPLICIT_EXTENSIONS),
        ]),
    ),
    any("signatureAlgorithm", &ALGORITHM),
    any("signature", &ECDSA_SIGNATURE),
    tagged(0, "certs", &CERTIFICATES),
]);
pub(super) static OCSP_RESPONSE: Shape = Shape::Fields(&[
    leaf("responseStatus"),
    tagged(
        0,
        "responseBytes",
        &Shape::Around(&Shape::Fields(&[
            leaf("responseType"),
            any("response", &Shape::Around(&BASIC_RESPONSE)),
        ])),
    ),
]);
static OCSP_REQUEST_ENTRY: Shape =
    Shape::Fields(&[any("reqCert", &CERT_ID), tagged(0, "singleRequestExtensions", &EXPLICIT_EXTENSIONS)]);
pub(super) static OCSP_REQUEST: Shape = Shape::Fields(&[
    any(
        "tbsRequest",
        &Shape::Fields(&[
            tagged(0, "version", LEAF),
            tagged(1, "requestorName", LEAF),
            any("requestList", &Shape::Each("Request", &OCSP_REQUEST_ENTRY)),
            tagged(2, "requestExtensions", &EXPLICIT_EXTENSIONS),
        ]),
    ),
    tagged(0, "optionalSignature", LEAF),
]);

static ISSUER_AND_SERIAL: Shape = Shape::Fields(&[any("issuer", &NAME), leaf("serialNumber")]);
static CMS_ATTRIBUTES: Shape = Shape::Each("Attribute", &REQUEST_ATTRIBUTE);
static SIGNER_INFO: Shape = Shape::Fields(&[
    leaf("version"),
    typed(SEQUENCE, "issuerAndSerialNumber", &ISSUER_AND_SERIAL),
    tagged(0, "subjectKeyIdentifier", LEAF),
    typed(SEQUENCE, "digestAlgorithm", &ALGORITHM),
    tagged(0, "signedAttrs", &CMS_ATTRIBUTES),
    typed(SEQUENCE, "signatureAlgorithm", &ALGORITHM),
    typed(OCTET_STRING, "signature", LEAF),
    tagged(1, "unsignedAttrs", &CMS_ATTRIBUTES),
]);
static ENCAPSULATED: Shape = Shape::Fields(&[leaf("eContentType"), tagged(0, "eContent", LEAF)]);
static SIGNED_DATA: Shape = Shape::Around(&Shape::Fields(&[
    leaf("version"),
    any("digestAlgorithms", &Shape::Each("DigestAlgorithmIdentifier", &ALGORITHM)),
    any("encapContentInfo", &ENCAPSULATED),
    tagged(0, "certificates", &PKI_PATH),
    tagged(1, "crls", &Shape::Each("CertificateList", &CRL)),
    typed(SET, "signerInfos", &Shape::Each("SignerInfo", &SIGNER_INFO)),
]));
static ENCRYPTED_DATA: Shape = Shape::Around(&Shape::Fields(&[
    leaf("version"),
    any(
        "encryptedContentInfo",
        &Shape::Fields(&[
            leaf("contentType"),
            any("contentEncryptionAlgorithm", &ALGORITHM),
            tagged(0, "encryptedContent", LEAF),
        ]),
    ),
]));
pub(super) static CONTENT_INFO: Shape =
    Shape::Fields(&[leaf("contentType"), tagged(0, "content", &Shape::ByOid(content))]);

static SAFE_BAG: Shape = Shape::Fields(&[
    leaf("bagId"),
    tagged(0, "bagValue", LEAF),
    typed(SET, "bagAttributes", &CMS_ATTRIBUTES),
]);
static SAFE_CONTENTS: Shape = Shape::Each("SafeBag", &SAFE_BAG);
/// What PKCS#12 wraps twice: the safe is data in data.
static AUTHENTICATED_SAFE: Shape = Shape::Each(
    "ContentInfo",
    &Shape::Fields(&[leaf("contentType"), tagged(0, "content", &Shape::ByOid(safe_content))]),
);
static AUTHENTICATED_DATA: Shape = Shape::Around(&Shape::Around(&AUTHENTICATED_SAFE));
static SAFE_DATA: Shape = Shape::Around(&Shape::Around(&SAFE_CONTENTS));
pub(super) static PFX: Shape = Shape::Fields(&[
    leaf("version"),
    any("authSafe", &Shape::Fields(&[leaf("contentType"), tagged(0, "content", &AUTHENTICATED_DATA)])),
    any(
        "macData",
        &Shape::Fields(&[
            any("mac", &Shape::Fields(&[any("digestAlgorithm", &ALGORITHM), leaf("digest")])),
            leaf("macSalt"),
            leaf("iterations"),
        ]),
    ),
]);
pub(super) static ENCRYPTED_PRIVATE_KEY: Shape =
    Shape::Fields(&[any("encryptionAlgorithm", &ALGORITHM), leaf("encryptedData")]);

// Values of extensions, inside their OCTET STRING.

static GENERAL_NAME: &[Field] = &[
    repeated(0, "otherName", &Shape::Fields(&[leaf("type-id"), tagged(0, "value", LEAF)])),
    repeated(1, "rfc822Name", LEAF),
    repeated(2, "dNSName", LEAF),
    repeated(3, "x400Address", LEAF),
    repeated(4, "directoryName", &Shape::Around(&NAME)),
    repeated(5, "ediPartyName", LEAF),
    repeated(6, "uniformResourceIdentifier", LEAF),
    repeated(7, "iPAddress", LEAF),
    repeated(8, "registeredID", LEAF),
];
static GENERAL_NAMES: Shape = Shape::Fields(GENERAL_NAME);
static GENERAL_NAMES_VALUE: Shape = Shape::Around(&GENERAL_NAMES);

const fn repeated(number: u32, name: &'static str, shape: &'static Shape) -> Field {
    Field { name, at: At::Context(number), shape, repeated: true }
}

static KEY_USAGE: Shape = Shape::Around(&Shape::Bits(&[
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
]));
static BASIC_CONSTRAINTS: Shape =
    Shape::Around(&Shape::Fields(&[typed(1, "cA", LEAF), typed(INTEGER, "pathLenConstraint", LEAF)]));
static EXTENDED_KEY_USAGE: Shape = Shape::Around(&Shape::Each("KeyPurposeId", LEAF));
static SUBJECT_KEY_IDENTIFIER: Shape = Shape::Around(LEAF);
static AUTHORITY_KEY_IDENTIFIER: Shape = Shape::Around(&Shape::Fields(&[
    tagged(0, "keyIdentifier", LEAF),
    tagged(1, "authorityCertIssuer", &GENERAL_NAMES),
    tagged(2, "authorityCertSerialNumber", LEAF),
]));
static ACCESS_DESCRIPTION: Shape = Shape::Fields(&[leaf("accessMethod"), leaf("accessLocation")]);
static INFORMATION_ACCESS: Shape = Shape::Around(&Shape::Each("AccessDescription", &ACCESS_DESCRIPTION));
static DISTRIBUTION_POINT_NAME: Shape =
    Shape::Fields(&[tagged(0, "fullName", &GENERAL_NAMES), tagged(1, "nameRelativeToCRLIssuer", &RDN)]);
static REASONS: Shape = Shape::Bits(&[
    "unused",
    "keyCompromise",
    "cACompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "certificateHold",
    "privilegeWithdrawn",
    "aACompromise",
]);
static DISTRIBUTION_POINT: Shape = Shape::Fields(&[
    tagged(0, "distributionPoint", &DISTRIBUTION_POINT_NAME),
    tagged(1, "reasons", &REASONS),
    tagged(2, "cRLIssuer", &GENERAL_NAMES),
]);
static DISTRIBUTION_POINTS: Shape = Shape::Around(&Shape::Each("DistributionPoint", &DISTRIBUTION_POINT));
static ISSUING_DISTRIBUTION_POINT: Shape = Shape::Around(&Shape::Fields(&[
    tagged(0, "distributionPoint", &DISTRIBUTION_POINT_NAME),
    tagged(1, "onlyContainsUserCerts", LEAF),
    tagged(2, "onlyContainsCACerts", LEAF),
    tagged(3, "onlySomeReasons", &REASONS),
    tagged(4, "indirectCRL", LEAF),
    tagged(5, "onlyContainsAttributeCerts", LEAF),
]));
static POLICY_QUALIFIER: Shape = Shape::Fields(&[leaf("policyQualifierId"), leaf("qualifier")]);
static POLICY: Shape = Shape::Fields(&[
    leaf("policyIdentifier"),
    any("policyQualifiers", &Shape::Each("PolicyQualifierInfo", &POLICY_QUALIFIER)),
]);
static POLICIES: Shape = Shape::Around(&Shape::Each("PolicyInformation", &POLICY));
static SUBTREE: Shape = Shape::Fields(&[
    tagged(0, "base: otherName", LEAF),
    tagged(1, "base: rfc822Name", LEAF),
    tagged(2, "base: dNSName", LEAF),
    tagged(4, "base: directoryName", &Shape::Around(&NAME)),
    tagged(6, "base: uniformResourceIdentifier", LEAF),
    tagged(7, "base: iPAddress", LEAF),
    tagged(0, "minimum", LEAF),
    tagged(1, "maximum", LEAF),
]);
static SUBTREES: Shape = Shape::Each("GeneralSubtree", &SUBTREE);
static NAME_CONSTRAINTS: Shape = Shape::Around(&Shape::Fields(&[
    tagged(0, "permittedSubtrees", &SUBTREES),
    tagged(1, "excludedSubtrees", &SUBTREES),
]));
static POLICY_CONSTRAINTS: Shape = Shape::Around(&Shape::Fields(&[
    tagged(0, "requireExplicitPolicy", LEAF),
    tagged(1, "inhibitPolicyMapping", LEAF),
]));
static POLICY_MAPPINGS: Shape = Shape::Around(&Shape::Each(
    "mapping",
    &Shape::Fields(&[leaf("issuerDomainPolicy"), leaf("subjectDomainPolicy")]),
));

fn extension(extension: &Oid) -> Option<&'static Shape> {
    let shapes = [
        (oid::KEY_USAGE, &KEY_USAGE),
        (oid::BASIC_CONSTRAINTS, &BASIC_CONSTRAINTS),
        (oid::EXTENDED_KEY_USAGE, &EXTENDED_KEY_USAGE),
        (oid::SUBJECT_KEY_IDENTIFIER, &SUBJECT_KEY_IDENTIFIER),
        (oid::AUTHORITY_KEY_IDENTIFIER, &AUTHORITY_KEY_IDENTIFIER),
        (oid::SUBJECT_ALTERNATIVE_NAME, &GENERAL_NAMES_VALUE),
        (oid::ISSUER_ALTERNATIVE_NAME, &GENERAL_NAMES_VALUE),
        (oid::CERTIFICATE_ISSUER, &GENERAL_NAMES_VALUE),
        (oid::AUTHORITY_INFORMATION_ACCESS, &INFORMATION_ACCESS),
        (oid::CRL_DISTRIBUTION_POINTS, &DISTRIBUTION_POINTS),
        (oid::ISSUING_DISTRIBUTION_POINT, &ISSUING_DISTRIBUTION_POINT),
        (oid::CERTIFICATE_POLICIES, &POLICIES),
        (oid::NAME_CONSTRAINTS, &NAME_CONSTRAINTS),
        (oid::POLICY_CONSTRAINTS, &POLICY_CONSTRAINTS),
        (oid::POLICY_MAPPINGS, &POLICY_MAPPINGS),
    ];
    shapes.into_iter().find(|(known, _)| extension == known).map(|(_, shape)| shape)
}

fn public_key(algorithm: &Oid) -> Option<&'static Shape> {
    if *algorithm == oid::RSA_ENCRYPTION { Some(&RSA_PUBLIC_KEY) } else { Some(&OTHER_PUBLIC_KEY) }
}

/// Values of an attribute of a request or message.
fn attribute(attribute: &Oid) -> Option<&'static Shape> {
    static VALUES: Shape = Shape::Each("value", LEAF);
    static EXTENSION_VALUES: Shape = Shape::Each("value", &EXTENSIONS);
    Some(if *attribute == oid::EXTENSION_REQUEST { &EXTENSION_VALUES } else { &VALUES })
}

fn content(content: &Oid) -> Option<&'static Shape> {
    match content.to_string().as_str() {
        "1.2.840.113549.1.7.2" => Some(&SIGNED_DATA),
        "1.2.840.113549.1.7.6" => Some(&ENCRYPTED_DATA),
        _ => None,
    }
}

fn safe_content(content: &Oid) -> Option<&'static Shape> {
    match content.to_string().as_str() {
        "1.2.840.113549.1.7.1" => Some(&SAFE_DATA),
        "1.2.840.113549.1.7.6" => Some(&ENCRYPTED_DATA),
        _ => None,
    }
}
