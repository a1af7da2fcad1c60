//! Steps and findings that several jobs have in common: naming the sides, getting a key and having it signed, what the receiver needs, how a test went.

use certwright_certs::Certificate;
use certwright_chain::NeededKind;
use certwright_keystore::entry::Entry;
use certwright_protocol::catalogue::format_time;
use certwright_protocol::ui::inspect::Tone;
use certwright_protocol::ui::plans::{Finding, PlanActKind, PlanFieldKind, PlanKind, PlanSide};
use certwright_protocol::{t, tn};

use super::desk::{Chain, Desk, Needed, is_self_signed, leads_to};
use super::seen::{Outcome, Seen};
use super::sides::{to_compare, validity};
use super::steps::Step;

/// Days before the end of a certificate at which that is said.
pub(super) const SOON_DAYS: i64 = 30;
const DAY: i64 = 86_400;

/// Says something.
pub(super) fn finding(tone: Tone, words: impl Into<String>) -> Finding {
    Finding { tone, words: words.into() }
}

/// The sides are named once, and called so everywhere.
pub(super) fn sides(desk: &Desk<'_>) -> Step {
    let named = ["client_name", "server_name"].iter().all(|field| !desk.plan.field(field).is_empty());
    Step::new(
        "sides",
        desk.plan.mine,
        &[],
        t!("Which system calls which"),
        t!("Name the two systems as you call them at work. They are called so in every step and in every text for the other side."),
    )
    .done(named && desk.target().is_some())
    .field(desk, "client_name", t!("The system that calls"), PlanFieldKind::Text, t!("It holds the client’s key."))
    .field(desk, "server_name", t!("The system that is called"), PlanFieldKind::Text, t!("It asks who is calling."))
    .field(
        desk,
        "host",
        t!("Host of the system that is called"),
        PlanFieldKind::Host,
        t!("For example erp.example.com:443."),
    )
}

/// Where a key and its signature stand among the steps.
pub(super) struct Key {
    pub(super) key_step: &'static str,
    pub(super) sign_step: &'static str,
    pub(super) after: &'static [&'static str],
    pub(super) after_key: &'static [&'static str],
    /// The entry that the new one is to be like.
    pub(super) like: Option<String>,
}

/// Getting the client's key, and having it signed.
pub(super) fn key_and_signature(desk: &Desk<'_>, field: &str, chain: &Chain, place: &Key) -> [Step; 2] {
    let client = desk.client();
    let mine = desk.is_mine(PlanSide::Client);
    let entry = desk.entry(field);
    let pair = entry.and_then(Entry::key_pair);
    let alias = entry.map(|entry| entry.alias.clone()).unwrap_or_default();

    let words = match &place.like {
        Some(old) => t!("{client} gets a new key beside “{old}”, which stays until the switch.", client, old),
        None if desk.plan.kind == PlanKind::SystemCertificate => {
            t!(
                "{client} shows by this key who it is. Take one that is there, bring one in a file, or make a new one.",
                client
            )
        }
        None => t!(
            "{client} proves by this key who it is. Take one that is there (locked ones can be used too), bring one from a PKCS#12 or PEM file, or make a new one.",
            client
        ),
    };
    let key = Step::new(place.key_step, PlanSide::Client, place.after, t!("{client}’s key", client), words)
        .done_at(entry.filter(|_| pair.is_some()).map(|entry| entry.created_ms))
        .done(chain.leaf().is_some());
    let key = if mine {
        let suggestion = desk.keystore.unique_alias(match &place.like {
            Some(old) => old,
            None => &client,
        });
        let field_name = field.to_owned();
        let key = key
            .entry_field(desk, field, t!("Entry of this keystore"), key_pairs(desk))
            .act(
                "new_key",
                t!("Make a new key"),
                pair.is_none(),
                PlanActKind::NewKey { alias: suggestion, field: field_name.clone() },
            )
            .act("import", t!("Bring one in a file"), false, PlanActKind::Import { field: Some(field_name) });
        match entry {
            Some(entry) if pair.is_none() => {
                key.finding(Tone::Bad, t!("“{alias}” holds no private key.", alias = entry.alias))
            }
            Some(entry) if entry.locked => key.finding(
                Tone::Info,
                t!(
                    "“{alias}” is locked: it can be used, and its private key never leaves.",
                    alias = entry.alias
                ),
            ),
            None if !desk.plan.field(field).is_empty() => key.finding(
                Tone::Bad,
                t!("The keystore has no entry “{alias}” any more.", alias = desk.plan.field(field)),
            ),
            _ => key,
        }
    } else {
        key.marked(desk, "")
    };

    let signed = Step::new(
        place.sign_step,
        PlanSide::Client,
        place.after_key,
        t!("Have it signed"),
        match desk.plan.kind {
            PlanKind::SystemCertificate => {
                t!("An authority signs {client}’s key; where none is needed, it signs itself.", client)
            }
            _ => t!(
                "An authority that {server} accepts signs {client}’s key: make a signing request, send it, and import the reply. Where no authority is needed, the key signs itself.",
                server = desk.server(),
                client
            ),
        },
    );
    let is_good = chain.leaf().is_some_and(|leaf| leaf.not_after() >= desk.now());
    let signed = signed.done(is_good).findings(signature_findings(desk, chain));
    if !mine {
        return [key, signed.marked(desk, "")];
    }
    let pending = pair.is_some_and(|pair| pair.request.is_some());
    let mut signed = signed;
    if pending {
        signed = signed.finding(
            Tone::Info,
            t!("A signing request of “{alias}” is under way. Another one may be made: the key stays the same, so the reply to either of them fits.", alias),
        );
    }
    if pair.is_some() {
        let like = place.like.clone();
        signed = signed
            .act(
                "request",
                if pending { t!("Make another signing request") } else { t!("Make a signing request") },
                chain.leaf().is_none() && !pending,
                PlanActKind::MakeRequest { alias: alias.clone(), like },
            )
            .act(
                "reply",
                t!("Import the reply"),
                chain.leaf().is_none() && pending,
                PlanActKind::Import { field: None },
            )
            .act("self_sign", t!("Let it sign itself"), false, PlanActKind::SelfSign { alias: alias.clone() })
            .act("entry", t!("Show the entry"), false, PlanActKind::Entry { alias });
    }
    if desk.plan.kind != PlanKind::SystemCertificate {
        signed = signed
            .act(
                "accepted_files",
                t!("Take the list of accepted authorities from a file"),
                false,
                PlanActKind::Files,
            )
            .act("intended_files", t!("Check an authority before you ask it"), false, PlanActKind::Files)
            .probe(desk, "look", t!("Ask {server} what it accepts", server = desk.server()), false);
    }
    [key, signed]
}

