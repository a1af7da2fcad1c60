//! What the revocation lists say about a certificate (RFC 5280 section 6.3.3).
//!
//! For each distribution point of the certificate the newest list first; lists are added up until they cover all reasons. A list that is out of
//! date counts if a delta CRL brings it up to date (step (a)).

use core::cmp::Reverse;
use std::collections::HashSet;

use certwright_certs::Crl;
use certwright_certs::crl::Entry;
use certwright_certs::extensions::{DistributionPoint, ReasonCode, ReasonFlags};

use super::fitness::{check_fitness, is_out_of_date};
use super::notes::Notes;
use super::{Desk, Dismissal, Inquiry, Source, Status, Unknown, deltas, scope, signer};

/// What the lists say. `NoEvidence` if nothing is about the certificate.
pub(super) fn consult(inquiry: &Inquiry<'_>, desk: &mut Desk<'_>, notes: &mut Notes) -> Status {
    let points = scope::points(inquiry.certificate);
    let lists = Lists::sort_out(inquiry, &points, desk, notes);
    let mut covered = ReasonFlags::NONE;
    let (mut by, mut used) = (Vec::new(), HashSet::new());
    for point in &points {
        for (index, complete) in lists.complete.iter().copied() {
            if covered.has(ReasonFlags::ALL) || !desk.pay_for_comparison() {
                break;
            }
            match try_list(inquiry, point, index, complete, &lists.deltas, covered, desk, notes) {
                Ok(Told::Revoked(status)) => return status,
                Ok(Told::NotRevoked { source, reasons }) => {
                    used.insert(index);
                    notes.forget(Source::Crl { index });
                    covered = covered.union(reasons);
                    if !by.contains(&source) {
                        by.push(source);
                    }
                }
                // What counts under one point need not under another.
                Err(_) if used.contains(&index) => {}
                Err(why) => notes.dismiss(Source::Crl { index }, why),
            }
        }
    }
    if covered.has(ReasonFlags::ALL) {
        return Status::Good { by };
    }
    let why = if desk.gave_up {
        Unknown::GivenUp
    } else if !by.is_empty() {
        Unknown::ReasonsUncovered { missing: ReasonFlags::ALL.without(covered) }
    } else if notes.any_about_certificate() {
        Unknown::NoneUsable
    } else {
        Unknown::NoEvidence
    };
    Status::Unknown { why }
}

/// The lists about the certificate, with their places.
struct Lists<'a> {
    /// The newest first.
    complete: Vec<(usize, &'a Crl)>,
    /// The one with the highest number first. None of them is out of date.
    deltas: Vec<(usize, &'a Crl)>,
}

impl<'a> Lists<'a> {
    fn sort_out(
        inquiry: &Inquiry<'a>,
        points: &[DistributionPoint],
        desk: &mut Desk<'_>,
        notes: &mut Notes,
    ) -> Self {
        let mut lists = Self { complete: Vec::new(), deltas: Vec::new() };
        for (index, crl) in inquiry.crls.iter().enumerate() {
            let source = Source::Crl { index };
            match in_any_scope(inquiry, points, crl, desk).and_then(|()| check_fitness(crl, inquiry)) {
                Err(why) => notes.dismiss(source, why),
                Ok(()) if deltas::base_number(crl).is_none() => lists.complete.push((index, crl)),
                Ok(()) if is_out_of_date(crl, inquiry.at) => notes.dismiss(source, out_of_date(crl)),
                Ok(()) => lists.deltas.push((index, crl)),
            }
        }
        lists.complete.sort_by_key(|(_, crl)| Reverse(crl.this_update()));
        lists.deltas.sort_by(|(_, a), (_, b)| deltas::number(b).cmp(&deltas::number(a)));
        if lists.complete.is_empty() {
            for (index, _) in &lists.deltas {
                notes.dismiss(Source::Crl { index: *index }, Dismissal::DeltaWithoutBase);
            }
        }
        lists
    }
}

fn in_any_scope(
    inquiry: &Inquiry<'_>,
    points: &[DistributionPoint],
    crl: &Crl,
    desk: &mut Desk<'_>,
) -> Result<(), Dismissal> {
    let mut best = Dismissal::WrongIssuer { issuer: crl.issuer().clone() };
    for point in points {
        if !desk.pay_for_comparison() {
            return Err(Dismissal::GivenUp);
        }
        match scope::reasons(inquiry.certificate, point, crl, desk) {
            Ok(_) => return Ok(()),
            // The point of the certificate's own is more telling than the one that stands for all others.
            Err(why) if why.progress() > best.progress() => best = why,
            Err(_) => {}
        }
    }
    Err(best)
}

/// What one list says under one point.
enum Told {
    Revoked(Status),
    NotRevoked { source: Source, reasons: ReasonFlags },
}

#[allow(clippy::too_many_arguments, reason = "the steps of one algorithm share what they know")]
fn try_list(
    inquiry: &Inquiry<'_>,
    point: &DistributionPoint,
    index: usize,
    complete: &Crl,
    deltas: &[(usize, &Crl)],
    covered: ReasonFlags,
    desk: &mut Desk<'_>,
    notes: &mut Notes,
) -> Result<Told, Dismissal> {
    // Steps (b), (d) and (e).
    let reasons = scope::reasons(inquiry.certificate, point, complete, desk)?;
    if covered.has(reasons) {
        return Err(Dismissal::NoNewReasons);
    }
    // Steps (a) and (c).
    let mut fitting = Vec::new();
    for (delta_index, delta) in deltas.iter().copied() {
        if !desk.pay_for_comparison() {
            return Err(Dismissal::GivenUp);
        }
        match deltas::fits(delta, complete) {
            Ok(()) => fitting.push((delta_index, delta)),
            Err(why) => notes.dismiss(Source::Crl { index: delta_index }, why),
        }
    }
    let needs_delta = is_out_of_date(complete, inquiry.at);
    if needs_delta && fitting.is_empty() {
        return Err(out_of_date(complete));
    }
    // Steps (f) to (h).
    let key = signer::find(inquiry, complete, desk)?;
    let mut delta = None;
    for (delta_index, candidate) in fitting {
        match signer::verify(candidate, &key, inquiry.lenience, desk) {
            Ok(()) => {
                notes.forget(Source::Crl { index: delta_index });
                delta = Some((delta_index, candidate));
                break;
            }
            Err(why) => notes.dismiss(Source::Crl { index: delta_index }, why),
        }
    }
    if needs_delta && delta.is_none() {
        return Err(out_of_date(complete));
    }
    // Steps (i) to (l).
    let source = match delta {
        Some((delta, _)) => Source::Delta { base: index, delta },
        None => Source::Crl { index },
    };
    let (issuer, serial) = (inquiry.certificate.issuer(), inquiry.certificate.serial());
    let changed = delta.and_then(|(_, delta)| delta.find(issuer, serial));
    Ok(match changed.or_else(|| complete.find(issuer, serial)) {
        Some(entry) if reason(&entry) != ReasonCode::RemoveFromCrl => Told::Revoked(Status::Revoked {
            by: source,
            at: entry.revoked_at(),
            reason: reason(&entry),
            invalidity_date: entry.invalidity_date().ok().flatten().map(|date| date.0),
        }),
        _ => Told::NotRevoked { source, reasons },
    })
}

/// A reason that cannot be read revokes as well.
fn reason(entry: &Entry<'_>) -> ReasonCode {
    entry.reason().ok().flatten().unwrap_or_default()
}

fn out_of_date(crl: &Crl) -> Dismissal {
    Dismissal::OutOfDate { this_update: crl.this_update(), next_update: crl.next_update() }
}
