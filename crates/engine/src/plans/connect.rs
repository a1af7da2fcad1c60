//! Connect: one system is to call another, with certificates on both sides.
//!
//! The client's side gets a key and has it signed by an authority that the server accepts, trusts the server, hands its certificates over, and tests. The
//! server's side takes the root into its trust store and maps the certificate to a user.

use certwright_certs::Certificate;
use certwright_chain::{NeededKind, SentPart};
use certwright_protocol::t;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::{Finding, Holding, HoldingState, PlanActKind, PlanSide, PlanSideView};

use super::desk::{Chain, Desk, Needed, is_self_signed, leads_to};
use super::sides::{held_by, holding, key_and_certificate, said, side, to_compare, validity};
use super::steps::Step;
use super::{common, messages};
use crate::trust::complete_chain;

/// What the client's trust store is to hold: from the last sighting, or from what the server's side has sent.
pub(super) fn server_needs(desk: &Desk<'_>) -> Option<Needed> {
    if let Some(seen) = desk.last_shown() {
        return desk.needed(&seen.chain, None);
    }
    let sent = server_certificates(desk);
    if sent.first().is_some_and(Certificate::is_ca) {
        Some(desk.authorities_needed(&sent))
    } else {
        desk.needed(&sent, None)
    }
}

/// The server's certificates, as far as they are known: end-entity first if it is among them.
pub(super) fn server_certificates(desk: &Desk<'_>) -> Vec<Certificate> {
    let known = desk.plan.chain("server");
    let chain = desk.server_chain("server_entry", "server").certificates;
    match desk.last_shown() {
        // What was shown, up to the root where that is at hand.
        Some(seen) if chain.is_empty() => complete_chain(&seen.chain, desk.keystore).0,
        _ if known.len() > chain.len() => known.to_vec(),
        _ => chain,
    }
}

fn client_chain(desk: &Desk<'_>) -> Chain {
    desk.client_chain("entry", "client")
}

/// The steps in order.
pub(super) fn steps(desk: &Desk<'_>) -> Vec<Step> {
    let needs = server_needs(desk);
    let mut steps = vec![common::sides(desk)];
    steps.extend(common::key_and_signature(
        desk,
        "entry",
        &client_chain(desk),
        &common::Key {
            key_step: "key",
            sign_step: "signed",
            after: &["sides"],
            after_key: &["key"],
            like: None,
        },
    ));
    steps.push(trust(desk, needs.as_ref()));
    steps.push(hand_over(desk));
    steps.push(install(desk));
    steps.push(test(desk));
    steps
}

fn trust(desk: &Desk<'_>, needs: Option<&Needed>) -> Step {
    let (client, server) = (desk.client(), desk.server());
    let step = Step::new(
        "trust",
        PlanSide::Client,
        &["sides"],
        t!("Trust {server}", server),
        t!(
            "{client} shows its certificate only to a server that it trusts: its trust store has to hold the root of {server}’s certificate. Look at the server, or take the certificate that its administrator has sent.",
            client,
            server
        ),
    )
    .done(desk.is_mine(PlanSide::Client) && needs.is_some_and(|needs| needs.trusted))
    .findings(needs.map(|needs| trust_findings(desk, needs)).unwrap_or_default())
    .probe(desk, "look", t!("Look at {server}", server), needs.is_none());
    if desk.is_mine(PlanSide::Server) {
        return step
            .act("pack_server", t!("Save what {client} has to trust", client), true, PlanActKind::Download)
            .message(messages::server_root(desk, needs))
            .marked(desk, t!("Done"));
    }
    let to_trust =
        needs.is_some_and(|needs| !needs.trusted && common::to_import(desk, needs).next().is_some());
    let step = step.act("server_files", t!("Take certificates from a file"), false, PlanActKind::Files);
    let step = if to_trust {
        step.act("trust", t!("Put it into the trust store"), true, PlanActKind::Do)
    } else {
        step
    };
    step.message(messages::ask_for_root(desk))
}

