//! A dishonest Certwright server asks for signatures that it must not get.
//!
//! Each forgery is a handshake that a real peer had with Certwright's own server, with one thing changed. Where that makes it stronger, the dishonest server also
//! makes the hash fit what was changed, and has the peer itself sign it: then nothing but the change is left to be noticed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod dishonest;
mod support;

use std::sync::LazyLock;

use certwright_engine::probe::transcript::{self, Expected, Wanted};
use certwright_keys::SignatureScheme;
use certwright_protocol::Bytes;
use certwright_protocol::conversation::{
    FromServer, ProbeFailure, ServerEvent, ServerNameIndication, ToServer, Versions,
};
use certwright_protocol::handshake::HandshakeFault;
use certwright_protocol::report::{ProbeVerdict, WhyNotUsed};
use certwright_protocol::ui::{ProbeExtent, ProbePlan};
use dishonest::forging::{
    CERTIFICATE, CERTIFICATE_REQUEST, CERTIFICATE_VERIFY, CLIENT_HELLO, CLIENT_KEY_EXCHANGE,
    ENCRYPTED_EXTENSIONS, FINISHED, SERVER_HELLO, SERVER_HELLO_DONE, SERVER_KEY_EXCHANGE, SERVER_NAME,
    certificate12, certificate13, change_extensions, divide, forge12, message, prefixed, server_name,
    set_extension,
};
use dishonest::{Asked, HOST, World, answer, plan, tell};
use support::{now, random};

static WORLD: LazyLock<World> = LazyLock::new(World::new);

const P256: SignatureScheme = SignatureScheme::EcdsaSecp256r1Sha256;

fn malformed(message: u8) -> HandshakeFault {
    HandshakeFault::Malformed { message }
}

fn order(at: u32, message: u8) -> HandshakeFault {
    HandshakeFault::OtherOrder { at, message: Some(message) }
}

fn refused(fault: HandshakeFault) -> WhyNotUsed {
    WhyNotUsed::NotThisHandshake { fault }
}

/// A handshake of TLS 1.3, changed and then made to fit as far as the peer's key and the hash can.
fn forge13(asked: &Asked, change: impl FnOnce(&mut Asked)) -> Asked {
    let mut forged = asked.clone();
    change(&mut forged);
    forged.resign13(&WORLD, "peer", P256);
    forged.rehash(&WORLD.chain("client"));
    forged
}

#[test]
fn an_honest_request_is_signed_once() {
    for asked in [&WORLD.tls13, &WORLD.retried, &WORLD.tls12] {
        let mut probe = WORLD.probe(plan(Versions::Both));
        tell(&mut probe, asked.request());
        tell(&mut probe, asked.chain());
        let first = tell(&mut probe, asked.signature_wanted());
        assert!(matches!(first, Some(ToServer::Signature { .. })), "{first:?}");
        for again in [asked, &WORLD.tls13, &WORLD.tls13_again, &WORLD.tls12_again] {
            assert_eq!(tell(&mut probe, again.signature_wanted()), Some(ToServer::DeclineSignature));
        }
        tell(&mut probe, ServerEvent::Ended { failure: None });
        assert_eq!(tell(&mut probe, asked.signature_wanted()), None);
    }
    // The forger's own tools make what is right.
    assert!(WORLD.ask(&forge13(&WORLD.tls13, |_| {})).is_ok());
    assert!(WORLD.ask(&forge13(&WORLD.retried, |_| {})).is_ok());
    assert!(WORLD.ask(&forge12(&WORLD, &WORLD.tls12, Some("peer"), |_| {})).is_ok());
}

#[test]
fn one_refusal_is_the_last_word() {
    let mut probe = WORLD.probe(plan(Versions::Both));
    tell(&mut probe, WORLD.tls13.request());
    let early = tell(&mut probe, WORLD.tls13.signature_wanted());
    assert_eq!(early, Some(ToServer::DeclineSignature));
    tell(&mut probe, WORLD.tls13.chain());
    let why = answer(&mut probe, WORLD.tls13.signature_wanted());
    assert_eq!(why, Err(refused(HandshakeFault::TooEarly)));

    let mut probe = WORLD.probe(plan(Versions::Both));
    tell(&mut probe, WORLD.tls13.chain());
    assert_eq!(answer(&mut probe, WORLD.tls13.signature_wanted()), Err(refused(HandshakeFault::TooEarly)));

    // A second question for the certificate changes nothing.
    let mut probe = WORLD.probe(plan(Versions::Both));
    tell(&mut probe, WORLD.tls13.request());
    assert_eq!(tell(&mut probe, WORLD.tls13.request()), Some(ToServer::NoCertificate));
}

