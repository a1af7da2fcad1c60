//! Requests and certificates made with a key from a file, for the command line: a session over what the files hold, and one key of it.

use certwright_certs::name::edit::parse_rows;
use certwright_certs::oid::BASIC_CONSTRAINTS;
use certwright_certs::purpose::Purpose;
use certwright_certs::{Certificate, Oid, SigningRequest};
use certwright_keys::secret::Passwords;
use certwright_keys::{KeyAlgorithm, PrivateKey, X509Signature};
use certwright_keystore::entry::Entry;
use certwright_keystore::keystore::Keystore;
use certwright_keystore::open::parse_file;
use certwright_protocol::ui::{
    CertificateChoice, Encoding, ExportFormat, IssuePlan, Like, Request, RequestPlan, Response, StoreId,
    SubjectAttribute, Validity,
};
use certwright_protocol::view::{CertificateView, RequestView};
use certwright_protocol::{Password, Problem};
use rand_core::CryptoRng;

use super::Input;
use super::gather::Gathered;
use crate::convert::file_problem;
use crate::session::Session;
use crate::show::may_issue;
use crate::trust::parse_host;

/// Days of an end-entity's certificate unless told otherwise.
const DAYS: u32 = 365;
/// Days of an authority's certificate unless told otherwise.
const DAYS_OF_AUTHORITY: u32 = 3652;

/// A key with all that lies beside it, ready to sign.
pub struct Signer {
    session: Session,
    alias: String,
    now_ms: i64,
}

/// What the key is for, where there are several to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Requests and self-signed certificates.
    Own,
    /// Certificates for others.
    Issuing,
}

/// Why there is no key to sign with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChooseError {
    /// A problem of the catalogue.
    Problem(Problem),
    /// There is no key pair.
    NoKey,
    /// There are several, and it has to be said which is meant.
    Several {
        /// Their aliases.
        aliases: Vec<String>,
    },
}

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
    /// PEM of a certificate or request that it is to be like; see [`like`].
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

/// A signing request that was made.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// Its facts and PEM.
    pub request: RequestView,
    /// The same, DER.
    pub der: Vec<u8>,
}

/// A certificate that was made.
#[derive(Debug, Clone)]
pub struct NewCertificate {
    /// Its facts.
    pub certificate: CertificateView,
    /// It and its issuers, PEM, its own first.
    pub chain_pem: String,
    /// The same as PKCS#7, DER; `None` for a self-signed one.
    pub chain_pkcs7: Option<Vec<u8>>,
}

/// PEM of the certificate or request in a file that a new one is to be like: the first key's own, else the first that is no authority's.
///
/// # Errors
/// If the file cannot be read, or holds neither.
pub fn like(input: &Input<'_>, passwords: &Passwords) -> Result<String, Problem> {
    let found = parse_file(input.name, input.bytes, passwords).map_err(|e| file_problem(input.name, e))?;
    let own = found.contents.key_pairs.iter().find_map(|pair| pair.chain.first());
    let locked = || found.contents.locked.iter().find_map(|entry| entry.chain.first());
    let others = || found.contents.certificates.iter().map(|found| &found.certificate);
    let certificate = own.or_else(locked).or_else(|| others().find(|one| !one.is_ca())).or(others().next());
    let request = || found.requests.first().map(|request| request.to_pem());
    let pem = certificate.map(Certificate::to_pem).or_else(request);
    pem.ok_or_else(|| Problem::NothingToImport { file: input.name.to_owned() })
}

/// PEM of the only signing request in a file.
///
/// # Errors
/// If the file cannot be read, holds none, or several.
pub fn signing_request(input: &Input<'_>) -> Result<String, Problem> {
    let found =
        parse_file(input.name, input.bytes, &Passwords::none()).map_err(|e| file_problem(input.name, e))?;
    match found.requests.as_slice() {
        [request] => Ok(request.to_pem()),
        [] => Err(Problem::NotRecognised {
            file: input.name.to_owned(),
            looks_like: format!("{} without a signing request", crate::convert::format_name(found.kind)),
        }),
        several => Err(Problem::RequestRefused {
            detail: format!("“{}” holds {} requests; sign them one by one", input.name, several.len()),
        }),
    }
}

impl Signer {
    /// Chooses a key of what was gathered: the one of the alias, else the only one (to issue, the only one with an authority's certificate).
    ///
    /// # Errors
    /// See [`ChooseError`].
    pub fn choose(
        gathered: Gathered,
        alias: Option<&str>,
        purpose: Use,
        now_ms: i64,
    ) -> Result<Self, ChooseError> {
        let Gathered { keystore, left_out, .. } = gathered;
        let alias = match alias {
            Some(alias) => {
                let closed = left_out.into_iter().find(|left| left.alias.as_deref() == Some(alias));
                match (keystore.find(alias), closed) {
                    (Some(entry), _) => entry.alias.clone(),
                    (None, Some(left)) => return Err(ChooseError::Problem(left.problem)),
                    (None, None) => {
                        return Err(ChooseError::Problem(Problem::NoSuchEntry { alias: alias.into() }));
                    }
                }
            }
            None => match candidates(&keystore, purpose).as_slice() {
                [one] => one.clone(),
                [] => {
                    let problem = left_out.into_iter().next().map(|left| left.problem);
                    return Err(problem.map_or(ChooseError::NoKey, ChooseError::Problem));
                }
                several => return Err(ChooseError::Several { aliases: several.to_vec() }),
            },
        };
        Ok(Self { session: Session::with_keystore(keystore), alias, now_ms })
    }

