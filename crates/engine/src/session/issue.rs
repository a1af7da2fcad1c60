//! Certificates of one's own: self-signed ones, and a small certification authority that signs requests.

use certwright_certs::certificate::Certificate;
use certwright_certs::issue::{
    Honour, IssueError, IssueSpec, OutsideValidity, SelfSignedSpec, generate_self_signed, issue,
};
use certwright_certs::key_identifier::KeyIdentifier;
use certwright_certs::name::Name;
use certwright_certs::oid::Oid;
use certwright_certs::request::SigningRequest;
use certwright_keystore::pkcs7::to_pkcs7;
use certwright_protocol::Problem;
use certwright_protocol::ui::{IssuePlan, RequestPlan, Response, StoreId, Validity};
use rand_core::CryptoRng;

use super::Session;
use super::requests::{
    alternative_names, check_can_sign, content_problem, extended_key_usage, key_usage, signature, spec,
};
use crate::convert::errors;
use crate::convert::{entry_problem, name_problem};
use crate::show;
use crate::trust::complete_chain;
use certwright_language::t;

/// A day in seconds.
const DAY: i64 = 86_400;
/// Clocks differ: what is valid from now on is valid from a little earlier.
const EARLIER: i64 = 300;
/// Longest validity in days: RFC 5280 has no years of five digits.
const MOST_DAYS: u32 = 2_900_000;
/// The last second of the year 9999.
const END_OF_TIME: i64 = 253_402_300_799;

impl Session {
    pub(super) fn self_sign(
        &mut self,
        store: StoreId,
        alias: &str,
        plan: &RequestPlan,
        validity: Validity,
        now_ms: i64,
        rng: &mut impl CryptoRng,
    ) -> Result<Response, Problem> {
        let (entry, pair) = self.key_pair(store, alias)?;
        let alias = entry.alias.clone();
        check_can_sign(&alias, &pair.key)?;
        let spec = spec(plan, &pair.key)?;
        let (not_before, not_after) = period(validity, now_ms)?;
        let spec = SelfSignedSpec {
            subject: spec.subject,
            alternative_names: spec.alternative_names,
            serial: None,
            not_before,
            not_after,
            key_usage: spec.key_usage,
            extended_key_usage: spec.extended_key_usage,
            is_ca: plan.is_ca,
            path_length: plan.path_length.filter(|_| plan.is_ca),
            extra: spec.extra,
            signature: spec.signature,
            key_identifier: KeyIdentifier::default(),
        };
        let certificate =
            generate_self_signed(&pair.key, &spec, rng).map_err(|error| issue_problem(error, &alias))?;
        let mut keystore = self.open(store)?.clone();
        keystore
            .set_chain(&alias, vec![certificate], now_ms)
            .map_err(|error| entry_problem(error, &alias))?;
        self.change(store, t!("Self-signed certificate for “{alias}”", alias), keystore)?;
        Ok(Response::Entry { alias })
    }