#[test]
fn the_server_has_to_be_trusted_unless_the_user_switched_that_off() {
    for (validate, signed) in [(true, false), (false, true)] {
        let plan = ProbePlan { validate, ..plan(Versions::Both) };
        let (mut probe, _) =
            certwright_engine::probe::Probe::start(plan, &WORLD.keystore, Vec::new(), now() * 1000).unwrap();
        tell(&mut probe, WORLD.tls13.request());
        tell(&mut probe, WORLD.tls13.chain());
        let answered = answer(&mut probe, WORLD.tls13.signature_wanted());
        if signed {
            assert!(answered.is_ok());
        } else {
            assert_eq!(answered, Err(WhyNotUsed::ServerNotTrusted));
            assert_eq!(probe.report().verdict, Some(ProbeVerdict::ServerNotTrusted));
        }
    }
}

#[test]
fn only_a_clients_signature_over_a_handshake_is_made() {
    let mut as_server = WORLD.tls13.message.clone();
    as_server[64 + 9..64 + 15].copy_from_slice(b"server");
    let spaces = vec![b' '; 64];
    for message in [b"pay 1000 euros".to_vec(), Vec::new(), as_server, spaces, vec![b' '; 200]] {
        let asked = Asked { message, ..WORLD.tls13.clone() };
        assert_eq!(WORLD.fault(&asked), Some(HandshakeFault::OtherContent));
        let alone = Asked { handshake: Vec::new(), ..asked };
        assert_eq!(WORLD.fault(&alone), Some(HandshakeFault::OtherContent));
    }
    let with_messages = Asked { handshake: WORLD.tls13.handshake.clone(), ..WORLD.tls12.clone() };
    assert_eq!(WORLD.fault(&with_messages), Some(HandshakeFault::OtherContent));
    let without = Asked { handshake: Vec::new(), ..WORLD.tls13.clone() };
    assert_eq!(WORLD.fault(&without), Some(HandshakeFault::MessagesMissing));
    let long = Asked { handshake: vec![message(CLIENT_HELLO, &[0; 600_000])], ..WORLD.tls13.clone() };
    assert!(matches!(WORLD.fault(&long), Some(HandshakeFault::TooLong { bytes: 600_000.. })));
}

#[test]
fn the_hash_is_that_of_the_messages() {
    let other = Asked { message: WORLD.tls13_again.message.clone(), ..WORLD.tls13.clone() };
    assert_eq!(WORLD.fault(&other), Some(HandshakeFault::OtherHash));
    for cut in [1, 2, 16, 32] {
        let mut short = WORLD.tls13.clone();
        short.message.truncate(short.message.len() - cut);
        assert_eq!(WORLD.fault(&short), Some(HandshakeFault::OtherHash));
    }
    let mut long = WORLD.tls13.clone();
    long.message.push(0);
    assert_eq!(WORLD.fault(&long), Some(HandshakeFault::OtherHash));
    // The hash with another certificate of the client's, and with none.
    for chain in [WORLD.chain("bank"), WORLD.chain("client")[..1].to_vec(), Vec::new()] {
        let mut swapped = WORLD.tls13.clone();
        swapped.rehash(&chain);
        assert_eq!(WORLD.fault(&swapped), Some(HandshakeFault::OtherHash));
    }
}

