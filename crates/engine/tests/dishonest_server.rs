//! A dishonest Certwright server asks for signatures that it must not get.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use certwright_engine::files::{Input, Passwords, anchors, client_keystore};
use certwright_engine::probe::Probe;
use certwright_protocol::Bytes;
use certwright_protocol::conversation::{FromServer, ServerEvent, ToServer};
use certwright_protocol::report::{CertificateUse, ProbeVerdict, WhyNotUsed};
use certwright_protocol::ui::ProbePlan;
use support::{Authority, now, random};

const HOST: &str = "erp.example.com";
const ECDSA_P256: u16 = 0x0403;
const RSA_PKCS1: u16 = 0x0401;

/// A probe that has judged the chain and chosen its certificate: only the signature is missing.
struct Ready {
    probe: Probe,
    server: Vec<Bytes>,
    client: Vec<Bytes>,
}

fn ready(authority: &Authority, trusted: bool, validate: bool) -> Ready {
    let (_, server) = authority.server(HOST);
    let (key, certificate) = authority.server("client");
    let chain = [certificate, authority.read("inter.pem")].concat();
    let keystore = client_keystore(("client.pem", &chain), ("client.key", &key), None).unwrap();
    let root = authority.read("root.pem");
    let root = Input { name: "root.pem", bytes: &root };
    let anchors = if trusted { anchors(&root, &Passwords::none()).unwrap() } else { Vec::new() };
    let plan = ProbePlan { validate, ..ProbePlan::new(HOST, 443) };
    let (mut probe, opening) = Probe::start(plan, &keystore, anchors, now() * 1000).unwrap();
    assert!(matches!(opening, ToServer::Start(_)));
    let server: Vec<Bytes> =
        [server, authority.read("inter.pem")].iter().map(|pem| authority.der(pem).into()).collect();
    let asked =
        ServerEvent::CertificateRequested { authorities: Vec::new(), schemes: vec![ECDSA_P256, RSA_PKCS1] };
    let Some(ToServer::Certificate { chain: client, .. }) = tell(&mut probe, asked) else {
        panic!("no certificate was chosen")
    };
    tell(&mut probe, ServerEvent::ServerChain { certificates: server.clone(), ocsp_staple: None });
    assert_eq!(probe.report().chain.as_ref().unwrap().trusted, trusted);
    Ready { probe, server, client }
}

fn tell(probe: &mut Probe, event: ServerEvent) -> Option<ToServer> {
    probe.receive(FromServer { at_us: 1, event }, now(), &mut random())
}

fn wanted(scheme: u16, message: Vec<u8>) -> ServerEvent {
    ServerEvent::SignatureWanted { scheme, message: message.into(), handshake: Vec::new() }
}

fn tls13() -> Vec<u8> {
    [&[b' '; 64][..], b"TLS 1.3, client CertificateVerify\0", &[7; 32]].concat()
}

fn prefixed(width: usize, body: &[u8]) -> Vec<u8> {
    let length = body.len().to_be_bytes();
    [&length[length.len() - width..], body].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [vec![kind], prefixed(3, body)].concat()
}

fn hello(host: Option<&str>) -> Vec<u8> {
    let extensions = host.map_or_else(Vec::new, |host| {
        let name = [vec![0], prefixed(2, host.as_bytes())].concat();
        [vec![0, 0], prefixed(2, &prefixed(2, &name))].concat()
    });
    let body =
        [vec![3, 3], vec![9; 32], vec![0], prefixed(2, &[0xc0, 0x2b]), vec![1, 0], prefixed(2, &extensions)];
    message(1, &body.concat())
}

fn certificates(chain: &[Bytes]) -> Vec<u8> {
    let list: Vec<u8> = chain.iter().flat_map(|der| prefixed(3, &der.0)).collect();
    message(11, &prefixed(3, &list))
}

fn tls12(host: Option<&str>, server: &[Bytes], client: &[Bytes]) -> Vec<u8> {
    [
        hello(host),
        message(2, &[0; 40]),
        certificates(server),
        message(12, &[0; 80]),
        message(13, &[0; 10]),
        message(14, &[]),
        certificates(client),
        message(16, &[0; 33]),
    ]
    .concat()
}

