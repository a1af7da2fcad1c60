//! Texts that pass between the two sides, by mail or chat. They call the systems by name, say which machine is meant, and how a certificate is compared.

use certwright_certs::Certificate;
use certwright_chain::NeededKind;
use certwright_protocol::t;
use certwright_protocol::ui::plans::{PlanMessage, PlanSide};

use super::desk::{Chain, Desk, Needed, fingerprint_words};

fn message(desk: &Desk<'_>, to: PlanSide, title: String, paragraphs: &[String]) -> PlanMessage {
    let kept: Vec<&str> = paragraphs.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
    let text = format!("{}\n\n{}\n", t!("Hello,"), kept.join("\n\n"));
    PlanMessage { title: desk.sentences(title), to: desk.name(to), text: desk.sentences(text) }
}

/// Name, serial number and fingerprint, a line each.
pub(super) fn facts(certificate: &Certificate) -> String {
    t!(
        "  Subject: {subject}\n  Issuer: {issuer}\n  Serial number: {serial}\n  SHA-256: {fingerprint}",
        subject = certificate.subject().to_rfc4514(),
        issuer = certificate.issuer().to_rfc4514(),
        serial = certificate.serial_hex(),
        fingerprint = fingerprint_words(certificate)
    )
}

/// Which machine is meant.
fn machine(desk: &Desk<'_>) -> String {
    let host = desk.host();
    if host.is_empty() {
        return String::new();
    }
    t!(
        "This is about {server} ({host}), which {client} calls.",
        server = desk.server(),
        host,
        client = desk.client()
    )
}

/// The client's side asks for the root of the server.
pub(super) fn ask_for_root(desk: &Desk<'_>) -> PlanMessage {
    let (client, server) = (desk.client(), desk.server());
    message(
        desk,
        PlanSide::Server,
        t!("Root certificate of {server}, for {client}", server, client),
        &[
            machine(desk),
            t!(
                "{client} is to trust {server}. Please send us the root certificate of the chain that {server} shows (and its intermediates, if {server} does not send them itself), as .cer, .pem or .p7b, and tell us its SHA-256 fingerprint by another channel, so that we can compare it.",
                client,
                server
            ),
            t!(
                "Please send us the list of authorities, too, whose client certificates {server} accepts.",
                server
            ),
        ],
    )
}

/// The server's side says what the client has to trust.
pub(super) fn server_root(desk: &Desk<'_>, needs: Option<&Needed>) -> PlanMessage {
    let (client, server) = (desk.client(), desk.server());
    let to_trust = needs.and_then(|needs| {
        needs
            .certificates
            .iter()
            .find(|(_, kind)| *kind != NeededKind::Intermediate)
            .map(|(one, _)| facts(one))
    });
    message(
        desk,
        PlanSide::Client,
        t!("What {client} has to trust of {server}", client, server),
        &[
            machine(desk),
            t!(
                "Please put this certificate into the trust store of {client}, and compare its fingerprint with us before that:",
                client
            ),
            to_trust.unwrap_or_default(),
        ],
    )
}

/// The client's side hands its certificates over.
pub(super) fn hand_over(desk: &Desk<'_>, chain: &Chain) -> PlanMessage {
    let (client, server) = (desk.client(), desk.server());
    let root = match (chain.root(), chain.leaf()) {
        (Some(root), Some(leaf)) if root != leaf => {
            t!(
                "1. Put the root certificate into the trust store of {server} (client-root.cer, or .pem):\n{facts}",
                server,
                facts = facts(root)
            )
        }
        (None, _) => t!("1. The root certificate comes later.").to_owned(),
        _ => t!(
            "1. Put the certificate itself, which is self-signed, into the trust store of {server} (client-certificate.cer, or .pem).",
            server
        ),
    };
    let leaf = chain.leaf().map(|leaf| {
        t!("2. Map {client}’s certificate to the user as whom {client} is to work (client-certificate.cer; mapping.txt has its subject, issuer and serial number in every notation):\n{facts}", client, facts = facts(leaf))
    });
    message(
        desk,
        PlanSide::Server,
        t!("Client certificate of {client} for {server}", client, server),
        &[
            machine(desk),
            t!("{client} is to log on to {server} with a client certificate. Enclosed is a file with all that is needed; README.txt in it says what goes where. Please:", client, server),
            root,
            leaf.unwrap_or_default(),
            t!("3. Tell us when this is done, so that we can test. There is no secret in the file; all the same, compare the fingerprints with us by another channel.").to_owned(),
        ],
    )
}