    /// Alias of the key.
    pub fn alias(&self) -> &str {
        &self.alias
    }

    /// Makes a signing request.
    ///
    /// # Errors
    /// As [`Request::MakeRequest`].
    pub fn request(&mut self, wish: &RequestWish, rng: &mut impl CryptoRng) -> Result<NewRequest, Problem> {
        let plan = self.plan(wish, rng)?;
        let make = Request::MakeRequest { alias: self.alias.clone(), plan: Box::new(plan) };
        let request = match self.ask(make, rng)? {
            Response::Request { request } => *request,
            other => return Err(unexpected(&other)),
        };
        let der = self.export(ExportFormat::SigningRequest { encoding: Encoding::Der }, rng)?;
        Ok(NewRequest { request, der })
    }

    /// Makes a self-signed certificate. `days` is a year, or ten for an authority, unless told otherwise.
    ///
    /// # Errors
    /// As [`Request::SelfSign`].
    pub fn self_signed(
        &mut self,
        wish: &RequestWish,
        days: Option<u32>,
        rng: &mut impl CryptoRng,
    ) -> Result<NewCertificate, Problem> {
        let plan = self.plan(wish, rng)?;
        let days = days.unwrap_or(if plan.is_ca { DAYS_OF_AUTHORITY } else { DAYS });
        let alias = self.alias.clone();
        let validity = Validity { not_before: None, days };
        self.ask(Request::SelfSign { alias: alias.clone(), plan: Box::new(plan), validity }, rng)?;
        let entry = match self.ask(Request::Detail { alias: alias.clone() }, rng)? {
            Response::Detail { entry } => entry,
            other => return Err(unexpected(&other)),
        };
        let what = ExportFormat::Certificate { which: CertificateChoice::Own, encoding: Encoding::Pem };
        let pem = self.export(what, rng)?;
        let certificate = entry.certificates.into_iter().next().ok_or(Problem::NoCertificateYet { alias })?;
        let chain_pem =
            String::from_utf8(pem).map_err(|error| Problem::Internal { detail: error.to_string() })?;
        Ok(NewCertificate { certificate, chain_pem, chain_pkcs7: None })
    }

    /// Signs a request, PEM.
    ///
    /// # Errors
    /// As [`Request::Issue`].
    pub fn issue(
        &mut self,
        request: &str,
        wish: &IssueWish,
        rng: &mut impl CryptoRng,
    ) -> Result<NewCertificate, Problem> {
        let default_days = if wish.is_ca { DAYS_OF_AUTHORITY } else { DAYS };
        let subject = match &wish.subject {
            Some(text) => Some(rfc4514(text)?),
            None => None,
        };
        let requested = SigningRequest::from_pem(request.as_bytes())
            .map_err(|error| Problem::Internal { detail: error.to_string() })?;
        let algorithm = requested.public_key().map(|key| key.algorithm()).ok();
        let (key_usage, extended_key_usage) = usages(wish.purpose, wish.is_ca, algorithm.as_ref());
        let plan = IssuePlan {
            validity: Validity { not_before: None, days: wish.days.unwrap_or(default_days) },
            // A default is nothing that anybody insists on.
            cut_validity: wish.cut_validity || wish.days.is_none(),
            subject,
            honour: honoured(wish, &requested),
            alternative_names: wish.alternative_names.clone(),
            key_usage: wish.key_usage.clone().unwrap_or(key_usage),
            extended_key_usage: wish.extended_key_usage.clone().unwrap_or(extended_key_usage),
            is_ca: wish.is_ca,
            path_length: wish.path_length,
            signature: self.signature(wish.signature.as_deref())?,
        };
        let issue =
            Request::Issue { issuer: self.alias.clone(), request: request.into(), plan: Box::new(plan) };
        match self.ask(issue, rng)? {
            Response::Issued { certificate, chain_pem, chain_pkcs7, .. } => {
                Ok(NewCertificate { certificate: *certificate, chain_pem, chain_pkcs7: Some(chain_pkcs7.0) })
            }
            other => Err(unexpected(&other)),
        }
    }