/// What is to be said of the certificate, and of the authorities that the server accepts.
fn signature_findings(desk: &Desk<'_>, chain: &Chain) -> Vec<Finding> {
    let mut findings = Vec::new();
    let server = desk.server();
    if let Some(leaf) = chain.leaf() {
        findings.extend(certificate_findings(desk, chain, leaf));
    }
    if desk.plan.kind == PlanKind::SystemCertificate {
        return findings;
    }
    let authorities = desk.accepted_authorities();
    if authorities.is_empty() {
        let asked = desk.seen(&["signed", "trust", "test"]).filter(|seen| seen.reached());
        findings.push(match asked.map(|seen| seen.requested) {
            Some(Some(true)) => finding(
                Tone::Info,
                t!("{server} asks for a certificate and names no authorities: it says yes or no only when it has seen one.", server),
            ),
            Some(Some(false)) => finding(
                Tone::Warn,
                t!("{server} did not ask for a client certificate. Where it ought to, its administrator has to switch that on.", server),
            ),
            _ => finding(
                Tone::Info,
                t!("Which authorities {server} accepts is not known yet: look at it, or take its list from a file, before you pay for a certificate.", server),
            ),
        });
        return findings;
    }
    let names: Vec<String> = authorities
        .iter()
        .take(8)
        .map(|name| name.common_name().unwrap_or_else(|| name.to_rfc4514()))
        .collect();
    let count = authorities.len();
    findings.push(finding(
        Tone::Info,
        tn!(
            count,
            "{server} accepts certificates of {names}.",
            "{server} accepts certificates of {count} authorities, among them: {names}.",
            server,
            count,
            names = names.join(", ")
        ),
    ));
    if chain.leaf().is_some() {
        findings.push(match leads_to(chain, &authorities) {
            Some(name) => finding(
                Tone::Good,
                t!("The certificate leads to “{name}”, which {server} accepts.", name = name.to_rfc4514(), server),
            ),
            None => finding(
                Tone::Warn,
                t!("The certificate leads to none of the authorities that {server} accepts: it will most likely be refused.", server),
            ),
        });
    } else if let Some(intended) = desk.plan.chain("intended").first() {
        let chain = desk.known_chain("intended");
        let name = intended.display_name();
        findings.push(match leads_to(&chain, &authorities) {
            Some(_) => finding(Tone::Good, t!("{server} accepts certificates of “{name}”: ask it to sign.", server, name)),
            None => finding(
                Tone::Bad,
                t!("{server} does not accept certificates of “{name}”. Choose another authority, or have its root put into {server}’s trust store first.", server, name),
            ),
        });
    }
    findings
}

