//! OpenSSL's names of identifiers, where they differ from those of the standards, and its form of distinguished names.

use core::net::{IpAddr, Ipv4Addr};

use certwright_certs::extensions::{ConstraintBase, ReasonCode};
use certwright_certs::name::attribute_short_name;
use certwright_certs::{GeneralName, Name, Oid, oid};

/// `C = US, O = Example + OU = A, CN = a.example`.
pub(super) fn one_line(name: &Name) -> String {
    let rdns = name.rdns().map(|rdn| {
        let parts = rdn.iter().map(|one| {
            let kind = attribute_short_name(&one.oid).map_or_else(|| dotted_or_name(&one.oid), attribute);
            format!("{kind} = {}", quoted(&one.text().unwrap_or_else(|| "#".to_owned() + &hex(&one.value))))
        });
        parts.collect::<Vec<_>>().join(" + ")
    });
    rdns.collect::<Vec<_>>().join(", ")
}

/// OpenSSL writes `emailAddress` in full, and puts what RFC 2253 would escape in quotes.
fn attribute(short: &str) -> String {
    match short {
        "E" | "EMAIL" => "emailAddress".into(),
        "SERIALNUMBER" => "serialNumber".into(),
        other => other.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .flat_map(|c| match c {
            '"' | '\\' => vec!['\\', c],
            c if c.is_control() => format!("\\{:02X}", u32::from(c)).chars().collect(),
            // What is not ASCII comes as the octets of its UTF-8.
            c if !c.is_ascii() => {
                c.to_string().bytes().flat_map(|o| format!("\\{o:02X}").chars().collect::<Vec<_>>()).collect()
            }
            c => vec![c],
        })
        .collect();
    let special =
        text.contains([',', '+', '<', '>', ';']) || text.starts_with(['#', ' ']) || text.ends_with(' ');
    if special { format!("\"{escaped}\"") } else { escaped }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02X}")).collect()
}

fn dotted_or_name(oid: &Oid) -> String {
    oid.name_or_dotted()
}

/// The name of a key's algorithm.
pub(super) fn algorithm(algorithm: &Oid) -> String {
    if *algorithm == oid::EC_PUBLIC_KEY {
        return "id-ecPublicKey".into();
    }
    match algorithm.to_string().as_str() {
        "1.3.101.110" => "X25519".into(),
        "1.3.101.111" => "X448".into(),
        "1.3.101.112" => "ED25519".into(),
        "1.3.101.113" => "ED448".into(),
        "1.2.840.113549.1.1.10" => "rsassaPss".into(),
        _ => dotted_or_name(algorithm),
    }
}

/// A curve's name in OpenSSL, its name at NIST, its size in bits.
pub(super) fn curve(curve: &Oid) -> (String, Option<&'static str>, u32) {
    match curve.to_string().as_str() {
        "1.2.840.10045.3.1.7" => ("prime256v1".into(), Some("P-256"), 256),
        "1.3.132.0.34" => ("secp384r1".into(), Some("P-384"), 384),
        "1.3.132.0.35" => ("secp521r1".into(), Some("P-521"), 521),
        "1.2.840.10045.3.1.1" => ("prime192v1".into(), Some("P-192"), 192),
        "1.3.132.0.33" => ("secp224r1".into(), Some("P-224"), 224),
        "1.3.132.0.10" => ("secp256k1".into(), None, 256),
        "1.3.36.3.3.2.8.1.1.7" => ("brainpoolP256r1".into(), None, 256),
        "1.3.36.3.3.2.8.1.1.11" => ("brainpoolP384r1".into(), None, 384),
        "1.3.36.3.3.2.8.1.1.13" => ("brainpoolP512r1".into(), None, 512),
        _ => (dotted_or_name(curve), None, 0),
    }
}

/// OpenSSL's title of an extension.
pub(super) fn extension(extension: &Oid) -> String {
    let known = [
        (oid::SUBJECT_KEY_IDENTIFIER, "X509v3 Subject Key Identifier"),
        (oid::KEY_USAGE, "X509v3 Key Usage"),
        (oid::SUBJECT_ALTERNATIVE_NAME, "X509v3 Subject Alternative Name"),
        (oid::ISSUER_ALTERNATIVE_NAME, "X509v3 Issuer Alternative Name"),
        (oid::BASIC_CONSTRAINTS, "X509v3 Basic Constraints"),
        (oid::NAME_CONSTRAINTS, "X509v3 Name Constraints"),
        (oid::CRL_DISTRIBUTION_POINTS, "X509v3 CRL Distribution Points"),
        (oid::CERTIFICATE_POLICIES, "X509v3 Certificate Policies"),
        (oid::POLICY_MAPPINGS, "X509v3 Policy Mappings"),
        (oid::AUTHORITY_KEY_IDENTIFIER, "X509v3 Authority Key Identifier"),
        (oid::POLICY_CONSTRAINTS, "X509v3 Policy Constraints"),
        (oid::EXTENDED_KEY_USAGE, "X509v3 Extended Key Usage"),
        (oid::INHIBIT_ANY_POLICY, "X509v3 Inhibit Any Policy"),
        (oid::CRL_NUMBER, "X509v3 CRL Number"),
        (oid::REASON_CODE, "X509v3 CRL Reason Code"),
        (oid::INVALIDITY_DATE, "Invalidity Date"),
        (oid::DELTA_CRL_INDICATOR, "X509v3 Delta CRL Indicator"),
        (oid::ISSUING_DISTRIBUTION_POINT, "X509v3 Issuing Distribution Point"),
        (oid::CERTIFICATE_ISSUER, "X509v3 Certificate Issuer"),
        (oid::AUTHORITY_INFORMATION_ACCESS, "Authority Information Access"),
        (oid::SIGNED_CERTIFICATE_TIMESTAMPS, "CT Precertificate SCTs"),
        (oid::TLS_FEATURE, "TLS Feature"),
    ];
    known
        .into_iter()
        .find(|(oid, _)| extension == oid)
        .map_or_else(|| extension.to_string(), |(_, name)| name.into())
}

