//! What people wish of requests and certificates on the command line, in their own words: subjects in two notations, short names of usages,
//! extensions and signature algorithms.

use certwright_certs::name::edit::parse_rows;
use certwright_certs::oid::BASIC_CONSTRAINTS;
use certwright_certs::purpose::Purpose;
use certwright_certs::{Oid, SigningRequest};
use certwright_keys::KeyAlgorithm;
use certwright_protocol::ui::{RequestPlan, SubjectAttribute};
use certwright_protocol::{Password, Problem};

use crate::convert::errors;
use crate::trust::parse_host;

/// What a request or self-signed certificate is to hold.
#[derive(Debug, Clone, Default)]
pub struct RequestWish {
    /// Subject: RFC 4514 text, or the notation of openssl, `/C=DE/O=Example/CN=client`.
    pub subject: Option<String>,
    /// Alternative names as typed. `None` takes those of what it is like, or else the common name if it is a host's.
    pub alternative_names: Option<Vec<String>>,
    /// What it is for; `None` is a TLS client, if nothing else says.
    pub purpose: Option<WishedPurpose>,
    /// Key usages by name in place of those of the purpose.
    pub key_usage: Option<Vec<String>>,
    /// Extended key usages by name or identifier in place of those of the purpose.
    pub extended_key_usage: Option<Vec<String>>,
    /// Whether it is to be a certification authority.
    pub is_ca: bool,
    /// How many authorities may follow below it.
    pub path_length: Option<u8>,
    /// Signature algorithm, by its name or what tells it from the others, such as `pss-sha256`.
    pub signature: Option<String>,
    /// Challenge password.
    pub challenge_password: Option<Password>,
    /// PEM of a certificate or request that it is to be like; see [`super::like`].
    pub like: Option<String>,
}

/// The sides of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WishedPurpose {
    /// A client.
    Client,
    /// A server.
    Server,
    /// Either.
    Both,
}

/// What a certificate for somebody else's request is to hold.
#[derive(Debug, Clone, Default)]
pub struct IssueWish {
    /// How long, in days; `None` is a year, or ten for an authority, and not longer than the issuer's.
    pub days: Option<u32>,
    /// Whether a validity that ends after the issuer's is cut.
    pub cut_validity: bool,
    /// Another subject than the requested one.
    pub subject: Option<String>,
    /// Alternative names beside those that are honoured.
    pub alternative_names: Vec<String>,
    /// Which requested extensions are honoured, by name or identifier, or `all` but basic constraints; `None` is alternative names and usages,
    /// for an authority alternative names.
    pub honour: Option<Vec<String>>,
    /// The usages where none are requested and honoured.
    pub purpose: Option<WishedPurpose>,
    /// Key usages by name in place of those of the purpose.
    pub key_usage: Option<Vec<String>>,
    /// Extended key usages by name or identifier in place of those of the purpose.
    pub extended_key_usage: Option<Vec<String>>,
    /// Whether it becomes a certification authority.
    pub is_ca: bool,
    /// How many authorities may follow below it.
    pub path_length: Option<u8>,
    /// Signature algorithm, as in [`RequestWish::signature`].
    pub signature: Option<String>,
}

/// Key usages and extended key usages, by name. An authority's certificate says nothing of TLS unless that is wished.
pub(super) fn usages(
    purpose: Option<WishedPurpose>,
    is_ca: bool,
    algorithm: Option<&KeyAlgorithm>,
) -> (Vec<String>, Vec<String>) {
    let purpose = match purpose {
        Some(WishedPurpose::Client) => Some(Purpose::ClientAuthentication),
        Some(WishedPurpose::Server) => Some(Purpose::ServerAuthentication),
        Some(WishedPurpose::Both) => Some(Purpose::Both),
        None if is_ca => None,
        None => Some(Purpose::ClientAuthentication),
    };
    let key_usage = match (purpose, algorithm) {
        _ if is_ca => vec!["keyCertSign", "cRLSign"],
        (Some(purpose), Some(algorithm)) => purpose.key_usage(algorithm).names(),
        _ => Vec::new(),
    };
    let extended = purpose.map(Purpose::extended_key_usage).unwrap_or_default();
    (key_usage.into_iter().map(str::to_owned).collect(), extended.iter().map(Oid::name_or_dotted).collect())
}

/// Which requested extensions are honoured, by dotted identifier or name.
pub(super) fn honoured(wish: &IssueWish, request: &SigningRequest) -> Vec<String> {
    let known = |word: &str| match word.trim().to_ascii_lowercase().as_str() {
        "san" | "subject-alternative-name" | "alternative-names" => "subjectAltName".to_owned(),
        "key-usage" | "ku" => "keyUsage".to_owned(),
        "extended-key-usage" | "extendedkeyusage" | "eku" => "extKeyUsage".to_owned(),
        "basic-constraints" | "ca" => "basicConstraints".to_owned(),
        _ => word.trim().to_owned(),
    };
    let chosen: Vec<String> = match &wish.honour {
        Some(words) => words.iter().map(|word| known(word)).filter(|word| !word.is_empty()).collect(),
        // The usages of an authority are its issuer's affair.
        None if wish.is_ca => vec!["subjectAltName".into()],
        None => vec!["subjectAltName".into(), "keyUsage".into(), "extKeyUsage".into()],
    };
    let is_all = |word: &String| word.eq_ignore_ascii_case("all");
    let mut honoured: Vec<String> = chosen.iter().filter(|word| !is_all(word)).cloned().collect();
    if chosen.iter().any(is_all) {
        // Nobody becomes an authority unless that is said in so many words.
        let harmless = request.extensions().all.iter().filter(|one| one.oid != BASIC_CONSTRAINTS);
        honoured.extend(harmless.map(|extension| extension.oid.to_string()));
    }
    honoured
}

