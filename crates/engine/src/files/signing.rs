//! Requests and certificates made with a key from a file, for the command line: a session over what the files hold, and one key of it.

use certwright_certs::{Certificate, SigningRequest};
use certwright_keys::secret::Passwords;
use certwright_keys::{PrivateKey, X509Signature};
use certwright_keystore::entry::Entry;
use certwright_keystore::keystore::Keystore;
use certwright_keystore::open::parse_file;
use certwright_protocol::Problem;
use certwright_protocol::ui::{
    CertificateChoice, Encoding, ExportFormat, IssuePlan, Like, Request, RequestPlan, Response, StoreId,
    Validity,
};
use certwright_protocol::view::{CertificateView, RequestView};
use rand_core::CryptoRng;

use super::Input;
use super::gather::Gathered;
use super::wishes::{IssueWish, RequestWish, honoured, host_name, rfc4514, short_signature, slashed, usages};
use crate::convert::file_problem;
use crate::session::Session;
use crate::show::may_issue;

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

fn candidates(keystore: &Keystore, purpose: Use) -> Vec<String> {
    let all = || keystore.key_pairs().map(|(entry, _)| entry);
    let aliases = |fits: &dyn Fn(&&Entry) -> bool| -> Vec<String> {
        all().filter(fits).map(|entry| entry.alias.clone()).collect()
    };
    let authorities = aliases(&|entry| entry.certificate().is_some_and(may_issue));
    // If there is none, signing says what is wrong with the one that there is.
    if purpose == Use::Issuing && !authorities.is_empty() { authorities } else { aliases(&|_| true) }
}

fn unexpected(response: &Response) -> Problem {
    Problem::Internal { detail: format!("the session answered {response:?}") }
}