#[test]
fn the_client_hello_names_the_host() {
    let bank = || Some("bank.example".to_owned());
    let cases: [(Option<Vec<u8>>, HandshakeFault); 7] = [
        (Some(server_name(&["bank.example"])), HandshakeFault::OtherHost { named: bank() }),
        (
            Some(server_name(&["localhost.bank.example"])),
            HandshakeFault::OtherHost { named: Some("localhost.bank.example".into()) },
        ),
        (Some(server_name(&["a\nb"])), HandshakeFault::OtherHost { named: None }),
        (None, HandshakeFault::OtherHost { named: None }),
        (Some(server_name(&[HOST, "bank.example"])), malformed(CLIENT_HELLO)),
        (Some(server_name(&[])), malformed(CLIENT_HELLO)),
        (Some([server_name(&[HOST]), vec![0]].concat()), malformed(CLIENT_HELLO)),
    ];
    for (extension, fault) in cases {
        let forged = forge13(&WORLD.tls13, |asked| {
            set_extension(asked.find(CLIENT_HELLO), SERVER_NAME, extension.clone());
        });
        assert_eq!(WORLD.fault(&forged), Some(fault.clone()));
        let forged = forge12(&WORLD, &WORLD.tls12, Some("peer"), |messages| {
            set_extension(&mut messages[0], SERVER_NAME, extension.clone());
        });
        assert_eq!(WORLD.fault(&forged), Some(fault.clone()));
        // In one of two ClientHellos.
        for round in [0, 2] {
            let forged = forge13(&WORLD.retried, |asked| {
                set_extension(&mut asked.handshake[round], SERVER_NAME, extension.clone());
            });
            assert_eq!(WORLD.fault(&forged), Some(fault.clone()));
        }
    }
    let twice = forge13(&WORLD.tls13, |asked| {
        change_extensions(asked.find(CLIENT_HELLO), |extensions| {
            extensions.push((SERVER_NAME, server_name(&["bank.example"])));
        });
    });
    assert_eq!(WORLD.fault(&twice), Some(malformed(CLIENT_HELLO)));

    // The user may want another name, or none, and then gets no other.
    let with = |server_name| ProbePlan { server_name, ..plan(Versions::Both) };
    let [absent, other] =
        [with(ServerNameIndication::Absent), with(ServerNameIndication::Name("Other.example".into()))];
    let honest = Err(refused(HandshakeFault::OtherHost { named: Some(HOST.into()) }));
    assert_eq!(WORLD.ask_in(absent.clone(), &WORLD.tls13), honest);
    assert_eq!(WORLD.ask_in(other.clone(), &WORLD.tls12), honest);
    for (plan, extension) in [(absent, None), (other, Some(server_name(&["other.example"])))] {
        let forged = forge13(&WORLD.tls13, |asked| {
            set_extension(asked.find(CLIENT_HELLO), SERVER_NAME, extension.clone());
        });
        assert!(WORLD.ask_in(plan, &forged).is_ok());
    }
}

#[test]
fn the_chain_is_the_one_that_was_judged() {
    let bank = WORLD.chain("bank");
    for chain in [&bank, &WORLD.chain("peer")[..1].to_vec(), &WORLD.chain("client"), &Vec::new()] {
        // Another peer's handshake, signed by that peer, after the host's chain was shown.
        let mut forged = WORLD.tls13.clone();
        *forged.find(CERTIFICATE) = certificate13(chain);
        forged.resign13(&WORLD, "bank", P256);
        forged.rehash(&WORLD.chain("client"));
        assert_eq!(WORLD.fault(&forged), Some(HandshakeFault::OtherServerChain));
        let forged = forge12(&WORLD, &WORLD.tls12, Some("bank"), |messages| {
            messages[2] = certificate12(chain);
        });
        assert_eq!(WORLD.fault(&forged), Some(HandshakeFault::OtherServerChain));
    }
    // A chain that comes after the one that was judged is judged too, and counts.
    let mut probe = WORLD.probe(plan(Versions::Both));
    tell(&mut probe, WORLD.tls13.request());
    tell(&mut probe, WORLD.tls13.chain());
    tell(&mut probe, ServerEvent::ServerChain { certificates: bank.clone(), ocsp_staple: None });
    let why = answer(&mut probe, WORLD.tls13.signature_wanted());
    assert_eq!(why, Err(refused(HandshakeFault::OtherServerChain)));

    // The bank's own handshake: it is not the host.
    let mut relayed = Asked { certificates: bank.clone(), ..WORLD.tls13.clone() };
    *relayed.find(CERTIFICATE) = certificate13(&bank);
    relayed.resign13(&WORLD, "bank", P256);
    relayed.rehash(&WORLD.chain("client"));
    assert_eq!(WORLD.ask(&relayed), Err(WhyNotUsed::ServerNotTrusted));
}