/// The common name as an alternative name, if it is a host's: browsers and Java look for it there alone.
pub(super) fn host_name(plan: &RequestPlan) -> Vec<String> {
    let attributes = plan.subject.iter().flatten();
    let mut common_names =
        attributes.filter(|one| one.name.eq_ignore_ascii_case("CN") || one.name == "2.5.4.3");
    let is_host = |text: &&str| {
        let name = text.strip_prefix("*.").unwrap_or(text);
        (name.contains('.') || name.contains(':') || name == "localhost") && parse_host(name).is_some()
    };
    common_names
        .find_map(|one| Some(one.value.trim()).filter(is_host))
        .map(str::to_owned)
        .into_iter()
        .collect()
}

/// Any notation of a subject as RFC 4514 text.
pub(super) fn rfc4514(text: &str) -> Result<String, Problem> {
    let Some(parts) = text.strip_prefix('/') else { return Ok(text.to_owned()) };
    let rows: Vec<Vec<_>> = slashed(parts)
        .into_iter()
        .map(|rdn| rdn.into_iter().map(|one| (one.name, one.value)).collect())
        .collect();
    let name = parse_rows(&rows, None)
        .map_err(|error| Problem::SubjectInvalid { position: 0, detail: errors::name(&error.problem) })?;
    Ok(name.to_rfc4514())
}

/// A subject in the notation of openssl, without its first slash: most significant first, a backslash before what would end a part.
pub(super) fn slashed(parts: &str) -> Vec<Vec<SubjectAttribute>> {
    let split = |text: &str, separator: char| -> Vec<String> {
        let (mut pieces, mut piece, mut escaped) = (Vec::new(), String::new(), false);
        for next in text.chars() {
            if !escaped && next == separator {
                pieces.push(core::mem::take(&mut piece));
            } else {
                piece.push(next);
            }
            escaped = next == '\\' && !escaped;
        }
        pieces.push(piece);
        pieces
    };
    let plain = |text: &str| -> String {
        let mut escaped = false;
        let keep = |next: &char| {
            escaped = *next == '\\' && !escaped;
            !escaped
        };
        text.chars().filter(keep).collect()
    };
    let attribute = |text: String| {
        let (name, value) = text.split_once('=').unwrap_or(("", &text));
        SubjectAttribute { name: name.trim().to_owned(), value: plain(value) }
    };
    let parts = split(parts, '/').into_iter().filter(|part| !part.is_empty());
    parts.map(|part| split(&part, '+').into_iter().map(attribute).collect()).collect()
}

/// What tells signature algorithms apart: `RSA-PSS with SHA-256` is `rsapsssha256`, `sha384` is the end of it.
pub(super) fn short_signature(name: &str) -> String {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    letters.to_ascii_lowercase().replace("pkcs1", "").replace("with", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openssl_notation_is_read() {
        let rows = slashed(r"C=DE/O=A\/S \+ Co/CN=x+OU=y=z/");
        let text: Vec<Vec<(&str, &str)>> = rows
            .iter()
            .map(|rdn| rdn.iter().map(|one| (one.name.as_str(), one.value.as_str())).collect())
            .collect();
        assert_eq!(text, [vec![("C", "DE")], vec![("O", "A/S + Co")], vec![("CN", "x"), ("OU", "y=z")]]);
        assert_eq!(rfc4514("/C=DE/CN=x").unwrap(), "CN=x,C=DE");
        assert_eq!(rfc4514("CN=x,C=DE").unwrap(), "CN=x,C=DE");
    }

    #[test]
    fn signatures_have_short_names() {
        assert_eq!(short_signature("RSA PKCS#1 with SHA-256"), "rsasha256");
        assert!(short_signature("RSA-PSS with SHA-512").ends_with(&short_signature("pss-SHA512")));
    }

    #[test]
    fn a_host_in_the_common_name_becomes_an_alternative_name() {
        let names =
            |subject: &str| host_name(&RequestPlan { subject: slashed(subject), ..RequestPlan::default() });
        assert_eq!(names("C=DE/CN=erp.example.com"), ["erp.example.com"]);
        assert_eq!(names("CN=*.example.com"), ["*.example.com"]);
        assert_eq!(names("CN=10.0.0.1"), ["10.0.0.1"]);
        assert!(names("CN=batch client").is_empty() && names("CN=batch").is_empty());
    }
}