fn refused(ready: &mut Ready, scheme: u16, message: Vec<u8>) -> WhyNotUsed {
    assert_eq!(tell(&mut ready.probe, wanted(scheme, message)), Some(ToServer::DeclineSignature));
    tell(&mut ready.probe, ServerEvent::Ended { failure: None });
    match ready.probe.report().client_authentication.used.clone() {
        Some(CertificateUse::NotUsed { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_honest_request_is_signed_once() {
    let authority = Authority::new();
    let Ready { mut probe, server, client } = ready(&authority, true, true);
    let first = tell(&mut probe, wanted(ECDSA_P256, tls12(Some(HOST), &server, &client)));
    assert!(matches!(first, Some(ToServer::Signature { .. })), "{first:?}");
    let second = tell(&mut probe, wanted(ECDSA_P256, tls13()));
    assert_eq!(second, Some(ToServer::DeclineSignature));

    let Ready { mut probe, .. } = ready(&authority, true, true);
    let signed = tell(&mut probe, wanted(ECDSA_P256, tls13()));
    assert!(matches!(signed, Some(ToServer::Signature { .. })), "{signed:?}");
}

#[test]
fn an_untrusted_server_gets_no_signature() {
    let authority = Authority::new();
    let mut untrusted = ready(&authority, false, true);
    assert_eq!(refused(&mut untrusted, ECDSA_P256, tls13()), WhyNotUsed::ServerNotTrusted);
    assert_eq!(untrusted.probe.report().verdict, Some(ProbeVerdict::ServerNotTrusted));

    // Unless the user switched that off.
    let mut tolerant = ready(&authority, false, false);
    let signed = tell(&mut tolerant.probe, wanted(ECDSA_P256, tls13()));
    assert!(matches!(signed, Some(ToServer::Signature { .. })));
}

#[test]
fn only_a_client_handshake_is_signed() {
    let authority = Authority::new();
    let mut server_context = tls13();
    server_context[73..79].copy_from_slice(b"server");
    let mut long = tls13();
    long.push(0);
    for message in [b"pay 1000 euros".to_vec(), Vec::new(), server_context, long, vec![b' '; 64]] {
        let mut ready = ready(&authority, true, true);
        assert_eq!(refused(&mut ready, ECDSA_P256, message), WhyNotUsed::NotThisHandshake);
    }
}

#[test]
fn a_transcript_has_to_be_this_one() {
    let authority = Authority::new();
    let forged: [fn(&Ready) -> Vec<u8>; 7] = [
        |r| tls12(Some("bank.example.com"), &r.server, &r.client),
        |r| tls12(None, &r.server, &r.client),
        |r| tls12(Some(HOST), &r.client, &r.client),
        |r| tls12(Some(HOST), &r.server, &r.server),
        |r| tls12(Some(HOST), &r.server[..1], &r.client),
        |r| [tls12(Some(HOST), &r.server, &r.client), vec![0]].concat(),
        |r| [tls12(Some(HOST), &r.server, &r.client), message(20, &[0; 12])].concat(),
    ];
    for (number, forge) in forged.iter().enumerate() {
        let mut ready = ready(&authority, true, true);
        let message = forge(&ready);
        assert_eq!(
            refused(&mut ready, ECDSA_P256, message),
            WhyNotUsed::NotThisHandshake,
            "forgery {number}"
        );
    }
}

#[test]
fn no_signature_without_a_judged_chain_or_a_certificate_request() {
    let authority = Authority::new();
    let (key, certificate) = authority.server("client");
    let keystore = client_keystore(("c", &certificate), ("k", &key), None).unwrap();
    let plan = ProbePlan { validate: false, ..ProbePlan::new(HOST, 443) };
    let (mut probe, _) = Probe::start(plan, &keystore, Vec::new(), 0).unwrap();
    assert_eq!(tell(&mut probe, wanted(ECDSA_P256, tls13())), Some(ToServer::DeclineSignature));
    let asked = ServerEvent::CertificateRequested { authorities: Vec::new(), schemes: vec![ECDSA_P256] };
    tell(&mut probe, asked);
    assert_eq!(tell(&mut probe, wanted(ECDSA_P256, tls13())), Some(ToServer::DeclineSignature));
}

#[test]
fn the_scheme_has_to_suit_the_key() {
    let authority = Authority::new();
    let mut ready = ready(&authority, true, true);
    let why = refused(&mut ready, RSA_PKCS1, tls13());
    assert!(matches!(why, WhyNotUsed::NoScheme { .. }), "{why:?}");
}

#[test]
fn after_the_end_nothing_is_answered() {
    let authority = Authority::new();
    let Ready { mut probe, .. } = ready(&authority, true, true);
    tell(&mut probe, ServerEvent::Ended { failure: None });
    assert_eq!(tell(&mut probe, wanted(ECDSA_P256, tls13())), None);
}
