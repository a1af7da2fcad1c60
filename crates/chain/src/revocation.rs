//! Is a certificate revoked (RFC 5280 section 6.3, RFC 6960 sections 3.2 and 4.2.2.2)?
//!
//! [`status`] takes what is at hand, revocation lists and OCSP responses, stapled or dropped in, and fetches nothing. What does not count is
//! told with the reason in [`Answer::dismissed`]. A revocation counts wherever it is found: a list that says revoked outweighs a response that
//! says good. Work is bounded by [`Work`], and by it alone, so that the same question always gets the same answer.

mod deltas;
mod dismissal;
mod fitness;
mod lists;
mod notes;
mod responses;
mod scope;
mod signer;

use certwright_certs::extensions::{ReasonCode, ReasonFlags};
use certwright_certs::{Certificate, Crl, OcspResponse};
use certwright_keys::PublicKey;
use certwright_keys::verify::{Lenience, VerifyError};

pub use dismissal::{Dismissal, Dismissed};
use notes::Notes;

/// Whose status is asked, and what is at hand to find it.
#[derive(Clone, Copy, Debug)]
pub struct Inquiry<'a> {
    /// Whose status is asked.
    pub certificate: &'a Certificate,
    /// Who issued it: the next certificate of the path, whose signature on it has been checked.
    pub issuer: &'a Certificate,
    /// The issuer's key, if it is not complete without the certificates above it (RFC 5280 section 6.1.4 (e)).
    pub working_key: Option<&'a PublicKey>,
    /// Revocation lists, in any order, of anybody.
    pub crls: &'a [Crl],
    /// OCSP responses, in any order, about anything.
    pub ocsp: &'a [OcspResponse],
    /// Every certificate at hand, trust anchors included: those who sign lists and responses are looked for among them.
    pub certificates: &'a [&'a Certificate],
    /// The time of the question, in seconds since 1970.
    pub at: i64,
    /// Whether the duties of those who issue lists are failures: a list without CRL number or with a critical one (RFC 5280 section
    /// 5.2.3), without `nextUpdate` (section 5.1.2.5), or with an essential extension that is not critical is then of no use.
    pub strict: bool,
    /// Which signatures are believed although they prove nothing today.
    pub lenience: Lenience,
}

impl Inquiry<'_> {
    /// The key of somebody who may have signed.
    fn key_of(&self, signer: &Certificate) -> Result<PublicKey, Dismissal> {
        if let Some(key) = self.working_key.filter(|_| signer == self.issuer) {
            return Ok(key.clone());
        }
        let unreadable = |_| Dismissal::SignatureUnusable { error: VerifyError::KeyMismatch };
        signer.public_key().map_err(unreadable)
    }
}

/// Tells whether somebody may sign: the hook to the search for paths.
pub trait ValidateSigner {
    /// Whether the certificate has a valid certification path at the time of the question that ends at the anchor of the path that is
    /// judged (RFC 5280 section 6.3.3 (f)). The path is that of an issuer of revocation lists: it need be good for nothing else, and neither
    /// `keyCertSign` nor basic constraints are asked of it. Revocation of the signer is looked at by the caller.
    fn validate(&mut self, signer: &Certificate) -> SignerPath;
}

/// What came of looking for the path of a signer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignerPath {
    /// There is a valid one.
    Valid,
    /// There is none.
    Invalid,
    /// The search was given up.
    GivenUp,
}

impl<F: FnMut(&Certificate) -> SignerPath> ValidateSigner for F {
    fn validate(&mut self, signer: &Certificate) -> SignerPath {
        self(signer)
    }
}

/// What is left to be spent; shared by all questions about a path or a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// Signatures that may be checked. Those that were checked before with the same key cost nothing.
    pub signatures: u32,
    /// Comparisons of names, lists and points.
    pub comparisons: u32,
}

impl Default for Work {
    fn default() -> Self {
        Self { signatures: 256, comparisons: 250_000 }
    }
}

/// The status, and what did not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: Status,
    /// What was at hand for this certificate and did not count, the most telling first; at most [`MAX_DISMISSED`].
    pub dismissed: Vec<Dismissed>,
}

/// Most pieces of evidence of which is told why they did not count.
pub const MAX_DISMISSED: usize = 32;

/// What is known about a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is not revoked.
    Good {
        /// What says so: an OCSP response, or lists that together cover all reasons.
        by: Vec<Source>,
    },
    /// It is revoked.
    Revoked {
        /// What says so.
        by: Source,
        /// Since when, in seconds since 1970.
        at: i64,
        /// Why.
        reason: ReasonCode,
        /// Since when the key is thought to be compromised, in seconds since 1970.
        invalidity_date: Option<i64>,
    },
    /// That cannot be told.
    Unknown {
        /// Why not.
        why: Unknown,
    },
}

/// Why a status is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Nothing at hand is about the certificate.
    NoEvidence,
    /// What is at hand does not count: see [`Answer::dismissed`].
    NoneUsable,
    /// The lists that count do not cover all reasons.
    ReasonsUncovered {
        /// The reasons that none of them covers.
        missing: ReasonFlags,
    },
    /// [`Work`] was used up.
    GivenUp,
}

/// A piece of evidence, by its place in the [`Inquiry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A complete list.
    Crl {
        /// Its place.
        index: usize,
    },
    /// A complete list together with a delta CRL.
    Delta {
        /// The place of the complete list.
        base: usize,
        /// The place of the delta CRL.
        delta: usize,
    },
    /// An OCSP response.
    Ocsp {
        /// Its place.
        index: usize,
    },
}

/// The status of a certificate.
pub fn status(inquiry: &Inquiry<'_>, signers: &mut dyn ValidateSigner, work: &mut Work) -> Answer {
    let mut notes = Notes::default();
    let mut desk = Desk { signers, work, gave_up: false, for_signer: false };
    let told = responses::consult(inquiry, &mut desk, &mut notes);
    if let Some(revoked @ Status::Revoked { .. }) = told {
        return notes.answer(revoked);
    }
    let listed = lists::consult(inquiry, &mut desk, &mut notes);
    let status = match (told, listed) {
        (_, revoked @ Status::Revoked { .. }) => revoked,
        (Some(Status::Good { mut by }), listed) => {
            if let Status::Good { by: lists } = listed {
                by.extend(lists);
            }
            Status::Good { by }
        }
        (_, Status::Unknown { .. }) if desk.gave_up => Status::Unknown { why: Unknown::GivenUp },
        (_, listed) => listed,
    };
    notes.answer(status)
}

/// What every part of the work shares.
struct Desk<'a> {
    signers: &'a mut dyn ValidateSigner,
    work: &'a mut Work,
    /// Something was left undone because the work was used up.
    gave_up: bool,
    /// The question is about somebody who signs lists or responses. Nobody asks about those who sign for them, which bounds the depth.
    for_signer: bool,
}

impl Desk<'_> {
    fn pay_for_signature(&mut self) -> bool {
        Self::pay(&mut self.work.signatures, &mut self.gave_up)
    }

    fn pay_for_comparison(&mut self) -> bool {
        Self::pay(&mut self.work.comparisons, &mut self.gave_up)
    }

    fn pay(left: &mut u32, gave_up: &mut bool) -> bool {
        match left.checked_sub(1) {
            Some(less) => *left = less,
            None => *gave_up = true,
        }
        !*gave_up
    }
}