/// Which case it is, and what to do.
pub(super) fn trust_findings(desk: &Desk<'_>, needs: &Needed) -> Vec<Finding> {
    let (client, server) = (desk.client(), desk.server());
    let case = match needs.sent {
        SentPart::SelfSigned => t!(
            "{server} shows a self-signed certificate: {client} has to hold that very certificate.",
            server,
            client
        ),
        SentPart::EndEntityAlone => t!(
            "{server} sends its own certificate alone: {client} has to hold the intermediate and the root. Better still, {server} sends its intermediates along.",
            server,
            client
        ),
        SentPart::SomeIntermediates => t!(
            "{server} sends some of its intermediates and not all: {client} has to hold those that are missing, and the root.",
            server,
            client
        ),
        SentPart::AllIntermediates | SentPart::WithRoot => t!(
            "{server} sends its certificate with all intermediates: {client} has to hold the root alone.",
            server,
            client
        ),
    };
    let mut findings = vec![Finding { tone: Tone::Info, words: case }];
    for (certificate, kind) in &needs.certificates {
        let words = match (desk.trusted_as(certificate), kind) {
            (Some(alias), _) => Finding {
                tone: Tone::Good,
                words: t!(
                    "“{name}” is in the trust store as “{alias}”.",
                    name = certificate.display_name(),
                    alias
                ),
            },
            (None, NeededKind::Root | NeededKind::EndEntity) if !needs.trusted => Finding {
                tone: Tone::Warn,
                words: t!(
                    "To be trusted: {certificate}. Compare the fingerprint with {server}’s administrator before you trust it.",
                    certificate = to_compare(certificate),
                    server
                ),
            },
            (None, NeededKind::Intermediate) => Finding {
                tone: Tone::Warn,
                words: t!(
                    "To be at hand, since {server} does not send it: {certificate}.",
                    certificate = to_compare(certificate),
                    server
                ),
            },
            (None, _) => continue,
        };
        findings.push(words);
    }
    if let Some(missing) = &needs.missing {
        let name = missing.common_name().unwrap_or_else(|| missing.to_rfc4514());
        findings.push(Finding {
            tone: Tone::Warn,
            words: t!("The certificate of “{name}” is needed, and not at hand: ask {server}’s administrator for it, and take it from the file.", name, server),
        });
    }
    findings.extend(needs.failures.iter().map(|words| Finding { tone: Tone::Bad, words: words.clone() }));
    if needs.trusted {
        findings.push(Finding { tone: Tone::Good, words: t!("{client} trusts {server}.", client, server) });
    }
    findings
}

fn hand_over(desk: &Desk<'_>) -> Step {
    let (client, server) = (desk.client(), desk.server());
    let chain = client_chain(desk);
    let step = Step::new(
        "handover",
        PlanSide::Client,
        &["signed"],
        t!("Hand over to {server}", server),
        t!(
            "{server}’s administrator needs two things: {client}’s root for the trust store, and {client}’s own certificate to map it to a user. Both are in one file, in every usual form, with a text that says what goes where.",
            server,
            client
        ),
    )
    .findings(common::receiver_needs(desk, &chain));
    let step = if chain.leaf().is_some() {
        step.act("pack", t!("Save the package"), true, PlanActKind::Download)
            .act("pack_plan", t!("Save this plan for {server}", server), false, PlanActKind::Download)
            .message(messages::hand_over(desk, &chain))
    } else {
        step
    };
    step.done_at(desk.accepted(chain.leaf()).map(|seen| seen.at_ms)).marked(desk, t!("It is sent"))
}