#[test]
fn the_server_signed_this_handshake() {
    let forge = |change: &dyn Fn(&mut Asked)| {
        let mut forged = WORLD.tls13.clone();
        change(&mut forged);
        forged.rehash(&WORLD.chain("client"));
        WORLD.fault(&forged)
    };
    let again = &WORLD.tls13_again.handshake[WORLD.tls13_again.position(CERTIFICATE_VERIFY)];
    let wrong = Some(HandshakeFault::ServerSignature);
    assert_eq!(forge(&|asked| *asked.find(CERTIFICATE_VERIFY) = again.clone()), wrong);
    assert_eq!(forge(&|asked| *asked.find(CERTIFICATE_VERIFY).last_mut().unwrap() ^= 1), wrong);
    assert_eq!(forge(&|asked| asked.resign13(&WORLD, "bank", P256)), wrong);
    // The right key under another scheme's name, or with a scheme for another curve.
    for scheme in [0x0401_u16, 0x0503, 0x0804, 0x0807, 0x0203, 0x0000, 0xfefe] {
        let named = forge(&|asked| {
            asked.find(CERTIFICATE_VERIFY)[4..6].copy_from_slice(&scheme.to_be_bytes());
        });
        assert_eq!(named, Some(HandshakeFault::ServerScheme { scheme }));
    }
    let sha384 = SignatureScheme::EcdsaSecp384r1Sha384;
    let other_curve = forge(&|asked| asked.resign13(&WORLD, "peer", sha384));
    assert_eq!(other_curve, Some(HandshakeFault::ServerScheme { scheme: 0x0503 }));
    // A scheme that the client did not offer.
    let not_offered = forge13(&WORLD.tls13, |asked| {
        set_extension(asked.find(CLIENT_HELLO), 13, Some(prefixed(2, &[8, 4])));
    });
    assert_eq!(WORLD.fault(&not_offered), Some(HandshakeFault::ServerScheme { scheme: 0x0403 }));
    // Signed in the role of a client.
    let own =
        message(CERTIFICATE_VERIFY, &[vec![4, 3], prefixed(2, &WORLD.ask(&WORLD.tls13).unwrap())].concat());
    assert_eq!(forge(&|asked| *asked.find(CERTIFICATE_VERIFY) = own.clone()), wrong);

    let exchange = divide(&WORLD.tls12_again.message)[3].clone();
    let forge = |change: &dyn Fn(&mut Vec<Vec<u8>>), key| {
        WORLD.fault(&forge12(&WORLD, &WORLD.tls12, key, |messages| change(messages)))
    };
    assert_eq!(exchange[0], SERVER_KEY_EXCHANGE);
    assert_eq!(forge(&|messages| messages[3] = exchange.clone(), None), wrong);
    assert_eq!(forge(&|_| {}, Some("bank")), wrong);
    assert_eq!(forge(&|messages| messages[3][10] ^= 1, None), wrong);
    for random in [0, 1] {
        assert_eq!(forge(&|messages| messages[random][20] ^= 1, None), wrong);
    }
    assert_eq!(forge(&|messages| messages[3][4] = 1, None), Some(malformed(SERVER_KEY_EXCHANGE)));
    let at = 8 + usize::from(exchange[7]);
    let sha1 = forge(&|messages| messages[3][at..at + 2].copy_from_slice(&[2, 3]), None);
    assert_eq!(sha1, Some(HandshakeFault::ServerScheme { scheme: 0x0203 }));
}

#[test]
fn the_messages_are_those_of_a_handshake_in_order() {
    let client = WORLD.chain("client");
    let check = |messages: Vec<Vec<u8>>, what: &str| {
        let mut forged = Asked { handshake: messages, ..WORLD.tls13.clone() };
        // Unless it is itself what was changed.
        if [&WORLD.tls13, &WORLD.retried]
            .iter()
            .any(|honest| forged.handshake.contains(&honest.handshake[honest.position(CERTIFICATE_VERIFY)]))
        {
            forged.resign13(&WORLD, "peer", P256);
        }
        forged.rehash(&client);
        assert!(WORLD.fault(&forged).is_some(), "{what}");
    };
    for asked in [&WORLD.tls13, &WORLD.retried] {
        let whole = &asked.handshake;
        for at in 0..whole.len() {
            let with = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
                let mut messages = whole.clone();
                change(&mut messages);
                messages
            };
            check(with(&|messages| drop(messages.remove(at))), &format!("without {at}"));
            check(with(&|messages| messages.insert(at, whole[at].clone())), &format!("twice {at}"));
            check(with(&|messages| messages.truncate(at)), &format!("cut {at}"));
            check(with(&|messages| messages[at].truncate(whole[at].len() - 1)), &format!("shortened {at}"));
            check(with(&|messages| messages[at].push(0)), &format!("lengthened {at}"));
            check(with(&|messages| messages[at].clear()), &format!("empty {at}"));
            check(with(&|messages| messages[at] = message(whole[at][0], &[])), &format!("no body {at}"));
            // Had the peer seen the two ClientHellos in the other order, that would be its handshake.
            for other in (at + 1..whole.len()).filter(|other| (at, whole[*other][0]) != (0, CLIENT_HELLO)) {
                check(with(&|messages| messages.swap(at, other)), &format!("swapped {at} and {other}"));
            }
            for kind in 0..=255 {
                check(with(&|messages| messages.insert(at, message(kind, &[]))), &format!("{kind} at {at}"));
            }
        }
        check([whole.clone(), vec![message(FINISHED, &[0; 32])]].concat(), "a client's Finished");
        check(vec![whole.concat()], "all in one");
    }
    let insert = |at: usize, kind: u8| {
        let mut asked = WORLD.tls13.clone();
        asked.handshake.insert(at, WORLD.tls13.handshake[WORLD.tls13.position(kind)].clone());
        WORLD.fault(&asked)
    };
    assert_eq!(insert(4, CERTIFICATE_REQUEST), Some(order(4, CERTIFICATE_REQUEST)));
    let mut missing = WORLD.tls13.clone();
    missing.handshake.remove(5);
    assert_eq!(WORLD.fault(&missing), Some(order(5, FINISHED)));
    missing.handshake.truncate(4);
    assert_eq!(WORLD.fault(&missing), Some(HandshakeFault::OtherOrder { at: 4, message: None }));
}