    pub(super) fn issue(
        &mut self,
        store: StoreId,
        issuer: &str,
        request: &str,
        plan: &IssuePlan,
        now_ms: i64,
        rng: &mut impl CryptoRng,
    ) -> Result<Response, Problem> {
        let (entry, pair) = self.key_pair(store, issuer)?;
        let alias = &entry.alias;
        check_can_sign(alias, &pair.key)?;
        let own = pair.chain.first().ok_or_else(|| Problem::NoCertificateYet { alias: alias.clone() })?;
        let request = SigningRequest::from_pem(request.as_bytes()).map_err(|error| Problem::FileDamaged {
            file: t!("The signing request").into(),
            format: t!("a signing request (PKCS#10)").into(),
            detail: Some(errors::request(&error)),
        })?;
        let subject = match plan.subject.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Some(Name::parse_rfc4514(text).map_err(|error| name_problem(&error))?),
            None => None,
        };
        let honour: Vec<Honour> = plan
            .honour
            .iter()
            .map(|text| match Oid::parse(text) {
                Some(oid) => Ok(Honour::from_oid(&oid)),
                None => Err(Problem::WordNotKnown { word: text.clone() }),
            })
            .collect::<Result<_, _>>()?;
        let mut names = alternative_names(&plan.alternative_names, &[])?;
        let alternative_names = if names.is_empty() {
            None
        } else {
            if honour.contains(&Honour::SubjectAlternativeNames) {
                let requested = request.subject_alternative_names().iter().cloned();
                let added = core::mem::take(&mut names);
                names = requested.collect();
                names.extend(
                    added.into_iter().filter(|name| !request.subject_alternative_names().contains(name)),
                );
            }
            Some(names)
        };
        let (not_before, not_after) = period(plan.validity, now_ms)?;
        let spec = IssueSpec {
            serial: None,
            not_before,
            not_after,
            outside_issuers_validity: if plan.cut_validity {
                OutsideValidity::Clamp
            } else {
                OutsideValidity::Refuse
            },
            subject,
            alternative_names,
            key_usage: key_usage(&plan.key_usage)?,
            extended_key_usage: extended_key_usage(&plan.extended_key_usage)?,
            is_ca: plan.is_ca,
            path_length: plan.path_length.filter(|_| plan.is_ca),
            honour,
            extra: Vec::new(),
            signature: signature(plan.signature.as_deref(), &pair.key)?,
            key_identifier: KeyIdentifier::default(),
        };
        let issued =
            issue(&request, own, &pair.key, &spec, rng).map_err(|error| issue_problem(error, alias))?;
        let keystore = self.open(store)?;
        let mut chain = vec![issued.clone()];
        chain.extend(complete_chain(&pair.chain, keystore).0);
        let chain_pkcs7 =
            to_pkcs7(&chain).map_err(|error| Problem::Internal { detail: error.to_string() })?;
        let fits = request.public_key().ok().and_then(|key| {
            let entry = keystore.find_by_public_key(&key)?;
            Some(entry.alias.clone())
        });
        Ok(Response::Issued {
            certificate: Box::new(show::certificate(&issued)),
            chain_pem: chain.iter().map(Certificate::to_pem).collect(),
            chain_pkcs7: chain_pkcs7.into(),
            fits_alias: fits,
        })
    }
}

/// First and last second of a validity.
fn period(validity: Validity, now_ms: i64) -> Result<(i64, i64), Problem> {
    if validity.days == 0 || validity.days > MOST_DAYS {
        return Err(Problem::ValidityInvalid { issuer_until: None });
    }
    let now = now_ms.div_euclid(1000);
    let begin = validity.not_before.unwrap_or(now);
    let end = begin.saturating_add(i64::from(validity.days) * DAY - 1);
    if end > END_OF_TIME {
        return Err(Problem::ValidityInvalid { issuer_until: None });
    }
    Ok((if validity.not_before.is_none() { begin - EARLIER } else { begin }, end))
}

/// Why no certificate was issued.
fn issue_problem(error: IssueError, alias: &str) -> Problem {
    let unfit = |detail: &str| Problem::IssuerUnfit { alias: alias.to_owned(), detail: detail.to_owned() };
    let refused = |detail: String| Problem::RequestRefused { detail };
    match error {
        IssueError::Request(error) => refused(t!(
            "Its own signature does not hold, so whoever made it may not have the key ({error})",
            error = errors::request_signature(&error)
        )),
        IssueError::RequestedExtension(error) => {
            refused(t!("The extension {oid} in it cannot be read", oid = error.oid.name_or_dotted()))
        }
        IssueError::WeakKey { why } => {
            refused(t!("Its key is too weak ({why})", why = errors::weakness(&why)))
        }
        IssueError::IssuerIsNoCa => unfit(t!("its certificate is not that of a certification authority")),
        IssueError::IssuerHasNoName => unfit(t!("its certificate has no subject")),
        IssueError::IssuerMayNotSignCertificates => {
            unfit(t!("the key usage of its certificate does not allow signing certificates"))
        }
        IssueError::IssuersExtension(error) => unfit(&t!(
            "the extension {oid} of its certificate cannot be read",
            oid = error.oid.name_or_dotted()
        )),
        IssueError::IssuersKey(_) | IssueError::IssuerKeyMismatch { .. } => {
            unfit(t!("its certificate is for another key"))
        }
        IssueError::PathLengthExhausted => {
            unfit(t!("its path length is 0: it may certify clients and servers, and no further authority"))
        }
        IssueError::PathLengthTooLong { most, .. } => {
            unfit(&t!("at most {most} authorities may follow below a new one", most))
        }
        IssueError::SubjectIsIssuer => refused(
            t!("It has the subject of the authority itself; only another authority may have that").into(),
        ),
        IssueError::NotInIssuersValidity { issuer_not_after, .. } => {
            Problem::ValidityInvalid { issuer_until: Some(issuer_not_after) }
        }
        IssueError::BadValidity { .. } => Problem::ValidityInvalid { issuer_until: None },
        IssueError::Content(error) => content_problem(&error),
        error => Problem::Internal { detail: error.to_string() },
    }
}