fn install(desk: &Desk<'_>) -> Step {
    let (client, server) = (desk.client(), desk.server());
    let chain = client_chain(desk);
    let step = Step::new(
        "install",
        PlanSide::Server,
        &["handover"],
        t!("{server} accepts {client}", server, client),
        t!("{server}’s administrator puts {client}’s root into the trust store, and maps {client}’s certificate to a user.", server, client),
    )
    .findings(common::receiver_needs(desk, &chain))
    .done_at(desk.accepted(chain.leaf()).map(|seen| seen.at_ms));
    if !desk.is_mine(PlanSide::Server) {
        return step.marked(desk, "");
    }
    let step = if chain.leaf().is_some() {
        let root = chain.root().filter(|root| desk.trusted_as(root).is_none());
        let step = step
            .act("pack", t!("Save {client}’s certificates", client), true, PlanActKind::Download)
            .act("mapping", t!("Save the mapping sheet"), false, PlanActKind::Download);
        match root {
            Some(_) => {
                step.act("trust_client", t!("Put the root into this keystore too"), false, PlanActKind::Do)
            }
            None => step,
        }
    } else {
        step.act(
            "client_files",
            t!("Take {client}’s certificates from a file", client),
            true,
            PlanActKind::Files,
        )
    };
    step.message(messages::installed(desk)).marked(desk, t!("It is installed"))
}

fn test(desk: &Desk<'_>) -> Step {
    let (client, server) = (desk.client(), desk.server());
    let chain = client_chain(desk);
    let accepted = desk.accepted(chain.leaf());
    let step = Step::new(
        "test",
        PlanSide::Client,
        &["signed", "trust", "install"],
        t!("Test the connection"),
        t!("A handshake with {server}, with {client}’s certificate: the result says whether it was used, and why not.", server, client),
    )
    .done_at(accepted.map(|seen| seen.at_ms))
    .findings(common::tested(desk, desk.seen(&["test"])));
    if desk.is_mine(PlanSide::Client) {
        step.probe(desk, "test", t!("Test with {client}’s certificate", client), true)
            .message(messages::tested(desk, accepted.is_some()))
            .marked(desk, t!("The connection works in practice"))
    } else {
        step.marked(desk, "")
    }
}

/// Both sides of the picture.
pub(super) fn picture(desk: &Desk<'_>) -> Vec<PlanSideView> {
    let chain = client_chain(desk);
    let needs = server_needs(desk);
    let mut client_holds = vec![key_and_certificate(
        desk,
        "client_key",
        t!("Its key with certificate"),
        PlanSide::Client,
        "entry",
        &chain,
    )];
    client_holds.push(issuers(desk, &chain));
    client_holds.extend(trusted(desk, needs.as_ref()));
    let server_holds = vec![shown_certificate(desk), client_root(desk, &chain), mapping(desk, &chain)];
    vec![
        side(desk, PlanSide::Client, t!("the system that calls"), client_holds),
        side(desk, PlanSide::Server, t!("the system that is called"), server_holds),
    ]
}

fn issuers(desk: &Desk<'_>, chain: &Chain) -> Holding {
    let label = t!("Its chain up to the root");
    let authorities = desk.accepted_authorities();
    match chain.leaf() {
        None => holding("client_chain", label, None, HoldingState::Unknown),
        Some(leaf) if is_self_signed(leaf) => said(
            holding("client_chain", label, Some(leaf), HoldingState::Here),
            t!("Self-signed: it is its own root."),
        ),
        Some(_) if chain.is_complete() => {
            let held = holding("client_chain", label, chain.root(), HoldingState::Here);
            if authorities.is_empty() {
                said(held, t!("Complete."))
            } else if leads_to(chain, &authorities).is_some() {
                said(held, t!("Complete, and of an authority that {server} accepts.", server = desk.server()))
            } else {
                let held = said(
                    held,
                    t!("Complete, and of no authority that {server} accepts.", server = desk.server()),
                );
                Holding { tone: Tone::Bad, ..held }
            }
        }
        Some(_) => {
            let missing =
                chain.missing.as_ref().map(|name| name.common_name().unwrap_or_else(|| name.to_rfc4514()));
            let words = t!("The certificate of “{name}” is missing.", name = missing.unwrap_or_default());
            said(holding("client_chain", label, None, HoldingState::Missing), words)
        }
    }
}

