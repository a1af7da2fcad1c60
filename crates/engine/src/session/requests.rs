//! Signing requests: planning one like something that is there, and making it.

use certwright_certs::certificate::Certificate;
use certwright_certs::content::ContentError;
use certwright_certs::extensions::{
    BasicConstraints, Extension, Extensions, KeyUsage, SubjectAlternativeName,
};
use certwright_certs::name::{Name, edit};
use certwright_certs::oid::{self, Oid};
use certwright_certs::purpose::Purpose;
use certwright_certs::request::{GenerateRequestError, RequestSpec, SigningRequest};
use certwright_certs::san::GeneralName;
use certwright_encoding::pem::parse_pem;
use certwright_keys::{PrivateKey, X509Signature};
use certwright_keystore::entry::Entry;
use certwright_protocol::Problem;
use certwright_protocol::ui::requests::PlannedExtension;
use certwright_protocol::ui::{Like, RequestPlan, Response, StoreId, SubjectAttribute};
use rand_core::CryptoRng;

use super::Session;
use crate::convert::errors;
use crate::convert::{count, entry_problem, name_problem};
use crate::show;
use certwright_language::t;

/// Longest list of alternative names in one request.
const MAX_ALTERNATIVE_NAMES: usize = 100;

impl Session {
    pub(super) fn plan_request(&self, store: StoreId, alias: &str, like: &Like) -> Result<Response, Problem> {
        let (entry, pair) = self.key_pair(store, alias)?;
        let algorithm = pair.key.algorithm();
        let mut spec = match like {
            Like::Nothing => RequestSpec::for_purpose(Purpose::ClientAuthentication, &algorithm),
            Like::Itself => like_entry(entry)
                .unwrap_or_else(|| RequestSpec::for_purpose(Purpose::ClientAuthentication, &algorithm)),
            Like::Entry { alias } => like_entry(self.entry(store, alias)?)
                .ok_or_else(|| Problem::NoCertificateYet { alias: alias.clone() })?,
            Like::Pem { text } => like_pem(text)?,
        };
        spec.fit_to(&algorithm);
        Ok(Response::Plan { plan: Box::new(plan(&spec)) })
    }

    pub(super) fn make_request(
        &mut self,
        store: StoreId,
        alias: &str,
        plan: &RequestPlan,
        now_ms: i64,
        rng: &mut impl CryptoRng,
    ) -> Result<Response, Problem> {
        let (entry, pair) = self.key_pair(store, alias)?;
        let alias = entry.alias.clone();
        check_can_sign(&alias, &pair.key)?;
        let spec = spec(plan, &pair.key)?;
        let request = SigningRequest::generate(&pair.key, &spec, rng).map_err(generate_problem)?;
        let mut keystore = self.open(store)?.clone();
        keystore
            .set_request(&alias, request.clone(), now_ms)
            .map_err(|error| entry_problem(error, &alias))?;
        let view = show::request(&request, &keystore);
        self.change(store, t!("Signing request for “{alias}”", alias), keystore)?;
        Ok(Response::Request { request: Box::new(view) })
    }
}

/// Takes a distinguished name apart.
pub(super) fn parse_subject(text: &str) -> Result<Response, Problem> {
    let name = Name::parse_rfc4514(text).map_err(|error| name_problem(&error))?;
    Ok(Response::Subject { rdns: rows(&name) })
}

/// Says why a key signs nothing, if so.
pub(super) fn check_can_sign(alias: &str, key: &PrivateKey) -> Result<(), Problem> {
    match show::why_it_cannot_sign(key) {
        Some(detail) => Err(Problem::KeyCannotSign { alias: alias.to_owned(), detail }),
        None => Ok(()),
    }
}