fn certificate_findings(desk: &Desk<'_>, chain: &Chain, leaf: &Certificate) -> Vec<Finding> {
    let left = leaf.not_after() - desk.now();
    let mut findings = vec![finding(
        match left {
            ..0 => Tone::Bad,
            left if left < SOON_DAYS * DAY => Tone::Warn,
            _ => Tone::Good,
        },
        t!(
            "“{subject}”, signed by “{issuer}”. {validity}",
            subject = leaf.subject().to_rfc4514(),
            issuer = leaf.issuer().to_rfc4514(),
            validity = validity(leaf, desk.now())
        ),
    )];
    findings.push(match &chain.missing {
        _ if is_self_signed(leaf) => finding(Tone::Info, t!("It is self-signed: the other side has to trust this very certificate.")),
        None => finding(Tone::Good, t!("The chain is complete up to its root.")),
        Some(missing) => finding(
            Tone::Warn,
            t!(
                "The chain is not complete: the certificate of “{name}” is missing. Import it, or the whole chain as PKCS#7 (.p7b), which the authority gives.",
                name = missing.to_rfc4514()
            ),
        ),
    });
    findings
}

/// What the receiver of a client's certificate has to hold.
pub(super) fn receiver_needs(desk: &Desk<'_>, chain: &Chain) -> Vec<Finding> {
    let (client, server) = (desk.client(), desk.server());
    let Some(leaf) = chain.leaf() else { return Vec::new() };
    if is_self_signed(leaf) {
        let certificate = to_compare(leaf);
        return vec![finding(
            Tone::Info,
            t!(
                "{client}’s certificate is self-signed: {server} has to trust that very certificate, and map it: {certificate}.",
                client,
                server,
                certificate
            ),
        )];
    }
    let mut findings = Vec::new();
    match chain.root() {
        Some(root) => findings.push(finding(
            Tone::Info,
            t!("{server} has to trust {certificate}.", server, certificate = to_compare(root)),
        )),
        None => findings.push(finding(
            Tone::Warn,
            t!("The root of {client}’s certificate is not at hand, and {server} needs it.", client, server),
        )),
    }
    let between = chain.certificates.len().saturating_sub(2);
    if between > 0 && chain.is_complete() {
        findings.push(finding(
            Tone::Info,
            tn!(
                between,
                "{client} has to send its intermediate along; where it does not, {server} has to hold that too.",
                "{client} has to send its {between} intermediates along; where it does not, {server} has to hold them too.",
                client,
                server,
                between
            ),
        ));
    }
    findings.push(finding(
        Tone::Info,
        t!("{server} has to map {certificate} to a user.", server, certificate = to_compare(leaf)),
    ));
    findings
}

/// How a test went.
pub(super) fn tested(desk: &Desk<'_>, seen: Option<&Seen>) -> Vec<Finding> {
    let Some(seen) = seen else { return Vec::new() };
    let (client, server) = (desk.client(), desk.server());
    let when = format_time(seen.at_ms.div_euclid(1000));
    let (tone, words) = match (seen.outcome, seen.requested) {
        (Outcome::Accepted, _) => {
            (Tone::Good, t!("{when}: {server} accepted {client}’s certificate.", when, server, client))
        }
        (Outcome::Undetermined, _) => (
            Tone::Warn,
            t!(
                "{when}: {server} took {client}’s certificate and said nothing. Whether it accepts it shows in a real call.",
                when,
                server,
                client
            ),
        ),
        (Outcome::Refused, _) => {
            (Tone::Bad, t!("{when}: {server} refused {client}’s certificate.", when, server, client))
        }
        (Outcome::NotUsed, Some(false)) => (
            Tone::Bad,
            t!(
                "{when}: {client}’s certificate was not used, since {server} did not ask for one. Its administrator has to switch client certificates on for this port.",
                when,
                server,
                client
            ),
        ),
        (Outcome::NotUsed, _) => {
            (Tone::Bad, t!("{when}: {client}’s certificate was not used.", when, client))
        }
    };
    let mut findings = vec![finding(tone, words)];
    if let Some(words) = seen.told().filter(|_| tone != Tone::Good) {
        let told = [&words.title, &words.what_happened, &words.what_to_try];
        let told: Vec<&str> =
            told.into_iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        findings.push(finding(Tone::Info, told.join(" — ")));
    }
    findings
}

/// The certificates of what is needed that are to be put into the trust store.
pub(super) fn to_import<'n>(desk: &'n Desk<'_>, needs: &'n Needed) -> impl Iterator<Item = &'n Certificate> {
    let wanted = needs.certificates.iter().filter(|(certificate, kind)| {
        let is_end = needs.missing.is_none() || *kind == NeededKind::Intermediate;
        is_end && desk.trusted_as(certificate).is_none()
    });
    wanted.map(|(certificate, _)| certificate)
}

/// The key pairs that can be chosen, with what their certificates say.
pub(super) fn key_pairs(desk: &Desk<'_>) -> Vec<(String, String)> {
    let words = |entry: &Entry| match entry.certificate() {
        Some(certificate) => t!(
            "{alias} ({name}; {validity})",
            alias = entry.alias,
            name = certificate.display_name(),
            validity = validity(certificate, desk.now()).trim_end_matches('.')
        ),
        None => t!("{alias} (no certificate yet)", alias = entry.alias),
    };
    desk.keystore.key_pairs().map(|(entry, _)| (entry.alias.clone(), words(entry))).collect()
}