/// OpenSSL's long name of an extended key usage.
pub(super) fn purpose(purpose: &Oid) -> String {
    let known = [
        (oid::SERVER_AUTH, "TLS Web Server Authentication"),
        (oid::CLIENT_AUTH, "TLS Web Client Authentication"),
        (oid::CODE_SIGNING, "Code Signing"),
        (oid::EMAIL_PROTECTION, "E-mail Protection"),
        (oid::TIME_STAMPING, "Time Stamping"),
        (oid::OCSP_SIGNING, "OCSP Signing"),
        (oid::ANY_EXTENDED_KEY_USAGE, "Any Extended Key Usage"),
    ];
    known
        .into_iter()
        .find(|(oid, _)| purpose == oid)
        .map_or_else(|| purpose.name_or_dotted(), |(_, name)| name.into())
}

/// OpenSSL's name of a key usage.
pub(super) fn usage(usage: &str) -> &str {
    match usage {
        "digitalSignature" => "Digital Signature",
        "nonRepudiation" => "Non Repudiation",
        "keyEncipherment" => "Key Encipherment",
        "dataEncipherment" => "Data Encipherment",
        "keyAgreement" => "Key Agreement",
        "keyCertSign" => "Certificate Sign",
        "cRLSign" => "CRL Sign",
        "encipherOnly" => "Encipher Only",
        "decipherOnly" => "Decipher Only",
        other => other,
    }
}

/// `DNS:example.com`, `IP:10.0.0.0/255.0.0.0`; `None` for what is written in other words.
pub(super) fn constraint(base: &ConstraintBase) -> Option<String> {
    Some(match base {
        ConstraintBase::Dns(host) => format!("DNS:{host}"),
        ConstraintBase::Email(mailbox) => format!("email:{mailbox}"),
        ConstraintBase::Uri(uri) => format!("URI:{uri}"),
        ConstraintBase::DirectoryName(name) => format!("DirName:{}", one_line(name)),
        ConstraintBase::Ip { address: IpAddr::V4(address), prefix } => {
            let mask = u32::MAX.checked_shl(32 - u32::from(*prefix)).unwrap_or_default();
            format!("IP:{address}/{}", Ipv4Addr::from(mask))
        }
        _ => return None,
    })
}

/// OpenSSL's name of a reason for a revocation.
pub(super) fn reason(reason: ReasonCode) -> String {
    match reason {
        ReasonCode::Unspecified => "Unspecified".into(),
        ReasonCode::KeyCompromise => "Key Compromise".into(),
        ReasonCode::CaCompromise => "CA Compromise".into(),
        ReasonCode::AffiliationChanged => "Affiliation Changed".into(),
        ReasonCode::Superseded => "Superseded".into(),
        ReasonCode::CessationOfOperation => "Cessation Of Operation".into(),
        ReasonCode::CertificateHold => "Certificate Hold".into(),
        ReasonCode::RemoveFromCrl => "Remove From CRL".into(),
        ReasonCode::PrivilegeWithdrawn => "Privilege Withdrawn".into(),
        ReasonCode::AaCompromise => "AA Compromise".into(),
        ReasonCode::Other(number) => number.to_string(),
    }
}

/// `DNS:a.example`.
pub(super) fn general_name(name: &GeneralName) -> String {
    match name {
        GeneralName::Dns(host) => format!("DNS:{host}"),
        GeneralName::Ip(address) => match address {
            IpAddr::V4(address) => format!("IP Address:{address}"),
            IpAddr::V6(address) => {
                let groups: Vec<String> =
                    address.segments().iter().map(|group| format!("{group:X}")).collect();
                format!("IP Address:{}", groups.join(":"))
            }
        },
        GeneralName::Email(mailbox) => format!("email:{mailbox}"),
        GeneralName::Uri(uri) => format!("URI:{uri}"),
        GeneralName::DirectoryName(name) => format!("DirName:{}", one_line(name)),
        GeneralName::RegisteredId(oid) => format!("Registered ID:{}", dotted_or_name(oid)),
        GeneralName::UserPrincipalName(name) => format!("othername: UPN::{name}"),
        other => other.to_string(),
    }
}