/// What the client trusts of the server.
fn trusted(desk: &Desk<'_>, needs: Option<&Needed>) -> Vec<Holding> {
    let label = t!("What it trusts of the other side");
    let known_here = desk.is_mine(PlanSide::Client);
    let Some(needs) = needs else {
        let state = if known_here { HoldingState::Missing } else { HoldingState::Unknown };
        let words = t!("A look at {server} shows which root that is.", server = desk.server());
        return vec![said(holding("server_root", label, None, state), words)];
    };
    let held =
        needs.certificates.iter().filter(|(_, kind)| !(needs.trusted && *kind == NeededKind::Intermediate));
    let named = needs.missing.as_ref().map(|name| Holding {
        name: name.common_name().unwrap_or_else(|| name.to_rfc4514()),
        ..said(
            holding("server_root", label, None, HoldingState::Missing),
            t!("Its certificate is not at hand: the server does not send it."),
        )
    });
    held.map(|(certificate, kind)| {
        let what = if *kind == NeededKind::Intermediate { "server_intermediate" } else { "server_root" };
        let alias = desk.trusted_as(certificate).filter(|_| known_here);
        let state = match (known_here, alias) {
            (false, _) if desk.plan.marks.contains_key("trust") => HoldingState::Here,
            (false, _) => HoldingState::Unknown,
            (true, Some(_)) => HoldingState::Here,
            (true, None) => HoldingState::Missing,
        };
        let held = holding(what, label, Some(certificate), state);
        said(held_by(held, alias), validity(certificate, desk.now()))
    })
    .chain(named)
    .collect()
}

fn shown_certificate(desk: &Desk<'_>) -> Holding {
    let label = t!("Its key with certificate");
    let own = desk.server_chain("server_entry", "server");
    let seen = desk.last_shown().and_then(|seen| seen.chain.first());
    match seen.or_else(|| own.leaf()) {
        Some(leaf) => said(
            holding("server_certificate", label, Some(leaf), HoldingState::Here),
            validity(leaf, desk.now()),
        ),
        None => holding("server_certificate", label, None, HoldingState::Unknown),
    }
}

fn client_root(desk: &Desk<'_>, chain: &Chain) -> Holding {
    let label = t!("What it trusts of the other side");
    let root = chain.root();
    let proven = desk.accepted(chain.leaf()).is_some();
    let alias = root.and_then(|root| desk.trusted_as(root)).filter(|_| desk.is_mine(PlanSide::Server));
    let told = desk.plan.marks.contains_key("install");
    let (state, words) = match (proven, alias, told) {
        (true, ..) => (HoldingState::Here, t!("Shown by a handshake that it accepted.")),
        (_, Some(_), _) => (HoldingState::Here, t!("In this keystore.")),
        (_, _, true) => (HoldingState::Here, t!("As its administrator says.")),
        _ if root.is_none() => (HoldingState::Unknown, t!("Not known before there is a certificate.")),
        _ => (HoldingState::Missing, t!("It has to be put into its trust store.")),
    };
    said(held_by(holding("client_root", label, root, state), alias), words)
}

fn mapping(desk: &Desk<'_>, chain: &Chain) -> Holding {
    let label = t!("To whom it maps the other side’s certificate");
    let proven = desk.accepted(chain.leaf()).is_some();
    let told = desk.plan.marks.contains_key("install");
    let (state, words) = match (chain.leaf(), proven, told) {
        (_, true, _) => (
            HoldingState::Here,
            t!("The handshake was accepted. Whether the user may do what is wanted shows in a real call."),
        ),
        (_, _, true) => (HoldingState::Here, t!("As its administrator says.")),
        (Some(_), ..) => (HoldingState::Missing, t!("The certificate has to be mapped to a user.")),
        (None, ..) => (HoldingState::Unknown, t!("Not known before there is a certificate.")),
    };
    said(holding("mapping", label, chain.leaf(), state), words)
}