    fn plan(&mut self, wish: &RequestWish, rng: &mut impl CryptoRng) -> Result<RequestPlan, Problem> {
        let mut plan = match &wish.like {
            None => RequestPlan::default(),
            Some(text) => {
                let like = Like::Pem { text: text.clone() };
                match self.ask(Request::PlanRequest { alias: self.alias.clone(), like }, rng)? {
                    Response::Plan { plan } => *plan,
                    other => return Err(unexpected(&other)),
                }
            }
        };
        if let Some(subject) = &wish.subject {
            plan.subject = match subject.strip_prefix('/') {
                Some(parts) => slashed(parts),
                None => match self.ask(Request::ParseSubject { text: subject.clone() }, rng)? {
                    Response::Subject { rdns } => rdns,
                    other => return Err(unexpected(&other)),
                },
            };
            plan.subject_der = None;
        }
        match &wish.alternative_names {
            Some(names) => plan.alternative_names.clone_from(names),
            None if wish.like.is_none() && !wish.is_ca => plan.alternative_names = host_name(&plan),
            None => {}
        }
        plan.is_ca |= wish.is_ca;
        plan.path_length = wish.path_length.or(plan.path_length).filter(|_| plan.is_ca);
        let algorithm = self.key()?.algorithm();
        let (key_usage, extended_key_usage) = usages(wish.purpose, plan.is_ca, Some(&algorithm));
        if wish.like.is_none() || wish.purpose.is_some() || wish.is_ca {
            plan.key_usage = key_usage;
            plan.extended_key_usage = extended_key_usage;
        }
        plan.key_usage = wish.key_usage.clone().unwrap_or(plan.key_usage);
        plan.extended_key_usage = wish.extended_key_usage.clone().unwrap_or(plan.extended_key_usage);
        plan.signature = self.signature(wish.signature.as_deref())?;
        plan.challenge_password = wish.challenge_password.clone();
        Ok(plan)
    }

    /// The full name of a signature algorithm: the first that the key makes whose name ends so, without regard to what stands between.
    fn signature(&self, wished: Option<&str>) -> Result<Option<String>, Problem> {
        let Some(wished) = wished else { return Ok(None) };
        let key = self.key()?;
        let short = short_signature(wished);
        let possible = key.x509_signatures();
        let fits = |signature: &&X509Signature| short_signature(signature.name()).ends_with(&short);
        match possible.iter().find(fits) {
            Some(found) if !short.is_empty() => Ok(Some(found.name().to_owned())),
            _ => Err(Problem::SignatureNotPossible {
                key: key.algorithm().to_string(),
                signature: wished.to_owned(),
            }),
        }
    }

    fn export(&mut self, what: ExportFormat, rng: &mut impl CryptoRng) -> Result<Vec<u8>, Problem> {
        match self.ask(Request::Export { aliases: vec![self.alias.clone()], what }, rng)? {
            Response::File { content, .. } => Ok(content.0),
            other => Err(unexpected(&other)),
        }
    }

    fn key(&self) -> Result<&PrivateKey, Problem> {
        let alias = || self.alias.clone();
        let entry = self.session.keystore().find(&self.alias);
        let entry = entry.ok_or_else(|| Problem::NoSuchEntry { alias: alias() })?;
        entry.key_pair().map(|pair| &pair.key).ok_or_else(|| Problem::NoPrivateKey { alias: alias() })
    }

    fn ask(&mut self, request: Request, rng: &mut impl CryptoRng) -> Result<Response, Problem> {
        self.session.answer(StoreId::HOME, request, self.now_ms, rng)
    }
}

/// Key usages and extended key usages, by name. An authority's certificate says nothing of TLS unless that is wished.
fn usages(
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

fn candidates(keystore: &Keystore, purpose: Use) -> Vec<String> {
    let all = || keystore.key_pairs().map(|(entry, _)| entry);
    let aliases = |fits: &dyn Fn(&&Entry) -> bool| -> Vec<String> {
        all().filter(fits).map(|entry| entry.alias.clone()).collect()
    };
    let authorities = aliases(&|entry| entry.certificate().is_some_and(may_issue));
    // If there is none, signing says what is wrong with the one that there is.
    if purpose == Use::Issuing && !authorities.is_empty() { authorities } else { aliases(&|_| true) }
}

/// Which requested extensions are honoured, by dotted identifier or name.
fn honoured(wish: &IssueWish, request: &SigningRequest) -> Vec<String> {
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
fn host_name(plan: &RequestPlan) -> Vec<String> {
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
fn rfc4514(text: &str) -> Result<String, Problem> {
    let Some(parts) = text.strip_prefix('/') else { return Ok(text.to_owned()) };
    let rows: Vec<Vec<_>> = slashed(parts)
        .into_iter()
        .map(|rdn| rdn.into_iter().map(|one| (one.name, one.value)).collect())
        .collect();
    let name = parse_rows(&rows, None)
        .map_err(|error| Problem::SubjectInvalid { position: 0, detail: error.problem.to_string() })?;
    Ok(name.to_rfc4514())
}

/// A subject in the notation of openssl, without its first slash: most significant first, a backslash before what would end a part.
fn slashed(parts: &str) -> Vec<Vec<SubjectAttribute>> {
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
fn short_signature(name: &str) -> String {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    letters.to_ascii_lowercase().replace("pkcs1", "").replace("with", "")
}

fn unexpected(response: &Response) -> Problem {
    Problem::Internal { detail: format!("the session answered {response:?}") }
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