#[test]
fn messages_of_tls12_in_order() {
    let whole = divide(&WORLD.tls12.message);
    let check = |messages: Vec<Vec<u8>>, what: &str| {
        let forged = Asked { message: messages.concat(), ..WORLD.tls12.clone() };
        assert!(WORLD.fault(&forged).is_some(), "{what}");
    };
    for at in 0..whole.len() {
        let with = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
            let mut messages = whole.clone();
            change(&mut messages);
            messages
        };
        check(with(&|messages| drop(messages.remove(at))), &format!("without {at}"));
        check(with(&|messages| messages.insert(at, whole[at].clone())), &format!("twice {at}"));
        check(with(&|messages| messages.truncate(at)), &format!("cut {at}"));
        check(with(&|messages| messages[at].truncate(whole[at].len() - 1)), &format!("shortened {at}"));
        check(with(&|messages| messages[at].push(0)), &format!("lengthened {at}"));
        for kind in (0..=255).filter(|kind| (*kind, at) != (22, 3)) {
            check(with(&|messages| messages.insert(at, message(kind, &[]))), &format!("{kind} at {at}"));
        }
    }
    check([whole.clone(), vec![message(FINISHED, &[0; 12])]].concat(), "a Finished");
    check([whole.clone(), whole.clone()].concat(), "another handshake behind");
    for end in 0..WORLD.tls12.message.len() {
        let cut = Asked { message: WORLD.tls12.message[..end].to_vec(), ..WORLD.tls12.clone() };
        assert!(WORLD.fault(&cut).is_some(), "{end}");
    }
    let forge = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        WORLD.fault(&forge12(&WORLD, &WORLD.tls12, None, |messages| change(messages)))
    };
    let done = message(SERVER_HELLO_DONE, &[0]);
    assert_eq!(forge(&|messages| messages[5] = done.clone()), Some(malformed(SERVER_HELLO_DONE)));
    let exchange = message(CLIENT_KEY_EXCHANGE, &[4, 1]);
    assert_eq!(forge(&|messages| messages[7] = exchange.clone()), Some(malformed(CLIENT_KEY_EXCHANGE)));
    let swapped = forge(&|messages| messages[6] = certificate12(&WORLD.chain("bank")));
    assert_eq!(swapped, Some(HandshakeFault::OtherClientChain));
    let none = forge(&|messages| messages[6] = certificate12(&[]));
    assert_eq!(none, Some(HandshakeFault::OtherClientChain));
}