/// The server's side has installed them.
pub(super) fn installed(desk: &Desk<'_>) -> PlanMessage {
    let (client, server) = (desk.client(), desk.server());
    message(
        desk,
        PlanSide::Client,
        t!("{client}’s certificate is installed on {server}", client, server),
        &[
            machine(desk),
            t!(
                "The root of {client}’s certificate is in the trust store of {server}, and the certificate is mapped to a user. Please test the connection.",
                client,
                server
            ),
        ],
    )
}

/// How the test went.
pub(super) fn tested(desk: &Desk<'_>, works: bool) -> PlanMessage {
    let (client, server) = (desk.client(), desk.server());
    let result = if works {
        t!("{server} accepted {client}’s certificate in the handshake. Thank you.", server, client)
    } else {
        t!(
            "The connection does not work yet. Please look at what {server} has logged, and whether the root is in the trust store that this very port uses.",
            server
        )
    };
    message(
        desk,
        PlanSide::Server,
        t!("Connection from {client} to {server}", client, server),
        &[machine(desk), result],
    )
}

/// The system certificate goes to whoever is called.
pub(super) fn system(desk: &Desk<'_>, chain: &Chain) -> PlanMessage {
    let name = desk.client();
    let leaf = chain.leaf().map(facts).unwrap_or_default();
    let title = t!("Certificate of {name}", name);
    let text = t!(
        "{name} shows by this certificate who it is. Please put its root into the trust store of what {name} calls, and map the certificate to a user there. All forms are enclosed; README.txt says what goes where.",
        name
    );
    let mut message = message(desk, PlanSide::Client, title, &[text, leaf]);
    message.to = t!("whoever is called").to_owned();
    message
}

/// What goes where: the text of the package.
pub(super) fn readme(desk: &Desk<'_>, files: &[&str]) -> String {
    let (client, server) = (desk.client(), desk.server());
    let mut text = format!("{}\n\n", super::words::title(desk));
    for name in files {
        let what = what_it_is(name, &client, &server);
        text.push_str(&format!("{name}\n    {what}\n"));
    }
    text.push_str(&format!(
        "\nmail.txt\n    {}\n\n{}\n",
        t!("What we have written to you."),
        t!("Nothing here is secret. Compare the SHA-256 fingerprints by another channel before you trust a certificate.")
    ));
    text
}

fn what_it_is(name: &str, client: &str, server: &str) -> String {
    if name.ends_with(".json") {
        return t!(
            "The plan of this job: drop it on Certwright’s page to see the steps of your own side. The rest can be used without it."
        )
        .to_owned();
    }
    let form = match name.rsplit('.').next() {
        Some("cer") => t!("binary (DER)"),
        Some("pem") => t!("text (PEM)"),
        Some("p7b") => t!("PKCS#7"),
        _ => t!("text"),
    };
    let old = name.starts_with("old-");
    let bare = name.strip_prefix("old-").unwrap_or(name);
    let (owner, other) = if bare.starts_with("server") { (server, client) } else { (client, server) };
    let what = match bare.split_once('-').map_or(bare, |(_, rest)| rest) {
        rest if rest.starts_with("root") => {
            t!("The root of {owner}’s certificate: into the trust store of {other}.", owner, other)
        }
        rest if rest.starts_with("intermediate") => {
            t!(
                "An intermediate: into the trust store of {other} only where {owner} does not send it along.",
                owner,
                other
            )
        }
        rest if rest.starts_with("certificate-one-line") => {
            t!("{owner}’s certificate on one line, as a JSON string wants it.", owner)
        }
        rest if rest.starts_with("certificate") && bare.starts_with("client") => {
            t!(
                "{owner}’s certificate: map it to a user on {other}. It does not belong in the trust store, unless it is self-signed.",
                owner,
                other
            )
        }
        rest if rest.starts_with("certificate") => t!("{owner}’s certificate, to be looked at.", owner),
        rest if rest.starts_with("chain") => t!("The whole chain of {owner} in one file.", owner),
        _ => t!(
            "Subject, issuer and serial number of {owner}’s certificate in every notation, for the mapping.",
            owner
        ),
    };
    if old {
        t!("{what} This is the old one, which stays until the switch. ({form})", what, form)
    } else {
        format!("{what} ({form})")
    }
}