/// The specification that a plan stands for.
pub(super) fn spec(plan: &RequestPlan, key: &PrivateKey) -> Result<RequestSpec, Problem> {
    let original = match &plan.subject_der {
        Some(der) => {
            Some(Name::from_der(&der.0).map_err(|error| Problem::Internal { detail: error.to_string() })?)
        }
        None => None,
    };
    let typed: Vec<Vec<edit::Row>> = plan
        .subject
        .iter()
        .map(|rdn| {
            let rows = rdn.iter().map(|attribute| (attribute.name.clone(), attribute.value.clone()));
            // A field that was left empty is a field that is not there.
            rows.filter(|(_, value)| !value.trim().is_empty()).collect::<Vec<_>>()
        })
        .filter(|rdn| !rdn.is_empty())
        .collect();
    let subject = edit::parse_rows(&typed, original.as_ref()).map_err(|error| {
        let name = typed.get(error.rdn).and_then(|rdn| rdn.get(error.attribute));
        Problem::SubjectAttributeInvalid {
            rdn: count(error.rdn),
            attribute: count(error.attribute),
            name: name.map(|(name, _)| name.clone()).unwrap_or_default(),
            detail: errors::name(&error.problem),
        }
    })?;
    let alternative_names = alternative_names(&plan.alternative_names, &original_names(plan))?;
    if subject.is_empty() && alternative_names.is_empty() {
        return Err(Problem::SubjectEmpty);
    }
    let basic_constraints =
        plan.is_ca.then_some(BasicConstraints { ca: true, path_length: plan.path_length.map(u32::from) });
    Ok(RequestSpec {
        subject,
        alternative_names,
        key_usage: key_usage(&plan.key_usage)?,
        extended_key_usage: extended_key_usage(&plan.extended_key_usage)?,
        basic_constraints,
        challenge_password: plan.challenge_password.as_ref().map(|password| password.as_str().to_owned()),
        extra: plan.extra.iter().map(extension).collect::<Result<_, _>>()?,
        signature: signature(plan.signature.as_deref(), key)?,
        subject_key_identifier: true,
    })
}

/// The alternative names of what the plan is like.
fn original_names(plan: &RequestPlan) -> Vec<GeneralName> {
    let Some(der) = &plan.alternative_names_der else { return Vec::new() };
    let oid = oid::SUBJECT_ALTERNATIVE_NAME.into();
    let extension = Extension { oid, critical: false, value: der.0.clone() };
    match Extensions::new(vec![extension]).subject_alternative_name {
        Ok(Some(names)) => names.0,
        _ => Vec::new(),
    }
}