#[test]
fn a_hello_retry_request_is_not_forged() {
    let forge =
        |asked: &Asked, change: &dyn Fn(&mut Asked)| WORLD.fault(&forge13(asked, |asked| change(asked)));
    let retry = WORLD.retried.handshake[1].clone();
    // The first round left out, put before another handshake, and doubled.
    let mut late = WORLD.retried.clone();
    late.handshake.drain(..2);
    late.rehash(&WORLD.chain("client"));
    assert_eq!(WORLD.fault(&late), Some(HandshakeFault::ServerSignature));
    assert!(
        forge(&WORLD.tls13, &|asked| {
            drop(asked.handshake.splice(0..0, WORLD.retried.handshake[..2].to_vec()));
        })
        .is_some()
    );
    assert!(
        forge(&WORLD.retried, &|asked| {
            drop(asked.handshake.splice(0..0, WORLD.retried.handshake[..2].to_vec()));
        })
        .is_some()
    );
    // A ServerHello that calls itself a HelloRetryRequest, and the other way round.
    let twice = |asked: &mut Asked| asked.handshake[3] = retry.clone();
    assert_eq!(forge(&WORLD.retried, &twice), Some(order(3, SERVER_HELLO)));
    assert!(forge(&WORLD.tls13, &|asked| asked.handshake[1] = retry.clone()).is_some());
    let server_hello = |asked: &mut Asked| asked.handshake[1] = WORLD.retried.handshake[3].clone();
    assert!(forge(&WORLD.retried, &server_hello).is_some());
    // The second ClientHello may bring another key share, and nothing else.
    for (what, at) in [("random", 10), ("session", 45)] {
        let differ = forge(&WORLD.retried, &|asked| asked.handshake[0][at] ^= 1);
        let session = what == "session";
        assert_eq!(
            differ,
            Some(if session { malformed(SERVER_HELLO) } else { HandshakeFault::HellosDiffer }),
            "{what}"
        );
    }
    let schemes = |asked: &mut Asked| set_extension(&mut asked.handshake[0], 13, Some(prefixed(2, &[4, 3])));
    assert_eq!(forge(&WORLD.retried, &schemes), Some(HandshakeFault::HellosDiffer));
    let alpn = |asked: &mut Asked| set_extension(&mut asked.handshake[2], 16, Some(prefixed(2, b"\x02h2")));
    assert_eq!(forge(&WORLD.retried, &alpn), Some(HandshakeFault::HellosDiffer));
    let mut swapped = WORLD.retried.clone();
    swapped.handshake.swap(0, 2);
    swapped.rehash(&WORLD.chain("client"));
    assert_eq!(WORLD.fault(&swapped), Some(HandshakeFault::ServerSignature));
    // The hash of another handshake.
    let mut plain = WORLD.retried.clone();
    plain.message = WORLD.tls13.message.clone();
    assert_eq!(WORLD.fault(&plain), Some(HandshakeFault::OtherHash));
}

#[test]
fn the_version_is_the_highest_that_both_speak() {
    let why = |versions, asked: &Asked| WORLD.ask_in(plan(versions), asked).unwrap_err();
    let other_version = refused(HandshakeFault::OtherVersion);
    assert_eq!(why(Versions::Tls13, &WORLD.tls12), other_version);
    assert_eq!(why(Versions::Tls12, &WORLD.tls13), other_version);
    // The ClientHello offers less, or more, than the probe.
    assert_eq!(why(Versions::Tls12, &WORLD.tls12), other_version);
    let old = |body: Option<Vec<u8>>| {
        forge12(&WORLD, &WORLD.tls12, Some("peer"), |messages| set_extension(&mut messages[0], 43, body))
    };
    for body in [None, Some(vec![2, 3, 3])] {
        assert_eq!(WORLD.fault(&old(body.clone())), Some(HandshakeFault::OtherVersion));
        assert!(WORLD.ask_in(plan(Versions::Tls12), &old(body)).is_ok());
    }
    // The server says that it was kept from something better.
    for (end, versions) in [
        (b"DOWNGRD\x01", Versions::Both),
        (b"DOWNGRD\x00", Versions::Both),
        (b"DOWNGRD\x00", Versions::Tls12),
    ] {
        let downgraded = forge12(&WORLD, &WORLD.tls12, Some("peer"), |messages| {
            messages[1][30..38].copy_from_slice(end);
            if versions == Versions::Tls12 {
                set_extension(&mut messages[0], 43, None);
            }
        });
        assert_eq!(why(versions, &downgraded), refused(HandshakeFault::Downgraded));
    }
    // A TLS 1.3 handshake whose hellos do not say so.
    for (kind, body) in
        [(CLIENT_HELLO, Some(vec![2, 3, 3])), (SERVER_HELLO, None), (SERVER_HELLO, Some(vec![3, 3]))]
    {
        let forged = forge13(&WORLD.tls13, |asked| set_extension(asked.find(kind), 43, body.clone()));
        assert_eq!(WORLD.fault(&forged), Some(HandshakeFault::OtherVersion));
    }
    let tls13_in_tls12 = forge12(&WORLD, &WORLD.tls12, Some("peer"), |messages| {
        set_extension(&mut messages[1], 43, Some(vec![3, 4]));
    });
    assert_eq!(WORLD.fault(&tls13_in_tls12), Some(HandshakeFault::OtherVersion));
}

