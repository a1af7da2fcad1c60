//! What a signing request or a certificate of one's own holds.

use serde::{Deserialize, Serialize};

use crate::bytes::Bytes;
use crate::password::Password;

/// An attribute of a distinguished name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectAttribute {
    /// Short name (`CN`, `O`, `OU`, `C`, `ST`, `L`, `DC`, `UID`, `serialNumber`, …) or dotted OID.
    pub name: String,
    /// Value.
    pub value: String,
}

/// What a signing request asks for, or a self-signed certificate holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RequestPlan {
    /// Relative distinguished names in order, most significant (such as the country) first; each with one attribute or more.
    pub subject: Vec<Vec<SubjectAttribute>>,
    /// The subject of what this is like, DER: attributes that have not been changed keep their encoding in it.
    pub subject_der: Option<Bytes>,
    /// Alternative names as typed, for example `erp.example.com`, `IP:10.0.0.1`, `email:a@example.com`, `URI:https://…`, `UPN:user@corp.example`.
    pub alternative_names: Vec<String>,
    /// The alternative names of what this is like, as the DER value of their extension: those that still stand in `alternative_names` keep
    /// their encoding in it.
    pub alternative_names_der: Option<Bytes>,
    /// Key usages by their RFC 5280 names (`digitalSignature`, …); none leaves the extension out.
    pub key_usage: Vec<String>,
    /// Extended key usages by name (`clientAuth`, `serverAuth`, …) or dotted OID; none leaves the extension out.
    pub extended_key_usage: Vec<String>,
    /// Whether it is to be a certification authority.
    pub is_ca: bool,
    /// How many authorities may follow below it, if it is one; `None` is any number.
    pub path_length: Option<u8>,
    /// Name of the signature algorithm, out of [`crate::view::EntryDetail::signatures`]; `None` takes the first of them.
    pub signature: Option<String>,
    /// Challenge password (RFC 2985), which the authority may ask for to revoke. It stands in the request in clear.
    pub challenge_password: Option<Password>,
    /// Other extensions, taken over from what this is like.
    pub extra: Vec<PlannedExtension>,
}

/// An extension that is taken over as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedExtension {
    /// Dotted OID.
    pub oid: String,
    /// What it is called, if it has a name.
    pub name: Option<String>,
    /// Whether it is critical.
    pub critical: bool,
    /// Its value, DER.
    pub value: Bytes,
}

/// What a signing request is to be like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum Like {
    /// Nothing: an empty subject, and the usages of a TLS client.
    Nothing,
    /// The entry's own certificate (renewal); without one its last signing request.
    Itself,
    /// The certificate or last request of another entry.
    Entry {
        /// Which.
        alias: String,
    },
    /// A certificate or signing request, as PEM text.
    Pem {
        /// The text.
        text: String,
    },
}

/// From when to when a certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// First second, Unix seconds; `None` is now.
    pub not_before: Option<i64>,
    /// Days from then on.
    pub days: u32,
}

/// What a certificate holds that is issued for a signing request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuePlan {
    /// How long it is valid.
    pub validity: Validity,
    /// Whether a validity that ends after the issuer's is cut to the issuer's; otherwise it is a problem.
    pub cut_validity: bool,
    /// Another subject than the requested one, RFC 4514 text.
    pub subject: Option<String>,
    /// Requested extensions that are honoured, by dotted OID.
    pub honour: Vec<String>,
    /// Alternative names beside the requested ones that are honoured.
    pub alternative_names: Vec<String>,
    /// Key usages in place of requested ones that are not honoured.
    pub key_usage: Vec<String>,
    /// Extended key usages in place of requested ones that are not honoured.
    pub extended_key_usage: Vec<String>,
    /// Whether it becomes a certification authority.
    pub is_ca: bool,
    /// How many authorities may follow below it, if it is one; `None` is any number.
    pub path_length: Option<u8>,
    /// Name of the signature algorithm, out of the issuer's; `None` takes the first.
    pub signature: Option<String>,
}