/// The client's side asks for the new root before the switch.
pub(super) fn ask_for_new_root(desk: &Desk<'_>) -> PlanMessage {
    let (client, server) = (desk.client(), desk.server());
    message(
        desk,
        PlanSide::Server,
        t!("New certificate of {server}: please send its root before", server),
        &[
            machine(desk),
            t!(
                "As soon as {server}’s new certificate is there, and before you install it, please send us its root and intermediates. {client} has to trust them first. Do not switch before you have our word.",
                server,
                client
            ),
        ],
    )
}

/// The server's side announces the new root.
pub(super) fn new_root(desk: &Desk<'_>, new: Option<&Certificate>, old: Option<&Certificate>) -> PlanMessage {
    let (client, server) = (desk.client(), desk.server());
    let day = desk.plan.field("switch_date");
    let when = if day.is_empty() { String::new() } else { t!("We plan to switch on {day}.", day) };
    let old = old.map(|old| {
        t!("The old root stays beside it until we say that it may go:\n{facts}", facts = facts(old))
    });
    message(
        desk,
        PlanSide::Client,
        t!("New root of {server}, to be trusted by {client}", server, client),
        &[
            machine(desk),
            t!(
                "{server} gets a new certificate under another root. Please put this root into the trust store of {client}, beside the old one:\n{facts}",
                server,
                client,
                facts = new.map(facts).unwrap_or_default()
            ),
            old.unwrap_or_default(),
            when,
            t!(
                "Restart what keeps the trust store of {client} in memory, or wait a day; then tell us that the new root is in. We switch only after that.",
                client
            ),
        ],
    )
}

/// The client's side is ready.
pub(super) fn new_root_is_in(desk: &Desk<'_>) -> PlanMessage {
    let (client, server) = (desk.client(), desk.server());
    message(
        desk,
        PlanSide::Server,
        t!("{client} trusts the new root of {server}", client, server),
        &[
            machine(desk),
            t!(
                "The new root is in the trust store of {client}, beside the old one, and {client} knows it. {server} can switch to its new certificate. Please send the intermediates along, and tell us when the old root may go.",
                client,
                server
            ),
        ],
    )
}

/// The server has switched for good.
pub(super) fn old_may_go(desk: &Desk<'_>) -> PlanMessage {
    let (client, server) = (desk.client(), desk.server());
    message(
        desk,
        PlanSide::Client,
        t!("The old root of {server} may go", server),
        &[
            machine(desk),
            t!(
                "{server} shows its new certificate, and stays with it. {client} need not trust the old root any longer.",
                server,
                client
            ),
        ],
    )
}

/// The client's new certificate, beside the old one.
pub(super) fn new_client(desk: &Desk<'_>, chain: &Chain) -> PlanMessage {
    let (client, server) = (desk.client(), desk.server());
    message(
        desk,
        PlanSide::Server,
        t!("New client certificate of {client} for {server}", client, server),
        &[
            machine(desk),
            t!(
                "{client} gets a new client certificate. Please map it to the same user, beside the old one, which stays until we say that it may go:\n{facts}",
                client,
                facts = chain.leaf().map(facts).unwrap_or_default()
            ),
            match chain.root() {
                Some(root) => t!(
                    "Its root has to be in the trust store of {server}:\n{facts}",
                    server,
                    facts = facts(root)
                ),
                None => String::new(),
            },
            t!("Tell us when this is done, so that we can test and switch.").to_owned(),
        ],
    )
}

/// The client uses its new certificate.
pub(super) fn old_client_may_go(desk: &Desk<'_>, old: &Chain) -> PlanMessage {
    let (client, server) = (desk.client(), desk.server());
    message(
        desk,
        PlanSide::Server,
        t!("The old client certificate of {client} may go", client),
        &[
            machine(desk),
            t!(
                "{client} logs on to {server} with its new certificate. Please remove the mapping of the old one:\n{facts}",
                client,
                server,
                facts = old.leaf().map(facts).unwrap_or_default()
            ),
        ],
    )
}