#[test]
fn hellos_say_nothing_else() {
    let forge = |kind: u8, change: &dyn Fn(&mut Vec<u8>)| {
        WORLD.fault(&forge13(&WORLD.tls13, |asked| change(asked.find(kind))))
    };
    let forge_old = |at: usize, change: &dyn Fn(&mut Vec<u8>)| {
        WORLD.fault(&forge12(&WORLD, &WORLD.tls12, Some("peer"), |messages| change(&mut messages[at])))
    };
    // Resumption with a pre-shared key, a session that was not offered, suites that were not offered.
    let psk = forge(SERVER_HELLO, &|hello| set_extension(hello, 41, Some(vec![0, 0])));
    assert_eq!(psk, Some(malformed(SERVER_HELLO)));
    assert_eq!(forge(SERVER_HELLO, &|hello| hello[40] ^= 1), Some(malformed(SERVER_HELLO)));
    let suite = |hello: &mut Vec<u8>| {
        let at = 39 + usize::from(hello[38]);
        hello[at..at + 2].copy_from_slice(&[0x13, 0x04]);
    };
    assert_eq!(forge(SERVER_HELLO, &suite), Some(HandshakeFault::CipherSuite { code: 0x1304 }));
    assert_eq!(forge_old(1, &suite), Some(HandshakeFault::CipherSuite { code: 0x1304 }));
    // Renegotiation: the handshake of a connection that was another's before.
    let again = |hello: &mut Vec<u8>| set_extension(hello, 0xff01, Some(prefixed(1, &[7; 12])));
    assert_eq!(forge_old(0, &again), Some(malformed(CLIENT_HELLO)));
    assert_eq!(forge_old(1, &again), Some(malformed(SERVER_HELLO)));
    // Broken lists.
    assert_eq!(
        forge(ENCRYPTED_EXTENSIONS, &|hello| *hello = message(ENCRYPTED_EXTENSIONS, &[0, 1, 0])),
        Some(malformed(ENCRYPTED_EXTENSIONS))
    );
}

#[test]
fn the_server_asked_for_this_certificate() {
    let fault = |asked: &Asked| WORLD.fault(asked).unwrap();
    for asked in [&WORLD.tls13, &WORLD.tls12] {
        // The certificate was chosen by authorities that the server does not name.
        let lied = Asked { authorities: Vec::new(), ..asked.clone() };
        assert_eq!(fault(&lied), HandshakeFault::OtherAuthorities);
        let mut lied = asked.clone();
        lied.authorities.extend(asked.authorities.clone());
        assert_eq!(fault(&lied), HandshakeFault::OtherAuthorities);
        // Schemes that the server does not ask for, that are unknown, or not for the key.
        for scheme in [0x0909, 0] {
            let asked = Asked { scheme, ..asked.clone() };
            assert_eq!(fault(&asked), HandshakeFault::ClientScheme { scheme });
        }
        let asked = Asked { scheme: 0x0804, ..asked.clone() };
        assert!(matches!(WORLD.ask(&asked), Err(WhyNotUsed::NoScheme { .. })));
    }
    let without = forge13(&WORLD.tls13, |asked| {
        set_extension(asked.find(CERTIFICATE_REQUEST), 13, Some(prefixed(2, &[8, 4])));
    });
    assert_eq!(fault(&without), HandshakeFault::ClientScheme { scheme: 0x0403 });
    let without = forge13(&WORLD.tls13, |asked| set_extension(asked.find(CERTIFICATE_REQUEST), 13, None));
    assert_eq!(fault(&without), malformed(CERTIFICATE_REQUEST));
    // A request after the handshake has a context, and a handshake before it.
    let context = |asked: &mut Asked| {
        let request = asked.find(CERTIFICATE_REQUEST);
        *request = message(CERTIFICATE_REQUEST, &[prefixed(1, &[1; 32]), request[5..].to_vec()].concat());
    };
    assert_eq!(fault(&forge13(&WORLD.tls13, context)), malformed(CERTIFICATE_REQUEST));
    let mut later = WORLD.tls13.clone();
    context(&mut later);
    let request = later.find(CERTIFICATE_REQUEST).clone();
    later.handshake = [WORLD.tls13.handshake.clone(), vec![message(FINISHED, &[0; 48]), request]].concat();
    later.rehash(&WORLD.chain("client"));
    assert_eq!(fault(&later), order(7, FINISHED));
}

