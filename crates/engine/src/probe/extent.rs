//! What a probe is asked besides its verdict: whether a client certificate has to be there, whether a session is resumed, what each address shows,
//! what the server speaks besides.
//!
//! Each question takes one connection without a client certificate, or none where the main connection has answered it already.

use std::collections::VecDeque;
use std::net::IpAddr;

use certwright_protocol::conversation::{HandshakeKind, HttpRequest, ToServer};
use certwright_protocol::report::{AddressReport, CertificateUse, Demand, ProbeReport, ResumptionSeen};
use certwright_protocol::ui::ProbePlan;

use super::connection::Connection;
use super::{outcome, survey};

/// Most addresses that are looked at.
const MOST_ADDRESSES: usize = 16;
/// How long one connection may take, in seconds.
const PATIENCE: u32 = 10;

/// A question that takes a connection.
pub(super) enum Question {
    /// Whether the session of the connection before is resumed.
    Resumption,
    /// Whether a client certificate has to be there.
    Demand,
    /// What this address shows.
    Address(IpAddr),
    /// Every version, suite and group that the server speaks.
    Survey,
}

/// What is left to ask once the main connection has ended.
pub(super) fn questions(plan: &ProbePlan, main: &Connection) -> VecDeque<Question> {
    let mut questions = VecDeque::new();
    if plan.extent.resumption && main.handshake.is_some() {
        questions.push_back(Question::Resumption);
    }
    if plan.extent.demand && main.report.chain.is_some() {
        questions.push_back(Question::Demand);
    }
    if plan.extent.every_address && plan.route.address.is_none() && plan.route.proxy.is_none() {
        let allowed = main.report.addresses.iter().filter(|address| address.refused.is_none());
        questions.extend(allowed.take(MOST_ADDRESSES).map(|address| Question::Address(address.address)));
    }
    if plan.extent.survey && main.is_connected() {
        questions.push_back(Question::Survey);
    }
    questions
}

/// What opens the connection that answers it; `None` if the report holds the answer already, or has it now.
pub(super) fn opening(question: &Question, plan: &ProbePlan, report: &mut ProbeReport) -> Option<ToServer> {
    let mut target = report.target.clone();
    target.route.proxy.clone_from(&plan.route.proxy);
    target.patience = Some(PATIENCE);
    match question {
        Question::Resumption => {
            target.offer.resume = true;
            target.http = HttpRequest::Never;
            target.offer.alpn = report.alpn.iter().cloned().collect();
        }
        Question::Demand => {
            target.offer.resume = false;
            match (&report.client_authentication.used, report.client_authentication.requested) {
                // Whether it is asked for once something is requested.
                (_, Some(false)) if plan.http != HttpRequest::Head => target.http = HttpRequest::Head,
                (Some(CertificateUse::NotUsed { .. }), _) => {
                    report.demand = demand(report);
                    return None;
                }
                _ => {}
            }
        }
        Question::Address(address) => {
            if report.remote.is_some_and(|remote| remote.ip() == *address) {
                let row = address_report(*address, report);
                report.every_address.extend(row);
                return None;
            }
            target.offer.resume = false;
            target.route.address = Some(*address);
        }
        Question::Survey => {
            target.patience = None;
            target.offer.resume = false;
            return Some(survey::opening(target));
        }
    }
    Some(ToServer::Start(target))
}

/// Takes what the connection found into the main report.
pub(super) fn learn(question: &Question, main: &mut Connection, found: Connection) {
    match question {
        Question::Resumption => {
            main.report.resumption = Some(match found.handshake {
                Some(HandshakeKind::Resumed) => ResumptionSeen::Resumed,
                Some(HandshakeKind::Full | HandshakeKind::HelloRetry) => ResumptionSeen::NotResumed,
                None => ResumptionSeen::Failed,
            });
        }
        Question::Demand => main.report.demand = demand(&found.report),
        Question::Address(address) => {
            main.report.every_address.extend(address_report(*address, &found.report));
        }
        Question::Survey => main.report.survey = Some(found.survey.finish(found.failure)),
    }
}

/// What a connection without a client certificate says about whether one has to be there.
fn demand(report: &ProbeReport) -> Option<Demand> {
    if report.asked_again.is_some() {
        return Some(Demand::AskedForLater);
    }
    match (&report.client_authentication.used, report.client_authentication.requested) {
        (_, Some(false)) => Some(Demand::NotAskedFor),
        (Some(CertificateUse::NotUsed { demanded: Some(_), .. }), _) => Some(Demand::Required),
        (_, Some(true)) if outcome::evidence(report).is_some() => Some(Demand::Optional),
        _ => None,
    }
}

fn address_report(address: IpAddr, report: &ProbeReport) -> Option<AddressReport> {
    let certificate = report.chain.as_ref().and_then(|chain| chain.sent.first());
    Some(AddressReport {
        address,
        certificate: certificate.map(|certificate| certificate.name.clone()),
        sha256: certificate.map(|certificate| certificate.sha256.clone()),
        not_after: certificate.map(|certificate| certificate.not_after),
        trusted: report.chain.as_ref().is_some_and(|chain| chain.trusted),
        version: report.version,
        verdict: report.verdict.clone()?,
    })
}
