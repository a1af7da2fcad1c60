//! Putting certificates in order: from an end-entity towards its root, by name and signature.
//!
//! This orders what is there and judges nothing: validity, constraints and trust are the business of the chain
//! crate. The number of steps and of signature checks is bounded; beyond, names and key identifiers decide. A check is
//! made once, however many paths come by.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet},
};

use certwright_certs::{Certificate, Name};
use certwright_keys::verify::VerifyError;

/// Longest path that is put together.
const MAX_LENGTH: usize = 32;
/// Most candidates that are looked at for one step: a bundle may hold many issuers of the same name.
const MAX_CANDIDATES: usize = 64;
/// Most signatures that are checked for all paths together.
const MAX_CHECKS: u32 = 4000;

/// Certificates among which issuers are sought.
pub(crate) struct Pool<'a> {
    by_subject: HashMap<&'a Name, Vec<&'a Certificate>>,
    checks_left: Cell<u32>,
    /// What checks of a certificate's signature with an issuer's key have shown.
    fits: RefCell<HashMap<(Certificate, Certificate), Option<Fit>>>,
    roots: RefCell<HashMap<Certificate, bool>>,
}

/// How well a certificate fits as the issuer of another, whose issuer's name it has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    NameOnly,
    KeyIdentifier,
    Signature,
}

impl<'a> Pool<'a> {
    pub(crate) fn new(certificates: impl Iterator<Item = &'a Certificate>) -> Self {
        let mut by_subject: HashMap<&Name, Vec<&Certificate>> = HashMap::new();
        // The entries of a keystore have their issuers in common.
        let mut seen = HashSet::new();
        for certificate in certificates.filter(|certificate| seen.insert(certificate.der())) {
            by_subject.entry(certificate.subject()).or_default().push(certificate);
        }
        Self {
            by_subject,
            checks_left: Cell::new(MAX_CHECKS),
            fits: RefCell::default(),
            roots: RefCell::default(),
        }
    }

    /// The path that starts with `leaf`, as far as it goes.
    pub(crate) fn path_from(&self, leaf: &Certificate) -> Vec<Certificate> {
        let mut path = vec![leaf.clone()];
        while let Some(last) = path.last() {
            if path.len() >= MAX_LENGTH || self.is_root(last) {
                break;
            }
            match self.find_issuer(last, &path) {
                Some(issuer) => path.push(issuer.clone()),
                None => break,
            }
        }
        path
    }

    /// The issuer of `certificate`: of those with the right name one whose key made the signature; if the signature
    /// cannot be checked (its algorithm is weak or unknown), one whose key identifier fits. Of several a root before a
    /// cross-certificate, then the one that is valid longest.
    fn find_issuer(&self, certificate: &Certificate, path: &[Certificate]) -> Option<&'a Certificate> {
        self.by_subject
            .get(certificate.issuer())?
            .iter()
            .filter(|candidate| !path.contains(candidate))
            .take(MAX_CANDIDATES)
            .filter_map(|candidate| Some((self.fit(certificate, candidate)?, *candidate)))
            .max_by_key(|(fit, candidate)| (*fit, candidate.is_self_issued(), candidate.not_after()))
            .map(|(_, candidate)| candidate)
    }

    fn fit(&self, certificate: &Certificate, issuer: &Certificate) -> Option<Fit> {
        let pair = (certificate.clone(), issuer.clone());
        if let Some(fit) = self.fits.borrow().get(&pair) {
            return *fit;
        }
        let fit = self.check_fit(certificate, issuer);
        self.fits.borrow_mut().insert(pair, fit);
        fit
    }

    fn check_fit(&self, certificate: &Certificate, issuer: &Certificate) -> Option<Fit> {
        let by_identifier = match (certificate.authority_key_identifier(), issuer.subject_key_identifier()) {
            (Some(wanted), Some(found)) if wanted == found => Fit::KeyIdentifier,
            _ => Fit::NameOnly,
        };
        let key = match issuer.public_key() {
            Ok(key) if self.may_check() => key,
            _ => return Some(by_identifier),
        };
        match certificate.verify_signature(&key) {
            Ok(()) | Err(VerifyError::RetiredAlgorithm { .. }) => Some(Fit::Signature),
            Err(VerifyError::BadSignature | VerifyError::KeyMismatch) => None,
            Err(_) => Some(by_identifier),
        }
    }

    /// Whether a path ends here.
    pub(crate) fn is_root(&self, certificate: &Certificate) -> bool {
        if !certificate.is_self_issued() {
            return false;
        }
        if let Some(is_root) = self.roots.borrow().get(certificate) {
            return *is_root;
        }
        let is_root = !self.may_check() || certificate.is_self_signed();
        self.roots.borrow_mut().insert(certificate.clone(), is_root);
        is_root
    }

    fn may_check(&self) -> bool {
        let left = self.checks_left.get();
        self.checks_left.set(left.saturating_sub(1));
        left > 0
    }
}