/// What `transcript::check` says of a request, without the probe around it, which takes longer.
fn checked(asked: &Asked, message: &[u8], handshake: &[Bytes]) -> bool {
    static CLIENT: LazyLock<Vec<certwright_certs::certificate::Certificate>> = LazyLock::new(|| {
        let read = |der: &Bytes| certwright_certs::certificate::Certificate::from_der(&der.0).unwrap();
        WORLD.chain("client").iter().map(read).collect()
    });
    let expected = Expected {
        server_name: Some(HOST),
        versions: Versions::Both,
        authorities: &asked.authorities,
        server_chain: &asked.certificates,
        client_chain: &CLIENT,
    };
    transcript::check(&Wanted { scheme: asked.scheme, message, handshake }, &expected).is_ok()
}

#[test]
fn every_changed_octet_is_noticed() {
    let client = WORLD.chain("client");
    for asked in [&WORLD.tls13, &WORLD.retried] {
        let messages: Vec<Bytes> = asked.handshake.iter().cloned().map(Bytes).collect();
        assert!(checked(asked, &asked.message, &messages));
        for at in 0..asked.message.len() {
            let mut message = asked.message.clone();
            message[at] ^= 1 << (at % 8);
            assert!(!checked(asked, &message, &messages), "octet {at} of what is signed");
        }
        for (number, message) in messages.iter().enumerate() {
            for at in 0..message.0.len() {
                let mut changed = messages.clone();
                changed[number].0[at] ^= 1 << (at % 8);
                assert!(!checked(asked, &asked.message, &changed), "octet {at} of message {number}");
                // With a hash that fits. The server's Finished is the one thing that nobody but the peer can check; with another
                // one the signature is good for nobody.
                if message.0[0] == FINISHED && at >= 4 {
                    continue;
                }
                let mut fitting = asked.clone();
                fitting.handshake = changed.iter().map(|message| message.0.clone()).collect();
                fitting.rehash(&client);
                assert!(
                    !checked(asked, &fitting.message, &changed),
                    "octet {at} of message {number}, hash fits"
                );
            }
        }
    }
}

/// In TLS 1.2 the server's signature covers the random values and its key share, and the rest is compared: the name and both chains.
#[test]
fn every_changed_octet_that_matters_is_noticed_in_tls12() {
    let asked = &WORLD.tls12;
    assert!(checked(asked, &asked.message, &[]));
    let messages = divide(&asked.message);
    let start = |number: usize| messages[..number].iter().map(Vec::len).sum::<usize>();
    let name = asked.message.windows(HOST.len()).position(|window| window == HOST.as_bytes()).unwrap();
    let whole = |number: usize| start(number)..start(number + 1);
    let parts = [6..38, start(1) + 6..start(1) + 38, name..name + HOST.len(), whole(2), whole(3), whole(6)];
    for at in parts.into_iter().flatten().chain((0..messages.len()).map(start)) {
        let mut message = asked.message.clone();
        // A name in other case is the same name.
        message[at] ^= if (name..name + HOST.len()).contains(&at) { 1 } else { 1 << (at % 8) };
        assert!(!checked(asked, &message, &[]), "octet {at}");
    }
}

/// A probe that looks for a cause opens further connections: one signature is for all of them.
#[test]
fn further_connections_get_no_signature() {
    let extent = ProbeExtent { demand: true, resumption: true, ..ProbeExtent::default() };
    for signed_before in [true, false] {
        let mut probe = WORLD.probe(ProbePlan { extent, ..plan(Versions::Both) });
        let mut connections = 0;
        while !probe.is_over() {
            connections += 1;
            for asked in [&WORLD.tls13, &WORLD.tls13_again, &WORLD.tls12] {
                tell(&mut probe, asked.request());
                tell(&mut probe, asked.chain());
                let signed = signed_before && connections == 1 && std::ptr::eq(asked, &WORLD.tls13);
                if connections > 1 || signed_before {
                    let answer = tell(&mut probe, asked.signature_wanted());
                    assert_eq!(matches!(answer, Some(ToServer::Signature { .. })), signed, "{answer:?}");
                }
            }
            let failure = Some(ProbeFailure::Alert { code: 40, after_certificate: signed_before });
            tell(&mut probe, ServerEvent::Ended { failure });
        }
        assert!(connections > 1);
    }
}

#[test]
fn nothing_is_answered_after_the_end() {
    let mut probe = WORLD.probe(plan(Versions::Both));
    tell(&mut probe, WORLD.tls13.request());
    tell(&mut probe, WORLD.tls13.chain());
    tell(&mut probe, ServerEvent::Ended { failure: None });
    let late = FromServer { at_us: 2, event: WORLD.tls13.signature_wanted() };
    assert_eq!(probe.receive(late, now(), &mut random()), None);
}