/// General names as typed; empty lines are left out, and so are repetitions. A text that is one of the `originals` stands for that very name.
pub(super) fn alternative_names(
    texts: &[String],
    originals: &[GeneralName],
) -> Result<Vec<GeneralName>, Problem> {
    let typed: Vec<&str> = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    if let Some(text) = typed.get(MAX_ALTERNATIVE_NAMES) {
        return Err(Problem::AlternativeNameInvalid { text: (*text).to_owned() });
    }
    let mut names = Vec::new();
    for text in typed {
        let name = match originals.iter().find(|original| original.to_string() == text) {
            Some(original) => original.clone(),
            None => GeneralName::parse_text(text)
                .map_err(|_| Problem::AlternativeNameInvalid { text: text.to_owned() })?,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// Key usages by their names; none if there are none.
pub(super) fn key_usage(names: &[String]) -> Result<Option<KeyUsage>, Problem> {
    if names.is_empty() {
        return Ok(None);
    }
    let unknown = || {
        let word = names.iter().find(|name| KeyUsage::from_names([name.as_str()]).is_none());
        Problem::WordNotKnown { word: word.cloned().unwrap_or_default() }
    };
    KeyUsage::from_names(names.iter().map(String::as_str)).map(Some).ok_or_else(unknown)
}

/// Extended key usages by their names or dotted identifiers.
pub(super) fn extended_key_usage(names: &[String]) -> Result<Vec<Oid>, Problem> {
    let parse = |name: &String| {
        let name = name.trim();
        Oid::parse(name).ok_or_else(|| Problem::WordNotKnown { word: name.to_owned() })
    };
    names.iter().map(parse).collect()
}

/// A signature algorithm by its name, if the key can make it.
pub(super) fn signature(name: Option<&str>, key: &PrivateKey) -> Result<Option<X509Signature>, Problem> {
    let Some(name) = name else { return Ok(None) };
    let found = key.x509_signatures().into_iter().find(|signature| signature.name() == name);
    found.map(Some).ok_or_else(|| Problem::SignatureNotPossible {
        key: key.algorithm().to_string(),
        signature: name.to_owned(),
    })
}

/// Why a request was not made.
fn generate_problem(error: GenerateRequestError) -> Problem {
    match error {
        GenerateRequestError::Content(error) => content_problem(&error),
        GenerateRequestError::BadChallengePassword { .. } => {
            Problem::PasswordNotPossible { detail: t!("A challenge password has 1 to 255 characters").into() }
        }
        error => Problem::Internal { detail: error.to_string() },
    }
}

/// Why a request or certificate cannot hold what was asked for.
pub(super) fn content_problem(error: &ContentError) -> Problem {
    match error {
        ContentError::NoName => Problem::SubjectEmpty,
        ContentError::MalformedName { name } => Problem::AlternativeNameInvalid { text: name.to_string() },
        other => Problem::RequestRefused { detail: t!("It cannot hold this: {other}", other) },
    }
}

fn like_entry(entry: &Entry) -> Option<RequestSpec> {
    let request = || entry.key_pair().and_then(|pair| pair.request.as_ref());
    entry
        .certificate()
        .map(RequestSpec::like_certificate)
        .or_else(|| request().map(RequestSpec::like_request))
}

/// The first certificate or signing request of a PEM text.
fn like_pem(text: &str) -> Result<RequestSpec, Problem> {
    let blocks = parse_pem(text.as_bytes()).blocks;
    let spec = blocks.iter().find_map(|block| {
        let certificate = Certificate::from_der(&block.der).ok().map(|c| RequestSpec::like_certificate(&c));
        let request = || SigningRequest::from_der(&block.der).ok().map(|r| RequestSpec::like_request(&r));
        certificate.or_else(request)
    });
    spec.ok_or_else(|| Problem::NotRecognised {
        file: t!("the text").into(),
        looks_like: t!("neither a certificate nor a signing request").into(),
    })
}

/// A specification as the page edits it.
fn plan(spec: &RequestSpec) -> RequestPlan {
    let constraints = spec.basic_constraints.as_ref().filter(|constraints| constraints.ca);
    RequestPlan {
        subject: rows(&spec.subject),
        subject_der: (!spec.subject.is_empty()).then(|| spec.subject.der().into()),
        alternative_names: spec.alternative_names.iter().map(ToString::to_string).collect(),
        alternative_names_der: (!spec.alternative_names.is_empty())
            .then(|| SubjectAlternativeName(spec.alternative_names.clone()).to_value().into()),
        key_usage: spec
            .key_usage
            .map(|usage| usage.names().into_iter().map(str::to_owned).collect())
            .unwrap_or_default(),
        extended_key_usage: spec.extended_key_usage.iter().map(Oid::name_or_dotted).collect(),
        is_ca: constraints.is_some(),
        path_length: constraints
            .and_then(|c| c.path_length)
            .map(|length| length.try_into().unwrap_or(u8::MAX)),
        signature: spec.signature.map(|signature| signature.name().to_owned()),
        challenge_password: None,
        extra: spec
            .extra
            .iter()
            .map(|extension| PlannedExtension {
                oid: extension.oid.to_string(),
                name: extension.oid.name().map(str::to_owned),
                critical: extension.critical,
                value: extension.value.clone().into(),
            })
            .collect(),
    }
}

fn rows(name: &Name) -> Vec<Vec<SubjectAttribute>> {
    let attribute = |(name, value)| SubjectAttribute { name, value };
    edit::to_rows(name).into_iter().map(|rdn| rdn.into_iter().map(attribute).collect()).collect()
}

fn extension(planned: &PlannedExtension) -> Result<Extension, Problem> {
    let oid =
        Oid::parse_dotted(&planned.oid).ok_or_else(|| Problem::WordNotKnown { word: planned.oid.clone() })?;
    Ok(Extension { oid, critical: planned.critical, value: planned.value.0.clone() })
}
